// Package department is a department's demo system: a real relying party of the hub, written with go-oidc and x/oauth2 as
// a department would write it. It has no user database and no password form (SSO-01): it sends the browser to the hub,
// checks state, nonce and PKCE, verifies the ID token, reads UserInfo, and shows who is signed in.
//
// It can ask the hub about the access token it holds (RFC 7662), which is how a department learns that the session at the
// hub has ended. Its own session is in memory, bound to its own cookie.
package department

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"onedoor/federation/simulator"
	"onedoor/hub"
)

// Options of a department's system.
type Options struct {
	BaseURL      string // "https://revenue.example", without a slash at the end
	Issuer       string // of the hub
	ClientID     string
	ClientSecret string
	Scopes       []string   // with openid
	ACRValues    []string   // least levels, in the hub's words; may be empty
	Names        hub.Text   // of the department; English and Thai
	Colour       string     // "#173a6b": dark enough for white text on it
	Neighbour    *Neighbour // nil for none
	Records      []Record   // that it keeps of people under numbers of its own
	Services     []Service  // for which it asks the hub each time
	// StatesPlace has it say where the person is when it asks, as the hub's register must allow it; Behind are its own proxies, whose
	// X-Forwarded-For it believes.
	StatesPlace bool
	Behind      []netip.Prefix
	HTTP        *http.Client
	Clock       hub.Clock
	Random      io.Reader
	Log         *slog.Logger
}

// The lives of things.
const (
	loginLife   = 15 * time.Minute
	sessionLife = 8 * time.Hour
	remember    = 10_000
	attempts    = 3 // of discovery at one request
)

// CallbackPath is where the hub sends the browser back to.
const CallbackPath = "/callback"

// Department is the system. It is an http.Handler for the root of its host.
type Department struct {
	o        Options
	cookie   string // name of the session cookie
	routes   http.Handler
	pages    pages
	hub      atomic.Pointer[provider]
	logins   *simulator.Memory[pending]
	sessions *simulator.Memory[*visitor]
	told     *simulator.Memory[time.Time] // by sid: sessions of the hub that are over
	tried    *simulator.Memory[bool]      // sign-ins that were tried without asking anybody
	point    atomic.Pointer[string]       // where decisions are asked for
	registry *registry
}

// provider is the hub, as discovered.
type provider struct {
	oauth      oauth2.Config
	verifier   *oidc.IDTokenVerifier
	oidc       *oidc.Provider
	introspect string
	endSession string
}

// pending is a login under way, bound to the browser by a cookie.
type pending struct {
	browser, nonce, verifier string

	to    string // service to go on to
	quiet bool   // nobody was asked anything
}

// visitor is who is signed in.
type visitor struct {
	representee string // whom they act for

	subject, acr, ial, aal, sid string
	amr                         []string
	authTime, signedIn          time.Time
	attributes                  []attribute
	access                      string
	idToken                     string
	record                      string // number of the record that the department knows them by
}

var colourForm = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// New gives a system. It does not call the hub until somebody wants to log in.
func New(o Options) (*Department, error) {
	const op = "department.New"
	switch {
	case o.BaseURL == "" || strings.HasSuffix(o.BaseURL, "/") || o.Issuer == "":
		return nil, hub.Errorf(op, hub.Invalid, "base URL and issuer must be set, the base URL without a slash at the end")
	case o.ClientID == "" || o.ClientSecret == "" || !slices.Contains(o.Scopes, oidc.ScopeOpenID):
		return nil, hub.Errorf(op, hub.Invalid, "client and scopes with openid must be set")
	case o.Names["en"] == "" || o.Names["th"] == "":
		return nil, hub.Errorf(op, hub.Invalid, "a name in English and Thai must be set")
	case !colourForm.MatchString(o.Colour) || !darkEnough(o.Colour):
		return nil, hub.Errorf(op, hub.Invalid, "the colour must be #rrggbb and bear white text (WCAG 2.2, 1.4.3)")
	case o.HTTP == nil || o.Clock == nil || o.Random == nil || o.Log == nil:
		return nil, hub.Errorf(op, hub.Internal, "no HTTP client, clock, randomness or log")
	}
	d := &Department{
		o: o, cookie: "__Host-" + o.ClientID,
		logins:   simulator.NewMemory[pending](o.Clock, loginLife, remember),
		sessions: simulator.NewMemory[*visitor](o.Clock, sessionLife, remember),
		told:     simulator.NewMemory[time.Time](o.Clock, toldLife, remember),
		tried:    simulator.NewMemory[bool](o.Clock, quietly, remember),
		registry: newRegistry(o.Records),
	}
	var err error
	if d.pages, err = newPages(); err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", d.home)
	mux.HandleFunc("GET /login", d.login)
	mux.HandleFunc("GET "+CallbackPath, d.callback)
	mux.HandleFunc("GET "+ServicePath+"{item}", d.showService)
	mux.HandleFunc("POST /check", d.check)
	mux.HandleFunc("POST /neighbour", d.neighbour)
	mux.HandleFunc("GET "+APIPath, d.api)
	mux.HandleFunc("POST /logout", d.logout)
	mux.HandleFunc("POST /signout", d.signOut)
	mux.HandleFunc("POST "+BackchannelPath, d.backchannel)
	mux.HandleFunc("GET "+FrontchannelPath, d.frontchannel)
	mux.HandleFunc("POST "+MatchPath, d.match)
	mux.HandleFunc("POST "+NoticePath, d.notice)
	mux.HandleFunc("POST "+ShowPath, d.showRecord)
	mux.HandleFunc("GET /language/{tag}", d.language)
	mux.HandleFunc("GET /style.css", d.style)
	// Forms from elsewhere are refused by Sec-Fetch-Site and Origin.
	d.routes = http.NewCrossOriginProtection().Handler(mux)
	return d, nil
}

