package assess

import (
	"net/netip"
	"strings"

	"lapwing/internal/referral"
)

// Limits of what is read out of free text. Every byte is looked at a bounded
// number of times, and a text that is made of nothing but addresses fills no store.
const (
	maxTextRead = 64 << 10 // bytes of one text
	maxPerText  = 50       // identifiers of one text
	maxPerDraft = 200      // identifiers of all texts
	maxWord     = 2048     // bytes of one word
)

// mentions adds what the draft's free texts mention: e-mail addresses, URLs,
// IP addresses, and phone numbers in international form with "+". A mention
// of what the report states anyway, or of the reporter's own address, adds
// nothing.
func (c *collector) mentions() {
	if len(c.d.Texts) == 0 {
		return
	}
	var known map[keyID]bool
	left := maxPerDraft
	for i := range c.d.Texts {
		n := min(maxPerText, left)
		scanText(c.d.Texts[i].Value, func(kind referral.IdentifierKind, value string) bool {
			if known == nil {
				known = c.known()
			}
			if id := (keyID{kind: string(kind), value: value}); !known[id] {
				known[id] = true
				left--
				n--
				c.put(Key{Kind: string(kind), Value: value, Mentioned: true, Path: c.d.Texts[i].Path})
			}
			return n > 0
		})
		if left == 0 {
			return
		}
	}
}

// known is what the report states without regard to roles, and the reporters' own identifiers.
func (c *collector) known() map[keyID]bool {
	known := make(map[keyID]bool, 2*len(c.keys))
	for i := range c.keys {
		known[keyID{kind: c.keys[i].Kind, value: c.keys[i].Value}] = true
	}
	for i := range c.d.Parties {
		p := &c.d.Parties[i]
		if p.Role != referral.RoleReporter {
			continue
		}
		for j := range p.Identifiers {
			if v := c.value(p, &p.Identifiers[j]); v != "" {
				known[keyID{kind: string(p.Identifiers[j].Kind), value: v}] = true
			}
		}
	}
	return known
}

// A scan walks through one text.
type scan struct {
	found  func(kind referral.IdentifierKind, value string) bool // false: enough
	phones int                                                   // attempts left at reading a phone number, the one slow thing
}

// scanText tells found of each identifier in the text until it says false.
func scanText(text string, found func(kind referral.IdentifierKind, value string) bool) {
	if len(text) > maxTextRead {
		text = text[:maxTextRead]
	}
	if !strings.ContainsAny(text, "@:.+") {
		return
	}
	s := scan{found: found, phones: 2 * maxPerText}
	for i, more := 0, true; i < len(text) && more; {
		start := i
		for i < len(text) && !breaksWord(text[i]) {
			i++
		}
		if n := i - start; n > 0 && n <= maxWord {
			more = s.word(text[start:i], text[start:])
		}
		i++
	}
}

// breaksWord says where a word ends: at blanks, quotes, brackets and commas.
func breaksWord(c byte) bool {
	switch c {
	case ' ', '\t', '\r', '\n', '"', '\'', '<', '>', '(', ')', ',', ';', '|', '`', '{', '}', '\\', 0:
		return true
	}
	return false
}

// word looks into one word; rest is the text from there on, because phone
// numbers go on behind blanks.
func (s *scan) word(word, rest string) bool {
	if i := strings.Index(word, "://"); i > 0 {
		return s.tell(referral.IDURL, mentionedURL(word, i))
	}
	if at := strings.IndexByte(word, '@'); at > 0 {
		return s.tell(referral.IDEmail, mentionedMail(word, at))
	}
	if i := strings.IndexByte(word, '+'); i == 0 || i > 0 && (word[i-1] == ':' || word[i-1] == '=') {
		if s.phones--; s.phones < 0 {
			return true
		}
		return s.tell(referral.IDPhone, mentionedPhone(rest[i:]))
	}
	if strings.Count(word, ".") >= 3 || strings.Count(word, ":") >= 2 {
		return s.tell(referral.IDIP, mentionedIP(word))
	}
	return true
}

