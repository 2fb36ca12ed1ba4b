package indicatorhttp

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"lapwing/internal/fault"
)

// wholeBody ends the import where the body breaks off or is too large: half a
// table must not be taken for a whole one.
type wholeBody struct {
	r      io.Reader
	cancel context.CancelCauseFunc
	err    error
}

func (b *wholeBody) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if err != nil && err != io.EOF {
		b.err = err
		b.cancel(err)
	}
	return n, err
}

// broke is the error to answer with where the body was not whole. It is for
// after the import, when nobody reads any more.
func (b *wholeBody) broke() error {
	var tooLarge *http.MaxBytesError
	if b.err == nil || errors.As(b.err, &tooLarge) {
		return b.err
	}
	return fault.Because(fault.Invalid, b.err, "the body broke off: send it again; what was taken in by then stays, and counts once")
}

var errEmpty = fault.New(fault.Invalid, "the body has no figures: send a table or JSON")

// checkBody says what is wrong with a body before it is read.
func checkBody(r *http.Request) error {
	if r.ContentLength == 0 {
		return errEmpty
	}
	if enc := r.Header.Get("Content-Encoding"); enc != "" && !strings.EqualFold(enc, "identity") {
		return fault.New(fault.Invalid, "the body is compressed (%.20q): send it as it is", enc)
	}
	return nil
}
