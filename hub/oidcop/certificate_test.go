package oidcop_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
	"onedoor/hub/oidcop"
)

const mtlsAddress = "https://mtls.op.example"

// certify makes the certificate of a key, by an authority's key or by itself.
func certify(t testing.TB, key crypto.Signer, name string, parent *x509.Certificate, by crypto.Signer, from time.Time) *x509.Certificate {
	t.Helper()
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name, Country: []string{"TH"}}, DNSNames: []string{name + ".example"},
		NotBefore: from.Add(-time.Hour), NotAfter: from.Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	if parent == nil {
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage, c.ExtKeyUsage = true, true, x509.KeyUsageCertSign, nil
		parent, by = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), by)
	must(err)
	out, err := x509.ParseCertificate(der)
	must(err)
	return out
}

// certified is a world whose clients can show certificates; show sets what the next requests show.
type certified struct {
	*world
	authority *x509.Certificate
	show      func(...*x509.Certificate)
}

func newCertified(t testing.TB) *certified {
	t.Helper()
	var shown []*x509.Certificate
	ca := clientKeys()["rsa"].key
	x := &certified{}
	from := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	x.authority = certify(t, ca, "authority", nil, nil, from)
	roots := x509.NewCertPool()
	roots.AddCert(x.authority)
	x.world = newWorldWith(t, nil, func(o *oidcop.Options) {
		o.MTLS = &oidcop.MTLS{Address: mtlsAddress, Roots: roots, Certificates: func(context.Context) []*x509.Certificate { return shown }}
	})
	x.show = func(all ...*x509.Certificate) { shown = all }
	return x
}

// issue makes a certificate of the authority for one of the clients' keys.
func (x *certified) issue(by, name string) *x509.Certificate {
	return certify(x.t, clientKeys()[by].key, name, x.authority, clientKeys()["rsa"].key, x.clock.now())
}

func (x *certified) tls(method string, change func(*oidcop.Client)) {
	x.rooms.change("revenue", func(c *oidcop.Client) {
		c.AuthMethod, c.Secrets = method, nil
		if method == "tls_client_auth" {
			c.Certificate.SubjectDN = "CN=revenue,C=TH"
		}
		if change != nil {
			change(c)
		}
	})
}

func thumbprintOf(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func TestRFC8705_ACertificateProvesTheClient(t *testing.T) {
	t.Parallel()
	x := newCertified(t)
	x.tls("tls_client_auth", nil)
	own, other := x.issue("ec", "revenue"), x.issue("ec", "land")
	alone := certify(t, clientKeys()["ec"].key, "revenue", nil, nil, x.clock.now())
	old := certify(t, clientKeys()["ec"].key, "revenue", x.authority, clientKeys()["rsa"].key, x.clock.now().Add(-3*time.Hour))
	ask := func() reply { return x.post("/oauth2/introspect", "revenue", url.Values{"token": {"x"}}) }
	for _, c := range []struct {
		shown  []*x509.Certificate
		reason string
	}{
		{nil, "no_certificate"},
		{[]*x509.Certificate{other}, "certificate_name"},
		{[]*x509.Certificate{alone}, "certificate_chain"},
		{[]*x509.Certificate{alone, x.authority}, "certificate_chain"},
		{[]*x509.Certificate{other, own}, "certificate_name"},
		{[]*x509.Certificate{old}, "certificate_time"},
	} {
		x.show(c.shown...)
		x.wantError(ask(), http.StatusUnauthorized, "invalid_client")
		x.wantEvent("introspection.refused " + c.reason)
	}
	x.clock.forward(time.Minute) // the limit of failures
	x.show(own, x.authority)
	if r := ask(); r.StatusCode != http.StatusOK || r.body != `{"active":false}` {
		t.Errorf("%d %s", r.StatusCode, r.body)
	}
	x.rooms.change("revenue", func(c *oidcop.Client) { c.Certificate.SubjectDN, c.Certificate.DNS = "", "revenue.example" })
	if r := ask(); r.StatusCode != http.StatusOK {
		t.Errorf("by DNS: %d %s", r.StatusCode, r.body)
	}
	// A certificate is no way to authenticate for those who are not registered so, and no secret is for those who are.
	x.wantError(x.do(x.request(http.MethodPost, "/oauth2/introspect", "token=x&client_id=land")), http.StatusUnauthorized, "invalid_client")
	x.wantEvent("introspection.refused auth_method")
	x.wantError(x.do(x.request(http.MethodPost, "/oauth2/introspect", "token=x&client_id=revenue&client_secret=y")), http.StatusUnauthorized, "invalid_client")
	x.wantEvent("introspection.refused auth_method")
}

func TestRFC8705_ASelfSignedCertificateIsOneThatIsPublished(t *testing.T) {
	t.Parallel()
	x := newCertified(t)
	own := certify(t, clientKeys()["ec"].key, "anything", nil, nil, x.clock.now())
	renewed := certify(t, clientKeys()["ec"].key, "anything", nil, nil, x.clock.now().Add(time.Minute))
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
		{Key: clientKeys()["ec2"].key.Public(), KeyID: "bare"},
		{Key: clientKeys()["ec"].key.Public(), KeyID: "certified", Certificates: []*x509.Certificate{own}},
	}})
	must(err)
	ask := func() reply { return x.post("/oauth2/introspect", "revenue", url.Values{"token": {"x"}}) }
	for name, where := range map[string]func(*oidcop.Client){
		"jwks":     func(c *oidcop.Client) { c.JWKS = string(set) },
		"jwks_uri": func(c *oidcop.Client) { c.JWKS, c.JWKSURI = "", "https://revenue.example/jwks" },
	} {
		x.mu.Lock()
		x.fetch = func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(set) }
		x.mu.Unlock()
		x.tls("self_signed_tls_client_auth", where)
		x.show(own)
		if r := ask(); r.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.body)
		}
		x.show(renewed) // the same key, another certificate
		x.wantError(ask(), http.StatusUnauthorized, "invalid_client")
		x.wantEvent("introspection.refused certificate_unknown")
	}
}

