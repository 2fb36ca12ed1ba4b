package synth

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lapwing/cybertip"
)

func TestReportsReadWithoutFindings(t *testing.T) {
	t.Parallel()
	r := NewReports(1, Params{})
	var b []byte
	for n := range 2000 {
		b = r.AppendXML(b[:0], n)
		doc, err := cybertip.ReadXML(b)
		if err != nil {
			t.Fatalf("report %d: %v\n%s", n, err, b)
		}
		got := doc.Reports[0]
		if len(got.Findings)+len(got.Unknown) > 0 {
			t.Fatalf("report %d: findings %v, unknown %v\n%s", n, got.Findings, got.Unknown, b)
		}
		if err := got.WriteXML(io.Discard); err != nil {
			t.Fatalf("report %d: %v", n, err)
		}
		for k := range r.Files(n) {
			b = r.AppendFileDetails(b[:0], n, k)
			doc, err := cybertip.ReadXML(b)
			if err != nil {
				t.Fatalf("file %d of report %d: %v\n%s", k, n, err, b)
			}
			f := doc.Files[0]
			if len(f.Findings)+len(f.Unknown) > 0 || f.ReportID.N != r.ReportID(n) {
				t.Fatalf("file %d of report %d: findings %v, unknown %v, report %d, want %d\n%s", k, n, f.Findings,
					f.Unknown, f.ReportID.N, r.ReportID(n), b)
			}
		}
	}
}

// The same report number in another order, from another stream and by many at once gives the same bytes.
func TestReportsAreTheSameInAnyOrder(t *testing.T) {
	t.Parallel()
	r := NewReports(7, Params{})
	order := rand.New(rand.NewPCG(1, 2)).Perm(2000)
	sums := make([][32]byte, len(order))
	for n := range sums {
		sums[n] = sha256.Sum256(r.AppendXML(nil, n))
	}
	again := NewReports(7, Params{})
	for _, n := range order {
		if sha256.Sum256(again.AppendXML(make([]byte, 0, 16), n)) != sums[n] {
			t.Fatalf("report %d differs when it is asked for in another order", n)
		}
	}
	other := NewReports(8, Params{})
	if bytes.Equal(r.AppendXML(nil, 5), other.AppendXML(nil, 5)) {
		t.Error("another seed gives the same report")
	}
}

// The stream is part of published figures: a change of its bytes makes them incomparable, so it has to be on purpose.
func TestReportsGolden(t *testing.T) {
	t.Parallel()
	h := sha256.New()
	if err := TarStream(h, NewReports(1, Params{}), 0, 5000); err != nil {
		t.Fatal(err)
	}
	const want = "49ac936732e9ea82731da7b5c5965364b43400a60d068d0d4575eb65ef87f468"
	if got := fmt.Sprintf("%x", h.Sum(nil)); got != want {
		t.Errorf("the first 5000 reports of seed 1 have the digest %s, want %s", got, want)
	}
}

func TestReportSizes(t *testing.T) {
	t.Parallel()
	r := NewReports(3, Params{})
	const reports = 40_000
	sizes := make([]int, reports)
	var b []byte
	total := 0
	for n := range sizes {
		b = r.AppendXML(b[:0], n)
		sizes[n] = len(b)
		total += len(b)
	}
	slices.Sort(sizes)
	median, large := sizes[reports/2], sizes[reports-reports/2000]
	t.Logf("bytes: least %d, median %d, mean %d, 95%% %d, 99%% %d, 1 in 2000 %d, most %d",
		sizes[0], median, total/reports, sizes[reports*95/100], sizes[reports*99/100], large, sizes[reports-1])
	if median < 2500 || median > 3500 {
		t.Errorf("the median report has %d bytes, want about 3000", median)
	}
	if large < 100_000 || sizes[reports-1] > 220_000 {
		t.Errorf("one report in 2000 has at least %d bytes and the largest %d, want a tail to about 200 000", large,
			sizes[reports-1])
	}
}

