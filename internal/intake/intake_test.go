package intake_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"lapwing/internal/fault"
	"lapwing/internal/hashlist"
	"lapwing/internal/intake"
	"lapwing/internal/intake/intaketest"
	"lapwing/internal/known"
	"lapwing/internal/referral"
	"lapwing/internal/sqldb"
	"lapwing/internal/sqldb/sqldbtest"
)

func each(t *testing.T, f func(t *testing.T, d *intaketest.Desk)) {
	t.Parallel()
	sqldbtest.Each(t, func(t *testing.T, db *sqldb.DB) { f(t, intaketest.New(t, db)) })
}

// xml is a small CyberTip.
func xml(body string) string {
	return `<report><incidentSummary><incidentType>Online Enticement of Children for Sexual Acts</incidentType>` +
		`<incidentDateTime>2026-01-15T10:00:00Z</incidentDateTime></incidentSummary>` +
		`<reporter><reportingPerson/></reporter>` + body + `</report>`
}

func account(email, id string) string {
	return `<personOrUserReported><personOrUserReportedPerson><email>` + email + `</email></personOrUserReportedPerson>` +
		`<espIdentifier>` + id + `</espIdentifier><espService>Sample Chat</espService></personOrUserReported>`
}

// hotline is a small hotline report.
func hotline(id, updated, status, url string) string {
	return fmt.Sprintf(`{"format":"hotline-report/1","hotline":"example","id":%q,"updated_at":%q,"status":%q,"received_at":"2026-01-10T08:00:00Z",
		"assessment":{"kinds":["csam.distribution"],"author":"analyst 1","at":"2026-01-10T09:00:00Z"},
		"items":[{"id":"1","type":"image","url":%q,"hashes":[{"type":"md5","value":"8516c09421a983ab389e625404dd0215"}]}]}`, id, updated, status, url)
}

func want(t *testing.T, got intake.Totals, accepted, updated, duplicate, refused int64) {
	t.Helper()
	w := intake.Totals{Read: accepted + updated + duplicate + refused, Accepted: accepted, Updated: updated, Duplicate: duplicate, Refused: refused}
	if got != w {
		t.Errorf("totals %+v, want %+v", got, w)
	}
}

func TestSameAgainLaterAndOlder(t *testing.T) {
	each(t, func(t *testing.T, d *intaketest.Desk) {
		v1 := d.Put("1.json", hotline("7", "2026-01-10T10:00:00Z", "", "https://a.example/1"))
		v2 := d.Put("2.json", hotline("7", "2026-01-12T10:00:00Z", "", "https://a.example/2"))
		v0 := d.Put("0.json", hotline("7", "2026-01-09T10:00:00Z", "", "https://a.example/0"))
		got, _ := d.Take(v1)
		want(t, got, 1, 0, 0, 0)
		got, _ = d.Take(v1)
		want(t, got, 0, 0, 1, 0)
		got, _ = d.Take(v2)
		want(t, got, 0, 1, 0, 0)
		got, _ = d.Take(v1) // an older version again
		want(t, got, 0, 0, 1, 0)
		got, _ = d.Take(v0) // an older version that nobody had seen
		want(t, got, 0, 0, 1, 0)
		got, _ = d.Take(v0)
		want(t, got, 0, 0, 1, 0)
		rec := d.Get("7")
		if rec.Version != 2 || len(rec.Versions) != 3 || rec.Draft.Revision.At.Day() != 12 {
			t.Errorf("current version %d of %d, stated %v; want 2 of 3, on the 12th", rec.Version, len(rec.Versions), rec.Draft.Revision.At)
		}
		old, err := d.Show(t.Context(), d.Who, rec.Ref, 3)
		if err != nil || old.Draft.Revision.At.Day() != 9 {
			t.Errorf("the late older version is not kept: %v", err)
		}
		d.Whole()
	})
}

