package fromvics

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"lapwing/internal/hashlist"
	"lapwing/internal/referral"
)

// origin is what a case says of all its media.
type origin struct {
	path             string // of the media
	inCase           bool
	caseID           string
	author           string // organisation
	program, version string
}

// media is one Media while it is read.
type media struct {
	*hashlist.Entry
	id       string
	md5      string
	category string
}

// media reads the next value as a Media and hands it on.
func (d *document) media(o *origin) error {
	if err := d.Alive(); err != nil {
		return err
	}
	if _, err := d.peek(); err != nil {
		return err
	}
	path := o.path + " at " + d.where()
	value, err := d.value()
	if errors.Is(err, errLong) {
		d.Refuse(path, "the media is longer than %d bytes", d.MaxEntry)
		return nil
	}
	if err != nil {
		return err
	}
	m := &d.entry
	*m = media{Entry: hashlist.NewEntry(d.Source, "", path)}
	if err := members(value, func(name, value []byte) error { return d.field(m, name, value) }); err != nil {
		d.Refuse(path, "the media cannot be read: %v", err)
		return nil
	}
	if len(m.Hashes) == 0 {
		d.Refuse(path, "the media has no fingerprint that can be used")
		return nil
	}
	if m.md5 == "" {
		d.Warn(path, "the media has no MD5, which the format demands")
	}
	switch {
	case m.id != "" && m.id != "0" && !o.inCase:
		m.ID = m.id
	case m.id != "" && m.id != "0" && o.caseID != "":
		m.ID = o.caseID + "/" + m.id
	default:
		m.ID = m.Hashes[0].Kind + ":" + m.Hashes[0].Value
		if m.md5 != "" {
			m.ID = "md5:" + m.md5
		}
	}
	m.Producer = strings.TrimSpace(o.program + " " + o.version)
	if m.category != "" {
		if m.category == "0" && m.Producer == "" {
			d.WarnOnce("zero", path, "category 0 means non-pertinent to one program and not yet looked at to another, and the file does not name its program before it")
		}
		l := referral.Label{Scheme: d.scheme, Value: m.category, Author: d.Author, At: m.At}
		if d.Author == d.Source && o.author != "" {
			l.Author = o.author
		}
		m.Labels = []referral.Label{l}
	}
	return d.Emit(m.Entry)
}

// field reads a member of a Media (formats.md C.1).
func (d *document) field(m *media, name, value []byte) error {
	var lower [32]byte
	if len(name) > len(lower) || isNull(value) {
		return nil
	}
	for i, c := range name {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		lower[i] = c
	}
	switch string(lower[:len(name)]) {
	case "mediaid":
		m.id = text(value)
		if n, ok := integer(value); ok {
			m.id = strconv.FormatInt(n, 10)
		} else if value[0] != '"' {
			m.id = ""
			d.Warn(m.Path, "the MediaID is not a whole number; it is not used")
		}
	case "category":
		d.category(m, value)
	case "md5":
		if d.hash(m, "md5", text(value)) {
			m.md5 = m.Hashes[len(m.Hashes)-1].Value
		}
	case "sha1":
		d.hash(m, "sha1", text(value))
	case "sha256":
		d.hash(m, "sha256", text(value))
	case "photodna":
		d.hash(m, "photodna", text(value))
	case "alternativehashes":
		if elements(value, func(value []byte) error { return d.alternative(m, value) }) != nil {
			d.Warn(m.Path, "the AlternativeHashes are left out: they are not an array")
		}
	case "mediasize":
		n, ok := integer(value)
		if !ok || n < 0 {
			d.Warn(m.Path, "the MediaSize is not a number of bytes; it is left out")
			n = 0
		}
		m.Size = n
	case "mimetype":
		m.Media = hashlist.ParseMedia(text(value))
	case "dateupdated":
		m.At = d.time(m, value)
	case "series":
		m.Series = text(value)
	case "mediafiles":
		if elements(value, func([]byte) error { m.Sightings++; return nil }) != nil {
			d.Warn(m.Path, "the MediaFiles are not counted: they are not an array")
		}
	case "victimidentified":
		m.Flags.VictimIdentified = d.tri(m, name, value)
	case "offenderidentified":
		m.Flags.OffenderIdentified = d.tri(m, name, value)
	case "isdistributed":
		m.Flags.Distributed = d.tri(m, name, value)
	case "issuspected":
		m.Flags.Suspected = d.tri(m, name, value)
	case "selfgenerated":
		m.Flags.SelfGenerated = d.tri(m, name, value)
	case "isprecategorized":
		m.Flags.Precategorized = d.tri(m, name, value)
	}
	return nil
}

func (d *document) category(m *media, value []byte) {
	n, ok := integer(value)
	if text(value) == "" {
		return
	}
	if !ok || n < 0 || n > 1000 {
		d.Warn(m.Path, "the Category is not a small whole number; it is left out")
		return
	}
	m.category = strconv.FormatInt(n, 10)
}

func (d *document) alternative(m *media, value []byte) error {
	var kind, hash string
	err := members(value, func(name, value []byte) error {
		switch {
		case strings.EqualFold(string(name), "HashName"):
			kind = text(value)
		case strings.EqualFold(string(name), "HashValue"):
			hash = text(value)
		}
		return nil
	})
	if err != nil {
		d.Warn(m.Path, "an alternative hash is left out: %v", err)
		return nil
	}
	d.hash(m, kind, hash)
	return nil
}

// hash adds a fingerprint; it says whether one was added.
func (d *document) hash(m *media, kind, value string) bool {
	if value == "" {
		return false
	}
	n := len(m.Hashes)
	if err := m.AddHash(kind, value); err != nil {
		d.Warn(m.Path, "a fingerprint is left out: %v", err)
	}
	return len(m.Hashes) > n
}

func (d *document) tri(m *media, name, value []byte) referral.Tri {
	t, ok := hashlist.ParseTri(text(value))
	if !ok || value[0] == '[' || value[0] == '{' {
		d.Warn(m.Path, "%.40s is neither true nor false; it is taken as not stated", name)
		return referral.Unknown
	}
	return t
}

func (d *document) time(m *media, value []byte) time.Time {
	t, ok := hashlist.ParseTime(text(value))
	if !ok {
		d.Warn(m.Path, "the DateUpdated is left out: it is not a time between 1970 and 9999")
	}
	return t
}
