package fromtable

import (
	"strings"
	"sync"

	"lapwing/internal/indicator"
)

// A meaning is what a cell says that is not a number, or what a status says of
// a number.
type meaning struct {
	status      indicator.Status
	observed    bool // of a status: there is a value
	provisional bool
	forecast    bool   // not an observation
	zero        bool   // the option marks says: this is a zero
	unsure      string // why another reading is possible, for a choice
}

// markMeanings are the meanings that the option marks can give.
var markMeanings = map[string]meaning{
	"0":                           {zero: true},
	string(indicator.NotReported): {status: indicator.NotReported},
	string(indicator.Unavailable): {status: indicator.Unavailable},
	string(indicator.Suppressed):  {status: indicator.Suppressed},
	"provisional":                 {provisional: true, observed: true},
	"observed":                    {observed: true},
}

const (
	dashUnsure = "some offices write it for none, a zero"
	dotUnsure  = "some offices write it for a figure that is held back"
	starUnsure = "some offices write it for a figure that does not exist"
)

// signs are markers of signs only: in a value's cell, exactly so.
var signs = map[string]meaning{
	"-": {status: indicator.NotReported, unsure: dashUnsure}, "–": {status: indicator.NotReported, unsure: dashUnsure},
	"—": {status: indicator.NotReported, unsure: dashUnsure}, "--": {status: indicator.NotReported, unsure: dashUnsure},
	"---": {status: indicator.NotReported, unsure: dashUnsure}, "−": {status: indicator.NotReported, unsure: dashUnsure},
	".": {status: indicator.NotReported, unsure: dotUnsure},
	":": {status: indicator.NotReported}, "..": {status: indicator.NotReported}, "...": {status: indicator.NotReported},
	"…": {status: indicator.NotReported}, "?": {status: indicator.NotReported}, "/": {status: indicator.NotReported},
	"*": {status: indicator.Suppressed, unsure: starUnsure}, "**": {status: indicator.Suppressed, unsure: starUnsure},
}

// words for each status, of a value's cell and of a column of statuses. A bar
// is between two.
var missingWords = map[indicator.Status]string{
	indicator.NotReported: "not reported|n/a|na|#N/A|#NV|n.a.|null|nan|<NA>|missing|not available|no data|no value|unknown|pending|not received|not yet received|late|not provided|no report|not applicable|x" +
		"|nicht gemeldet|nicht verfügbar|keine Angabe|keine Angaben|k. A.|k.A.|keine Daten|n. v.|fehlt|unbekannt|ausstehend|liegt nicht vor" +
		"|non communiqué|non disponible|n.d.|nd|pas de données|manquant|inconnu|non déclaré|no disponible|sin datos|s/d|no comunicado|desconocido|falta" +
		"|non disponibile|nessun dato|mancante|non comunicato|dati non disponibili|não disponível|sem dados|não comunicado|niet gemeld|niet beschikbaar|geen gegevens|onbekend|ontbreekt|n.b." +
		"|brak danych|b.d.|bd|nie zgłoszono|není k dispozici|neuvedeno|nejsou data|nie sú údaje|ni podatka|nema podataka|nincs adat|nu este disponibil|няма данни|δεν υπάρχουν στοιχεία|uppgift saknas|saknas|ingen data|ikke oplyst|ikke rapporteret|ei tietoa|puuttuu|andmed puuduvad|nav datu|nėra duomenų" +
		"|NotReported|not_reported|m|o|l", // M, O and L of the SDMX code list CL_OBS_STATUS: missing, missing value, exists but was not collected
	indicator.Unavailable: "unavailable|down|offline|outage|site down|source down|was down|dark|unreachable|not reachable|no connection|not working|maintenance|closed" +
		"|Ausfall|ausgefallen|nicht erreichbar|Störung|Wartung|außer Betrieb|abgeschaltet|indisponible|hors ligne|hors service|en panne|panne|injoignable" +
		"|fuera de servicio|caído|sin servicio|inaccesible|fuori servizio|irraggiungibile|inaccessibile|fora de serviço|indisponível|onbereikbaar|storing|buiten werking" +
		"|niedostępny|niedostępne|awaria|nedostupné|nedostupný|výpadek|výpadok|nedostopno|nedostupno|nem elérhető|üzemszünet|indisponibil|недостъпен|недостъпно|μη διαθέσιμο|otillgänglig|avbrott|nere|utilgængelig|nede|ikke tilgængelig|utilgjengelig|ei saatavilla|poissa käytöstä|kättesaamatu|nav pieejams|neprieinama",
	indicator.Suppressed: "suppressed|confidential|withheld|held back|redacted|secret|not published|small number|small numbers|c|(c)|:c|: c|: (c)" +
		"|geheim|geheimgehalten|geheim gehalten|vertraulich|unterdrückt|gesperrt|confidentiel|secret statistique|supprimé|masqué|confidencial|suprimido|secreto estadístico|riservato|soppresso|segreto" +
		"|vertrouwelijk|geheim gegeven|onderdrukt|poufne|tajne|utajnione|důvěrné|dôverné|zaupno|povjerljivo|titkos|bizalmas|confidențial|поверително|εμπιστευτικό|sekretess|sekretessbelagd|fortroligt|fortrolig|luottamuksellinen|salattu|konfidentsiaalne|konfidenciāls|konfidencialu",
}

