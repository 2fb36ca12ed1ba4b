package lint

import (
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/language"

	"lapwing/internal/referral"
)

var now = time.Date(2020, 4, 10, 12, 0, 0, 0, time.UTC)

var yesterday = now.AddDate(0, 0, -1)

// good is a draft with nothing wrong; its address is of nobody's documentation.
func good() *referral.Draft {
	return &referral.Draft{
		Source: "example", ExternalID: "17", IDFrom: referral.IDStated,
		Revision:  referral.Revision{At: yesterday},
		Incidents: []referral.Incident{{Wire: "material", Kind: referral.CSAMDistribution}},
		Times: []referral.Moment{
			{Kind: referral.MomentIncident, UTC: yesterday, Zoned: true},
			{Kind: referral.MomentReceived, UTC: yesterday, Zoned: true},
		},
		Law: []referral.Law{{Agency: "Example Police", Country: "IE"}},
		Parties: []referral.Party{
			{Role: referral.RoleReported, Age: 30, Born: "1990-01-01", Identifiers: []referral.Identifier{
				{Kind: referral.IDEmail, Value: "synthetic17@mail.example"},
				{Kind: referral.IDPhone, Value: "+353 1 000-0017"},
				{Kind: referral.IDIP, Value: "9.9.9.9", At: yesterday, Port: 40017},
				{Kind: referral.IDIP, Value: "2620:fe::9", At: yesterday},
				{Kind: referral.IDScreen, Value: "user17", Scope: "Example Board"},
				{Kind: referral.IDURL, Value: "https://board.example/17"},
			}, Addresses: []referral.Address{{Country: "GR"}}, Estimates: []referral.Estimate{{Country: "XK", At: yesterday}}},
			{Role: referral.RoleAssociated, Of: 1},
			{Role: referral.RoleVictim, Age: 17},
		},
		Places:  []referral.Place{{Kind: referral.PlaceWeb, Hosting: "NL", Apparent: "DE", Identifiers: []referral.Identifier{{Kind: referral.IDIP, Value: "9.9.9.9", Use: "Hosting"}}}},
		Lookups: []referral.Lookup{{IP: "9.9.9.9", Country: "NL"}},
		Files: []referral.File{
			{ID: "1", Hashes: []referral.Hash{{Kind: "md5", Value: "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"}, {Kind: "pdq", Value: strings.Repeat("0f", 32), Quality: 100}},
				Labels: []referral.Label{{Scheme: "iccam", Value: "baseline", At: yesterday}}, Uploaded: yesterday},
			{ID: "2", Hashes: []referral.Hash{{Kind: "md5", Value: "0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c"}, {Kind: "pdq", Value: strings.Repeat("0f", 32), Quality: 100}}},
		},
	}
}

