package fromcsv

import (
	"encoding/base64"
	"encoding/json"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lapwing/internal/referral"
)

// example is the table of the documentation.
func example(t testing.TB) (header string, records []string) {
	t.Helper()
	b, err := os.ReadFile("../../../docs/formats/csv-hotline.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "```csv\n")
	in, _, ok := strings.Cut(rest, "\n```")
	if !ok {
		t.Fatal("docs/formats/csv-hotline.md has no example")
	}
	lines := strings.Split(in, "\n")
	return lines[0], lines[1:]
}

func TestDocumentedExample(t *testing.T) {
	t.Parallel()
	line, records := example(t)
	header, comma, err := ParseHeader([]byte(line), 0)
	if err != nil || comma != ';' {
		t.Fatalf("ParseHeader(%s) = %q, %v; want a semicolon", line, comma, err)
	}
	b, err := os.ReadFile("../../../docs/formats/csv-hotline.md")
	if err != nil {
		t.Fatal(err)
	}
	_, written, _ := strings.Cut(string(b), "```\nid=")
	written, _, _ = strings.Cut(written, "\n```")
	m, err := ParseMapping("id=" + written)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m, Guess(header)); diff != "" {
		t.Errorf("Guess(%s) (-documented +guessed):\n%s", line, diff)
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for i, rec := range records {
		ds, fs := Read([]byte(rec), Options{Header: header, Comma: comma, Source: "Example", Zone: zone})
		if len(ds) != 1 || len(fs) > 0 || len(ds[0].Unknown) > 0 {
			t.Errorf("Read(%s) = %d drafts, findings %+v; want one draft, no finding, nothing unknown", rec, len(ds), fs)
			continue
		}
		if i > 0 {
			continue
		}
		at := time.Date(2020, 4, 2, 6, 15, 0, 0, time.UTC)
		url := referral.Identifier{Kind: referral.IDURL, Value: "https://board.example/thread/17", Path: "Adresse"}
		sha := strings.Repeat("0c", 32)
		want := &referral.Draft{
			Format: Format, Reader: Reader, Source: "example", ExternalID: "2020-0017", IDFrom: referral.IDStated,
			Incidents: []referral.Incident{{Wire: "material", Kind: referral.CSAMDistribution}},
			Times:     []referral.Moment{{Kind: referral.MomentReceived, UTC: at, Text: "02.04.2020 08:15", Zoned: true}},
			Places:    []referral.Place{{Kind: referral.PlaceWeb, Hosting: "NL", Identifiers: []referral.Identifier{url}}},
			Files: []referral.File{{
				Labels:      []referral.Label{{Scheme: "iccam", Value: "baseline", Author: "example"}, {Scheme: "age-band", Value: "7-10", Author: "example"}},
				Hashes:      []referral.Hash{{Kind: "sha256", Value: sha}},
				Identifiers: []referral.Identifier{url},
			}},
			Texts: []referral.Text{{Path: "Bemerkung", Value: "Synthetic report 17."}},
			Fields: []referral.Field{
				{Path: "Meldungsnummer", Value: "2020-0017"}, {Path: "Eingang", Value: "02.04.2020 08:15"}, {Path: "Adresse", Value: url.Value},
				{Path: "Art", Value: "material"}, {Path: "Einstufung", Value: "baseline"}, {Path: "Alter", Value: "7–10"},
				{Path: "Serverstandort", Value: "NL"}, {Path: "SHA-256", Value: sha}, {Path: "Bemerkung", Value: "Synthetic report 17."},
			},
		}
		if diff := cmp.Diff(want, ds[0]); diff != "" {
			t.Errorf("Read(%s) (-want +got):\n%s", rec, diff)
		}
	}
}

// named reads one record given as column=value pairs, on top of the mandatory minimum.
func named(o Options, pairs ...string) (*referral.Draft, []referral.Finding) {
	o.Header = []string{"id", "received", "what"}
	rec := []string{"17", "2020-04-02", "material"}
	for i := 0; i < len(pairs); i += 2 {
		at := len(o.Header)
		for j, h := range o.Header {
			if h == pairs[i] {
				at = j
			}
		}
		if at == len(o.Header) {
			o.Header, rec = append(o.Header, pairs[i]), append(rec, "")
		}
		rec[at] = pairs[i+1]
	}
	for i, s := range rec {
		rec[i] = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	if o.Mapping == nil {
		o.Mapping = Mapping{}
		for _, f := range Fields {
			o.Mapping[string(f)] = f
		}
	}
	if o.Source == "" {
		o.Source = "example"
	}
	ds, fs := Read([]byte(strings.Join(rec, ",")+"\r\n"), o)
	if len(ds) == 0 {
		return nil, fs
	}
	return ds[0], fs
}

func TestFindings(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		pairs []string
		want  []string // "path: part of the text"; refusals begin with "!"
	}{
		{"minimum", nil, nil},
		{"no id", []string{"id", " "}, []string{"!id: id is missing"}},
		{"id with control character", []string{"id", "1\a"}, []string{"!id: control character"}},
		{"no time", []string{"received", ""}, []string{"!received: missing or cannot be read"}},
		{"time unreadable", []string{"received", "soon"}, []string{"received: not a date", "!received: missing or cannot be read"}},
		{"nothing said", []string{"what", ""}, []string{"!what: nothing says what this is about"}},
		{"all missing", []string{"id", "", "what", "", "received", ""}, []string{"!id: missing", "!received: missing", "!what: nothing"}},
		{"classification will do", []string{"what", "", "classification", "Baseline"}, nil},
		{"tombstone", []string{"what", "", "received", "", "status", "zurückgezogen"}, nil},
		{"status", []string{"status", "lost"}, []string{"status: one of new"}},
		{"ambiguous date", []string{"received", "1/3/2020"}, []string{"received: the other way round"}},
		{"ambiguous date, second", []string{"happened", "01-03-2020"}, []string{"happened: the other way round"}},
		{"word", []string{"what", "Sonstiges"}, []string{"what: no place in the taxonomy"}},
		{"own classification", []string{"classification", "illegal"}, []string{"classification: hotline's own"}},
		{"age", []string{"age_band", "child"}, []string{"age_band: 0-2"}},
		{"hash", []string{"md5", "0b"}, []string{"md5: md5 has 32"}},
		{"hash without type", []string{"hash", "0b"}, []string{"hash: 32 (MD5)"}},
		{"answer", []string{"commercial", "perhaps"}, []string{"commercial: yes or no"}},
		{"self-generated", []string{"self_generated", "perhaps"}, []string{"self_generated: voluntary"}},
		{"handling", []string{"handling", "H0 H9"}, []string{"handling: H0, H1"}},
		{"evaluation", []string{"evaluation", "A"}, []string{"evaluation: both halves"}},
		{"role", []string{"reporter", "neighbour"}, []string{"reporter: child, parent"}},
		{"without meaning", []string{"Colour", "blue"}, []string{"Colour: nobody says"}},
		{"empty without meaning", []string{"Colour", " "}, nil},
		{"address of the reporter", []string{"Reporter IP", "x"}, []string{"Reporter IP: dropped on purpose"}},
		{"address in a column without meaning", []string{"Colour", "192.0.2.1"}, []string{"Colour: dropped on purpose"}},
		{"address as contact", []string{"contact_phone", "192.0.2.1"}, []string{"contact_phone: dropped on purpose"}},
		{"server's address", []string{"hosting_ip", "192.0.2.1"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, fs := named(Options{}, tt.pairs...)
			if (d == nil) != referral.Refuses(fs) {
				t.Errorf("draft %v although Refuses is %v", d, referral.Refuses(fs))
			}
			compare(t, fs, tt.want)
		})
	}
}

func compare(t *testing.T, got []referral.Finding, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		if i >= len(got) {
			t.Errorf("missing finding %q", want[i])
			continue
		}
		if i >= len(want) {
			t.Errorf("more than wanted: %+v", got[i])
			continue
		}
		w, severity := want[i], referral.Warn
		if rest, ok := strings.CutPrefix(w, "!"); ok {
			w, severity = rest, referral.Refuse
		}
		path, text, _ := strings.Cut(w, ": ")
		if got[i].Path != path || got[i].Severity != severity || !strings.Contains(got[i].Text, text) {
			t.Errorf("finding %d is %+v, want %q", i, got[i], want[i])
		}
	}
}

