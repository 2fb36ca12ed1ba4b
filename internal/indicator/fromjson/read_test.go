package fromjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"lapwing/internal/calendar"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/fromtable"
	"lapwing/internal/indicator/totable"
)

func tell(r fromtable.Row) string {
	if len(r.Problems) > 0 {
		return r.Place.String() + ": ! " + strings.Join(r.Problems, " | ")
	}
	f := r.Figure
	s := fmt.Sprintf("%s: %s %s %v", r.Place, f.Key, calendar.Period{Length: f.Length, First: f.First}, f.Value)
	if f.Status != indicator.Observed {
		s += " " + string(f.Status)
	}
	if f.Provisional {
		s += " provisional"
	}
	if !f.Learned.IsZero() {
		s += " learned " + f.Learned.Format(time.RFC3339)
	}
	return s
}

func read(in string, o Options) (rows []string, err error) {
	err = Read(strings.NewReader(in), o, func(r fromtable.Row) error {
		rows = append(rows, tell(r))
		return nil
	})
	return rows, err
}

var told = Options{Indicator: "referrals", Source: "example", Geography: "EU27"}

func TestRead(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in   string
		o    Options
		want []string
		err  string
	}{
		"document": {in: `{"indicator":"Referrals","source":"NCMEC","learned":"2020-06-03T12:00:00+02:00","figures":[
			{"geography":"DE","period":"2020-03","value":12},
			{"geography":"EL","period":"2020-W10","value":0,"provisional":true,"status":"observed"},
			{"geography":"France","period":"2020-Q1","value":null,"status":"unavailable","learned":"2020-05-01T00:00:00Z"},
			{"geography":"GBR","period":"2020-03-01","status":"suppressed"},
			{"source":"other one","geography":"AT","period":"2020-03"}]}`,
			want: []string{
				"figure 1: referrals/ncmec/DE/month 2020-03 12 learned 2020-06-03T10:00:00Z",
				"figure 2: referrals/ncmec/GR/week 2020-W10 0 provisional learned 2020-06-03T10:00:00Z",
				"figure 3: referrals/ncmec/FR/quarter 2020-Q1 0 unavailable learned 2020-05-01T00:00:00Z",
				"figure 4: referrals/ncmec/GB/day 2020-03-01 0 suppressed learned 2020-06-03T10:00:00Z",
				"figure 5: referrals/other-one/AT/month 2020-03 0 not reported learned 2020-06-03T10:00:00Z"}},
		"list": {in: "\ufeff [ {\"period\":\"2020-03\",\"value\":1.5e1} ] ", o: told, want: []string{"figure 1: referrals/example/EU27/month 2020-03 15"}},
		"lines": {in: "{\"period\":\"2020-03\",\"value\":1}\r\n\n{\"period\":\"2020-04\",\"value\":2\n[1]\n{\"period\":\"2020-05\",\"geography\":\"DE\",\"value\":3}", o: told,
			want: []string{"line 1: referrals/example/EU27/month 2020-03 1", "line 3: ! the line is not JSON", "line 4: ! a figure is an object", "line 5: referrals/example/DE/month 2020-05 3"}},
		"all that is wrong": {in: `[{"geography":"Atlantis","source":"a/b","period":"2020-13","value":"12","status":"gone","provisional":"yes","shoe":1,"learned":"soon","value":3,"indicator":null}]`,
			want: []string{`status is "gone" and has to be one of observed, unavailable, not reported, suppressed`}},
		"values": {in: `[{"period":"2020-01","value":-1},{"period":"2020-02","value":1e300},{"period":"2020-03","value":true},{"period":"2020-04","value":9007199254740993},{"period":"2020-05","value":5,"status":"suppressed"},
			{"period":"2020-06","value":null,"status":"observed"},{"period":"2020-07","value":0,"status":"unavailable"},{"period":"2020-08","value":[1]},{"period":"2020-09","value":-0.0},{"period":"2020-10","value":1e999},{"period":"2020-11","value":{"a":"}"}}]`, o: told,
			want: []string{"below zero", "too large", "has to be a number", "9.007199254740992e+15", "there is a value, and the status says suppressed", "there is no value, and the status says that there is one",
				"there is a value, and the status says unavailable", "has to be a number", "2020-09 0", "too large", "has to be a number"}},
		"periods": {in: `[{"value":1},{"period":"01.03.2020","value":1},{"period":202003,"value":1},{"period":"2021-W53","value":1},{"period":"2020","value":1},{"period":"0001-01","value":1},{"period":"2020-03-01","value":1}]`,
			o:    Options{Indicator: "a", Source: "b", Geography: "DE", Length: calendar.Monthly},
			want: []string{"the period is missing", "is not a period", "period is a text", "has no week 53", "is not a period", "is not of this time", "2020-03-01 is a day, not a month"}},
		"twice": {in: `[{"period":"2020-03","value":1},{"period":"2020-03","value":2},{"period":"2020-03","value":3,"learned":"2020-06-01T00:00:00Z"},{"period":"2020-07","value":3,"learned":"2020-06-01T00:00:00Z"}]`, o: told,
			want: []string{"month 2020-03 1", "stood there before", "2020-03 3 learned", "had not begun when this was learned"}},
		"escapes":            {in: `[{"\u0070eriod":"2020\u002d03","value":1,"geography":"\u0044E"},{"period":"2020-03","value":1,"geography":"D\"E}]"}]`, o: told, want: []string{"DE/month 2020-03 1", "is not a country"}},
		"nothing to say who": {in: `[{"period":"2020-03","value":1}]`, want: []string{"the indicator is missing | the source is missing | the geography is missing"}},
		"own geography":      {in: `[{"period":"2020-03","value":1,"geography":"Benelux"}]`, o: Options{Indicator: "a", Source: "b", Geographies: []string{"Benelux"}}, want: []string{"a/b/Benelux/month 2020-03 1"}},
		"no figures":         {in: `{"figures":[]}`},

		"empty":          {in: " \n", err: "empty"},
		"text":           {in: "Dear colleagues", err: "neither with {"},
		"figures absent": {in: "{\n\"indicator\":\"a\"}", err: "no figures"},
		"after figures":  {in: `{"figures":[{"period":"2020-03","value":1}],"indicator":"a"}`, o: told, want: []string{"2020-03 1"}, err: "figures come last"},
		"twice a name":   {in: "{\"source\":\"a\",\n\"source\":\"b\",\"figures\":[]}", err: "twice"},
		"unknown":        {in: "{\n\"shoe\":1,\"figures\":[]}", err: `"shoe" is not known`},
		"learned wrong":  {in: "{\n\"learned\":\"2020\",\"figures\":[]}", err: "has to be a time"},
		"no text":        {in: "{\n\"source\":1,\"figures\":[]}", err: "source is a text"},
		"no list":        {in: "{\n\"figures\":{}}", err: "not a list"},
		"cut":            {in: "{\n\"figures\":[{\"period\":\"2020-03\",\"value\":1},{\"per", o: told, want: []string{"2020-03 1"}, err: "ends early"},
		"cut in list":    {in: "[{\"period\":\"2020-03\",\"value\":1},", o: told, want: []string{"2020-03 1"}, err: "ends early"},
		"not JSON":       {in: "[{\"period\":\"2020-03\",\"value\":1},}]", o: told, want: []string{"2020-03 1"}, err: "not JSON"},
		"more behind":    {in: "[] []", err: "follows the document"},
		"nested":         {in: strings.Repeat("[", 20_000), err: "not JSON"},
		"long figure":    {in: `[{"period":"2020-03","value":1},{"period":"` + strings.Repeat("x", 1<<20) + `"}]`, o: told, want: []string{"2020-03 1"}, err: "more than"},
		"longer figure":  {in: `[{"period":"2020-03","value":1},{"period":"` + strings.Repeat("x", MaxFigure) + `"}]`, o: told, want: []string{"2020-03 1", "more than"}},
		"long name":      {in: "{\n\"" + strings.Repeat("x", 1<<20) + `":1}`, err: "more than"},
		"long line":      {in: "{\"period\":\"2020-03\",\"value\":1}\n{" + strings.Repeat(" ", 1<<20) + "}\n{\"period\":\"2020-04\",\"value\":1}", o: told, want: []string{"2020-03 1", "line 2: ! the line has more than", "line 3: referrals/example/EU27/month 2020-04 1"}},
		"only blanks":    {in: strings.Repeat(" ", 1<<20), err: "nothing but blanks"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := read(tt.in, tt.o)
			if (err != nil) != (tt.err != "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("Read(%.300s) gives the error %v, want %q", tt.in, err, tt.err)
			}
			if len(got) != len(tt.want) {
				t.Fatalf("%d rows, want %d: %q", len(got), len(tt.want), got)
			}
			for i, w := range tt.want {
				if !strings.Contains(got[i], w) {
					t.Errorf("row %d is %.500s, want %s in it", i, got[i], w)
				}
			}
		})
	}
}

