package apikey_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"lapwing/internal/apikey"
	"lapwing/internal/apikey/apikeysql"
	"lapwing/internal/audit"
	"lapwing/internal/audit/auditsql"
	"lapwing/internal/calendar"
	"lapwing/internal/clock"
	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/sqldb"
	"lapwing/internal/sqldb/sqldbtest"
)

// keys are a desk's keys, over a store.
type keys struct {
	*apikey.Service
	clock *clock.Set
	t     *testing.T
}

var ada = identity.Local("ada")

func desk(t *testing.T, db *sqldb.DB) *keys {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, check, err := audit.Keys(key)
	if err != nil {
		t.Fatal(err)
	}
	c := clock.At(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	k := &keys{t: t, clock: c, Service: &apikey.Service{Store: apikeysql.Store{DB: db}, Clock: c,
		Audit: &audit.Log{Store: auditsql.Store{DB: db}, Clock: c, Signer: signer, Check: check}}}
	t.Cleanup(k.Wait)
	return k
}

func each(t *testing.T, f func(t *testing.T, k *keys)) {
	t.Helper()
	t.Parallel()
	sqldbtest.Each(t, func(t *testing.T, db *sqldb.DB) { f(t, desk(t, db)) })
}

// example is a key that may be made.
func example() apikey.Key {
	return apikey.Key{Name: "Example Hotline", Scopes: []apikey.Scope{apikey.WriteFigures}, Source: "example-hotline"}
}

func (k *keys) make(what apikey.Key) (string, apikey.Key) {
	k.t.Helper()
	secret, made, err := k.Create(k.t.Context(), ada, what)
	if err != nil {
		k.t.Fatal(err)
	}
	return secret, made
}

// trail is what the audit holds, one text for each entry, and fails where it
// is not whole.
func (k *keys) trail() (out []string) {
	k.t.Helper()
	k.Wait()
	err := k.Audit.Show(k.t.Context(), audit.Filter{}, func(e audit.Entry) error {
		out = append(out, strings.Join([]string{e.Actor, string(e.Kind), e.Action, e.Subject, e.Detail}, " "))
		return nil
	})
	if err != nil {
		k.t.Fatal(err)
	}
	if r, err := k.Audit.Verify(k.t.Context()); err != nil || !r.Whole() {
		k.t.Fatalf("the trail: %v, %+v", err, r)
	}
	return out
}

// only gives the key that is there.
func (k *keys) only() apikey.Key {
	k.t.Helper()
	ks, err := k.List(k.t.Context())
	if err != nil || len(ks) != 1 {
		k.t.Fatalf("the keys are %v, %v", ks, err)
	}
	return ks[0]
}

func TestCreate(t *testing.T) {
	each(t, func(t *testing.T, k *keys) {
		want := example()
		want.Indicators = []string{"p2p", "forum-posts", "p2p"}
		want.Expires = k.clock.Now().Add(90 * 24 * time.Hour)
		secret, made := k.make(want)
		if len(secret) != 8+8+1+26 || !strings.HasPrefix(secret, "lapwing_"+made.ID+"_") {
			t.Errorf("the secret has %d characters and the id %q", len(secret), made.ID)
		}
		if got := k.only(); got.ID != made.ID || got.By != "local:ada" || !got.Expires.Equal(want.Expires) || !slices.Equal(got.Indicators, []string{"forum-posts", "p2p"}) || !got.Created.Equal(k.clock.Now()) {
			t.Errorf("the key is %+v", got)
		}
		trail := strings.Join(k.trail(), "\n")
		if !strings.HasPrefix(trail, "local:ada alteration apikey.create key/"+made.ID+` {"name":"Example Hotline","scopes":["figures:write"],"source":"example-hotline"`) {
			t.Errorf("the trail says %s", trail)
		}
		if tail := secret[len(secret)-26:]; strings.Contains(trail, tail) {
			t.Error("the trail holds the secret")
		}
		got, who, err := k.Check(t.Context(), secret, apikey.WriteFigures)
		if err != nil || got.ID != made.ID || who.ID != "key:"+made.ID || got.Source != "example-hotline" {
			t.Errorf("the secret opens %+v for %v: %v", got, who, err)
		}
		other, _ := k.make(example())
		if other == secret || other[17:] == secret[17:] {
			t.Error("two keys have one secret")
		}
	})
}

func TestCreateRefuses(t *testing.T) {
	t.Parallel()
	k := desk(t, sqldbtest.SQLite(t))
	for _, c := range []struct {
		name string
		mend func(*apikey.Key)
		want string
	}{
		{"no name", func(k *apikey.Key) { k.Name = " " }, "a key has a name"},
		{"a long name", func(k *apikey.Key) { k.Name = strings.Repeat("a", 101) }, "a key has a name"},
		{"a name of two lines", func(k *apikey.Key) { k.Name = "a\nb" }, "a key has a name"},
		{"a name that turns the text", func(k *apikey.Key) { k.Name = "a\u202eb" }, "a key has a name"},
		{"a broken name", func(k *apikey.Key) { k.Name = "a\xff" }, "a key has a name"},
		{"no scope", func(k *apikey.Key) { k.Scopes = nil }, "without a scope"},
		{"a scope that is none", func(k *apikey.Key) { k.Scopes = []apikey.Scope{"*"} }, `no scope "*"`},
		{"no source", func(k *apikey.Key) { k.Source = "" }, "names the source"},
		{"a source with a blank", func(k *apikey.Key) { k.Source = "a b" }, "not the name of a source"},
		{"an indicator with a blank", func(k *apikey.Key) { k.Indicators = []string{"a b"} }, "not the id of an indicator"},
		{"many indicators", func(k *apikey.Key) { k.Indicators = strings.Split(strings.Repeat("a,b", 60), "a") }, "up to 50 indicators"},
		{"expired", func(x *apikey.Key) { x.Expires = k.clock.Now() }, "would have expired"},
	} {
		bad := example()
		c.mend(&bad)
		if c.name == "many indicators" {
			bad.Indicators = nil
			for i := range 51 {
				bad.Indicators = append(bad.Indicators, "a"+strings.Repeat("b", i))
			}
		}
		secret, _, err := k.Create(t.Context(), ada, bad)
		if secret != "" || fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %q, %v, want %q", c.name, secret, err, c.want)
		}
	}
	if _, _, err := k.Create(t.Context(), identity.Actor{}, example()); fault.KindOf(err) != fault.Denied {
		t.Errorf("a key by nobody: %v", err)
	}
	if len(k.trail()) != 0 {
		t.Errorf("the trail says %v", k.trail())
	}
	reader := apikey.Key{Name: "Reader", Scopes: []apikey.Scope{apikey.ReadFigures}}
	if _, _, err := k.Create(t.Context(), ada, reader); err != nil {
		t.Errorf("a key that only reads needs no source: %v", err)
	}
}

