package indicatorhttp

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"html"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"lapwing/internal/apikey"
	"lapwing/internal/apikey/apikeysql"
	"lapwing/internal/identity"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/fromjson"
	"lapwing/internal/indicator/fromtable"
	"lapwing/internal/indicator/indicatortest"
	"lapwing/internal/sqldb/sqldbtest"
	"lapwing/internal/web"
)

// site is a desk behind its routes.
type site struct {
	*indicatortest.Desk
	keys *apikey.Service
	h    http.Handler
	p    *pages
	log  *bytes.Buffer
	t    *testing.T
}

// open makes an empty desk. Its clock stands at 2026-03-01 12:00 UTC.
func open(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, Desk: indicatortest.New(t, sqldbtest.SQLite(t)), log: &bytes.Buffer{}}
	s.keys = &apikey.Service{Store: apikeysql.Store{DB: s.DB}, Clock: s.Clock, Audit: s.Audit}
	t.Cleanup(s.keys.Wait)
	s.serve(desk{s.Desk, s.keys})
	return s
}

func (s *site) serve(d Desk) {
	k := web.New(web.Options{Who: identity.Local("ada"), Demo: true, Log: slog.New(slog.NewTextHandler(s.log, nil))})
	s.p = register(k, d)
	s.h = k.Handler()
}

// desk is what the program wires: figures, a reader and keys.
type desk struct {
	*indicatortest.Desk
	keys *apikey.Service
}

func (d desk) CheckKey(ctx context.Context, secret string, scopes ...string) (Grant, error) {
	var ss []apikey.Scope
	for _, s := range scopes {
		ss = append(ss, apikey.Scope(s))
	}
	k, who, err := d.keys.Check(ctx, secret, ss...)
	return Grant{Who: who, Source: k.Source, Indicators: k.Indicators}, err
}

func (d desk) ReadFigures(r io.Reader, o fromtable.Options) (*fromtable.Understood, iter.Seq2[indicator.Row, error], error) {
	in := bufio.NewReader(r)
	rows := func(read func(func(fromtable.Row) error) error) iter.Seq2[indicator.Row, error] {
		stop := errors.New("enough")
		return func(yield func(indicator.Row, error) bool) {
			err := read(func(r fromtable.Row) error {
				if !yield(indicator.Row{Place: r.Place.String(), Figure: r.Figure, Problems: r.Problems}, nil) {
					return stop
				}
				return nil
			})
			if err != nil && !errors.Is(err, stop) {
				yield(indicator.Row{}, err)
			}
		}
	}
	if head, _ := in.Peek(1); len(head) > 0 && (head[0] == '{' || head[0] == '[') {
		return nil, rows(func(yield func(fromtable.Row) error) error {
			return fromjson.Read(in, fromjson.Options{Indicator: o.Indicator, Source: o.Source, Geography: o.Geography, Length: o.Length}, yield)
		}), nil
	}
	t, err := fromtable.Open(in, o)
	if err != nil {
		return nil, nil, err
	}
	return t.Understood(), rows(t.Read), nil
}

// key makes a key of the source ncmec with the scopes.
func (s *site) key(mend func(*apikey.Key), scopes ...apikey.Scope) string {
	s.t.Helper()
	k := apikey.Key{Name: "Example", Scopes: scopes, Source: "ncmec"}
	if mend != nil {
		mend(&k)
	}
	secret, _, err := s.keys.Create(s.t.Context(), s.Who, k)
	if err != nil {
		s.t.Fatal(err)
	}
	return secret
}

// ask sends a request with a key ("": none).
func (s *site) ask(method, path, key string, body io.Reader) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, body)
	r.Host, r.RemoteAddr = "localhost:8080", "127.0.0.1:5000"
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	w := httptest.NewRecorder()
	s.h.ServeHTTP(w, r)
	return w
}

func (s *site) get(path string) *httptest.ResponseRecorder { return s.ask("GET", path, "", nil) }

func (s *site) post(path, key, body string) *httptest.ResponseRecorder {
	return s.ask("POST", "/api/v1/figures"+path, key, strings.NewReader(body))
}

// taken reads the answer of a POST.
type taken struct {
	Title, Detail string
	Status        int
	takenDocument
}

func (s *site) taken(w *httptest.ResponseRecorder) (t taken) {
	s.t.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), &t); err != nil {
		s.t.Fatalf("%v: %s", err, w.Body)
	}
	if problem := w.Header().Get("Content-Type") == "application/problem+json"; problem != (w.Code >= 400) || problem && t.Status != w.Code {
		s.t.Errorf("status %d is told as %s: %s", w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	return t
}

// all is what the desk knows.
func (s *site) all() []string { s.t.Helper(); return s.Known(indicator.Selection{}) }

var tags = regexp.MustCompile(`<[^>]*>`)

// text is what a person reads of a page, with single blanks.
func text(page string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(page, " "))), " ")
}

// withoutSVG is a page without its drawings.
func withoutSVG(page string) string {
	return regexp.MustCompile(`(?s)<svg.*?</svg>`).ReplaceAllString(page, "")
}

func has(t *testing.T, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("there is no %q in\n%.3000s", w, got)
		}
	}
}

// hours moves the desk's clock.
func (s *site) hours(n int) { s.Clock.Move(time.Duration(n) * time.Hour) }
