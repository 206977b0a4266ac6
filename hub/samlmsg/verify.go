package samlmsg

import (
	"crypto"
	"crypto/subtle"
	"crypto/x509"
	"strings"
	"time"
)

// Verifier checks signatures against an explicit list of keys, one after the other: during a key rollover both the old and the
// new one stand in it. A key or certificate that a message brings along (KeyInfo) is never looked at.
type Verifier struct {
	keys   []crypto.PublicKey
	limits Limits
}

// VerifierOptions say whom to trust.
type VerifierOptions struct {
	// Certificates carry trusted keys. They are containers, as SAML Metadata section 2.4.1.1 and federation practice have it: no
	// chain is built. Those with a key too weak are left out.
	Certificates []*x509.Certificate
	Keys         []crypto.PublicKey // trusted keys without a certificate
	// ValidAt, where not zero, leaves out certificates that are not valid at this time. Zero takes expired ones too.
	ValidAt time.Time
	Limits  Limits // for what is parsed anew; zero fields take those of messages
}

// NewVerifier picks the usable keys. Refused with KeyUnusable where none is left.
func NewVerifier(o VerifierOptions) (*Verifier, error) {
	v := &Verifier{limits: o.Limits.or(MessageLimits())}
	for _, c := range o.Certificates {
		if c == nil || !usableKey(c.PublicKey) {
			continue
		}
		if !o.ValidAt.IsZero() && (o.ValidAt.Before(c.NotBefore) || o.ValidAt.After(c.NotAfter)) {
			continue
		}
		v.keys = append(v.keys, c.PublicKey)
	}
	for _, k := range o.Keys {
		if usableKey(k) {
			v.keys = append(v.keys, k)
		}
	}
	if len(v.keys) == 0 {
		return nil, refuse("NewVerifier", KeyUnusable)
	}
	return v, nil
}

// octets checks a signature value over bytes.
func (v *Verifier) octets(algorithm string, signed, value []byte) error {
	alg, ok := signatureAlgorithmOf(algorithm)
	if !ok {
		return SignatureAlgorithm
	}
	if v == nil {
		return SignatureKey
	}
	digest := sum(alg.hash, signed)
	result := SignatureKey
	for _, key := range v.keys {
		if !alg.fits(key) {
			continue
		}
		if alg.verify(key, digest, value) {
			return nil
		}
		result = SignatureMismatch
	}
	return result
}

// enveloped checks the one signature that is a direct child of e and gives what it covers: the canonical bytes of e without
// that signature, parsed anew. The result shares nothing with e.
//
// It follows XML Signature 1.1 section 3.2 within the profile of SAML Core section 5.4: first the signature over SignedInfo;
// then everything else is read from the canonical bytes of that SignedInfo; one Reference, to the ID of e itself; the
// transforms enveloped-signature and exclusive canonicalization without comments, both, in this order, and no other.
func (v *Verifier) enveloped(e *element) (*element, error) {
	found := e.all(nsDS, "Signature")
	switch {
	case len(found) == 0:
		return nil, SignatureMissing
	case len(found) > 1:
		return nil, SignatureMultiple
	}
	signature := found[0]

	var infos, values, keyInfos []*element
	err := signature.parts(part{nsDS, "SignedInfo", 1, &infos}, part{nsDS, "SignatureValue", 1, &values},
		part{nsDS, "KeyInfo", 1, &keyInfos})
	if err != nil || len(infos) != 1 || len(values) != 1 {
		return nil, SignatureMalformed // an Object, for one, has no place here
	}
	claimed, err := readSignedInfo(infos[0])
	if err != nil {
		return nil, err
	}
	text, ok := values[0].text()
	if !ok {
		return nil, SignatureMalformed
	}
	value, ok := unbase64(text)
	if !ok {
		return nil, SignatureMalformed
	}
	signed := canonical(infos[0], nil, claimed.inclusive)
	if err := v.octets(claimed.algorithm, signed, value); err != nil {
		return nil, err
	}

	// From here on only what was signed is read.
	info, err := parse(signed, v.limits, false)
	if err != nil {
		return nil, err
	}
	said, err := readSignedInfo(info)
	if err != nil {
		return nil, err
	}
	if said.algorithm != claimed.algorithm {
		return nil, SignatureMalformed
	}
	id, _ := e.attr("ID")
	if id == "" || said.uri != "#"+id {
		return nil, SignatureTarget
	}
	covered := canonical(e, signature, said.reference)
	if subtle.ConstantTimeCompare(sum(said.hash, covered), said.digest) != 1 {
		return nil, DigestMismatch
	}
	return parse(covered, v.limits, false)
}

