package intakesql

import "context"

// CountReferrals calls each with the number of referrals that concern a
// country, for each day (since 1970-01-01, UTC) that has any, in the order of
// country and day: by the day on which they were received, or of the incident.
// A referral is one row, whatever its versions; it is counted once in each of
// its countries and once for the country "". One that was taken back is not
// counted, and one without the time is not either.
func (s Store) CountReferrals(ctx context.Context, byIncident bool, each func(country string, day, n int64) error) error {
	when := "received_us"
	if byIncident {
		when = "incident_us"
	}
	const day = "86400000000"
	// Both engines cut a quotient towards zero: days before 1970 are out.
	return s.DB.Query(ctx, `SELECT country, day, COUNT(*) FROM (
			SELECT '' AS country, `+when+` / `+day+` AS day FROM intake_referral WHERE state <> 'retracted' AND `+when+` > 0
			UNION ALL
			SELECT c.country, r.`+when+` / `+day+` FROM intake_referral r JOIN intake_country c ON c.referral = r.id WHERE r.state <> 'retracted' AND r.`+when+` > 0
		) t GROUP BY country, day ORDER BY country, day`, nil, func(scan func(...any) error) error {
		var country string
		var day, n int64
		if err := scan(&country, &day, &n); err != nil {
			return err
		}
		return each(country, day, n)
	})
}
