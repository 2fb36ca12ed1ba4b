package intake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"time"

	"lapwing/internal/assess"
	"lapwing/internal/audit"
	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/referral"
	"lapwing/internal/sealed"

	"golang.org/x/sync/errgroup"
)

// commit makes prepared items durable, in their order: referrals with
// versions, assessments, index entries, audit, follow-up work and a page of
// the ledger. It takes them in one transaction where it can, and calls done
// with the receipts of each.
func (s *Service) commit(ctx context.Context, who identity.Actor, batch int64, items []*item, done func([]Receipt)) error {
	for len(items) > 0 {
		var c *commit
		err := s.Store.Atomically(ctx, func(ctx context.Context) error {
			c = &commit{s: s, now: s.Clock.Now(), batch: batch}
			return c.run(ctx, who, items)
		})
		if err != nil {
			return err
		}
		done(c.receipts)
		items = items[len(c.receipts):]
	}
	return nil
}

// commit is the state of one transaction.
type commit struct {
	s     *Service
	now   time.Time
	batch int64

	id, number int64 // last in use
	asOf       int64 // number of the last version recorded before this group
	heads      map[string]*known
	ids        map[string]Sharing // by blind index
	files      map[string]Sharing // by FileKey
	here       map[string][]here
	w          Writes
	acts       []audit.Act
	receipts   []Receipt
	page       []Line
	totals     Totals
	keys       []byte
	view       ListView
	full       bool // nothing more may go into this transaction
	tasks      []*task
}

// known is a referral that the desk has, or got earlier in this group.
type known struct {
	*Head
	versions []Version
	isNew    bool
	changed  bool
	rk       *sealed.RecordKey
	current  *item // the item that made the current version, where it is of this group
}

// What is asked about things that are shared.
var most = Most{Count: assess.CountTo, Newest: 5}

func (c *commit) run(ctx context.Context, who identity.Actor, items []*item) (err error) {
	st := c.s.Store
	if c.id, c.number, err = st.Numbers(ctx); err != nil {
		return err
	}
	c.asOf = c.number
	c.view = c.s.Lists.View()
	if err := c.load(ctx, items); err != nil {
		return err
	}
	for _, it := range items {
		out := Rejected
		var k *known
		var version int64
		if !it.refused() {
			if out, k, version, err = c.take(ctx, it); err != nil {
				return fmt.Errorf("%s: %w", it.path, err)
			}
		}
		r := Receipt{Path: it.path, Outcome: out, Findings: it.findings, Version: version}
		if out == Rejected {
			if r.Refused, err = c.refuse(ctx, it); err != nil {
				return err
			}
		} else {
			r.Ref, r.Source, r.ExternalID = k.Ref, k.Source, k.ExternalID
		}
		c.totals.Add(out)
		c.receipts = append(c.receipts, r)
		c.page = append(c.page, Line{it.path, out, r.Ref, version, r.Refused})
		c.keys = append(c.keys, it.key[:]...)
		if c.full {
			break
		}
	}
	if err := c.assess(); err != nil {
		return err
	}
	return c.write(ctx, who)
}

// load fetches what the whole group needs in few queries.
func (c *commit) load(ctx context.Context, items []*item) error {
	var refs, prior, blinds []string
	var hashes []referral.Hash
	seen := map[string]bool{}
	once := func(k string) bool { was := seen[k]; seen[k] = true; return !was }
	for _, it := range items {
		if it.refused() {
			continue
		}
		if once("r" + it.ref) {
			refs = append(refs, it.ref)
		}
		for _, p := range it.draft.Parties {
			for _, id := range p.Prior {
				if ref := c.s.Keys.Ref(it.draft.Source, id); once("p" + ref) {
					prior = append(prior, ref)
				}
			}
		}
		for _, b := range it.blinds {
			if once("b" + b) {
				blinds = append(blinds, b)
			}
		}
		for _, h := range it.hashes {
			if once("h" + FileKey(h)) {
				hashes = append(hashes, h)
			}
		}
	}
	heads, err := c.s.Store.Heads(ctx, append(refs, prior...))
	if err != nil {
		return err
	}
	c.heads = make(map[string]*known, len(heads))
	for ref, h := range heads {
		c.heads[ref] = &known{Head: h}
	}
	for _, ref := range refs {
		if k := c.heads[ref]; k != nil && k.versions == nil {
			if k.versions, err = c.s.Store.Versions(ctx, k.ID); err != nil {
				return err
			}
		}
	}
	c.here = map[string][]here{}
	if c.ids, err = c.s.Store.SharedIdentifiers(ctx, blinds, c.asOf, 0, most); err != nil {
		return err
	}
	c.files, err = c.s.Store.SharedFiles(ctx, hashes, c.asOf, 0, most)
	return err
}

