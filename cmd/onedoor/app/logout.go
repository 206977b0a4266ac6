package app

import (
	"context"
	"io"
	"log/slog"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
	"onedoor/hub/token"
)

// ends is what the logout needs of sessions, which need the logout themselves: nothing is asked before all rooms are laid.
type ends struct{ of func() *session.Service }

// End implements logout.Sessions.
func (e ends) End(ctx context.Context, id hub.SessionID, cause session.Cause) (bool, error) {
	return e.of().End(ctx, id, cause)
}

// Recent implements logout.Sessions.
func (e ends) Recent(ctx context.Context, secret hub.Secret) (hub.SessionID, error) {
	return e.of().Recent(ctx, secret)
}

// Get implements logout.Sessions.
func (e ends) Get(ctx context.Context, id hub.SessionID) (session.Session, error) {
	return e.of().Get(ctx, id)
}

// OfAccount implements logout.Sessions.
func (e ends) OfAccount(ctx context.Context, account hub.AccountID, live bool, limit int) ([]session.Session, error) {
	return e.of().OfAccount(ctx, account, live, limit)
}

// layLogout: what every end of a session walks through. The protocols bind their ways when they are laid.
func (h *Hub) layLogout(context.Context) (err error) {
	if h.logouts, err = hubsql.NewLogouts(h.db); err != nil {
		return err
	}
	h.logout, err = logout.New(logout.Options{
		Store: h.logouts, Participants: h.stores.Sessions, Grants: h.stores.Grants, Sessions: ends{func() *session.Service { return h.sessions }}, Audit: h.audit, Tx: h.db, Clock: h.clock,
		Random: h.random, Log: h.options.Log, Keeps: h.keeps, Alone: h.db.Dialect() == sqldb.SQLite,
		Timeout: span(h.options.Config.Logout.Timeout), Longest: span(h.options.Config.Logout.Pause),
		Over: func(ctx context.Context, c logout.Campaign, all []session.Participant) error {
			return over(ctx, h.transmitter, c, all) // nothing ends before all rooms are laid
		},
		Delay: func() time.Duration { return h.lease.AnswerDelay() },
	})
	if err != nil {
		return err
	}
	if h.cuts, err = newCuts(h.db, h.stores, h.logout, h.audit, h.clock, h.random, h.options.Log); err != nil {
		return err
	}
	h.brake, err = federation.NewBrake(federation.BrakeOptions{
		Store: h.trust, Cutter: h.cuts, Audit: h.audit, Tx: h.db, Clock: h.clock, FourEyes: h.options.Config.Staff.FourEyes,
	})
	if err != nil {
		return err
	}
	return h.metrics.WatchBacklog(h.backlog)
}

// newCuts lays what ends the sessions that rest on a provider.
func newCuts(db *sqldb.DB, stores *hubsql.Stores, ends *logout.Service, record audit.Recorder, clock hub.Clock, random io.Reader, log *slog.Logger) (*logout.Cuts, error) {
	kept, err := hubsql.NewCuts(db)
	if err != nil {
		return nil, err
	}
	return logout.NewCuts(logout.CutOptions{
		Store: kept, Logout: ends, Revoker: stores.Revocations, Audit: record, Tx: db, Clock: clock, Random: random, Log: log,
		Margin: hubsql.Margin, Tokens: longestToken,
	})
}

// backlog is what the metrics say of participants that are still to be told.
func (h *Hub) backlog() (int, time.Duration, bool) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	open, oldest, err := h.logout.Backlog(ctx)
	if err != nil {
		return 0, 0, false
	}
	if oldest.IsZero() {
		return open, 0, true
	}
	return open, h.clock().Sub(oldest), true
}

// keeps tells how long a participant may hold a session of its own after its last use: as the level that its system demands allows (SES-07 to
// SES-09), or as its register says; a provider as long as anybody.
func (h *Hub) keeps(p session.Participant) time.Duration {
	if p.System == "" {
		return session.Longest
	}
	s, err := h.directory.System(context.Background(), p.System)
	if err != nil {
		return session.Longest
	}
	if s.SessionLife > 0 {
		return s.SessionLife
	}
	return session.LimitFor(s.Least.AAL).Age
}

// logout gives what a command needs to end sessions: the nodes that serve tell the participants.
func (o *office) logout(stores *hubsql.Stores) (*logout.Service, error) {
	kept, err := hubsql.NewLogouts(o.db)
	if err != nil {
		return nil, err
	}
	out, err := o.signals()
	if err != nil {
		return nil, err
	}
	var sessions *session.Service
	all, err := logout.New(logout.Options{
		Store: kept, Participants: stores.Sessions, Grants: stores.Grants, Sessions: ends{func() *session.Service { return sessions }}, Audit: o.record,
		Tx: o.db, Clock: o.Clock, Random: o.Random, Log: slog.New(slog.DiscardHandler), Quiet: true,
		Keeps: func(session.Participant) time.Duration { return session.Longest },
		Delay: func() time.Duration { return token.DefaultLease },
		Over: func(ctx context.Context, c logout.Campaign, all []session.Participant) error {
			return over(ctx, out, c, all)
		},
	})
	if err != nil {
		return nil, err
	}
	shred, err := shredding(o.db)
	if err != nil {
		return nil, err
	}
	sessions, err = session.New(session.Options{
		Store: stores.Sessions, Audit: o.record, Tx: o.db, Clock: o.Clock, Random: o.Random, Index: o.ring, Ended: parting{all, shred},
	})
	return all, err
}
