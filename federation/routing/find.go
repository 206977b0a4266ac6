package routing

import (
	"encoding/base64"
	"strings"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/strictjson"
	"onedoor/hub/token"
)

// maxToken bounds a foreign token, in bytes.
const maxToken = 8 << 10

// index finds the issuer of a token in memory. It is made once for each version of the register.
type index struct {
	version  int64
	ours     string // how our own tokens begin
	byIssuer map[string]target
	prefixes []prefix
	peers    map[hub.SystemID]string // the issuer of the hub that asks as this system
}

type prefix struct {
	text   string
	target target
}

// target is a token and whom to ask about it.
type target struct {
	provider federation.Provider
	settings federation.Tokens // complete
	raw      string
	jwt      bool
}

// current gives the index of the register as it is now; nil where no issuer is registered.
func (r *Router) current() *index {
	providers, version := r.o.Register.TokenIssuers()
	if len(providers) == 0 {
		return nil
	}
	if x := r.index.Load(); x != nil && x.version == version {
		return x
	}
	x := &index{version: version, ours: token.PrefixOf(r.o.Issuer), byIssuer: make(map[string]target, len(providers)), peers: map[hub.SystemID]string{}}
	for _, p := range providers {
		t := target{provider: p, settings: p.Tokens.Complete()}
		if _, twice := x.byIssuer[t.settings.Issuer]; twice || t.settings.Issuer == r.o.Issuer {
			continue // the first record counts, and nobody else answers for our own tokens
		}
		x.byIssuer[t.settings.Issuer] = t
		if t.settings.Peer != "" {
			x.peers[t.settings.Peer] = t.settings.Issuer
		}
		if t.settings.Onedoor {
			x.prefixes = append(x.prefixes, prefix{token.PrefixOf(t.settings.Issuer), t})
		}
		for _, text := range t.settings.Prefixes {
			x.prefixes = append(x.prefixes, prefix{text, t})
		}
	}
	r.index.Store(x)
	return x
}

// recognise finds the issuer of a token, without asking anybody. NotFound where it is of nobody whom we trust. Where the token tells its
// issuer and the hint tells another one, Invalid.
func (x *index) recognise(raw, hint string) (target, error) {
	const op = "routing.recognise"
	if len(raw) > maxToken || strings.HasPrefix(raw, x.ours) {
		return target{}, errUnknown
	}
	t, told := x.told(raw)
	switch {
	case told && t.settings.Issuer == "":
		return target{}, errUnknown // a JWT of somebody else, or of another hub as this one: the hint can't make it another's
	case told && hint != "" && t.settings.Issuer != hint:
		return target{provider: t.provider}, hub.E(op, hub.Invalid, federation.RouteHint)
	case !told:
		if t = x.byIssuer[hint]; hint == "" || t.settings.Issuer == "" {
			return target{}, errUnknown
		}
	}
	t.raw = raw
	if !t.jwt && t.settings.Introspection == "" {
		return target{provider: t.provider}, hub.E(op, hub.Invalid, federation.RouteOpaque)
	}
	return t, nil
}

// told reads from the token itself whose it is. It reports true also where that is nobody we know.
func (x *index) told(raw string) (t target, told bool) {
	if issuer, ok := issuerIn(raw); ok {
		t = x.byIssuer[issuer]
		t.jwt = true
		return t, true
	}
	longest := 0
	for _, p := range x.prefixes {
		if len(p.text) > longest && strings.HasPrefix(raw, p.text) {
			t, longest = p.target, len(p.text)
		}
	}
	return t, longest > 0 || strings.HasPrefix(raw, token.Prefix)
}

// issuerIn reads the claim iss of a JWT in JWS compact form, without believing it: only to find out whose keys to check it with.
func issuerIn(raw string) (string, bool) {
	parts := strings.Split(raw, ".")
	if len(parts) != 3 || !strings.HasPrefix(raw, "ey") {
		return "", false
	}
	payload, err := base64.RawURLEncoding.Strict().DecodeString(parts[1])
	if err != nil {
		return "", false
	}
	members, err := strictjson.Object(payload)
	if err != nil {
		return "", false
	}
	issuer, ok := members["iss"].(string)
	return issuer, ok
}
