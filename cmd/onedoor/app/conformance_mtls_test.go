package app

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/configs"
	"onedoor/tenants"
	"onedoor/web/server"
)

// certifier is an authority for the systems of a test, and for the hub's own listener.
type certifier struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
}

func newCertifier(t *testing.T) *certifier {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &certifier{key: key}
	c.cert = c.sign(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: "Authority of the tests"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}, key)
	return c
}

func (c *certifier) sign(t *testing.T, what *x509.Certificate, key *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	what.SerialNumber, what.NotBefore, what.NotAfter = big.NewInt(time.Now().UnixNano()), time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour)
	parent := c.cert
	if parent == nil {
		parent = what
	}
	der, err := x509.CreateCertificate(rand.Reader, what, parent, key.Public(), c.key)
	if err != nil {
		t.Fatal(err)
	}
	out, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// issue makes a certificate with its key for a host that serves and asks.
func (c *certifier) issue(t *testing.T, host string) *tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cert := c.sign(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: host}, DNSNames: []string{host}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}, key)
	return &tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: key, Leaf: cert}
}

// file writes the authority for a configuration.
func (c *certifier) file(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "authorities.pem")
	if err := os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.cert.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func (c *certifier) roots() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(c.cert)
	return p
}

// mtlsSuite is a suite whose hub has a side for certificates, with real TLS.
type mtlsSuite struct {
	*suite
	ca   *certifier
	self *tls.Certificate // of the party with a self-signed certificate
}

func newMTLSSuite(t *testing.T) *mtlsSuite {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &mtlsSuite{ca: newCertifier(t)}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	m.suite = newSuiteWith(t, func(c *configs.Config) {
		c.MTLS = &configs.MTLS{Address: "https://mtls.localhost:" + port, Listen: listener.Addr().String(), CertificateFile: "x", KeyFile: "x", AuthoritiesFile: m.ca.file(t)}
		for _, f := range c.Validate() {
			if strings.HasPrefix(f.Path, "mtls") {
				t.Fatal(f)
			}
		}
	})
	served := &http.Server{Handler: m.hub.public.Handler(), ReadHeaderTimeout: 5 * time.Second}
	var beside sync.WaitGroup
	conf := &tls.Config{Certificates: []tls.Certificate{*m.ca.issue(t, "mtls.localhost")}, MinVersion: tls.VersionTLS12}
	beside.Go(func() { _ = served.Serve(server.Secured(listener, conf)) })
	t.Cleanup(func() { _ = served.Close(); beside.Wait() })

	m.self = newCertifier(t).selfSigned()
	bound := func(o *tenants.OIDC) { o.Profile, o.CertificateBound = tenants.ProfileFAPI2, true }
	m.add(t, "fapi-mtls", "tls_client_auth", func(o *tenants.OIDC) { bound(o); o.Certificate.SubjectDN = "CN=fapi-mtls.example" })
	m.add(t, "fapi-mtls-second", "tls_client_auth", func(o *tenants.OIDC) { bound(o); o.Certificate.DNS = "fapi-mtls-second.example" })
	m.add(t, "fapi-self", "self_signed_tls_client_auth", func(o *tenants.OIDC) {
		bound(o)
		public := m.self.Leaf.PublicKey.(*ecdsa.PublicKey)
		raw, err := public.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		b := base64.RawURLEncoding.EncodeToString
		o.JWKS = `{"keys":[{"kty":"EC","crv":"P-256","kid":"a","x":"` + b(raw[1:33]) + `","y":"` + b(raw[33:]) + `","x5c":["` +
			base64.StdEncoding.EncodeToString(m.self.Leaf.Raw) + `"]}]}`
	})
	if err := m.hub.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m
}

// selfSigned gives the authority itself as a client: who is vouched for by nobody else.
func (c *certifier) selfSigned() *tls.Certificate {
	return &tls.Certificate{Certificate: [][]byte{c.cert.Raw}, PrivateKey: c.key, Leaf: c.cert}
}

// call sends a request to an alias of an endpoint, with a certificate where there is one.
func (m *mtlsSuite) call(t *testing.T, cert *tls.Certificate, method, endpoint string, header http.Header, form url.Values) (int, map[string]any) {
	t.Helper()
	aliases, _ := m.metadata["mtls_endpoint_aliases"].(map[string]any)
	address, _ := aliases[endpoint].(string)
	if address == "" {
		t.Fatalf("no alias of %s: %v", endpoint, m.metadata)
	}
	conf := &tls.Config{RootCAs: m.ca.roots(), MinVersion: tls.VersionTLS12}
	if cert != nil {
		conf.Certificates = []tls.Certificate{*cert}
	}
	transport := m.transport.Clone()
	transport.TLSClientConfig = conf
	defer transport.CloseIdleConnections()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, v := range header {
		r.Header[name] = v
	}
	resp, err := (&http.Client{Transport: transport}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if json.Unmarshal(text, &out) != nil && resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s", endpoint, resp.StatusCode, text)
	}
	return resp.StatusCode, out
}

func (m *mtlsSuite) userInfo(t *testing.T, cert *tls.Certificate, access string) (int, map[string]any) {
	t.Helper()
	return m.call(t, cert, http.MethodGet, "userinfo_endpoint", bearerHeader(access), nil)
}

// code pushes a request with the certificate and goes through the login.
func (m *mtlsSuite) code(x *caller, cert *tls.Certificate, p *party, more ...string) (string, url.Values) {
	x.t.Helper()
	v := x.request(p, more...)
	status, body := m.call(x.t, cert, http.MethodPost, "pushed_authorization_request_endpoint", nil, v)
	if status != http.StatusCreated {
		x.t.Fatalf("pushed: %d %v", status, body)
	}
	uri, _ := body["request_uri"].(string)
	return x.answered(x.open(url.Values{"client_id": {p.id}, "request_uri": {uri}}), v).Get("code"), v
}

