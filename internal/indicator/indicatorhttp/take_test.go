package indicatorhttp

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"lapwing/internal/apikey"
	"lapwing/internal/calendar"
	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/indicator"
)

const (
	two   = `{"indicator":"referrals","figures":[{"geography":"DE","period":"2025-11","value":17},{"geography":"DE","period":"2025-12","value":null,"status":"unavailable"}]}`
	long  = "Land;Monat;Anzahl\nDeutschland;01.11.2025;1.017\nFrankreich;01.11.2025;2.000\nDeutschland;01.12.2025;\nFrankreich;01.12.2025;2.100\n"
	wrong = `[{"indicator":"referrals","geography":"XX","period":"2025-11","value":17}]`
)

func TestTake(t *testing.T) {
	t.Parallel()
	s := open(t)
	key := s.key(nil, apikey.WriteFigures)
	for _, c := range []struct {
		name, body string
		want       int
		totals     [4]int64 // accepted, updated, duplicate, refused
	}{
		{"a document", two, 201, [4]int64{2, 0, 0, 0}},
		{"the same again", two, 200, [4]int64{0, 0, 2, 0}},
		{"a revision", strings.Replace(two, "17", "19", 1), 200, [4]int64{0, 1, 1, 0}},
		{"a list with one that is wrong", `[{"indicator":"referrals","geography":"FR","period":"2025-11","value":5},{"indicator":"referrals","geography":"FR","period":"2025-12","value":-1}]`, 201, [4]int64{1, 0, 0, 1}},
		{"lines", `{"indicator":"referrals","geography":"BE","period":"2025-11","value":5}` + "\n" + `{"indicator":"referrals","geography":"BE","period":"2025-12","value":6}` + "\n", 201, [4]int64{2, 0, 0, 0}},
		{"nothing but wrong ones", wrong, 422, [4]int64{0, 0, 0, 1}},
		{"an indicator that is not defined", strings.Replace(two, "referrals", "elsewhere", 1), 422, [4]int64{0, 0, 0, 2}},
	} {
		w := s.post("", key, c.body)
		got := s.taken(w)
		n := got.Totals
		if w.Code != c.want || [4]int64{n.Accepted, n.Updated, n.Duplicate, n.Refused} != c.totals || n.Read != n.Settled() || n.Batch == 0 {
			t.Errorf("%s: status %d, %+v, want %d %v", c.name, w.Code, n, c.want, c.totals)
		}
		for _, r := range got.Receipts {
			if r.Outcome == indicator.Refused && (len(r.Reasons) == 0 || r.Place == "") {
				t.Errorf("%s: a refusal without place or reasons: %+v", c.name, r)
			}
		}
		if want := c.totals[3]; int64(len(got.Receipts)) != want+c.totals[1] { // the revision of a final figure is noted
			t.Errorf("%s: %d receipts: %+v", c.name, len(got.Receipts), got.Receipts)
		}
	}
	want := []string{
		"referrals/ncmec/BE/month 2025-11 5", "referrals/ncmec/BE/month 2025-12 6",
		"referrals/ncmec/DE/month 2025-11 19", "referrals/ncmec/DE/month 2025-12 unavailable", "referrals/ncmec/FR/month 2025-11 5",
	}
	if got := s.all(); !slices.Equal(got, want) {
		t.Errorf("the desk knows %q", got)
	}
	bs, err := s.Batches(t.Context(), 1)
	if err != nil || !strings.HasPrefix(bs[0].Actor, "key:") || bs[0].Inputs != "POST /api/v1/figures" {
		t.Errorf("the import is %+v, %v", bs, err)
	}
	s.Whole()
}

