package cli

import (
	"context"
	"fmt"
	"io"
	"os"

	"lapwing/internal/hashing"
)

type hashCmd struct {
	Files []string `arg:"" help:"Files; - reads standard input."`
	JSON  bool     `help:"One JSON object a line: path, md5, sha1, sha256, pdq, pdq_quality."`
}

// hashLine is one file in --json: pdq and its quality are null where there is none.
type hashLine struct {
	Path    string  `json:"path"`
	MD5     string  `json:"md5"`
	SHA1    string  `json:"sha1"`
	SHA256  string  `json:"sha256"`
	PDQ     *string `json:"pdq"`
	Quality *int    `json:"pdq_quality"`
	Note    string  `json:"note,omitempty"`
}

func (cmd *hashCmd) Run(c *command) error {
	failed := false
	for _, path := range cmd.Files {
		f, err := cmd.hash(c, path)
		if err != nil {
			fmt.Fprintf(c.Stderr, "lapwing: %s: %v\n", printable(path), explain(err))
			failed = true
			if c.ctx.Err() != nil {
				break
			}
			continue
		}
		line := hashLine{Path: path, MD5: f.MD5, SHA1: f.SHA1, SHA256: f.SHA256, Note: f.PDQNote}
		if f.PDQ != nil {
			s := f.PDQ.String()
			line.PDQ, line.Quality = &s, &f.Quality
		}
		if cmd.JSON {
			if err := c.printJSON(line); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(c.Stdout, "%s\n  md5     %s\n  sha1    %s\n  sha256  %s\n", printable(path), f.MD5, f.SHA1, f.SHA256)
		if f.PDQ != nil {
			fmt.Fprintf(c.Stdout, "  pdq     %s quality %d\n", f.PDQ, f.Quality)
		} else {
			fmt.Fprintf(c.Stdout, "  pdq     none: %s\n", f.PDQNote)
		}
	}
	if failed {
		return errSilent
	}
	return nil
}

func (cmd *hashCmd) hash(c *command, path string) (hashing.Fingerprints, error) {
	if path == "-" {
		return fingerprint(c.ctx, c.Stdin)
	}
	f, err := os.Open(path)
	if err != nil {
		return hashing.Fingerprints{}, err
	}
	defer f.Close()
	return fingerprint(c.ctx, f)
}

// fingerprint reads a file of the operator's own: however large, it is read
// to its end.
func fingerprint(ctx context.Context, r io.Reader) (hashing.Fingerprints, error) {
	return hashing.Read(ctx, r, hashing.Limits{Bytes: 1 << 50})
}
