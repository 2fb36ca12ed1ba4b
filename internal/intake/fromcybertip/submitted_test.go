package fromcybertip

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lapwing/cybertip"
	"lapwing/internal/referral"
)

const material = "Child Pornography (possession, manufacture, and distribution)"

// xmlReport is a valid report of the incident type with more elements.
func xmlReport(incidentType, inSummary, more string) string {
	return "<report><incidentSummary><incidentType>" + incidentType + "</incidentType>" + inSummary +
		"<incidentDateTime>2026-01-17T10:00:00Z</incidentDateTime></incidentSummary>" + more + "</report>"
}

// one reads a document that holds one report.
func one(t testing.TB, doc string) *referral.Draft {
	t.Helper()
	d, fs := ReadXML([]byte(doc))
	if d == nil || len(d.Drafts) != 1 {
		t.Fatalf("ReadXML(%s): not one draft, findings %v", doc, fs)
	}
	d.Join(d.Drafts[0])
	return d.Drafts[0]
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, doc string
		want      referral.Kind
	}{
		{"trafficking", xmlReport("Child Sex Trafficking", "", ""), referral.Trafficking},
		{"travel", xmlReport("Child Sex Tourism", "", ""), referral.Travel},
		{"contact", xmlReport("Child Sexual Molestation", "", ""), referral.AbuseContact},
		{"misleading domain", xmlReport("Misleading Domain Name", "", ""), referral.IndexMisleading},
		{"misleading words", xmlReport("Misleading Words or Digital Images on the Internet", "", ""), referral.IndexMisleading},
		{"enticement", xmlReport("Online Enticement of Children for Sexual Acts", "", ""), referral.SolicitGrooming},
		{"unsolicited", xmlReport("Unsolicited Obscene Material Sent to a Child", "", ""), referral.ExposureObscene},
		{"case", xmlReport("child sex trafficking", "", ""), referral.Trafficking},
		{"new", xmlReport("Something New", "", ""), referral.KindUnknown},
		{"material", xmlReport(material, "", ""), referral.CSAMPossession},
		{"material, login", xmlReport(material, "", "<personOrUserReported><ipCaptureEvent><ipAddress>192.0.2.1</ipAddress><eventName>Login</eventName></ipCaptureEvent></personOrUserReported>"), referral.CSAMPossession},
		{"material, upload", xmlReport(material, "", "<personOrUserReported><ipCaptureEvent><ipAddress>192.0.2.1</ipAddress><eventName>Upload</eventName></ipCaptureEvent></personOrUserReported>"), referral.CSAMDistribution},
		{"material, upload by a device", xmlReport(material, "", "<personOrUserReported><deviceId><idType>IMEI</idType><idValue>1</idValue><eventName>Upload</eventName></deviceId></personOrUserReported>"), referral.CSAMDistribution},
		{"material, the child's upload", xmlReport(material, "", "<victim><victimPerson/><ipCaptureEvent><ipAddress>192.0.2.1</ipAddress><eventName>Upload</eventName></ipCaptureEvent></victim>"), referral.CSAMPossession},
		{"material, recipient", xmlReport(material, "", "<intendedRecipient/>"), referral.CSAMDistribution},
		{"material, peers", xmlReport(material, "", "<internetDetails><peer2peerIncident/></internetDetails>"), referral.CSAMDistribution},
		{"material, page", xmlReport(material, "", "<internetDetails><webPageIncident/></internetDetails>"), referral.CSAMPossession},
		{"material, batched", xmlReport(material, "", `<batchedReport reason="VIRAL_POTENTIAL_MEME"/>`), referral.CSAMDistribution},
		{"material, viral file", "<x>" + xmlReport(material, "", "") + "<fileDetails><fileId>1</fileId><fileAnnotations><viral/></fileAnnotations></fileDetails></x>", referral.CSAMDistribution},
		{"material, public file", "<x>" + xmlReport(material, "", "") + "<fileDetails><fileId>1</fileId><publiclyAvailable>true</publiclyAvailable></fileDetails></x>", referral.CSAMDistribution},
		{"material, file not public", "<x>" + xmlReport(material, "", "") + "<fileDetails><fileId>1</fileId><publiclyAvailable>false</publiclyAvailable></fileDetails></x>", referral.CSAMPossession},
		{"material, uploaded file", "<x>" + xmlReport(material, "", "") + "<fileDetails><fileId>1</fileId><ipCaptureEvent><ipAddress>192.0.2.1</ipAddress><eventName>Upload</eventName></ipCaptureEvent></fileDetails></x>", referral.CSAMDistribution},
	} {
		d := one(t, tt.doc)
		if len(d.Incidents) != 1 || d.Incidents[0].Kind != tt.want {
			t.Errorf("%s: incidents %v, want kind %s", tt.name, d.Incidents, tt.want)
		}
	}
	for _, wire := range cybertip.IncidentTypes {
		if k := kindOf(string(wire)); k == referral.KindUnknown || !k.Valid() {
			t.Errorf("kindOf(%q) = %q: every type of the schema has a kind", wire, k)
		}
	}
}