func TestDraft(t *testing.T) {
	t.Parallel()
	type D = *referral.Draft
	id := func(kind referral.IdentifierKind, v string) func(D) {
		return func(d D) {
			d.Parties[0].Identifiers = []referral.Identifier{{Kind: kind, Value: v, Scope: "x", At: yesterday, Port: 1}}
		}
	}
	hash := func(hs ...referral.Hash) func(D) { return func(d D) { d.Files[1].Hashes = hs } }
	const first = "parties[1]/identifiers[1]"
	tests := []struct {
		name   string
		change func(D)
		want   []string // "path: part of the text"; refusals begin with "!"
	}{
		{"good", func(D) {}, nil},
		{"no source", func(d D) { d.Source = "" }, []string{"!source: nobody vouches"}},
		{"no id", func(d D) { d.ExternalID = "" }, []string{"!external_id: no id at its source"}},
		{"neither", func(d D) { d.Source, d.ExternalID = "", "" }, []string{"!source: nobody", "!external_id: no id"}},

		{"no time", func(d D) { d.Times = nil }, []string{"times: neither the time of the event"}},
		{"no readable time", func(d D) { d.Times = []referral.Moment{{Kind: referral.MomentIncident, Text: "x"}} }, []string{"times: neither"}},
		{"only received", func(d D) { d.Times = d.Times[1:] }, nil},
		{"only incident", func(d D) { d.Times = d.Times[:1] }, nil},
		{"retracted needs no more", func(d D) { d.Retracted, d.Times, d.Incidents = true, nil, nil }, nil},
		{"no zone", func(d D) { d.Times[0].Zoned = false }, []string{"times[1]: no zone"}},
		{"received in the future", func(d D) { d.Times[1].UTC = now.Add(3*24*time.Hour + time.Minute) }, []string{"times[2]: 3 days in the future"}},
		{"incident in the future", func(d D) { d.Times = d.Times[:1]; d.Times[0].UTC = now.Add(25 * time.Hour) }, []string{"times[1]: 25 hours in the future"}},
		{"years in the future", func(d D) { d.Times = d.Times[:1]; d.Times[0].UTC = now.AddDate(10, 0, 0) }, []string{"times[1]: 10 years in the future"}},
		{"a day ahead is borne", func(d D) { d.Times[1].UTC = now.Add(24 * time.Hour) }, nil},
		{"before 1990", func(d D) { d.Times[0].UTC = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC) }, []string{"times[1]: before 1990"}},
		{"1990", func(d D) { d.Times[0].UTC = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC) }, nil},
		{"after receipt", func(d D) { d.Times[1].UTC = d.Times[0].UTC.AddDate(0, 0, -2) }, []string{"times: 2 days after the report of it was received"}},
		{"revision in the future", func(d D) { d.Revision.At = now.AddDate(0, 0, 2) }, []string{"revision/at: 2 days in the future"}},
		{"identifier in the future", func(d D) { d.Parties[0].Identifiers[2].At = now.AddDate(0, 0, 2) }, []string{"parties[1]/identifiers[3]: in the future"}},
		{"estimate before 1990", func(d D) { d.Parties[0].Estimates[0].At = time.Unix(1, 0) }, []string{"parties[1]/estimates[1]: before 1990"}},
		{"upload in the future", func(d D) { d.Files[0].Uploaded = now.AddDate(0, 0, 2) }, []string{"files[1]: in the future"}},
		{"label in the future", func(d D) { d.Files[0].Labels[0].At = now.AddDate(0, 0, 2) }, []string{"files[1]/labels[1]: in the future"}},

		{"no kind", func(d D) { d.Incidents = nil }, []string{"incidents: what it is about"}},
		{"unknown kind only", func(d D) { d.Incidents[0].Kind = referral.KindUnknown }, []string{"incidents[1]: a person has to say"}},
		{"unknown kind beside another", func(d D) {
			d.Incidents = append(d.Incidents, referral.Incident{Wire: "x", Kind: referral.KindUnknown})
		}, []string{"incidents[2]: no place in the taxonomy"}},
		{"invalid kind", func(d D) { d.Incidents[0].Kind = "csam.other" }, []string{"incidents[1]: not in the taxonomy"}},

		{"role", func(d D) { d.Parties[0].Role = "" }, []string{"parties[1]: no place in the report"}},
		{"associated with none", func(d D) { d.Parties[1].Of = 9 }, []string{"parties[2]: does not have"}},
		{"associated with itself", func(d D) { d.Parties[1].Of = 2 }, []string{"parties[2]: does not have"}},
		{"age below zero", func(d D) { d.Parties[0].Age = -1 }, []string{"parties[1]/age: nobody is of this age"}},
		{"age too great", func(d D) { d.Parties[0].Age = 121 }, []string{"parties[1]/age: nobody is of this age"}},
		{"grown-up child", func(d D) { d.Parties[2].Age = 18 }, []string{"parties[3]/age: 18 years old or more"}},
		{"born unreadable", func(d D) { d.Parties[0].Born = "1.1.1990" }, []string{"parties[1]/born: cannot be read"}},
		{"born in the future", func(d D) { d.Parties[0].Born = "2021" }, []string{"parties[1]/born: in the future"}},
		{"born long ago", func(d D) { d.Parties[0].Born = "1890-01" }, []string{"parties[1]/born: more than 120 years"}},
		{"reporter's address", func(d D) {
			d.Parties[0].Role = referral.RoleReporter
			d.Parties[0].Identifiers = d.Parties[0].Identifiers[2:3]
		}, []string{first + ": not to be kept"}},

		{"address unreadable", id(referral.IDIP, "9.9.9.9:80"), []string{first + ": not an IP address"}},
		{"address private", id(referral.IDIP, "192.168.1.1"), []string{first + ": private network (RFC 1918)"}},
		{"address of a carrier", id(referral.IDIP, "100.64.0.1"), []string{first + ": carrier's inner network"}},
		{"address of documentation", id(referral.IDIP, "203.0.113.1"), []string{first + ": documentation"}},
		{"address mapped", id(referral.IDIP, "::ffff:10.0.0.1"), []string{first + ": private network"}},
		{"address of documentation, IPv6", id(referral.IDIP, "2001:db8::1"), []string{first + ": documentation"}},
		{"address with zone", id(referral.IDIP, "fe80::1%eth0"), []string{first + ": local network"}},
		{"neither time nor port", func(d D) { d.Parties[0].Identifiers[2].At, d.Parties[0].Identifiers[2].Port = time.Time{}, 0 },
			[]string{"parties[1]/identifiers[3]: neither time with zone nor source port"}},
		{"no port", func(d D) { d.Parties[0].Identifiers[2].Port = 0 }, []string{"parties[1]/identifiers[3]: no source port: behind carrier-grade"}},
		{"no time", func(d D) { d.Parties[0].Identifiers[2].At = time.Time{} }, []string{"parties[1]/identifiers[3]: no time with zone"}},
		{"no time, IPv6", func(d D) { d.Parties[0].Identifiers[3].At = time.Time{} }, []string{"parties[1]/identifiers[4]: no time with zone"}},
		{"port", func(d D) { d.Parties[0].Identifiers[2].Port = 70000 }, []string{"parties[1]/identifiers[3]: ports go"}},
		{"address of an upload", func(d D) {
			d.Files[0].Identifiers = []referral.Identifier{{Kind: referral.IDIP, Value: "9.9.9.9", At: yesterday}}
		}, []string{"files[1]/identifiers[1]: no source port"}},
		{"looked-up address", func(d D) { d.Lookups[0].IP = "x" }, []string{"lookups[1]: not an IP address"}},
		{"server's address", func(d D) { d.Places[0].Identifiers[0].Value = "10.0.0.1" }, []string{"places[1]/identifiers[1]: private network"}},

		{"e-mail without @", id(referral.IDEmail, "mail.example"), []string{first + ": no @"}},
		{"e-mail with two @", id(referral.IDEmail, "a@b@mail.example"), []string{first + ": more than one @"}},
		{"e-mail without name", id(referral.IDEmail, "@mail.example"), []string{first + ": 1 to 64"}},
		{"e-mail with blank", id(referral.IDEmail, "a b@mail.example"), []string{first + ": blanks"}},
		{"e-mail without domain", id(referral.IDEmail, "a@mail"), []string{first + ": name of a host"}},
		{"e-mail with odd domain", id(referral.IDEmail, "a@-mail..example"), []string{first + ": name of a host"}},
		{"e-mail too long", id(referral.IDEmail, "a@"+strings.Repeat("long.", 60)+"example"), []string{first + ": 254"}},
		{"e-mail, international", id(referral.IDEmail, "jürgen+x@bücher.example"), nil},
		{"phone with letters", id(referral.IDPhone, "call me"), []string{first + ": characters that no number has"}},
		{"phone with signs", id(referral.IDPhone, "+353 1 000*17"), []string{first + ": characters that no number has"}},
		{"phone too short", id(referral.IDPhone, "+35"), []string{first + ": 4 to 15 digits"}},
		{"phone too long", id(referral.IDPhone, "1234567890123456"), []string{first + ": 4 to 15 digits"}},
		{"phone with plus inside", id(referral.IDPhone, "353+10017"), []string{first + ": characters"}},
		{"phone with extension", id(referral.IDPhone, "(01) 000-0017 ext. 5"), nil},
		{"phone in brackets", id(referral.IDPhone, "(+353) 1 000 0017"), nil},
		{"identifier empty", id(referral.IDURL, " "), []string{first + ": empty"}},
		{"identifier of no sort", id("shoe", "42"), []string{first + ": sort of this identifier"}},
		{"account of nowhere", func(d D) { d.Parties[0].Identifiers[4].Scope = "" }, []string{"parties[1]/identifiers[5]: without its service"}},
		{"path of the reader", func(d D) {
			d.Parties[0].Identifiers = []referral.Identifier{{Kind: referral.IDEmail, Value: "x", Path: "a/b"}}
		}, []string{"a/b: no @"}},

		{"no fingerprint", hash(), []string{"files[2]: no fingerprint"}},
		{"malformed", hash(referral.Hash{Kind: "md5", Value: "0b"}), []string{"files[2]/hashes[1]: md5 has 32"}},
		{"not hexadecimal", hash(referral.Hash{Kind: "md5", Value: strings.Repeat("x", 32)}), []string{"files[2]/hashes[1]: not hexadecimal"}},
		{"photodna", hash(referral.Hash{Kind: "photodna", Value: "AA"}), []string{"files[2]/hashes[1]: 144 bytes"}},
		{"not normal", hash(referral.Hash{Kind: "SHA-1", Value: strings.Repeat("0B", 20)}), []string{"files[2]/hashes[1]: normal form"}},
		{"no type", hash(referral.Hash{Value: "1"}), []string{"files[2]/hashes[1]: no type"}},
		{"empty", hash(referral.Hash{Kind: "videntifier"}), []string{"files[2]/hashes[1]: empty"}},
		{"empty file", hash(referral.Hash{Kind: "md5", Value: "d41d8cd98f00b204e9800998ecf8427e"}), []string{"files[2]/hashes[1]: without content"}},
		{"filler", hash(referral.Hash{Kind: "md5", Value: strings.Repeat("0", 32)}), []string{"files[2]/hashes[1]: filler"}},
		{"two of a kind", hash(referral.Hash{Kind: "md5", Value: strings.Repeat("0d", 16)}, referral.Hash{Kind: "md5", Value: strings.Repeat("0e", 16)}),
			[]string{"files[2]/hashes[2]: two different md5"}},
		{"flat picture", hash(referral.Hash{Kind: "pdq", Value: strings.Repeat("0f", 32), Quality: 49}), []string{"files[2]/hashes[1]: quality of the PDQ is 49 or less"}},
		{"quality", hash(referral.Hash{Kind: "pdq", Value: strings.Repeat("0f", 32), Quality: 101}), []string{"files[2]/hashes[1]: from 0 to 100"}},
		{"pdq filler", hash(referral.Hash{Kind: "pdq", Value: strings.Repeat("0", 64), Quality: 100}), []string{"files[2]/hashes[1]: filler"}},
		{"unknown fingerprint", hash(referral.Hash{Kind: "videntifier", Value: "1"}), nil},
		{"same file twice", hash(referral.Hash{Kind: "md5", Value: "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"}), []string{"files[2]: file 2 has the md5 of file 1"}},
		{"same id twice", func(d D) { d.Files[1].ID = "1" }, []string{"files[2]: file 2 has the id of file 1"}},
		{"label without scheme", func(d D) { d.Files[0].Labels[0].Scheme = "" }, []string{"files[1]/labels[1]: without its scheme"}},

		{"country is none", func(d D) { d.Law[0].Country = "QQ" }, []string{"law[1]/country: not a country of ISO"}},
		{"country in lower case", func(d D) { d.Law[0].Country = "ie" }, nil},
		{"EL and UK", func(d D) { d.Law[0].Country, d.Places[0].Hosting = "EL", "UK" }, nil},
		{"country by name", func(d D) { d.Parties[0].Addresses[0].Country = "Greece" }, []string{"parties[1]/addresses[1]/country: written out"}},
		{"name where a code belongs", func(d D) { d.Places[0].Apparent = "Greece" }, []string{"places[1]/apparent: two letters"}},
		{"anonymous proxy", func(d D) { d.Parties[0].Estimates[0].Country = "A1" }, []string{"parties[1]/estimates[1]/country: an anonymous proxy"}},
		{"Union", func(d D) { d.Places[0].Hosting = "EU" }, []string{"places[1]/hosting: European Union"}},
		{"dissolved", func(d D) { d.Lookups[0].Country = "AN" }, []string{"lookups[1]: dissolved"}},

		{"many parties", func(d D) { d.Parties = make([]referral.Party, 201); role(d.Parties) }, []string{"parties: 201 parties are more"}},
		{"many files", func(d D) { d.Files = manyFiles(5001) }, []string{"files: 5001 files are more"}},
		{"many lookups", func(d D) {
			d.Lookups = make([]referral.Lookup, 5001)
			for i := range d.Lookups {
				d.Lookups[i].IP = "9.9.9.9"
			}
		}, []string{"lookups: 5001 lookups are more"}},
		{"many identifiers", func(d D) {
			d.Parties[0].Identifiers = make([]referral.Identifier, 2001)
			for i := range d.Parties[0].Identifiers {
				d.Parties[0].Identifiers[i] = referral.Identifier{Kind: referral.IDURL, Value: "x"}
			}
		}, []string{"parties[1]/identifiers: 2001 identifiers are more"}},
		{"many hashes", func(d D) {
			d.Files[0].Hashes = make([]referral.Hash, 41)
			for i := range d.Files[0].Hashes {
				d.Files[0].Hashes[i] = referral.Hash{Kind: "videntifier", Value: strconv.Itoa(i)}
			}
		}, []string{"files[1]/hashes: 41 fingerprints are more"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := good()
			tt.change(d)
			got := Draft(d, now)
			for i := range max(len(got), len(tt.want)) {
				if i >= len(got) {
					t.Errorf("missing finding %q", tt.want[i])
					continue
				}
				if i >= len(tt.want) {
					t.Errorf("more than wanted: %+v", got[i])
					continue
				}
				want, severity := tt.want[i], referral.Warn
				if rest, ok := strings.CutPrefix(want, "!"); ok {
					want, severity = rest, referral.Refuse
				}
				path, text, _ := strings.Cut(want, ": ")
				if got[i].Path != path || got[i].Severity != severity || !strings.Contains(got[i].Text, text) {
					t.Errorf("finding %d is %+v, want %q", i, got[i], tt.want[i])
				}
			}
		})
	}
}

