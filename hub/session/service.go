package session

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
)

// Transactor runs fn in one database transaction, which the stores find in its context. A call inside another joins it. fn may be
// run again where the database asks for it.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
}

// Index makes keyed hashes: the same for the same purpose and parts, and of no use without the index key.
type Index interface {
	Index(purpose string, parts ...string) []byte
}

// Options are what a Service is made of. All are required.
type Options struct {
	Store  Store
	Audit  audit.Recorder
	Tx     Transactor
	Clock  hub.Clock
	Random io.Reader
	Index  Index
	Ended  Ended // told of every end
	Names  Names // of provider's sessions; nil where none have any
}

// Names remembers under which names others know sessions; hubsql.SAMLNames has it.
type Names interface {
	// Note remembers a name of a session until it expires. Unavailable.
	Note(ctx context.Context, n hub.PeerName, id hub.SessionID, expires time.Time) error
}

// Service starts, resumes, raises and ends sessions, and opens their vaults.
type Service struct {
	store  Store
	audit  audit.Recorder
	tx     Transactor
	clock  hub.Clock
	random io.Reader
	index  Index
	told   Ended
	names  Names
}

// New checks the options. Invalid where one is missing.
func New(o Options) (*Service, error) {
	if o.Store == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil || o.Random == nil || o.Index == nil ||
		o.Ended == nil {
		return nil, hub.Errorf("session.New", hub.Invalid, "an option is missing")
	}
	return &Service{store: o.Store, audit: o.Audit, tx: o.Tx, clock: o.Clock, random: o.Random, index: o.Index, told: o.Ended, names: o.Names}, nil
}

// Authentication is what a session is made of: somebody has just proven who they are.
type Authentication struct {
	Account  hub.AccountID
	Identity hub.Identity
	Channel  string // "web"
	Device   string // coarse kind, see Session
}

// now is the time as the database keeps it: whole microseconds.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// Start makes a session after a successful authentication, with a new secret for the browser's cookie (SES-01, SES-02) and a
// new vault key. The secret and the key are known to the caller only: the store keeps the hash of the one, and the other wrapped
// under the first. LevelUnmet where no level is stated, Expired where the authentication is older than any session may get.
func (s *Service) Start(ctx context.Context, a Authentication) (Session, hub.Secret, hub.Secret, error) {
	const op = "session.Start"
	now := s.now()
	sess := Session{
		ID: hub.SessionID(hub.NewID(s.random)), StartedAt: now,
		Interaction: hub.InteractionFrom(ctx), Channel: a.Channel, Device: a.Device,
	}
	secret, key := hub.NewSecret(s.random), hub.NewSecret(s.random)
	if err := s.authenticated(op, &sess, a, secret, key, now); err != nil {
		return Session{}, hub.Secret{}, hub.Secret{}, err
	}
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.Create(ctx, sess, secret.Hash()); err != nil {
			return err
		}
		if err := s.joinUpstream(ctx, sess.ID, a.Identity, now); err != nil {
			return err
		}
		return s.audit.Record(ctx, event(sess, "session.started", ""))
	})
	if err != nil {
		return Session{}, hub.Secret{}, hub.Secret{}, err
	}
	return sess, secret, key, nil
}

