package federation

import (
	"slices"
	"strings"
)

// authMethods are the ways in which the hub can prove itself at a provider (OpenID Connect Core section 9).
var authMethods = []string{"client_secret_basic", "client_secret_post", PrivateKeyJWT}

// PrivateKeyJWT is the one way of them that needs no secret.
const PrivateKeyJWT = "private_key_jwt"

// The algorithms of the hub's own keys, as hub/keys has them.
var (
	assertionAlgs  = []string{"ES256", "PS256", "RS256"}
	encryptionAlgs = []string{"RSA-OAEP-256", "ECDH-ES"}
)

// client checks how the hub proves itself.
func (fs *faults) client(o OIDC) {
	const rule = "RFC 6749 section 2.3"
	if o.AuthMethod != "" && !slices.Contains(authMethods, o.AuthMethod) {
		fs.add("oidc.authMethod", "", "must be one of %s", strings.Join(authMethods, ", "))
	}
	if o.AuthMethod == PrivateKeyJWT {
		if len(o.ClientSecret) > 0 {
			fs.add("oidc.clientSecret", rule, "must not be there: the hub proves itself with its own key")
		}
		fs.oneOf("oidc.assertion.alg", "RFC 7523 section 3", o.Assertion.Alg, assertionAlgs)
		fs.oneOf("oidc.assertion.audience", "RFC 7523 section 3", o.Assertion.Audience, []string{AudienceIssuer, AudienceToken})
		return
	}
	if len(o.ClientSecret) == 0 {
		fs.add("oidc.clientSecret", rule, "is missing")
	}
	if o.Assertion != (Assertion{}) {
		fs.add("oidc.assertion", "", "has no effect without authMethod private_key_jwt")
	}
}

// protection checks what goes beyond the plain code flow: pushed requests, essential levels, encryption, signed claims.
func (fs *faults) protection(o OIDC) {
	openid := slices.Contains(o.Scopes, "openid")
	switch o.Push {
	case PushAnnounced, PushRequired, PushNever:
	default:
		fs.add("oidc.push", "RFC 9126", "must be required, never, or left out for: where it is announced")
	}
	fs.url("oidc.pushEndpoint", o.PushEndpoint, true, false)
	if o.PushEndpoint != "" && o.Push == PushNever {
		fs.add("oidc.pushEndpoint", "RFC 9126", "has no effect where push is never")
	}
	if o.EssentialACR && !openid {
		fs.add("oidc.essentialACR", "OpenID Connect Core section 5.5", "needs the scope openid")
	}
	fs.oneOf("oidc.encryption.idToken", "RFC 7518 section 4", o.Encryption.IDToken, encryptionAlgs)
	fs.oneOf("oidc.encryption.userInfo", "RFC 7518 section 4", o.Encryption.UserInfo, encryptionAlgs)
	if !openid && (o.Encryption != (Encryption{}) || o.SignedUserInfo) {
		fs.add("oidc.encryption", "OpenID Connect Core section 5.3.2", "encryption and signedUserInfo need the scope openid")
	}
	if o.Quirks.NoUserInfo && (o.Encryption.UserInfo != "" || o.SignedUserInfo) {
		fs.add("oidc.signedUserInfo", "", "UserInfo is never asked (quirks.noUserInfo)")
	}
	if len(o.Audiences) > maxList {
		fs.add("oidc.audiences", "", "has more than %d entries", maxList)
		return
	}
	for i, a := range o.Audiences {
		fs.word(index("oidc.audiences", i), a)
	}
}

// oneOf checks an optional word.
func (fs *faults) oneOf(path, rule, word string, allowed []string) {
	if word != "" && !slices.Contains(allowed, word) {
		fs.add(path, rule, "must be one of %s", strings.Join(allowed, ", "))
	}
}

// logout checks how the ends of sessions are told.
func (fs *faults) logout(o OIDC) {
	fs.url("oidc.logout.endSession", o.Logout.EndSession, true, false)
	openid := slices.Contains(o.Scopes, "openid")
	switch l := o.Logout; {
	case l.Hint && !l.Browser:
		fs.add("oidc.logout.hint", "OpenID Connect RP-Initiated Logout 1.0", "has no effect without browser")
	case l.Hint && !openid:
		fs.add("oidc.logout.hint", "OpenID Connect RP-Initiated Logout 1.0", "needs the scope openid: else there is no ID token")
	case l.EndSession != "" && !l.Browser:
		fs.add("oidc.logout.endSession", "OpenID Connect RP-Initiated Logout 1.0", "has no effect without browser")
	}
	if o.Logout.Revoke && o.Logout.Browser {
		fs.add("oidc.logout.revoke", "RFC 7009", "has no effect beside browser: the provider ends what belongs to its session")
	}
	if o.Logout.Revoke && o.Quirks.RevokeAfterUse {
		fs.add("oidc.logout.revoke", "RFC 7009", "has no effect where the token is revoked at once (quirks.revokeAfterUse)")
	}
	if o.Logout.FrontChannel && !openid {
		fs.add("oidc.logout.frontChannel", "OpenID Connect Front-Channel Logout 1.0", "needs the scope openid: else there is no sid")
	}
}
