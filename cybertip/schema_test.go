package cybertip

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lapwing/internal/xmlscan"

	"pgregory.net/rapid"
)

// validate runs xmllint over documents and tells which are valid. Without xmllint or the schema it logs that.
func validate(t *testing.T, docs [][]byte) (valid []bool, ok bool) {
	t.Helper()
	schema := filepath.Join(shared, "cybertipline-report-2025-11.xsd")
	if _, ok := sharedFile(t, filepath.Base(schema)); !ok {
		return nil, false
	}
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Log("xmllint is not installed; the schema was not consulted")
		return nil, false
	}
	dir := t.TempDir()
	args := []string{"--nonet", "--noout", "--schema", schema}
	for i, doc := range docs {
		name := filepath.Join(dir, fmt.Sprintf("%05d.xml", i))
		if err := os.WriteFile(name, doc, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	out, err := exec.Command(xmllint, args...).CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	for i := range docs {
		name := filepath.Join(dir, fmt.Sprintf("%05d.xml", i))
		yes := bytes.Contains(out, []byte(name+" validates"))
		if no := bytes.Contains(out, []byte(name+" fails to validate")); yes == no {
			t.Fatalf("xmllint says nothing clear about\n%s\n%s", docs[i], out[:min(len(out), 2000)])
		}
		valid = append(valid, yes)
	}
	return valid, true
}

// TestWrittenIsValid lets the schema judge drawn documents.
func TestWrittenIsValid(t *testing.T) {
	t.Parallel()
	var docs [][]byte
	for seed := range 60 {
		var b bytes.Buffer
		gen := rapid.Custom(func(t *rapid.T) writer {
			if seed%4 == 0 {
				r := new(FileDetails)
				draw(t, reflect.ValueOf(r).Elem(), "file")
				return r
			}
			return drawReport(t)
		})
		if err := gen.Example(seed).WriteXML(&b); err != nil {
			t.Fatal(err)
		}
		docs = append(docs, b.Bytes())
	}
	valid, _ := validate(t, docs)
	for i, ok := range valid {
		if !ok {
			t.Errorf("not valid by the schema:\n%s", docs[i])
		}
	}
}

// TestFindingsAgreeWithSchema changes one thing at a time in valid documents and compares the findings
// that keep WriteXML from writing with the schema's verdict.
func TestFindingsAgreeWithSchema(t *testing.T) {
	t.Parallel()
	values := []string{"", "x", "true", "7", "+12", "2026-01-01", "2026-01-01T00:00:00Z", "Home", "Upload", "US", "A1", "-1.5"}
	leaf := regexp.MustCompile(`(<[\w]+(?: [^>]*)?>)([^<>]*)(</\w+>)`)
	attr := regexp.MustCompile(`( (?:type|verified|verificationDate|countryCallingCode|extension|fleaCountry|\w+Date|userNotified|timestamp|thirdPartyUser|thirdPartyHostedContent|reason|hashType)=")([^"]*)(")`)
	whole := regexp.MustCompile(`<(\w+)(?: [^>]*)?(?:/>|>[^<>]*</\w+>)()()`)
	var docs [][]byte
	for _, name := range []string{"report_full.xml", "filedetails.xml"} {
		doc := string(fixture(t, name))
		docs = append(docs, []byte(doc))
		for _, pattern := range []*regexp.Regexp{leaf, attr, whole} {
			seen := map[string]bool{}
			for _, m := range pattern.FindAllStringSubmatchIndex(doc, -1) {
				if before := doc[max(0, m[0]-40):m[1]]; seen[before] {
					continue
				} else {
					seen[before] = true
				}
				if pattern == whole {
					docs = append(docs, []byte(doc[:m[0]]+doc[m[1]:]))
					continue
				}
				for _, v := range values {
					docs = append(docs, []byte(doc[:m[4]]+v+doc[m[5]:]))
				}
			}
		}
	}
	valid, ok := validate(t, docs)
	if !ok {
		return
	}
	wrong, invalid := 0, 0
	for i, ok := range valid {
		d, err := ReadXML(docs[i])
		if err != nil {
			t.Fatal(err)
		}
		c := d.content()
		if !ok {
			invalid++
		}
		if forbidden := slices.ContainsFunc(c.Findings, Finding.unwritable); forbidden == ok {
			if wrong++; wrong < 10 {
				t.Errorf("schema says valid: %v, findings: %v", ok, list(c.Findings))
			}
		}
	}
	t.Logf("%d documents, %d of them invalid by the schema, %d judged otherwise", len(docs), invalid, wrong)
}

// TestTablesMatchSchema reads the enumerations out of the schema.
func TestTablesMatchSchema(t *testing.T) {
	t.Parallel()
	b, ok := sharedFile(t, "cybertipline-report-2025-11.xsd")
	if !ok {
		return
	}
	enums := map[string][]string{}
	s, err := xmlscan.New(b, xmlscan.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	named := ""
	for {
		kind, err := s.Next()
		if err != nil {
			t.Fatal(err)
		}
		if kind == xmlscan.EOF {
			break
		}
		if kind != xmlscan.Start {
			continue
		}
		for _, a := range s.Attrs() {
			switch string(s.Local()) + " " + string(a.Local) {
			case "simpleType name":
				named = string(a.Value)
			case "enumeration value":
				if len(a.Value) > 0 {
					enums[named] = append(enums[named], string(a.Value))
				}
			}
		}
	}
	check := func(name string, table any) {
		t.Helper()
		var got []string
		switch v := reflect.ValueOf(table); v.Kind() {
		case reflect.Slice:
			for i := range v.Len() {
				got = append(got, v.Index(i).String())
			}
		case reflect.Map:
			for _, k := range v.MapKeys() {
				got = append(got, k.String())
			}
			slices.Sort(got)
			slices.Sort(enums[name])
		}
		if !slices.Equal(got, enums[name]) || len(got) == 0 {
			t.Errorf("%s is %q, in the schema %q", name, got, enums[name])
		}
	}
	check("incidentType", IncidentTypes)
	check("batchedReportReason", BatchReasons)
	check("ipCaptureType", EventNames)
	check("addressType", AddressTypes)
	check("emailType", EmailTypes)
	check("phoneType", PhoneTypes)
	check("associatedAccountType", AssociatedTypes)
	check("fileRelevance", FileRelevances)
	check("fileClassification", Classifications)
	check("metadataTypes", DetailsTypes)
	check("country", countryCodes)
	check("state", stateCodes)
	for _, flag := range append(ReportFlagNames[:5:5], FileFlagNames[:]...) {
		if !strings.Contains(string(b), `name="`+flag+`" minOccurs="0" type="xs:boolean" fixed="true"`) {
			t.Errorf("flag %s is not in the schema", flag)
		}
	}
}
