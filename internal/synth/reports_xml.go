package synth

// AppendXML appends the n-th report as an XML document by NCMEC's schema of November 2025, and returns the longer slice.
// Half of the reports have less than about 3 kB, one in two thousand has up to 200 kB. It allocates nothing where dst has room.
func (r *Reports) AppendXML(dst []byte, n int) []byte {
	what, of := r.Repeat(n)
	p := r.plan(of)
	if what != Later {
		n = of
	}
	return p.appendXML(dst, n)
}

// schemaHead is how documents begin that name NCMEC's schema.
const schemaHead = ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="https://report.cybertip.org/ispws/xsd">` + "\n"

// Incident types by NCMEC's schema; wire values (package cybertip has them with what they mean).
const (
	wireMaterial   = "Child Pornography (possession, manufacture, and distribution)"
	wireEnticement = "Online Enticement of Children for Sexual Acts"
)

var otherTypes = [...]string{"Unsolicited Obscene Material Sent to a Child", "Child Sex Trafficking",
	"Child Sexual Molestation", "Misleading Words or Digital Images on the Internet"}

// Pieces of the XML between values.
const (
	timeNote = `</incidentDateTime>
    <incidentDateTimeDescription>Time of detection, as the provider states it.</incidentDateTimeDescription>
  </incidentSummary>
`
	reportedName = `  <personOrUserReported>
    <personOrUserReportedPerson>
      <firstName>Test</firstName>
      <lastName>Person `
	billingAddress = `      <address type="Billing">
        <address>1 Example Street</address>
        <city>Exampletown</city>
        <zipCode>00000</zipCode>
        <country>`
	otherAccount = `    <associatedAccount type="Linked">
      <platform thirdPartyUser="true">Other Example</platform>
      <espService>Other Example</espService>
      <espIdentifier>o-`
)

// providerText is what stays the same in all reports of a provider: platform, and the block about the reporter.
var providerText = func() (texts [len(providers)]struct{ platform, reporter string }) {
	for i, p := range providers {
		texts[i].platform = "    <platform>" + p.name + "</platform>\n"
		texts[i].reporter = `  <reporter>
    <reportingPerson>
      <firstName>Test</firstName>
      <lastName>Reporter</lastName>
      <email type="Business">reports.` + p.host + `@example.com</email>
    </reportingPerson>
    <contactPerson>
      <firstName>Test</firstName>
      <lastName>Contact</lastName>
      <email type="Work">legal.` + p.host + `@example.com</email>
    </contactPerson>
    <companyTemplate>` + p.name + ` is an invented provider. Here stands the text that a provider sends with every report:
how legal process is served, to which address, how long records are kept and how they are asked for. It is the same
in each report and says nothing about this one. Requests are answered within a time that nobody has set, by nobody,
because there is no such company.</companyTemplate>
    <termsOfService>Synthetic terms of ` + p.name + `.</termsOfService>
    <legalURL>https://` + p.host + `/legal</legalURL>
  </reporter>