func role(ps []referral.Party) {
	for i := range ps {
		ps[i].Role = referral.RoleReported
	}
}

func manyFiles(n int) []referral.File {
	fs := make([]referral.File, n)
	for i := range fs {
		fs[i].Hashes = []referral.Hash{{Kind: "videntifier", Value: strconv.Itoa(i)}}
	}
	return fs
}

func TestNoDraft(t *testing.T) {
	t.Parallel()
	if got := Draft(nil, now); !referral.Refuses(got) {
		t.Errorf("Draft(nil) = %+v, want a refusal", got)
	}
}

// TestManyFindings: a hostile draft has a list of findings that ends.
func TestManyFindings(t *testing.T) {
	t.Parallel()
	d := good()
	d.Lookups = make([]referral.Lookup, 10_000)
	got := Draft(d, now)
	if len(got) != MaxFindings+1 || got[MaxFindings].Text != "9501 more findings are not listed" {
		t.Errorf("Draft(10000 bad look-ups) = %d findings, the last %+v; want %d", len(got), got[len(got)-1], MaxFindings+1)
	}
}

// TestTextsRepeatNothing fills every text of a draft with one word and looks
// for it in the findings.
func TestTextsRepeatNothing(t *testing.T) {
	t.Parallel()
	var fill func(v reflect.Value, s string, depth int)
	fill = func(v reflect.Value, s string, depth int) {
		switch v.Kind() {
		case reflect.String:
			v.SetString(s)
		case reflect.Int:
			v.SetInt(987654)
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
			for i := range v.Len() {
				fill(v.Index(i), s, depth+1)
			}
		case reflect.Struct:
			if v.Type() == reflect.TypeFor[time.Time]() {
				v.Set(reflect.ValueOf(now.AddDate(5, 0, 0)))
				return
			}
			for i := range v.NumField() {
				fill(v.Field(i), s, depth+1)
			}
		}
	}
	for _, secret := range []string{"robin@secret", "203.0.113.77", "Secretland", "AN", "+353 secret"} {
		var d referral.Draft
		fill(reflect.ValueOf(&d).Elem(), secret, 0)
		for _, kind := range []referral.IdentifierKind{referral.IDEmail, referral.IDPhone, referral.IDIP, referral.IDAccount} {
			for i := range d.Parties {
				for j := range d.Parties[i].Identifiers {
					d.Parties[i].Identifiers[j].Kind = kind
				}
			}
			for i := range d.Files {
				for j := range d.Files[i].Hashes {
					d.Files[i].Hashes[j].Kind = []string{"md5", secret}[j]
				}
			}
			fs := Draft(&d, now)
			if len(fs) < 20 {
				t.Fatalf("Draft(a draft full of %q) has %d findings only", secret, len(fs))
			}
			for _, f := range fs {
				if strings.Contains(f.Text, secret) || strings.Contains(f.Text, "987654") {
					t.Errorf("the finding repeats a value: %+v", f)
				}
			}
			if diff := cmp.Diff(fs, Draft(&d, now)); diff != "" {
				t.Errorf("the findings differ the second time:\n%s", diff)
			}
		}
	}
}

// TestCountries compares the table with the one of golang.org/x/text.
func TestCountries(t *testing.T) {
	t.Parallel()
	if n := len(strings.Fields(countries)); n != 250 {
		t.Errorf("the table has %d codes, want 249 and XK", n)
	}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			c := string(a) + string(b)
			if !isCountry(c) {
				continue
			}
			if r, err := language.ParseRegion(c); err != nil || !r.IsCountry() && c != "AQ" && c != "BV" && c != "HM" && c != "TF" && c != "UM" && c != "IO" && c != "GS" {
				t.Errorf("%s is in the table; x/text says %v, %v", c, r, err)
			}
			if unusable[c] != "" {
				t.Errorf("%s is both a country and unusable", c)
			}
		}
	}
}

func BenchmarkDraft(b *testing.B) {
	d := good()
	b.ReportAllocs()
	for b.Loop() {
		Draft(d, now)
	}
}
