package oidcrp

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/logout"
	"onedoor/hub/session"
)

// Named is a session that a provider may speak of.
type Named struct {
	Session hub.SessionID
	Index   [32]byte // of its sid there; zero where the provider has told none
	Live    bool
}

// Names finds sessions by the names that were noted at the login.
type Names interface {
	// Find gives the sessions of a name at a peer, ended ones too. Unavailable.
	Find(ctx context.Context, peer string, name [32]byte) ([]Named, error)
}

// Once remembers single-use things; grant.Once is the contract.
type Once interface {
	// Use notes (kind, key) until expires. Consumed where it was noted before.
	Use(ctx context.Context, kind, key string, expires time.Time) error
}

// Transactor runs a function in one database transaction, or joins the one in ctx.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
}

// Logouts is the neutral logout; logout.Service has it, and its comments name the errors.
type Logouts interface {
	End(ctx context.Context, id hub.SessionID, cause session.Cause) (logout.Campaign, error)
	Wait(ctx context.Context, most time.Duration, campaigns ...string) (bool, error)
	Notice(ctx context.Context, id string) (logout.Notice, error)
	Passed(ctx context.Context, ids ...string) error
}

// EndpointOptions are what the addresses for providers need. All are required.
type EndpointOptions struct {
	Connector *Connector
	Records   Records
	Names     Names
	Once      Once
	Tx        Transactor
	Logouts   Logouts
	Audit     audit.Recorder
	Clock     hub.Clock
	Random    io.Reader
	Log       *slog.Logger
	// Address is the hub's own: where browsers that come back go on to lies below it.
	Address string
	// Fail shows the error page of the hub.
	Fail func(w http.ResponseWriter, r *http.Request, err error)
}

// Endpoints are where providers, and browsers that come from them, tell of a logout. Each handler finds the provider's id in the path value
// "provider".
type Endpoints struct{ o EndpointOptions }

// NewEndpoints checks the options. Internal where one is missing.
func NewEndpoints(o EndpointOptions) (*Endpoints, error) {
	if o.Connector == nil || o.Records == nil || o.Names == nil || o.Once == nil || o.Tx == nil || o.Logouts == nil || o.Audit == nil ||
		o.Clock == nil || o.Random == nil || o.Log == nil || o.Address == "" || o.Fail == nil {
		return nil, hub.Errorf("oidcrp.NewEndpoints", hub.Internal, "an option is missing")
	}
	return &Endpoints{o}, nil
}

// LogoutPath is where the addresses for providers begin, below the hub's own; {provider} stands for one.
const LogoutPath = "/logout/upstream/{provider}"

// maxLogoutForm is the longest form with a logout token that is read, in bytes.
const maxLogoutForm = 96 << 10

// Receive is our backchannel_logout_uri at a provider (OpenID Connect Back-Channel Logout 1.0 section 2.5): POST only. It answers 200 once no
// node takes the session for active any more, whether there was one or not; 400 for a token that proves nothing; 503 where that could not be
// found out or done, so that the provider tries again.
func (e *Endpoints) Receive(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	r = e.interaction(r)
	p, err := e.provider(r)
	if errors.Is(err, hub.NotFound) {
		http.NotFound(w, r)
		return
	}
	var token LogoutToken
	if err == nil {
		var raw string
		if raw, err = logoutForm(w, r); err == nil {
			token, err = e.o.Connector.LogoutToken(r.Context(), p, raw)
		}
	}
	var campaigns []string
	if err == nil {
		campaigns, err = e.end(r.Context(), p, token)
	}
	if err == nil {
		_, err = e.o.Logouts.Wait(r.Context(), 0, campaigns...)
	}
	if err == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	e.note(r.Context(), p.ID, err)
	if errors.Is(err, hub.Refused) || errors.Is(err, hub.Invalid) {
		answer(w, http.StatusBadRequest, "invalid_request", "the logout token is not a valid one")
		return
	}
	w.Header().Set("Retry-After", "5")
	answer(w, http.StatusServiceUnavailable, "temporarily_unavailable", "try again")
}

