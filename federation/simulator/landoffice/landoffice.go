// Package landoffice is a department's demo system that speaks SAML 2.0: a real service provider of the hub, written over
// hub/samlmsg as a department would write it over its own library. It has no user database and no password form (SSO-01): it
// sends the browser to the hub with a signed request, takes the encrypted answer at its assertion consumer service, and shows who
// is signed in.
//
// One page of it, a title deed, asks for AAL 2.2 by RequestedAuthnContext. Its own session is in memory, bound to its own cookie.
package landoffice

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"html/template"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"onedoor/federation/simulator"
	"onedoor/federation/simulator/samlout"
	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

// Options of the system.
type Options struct {
	BaseURL string // "https://land.example", without a slash at the end
	HubURL  string // address of the hub's metadata
	HubID   string // entity id of the hub
	Names   hub.Text
	HTTP    *http.Client
	Clock   hub.Clock
	Random  io.Reader
	Log     *slog.Logger
	NoSOAP  bool // only browsers can tell it of a logout
	// Keys are to sign with and to open with, RSA; drawn at random where nil.
	Keys []*rsa.PrivateKey
}

// Paths.
const (
	MetadataPath = "/saml/metadata"
	ACSPath      = "/saml/acs"
	deedPath     = "/items/deed"
)

// The lives of things.
const (
	loginLife    = 15 * time.Minute
	sessionLife  = 8 * time.Hour
	metadataLife = 24 * time.Hour
	hubKept      = 10 * time.Minute
	remember     = 10_000
)

// deedContext is what the title deed asks for: the hub's own class, at least.
var deedContext = hub.Level{IAL: hub.IAL21, AAL: hub.AAL22}

// LandOffice is the system. It is an http.Handler for the root of its host.
type LandOffice struct {
	o         Options
	entityID  string
	acs       string
	routes    http.Handler
	page      *template.Template
	signer    *samlmsg.Signer
	decrypter *samlmsg.Decrypter
	opens     *x509.Certificate // of the key that opens what is encrypted for us
	hub       atomic.Pointer[identityProvider]
	logins    *simulator.Memory[pending]
	sessions  *simulator.Memory[*visitor]
	used      *simulator.Memory[struct{}]
	out       *samlout.Party
}

// identityProvider is the hub, as its metadata says.
type identityProvider struct {
	verifier *samlmsg.Verifier
	sso      []samlmsg.Endpoint
	role     samlmsg.Role
	at       time.Time
}

// pending is a login under way, bound to the browser by a cookie.
type pending struct{ browser, path string }

// visitor is who is signed in.
type visitor struct {
	name       samlmsg.NameID
	level      hub.Level
	class      string
	index      string
	authTime   time.Time
	attributes []samlmsg.Attribute
	encrypted  bool
}

// New gives a system with keys of its own. It does not call the hub until somebody wants to log in.
func New(o Options) (*LandOffice, error) {
	const op = "landoffice.New"
	switch {
	case o.BaseURL == "" || strings.HasSuffix(o.BaseURL, "/") || o.HubURL == "" || o.HubID == "":
		return nil, hub.Errorf(op, hub.Invalid, "the base URL without a slash at the end and the hub must be set")
	case o.Names["en"] == "" || o.Names["th"] == "":
		return nil, hub.Errorf(op, hub.Invalid, "a name in English and Thai must be set")
	case o.Keys != nil && len(o.Keys) != 2:
		return nil, hub.Errorf(op, hub.Invalid, "two keys, or none")
	case o.HTTP == nil || o.Clock == nil || o.Random == nil || o.Log == nil:
		return nil, hub.Errorf(op, hub.Internal, "no HTTP client, clock, randomness or log")
	}
	l := &LandOffice{
		o: o, entityID: o.BaseURL + MetadataPath, acs: o.BaseURL + ACSPath,
		logins:   simulator.NewMemory[pending](o.Clock, loginLife, remember),
		sessions: simulator.NewMemory[*visitor](o.Clock, sessionLife, remember),
		used:     simulator.NewMemory[struct{}](o.Clock, time.Hour, remember),
	}
	if err := l.makeKeys(); err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	var err error
	if l.page, err = simulator.NewPage(pageContent); err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	l.layLogout()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", l.home)
	mux.HandleFunc("GET /login", l.login)
	mux.HandleFunc("GET "+deedPath, l.deed)
	mux.HandleFunc("POST /logout", l.logout)
	mux.HandleFunc("POST /logout/all", l.logoutAll)
	mux.HandleFunc("GET "+MetadataPath, l.metadata)
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, _ *http.Request) { simulator.WriteStyle(w) })
	mux.HandleFunc("GET /post.js", postScript)
	// Forms from elsewhere are refused by Sec-Fetch-Site and Origin, but for the answer, which comes from the hub.
	cross := http.NewCrossOriginProtection()
	guarded := cross.Handler(mux)
	outer := http.NewServeMux()
	outer.HandleFunc("POST "+ACSPath, l.consume)
	outer.HandleFunc("GET "+samlout.Path, l.out.Browser)
	outer.HandleFunc("POST "+samlout.Path, l.out.Browser)
	outer.HandleFunc("POST "+samlout.SOAPPath, l.out.SOAP)
	outer.Handle("/", guarded)
	l.routes = outer
	return l, nil
}

