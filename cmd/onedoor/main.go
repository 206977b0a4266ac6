// Command onedoor is the whole hub: `onedoor serve` runs it, `onedoor demo` shows it, the other commands manage it. Nothing is
// decided here: commands read flags and call cmd/onedoor/app.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"onedoor/cmd/onedoor/app"
	"onedoor/hub"
)

func main() {
	// The first signal asks everything to stop in order, the second ends the process.
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], app.Process{
		Env: os.LookupEnv, Out: os.Stdout, Err: os.Stderr, Clock: time.Now, Random: hub.Randomness(),
	}))
}
