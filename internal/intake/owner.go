package intake

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// ProcessName tells this process from all others, also from a later one with
// the same number: host, process id and when it started.
func ProcessName() string {
	host, _ := os.Hostname()
	return fmt.Sprintf("%s/%d/%s", host, os.Getpid(), processStart(os.Getpid()))
}

// processStart is when the process began, in the machine's own count; "" where
// there is no such process, "?" where the machine does not tell.
func processStart(pid int) string {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		if _, err := os.Stat("/proc/self/stat"); err != nil {
			return "?"
		}
		return ""
	}
	// The name in parentheses may hold anything; the fields after it do not.
	fields := strings.Fields(string(b)[strings.LastIndexByte(string(b), ')')+1:])
	if len(fields) < 20 || fields[0] == "Z" {
		return ""
	}
	return fields[19]
}

// silence is how long the owner of a batch on another machine must have given
// no sign of life before the batch is taken over.
const silence = 2 * time.Minute

// ownerGone says whether the process that worked on the batch is no more.
func ownerGone(b *Batch, now time.Time) bool {
	return b.Owner == "" || ProcessGone(b.Owner) || !local(b.Owner) && now.Sub(b.Beat) > silence
}

// ProcessGone says whether a process of this machine that ProcessName named
// is no more; of other machines it cannot tell.
func ProcessGone(name string) bool {
	_, rest, _ := strings.Cut(name, "/")
	pid, start, _ := strings.Cut(rest, "/")
	n, err := strconv.Atoi(pid)
	return err == nil && local(name) && start != "?" && processStart(n) != start
}

func local(name string) bool {
	here, _ := os.Hostname()
	host, rest, _ := strings.Cut(name, "/")
	return host == here && !strings.HasSuffix(rest, "/?")
}
