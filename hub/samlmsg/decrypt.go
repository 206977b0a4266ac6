package samlmsg

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	_ "crypto/sha1" //nolint:gosec // OAEP's default digest (XML Encryption 1.1 section 5.5.2); no signature takes it
	"crypto/subtle"
	"io"
)

// Decrypter opens what was encrypted for us, with several keys tried one after the other during a rollover. Whatever goes wrong
// once algorithm and form are accepted has the one reason DecryptionFailed.
type Decrypter struct {
	keys   []crypto.Decrypter
	cbc    bool
	limits Limits
	random io.Reader
}

// DecrypterOptions say with what.
type DecrypterOptions struct {
	Keys   []crypto.Decrypter // RSA of at least 2048 bits; may live in an HSM
	Random io.Reader
	// AllowCBC takes AES-CBC too, which can be tampered with: only for a peer that knows nothing better, and best with
	// signed responses required, which are verified before anything is decrypted.
	AllowCBC bool
	Limits   Limits // for what comes out; zero fields take those of messages
}

// NewDecrypter checks the keys. Refused with KeyUnusable where there is none, or one that is no RSA key of enough bits.
func NewDecrypter(o DecrypterOptions) (*Decrypter, error) {
	const op = "NewDecrypter"
	if len(o.Keys) == 0 || o.Random == nil {
		return nil, refuse(op, KeyUnusable)
	}
	for _, k := range o.Keys {
		if k == nil {
			return nil, refuse(op, KeyUnusable)
		}
		public, ok := k.Public().(*rsa.PublicKey)
		if !ok || !usableRSA(public) {
			return nil, refuse(op, KeyUnusable)
		}
	}
	return &Decrypter{keys: o.Keys, cbc: o.AllowCBC, limits: o.Limits.or(MessageLimits()), random: o.Random}, nil
}

// maxEncryptedKeys bounds how many encrypted keys are tried, as each costs a private-key operation for every key of ours.
const maxEncryptedKeys = 4

// decrypt gives the element inside of an EncryptedID or EncryptedAttribute.
func (d *Decrypter) decrypt(e *element, space, local string) (*element, error) {
	inner, _, err := d.open(e, space, local)
	return inner, err
}

// open gives the element inside of an encrypted one, which must have the given name, and whether the encryption vouches for its
// integrity.
func (d *Decrypter) open(e *element, space, local string) (inner *element, authentic bool, err error) {
	if d == nil {
		return nil, false, EncryptionUnexpected
	}
	x, err := d.read(e)
	if err != nil {
		return nil, false, err
	}
	authentic = contentRank(x.algorithm) > 0
	for _, wrapped := range x.keys {
		for _, private := range d.keys {
			key, err := private.Decrypt(d.random, wrapped.value, &rsa.OAEPOptions{Hash: wrapped.digest, MGFHash: wrapped.mask, Label: wrapped.label})
			if err != nil || len(key) != keySize(x.algorithm) {
				continue
			}
			plain, ok := openContent(x.algorithm, key, x.value)
			clear(key)
			if !ok {
				continue
			}
			inner, err := parse(plain, d.limits, false)
			if err != nil || !inner.is(space, local) {
				return nil, authentic, DecryptionFailed
			}
			return inner, authentic, nil
		}
	}
	return nil, authentic, DecryptionFailed
}

// sealed is an EncryptedData with the keys that go with it.
type sealed struct {
	algorithm string
	value     []byte
	keys      []wrappedKey
}

type wrappedKey struct {
	digest, mask crypto.Hash
	label, value []byte
}

// read takes an EncryptedAssertion, EncryptedID or EncryptedAttribute apart (SAML Core section 2.2.4). Encrypted keys stand in
// the KeyInfo of the data, or beside the data; nothing is fetched from elsewhere.
func (d *Decrypter) read(e *element) (x sealed, err error) {
	var data, beside []*element
	if e.parts(part{nsXENC, "EncryptedData", 1, &data}, part{nsXENC, "EncryptedKey", 0, &beside}) != nil || len(data) != 1 {
		return x, EncryptionMalformed
	}
	if t, ok := data[0].attr("Type"); ok && t != typeElement {
		return x, EncryptionMalformed
	}
	var methods, infos, ciphers []*element
	err = data[0].parts(part{nsXENC, "EncryptionMethod", 1, &methods}, part{nsDS, "KeyInfo", 1, &infos}, part{nsXENC, "CipherData", 1, &ciphers})
	if err != nil || len(methods) != 1 {
		return x, EncryptionMalformed
	}
	x.algorithm = methods[0].value("Algorithm")
	if contentRank(x.algorithm) == 0 && !(d.cbc && (x.algorithm == encAES128CBC || x.algorithm == encAES192CBC || x.algorithm == encAES256CBC)) {
		return x, EncryptionAlgorithm
	}
	if x.value, err = readCipher(ciphers); err != nil {
		return x, err
	}
	for _, info := range infos {
		beside = append(info.all(nsXENC, "EncryptedKey"), beside...)
	}
	if len(beside) == 0 || len(beside) > maxEncryptedKeys {
		return x, EncryptionMalformed
	}
	for _, k := range beside {
		wrapped, err := readKey(k)
		if err != nil {
			return x, err
		}
		x.keys = append(x.keys, wrapped)
	}
	return x, nil
}