// The filter by country follows the current version, and nothing of an older
// one stays behind.
func TestCountriesFollowTheVersion(t *testing.T) {
	each(t, func(t *testing.T, d *intaketest.Desk) {
		at := func(day, country string) string {
			r := hotline("7", "2026-01-"+day+"T10:00:00Z", "", "https://a.example/1")
			return strings.Replace(r, `"items":`, `"parties":[{"role":"reported","addresses":[{"country":"`+country+`"}]}],"items":`, 1)
		}
		in := func(country string) bool {
			q, err := d.Queue(t.Context(), intake.Filter{Country: country})
			if err != nil {
				t.Fatal(err)
			}
			return len(q) == 1
		}
		d.Take(d.Put("1.json", at("10", "DE")))
		if cs := d.Get("7").Countries; !in("DE") || in("FR") || !slices.Equal(cs, []string{"DE"}) {
			t.Fatalf("at first it concerns %v", cs)
		}
		d.Take(d.Put("2.json", at("11", "FR")))
		if cs := d.Get("7").Countries; in("DE") || !in("FR") || !slices.Equal(cs, []string{"FR"}) {
			t.Errorf("after the change it concerns %v; found in DE: %v, in FR: %v", cs, in("DE"), in("FR"))
		}
		d.Take(d.Put("3.json", at("12", "FR")))
		if !in("FR") {
			t.Error("it is in no country after a version that says the same")
		}
	})
}

func TestRetraction(t *testing.T) {
	each(t, func(t *testing.T, d *intaketest.Desk) {
		d.Take(d.Put("1.json", hotline("8", "2026-01-10T10:00:00Z", "", "https://a.example/1")))
		got, _ := d.Take(d.Put("2.json", hotline("8", "2026-01-11T10:00:00Z", "retracted", "https://a.example/1")))
		want(t, got, 0, 1, 0, 0)
		if rec := d.Get("8"); rec.State != referral.StateRetracted || len(rec.Versions) != 2 {
			t.Errorf("state %s with %d versions, want retracted with 2", rec.State, len(rec.Versions))
		}
		q, err := d.Queue(t.Context(), intake.Filter{})
		if err != nil || len(q) != 0 {
			t.Errorf("a retracted referral is in the queue: %v, %v", q, err)
		}
		// The tombstone comes first: the report that follows does not undo it.
		d.Take(d.Put("3.json", hotline("9", "2026-01-11T10:00:00Z", "retracted", "https://a.example/1")))
		got, _ = d.Take(d.Put("4.json", hotline("9", "2026-01-10T10:00:00Z", "", "https://a.example/1")))
		want(t, got, 0, 0, 1, 0)
		if rec := d.Get("9"); rec.State != referral.StateRetracted {
			t.Errorf("state %s, want retracted", rec.State)
		}
		d.Whole()
	})
}

func TestCompanionsGiveTheID(t *testing.T) {
	each(t, func(t *testing.T, d *intaketest.Desk) {
		details := func(id, file, md5 string) string {
			return `<fileDetails><reportId>` + id + `</reportId><fileId>` + file + `</fileId><originalFileHash hashType="MD5">` + md5 + `</originalFileHash></fileDetails>`
		}
		const h1, h2 = "8516c09421a983ab389e625404dd0215", "78a3ab7a5eff025989721b349fc85fae"
		// Alone in its folder.
		d.Put("a/report.xml", xml(account("a@example.org", "1")))
		d.Put("a/x.xml", details("501", "f1", h1))
		d.Put("a/y.xml", `<reportDoneResponse><responseCode>0</responseCode><reportId>501</reportId><files><fileId>f1</fileId></files></reportDoneResponse>`)
		// Several in one folder: by name.
		d.Put("b/r1.xml", xml(account("b@example.org", "2")))
		d.Put("b/r1-file.xml", details("502", "f2", h2))
		d.Put("b/r2.xml", xml(account("c@example.org", "3")))
		d.Put("b/r2-answer.xml", `<reportResponse><responseCode>0</responseCode><responseDescription>Success</responseDescription><reportId>503</reportId></reportResponse>`)
		d.Put("b/r3.xml", xml(account("d@example.org", "4"))) // nobody names it
		d.Put("c/lost.xml", details("999", "f9", h1))         // names a report that is not here
		got, rs := d.Take()
		want(t, got, 4, 0, 0, 1)
		var ids []string
		for _, r := range rs {
			ids = append(ids, r.ExternalID)
		}
		slices.Sort(ids)
		if !slices.Equal(ids[:4], []string{"", "501", "502", "503"}) || !strings.HasPrefix(ids[4], "sha256-") {
			t.Errorf("external ids %q", ids)
		}
		if rec := d.Get("501"); len(rec.Draft.Files) != 1 || rec.Media != referral.MediaNew || rec.Draft.IDFrom != referral.IDCompanion {
			t.Errorf("501: %d files, media %s, id from %s", len(rec.Draft.Files), rec.Media, rec.Draft.IDFrom)
		}
		// Details of another file come later, alone: an update; the same again is a duplicate.
		more := d.Put("later/f3.xml", details("501", "f3", h2))
		got, _ = d.Take(more)
		want(t, got, 0, 1, 0, 0)
		got, _ = d.Take(more)
		want(t, got, 0, 0, 1, 0)
		if rec := d.Get("501"); len(rec.Draft.Files) != 2 || rec.Versions[0].Current {
			t.Errorf("501 has %d files", len(rec.Draft.Files))
		}
		d.Whole()
	})
}

