package unpack

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"io"
)

// pools keeps what is costly to make, for the one goroutine of a walk.
type pools struct {
	readers []*bufio.Reader
	gzips   []*gzip.Reader
	flates  []io.ReadCloser
}

func (p *pools) reader(r io.Reader) *bufio.Reader {
	if n := len(p.readers); n > 0 {
		br := p.readers[n-1]
		p.readers = p.readers[:n-1]
		br.Reset(r)
		return br
	}
	return bufio.NewReaderSize(r, 4*headSize)
}

func (p *pools) putReader(br *bufio.Reader) {
	br.Reset(nil)
	p.readers = append(p.readers, br)
}

func (p *pools) gzip(r io.Reader) (*gzip.Reader, error) {
	if n := len(p.gzips); n > 0 {
		z := p.gzips[n-1]
		p.gzips = p.gzips[:n-1]
		return z, z.Reset(r)
	}
	return gzip.NewReader(r)
}

func (p *pools) putGzip(z *gzip.Reader) {
	if z != nil {
		p.gzips = append(p.gzips, z)
	}
}

func (p *pools) flate(r io.Reader) io.ReadCloser {
	if n := len(p.flates); n > 0 {
		z := p.flates[n-1]
		p.flates = p.flates[:n-1]
		z.(flate.Resetter).Reset(r, nil)
		return z
	}
	return flate.NewReader(r)
}

func (p *pools) putFlate(z io.ReadCloser) { p.flates = append(p.flates, z) }
