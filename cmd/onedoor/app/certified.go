package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net"
	"os"

	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/oidcop"
	"onedoor/web/server"
)

// certifiedSide is the edge's side for client certificates (RFC 8705), nil where the configuration has none.
func certifiedSide(cfg configs.Config) *server.Certified {
	if cfg.MTLS == nil {
		return nil
	}
	return &server.Certified{Address: cfg.MTLS.Address, FromProxy: cfg.MTLS.Listen == ""}
}

// certifiedClients is the same in the OpenID provider's words. Invalid where the authorities can't be read.
func certifiedClients(cfg configs.Config) (*oidcop.MTLS, error) {
	if cfg.MTLS == nil {
		return nil, nil //nolint:nilnil // no such side is a meaning of its own
	}
	roots, err := authorities(cfg.MTLS.AuthoritiesFile)
	if err != nil {
		return nil, err
	}
	return &oidcop.MTLS{Address: cfg.MTLS.Address, Roots: roots, Certificates: server.Certificates}, nil
}

// authorities reads the certificates of those who vouch for systems; nobody where no file is named.
func authorities(file string) (*x509.CertPool, error) {
	const op = "app.authorities"
	if file == "" {
		return nil, nil //nolint:nilnil // nobody is trusted
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, hub.E(op, hub.Invalid, err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, hub.Errorf(op, hub.Invalid, "mtls.authoritiesFile: "+file+" holds no certificate in PEM")
	}
	return roots, nil
}

// listenCertified opens the listener for client certificates, and says how TLS ends there; nil where a proxy ends it, or nobody is asked.
func listenCertified(ctx context.Context, cfg configs.Config, log *slog.Logger) (net.Listener, *tls.Config, error) {
	if cfg.MTLS == nil || cfg.MTLS.Listen == "" {
		return nil, nil, nil
	}
	pair := cfg.Pair()
	conf, err := certificates(ctx, &pair, log)
	if err != nil {
		return nil, nil, err
	}
	l, err := listen(ctx, cfg.MTLS.Listen)
	return l, conf, err
}
