package assess

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"lapwing/internal/referral"
)

const (
	linkFile  = "file"
	linkPrior = "prior-report"

	maxEarlier = 10  // references told of one link
	maxLinks   = 100 // links told of one report
	maxPrior   = 200 // earlier report ids looked up for one role
)

// repeats is what the links say about persons, for triage.
type repeats struct {
	reported int // earlier referrals that have the same reported account or person
	victim   int // earlier referrals that have the same child
}

// relate lists what the report shares with earlier ones, the telling links first.
func relate(d *referral.Draft, keys []Key, f Facts, r *Rules) ([]referral.Link, repeats) {
	var ls []referral.Link
	var again repeats
	if f.Shared != nil {
		for _, k := range keys {
			s := f.Shared(k)
			if s.Count <= 0 {
				continue
			}
			l := linkOf(k, s, r)
			ls = append(ls, l)
			if !l.Weak && s.Same && k.Kind != string(referral.IDIP) {
				switch k.Role {
				case referral.RoleReported:
					again.reported = max(again.reported, s.Count)
				case referral.RoleVictim:
					again.victim = max(again.victim, s.Count)
				}
			}
		}
	}
	ls = sharedFiles(ls, d, f, r)
	ls, priors := priorReports(ls, d, f)
	again.reported = max(again.reported, priors)
	slices.SortStableFunc(ls, compareLinks)
	return ls[:min(len(ls), maxLinks)], again
}

func compareLinks(a, b referral.Link) int {
	return cmp.Or(
		compareBool(a.Weak, b.Weak), cmp.Compare(linkRank[a.Kind], linkRank[b.Kind]), cmp.Compare(roleRank[a.Role], roleRank[b.Role]),
		cmp.Compare(b.Count, a.Count), slices.Compare(a.Earlier, b.Earlier), cmp.Compare(a.Why, b.Why),
	)
}

var linkRank = map[string]int{
	linkPrior: 0, string(referral.IDAccount): 1, string(referral.IDEmail): 2, string(referral.IDPhone): 3, string(referral.IDDevice): 4,
	string(referral.IDPayment): 5, string(referral.IDScreen): 6, linkFile: 7, string(referral.IDIP): 8, string(referral.IDURL): 9,
}

var roleRank = map[referral.Role]int{
	referral.RoleVictim: 0, referral.RoleReported: 1, referral.RoleAssociated: 2, referral.RoleRecipient: 3,
}

// linkOf tells of one shared identifier, without its value.
func linkOf(k Key, s Shared, r *Rules) referral.Link {
	l := referral.Link{Kind: k.Kind, Role: k.Role, Count: s.Count, Capped: s.Capped, Earlier: firstOf(s.Earlier)}
	var b strings.Builder
	b.Grow(160)
	b.WriteString(upperFirst[k.Role])
	b.WriteString(kindNoun[k.Kind])
	b.WriteString(" is in ")
	writeReferrals(&b, s)
	b.WriteString(" as well")
	switch {
	case k.Mentioned:
		l.Weak = true
		b.WriteString("; here it is only mentioned.")
	case s.Same && k.Role != "":
		b.WriteString(", at least once in the same role.")
	default:
		b.WriteByte('.')
	}
	if k.Kind == string(referral.IDIP) {
		switch {
		case !k.Timed:
			l.Weak = true
			b.WriteString(" No time is stated with it: addresses change hands.")
		case !k.Ported:
			b.WriteString(" A time is stated with it, but no port: many can share an address at one time.")
		default:
			b.WriteString(" Time and port are stated with it.")
		}
	}
	if k.Kind == string(referral.IDDevice) && strings.HasPrefix(k.Value, "ssid/") {
		l.Weak = true
		b.WriteString(" It is the name of a wireless network, which others can have too.")
	}
	if tooMany(s, r) {
		l.Weak = true
		b.WriteString(" So many share it that it says little.")
	}
	l.Why = b.String()
	return l
}

var upperFirst = map[referral.Role]string{
	referral.RoleReported:   "A reported person's ",
	referral.RoleRecipient:  "A recipient's ",
	referral.RoleVictim:     "A child's ",
	referral.RoleAssociated: "An associated account's ",
	"":                      "The report's ",
}