func TestRFC8705_TokensBoundToACertificate(t *testing.T) {
	t.Parallel()
	x := newCertified(t)
	x.tls("tls_client_auth", func(c *oidcop.Client) { c.CertificateBound, c.FAPI = true, true })
	own, renewed, stolen := x.issue("ec", "revenue"), x.issue("ec2", "revenue"), x.issue("ec2", "land")
	x.show(own)
	pushed := x.post("/oauth2/par", "revenue", form("scope", "openid citizen_id offline_access")).json(t)
	code := x.authorize(url.Values{"client_id": {"revenue"}, "request_uri": {pushed["request_uri"].(string)}}).location(t).Get("code")
	m := x.post("/oauth2/token", "revenue", redemption(code)).json(t)
	access, _ := m["access_token"].(string)
	if m["token_type"] != "Bearer" || access == "" {
		t.Fatalf("%v", m)
	}
	got := x.introspect("revenue", access).json(t)
	if cnf, _ := got["cnf"].(map[string]any); got["token_type"] != "Bearer" || len(cnf) != 1 || cnf["x5t#S256"] != thumbprintOf(own) {
		t.Errorf("introspection: %v", got)
	}
	if r := x.userinfo(access); r.StatusCode != http.StatusOK || r.json(t)["citizen_id"] != person {
		t.Errorf("userinfo: %d %s", r.StatusCode, r.body)
	}
	for name, shown := range map[string][]*x509.Certificate{"none": nil, "another's": {stolen}, "its next one": {renewed}} {
		x.show(shown...)
		if r := x.userinfo(access); r.StatusCode != http.StatusUnauthorized || r.json(t)["error"] != "invalid_token" {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.body)
		}
		x.wantEvent("userinfo.refused other_certificate")
	}
	x.show(renewed) // a confidential client may change its certificate
	next := x.post("/oauth2/token", "revenue", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {m["refresh_token"].(string)}})
	if next.StatusCode != http.StatusOK || x.userinfo(next.json(t)["access_token"].(string)).StatusCode != http.StatusOK {
		t.Errorf("%d %s", next.StatusCode, next.body)
	}
}

// RFC 8705 section 4: a public client that shows certificates, and one that proves itself otherwise.
func TestRFC8705_BindingWithoutAuthenticationByCertificate(t *testing.T) {
	t.Parallel()
	x := newCertified(t)
	own, other := x.issue("ec", "x"), x.issue("ec2", "y")
	for _, id := range []hub.SystemID{"app", "revenue"} {
		x.rooms.change(id, func(c *oidcop.Client) { c.CertificateBound = true })
		redirect := map[hub.SystemID]string{"app": "https://app.example/cb", "revenue": "https://revenue.example/cb"}[id]
		v := redemption(x.code("client_id", string(id), "redirect_uri", redirect, "scope", "openid offline_access"), "redirect_uri", redirect)
		x.show()
		x.wantError(x.post("/oauth2/token", id, v), http.StatusBadRequest, "invalid_request")
		x.wantEvent("token.refused no_certificate")
		x.show(own)
		m := x.post("/oauth2/token", id, v).json(t)
		refresh := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {m["refresh_token"].(string)}}
		x.show(other)
		if r := x.post("/oauth2/token", id, refresh); (r.StatusCode == http.StatusOK) != (id == "revenue") {
			t.Errorf("%s with another certificate: %d %s", id, r.StatusCode, r.body)
		}
	}
}

func TestRFC8705_Metadata(t *testing.T) {
	t.Parallel()
	x := newCertified(t)
	m := x.do(x.request(http.MethodGet, "/.well-known/openid-configuration", "")).json(t)
	aliases, _ := m["mtls_endpoint_aliases"].(map[string]any)
	if len(aliases) != 5 || aliases["token_endpoint"] != mtlsAddress+"/oauth2/token" || aliases["introspection_endpoint"] != mtlsAddress+"/oauth2/introspect" ||
		m["tls_client_certificate_bound_access_tokens"] != true {
		t.Errorf("%v", m)
	}
	for _, list := range []string{"token_endpoint_auth_methods_supported", "introspection_endpoint_auth_methods_supported", "revocation_endpoint_auth_methods_supported"} {
		all, _ := m[list].([]any)
		if !slices.Contains(all, any("tls_client_auth")) || !slices.Contains(all, any("self_signed_tls_client_auth")) {
			t.Errorf("%s: %v", list, all)
		}
	}
	bare := newWorld(t)
	m = bare.do(bare.request(http.MethodGet, "/.well-known/openid-configuration", "")).json(t)
	if m["mtls_endpoint_aliases"] != nil || m["tls_client_certificate_bound_access_tokens"] != nil {
		t.Errorf("promised without being there: %v", m)
	}
	// A proof names the address at which the request came in: either of the two.
	c := x.about("POST", "/oauth2/token").with("htu", mtlsAddress+"/oauth2/token")
	if r := x.post("/oauth2/token", "revenue", redemption(x.code()), "DPoP", prove(t, "ec", c)); r.StatusCode != http.StatusOK {
		t.Error(r.body)
	}
}
