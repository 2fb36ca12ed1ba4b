package cybertip

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseDateTime(t *testing.T) {
	t.Parallel()
	const day = "2026-01-15T"
	tests := []struct {
		text string
		want string // RFC 3339 in UTC, "" where it cannot be read
		zone bool
		form form
	}{
		{day + "10:00:00Z", day + "10:00:00Z", true, exact},
		{day + "10:00:00", day + "10:00:00Z", false, exact},
		{day + "10:00:00.123456789Z", day + "10:00:00.123456789Z", true, exact},
		{day + "10:00:00.1234567891Z", day + "10:00:00.123456789Z", true, exact},
		{day + "10:00:00.5+05:30", day + "04:30:00.5Z", true, exact},
		{day + "01:00:00+02:00", "2026-01-14T23:00:00Z", true, exact},
		{day + "10:00:00-14:00", "2026-01-16T00:00:00Z", true, exact},
		{day + "24:00:00Z", "2026-01-16T00:00:00Z", true, exact},
		{"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z", true, exact},
		{"2026-01-15 10:00:00", day + "10:00:00Z", false, loose},
		{"2026-01-15t10:00:00z", day + "10:00:00Z", true, loose},
		{"2026-01-15 10:00:00 UTC", day + "10:00:00Z", true, loose},
		{"2026-01-15 10:00:00 +0100", day + "09:00:00Z", true, loose},
		{day + "10:00:00+01", day + "09:00:00Z", true, loose},
		{day + "10:00Z", day + "10:00:00Z", true, loose},
		{"2026-01-15", day + "00:00:00Z", false, loose},
		{"", "", false, bad},
		{"yesterday", "", false, bad},
		{"2026-13-01T00:00:00Z", "", false, bad},
		{"2025-02-29T00:00:00Z", "", false, bad},
		{"1900-02-29T00:00:00Z", "", false, bad},
		{"2026-04-31T00:00:00Z", "", false, bad},
		{"0000-01-01T00:00:00Z", "", false, bad},
		{"26-01-15T10:00:00Z", "", false, bad},
		{day + "25:00:00Z", "", false, bad},
		{day + "24:00:01Z", "", false, bad},
		{day + "10:60:00Z", "", false, bad},
		{day + "10:00:60Z", "", false, bad},
		{day + "10:00:00.Z", "", false, bad},
		{day + "10:00:00+14:30", "", false, bad},
		{day + "10:00:00+15:00", "", false, bad},
		{day + "10:00:00+1", "", false, bad},
		{day + "10:00:00Zx", "", false, bad},
		{day + "10:00:00 ", "", false, bad},
		{day, "", false, bad},
		{"01-15-2026 10:00:00 UTC", "", false, bad},
	}
	for _, tt := range tests {
		got, form := parseDateTime(tt.text)
		text := ""
		if !got.T.IsZero() {
			text = got.T.Format(time.RFC3339Nano)
		}
		if text != tt.want || got.Zone != tt.zone || form != tt.form || got.Text != tt.text {
			t.Errorf("parseDateTime(%q) = %+v, form %d; want %s, zone %v, form %d", tt.text, got, form, tt.want, tt.zone, tt.form)
		}
	}
}

func TestParseDate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text, want string
		form       form
	}{
		{"1990-07-01", "1990-07-01", exact},
		{"1990-07-01Z", "1990-07-01", exact},
		{"1990-07-01-05:00", "1990-07-01", exact},
		{"1990-07-01+14:00", "1990-07-01", exact},
		{"1990-07-01T23:59:59-05:00", "1990-07-01", loose},
		{"1990-07-01 00:00:00", "1990-07-01", loose},
		{"1990-07-00", "", bad},
		{"1990-07", "", bad},
		{"01/07/1990", "", bad},
		{"1990-07-01T", "", bad},
	}
	for _, tt := range tests {
		got, form := parseDate(tt.text)
		text := ""
		if !got.T.IsZero() {
			text = got.T.Format(time.DateOnly)
		}
		if text != tt.want || form != tt.form {
			t.Errorf("parseDate(%q) = %+v, form %d; want %s, form %d", tt.text, got, form, tt.want, tt.form)
		}
	}
}

// TestTimeAgainstStandard compares with package time on what that package prints.
func TestTimeAgainstStandard(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zone := time.FixedZone("", 60*rapid.IntRange(-14*60, 14*60).Draw(t, "zone"))
		want := time.Unix(rapid.Int64Range(-62135510400, 253402214400).Draw(t, "seconds"), rapid.Int64Range(0, 999999999).Draw(t, "nanoseconds")).In(zone)
		text := want.Format(time.RFC3339Nano)
		got, form := parseDateTime(text)
		if !got.T.Equal(want) || !got.Zone || form != exact {
			t.Fatalf("parseDateTime(%s) = %v, form %d", text, got, form)
		}
		if at := At(want); !at.T.Equal(want) {
			t.Fatalf("At(%v) = %v", want, at)
		}
	})
}

func TestParseBool(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want Bool
		form form
	}{
		{"true", True, exact}, {"1", True, exact}, {"false", False, exact}, {"0", False, exact},
		{"TRUE", True, loose}, {"Yes", True, loose}, {"no", False, loose},
		{"", Unknown, bad}, {"2", Unknown, bad}, {"unknown", Unknown, bad}, {"truetrue", Unknown, bad},
	}
	for _, tt := range tests {
		if got, form := parseBool(tt.text); got != tt.want || form != tt.form {
			t.Errorf("parseBool(%q) = %v, form %d; want %v, form %d", tt.text, got, form, tt.want, tt.form)
		}
	}
}

func TestParseFloat(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{"49.61": 49.61, "-6.13e0": -6.13, "+1": 1, "0": 0} {
		if got, form := parseFloat(text); got.F != want || !got.Set || form != exact {
			t.Errorf("parseFloat(%q) = %v, form %d; want %v", text, got, form, want)
		}
	}
	for _, text := range []string{"", "NaN", "INF", "0x1p4", "1_0", "1,5", "49° N", "1e999", "e"} {
		if got, form := parseFloat(text); got.Set || form != bad {
			t.Errorf("parseFloat(%q) = %v, form %d; want nothing", text, got, form)
		}
	}
}
