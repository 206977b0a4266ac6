package oidcop

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
)

// wireSignedIntrospection is the payload of a signed answer (RFC 9701 section 5). It has no sub and no exp on the top level, so that nobody
// takes it for an access token.
type wireSignedIntrospection struct {
	Issuer   string          `json:"iss"`
	Audience string          `json:"aud"`
	IssuedAt int64           `json:"iat"`
	Answer   json.RawMessage `json:"token_introspection"`
}

const typIntrospection = "token-introspection+jwt"

// wantsJWT reports whether the caller accepts a signed answer (RFC 9701 section 4).
func wantsJWT(r *http.Request) bool {
	for _, line := range r.Header["Accept"] {
		if line == "application/json" || line == "*/*" {
			continue
		}
		for entry := range strings.SplitSeq(line, ",") {
			kind, parameters, _ := strings.Cut(entry, ";")
			if strings.EqualFold(strings.TrimSpace(kind), jwtType[0]) && !refused(parameters) {
				return true
			}
		}
	}
	return false
}

// refused knows the weight zero (RFC 9110 section 12.4.2).
func refused(parameters string) bool {
	weight, ok := strings.CutPrefix(strings.ToLower(strings.ReplaceAll(parameters, " ", "")), "q=")
	return ok && strings.Trim(weight, "0.") == ""
}

// signAnswer puts the answer into a JWT that is signed as the caller's ID tokens are and, where its ID tokens are encrypted, encrypted for
// the same key (RFC 9701 section 5: a nested JWT).
func (p *Provider) signAnswer(ctx context.Context, q *question, caller *Client) *refusal {
	signed, err := p.keys.SignJWT(caller.alg(), typIntrospection, wireSignedIntrospection{
		Issuer: p.issuer, Audience: string(caller.ID), IssuedAt: p.now().Unix(), Answer: q.out,
	})
	if err != nil {
		return fault(err)
	}
	if caller.Encryption != (Encryption{}) {
		if signed, err = p.encrypt(ctx, *caller, signed); err != nil {
			return fault(err)
		}
	}
	q.out = append(q.out[:0], signed...)
	return nil
}
