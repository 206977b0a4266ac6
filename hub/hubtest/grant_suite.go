package hubtest

import (
	"context"
	"errors"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/grant"
	"onedoor/hub/session"
)

// GrantStore is the conformance suite of grant.Store.
func GrantStore(t *testing.T, open Open) {
	t.Run("RoundTrip", func(t *testing.T) { t.Parallel(); grantRoundTrip(t, NewWorld(t, open(t))) })
	t.Run("NoGrantOfAnEndedSession", func(t *testing.T) { t.Parallel(); grantEndedSession(t, NewWorld(t, open(t))) })
	t.Run("Invariant6_CodeAndRefreshCountOnce", func(t *testing.T) { t.Parallel(); grantOnce(t, NewWorld(t, open(t))) })
	t.Run("Invariant6_OneOfManySpendsTheCode", func(t *testing.T) { t.Parallel(); grantCodeRace(t, NewWorld(t, open(t))) })
	t.Run("Invariant6_OneOfManySpendsTheCodeInTransactions", func(t *testing.T) { t.Parallel(); grantCodeRaceInTx(t, NewWorld(t, open(t))) })
	t.Run("Invariant6_OneOfManyRotatesTheRefreshToken", func(t *testing.T) { t.Parallel(); grantRefreshRace(t, NewWorld(t, open(t))) })
	t.Run("RetryAfterALostAnswer", func(t *testing.T) { t.Parallel(); grantRetry(t, NewWorld(t, open(t))) })
	t.Run("RetryCountsOnceAmongMany", func(t *testing.T) { t.Parallel(); grantRetryRace(t, NewWorld(t, open(t))) })
	t.Run("ExpiryEdges", func(t *testing.T) { t.Parallel(); grantExpiry(t, NewWorld(t, open(t))) })
	t.Run("RevokeEndsTheFamily", func(t *testing.T) { t.Parallel(); grantRevoke(t, NewWorld(t, open(t))) })
	t.Run("ReuseRevokesInTheSameTransaction", func(t *testing.T) { t.Parallel(); grantReuse(t, NewWorld(t, open(t))) })
	t.Run("RevokeSession", func(t *testing.T) { t.Parallel(); grantRevokeSession(t, NewWorld(t, open(t))) })
	t.Run("RevokeCountsOnceAmongMany", func(t *testing.T) { t.Parallel(); grantRevokeRace(t, NewWorld(t, open(t))) })
}

// kinds of credential: both have the same rules.
type credentialKind struct {
	name string
	find func(ctx context.Context, hash [32]byte) (grant.Credential, grant.Grant, error)
	use  func(ctx context.Context, hash [32]byte, at time.Time) error
}

func credentialKinds(w *World) []credentialKind {
	return []credentialKind{{"code", w.Grants.Code, w.Grants.UseCode}, {"refresh", w.Grants.Refresh, w.rotate}}
}

// rotate puts a new refresh token in the place of one.
func (w *World) rotate(ctx context.Context, hash [32]byte, at time.Time) error {
	c, _, err := w.Grants.Refresh(ctx, hash)
	if err != nil && hub.KindOf(err) != hub.Consumed && hub.KindOf(err) != hub.NotFound {
		return err
	}
	return w.Grants.Rotate(ctx, hash, w.Credential(c.Grant), at)
}

// both makes a grant with a code and a refresh token, in the order of credentialKinds.
func (w *World) both(t *testing.T, s session.Session) (grant.Grant, []grant.Credential) {
	t.Helper()
	g, code := w.Grant(t, s, "tax")
	refresh := w.Credential(g.ID)
	must(t, w.Grants.AddRefresh(t.Context(), refresh))
	return g, []grant.Credential{code, refresh}
}

