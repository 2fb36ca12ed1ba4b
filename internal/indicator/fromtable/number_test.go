package fromtable

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNumber(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   string
		dec  byte
		want float64
		mark mark
	}{
		{"0", 0, 0, noMark}, {"-0", 0, 0, noMark}, {"+12", 0, 12, noMark}, {"007", 0, 7, noMark},
		{"1234", ',', 1234, noMark}, {"1.234", ',', 1234, twice}, {"1.234", '.', 1.234, twice}, {"1.234", 0, 0, twice},
		{"1,234", '.', 1234, twice}, {"1,234", ',', 1.234, twice}, {"999,999", 0, 0, twice},
		{"1234.567", 0, 1234.567, asPoint}, {"0.123", 0, 0.123, asPoint}, {"0,123", 0, 0.123, asComma}, {"1.5", 0, 1.5, asPoint}, {"1,50", 0, 1.5, asComma},
		{".5", 0, 0.5, asPoint}, {",5", ',', 0.5, asComma}, {"5.", 0, 0, notANumber}, {".", 0, 0, notANumber}, {"", 0, 0, notANumber},
		{"1.234,5", 0, 1234.5, asComma}, {"1,234.5", 0, 1234.5, asPoint}, {"1.234.567", 0, 1234567, asComma}, {"1,234,567", '.', 1234567, asPoint},
		{"1.234,5", '.', 0, wrongMark}, {"1,234.5", ',', 0, wrongMark}, {"12,5", '.', 0, wrongMark}, {"12.5", ',', 0, wrongMark}, {"1.234.567", '.', 0, wrongMark},
		{"1 234", 0, 1234, noMark}, {"1\u00a0234,5", 0, 1234.5, asComma}, {"1\u202f234\u202f567", 0, 1234567, noMark}, {"1'234.5", '.', 1234.5, asPoint}, {"1’234", 0, 1234, noMark},
		{"1 23", 0, 0, wrongGroups}, {"1 2345", 0, 0, wrongGroups}, {"1.2345.678", 0, 0, wrongGroups}, {"12 34", 0, 0, wrongGroups}, {"1234 567", 0, 0, wrongGroups}, {"1.23.456", 0, 0, wrongGroups}, {"1,2,3", 0, 0, wrongGroups},
		{"1.234 567", ',', 0, wrongGroups}, {"1,234.567,8", 0, 0, wrongGroups}, {"1 234'567", 0, 1234567, noMark},
		{"-5", 0, 0, belowZero}, {"−5", 0, 0, belowZero}, {"-0,0", ',', 0, asComma},
		{"9007199254740992", 0, 1 << 53, noMark}, {"9007199254740994", 0, 0, tooLarge}, {"1e300", 0, 0, tooLarge}, {"1e5", 0, 1e5, noMark}, {"1,5E+06", 0, 1.5e6, asComma},
		{"1.234E+06", 0, 1.234e6, asPoint}, {"1e-7", 0, 1e-7, noMark}, {"1e", 0, 0, notANumber}, {"1e5.5", 0, 0, notANumber}, {"1e99999999999999999999", 0, 0, notANumber},
		{"0x10", 0, 0, notANumber}, {"1_000", 0, 0, notANumber}, {"inf", 0, 0, notANumber}, {"NaN", 0, 0, notANumber}, {"--5", 0, 0, notANumber}, {"１２", 0, 0, notANumber},
		{"1\x00", 0, 0, notANumber}, {strings.Repeat("1", 61), 0, 0, notANumber}, {"1" + strings.Repeat(".000", 20), 0, 0, notANumber},
	} {
		got, m, _ := number(tt.in, tt.dec)
		if got != tt.want || m != tt.mark || math.Signbit(got) {
			t.Errorf("number(%q, %q) = %v, %d; want %v, %d", tt.in, tt.dec, got, m, tt.want, tt.mark)
		}
	}
}

// TestNumberWritten: a number in any of the ways to write it is read as it is.
func TestNumberWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.OneOf(rapid.Int64Range(0, 1<<53-1), rapid.Int64Range(0, 5000)).Draw(t, "whole")
		decimals := rapid.SampledFrom([]string{"", "5", "25", "125", "000", "0625"}).Draw(t, "decimals")
		if whole > 1e11 {
			decimals = ""
		}
		dec := rapid.SampledFrom([]byte{'.', ','}).Draw(t, "dec")
		other := map[byte]string{'.': ",", ',': "."}[dec]
		sep := rapid.SampledFrom([]string{"", other, " ", "\u00a0", "\u202f", "'", "’"}).Draw(t, "sep")
		digits := strconv.FormatInt(whole, 10)
		var groups []string
		for len(digits) > 3 && sep != "" {
			groups = append([]string{digits[len(digits)-3:]}, groups...)
			digits = digits[:len(digits)-3]
		}
		s := strings.Join(append([]string{digits}, groups...), sep)
		if decimals != "" {
			s += string(dec) + decimals
		}
		want, _ := strconv.ParseFloat(fmt.Sprintf("%d.%s", whole, decimals+"0"), 64)
		if got, m, _ := number(s, dec); got != want || m > twice {
			t.Fatalf("number(%q, %q) = %v, %d; want %v", s, dec, got, m, want)
		}
		if got, ok := quick([]byte(s), dec); ok && got != want {
			t.Fatalf("quick(%q, %q) = %v; want %v", s, dec, got, want)
		}
		// Without being told, a number is read right or not at all.
		if got, m, _ := number(s, 0); m < twice && got != want {
			t.Fatalf("number(%q, 0) = %v; want %v or a question", s, got, want)
		}
	})
}

// TestQuick: quick and number never disagree.
func TestQuick(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[0-9.,]{0,17}`).Draw(t, "s")
		dec := rapid.SampledFrom([]byte{0, '.', ','}).Draw(t, "dec")
		v, ok := quick([]byte(s), dec)
		if !ok {
			return
		}
		if got, m, _ := number(s, dec); got != v || m > twice {
			t.Fatalf("quick(%q, %q) = %v, number says %v, %d", s, dec, v, got, m)
		}
	})
}
