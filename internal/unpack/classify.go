package unpack

import (
	"bytes"
	"strconv"
	"strings"
)

// A Class says what a file is, by its first bytes.
type Class uint8

const (
	Binary    Class = iota // none of the others, and not text
	Blank                  // nothing, or nothing but blanks
	Text                   // text of no form that is known here
	XML                    // one document
	JSON                   // one value, or several one after the other
	NDJSON                 // one JSON object on each line (JSON Lines)
	JSONArray              // an array of objects
	CSV                    // a header and rows
	Zip
	Tar
	Gzip
)

var classNames = [...]string{"binary", "blank", "text", "xml", "json", "ndjson", "json array", "csv", "zip", "tar", "gzip"}

func (c Class) String() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return "class " + strconv.Itoa(int(c))
}

// Classify says what a file is from its first bytes, at best 16 KiB. The name
// only decides whether a text without other form is CSV (.csv, .tsv, .tab);
// under any other name a text is CSV when its first two rows or more have the
// same number of fields, three at least, and the first has a different text in
// each field. Media is not its concern: Options.Sniff is asked before.
func Classify(head []byte, name string) Class {
	switch {
	case len(head) == 0:
		return Blank
	case bytes.HasPrefix(head, []byte("\x1f\x8b\x08")):
		return Gzip
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return Zip
	case isTar(head):
		return Tar
	case bytes.HasPrefix(head, []byte("<\x00?\x00")), bytes.HasPrefix(head, []byte("\x00<\x00?")):
		return XML // UTF-16 without a mark
	case !isText(head):
		return Binary
	}
	whole := len(head) < headSize
	text := bytes.TrimLeft(plainHead(head), " \t\r\n\f\x1e")
	if len(text) == 0 {
		if whole {
			return Blank
		}
		return Text
	}
	rest := bytes.TrimLeft(text[1:], " \t\r\n")
	switch text[0] {
	case '<':
		if isHTML(text) {
			return Text
		}
		return XML
	case '{':
		if secondLineIsObject(text) {
			return NDJSON
		}
		if len(rest) == 0 || rest[0] == '"' || rest[0] == '}' {
			return JSON
		}
	case '[':
		if len(rest) > 0 && (rest[0] == '{' || rest[0] == ']') {
			return JSONArray
		}
		if len(rest) > 0 && strings.IndexByte(`["-0123456789tfn`, rest[0]) >= 0 && !isWord(rest) {
			return JSON
		}
	}
	if _, ok := delimiter(text, name, whole); ok {
		return CSV
	}
	return Text
}

// isTar asks for the one thing that all kinds of tar share: the checksum of
// the first header.
func isTar(head []byte) bool {
	if len(head) < 512 || head[0] == 0 {
		return false
	}
	field := strings.Trim(string(head[148:156]), " \x00")
	want, err := strconv.ParseUint(field, 8, 32)
	if err != nil {
		return false
	}
	sum := uint64(8 * ' ')
	for i, c := range head[:512] {
		if i < 148 || i >= 156 {
			sum += uint64(c)
		}
	}
	return sum == want
}

// plainHead is the head without its byte-order mark, as UTF-8 if it was UTF-16.
func plainHead(head []byte) []byte {
	if big, ok := isUTF16(head); ok {
		return decode16(head[2:], big)
	}
	return bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
}

func isHTML(text []byte) bool {
	start := strings.ToLower(string(text[:min(len(text), 15)]))
	return strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html")
}

// secondLineIsObject says whether two lines begin with "{", which one JSON
// value cannot have.
func secondLineIsObject(text []byte) bool {
	_, rest, _ := bytes.Cut(text, []byte("\n"))
	rest = bytes.TrimLeft(rest, "\r\n")
	return len(rest) > 0 && rest[0] == '{'
}

// isWord says whether text in brackets is a word, as in "[note] ...", and not
// JSON.
func isWord(rest []byte) bool {
	if strings.IndexByte("tfn", rest[0]) < 0 {
		return false
	}
	for _, word := range []string{"true", "false", "null"} {
		if bytes.HasPrefix(rest, []byte(word)) {
			return false
		}
	}
	return true
}

