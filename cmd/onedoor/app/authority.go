package app

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"time"

	"onedoor/hub"
)

// authority is a certificate authority made for one run of the demo, and a server certificate of it. Its key is not kept.
type authority struct {
	pem    []byte // its certificate
	roots  *x509.CertPool
	server *tls.Config
}

func newAuthority(now time.Time, random io.Reader, hosts []string) (*authority, error) {
	const op = "app.newAuthority"
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), random)
	if err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "onedoor demo, this run only"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(0, 0, 7),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign,
		PermittedDNSDomainsCritical: true, PermittedDNSDomains: []string{"localhost"},
	}
	caDER, err := x509.CreateCertificate(random, ca, ca, caKey.Public(), caKey)
	if err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	parent, err := x509.ParseCertificate(caDER)
	if err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), random)
	if err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: hosts[0]}, DNSNames: hosts,
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(0, 0, 7),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(random, leaf, parent, key.Public(), caKey)
	if err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	signed, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parent)
	return &authority{
		pem:   pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: caDER}),
		roots: roots,
		server: &tls.Config{
			MinVersion:   tls.VersionTLS12,
			Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key, Leaf: signed}},
		},
	}, nil
}
