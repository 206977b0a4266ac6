package tenants_test

import (
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/tenants"
)

const goodJWKS = `{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}`

func TestKeysOfAClient(t *testing.T) {
	t.Parallel()
	const at = "oidc."
	signing := func(o *tenants.OIDC) { o.AuthMethod, o.Secrets, o.JWKS = "private_key_jwt", nil, goodJWKS }
	for name, tc := range map[string]struct {
		change func(*tenants.OIDC)
		want   []string
	}{
		"proof by key":         {signing, nil},
		"keys elsewhere":       {func(o *tenants.OIDC) { signing(o); o.JWKS, o.JWKSURI = "", "https://efiling.revenue.example/jwks" }, nil},
		"no keys":              {func(o *tenants.OIDC) { signing(o); o.JWKS = "" }, []string{at + "jwks RFC 7517"}},
		"keys in two places":   {func(o *tenants.OIDC) { signing(o); o.JWKSURI = "https://efiling.revenue.example/jwks" }, []string{at + "jwksURI OpenID Connect Registration 1.0 section 2"}},
		"keys over plain http": {func(o *tenants.OIDC) { signing(o); o.JWKS, o.JWKSURI = "", "http://x.example/jwks" }, []string{at + "jwksURI RFC 9700 section 2.6"}},
		"a secret beside":      {func(o *tenants.OIDC) { signing(o); o.Secrets = []tenants.Secret{{SHA256: [32]byte{1}}} }, []string{at + "secrets"}},
		"a private key":        {func(o *tenants.OIDC) { signing(o); o.JWKS = strings.Replace(goodJWKS, `"y"`, `"d":"AA","y"`, 1) }, []string{at + "jwks RFC 7517"}},
		"a shared key":         {func(o *tenants.OIDC) { signing(o); o.JWKS = `{"keys":[{"kty":"oct","k":"AA"}]}` }, []string{at + "jwks RFC 7517"}},
		"a weak key": {func(o *tenants.OIDC) {
			signing(o)
			o.JWKS = `{"keys":[{"kty":"RSA","n":"` + strings.Repeat("_", 172) + `","e":"AQAB"}]}`
		}, []string{at + "jwks RFC 7517"}},
		"no set": {func(o *tenants.OIDC) { signing(o); o.JWKS = `{}` }, []string{at + "jwks RFC 7517"}},
		"two keys without a name": {func(o *tenants.OIDC) {
			signing(o)
			o.JWKS = strings.Replace(goodJWKS, "[{", `[{"kty":"EC","crv":"P-256"},{`, 1)
		}, []string{at + "jwks RFC 7517", at + "jwks RFC 7517"}},
		"alg none":           {func(o *tenants.OIDC) { signing(o); o.AuthAlgs = []string{"none"} }, []string{at + "authAlgs[0] RFC 8725 section 3.1"}},
		"HS256 requests":     {func(o *tenants.OIDC) { o.RequestAlgs = []string{"HS256"} }, []string{at + "requestAlgs[0] RFC 8725 section 3.1"}},
		"half an encryption": {func(o *tenants.OIDC) { o.JWKS, o.IDTokenEncryption.Alg = goodJWKS, "ECDH-ES" }, []string{at + "idTokenEncryption"}},
		"an old encryption": {func(o *tenants.OIDC) {
			o.JWKS, o.IDTokenEncryption = goodJWKS, tenants.Encryption{Alg: "RSA1_5", Enc: "A256GCM"}
		}, []string{at + "idTokenEncryption.alg"}},
		"signed requests, no key": {func(o *tenants.OIDC) { o.RequireSignedRequest = true }, []string{at + "jwks RFC 7517"}},
		"max age of a year":       {func(o *tenants.OIDC) { o.DefaultMaxAge = 366 * 24 * time.Hour }, []string{at + "defaultMaxAge OpenID Connect Registration 1.0 section 2"}},
		"fapi2":                   {func(o *tenants.OIDC) { signing(o); o.Profile, o.DPoPBound = tenants.ProfileFAPI2, true }, nil},
		"fapi2 with a certificate": {
			func(o *tenants.OIDC) {
				o.AuthMethod, o.Secrets, o.Profile, o.CertificateBound = "tls_client_auth", nil, tenants.ProfileFAPI2, true
				o.Certificate.DNS = "efiling.example"
			}, nil,
		},
		"a certificate without name": {func(o *tenants.OIDC) { o.AuthMethod, o.Secrets = "tls_client_auth", nil }, []string{at + "certificate RFC 8705 section 2"}},
		"a certificate with two names": {func(o *tenants.OIDC) {
			o.AuthMethod, o.Secrets, o.Certificate.DNS, o.Certificate.IP = "tls_client_auth", nil, "a.example", "192.0.2.1"
		}, []string{at + "certificate RFC 8705 section 2"}},
		"a certificate and a secret":  {func(o *tenants.OIDC) { o.AuthMethod, o.Certificate.DNS = "tls_client_auth", "a.example" }, []string{at + "secrets"}},
		"a name without the method":   {func(o *tenants.OIDC) { o.Certificate.DNS = "a.example" }, []string{at + "certificate RFC 8705 section 2"}},
		"self-signed, no keys":        {func(o *tenants.OIDC) { o.AuthMethod, o.Secrets = "self_signed_tls_client_auth", nil }, []string{at + "jwks RFC 7517"}},
		"self-signed, no certificate": {func(o *tenants.OIDC) { signing(o); o.AuthMethod = "self_signed_tls_client_auth" }, []string{at + "jwks RFC 8705 section 2"}},
		"detail types":                {func(o *tenants.OIDC) { o.DetailTypes = []string{"item", "https://a.example/t"} }, nil},
		"bad detail types":            {func(o *tenants.OIDC) { o.DetailTypes = []string{"item", "", "item"} }, []string{at + "detailTypes[1] RFC 9396 section 2", at + "detailTypes[2]"}},
		"fapi2, bearer":               {func(o *tenants.OIDC) { signing(o); o.Profile = tenants.ProfileFAPI2 }, []string{at + "dpopBound FAPI 2.0 Security Profile"}},
		"fapi2 with a secret":         {func(o *tenants.OIDC) { o.Profile, o.DPoPBound = tenants.ProfileFAPI2, true }, []string{at + "authMethod FAPI 2.0 Security Profile"}},
		"fapi2 with RS256": {
			func(o *tenants.OIDC) {
				signing(o)
				o.Profile, o.DPoPBound, o.IDTokenAlg, o.AuthAlgs = tenants.ProfileFAPI2, true, "RS256", []string{"ES256", "RS256"}
			},
			[]string{at + "idTokenAlg FAPI 2.0 Security Profile", at + "authAlgs[1] FAPI 2.0 Security Profile"},
		},
		"another profile":     {func(o *tenants.OIDC) { o.Profile = "fapi3" }, []string{at + "profile"}},
		"an API":              {func(o *tenants.OIDC) { o.Resource, o.AudienceOf = "https://api.example/v1", []hub.SystemID{"efiling"} }, nil},
		"a resource fragment": {func(o *tenants.OIDC) { o.Resource = "https://api.example/#x" }, []string{at + "resource RFC 8707 section 2"}},
		"a relative resource": {func(o *tenants.OIDC) { o.Resource = "/v1" }, []string{at + "resource RFC 8707 section 2"}},
		"no resource":         {func(o *tenants.OIDC) { o.AudienceOf = []hub.SystemID{"efiling"} }, []string{at + "resource RFC 8707 section 2"}},
	} {
		s := goodSystem()
		tc.change(s.OIDC)
		t.Run(name, func(t *testing.T) { t.Parallel(); expect(t, s.Validate(), tc.want...) })
	}
}

