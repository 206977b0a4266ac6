package forward

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/login"
	"onedoor/hub/session"
	"onedoor/hub/token"
)

// Headers of an answer.
const (
	HeaderLogin    = "X-Onedoor-Login"     // where a browser that is not signed in must go
	HeaderSubject  = "X-Onedoor-Subject"   // the person's pairwise identifier at this department
	HeaderACR      = "X-Onedoor-Acr"       // both levels in one word, as in ID tokens
	HeaderIAL      = "X-Onedoor-Ial"       // identity assurance level
	HeaderAAL      = "X-Onedoor-Aal"       // authenticator assurance level
	HeaderAuthTime = "X-Onedoor-Auth-Time" // seconds since 1970 UTC
	HeaderSession  = "X-Onedoor-Session"   // sid
	HeaderIdentity = "X-Onedoor-Identity"  // all of it as a signed JWT of a minute
	// HeaderRepresentee is the pairwise identifier of the legal entity that the person acts for; empty where they act for themselves.
	HeaderRepresentee = "X-Onedoor-Representee"
)

// Told lists the headers that the hub tells every system, beside those that its register names.
func Told() []string {
	return []string{HeaderSubject, HeaderACR, HeaderIAL, HeaderAAL, HeaderAuthTime, HeaderSession, HeaderIdentity, HeaderRepresentee}
}

// said lists what a proxy says of the request that it asks about, each once.
var said = []string{"X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Uri", "X-Forwarded-Method", HeaderClient}

// doubtful reports whether a question can be read in two ways: something is said twice, so that a browser's own may stand beside the proxy's; or a
// browser has sent a header which a system behind CGI or WSGI could not tell from one of ours, because there a hyphen and an underscore are one.
// Proxies replace the headers that they know, and not every one drops the others.
func doubtful(r *http.Request, s System) bool {
	for _, name := range said {
		if len(r.Header[name]) > 1 {
			return true
		}
	}
	for name := range r.Header {
		if !strings.Contains(name, "_") {
			continue
		}
		plain := http.CanonicalHeaderKey(strings.ReplaceAll(name, "_", "-"))
		_, attribute := s.Headers[plain]
		_, record := s.Records[plain]
		if attribute || record || strings.HasPrefix(plain, "X-Onedoor-") || slices.Contains(said, plain) {
			return true
		}
	}
	return false
}

// scope marks the tokens of this protocol: no other token opens a gate, and these open nothing else.
const scope = "onedoor-forward"

// Check answers nginx: 200 with who it is, 401 with X-Onedoor-Login where a browser must sign in, 403 for a proxy that is not the
// system's own, 503 where nobody can know.
func (g *Gate) Check(w http.ResponseWriter, r *http.Request) {
	g.answer(w, r, forwarded(r), false)
}

// Gate answers Traefik and Caddy, which hand any other answer than 2xx to the browser: in place of 401 it is a redirect to the sign-in
// where a page was asked for.
func (g *Gate) Gate(w http.ResponseWriter, r *http.Request) {
	g.answer(w, r, forwarded(r), true)
}

// Envoy answers ext_authz: as Gate, for a request whose path stands behind the endpoint's own.
func (g *Gate) Envoy(w http.ResponseWriter, r *http.Request) {
	to := ""
	// As it came: what is decoded here could not be told from what a system decodes.
	if rest, found := strings.CutPrefix(r.URL.EscapedPath(), strings.NewReplacer("{system}", r.PathValue("system"), "{path...}", "").Replace(EnvoyPath)); found {
		to = "/" + rest
		if r.URL.RawQuery != "" {
			to += "?" + r.URL.RawQuery
		}
	}
	g.answer(w, r, asked{origin: originOf(r), to: to, method: r.Method}, true)
}

// asked is the request that a proxy asks about.
type asked struct {
	origin string // "" where the proxy does not say
	to     string
	method string
}

// forwarded reads what a proxy says of a request. Nothing of it is believed further than the system's register goes.
func forwarded(r *http.Request) asked {
	a := asked{origin: originOf(r), to: r.Header.Get("X-Forwarded-Uri"), method: r.Header.Get("X-Forwarded-Method")}
	if a.method == "" {
		a.method = http.MethodGet
	}
	return a
}

