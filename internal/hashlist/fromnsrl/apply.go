package fromnsrl

import (
	"strconv"

	"lapwing/internal/hashlist"
)

// put says that FILE has the row.
func (d *delta) put(row fileRow, line int64) error {
	e := hashlist.NewEntry(d.Source, "", hashlist.Line(line))
	if err := e.AddHash("sha256", row.sha256); err != nil {
		d.Refuse(e.Path, "%v", err)
		return nil
	}
	addOthers(d.Reading, e, row.sha1, row.md5)
	e.ID = "sha256:" + e.Hashes[0].Value
	if n, err := strconv.ParseInt(row.size, 10, 64); err == nil && n > 0 {
		e.Size = n
	}
	if d.sha256 != e.Hashes[0].Value {
		if err := d.flush(); err != nil {
			return err
		}
	}
	d.sha256, d.file, d.path = e.Hashes[0].Value, e, e.Path
	return nil
}

// remove says that FILE has the row no longer.
func (d *delta) remove(row fileRow, line int64) error {
	var e hashlist.Entry
	if err := e.AddHash("sha256", row.sha256); err != nil {
		d.Refuse(hashlist.Line(line), "the statement does not say by its SHA-256 which file it removes")
		return nil
	}
	if d.sha256 == e.Hashes[0].Value {
		return nil // a row of it is there, or it is gone already
	}
	if err := d.flush(); err != nil {
		return err
	}
	d.sha256, d.file, d.path = e.Hashes[0].Value, nil, hashlist.Line(line)
	return nil
}

// flush hands on what the statements on one file come to.
func (d *delta) flush() error {
	sha256, e := d.sha256, d.file
	d.sha256, d.file = "", nil
	switch {
	case sha256 == "":
		return nil
	case e != nil:
		return d.Emit(e)
	}
	return d.Bury(&hashlist.Tombstone{Source: d.Source, ID: "sha256:" + sha256, Path: d.path})
}