// notMade is a secret of the form of one.
func notMade(id string) string { return "lapwing_" + id + "_" + rand.Text() }

// What opens nothing gets the same answer, whatever the reason is, and takes
// as long. The trail says the reason, once in a minute, where there is such a key.
func TestCheckRefuses(t *testing.T) {
	each(t, func(t *testing.T, k *keys) {
		secret, made := k.make(example())
		gone, goneKey := k.make(example())
		short := example()
		short.Expires = k.clock.Now().Add(time.Hour)
		late, lateKey := k.make(short)
		if err := k.Revoke(t.Context(), ada, goneKey.ID); err != nil {
			t.Fatal(err)
		}
		k.clock.Move(time.Hour)
		before := len(k.trail())
		answers := map[string]bool{}
		for _, c := range []struct{ name, secret string }{
			{"nothing", ""},
			{"unknown", notMade("aaaaaaaa")},
			{"not of the form", strings.Repeat("lapwing_", 1000)},
			{"wrong", notMade(made.ID)},
			{"cut short", secret[:len(secret)-1]},
			{"longer", secret + "A"},
			{"one bit off", secret[:len(secret)-1] + string(secret[len(secret)-1]^1)},
			{"in lower case", strings.ToLower(secret)},
			{"with a blank", secret + " "},
			{"revoked", gone},
			{"expired", late},
			{"wrong and revoked", notMade(goneKey.ID)},
			{"its id in capitals", strings.Replace(secret, made.ID, strings.ToUpper(made.ID), 1)},
		} {
			began := time.Now()
			got, who, err := k.Check(t.Context(), c.secret, apikey.WriteFigures)
			if took := time.Since(began); took < 24*time.Millisecond {
				t.Errorf("%s: answered after %v", c.name, took)
			}
			if fault.KindOf(err) != fault.NotFound || who.Valid() || got.ID != "" || got.Source != "" {
				t.Errorf("%s: %+v for %q, %v", c.name, got, who.ID, err)
			}
			answers[err.Error()] = true
		}
		if len(answers) != 1 {
			t.Errorf("the answers differ: %v", answers)
		}
		if _, _, err := k.Check(t.Context(), secret, apikey.WriteFigures); err != nil {
			t.Errorf("the right one: %v", err)
		}
		trail := k.trail()[before:]
		slices.Sort(trail)
		want := []string{
			"key:" + made.ID + " consultation apikey.use key/" + made.ID + " {}",
			"system:apikey denied apikey.refuse key/" + made.ID + ` {"reason":"wrong secret","failures":1}`,
			"system:apikey denied apikey.refuse key/" + goneKey.ID + ` {"reason":"revoked","failures":1}`,
			"system:apikey denied apikey.refuse key/" + lateKey.ID + ` {"reason":"expired","failures":1}`,
		}
		slices.Sort(want)
		if !slices.Equal(trail, want) {
			t.Errorf("the trail says\n%s\nwant\n%s", strings.Join(trail, "\n"), strings.Join(want, "\n"))
		}
	})
}

