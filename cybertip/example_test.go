package cybertip_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"time"

	"lapwing/cybertip"
)

const submitted = `<report>
  <incidentSummary>
    <incidentType>Online Enticement of Children for Sexual Acts</incidentType>
    <incidentDateTime>2026-01-15T10:00:00</incidentDateTime>
  </incidentSummary>
  <reporter><reportingPerson/></reporter>
  <personOrUserReported>
    <espIdentifier>user-17</espIdentifier>
    <ipCaptureEvent><ipAddress>192.0.2.10</ipAddress><eventName>Teleport</eventName></ipCaptureEvent>
    <favouriteColour>green</favouriteColour>
  </personOrUserReported>
</report>`

func ExampleReadXML() {
	doc, err := cybertip.ReadXML([]byte(submitted))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range doc.Reports {
		fmt.Println("account:", r.Reported[0].ESPIdentifier)
		fmt.Println("time says its zone:", r.Incident.Time.Zone)
		for _, f := range r.Unknown {
			fmt.Println("unknown:", f.Path, "=", f.Value)
		}
		for _, f := range r.Findings {
			fmt.Printf("%s: %s %s\n", f.Severity, f.Path, f.Text)
		}
	}
	// Output:
	// account: user-17
	// time says its zone: false
	// unknown: personOrUserReported[1]/favouriteColour = green
	// error: personOrUserReported[1]/ipCaptureEvent[1]/eventName is not one of the values that the schema knows
	// warning: personOrUserReported[1]/favouriteColour is not in the schema
}

func ExampleReport_WriteXML() {
	r := &cybertip.Report{
		Incident: &cybertip.IncidentSummary{
			Type: cybertip.IncidentMaterial,
			Time: cybertip.At(time.Date(2026, 1, 15, 10, 0, 0, 0, time.UTC)),
		},
		Reporter: &cybertip.Reporter{Person: &cybertip.Person{}},
		Reported: []cybertip.PersonOrUserReported{{Account: cybertip.Account{
			ESPIdentifier: "user-17",
			IPCaptures:    []cybertip.IPCapture{{Event: cybertip.EventUpload}},
		}}},
	}
	var out bytes.Buffer
	var invalid *cybertip.InvalidError
	if err := r.WriteXML(&out); errors.As(err, &invalid) {
		fmt.Println(invalid.Findings[0].Path, invalid.Findings[0].Text)
	}
	r.Reported[0].IPCaptures[0].Address = "192.0.2.10"
	fmt.Println(r.WriteXML(&out), out.Len() > 0)
	// Output:
	// personOrUserReported[1]/ipCaptureEvent[1]/ipAddress is missing
	// <nil> true
}

func ExampleReport_Digest() {
	// The same report in another form has the same digest.
	other := bytes.ReplaceAll([]byte(submitted), []byte("\n"), []byte("<!-- a comment -->\r\n"))
	a, _ := cybertip.ReadXML([]byte(submitted))
	b, _ := cybertip.ReadXML(other)
	fmt.Println(a.Reports[0].Digest() == b.Reports[0].Digest())
	// Output: true
}

func ExampleReadDelivered() {
	b, err := os.ReadFile("testdata/delivered.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err := cybertip.ReadDelivered(b)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("report", d.ReportID.N, "from", d.ESP.Name)
	for _, f := range d.Files {
		fmt.Println(f.Name, "viewed by the provider:", f.ViewedByESP)
	}
	for _, a := range d.Agencies {
		fmt.Println("also held by", a.Name)
	}
	// Output:
	// report 900000300 from Example Pictures
	// f-1.bin viewed by the provider: true
	// f-2.bin viewed by the provider: unknown
	// also held by Example Police
	// also held by Second Police
}
