package synth

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// damage adds things that a desk cannot take, as every inbox has them.
func (d *desk) damage() error {
	at := d.until.AddDate(0, -2, -9)
	refuse := func(path, why string, data []byte) {
		name := folder(at, "misc/"+path)
		d.tree[name] = entry{data, at}
		d.refused(strings.TrimPrefix(name, inbox+"/"), why)
		at = at.AddDate(0, 0, -17)
	}
	some := d.tips[len(d.tips)/2:]
	xml := some[slices.IndexFunc(some, func(t *tip) bool { return t.format == formatXML })]
	var whole bytes.Buffer
	if err := d.report(xml).WriteXML(&whole); err != nil {
		return err
	}
	text := strings.ReplaceAll(whole.String(), fmt.Sprintf("report %d.", xml.n), "report 0.")
	refuse("broken-off.xml", "the XML breaks off", []byte(text[:len(text)*2/3]))
	refuse("empty.xml", "the file is empty", nil)
	refuse("notes.txt", "a text that is no report", []byte("Synthetic note. This file lies in the inbox by mistake.\n"))
	refuse("portal-error.xml", "a page of a web server under the name of a report", []byte("<!DOCTYPE html>\n"+
		"<html><head><title>Synthetic error page</title></head><body><p>Please sign in again.</p></body></html>\n"))
	refuse("report.pdf", "a PDF", []byte("%PDF-1.4\n% synthetic, without pages\n%%EOF\n"))
	cut := func(from, to string) []byte {
		start, end := strings.Index(text, from), strings.Index(text, to)
		return []byte(text[:start] + text[end+len(to):])
	}
	refuse("no-type.xml", "the report does not say what it is about", cut("<incidentType>", "</incidentType>"))
	refuse("no-time.xml", "the report does not say when it happened", cut("<incidentDateTime>", "</incidentDateTime>"))
	refuse("nobody.json", "a hotline report without its hotline and time",
		[]byte(`{"format": "hotline-report/1", "id": "HR-0", "report": {"what": ["material"], "text": "Synthetic text."}}`+"\n"))
	refuse("half.json", "the JSON breaks off",
		[]byte(`{"reportId": 9100000000, "reportedInformation": {"incidentSummary": {"incidentType": "Synth`))
	refuse("settings.json", "JSON of another kind", []byte(`{"synthetic": true, "version": 3}`+"\n"))
	refuse("other-desk/file-1.xml", "details of a file for a report that the desk does not have",
		fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?>
<fileDetails>
  <reportId>9199999999</reportId>
  <fileId>1</fileId>
  <originalFileHash hashType="MD5">%x</originalFileHash>
</fileDetails>
`, fileOf(9_999).md5))
	stray := d.drawn[0].picture
	refuse("stray/"+stray.name, "a picture that no report beside it names", stray.bytes)

	cells := make([]string, len(tableHeader))
	cells[0], cells[2], cells[6], cells[13] = "tabelle-at", european(at), "material", "Synthetic report without a number."
	table := strings.Join(tableHeader, ";") + "\r\n" + strings.Join(cells, ";") + "\r\n"
	name := folder(at, "misc/table.csv")
	d.tree[name] = entry{[]byte(table), at}
	d.refused(strings.TrimPrefix(name, inbox+"/")+"#2", "a row without the number of the report")
	return d.brokenZip(at.AddDate(0, 0, -20))
}

func (d *desk) refused(path, why string) {
	d.m.Refused = append(d.m.Refused, Refusal{path, why})
	d.count(formatOther, refused)
}

// brokenZip packs three hotline reports, and damages the second of them.
func (d *desk) brokenZip(at time.Time) error {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	name := func(i int) string { return fmt.Sprintf("HR-%d-%06d.json", at.Year(), 900_000+i) }
	for i := range 3 {
		t := &tip{n: 900_000 + i, format: formatHotline, received: at, incident: at.AddDate(0, 0, -1),
			wire: incidentWeights[0].wire}
		report, err := json.MarshalIndent(d.hotlineReport(t, 1, at), "", "  ")
		if err != nil {
			return err
		}
		// Stored, so that the damage is in the text and only the checksum tells.
		m, err := w.CreateHeader(&zip.FileHeader{Name: name(i), Method: zip.Store, Modified: at})
		if err != nil {
			return err
		}
		if _, err := m.Write(report); err != nil {
			return err
		}
		if i != 1 {
			d.tips = append(d.tips, t)
			d.count(formatHotline, accepted)
			d.end(t, formatHotline, false)
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	data := b.Bytes()
	spot := fmt.Appendf(nil, "Synthetic text for report %d.", 900_001)
	copy(data[bytes.Index(data, spot):], "Damaged")
	path := folder(at, "misc/partner.zip")
	d.tree[path] = entry{data, at}
	d.refused(strings.TrimPrefix(path, inbox+"/")+"!/"+name(1), "damaged within its archive")
	return nil
}
