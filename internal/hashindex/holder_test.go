package hashindex

import (
	"sync"
	"testing"
)

// Readers see one index or the other, whole. Run with -race.
func TestHolderSwapsWhileReadersRead(t *testing.T) {
	t.Parallel()
	var h Holder
	if got := h.Load().Len(); got != 0 {
		t.Fatalf("a new holder holds %d entries, want 0", got)
	}
	picture := [32]byte{1, 2, 3}
	indexOf := func(n int) *Index {
		var b Builder
		for i := range n {
			if err := b.AddPDQ(picture, int64(i)); err != nil {
				t.Fatal(err)
			}
		}
		return b.Build()
	}
	small, large := indexOf(2), indexOf(30)
	if before := h.Swap(small); before.Len() != 0 {
		t.Errorf("Swap on a new holder returned %d entries, want 0", before.Len())
	}
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for range 500 {
				if got := len(h.Load().Near(picture, 31)); got != 2 && got != 30 {
					t.Errorf("a reader found %d entries, want 2 or 30", got)
				}
			}
		})
	}
	for range 100 {
		if h.Swap(large) != small || h.Swap(small) != large {
			t.Error("Swap did not return what was in use")
		}
	}
	readers.Wait()
	h.Swap(nil)
	if got := h.Load().Len(); got != 0 {
		t.Errorf("after Swap(nil) the holder holds %d entries, want 0", got)
	}
}
