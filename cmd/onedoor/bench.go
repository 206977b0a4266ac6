package main

import (
	"crypto/x509"
	"errors"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"onedoor/cmd/onedoor/app"
	"onedoor/cmd/onedoor/bench"
	"onedoor/hub"
)

func benchCommand(p app.Process) *cobra.Command {
	c := &cobra.Command{
		Use:   "bench --issuer URL --client ID",
		Short: "Measure an OpenID provider on this machine",
		Long: "Measure an OpenID provider, whichever it is: rates and latencies of introspection, logins, refresh and sign-out, in a closed loop. " +
			"It refuses addresses of other machines unless --remote says that they are meant.\n\n" +
			"Scenarios: " + strings.Join(bench.Scenarios(), ", ") + ".",
		Args: cobra.NoArgs,
	}
	o := bench.Options{Clock: p.Clock, Random: p.Random}
	f := c.Flags()
	f.StringVar(&o.Issuer, "issuer", "", "issuer (required)")
	f.StringVar(&o.Client, "client", "", "client id (required)")
	secret := f.String("secret-env", "", "environment variable with the client's secret")
	token := f.String("token-env", "", "environment variable with an access token to ask about, instead of one from a login")
	f.StringVar(&o.Redirect, "redirect-uri", "", "the client's redirect URI, for scenarios with a login; nobody has to listen there")
	f.StringVar(&o.Scope, "scope", "openid", "scope of the logins")
	f.StringVar(&o.Provider, "provider", "", "identity provider to choose on the page (default: the first)")
	f.StringVar(&o.Person, "person", "", "person to be at a stand-in (default: the first)")
	f.StringSliceVar(&o.Scenarios, "scenario", nil, "what to measure (default: everything)")
	f.IntVar(&o.Concurrency, "concurrency", 32, "workers")
	f.DurationVar(&o.Duration, "duration", 0, "time for each scenario (default 10s)")
	f.IntVar(&o.Batch, "batch", 100, "tokens in one call of introspect-batch")
	f.IntVar(&o.Logins, "logins", 0, "full logins to begin each second while introspection is measured")
	f.IntVar(&o.Server, "server-pid", 0, "process of the provider on this machine, to tell its CPU time for each call")
	f.BoolVar(&o.Remote, "remote", false, "load another machine: only with the consent of those who run it")
	roots := f.String("ca", "", "file with the certificates to trust (default: those of the system)")
	asJSON := f.Bool("json", false, "write JSON")
	for _, name := range []string{"issuer", "client"} {
		if err := c.MarkFlagRequired(name); err != nil {
			panic(err) // the flag is there: see above
		}
	}
	c.RunE = func(c *cobra.Command, _ []string) error {
		for name, to := range map[string]*string{*secret: &o.Secret, *token: &o.Token} {
			if name == "" {
				continue
			}
			value, ok := p.Env(name)
			if !ok {
				return errors.New("the environment has no " + name)
			}
			*to = value
		}
		if *roots != "" {
			pem, err := os.ReadFile(*roots)
			if err != nil {
				return err
			}
			o.Roots = x509.NewCertPool()
			if !o.Roots.AppendCertsFromPEM(pem) {
				return hub.Errorf("bench", hub.Invalid, "no certificate in "+*roots)
			}
		}
		report, err := bench.Run(c.Context(), o)
		if len(report.Results) > 0 {
			write := report.Text
			if *asJSON {
				write = report.JSON
			}
			err = errors.Join(err, write(p.Out))
		}
		return err
	}
	return c
}
