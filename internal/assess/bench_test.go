package assess

import (
	"strings"
	"testing"
	"time"

	"lapwing/internal/referral"
)

// typical is a report as most are: one account, seven identifiers, two files.
func typical() *referral.Draft {
	at := time.Date(2026, 11, 18, 10, 0, 0, 0, time.UTC)
	return &referral.Draft{
		Format: "cybertip", Source: "ncmec", ExternalID: "900000017",
		Incidents: []referral.Incident{{Wire: "synthetic", Kind: referral.CSAMPossession}},
		Times:     []referral.Moment{{Kind: referral.MomentIncident, UTC: at, Zoned: true}},
		Provider:  referral.Provider{Name: "Example Platform", Service: "Example Video"},
		Parties: []referral.Party{
			{Role: referral.RoleReported, Service: "Example Video", Name: referral.Name{First: "Test", Last: "Account"},
				Estimates: []referral.Estimate{{City: "Luxembourg", Country: "LU"}},
				Identifiers: []referral.Identifier{
					{Kind: referral.IDAccount, Value: "user-0001"}, {Kind: referral.IDScreen, Value: "Synthetic_User"},
					{Kind: referral.IDEmail, Value: "User.Name@example.org", Verified: referral.True},
					{Kind: referral.IDPhone, Value: "+352621000000", Verified: referral.True},
					{Kind: referral.IDIP, Value: "192.0.2.10", Event: "login", At: at.Add(-time.Hour), Port: 443},
					{Kind: referral.IDIP, Value: "192.0.2.11", Event: "login", At: at.Add(-48 * time.Hour)},
					{Kind: referral.IDURL, Value: "https://platform.example/u/0001"},
				}},
			{Role: referral.RoleReporter, Identifiers: []referral.Identifier{{Kind: referral.IDEmail, Value: "legal@platform.example"}}},
		},
		Files: []referral.File{
			{Viewed: referral.True, Uploaded: at, Hashes: []referral.Hash{{Kind: "md5", Value: strings.Repeat("a1", 16)}, {Kind: "pdq", Value: picture(3), Quality: 90}},
				Identifiers: []referral.Identifier{{Kind: referral.IDIP, Value: "192.0.2.10", Event: "upload", At: at, Port: 443}}},
			{Viewed: referral.True, Uploaded: at, Hashes: []referral.Hash{{Kind: "md5", Value: strings.Repeat("b2", 16)}, {Kind: "sha256", Value: strings.Repeat("c3", 32)}}},
		},
		Texts: []referral.Text{{Path: "additionalInfo", Value: "Synthetic report. The account was seen on 192.0.2.10 and wrote to other@example.net about nothing."}},
	}
}

func typicalFacts() Facts {
	bad := []Opinion{{List: "national", Version: 17, Source: "example", Entry: "e-1", Labels: []referral.Label{{Scheme: "industry", Value: "B2"}}}}
	shared := map[string]Shared{"exampleplatformexamplevideo/user-0001": {Count: 3, Same: true, Earlier: []string{"R-3", "R-2", "R-1"}}}
	base := referral.Base{Name: "delegated example", Built: "2026-01-14"}
	return Facts{
		Now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), Lists: 1, Links: 1,
		Lookup:     lists{"sha256" + strings.Repeat("c3", 32): bad},
		Shared:     func(k Key) Shared { return shared[k.Value] },
		SharedFile: func(referral.Hash) Shared { return Shared{} },
		Geo:        places{"192.0.2.10": {Country: "LU", Registered: true, Base: base}, "192.0.2.11": {Country: "LU", Registered: true, Base: base}},
	}
}

func BenchmarkIdentify(b *testing.B) {
	d := typical()
	b.ReportAllocs()
	for b.Loop() {
		Identify(d)
	}
}

func BenchmarkAssess(b *testing.B) {
	d, f := typical(), typicalFacts()
	keys := Identify(d)
	b.ReportAllocs()
	for b.Loop() {
		Assess(d, keys, f)
	}
}

func BenchmarkIdentifyAndAssess(b *testing.B) {
	d, f := typical(), typicalFacts()
	b.ReportAllocs()
	for b.Loop() {
		Assess(d, Identify(d), f)
	}
}

// A number of the kind that the library has to read.
func BenchmarkPhoneNational(b *testing.B) {
	for b.Loop() {
		phoneKey(referral.Identifier{Kind: referral.IDPhone, Value: "06 12 34 56 78", Calling: "+33"}, "")
	}
}