// identifiersOf lists what a report says of persons and places that may tie it to others.
func identifiersOf(r *cybertip.Report) map[string]bool {
	ids := map[string]bool{}
	add := func(kind, value string) {
		if value != "" {
			ids[kind+" "+value] = true
		}
	}
	for _, p := range r.Reported {
		add("account", p.ESPService+"/"+p.ESPIdentifier)
		add("screen", p.ScreenName)
		for _, c := range p.IPCaptures {
			add("ip", c.Address)
		}
		for _, d := range p.Devices {
			add("device", d.ID)
		}
		for _, u := range p.ProfileURLs {
			add("url", u)
		}
		for _, a := range p.Associated {
			add("account", a.ESPService+"/"+a.ESPIdentifier)
		}
		for _, e := range p.Person.Emails {
			add("email", e.Address)
		}
		for _, ph := range p.Person.Phones {
			add("phone", ph.Number)
		}
	}
	for _, p := range r.Recipients {
		add("account", p.ESPService+"/"+p.ESPIdentifier)
	}
	for _, d := range r.Internet {
		if d.WebPage != nil {
			add("url", d.WebPage.URLs[0])
		}
	}
	if strings.Contains(r.AdditionalInfo, "mentioned") {
		add("mentioned", r.AdditionalInfo)
	}
	return ids
}

func TestReportsRepeatAndShare(t *testing.T) {
	t.Parallel()
	const reports = 20_000
	r := NewReports(2, Params{})
	seen := map[string]int{} // identifier to how many reports
	byDigest := map[[32]byte]int{}
	count := map[Repeat]int{}
	var shared, companions, fresh int
	for n := range reports {
		what, of := r.Repeat(n)
		count[what]++
		b := r.AppendXML(nil, n)
		sum := sha256.Sum256(b)
		first, again := byDigest[sum]
		if again != (what == Same) || again && first != of {
			t.Fatalf("report %d is called %d of %d, but the bytes came first as report %d (%v)", n, what, of, first, again)
		}
		if what != New {
			if was, _ := r.Repeat(of); of >= n || was != New || r.Files(n) != r.Files(of) || r.ReportID(n) != r.ReportID(of) || what == Later && r.Files(n) == 0 {
				t.Fatalf("report %d (%d of %d) does not repeat a report of its own before it", n, what, of)
			}
			if what == Later {
				byDigest[sum] = n
			}
			continue
		}
		byDigest[sum] = n
		fresh++
		if r.Files(n) > 0 {
			companions++
		}
		doc, err := cybertip.ReadXML(b)
		if err != nil {
			t.Fatal(err)
		}
		ids := identifiersOf(doc.Reports[0])
		if len(ids) < 1 || len(ids) > 12 {
			t.Fatalf("report %d has %d identifiers, want 2 to 12: %v", n, len(ids), ids)
		}
		reuses := false
		for id := range ids {
			popular := strings.HasPrefix(id, "ip 192.0.2.")
			reuses = reuses || seen[id] > 0 && !popular
			seen[id]++
		}
		if reuses {
			shared++
		}
	}
	popular := 0
	for id, times := range seen {
		if strings.HasPrefix(id, "ip 192.0.2.") && times > 100 {
			popular++
		}
	}
	t.Logf("of %d reports: %v; of those of their own %.1f %% share an identifier, %.1f %% have file details; %d popular addresses",
		reports, count, 100*float64(shared)/float64(fresh), 100*float64(companions)/float64(fresh), popular)
	if share := float64(shared) / float64(fresh); share < 0.13 || share > 0.17 {
		t.Errorf("%.3f of the reports share an identifier with an earlier one, want about 0.15", share)
	}
	for _, what := range []Repeat{Same, Later} {
		if c := count[what]; c < reports*8/1000 || c > reports*12/1000 {
			t.Errorf("%d of %d reports are repeats of kind %d, want about 1 %%", c, reports, what)
		}
	}
	if popular == 0 || popular > 20 {
		t.Errorf("%d addresses are in very many reports, want a few", popular)
	}
	got, want := r.Expect(0, reports), Outcomes{Read: reports, Accepted: count[New], Updated: count[Later],
		Duplicate: count[Same]}
	if got != want {
		t.Errorf("Expect(0, %d) = %+v, want %+v", reports, got, want)
	}
}

