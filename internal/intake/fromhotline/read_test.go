package fromhotline

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lapwing/internal/referral"
)

var update = flag.Bool("update", false, "rewrite the golden drafts in testdata")

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestFixtures reads the reports in testdata without a finding and compares
// the drafts with what was once read and checked by hand.
func TestFixtures(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"minimal", "typical", "full", "retracted"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ds, fs := Read(fixture(t, name+".json"), Options{})
			if len(fs) > 0 || len(ds) != 1 {
				t.Fatalf("Read(%s.json) = %d drafts, findings %+v; want one draft, no finding", name, len(ds), fs)
			}
			got, err := json.MarshalIndent(ds[0], "", " ")
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, '\n')
			golden := filepath.Join("testdata", name+".draft")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(fixture(t, name+".draft")), string(got)); diff != "" {
				t.Errorf("Read(%s.json) (-want +got):\n%s", name, diff)
			}
			if len(ds[0].Unknown) > 0 {
				t.Errorf("Read(%s.json) leaves unknown %+v", name, ds[0].Unknown)
			}
		})
	}
}

// start is a report with the mandatory minimum; tests put properties before its end.
const start = `{"hotline":"example","id":"17","received_at":"2020-04-02T08:15:00Z","report":{"what":["material"]}`

func TestFindings(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     []string // "severity path: part of the text"
	}{
		{"empty", ``, []string{"error : empty"}},
		{"blank", " \n", []string{"error : empty"}},
		{"truncated", start, []string{"error : line 1"}},
		{"trailing", start + `} x`, []string{"error : not well-formed"}},
		{"utf-16", "\xff\xfe{\x00}\x00", []string{"error : UTF-16"}},
		{"scalar", `17`, []string{"error : not a hotline report"}},
		{"string", `"hotline"`, []string{"error : not a hotline report"}},
		{"list", `[` + start + `}]`, []string{"error : one report per document"}},
		{"another format", `{"format":"stix","hotline":"example"}`, []string{"error format: another format"}},
		{"another object", `{"reportId":1}`, []string{"error : not a hotline report"}},
		{"nothing in it", `{"hotline":null}`, []string{"error : hotline is missing", "error : id is missing", "error : received_at", "error : neither"}},
		{"no kind", `{"hotline":"example","id":"17","received_at":"2020-04-02T08:15:00Z"}`, []string{"error : neither"}},
		{"kind by item", `{"hotline":"example","id":"17","received_at":"2020-04-02T08:15:00Z","items":[{"classification":"baseline"}]}`, nil},
		{"time unreadable", `{"hotline":"example","id":"17","received_at":"yesterday","report":{"what":"material"}}`,
			[]string{"warning received_at: time with its zone", "error : received_at"}},
		{"tombstone", `{"hotline":"example","id":"17","status":"retracted"}`, nil},
		{"id too long", `{"hotline":"example","id":"` + strings.Repeat("1", 257) + `","status":"retracted"}`, []string{"error id: 256"}},
		{"id with NUL", `{"hotline":"example","id":"1\u0000","status":"retracted"}`, []string{"error id: control"}},
		{"hotline's name", `{"hotline":"Example Line","id":"1","status":"retracted"}`, []string{"warning hotline: letters"}},
		{"newer form", `{"format":"hotline-report/2","hotline":"example","id":"1","status":"retracted"}`, []string{"warning format: another version"}},
		{"BOM", "\ufeff" + start + `}`, nil},
		{"minimum", start + `}`, nil},
		{"version without time", start + `,"version":2}`, []string{"warning version: order of arrival"}},
		{"status", start + `,"status":"lost"}`, []string{"warning status: one of new"}},
		{"unknown", start + `,"x":{"y":[1,2]}}`, []string{"warning x: no such property"}},
		{"unknown in known", start + `,"items":[{"x":1}]}`, []string{"warning items[1]/x: no such property"}},
		{"twice", start + `,"id":"18"}`, []string{"warning id: twice"}},
		{"object for text", start + `,"priority":{"a":1}}`, []string{"warning priority: single value"}},
		{"text for object", start + `,"assessment":"fine"}`, []string{"warning assessment: an object"}},
		{"text for item", start + `,"items":["fine"]}`, []string{"warning items[1]: an object"}},
		{"no answer", start + `,"informational":"perhaps"}`, []string{"warning informational: true or false"}},
		{"number", start + `,"parties":[{"role":"victim","age":"old"}]}`, []string{"warning parties[1]/age: whole number"}},
		{"role", start + `,"parties":[{"role":"villain"},{}]}`, []string{"warning parties[1]/role: one of reported", "warning parties[2]: no role"}},
		{"hash", start + `,"items":[{"hashes":[{"type":"md5","value":"0b"},{"type":"sha1"}]}]}`,
			[]string{"warning items[1]/hashes[1]/value: md5 has 32", "warning items[1]/hashes[2]: empty"}},
		{"classification", start + `,"items":[{"classification":"bad"}]}`, []string{"warning items[1]/classification: baseline"}},
		{"age band", start + `,"items":[{"age_band":"young"}]}`, []string{"warning items[1]/age_band: 0-2"}},
		{"self-generated", start + `,"items":[{"self_generated":"perhaps"}]}`, []string{"warning items[1]/self_generated: voluntary"}},
		{"label", start + `,"items":[{"labels":[{"scheme":"uk"}]}]}`, []string{"warning items[1]/labels[1]: a scheme and a value"}},
		{"handling", start + `,"assessment":{"handling":["H4"]}}`, []string{"warning assessment/handling[1]: H0"}},
		{"evaluation", start + `,"assessment":{"source_evaluation":"D","information_evaluation":1}}`,
			[]string{"warning assessment/source_evaluation: both halves", "warning assessment/information_evaluation: both halves"}},
		{"half an evaluation", start + `,"assessment":{"source_evaluation":"A"}}`, []string{"warning assessment/source_evaluation: both halves"}},
		{"kinds", start + `,"assessment":{"kinds":["csam.production","new.kind"]}}`, []string{"warning assessment/kinds[2]: taxonomy"}},
		{"identifier", start + `,"parties":[{"role":"reported","identifiers":[{"kind":"shoe","value":"42"}]}]}`,
			[]string{"warning parties[1]/identifiers[1]/value: kind is one of"}},
		{"long name", start + `,"` + strings.Repeat("n", 70) + `":1}`, []string{
			"warning " + strings.Repeat("n", 61) + "...: too long", "warning " + strings.Repeat("n", 61) + "...: no such property"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ds, fs := Read([]byte(tt.in), Options{})
			if got, want := len(ds) == 0, referral.Refuses(fs); got != want {
				t.Errorf("Read gives %d drafts although Refuses is %v", len(ds), want)
			}
			for i := range max(len(fs), len(tt.want)) {
				if i >= len(fs) {
					t.Errorf("Read(%.200s): missing finding %q", tt.in, tt.want[i])
				} else if i >= len(tt.want) {
					t.Errorf("Read(%.200s): more findings than wanted: %+v", tt.in, fs[i])
				} else if head, text, _ := strings.Cut(tt.want[i], ": "); head != string(fs[i].Severity)+" "+fs[i].Path || !strings.Contains(fs[i].Text, text) {
					t.Errorf("Read(%.200s): finding %d is %+v, want %q", tt.in, i, fs[i], tt.want[i])
				}
			}
		})
	}
}

