package sealed_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"lapwing/internal/sealed"

	"pgregory.net/rapid"
)

func TestUnpackGivesWhatWasPacked(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")
		got, err := sealed.Unpack(sealed.Pack(want))
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%x became %x, %v", want, got, err)
		}
	})
	if _, err := sealed.Unpack([]byte("not packed")); err == nil {
		t.Error("what was not packed was unpacked")
	}
}

// The dictionary is part of the stored form: this digest never changes.
func TestDictionaryStays(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("dictionary-1")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b)
	if got, want := hex.EncodeToString(sum[:]), "4fec9d3066590829cf322764ecd40d179d54e35e1931acec1c420dbe444b7a0e"; got != want {
		t.Errorf("dictionary-1 has digest %s, and stores were written with %s", got, want)
	}
	if strings.Contains(string(b), "@") || strings.Contains(string(b), "192.0.2.") {
		t.Error("the dictionary holds a value of a report")
	}
}
