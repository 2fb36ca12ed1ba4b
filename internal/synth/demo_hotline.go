package synth

import (
	"encoding/json"
	"fmt"
	"time"

	"lapwing/cybertip"
	"lapwing/internal/intake/fromhotline"
	"lapwing/internal/referral"
)

// hotlines writes the reports of hotlines that use the published form.
func (d *desk) hotlines() error {
	for _, t := range d.tips {
		if t.format != formatHotline {
			continue
		}
		if err := d.hotlineTip(t); err != nil {
			return err
		}
	}
	return nil
}

// hotlineTip writes all that comes of one report.
func (d *desk) hotlineTip(t *tip) error {
	var failed error
	put := func(at time.Time, outcome string, report fromhotline.Report) {
		b, err := json.MarshalIndent(report, "", "  ")
		if err != nil {
			failed = err
			return
		}
		d.tree[folder(at, "hotline/"+report.Hotline+"-"+report.ID+".json")] = entry{append(b, '\n'), at}
		d.count(formatHotline, outcome)
	}
	first := d.hotlineReport(t, 1, t.received)
	d.end(t, formatHotline, *first.Informational && t.again.IsZero())
	if t.late { // the desk gets the second version before the first
		put(t.received, accepted, d.hotlineReport(t, 2, t.received))
		put(t.again, duplicate, d.hotlineReport(t, 1, t.received.AddDate(0, 0, -1)))
		return failed
	}
	put(t.received, accepted, first)
	switch {
	case !t.again.IsZero():
		put(t.again, updated, d.hotlineReport(t, 2, t.again))
	case !t.retract.IsZero():
		put(t.retract, updated, retraction(t))
		d.last[t] = final{"retracted", string(referral.MediaNone)}
	case !t.twice.IsZero():
		put(t.twice, duplicate, first)
	}
	return failed
}

func (t *tip) hotlineID() string { return fmt.Sprintf("HR-%d-%06d", t.received.Year(), t.n) }

func retraction(t *tip) fromhotline.Report {
	return fromhotline.Report{Format: fromhotline.Schema, Hotline: t.source(), ID: t.hotlineID(), Version: 2,
		UpdatedAt: t.retract, Status: "retracted", RetractionReason: "Entered twice."}
}

// answers are what people tell on a form, for incident types.
var answers = map[cybertip.IncidentType]string{
	cybertip.IncidentMaterial: "material", cybertip.IncidentEnticement: "approach",
	cybertip.IncidentUnsolicited: "sent-to-child", cybertip.IncidentAbuse: "abuse",
	cybertip.IncidentTrafficking: "exploitation", cybertip.IncidentTravel: "exploitation",
	cybertip.IncidentMisleadingContent: "other",
}

func (t *tip) answered() string {
	if t.flags.Has(cybertip.ReportExtortion) {
		return "threat"
	}
	return answers[t.wire]
}

