package cybertip

import (
	"strconv"
	"time"
)

func (e *emitter) person(name string, p *Person) {
	if p == nil {
		return
	}
	e.open(name)
	e.leaf("firstName", p.FirstName)
	e.leaf("lastName", p.LastName)
	e.phones(p.Phones)
	e.emails("email", p.Emails)
	e.addresses("address", p.Addresses)
	e.int("age", p.Age)
	e.bool("ageAssertionDiscrepancy", p.AgeDiscrepancy) // refused by finish
	e.date("dateOfBirth", p.DateOfBirth)
	e.end()
}

func (e *emitter) contactPerson(name string, p *ContactPerson) {
	if p == nil {
		return
	}
	e.open(name)
	e.leaf("firstName", p.FirstName)
	e.leaf("lastName", p.LastName)
	e.phones(p.Phones)
	e.emails("email", p.Emails)
	e.addresses("address", p.Addresses)
	e.end()
}

func (e *emitter) phones(phones []Phone) {
	for i := range phones {
		e.phone("phone", &phones[i])
	}
}

func (e *emitter) phone(name string, p *Phone) {
	e.tag(name)
	e.attr("type", string(p.Type))
	e.attr("verified", boolText(p.Verified))
	e.attr("verificationDate", timeText(p.VerifiedOn, time.RFC3339Nano))
	e.attr("countryCallingCode", p.CallingCode)
	e.attr("extension", p.Extension)
	e.text(p.Number)
}

func (e *emitter) emails(name string, emails []Email) {
	for i := range emails {
		m := &emails[i]
		e.tag(name)
		e.attr("type", string(m.Type))
		e.attr("verified", boolText(m.Verified))
		e.attr("verificationDate", timeText(m.VerifiedOn, time.RFC3339Nano))
		e.text(m.Address)
	}
}

func (e *emitter) addresses(name string, addresses []Address) {
	for i := range addresses {
		a := &addresses[i]
		e.tag(name)
		e.attr("type", string(a.Type))
		e.inside()
		e.leaf("address", a.Street)
		e.leaf("city", a.City)
		e.leaf("zipCode", a.ZipCode)
		e.leaf("state", a.State)
		e.leaf("nonUsaState", a.NonUSState)
		e.leaf("country", a.Country)
		e.end()
	}
}

func (e *emitter) ipCaptures(captures []IPCapture) {
	for i := range captures {
		e.ipCapture(&captures[i])
	}
}

func (e *emitter) ipCapture(c *IPCapture) {
	e.open("ipCaptureEvent")
	e.leaf("ipAddress", c.Address)
	e.leaf("eventName", string(c.Event))
	e.time("dateTime", c.Time)
	e.bool("possibleProxy", c.PossibleProxy)
	e.int("port", c.Port)
	e.end()
}

func (e *emitter) devices(devices []Device) {
	for i := range devices {
		c := &devices[i]
		e.open("deviceId")
		e.leaf("idType", c.IDType)
		e.leaf("idValue", c.ID)
		e.leaf("eventName", string(c.Event))
		e.time("dateTime", c.Time)
		e.end()
	}
}

func (e *emitter) location(l *EstimatedLocation) {
	if l == nil {
		return
	}
	e.tag("estimatedLocation")
	e.attr("verified", boolText(l.Verified))
	e.attr("timestamp", timeText(l.Timestamp, time.RFC3339Nano))
	e.inside()
	e.leaf("city", l.City)
	e.leaf("region", l.Region)
	e.leaf("countryCode", l.CountryCode)
	e.end()
}

func (e *emitter) disabled(name string, a *Disabled) {
	if a == nil {
		return
	}
	e.tag(name)
	e.attr("disabledDate", timeText(a.DisabledDate, time.RFC3339Nano))
	e.attr("userNotified", boolText(a.UserNotified))
	e.attr("userNotifiedDate", timeText(a.UserNotifiedOn, time.RFC3339Nano))
	e.attr("reenabledDate", timeText(a.ReenabledDate, time.RFC3339Nano))
	e.text(boolText(a.Disabled))
}

func (e *emitter) priorReports(name string, ids []int64) {
	for _, id := range ids {
		e.always(name, strconv.FormatInt(id, 10))
	}
}
