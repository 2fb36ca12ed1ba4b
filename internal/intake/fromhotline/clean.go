package fromhotline

import (
	"encoding/json"
	"strings"
)

// Clean gives the document as it may be kept: encoded media replaced by length
// and SHA-256, and whatever would tell from which machine the report was
// written replaced by null. Everything else keeps its bytes.
//
// It answers false where the document cannot be read, so that nobody knows
// what is in it: then only findings may be kept, not the bytes. Whoever keeps
// originals keeps what Clean gives.
func Clean(b []byte, o Options) ([]byte, bool) {
	doc, err := parse(b, o.orDefaults())
	if err != nil {
		return nil, false
	}
	defer doc.release()
	r := &reader{}
	r.dropReporter(doc.root)
	c := cleaner{src: doc.src}
	c.walk(doc.root)
	if c.kept == 0 {
		return []byte(doc.src), true
	}
	c.out.WriteString(doc.src[c.kept:])
	return []byte(c.out.String()), true
}

type cleaner struct {
	src  string
	out  strings.Builder
	kept int32 // src up to here is in out, or was replaced
}

func (c *cleaner) walk(n *node) {
	if name := n.name; len(name) > MediaLimit {
		if s, media := TakeOutMedia(name); media > 0 {
			c.replace(n.nameFrom, n.nameTo, quote(s))
		}
	}
	switch {
	case n.dropped:
		c.replace(n.from, n.to, "null")
	case n.media:
		c.replace(n.from, n.to, quote(n.text))
	default:
		for k := n.first; k != nil; k = k.next {
			c.walk(k)
		}
	}
}

func (c *cleaner) replace(from, to int32, s string) {
	c.out.WriteString(c.src[c.kept:from])
	c.out.WriteString(s)
	c.kept = to
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil { // a string always encodes
		return `""`
	}
	return string(b)
}
