package synth

import (
	"slices"
	"sort"
	"time"

	"lapwing/cybertip"
)

// Names of the formats, as package intake has them.
const (
	formatXML     = "cybertip-xml"
	formatJSON    = "cybertip-json"
	formatHotline = "hotline-json"
	formatCSV     = "hotline-csv"
	formatOther   = "other"
)

// hotlines that deliver the published form, and behind them those that deliver a table.
var hotlines = [...]struct{ name, country string }{
	{"example-de", "DE"}, {"example-fr", "FR"}, {"sample-nl", "NL"}, {"demo-pl", "PL"}, {"sample-es", "ES"},
	{"tabelle-at", "AT"}, {"tabelle-be", "BE"},
}

const hotlinesWithForm = 5

// A tip is one invented referral: what it says, however often and in whatever form it is delivered.
type tip struct {
	n        int // its number, in the order of receipt
	format   string
	provider int // index of providers, or of hotlines
	received time.Time
	incident time.Time
	surge    bool

	reportID int64 // NCMEC's; 0 where nothing beside the report names it
	answer   bool  // the server's answer lies beside the report and names it

	who       *person
	second    *person // another reported account
	recipient *person
	child     *child
	files     []media
	prior     []int64

	wire          cybertip.IncidentType
	flags         cybertip.ReportFlags
	viral         bool
	escalated     bool
	notified      bool
	compromised   bool
	informational bool
	served        string // country whose agency served legal process
	mentions      int    // number of a person whose e-mail address the text mentions; 0 for none
	priority      string

	twice   time.Time // the same again
	again   time.Time // delivered anew, with more
	retract time.Time // taken back
	late    bool      // its first version comes after the second
}

func (t *tip) isHotline() bool { return t.format == formatHotline || t.format == formatCSV }

func (t *tip) source() string {
	if t.isHotline() {
		return hotlines[t.provider].name
	}
	return providers[t.provider].name
}

// firstDemoID is far from the numbers in use, and from those of [Reports].
const firstDemoID = 9_100_000_000

// surgeTimes is how many times the usual the surge has.
const surgeTimes = 6

// plan draws all referrals in the order of receipt.
func (d *desk) plan() {
	r := newRandom(d.seed, drawDemo, 0)
	const surging = 1 // Sample Chat
	perMonth := d.o.Referrals * 85 / 100 * providers[surging].weight / 100 / 24
	extra := perMonth * (surgeTimes - 1)
	month := d.until.AddDate(0, 0, -1).AddDate(0, 0, -230)
	month = time.Date(month.Year(), month.Month(), 1, 0, 0, 0, 0, time.UTC)
	d.m.Surge = Surge{Provider: providers[surging].name, Month: month.Format("2006-01"), Times: surgeTimes}

	days := d.days()
	for i := range d.o.Referrals {
		t := &tip{}
		if t.surge = i < extra; t.surge {
			t.received = month.AddDate(0, 0, 8+r.n(14)).Add(time.Duration(r.n(86_400)) * time.Second)
			t.provider = surging
			t.format = formatXML
			if r.in(300) {
				t.format = formatJSON
			}
		} else {
			at := sort.SearchInts(days, r.n(days[len(days)-1])+1)
			t.received = d.from.AddDate(0, 0, at).Add(time.Duration(r.n(86_400)) * time.Second)
			d.drawSource(&r, t)
		}
		d.tips = append(d.tips, t)
	}
	slices.SortStableFunc(d.tips, func(a, b *tip) int { return a.received.Compare(b.received) })
	for i, t := range d.tips {
		t.n = i + 1
		r := newRandom(d.seed, drawDemo, uint64(t.n))
		d.fill(&r, t)
	}
	d.givePictures()
	d.deliverMore()
}

// days are running sums of the weight of each day: fewer on Saturday and Sunday and in summer, slowly more.
func (d *desk) days() []int {
	week := [7]int{74, 110, 112, 108, 106, 100, 78} // from Sunday
	year := [12]int{108, 104, 106, 100, 98, 94, 86, 84, 96, 104, 108, 92}
	var sums []int
	total := 0
	for day := d.from; day.Before(d.until); day = day.AddDate(0, 0, 1) {
		total += week[day.Weekday()] * year[day.Month()-1] * (1000 + len(sums)/3) / 1000
		sums = append(sums, total)
	}
	return sums
}

func (d *desk) drawSource(r *random, t *tip) {
	switch share := r.n(1000); {
	case share < 600:
		t.format, t.provider = formatXML, r.provider()
	case share < 850:
		t.format, t.provider = formatJSON, r.provider()
	case share < 950:
		t.format, t.provider = formatHotline, r.n(hotlinesWithForm)
	default:
		t.format, t.provider = formatCSV, hotlinesWithForm+r.n(len(hotlines)-hotlinesWithForm)
	}
}

// incidentWeights are thousandths of reports by type.
var incidentWeights = []struct {
	wire   cybertip.IncidentType
	weight int
}{
	{cybertip.IncidentMaterial, 740}, {cybertip.IncidentEnticement, 160}, {cybertip.IncidentUnsolicited, 40},
	{cybertip.IncidentAbuse, 20}, {cybertip.IncidentTrafficking, 15}, {cybertip.IncidentTravel, 10},
	{cybertip.IncidentMisleadingContent, 15},
}