// TestRecords reads records that are not as they should be.
func TestRecords(t *testing.T) {
	t.Parallel()
	base := Options{Header: []string{"id", "received", "what", "note"}, Source: "example"}
	with := func(change func(*Options)) Options { o := base; change(&o); return o }
	for _, tt := range []struct {
		name, in string
		o        Options
		want     []string
	}{
		{"good", "17,2020-04-02,material,x", base, nil},
		{"BOM", "\ufeff17,2020-04-02,material,x\r\n", base, nil},
		{"semicolons", `17;2020-04-02;material;"a;b"`, with(func(o *Options) { o.Comma = ';' }), nil},
		{"empty", "", base, []string{"!: empty"}},
		{"blank lines", "\n\n", base, []string{"!: empty"}},
		{"no header", "17", Options{Source: "example"}, []string{"!: names of the columns"}},
		{"no source", "17,2020-04-02,material,x", with(func(o *Options) { o.Source = "" }), []string{"!hotline: hotline is missing"}},
		{"header again", "id, received,what,note", base, []string{"!: header line again"}},
		{"two records", "17,2020-04-02,material,x\n18,2020-04-02,material,x", base, []string{"!: more than one record"}},
		{"too many cells", "17,2020-04-02,material,x,y", base, []string{": 5 cells, the header 4", "column[5]: nobody says"}},
		{"too few cells", "17,2020-04-02,material", base, []string{": 3 cells, the header 4"}},
		{"bare quote", `17,2020-04-02,material,a "b" c`, base, []string{": quotes"}},
		{"open quote", `17,2020-04-02,material,"a` + "\nb", base, []string{": quotes"}},
		{"line in quotes", "17,2020-04-02,material,\"a\nb\"", base, nil},
		{"separator", "17,2020-04-02,material,x", with(func(o *Options) { o.Comma = '"' }), []string{"!: delimiter"}},
		{"too long", "17,2020-04-02,material,x", with(func(o *Options) { o.MaxBytes = 10 }), []string{"!: more than the 10"}},
		{"too many columns", strings.Repeat(",", 400), base, []string{"!: more than the 300"}},
		{"two columns for one", "17,2020-04-02,material,18", with(func(o *Options) { o.Mapping = Mapping{"id": ID, "received": Received, "what": What, "note": ID} }),
			[]string{"note: takes one"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ds, fs := Read([]byte(tt.in), tt.o)
			if (len(ds) == 0) != referral.Refuses(fs) {
				t.Errorf("Read(%q) = %d drafts, Refuses %v", tt.in, len(ds), referral.Refuses(fs))
			}
			compare(t, fs, tt.want)
		})
	}
}

