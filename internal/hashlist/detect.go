package hashlist

import (
	"bytes"
	"io"
	"strings"

	"lapwing/internal/hashlist/table"
)

// A Format is a form in which hash lists come.
type Format string

const (
	Unrecognised Format = ""
	Text         Format = "text"
	CSV          Format = "csv"
	JSONL        Format = "jsonl"
	NCMEC        Format = "ncmec"
	VICS         Format = "vics"
	ICSE         Format = "icse"
	NSRL2        Format = "nsrl2"       // RDS 2, NSRLFile.txt
	NSRL3        Format = "nsrl3"       // RDS 3, SQLite; read from a path
	NSRL3Delta   Format = "nsrl3-delta" // RDS 3, changes as SQL text
)

// Formats are all that [Detect] may answer.
var Formats = []Format{Text, CSV, JSONL, NCMEC, VICS, ICSE, NSRL2, NSRL3, NSRL3Delta}

// KnownFiles says that a list of this format names files that are merely
// known: software, mostly harmless, which must only ever lower noise
// (formats.md C.5).
func (f Format) KnownFiles() bool { return f == NSRL2 || f == NSRL3 || f == NSRL3Delta }

// The headers by which two tables are recognised (formats.md C.4, C.5).
const (
	ICSEHeader  = "MD5;SHA1;PhotoDNA;Image ID;Is distributed;Victim identified;Offender identified;Series name;Number of submissions;File Available;Media Type;Baseline"
	NSRL2Header = `"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode","OpSystemCode","SpecialCode"`
)

// DetectBytes is how much of a file [Detect] wants to see.
const DetectBytes = 4096

// Detect recognises the format of a list from its first bytes.
func Detect(head []byte) Format {
	if bytes.HasPrefix(head, []byte("SQLite format 3\x00")) {
		return NSRL3
	}
	whole := len(head) < DetectBytes // the end of head is the end of the file
	head, _ = io.ReadAll(table.Text(bytes.NewReader(head)))
	head = bytes.TrimLeft(head, " \t\r\n")
	if len(head) == 0 {
		return Unrecognised
	}
	switch head[0] {
	case '<':
		if bytes.Contains(head, []byte("queryResult")) {
			return NCMEC
		}
		return Unrecognised
	case '{', '[':
		return detectJSON(head)
	}
	for line := range bytes.Lines(head) {
		complete := whole || line[len(line)-1] == '\n'
		line = bytes.TrimSpace(line)
		switch {
		case len(line) == 0 || line[0] == '#':
			continue
		case strings.EqualFold(string(line), ICSEHeader):
			return ICSE
		case strings.EqualFold(string(line), NSRL2Header):
			return NSRL2
		case isSQL(line):
			if bytes.Contains(bytes.ToUpper(head), []byte("FILE")) {
				return NSRL3Delta
			}
			return Unrecognised
		}
		return detectLine(line, complete)
	}
	return Unrecognised
}

func detectJSON(head []byte) Format {
	if bytes.HasPrefix(head, []byte(JSONHead[:len(`{"format":"lapwing-hashlist"`)])) {
		return JSONL
	}
	for _, mark := range []string{"odata.metadata", "@odata.context", "ProjectVic"} {
		if bytes.Contains(head, []byte(mark)) {
			return VICS
		}
	}
	if bytes.Contains(head, []byte(`"MD5"`)) && (bytes.Contains(head, []byte(`"MediaID"`)) || bytes.Contains(head, []byte(`"Category"`))) {
		return VICS
	}
	return Unrecognised
}

func isSQL(line []byte) bool {
	if bytes.HasPrefix(line, []byte("--")) || bytes.HasPrefix(line, []byte("/*")) {
		return true
	}
	word := line
	if i := bytes.IndexAny(line, " \t;("); i >= 0 {
		word = line[:i]
	}
	switch strings.ToUpper(string(word)) {
	case "BEGIN", "INSERT", "UPDATE", "DELETE", "REPLACE", "PRAGMA":
		return true
	}
	return false
}

// detectLine tells a list of lines from a table by the first line: a table
// has a header that names a fingerprint, a line has the fingerprint.
func detectLine(line []byte, complete bool) Format {
	fields := bytes.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t,;|", r) })
	if len(fields) == 0 {
		return Unrecognised
	}
	if LooksBare(fields[0]) {
		return Text
	}
	if len(fields) > 1 && complete {
		var e Entry
		if c, ok := UsualColumn(string(fields[0])); ok && c.Field == FieldHash && c.Of != "" && e.AddHash(c.Of, string(fields[1])) == nil && len(e.Hashes) > 0 {
			if _, header := UsualColumn(string(fields[1])); !header {
				return Text
			}
		}
	}
	rows := table.NewRows(bytes.NewReader(line), 0, DetectBytes)
	row, err := rows.Next()
	if err != nil {
		return Unrecognised
	}
	for _, field := range row {
		if c, ok := UsualColumn(string(bytes.TrimSpace(field))); ok && (c.Field == FieldHash || c.Field == FieldHashes) {
			return CSV
		}
	}
	return Unrecognised
}
