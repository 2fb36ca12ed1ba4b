package assess

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// mailKey is an e-mail address in lower case, with its domain in IDNA form
// and its local part in Unicode NFC; "" for a text that is none.
//
// Dots and "+tags" stay. Some providers ignore them, others give each form to
// a different person: folding them would tie a stranger to a report, and a
// link that is missed can still be found by a person, while a false one sends
// police to the wrong door.
func mailKey(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 320 {
		return ""
	}
	if i := strings.IndexByte(s, '<'); i >= 0 && strings.HasSuffix(s, ">") {
		s = s[i+1 : len(s)-1]
	}
	if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
		s = s[7:]
	}
	at := strings.LastIndexByte(s, '@')
	if at < 1 {
		return ""
	}
	local, domain := s[:at], domainKey(s[at+1:])
	if domain == "" || !strings.Contains(domain, ".") {
		return ""
	}
	for _, r := range local {
		if r <= ' ' || r == 0x7f || r == '"' || r == '@' || r == utf8.RuneError || unicode.IsSpace(r) {
			return ""
		}
	}
	local = norm.NFC.String(strings.ToLower(norm.NFC.String(local)))
	return local + "@" + domain
}

// domainKey is a host name in lower case and in the ASCII form of IDNA, ""
// where it cannot be one. The mapping (NFKC, lower case, full-width dots) is
// that of UTS #46 for everything but a few historic signs.
func domainKey(s string) string {
	s = strings.TrimSuffix(s, ".")
	if s == "" || len(s) > 253 {
		return ""
	}
	ascii := true
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if !ascii {
		s = strings.NewReplacer("。", ".", "．", ".", "｡", ".").Replace(s)
		s = norm.NFKC.String(strings.ToLower(norm.NFKC.String(s)))
	} else {
		s = strings.ToLower(s)
	}
	labels, out := 0, s
	if !ascii {
		out = ""
	}
	for label := range strings.SplitSeq(s, ".") {
		if !ascii {
			var ok bool
			if label, ok = asciiLabel(label); !ok {
				return ""
			}
			if labels > 0 {
				out += "."
			}
			out += label
		}
		if !plainLabel(label) {
			return ""
		}
		labels++
	}
	if len(out) > 253 {
		return ""
	}
	return out
}

// plainLabel says whether a label has only what names in use have. The
// underscore is no host name (RFC 952), but profiles on such names exist.
func plainLabel(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return true
}
