package chart

import (
	"math"
	"strconv"
	"strings"
)

// thin is the narrow space that holds thousands apart and stands before a
// per cent sign, and does not break a line.
const thin = "\u202f"

// Number writes v for a person: thousands apart by a narrow space, a true
// minus, no decimals from 100 on, and below that three figures that count.
// NaN is "no data".
func Number(v float64) string {
	switch a := math.Abs(v); {
	case math.IsNaN(v):
		return noData
	case a > most:
		return strings.Replace(strconv.FormatFloat(v, 'g', 3, 64), "-", "−", 1)
	case a >= 100 || a == math.Trunc(a):
		return decimals(v, 0)
	case a >= 10:
		return trim(decimals(v, 1))
	case a >= 1:
		return trim(decimals(v, 2))
	case a >= 0.0005:
		return trim(decimals(v, 3))
	}
	return strings.Replace(strconv.FormatFloat(v, 'g', 2, 64), "-", "−", 1)
}

// decimals writes v with that many decimals and thousands apart.
func decimals(v float64, places int) string {
	s := strconv.FormatFloat(math.Abs(v), 'f', places, 64)
	whole, frac, _ := strings.Cut(s, ".")
	var b strings.Builder
	if v < 0 && strings.Trim(s, "0.") != "" {
		b.WriteString("−")
	}
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(thin)
		}
		b.WriteByte(whole[i])
	}
	if frac != "" {
		b.WriteByte('.')
		b.WriteString(frac)
	}
	return b.String()
}

// trim drops zeros at the end of a fraction.
func trim(s string) string {
	if strings.IndexByte(s, '.') < 0 {
		return s
	}
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// short is a number for narrow places: 250k, 1.5M.
func short(v float64) string {
	for _, u := range []struct {
		size float64
		sign string
	}{{1e12, "T"}, {1e9, "bn"}, {1e6, "M"}, {1e4, "k"}} {
		if math.Abs(v) >= u.size {
			if u.sign == "k" {
				u.size = 1e3
			}
			return Number(v/u.size) + u.sign
		}
	}
	return Number(v)
}

// RatioWords says a ratio of now to before as one would: "tripled", "+50 %",
// "×2.4", "halved", "unchanged". It is empty where there is no ratio.
func RatioWords(r float64) string {
	tenth := math.Round(r * 10)
	switch {
	case math.IsNaN(r) || math.IsInf(r, 0) || r < 0:
		return ""
	case r == 0:
		return "down to none"
	case r < 0.001:
		return "down to almost none"
	case near(r, 1, 0.005):
		return "unchanged"
	case near(r, 0.5, 0.005):
		return "halved"
	case r < 1:
		return "−" + percent(1-r)
	case tenth == 20:
		return "doubled"
	case tenth == 30:
		return "tripled"
	case tenth == 40:
		return "quadrupled"
	case r >= 1.9 && r < 2:
		return "almost doubled"
	case r >= 2.9 && r < 3:
		return "almost tripled"
	case r < 2:
		return "+" + percent(r-1)
	case r < 9.95:
		return "×" + trim(decimals(tenth/10, 1))
	case r <= 999:
		return "×" + decimals(r, 0)
	}
	return "more than ×999"
}

// near says whether r rounds to v: v-d counts, v+d does not.
func near(r, v, d float64) bool { return r >= v-d && r < v+d }

// percent is a share as 50 %. What is not none never says 0 %, nor what is not
// all 100 %.
func percent(p float64) string {
	s := decimals(100*p, 0)
	switch {
	case p > 0 && p < 0.0005:
		s = "<0.1"
	case s == "0" && p > 0:
		s = decimals(100*p, 1)
	case s == "100" && p < 1:
		s = decimals(math.Floor(1000*p)/10, 1)
	}
	return s + thin + "%"
}