// answer writes an error as section 2.8 has it. Nothing of what was wrong is told.
func answer(w http.ResponseWriter, status int, word, text string) {
	body, err := json.Marshal(map[string]string{"error": word, "error_description": text})
	if err != nil { // of texts it can't
		status, body = http.StatusInternalServerError, nil
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the connection is gone where it fails
}

// logoutForm reads the one logout token of a form.
func logoutForm(w http.ResponseWriter, r *http.Request) (string, error) {
	const op = "oidcrp.logoutForm"
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" || r.URL.RawQuery != "" {
		return "", hub.E(op, hub.Invalid, federation.LogoutTokenMissing)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxLogoutForm))
	if err != nil {
		return "", hub.E(op, hub.Invalid, federation.LogoutTokenMissing)
	}
	form, err := url.ParseQuery(string(body))
	if err != nil || len(form["logout_token"]) != 1 {
		return "", hub.E(op, hub.Invalid, federation.LogoutTokenMissing)
	}
	return form.Get("logout_token"), nil
}

// end ends the sessions that a token means, and notes that it was used, in one transaction: where that fails, the token can come again.
func (e *Endpoints) end(ctx context.Context, p federation.Provider, t LogoutToken) (campaigns []string, err error) {
	const op = "oidcrp.end"
	err = e.o.Tx.InTx(ctx, func(ctx context.Context) error {
		campaigns = nil
		err := e.o.Once.Use(ctx, "logout-token", string(p.ID)+" "+t.ID, t.Until.Add(2*skew))
		if errors.Is(err, hub.Consumed) {
			return hub.E(op, hub.Refused, federation.LogoutTokenUsed)
		}
		if err != nil {
			return err
		}
		campaigns, err = e.endNamed(ctx, p.ID, t.Subject, t.Session)
		return err
	})
	return campaigns, err
}

// endNamed ends the live sessions under a name: of a subject with that sid, of a sid alone, or all of a subject. Only sessions that were
// begun at this very provider have such names.
func (e *Endpoints) endNamed(ctx context.Context, p hub.ProviderID, subject, sid string) (campaigns []string, err error) {
	c := e.o.Connector
	name, index := c.sidHash(p, sid), [32]byte{}
	if subject != "" {
		name, index = c.hash(purposeSubject, p, subject), name
	}
	found, err := e.o.Names.Find(ctx, peerOf(p), name)
	if err != nil {
		return nil, err
	}
	var done []hub.SessionID
	for _, s := range found {
		same := subtle.ConstantTimeCompare(s.Index[:], index[:]) == 1
		if !s.Live || slices.Contains(done, s.Session) || sid != "" && !same {
			continue
		}
		done = append(done, s.Session)
		campaign, err := e.o.Logouts.End(ctx, s.Session, session.Cause{Reason: session.EndedByIDP, Provider: p, Protocol: LogoutProtocol})
		if err != nil {
			return nil, err
		}
		campaigns = append(campaigns, campaign.ID)
	}
	return campaigns, nil
}

// Frame is our frontchannel_logout_uri at a provider (OpenID Connect Front-Channel Logout 1.0 section 2), for those whose record opens it: the
// person's browser loads it in a frame, without our cookies. iss and sid must be there and fit; nobody signs them.
func (e *Endpoints) Frame(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	r = e.interaction(r)
	p, err := e.provider(r)
	if err == nil && !p.OIDC.Logout.FrontChannel {
		err = hub.E("oidcrp.Frame", hub.NotFound, federation.LogoutUnasked)
	}
	if errors.Is(err, hub.NotFound) || r.Method != http.MethodGet {
		http.NotFound(w, r)
		return
	}
	q := r.URL.Query()
	sid := q.Get("sid")
	var campaigns []string
	switch {
	case err != nil:
	case len(q["iss"]) != 1 || q.Get("iss") != p.OIDC.Issuer:
		err = hub.E("oidcrp.Frame", hub.Invalid, federation.LogoutTokenIssuer)
	case len(q["sid"]) != 1 || sid == "" || len(sid) > maxLogoutID:
		err = hub.E("oidcrp.Frame", hub.Invalid, federation.LogoutTokenWhom)
	default:
		err = e.o.Tx.InTx(r.Context(), func(ctx context.Context) error {
			var err error
			campaigns, err = e.endNamed(ctx, p.ID, "", sid)
			return err
		})
	}
	if err == nil {
		_, err = e.o.Logouts.Wait(r.Context(), 0, campaigns...)
	}
	status := http.StatusOK
	if err != nil {
		e.note(r.Context(), p.ID, err)
		status = http.StatusBadRequest
		if !errors.Is(err, hub.Invalid) {
			status = http.StatusServiceUnavailable
		}
	}
	// It is empty, so whoever frames it gains nothing; the provider must be able to.
	h.Del("X-Frame-Options")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors "+ancestor(p))
	h.Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<!doctype html><title></title>")
}

