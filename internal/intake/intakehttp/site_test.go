package intakehttp

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/intake"
	"lapwing/internal/web"
)

// site is a desk's pages for a test.
func site(d Desk) http.Handler {
	k := web.New(web.Options{Who: identity.Local("ada"), Demo: true})
	Register(k, d)
	return k.Handler()
}

func send(h http.Handler, method, path string, body io.Reader) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, body)
	r.Host, r.RemoteAddr = "localhost:8080", "127.0.0.1:5000"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func get(h http.Handler, path string) *httptest.ResponseRecorder { return send(h, "GET", path, nil) }

var tags = regexp.MustCompile(`<[^>]*>`)

// text is what a person reads of a page, with single blanks.
func text(page string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(page, " "))), " ")
}

// routes are all that read, as they are asked for.
var routes = []string{
	"/referrals", "/referrals?state=all&country=EL&source=ncmec&kind=csam&media=new&risk=10", "/referrals/0000K7Q2M9XWPVTA", "/refused", "/refused?state=all", "/batches",
	"/api/v1/referrals", "/api/v1/referrals/0000K7Q2M9XWPVTA", "/healthz",
}

func TestEveryRouteAnswers(t *testing.T) {
	t.Parallel()
	h := site(invented(60))
	for _, path := range routes {
		w := get(h, path)
		if w.Code != 200 {
			t.Errorf("GET %s: status %d: %s", path, w.Code, text(w.Body.String()))
		}
		hd := w.Header()
		if !strings.HasPrefix(hd.Get("Content-Security-Policy"), "default-src 'none'; style-src 'self'") || hd.Get("X-Content-Type-Options") != "nosniff" ||
			hd.Get("Cache-Control") != "no-store" || hd.Get("Referrer-Policy") != "no-referrer" || hd.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("GET %s: headers %v", path, hd)
		}
		if m := regexp.MustCompile(`<script|<style|\sstyle=|\son[a-z]+="`).FindString(w.Body.String()); m != "" {
			t.Errorf("GET %s has %q, which the policy forbids", path, m)
		}
	}
	if w := get(h, "/"); w.Code != 303 || w.Header().Get("Location") != "/referrals" {
		t.Errorf("GET /: status %d to %q, want the queue", w.Code, w.Header().Get("Location"))
	}
}

func TestEveryRouteIsGuarded(t *testing.T) {
	t.Parallel()
	h := site(invented(1))
	for _, path := range append(routes, "/") {
		r := httptest.NewRequest("GET", path, nil)
		r.Host, r.RemoteAddr = "desk.example", "127.0.0.1:5000"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 403 || strings.Contains(w.Body.String(), "K7Q2") {
			t.Errorf("GET %s by another name: status %d, want 403", path, w.Code)
		}
	}
}

// What the desk answers with decides the status, on every route.
func TestFaultsOfTheDesk(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want int
	}{
		{fault.New(fault.Invalid, "x"), 400}, {fault.New(fault.Denied, "x"), 403}, {fault.New(fault.NotFound, "x"), 404},
		{fault.New(fault.Conflict, "x"), 409}, {fault.New(fault.Busy, "x"), 503}, {fmt.Errorf("database secret"), 500},
	} {
		f := invented(1)
		f.err = c.err
		h := site(f)
		for _, path := range routes {
			if path == "/healthz" {
				continue
			}
			w := get(h, path)
			if w.Code != c.want || strings.Contains(w.Body.String(), "secret") {
				t.Errorf("GET %s where the desk says %v: status %d, want %d: %s", path, c.err, w.Code, c.want, text(w.Body.String()))
			}
		}
	}
}

