package forward

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/grant"
	"onedoor/hub/login"
	"onedoor/hub/session"
	"onedoor/hub/token"
)

// The cookies at a system's origin. Both are for this host only, never for scripts, and only over TLS.
const (
	startCookie   = "__Host-onedoor-start"   // secret of a browser that is on its way
	sessionCookie = "__Host-onedoor-session" // sealed token
)

// CodeReused is the reason of a grant that ends because its code came twice.
const codeReused = grant.CodeReused

// Start begins a sign-in at the system's origin: it ties the login to this browser, so that nobody can make a browser take over a
// login that somebody else has begun (RFC 6749 section 10.12), and leads to the hub.
func (g *Gate) Start(w http.ResponseWriter, r *http.Request) {
	s, origin, err := g.at(r)
	if err != nil {
		g.o.Journey.Refuse(w, r, err)
		return
	}
	secret := startSecret(r) // several tabs may be at it
	if secret.IsZero() {
		secret = hub.NewSecret(g.o.Random)
	}
	sum := secret.Hash()
	st := state{System: s.ID, Origin: origin, To: target(r.URL.Query().Get("to")), Browser: sum[:], At: g.now().UnixMicro()}
	if from := r.URL.Query().Get("for"); from != "" {
		st.For = target(from)
	}
	sealed, err := g.seal(st)
	if err != nil {
		g.o.Journey.Refuse(w, r, err)
		return
	}
	setCookie(w, startCookie, secret.Reveal(), startLife)
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, g.o.Issuer+"/forward/"+string(s.ID)+"/login?"+url.Values{"state": {sealed}}.Encode(), http.StatusSeeOther)
}

// at finds the system and the origin of a request that its proxy has handed on.
func (g *Gate) at(r *http.Request) (System, string, error) {
	s, err := g.system(r)
	if err != nil {
		return System{}, "", err
	}
	origin, ok := s.originAt(originOf(r))
	if !ok {
		return System{}, "", hub.Errorf("forward.at", hub.Invalid, "not an origin of the system")
	}
	return s, origin, nil
}

// Login is where the browser comes to the hub.
func (g *Gate) Login(w http.ResponseWriter, r *http.Request) {
	s, err := g.system(r)
	if err != nil {
		g.o.Journey.Refuse(w, r, err)
		return
	}
	st, err := g.open(r.URL.Query().Get("state"), s.ID)
	if err == nil && !slices.Contains(s.Origins, st.Origin) {
		err = hub.Errorf("forward.Login", hub.Invalid, "not an origin of the system any more")
	}
	if err != nil {
		g.o.Journey.Refuse(w, r, err)
		return
	}
	cont, err := json.Marshal(st)
	if err != nil {
		g.o.Journey.Refuse(w, r, hub.E("forward.Login", hub.Internal, err))
		return
	}
	var wanted []hub.AttributeName
	for _, a := range s.Headers {
		if slices.Contains(s.Attributes, a) && !slices.Contains(wanted, a) {
			wanted = append(wanted, a)
		}
	}
	slices.Sort(wanted) // the same question every time
	g.o.Journey.Begin(w, r, login.Request{
		Protocol: Protocol, Continue: cont, System: s.ID, Attributes: wanted, Items: wishes(s, st.To, st.For),
	})
}

// FinishLogin leads the browser back to the system with a code, or shows why not: the system itself could say nothing.
func (g *Gate) FinishLogin(w http.ResponseWriter, r *http.Request, res login.Result) {
	const op = "forward.FinishLogin"
	r = r.WithContext(hub.WithInteraction(r.Context(), res.Interaction))
	var st state
	s, err := g.o.Systems.Forward(r.Context(), res.Request.System)
	switch {
	case err != nil:
	case res.Request.Protocol != Protocol || (res.Failure == "") == (res.Session.ID == ""):
		err = hub.Errorf(op, hub.Internal, "a login of another protocol, or neither a failure nor a session")
	case json.Unmarshal(res.Request.Continue, &st) != nil || st.System != s.ID:
		err = hub.Errorf(op, hub.Internal, "the login was for another system")
	case res.Failure != "":
		err = hub.Errorf(op, res.Failure, "the login failed")
	case !s.Live || !slices.Contains(s.Origins, st.Origin):
		err = hub.Errorf(op, hub.NotFound, "the system is not live, or has lost the origin")
	case res.Party.Entity != "" && s.For == login.Persons, res.Party.Entity == "" && s.For == login.Entities:
		err = hub.Errorf(op, hub.Internal, "the system does not serve such a party")
	case !res.Session.Level.Satisfies(s.Least) || !res.Session.Serves(s.Least, g.now()):
		err = hub.Errorf(op, hub.LevelUnmet, "below what the system demands")
	default:
		err = g.opened(r.Context(), s, st, res)
	}
	var code string
	if err == nil {
		code, err = g.issue(r.Context(), s, st, res)
	}
	if err != nil {
		_ = g.o.Audit.Record(r.Context(), audit.Event{
			Kind: "forward.refused", Outcome: audit.Failure, Reason: string(hub.KindOf(err)), System: res.Request.System,
			Session: res.Session.ID, Account: res.Session.Account,
		}) // the page says no, recorded or not
		g.o.Journey.Refuse(w, r, err)
		return
	}
	http.Redirect(w, r, st.Origin+OwnPath+"callback?"+url.Values{"code": {code}}.Encode(), http.StatusSeeOther)
}