// ancestor is the provider's origin, of which a record that was found has one.
func ancestor(p federation.Provider) string {
	if p.OIDC == nil {
		return "'none'"
	}
	u, err := url.Parse(p.OIDC.Issuer)
	if err != nil || u.Host == "" {
		return "'none'"
	}
	return u.Scheme + "://" + u.Host
}

// Done is where a provider sends the browser back to when it has been at its end_session_endpoint. That it comes back proves that it was
// there, and no more: providers come back also where the person said no.
func (e *Endpoints) Done(w http.ResponseWriter, r *http.Request) {
	const op = "oidcrp.Done"
	r = e.interaction(r)
	states := r.URL.Query()["state"]
	p, err := e.provider(r)
	var n logout.Notice
	var way away
	switch {
	case err != nil:
	case r.Method != http.MethodGet || len(states) != 1 || !e.o.Connector.readAway(states[0], &way) || !strings.HasPrefix(way.Back, e.o.Address+"/"):
		err = hub.E(op, hub.Invalid, federation.StateMismatch)
	default:
		n, err = e.o.Logouts.Notice(r.Context(), way.Notice)
	}
	if err == nil && (n.Provider != p.ID || n.Protocol != LogoutProtocol) {
		err = hub.E(op, hub.Invalid, federation.StateMismatch)
	}
	if err == nil {
		err = e.o.Logouts.Passed(r.Context(), n.ID)
	}
	if err != nil {
		e.o.Fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, way.Back, http.StatusSeeOther)
}

func (e *Endpoints) provider(r *http.Request) (federation.Provider, error) {
	const op = "oidcrp.Endpoints"
	id := r.PathValue("provider")
	if !hub.ValidName(id) {
		return federation.Provider{}, hub.Errorf(op, hub.NotFound, "not a provider")
	}
	p, err := e.o.Records.Record(hub.ProviderID(id))
	if err == nil && p.OIDC == nil {
		err = hub.Errorf(op, hub.NotFound, "a provider of another protocol")
	}
	return p, err
}

func (e *Endpoints) interaction(r *http.Request) *http.Request {
	if hub.InteractionFrom(r.Context()) != "" {
		return r
	}
	return r.WithContext(hub.WithInteraction(r.Context(), hub.InteractionID(hub.NewID(e.o.Random))))
}

// note records a logout that was not carried out, and logs it.
func (e *Endpoints) note(ctx context.Context, p hub.ProviderID, err error) {
	reason := federation.Reason(err)
	outcome := audit.Refusal
	if !errors.Is(err, hub.Refused) && !errors.Is(err, hub.Invalid) {
		outcome = audit.Failure
	}
	e.o.Log.WarnContext(ctx, "a provider's logout was not carried out", "provider", string(p), "reason", reason, "interaction", string(hub.InteractionFrom(ctx)))
	if err := e.o.Audit.Record(ctx, audit.Event{Kind: "logout.upstream_refused", Outcome: outcome, Reason: reason, Provider: p}); err != nil {
		e.o.Log.ErrorContext(ctx, "an event was not recorded", "kind", "logout.upstream_refused", "cause", string(hub.KindOf(err)))
	}
}
