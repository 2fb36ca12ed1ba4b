package known_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"lapwing/internal/assess"
	"lapwing/internal/fault"
	"lapwing/internal/hashlist"
	"lapwing/internal/known"
	"lapwing/internal/known/knowntest"
	"lapwing/internal/referral"
	"lapwing/pdq"

	"github.com/google/go-cmp/cmp"
)

func hash(h referral.Hash) (p pdq.Hash) {
	copy(p[:], known.ValueBytes(h))
	return p
}

func TestOpinions(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		l.Make("demo")
		if err := l.Create(t.Context(), l.Who, known.List{Name: "harmless", Good: true}); err != nil {
			t.Fatal(err)
		}
		l.Read("demo", hashlist.Change{Entry: whole()}, knowntest.Entry("2", knowntest.MD5(1), knowntest.PDQ(9, 0), referral.Hash{Kind: "netclean", Value: "ünïcode text"}))
		l.Read("harmless", knowntest.Entry("1", knowntest.MD5(1)), e("no hashes"))
		one := assess.Opinion{List: "demo", Version: 1, Source: "src", Entry: "1", Labels: whole().Labels}
		two := assess.Opinion{List: "demo", Version: 1, Source: "src", Entry: "2"}
		good := assess.Opinion{List: "harmless", Version: 2, Source: "src", Entry: "1", Good: true}
		far := func(o assess.Opinion, bits int) assess.Opinion { o.Distance = bits; return o }
		v := l.View()
		for _, c := range []struct {
			name      string
			got, want []assess.Opinion
		}{
			{"md5", v.Exact(knowntest.MD5(1)), []assess.Opinion{one, two, good}},
			{"another md5", v.Exact(knowntest.MD5(2)), nil},
			{"md5 in capitals", v.Exact(referral.Hash{Kind: "sha1", Value: "0A0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a"}), []assess.Opinion{one}},
			{"opaque", v.Exact(referral.Hash{Kind: "netclean", Value: "Ünïcode text"}), []assess.Opinion{one}},
			{"opaque, in other case", v.Exact(referral.Hash{Kind: "netclean", Value: "ünïcode text"}), []assess.Opinion{two}},
			{"the same text in another kind", v.Exact(referral.Hash{Kind: "other", Value: "Ünïcode text"}), nil},
			{"pdq", v.Exact(knowntest.PDQ(3, 60)), []assess.Opinion{one}},
			{"no value", v.Exact(referral.Hash{Kind: "md5"}), nil},
			{"no kind", v.Exact(referral.Hash{Value: "x"}), nil},
			{"near, both", v.Near(hash(knowntest.PDQ(8, 0)), 5), []assess.Opinion{far(two, 1), far(one, 5)}},
			{"near, one", v.Near(hash(knowntest.PDQ(8, 0)), 4), []assess.Opinion{far(two, 1)}},
			{"near, none", v.Near(hash(knowntest.PDQ(6, 0)), 2), nil},
		} {
			if d := cmp.Diff(c.want, c.got); d != "" {
				t.Errorf("%s (-want +got)\n%s", c.name, d)
			}
		}
		if v.Err() != nil {
			t.Error(v.Err())
		}
	})
}

// A PDQ of a picture without edges is near to many that have nothing to do
// with it (formats.md B.2); what is said of its quality may change.
func TestPDQOfLowQualityMatchesNothing(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		l.Make("demo")
		l.Read("demo", knowntest.Entry("low", knowntest.PDQ(0, pdq.MinQuality-1)), knowntest.Entry("enough", knowntest.PDQ(0, pdq.MinQuality)), knowntest.Entry("not stated", knowntest.PDQ(0, 0)))
		if got := l.View().Near(hash(knowntest.PDQ(0, 0)), 31); len(got) != 2 || got[0].Entry != "enough" || got[1].Entry != "not stated" {
			t.Errorf("near: %+v, want the entries with enough quality and with none stated", got)
		}
		l.Read("demo", knowntest.Entry("low", knowntest.PDQ(0, 90)), knowntest.Entry("enough", knowntest.PDQ(0, 1)))
		if got := l.View().Exact(knowntest.PDQ(0, 0)); len(got) != 2 || got[0].Entry != "low" || got[1].Entry != "not stated" {
			t.Errorf("after the qualities changed: %+v", got)
		}
	})
}

