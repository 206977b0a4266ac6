package samlmsg

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"io"
)

// Signer signs with RSA-SHA256, exclusive canonicalization and SHA-256 digests: what every peer understands.
type Signer struct {
	key    crypto.Signer
	cert   *x509.Certificate
	random io.Reader
}

// SignerOptions say with what. All fields are required.
type SignerOptions struct {
	Key         crypto.Signer     // RSA of at least 2048 bits; may live in an HSM
	Certificate *x509.Certificate // of that key; named in KeyInfo and published in metadata
	Random      io.Reader
}

// NewSigner checks that key and certificate belong together. Refused with KeyUnusable otherwise.
func NewSigner(o SignerOptions) (*Signer, error) {
	const op = "NewSigner"
	if o.Key == nil || o.Certificate == nil || o.Random == nil {
		return nil, refuse(op, KeyUnusable)
	}
	public, ok := o.Key.Public().(*rsa.PublicKey)
	if !ok || !usableRSA(public) || !public.Equal(o.Certificate.PublicKey) {
		return nil, refuse(op, KeyUnusable)
	}
	return &Signer{key: o.Key, cert: o.Certificate, random: o.Random}, nil
}

// Certificate gives the certificate of the key.
func (s *Signer) Certificate() *x509.Certificate { return s.cert }

// octets signs bytes with RSA-SHA256.
func (s *Signer) octets(data []byte) ([]byte, error) {
	return s.key.Sign(s.random, sum(crypto.SHA256, data), crypto.SHA256)
}

// enveloped puts a signature over e among its nodes at the given place. e has an ID. Whoever changes e afterwards breaks it.
func (s *Signer) enveloped(e *element, place int) error {
	id, _ := e.attr("ID")
	if id == "" {
		return MessageIncomplete
	}
	digest := sum(crypto.SHA256, canonical(e, nil, nil))
	info := build("ds:SignedInfo").add(
		build("ds:CanonicalizationMethod", "Algorithm", c14nExclusive),
		build("ds:SignatureMethod", "Algorithm", algRSASHA256),
		build("ds:Reference", "URI", "#"+id).add(
			build("ds:Transforms").add(
				build("ds:Transform", "Algorithm", enveloped),
				build("ds:Transform", "Algorithm", c14nExclusive)),
			build("ds:DigestMethod", "Algorithm", digestSHA256),
			build("ds:DigestValue").say(base64.StdEncoding.EncodeToString(digest))))
	value, err := s.octets(canonical(info, nil, nil))
	if err != nil {
		return SigningFailed
	}
	e.insert(place, build("ds:Signature").add(
		info,
		build("ds:SignatureValue").say(base64.StdEncoding.EncodeToString(value)),
		keyInfo(s.cert)))
	return nil
}

// keyInfo names a certificate.
func keyInfo(c *x509.Certificate) *element {
	return build("ds:KeyInfo").add(build("ds:X509Data").add(
		build("ds:X509Certificate").say(base64.StdEncoding.EncodeToString(c.Raw))))
}
