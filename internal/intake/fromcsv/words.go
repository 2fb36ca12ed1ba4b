package fromcsv

import "strings"

// translate is what a word of the source means in the words of package
// fromhotline: by the Words of the options, or by those of the field in
// German, French, Spanish and Dutch; else the word itself.
func (r *reader) translate(s string) string {
	s = strings.TrimSpace(s)
	if ours, ok := r.o.Words[s]; ok {
		return ours
	}
	least, found := "", ""
	for theirs, ours := range r.o.Words {
		// The least of the words that fit, since a map has no order.
		if strings.EqualFold(strings.TrimSpace(theirs), s) && (found == "" || theirs < least) {
			least, found = theirs, ours
		}
	}
	if found != "" {
		return found
	}
	if len(s) <= 64 {
		if ours, ok := words[fold(s)]; ok {
			return ours
		}
	}
	return strings.ToLower(s)
}

// words are translations of the fixed answers; none of them judges anything.
// "illegal" alone is missing on purpose: in whose law?
var words = map[string]string{
	"ja": "yes", "j": "yes", "oui": "yes", "si": "yes", "wahr": "yes", "vrai": "yes", "verdadero": "yes", "waar": "yes", "x": "yes", "y": "yes",
	"nein": "no", "n": "no", "non": "no", "nee": "no", "falsch": "no", "faux": "no", "falso": "no", "onwaar": "no",
	"unbekannt": "unknown", "inconnu": "unknown", "inconnue": "unknown", "desconocido": "unknown", "desconocida": "unknown", "onbekend": "unknown",

	"nationalillegal": "nationally illegal", "illegalnational": "nationally illegal", "nationalstrafbar": "nationally illegal",
	"illegalauniveaunational": "nationally illegal", "illegalnationalement": "nationally illegal", "ilegalanivelnacional": "nationally illegal", "nationaalillegaal": "nationally illegal",
	"notillegal": "not illegal", "nichtillegal": "not illegal", "nichtstrafbar": "not illegal", "nonillegal": "not illegal", "pasillegal": "not illegal",
	"noilegal": "not illegal", "nietillegaal": "not illegal", "nietstrafbaar": "not illegal", "legal": "not illegal", "legaal": "not illegal",

	"neu": "new", "nouveau": "new", "nuevo": "new", "nieuw": "new", "offen": "new", "open": "new",
	"bewertet": "assessed", "geprueft": "assessed", "gepruft": "assessed", "evalue": "assessed", "evaluado": "assessed", "beoordeeld": "assessed",
	"weitergeleitet": "forwarded", "transmis": "forwarded", "enviado": "forwarded", "doorgestuurd": "forwarded",
	"geschlossen": "closed", "abgeschlossen": "closed", "clos": "closed", "cerrado": "closed", "gesloten": "closed",
	"zuruckgezogen": "retracted", "zurueckgezogen": "retracted", "retire": "retracted", "retirado": "retracted", "ingetrokken": "retracted", "withdrawn": "retracted",

	"kind": "child", "enfant": "child", "menor": "child", "nino": "child",
	"eltern": "parent", "elternteil": "parent", "parents": "parent", "padres": "parent", "padre": "parent", "madre": "parent", "ouder": "parent", "ouders": "parent",
	"zeuge": "witness", "zeugin": "witness", "temoin": "witness", "testigo": "witness", "getuige": "witness",
	"fachkraft": "professional", "professionnel": "professional", "professionnelle": "professional", "profesional": "professional", "vakman": "professional",

	"freiwillig": "voluntary", "volontaire": "voluntary", "voluntario": "voluntary", "vrijwillig": "voluntary",
	"erzwungen": "coerced", "contraint": "coerced", "contrainte": "coerced", "coaccionado": "coerced", "gedwongen": "coerced",
}
