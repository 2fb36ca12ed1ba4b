package unpack

import (
	"cmp"
	"container/list"
	"slices"
)

// An item is what a walk found: exactly one of doc, media and problem.
type item struct {
	name    string // the file's name in its directory
	stem    int    // length of the stem of name
	doc     *Doc
	media   *Media
	problem *Problem
}

func (it *item) record() int64 {
	if it.doc != nil {
		return it.doc.Record
	}
	return 0
}

func (it *item) bytes() int64 {
	switch {
	case it.doc != nil:
		return int64(len(it.doc.Data))
	case it.problem != nil:
		return int64(len(it.problem.Data))
	}
	return 0
}

// gather collects the items of directories and hands them out in groups, as
// the package comment says. It holds at most windows windows, and what one
// stem may have beyond that.
type gather struct {
	w       *walker
	windows int
	dirs    map[string]*list.Element // by directory; the values are *held
	recent  list.List                // of *held, the one that was added to last in front
	count   int
	bytes   int64
	used    bool // something was added
}

// held is what a gather holds of one directory.
type held struct {
	dir   string
	items []*item
	one   bool // all of it is one stem
	part  bool // some of the directory was handed out before
}

func newGather(w *walker, windows int) *gather {
	return &gather{w: w, windows: windows, dirs: map[string]*list.Element{}}
}

// add takes an item of the directory, and hands out what has become too much.
func (g *gather) add(dir string, it *item) error {
	if it.stem = stemLen(it.name); it.record() != 0 {
		it.stem = len(it.name)
	}
	el := g.dirs[dir]
	if el == nil {
		el = g.recent.PushFront(&held{dir: dir})
		g.dirs[dir] = el
	}
	g.recent.MoveToFront(el)
	h := el.Value.(*held)
	h.items = append(h.items, it)
	g.used = true
	g.count++
	g.bytes += it.bytes()
	for g.over(g.windows, g.count, g.bytes) {
		if g.recent.Len() > 1 {
			if err := g.release(g.recent.Back()); err != nil {
				return err
			}
			continue
		}
		if h.one && sameStem(h.items[0], it) && !g.over(stemWindows, g.count, g.bytes) {
			return nil
		}
		return g.trim(h)
	}
	return nil
}

// flush hands out everything, the directory that rested longest first.
func (g *gather) flush() error {
	for g.recent.Len() > 0 {
		if err := g.release(g.recent.Back()); err != nil {
			return err
		}
	}
	return nil
}

// release hands out all of a directory.
func (g *gather) release(el *list.Element) error {
	h := g.recent.Remove(el).(*held)
	delete(g.dirs, h.dir)
	sortItems(h.items)
	return g.cut(h.dir, h.items, sameStem, !h.part)
}

// trim hands out all of the directory but the stem of the item that came
// last, which may go on.
func (g *gather) trim(h *held) error {
	last := h.items[len(h.items)-1]
	sortItems(h.items)
	same := sameStem
	from, to := unitOf(h.items, last, same)
	if h.one = to-from == len(h.items); h.one {
		if !g.over(stemWindows, g.count, g.bytes) {
			return nil
		}
		same = sameFiner
		if from, to = unitOf(h.items, last, same); to-from == len(h.items) {
			to = from // nothing to hold back: it is all one
		}
	}
	keep := slices.Clone(h.items[from:to])
	h.one = false
	out := slices.Delete(h.items, from, to)
	h.items = keep
	h.part = true
	return g.cut(h.dir, out, same, false)
}

// cut hands out sorted items of one directory in windows that end only
// between units.
func (g *gather) cut(dir string, items []*item, same func(a, b *item) bool, all bool) error {
	total := len(items)
	for len(items) > 0 {
		n, bytes := 0, int64(0)
		for n < len(items) {
			unit, unitBytes := 0, int64(0)
			for n+unit < len(items) && (unit == 0 || same(items[n], items[n+unit])) {
				unitBytes += items[n+unit].bytes()
				unit++
			}
			if n > 0 && g.over(1, n+unit, bytes+unitBytes) {
				break
			}
			n, bytes = n+unit, bytes+unitBytes
		}
		g.count -= n
		g.bytes -= bytes
		if err := g.w.hand(dir, items[:n], all && n == total); err != nil {
			return err
		}
		items = items[n:]
	}
	return nil
}

// over says whether so many items with so many bytes are more than n windows.
func (g *gather) over(n, count int, bytes int64) bool {
	return count > n*g.w.o.Window || bytes > int64(n)*g.w.o.WindowBytes
}

// unitOf is the range of sorted items that stays together with it.
func unitOf(items []*item, it *item, same func(a, b *item) bool) (from, to int) {
	at := slices.Index(items, it)
	for from = at; from > 0 && same(items[from-1], it); from-- {
	}
	for to = at + 1; to < len(items) && same(it, items[to]); to++ {
	}
	return from, to
}

func sameStem(a, b *item) bool {
	return a.record() == 0 && b.record() == 0 && a.name[:a.stem] == b.name[:b.stem]
}

// sameFiner is sameStem for items of one stem: the rule of stems applied to
// what follows it.
func sameFiner(a, b *item) bool {
	ra, rb := a.name[a.stem:], b.name[b.stem:]
	return sameStem(a, b) && ra[:stemLen(ra)] == rb[:stemLen(rb)]
}

func sortItems(items []*item) {
	slices.SortStableFunc(items, func(a, b *item) int {
		return cmp.Or(
			cmp.Compare(a.name[:a.stem], b.name[:b.stem]),
			cmp.Compare(a.name, b.name),
			cmp.Compare(a.record(), b.record()))
	})
}

// hand gives a group to the caller of Walk.
func (w *walker) hand(dir string, items []*item, whole bool) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	g := &Group{Dir: dir, Whole: whole}
	for _, it := range items {
		switch {
		case it.doc != nil:
			w.ordinal++
			it.doc.Ordinal = w.ordinal
			g.Docs = append(g.Docs, *it.doc)
		case it.media != nil:
			g.Media = append(g.Media, *it.media)
		default:
			g.Problems = append(g.Problems, *it.problem)
		}
	}
	return w.emit(g)
}
