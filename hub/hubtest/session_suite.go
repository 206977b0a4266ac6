package hubtest

import (
	"context"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/session"
)

// SessionStore is the conformance suite of session.Store.
func SessionStore(t *testing.T, open Open) {
	t.Run("RoundTrip", func(t *testing.T) { t.Parallel(); sessionRoundTrip(t, NewWorld(t, open(t))) })
	t.Run("ConflictOfIDAndSecret", func(t *testing.T) { t.Parallel(); sessionConflict(t, NewWorld(t, open(t))) })
	t.Run("SES03_SES04_SES12_EndShreds", func(t *testing.T) { t.Parallel(); sessionEnd(t, NewWorld(t, open(t))) })
	t.Run("EndReachesTheFeed", func(t *testing.T) { t.Parallel(); sessionEndFeed(t, NewWorld(t, open(t))) })
	t.Run("EndCountsOnceAmongMany", func(t *testing.T) { t.Parallel(); sessionEndRace(t, NewWorld(t, open(t))) })
	t.Run("SES01_RaiseChangesTheSecret", func(t *testing.T) { t.Parallel(); sessionRaise(t, NewWorld(t, open(t))) })
	t.Run("RaiseWinsOnceAmongMany", func(t *testing.T) { t.Parallel(); sessionRaiseRace(t, NewWorld(t, open(t))) })
	t.Run("TouchNeverGoesBack", func(t *testing.T) { t.Parallel(); sessionTouch(t, NewWorld(t, open(t))) })
	t.Run("Participants", func(t *testing.T) { t.Parallel(); sessionParticipants(t, NewWorld(t, open(t))) })
	t.Run("JoinAtOnce", func(t *testing.T) { t.Parallel(); sessionJoinRace(t, NewWorld(t, open(t))) })
	t.Run("Overdue", func(t *testing.T) { t.Parallel(); sessionOverdue(t, NewWorld(t, open(t))) })
}

func sessionRoundTrip(t *testing.T, w *World) {
	ctx := t.Context()
	s, secret := w.Session(t)
	got, err := w.Sessions.BySecret(ctx, secret.Hash())
	must(t, err)
	wantSame(t, "by secret", got, s)
	got, err = w.Sessions.ByID(ctx, s.ID)
	must(t, err)
	wantSame(t, "by id", got, s)

	bare := session.Session{ // everything that may be empty
		ID: hub.SessionID(w.ID()), Account: s.Account, Provider: "bank", AuthTime: Noon(), StartedAt: Noon(), LastActivity: Noon(),
	}
	must(t, w.Sessions.Create(ctx, bare, hub.NewSecret(w.Random).Hash()))
	got, err = w.Sessions.ByID(ctx, bare.ID)
	must(t, err)
	wantSame(t, "bare", got, bare)

	_, err = w.Sessions.BySecret(ctx, hub.NewSecret(w.Random).Hash())
	wantKind(t, "unknown secret", err, hub.NotFound)
	_, err = w.Sessions.ByID(ctx, hub.SessionID(w.ID()))
	wantKind(t, "unknown id", err, hub.NotFound)
}

func sessionConflict(t *testing.T, w *World) {
	ctx := t.Context()
	s, secret := w.Session(t)
	other := w.NewSession(s.Account)
	wantKind(t, "same secret", w.Sessions.Create(ctx, other, secret.Hash()), hub.Conflict)
	other.ID = s.ID
	wantKind(t, "same id", w.Sessions.Create(ctx, other, hub.NewSecret(w.Random).Hash()), hub.Conflict)
	got, err := w.Sessions.BySecret(ctx, secret.Hash())
	must(t, err)
	wantSame(t, "the first stays", got, s)
}

func sessionEnd(t *testing.T, w *World) {
	ctx := t.Context()
	for _, reason := range []session.EndReason{
		session.EndedByPerson, session.EndedByIdle, session.EndedByAge, session.EndedByAccount, session.EndedBySystem,
		session.EndedByAdmin, session.EndedByOther, session.EndedByIDP, session.EndedBySuspension,
	} {
		s, secret := w.Session(t)
		at := w.Clock.Advance(time.Minute)
		ended, err := w.Sessions.End(ctx, s.ID, reason, at)
		must(t, err)
		if !ended {
			t.Errorf("%s: a live session was not ended", reason)
		}
		_, err = w.Sessions.BySecret(ctx, secret.Hash())
		wantKind(t, "the secret of an ended session", err, hub.NotFound)
		got, err := w.Sessions.ByID(ctx, s.ID)
		must(t, err)
		s.Vault, s.WrappedKey, s.EndedAt, s.EndReason = nil, nil, at, reason
		wantSame(t, "ended", got, s)

		ended, err = w.Sessions.End(ctx, s.ID, session.EndedByAdmin, at.Add(time.Hour))
		must(t, err)
		if ended {
			t.Error("ended twice")
		}
		wantKind(t, "raise after the end", w.Sessions.Raise(ctx, s, secret.Hash(), hub.NewSecret(w.Random).Hash(), w.Clock.Now().Add(time.Minute)), hub.Consumed)
		must(t, w.Sessions.Touch(ctx, s.ID, at.Add(time.Hour), hub.AAL21))
		got, err = w.Sessions.ByID(ctx, s.ID)
		must(t, err)
		wantSame(t, "after a second end, a raise and a touch", got, s)
	}
	_, err := w.Sessions.End(ctx, hub.SessionID(w.ID()), session.EndedByPerson, w.Clock.Now())
	wantKind(t, "unknown session", err, hub.NotFound)
}

