package fromcsv

import (
	"encoding/json"
	"strings"
	"testing"

	"lapwing/internal/referral"
)

func FuzzRead(f *testing.F) {
	line, records := example(f)
	for _, r := range records {
		f.Add([]byte(line), []byte(r), uint8(1))
	}
	f.Add([]byte("id,received,what,ip,note,note"), []byte("17,1/3/2020,\"a\"\"b;material\",192.0.2.1,=1+1,\"x\ny\""), uint8(0))
	f.Add([]byte("id\twhat\thash"), []byte("17\t\xe4\t"+strings.Repeat("Az09", 100)), uint8(2))
	f.Fuzz(func(t *testing.T, head, b []byte, sep uint8) {
		header, comma, err := ParseHeader(head, 0)
		if err != nil {
			return
		}
		if sep > 0 {
			comma = rune(",;\t|"[sep%4])
		}
		o := Options{Header: header, Comma: comma, Source: "example"}
		ds, fs := Read(b, o)
		if (len(ds) == 0) != referral.Refuses(fs) {
			t.Fatalf("Read(%q) under %q: %d drafts, Refuses %v", b, header, len(ds), referral.Refuses(fs))
		}
		one, err := json.Marshal([]any{ds, fs})
		if err != nil {
			t.Fatal(err)
		}
		ds2, fs2 := Read(b, o)
		two, err := json.Marshal([]any{ds2, fs2})
		if err != nil {
			t.Fatal(err)
		}
		if string(one) != string(two) {
			t.Fatalf("Read(%q) under %q is not the same twice:\n%s\n%s", b, header, one, two)
		}
		clean, ok := Clean(b, o)
		if len(ds) > 0 && !ok {
			t.Fatalf("Clean(%q) cannot read what Read reads", b)
		}
		if !ok || len(ds) == 0 {
			return
		}
		// The cleaned record reads as the original: what was dropped is in neither.
		ds3, _ := Read(clean, o)
		three, err := json.Marshal(ds3)
		if err != nil {
			t.Fatal(err)
		}
		if first, err := json.Marshal(ds); err != nil || !strings.Contains(string(first), "media taken out") && string(first) != string(three) {
			t.Fatalf("Read(Clean(%q)) under %q differs:\n%s\n%s\n%v", b, header, first, three, err)
		}
	})
}

func FuzzWhen(f *testing.F) {
	for _, s := range []string{"2020-03-01T10:00:00Z", "01.03.2020 10:05 Uhr", "1/3/2020 3:04 PM", "1.3.20 10h05 MEZ", "01.03.2020 10:05 UTC+5:30"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if m, ok := when(s, nil); ok && (m.utc.Year() < 1 || m.utc.Year() > 9999) {
			t.Fatalf("when(%q) = %v: no JSON has this year", s, m.utc)
		}
	})
}

func FuzzParseMapping(f *testing.F) {
	f.Add(`id=Report No,received=Eingang,"url=Adresse, voll"`)
	f.Fuzz(func(t *testing.T, s string) {
		m, err := ParseMapping(s)
		for c, field := range m {
			if m.of(c) != field || err != nil {
				t.Fatalf("ParseMapping(%q) = %v, %v", s, m, err)
			}
		}
	})
}
