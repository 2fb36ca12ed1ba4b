package assess

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lapwing/internal/referral"
)

func TestKeysOfOneIdentifier(t *testing.T) {
	t.Parallel()
	lu := []referral.Address{{Country: "Luxembourg"}}
	for _, c := range []struct {
		name string
		id   referral.Identifier
		p    referral.Party
		want string
	}{
		{"mail case", referral.Identifier{Kind: "email", Value: " User@EXAMPLE.org "}, referral.Party{}, "user@example.org"},
		{"mail keeps dots and tags", referral.Identifier{Kind: "email", Value: "a.b+c@example.org"}, referral.Party{}, "a.b+c@example.org"},
		{"mail with a name", referral.Identifier{Kind: "email", Value: "Test User <u@example.org>"}, referral.Party{}, "u@example.org"},
		{"mail IDNA", referral.Identifier{Kind: "email", Value: "u@Bücher.example"}, referral.Party{}, "u@xn--bcher-kva.example"},
		{"mail IDNA already", referral.Identifier{Kind: "email", Value: "u@XN--BCHER-KVA.example."}, referral.Party{}, "u@xn--bcher-kva.example"},
		{"mail IDNA decomposed", referral.Identifier{Kind: "email", Value: "u@bu\u0308cher.example"}, referral.Party{}, "u@xn--bcher-kva.example"},
		{"mail NFC", referral.Identifier{Kind: "email", Value: "ju\u0308rgen@example.org"}, referral.Party{}, "jürgen@example.org"},
		{"mail full-width", referral.Identifier{Kind: "email", Value: "u@ｅxample。org"}, referral.Party{}, "u@example.org"},
		{"mail without domain", referral.Identifier{Kind: "email", Value: "user@"}, referral.Party{}, ""},
		{"mail at localhost", referral.Identifier{Kind: "email", Value: "user@localhost"}, referral.Party{}, ""},
		{"mail with blank", referral.Identifier{Kind: "email", Value: "us er@example.org"}, referral.Party{}, ""},

		{"phone E.164", referral.Identifier{Kind: "phone", Value: "+352 621 000 000"}, referral.Party{}, "+352621000000"},
		{"phone 00", referral.Identifier{Kind: "phone", Value: "00352-621-000-000"}, referral.Party{}, "+352621000000"},
		{"phone (0)", referral.Identifier{Kind: "phone", Value: "+44 (0)20 7946 0000"}, referral.Party{}, "+442079460000"},
		{"phone calling code", referral.Identifier{Kind: "phone", Value: "06 12 34 56 78", Calling: "+33"}, referral.Party{}, "+33612345678"},
		{"phone calling code twice", referral.Identifier{Kind: "phone", Value: "33612345678", Calling: "+33"}, referral.Party{}, "+33612345678"},
		{"phone Italy keeps its zero", referral.Identifier{Kind: "phone", Value: "06 1234 5678", Calling: "+39"}, referral.Party{}, "+390612345678"},
		{"phone hint", referral.Identifier{Kind: "phone", Value: "621 000 000"}, referral.Party{Addresses: lu}, "+352621000000"},
		{"phone hints disagree", referral.Identifier{Kind: "phone", Value: "621 000 000"}, referral.Party{Addresses: lu, Estimates: []referral.Estimate{{Country: "BE"}}}, ""},
		{"phone hint no country", referral.Identifier{Kind: "phone", Value: "621 000 000"}, referral.Party{Addresses: lu, Estimates: []referral.Estimate{{Country: "A1"}}}, ""},
		{"phone national alone", referral.Identifier{Kind: "phone", Value: "0612345678"}, referral.Party{}, ""},
		{"phone extension", referral.Identifier{Kind: "phone", Value: "+33612345678 ext. 12"}, referral.Party{}, "+33612345678"},
		{"phone Argentina", referral.Identifier{Kind: "phone", Value: "+54 9 11 2345 6789"}, referral.Party{}, "+5491123456789"},
		{"phone rubbish", referral.Identifier{Kind: "phone", Value: "+"}, referral.Party{}, ""},
		{"phone too short", referral.Identifier{Kind: "phone", Value: "+3526"}, referral.Party{}, ""},

		{"account", referral.Identifier{Kind: "account", Value: "User-1", Scope: "Example Platform"}, referral.Party{}, "exampleplatform/User-1"},
		{"account by party", referral.Identifier{Kind: "account", Value: "1234"}, referral.Party{Service: "Example Video"}, "examplesiteexamplevideo/1234"},
		{"account by provider", referral.Identifier{Kind: "account", Value: "1234"}, referral.Party{}, "examplesite/1234"},
		{"account elsewhere", referral.Identifier{Kind: "account", Value: "1234"}, referral.Party{ThirdParty: referral.True}, ""},
		{"account placeholder", referral.Identifier{Kind: "account", Value: "N/A", Scope: "x"}, referral.Party{}, ""},
		{"screen", referral.Identifier{Kind: "screen", Value: "@Some_ONE", Scope: "example-site"}, referral.Party{}, "examplesite/some_one"},
		{"screen unicode", referral.Identifier{Kind: "screen", Value: "STRAẞE", Scope: "ÉX"}, referral.Party{}, "éx/strasse"},

		{"ip", referral.Identifier{Kind: "ip", Value: "192.0.2.10"}, referral.Party{}, "192.0.2.10"},
		{"ip mapped", referral.Identifier{Kind: "ip", Value: "::ffff:192.0.2.10"}, referral.Party{}, "192.0.2.10"},
		{"ip with port", referral.Identifier{Kind: "ip", Value: "192.0.2.10:443", Port: 443}, referral.Party{}, "192.0.2.10"},
		{"ip6", referral.Identifier{Kind: "ip", Value: "2001:DB8:0::1"}, referral.Party{}, "2001:db8::1"},
		{"ip6 brackets", referral.Identifier{Kind: "ip", Value: "[2001:db8::1]:443"}, referral.Party{}, "2001:db8::1"},
		{"ip6 zone", referral.Identifier{Kind: "ip", Value: "2001:db8::1%eth0"}, referral.Party{}, "2001:db8::1"},
		{"ip private", referral.Identifier{Kind: "ip", Value: "10.1.2.3"}, referral.Party{}, ""},
		{"ip private mapped", referral.Identifier{Kind: "ip", Value: "::ffff:10.1.2.3"}, referral.Party{}, ""},
		{"ip loopback", referral.Identifier{Kind: "ip", Value: "::1"}, referral.Party{}, ""},
		{"ip link-local", referral.Identifier{Kind: "ip", Value: "fe80::1"}, referral.Party{}, ""},
		{"ip ULA", referral.Identifier{Kind: "ip", Value: "fd00::1"}, referral.Party{}, ""},
		{"ip CGNAT", referral.Identifier{Kind: "ip", Value: "100.64.1.1"}, referral.Party{}, ""},
		{"ip CGNAT with port", referral.Identifier{Kind: "ip", Value: "100.64.1.1", Port: 4242}, referral.Party{}, "100.64.1.1"},
		{"ip rubbish", referral.Identifier{Kind: "ip", Value: "1.2.3"}, referral.Party{}, ""},

		{"device IMEI", referral.Identifier{Kind: "device", Value: "35-693803-564380-9", Scope: "IMEI"}, referral.Party{}, "imei/35693803564380"},
		{"device IMEISV", referral.Identifier{Kind: "device", Value: "3569380356438012", Scope: "imei"}, referral.Party{}, "imei/35693803564380"},
		{"device zero IMEI", referral.Identifier{Kind: "device", Value: "000000000000000", Scope: "IMEI"}, referral.Party{}, ""},
		{"device MAC", referral.Identifier{Kind: "device", Value: "AA-BB-CC-00-11-22", Scope: "MAC"}, referral.Party{}, "mac/aabbcc001122"},
		{"device MAC of everyone", referral.Identifier{Kind: "device", Value: "02:00:00:00:00:00", Scope: "MAC"}, referral.Party{}, ""},
		{"device IDFA", referral.Identifier{Kind: "device", Value: "{6D92078A-8246-4BA4-AE5B-76104861E7DC}", Scope: "IDFA"}, referral.Party{}, "idfa/6d92078a82464ba4ae5b76104861e7dc"},
		{"device opted out", referral.Identifier{Kind: "device", Value: "00000000-0000-0000-0000-000000000000", Scope: "GAID"}, referral.Party{}, ""},
		{"device network name", referral.Identifier{Kind: "device", Value: "Cafe 12", Scope: "SSID"}, referral.Party{}, "ssid/Cafe 12"},
		{"device without type", referral.Identifier{Kind: "device", Value: "abc"}, referral.Party{}, ""},

		{"url", referral.Identifier{Kind: "url", Value: "HTTPS://Example.ORG:443/A/b?Q=1#top"}, referral.Party{}, "https://example.org/A/b?Q=1"},
		{"url root", referral.Identifier{Kind: "url", Value: "http://example.org"}, referral.Party{}, "http://example.org/"},
		{"url other port", referral.Identifier{Kind: "url", Value: "http://example.org:8080/"}, referral.Party{}, "http://example.org:8080/"},
		{"url without scheme", referral.Identifier{Kind: "url", Value: "platform.example/u/1"}, referral.Party{}, "https://platform.example/u/1"},
		{"url IDNA", referral.Identifier{Kind: "url", Value: "https://bücher.example/ü"}, referral.Party{}, "https://xn--bcher-kva.example/%C3%BC"},
		{"url user dropped", referral.Identifier{Kind: "url", Value: "https://u:p@example.org/x"}, referral.Party{}, "https://example.org/x"},
		{"url ip6", referral.Identifier{Kind: "url", Value: "http://[2001:DB8::1]:80/x"}, referral.Party{}, "http://[2001:db8::1]/x"},
		{"url inside", referral.Identifier{Kind: "url", Value: "http://192.168.1.1/x"}, referral.Party{}, ""},
		{"url word", referral.Identifier{Kind: "url", Value: "nothing"}, referral.Party{}, ""},

		{"payment", referral.Identifier{Kind: "payment", Value: " pay-12 "}, referral.Party{}, "pay-12"},
		{"payment masked", referral.Identifier{Kind: "payment", Value: "**** 1234"}, referral.Party{}, ""},
		{"unknown kind", referral.Identifier{Kind: "other", Value: "x"}, referral.Party{}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.p.Role, c.p.Identifiers = referral.RoleReported, []referral.Identifier{c.id}
			d := referral.Draft{Provider: referral.Provider{Name: "Example Site"}, Parties: []referral.Party{c.p}}
			got := ""
			if ks := Identify(&d); len(ks) > 0 {
				got = ks[0].Value
			}
			if got != c.want {
				t.Errorf("key of %q (scope %q, calling %q) = %q, want %q", c.id.Value, c.id.Scope, c.id.Calling, got, c.want)
			}
		})
	}
}