func TestTakeATable(t *testing.T) {
	t.Parallel()
	s := open(t)
	key := s.key(nil, apikey.WriteFigures)
	w := s.post("?indicator=referrals&length=month", key, long)
	got := s.taken(w)
	if w.Code != 201 || got.Totals.Accepted != 4 || got.Understood == nil || got.Understood.Delimiter != "semicolon" {
		t.Errorf("status %d: %.500s", w.Code, w.Body)
	}
	if got := s.all(); !slices.Equal(got, []string{"referrals/ncmec/DE/month 2025-11 1017", "referrals/ncmec/DE/month 2025-12 not reported",
		"referrals/ncmec/FR/month 2025-11 2000", "referrals/ncmec/FR/month 2025-12 2100"}) {
		t.Errorf("the desk knows %q", got)
	}
	// Every option that a reader may ask for is a parameter.
	w = s.post("?indicator=p2p&per=day&columns=period%3Dd,value%3Dv,geography%3Dg&date_order=dmy&decimal=point&delimiter=bar&encoding=utf-8&excel_dates=1900"+
		"&words=Bund%3DDE&words=Summe%3D&marks=x%3Dunavailable&zero_means_unavailable=p2p/*/*/day&source=NCMEC", key,
		"d|g|v\n1/2/2026|Bund|5\n2/2/2026|Bund|x\n3/2/2026|Bund|0\n3/2/2026|Summe|5\n")
	if w.Code != 201 {
		t.Fatalf("status %d: %.500s", w.Code, w.Body)
	}
	if got := s.Known(indicator.Selection{Indicators: []string{"p2p"}}); !slices.Equal(got, []string{"p2p/ncmec/DE/day 2026-02-01 5", "p2p/ncmec/DE/day 2026-02-02 unavailable", "p2p/ncmec/DE/day 2026-02-03 unavailable"}) {
		t.Errorf("the desk knows %q", got)
	}
}