func TestTouches(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		l.Make("demo")
		l.Read("demo", knowntest.Entry("kept", knowntest.MD5(1), knowntest.PDQ(100, 90)), e("ended", 2), e("changed", 3))
		n := l.Read("demo", e("new", 4), gone("ended"), e("changed", 5), knowntest.Entry("picture", knowntest.PDQ(200, 90)), knowntest.Entry("low", knowntest.PDQ(0, 10)), e("passing", 6), gone("passing")).Number
		touches, err := l.Touches(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			h    referral.Hash
			want bool
		}{
			{knowntest.MD5(1), false}, {knowntest.MD5(2), true}, {knowntest.MD5(3), true}, {knowntest.MD5(4), true}, {knowntest.MD5(5), true}, {knowntest.MD5(6), false},
			{knowntest.PDQ(200, 0), true}, {knowntest.PDQ(200+pdq.MatchDistance, 0), true}, {knowntest.PDQ(201+pdq.MatchDistance, 0), false},
			{knowntest.PDQ(100, 0), false}, {knowntest.PDQ(0, 0), false}, {referral.Hash{Kind: "pdq", Value: "00"}, false}, {referral.Hash{}, false},
		} {
			if got := touches(c.h); got != c.want {
				t.Errorf("touches %s %s: %t, want %t", c.h.Kind, c.h.Value, got, c.want)
			}
		}
	})
}

func TestViewOfStatesThatAreNot(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		started(l)
		if _, err := l.ViewAt(t.Context(), 2); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a state to come: %v, want not found", err)
		}
		leave(t, l, "elsewhere")
		if _, err := l.ViewAt(t.Context(), 2); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the state of a change that is open: %v, want not found", err)
		}
		v, err := l.ViewAt(t.Context(), 0)
		if err != nil || v.Exact(knowntest.MD5(1)) != nil || v.Err() != nil {
			t.Errorf("before the first change: %v", err)
		}
	})
}

// An answer that was not had is not an answer: the view says so until Refresh
// puts another in its place.
func TestViewOfAStoreThatFails(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		started(l)
		stop := errors.New("stop")
		fail := func(int64) error { return stop }
		for name, s := range map[string]*store{"fingerprints": {Store: l.Store, state: fail}, "an entry": {Store: l.Store, entry: fail}} {
			p := l.Process("other")
			p.Store = s
			if err := importing(t.Context(), p, "demo", e(name, 1)); err != nil { // a new state
				t.Fatal(err)
			}
			bad := p.View()
			bad.Exact(knowntest.MD5(1))
			if !errors.Is(bad.Err(), stop) {
				t.Errorf("%s: the view's error is %v, want %v", name, bad.Err(), stop)
			}
			s.state, s.entry = nil, nil
			if v, err := p.ViewAt(t.Context(), bad.State()); err != nil || len(v.Exact(knowntest.MD5(1))) < 2 || v.Err() != nil {
				t.Errorf("%s: the same state when the store is well again: %v, %v", name, err, v.Err())
			}
			if err := p.Refresh(t.Context()); err != nil || p.View() == bad || len(p.View().Exact(knowntest.MD5(1))) < 2 {
				t.Errorf("%s: after Refresh: %v", name, err)
			}
			if !errors.Is(bad.Err(), stop) {
				t.Errorf("%s: the view that failed is good again", name)
			}
		}
	})
}

// One that is slow to take over a state must not put it in place of a newer one.
func TestRefreshNeverGoesBack(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		started(l)
		p := l.Process("other")
		l.Read("demo", e("3", 3))
		reached, release := make(chan bool), make(chan bool)
		p.Store = &store{Store: l.Store, lists: func(state int64) error {
			if state == 2 {
				reached <- true
				<-release
			}
			return nil
		}}
		slow := make(chan error)
		go func() { slow <- p.Refresh(t.Context()) }()
		<-reached
		l.Read("demo", e("4", 4))
		if err := p.Refresh(t.Context()); err != nil || p.View().State() != 3 {
			t.Errorf("refresh: state %d, %v; want 3", p.View().State(), err)
		}
		release <- true
		if err := <-slow; err != nil || p.View().State() != 3 {
			t.Errorf("after the slow one: state %d, %v; want 3", p.View().State(), err)
		}
	})
}

func TestViewsWhileListsChange(t *testing.T) {
	each(t, func(t *testing.T, l *knowntest.Lists) {
		l.Make("demo")
		l.Read("demo", e("always", 1))
		const changes = 12
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for i := range 4 {
			p := l
			if i%2 == 1 {
				p = l.Process("other")
			}
			wg.Go(func() {
				for last := int64(0); ctx.Err() == nil; {
					if err := p.Refresh(t.Context()); err != nil {
						t.Error(err)
					}
					v := p.View()
					n, state := len(v.Exact(knowntest.MD5(1))), v.State()
					if v.Err() != nil || int64(n) != state || state < last {
						t.Errorf("state %d after %d has %d entries, %v; want as many as its number", state, last, n, v.Err())
						return
					}
					then, err := p.ViewAt(t.Context(), 1+state/2)
					if err != nil || int64(len(then.Exact(knowntest.MD5(1)))) != 1+state/2 {
						t.Errorf("state %d: %v", 1+state/2, err)
						return
					}
					last = state
				}
			})
		}
		for i := range changes {
			l.Read("demo", e(fmt.Sprint(i), 1))
		}
		stop()
		wg.Wait()
	})
}
