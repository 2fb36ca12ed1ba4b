package cybertip

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

type writer interface{ WriteXML(io.Writer) error }

// TestRoundTrip draws documents of each kind, writes and reads them.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		doc  func() writer
		read func(*Document) writer // without Content
	}{
		{"report", func() writer { return new(Report) }, func(d *Document) writer { r := d.Reports[0]; r.Content = Content{}; return r }},
		{"fileDetails", func() writer { return new(FileDetails) }, func(d *Document) writer { r := d.Files[0]; r.Content = Content{}; return r }},
		{"reportResponse", func() writer { return new(Response) }, func(d *Document) writer { r := d.Responses[0]; r.Content = Content{}; return r }},
		{"reportDoneResponse", func() writer { return new(DoneResponse) }, func(d *Document) writer { r := d.Done[0]; r.Content = Content{}; return r }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				want := tt.doc()
				draw(t, reflect.ValueOf(want).Elem(), tt.name)
				var b bytes.Buffer
				if err := want.WriteXML(&b); err != nil {
					t.Fatalf("WriteXML: %v", err)
				}
				d, err := ReadXML(b.Bytes())
				if err != nil {
					t.Fatalf("ReadXML(%s): %v", b.Bytes(), err)
				}
				if c := d.content(); len(c.Unknown) != 0 || c.HasErrors() {
					t.Fatalf("%s has unknown %v, findings %v", b.Bytes(), c.Unknown, c.Findings)
				}
				if diff := compareLeaves(b.Bytes(), d.content().Fields); diff != "" {
					t.Fatalf("%s: %s", b.Bytes(), diff)
				}
				if got := tt.read(d); !reflect.DeepEqual(got, want) {
					t.Fatalf("read from %s\n got %+v\nwant %+v", b.Bytes(), got, want)
				}
			})
		})
	}
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	valid := func() *Report {
		return &Report{
			Incident: &IncidentSummary{Type: IncidentMaterial, Time: At(time.Unix(1700000000, 0))},
			Reporter: &Reporter{Person: &Person{}},
		}
	}
	tests := []struct {
		name   string
		change func(*Report)
		want   []string
	}{
		{"nothing", func(*Report) {}, nil},
		{"nothing required", func(r *Report) { *r = Report{} }, []string{
			"error: incidentSummary is missing", "error: reporter is missing"}},
		{"control character", func(r *Report) { r.Incident.Platform = "a\x00b\x01"; r.AdditionalInfo = "\uFFFE" }, []string{
			"error: incidentSummary/platform holds a character that XML cannot carry",
			"error: additionalInfo holds a character that XML cannot carry"}},
		{"broken UTF-8", func(r *Report) { r.Batch = "\xFF" }, []string{
			"error: batchedReport holds a character that XML cannot carry",
			"error: batchedReport/@reason is not one of the values that the schema knows"}},
		{"time that cannot be read", func(r *Report) { r.Incident.Time = Time{Text: "soon"} }, []string{
			"error: incidentSummary/incidentDateTime is not a date and time such as 2026-01-15T10:00:00Z"}},
		{"time in a loose form", func(r *Report) { r.Incident.Time = Time{Text: "2026-01-15 10:00:00"} }, []string{
			"warning: incidentSummary/incidentDateTime is readable, but the schema asks for a date and time such as 2026-01-15T10:00:00Z"}},
		{"newer flag", func(r *Report) { r.Incident.Flags = ReportInformational | ReportSpam }, []string{
			"warning: incidentSummary/reportAnnotations/informational is newer than the schema of 2025-11"}},
		{"newer element", func(r *Report) { r.Reporter.Person.AgeDiscrepancy = False }, []string{
			"warning: reporter/reportingPerson/ageAssertionDiscrepancy is newer than the schema of 2025-11"}},
		{"country on the parent", func(r *Report) { r.LawEnforcement = &LawEnforcement{AgencyName: "a", ParentCountry: "NL"} }, []string{
			"warning: lawEnforcement/@fleaCountry stands elsewhere in the schema of 2025-11"}},
		{"two kinds of incident", func(r *Report) {
			r.Internet = []InternetDetails{{WebPage: &WebPageIncident{}, Email: &EmailIncident{}}}
		}, []string{"error: internetDetails[1] may hold only one kind of incident"}},
		{"capture without address", func(r *Report) { r.Victims = []Victim{{Account: Account{IPCaptures: []IPCapture{{}}}}} }, []string{
			"error: victim[1]/ipCaptureEvent[1]/ipAddress is missing",
			"error: victim[1]/victimPerson is missing"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := valid()
			tt.change(r)
			var b bytes.Buffer
			err := r.WriteXML(&b)
			var invalid *InvalidError
			var got []string
			if errors.As(err, &invalid) {
				got = list(invalid.Findings)
			}
			if !slices.Equal(got, tt.want) || (err == nil) != (tt.want == nil) || err != nil && b.Len() > 0 {
				t.Errorf("WriteXML: %v, %d bytes written\n got %s\nwant %s", err, b.Len(), strings.Join(got, "\n     "), strings.Join(tt.want, "\n     "))
			}
		})
	}
}

func TestWriteUsesTimeWithoutText(t *testing.T) {
	t.Parallel()
	r := &Report{
		Incident: &IncidentSummary{Type: IncidentMaterial, Time: Time{T: time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600))}},
		Reporter: &Reporter{Person: &Person{DateOfBirth: Time{T: time.Date(1990, 7, 1, 0, 0, 0, 0, time.UTC)}}},
	}
	var b strings.Builder
	if err := r.WriteXML(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<incidentDateTime>2026-01-02T02:04:05Z<", "<dateOfBirth>1990-07-01<"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s lacks %s", b.String(), want)
		}
	}
}

type failing struct{}

var errFull = errors.New("full")

func (failing) Write([]byte) (int, error) { return 0, errFull }

func TestWriteReportsTheWriter(t *testing.T) {
	t.Parallel()
	r := &Response{Code: IntOf(CodeSuccess), Description: "Success"}
	if err := r.WriteXML(failing{}); !errors.Is(err, errFull) {
		t.Errorf("error %v, want that of the writer", err)
	}
}
