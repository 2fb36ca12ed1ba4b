package intakehttp

import (
	"context"
	"errors"
	"io"
	"net/http"

	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/intake"
	"lapwing/internal/web"
)

// maxReceipts is how many receipts an answer holds. An archive of 64 MiB may
// have a million reports in it.
const maxReceipts = 10_000

// takenDocument is the answer of POST /api/v1/referrals.
type takenDocument struct {
	Totals   intake.Totals    `json:"totals"`
	Receipts []intake.Receipt `json:"receipts"`
	Left     int64            `json:"receipts_left_out,omitempty"`
}

// refusedProblem is the answer where all of it was refused.
type refusedProblem struct {
	web.Problem
	takenDocument
}

var errEmpty = fault.New(fault.Invalid, "the body is empty: send a report, a file of reports or an archive")

// apiTake takes in whatever lapwing intake takes: a document, many of them in
// one file, an archive. The answer is 201 where a referral was accepted, 200
// where all were known already or updated some, 422 with the reasons where
// everything was refused. What was refused is kept, and need not be sent
// again: lapwing intake refused lists it.
//
// The query may name format, source and map, as the flags of lapwing intake.
// A body that breaks off is not taken for a whole one: what was taken in by
// then stays, and sending it again makes no second referral.
func (p *pages) apiTake(w http.ResponseWriter, r *http.Request, who identity.Actor) error {
	reading, err := readReading(r)
	if err != nil {
		return err
	}
	if r.ContentLength == 0 {
		return errEmpty
	}
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	default:
		return fault.New(fault.Busy, "%d others are sending referrals at this moment", cap(p.slots))
	}
	ctx, cancel := context.WithCancelCause(r.Context())
	defer cancel(nil)
	var doc takenDocument
	req := intake.Request{Inputs: []string{"-"}, Reading: reading, Receipt: func(rc intake.Receipt) {
		if len(doc.Receipts) < maxReceipts {
			doc.Receipts = append(doc.Receipts, rc)
		} else {
			doc.Left++
		}
	}}
	body := &wholeBody{r: r.Body, cancel: cancel}
	req.Unpack.Stdin = body
	doc.Totals, err = p.desk.Run(ctx, who, req)
	if broke := body.broke(); broke != nil {
		return broke
	}
	if err != nil {
		return err
	}
	return answerTake(w, doc)
}

func answerTake(w http.ResponseWriter, doc takenDocument) error {
	t := doc.Totals
	switch {
	case t.Read == 0:
		return errEmpty
	case t.Accepted > 0:
		return web.WriteJSON(w, http.StatusCreated, doc)
	case t.Updated+t.Duplicate > 0:
		return web.WriteJSON(w, http.StatusOK, doc)
	}
	detail := "Nothing could be taken in; each receipt has the reasons. What was sent is kept sealed for repair."
	return web.WriteProblem(w, refusedProblem{web.NewProblem(http.StatusUnprocessableEntity, detail), doc})
}

func readReading(r *http.Request) (rd intake.Reading, err error) {
	for name, values := range r.URL.Query() {
		v := values[len(values)-1]
		switch name {
		case "format":
			rd.Format = v
		case "source":
			rd.Source = v
		case "map":
			rd.Mapping = v
		default:
			return rd, fault.New(fault.Invalid, "there is no parameter %q: there are format, source and map", name)
		}
		if len(values) > 1 || len(v) > 4096 {
			return rd, fault.New(fault.Invalid, "the parameter %s is given more than once, or is too long", name)
		}
	}
	return rd, nil
}

// wholeBody stops the run where the body breaks off or is too large, so that
// half a document does not count as a broken one.
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
// after the run, when nobody reads any more.
func (b *wholeBody) broke() error {
	var tooLarge *http.MaxBytesError
	if b.err == nil || errors.As(b.err, &tooLarge) {
		return b.err
	}
	return fault.Because(fault.Invalid, b.err, "the body broke off: send it again")
}
