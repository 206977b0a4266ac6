package main

import (
	"context"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"onedoor/cmd/onedoor/app"
	"onedoor/configs"
	"onedoor/hub/account"
)

func accountCommand(p app.Process) *cobra.Command {
	group := &cobra.Command{
		Use: "account", Short: "Suspend, resume, terminate or show an account", Args: cobra.NoArgs, RunE: needsSubcommand,
		Long: "Suspend, resume, terminate or show an account. Make sure first of who asks (LIF-01, LIF-04). A suspended or terminated account " +
			"is signed out everywhere and can't sign in: when the command has answered, no node takes a token of it for active.",
	}
	staffed := func(c *cobra.Command) *string {
		return c.Flags().String("as", "operator", "id of the member of staff who decided it, for the record; never a name")
	}
	change := func(verb app.AccountVerb, short string, to account.Status) *cobra.Command {
		c := &cobra.Command{Use: string(verb) + " --config FILE ACCOUNT", Short: short, Args: cobra.ExactArgs(1)}
		staff, reason := staffed(c), new(string)
		if verb != app.AccountLost {
			var words []string
			for _, r := range account.Reasons(to) {
				words = append(words, string(r))
			}
			reason = c.Flags().String("reason", "", "why (required): "+strings.Join(words, ", "))
			if err := c.MarkFlagRequired("reason"); err != nil {
				panic(err) // the flag is there: see above
			}
		}
		return configured(c, p, func(ctx context.Context, cfg configs.Config, args []string) error {
			return app.ChangeAccount(ctx, cfg, p, verb, app.AccountOrder{Account: args[0], Reason: *reason, Staff: *staff})
		})
	}
	show := &cobra.Command{Use: "show --config FILE ACCOUNT", Short: "Tell the state of an account and what became of it", Args: cobra.ExactArgs(1)}
	shower := staffed(show)
	configured(show, p, func(ctx context.Context, cfg configs.Config, args []string) error {
		return app.ShowAccount(ctx, cfg, p, args[0], *shower)
	})
	find := &cobra.Command{
		Use: "find --config FILE", Short: "Tell the account of a person whose number is typed or piped in", Args: cobra.NoArgs,
		Long: "Tell the account of a person. The number is read from standard input, so that it stands in no list of processes and in no history.",
	}
	finder := staffed(find)
	kind := find.Flags().String("kind", "th.citizen", "kind of the number")
	configured(find, p, func(ctx context.Context, cfg configs.Config, _ []string) error {
		return app.FindAccount(ctx, cfg, p, *kind, *finder, os.Stdin)
	})
	group.AddCommand(
		change(app.AccountSuspend, "Suspend an account: signed out everywhere, no sign-in", account.Suspended),
		change(app.AccountResume, "Open a suspended account again", account.Active),
		change(app.AccountTerminate, "Close an account for good", account.Terminated),
		change(app.AccountLost, "Suspend an account because a phone, card or password was lost or stolen (LIF-07)", account.Suspended),
		show, find,
	)
	return group
}
