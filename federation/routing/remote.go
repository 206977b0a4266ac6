package routing

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/strictjson"
)

const (
	largestAnswer = 64 << 10 // bytes
	proofLife     = time.Minute
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" // RFC 7523 section 2.2
	plainAnswer   = "application/json"
	signedAnswer  = "application/token-introspection+jwt" // RFC 9701 section 4
	typAnswer     = "token-introspection+jwt"
	// answerAge is how old a signed answer may be: we have just asked.
	answerAge = 2 * time.Minute
)

// remote asks the issuer's endpoint, or gives the answer that it gave just before. Consumed where it says that the token is not active.
func (r *Router) remote(ctx context.Context, asker Asker, t target) (claims, error) {
	key := sha256.Sum256([]byte(t.settings.Issuer + "\x00" + t.raw))
	if c, active, ok := r.kept.find(key, r.o.Clock()); ok {
		if !active {
			return claims{}, errInactive
		}
		return c, nil
	}
	w := r.ward(t.provider.ID)
	if err := w.enter(r.o.Clock()); err != nil {
		return claims{}, err
	}
	begin := r.o.Clock()
	c, active, err := r.ask(ctx, asker, t)
	w.leave(r.o.Clock(), err)
	if err != nil {
		return claims{}, err
	}
	// An answer is as old as the question: what happened meanwhile it need not know.
	until := begin.Add(t.settings.KeepFor)
	if active && c.expires.Before(until) {
		until = c.expires
	}
	if t.settings.KeepFor > 0 {
		r.kept.keep(key, c, active, until, r.o.Clock())
	}
	if !active {
		return claims{}, errInactive
	}
	return c, nil
}

// wireProof is our client assertion (RFC 7523 section 3).
type wireProof struct {
	Issuer   string   `json:"iss"`
	Subject  string   `json:"sub"`
	Audience string   `json:"aud"`
	ID       string   `json:"jti"`
	IssuedAt int64    `json:"iat"`
	Expires  int64    `json:"exp"`
	Via      []string `json:"onedoor_via"`
}

func (r *Router) ask(ctx context.Context, asker Asker, t target) (c claims, active bool, err error) {
	const op = "routing.ask"
	s := t.settings
	audience := s.Issuer
	if s.Assertion.Audience == federation.AudienceToken {
		audience = s.Introspection
	}
	now := r.o.Clock()
	proof, err := r.o.Sign(s.Assertion.Algorithm(), "JWT", wireProof{
		Issuer: s.ClientID, Subject: s.ClientID, Audience: audience, ID: r.o.NewID(), IssuedAt: now.Unix(), Expires: now.Add(proofLife).Unix(),
		Via: append(append([]string{}, asker.Via...), r.o.Issuer),
	})
	if err != nil {
		return claims{}, false, hub.E(op, hub.Unavailable, federation.SecretUnusable)
	}
	form := url.Values{
		"token": {t.raw}, "token_type_hint": {"access_token"}, "client_id": {s.ClientID}, "client_assertion_type": {assertionType}, "client_assertion": {proof},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Introspection, strings.NewReader(form.Encode()))
	if err != nil {
		return claims{}, false, hub.E(op, hub.Internal, federation.EndpointUnsafe)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", plainAnswer)
	if s.Signed {
		req.Header.Set("Accept", signedAnswer)
	}
	resp, err := r.o.HTTP.Do(req)
	if err != nil {
		return claims{}, false, hub.E(op, hub.Unavailable, network(ctx, err))
	}
	defer resp.Body.Close() //nolint:errcheck // read only
	switch code := resp.StatusCode; {
	case code >= 300 && code < 400:
		return claims{}, false, hub.E(op, hub.Refused, federation.Redirected)
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		return claims{}, false, hub.E(op, hub.Refused, federation.ClientRejected)
	case code >= 400 && code < 500 && code != http.StatusTooManyRequests:
		return claims{}, false, hub.E(op, hub.Refused, federation.StatusUnexpected) // it is there: see ward
	case code != http.StatusOK:
		return claims{}, false, hub.E(op, hub.Unavailable, federation.StatusUnexpected)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, largestAnswer+1))
	switch {
	case err != nil:
		return claims{}, false, hub.E(op, hub.Unavailable, network(ctx, err))
	case len(body) > largestAnswer:
		return claims{}, false, hub.E(op, hub.Refused, federation.BodyTooBig)
	}
	members, err := r.answer(ctx, s, resp.Header.Get("Content-Type"), body)
	if err != nil {
		return claims{}, false, err
	}
	active, isBool := members["active"].(bool)
	if !isBool {
		return claims{}, false, hub.E(op, hub.Refused, federation.ResponseMalformed)
	}
	if !active {
		return claims{}, false, nil
	}
	federation.Scrub(members) // it may be kept, and is never changed again
	c, ok := readClaims(members)
	if !ok {
		return claims{}, false, hub.E(op, hub.Refused, federation.ResponseMalformed)
	}
	return c, true, nil
}

// answer reads the answer in the form that the record demands: plain (RFC 7662 section 2.2), or signed for us (RFC 9701 section 5). A
// signed one is checked also where a plain one would do.
func (r *Router) answer(ctx context.Context, t federation.Tokens, contentType string, body []byte) (map[string]any, error) {
	const op = "routing.answer"
	refuse := func(why federation.Cause) error { return hub.E(op, hub.Refused, why) }
	media, _, err := mime.ParseMediaType(contentType)
	switch {
	case err != nil || media != plainAnswer && media != signedAnswer:
		return nil, refuse(federation.ResponseMedia)
	case media == plainAnswer && t.Signed:
		return nil, refuse(federation.AnswerUnsigned)
	case media == plainAnswer:
		members, err := strictjson.Object(body)
		if err != nil {
			return nil, refuse(federation.ResponseMalformed)
		}
		return members, nil
	}
	members, err := r.verify(ctx, t, string(body), []string{typAnswer}, ofAnswer)
	if err != nil {
		return nil, err
	}
	issuer, _ := members["iss"].(string)
	audience, ok := texts(members["aud"])
	issued, dated := seconds(members["iat"])
	now := r.o.Clock()
	answer, isObject := members["token_introspection"].(map[string]any)
	switch {
	case issuer != t.Issuer:
		return nil, refuse(federation.AnswerIssuer)
	case !ok || len(audience) != 1 || audience[0] != t.ClientID:
		return nil, refuse(federation.AnswerAudience)
	case !dated || issued.After(now.Add(clockSkew)) || issued.Before(now.Add(-answerAge)):
		return nil, refuse(federation.AnswerTime)
	case !isObject:
		return nil, refuse(federation.ResponseMalformed)
	}
	return answer, nil
}

// network tells why no answer came.
func network(ctx context.Context, err error) federation.Cause {
	var timeout interface{ Timeout() bool }
	var guarded interface{ AddressRefused() bool }
	switch {
	case errors.As(err, &guarded) && guarded.AddressRefused():
		return federation.AddressRefused
	case errors.Is(ctx.Err(), context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return federation.TimedOut
	case errors.Is(ctx.Err(), context.Canceled):
		return federation.Canceled
	}
	return federation.Unreachable
}