func TestBadRequests(t *testing.T) {
	t.Parallel()
	f := invented(30)
	h := site(f)
	ref := f.rows[0].Ref
	for _, c := range []struct {
		path string
		want int
	}{
		{"/referrals/NOSUCH", 404},
		{"/referrals/%3Cscript%3E", 404},
		{"/referrals/%00", 404},
		{"/referrals/%FF%FE", 404},
		{"/referrals/" + strings.Repeat("A", 5000), 404},
		{"/referrals/..%2F..%2Fetc", 404},
		{"/referrals/" + ref + "?version=2", 404},
		{"/referrals/" + ref + "?version=0", 400},
		{"/referrals/" + ref + "?version=-1", 400},
		{"/referrals/" + ref + "?version=x", 400},
		{"/referrals/" + ref + "?version=99999999999999999999", 400},
		{"/referrals?find=nosuch", 404},
		{"/referrals?find=%00", 404},
		{"/referrals?state=wrong", 400},
		{"/referrals?country=LUX", 400},
		{"/referrals?country=L1", 400},
		{"/referrals?kind=wrong", 400},
		{"/referrals?kind=csa", 400},
		{"/referrals?media=wrong", 400},
		{"/referrals?risk=101", 400},
		{"/referrals?risk=-1", 400},
		{"/referrals?risk=high", 400},
		{"/referrals?limit=0", 400},
		{"/referrals?limit=501", 400},
		{"/referrals?source=%00", 400},
		{"/referrals?source=%FF", 400},
		{"/referrals?source=" + strings.Repeat("a", 201), 400},
		{"/referrals?country=LU&country=NL", 400},
		{"/referrals?after=wrong", 400},
		{"/referrals?wrong=1", 400},
		{"/refused?state=wrong", 400},
		{"/refused?after=x", 400},
	} {
		for _, prefix := range []string{"", "/api/v1"} {
			if prefix != "" && (strings.HasPrefix(c.path, "/refused") || strings.Contains(c.path, "find=")) {
				continue
			}
			w := get(h, prefix+c.path)
			if w.Code != c.want {
				t.Errorf("GET %s%s: status %d, want %d: %s", prefix, c.path, w.Code, c.want, text(w.Body.String()))
			}
			if strings.Contains(w.Body.String(), "<script>") {
				t.Errorf("GET %s%s: what was asked comes back unescaped", prefix, c.path)
			}
		}
	}
}

func TestRefusedPage(t *testing.T) {
	t.Parallel()
	f := invented(1)
	f.refused = nil
	for i := range 120 {
		f.refused = append(f.refused, intake.Refused{ID: int64(i + 1), State: intake.RefusedHeld, Path: fmt.Sprintf("inbox/item-%03d<i>\u202E", i), Seen: 1})
	}
	h := site(f)
	path, seen := "/refused", 0
	for path != "" {
		page := get(h, path).Body.String()
		if strings.Contains(page, "<i>") || strings.Contains(page, "\u202E") || !strings.Contains(page, "U+202E") {
			t.Fatalf("GET %s: a path is shown as it is", path)
		}
		for ; strings.Contains(page, fmt.Sprintf("item-%03d", seen)); seen++ {
		}
		path = nextLink(page)
	}
	if seen != 120 {
		t.Errorf("the pages have the first %d of 120 refused items", seen)
	}
	if len(f.looks) != 3 {
		t.Errorf("3 pages were looked at, %d looks are on record", len(f.looks))
	}
	f.refused = invented(1).refused
	if got, want := text(get(h, "/refused").Body.String()), "the report names no incident; it needs one report/incidentSummary inbox/synthetic-1.xml cybertip-xml 8 000 2 times 2026-11-20 12:00 UTC"; !strings.Contains(got, want) {
		t.Errorf("the page has no %q:\n%s", want, got)
	}
}

func TestBatchesPage(t *testing.T) {
	t.Parallel()
	got := text(get(site(invented(1)), "/batches").Body.String())
	if want := "2 2026-11-20 12:00 UTC closed 2026-11-20 12:00 UTC 12 345 12 000 300 42 3 local:ada inbox"; !strings.Contains(got, want) {
		t.Errorf("the page has no %q:\n%s", want, got)
	}
}

var nextAnchor = regexp.MustCompile(`<a class="next" href="([^"]*)"`)

// nextLink is the address of the next page, "" where this is the last.
func nextLink(page string) string {
	if m := nextAnchor.FindStringSubmatch(page); m != nil {
		return html.UnescapeString(m[1])
	}
	return ""
}
