package cybertip

import (
	"errors"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"lapwing/internal/xmlscan"
)

func TestReadTypical(t *testing.T) {
	t.Parallel()
	r := readReport(t, string(fixture(t, "report_typical.xml")))
	if got, want := r.Incident.Type, IncidentMaterial; got != want {
		t.Errorf("incident type %q, want %q", got, want)
	}
	if got, want := r.Incident.Flags, ReportSpam; got != want {
		t.Errorf("flags %v, want %v", got.Names(), want.Names())
	}
	if r.Incident.Escalated() {
		t.Error("the report is escalated, want not")
	}
	p := r.Reported[0]
	if got, want := p.Person.Emails, ([]Email{
		{Address: "sam@mail.example", Verified: True, VerifiedOn: Time{"2025-11-01T08:00:00Z", p.Person.Emails[0].VerifiedOn.T, true}},
		{Address: "sam2@mail.example", Type: EmailRecovery},
	}); !reflect.DeepEqual(got, want) {
		t.Errorf("emails %+v, want %+v", got, want)
	}
	if got := p.IPCaptures[0]; got.Address != "192.0.2.44" || got.Port != IntOf(51034) || got.PossibleProxy != False || got.Event != EventUpload {
		t.Errorf("first capture %+v", got)
	}
	if got := p.IPCaptures[1]; got.Port.Set || got.PossibleProxy != Unknown {
		t.Errorf("second capture %+v, want neither port nor proxy", got)
	}
	if got := p.PermanentlyDisabled; got == nil || got.Disabled != True || got.UserNotified != False || got.DisabledDate.T.IsZero() {
		t.Errorf("permanently disabled %+v", got)
	}
	if p.TemporarilyDisabled != nil {
		t.Errorf("temporarily disabled %+v, want nil", p.TemporarilyDisabled)
	}
	if got, ok := r.Get("internetDetails[1]/webPageIncident/url[1]"); got != "https://pictures.example/i/1?a=1&b=2" || !ok {
		t.Errorf("url %q, %v", got, ok)
	}
}

