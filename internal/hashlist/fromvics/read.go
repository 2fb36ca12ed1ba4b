// Package fromvics reads the hash sets and cases of Project VIC's exchange
// format VICS, versions 1.x and 2.0 (formats.md C.1).
//
// [Read] walks the document and hands on an entry for each Media. The header
// says whose category numbers they are, and so names the scheme of the label:
// "vics-us", "vics-uk", "vics-ca", "vics-default", "vics-custom". A header
// without a country, or with one that is not known here, gives "vics-custom"
// and a note, unless the options name the scheme. Category 0 means
// "non-pertinent" to one program and "not yet looked at" to another: it stays
// the label "0", and the entry names the program where the file does.
//
// An entry's id is the MediaID; in a case it is CaseID, "/" and MediaID, for
// each case counts from 1. Where there is none, or it is 0, "md5:" and the
// MD5 stand in. Two Media of one file with two ids are two entries. Media
// files are counted and not read; comments, tags, paths and Exif data are
// not read at all.
package fromvics

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"lapwing/internal/hashlist"
	"lapwing/internal/hashlist/table"
	"lapwing/internal/referral"
)

// Read is a [hashlist.Reader].
func Read(ctx context.Context, r io.Reader, o hashlist.Options, emit func(hashlist.Change) error, note func(referral.Finding)) error {
	in, err := hashlist.Begin(ctx, o, emit, note)
	if err != nil {
		return err
	}
	d := document{Reading: in, stream: newStream(table.Text(r), in.MaxEntry)}
	d.scheme = in.Scheme
	err = d.read()
	if errors.Is(err, io.EOF) {
		return hashlist.BrokenAt(d.where(), "the document ends too early")
	}
	return err
}

type document struct {
	*hashlist.Reading
	*stream
	scheme string // of the categories, "" while no header was read
	cases  bool   // the header says that the values are cases
	typed  bool   // the header says what the values are
	n      int64  // number of the value, from 0
	entry  media
}

