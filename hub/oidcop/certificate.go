package oidcop

import (
	"context"
	"crypto/x509"
	"strings"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
	"onedoor/hub/mtls"
	"onedoor/hub/token"
)

// MTLS is the side for clients that have a TLS certificate (RFC 8705).
type MTLS struct {
	// Address is where they reach us: a second name or port, because whoever asks browsers for certificates gets them a dialogue.
	Address string
	// Roots are the authorities that vouch for clients of the method tls_client_auth; nil for none.
	Roots *x509.CertPool
	// Certificates gives what the sender of the request proved to hold in its TLS handshake, its own certificate first.
	Certificates func(ctx context.Context) []*x509.Certificate
}

// Client authentication methods of RFC 8705 section 2.
const (
	authTLS        = "tls_client_auth"
	authSelfSigned = "self_signed_tls_client_auth"
)

func (m *MTLS) check() error {
	if m == nil {
		return nil
	}
	if m.Certificates == nil || !strings.HasPrefix(m.Address, "https://") || strings.HasSuffix(m.Address, "/") || !secureRedirect(m.Address) {
		return hub.Errorf("oidcop.New", hub.Invalid, "the address for clients with certificates must be https without a slash at the end")
	}
	return nil
}

// shown gives the certificates of the request; nil where there is none, or no side for them.
func (p *Provider) shown(ctx context.Context) []*x509.Certificate {
	if p.mtls == nil {
		return nil
	}
	return p.mtls.Certificates(ctx)
}

// certificate is the thumbprint of what the sender holds.
func (p *Provider) certificate(ctx context.Context) token.Thumbprint {
	all := p.shown(ctx)
	if len(all) == 0 {
		return token.Thumbprint{}
	}
	return mtls.Thumbprint(all[0])
}

// proveByCertificate proves a client by the certificate of its connection: one that a trusted authority vouches for and that names the client
// as registered (section 2.1), or exactly one of those that the client publishes with its keys (section 2.2).
func (p *Provider) proveByCertificate(ctx context.Context, c Client) *refusal {
	failed := refuse(codeInvalidClient, "client authentication failed")
	all := p.shown(ctx)
	switch {
	case len(all) == 0:
		return failed.because("no_certificate")
	case !mtls.Current(all[0], p.clock()):
		return failed.because("certificate_time")
	case c.AuthMethod == authTLS && !c.Certificate.In(all[0]):
		return failed.because("certificate_name")
	case c.AuthMethod == authTLS:
		if err := mtls.Vouched(all, p.mtls.Roots, p.clock()); err != nil {
			return failed.because("certificate_chain").from(err)
		}
		return nil
	}
	_, err := p.clientKeys.choose(ctx, c, func(j jose.JSONWebKey) bool {
		return j.Use != "enc" && len(j.Certificates) > 0 && mtls.Same(j.Certificates[0], all[0])
	})
	switch kind, _ := kindIn(err); {
	case kind == hub.NotFound:
		return failed.because("certificate_unknown").from(err)
	case err != nil:
		return fault(err)
	}
	return nil
}

// byCertificate reports whether a client proves itself by the certificate of its connection.
func (c Client) byCertificate() bool {
	return c.AuthMethod == authTLS || c.AuthMethod == authSelfSigned
}

// wireAliases are the endpoints as clients with a certificate reach them (section 5).
type wireAliases struct {
	Token         string `json:"token_endpoint"`
	Introspection string `json:"introspection_endpoint"`
	Revocation    string `json:"revocation_endpoint"`
	Pushed        string `json:"pushed_authorization_request_endpoint"`
	UserInfo      string `json:"userinfo_endpoint"`
}

// aliases gives them; nil where there is no such side.
func (p *Provider) aliases() *wireAliases {
	if p.mtls == nil {
		return nil
	}
	at := p.mtls.Address
	return &wireAliases{at + TokenPath, at + IntrospectionPath, at + RevocationPath, at + PushedPath, at + UserInfoPath}
}

// authMethods adds the methods of RFC 8705 where they work.
func (p *Provider) authMethods(others []string) []string {
	if p.mtls == nil {
		return others
	}
	return append(others[:len(others):len(others)], authTLS, authSelfSigned)
}
