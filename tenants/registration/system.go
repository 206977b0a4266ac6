package registration

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"onedoor/hub"
	"onedoor/tenants"
)

// longestName is the longest client_name, in characters: beside the word that says that it is a test.
const longestName = 80

// read makes a system out of the metadata, as they will be kept: what is opened to the department, and not yet limited at a look-up.
func read(m members, id hub.SystemID, d Department) (tenants.System, *refusal) {
	if _, there := m["software_statement"]; there {
		return tenants.System{}, refuse(codeStatement, "software statements are not accepted")
	}
	r := &reader{members: m}
	s := tenants.System{ID: id, Department: d.ID, Names: r.names(string(id)), Status: tenants.Testing}
	o := &tenants.OIDC{
		RedirectURIs:           r.list("redirect_uris"),
		PostLogoutRedirectURIs: r.list("post_logout_redirect_uris"),
		Scopes:                 strings.Fields(r.text("scope")),
		GrantTypes:             r.list("grant_types"),
		AuthMethod:             r.text("token_endpoint_auth_method"),
		AuthAlgs:               one(r.text("token_endpoint_auth_signing_alg")),
		IDTokenAlg:             r.text("id_token_signed_response_alg"),
		IDTokenEncryption:      tenants.Encryption{Alg: r.text("id_token_encrypted_response_alg"), Enc: r.text("id_token_encrypted_response_enc")},
		UserInfoAlg:            r.text("userinfo_signed_response_alg"),
		InitiateLoginURI:       r.text("initiate_login_uri"),
		BackchannelLogoutURI:   r.text("backchannel_logout_uri"),
		FrontchannelLogoutURI:  r.text("frontchannel_logout_uri"),
		JWKS:                   r.object("jwks"),
		JWKSURI:                r.text("jwks_uri"),
		RequirePAR:             r.flag("require_pushed_authorization_requests"),
		RequireSignedRequest:   r.flag("require_signed_request_object"),
		DPoPBound:              r.flag("dpop_bound_access_tokens"),
		CertificateBound:       r.flag("tls_client_certificate_bound_access_tokens"),
		Certificate: tenants.CertificateName{
			SubjectDN: r.text("tls_client_auth_subject_dn"), DNS: r.text("tls_client_auth_san_dns"), URI: r.text("tls_client_auth_san_uri"),
			IP: r.text("tls_client_auth_san_ip"), Email: r.text("tls_client_auth_san_email"),
		},
		RequestAlgs:   one(r.text("request_object_signing_alg")),
		DefaultMaxAge: time.Duration(r.seconds("default_max_age")) * time.Second,
	}
	s.OIDC = o
	switch r.text("application_type") {
	case "", "web":
	case "native":
		o.Native = true
	default:
		r.fail("application_type", "must be web or native")
	}
	r.defaults(o)
	for _, g := range o.GrantTypes { // what a sandbox may do is begin with a person: no API lets it come for itself or for another
		if g != "authorization_code" && g != "refresh_token" {
			r.fail("grant_types", "must be of authorization_code and refresh_token")
		}
	}
	r.only("subject_type", r.text("subject_type"), "pairwise")
	if types := r.list("response_types"); types != nil && !slices.Equal(types, []string{"code"}) {
		r.fail("response_types", "must be [code]")
	}
	r.flag("require_auth_time")                    // auth_time is always there
	r.flag("backchannel_logout_session_required")  // and so is sid
	r.flag("frontchannel_logout_session_required") // with iss
	r.none("sector_identifier_uri", "request_uris", "default_acr_values", "userinfo_encrypted_response_alg",
		"userinfo_encrypted_response_enc", "request_object_encryption_alg", "request_object_encryption_enc",
		"authorization_signed_response_alg", "authorization_encrypted_response_alg", "authorization_encrypted_response_enc",
		"introspection_signed_response_alg", "introspection_encrypted_response_alg", "introspection_encrypted_response_enc",
		"authorization_details_types",
		"backchannel_token_delivery_mode")
	if r.bad != nil {
		return tenants.System{}, r.bad
	}
	return s, nil
}

// defaults fills what OpenID Connect Registration 1.0 section 2 gives a default to.
func (r *reader) defaults(o *tenants.OIDC) {
	if len(o.GrantTypes) == 0 {
		o.GrantTypes = []string{"authorization_code"}
	}
	if o.AuthMethod == "" {
		o.AuthMethod = "client_secret_basic"
		if o.Native {
			o.AuthMethod = "none"
		}
	}
	if o.IDTokenAlg == "" {
		o.IDTokenAlg = "ES256"
	}
	if o.IDTokenEncryption.Alg != "" && o.IDTokenEncryption.Enc == "" {
		o.IDTokenEncryption.Enc = "A128CBC-HS256"
	}
}

func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// names gives client_name in the platform's languages: those with a tag (RFC 7591 section 2.2), else the one without, else the id.
func (r *reader) names(id string) hub.Text {
	name := r.name("client_name")
	if name == "" {
		name = id
	}
	out := hub.Text{}
	for _, lang := range hub.Languages() {
		out[lang] = name
		if tagged := r.name("client_name#" + lang); tagged != "" {
			out[lang] = tagged
		}
	}
	return out
}

func (r *reader) name(member string) string {
	s := strings.TrimSpace(r.text(member))
	if utf8.RuneCountInString(s) > longestName {
		r.fail(member, "is too long")
	}
	return s
}

