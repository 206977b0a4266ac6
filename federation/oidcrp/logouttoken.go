package oidcrp

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"onedoor/federation"
	"onedoor/hub"
)

const (
	logoutEvent = "http://schemas.openid.net/event/backchannel-logout"
	// oldestLogout is how long after it was made a logout token counts, whatever its exp says.
	oldestLogout = 10 * time.Minute
	maxLogoutID  = 255 // bytes of a jti, a sub or a sid
)

// LogoutToken is a provider's word that a session of its own has ended. At least one of Subject and Session is there.
type LogoutToken struct {
	ID      string // jti
	Subject string // sub
	Session string // sid
	Until   time.Time
}

// LogoutToken verifies a logout token (OpenID Connect Back-Channel Logout 1.0 section 2.6): signature by a key of the provider's with an
// algorithm of the record, issuer, audience, time, event, no nonce, a type that is no other's. Whether its ID was used before is for the
// caller. Refused with a Cause; Unavailable where the provider's keys can't be had.
func (c *Connector) LogoutToken(ctx context.Context, p federation.Provider, raw string) (LogoutToken, error) {
	const op = "oidcrp.LogoutToken"
	refused := func(cause federation.Cause) (LogoutToken, error) { return LogoutToken{}, hub.E(op, hub.Refused, cause) }
	if p.OIDC == nil {
		return LogoutToken{}, hub.Errorf(op, hub.Internal, "no settings")
	}
	if raw == "" || len(raw) > maxCredential {
		return refused(federation.LogoutTokenMissing)
	}
	known, err := c.metadata(ctx, p)
	if err != nil {
		return LogoutToken{}, err
	}
	if known.keys == nil {
		return refused(federation.EndpointMissing)
	}
	inner, cause := c.opened(p.OIDC.Encryption.IDToken, raw) // protected as ID tokens are (section 2.4)
	switch cause {
	case "":
	case federation.IDTokenMalformed:
		return refused(federation.LogoutTokenMalformed)
	default:
		return refused(federation.LogoutTokenEncrypted)
	}
	head := header(inner)
	if head == nil {
		return refused(federation.LogoutTokenMalformed)
	}
	algs := algorithms(*p.OIDC)
	config := &oidc.Config{ClientID: p.OIDC.ClientID, Now: c.clock}
	for _, a := range algs {
		config.SupportedSigningAlgs = append(config.SupportedSigningAlgs, string(a))
	}
	if !slices.Contains(config.SupportedSigningAlgs, text(head, "alg")) {
		return refused(federation.LogoutTokenAlg)
	}
	if !logoutType(head) {
		return refused(federation.LogoutTokenType)
	}
	keys := &verifier{c: c, p: p, set: known.keys, algs: algs}
	payload, err := keys.VerifySignature(ctx, inner)
	if err != nil {
		return LogoutToken{}, err
	}
	claims, ok := decodeObject(payload)
	if !ok {
		return refused(federation.LogoutTokenMalformed)
	}
	out, cause := readLogout(*p.OIDC, claims, c.clock())
	if cause != "" {
		return refused(cause)
	}
	// The library's own reading has the last word where it is the stricter one. Its keys are those that have just verified.
	if _, err := oidc.NewVerifier(p.OIDC.Issuer, verified(payload), config).VerifyLogout(ctx, inner); err != nil {
		return refused(federation.LogoutTokenMalformed)
	}
	return out, nil
}

// verified is a key set that has verified one signature.
type verified []byte

// VerifySignature gives the payload that was verified.
func (v verified) VerifySignature(context.Context, string) ([]byte, error) {
	if len(v) == 0 {
		return nil, errors.New("oidcrp: nothing was verified")
	}
	return v, nil
}

// logoutType takes logout+jwt, and what came before it had a type of its own (section 2.4: recommended, not required): no other kind of JWT
// can be passed off as a logout token.
func logoutType(head map[string]any) bool {
	v, present := head["typ"]
	if !present {
		return true
	}
	typ, is := v.(string)
	typ = strings.TrimPrefix(strings.ToLower(typ), "application/")
	return is && (typ == "logout+jwt" || typ == "jwt")
}

// readLogout holds the claims of a logout token to section 2.6, by their exact names. It is pure; "" is good.
func readLogout(o federation.OIDC, claims map[string]any, now time.Time) (LogoutToken, federation.Cause) {
	none := LogoutToken{}
	if text(claims, "iss") != o.Issuer {
		return none, federation.LogoutTokenIssuer
	}
	audience := texts(claims["aud"])
	if list, is := claims["aud"].([]any); is && len(list) != len(audience) || !slices.Contains(audience, o.ClientID) {
		return none, federation.LogoutTokenAudience
	}
	for _, a := range audience {
		if a != o.ClientID && !slices.Contains(o.Audiences, a) {
			return none, federation.LogoutTokenAudience
		}
	}
	issued, told := numericDate(claims["iat"])
	ends, ending := numericDate(claims["exp"])
	if !told || issued.After(now.Add(skew)) || !issued.After(now.Add(-oldestLogout)) || !ending || !ends.After(now) || checkSpan(claims, now) != "" {
		return none, federation.LogoutTokenTime
	}
	if _, there := claims["nonce"]; there {
		return none, federation.LogoutTokenNonce
	}
	events, is := claims["events"].(map[string]any)
	if _, ours := events[logoutEvent].(map[string]any); !is || !ours {
		return none, federation.LogoutTokenEvents
	}
	out := LogoutToken{ID: text(claims, "jti"), Until: issued.Add(oldestLogout)}
	if out.ID == "" || len(out.ID) > maxLogoutID {
		return none, federation.LogoutTokenID
	}
	for name, into := range map[string]*string{"sub": &out.Subject, "sid": &out.Session} {
		if v, present := claims[name]; present {
			if *into, is = v.(string); !is || *into == "" || len(*into) > maxLogoutID {
				return none, federation.LogoutTokenWhom
			}
		}
	}
	if out.Subject == "" && out.Session == "" {
		return none, federation.LogoutTokenWhom
	}
	if ends.Before(out.Until) {
		out.Until = ends
	}
	return out, ""
}

// These name sessions of a provider, so that its logout tokens find ours: by subject and sid, and by sid alone.
const (
	purposeSubject = "oidc-upstream-sub"
	purposeSession = "oidc-upstream-sid"
)

// names gives under which names a provider may speak of a session.
func (c *Connector) names(p hub.ProviderID, subject, sid string) []hub.PeerName {
	var out []hub.PeerName
	if subject != "" {
		out = append(out, hub.PeerName{Peer: peerOf(p), Name: c.hash(purposeSubject, p, subject), Index: c.sidHash(p, sid)})
	}
	if sid != "" {
		out = append(out, hub.PeerName{Peer: peerOf(p), Name: c.sidHash(p, sid)})
	}
	return out
}

func peerOf(p hub.ProviderID) string { return "provider:" + string(p) }

func (c *Connector) hash(purpose string, p hub.ProviderID, value string) (h [32]byte) {
	copy(h[:], c.index(purpose, string(p), value))
	return h
}

// sidHash is zero for no sid.
func (c *Connector) sidHash(p hub.ProviderID, sid string) (h [32]byte) {
	if sid == "" {
		return h
	}
	return c.hash(purposeSession, p, sid)
}