func TestProvider(t *testing.T) {
	t.Parallel()
	const reporter = `<reporter><reportingPerson><email>no domain</email><email>tips@Person.example</email></reportingPerson>` +
		`<contactPerson><email>legal@contact.example</email></contactPerson><legalURL>https://Legal.example/x</legalURL></reporter>`
	const account = "<personOrUserReported><espService>Calls</espService><espIdentifier>u</espIdentifier></personOrUserReported>"
	const elsewhere = "<personOrUserReported><espService>Other</espService><espIdentifier>v</espIdentifier><thirdPartyUserReported>true</thirdPartyUserReported></personOrUserReported>"
	for _, tt := range []struct {
		name, doc string
		want      referral.Provider
		scopes    string // of accounts, in order
	}{
		{"platform", xmlReport(material, "<platform>Big</platform>", reporter+account), referral.Provider{Name: "Big", Service: "Calls"}, "Calls"},
		{"platform and service are one", xmlReport(material, "<platform>calls</platform>", account), referral.Provider{Name: "calls"}, "Calls"},
		{"service", xmlReport(material, "", reporter+elsewhere+account), referral.Provider{Name: "Calls"}, "Other Calls"},
		{"mail of the reporting person", xmlReport(material, "", reporter+elsewhere), referral.Provider{Name: "person.example"}, "Other"},
		{"mail of the contact", xmlReport(material, "", "<reporter><reportingPerson/><contactPerson><email>legal@contact.example</email></contactPerson></reporter>"), referral.Provider{Name: "contact.example"}, ""},
		{"legal address", xmlReport(material, "", "<reporter><reportingPerson/><legalURL>https://Legal.example:443/x</legalURL></reporter>"), referral.Provider{Name: "legal.example"}, ""},
		{"nothing", xmlReport(material, "", "<reporter><reportingPerson/></reporter>"), referral.Provider{}, ""},
		{"scope is the provider", xmlReport(material, "<platform>Big</platform>", "<personOrUserReported><espIdentifier>u</espIdentifier><screenName>s</screenName></personOrUserReported>"), referral.Provider{Name: "Big"}, "Big Big"},
		{"account elsewhere has no scope", xmlReport(material, "<platform>Big</platform>", "<personOrUserReported><espIdentifier>u</espIdentifier><thirdPartyUserReported>true</thirdPartyUserReported></personOrUserReported>"), referral.Provider{Name: "Big"}, "?"},
	} {
		d := one(t, tt.doc)
		var scopes []string
		for _, p := range d.Parties {
			for _, id := range p.Identifiers {
				if id.Kind == referral.IDAccount || id.Kind == referral.IDScreen {
					if id.Scope == "" {
						id.Scope = "?"
					}
					scopes = append(scopes, id.Scope)
				}
			}
		}
		if got := strings.Join(scopes, " "); d.Provider != tt.want || got != tt.scopes {
			t.Errorf("%s: provider %+v, scopes %q, want %+v, %q", tt.name, d.Provider, got, tt.want, tt.scopes)
		}
	}
}

func TestPartyStatements(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		inside                                 string
		disabled, notified, compromised, third referral.Tri
	}{
		{"", 0, 0, 0, 0},
		{"<accountTemporarilyDisabled>true</accountTemporarilyDisabled>", 1, 0, 0, 0},
		{"<accountTemporarilyDisabled>false</accountTemporarilyDisabled>", -1, 0, 0, 0},
		{"<accountTemporarilyDisabled>false</accountTemporarilyDisabled><accountPermanentlyDisabled>true</accountPermanentlyDisabled>", 1, 0, 0, 0},
		{`<accountTemporarilyDisabled userNotified="true">false</accountTemporarilyDisabled><accountPermanentlyDisabled userNotified="false">true</accountPermanentlyDisabled>`, 1, 1, 0, 0},
		{`<accountPermanentlyDisabled userNotified="false">maybe</accountPermanentlyDisabled>`, 0, -1, 0, 0},
		{"<compromisedAccount>true</compromisedAccount><thirdPartyUserReported>false</thirdPartyUserReported>", 0, 0, 1, -1},
		{"<compromisedAccount>0</compromisedAccount><thirdPartyUserReported>1</thirdPartyUserReported>", 0, 0, -1, 1},
	} {
		p := one(t, xmlReport(material, "", "<personOrUserReported>"+tt.inside+"</personOrUserReported>")).Parties[0]
		got := []referral.Tri{p.Disabled, p.Notified, p.Compromised, p.ThirdParty}
		if diff := cmp.Diff([]referral.Tri{tt.disabled, tt.notified, tt.compromised, tt.third}, got); diff != "" {
			t.Errorf("%s: disabled, notified, compromised, third party (-want +got):\n%s", tt.inside, diff)
		}
	}
}