func TestLinksAndAsOf(t *testing.T) {
	each(t, func(t *testing.T, d *intaketest.Desk) {
		for i, a := range []string{account("same@example.org", "1"), account("other@example.org", "2"), account("Same@Example.org", "3")} {
			d.Put(fmt.Sprintf("r%d.xml", i), xml(a))
		}
		got, rs := d.Take()
		want(t, got, 3, 0, 0, 0)
		last, err := d.Show(t.Context(), d.Who, rs[2].Ref, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(last.Assessment.Relations) != 1 || !slices.Equal(last.Assessment.Relations[0].Earlier, []string{rs[0].Ref}) {
			t.Errorf("the third is linked as %+v, want with the first only", last.Assessment.Relations)
		}
		first, err := d.Show(t.Context(), d.Who, rs[0].Ref, 0)
		if err != nil || len(first.Assessment.Relations) != 0 {
			t.Errorf("the first saw links to what came later: %+v, %v", first.Assessment.Relations, err)
		}
		d.Whole()
	})
}

func TestIdentifiersThatAreDroppedLinkNoMore(t *testing.T) {
	each(t, func(t *testing.T, d *intaketest.Desk) {
		mail := func(id, updated, m string) string {
			return fmt.Sprintf(`{"hotline":"example","id":%q,"updated_at":%q,"received_at":"2026-01-10T08:00:00Z","assessment":{"kinds":["solicit.grooming"]},
				"parties":[{"role":"reported","identifiers":[{"kind":"email","value":%q}]}]}`, id, updated, m)
		}
		d.Put("1.json", mail("1", "2026-01-10T10:00:00Z", "one@example.org"))
		d.Put("2.json", mail("1", "2026-01-11T10:00:00Z", "two@example.org")) // a correction
		d.Put("3.json", mail("2", "2026-01-10T10:00:00Z", "one@example.org")) // must not link
		d.Put("4.json", mail("3", "2026-01-10T10:00:00Z", "two@example.org")) // must link
		d.Put("5.json", mail("1", "2026-01-12T10:00:00Z", "one@example.org")) // and back
		d.Put("6.json", mail("4", "2026-01-10T10:00:00Z", "one@example.org"))
		got, _ := d.Take()
		want(t, got, 4, 2, 0, 0)
		for id, n := range map[string]int{"2": 0, "3": 1, "4": 2} {
			rec := d.Get(id)
			if rec.Links != n {
				t.Errorf("referral %s is linked with %d, want %d: %+v", id, rec.Links, n, rec.Assessment.Relations)
			}
		}
		d.Whole()
	})
}

func TestRefusedRepairedTaken(t *testing.T) {
	each(t, func(t *testing.T, d *intaketest.Desk) {
		whole := xml(account("a@example.org", "1"))
		d.Put("cut.xml", whole[:len(whole)-30])
		d.Put("empty.xml", "")
		d.Put("prose.txt", "Synthetic text.\n")
		d.Put("noise.bin", "\x00\x01\x02\xff\xfe\xfd")
		d.Put("norequired.xml", `<report><reporter><reportingPerson/></reporter></report>`)
		got, rs := d.Take()
		want(t, got, 0, 0, 0, 5)
		var cut int64
		for _, r := range rs {
			if !referral.Refuses(r.Findings) || r.Refused == 0 {
				t.Errorf("%s was refused without a reason: %+v", r.Path, r)
			}
			if strings.HasSuffix(r.Path, "cut.xml") {
				cut = r.Refused
			}
			if strings.HasSuffix(r.Path, "norequired.xml") && len(r.Findings) < 2 {
				t.Errorf("not everything that is missing is said: %+v", r.Findings)
			}
		}
		kept := map[string]bool{}
		err := d.ListRefused(t.Context(), d.Who, intake.RefusedHeld, func(r *intake.Refused) error {
			kept[r.Path[strings.LastIndex(r.Path, "/")+1:]] = r.Kept
			return nil
		})
		if err != nil || len(kept) != 5 || !kept["cut.xml"] || kept["noise.bin"] {
			t.Errorf("refused items: %v, %v", kept, err)
		}
		// Again: counted, not kept twice.
		d.Take()
		n := 0
		d.ListRefused(t.Context(), d.Who, "", func(r *intake.Refused) error { n++; return nil })
		if n != 5 {
			t.Errorf("%d refused items after the same again, want 5", n)
		}
		retried, err := d.Retry(t.Context(), d.Who, []int64{cut}, nil, intake.Reading{}, func(int64, intake.Receipt) {})
		if err != nil || retried.Refused != 1 {
			t.Errorf("retry without repair: %+v, %v", retried, err)
		}
		retried, err = d.Retry(t.Context(), d.Who, []int64{cut}, []byte(whole), intake.Reading{}, func(int64, intake.Receipt) {})
		if err != nil || retried.Accepted != 1 {
			t.Errorf("retry with the repaired file: %+v, %v", retried, err)
		}
		if _, err := d.Retry(t.Context(), d.Who, []int64{cut}, []byte(whole), intake.Reading{}, func(int64, intake.Receipt) {}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("retry of what was taken: %v, want conflict", err)
		}
		// Retention ends the keeping.
		d.Clock.Move(time.Hour)
		if err := d.Expire(t.Context(), intake.ExpireRefused{Before: d.Clock.Now()}); err != nil {
			t.Fatal(err)
		}
		d.ListRefused(t.Context(), d.Who, "", func(r *intake.Refused) error {
			if r.Kept || r.Path != "" {
				t.Errorf("item %d is still kept after its time", r.ID)
			}
			return nil
		})
		d.Whole()
	})
}

func TestMatchesAndCorrections(t *testing.T) {
	each(t, func(t *testing.T, d *intaketest.Desk) {
		ctx := t.Context()
		d.Put("1.json", hotline("1", "2026-01-10T10:00:00Z", "", "https://a.example/1"))
		d.Take()
		if rec := d.Get("1"); rec.Media != referral.MediaNew {
			t.Fatalf("before any list: %s, want new", rec.Media)
		}
		put := func(changes ...hashlist.Change) {
			t.Helper()
			_, err := d.Known.Import(ctx, d.Who, "demo", known.Import{Read: func(_ context.Context, emit func(hashlist.Change) error, _ func(referral.Finding)) error {
				for _, c := range changes {
					if err := emit(c); err != nil {
						return err
					}
				}
				return nil
			}})
			if err != nil {
				t.Fatal(err)
			}
			state := d.Known.View().State()
			touches, err := d.Known.Touches(ctx, state)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.Reassess(ctx, d.Who, touches); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.Known.Create(ctx, d.Who, known.List{Name: "demo"}); err != nil {
			t.Fatal(err)
		}
		put(hashlist.Change{Entry: &hashlist.Entry{Source: "demo", ID: "1", Hashes: []referral.Hash{{Kind: "md5", Value: "8516c09421a983ab389e625404dd0215"}}}})
		rec := d.Get("1")
		if rec.Media != referral.MediaKnown || len(rec.Assessments) != 2 || rec.Assessment.Media.Matches[0].List != "demo" {
			t.Errorf("after the entry came: %s, %d assessments", rec.Media, len(rec.Assessments))
		}
		put(hashlist.Change{Tombstone: &hashlist.Tombstone{Source: "demo", ID: "1"}})
		if rec = d.Get("1"); rec.Media != referral.MediaNew || len(rec.Assessments) != 3 {
			t.Errorf("after the entry was taken back: %s, %d assessments", rec.Media, len(rec.Assessments))
		}
		d.Whole() // each assessment with the state of the lists that it saw
	})
}

func TestTwoAtOnceTakeNothingTwice(t *testing.T) {
	each(t, func(t *testing.T, d *intaketest.Desk) {
		const n = 300
		for i := range n {
			d.Put(fmt.Sprintf("r%03d.xml", i), xml(account(fmt.Sprintf("p%d@example.org", i%50), fmt.Sprint(i))))
		}
		var mu sync.Mutex
		var sum intake.Totals
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				got, _, err := d.TryTake()
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				sum.Accepted += got.Accepted
				sum.Duplicate += got.Duplicate
				sum.Read += got.Read
			})
		}
		wg.Wait()
		if sum.Accepted != n || sum.Read != 3*n || sum.Duplicate != 2*n {
			t.Errorf("three at once: %+v", sum)
		}
		d.Whole()
	})
}

