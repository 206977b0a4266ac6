package app

import (
	"context"
	"errors"
	"text/tabwriter"

	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/hubsql"
	"onedoor/hub/logout"
)

// mostListed bounds what a list of the ledger shows.
const mostListed = 1000

// atLogouts opens the office with the ledger of sign-outs.
func atLogouts(ctx context.Context, cfg configs.Config, p Process, work func(context.Context, *logout.Service, *office) error) error {
	return atStores(ctx, cfg, p, func(ctx context.Context, o *office, _ *hubsql.Stores, ledger *logout.Service) error {
		return work(ctx, ledger, o)
	})
}

// atStores opens the office with the hub's stores and the sign-outs that rest in them.
func atStores(ctx context.Context, cfg configs.Config, p Process, work func(context.Context, *office, *hubsql.Stores, *logout.Service) error) (err error) {
	o, err := openOffice(ctx, cfg, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	stores, err := hubsql.New(o.db)
	if err != nil {
		return err
	}
	ends, err := o.logout(stores)
	if err != nil {
		return err
	}
	return work(ctx, o, stores, ends)
}

// FailedLogouts lists whom a sign-out could not be told to, the latest first. It names systems and providers, no persons.
func FailedLogouts(ctx context.Context, cfg configs.Config, p Process) error {
	return atLogouts(ctx, cfg, p, func(ctx context.Context, ledger *logout.Service, _ *office) error {
		open, oldest, err := ledger.Backlog(ctx)
		if err != nil {
			return err
		}
		all, err := ledger.Failed(ctx, logout.Cursor{}, mostListed)
		if err != nil {
			return err
		}
		if open > 0 {
			say(p.Err, "%d are still being told, the oldest of a sign-out at %s", open, when(oldest))
		}
		t := tabwriter.NewWriter(p.Out, 0, 8, 2, ' ', 0)
		for _, n := range all {
			say(t, "%s\t%s\t%s%s\t%s\t%s\t%s\t%d tries", n.ID, when(n.At), n.System, n.Provider, n.Protocol, n.State, n.Reason, n.Tries)
		}
		return t.Flush()
	})
}

// RetryLogouts has told again whom a sign-out could not be told to: one notice, or all of a campaign. The nodes that serve do it.
func RetryLogouts(ctx context.Context, cfg configs.Config, p Process, id, staff string) error {
	return atLogouts(ctx, cfg, p, func(ctx context.Context, ledger *logout.Service, _ *office) error {
		if !hub.ValidID(id) {
			return hub.Errorf("app.RetryLogouts", hub.Invalid, "a notice has an id of 26 letters and digits: `onedoor logout failed` tells it")
		}
		n, err := ledger.Retry(ctx, id, staff)
		if err != nil {
			return err
		}
		say(p.Out, "%d will be told again", n)
		return nil
	})
}

// ShowLogouts tells the ledger of an account's sign-outs. The look is recorded.
func ShowLogouts(ctx context.Context, cfg configs.Config, p Process, account, staff string) error {
	return atLogouts(ctx, cfg, p, func(ctx context.Context, ledger *logout.Service, o *office) error {
		if !hub.ValidID(account) {
			return hub.Errorf("app.ShowLogouts", hub.Invalid, "an account has an id of 26 letters and digits")
		}
		if err := o.looked(ctx, hub.AccountID(account), "logout.shown", staff); err != nil {
			return err
		}
		all, err := ledger.OfAccount(ctx, hub.AccountID(account), mostListed)
		if err != nil {
			return err
		}
		t := tabwriter.NewWriter(p.Out, 0, 8, 2, ' ', 0)
		for _, e := range all {
			what := "everything"
			if e.Left != "" {
				what = string(e.Left)
			}
			say(t, "%s\t%s\t%s\t%s", e.ID, when(e.At), e.Cause.Reason, what)
			for _, n := range e.Notices {
				say(t, "  %s\t%s%s\t%s\t%s\t%s\t%d tries", n.ID, n.System, n.Provider, n.Protocol, n.State, n.Reason, n.Tries)
			}
		}
		return t.Flush()
	})
}
