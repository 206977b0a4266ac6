package samlsp

import (
	"crypto"
	"crypto/x509"

	"onedoor/hub/samlmsg"
)

// PrivateKey signs or decrypts; an *rsa.PrivateKey, or one that lives in an HSM.
type PrivateKey interface {
	crypto.Signer
	crypto.Decrypter
}

// decrypter opens what providers encrypt for any key of ours that is not gone.
func (c *Connector) decrypter(pairs []KeyPair, cbc bool) (*samlmsg.Decrypter, error) {
	o := samlmsg.DecrypterOptions{Random: c.o.Random, AllowCBC: cbc}
	for _, p := range pairs {
		o.Keys = append(o.Keys, p.Key)
	}
	return samlmsg.NewDecrypter(o)
}

// verifier trusts the keys that the provider's metadata names. Certificates are containers there: no chain, no dates.
func verifier(role *samlmsg.IDPSSODescriptor) (*samlmsg.Verifier, error) {
	return samlmsg.NewVerifier(samlmsg.VerifierOptions{Certificates: role.SigningCertificates()})
}

// certificates gives those of keys that sign or will, and where wanted of those that did.
func certificates(pairs []KeyPair, retired bool) []*x509.Certificate {
	var out []*x509.Certificate
	for _, p := range pairs {
		if retired || !p.Retired {
			out = append(out, p.Certificate)
		}
	}
	return out
}
