package fromnsrl

import (
	"bufio"
	"cmp"
	"errors"
	"strings"

	"lapwing/internal/hashlist"
)

// readDelta reads the INSERT, UPDATE and DELETE statements of a delta on the
// table FILE and passes over all others. The shape is that of the tool
// sqldiff: one transaction, rows in the order of the key, which begins with
// the SHA-256 (formats.md C.5).
//
// A DELETE takes a file out of one product, and the delta does not say
// whether another one still has it. The file becomes unknown, unless a row of
// it is inserted in the same place: too much noise does no harm.
func readDelta(in *hashlist.Reading, r *bufio.Reader) error {
	d := delta{Reading: in, scanner: newScanner(r, in.MaxEntry)}
	for {
		if err := in.Alive(); err != nil {
			return err
		}
		if err := d.next(); err != nil {
			return err
		}
		if d.kind == ';' {
			continue
		}
		if d.kind == tokEnd {
			break
		}
		err := d.statement()
		var odd *oddity
		if errors.As(err, &odd) {
			in.Refuse(hashlist.Line(odd.line), "%s", odd.why)
			err = d.skip()
		}
		if err != nil {
			return err
		}
	}
	if err := d.flush(); err != nil {
		return err
	}
	if d.open {
		return d.broken("its transaction does not end with COMMIT: the delta is not complete")
	}
	return nil
}

type delta struct {
	*hashlist.Reading
	*scanner
	open bool // a transaction

	// What the statements on one file, which stand together, come to.
	sha256 string
	file   *hashlist.Entry // nil: it is gone
	path   string
}

// oddity is a statement that this program does not understand.
type oddity struct {
	line int64
	why  string
}

func (o *oddity) Error() string { return o.why }

func (d *delta) odd(why string) error {
	return &oddity{d.line, "the statement is left out: " + why}
}

// statement reads one from its first token to its semicolon.
func (d *delta) statement() error {
	switch {
	case d.word("BEGIN"):
		d.open = true
		return d.skip()
	case d.word("COMMIT"), d.word("END"):
		d.open = false
		return d.skip()
	case d.word("ROLLBACK"):
		return d.broken("the delta takes itself back with ROLLBACK")
	case d.word("INSERT"), d.word("REPLACE"):
		if err := d.until("INTO"); err != nil {
			return err
		}
		return d.onFile(d.insert)
	case d.word("UPDATE"):
		if err := d.next(); err != nil {
			return err
		}
		return d.onFile(d.update)
	case d.word("DELETE"):
		if err := d.until("FROM"); err != nil {
			return err
		}
		return d.onFile(d.delete)
	case d.word("CREATE"), d.word("DROP"), d.word("ALTER"), d.word("ATTACH"):
		return d.broken("the delta would change more than rows (%.10s); such files are not read", d.text)
	}
	d.WarnOnce("other "+string(d.text[:min(len(d.text), 20)]), hashlist.Line(d.line), "statements %.20q are passed over", d.text)
	return d.skip()
}

// until reads on to the token after a keyword; INSERT OR REPLACE INTO.
func (d *delta) until(keyword string) error {
	for range 4 {
		if err := d.next(); err != nil {
			return err
		}
		if d.word(keyword) {
			return d.next()
		}
	}
	return d.odd(keyword + " is missing")
}

// onFile calls f if the token names the table FILE; f begins at the token after it.
func (d *delta) onFile(f func() error) error {
	name, err := d.name()
	if err != nil {
		return err
	}
	if d.kind == '.' { // main.FILE
		if err := d.next(); err != nil {
			return err
		}
		if name, err = d.name(); err != nil {
			return err
		}
	}
	if !strings.EqualFold(name, "FILE") {
		return d.skip()
	}
	return f()
}

// name takes a name and reads the token after it.
func (d *delta) name() (string, error) {
	if d.kind != tokWord && d.kind != tokName || len(d.text) > 100 {
		return "", d.odd("a name is missing")
	}
	name := string(d.text)
	return name, d.next()
}

// take reads the token after a character that must be there.
func (d *delta) take(c byte) error {
	if d.kind != c {
		return d.odd("it has not the form that NIST's deltas have (" + string(c) + " is missing)")
	}
	return d.next()
}

// keyword reads the token after a keyword that must be there.
func (d *delta) keyword(k string) error {
	if !d.word(k) {
		return d.odd("it has not the form that NIST's deltas have (" + k + " is missing)")
	}
	return d.next()
}

