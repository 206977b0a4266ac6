package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"onedoor/cmd/onedoor/app"
	"onedoor/configs"
	"onedoor/tenants/entity"
)

func entityCommand(p app.Process) *cobra.Command {
	group := &cobra.Command{
		Use: "entity", Short: "Decide who stands for legal entities, and stop them", Args: cobra.NoArgs, RunE: needsSubcommand,
		Long: "Decide who stands for legal entities, and stop them. What a person has shown for a request is on the console's pages only. What is decided here " +
			"needs no second pair of eyes: who holds the machine holds the database. When a command has answered, no node takes what it ended for active.",
	}
	claims := &cobra.Command{Use: "claims --config FILE", Short: "List the requests to stand for an entity that wait", Args: cobra.NoArgs}
	configured(claims, p, func(ctx context.Context, cfg configs.Config, _ []string) error { return app.ListClaims(ctx, cfg, p) })
	list := &cobra.Command{Use: "list --config FILE", Short: "List all entities", Args: cobra.NoArgs}
	configured(list, p, func(ctx context.Context, cfg configs.Config, _ []string) error { return app.ListEntities(ctx, cfg, p) })
	group.AddCommand(claims, list)

	about := func(verb app.EntityVerb, what, short string, reasons []string) {
		c := &cobra.Command{Use: string(verb) + " --config FILE " + what, Short: short, Args: cobra.ExactArgs(1)}
		order := &app.EntityOrder{}
		if len(reasons) > 0 {
			c.Flags().StringVar(&order.Reason, "reason", "", "why (required): "+strings.Join(reasons, ", "))
			required(c, "reason")
		}
		if verb == app.EntitySucceed {
			c.Flags().StringVar(&order.Successor, "successor", "", "seat of the operator who takes the place; nobody where empty")
		}
		group.AddCommand(configured(c, p, func(ctx context.Context, cfg configs.Config, args []string) error {
			order.ID = args[0]
			return app.DecideEntity(ctx, cfg, p, verb, *order)
		}))
	}
	about(app.EntityShow, "ENTITY", "Tell who acts for an entity; the look is recorded", nil)
	about(app.EntityApprove, "CLAIM", "Make the person of a request the administrator; whoever was is no more", nil)
	about(app.EntityRefuse, "CLAIM", "Say no to a request", entity.ClaimReasons())
	about(app.EntitySucceed, "ENTITY", "End the place of an administrator who can't hand over, or name one", entity.EndReasons())
	about(app.EntitySuspend, "ENTITY", "Stop everybody who acts for an entity", entity.StatusReasons())
	about(app.EntityResume, "ENTITY", "Let them act again", nil)
	about(app.EntityClose, "ENTITY", "Close an entity for good", entity.StatusReasons())
	return group
}
