package hashindex

import "sync/atomic"

// Holder holds the index in use, for readers and for the one who replaces it. The zero value holds an index without
// entries.
type Holder struct {
	current atomic.Pointer[Index]
}

// Load returns the index in use; it is never nil. Whoever asks several questions that belong together loads once and
// asks the same index: a later Load may return a newer one.
func (h *Holder) Load() *Index {
	if x := h.current.Load(); x != nil {
		return x
	}
	return new(Index)
}

// Swap puts x in use and returns what was in use before. Readers never wait; those that loaded the old index may go on
// with it, and it is freed when the last one lets go. A nil x stands for an index without entries.
func (h *Holder) Swap(x *Index) (before *Index) {
	if before = h.current.Swap(x); before == nil {
		before = new(Index)
	}
	return before
}
