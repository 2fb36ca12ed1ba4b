package synth

import "io"

// TarStream writes reports from to below to as a tar archive (USTAR, POSIX.1-1988): a directory for each, r0000017/report.xml
// with its file details r0000017/file-1.xml beside it. It writes large pieces, so that a pipe is fed as fast as it is read.
// The error is that of w.
func TarStream(w io.Writer, r *Reports, from, to int) error {
	const piece = 1 << 20
	b := make([]byte, 0, piece+1<<19)
	for n := from; n < to; n++ {
		at := tarTime(r, n)
		b = appendTarFile(b, n, 0, at, func(b []byte) []byte { return r.AppendXML(b, n) })
		for k := range r.Files(n) {
			b = appendTarFile(b, n, k+1, at, func(b []byte) []byte { return r.AppendFileDetails(b, n, k) })
		}
		if len(b) >= piece {
			if _, err := w.Write(b); err != nil {
				return err
			}
			b = b[:0]
		}
	}
	_, err := w.Write(append(b, make([]byte, 1024)...)) // two blocks of zeros end the archive
	return err
}

// tarTime is when the file was written, as its archive has it: an hour after the incident.
func tarTime(r *Reports, n int) int64 {
	_, of := r.Repeat(n)
	p := r.plan(of)
	return p.at + 3600
}

const tarBlock = 512

// appendTarFile appends a header, what content appends, and the filling up to a whole block.
func appendTarFile(b []byte, n, file int, at int64, content func([]byte) []byte) []byte {
	head := len(b)
	b = append(b, zeros[:]...)
	body := len(b)
	b = content(b)
	size := len(b) - body
	if over := size % tarBlock; over > 0 {
		b = append(b, zeros[:tarBlock-over]...)
	}

	h := b[head:body:body]
	name := appendPadded(append(h[:0], 'r'), uint64(n), 7)
	if file == 0 {
		append2(name, "/report.xml")
	} else {
		append2(appendPadded(append(name, "/file-"...), uint64(file), 1), ".xml")
	}
	copy(h[100:], "0000644\x000000000\x000000000\x00")
	octal(h[124:135], uint64(size))
	octal(h[136:147], uint64(at))
	copy(h[148:], "        0")
	copy(h[257:], "ustar\x0000")
	sum := uint64(0)
	for _, c := range h {
		sum += uint64(c)
	}
	octal(h[148:154], sum)
	h[154], h[155] = 0, ' '
	return b
}

var zeros [tarBlock]byte

// append2 writes s behind b in place: the header has room.
func append2(b []byte, s string) { copy(b[len(b):cap(b)], s) }

// octal fills b with digits.
func octal(b []byte, n uint64) {
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = '0' + byte(n&7)
		n >>= 3
	}
}