func grantRoundTrip(t *testing.T, w *World) {
	ctx := t.Context()
	s, _ := w.Session(t)
	g, credentials := w.both(t, s)
	got, err := w.Grants.Grant(ctx, g.ID)
	must(t, err)
	wantSame(t, "grant", got, g)
	for i, k := range credentialKinds(w) {
		c, got, err := k.find(ctx, credentials[i].Hash)
		must(t, err)
		holder := s
		holder.Vault, holder.WrappedKey = nil, nil
		wantSame(t, "whose session", c.Holder, holder)
		c.Holder = session.Session{}
		wantSame(t, k.name, c, credentials[i])
		wantSame(t, k.name+"'s grant", got, g)
		_, _, err = k.find(ctx, credentials[1-i].Hash)
		wantKind(t, k.name+" of the other kind", err, hub.NotFound)
		wantKind(t, "use an unknown "+k.name, k.use(ctx, hub.NewSecret(w.Random).Hash(), w.Clock.Now()), hub.NotFound)
	}
	_, err = w.Grants.Grant(ctx, hub.GrantID(w.ID()))
	wantKind(t, "unknown grant", err, hub.NotFound)
	_, err = w.Grants.Revoke(ctx, hub.GrantID(w.ID()), "test", w.Clock.Now())
	wantKind(t, "revoke an unknown grant", err, hub.NotFound)
	wantKind(t, "refresh of an unknown grant", w.Grants.AddRefresh(ctx, w.Credential(hub.GrantID(w.ID()))), hub.NotFound)
	wantKind(t, "the same grant again", w.Grants.CreateWithCode(ctx, g, w.Credential(g.ID)), hub.Conflict)
	again := w.NewGrant(s, "tax")
	spent := w.Credential(again.ID)
	spent.Hash = credentials[0].Hash
	wantKind(t, "the same code again", w.Grants.CreateWithCode(ctx, again, spent), hub.Conflict)
	_, err = w.Grants.Grant(ctx, again.ID)
	wantKind(t, "nothing of the refused grant stays", err, hub.NotFound)

	acting := w.NewGrant(s, "tax")
	acting.Entity, acting.Mandate = hub.EntityID(w.ID()), w.ID()
	must(t, w.Grants.CreateWithCode(ctx, acting, w.Credential(acting.ID)))
	got, err = w.Grants.Grant(ctx, acting.ID)
	must(t, err)
	wantSame(t, "grant for an entity", got, acting)

	bare := w.NewGrant(s, "tax") // everything that may be empty
	bare.Scopes, bare.Release, bare.Interaction = nil, nil, ""
	code := w.Credential(bare.ID)
	code.State, code.WrappedKey = nil, nil
	must(t, w.Grants.CreateWithCode(ctx, bare, code))
	c, got, err := w.Grants.Code(ctx, code.Hash)
	must(t, err)
	wantSame(t, "bare grant", got, bare)
	if len(c.State) != 0 || c.WrappedKey != nil {
		t.Errorf("bare code: %+v", c)
	}
}

func grantEndedSession(t *testing.T, w *World) {
	ctx := t.Context()
	s, _ := w.Session(t)
	g, credentials := w.both(t, s)
	other := w.NewGrant(s, "tax")
	other.Account = w.Account(t).ID
	wantKind(t, "the session of another account", w.Grants.CreateWithCode(ctx, other, w.Credential(other.ID)), hub.NotFound)
	_, err := w.Sessions.End(ctx, s.ID, session.EndedByPerson, w.Clock.Now())
	must(t, err)
	late := w.NewGrant(s, "tax")
	wantKind(t, "a grant after the end", w.Grants.CreateWithCode(ctx, late, w.Credential(late.ID)), hub.NotFound)
	wantKind(t, "a refresh token after the end", w.Grants.AddRefresh(ctx, w.Credential(g.ID)), hub.Consumed)
	for i, k := range credentialKinds(w) {
		wantKind(t, k.name+" after the end", k.use(ctx, credentials[i].Hash, w.Clock.Now()), hub.Consumed)
		_, got, err := k.find(ctx, credentials[i].Hash)
		wantKind(t, k.name+" after the end", err, hub.Consumed)
		wantSame(t, "its grant is given all the same", got.ID, g.ID)
	}
}

func grantOnce(t *testing.T, w *World) {
	ctx := t.Context()
	s, _ := w.Session(t)
	g, credentials := w.both(t, s)
	for i, k := range credentialKinds(w) {
		at := w.Clock.Advance(time.Second)
		must(t, k.use(ctx, credentials[i].Hash, at))
		wantKind(t, k.name+" again", k.use(ctx, credentials[i].Hash, at), hub.Consumed)
		wantKind(t, k.name+" again, expired", k.use(ctx, credentials[i].Hash, at.Add(time.Hour)), hub.Consumed)
		c, got, err := k.find(ctx, credentials[i].Hash)
		wantKind(t, k.name+" found after use", err, hub.Consumed)
		if c.Grant != g.ID || !c.UsedAt.Equal(at) || got.ID != g.ID {
			t.Errorf("%s: credential or grant is missing: %+v", k.name, c)
		}
	}
}

func grantCodeRace(t *testing.T, w *World) {
	s, _ := w.Session(t)
	_, code := w.Grant(t, s, "tax")
	race(t, hub.Consumed, func(int) error { return w.Grants.UseCode(t.Context(), code.Hash, w.Clock.Now()) })
}

// grantCodeRaceInTx is how the token endpoint does it: look, check, consume, issue, in one transaction.
func grantCodeRaceInTx(t *testing.T, w *World) {
	s, _ := w.Session(t)
	g, code := w.Grant(t, s, "tax")
	race(t, hub.Consumed, func(int) error {
		return w.InTx(t.Context(), func(ctx context.Context) error {
			if _, _, err := w.Grants.Code(ctx, code.Hash); err != nil {
				return err
			}
			if err := w.Grants.UseCode(ctx, code.Hash, w.Clock.Now()); err != nil {
				return err
			}
			return w.Grants.AddRefresh(ctx, w.Credential(g.ID))
		})
	})
}

func grantRefreshRace(t *testing.T, w *World) {
	s, _ := w.Session(t)
	_, credentials := w.both(t, s)
	race(t, hub.Consumed, func(int) error { return w.rotate(t.Context(), credentials[1].Hash, w.Clock.Now()) })
}

