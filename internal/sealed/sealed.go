// Package sealed keeps personal data unreadable at rest and out of logs.
//
// [Value] holds something in memory that no log line and no encoder shows by
// accident. [Keys] are the desk's secrets: with them it seals what it stores,
// gives each referral a data key of its own ([RecordKey]; destroying that key
// destroys the content), and computes the blind index by which equal
// identifiers meet without being readable.
//
// The keys live in one file, readable by the owner only. Who has the database
// without that file has numbers, dates and codes; who loses the file loses
// the content, so it is part of every backup, kept apart from the database.
package sealed

import (
	"fmt"
	"io"
	"log/slog"
)

// A Value hides what it holds from fmt, log/slog and encoders. Showing or
// storing it says so: v.Reveal().
type Value[T any] struct{ v *T } // a pointer: fmt can only print an address where it may not call our methods

// Of seals v in memory.
func Of[T any](v T) Value[T] { return Value[T]{&v} }

// Reveal gives the value; the zero T where there is none.
func (s Value[T]) Reveal() (v T) {
	if s.v != nil {
		v = *s.v
	}
	return v
}

const mark = "[sealed]"

func (Value[T]) Format(f fmt.State, _ rune)   { io.WriteString(f, mark) }
func (Value[T]) LogValue() slog.Value         { return slog.StringValue(mark) }
func (Value[T]) MarshalText() ([]byte, error) { return []byte(mark), nil }
