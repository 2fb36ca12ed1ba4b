package geo

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
)

// mmdbFile writes a MaxMind database for tests: 24-bit records, a tree for
// IPv6 with IPv4 under ::/96, or for IPv4 alone (formats.md H.2).
type mmdbFile struct {
	ipVersion int
	dbType    string
	built     uint64
	networks  map[string]any // prefix to record
	meta      map[string]any // replaces metadata fields
}

type mmdbNode struct {
	child [2]*mmdbNode
	data  int // offset in the data section, -1 for none
}

func (m mmdbFile) bytes() []byte {
	newNode := func() *mmdbNode { return &mmdbNode{data: -1} }
	root := newNode()
	var data []byte
	var prefixes []string
	for p := range m.networks {
		prefixes = append(prefixes, p)
	}
	slices.Sort(prefixes)
	for _, text := range prefixes {
		p := netip.MustParsePrefix(text)
		bits, raw := p.Bits(), p.Addr().AsSlice()
		if p.Addr().Is4() && m.ipVersion == 6 {
			raw, bits = append(make([]byte, 12), raw...), bits+96
		}
		n := root
		for i := range bits {
			b := raw[i/8] >> (7 - i%8) & 1
			if n.child[b] == nil {
				n.child[b] = newNode()
			}
			n = n.child[b]
		}
		n.data = len(data)
		data = mmdbValue(data, m.networks[text])
	}
	var nodes []*mmdbNode
	index := map[*mmdbNode]int{}
	var walk func(n *mmdbNode)
	walk = func(n *mmdbNode) {
		index[n] = len(nodes)
		nodes = append(nodes, n)
		for _, c := range n.child {
			if c != nil && c.data < 0 {
				walk(c)
			}
		}
	}
	walk(root)
	var out []byte
	for _, n := range nodes {
		for _, c := range n.child {
			v := len(nodes) // nothing there
			switch {
			case c == nil:
			case c.data >= 0:
				v = len(nodes) + 16 + c.data
			default:
				v = index[c]
			}
			out = append(out, byte(v>>16), byte(v>>8), byte(v))
		}
	}
	out = append(out, make([]byte, 16)...)
	out = append(out, data...)
	out = append(out, "\xab\xcd\xefMaxMind.com"...)
	meta := map[string]any{
		"binary_format_major_version": uint16(2), "binary_format_minor_version": uint16(0), "build_epoch": m.built, "database_type": m.dbType,
		"description": map[string]any{"en": "made by a test"}, "ip_version": uint16(m.ipVersion), "languages": []any{"en"},
		"node_count": uint32(len(nodes)), "record_size": uint16(24),
	}
	for k, v := range m.meta {
		meta[k] = v
	}
	return mmdbValue(out, meta)
}

// mmdbValue encodes as the format's data section does: three bits of type and five of size.
func mmdbValue(b []byte, v any) []byte {
	number := func(kind int, v uint64) []byte {
		var be [8]byte
		binary.BigEndian.PutUint64(be[:], v)
		digits := be[:]
		for len(digits) > 0 && digits[0] == 0 {
			digits = digits[1:]
		}
		return append(mmdbControl(b, kind, len(digits)), digits...)
	}
	switch v := v.(type) {
	case string:
		return append(mmdbControl(b, 2, len(v)), v...)
	case uint16:
		return number(5, uint64(v))
	case uint32:
		return number(6, uint64(v))
	case uint64:
		return number(9, v)
	case bool:
		n := 0
		if v {
			n = 1
		}
		return mmdbControl(b, 14, n)
	case []any:
		b = mmdbControl(b, 11, len(v))
		for _, e := range v {
			b = mmdbValue(b, e)
		}
		return b
	case map[string]any:
		b = mmdbControl(b, 7, len(v))
		var keys []string
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			b = mmdbValue(mmdbValue(b, k), v[k])
		}
		return b
	}
	panic(fmt.Sprintf("no encoding for %T", v))
}

func mmdbControl(b []byte, kind, size int) []byte {
	var more []byte
	if size >= 29 {
		more, size = []byte{byte(size - 29)}, 29 // up to 284, which is enough here
	}
	if kind > 7 {
		b = append(b, byte(size), byte(kind-7))
	} else {
		b = append(b, byte(kind<<5|size))
	}
	return append(b, more...)
}

// country is a record of a country database.
func country(located, registered, represented string) map[string]any {
	r := map[string]any{}
	if located != "" {
		r["country"] = map[string]any{"iso_code": located, "is_in_european_union": true, "geoname_id": uint32(7)}
	}
	if registered != "" {
		r["registered_country"] = map[string]any{"iso_code": registered}
	}
	if represented != "" {
		r["represented_country"] = map[string]any{"iso_code": represented, "type": "military"}
	}
	return r
}
