package hashlist

import "lapwing/internal/referral"

// A Tally counts what a reading gave, so that a batch reconciles: every row
// of the file is an entry, a tombstone or refused. Of the findings it keeps
// the first of each text, for a file may have the same fault in every row.
type Tally struct {
	Entries    int64
	Tombstones int64
	Refused    int64 // rows left out
	Warnings   int64
	Findings   []referral.Finding // at most MaxFindings
	seen       map[string]int
}

// MaxFindings is how many findings a [Tally] keeps, and MaxAlike how many of
// them have the same text.
const (
	MaxFindings = 200
	MaxAlike    = 5
)

// Emit counts changes on their way to next.
func (t *Tally) Emit(next func(Change) error) func(Change) error {
	return func(c Change) error {
		if c.Entry != nil {
			t.Entries++
		} else {
			t.Tombstones++
		}
		return next(c)
	}
}

// Note counts a finding.
func (t *Tally) Note(f referral.Finding) {
	if f.Severity == referral.Refuse {
		t.Refused++
	} else {
		t.Warnings++
	}
	if len(t.Findings) >= MaxFindings || t.seen[f.Text] >= MaxAlike {
		return
	}
	if t.seen == nil {
		t.seen = map[string]int{}
	}
	t.seen[f.Text]++
	t.Findings = append(t.Findings, f)
}