// TestKeptUnknown checks that a value which could not be used is in Unknown
// and that every leaf is in Fields, in document order.
func TestKeptUnknown(t *testing.T) {
	t.Parallel()
	in := start + `,"id":"18","odd":[null,{"a/b~c":true}],"items":[{"hashes":[{"type":"md5","value":"0b"}]}],"status":null,"version":"1"}`
	ds, _ := Read([]byte(in), Options{})
	if len(ds) != 1 {
		t.Fatalf("Read gives %d drafts, want 1", len(ds))
	}
	want := []referral.Field{
		{Path: "hotline", Value: "example"}, {Path: "id", Value: "17"}, {Path: "received_at", Value: "2020-04-02T08:15:00Z"},
		{Path: "report/what[1]", Value: "material"}, {Path: "id", Value: "18"}, {Path: "odd[1]"}, {Path: "odd[2]/a~1b~0c", Value: "true"},
		{Path: "items[1]/hashes[1]/type", Value: "md5"}, {Path: "items[1]/hashes[1]/value", Value: "0b"}, {Path: "status"}, {Path: "version", Value: "1"},
	}
	if diff := cmp.Diff(want, ds[0].Fields); diff != "" {
		t.Errorf("Fields (-want +got):\n%s", diff)
	}
	want = []referral.Field{{Path: "id", Value: "17"}, {Path: "odd[1]"}, {Path: "odd[2]/a~1b~0c", Value: "true"}, {Path: "items[1]/hashes[1]/value", Value: "0b"}}
	if diff := cmp.Diff(want, ds[0].Unknown); diff != "" {
		t.Errorf("Unknown (-want +got):\n%s", diff)
	}
	if ds[0].ExternalID != "18" {
		t.Errorf("ExternalID = %q, want the last of two, 18", ds[0].ExternalID)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	deep := start + `,"x":` + strings.Repeat("[", 100000) + strings.Repeat("]", 100000) + `}`
	for _, tt := range []struct {
		name, in, want string
		o              Options
	}{
		{"bytes", start + `}`, "more than the 20", Options{MaxBytes: 20}},
		{"depth", start + `,"x":[[[1]]]}`, "deeper than 3", Options{MaxDepth: 3}},
		{"very deep", deep, "", Options{}}, // encoding/json refuses it before we do
		{"values", start + `,"x":[1,2,[]]}`, "more than 10 values", Options{MaxValues: 10}},
	} {
		ds, fs := Read([]byte(tt.in), tt.o)
		if len(ds) != 0 || len(fs) != 1 || fs[0].Severity != referral.Refuse || !strings.Contains(fs[0].Text, tt.want) {
			t.Errorf("%s: Read = %d drafts, %+v; want one refusal with %q", tt.name, len(ds), fs, tt.want)
		}
	}
}

func TestManyUnknown(t *testing.T) {
	t.Parallel()
	in := start + `,"items":[` + strings.Repeat(`{"x":1},`, 500) + `{}]}`
	ds, fs := Read([]byte(in), Options{})
	if len(ds) != 1 || len(ds[0].Unknown) != 500 {
		t.Fatalf("Read(500 unknown properties) keeps %d drafts, want 1 with all 500", len(ds))
	}
	if len(fs) != maxUnknown+1 || !strings.Contains(fs[maxUnknown].Text, "400 more") {
		t.Errorf("Read(500 unknown properties) gives %d findings, want %d and the number of the others", len(fs), maxUnknown+1)
	}
}

func TestDangerIsEscalation(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"what":"abuse","child_in_danger_now":"true"}`:  "whoever reported says that a child is in danger now",
		`{"what":"abuse","child_in_danger_now":"false"}`: "",
		`{"what":"abuse","child_in_danger_now":null}`:    "",
	} {
		ds, _ := Read([]byte(`{"hotline":"example","id":1,"received_at":"2020-04-02","report":`+in+`}`), Options{})
		if len(ds) != 1 || ds[0].Escalation != want {
			t.Errorf("Read(%s): %d drafts, escalation wanted %q", in, len(ds), want)
		}
	}
}

func TestTime(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in, want  string
		zoned, ok bool
	}{
		{"2020-04-02T08:15:00Z", "2020-04-02T08:15:00Z", true, true},
		{"2020-04-02T08:15:00.25+02:00", "2020-04-02T06:15:00.25Z", true, true},
		{"2020-04-02 08:15:00+0200", "2020-04-02T06:15:00Z", true, true},
		{"2020-04-02 08:15:00 +02:00", "2020-04-02T06:15:00Z", true, true},
		{"2020-04-02 08:15 UTC", "2020-04-02T08:15:00Z", true, true},
		{"2020-04-02t08:15:00z", "2020-04-02T08:15:00Z", true, true},
		{"2020-04-02T08:15:00", "2020-04-02T08:15:00Z", false, true},
		{"2020-04-02 08:15", "2020-04-02T08:15:00Z", false, true},
		{"2020-04-02", "2020-04-02T00:00:00Z", false, true},
		{"2020-02-30", "", false, false},
		{"0001-01-01T00:00:00+14:00", "", false, false},
		{"9999-12-31T23:59:59-12:00", "", false, false},
		{"0000-01-01", "", false, false},
		{"02.04.2020", "", false, false},
		{"", "", false, false},
		{strings.Repeat("2", 1000), "", false, false},
	} {
		got, zoned, ok := Time(tt.in)
		s := ""
		if ok {
			s = got.Format("2006-01-02T15:04:05.999999999Z07:00")
		}
		if s != tt.want || zoned != tt.zoned || ok != tt.ok {
			t.Errorf("Time(%.40q) = %s, %v, %v; want %s, %v, %v", tt.in, s, zoned, ok, tt.want, tt.zoned, tt.ok)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	in := fixture(b, "typical.json")
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		if ds, _ := Read(in, Options{}); len(ds) != 1 {
			b.Fatal("the typical report is refused")
		}
	}
}