// What a table does not settle is asked, with what was understood of it.
func TestTakeAsks(t *testing.T) {
	t.Parallel()
	s := open(t)
	key := s.key(nil, apikey.WriteFigures)
	body := "date,country,count\n1/2/2025,Germany,5\n2/2/2025,France,6\n"
	w := s.post("?indicator=referrals", key, body)
	got := s.taken(w)
	if w.Code != 400 || got.Understood == nil || len(got.Understood.Questions) == 0 || !strings.Contains(got.Detail, "date_order") {
		t.Errorf("status %d: %.500s", w.Code, w.Body)
	}
	if w := s.post("?indicator=referrals&date_order=dmy", key, body); w.Code != 201 {
		t.Errorf("with the answer: status %d: %.500s", w.Code, w.Body)
	}
	for body, want := range map[string]string{"nothing of the sort": "cannot be read", "\x00\x01\x02": "cannot be read", "<html></html>\n<p>": "cannot be read", "{": "ends early", "[]": "no figures"} {
		if w := s.post("", key, body); w.Code != 400 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%q: status %d: %s", body, w.Code, w.Body)
		}
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	s := open(t)
	write := s.key(nil, apikey.WriteFigures)
	read := s.key(nil, apikey.ReadFigures)
	expired := s.key(func(k *apikey.Key) { k.Expires = s.Clock.Now().Add(time.Hour) }, apikey.Scopes...)
	revoked := s.key(nil, apikey.Scopes...)
	if err := s.keys.Revoke(t.Context(), s.Who, revoked[8:16]); err != nil {
		t.Fatal(err)
	}
	s.hours(1)
	bad := func(secret string) string { return secret[:len(secret)-4] + "AAAA" }
	routes := []struct {
		method, path string
		right, other string // keys with the scope, and without
	}{{"POST", "/api/v1/figures", write, read}, {"GET", "/api/v1/figures", read, write}, {"GET", "/api/v1/indicators", read, ""}}
	for _, c := range routes {
		name := c.method + " " + c.path
		answers := map[string]bool{}
		for _, key := range []string{bad(write), bad(read), expired, revoked, "lapwing_aaaaaaaa_" + strings.Repeat("A", 26), "x", strings.Repeat("x", 8000), "a b", "ä\x01"} {
			w := s.ask(c.method, c.path, key, strings.NewReader(two))
			if w.Code != 401 || w.Header().Get("WWW-Authenticate") != `Bearer error="invalid_token"` || w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s with %.20q: status %d, %v", name, key, w.Code, w.Header())
			}
			answers[w.Body.String()] = true
		}
		if len(answers) != 1 {
			t.Errorf("%s: the answers differ: %v", name, answers)
		}
		if w := s.ask(c.method, c.path, "", strings.NewReader(two)); w.Code != 401 || w.Header().Get("WWW-Authenticate") != "Bearer" {
			t.Errorf("%s without a key: status %d, %v", name, w.Code, w.Header())
		}
		for _, auth := range [][]string{{"Basic " + c.right}, {c.right}, {"Bearer"}, {"Bearer "}, {"Bearer " + c.right, "Bearer " + c.right}} {
			r := httptest.NewRequest(c.method, c.path, strings.NewReader(two))
			r.Host, r.RemoteAddr, r.Header["Authorization"] = "localhost", "127.0.0.1:5000", auth
			w := httptest.NewRecorder()
			s.h.ServeHTTP(w, r)
			if w.Code != 401 {
				t.Errorf("%s with %.10q: status %d", name, auth, w.Code)
			}
		}
		if w := s.ask(c.method, c.path+"?key="+c.right, "", strings.NewReader(two)); w.Code != 401 {
			t.Errorf("%s with a key in the address: status %d", name, w.Code)
		}
		if c.other != "" {
			if w := s.ask(c.method, c.path, c.other, strings.NewReader(two)); w.Code != 403 || !strings.Contains(w.Header().Get("WWW-Authenticate"), "insufficient_scope") {
				t.Errorf("%s with another scope: status %d, %v", name, w.Code, w.Header())
			}
		}
	}
	if got := s.all(); len(got) != 0 {
		t.Errorf("somebody wrote %q", got)
	}
	for _, c := range routes {
		r := httptest.NewRequest(c.method, c.path, strings.NewReader(two))
		r.Host, r.RemoteAddr = "localhost", "127.0.0.1:5000"
		r.Header.Set("Authorization", "bearer  "+c.right)
		w := httptest.NewRecorder()
		s.h.ServeHTTP(w, r)
		if w.Code >= 300 {
			t.Errorf("%s %s: status %d: %s", c.method, c.path, w.Code, w.Body)
		}
		r = httptest.NewRequest(c.method, c.path, strings.NewReader(two))
		r.Host, r.RemoteAddr = "desk.example", "127.0.0.1:5000"
		r.Header.Set("Authorization", "Bearer "+c.right)
		w = httptest.NewRecorder()
		s.h.ServeHTTP(w, r)
		if w.Code != 403 {
			t.Errorf("%s %s by another name: status %d, want 403", c.method, c.path, w.Code)
		}
	}
	if w := s.ask("GET", "/api/v1/indicators", write, nil); w.Code != 200 {
		t.Errorf("who writes may see what is defined: status %d", w.Code)
	}
	for _, secret := range []string{write, read, expired, revoked} {
		if strings.Contains(s.log.String(), secret[17:]) {
			t.Error("the log holds a secret")
		}
	}
}

