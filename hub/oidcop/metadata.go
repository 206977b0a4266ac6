package oidcop

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/dpop"
)

// wireMetadata is the discovery document (OpenID Connect Discovery 1.0 section 3, RFC 8414 section 2, RFC 9126 section 5, RFC 9101
// section 10.5, and the logout specifications of OpenID Connect). It says what works and nothing else.
type wireMetadata struct {
	Issuer              string       `json:"issuer"`
	Authorization       string       `json:"authorization_endpoint"`
	Token               string       `json:"token_endpoint"`
	UserInfo            string       `json:"userinfo_endpoint"`
	JWKS                string       `json:"jwks_uri"`
	Introspection       string       `json:"introspection_endpoint"`
	Revocation          string       `json:"revocation_endpoint"`
	Pushed              string       `json:"pushed_authorization_request_endpoint"`
	Scopes              []string     `json:"scopes_supported"`
	ResponseTypes       []string     `json:"response_types_supported"`
	ResponseModes       []string     `json:"response_modes_supported"`
	GrantTypes          []string     `json:"grant_types_supported"`
	ACRs                []string     `json:"acr_values_supported"`
	SubjectTypes        []string     `json:"subject_types_supported"`
	IDTokenAlgs         []string     `json:"id_token_signing_alg_values_supported"`
	IDTokenKeyAlgs      []string     `json:"id_token_encryption_alg_values_supported"`
	IDTokenEncs         []string     `json:"id_token_encryption_enc_values_supported"`
	UserInfoAlgs        []string     `json:"userinfo_signing_alg_values_supported"`
	RequestAlgs         []string     `json:"request_object_signing_alg_values_supported"`
	AuthMethods         []string     `json:"token_endpoint_auth_methods_supported"`
	AuthAlgs            []string     `json:"token_endpoint_auth_signing_alg_values_supported"`
	IntrospectionAuth   []string     `json:"introspection_endpoint_auth_methods_supported"`
	IntrospectionAlgs   []string     `json:"introspection_endpoint_auth_signing_alg_values_supported"`
	IntrospectionSigns  []string     `json:"introspection_signing_alg_values_supported"` // RFC 9701 section 7
	RevocationAuth      []string     `json:"revocation_endpoint_auth_methods_supported"`
	RevocationAlgs      []string     `json:"revocation_endpoint_auth_signing_alg_values_supported"`
	ChallengeMethods    []string     `json:"code_challenge_methods_supported"`
	Prompts             []string     `json:"prompt_values_supported"`
	Claims              []string     `json:"claims_supported"`
	ClaimTypes          []string     `json:"claim_types_supported"`
	ClaimsLocales       []string     `json:"claims_locales_supported"`
	Displays            []string     `json:"display_values_supported"`
	UILocales           []string     `json:"ui_locales_supported"`
	ClaimsParameter     bool         `json:"claims_parameter_supported"`
	RequestParameter    bool         `json:"request_parameter_supported"`
	RequestURIParameter bool         `json:"request_uri_parameter_supported"`
	RequireRequestURI   bool         `json:"require_request_uri_registration"`
	RequirePushed       bool         `json:"require_pushed_authorization_requests"`
	RequireSigned       bool         `json:"require_signed_request_object"`
	IssuerParameter     bool         `json:"authorization_response_iss_parameter_supported"`
	Aliases             *wireAliases `json:"mtls_endpoint_aliases,omitempty"`                      // RFC 8705 section 5
	CertificateBound    bool         `json:"tls_client_certificate_bound_access_tokens,omitempty"` // RFC 8705 section 3.3
	DetailTypes         []string     `json:"authorization_details_types_supported,omitempty"`      // RFC 9396 section 10
	ProofAlgs           []string     `json:"dpop_signing_alg_values_supported"`                    // RFC 9449 section 5.1
	Policy              string       `json:"op_policy_uri,omitempty"`
	Registration        string       `json:"registration_endpoint,omitempty"`

	wireLogout
}

// Discovery is the discovery document, at the address of OpenID Connect and at that of OAuth. The levels are those that can be reached
// now (LOA-03).
func (p *Provider) Discovery(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodGet, http.MethodHead) {
		return
	}
	levels, err := p.levels(r.Context())
	if err != nil {
		bad := fault(err)
		p.note(r.Context(), "discovery.refused", bad, audit.Event{})
		answer(w, bad)
		return
	}
	acrs := make([]string, 0, len(levels))
	for _, l := range levels {
		acrs = append(acrs, l.ACR())
	}
	confidential := p.authMethods([]string{authBasic, authPost, authKey})
	algs := []string{"ES256", "RS256", "PS256"}
	body, err := json.Marshal(wireMetadata{
		Issuer: p.issuer, Authorization: p.issuer + AuthorizePath, Token: p.issuer + TokenPath, UserInfo: p.issuer + UserInfoPath,
		JWKS: p.issuer + JWKSPath, Introspection: p.issuer + IntrospectionPath, Revocation: p.issuer + RevocationPath,
		Pushed: p.issuer + PushedPath,
		Scopes: supportedScopes(), ResponseTypes: []string{"code"}, ResponseModes: []string{modeQuery, modePost},
		GrantTypes: []string{grantCode, grantRefresh, grantMachine, grantExchange}, ACRs: acrs, SubjectTypes: []string{"pairwise"},
		IDTokenAlgs: algs, UserInfoAlgs: algs, RequestAlgs: algs, AuthAlgs: algs, IntrospectionAlgs: algs, IntrospectionSigns: algs, RevocationAlgs: algs,
		IDTokenKeyAlgs: []string{"RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A256KW"}, IDTokenEncs: []string{"A256GCM", "A128GCM", "A128CBC-HS256"},
		AuthMethods: append(slices.Clone(confidential), authNone), IntrospectionAuth: confidential,
		RevocationAuth: append(slices.Clone(confidential), authNone), Displays: []string{"page"}, ClaimsParameter: true, RequestParameter: true,
		ChallengeMethods: []string{"S256"}, Prompts: []string{"none", "login", "consent", "select_account"},
		Claims: supportedClaims(), ClaimTypes: []string{"normal"}, ClaimsLocales: []string{"th", "en"}, UILocales: hub.Languages(),
		IssuerParameter: true, ProofAlgs: dpop.Algorithms(), DetailTypes: p.detailTypes(), Aliases: p.aliases(), CertificateBound: p.mtls != nil, Policy: p.policyURI, Registration: p.registration,
		wireLogout: wireLogout{p.issuer + EndSessionPath, true, true, true, true},
	})
	if err != nil {
		answer(w, fault(err))
		return
	}
	publish(w, r, body, time.Minute)
}

// JWKS publishes the public keys (RFC 7517 section 5).
func (p *Provider) JWKS(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodGet, http.MethodHead) {
		return
	}
	publish(w, r, p.keys.JWKS(), jwksLife)
}

// publish writes a document that is the same for everybody and holds no secret; pages of any origin may read it.
func publish(w http.ResponseWriter, r *http.Request, body []byte, life time.Duration) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "public, max-age="+strconv.Itoa(int(life/time.Second)))
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the connection is gone where it fails
	}
}
