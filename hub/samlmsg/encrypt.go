package samlmsg

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"io"
)

// The identifiers of XML Encryption 1.1 that are spoken here. rsa-1_5 and 3DES are not among them.
const (
	encAES128GCM = "http://www.w3.org/2009/xmlenc11#aes128-gcm"
	encAES192GCM = "http://www.w3.org/2009/xmlenc11#aes192-gcm"
	encAES256GCM = "http://www.w3.org/2009/xmlenc11#aes256-gcm"
	encAES128CBC = "http://www.w3.org/2001/04/xmlenc#aes128-cbc"
	encAES192CBC = "http://www.w3.org/2001/04/xmlenc#aes192-cbc"
	encAES256CBC = "http://www.w3.org/2001/04/xmlenc#aes256-cbc"

	encOAEPMGF1 = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"
	encOAEP     = "http://www.w3.org/2009/xmlenc11#rsa-oaep"

	digestSHA1 = "http://www.w3.org/2000/09/xmldsig#sha1" // within OAEP only, where nothing hangs on collisions
	mgfSHA1    = "http://www.w3.org/2009/xmlenc11#mgf1sha1"
	mgfSHA256  = "http://www.w3.org/2009/xmlenc11#mgf1sha256"
	mgfSHA384  = "http://www.w3.org/2009/xmlenc11#mgf1sha384"
	mgfSHA512  = "http://www.w3.org/2009/xmlenc11#mgf1sha512"

	typeElement = "http://www.w3.org/2001/04/xmlenc#Element"
)

// EncryptionMethod is what a peer's metadata says it can decrypt (SAML Metadata section 2.4.1.1).
type EncryptionMethod struct {
	Algorithm string
	Digest    string // DigestMethod of an OAEP method, "" for the default (SHA-1)
	MGF       string // of xmlenc11#rsa-oaep, "" for the default (SHA-1)
}

// Recipient encrypts for one peer: with a fresh AES key under the peer's RSA key, AES-GCM of 256 bits where the peer can.
type Recipient struct {
	key     *rsa.PublicKey
	cert    *x509.Certificate
	content EncryptionMethod
	wrap    EncryptionMethod
	random  io.Reader
}

// RecipientOptions come from the peer's metadata.
type RecipientOptions struct {
	Certificate *x509.Certificate  // of a KeyDescriptor for encryption
	Methods     []EncryptionMethod // of the same; empty means the defaults
	Random      io.Reader
}

// NewRecipient picks the methods. Refused with KeyUnusable where the key is not RSA of enough bits, with EncryptionAlgorithm
// where the peer names methods and none of them is good enough: AES-CBC, which does not protect what it hides, is not written.
func NewRecipient(o RecipientOptions) (*Recipient, error) {
	const op = "NewRecipient"
	if o.Certificate == nil || o.Random == nil {
		return nil, refuse(op, KeyUnusable)
	}
	key, ok := o.Certificate.PublicKey.(*rsa.PublicKey)
	if !ok || !usableRSA(key) {
		return nil, refuse(op, KeyUnusable)
	}
	r := &Recipient{key: key, cert: o.Certificate, random: o.Random}
	var contents, wraps int
	for _, m := range o.Methods {
		switch {
		case blockMethod(m.Algorithm):
			contents++
			if contentRank(m.Algorithm) > contentRank(r.content.Algorithm) {
				r.content = m
			}
		case keyMethod(m.Algorithm):
			wraps++
			if _, _, ok := m.oaep(); ok && r.wrap.Algorithm == "" {
				r.wrap = m
			}
		}
	}
	if contents == 0 {
		r.content = EncryptionMethod{Algorithm: encAES256GCM}
	}
	if wraps == 0 {
		r.wrap = EncryptionMethod{Algorithm: encOAEPMGF1}
	}
	if r.content.Algorithm == "" || r.wrap.Algorithm == "" {
		return nil, refuse(op, EncryptionAlgorithm)
	}
	return r, nil
}