// TestEveryProblem: all that is wrong with a figure is said at once.
func TestEveryProblem(t *testing.T) {
	t.Parallel()
	got, err := read(`[{"geography":"Atlantis","source":"a/b","period":"2020-13","value":"12","status":"gone","provisional":"yes","shoe":1,"learned":"soon","value":3}]`, Options{})
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	for _, want := range []string{"Atlantis", "a/b", "2020-13", "value is", "gone", "provisional", "shoe", "learned", "stands twice", "indicator is missing"} {
		if !strings.Contains(got[0], want) {
			t.Errorf("%s is not among %s", want, got[0])
		}
	}
}

func TestStops(t *testing.T) {
	t.Parallel()
	stop := errors.New("stop")
	for _, in := range []string{`[{},{}]`, "{\"period\":1}\n{}", "{\n\"figures\":[{},{}]}"} {
		n := 0
		if err := Read(strings.NewReader(in), told, func(fromtable.Row) error { n++; return stop }); !errors.Is(err, stop) || n != 1 {
			t.Errorf("Read(%q) gives %v after %d rows", in, err, n)
		}
	}
	broken := errors.New("the line is cut")
	for _, in := range []string{`[{},`, "{\"period\":1}\n" + strings.Repeat("{}\n", 100_000), ""} {
		if err := Read(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader(in+"{"))), told, func(fromtable.Row) error { return nil }); err == nil {
			t.Errorf("Read(%.20q) of a broken reader gives no error", in)
		}
	}
	if err := Read(iotest.ErrReader(broken), told, nil); !errors.Is(err, broken) {
		t.Errorf("Read gives %v", err)
	}
}

