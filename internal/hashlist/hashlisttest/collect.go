// Package hashlisttest helps to test what reads, keeps or writes hash lists:
// [Collect] gathers what a reader gives, [Entry] draws entries.
package hashlisttest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lapwing/internal/hashlist"
	"lapwing/internal/referral"
)

// A Result is what a reader gave.
type Result struct {
	Changes  []hashlist.Change
	Findings []referral.Finding
	Err      error
}

// Collect reads text.
func Collect(read hashlist.Reader, text string, o hashlist.Options) Result {
	var r Result
	r.Err = read(context.Background(), strings.NewReader(text), o,
		func(c hashlist.Change) error { r.Changes = append(r.Changes, c); return nil },
		func(f referral.Finding) { r.Findings = append(r.Findings, f) })
	return r
}

// String has a line for each change in JSON, each finding and the error.
func (r Result) String() string {
	var b strings.Builder
	for _, c := range r.Changes {
		line, err := json.Marshal(c)
		if err != nil {
			line = []byte(err.Error())
		}
		fmt.Fprintf(&b, "%s\n", line)
	}
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "%s: %s: %s\n", f.Severity, f.Path, f.Text)
	}
	if r.Err != nil {
		fmt.Fprintf(&b, "error: %v\n", r.Err)
	}
	return b.String()
}

// Short has "id=kind:value+kind:value" for an entry, "-id" for a tombstone,
// then "!path" for a row that was left out and "?path" for a warning.
func (r Result) Short() (short []string) {
	for _, c := range r.Changes {
		if c.Tombstone != nil {
			short = append(short, "-"+c.Tombstone.ID)
			continue
		}
		var hashes []string
		for _, h := range c.Entry.Hashes {
			hashes = append(hashes, h.Kind+":"+h.Value)
		}
		short = append(short, c.Entry.ID+"="+strings.Join(hashes, "+"))
	}
	for _, f := range r.Findings {
		mark := "?"
		if f.Severity == referral.Refuse {
			mark = "!"
		}
		short = append(short, mark+f.Path)
	}
	return short
}

// Fuzz gives input to a reader and looks at what every reader promises: no
// panic, an error that is nil or a [hashlist.Broken], and changes that have
// an identity, normal fingerprints and encode as JSON.
func Fuzz(t *testing.T, read hashlist.Reader, input []byte, o hashlist.Options) {
	t.Helper()
	r := Collect(read, string(input), o)
	var broken *hashlist.Broken
	if r.Err != nil && !errors.As(r.Err, &broken) {
		t.Fatalf("error %v (%T), want nil or a Broken", r.Err, r.Err)
	}
	for _, c := range r.Changes {
		Check(t, c)
	}
	for _, f := range r.Findings {
		if f.Path == "" || f.Text == "" || (f.Severity != referral.Refuse && f.Severity != referral.Warn) {
			t.Errorf("finding %+v does not say where or what", f)
		}
	}
}

// Check fails the test where a change is not what readers promise.
func Check(t *testing.T, c hashlist.Change) {
	t.Helper()
	if (c.Entry == nil) == (c.Tombstone == nil) {
		t.Fatalf("change %+v is not one of two", c)
	}
	if _, err := json.Marshal(c); err != nil {
		t.Fatalf("change does not encode: %v", err)
	}
	if x := c.Tombstone; x != nil {
		if x.Source == "" || x.ID == "" {
			t.Fatalf("tombstone %+v has no identity", *x)
		}
		return
	}
	e := c.Entry
	if e.Source == "" || e.ID == "" || e.Path == "" {
		t.Fatalf("entry %+v has no identity or path", *e)
	}
	for _, h := range e.Hashes {
		again, err := referral.NewHash(h.Kind, h.Value)
		again.Quality = h.Quality
		if err != nil || again != h {
			t.Fatalf("fingerprint %+v is not normal: %+v, %v", h, again, err)
		}
	}
	for _, l := range e.Labels {
		if l.Scheme == "" || l.Value == "" {
			t.Fatalf("label %+v is empty", l)
		}
	}
}

// Shared gives a sample from the folder of shared test data beside the
// repository; ok is false, and the test's log says so, where that is absent.
func Shared(t testing.TB, name string) (text string, ok bool) {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for range 6 {
		if b, err := os.ReadFile(filepath.Join(dir, "..", "shared", "data", "formats", name)); err == nil {
			return string(b), true
		}
		dir = filepath.Dir(dir)
	}
	t.Logf("the shared sample %s is absent; the package's own fixtures were tested", name)
	return "", false
}
