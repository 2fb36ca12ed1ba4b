// Package fromcybertip makes drafts of CyberTipline reports, as providers
// submit them to NCMEC (XML) and as NCMEC delivers them to police (JSON).
//
// [ReadXML] takes what package cybertip takes: reports, and the documents
// beside them that speak about a report, which are the details of its files
// and the server's answers. [Document.Join] adds these companions to the draft
// of their report, [Document.Part] makes a draft of them alone and [Merge]
// brings that into a draft made earlier. [ReadJSON] takes a delivered report.
//
// Every leaf of a document is in the draft's Fields; what has a place in the
// draft's structure is there as well. Leaves of companions have a path that
// begins with the kind of the companion and a digest of its content, as in
//
//	fileDetails[3f62a1c09b5e7d84]/originalFileHash[1]
//
// so that a path stays the same whatever else is joined, and in any order.
//
// Reading syntax and values is for package cybertip; what is plausible is
// asked of every draft by package lint; what follows from the values is for
// package assess. Two choices are made here and nowhere else: which kind a
// report on material is (kindOf, passedOn), and who the provider is where the
// submitted form does not say (providerOf).
package fromcybertip

import (
	"strings"
	"time"

	"lapwing/cybertip"
	"lapwing/internal/referral"
)

// Names of the formats, the version of their reader, and who vouches for the
// external ids of both.
const (
	FormatXML  = "cybertip-xml"
	FormatJSON = "cybertip-json"
	Reader     = 1
	Source     = "ncmec"
)

// below is the path of a leaf under a prefix; either may be empty.
func below(prefix, path string) string {
	switch {
	case prefix == "":
		return path
	case path == "":
		return prefix
	}
	return prefix + "/" + path
}

func fieldsOf(fs []cybertip.Field) []referral.Field {
	if len(fs) == 0 {
		return nil
	}
	out := make([]referral.Field, len(fs))
	for i, f := range fs {
		out[i] = referral.Field(f)
	}
	return out
}

// withUnread are the unknown leaves together with those whose path is in
// unread, in document order.
func withUnread(c *cybertip.Content, unread map[string]bool) []cybertip.Field {
	if len(unread) == 0 {
		return c.Unknown
	}
	var out []cybertip.Field
	unknown := c.Unknown
	for _, f := range c.Fields {
		switch {
		case len(unknown) > 0 && unknown[0] == f:
			unknown = unknown[1:]
			out = append(out, f)
		case unread[f.Path]:
			out = append(out, f)
		}
	}
	return append(out, unknown...)
}

func triOf(b cybertip.Bool) referral.Tri {
	switch b {
	case cybertip.True:
		return referral.True
	case cybertip.False:
		return referral.False
	}
	return referral.Unknown
}

// either is True where one of the statements is, else False where one is.
func either(ts ...referral.Tri) referral.Tri {
	out := referral.Unknown
	for _, t := range ts {
		if t == referral.True {
			return referral.True
		}
		if t == referral.False {
			out = referral.False
		}
	}
	return out
}

// utc is the moment of a time that could be read, else zero. A zone can move
// a time out of the years that JSON can hold.
func utc(t cybertip.Time) time.Time {
	if y := t.T.Year(); y < 1 || y > 9999 {
		return time.Time{}
	}
	return t.T
}

// dayOf is a date of birth as 2006-01-02, or its text where it could not be read.
func dayOf(t cybertip.Time) string {
	if at := utc(t); !at.IsZero() {
		return at.Format(time.DateOnly)
	}
	return t.Text
}

// within is n where it lies between low and high, else 0, which says unknown.
func within(n cybertip.Int, low, high int64) int {
	if !n.Set || n.N < low || n.N > high {
		return 0
	}
	return int(n.N)
}

func moment(kind referral.MomentKind, t cybertip.Time) (referral.Moment, bool) {
	return referral.Moment{Kind: kind, UTC: utc(t), Text: t.Text, Zoned: t.Zone}, !t.IsZero()
}

// countryCode is a country as written, two-letter codes in capitals.
func countryCode(s string) string {
	if len(s) == 2 {
		return strings.ToUpper(s)
	}
	return s
}
