package fromhotline

import (
	"bytes"
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
	rng.Read(b)
	return b
}

func wrap(s string, width int, brk string) string {
	var lines []string
	for len(s) > width {
		lines = append(lines, s[:width])
		s = s[width:]
	}
	return strings.Join(append(lines, s), brk)
}

func TestTakeOutMedia(t *testing.T) {
	t.Parallel()
	b := noise(1000)
	std := base64.StdEncoding.EncodeToString(b)
	sum := fmt.Sprintf("sha256 %x", sha256.Sum256(b))
	words := strings.Repeat("An ordinary sentence of a longer text. ", 40)
	for _, tt := range []struct {
		name, in string
		want     []string // parts that are there; the first is the digest, where media is taken out
		n        int
	}{
		{"base64", std, []string{sum}, 1},
		{"base64 for addresses", base64.URLEncoding.EncodeToString(b), []string{sum}, 1},
		{"without padding", base64.RawStdEncoding.EncodeToString(b), []string{sum}, 1},
		{"MIME lines", wrap(std, 76, "\r\n"), []string{sum}, 1},
		{"PEM lines", wrap(std, 64, "\n"), []string{sum}, 1},
		{"lines with blanks", wrap(std, 76, " "), []string{sum}, 1},
		{"hexadecimal", hex.EncodeToString(b), []string{sum}, 1},
		{"data address", "data:image/png;base64," + std, []string{sum}, 1},
		{"data address in capitals", "DATA:IMAGE/PNG;BASE64," + std, []string{sum}, 1},
		{"data address, not base64", "data:image/svg+xml;utf8,<svg>" + strings.Repeat("<g a='1'/>", 40), []string{"text, sha256"}, 1},
		{"inside text", "look: " + std + " and answer", []string{sum, "look: [", "] and answer"}, 1},
		{"data address inside text", `<img src="data:image/png;base64,` + std + `"> end`, []string{sum, `<img src="[`, `]"> end`}, 1},
		{"wrapped data address inside text", "see data:image/png;base64," + wrap(std, 76, "\n") + "\nthanks", []string{"see [", "]\nthanks"}, 1},
		{"two", std + ", " + std, []string{sum}, 2},
		{"short", std[:256], []string{std[:256]}, 0},
		{"257", std[:257], []string{"257 characters"}, 1},
		{"text", words, []string{words}, 0},
		{"letters only", strings.Repeat("word and more ", 100), []string{"word and more"}, 0},
		{"ruler", strings.Repeat("-", 1000), []string{"---"}, 0},
		{"PhotoDNA", hex.EncodeToString(b[:144]), []string{hex.EncodeToString(b[:144])}, 0},
		{"long web address", "https://board.example/" + std[:1000], []string{std[:1000]}, 0},
		{"overlong web address", "https://board.example/" + std + std, []string{"media taken out"}, 1},
		{"data: as a word", "data: " + words, []string{words}, 0},
	} {
		got, n := TakeOutMedia(tt.in)
		if n != tt.n {
			t.Errorf("%s: TakeOutMedia takes out %d, want %d: %.200q", tt.name, n, tt.n, got)
		}
		for _, w := range tt.want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: TakeOutMedia gives %.300q, want a part %.100q", tt.name, got, w)
			}
		}
		if tt.n == 0 && got != tt.in {
			t.Errorf("%s: TakeOutMedia changes what it should leave alone: %.300q", tt.name, got)
		}
	}
}

// TestMediaIsNotKept puts media into every place where a report has text, and
// looks for any stretch of it in what is left.
func TestMediaIsNotKept(t *testing.T) {
	t.Parallel()
	b := noise(3000)
	std := base64.StdEncoding.EncodeToString(b)
	for _, in := range []string{
		start + `,"x":"` + std + `"}`,
		start + `,"` + std + `":1}`,
		start + `,"priority":"data:image/jpeg;base64,` + std + `"}`,
		start + `,"assessment":{"note":"see ` + std + `","escalation":"` + std + `"}}`,
		start + `,"items":[{"url":"data:image/jpeg;base64,` + std + `","name":"` + std + `","note":"` + std + `"}]}`,
		start + `,"items":[{"hashes":[{"type":"tmk","value":"` + std + `"},{"type":"` + std + `","value":"1"}]}]}`,
		start + `,"items":[{"labels":[{"scheme":"` + std + `","value":"` + std + `"}],"hosting":{"provider":"` + std + `"}}]}`,
		start + `,"parties":[{"role":"reported","service":"` + std + `","identifiers":[{"kind":"account","value":"` + std + `"}]}]}`,
		start + `,"parties":[{"role":"` + std + `"}]}`,
		strings.Replace(start, `"material"`, `"material","`+std+`"`, 1) + `}`,
	} {
		ds, fs := Read([]byte(in), Options{})
		if len(ds) != 1 {
			t.Fatalf("Read refuses: %+v", fs)
		}
		values := *ds[0]
		values.Fields, values.Unknown, values.Texts = nil, nil, nil
		if b, err := json.Marshal(values); err != nil || bytes.Contains(b, []byte("media taken out")) {
			t.Errorf("what stands for media became a value of the draft: %s, %v", b, err)
		}
		told := false
		for _, f := range fs {
			told = told || strings.Contains(f.Text, "media has no place") || strings.Contains(f.Text, "too long")
		}
		if !told {
			t.Errorf("no finding tells that media was taken out of %.120q", in)
		}
		clean, ok := Clean([]byte(in), Options{})
		if !ok || !json.Valid(clean) {
			t.Fatalf("Clean(%.120q) = %.200q, %v; want JSON", in, clean, ok)
		}
		kept, err := json.Marshal(struct {
			D []*referral.Draft
			F []referral.Finding
		}{ds, fs})
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+100 <= len(std); i += 50 {
			for what, k := range map[string][]byte{"draft": kept, "cleaned document": clean} {
				if bytes.Contains(k, []byte(std[i:i+100])) {
					t.Fatalf("the %s keeps media (from character %d) of %.120q", what, i, in)
				}
			}
		}
		again, fs2 := Read(clean, Options{})
		if len(again) != 1 {
			t.Errorf("the cleaned document is refused: %+v", fs2)
		}
	}
}

func TestCleanKeepsTheRest(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"minimal", "typical", "full", "retracted"} {
		in := fixture(t, name+".json")
		if got, ok := Clean(in, Options{}); !ok || !bytes.Equal(got, in) {
			t.Errorf("Clean(%s.json) changes a document that has nothing to clean", name)
		}
	}
	if _, ok := Clean([]byte(start), Options{}); ok {
		t.Error("Clean vouches for a document that it cannot read")
	}
	in := "\ufeff" + `{"hotline" : "example", "client_ip":["192.0.2.1",2] , "id":1}`
	want := `{"hotline" : "example", "client_ip":null , "id":1}`
	if got, ok := Clean([]byte(in), Options{}); !ok || string(got) != want {
		t.Errorf("Clean(%s) = %s, %v; want %s", in, got, ok, want)
	}
}

func BenchmarkTakeOutMedia(b *testing.B) {
	for name, s := range map[string]string{
		"text":    strings.Repeat("An ordinary sentence of a longer text. ", 1<<14),
		"base64":  base64.StdEncoding.EncodeToString(noise(1 << 19)),
		"hostile": strings.Repeat("data: ", 1<<17),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			for b.Loop() {
				TakeOutMedia(s)
			}
		})
	}
}