func sessionEndFeed(t *testing.T, w *World) {
	ctx := t.Context()
	s, _ := w.Session(t)
	short, long := w.NewGrant(s, "tax"), w.NewGrant(s, "health")
	long.ExpiresAt = long.ExpiresAt.Add(5 * time.Hour)
	must(t, w.Grants.CreateWithCode(ctx, long, w.Credential(long.ID)))
	must(t, w.Grants.CreateWithCode(ctx, short, w.Credential(short.ID)))
	_, before, err := w.Feed.Read(ctx, zeroCursor())
	must(t, err)
	_, err = w.Sessions.End(ctx, s.ID, session.EndedByPerson, w.Clock.Now())
	must(t, err)
	rows, _, err := w.Feed.Read(ctx, before)
	must(t, err)
	r := find(rows, "session", string(s.ID))
	if r == nil {
		t.Fatalf("the end is not in the feed: %v", rows)
	}
	if r.ExpiresAt.Before(long.ExpiresAt) {
		t.Errorf("the revocation ends at %v, a token can live until %v", r.ExpiresAt, long.ExpiresAt)
	}
}

func sessionEndRace(t *testing.T, w *World) {
	s, _ := w.Session(t)
	race(t, hub.Conflict, func(int) error {
		ended, err := w.Sessions.End(t.Context(), s.ID, session.EndedByPerson, w.Clock.Now())
		if err == nil && !ended {
			return hub.Conflict // a polite loser
		}
		return err
	})
	rows, _, err := w.Feed.Read(t.Context(), zeroCursor())
	must(t, err)
	if len(rows) != 1 {
		t.Errorf("%d revocations, want 1", len(rows))
	}
}

func sessionRaise(t *testing.T, w *World) {
	ctx := t.Context()
	s, old := w.Session(t)
	fresh := hub.NewSecret(w.Random)
	now := w.Clock.Advance(10 * time.Minute)
	up := s
	up.Provider, up.Level, up.Methods = "bank", hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}, []string{"hwk"}
	up.AuthTime, up.LastActivity, up.UpstreamSID, up.Vault, up.WrappedKey = now, now, "", w.Hash(), w.Hash()
	up.IdleOver = hub.AAL3
	up.Earlier = []session.Reached{
		{Provider: s.Provider, Level: s.Level, Methods: s.Methods, AuthTime: s.AuthTime, UpstreamSID: s.UpstreamSID},
		{Provider: "app", Level: hub.Level{IAL: hub.IAL13, AAL: hub.AAL1}, AuthTime: s.AuthTime.Add(-time.Hour)},
	}
	wantKind(t, "wrong secret", w.Sessions.Raise(ctx, up, fresh.Hash(), old.Hash(), w.Clock.Now().Add(time.Minute)), hub.Consumed)
	must(t, w.Sessions.Raise(ctx, up, old.Hash(), fresh.Hash(), w.Clock.Now().Add(time.Minute)))
	_, err := w.Sessions.BySecret(ctx, old.Hash())
	wantKind(t, "old secret", err, hub.NotFound)
	got, err := w.Sessions.BySecret(ctx, fresh.Hash())
	must(t, err)
	wantSame(t, "raised", got, up)

	thief := up
	thief.Account = w.Account(t).ID
	wantKind(t, "another account", w.Sessions.Raise(ctx, thief, fresh.Hash(), hub.NewSecret(w.Random).Hash(), w.Clock.Now().Add(time.Minute)), hub.Consumed)
	_, taken := w.Session(t)
	wantKind(t, "a secret that is taken", w.Sessions.Raise(ctx, up, fresh.Hash(), taken.Hash(), w.Clock.Now().Add(time.Minute)), hub.Conflict)
}

func sessionRaiseRace(t *testing.T, w *World) {
	s, old := w.Session(t)
	race(t, hub.Consumed, func(int) error {
		return w.Sessions.Raise(t.Context(), s, old.Hash(), hub.NewSecret(w.Random).Hash(), w.Clock.Now().Add(time.Minute))
	})
}

