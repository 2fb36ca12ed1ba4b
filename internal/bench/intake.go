// Package bench measures what the desk promises, so that anyone can run the
// figures of docs/benchmarks.md again.
package bench

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"lapwing/internal/app"
	"lapwing/internal/config"
	"lapwing/internal/hashing"
	"lapwing/internal/identity"
	"lapwing/internal/intake"
	"lapwing/internal/sqldb"
	"lapwing/internal/synth"
	"lapwing/internal/unpack"
)

// IntakeOptions say what to measure.
type IntakeOptions struct {
	N        int    // reports
	Dir      string // folder for the stores; it should be on the disk that the desk would use
	Database string // "" for SQLite in Dir, else an empty PostgreSQL database or schema
	NoBare   bool   // leave the bare insert out
	Bare     string // store for the bare insert: "" for SQLite in Dir, else another empty schema
	Progress func(done int64)
}

// IntakeResult is one line of figures.
type IntakeResult struct {
	Engine     string        `json:"engine"`
	CPUs       int           `json:"cpus"`
	N          int           `json:"n"`
	Totals     intake.Totals `json:"totals"`
	XMLBytes   int64         `json:"xml_bytes"`
	Seconds    float64       `json:"seconds"`
	PerSecond  float64       `json:"referrals_per_s"`
	PeakMB     float64       `json:"peak_rss_mb"` // of the process after intake, before the bare insert
	Rows       int64         `json:"rows"`
	BareSec    float64       `json:"bare_insert_s"` // the same rows, in the same groups, and nothing else
	Ratio      float64       `json:"ratio"`         // Seconds / BareSec
	StoreBytes int64         `json:"store_bytes,omitempty"`
}

// Intake takes in generated CyberTipline reports, everything included, and
// then writes the same rows once more into an empty store without doing
// anything else.
func Intake(ctx context.Context, o IntakeOptions) (r IntakeResult, err error) {
	r.N, r.CPUs = o.N, runtime.GOMAXPROCS(0)
	cfg, err := config.Load(config.Config{Data: filepath.Join(o.Dir, "desk"), Database: o.Database}, func(string) string { return "" })
	if err != nil {
		return r, err
	}
	d, err := app.Open(ctx, cfg, app.Options{})
	if err != nil {
		return r, err
	}
	defer d.Close()
	r.Engine = string(d.DB.Engine())

	pr, pw := io.Pipe()
	count := &counter{w: pw}
	go func() {
		pw.CloseWithError(synth.TarStream(count, synth.NewReports(1, synth.Params{}), 0, o.N))
	}()
	start := time.Now()
	r.Totals, err = d.Intake.Run(ctx, identity.System("bench"), intake.Request{
		Inputs: []string{"-"}, Name: fmt.Sprint("bench ", start.UnixNano()),
		Unpack: unpack.Options{Stdin: pr, Sniff: hashing.Sniff},
		Progress: func(t intake.Totals) {
			if o.Progress != nil {
				o.Progress(t.Settled())
			}
		},
	})
	pr.CloseWithError(context.Canceled)
	if err != nil {
		return r, err
	}
	r.Seconds = time.Since(start).Seconds()
	r.PerSecond = float64(r.Totals.Read) / r.Seconds
	r.XMLBytes = count.n
	r.PeakMB = peakMB()
	if d.DB.Engine() == sqldb.SQLite {
		if st, err := os.Stat(filepath.Join(cfg.Data, "lapwing.db")); err == nil {
			r.StoreBytes = st.Size()
		}
	}
	if o.NoBare {
		return r, nil
	}
	bare := o.Bare
	if bare == "" {
		bare = "sqlite:" + filepath.Join(o.Dir, "bare", "lapwing.db")
	}
	r.Rows, r.BareSec, err = bareInsert(ctx, d.DB, bare)
	if r.BareSec > 0 {
		r.Ratio = r.Seconds / r.BareSec
	}
	return r, err
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(b []byte) (int, error) { c.n += int64(len(b)); return c.w.Write(b) }

// peakMB is the largest resident set of the process so far, where the system tells.
func peakMB() float64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(b) {
		if rest, ok := bytes.CutPrefix(line, []byte("VmHWM:")); ok {
			if f := bytes.Fields(rest); len(f) > 0 {
				kb, _ := strconv.ParseFloat(string(f[0]), 64)
				return kb / 1024
			}
		}
	}
	return 0
}