func readKey(e *element) (w wrappedKey, err error) {
	var methods, ciphers []*element
	err = e.parts(part{nsXENC, "EncryptionMethod", 1, &methods}, part{space: nsDS, local: "KeyInfo"}, part{nsXENC, "CipherData", 1, &ciphers},
		part{space: nsXENC, local: "ReferenceList"}, part{space: nsXENC, local: "CarriedKeyName"})
	if err != nil || len(methods) != 1 {
		return w, EncryptionMalformed
	}
	m, params, err := readEncryptionMethod(methods[0])
	if err != nil {
		return w, err
	}
	var ok bool
	if w.digest, w.mask, ok = m.oaep(); !ok {
		return w, EncryptionAlgorithm
	}
	w.label = params
	w.value, err = readCipher(ciphers)
	return w, err
}

// readEncryptionMethod reads the method of a key, with OAEPparams.
func readEncryptionMethod(e *element) (m EncryptionMethod, params []byte, err error) {
	var digests, masks, labels []*element
	err = e.parts(part{nsDS, "DigestMethod", 1, &digests}, part{nsXENC11, "MGF", 1, &masks}, part{nsXENC, "OAEPparams", 1, &labels},
		part{space: nsXENC, local: "KeySize"})
	if err != nil {
		return m, nil, EncryptionMalformed
	}
	m.Algorithm = e.value("Algorithm")
	for _, x := range digests {
		m.Digest = x.value("Algorithm")
	}
	for _, x := range masks {
		m.MGF = x.value("Algorithm")
	}
	for _, x := range labels {
		text, ok := x.text()
		if !ok {
			return m, nil, EncryptionMalformed
		}
		if text == "" {
			continue
		}
		if params, ok = unbase64(text); !ok {
			return m, nil, EncryptionMalformed
		}
	}
	return m, params, nil
}

// readCipher gives the octets of a CipherData, which must hold them itself: a CipherReference is an address to fetch.
func readCipher(found []*element) ([]byte, error) {
	if len(found) != 1 {
		return nil, EncryptionMalformed
	}
	var values []*element
	if found[0].parts(part{nsXENC, "CipherValue", 1, &values}) != nil || len(values) != 1 {
		return nil, EncryptionMalformed
	}
	text, ok := values[0].text()
	if !ok {
		return nil, EncryptionMalformed
	}
	b, ok := unbase64(text)
	if !ok {
		return nil, EncryptionMalformed
	}
	return b, nil
}

// openContent decrypts (XML Encryption 1.1 sections 5.2.2 and 5.2.4): the nonce or IV stands in front.
func openContent(algorithm string, key, sealed []byte) ([]byte, bool) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, false
	}
	if contentRank(algorithm) > 0 {
		gcm, err := cipher.NewGCM(block)
		if err != nil || len(sealed) < gcm.NonceSize()+gcm.Overhead() {
			return nil, false
		}
		plain, err := gcm.Open(nil, sealed[:gcm.NonceSize()], sealed[gcm.NonceSize():], nil)
		return plain, err == nil
	}
	if len(sealed) < 2*aes.BlockSize || len(sealed)%aes.BlockSize != 0 {
		return nil, false
	}
	plain := make([]byte, len(sealed)-aes.BlockSize)
	cipher.NewCBCDecrypter(block, sealed[:aes.BlockSize]).CryptBlocks(plain, sealed[aes.BlockSize:])
	// Only the last octet of the padding has a meaning: how many there are, 1 to 16.
	pad := int(plain[len(plain)-1])
	good := subtle.ConstantTimeLessOrEq(1, pad) & subtle.ConstantTimeLessOrEq(pad, aes.BlockSize)
	return plain[:len(plain)-good*pad], good == 1
}