// Who guesses at a key that is there is counted, and cannot fill the trail.
func TestFailuresAreCounted(t *testing.T) {
	each(t, func(t *testing.T, k *keys) {
		_, made := k.make(example())
		guess := func(n int) {
			var wg sync.WaitGroup
			for range n {
				wg.Go(func() { k.Check(t.Context(), notMade(made.ID), apikey.WriteFigures) })
			}
			wg.Wait()
		}
		guess(20)
		if n := len(k.trail()); n != 2 {
			t.Errorf("20 guesses made %d entries beside that of the key", n-1)
		}
		k.clock.Move(time.Minute)
		guess(1)
		trail := k.trail()
		if last := trail[len(trail)-1]; len(trail) != 3 || !strings.HasSuffix(last, `{"reason":"wrong secret","failures":20}`) {
			t.Errorf("the trail ends with %s", last)
		}
		if got := k.only().Failures; got != 21 {
			t.Errorf("the key has %d failures, want 21", got)
		}
	})
}

func TestScopes(t *testing.T) {
	t.Parallel()
	k := desk(t, sqldbtest.SQLite(t))
	write, made := k.make(example())
	k.clock.Move(time.Second)
	both := example()
	both.Scopes = apikey.Scopes
	all, _ := k.make(both)
	for _, c := range []struct {
		secret string
		scopes []apikey.Scope
		want   fault.Kind
	}{
		{write, []apikey.Scope{apikey.ReadFigures}, fault.Denied},
		{write, nil, fault.Denied},
		{write, []apikey.Scope{apikey.ReadFigures, apikey.WriteFigures}, fault.Internal},
		{all, []apikey.Scope{apikey.ReadFigures}, fault.Internal},
		{all, []apikey.Scope{apikey.WriteFigures}, fault.Internal},
	} {
		got, who, err := k.Check(t.Context(), c.secret, c.scopes...)
		if fault.KindOf(err) != c.want || (err == nil) != who.Valid() || (err == nil) != (got.ID != "") {
			t.Errorf("%v: %v, %v, want %v", c.scopes, who, err, c.want)
		}
	}
	if n := len(k.trail()); n != 2+1+2 {
		t.Errorf("%d entries, want two of keys, one of a refusal and two of first uses: %v", n, k.trail())
	}
	if got, err := k.List(t.Context()); err != nil || got[0].ID != made.ID || got[0].Failures != 1 {
		t.Errorf("the keys are %+v, %v", got, err)
	}
}

