package tenants_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/tenants"
)

func TestRedirectURIs(t *testing.T) {
	t.Parallel()
	cases := []struct {
		uri    string
		native bool
		good   bool
	}{
		{uri: "https://a.example/cb", good: true},
		{uri: "https://a.example:8443/cb?x=1", good: true},
		{uri: "https://192.0.2.7/cb", good: true},
		{uri: "http://localhost:8080/cb", good: true},
		{uri: "http://revenue.localhost:8080/cb", good: true},
		{uri: "http://127.0.0.1/cb", good: true},
		{uri: "http://[::1]:9/cb", good: true},
		{uri: "http://127.0.0.1/cb", native: true, good: true},
		{uri: "http://[::1]/cb", native: true, good: true},
		{uri: "http://localhost/cb", native: true},
		{uri: "http://a.example/cb"},
		{uri: "http://localhost.a.example/cb"},
		{uri: "http://127.0.0.1.a.example/cb"},
		{uri: "http://127.0.0.2/cb"},
		{uri: "https://a.example/cb#x"},
		{uri: "https://a.example/cb#"},
		{uri: "https://user@a.example/cb"},
		{uri: "https://*.a.example/cb"},
		{uri: "https://a.example/*"},
		{uri: "https://A.example/cb"},
		{uri: "HTTPS://a.example/cb"},
		{uri: "https://a.example:0/cb"},
		{uri: "https://a.example:08/cb"},
		{uri: "https://a.example:99999/cb"},
		{uri: "https://a.example:/cb"},
		{uri: "https://-a.example/cb"},
		{uri: "https://a..example/cb"},
		{uri: "https://a.example/c b"},
		{uri: "https://a.example/\tcb"},
		{uri: `https://a.example\@evil.example/`},
		{uri: "https://ไทย.example/cb"},
		{uri: "//a.example/cb"},
		{uri: "/cb"},
		{uri: ""},
		{uri: "https:a.example/cb"},
		{uri: "https:///cb"},
		{uri: "javascript:alert(1)"},
		{uri: "data:text/html,x"},
		{uri: "com.example.app:/cb", native: true},
		{uri: "https://a.example/" + strings.Repeat("x", 2000)},
	}
	for _, c := range cases {
		s := goodSystem()
		s.OIDC.RedirectURIs, s.OIDC.Native, s.OIDC.SectorIdentifier = []string{c.uri}, c.native, "a.example"
		if c.native {
			s.OIDC.AuthMethod, s.OIDC.Secrets = "none", nil
		}
		faults := s.Validate()
		if good := len(faults) == 0; good != c.good {
			t.Errorf("%q (native %t): good is %t\n%s", c.uri, c.native, good, show(faults))
		}
		for _, f := range faults {
			if f.Path != "oidc.redirectURIs[0]" {
				t.Errorf("%q: fault at %s", c.uri, f.Path)
			}
		}
	}
}

