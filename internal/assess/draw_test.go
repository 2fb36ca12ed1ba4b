package assess

import (
	"fmt"
	"net/netip"
	"time"

	"pgregory.net/rapid"

	"lapwing/internal/referral"
	"lapwing/pdq"
)

// marker stands in every personal value of a drawn draft, so that a test can
// see whether one comes out again. It survives each normalisation.
const marker = "zqxw"

var drawnNow = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// A drawn draft with what was put into it.
type drawn struct {
	referral.Draft
	secrets []string // values in the forms in which they could leak
}

func (d *drawn) secret(s string) string {
	d.secrets = append(d.secrets, s)
	return s
}

// drawDraft makes a draft with a marker or a telling number in each personal value.
func drawDraft(t *rapid.T) *drawn {
	d := &drawn{}
	word := func(label string) string {
		return d.secret(marker + rapid.StringMatching(`[a-z0-9]{1,6}`).Draw(t, label))
	}
	tri := func() referral.Tri { return rapid.SampledFrom([]referral.Tri{0, 0, 1, -1}).Draw(t, "tri") }
	at := func() time.Time {
		if rapid.Bool().Draw(t, "timed") {
			return drawnNow.AddDate(0, 0, -rapid.IntRange(-3, 900).Draw(t, "days"))
		}
		return time.Time{}
	}
	countryText := func() string {
		return rapid.SampledFrom([]string{"", "LU", "Luxembourg", "UK", "EL", "A1", "EU", "RE", "FR", "BEL", "zz", marker + "land"}).Draw(t, "country")
	}
	identifier := func() referral.Identifier {
		id := referral.Identifier{
			Verified: tri(), Proxy: tri(), Mentioned: rapid.IntRange(0, 5).Draw(t, "mentioned") == 0, At: at(),
			Port: rapid.SampledFrom([]int{0, 443}).Draw(t, "port"), Path: "path",
			Event: rapid.SampledFrom([]string{"", "login", "upload", "registration", "purchase"}).Draw(t, "event"),
		}
		switch id.Kind = rapid.SampledFrom([]referral.IdentifierKind{"email", "phone", "account", "screen", "ip", "device", "url", "payment"}).Draw(t, "kind"); id.Kind {
		case "email":
			id.Value = word("local") + "@" + marker + rapid.SampledFrom([]string{".org", ".lu", ".co.uk", ".fr"}).Draw(t, "tld")
		case "phone":
			n := rapid.SampledFrom([]string{"352621", "7701", "7495", "1202555", "4420", "33612", "999"}).Draw(t, "code") + rapid.StringMatching(`[0-9]{7}`).Draw(t, "number")
			id.Value = d.secret("+" + n)
			d.secret(n)
		case "ip":
			id.Value = d.secret(netip.AddrFrom4([4]byte{rapid.SampledFrom([]byte{10, 100, 192, 198, 203, 81}).Draw(t, "a"), byte(rapid.IntRange(64, 66).Draw(t, "b")),
				byte(rapid.IntRange(100, 255).Draw(t, "c")), byte(rapid.IntRange(100, 255).Draw(t, "d"))}).String())
		case "url":
			id.Value = "https://" + marker + ".example/" + word("path")
		case "device":
			id.Scope, id.Value = "IDFA", word("device")
		default:
			id.Scope, id.Value = rapid.SampledFrom([]string{"", marker + " Platform"}).Draw(t, "scope"), word("value")
		}
		return id
	}
	identifiers := func(most int) []referral.Identifier {
		return rapid.SliceOfN(rapid.Custom(func(*rapid.T) referral.Identifier { return identifier() }), 0, most).Draw(t, "identifiers")
	}
	addresses := func() (as []referral.Address) {
		for range rapid.IntRange(0, 2).Draw(t, "addresses") {
			as = append(as, referral.Address{Use: rapid.SampledFrom([]string{"", "Home", "Billing"}).Draw(t, "use"), Street: word("street"), City: word("city"), Country: countryText()})
		}
		return as
	}
	for range rapid.IntRange(0, 3).Draw(t, "incidents") {
		d.Incidents = append(d.Incidents, referral.Incident{Wire: word("wire"), Kind: rapid.SampledFrom([]referral.Kind{
			referral.CSAMPossession, referral.SolicitGrooming, referral.AbuseContact, referral.NoneViral, referral.KindUnknown, "new"}).Draw(t, "kind of incident")})
	}
	for range rapid.IntRange(0, 2).Draw(t, "flags") {
		d.Flags = append(d.Flags, rapid.SampledFrom([]string{"sextortion", "viral", "danger", marker + "flag"}).Draw(t, "flag"))
	}
	d.ExternalID, d.Provider = word("id"), referral.Provider{Name: marker + " Platform", Service: word("service")}
	d.Informational, d.Priority = tri(), word("priority")
	if rapid.Bool().Draw(t, "escalated") {
		d.Escalation = word("escalation")
	}
	if u := at(); !u.IsZero() {
		d.Times = []referral.Moment{{Kind: referral.MomentIncident, UTC: u, Text: word("time"), Zoned: rapid.Bool().Draw(t, "zoned")}}
	}
	for range rapid.IntRange(0, 2).Draw(t, "agencies") {
		d.Law = append(d.Law, referral.Law{Agency: word("agency"), Case: word("case"), Country: countryText(), Served: tri()})
	}
	for range rapid.IntRange(0, 4).Draw(t, "parties") {
		p := referral.Party{
			Role: rapid.SampledFrom([]referral.Role{referral.RoleReported, referral.RoleVictim, referral.RoleRecipient, referral.RoleAssociated, referral.RoleReporter}).Draw(t, "role"),
			Of:   rapid.SampledFrom([]int{-1, 0, len(d.Parties), 99}).Draw(t, "of"), Name: referral.Name{First: word("first"), Last: word("last")}, Age: rapid.IntRange(0, 40).Draw(t, "age"),
			Service: word("service"), Identifiers: identifiers(5), Addresses: addresses(), Compromised: tri(), Notified: tri(), Access: tri(), ThirdParty: tri(),
		}
		for range rapid.IntRange(0, 2).Draw(t, "estimates") {
			p.Estimates = append(p.Estimates, referral.Estimate{City: word("city"), Country: countryText(), Verified: tri()})
		}
		if rapid.Bool().Draw(t, "prior") {
			p.Prior = []string{word("prior")}
		}
		d.Parties = append(d.Parties, p)
	}
	for range rapid.IntRange(0, 2).Draw(t, "places") {
		d.Places = append(d.Places, referral.Place{Kind: rapid.SampledFrom([]referral.PlaceKind{referral.PlaceWeb, referral.PlaceP2P, referral.PlaceOffline}).Draw(t, "place"),
			Name: word("name"), Identifiers: identifiers(2), Addresses: addresses(), Hosting: countryText(), Apparent: countryText()})
	}
	for range rapid.IntRange(0, 3).Draw(t, "files") {
		f := referral.File{Name: word("file"), Original: word("original"), Uploaded: at(), Identifiers: identifiers(2), Viewed: tri(),
			Relevance: rapid.SampledFrom([]string{"", "Reported", "Supplemental Reported"}).Draw(t, "relevance")}
		for range rapid.IntRange(0, 3).Draw(t, "hashes") {
			f.Hashes = append(f.Hashes, rapid.SampledFrom(drawnHashes).Draw(t, "hash"))
		}
		for _, h := range f.Hashes {
			d.secret(h.Value)
		}
		f.Annotations = rapid.SliceOfN(rapid.SampledFrom([]string{"viral", "infant", "liveStreaming", marker + "note"}), 0, 2).Draw(t, "annotations")
		d.Files = append(d.Files, f)
	}
	for range rapid.IntRange(0, 2).Draw(t, "lookups") {
		d.Lookups = append(d.Lookups, referral.Lookup{IP: identifier().Value, Country: countryText(), City: word("city"), Holder: word("holder"),
			About: rapid.SampledFrom([]referral.Role{"", referral.RoleReported, referral.RoleVictim}).Draw(t, "about")})
	}
	if rapid.Bool().Draw(t, "text") {
		d.Texts = []referral.Text{{Path: "text", Value: fmt.Sprintf("%s, %s@%s.org https://%s.example/x 203.0.113.77 +352621777777", word("text"), marker, marker, marker)}}
		d.secret("203.0.113.77")
		d.secret("621777777")
	}
	return d
}