var kindNoun = map[string]string{
	string(referral.IDEmail): "e-mail address", string(referral.IDPhone): "phone number", string(referral.IDAccount): "account",
	string(referral.IDScreen): "screen name", string(referral.IDIP): "IP address", string(referral.IDDevice): "device",
	string(referral.IDURL): "web address", string(referral.IDPayment): "payment account",
}

func writeReferrals(b *strings.Builder, s Shared) {
	if s.Capped {
		b.WriteString("more than ")
	}
	b.WriteString(strconv.Itoa(s.Count))
	if s.Count == 1 && !s.Capped {
		b.WriteString(" earlier referral")
	} else {
		b.WriteString(" earlier referrals")
	}
}

func tooMany(s Shared, r *Rules) bool {
	return s.Count > r.WeakOver || s.Capped && s.Count >= r.WeakOver
}

func firstOf(refs []string) []string { return refs[:min(len(refs), maxEarlier)] }

// sharedFiles adds at most one link for each file: by the fingerprint that
// most earlier referrals share, the surer one where they tie.
func sharedFiles(ls []referral.Link, d *referral.Draft, f Facts, r *Rules) []referral.Link {
	if f.SharedFile == nil {
		return ls
	}
	for i := range d.Files {
		var best Shared
		var by string
		for _, h := range d.Files[i].Hashes {
			if emptyDigests[h.Value] {
				continue
			}
			if h.Kind == "pdq" {
				if _, ok := usablePDQ(h, new(mediaTally)); !ok {
					continue
				}
			}
			s := f.SharedFile(h)
			if s.Count > best.Count || s.Count == best.Count && s.Count > 0 && algorithmRank(h.Kind) < algorithmRank(by) {
				best, by = s, h.Kind
			}
		}
		if best.Count <= 0 {
			continue
		}
		var b strings.Builder
		b.WriteString("File ")
		b.WriteString(strconv.Itoa(i + 1))
		b.WriteString(" is in ")
		writeReferrals(&b, best)
		b.WriteString(" as well")
		if isDigest(by) {
			b.WriteString(", with the same digest.")
		} else {
			b.WriteString(", with an equal picture fingerprint.")
		}
		l := referral.Link{Kind: linkFile, Count: best.Count, Capped: best.Capped, Earlier: firstOf(best.Earlier)}
		if tooMany(best, r) {
			l.Weak = true
			b.WriteString(" So many share it that it says little.")
		}
		l.Why = b.String()
		ls = append(ls, l)
	}
	return ls
}

// priorReports adds one link for each role whose parties the source says were
// reported before. reported is the number of earlier reports that it names of
// reported persons, here or elsewhere.
func priorReports(ls []referral.Link, d *referral.Draft, f Facts) (_ []referral.Link, reported int) {
	for _, role := range []referral.Role{referral.RoleVictim, referral.RoleReported, referral.RoleAssociated, referral.RoleRecipient} {
		var ids, refs []string
		for i := range d.Parties {
			if d.Parties[i].Role == role {
				ids = append(ids, d.Parties[i].Prior...)
			}
		}
		if len(ids) == 0 {
			continue
		}
		slices.Sort(ids)
		ids = slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return strings.TrimSpace(id) == "" || id == d.ExternalID })
		if len(ids) == 0 {
			continue
		}
		if role == referral.RoleReported {
			reported = len(ids)
		}
		if f.Prior != nil {
			seen := make(map[string]bool)
			slices.Reverse(ids) // ids grow with time, so the newest come first
			for _, id := range ids[:min(len(ids), maxPrior)] {
				for _, ref := range f.Prior(id) {
					if !seen[ref] {
						seen[ref] = true
						refs = append(refs, ref)
					}
				}
			}
		}
		ls = append(ls, referral.Link{
			Kind: linkPrior, Role: role, Count: len(refs), Earlier: firstOf(refs),
			Why: "The source names earlier reports of " + whoOf(role).String() + ": " + strconv.Itoa(len(ids)) +
				". Referrals of this desk among them: " + strconv.Itoa(len(refs)) + ".",
		})
	}
	return ls, reported
}
