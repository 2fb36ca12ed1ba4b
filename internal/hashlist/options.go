package hashlist

import (
	"fmt"
	"time"
)

// Options say whose list is read, and what its file leaves open. The zero
// value suits a format that names its source itself.
type Options struct {
	Source      string    // who vouches for the entries; formats with several sources put it before ":"
	Author      string    // whose opinion the labels are; Source where empty
	DefaultKind string    // kind of a bare fingerprint whose length does not tell: "sha256" or "pdq"
	Scheme      string    // scheme of a classification that the file does not name
	Mapping     Mapping   // columns of a CSV; those with usual names need none
	At          time.Time // time of what carries none, such as the list's date of issue
	MaxEntry    int       // bytes of one row or entry in the file; DefaultMaxEntry where 0
}

// DefaultMaxEntry is the longest row or entry that is read unless
// [Options.MaxEntry] says otherwise: 4 MiB, ten times a TMK fingerprint.
const DefaultMaxEntry = 4 << 20

const (
	maxName = 255  // bytes of a source, scheme or author
	maxID   = 1024 // bytes of an id, series, label value or address
)

func (o Options) check() error {
	for _, s := range []struct{ name, value string }{
		{"source", o.Source}, {"author", o.Author}, {"scheme", o.Scheme},
	} {
		if len(s.value) > maxName || !plain(s.value) {
			return fmt.Errorf("the %s of the list is a short name in plain characters", s.name)
		}
	}
	if o.Source == "" {
		return fmt.Errorf("name the source of the list: its entries are known by source and id")
	}
	if o.MaxEntry < 0 {
		return fmt.Errorf("the longest entry is %d bytes: a size is positive", o.MaxEntry)
	}
	return nil
}
