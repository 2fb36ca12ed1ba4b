package hashlist

import "fmt"

// Broken says that a file is not what it should be, so that reading ended
// before its end. What was read until then has been handed on: who wants all
// or nothing puts the changes in a transaction.
type Broken struct {
	Where string // "line 12", "byte 4711"
	Why   string
}

func (b *Broken) Error() string { return fmt.Sprintf("the list is broken at %s: %s", b.Where, b.Why) }

// BrokenAt makes a [Broken].
func BrokenAt(where, format string, args ...any) error {
	return &Broken{Where: where, Why: fmt.Sprintf(format, args...)}
}