// opened makes sure that what the browser goes to is open to the person: no room above is trusted to have kept what was asked. ItemClosed;
// Unavailable.
func (g *Gate) opened(ctx context.Context, s System, st state, res login.Result) error {
	rules := demanded(s.Items, st.To)
	if st.For != "" {
		rules = append(slices.Clone(rules), demanded(s.Items, st.For)...)
	}
	if len(rules) == 0 {
		return nil
	}
	x, err := g.shut(ctx, token.Access{
		System: s.ID, Session: res.Session.ID, Account: res.Session.Account, Entity: res.Party.Entity, Level: res.Session.Level,
		AuthTime: res.Session.AuthTime, Interaction: res.Interaction,
	}, g.o.Client(ctx), rules)
	if err == nil && x != nil {
		err = hub.Errorf("forward.opened", login.ItemClosed, "an item is closed")
	}
	return err
}

// kept is what a code remembers.
type kept struct {
	State    state     `json:"state"`
	Level    hub.Level `json:"level"`
	AuthTime int64     `json:"auth_time"` // microseconds since 1970 UTC
}

// issue starts the grant with its code and notes the participant, all or nothing.
func (g *Gate) issue(ctx context.Context, s System, st state, res login.Result) (string, error) {
	now, sess := g.now(), res.Session
	gr := grant.Grant{
		ID: hub.GrantID(hub.NewID(g.o.Random)), Session: sess.ID, Account: sess.Account, System: s.ID, Interaction: res.Interaction,
		Scopes: []string{scope}, CreatedAt: now, ExpiresAt: sess.AuthTime.Add(session.LimitFor(s.Least.AAL).Age),
		Entity: res.Party.Entity, Mandate: res.Party.Mandate,
	}
	if until := res.Party.Until; !until.IsZero() && until.Before(gr.ExpiresAt) {
		gr.ExpiresAt = until
	}
	for _, a := range res.Release {
		if slices.Contains(s.Attributes, a) && slices.Contains(res.Request.Attributes, a) {
			gr.Release = append(gr.Release, a)
		}
	}
	vault := res.Key
	if len(gr.Release) == 0 {
		vault = hub.Secret{}
	}
	memory, err := json.Marshal(kept{State: st, Level: sess.Level, AuthTime: sess.AuthTime.UnixMicro()})
	if err != nil {
		return "", hub.E("forward.issue", hub.Internal, err)
	}
	secret, code, err := g.o.Grants.Mint(grant.AuthorizationCode, gr.ID, vault, now.Add(codeLife))
	if err != nil {
		return "", err
	}
	code.State = memory
	err = g.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := g.o.Grants.Start(ctx, gr, code, sess.Level); err != nil {
			return err
		}
		return g.o.Sessions.Join(ctx, session.Participant{Session: sess.ID, System: s.ID, Protocol: Protocol, FirstAt: now, LastAt: now})
	})
	return secret.Reveal(), err
}

// Callback takes the code at the system's origin, in the browser that began, and sets the session cookie.
func (g *Gate) Callback(w http.ResponseWriter, r *http.Request) {
	s, origin, err := g.at(r)
	if err != nil {
		g.o.Journey.Refuse(w, r, err)
		return
	}
	raw, st, err := g.redeem(r, s, origin)
	if err != nil {
		_ = g.o.Audit.Record(r.Context(), audit.Event{Kind: "forward.refused", Outcome: audit.Failure, Reason: string(hub.KindOf(err)), System: s.ID})
		g.o.Journey.Refuse(w, r, err)
		return
	}
	setCookie(w, startCookie, "", -1)
	setSession(w, raw)
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, origin+st.To, http.StatusSeeOther)
}