// take decides what an item is and prepares what must be written.
func (c *commit) take(ctx context.Context, it *item) (Outcome, *known, int64, error) {
	k := c.heads[it.ref]
	if it.part {
		if k == nil {
			it.refuse("", fmt.Sprintf("it describes a file of report %s, which this desk does not have; retry when the report is here", it.draft.ExternalID))
			return Rejected, nil, 0, nil
		}
		if err := c.merge(ctx, it, k); err != nil {
			return "", nil, 0, err
		}
	}
	if k == nil {
		c.id++
		k = &known{isNew: true, Head: &Head{
			ID: c.id, Ref: it.ref, Source: it.draft.Source, ExternalID: it.draft.ExternalID,
			Recorded: c.now, DataKey: it.wrapped,
		}, rk: &it.rk}
		c.heads[it.ref] = k
		v, err := c.version(it, k)
		if err != nil {
			return "", nil, 0, err
		}
		c.current(it, k, v, "intake.accept")
		return Accepted, k, v.Version, nil
	}
	if k.Source != it.draft.Source || k.ExternalID != it.draft.ExternalID {
		return "", nil, 0, fault.New(fault.Internal, "two reports have the name %s", it.ref)
	}
	for _, v := range k.versions {
		if bytes.Equal(v.Digest, it.base[:]) && (v.Ours >= it.ours || v.Version != k.Version) {
			return Duplicate, k, v.Version, nil
		}
	}
	if err := c.reseal(it, k); err != nil {
		return "", nil, 0, err
	}
	v, err := c.version(it, k)
	if err != nil {
		return "", nil, 0, err
	}
	if it.draft.Revision.Compare(k.Revision) < 0 {
		// An older version that comes late changes nothing, but it is kept.
		k.Versions = v.Version
		c.touch(k)
		c.acts = append(c.acts, audit.Act{Kind: audit.Collection, Action: "intake.late", Subject: k.Ref, Detail: detail{Version: v.Version, Digest: hex.EncodeToString(v.Digest)}})
		return Duplicate, k, v.Version, nil
	}
	if err := c.changeKeys(ctx, it, k, v.Number); err != nil {
		return "", nil, 0, err
	}
	if err := c.shareAgain(ctx, it, k); err != nil {
		return "", nil, 0, err
	}
	c.current(it, k, v, "intake.update")
	return Updated, k, v.Version, nil
}

// reseal seals the content with the data key that the referral has already.
func (c *commit) reseal(it *item, k *known) error {
	if k.rk == nil {
		rk, err := c.s.Keys.OpenRecordKey(k.DataKey, keyPlace(k.Ref))
		if err != nil {
			return err
		}
		k.rk = &rk
	}
	it.sealed = k.rk.Seal(it.content, contentPlace(k.Ref, it.base[:]))
	return nil
}

// version appends a version of the referral.
func (c *commit) version(it *item, k *known) (*Version, error) {
	c.number++
	v := &Version{
		Number: c.number, Referral: k.ID, Version: int64(len(k.versions)) + 1,
		Digest: it.base[:], Ours: it.ours, Format: it.draft.Format, Reader: it.draft.Reader,
		Revision: it.draft.Revision, Recorded: c.now, Batch: c.batch, Content: it.sealed,
	}
	if len(it.findings) > 0 {
		b, err := json.Marshal(it.findings)
		if err != nil {
			return nil, err
		}
		v.Findings = sealed.Pack(b)
	}
	k.versions = append(k.versions, *v)
	c.w.Versions = append(c.w.Versions, v)
	return v, nil
}

