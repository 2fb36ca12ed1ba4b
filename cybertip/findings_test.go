package cybertip

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// inReport wraps the parts of a valid report around others.
func inReport(more string) string {
	return `<report><incidentSummary><incidentType>Child Sex Trafficking</incidentType>` +
		`<incidentDateTime>2026-01-15T10:00:00Z</incidentDateTime></incidentSummary>` +
		`<reporter><reportingPerson/></reporter>` + more + `</report>`
}

// inSuspect puts parts into the first reported person of a valid report.
func inSuspect(more string) string {
	return inReport("<personOrUserReported>" + more + "</personOrUserReported>")
}

func inFile(more string) string {
	return "<fileDetails><reportId>1</reportId><fileId>a</fileId>" + more + "</fileDetails>"
}

func list(findings []Finding) []string {
	var lines []string
	for _, f := range findings {
		lines = append(lines, fmt.Sprintf("%s: %s %s", f.Severity, f.Path, f.Text))
	}
	return lines
}

func TestFindings(t *testing.T) {
	t.Parallel()
	const p, pp = "personOrUserReported[1]/", "personOrUserReported[1]/personOrUserReportedPerson/"
	tests := []struct {
		name, doc string
		want      []string
	}{
		{"nothing", inReport(""), nil},
		{"empty report", "<report/>", []string{
			"error: incidentSummary is missing", "error: reporter is missing"}},
		{"required", "<report><incidentSummary/><reporter/><victim/><lawEnforcement/></report>", []string{
			"error: incidentSummary/incidentType is missing",
			"error: incidentSummary/incidentDateTime is missing",
			"error: reporter/reportingPerson is missing",
			"error: victim[1]/victimPerson is missing",
			"warning: lawEnforcement comes later than the schema has it",
			"error: lawEnforcement/agencyName is missing"}},
		{"required in captures", inSuspect("<ipCaptureEvent/><deviceId><idType/></deviceId>"), []string{
			"error: " + p + "ipCaptureEvent[1]/ipAddress is missing",
			"warning: " + p + "deviceId[1]/idType is empty",
			"error: " + p + "deviceId[1]/idValue is missing"}},
		{"all at once", strings.Replace(inReport(""), "2026-01-15T10:00:00Z", "soon", 1), []string{
			"error: incidentSummary/incidentDateTime is not a date and time such as 2026-01-15T10:00:00Z"}},
		{"unknown incident type", strings.Replace(inReport(""), "Child Sex Trafficking", "Something New", 1), []string{
			"error: incidentSummary/incidentType is not one of the values that the schema knows"}},
		{"attribute enums", inSuspect(`<personOrUserReportedPerson><phone type="Satellite">1</phone><email type="home">a</email><address type=""/></personOrUserReportedPerson>`), []string{
			"error: " + pp + "phone[1]/@type is not one of the values that the schema knows",
			"error: " + pp + "email[1]/@type is not one of the values that the schema knows",
			"error: " + pp + "address[1]/@type is empty; leave it out where nothing is known"}},
		{"phone", inSuspect(`<personOrUserReportedPerson><phone countryCallingCode="352" extension="1a">` + strings.Repeat("1", 51) + `</phone></personOrUserReportedPerson>`), []string{
			"error: " + pp + "phone[1]/@countryCallingCode is not a plus sign with one to three digits",
			"error: " + pp + "phone[1]/@extension may hold digits only",
			"warning: " + pp + "phone[1] is longer than 50 characters"}},
		{"countries", inSuspect(`<personOrUserReportedPerson><address><state>XX</state><country>UK</country></address></personOrUserReportedPerson><estimatedLocation><countryCode>lu</countryCode></estimatedLocation>`), []string{
			"error: " + pp + "address[1]/state is not the code of a US state or territory",
			"error: " + pp + "address[1]/country is not a country code that the schema knows",
			"error: " + p + "estimatedLocation/countryCode is not a country code that the schema knows"}},
		{"age", inSuspect(`<personOrUserReportedPerson><age>151</age><dateOfBirth>1990</dateOfBirth></personOrUserReportedPerson>`), []string{
			"warning: " + pp + "age is not between 0 and 150",
			"error: " + pp + "dateOfBirth is not a date such as 2026-01-15"}},
		{"age in words", inSuspect(`<personOrUserReportedPerson><age>forty</age></personOrUserReportedPerson>`), []string{
			"error: " + pp + "age is not a whole number"}},
		{"address", inSuspect("<ipCaptureEvent><ipAddress>192.0.2.300</ipAddress><eventName>login</eventName><dateTime>2026-01-15 10:00:00</dateTime><possibleProxy>maybe</possibleProxy><port>0</port></ipCaptureEvent>"), []string{
			"warning: " + p + "ipCaptureEvent[1]/ipAddress is not an IP address",
			"error: " + p + "ipCaptureEvent[1]/eventName is not one of the values that the schema knows",
			"warning: " + p + "ipCaptureEvent[1]/dateTime is readable, but the schema asks for a date and time such as 2026-01-15T10:00:00Z",
			"error: " + p + "ipCaptureEvent[1]/possibleProxy is not true or false",
			"warning: " + p + "ipCaptureEvent[1]/port is not between 1 and 65535"}},
		{"prior reports", inSuspect("<priorCTReports>1</priorCTReports><priorCTReports>CT-2</priorCTReports><priorCTReports>3</priorCTReports>"), []string{
			"error: " + p + "priorCTReports[2] is not a whole number"}},
		{"position", inReport("<internetDetails><cellPhoneIncident><latitude>91</latitude><longitude>east</longitude></cellPhoneIncident></internetDetails>"), []string{
			"warning: internetDetails[1] comes later than the schema has it",
			"warning: internetDetails[1]/cellPhoneIncident/latitude is not a position on earth",
			"error: internetDetails[1]/cellPhoneIncident/longitude is not a decimal number"}},
		{"kinds of incident", "<report><incidentSummary><incidentType>Child Sex Trafficking</incidentType><incidentDateTime>2026-01-15T10:00:00Z</incidentDateTime></incidentSummary>" +
			"<internetDetails/><internetDetails><newsgroupIncident/><emailIncident/></internetDetails><reporter><reportingPerson/></reporter></report>", []string{
			"error: internetDetails[1] must hold one kind of incident",
			"error: internetDetails[2] may hold only one kind of incident"}},
		{"batch without reason", "<report><batchedReport/>" + strings.TrimPrefix(inReport(""), "<report>"), []string{
			"error: batchedReport/@reason is missing"}},
		{"flags", strings.Replace(inReport(""), "<incidentDateTime>", "<reportAnnotations><spam>false</spam><sextortion>perhaps</sextortion><informational/></reportAnnotations><incidentDateTime>", 1), []string{
			"error: incidentSummary/reportAnnotations/spam may only be true; leave it out where it is not",
			"error: incidentSummary/reportAnnotations/sextortion is not true",
			"warning: incidentSummary/reportAnnotations/informational is newer than the schema of 2025-11"}},
		{"empty escalation", strings.Replace(inReport(""), "<incidentDateTime>", "<escalateToHighPriority> </escalateToHighPriority><incidentDateTime>", 1), []string{
			"warning: incidentSummary/escalateToHighPriority is empty; its presence asks for high priority, so it needs a reason"}},
		{"length counts characters", strings.Replace(inReport(""), "<incidentDateTime>", "<platform>"+strings.Repeat("ü", 256)+"</platform><incidentDateTime>", 1), nil},
		{"too long", strings.Replace(inReport(""), "<incidentDateTime>", "<platform>"+strings.Repeat("ü", 257)+"</platform><incidentDateTime>", 1), []string{
			"warning: incidentSummary/platform is longer than 256 characters"}},
		{"twice", strings.Replace(inReport(""), "<incidentDateTime>", "<platform>a</platform><platform>b</platform><platform>c</platform><incidentDateTime>", 1), []string{
			"warning: incidentSummary/platform[2] occurs more than once; only the first counts",
			"warning: incidentSummary/platform[3] occurs more than once; only the first counts"}},
		{"unknown", inReport(`<new a="1"><b/></new><additionalInfo c="2">x<i>y</i>z</additionalInfo>stray`), []string{
			"warning: new is not in the schema",
			"warning: additionalInfo/@c is not in the schema",
			"error: additionalInfo holds elements where the schema has text only",
			"warning: additionalInfo/i is not in the schema",
			"warning: text() is text where the schema has elements only"}},
		{"newer forms", inReport(`<lawEnforcement fleaCountry="NL"><agencyName>a</agencyName></lawEnforcement><personOrUserReported><personOrUserReportedPerson><ageAssertionDiscrepancy>true</ageAssertionDiscrepancy></personOrUserReportedPerson>` +
			`<associatedAccount accountType="Creator" thirdPartyUser="true"><ageAssertionDiscrepancy>false</ageAssertionDiscrepancy></associatedAccount></personOrUserReported>`), []string{
			"warning: lawEnforcement comes later than the schema has it",
			"warning: lawEnforcement/@fleaCountry stands elsewhere in the schema of 2025-11",
			"warning: " + pp + "ageAssertionDiscrepancy is newer than the schema of 2025-11",
			"warning: " + p + "associatedAccount[1]/@accountType stands elsewhere in the schema of 2025-11",
			"warning: " + p + "associatedAccount[1]/@thirdPartyUser stands elsewhere in the schema of 2025-11",
			"warning: " + p + "associatedAccount[1]/ageAssertionDiscrepancy is newer than the schema of 2025-11"}},
		{"associated account without type", inSuspect("<associatedAccount/>"), []string{
			"error: " + p + "associatedAccount[1]/@type is missing"}},
		{"file without ids", "<fileDetails/>", []string{"error: reportId is missing", "error: fileId is missing"}},
		{"meme beside annotations", inFile("<potentialMeme>true</potentialMeme><fileAnnotations><viral/></fileAnnotations>"), []string{
			"error: potentialMeme may not stand beside fileAnnotations, which has a flag of that name"}},
		{"supplemental", inFile("<fileRelevance>Supplemental Reported</fileRelevance><fileAnnotations><potentialMeme/></fileAnnotations><industryClassification>A1</industryClassification>"), []string{
			"warning: industryClassification may not be given for a supplemental file",
			"warning: fileRelevance says supplemental; such a file may not be marked as a potential meme"}},
		{"hashes", inFile(`<originalFileHash>0</originalFileHash><originalFileHash hashType="md-5">00</originalFileHash><originalFileHash hashType="PDQ">` + strings.Repeat("g", 64) +
			`</originalFileHash><originalFileHash hashType="Other">anything</originalFileHash><originalFileHash hashType="SHA_256"/>`), []string{
			"error: originalFileHash[1]/@hashType is missing",
			"warning: originalFileHash[2] has not the 32 hexadecimal digits that its type has",
			"warning: originalFileHash[3] holds characters that are not hexadecimal digits",
			"warning: originalFileHash[5] is empty"}},
		{"metadata", inFile(`<details type="XMP"/><details><nameValuePair type="EXIF"><value/></nameValuePair></details>`), []string{
			"error: details[1]/@type is not one of the values that the schema knows",
			"error: details[1]/nameValuePair is missing",
			"warning: details[2]/nameValuePair[1]/@type stands elsewhere in the schema of 2025-11",
			"error: details[2]/nameValuePair[1]/name is missing"}},
		{"answer", "<reportResponse><responseCode>OK</responseCode></reportResponse>", []string{
			"error: responseCode is not a whole number", "error: responseDescription is missing"}},
		{"done answer", "<reportDoneResponse><responseCode/></reportDoneResponse>", []string{
			"error: responseCode is empty; leave it out where nothing is known",
			"error: reportId is missing", "error: files is missing"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, err := ReadXML([]byte(tt.doc))
			if err != nil {
				t.Fatalf("ReadXML(%s): %v", tt.doc, err)
			}
			if got := list(d.content().Findings); !slices.Equal(got, tt.want) {
				t.Errorf("findings of %s\n got %s\nwant %s", tt.doc, strings.Join(got, "\n     "), strings.Join(tt.want, "\n     "))
			}
			if diff := compareLeaves([]byte(tt.doc), d.content().Fields); diff != "" {
				t.Errorf("reading %s: %s", tt.doc, diff)
			}
		})
	}
}

