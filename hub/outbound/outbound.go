// Package outbound makes the HTTP client with which the hub calls outside parties: identity providers, departments, other
// hubs. It owns the guard against server-side request forgery (addresses are checked after the name was resolved, at the moment of
// the connection), the time-outs and the refusal to follow redirects. It does not own what is sent, and callers bound what they read.
package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"onedoor/hub"
)

// ErrAddress is in the chain of the error where the guard refused an address.
var ErrAddress error = refusedAddress{}

// refusedAddress can be told from other errors without knowing this package: errors.As into an interface with its method.
type refusedAddress struct{}

// Error is the text of ErrAddress.
func (refusedAddress) Error() string { return "outbound: address is not allowed" }

// AddressRefused reports true.
func (refusedAddress) AddressRefused() bool { return true }

// Options of a client.
type Options struct {
	// Allow are networks that may be called although they are not public: departments live on private networks.
	Allow []netip.Prefix
	// Timeout bounds one call with everything it reads. Required.
	Timeout time.Duration
	// Roots are the certificate authorities trusted; nil for those of the machine.
	Roots *x509.CertPool
	// LocalNames sends names under .localhost to this machine (RFC 6761 section 6.3) without asking a resolver, which a bare
	// machine's may not know. The guard applies all the same.
	LocalNames bool
}

// New gives the client. It never follows a redirect: the caller sees the 3xx. TLS is 1.2 or better. Invalid without a timeout.
func New(o Options) (*http.Client, error) {
	if o.Timeout <= 0 {
		return nil, hub.Errorf("outbound.New", hub.Invalid, "no timeout")
	}
	dialer := &net.Dialer{
		Timeout:   min(o.Timeout, 5*time.Second),
		KeepAlive: 30 * time.Second,
		Control: func(_, address string, _ syscall.RawConn) error {
			ap, err := netip.ParseAddrPort(address)
			if err != nil || !Allowed(ap.Addr(), o.Allow) {
				return ErrAddress
			}
			return nil
		},
	}
	dial := dialer.DialContext
	if o.LocalNames {
		dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			host, port, err := net.SplitHostPort(address)
			if err == nil && (host == "localhost" || strings.HasSuffix(host, ".localhost")) {
				address = net.JoinHostPort("127.0.0.1", port)
			}
			return dialer.DialContext(ctx, network, address)
		}
	}
	return &http.Client{
		Timeout:       o.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:            dial,
			TLSClientConfig:        &tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout:    min(o.Timeout, 5*time.Second),
			ResponseHeaderTimeout:  o.Timeout,
			MaxResponseHeaderBytes: 64 << 10,
			MaxIdleConns:           512,
			MaxIdleConnsPerHost:    64,
			IdleConnTimeout:        90 * time.Second,
			ForceAttemptHTTP2:      true,
		},
	}, nil
}

// special are ranges that are global by their bits and yet lead to this network or nowhere (RFC 6890 and its registry).
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),       // this network
	netip.MustParsePrefix("100.64.0.0/10"),   // carrier-grade NAT
	netip.MustParsePrefix("192.0.0.0/24"),    // IETF protocol assignments
	netip.MustParsePrefix("192.0.2.0/24"),    // documentation
	netip.MustParsePrefix("192.88.99.0/24"),  // 6to4 relay
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarking
	netip.MustParsePrefix("198.51.100.0/24"), // documentation
	netip.MustParsePrefix("203.0.113.0/24"),  // documentation
	netip.MustParsePrefix("240.0.0.0/4"),     // reserved, and broadcast
	netip.MustParsePrefix("64:ff9b::/96"),    // NAT64: an IPv4 address in disguise
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"),      // discard
	netip.MustParsePrefix("2001::/23"),     // IETF protocol assignments, Teredo among them
	netip.MustParsePrefix("2001:db8::/32"), // documentation
	netip.MustParsePrefix("2002::/16"),     // 6to4: an IPv4 address in disguise
	netip.MustParsePrefix("fec0::/10"),     // old site-local
}

// Allowed reports whether the hub may connect to the address: a public one, or one within a listed network.
func Allowed(a netip.Addr, allow []netip.Prefix) bool {
	a = a.Unmap()
	if !a.IsValid() || a.Zone() != "" {
		return false
	}
	for _, p := range allow {
		if p.Contains(a) {
			return true
		}
	}
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}