// What Expect says of a part of the stream is what happens when it is taken in by key and content.
func TestExpectOfAPart(t *testing.T) {
	t.Parallel()
	r := NewReports(5, Params{Companions: 600, Repeats: 150, Versions: 150})
	for _, part := range [][2]int{{0, 500}, {300, 900}, {700, 1500}} {
		got := Outcomes{Read: part[1] - part[0]}
		versions := map[string]map[string]bool{}
		for n := part[0]; n < part[1]; n++ {
			xml := string(r.AppendXML(nil, n))
			key := xml
			if r.Files(n) > 0 {
				key = fmt.Sprint(r.ReportID(n))
			}
			switch {
			case versions[key] == nil:
				got.Accepted++
				versions[key] = map[string]bool{}
			case versions[key][xml]:
				got.Duplicate++
			default:
				got.Updated++
			}
			versions[key][xml] = true
		}
		if want := r.Expect(part[0], part[1]); got != want {
			t.Errorf("taking in reports %v gives %+v, Expect says %+v", part, got, want)
		}
	}
}

func TestTarStream(t *testing.T) {
	t.Parallel()
	r := NewReports(1, Params{})
	const from, to = 10, 400
	pr, pw := io.Pipe()
	go func() { pw.CloseWithError(TarStream(pw, r, from, to)) }()
	tr := tar.NewReader(pr)
	next := func(name string, want []byte) {
		t.Helper()
		h, err := tr.Next()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		b, err := io.ReadAll(tr)
		if err != nil || h.Name != name || h.Format != tar.FormatUSTAR || h.Typeflag != tar.TypeReg || !bytes.Equal(b, want) {
			t.Fatalf("got %s (%v, type %c) with %d bytes, error %v; want %s with %d bytes", h.Name, h.Format, h.Typeflag,
				len(b), err, name, len(want))
		}
	}
	for n := from; n < to; n++ {
		next(fmt.Sprintf("r%07d/report.xml", n), r.AppendXML(nil, n))
		for k := range r.Files(n) {
			next(fmt.Sprintf("r%07d/file-%d.xml", n, k+1), r.AppendFileDetails(nil, n, k))
		}
	}
	if _, err := tr.Next(); err != io.EOF {
		t.Errorf("at the end: %v, want the end of the archive", err)
	}
	if err := TarStream(failing{}, r, 0, 1); !errors.Is(err, errFails) {
		t.Errorf("a writer that fails gives %v", err)
	}
}

var errFails = errors.New("synthetic failure")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFails }

func TestAppendingAllocatesNothing(t *testing.T) {
	r := NewReports(1, Params{})
	b := make([]byte, 0, 1<<20)
	n := 0
	allocs := testing.AllocsPerRun(3000, func() {
		b = r.AppendXML(b[:0], n)
		for k := range r.Files(n) {
			b = r.AppendFileDetails(b, n, k)
		}
		n++
	})
	if allocs != 0 {
		t.Errorf("a report costs %v allocations, want none", allocs)
	}
}

// The schema itself, where it and xmllint are at hand: this test has its own reading of the schema nowhere.
func TestReportsByTheSchema(t *testing.T) {
	t.Parallel()
	schema, err := filepath.Abs("../../../shared/data/formats/cybertipline-report-2025-11.xsd")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(schema); err != nil {
		t.Logf("not validated: no schema beside the project (%v)", err)
		return
	}
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Logf("not validated: %v", err)
		return
	}
	dir := t.TempDir()
	files := []string{"--noout", "--nonet", "--schema", schema}
	add := func(b []byte) {
		name := filepath.Join(dir, fmt.Sprintf("%d.xml", len(files)))
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	r := NewReports(1, Params{})
	for n := range 400 {
		add(r.AppendXML(nil, n))
		for k := range r.Files(n) {
			add(r.AppendFileDetails(nil, n, k))
		}
	}
	for name, e := range wholeDemo(t).tree {
		if strings.HasSuffix(name, ".xml") && strings.Contains(name, "/cybertip/") && len(files) < 3000 {
			add(e.data)
		}
	}
	out, err := exec.CommandContext(t.Context(), lint, files...).CombinedOutput()
	if err != nil {
		t.Errorf("xmllint: %v\n%.5000s", err, out)
	}
}

func BenchmarkAppendXML(b *testing.B) {
	r := NewReports(1, Params{})
	buf := make([]byte, 0, 1<<20)
	n, bytes := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		buf = r.AppendXML(buf[:0], n)
		bytes += len(buf)
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "reports/s")
	b.ReportMetric(float64(bytes)/float64(n), "bytes/report")
}

func BenchmarkTarStream(b *testing.B) {
	r := NewReports(1, Params{})
	const reports = 10_000
	b.ReportAllocs()
	for b.Loop() {
		if err := TarStream(io.Discard, r, 0, reports); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*reports/b.Elapsed().Seconds(), "reports/s")
}
