package oidcop

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/token"
)

// authorization is an authorization request that may be answered at the client.
type authorization struct {
	client     Client
	redirect   string
	post       bool // response mode form_post
	state      string
	scopes     []string
	attributes []hub.AttributeName // what scopes and claims ask for, within the register
	wishes     wishes
	resources  []hub.SystemID // that the access tokens are for; nil for all that accept this client's
	nonce      string
	challenge  string
	details    [][]byte         // authorization details (RFC 9396), each as JSON
	key        token.Thumbprint // that must redeem the code (RFC 9449 section 10); zero for any
	want       hub.Level
	maxAge     *time.Duration
	force      bool
	passive    bool
	consent    bool
	choose     bool
	languages  []string
	party      string // login.PartySelf, login.PartyChoose; "" for no wish
	actFor     string // the client's own name for an entity
	hint       string // id_token_hint, as it was sent
}

const (
	longestMaxAge  = 10 * 365 * 24 * 60 * 60 // seconds
	mostLanguages  = 10
	longestOpaque  = 1024 // bytes of state and nonce
	challengeChars = 43   // base64url of SHA-256 (RFC 7636 section 4.2)
)

// readAuthorization checks the parameters of a request whose client and redirect URI are good. Parameters that are voluntary and not
// understood are ignored: acr values of others, unknown languages, login_hint, display. claims_locales has nothing to choose: every name
// comes in both of its languages (OpenID Connect Core section 5.2).
func (p *Provider) readAuthorization(c Client, redirect string, form params) (*authorization, *refusal) {
	a := &authorization{client: c, redirect: redirect, state: form.get("state"), post: form.get("response_mode") == modePost}
	if form.doubled() {
		if form.repeated["state"] {
			a.state = ""
		}
		return a, refuse(codeInvalidRequest, "a parameter was sent more than once")
	}
	if len(a.state) > longestOpaque {
		a.state = ""
		return a, refuse(codeInvalidRequest, "state is too long")
	}
	for _, check := range []func(params) *refusal{a.readForm, a.readScopes, a.readPKCE, a.readPrompt, a.readParty, a.readLevel, a.readResources, a.readKey} {
		if bad := check(form); bad != nil {
			return a, bad
		}
	}
	var bad *refusal
	if a.wishes, bad = p.readWishes(c, form.get("claims")); bad != nil {
		return a, bad
	}
	if bad := a.essential(); bad != nil {
		return a, bad
	}
	a.attributes = union(a.attributes, a.wishes.attributes())
	a.languages = locales(form.get("ui_locales"))
	a.hint = form.get("id_token_hint")
	return a, nil
}

// union gives the names of both lists in the order of the dictionary.
func union(a, b []hub.AttributeName) []hub.AttributeName {
	if len(b) == 0 {
		return a
	}
	return within(hub.AttributeNames(), slices.Concat(a, b))
}

func (a *authorization) readForm(p params) *refusal {
	switch {
	case p.get("request") != "" || p.get("request_uri") != "":
		return refuse(codeInvalidRequest, "a request within a request")
	case p.get("registration") != "":
		return refuse(codeNoRegistration, "registration is not supported")
	case p.get("response_type") == "":
		return refuse(codeInvalidRequest, "response_type is missing")
	case p.get("response_type") != "code":
		return refuse(codeUnsupportedType, "only the response type code is supported")
	case !slices.Contains([]string{"", modeQuery, modePost}, p.get("response_mode")):
		return refuse(codeInvalidRequest, "only the response modes query and form_post are supported")
	case !slices.Contains(a.client.GrantTypes, grantCode):
		return refuse(codeUnauthorizedClient, "the authorization code is not registered for this client")
	}
	a.nonce = p.get("nonce")
	if len(a.nonce) > longestOpaque {
		return refuse(codeInvalidRequest, "nonce is too long")
	}
	return nil
}

func (a *authorization) readScopes(p params) *refusal {
	a.scopes = splitList(p.get("scope"))
	if !slices.Contains(a.scopes, scopeOpenID) {
		return refuse(codeInvalidScope, "scope must contain openid")
	}
	for _, s := range a.scopes {
		if !slices.Contains(a.client.Scopes, s) {
			return refuse(codeInvalidScope, "a scope is not registered for this client")
		}
	}
	a.attributes = releasable(a.scopes, a.client.Attributes)
	return nil
}

// readPKCE wants a challenge of every client, and S256 only (RFC 7636, RFC 9700 section 2.1.1). A missing method would mean plain. A
// confidential client that is registered as unable to may leave it out; then state is what protects it, and must be there.
func (a *authorization) readPKCE(p params) *refusal {
	a.challenge = p.get("code_challenge")
	optional := a.client.PKCEOptional && a.client.AuthMethod != authNone && !a.client.FAPI
	switch {
	case a.challenge == "" && optional && p.get("code_challenge_method") == "" && a.state != "":
		return nil
	case a.challenge == "":
		return refuse(codeInvalidRequest, "code_challenge is missing")
	case p.get("code_challenge_method") != "S256":
		return refuse(codeInvalidRequest, "code_challenge_method must be S256")
	case len(a.challenge) != challengeChars || strings.Trim(a.challenge, base64urlAlphabet) != "":
		return refuse(codeInvalidRequest, "code_challenge is malformed")
	}
	return nil
}