// A store that fails in the middle leaves nothing of the group behind.
func TestNothingHalfway(t *testing.T) {
	each(t, func(t *testing.T, d *intaketest.Desk) {
		d.Put("1.xml", xml(account("a@example.org", "1")))
		broken := errors.New("planted")
		jobs := d.Jobs
		d.Store = failing{d.Store, broken}
		_, _, err := d.TryTake()
		if !errors.Is(err, broken) {
			t.Fatalf("got %v", err)
		}
		d.Store = d.Store.(failing).Store
		d.Jobs = jobs
		if q, err := d.Queue(t.Context(), intake.Filter{All: true}); err != nil || len(q) != 0 {
			t.Errorf("something stayed: %v, %v", q, err)
		}
		got, _ := d.Take() // goes on with the same batch
		want(t, got, 1, 0, 0, 0)
		d.Whole()
	})
}

// failing writes everything and then fails, within the transaction.
type failing struct {
	intake.Store
	err error
}

func (f failing) Record(ctx context.Context, w *intake.Writes) error {
	return errors.Join(f.Store.Record(ctx, w), f.err)
}

func TestLookingIsRecorded(t *testing.T) {
	each(t, func(t *testing.T, d *intaketest.Desk) {
		d.Put("1.xml", xml(account("a@example.org", "1")))
		_, rs := d.Take()
		if _, err := d.Show(t.Context(), d.Who, rs[0].Ref, 0); err != nil {
			t.Fatal(err)
		}
		entries := 0
		if _, err := d.Show(t.Context(), d.Who, "NOSUCH", 0); fault.KindOf(err) != fault.NotFound {
			t.Errorf("show of nothing: %v", err)
		}
		for _, f := range []string{"intake.accept", "intake.show"} {
			rows, err := d.AuditEntries(t.Context(), f)
			if err != nil || rows == 0 {
				t.Errorf("%s: %d entries, %v", f, rows, err)
			}
			entries += rows
		}
		if entries != 3 { // accepted, shown, asked for what is not there
			t.Errorf("%d entries, want 3", entries)
		}
	})
}

