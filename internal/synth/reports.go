package synth

import "time"

// Params say what a stream of reports looks like. A field that is zero means its default, a negative share means none.
// Shares are per thousand reports.
type Params struct {
	Until time.Time // end of the two years over which the incidents spread: the end of October 2026

	Companions int // have details of one to three files beside them: 180
	Reuse      int // have an account, e-mail address, IP address or device of an earlier report: 150
	Repeats    int // are the same as an earlier report, byte for byte: 10
	Versions   int // are a later version of an earlier report: 10

	// Known is how many files are on hash lists: 100 000. Four in ten of the files are among them.
	Known int
}

// defaultUntil is the end of what is made when nobody says otherwise.
var defaultUntil = time.Date(2026, time.October, 31, 0, 0, 0, 0, time.UTC)

// Reports is an endless stream of CyberTipline reports. Report n is the same whenever it is asked for, and costs the
// same for every n. It may be used by many goroutines.
type Reports struct {
	seed       uint64
	companions int
	reuse      int
	repeats    int
	versions   int
	known      int
	from, span int64 // of the incidents: seconds since 1970, and how many
}

// NewReports gives the stream of reports for a seed.
func NewReports(seed uint64, p Params) *Reports {
	share := func(v, def int) int {
		if v == 0 {
			v = def
		}
		return min(max(v, 0), 1000)
	}
	if p.Until.IsZero() {
		p.Until = defaultUntil
	}
	if p.Known == 0 {
		p.Known = 100_000
	}
	from := p.Until.AddDate(-2, 0, 0).Unix()
	return &Reports{
		seed:       seed,
		companions: share(p.Companions, 180),
		reuse:      share(p.Reuse, 150),
		repeats:    share(p.Repeats, 10),
		versions:   share(p.Versions, 10),
		known:      max(p.Known, 1),
		from:       from,
		span:       p.Until.Unix() - from - 86400,
	}
}

// Kinds of draws, so that the draws of one do not depend on those of another.
const (
	drawRepeat = iota + 1
	drawPlan
	drawPerson
	drawFeatures
	drawFile
	drawDemo
	drawPicture
	drawShape
)

// A Repeat says how a report relates to an earlier one.
type Repeat uint8

const (
	New   Repeat = iota // a report of its own
	Same                // the same bytes as an earlier report
	Later               // a later version of an earlier report; its file details name the same report number
)

// Repeat says what the n-th report is, and for Same and Later of which earlier report, which is always New.
func (r *Reports) Repeat(n int) (what Repeat, of int) {
	what, at := r.drawn(n)
	if what == New {
		return New, n
	}
	of = r.earlier(at, func(m int) bool { return what == Same || r.hasCompanions(m) })
	if of < 0 {
		return New, n
	}
	return what, of
}

// drawn is what report n would be if there were an earlier one to repeat, and from where to look for that.
func (r *Reports) drawn(n int) (what Repeat, at int) {
	d := newRandom(r.seed, drawRepeat, uint64(n))
	switch share := d.n(1000); {
	case share < r.repeats:
		what = Same
	case share < r.repeats+r.versions:
		what = Later
	default:
		return New, n
	}
	return what, r.back(&d, n)
}

// back draws an earlier report: half of the time one of the last ten thousand, otherwise any.
func (r *Reports) back(d *random, n int) int {
	if n == 0 {
		return -1
	}
	if d.in(500) {
		return n - 1 - d.n(min(n, 10_000))
	}
	return d.n(n)
}

// earlier is the report at or before at that is of its own and suits; -1 where none is near.
func (r *Reports) earlier(at int, suits func(m int) bool) int {
	for range 100 {
		if at < 0 {
			return -1
		}
		if what, _ := r.drawn(at); what == New && suits(at) {
			return at
		}
		at--
	}
	return -1
}

// ReportID is the number that NCMEC would give to the n-th report: the file details carry it.
func (r *Reports) ReportID(n int) int64 {
	_, of := r.Repeat(n)
	return firstReportID + int64(of)
}

// firstReportID is far from the numbers in use.
const firstReportID = 9_000_000_000

// Files is how many file details belong to the n-th report. A report without them has no number: it is known by the
// digest of its content.
func (r *Reports) Files(n int) int {
	_, of := r.Repeat(n)
	return r.files(of)
}

func (r *Reports) files(n int) int {
	d := newRandom(r.seed, drawFile, uint64(n))
	if !d.in(r.companions) {
		return 0
	}
	return 1 + d.n(3)
}

func (r *Reports) hasCompanions(n int) bool { return r.files(n) > 0 }

// Outcomes are what a desk that has nothing yet should make of a range of reports.
type Outcomes struct {
	Read      int `json:"read"`
	Accepted  int `json:"accepted"`
	Updated   int `json:"updated"`
	Duplicate int `json:"duplicate"`
	Refused   int `json:"refused"`
}

// Expect tells the outcomes of reports from to below to, in this order.
func (r *Reports) Expect(from, to int) Outcomes {
	o := Outcomes{Read: max(to-from, 0)}
	had := map[int]bool{} // repeated reports from before the range; true: their first version was there
	for n := from; n < to; n++ {
		what, of := r.Repeat(n)
		if what == New {
			o.Accepted++
			continue
		}
		first, seen := had[of]
		if of >= from {
			first, seen = true, true
		} else {
			had[of] = first || what == Same
		}
		switch {
		case !seen:
			o.Accepted++
		case what == Same && first:
			o.Duplicate++
		default:
			o.Updated++
		}
	}
	return o
}