func TestConnectionFaults(t *testing.T) {
	t.Parallel()
	const registration = "oidc.redirectURIs OpenID Connect Registration 1.0 section 2"
	cases := map[string]struct {
		spoil func(*tenants.System)
		want  []string
	}{
		"no redirect URI":     {func(s *tenants.System) { s.OIDC.RedirectURIs = nil }, []string{registration}},
		"twice":               {func(s *tenants.System) { s.OIDC.RedirectURIs = append(s.OIDC.RedirectURIs, s.OIDC.RedirectURIs...) }, []string{"oidc.redirectURIs[1]"}},
		"too many":            {func(s *tenants.System) { s.OIDC.PostLogoutRedirectURIs = make([]string, 33) }, []string{"oidc.postLogoutRedirectURIs"}},
		"frame over http":     {func(s *tenants.System) { s.OIDC.FrontchannelLogoutURI = "http://efiling.revenue.example/x" }, []string{"oidc.frontchannelLogoutURI RFC 9700 section 2.6", "oidc.frontchannelLogoutURI OpenID Connect Front-Channel Logout 1.0 section 2"}},
		"frame of another":    {func(s *tenants.System) { s.OIDC.FrontchannelLogoutURI = "https://efiling.revenue.example:8443/x" }, []string{"oidc.frontchannelLogoutURI OpenID Connect Front-Channel Logout 1.0 section 2"}},
		"logout over http":    {func(s *tenants.System) { s.OIDC.BackchannelLogoutURI = "http://a.example/x" }, []string{"oidc.backchannelLogoutURI RFC 9700 section 2.6"}},
		"initiate over http":  {func(s *tenants.System) { s.OIDC.InitiateLoginURI = "http://a.example/x" }, []string{"oidc.initiateLoginURI RFC 9700 section 2.6"}},
		"openid missing":      {func(s *tenants.System) { s.OIDC.Scopes = []string{"profile"} }, []string{"oidc.scopes OpenID Connect Core section 3.1.2.1"}},
		"PRV06 unknown scope": {func(s *tenants.System) { s.OIDC.Scopes = []string{"openid", "smartcard_code"} }, []string{"oidc.scopes[1] PRV-06"}},
		"scope twice":         {func(s *tenants.System) { s.OIDC.Scopes = []string{"openid", "openid"} }, []string{"oidc.scopes[1]"}},
		"implicit":            {func(s *tenants.System) { s.OIDC.GrantTypes = []string{"authorization_code", "implicit"} }, []string{"oidc.grantTypes[1]"}},
		"refresh alone":       {func(s *tenants.System) { s.OIDC.GrantTypes = []string{"refresh_token"} }, []string{"oidc.grantTypes"}},
		"RFC6749 machine": {func(s *tenants.System) {
			s.OIDC.GrantTypes, s.OIDC.RedirectURIs, s.OIDC.Scopes = []string{"client_credentials"}, nil, nil
			s.OIDC.SectorIdentifier = "api.example"
		}, nil},
		"invariant 3: machine without sector": {func(s *tenants.System) {
			s.OIDC.GrantTypes, s.OIDC.RedirectURIs, s.OIDC.Scopes = []string{"client_credentials"}, nil, nil
		}, []string{"oidc.sectorIdentifier OpenID Connect Core section 8.1"}},
		"machine with refresh": {func(s *tenants.System) {
			s.OIDC.GrantTypes = []string{"client_credentials", "refresh_token"}
		}, []string{"oidc.grantTypes RFC 6749 section 4.4.3"}},
		"public machine": {func(s *tenants.System) {
			s.OIDC.AuthMethod, s.OIDC.Secrets = "none", nil
			s.OIDC.GrantTypes = []string{"authorization_code", "client_credentials", tenants.GrantExchange}
		}, []string{"oidc.grantTypes RFC 6749 section 4.4", "oidc.grantTypes RFC 6749 section 4.4"}},
		"exchange alone": {func(s *tenants.System) { s.OIDC.GrantTypes = []string{tenants.GrantExchange} }, []string{"oidc.grantTypes"}},
		"RFC9068 API": {func(s *tenants.System) {
			s.OIDC.Resource, s.OIDC.AccessTokenAlg = "https://a.example/api", "ES256"
		}, nil},
		"RFC9068 alg": {func(s *tenants.System) {
			s.OIDC.Resource, s.OIDC.AccessTokenAlg = "https://a.example/api", "none"
		}, []string{"oidc.accessTokenAlg RFC 9068"}},
		"JWT without resource": {func(s *tenants.System) { s.OIDC.AccessTokenAlg = "ES256" }, []string{"oidc.resource RFC 8707 section 2"}},
		"RFC8693 rule": {func(s *tenants.System) {
			s.OIDC.Resource, s.OIDC.MayAct = "https://a.example/api", "labour"
			s.OIDC.ExchangeFrom = []tenants.Exchange{{From: "labour", Scopes: []string{"profile", "citizen_id"}, Least: s.Least}, {From: "land"}}
		}, nil},
		"RFC8693 faults": {func(s *tenants.System) {
			s.OIDC.Resource, s.OIDC.MayAct = "https://a.example/api", "No Name"
			s.OIDC.ExchangeFrom = []tenants.Exchange{
				{From: "labour", Scopes: []string{"openid", "name", "name"}}, {From: "labour", Least: hub.Level{IAL: 99}}, {Scopes: []string{"offline_access"}},
			}
		}, []string{
			"oidc.mayAct RFC 8693", "oidc.exchangeFrom[0].scopes[0] RFC 8693", "oidc.exchangeFrom[0].scopes[2]", "oidc.exchangeFrom[1].from",
			"oidc.exchangeFrom[1].least LOA-09", "oidc.exchangeFrom[2].from RFC 8693", "oidc.exchangeFrom[2].scopes[0] RFC 8693",
		}},
		"rule without resource": {func(s *tenants.System) {
			s.OIDC.ExchangeFrom = []tenants.Exchange{{From: "labour"}}
		}, []string{"oidc.resource RFC 8707 section 2"}},
		"auth method": {func(s *tenants.System) { s.OIDC.AuthMethod = "client_secret_jwt" }, []string{"oidc.authMethod"}},
		"public without PKCE": {func(s *tenants.System) {
			s.OIDC.AuthMethod, s.OIDC.Secrets, s.OIDC.PKCEOptional = "none", nil, true
		}, []string{"oidc.pkceOptional RFC 9700 section 2.1.1"}},
		"PKCE optional":      {func(s *tenants.System) { s.OIDC.PKCEOptional = true }, nil},
		"public with secret": {func(s *tenants.System) { s.OIDC.AuthMethod = "none" }, []string{"oidc.secrets"}},
		"native with secret": {func(s *tenants.System) { s.OIDC.Native = true }, []string{"oidc.authMethod RFC 8252 section 8.4"}},
		"secret missing":     {func(s *tenants.System) { s.OIDC.Secrets = nil }, []string{"oidc.secrets RFC 6749 section 2.3"}},
		"draft without":      {func(s *tenants.System) { s.Status, s.OIDC.Secrets = tenants.Draft, nil }, nil},
		"empty hash":         {func(s *tenants.System) { s.OIDC.Secrets = []tenants.Secret{{}} }, []string{"oidc.secrets[0]"}},
		"same secret":        {func(s *tenants.System) { s.OIDC.Secrets = append(s.OIDC.Secrets, s.OIDC.Secrets[0]) }, []string{"oidc.secrets[1]"}},
		"too many secrets":   {func(s *tenants.System) { s.OIDC.Secrets = make([]tenants.Secret, 6) }, []string{"oidc.secrets"}},
		"none as algorithm":  {func(s *tenants.System) { s.OIDC.IDTokenAlg = "none" }, []string{"oidc.idTokenAlg"}},
		"HS256":              {func(s *tenants.System) { s.OIDC.IDTokenAlg = "HS256" }, []string{"oidc.idTokenAlg"}},
		"RS256":              {func(s *tenants.System) { s.OIDC.IDTokenAlg = "RS256" }, nil},
		"SES18 too long":     {func(s *tenants.System) { s.OIDC.AccessTokenLifetime = 16 * time.Minute }, []string{"oidc.accessTokenLifetime SES-18"}},
		"SES18 too short":    {func(s *tenants.System) { s.OIDC.AccessTokenLifetime = -time.Second }, []string{"oidc.accessTokenLifetime SES-18"}},
		"two hosts": {func(s *tenants.System) {
			s.OIDC.RedirectURIs = append(s.OIDC.RedirectURIs, "https://other.example/cb")
		}, []string{"oidc.sectorIdentifier OpenID Connect Core section 8.1"}},
		"two hosts, sector": {func(s *tenants.System) {
			s.OIDC.RedirectURIs = append(s.OIDC.RedirectURIs, "https://other.example/cb")
			s.OIDC.SectorIdentifier = "revenue.example"
		}, nil},
		"sector with scheme": {func(s *tenants.System) { s.OIDC.SectorIdentifier = "https://revenue.example" }, []string{"oidc.sectorIdentifier OpenID Connect Core section 8.1"}},
		"sector upper case":  {func(s *tenants.System) { s.OIDC.SectorIdentifier = "Revenue.example" }, []string{"oidc.sectorIdentifier OpenID Connect Core section 8.1"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := goodSystem()
			c.spoil(&s)
			expect(t, s.Validate(), c.want...)
		})
	}
}

