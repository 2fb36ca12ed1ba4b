package fromhotline

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lapwing/internal/referral"
)

// schema checks documents against the published schema: the few keywords that
// the schema uses, and none other.
type schema struct{ root map[string]any }

func published(t testing.TB) schema {
	t.Helper()
	b, err := os.ReadFile("../../../docs/formats/hotline-report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var s schema
	if err := json.Unmarshal(b, &s.root); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s schema) def(m map[string]any) map[string]any {
	if ref, ok := m["$ref"].(string); ok {
		return s.root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
	}
	return m
}

// check lists what is wrong with v. With strict, properties without a name are wrong too.
func (s schema) check(path string, m map[string]any, v any, strict bool) (wrong []string) {
	m = s.def(m)
	bad := func(format string, args ...any) { wrong = append(wrong, path+": "+fmt.Sprintf(format, args...)) }
	for k, arg := range m {
		switch k {
		case "$schema", "$id", "$defs", "title", "description", "format":
		case "type":
			ok := false
			switch v := v.(type) {
			case map[string]any:
				ok = arg == "object"
			case []any:
				ok = arg == "array"
			case string:
				ok = arg == "string"
			case bool:
				ok = arg == "boolean"
			case float64:
				ok = arg == "integer" && v == float64(int(v))
			}
			if !ok {
				bad("%v is not of type %v", v, arg)
			}
		case "const":
			if v != arg {
				bad("%v is not %v", v, arg)
			}
		case "enum":
			if !slices.Contains(arg.([]any), v) {
				bad("%v is none of %v", v, arg)
			}
		case "pattern":
			if x, ok := v.(string); ok && !regexp.MustCompile(arg.(string)).MatchString(x) {
				bad("%q does not match %v", x, arg)
			}
		case "minLength", "maxLength":
			if x, ok := v.(string); ok && (k == "minLength" && len(x) < int(arg.(float64)) || k == "maxLength" && len([]rune(x)) > int(arg.(float64))) {
				bad("%q has not the right length", x)
			}
		case "minimum", "maximum":
			if x, ok := v.(float64); ok && (k == "minimum" && x < arg.(float64) || k == "maximum" && x > arg.(float64)) {
				bad("%v is out of range", x)
			}
		case "minItems":
			if x, ok := v.([]any); ok && len(x) < int(arg.(float64)) {
				bad("too few items")
			}
		case "items":
			if x, ok := v.([]any); ok {
				for i, e := range x {
					wrong = append(wrong, s.check(fmt.Sprintf("%s[%d]", path, i+1), arg.(map[string]any), e, strict)...)
				}
			}
		case "contains":
			if x, ok := v.([]any); ok && !slices.ContainsFunc(x, func(e any) bool { return len(s.check(path, arg.(map[string]any), e, false)) == 0 }) {
				bad("no item is as one has to be")
			}
		case "required":
			if x, ok := v.(map[string]any); ok {
				for _, name := range arg.([]any) {
					if _, ok := x[name.(string)]; !ok {
						bad("%v is missing", name)
					}
				}
			}
		case "properties":
			if x, ok := v.(map[string]any); ok {
				for name, e := range x {
					if sub, ok := arg.(map[string]any)[name].(map[string]any); ok {
						wrong = append(wrong, s.check(path+"/"+name, sub, e, strict)...)
					} else if strict {
						bad("the schema has no property %s", name)
					}
				}
			}
		case "anyOf":
			if !slices.ContainsFunc(arg.([]any), func(a any) bool { return len(s.check(path, a.(map[string]any), v, false)) == 0 }) {
				bad("none of the choices fits")
			}
		default:
			panic("this check does not know the keyword " + k)
		}
	}
	slices.Sort(wrong)
	return wrong
}

func (s schema) checkJSON(t testing.TB, b []byte) []string {
	t.Helper()
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return s.check("", s.root, v, true)
}

func TestFixturesFitTheSchema(t *testing.T) {
	t.Parallel()
	s := published(t)
	for _, name := range []string{"minimal", "typical", "full", "retracted"} {
		if wrong := s.checkJSON(t, fixture(t, name+".json")); len(wrong) > 0 {
			t.Errorf("%s.json does not fit the schema: %v", name, wrong)
		}
	}
	for in, part := range map[string]string{
		`{"hotline":"example"}`:                    "id is missing",
		`{"hotline":"Example","id":"1"}`:           "does not match",
		`{"hotline":"example","id":"1"}`:           "none of the choices",
		start + `,"items":[{"age_band":"young"}]}`: "none of",
		start + `,"version":0}`:                    "out of range",
		start + `,"x":1}`:                          "no property x",
	} {
		if wrong := s.checkJSON(t, []byte(in)); !strings.Contains(strings.Join(wrong, "; "), part) {
			t.Errorf("the check of %s finds %v, want %q", in, wrong, part)
		}
	}
}

// TestDocumentedExample: the example of the prose is a report without fault.
func TestDocumentedExample(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../../docs/formats/hotline-report.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "```json\n")
	in, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("docs/formats/hotline-report.md has no example")
	}
	if wrong := published(t).checkJSON(t, []byte(in)); len(wrong) > 0 {
		t.Errorf("the example does not fit the schema: %v", wrong)
	}
	if ds, fs := Read([]byte(in), Options{}); len(ds) != 1 || len(fs) > 0 {
		t.Errorf("Read(the example) = %d drafts, %+v", len(ds), fs)
	}
}

