package assess

import "strings"

// sameEverywhere are device ids that every device of some kind gives when it
// does not tell its own: they tie strangers together.
var sameEverywhere = map[string]bool{
	"020000000000":     true, // MAC address that iOS since 7 and Android since 6 tell to programs
	"9774d56d682e549c": true, // ANDROID_ID of a whole batch of devices of 2010
	"00499901064000":   true, // IMEI of emulators and of reflashed telephones
}

// deviceKey is "type/id", or "" for an id that says nothing. The type is part
// of the key because a number means another thing in another type.
func deviceKey(kind, id string) string {
	kind, id = fold(kind), strings.TrimSpace(id)
	if kind == "" || id == "" || len(id) > 256 {
		return ""
	}
	switch {
	case strings.HasPrefix(kind, "imei"):
		// The first 14 digits name the device. The 15th checks them, and the
		// two at the end of an IMEISV are the version of its software (3GPP TS 23.003, 6.2).
		d := keepDigits(id)
		if len(d) < 14 || len(d) > 16 {
			return ""
		}
		kind, id = "imei", d[:14]
	case kind == "iccid":
		id = strings.ToLower(compactHex(id)) // digits, sometimes with a filler F at the end
		id = strings.TrimRight(id, "f")
	case kind == "ssid":
		// A name that its owner chose, in which case counts.
	default:
		if h := compactHex(id); h != "" {
			id = strings.ToLower(h) // MAC, BSSID, IDFA, GAID, UUIDs in any dress
		}
	}
	if sameEverywhere[id] || oneDigit(id) {
		return ""
	}
	return kind + "/" + id
}

// oneDigit says whether the id is a single character again and again, such as
// the advertising id of a person who opted out, or a broadcast address.
func oneDigit(id string) bool {
	return strings.Trim(id, id[:1]) == ""
}

// compactHex is the id without separators if the rest is hexadecimal, and "" otherwise.
func compactHex(id string) string {
	b := make([]byte, 0, len(id))
	for i := range len(id) {
		switch c := id[i]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
			b = append(b, c)
		case c == '-', c == ':', c == '.', c == ' ', c == '{', c == '}':
		default:
			return ""
		}
	}
	return string(b)
}

func keepDigits(s string) string {
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		if c := s[i]; c >= '0' && c <= '9' {
			b = append(b, c)
		}
	}
	return string(b)
}
