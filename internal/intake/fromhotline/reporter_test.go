package fromhotline

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// TestReporterMachineIsNotKept puts an address or a browser into every place
// where it would be that of the person who reported.
func TestReporterMachineIsNotKept(t *testing.T) {
	t.Parallel()
	const ip, ip6, agent = "203.0.113.77", "2001:db8::77", "Mozilla/5.0 (Synthetic; rv:77.0)"
	in := func(s string) string {
		return `{"hotline":"example","id":"17","received_at":"2020-04-02T08:15:00Z",` + s + `}`
	}
	told := func(s string) string { return in(`"report":{"what":["material"],` + s + `}`) }
	for _, doc := range []string{
		told(`"reporter":{"ip":"` + ip + `"}`),
		told(`"reporter":{"user_agent":"` + agent + `"}`),
		told(`"reporter":{"role":"witness","IP-Address":"` + ip + `"}`),
		told(`"reporter":{"role":"witness","contact":{"email":"a@mail.example","remoteAddr":"` + ip6 + `"}}`),
		told(`"reporter":{"machine":{"where":"` + ip + `"}}`),
		told(`"reporter":{"seen_from":["` + ip + `:443","[` + ip6 + `]:443"]}`),
		told(`"reporter":{"contact":{"phone":"` + ip + `"}}`),
		told(`"reporter":{"role":"` + ip + `"}`),
		told(`"ip":"` + ip + `"`),
		told(`"headers":{"a":{"b":"x ` + ip + ` x"}}`),
		told(`"client":"` + agent + `"`),
		told(`"reporter":{"ip":{"v4":"` + ip + `","v6":["` + ip6 + `"]}}`),
		told(`"reporter":{"ip":null,"ip":"` + ip + `"}`),
		told(`"reporter":[{"ip":"` + ip + `"}]`),
		in(`"report":{"what":["material"]},"submission":{"from":{"ip":"` + ip + `"}}`),
		in(`"report":{"what":["material"]},"ip":"` + ip + `","UserAgent":"` + agent + `"`),
		in(`"report":{"what":["material"]},"assessment":{"x_forwarded_for":"` + ip + `"}`),
		in(`"report":{"what":["material"]},"priority":"` + ip + `"`),
		in(`"report":{"what":["material"]},"parties":[{"role":"reporter","identifiers":[{"kind":"ip","value":"` + ip + `"}]}]`),
		in(`"report":{"what":["material"]},"parties":[{"ip":"` + ip + `","role":" Reporter "}]`),
		in(`"report":{"what":["material"]},"parties":{"role":"reporter","device":{"kind":"x` + ip + `"}}`),
		in(`"report":{"what":["material"]},"parties":[{"role":"reporter","identifiers":{"kind":"device","value":"x` + ip + `"}}]`),
	} {
		ds, fs := Read([]byte(doc), Options{})
		if len(ds) != 1 {
			t.Errorf("Read(%s) refuses: %+v", doc, fs)
			continue
		}
		n := 0
		for _, f := range fs {
			if strings.Contains(f.Text, "dropped on purpose") {
				n++
			}
		}
		if n == 0 {
			t.Errorf("Read(%s): no finding tells that the value was dropped: %+v", doc, fs)
		}
		clean, ok := Clean([]byte(doc), Options{})
		if !ok || !json.Valid(clean) {
			t.Errorf("Clean(%s) = %s, %v; want JSON", doc, clean, ok)
		}
		draft, err := json.Marshal([]any{ds, fs})
		if err != nil {
			t.Fatal(err)
		}
		for what, kept := range map[string][]byte{"draft": draft, "cleaned document": clean} {
			for _, s := range []string{ip, ip6, "Synthetic"} {
				if bytes.Contains(kept, []byte(s)) {
					t.Errorf("Read(%s): the %s keeps %s: %s", doc, what, s, kept)
				}
			}
		}
	}
}

// TestOtherMachinesAreKept: what a report says of servers and accounts is
// what it is for.
func TestOtherMachinesAreKept(t *testing.T) {
	t.Parallel()
	const ip = "203.0.113.77"
	for _, doc := range []string{
		start + `,"items":[{"hosting":{"ip":"` + ip + `"}}]}`,
		start + `,"parties":[{"role":"reported","identifiers":[{"kind":"ip","value":"` + ip + `"}]}]}`,
		strings.TrimSuffix(start, "}") + `,"where":[{"url":"` + ip + `"}]}}`,
		strings.TrimSuffix(start, "}") + `,"where":[{"identifiers":[{"kind":"ip","value":"` + ip + `"}]}]}}`,
		strings.TrimSuffix(start, "}") + `,"text":"` + ip + `"}}`,
		start + `,"items":[{"ip":"` + ip + `"}]}`,
	} {
		ds, fs := Read([]byte(doc), Options{})
		if len(ds) != 1 {
			t.Errorf("Read(%s) refuses: %+v", doc, fs)
			continue
		}
		draft, err := json.Marshal(ds[0])
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(draft, []byte(ip)) {
			t.Errorf("Read(%s) loses the address: %s", doc, draft)
		}
	}
}

func TestAboutMachine(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"192.0.2.1": true, " 192.0.2.1 ": true, "192.0.2.1:80": true, "2001:db8::1": true, "[2001:db8::1]": true,
		"[2001:db8::1]:80": true, "192.0.2.0/24": true, "::1": true, "fe80::1%eth0": true, "Mozilla/5.0": true, "Mozilla/5.0 " + strings.Repeat("x", 9999): true, "::": true,
		"": false, "a": false, "1.2": false, "10:15": false, "2020-04-02": false, "2020-04-02T08:15:00Z": false,
		"mail@mail.example": false, "https://192.0.2.1/": false, "+353 1 000": false, "deadbeef": false, "HR-17": false,
	} {
		if got := AboutMachine(s); got != want {
			t.Errorf("AboutMachine(%q) = %v, want %v", s, got, want)
		}
	}
}
