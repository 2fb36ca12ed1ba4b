package cybertip

import (
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"
)

// The methods named as... take the value of the leaf at d.at(), be it an element or an attribute.

const (
	textEmpty = "is empty; leave it out where nothing is known"

	// The schema of 2025-11 does not allow what has one of these texts, but reading loses nothing by it.
	textNewer     = "is newer than the schema of 2025-11"
	textElsewhere = "stands elsewhere in the schema of 2025-11"
	textLoose     = "is readable, but the schema asks for "
)

// unwritable reports whether the pinned schema forbids what f is about, so that WriteXML must not write it.
func (f Finding) unwritable() bool {
	return f.Severity == SeverityError || f.Text == textNewer || f.Text == textElsewhere || strings.HasPrefix(f.Text, textLoose)
}

func (d *decoder) asBool(v string) Bool {
	b, form := parseBool(v)
	d.checkForm(v, form, "true or false")
	return b
}

func (d *decoder) asTime(v string) Time {
	t, form := parseDateTime(v)
	d.checkForm(v, form, "a date and time such as 2026-01-15T10:00:00Z")
	return t
}

func (d *decoder) asDate(v string) Time {
	t, form := parseDate(v)
	d.checkForm(v, form, "a date such as 2026-01-15")
	return t
}

func (d *decoder) asInt(v string, bits int) Int {
	n, form := parseInt(v, bits)
	d.checkForm(v, form, "a whole number")
	return n
}

func (d *decoder) asIntWithin(v string, low, high int64) Int {
	n := d.asInt(v, 32)
	if n.Set && (n.N < low || n.N > high) {
		d.find(SeverityWarning, d.at(), "is not between "+strconv.FormatInt(low, 10)+" and "+strconv.FormatInt(high, 10))
	}
	return n
}

func (d *decoder) asDegrees(v string, most float64) Float {
	x, form := parseFloat(v)
	d.checkForm(v, form, "a decimal number")
	if x.Set && (x.F < -most || x.F > most) {
		d.find(SeverityWarning, d.at(), "is not a position on earth")
	}
	return x
}

func (d *decoder) checkForm(v string, f form, what string) {
	switch {
	case f == exact:
	case f == loose:
		d.find(SeverityWarning, d.at(), textLoose+what)
	case v == "":
		d.find(SeverityError, d.at(), textEmpty)
	default:
		d.find(SeverityError, d.at(), "is not "+what)
	}
}

// asEnum keeps a value that the schema does not know as it is.
func asEnum[T ~string](d *decoder, v string, known []T) T {
	for _, k := range known {
		if v == string(k) {
			return k
		}
	}
	if v == "" {
		d.find(SeverityError, d.at(), textEmpty)
	} else {
		d.find(SeverityError, d.at(), "is not one of the values that the schema knows")
	}
	return T(v)
}

func (d *decoder) asCountry(v string) string {
	if v != "" && !IsCountry(v) {
		d.find(SeverityError, d.at(), "is not a country code that the schema knows")
	}
	return v
}

func (d *decoder) asState(v string) string {
	if v != "" && !IsState(v) {
		d.find(SeverityError, d.at(), "is not the code of a US state or territory")
	}
	return v
}

// asNeeded is for texts that are required but which the schema lets be empty.
func (d *decoder) asNeeded(v string, most int) string {
	if v == "" {
		d.find(SeverityWarning, d.at(), "is empty")
	}
	return d.asText(v, most)
}

func (d *decoder) asIP(v string) string {
	if v == "" {
		d.find(SeverityWarning, d.at(), "is empty")
	} else if _, err := netip.ParseAddr(v); err != nil {
		d.find(SeverityWarning, d.at(), "is not an IP address")
	}
	return v
}

func (d *decoder) asCallingCode(v string) string {
	if len(v) < 2 || len(v) > 4 || v[0] != '+' || !allDigits(v[1:]) {
		d.find(SeverityError, d.at(), "is not a plus sign with one to three digits")
	}
	return v
}

func (d *decoder) asExtension(v string) string {
	if !allDigits(v) {
		d.find(SeverityError, d.at(), "may hold digits only")
	}
	return d.asText(v, 10)
}

func allDigits(v string) bool {
	for i := range len(v) {
		if !isDigit(v[i]) {
			return false
		}
	}
	return v != ""
}

// hashSizes holds the lengths, in bytes, of the hashes whose form is known.
var hashSizes = map[string]int{"MD5": 16, "SHA1": 20, "SHA224": 28, "SHA256": 32, "SHA384": 48, "SHA512": 64, "PDQ": 32}

func (d *decoder) checkHash(h FileHash) {
	if h.Value == "" {
		d.find(SeverityWarning, d.at(), "is empty")
		return
	}
	size, known := hashSizes[h.Algorithm()]
	if !known {
		return
	}
	if len(h.Value) != 2*size {
		d.find(SeverityWarning, d.at(), "has not the "+strconv.Itoa(2*size)+" hexadecimal digits that its type has")
	} else if _, err := hex.DecodeString(h.Value); err != nil {
		d.find(SeverityWarning, d.at(), "holds characters that are not hexadecimal digits")
	}
}