`
	}
	return texts
}()

// appendXML writes the plan; with another number n it is the version of the report that came as number n.
func (p *plan) appendXML(b []byte, n int) []byte {
	pr := &providers[p.provider]
	b = append(b, `<?xml version="1.0" encoding="UTF-8"?>`+"\n<report"+schemaHead...)
	b = p.appendSummary(b)
	b = p.appendPlace(b, pr)
	if p.oddity < 15 {
		b = append(b, "  <lawEnforcement>\n    <agencyName>Example Police</agencyName>\n    <caseNumber>EX-"...)
		b = appendNumber(b, p.n)
		b = append(b, "</caseNumber>\n    <reportedToLe>true</reportedToLe>\n    <servedLegalProcessInternational fleaCountry=\""...)
		b = append(b, countries[uint(p.n)%memberStates].code...)
		b = append(b, "\">true</servedLegalProcessInternational>\n  </lawEnforcement>\n"...)
	}
	b = append(b, providerText[p.provider].reporter...)
	b = p.appendReported(b, pr, n)
	if p.has&hasRecipient != 0 {
		b = append(b, "  <intendedRecipient>\n    <espIdentifier>r-"...)
		b = appendNumber(b, p.n)
		b = append(b, "</espIdentifier>\n    <espService>"...)
		b = append(b, pr.name...)
		b = append(b, "</espService>\n  </intendedRecipient>\n"...)
	}
	if p.victim {
		b = append(b, "  <victim>\n    <victimPerson>\n      <firstName>Test Person "...)
		b = appendNumber(b, p.n)
		b = append(b, "</firstName>\n      <age>"...)
		b = appendNumber(b, 9+p.oddity%9)
		b = append(b, "</age>\n    </victimPerson>\n  </victim>\n"...)
	}
	b = append(b, "  <additionalInfo>Synthetic text for report "...)
	b = appendNumber(b, p.n)
	b = append(b, '.')
	if p.has&hasMention != 0 {
		b = append(b, " It mentions synthetic"...)
		b = appendNumber(b, p.n)
		b = append(b, ".mentioned@example.net in passing."...)
	}
	if n != p.n {
		b = append(b, " Later version "...)
		b = appendNumber(b, n)
		b = append(b, '.')
	}
	return append(b, "</additionalInfo>\n</report>\n"...)
}

func (p *plan) appendSummary(b []byte) []byte {
	b = append(b, "  <incidentSummary>\n    <incidentType>"...)
	switch {
	case p.enticement < 800:
		b = append(b, wireMaterial...)
	case p.enticement < 930:
		b = append(b, wireEnticement...)
	default:
		b = append(b, otherTypes[uint(p.n)%uint(len(otherTypes))]...)
	}
	b = append(b, "</incidentType>\n"...)
	b = append(b, providerText[p.provider].platform...)
	if p.escalated {
		b = append(b, "    <escalateToHighPriority>Synthetic reason for report "...)
		b = appendNumber(b, p.n)
		b = append(b, ".</escalateToHighPriority>\n"...)
	}
	if p.enticement >= 800 && p.enticement < 860 {
		b = append(b, "    <reportAnnotations>\n      <sextortion>true</sextortion>\n    </reportAnnotations>\n"...)
	}
	b = append(b, "    <incidentDateTime>"...)
	b = appendTime(b, p.at)
	return append(b, timeNote...)
}

// appendPlace writes where it happened.
func (p *plan) appendPlace(b []byte, pr *provider) []byte {
	text := p.extra
	if !p.extraText {
		text = 0
	}
	if p.has&hasURL != 0 {
		b = append(b, "  <internetDetails>\n    <webPageIncident>\n      <url>https://"...)
		b = append(b, pr.host...)
		b = append(b, "/p/"...)
		b = appendNumber(b, p.n)
		b = append(b, "</url>\n    </webPageIncident>\n  </internetDetails>\n"...)
	}
	if text == 0 && pr.sort != "chat" {
		return b
	}
	b = append(b, "  <internetDetails>\n    <chatImIncident>\n      <chatClient>"...)
	b = append(b, pr.name...)
	b = append(b, "</chatClient>\n      <chatRoomName>Synthetic room</chatRoomName>\n      <content>"...)
	for start := len(b); ; {
		b = append(b, "Synthetic text for report "...)
		b = appendNumber(b, p.n)
		b = append(b, '.')
		if len(b)-start >= text {
			break
		}
		b = append(b, '\n')
	}
	return append(b, "</content>\n    </chatImIncident>\n  </internetDetails>\n"...)
}

func (p *plan) appendReported(b []byte, pr *provider, n int) []byte {
	b = append(b, reportedName...)
	b = appendNumber(b, p.account)
	b = append(b, "</lastName>\n"...)
	if p.has&hasPhone != 0 {
		b = append(b, `      <phone type="Mobile" verified="false">`...)
		b = appendPhone(b, p.country, p.account)
		b = append(b, "</phone>\n"...)
	}
	if p.has&hasMail != 0 {
		b = append(b, `      <email type="Home" verified="true" verificationDate="`...)
		b = appendTime(b, p.at-86400*30)
		b = append(b, `">`...)
		b = appendMail(b, p.mail, 0)
		b = append(b, "</email>\n"...)
	}
	if p.has&hasMail2 != 0 {
		b = append(b, `      <email type="Recovery" verified="false">`...)
		b = appendMail(b, p.mail, 1)
		b = append(b, "</email>\n"...)
	}
	if p.oddity%8 == 1 {
		b = append(b, billingAddress...)
		b = append(b, countries[p.country].code...)
		b = append(b, "</country>\n      </address>\n"...)
	}
	b = append(b, "    </personOrUserReportedPerson>\n    <espIdentifier>u-"...)
	b = appendNumber(b, p.account)
	b = append(b, "</espIdentifier>\n    <espService>"...)
	b = append(b, pr.name...)
	b = append(b, "</espService>\n"...)
	if p.has&hasScreen != 0 {
		b = append(b, "    <screenName>synthetic_user_"...)
		b = appendNumber(b, p.account)
		b = append(b, "</screenName>\n    <displayName>synthetic_user_"...)
		b = appendNumber(b, p.account)
		b = append(b, "</displayName>\n"...)
	}
	if p.has&hasProfile != 0 {
		b = append(b, "    <profileUrl>https://"...)
		b = append(b, pr.host...)
		b = append(b, "/u/"...)
		b = appendNumber(b, p.account)
		b = append(b, "</profileUrl>\n"...)
	}
	b = p.appendCaptures(b, n)
	if p.has&hasDevice != 0 {
		b = append(b, "    <deviceId>\n      <idType>IDFA</idType>\n      <idValue>"...)
		b = appendDevice(b, p.device)
		b = append(b, "</idValue>\n      <eventName>Login</eventName>\n      <dateTime>"...)
		b = appendTime(b, p.at-3600)
		b = append(b, "</dateTime>\n    </deviceId>\n"...)
	}
	if p.oddity%16 == 3 {
		b = append(b, `    <accountPermanentlyDisabled disabledDate="`...)
		b = appendTime(b, p.at+3600)
		b = append(b, `" userNotified="true" userNotifiedDate="`...)
		b = appendTime(b, p.at+7200)
		b = append(b, "\">true</accountPermanentlyDisabled>\n"...)
	}
	if p.oddity%3 == 0 {
		b = append(b, `    <estimatedLocation verified="false" timestamp="`...)
		b = appendTime(b, p.at-600)
		b = append(b, "\">\n      <city>Exampletown</city>\n      <countryCode>"...)
		b = append(b, countries[p.country].code...)
		b = append(b, "</countryCode>\n    </estimatedLocation>\n"...)
	}
	if p.has&hasAssociated != 0 {
		b = append(b, otherAccount...)
		b = appendNumber(b, p.account)
		b = append(b, "</espIdentifier>\n    </associatedAccount>\n"...)
	}
	return append(b, "  </personOrUserReported>\n"...)
}