func TestInvariant3_TwoDepartmentsNeverShareASector(t *testing.T) {
	t.Parallel()
	other := goodDepartment()
	other.ID = "social"
	departments := []tenants.Department{goodDepartment(), other}
	second := goodSystem()
	second.ID = "pensions"
	if f := tenants.ValidateAll(departments, []tenants.System{goodSystem(), second}); f != nil {
		t.Fatalf("one department, one sector: %v", f)
	}
	second.Department = "social"
	f := tenants.ValidateAll(departments, []tenants.System{goodSystem(), second})
	if len(f) != 1 || f[0].ID != "pensions" || f[0].Path != "oidc.sectorIdentifier" {
		t.Fatalf("got %v", f)
	}
	second.OIDC.SectorIdentifier = "social.example"
	if f := tenants.ValidateAll(departments, []tenants.System{goodSystem(), second}); f != nil {
		t.Fatalf("own sector: %v", f)
	}
}

func TestValidateAllFindsStraysAndTwins(t *testing.T) {
	t.Parallel()
	stray := goodSystem()
	stray.ID, stray.Department, stray.OIDC = "stray", "nobody", nil
	f := tenants.ValidateAll([]tenants.Department{goodDepartment(), goodDepartment()}, []tenants.System{goodSystem(), goodSystem(), stray})
	var got []string
	for _, x := range f {
		got = append(got, x.Kind+" "+x.ID+" "+x.Path)
	}
	want := "Department revenue id, System efiling id, System stray department"
	if strings.Join(got, ", ") != want {
		t.Fatalf("got %v, want %s", got, want)
	}
}

