package assess

import (
	"strings"
	"unicode"
)

// asciiLabel is a label in the ASCII form of IDNA (RFC 5890): itself, or
// "xn--" and its Punycode.
func asciiLabel(label string) (string, bool) {
	plain := true
	for _, r := range label {
		if r < 0x80 {
			continue
		}
		plain = false
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != '·' && r != '\u200c' && r != '\u200d' {
			return "", false
		}
	}
	if plain {
		return label, true
	}
	p, ok := punycode(label)
	return "xn--" + p, ok
}

// punycode encodes as RFC 3492 section 6.3 says, with the parameters of
// section 5. It fails for labels that are too long to be a name.
func punycode(label string) (string, bool) {
	const base, tMin, tMax, skew, damp, first = 36, 1, 26, 38, 700, 72
	rs := []rune(label)
	if len(rs) > 63 {
		return "", false
	}
	var out strings.Builder
	for _, r := range rs {
		if r < 0x80 {
			out.WriteByte(byte(r))
		}
	}
	basic := out.Len()
	done := basic
	if basic > 0 {
		out.WriteByte('-')
	}
	n, delta, bias := rune(0x80), 0, first
	for done < len(rs) {
		next := rune(unicode.MaxRune + 1)
		for _, r := range rs {
			if r >= n && r < next {
				next = r
			}
		}
		delta += int(next-n) * (done + 1)
		n = next
		for _, r := range rs {
			if r < n {
				delta++
			}
			if r != n {
				continue
			}
			q := delta
			for k := base; ; k += base {
				t := min(max(k-bias, tMin), tMax)
				if q < t {
					out.WriteByte(punyDigit(q))
					break
				}
				out.WriteByte(punyDigit(t + (q-t)%(base-t)))
				q = (q - t) / (base - t)
			}
			// Adapt the bias, section 6.1.
			if done == basic {
				delta /= damp
			} else {
				delta /= 2
			}
			done++
			delta += delta / done
			k := 0
			for ; delta > (base-tMin)*tMax/2; k += base {
				delta /= base - tMin
			}
			bias = k + (base-tMin+1)*delta/(delta+skew)
			delta = 0
		}
		delta++
		n++
	}
	return out.String(), true
}

func punyDigit(d int) byte {
	if d < 26 {
		return byte('a' + d)
	}
	return byte('0' + d - 26)
}