// A key writes figures of its source and of its indicators, and of no others.
func TestTakeOfOneSource(t *testing.T) {
	t.Parallel()
	s := open(t)
	key := s.key(func(k *apikey.Key) { k.Indicators = []string{"p2p", "referrals"} }, apikey.WriteFigures)
	body := `{"figures":[
		{"indicator":"referrals","source":"ncmec","geography":"DE","period":"2025-11","value":1},
		{"indicator":"referrals","source":"NCMEC","geography":"FR","period":"2025-11","value":2},
		{"indicator":"referrals","source":"other","geography":"DE","period":"2025-11","value":3},
		{"indicator":"referrals","source":"desk","geography":"DE","period":"2025-11","value":4},
		{"indicator":"forum-posts","geography":"DE","period":"2025-11-01","value":5},
		{"indicator":"p2p","geography":"DE","period":"2025-11-01","value":6}]}`
	w := s.post("", key, body)
	got := s.taken(w)
	if w.Code != 201 || got.Totals.Accepted != 3 || got.Totals.Refused != 3 || len(got.Receipts) != 3 {
		t.Fatalf("status %d: %.500s", w.Code, w.Body)
	}
	for i, want := range []string{`the figure is of "other", and the key writes figures of ncmec only`, `the figure is of "desk", and`, `the key does not write figures of "forum-posts": it writes p2p, referrals`} {
		if !strings.HasPrefix(strings.Join(got.Receipts[i].Reasons, "; "), want) {
			t.Errorf("receipt %d says %q, want %q", i, got.Receipts[i].Reasons, want)
		}
	}
	if got := s.all(); !slices.Equal(got, []string{"p2p/ncmec/DE/day 2025-11-01 6", "referrals/ncmec/DE/month 2025-11 1", "referrals/ncmec/FR/month 2025-11 2"}) {
		t.Errorf("the desk knows %q", got)
	}
	for _, q := range []string{"?source=other", "?source=desk", "?source=", "?source=%00"} {
		if w := s.post(q, key, two); w.Code != 400 {
			t.Errorf("%s: status %d", q, w.Code)
		}
	}
	// Columns of a table, too.
	w = s.post("", key, "indicator,source,geography,period,value\nreferrals,other,DE,2025-12,5\nreferrals,ncmec,DE,2025-12,6\n")
	if got := s.taken(w); got.Totals.Accepted != 1 || got.Totals.Refused != 1 {
		t.Errorf("a table with sources: %s", w.Body)
	}
}

// When the desk learned a figure is for the desk to say: nobody rewrites what
// was known on an earlier day.
func TestTakeIsLearnedNow(t *testing.T) {
	t.Parallel()
	s := open(t)
	key := s.key(nil, apikey.WriteFigures)
	w := s.post("", key, `{"indicator":"referrals","learned":"2025-12-03T10:00:00Z","figures":[{"geography":"DE","period":"2025-11","value":17}]}`)
	got := s.taken(w)
	if w.Code != 201 || len(got.Notes) != 1 || !strings.HasPrefix(got.Notes[0], "Figures that say when they were learned: 1.") {
		t.Errorf("status %d: %.500s", w.Code, w.Body)
	}
	if got := s.Known(indicator.Selection{AsOf: s.Clock.Now().Add(-time.Hour)}); len(got) != 0 {
		t.Errorf("an hour ago the desk knew %q", got)
	}
	if w := s.post("?learned=2025-12-03", key, two); w.Code != 400 {
		t.Errorf("a parameter learned: status %d", w.Code)
	}
}

func TestDryRun(t *testing.T) {
	t.Parallel()
	s := open(t)
	key := s.key(nil, apikey.WriteFigures)
	s.post("", key, two)
	before := s.all()
	entries := s.AuditEntries("indicator.import")
	for _, q := range []string{"?dry_run", "?dry_run=1", "?dry_run=true"} {
		w := s.post(q, key, strings.Replace(two, "17", "18", 1))
		got := s.taken(w)
		if w.Code != 200 || !got.DryRun || got.Totals.Updated != 1 || got.Totals.Duplicate != 1 || got.Totals.Batch != 0 {
			t.Errorf("%s: status %d: %s", q, w.Code, w.Body)
		}
	}
	w := s.post("?dry_run&indicator=referrals&length=month", key, long)
	if got := s.taken(w); w.Code != 200 || got.Totals.Accepted+got.Totals.Updated == 0 || got.Understood == nil || got.Understood.Figures != 4 {
		t.Errorf("a table: status %d: %.500s", w.Code, w.Body)
	}
	if w := s.post("?dry_run", key, wrong); w.Code != 422 || strings.Contains(w.Body.String(), "sealed") {
		t.Errorf("wrong ones: status %d: %.500s", w.Code, w.Body)
	}
	if w := s.post("?dry_run=perhaps", key, two); w.Code != 400 {
		t.Errorf("a dry run perhaps: status %d", w.Code)
	}
	if !slices.Equal(s.all(), before) || s.AuditEntries("indicator.import") != entries {
		t.Errorf("a dry run left a trace: %q", s.all())
	}
	if bs, err := s.Batches(t.Context(), 10); err != nil || len(bs) != 1 {
		t.Errorf("the imports are %+v, %v", bs, err)
	}
	s.Whole()
}

