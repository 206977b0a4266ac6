package keys

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"time"

	"onedoor/hub"
)

// certificateLife is how long a certificate says that it is valid: longer than any key is in use. SAML peers take certificates as
// containers of keys (SAML Metadata section 2.4.1.1), but some refuse one that has ended.
const certificateLife = 10 * 365 * 24 * time.Hour

// Certified is an RSA key of ours in the container in which SAML peers want it. It prints and logs as its id.
type Certified struct {
	KeyID       string
	State       State
	Key         *rsa.PrivateKey // signs or decrypts, as its use says
	Certificate *x509.Certificate
}

// Format shows the id only, whatever the verb.
func (c Certified) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "key "+c.KeyID) }

// LogValue shows the id only.
func (c Certified) LogValue() slog.Value { return slog.StringValue(c.KeyID) }

// MarshalJSON refuses: a private key goes nowhere by accident.
func (c Certified) MarshalJSON() ([]byte, error) {
	return nil, hub.Errorf("keys.Certified", hub.Internal, "a private key is not for JSON")
}

// Certified gives the RSA keys of a use (SAML, Sign or Decrypt) and algorithm that are not gone, the one in use first, then those to come,
// then those retired, each with a certificate that it has signed itself. The certificate is the same on every node and after every
// start, so that a peer that pinned it need not be told again. NotFound where there is no key in use: [Ring.EnsureSAML],
// [Ring.Ensure] and [Ring.EnsureDecryption] make it. Invalid for an algorithm that is not RSA's.
func (r *Ring) Certified(use Use, alg string) ([]Certified, error) {
	const op = "keys.Certified"
	if !supported(use, alg) || alg != RS256 && alg != PS256 && alg != RSAOAEP256 {
		return nil, hub.Errorf(op, hub.Invalid, "not an algorithm of RSA")
	}
	s, now := r.current(), r.now()
	byState := map[State][]Certified{}
	for _, e := range s.entries {
		key, ok := e.signer.(*rsa.PrivateKey)
		if !ok || e.rec.Use != use || e.rec.Alg != alg || e.gone(now) {
			continue
		}
		cert, err := r.certificate(e.rec, key)
		if err != nil {
			return nil, err
		}
		c := Certified{KeyID: e.rec.ID, State: describe(s, e, now).State, Key: key, Certificate: cert}
		byState[c.State] = append(byState[c.State], c)
	}
	if len(byState[Active]) == 0 {
		return nil, hub.Errorf(op, hub.NotFound, "no key for this algorithm")
	}
	return append(append(byState[Active], byState[Pending]...), byState[Retired]...), nil
}

// certificate makes the certificate of a key once. Everything in it follows from the record and PKCS #1 v1.5 signatures have no
// randomness, so its bytes are always the same.
func (r *Ring) certificate(rec Record, key *rsa.PrivateKey) (*x509.Certificate, error) {
	const op = "keys.certificate"
	if known, ok := r.certificates.Load(rec.ID); ok {
		return known.(*x509.Certificate), nil
	}
	serial := sha256.Sum256([]byte("onedoor certificate\x00" + rec.ID))
	serial[0] &= 0x7f
	from := rec.CreatedAt.UTC().Truncate(time.Second)
	usage := x509.KeyUsageDigitalSignature
	if rec.opens() {
		usage = x509.KeyUsageKeyEncipherment
	}
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial[:16]), Subject: pkix.Name{CommonName: "onedoor " + rec.ID},
		NotBefore: from.Add(-time.Hour), NotAfter: from.Add(certificateLife), KeyUsage: usage,
		SignatureAlgorithm: x509.SHA256WithRSA, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(r.random, template, template, crypto.PublicKey(&key.PublicKey), key)
	if err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	known, _ := r.certificates.LoadOrStore(rec.ID, cert)
	return known.(*x509.Certificate), nil
}
