package configs_test

import (
	"net/netip"
	"slices"
	"testing"

	"onedoor/configs"
)

func TestRFC8705_CertificatesAreAskedForWhereNoBrowserGoes(t *testing.T) {
	t.Parallel()
	proxied := func(c *configs.Config) {
		c.TLS, c.BehindProxy = nil, &configs.BehindProxy{Trusted: []configs.Prefix{prefix(t, "10.0.0.0/8")}}
		c.MTLS.Listen = ""
	}
	for name, tc := range map[string]struct {
		change func(c *configs.Config)
		want   []string
	}{
		"a listener":           {func(*configs.Config) {}, nil},
		"its own certificate":  {func(c *configs.Config) { c.MTLS.CertificateFile, c.MTLS.KeyFile = "a", "b" }, nil},
		"another port":         {func(c *configs.Config) { c.MTLS.Address = "https://login.example:8444" }, nil},
		"behind a proxy":       {proxied, nil},
		"no address":           {func(c *configs.Config) { c.MTLS.Address = "" }, []string{"mtls.address"}},
		"the issuer's address": {func(c *configs.Config) { c.MTLS.Address = c.Issuer }, []string{"mtls.address"}},
		"plain http":           {func(c *configs.Config) { c.MTLS.Address = "http://mtls.login.example" }, []string{"mtls.address"}},
		"a path":               {func(c *configs.Config) { c.MTLS.Address = "https://mtls.login.example/" }, []string{"mtls.address"}},
		"capitals":             {func(c *configs.Config) { c.MTLS.Address = "https://MTLS.login.example" }, []string{"mtls.address"}},
		"half a pair":          {func(c *configs.Config) { c.MTLS.CertificateFile = "a" }, []string{"mtls.keyFile"}},
		"no listener":          {func(c *configs.Config) { c.MTLS.Listen = "" }, []string{"mtls.listen"}},
		"the same listener":    {func(c *configs.Config) { c.MTLS.Listen = c.Listen }, []string{"mtls.listen"}},
		"no port":              {func(c *configs.Config) { c.MTLS.Listen = "x" }, []string{"mtls.listen"}},
		"a proxy that passes through": {func(c *configs.Config) {
			proxied(c)
			c.MTLS.Listen, c.MTLS.CertificateFile, c.MTLS.KeyFile = ":8444", "a", "b"
		}, nil},
		"a proxy, and no certificate":   {func(c *configs.Config) { proxied(c); c.MTLS.Listen = ":8444" }, []string{"mtls.certificateFile"}},
		"a certificate for no listener": {func(c *configs.Config) { proxied(c); c.MTLS.CertificateFile, c.MTLS.KeyFile = "a", "b" }, []string{"mtls.certificateFile"}},
		"nothing to serve with": {func(c *configs.Config) {
			c.Issuer, c.Listen, c.TLS = "http://localhost", "127.0.0.1:80", nil
		}, []string{"mtls.certificateFile"}},
	} {
		c, err := configs.Parse("x.yaml", []byte(good), noEnv)
		if err != nil {
			t.Fatal(err)
		}
		c.MTLS = &configs.MTLS{Address: "https://mtls.login.example", Listen: ":8444"}
		tc.change(&c)
		var got []string
		for _, f := range c.Validate() {
			got = append(got, f.Path)
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}

func prefix(t *testing.T, text string) configs.Prefix {
	t.Helper()
	p, err := netip.ParsePrefix(text)
	if err != nil {
		t.Fatal(err)
	}
	return configs.Prefix{Prefix: p}
}
