package synth

import (
	"slices"
	"strings"
	"testing"
	"time"

	"lapwing/internal/indicator"
)

// The figures have the shapes that the package promises.
func TestFigures(t *testing.T) {
	t.Parallel()
	figs, events := Figures(1, time.Time{})
	again, _ := Figures(1, time.Time{})
	if !slices.Equal(figs, again) {
		t.Error("the same seed gives other figures")
	}
	last := map[string]indicator.Figure{} // current by series and period
	places := map[string]map[string]bool{}
	for i, f := range figs {
		if i > 0 && f.Learned.Before(figs[i-1].Learned) {
			t.Fatalf("figure %d was learned before the one in front of it", i)
		}
		if f.Status == "" && f.Value < 0 || f.Status != "" && f.Value != 0 || f.Learned.Before(f.First.Time()) {
			t.Fatalf("figure %+v", f)
		}
		last[f.Key.String()+f.First.String()] = f
		if places[f.Indicator] == nil {
			places[f.Indicator] = map[string]bool{}
		}
		places[f.Indicator][f.Geography] = true
	}
	if len(places) != 6 {
		t.Errorf("%d indicators, want 6", len(places))
	}
	for id, ps := range places {
		if len(ps) != 27 {
			t.Errorf("%s is told of %d countries, want 27", id, len(ps))
		}
	}
	months := map[string]float64{}
	for _, f := range last {
		if f.Indicator == "referrals" {
			months[f.First.String()] += f.Value
		}
	}
	if got := months["2026-04-01"]; got < 850e3 || got > 1e6 {
		t.Errorf("%.0f referrals in April 2026, want nearly a million", got)
	}
	if got := months["2025-04-01"]; got < 300e3 || got > 450e3 {
		t.Errorf("%.0f referrals in April 2025, want a usual month", got)
	}
	var dark, revised int
	for _, f := range figs {
		if f.Indicator == "forum-posts" && f.Status == indicator.Unavailable {
			dark++
		}
		if f.Indicator == "referrals" && f.Provisional {
			revised++
		}
	}
	if dark < 27*10 || revised < 27*50 {
		t.Errorf("%d dark weeks, %d provisional figures: too few", dark, revised)
	}
	for _, e := range events {
		if !strings.Contains(e.Name, "invented") {
			t.Errorf("event %q does not say that it is invented", e.Name)
		}
	}
	t.Logf("%d figures", len(figs))
}