var events = [...]string{"Login", "Upload", "Registration", "Login"}

// appendCaptures writes the events at which an address was seen: one for each address, in a later version one more, and in
// long reports as many as fill them.
func (p *plan) appendCaptures(b []byte, n int) []byte {
	slots := [4]int{0, 1, 2, 3}
	used := 1
	for i, f := range [...]uint32{hasAddress2, hasAddress3, hasAddress4} {
		if p.has&f != 0 {
			slots[used] = i + 1
			used++
		}
	}
	start := len(b)
	for i := 0; ; i++ {
		if i >= used && (p.extraText || len(b)-start >= p.extra) {
			break
		}
		b = p.appendCapture(b, slots[i%used], i)
	}
	if n != p.n {
		b = p.appendCapture(b, 0, n)
	}
	return b
}

func (p *plan) appendCapture(b []byte, slot, i int) []byte {
	b = append(b, "    <ipCaptureEvent>\n      <ipAddress>"...)
	switch {
	case p.popular&(1<<slot) != 0:
		b = appendIPv4(b, 0, uint64(p.n)&15) // sixteen that thousands share
	case slot == 0:
		b = appendIPv6(b, p.addressCountry, uint64(p.address)<<2)
	default:
		b = appendIPv6(b, p.country, uint64(p.account)<<2|uint64(slot))
	}
	event := events[uint(i)%4]
	at := p.at - int64(i)*5400
	if event == "Registration" {
		at -= 86400 * 200
	}
	b = append(b, "</ipAddress>\n      <eventName>"...)
	b = append(b, event...)
	b = append(b, "</eventName>\n      <dateTime>"...)
	b = appendTime(b, at)
	b = append(b, "</dateTime>\n"...)
	if slot == 1 && p.oddity%10 == 7 {
		b = append(b, "      <possibleProxy>true</possibleProxy>\n"...)
	}
	if (p.n+i)%3 != 0 {
		b = append(b, "      <port>"...)
		b = appendNumber(b, 1024+(p.n*31+i*7)%64000)
		b = append(b, "</port>\n"...)
	}
	return append(b, "    </ipCaptureEvent>\n"...)
}