func TestReadBatch(t *testing.T) {
	t.Parallel()
	d, err := ReadXML(fixture(t, "batch.xml"))
	if err != nil {
		t.Fatal(err)
	}
	if d.Root != "batch" || len(d.Reports) != 2 || len(d.Files) != 2 || len(d.Responses) != 2 || len(d.Done) != 2 {
		t.Fatalf("got root %q, %d reports, %d files, %d answers, %d last answers; want batch and two of each",
			d.Root, len(d.Reports), len(d.Files), len(d.Responses), len(d.Done))
	}
	wantFields := []Field{{"@made", "2026-05-01"}, {"@by", "desk"}, {"note[1]", "two of each"}, {"note[2]", "the end"}}
	if !slices.Equal(d.Fields, wantFields) || !slices.Equal(d.Unknown, wantFields) || len(d.Findings) != 0 {
		t.Errorf("the wrapper has fields %v, unknown %v, findings %v; want %v twice and none", d.Fields, d.Unknown, d.Findings, wantFields)
	}
	if r := d.Reports[1]; r.Incident.Type != IncidentTrafficking || len(r.Unknown)+len(r.Findings) != 0 ||
		r.Fields[0] != (Field{"incidentSummary/incidentType", "Child Sex Trafficking"}) {
		t.Errorf("second report %+v", r)
	}
	if f := d.Files[1]; f.FileID != "b" || f.ReportID != IntOf(1) || len(f.Findings) != 0 {
		t.Errorf("second file %+v", f)
	}
	if r := d.Responses[1]; r.Code != IntOf(CodeValidationFailed) || r.Description != "Validation failed" {
		t.Errorf("second answer %+v", r)
	}
	if r := d.Done[0]; !slices.Equal(r.FileIDs, []string{"a", "b"}) || len(r.Findings) != 0 {
		t.Errorf("first last answer %+v", r)
	}
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, doc string
		want      []Field
	}{
		{"numbered only when several", inReport("<new>1</new><other>2</other>"), []Field{{"new", "1"}, {"other", "2"}}},
		{"numbered in hindsight", inReport("<new a='0'><x>1</x><x>2</x></new><new/><new>t</new>"), []Field{
			{"new[1]/@a", "0"}, {"new[1]/x[1]", "1"}, {"new[1]/x[2]", "2"}, {"new[2]", ""}, {"new[3]", "t"}}},
		{"numbered at two levels", inReport("<a><b><c/></b><b/></a><a><b/></a>"), []Field{
			{"a[1]/b[1]/c", ""}, {"a[1]/b[2]", ""}, {"a[2]/b", ""}}},
		{"prefixed name", inReport("<x:new xmlns:x='urn:x' x:a='1'/>"), []Field{{"new/@a", "1"}, {"new", ""}}},
		{"prefixed attribute is not the known one", inSuspect("<personOrUserReportedPerson><email x:type='Home' xmlns:x='urn:x'>a</email></personOrUserReportedPerson>"), []Field{
			{"personOrUserReported[1]/personOrUserReportedPerson/email[1]/@type", "Home"}}},
		{"text among children", inReport("<new>1<x>2</x>3</new>"), []Field{{"new/x", "2"}, {"new/text()", "13"}}},
		{"a second reporter", inReport("<reporter><reportingPerson><firstName>A</firstName></reportingPerson></reporter>"), []Field{
			{"reporter[2]/reportingPerson/firstName", "A"}}},
		{"in the wrong place", inSuspect("<schoolName>x</schoolName>"), []Field{{"personOrUserReported[1]/schoolName", "x"}}},
		{"attribute on the wrong kind", inSuspect("<accountPermanentlyDisabled reenabledDate='2026-01-01T00:00:00Z'>true</accountPermanentlyDisabled>"), []Field{
			{"personOrUserReported[1]/accountPermanentlyDisabled/@reenabledDate", "2026-01-01T00:00:00Z"}}},
		{"attribute of the root", strings.Replace(inReport(""), "<report>", "<report id='5'>", 1), []Field{{"@id", "5"}}},
		{"instance namespace by another name", strings.Replace(inReport(""), "<report>",
			"<report i:schemaLocation='x' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'>", 1), nil},
		{"instance namespace, used further in", strings.Replace(inReport("<victim i:nil='false'><victimPerson i:nil='false'/></victim>"), "<report>",
			"<report xmlns:i='http://www.w3.org/2001/XMLSchema-instance'>", 1), nil},
		{"a report inside a report", inReport("<report/>"), []Field{{"report", ""}}},
		{"new enum values are known", strings.Replace(inReport(""), "Child Sex Trafficking", "New", 1), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := readReport(t, tt.doc)
			if !slices.Equal(r.Unknown, tt.want) {
				t.Errorf("unknown of %s\n got %q\nwant %q", tt.doc, r.Unknown, tt.want)
			}
			i := 0
			for _, f := range r.Fields { // Unknown is a subset of Fields, in the same order
				if i < len(r.Unknown) && f == r.Unknown[i] {
					i++
				}
			}
			if i < len(r.Unknown) {
				t.Errorf("unknown field %v of %s is not among the fields %q", r.Unknown[i], tt.doc, r.Fields)
			}
		})
	}
}

func TestKeptTexts(t *testing.T) {
	t.Parallel()
	r := readReport(t, inSuspect(`<personOrUserReportedPerson><age>forty</age><dateOfBirth>spring 1990</dateOfBirth></personOrUserReportedPerson>`+
		`<ipCaptureEvent><ipAddress>nowhere</ipAddress><eventName>Teleport</eventName></ipCaptureEvent>`))
	p := r.Reported[0]
	if p.Person.Age.Set || p.Person.DateOfBirth.Text != "spring 1990" || !p.Person.DateOfBirth.T.IsZero() {
		t.Errorf("person %+v, want no age and the text of the date", p.Person)
	}
	if p.IPCaptures[0].Address != "nowhere" || p.IPCaptures[0].Event != "Teleport" {
		t.Errorf("capture %+v, want both texts", p.IPCaptures[0])
	}
	if v, _ := r.Get("personOrUserReported[1]/personOrUserReportedPerson/age"); v != "forty" {
		t.Errorf("field age = %q, want forty", v)
	}
	if len(r.Unknown) != 0 {
		t.Errorf("unknown %v, want none", r.Unknown)
	}
}

