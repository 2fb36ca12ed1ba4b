package apikey

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"lapwing/internal/audit"
	"lapwing/internal/fault"
	"lapwing/internal/identity"
)

// The text of a secret: lapwing_, the key's id, _ and 26 characters. Both are
// of the alphabet of base32 (RFC 4648, section 6), 5 bits a character; the id
// is in lower case.
const (
	prefix   = "lapwing_"
	idLength = 8
)

// Limits of what a key says.
const (
	maxName       = 100
	maxIndicators = 50
)

// Create makes a key that says what k says: name, scopes, source, indicators
// and when it expires. The secret is given here and never again.
func (s *Service) Create(ctx context.Context, who identity.Actor, k Key) (secret string, made Key, err error) {
	defer fault.Wrap(&err, "create key")
	if !who.Valid() {
		return "", made, fault.New(fault.Denied, "nobody is named as the one who acts")
	}
	now := s.Clock.Now().UTC().Truncate(time.Microsecond)
	made = Key{Name: strings.TrimSpace(k.Name), Scopes: sorted(k.Scopes), Source: k.Source, Indicators: sorted(k.Indicators),
		Created: now, By: who.ID, Expires: k.Expires.UTC().Truncate(time.Microsecond)}
	if bad := made.problems(now); len(bad) > 0 {
		return "", Key{}, fault.New(fault.Invalid, "%s", strings.Join(bad, "; "))
	}
	err = s.Store.Atomically(ctx, func(ctx context.Context) error {
		for {
			made.ID = strings.ToLower(rand.Text()[:idLength])
			if was, err := s.Store.Get(ctx, made.ID); err != nil {
				return err
			} else if was == nil {
				break
			}
		}
		secret = prefix + made.ID + "_" + rand.Text()
		digest := sha256.Sum256([]byte(secret))
		if err := s.Store.Create(ctx, &Stored{made, digest[:]}); err != nil {
			return err
		}
		return s.Audit.Record(ctx, who, audit.Act{Kind: audit.Alteration, Action: "apikey.create", Subject: subject(made.ID),
			Detail: detail{made.Name, made.Scopes, made.Source, made.Indicators, made.Expires}})
	})
	if err != nil {
		return "", Key{}, err
	}
	return secret, made, nil
}

// detail is what the audit keeps of a new key.
type detail struct {
	Name       string    `json:"name"`
	Scopes     []Scope   `json:"scopes"`
	Source     string    `json:"source,omitempty"`
	Indicators []string  `json:"indicators,omitempty"`
	Expires    time.Time `json:"expires,omitzero"`
}

// Revoke ends a key at once and for good. One that was revoked stays as it is.
func (s *Service) Revoke(ctx context.Context, who identity.Actor, id string) (err error) {
	defer fault.Wrap(&err, "revoke key %.20q", id)
	if !who.Valid() {
		return fault.New(fault.Denied, "nobody is named as the one who acts")
	}
	return s.Store.Atomically(ctx, func(ctx context.Context) error {
		var was *Stored
		if plainID(id) {
			if was, err = s.Store.Get(ctx, id); err != nil {
				return err
			}
		}
		if was == nil {
			return fault.New(fault.NotFound, "there is no key %.20q: lapwing key ls lists them", id)
		}
		did, err := s.Store.Revoke(ctx, id, s.Clock.Now())
		if err != nil || !did {
			return err
		}
		return s.Audit.Record(ctx, who, audit.Act{Kind: audit.Alteration, Action: "apikey.revoke", Subject: subject(id)})
	})
}

// name is how a source or an indicator is written.
var name = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{Nd}][\p{Ll}\p{Lo}\p{Mn}\p{Nd}._-]*$`)

func isName(s string) bool { return len(s) <= 200 && name.MatchString(s) }

// problems says everything that is wrong with a key that is to be made.
func (k *Key) problems(now time.Time) (bad []string) {
	add := func(format string, args ...any) { bad = append(bad, fmt.Sprintf(format, args...)) }
	if k.Name == "" || utf8.RuneCountInString(k.Name) > maxName || !utf8.ValidString(k.Name) ||
		strings.ContainsFunc(k.Name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		add("a key has a name of 1 to %d characters that says whose program it is", maxName)
	}
	if len(k.Scopes) == 0 {
		add("a key without a scope opens nothing: there are %s", words(Scopes))
	}
	for _, s := range k.Scopes {
		if !slices.Contains(Scopes, s) {
			add("there is no scope %.60q: there are %s", s, words(Scopes))
		}
	}
	switch {
	case k.Source == "" && slices.Contains(k.Scopes, WriteFigures):
		add("a key that writes figures names the source that they are of")
	case k.Source != "" && !isName(k.Source):
		add("%.60q is not the name of a source: it has lower-case letters, digits, dots, dashes and underscores", k.Source)
	}
	if len(k.Indicators) > maxIndicators {
		add("a key names up to %d indicators, and none for all", maxIndicators)
	}
	for _, i := range k.Indicators {
		if !isName(i) {
			add("%.60q is not the id of an indicator", i)
		}
	}
	if !k.Expires.IsZero() && !k.Expires.After(now) {
		add("the key would have expired on %s", k.Expires.Format(time.RFC3339))
	}
	return bad
}

// sorted is a list in order without doubles, nil where it is empty.
func sorted[S ~string](ss []S) []S {
	out := slices.Compact(slices.Sorted(slices.Values(ss)))
	if len(out) == 0 {
		return nil
	}
	return out
}

// plainID says whether a text has the form of an id.
func plainID(s string) bool {
	return len(s) == idLength && !strings.ContainsFunc(s, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '2' || r > '7') })
}

// idOf is the id in the text of a secret; "" where there is none.
func idOf(secret string) string {
	rest, ok := strings.CutPrefix(secret, prefix)
	if !ok || len(rest) <= idLength || rest[idLength] != '_' || !plainID(rest[:idLength]) {
		return ""
	}
	return rest[:idLength]
}
