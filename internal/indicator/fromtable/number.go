package fromtable

import (
	"strconv"
	"strings"
)

// A Decimal is what stands before the decimals of a number.
type Decimal string

const (
	Point Decimal = "point"
	Comma Decimal = "comma"
)

func (d Decimal) byte() byte {
	switch d {
	case Point:
		return '.'
	case Comma:
		return ','
	}
	return 0
}

// maxExact is the greatest whole number up to which each has a float64 of its
// own, 2^53.
const maxExact = 1 << 53

// How the one comma or point in a number can be meant.
type mark uint8

const (
	noMark      mark = iota // 1234, 1 234
	asPoint                 // 1.5: the point stands before decimals
	asComma                 // 1,5
	twice                   // 1.234 or 1,234: decimals or thousands
	notANumber              // nothing that is read as a number
	belowZero               // -5
	tooLarge                // beyond 2^53
	wrongMark               // a comma where the table has decimal points, or the other way round
	wrongGroups             // 1.23.456
)

// number reads a number. Where dec is 0, the number itself has to show what a
// comma or point in it means; m is twice where it does not. rounded says that
// it is written as 1.2E+06, the way in which spreadsheets round.
func number(s string, dec byte) (v float64, m mark, rounded bool) {
	if len(s) > 0 && s[0] == '+' {
		s = s[1:]
	}
	negative := false
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		s, negative = rest, true
	} else if rest, ok := strings.CutPrefix(s, "−"); ok {
		s, negative = rest, true
	}
	exp, exponent := 0, false
	if i := strings.IndexAny(s, "eE"); i > 0 {
		e := strings.TrimPrefix(s[i+1:], "+")
		n, err := strconv.Atoi(e)
		if err != nil || n > 400 || n < -400 {
			return 0, notANumber, false
		}
		exp, exponent, rounded, s = n, true, n > 0, s[:i]
	}
	if s == "" || len(s) > 60 {
		return 0, notANumber, false
	}

	var p parts
	if !p.cut(s) {
		return 0, notANumber, false
	}
	m = p.meaning(exponent)
	if m == notANumber || m == wrongGroups {
		return 0, m, rounded
	}
	switch dec {
	case 0:
		if m == twice {
			return 0, m, rounded
		}
		dec = '.'
		if m == asComma {
			dec = ','
		}
	case '.':
		if m == asComma {
			return 0, wrongMark, rounded
		}
	case ',':
		if m == asPoint {
			return 0, wrongMark, rounded
		}
	}
	digits, places, ok := p.digits(dec)
	if !ok {
		return 0, wrongGroups, rounded
	}
	if len(digits) > 40 {
		return 0, tooLarge, rounded
	}
	v, err := strconv.ParseFloat(string(digits)+"e"+strconv.Itoa(exp-places), 64)
	switch {
	case err != nil || v > maxExact:
		return 0, tooLarge, rounded
	case negative && v != 0:
		return 0, belowZero, rounded
	}
	return v, m, rounded
}

// parts are the digits of a number between its separators.
type parts struct {
	text   string
	groups [16]struct{ from, to int } // of text
	seps   [16]byte                   // before groups[i+1]: point, comma, or a blank for blanks and apostrophes
	n      int                        // of groups
	points int
	commas int
	blanks int
}

func (p *parts) cut(s string) bool {
	p.text = s
	from := 0
	for i := 0; i < len(s); {
		c, size := s[i], 1
		var sep byte
		switch {
		case c >= '0' && c <= '9':
			i++
			continue
		case c == '.':
			sep, p.points = '.', p.points+1
		case c == ',':
			sep, p.commas = ',', p.commas+1
		case c == ' ', c == '\'':
			sep = ' '
		default:
			for _, blank := range [...]string{"\u00a0", "\u202f", "\u2009", "’", "\u2007"} {
				if strings.HasPrefix(s[i:], blank) {
					sep, size = ' ', len(blank)
				}
			}
			if sep == 0 {
				return false
			}
		}
		if sep == ' ' {
			p.blanks++
		}
		if p.n == len(p.groups)-1 {
			return false
		}
		p.groups[p.n].from, p.groups[p.n].to = from, i
		p.seps[p.n] = sep
		p.n++
		i += size
		from = i
	}
	p.groups[p.n].from, p.groups[p.n].to = from, len(s)
	p.n++
	return true
}

func (p *parts) len(i int) int { return p.groups[i].to - p.groups[i].from }

// meaning is what the number says by itself of its commas and points.
func (p *parts) meaning(exponent bool) mark {
	last := p.n - 1
	if p.len(last) == 0 { // "5." and the like
		return notANumber
	}
	switch {
	case p.points == 0 && p.commas == 0:
		return noMark
	case p.points > 0 && p.commas > 0:
		// The last one is before decimals, and stands once.
		switch {
		case p.seps[last-1] == '.' && p.points == 1:
			return asPoint
		case p.seps[last-1] == ',' && p.commas == 1:
			return asComma
		}
		return wrongGroups
	case p.points > 1: // of thousands
		return asComma
	case p.commas > 1:
		return asPoint
	}
	alone := asPoint
	if p.commas == 1 {
		alone = asComma
	}
	if p.seps[last-1] == ' ' { // 1,234 567
		return wrongGroups
	}
	switch {
	case p.blanks > 0, exponent: // the blanks are for thousands
		return alone
	case p.len(last) != 3, p.len(0) > 3, p.len(0) == 0, p.text[0] == '0':
		return alone
	}
	return twice
}

// digits are those of the number without separators, the last places of them
// decimals.
func (p *parts) digits(dec byte) (digits []byte, places int, ok bool) {
	digits = make([]byte, 0, 64)
	thousands := byte(0)
	for i := range p.n {
		if i > 0 && p.seps[i-1] == dec {
			if i != p.n-1 {
				return nil, 0, false
			}
			places = p.len(i)
			digits = append(digits, p.text[p.groups[i].from:p.groups[i].to]...)
			break
		}
		if i > 0 {
			sep := p.seps[i-1]
			if thousands != 0 && sep != thousands {
				return nil, 0, false
			}
			thousands = sep
			if p.len(i) != 3 || p.len(0) == 0 || p.len(0) > 3 {
				return nil, 0, false
			}
		} else if p.len(0) == 0 && !(p.n == 2 && p.seps[0] == dec) {
			return nil, 0, false
		}
		digits = append(digits, p.text[p.groups[i].from:p.groups[i].to]...)
	}
	return digits, places, true
}

// quick reads what most cells are, digits with at most one decimal mark. For
// anything else ok is false.
func quick(b []byte, dec byte) (v float64, ok bool) {
	if len(b) == 0 || len(b) > 15 {
		return 0, false
	}
	n, places := int64(0), -1
	for _, c := range b {
		switch {
		case c >= '0' && c <= '9':
			n = n*10 + int64(c-'0')
			if places >= 0 {
				places++
			}
		case c == dec && dec != 0 && places < 0:
			places = 0
		default:
			return 0, false
		}
	}
	switch {
	case places < 0:
		return float64(n), true
	case places == 0 || places == len(b)-1:
		return 0, false
	}
	// Both are exact, so that the quotient is the nearest float64.
	return float64(n) / powers[places], true
}

var powers = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}
