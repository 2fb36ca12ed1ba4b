package sealed

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"
)

// A RecordKey seals everything that belongs to one referral. It is stored
// only wrapped by the desk's keys; when that wrapping is destroyed, the
// content is gone, in every copy that is not a copy of it.
type RecordKey struct{ aead cipher.AEAD }

const recordKeySize = 32

// NewRecordKey makes a data key and its wrapped form for the place.
func (k *Keys) NewRecordKey(place string) (RecordKey, []byte, error) {
	var raw [recordKeySize]byte
	rand.Read(raw[:])
	wrapped, err := k.Seal(raw[:], place)
	if err != nil {
		return RecordKey{}, nil, err
	}
	rk, err := recordKey(raw[:])
	return rk, wrapped, err
}

// OpenRecordKey unwraps a data key.
func (k *Keys) OpenRecordKey(wrapped []byte, place string) (RecordKey, error) {
	raw, err := k.Open(wrapped, place)
	if err != nil {
		return RecordKey{}, err
	}
	return recordKey(raw)
}

func recordKey(raw []byte) (RecordKey, error) {
	if len(raw) != recordKeySize {
		return RecordKey{}, fmt.Errorf("a data key has %d bytes, this has %d", recordKeySize, len(raw))
	}
	b, err := aes.NewCipher(raw)
	if err != nil {
		return RecordKey{}, err
	}
	a, err := cipher.NewGCMWithRandomNonce(b)
	return RecordKey{a}, err
}

// Seal compresses and encrypts plain for the place.
func (rk RecordKey) Seal(plain []byte, place string) []byte {
	return rk.aead.Seal(nil, nil, Pack(plain), []byte(place))
}

// Open is the opposite of Seal.
func (rk RecordKey) Open(sealed []byte, place string) ([]byte, error) {
	packed, err := rk.aead.Open(nil, nil, sealed, []byte(place))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be unsealed: it was altered, or its key is another", place)
	}
	return Unpack(packed)
}
