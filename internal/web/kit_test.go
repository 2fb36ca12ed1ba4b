package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"lapwing/internal/fault"
	"lapwing/internal/identity"
)

// testKit is a kit with a page, an API route and an upload that answer with
// the error that the test chooses.
func testKit(o Options, fail func() error) *Kit {
	o.Who = identity.Local("ada")
	k := New(o)
	views := k.Views(fstest.MapFS{"thing.html": {Data: []byte(`{{define "main"}}<h1>{{foreign .}}</h1>{{end}}`)}}, nil)
	k.Nav("Things", "/things")
	k.Page("GET /things/{id}", func(w http.ResponseWriter, r *http.Request, who identity.Actor) error {
		if err := fail(); err != nil {
			return fmt.Errorf("show %s: %w", r.PathValue("id"), err)
		}
		return views.Render(w, "thing", View{Title: "Thing", Section: "/things", Main: who.ID})
	})
	k.API("GET /api/things/{id}", func(w http.ResponseWriter, r *http.Request, _ identity.Actor) error {
		if err := fail(); err != nil {
			return err
		}
		return WriteJSON(w, 200, map[string]string{"id": r.PathValue("id")})
	})
	k.Upload("POST /api/things", 1000, func(w http.ResponseWriter, r *http.Request, _ identity.Actor) error {
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil {
			return err
		}
		return WriteJSON(w, 200, n)
	})
	return k
}

func ask(t *testing.T, k *Kit, method, path string, body io.Reader) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, body)
	r.Host, r.RemoteAddr = "localhost:8080", "127.0.0.1:5000"
	w := httptest.NewRecorder()
	k.Handler().ServeHTTP(w, r)
	return w
}

func fine() error { return nil }

func TestErrorsBecomeAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err    error
		status int
		says   string
	}{
		{fault.New(fault.Invalid, "write it otherwise"), 400, "write it otherwise"},
		{fault.New(fault.Denied, "you may not"), 403, "you may not"},
		{fault.New(fault.NotFound, "no thing %q", "<b>"), 404, "no thing"},
		{fault.New(fault.Conflict, "two of them"), 409, "two of them"},
		{fault.New(fault.Busy, "later"), 503, "later"},
		{fault.Because(fault.Internal, errors.New("secret-cause"), "secret-message"), 500, "something went wrong"},
		{errors.New("secret-cause"), 500, "something went wrong"},
		{fmt.Errorf("while asking: %w", fault.New(fault.NotFound, "gone")), 404, "gone"},
		{&http.MaxBytesError{Limit: 17}, 413, "17 bytes"},
	} {
		k := testKit(Options{}, func() error { return c.err })
		for _, path := range []string{"/things/17", "/api/things/17"} {
			w := ask(t, k, "GET", path, nil)
			body := strings.ToLower(w.Body.String())
			if w.Code != c.status || !strings.Contains(body, c.says) || strings.Contains(body, "secret") {
				t.Errorf("GET %s with %v: status %d, body %q; want %d and %q", path, c.err, w.Code, w.Body, c.status, c.says)
			}
			if strings.Contains(body, `"<b>"`) {
				t.Errorf("GET %s with %v: the message is not escaped: %s", path, c.err, w.Body)
			}
			if (c.status == 503) != (w.Header().Get("Retry-After") != "") {
				t.Errorf("GET %s with %v: Retry-After is %q", path, c.err, w.Header().Get("Retry-After"))
			}
			if path == "/things/17" {
				continue
			}
			var p Problem
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Status != c.status || w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("GET %s with %v: %v, %+v, %s: not a problem document", path, c.err, err, p, w.Header().Get("Content-Type"))
			}
		}
	}
}

func TestNoSuchRoute(t *testing.T) {
	t.Parallel()
	k := testKit(Options{}, fine)
	for _, c := range []struct {
		method, path, kind, allow string
		want                      int
	}{
		{"GET", "/nowhere", "text/html; charset=utf-8", "", 404},
		{"GET", "/api/nowhere", "application/problem+json", "", 404},
		{"DELETE", "/things/17", "text/html; charset=utf-8", "GET, HEAD", 405},
		{"DELETE", "/api/things/17", "application/problem+json", "GET, HEAD", 405},
		{"GET", "/static/../kit.go", "text/html; charset=utf-8", "", 307},
		{"GET", "/static/desk.css", "text/plain; charset=utf-8", "", 404},
	} {
		w := ask(t, k, c.method, c.path, nil)
		if w.Code != c.want || w.Header().Get("Content-Type") != c.kind || w.Header().Get("Allow") != c.allow {
			t.Errorf("%s %s: status %d, %q, Allow %q; want %d, %q, %q", c.method, c.path, w.Code, w.Header().Get("Content-Type"), w.Header().Get("Allow"), c.want, c.kind, c.allow)
		}
	}
}

