package fromicse

import (
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"lapwing/internal/hashlist"
	"lapwing/internal/hashlist/hashlisttest"
	"lapwing/internal/referral"
)

const (
	header = hashlist.ICSEHeader + "\r\n"
	md5a   = "8516c09421a983ab389e625404dd0215"
	sha1a  = "0b52f45a07d89d9ea64019d956176afaa8e2d55d"
)

func TestRead(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)
	in := "\xef\xbb\xbf" + header + strings.ToUpper(md5a) + ";" + sha1a + ";" + strings.Repeat("0", 288) + ";17;true;false;;SYN-1;4;TRUE;Image;true\r\n"
	r := hashlisttest.Collect(Read, in, hashlist.Options{Source: "icse", At: at})
	want := &hashlist.Entry{
		Source: "icse", ID: "17", Media: "image", Series: "SYN-1", Sightings: 4, At: at, Path: "line 2",
		Hashes: []referral.Hash{{Kind: "md5", Value: md5a}, {Kind: "sha1", Value: sha1a}, {Kind: "photodna", Value: strings.Repeat("A", 192)}},
		Labels: []referral.Label{{Scheme: "interpol-baseline", Value: "yes", Author: "icse", At: at}},
		Flags:  hashlist.Flags{Distributed: referral.True, VictimIdentified: referral.False, Available: referral.True},
	}
	if r.Err != nil || len(r.Changes) != 1 || len(r.Findings) > 0 {
		t.Fatalf("got %s", r)
	}
	if diff := gocmp.Diff(want, r.Changes[0].Entry); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadRows(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		want     []string
	}{
		{"no id", header + md5a + ";;;;;;;;;;;", []string{"md5:" + md5a + "=md5:" + md5a}},
		{"no fingerprint", header + ";;;1;;;;;;;;", []string{"!line 2"}},
		{"bad photodna", header + md5a + ";;zz;1;;;;;;;;", []string{"1=md5:" + md5a, "?line 2"}},
		{"odd flag and number", header + md5a + ";;;1;perhaps;;;;many;;;", []string{"1=md5:" + md5a, "?line 2", "?line 2"}},
		{"too few fields", header + md5a + ";;;1\n" + md5a + ";;;2;;;;;;;;", []string{"2=md5:" + md5a, "!line 2"}},
		{"too many fields", header + md5a + ";;;1;;;;a;b;;;;;", []string{"!line 2"}},
	} {
		r := hashlisttest.Collect(Read, tt.in, hashlist.Options{Source: "icse"})
		if diff := gocmp.Diff(tt.want, r.Short()); diff != "" || r.Err != nil {
			t.Errorf("%s: %v (-want +got):\n%s\n%s", tt.name, r.Err, diff, r)
		}
	}
	for _, in := range []string{"", "MD5;SHA1\n" + md5a, "MD5,SHA1,PhotoDNA\n"} {
		if r := hashlisttest.Collect(Read, in, hashlist.Options{Source: "icse"}); r.Err == nil || !strings.Contains(r.Err.Error(), "line 1") {
			t.Errorf("read of %q: got %v, want an error at line 1", in, r.Err)
		}
	}
}

func TestReadSample(t *testing.T) {
	t.Parallel()
	in, ok := hashlisttest.Shared(t, "icse-hashset.csv")
	if !ok {
		return
	}
	r := hashlisttest.Collect(Read, in, hashlist.Options{Source: "icse"})
	if r.Err != nil || len(r.Findings) > 0 || len(r.Changes) != 1 || r.Changes[0].Entry.Labels[0].Value != "no" {
		t.Errorf("got %s, want one entry that is not baseline", r)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(header + md5a + ";" + sha1a + ";;17;true;false;;SYN-1;4;TRUE;Image;true\r\n"))
	f.Add([]byte(header + "\"" + md5a + "\";;;;;;;\"a\nb\";;;;\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		hashlisttest.Fuzz(t, Read, in, hashlist.Options{Source: "icse", MaxEntry: 1000})
	})
}
