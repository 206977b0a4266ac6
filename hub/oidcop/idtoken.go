package oidcop

import (
	"crypto/sha256"
	"encoding/json"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
	"onedoor/hub/oidcop/fositestore"
)

// wireIDToken are the claims of an ID token (OpenID Connect Core section 2).
type wireIDToken struct {
	Issuer   string   `json:"iss"`
	Subject  string   `json:"sub"`
	Audience string   `json:"aud"`
	Expires  int64    `json:"exp"`
	IssuedAt int64    `json:"iat"`
	AuthTime int64    `json:"auth_time"`
	Nonce    string   `json:"nonce,omitempty"`
	ACR      string   `json:"acr"`
	AMR      []string `json:"amr,omitempty"`
	Session  string   `json:"sid"`
	IAL      string   `json:"ial"`
	AAL      string   `json:"aal"`
	ATHash   string   `json:"at_hash"`
}

// idToken signs the ID token with the algorithm registered for the client. It holds no attribute: those are at the userinfo endpoint.
func (p *Provider) idToken(c Client, sess *fositestore.Session, access string) (string, error) {
	now, st := p.now(), sess.State
	return p.keys.SignJWT(c.alg(), "JWT", wireIDToken{
		Issuer: p.issuer, Subject: p.subject(c, sess.Grant.Account), Audience: string(c.ID),
		Expires: now.Add(idTokenLife).Unix(), IssuedAt: now.Unix(), AuthTime: st.AuthTime.Unix(), Nonce: st.Nonce,
		ACR: st.Level.ACR(), AMR: st.Methods, Session: string(sess.Grant.Session),
		IAL: st.Level.IAL.String(), AAL: st.Level.AAL.String(), ATHash: leftHalf(access),
	})
}

// leftHalf is at_hash for the algorithms with SHA-256, which are the only ones we sign with (OpenID Connect Core section 3.1.3.6).
func leftHalf(s string) string {
	h := sha256.Sum256([]byte(s))
	return encodeHash(h[:len(h)/2])
}

// ownIDToken reads an ID token that the hub issued, expired or not. Invalid for anything else. The algorithm is that of the key
// that kid names, never what the header says alone.
func (p *Provider) ownIDToken(raw string) (wireIDToken, error) {
	const op = "oidcop.ownIDToken"
	bad := hub.Errorf(op, hub.Invalid, "not an ID token of ours")
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(p.keys.JWKS(), &set); err != nil {
		return wireIDToken{}, hub.Errorf(op, hub.Internal, "the keys can't be read")
	}
	jws, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.ES256, jose.RS256, jose.PS256})
	if err != nil || len(jws.Signatures) != 1 {
		return wireIDToken{}, bad
	}
	head := jws.Signatures[0].Protected
	if typ, _ := head.ExtraHeaders[jose.HeaderType].(string); typ != "JWT" {
		return wireIDToken{}, bad // a logout token or another kind of JWT of ours
	}
	for _, k := range set.Key(head.KeyID) {
		if k.Algorithm != head.Algorithm {
			continue
		}
		payload, err := jws.Verify(k)
		if err != nil {
			continue
		}
		var c wireIDToken
		if err := json.Unmarshal(payload, &c); err != nil || c.Issuer != p.issuer {
			return wireIDToken{}, bad
		}
		return c, nil
	}
	return wireIDToken{}, bad
}