func TestFindingsNeverHoldValues(t *testing.T) {
	t.Parallel()
	doc := strings.Replace(string(fixture(t, "report_full.xml")), ">", ">secret", -1)
	doc = strings.ReplaceAll(doc, `="`, `="secret`)
	doc = doc[strings.Index(doc, "<report"):]
	doc = doc[:strings.LastIndex(doc, ">")+1]
	d, err := ReadXML([]byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Reports[0].Findings) < 50 {
		t.Errorf("got %d findings, want many", len(d.Reports[0].Findings))
	}
	for _, f := range d.Reports[0].Findings {
		if strings.Contains(f.Text, "secret") || strings.Contains(f.Path, "secret") {
			t.Errorf("finding %+v repeats a value", f)
		}
	}
}

func TestFindingsAreLimited(t *testing.T) {
	t.Parallel()
	r := readReport(t, inReport(strings.Repeat("<x>some text</x>", 3*MaxFindings)))
	if n := len(r.Findings); n != MaxFindings || r.Findings[n-1].Path != "" {
		t.Errorf("got %d findings, the last %+v; want %d, the last saying that there are more", n, r.Findings[n-1], MaxFindings)
	}
	if n := len(r.Unknown); n != 3*MaxFindings || r.Unknown[0].Path != "x[1]" || r.Unknown[n-1].Path != fmt.Sprintf("x[%d]", n) {
		t.Errorf("got %d unknown fields from %+v, want all", n, r.Unknown[0])
	}
}
