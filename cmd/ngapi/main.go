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
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/terminal"
)

func main() {
	os.Exit(run())
}

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	env := environment()
	world := cli.World{
		Streams: terminal.FromFiles(os.Stdin, os.Stdout, os.Stderr, env),
		Env:     env,
		Today:   func() string { return time.Now().Format(time.DateOnly) },
		Build:   buildinfo.Read(),
		Now:     time.Now,
	}
	done := make(chan int, 1)
	go func() { done <- int(cli.Run(ctx, world, os.Args[1:])) }()
	select {
	case code := <-done:
		return code
	case <-ctx.Done():
	}
	// A command that waits for a pipe or a terminal cannot see the signal. It
	// gets a moment to restore and save what it holds; a second signal ends the
	// process at once.
	stop()
	select {
	case code := <-done:
		return code
	case <-time.After(grace):
		return int(exit.Interrupted)
	}
}

// environment reads variables; the client secret is taken out of the environment
// of the process, so that a browser or git, once started, does not inherit it.
func environment() func(string) string {
	const name = "NGAPI_CLIENT_SECRET"
	secret := os.Getenv(name)
	if secret != "" {
		_ = os.Unsetenv(name) // fails for a malformed name only
	}
	return func(key string) string {
		if key == name {
			return secret
		}
		return os.Getenv(key)
	}
}

// grace is how long a command may go on after a signal.
const grace = time.Second
