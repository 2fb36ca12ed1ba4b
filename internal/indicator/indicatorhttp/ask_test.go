package indicatorhttp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"lapwing/internal/apikey"
	"lapwing/internal/fault"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/indicatortest"
)

// told is a desk with some figures, one of which is revised an hour later.
func told(t *testing.T) *site {
	t.Helper()
	s := open(t)
	k := indicatortest.DE
	fr, other, p2p := k, k, k
	fr.Geography, other.Source, p2p.Indicator = "FR", "other", "p2p"
	prov := indicatortest.Fig(fr, "2026-01", 30)
	prov.Provisional = true
	s.Take(indicatortest.Fig(k, "2025-11", 10), indicatortest.Gap(k, "2025-12", indicator.Unavailable), prov,
		indicatortest.Fig(other, "2025-12", 1), indicatortest.Fig(p2p, "2025-12-31", 5))
	s.hours(24)
	s.Take(indicatortest.Fig(k, "2025-11", 11))
	return s
}

func TestAsk(t *testing.T) {
	t.Parallel()
	s := told(t)
	key := s.key(nil, apikey.ReadFigures)
	const head = "indicator,source,geography,length,period,value,status,provisional,learned\n"
	for _, c := range []struct{ query, want string }{
		{"as=csv&indicator=referrals&source=ncmec", head + "referrals,ncmec,DE,month,2025-11,11,,,2026-03-02T12:00:00Z\nreferrals,ncmec,DE,month,2025-12,,unavailable,,2026-03-01T12:00:00Z\nreferrals,ncmec,FR,month,2026-01,30,,yes,2026-03-01T12:00:00Z\n"},
		{"as=csv&indicator=referrals&geography=Germany&as_of=2026-03-01&source=ncmec&to=2025-11", head + "referrals,ncmec,DE,month,2025-11,10,,,2026-03-01T12:00:00Z\n"},
		{"as=csv&geography=DE&per=day", head + "p2p,ncmec,DE,day,2025-12-31,5,,,2026-03-01T12:00:00Z\n"},
		{"as=csv&from=2026-Q1", head + "referrals,ncmec,FR,month,2026-01,30,,yes,2026-03-01T12:00:00Z\n"},
		{"as=csv&to=1970-01-01", head},
		{"as=csv&as_of=2026-02-28", head},
		{"as=csv&source=nobody", head},
		{"as=csv&source=other,ncmec&indicator=referrals&from=2025-12&to=2025-12", head + "referrals,ncmec,DE,month,2025-12,,unavailable,,2026-03-01T12:00:00Z\nreferrals,other,DE,month,2025-12,1,,,2026-03-01T12:00:00Z\n"},
		{"as=csv&source=&geography=&per=&from=&to=&as_of=&indicator=p2p", head + "p2p,ncmec,DE,day,2025-12-31,5,,,2026-03-01T12:00:00Z\n"},
		{"indicator=p2p", "{\"figures\":[\n" + `{"indicator":"p2p","source":"ncmec","geography":"DE","period":"2025-12-31","value":5,"learned":"2026-03-01T12:00:00Z"}` + "\n]}\n"},
		{"as=jsonl&indicator=p2p", `{"indicator":"p2p","source":"ncmec","geography":"DE","period":"2025-12-31","value":5,"learned":"2026-03-01T12:00:00Z"}` + "\n"},
		{"as=json&source=nobody", "{\"figures\":[\n\n]}\n"},
		{"as=wide&indicator=referrals&source=ncmec", "indicator,source,length,period,DE,FR\nreferrals,ncmec,month,2025-11,11,\nreferrals,ncmec,month,2025-12,unavailable,\nreferrals,ncmec,month,2026-01,,30 p\n"},
	} {
		w := s.ask("GET", "/api/v1/figures?"+c.query, key, nil)
		if w.Code != 200 || w.Body.String() != c.want {
			t.Errorf("?%s: status %d\n%s\nwant\n%s", c.query, w.Code, w.Body, c.want)
		}
	}
	s.p.limit.buckets = nil
	for as, kind := range map[string]string{"json": "application/json", "jsonl": "application/jsonl", "csv": "text/csv; charset=utf-8", "wide": "text/csv; charset=utf-8", "json-stat": "application/json", "parquet": "application/vnd.apache.parquet"} {
		for _, q := range []string{"", "&source=nobody"} {
			w := s.ask("GET", "/api/v1/figures?as="+as+q, key, nil)
			if w.Code != 200 || w.Header().Get("Content-Type") != kind || !strings.HasPrefix(w.Header().Get("Content-Disposition"), `attachment; filename="figures.`) {
				t.Errorf("as %s%s: status %d, %v", as, q, w.Code, w.Header())
			}
		}
	}
	s.p.limit.buckets = nil
	if w := s.ask("GET", "/api/v1/figures?as=json-stat&indicator=referrals&source=ncmec", key, nil); !strings.Contains(w.Body.String(), "How many children were harmed") {
		t.Errorf("JSON-stat does not say what is not measured: %s", w.Body)
	}
	if w := s.ask("GET", "/api/v1/figures?as=parquet", key, nil); !strings.HasPrefix(w.Body.String(), "PAR1") || !strings.HasSuffix(w.Body.String(), "PAR1") {
		t.Errorf("%d bytes are not Parquet", w.Body.Len())
	}
	// What a desk hands out goes in again, and is known.
	out := s.ask("GET", "/api/v1/figures?source=ncmec", key, nil).Body.String()
	if got := s.taken(s.post("", s.key(nil, apikey.WriteFigures), out)); got.Totals.Duplicate != 4 || got.Totals.Read != 4 {
		t.Errorf("the same again: %+v", got)
	}
}