var drawnHashes = []referral.Hash{
	{Kind: "md5", Value: "0123456789abcdef0123456789abcdef"}, {Kind: "sha256", Value: "89abcdef0123456789abcdef0123456789abcdef0123456789abcdef01234567"},
	{Kind: "pdq", Value: picture(3), Quality: 80}, {Kind: "pdq", Value: picture(7), Quality: 20}, {Kind: "pdq", Value: picture(9)}, {Kind: "photodna", Value: "b3BhcXVl"},
}

// drawnFacts answers by the value asked for, so that each run answers alike.
// shuffle makes it give lists in another order.
func drawnFacts(seed int, shuffle bool) Facts {
	turn := func(os []Opinion) []Opinion {
		if shuffle {
			for i, j := 0, len(os)-1; i < j; i, j = i+1, j-1 {
				os[i], os[j] = os[j], os[i]
			}
		}
		return os
	}
	shared := func(n int) Shared {
		return Shared{Count: (n + seed) % 60, Capped: (n+seed)%60 == 59, Earlier: []string{"R-2", "R-1"}, Same: n%2 == 0}
	}
	return Facts{
		Now: drawnNow, Lists: 3, Links: 9,
		Lookup:     drawnLists{seed, turn},
		Shared:     func(k Key) Shared { return shared(len(k.Value) + len(k.Kind)) },
		SharedFile: func(h referral.Hash) Shared { return shared(len(h.Value)) },
		Prior:      func(string) []string { return []string{"R-8", "R-7"} },
		Geo:        drawnPlaces(seed),
	}
}

type drawnLists struct {
	seed int
	turn func([]Opinion) []Opinion
}

func (l drawnLists) Exact(h referral.Hash) []Opinion {
	if (len(h.Value)+l.seed)%3 == 0 {
		return nil
	}
	label := []referral.Label{{Scheme: "industry", Value: "B2"}, {Scheme: "iccam", Value: "baseline"}}
	return l.turn([]Opinion{{List: "b", Version: 2, Source: "s", Entry: "2", Labels: label}, {List: "a", Source: "s", Entry: "1"}, {List: "nsrl", Entry: "g", Good: true}})
}

func (l drawnLists) Near(h pdq.Hash, limit int) []Opinion {
	if l.seed%2 == 0 {
		return nil
	}
	return l.turn([]Opinion{{List: "b", Entry: "2", Distance: 9}, {List: "a", Entry: "1", Distance: 9}, {List: "a", Entry: "3", Distance: 0}})
}

type drawnPlaces int

func (p drawnPlaces) Locate(a netip.Addr) (Located, bool) {
	b := a.As4()
	i := (int(b[3]) + int(p)) % 5
	bases := []referral.Base{{Name: "one", Built: "2026-01-01"}, {Name: "two", Built: "2026-02-01"}}
	return Located{Country: []string{"LU", "FR", "EU", "", "RE"}[i], Represented: []string{"", "US"}[b[3]%2], Registered: b[2]%2 == 0, Base: bases[b[2]%2]}, i != 3
}
