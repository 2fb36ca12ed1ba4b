package indicator_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/fault"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/indicatortest"

	"github.com/google/go-cmp/cmp"
)

func TestEventTouches(t *testing.T) {
	t.Parallel()
	from, to := calendar.Date(2020, 3, 16), calendar.Date(2020, 5, 4)
	for _, c := range []struct {
		e        indicator.Event
		key      indicator.Key
		from, to calendar.Day
		want     bool
	}{
		{indicator.Event{}, de, from, to, true},
		{indicator.Event{}, de, from - 9, from - 1, false},
		{indicator.Event{}, de, from - 9, from, true},
		{indicator.Event{}, de, to, to + 9, true},
		{indicator.Event{}, de, to + 1, to + 9, false},
		{indicator.Event{}, de, from + 1, from + 1, true},
		{indicator.Event{Countries: []string{"DE"}}, de, from, to, true},
		{indicator.Event{Countries: []string{"FR", "AT"}}, de, from, to, false},
		{indicator.Event{Countries: []string{"EU27"}}, de, from, to, true},
		{indicator.Event{Countries: []string{"EU27"}}, indicator.Key{Indicator: "referrals", Geography: "CH"}, from, to, false},
		{indicator.Event{Countries: []string{"DE"}}, indicator.Key{Geography: "EU27"}, from, to, true},
		{indicator.Event{Countries: []string{"CH"}}, indicator.Key{Geography: "EU27"}, from, to, false},
		{indicator.Event{Countries: []string{"CH"}}, indicator.Key{Geography: "ALL"}, from, to, true},
		{indicator.Event{Countries: []string{"ALL"}}, de, from, to, true},
		{indicator.Event{Countries: []string{"DE"}}, indicator.Key{Geography: "Benelux"}, from, to, false},
		{indicator.Event{Indicator: "referrals"}, de, from, to, true},
		{indicator.Event{Indicator: "p2p"}, de, from, to, false},
		{indicator.Event{Source: "ncmec"}, de, from, to, true},
		{indicator.Event{Source: "inhope"}, de, from, to, false},
	} {
		c.e.From, c.e.To = from, to
		if got := c.e.Touches(c.key, c.from, c.to); got != c.want {
			t.Errorf("%+v touches %v from %v to %v: %t, want %t", c.e, c.key, c.from, c.to, got, c.want)
		}
	}
}