func TestWindows1252(t *testing.T) {
	t.Parallel()
	header, comma, err := ParseHeader([]byte("Meldungsnr\xb4;Ge\xe4ndert;M\xfcnze \x80"), 0)
	if err != nil || comma != ';' || header[1] != "Geändert" || header[2] != "Münze €" {
		t.Fatalf("ParseHeader(Windows-1252) = %q, %q, %v", header, comma, err)
	}
	ds, _ := Read([]byte("17,2020-04-02,material,\x80 f\xfcr gr\xfcn"), Options{Header: []string{"id", "received", "what", "note"}, Source: "example"})
	if len(ds) != 1 || ds[0].Texts[0].Value != "€ für grün" {
		t.Errorf("Read(Windows-1252) = %+v, want the note € für grün", ds)
	}
}

func TestFormulasAreText(t *testing.T) {
	t.Parallel()
	for _, s := range []string{`=HYPERLINK("https://board.example")`, "+1+1", "-2+3", "@SUM(A1)", "\t=1", "'=1"} {
		d, fs := named(Options{}, "note", s, "text", s)
		if d == nil || len(d.Texts) != 2 || d.Texts[0].Value != s || len(fs) > 0 {
			t.Errorf("Read(%q) = %+v, %+v; want the text as it is", s, d, fs)
		}
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	d, fs := named(Options{Words: map[string]string{"Erpressung": "threat", "Kategorie 1": "Nationally illegal"}},
		"what", "ERPRESSUNG; csam.production", "classification", "kategorie 1", "author", "analyst 4", "assessed", "03.04.2020 09:45 MESZ",
		"updated", "2020-04-03T10:00:00Z", "danger", "ja", "url", "https://board.example/1 https://board.example/2", "app", "Example Board", "user", "user17",
		"reporter", "Elternteil", "contact_email", "robin@mail.example", "contact_phone", "+353 1 000 0017",
		"self_generated", "erzwungen", "generated", "oui", "commercial", "nee", "hosting_country", "nl", "hosting_ip", "192.0.2.17", "hosting_provider", "Example Hosting",
		"apparent_country", "de", "file_name", "17.jpg", "hash", strings.Repeat("0b", 16)+" | "+strings.Repeat("0C", 20), "pdq", strings.Repeat("0f", 32),
		"previous", "15, 16", "handling", "h1;H3", "evaluation", "a 2")
	if d == nil || len(fs) > 0 {
		t.Fatalf("Read refuses or warns: %+v", fs)
	}
	at := time.Date(2020, 4, 3, 7, 45, 0, 0, time.UTC)
	urls := []referral.Identifier{{Kind: referral.IDURL, Value: "https://board.example/1", Path: "url"}, {Kind: referral.IDURL, Value: "https://board.example/2", Path: "url"}}
	want := &referral.Draft{
		Format: Format, Reader: Reader, Source: "example", ExternalID: "17", IDFrom: referral.IDStated,
		Revision:   referral.Revision{At: time.Date(2020, 4, 3, 10, 0, 0, 0, time.UTC)},
		Escalation: "whoever reported says that a child is in danger now",
		Incidents: []referral.Incident{{Wire: "ERPRESSUNG", Kind: referral.SolicitExtortion}, {Wire: "csam.production", Kind: referral.CSAMProduction},
			{Wire: "self_generated", Kind: referral.CSAMSelfgenCoer}, {Wire: "generated", Kind: referral.CSAMGenerated}},
		Flags: []string{"child_in_danger_now"}, Handling: []string{"H1", "H3"}, Evaluation: "A2",
		Times: []referral.Moment{{Kind: referral.MomentReceived, UTC: time.Date(2020, 4, 2, 0, 0, 0, 0, time.UTC), Text: "2020-04-02"}},
		Parties: []referral.Party{
			{Role: referral.RoleReporter, Type: "parent", Identifiers: []referral.Identifier{
				{Kind: referral.IDEmail, Value: "robin@mail.example", Path: "contact_email"}, {Kind: referral.IDPhone, Value: "+353 1 000 0017", Path: "contact_phone"}}},
			{Role: referral.RoleAssociated, Type: "previous reports", Prior: []string{"15", "16"}},
		},
		Places: []referral.Place{{Kind: referral.PlaceWeb, Name: "Example Board", Hosting: "NL", Apparent: "DE", Identifiers: append(append([]referral.Identifier{}, urls...),
			referral.Identifier{Kind: referral.IDScreen, Value: "user17", Scope: "Example Board", Mentioned: true, Path: "user"},
			referral.Identifier{Kind: referral.IDIP, Value: "192.0.2.17", Use: "Hosting", Path: "hosting_ip"})}},
		Lookups: []referral.Lookup{{IP: "192.0.2.17", Country: "NL", Holder: "Example Hosting", Path: "hosting_ip"}},
		Files: []referral.File{{Name: "17.jpg", Labels: []referral.Label{{Scheme: "iccam", Value: "nationally illegal", Author: "analyst 4", At: at}},
			Hashes:      []referral.Hash{{Kind: "pdq", Value: strings.Repeat("0f", 32)}, {Kind: "md5", Value: strings.Repeat("0b", 16)}, {Kind: "sha1", Value: strings.Repeat("0c", 20)}},
			Annotations: []string{"generated", "self_generated"}, Identifiers: urls}},
	}
	got := *d
	got.Fields = nil
	if diff := cmp.Diff(want, &got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestClassificationAlone(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]referral.Incident{
		"Baseline":           {Wire: "baseline", Kind: referral.CSAMDistribution},
		"NATIONALLY-ILLEGAL": {Wire: "nationally illegal", Kind: referral.CSAMDistribution},
		"pas illégal":        {Wire: "not illegal", Kind: referral.NoneNotIllegal},
		"illegal":            {Wire: "illegal", Kind: referral.KindUnknown},
		"csam.production":    {Wire: "csam.production", Kind: referral.CSAMProduction},
	} {
		d, fs := named(Options{}, "what", "", "classification", word)
		if d == nil || len(d.Incidents) != 1 || d.Incidents[0] != want {
			t.Errorf("classification %q: %+v, %+v; want %+v", word, d, fs, want)
		}
	}
}

// TestNotKept: neither media nor the reporter's machine is in what is kept.
func TestNotKept(t *testing.T) {
	t.Parallel()
	rng := rand.NewChaCha8([32]byte{17})
	b := make([]byte, 3000)
	rng.Read(b)
	media := base64.StdEncoding.EncodeToString(b)
	for _, tt := range []struct {
		column, value string
		secrets       []string
	}{
		{"Reporter IP", "203.0.113.77", []string{"203.0.113.77"}},
		{"IP-Adresse des Melders", "hidden-77", []string{"hidden-77"}},
		{"Adresse IP", "203.0.113.77:80", []string{"203.0.113.77"}},
		{"ip", "203.0.113.77", []string{"203.0.113.77"}},
		{"User-Agent", "hidden-77", []string{"hidden-77"}},
		{"Navigateur", "hidden-77", []string{"hidden-77"}},
		{"Colour", "Mozilla/5.0 (hidden-77)", []string{"hidden-77"}},
		{"Colour", "2001:db8::77", []string{"2001:db8::77"}},
		{"contact_email", "203.0.113.77", []string{"203.0.113.77"}},
		{"note", "see " + media, []string{media[:100], media[2000:2100]}},
		{"url", "data:image/png;base64," + media, []string{media[:100], media[2000:2100]}},
		{"sha256", media, []string{media[:100], media[2000:2100]}},
		{"Colour", media, []string{media[:100], media[2000:2100]}},
	} {
		o := Options{Header: []string{"id", "received", "what", tt.column}, Source: "example"}
		o.Mapping = Guess(o.Header)
		if f := Field(tt.column); f == ContactEmail {
			o.Mapping[tt.column] = f
		}
		rec := `17,2020-04-02,material,"` + tt.value + `"`
		ds, fs := Read([]byte(rec), o)
		if len(ds) != 1 || len(fs) == 0 {
			t.Errorf("%s: Read = %d drafts, %+v; want a draft and a finding", tt.column, len(ds), fs)
			continue
		}
		clean, ok := Clean([]byte(rec), o)
		if !ok {
			t.Errorf("%s: Clean cannot read what Read reads", tt.column)
		}
		draft, err := json.Marshal([]any{ds, fs})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range ds[0].Files {
			t.Errorf("%s: what stands for media, or an address, became a file: %+v", tt.column, f)
		}
		for _, p := range ds[0].Places {
			t.Errorf("%s: what stands for media, or an address, became a place: %+v", tt.column, p)
		}
		for _, s := range tt.secrets {
			if strings.Contains(string(draft), s) {
				t.Errorf("%s: the draft keeps %.60q: %.2000s", tt.column, s, draft)
			}
			if strings.Contains(string(clean), s) {
				t.Errorf("%s: the cleaned record keeps %.60q: %.2000s", tt.column, s, clean)
			}
		}
		if again, fs := Read(clean, o); len(again) != 1 {
			t.Errorf("%s: the cleaned record is refused: %+v", tt.column, fs)
		}
	}
	rec := []byte("17,2020-04-02, material ,\"x\"\r\n")
	if got, ok := Clean(rec, Options{Header: []string{"id", "received", "what", "note"}}); !ok || string(got) != string(rec) {
		t.Errorf("Clean(%q) = %q, %v; want the same bytes", rec, got, ok)
	}
	if _, ok := Clean([]byte("\n"), Options{Header: []string{"id"}}); ok {
		t.Error("Clean vouches for a record that it cannot read")
	}
}

func TestPaths(t *testing.T) {
	t.Parallel()
	ds, _ := Read([]byte("17,2020-04-02,material,a,b,c,d"), Options{Header: []string{"id", "received", "what", "X", "", "X"}, Source: "example"})
	if len(ds) != 1 {
		t.Fatal("the record is refused")
	}
	want := []referral.Field{{Path: "X", Value: "a"}, {Path: "column[5]", Value: "b"}, {Path: "X[2]", Value: "c"}, {Path: "column[7]", Value: "d"}}
	if diff := cmp.Diff(want, ds[0].Unknown); diff != "" {
		t.Errorf("Unknown (-want +got):\n%s", diff)
	}
}

func BenchmarkRead(b *testing.B) {
	line, records := example(b)
	header, comma, err := ParseHeader([]byte(line), 0)
	if err != nil {
		b.Fatal(err)
	}
	o := Options{Header: header, Comma: comma, Source: "example", Mapping: Guess(header)}
	rec := []byte(records[0])
	b.SetBytes(int64(len(rec)))
	b.ReportAllocs()
	for b.Loop() {
		if ds, _ := Read(rec, o); len(ds) != 1 {
			b.Fatal("the record is refused")
		}
	}
}
