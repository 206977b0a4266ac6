package configs

import (
	"maps"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/hub"
)

// checks collects the faults of a configuration; they carry paths only.
type checks struct{ faults Faults }

func (k *checks) add(path, rule, text string) {
	k.faults = append(k.faults, Fault{Path: path, Text: text, Rule: rule})
}

// Validate lists everything that is wrong with the configuration by itself; nil where nothing is. It opens no file.
func (c Config) Validate() Faults {
	var k checks
	k.issuer(c)
	k.operator(c.Operator)
	k.address("listen", c.Listen)
	k.address("adminListen", c.AdminListen)
	if c.Listen == c.AdminListen && !strings.HasSuffix(c.Listen, ":0") {
		k.add("adminListen", "", "is the same address as listen")
	}
	k.edge(c)
	k.certified(c)
	if c.DataDirectory == "" {
		k.add("dataDirectory", "", "is empty")
	}
	k.database(c.Database)
	k.pair("masterKey.file", c.MasterKey.File, "masterKey.env", c.MasterKey.Env)
	k.oneOf("log.level", c.Log.Level, "debug", "info", "warn", "error")
	k.oneOf("log.format", c.Log.Format, "json", "text")
	k.limits(c.Limits)
	k.rate("rates.login", c.Rates.Login)
	k.rate("rates.client", c.Rates.Client)
	k.outbound(c.Outbound)
	k.span("revocation.lease", c.Revocation.Lease, 50*time.Millisecond, 5*time.Second)
	k.span("logout.timeout", c.Logout.Timeout, time.Second, 30*time.Second)
	k.span("logout.pause", c.Logout.Pause, time.Second, time.Hour)
	k.keys(c.Keys)
	k.span("retention.record", c.Retention.Record, leastKept, 36500*24*time.Hour)
	k.span("retention.consents", c.Retention.Consents, leastKept, 36500*24*time.Hour)
	k.registration(c.Registration)
	k.notices(c.Notices)
	k.registries(c.Registries)
	return k.faults
}

func (k *checks) issuer(c Config) {
	const path, rule = "issuer", "OpenID Connect Discovery section 3"
	u, err := url.Parse(c.Issuer)
	switch {
	case c.Issuer == "":
		k.add(path, rule, "is missing: the https address under which everybody reaches the hub")
	case err != nil || u.Hostname() == "" || u.Opaque != "" || !visible(c.Issuer):
		k.add(path, rule, "is not a URL")
	case u.User != nil || strings.ContainsAny(c.Issuer, "?#"):
		k.add(path, rule, "must have no user, query or fragment")
	case u.Path != "":
		k.add(path, rule, "must have no path, and no slash at the end")
	case c.Issuer != strings.ToLower(c.Issuer):
		k.add(path, rule, "must be in lower case")
	case u.Scheme == "http" && !localhost(u.Hostname()):
		k.add(path, "SES-06", "must be https; http is for localhost only")
	case u.Scheme != "http" && u.Scheme != "https":
		k.add(path, "SES-06", "must be https")
	}
}

// localhost names never leave the machine (RFC 6761 section 6.3), and browsers count them as secure. A bare address does not
// do: browsers refuse cookies of the form __Host- there.
func localhost(host string) bool { return host == "localhost" || strings.HasSuffix(host, ".localhost") }

func (k *checks) operator(o Operator) {
	for _, lang := range o.Names.Missing() {
		k.add("operator.names."+lang, "PRV-08", "is missing")
	}
	for _, lang := range slices.Sorted(maps.Keys(o.Names)) {
		if !slices.Contains(hub.Languages(), lang) {
			k.add("operator.names."+printableKey(lang), "PRV-08", "is not a language of the platform: "+strings.Join(hub.Languages(), ", "))
		}
	}
	if len(o.Office) > 0 {
		for _, lang := range o.Office.Missing() {
			k.add("operator.office."+lang, "PRV-14", "is missing")
		}
		for _, lang := range slices.Sorted(maps.Keys(o.Office)) {
			if !slices.Contains(hub.Languages(), lang) {
				k.add("operator.office."+printableKey(lang), "PRV-14", "is not a language of the platform: "+strings.Join(hub.Languages(), ", "))
			}
		}
	}
	u, err := url.Parse(o.Contact)
	switch {
	case o.Contact == "":
		k.add("operator.contact", "PRV-08", "is missing: where can people and researchers write to?")
	case err != nil || !visible(o.Contact):
		k.add("operator.contact", "PRV-08", "is not a URI")
	case u.Scheme == "https" && u.Host != "" && u.User == nil:
	case (u.Scheme == "mailto" || u.Scheme == "tel") && u.Opaque != "":
	default:
		k.add("operator.contact", "PRV-08", "must be an https, mailto or tel URI")
	}
}