// delimiter is what separates the fields of a CSV text, and whether the text
// is CSV at all. whole says that nothing follows the text.
func delimiter(text []byte, name string, whole bool) (comma byte, ok bool) {
	if c, _, ok := separatorLine(text); ok {
		return c, true
	}
	lower := strings.ToLower(name)
	named := strings.HasSuffix(lower, ".csv") || strings.HasSuffix(lower, ".tsv") || strings.HasSuffix(lower, ".tab")
	comma = ','
	best := 0
	for _, c := range []byte(",;\t|") {
		fields, rows, same := shape(text, c, whole)
		if !named && (fields < 3 || rows < 2 || same != rows || !distinctCells(text, c)) {
			continue
		}
		if fields < 2 {
			continue
		}
		// The share of rows that agree counts first, then the fields.
		if score := same*1000/rows*1000 + min(fields, 999); score > best {
			best, comma = score, c
		}
	}
	return comma, named || best > 0
}

// separatorLine reads the line "sep=;" with which spreadsheets tell the
// separator; n is its length.
func separatorLine(text []byte) (comma byte, n int, ok bool) {
	if len(text) < 5 || !strings.EqualFold(string(text[:4]), "sep=") {
		return 0, 0, false
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	if trimmed := bytes.TrimRight(line, "\r"); len(trimmed) == 5 && trimmed[4] < 0x80 && trimmed[4] != '"' {
		return trimmed[4], min(len(line)+1, len(text)), true
	}
	return 0, 0, false
}

// shape counts the fields of the first row, the rows among the first 20, and
// those of them that have as many fields.
func shape(text []byte, comma byte, whole bool) (fields, rows, same int) {
	row, open := 0, false
	for len(text) > 0 && rows < 20 {
		line, rest, ended := bytes.Cut(text, []byte("\n"))
		text = rest
		if !ended && !whole {
			break
		}
		if !open && len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var commas int
		open, commas = rowState(line, comma, open)
		row += commas
		if open {
			continue
		}
		if rows == 0 {
			fields = row + 1
		}
		if row+1 == fields {
			same++
		}
		rows, row = rows+1, 0
	}
	return fields, max(rows, 1), same
}

// distinctCells says whether the first row looks like a header: a different,
// short text in each field.
func distinctCells(text []byte, comma byte) bool {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	seen := map[string]bool{}
	for cell := range bytes.SplitSeq(bytes.TrimRight(line, "\r"), []byte{comma}) {
		s := string(bytes.TrimSpace(cell))
		if s == "" || len(s) > 80 || seen[s] {
			return false
		}
		seen[s] = true
	}
	return true
}

// binaryReason names what a binary file is, where that helps the officer.
func binaryReason(head []byte, name string) string {
	for _, k := range knownBinary {
		if len(head) >= k.at+len(k.magic) && string(head[k.at:k.at+len(k.magic)]) == k.magic {
			return k.reason
		}
	}
	if strings.EqualFold(name, "Thumbs.db") || strings.EqualFold(name, ".DS_Store") {
		return "a file that the system leaves in folders: there is nothing to read"
	}
	return "a binary file that is neither a document nor known media"
}

var knownBinary = []struct {
	at            int
	magic, reason string
}{
	{0, "%PDF-", "a PDF: give the XML, JSON or CSV of the report"},
	{0, "7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it first, or pack it as zip or tar.gz"},
	{0, "Rar!\x1a\x07", "a RAR archive: unpack it first, or pack it as zip or tar.gz"},
	{0, "\xfd7zXZ\x00", "packed with xz: unpack it first, or pack it with gzip"},
	{0, "BZh", "packed with bzip2: unpack it first, or pack it with gzip"},
	{0, "\x28\xb5\x2f\xfd", "packed with zstd: unpack it first, or pack it with gzip"},
	{0, "\x04\x22\x4d\x18", "packed with lz4: unpack it first, or pack it with gzip"},
	{0, "PK\x07\x08", "a zip in several parts: join them first"},
	{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document or Outlook message: save it as text, CSV or XML"},
	{0, "\x00\x05\x16\x07", "a file that macOS adds to archives: there is nothing to read"},
	{0, "\x00\x00\x00\x01Bud1", "a file that the system leaves in folders: there is nothing to read"},
	{0, "SQLite format 3\x00", "a database: export the reports as CSV, JSON or XML"},
}
