// Package oidcop is the hub as OpenID provider: authorization endpoint, token endpoint, userinfo, introspection, revocation, keys and
// discovery. It turns an authorization request into a login.Request and the login.Result into a code or an error, and codes and
// refresh tokens into tokens.
//
// It implements, in the parts a confidential or native web client needs and no more: OAuth 2.0 (RFC 6749, authorization code,
// refresh and client credentials), bearer use (RFC 6750), revocation (RFC 7009), PKCE with S256 for every client but the few registered as unable to (RFC 7636), introspection (RFC 7662),
// loopback redirects of native apps (RFC 8252 section 7.3), the iss response parameter (RFC 9207), pushed and signed requests (RFC 9126,
// RFC 9101), proof by signature (RFC 7523), resource indicators (RFC 8707), JWT access tokens (RFC 9068) with Token Status Lists
// (draft-ietf-oauth-status-list-21), token exchange (RFC 8693), the form post response mode, the security practice of RFC
// 9700, proofs of possession (DPoP, RFC 9449), TLS client certificates (RFC 8705), authorization details of the types that somebody gives meaning to
// (RFC 9396), the FAPI 2.0 Security Profile, and OpenID Connect Core 1.0 and Discovery 1.0.
//
// Underneath, ory/fosite v0.49.0 parses requests again and drives codes and PKCE; what it does not have or gets wrong is done here: redirect
// matching, parameters, request objects, client authentication, refresh, ID tokens, introspection, every error and every response on the
// wire. fosite sees only parameters that were checked here. The sub-package fositestore is its storage.
//
// Pages of other origins may read the keys and the discovery document, and nothing else: the token and userinfo endpoints send no CORS
// headers, so a client that runs in a browser needs a server of its own.
//
// It does not own the login (hub/login), sessions, grants, the form of access tokens (hub/token), keys or pages.
package oidcop
