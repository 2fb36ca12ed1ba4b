package pdq

import (
	"encoding/json"
	"math/bits"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const sampleText = "d8f8f0cee0f4a84f0637022a078f67f0b36e2ed596621e1d33e6339c4e9c9b22"

var anyHash = rapid.Custom(func(t *rapid.T) (h Hash) {
	copy(h[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "hash"))
	return h
})

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, wantErr string }{
		{"lower case", sampleText, ""},
		{"upper case", strings.ToUpper(sampleText), ""},
		{"empty", "", "hash of 0 characters, want 64"},
		{"one digit short", sampleText[1:], "hash of 63 characters, want 64"},
		{"one digit more", sampleText + "0", "hash of 65 characters, want 64"},
		{"a space before", " " + sampleText[1:], "not a hexadecimal digit"},
		{"a line feed after", sampleText[1:] + "\n", "not a hexadecimal digit"},
		{"a letter too far", "g" + sampleText[1:], "not a hexadecimal digit"},
		{"prefix", "0x" + sampleText[2:], "not a hexadecimal digit"},
	} {
		got, err := Parse(c.in)
		if c.wantErr != "" {
			if err == nil || !strings.Contains(err.Error(), c.wantErr) || got != (Hash{}) {
				t.Errorf("%s: Parse(%q) = %v, %v, want the zero hash and an error with %q", c.name, c.in, got, err, c.wantErr)
			}
			continue
		}
		if err != nil || got.String() != sampleText || got[0] != 0xd8 || got[31] != 0x22 {
			t.Errorf("%s: Parse(%q) = %v, %v, want %s", c.name, c.in, got, err, sampleText)
		}
	}
}

func TestTextRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := anyHash.Draw(t, "hash")
		if got, err := Parse(want.String()); err != nil || got != want {
			t.Fatalf("Parse(%q) = %v, %v", want.String(), got, err)
		}
		text, err := json.Marshal(map[string]Hash{"pdq": want})
		var back map[string]Hash
		if err == nil {
			err = json.Unmarshal(text, &back)
		}
		if err != nil || back["pdq"] != want {
			t.Fatalf("through JSON %s: got %v, %v, want %v", text, back["pdq"], err, want)
		}
	})
}

func TestUnmarshalKeepsHashOnError(t *testing.T) {
	t.Parallel()
	h := Hash{1, 2, 3}
	if err := h.UnmarshalText([]byte(sampleText[:62] + "zz")); err == nil || h != (Hash{1, 2, 3}) {
		t.Errorf("got error %v and hash %v, want an error and the hash as it was", err, h)
	}
}

func TestDistanceIsAMetric(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := anyHash.Draw(t, "a"), anyHash.Draw(t, "b"), anyHash.Draw(t, "c")
		want := 0
		for i := range a {
			want += bits.OnesCount8(a[i] ^ b[i])
		}
		if got := Distance(a, b); got != want || got != Distance(b, a) || (got == 0) != (a == b) {
			t.Fatalf("Distance = %d and %d, counted by bytes %d, for %v and %v", got, Distance(b, a), want, a, b)
		}
		if Distance(a, a) != 0 || Distance(a, c) > Distance(a, b)+Distance(b, c) {
			t.Fatalf("not a metric: %v, %v, %v", a, b, c)
		}
	})
	for bit := range 256 {
		var h Hash
		h[bit/8] = 1 << (bit % 8)
		if got := Distance(Hash{}, h); got != 1 {
			t.Errorf("bit %d alone: distance %d, want 1", bit, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{sampleText, strings.ToUpper(sampleText), "", sampleText[1:], sampleText + "\n", strings.Repeat("é", 32)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h, err := Parse(s)
		if err == nil && h.String() != strings.ToLower(s) {
			t.Errorf("Parse(%q) = %v", s, h)
		}
		if err != nil && h != (Hash{}) {
			t.Errorf("Parse(%q) fails but returns %v", s, h)
		}
		if isHash := len(s) == 64 && strings.Trim(strings.ToLower(s), "0123456789abcdef") == ""; isHash != (err == nil) {
			t.Errorf("Parse(%q): error %v", s, err)
		}
	})
}
