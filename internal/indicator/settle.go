package indicator

import "time"

// verdict is what becomes of an observation.
type verdict struct {
	outcome  Outcome
	learned  time.Time // when, as it is to be recorded
	late     bool      // there is a later one already
	restated bool      // the one before was final
	before   *Stored   // what was known at that time
	reason   string    // why it is refused
}

// A statement is an observation on its way in.
type statement struct {
	Observation
	dated bool // its Learned is given; otherwise it is the present moment, which goes after all others
	own   bool // ... by the row itself: an input may hold several versions of a period
}

// settle says what becomes of a statement about a period of which have is
// known. seen says that the batch has said something about the period before
// (of a row that is dated itself: as learned at the same moment).
//
// It is compared with what was known at the time when it was learned. So the
// same file twice is all duplicates, and one that comes late becomes part of
// the history and nothing else.
func settle(have []Stored, in *statement, batch int64, seen bool) (v verdict) {
	v.learned = in.Learned
	var last, then, mine *Stored
	for i := range have {
		h := &have[i]
		if last == nil || h.after(last) {
			last = h
		}
	}
	if last != nil && !in.dated && last.Learned.After(v.learned) {
		v.learned = last.Learned // the clock of the process that recorded it goes ahead of ours
	}
	for i := range have {
		h := &have[i]
		if h.Learned.After(v.learned) {
			continue
		}
		if then == nil || h.after(then) {
			then = h
		}
		if h.Batch == batch && (!in.own || h.Learned.Equal(v.learned)) && (mine == nil || h.after(mine)) {
			mine = h
		}
	}
	v.before = then
	said := mine // by an earlier row of the batch
	if said == nil && seen {
		said = then // that one was a duplicate
	}
	switch {
	case said != nil && said.Same(in.Observation):
		v.outcome = Duplicate
	case said != nil:
		v.outcome, v.reason = Refused, "an earlier row says "+said.says()+" for the same period, this one "+in.says()+": leave one of them out"
	case then != nil && then.Same(in.Observation):
		v.outcome = Duplicate
	case last == nil:
		v.outcome = Accepted
	case len(have) > MaxRevision:
		v.outcome, v.reason = Refused, "the period was revised as often as can be kept"
	default:
		v.outcome = Updated
		v.late = last.Learned.After(v.learned)
		v.restated = !v.late && then.Status == Observed && !then.Provisional
	}
	return v
}
