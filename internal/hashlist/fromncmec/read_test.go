package fromncmec

import (
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"lapwing/internal/hashlist"
	"lapwing/internal/hashlist/hashlisttest"
	"lapwing/internal/referral"
)

func at(minutes int) time.Time {
	return time.Date(2026, 2, 1, 8, minutes, 0, 0, time.UTC)
}

func TestReadPage(t *testing.T) {
	t.Parallel()
	in, err := os.ReadFile("testdata/page.xml")
	if err != nil {
		t.Fatal(err)
	}
	var got []hashlist.Change
	page, err := ReadPage(t.Context(), iotest.OneByteReader(strings.NewReader(string(in))), hashlist.Options{Source: "ncmec"}, func(c hashlist.Change) error {
		if c.Entry != nil {
			c.Entry.Path = ""
		} else {
			c.Tombstone.Path = ""
		}
		got = append(got, c)
		return nil
	}, nil)
	if want := (Page{Next: "/v2/entries?from=a&start=6", Latest: at(60)}); err != nil || page != want {
		t.Errorf("page %+v, %v, want %+v", page, err, want)
	}
	want := []hashlist.Change{
		{Entry: &hashlist.Entry{
			Source: "ncmec:7", ID: "a-1", Media: "image", At: at(0),
			Hashes: []referral.Hash{
				{Kind: "md5", Value: "00112233445566778899aabbccddeeff"},
				{Kind: "sha1", Value: "00112233445566778899aabbccddeeff00112233"},
				{Kind: "ssvhsaferhash", Value: "0123abcd"},
			},
			Labels: []referral.Label{{Scheme: "industry", Value: "B2", Author: "ncmec:7", At: at(0)}},
			Votes: []hashlist.Vote{
				{Kind: "md5", Positive: true, Author: "ncmec:8", At: at(5)},
				{Kind: "md5", Positive: true, Author: "ncmec:9", At: at(10)},
				{Kind: "md5", Author: "ncmec:10", Reason: "Example Reason", ReasonID: "00000000-0000-0000-0000-00000000000a", At: at(20)},
				{Kind: "ssvhsaferhash", Author: "ncmec:10", Reason: "Other Reason", ReasonID: "00000000-0000-0000-0000-00000000000b", At: at(20)},
			},
		}},
		// The same id of another member is another entry. Nothing of it can
		// be used, but it replaces what was there before.
		{Entry: &hashlist.Entry{Source: "ncmec:8", ID: "a-1", Media: "image", At: at(30), Hashes: []referral.Hash{}}},
		{Tombstone: &hashlist.Tombstone{Source: "ncmec:7", ID: "a-2", Media: "image"}},
		{Entry: &hashlist.Entry{
			Source: "ncmec:7", ID: "v-1", Media: "video", At: at(60), Hashes: []referral.Hash{},
			Links: []hashlist.Link{{Kind: "tmkpdqf", Rel: "self", Href: "/v2/entries/7/v-1/TMK_PDQF"}},
		}},
		{Tombstone: &hashlist.Tombstone{Source: "ncmec:7", ID: "v-2", Media: "video", At: at(60)}},
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadNotesThatThereIsMore(t *testing.T) {
	t.Parallel()
	r := hashlisttest.Collect(Read, doc("<paging><next>/x</next></paging>"), hashlist.Options{Source: "ncmec"})
	if r.Err != nil || !strings.Contains(r.String(), "one page of several") {
		t.Errorf("got %s, want a finding about the other pages", r)
	}
}

func doc(body string) string {
	return `<queryResult xmlns="` + Namespace + `">` + body + `</queryResult>`
}

const image = `<image><member id="7"/><id>1</id><fingerprints><md5>00112233445566778899aabbccddeeff</md5></fingerprints></image>`

func TestReadRows(t *testing.T) {
	t.Parallel()
	const entry = "1=md5:00112233445566778899aabbccddeeff"
	for _, tt := range []struct {
		name, in string
		want     []string
	}{
		{"other prefix", `<q:queryResult xmlns:q="` + Namespace + `"><q:images>` + strings.NewReplacer("</", "</q:", "<", "<q:").Replace(image) + `</q:images></q:queryResult>`, []string{entry}},
		{"mark", "\ufeff" + doc("<images>"+image+"</images>"), []string{entry}},
		{"other namespace", "<queryResult><images>" + image + "</images></queryResult>", []string{entry, "?line 1"}},
		{"without member", doc("<images>" + strings.Replace(image, `<member id="7"/>`, "", 1) + "</images>"), []string{"!line 1"}},
		{"without id", doc("<images>" + strings.Replace(image, `<id>1</id>`, "<id> </id>", 1) + "</images>"), []string{"!line 1"}},
		{"count differs", doc(`<images count="3">` + image + "</images>"), []string{entry, "?line 1"}},
		{"unknown elements", doc(`<status/><images><deletedAudio/>` + image + "</images>"), []string{entry, "?line 1", "?line 1"}},
		{"odd time", doc("<images>" + strings.Replace(image, "<id>", "<timestamp>x</timestamp><id>", 1) + "</images>"), []string{entry, "?line 1"}},
		{"empty", doc(""), nil},
		{"fingerprint twice", doc("<images>" + strings.Replace(image, "</fingerprints>", "<MD5>00112233445566778899AABBCCDDEEFF</MD5></fingerprints>", 1) + "</images>"), []string{entry}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := hashlisttest.Collect(Read, tt.in, hashlist.Options{Source: "ncmec"})
			if diff := gocmp.Diff(tt.want, r.Short()); diff != "" || r.Err != nil {
				t.Errorf("%v (-want +got):\n%s\n%s", r.Err, diff, r)
			}
		})
	}
}

func TestReadRefusesDocuments(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in, want string
		changes        int
	}{
		{"empty", "", "no queryResult", 0},
		{"other root", "<status/>", "status", 0},
		{"two roots", doc("") + doc(""), "one queryResult", 0},
		{"document type", `<!DOCTYPE queryResult [<!ENTITY a "b">]>` + doc(""), "document type", 0},
		{"document type inside", doc(`<images><!DOCTYPE x>` + image + "</images>"), "document type", 0},
		{"unknown entity", doc("<images><image><id>&a;</id></image></images>"), "well-formed", 0},
		{"cut off", "<queryResult><images>" + image, "well-formed", 1},
		{"cut off in an entry", "<queryResult>\n<images>\n" + image + "<image><id>", "line 3", 1},
		{"wrong nesting", doc("<images>" + image + "<image></images></image>"), "well-formed", 1},
		{"deep", doc("<images>" + strings.Repeat("<image>", 20)), "inside each other", 0},
		{"long entry", doc("<images>" + image + "<image><id>" + strings.Repeat("x", 200_000) + "</id></image></images>"), "longer than 1000", 1},
		{"long attribute", doc("<images>" + image + "<image a='" + strings.Repeat("x", 200_000) + "'></image></images>"), "longer than 1000", 1},
		{"long comment", "<!--" + strings.Repeat("x", 200_000) + "-->", "longer than 1000", 0},
		{"other encoding", `<?xml version="1.0" encoding="utf-7"?>` + doc(""), "UTF-8", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := hashlisttest.Collect(Read, tt.in, hashlist.Options{Source: "ncmec", MaxEntry: 1000})
			if r.Err == nil || !strings.Contains(r.Err.Error(), tt.want) || !strings.Contains(r.Err.Error(), "at line") || len(r.Changes) != tt.changes {
				t.Errorf("got %v after %d changes, want an error with %q and its line after %d", r.Err, len(r.Changes), tt.want, tt.changes)
			}
		})
	}
}

