package app

import (
	"context"
	"io"
	"text/tabwriter"
	"time"

	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/hub/logout"
	"onedoor/hub/notice"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
)

// accountEnds ends what an account holds (account.Ends): its sessions, and every token that a node may still issue from what it knew.
type accountEnds struct {
	logout *logout.Service
	stores *hubsql.Stores
}

// EndAccount implements account.Ends.
func (e accountEnds) EndAccount(ctx context.Context, id hub.AccountID, at time.Time) error {
	if _, err := e.logout.EndAccount(ctx, id, session.Cause{Reason: session.EndedByAccount}); err != nil {
		return err
	}
	return e.stores.Revocations.RevokeAccount(ctx, id, at, at.Add(longestToken))
}

// lifeNotices puts the life cycle into the words of notices.
type lifeNotices struct {
	notices *notice.Service
	closed  func(ctx context.Context, id hub.AccountID) error // of accounts that are terminated, in the same transaction
}

// Changed implements account.LifeNotices.
func (l lifeNotices) Changed(ctx context.Context, id hub.AccountID, became account.Status, reason account.Reason, channel string) error {
	if became == account.Terminated {
		if err := l.closed(ctx, id); err != nil {
			return err
		}
	}
	kind := map[account.Status]notice.Kind{
		account.Suspended: notice.AccountSuspended, account.Active: notice.AccountResumed, account.Terminated: notice.AccountTerminated,
	}[became]
	return l.notices.Changed(ctx, id, kind, string(reason), channel)
}

// newLife lays the life cycle of accounts over a database.
func newLife(db *sqldb.DB, stores *hubsql.Stores, ends *logout.Service, notices *notice.Service, record audit.Recorder, clock hub.Clock, random io.Reader, closed func(ctx context.Context, id hub.AccountID) error) (*account.Life, error) {
	return account.NewLife(account.LifeOptions{
		Store: stores.Accounts, Ends: accountEnds{ends, stores}, Notices: lifeNotices{notices, closed}, Audit: record, Tx: db, Clock: clock, Random: random,
	})
}

// AccountVerb is what can be done to an account at the command line.
type AccountVerb string

// The verbs.
const (
	AccountSuspend   AccountVerb = "suspend"
	AccountResume    AccountVerb = "resume"
	AccountTerminate AccountVerb = "terminate"
	AccountLost      AccountVerb = "lost"
)

// AccountOrder is an order of the operator's.
type AccountOrder struct {
	Account string // its id
	Reason  string
	Staff   string // the id of who decided it
}

// ChangeAccount carries out an order and answers once no node takes a token of the account for active any more (architecture D2).
func ChangeAccount(ctx context.Context, cfg configs.Config, p Process, verb AccountVerb, order AccountOrder) error {
	return atLives(ctx, cfg, p, func(ctx context.Context, life *account.Life, _ *office) error {
		do := map[AccountVerb]func(context.Context, account.Order) (account.Change, error){
			AccountSuspend: life.Suspend, AccountResume: life.Resume, AccountTerminate: life.Terminate, AccountLost: life.ReportLost,
		}[verb]
		if do == nil || !hub.ValidID(order.Account) {
			return hub.Errorf("app.ChangeAccount", hub.Invalid, "an account has an id of 26 letters and digits: `onedoor account find` tells it")
		}
		change, err := do(ctx, account.Order{
			Account: hub.AccountID(order.Account), Reason: account.Reason(order.Reason), By: account.Actor{Kind: account.ByStaff, ID: order.Staff}, Channel: "desk",
		})
		if err != nil {
			return err
		}
		if change.Became != account.Active {
			settle(ctx, span(cfg.Revocation.Lease)*11/10)
		}
		say(p.Out, "the account was %s and is %s (%s)", change.Was, change.Became, change.Reason)
		return nil
	})
}

// ShowAccount tells the state of an account and what became of it before. The look is recorded.
func ShowAccount(ctx context.Context, cfg configs.Config, p Process, id, staff string) error {
	return atLives(ctx, cfg, p, func(ctx context.Context, life *account.Life, o *office) error {
		if !hub.ValidID(id) {
			return hub.Errorf("app.ShowAccount", hub.Invalid, "an account has an id of 26 letters and digits")
		}
		a, changes, err := life.Show(ctx, hub.AccountID(id))
		if err != nil {
			return err
		}
		if err := o.looked(ctx, a.ID, "account.shown", staff); err != nil {
			return err
		}
		say(p.Out, "%s since %s", a.Status, when(a.ChangedAt))
		t := tabwriter.NewWriter(p.Out, 0, 8, 2, ' ', 0)
		for _, c := range changes {
			say(t, "%s\t%s\t%s\t%s %s", when(c.At), c.Became, c.Reason, c.By.Kind, c.By.ID)
		}
		return t.Flush()
	})
}

// FindAccount tells the id of the account of a person number, which is read from in and is neither kept nor logged.
func FindAccount(ctx context.Context, cfg configs.Config, p Process, kind, staff string, in io.Reader) error {
	const op, most = "app.FindAccount", 100
	return atLives(ctx, cfg, p, func(ctx context.Context, _ *account.Life, o *office) error {
		text, err := io.ReadAll(io.LimitReader(in, most))
		if err != nil {
			return hub.E(op, hub.Invalid, err)
		}
		number := trimNumber(string(text))
		if number == "" {
			return hub.Errorf(op, hub.Invalid, "no number on standard input")
		}
		stores, err := hubsql.New(o.db)
		if err != nil {
			return err
		}
		a, err := stores.Accounts.ByPerson(ctx, account.PersonKey{Kind: kind, Hash: o.ring.Index("person", kind, number)})
		if err != nil {
			return err
		}
		if err := o.looked(ctx, a.ID, "account.found", staff); err != nil {
			return err
		}
		say(p.Out, "%s  %s", a.ID, a.Status)
		return nil
	})
}

// trimNumber takes away what people write between the digits of a number.
func trimNumber(text string) string {
	var out []rune
	for _, c := range text {
		switch c {
		case ' ', '-', '\t', '\r', '\n':
		default:
			out = append(out, c)
		}
	}
	return string(out)
}

// looked records that somebody looked an account up (OPS-03).
func (o *office) looked(ctx context.Context, id hub.AccountID, kind, staff string) error {
	if !hub.ValidName(staff) {
		return hub.Errorf("app.looked", hub.Invalid, "who looks is named by an id such as desk-3 (--as)")
	}
	return o.record.Record(ctx, audit.Event{
		Kind: kind, Outcome: audit.Success, Account: id, Channel: "desk", Detail: map[string]string{"by": string(account.ByStaff), "actor": staff},
	})
}

// atLives opens the office with what the life cycle of accounts needs.
func atLives(ctx context.Context, cfg configs.Config, p Process, work func(context.Context, *account.Life, *office) error) error {
	return atStores(ctx, cfg, p, func(ctx context.Context, o *office, stores *hubsql.Stores, ends *logout.Service) error {
		kept, err := hubsql.NewNotices(o.db)
		if err != nil {
			return err
		}
		notices, err := notice.New(notice.Options{Store: kept, Audit: o.record, Tx: o.db, Clock: p.Clock, Random: p.Random})
		if err != nil {
			return err
		}
		bindings, err := o.bindings(ctx, stores)
		if err != nil {
			return err
		}
		life, err := newLife(o.db, stores, ends, notices, o.record, p.Clock, p.Random, bindings.EndAccount)
		if err != nil {
			return err
		}
		return work(ctx, life, o)
	})
}
