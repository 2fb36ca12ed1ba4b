package fromtext

import (
	"context"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"lapwing/internal/hashlist"
	"lapwing/internal/hashlist/hashlisttest"
)

const (
	md5a  = "8516c09421a983ab389e625404dd0215"
	md5b  = "8005aa8dc1535687f0d4d7b616b99f27"
	sha1a = "0b52f45a07d89d9ea64019d956176afaa8e2d55d"
	long  = "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
)

func TestRead(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		o        hashlist.Options
		want     []string
	}{
		{"type and hash", "md5 " + md5a, hashlist.Options{}, []string{"md5:" + md5a + "=md5:" + md5a}},
		{"upper case", "MD5\t" + strings.ToUpper(md5a) + "\r\n", hashlist.Options{}, []string{"md5:" + md5a + "=md5:" + md5a}},
		{"spelling", "SHA-1," + sha1a, hashlist.Options{}, []string{"sha1:" + sha1a + "=sha1:" + sha1a}},
		{"bare", strings.ToUpper(md5a) + "\n" + sha1a, hashlist.Options{}, []string{"md5:" + md5a + "=md5:" + md5a, "sha1:" + sha1a + "=sha1:" + sha1a}},
		{"64 characters", long + "\nmd5 " + md5a, hashlist.Options{}, []string{"md5:" + md5a + "=md5:" + md5a, "!line 1"}},
		{"64 characters with default", long, hashlist.Options{DefaultKind: "pdq"}, []string{"pdq:" + long + "=pdq:" + long}},
		{"64 characters with type", "PDQ " + long, hashlist.Options{DefaultKind: "sha256"}, []string{"pdq:" + long + "=pdq:" + long}},
		{"id", "md5;" + md5a + ";ref 17, old", hashlist.Options{}, []string{"ref 17, old=md5:" + md5a}},
		{"id twice", "md5 " + md5a + " r\nsha1 " + sha1a + " r\nmd5 " + md5b + " q", hashlist.Options{}, []string{"r=md5:" + md5a + "+sha1:" + sha1a, "q=md5:" + md5b}},
		{"id again later", "md5 " + md5a + " r\nmd5 " + md5b + "\nsha1 " + sha1a + " r", hashlist.Options{}, []string{"r=md5:" + md5a, "md5:" + md5b + "=md5:" + md5b, "r=sha1:" + sha1a}},
		{"quoted id", `md5 ` + md5a + ` "a\tb"`, hashlist.Options{}, []string{"!line 1"}}, // a tab cannot be kept
		{"quoted id with blanks", `md5 ` + md5a + ` " # x"`, hashlist.Options{}, []string{" # x=md5:" + md5a}},
		{"quotes open", `md5 ` + md5a + ` "x`, hashlist.Options{}, []string{"!line 1"}},
		{"opaque", `opaque:vid2 "a b" x`, hashlist.Options{}, []string{"x=vid2:a b"}},
		{"opaque without id", `netclean AbC`, hashlist.Options{}, []string{"netclean:AbC=netclean:AbC"}},
		{"md5sum", md5a + "  somebody.jpg\n" + md5b + " *x.jpg", hashlist.Options{}, []string{"md5:" + md5a + "=md5:" + md5a, "md5:" + md5b + "=md5:" + md5b, "?line 1"}},
		{"comment, blank, mark", "\xef\xbb\xbf# x\r\n\r\n  md5 " + md5a, hashlist.Options{}, []string{"md5:" + md5a + "=md5:" + md5a}},
		{"prose", "this is it\nmd5 " + md5a, hashlist.Options{}, []string{"md5:" + md5a + "=md5:" + md5a, "!line 1"}},
		{"bad value", "md5 " + md5a[1:] + "\nmd5 zz\nmd5\nmd5 " + md5a, hashlist.Options{}, []string{"md5:" + md5a + "=md5:" + md5a, "!line 1", "!line 2", "!line 3"}},
		{"empty file", "d41d8cd98f00b204e9800998ecf8427e", hashlist.Options{}, []string{"!line 1"}},
		{"long line", "md5 " + md5a + strings.Repeat(" ", 300) + "\nmd5 " + md5b, hashlist.Options{MaxEntry: 200}, []string{"md5:" + md5b + "=md5:" + md5b, "!line 1"}},
		{"photodna in hexadecimal", "photodna " + strings.Repeat("00", 144), hashlist.Options{}, []string{"photodna:" + strings.Repeat("A", 192) + "=photodna:" + strings.Repeat("A", 192)}},
		{"empty", "", hashlist.Options{}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.o.Source = "s"
			r := hashlisttest.Collect(Read, tt.in, tt.o)
			if diff := gocmp.Diff(tt.want, r.Short()); diff != "" || r.Err != nil {
				t.Errorf("read of %q: %v (-want +got):\n%s\n%s", tt.in, r.Err, diff, r)
			}
		})
	}
}

func TestReadEndsWithTheErrorOfEmit(t *testing.T) {
	t.Parallel()
	full := errors.New("full")
	for _, in := range []string{"md5 " + md5a, "md5 " + md5a + " r", "md5 " + md5a + " r\nmd5 " + md5b + " q"} {
		err := Read(t.Context(), strings.NewReader(in), hashlist.Options{Source: "s"}, func(hashlist.Change) error { return full }, nil)
		if err != full {
			t.Errorf("read of %q: got %v, want %v", in, err, full)
		}
	}
}

func TestReadEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	err := Read(ctx, strings.NewReader(strings.Repeat("md5 "+md5a+"\n", 10_000)), hashlist.Options{Source: "s"}, func(hashlist.Change) error {
		if n++; n == 10 {
			cancel()
		}
		return nil
	}, nil)
	if !errors.Is(err, context.Canceled) || n > 1000 {
		t.Errorf("got %v after %d entries, want %v soon after 10", err, n, context.Canceled)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("md5 "+md5a+" r\nsha1,"+sha1a+",r\n"), "")
	f.Add([]byte("# x\r\n"+long+"\r\n\xff\xfe"), "pdq")
	f.Add([]byte(`opaque:x "a\tb" "c"`), "sha256")
	f.Fuzz(func(t *testing.T, in []byte, kind string) {
		hashlisttest.Fuzz(t, Read, in, hashlist.Options{Source: "s", DefaultKind: kind, MaxEntry: 1000})
	})
}

func BenchmarkRead(b *testing.B) {
	var text strings.Builder
	const rows = 200_000
	for i := range rows {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(i))
		s := sha1.Sum(n[:])
		text.WriteString("sha1 " + hex.EncodeToString(s[:]) + "\r\n")
	}
	in := text.String()
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		err := Read(b.Context(), strings.NewReader(in), hashlist.Options{Source: "s"}, func(hashlist.Change) error { n++; return nil }, nil)
		if err != nil || n != rows {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(b.N*rows)/b.Elapsed().Seconds(), "rows/s")
}
