package intakehttp

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/intake"
	"lapwing/internal/referral"
)

// fake is a desk in memory. It keeps the promises of intake.Service that the
// pages rest on: the order of the queue, audit before showing, fault kinds.
type fake struct {
	rows    []intake.Summary
	records map[string]*intake.Record
	refused []intake.Refused
	batches []intake.Batch
	looks   []string // what was audited
	err     error    // what every call answers with
	run     func(ctx context.Context, req intake.Request, body []byte) (intake.Totals, error)
}

func (f *fake) Queue(_ context.Context, q intake.Filter) ([]intake.Summary, error) {
	if f.err != nil {
		return nil, f.err
	}
	if len(q.States) == 0 && !q.All {
		q.States = []referral.State{referral.StateOpen}
	}
	var out []intake.Summary
	for _, s := range f.rows {
		if !q.All && !slices.Contains(q.States, s.State) || q.Country != "" && !slices.Contains(s.Countries, q.Country) ||
			q.Source != "" && s.Source != q.Source || q.Media != "" && s.Media != q.Media || s.Risk < q.MinRisk ||
			q.Kind != "" && string(s.Kind) != q.Kind && !strings.HasPrefix(string(s.Kind), q.Kind+".") {
			continue
		}
		if q.After != nil && before(s.Position, *q.After) >= 0 {
			continue
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b intake.Summary) int { return -before(a.Position, b.Position) })
	if q.Limit > 0 && len(out) > q.Limit {
		out = out[:q.Limit]
	}
	return out, nil
}

// before compares as a database compares rows.
func before(a, b intake.Position) int {
	return slices.Compare([]int64{int64(a.Risk), int64(a.Completeness), a.ID}, []int64{int64(b.Risk), int64(b.Completeness), b.ID})
}

func (f *fake) Counts(context.Context) (map[referral.State]int64, error) {
	out := map[referral.State]int64{}
	for _, s := range f.rows {
		out[s.State]++
	}
	return out, f.err
}

func (f *fake) Find(_ context.Context, what string) (string, error) {
	if f.err != nil {
		return "", f.err
	}
	var refs []string
	for _, s := range f.rows {
		if s.ExternalID == what || len(what) >= 4 && strings.HasPrefix(s.Ref, strings.ToUpper(what)) {
			refs = append(refs, s.Ref)
		}
	}
	switch len(refs) {
	case 0:
		return "", fault.New(fault.NotFound, "no referral %q", what)
	case 1:
		return refs[0], nil
	}
	return "", fault.New(fault.Conflict, "%q is the beginning of more than one referral: give more of it", what)
}

func (f *fake) Show(_ context.Context, who identity.Actor, ref string, version int64) (*intake.Record, error) {
	if !who.Valid() {
		return nil, fault.New(fault.Denied, "nobody is named as the one who acts")
	}
	if f.err != nil {
		return nil, f.err
	}
	f.looks = append(f.looks, fmt.Sprintf("%s show %s %d", who.ID, ref, version))
	r := f.records[ref]
	if r == nil {
		return nil, fault.New(fault.NotFound, "no referral %q", ref)
	}
	if version > int64(len(r.Versions)) {
		return nil, fault.New(fault.NotFound, "referral %s has no version %d", ref, version)
	}
	out := *r
	return &out, nil
}

func (f *fake) ListRefused(_ context.Context, who identity.Actor, state string, each func(*intake.Refused) error) error {
	if f.err != nil {
		return f.err
	}
	f.looks = append(f.looks, who.ID+" refused")
	for i := range f.refused {
		if state != "" && f.refused[i].State != state {
			continue
		}
		if err := each(&f.refused[i]); err != nil {
			return fmt.Errorf("list: %w", err)
		}
	}
	return nil
}

func (f *fake) Batches(_ context.Context, last int) ([]intake.Batch, error) {
	return f.batches[:min(last, len(f.batches))], f.err
}

