package synth

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"io"
)

// AppendFileDetails appends file k of the n-th report, counted from 0 to below Files(n), as NCMEC's fileDetails document, and
// returns the longer slice. It allocates nothing where dst has room.
func (r *Reports) AppendFileDetails(b []byte, n, k int) []byte {
	_, n = r.Repeat(n)
	p := r.plan(n)
	d := newRandom(r.seed, drawFile, uint64(n)<<4|uint64(k)|1<<63)
	number := r.file(&d, n, k)

	b = append(b, `<?xml version="1.0" encoding="UTF-8"?>`+"\n<fileDetails"+schemaHead+"  <reportId>"...)
	b = appendNumber(b, int(firstReportID)+n)
	b = append(b, "</reportId>\n  <fileId>"...)
	b = appendPadded(b, uint64(n)*10+uint64(k), 32)
	b = append(b, "</fileId>\n  <fileName>synthetic-"...)
	b = appendNumber(b, n)
	b = append(b, '-')
	b = appendNumber(b, k+1)
	b = append(b, ".jpg</fileName>\n  <originalFileName>synthetic-file-"...)
	b = appendNumber(b, number)
	b = append(b, ".jpg</originalFileName>\n  <uploadedToEspTimestamp>"...)
	b = appendTime(b, p.at-int64(k)*60)
	b = append(b, "</uploadedToEspTimestamp>\n"...)
	b = append(b, pick(&d, threeValued[:]).viewed...)
	b = append(b, pick(&d, threeValued[:]).public...)
	b = append(b, "  <fileRelevance>Reported</fileRelevance>\n"...)
	if d.in(80) {
		b = append(b, "  <fileAnnotations>\n    <viral>true</viral>\n  </fileAnnotations>\n"...)
	}
	if d.in(600) {
		b = append(b, "  <industryClassification>"...)
		b = append(b, pick(&d, classes[:])...)
		b = append(b, "</industryClassification>\n"...)
	}
	f := fileOf(number)
	b = appendDigest(b, "MD5", f.md5[:])
	b = appendDigest(b, "SHA1", f.sha1[:])
	b = appendDigest(b, "SHA256", f.sha256[:])
	if d.in(800) {
		b = appendDigest(b, "PDQ", f.pdq[:])
	}
	b = append(b, "  <ipCaptureEvent>\n    <ipAddress>"...)
	b = appendIPv6(b, p.addressCountry, uint64(p.address)<<2)
	b = append(b, "</ipAddress>\n    <eventName>Upload</eventName>\n    <dateTime>"...)
	b = appendTime(b, p.at-int64(k)*60)
	b = append(b, "</dateTime>\n  </ipCaptureEvent>\n  <additionalInfo>Synthetic text for file "...)
	b = appendNumber(b, number)
	return append(b, ".</additionalInfo>\n</fileDetails>\n"...)
}

// file is the number of a report's file: of one on a list, or of an earlier report, or its own.
func (r *Reports) file(d *random, n, k int) int {
	switch share := d.n(1000); {
	case share < 400:
		return d.n(1 + d.n(r.known)) // those with small numbers are in many reports
	case share < 450:
		if at := r.back(d, n); at >= 0 {
			if m := r.earlier(at, r.hasCompanions); m >= 0 {
				n, k = m, 0
			}
		}
	}
	return r.known + n*4 + k
}

// Values that a provider may leave out.
var threeValued = [3]struct{ viewed, public string }{
	{},
	{"  <fileViewedByEsp>true</fileViewedByEsp>\n", "  <publiclyAvailable>true</publiclyAvailable>\n"},
	{"  <fileViewedByEsp>false</fileViewedByEsp>\n", "  <publiclyAvailable>false</publiclyAvailable>\n"},
}

var classes = [...]string{"A1", "A2", "B1", "B2"}

func appendDigest(b []byte, kind string, value []byte) []byte {
	b = append(b, `  <originalFileHash hashType="`...)
	b = append(b, kind...)
	b = append(b, `">`...)
	b = appendHex(b, value)
	return append(b, "</originalFileHash>\n"...)
}

// A file is an invented one: there are no bytes, only fingerprints.
type file struct {
	md5    [16]byte
	sha1   [20]byte
	sha256 [32]byte
	pdq    [32]byte
}

// fileOf gives the fingerprints of file n: the digests of the text "lapwing synthetic file n". Its PDQ is the SHA-256 of
// "lapwing synthetic picture n": like that of a real picture, half of its bits are set.
func fileOf(n int) (f file) {
	var text [48]byte
	b := appendNumber(append(text[:0], "lapwing synthetic file "...), n)
	f.md5, f.sha1, f.sha256 = md5.Sum(b), sha1.Sum(b), sha256.Sum256(b)
	f.pdq = sha256.Sum256(appendNumber(append(text[:0], "lapwing synthetic picture "...), n))
	return f
}

// WriteKnown writes a hash list in plain lines that has the stream's known files: type, fingerprint and id of the entry.
func (r *Reports) WriteKnown(w io.Writer) error {
	b := make([]byte, 0, 1<<16)
	line := func(kind string, value []byte, n int) {
		b = append(b, kind...)
		b = append(b, ' ')
		b = appendHex(b, value)
		b = append(b, " synthetic-"...)
		b = append(appendNumber(b, n), '\n')
	}
	for n := range r.known {
		f := fileOf(n)
		line("md5", f.md5[:], n)
		line("sha1", f.sha1[:], n)
		line("sha256", f.sha256[:], n)
		line("pdq", f.pdq[:], n)
		if len(b) > 1<<16-1024 || n == r.known-1 {
			if _, err := w.Write(b); err != nil {
				return err
			}
			b = b[:0]
		}
	}
	return nil
}
