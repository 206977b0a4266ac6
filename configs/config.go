package configs

import (
	"net/netip"
	"net/url"
	"path/filepath"
	"time"

	"onedoor/hub"
)

// Config is the configuration of `onedoor serve`. What it does not say has a safe default ([Default]).
type Config struct {
	Issuer        string       `yaml:"issuer"`
	Operator      Operator     `yaml:"operator"`
	Listen        string       `yaml:"listen"`
	AdminListen   string       `yaml:"adminListen"`
	TLS           *TLS         `yaml:"tls"`
	BehindProxy   *BehindProxy `yaml:"behindProxy"`
	MTLS          *MTLS        `yaml:"mtls"`
	DataDirectory string       `yaml:"dataDirectory"`
	Database      Database     `yaml:"database"`
	MasterKey     MasterKey    `yaml:"masterKey"`
	Log           Log          `yaml:"log"`
	Limits        Limits       `yaml:"limits"`
	Rates         Rates        `yaml:"rates"`
	Outbound      Outbound     `yaml:"outbound"`
	Revocation    Revocation   `yaml:"revocation"`
	Logout        Logout       `yaml:"logout"`
	Keys          Keys         `yaml:"keys"`
	// Registration is nil where developers can't register sandboxes by themselves.
	Registration *Registration `yaml:"registration"`
	// Notices is nil where people can be told of their account by no other way than its page.
	Notices *Notices `yaml:"notices"`
	Staff   Staff    `yaml:"staff"`
	// Registries are the company registries; where there is none for a kind of numbers, staff decide who represents an entity.
	Registries []Registry `yaml:"registries"`
	Retention  Retention  `yaml:"retention"`
}

// Retention says how long the hub keeps what only ever grows (OPS-02). Nothing here can be shorter than the law wants it.
type Retention struct {
	Record   Duration `yaml:"record"`   // events of the record
	Consents Duration `yaml:"consents"` // what people decided and have decided anew since
}

// Staff governs who works for departments and for the platform.
type Staff struct {
	// FourEyes has a post count only when a second person has confirmed it, and a system go live only by somebody else than who proposed it; what
	// the command line gives counts at once.
	FourEyes bool `yaml:"fourEyes"`
}

// Operator is the authority that runs the hub: the privacy page names it (PRV-08).
type Operator struct {
	Names   hub.Text `yaml:"names"`
	Contact string   `yaml:"contact"` // https, mailto or tel URI
	Office  hub.Text `yaml:"office"`  // where people can go in person (PRV-14); may be left out
}

// TLS are the certificate and key that the hub serves with. They are read again when the process gets SIGHUP.
type TLS struct {
	CertificateFile string `yaml:"certificateFile"`
	KeyFile         string `yaml:"keyFile"`
}

// BehindProxy says that somebody else ends TLS in front of the hub.
type BehindProxy struct {
	// Trusted are the networks of the proxies, whose X-Forwarded-For is believed.
	Trusted []Prefix `yaml:"trusted"`
}

// MTLS is where systems reach the hub that prove themselves by a TLS client certificate (RFC 8705); nil where none can.
type MTLS struct {
	Address string `yaml:"address"` // https, another host or port than the issuer's
	// Listen is a listener of its own, where TLS ends here, behind a proxy or not; "" where the proxy hands certificates on (RFC 9440).
	Listen          string `yaml:"listen"`
	CertificateFile string `yaml:"certificateFile"` // of that listener; those of tls where empty
	KeyFile         string `yaml:"keyFile"`
	// AuthoritiesFile holds the certificates, in PEM, of the authorities that vouch for systems of the method tls_client_auth.
	AuthoritiesFile string `yaml:"authoritiesFile"`
}

// Pair gives the certificate and key of the listener for client certificates.
func (c Config) Pair() TLS {
	if c.MTLS.CertificateFile != "" || c.TLS == nil {
		return TLS{c.MTLS.CertificateFile, c.MTLS.KeyFile}
	}
	return *c.TLS
}

// The database drivers.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Database says where everything that lasts is kept.
type Database struct {
	Driver         string `yaml:"driver"`
	File           string `yaml:"file"`    // sqlite; default onedoor.db in the data directory
	DSNFile        string `yaml:"dsnFile"` // postgres; a DSN holds a password and so is a secret
	DSNEnv         string `yaml:"dsnEnv"`
	MaxConnections int    `yaml:"maxConnections"` // postgres
	Migrate        bool   `yaml:"migrate"`        // bring the schema up to date at start
}

// MasterKey says where the master key is. With neither, it is the file master.key in the data directory.
type MasterKey struct {
	File string `yaml:"file"`
	Env  string `yaml:"env"`
}

// Log says what is logged and how.
type Log struct {
	Level  string `yaml:"level"`  // debug, info, warn, error
	Format string `yaml:"format"` // json, text
}

// Limits bound what one request may cost.
type Limits struct {
	RequestTimeout Duration `yaml:"requestTimeout"`
	StopTimeout    Duration `yaml:"stopTimeout"` // for the requests under way when the process is told to stop
	// ImportMegabytes is the size of the longest file of record keys that the API takes, ImportKilobytes how many of them must come a second.
	ImportMegabytes int `yaml:"importMegabytes"`
	ImportKilobytes int `yaml:"importKilobytes"`
}