func TestEventsOfTheDesk(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		lockdown := indicator.Event{ID: "lockdown-1", Name: "Schools close", Kind: indicator.Lockdown, From: calendar.Date(2020, 3, 16), To: calendar.Date(2020, 5, 4), Countries: []string{"FR", "DE", "FR"}}
		takedown := indicator.Event{ID: "takedown-1", Name: "A forum goes dark", Kind: indicator.Takedown, From: calendar.Date(2019, 10, 16), Indicator: "forum-posts", Source: "web-iq", Note: "announced"}
		put := func(es ...indicator.Event) (out []string) {
			rs, err := d.PutEvents(t.Context(), d.Who, es)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rs {
				out = append(out, strings.TrimSpace(r.ID+" "+string(r.Outcome)+" "+strings.Join(r.Reasons, "; ")))
			}
			return out
		}
		bad := indicator.Event{ID: "a b", Kind: "party", From: calendar.Date(2020, 3, 2), To: calendar.Date(2020, 3, 1), Countries: []string{"XY"}, Indicator: "x", Source: "X", Note: "a\nb"}
		lines(t, put(lockdown, bad, takedown, lockdown), "lockdown-1 accepted",
			`a b refused the id has lower-case letters, digits, dots, dashes and underscores only; the name says nothing; the note is not one line of plain text; "party" is not a kind of event: `+
				`lockdown, campaign, law, takedown, definition, source, other; the event ends on 2020-03-01, before it begins on 2020-03-02; "XY" is not a country of ISO 3166-1; `+
				`no indicator "x" is defined here: referrals, blocked-attempts, p2p, public-reports, forum-posts, darkweb-activity, referrals-by-incident are; "X" is not the name of a source`,
			"takedown-1 accepted", "lockdown-1 duplicate")
		first := d.Clock.Now()
		d.Clock.Move(time.Hour)
		changed := lockdown
		changed.To++
		lines(t, put(changed, takedown), "lockdown-1 updated", "takedown-1 duplicate")
		events := func(asOf time.Time) []indicator.Event {
			es, err := d.Events(t.Context(), asOf)
			if err != nil {
				t.Fatal(err)
			}
			return es
		}
		// In the order of days, put in order, one day where no end was said.
		takedown.To = takedown.From
		lockdown.Countries, changed.Countries = []string{"DE", "FR"}, []string{"DE", "FR"}
		if diff := cmp.Diff([]indicator.Event{takedown, changed}, events(time.Time{})); diff != "" {
			t.Errorf("now (-want +got)\n%s", diff)
		}
		if diff := cmp.Diff([]indicator.Event{takedown, lockdown}, events(first)); diff != "" {
			t.Errorf("as known before (-want +got)\n%s", diff)
		}
		on, err := d.EventsOn(t.Context(), de, calendar.Date(2020, 5, 5), calendar.Date(2020, 5, 31), time.Time{})
		if err != nil || len(on) != 1 || on[0].ID != "lockdown-1" {
			t.Errorf("on referrals of May: %+v, %v", on, err)
		}
		if on, err = d.EventsOn(t.Context(), de, calendar.Date(2020, 5, 5), calendar.Date(2020, 5, 31), first); err != nil || len(on) != 0 {
			t.Errorf("on referrals of May, as known before: %+v, %v", on, err)
		}
		d.Clock.Move(time.Hour)
		if err := d.RemoveEvent(t.Context(), d.Who, "lockdown-1"); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"lockdown-1", "nothing"} {
			if err := d.RemoveEvent(t.Context(), d.Who, id); fault.KindOf(err) != fault.NotFound {
				t.Errorf("remove %s: %v", id, err)
			}
		}
		if es := events(time.Time{}); len(es) != 1 {
			t.Errorf("after it was removed: %+v", es)
		}
		if es := events(first); len(es) != 2 {
			t.Errorf("as known before it was removed: %+v", es)
		}
		d.Clock.Move(time.Hour)
		lines(t, put(changed), "lockdown-1 updated") // it is there again
		if es := events(time.Time{}); len(es) != 2 {
			t.Errorf("after it came back: %+v", es)
		}
		if n := d.AuditEntries("indicator.event"); n != 4 {
			t.Errorf("%d audit entries of events, want 4", n)
		}
		if n := d.AuditEntries("indicator.event.remove"); n != 1 {
			t.Errorf("%d audit entries of a removal, want 1", n)
		}
		d.Whole()
	})
}

func TestReadEvents(t *testing.T) {
	t.Parallel()
	const one = `[{"id":"a","name":"A","kind":"law","from":"2020-03-16","to":"2020-03-17","countries":["DE"]}]`
	es, err := indicator.ReadEvents(strings.NewReader(one))
	if err != nil || len(es) != 1 || es[0].From != calendar.Date(2020, 3, 16) || es[0].To != es[0].From+1 || es[0].Countries[0] != "DE" {
		t.Errorf("%+v, %v", es, err)
	}
	for _, s := range []string{"", "{}", "[", one + one, `[{"id":"a","frm":"2020-03-16"}]`, `[{"from":"16.3.2020"}]`, `[{"from":5}]`, strings.Repeat(" ", 16<<20) + "[]", "[" + strings.Repeat("{},", 10_000) + "{}]"} {
		if es, err := indicator.ReadEvents(strings.NewReader(s)); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%.60q was read as %d events, %v", s, len(es), err)
		}
	}
}

func FuzzReadEvents(f *testing.F) {
	f.Add(`[{"id":"a","name":"A","kind":"law","from":"2020-03-16","to":"2020-03-17","countries":["DE"],"note":"x"}]`)
	f.Add(`[]`)
	f.Fuzz(func(t *testing.T, s string) {
		es, err := indicator.ReadEvents(strings.NewReader(s))
		if err != nil {
			return
		}
		b, err := json.Marshal(es)
		if err != nil {
			t.Fatalf("%q: what was read cannot be written: %v", s, err)
		}
		again, err := indicator.ReadEvents(strings.NewReader(string(b)))
		if err != nil || cmp.Diff(es, again) != "" && len(es) > 0 {
			t.Fatalf("%q became %+v, and then %+v, %v", s, es, again, err)
		}
	})
}