func (f *fake) Run(ctx context.Context, _ identity.Actor, req intake.Request) (intake.Totals, error) {
	b, err := io.ReadAll(req.Unpack.Stdin)
	if err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return intake.Totals{}, err
	}
	return f.run(ctx, req, b)
}

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// invented is a desk with n referrals that differ in everything that can be
// filtered and agree often enough in what orders them.
func invented(n int) *fake {
	f := &fake{records: map[string]*intake.Record{}}
	countries := [][]string{{"LU"}, {"NL", "DE"}, {"GR"}, {}, {"FR", "BE", "LU"}, {"PL"}}
	providers := []string{"Example Platform", "Example Video", "Example Messenger", "", "Example Cloud Storage"}
	for i := range n {
		s := intake.Summary{
			Ref: fmt.Sprintf("%04dK7Q2M9XWPVTA", i*37%10000), Source: []string{"ncmec", "ncmec", "example-hotline"}[i%3], ExternalID: fmt.Sprint(900000000 + i),
			State: referral.StateOpen, Countries: countries[i%len(countries)], Risk: 96 - (i*7)%93, Completeness: 100 - (i*11)%90,
			Media: verdicts[(i*5)%4], Kind: referral.Kinds[(i*5)%len(referral.Kinds)].Kind, Provider: providers[i%len(providers)],
			Links: i % 4, Notices: i % 5 % 3, Version: 1, Versions: 1,
			Incident: noon.Add(-time.Duration(i) * 7 * time.Hour), Received: noon.Add(-time.Duration(i) * 5 * time.Hour), Recorded: noon, Changed: noon,
		}
		if i%11 == 10 {
			s.State = states[1+i%3]
		}
		if i%6 == 5 {
			s.Incident = time.Time{}
		}
		s.Position = intake.Position{Risk: s.Risk, Completeness: s.Completeness, ID: int64(i + 1)}
		f.rows = append(f.rows, s)
		f.records[s.Ref] = record(s)
	}
	for i := range 3 {
		f.refused = append(f.refused, intake.Refused{
			ID: int64(i + 1), State: intake.RefusedHeld, Path: fmt.Sprintf("inbox/synthetic-%d.xml", i), Format: "cybertip-xml", Size: 4000 * int64(i+1), Kept: i != 2, Seen: int64(i + 1), First: noon, Last: noon,
			Findings: []referral.Finding{{Path: "report/incidentSummary", Severity: referral.Refuse, Text: "the report names no incident; it needs one"}},
		})
	}
	f.batches = []intake.Batch{{ID: 2, Inputs: "inbox", Actor: "local:ada", State: "closed", Started: noon, Closed: noon, Totals: intake.Totals{Read: 12345, Accepted: 12000, Updated: 300, Duplicate: 42, Refused: 3}}}
	return f
}

