package main

import (
	"context"

	"github.com/spf13/cobra"

	"onedoor/cmd/onedoor/app"
	"onedoor/configs"
)

func logoutCommand(p app.Process) *cobra.Command {
	group := &cobra.Command{
		Use: "logout", Short: "See whom sign-outs could not be told to, and tell them again", Args: cobra.NoArgs, RunE: needsSubcommand,
	}
	failed := configured(&cobra.Command{
		Use: "failed --config FILE", Short: "List whom sign-outs could not be told to, the latest first", Args: cobra.NoArgs,
	}, p, func(ctx context.Context, cfg configs.Config, _ []string) error { return app.FailedLogouts(ctx, cfg, p) })

	staffed := func(c *cobra.Command) *string {
		return c.Flags().String("as", "operator", "id of the member of staff who decided it, for the record; never a name")
	}
	retry := &cobra.Command{
		Use: "retry --config FILE ID", Short: "Have them told again: one notice, or all of a sign-out", Args: cobra.ExactArgs(1),
	}
	retrier := staffed(retry)
	configured(retry, p, func(ctx context.Context, cfg configs.Config, args []string) error {
		return app.RetryLogouts(ctx, cfg, p, args[0], *retrier)
	})

	show := &cobra.Command{
		Use: "show --config FILE ACCOUNT", Short: "Tell the sign-outs of an account and who has been told of them", Args: cobra.ExactArgs(1),
	}
	shower := staffed(show)
	configured(show, p, func(ctx context.Context, cfg configs.Config, args []string) error {
		return app.ShowLogouts(ctx, cfg, p, args[0], *shower)
	})
	group.AddCommand(failed, retry, show)
	return group
}