// ServeHTTP serves the system.
func (l *LandOffice) ServeHTTP(w http.ResponseWriter, r *http.Request) { l.routes.ServeHTTP(w, r) }

// EntityID gives its name in SAML.
func (l *LandOffice) EntityID() string { return l.entityID }

// Certificate gives the certificate that its metadata and requests are signed with.
func (l *LandOffice) Certificate() *x509.Certificate { return l.signer.Certificate() }

// makeKeys takes or draws one key for signing and one for what is encrypted for it.
func (l *LandOffice) makeKeys() error {
	sign, signCert, err := l.newKey(0, "sign")
	if err != nil {
		return err
	}
	open, openCert, err := l.newKey(1, "open")
	if err != nil {
		return err
	}
	l.opens = openCert
	if l.signer, err = samlmsg.NewSigner(samlmsg.SignerOptions{Key: sign, Certificate: signCert, Random: l.o.Random}); err != nil {
		return err
	}
	l.decrypter, err = samlmsg.NewDecrypter(samlmsg.DecrypterOptions{Keys: []crypto.Decrypter{open}, Random: l.o.Random})
	return err
}

func (l *LandOffice) newKey(i int, use string) (key *rsa.PrivateKey, cert *x509.Certificate, err error) {
	if l.o.Keys != nil {
		key = l.o.Keys[i]
	} else if key, err = rsa.GenerateKey(l.o.Random, 2048); err != nil {
		return nil, nil, err
	}
	now := l.o.Clock()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "land office stand-in: " + use},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(2, 0, 0),
	}
	der, err := x509.CreateCertificate(l.o.Random, template, template, key.Public(), key)
	if err != nil {
		return nil, nil, err
	}
	cert, err = x509.ParseCertificate(der)
	return key, cert, err
}

// Metadata gives its signed metadata.
func (l *LandOffice) Metadata() ([]byte, error) {
	return samlmsg.EntityDescriptor{
		EntityID: l.entityID, ID: "_" + hub.NewID(l.o.Random), ValidUntil: l.o.Clock().Add(metadataLife), CacheDuration: time.Hour,
		SP: &samlmsg.SPSSODescriptor{
			Role: samlmsg.Role{
				Keys: []samlmsg.KeyDescriptor{
					{Use: samlmsg.UseSigning, Certificates: []*x509.Certificate{l.signer.Certificate()}},
					{Use: samlmsg.UseEncryption, Certificates: []*x509.Certificate{l.opens}, Methods: samlmsg.OwnEncryptionMethods()},
				},
				NameIDFormats: []string{samlmsg.FormatPersistent}, SingleLogout: l.out.Endpoints(),
			},
			AuthnRequestsSigned: true, WantAssertionsSigned: true,
			AssertionConsumers: []samlmsg.IndexedEndpoint{{Binding: samlmsg.BindingPOST, Location: l.acs, Index: 0, IsDefault: true}},
		},
	}.XML(l.signer)
}

func (l *LandOffice) metadata(w http.ResponseWriter, _ *http.Request) {
	document, err := l.Metadata()
	if err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", samlmsg.MetadataContentType)
	_, _ = w.Write(document)
}