func (d *document) read() error {
	first, err := d.peek()
	if err != nil {
		return err
	}
	switch first {
	case '[': // the list without its header
		err = d.values()
	case '{':
		err = d.head()
	default:
		return hashlist.BrokenAt(d.where(), "a VICS document is a JSON object")
	}
	if err != nil {
		return err
	}
	if _, err := d.peek(); err == nil {
		d.Warn(d.where(), "there is something behind the end of the document; it is not read")
	} else if !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

func (d *document) head() error {
	found := false
	err := d.object(func(name string) error {
		switch strings.ToLower(name) {
		case "odata.metadata", "@odata.context":
			value, err := d.member(name)
			if err == nil && value != nil {
				d.header(text(value))
			}
			return err
		case "value":
			if next, err := d.peek(); err != nil || next != '[' {
				return errors.Join(err, hashlist.BrokenAt(d.where(), "value is not an array"))
			}
			found = true
			return d.values()
		case "odata.nextlink", "@odata.nextlink":
			d.Warn(d.where(), "this is one page of several: the rest of the list is not in this file")
		}
		_, err := d.member(name)
		return err
	})
	if err == nil && !found {
		return hashlist.BrokenAt(d.where(), "there is no value in it, where a VICS document has its media or cases")
	}
	return err
}

// header reads odata.metadata or @odata.context.
func (d *document) header(context string) {
	before, kind, _ := strings.Cut(context, "#")
	d.cases = strings.HasPrefix(kind, "Cases")
	d.typed = d.cases || strings.HasPrefix(kind, "Media")
	if d.Scheme != "" {
		return
	}
	before = strings.TrimSuffix(strings.TrimSuffix(before, "/$metadata"), "/")
	country := before[strings.LastIndexByte(before, '/')+1:]
	if known, ok := schemes[strings.ToLower(country)]; ok {
		d.scheme = known
		return
	}
	d.scheme = "vics-custom"
	if strings.Contains(country, ".xml") || country == "" {
		d.Warn(d.where(), "the header names no country, so nobody can tell what the category numbers mean: they are kept in the scheme vics-custom; name the scheme if you know it")
		return
	}
	d.Warn(d.where(), "the category numbers are those of %.20q, which is not known here: they are kept in the scheme vics-custom; name the scheme if you know it", country)
}

// schemes are the countries in the header (formats.md C.1, C.2).
var schemes = map[string]string{
	"us": "vics-us", "uk": "vics-uk", "gb": "vics-uk", "ca": "vics-ca", "canada": "vics-ca", "vic_canada": "vics-ca",
	"default": "vics-default", "custom": "vics-custom",
}

// values reads the array of media or cases.
func (d *document) values() error {
	if d.scheme == "" {
		d.scheme = "vics-custom"
		d.Warn(d.where(), "no header says whose category numbers these are: they are kept in the scheme vics-custom; name the scheme if you know it")
	}
	return d.array(func() error {
		defer func() { d.n++ }()
		if d.cases || !d.typed && d.caseAhead() {
			return d.oneCase()
		}
		return d.media(&origin{path: "value[" + strconv.FormatInt(d.n, 10) + "]"})
	})
}

// caseAhead guesses what the next value is by the name of its first member.
func (d *document) caseAhead() bool {
	if c, err := d.peek(); err != nil || c != '{' {
		return false
	}
	for len(d.buf)-d.pos < 200 && d.fill() == nil {
	}
	_, rest, _ := strings.Cut(string(d.buf[d.pos:min(len(d.buf), d.pos+200)]), `"`)
	name, _, _ := strings.Cut(rest, `"`)
	switch strings.ToLower(name) {
	case "caseid", "casenumber", "casemetadata", "contactorganization", "contactname", "sourceapplicationname", "totalmediafiles", "media":
		return true
	}
	return false
}

// oneCase reads a case: the media in it, and who made it.
func (d *document) oneCase() error {
	o := &origin{path: "value[" + strconv.FormatInt(d.n, 10) + "]", inCase: true}
	if c, err := d.peek(); err != nil || c != '{' {
		if err == nil {
			d.Refuse(o.path, "a case is an object")
			_, err = d.member("case")
		}
		return err
	}
	path := o.path
	return d.object(func(name string) error {
		name = strings.ToLower(name)
		if name == "media" {
			if next, err := d.peek(); err != nil || next != '[' {
				if err == nil {
					_, err = d.member(name)
				}
				return err
			}
			if o.caseID == "" {
				d.Warn(path, "the case has no CaseID before its media; they are known by their MD5")
			}
			n := int64(0)
			return d.array(func() error {
				o.path = path + ".Media[" + strconv.FormatInt(n, 10) + "]"
				n++
				return d.media(o)
			})
		}
		value, err := d.member(name)
		if err != nil || value == nil {
			return err
		}
		switch name {
		case "caseid":
			o.caseID = strings.ToLower(strings.Trim(text(value), "{}")) // a GUID has several spellings
		case "contactorganization":
			o.author = text(value)
		case "sourceapplicationname":
			o.program = text(value)
		case "sourceapplicationversion":
			o.version = text(value)
		}
		return nil
	})
}

// object reads an object; f must take the value of the member.
func (d *document) object(f func(name string) error) error {
	if err := d.expect('{'); err != nil {
		return err
	}
	if empty, err := d.is('}'); err != nil || empty {
		return err
	}
	for {
		raw, err := d.value()
		if err != nil && !errors.Is(err, errLong) {
			return err
		}
		name := ""
		if err == nil {
			if end, err := stringEnd(raw, 0); err != nil || end != len(raw) {
				return hashlist.BrokenAt(d.where(), "it is not JSON: the name of a member is missing")
			}
			name = text(raw)
		}
		if err := d.expect(':'); err != nil {
			return err
		}
		if err := f(name); err != nil {
			return err
		}
		if more, err := d.is(','); err != nil {
			return err
		} else if !more {
			return d.expect('}')
		}
	}
}

// array reads an array; f must take one element.
func (d *document) array(f func() error) error {
	if err := d.expect('['); err != nil {
		return err
	}
	if empty, err := d.is(']'); err != nil || empty {
		return err
	}
	for {
		if err := f(); err != nil {
			return err
		}
		if more, err := d.is(','); err != nil {
			return err
		} else if !more {
			return d.expect(']')
		}
	}
}

// member takes the value of a member that is small; nil where it was passed
// over because it is not valid or too long.
func (d *document) member(name string) ([]byte, error) {
	value, err := d.value()
	if errors.Is(err, errLong) {
		d.Warn(d.where(), "the member %.40q is longer than %d bytes; it is not read", name, d.MaxEntry)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if end, err := valueEnd(value, 0, 0); err != nil || end != len(value) {
		d.Warn(d.where(), "the member %.40q is not valid JSON; it is not read", name)
		return nil, nil
	}
	return value, nil
}