// The rest of a body that cannot be read is named; what stands before it is in.
func TestTakeHalf(t *testing.T) {
	t.Parallel()
	s := open(t)
	key := s.key(nil, apikey.WriteFigures)
	body := `{"indicator":"referrals","figures":[{"geography":"DE","period":"2025-11","value":17},{"geography":"DE","period":`
	w := s.post("?dry_run", key, body)
	if got := s.taken(w); w.Code != 400 || got.Totals.Read != 0 || !strings.Contains(got.Detail, "ends early") || len(s.all()) != 0 {
		t.Errorf("a dry run: status %d: %.500s", w.Code, w.Body)
	}
	w = s.post("", key, body)
	if got := s.taken(w); w.Code != 400 || got.Totals.Accepted != 1 || !strings.Contains(got.Detail, "ends early") || len(s.all()) != 1 {
		t.Errorf("status %d: %.500s", w.Code, w.Body)
	}
	s.Whole()
}

func TestTakeLeavesReceiptsOut(t *testing.T) {
	t.Parallel()
	s := open(t)
	key := s.key(nil, apikey.WriteFigures)
	var b bytes.Buffer
	for i := range maxReceipts + 7 {
		fmt.Fprintf(&b, `{"indicator":"referrals","geography":"DE","period":"2025-11","value":-%d}`+"\n", i+1)
	}
	got := s.taken(s.post("", key, b.String()))
	if len(got.Receipts) != maxReceipts || got.Left != 7 || got.Totals.Refused != maxReceipts+7 {
		t.Errorf("%d receipts, %d left out, %+v", len(got.Receipts), got.Left, got.Totals)
	}
}

// endless is a table larger than any limit.
type endless struct{ left string }

func (e *endless) Read(p []byte) (int, error) {
	if e.left == "" {
		e.left = "DE,2025-11,5," + strings.Repeat("x", 4000) + "\n"
	}
	n := copy(p, e.left)
	e.left = e.left[n:]
	return n, nil
}

func tooLarge() io.Reader { return io.MultiReader(&endless{"country,month,count,note\n"}) }

func TestBodies(t *testing.T) {
	t.Parallel()
	s := open(t)
	key := s.key(nil, apikey.WriteFigures)
	r := httptest.NewRequest("POST", "/api/v1/figures", tooLarge())
	r.Host, r.RemoteAddr, r.ContentLength = "localhost", "127.0.0.1:5000", maxBody+1
	r.Header.Set("Authorization", "Bearer "+key)
	w := httptest.NewRecorder()
	s.h.ServeHTTP(w, r)
	if w.Code != 413 {
		t.Errorf("a body that says it is too large: status %d", w.Code)
	}
	if w := s.ask("POST", "/api/v1/figures?dry_run&indicator=referrals", key, tooLarge()); w.Code != 413 {
		t.Errorf("a dry run that is too large: status %d: %.500s", w.Code, w.Body)
	}
	if w := s.post("", key, ""); w.Code != 400 {
		t.Errorf("nothing: status %d", w.Code)
	}
	r = httptest.NewRequest("POST", "/api/v1/figures", strings.NewReader(two))
	r.Host, r.RemoteAddr = "localhost", "127.0.0.1:5000"
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Encoding", "gzip")
	w = httptest.NewRecorder()
	s.h.ServeHTTP(w, r)
	if w.Code != 400 || !strings.Contains(w.Body.String(), "compressed") {
		t.Errorf("a compressed body: status %d: %.500s", w.Code, w.Body)
	}
}

type broken struct{ r io.Reader }

