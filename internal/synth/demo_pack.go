package synth

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"time"
)

// A shape is how a month's reports of providers lie in the inbox.
type shape uint8

const (
	inFolders   shape = iota // a folder for each
	inOneFolder              // all in one, told apart by their names
	asTar
	asTarGz
	asZip
)

// shape of the month that at is in.
func (d *desk) shape(at time.Time) shape {
	switch d.month(at) {
	case 2, 13:
		return inOneFolder
	case 5:
		return asTarGz
	case 9:
		return asZip
	case 16:
		return asTar
	}
	return inFolders
}

// month counts from the first.
func (d *desk) month(at time.Time) int {
	return (at.Year()-d.from.Year())*12 + int(at.Month()) - int(d.from.Month())
}

// pack turns some folders into archives or into files of many records. What they hold stays the same.
func (d *desk) pack() error {
	for at := time.Date(d.from.Year(), d.from.Month(), 1, 0, 0, 0, 0, time.UTC); at.Before(d.until); at = at.AddDate(0, 1, 0) {
		end := at.AddDate(0, 1, 0).Add(-time.Second) // when the packing was done
		if end.After(d.until) {
			end = d.until
		}
		steps := []func() error{}
		switch d.shape(at) {
		case asTar:
			steps = append(steps, func() error { return d.tarFolder(folder(at, "cybertip"), ".tar", end) })
		case asTarGz:
			steps = append(steps, func() error { return d.tarFolder(folder(at, "cybertip"), ".tar.gz", end) })
		case asZip:
			steps = append(steps, func() error { return d.zipFolder(folder(at, "cybertip"), end) })
		}
		switch d.month(at) {
		case 4, 19:
			steps = append(steps, func() error { return d.zipFolder(folder(at, "delivered"), end) })
		case 7:
			steps = append(steps, func() error { return d.joinFolder(folder(at, "delivered"), ".jsonl", "", "\n", "", end) })
		case 8:
			steps = append(steps, func() error {
				return d.joinFolder(folder(at, "delivered"), ".json", "[\n", ",\n",
					"\n]", end)
			})
		case 11:
			steps = append(steps, func() error { return d.joinFolder(folder(at, "hotline"), ".jsonl", "", "\n", "", end) })
		case 14: // an archive in an archive, beside a table
			steps = append(steps, func() error { return d.zipFolder(folder(at, "hotline"), end) }, func() error {
				return d.zipTogether(folder(at, "partner"), folder(at, "hotline.zip"), folder(at, "hotline.csv"), end)
			})
		}
		for _, step := range steps {
			if err := step(); err != nil {
				return fmt.Errorf("pack %s: %w", at.Format("2006-01"), err)
			}
		}
	}
	return nil
}

// zipTogether puts two files into one archive, if there are both.
func (d *desk) zipTogether(folder, one, other string, at time.Time) error {
	first, ok := d.tree[one]
	second, ok2 := d.tree[other]
	if !ok || !ok2 {
		return nil
	}
	d.tree[folder+"/"+path.Base(one)], d.tree[folder+"/"+path.Base(other)] = first, second
	delete(d.tree, one)
	delete(d.tree, other)
	return d.zipFolder(folder, at)
}

func (d *desk) zipFolder(folder string, at time.Time) error {
	names := d.tree.under(folder)
	if len(names) == 0 {
		return nil
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		e := d.tree[name]
		m, err := w.CreateHeader(&zip.FileHeader{Name: strings.TrimPrefix(name, folder+"/"), Method: zip.Deflate,
			Modified: e.at})
		if err != nil {
			return err
		}
		if _, err := m.Write(e.data); err != nil {
			return err
		}
		delete(d.tree, name)
	}
	if err := w.Close(); err != nil {
		return err
	}
	d.tree[folder+".zip"] = entry{b.Bytes(), at}
	return nil
}

func (d *desk) tarFolder(folder, end string, at time.Time) error {
	names := d.tree.under(folder)
	if len(names) == 0 {
		return nil
	}
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range names {
		e := d.tree[name]
		h := &tar.Header{Name: strings.TrimPrefix(name, folder+"/"), Mode: 0o644, Size: int64(len(e.data)),
			ModTime: e.at, Format: tar.FormatUSTAR}
		if err := w.WriteHeader(h); err != nil {
			return err
		}
		if _, err := w.Write(e.data); err != nil {
			return err
		}
		delete(d.tree, name)
	}
	if err := w.Close(); err != nil {
		return err
	}
	data := b.Bytes()
	if strings.HasSuffix(end, ".gz") {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		if _, err := z.Write(data); err != nil {
			return err
		}
		if err := z.Close(); err != nil {
			return err
		}
		data = packed.Bytes()
	}
	d.tree[folder+end] = entry{data, at}
	return nil
}

// joinFolder makes one file of the JSON documents of a folder.
func (d *desk) joinFolder(folder, end, before, between, after string, at time.Time) error {
	names := d.tree.under(folder)
	if len(names) == 0 {
		return nil
	}
	var b bytes.Buffer
	b.WriteString(before)
	for i, name := range names {
		if i > 0 {
			b.WriteString(between)
		}
		if err := json.Compact(&b, bytes.TrimPrefix(d.tree[name].data, []byte("\ufeff"))); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		delete(d.tree, name)
	}
	b.WriteString(after + "\n")
	d.tree[folder+end] = entry{b.Bytes(), at}
	return nil
}
