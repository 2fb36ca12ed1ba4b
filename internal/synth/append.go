package synth

import "strconv"

// appendPadded appends n with at least so many digits, 32 at most.
func appendPadded(dst []byte, n uint64, digits int) []byte {
	var b [32]byte
	i := len(b)
	for n > 0 || i == len(b) {
		i--
		b[i] = '0' + byte(n%10)
		n /= 10
	}
	for len(b)-i < digits {
		i--
		b[i] = '0'
	}
	return append(dst, b[i:]...)
}

func appendNumber(dst []byte, n int) []byte { return strconv.AppendInt(dst, int64(n), 10) }

const hexDigits = "0123456789abcdef"

func appendHex(dst, value []byte) []byte {
	for _, c := range value {
		dst = append(dst, hexDigits[c>>4], hexDigits[c&15])
	}
	return dst
}

// appendTime appends seconds since 1970 as RFC 3339 in UTC. The calendar is that of Howard Hinnant, "chrono-compatible
// low-level date algorithms", civil_from_days.
func appendTime(dst []byte, unix int64) []byte {
	days, second := unix/86400, unix%86400
	z := days + 719468
	era := z / 146097
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	day := doy - (153*mp+2)/5 + 1
	month := mp + 3
	if month > 12 {
		month -= 12
	}
	year := yoe + era*400
	if month <= 2 {
		year++
	}
	two := func(c byte, n int64) { dst = append(dst, c, '0'+byte(n/10), '0'+byte(n%10)) }
	dst = appendPadded(dst, uint64(year), 4)
	two('-', month)
	two('-', day)
	two('T', second/3600)
	two(':', second/60%60)
	two(':', second%60)
	return append(dst, 'Z')
}

// appendIPv6 appends an address of the country's block 2001:db8:XX00::/40 (RFC 3849). Different numbers give different
// addresses, up to 2^52.
func appendIPv6(dst []byte, country int, number uint64) []byte {
	group := func(n uint64) {
		if n == 0 {
			dst = append(dst, ":0"...)
			return
		}
		dst = append(dst, ':')
		for shift := 12; shift >= 0; shift -= 4 {
			if n>>shift != 0 {
				dst = append(dst, hexDigits[n>>shift&15])
			}
		}
	}
	fourth, fifth := number>>28&0xffff, number>>12&0xffff
	dst = append(dst, "2001:db8"...)
	group(uint64(country+1)<<8 | number>>44&0xff)
	if fourth|fifth != 0 {
		group(fourth)
	}
	if fifth != 0 {
		group(fifth)
	}
	dst = append(dst, ':') // one "::" for all the zeros before the last group (RFC 5952)
	group(number&0xfff + 1)
	return dst
}

// ipv4PerCountry is how many of the 768 documentation addresses a country has: 11 blocks of 23 in each of the
// three ranges of RFC 5737, of which 3 addresses are left over.
const ipv4PerCountry = 23

var ipv4Ranges = [3]string{"192.0.2.", "198.51.100.", "203.0.113."}

// appendIPv4 appends address number modulo 23 of the country's block.
func appendIPv4(dst []byte, country int, number uint64) []byte {
	dst = append(dst, ipv4Ranges[country/11]...)
	return strconv.AppendUint(dst, uint64(country%11*ipv4PerCountry)+number%ipv4PerCountry, 10)
}

// appendPhone appends a number that nobody has. See country.phone.
func appendPhone(dst []byte, c, number int) []byte {
	co := &countries[c]
	limit := uint64(10_000_000)
	if co.digits == 6 {
		limit = 1_000_000
	}
	dst = append(dst, co.phone...)
	return appendPadded(dst, uint64(number)%limit, co.digits)
}

// appendMail appends the e-mail address of person p; which tells several apart.
func appendMail(dst []byte, p, which int) []byte {
	dst = append(dst, "synthetic"...)
	dst = appendNumber(dst, p)
	if which > 0 {
		dst = append(dst, '.', 'a'+byte(which))
	}
	return append(dst, mailDomains[uint(p+which)%3]...)
}

// appendDevice appends an advertising id that counts instead of being random.
func appendDevice(dst []byte, p int) []byte {
	dst = append(dst, "00000000-0000-4000-8000-"...)
	return appendPadded(dst, uint64(p)+1, 12)
}
