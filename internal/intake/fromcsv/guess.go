package fromcsv

import (
	"slices"
	"strings"
)

// Guess recognises columns by obvious names in English, German, French,
// Spanish and Dutch. Accents, case and anything but letters and digits do not
// count. A field that takes one column gets the first that fits best.
//
// A plain "country" is taken as the country of the server: read as that of a
// person it would point at the wrong people. A plain "IP" is not recognised:
// it may be the address of whoever reported, which is never kept.
func Guess(header []string) Mapping {
	m := Mapping{}
	taken := map[Field]bool{}
	for _, names := range []map[string]Field{plain, vague} {
		for _, column := range header {
			f := names[fold(column)]
			if f == "" || m[column] != "" || taken[f] && !slices.Contains(many, f) {
				continue
			}
			m[column], taken[f] = f, true
		}
	}
	return m
}

var plain, vague = byName(plainNames), byName(vagueNames)

// byName turns a table of names around.
func byName(names map[Field]string) map[string]Field {
	m := map[string]Field{}
	for f, list := range names {
		for n := range strings.FieldsSeq(list) {
			m[n] = f
		}
	}
	return m
}

// plainNames mean one thing.
var plainNames = map[Field]string{
	Hotline: "hotline meldestelle pointdecontact lineadedenuncia meldpunt",
	ID: "id reportid reportno reportnr reportnumber reportref reference referenceno referencenumber ref caseid caseno casenumber ticket ticketid ticketno" +
		" meldungsid meldungsnr meldungsnummer meldungnr fallnr fallnummer aktenzeichen vorgangsnr vorgangsnummer referenz" +
		" numerodesignalement nosignalement nsignalement nodossier ndossier idsignalement numerodedossier dossier" +
		" numerodeinforme numerodedenuncia iddenuncia idinforme referencia expediente" +
		" meldingsnummer meldingid meldingnr zaaknummer kenmerk referentie",
	Updated: "updated updatedat lastupdate lastupdated modified lastmodified aktualisiert geandert geaendert letzteanderung letzteaenderung" +
		" misajour datedemiseajour modifiele actualizado fechadeactualizacion modificado bijgewerkt gewijzigd laatstgewijzigd",
	Status: "status reportstatus etat statut estado",
	Received: "received receivedat receivedon datereceived receiptdate reportdate reportedat reportedon datereported submitted submittedat" +
		" eingang eingangsdatum eingegangen eingegangenam empfangen meldedatum gemeldetam" +
		" recu recule datedereception reception datedesignalement" +
		" recibido recibidoel fechaderecepcion fechadedenuncia fechadeinforme" +
		" ontvangen ontvangenop ontvangstdatum datumontvangst datumontvangen meldingsdatum datummelding",
	Happened: "happened happenedat incidentdate incidenttime eventdate eventtime dateofincident tatzeit tatzeitpunkt ereigniszeit vorfallsdatum" +
		" datedesfaits datedelincident fechadeloshechos fechadelincidente datumincident tijdstipincident",
	What: "what whathappened incidenttype reporttype offencetype offensetype wasistpassiert meldungsart deliktsart vorfallsart" +
		" typedesignalement typedincident naturedesfaits tipodeincidente tipodedenuncia quehapasado soortmelding typemelding",
	Danger: "danger childindanger immediatedanger gefahr kindingefahr enfantendanger peligro menorenpeligro kindingevaar gevaar",
	URL: "url urls link links address webaddress website webseite site webadresse internetadresse adresseweb lien siteweb" +
		" enlace direccionweb sitioweb webadres",
	App: "app platform service plattform dienst plateforme plataforma servicio platform",
	User: "user username useraccount nickname screenname benutzer benutzername nutzername utilisateur nomdutilisateur pseudo pseudonyme" +
		" usuario nombredeusuario gebruiker gebruikersnaam",
	ReporterRole: "reporterrole roleofreporter rolledesmelders roledudeclarant roldeldenunciante rolmelder",
	Text:         "text freetext reporttext originaltext freitext meldungstext texte textelibre texto textolibre tekst vrijetekst",
	Classification: "classification assessment verdict klassifikation klassifizierung einstufung bewertung beurteilung classement evaluationjuridique" +
		" qualification clasificacion calificacion valoracion classificatie beoordeling kwalificatie iccam",
	AgeBand: "age ageband agegroup agerange agecategory alter altersgruppe altersklasse altersband tranchedage groupedage" +
		" edad grupodeedad franjadeedad rangodeedad leeftijd leeftijdsgroep leeftijdscategorie",
	SelfGenerated: "selfgenerated selbsterzeugt selbsterstellt autoproduit autogenere autogenerado autoproducido zelfgemaakt zelfgegenereerd",
	Generated:     "generated aigenerated kigeneriert kierzeugt genereparia generadoporia aigegenereerd",
	Commercial:    "commercial kommerziell commerciale comercial commercieel",
	Author:        "author analyst analystid bearbeiter analyst sachbearbeiter analyste auteur analista autor behandelaar analist",
	Assessed: "assessed assessedat assessedon dateassessed assessmentdate bewertetam bewertungsdatum datedevaluation datedanalyse" +
		" fechadeevaluacion fechadeanalisis beoordeeldop datumbeoordeling",
	HostingCountry: "hostingcountry hostcountry countryofhosting hostedin servercountry hostingland serverland hostland serverstandort standortserver" +
		" paysdhebergement payshebergeur paishosting paisdealojamiento paisdelservidor landvanhosting landhosting",
	HostingIP: "hostingip hostip serverip ipserver iphosting hostingipaddress serveripaddress serveripadresse hostingipadresse ipduserveur" +
		" adresseipduserveur ipdelservidor ipservidor ipadresserver serveripadres hostingipadres",
	HostingProvider: "hostingprovider provider hoster host hostingcompany isp anbieter hostinganbieter hebergeur fournisseur" +
		" proveedor proveedordehosting alojamiento hostingpartij aanbieder",
	ApparentCountry: "apparentcountry countryofcontent herkunftsland paysdorigine paisdeorigen landvanherkomst herkomstland",
	FileName:        "filename file datei dateiname fichier nomdufichier nomdefichier archivo nombredearchivo nombredelarchivo fichero bestand bestandsnaam",
	MD5:             "md5 md5hash hashmd5",
	SHA1:            "sha1 sha1hash hashsha1",
	SHA256:          "sha256 sha256hash hashsha256",
	PDQ:             "pdq pdqhash hashpdq",
	PhotoDNA:        "photodna pdna photodnahash",
	Hash:            "hash hashes hashvalue hashwert hashwerte fingerprint fingerabdruck prufsumme pruefsumme empreinte hachage condensat huella valorhash hashwaarde vingerafdruk",
	Previous: "previous previousreports previousreport relatedreports vorherigemeldungen fruheremeldungen fruheremeldung signalementsprecedents" +
		" informesanteriores denunciasanteriores eerderemeldingen",
	Handling:   "handling handlingcode handlingcodes hcode",
	Evaluation: "evaluation evaluationcode 4x4",
	Note: "note notes comment comments remark remarks notiz notizen bemerkung bemerkungen anmerkung anmerkungen kommentar" +
		" commentaire commentaires remarque remarques nota notas comentario comentarios observaciones opmerking opmerkingen notitie toelichting",
}

// vagueNames mean more than one thing; here is what they count for where no
// plain name says it.
var vagueNames = map[Field]string{
	ID:             "no nr number nummer num numero",
	Received:       "date datetime datum fecha timestamp time zeit zeitpunkt",
	What:           "type typ art kategorie category categorie categoria tipo soort incident vorfall delikt",
	URL:            "address adresse direccion adres",
	HostingCountry: "country land pays pais staat countrycode",
	Text:           "description beschreibung descripcion omschrijving beschrijving",
}

// fold is a name in lower-case letters and digits without accents.
func fold(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == 'ß':
			b.WriteString("ss")
		case r == 'œ':
			b.WriteString("oe")
		case r == 'æ':
			b.WriteString("ae")
		default:
			if i := strings.IndexRune("áàâäãåéèêëíìîïóòôöõúùûüñçý", r); i >= 0 {
				b.WriteByte("aaaaaaeeeeiiiiooooouuuuncy"[len([]rune("áàâäãåéèêëíìîïóòôöõúùûüñçý"[:i]))])
			}
		}
	}
	return b.String()
}
