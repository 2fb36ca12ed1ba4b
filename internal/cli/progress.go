package cli

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// progress shows on a terminal how far a long work is: rate and remaining time.
type progress struct {
	w     io.Writer
	what  string
	start time.Time

	mu      sync.Mutex
	last    time.Time
	total   int64 // bytes, 0 unknown
	done    int64 // bytes
	items   int64
	refused int64
	shown   bool
}

// newProgress is nil where w is no terminal; a nil progress does nothing.
func newProgress(w io.Writer, what string) *progress {
	if !terminal(w) {
		return nil
	}
	return &progress{w: w, what: what, start: time.Now()}
}

func (p *progress) of(total int64) {
	if p != nil {
		p.mu.Lock()
		p.total = total
		p.mu.Unlock()
	}
}

func (p *progress) bytes(done int64) {
	if p != nil {
		p.mu.Lock()
		p.done = done
		p.show()
		p.mu.Unlock()
	}
}

func (p *progress) settled(items, refused int64) {
	if p != nil {
		p.mu.Lock()
		p.items, p.refused = items, refused
		p.show()
		p.mu.Unlock()
	}
}

func (p *progress) show() {
	now := time.Now()
	if now.Sub(p.last) < 200*time.Millisecond {
		return
	}
	p.last, p.shown = now, true
	took := now.Sub(p.start)
	line := fmt.Sprintf("%s %s, %s/s", number(p.items), p.what, number(int64(float64(p.items)/took.Seconds())))
	if p.refused > 0 {
		line += fmt.Sprintf(", %s refused", number(p.refused))
	}
	if p.total > 0 && p.done > 0 {
		share := min(1, float64(p.done)/float64(p.total))
		left := time.Duration(float64(took) * (1 - share) / share)
		line += fmt.Sprintf(", %d %%, %s left", int(100*share), left.Round(time.Second))
	}
	fmt.Fprintf(p.w, "\r\x1b[K%s", line)
}

// end clears the line.
func (p *progress) end() {
	if p != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.shown {
			fmt.Fprint(p.w, "\r\x1b[K")
		}
	}
}
