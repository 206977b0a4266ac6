package samlmsg

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	_ "crypto/sha256" // registers the digests of the allow-list
	_ "crypto/sha512"
	"encoding/base64"
	"math/big"
	"strings"
)

// The identifiers of XML Signature 1.1 that are spoken here. Everything else, SHA-1 first of all, is refused.
const (
	algRSASHA256   = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
	algRSASHA384   = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384"
	algRSASHA512   = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"
	algECDSASHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
	algECDSASHA384 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"
	algECDSASHA512 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512"

	digestSHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
	digestSHA384 = "http://www.w3.org/2001/04/xmldsig-more#sha384"
	digestSHA512 = "http://www.w3.org/2001/04/xmlenc#sha512"

	c14nExclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
	enveloped     = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
)

// The key sizes: RSA from 2048 bits; above 8192 a signature is a way to keep us busy.
const (
	minRSABits = 2048
	maxRSABits = 8192
)

type signatureAlgorithm struct {
	ecdsa bool
	hash  crypto.Hash
}

func signatureAlgorithmOf(uri string) (signatureAlgorithm, bool) {
	switch uri {
	case algRSASHA256:
		return signatureAlgorithm{false, crypto.SHA256}, true
	case algRSASHA384:
		return signatureAlgorithm{false, crypto.SHA384}, true
	case algRSASHA512:
		return signatureAlgorithm{false, crypto.SHA512}, true
	case algECDSASHA256:
		return signatureAlgorithm{true, crypto.SHA256}, true
	case algECDSASHA384:
		return signatureAlgorithm{true, crypto.SHA384}, true
	case algECDSASHA512:
		return signatureAlgorithm{true, crypto.SHA512}, true
	}
	return signatureAlgorithm{}, false
}

func digestOf(uri string) (crypto.Hash, bool) {
	switch uri {
	case digestSHA256:
		return crypto.SHA256, true
	case digestSHA384:
		return crypto.SHA384, true
	case digestSHA512:
		return crypto.SHA512, true
	}
	return 0, false
}

func sum(h crypto.Hash, data []byte) []byte {
	w := h.New()
	w.Write(data)
	return w.Sum(nil)
}

// usableKey reports whether a public key is of a kind and size that may vouch for anything: RSA of 2048 to 8192 bits, ECDSA on
// P-256, P-384 or P-521.
func usableKey(key crypto.PublicKey) bool {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return usableRSA(k)
	case *ecdsa.PublicKey:
		if k == nil || k.Curve == nil {
			return false
		}
		if k.Curve != elliptic.P256() && k.Curve != elliptic.P384() && k.Curve != elliptic.P521() {
			return false
		}
		_, err := k.ECDH() // checks that the point is on the curve
		return err == nil
	}
	return false
}

func usableRSA(k *rsa.PublicKey) bool {
	return k != nil && k.N != nil && k.N.BitLen() >= minRSABits && k.N.BitLen() <= maxRSABits && k.E > 2 && k.E&1 == 1
}

// fits reports whether the algorithm is one of the key's kind, so that no value made for one kind is tried as another.
func (a signatureAlgorithm) fits(key crypto.PublicKey) bool {
	switch key.(type) {
	case *rsa.PublicKey:
		return !a.ecdsa
	case *ecdsa.PublicKey:
		return a.ecdsa
	}
	return false
}

// verify checks a raw signature value. ECDSA values are r and s side by side, each as long as the curve's order (XML Signature
// 1.1 section 6.4.3, RFC 4050 corrected); the ASN.1 form is refused.
func (a signatureAlgorithm) verify(key crypto.PublicKey, digest, value []byte) bool {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return !a.ecdsa && rsa.VerifyPKCS1v15(k, a.hash, digest, value) == nil
	case *ecdsa.PublicKey:
		size := (k.Curve.Params().N.BitLen() + 7) / 8
		if !a.ecdsa || len(value) != 2*size {
			return false
		}
		return ecdsa.Verify(k, digest, new(big.Int).SetBytes(value[:size]), new(big.Int).SetBytes(value[size:]))
	}
	return false
}

// unbase64 reads the xs:base64Binary of XML: standard alphabet with padding, white space anywhere.
func unbase64(s string) ([]byte, bool) {
	if strings.ContainsAny(s, xmlSpace) {
		s = strings.Map(func(r rune) rune {
			if strings.ContainsRune(xmlSpace, r) {
				return -1
			}
			return r
		}, s)
	}
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	return b, err == nil && len(b) > 0
}
