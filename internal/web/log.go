package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

// logged writes one line for each request: which route, how it ended, how long
// it took. Paths, queries and addresses name people and referrals and stay out.
func (k *Kit) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		sw := &statusWriter{ResponseWriter: w}
		next.ServeHTTP(sw, r)
		if sw.status == 0 {
			sw.status = http.StatusOK
		}
		k.o.Log.LogAttrs(r.Context(), slog.LevelInfo, "request",
			slog.String("route", routeOf(r)), slog.Int("status", sw.status), slog.Duration("took", time.Since(start)))
	})
}

func routeOf(r *http.Request) string {
	if r.Pattern == "" {
		return "none"
	}
	return r.Pattern
}

// statusWriter remembers the status, and whether anything was written.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// recovered answers where a handler panics. The log gets the place, not the
// value: it may hold anything.
func (k *Kit) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler {
				panic(v)
			}
			k.o.Log.LogAttrs(r.Context(), slog.LevelError, "a handler panicked",
				slog.String("route", routeOf(r)), slog.String("type", fmt.Sprintf("%T", v)), slog.String("stack", string(debug.Stack())))
			if sw, ok := w.(*statusWriter); ok && sw.status != 0 {
				panic(http.ErrAbortHandler) // half an answer must not look like a whole one
			}
			k.failFor(r)(w, r, errors.New("panic"))
		}()
		next.ServeHTTP(w, r)
	})
}

// masked is the text of an error for the log, without what the address of the
// request named.
func masked(r *http.Request, err error) string {
	text := err.Error()
	for rest := r.Pattern; ; {
		_, after, ok := strings.Cut(rest, "{")
		if !ok {
			return text
		}
		name, tail, _ := strings.Cut(after, "}")
		if v := r.PathValue(strings.TrimSuffix(name, "...")); v != "" {
			text = strings.ReplaceAll(text, v, "{"+name+"}")
		}
		rest = tail
	}
}
