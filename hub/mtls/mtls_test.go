package mtls_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/mtls"
)

var now = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

type issued struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// issue makes a certificate, signed by itself where by is nil.
func issue(t testing.TB, by *issued, change func(*x509.Certificate)) issued {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		Subject: pkix.Name{CommonName: "efiling", Organization: []string{"Revenue"}, Country: []string{"TH"}},
	}
	if change != nil {
		change(c)
	}
	parent, signer := c, key
	if by != nil {
		parent, signer = by.cert, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	out, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return issued{out, key}
}

func authority(c *x509.Certificate) {
	c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
	c.Subject = pkix.Name{CommonName: "authority"}
}

func forClients(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }

// The certificate of RFC 8705 appendix A, with the thumbprint that is written there.
func TestRFC8705_AppendixA(t *testing.T) {
	t.Parallel()
	const text = `-----BEGIN CERTIFICATE-----
MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAx
ODEyMzcwOVoXDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwEbXRsczBZMBMGByqG
SM49AgEGCCqGSM49AwEHA0IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ
/Au08/coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8wCgYIKoZIzj0EAwID
SQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWUVeORWz83AiEA5x2eXZOV
bUlJSGQgjwD5vaUaKlLR50Q2DmFfQj1L+SY=
-----END CERTIFICATE-----`
	block, _ := pem.Decode([]byte(text))
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	sum := mtls.Thumbprint(c)
	if got := base64.RawURLEncoding.EncodeToString(sum[:]); got != "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0" {
		t.Errorf("%s", got)
	}
	if !(mtls.Name{SubjectDN: "CN=mtls"}).In(c) || mtls.Current(c, now) {
		t.Errorf("subject %s until %v", c.Subject, c.NotAfter)
	}
}

