package indicator

import (
	"strings"
	"testing"
	"time"
)

func TestSettle(t *testing.T) {
	t.Parallel()
	at := func(n int) time.Time { return time.Unix(1_700_000_000, 0).UTC().Add(time.Duration(n) * time.Second) }
	kept := func(revision, learned int, batch int64, value float64) Stored {
		return Stored{Revision: revision, Batch: batch, Observation: Observation{Value: value, Learned: at(learned)}}
	}
	const this, other = 7, 3
	full := make([]Stored, MaxRevision+1)
	for i := range full {
		full[i] = kept(i, 0, other, float64(i))
	}
	provisional := kept(0, 0, other, 1)
	provisional.Provisional = true
	dark := Stored{Batch: other, Observation: Observation{Status: Unavailable, Learned: at(0)}}
	for _, c := range []struct {
		name     string
		have     []Stored
		value    float64
		learned  int
		dated    bool
		own      bool
		seen     bool
		outcome  Outcome
		at       int // learned, as it is to be recorded
		late     bool
		restated bool
		before   int // value, -1: none
	}{
		{name: "new", value: 5, outcome: Accepted, before: -1},
		{name: "same", have: []Stored{kept(0, 0, other, 5)}, value: 5, learned: 9, outcome: Duplicate, at: 9, before: 5},
		{name: "revision", have: []Stored{kept(0, 0, other, 5)}, value: 6, learned: 9, outcome: Updated, at: 9, restated: true, before: 5},
		{name: "of a provisional figure", have: []Stored{provisional}, value: 6, learned: 9, outcome: Updated, at: 9, before: 1},
		{name: "final at last", have: []Stored{provisional}, value: 1, learned: 9, outcome: Updated, at: 9, before: 1},
		{name: "value for a gap", have: []Stored{dark}, value: 6, learned: 9, outcome: Updated, at: 9, before: 0},
		{name: "zero for a gap", have: []Stored{dark}, value: 0, learned: 9, outcome: Updated, at: 9, before: 0},
		{name: "back to what it was", have: []Stored{kept(0, 0, other, 5), kept(1, 1, other, 6)}, value: 5, learned: 9, outcome: Updated, at: 9, restated: true, before: 6},
		{name: "same moment, later word", have: []Stored{kept(0, 9, other, 5)}, value: 6, learned: 9, outcome: Updated, at: 9, restated: true, before: 5},
		{name: "same moment, same word", have: []Stored{kept(0, 9, other, 5)}, value: 5, learned: 9, dated: true, outcome: Duplicate, at: 9, before: 5},
		{name: "a clock that goes ahead", have: []Stored{kept(0, 20, other, 5)}, value: 6, learned: 9, outcome: Updated, at: 20, restated: true, before: 5},
		{name: "a clock that goes ahead, same", have: []Stored{kept(0, 20, other, 5)}, value: 5, learned: 9, outcome: Duplicate, at: 20, before: 5},
		{name: "late", have: []Stored{kept(0, 20, other, 5)}, value: 6, learned: 9, dated: true, outcome: Updated, at: 9, late: true, before: -1},
		{name: "late, the same as later", have: []Stored{kept(0, 20, other, 5)}, value: 5, learned: 9, dated: true, outcome: Updated, at: 9, late: true, before: -1},
		{name: "late, the same as before", have: []Stored{kept(0, 1, other, 5), kept(1, 20, other, 6)}, value: 5, learned: 9, dated: true, outcome: Duplicate, at: 9, before: 5},
		{name: "recorded late, learned first", have: []Stored{kept(0, 9, other, 5), kept(1, 1, other, 4)}, value: 5, learned: 20, outcome: Duplicate, at: 20, before: 5},
		{name: "twice in the batch", have: []Stored{kept(0, 0, this, 5)}, value: 5, learned: 9, seen: true, outcome: Duplicate, at: 9, before: 5},
		{name: "against the batch", have: []Stored{kept(0, 0, this, 5)}, value: 6, learned: 9, seen: true, outcome: Refused, at: 9, before: 5},
		{name: "against what the batch repeated", have: []Stored{kept(0, 0, other, 5)}, value: 6, learned: 9, seen: true, outcome: Refused, at: 9, before: 5},
		{name: "against the batch, and another came between", have: []Stored{kept(0, 0, this, 5), kept(1, 1, other, 6)}, value: 6, learned: 9, seen: true, outcome: Refused, at: 9, before: 6},
		{name: "with the batch, and another came between", have: []Stored{kept(0, 0, this, 5), kept(1, 1, other, 6)}, value: 5, learned: 9, seen: true, outcome: Duplicate, at: 9, before: 6},
		{name: "a row's own history", have: []Stored{kept(0, 0, this, 5)}, value: 6, learned: 9, dated: true, own: true, outcome: Updated, at: 9, restated: true, before: 5},
		{name: "a row's own history, against itself", have: []Stored{kept(0, 9, this, 5)}, value: 6, learned: 9, dated: true, own: true, outcome: Refused, at: 9, before: 5},
		{name: "no room", have: full, value: 0.5, learned: 9, outcome: Refused, at: 9, before: MaxRevision},
		{name: "no room, and none wanted", have: full, value: MaxRevision, learned: 9, outcome: Duplicate, at: 9, before: MaxRevision},
	} {
		in := statement{Observation: Observation{Value: c.value, Learned: at(c.learned)}, dated: c.dated, own: c.own}
		v := settle(c.have, &in, this, c.seen)
		before := -1
		if v.before != nil {
			before = int(v.before.Value)
		}
		if v.outcome != c.outcome || !v.learned.Equal(at(c.at)) || v.late != c.late || v.restated != c.restated || before != c.before {
			t.Errorf("%s: %s learned %v, late %t, restated %t, before %d; want %s at %v, %t, %t, %d", c.name, v.outcome, v.learned, v.late, v.restated, before, c.outcome, at(c.at), c.late, c.restated, c.before)
		}
		if (v.reason != "") != (v.outcome == Refused) {
			t.Errorf("%s: %s because %q", c.name, v.outcome, v.reason)
		}
	}
}

func TestDamagedLedgerIsNoticed(t *testing.T) {
	t.Parallel()
	whole := appendRun(appendRun(nil, Accepted, 300), Refused, 1)
	p := Page{Outcomes: whole}
	if err := p.Recount(); err != nil || p.Totals.Accepted != 300 || p.Totals.Refused != 1 {
		t.Errorf("%x is %+v, %v", whole, p.Totals, err)
	}
	for _, b := range []string{"a", "a\x00", "x\x01", "a\x80", "a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", string(whole[:len(whole)-1])} {
		p := Page{Outcomes: []byte(b)}
		if err := p.Recount(); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%q was read as %+v, %v", b, p.Totals, err)
		}
	}
}
