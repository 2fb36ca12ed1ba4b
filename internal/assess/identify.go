package assess

import (
	"strings"

	"lapwing/internal/referral"
)

// A Key is an identifier in the one form in which it can be compared with
// others. Value is what gets blind-indexed; it is personal and is never shown
// or logged.
type Key struct {
	Kind  string // a referral.IdentifierKind
	Value string
	Role  referral.Role // "" where no party owns it: a place, a text
	Party int           // 1-based index into the draft's parties, 0 for none
	// Mentioned: it stood in free text or beside the person. Mentioned is not
	// "belongs to".
	Mentioned bool
	Path      string // where in the original, for the first of several
	// Timed and Ported say of an address that the source gives a time and a
	// port with it: without both it names no subscriber (formats.md H.3).
	Timed, Ported bool
}

// Identify lists what may tie the draft to other reports, in the draft's
// order, identifiers found in free text last. Each (kind, value, role) comes
// once, and what is stated beats what is only mentioned.
//
// Reporters give no keys: a reporter's address would tie together all that
// the reporter ever told us, and protects nobody.
func Identify(d *referral.Draft) []Key {
	c := collector{d: d, keys: make([]Key, 0, 12)}
	for i := range d.Parties {
		p := &d.Parties[i]
		if p.Role == referral.RoleReporter {
			continue
		}
		for j := range p.Identifiers {
			c.add(p, &p.Identifiers[j], p.Role, i+1)
		}
	}
	for i := range d.Places {
		for j := range d.Places[i].Identifiers {
			c.add(nil, &d.Places[i].Identifiers[j], "", 0)
		}
	}
	uploader := soleReported(d)
	for i := range d.Files {
		for j := range d.Files[i].Identifiers {
			var p *referral.Party
			if uploader > 0 {
				p = &d.Parties[uploader-1]
			}
			c.add(p, &d.Files[i].Identifiers[j], referral.RoleReported, uploader)
		}
	}
	c.mentions()
	return c.keys
}

// soleReported is the 1-based index of the reported party if there is just
// one: then the uploads are its own as far as the report says.
func soleReported(d *referral.Draft) int {
	found := 0
	for i := range d.Parties {
		if d.Parties[i].Role == referral.RoleReported {
			if found > 0 {
				return 0
			}
			found = i + 1
		}
	}
	return found
}

type keyID struct {
	kind, value string
	role        referral.Role
}

type collector struct {
	d    *referral.Draft
	keys []Key
	at   map[keyID]int // index into keys; only made for long reports
}

func (c *collector) add(p *referral.Party, id *referral.Identifier, role referral.Role, party int) {
	value := c.value(p, id)
	if value == "" {
		return
	}
	c.put(Key{
		Kind: string(id.Kind), Value: value, Role: role, Party: party, Mentioned: id.Mentioned, Path: id.Path,
		Timed:  id.Kind == referral.IDIP && !id.At.IsZero(),
		Ported: id.Kind == referral.IDIP && id.Port > 0,
	})
}

// value is the identifier's comparable form, "" where it has none.
func (c *collector) value(p *referral.Party, id *referral.Identifier) string {
	switch id.Kind {
	case referral.IDEmail:
		return mailKey(id.Value)
	case referral.IDPhone:
		return phoneKey(*id, hintOf(p, id))
	case referral.IDAccount, referral.IDScreen:
		return accountKey(c.d, p, id)
	case referral.IDIP:
		return ipKey(id.Value, id.Port)
	case referral.IDDevice:
		return deviceKey(id.Scope, id.Value)
	case referral.IDURL:
		return urlKey(id.Value)
	case referral.IDPayment:
		return paymentKey(id.Value)
	}
	return ""
}

// hintOf is the party's country where all that is stated of it agrees.
func hintOf(p *referral.Party, id *referral.Identifier) string {
	if p == nil || id.Calling != "" {
		return ""
	}
	hint := ""
	take := func(text string) bool {
		c, code := countryOf(text)
		switch {
		case c == nil:
			return code == "" && text == ""
		case hint == "":
			hint = c.code
		}
		return hint == c.code
	}
	for i := range p.Addresses {
		if !take(p.Addresses[i].Country) {
			return ""
		}
	}
	for i := range p.Estimates {
		if !take(p.Estimates[i].Country) {
			return ""
		}
	}
	return hint
}

// paymentKey is the account, card or wallet as written. A masked number is
// shared by thousands and has no key.
func paymentKey(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 1024 || strings.ContainsAny(s, "*•") || strings.Contains(strings.ToLower(s), "xxxx") {
		return ""
	}
	return s
}

func (c *collector) put(k Key) {
	i := c.find(keyID{k.Kind, k.Value, k.Role})
	if i < 0 {
		if c.at != nil {
			c.at[keyID{k.Kind, k.Value, k.Role}] = len(c.keys)
		}
		c.keys = append(c.keys, k)
		return
	}
	have := &c.keys[i]
	timed, ported := have.Timed || k.Timed, have.Ported || k.Ported
	if have.Mentioned && !k.Mentioned {
		*have = k
	}
	have.Timed, have.Ported = timed, ported
}

// find is the key's index, -1 for a new one. Most reports have few
// identifiers, for which walking is faster than a map.
func (c *collector) find(id keyID) int {
	if c.at == nil && len(c.keys) > 32 {
		c.at = make(map[keyID]int, 4*len(c.keys))
		for i := range c.keys {
			k := &c.keys[i]
			c.at[keyID{k.Kind, k.Value, k.Role}] = i
		}
	}
	if c.at != nil {
		if i, ok := c.at[id]; ok {
			return i
		}
		return -1
	}
	for i := range c.keys {
		if k := &c.keys[i]; k.Value == id.value && k.Kind == id.kind && k.Role == id.role {
			return i
		}
	}
	return -1
}
