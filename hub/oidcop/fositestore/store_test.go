package fositestore_test

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/ory/fosite"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/grant"
	"onedoor/hub/oidcop/fositestore"
)

// memory keeps one code.
type memory struct {
	grant.Store
	cred  grant.Credential
	gr    grant.Grant
	reads int
	fail  error
}

func (m *memory) InTx(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }
func (m *memory) Record(context.Context, ...audit.Event) error                   { return nil }

func (m *memory) CreateWithCode(_ context.Context, g grant.Grant, c grant.Credential) error {
	m.gr, m.cred = g, c
	return nil
}

func (m *memory) Code(_ context.Context, hash [32]byte) (grant.Credential, grant.Grant, error) {
	m.reads++
	switch {
	case m.fail != nil:
		return grant.Credential{}, grant.Grant{}, m.fail
	case hash != m.cred.Hash:
		return grant.Credential{}, grant.Grant{}, hub.Errorf("memory", hub.NotFound, "")
	case !m.cred.UsedAt.IsZero():
		return m.cred, m.gr, hub.Errorf("memory", hub.Consumed, "")
	}
	return m.cred, m.gr, nil
}

func (m *memory) UseCode(_ context.Context, _ [32]byte, at time.Time) error {
	if !m.cred.UsedAt.IsZero() {
		return hub.Errorf("memory", hub.Consumed, "")
	}
	m.cred.UsedAt = at
	return nil
}

type setup struct {
	db     *memory
	store  *fositestore.Store
	client fosite.Client
	sig    string
	now    time.Time
}

