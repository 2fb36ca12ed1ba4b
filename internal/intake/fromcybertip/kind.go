package fromcybertip

import (
	"slices"
	"strings"

	"lapwing/cybertip"
	"lapwing/internal/referral"
)

// wireKinds are the kinds of NCMEC's incident types (formats.md G.2). What
// flags add to them, such as coercion, is for package assess.
var wireKinds = map[cybertip.IncidentType]referral.Kind{
	cybertip.IncidentMaterial:          referral.CSAMPossession, // or distribution, see passedOn
	cybertip.IncidentTrafficking:       referral.Trafficking,
	cybertip.IncidentTravel:            referral.Travel,
	cybertip.IncidentAbuse:             referral.AbuseContact,
	cybertip.IncidentMisleadingDomain:  referral.IndexMisleading,
	cybertip.IncidentMisleadingContent: referral.IndexMisleading,
	cybertip.IncidentEnticement:        referral.SolicitGrooming,
	cybertip.IncidentUnsolicited:       referral.ExposureObscene,
}

// kindOf is the kind of a wire value. NCMEC's analysts do not keep to the
// spelling of the schema, so case does not count.
func kindOf(wire string) referral.Kind {
	if k, ok := wireKinds[cybertip.IncidentType(wire)]; ok {
		return k
	}
	for t, k := range wireKinds {
		if strings.EqualFold(string(t), wire) {
			return k
		}
	}
	return referral.KindUnknown
}

// incidents adds what the report is about, each wire value once.
func incidents(d *referral.Draft, wires []string) {
	seen := map[string]bool{"": true}
	for _, wire := range wires {
		if !seen[wire] {
			seen[wire] = true
			d.Incidents = append(d.Incidents, referral.Incident{Wire: wire, Kind: kindOf(wire)})
		}
	}
}

// setMaterial decides between possession and distribution for the incident
// type that stands for both. It looks at nothing but the draft, so that it may
// be asked again when companions have told more. It leaves the old slice alone.
func setMaterial(d *referral.Draft) {
	isMaterial := func(in referral.Incident) bool {
		return in.Kind == referral.CSAMPossession || in.Kind == referral.CSAMDistribution
	}
	if !slices.ContainsFunc(d.Incidents, isMaterial) {
		return
	}
	kind := referral.CSAMPossession
	if passedOn(d) {
		kind = referral.CSAMDistribution
	}
	d.Incidents = slices.Clone(d.Incidents)
	for i := range d.Incidents {
		if isMaterial(d.Incidents[i]) {
			d.Incidents[i].Kind = kind
		}
	}
}

// passedOn says whether the report itself tells that material went from one
// person to others. NCMEC's one incident type covers possession, manufacture
// and distribution; possession is the least of them and holds for all, so it
// is what a report says that tells no more. It tells more by an upload event,
// a peer-to-peer place, an intended recipient, a file that is public, or a
// mark that the material went viral. Free text is not interpreted.
func passedOn(d *referral.Draft) bool {
	uploaded := func(ids []referral.Identifier) bool {
		return slices.ContainsFunc(ids, func(id referral.Identifier) bool { return id.Event == "upload" })
	}
	for i := range d.Parties {
		p := &d.Parties[i]
		if p.Role == referral.RoleRecipient || p.Role == referral.RoleReported && uploaded(p.Identifiers) {
			return true
		}
	}
	for i := range d.Places {
		if d.Places[i].Kind == referral.PlaceP2P || uploaded(d.Places[i].Identifiers) {
			return true
		}
	}
	for i := range d.Files {
		f := &d.Files[i]
		if f.Public == referral.True || uploaded(f.Identifiers) || slices.Contains(f.Annotations, "viral") {
			return true
		}
	}
	return slices.Contains(d.Flags, string(cybertip.BatchViral))
}
