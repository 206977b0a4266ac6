package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"onedoor/cmd/onedoor/app"
	"onedoor/configs"
	"onedoor/federation"
)

func providerCommand(p app.Process) *cobra.Command {
	group := &cobra.Command{
		Use: "provider", Short: "Suspend identity providers, and end the sessions that rest on them", Args: cobra.NoArgs, RunE: needsSubcommand,
		Long: "Suspend identity providers, resume them, and end the sessions that rest on them. Every node that serves reads the change within seconds. " +
			"Files that are applied don't open a provider again that was suspended here.",
	}
	order := func(c *cobra.Command, reasons []string) *app.ProviderOrder {
		o := &app.ProviderOrder{}
		c.Flags().StringVar(&o.Reason, "reason", "", "why (required): "+strings.Join(reasons, ", "))
		required(c, "reason")
		return o
	}
	suspend := &cobra.Command{
		Use: "suspend --config FILE PROVIDER", Short: "Take a provider out of service at once", Args: cobra.ExactArgs(1),
		Long: "Take a provider out of service at once. An incident or misuse also ends every session that rests on it, unless --sessions says otherwise. " +
			"--sessions end can be given again for a provider that is suspended.",
	}
	halt := order(suspend, federation.HoldReasons())
	suspend.Flags().StringVar(&halt.Sessions, "sessions", "", "what becomes of the sessions that rest on it: end or keep; as the reason calls for where empty")
	configured(suspend, p, func(ctx context.Context, cfg configs.Config, args []string) error {
		halt.Provider = args[0]
		return app.SuspendProvider(ctx, cfg, p, *halt)
	})
	resume := &cobra.Command{Use: "resume --config FILE PROVIDER", Short: "Let a provider take part again, as its trust record says", Args: cobra.ExactArgs(1)}
	back := order(resume, federation.ResumeReasons())
	configured(resume, p, func(ctx context.Context, cfg configs.Config, args []string) error {
		back.Provider = args[0]
		return app.ResumeProvider(ctx, cfg, p, *back)
	})
	list := &cobra.Command{Use: "list --config FILE", Short: "Tell how the providers stand, and how far sessions are ended", Args: cobra.NoArgs}
	configured(list, p, func(ctx context.Context, cfg configs.Config, _ []string) error { return app.ListProviders(ctx, cfg, p) })
	group.AddCommand(suspend, resume, list)
	return group
}
