package fromcsv

import (
	"fmt"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"lapwing/internal/hashlist"
	"lapwing/internal/hashlist/hashlisttest"
	"lapwing/internal/referral"
)

const (
	md5a  = "8516c09421a983ab389e625404dd0215"
	md5b  = "8005aa8dc1535687f0d4d7b616b99f27"
	sha1a = "0b52f45a07d89d9ea64019d956176afaa8e2d55d"
	long  = "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
)

func mapping(t *testing.T, s string) hashlist.Mapping {
	m, err := hashlist.ParseMapping(s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestRead(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in, mapping string
		o                 hashlist.Options
		want              []string
	}{
		{"usual headers", "ID,MD5,SHA-1\n7," + strings.ToUpper(md5a) + "," + sha1a + "\n", "", hashlist.Options{}, []string{"7=md5:" + md5a + "+sha1:" + sha1a}},
		{"no id", "md5\n" + md5a, "", hashlist.Options{}, []string{"md5:" + md5a + "=md5:" + md5a}},
		{"semicolons and quotes", "\"Id\";\"md5\"\r\n\"a;b\";\"" + md5a + "\"\r\n", "", hashlist.Options{}, []string{"a;b=md5:" + md5a}},
		{"mapping", "Ref\tFingerprint\nx\t" + md5a, "md5=fingerprint,id=REF", hashlist.Options{}, []string{"x=md5:" + md5a}},
		{"mapping before custom", "md5,other\n" + sha1a + "," + md5a, "sha1=md5,hash=other", hashlist.Options{}, []string{"sha1:" + sha1a + "=sha1:" + sha1a + "+md5:" + md5a}},
		{"bare by length", "hash\n" + md5a + "\n" + sha1a + "\n" + long, "", hashlist.Options{}, []string{"md5:" + md5a + "=md5:" + md5a, "sha1:" + sha1a + "=sha1:" + sha1a, "?line 4", "!line 4"}},
		{"bare with default", "hash\n" + long, "", hashlist.Options{DefaultKind: "pdq"}, []string{"pdq:" + long + "=pdq:" + long}},
		{"kind in a column", "hash,hash_type\n" + long + ",SHA-256", "", hashlist.Options{}, []string{"sha256:" + long + "=sha256:" + long}},
		{"rows of one id", "id,hash\na," + md5a + "\na," + sha1a + "\nb," + md5b, "", hashlist.Options{}, []string{"a=md5:" + md5a + "+sha1:" + sha1a, "b=md5:" + md5b}},
		{"deleted", "id,md5,deleted\na," + md5a + ",no\nb,,yes\n," + md5b + ",1", "", hashlist.Options{}, []string{"a=md5:" + md5a, "-b", "-md5:" + md5b}},
		{"bad row", "md5,sha1\nxyz,\n" + md5a + ",zz\n,\n" + md5b + ",", "", hashlist.Options{}, []string{"md5:" + md5a + "=md5:" + md5a, "md5:" + md5b + "=md5:" + md5b, "?line 2", "!line 2", "?line 3", "!line 4"}},
		{"too many fields", "id,md5\na," + md5a + ",x\nb," + md5b + ",", "", hashlist.Options{}, []string{"b=md5:" + md5b, "!line 2"}},
		{"too few fields", "md5,id,series\n" + md5a, "", hashlist.Options{}, []string{"md5:" + md5a + "=md5:" + md5a}},
		{"quote open", "md5,series\n" + md5a + ",\"x\n" + md5b + ",y", "", hashlist.Options{}, []string{"md5:" + md5b + "=md5:" + md5b, "!line 2"}},
		{"column that is not read", "md5,comment\n" + md5a + ",x", "", hashlist.Options{}, []string{"md5:" + md5a + "=md5:" + md5a, "?line 1"}},
		{"windows-1252", "md5,id\n" + md5a + ",\x84x\x93\n" + md5b + ",\xfc", "", hashlist.Options{}, []string{"„x“=md5:" + md5a, "ü=md5:" + md5b, "?line 2"}},
		{"utf-16", "\xff\xfe" + strings.Join(strings.Split("md5\n"+md5a, ""), "\x00") + "\x00", "", hashlist.Options{}, []string{"md5:" + md5a + "=md5:" + md5a}},
		{"formula guard", "md5,id\n" + md5a + ",'=1", "", hashlist.Options{}, []string{"=1=md5:" + md5a}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.o.Source, tt.o.Mapping = "s", mapping(t, tt.mapping)
			r := hashlisttest.Collect(Read, tt.in, tt.o)
			if diff := gocmp.Diff(tt.want, r.Short()); diff != "" || r.Err != nil {
				t.Errorf("read of %q: %v (-want +got):\n%s\n%s", tt.in, r.Err, diff, r)
			}
		})
	}
}