// Raise notes that the person of a live session has authenticated again: same session, new secret, and one more level with its
// time, be it higher or lower. What was reached before stays for as long as it would have, and no longer (see Reached). The old
// secret is worth nothing from then on (SES-01). The vault key stays, because the tokens that were issued carry it. Attributes
// of an identity below the session's highest IAL change nothing in the vault: no service may get a fact at a lower assurance than
// it requires. Those of an equal one join it, the newer value counting; those of a higher one replace it.
//
// Consumed where old is no longer the session's secret, Conflict where the account is another, Expired past every limit (SES-11:
// that needs a new session).
func (s *Service) Raise(ctx context.Context, old hub.Secret, a Authentication) (Session, hub.Secret, hub.Secret, error) {
	const op = "session.Raise"
	none := hub.Secret{}
	if old.IsZero() {
		return Session{}, none, none, hub.Errorf(op, hub.Consumed, "no secret")
	}
	sess, err := s.store.BySecret(ctx, old.Hash())
	if errors.Is(err, hub.NotFound) {
		return Session{}, none, none, hub.E(op, hub.Consumed, err)
	}
	if err != nil {
		return Session{}, none, none, err
	}
	now := s.now()
	if sess.Account != a.Account {
		return Session{}, none, none, hub.Errorf(op, hub.Conflict, "session of another account")
	}
	if sess.Cut != "" || sess.outlived(now) {
		return Session{}, none, none, hub.Errorf(op, hub.Expired, "past every limit, or its provider was cut off")
	}
	key, err := unwrapKey(sess.ID, old, sess.WrappedKey)
	if err != nil {
		return Session{}, none, none, hub.E(op, hub.Internal, err)
	}
	if a.Identity.Attributes, err = merged(sess, key, a.Identity, now); err != nil {
		return Session{}, none, none, hub.E(op, hub.Internal, err)
	}
	secret, before := hub.NewSecret(s.random), sess
	if err := s.authenticated(op, &sess, a, secret, key, now); err != nil {
		return Session{}, none, none, err
	}
	sess.Earlier, sess.Rests = before.remember(sess.last(), now), before.rest(sess.Provider)
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.Raise(ctx, sess, old.Hash(), secret.Hash(), now.Add(secretKept)); err != nil {
			return err
		}
		if err := s.joinUpstream(ctx, sess.ID, a.Identity, now); err != nil {
			return err
		}
		return s.audit.Record(ctx, event(sess, "session.raised", ""))
	})
	if err != nil {
		return Session{}, none, none, err
	}
	return sess, secret, key, nil
}

// joinUpstream notes the provider's own session: whom a logout must tell, and under which names the provider may ask for one.
func (s *Service) joinUpstream(ctx context.Context, id hub.SessionID, from hub.Identity, now time.Time) error {
	if from.Upstream.Protocol != "" {
		err := s.store.Join(ctx, Participant{
			Session: id, Provider: from.Provider, Protocol: from.Upstream.Protocol, Ref: from.Upstream.Ref, FirstAt: now, LastAt: now,
		})
		if err != nil {
			return err
		}
	}
	if s.names == nil {
		return nil
	}
	for _, n := range from.Upstream.Names {
		if err := s.names.Note(ctx, n, id, now.Add(Longest)); err != nil {
			return err
		}
	}
	return nil
}

// merged gives what the vault holds after a further authentication.
func merged(sess Session, key hub.Secret, id hub.Identity, now time.Time) (hub.Attributes, error) {
	have := sess.Highest(now).IAL
	if id.Level.IAL > have {
		return id.Attributes, nil
	}
	old, err := openVault(sess.ID, key, sess.Vault)
	if err != nil || id.Level.IAL < have {
		return old, err
	}
	for name, value := range id.Attributes {
		old[name] = value
	}
	return old, nil
}

// authenticated writes the facts of an authentication into the session and seals vault and key.
func (s *Service) authenticated(op string, sess *Session, a Authentication, secret, key hub.Secret, now time.Time) error {
	id := a.Identity
	switch {
	case a.Account == "" || id.Provider == "":
		return hub.Errorf(op, hub.Invalid, "no account or provider")
	case !id.Level.Satisfies(hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}):
		return hub.Errorf(op, hub.LevelUnmet, "no level stated")
	}
	at := id.AuthTime.UTC().Truncate(time.Microsecond)
	if id.AuthTime.IsZero() || at.After(now) { // a provider's clock that is ahead must not lengthen anything
		at = now
	}
	if now.Sub(at) >= Longest {
		return hub.Errorf(op, hub.Expired, "authentication too old")
	}
	sess.Account, sess.Provider, sess.Level, sess.Methods = a.Account, id.Provider, id.Level, methods(id.Methods)
	sess.AuthTime, sess.LastActivity, sess.IdleOver = at, now, hub.AALNone
	sess.UpstreamSID = s.UpstreamSID(id.Provider, id.Session)
	var err error
	if sess.Vault, err = sealVault(s, sess.ID, key, id.Attributes); err != nil {
		return err
	}
	sess.WrappedKey, err = wrapKey(s, sess.ID, secret, key)
	return err
}

