// Package fault sorts errors by what the caller can do about them.
//
// Make one with [New], add what was being done with [Wrap] (once per layer),
// and ask with [KindOf]. The message given to New may be shown to a person;
// a wrapped cause is for the log. One place per face (web, cli) turns kinds
// into status codes; nobody compares error texts.
package fault

import (
	"errors"
	"fmt"
)

// A Kind says what the caller can do.
type Kind uint8

const (
	Internal Kind = iota // nothing: the fault is ours or the machine's
	Invalid              // mend the input
	Denied               // ask someone with the right to do it
	NotFound             // it is not there, or not for you
	Conflict             // look at the present state and decide again
	Busy                 // try again later
)

func (k Kind) String() string {
	switch k {
	case Invalid:
		return "invalid"
	case Denied:
		return "denied"
	case NotFound:
		return "not found"
	case Conflict:
		return "conflict"
	case Busy:
		return "busy"
	}
	return "internal"
}

type fault struct {
	kind  Kind
	msg   string
	cause error
}

func (f *fault) Error() string {
	if f.cause != nil {
		return f.msg + ": " + f.cause.Error()
	}
	return f.msg
}

func (f *fault) Unwrap() error { return f.cause }

// New makes an error of the kind. The text may be shown to a person, so it
// says what to do and holds no personal data. As with [fmt.Errorf], %w keeps
// a cause.
func New(k Kind, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	return &fault{kind: k, msg: err.Error(), cause: nil}
}

// Because is New with a cause that is for the log only.
func Because(k Kind, cause error, format string, args ...any) error {
	return &fault{kind: k, msg: fmt.Sprintf(format, args...), cause: cause}
}

// Wrap puts what was being done before *err, and does nothing where *err is
// nil. It is made for defer: defer fault.Wrap(&err, "claim case %s", id).
func Wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf(format+": %w", append(args, *err)...)
	}
}

// KindOf is the kind of the outermost fault in err's chain, Internal where
// there is none.
func KindOf(err error) Kind {
	var f *fault
	if errors.As(err, &f) {
		return f.kind
	}
	return Internal
}

// Msg is what may be shown of err: the text given to New, and for all other
// errors a sentence that tells nothing.
func Msg(err error) string {
	var f *fault
	if errors.As(err, &f) && f.kind != Internal {
		return f.msg
	}
	return "something went wrong here; the log of the desk says what"
}
