package fromhotline

import (
	"iter"
	"strconv"
	"strings"
	"time"

	"lapwing/internal/referral"
)

// get is the property called name, nil where it is absent, null or dropped.
// Where the name is repeated the last one counts, as for most readers of JSON;
// the others stay unused and are found by collect.
func (n *node) get(name string) *node {
	if n == nil || n.kind != isObject {
		return nil
	}
	n.used = true
	var found *node
	for c := n.first; c != nil; c = c.next {
		if c.name == name && !c.dropped {
			found = c
		}
	}
	if found != nil && found.kind == isNull {
		found.used = true
		return nil
	}
	return found
}

// peek is the text of the leaf called name, without counting as reading it.
func (n *node) peek(name string) string {
	s := ""
	if n != nil && n.kind == isObject {
		for c := n.first; c != nil; c = c.next {
			if c.name == name && c.leaf() {
				s = c.text
			}
		}
	}
	return s
}

// each gives what is in an object or a list.
func each(n *node) iter.Seq[*node] {
	return func(yield func(*node) bool) {
		for c := n.first; c != nil; c = c.next {
			if !yield(c) {
				return
			}
		}
	}
}

// values gives what is in a list; a single value counts as a list of one.
func values(n *node) iter.Seq[*node] {
	return func(yield func(*node) bool) {
		switch {
		case n == nil:
		case n.kind == isList:
			each(n)(yield)
		default:
			yield(n)
		}
	}
}

// list is values for reading: it knows the list and leaves out null and what
// was dropped.
func (r *reader) list(n *node) iter.Seq[*node] {
	return func(yield func(*node) bool) {
		if n != nil && n.kind == isList {
			n.used = true
		}
		for c := range values(n) {
			if c.kind == isNull {
				c.used = true
			} else if !c.dropped && !yield(c) {
				return
			}
		}
	}
}

// bad says what is wrong with a value; the value goes with the unknown ones.
func (r *reader) bad(n *node, text string) {
	if n == nil {
		return
	}
	n.used, n.told = false, true
	r.warn(n, text)
}

// object says whether n is an object, and complains where it is not.
func (r *reader) object(n *node) bool {
	if n == nil {
		return false
	}
	if n.kind != isObject {
		r.bad(n, "an object with properties is expected here")
		return false
	}
	n.used = true
	return true
}

// sub is the object called name, nil where there is none.
func (r *reader) sub(n *node, name string) *node {
	if c := n.get(name); r.object(c) {
		return c
	}
	return nil
}

// word is a leaf as text without blanks around it, "" where there is none.
func (r *reader) word(n *node) string {
	if n == nil {
		return ""
	}
	if !n.leaf() {
		r.bad(n, "a single value is expected here")
		return ""
	}
	if n.media {
		n.told = true // by collect; what stands for media is no value
		return ""
	}
	n.used = true
	return strings.TrimSpace(n.text)
}

func (r *reader) words(n *node) []string {
	var ss []string
	for c := range r.list(n) {
		if s := r.word(c); s != "" {
			ss = append(ss, s)
		}
	}
	return ss
}

// note keeps free text, also where media was taken out of it.
func (r *reader) note(n *node) {
	if n == nil || !n.media && r.word(n) == "" {
		return
	}
	n.used = true
	r.d.Texts = append(r.d.Texts, referral.Text{Path: n.path, Value: n.text})
}

func (r *reader) tri(n *node) referral.Tri {
	t, ok := Answer(r.word(n))
	if !ok {
		r.bad(n, "true or false is expected here")
	}
	return t
}

// number is a whole number between min and max, 0 where there is none.
func (r *reader) number(n *node, min, max int) int {
	s := r.word(n)
	if s == "" {
		return 0
	}
	v, err := strconv.Atoi(s)
	if err != nil || v < min || v > max {
		r.bad(n, "a whole number from "+strconv.Itoa(min)+" to "+strconv.Itoa(max)+" is expected here")
		return 0
	}
	return v
}

// country is a country as the source wrote it, codes in upper case.
func (r *reader) country(n *node) string {
	s := r.word(n)
	if len(s) == 2 {
		s = strings.ToUpper(s)
	}
	return s
}

// time is a time in UTC, and whether its text names the zone.
func (r *reader) time(n *node) (t time.Time, zoned, ok bool) {
	s := r.word(n)
	if s == "" {
		return t, false, false
	}
	if t, zoned, ok = Time(s); !ok {
		r.bad(n, "a time with its zone is expected here, as 2006-01-02T15:04:05Z or 2006-01-02T15:04:05+01:00")
	}
	return t, zoned, ok
}

// moment keeps a time with its text and says whether it could be read.
func (r *reader) moment(n *node, k referral.MomentKind) bool {
	t, zoned, ok := r.time(n)
	if n != nil && n.leaf() && strings.TrimSpace(n.text) != "" {
		r.d.Times = append(r.d.Times, referral.Moment{Kind: k, UTC: t, Text: n.text, Zoned: zoned})
	}
	return ok
}

// Time reads the forms of ISO 8601 that reports use, from the date alone to
// fractions of a second, and says whether the text names its zone. Without one
// UTC is assumed. Years go from 1 to 9999: a draft is kept as JSON, which has
// no others.
func Time(s string) (t time.Time, zoned, ok bool) {
	t, zoned, ok = parseTime(strings.TrimSpace(s))
	t = t.UTC()
	if !ok || t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}, false, false
	}
	return t, zoned, true
}

func parseTime(s string) (t time.Time, zoned, ok bool) {
	if len(s) < len("2006-01-02") || len(s) > 40 {
		return t, false, false
	}
	t, err := time.Parse(time.RFC3339, s)
	if err == nil {
		return t, true, true
	}
	if len(s) > 10 && (s[10] == ' ' || s[10] == 't') {
		s = s[:10] + "T" + strings.TrimLeft(s[11:], " ")
	}
	s = strings.Replace(strings.Replace(s, " UTC", "Z", 1), " ", "", 1)
	if strings.HasSuffix(s, "z") {
		s = s[:len(s)-1] + "Z"
	}
	for _, l := range zonedLayouts {
		if t, err := time.Parse(l, s); err == nil {
			return t, true, true
		}
	}
	for _, l := range bareLayouts {
		if t, err := time.Parse(l, s); err == nil {
			return t, false, true
		}
	}
	return t, false, false
}

var (
	zonedLayouts = []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07", "2006-01-02T15:04Z07:00", "2006-01-02T15:04Z0700"}
	bareLayouts  = []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02"}
)