// ServeHTTP serves the system.
func (d *Department) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.routes.ServeHTTP(w, r) }

// discover learns the hub's addresses at the first use, with a few attempts: the hub may just be starting.
func (d *Department) discover(ctx context.Context) (*provider, error) {
	if p := d.hub.Load(); p != nil {
		return p, nil
	}
	var found *oidc.Provider
	var err error
	for attempt := range attempts {
		if attempt > 0 {
			timer := time.NewTimer(time.Duration(attempt) * 200 * time.Millisecond)
			select {
			case <-ctx.Done():
				timer.Stop()
				return nil, hub.E("department.discover", hub.Unavailable, ctx.Err())
			case <-timer.C:
			}
		}
		if found, err = oidc.NewProvider(oidc.ClientContext(ctx, d.o.HTTP), d.o.Issuer); err == nil {
			break
		}
	}
	if err != nil {
		return nil, hub.E("department.discover", hub.Unavailable, err)
	}
	var more struct {
		Introspection string `json:"introspection_endpoint"`
		EndSession    string `json:"end_session_endpoint"`
	}
	if err := found.Claims(&more); err != nil {
		return nil, hub.E("department.discover", hub.Unavailable, err)
	}
	p := &provider{
		oidc: found, introspect: more.Introspection, endSession: more.EndSession,
		verifier: found.Verifier(&oidc.Config{ClientID: d.o.ClientID, Now: d.o.Clock}),
		oauth: oauth2.Config{
			ClientID: d.o.ClientID, ClientSecret: d.o.ClientSecret, Endpoint: found.Endpoint(),
			RedirectURL: d.o.BaseURL + CallbackPath, Scopes: d.o.Scopes,
		},
	}
	p.oauth.Endpoint.AuthStyle = oauth2.AuthStyleInHeader
	d.hub.Store(p)
	return p, nil
}

// login sends the browser to the hub (OpenID Connect Core section 3.1.2.1).
func (d *Department) login(w http.ResponseWriter, r *http.Request) {
	p, err := d.discover(r.Context())
	if err != nil {
		d.problem(w, r, http.StatusServiceUnavailable, textHubDown)
		return
	}
	state := simulator.Token(d.o.Random)
	to, quiet, asked := d.asked(r)
	l := pending{to: to, quiet: quiet, browser: simulator.Token(d.o.Random), nonce: simulator.Token(d.o.Random), verifier: simulator.Token(d.o.Random)}
	if c, err := r.Cookie(d.cookie + "-login"); err == nil && len(c.Value) == 43 {
		l.browser = c.Value // several tabs may be at it
	}
	d.logins.Put(state, l)
	d.setCookie(w, d.cookie+"-login", l.browser, loginLife)
	options := append(asked, oidc.Nonce(l.nonce), oauth2.S256ChallengeOption(l.verifier), oauth2.SetAuthURLParam("ui_locales", language(r)))
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, p.oauth.AuthCodeURL(state, options...), http.StatusSeeOther)
}

var errAnswer = errors.New("the answer is not one to our question")

// callback takes the hub's answer. Whatever is wrong with it, nobody is signed in.
func (d *Department) callback(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	cookie, err := r.Cookie(d.cookie + "-login")
	l, open := d.logins.Take(q.Get("state"))
	if err != nil || !open || l.browser != cookie.Value || len(q["state"]) != 1 || len(q["code"]) > 1 {
		d.problem(w, r, http.StatusBadRequest, textStrangeAnswer)
		return
	}
	d.dropCookie(w, d.cookie+"-login")
	if iss, told := q["iss"]; told && (len(iss) != 1 || iss[0] != d.o.Issuer) { // RFC 9207
		d.problem(w, r, http.StatusBadRequest, textStrangeAnswer)
		return
	}
	if word := q.Get("error"); word != "" {
		if l.quiet { // it can't be done without asking: the page says what is to be done
			http.Redirect(w, r, back(l.to), http.StatusSeeOther)
			return
		}
		if word == "access_denied" {
			d.problem(w, r, http.StatusForbidden, textDenied)
			return
		}
		d.problem(w, r, http.StatusBadGateway, textHubRefused)
		return
	}
	p, err := d.discover(r.Context())
	if err != nil {
		d.problem(w, r, http.StatusServiceUnavailable, textHubDown)
		return
	}
	v, err := d.signIn(oidc.ClientContext(r.Context(), d.o.HTTP), p, l, q.Get("code"))
	if err != nil {
		var where *hub.Error
		if errors.As(err, &where) { // the step only: what is inside can quote the hub's answer
			d.o.Log.WarnContext(r.Context(), "the hub's answer was refused", "client", d.o.ClientID, "step", where.Op)
		}
		d.problem(w, r, http.StatusBadGateway, textHubRefused)
		return
	}
	if old, err := r.Cookie(d.cookie); err == nil {
		d.sessions.Take(old.Value)
	}
	session := simulator.Token(d.o.Random) // a new one at every login
	d.sessions.Put(session, v)
	d.setCookie(w, d.cookie, session, sessionLife)
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, back(l.to), http.StatusSeeOther)
}

