package app

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"lapwing/internal/assess"
	"lapwing/internal/fault"
	"lapwing/internal/geo"
	"lapwing/internal/referral"
)

// Bases are the address databases of a desk: files in the folder geo of its
// data folder. The newest of each name answers; older ones stay, because an
// assessment names the one that it asked. Several processes may add to them.
type Bases struct {
	dir string

	mu    sync.RWMutex
	files map[string]bool // what has been opened
	all   []*geo.DB       // newest first
	used  []*geo.DB       // the newest of each name
}

// OpenBases opens the databases of the desk.
func OpenBases(data string) (*Bases, error) {
	b := &Bases{dir: filepath.Join(data, "geo"), files: map[string]bool{}}
	return b, b.Refresh()
}

// Refresh opens what has been added since, by whichever process.
func (b *Bases) Refresh() error {
	names, err := os.ReadDir(b.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, n := range names {
		if strings.HasPrefix(n.Name(), ".") || b.files[n.Name()] {
			continue
		}
		path := filepath.Join(b.dir, n.Name())
		db, err := geo.Open(path)
		if err != nil {
			return fault.Because(fault.Invalid, err, "%s is not an address database any more: take the file away, and add it again with lapwing geo add (%v)", path, err)
		}
		b.files[n.Name()] = true
		b.take(db)
	}
	return nil
}

// take puts new lists in place of the old ones, which a reader may still hold.
func (b *Bases) take(db *geo.DB) {
	all := append(slices.Clone(b.all), db)
	slices.SortStableFunc(all, func(x, y *geo.DB) int {
		p, q := x.Base(), y.Base()
		if p.Built != q.Built {
			return strings.Compare(q.Built, p.Built)
		}
		return strings.Compare(p.Name, q.Name)
	})
	var used []*geo.DB
	for _, db := range all {
		if !slices.ContainsFunc(used, func(u *geo.DB) bool { return u.Base().Name == db.Base().Name }) {
			used = append(used, db)
		}
	}
	b.all, b.used = all, used
}

// Add copies a database file into the desk and uses it from now on.
func (b *Bases) Add(path string) (referral.Base, error) {
	db, err := geo.Open(path)
	if err != nil {
		return referral.Base{}, fault.Because(fault.Invalid, err, "%s is not an address database: %v", path, err)
	}
	base := db.Base()
	if err := db.Close(); err != nil {
		return base, err
	}
	if !slices.Contains(b.List(), base) {
		err = b.copy(path, fileName(base))
	} else {
		err = fs.ErrExist
	}
	if errors.Is(err, fs.ErrExist) {
		return base, fault.New(fault.Conflict, "the desk has %s of %s already", base.Name, base.Built)
	}
	if err != nil {
		return base, fmt.Errorf("add %s: %w", base.Name, err)
	}
	return base, b.Refresh()
}

// copy puts a file into the folder, whole or not at all, and never in place
// of another.
func (b *Bases) copy(path, name string) error {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(b.dir, ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = io.Copy(tmp, in)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Link(tmp.Name(), filepath.Join(b.dir, name))
}

// fileName is the name of a database's file: what it may not have in it
// becomes a bar, and as two names may then be one, a digest follows.
func fileName(base referral.Base) string {
	plain := strings.Map(func(r rune) rune {
		if r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, base.Name+"-"+base.Built)
	sum := sha256.Sum256([]byte(base.Name + "\n" + base.Built))
	return fmt.Sprintf("%s-%x", plain, sum[:4])
}

// List names the databases, newest first.
func (b *Bases) List() []referral.Base {
	b.mu.RLock()
	defer b.mu.RUnlock()
	out := make([]referral.Base, len(b.all))
	for i, db := range b.all {
		out[i] = db.Base()
	}
	return out
}

// Locate asks the databases in use; the first answer counts.
func (b *Bases) Locate(a netip.Addr) (assess.Located, bool) {
	b.mu.RLock()
	used := b.used
	b.mu.RUnlock()
	return locate(used, a)
}

// At gives the databases that an assessment names, in the order in which
// Locate asks them.
func (b *Bases) At(bases []referral.Base) (assess.Locator, error) {
	then, missing := b.named(bases)
	if len(missing) > 0 { // another process may have added them
		if err := b.Refresh(); err != nil {
			return nil, err
		}
		then, missing = b.named(bases)
	}
	if len(missing) > 0 {
		return nil, fault.New(fault.NotFound, "the address database %s of %s is not here any more: lapwing geo add puts it back", missing[0].Name, missing[0].Built)
	}
	return then, nil
}

func (b *Bases) named(bases []referral.Base) (then fixed, missing []referral.Base) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	missing = slices.Clone(bases)
	for _, db := range b.all {
		if slices.Contains(missing, db.Base()) {
			then = append(then, db)
			missing = slices.DeleteFunc(missing, func(m referral.Base) bool { return m == db.Base() })
		}
	}
	return then, missing
}

type fixed []*geo.DB

func (f fixed) Locate(a netip.Addr) (assess.Located, bool) { return locate(f, a) }

// locate asks the databases in turn: the first that names a country, else the
// first that has an answer at all.
func locate(dbs []*geo.DB, a netip.Addr) (assess.Located, bool) {
	x, base, ok := geo.NewSet(dbs...).Lookup(a)
	if !ok {
		return assess.Located{}, false
	}
	code := x.Country
	if code == "" {
		code = x.Registered
	}
	return assess.Located{Country: code, Represented: x.Represented, Registered: x.Kind == geo.Registered, Base: base}, true
}
