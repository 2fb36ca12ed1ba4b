package geo

import (
	"errors"
	"net/netip"

	"lapwing/internal/referral"
)

// A Set is databases in the order in which they are asked. An empty one
// answers nothing.
type Set struct {
	dbs []*DB
}

// OpenSet opens the files in the order given: the one that is trusted most
// comes first.
func OpenSet(paths ...string) (*Set, error) {
	s := new(Set)
	for _, p := range paths {
		db, err := Open(p)
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
		s.dbs = append(s.dbs, db)
	}
	return s, nil
}

// NewSet makes a set of databases that are open already. Close closes them.
func NewSet(dbs ...*DB) *Set { return &Set{dbs: dbs} }

// Lookup is the first answer that names a country, and the database that gave
// it. Where none does, it is the first answer at all.
func (s *Set) Lookup(a netip.Addr) (Answer, referral.Base, bool) {
	var first Answer
	var base referral.Base
	known := false
	for _, db := range s.dbs {
		ans, ok := db.Lookup(a)
		switch {
		case !ok:
		case ans.Country != "":
			return ans, db.base, true
		case !known:
			first, base, known = ans, db.base, true
		}
	}
	return first, base, known
}

// Bases lists the databases in their order.
func (s *Set) Bases() []referral.Base {
	bs := make([]referral.Base, len(s.dbs))
	for i, db := range s.dbs {
		bs[i] = db.base
	}
	return bs
}

// Close closes all databases.
func (s *Set) Close() error {
	var errs []error
	for _, db := range s.dbs {
		errs = append(errs, db.Close())
	}
	return errors.Join(errs...)
}
