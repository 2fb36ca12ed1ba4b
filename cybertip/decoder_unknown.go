package cybertip

import "lapwing/internal/xmlscan"

// unknown reads a child that the schema does not have here, with all that is in it.
func (d *decoder) unknown(f *frame) { d.extra(f, false) }

// again reads a further occurrence of a child that may occur once.
func (d *decoder) again(f *frame) { d.extra(f, true) }

func (d *decoder) extra(f *frame, known bool) {
	d.push(f)
	r := f.extra[string(d.s.Local())]
	if r == nil {
		if f.extra == nil {
			f.extra = map[string]*repeat{}
		}
		r = new(repeat)
		f.extra[string(d.s.Local())] = r
		d.charge(128 + len(d.s.Local()))
		if known {
			r.n = 1 // the first is where it belongs, without a number
		}
	}
	r.n++
	switch {
	case r.n == 1:
		r.at = len(d.path)
	case r.n == 2 && !known:
		d.numberFirst(r)
	}
	if r.n > 1 {
		d.pushNumber(r.n)
	}
	from := d.marks()
	if known {
		d.find(SeverityWarning, string(d.path), "occurs more than once; only the first counts")
	} else {
		d.find(SeverityWarning, string(d.path), "is not in the schema")
	}
	quiet := d.quiet
	d.quiet = true
	d.tree()
	d.quiet = quiet
	if r.n == 1 {
		to := d.marks()
		for i, s := range []*span{&r.fields, &r.unknown, &r.findings} {
			*s = span{from[i], to[i]}
		}
	}
}

func (d *decoder) marks() [3]int {
	return [3]int{len(d.out.Fields), len(d.out.Unknown), len(d.out.Findings)}
}

// numberFirst puts [1] into the paths below an element that has turned out to be the first of several.
func (d *decoder) numberFirst(r *repeat) {
	number := func(path *string) {
		if len(*path) < r.at {
			return // the finding that there are more
		}
		d.charge(len(*path) + 3)
		*path = (*path)[:r.at] + "[1]" + (*path)[r.at:]
	}
	for i := r.fields.from; i < r.fields.to; i++ {
		number(&d.out.Fields[i].Path)
	}
	for i := r.unknown.from; i < r.unknown.to; i++ {
		number(&d.out.Unknown[i].Path)
	}
	for i := r.findings.from; i < r.findings.to; i++ {
		number(&d.out.Findings[i].Path)
	}
}

// tree reads the current element and all that is in it as unknown; outside of reports and the like it finds those.
func (d *decoder) tree() {
	d.restAttrs()
	if d.err != nil {
		return
	}
	text, isLeaf, err := d.s.Leaf()
	if err != nil {
		d.err = err
		return
	}
	if isLeaf {
		if value := xmlscan.Trim(text); len(d.path) > 0 || len(value) > 0 {
			d.put(value)
			d.markUnknown()
		}
		return
	}
	f := frame{at: len(d.path), children: true}
	f.stray = append(f.stray, text...)
	d.taken = false
	for more := true; more; more = d.child(&f) {
		if d.wrapper == nil || !d.document() {
			d.unknown(&f)
		}
	}
	d.leave(&f)
}