func sessionTouch(t *testing.T, w *World) {
	ctx := t.Context()
	s, _ := w.Session(t)
	for _, c := range []struct {
		at, want   time.Duration
		over, kept hub.AAL
	}{
		{time.Minute, time.Minute, hub.AALNone, hub.AALNone},
		{-time.Minute, time.Minute, hub.AAL21, hub.AALNone}, // comes late: nothing of it counts
		{2 * time.Minute, 2 * time.Minute, hub.AAL3, hub.AAL3},
		{3 * time.Minute, 3 * time.Minute, hub.AALNone, hub.AAL3},
		{4 * time.Minute, 4 * time.Minute, hub.AAL21, hub.AAL21},
		{5 * time.Minute, 5 * time.Minute, hub.AAL3, hub.AAL21}, // never up again
	} {
		must(t, w.Sessions.Touch(ctx, s.ID, Noon().Add(c.at), c.over))
		got, err := w.Sessions.ByID(ctx, s.ID)
		must(t, err)
		if !got.LastActivity.Equal(Noon().Add(c.want)) || got.IdleOver != c.kept {
			t.Errorf("after a touch at %v: %v, passed %v", c.at, got.LastActivity, got.IdleOver)
		}
	}
}

func sessionParticipants(t *testing.T, w *World) {
	ctx := t.Context()
	s, _ := w.Session(t)
	none, err := w.Sessions.Participants(ctx, s.ID)
	must(t, err)
	if len(none) != 0 {
		t.Errorf("got %v", none)
	}
	part := func(system hub.SystemID, protocol, ref string, first, last time.Duration) session.Participant {
		return session.Participant{Session: s.ID, System: system, Protocol: protocol, Ref: ref, FirstAt: Noon().Add(first), LastAt: Noon().Add(last)}
	}
	for _, p := range []session.Participant{
		part("tax", "oidc", "", time.Minute, time.Minute),
		part("health", "saml", "_1", 0, 0),
		part("tax", "saml", "_2", 2*time.Minute, 2*time.Minute),
		part("tax", "oidc", "later", 3*time.Minute, 3*time.Minute),
		part("tax", "oidc", "stale", 2*time.Minute, 2*time.Minute), // arrives late: moves nothing back
	} {
		must(t, w.Sessions.Join(ctx, p))
	}
	// The login notes who is there before the protocol has a handle, also at the very same moment: the handle stays.
	must(t, w.Sessions.Join(ctx, part("health", "saml", "", 0, 0)))
	must(t, w.Sessions.Join(ctx, part("tax", "saml", "", time.Minute, 2*time.Minute)))
	got, err := w.Sessions.Participants(ctx, s.ID)
	must(t, err)
	wantSame(t, "participants, oldest first", got, []session.Participant{
		part("health", "saml", "_1", 0, 0), part("tax", "oidc", "later", time.Minute, 3*time.Minute), part("tax", "saml", "_2", 2*time.Minute, 2*time.Minute),
	})
	wantKind(t, "no such session", w.Sessions.Join(ctx, session.Participant{
		Session: hub.SessionID(w.ID()), System: "tax", Protocol: "oidc", FirstAt: Noon(), LastAt: Noon(),
	}), hub.Conflict)
}

func sessionJoinRace(t *testing.T, w *World) {
	s, _ := w.Session(t)
	var wg sync.WaitGroup
	for i := range racers {
		wg.Go(func() {
			at := Noon().Add(time.Duration(i) * time.Second)
			err := w.Sessions.Join(t.Context(), session.Participant{Session: s.ID, System: "tax", Protocol: "oidc", FirstAt: at, LastAt: at})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got, err := w.Sessions.Participants(t.Context(), s.ID)
	must(t, err)
	if len(got) != 1 || !got[0].LastAt.Equal(Noon().Add((racers-1)*time.Second)) {
		t.Errorf("got %v, want one participant with the latest time", got)
	}
}

func sessionOverdue(t *testing.T, w *World) {
	ctx := t.Context()
	var ids []hub.SessionID
	for range 4 {
		s, _ := w.Session(t)
		ids = append(ids, s.ID)
		w.Clock.Advance(time.Hour)
	}
	_, err := w.Sessions.End(ctx, ids[0], session.EndedByAge, w.Clock.Now())
	must(t, err)
	for _, c := range []struct {
		before time.Duration
		limit  int
		want   []hub.SessionID
	}{{3 * time.Hour, 10, ids[1:3]}, {3 * time.Hour, 1, ids[1:2]}, {time.Hour, 10, nil}, {24 * time.Hour, 10, ids[1:]}} {
		got, err := w.Sessions.Overdue(ctx, Noon().Add(c.before), c.limit)
		must(t, err)
		wantSame(t, "overdue", got, c.want)
	}
	// A transaction that is undone ends nothing.
	_ = w.InTx(ctx, func(ctx context.Context) error {
		if _, err := w.Sessions.End(ctx, ids[1], session.EndedByAge, w.Clock.Now()); err != nil {
			t.Error(err)
		}
		return hub.Errorf("test", hub.Internal, "undo")
	})
	got, err := w.Sessions.ByID(ctx, ids[1])
	must(t, err)
	if !got.EndedAt.IsZero() || got.Vault == nil {
		t.Error("the undone end stayed")
	}
}