func TestSectorDefaultsToTheFirstHost(t *testing.T) {
	t.Parallel()
	cases := map[string]tenants.OIDC{
		"a.example": {RedirectURIs: []string{"https://a.example:8443/cb", "https://b.example/cb"}},
		"b.example": {RedirectURIs: []string{"https://a.example/cb"}, SectorIdentifier: "b.example"},
		"":          {},
	}
	for want, o := range cases {
		if got := o.Sector(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestClientSecrets(t *testing.T) {
	t.Parallel()
	secret := tenants.NewClientSecret(hub.Randomness())
	if len(secret) != 64 || strings.Trim(secret, "0123456789abcdef") != "" {
		t.Fatal("a client secret must be 64 hexadecimal characters")
	}
	if secret == tenants.NewClientSecret(hub.Randomness()) {
		t.Fatal("the same secret twice")
	}
	a, err := tenants.HashClientSecret(secret)
	if err != nil {
		t.Fatal(err)
	}
	b, err := tenants.HashClientSecret(secret[1:] + "0")
	if err != nil || a.SHA256 == b.SHA256 {
		t.Fatal("another secret, the same hash")
	}
	for _, bad := range []string{"", "hunter2", strings.Repeat("x", 42), strings.Repeat("x", 513), secret + "\n", secret + "é"} {
		if _, err := tenants.HashClientSecret(bad); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%d characters: %v", len(bad), err)
		}
	}
}

func FuzzValidateURI(f *testing.F) {
	for _, s := range []string{"https://a.example/cb", "http://[::1]:1/", "https://a.example#", "http://127.0.0.1.evil/", "\x00", "https://a@b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, uri string) {
		s := goodSystem()
		s.OIDC.RedirectURIs, s.OIDC.SectorIdentifier = []string{uri}, "a.example"
		if s.Validate() != nil {
			return
		}
		u, err := url.Parse(uri)
		if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || strings.ContainsAny(uri, "#*\\ \t\r\n") {
			t.Fatalf("%q was accepted", uri)
		}
		host := u.Hostname()
		near := host == "127.0.0.1" || host == "::1" || host == "localhost" || strings.HasSuffix(host, ".localhost")
		if u.Scheme != "https" && (u.Scheme != "http" || !near) {
			t.Fatalf("%q was accepted", uri)
		}
	})
}

func TestRFC8693_WhoActsMustBeThere(t *testing.T) {
	t.Parallel()
	s := goodSystem()
	s.OIDC.Resource, s.OIDC.MayAct = "https://a.example/api", "nobody"
	s.OIDC.ExchangeFrom = []tenants.Exchange{{From: "nobody"}, {From: s.ID}}
	var got []string
	for _, f := range tenants.ValidateAll([]tenants.Department{goodDepartment()}, []tenants.System{s}) {
		got = append(got, f.Path+": "+f.Text)
	}
	want := []string{
		`oidc.exchangeFrom[0].from: there is no system "nobody"`, `oidc.exchangeFrom[1].from: is the system itself`, `oidc.mayAct: there is no system "nobody"`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
