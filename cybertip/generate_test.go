package cybertip

import (
	"reflect"
	"strings"
	"time"

	"pgregory.net/rapid"
)

// draw fills v, a document or a part of one, with values that the schema allows. It goes by the fields of the
// types, so that one that reading or writing forgets is found by the round trip.
func draw(t *rapid.T, v reflect.Value, field string) {
	switch p := v.Addr().Interface().(type) {
	case *Content:
		return
	case *Bool:
		*p = Bool(rapid.IntRange(0, 2).Draw(t, field))
		return
	case *Int:
		*p = drawInt(t, field)
		return
	case *Float:
		if rapid.Bool().Draw(t, field) {
			*p = FloatOf(float64(rapid.IntRange(-9000, 9000).Draw(t, field)) / 100)
		}
		return
	case *Time:
		*p = drawTime(t, field)
		return
	case *IncidentType:
		*p = rapid.SampledFrom(IncidentTypes).Draw(t, field)
		return
	case *BatchReason:
		*p = rapid.SampledFrom([]BatchReason{"", BatchViral}).Draw(t, field)
		return
	case *EventName:
		*p = rapid.SampledFrom(append([]EventName{""}, EventNames...)).Draw(t, field)
		return
	case *AddressType:
		*p = rapid.SampledFrom(append([]AddressType{""}, AddressTypes...)).Draw(t, field)
		return
	case *EmailType:
		*p = rapid.SampledFrom(append([]EmailType{""}, EmailTypes...)).Draw(t, field)
		return
	case *PhoneType:
		*p = rapid.SampledFrom(append([]PhoneType{""}, PhoneTypes...)).Draw(t, field)
		return
	case *AssociatedType:
		*p = rapid.SampledFrom(AssociatedTypes).Draw(t, field)
		return
	case *FileRelevance:
		*p = rapid.SampledFrom(append([]FileRelevance{""}, FileRelevances...)).Draw(t, field)
		return
	case *Classification:
		*p = rapid.SampledFrom(append([]Classification{""}, Classifications...)).Draw(t, field)
		return
	case *DetailsType:
		*p = rapid.SampledFrom(append([]DetailsType{""}, DetailsTypes...)).Draw(t, field)
		return
	case *ReportFlags:
		*p = ReportFlags(rapid.Uint16().Draw(t, field)) & (ReportInformational - 1)
		return
	case *FileFlags:
		*p = FileFlags(rapid.Uint16().Draw(t, field)) & (FileGenerated<<1 - 1)
		return
	case *InternetDetails:
		n := v.Field(rapid.IntRange(0, v.NumField()-1).Draw(t, "kind of incident"))
		n.Set(reflect.New(n.Type().Elem()))
		draw(t, n.Elem(), field)
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(drawText(t, field))
	case reflect.Int64:
		v.SetInt(rapid.Int64().Draw(t, field))
	case reflect.Pointer:
		if rapid.Bool().Draw(t, field) {
			v.Set(reflect.New(v.Type().Elem()))
			draw(t, v.Elem(), field)
		}
	case reflect.Slice:
		for range rapid.IntRange(0, 2).Draw(t, field) {
			e := reflect.New(v.Type().Elem()).Elem()
			draw(t, e, field)
			v.Set(reflect.Append(v, e))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			draw(t, v.Field(i), v.Type().Field(i).Name)
		}
		settle(v.Addr().Interface())
	default:
		t.Fatalf("no values for %s of type %s", field, v.Type())
	}
}