// blockMethod reports whether the identifier names a way to encrypt content, good or bad.
func blockMethod(uri string) bool {
	switch uri {
	case encAES128GCM, encAES192GCM, encAES256GCM, encAES128CBC, encAES192CBC, encAES256CBC, nsXENC + "tripledes-cbc":
		return true
	}
	return false
}

func keyMethod(uri string) bool {
	return uri == encOAEPMGF1 || uri == encOAEP || uri == nsXENC+"rsa-1_5"
}

func contentRank(uri string) int {
	switch uri {
	case encAES256GCM:
		return 3
	case encAES192GCM:
		return 2
	case encAES128GCM:
		return 1
	}
	return 0
}

// oaep gives the two hashes of a method. rsa-oaep-mgf1p always masks with SHA-1, whatever its digest (XML Encryption 1.1
// section 5.5.2).
func (m EncryptionMethod) oaep() (digest, mask crypto.Hash, ok bool) {
	switch m.Digest {
	case "", digestSHA1:
		digest = crypto.SHA1
	case digestSHA256:
		digest = crypto.SHA256
	case digestSHA384:
		digest = crypto.SHA384
	case digestSHA512:
		digest = crypto.SHA512
	default:
		return 0, 0, false
	}
	switch m.Algorithm {
	case encOAEPMGF1:
		return digest, crypto.SHA1, true
	case encOAEP:
	default:
		return 0, 0, false
	}
	switch m.MGF {
	case "", mgfSHA1:
		mask = crypto.SHA1
	case mgfSHA256:
		mask = crypto.SHA256
	case mgfSHA384:
		mask = crypto.SHA384
	case mgfSHA512:
		mask = crypto.SHA512
	default:
		return 0, 0, false
	}
	return digest, mask, true
}

func keySize(uri string) int {
	switch uri {
	case encAES128GCM, encAES128CBC:
		return 16
	case encAES192GCM, encAES192CBC:
		return 24
	case encAES256GCM, encAES256CBC:
		return 32
	}
	return 0
}

// encrypt puts bytes of XML into an element of the given name ("saml:EncryptedAssertion", "saml:EncryptedID").
func (r *Recipient) encrypt(name string, plain []byte) (*element, error) {
	key := make([]byte, keySize(r.content.Algorithm))
	nonce := make([]byte, 12)
	if _, err := io.ReadFull(r.random, key); err != nil {
		return nil, SigningFailed
	}
	if _, err := io.ReadFull(r.random, nonce); err != nil {
		return nil, SigningFailed
	}
	defer clear(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, EncryptionAlgorithm
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, EncryptionAlgorithm
	}
	digest, mask, ok := r.wrap.oaep()
	if !ok {
		return nil, EncryptionAlgorithm
	}
	wrapped, err := rsa.EncryptOAEPWithOptions(r.random, r.key, key, &rsa.OAEPOptions{Hash: digest, MGFHash: mask})
	if err != nil {
		return nil, KeyUnusable
	}
	wrap := build("xenc:EncryptionMethod", "Algorithm", r.wrap.Algorithm)
	if r.wrap.Digest != "" {
		wrap.add(build("ds:DigestMethod", "Algorithm", r.wrap.Digest))
	} else {
		wrap.add(build("ds:DigestMethod", "Algorithm", digestSHA1))
	}
	if r.wrap.Algorithm == encOAEP && r.wrap.MGF != "" {
		wrap.add(build("xenc11:MGF", "Algorithm", r.wrap.MGF))
	}
	return build(name).add(build("xenc:EncryptedData", "Type", typeElement).add(
		build("xenc:EncryptionMethod", "Algorithm", r.content.Algorithm),
		build("ds:KeyInfo").add(build("xenc:EncryptedKey").add(
			wrap, keyInfo(r.cert), cipherData(wrapped))),
		cipherData(gcm.Seal(nonce, nonce, plain, nil)))), nil
}

func cipherData(b []byte) *element {
	return build("xenc:CipherData").add(build("xenc:CipherValue").say(base64.StdEncoding.EncodeToString(b)))
}
