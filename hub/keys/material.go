package keys

import (
	"bytes"
	"crypto"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"io"
	"sync/atomic"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
)

// entry is a record that has been opened. Exactly one group of the fields after rec is set, by its use; none is where the
// key is gone.
type entry struct {
	rec Record

	signer crypto.Signer   // the private key, for Sign, Decrypt and SAML
	jwk    jose.JSONWebKey // public

	aead  cipher.AEAD
	seals *atomic.Uint64 // seals made by this process; outlives reloads

	prk []byte // for HKDF-Expand
}

// supported gives the algorithms of a use.
func supported(use Use, alg string) bool {
	switch use {
	case Sign:
		return alg == ES256 || alg == RS256 || alg == PS256
	case Seal:
		return alg == A256GCM
	case Index:
		return alg == HS256
	case Decrypt:
		return alg == RSAOAEP256 || alg == ECDHES
	case SAML:
		return alg == RS256 || alg == RSAOAEP256
	}
	return false
}

// opens reports whether the key opens what others encrypt for us.
func (r Record) opens() bool {
	return r.Use == Decrypt || r.Use == SAML && r.Alg == RSAOAEP256
}

// generate makes a key and seals it into the record, whose ID, Use and Alg are set. rsaBits is for RSA.
func generate(random io.Reader, masters Masters, r *Record, rsaBits int) error {
	private, public, err := material(random, r, rsaBits)
	if err != nil {
		return err
	}
	defer clear(private)
	r.Public = public
	return masters.wrap(random, r, private)
}

func material(random io.Reader, r *Record, rsaBits int) (private, public []byte, err error) {
	var signer crypto.Signer
	switch r.Alg {
	case A256GCM, HS256:
		private = make([]byte, 32)
		_, err = io.ReadFull(random, private)
		return private, nil, err
	case ES256, ECDHES:
		signer, err = ecdsa.GenerateKey(elliptic.P256(), random)
	case RS256, PS256, RSAOAEP256:
		signer, err = rsa.GenerateKey(random, rsaBits)
	default:
		err = hub.Errorf("keys.generate", hub.Invalid, "unknown algorithm")
	}
	if err != nil {
		return nil, nil, err
	}
	if private, err = x509.MarshalPKCS8PrivateKey(signer); err != nil {
		return nil, nil, err
	}
	jwk := publicJWK(*r, signer)
	if public, err = jwk.MarshalJSON(); err != nil {
		return nil, nil, err
	}
	return private, public, nil
}

func publicJWK(r Record, signer crypto.Signer) jose.JSONWebKey {
	use := "sig"
	if r.opens() {
		use = "enc"
	}
	return jose.JSONWebKey{Key: signer.Public(), KeyID: r.ID, Algorithm: r.Alg, Use: use}
}

// open unwraps a record. A record whose public part is not that of its private part is refused: who can write to the
// database must not be able to publish a key of his own.
func open(masters Masters, r Record) (*entry, error) {
	const op = "keys.open"
	if !supported(r.Use, r.Alg) {
		return nil, hub.Errorf(op, hub.Internal, "record "+r.ID+" has an unknown use or algorithm")
	}
	private, err := masters.unwrap(r)
	if err != nil {
		return nil, hub.E(op+" "+r.ID, hub.Internal, err)
	}
	defer clear(private)
	e := &entry{rec: r}
	switch r.Use {
	case Seal:
		e.seals = new(atomic.Uint64)
		if e.aead, err = newGCM(private); err != nil {
			return nil, hub.E(op, hub.Internal, err)
		}
	case Index:
		if e.prk, err = hkdf.Extract(sha256.New, private, []byte("onedoor/index")); err != nil {
			return nil, hub.E(op, hub.Internal, err)
		}
	case Sign, Decrypt, SAML:
		if e.signer, err = parseSigner(r.Alg, private); err != nil {
			return nil, hub.E(op, hub.Internal, err)
		}
		e.jwk = publicJWK(r, e.signer)
		public, err := e.jwk.MarshalJSON()
		if err != nil {
			return nil, hub.E(op, hub.Internal, err)
		}
		if !bytes.Equal(public, r.Public) {
			return nil, hub.Errorf(op, hub.Internal, "record "+r.ID+" has a public part that is not its own")
		}
	}
	return e, nil
}

func parseSigner(alg string, der []byte) (crypto.Signer, error) {
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, err
	}
	switch k := key.(type) {
	case *ecdsa.PrivateKey:
		if (alg == ES256 || alg == ECDHES) && k.Curve == elliptic.P256() {
			return k, nil
		}
	case *rsa.PrivateKey:
		if alg == RS256 || alg == PS256 || alg == RSAOAEP256 {
			return k, nil
		}
	}
	return nil, hub.Errorf("keys.parseSigner", hub.Internal, "key does not fit its algorithm")
}
