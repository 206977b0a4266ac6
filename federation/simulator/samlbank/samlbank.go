// Package samlbank is a stand-in for a bank that lets its customers log in over SAML 2.0: a real identity provider over HTTP with real
// signatures and encryption, pages on which one of the invented people logs in, and switches for everything that can go wrong or
// be forged in an answer. For the demo, tests and the sandbox.
//
// It takes signed requests by HTTP-Redirect and HTTP-POST and answers by HTTP-POST (SAML Profiles section 4.1). Everybody logs in anew, so
// every ForceAuthn is met. It remembers to which services it has told who somebody is, for single logout in both directions.
package samlbank

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"html/template"
	"io"
	"math/big"
	"net/http"
	"strings"
	"sync"
	"time"

	"onedoor/federation/simulator"
	"onedoor/federation/simulator/samlout"
	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

// The bank's words for how somebody logged in (AuthnContextClassRef). All mean an identity proofed at a branch with card and chip.
const (
	ContextPassword  = samlmsg.ClassPasswordTransport
	ContextTwoFactor = samlmsg.ClassMobileTwoFactor
)

// Options of the stand-in. All but the last four are required.
type Options struct {
	BaseURL string // "https://saml-bank.example", without a slash at the end
	// Metadata gives the metadata of the service provider with the entity id, as an administrator of the bank would fetch it. It is
	// asked for anew at every login.
	Metadata func(ctx context.Context, entityID string) ([]byte, error)
	Clock    hub.Clock
	Random   io.Reader
	HTTP     *http.Client       // to ask services by SOAP to log somebody out; nil: it can't
	NoSOAP   bool               // only browsers can tell it of a logout
	People   []simulator.Person // default simulator.People()
	Faults   []Fault
}

// Bank is the stand-in. It is an http.Handler for the root of its host.
type Bank struct {
	base     string
	metadata func(context.Context, string) ([]byte, error)
	clock    hub.Clock
	random   io.Reader
	people   []simulator.Person
	faults   *simulator.Faults[Fault]
	routes   *http.ServeMux

	mu    sync.Mutex
	keys  []*samlmsg.Signer // the one in use first
	pin   *samlmsg.Signer   // signs the metadata
	rogue *samlmsg.Signer   // nobody's; made when first needed
	used  string            // assertion id of the last answer, for replays

	asked  *simulator.Memory[request]
	logins *simulator.Memory[login]
	out    *samlout.Party

	loginPage, messagePage, postPage *template.Template
}

// request is an AuthnRequest whose login page is open.
type request struct {
	id, sp, acs, relay string
	classes            []string
	format             string
	forced             bool
}

const (
	pageLife = 10 * time.Minute
	remember = 10_000
)

// New gives a stand-in with new keys.
func New(o Options) (*Bank, error) {
	const op = "samlbank.New"
	switch {
	case o.BaseURL == "" || strings.HasSuffix(o.BaseURL, "/"):
		return nil, hub.Errorf(op, hub.Invalid, "base URL must be set and have no slash at the end")
	case o.Metadata == nil || o.Clock == nil || o.Random == nil:
		return nil, hub.Errorf(op, hub.Internal, "no metadata, clock or randomness")
	}
	b := &Bank{
		base: o.BaseURL, metadata: o.Metadata, clock: o.Clock, random: o.Random, people: o.People,
		faults: simulator.NewFaults(Faults(), o.Faults),
		asked:  simulator.NewMemory[request](o.Clock, pageLife, remember),
		logins: simulator.NewMemory[login](o.Clock, loginLife, remember),
	}
	b.layLogout(o.HTTP)
	b.out.BrowserOnly(o.NoSOAP)
	if len(b.people) == 0 {
		b.people = simulator.People()
	}
	first, err := b.newSigner()
	if err != nil {
		return nil, err
	}
	b.keys, b.pin = []*samlmsg.Signer{first}, first
	for page, content := range map[**template.Template]string{&b.loginPage: loginContent, &b.messagePage: messageContent, &b.postPage: postContent} {
		if *page, err = simulator.NewPage(content); err != nil {
			return nil, hub.E(op, hub.Internal, err)
		}
	}
	b.routes = http.NewServeMux()
	for pattern, handler := range map[string]http.HandlerFunc{
		"GET /{$}":       b.home,
		"GET /style.css": func(w http.ResponseWriter, _ *http.Request) { simulator.WriteStyle(w) },
		"GET /post.js":   postScript,
		"GET /metadata":  b.publish,
		"GET /sso":       b.sso,
		"POST /sso":      b.sso,
		"POST /login":    b.login,
		"POST /logout":   b.logout,

		"GET " + samlout.Path:      b.out.Browser,
		"POST " + samlout.Path:     b.out.Browser,
		"POST " + samlout.SOAPPath: b.out.SOAP,
	} {
		b.routes.HandleFunc(pattern, handler)
	}
	return b, nil
}

