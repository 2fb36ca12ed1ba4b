package sealed

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Keys are the secrets of one desk. They are safe for concurrent use.
type Keys struct {
	id    string
	seal  tink.AEAD
	sign  ed25519.PrivateKey
	blind sync.Pool // of hash.Hash, HMAC-SHA-256 under the blind key
}

// file is the form on disk, version 1.
type file struct {
	Version int             `json:"lapwing_keys"`
	ID      string          `json:"id"`
	Seal    json.RawMessage `json:"seal"`  // Tink keyset: AES-256-GCM
	Blind   []byte          `json:"blind"` // 32 bytes
	Sign    []byte          `json:"sign"`  // Ed25519 seed
}

// Create makes new keys and writes them to path, readable by the owner only.
// It never writes over a file that is there.
func Create(path string) (*Keys, error) {
	h, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, err
	}
	var set bytes.Buffer
	if err := insecurecleartextkeyset.Write(h, keyset.NewJSONWriter(&set)); err != nil {
		return nil, err
	}
	f := file{Version: 1, ID: rand.Text(), Seal: set.Bytes(), Blind: make([]byte, 32), Sign: make([]byte, ed25519.SeedSize)}
	rand.Read(f.Blind)
	rand.Read(f.Sign)
	b, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	// A link puts the whole file there at once or not at all: two desks that
	// start together agree on one.
	tmp, err := os.CreateTemp(filepath.Dir(path), ".keys-*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(append(b, '\n'))
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(tmp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return Load(path)
}

// Load reads the keys at path. The error is fs.ErrNotExist where there are none.
func Load(path string) (*Keys, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var f file
	if err := json.Unmarshal(b, &f); err != nil {
		return nil, fmt.Errorf("%s is not a key file: %w", path, err)
	}
	if f.Version != 1 || len(f.Blind) != 32 || len(f.Sign) != ed25519.SeedSize || f.ID == "" {
		return nil, fmt.Errorf("%s is not a key file of version 1", path)
	}
	h, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(f.Seal)))
	if err != nil {
		return nil, fmt.Errorf("%s: sealing keys: %w", path, err)
	}
	a, err := aead.New(h)
	if err != nil {
		return nil, fmt.Errorf("%s: sealing keys: %w", path, err)
	}
	k := &Keys{id: f.ID, seal: a, sign: ed25519.NewKeyFromSeed(f.Sign)}
	k.blind.New = func() any { return hmac.New(sha256.New, f.Blind) }
	return k, nil
}

// ID names the keys without telling anything about them. The store keeps it,
// so that a desk notices when it is started with other keys.
func (k *Keys) ID() string { return k.id }

// Signer signs the audit trail's checkpoints (Ed25519).
func (k *Keys) Signer() ed25519.PrivateKey { return k.sign }

// Seal encrypts plain. The same place (table, row, column) must be named to
// open it, so that sealed values cannot be moved about.
func (k *Keys) Seal(plain []byte, place string) ([]byte, error) {
	return k.seal.Encrypt(plain, []byte(place))
}

// Open is the opposite of Seal.
func (k *Keys) Open(sealed []byte, place string) ([]byte, error) {
	b, err := k.seal.Decrypt(sealed, []byte(place))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be unsealed: it was altered, or sealed with other keys", place)
	}
	return b, nil
}

// mac is HMAC-SHA-256 over the parts, each behind its length, so that no two
// lists of parts give the same input.
func (k *Keys) mac(parts ...string) (sum [sha256.Size]byte) {
	h := k.blind.Get().(hash.Hash)
	h.Reset()
	var b [256]byte
	for _, p := range parts {
		n := len(p)
		h.Write(append(b[:0], byte(n>>24), byte(n>>16), byte(n>>8), byte(n)))
		h.Write(append(b[:0], p...))
	}
	h.Sum(sum[:0])
	k.blind.Put(h)
	return sum
}

// Blind is the blind index of a normalised identifier: 12 bytes that are equal
// for equal (kind, value) under these keys and tell nothing without them.
// 96 bits of HMAC-SHA-256: among 10^10 identifiers the chance of one false
// meeting is below 10^-9.
func (k *Keys) Blind(kind, value string) string {
	s := k.mac("blind", kind, value)
	return string(s[:12])
}

// crockford has no I, L, O and U: nothing to misread on the telephone.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// Ref is a referral's name at this desk: 16 characters, the same for the same
// (source, external id), not to be guessed and in no order.
func (k *Keys) Ref(source, externalID string) string {
	s := k.mac("ref", source, externalID)
	return crockford.EncodeToString(s[:10])
}

// Fingerprint names the public half of the signing key.
func (k *Keys) Fingerprint() string {
	s := sha256.Sum256(k.sign.Public().(ed25519.PublicKey))
	return hex.EncodeToString(s[:8])
}
