package synth

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"lapwing/internal/intake/fromhotline"
	"lapwing/internal/referral"
)

// tables writes the reports of hotlines that deliver a table: one a month, as German spreadsheets write CSV.
func (d *desk) tables() error {
	type row struct {
		at    time.Time
		cells string
	}
	months := map[string][]row{}
	add := func(at time.Time, outcome, cells string) {
		month := folder(at, "hotline.csv")
		months[month] = append(months[month], row{at, cells})
		d.count(formatCSV, outcome)
	}
	for _, t := range d.tips {
		if t.format != formatCSV {
			continue
		}
		add(t.received, accepted, d.tableRow(t, 1))
		d.end(t, formatCSV, false)
		switch {
		case !t.again.IsZero():
			add(t.again, updated, d.tableRow(t, 2))
		case !t.retract.IsZero():
			cells := make([]string, len(tableHeader))
			cells[0], cells[1], cells[3], cells[4] = t.source(), t.tableID(), european(t.retract), "zurückgezogen"
			add(t.retract, updated, strings.Join(cells, ";"))
			d.last[t] = final{"retracted", string(referral.MediaNone)}
		case !t.twice.IsZero():
			add(t.twice, duplicate, d.tableRow(t, 1))
		}
	}
	for month, rows := range months {
		slices.SortStableFunc(rows, func(a, b row) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.cells, b.cells)) })
		var b strings.Builder
		b.WriteString("\ufeff" + strings.Join(tableHeader, ";") + "\r\n")
		for _, r := range rows {
			b.WriteString(r.cells + "\r\n")
		}
		d.tree[month] = entry{[]byte(b.String()), rows[len(rows)-1].at}
	}
	return nil
}

// tableHeader has names that intake recognises without a mapping.
var tableHeader = []string{"Meldestelle", "Meldungsnummer", "Eingang", "Aktualisiert", "Status", "Adresse", "Art",
	"Einstufung", "Alter", "Serverstandort", "Herkunftsland", "MD5", "SHA-256", "Bemerkung"}

// european is a time as a German spreadsheet shows it; in UTC, since a table names no zone.
func european(t time.Time) string { return t.UTC().Format("02.01.2006 15:04") }

func (t *tip) tableID() string { return fmt.Sprintf("%d-%05d", t.received.Year(), t.n) }

func (d *desk) tableRow(t *tip, version int) string {
	r := newRandom(d.seed, drawShape, uint64(t.n)|1<<62)
	class := pick(&r, []string{"baseline", "national illegal", "national illegal"})
	cells := []string{
		t.source(), t.tableID(), european(t.received), "", "bewertet", fmt.Sprintf("https://board-%d.example/thread/%d",
			t.n%70, t.n), t.answered(),
		class, pick(&r, fromhotline.Ages[2:6]), countries[r.country()].code, countries[r.country()].code, "", "",
		fmt.Sprintf("Synthetic report %d; nothing else.", t.n),
	}
	if len(t.files) > 0 {
		f := &t.files[0]
		cells[11], cells[12] = f.md5, f.sha256
		if f.standing == standsGood {
			cells[7], cells[8] = "nicht illegal", ""
		}
	}
	if version > 1 {
		cells[3], cells[4] = european(t.again), "weitergeleitet"
	}
	for i, c := range cells {
		if strings.ContainsAny(c, `;"`) {
			cells[i] = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
	}
	return strings.Join(cells, ";")
}
