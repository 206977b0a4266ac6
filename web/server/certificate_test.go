package server

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"math/big"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
)

// selfSigned makes a certificate that is good for a client and for mtls.example.
func selfSigned(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "efiling"}, DNSNames: []string{"mtls.example", "login.example"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// names answers with the names in the certificates that were shown.
var names = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	for range 2 {
		for _, c := range Certificates(r.Context()) {
			_, _ = w.Write([]byte(c.Subject.CommonName + ";"))
		}
	}
})

func TestRFC9440_ACertificateFromAProxyCountsOnlyWhereItIsMeantTo(t *testing.T) {
	t.Parallel()
	cert := ":" + base64.StdEncoding.EncodeToString(selfSigned(t).Leaf.Raw) + ":"
	build := func(c *Certified) world {
		o, w := options(t, Mount{Methods: []string{"POST"}, Path: "/token", Handler: names, Machine: true}, Mount{Methods: []string{"GET"}, Path: "/page", Handler: names})
		o.Certified = c
		s, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		w.Server = s
		return w
	}
	proxied, own, none := build(&Certified{Address: "https://mtls.example", FromProxy: true}), build(&Certified{Address: "https://mtls.example"}), build(nil)
	for name, c := range map[string]struct {
		world  world
		change func(*http.Request)
		status int
		body   string
	}{
		"from the proxy":             {proxied, func(*http.Request) {}, 200, "efiling;efiling;"},
		"in capitals, with the port": {proxied, func(r *http.Request) { r.Host = "MTLS.example:443" }, 200, "efiling;efiling;"},
		"on the other host":          {proxied, func(r *http.Request) { r.Host = "login.example" }, 200, ""},
		"on a third host":            {proxied, func(r *http.Request) { r.Host = "evil.example" }, 421, ""},
		"from a stranger":            {proxied, func(r *http.Request) { r.RemoteAddr = "203.0.113.9:1" }, 421, ""},
		"from a stranger by TLS": {proxied, func(r *http.Request) {
			r.RemoteAddr, r.Host, r.TLS = "203.0.113.9:1", "login.example", &tls.ConnectionState{}
		}, 200, ""},
		"over http to the proxy": {proxied, func(r *http.Request) { r.Header.Set("X-Forwarded-Proto", "http") }, 421, ""},
		"no certificate":         {proxied, func(r *http.Request) { r.Header.Del("Client-Cert") }, 200, ""},
		"two":                    {proxied, func(r *http.Request) { r.Header.Add("Client-Cert", cert) }, 200, ""},
		"TLS ends here":          {own, func(*http.Request) {}, 421, ""},
		"TLS ends here, by TLS":  {own, func(r *http.Request) { r.TLS = &tls.ConnectionState{} }, 200, ""},
		"no such side":           {none, func(*http.Request) {}, 421, ""},
	} {
		r := request("POST", "/token", "")
		r.Host = "mtls.example"
		r.Header.Set("Client-Cert", cert)
		c.change(r)
		resp := c.world.do(r)
		if got := body(t, resp); resp.StatusCode != c.status || c.status == 200 && got != c.body {
			t.Errorf("%s: %d %s", name, resp.StatusCode, got)
		}
	}
	page := request("GET", "/page", "")
	page.Host = "mtls.example"
	if resp := proxied.do(page); resp.StatusCode != 421 {
		t.Errorf("a page on the side for programs: %d", resp.StatusCode)
	}
	for _, bad := range []string{"http://mtls.example", "https://login.example", "https://LOGIN.example:443", "https://", "https://mtls.example/x", "mtls.example"} {
		o, _ := options(t, Mount{Methods: []string{"POST"}, Path: "/token", Handler: names, Machine: true})
		o.Certified = &Certified{Address: bad}
		if _, err := New(o); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestRFC8705_ACertificateOfTheConnection(t *testing.T) {
	t.Parallel()
	o, _ := options(t, Mount{Methods: []string{"POST"}, Path: "/token", Handler: names, Machine: true})
	o.Certified = &Certified{Address: "https://mtls.example"}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	pair := selfSigned(t)
	conf := &tls.Config{Certificates: []tls.Certificate{pair}}
	var listeners [2]net.Listener
	for i := range listeners {
		if listeners[i], err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, []net.Listener{listeners[0], Secured(listeners[1], conf)}, conf) }()
	roots := x509.NewCertPool()
	roots.AddCert(pair.Leaf)
	for name, c := range map[string]struct {
		listener int
		host     string
		shows    bool
		want     string
	}{
		"shown where it is asked for": {1, "mtls.example", true, "efiling;efiling;"},
		"not shown":                   {1, "mtls.example", false, ""},
		"on the issuer's own host":    {1, "login.example", true, ""},
		"where nobody asks":           {0, "login.example", true, ""},
		"by another name":             {0, "mtls.example", true, ""},
	} {
		client := &tls.Config{RootCAs: roots}
		if c.shows {
			client.Certificates = []tls.Certificate{pair}
		}
		address := listeners[c.listener].Addr().String()
		transport := &http.Transport{TLSClientConfig: client, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, address)
		}}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+c.host+"/token", strings.NewReader(""))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Client-Cert", ":"+base64.StdEncoding.EncodeToString(pair.Leaf.Raw)+":") // counts for nothing here
		resp, err := (&http.Client{Transport: transport}).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := body(t, resp); resp.StatusCode != 200 || got != c.want {
			t.Errorf("%s: %d %q", name, resp.StatusCode, got)
		}
		transport.CloseIdleConnections()
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
