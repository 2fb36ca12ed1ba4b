package assess

import (
	"encoding/json"
	"net/netip"
	"testing"
	"time"

	"lapwing/internal/referral"
	"lapwing/pdq"
)

// A world is what the desk of a test knows, as the golden files write it.
type world struct {
	Now   time.Time `json:"now"`
	Lists int64     `json:"lists"`
	Links int64     `json:"links"`
	Rules string    `json:"rules"`

	NoLists bool                `json:"no_lists"`
	Entries []entry             `json:"entries"`
	Geo     []network           `json:"geo"`
	Shared  []sharing           `json:"shared"`
	Prior   map[string][]string `json:"prior"`
}

type entry struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
	Opinion
}

type network struct {
	Prefix string `json:"prefix"`
	Located
}

type sharing struct {
	Kind  string        `json:"kind"` // an identifier kind, or a hash kind
	Value string        `json:"value"`
	Role  referral.Role `json:"role"`
	Shared
}

func (w *world) facts(t testing.TB) Facts {
	t.Helper()
	f := Facts{Now: w.Now, Lists: w.Lists, Links: w.Links, SharedFile: w.sharedFile, Shared: w.shared}
	if !w.NoLists {
		f.Lookup = w
	}
	if w.Geo != nil {
		f.Geo = w
	}
	if w.Prior != nil {
		f.Prior = func(id string) []string { return w.Prior[id] }
	}
	if w.Rules != "" {
		r, err := RulesOf(w.Rules)
		if err != nil {
			t.Fatal(err)
		}
		f.Rules = r
	}
	return f
}

func (w *world) Exact(h referral.Hash) (os []Opinion) {
	for _, e := range w.Entries {
		if e.Kind == h.Kind && e.Value == h.Value {
			os = append(os, e.Opinion)
		}
	}
	return os
}

func (w *world) Near(h pdq.Hash, limit int) (os []Opinion) {
	for _, e := range w.Entries {
		if e.Kind != "pdq" {
			continue
		}
		if p, err := pdq.Parse(e.Value); err == nil && pdq.Distance(h, p) <= limit {
			o := e.Opinion
			o.Distance = pdq.Distance(h, p)
			os = append(os, o)
		}
	}
	return os
}

func (w *world) Locate(a netip.Addr) (Located, bool) {
	for _, n := range w.Geo {
		if p, err := netip.ParsePrefix(n.Prefix); err == nil && p.Contains(a) {
			return n.Located, true
		}
	}
	return Located{}, false
}

func (w *world) shared(k Key) Shared {
	for _, s := range w.Shared {
		if s.Kind == k.Kind && s.Value == k.Value {
			sh := s.Shared
			sh.Same = s.Role == k.Role
			return sh
		}
	}
	return Shared{}
}

func (w *world) sharedFile(h referral.Hash) Shared {
	for _, s := range w.Shared {
		if s.Kind == h.Kind && s.Value == h.Value {
			return s.Shared
		}
	}
	return Shared{}
}

// encode is the assessment as it is kept.
func encode(t testing.TB, a referral.Assessment) string {
	t.Helper()
	b, err := json.MarshalIndent(a, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b) + "\n"
}
