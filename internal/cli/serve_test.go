package cli_test

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// TestServe walks one referral through the running program: in by the API,
// found in the queue, opened, and on record as looked at.
func TestServe(t *testing.T) {
	t.Parallel()
	d := desk{t: t, env: append(os.Environ(), "LAPWING_DATA="+t.TempDir())}
	cmd := d.command("serve", "--listen", "localhost:0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	base := regexp.MustCompile(`http://[^ ]+`).FindString(line)
	if base == "" {
		t.Fatalf("no address in %q", line)
	}
	get := func(path string, want int) string {
		t.Helper()
		res, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != want {
			t.Fatalf("GET %s: %s, %v, want %d\n%s", path, res.Status, err, want, b)
		}
		return string(b)
	}
	post := func(body string, want int) string {
		t.Helper()
		res, err := http.Post(base+"/api/v1/referrals", "application/xml", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		if res.StatusCode != want {
			t.Fatalf("POST: %s, want %d\n%s", res.Status, want, b)
		}
		return string(b)
	}
	const report = `<report><incidentSummary><incidentType>Child Sex Trafficking</incidentType><incidentDateTime>2026-01-19T10:00:00Z</incidentDateTime></incidentSummary>
		<reporter><reportingPerson/></reporter><personOrUserReported><espIdentifier>user-17</espIdentifier></personOrUserReported></report>`
	answer := post(report, http.StatusCreated)
	ref := regexp.MustCompile(`"id":"([0-9A-Z]{16})"`).FindStringSubmatch(answer)
	if ref == nil {
		t.Fatalf("no reference in %s", answer)
	}
	post(report, http.StatusOK)                                   // a duplicate
	post(report[:len(report)-20], http.StatusUnprocessableEntity) // cut off
	if page := get("/referrals", http.StatusOK); !strings.Contains(page, ref[1]) {
		t.Errorf("the queue does not show %s", ref[1])
	}
	if page := get("/referrals/"+ref[1], http.StatusOK); !strings.Contains(page, "user-17") {
		t.Error("the referral's page does not show its account")
	}
	get("/referrals/0000000000000000", http.StatusNotFound)
	if page := get("/refused", http.StatusOK); !strings.Contains(page, "the document ends") {
		t.Errorf("the page of refused items does not say why:\n%s", page)
	}
	get("/batches", http.StatusOK)
	get("/healthz", http.StatusOK)

	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v", err)
	}
	if looked := d.run("audit", "show", "--action", "intake.show", "--subject", ref[1]); !strings.Contains(looked, "consultation") {
		t.Errorf("looking at %s is not on record:\n%s", ref[1], looked)
	}
	d.run("audit", "verify")
}