func TestEveryAnswerHasTheHeaders(t *testing.T) {
	t.Parallel()
	k := testKit(Options{}, fine)
	for _, path := range []string{"/things/1", "/api/things/1", "/healthz", "/nowhere", k.assets.path("desk.css"), "/static/none"} {
		for _, host := range []string{"localhost", "evil.example"} {
			r := httptest.NewRequest("GET", path, nil)
			r.Host, r.RemoteAddr = host, "127.0.0.1:5000"
			w := httptest.NewRecorder()
			k.Handler().ServeHTTP(w, r)
			h := w.Header()
			for name, want := range map[string]string{
				"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
				"X-Frame-Options": "DENY", "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
			} {
				if got := h.Get(name); got != want {
					t.Errorf("GET %s at %s: %s is %q, want %q", path, host, name, got, want)
				}
			}
			kept := path == k.assets.path("desk.css") && host == "localhost"
			if got := h.Get("Cache-Control"); strings.Contains(got, "no-store") == kept {
				t.Errorf("GET %s at %s: Cache-Control is %q", path, host, got)
			}
			for name := range h {
				if strings.HasPrefix(name, "Access-Control") {
					t.Errorf("GET %s: %s lets other sites in", path, name)
				}
			}
		}
	}
}

func TestLayout(t *testing.T) {
	t.Parallel()
	page := ask(t, testKit(Options{Demo: true}, fine), "GET", "/things/1", nil).Body.String()
	for _, want := range []string{
		`<html lang="en">`, `<title>Thing · Lapwing</title>`, `<a class="skip" href="#main">`, `<main id="main"`, `<header class="top">`, `<nav aria-label="Desk">`, `<footer`,
		`<a href="/things" aria-current="page">Things</a>`, `Everything on this desk is invented.`, `<h1><bdi>local:ada</bdi></h1>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s:\n%s", want, page)
		}
	}
	for _, re := range []string{`<script`, `<style`, `\sstyle=`, `\son[a-z]+=`, `https?://`} {
		if m := regexp.MustCompile(re).FindString(page); m != "" {
			t.Errorf("the page has %q, which the policy forbids", m)
		}
	}
	if page := ask(t, testKit(Options{}, fine), "GET", "/things/1", nil).Body.String(); strings.Contains(page, "invented") {
		t.Error("a desk that is no demo says that it is one")
	}
}

// No act is by nobody: without an actor it is whoever started the desk.
func TestSomebodyActs(t *testing.T) {
	t.Parallel()
	if k := New(Options{}); !k.o.Who.Valid() || !strings.HasPrefix(k.o.Who.ID, "local:") {
		t.Errorf("without an actor %q acts, want the local user", k.o.Who.ID)
	}
}

func TestStyleLoadsNothing(t *testing.T) {
	t.Parallel()
	k := testKit(Options{}, fine)
	w := ask(t, k, "GET", k.assets.path("desk.css"), nil)
	if w.Code != 200 || w.Header().Get("Content-Type") != "text/css; charset=utf-8" {
		t.Fatalf("the style: status %d, %s", w.Code, w.Header().Get("Content-Type"))
	}
	css := w.Body.String()
	for _, want := range []string{"prefers-color-scheme: dark", "prefers-contrast: more", "forced-colors: active", "@media print", ":focus-visible"} {
		if !strings.Contains(css, want) {
			t.Errorf("the style has no %s", want)
		}
	}
	for _, not := range []string{"url(", "@import", "@font-face"} {
		if strings.Contains(css, not) {
			t.Errorf("the style has %s: it must load nothing", not)
		}
	}
}

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	k := testKit(Options{}, fine)
	for _, c := range []struct {
		size  int
		known bool
		want  int
	}{{1000, true, 200}, {1000, false, 200}, {1001, true, 413}, {1001, false, 413}} {
		var body io.Reader = strings.NewReader(strings.Repeat("x", c.size))
		if !c.known {
			body = io.MultiReader(body) // hides the length
		}
		if w := ask(t, k, "POST", "/api/things", body); w.Code != c.want {
			t.Errorf("%d bytes, length known %v: status %d, want %d", c.size, c.known, w.Code, c.want)
		}
	}
}

func TestLogNamesNobody(t *testing.T) {
	t.Parallel()
	for _, err := range []error{nil, errors.New("store: boom"), fault.New(fault.NotFound, "no private-id here")} {
		var log bytes.Buffer
		k := testKit(Options{Log: slog.New(slog.NewTextHandler(&log, nil))}, func() error { return err })
		ask(t, k, "GET", "/things/private-id?find=private-name", nil)
		ask(t, k, "GET", "/private-path", nil)
		got := log.String()
		if strings.Contains(got, "private") || strings.Contains(got, "127.0.0.1") || strings.Contains(got, "5000") {
			t.Errorf("with %v the log tells too much:\n%s", err, got)
		}
		if !strings.Contains(got, `route="GET /things/{id}"`) || !strings.Contains(got, "status=") || !strings.Contains(got, "took=") {
			t.Errorf("with %v the log tells too little:\n%s", err, got)
		}
		if want := err != nil && fault.KindOf(err) == fault.Internal; strings.Contains(got, "boom") != want {
			t.Errorf("with %v the log says:\n%s", err, got)
		}
	}
}

func TestPanic(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	k := testKit(Options{Log: slog.New(slog.NewTextHandler(&log, nil))}, func() error { panic("private-value") })
	for _, path := range []string{"/things/1", "/api/things/1"} {
		if w := ask(t, k, "GET", path, nil); w.Code != 500 || strings.Contains(w.Body.String(), "private") {
			t.Errorf("GET %s that panics: status %d, %s", path, w.Code, w.Body)
		}
	}
	if got := log.String(); strings.Contains(got, "private") || !strings.Contains(got, "kit_test.go") || !strings.Contains(got, "status=500") {
		t.Errorf("the log of a panic names the value, or not the place:\n%s", got)
	}
}
