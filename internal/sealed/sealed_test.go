package sealed_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lapwing/internal/sealed"
)

func TestValueShowsNothing(t *testing.T) {
	t.Parallel()
	const secret = "ada@example.org"
	inner := struct{ Email sealed.Value[string] }{sealed.Of(secret)}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", inner.Email, "s", inner)
	js, _ := json.Marshal(inner)
	for name, out := range map[string]string{
		"%v": fmt.Sprintf("%v", inner), "%+v": fmt.Sprintf("%+v", inner), "%#v": fmt.Sprintf("%#v", inner),
		"%s": fmt.Sprintf("%s", inner.Email), "%x": fmt.Sprintf("%x", inner.Email), "json": string(js), "slog": log.String(),
	} {
		if strings.Contains(out, secret) || strings.Contains(out, fmt.Sprintf("%x", secret)) {
			t.Errorf("%s shows the value: %s", name, out)
		}
	}
	if got := inner.Email.Reveal(); got != secret {
		t.Errorf("Reveal() = %q, want %q", got, secret)
	}
}

func newKeys(t *testing.T) (*sealed.Keys, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys.json")
	k, err := sealed.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	return k, path
}

func TestKeysSurviveReload(t *testing.T) {
	t.Parallel()
	k, path := newKeys(t)
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", st.Mode(), err)
	}
	box, err := k.Seal([]byte("plain"), "place/1")
	if err != nil {
		t.Fatal(err)
	}
	again, err := sealed.Create(path) // must not replace them
	if err != nil {
		t.Fatal(err)
	}
	if again.ID() != k.ID() || again.Blind("email", "x") != k.Blind("email", "x") || again.Ref("a", "b") != k.Ref("a", "b") {
		t.Error("Create over existing keys gave other keys")
	}
	if got, err := again.Open(box, "place/1"); err != nil || string(got) != "plain" {
		t.Errorf("Open = %q, %v", got, err)
	}
	if _, err := again.Open(box, "place/2"); err == nil {
		t.Error("a sealed value was opened in another place")
	}
	if _, err := sealed.Load(path + ".none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Load of nothing: %v, want fs.ErrNotExist", err)
	}
}

func TestRecordKey(t *testing.T) {
	t.Parallel()
	k, _ := newKeys(t)
	rk, wrapped, err := k.NewRecordKey("referral/1")
	if err != nil {
		t.Fatal(err)
	}
	plain := []byte(strings.Repeat("content ", 1000))
	box := rk.Seal(plain, "referral/1/v1")
	if len(box) > len(plain)/4 {
		t.Errorf("sealed size %d of %d: not compressed", len(box), len(plain))
	}
	rk2, err := k.OpenRecordKey(wrapped, "referral/1")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := rk2.Open(box, "referral/1/v1"); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("Open: %d bytes, %v", len(got), err)
	}
	if _, err := rk2.Open(box, "referral/1/v2"); err == nil {
		t.Error("opened in another place")
	}
	box[len(box)/2] ^= 1
	if _, err := rk2.Open(box, "referral/1/v1"); err == nil {
		t.Error("opened after a bit was flipped")
	}
	if _, err := k.OpenRecordKey(wrapped, "referral/2"); err == nil {
		t.Error("a data key was unwrapped for another referral")
	}
}

func TestBlindAndRef(t *testing.T) {
	t.Parallel()
	k, _ := newKeys(t)
	other, _ := newKeys(t)
	if k.Blind("email", "a") == k.Blind("phone", "a") || k.Blind("ab", "c") == k.Blind("a", "bc") {
		t.Error("different identifiers meet")
	}
	if k.Blind("email", "a") == other.Blind("email", "a") {
		t.Error("two desks have the same blind index")
	}
	if got := k.Ref("ncmec", "1"); len(got) != 16 {
		t.Errorf("Ref has %d characters: %s", len(got), got)
	}
	if got := k.Blind("email", "a"); len(got) != 12 {
		t.Errorf("Blind has %d bytes: %x", len(got), got)
	}
}

func BenchmarkBlind(b *testing.B) {
	k, err := sealed.Create(filepath.Join(b.TempDir(), "k"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		k.Blind("email", "someone.somewhere@example.org")
	}
}

func BenchmarkRecord(b *testing.B) {
	k, err := sealed.Create(filepath.Join(b.TempDir(), "k"))
	if err != nil {
		b.Fatal(err)
	}
	plain := bytes.Repeat([]byte("0123456789abcdef{\"p\":\"path\"}"), 200)
	for b.Loop() {
		rk, _, _ := k.NewRecordKey("referral/1")
		rk.Seal(plain, "referral/1/v1")
	}
}
