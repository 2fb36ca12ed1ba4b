package synth

import (
	"encoding/hex"
	"fmt"

	"lapwing/internal/referral"
)

// What the lists of the demo say of a file.
type standing uint8

const (
	standsNew   standing = iota // on no list
	standsKnown                 // its digest is on a list
	standsNear                  // its PDQ is a few bits from one on a list
	standsGood                  // on a list of known-good files
	standsBlind                 // the report gives no fingerprint
)

// Numbers of the files that are on lists: the lists overlap a little, as real ones do.
const (
	textFrom, textTo   = 0, 320
	ncmecFrom, ncmecTo = 280, 600
	vicsFrom, vicsTo   = 580, 900
	goodFrom, goodTo   = 1_000, 1_500
	newFrom            = 10_000
)

// A media is a file of a report.
type media struct {
	number       int
	standing     standing
	md5          string
	sha1         string
	sha256       string
	pdq          string // "" where nobody computed it
	supplemental bool
	viral        bool
	class        string // of the industry's scale; a wire value
	picture      *picture
}

func (f *media) name() string {
	if f.picture != nil {
		return f.picture.name
	}
	return fmt.Sprintf("synthetic-file-%d.jpg", f.number)
}

// newMedia draws a file. near says that the report's format can carry a PDQ.
func (d *desk) newMedia(r *random, pdq, viral bool) media {
	f := media{viral: viral}
	share := r.n(1000)
	if viral {
		share = r.n(380)
	}
	switch {
	case share < 380:
		f.standing, f.number = standsKnown, r.n(1+r.n(vicsTo)) // small numbers are everywhere
	case share < 460 && pdq:
		f.standing, f.number = standsNear, d.newFile()
	case share < 510:
		f.standing, f.number = standsGood, goodFrom+r.n(goodTo-goodFrom)
	case share < 535:
		f.standing, f.number = standsBlind, d.newFile()
	case share < 580 && d.files > 50:
		f.number = newFrom + r.n(d.files) // seen before, and on no list
	default:
		f.number = d.newFile()
		f.supplemental = r.in(40)
	}
	if r.in(500) && !f.supplemental {
		f.class = pick(r, classes[:])
	}
	if f.standing == standsBlind {
		return f
	}
	print := fileOf(f.number)
	f.md5, f.sha1, f.sha256 = hex.EncodeToString(print.md5[:]), hex.EncodeToString(print.sha1[:]),
		hex.EncodeToString(print.sha256[:])
	switch {
	case f.standing == standsNear:
		like := fileOf(ncmecFrom + r.n(ncmecTo-ncmecFrom)).pdq
		flip(r, &like, 2+r.n(27))
		f.pdq = hex.EncodeToString(like[:])
	case f.standing != standsGood && r.in(600):
		f.pdq = hex.EncodeToString(print.pdq[:])
	}
	return f
}

func (d *desk) newFile() int {
	d.files++
	return newFrom + d.files - 1
}

// flip changes exactly so many bits.
func flip(r *random, b *[32]byte, bits int) {
	for was := *b; bits > 0; {
		i := r.n(256)
		if mask := byte(1) << (i & 7); b[i/8]&mask == was[i/8]&mask {
			b[i/8] ^= mask
			bits--
		}
	}
}

// verdict is what a desk with the demo's lists should say of the files when they are told in the format: a delivered report
// and a table have no PDQ, only a submitted report says that a file goes with others.
func verdict(files []media, format string) referral.MediaVerdict {
	var new, near, known bool
	for i := range files {
		f := &files[i]
		switch {
		case f.standing == standsKnown:
			known = true
		case f.standing == standsNear && (format == formatXML || format == formatHotline):
			near = true
		case f.standing == standsNear, f.standing == standsNew && !f.supplemental:
			new = true
		case f.standing == standsNew && format != formatXML:
			new = true
		}
	}
	switch {
	case new:
		return referral.MediaNew
	case near:
		return referral.MediaNear
	case known:
		return referral.MediaKnown
	}
	return referral.MediaNone
}
