package intake

import (
	"bytes"
	"encoding/json"

	"lapwing/internal/intake/fromcsv"
	"lapwing/internal/intake/fromcybertip"
	"lapwing/internal/intake/fromhotline"
)

// Formats lists what --format takes, with what it is.
var Formats = []struct{ Name, What string }{
	{fromcybertip.FormatXML, "CyberTipline report as submitted (XML), with fileDetails and answers beside it"},
	{fromcybertip.FormatJSON, "CyberTipline report as delivered to police (JSON)"},
	{fromhotline.Format, "hotline report (JSON, docs/formats/hotline-report.md)"},
	{fromcsv.Format, "hotline reports as rows of a table (CSV)"},
}

// recognise tells the format from the bytes; "" where it is none that intake
// takes.
func recognise(b []byte, header []byte) string {
	b = bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case header != nil:
		return fromcsv.Format
	case len(b) == 0:
		return ""
	case b[0] == '<', bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		return fromcybertip.FormatXML
	case b[0] == '{':
		return recogniseJSON(b)
	}
	return ""
}

// recogniseJSON looks at the names on the first level until one decides.
func recogniseJSON(b []byte) string {
	dec := json.NewDecoder(bytes.NewReader(b))
	weak := ""
	for depth, name := 0, false; ; {
		tok, err := dec.Token()
		if err != nil {
			return weak
		}
		switch t := tok.(type) {
		case json.Delim:
			if t == '{' || t == '[' {
				depth++
			} else {
				depth--
			}
			name = depth == 1
			if depth == 0 {
				return weak
			}
			continue
		case string:
			if depth == 1 && name {
				switch t {
				case "reportedInformation", "automatedInformation", "additionalNcmecInformation", "lawEnforcementContactInformation":
					return fromcybertip.FormatJSON
				case "hotline":
					return fromhotline.Format
				case "reportId":
					weak = fromcybertip.FormatJSON
				case "format", "items", "report":
					weak = fromhotline.Format
				}
			}
		}
		if depth == 1 {
			name = !name
		}
	}
}
