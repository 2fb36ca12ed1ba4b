package cli_test

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"lapwing/internal/cli"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary be the program: scripts and the kill test run
// it as lapwing.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"lapwing": func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		code := cli.Run(ctx, cli.Env{Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv})
		stop()
		os.Exit(code)
	}})
}

// TestScripts runs testdata/script/*.txtar: they show each command as its
// users use it.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("LAPWING_DATA", e.WorkDir+"/desk")
			e.Setenv("HOME", e.WorkDir)
			return nil
		},
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
	})
}
