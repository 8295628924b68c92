// Command ngapi helps developers to connect an application to the NextGen
// Enterprise EHR APIs. This package hands the real streams, environment and
// clock to internal/cli and turns its answer into the one exit.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/apionboard/ngapi/internal/buildinfo"
	"github.com/apionboard/ngapi/internal/cli"
	"github.com/apionboard/ngapi/internal/terminal"
)

func main() {
	os.Exit(run())
}

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	world := cli.World{
		Streams: terminal.FromFiles(os.Stdin, os.Stdout, os.Stderr, os.Getenv),
		Env:     os.Getenv,
		Today:   func() string { return time.Now().UTC().Format(time.DateOnly) },
		Build:   buildinfo.Read(),
	}
	return int(cli.Run(ctx, world, os.Args[1:]))
}
