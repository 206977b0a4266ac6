package federation

import (
	"strings"
	"testing"
	"time"

	"onedoor/hub"
)

func TestValidateGoodRecord(t *testing.T) {
	t.Parallel()
	if fs := record().Validate(); len(fs) > 0 {
		t.Errorf("%v", fs)
	}
}

func TestValidateListsEveryFaultWithItsPath(t *testing.T) {
	t.Parallel()
	cases := []struct {
		path   string
		change func(*Provider)
	}{
		{"id", func(p *Provider) { p.ID = "../x" }},
		{"names.zh", func(p *Provider) { p.Names["zh"] = " " }},
		{"names.en", func(p *Provider) { p.Names["en"] = "a\nb" }},
		{`names["fr"]`, func(p *Provider) { p.Names["fr"] = "a" }},
		{"status", func(p *Provider) { p.Status = "on" }},
		{"validFrom", func(p *Provider) { p.ValidFrom = time.Time{} }},
		{"validUntil", func(p *Provider) { p.ValidUntil = time.Time{} }},
		{"validUntil", func(p *Provider) { p.ValidUntil = p.ValidFrom }},
		{"ceiling.ial", func(p *Provider) { p.Ceiling.IAL = hub.IALNone }},
		{"ceiling.aal", func(p *Provider) { p.Ceiling.AAL = 99 }},
		{"order", func(p *Provider) { p.Order = -1 }},
		{`assurance.acr["x"]`, func(p *Provider) { p.Assurance.ACR = map[string]hub.Level{"x": {}} }},
		{`assurance.ial["9"]`, func(p *Provider) { p.Assurance.IAL["9"] = hub.IALNone }},
		{"assurance.ialName", func(p *Provider) { p.Assurance.IALName = "" }},
		{"assurance.ialName", func(p *Provider) { p.Assurance.IALName = "laser_level" }},
		{"assurance.ial", func(p *Provider) { p.Assurance.IAL = nil }},
		{`assurance.amr["x"]`, func(p *Provider) { p.Assurance.AMR = map[string]hub.AAL{"x": 0} }},
		{"assurance", func(p *Provider) { p.Assurance.Fixed = hub.Level{} }},
		{"assurance.fixed", func(p *Provider) { p.Assurance.Fixed.AAL = 77 }},
		{`assurance.request["ial , aal 1"]`, func(p *Provider) { p.Assurance.Request = map[hub.Level][]string{{AAL: hub.AAL1}: {"x"}} }},
		{`assurance.request["ial 1.1, aal 1"][0]`, func(p *Provider) {
			p.Assurance.Request = map[hub.Level][]string{{IAL: hub.IAL11, AAL: hub.AAL1}: {"a b"}}
		}},
		{`attributes["laser"]`, func(p *Provider) { p.Attributes["laser"] = []string{"x"} }},
		{"attributes.gender", func(p *Provider) { p.Attributes[hub.Gender] = nil }},
		{"attributes.gender[1]", func(p *Provider) { p.Attributes[hub.Gender] = []string{"gender", "chip_no"} }},
		{"attributes.citizen_id", func(p *Provider) { p.Person = PersonClaim{} }},
		{"attributes.citizen_id", func(p *Provider) { p.Person.Kind = "th.juristic" }},
		{"person.claim", func(p *Provider) { p.Person.Claim = "" }},
		{"person.claim", func(p *Provider) { p.Person.Claim = "smartcard_code" }},
		{"person.kind", func(p *Provider) { p.Person.Kind = "xx" }},
		{"oidc", func(p *Provider) { p.OIDC = nil }},
		{"oidc.issuer", func(p *Provider) { p.OIDC.Issuer = "" }},
		{"oidc.issuer", func(p *Provider) { p.OIDC.Issuer = "http://idp.example" }},
		{"oidc.issuer", func(p *Provider) { p.OIDC.Issuer = "https://idp.example?x=1" }},
		{"oidc.authMethod", func(p *Provider) { p.OIDC.AuthMethod = "client_secret_jwt" }},
		{"oidc.clientSecret", func(p *Provider) { p.OIDC.AuthMethod = PrivateKeyJWT }},
		{"oidc.assertion.alg", func(p *Provider) {
			p.OIDC.AuthMethod, p.OIDC.ClientSecret, p.OIDC.Assertion.Alg = PrivateKeyJWT, nil, "HS256"
		}},
		{"oidc.assertion.audience", func(p *Provider) {
			p.OIDC.AuthMethod, p.OIDC.ClientSecret, p.OIDC.Assertion.Audience = PrivateKeyJWT, nil, "https://idp.example"
		}},
		{"oidc.assertion", func(p *Provider) { p.OIDC.Assertion.Alg = "ES256" }},
		{"oidc.push", func(p *Provider) { p.OIDC.Push = "maybe" }},
		{"oidc.pushEndpoint", func(p *Provider) { p.OIDC.PushEndpoint = "http://idp.example/par" }},
		{"oidc.pushEndpoint", func(p *Provider) { p.OIDC.Push, p.OIDC.PushEndpoint = PushNever, "https://idp.example/par" }},
		{"assurance.request", func(p *Provider) { p.OIDC.EssentialACR, p.Assurance.Request = true, nil }},
		{"oidc.essentialACR", func(p *Provider) {
			p.OIDC.EssentialACR, p.OIDC.Scopes, p.OIDC.Quirks.FlatClaims, p.OIDC.Quirks.AlwaysFresh = true, []string{"pid"}, true, true
			p.Assurance.Request = map[hub.Level][]string{{IAL: hub.IAL11, AAL: hub.AAL1}: {"x"}}
		}},
		{"oidc.encryption.idToken", func(p *Provider) { p.OIDC.Scopes, p.OIDC.Encryption.IDToken = []string{"openid"}, "RSA1_5" }},
		{"oidc.encryption.userInfo", func(p *Provider) { p.OIDC.Scopes, p.OIDC.Encryption.UserInfo = []string{"openid"}, "dir" }},
		{"oidc.encryption", func(p *Provider) {
			p.OIDC.SignedUserInfo, p.OIDC.Scopes, p.OIDC.Quirks.FlatClaims, p.OIDC.Quirks.AlwaysFresh = true, []string{"pid"}, true, true
		}},
		{"oidc.signedUserInfo", func(p *Provider) {
			p.OIDC.Scopes, p.OIDC.SignedUserInfo, p.OIDC.Quirks.NoUserInfo = []string{"openid"}, true, true
		}},
		{"oidc.logout.endSession", func(p *Provider) { p.OIDC.Logout = OIDCLogout{EndSession: "http://idp.example/out", Browser: true} }},
		{"oidc.logout.endSession", func(p *Provider) { p.OIDC.Logout.EndSession = "https://idp.example/out" }},
		{"oidc.logout.hint", func(p *Provider) { p.OIDC.Logout.Hint = true }},
		{"oidc.logout.hint", func(p *Provider) {
			p.OIDC.Scopes, p.OIDC.Logout = []string{"pid"}, OIDCLogout{Browser: true, Hint: true}
		}},
		{"oidc.logout.revoke", func(p *Provider) { p.OIDC.Logout.Revoke, p.OIDC.Quirks.RevokeAfterUse = true, true }},
		{"oidc.logout.revoke", func(p *Provider) { p.OIDC.Logout = OIDCLogout{Browser: true, Revoke: true} }},
		{"oidc.logout.frontChannel", func(p *Provider) { p.OIDC.Scopes, p.OIDC.Logout.FrontChannel = []string{"pid"}, true }},
		{"oidc.audiences[0]", func(p *Provider) { p.OIDC.Audiences = []string{"a b"} }},
		{"oidc.audiences", func(p *Provider) { p.OIDC.Audiences = make([]string, 65) }},
		{"oidc.token", func(p *Provider) { p.OIDC.Token = "https://u:p@idp.example/t" }},
		{"oidc.jwks", func(p *Provider) { p.OIDC.JWKS = "file:///etc/passwd" }},
		{"oidc.authorization", func(p *Provider) { p.OIDC.Authorization = "https://idp.example/a#x" }},
		{"oidc.clientID", func(p *Provider) { p.OIDC.ClientID = "" }},
		{"oidc.clientSecret", func(p *Provider) { p.OIDC.ClientSecret = nil }},
		{"oidc.authMethod", func(p *Provider) { p.OIDC.AuthMethod = "none" }},
		{"oidc.scopes", func(p *Provider) { p.OIDC.Scopes = nil }},
		{"oidc.scopes", func(p *Provider) { p.OIDC.Scopes = []string{"pid"} }},
		{"oidc.scopes[1]", func(p *Provider) { p.OIDC.Scopes = []string{"openid", "smartcard_code"} }},
		{"oidc.scopes[1]", func(p *Provider) { p.OIDC.Scopes = []string{"openid", "openid"} }},
		{"oidc.scopes[1]", func(p *Provider) { p.OIDC.Scopes = []string{"openid", "a b"} }},
		{"oidc.quirks.alwaysFresh", func(p *Provider) { p.OIDC.Scopes, p.OIDC.Quirks.FlatClaims = []string{"pid"}, true }},
		{"oidc.quirks.signingAlgs[0]", func(p *Provider) { p.OIDC.Quirks.SigningAlgs = []string{"none"} }},
		{"oidc.quirks.signingAlgs[0]", func(p *Provider) { p.OIDC.Quirks.SigningAlgs = []string{"HS256"} }},
		{"oidc.quirks.apiKey", func(p *Provider) { p.OIDC.Quirks.APIKeyHeader = "x-api-key" }},
		{"oidc.quirks.apiKeyHeader", func(p *Provider) { p.OIDC.Quirks.APIKey = SealedSecret("k") }},
		{"oidc.quirks.apiKeyHeader", func(p *Provider) {
			p.OIDC.Quirks.APIKey, p.OIDC.Quirks.APIKeyHeader = SealedSecret("k"), "Authorization"
		}},
		{"oidc.quirks.errorIsDenied[0]", func(p *Provider) { p.OIDC.Quirks.ErrorIsDenied = []string{""} }},
		{"oidc.quirks.revokeBearer", func(p *Provider) { p.OIDC.Quirks.RevokeBearer = true }},
	}
	for _, c := range cases {
		p := record()
		c.change(&p)
		fs := p.Validate()
		found := false
		for _, f := range fs {
			found = found || f.Path == c.path
			if f.Text == "" || !strings.HasPrefix(f.String(), f.Path+": ") {
				t.Errorf("%s: fault %+v", c.path, f)
			}
		}
		if !found {
			t.Errorf("no fault at %s, but %v", c.path, fs)
		}
	}
}

func TestValidateListsAllAtOnce(t *testing.T) {
	t.Parallel()
	if fs := (Provider{}).Validate(); len(fs) < 8 {
		t.Errorf("only %d faults in an empty record: %v", len(fs), fs)
	}
	twice := ValidateAll([]Provider{record(), record()})
	if len(twice) != 1 || !strings.Contains(twice[0].String(), "idp") {
		t.Errorf("two records of one id: %v", twice)
	}
}

func TestSafeURL(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"https://a.example/x", "http://localhost:1/x", "http://bank.localhost:8443", "http://127.0.0.1:9", "http://[::1]:9/"} {
		if !SafeURL(s) {
			t.Errorf("%q is refused", s)
		}
	}
	for _, s := range []string{
		"", "http://a.example", "http://localhost.example", "ftp://a", "https://", "https:///x", "javascript:alert(1)", "https://a@b.example",
		"https://a.example/#x", "https://a.example/ x", "//a.example", "https:a.example", "http://10.0.0.1/", "https://a.example/\x00",
	} {
		if SafeURL(s) {
			t.Errorf("%q passes", s)
		}
	}
}