// hotlineReport is version v of the report as of a time: the second comes with the analyst's last word.
func (d *desk) hotlineReport(t *tip, v int, at time.Time) fromhotline.Report {
	r := newRandom(d.seed, drawShape, uint64(t.n)|1<<61)
	yes, no := true, false
	url := fmt.Sprintf("https://board-%d.example/thread/%d", t.n%70, t.n)
	informational := v == 1 && t.informational && len(t.files) == 0
	analyst := fmt.Sprintf("analyst %d", 1+r.n(6))
	out := fromhotline.Report{
		Format: fromhotline.Schema, Hotline: t.source(), ID: t.hotlineID(), Version: v,
		UpdatedAt: at, Status: "assessed", ReceivedAt: t.incident.Add(30 * time.Minute),
		Language: "en", Informational: &informational,
		Told: fromhotline.Told{
			What: []string{t.answered()}, HappenedAt: t.incident,
			Where: []fromhotline.Where{{URL: url}},
			Reporter: fromhotline.Reporter{Role: pick(&r, []string{"witness", "witness", "witness", "parent",
				"professional", "child"})},
			Text: t.text(),
		},
		Assessment: fromhotline.Assessment{Author: analyst, At: at.Add(-time.Hour), Handling: []string{"H0"},
			SourceEvaluation: "A", InformationEvaluation: pick(&r, []string{"1", "2", "2", "3"})},
	}
	if r.in(60) {
		out.Assessment.Handling = []string{pick(&r, []string{"H1", "H2"})}
	}
	if t.escalated {
		out.Told.ChildInDangerNow = &yes
	} else {
		out.Told.ChildInDangerNow = &no
	}
	if r.in(150) {
		out.Told.Reporter.Contact = fromhotline.Contact{FirstName: "Test", LastName: fmt.Sprintf("Reporter %d", t.n),
			Email: fmt.Sprintf("reporter%d@example.org", t.n)}
	}
	if v > 1 {
		out.Status, out.Assessment.InformationEvaluation = "forwarded", "1"
		out.Forwarded = []fromhotline.Forward{{Agency: "Example Police " + hotlines[t.provider].country,
			Case: fmt.Sprintf("EX-%d", t.n), Country: hotlines[t.provider].country, At: at.Add(-2 * time.Hour),
			LegalProcess: &no}}
	}
	for i := range t.files {
		out.Items = append(out.Items, d.hotlineItem(&r, t, &t.files[i], i, url))
	}
	if t.who != nil {
		out.Parties = append(out.Parties, d.hotlineParty(&r, t))
	}
	if t.child != nil {
		out.Parties = append(out.Parties, fromhotline.Party{Role: "victim", FirstName: "Test",
			LastName: fmt.Sprintf("Child %d", t.child.number), Age: t.child.age,
			Locations: []fromhotline.Location{{City: "Exampletown", Country: countries[t.child.country].code}}})
	}
	return out
}

func (d *desk) hotlineItem(r *random, t *tip, f *media, i int, url string) fromhotline.Item {
	host, from := countries[r.country()].code, countries[r.country()].code
	item := fromhotline.Item{
		ID: fmt.Sprintf("%d-%d", t.n, i+1), Type: "image", URL: fmt.Sprintf("%s#%d", url, i+1), Name: f.name(),
		MediaType:      "image/jpeg",
		Classification: pick(r, []string{fromhotline.Baseline, fromhotline.NationallyIllegal, fromhotline.NationallyIllegal}),
		AgeBand:        pick(r, []string{"7-10", "11-13", "14-15", "16-17", "unknown"}),
		Hosting: fromhotline.Hosting{Country: host, IP: string(appendIPv6(nil, indexOf(host), uint64(t.n%70)<<20)),
			Provider:  "Example Hosting",
			CheckedAt: t.incident.Add(time.Hour)},
		ApparentCountry: from,
	}
	if f.standing == standsGood {
		item.Classification, item.AgeBand = fromhotline.NotIllegal, ""
	}
	if r.in(100) {
		item.Hosting.CDN = "Example Delivery"
	}
	if r.in(80) {
		item.SelfGenerated = "unspecified"
	}
	hashes := []fromhotline.Hash{{Type: "md5", Value: f.md5}, {Type: "sha1", Value: f.sha1}, {Type: "sha256", Value: f.sha256},
		{Type: "pdq", Value: f.pdq, Quality: 90}}
	for _, h := range hashes {
		if h.Value != "" {
			item.Hashes = append(item.Hashes, h)
		}
	}
	return item
}

func indexOf(code string) int {
	for i := range countries {
		if countries[i].code == code {
			return i
		}
	}
	return 0
}

func (d *desk) hotlineParty(r *random, t *tip) fromhotline.Party {
	p := t.who
	out := fromhotline.Party{Role: "reported", Service: providers[p.provider].name,
		Identifiers: []fromhotline.Identifier{{Kind: "screen", Value: p.screen()}}}
	if r.in(300) {
		out.Identifiers = append(out.Identifiers, fromhotline.Identifier{Kind: "email", Value: p.email(0)})
	}
	if r.in(200) {
		out.Identifiers = append(out.Identifiers, fromhotline.Identifier{Kind: "ip", Value: p.ip(0), Event: "other",
			At: t.incident, Port: 1024 + r.n(60_000)})
	}
	if r.in(350) {
		out.Locations = []fromhotline.Location{{City: "Exampletown", Country: countries[p.country].code}}
	}
	return out
}