// check holds the system, already limited to what is opened, to the rules of the register, and its addresses to the department's hosts.
func check(s tenants.System, d Department) *refusal {
	faults := s.Validate()
	slices.SortStableFunc(faults, func(a, b tenants.Fault) int { return order(a.Path) - order(b.Path) })
	if len(faults) > 0 {
		name := memberOf(faults[0].Path)
		return refuse(codeOf(name), name+": "+faults[0].Text)
	}
	if strangers := d.strangers(*s.OIDC); len(strangers) > 0 {
		return refuse(codeOf(strangers[0]), strangers[0]+": only localhost and the hosts that are opened to the department's sandboxes")
	}
	return nil
}

// codeOf gives the error code for a fault of a metadata member (RFC 7591 section 3.2.2).
func codeOf(member string) string {
	if member == "redirect_uris" {
		return codeRedirect
	}
	return codeMetadata
}

// order brings redirect URIs first: their fault has a code of its own.
func order(path string) int {
	if memberOf(path) == "redirect_uris" {
		return 0
	}
	return 1
}

// memberOf gives the metadata's name of a field of the register.
func memberOf(path string) string {
	field, _, _ := strings.Cut(path, "[")
	for name, prefix := range map[string]string{
		"redirect_uris": "oidc.redirectURIs", "post_logout_redirect_uris": "oidc.postLogoutRedirectURIs", "scope": "oidc.scopes",
		"grant_types": "oidc.grantTypes", "token_endpoint_auth_method": "oidc.authMethod", "token_endpoint_auth_signing_alg": "oidc.authAlgs",
		"id_token_signed_response_alg": "oidc.idTokenAlg", "id_token_encrypted_response_alg": "oidc.idTokenEncryption.alg",
		"id_token_encrypted_response_enc": "oidc.idTokenEncryption.enc", "userinfo_signed_response_alg": "oidc.userInfoAlg",
		"initiate_login_uri": "oidc.initiateLoginURI", "backchannel_logout_uri": "oidc.backchannelLogoutURI", "frontchannel_logout_uri": "oidc.frontchannelLogoutURI", "jwks": "oidc.jwks",
		"jwks_uri": "oidc.jwksURI", "request_object_signing_alg": "oidc.requestAlgs", "default_max_age": "oidc.defaultMaxAge",
	} {
		if field == prefix {
			return name
		}
	}
	if strings.HasPrefix(field, "names") {
		return "client_name"
	}
	return "client metadata"
}

// write gives the metadata that are registered, for the answer (RFC 7591 section 3.2.1).
func write(s tenants.System) map[string]any {
	o := s.OIDC
	out := map[string]any{
		"redirect_uris":                o.RedirectURIs,
		"response_types":               []string{"code"},
		"grant_types":                  o.GrantTypes,
		"application_type":             "web",
		"scope":                        strings.Join(o.Scopes, " "),
		"token_endpoint_auth_method":   o.AuthMethod,
		"subject_type":                 "pairwise",
		"id_token_signed_response_alg": o.IDTokenAlg,
		"require_auth_time":            true,
		"client_name":                  s.Names["en"],
	}
	if o.Native {
		out["application_type"] = "native"
	}
	for lang, name := range s.Names {
		if name != s.Names["en"] {
			out["client_name#"+lang] = name
		}
	}
	for name, value := range map[string]string{
		"id_token_encrypted_response_alg": o.IDTokenEncryption.Alg,
		"id_token_encrypted_response_enc": o.IDTokenEncryption.Enc,
		"userinfo_signed_response_alg":    o.UserInfoAlg,
		"initiate_login_uri":              o.InitiateLoginURI,
		"backchannel_logout_uri":          o.BackchannelLogoutURI,
		"frontchannel_logout_uri":         o.FrontchannelLogoutURI,
		"jwks_uri":                        o.JWKSURI,
		"tls_client_auth_subject_dn":      o.Certificate.SubjectDN,
		"tls_client_auth_san_dns":         o.Certificate.DNS,
		"tls_client_auth_san_uri":         o.Certificate.URI,
		"tls_client_auth_san_ip":          o.Certificate.IP,
		"tls_client_auth_san_email":       o.Certificate.Email,
	} {
		if value != "" {
			out[name] = value
		}
	}
	if len(o.PostLogoutRedirectURIs) > 0 {
		out["post_logout_redirect_uris"] = o.PostLogoutRedirectURIs
	}
	if len(o.AuthAlgs) > 0 {
		out["token_endpoint_auth_signing_alg"] = o.AuthAlgs[0]
	}
	if len(o.RequestAlgs) > 0 {
		out["request_object_signing_alg"] = o.RequestAlgs[0]
	}
	if o.JWKS != "" {
		out["jwks"] = json.RawMessage(o.JWKS)
	}
	if o.BackchannelLogoutURI != "" {
		out["backchannel_logout_session_required"] = true
	}
	if o.FrontchannelLogoutURI != "" {
		out["frontchannel_logout_session_required"] = true
	}
	if o.DefaultMaxAge > 0 {
		out["default_max_age"] = int64(o.DefaultMaxAge / time.Second)
	}
	for name, on := range map[string]bool{
		"require_pushed_authorization_requests": o.RequirePAR, "require_signed_request_object": o.RequireSignedRequest,
		"dpop_bound_access_tokens": o.DPoPBound, "tls_client_certificate_bound_access_tokens": o.CertificateBound,
	} {
		if on {
			out[name] = true
		}
	}
	return out
}