func TestRevoke(t *testing.T) {
	each(t, func(t *testing.T, k *keys) {
		secret, made := k.make(example())
		if _, _, err := k.Check(t.Context(), secret, apikey.WriteFigures); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"", "aaaaaaaa", "AAAAAAAA", "\x00", "' OR 1=1", strings.Repeat("a", 9)} {
			if err := k.Revoke(t.Context(), ada, id); fault.KindOf(err) != fault.NotFound {
				t.Errorf("revoke %q: %v", id, err)
			}
		}
		if err := k.Revoke(t.Context(), identity.Actor{}, made.ID); fault.KindOf(err) != fault.Denied {
			t.Errorf("revoked by nobody: %v", err)
		}
		before := len(k.trail())
		for range 2 {
			if err := k.Revoke(t.Context(), ada, made.ID); err != nil {
				t.Error(err)
			}
			k.clock.Move(time.Hour)
		}
		if got := k.trail()[before:]; len(got) != 1 || got[0] != "local:ada alteration apikey.revoke key/"+made.ID+" {}" {
			t.Errorf("the trail says %v", got)
		}
		if got := k.only(); got.State(k.clock.Now()) != apikey.Revoked || !got.Revoked.Equal(got.Created) {
			t.Errorf("the key is %+v", got)
		}
		if _, _, err := k.Check(t.Context(), secret, apikey.WriteFigures); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a revoked key opens: %v", err)
		}
	})
}

// Of its use a key keeps the day, and the first use of a day is recorded.
func TestLastUsed(t *testing.T) {
	each(t, func(t *testing.T, k *keys) {
		secret, made := k.make(example())
		if got := k.only().LastUsed; got != 0 {
			t.Errorf("a new key was used on %v", got)
		}
		for range 3 {
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					if _, _, err := k.Check(t.Context(), secret, apikey.WriteFigures); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if got := k.only().LastUsed; got != calendar.DayOf(k.clock.Now()) {
				t.Errorf("the key was used on %v", got)
			}
			k.clock.Move(13 * time.Hour) // 12:00, 01:00, 14:00
		}
		want := "key:" + made.ID + " consultation apikey.use key/" + made.ID + " {}"
		if got := k.trail()[1:]; !slices.Equal(got, []string{want, want}) {
			t.Errorf("the trail says %v", got)
		}
	})
}

// What cannot be recorded does not happen.
func TestNothingWithoutTheTrail(t *testing.T) {
	t.Parallel()
	k := desk(t, sqldbtest.SQLite(t))
	secret, made := k.make(example())
	whole := k.Audit
	k.Audit = &audit.Log{Store: deaf{whole.Store}, Clock: k.clock, Signer: whole.Signer, Check: whole.Check}
	if s, _, err := k.Create(t.Context(), ada, example()); err == nil || s != "" {
		t.Errorf("a key is made: %v", err)
	}
	if err := k.Revoke(t.Context(), ada, made.ID); err == nil {
		t.Error("a key is revoked")
	}
	if _, who, err := k.Check(t.Context(), secret, apikey.WriteFigures); err == nil || who.Valid() {
		t.Error("a first use is not recorded, and happens")
	}
	k.Check(t.Context(), notMade(made.ID), apikey.WriteFigures)
	k.Wait()
	k.Audit = whole
	if got := k.only(); got.Failures != 0 || got.LastUsed != 0 || !got.Revoked.IsZero() {
		t.Errorf("the key is %+v", got)
	}
	// The failure was not lost: it is recorded with the next.
	k.Check(t.Context(), notMade(made.ID), apikey.WriteFigures)
	k.Wait()
	if got := k.only(); got.Failures != 2 {
		t.Errorf("%d failures, want 2", got.Failures)
	}
}

// deaf is a trail that takes nothing.
type deaf struct{ audit.Store }

func (deaf) Append(context.Context, []audit.Entry, []audit.Tile, string) error {
	return errors.New("the disk is full")
}

// A store that fails opens nothing.
func TestCheckWithoutTheStore(t *testing.T) {
	t.Parallel()
	k := desk(t, sqldbtest.SQLite(t))
	secret, _ := k.make(example())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, who, err := k.Check(ctx, secret, apikey.WriteFigures); err == nil || who.Valid() {
		t.Errorf("%v, %v", who, err)
	}
}
