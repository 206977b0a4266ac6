package grant_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/grant"
)

// fake keeps one grant with one refresh token and notes what happened; a transaction that fails leaves nothing.
type fake struct {
	grant.Store
	gr       grant.Grant
	cred     grant.Credential
	find     error
	refuse   error // what Record answers
	events   []audit.Event
	inTx     bool
	outside  int // writes outside a transaction
	revoked  bool
	gone     bool
	consumed time.Time
}

func (f *fake) InTx(ctx context.Context, fn func(context.Context) error) error {
	before := *f
	f.inTx = true
	err := fn(ctx)
	f.inTx = before.inTx
	if err != nil {
		f.revoked, f.gr, f.events = before.revoked, before.gr, before.events
	}
	return err
}

func (f *fake) write() {
	if !f.inTx {
		f.outside++
	}
}

func (f *fake) Record(_ context.Context, e ...audit.Event) error {
	f.write()
	if f.refuse != nil {
		return f.refuse
	}
	f.events = append(f.events, e...)
	return nil
}

func (f *fake) CreateWithCode(_ context.Context, g grant.Grant, c grant.Credential) error {
	f.write()
	f.gr, f.cred = g, c
	return nil
}

func (f *fake) Code(context.Context, [32]byte) (grant.Credential, grant.Grant, error) {
	return f.cred, f.gr, f.find
}

func (f *fake) Refresh(context.Context, [32]byte) (grant.Credential, grant.Grant, error) {
	return f.cred, f.gr, f.find
}

func (f *fake) UseCode(_ context.Context, _ [32]byte, at time.Time) error {
	f.consumed = at
	return nil
}

func (f *fake) Revoke(context.Context, hub.GrantID, string, time.Time) (bool, error) {
	f.write()
	if f.gone {
		return false, hub.Errorf("fake", hub.NotFound, "")
	}
	was := f.revoked
	f.revoked = true
	return !was, nil
}

var now = time.Unix(1_000_000, 0)