// signedInfo is a SignedInfo within the profile.
type signedInfo struct {
	inclusive []string // PrefixList for SignedInfo itself
	algorithm string
	uri       string
	reference []string // PrefixList for the referenced element
	hash      crypto.Hash
	digest    []byte
}

func readSignedInfo(e *element) (signedInfo, error) {
	var s signedInfo
	var methods, algorithms, references []*element
	err := e.parts(part{nsDS, "CanonicalizationMethod", 1, &methods}, part{nsDS, "SignatureMethod", 1, &algorithms},
		part{nsDS, "Reference", 0, &references})
	if err != nil || len(methods) != 1 || len(algorithms) != 1 {
		return s, SignatureMalformed
	}
	if s.inclusive, err = exclusive(methods[0], SignatureC14N); err != nil {
		return s, err
	}
	s.algorithm = algorithms[0].value("Algorithm")
	if _, ok := signatureAlgorithmOf(s.algorithm); !ok || len(algorithms[0].children()) > 0 {
		return s, SignatureAlgorithm
	}
	if len(references) != 1 {
		return s, SignatureReference
	}
	return s, s.readReference(references[0])
}

func (s *signedInfo) readReference(e *element) error {
	var lists, methods, values []*element
	err := e.parts(part{nsDS, "Transforms", 1, &lists}, part{nsDS, "DigestMethod", 1, &methods}, part{nsDS, "DigestValue", 1, &values})
	if err != nil || len(methods) != 1 || len(values) != 1 {
		return SignatureMalformed
	}
	if len(lists) != 1 {
		return SignatureTransform
	}
	uri, _ := e.attr("URI")
	if len(uri) < 2 || uri[0] != '#' {
		return SignatureTarget // the whole document, or something outside of it
	}
	s.uri = uri
	var transforms []*element
	if lists[0].parts(part{nsDS, "Transform", 0, &transforms}) != nil || len(transforms) != 2 {
		return SignatureTransform
	}
	if transforms[0].value("Algorithm") != enveloped || len(transforms[0].children()) > 0 {
		return SignatureTransform
	}
	if s.reference, err = exclusive(transforms[1], SignatureTransform); err != nil {
		return err
	}
	var ok bool
	if s.hash, ok = digestOf(methods[0].value("Algorithm")); !ok {
		return SignatureDigest
	}
	text, ok := values[0].text()
	if !ok {
		return SignatureMalformed
	}
	if s.digest, ok = unbase64(text); !ok {
		return SignatureMalformed
	}
	return nil
}

// exclusive reads a CanonicalizationMethod or Transform that must be exclusive canonicalization without comments, and gives its
// PrefixList.
func exclusive(e *element, otherwise Cause) ([]string, error) {
	if e.value("Algorithm") != c14nExclusive {
		return nil, otherwise
	}
	var lists []*element
	if e.parts(part{nsEC, "InclusiveNamespaces", 1, &lists}) != nil {
		return nil, otherwise
	}
	if len(lists) == 0 {
		return nil, nil
	}
	prefixes := strings.Fields(lists[0].value("PrefixList"))
	if len(prefixes) > maxAttributes {
		return nil, otherwise
	}
	return prefixes, nil
}

// signaturesInPlace refuses a signature anywhere but as the child of one of the elements that may be signed. What can't be
// reached can't be verified, and nobody has a reason to hide one.
func signaturesInPlace(root *element, may func(parent *element) bool) error {
	return root.walk(func(e *element) error {
		if e.is(nsDS, "Signature") && (e.parent == nil || !may(e.parent)) {
			return SignatureMisplaced
		}
		return nil
	})
}

// signed reports whether the element carries a signature of its own.
func (e *element) signed() bool { return e.first(nsDS, "Signature") != nil }
