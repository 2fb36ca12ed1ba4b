package fromcybertip

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"lapwing/internal/referral"
)

// noise stands for a picture: bytes of a generator.
func noise(n int) []byte {
	rng := rand.NewChaCha8([32]byte{17})
	b := make([]byte, n)
	_, _ = rng.Read(b)
	return b
}

func inLines(s string, width int, end string) string {
	var b strings.Builder
	for ; len(s) > width; s = s[width:] {
		b.WriteString(s[:width] + end)
	}
	return b.String() + s
}

func TestWithoutMedia(t *testing.T) {
	t.Parallel()
	b := noise(3000)
	std := base64.StdEncoding.EncodeToString(b)
	gone := fmt.Sprintf("[media removed: 3000 bytes, sha256 %x]", sha256.Sum256(b))
	prose := strings.Repeat("An ordinary sentence of a long text, and another. ", 100)
	for _, tt := range []struct{ name, in, want string }{
		{"base64", std, gone},
		{"without padding", base64.RawStdEncoding.EncodeToString(b[:2999]), fmt.Sprintf("[media removed: 2999 bytes, sha256 %x]", sha256.Sum256(b[:2999]))},
		{"alphabet of addresses", base64.URLEncoding.EncodeToString(b), gone},
		{"hexadecimal", hex.EncodeToString(b), gone},
		{"MIME lines", inLines(std, 76, "\r\n"), gone},
		{"PEM lines", inLines(std, 64, "\n"), gone},
		{"blanks between lines", inLines(std, 76, " "), gone},
		{"data address", "data:image/png;base64," + std, gone},
		{"in capitals", "DATA:IMAGE/PNG;BASE64," + std, gone},
		{"data address with lines", "data:image/png;base64," + inLines(std, 76, "\n"), gone},
		{"in text", "before " + std + " after", "before " + gone + " after"},
		{"padded lines in text", "before " + inLines(base64.StdEncoding.EncodeToString(b[:2999]), 76, "\n") + "\nafter it",
			"before " + fmt.Sprintf("[media removed: 2999 bytes, sha256 %x]", sha256.Sum256(b[:2999])) + "\nafter it"},
		{"data address in text", "see <img src='data:image/png;base64," + std + "'> there", "see <img src='" + gone + "'> there"},
		{"twice", std + " | " + std, gone + " | " + gone},
		{"behind prose", prose + std, prose + gone},
		{"at the limit", std[:mediaLimit], std[:mediaLimit]},
		{"prose", prose, prose},
		{"ruler", strings.Repeat("=-", 2000), strings.Repeat("=-", 2000)},
		{"address with a token", "https://example.org/x?token=" + std[:2000], "https://example.org/x?token=" + std[:2000]},
		{"words of letters", strings.Repeat("abcdefghij ", 300), strings.Repeat("abcdefghij ", 300)},
		{"many short lines", strings.Repeat("abcdefghijklmnopqrst\n", 300), strings.Repeat("abcdefghijklmnopqrst\n", 300)},
		{"list of digests", inLines(hex.EncodeToString(b[:32*90]), 64, "\n"), inLines(hex.EncodeToString(b[:32*90]), 64, "\n")},
		{"hexadecimal in lines", inLines(hex.EncodeToString(b), 60, "\n"), gone},
		{"empty", "", ""},
	} {
		got := withoutMedia(tt.in)
		if got != tt.want {
			t.Errorf("%s: got %.200q, want %.200q", tt.name, got, tt.want)
		}
		if again := withoutMedia(got); again != got {
			t.Errorf("%s: once more changes it to %.200q", tt.name, again)
		}
	}
	if got := withoutMedia("https://example.org/" + std); !strings.Contains(got, mediaMark) {
		t.Errorf("an address longer than any may be is left alone: %.80q", got)
	}
	if got := withoutMedia("data:image/svg+xml,<svg>" + strings.Repeat("<g id='1'/> ", 200)); !strings.HasPrefix(got, mediaMark) {
		t.Errorf("a data address that is not base64 is left alone: %.80q", got)
	}
}