// ServeHTTP serves the bank.
func (b *Bank) ServeHTTP(w http.ResponseWriter, r *http.Request) { b.routes.ServeHTTP(w, r) }

// SetFault turns faults on or off for every login from now on.
func (b *Bank) SetFault(on bool, faults ...Fault) { b.faults.Set(on, faults...) }

// EntityID is the bank's name.
func (b *Bank) EntityID() string { return b.base + "/metadata" }

// Pin gives the certificate, in PEM, whose key signs the bank's metadata.
func (b *Bank) Pin() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: b.pin.Certificate().Raw}))
}

// Rotate gives the bank a new signing key. Announced, the metadata names the old and the new one from now on, and the new one
// signs; without, it signs at once and the metadata names it alone.
func (b *Bank) Rotate(announced bool) error {
	next, err := b.newSigner()
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if announced {
		b.keys = append([]*samlmsg.Signer{next}, b.keys...)
	} else {
		b.keys = []*samlmsg.Signer{next}
	}
	return nil
}

func (b *Bank) signer() *samlmsg.Signer {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.keys[0]
}

// newSigner makes a key with a certificate of its own.
func (b *Bank) newSigner() (*samlmsg.Signer, error) {
	const op = "samlbank.newSigner"
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	cert, err := certify(b.random, key, "Sabaidee Savings (stand-in)", b.clock())
	if err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	return samlmsg.NewSigner(samlmsg.SignerOptions{Key: key, Certificate: cert, Random: b.random})
}

func certify(random io.Reader, key crypto.Signer, name string, now time.Time) (*x509.Certificate, error) {
	var serial [16]byte
	if _, err := io.ReadFull(random, serial[1:]); err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial[:]), Subject: pkix.Name{CommonName: name}, NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(10, 0, 0),
	}
	der, err := x509.CreateCertificate(random, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// publish is the bank's metadata, signed, valid for a week.
func (b *Bank) publish(w http.ResponseWriter, _ *http.Request) {
	xml, err := b.describe()
	if err != nil {
		http.Error(w, "Internal Server Error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", samlmsg.MetadataContentType)
	_, _ = w.Write(xml)
}

func (b *Bank) describe() ([]byte, error) {
	b.mu.Lock()
	keys := append([]*samlmsg.Signer(nil), b.keys...)
	b.mu.Unlock()
	d := samlmsg.EntityDescriptor{
		EntityID: b.EntityID(), ID: "_" + hub.NewID(b.random), ValidUntil: b.clock().AddDate(0, 0, 7), CacheDuration: time.Hour,
		IDP: &samlmsg.IDPSSODescriptor{
			Role: samlmsg.Role{
				NameIDFormats: []string{samlmsg.FormatPersistent, samlmsg.FormatTransient}, SingleLogout: b.out.Endpoints(),
			},
			WantAuthnRequestsSigned: true,
			SingleSignOn: []samlmsg.Endpoint{
				{Binding: samlmsg.BindingRedirect, Location: b.base + "/sso"}, {Binding: samlmsg.BindingPOST, Location: b.base + "/sso"},
			},
		},
	}
	for _, k := range keys {
		d.IDP.Keys = append(d.IDP.Keys, samlmsg.KeyDescriptor{Use: samlmsg.UseSigning, Certificates: []*x509.Certificate{k.Certificate()}})
	}
	return d.XML(b.pin)
}

// subject is the bank's own lasting name for a person at one service provider: nothing personal in it, and another at each.
func subject(p simulator.Person, sp string) string {
	sum := sha256.Sum256([]byte("saml-bank-customer\x00" + sp + "\x00" + p.Key))
	return "s-" + hex.EncodeToString(sum[:16])
}