func (s *scan) tell(kind referral.IdentifierKind, value string) bool {
	return value == "" || s.found(kind, value)
}

// mentionedURL reads the address whose "://" is at i: only of the web, and
// without the punctuation of the sentence around it.
func mentionedURL(word string, i int) string {
	start := i
	for start > 0 && isLetter(word[start-1]) {
		start--
	}
	switch strings.ToLower(word[start:i]) {
	case "http", "https", "ftp":
	default:
		return ""
	}
	s := strings.TrimRight(word[start:], ".:!?*_~")
	if !strings.Contains(s, "[") { // of an IPv6 host
		s = strings.TrimRight(s, "].:!?")
	}
	return urlKey(s)
}

// mentionedMail reads the address around the "@". Only ASCII counts here:
// in a language without blanks the words around would be taken along.
func mentionedMail(word string, at int) string {
	start, end := at, at+1
	for start > 0 && (isAlnum(word[start-1]) || strings.IndexByte(".!#$%&*+/?^_~-", word[start-1]) >= 0) {
		start--
	}
	for end < len(word) && (isAlnum(word[end]) || word[end] == '.' || word[end] == '-') {
		end++
	}
	local := strings.TrimLeft(word[start:at], ".!#$%&*+/?^~-")
	return mailKey(local + "@" + strings.TrimRight(word[at+1:end], ".-"))
}

// mentionedIP reads the first address in the word: globally routed or from a
// documentation range, nothing else, because times and versions look alike.
func mentionedIP(word string) string {
	for start := 0; start < len(word); {
		loneColon := word[start] == ':' && (start+1 == len(word) || word[start+1] != ':')
		if !isHex(word[start]) && word[start] != ':' || loneColon { // "IP:192.0.2.1"
			start++
			continue
		}
		end := start
		for end < len(word) && (isHex(word[end]) || word[end] == '.' || word[end] == ':') {
			end++
		}
		if run := word[start:end]; (start == 0 || !isAlnum(word[start-1])) && (end == len(word) || !isAlnum(word[end])) {
			if a, ok := lenientIP(run); ok {
				return a.String()
			}
		}
		start = end
	}
	return ""
}

func lenientIP(run string) (netip.Addr, bool) {
	run = strings.TrimRight(run, ".:")
	a, ok := parseIP(run)
	if !ok || classOf(a) == ipLocal || classOf(a) == ipShared || a.Is6() && a.As16()[0]&0xe0 != 0x20 {
		return netip.Addr{}, false
	}
	return a, true
}

// mentionedPhone reads a number that starts with "+": 8 to 15 digits with the
// usual separators. Where a number of the text follows the phone number, the
// longest beginning that is a valid phone number counts, else the longest
// that is a possible one.
func mentionedPhone(s string) string {
	digits := 0
	var ends [3]int // the last places at which the number may end, newest first
	for i := 1; i < len(s) && i < 32 && digits <= 15; i++ {
		c := s[i]
		if c >= '0' && c <= '9' {
			digits++
			if digits >= 8 && (i+1 == len(s) || s[i+1] < '0' || s[i+1] > '9') {
				ends = [3]int{i + 1, ends[0], ends[1]}
			}
			continue
		}
		if strings.IndexByte(" -.()/", c) < 0 {
			break
		}
	}
	possible := ""
	for _, end := range ends {
		if d, plus := phoneDigits(s[:end]); plus && len(d) <= 15 {
			v := international(d, s[:end])
			if v != "" && (ends[1] == 0 || valid(v)) {
				return v
			}
			if possible == "" {
				possible = v
			}
		}
	}
	return possible
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isAlnum(c byte) bool  { return isLetter(c) || c >= '0' && c <= '9' }
func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}
