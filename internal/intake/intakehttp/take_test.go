package intakehttp

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/intake"
	"lapwing/internal/referral"
)

// taking is a desk on which each line of a body is an item that names its outcome.
func taking() *fake {
	f := invented(1)
	f.run = func(_ context.Context, req intake.Request, body []byte) (t intake.Totals, err error) {
		for i, line := range strings.Fields(string(body)) {
			rc := intake.Receipt{Path: fmt.Sprintf("-#%d", i+1), Outcome: intake.Outcome(line)}
			if rc.Outcome == intake.Rejected {
				rc.Findings = []referral.Finding{{Severity: referral.Refuse, Text: "no incident"}}
			}
			t.Add(rc.Outcome)
			req.Receipt(rc)
		}
		t.Read = t.Settled()
		return t, nil
	}
	return f
}

func TestTake(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		body string
		want int
	}{
		{"accepted", 201},
		{"accepted refused duplicate", 201},
		{"duplicate", 200},
		{"updated duplicate", 200},
		{"duplicate refused", 200},
		{"refused", 422},
		{"refused refused", 422},
		{"", 400},
	} {
		w := send(site(taking()), "POST", "/api/v1/referrals", strings.NewReader(c.body))
		if w.Code != c.want {
			t.Errorf("POST %q: status %d, want %d: %s", c.body, w.Code, c.want, w.Body)
		}
		if c.want == 400 {
			continue
		}
		var doc struct {
			Title    string
			Status   int
			Totals   intake.Totals
			Receipts []intake.Receipt
		}
		if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
			t.Fatalf("POST %q: %v: %s", c.body, err, w.Body)
		}
		if n := len(strings.Fields(c.body)); len(doc.Receipts) != n || doc.Totals.Read != int64(n) {
			t.Errorf("POST %q: %+v", c.body, doc)
		}
		problem := w.Header().Get("Content-Type") == "application/problem+json"
		if problem != (c.want == 422) || problem && (doc.Status != 422 || doc.Title == "" || doc.Receipts[0].Findings[0].Text != "no incident") {
			t.Errorf("POST %q: %s, %s", c.body, w.Header().Get("Content-Type"), w.Body)
		}
	}
}

func TestTakeNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	f := taking()
	var got intake.Reading
	inner := f.run
	f.run = func(ctx context.Context, req intake.Request, b []byte) (intake.Totals, error) {
		got = req.Reading
		return inner(ctx, req, b)
	}
	h := site(f)
	if w := send(h, "POST", "/api/v1/referrals?format=csv&source=example&map=id%3DNumber", strings.NewReader("accepted")); w.Code != 201 || got != (intake.Reading{Format: "csv", Source: "example", Mapping: "id=Number"}) {
		t.Errorf("the reading: status %d, %+v", w.Code, got)
	}
	for query, want := range map[string]int{"?wrong=1": 400, "?format=a&format=b": 400, "?map=" + strings.Repeat("x", 5000): 400} {
		if w := send(h, "POST", "/api/v1/referrals"+query, strings.NewReader("accepted")); w.Code != want {
			t.Errorf("POST %.20s: status %d, want %d", query, w.Code, want)
		}
	}
	f.run = func(context.Context, intake.Request, []byte) (intake.Totals, error) {
		return intake.Totals{}, fmt.Errorf("intake: %w", fault.New(fault.Invalid, "there is no format %q", "x"))
	}
	if w := send(h, "POST", "/api/v1/referrals?format=x", strings.NewReader("accepted")); w.Code != 400 || !strings.Contains(w.Body.String(), "there is no format") {
		t.Errorf("a format that is not there: status %d: %s", w.Code, w.Body)
	}
}

func TestTakeLeavesReceiptsOut(t *testing.T) {
	t.Parallel()
	w := send(site(taking()), "POST", "/api/v1/referrals", strings.NewReader(strings.Repeat("duplicate ", maxReceipts+7)))
	var doc takenDocument
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil || len(doc.Receipts) != maxReceipts || doc.Left != 7 || doc.Totals.Duplicate != maxReceipts+7 {
		t.Errorf("%v: %d receipts, %d left out, %+v", err, len(doc.Receipts), doc.Left, doc.Totals)
	}
}