// redeem consumes a code and gives the session cookie's value. A code that comes twice ends its grant: one of the two who sent it is
// not the browser that it was for (RFC 6749 section 4.1.2).
func (g *Gate) redeem(r *http.Request, s System, origin string) (string, state, error) {
	const op = "forward.redeem"
	ctx := r.Context()
	bad := hub.Errorf(op, hub.Invalid, "the code does not fit")
	secret, err := hub.ParseSecret(r.URL.Query().Get("code"))
	if err != nil {
		return "", state{}, bad
	}
	c, gr, err := g.o.Grants.Code(ctx, secret.Hash())
	if err == nil || errors.Is(err, hub.Consumed) {
		// Codes of all systems and protocols rest in one place. One that is not of ours is as good as none, used or not: nobody is known here, and
		// whoever has seen such a code somewhere ends nothing with it.
		if gr.System != s.ID || !slices.Equal(gr.Scopes, []string{scope}) {
			return "", state{}, bad
		}
		ctx = hub.WithInteraction(ctx, gr.Interaction)
	}
	if errors.Is(err, hub.Consumed) && !c.UsedAt.IsZero() {
		if _, err := g.o.Grants.Revoke(ctx, gr, codeReused); err != nil {
			return "", state{}, err
		}
	}
	if err != nil {
		return "", state{}, err
	}
	var k kept
	if err := json.Unmarshal(c.State, &k); err != nil || k.State.System != s.ID || k.State.Origin != origin {
		return "", state{}, bad
	}
	browser := startSecret(r)
	if sum := sha256.Sum256(browser.Bytes()); browser.IsZero() || subtle.ConstantTimeCompare(sum[:], k.State.Browser) != 1 {
		return "", state{}, hub.Errorf(op, hub.Invalid, "another browser began")
	}
	vault, err := grant.VaultKey(grant.AuthorizationCode, secret, c)
	if err != nil {
		return "", state{}, err
	}
	now := g.now()
	a := token.Access{
		ID: hub.NewID(g.o.Random), Grant: gr.ID, Session: gr.Session, Account: gr.Account, System: s.ID, Interaction: gr.Interaction,
		Scopes: []string{scope}, Release: gr.Release, Level: k.Level, AuthTime: time.UnixMicro(k.AuthTime).UTC(), IssuedAt: now, VaultKey: vault,
		Entity: gr.Entity, Rests: token.Rests(c.Holder.RestsOn()),
	}
	if a.ExpiresAt = until(a, s, now); gr.ExpiresAt.Before(a.ExpiresAt) {
		a.ExpiresAt = gr.ExpiresAt
	}
	raw, err := g.o.Tokens.Seal(a)
	if err != nil {
		return "", state{}, err
	}
	err = g.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := g.o.Grants.UseCode(ctx, secret.Hash()); err != nil {
			return err
		}
		return g.o.Audit.Record(ctx, audit.Event{
			Kind: "forward.opened", Outcome: audit.Success, System: s.ID, Session: a.Session, Account: a.Account, Level: a.Level,
			Detail: map[string]string{"grant": string(gr.ID), "token": a.ID},
		})
	})
	return raw, k.State, err
}

// SignOut leads from the system's origin to the hub, where the browser's session is.
func (g *Gate) SignOut(w http.ResponseWriter, r *http.Request) {
	s, _, err := g.at(r)
	if err != nil {
		g.o.Journey.Refuse(w, r, err)
		return
	}
	http.Redirect(w, r, g.o.Issuer+"/forward/"+string(s.ID)+"/exit", http.StatusSeeOther)
}

// Exit asks the person: a link must not sign anybody out. It leads nowhere afterwards, because the system would ask to sign in again.
func (g *Gate) Exit(w http.ResponseWriter, r *http.Request) {
	s, err := g.system(r)
	if err != nil {
		g.o.Journey.Refuse(w, r, err)
		return
	}
	g.o.Journey.AskSignOut(w, r, s.ID, "", nil)
}

func startSecret(r *http.Request) hub.Secret {
	c, err := r.Cookie(startCookie)
	if err != nil {
		return hub.Secret{}
	}
	secret, err := hub.ParseSecret(c.Value)
	if err != nil {
		return hub.Secret{}
	}
	return secret
}

// session gives the session cookie's value, "" for none.
func sessionIn(r *http.Request) string {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return ""
	}
	return c.Value
}

func setSession(w http.ResponseWriter, raw string) {
	setCookie(w, sessionCookie, raw, 0) // until the browser closes; the hub says how long it counts
}

func setCookie(w http.ResponseWriter, name, value string, life time.Duration) {
	c := &http.Cookie{Name: name, Value: value, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	switch {
	case life > 0:
		c.MaxAge = int(life / time.Second)
	case life < 0:
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}