func (b broken) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// A body that breaks off is not taken for a whole one, wherever it does.
func TestTakeBrokenBody(t *testing.T) {
	t.Parallel()
	s := open(t)
	key := s.key(nil, apikey.WriteFigures)
	var many strings.Builder // more than a reader looks at before it begins
	for d := range 3000 {
		fmt.Fprintf(&many, `{"indicator":"p2p","geography":"DE","period":%q,"value":1}`+"\n", calendar.Date(2015, 1, 1)+calendar.Day(d))
	}
	for _, body := range []string{many.String(), "", "{", two[:40], two[:len(two)-2], two, "country,month,count\nDE,2025-11,5\n", "country,month,count\nDE,2025-11,5\nFR,2025-11,1"} {
		for _, q := range []string{"?indicator=referrals", "?indicator=referrals&dry_run"} {
			s.p.limit.buckets = nil
			w := s.ask("POST", "/api/v1/figures"+q, key, broken{strings.NewReader(body)})
			if w.Code != 400 || !strings.Contains(w.Body.String(), "broke off") {
				t.Errorf("%s %q: status %d: %s", q, body, w.Code, w.Body)
			}
		}
	}
	if got := s.all(); len(got) != 0 {
		t.Errorf("half a body left %q", got)
	}
	s.Whole()
}

// A body may turn out to be too large while it is read. The import is that of
// a desk that reads all of it, as to take 64 MiB in takes a while.
func TestTakeTooLarge(t *testing.T) {
	t.Parallel()
	s := open(t)
	key := s.key(nil, apikey.WriteFigures)
	ended := make(chan error, 1)
	s.serve(importing{desk{s.Desk, s.keys}, func(ctx context.Context, req indicator.Request) (res indicator.Result, err error) {
		for _, e := range req.Rows {
			res.Read++
			err = e
		}
		ended <- context.Cause(ctx)
		return res, err
	}})
	w := s.ask("POST", "/api/v1/figures?indicator=referrals", key, tooLarge())
	if w.Code != 413 || <-ended == nil {
		t.Errorf("status %d: %.500s", w.Code, w.Body)
	}
}

// importing is a desk with an import of its own.
type importing struct {
	desk
	imports func(ctx context.Context, req indicator.Request) (indicator.Result, error)
}

func (d importing) Import(ctx context.Context, _ identity.Actor, req indicator.Request) (indicator.Result, error) {
	return d.imports(ctx, req)
}

// What the desk answers with decides the status, and nothing else is told.
func TestTakeFaults(t *testing.T) {
	t.Parallel()
	s := open(t)
	key := s.key(nil, apikey.WriteFigures)
	for _, c := range []struct {
		err  error
		want int
	}{
		{fault.New(fault.Invalid, "x"), 400}, {fault.New(fault.Denied, "x"), 403}, {fault.New(fault.Conflict, "x"), 409},
		{fault.New(fault.Busy, "x"), 503}, {fmt.Errorf("database secret"), 500},
	} {
		s.serve(importing{desk{s.Desk, s.keys}, func(context.Context, indicator.Request) (indicator.Result, error) { return indicator.Result{}, c.err }})
		if w := s.post("", key, two); w.Code != c.want || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%v: status %d, want %d: %s", c.err, w.Code, c.want, w.Body)
		}
	}
}