// TestSchema: reader and schema have the same properties and statuses, and the
// examples of the documentation are read without a problem.
func TestSchema(t *testing.T) {
	t.Parallel()
	const docs = "../../../docs/formats/"
	raw, err := os.ReadFile(docs + "figures.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs map[string]struct {
			Properties map[string]struct{ Enum []any }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(raw, &schema); err != nil {
		t.Fatal(err)
	}
	var names []string
	for n := range schema.Defs["figure"].Properties {
		names = append(names, n)
	}
	slices.Sort(names)
	want := strings.Split(properties, ", ")
	slices.Sort(want)
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("properties of a figure (-reader +schema):\n%s", diff)
	}
	for _, s := range schema.Defs["figure"].Properties["status"].Enum {
		b, _ := json.Marshal(s)
		got, err := read(fmt.Sprintf(`[{"period":"2020-03","value":null,"status":%s}]`, b), told)
		if err != nil || strings.Contains(got[0], "!") != (s == "observed") {
			t.Errorf("the status %s of the schema is read as %s, %v", b, got, err)
		}
	}
	files, _ := filepath.Glob(docs + "figures/*.json*")
	if len(files) < 2 {
		t.Errorf("%d examples in %s", len(files), docs)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := read(string(b), Options{})
		if err != nil || len(rows) == 0 || strings.Contains(strings.Join(rows, ""), "!") {
			t.Errorf("%s: %q, %v", file, rows, err)
		}
	}
}

