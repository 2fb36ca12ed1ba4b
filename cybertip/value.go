package cybertip

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Bool is a boolean that may be absent. Absent is not false: whether a provider viewed a file, for example, decides in
// some countries what police may open.
type Bool int8

// Values of Bool.
const (
	Unknown Bool = iota // the element or attribute is absent, or its value could not be read
	False
	True
)

// BoolOf returns True or False.
func BoolOf(b bool) Bool {
	if b {
		return True
	}
	return False
}

// String returns "true", "false" or "unknown".
func (b Bool) String() string {
	switch b {
	case True:
		return "true"
	case False:
		return "false"
	}
	return "unknown"
}

// Int is a whole number that may be absent.
type Int struct {
	N   int64
	Set bool
}

// IntOf returns an Int that is set.
func IntOf(n int64) Int { return Int{n, true} }

// Float is a number that may be absent.
type Float struct {
	F   float64
	Set bool
}

// FloatOf returns a Float that is set.
func FloatOf(f float64) Float { return Float{f, true} }

// Time is a moment or a day as the document gives it. The zero value is absent.
type Time struct {
	Text string    // as written; what WriteXML writes, unless it is empty
	T    time.Time // in UTC; zero if Text could not be read
	Zone bool      // Text says its zone. If not, T takes the text as UTC, which may be hours off
}

// At returns the Time of a moment, to the nanosecond, for elements of the type xs:dateTime.
func At(t time.Time) Time {
	t = t.UTC().Round(0) // without the monotonic clock
	return Time{t.Format(time.RFC3339Nano), t, true}
}

// OnDay returns the Time of a day, for elements of the type xs:date.
func OnDay(year int, month time.Month, day int) Time {
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return Time{t.Format(time.DateOnly), t, false}
}

// IsZero reports whether the time is absent.
func (t Time) IsZero() bool { return t.Text == "" && t.T.IsZero() }

// form says how far a text keeps to the lexical rules of its XML Schema type.
type form uint8

const (
	bad   form = iota // cannot be read
	loose             // clear, but not what the schema allows
	exact
)

// parseBool reads xs:boolean; loosely also other cases and yes, no.
func parseBool(s string) (Bool, form) {
	switch s {
	case "true", "1":
		return True, exact
	case "false", "0":
		return False, exact
	}
	if len(s) <= len("false") {
		switch strings.ToLower(s) {
		case "true", "yes":
			return True, loose
		case "false", "no":
			return False, loose
		}
	}
	return Unknown, bad
}

// parseInt reads xs:int and xs:long.
func parseInt(s string, bits int) (Int, form) {
	n, err := strconv.ParseInt(s, 10, bits)
	if err != nil {
		return Int{}, bad
	}
	return IntOf(n), exact
}

// parseFloat reads the finite values of xs:double.
func parseFloat(s string) (Float, form) {
	if strings.Trim(s, "+-.0123456789eE") != "" || len(s) > 100 {
		return Float{}, bad // what only ParseFloat knows: hexadecimal, underscores, words
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) {
		return Float{}, bad
	}
	return FloatOf(f), exact
}