func TestIdentifyKeepsOneOfEach(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	d := referral.Draft{
		Parties: []referral.Party{
			{Role: referral.RoleReporter, Identifiers: []referral.Identifier{{Kind: "email", Value: "desk@example.org"}}},
			{Role: referral.RoleReported, Identifiers: []referral.Identifier{
				{Kind: "email", Value: "a@example.org", Mentioned: true, Path: "1"},
				{Kind: "email", Value: "A@example.org", Path: "2"},
				{Kind: "ip", Value: "192.0.2.1", Path: "3"},
				{Kind: "ip", Value: "192.0.2.1", At: at, Port: 5, Path: "4"},
			}},
			{Role: referral.RoleVictim, Identifiers: []referral.Identifier{{Kind: "email", Value: "a@example.org", Path: "5"}}},
		},
		Places: []referral.Place{{Kind: referral.PlaceWeb, Identifiers: []referral.Identifier{{Kind: "url", Value: "https://example.org/x", Path: "6"}}}},
		Files:  []referral.File{{Identifiers: []referral.Identifier{{Kind: "ip", Value: "192.0.2.2", Path: "7"}}}},
		Texts:  []referral.Text{{Path: "8", Value: "desk@example.org a@example.org b@example.org https://example.org/x"}, {Path: "9", Value: "b@example.org"}},
	}
	want := []Key{
		{Kind: "email", Value: "a@example.org", Role: referral.RoleReported, Party: 2, Path: "2"},
		{Kind: "ip", Value: "192.0.2.1", Role: referral.RoleReported, Party: 2, Path: "3", Timed: true, Ported: true},
		{Kind: "email", Value: "a@example.org", Role: referral.RoleVictim, Party: 3, Path: "5"},
		{Kind: "url", Value: "https://example.org/x", Path: "6"},
		{Kind: "ip", Value: "192.0.2.2", Role: referral.RoleReported, Party: 2, Path: "7"},
		{Kind: "email", Value: "b@example.org", Mentioned: true, Path: "8"},
	}
	if diff := cmp.Diff(want, Identify(&d)); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

// TestIdentifyManyKeys crosses from walking to the map.
func TestIdentifyManyKeys(t *testing.T) {
	t.Parallel()
	p := referral.Party{Role: referral.RoleReported}
	for i := range 500 {
		v := strings.Repeat("a", i%100+1) + "@example.org"
		p.Identifiers = append(p.Identifiers, referral.Identifier{Kind: "email", Value: v, Mentioned: i < 400})
	}
	ks := Identify(&referral.Draft{Parties: []referral.Party{p}})
	if len(ks) != 100 {
		t.Fatalf("%d keys of 100 different addresses in 500, want 100", len(ks))
	}
	for _, k := range ks {
		if k.Mentioned {
			t.Fatalf("an address that is stated as well stayed mentioned")
		}
	}
}

func TestPunycode(t *testing.T) {
	t.Parallel()
	// Samples of RFC 3492, section 7.1, and names in use.
	for in, want := range map[string]string{
		"ليهمابتكلموشعربي؟":            "egbpdaj6bu4bxfgehfvwxn",
		"他们为什么不说中文":                    "ihqwcrb4cv8a8dqg056pqjye",
		"pročprostěnemluvíčesky":       "proprostnemluvesky-uyb24dma41a",
		"למההםפשוטלאמדבריםעברית":       "4dbcagdahymbxekheh6e0a7fei0b",
		"почемужеонинеговорятпорусски": "b1abfaaepdrnnbgefbadotcwatmq2g4l",
		"bücher": "bcher-kva",
		"faß":    "fa-hia",
	} {
		if got, ok := punycode(in); !ok || got != want {
			t.Errorf("punycode(%s) = %q, want %q", in, got, want)
		}
	}
	if _, ok := punycode(strings.Repeat("ü", 64)); ok {
		t.Error("a label of 64 signs was encoded, want a refusal")
	}
}
