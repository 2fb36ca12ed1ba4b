package intakesql_test

import (
	"fmt"
	"testing"
	"time"

	"lapwing/internal/intake"
	"lapwing/internal/intake/intakesql"
	"lapwing/internal/intake/intaketest"
	"lapwing/internal/referral"
	"lapwing/internal/sqldb"
	"lapwing/internal/sqldb/sqldbtest"

	"github.com/google/go-cmp/cmp"
)

func counts(t *testing.T, s intakesql.Store, byIncident bool) []string {
	t.Helper()
	var got []string
	err := s.CountReferrals(t.Context(), byIncident, func(country string, day, n int64) error {
		got = append(got, fmt.Sprintf("%s %s %d", country, time.Unix(day*86400, 0).UTC().Format(time.DateOnly), n))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestCountReferrals(t *testing.T) {
	t.Parallel()
	sqldbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := intakesql.Store{DB: db}
		at := func(s string) time.Time {
			if s == "" {
				return time.Time{}
			}
			v, err := time.Parse(time.RFC3339Nano, s)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		const before, midnight, last = "2020-02-28T23:59:59.999999Z", "2020-02-29T00:00:00Z", "2020-02-29T23:59:59.999999Z"
		var heads []*intake.Head
		for i, r := range []struct {
			countries          []string
			state              referral.State
			received, incident string
		}{
			{[]string{"DE"}, referral.StateOpen, midnight, before},
			{[]string{"DE", "FR"}, referral.StateClosed, last, ""},
			{[]string{"FR"}, referral.StateInformational, before, midnight},
			{nil, referral.StateOpen, midnight, midnight},
			{[]string{"DE"}, referral.StateRetracted, midnight, midnight},
			{[]string{"DE", "DE"}, referral.StateOpen, "1969-12-31T12:00:00Z", last}, // the same country twice, and a clock that was never set
		} {
			heads = append(heads, &intake.Head{ID: int64(i + 1), Ref: fmt.Sprint("R", i), Source: "x", ExternalID: fmt.Sprint(i), State: r.state, Kind: "k",
				Countries: r.countries, Received: at(r.received), Incident: at(r.incident), Version: 3, Versions: 3, Recorded: at(last), Changed: at(last), DataKey: []byte{1}})
		}
		if err := s.Record(t.Context(), &intake.Writes{New: heads, Countries: heads}); err != nil {
			t.Fatal(err)
		}
		for byIncident, want := range map[bool][]string{
			false: {" 2020-02-28 1", " 2020-02-29 3", "DE 2020-02-29 2", "FR 2020-02-28 1", "FR 2020-02-29 1"},
			true:  {" 2020-02-28 1", " 2020-02-29 3", "DE 2020-02-28 1", "DE 2020-02-29 1", "FR 2020-02-29 1"},
		} {
			if d := cmp.Diff(want, counts(t, s, byIncident)); d != "" {
				t.Errorf("by incident %t (-want +got)\n%s", byIncident, d)
			}
		}
	})
}

// A whole intake: later versions of a referral do not count again, and one that
// takes it back takes it out.
func TestCountsFollowVersions(t *testing.T) {
	t.Parallel()
	sqldbtest.Each(t, func(t *testing.T, db *sqldb.DB) {
		d := intaketest.New(t, db)
		s := intakesql.Store{DB: db}
		report := func(day, country, status string) string {
			return fmt.Sprintf(`{"format":"hotline-report/1","hotline":"example","id":"7","updated_at":"2026-01-%sT10:00:00Z","status":%q,"received_at":"2026-01-10T08:00:00Z",
				"assessment":{"kinds":["csam.distribution"],"author":"analyst 1","at":"2026-01-10T09:00:00Z"},
				"items":[{"id":"1","type":"image","url":"https://a.example/1","hosting":{"country":%q},"hashes":[{"type":"md5","value":"8516c09421a983ab389e625404dd0215"}]}]}`, day, status, country)
		}
		d.Take(d.Put("1.json", report("11", "NL", "")))
		first := counts(t, s, false)
		d.Take(d.Put("2.json", report("12", "NL", "")))
		d.Take(d.Put("3.json", report("12", "NL", ""))) // the same again
		if d := cmp.Diff(first, counts(t, s, false)); d != "" || len(first) == 0 || first[0] != " 2026-01-10 1" {
			t.Errorf("after later versions (-first +now), first %q\n%s", first, d)
		}
		d.Take(d.Put("4.json", report("13", "NL", "retracted")))
		if got := counts(t, s, false); got != nil {
			t.Errorf("after it was taken back: %q", got)
		}
	})
}