// TestSchemaIsReport compares the schema's properties with those of Report,
// both ways, and its lists of words with the reader's.
func TestSchemaIsReport(t *testing.T) {
	t.Parallel()
	s := published(t)
	var compare func(path string, m map[string]any, typ reflect.Type)
	compare = func(path string, m map[string]any, typ reflect.Type) {
		m = s.def(m)
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
			if typ.Kind() == reflect.Slice {
				if m["type"] != "array" {
					t.Errorf("%s: a list in Report, %v in the schema", path, m["type"])
					return
				}
				m = s.def(m["items"].(map[string]any))
			}
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || typ == reflect.TypeFor[time.Time]() {
			return
		}
		props := m["properties"].(map[string]any)
		var names []string
		for i := range typ.NumField() {
			name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			names = append(names, name)
			if sub, ok := props[name].(map[string]any); ok {
				compare(path+"/"+name, sub, typ.Field(i).Type)
			} else {
				t.Errorf("%s/%s is in Report, not in the schema", path, name)
			}
		}
		for name := range props {
			if !slices.Contains(names, name) {
				t.Errorf("%s/%s is in the schema, not in Report", path, name)
			}
		}
	}
	compare("", s.root, reflect.TypeFor[Report]())

	enum := func(def, prop string) (out []string) {
		m := s.root["$defs"].(map[string]any)[def].(map[string]any)["properties"].(map[string]any)[prop].(map[string]any)
		if items, ok := m["items"].(map[string]any); ok {
			m = items
		}
		for _, v := range m["enum"].([]any) {
			out = append(out, v.(string))
		}
		return out
	}
	var choices, kinds []string
	for _, c := range Choices {
		choices = append(choices, c.Code)
	}
	for _, k := range referral.Kinds {
		kinds = append(kinds, string(k.Kind))
	}
	for _, tt := range []struct {
		what      string
		got, want []string
	}{
		{"what", enum("told", "what"), choices},
		{"classification", enum("item", "classification"), []string{Baseline, NationallyIllegal, NotIllegal}},
		{"age_band", enum("item", "age_band"), append(slices.Clone(Ages), "unknown")},
		{"kinds", enum("assessment", "kinds"), kinds},
	} {
		slices.Sort(tt.got)
		tt.want = slices.Clone(tt.want)
		slices.Sort(tt.want)
		if diff := cmp.Diff(tt.want, tt.got); diff != "" {
			t.Errorf("the schema's words for %s (-reader +schema):\n%s", tt.what, diff)
		}
	}
}

// TestRoundTrip: a fixture through Report is the same document.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"minimal", "typical", "full", "retracted"} {
		in := fixture(t, name+".json")
		dec := json.NewDecoder(bytes.NewReader(in))
		dec.DisallowUnknownFields()
		var r Report
		if err := dec.Decode(&r); err != nil {
			t.Errorf("%s.json: %v", name, err)
			continue
		}
		out, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var want, got any
		if err := json.Unmarshal(in, &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s.json through Report (-before +after):\n%s", name, diff)
		}
	}
}

