package unpack

import "strings"

// stemLen is the length of the stem of a file name: the package comment has
// the rule. It is at least 1 for a name that is not empty, and the stem is
// always the beginning of the name.
func stemLen(name string) int {
	start := 0
	for start < len(name) && name[start] == '.' {
		start++
	}
	end := len(name)
	if i := strings.IndexByte(name[start:], '.'); i >= 0 {
		end = start + i
	}
	longest, cut := 0, end
	for i := start; i < end; {
		j := i
		for j < end && '0' <= name[j] && name[j] <= '9' {
			j++
		}
		if j-i > longest {
			longest, cut = j-i, j
		}
		i = max(j, i+1)
	}
	return cut
}
