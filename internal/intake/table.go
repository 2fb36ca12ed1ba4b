package intake

import (
	"bytes"
	"crypto/sha256"
	"sync"

	"lapwing/internal/fault"
	"lapwing/internal/intake/fromcsv"
	"lapwing/internal/referral"
	"lapwing/internal/unpack"
)

// reader reads documents as a request asks. It is safe for concurrent use.
type reader struct {
	Reading
	mapping fromcsv.Mapping

	mu     sync.Mutex
	tables map[[sha256.Size]byte]*fromcsv.Options // by header: each is read once
}

func newReader(r Reading) (*reader, error) {
	rd := &reader{Reading: r, tables: map[[sha256.Size]byte]*fromcsv.Options{}}
	if r.Format != "" {
		known := false
		for _, f := range Formats {
			known = known || f.Name == r.Format
		}
		if !known {
			return nil, fault.New(fault.Invalid, "%q is not a format: %s", r.Format, formatNames())
		}
	}
	if r.Mapping != "" {
		var err error
		if rd.mapping, err = fromcsv.ParseMapping(r.Mapping); err != nil {
			return nil, fault.Because(fault.Invalid, err, "the mapping of columns: %v", err)
		}
	}
	return rd, nil
}

// maxTables bounds how many headers are kept in memory.
const maxTables = 1000

// readRow reads one row of a table.
func (r *reader) readRow(d *unpack.Doc) ([]*referral.Draft, []referral.Finding) {
	o, err := r.table(d.Header, d.Comma)
	if err != nil {
		return nil, []referral.Finding{{Severity: referral.Refuse, Text: err.Error()}}
	}
	return fromcsv.Read(d.Data, *o)
}

func (r *reader) table(header []byte, comma rune) (*fromcsv.Options, error) {
	sum := sha256.Sum256(header)
	r.mu.Lock()
	defer r.mu.Unlock()
	if o := r.tables[sum]; o != nil {
		return o, nil
	}
	names, comma, err := fromcsv.ParseHeader(header, comma)
	if err != nil {
		return nil, err
	}
	o := &fromcsv.Options{Header: names, Comma: comma, Mapping: r.mapping, Source: r.Source}
	if len(r.tables) >= maxTables {
		clear(r.tables)
	}
	r.tables[sum] = o
	return o, nil
}

// rowWithHeader is what is kept of a refused row, so that it can be read again.
func rowWithHeader(header, row []byte) []byte {
	return bytes.Join([][]byte{header, row}, []byte("\n"))
}

// splitRow is the opposite of rowWithHeader.
func splitRow(b []byte) (header, row []byte) {
	header, row, _ = bytes.Cut(b, []byte("\n"))
	return bytes.TrimSuffix(header, []byte("\r")), row
}