func (k *checks) address(path, s string) {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		k.add(path, "", `must be an address and a port such as "0.0.0.0:8443" or ":8443"`)
		return
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || strconv.FormatUint(n, 10) != port {
		k.add(path, "", "must have a port between 0 and 65535")
	}
	if _, err := netip.ParseAddr(host); err != nil && host != "" && host != "localhost" {
		k.add(path, "", "must name an IP address of this machine, localhost or nothing before the port")
	}
}

// edge holds that browsers reach the hub over TLS, ended either here or by a proxy that is named (SES-06, PRV-10).
func (k *checks) edge(c Config) {
	secure := c.SecureContext()
	switch {
	case c.TLS != nil && c.BehindProxy != nil:
		k.add("behindProxy", "", "can't stand beside tls: either the hub ends TLS or a proxy does")
	case secure && c.TLS == nil && c.BehindProxy == nil:
		k.add("tls", "SES-06", "is missing: an https issuer needs tls, or behindProxy where a proxy ends TLS")
	case !secure && c.TLS != nil && strings.HasPrefix(c.Issuer, "http:"):
		k.add("tls", "", "can't serve an issuer that is http")
	}
	if strings.HasPrefix(c.Issuer, "http:") && !onlyHere(c.Listen) {
		k.add("listen", "SES-06", "must be on 127.0.0.1, [::1] or localhost where the issuer is http")
	}
	if c.TLS != nil {
		if c.TLS.CertificateFile == "" {
			k.add("tls.certificateFile", "", "is missing")
		}
		if c.TLS.KeyFile == "" {
			k.add("tls.keyFile", "", "is missing")
		}
	}
	if c.BehindProxy == nil {
		return
	}
	if len(c.BehindProxy.Trusted) == 0 {
		k.add("behindProxy.trusted", "", "is missing: the networks of the proxies")
	}
	for i, p := range c.BehindProxy.Trusted {
		if p.IsValid() && p.Bits() == 0 {
			k.add("behindProxy.trusted["+strconv.Itoa(i)+"]", "", "would believe everybody")
		}
	}
}

// certified holds that client certificates are asked for where no browser goes, and believed only where TLS ends (RFC 8705, RFC 9440).
func (k *checks) certified(c Config) {
	m := c.MTLS
	if m == nil {
		return
	}
	const path, rule = "mtls.address", "RFC 8705 section 5"
	u, err := url.Parse(m.Address)
	issuer, _ := url.Parse(c.Issuer)
	switch {
	case m.Address == "":
		k.add(path, rule, "is missing: the https address for systems with a certificate")
	case err != nil || u.Scheme != "https" || u.Hostname() == "" || u.Path != "" || u.User != nil || strings.ContainsAny(m.Address, "?#") || !visible(m.Address) ||
		m.Address != strings.ToLower(m.Address):
		k.add(path, rule, "must be https with a host in lower case, and nothing behind it")
	case issuer != nil && u.Host == issuer.Host:
		k.add(path, rule, "must have another host or port than the issuer: browsers would be asked for a certificate")
	}
	if (m.CertificateFile == "") != (m.KeyFile == "") {
		k.add("mtls.keyFile", "", "certificateFile and keyFile go together")
	}
	switch {
	case m.Listen == "" && m.CertificateFile != "":
		k.add("mtls.certificateFile", "RFC 9440", "is for a listener; without one the proxy ends TLS, and hands certificates on")
	case m.Listen == "" && c.BehindProxy == nil:
		k.add("mtls.listen", "", "is missing: an address of its own, on which everybody is asked for a certificate")
	case m.Listen != "":
		k.address("mtls.listen", m.Listen)
		if (m.Listen == c.Listen || m.Listen == c.AdminListen) && !strings.HasSuffix(m.Listen, ":0") {
			k.add("mtls.listen", "", "is the same address as another listener's")
		}
		if c.TLS == nil && m.CertificateFile == "" {
			k.add("mtls.certificateFile", "", "is missing: there is no tls whose certificate could serve")
		}
	}
}

