package hashlist

import (
	"testing"
	"time"

	"lapwing/internal/referral"
)

func TestParseTime(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		in   string
		want time.Time
		ok   bool
	}{
		{"2026-01-15T12:00:00Z", noon, true},
		{"2026-01-15T14:00:00+02:00", noon, true},
		{"2026-01-15T12:00:00", noon, true},
		{"2026-01-15 12:00:00.000", noon, true},
		{" 2026-01-15T12:00 ", noon, true},
		{"2026-01-15", noon.Add(-12 * time.Hour), true},
		{"/Date(1768478400000)/", noon, true},
		{"/Date(1768478400000+0200)/", noon, true},
		{"/Date(-62135596800000)/", time.Time{}, true},
		{"0001-01-01T00:00:00", time.Time{}, true},
		{"", time.Time{}, true},
		{"null", time.Time{}, true},
		{"/Date(99999999999999999)/", time.Time{}, false},
		{"/Date(12", time.Time{}, false},
		{"/Date()/", time.Time{}, false},
		{"1600-01-01", time.Time{}, false},
		{"15/01/2026", time.Time{}, false},
		{"yesterday", time.Time{}, false},
	} {
		got, ok := ParseTime(tt.in)
		if !got.Equal(tt.want) || ok != tt.ok {
			t.Errorf("ParseTime(%q) = %v, %v, want %v, %v", tt.in, got, ok, tt.want, tt.ok)
		}
	}
}

func TestParseTri(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   string
		want referral.Tri
		ok   bool
	}{
		{"true", referral.True, true}, {" TRUE ", referral.True, true}, {"Yes", referral.True, true}, {"1", referral.True, true},
		{"false", referral.False, true}, {"No", referral.False, true}, {"0", referral.False, true},
		{"", referral.Unknown, true}, {"null", referral.Unknown, true},
		{"maybe", referral.Unknown, false}, {"2", referral.Unknown, false},
	} {
		if got, ok := ParseTri(tt.in); got != tt.want || ok != tt.ok {
			t.Errorf("ParseTri(%q) = %v, %v, want %v, %v", tt.in, got, ok, tt.want, tt.ok)
		}
	}
}

func TestParseMedia(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"image/jpeg": Image, "Image": Image, "VIDEO/mp4": Video, "video": Video, "application/pdf": "", "": "",
	} {
		if got := ParseMedia(in); got != want {
			t.Errorf("ParseMedia(%q) = %q, want %q", in, got, want)
		}
	}
}
