package hashlist

import (
	"errors"
	"iter"
	"net/url"
	"strings"
)

var errStopped = errors.New("stopped")

type pair struct{ name, value string }

// joinPairs writes "name=value; name=value" in one field; what would be
// mistaken for its marks is written as in the query of an address.
func joinPairs(pairs []pair) string {
	var b strings.Builder
	for i, p := range pairs {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(url.QueryEscape(p.name))
		b.WriteByte('=')
		b.WriteString(url.QueryEscape(p.value))
	}
	return b.String()
}

// Pairs are the names and values in a field that [WriteCSV] wrote. What has
// another form is left out.
func Pairs(s string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for part := range strings.SplitSeq(s, ";") {
			name, value, found := strings.Cut(strings.TrimSpace(part), "=")
			name, err1 := url.QueryUnescape(name)
			value, err2 := url.QueryUnescape(value)
			if found && err1 == nil && err2 == nil && !yield(name, value) {
				return
			}
		}
	}
}
