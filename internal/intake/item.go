package intake

import (
	"crypto/sha256"
	"encoding/hex"

	"lapwing/internal/assess"
	"lapwing/internal/referral"
	"lapwing/internal/sealed"
)

// item is one thing that the ledger counts, on its way through the workers.
type item struct {
	path     string
	key      [16]byte // for the ledger: the same item has the same key in every run
	format   string
	findings []referral.Finding

	// What was read; nil where the item is refused.
	draft *referral.Draft
	part  bool // the draft holds only files of a referral that must be here already

	merged bool // it was a part, and is the whole referral with it now

	// What is kept of a refused item. No bytes where they might be media.
	raw    []byte
	size   int64
	digest [sha256.Size]byte // of the bytes, or of path and reason where there are none

	prepared

	// For a later version: who shares what with it, the referral itself left
	// out. nil: what was asked for the whole transaction holds.
	ids, files map[string]Sharing
}

// prepared is what the workers compute so that the transaction is short.
type prepared struct {
	ref     string
	base    [sha256.Size]byte // of the draft as its source told it
	ours    int64             // fingerprints that the desk adds
	content []byte            // the draft as JSON
	rk      sealed.RecordKey
	wrapped []byte
	sealed  []byte
	keys    []assess.Key
	blinds  []string // of keys, in their order
	hashes  []referral.Hash
}

func (it *item) refused() bool { return it.draft == nil }

// refuse turns the item into a refused one.
func (it *item) refuse(path, text string) {
	it.findings = append(it.findings, referral.Finding{Path: path, Severity: referral.Refuse, Text: text})
	it.draft = nil
}

// contentPlace is where a sealed draft belongs.
func contentPlace(ref string, base []byte) string {
	return "intake_version.content/" + ref + "/" + hex.EncodeToString(base[:8])
}

func keyPlace(ref string) string { return "intake_referral.data_key/" + ref }
