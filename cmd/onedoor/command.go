package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"onedoor/cmd/onedoor/app"
	"onedoor/configs"
)

// Exit codes.
const (
	exitOK      = 0
	exitFailure = 1 // it was tried and failed
	exitUsage   = 2 // wrong words on the command line, or faults in what the operator wrote: nothing was tried
	exitBroken  = 3 // the audit record does not hold together
	exitSignal  = 130
)

// run runs one command and gives its exit code.
func run(ctx context.Context, args []string, p app.Process) int {
	started := false
	root := &cobra.Command{
		Use:               "onedoor",
		Short:             "A federated single sign-on hub for government",
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.SetArgs(args)
	root.SetOut(p.Out)
	root.SetErr(p.Err)
	root.AddCommand(
		serveCommand(p), demoCommand(p), migrateCommand(p), checkCommand(p), applyCommand(p), keysCommand(p), auditCommand(p),
		registrationCommand(p), healthCommand(p), secretCommand(p), versionCommand(p), benchCommand(p), accountCommand(p), adminCommand(p), logoutCommand(p), authzCommand(p), bindingCommand(p), entityCommand(p), providerCommand(p),
	)
	noting(root, &started)
	command, err := root.ExecuteContextC(ctx)
	var faults configs.Faults
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &faults):
		fmt.Fprintln(p.Err, faults)                                        //nolint:errcheck // nobody to tell
		fmt.Fprintf(p.Err, "onedoor: %s\n", counted(len(faults), "fault")) //nolint:errcheck // nobody to tell
		return exitUsage
	case !started:
		fmt.Fprintf(p.Err, "onedoor: %s\nSee %s --help.\n", err, command.CommandPath()) //nolint:errcheck // nobody to tell
		return exitUsage
	case errors.Is(err, app.ErrRecordBroken):
		fmt.Fprintf(p.Err, "onedoor: %s\n", err) //nolint:errcheck // nobody to tell
		return exitBroken
	case ctx.Err() != nil:
		fmt.Fprintln(p.Err, "onedoor: stopped") //nolint:errcheck // nobody to tell
		return exitSignal
	default:
		fmt.Fprintf(p.Err, "onedoor: %s\n", err) //nolint:errcheck // nobody to tell
		return exitFailure
	}
}

// noting sets started as soon as a command begins its work: what went wrong before was wrong words on the command line.
func noting(c *cobra.Command, started *bool) {
	if work := c.RunE; work != nil {
		c.RunE = func(c *cobra.Command, args []string) error {
			*started = !c.HasSubCommands() // a group only says that it needs one of its commands
			return work(c, args)
		}
	}
	for _, sub := range c.Commands() {
		noting(sub, started)
	}
}

func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// configured gives a command the flag --config and runs it with the configuration.
func configured(c *cobra.Command, p app.Process, work func(ctx context.Context, cfg configs.Config, args []string) error) *cobra.Command {
	file := c.Flags().String("config", "", "configuration file (required)")
	if err := c.MarkFlagRequired("config"); err != nil {
		panic(err) // the flag is there: see above
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		cfg, err := configs.Load(*file, p.Env)
		if err != nil {
			return err
		}
		return work(c.Context(), cfg, args)
	}
	return c
}