func (m *mtlsSuite) token(t *testing.T, cert *tls.Certificate, p *party, form url.Values) (int, map[string]any) {
	t.Helper()
	form = url.Values(http.Header(form).Clone())
	form.Set("client_id", p.id)
	return m.call(t, cert, http.MethodPost, "token_endpoint", nil, form)
}

// TestFAPI2_SecurityProfileMTLS goes through the modules of fapi2-security-profile-final-test-plan that are about certificates, with
// client_auth_type=mtls and sender_constrain=mtls.
func TestFAPI2_SecurityProfileMTLS(t *testing.T) {
	t.Parallel()
	m := newMTLSSuite(t)
	for name, cert := range map[string]*tls.Certificate{"fapi-mtls": m.ca.issue(t, "fapi-mtls.example"), "fapi-self": m.self} {
		p := m.parties[name]
		other := m.ca.issue(t, "fapi-mtls-second.example")
		m.plan(t, "", []module{
			{"fapi2-security-profile-final-discovery-end-point-verification/" + name, func(x *caller) {
				for _, list := range []string{"token_endpoint_auth_methods_supported", "introspection_endpoint_auth_methods_supported"} {
					if !x.offers(list, p.method) {
						x.t.Errorf("%s: %v", list, x.metadata[list])
					}
				}
				if x.metadata["tls_client_certificate_bound_access_tokens"] != true {
					x.t.Error("bound tokens are not told of")
				}
			}},
			{"fapi2-security-profile-final-happy-flow/" + name, func(x *caller) {
				code, v := m.code(x, cert, p)
				status, body := m.token(x.t, cert, p, tokenForm(p, code))
				if status != http.StatusOK {
					x.t.Fatalf("%d %v", status, body)
				}
				got := x.tokens(p, v, body)
				if status, info := m.userInfo(x.t, cert, got.access); status != http.StatusOK || info["sub"] != got.id["sub"] {
					x.t.Errorf("userinfo: %d %v", status, info)
				}
				sum := sha256.Sum256(cert.Leaf.Raw)
				status, answer := m.call(x.t, cert, http.MethodPost, "introspection_endpoint", nil, url.Values{"client_id": {p.id}, "token": {got.access}})
				if cnf, _ := answer["cnf"].(map[string]any); status != http.StatusOK || cnf["x5t#S256"] != base64.RawURLEncoding.EncodeToString(sum[:]) {
					x.t.Errorf("introspection: %d %v", status, answer)
				}
			}},
			{"fapi2-security-profile-final-ensure-holder-of-key-required/" + name, func(x *caller) {
				code, v := m.code(x, cert, p)
				for what, wrong := range map[string]*tls.Certificate{"none": nil, "another's": other, "of another authority": newCertifier(x.t).issue(x.t, "fapi-mtls.example")} {
					if status, body := m.token(x.t, wrong, p, tokenForm(p, code)); status != http.StatusUnauthorized || body["error"] != "invalid_client" {
						x.t.Errorf("%s: %d %v", what, status, body)
					}
				}
				status, body := x.post(&party{id: p.id, method: "none"}, "token_endpoint", url.Values{
					"client_id": {p.id}, "grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {p.redirect}, "code_verifier": {verifier},
				})
				if status != http.StatusUnauthorized || body["error"] != "invalid_client" {
					x.t.Errorf("at the other address: %d %v", status, body)
				}
				status, body = m.token(x.t, cert, p, tokenForm(p, code))
				if status != http.StatusOK {
					x.t.Fatalf("%d %v", status, body)
				}
				got := x.tokens(p, v, body)
				for what, wrong := range map[string]*tls.Certificate{"none": nil, "another's": other} {
					if status, body := m.userInfo(x.t, wrong, got.access); status != http.StatusUnauthorized || body["error"] != "invalid_token" {
						x.t.Errorf("%s: %d %v", what, status, body)
					}
				}
				if status, body := x.userInfo(got.access); status != http.StatusUnauthorized || body["error"] != "invalid_token" {
					x.t.Errorf("at the other address: %d %v", status, body)
				}
			}},
			{"fapi2-security-profile-final-ensure-authorization-code-is-bound-to-client/" + name, func(x *caller) {
				code, _ := m.code(x, cert, p)
				if status, body := m.token(x.t, other, m.parties["fapi-mtls-second"], tokenForm(p, code)); status != http.StatusBadRequest || body["error"] != "invalid_grant" {
					x.t.Errorf("%d %v", status, body)
				}
			}},
			{"fapi2-security-profile-final-refresh-token/" + name, func(x *caller) {
				code, v := m.code(x, cert, p, "scope", "openid offline_access", "prompt", "consent")
				_, body := m.token(x.t, cert, p, tokenForm(p, code))
				got := x.tokens(p, v, body)
				form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {got.refresh}}
				if status, body := m.token(x.t, other, m.parties["fapi-mtls-second"], form); status != http.StatusBadRequest || body["error"] != "invalid_grant" {
					x.t.Errorf("by another: %d %v", status, body)
				}
				status, body := m.token(x.t, cert, p, form)
				if status != http.StatusOK || body["refresh_token"] != nil {
					x.t.Fatalf("%d %v", status, body)
				}
				if status, info := m.userInfo(x.t, cert, x.refreshed(p, got, body).access); status != http.StatusOK {
					x.t.Errorf("userinfo: %d %v", status, info)
				}
			}},
		})
	}
	if methods, _ := m.metadata["token_endpoint_auth_methods_supported"].([]any); !slices.Contains(methods, any("private_key_jwt")) {
		t.Errorf("%v", methods)
	}
}
