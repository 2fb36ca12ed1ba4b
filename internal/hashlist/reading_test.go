package hashlist

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"lapwing/internal/referral"
)

func TestBeginChecksOptions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		o    Options
		want string
	}{
		{"no source", Options{}, "name the source"},
		{"control character", Options{Source: "a\nb"}, "source"},
		{"long author", Options{Source: "s", Author: strings.Repeat("x", 300)}, "author"},
		{"negative size", Options{Source: "s", MaxEntry: -1}, "positive"},
	} {
		if _, err := Begin(context.Background(), tt.o, nil, nil); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want an error with %q", tt.name, err, tt.want)
		}
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Begin(gone, Options{Source: "s"}, nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that is over: %v, want %v", err, context.Canceled)
	}
}

func TestEmitKeepsOutWhatCannotBeKept(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", maxID+1)
	for _, tt := range []struct {
		name  string
		entry Entry
		want  string // finding; "" for none
		out   bool   // handed on
	}{
		{"good", Entry{Source: "s", ID: "1"}, "", true},
		{"no id", Entry{Source: "s"}, "no id", false},
		{"no source", Entry{ID: "1"}, "no source", false},
		{"long id", Entry{Source: "s", ID: long}, "1024", false},
		{"zero byte in id", Entry{Source: "s", ID: "a\x00"}, "control", false},
		{"id not UTF-8", Entry{Source: "s", ID: "a\xff"}, "UTF-8", false},
		{"line separator in id", Entry{Source: "s", ID: "a\u2028b"}, "control", false},
		{"long series", Entry{Source: "s", ID: "1", Series: long}, "series", true},
		{"bad label", Entry{Source: "s", ID: "1", Labels: []referral.Label{{Scheme: "a", Value: "\x00"}, {Scheme: "a", Value: "b"}}}, "1 of 2 labels", true},
		{"empty label", Entry{Source: "s", ID: "1", Labels: []referral.Label{{Scheme: "a"}}}, "1 of 1 labels", true},
		{"bad vote", Entry{Source: "s", ID: "1", Votes: []Vote{{Kind: "md5", Reason: long}}}, "1 of 1 votes", true},
		{"bad link", Entry{Source: "s", ID: "1", Links: []Link{{Kind: "md5", Href: "\x1b"}}}, "1 of 1 links", true},
	} {
		var out []Change
		var notes []referral.Finding
		r, err := Begin(t.Context(), Options{Source: "s"}, func(c Change) error { out = append(out, c); return nil }, func(f referral.Finding) { notes = append(notes, f) })
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the source is remembered after the first
			out, notes = nil, nil
			e := tt.entry
			e.Labels = append([]referral.Label(nil), tt.entry.Labels...)
			if err := r.Emit(&e); err != nil {
				t.Fatal(err)
			}
			if (len(out) == 1) != tt.out {
				t.Errorf("%s: handed on %v, want %v", tt.name, len(out) == 1, tt.out)
			}
			if tt.want == "" && len(notes) > 0 || tt.want != "" && (len(notes) != 1 || !strings.Contains(notes[0].Text, tt.want)) {
				t.Errorf("%s: findings %v, want one with %q", tt.name, notes, tt.want)
			}
		}
	}
}

func TestTally(t *testing.T) {
	t.Parallel()
	var tally Tally
	emit := tally.Emit(func(Change) error { return nil })
	emit(Change{Entry: &Entry{}})
	emit(Change{Tombstone: &Tombstone{}})
	for i := range 1000 {
		tally.Note(referral.Finding{Path: Line(int64(i)), Severity: referral.Refuse, Text: "the same"})
		tally.Note(referral.Finding{Path: Line(int64(i)), Severity: referral.Warn, Text: fmt.Sprint(i)})
	}
	if tally.Entries != 1 || tally.Tombstones != 1 || tally.Refused != 1000 || tally.Warnings != 1000 {
		t.Errorf("got %+v, want 1 entry, 1 tombstone, 1000 refused, 1000 warnings", tally)
	}
	if len(tally.Findings) != MaxFindings {
		t.Errorf("%d findings are kept, want %d", len(tally.Findings), MaxFindings)
	}
}