const base64urlAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

func (a *authorization) readPrompt(p params) *refusal {
	values := splitList(p.get("prompt"))
	for _, v := range values {
		switch v {
		case "none":
			a.passive = true
		case "login":
			a.force = true
		case "consent":
			a.consent = true
		case "select_account":
			a.choose = true
		default:
			return refuse(codeInvalidRequest, "unknown prompt")
		}
	}
	if a.passive && len(values) > 1 {
		return refuse(codeInvalidRequest, "prompt none excludes others")
	}
	raw := p.get("max_age")
	if raw == "" {
		if age := a.client.MaxAge; age > 0 {
			a.maxAge = &age
		}
		return nil
	}
	seconds, err := strconv.ParseUint(raw, 10, 63)
	if err != nil || raw != strconv.FormatUint(seconds, 10) {
		return refuse(codeInvalidRequest, "max_age is not a number of seconds")
	}
	age := time.Duration(min(seconds, longestMaxAge)) * time.Second
	a.maxAge = &age
	return nil
}

// readLevel takes the lowest level that was listed: what the client can do with. Of two that can't be compared the one it prefers
// counts. Values that are not ours are voluntary and ignored (OpenID Connect Core section 3.1.2.1).
func (a *authorization) readLevel(p params) *refusal {
	a.want, _ = lowest(splitList(p.get("acr_values")))
	return nil
}

// lowest gives the lowest level in a list of acr values, and whether there is any of ours.
func lowest(values []string) (hub.Level, bool) {
	var listed []hub.Level
	for _, v := range values {
		if l, err := hub.ParseACR(v); err == nil {
			listed = append(listed, l)
		}
	}
	for _, l := range listed {
		if !slices.ContainsFunc(listed, func(o hub.Level) bool { return o != l && l.Satisfies(o) }) {
			return l, true
		}
	}
	return hub.Level{}, false
}

// essential takes an acr that the request can't do without (OpenID Connect Core section 5.5.1.1). One that is none of ours can't be
// reached by anybody.
func (a *authorization) essential() *refusal {
	if a.wishes.acr == nil {
		return nil
	}
	level, any := lowest(a.wishes.acr)
	if !any {
		code, text := failureCode(hub.LevelUnmet)
		return refuse(code, text).because(string(hub.LevelUnmet))
	}
	a.want = a.want.Join(level)
	return nil
}

// readResources finds the systems behind the resource indicators (RFC 8707): only those that have registered themselves as accepting
// this client's tokens.
func (a *authorization) readResources(p params) (bad *refusal) {
	a.resources, bad = targets(a.client, p.resource)
	return bad
}

// targets gives the systems that the resource indicators name.
func targets(c Client, uris []string) (out []hub.SystemID, bad *refusal) {
	for _, uri := range uris {
		i := slices.IndexFunc(c.Audience, func(r Resource) bool { return r.URI == uri })
		if i < 0 {
			return nil, refuse(codeInvalidTarget, "a resource is not registered for this client")
		}
		out = append(out, c.Audience[i].System)
	}
	return out, nil
}

// readKey takes the key that the code shall be bound to (RFC 9449 section 10).
func (a *authorization) readKey(p params) (bad *refusal) {
	a.key, bad = askedKey(p)
	return bad
}

// Response modes (OAuth 2.0 Multiple Response Types section 2.1, OAuth 2.0 Form Post Response Mode).
const (
	modeQuery = "query"
	modePost  = "form_post"
)

// locales keeps what looks like a BCP 47 tag.
func locales(s string) []string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"
	var out []string
	for _, tag := range splitList(s) {
		if len(out) < mostLanguages && len(tag) <= 35 && strings.Trim(tag, alphabet) == "" {
			out = append(out, tag)
		}
	}
	return out
}

// query gives the request again, as far as FinishLogin needs it: without hints, which may name the person.
func (a *authorization) query() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("client_id", string(a.client.ID))
	set("redirect_uri", a.redirect)
	set("response_type", "code")
	set("scope", strings.Join(a.scopes, " "))
	set("state", a.state)
	set("nonce", a.nonce)
	set("code_challenge", a.challenge)
	set("dpop_jkt", a.key.String())
	set(detailsParameter, joinDetails(a.details))
	if a.challenge != "" {
		set("code_challenge_method", "S256")
	}
	if a.post {
		set("response_mode", modePost)
	}
	for _, id := range a.resources {
		if i := slices.IndexFunc(a.client.Audience, func(r Resource) bool { return r.System == id }); i >= 0 {
			v.Add("resource", a.client.Audience[i].URI)
		}
	}
	if a.maxAge != nil {
		set("max_age", strconv.FormatInt(int64(*a.maxAge/time.Second), 10))
	}
	if a.want != (hub.Level{}) {
		set("acr_values", a.want.ACR())
	}
	var prompt []string
	for _, f := range []struct {
		on   bool
		word string
	}{{a.passive, "none"}, {a.force, "login"}, {a.consent, "consent"}, {a.choose, "select_account"}} {
		if f.on {
			prompt = append(prompt, f.word)
		}
	}
	set("prompt", strings.Join(prompt, " "))
	return v
}
