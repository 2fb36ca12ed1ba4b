package fromtable

import (
	"fmt"
	"slices"
	"strings"
)

// odd looks at a line that is not like the others: left out as text, header
// or total, or a problem as a whole.
func (t *Table) odd(cells [][]byte, line int) (left bool, problem string) {
	texts := make([]string, len(cells))
	for i, c := range cells {
		texts[i], _ = t.enc.text(c)
	}
	switch n := filled(texts); {
	case n == 0:
		t.leave("lines without anything in them", line, cells)
		return true, ""
	case slices.Equal(texts, t.plan.names):
		t.leave("lines that are the header again", line, cells)
		return true, ""
	}
	// A line of text has no value, and no period or geography.
	text := true
	for _, c := range t.plan.values() {
		text = text && (c >= len(texts) || texts[c] == "")
	}
	for _, s := range texts {
		if !text || s == "" {
			continue
		}
		_, isPeriod := readPeriod(s, t.plan.hint, t.periods.excel != "")
		_, isPlace := t.o.geography(s)
		text = !isPeriod && !isPlace && !looksLikeNumber(s)
	}
	if text {
		t.leave("lines of text", line, cells)
		return true, ""
	}
	for _, c := range []int{t.period, t.geoAt, t.plan.part, 0} {
		if c >= 0 && c < len(texts) && isTotal(texts[c]) {
			t.leave("totals, which a desk adds up itself", line, cells)
			return true, ""
		}
	}
	n := len(t.plan.names)
	if len(texts) < t.need {
		return false, fmt.Sprintf("the line has %s, the header %d: it ends early", many(len(texts), "cell"), n)
	}
	if len(texts) > n && filled(texts[n:]) > 0 {
		return false, fmt.Sprintf("the line has %s, the header %d: a cell with a %s in it has to stand in quotes", many(len(texts), "cell"), n, delimiterNames[t.rs.sep])
	}
	return false, ""
}

// maxNotes is how many kinds of what was left out are told.
const maxNotes = 20

// leave counts what is no figure.
func (t *Table) leave(what string, line int, cells [][]byte) {
	if t.noteAt == nil {
		t.noteAt = map[string]int{}
	}
	i, ok := t.noteAt[what]
	if !ok {
		if len(t.u.Left) == maxNotes {
			return
		}
		var texts []string
		for _, c := range cells {
			if s, _ := t.enc.text(c); s != "" && len(texts) < 4 {
				texts = append(texts, s)
			}
		}
		i = len(t.u.Left)
		t.noteAt[what] = i
		t.u.Left = append(t.u.Left, Note{What: what, First: fmt.Sprintf("line %d, %s", line, quote(strings.Join(texts, " ")))})
	}
	t.u.Left[i].Count++
}