func service(t testing.TB, f *fake) *grant.Grants {
	t.Helper()
	g, err := grant.New(grant.Options{Store: f, Audit: f, Tx: f, Clock: func() time.Time { return now }, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestD3_TheVaultKeyOpensWithTheCredentialAlone(t *testing.T) {
	t.Parallel()
	g := service(t, &fake{})
	key := hub.NewSecret(rand.Reader)
	secret, cred, err := g.Mint(grant.AuthorizationCode, "one", key, now.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := grant.VaultKey(grant.AuthorizationCode, secret, cred); err != nil || got != key {
		t.Errorf("%v", err)
	}
	if cred.Hash != secret.Hash() || cred.Grant != "one" || !cred.IssuedAt.Equal(now) || !cred.ExpiresAt.Equal(now.Add(time.Minute)) || !cred.UsedAt.IsZero() {
		t.Errorf("%+v", cred)
	}
	if bytes.Contains(cred.WrappedKey, key.Bytes()) || bytes.Contains(cred.WrappedKey, secret.Bytes()) {
		t.Error("the key rests in the clear")
	}
	other, foreign, err := g.Mint(grant.AuthorizationCode, "one", key, now.Add(time.Minute))
	if err != nil || other == secret {
		t.Fatal("not random")
	}
	swapped := foreign
	swapped.Hash = cred.Hash // as if somebody moved a wrapped key to another row
	bent := cred
	bent.WrappedKey = bytes.Clone(cred.WrappedKey)
	bent.WrappedKey[20] ^= 1
	moved := cred
	moved.Grant = "two"
	for name, f := range map[string]func() (hub.Secret, error){
		"other secret":  func() (hub.Secret, error) { return grant.VaultKey(grant.AuthorizationCode, other, cred) },
		"other form":    func() (hub.Secret, error) { return grant.VaultKey(grant.RefreshToken, secret, cred) },
		"other grant":   func() (hub.Secret, error) { return grant.VaultKey(grant.AuthorizationCode, secret, moved) },
		"other wrapped": func() (hub.Secret, error) { return grant.VaultKey(grant.AuthorizationCode, secret, swapped) },
		"one bit":       func() (hub.Secret, error) { return grant.VaultKey(grant.AuthorizationCode, secret, bent) },
	} {
		if got, err := f(); !errors.Is(err, hub.Invalid) || !got.IsZero() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNothingIsWrappedWhereNothingIsReleased(t *testing.T) {
	t.Parallel()
	g := service(t, &fake{})
	secret, cred, err := g.Mint(grant.RefreshToken, "one", hub.Secret{}, now)
	if err != nil || cred.WrappedKey != nil {
		t.Fatalf("%v", err)
	}
	if key, err := grant.VaultKey(grant.RefreshToken, secret, cred); err != nil || !key.IsZero() {
		t.Errorf("%v", err)
	}
}

func TestWhatTimeAndRevocationEnd(t *testing.T) {
	t.Parallel()
	good := grant.Credential{ExpiresAt: now.Add(1)}
	live := grant.Grant{ExpiresAt: now.Add(1)}
	for name, tc := range map[string]struct {
		cred grant.Credential
		gr   grant.Grant
		find error
		want hub.Kind
	}{
		"good":                {good, live, nil, ""},
		"expired":             {grant.Credential{ExpiresAt: now}, live, nil, hub.Expired},
		"grant over":          {good, grant.Grant{ExpiresAt: now}, nil, hub.Expired},
		"grant revoked":       {good, grant.Grant{ExpiresAt: now.Add(1), RevokedAt: now}, nil, hub.Consumed},
		"used":                {grant.Credential{ExpiresAt: now.Add(1), UsedAt: now}, live, nil, hub.Consumed},
		"used and expired":    {grant.Credential{ExpiresAt: now, UsedAt: now}, live, nil, hub.Consumed},
		"the store's own say": {good, live, hub.Errorf("db", hub.Unavailable, ""), hub.Unavailable},
	} {
		g := service(t, &fake{cred: tc.cred, gr: tc.gr, find: tc.find})
		_, _, codeErr := g.Code(context.Background(), [32]byte{})
		_, _, refreshErr := g.Refresh(context.Background(), [32]byte{})
		if hub.KindOf(codeErr) != tc.want || hub.KindOf(refreshErr) != tc.want {
			t.Errorf("%s: %v, %v, want %q", name, codeErr, refreshErr, tc.want)
		}
	}
}

func TestD5_StartAndRevokeStandOrFallWithTheirEvent(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	gr := grant.Grant{ID: "one", Session: "s", Account: "a", System: "revenue", Interaction: "i", CreatedAt: now}
	level := hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}

	f := &fake{}
	g := service(t, f)
	if err := g.Start(ctx, gr, grant.Credential{Grant: "one"}, level); err != nil {
		t.Fatal(err)
	}
	if e := f.events[0]; e.Kind != "grant.started" || e.Level != level || e.System != "revenue" || e.Interaction != "i" || e.Detail["grant"] != "one" {
		t.Errorf("%+v", e)
	}
	for i, want := range []bool{true, false} {
		if ended, err := g.Revoke(ctx, gr, grant.CodeReused); err != nil || ended != want {
			t.Errorf("time %d: %v %v", i, ended, err)
		}
	}
	if len(f.events) != 2 || f.events[1].Kind != "grant.revoked" || f.events[1].Reason != "code_reused" || f.outside > 0 {
		t.Errorf("%d writes outside a transaction, events %+v", f.outside, f.events)
	}

	f = &fake{refuse: hub.Errorf("audit", hub.Unavailable, "")}
	g = service(t, f)
	if err := g.Start(ctx, gr, grant.Credential{Grant: "one"}, level); !errors.Is(err, hub.Unavailable) || f.gr.ID != "" {
		t.Errorf("a grant without its event: %v", err)
	}
	if ended, err := g.Revoke(ctx, gr, grant.CodeReused); !errors.Is(err, hub.Unavailable) || ended || f.revoked {
		t.Errorf("a revocation without its event: %v %v", ended, err)
	}
	f.gone, f.refuse = true, nil
	if _, err := g.Revoke(ctx, gr, grant.CodeReused); !errors.Is(err, hub.NotFound) {
		t.Errorf("%v", err)
	}
	if err := g.Start(ctx, gr, grant.Credential{Grant: "two"}, level); !errors.Is(err, hub.Internal) {
		t.Errorf("a code of another grant: %v", err)
	}
}

func TestUseTakesTheTimeOfTheClock(t *testing.T) {
	t.Parallel()
	f := &fake{}
	if err := service(t, f).UseCode(context.Background(), [32]byte{}); err != nil || !f.consumed.Equal(now) {
		t.Errorf("%v %v", err, f.consumed)
	}
}

func TestNewWantsEverything(t *testing.T) {
	t.Parallel()
	f := &fake{}
	all := grant.Options{Store: f, Audit: f, Tx: f, Clock: time.Now, Random: rand.Reader}
	for i, without := range []func(*grant.Options){
		func(o *grant.Options) { o.Store = nil }, func(o *grant.Options) { o.Audit = nil }, func(o *grant.Options) { o.Tx = nil },
		func(o *grant.Options) { o.Clock = nil }, func(o *grant.Options) { o.Random = nil },
	} {
		o := all
		without(&o)
		if _, err := grant.New(o); !errors.Is(err, hub.Internal) {
			t.Errorf("option %d: %v", i, err)
		}
	}
}
