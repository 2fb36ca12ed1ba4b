//go:build !(linux || darwin || freebsd || netbsd || openbsd)

package unpack

import "os"

// openRegular opens a file for reading. This system has no way to open a file
// only if it is none of the special ones, so look first.
func openRegular(name string, follow bool) (*os.File, error) {
	info, err := os.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() && !follow {
		return nil, errSpecial
	}
	return os.Open(name)
}
