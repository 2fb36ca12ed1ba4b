package unpack

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// shown is a name as it may be stored and printed: valid UTF-8, without
// control characters and without those that turn the direction of text. Every
// other byte becomes %XX.
func shown(s string) string {
	if clean(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if (r == utf8.RuneError && n <= 1) || unprintable(r) {
			for _, c := range []byte(s[i : i+n]) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
		} else {
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

func clean(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c >= 0x7f {
			if c < utf8.RuneSelf {
				return false
			}
			for _, r := range s[i:] {
				if unprintable(r) {
					return false
				}
			}
			return utf8.ValidString(s)
		}
	}
	return true
}

func unprintable(r rune) bool {
	return r < 0x20 || 0x7f <= r && r < 0xa0 || r == 0x2028 || r == 0x2029 ||
		0x200e <= r && r <= 0x200f || 0x202a <= r && r <= 0x202e || 0x2066 <= r && r <= 0x2069
}

// brief is a name that is too long, as it is shown in a Problem.
func brief(s string) string {
	const keep = 120
	if len(s) > keep {
		s = fmt.Sprintf("%s...(%d bytes)", s[:keep], len(s))
	}
	return shown(s)
}

// inputPath is how an input is called: with slashes, without detours.
func inputPath(name string) string { return filepath.ToSlash(filepath.Clean(name)) }

// member is the directory and name of an archive's entry below the archive,
// from the raw name. A name that would leave the archive, or is too long, has
// a reason.
func member(raw string) (dir, name string, kind Kind, reason string) {
	if len(raw) > longestPath {
		return "", "", TooLarge, fmt.Sprintf("the name has %d bytes; at most %d are read", len(raw), longestPath)
	}
	s := strings.ReplaceAll(raw, `\`, "/")
	switch {
	case strings.TrimLeft(s, "./") == "" && !strings.HasPrefix(s, ".."):
		return "", "", BadPath, "the entry has no name"
	case strings.IndexByte(s, 0) >= 0:
		return "", "", BadPath, "the name has a zero byte in it"
	case strings.HasPrefix(s, "/"), len(s) > 1 && s[1] == ':' && isLetter(s[0]):
		return "", "", BadPath, "the name is an absolute path; archives hold names below themselves"
	}
	for part := range strings.SplitSeq(s, "/") {
		if part == ".." {
			return "", "", BadPath, `the name has ".." in it and would leave the archive`
		}
		if len(part) > longestName {
			return "", "", TooLarge, fmt.Sprintf("the name has a part of %d bytes; at most %d are read", len(part), longestName)
		}
	}
	dir, name = path.Split(path.Clean(s))
	return strings.TrimSuffix(dir, "/"), name, "", ""
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// below is the directory inside an archive, as it is shown.
func below(archive, dir string) string {
	if dir == "" {
		return archive + "!"
	}
	return archive + "!/" + shown(dir)
}