// record is all that is known about an invented referral.
func record(s intake.Summary) *intake.Record {
	ago := func(h int) time.Time { return noon.Add(-time.Duration(h) * time.Hour) }
	a := &referral.Assessment{
		Rules: "2026-11.1", Lists: 41, Links: 1000, Geo: []referral.Base{{Name: "Example-Country", Built: "2026-11-01"}}, Now: noon.UnixMicro(),
		Kinds: []referral.Kind{s.Kind, referral.CSAMGenerated},
		Media: referral.Media{Verdict: s.Media, Known: 1, New: 1, Matches: []referral.Match{
			{File: 1, Algorithm: "sha256", List: "national", Version: 17, Source: "example", Entry: "e-1", Labels: []referral.Label{{Scheme: "iccam", Value: "baseline"}, {Scheme: "industry", Value: "B2"}}},
			{File: 2, Algorithm: "pdq", Distance: 12, List: "industry", Version: 3, Source: "other", Entry: "77"},
		}, Reasons: []string{"Files on no list: 1.", "Files with a digest on a list: 1. A match is a lead, a person confirms."}},
		Relations: []referral.Link{
			{Kind: "account", Role: referral.RoleReported, Count: 4, Earlier: []string{"0037K7Q2M9XWPVTA", "0074K7Q2M9XWPVTA"}, Why: "A reported person's account is in 4 earlier referrals as well, at least once in the same role."},
			{Kind: "file", Count: 51, Capped: true, Weak: true, Earlier: []string{"0111K7Q2M9XWPVTA"}, Why: "File 1 is in more than 51 earlier referrals as well, with the same digest. So many share it that it says little."},
		},
		Jurisdiction: referral.Countries{Concerned: s.Countries, Suspect: []referral.CountryFinding{
			{Country: "LU", Strength: 91, Evidence: []referral.Evidence{
				{Rule: "phone-verified", Strength: 85, Because: "Verified phone number of a reported person."},
				{Rule: "ip-event", Strength: 70, Because: "Upload or login address of a reported person, near the time of the event.", Base: "Example-Country"}}},
			{Country: "NL", Strength: 45, Evidence: []referral.Evidence{{Rule: "ip-registration", Strength: 45, Because: "Address from which the account of a reported person was registered."}}},
		}, Hosting: []referral.CountryFinding{{Country: "DE", Strength: 60, Evidence: []referral.Evidence{{Rule: "hosting", Strength: 60, Because: "Hosting country as the source states it. For takedown only."}}}},
			Unusable: []string{"An address of the documentation ranges: it belongs to nobody."}},
		Risk: referral.Score{Value: s.Risk, Factors: []referral.Factor{
			{Code: "escalated", Weight: 35, Because: "The source asks to hurry."},
			{Code: "kind.solicit.extortion", Weight: 28, Because: "The report is about sexual coercion and extortion of a child."},
			{Code: "media.new", Weight: 20, Because: "Files that no list has: 1. A child may still be reached."},
			{Code: "age", Missing: true, Because: "No age of a child is stated."},
			{Code: "recent.week", Weight: 8, Because: "It happened, or was detected, within a week.", AgeDays: 2},
			{Code: "viral", Weight: -10, Because: "The source says that the material is widely passed on."}}},
		Completeness: referral.Score{Value: s.Completeness, Factors: []referral.Factor{
			{Code: "account", Weight: 15, Because: "An account or screen name of a reported person at a named service."},
			{Code: "ip.full", Weight: 20, Because: "An address of a reported person with time and port: it can be traced to a subscriber."},
			{Code: "time", Weight: 10, Because: "The time of the event, with its zone."},
			{Code: "victim", Missing: true, Because: "Nothing about a child."}}},
	}
	if s.Notices > 0 {
		a.Notices = []referral.Notice{
			{Code: "notified", Text: "A reported person was told of the measure against the account and may know of the report."},
			{Code: "deconfliction", Text: "An agency has the report or a case already, in: BE. Speak to it before acting."}}
	}
	before := *a
	before.Lists, before.Risk.Value = 39, max(0, s.Risk-20)
	d := &referral.Draft{
		Format: "cybertip-xml", Reader: 1, Source: s.Source, ExternalID: s.ExternalID, IDFrom: referral.IDStated,
		Escalation: "Synthetic reason to hurry.", Handling: []string{"H1"}, Evaluation: "B2", Priority: "E", Flags: []string{"sextortion", "newFlagWithoutLabel"},
		Incidents: []referral.Incident{{Wire: "Online Enticement of Children for Sexual Acts", Kind: s.Kind}},
		Times: []referral.Moment{
			{Kind: referral.MomentIncident, UTC: ago(50), Text: "2026-11-18T12:00:00+02:00", Zoned: true},
			{Kind: referral.MomentReceived, UTC: ago(40), Text: "2026-11-18 20:00:00"},
			{Kind: referral.MomentAvailable, Text: "sometime in November"}},
		Provider: referral.Provider{Name: s.Provider, Service: "Example Video"},
		Law:      []referral.Law{{Agency: "Example Police", Case: "SYN-17", Country: "BE", Served: referral.False}},
		Parties: []referral.Party{
			{Role: referral.RoleReported, Service: "Example Video", Name: referral.Name{First: "Test", Last: "Account"}, Age: 40, Notified: referral.True, Disabled: referral.True, Prior: []string{"900000003"},
				Identifiers: []referral.Identifier{
					{Kind: referral.IDAccount, Value: "user-0001", Scope: "Example Platform"},
					{Kind: referral.IDEmail, Value: "user.name@example.org", Verified: referral.True},
					{Kind: referral.IDPhone, Value: "621 000 000", Calling: "+352", Verified: referral.True, Use: "Mobile"},
					{Kind: referral.IDIP, Value: "192.0.2.10", Event: "login", At: ago(50), Port: 443, Proxy: referral.False},
					{Kind: referral.IDIP, Value: "2001:db8:0:17:a1b2:c3d4:e5f6:1234", Event: "registration", At: ago(5000)},
					{Kind: referral.IDURL, Value: "https://example.net/u/17", Mentioned: true}},
				Addresses: []referral.Address{{Use: "Home", Street: "1 Example Street", City: "Luxembourg", Postal: "L-0000", Country: "LU"}},
				Estimates: []referral.Estimate{{City: "Luxembourg", Country: "LU"}}},
			{Role: referral.RoleAssociated, Of: 1, Type: "Billing", Identifiers: []referral.Identifier{{Kind: referral.IDPayment, Value: "synthetic-payment-1"}}},
			{Role: referral.RoleReporter, Identifiers: []referral.Identifier{{Kind: referral.IDEmail, Value: "legal@platform.example"}}}},
		Places: []referral.Place{{Kind: referral.PlaceWeb, Hosting: "DE", Apparent: "NL", Identifiers: []referral.Identifier{{Kind: referral.IDURL, Value: "https://board.example/thread/17"}}}},
		Files: []referral.File{
			{ID: "f-1", Name: "stored-1.bin", Original: "drawing.png", Viewed: referral.True, Public: referral.False, Uploaded: ago(51), Annotations: []string{"generativeAi", "viral"},
				Hashes: []referral.Hash{{Kind: "sha256", Value: strings.Repeat("0c", 32)}, {Kind: "md5", Value: strings.Repeat("17", 16)}},
				Labels: []referral.Label{{Scheme: "industry", Value: "B2", Author: "Example Platform"}}},
			{Name: "stored-2.bin", Hashes: []referral.Hash{{Kind: "pdq", Value: strings.Repeat("e456d436", 8), Quality: 90, Ours: true}}, Relevance: "Supplemental Reported", Media: "image/png",
				Identifiers: []referral.Identifier{{Kind: referral.IDIP, Value: "192.0.2.10", Event: "upload", At: ago(51)}}}},
		Lookups: []referral.Lookup{{IP: "192.0.2.10", Country: "Luxembourg", Holder: "Example Carrier", About: referral.RoleReported}},
		Texts:   []referral.Text{{Path: "report/additionalInfo", Value: "Synthetic report 17.\nSecond line of a synthetic text, see https://example.net."}},
		Fields: []referral.Field{{Path: "report/incidentSummary/incidentType", Value: "Online Enticement of Children for Sexual Acts"},
			{Path: "report/incidentSummary/platform", Value: "Example Video"}, {Path: "report/somethingNew", Value: "17"}},
		Unknown: []referral.Field{{Path: "report/somethingNew", Value: "17"}},
	}
	return &intake.Record{
		Summary: s, Assessment: a, Draft: d,
		Versions: []intake.VersionRecord{
			{Version: 1, Current: true, Format: "cybertip-xml", Digest: []byte{0xc0, 0xff, 0xee, 1, 2, 3, 4, 5, 6}, Stage: referral.Submitted, Stated: ago(40), Recorded: ago(30), Batch: 2,
				Findings: []referral.Finding{{Path: "report/internetDetails", Severity: referral.Warn, Text: "the time names no zone; UTC is assumed"}}},
		},
		Assessments: []intake.AssessmentRecord{{Number: 1, Version: 1, Made: ago(30), Body: &before}, {Number: 2, Version: 1, Made: ago(3), Body: a}},
	}
}