func TestTakeBusy(t *testing.T) {
	t.Parallel()
	s := open(t)
	enter, leave := make(chan bool), make(chan bool)
	s.serve(importing{desk{s.Desk, s.keys}, func(context.Context, indicator.Request) (res indicator.Result, err error) {
		enter <- true
		<-leave
		res.Read, res.Duplicate = 1, 1
		return res, nil
	}})
	keys := make([]string, 5)
	for i := range keys {
		keys[i] = s.key(nil, apikey.WriteFigures)
	}
	done := make(chan int)
	for i := range 4 {
		go func() { done <- s.post("", keys[i], two).Code }()
		<-enter
	}
	for _, i := range []int{0, 4} { // a second one of a key, and a fifth one
		if w := s.post("", keys[i], two); w.Code != 503 || w.Header().Get("Retry-After") == "" {
			t.Errorf("key %d: status %d, Retry-After %q", i, w.Code, w.Header().Get("Retry-After"))
		}
	}
	close(leave)
	for range 4 {
		if code := <-done; code != 200 {
			t.Errorf("one of the four: status %d", code)
		}
	}
	go func() { <-enter }()
	if w := s.post("", keys[0], two); w.Code != 200 {
		t.Errorf("after the four: status %d", w.Code)
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	s := open(t)
	now := time.Now()
	s.p.limit.now = func() time.Time { return now }
	key, other := s.key(nil, apikey.WriteFigures), s.key(nil, apikey.WriteFigures)
	for i := range burst {
		if w := s.ask("GET", "/api/v1/indicators", key, nil); w.Code != 200 {
			t.Fatalf("request %d: status %d", i+1, w.Code)
		}
	}
	w := s.post("", key, two)
	if w.Code != 429 || w.Header().Get("Retry-After") != "2" || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("one more: status %d, %v", w.Code, w.Header())
	}
	if w := s.post("", other, two); w.Code != 201 {
		t.Errorf("another key: status %d", w.Code)
	}
	now = now.Add(3 * time.Second)
	if w := s.post("", key, two); w.Code != 200 {
		t.Errorf("three seconds later: status %d", w.Code)
	}
	if w := s.post("?dry_run", key, two); w.Code != 429 {
		t.Errorf("a dry run costs more than is left: status %d", w.Code)
	}
	now = now.Add(-time.Hour) // a clock that is set back gives nothing
	if w := s.post("?dry_run", key, two); w.Code != 429 {
		t.Errorf("an hour before: status %d", w.Code)
	}
	now = now.Add(24 * time.Hour)
	for range burst / (1 + dryRunCost) {
		if w := s.post("?dry_run", key, two); w.Code != 200 {
			t.Errorf("a day later: status %d", w.Code)
		}
	}
	if w := s.post("", key, two); w.Code != 429 {
		t.Errorf("the bucket holds more than %d: status %d", burst, w.Code)
	}
}

// Over a real connection the client may go in the middle of its body.
func TestTakeClientLeaves(t *testing.T) {
	t.Parallel()
	s := open(t)
	key := s.key(nil, apikey.WriteFigures)
	srv := httptest.NewServer(s.h)
	defer srv.Close()
	c, err := net.Dial("tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(c, "POST /api/v1/figures HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Length: 1000\r\n\r\n%s", key, two)
	time.Sleep(50 * time.Millisecond)
	c.Close()
	until := time.Now().Add(10 * time.Second)
	for {
		bs, err := s.Batches(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(bs) == 1 && bs[0].State == indicator.BatchStopped {
			break
		}
		if len(bs) == 1 && bs[0].State == indicator.BatchClosed || time.Now().After(until) {
			t.Fatalf("half a body became %+v", bs)
		}
		time.Sleep(10 * time.Millisecond)
	}
	if got := s.all(); len(got) != 0 {
		t.Errorf("half a body left %q", got)
	}
}

func TestTakingParameters(t *testing.T) {
	t.Parallel()
	s := open(t)
	key := s.key(nil, apikey.WriteFigures)
	for _, q := range []string{
		"wrong=1", "indicator=a&indicator=b", "length=year", "per=x", "length=month&per=month", "columns=nonsense", "columns=%00", "words=x", "words==x", "marks=x",
		"indicator=" + strings.Repeat("x", 5000), "geography=%FF", "geography=Atlantis%0A", "words=" + strings.Repeat("a%3DDE&words=", 101),
	} {
		s.p.limit.buckets = nil
		if w := s.post("?"+q, key, long); w.Code != 400 || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("?%.40s: status %d: %s", q, w.Code, w.Body)
		}
	}
	// Those that only a table has are told by its reader.
	for _, q := range []string{"date_order=ymd", "decimal=x", "delimiter=x", "encoding=x", "excel_dates=1950", "marks=x%3Dy", "zero_means_unavailable=x", "indicator=%3Cb%3E"} {
		s.p.limit.buckets = nil
		if w := s.post("?"+q, key, long); w.Code != 400 || !strings.Contains(w.Body.String(), "options cannot be used") {
			t.Errorf("?%s: status %d: %s", q, w.Code, w.Body)
		}
	}
	if got := s.all(); len(got) != 0 {
		t.Errorf("the desk knows %q", got)
	}
}