func TestLaw(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		doc  string
		want []referral.Law
	}{
		{"", nil},
		{"<lawEnforcement><reportedToLe>true</reportedToLe></lawEnforcement>", nil}, // it names nobody; the leaf is kept
		{"<lawEnforcement><agencyName>A</agencyName></lawEnforcement>", []referral.Law{{Agency: "A"}}},
		{"<lawEnforcement><agencyName>A</agencyName><servedLegalProcessDomestic>false</servedLegalProcessDomestic></lawEnforcement>", []referral.Law{{Agency: "A", Served: referral.False}}},
		{`<lawEnforcement><servedLegalProcessDomestic>false</servedLegalProcessDomestic><servedLegalProcessInternational fleaCountry="nl">true</servedLegalProcessInternational></lawEnforcement>`,
			[]referral.Law{{Country: "NL", Served: referral.True}}},
		{`<lawEnforcement fleaCountry="DE"><servedLegalProcessInternational fleaCountry="NL">1</servedLegalProcessInternational></lawEnforcement>`, []referral.Law{{Country: "NL", Served: referral.True}}},
		{`<lawEnforcement fleaCountry="DE"/>`, []referral.Law{{Country: "DE"}}},
	} {
		if diff := cmp.Diff(tt.want, one(t, xmlReport(material, "", tt.doc)).Law); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.doc, diff)
		}
	}
}

func TestEscalation(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "",
		"<escalateToHighPriority>Synthetic</escalateToHighPriority>": "Synthetic",
		"<escalateToHighPriority/>":                                  "(no reason given)",
	} {
		if got := one(t, xmlReport(material, in, "")).Escalation; got != want {
			t.Errorf("%s: escalation %q, want %q", in, got, want)
		}
	}
}

func TestRefusedXML(t *testing.T) {
	t.Parallel()
	const when = "<incidentDateTime>2026-01-17T10:00:00Z</incidentDateTime>"
	for _, tt := range []struct {
		name, doc string
		want      []string // "path: part of the text" of the findings that refuse
	}{
		{"nothing", "", []string{": "}},
		{"not XML", "reportId,17", []string{": "}},
		{"not well-formed", "<report><incidentSummary></report>", []string{": "}},
		{"DTD", `<!DOCTYPE report [<!ENTITY a "b">]><report/>`, []string{": "}},
		{"another document", "<html><body/></html>", []string{": holds no report"}},
		{"empty report", "<report/>", []string{"incidentSummary/incidentType: what it is about", "incidentSummary/incidentDateTime: when it happened"}},
		{"no type", "<report><incidentSummary>" + when + "</incidentSummary></report>", []string{"incidentSummary/incidentType: what it is about"}},
		{"empty type", "<report><incidentSummary><incidentType> </incidentType>" + when + "</incidentSummary></report>", []string{"incidentSummary/incidentType: what it is about"}},
		{"no time", "<report><incidentSummary><incidentType>x</incidentType></incidentSummary></report>", []string{"incidentSummary/incidentDateTime: when it happened"}},
		{"unreadable time", "<report><incidentSummary><incidentType>x</incidentType><incidentDateTime>17/01/26</incidentDateTime></incidentSummary></report>", []string{"incidentSummary/incidentDateTime: cannot be read"}},
		{"time out of range", "<report><incidentSummary><incidentType>x</incidentType><incidentDateTime>9999-12-31T23:59:59-01:00</incidentDateTime></incidentSummary></report>", []string{"incidentSummary/incidentDateTime: cannot be read"}},
		{"companion beside it", "<x><report/><fileDetails><reportId>17</reportId><fileId>1</fileId></fileDetails></x>", []string{"incidentSummary/incidentType: ", "incidentSummary/incidentDateTime: "}},
	} {
		d, fs := ReadXML([]byte(tt.doc))
		var got []referral.Finding
		for _, f := range fs {
			if f.Severity == referral.Refuse {
				got = append(got, f)
			}
		}
		ok := d == nil && len(got) == len(tt.want)
		for i := range got {
			path, text, _ := strings.Cut(tt.want[min(i, len(tt.want)-1)], ": ")
			ok = ok && got[i].Path == path && strings.Contains(got[i].Text, text)
			if strings.Contains(got[i].Text, "cybertip") {
				t.Errorf("%s: the finding names a package: %s", tt.name, got[i].Text)
			}
		}
		if !ok {
			t.Errorf("%s: document %v, findings %v, want %v", tt.name, d, fs, tt.want)
		}
	}
}

// TestPathsInAnyOrder reads a report whose fields stand in another
// order than the values are read in: paths must still be right.
func TestPathsInAnyOrder(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 200 {
		fmt.Fprintf(&b, "<deviceId><idValue>d%d</idValue><idType>IMEI</idType></deviceId><profileUrl>u%d</profileUrl>", i, i)
	}
	d := one(t, xmlReport(material, "", "<personOrUserReported>"+b.String()+"<espIdentifier>e</espIdentifier></personOrUserReported>"))
	at := map[string]string{}
	for _, f := range d.Fields {
		at[f.Path] = f.Value
	}
	if n := len(d.Parties[0].Identifiers); n != 401 {
		t.Fatalf("%d identifiers, want 401", n)
	}
	for _, id := range d.Parties[0].Identifiers {
		if at[id.Path] != id.Value {
			t.Errorf("identifier %q has the path %s, where %q stands", id.Value, id.Path, at[id.Path])
		}
	}
}
