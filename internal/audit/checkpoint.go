package audit

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"lapwing/internal/fault"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A Checkpoint says: the log had this size and this root. Signed, it is a
// note in the form of https://c2sp.org/tlog-checkpoint, to be kept where
// whoever runs the database cannot reach it.
type Checkpoint struct {
	Size int64
	Root tlog.Hash
}

const origin = "lapwing/audit"

// Keys makes the signer and the verifier for a desk's Ed25519 key.
func Keys(key ed25519.PrivateKey) (note.Signer, note.Verifier, error) {
	vkey, err := note.NewEd25519VerifierKey(origin, key.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, nil, err
	}
	v, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, nil, err
	}
	return signer{v, key}, v, nil
}

// VerifierKey is the public key in the text form that note.NewVerifier takes.
func VerifierKey(key ed25519.PrivateKey) string {
	s, err := note.NewEd25519VerifierKey(origin, key.Public().(ed25519.PublicKey))
	if err != nil {
		panic(err) // only for a name that no note may have
	}
	return s
}

type signer struct {
	note.Verifier
	key ed25519.PrivateKey
}

func (s signer) Sign(msg []byte) ([]byte, error) { return ed25519.Sign(s.key, msg), nil }

func (l *Log) sign(c Checkpoint) (string, error) {
	b, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n", origin, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]))}, l.Signer)
	return string(b), err
}

// open checks the signature and reads the checkpoint.
func (l *Log) open(signed string) (c Checkpoint, err error) {
	n, err := note.Open([]byte(signed), note.VerifierList(l.Check))
	if err != nil {
		return c, fmt.Errorf("the checkpoint is not signed by this desk: %w", err)
	}
	// Every byte counts: no second signature, no spare bits in the base64.
	if len(n.UnverifiedSigs) > 0 || len(n.Sigs) != 1 || n.Text+"\n— "+n.Sigs[0].Name+" "+n.Sigs[0].Base64+"\n" != signed {
		return c, fmt.Errorf("the checkpoint carries more than this desk's signature")
	}
	if _, err := base64.StdEncoding.Strict().DecodeString(n.Sigs[0].Base64); err != nil {
		return c, fmt.Errorf("the checkpoint's signature is not as it was written: %w", err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != origin || lines[3] != "" {
		return c, fmt.Errorf("the checkpoint has not the form of one")
	}
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.Size < 0 || strconv.FormatInt(c.Size, 10) != lines[1] {
		return c, fmt.Errorf("the checkpoint's size %q is not a number", lines[1])
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != hashSize {
		return c, fmt.Errorf("the checkpoint's root has not the form of one")
	}
	copy(c.Root[:], root)
	return c, nil
}

// Checkpoint gives the signed head of the log, to be kept outside.
func (l *Log) Checkpoint(ctx context.Context) (signed string, err error) {
	err = l.Store.Snapshot(ctx, func(ctx context.Context) error {
		signed, err = l.Store.Head(ctx)
		return err
	})
	if err == nil && signed == "" {
		return "", fault.New(fault.NotFound, "nothing has been recorded yet")
	}
	return signed, err
}
