// Package assess concludes from a report what can be concluded by rules: what
// it is about, which of its files are known, what ties it to earlier reports,
// which countries can act, and how much a child is at risk.
//
// [Identify] lists the draft's identifiers in comparable form. The caller
// looks up what it holds about them (the match index, earlier referrals,
// address databases) and hands it to [Assess] as [Facts]. Both are pure: no
// I/O, no clock, and the same input gives the same bytes, years later too,
// with the [Rules] of the version that the assessment names.
//
// Nothing here decides. Each conclusion carries its reasons, and no reason
// holds a personal value: assessments are listed without unsealing anything.
// What stores, seals, indexes or shows lives elsewhere; the vocabulary is
// that of package referral.
package assess

import (
	"net/netip"
	"time"

	"lapwing/internal/referral"
	"lapwing/pdq"
)

// Facts is everything besides the draft that an assessment may rest on. The
// functions answer from memory: the caller has fetched in bulk what they need.
// They must give the same answer for the same question while Assess runs; a
// nil one means that the desk has nothing to ask.
type Facts struct {
	Now   time.Time
	Lists int64 // number of the last change to the hash lists that Lookup has seen
	Links int64 // earlier versions up to this number are in Shared

	Lookup     Matcher
	Shared     func(Key) Shared
	SharedFile func(referral.Hash) Shared
	// Prior lists the desk's referrals with the given id at this draft's
	// source, newest first.
	Prior func(reportID string) []string
	Geo   Locator
	Rules *Rules // nil for the version in use
}

// A Matcher answers from the hash lists of one state.
type Matcher interface {
	// Exact lists the entries with this very fingerprint.
	Exact(h referral.Hash) []Opinion
	// Near lists the entries with a PDQ at most max bits away from h.
	Near(h pdq.Hash, max int) []Opinion
}

// An Opinion is what one entry of one list says. Order does not matter.
type Opinion struct {
	List     string
	Version  int64 // of the list
	Source   string
	Entry    string
	Good     bool // the list names known-good files
	Distance int  // bits, from Near
	Labels   []referral.Label
}

// CountTo is how far callers count in Shared: beyond the largest number that
// the rules tell apart.
const CountTo = 51

// Shared is what earlier referrals have in common with the draft in one
// point. Earlier versions of the same referral do not count.
type Shared struct {
	Count   int      // distinct referrals, counted up to CountTo
	Capped  bool     // there are more than Count
	Earlier []string // references of the newest, newest first
	// Same: at least one of them states it (not only mentions it) in the same role.
	Same bool
}

// A Locator answers for addresses from databases that the operator gave.
type Locator interface {
	Locate(netip.Addr) (Located, bool)
}

// Located is a database's answer for an address. The codes are what the
// database says; those that name no country are sorted out here.
type Located struct {
	Country     string
	Represented string // country whose embassy or base uses the address
	// Registered: Country is where the holder is registered, not where the user is believed to be.
	Registered bool
	Base       referral.Base
}

// Assess concludes what the rules conclude from the draft, its keys as
// [Identify] lists them, and the facts.
func Assess(d *referral.Draft, keys []Key, f Facts) referral.Assessment {
	r := f.Rules
	if r == nil {
		r = newest()
	}
	a := referral.Assessment{
		Rules: r.Version, Lists: f.Lists, Links: f.Links, Now: f.Now.UnixMicro(),
		Kinds: kindsOf(d),
	}
	var again repeats
	a.Media = judgeMedia(d, f.Lookup)
	a.Relations, again = relate(d, keys, f, r)
	a.Jurisdiction, a.Geo = judgeCountries(d, a.Kinds, f.Geo, r)
	a.Risk = judgeRisk(d, &a, again, f.Now, r)
	a.Completeness = judgeCompleteness(d, &a, r)
	a.Notices = notices(d, &a, r)
	return a
}