// endless is a body larger than any limit.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestTakeLimit(t *testing.T) {
	t.Parallel()
	f := taking()
	h := site(f)
	r := httptest.NewRequest("POST", "/api/v1/referrals", endless{})
	r.Host, r.RemoteAddr, r.ContentLength = "localhost", "127.0.0.1:5000", maxBody+1
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != 413 {
		t.Errorf("a body that says it is too large: status %d, want 413", w.Code)
	}
	// The fake reads all of it; the service reads in pieces and finds its context ended.
	if w := send(h, "POST", "/api/v1/referrals", io.MultiReader(io.LimitReader(endless{}, maxBody+1))); w.Code != 413 {
		t.Errorf("a body that turns out too large: status %d, want 413: %s", w.Code, w.Body)
	}
	if w := send(h, "POST", "/api/v1/referrals", io.MultiReader(strings.NewReader("accepted"), io.LimitReader(endless{}, maxBody-8))); w.Code != 201 {
		t.Errorf("a body of 64 MiB: status %d, want 201: %s", w.Code, w.Body)
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

// A body that breaks off ends the run before what is left of it can be taken
// for a document.
func TestTakeBrokenBody(t *testing.T) {
	t.Parallel()
	f := taking()
	ended := make(chan error, 1)
	h := site(deskThat{f, func(ctx context.Context, req intake.Request) (intake.Totals, error) {
		_, _ = io.ReadAll(req.Unpack.Stdin) // as one that takes what it can get
		ended <- context.Cause(ctx)
		return intake.Totals{Read: 1, Refused: 1}, nil
	}})
	w := send(h, "POST", "/api/v1/referrals", broken{strings.NewReader("acc")})
	if w.Code != 400 || !strings.Contains(w.Body.String(), "broke off") {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
	if err := <-ended; !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the run's context ended with %v", err)
	}
}

// deskThat is a fake with a run of its own.
type deskThat struct {
	*fake
	runs func(ctx context.Context, req intake.Request) (intake.Totals, error)
}

func (d deskThat) Run(ctx context.Context, _ identity.Actor, req intake.Request) (intake.Totals, error) {
	return d.runs(ctx, req)
}

func TestTakeBusy(t *testing.T) {
	t.Parallel()
	enter, leave := make(chan bool), make(chan bool)
	h := site(deskThat{invented(1), func(context.Context, intake.Request) (intake.Totals, error) {
		enter <- true
		<-leave
		return intake.Totals{Read: 1, Duplicate: 1}, nil
	}})
	done := make(chan int)
	for range 4 {
		go func() { done <- send(h, "POST", "/api/v1/referrals", strings.NewReader("x")).Code }()
		<-enter
	}
	if w := send(h, "POST", "/api/v1/referrals", strings.NewReader("x")); w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("the fifth at one time: status %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	close(leave)
	for range 4 {
		if code := <-done; code != 200 {
			t.Errorf("one of the four: status %d", code)
		}
	}
	go func() { <-enter }()
	if w := send(h, "POST", "/api/v1/referrals", strings.NewReader("x")); w.Code != 200 {
		t.Errorf("after the four: status %d", w.Code)
	}
}

// Over a real connection the client may go in the middle of its body.
func TestTakeClientLeaves(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	h := site(deskThat{invented(1), func(ctx context.Context, req intake.Request) (intake.Totals, error) {
		_, _ = io.ReadAll(req.Unpack.Stdin)
		ended <- context.Cause(ctx)
		return intake.Totals{}, context.Cause(ctx)
	}})
	s := httptest.NewServer(h)
	defer s.Close()
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(c, "POST /api/v1/referrals HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf a document")
	time.Sleep(20 * time.Millisecond)
	c.Close()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("the run goes on with half a document")
		}
	case <-time.After(10 * time.Second):
		t.Error("the run does not end")
	}
}

func TestTakeOverARealConnection(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(site(taking()))
	defer s.Close()
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "POST /api/v1/referrals HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n8\r\naccepted\r\n0\r\n\r\n")
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != 201 {
		t.Errorf("a body without its length: status %d, want 201", res.StatusCode)
	}
}
