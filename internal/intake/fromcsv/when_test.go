package fromcsv

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestWhen(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		in    string
		zone  *time.Location
		want  string // "" where it cannot be read
		zoned bool
		doubt string
	}{
		{"2020-03-01", nil, "2020-03-01T00:00:00Z", false, ""},
		{"2020-03-01 10:00", nil, "2020-03-01T10:00:00Z", false, ""},
		{"2020-03-01T10:00:00+02:00", berlin, "2020-03-01T08:00:00Z", true, ""},
		{"2020-03-01 10:00", berlin, "2020-03-01T09:00:00Z", true, ""},
		{"2020-07-01 10:00:30", berlin, "2020-07-01T08:00:30Z", true, ""},
		{"01.03.2020", nil, "2020-03-01T00:00:00Z", false, ""},
		{"01.03.2020", berlin, "2020-02-29T23:00:00Z", true, ""},
		{"1.3.2020", nil, "2020-03-01T00:00:00Z", false, ""},
		{"1. 3. 2020", nil, "2020-03-01T00:00:00Z", false, ""},
		{"01.03.2020 10:05", nil, "2020-03-01T10:05:00Z", false, ""},
		{"01.03.2020, 10:05:30 Uhr", nil, "2020-03-01T10:05:30Z", false, ""},
		{"01.03.2020 10.05 Uhr", nil, "2020-03-01T10:05:00Z", false, ""},
		{"01.03.2020 10h05", nil, "2020-03-01T10:05:00Z", false, ""},
		{"01.03.2020 10:05 MEZ", nil, "2020-03-01T09:05:00Z", true, ""},
		{"01.07.2020 10:05 CEST", berlin, "2020-07-01T08:05:00Z", true, ""},
		{"01.03.2020 10:05 +0130", nil, "2020-03-01T08:35:00Z", true, ""},
		{"01.03.2020 10:05 UTC-3", nil, "2020-03-01T13:05:00Z", true, ""},
		{"01.03.2020 10:05:01.250Z", nil, "2020-03-01T10:05:01Z", true, ""},
		{"1/3/2020", nil, "2020-03-01T00:00:00Z", false, "the other way round"},
		{"01-03-2020 10:05", nil, "2020-03-01T10:05:00Z", false, "the other way round"},
		{"3/3/2020", nil, "2020-03-03T00:00:00Z", false, ""},
		{"13/3/2020", nil, "2020-03-13T00:00:00Z", false, ""},
		{"3/13/2020", nil, "2020-03-13T00:00:00Z", false, "month seems to come first"},
		{"1/3/2020 3:04 PM", nil, "2020-03-01T15:04:00Z", false, "the other way round"},
		{"13/3/2020 12:04 am", nil, "2020-03-13T00:04:00Z", false, ""},
		{"2020/03/01 10:05", nil, "2020-03-01T10:05:00Z", false, ""},
		{"2020.3.1", nil, "2020-03-01T00:00:00Z", false, ""},
		{"1.3.20", nil, "2020-03-01T00:00:00Z", false, "two digits"},
		{"29.03.2020 02:30", berlin, "2020-03-29T01:30:00Z", true, "no such time"},
		{"25.10.2020 02:30", berlin, "2020-10-25T00:30:00Z", true, "passed twice"},
		{"2020-10-25 02:30", berlin, "2020-10-25T00:30:00Z", true, "passed twice"},

		{"", nil, "", false, ""}, {"soon", nil, "", false, ""}, {"30.02.2020", nil, "", false, ""}, {"0.3.2020", nil, "", false, ""},
		{"1.13.2020", nil, "", false, ""}, {"13/13/2020", nil, "", false, ""}, {"1.3-2020", nil, "", false, ""}, {"1.3.", nil, "", false, ""},
		{"1.3.2020 25:00", nil, "", false, ""}, {"1.3.2020 10:60", nil, "", false, ""}, {"1.3.2020 13:00 PM", nil, "", false, ""},
		{"1.3.2020 10:00 XYZ", nil, "", false, ""}, {"1.3.2020 10", nil, "", false, ""}, {"1.3.020", nil, "", false, ""},
		{"1.3.2020x", nil, "", false, ""}, {"43891", nil, "", false, ""}, {strings.Repeat("1", 100), nil, "", false, ""},
		{"1.1.0000", nil, "", false, ""}, {"31.12.9999 23:00 -05:00", nil, "", false, ""},
	} {
		m, ok := when(tt.in, tt.zone)
		got := ""
		if ok {
			got = m.utc.Format("2006-01-02T15:04:05Z07:00")
		}
		if got != tt.want || m.zoned != tt.zoned || (m.doubt == "") != (tt.doubt == "") || !strings.Contains(m.doubt, tt.doubt) {
			t.Errorf("when(%.40q, %v) = %s, zoned %v, doubt %q; want %s, %v, %q", tt.in, tt.zone, got, m.zoned, m.doubt, tt.want, tt.zoned, tt.doubt)
		}
	}
}

// TestWhenReadsWhatIsWritten: any moment in any of the forms comes back.
func TestWhenReadsWhatIsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		min := rapid.IntRange(-11*60, 14*60).Draw(t, "offset")
		want := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "seconds"), 0).In(time.FixedZone("", min*60))
		layout := rapid.SampledFrom([]string{"2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05 -0700", "02.01.2006 15:04:05 -07:00",
			"2.1.2006, 15:04:05 -0700", "02/01/2006 03:04:05 PM -0700", "2-1-2006 15:04:05-07:00", "2006/01/02 15:04:05 -0700"}).Draw(t, "layout")
		s := want.Format(layout)
		m, ok := when(s, nil)
		// A month that could be a day is read as a day where the day cannot be a month; never here.
		if !ok || !m.zoned || !m.utc.Equal(want) {
			t.Fatalf("when(%q) = %v, %v; want %v", s, m, ok, want.UTC())
		}
		ambiguous := strings.ContainsAny(layout[:2], "/-") || strings.HasPrefix(layout, "02/") || strings.HasPrefix(layout, "2-")
		ambiguous = ambiguous && want.Day() <= 12 && want.Day() != int(want.Month())
		if (m.doubt != "") != ambiguous {
			t.Fatalf("when(%q) has the doubt %q; ambiguous is %v", s, m.doubt, ambiguous)
		}
	})
}

func ExampleParseMapping() {
	m, err := ParseMapping(`id=Report No,received=Eingang,"url=Adresse, voll"`)
	fmt.Println(m["Adresse, voll"], err)
	// Output: url <nil>
}
