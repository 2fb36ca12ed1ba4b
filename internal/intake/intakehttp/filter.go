package intakehttp

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"lapwing/internal/fault"
	"lapwing/internal/intake"
	"lapwing/internal/referral"
)

// States in the order of the tabs.
var states = []referral.State{referral.StateOpen, referral.StateInformational, referral.StateRetracted, referral.StateClosed}

var verdicts = []referral.MediaVerdict{referral.MediaNew, referral.MediaNear, referral.MediaKnown, referral.MediaNone}

const (
	pageSize = 50
	maxLimit = 500
	allState = "all"
)

// readFilter makes a filter of a query: state (may be given more than once;
// all), country, source, kind, media, risk, limit and after. Empty ones do not
// count, as forms send them; names that are not in the list are refused,
// because a filter that is misspelt shows too much.
func readFilter(q url.Values) (f intake.Filter, err error) {
	if f.Limit, err = number(q, "limit", 1, maxLimit, pageSize); err != nil {
		return f, err
	}
	if f.MinRisk, err = number(q, "risk", 0, 100, 0); err != nil {
		return f, err
	}
	for name, values := range q {
		for _, v := range values {
			if v = strings.TrimSpace(v); v == "" {
				continue
			}
			if len(values) > 1 && name != "state" {
				return f, fault.New(fault.Invalid, "the filter %s stands there more than once: give it once", name)
			}
			if err := f1(&f, name, v); err != nil {
				return f, err
			}
		}
	}
	return f, nil
}

// f1 sets one filter.
func f1(f *intake.Filter, name, v string) error {
	switch name {
	case "limit", "risk":
		return nil
	case "state":
		return setState(f, v)
	case "country":
		return setCountry(f, v)
	case "kind":
		if !isKind(v) {
			return fault.New(fault.Invalid, "%q is no kind of the taxonomy nor the beginning of one", v)
		}
		f.Kind = v
	case "media":
		if f.Media = referral.MediaVerdict(v); !slices.Contains(verdicts, f.Media) {
			return fault.New(fault.Invalid, "%q is no verdict on files: it is one of new, near, known, none", v)
		}
	case "source":
		if !plain(v) {
			return fault.New(fault.Invalid, "%q is no name of a source", v)
		}
		f.Source = v
	case "after":
		p, err := readPosition(v)
		f.After = p
		return err
	default:
		return fault.New(fault.Invalid, "there is no filter %q: there are state, country, source, kind, media, risk, limit, after", name)
	}
	return nil
}

func setState(f *intake.Filter, v string) error {
	if v == allState {
		f.All = true
		return nil
	}
	s := referral.State(v)
	if !slices.Contains(states, s) {
		return fault.New(fault.Invalid, "%q is no state: it is one of open, informational, retracted, closed, all", v)
	}
	f.States = append(f.States, s)
	return nil
}

// setCountry takes EL and UK for the ISO codes GR and GB (formats.md H.4).
func setCountry(f *intake.Filter, v string) error {
	c := strings.ToUpper(v)
	if len(c) != 2 || c[0] < 'A' || c[0] > 'Z' || c[1] < 'A' || c[1] > 'Z' {
		return fault.New(fault.Invalid, "%q is no country: write its two letters, such as LU", v)
	}
	switch c {
	case "EL":
		c = "GR"
	case "UK":
		c = "GB"
	}
	f.Country = c
	return nil
}

func isKind(v string) bool {
	return slices.ContainsFunc(referral.Kinds, func(k struct {
		Kind  referral.Kind
		Label string
	}) bool {
		return string(k.Kind) == v || strings.HasPrefix(string(k.Kind), v+".")
	})
}

// plain says whether a store may be asked for the text: it is short, valid
// UTF-8 and has no controls.
func plain(s string) bool {
	return s != "" && len(s) <= 200 && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

func number(q url.Values, name string, from, to, unset int) (int, error) {
	v := strings.TrimSpace(q.Get(name))
	if v == "" {
		return unset, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < from || n > to {
		return 0, fault.New(fault.Invalid, "%s is %q; it must be a number from %d to %d", name, v, from, to)
	}
	return n, nil
}

// query is the filter as a query, without the place and what is as usual.
func query(f *intake.Filter) url.Values {
	q := url.Values{}
	set := func(name, v string) {
		if v != "" {
			q.Set(name, v)
		}
	}
	if f.All {
		set("state", allState)
	} else if len(f.States) != 1 || f.States[0] != referral.StateOpen {
		for _, s := range f.States {
			q.Add("state", string(s))
		}
	}
	set("country", f.Country)
	set("source", f.Source)
	set("kind", f.Kind)
	set("media", string(f.Media))
	if f.MinRisk > 0 {
		q.Set("risk", strconv.Itoa(f.MinRisk))
	}
	return q
}

// writePosition is a place in the queue for an address. Its form is ours to
// change: it is given back to us as it is, or not at all.
func writePosition(p intake.Position) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d.%d.%d", p.Risk, p.Completeness, p.ID))
}

func readPosition(s string) (*intake.Position, error) {
	bad := fault.New(fault.Invalid, "the place to go on from is not one that this desk gave: start with the first page")
	if len(s) > 64 {
		return nil, bad
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil {
		return nil, bad
	}
	f := strings.Split(string(b), ".")
	if len(f) != 3 {
		return nil, bad
	}
	var n [3]int64
	for i, t := range f {
		if n[i], err = strconv.ParseInt(t, 10, 64); err != nil || n[i] < 0 {
			return nil, bad
		}
	}
	p := &intake.Position{Risk: int(n[0]), Completeness: int(n[1]), ID: n[2]}
	if n[0] > 100 || n[1] > 100 || writePosition(*p) != s {
		return nil, bad
	}
	return p, nil
}
