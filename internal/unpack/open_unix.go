//go:build linux || darwin || freebsd || netbsd || openbsd

package unpack

import (
	"errors"
	"os"
	"syscall"
)

// openRegular opens a file for reading. It does not follow a link that was
// put in its place, and does not wait for the other end of a pipe.
func openRegular(name string, follow bool) (*os.File, error) {
	flags := os.O_RDONLY | syscall.O_NONBLOCK
	if !follow {
		flags |= syscall.O_NOFOLLOW
	}
	f, err := os.OpenFile(name, flags, 0)
	if errors.Is(err, syscall.ELOOP) || errors.Is(err, syscall.ENXIO) {
		return nil, errSpecial
	}
	return f, err
}
