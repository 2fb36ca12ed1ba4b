package fromjsonl

import (
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"lapwing/internal/hashlist"
	"lapwing/internal/hashlist/hashlisttest"
)

const (
	head = hashlist.JSONHead + "\n"
	md5a = "8516c09421a983ab389e625404dd0215"
)

func entry(rest string) string { return `{"entry":{"source":"a","id":"1"` + rest + "}}\n" }

func TestRead(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		want     []string
	}{
		{"entry", head + entry(`,"hashes":[{"kind":"MD5","value":"`+strings.ToUpper(md5a)+`"}]`), []string{"1=md5:" + md5a}},
		{"without fingerprints", head + entry(""), []string{"1="}},
		{"tombstone", head + `{"tombstone":{"id":"9"}}`, []string{"-9"}},
		{"bad fingerprint", head + entry(`,"hashes":[{"kind":"md5","value":"x"}]`), []string{"1=", "?line 2"}},
		{"neither", head + "{}\n" + entry(""), []string{"1=", "!line 2"}},
		{"both", head + `{"entry":{"source":"a","id":"1"},"tombstone":{"source":"a","id":"1"}}`, []string{"!line 2"}},
		{"not JSON", head + "x\n\n" + entry(""), []string{"1=", "!line 2"}},
		{"no id", head + `{"entry":{"source":"a"}}`, []string{"!line 2"}},
		{"odd time and flags", head + entry(`,"at":"1300-01-01T00:00:00Z","size":-1,"flags":{"distributed":9}`), []string{"1=", "?line 2"}},
	} {
		r := hashlisttest.Collect(Read, tt.in, hashlist.Options{Source: "s"})
		if diff := gocmp.Diff(tt.want, r.Short()); diff != "" || r.Err != nil {
			t.Errorf("%s: %v (-want +got):\n%s\n%s", tt.name, r.Err, diff, r)
		}
		for _, c := range r.Changes {
			hashlisttest.Check(t, c)
		}
	}
	for in, want := range map[string]string{
		"":        "empty",
		entry(""): "first line",
		`{"format":"lapwing-hashlist","version":2}`: "version 2",
	} {
		if r := hashlisttest.Collect(Read, in, hashlist.Options{Source: "s"}); r.Err == nil || !strings.Contains(r.Err.Error(), want) {
			t.Errorf("read of %q: got %v, want an error with %q", in, r.Err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(entry(`,"hashes":[{"kind":"md5","value":"` + md5a + `"},{"kind":"pdq","value":"","quality":7}],"at":"2026-01-15T00:00:00Z"`)))
	f.Add([]byte(`{"tombstone":{"source":"a","id":"1","at":"2026-01-15T00:00:00Z"}}`))
	f.Add([]byte(entry(`,"labels":[{"scheme":"uk","value":"B"}],"votes":[{"kind":"md5","author":"x"}],"links":[{"kind":"a","href":"b"}],"flags":{"distributed":1}`)))
	f.Fuzz(func(t *testing.T, in []byte) {
		hashlisttest.Fuzz(t, Read, append([]byte(head), in...), hashlist.Options{Source: "s", MaxEntry: 10_000})
	})
}