// UpstreamSID gives the keyed hash under which a session remembers its provider's session id, "" for none.
func (s *Service) UpstreamSID(provider hub.ProviderID, sid string) string {
	if sid == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(s.index.Index("upstream-sid", string(provider), sid))
}

// methods keeps what looks like an authentication method reference (RFC 8176): it goes into tokens.
func methods(in []string) []string {
	const most, longest = 8, 32
	var out []string
	for _, m := range in {
		if len(out) < most && m != "" && len(m) <= longest &&
			strings.Trim(m, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") == "" {
			out = append(out, m)
		}
	}
	return out
}

// Resume finds the live session of a browser's secret, opens the vault key with it and notes the activity, at most once a
// minute. NotFound for an unknown or ended one; a session past every limit is ended and Expired. Whether it can serve a service
// is for Session.Serves to say. One that rests on a provider which was cut off is ended and Expired too.
func (s *Service) Resume(ctx context.Context, secret hub.Secret) (Session, hub.Secret, error) {
	const op = "session.Resume"
	if secret.IsZero() {
		return Session{}, hub.Secret{}, hub.Errorf(op, hub.NotFound, "no secret")
	}
	sess, err := s.store.BySecret(ctx, secret.Hash())
	if err != nil {
		return Session{}, hub.Secret{}, err
	}
	return s.Admit(ctx, sess, secret)
}

// Admit is Resume for a session that was just found by its secret.
func (s *Service) Admit(ctx context.Context, sess Session, secret hub.Secret) (Session, hub.Secret, error) {
	const op = "session.Admit"
	now := s.now()
	over := Cause{}
	switch {
	case sess.Cut != "": // its turn has come
		over = Cause{Reason: EndedBySuspension, Provider: sess.Cut}
	case sess.outlived(now):
		over = Cause{Reason: EndedByAge}
	}
	if over.Reason != "" {
		if _, err := s.End(ctx, sess.ID, over); err != nil {
			return Session{}, hub.Secret{}, err
		}
		return Session{}, hub.Secret{}, hub.Errorf(op, hub.Expired, "past every limit, or its provider was cut off")
	}
	key, err := unwrapKey(sess.ID, secret, sess.WrappedKey)
	if err != nil {
		return Session{}, hub.Secret{}, hub.E(op, hub.Internal, err)
	}
	if sess, err = s.touch(ctx, sess, now); err != nil {
		return Session{}, hub.Secret{}, err
	}
	return sess, key, nil
}

// Active finds a live session by its id, for whoever has proven by other means that they are in it, and notes the activity, at most once a
// minute. NotFound for an unknown one; Expired for one that has ended or is past every limit.
func (s *Service) Active(ctx context.Context, id hub.SessionID) (Session, error) {
	sess, err := s.store.ByID(ctx, id)
	if err != nil {
		return Session{}, err
	}
	now := s.now()
	if !sess.EndedAt.IsZero() || sess.Cut != "" || sess.outlived(now) {
		return Session{}, hub.Errorf("session.Active", hub.Expired, "the session has ended")
	}
	return s.touch(ctx, sess, now)
}

// touch notes activity at now, at most once a minute.
func (s *Service) touch(ctx context.Context, sess Session, now time.Time) (Session, error) {
	over, due := sess.touches(now)
	if !due {
		return sess, nil
	}
	if err := s.store.Touch(ctx, sess.ID, now, over); err != nil {
		return Session{}, err
	}
	sess.LastActivity = now
	if over != hub.AALNone && (sess.IdleOver == hub.AALNone || over < sess.IdleOver) {
		sess.IdleOver = over
	}
	return sess, nil
}

// secretKept is how long a session can still be ended, and nothing else, with the secret that it had before it was raised: who signs out in
// one tab while another one has just brought a new secret means this session.
const secretKept = time.Minute

// Recent finds the live session of a browser's secret, also of one that a step-up has just replaced: to end it, not to use it.
// NotFound for an unknown or ended one.
func (s *Service) Recent(ctx context.Context, secret hub.Secret) (hub.SessionID, error) {
	if secret.IsZero() {
		return "", hub.Errorf("session.Recent", hub.NotFound, "no secret")
	}
	return s.store.ByRecentSecret(ctx, secret.Hash(), s.now())
}

