package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"onedoor/cmd/onedoor/app"
	"onedoor/configs"
	"onedoor/tenants/staff"
)

func adminCommand(p app.Process) *cobra.Command {
	group := &cobra.Command{
		Use: "admin", Short: "Invite, list, confirm or remove members of staff", Args: cobra.NoArgs, RunE: needsSubcommand,
		Long: "Invite, list, confirm or remove members of staff. The first administrator of the platform comes by `onedoor admin invite`; they invite the " +
			"others. A member of staff is a person who signs in as everybody does; the post is bound to whoever accepts the invitation first.",
	}
	var roles []string
	for _, r := range staff.Roles() {
		roles = append(roles, string(r))
	}
	order := func(c *cobra.Command) *app.StaffOrder {
		o := &app.StaffOrder{}
		c.Flags().StringVar(&o.Role, "role", string(staff.PlatformAdministrator), "one of "+strings.Join(roles, ", "))
		c.Flags().StringVar(&o.Department, "department", "", "id of the department; none for a role of the platform")
		c.Flags().StringVar(&o.Area, "area", "", "id of the area within it; all of it where empty")
		return o
	}
	invite := &cobra.Command{Use: "invite --config FILE", Short: "Print the address of an invitation, which works once", Args: cobra.NoArgs}
	invited := order(invite)
	configured(invite, p, func(ctx context.Context, cfg configs.Config, _ []string) error {
		return app.InviteStaff(ctx, cfg, p, *invited)
	})
	list := &cobra.Command{Use: "list --config FILE", Short: "List who holds which post", Args: cobra.NoArgs}
	department := list.Flags().String("department", "", "id of the department; the platform where empty")
	configured(list, p, func(ctx context.Context, cfg configs.Config, _ []string) error {
		return app.ListStaff(ctx, cfg, p, *department)
	})
	confirm := &cobra.Command{Use: "confirm --config FILE POST", Short: "Confirm a post that waits for a second pair of eyes", Args: cobra.ExactArgs(1)}
	configured(confirm, p, func(ctx context.Context, cfg configs.Config, args []string) error {
		return app.ConfirmStaff(ctx, cfg, p, args[0])
	})
	remove := &cobra.Command{Use: "remove --config FILE POST", Short: "End a post at once", Args: cobra.ExactArgs(1)}
	reason := remove.Flags().String("reason", staff.Left, "one of "+strings.Join(staff.Reasons(), ", "))
	configured(remove, p, func(ctx context.Context, cfg configs.Config, args []string) error {
		return app.RemoveStaff(ctx, cfg, p, args[0], *reason)
	})
	give := &cobra.Command{Use: "give --config FILE SYSTEM", Short: "Let a system act by itself at the administrators' API", Args: cobra.ExactArgs(1)}
	given := order(give)
	configured(give, p, func(ctx context.Context, cfg configs.Config, args []string) error {
		return app.GiveProgram(ctx, cfg, p, args[0], *given)
	})
	programs := &cobra.Command{Use: "programs --config FILE", Short: "List what systems may do by themselves", Args: cobra.NoArgs}
	configured(programs, p, func(ctx context.Context, cfg configs.Config, _ []string) error {
		return app.ListPrograms(ctx, cfg, p)
	})
	take := &cobra.Command{Use: "take --config FILE RIGHT", Short: "End what a system may do by itself, at once", Args: cobra.ExactArgs(1)}
	configured(take, p, func(ctx context.Context, cfg configs.Config, args []string) error {
		return app.EndProgram(ctx, cfg, p, args[0])
	})
	group.AddCommand(invite, list, confirm, remove, give, programs, take)
	return group
}
