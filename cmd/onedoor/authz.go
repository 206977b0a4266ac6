package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"onedoor/cmd/onedoor/app"
	"onedoor/configs"
)

func authzCommand(p app.Process) *cobra.Command {
	group := &cobra.Command{
		Use: "authz", Short: "Explain decisions about service items, and rehearse changes of items", Args: cobra.NoArgs, RunE: needsSubcommand,
	}
	explain := configured(&cobra.Command{
		Use: "explain --config FILE INTERACTION", Short: "Tell what was decided under an interaction, why, and what it rested on", Args: cobra.ExactArgs(1),
	}, p, func(ctx context.Context, cfg configs.Config, args []string) error {
		return app.ExplainDecisions(ctx, cfg, p, args[0])
	})
	rehearse := &cobra.Command{
		Use: "rehearse --config FILE DRAFT...", Short: "Tell what drafts of items would have made of the decisions so far", Args: cobra.MinimumNArgs(1),
		Long: "Take the recorded decisions again under drafts of items, and count what would be other. Nothing is changed. What a draft asks for and " +
			"nobody looked at then, such as an address, can't be known.",
	}
	since := rehearse.Flags().Duration("since", 30*24*time.Hour, "how far back")
	configured(rehearse, p, func(ctx context.Context, cfg configs.Config, args []string) error {
		drafts, err := configs.ReadObjects(args...)
		if err != nil {
			return err
		}
		return app.RehearseItems(ctx, cfg, p, drafts, *since)
	})
	group.AddCommand(explain, rehearse)
	return group
}