// End ends a session: vault, key and secret are shredded (PRV-02, SES-04), everything issued from it is revoked, and whoever must be told
// of it is noted (Options.Ended), in one transaction. It reports false where it had ended before. NotFound for an unknown id.
func (s *Service) End(ctx context.Context, id hub.SessionID, cause Cause) (bool, error) {
	const op = "session.End"
	if cause.Reason == "" || cause.System != "" && cause.Provider != "" {
		return false, hub.Errorf(op, hub.Invalid, "no reason, or two who asked")
	}
	sess, err := s.store.ByID(ctx, id)
	if err != nil {
		return false, err
	}
	ended := false
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		now := s.now()
		var err error
		if ended, err = s.store.End(ctx, id, cause.Reason, now); err != nil || !ended {
			return err
		}
		e := event(sess, "session.ended", string(cause.Reason))
		if cause.Provider != "" {
			e.Provider = cause.Provider
		}
		e.System = cause.System
		if err := s.audit.Record(ctx, e); err != nil {
			return err
		}
		over := sess
		over.EndedAt, over.EndReason, over.Vault, over.WrappedKey = now, cause.Reason, nil, nil
		return s.told.Ended(ctx, over, cause, now)
	})
	return ended && err == nil, err
}

// OfAccount lists an account's sessions, the latest start first, at most limit (SES-20): only live ones, or ended ones as well.
func (s *Service) OfAccount(ctx context.Context, account hub.AccountID, live bool, limit int) ([]Session, error) {
	return s.store.OfAccount(ctx, account, live, limit)
}

// Participants lists whom the session was used at, oldest first.
func (s *Service) Participants(ctx context.Context, id hub.SessionID) ([]Participant, error) {
	return s.store.Participants(ctx, id)
}

// Attributes opens the vault of a live session with its key. NotFound for an unknown session, Expired for one that has ended or
// is past every limit, Invalid where the key does not fit.
func (s *Service) Attributes(ctx context.Context, id hub.SessionID, key hub.Secret) (hub.Attributes, error) {
	const op = "session.Attributes"
	sess, err := s.store.ByID(ctx, id)
	if err != nil {
		return nil, err
	}
	if !sess.EndedAt.IsZero() || sess.Cut != "" || sess.Vault == nil || sess.outlived(s.now()) {
		return nil, hub.Errorf(op, hub.Expired, "session has ended")
	}
	return openVault(id, key, sess.Vault)
}

// Get finds a session, ended or not. NotFound.
func (s *Service) Get(ctx context.Context, id hub.SessionID) (Session, error) {
	return s.store.ByID(ctx, id)
}

// Join notes that the session is used at a system, or came from a provider: whom a logout must tell. Times that are zero become now.
// Expired where the session has ended: then nothing may be issued.
func (s *Service) Join(ctx context.Context, p Participant) error {
	if p.Session == "" || (p.System == "") == (p.Provider == "") || p.Protocol == "" {
		return hub.Errorf("session.Join", hub.Invalid, "incomplete participant")
	}
	now := s.now()
	if p.FirstAt.IsZero() {
		p.FirstAt = now
	}
	if p.LastAt.IsZero() {
		p.LastAt = now
	}
	return s.store.Join(ctx, p)
}

// Sweep ends the sessions that outlived every limit, so that no vault rests longer than its session may live, and tells how
// many it ended. An error ends the round; what was ended stays ended.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	const batch = 100
	count := 0
	for {
		ids, err := s.store.Overdue(ctx, s.now().Add(-Longest), batch)
		if err != nil {
			return count, err
		}
		progress := false
		for _, id := range ids {
			ended, err := s.End(ctx, id, Cause{Reason: EndedByAge})
			if err != nil {
				return count, err
			}
			if ended {
				progress = true
				count++
			}
		}
		if len(ids) < batch || !progress {
			return count, nil
		}
	}
}

func event(sess Session, kind, reason string) audit.Event {
	return audit.Event{
		Kind: kind, Outcome: audit.Success, Reason: reason, Account: sess.Account, Session: sess.ID, Provider: sess.Provider,
		Level: sess.Level, Channel: sess.Channel,
	}
}
