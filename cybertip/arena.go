package cybertip

import "strings"

// arena keeps many short strings in few allocations. Its strings keep each other in memory, so each document has an
// arena of its own.
type arena struct{ b strings.Builder }

const arenaChunk = 4096

func (a *arena) add(p []byte) string {
	switch {
	case len(p) == 0:
		return ""
	case len(p) > arenaChunk/4:
		return string(p)
	case a.b.Cap()-a.b.Len() < len(p):
		a.b = strings.Builder{}
		a.b.Grow(arenaChunk)
	}
	from := a.b.Len()
	a.b.Write(p)
	return a.b.String()[from:]
}
