package fromcybertip

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"

	"lapwing/internal/referral"
)

// Merge adds what a part says of files to a copy of the full draft of the
// same report, and says whether that changed anything.
func Merge(full, part *referral.Draft) (merged *referral.Draft, changed bool) {
	m := *full
	m.Files = slices.Clone(full.Files)
	for i := range m.Files {
		m.Files[i] = cloned(&m.Files[i])
	}
	add(&m, part)
	// Encoded, because that is what is kept, and what tells nothing from an
	// empty list that is not there.
	was, errWas := json.Marshal(full)
	is, errIs := json.Marshal(&m)
	return &m, errWas != nil || errIs != nil || !bytes.Equal(was, is)
}

// add brings companions into a draft: their leaves behind its own, ordered by
// the companion's name, and their files. It makes new slices where something
// changes, so that copies of the draft stay as they were.
func add(to, part *referral.Draft) {
	known := map[string]bool{} // companions of the part; true where the draft has them already
	for _, f := range part.Fields {
		known[groupOf(f.Path)] = false
	}
	for _, f := range to.Fields {
		if g := groupOf(f.Path); g != "" {
			if has, ok := known[g]; ok && !has {
				known[g] = true
			}
		}
	}
	fieldPath := func(f *referral.Field) string { return f.Path }
	to.Fields = weave(to.Fields, part.Fields, fieldPath, known)
	to.Unknown = weave(to.Unknown, part.Unknown, fieldPath, known)
	to.Texts = weave(to.Texts, part.Texts, func(t *referral.Text) string { return t.Path }, known)
	if len(part.Files) > 0 {
		to.Files = unite(to.Files, part.Files, to.Provider.Name)
	}
	setMaterial(to)
}

// weave puts the leaves of new companions among those that are there.
func weave[T any](have, more []T, path func(*T) string, known map[string]bool) []T {
	if len(more) == 0 {
		return have
	}
	out := make([]T, 0, len(have)+len(more))
	next := 0
	upTo := func(group string) {
		for ; next < len(more); next++ {
			g := groupOf(path(&more[next]))
			if group != "" && g >= group {
				return
			}
			if !known[g] {
				out = append(out, more[next])
			}
		}
	}
	for i := range have {
		if g := groupOf(path(&have[i])); g != "" {
			upTo(g)
		}
		out = append(out, have[i])
	}
	upTo("")
	return out
}

// unite adds files to those that are there. Files that have an id or a digest
// in common become one, also when it is a new file that has something in
// common with each of two. Files of the report itself that nothing new ties
// together stay apart, as the source has them. The report's own files keep
// their order; the others follow by id.
//
// author stands in labels that name none.
func unite(have, more []referral.File, author string) []referral.File {
	all := make([]*referral.File, 0, len(have)+len(more))
	for i := range have {
		all = append(all, &have[i])
	}
	u := union{into: make([]int, cap(all)), at: make(map[key]int, 4*len(more))}
	for i := range u.into {
		u.into[i] = i
	}
	for i := range more {
		f := cloned(&more[i])
		for j := range f.Labels {
			f.Labels[j].Author = cmp.Or(f.Labels[j].Author, author)
		}
		arrange(&f)
		all = append(all, &f)
		keysOf(&f, func(k key) {
			if other, ok := u.at[k]; ok {
				u.join(other, len(all)-1)
			} else {
				u.at[k] = len(all) - 1
			}
		})
	}
	for i := range have {
		keysOf(&have[i], func(k key) {
			if other, ok := u.at[k]; ok {
				u.join(other, i)
			}
		})
	}
	members := make([][]*referral.File, len(all))
	for i, f := range all {
		r := u.root(i)
		members[r] = append(members[r], f)
	}
	var own, others []referral.File
	for _, m := range members {
		var f referral.File
		switch len(m) {
		case 0:
			continue
		case 1:
			f = *m[0]
		default:
			f = merged(m)
		}
		if groupOf(f.Path) == "" {
			own = append(own, f)
		} else {
			others = append(others, f)
		}
	}
	slices.SortFunc(others, func(a, b referral.File) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Path, b.Path)) })
	return append(own, others...)
}

// A union says which files are one. Its root is the first of them.
type union struct {
	into []int
	at   map[key]int // a new file that has the key
}

func (u *union) root(i int) int {
	for u.into[i] != i {
		u.into[i] = u.into[u.into[i]]
		i = u.into[i]
	}
	return i
}

func (u *union) join(a, b int) {
	a, b = u.root(a), u.root(b)
	u.into[max(a, b)] = min(a, b)
}
