package fromncmec

import (
	"time"

	"lapwing/internal/hashlist"
	"lapwing/internal/referral"
)

// entry reads image or video (formats.md B.1).
func (d *document) entry(n *node, media, where string) error {
	e := hashlist.NewEntry(d.source(n.child("member")), n.text("id"), where)
	e.Media = media
	e.At = d.time(n.text("timestamp"), where)
	if v := n.text("classification"); v != "" {
		scheme := d.Scheme
		if scheme == "" {
			scheme = "industry"
		}
		e.Labels = []referral.Label{{Scheme: scheme, Value: v, Author: e.Source, At: e.At}}
	}
	if fingerprints := n.child("fingerprints"); fingerprints != nil {
		for _, f := range fingerprints.children {
			d.fingerprint(e, f, where)
		}
	}
	if len(e.Hashes) == 0 {
		d.Warn(where, "the entry has no fingerprint that can be used; it is kept and matches nothing")
	}
	if feedback := n.child("feedback"); feedback != nil {
		d.feedback(e, feedback, where)
	}
	return d.Emit(e)
}

// fingerprint reads a child of fingerprints: a value, or a link to one.
func (d *document) fingerprint(e *hashlist.Entry, f *node, where string) {
	kind, value := referral.HashKind(f.name), f.content()
	if href := f.attr("href"); href != "" {
		e.Links = append(e.Links, hashlist.Link{Kind: kind, Rel: f.attr("rel"), Href: href})
		d.WarnOnce("link "+kind, where, "the source gives a link in place of the %.40s; the link is kept and matches nothing", kind)
	}
	if value == "" {
		return
	}
	if err := e.AddHash(kind, value); err != nil {
		d.Warn(where, "a fingerprint is left out: %v", err)
	}
}

// feedback reads who agrees and who does not. Agreement names members,
// disagreement names reasons and for each the members.
func (d *document) feedback(e *hashlist.Entry, feedback *node, where string) {
	for _, f := range feedback.children {
		kind := referral.HashKind(f.attr("type"))
		since := f.attr("lastUpdateTimestamp")
		switch f.name {
		case "affirmativeFeedback":
			d.votes(e, f, hashlist.Vote{Kind: kind, Positive: true}, since, where)
		case "negativeFeedback":
			for _, reasons := range f.children {
				if reasons.name == "members" { // without a reason
					d.voters(e, reasons, hashlist.Vote{Kind: kind}, since, where)
					continue
				}
				n := 0
				for _, reason := range reasons.children {
					if reason.name != "reason" {
						continue
					}
					n++
					v := hashlist.Vote{Kind: kind, Reason: reason.attr("name"), ReasonID: reason.attr("guid")}
					if t := reason.attr("type"); t != "" {
						v.Kind = referral.HashKind(t)
					}
					d.votes(e, reasons, v, since, where)
				}
				if n == 0 {
					d.votes(e, reasons, hashlist.Vote{Kind: kind}, since, where)
				}
			}
		default:
			d.WarnOnce("feedback "+f.name, where, "the feedback %.40q is not known; it is not read", f.name)
		}
	}
}

// maxVotes is how many votes of one entry are kept.
const maxVotes = 10_000

func (d *document) votes(e *hashlist.Entry, n *node, v hashlist.Vote, since, where string) {
	for _, members := range n.children {
		if members.name == "members" {
			d.voters(e, members, v, since, where)
		}
	}
}

func (d *document) voters(e *hashlist.Entry, members *node, v hashlist.Vote, since, where string) {
	if at := members.attr("timestamp"); at != "" {
		since = at
	}
	v.At = d.time(since, where)
	for _, member := range members.children {
		if v.Author = d.source(member); member.name != "member" || v.Author == "" {
			continue
		}
		if len(e.Votes) == maxVotes {
			d.WarnOnce("votes", where, "only the first %d votes of an entry are kept", maxVotes)
			return
		}
		e.Votes = append(e.Votes, v)
	}
}

func (d *document) tombstone(n *node, media, where string) error {
	return d.Bury(&hashlist.Tombstone{
		Source: d.source(n.child("member")), ID: n.text("id"), Media: media,
		At: d.time(n.text("timestamp"), where), Path: where,
	})
}

func (d *document) time(s, where string) time.Time {
	t, ok := hashlist.ParseTime(s)
	if !ok {
		d.Warn(where, "a time is left out: it is not ISO 8601 between 1970 and 9999")
	}
	return t
}
