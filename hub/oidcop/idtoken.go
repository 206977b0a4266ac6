package oidcop

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"maps"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
	"onedoor/hub/oidcop/fositestore"
	"onedoor/hub/token"
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

	Representee *token.Representee `json:"representee,omitempty"`
}

// idToken signs the ID token with the algorithm registered for the client, and encrypts it where that is registered. It holds no
// attribute but those that the claims parameter asked for in it, what the client's own department knows the person by, and its open items.
func (p *Provider) idToken(ctx context.Context, c Client, sess *fositestore.Session, access string, attributes map[string]any) (string, error) {
	now, st := p.now(), sess.State
	claims := wireIDToken{
		Issuer: p.issuer, Subject: p.subject(c, sess.Grant.Account), Audience: string(c.ID),
		Expires: now.Add(idTokenLife).Unix(), IssuedAt: now.Unix(), AuthTime: st.AuthTime.Unix(), Nonce: st.Nonce,
		ACR: cmp.Or(st.ACR, st.Level.ACR()), AMR: st.Methods, Session: p.sid(c.ID, sess.Grant.Session),
		IAL: st.Level.IAL.String(), AAL: st.Level.AAL.String(), ATHash: leftHalf(access),
	}
	var err error
	if claims.Representee, err = p.representee(ctx, c, sess.Grant.Entity, sess.Grant.Account, true); err != nil {
		return "", err
	}
	var payload any = claims
	if list := ofDepartment(sess.Records, c.Department); list != "" || sess.Items != nil {
		attributes = maps.Clone(attributes)
		if attributes == nil {
			attributes = map[string]any{}
		}
		tellRecords(attributes, list)
		if sess.Items != nil {
			attributes[itemsClaim] = json.RawMessage(sess.Items)
		}
	}
	if len(attributes) > 0 {
		if payload, err = merged(claims, attributes); err != nil {
			return "", err
		}
	}
	signed, err := p.keys.SignJWT(c.alg(), "JWT", payload)
	if err != nil || c.Encryption == (Encryption{}) {
		return signed, err
	}
	return p.encrypt(ctx, c, signed)
}

// merged gives an ID token's own claims together with attributes, which can't take the place of any.
func merged(claims wireIDToken, attributes map[string]any) (map[string]any, error) {
	own, err := json.Marshal(claims)
	if err != nil {
		return nil, hub.Errorf("oidcop.merged", hub.Internal, "claims that are no JSON")
	}
	out := maps.Clone(attributes)
	d := json.NewDecoder(bytes.NewReader(own))
	d.UseNumber()
	if err := d.Decode(&out); err != nil {
		return nil, hub.Errorf("oidcop.merged", hub.Internal, "claims that are no JSON")
	}
	return out, nil
}

// encrypt makes a nested JWT for the client (OpenID Connect Core section 16.14, RFC 7519 section 5.2). NotFound where it has no key for
// that; Unavailable.
func (p *Provider) encrypt(ctx context.Context, c Client, signed string) (string, error) {
	const op = "oidcop.encrypt"
	key, err := p.clientKeys.recipient(ctx, c, c.Encryption.Alg)
	if err != nil {
		return "", hub.E(op, hub.Unavailable, err)
	}
	e, err := jose.NewEncrypter(jose.ContentEncryption(c.Encryption.Enc),
		jose.Recipient{Algorithm: jose.KeyAlgorithm(c.Encryption.Alg), Key: key.Key, KeyID: key.KeyID},
		(&jose.EncrypterOptions{}).WithContentType("JWT").WithType("JWT"))
	if err != nil {
		return "", hub.Errorf(op, hub.Internal, "the registered encryption does not fit the key")
	}
	jwe, err := e.Encrypt([]byte(signed))
	if err != nil {
		return "", hub.Errorf(op, hub.Internal, "the ID token can't be encrypted")
	}
	text, err := jwe.CompactSerialize()
	if err != nil {
		return "", hub.Errorf(op, hub.Internal, "the ID token can't be encrypted")
	}
	return text, nil
}

// idTokenClaims opens the vault for the claims that were asked for in the ID token and consented to; nil where there are none.
func (p *Provider) idTokenClaims(ctx context.Context, c Client, sess *fositestore.Session) (map[string]any, *refusal) {
	if len(sess.State.IDToken) == 0 || sess.Vault.IsZero() {
		return nil, nil
	}
	attributes, err := p.sessions.Attributes(ctx, sess.Grant.Session, sess.Vault)
	switch {
	case err != nil && inactive(err):
		code, text := grantCodeOf(hub.Expired)
		return nil, refuse(code, text).because("session_ended").from(err)
	case err != nil:
		return nil, fault(err)
	}
	all := map[string]any{}
	addClaims(all, attributes.Only(within(sess.Grant.Release, c.Attributes)))
	out := map[string]any{}
	for _, name := range sess.State.IDToken {
		if v, has := all[name]; has {
			out[name] = v
		}
	}
	return out, nil
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