// skip reads to the end of the statement.
func (d *delta) skip() error {
	for d.kind != ';' && d.kind != tokEnd {
		if err := d.next(); err != nil {
			return err
		}
	}
	return nil
}

func (d *delta) ended() error {
	if d.kind != ';' && d.kind != tokEnd {
		return d.odd("it goes on where NIST's deltas end")
	}
	return nil
}

// A fileRow is a row of FILE as far as it matters.
type fileRow struct{ sha256, sha1, md5, size string }

// column of the row, nil where it does not matter.
func (r *fileRow) column(name string) *string {
	switch name {
	case "sha256":
		return &r.sha256
	case "sha1":
		return &r.sha1
	case "md5":
		return &r.md5
	case "file_size":
		return &r.size
	}
	return nil
}

var fileColumns = []string{"sha256", "sha1", "md5", "crc32", "file_name", "file_size", "package_id"}

// insert reads (columns) VALUES (...), (...);
func (d *delta) insert() error {
	columns := fileColumns
	if d.kind == '(' {
		columns = nil
		for d.kind == '(' || d.kind == ',' {
			if err := d.next(); err != nil {
				return err
			}
			name, err := d.name()
			if err != nil {
				return err
			}
			if columns = append(columns, strings.ToLower(name)); len(columns) > 100 {
				return d.odd("it has too many columns")
			}
		}
		if err := d.take(')'); err != nil {
			return err
		}
	}
	if err := d.keyword("VALUES"); err != nil {
		return err
	}
	for {
		if err := d.Alive(); err != nil {
			return err
		}
		line := d.line
		var row fileRow
		for i, column := range columns {
			before := byte(',')
			if i == 0 {
				before = '('
			}
			if err := d.take(before); err != nil {
				return err
			}
			if err := d.value(&row, column); err != nil {
				return err
			}
		}
		if err := d.take(')'); err != nil {
			return err
		}
		if err := d.put(row, line); err != nil {
			return err
		}
		if d.kind != ',' {
			return d.ended()
		}
		if err := d.next(); err != nil {
			return err
		}
	}
}

// value takes a literal, and keeps it if the column matters.
func (d *delta) value(row *fileRow, column string) error {
	sign := d.kind == '-' || d.kind == '+'
	if sign {
		if err := d.next(); err != nil {
			return err
		}
	}
	switch {
	case d.kind == tokNumber:
	case sign:
		return d.odd("a value is not a literal")
	case d.kind == tokString, d.kind == tokBlob, d.word("NULL"):
	default:
		return d.odd("a value is not a literal")
	}
	if into := row.column(column); into != nil && (d.kind == tokString || d.kind == tokNumber && !sign) {
		*into = lower(d.text[:min(len(d.text), 100)])
	}
	return d.next()
}

// conditions reads column = literal AND column = literal;
func (d *delta) conditions() (row fileRow, err error) {
	if err := d.keyword("WHERE"); err != nil {
		return row, err
	}
	for {
		if err := d.assignment(&row); err != nil {
			return row, err
		}
		if !d.word("AND") {
			return row, d.ended()
		}
		if err := d.next(); err != nil {
			return row, err
		}
	}
}

// assignment reads column = literal.
func (d *delta) assignment(row *fileRow) error {
	name, err := d.name()
	if err != nil {
		return err
	}
	if err := d.take('='); err != nil {
		return err
	}
	return d.value(row, strings.ToLower(name))
}

// update reads SET column = literal, ... WHERE ...
func (d *delta) update() error {
	line := d.line
	if err := d.keyword("SET"); err != nil {
		return err
	}
	var set fileRow
	for {
		if err := d.assignment(&set); err != nil {
			return err
		}
		if d.kind != ',' {
			break
		}
		if err := d.next(); err != nil {
			return err
		}
	}
	old, err := d.conditions()
	if err != nil {
		return err
	}
	if old.sha256 == "" {
		return d.odd("it does not say by its SHA-256 which file it changes")
	}
	if set == (fileRow{}) {
		return nil // nothing that matters
	}
	if set.sha256 != "" && set.sha256 != old.sha256 {
		if err := d.remove(old, line); err != nil {
			return err
		}
	}
	return d.put(fileRow{
		sha256: cmp.Or(set.sha256, old.sha256), sha1: cmp.Or(set.sha1, old.sha1),
		md5: cmp.Or(set.md5, old.md5), size: cmp.Or(set.size, old.size),
	}, line)
}

func (d *delta) delete() error {
	line := d.line
	row, err := d.conditions()
	if err != nil {
		return err
	}
	return d.remove(row, line)
}