func (d *desk) fill(r *random, t *tip) {
	delay := time.Duration(1+r.n(3*24)) * time.Hour
	if t.format == formatJSON {
		delay = time.Duration(2*24+r.n(18*24)) * time.Hour
	}
	t.incident = t.received.Add(-delay - time.Duration(r.n(3600))*time.Second)
	share := r.n(1000)
	for _, w := range incidentWeights {
		if share -= w.weight; share < 0 {
			t.wire = w.wire
			break
		}
	}
	if !t.isHotline() {
		t.reportID = firstDemoID + int64(t.n)
	}
	t.viral = t.wire == cybertip.IncidentMaterial && (r.in(30) || t.surge && r.in(350))
	if t.wire == cybertip.IncidentEnticement && r.in(450) {
		t.flags |= cybertip.ReportExtortion
	}
	if r.in(8) {
		t.flags |= cybertip.ReportSpam
	}
	urgent := 15
	if t.wire == cybertip.IncidentEnticement || t.wire == cybertip.IncidentAbuse {
		urgent = 90
	}
	t.escalated = r.in(urgent)
	t.notified, t.compromised = r.in(50), r.in(20)
	t.informational = t.viral || r.in(110)
	t.priority = pick(r, []string{"1", "2", "2", "3", "3", "3", "E", "E"})
	if t.escalated {
		t.priority = "1"
	}
	if r.in(30) {
		t.served = countries[r.n(memberStates)].code
	}
	d.cast(r, t)
	d.give(r, t)
	if r.in(40) && len(d.people) > 20 {
		t.mentions = d.people[r.n(len(d.people))].number
	}
	if t.format == formatXML {
		if t.answer = len(t.files) == 0 && r.in(500); len(t.files) == 0 && !t.answer {
			t.reportID = 0
		}
	}
	if t.who != nil && t.reportID > 0 {
		t.who.reports = append(t.who.reports, t)
	}
}

// cast says who is in the report: mostly somebody new, sometimes somebody who was there before.
func (d *desk) cast(r *random, t *tip) {
	provider := t.provider
	if t.isHotline() {
		provider = r.provider()
		if r.in(550) {
			return // an address on the web, and nobody named
		}
	}
	if r.in(110) {
		t.who = d.somebody(r, provider, t.isHotline())
	}
	if t.who == nil {
		t.who = d.newPerson(r, provider)
	}
	if r.in(600) {
		for _, old := range t.who.reports[max(0, len(t.who.reports)-3):] {
			t.prior = append(t.prior, old.reportID)
		}
	}
	if r.in(25) {
		t.second = d.newPerson(r, t.who.provider)
	}
	if r.in(130) {
		t.recipient = d.newPerson(r, t.who.provider)
	}
	if t.wire != cybertip.IncidentMaterial && t.wire != cybertip.IncidentMisleadingContent && r.in(600) {
		t.child = d.newChild(r, t.who.country)
	}
}

// somebody is a person who may be reported again, at the provider unless a hotline tells.
func (d *desk) somebody(r *random, provider int, any bool) *person {
	for range 300 {
		if len(d.people) == 0 {
			break
		}
		if p := d.people[r.n(len(d.people))]; p.returns && (any || p.provider == provider) {
			return p
		}
	}
	return nil
}

// give gives the report its files.
func (d *desk) give(r *random, t *tip) {
	n := [...]int{0, 0, 1, 1, 1, 1, 1, 2, 2, 3, 4, 6}[r.n(12)]
	switch {
	case t.wire != cybertip.IncidentMaterial && r.in(550):
		n = 0
	case t.viral:
		n = 1
	case t.format == formatCSV:
		n = min(n, 1)
	}
	for range n {
		f := d.newMedia(r, t.format == formatXML || t.format == formatHotline, t.viral)
		if t.format != formatXML {
			f.supplemental = false
		}
		twice := slices.ContainsFunc(t.files, func(o media) bool { return o.number == f.number })
		if !twice {
			t.files = append(t.files, f)
		}
	}
}

// givePictures lays drawn pictures beside some reports, all through the two years.
func (d *desk) givePictures() {
	step := len(d.tips) / (len(d.drawn) + 1)
	for i, f := range d.drawn {
		for _, t := range d.tips[(i+1)*step:] {
			if t.format == formatXML && len(t.files) > 0 && d.shape(t.received) == inFolders {
				t.files = append(t.files[:len(t.files):len(t.files)], f)
				d.m.Pictures++
				break
			}
		}
	}
}

// deliverMore draws what comes a second time: the same, or more, or that it is taken back.
func (d *desk) deliverMore() {
	for _, t := range d.tips {
		r := newRandom(d.seed, drawDemo, uint64(t.n)|1<<62)
		share := r.n(1000)
		// Always in a later month: what lies in one folder may be read in another order.
		later := t.received.AddDate(0, 0, 33+r.n(60))
		if !later.Before(d.until) {
			continue
		}
		picture := slices.ContainsFunc(t.files, func(f media) bool { return f.picture != nil })
		switch {
		case picture:
		case t.format == formatHotline && share < 160, t.format == formatCSV && share < 40:
			t.again = later
			t.late = t.format == formatHotline && share < 12
		case t.isHotline() && share < 210:
			t.retract = later
		case t.format == formatJSON && share < 150, t.format == formatXML && t.reportID > 0 && share < 45:
			t.again = later
		case share >= 975:
			t.twice = later
		}
	}
}

// end notes how the referral ends up in its last version.
func (d *desk) end(t *tip, format string, informational bool) {
	f := final{state: "open", media: string(verdict(t.files, format))}
	if informational {
		f.state = "informational"
	}
	d.last[t] = f
}