// Rates limit where flooding pays, per client network (/24 of IPv4, /48 of IPv6), on each node. Nothing here can be guessed: every
// secret has 256 bits. So the limit is wide enough for a mobile operator whose customers share few addresses.
type Rates struct {
	Login  Rate `yaml:"login"`  // starting and continuing logins
	Client Rate `yaml:"client"` // failed authentications of one system; ten times as many of all systems of one network
}

// Rate is a token bucket.
type Rate struct {
	PerMinute int `yaml:"perMinute"`
	Burst     int `yaml:"burst"`
}

// Outbound governs the calls that the hub makes.
type Outbound struct {
	// AllowPrivate are networks that the hub may call although they are private, loopback or link-local: departments and
	// identity providers inside the government network. Everything else of that kind is refused.
	AllowPrivate []Prefix `yaml:"allowPrivate"`
	Timeout      Duration `yaml:"timeout"`
}

// Revocation governs how soon every node knows of an end (architecture D2).
type Revocation struct {
	Lease Duration `yaml:"lease"`
}

// Logout governs how whoever takes part in a session is told that it has ended.
type Logout struct {
	Timeout Duration `yaml:"timeout"` // of one try; a node that dies leaves what it had begun to the others for three times as long
	Pause   Duration `yaml:"pause"`   // the longest between two tries
}

// Keys governs the rotation of the hub's own keys.
type Keys struct {
	SignFor  Duration `yaml:"signFor"`  // how long a signing key signs
	SignLead Duration `yaml:"signLead"` // how long it is published before
	SealFor  Duration `yaml:"sealFor"`  // how long a key seals access tokens
	SAMLFor  Duration `yaml:"samlFor"`  // how long a key signs SAML messages and is encrypted for
	SAMLLead Duration `yaml:"samlLead"` // how long its successor stands beside it in the metadata
	RSABits  int      `yaml:"rsaBits"`  // for systems that ask for RSA
}

// Default gives the configuration that an empty file means. It is not valid: issuer, operator and the way to TLS have no default.
func Default() Config {
	return Config{
		Listen:        ":8443",
		AdminListen:   "127.0.0.1:9443",
		DataDirectory: "data",
		Database:      Database{Driver: SQLite, MaxConnections: 16, Migrate: true},
		Log:           Log{Level: "info", Format: "json"},
		Limits: Limits{
			RequestTimeout: Duration(30 * time.Second),
			StopTimeout:    Duration(20 * time.Second),

			ImportMegabytes: 1024,
			ImportKilobytes: 16,
		},
		Rates:      Rates{Login: Rate{PerMinute: 3000, Burst: 500}, Client: Rate{PerMinute: 30, Burst: 30}},
		Staff:      Staff{FourEyes: true},
		Outbound:   Outbound{Timeout: Duration(12 * time.Second)},
		Revocation: Revocation{Lease: Duration(500 * time.Millisecond)},
		Retention:  Retention{Record: Duration(2 * 365 * 24 * time.Hour), Consents: Duration(2 * 365 * 24 * time.Hour)},
		Logout:     Logout{Timeout: Duration(5 * time.Second), Pause: Duration(10 * time.Minute)},
		Keys: Keys{
			SignFor:  Duration(90 * 24 * time.Hour),
			SignLead: Duration(24 * time.Hour),
			SealFor:  Duration(24 * time.Hour),
			SAMLFor:  Duration(3 * 365 * 24 * time.Hour),
			SAMLLead: Duration(90 * 24 * time.Hour),
			RSABits:  2048,
		},
	}
}

// Prefix is a network: 10.0.0.0/8, or one address.
type Prefix struct{ netip.Prefix }

func (p *Prefix) scan(text string) error {
	if a, err := netip.ParseAddr(text); err == nil && a.Zone() == "" {
		p.Prefix = netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen())
		return nil
	}
	q, err := netip.ParsePrefix(text)
	if err != nil {
		return errNetwork
	}
	if q != q.Masked() {
		return errNetworkBits
	}
	p.Prefix = q
	return nil
}

// SecureContext reports whether browsers reach the hub over TLS. It is false only for http://localhost and the like.
func (c Config) SecureContext() bool {
	u, err := url.Parse(c.Issuer)
	return err == nil && u.Scheme == "https"
}

// DatabaseFile gives the file of SQLite; "" for PostgreSQL.
func (c Config) DatabaseFile() string {
	switch {
	case c.Database.Driver != SQLite:
		return ""
	case c.Database.File != "":
		return c.Database.File
	default:
		return filepath.Join(c.DataDirectory, "onedoor.db")
	}
}

// DSN gives the address of the database as hub/sqldb reads it. It reads the file or variable that holds the one of
// PostgreSQL; the error names the place and never the DSN.
func (c Config) DSN(env LookupEnv) (string, error) {
	if c.Database.Driver == SQLite {
		return "sqlite:" + c.DatabaseFile(), nil
	}
	return SecretSource{File: c.Database.DSNFile, Env: c.Database.DSNEnv}.Read(env)
}

// MasterKeySource tells where the master key is, and whether the configuration says so itself.
func (c Config) MasterKeySource() (source SecretSource, explicit bool) {
	if c.MasterKey != (MasterKey{}) {
		return SecretSource(c.MasterKey), true
	}
	return SecretSource{File: filepath.Join(c.DataDirectory, "master.key")}, false
}