// words that say of a figure that it is final or provisional. A, P and E are
// of the SDMX code list: normal, provisional, estimated.
const (
	finalWords = "observed|final|ok|normal|available|reported|actual|confirmed|complete|a|r|revised|endgültig|final|verfügbar|gemeldet|bestätigt|vollständig|définitif|definitif|confirmé|communiqué|disponible|definitivo|confirmado|confermato|disponibile|definitief|bevestigd|gemeld" +
		"|ostateczne|konečné|končno|konačno|végleges|definitiv|окончателни|οριστικά|slutlig|endelig|lopullinen|lõplik|galīgs|galutinis|b|d|u|break|definition differs|low reliability"
	provisionalWords = "provisional|preliminary|p|e|estimated|estimate|prov|interim|unconfirmed|incomplete|vorläufig|geschätzt|unvollständig|provisoire|estimé|provisorio|provvisorio|estimado|stimato|provisório|voorlopig|geschat|wstępne|szacunek" +
		"|předběžné|odhad|predbežné|začasno|privremeno|előzetes|becslés|provizoriu|estimat|предварителни|προσωρινά|preliminär|uppskattad|foreløbig|anslået|foreløpig|ennakkotieto|arvio|esialgne|provizorisks|preliminarus"
)

// yesWords and noWords answer whether a figure is provisional.
var (
	yesWords = set("1 true yes y t ja j wahr oui o vrai si sí s verdadero vero sim verdadeiro tak prawda ano áno da igen ναι kyllä jah jā taip x")
	noWords  = set("0 false no n f nein falsch non faux falso não nao nee onwaar nie fałsz ne nem nu не όχι nej falskt nei ei")
)

// lower is a marker without case and blanks around it; its signs count.
func lower(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

var meanings = sync.OnceValue(func() map[string]meaning {
	m := map[string]meaning{}
	add := func(words string, what meaning) {
		for w := range strings.SplitSeq(words, "|") {
			if w = lower(w); m[w] == (meaning{}) {
				m[w] = what
			}
		}
	}
	for _, s := range []indicator.Status{indicator.NotReported, indicator.Unavailable, indicator.Suppressed} {
		add(missingWords[s], meaning{status: s})
	}
	add("none|nil|keine|aucun|ninguno|nessuno|geen", meaning{status: indicator.NotReported, unsure: dashUnsure})
	add(finalWords, meaning{observed: true})
	add(provisionalWords, meaning{observed: true, provisional: true})
	return m
})

// markerOf is what a cell without a number says: ":", "n/a", "<5", ": c".
func markerOf(s string) (m meaning, ok bool) {
	if s == "" {
		return meaning{status: indicator.NotReported}, true
	}
	if len(s) > maxName {
		return meaning{}, false
	}
	if m, ok = signs[s]; ok {
		return m, true
	}
	s = lower(s)
	if m, ok = meanings()[s]; ok {
		return m, m.status != indicator.Observed
	}
	// "<5", "< 10", "≤5", "<=5": counted, and not told.
	if rest, cut := strings.CutPrefix(s, "<"); cut || strings.HasPrefix(s, "≤") {
		if !cut {
			rest = strings.TrimPrefix(s, "≤")
		}
		rest = strings.TrimSpace(strings.TrimPrefix(rest, "="))
		if _, is, _ := number(rest, 0); is == noMark && rest != "" {
			return meaning{status: indicator.Suppressed}, true
		}
	}
	// Eurostat: ":" with flags.
	if rest, cut := strings.CutPrefix(s, ":"); cut {
		f, ok := flags(rest)
		if !ok {
			return meaning{}, false
		}
		m = meaning{status: indicator.NotReported, provisional: f.provisional}
		if f.confidential {
			m.status = indicator.Suppressed
		}
		return m, true
	}
	return meaning{}, false
}

// statusOf is what a cell of a column of statuses says; flags of Eurostat, too.
func statusOf(s string) (m meaning, ok bool) {
	if s == "" {
		return meaning{}, true // nothing: the value speaks
	}
	if len(s) > maxName {
		return meaning{}, false
	}
	if m, ok = signs[s]; ok && s != "*" {
		return m, true
	}
	if m, ok = meanings()[lower(s)]; ok {
		return m, true
	}
	f, ok := flags(s)
	return meaning{observed: true, provisional: f.provisional, forecast: f.forecast}, ok
}

// A flag set is what stands behind a number: "12 p", "12*", "12 (bp)". The
// letters are those of Eurostat.
type flagSet struct {
	provisional, confidential, forecast bool
}

const flagLetters = "bcdefinprsuz"

// flags reads what stands behind a number.
func flags(s string) (f flagSet, ok bool) {
	s = strings.TrimSpace(s)
	if len(s) >= 2 && s[0] == '(' && s[len(s)-1] == ')' {
		s = s[1 : len(s)-1]
	}
	n := 0
	for _, r := range s {
		switch {
		case r == '*', r == 'p', r == 'P', r == 'e', r == 'E':
			f.provisional = true
		case r == 'c', r == 'C':
			f.confidential = true
		case r == 'f', r == 'F':
			f.forecast = true
		case r < 0x80 && strings.ContainsRune(flagLetters, r|0x20):
		case r == ' ', r == ',':
			continue
		default:
			return f, false
		}
		n++
	}
	return f, n > 0 && n <= 4
}
