package fromcsv

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseMapping(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Mapping{
		"id=Report No,received=Eingang,url=Adresse":      {"Report No": ID, "Eingang": Received, "Adresse": URL},
		` ID = Nr , "url=Adresse, voll",`:                {"Nr": ID, "Adresse, voll": URL},
		"id=a=b":                                         {"a=b": ID},
		"url=Adresse 1,url=Adresse 2,hash=MD5,note=Text": {"Adresse 1": URL, "Adresse 2": URL, "MD5": Hash, "Text": Note},
		"id=Nr\nreceived=Eingang":                        {"Nr": ID, "Eingang": Received},
	} {
		got, err := ParseMapping(in)
		if err != nil {
			t.Errorf("ParseMapping(%q): %v", in, err)
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("ParseMapping(%q) (-want +got):\n%s", in, diff)
		}
	}
	for in, want := range map[string]string{
		"":                 "empty",
		" , ":              "empty",
		"id":               "has no column",
		"id=":              "has no column",
		"shoe=42":          "not a field; there are hotline, id",
		"id=A,url=a":       `column "a" twice`,
		"id=A,id=B":        "two columns for id",
		`id="A`:            "cannot be read",
		"received=X,url=X": "twice",
	} {
		if _, err := ParseMapping(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseMapping(%q) = %v, want an error with %q", in, err, want)
		}
	}
}

func TestMappingIgnoresCase(t *testing.T) {
	t.Parallel()
	m := Mapping{"Report No": ID, "EINGANG": Received}
	for column, want := range map[string]Field{"Report No": ID, " report no ": ID, "Eingang": Received, "Report": "", "": ""} {
		if got := m.of(column); got != want {
			t.Errorf("field of %q = %q, want %q", column, got, want)
		}
	}
}

func TestGuess(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		header string
		want   Mapping
	}{
		{"Report ID|Date received|URL|Incident type|Classification|Hosting country|MD5|Age band|Notes",
			Mapping{"Report ID": ID, "Date received": Received, "URL": URL, "Incident type": What, "Classification": Classification,
				"Hosting country": HostingCountry, "MD5": MD5, "Age band": AgeBand, "Notes": Note}},
		{"Aktenzeichen|Eingang|Adresse|Art|Einstufung|Land|Prüfsumme|Altersgruppe|Bemerkung",
			Mapping{"Aktenzeichen": ID, "Eingang": Received, "Adresse": URL, "Art": What, "Einstufung": Classification,
				"Land": HostingCountry, "Prüfsumme": Hash, "Altersgruppe": AgeBand, "Bemerkung": Note}},
		{"N° signalement|Reçu le|Lien|Type|Classement|Pays d'hébergement|Empreinte|Tranche d'âge|Remarques",
			Mapping{"N° signalement": ID, "Reçu le": Received, "Lien": URL, "Type": What, "Classement": Classification,
				"Pays d'hébergement": HostingCountry, "Empreinte": Hash, "Tranche d'âge": AgeBand, "Remarques": Note}},
		{"Número de denuncia|Fecha de recepción|Enlace|Tipo|Clasificación|País|Huella|Grupo de edad|Observaciones",
			Mapping{"Número de denuncia": ID, "Fecha de recepción": Received, "Enlace": URL, "Tipo": What, "Clasificación": Classification,
				"País": HostingCountry, "Huella": Hash, "Grupo de edad": AgeBand, "Observaciones": Note}},
		{"Meldingsnummer|Ontvangen op|Webadres|Soort|Beoordeling|Land|Hashwaarde|Leeftijdsgroep|Opmerkingen",
			Mapping{"Meldingsnummer": ID, "Ontvangen op": Received, "Webadres": URL, "Soort": What, "Beoordeling": Classification,
				"Land": HostingCountry, "Hashwaarde": Hash, "Leeftijdsgroep": AgeBand, "Opmerkingen": Note}},
		// A plain name gives way to a clear one, wherever it stands.
		{"Nr|Datum|Land|Meldungsnummer|Eingang|Serverland", Mapping{"Meldungsnummer": ID, "Eingang": Received, "Serverland": HostingCountry}},
		{"URL 1|Link|SHA-1|SHA 256", Mapping{"Link": URL, "SHA-1": SHA1, "SHA 256": SHA256}},
		{"IP|IP-Adresse|User agent|E-Mail||Wetter", Mapping{}},
		{"Server-IP|Hosting IP", Mapping{"Server-IP": HostingIP}},
	} {
		if diff := cmp.Diff(tt.want, Guess(strings.Split(tt.header, "|"))); diff != "" {
			t.Errorf("Guess(%s) (-want +got):\n%s", tt.header, diff)
		}
	}
}

// TestNames: every name of Guess is in its folded form, and means one thing.
func TestNames(t *testing.T) {
	t.Parallel()
	for _, names := range []map[Field]string{plainNames, vagueNames} {
		seen := map[string]Field{}
		for f, list := range names {
			for n := range strings.FieldsSeq(list) {
				if fold(n) != n {
					t.Errorf("the name %q of %s is not folded: %q", n, f, fold(n))
				}
				if other := seen[n]; other != "" && other != f {
					t.Errorf("the name %q means both %s and %s", n, f, other)
				}
				seen[n] = f
			}
		}
	}
	for w := range words {
		if fold(w) != w {
			t.Errorf("the word %q is not folded", w)
		}
	}
	if got := fold("ÁÀâß-Œuvre N° 1 Ñandú"); got != "aaassoeuvren1nandu" {
		t.Errorf("fold = %q", got)
	}
}

func TestParseHeader(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"id,received\n":           "id|received",
		"\ufeffid;received, what": "id|received, what",
		"id\treceived":            "id|received",
		"id|received":             "id|received",
		`"a,b";"c""d"`:            `a,b|c"d`,
		"one":                     "one",
		" id , received ":         "id|received",
		`"a;b;c",d`:               "a;b;c|d",
	} {
		got, comma, err := ParseHeader([]byte(in), 0)
		if err != nil || strings.Join(got, "|") != want {
			t.Errorf("ParseHeader(%q) = %q, %q, %v; want %s", in, got, comma, err, want)
		}
	}
	for _, in := range []string{"", "a,b\nc,d", "17,https://board.example/,x", "17,2020-04-02", "a@mail.example,b", "192.0.2.1,b",
		strings.Repeat("x", 201) + ",b", strings.Repeat(",", 400)} {
		if got, _, err := ParseHeader([]byte(in), 0); err == nil {
			t.Errorf("ParseHeader(%.60q) = %q, want an error", in, got)
		}
	}
}
