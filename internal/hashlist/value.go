package hashlist

import (
	"strconv"
	"strings"
	"time"

	"lapwing/internal/referral"
)

// ParseTri reads a yes or no as lists write it: true, false, yes, no, y, n,
// 1, 0, in any case. The empty text and "null" are Unknown; ok is false for
// anything else.
func ParseTri(s string) (t referral.Tri, ok bool) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "":
		return referral.Unknown, true
	case "null", "unknown", "n/a":
		return referral.Unknown, true
	case "true", "yes", "y", "1":
		return referral.True, true
	case "false", "no", "n", "0":
		return referral.False, true
	}
	return referral.Unknown, false
}

var timeForms = []string{
	time.RFC3339Nano,
	"2006-01-02T15:04:05.999999999", // no offset: UTC
	"2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02 15:04:05.999999999",
	"2006-01-02T15:04",
	"2006-01-02",
}

// ParseTime reads a time as lists write it: ISO 8601, UTC where it names no
// offset, or OData's /Date(milliseconds)/ (formats.md C.1). The empty text
// and the year 1, which some programs write for "none", are the zero time; ok
// is false for anything else and for times outside the years 1970 to 9999.
func ParseTime(s string) (t time.Time, ok bool) {
	s = strings.TrimSpace(s)
	if s == "" || strings.EqualFold(s, "null") || strings.HasPrefix(s, "0001-01-01") {
		return time.Time{}, true
	}
	if rest, found := strings.CutPrefix(s, "/Date("); found {
		ms, found := strings.CutSuffix(rest, ")/")
		if i := strings.LastIndexAny(ms, "+-"); i > 0 { // /Date(ms+0100)/: the offset says how to show it
			ms = ms[:i]
		}
		n, err := strconv.ParseInt(ms, 10, 64)
		if !found || err != nil {
			return time.Time{}, false
		}
		if n == -62135596800000 { // the year 1
			return time.Time{}, true
		}
		return within(time.UnixMilli(n))
	}
	for _, form := range timeForms {
		if t, err := time.Parse(form, s); err == nil {
			return within(t)
		}
	}
	return time.Time{}, false
}

func within(t time.Time) (time.Time, bool) {
	t = t.UTC()
	if y := t.Year(); y < 1970 || y > 9999 {
		return time.Time{}, false
	}
	return t, true
}

// ParseMedia is Image or Video for a media type or a word for it, and empty
// for anything else.
func ParseMedia(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if before, _, found := strings.Cut(s, "/"); found {
		s = before
	}
	switch s {
	case "image", "images", "picture", "photo", "still":
		return Image
	case "video", "videos", "movie":
		return Video
	}
	return ""
}