// discover learns the hub's keys and addresses from its metadata, and again after a while, so that a new key is known before it signs.
func (l *LandOffice) discover(ctx context.Context) (*identityProvider, error) {
	const op = "landoffice.discover"
	now := l.o.Clock()
	if p := l.hub.Load(); p != nil && now.Sub(p.at) < hubKept {
		return p, nil
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, l.o.HubURL, nil)
	if err != nil {
		return nil, hub.E(op, hub.Invalid, err)
	}
	resp, err := l.o.HTTP.Do(r)
	if err != nil {
		return nil, hub.E(op, hub.Unavailable, err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil || resp.StatusCode != http.StatusOK {
		return nil, hub.Errorf(op, hub.Unavailable, "the hub's metadata can't be had")
	}
	m, err := samlmsg.ParseMetadata(raw, samlmsg.MetadataOptions{Now: now, Skew: time.Minute, RequireValidUntil: true})
	if err != nil {
		return nil, err
	}
	e, ok := m.Entity(l.o.HubID)
	if !ok || e.IDP == nil {
		return nil, hub.Errorf(op, hub.Refused, "the metadata is not the hub's")
	}
	v, err := samlmsg.NewVerifier(samlmsg.VerifierOptions{Certificates: e.IDP.SigningCertificates()})
	if err != nil {
		return nil, err
	}
	p := &identityProvider{verifier: v, sso: e.IDP.SingleSignOn, role: e.IDP.Role, at: now}
	l.hub.Store(p)
	return p, nil
}

// login sends the browser to the hub; with ?binding=post by a form.
func (l *LandOffice) login(w http.ResponseWriter, r *http.Request) {
	l.ask(w, r, samlmsg.AuthnRequest{}, "/", r.URL.Query().Get("binding") == "post")
}

// deed is the page that needs more: who has not reached it is sent to the hub for it.
func (l *LandOffice) deed(w http.ResponseWriter, r *http.Request) {
	v, ok := l.visitor(r)
	if ok && v.level.Satisfies(deedContext) {
		l.show(w, http.StatusOK, content{Visitor: facts(v), Deed: true})
		return
	}
	l.ask(w, r, samlmsg.AuthnRequest{
		Context: &samlmsg.RequestedAuthnContext{Comparison: samlmsg.Minimum, ClassRefs: []string{deedContext.ACR()}},
	}, deedPath, false)
}

// ask sends a signed request (SAML Profiles section 4.1.3.3).
func (l *LandOffice) ask(w http.ResponseWriter, r *http.Request, q samlmsg.AuthnRequest, path string, byPost bool) {
	p, err := l.discover(r.Context())
	if err != nil {
		l.problem(w, http.StatusServiceUnavailable, "The login service can't be reached just now.")
		return
	}
	binding := samlmsg.BindingRedirect
	if byPost {
		binding = samlmsg.BindingPOST
	}
	to, ok := samlmsg.Find(p.sso, binding)
	if !ok {
		l.problem(w, http.StatusBadGateway, "The login service does not speak this binding.")
		return
	}
	q.ID, q.IssueInstant, q.Issuer, q.Destination, q.ACSURL = "_"+hub.NewID(l.o.Random), l.o.Clock(), l.entityID, to.Location, l.acs
	browser := simulator.Token(l.o.Random)
	if c, err := r.Cookie(loginCookie); err == nil && len(c.Value) == 43 {
		browser = c.Value // several tabs may be at it
	}
	l.logins.Put(q.ID, pending{browser: browser, path: path})
	// The answer comes by a form from another site: only a cookie without SameSite comes with it.
	http.SetCookie(w, &http.Cookie{
		Name: loginCookie, Value: browser, Path: "/", MaxAge: int(loginLife / time.Second), Secure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode,
	})
	w.Header().Set("Cache-Control", "no-store")
	if byPost {
		l.askByPost(w, q, to.Location)
		return
	}
	raw, err := q.XML(nil)
	if err == nil {
		var target string
		if target, err = samlmsg.RedirectURL(to.Location, samlmsg.KindAuthnRequest, raw, q.ID, l.signer); err == nil {
			http.Redirect(w, r, target, http.StatusSeeOther)
			return
		}
	}
	l.problem(w, http.StatusInternalServerError, "The request could not be made.")
}

func (l *LandOffice) askByPost(w http.ResponseWriter, q samlmsg.AuthnRequest, location string) {
	raw, err := q.XML(l.signer)
	var form samlmsg.Form
	if err == nil {
		form, err = samlmsg.NewForm(location, samlmsg.KindAuthnRequest, raw, q.ID)
	}
	var page bytes.Buffer
	if err == nil {
		form.Script = "/post.js"
		_, err = form.WriteTo(&page)
	}
	if err != nil {
		l.problem(w, http.StatusInternalServerError, "The request could not be made.")
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'")
	_, _ = w.Write(page.Bytes())
}

func postScript(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	_, _ = w.Write([]byte(`document.getElementById("` + samlmsg.FormID + `").requestSubmit();` + "\n"))
}

var errUsed = errors.New("the assertion was used before")