func TestAskOfSomeIndicators(t *testing.T) {
	t.Parallel()
	s := told(t)
	key := s.key(func(k *apikey.Key) { k.Indicators = []string{"forum-posts", "p2p"} }, apikey.ReadFigures)
	if w := s.ask("GET", "/api/v1/figures?as=csv", key, nil); strings.Contains(w.Body.String(), "referrals") || !strings.Contains(w.Body.String(), "p2p,ncmec") {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
	if w := s.ask("GET", "/api/v1/figures?as=csv&indicator=referrals,p2p", key, nil); w.Code != 403 {
		t.Errorf("another indicator: status %d: %s", w.Code, w.Body)
	}
	w := s.ask("GET", "/api/v1/indicators", key, nil)
	var doc struct{ Indicators []indicator.Stated }
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil || len(doc.Indicators) != 2 {
		t.Errorf("%v: %s", err, w.Body)
	}
}

func TestAskIndicators(t *testing.T) {
	t.Parallel()
	s := told(t)
	def := indicator.Definition{ID: "calls", Name: "Calls", Measures: "Calls.", DoesNotMeasure: "Callers.", Unit: "call", Units: "calls", Direction: "More calls.", Length: "day"}
	if _, err := s.Define(t.Context(), s.Who, def); err != nil {
		t.Fatal(err)
	}
	key := s.key(nil, apikey.ReadFigures)
	for query, want := range map[string]int{"": 8, "?as_of=2026-03-01": 7, "?as_of=": 8} {
		w := s.ask("GET", "/api/v1/indicators"+query, key, nil)
		var doc struct {
			Indicators []struct {
				ID             string
				Measures       string
				DoesNotMeasure string `json:"does_not_measure"`
				By             string
			}
		}
		if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil || len(doc.Indicators) != want {
			t.Errorf("%s: %v, %d indicators, want %d: %s", query, err, len(doc.Indicators), want, w.Body)
		}
		for _, d := range doc.Indicators {
			if d.ID == "" || d.Measures == "" || d.DoesNotMeasure == "" || d.By != "" {
				t.Errorf("%+v", d)
			}
		}
	}
	for _, q := range []string{"?wrong=1", "?as_of=x", "?as_of=2026-13-01", "?as_of=2026-01-01&as_of=2026-01-02"} {
		if w := s.ask("GET", "/api/v1/indicators"+q, key, nil); w.Code != 400 {
			t.Errorf("%s: status %d", q, w.Code)
		}
	}
}

func TestAskParameters(t *testing.T) {
	t.Parallel()
	s := told(t)
	key := s.key(nil, apikey.ReadFigures)
	many := strings.Repeat("a,", 50) + strings.Repeat("b", 10)
	for i := range maxNames + 1 {
		many += fmt.Sprintf(",x%d", i)
	}
	for q, want := range map[string]int{
		"wrong=1": 400, "as=xml": 400, "per=year": 400, "per=%00": 400, "from=yesterday": 400, "to=2026-02-30": 400, "from=2026-W60": 400, "as_of=2026": 400, "as_of=2026-01-01T00:00:00Z": 400,
		"source=%00": 400, "source=%FF": 400, "geography=%0A": 400, "geography=" + strings.Repeat("x", 5000): 400, "source=" + many: 400, "as=csv&as=json": 400, "geography=DE&geography=FR": 400,
		"indicator=nosuch": 404, "indicator=referrals,nosuch": 404, "indicator=%27%20OR%201%3D1": 404, "indicator=%3Cscript%3E": 404,
		"source=%27%20OR%201%3D1": 200, "geography=%3Cscript%3E": 200, "from=9999-12-31": 200, "to=0001-01-01": 200, "from=0000-01&to=9999-12": 200, "as_of=0000-01-01": 200, "as_of=9999-12-31": 200, "source=" + strings.Repeat(",", 1000): 200,
	} {
		s.p.limit.buckets = nil
		w := s.ask("GET", "/api/v1/figures?"+q, key, nil)
		if w.Code != want || want == 400 && w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("?%.50s: status %d, want %d: %s", q, w.Code, want, w.Body)
		}
		if want >= 400 && w.Header().Get("Content-Disposition") != "" {
			t.Errorf("?%.50s: a refusal is a file: %v", q, w.Header())
		}
	}
}

// asking is a desk with figures of its own.
type asking struct {
	desk
	figures func(ctx context.Context, each func(indicator.Figure) error) error
}

func (d asking) Figures(ctx context.Context, _ indicator.Selection, each func(indicator.Figure) error) error {
	return d.figures(ctx, each)
}