// onlyHere reports whether an address can be reached from this machine only.
func onlyHere(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil || host == "localhost" {
		return true // the first is said elsewhere
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

func (k *checks) database(d Database) {
	k.oneOf("database.driver", d.Driver, SQLite, Postgres)
	k.pair("database.dsnFile", d.DSNFile, "database.dsnEnv", d.DSNEnv)
	dsn := d.DSNFile != "" || d.DSNEnv != ""
	switch {
	case d.Driver == Postgres && !dsn:
		k.add("database.dsnFile", "", "is missing: database.dsnFile or database.dsnEnv must name the place of the DSN")
	case d.Driver == SQLite && dsn:
		k.add("database.driver", "", "must be postgres where a DSN is named")
	}
	if d.Driver == Postgres && d.File != "" {
		k.add("database.file", "", "is for sqlite only")
	}
	if strings.ContainsAny(d.File, "?#") {
		k.add("database.file", "", "must have no '?' and no '#'")
	}
	k.number("database.maxConnections", d.MaxConnections, 2, 1000)
}

// pair checks two keys that name the place of one secret.
func (k *checks) pair(filePath, file, envPath, env string) {
	if file != "" && env != "" {
		k.add(envPath, "", "only one of this and "+filePath+" can be the place")
	}
	if env != "" && !envName.MatchString(env) {
		k.add(envPath, "", "must be the name of an environment variable, not the secret itself")
	}
}

func (k *checks) oneOf(path, s string, words ...string) {
	if !slices.Contains(words, s) {
		k.add(path, "", "must be one of "+strings.Join(words, ", "))
	}
}

func (k *checks) number(path string, n, least, most int) {
	if n < least || n > most {
		k.add(path, "", "must lie between "+strconv.Itoa(least)+" and "+strconv.Itoa(most))
	}
}

func (k *checks) span(path string, d Duration, least, most time.Duration) {
	if time.Duration(d) < least || time.Duration(d) > most {
		k.add(path, "", "must lie between "+Duration(least).String()+" and "+Duration(most).String())
	}
}

func (k *checks) limits(l Limits) {
	k.span("limits.requestTimeout", l.RequestTimeout, 15*time.Second, 5*time.Minute)
	k.span("limits.stopTimeout", l.StopTimeout, time.Second, 10*time.Minute)
	k.number("limits.importMegabytes", l.ImportMegabytes, 1, 64<<10)
	k.number("limits.importKilobytes", l.ImportKilobytes, 1, 10_000)
}

func (k *checks) rate(path string, r Rate) {
	k.number(path+".perMinute", r.PerMinute, 1, 1_000_000)
	k.number(path+".burst", r.Burst, 1, 1_000_000)
}

func (k *checks) outbound(o Outbound) {
	k.span("outbound.timeout", o.Timeout, time.Second, time.Minute)
	for i, p := range o.AllowPrivate {
		if p.IsValid() && p.Bits() == 0 {
			k.add("outbound.allowPrivate["+strconv.Itoa(i)+"]", "", "would allow every address, the machine's own among them")
		}
	}
}

// leastKept is audit.LeastKept: a person looks back over half a year (AUD-01, CON-06). The database refuses less too.
const leastKept = 186 * 24 * time.Hour

// keys: relying parties keep the published keys for hours, so a signing key must be seen a while before it signs.
func (k *checks) keys(s Keys) {
	k.span("keys.signFor", s.SignFor, 24*time.Hour, 400*24*time.Hour)
	k.span("keys.signLead", s.SignLead, time.Hour, 30*24*time.Hour)
	if s.SignLead >= s.SignFor {
		k.add("keys.signLead", "", "must be shorter than keys.signFor")
	}
	k.span("keys.samlFor", s.SAMLFor, 180*24*time.Hour, 5*365*24*time.Hour)
	k.span("keys.samlLead", s.SAMLLead, 7*24*time.Hour, 365*24*time.Hour)
	if s.SAMLLead >= s.SAMLFor {
		k.add("keys.samlLead", "", "must be shorter than keys.samlFor")
	}
	k.span("keys.sealFor", s.SealFor, 2*time.Hour, 30*24*time.Hour)
	if !slices.Contains([]int{2048, 3072, 4096}, s.RSABits) {
		k.add("keys.rsaBits", "", "must be 2048, 3072 or 4096")
	}
}

// visible reports whether s is ASCII without spaces and control characters.
func visible(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}
