package unpack

import (
	"bufio"
	"fmt"
	"strings"
)

// gzip reads what is in a gzip file: a document, which takes the place of the
// file, or an archive.
func (w *walker) gzip(e entry, r *bufio.Reader, src *counter, g *gather) error {
	if e.depth >= w.o.MaxDepth {
		return w.tooDeep(e, g)
	}
	z, err := w.pools.gzip(r)
	defer w.pools.putGzip(z)
	if err != nil {
		return w.fail(e, g, err, nil)
	}
	e.r = &growth{r: z, packed: func() int64 { return src.n }, o: &w.o, budget: e.budget}
	e.at, e.size, e.gzipped = nil, -1, true
	e.name = withoutGzip(e.name)
	e.depth++
	return w.take(e, g)
}

func withoutGzip(name string) string {
	lower := strings.ToLower(name)
	for _, ext := range []string{".gz", ".gzip"} {
		if strings.HasSuffix(lower, ext) && len(name) > len(ext) {
			return name[:len(name)-len(ext)]
		}
	}
	return name
}

func (w *walker) tooDeep(e entry, g *gather) error {
	reason := fmt.Sprintf("archives within archives are read %d deep; unpack the outer ones first", w.o.MaxDepth)
	return w.problem(g, e, TooDeep, reason, nil)
}
