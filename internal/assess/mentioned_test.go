package assess

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lapwing/internal/referral"
)

func mentionsOf(text string) (got []string) {
	for _, k := range Identify(&referral.Draft{Texts: []referral.Text{{Path: "t", Value: text}}}) {
		got = append(got, k.Kind+" "+k.Value)
	}
	return got
}

func TestMentioned(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"":                           nil,
		"plain words":                nil,
		"Write to User@Example.org.": {"email user@example.org"},
		"(user@example.org), <other@example.net>;":              {"email user@example.org", "email other@example.net"},
		"mail:user@example.org":                                 {"email user@example.org"},
		"a@b":                                                   nil,
		"@someone and user@":                                    nil,
		"see https://Example.org/a_b?c=d. Then":                 {"url https://example.org/a_b?c=d"},
		"(https://example.org/x)":                               {"url https://example.org/x"},
		"https://example.org/@user@social.example":              {"url https://example.org/@user@social.example"},
		"javascript://example.org/x file://example.org/x":       nil,
		"http://localhost/x http://10.0.0.1/":                   nil,
		"from 192.0.2.7, port 5":                                {"ip 192.0.2.7"},
		"ip=192.0.2.7:443;":                                     {"ip 192.0.2.7"},
		"IP:192.0.2.7":                                          {"ip 192.0.2.7"},
		"[2001:db8::7]:443 and 2001:DB8::8.":                    {"ip 2001:db8::7", "ip 2001:db8::8"},
		"at 10:00:00 on aa:bb:cc:dd:ee:ff, v10.0.0.1 127.0.0.1": nil,
		"aa:bb:cc:dd:ee:ff:00:11":                               nil,
		"1.2.3.4.5":                                             nil,
		"call +352 621 000 000 now":                             {"phone +352621000000"},
		"call +352 621 000 000 12 times":                        {"phone +352621000000"},
		"tel:+33612345678":                                      {"phone +33612345678"},
		"+44 (0)20 7946 0000":                                   {"phone +442079460000"},
		"+1 or +12 34":                                          nil,
		"+999999999999":                                         nil,
		"0612345678":                                            nil,
		"user@example.org user@example.org USER@example.org":    {"email user@example.org"},
	} {
		if diff := cmp.Diff(want, mentionsOf(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestMentionedIsBounded(t *testing.T) {
	t.Parallel()
	var d referral.Draft
	for i := range 40 {
		var b strings.Builder
		for j := range 3000 {
			fmt.Fprintf(&b, "u%d-%d@example.org ", i, j)
		}
		d.Texts = append(d.Texts, referral.Text{Value: b.String()})
	}
	if n := len(Identify(&d)); n != maxPerDraft {
		t.Errorf("%d identifiers from texts, want the limit of %d", n, maxPerDraft)
	}
	if n := len(mentionsOf(d.Texts[0].Value)); n != maxPerText {
		t.Errorf("%d identifiers from one text, want the limit of %d", n, maxPerText)
	}
	for name, text := range map[string]string{
		"pluses": strings.Repeat("+1 2 3 4 5 6 7 8 9 ", 50000), "ats": strings.Repeat("@", 1<<20), "dots": strings.Repeat("1.", 1<<19),
		"colons": strings.Repeat(":", 1<<20), "schemes": strings.Repeat("http://", 1<<17), "word": strings.Repeat("a@b.", 1<<18),
		"mails": strings.Repeat("a@b.c ", 1<<18), "numbers": strings.Repeat("+99912345678 ", 1<<17),
	} {
		start := time.Now()
		mentionsOf(text)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s: %d bytes took %v", name, len(text), took)
		}
	}
}

func FuzzMentioned(f *testing.F) {
	for _, s := range []string{"user@example.org", "https://example.org/x#y", "+352 621 000 000", "ip=192.0.2.7:443", "[2001:db8::7]:443", "a@b@c +1(0)2 ://@"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := Identify(&referral.Draft{Texts: []referral.Text{{Value: text}}})
		for _, k := range once {
			if k.Value == "" || !k.Mentioned || k.Role != "" {
				t.Fatalf("%q gave %+v", text, k)
			}
			// A key is in its final form: stated like that, it gives itself.
			p := referral.Party{Role: referral.RoleReported, Identifiers: []referral.Identifier{{Kind: referral.IdentifierKind(k.Kind), Value: k.Value}}}
			again := Identify(&referral.Draft{Parties: []referral.Party{p}})
			if len(again) != 1 || again[0].Value != k.Value {
				t.Fatalf("%q gave %q, which itself gives %+v", text, k.Value, again)
			}
		}
	})
}

// FuzzIdentify takes rubbish for every kind of identifier.
func FuzzIdentify(f *testing.F) {
	f.Add("user@bücher.example", "+33", "IMEI", 0)
	f.Add("+44 (0)20 7946 0000", "", "Example", 443)
	f.Add("https://[::1]:80/x", "+999", "é", -1)
	kinds := []referral.IdentifierKind{"email", "phone", "account", "screen", "ip", "device", "url", "payment"}
	f.Fuzz(func(t *testing.T, value, calling, scope string, port int) {
		var ids []referral.Identifier
		for _, k := range kinds {
			ids = append(ids, referral.Identifier{Kind: k, Value: value, Calling: calling, Scope: scope, Port: port})
		}
		d := referral.Draft{Parties: []referral.Party{{Role: referral.RoleReported, Service: scope, Identifiers: ids, Addresses: []referral.Address{{Country: value}}}}}
		keys := Identify(&d)
		for _, k := range keys {
			if k.Value == "" {
				t.Fatalf("an empty key of kind %s", k.Kind)
			}
			if k.Kind == "phone" && (k.Value[0] != '+' || len(k.Value) > 18) {
				t.Fatalf("phone key %q of %q", k.Value, value)
			}
		}
		Assess(&d, keys, Facts{})
	})
}
