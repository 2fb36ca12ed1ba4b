package fromtable

import (
	"strings"
	"sync"

	"lapwing/internal/calendar"
)

// The names of columns in the languages of Europe: first in English, then in
// others. A bar is between two of them; accents, case and anything but letters
// and digits do not count. Words that mean two things in two languages (estado
// is a state and a status) are left out, or stand where offices use them most.
var headingNames = []struct {
	field          Field
	length         calendar.Length
	english, other string
}{
	{Geography, "",
		"country|countries|country code|country name|geo|geography|geographic area|reference area|ref_area|area|region|territory|nation|member state|member states|reporting country|iso|iso2|iso3|iso code|iso a2|iso 3166|location",
		"Land|Länder|Ländercode|Länderkürzel|Länderkennung|Landcode|Staat|Mitgliedstaat|Mitgliedsstaat|Gebiet|pays|code pays|état membre|territoire|país|países|código de país|estado miembro|paese|paesi|nazione|stato membro|país membro|Estado-Membro" +
			"|lidstaat|landnaam|kraj|kraje|państwo|państwo członkowskie|země|členský stát|krajina|členský štát|država|država članica|zemlja|ország|tagállam|țară|țara|țări|stat membru|държава|страна|χώρα|κράτος μέλος" +
			"|landskod|medlemsstat|medlemsland|landekode|maa|jäsenvaltio|maakoodi|riik|liikmesriik|valsts|dalībvalsts|šalis|valstybė|valstybė narė|tír|pajjiż"},
	{Period, "",
		"period|date|time|time period|time_period|reporting period|reference period|reporting date|reference date",
		"Datum|Zeitraum|Zeit|Berichtszeitraum|Stichtag|Periode|période|temps|fecha|período|periodo|tiempo|data|tempo|tijd|okres|data|čas|období|obdobie|dátum|obdobje|razdoblje|időszak|perioada|дата|период|ημερομηνία|περίοδος|χρόνος" +
			"|period|dato|tid|päivämäärä|ajanjakso|aika|kuupäev|periood|datums|periods|laikotarpis|tréimhse|dáta|perjodu"},
	{Period, calendar.Daily,
		"day|reporting day",
		"Tag|Berichtstag|jour|día|giorno|dia|dag|dzień|den|deň|dan|nap|zi|ziua|ден|ημέρα|päivä|päev|diena|jum"},
	{Period, calendar.Weekly,
		"week|week number|iso week|year week|yearweek|week starting|week beginning|week commencing|week ending|week of|epi week|reporting week",
		"Woche|Kalenderwoche|KW|Berichtswoche|Woche ab|Woche bis|semaine|semana|settimana|weeknummer|tydzień|týden|týždeň|teden|tjedan|hét|săptămâna|săptămână|седмица|εβδομάδα|vecka|uge|uke|viikko|nädal|nedēļa|savaitė"},
	{Period, calendar.Monthly,
		"month|reporting month|year month|yearmonth|month of report",
		"Monat|Berichtsmonat|mois|mes|mese|mês|maand|miesiąc|měsíc|mesiac|mesec|mjesec|hónap|luna|lună|месец|μήνας|månad|måned|kuukausi|kuu|mēnesis|mėnuo|mí|xahar"},
	{Period, calendar.Quarterly,
		"quarter|reporting quarter|year quarter",
		"Quartal|Vierteljahr|Berichtsquartal|trimestre|kwartaal|kwartał|čtvrtletí|štvrťrok|četrtletje|tromjesečje|negyedév|trimestrul|тримесечие|τρίμηνο|kvartal|vuosineljännes|neljännesvuosi|kvartaal|ceturksnis|ketvirtis"},
	{Year, "",
		"year|reporting year",
		"Jahr|Berichtsjahr|année|an|año|anno|ano|jaar|rok|leto|godina|év|година|έτος|år|vuosi|aasta|gads|metai|bliain|sena"},
	{Length, "",
		"length|period length|period type|frequency|freq|granularity|time frequency",
		"Häufigkeit|Frequenz|Periodizität|fréquence|périodicité|frecuencia|frequenza|frequência|frequentie|częstotliwość|frekvence|periodicita|frekvencia|pogostost|učestalost|gyakoriság|frecvență|честота|συχνότητα|frekvens|tiheys|sagedus|biežums|dažnis"},
	{Value, "",
		"value|values|count|counts|number|figure|figures|obs_value|obs value|observation|observations|amount|quantity|cases|n",
		"Anzahl|Wert|Werte|Zahl|Fallzahl|Fälle|Menge|nombre|valeur|valeurs|effectif|quantité|nb|nbre|número|valor|valores|cantidad|recuento|numero|valore|valori|conteggio|quantità|quantidade|contagem" +
			"|aantal|waarde|liczba|wartość|ilość|počet|hodnota|število|vrednost|broj|vrijednost|szám|darab|darabszám|érték|număr|numărul|valoare|брой|стойност|αριθμός|τιμή|πλήθος" +
			"|antal|värde|værdi|antall|verdi|määrä|lukumäärä|arvo|arv|väärtus|skaits|vērtība|skaičius|reikšmė|líon|numru"},
	{Status, "",
		"status|flag|flags|obs_flag|obs_status|obs status|observation status|availability|confidentiality|conf_status",
		"Verfügbarkeit|Kennzeichen|statut|disponibilité|estatus|disponibilidad|stato del dato|disponibilità|disponibilidade|beschikbaarheid|dostępność|stav|stanje|állapot|състояние|κατάσταση|tila|olek|statuss|būsena"},
	{Provisional, "",
		"provisional|preliminary|is provisional",
		"vorläufig|provisoire|provisional|provisorio|provvisorio|provisório|voorlopig|wstępne|předběžné|predbežné|začasno|privremeno|előzetes|provizoriu|предварителни|προσωρινά|preliminär|foreløbig|foreløpig|alustava|esialgne|provizorisks|preliminarus"},
	{Source, "",
		"source|data source|data provider|provider|reported by|reporter|organisation|organization|hotline|partner",
		"Quelle|Datenquelle|Meldestelle|fuente|fonte|bron|źródło|zdroj|vir|izvor|forrás|sursa|sursă|източник|πηγή|källa|kilde|lähde|allikas|avots|šaltinis|foinse|sors"},
	{Indicator, "",
		"indicator|indicator id|measure|metric|variable|series",
		"Indikator|Kennzahl|Messgröße|indicateur|indicador|indicatore|wskaźnik|ukazatel|ukazovateľ|kazalnik|pokazatelj|mutató|показател|δείκτης|indikaattori|näitaja|rādītājs|rodiklis|táscaire|indikatur"},
	{Learned, "",
		"learned|learned at|known since|as of", "Kenntnisstand"},
}

// vague are names that count only where they are the whole name of a column:
// inside one they mean something else ("data source"). Those of a value count
// as the first word, too: "number of reports" is a value, "report number" not.
var vague = set("data time temps tempo tid tijd čas aika zeit area region location number número numero nombre número numéro iso geo series reporter partner" +
	" provider den dan nap kuu arv final anno line vir stav stanje olek tila luna")

// headings are the names by their folded form.
var headings = sync.OnceValue(func() map[string]heading {
	m := map[string]heading{}
	for _, english := range []bool{true, false} {
		for _, row := range headingNames {
			names := row.other
			if english {
				names = row.english
			}
			for n := range strings.SplitSeq(names, "|") {
				if f := fold(n); f != "" && m[f].field == "" {
					m[f] = heading{row.field, row.length, 2, english}
				}
			}
		}
	}
	return m
})
