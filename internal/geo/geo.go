// Package geo answers which country an IP address points at, from databases
// that the operator gives: MaxMind DB files (.mmdb), and the lists of the
// regional internet registries (delegated-extended).
//
// [Open] tells the two apart by their bytes. A [DB] answers one address with
// an [Answer] and names itself with its build date ([DB.Base]), because the
// answer for a past event should come from a past database. A [Set] asks
// several in the order given.
//
// What an answer is worth as evidence is judged elsewhere. Nothing here
// fetches, updates or ships a database.
package geo

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"

	"github.com/oschwald/maxminddb-golang/v2"

	"lapwing/internal/referral"
)

// Limits of what is read into memory, after decompression. The merged list of
// all registries has some 50 MB and half a million rows (2026), a city
// database in MaxMind form some 130 MB.
const (
	MaxBytes = 1 << 30
	maxRows  = 3_000_000
)

// A Kind says what an answer means.
type Kind string

const (
	// Located: the database believes the user to be in the country.
	Located Kind = "located"
	// Registered: the holder of the address is registered there. The user
	// can be anywhere: good as a fallback, poor for hosting and mobile.
	Registered Kind = "registered"
)

// An Answer is what a database says of an address.
type Answer struct {
	// Country is an ISO 3166-1 alpha-2 code, "" where the database knows the
	// address but puts no country there (EU, AP, an anonymous proxy).
	Country string
	Kind    Kind // of Country
	// Registered is the country of registration as the database has it,
	// which may be none: "EU".
	Registered string
	// Represented is the country whose embassy or base uses the address, as the database has it.
	Represented string
}

// A DB is one database. It may be asked from several goroutines at once.
type DB struct {
	base referral.Base
	rir  *table
	mm   *maxminddb.Reader
}

// Base is the database's name and build date.
func (db *DB) Base() referral.Base { return db.base }

// Lookup answers for an address; false says that the database does not know
// it. IPv4 in IPv6 is answered as IPv4.
func (db *DB) Lookup(a netip.Addr) (Answer, bool) {
	if !a.IsValid() {
		return Answer{}, false
	}
	a = a.WithZone("").Unmap()
	if db.rir != nil {
		return db.rir.lookup(a)
	}
	return lookupMMDB(db.mm, a)
}

// Close gives the database's memory back. Nothing may be asked afterwards.
func (db *DB) Close() error {
	if db.mm != nil {
		return db.mm.Close()
	}
	return nil
}

// Open reads a database file, also one packed with gzip. A MaxMind file that
// is not packed is mapped into memory: replace it by renaming a new one over
// it, never by writing into it, or the program may stop.
func Open(path string) (*DB, error) {
	db, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("address database %s: %w", filepath.Base(path), err)
	}
	return db, nil
}

func open(path string) (*DB, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in, packed, err := unpack(f)
	if err != nil {
		return nil, err
	}
	if head, _ := in.Peek(headLen); isRIR(head) {
		return readRIR(in)
	}
	if !packed {
		r, err := maxminddb.Open(path)
		return newMMDB(r, err)
	}
	b, err := readAll(in)
	if err != nil {
		return nil, err
	}
	r, err := maxminddb.OpenBytes(b)
	return newMMDB(r, err)
}

// Parse reads a database from memory, as [Open] does from a file. The bytes
// must not change while the database is in use.
func Parse(b []byte) (*DB, error) {
	in, packed, err := unpack(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	if head, _ := in.Peek(headLen); isRIR(head) {
		return readRIR(in)
	}
	if packed {
		if b, err = readAll(in); err != nil {
			return nil, err
		}
	}
	r, err := maxminddb.OpenBytes(b)
	return newMMDB(r, err)
}

// headLen is how much of a file is looked at to see what it is.
const headLen = 4096

// unpack reads through gzip where the bytes begin like it.
func unpack(r io.Reader) (in *bufio.Reader, packed bool, err error) {
	in = bufio.NewReaderSize(r, 64<<10)
	if head, _ := in.Peek(2); len(head) < 2 || head[0] != 0x1f || head[1] != 0x8b { // RFC 1952, 2.3.1
		return in, false, nil
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, true, fmt.Errorf("it begins like gzip but is not: %w", err)
	}
	return bufio.NewReaderSize(z, 64<<10), true, nil
}

func readAll(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("it is damaged: %w", err)
	}
	if len(b) > MaxBytes {
		return nil, errors.New("unpacked it has more than 1 GiB: give a country database, or unpack it first")
	}
	return b, nil
}

// usable is the code if it can be a country's, and "" otherwise. Which codes
// are in ISO 3166-1 is for the caller to know; these are in databases and in
// no sense a country (formats.md A.4, H.1).
func usable(code string) string {
	if len(code) != 2 || code[0] < 'A' || code[0] > 'Z' || code[1] < 'A' || code[1] > 'Z' {
		return ""
	}
	switch code {
	case "ZZ", "XX", "EU", "AP", "AN", "FX":
		return ""
	}
	return code
}