// figuresOf gives n figures, and then the error.
func figuresOf(n int, err error) func(context.Context, func(indicator.Figure) error) error {
	return func(_ context.Context, each func(indicator.Figure) error) error {
		for i := range n {
			if err := each(indicator.Figure{Key: indicatortest.DE, Observation: indicator.Observation{First: indicatortest.DE.Length.Add(0, i)}}); err != nil {
				return fmt.Errorf("figures: %w", err)
			}
		}
		return err
	}
}

// An answer that cannot be finished is no answer: before it has begun it is an
// error, and afterwards the connection ends.
func TestAskBreaksOff(t *testing.T) {
	t.Parallel()
	s := open(t)
	key := s.key(nil, apikey.ReadFigures)
	for _, c := range []struct {
		err  error
		want int
	}{{errors.New("database secret"), 500}, {fault.New(fault.Busy, "x"), 503}} {
		s.serve(asking{desk{s.Desk, s.keys}, figuresOf(3, c.err)})
		w := s.ask("GET", "/api/v1/figures?as=csv", key, nil)
		if w.Code != c.want || strings.Contains(w.Body.String(), "secret") || strings.Contains(w.Body.String(), "referrals") || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%v: status %d: %s", c.err, w.Code, w.Body)
		}
	}
	s.serve(asking{desk{s.Desk, s.keys}, figuresOf(5000, errors.New("database secret"))})
	srv := httptest.NewServer(s.h)
	defer srv.Close()
	for _, as := range []string{"csv", "json", "jsonl"} {
		r, _ := http.NewRequest("GET", srv.URL+"/api/v1/figures?as="+as, nil)
		r.Host = "localhost"
		r.Header.Set("Authorization", "Bearer "+key)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			continue // it broke off before the first bytes went out
		}
		_, err = io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if err == nil {
			t.Errorf("as %s: half an answer ends like a whole one", as)
		}
	}
	if len(s.p.giving.of) != 0 || s.p.giving.all != 0 {
		t.Errorf("an answer that broke off keeps its place: %+v", s.p.giving)
	}
}

// A form that holds all figures holds so many and no more.
func TestAskHolds(t *testing.T) {
	t.Parallel()
	s := open(t)
	key := s.key(nil, apikey.ReadFigures)
	s.serve(asking{desk{s.Desk, s.keys}, func(_ context.Context, each func(indicator.Figure) error) error {
		k := indicatortest.DE
		for i := range maxHeld + 1 {
			if i%1000 == 0 {
				k.Source = fmt.Sprint("s", i/1000)
			}
			if err := each(indicator.Figure{Key: k, Observation: indicator.Observation{First: k.Length.Add(0, i%1000)}}); err != nil {
				return err
			}
		}
		return nil
	}})
	w := s.ask("GET", "/api/v1/figures?as=json-stat", key, nil)
	if w.Code != 400 || !strings.Contains(w.Body.String(), "ask for fewer") {
		t.Errorf("status %d: %.300s", w.Code, w.Body)
	}
}

// Answers that are read slowly are bounded for each key and for all.
func TestAskBusy(t *testing.T) {
	t.Parallel()
	s := open(t)
	enter, leave := make(chan bool), make(chan bool)
	s.serve(asking{desk{s.Desk, s.keys}, func(context.Context, func(indicator.Figure) error) error {
		enter <- true
		<-leave
		return nil
	}})
	var keys []string
	for range 3 {
		keys = append(keys, s.key(nil, apikey.ReadFigures))
	}
	done := make(chan int)
	get := func(i int) { done <- s.ask("GET", "/api/v1/figures", keys[i], nil).Code }
	var codes []int
	for _, i := range []int{0, 0, 1, 1} {
		go get(i)
		<-enter
	}
	for _, i := range []int{0, 2} {
		go get(i)
		codes = append(codes, <-done)
	}
	if !slices.Equal(codes, []int{503, 503}) {
		t.Errorf("a third one of a key and a fifth one: %v", codes)
	}
	close(leave)
	for range 4 {
		if code := <-done; code != 200 {
			t.Errorf("one of the four: status %d", code)
		}
	}
}

// Who goes away ends the question.
func TestAskClientLeaves(t *testing.T) {
	t.Parallel()
	s := open(t)
	ended := make(chan error, 1)
	s.serve(asking{desk{s.Desk, s.keys}, func(ctx context.Context, _ func(indicator.Figure) error) error {
		select {
		case <-ctx.Done():
			ended <- ctx.Err()
		case <-time.After(10 * time.Second):
			ended <- nil
		}
		return ctx.Err()
	}})
	key := s.key(nil, apikey.ReadFigures)
	srv := httptest.NewServer(s.h)
	defer srv.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	r, _ := http.NewRequestWithContext(ctx, "GET", srv.URL+"/api/v1/figures", nil)
	r.Host = "localhost"
	r.Header.Set("Authorization", "Bearer "+key)
	if _, err := http.DefaultClient.Do(r); err == nil {
		t.Fatal("there was an answer")
	}
	if err := <-ended; err == nil {
		t.Error("the question goes on")
	}
}