// FuzzJSON reads any bytes. What comes out as a figure is one that a desk may
// keep, and what is written of it and read again is the same.
func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"indicator":"referrals","source":"ncmec","learned":"2020-06-03T10:00:00Z","figures":[{"geography":"DE","period":"2020-03","value":12}]}`), true)
	f.Add([]byte("{\"period\":\"2020-03\",\"value\":1}\n{\"period\":\"2020-04\",\"geography\":\"D\\u0045\",\"status\":\"suppressed\"}"), true)
	f.Add([]byte(`[{"period":"2020-W10","value":null},{"period":"2020-Q1","value":{"a":[1,"]"]},"x":"\\"}]`), false)
	f.Add([]byte(`[{"period":"2020-03-01","value":1e-7,"provisional":true,"learned":"2020-06-03T10:00:00.123456789+05:30"}]`), true)
	f.Fuzz(func(t *testing.T, in []byte, with bool) {
		o := Options{}
		if with {
			o = told
		}
		var figures []indicator.Figure
		_ = Read(bytes.NewReader(in), o, func(r fromtable.Row) error {
			if r.Place.String() == "line 0" || len(r.Problems) > 0 && strings.Join(r.Problems, "") == "" {
				t.Fatalf("%+v does not say where or what", r)
			}
			if len(r.Problems) > 0 {
				return nil
			}
			f := r.Figure
			k, err := indicator.ParseKey(f.Key.String())
			if math.IsNaN(f.Value) || f.Value < 0 || f.Value > 1<<53 || math.Signbit(f.Value) || f.Status != indicator.Observed && f.Value != 0 || err != nil || k != f.Key ||
				f.Indicator == "" || f.Source == "" || f.Length.First(f.First) != f.First {
				t.Fatalf("%+v is no figure: %v", f, err)
			}
			figures = append(figures, f)
			return nil
		})
		if len(figures) == 0 {
			return
		}
		var b bytes.Buffer
		if err := totable.JSONLines(&b, func(yield func(indicator.Figure, error) bool) {
			for _, f := range figures {
				if !yield(f, nil) {
					return
				}
			}
		}); err != nil {
			t.Fatal(err)
		}
		var again []indicator.Figure
		if err := Read(&b, Options{}, func(r fromtable.Row) error {
			if len(r.Problems) > 0 {
				t.Fatalf("what was written cannot be read: %+v", r)
			}
			again = append(again, r.Figure)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(figures, again); diff != "" {
			t.Fatalf("written and read (-before +after):\n%s", diff)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	var doc bytes.Buffer
	doc.WriteString(`{"indicator":"p2p","source":"crc","learned":"2026-01-01T00:00:00Z","figures":[`)
	const n = 100_000
	for i := range n {
		if i > 0 {
			doc.WriteByte(',')
		}
		fmt.Fprintf(&doc, "\n"+`{"geography":"%s","period":"%s","value":%d}`, []string{"DE", "FR", "IT"}[i/9000%3], calendar.Date(2000, 1, 1)+calendar.Day(i%9000), i)
	}
	doc.WriteString("\n]}\n")
	b.SetBytes(int64(doc.Len()))
	b.ReportAllocs()
	for b.Loop() {
		rows := 0
		if err := Read(bytes.NewReader(doc.Bytes()), Options{}, func(r fromtable.Row) error { rows++; return nil }); err != nil || rows != n {
			b.Fatal(rows, err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "figures/s")
}