func TestCountry(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, doc, want string }{
		{"none", inReport("<lawEnforcement><agencyName>a</agencyName></lawEnforcement>"), ""},
		{"in the schema's place", inReport("<lawEnforcement><servedLegalProcessInternational fleaCountry='NL'>true</servedLegalProcessInternational></lawEnforcement>"), "NL"},
		{"on the parent", inReport("<lawEnforcement fleaCountry='BE'/>"), "BE"},
		{"both", inReport("<lawEnforcement fleaCountry='BE'><servedLegalProcessInternational fleaCountry='NL'>true</servedLegalProcessInternational></lawEnforcement>"), "NL"},
	}
	for _, tt := range tests {
		if got := readReport(t, tt.doc).LawEnforcement.Country(); got != tt.want {
			t.Errorf("%s: country %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestRefusedXML(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, doc, want string }{
		{"empty", "", "holds no element"},
		{"not XML", "{}", "text outside"},
		{"cut", "<report><incidentSummary>", "before element"},
		{"document type", "<!DOCTYPE report><report/>", "document type declarations"},
		{"other root", "<html><body>report</body></html>", "holds no report"},
		{"only a leaf", "<reports/>", "holds no report"},
		{"deep", "<x>" + strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100) + "</x>", "nested deeper than"},
		{"large", strings.Repeat(" ", MaxXMLBytes+1), "larger than the limit"},
		{"text behind", inReport("") + "x", "text outside"},
		{"paths that explode", "<x>" + strings.Repeat("<"+strings.Repeat("n", 120)+">", 40) + strings.Repeat("<b/>", 4000) + strings.Repeat("</"+strings.Repeat("n", 120)+">", 40) + "</x>", "far more memory"},
		{"persons that explode", "<report>" + strings.Repeat("<victim/>", 5000) + "</report>", "far more memory"},
		{"reports that explode", "<x>" + strings.Repeat("<report/>", 5000) + "</x>", "far more memory"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := ReadXML([]byte(tt.doc))
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "cybertip: ") {
				t.Errorf("ReadXML gives error %v, want one with %q", err, tt.want)
			}
		})
	}
	_, err := ReadXML([]byte("<report>\n&x;</report>"))
	var e *xmlscan.Error
	if !errors.As(err, &e) || e.Line != 2 || e.Column != 1 {
		t.Errorf("error %v does not lead to line 2, column 1", err)
	}
}

// TestMemory reads documents made to be costly and bounds what they cost.
func TestMemory(t *testing.T) {
	const size = 1 << 20
	fill := func(before, unit, after string) string {
		return before + strings.Repeat(unit, (size-len(before)-len(after))/len(unit)) + after
	}
	docs := map[string]string{
		"unknown elements":    fill("<report>", "<a/>", "</report>"),
		"different elements":  fill("<report>", "<a/><b/><c/><d/><e>1</e>", "</report>"),
		"urls":                fill("<report><internetDetails><webPageIncident>", "<url/>", "</webPageIncident></internetDetails></report>"),
		"associated accounts": fill("<report><victim>", "<associatedAccount/>", "</victim></report>"),
		"reports":             fill("<x>", "<report/>", "</x>"),
		"captures":            fill("<report><victim>", "<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress></ipCaptureEvent>", "</victim></report>"),
		"one long text":       fill("<report><additionalInfo>", "text &amp; ", "</additionalInfo></report>"),
	}
	for name, doc := range docs {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := ReadXML([]byte(doc))
		runtime.ReadMemStats(&after)
		if used := int(after.TotalAlloc-before.TotalAlloc) / len(doc); used > 5*maxGrowth { // slices that grow are counted each time
			t.Errorf("%s: %d times the size of the document was allocated (error %v)", name, used, err)
		} else {
			t.Logf("%s: %d times (error %v)", name, used, err)
		}
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	want := readReport(t, inReport("<additionalInfo>é</additionalInfo>"))
	for _, doc := range []string{
		"\xEF\xBB\xBF" + inReport("<additionalInfo>é</additionalInfo>"),
		"<?xml version='1.0' encoding='ISO-8859-1'?>" + inReport("<additionalInfo>\xE9</additionalInfo>"),
		"<?xml version='1.0' encoding='windows-1252'?>" + inReport("<additionalInfo>&#xE9;</additionalInfo>"),
	} {
		if got := readReport(t, doc); !reflect.DeepEqual(got, want) {
			t.Errorf("reading %q\n got %+v\nwant %+v", doc, got, want)
		}
	}
}
