package chart

import (
	"math"
	"strings"
	"testing"
)

func TestNumber(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		v    float64
		want string
	}{
		{0, "0"}, {math.Copysign(0, -1), "0"}, {7, "7"}, {999, "999"}, {1000, "1 000"}, {12345, "12 345"}, {982114, "982 114"}, {46e6, "46 000 000"},
		{-1234, "−1 234"}, {0.5, "0.5"}, {1.25, "1.25"}, {12.34, "12.3"}, {123.4, "123"}, {0.0012, "0.001"}, {-0.2, "−0.2"}, {-0.0001, "−0.0001"},
		{999.6, "1 000"}, {1e15, "1 000 000 000 000 000"}, {1e300, "1e+300"}, {-1e300, "−1e+300"}, {math.NaN(), "no data"}, {math.Inf(1), "+Inf"},
	} {
		if got := strings.ReplaceAll(Number(tt.v), thin, " "); got != tt.want {
			t.Errorf("Number(%v): got %q, want %q", tt.v, got, tt.want)
		}
	}
	for v, want := range map[float64]string{9999: "9 999", 25000: "25k", 982114: "982k", 1.5e6: "1.5M", 2e9: "2bn", 1e15: "1 000T"} {
		if got := strings.ReplaceAll(short(v), thin, " "); got != want {
			t.Errorf("short(%v): got %q, want %q", v, got, want)
		}
	}
}

func TestRatioWords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		r    float64
		want string
	}{
		{3, "tripled"}, {2.96, "tripled"}, {3.049, "tripled"}, {3.05, "×3.1"}, {1.5, "+50 %"}, {2.06, "×2.1"}, {2, "doubled"}, {1.95, "doubled"}, {1.92, "almost doubled"},
		{1.89, "+89 %"}, {2.92, "almost tripled"}, {4, "quadrupled"}, {0.5, "halved"}, {0.51, "−49 %"}, {1, "unchanged"}, {1.004, "unchanged"}, {1.006, "+1 %"}, {0.994, "−1 %"},
		{0.7, "−30 %"}, {12.4, "×12"}, {0.0014, "−99.8 %"}, {0.0001, "down to almost none"}, {0, "down to none"}, {5000, "more than ×999"},
		{-1, ""}, {math.NaN(), ""}, {math.Inf(1), ""},
	} {
		if got := strings.ReplaceAll(RatioWords(tt.r), thin, " "); got != tt.want {
			t.Errorf("RatioWords(%v): got %q, want %q", tt.r, got, tt.want)
		}
	}
	for p, want := range map[float64]string{0: "0 %", 1: "100 %", 0.9999: "99.9 %", 0.004: "0.4 %", 0.00001: "<0.1 %", 0.714: "71 %"} {
		if got := strings.ReplaceAll(percent(p), thin, " "); got != want {
			t.Errorf("percent(%v): got %q, want %q", p, got, want)
		}
	}
}
