package indicator

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"time"

	"lapwing/internal/clock"
)

// A page is some rows of an import, read and checked, on their way into one
// transaction.
type page struct {
	rows   []row
	digest [sha256.Size]byte // over the digest of the page before and these rows
}

type row struct {
	statement
	place, text string
	series      *named
	problems    []string
	created     bool
	verdict     verdict
	refused     int64
}

// named is a series that rows name, found or not.
type named struct {
	Key
	id       int64 // 0: not looked up yet
	problems []string
	page     int // the last one with a row of it
}

// pager makes pages of rows.
type pager struct {
	defined map[string]bool
	own     bool
	learned time.Time // zero: at the present moment
	clock   clock.Clock

	named  map[Key]*named
	last   *named
	pages  int
	spread int // series in the page
	digest [sha256.Size]byte
	buf    []byte
}

// maxNamed bounds how many series are kept in memory with their numbers.
const maxNamed = 200_000

// fill reads n rows into the page, or up to most where they are spread over
// many series; more says whether there may be more rows.
func (p *pager) fill(ctx context.Context, pg *page, n, most int, next func() (Row, error, bool)) (more bool, err error) {
	clear(pg.rows)
	p.pages, p.spread = p.pages+1, 0
	pg.rows, p.buf = pg.rows[:0], append(p.buf[:0], p.digest[:]...)
	defer func() {
		p.digest = sha256.Sum256(p.buf)
		pg.digest = p.digest
	}()
	latest := p.clock.Now()
	for len(pg.rows) < n || len(pg.rows) < min(most, spreadRows*p.spread) {
		if len(pg.rows)%1024 == 0 && ctx.Err() != nil {
			return false, context.Cause(ctx)
		}
		r, err, ok := next()
		if !ok || err != nil {
			return false, err
		}
		p.buf = appendRow(p.buf, &r)
		pg.rows = append(pg.rows, p.row(&r, latest))
	}
	return true, nil
}

// row checks a row.
func (p *pager) row(r *Row, latest time.Time) row {
	out := row{place: r.Place, text: r.Text, series: p.series(r.Figure.Key)}
	out.Observation = r.Figure.Observation
	out.Learned = out.Learned.UTC().Truncate(time.Microsecond)
	if out.own = !r.Figure.Learned.IsZero(); !out.own {
		out.Learned = p.learned
	}
	out.dated = !out.Learned.IsZero()
	learned := latest
	if out.dated {
		learned = out.Learned
	}
	out.problems = r.Problems
	if len(r.Problems) == 0 {
		out.problems = out.Observation.problems(out.series.Length, learned)
		if learned.After(latest) {
			out.problems = append(out.problems, "it says that it was learned on "+learned.Format(time.RFC3339)+", which is yet to come")
		}
		if len(out.series.problems) > 0 {
			out.problems = append(out.problems, out.series.problems...)
		}
	}
	if out.Value == 0 {
		out.Value = 0 // no negative zero
	}
	return out
}

// series gives the same pointer for the same key.
func (p *pager) series(k Key) *named {
	sr := p.last
	if sr == nil || sr.Key != k {
		if sr = p.named[k]; sr == nil {
			if p.named == nil || len(p.named) >= maxNamed {
				p.named = make(map[Key]*named)
			}
			sr = &named{Key: k, problems: keyProblems(k, p.defined, p.own)}
			p.named[k] = sr
		}
		p.last = sr
	}
	if sr.page != p.pages {
		sr.page = p.pages
		p.spread++
	}
	return sr
}

// appendRow adds all that a row says, so that two inputs with the same digest
// say the same.
func appendRow(b []byte, r *Row) []byte {
	f := &r.Figure
	for _, s := range [...]string{f.Indicator, f.Source, f.Geography, string(f.Length), string(f.Status)} {
		b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	b = binary.AppendVarint(b, int64(f.First))
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(f.Value))
	learned := int64(0)
	if !f.Learned.IsZero() {
		learned = f.Learned.UnixMicro()
	}
	b = binary.AppendVarint(b, learned)
	provisional := byte(0)
	if f.Provisional {
		provisional = 1
	}
	b = binary.AppendUvarint(append(b, provisional), uint64(len(r.Problems)))
	for _, s := range r.Problems {
		b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	return b
}

// seen remembers of which periods an import has said something, a bit each;
// of rows that are dated themselves, also as learned when.
type seen struct {
	bits  map[stretch]uint64
	dated int
}

// A stretch is 64 days of a series.
type stretch struct {
	series  int64
	days    int32
	learned int64 // microseconds; 0 where the row does not say it
}

// maxDated bounds how many stretches of dated rows are remembered: each may
// have a time of its own. Beyond that, two rows that contradict each other
// about the same moment are taken for two revisions.
const maxDated = 1_000_000

func (s *seen) at(series int64, r *statement) (stretch, uint64) {
	st := stretch{series: series, days: int32(r.First >> 6)}
	if r.own {
		st.learned = r.Learned.UnixMicro()
	}
	return st, 1 << (uint(r.First) & 63)
}

func (s *seen) has(series int64, r *statement) bool {
	st, bit := s.at(series, r)
	return s.bits[st]&bit != 0
}

func (s *seen) add(series int64, r *statement) {
	st, bit := s.at(series, r)
	was, ok := s.bits[st]
	if !ok && r.own {
		if s.dated >= maxDated {
			return
		}
		s.dated++
	}
	if s.bits == nil {
		s.bits = map[stretch]uint64{}
	}
	s.bits[st] = was | bit
}
