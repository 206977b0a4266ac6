package configs

import (
	"errors"
	"strings"
)

// errNetwork and errNetworkBits say what is wrong with a network.
var (
	errNetwork     = errors.New("must be a network such as 10.0.0.0/8, or an address")
	errNetworkBits = errors.New("must have no bits set behind its length")
)

// override is an environment variable that goes before the file.
type override struct {
	name string
	path string
	set  func(c *Config, text string)
}

// overrides is the whole list. Everything else, secrets aside, is in the file, where it can be reviewed.
func overrides() []override {
	return []override{
		{"ONEDOOR_ISSUER", "issuer", func(c *Config, s string) { c.Issuer = s }},
		{"ONEDOOR_LISTEN", "listen", func(c *Config, s string) { c.Listen = s }},
		{"ONEDOOR_ADMIN_LISTEN", "adminListen", func(c *Config, s string) { c.AdminListen = s }},
		{"ONEDOOR_DATA_DIRECTORY", "dataDirectory", func(c *Config, s string) { c.DataDirectory = s }},
		{"ONEDOOR_LOG_LEVEL", "log.level", func(c *Config, s string) { c.Log.Level = s }},
		{"ONEDOOR_LOG_FORMAT", "log.format", func(c *Config, s string) { c.Log.Format = s }},
	}
}

// Overrides lists the environment variables that go before the file.
func Overrides() []string {
	var names []string
	for _, o := range overrides() {
		names = append(names, o.name)
	}
	return names
}

// Load reads a configuration file, applies the environment and checks everything that can be known without opening other
// files. All faults come together as [Faults].
func Load(file string, env LookupEnv) (Config, error) {
	data, err := readFile(file)
	if err != nil {
		return Config{}, Faults{{File: file, Text: reason(err)}}
	}
	return Parse(file, data, env)
}

// Parse is Load for what has been read already; file is its name, from whose folder relative paths count.
func Parse(file string, data []byte, env LookupEnv) (Config, error) {
	var faults Faults
	c := Default()
	docs := parse(file, data, &faults)
	var d *document
	switch {
	case len(docs) == 1:
		d = docs[0]
		d.decode(&c)
	case len(docs) > 1:
		docs[1].fault("", "", "a configuration is one document; the second begins here")
	case len(faults) == 0:
		faults = append(faults, Fault{File: file, Text: "is empty"})
	}
	if d == nil {
		return Config{}, faults.err()
	}
	c.DataDirectory = beside(file, c.DataDirectory)
	if m := c.MTLS; m != nil {
		m.CertificateFile, m.KeyFile, m.AuthoritiesFile = beside(file, m.CertificateFile), beside(file, m.KeyFile), beside(file, m.AuthoritiesFile)
	}
	if c.TLS != nil {
		c.TLS.CertificateFile = beside(file, c.TLS.CertificateFile)
		c.TLS.KeyFile = beside(file, c.TLS.KeyFile)
	}
	c.Database.File = beside(file, c.Database.File)
	c.Database.DSNFile = beside(file, c.Database.DSNFile)
	c.MasterKey.File = beside(file, c.MasterKey.File)
	if n := c.Notices; n != nil && n.SMTP != nil {
		n.SMTP.PasswordFile = beside(file, n.SMTP.PasswordFile)
	}
	if n := c.Notices; n != nil && n.SMS != nil {
		n.SMS.SecretFile = beside(file, n.SMS.SecretFile)
	}

	said := map[string]string{}
	for _, o := range overrides() {
		if text, ok := env(o.name); ok && strings.TrimSpace(text) != "" {
			o.set(&c, strings.TrimSpace(text))
			said[o.path] = o.name
			delete(d.bad, o.path)
		}
	}
	for _, f := range c.Validate() {
		if name, ok := said[f.Path]; ok {
			faults = append(faults, Fault{File: "environment", Path: name, Text: f.Text, Rule: f.Rule})
			continue
		}
		d.found(f.Path, f.Rule, f.Text)
	}
	if err := faults.err(); err != nil {
		return Config{}, err
	}
	return c, nil
}
