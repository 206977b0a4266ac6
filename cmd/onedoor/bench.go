package main

import (
	"bytes"
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
			"Scenarios: " + strings.Join(bench.Scenarios(), ", ") + ".\n\n" +
			"logout-told signs people in at participants that this command plays itself, signs them out and measures until all were told. Declare them " +
			"first: onedoor bench --participants 50 --prepare bench.yaml, then onedoor apply.",
		Args: cobra.NoArgs,
	}
	o := bench.Options{Clock: p.Clock, Random: p.Random}
	f := c.Flags()
	f.StringVar(&o.Issuer, "issuer", "", "issuer (required)")
	f.StringVar(&o.Client, "client", "", "client id (required, but for logout-told alone)")
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
	f.IntVar(&o.Participants, "participants", 0, "for logout-told: systems that this command plays itself, on ports of their own")
	f.IntVar(&o.Port, "participants-port", 20000, "the first of those ports")
	f.IntVar(&o.Hanging, "hanging", 0, "so many of the participants never answer")
	f.IntVar(&o.Logouts, "logouts", 0, "sign-outs to begin each second, with 0 one after the other")
	prepare := f.String("prepare", "", "write the participants' objects for onedoor apply into this file, and do nothing else")
	f.IntVar(&o.Server, "server-pid", 0, "process of the provider on this machine, to tell its CPU time for each call")
	f.BoolVar(&o.Remote, "remote", false, "load another machine: only with the consent of those who run it")
	roots := f.String("ca", "", "file with the certificates to trust (default: those of the system)")
	asJSON := f.Bool("json", false, "write JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if *prepare != "" {
			return writeObjects(*prepare, o)
		}
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

// writeObjects writes the declaration of the participants.
func writeObjects(name string, o bench.Options) error {
	var text bytes.Buffer
	if err := bench.Objects(&text, o); err != nil {
		return err
	}
	return os.WriteFile(name, text.Bytes(), 0o600)
}