// Details that come as an item of their own, in the same transaction as their
// report, link by what they bring.
func TestDetailsLinkByTheirFiles(t *testing.T) {
	each(t, func(t *testing.T, d *intaketest.Desk) {
		const h = "8516c09421a983ab389e625404dd0215"
		d.Take(d.Put("first.json", hotline("1", "2026-01-10T10:00:00Z", "", "https://a.example/1"))) // has the same file
		d.Put("x/a.json", `{"reportId": 700, "reportedInformation": {"incidentSummary": {"incidentType": "Child Sex Trafficking", "incidentDateTime": "2026-01-15T10:00:00Z"}}}`)
		d.Put("y/details.xml", `<fileDetails><reportId>700</reportId><fileId>f</fileId><originalFileHash hashType="MD5">`+h+`</originalFileHash></fileDetails>`)
		got, _ := d.Take(d.Dir+"/x", d.Dir+"/y")
		want(t, got, 1, 1, 0, 0)
		if rec := d.Get("700"); rec.Links != 1 {
			t.Errorf("linked with %d, want 1: %+v", rec.Links, rec.Assessment.Relations)
		}
		d.Whole()
	})
}

// A run that is stopped says how many items are unfinished, also when it went
// on with an earlier one.
func TestStoppedRunCountsWhatIsUnfinished(t *testing.T) {
	each(t, func(t *testing.T, d *intaketest.Desk) {
		for i := range 2500 {
			d.Put(fmt.Sprintf("r%04d.xml", i), xml(account("a@example.org", fmt.Sprint(i))))
		}
		req := intake.Request{Inputs: []string{d.Dir}}
		stop := errors.New("stop")
		for range 2 {
			store := d.Store
			d.Store = &failsLater{Store: store, err: stop}
			got, err := d.Run(t.Context(), d.Who, req)
			d.Store = store
			if !errors.Is(err, stop) || got.Read != got.Settled()+got.Unfinished || got.Unfinished < 0 {
				t.Errorf("stopped: %+v, %v", got, err)
			}
		}
		got, err := d.Run(t.Context(), d.Who, req)
		if err != nil {
			t.Fatal(err)
		}
		want(t, got, 2500, 0, 0, 0)
	})
}

// failsLater lets one transaction through.
type failsLater struct {
	intake.Store
	err error
	n   int
}

func (f *failsLater) Record(ctx context.Context, w *intake.Writes) error {
	if f.n++; f.n > 1 {
		return f.err
	}
	return f.Store.Record(ctx, w)
}
