package fromcsv

import (
	"bytes"
	"encoding/csv"
	"strings"
	"unicode"

	"lapwing/internal/intake/fromhotline"
	"lapwing/internal/referral"
)

// protect drops the cells that would tell from which machine the report was
// written: columns that nobody gave a meaning and whose name or value says so,
// and such values in the columns about the reporter. They are kept nowhere.
func (r *reader) protect(cells []cell) {
	for i := range cells {
		c := &cells[i]
		if strings.TrimSpace(c.text) == "" {
			continue
		}
		switch c.field {
		case "":
			c.dropped = machineColumn(c.name) || fromhotline.AboutMachine(c.text)
		case ReporterRole, ContactEmail, ContactPhone, Author, Status:
			c.dropped = fromhotline.AboutMachine(c.text)
		}
		if c.dropped {
			r.warn(c, "the network address, browser or device of whoever reports is never kept: this cell was dropped on purpose; do not send it, or map the column to hosting_ip where it is the server's")
		}
	}
}

// machineColumn says whether the name of a column speaks of an address, a
// browser or a device, in any of the languages of Guess.
func machineColumn(name string) bool {
	if fromhotline.AboutReporter(name) {
		return true
	}
	for _, w := range strings.FieldsFunc(strings.ToLower(name), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
		switch w {
		case "ip", "ips", "ipv4", "ipv6", "ipadresse", "ipadres", "ipaddress", "useragent", "browser", "navigateur", "navegador", "cookie", "cookies":
			return true
		}
	}
	f := fold(name)
	return strings.Contains(f, "useragent") || strings.HasPrefix(f, "ipa") && strings.Contains(f, "adr")
}

// Clean gives the record as it may be kept: encoded media replaced by length
// and SHA-256, and cells about the reporter's machine emptied. A record in
// which nothing has to go keeps its bytes. It answers false where the record
// cannot be read, so that nobody knows what is in it: then only findings may
// be kept, not the bytes.
func Clean(b []byte, o Options) ([]byte, bool) {
	r := &reader{o: o, d: &referral.Draft{}}
	cells, ok := r.cells(b)
	if !ok {
		return nil, false
	}
	r.protect(cells)
	change := false
	rec := make([]string, len(cells))
	for i, c := range cells {
		if c.dropped {
			c.text = ""
		}
		change = change || c.dropped || c.media
		rec[i] = c.text
	}
	if !change {
		return b, true
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	if o.Comma != 0 {
		w.Comma = o.Comma
	}
	if w.Write(rec) != nil {
		return nil, false
	}
	w.Flush()
	return out.Bytes(), w.Error() == nil
}
