// Package hashlist reads, keeps apart and writes hash lists.
//
// A hash list is a collection of opinions: a source says that files with
// these fingerprints are of that class. Sources disagree, repeat and take
// back. So an [Entry] is identified by who said it and the id there, never by
// its fingerprint; labels and votes stand beside each other and are never
// merged; taking back is a [Tombstone]. What a reader hands on is a [Change]:
// one or the other. [Options] say whose list it is and how to read it, and
// [Tally] counts what a reading gave.
//
// One sub-package reads one format: fromtext, fromcsv, fromncmec, fromvics,
// fromicse, fromnsrl and fromjsonl; [Detect] tells them apart and fromany
// calls the right one. [WriteText], [WriteCSV] and [WriteJSONL] write, as
// does toncmec. All of them stream and hold one entry at a time.
//
// This package keeps nothing, matches nothing and judges nothing.
package hashlist

import (
	"time"

	"lapwing/internal/referral"
)

// An Entry is what one source says about one file. Free text about the
// content (comments, tags, file names) is left out on purpose: matching does
// not need it.
type Entry struct {
	Source string           `json:"source"` // who says so: "ncmec:42", "icse", a desk's name for the list
	ID     string           `json:"id"`     // the entry's id there; (Source, ID) is its identity
	Media  string           `json:"media,omitempty"`
	Hashes []referral.Hash  `json:"hashes,omitempty"`
	Links  []Link           `json:"links,omitempty"`
	Labels []referral.Label `json:"labels,omitempty"`
	Series string           `json:"series,omitempty"`
	Flags  Flags            `json:"flags,omitzero"`
	Votes  []Vote           `json:"votes,omitempty"`

	Size int64 `json:"size,omitempty"` // of the file in bytes; 0 where not stated
	// Sightings is how often the source says that it met the file:
	// submissions (ICSE), files of the case (VICS); 0 where not stated.
	Sightings int64     `json:"sightings,omitempty"`
	Producer  string    `json:"producer,omitempty"` // program that wrote the list, where its dialect matters
	At        time.Time `json:"at,omitzero"`        // when the source last changed the entry
	Path      string    `json:"path,omitempty"`     // where in the file it was read
}

// What a file is, in Entry.Media; empty where the source does not say.
const (
	Image = "image"
	Video = "video"
)

// Flags are facts that a source may state or leave open.
type Flags struct {
	VictimIdentified   referral.Tri `json:"victim_identified,omitzero"`
	OffenderIdentified referral.Tri `json:"offender_identified,omitzero"`
	Distributed        referral.Tri `json:"distributed,omitzero"`
	Suspected          referral.Tri `json:"suspected,omitzero"`
	SelfGenerated      referral.Tri `json:"self_generated,omitzero"`
	// Precategorized contradicts the category in real exports: trust the label (formats.md C.1).
	Precategorized referral.Tri `json:"precategorized,omitzero"`
	Available      referral.Tri `json:"available,omitzero"` // the source can show the file to those who may see it
}

// FlagNames are the names that [Flags.Field] knows, in the order of Flags.
var FlagNames = []string{
	"victim_identified", "offender_identified", "distributed", "suspected",
	"self_generated", "precategorized", "available",
}

// Field is the flag with a name of [FlagNames], nil where there is none.
func (f *Flags) Field(name string) *referral.Tri {
	switch name {
	case "victim_identified":
		return &f.VictimIdentified
	case "offender_identified":
		return &f.OffenderIdentified
	case "distributed":
		return &f.Distributed
	case "suspected":
		return &f.Suspected
	case "self_generated":
		return &f.SelfGenerated
	case "precategorized":
		return &f.Precategorized
	case "available":
		return &f.Available
	}
	return nil
}

// A Vote is what somebody else says about one fingerprint of an entry.
// Voters may disagree with the source and with each other (formats.md B.1).
type Vote struct {
	Kind     string    `json:"kind"`     // of the fingerprint, as in referral.Hash
	Positive bool      `json:"positive"` // false: the voter says that the fingerprint is wrong here
	Author   string    `json:"author"`
	Reason   string    `json:"reason,omitempty"`
	ReasonID string    `json:"reason_id,omitempty"` // the source's id of the reason
	At       time.Time `json:"at,omitzero"`
}

// A Link stands where a source gives an address in place of a fingerprint
// that is too long. It matches nothing.
type Link struct {
	Kind string `json:"kind"` // as in referral.Hash
	Rel  string `json:"rel,omitempty"`
	Href string `json:"href"`
}

// A Tombstone says that a source has taken an entry back. What it matched
// has to be looked at again.
type Tombstone struct {
	Source string    `json:"source"`
	ID     string    `json:"id"`
	Media  string    `json:"media,omitempty"`
	At     time.Time `json:"at,omitzero"`
	Path   string    `json:"path,omitempty"`
}

// A Change is an entry, new or in a new version, or a tombstone: exactly one
// of the two is set. Who receives a Change owns what it points to.
type Change struct {
	Entry     *Entry     `json:"entry,omitempty"`
	Tombstone *Tombstone `json:"tombstone,omitempty"`
}
