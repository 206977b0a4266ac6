// Package mtls reads the TLS client certificates by which systems prove themselves (RFC 8705): who is named in one, whether a trusted
// authority vouches for it, and how a proxy that ends TLS hands it on (RFC 9440).
//
// It does not own connections, and not what a certificate is good for: that is hub/oidcop's. Whoever hands in a certificate vouches for it
// that its private key was proven in a TLS handshake.
package mtls

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"onedoor/hub"
)

// Thumbprint is what tokens are bound to: SHA-256 of the certificate in DER (RFC 8705 section 3.1, x5t#S256).
func Thumbprint(c *x509.Certificate) [32]byte { return sha256.Sum256(c.Raw) }

// Name is what the certificate of a client must name: exactly one of the five is set (RFC 8705 section 2.1.2).
type Name struct {
	SubjectDN string // RFC 4514: "CN=efiling,O=Revenue,C=TH"
	DNS       string
	URI       string
	IP        string
	Email     string
}

// Check tells whether exactly one is set and well formed. Invalid.
func (n Name) Check() error {
	const op = "mtls.Name"
	set := slices.DeleteFunc([]string{n.SubjectDN, n.DNS, n.URI, n.IP, n.Email}, func(s string) bool { return s == "" })
	switch {
	case len(set) != 1:
		return hub.Errorf(op, hub.Invalid, "exactly one name must be given")
	case len(set[0]) > longestDN:
		return hub.Errorf(op, hub.Invalid, "the name is too long")
	case n.SubjectDN != "":
		_, err := parseDN(n.SubjectDN)
		return err
	case n.IP != "":
		if a, err := netip.ParseAddr(n.IP); err != nil || a.Zone() != "" {
			return hub.Errorf(op, hub.Invalid, "not an IP address")
		}
	case n.URI != "":
		if u, err := url.Parse(n.URI); err != nil || !u.IsAbs() {
			return hub.Errorf(op, hub.Invalid, "not an absolute URI")
		}
	case n.Email != "":
		if i := strings.LastIndexByte(n.Email, '@'); i < 1 || i == len(n.Email)-1 {
			return hub.Errorf(op, hub.Invalid, "not a mail address")
		}
	case strings.ContainsAny(n.DNS, "*/: @") || strings.Trim(n.DNS, ".") != n.DNS:
		return hub.Errorf(op, hub.Invalid, "not a host name")
	}
	return nil
}

// In reports whether the certificate names it. Subject alternative names are compared one by one and never as patterns: a certificate for
// *.example names no host.
func (n Name) In(c *x509.Certificate) bool {
	switch {
	case n.Check() != nil:
		return false
	case n.SubjectDN != "":
		want, err := parseDN(n.SubjectDN)
		got, ok := rawDN(c.RawSubject)
		return err == nil && ok && want.equal(got)
	case n.DNS != "":
		return slices.ContainsFunc(c.DNSNames, func(s string) bool { return strings.EqualFold(s, n.DNS) })
	case n.URI != "":
		return slices.ContainsFunc(c.URIs, func(u *url.URL) bool { return u.String() == n.URI })
	case n.IP != "":
		want, err := netip.ParseAddr(n.IP)
		return err == nil && slices.ContainsFunc(c.IPAddresses, func(ip net.IP) bool {
			got, ok := netip.AddrFromSlice(ip)
			return ok && got.Unmap() == want.Unmap()
		})
	}
	return slices.ContainsFunc(c.EmailAddresses, func(s string) bool { return sameMail(s, n.Email) })
}

// sameMail compares mail addresses: the host without regard to case (RFC 5280 section 7.5).
func sameMail(a, b string) bool {
	i, j := strings.LastIndexByte(a, '@'), strings.LastIndexByte(b, '@')
	return i > 0 && i == j && a[:i] == b[:j] && strings.EqualFold(a[i:], b[j:])
}

// Vouched tells whether one of the trusted authorities vouches now for the first certificate of the chain as that of a client. Unauthenticated.
func Vouched(chain []*x509.Certificate, roots *x509.CertPool, now time.Time) error {
	const op = "mtls.Vouched"
	if len(chain) == 0 || roots == nil {
		return hub.Errorf(op, hub.Unauthenticated, "no certificate, or nobody who is trusted")
	}
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	if err != nil {
		return hub.Errorf(op, hub.Unauthenticated, "no trusted authority vouches for the certificate") // the cause may quote a name
	}
	return nil
}

// Current reports whether the certificate is valid now by its own account.
func Current(c *x509.Certificate, now time.Time) bool {
	return !now.Before(c.NotBefore) && !now.After(c.NotAfter)
}

// Same reports whether two are the same certificate, byte by byte.
func Same(a, b *x509.Certificate) bool { return bytes.Equal(a.Raw, b.Raw) }

// The headers by which a proxy hands on what it was shown (RFC 9440 section 2).
const (
	Header      = "Client-Cert"
	HeaderChain = "Client-Cert-Chain"
)

const (
	longestCertificate = 8 << 10 // bytes of DER
	longestChain       = 4       // certificates beside the first
)

// FromProxy reads the headers: the client's certificate first. Nil for none, and for anything that is not exactly what RFC 9440 writes.
// The caller has made sure that a trusted proxy wrote them.
func FromProxy(header map[string][]string) []*x509.Certificate {
	own := header[Header]
	if len(own) != 1 {
		return nil
	}
	first := sequence(own[0])
	if first == nil {
		return nil
	}
	out := []*x509.Certificate{first}
	for _, line := range header[HeaderChain] {
		for item := range strings.SplitSeq(line, ",") {
			c := sequence(strings.Trim(item, " \t"))
			if c == nil || len(out) > longestChain {
				return nil
			}
			out = append(out, c)
		}
	}
	return out
}

// sequence reads a byte sequence (RFC 8941 section 3.3.5) that is a certificate.
func sequence(s string) *x509.Certificate {
	if len(s) < 3 || len(s) > longestCertificate*4/3 || s[0] != ':' || s[len(s)-1] != ':' || strings.ContainsAny(s, "\r\n") {
		return nil
	}
	der, err := base64.StdEncoding.Strict().DecodeString(s[1 : len(s)-1])
	if err != nil {
		return nil
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil
	}
	return c
}