func TestRFC8705_WhatACertificateNames(t *testing.T) {
	t.Parallel()
	u, err := url.Parse("https://efiling.example/client")
	if err != nil {
		t.Fatal(err)
	}
	c := issue(t, nil, func(c *x509.Certificate) {
		c.DNSNames, c.EmailAddresses = []string{"efiling.example", "*.wild.example"}, []string{"ops@efiling.example"}
		c.URIs, c.IPAddresses = []*url.URL{u}, []net.IP{net.ParseIP("192.0.2.7"), net.ParseIP("2001:db8::1")}
		c.Subject.ExtraNames = []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{0, 9, 2342, 19200300, 100, 1, 25}, Value: "example"}}
		c.Subject.CommonName = `กรม, "e"+ `
	}).cert
	for _, n := range []mtls.Name{
		{DNS: "efiling.example"},
		{DNS: "EFILING.example"},
		{URI: "https://efiling.example/client"},
		{IP: "192.0.2.7"},
		{IP: "2001:db8:0::1"},
		{Email: "ops@EFILING.example"},
		{SubjectDN: `DC=example,CN=กรม\, \"e\"\+\ ,O=Revenue,C=TH`},
		{SubjectDN: `dc = example, cn=\e0\b8\81\e0\b8\a3\e0\b8\a1\, \22e\22\2b\20 , 2.5.4.10=#1307526576656e7565, c=TH`},
	} {
		if err := n.Check(); err != nil || !n.In(c) {
			t.Errorf("%+v: %v; the subject is %s", n, err, c.Subject.ToRDNSequence())
		}
	}
	for _, n := range []mtls.Name{
		{DNS: "a.wild.example"},
		{DNS: "efiling.example.org"},
		{URI: "https://efiling.example/client/"},
		{IP: "192.0.2.8"},
		{Email: "OPS@efiling.example"},
		{SubjectDN: "O=Revenue,C=TH"},
		{SubjectDN: `C=TH,O=Revenue,CN=กรม\, \"e\"\+\ ,DC=example`},
		{SubjectDN: `DC=example+CN=กรม\, \"e\"\+\ ,O=Revenue,C=TH`},
		{SubjectDN: `DC=example,CN=กรม\, \"e\"\+,O=Revenue,C=TH`},
	} {
		if err := n.Check(); err != nil || n.In(c) {
			t.Errorf("%+v: %v", n, err)
		}
	}
	for _, n := range []mtls.Name{
		{},
		{DNS: "a.example", IP: "192.0.2.7"},
		{DNS: "*.wild.example"},
		{DNS: "a b"},
		{URI: "/client"},
		{IP: "x"},
		{IP: "fe80::1%eth0"},
		{Email: "ops"},
		{Email: "@a"},
		{SubjectDN: "efiling"},
		{SubjectDN: "CN="},
		{SubjectDN: "CN=a,"},
		{SubjectDN: "XX=a"},
		{SubjectDN: `CN=a\`},
		{SubjectDN: `CN=a\zz`},
		{SubjectDN: "CN=#zz"},
		{SubjectDN: "CN=#0500"},
		{SubjectDN: `CN="a"`},
		{SubjectDN: "1..2=a"},
		{SubjectDN: "CN=" + strings.Repeat("a", 1100)},
		{SubjectDN: strings.Repeat("C=a,", 40) + "C=a"},
	} {
		if err := n.Check(); hub.KindOf(err) != hub.Invalid || n.In(c) {
			t.Errorf("%+v: %v", n, err)
		}
	}
}

func TestRFC8705_WhoVouches(t *testing.T) {
	t.Parallel()
	root := issue(t, nil, authority)
	between := issue(t, &root, authority)
	leaf, server := issue(t, &between, forClients), issue(t, &between, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} })
	alone := issue(t, nil, forClients)
	roots := x509.NewCertPool()
	roots.AddCert(root.cert)
	for name, c := range map[string]struct {
		chain []*x509.Certificate
		roots *x509.CertPool
		at    time.Time
		good  bool
	}{
		"chain":          {[]*x509.Certificate{leaf.cert, between.cert}, roots, now, true},
		"gap":            {[]*x509.Certificate{leaf.cert}, roots, now, false},
		"nobody trusted": {[]*x509.Certificate{leaf.cert, between.cert}, nil, now, false},
		"nothing shown":  {nil, roots, now, false},
		"self-signed":    {[]*x509.Certificate{alone.cert}, roots, now, false},
		"of a server":    {[]*x509.Certificate{server.cert, between.cert}, roots, now, false},
		"expired":        {[]*x509.Certificate{leaf.cert, between.cert}, roots, now.Add(2 * time.Hour), false},
		"brings a root":  {[]*x509.Certificate{alone.cert, alone.cert}, roots, now, false},
	} {
		if err := mtls.Vouched(c.chain, c.roots, c.at); (err == nil) != c.good || err != nil && hub.KindOf(err) != hub.Unauthenticated {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !mtls.Same(leaf.cert, leaf.cert) || mtls.Same(leaf.cert, alone.cert) || !mtls.Current(leaf.cert, now) || mtls.Current(leaf.cert, now.Add(-2*time.Hour)) {
		t.Error("same or current")
	}
}

func TestRFC9440_Headers(t *testing.T) {
	t.Parallel()
	root := issue(t, nil, authority)
	leaf := issue(t, &root, forClients)
	seq := func(c *x509.Certificate) string { return ":" + base64.StdEncoding.EncodeToString(c.Raw) + ":" }
	own, other := seq(leaf.cert), seq(root.cert)
	for name, c := range map[string]struct {
		header map[string][]string
		n      int
	}{
		"none":           {map[string][]string{}, 0},
		"one":            {map[string][]string{"Client-Cert": {own}}, 1},
		"a chain":        {map[string][]string{"Client-Cert": {own}, "Client-Cert-Chain": {other + ", " + other, other}}, 4},
		"twice":          {map[string][]string{"Client-Cert": {own, own}}, 0},
		"two in one":     {map[string][]string{"Client-Cert": {own + "," + own}}, 0},
		"chain only":     {map[string][]string{"Client-Cert-Chain": {other}}, 0},
		"spoilt chain":   {map[string][]string{"Client-Cert": {own}, "Client-Cert-Chain": {other + ",x"}}, 0},
		"endless chain":  {map[string][]string{"Client-Cert": {own}, "Client-Cert-Chain": {strings.Repeat(other+",", 7) + other}}, 0},
		"no colons":      {map[string][]string{"Client-Cert": {strings.Trim(own, ":")}}, 0},
		"PEM":            {map[string][]string{"Client-Cert": {"-----BEGIN CERTIFICATE-----"}}, 0},
		"no certificate": {map[string][]string{"Client-Cert": {":AAAA:"}}, 0},
		"empty":          {map[string][]string{"Client-Cert": {"::"}}, 0},
		"too long":       {map[string][]string{"Client-Cert": {":" + strings.Repeat("A", 12<<10) + ":"}}, 0},
	} {
		got := mtls.FromProxy(c.header)
		if len(got) != c.n || c.n > 0 && !mtls.Same(got[0], leaf.cert) {
			t.Errorf("%s: %d certificates", name, len(got))
		}
	}
}

func FuzzName(f *testing.F) {
	for _, seed := range []string{`CN=a,O=b+OU=c,C=TH`, `CN=\, \22\e0\b8\81`, `CN=#1307526576656e7565`, `2.5.4.3=x`, `CN=a\ `, `cn = a `} {
		f.Add(seed)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n := mtls.Name{SubjectDN: text}
		if n.Check() != nil {
			return
		}
		rdns, ok := mtls.RDNs(text)
		if !ok {
			t.Fatalf("%q checks, and does not read", text)
		}
		raw, err := asn1.Marshal(rdns)
		if err != nil {
			return // a number that no certificate can hold
		}
		c := &x509.Certificate{SerialNumber: big.NewInt(1), RawSubject: raw, NotBefore: now, NotAfter: now.Add(time.Hour)}
		der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
		if err != nil {
			return
		}
		made, err := x509.ParseCertificate(der)
		if err != nil {
			return
		}
		if !n.In(made) {
			t.Fatalf("%q is not in its own certificate", text)
		}
	})
}

func FuzzFromProxy(f *testing.F) {
	f.Add(":AAAA:", ":AAAA:, :BBBB:")
	f.Fuzz(func(t *testing.T, own, chain string) {
		if got := mtls.FromProxy(map[string][]string{"Client-Cert": {own}, "Client-Cert-Chain": {chain}}); len(got) > 5 {
			t.Fatal("a chain without end")
		}
	})
}
