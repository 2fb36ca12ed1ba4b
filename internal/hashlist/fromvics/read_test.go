package fromvics

import (
	"fmt"
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

const (
	md5a = "00112233445566778899aabbccddeeff"
	md5b = "ffeeddccbbaa99887766554433221100"
	us   = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media"
	v13  = "http://github.com/ICMEC/ProjectVic/DataModels/1.3.xml#Media"
)

func set(context, media string) string {
	return `{"@odata.context":"` + context + `","value":[` + media + `]}`
}

func TestReadCase(t *testing.T) {
	t.Parallel()
	in, err := os.ReadFile("testdata/case.json")
	if err != nil {
		t.Fatal(err)
	}
	var got []*hashlist.Entry
	err = Read(t.Context(), iotest.OneByteReader(strings.NewReader("\ufeff"+string(in))), hashlist.Options{Source: "pv"}, func(c hashlist.Change) error {
		c.Entry.Path, _, _ = strings.Cut(c.Entry.Path, " at byte ")
		got = append(got, c.Entry)
		return nil
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 15, 10, 0, 0, 0, time.UTC)
	want := []*hashlist.Entry{
		{
			Source: "pv", ID: "00000000-0000-0000-0000-0000000000aa/1", Media: "video", Size: 21, Sightings: 2, At: at,
			Hashes:   []referral.Hash{{Kind: "md5", Value: md5a}, {Kind: "sha256", Value: "0011223344556677889900112233445566778899001122334455667788990011"}},
			Labels:   []referral.Label{{Scheme: "vics-uk", Value: "0", Author: "Example Unit", At: at}},
			Flags:    hashlist.Flags{VictimIdentified: referral.False, Suspected: referral.True, Precategorized: referral.True},
			Producer: "Example Tool 1.2", Path: "value[0].Media[0]",
		},
		{ // the same file with another id is another opinion
			Source: "pv", ID: "00000000-0000-0000-0000-0000000000aa/2",
			Hashes:   []referral.Hash{{Kind: "md5", Value: md5a}},
			Labels:   []referral.Label{{Scheme: "vics-uk", Value: "1", Author: "Example Unit"}},
			Producer: "Example Tool 1.2", Path: "value[0].Media[1]",
		},
		{ // the second case also counts from 1, and says too late which case it is
			Source: "pv", ID: "md5:" + md5b,
			Hashes: []referral.Hash{{Kind: "md5", Value: md5b}},
			Labels: []referral.Label{{Scheme: "vics-uk", Value: "2", Author: "pv"}},
			Path:   "value[1].Media[0]",
		},
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The header decides what a category number means.
func TestReadScheme(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in, scheme, want string
		noted                  bool
	}{
		{"us", set(us, `{"MD5":"`+md5a+`","Category":1}`), "", "vics-us", false},
		{"uk", set(strings.Replace(us, "US", "uk", 1), `{"MD5":"`+md5a+`","Category":1}`), "", "vics-uk", false},
		{"default", set(strings.Replace(us, "US", "Default", 1), `{"MD5":"`+md5a+`","Category":1}`), "", "vics-default", false},
		{"custom", set(strings.Replace(us, "US", "CUSTOM", 1), `{"MD5":"`+md5a+`","Category":1}`), "", "vics-custom", false},
		{"unknown country", set(strings.Replace(us, "US", "ZZ", 1), `{"MD5":"`+md5a+`","Category":1}`), "", "vics-custom", true},
		{"1.3 names none", strings.Replace(set(v13, `{"MD5":"`+md5a+`","Category":1}`), "@odata.context", "odata.metadata", 1), "", "vics-custom", true},
		{"options name it", set(v13, `{"MD5":"`+md5a+`","Category":1}`), "vics-us", "vics-us", false},
		{"options go first", set(us, `{"MD5":"`+md5a+`","Category":1}`), "cets", "cets", false},
		{"no header", `[{"MD5":"` + md5a + `","Category":1}]`, "", "vics-custom", true},
		{"header too late", `{"value":[{"MD5":"` + md5a + `","Category":1}],"@odata.context":"` + us + `"}`, "", "vics-custom", true},
	} {
		r := hashlisttest.Collect(Read, tt.in, hashlist.Options{Source: "pv", Scheme: tt.scheme})
		if r.Err != nil || len(r.Changes) != 1 || len(r.Changes[0].Entry.Labels) != 1 || r.Changes[0].Entry.Labels[0].Scheme != tt.want || (len(r.Findings) > 0) != tt.noted {
			t.Errorf("%s: got\n%swant a label of %s, noted %v", tt.name, r, tt.want, tt.noted)
		}
	}
}

func TestReadMedia(t *testing.T) {
	t.Parallel()
	const entry = "md5:" + md5a + "=md5:" + md5a
	for _, tt := range []struct {
		name, media string
		want        []string // findings without their place in bytes
	}{
		{"plain", `{"MD5":"` + md5a + `"}`, []string{entry}},
		{"id", `{"MediaID":17,"MD5":"` + md5a + `"}`, []string{"17=md5:" + md5a}},
		{"id in words", `{"MediaID":"x-17","MD5":"` + md5a + `"}`, []string{"x-17=md5:" + md5a}},
		{"id 17.0", `{"MediaID":17.0,"MD5":"` + md5a + `"}`, []string{"17=md5:" + md5a}},
		{"id 0", `{"MediaID":0,"MD5":"` + md5a + `"}`, []string{entry}},
		{"id null", `{"MediaID":null,"MD5":"` + md5a + `"}`, []string{entry}},
		{"id odd", `{"MediaID":[1],"MD5":"` + md5a + `"}`, []string{entry, "?value[0]"}},
		{"names in other case", `{"mediaid":17,"md5":"` + md5a + `"}`, []string{"17=md5:" + md5a}},
		{"without md5", `{"MediaID":17,"SHA1":"` + md5a + `00112233"}`, []string{"17=sha1:" + md5a + "00112233", "?value[0]"}},
		{"no fingerprint", `{"MediaID":17,"MD5":null,"SHA1":""}`, []string{"!value[0]"}},
		{"not an object", `7`, []string{"!value[0]"}},
		{"null", `null`, []string{"!value[0]"}},
		{"bad inside, next is good", `{"MD5":zz},{"MD5":"` + md5a + `"}`, []string{entry, "!value[0]"}},
		{"bad md5", `{"MD5":"zz"}`, []string{"?value[0]", "!value[0]"}},
		{"odd flags", `{"MD5":"` + md5a + `","IsDistributed":"perhaps","VictimIdentified":[],"MediaSize":-1,"Category":"x","DateUpdated":"x"}`,
			[]string{entry, "?value[0]", "?value[0]", "?value[0]", "?value[0]", "?value[0]"}},
		{"odd arrays", `{"MD5":"` + md5a + `","AlternativeHashes":7,"MediaFiles":{}}`, []string{entry, "?value[0]", "?value[0]"}},
		{"odd elements", `{"MD5":"` + md5a + `","AlternativeHashes":[7,{"HashName":"md5","HashValue":"x"}],"MediaFiles":[7]}`, []string{entry, "?value[0]", "?value[0]"}},
		{"category 0 without producer", `{"MD5":"` + md5a + `","Category":0},{"MD5":"` + md5b + `","Category":0}`,
			[]string{entry, "md5:" + md5b + "=md5:" + md5b, "?value[0]"}},
		{"too long, next is good", `{"MD5":"` + md5b + `","Comments":"` + strings.Repeat("x", 2000) + `"},{"MD5":"` + md5a + `"}`, []string{entry, "!value[0]"}},
		{"too deep, next is good", `{"x":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `},{"MD5":"` + md5a + `"}`, []string{entry, "!value[0]"}},
		{"escaped name", `{"\u004dD5":"` + md5a + `"}`, []string{entry}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := hashlisttest.Collect(Read, set(us, tt.media), hashlist.Options{Source: "pv", MaxEntry: 1000})
			for i := range r.Findings {
				r.Findings[i].Path, _, _ = strings.Cut(r.Findings[i].Path, " at byte ")
			}
			if diff := gocmp.Diff(tt.want, r.Short()); diff != "" || r.Err != nil {
				t.Errorf("%v (-want +got):\n%s\n%s", r.Err, diff, r)
			}
		})
	}
}

// The place that an entry names is where it begins.
func TestReadPlaces(t *testing.T) {
	t.Parallel()
	in := set(us, strings.TrimSuffix(strings.Repeat(`{"MD5":"`+md5a+`", "Comments":"\"`+strings.Repeat("x", 90)+`"},`+"\n", 5000), ",\n"))
	r := hashlisttest.Collect(Read, in, hashlist.Options{Source: "pv"})
	if len(r.Changes) != 5000 {
		t.Fatalf("%d changes, %v, want 5000", len(r.Changes), r.Err)
	}
	for i, c := range r.Changes {
		var n, at int
		if _, err := fmt.Sscanf(c.Entry.Path, "value[%d] at byte %d", &n, &at); err != nil || n != i || !strings.HasPrefix(in[at:], `{"MD5"`) {
			t.Fatalf("entry %d is at %q, where there is %.10q", i, c.Entry.Path, in[at:])
		}
	}
}

func TestReadOddDocuments(t *testing.T) {
	t.Parallel()
	media := `{"MD5":"` + md5a + `"}`
	for _, tt := range []struct {
		name, in, want string // in the result
	}{
		{"next page", `{"@odata.context":"` + us + `","value":[` + media + `],"@odata.nextLink":"x"}`, "one page of several"},
		{"more behind", set(us, media) + "{}", "behind the end"},
		{"case is not an object", `{"@odata.context":"` + strings.Replace(us, "#Media", "#Cases", 1) + `","value":[7,{"CaseID":"a","Media":null},{"CaseID":"b","Media":[` + media + `]}]}`, "a case is an object"},
		{"case without a header", `{"value":[{"CaseNumber":"1","CaseID":"b","Media":[{"MediaID":3,"MD5":"` + md5a + `"}]}]}`, `"id":"b/3"`},
		{"long member", `{"x":"` + strings.Repeat("x", 2000) + `","@odata.context":"` + us + `","value":[` + media + `]}`, "longer than 1000"},
		{"odd member", `{"x":{"y":nul},"@odata.context":"` + us + `","value":[` + media + `]}`, "not valid JSON"},
	} {
		r := hashlisttest.Collect(Read, tt.in, hashlist.Options{Source: "pv", MaxEntry: 1000})
		if r.Err != nil || len(r.Changes) != 1 || !strings.Contains(r.String(), tt.want) {
			t.Errorf("%s: got\n%swant one entry and %q", tt.name, r, tt.want)
		}
	}
}

func TestReadRefusesDocuments(t *testing.T) {
	t.Parallel()
	good := set(us, `{"MD5":"`+md5a+`"},{"MD5":"`+md5b+`"}`)
	for _, tt := range []struct{ name, in string }{
		{"empty", ""}, {"text", "md5 " + md5a}, {"no value", `{"@odata.context":"x"}`}, {"value is no array", `{"value":{}}`},
		{"no comma", strings.Replace(good, "},{", "} {", 1)}, {"comma at the end", strings.Replace(good, "}]", "},]", 1)},
		{"name without quotes", strings.Replace(good, `"value"`, `value`, 1)}, {"no colon", strings.Replace(good, `"value":`, `"value" `, 1)},
	} {
		if r := hashlisttest.Collect(Read, tt.in, hashlist.Options{Source: "pv"}); r.Err == nil || !strings.Contains(r.Err.Error(), "at byte") {
			t.Errorf("%s: got %v, want an error with its byte", tt.name, r.Err)
		}
	}
	for n := range len(good) - 1 { // cut off anywhere
		r := hashlisttest.Collect(Read, good[:n], hashlist.Options{Source: "pv"})
		if r.Err == nil || !strings.Contains(r.Err.Error(), "at byte") {
			t.Errorf("cut off after %d bytes: got %v, want an error with its byte", n, r.Err)
		}
	}
}

func TestReadEndsWithTheReadersError(t *testing.T) {
	t.Parallel()
	in := iotest.TimeoutReader(iotest.HalfReader(strings.NewReader(set(us, strings.Repeat(`{"MD5":"`+md5a+`"},`, 5000)))))
	if err := Read(t.Context(), in, hashlist.Options{Source: "pv"}, func(hashlist.Change) error { return nil }, nil); err != iotest.ErrTimeout {
		t.Errorf("got %v, want %v", err, iotest.ErrTimeout)
	}
}

func TestReadSamples(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"vics-1.3-hashset-media.json": "1", "vics-2.0-us-case.json": "00000000-0000-0000-0000-000000000001/1"} {
		in, ok := hashlisttest.Shared(t, name)
		if !ok {
			continue
		}
		r := hashlisttest.Collect(Read, in, hashlist.Options{Source: "pv"})
		if r.Err != nil || len(r.Changes) != 1 || r.Changes[0].Entry.ID != want {
			t.Errorf("%s: got %s, want the entry %s", name, r, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	in, err := os.ReadFile("testdata/case.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(in)
	f.Add([]byte(set(us, `{"MediaID":1,"MD5":"`+md5a+`","Category":1,"Series":"x","MediaFiles":[{}]}`)))
	f.Add([]byte(`[{"CaseID":"a","Media":[{"MD5":"` + md5a + `"}]}]`))
	f.Fuzz(func(t *testing.T, in []byte) {
		hashlisttest.Fuzz(t, Read, in, hashlist.Options{Source: "pv", MaxEntry: 2000})
	})
}

func BenchmarkRead(b *testing.B) {
	const rows = 20_000
	var text strings.Builder
	text.WriteString(`{"@odata.context":"` + us + `","value":[`)
	for i := range rows {
		if i > 0 {
			text.WriteString(",\r\n")
		}
		fmt.Fprintf(&text, `{"MediaID":%d,"Category":%d,"MD5":"%032X","SHA1":"%040X","MediaSize":%d,"MimeType":"image/jpeg","Series":null,"VictimIdentified":"false","OffenderIdentified":"false","IsDistributed":"true","IsPrecategorized":"true","Tags":null,"Comments":null,"DateUpdated":"2026-01-15T10:00:00Z","AlternativeHashes":[{"HashName":"PhotoDNA","HashValue":"%s"}],"Exifs":[],"MediaFiles":[{"MD5":"%032X","FileName":"%d.jpg","FilePath":"a\\b\\%d.jpg","Unallocated":false}]}`,
			i+1, i%3, i+1, i+1, i, strings.Repeat("A", 192), i+1, i, i)
	}
	text.WriteString("]}")
	in := text.String()
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		err := Read(b.Context(), strings.NewReader(in), hashlist.Options{Source: "pv"}, func(hashlist.Change) error { n++; return nil }, nil)
		if err != nil || n != rows {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(b.N*rows)/b.Elapsed().Seconds(), "rows/s")
}