func grantExpiry(t *testing.T, w *World) {
	ctx := t.Context()
	s, _ := w.Session(t)
	g, credentials := w.both(t, s)
	for i, k := range credentialKinds(w) {
		edge := credentials[i].ExpiresAt
		wantKind(t, k.name+" at its end", k.use(ctx, credentials[i].Hash, edge), hub.Expired)
		must(t, k.use(ctx, credentials[i].Hash, edge.Add(-time.Microsecond)))
	}
	outlives := w.Credential(g.ID)
	outlives.ExpiresAt = g.ExpiresAt.Add(time.Hour)
	must(t, w.Grants.AddRefresh(ctx, outlives))
	wantKind(t, "a refresh token after its grant's end", w.rotate(ctx, outlives.Hash, g.ExpiresAt), hub.Expired)
	must(t, w.rotate(ctx, outlives.Hash, g.ExpiresAt.Add(-time.Microsecond)))
}

func grantRevoke(t *testing.T, w *World) {
	ctx := t.Context()
	s, _ := w.Session(t)
	g, credentials := w.both(t, s)
	sibling, siblings := w.both(t, s)
	at := w.Clock.Advance(time.Second)
	done, err := w.Grants.Revoke(ctx, g.ID, "reuse", at)
	must(t, err)
	if !done {
		t.Error("a live grant was not revoked")
	}
	done, err = w.Grants.Revoke(ctx, g.ID, "again", at.Add(time.Hour))
	must(t, err)
	if done {
		t.Error("revoked twice")
	}
	got, err := w.Grants.Grant(ctx, g.ID)
	must(t, err)
	if !got.RevokedAt.Equal(at) {
		t.Errorf("revoked at %v, want %v", got.RevokedAt, at)
	}
	wantKind(t, "a refresh token after it", w.Grants.AddRefresh(ctx, w.Credential(g.ID)), hub.Consumed)
	for i, k := range credentialKinds(w) {
		wantKind(t, k.name, k.use(ctx, credentials[i].Hash, at), hub.Consumed)
		c, _, err := k.find(ctx, credentials[i].Hash)
		wantKind(t, k.name, err, hub.Consumed)
		if c.WrappedKey != nil {
			t.Errorf("%s: the wrapped key was not shredded", k.name)
		}
		must(t, k.use(ctx, siblings[i].Hash, at)) // another family lives on
	}
	rows, _, err := w.Feed.Read(ctx, zeroCursor())
	must(t, err)
	if r := find(rows, "grant", string(g.ID)); r == nil || !r.ExpiresAt.Equal(g.ExpiresAt) || find(rows, "grant", string(sibling.ID)) != nil {
		t.Errorf("the feed: %v", rows)
	}
}

// grantReuse: a used refresh token comes again; the transaction that finds out also ends the family, and stays good.
func grantReuse(t *testing.T, w *World) {
	ctx := t.Context()
	s, _ := w.Session(t)
	g, credentials := w.both(t, s)
	must(t, w.rotate(ctx, credentials[1].Hash, w.Clock.Now()))
	next := w.Credential(g.ID)
	must(t, w.Grants.AddRefresh(ctx, next))
	must(t, w.InTx(ctx, func(ctx context.Context) error {
		err := w.rotate(ctx, credentials[1].Hash, w.Clock.Now())
		if !errors.Is(err, hub.Consumed) {
			return err
		}
		_, err = w.Grants.Revoke(ctx, g.ID, "reuse", w.Clock.Now())
		return err
	}))
	wantKind(t, "the thief's and the owner's next token", w.rotate(ctx, next.Hash, w.Clock.Now()), hub.Consumed)
}

func grantRevokeSession(t *testing.T, w *World) {
	ctx := t.Context()
	s, _ := w.Session(t)
	var grants []grant.Grant
	var codes []grant.Credential
	for _, system := range []hub.SystemID{"tax", "health"} {
		g, c := w.Grant(t, s, system)
		grants, codes = append(grants, g), append(codes, c)
	}
	other, _ := w.Session(t)
	_, untouched := w.Grant(t, other, "tax")
	must(t, w.Grants.RevokeSession(ctx, s.ID, "logout", w.Clock.Now()))
	must(t, w.Grants.RevokeSession(ctx, s.ID, "logout", w.Clock.Now())) // nothing is left to end
	must(t, w.Grants.RevokeSession(ctx, hub.SessionID(w.ID()), "logout", w.Clock.Now()))
	rows, _, err := w.Feed.Read(ctx, zeroCursor())
	must(t, err)
	for i, g := range grants {
		wantKind(t, "code", w.Grants.UseCode(ctx, codes[i].Hash, w.Clock.Now()), hub.Consumed)
		if find(rows, "grant", string(g.ID)) == nil {
			t.Error("a revoked grant is not in the feed")
		}
	}
	must(t, w.Grants.UseCode(ctx, untouched.Hash, w.Clock.Now()))
}

func grantRevokeRace(t *testing.T, w *World) {
	s, _ := w.Session(t)
	g, _ := w.Grant(t, s, "tax")
	race(t, hub.Conflict, func(int) error {
		done, err := w.Grants.Revoke(t.Context(), g.ID, "test", w.Clock.Now())
		if err == nil && !done {
			return hub.Conflict // a polite loser
		}
		return err
	})
}
