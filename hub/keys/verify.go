package keys

import (
	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
)

// VerifyJWT gives the payload of a JWT that SignJWT of this hub made with that typ. The algorithm is that of the key named by kid, never that
// of the header alone. NotFound where the key is gone or never was ours; Invalid.
func (r *Ring) VerifyJWT(typ, raw string) ([]byte, error) {
	const op = "keys.VerifyJWT"
	bad := hub.Errorf(op, hub.Invalid, "not a JWT of ours")
	if len(raw) > 16<<10 || !validType(typ) {
		return nil, bad
	}
	jws, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{ES256, RS256, PS256})
	if err != nil || len(jws.Signatures) != 1 {
		return nil, bad
	}
	head := jws.Signatures[0].Protected
	if t, _ := head.ExtraHeaders[jose.HeaderType].(string); t != typ {
		return nil, bad
	}
	for _, k := range r.VerificationKeys() {
		if k.KeyID != head.KeyID {
			continue
		}
		if k.Alg != head.Algorithm {
			return nil, bad
		}
		payload, err := jws.Verify(k.Key)
		if err != nil {
			return nil, bad
		}
		return payload, nil
	}
	return nil, hub.Errorf(op, hub.NotFound, "signed by a key that is gone")
}
