package cli_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"lapwing/internal/intake"
	"lapwing/internal/sqldb/sqldbtest"
	"lapwing/internal/synth"
)

// TestKilledAndStartedAgain kills intake without warning at random moments and
// starts it again until it is done: totals and contents must be those of a
// run that nobody disturbed. LAPWING_SOAK_KILLS and LAPWING_SOAK_REPORTS make
// it longer; script/soak sets them.
func TestKilledAndStartedAgain(t *testing.T) {
	kills, reports := setting("LAPWING_SOAK_KILLS", 8), setting("LAPWING_SOAK_REPORTS", 2500)
	tar := filepath.Join(t.TempDir(), "inbox.tar")
	f, err := os.Create(tar)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(synth.TarStream(f, synth.NewReports(7, synth.Params{Until: long}), 0, reports), f.Close()); err != nil {
		t.Fatal(err)
	}
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			desk := func() desk {
				d := desk{t: t, env: append(os.Environ(), "LAPWING_DATA="+t.TempDir())}
				if engine == "postgres" {
					d.env = append(d.env, "LAPWING_DATABASE="+sqldbtest.PostgresURL(t))
				}
				return d
			}
			calm := desk()
			start := time.Now()
			calm.run("queue", "--json") // makes the desk
			calm.run("queue", "--json")
			startUp := time.Since(start) / 2
			start = time.Now()
			want, _ := calm.intake(tar, 0)
			took := time.Since(start) - startUp
			if want == nil || want.Read == 0 || want.Unfinished != 0 {
				t.Fatalf("undisturbed: %+v", want)
			}
			shaken := desk()
			rnd := rand.New(rand.NewPCG(1, uint64(kills)))
			var got *intake.Totals
			done := 0
			for done < kills {
				// Some fall into start-up, most anywhere in the work, and
				// all of them before it is done.
				after := startUp/2 + time.Duration(rnd.Int64N(int64(startUp+2*took/time.Duration(kills))))
				totals, killed := shaken.intake(tar, after)
				if !killed {
					got = totals
					break
				}
				done++
			}
			if got == nil {
				got, _ = shaken.intake(tar, 0)
			}
			t.Logf("%d reports, killed %d times", want.Read, done)
			if done < min(kills, 3) {
				t.Errorf("only %d kills before it was done", done)
			}
			if got == nil || *got != *want {
				t.Errorf("totals %+v, undisturbed %+v", got, want)
			}
			a, b := calm.contents(), shaken.contents()
			if !maps.Equal(a, b) {
				n := 0
				for _, ref := range slices.Sorted(maps.Keys(a)) {
					if a[ref] != b[ref] && n < 5 {
						n++
						t.Errorf("%s: undisturbed %s\nkilled %s", ref, a[ref], b[ref])
					}
				}
				t.Errorf("%d referrals, undisturbed %d", len(b), len(a))
			}
			shaken.run("audit", "verify")
			shaken.run("replay")
			// The same once more: nothing new.
			again, _ := shaken.intake(tar, 0)
			if again == nil || again.Accepted+again.Updated != 0 || again.Read != want.Read {
				t.Errorf("once more: %+v", again)
			}
		})
	}
}

// long ago: how recent a report is must not change while the test runs.
var long = time.Date(2020, 6, 1, 0, 0, 0, 0, time.UTC)

func setting(name string, def int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return def
}

// desk runs lapwing as a process of its own.
type desk struct {
	t   *testing.T
	env []string
}

func (d desk) command(args ...string) *exec.Cmd {
	cmd := exec.Command("lapwing", args...)
	cmd.Env = d.env
	return cmd
}

// intake runs intake and kills it after a while, 0 for never. The totals are
// nil where it was killed.
func (d desk) intake(path string, after time.Duration) (*intake.Totals, bool) {
	d.t.Helper()
	cmd := d.command("intake", "--json", "-q", path)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	if after > 0 {
		timer := time.AfterFunc(after, func() { cmd.Process.Kill() })
		defer timer.Stop()
	}
	err := cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == -1 {
		return nil, true
	}
	if err != nil && (exit == nil || exit.ExitCode() != 2) {
		d.t.Fatalf("lapwing intake: %v\n%s", err, errs.String())
	}
	var t intake.Totals
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &t); err != nil {
		d.t.Fatalf("%v in %q", err, out.String())
	}
	return &t, false
}

func (d desk) run(args ...string) string {
	d.t.Helper()
	out, err := d.command(args...).CombinedOutput()
	if err != nil {
		d.t.Errorf("lapwing %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// contents is what the desk holds, without the times at which it was recorded
// and without the references, which depend on the desk's keys.
func (d desk) contents() map[string]string {
	d.t.Helper()
	out := map[string]string{}
	sc := bufio.NewScanner(strings.NewReader(d.run("queue", "--all", "--json")))
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var row map[string]any
		if err := json.Unmarshal(sc.Bytes(), &row); err != nil {
			d.t.Fatal(err)
		}
		key := row["source"].(string) + " " + row["external_id"].(string)
		for _, k := range []string{"id", "recorded", "changed", "received"} {
			delete(row, k)
		}
		b, _ := json.Marshal(row)
		if out[key] != "" {
			d.t.Errorf("%s is there twice", key)
		}
		out[key] = string(b)
	}
	return out
}