func TestRFC8707_OneResourceOneSystem(t *testing.T) {
	t.Parallel()
	one, two := goodSystem(), goodSystem()
	two.ID = "refunds"
	one.OIDC.Resource, two.OIDC.Resource = "https://api.example", "https://api.example"
	two.OIDC.AudienceOf = []hub.SystemID{"efiling", "nobody"}
	var got []string
	for _, f := range tenants.ValidateAll([]tenants.Department{goodDepartment()}, []tenants.System{one, two}) {
		got = append(got, f.ID+" "+f.Path)
	}
	if strings.Join(got, ",") != "refunds oidc.resource,refunds oidc.audienceOf[1]" {
		t.Errorf("%v", got)
	}
}

func FuzzClientJWKS(f *testing.F) {
	for _, seed := range []string{goodJWKS, `{"keys":[{"kty":"oct","k":"AA"}]}`, `{"keys":[1]}`, `[]`, `{"keys":[{"kty":"RSA","n":"AA","d":null}]}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := goodSystem()
		s.OIDC.JWKS = text
		faults := s.Validate()
		for _, member := range []string{`"d":`, `"k":`} {
			if text != "" && len(faults) == 0 && strings.Contains(text, `{"kty":"oct",`+member) {
				t.Fatalf("a secret key is let in: %q", text)
			}
		}
	})
}