// signIn redeems the code and believes what the ID token and UserInfo say, after checking them. Refused, with the step.
func (d *Department) signIn(ctx context.Context, p *provider, l pending, code string) (*visitor, error) {
	refused := func(step string, err error) error { return hub.E("department."+step, hub.Refused, err) }
	token, err := p.oauth.Exchange(ctx, code, oauth2.VerifierOption(l.verifier))
	if err != nil {
		return nil, refused("token", err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := p.verifier.Verify(ctx, raw)
	if err != nil {
		return nil, refused("idToken", err)
	}
	if id.Nonce != l.nonce {
		return nil, refused("nonce", errAnswer)
	}
	if id.AccessTokenHash != "" {
		if err := id.VerifyAccessToken(token.AccessToken); err != nil {
			return nil, refused("atHash", err)
		}
	}
	var claims struct {
		ACR      string   `json:"acr"`
		AMR      []string `json:"amr"`
		IAL      string   `json:"ial"`
		AAL      string   `json:"aal"`
		SID      string   `json:"sid"`
		AuthTime int64    `json:"auth_time"`
		AZP      string   `json:"azp"`
		Records  []struct {
			Number string `json:"number"`
		} `json:"records"`
	}
	if err := id.Claims(&claims); err != nil {
		return nil, refused("claims", err)
	}
	if claims.AZP != "" && claims.AZP != d.o.ClientID || claims.AZP == "" && len(id.Audience) != 1 {
		return nil, refused("azp", errAnswer)
	}
	info, err := p.oidc.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return nil, refused("userInfo", err)
	}
	if info.Subject != id.Subject { // Core section 5.3.2
		return nil, refused("userInfoSubject", errAnswer)
	}
	var values map[string]any
	if err := info.Claims(&values); err != nil {
		return nil, refused("userInfo", err)
	}
	record := ""
	if len(claims.Records) > 0 {
		record = claims.Records[0].Number
	}
	return &visitor{
		record: record, subject: id.Subject, acr: claims.ACR, ial: claims.IAL, aal: claims.AAL, sid: claims.SID, amr: claims.AMR,
		authTime: time.Unix(claims.AuthTime, 0), signedIn: d.o.Clock(), attributes: attributes(values), representee: representee(values), access: token.AccessToken, idToken: raw,
	}, nil
}

// check asks the hub whether the access token is still good (RFC 7662 section 2.1).
func (d *Department) check(w http.ResponseWriter, r *http.Request) {
	v, ok := d.visitor(r)
	if !ok {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	p, err := d.discover(r.Context())
	if err != nil || p.introspect == "" {
		d.problem(w, r, http.StatusServiceUnavailable, textHubDown)
		return
	}
	answer, err := d.introspect(r.Context(), p.introspect, v.access)
	if err != nil {
		d.problem(w, r, http.StatusBadGateway, textHubDown)
		return
	}
	d.show(w, r, v, answer, nil)
}

func (d *Department) introspect(ctx context.Context, address, access string) (map[string]any, error) {
	form := url.Values{"token": {access}, "token_type_hint": {"access_token"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(url.QueryEscape(d.o.ClientID), url.QueryEscape(d.o.ClientSecret))
	resp, err := d.o.HTTP.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, errors.New("introspection answered " + strconv.Itoa(resp.StatusCode))
	}
	return decode(io.LimitReader(resp.Body, 64<<10))
}

// logout ends the session here, and only here.
func (d *Department) logout(w http.ResponseWriter, r *http.Request) {
	d.leave(w, r)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (d *Department) visitor(r *http.Request) (*visitor, bool) {
	v, known := d.known(r)
	if !known || d.Told(v.sid) {
		return nil, false
	}
	return v, true
}

// known gives whoever was signed in by this browser, also where the hub has said that it is over.
func (d *Department) known(r *http.Request) (*visitor, bool) {
	c, err := r.Cookie(d.cookie)
	if err != nil {
		return nil, false
	}
	return d.sessions.Get(c.Value)
}

func (d *Department) setCookie(w http.ResponseWriter, name, value string, life time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(life / time.Second),
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

func (d *Department) dropCookie(w http.ResponseWriter, name string) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}
