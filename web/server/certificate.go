package server

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"strings"

	"onedoor/hub"
	"onedoor/hub/mtls"
)

// Certified is the side for programs that prove themselves by a TLS client certificate (RFC 8705): a host of its own, so that no browser is
// ever asked for one.
type Certified struct {
	Address string // "https://mtls.login.example.go.th"
	// FromProxy says that a trusted proxy ends TLS and hands certificates on (RFC 9440). Else TLS ends here, see [Secured].
	FromProxy bool
}

// Secured is a listener on which TLS ends and everybody is asked for a certificate. None is demanded, and none is believed to be anybody's:
// who vouches for it is looked at by whoever it is shown to. It speaks HTTP/1.1.
func Secured(l net.Listener, conf *tls.Config) net.Listener {
	conf = conf.Clone()
	conf.MinVersion = max(conf.MinVersion, tls.VersionTLS12)
	conf.ClientAuth = tls.RequestClientCert
	conf.NextProtos = []string{"http/1.1"}
	return secured{tls.NewListener(l, conf)}
}

type secured struct{ net.Listener }

// ends reports whether the listener ends TLS by itself.
func ends(l net.Listener) bool {
	_, ok := l.(secured)
	return ok
}

// certifiedHost gives the host of that side, "" where there is none. Invalid.
func certifiedHost(c *Certified) (string, error) {
	if c == nil {
		return "", nil
	}
	u, err := url.Parse(c.Address)
	if err != nil || u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" {
		return "", hub.Errorf("server.New", hub.Invalid, "the address for certificates must be https, with a host and nothing else")
	}
	return canonicalHost(u.Host, u.Scheme), nil
}

// atCertified reports whether a request came to that side over a safe channel. Its host alone gives nobody a certificate.
func (s *Server) atCertified(r *http.Request) bool {
	return s.certified != "" && canonicalHost(r.Host, "https") == s.certified && (r.TLS != nil || s.o.Certified.FromProxy && s.safeByProxy(r))
}

// Certificates gives what the sender of a program's request proved to hold in its TLS handshake, its own certificate first; nil for none. What
// a header says counts only from a trusted proxy, on the host that is there for it.
func Certificates(ctx context.Context) []*x509.Certificate {
	v := visitOf(ctx)
	if v == nil || v.edge == nil || v.server == nil || v.server.certified == "" {
		return nil
	}
	if !v.looked {
		v.looked, v.certificates = true, v.server.certificates(v.edge.Request)
	}
	return v.certificates
}

func (s *Server) certificates(r *http.Request) []*x509.Certificate {
	switch {
	case !s.atCertified(r):
		return nil
	case s.o.Certified.FromProxy:
		return mtls.FromProxy(r.Header)
	}
	return r.TLS.PeerCertificates
}
