package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/buildinfo"
	"github.com/apionboard/ngapi/internal/terminal"
	"github.com/apionboard/ngapi/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m, run) }

// run is the entry of the real program, as scripts run it.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return int(Run(ctx, World{
		Streams: terminal.FromFiles(os.Stdin, os.Stdout, os.Stderr, os.Getenv),
		Env:     os.Getenv,
		Today:   func() string { return time.Now().UTC().Format(time.DateOnly) },
		Build:   buildinfo.Info{Version: "0.0.0-test"},
		Now:     time.Now,
		Dial:    testkit.DialLoopback,
	}, os.Args[1:]))
}

func TestScripts(t *testing.T) { testkit.RunScripts(t, "testdata/script") }