// settle makes a drawn value allowed: it adds what is required and takes back what is newer than the schema.
func settle(v any) {
	need := func(s *string) {
		if *s == "" {
			*s = "x"
		}
	}
	decide := func(b *Bool) {
		if *b == Unknown {
			*b = False
		}
	}
	switch p := v.(type) {
	case *Report:
		if p.Incident == nil {
			p.Incident = &IncidentSummary{Type: IncidentAbuse, Time: Time{Text: "2026-01-01T00:00:00", T: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}}
		}
		if p.Reporter == nil {
			p.Reporter = &Reporter{Person: &Person{}}
		}
	case *IncidentSummary:
		if p.Time.IsZero() {
			p.Time = At(time.Unix(1700000000, 0))
		}
	case *LawEnforcement:
		need(&p.AgencyName)
		p.ParentCountry = ""
	case *LegalProcess:
		decide(&p.Served)
	case *Reporter:
		if p.Person == nil {
			p.Person = &Person{}
		}
	case *Victim:
		if p.Person == nil {
			p.Person = &Person{}
		}
		if d := p.PermanentlyDisabled; d != nil {
			d.ReenabledDate = Time{}
		}
	case *PersonOrUserReported:
		if d := p.PermanentlyDisabled; d != nil {
			d.ReenabledDate = Time{}
		}
	case *IntendedRecipient:
		if d := p.PermanentlyDisabled; d != nil {
			d.ReenabledDate = Time{}
		}
	case *AssociatedAccount:
		p.AgeDiscrepancy = Unknown
		if d := p.PermanentlyDisabled; d != nil {
			d.ReenabledDate = Time{}
		}
	case *Person:
		p.AgeDiscrepancy = Unknown
	case *Disabled:
		decide(&p.Disabled)
	case *IPCapture:
		need(&p.Address)
	case *Device:
		need(&p.IDType)
		need(&p.ID)
	case *FileDetails:
		need(&p.FileID)
		p.ReportID.Set = true
		if p.Flags != 0 {
			p.PotentialMeme = Unknown
		}
	case *FileHash:
		need(&p.Type)
	case *FileMetadata:
		if p.Pairs == nil {
			p.Pairs = []NameValue{{Name: "x"}}
		}
	case *NameValue:
		need(&p.Name)
		p.Type = ""
	case *Response:
		p.Code.Set = true
		need(&p.Description)
	case *DoneResponse:
		p.Code.Set, p.ReportID.Set = true, true
	}
}

func drawInt(t *rapid.T, field string) Int {
	if rapid.Bool().Draw(t, field) {
		return Int{}
	}
	switch field {
	case "Age", "ApproximateAge":
		return IntOf(rapid.Int64Range(0, 150).Draw(t, field))
	case "Port":
		return IntOf(rapid.Int64Range(1, 65535).Draw(t, field))
	case "Code":
		return IntOf(int64(rapid.Int32().Draw(t, field)))
	}
	return IntOf(rapid.Int64().Draw(t, field))
}

func drawTime(t *rapid.T, field string) Time {
	moment := time.Unix(rapid.Int64Range(0, 2000000000).Draw(t, field), rapid.Int64Range(0, 999999999).Draw(t, field)).UTC()
	kind := rapid.IntRange(0, 2).Draw(t, field)
	switch {
	case kind == 0:
		return Time{}
	case field == "DateOfBirth":
		return OnDay(moment.Date())
	case kind == 1:
		return Time{Text: moment.Format("2006-01-02T15:04:05.999999999"), T: moment}
	}
	return At(moment)
}

func drawText(t *rapid.T, field string) string {
	if rapid.IntRange(0, 3).Draw(t, field) == 0 {
		return ""
	}
	switch field {
	case "Country", "CountryCode":
		return rapid.SampledFrom([]string{"LU", "GB", "GR", "XK", "A1"}).Draw(t, field)
	case "State":
		return rapid.SampledFrom([]string{"CA", "PR"}).Draw(t, field)
	case "CallingCode":
		return rapid.StringMatching(`\+[0-9]{1,3}`).Draw(t, field)
	case "Extension":
		return rapid.StringMatching(`[0-9]{1,10}`).Draw(t, field)
	}
	text := rapid.OneOf(
		rapid.StringOfN(rapid.SampledFrom([]rune("abc <>&\"'\t\r\n]]>é€🐦")), 1, 12, -1),
		rapid.StringMatching(`[a-z ]{1,20}`),
	).Draw(t, field)
	return strings.Trim(text, " \t\r\n")
}

// drawReport draws a report that the schema allows.
func drawReport(t *rapid.T) *Report {
	r := new(Report)
	draw(t, reflect.ValueOf(r).Elem(), "report")
	return r
}