func TestReadTakesEveryField(t *testing.T) {
	t.Parallel()
	in := "Id;MD5;PDQ;pdq_quality;Category;Baseline;Author;Media Type;Series;Size;Sightings;Updated;Is distributed;Victim identified;labels\n" +
		"7;" + md5a + ";" + long + ";80;A1;true;unit 4;image/png;SYN-1;21;3;2026-01-15 10:00:00;yes;no;\"uk=B; x%3D=y\"\n"
	r := hashlisttest.Collect(Read, in, hashlist.Options{Source: "s", Scheme: "industry", Mapping: mapping(t, "author=Author")})
	at := time.Date(2026, 1, 15, 10, 0, 0, 0, time.UTC)
	want := &hashlist.Entry{
		Source: "s", ID: "7", Media: "image", Series: "SYN-1", Size: 21, Sightings: 3, At: at, Path: "line 2",
		Hashes: []referral.Hash{{Kind: "md5", Value: md5a}, {Kind: "pdq", Value: long, Quality: 80}},
		Labels: []referral.Label{
			{Scheme: "industry", Value: "A1", Author: "unit 4", At: at},
			{Scheme: "interpol-baseline", Value: "yes", Author: "unit 4", At: at},
			{Scheme: "uk", Value: "B", Author: "unit 4", At: at},
			{Scheme: "x=", Value: "y", Author: "unit 4", At: at},
		},
		Flags: hashlist.Flags{Distributed: referral.True, VictimIdentified: referral.False},
	}
	if r.Err != nil || len(r.Changes) != 1 || len(r.Findings) > 0 {
		t.Fatalf("got %s", r)
	}
	if diff := gocmp.Diff(want, r.Changes[0].Entry); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadRefusesTables(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, mapping, want string }{
		{"empty", "", "", "empty"},
		{"no fingerprint", "id,name\n1,x", "", "no column holds a fingerprint"},
		{"mapped column missing", "md5\n" + md5a, "id=Ref", `no column "Ref"`},
		{"header in open quotes", "\"md5\n" + md5a, "", "first row"},
	} {
		r := hashlisttest.Collect(Read, tt.in, hashlist.Options{Source: "s", Mapping: mapping(t, tt.mapping)})
		if r.Err == nil || !strings.Contains(r.Err.Error(), tt.want) || !strings.Contains(r.Err.Error(), "line 1") {
			t.Errorf("%s: got %v, want an error with %q at line 1", tt.name, r.Err, tt.want)
		}
	}
}

// A classification whose scheme nobody names is not kept under a made-up one.
func TestReadWantsAScheme(t *testing.T) {
	t.Parallel()
	r := hashlisttest.Collect(Read, "md5,category\n"+md5a+",1", hashlist.Options{Source: "s"})
	if len(r.Changes) != 1 || len(r.Changes[0].Entry.Labels) != 0 || !strings.Contains(r.String(), "map it as label:scheme") {
		t.Errorf("got %s, want no label and a finding that says how to name the scheme", r)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("id,md5,hash,labels,deleted\n1," + md5a + "," + sha1a + ",a=b; c=d,no\n2,,,,yes\n"))
	f.Add([]byte("sep=;\nMD5;pdq;pdq_quality;at\n" + md5a + ";" + long + ";50;/Date(1)/\n"))
	f.Add([]byte("hash_type\thash\tother_hashes\npdq\t" + long + "\tmd5=" + md5a))
	f.Fuzz(func(t *testing.T, in []byte) {
		hashlisttest.Fuzz(t, Read, in, hashlist.Options{Source: "s", Scheme: "uk", MaxEntry: 1000})
	})
}

func BenchmarkRead(b *testing.B) {
	var text strings.Builder
	const rows = 100_000
	text.WriteString("id,md5,sha1,category,size\n")
	for i := range rows {
		fmt.Fprintf(&text, "%d,%032x,%040x,A1,%d\n", i, i+1, i+1, i)
	}
	in := text.String()
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		err := Read(b.Context(), strings.NewReader(in), hashlist.Options{Source: "s", Scheme: "industry"}, func(hashlist.Change) error { n++; return nil }, nil)
		if err != nil || n != rows {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(b.N*rows)/b.Elapsed().Seconds(), "rows/s")
}
