package geo

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/oschwald/maxminddb-golang/v2"

	"lapwing/internal/referral"
)

// An mmdbRecord is the part of a MaxMind record that names countries (formats.md H.2).
type mmdbRecord struct {
	Country     mmdbCountry `maxminddb:"country"`
	Registered  mmdbCountry `maxminddb:"registered_country"`
	Represented mmdbCountry `maxminddb:"represented_country"`
}

type mmdbCountry struct {
	Code string `maxminddb:"iso_code"`
}

func newMMDB(r *maxminddb.Reader, err error) (*DB, error) {
	if err != nil {
		return nil, fmt.Errorf("it is neither a MaxMind database (.mmdb) nor a registry's delegated list, or it is damaged: %w", err)
	}
	if err := checkMMDB(r); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	m := r.Metadata
	name := m.DatabaseType
	if len(name) > 100 {
		name = name[:100]
	}
	return &DB{mm: r, base: referral.Base{Name: name, Built: m.BuildTime().UTC().Format(time.DateOnly)}}, nil
}

// checkMMDB looks at the metadata and at addresses all over the space. To
// walk through the whole tree would take long, and for ever in a tree that
// was made for that.
func checkMMDB(r *maxminddb.Reader) error {
	m := r.Metadata
	switch {
	case m.BinaryFormatMajorVersion != 2:
		return fmt.Errorf("it has format version %d, only 2 can be read", m.BinaryFormatMajorVersion)
	case m.IPVersion != 4 && m.IPVersion != 6:
		return fmt.Errorf("it says that it is for IP version %d: it is damaged", m.IPVersion)
	case m.DatabaseType == "":
		return errors.New("it does not say of which type it is: it is damaged")
	case m.BuildEpoch == 0 || m.BuildEpoch > 1<<33: // the year 2242
		return errors.New("it does not say when it was built, so no answer of it could be dated")
	}
	records, countries := 0, 0
	for _, a := range samples(m.IPVersion == 6) {
		res := r.Lookup(a)
		var rec mmdbRecord
		if err := res.Decode(&rec); err != nil {
			return fmt.Errorf("it is damaged, or has records that do not name countries as MaxMind's do: %w", err)
		}
		if res.Found() {
			records++
		}
		if rec.Country.Code != "" || rec.Registered.Code != "" {
			countries++
		}
	}
	if records > 0 && countries == 0 {
		return fmt.Errorf("it is a %.100q database and names no countries: give a country or city database", m.DatabaseType)
	}
	return nil
}

// samples are addresses from every /8 of IPv4 and from the parts of IPv6 that are in use.
func samples(six bool) []netip.Addr {
	var as []netip.Addr
	for i := range 224 {
		as = append(as, netip.AddrFrom4([4]byte{byte(i), 1, 2, 3}))
	}
	if six {
		for i := range 64 {
			as = append(as, netip.AddrFrom16([16]byte{0x20 + byte(i/8), byte(i)}))
		}
	}
	return as
}

func lookupMMDB(r *maxminddb.Reader, a netip.Addr) (Answer, bool) {
	if a.Is6() && r.Metadata.IPVersion == 4 {
		return Answer{}, false
	}
	var rec mmdbRecord
	res := r.Lookup(a)
	if err := res.Decode(&rec); err != nil || !res.Found() {
		return Answer{}, false
	}
	ans := Answer{Country: usable(rec.Country.Code), Kind: Located, Registered: rec.Registered.Code, Represented: rec.Represented.Code}
	if ans.Country == "" {
		// Common for proxies and for what moves: registered, but not located.
		ans.Country, ans.Kind = usable(rec.Registered.Code), Registered
	}
	return ans, rec != (mmdbRecord{})
}