func originOf(r *http.Request) string {
	host := r.Header.Get("X-Forwarded-Host")
	if host == "" {
		return ""
	}
	scheme := "https"
	if strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "http") {
		scheme = "http"
	}
	return scheme + "://" + strings.ToLower(host)
}

// originAt gives the system's own origin that is meant: the one that the proxy names, or the only one. False where it is none of them.
func (s System) originAt(named string) (string, bool) {
	if named == "" && len(s.Origins) == 1 {
		return s.Origins[0], true
	}
	return named, slices.Contains(s.Origins, named)
}

// answer decides about one request.
func (g *Gate) answer(w http.ResponseWriter, r *http.Request, a asked, lead bool) {
	s, err := g.system(r)
	if hub.KindOf(err) == hub.Unavailable {
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	if err != nil || !g.proxy(r, s) {
		g.refuse(w, r, hub.SystemID(r.PathValue("system")), "proxy")
		return
	}
	origin, ok := s.originAt(a.origin)
	if !ok {
		g.refuse(w, r, s.ID, "origin")
		return
	}
	if doubtful(r, s) {
		g.refuse(w, r, s.ID, "doubtful")
		return
	}
	access, renewed, err := g.allowed(r.Context(), s, sessionIn(r))
	var closed *shut
	if err == nil && len(s.Items) > 0 {
		closed, err = g.shut(r.Context(), access, addressIn(r, s), demanded(s.Items, a.to))
	}
	if err == nil && closed == nil {
		err = g.identify(w, r, s, access)
	}
	if err == nil && renewed != "" {
		setSession(w, renewed)
	}
	switch {
	case closed != nil:
		g.closed(w, s, a, origin, lead, closed)
	case err == nil:
		w.WriteHeader(http.StatusOK)
	case outside(err):
		g.lead(w, s, a, origin, lead, "")
	default:
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
	}
}

// lead sends a browser to the sign-in, which sees to the items that the request asks for. A program gets 401 with a challenge: it would follow
// a redirect into a page that it can't read.
func (g *Gate) lead(w http.ResponseWriter, s System, a asked, origin string, lead bool, challenge string) {
	page := a.method == http.MethodGet || a.method == http.MethodHead
	q := url.Values{"to": {"/"}}
	if page {
		q.Set("to", target(a.to))
	} else if len(demanded(s.Items, a.to)) > 0 { // a form is not sent again, but what it asks for is opened
		q.Set("for", target(a.to))
	}
	at := origin + OwnPath + "start?" + q.Encode()
	w.Header().Set(HeaderLogin, at)
	if lead && page {
		w.Header().Set("Location", at)
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	w.Header().Set("WWW-Authenticate", `Onedoor realm="`+origin+`"`+challenge)
	w.WriteHeader(http.StatusUnauthorized)
}

func (g *Gate) refuse(w http.ResponseWriter, r *http.Request, system hub.SystemID, reason string) {
	if !hub.ValidName(string(system)) {
		system = ""
	}
	http.Error(w, http.StatusText(http.StatusForbidden), http.StatusForbidden)
	now, last := g.o.Clock(), g.recorded.Load()
	if now.Sub(time.UnixMicro(last)) < time.Second || !g.recorded.CompareAndSwap(last, now.UnixMicro()) {
		return // anybody may ask: what is recorded must not fill the disk
	}
	// A record that can't be written changes nothing: the answer was no.
	_ = g.o.Audit.Record(r.Context(), audit.Event{Kind: "forward.refused", Outcome: audit.Failure, Reason: reason, System: system})
}

// proxy reports whether it is the system's own proxy that asks.
func (g *Gate) proxy(r *http.Request, s System) bool {
	if user, secret, ok := r.BasicAuth(); ok && user == string(s.ID) {
		sum, now, right := sha256.Sum256([]byte(secret)), g.now(), 0
		for _, known := range s.Secrets {
			if known.ExpiresAt.IsZero() || now.Before(known.ExpiresAt) {
				right |= subtle.ConstantTimeCompare(sum[:], known.SHA256[:])
			}
		}
		return right == 1
	}
	from := g.o.Client(r.Context())
	return from.IsValid() && slices.ContainsFunc(s.Proxies, func(p netip.Prefix) bool { return p.Contains(from) })
}

// outside reports whether an error means "not signed in here", for certain.
func outside(err error) bool {
	switch hub.KindOf(err) {
	case hub.Invalid, hub.Expired, hub.Consumed, hub.NotFound, hub.LevelUnmet:
		return true
	}
	return false
}

// allowed tells who a session cookie stands for at a system. The new cookie is given where the old one's minutes were over. While the
// token is young, no SQL is asked.
func (g *Gate) allowed(ctx context.Context, s System, raw string) (token.Access, string, error) {
	const op = "forward.allowed"
	if raw == "" {
		return token.Access{}, "", hub.Errorf(op, hub.NotFound, "no cookie")
	}
	a, err := g.o.Tokens.Validate(ctx, raw)
	renew := hub.KindOf(err) == hub.Expired
	if renew {
		a, err = g.o.Tokens.OpenLate(raw)
	}
	switch {
	case err != nil:
		return token.Access{}, "", err
	case a.System != s.ID || !slices.Equal(a.Scopes, []string{scope}):
		return token.Access{}, "", hub.Errorf(op, hub.Invalid, "a token of another system or kind")
	case a.Entity != "" && s.For == login.Persons, a.Entity == "" && s.For == login.Entities:
		return token.Access{}, "", hub.Errorf(op, hub.Invalid, "the system does not serve such a party")
	case !a.Level.Satisfies(s.Least):
		return token.Access{}, "", hub.Errorf(op, hub.LevelUnmet, "below what the system demands now")
	case !renew:
		return a, "", nil
	}
	return g.renew(ctx, s, a)
}

// renew gives the next token of a session that goes on. It is the moment in which SQL is asked, the activity noted (SES-08, SES-09) and
// the level judged again.
func (g *Gate) renew(ctx context.Context, s System, a token.Access) (token.Access, string, error) {
	const op = "forward.renew"
	ctx = hub.WithInteraction(ctx, a.Interaction)
	sess, err := g.o.Sessions.Active(ctx, a.Session)
	if err != nil {
		return token.Access{}, "", err
	}
	if ended, err := g.o.Ends.Ended(ctx, a); err != nil || ended {
		if err == nil {
			err = hub.Errorf(op, hub.Consumed, "what the token stands on has ended")
		}
		return token.Access{}, "", err
	}
	now := g.now()
	level, ok := sess.Still(a.Level, a.AuthTime, now)
	if !ok || !level.Satisfies(s.Least) || !sess.Serves(s.Least, now) {
		return token.Access{}, "", hub.Errorf(op, hub.Expired, "the session no longer serves the system")
	}
	a.ID, a.Level, a.IssuedAt, a.Rests = hub.NewID(g.o.Random), level, now, token.Rests(sess.RestsOn())
	a.ExpiresAt = until(a, s, now)
	if a.Entity != "" { // nothing outlives the mandate, which the grant does not (ENT-04)
		gr, err := g.o.Grants.Get(ctx, a.Grant)
		if err != nil {
			return token.Access{}, "", err
		}
		if gr.ExpiresAt.Before(a.ExpiresAt) {
			a.ExpiresAt = gr.ExpiresAt
		}
	}
	if !now.Before(a.ExpiresAt) {
		return token.Access{}, "", hub.Errorf(op, hub.Expired, "the session no longer serves the system")
	}
	raw, err := g.o.Tokens.Seal(a)
	return a, raw, err
}

// until is when a token that is issued now ends: in a few minutes, and never past the age that the system's level allows.
func until(a token.Access, s System, now time.Time) time.Time {
	end := now.Add(tokenLife)
	if most := a.AuthTime.Add(session.LimitFor(s.Least.AAL).Age); most.Before(end) {
		return most
	}
	return end
}