// Many entries are not one long entry.
func TestReadManyEntries(t *testing.T) {
	t.Parallel()
	n := 0
	in := doc("<images>" + strings.Repeat(image+"\n", 2000) + "</images>")
	err := Read(t.Context(), strings.NewReader(in), hashlist.Options{Source: "ncmec", MaxEntry: 1000}, func(hashlist.Change) error { n++; return nil }, nil)
	if err != nil || n != 2000 {
		t.Errorf("%d entries, %v, want 2000", n, err)
	}
}

func TestReadEndsWithTheReadersError(t *testing.T) {
	t.Parallel()
	in := iotest.TimeoutReader(iotest.HalfReader(strings.NewReader(doc("<images>" + strings.Repeat(image, 1000)))))
	err := Read(t.Context(), in, hashlist.Options{Source: "ncmec"}, func(hashlist.Change) error { return nil }, nil)
	if err != iotest.ErrTimeout {
		t.Errorf("got %v, want %v", err, iotest.ErrTimeout)
	}
}

func TestReadSample(t *testing.T) {
	t.Parallel()
	in, ok := hashlisttest.Shared(t, "ncmec-hashsharing-v2-entries.xml")
	if !ok {
		return
	}
	r := hashlisttest.Collect(Read, in, hashlist.Options{Source: "ncmec"})
	if r.Err != nil || len(r.Changes) != 3 || len(r.Changes[0].Entry.Votes) != 2 || r.Changes[1].Tombstone == nil {
		t.Errorf("got %s, want an image with two votes, a tombstone and a video", r)
	}
}

func FuzzRead(f *testing.F) {
	page, err := os.ReadFile("testdata/page.xml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(page)
	f.Add([]byte(doc("<images count='1'>" + image + "</images>")))
	f.Add([]byte("<!DOCTYPE a><queryResult/>"))
	f.Fuzz(func(t *testing.T, in []byte) {
		hashlisttest.Fuzz(t, Read, in, hashlist.Options{Source: "ncmec", MaxEntry: 5000})
	})
}

func BenchmarkRead(b *testing.B) {
	const rows = 10_000
	in := doc("<images>" + strings.Repeat(image+"\n", rows) + "</images>")
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		err := Read(b.Context(), strings.NewReader(in), hashlist.Options{Source: "ncmec"}, func(hashlist.Change) error { n++; return nil }, nil)
		if err != nil || n != rows {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(b.N*rows)/b.Elapsed().Seconds(), "rows/s")
}