// TestDrawnReports writes reports of every shape and reads them back: each
// fits the schema, and the reader has a name for every value.
func TestDrawnReports(t *testing.T) {
	t.Parallel()
	s := published(t)
	rapid.Check(t, func(t *rapid.T) {
		want := drawReport(t)
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(b, &v); err != nil {
			t.Fatal(err)
		}
		if wrong := s.check("", s.root, v, true); len(wrong) > 0 {
			t.Fatalf("%s does not fit the schema: %v", b, wrong)
		}
		ds, fs := Read(b, Options{})
		if len(ds) != 1 || len(fs) > 0 {
			t.Fatalf("Read(%s) = %d drafts, findings %+v; want one draft, no finding", b, len(ds), fs)
		}
		d := ds[0]
		if len(d.Unknown) > 0 {
			t.Fatalf("Read(%s) has no name for %+v", b, d.Unknown)
		}
		if d.Source != want.Hotline || d.ExternalID != want.ID || d.Retracted != (want.Status == "retracted") {
			t.Fatalf("Read(%s) = %s %s %v", b, d.Source, d.ExternalID, d.Retracted)
		}
		if len(d.Files) != len(want.Items) {
			t.Fatalf("Read(%s) has %d files, want %d", b, len(d.Files), len(want.Items))
		}
		for i, it := range want.Items {
			if len(d.Files[i].Hashes) != len(it.Hashes) {
				t.Fatalf("Read(%s): file %d has %d hashes, want %d", b, i+1, len(d.Files[i].Hashes), len(it.Hashes))
			}
		}
		ids := 0
		for _, p := range want.Parties {
			ids += len(p.Identifiers)
		}
		for _, p := range d.Parties {
			if p.Role != referral.RoleReporter {
				ids -= len(p.Identifiers)
			}
		}
		if ids != 0 {
			t.Fatalf("Read(%s): %d identifiers of parties are lost", b, ids)
		}
	})
}

func drawReport(t *rapid.T) Report {
	at := func(name string) time.Time {
		s := rapid.Int64Range(946684800, 1893456000).Draw(t, name)
		return time.Unix(s, 0).In(time.FixedZone("", 3600*rapid.IntRange(-11, 12).Draw(t, name+" zone")))
	}
	yes := func(name string) *bool {
		return rapid.SampledFrom([]*bool{nil, new(true), new(false)}).Draw(t, name)
	}
	one := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(t, name) }
	word := rapid.StringMatching(`[A-Za-z][a-z "\\/\x{e9}\x{20ac}]{0,20}[a-z]`)
	r := Report{
		Format: Schema, Hotline: "example", ID: rapid.StringMatching(`HR-[0-9]{1,9}`).Draw(t, "id"),
		Status:     one("status", "", "new", "assessed", "forwarded", "closed", "retracted"),
		ReceivedAt: at("received"), UpdatedAt: at("updated"), Version: rapid.IntRange(0, 3).Draw(t, "version"),
		Informational: yes("informational"), Priority: word.Draw(t, "priority"),
		Told: Told{
			What:             []string{Choices[rapid.IntRange(0, len(Choices)-1).Draw(t, "what")].Code},
			ChildInDangerNow: yes("danger"),
			Reporter:         Reporter{Role: one("role", "", "child", "parent", "witness", "professional")},
			Text:             word.Draw(t, "text"),
		},
	}
	for range rapid.IntRange(0, 3).Draw(t, "items") {
		it := Item{
			ID: word.Draw(t, "item id"), Classification: one("class", "", Baseline, NationallyIllegal, NotIllegal),
			AgeBand: one("age", append([]string{"", "unknown"}, Ages...)...), SelfGenerated: one("self", "", "no", "voluntary", "coerced", "unspecified", "unknown"),
			Generated: yes("generated"), Commercial: yes("commercial"), Public: yes("public"),
			URL: one("url", "", "https://board.example/1", "https://board.example/2"), ApparentCountry: one("apparent", "", "DE", "IE"),
			Hosting: Hosting{Country: one("hosting", "", "NL", "FR"), IP: one("ip", "", "192.0.2.1", "2001:db8::1"), CDN: word.Draw(t, "cdn")},
		}
		for range rapid.IntRange(0, 2).Draw(t, "hashes") {
			k := one("hash", "md5", "SHA-1", "sha256", "PDQ")
			it.Hashes = append(it.Hashes, Hash{Type: k, Value: strings.Repeat("aB", referral.HashKinds[referral.HashKind(k)])})
		}
		r.Items = append(r.Items, it)
	}
	for range rapid.IntRange(0, 2).Draw(t, "parties") {
		p := Party{Role: one("party", "reported", "recipient", "victim", "associated"), Age: rapid.IntRange(0, 99).Draw(t, "age"), Notified: yes("notified")}
		for range rapid.IntRange(0, 2).Draw(t, "identifiers") {
			p.Identifiers = append(p.Identifiers, Identifier{Kind: one("kind", "email", "phone", "account", "screen", "ip", "device", "url", "payment"),
				Value: word.Draw(t, "value"), At: at("identifier"), Port: rapid.IntRange(0, 65535).Draw(t, "port"), Proxy: yes("proxy")})
		}
		r.Parties = append(r.Parties, p)
	}
	return r
}