// current makes the version the one that counts: it is indexed, and will be
// assessed with what is known at this moment.
func (c *commit) current(it *item, k *known, v *Version, action string) {
	k.tell(it.draft, v, c.now)
	k.Assessments++
	k.current = it
	c.tasks = append(c.tasks, &task{it: it, k: k, version: v, number: k.Assessments, facts: c.facts(it, k, v), action: action})
	if k.isNew && v.Version == 1 {
		c.w.New = append(c.w.New, k.Head)
		c.addKeys(it, k, v.Number, nil, nil)
	} else {
		c.touch(k)
	}
	c.w.Countries = append(c.w.Countries, k.Head)
}

// task is an assessment to be made.
type task struct {
	it      *item
	k       *known
	version *Version
	number  int64
	facts   assess.Facts
	action  string

	made referral.Assessment
	body []byte
	row  AssessmentRow
}

// assess makes the assessments, several at a time: they are pure, so their
// order does not matter. What they say of a referral is noted in the order in
// which its versions came.
func (c *commit) assess() error {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for part := range slices.Chunk(c.tasks, 32) {
		g.Go(func() (err error) {
			for _, t := range part {
				t.made = assess.Assess(t.it.draft, t.it.keys, t.facts)
				if t.body, err = json.Marshal(&t.made); err != nil {
					return err
				}
				t.row = AssessmentRow{Referral: t.k.ID, Number: t.number, Version: t.version.Version, Made: c.now, Body: sealed.Pack(t.body)}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if err := c.view.Err(); err != nil {
		return fmt.Errorf("match against the hash lists: %w", err)
	}
	for _, t := range c.tasks {
		t.k.conclude(&t.made)
		c.w.Assessments = append(c.w.Assessments, &t.row)
		sum := sha256.Sum256(t.body)
		c.acts = append(c.acts, audit.Act{Kind: audit.Collection, Action: t.action, Subject: t.k.Ref,
			Detail: detail{Version: t.version.Version, Digest: hex.EncodeToString(t.version.Digest), Assessment: hex.EncodeToString(sum[:])}})
	}
	return nil
}

// detail ties an audit entry to what was recorded.
type detail struct {
	Version    int64  `json:"version,omitempty"`
	Digest     string `json:"digest,omitempty"`
	Assessment string `json:"assessment,omitempty"`
}

func (c *commit) touch(k *known) {
	k.Changed = c.now
	if !k.changed && !k.isNew {
		k.changed = true
		c.w.Changed = append(c.w.Changed, k.Head)
	}
}

// addKeys puts the identifiers and fingerprints of a version into the
// indexes, but for those in had.
func (c *commit) addKeys(it *item, k *known, since int64, had, hadFiles map[string]bool) {
	for i, b := range it.blinds {
		if had[b] {
			continue
		}
		key := it.keys[i]
		c.w.Identifiers = append(c.w.Identifiers, IdentifierRow{Blind: b, Referral: k.ID, Role: key.Role, Mentioned: key.Mentioned, Since: since})
		c.here["b"+b] = append(c.here["b"+b], here{k.ID, k.Ref, key.Role, !key.Mentioned})
	}
	for _, h := range it.hashes {
		fk := FileKey(h)
		if hadFiles[fk] {
			continue
		}
		c.w.Fingerprints = append(c.w.Fingerprints, FingerprintRow{Hash: h, Referral: k.ID, Since: since})
		c.here["h"+fk] = append(c.here["h"+fk], here{id: k.ID, ref: k.Ref})
	}
}

// changeKeys compares the identifiers of a later version with those of the
// current one: what is gone stops linking from here on, what is new links.
func (c *commit) changeKeys(ctx context.Context, it *item, k *known, number int64) error {
	old := k.current
	if old == nil {
		d, err := c.draftOf(ctx, k)
		if err != nil {
			return err
		}
		old = &item{draft: d}
		old.keys = oneRole(assess.Identify(d))
		for _, key := range old.keys {
			old.blinds = append(old.blinds, c.s.Keys.Blind(key.Kind, key.Value))
		}
		old.hashes = fileHashes(d)
	}
	had, hadFiles := map[string]bool{}, map[string]bool{}
	for _, b := range old.blinds {
		if had[b] = slices.Contains(it.blinds, b); !had[b] {
			c.w.DropIDs = append(c.w.DropIDs, IdentifierRow{Blind: b, Referral: k.ID, Since: number})
		}
	}
	keep := map[string]bool{}
	for _, h := range it.hashes {
		keep[FileKey(h)] = true
	}
	for _, h := range old.hashes {
		fk := FileKey(h)
		if hadFiles[fk] = keep[fk]; !keep[fk] {
			c.w.DropFiles = append(c.w.DropFiles, FingerprintRow{Hash: h, Referral: k.ID, Since: number})
		}
	}
	c.addKeys(it, k, number, had, hadFiles)
	// What was asked of the store at the start does not know what is dropped
	// here, so nothing may follow in this transaction.
	c.full = len(c.w.DropIDs)+len(c.w.DropFiles) > 0
	return nil
}

// shareAgain asks for a later version what was asked for the group: the
// answer there counts the referral itself, and does not know what a merged
// draft brought.
func (c *commit) shareAgain(ctx context.Context, it *item, k *known) error {
	if k.isNew && !it.merged {
		return nil
	}
	ids, err := c.s.Store.SharedIdentifiers(ctx, it.blinds, c.asOf, k.ID, most)
	if err != nil {
		return err
	}
	it.ids = ids
	it.files, err = c.s.Store.SharedFiles(ctx, it.hashes, c.asOf, k.ID, most)
	return err
}

// tell fills what the queue shows of a draft.
func (k *known) tell(d *referral.Draft, v *Version, now time.Time) {
	h := k.Head
	h.Provider = d.Provider.Name
	h.Version, h.Versions = v.Version, max(h.Versions, v.Version)
	h.Revision = d.Revision
	h.Incident, h.Received = moment(d, referral.MomentIncident), moment(d, referral.MomentReceived)
	if h.Received.IsZero() {
		h.Received = h.Recorded
	}
	h.Changed = now
	switch {
	case d.Retracted:
		h.State = referral.StateRetracted
	case h.State == referral.StateClosed: // a person closed it, and a new version does not undo that
	case d.Informational == referral.True:
		h.State = referral.StateInformational
	default:
		h.State = referral.StateOpen
	}
}

// conclude fills what the queue shows of an assessment.
func (k *known) conclude(a *referral.Assessment) {
	h := k.Head
	h.Kind = referral.KindUnknown
	if len(a.Kinds) > 0 {
		h.Kind = a.Kinds[0]
	}
	h.Media = a.Media.Verdict
	h.Risk, h.Completeness = a.Risk.Value, a.Completeness.Value
	h.Countries = a.Jurisdiction.Concerned
	h.Links = linked(a.Relations)
	h.Notices = len(a.Notices)
}

// linked is how many earlier referrals the report is linked with, at least:
// one that shares three things is one.
func linked(ls []referral.Link) int {
	refs := map[string]bool{}
	most := 0
	for _, l := range ls {
		if l.Weak {
			continue
		}
		most = max(most, l.Count)
		for _, r := range l.Earlier {
			refs[r] = true
		}
	}
	return max(most, len(refs))
}

func moment(d *referral.Draft, kind referral.MomentKind) time.Time {
	for _, m := range d.Times {
		if m.Kind == kind && !m.UTC.IsZero() {
			return m.UTC
		}
	}
	return time.Time{}
}

// write records everything that the group made.
func (c *commit) write(ctx context.Context, who identity.Actor) error {
	// A line has a path, and a path may hold a name.
	body, err := json.Marshal(c.page)
	if err != nil {
		return err
	}
	if body, err = c.s.Keys.Seal(sealed.Pack(body), ledgerPlace); err != nil {
		return err
	}
	c.w.Ledger = &LedgerRow{Batch: c.batch, Beat: c.now, Totals: c.totals, Keys: c.keys, Body: body}
	if err := c.s.Store.Record(ctx, &c.w); err != nil {
		return err
	}
	if c.totals.Refused > 0 {
		if err := c.s.Jobs.Add(ctx, c.now.Add(c.s.keepRefused()), ExpireRefused{Before: c.now}); err != nil {
			return err
		}
	}
	if len(c.acts) == 0 {
		return nil
	}
	return c.s.Audit.Record(ctx, who, c.acts...)
}

const ledgerPlace = "intake_ledger.body"
