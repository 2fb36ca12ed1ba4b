package web

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"lapwing/internal/fault"
)

// statusOf is the only place that turns errors into status codes.
func statusOf(err error) int {
	var tooLarge *http.MaxBytesError
	var un unrouted
	switch {
	case errors.As(err, &un):
		return int(un)
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge
	}
	switch fault.KindOf(err) {
	case fault.Invalid:
		return http.StatusBadRequest
	case fault.Denied:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Busy:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// unrouted says that no route takes the request; it is the status.
type unrouted int

func (u unrouted) Error() string {
	if u == http.StatusMethodNotAllowed {
		return "this address does not take that method"
	}
	return "there is nothing at this address"
}

// message is what may be shown of an error.
func message(err error) string {
	var tooLarge *http.MaxBytesError
	var un unrouted
	switch {
	case errors.As(err, &un):
		return un.Error()
	case errors.As(err, &tooLarge):
		return "the request is larger than " + strconv.FormatInt(tooLarge.Limit, 10) + " bytes, which is the most that is taken at once"
	}
	return fault.Msg(err)
}

// advice says for each status what a person can do.
var advice = map[int]struct{ Title, Do string }{
	http.StatusBadRequest:            {"That cannot be asked like this", "Go back and mend what the sentence above names."},
	http.StatusForbidden:             {"Not allowed", "Ask somebody who has the right to do it."},
	http.StatusNotFound:              {"Not found", "Check the reference, or look for it in the list it should be in."},
	http.StatusMethodNotAllowed:      {"That cannot be done here", "Go to the first page and start from there."},
	http.StatusConflict:              {"It cannot be decided", "Look at the present state, and ask again more exactly."},
	http.StatusRequestEntityTooLarge: {"Too large", "Send it in smaller parts, or use lapwing intake on the machine itself."},
	http.StatusServiceUnavailable:    {"Busy", "Try again in a few seconds. Nothing was lost."},
	http.StatusInternalServerError:   {"Something went wrong here", "Try again. If it stays like this, show the desk's log to whoever runs it."},
}

// fail logs what was not the caller's doing and answers with the error.
func (k *Kit) fail(w http.ResponseWriter, r *http.Request, err error, fail failing) {
	if sw, ok := w.(*statusWriter); ok && sw.status != 0 {
		// The answer is on its way and cannot be taken back.
		if !gone(r) {
			k.o.Log.LogAttrs(r.Context(), slog.LevelWarn, "an answer broke off", slog.String("route", routeOf(r)))
		}
		return
	}
	if statusOf(err) == http.StatusInternalServerError && !gone(r) {
		k.o.Log.LogAttrs(r.Context(), slog.LevelError, "a request failed", slog.String("route", routeOf(r)), slog.String("error", masked(r, err)))
	}
	fail(w, r, err)
}

// failPage shows an error as a page.
func (k *Kit) failPage(w http.ResponseWriter, _ *http.Request, err error) {
	status := statusOf(err)
	a := advice[status]
	later(w, status)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	page := struct{ Title, Text, Do string }{a.Title, sentence(message(err)), a.Do}
	if e := k.own.write(w, status, "error", View{Title: a.Title, Main: page}); e != nil {
		http.Error(w, a.Title, status)
	}
}

// sentence is a message as it stands on a page.
func sentence(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	s = string(unicode.ToUpper(r)) + s[n:]
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}

// failJSON tells an error as a problem document.
func failJSON(w http.ResponseWriter, _ *http.Request, err error) {
	status := statusOf(err)
	later(w, status)
	_ = WriteProblem(w, NewProblem(status, message(err)))
}

func later(w http.ResponseWriter, status int) {
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
}

// A Problem is an error for programs: RFC 9457, section 3. Its type is
// "about:blank", so the status says what sort it is. Embed it to tell more.
type Problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
}

// NewProblem is a problem with the title that the status has.
func NewProblem(status int, detail string) Problem {
	return Problem{Title: http.StatusText(status), Status: status, Detail: detail}
}

func (p Problem) status() int { return p.Status }

// WriteProblem answers with p, a [Problem] or a struct that embeds one.
func WriteProblem(w http.ResponseWriter, p interface{ status() int }) error {
	return writeJSON(w, p.status(), "application/problem+json", p)
}

// WriteJSON answers with v as JSON.
func WriteJSON(w http.ResponseWriter, status int, v any) error {
	return writeJSON(w, status, "application/json", v)
}

func writeJSON(w http.ResponseWriter, status int, kind string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, err = w.Write(append(b, '\n'))
	return err
}