// TestMediaNowhere puts media into every leaf in turn. No part of the draft
// may hold it, and the leaf is told.
func TestMediaNowhere(t *testing.T) {
	t.Parallel()
	media := base64.StdEncoding.EncodeToString(noise(1200))
	const probe = "0123456789"
	media = media[:600] + probe + media[610:]
	check := func(t *testing.T, name string, d *referral.Draft, fs []referral.Finding) {
		b, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), probe) {
			t.Errorf("media in %s is in the draft", name)
		}
		if !strings.Contains(string(b), mediaMark) {
			t.Errorf("of media in %s nothing tells", name)
		}
		told := false
		for _, f := range fs {
			told = told || strings.HasPrefix(f.Text, "media has no place") && f.Severity == referral.Warn && f.Path != ""
			if strings.Contains(f.Text, probe) {
				t.Errorf("the findings repeat media in %s", name)
			}
		}
		if !told {
			t.Errorf("no finding tells of media in %s", name)
		}
	}
	whole := string(story(t, "every-element", "report.xml"))
	for _, value := range []string{"Synthetic reason to hurry", "Example Messenger", "web 17", "mail content 17", "Example Chat", "synthetic-17.bin", "Example Police", "officer@police.example",
		"Standing text", "Invented", "Mobile", "621000171", "alex171@example.org", "1 Example Street", "user-171", "Example Calls", "alex.171", "Synthetic bio", "192.0.2.17<", "IMEI", "000000000000017",
		"example-group-17", "other-17", "associated 17", "recipient 17 again", "child.17", "Example School", "report 17", "VIRAL_POTENTIAL_MEME", "https://messenger.example/legal"} {
		if !strings.Contains(whole, value) {
			t.Fatalf("%q is not in the story", value)
		}
		in := strings.ReplaceAll(whole, value, media+strings.Repeat("<", strings.Count(value, "<")))
		d, fs := ReadXML([]byte(in))
		if d == nil {
			t.Errorf("media in place of %q refuses the report: %v", value, fs)
			continue
		}
		check(t, value, d.Drafts[0], fs)
	}
	details := string(story(t, "companions", "join/1-details.xml"))
	for _, value := range []string{"0000000000000000000000000000000b", "stored-17.bin", "original-17.bin", "https://gallery.example/f/17", "SHA-256", "17BC5a3c3d1e60e8a8f1a8bc50d1cd6f2b6b2e5e4c9a1e9d6e3f4f2a1b0c9d8e",
		"B2", "192.0.2.17", "IDFA", "Make", "Example", "PDQ", "17f0e1d2c3b4a5968778695a4b3c2d1e0f17f0e1d2c3b4a5968778695a4b3c2d", "not a fingerprint", "file 17", "Reported"} {
		d, fs := ReadXML([]byte(strings.ReplaceAll(details, ">"+value+"<", ">"+media+"<")))
		if d == nil || !strings.Contains(details, ">"+value+"<") && value != "SHA-256" {
			t.Errorf("media in place of %q: %v", value, fs)
			continue
		}
		if value == "SHA-256" { // an attribute
			d, fs = ReadXML([]byte(strings.ReplaceAll(details, value, media)))
		}
		check(t, value, d.Part("17"), fs)
		to := one(t, xmlReport(material, "", ""))
		d.Join(to)
		check(t, value, to, fs)
	}
	d, fs := ReadXML([]byte("<log><x>" + media + "</x>" + xmlReport(material, "", "") + "<fileDetails><fileId>1</fileId></fileDetails></log>"))
	d.Join(d.Drafts[0])
	check(t, "a wrapper", d.Drafts[0], fs)
	var tree any
	delivered := story(t, "delivered", "report.json")
	if err := json.Unmarshal(delivered, &tree); err != nil {
		t.Fatal(err)
	}
	leaves := 0
	eachString(tree, func(set func(string), value string) {
		leaves++
		set(media)
		b, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		ds, fs := ReadJSON(b)
		if len(ds) != 1 {
			t.Fatalf("media in place of %q refuses the report: %v", value, fs)
		}
		check(t, value, ds[0], fs)
		set(value)
	})
	if leaves < 80 {
		t.Errorf("only %d leaves tried", leaves)
	}
}

// eachString calls do for each string in a JSON value, with a way to set it.
func eachString(v any, do func(set func(string), value string)) {
	switch v := v.(type) {
	case map[string]any:
		for k, m := range v {
			if s, ok := m.(string); ok {
				do(func(s string) { v[k] = s }, s)
			}
			eachString(m, do)
		}
	case []any:
		for i, m := range v {
			if s, ok := m.(string); ok {
				do(func(s string) { v[i] = s }, s)
			}
			eachString(m, do)
		}
	}
}
