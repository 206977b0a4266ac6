package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"onedoor/cmd/onedoor/app"
	"onedoor/configs"
)

func registrationCommand(p app.Process) *cobra.Command {
	group := &cobra.Command{Use: "registration", Short: "Let developers register sandbox systems by themselves", Args: cobra.NoArgs, RunE: needsSubcommand}

	token := &cobra.Command{
		Use:   "token --config FILE --department ID",
		Short: "Make an initial access token for a department's developers: it is shown once",
		Long: "Make an initial access token (RFC 7591) for a department's developers: it is shown once. With it they register sandbox " +
			"systems, as many as it can be used times, within what the configuration opens to the department.",
		Args: cobra.NoArgs,
	}
	department := token.Flags().String("department", "", "department (required)")
	uses := token.Flags().Int("uses", 1, "how many sandboxes can be registered with it")
	valid := token.Flags().Duration("valid", 7*24*time.Hour, "how long it is good")
	if err := token.MarkFlagRequired("department"); err != nil {
		panic(err) // the flag is there: see above
	}
	configured(token, p, func(ctx context.Context, cfg configs.Config, _ []string) error {
		return app.RegistrationToken(ctx, cfg, p, *department, *uses, *valid)
	})

	list := configured(&cobra.Command{
		Use: "list --config FILE", Short: "List initial access tokens and sandboxes", Args: cobra.NoArgs,
	}, p, func(ctx context.Context, cfg configs.Config, _ []string) error {
		return app.RegistrationList(ctx, cfg, p)
	})

	end := configured(&cobra.Command{
		Use: "end --config FILE ID", Short: "Revoke an initial access token, or delete a sandbox with all that it was given", Args: cobra.ExactArgs(1),
	}, p, func(ctx context.Context, cfg configs.Config, args []string) error {
		return app.RegistrationEnd(ctx, cfg, p, args[0])
	})

	group.AddCommand(token, list, end)
	return group
}
