package hashlist

import (
	"encoding/hex"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lapwing/internal/referral"
)

// The short way of AddHash must not differ from referral.NewHash.
func TestAddHashIsNewHash(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]string{"md5", "MD5", "sha1", "SHA-1", "sha256", "pdq", "photodna", "netclean", "", "md"}).Draw(t, "kind")
		n := rapid.SampledFrom([]int{0, 15, 16, 20, 32, 144}).Draw(t, "bytes")
		value := hex.EncodeToString(rapid.SliceOfN(rapid.Byte(), n, n).Draw(t, "value"))
		switch rapid.IntRange(0, 5).Draw(t, "change") {
		case 0:
			value = strings.ToUpper(value)
		case 1:
			value = " " + value + "\t"
		case 2:
			value = strings.Replace(value, "0", "g", 1)
		}
		var e Entry
		err := e.AddHash(kind, value)
		want, wantErr := referral.NewHash(kind, value)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("AddHash(%q, %q) = %v, NewHash says %v", kind, value, err, wantErr)
		}
		if err == nil && (len(e.Hashes) != 1 || e.Hashes[0] != want) {
			t.Fatalf("AddHash(%q, %q) added %+v, NewHash gives %+v", kind, value, e.Hashes, want)
		}
	})
}

func TestAddHash(t *testing.T) {
	t.Parallel()
	const md5 = "8516c09421a983ab389e625404dd0215"
	for _, tt := range []struct {
		name, kind, value string
		want              referral.Hash
		err               string
	}{
		{"upper case", "MD5", strings.ToUpper(md5), referral.Hash{Kind: "md5", Value: md5}, ""},
		{"spelling", "TMK_PDQF", "AbC+/=", referral.Hash{Kind: "tmkpdqf", Value: "AbC+/="}, ""},
		{"empty file, md5", "md5", emptyMD5, referral.Hash{}, "empty file"},
		{"empty file, sha1", "sha1", strings.ToUpper(emptySHA1), referral.Hash{}, "empty file"},
		{"empty file, sha256", "sha256", emptySHA256, referral.Hash{}, "empty file"},
		{"a pdq that looks like the empty file's sha256", "pdq", emptySHA256, referral.Hash{Kind: "pdq", Value: emptySHA256}, ""},
		{"short", "md5", md5[1:], referral.Hash{}, "32 hexadecimal"},
		{"type with marks", "md5/raw", "x", referral.Hash{}, "letters and digits"},
		{"long type", strings.Repeat("x", 33), "x", referral.Hash{}, "letters and digits"},
		{"control character", "netclean", "a\x00b", referral.Hash{}, "cannot be kept"},
		{"not UTF-8", "netclean", "a\xffb", referral.Hash{}, "cannot be kept"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var e Entry
			err := e.AddHash(tt.kind, tt.value)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) || len(e.Hashes) > 0 {
					t.Fatalf("AddHash(%q, %q) = %v, added %v; want an error about %q", tt.kind, tt.value, err, e.Hashes, tt.err)
				}
				return
			}
			if err != nil || len(e.Hashes) != 1 || e.Hashes[0] != tt.want {
				t.Fatalf("AddHash(%q, %q) = %v, added %+v, want %+v", tt.kind, tt.value, err, e.Hashes, tt.want)
			}
			if err := e.AddHash(tt.kind, tt.value); err != nil || len(e.Hashes) != 1 {
				t.Errorf("the second time: %v, %v; want it once", err, e.Hashes)
			}
		})
	}
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ value, preferred, want string }{
		{strings.Repeat("a", 32), "", "md5"},
		{strings.Repeat("A", 40), "pdq", "sha1"},
		{strings.Repeat("0", 64), "", ""},
		{strings.Repeat("0", 64), "pdq", "pdq"},
		{strings.Repeat("0", 33), "", ""},
		{strings.Repeat("g", 32), "", ""},
	} {
		if got := KindOf([]byte(tt.value), tt.preferred); got != tt.want {
			t.Errorf("KindOf(%q, %q) = %q, want %q", tt.value, tt.preferred, got, tt.want)
		}
	}
}