func begin(t *testing.T) *setup {
	t.Helper()
	s := &setup{db: &memory{}, client: &fosite.DefaultClient{ID: "revenue"}, now: time.Unix(1_000_000, 0)}
	grants, err := grant.New(grant.Options{
		Store: s.db, Audit: s.db, Tx: s.db, Clock: func() time.Time { return s.now }, Random: rand.Reader,
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.store, err = fositestore.New(grants); err != nil {
		t.Fatal(err)
	}
	sess := fositestore.NewSession(s.client)
	sess.Grant = grant.Grant{ID: "g", System: "revenue", Scopes: []string{"openid"}, ExpiresAt: s.now.Add(time.Hour)}
	sess.State = fositestore.State{
		RedirectURI: "https://revenue.example/cb", Challenge: "c", Nonce: "n", Required: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21},
		Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, Methods: []string{"pin"}, AuthTime: s.now.UTC(),
	}
	_, code, err := grants.Mint(grant.AuthorizationCode, "g", hub.Secret{}, s.now.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	sess.Code, s.sig = &code, fositestore.Signature(code.Hash)
	if err := s.store.CreateAuthorizeCodeSession(context.Background(), s.sig, &fosite.Request{Session: sess, Client: s.client}); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestACodeIsReadOnceAndCarried(t *testing.T) {
	t.Parallel()
	s := begin(t)
	ctx, sess := context.Background(), fositestore.NewSession(s.client)
	r, err := s.store.GetAuthorizeCodeSession(ctx, s.sig, sess)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.store.GetPKCERequestSession(ctx, s.sig, sess)
	if err != nil || p.GetRequestForm().Get("code_challenge") != "c" || p.GetRequestForm().Get("code_challenge_method") != "S256" {
		t.Errorf("%v %v", p, err)
	}
	if _, err = s.store.GetAuthorizeCodeSession(ctx, s.sig, sess); err != nil || s.db.reads != 1 {
		t.Errorf("read %d times, %v", s.db.reads, err)
	}
	st := sess.State
	if r.GetID() != "g" || st.RedirectURI != "https://revenue.example/cb" || st.Nonce != "n" || st.Level.AAL != hub.AAL22 ||
		st.Required.IAL != hub.IAL21 || !st.AuthTime.Equal(s.now) || len(st.Methods) != 1 {
		t.Errorf("%+v", st)
	}
}

func TestWhatFositeHears(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		bend   func(*setup)
		fosite error
		kind   hub.Kind
	}{
		"used":                {func(s *setup) { s.db.cred.UsedAt = s.now }, fosite.ErrInvalidatedAuthorizeCode, hub.Consumed},
		"used, grant revoked": {func(s *setup) { s.db.cred.UsedAt, s.db.gr.RevokedAt = s.now, s.now }, fosite.ErrNotFound, hub.Consumed},
		"grant revoked":       {func(s *setup) { s.db.gr.RevokedAt = s.now }, fosite.ErrNotFound, hub.Consumed},
		"expired":             {func(s *setup) { s.now = s.now.Add(time.Minute) }, fosite.ErrNotFound, hub.Expired},
		"grant over":          {func(s *setup) { s.db.gr.ExpiresAt = s.now }, fosite.ErrNotFound, hub.Expired},
		"unknown":             {func(s *setup) { s.db.cred.Hash[0]++ }, fosite.ErrNotFound, hub.NotFound},
		"malformed":           {func(s *setup) { s.sig = "x" }, fosite.ErrNotFound, hub.NotFound},
		"other client":        {func(s *setup) { s.client = &fosite.DefaultClient{ID: "land"} }, fosite.ErrNotFound, hub.Denied},
		"other client, used":  {func(s *setup) { s.client, s.db.cred.UsedAt = &fosite.DefaultClient{ID: "land"}, s.now }, fosite.ErrNotFound, hub.Denied},
		"database down":       {func(s *setup) { s.db.fail = hub.Errorf("db", hub.Unavailable, "") }, nil, hub.Unavailable},
		"bent state":          {func(s *setup) { s.db.cred.State = []byte("{") }, nil, hub.Internal},
	} {
		s := begin(t)
		tc.bend(s)
		r, err := s.store.GetAuthorizeCodeSession(context.Background(), s.sig, fositestore.NewSession(s.client))
		if !errors.Is(err, tc.kind) || tc.fosite != nil && !errors.Is(err, tc.fosite) {
			t.Errorf("%s: %v", name, err)
		}
		if (r != nil) != errors.Is(err, fosite.ErrInvalidatedAuthorizeCode) {
			t.Errorf("%s: a request is given with ErrInvalidatedAuthorizeCode and with it alone", name)
		}
		if errors.Is(err, fosite.ErrNotFound) && tc.fosite == nil {
			t.Errorf("%s: a fault of ours looks like an unknown code", name)
		}
	}
}

func TestInvalidateIsCompareAndSet(t *testing.T) {
	t.Parallel()
	s := begin(t)
	if err := s.store.InvalidateAuthorizeCodeSession(context.Background(), s.sig); err != nil {
		t.Fatal(err)
	}
	if err := s.store.InvalidateAuthorizeCodeSession(context.Background(), s.sig); !errors.Is(err, hub.Consumed) {
		t.Errorf("%v", err)
	}
}

func TestNothingIsKeptWithoutAChallenge(t *testing.T) {
	t.Parallel()
	s := begin(t)
	sess := fositestore.NewSession(s.client)
	sess.Code = &grant.Credential{Hash: [32]byte{1}}
	sess.State.RedirectURI = "https://revenue.example/cb"
	err := s.store.CreateAuthorizeCodeSession(context.Background(), fositestore.Signature([32]byte{1}), &fosite.Request{Session: sess})
	if !errors.Is(err, hub.Internal) {
		t.Errorf("%v", err)
	}
	if _, err := s.store.GetPKCERequestSession(context.Background(), s.sig, sess); err == nil || errors.Is(err, fosite.ErrNotFound) {
		t.Errorf("fosite skips PKCE where it hears ErrNotFound: %v", err)
	}
	if err := s.store.CreateAuthorizeCodeSession(context.Background(), s.sig, &fosite.Request{Session: &fosite.DefaultSession{}}); !errors.Is(err, hub.Internal) {
		t.Errorf("a session of fosite's: %v", err)
	}
}

func TestTrap9_ASessionIsClonedDeeplyAndNotWrittenOnRead(t *testing.T) {
	t.Parallel()
	s := fositestore.NewSession(&fosite.DefaultClient{ID: "revenue"})
	s.Grant.Scopes, s.Scopes, s.State.Methods = []string{"a"}, []string{"a"}, []string{"a"}
	s.Grant.Release = []hub.AttributeName{hub.Name}
	s.Code, s.Refresh = &grant.Credential{State: []byte("a")}, &grant.Credential{WrappedKey: []byte("a")}
	s.Presented = grant.Credential{State: []byte("a"), WrappedKey: []byte("a")}
	at := time.Unix(5, 0)
	s.SetExpiresAt(fosite.AccessToken, at)
	s.SetExpiresAt(fosite.TokenType("other"), at)
	c := s.Clone().(*fositestore.Session)
	c.Grant.Scopes[0], c.Scopes[0], c.State.Methods[0], c.Grant.Release[0] = "b", "b", "b", hub.Address
	c.Code.State[0], c.Refresh.WrappedKey[0], c.Presented.State[0], c.Presented.WrappedKey[0] = 'b', 'b', 'b', 'b'
	c.SetExpiresAt(fosite.AccessToken, at.Add(1))
	if s.Grant.Scopes[0] != "a" || s.Scopes[0] != "a" || s.State.Methods[0] != "a" || s.Grant.Release[0] != hub.Name ||
		s.Code.State[0] != 'a' || s.Refresh.WrappedKey[0] != 'a' || s.Presented.State[0] != 'a' || s.Presented.WrappedKey[0] != 'a' {
		t.Error("the clone shares memory with the original")
	}
	if !s.GetExpiresAt(fosite.AccessToken).Equal(at) || !s.GetExpiresAt(fosite.TokenType("other")).IsZero() || c.Client != s.Client {
		t.Error("expiries or client wrong")
	}
	var readers sync.WaitGroup
	for range 4 { // the race detector sees a write on read
		readers.Go(func() { s.GetExpiresAt(fosite.RefreshToken); s.GetExpiresAt(fosite.AccessToken); s.GetSubject() })
	}
	readers.Wait()
	if (*fositestore.Session)(nil).Clone() != nil {
		t.Error("a nil session")
	}
}
