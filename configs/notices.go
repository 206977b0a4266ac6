package configs

import (
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Notices says how people are told of their account (AUD-09). Without a section nobody can give an address, and notices wait.
type Notices struct {
	SMTP *SMTP `yaml:"smtp"`
	SMS  *SMS  `yaml:"sms"`
}

// SMTP is the mail server that takes the hub's mail.
type SMTP struct {
	Host         string   `yaml:"host"`
	Port         int      `yaml:"port"`         // 587 where zero, 465 with TLS from the first byte
	Security     string   `yaml:"security"`     // starttls where empty, implicit, or none: on this machine only
	From         string   `yaml:"from"`         // the sender's address
	Username     string   `yaml:"username"`     // with its password: none where the server knows us by our address
	PasswordFile string   `yaml:"passwordFile"` //
	PasswordEnv  string   `yaml:"passwordEnv"`
	Timeout      Duration `yaml:"timeout"` // for one mail; 20 s where zero
}

// SMS is the gateway that takes the hub's text messages.
type SMS struct {
	URL         string `yaml:"url"`
	SecretFile  string `yaml:"secretFile"`
	SecretEnv   string `yaml:"secretEnv"`
	CallingCode string `yaml:"callingCode"` // for numbers that people type without one; 66 where empty
}

// Way gives how the line is protected.
func (s SMTP) Way() string {
	if s.Security == "" {
		return "starttls"
	}
	return s.Security
}

// Gate gives the port.
func (s SMTP) Gate() int {
	switch {
	case s.Port != 0:
		return s.Port
	case s.Security == "implicit":
		return 465
	default:
		return 587
	}
}

// Password tells where the password is; the zero value where there is none.
func (s SMTP) Password() SecretSource { return SecretSource{File: s.PasswordFile, Env: s.PasswordEnv} }

// Secret tells where the secret is that signs requests to the gateway.
func (s SMS) Secret() SecretSource { return SecretSource{File: s.SecretFile, Env: s.SecretEnv} }

// Country gives the calling code.
func (s SMS) Country() string {
	if s.CallingCode == "" {
		return "66"
	}
	return s.CallingCode
}

func (k *checks) notices(n *Notices) {
	if n == nil {
		return
	}
	if n.SMTP == nil && n.SMS == nil {
		k.add("notices", "AUD-09", "names neither smtp nor sms")
	}
	k.smtp(n.SMTP)
	if s := n.SMS; s != nil {
		u, err := url.Parse(s.URL)
		if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Fragment != "" || !visible(s.URL) {
			k.add("notices.sms.url", "", "must be an https URL")
		}
		k.pair("notices.sms.secretFile", s.SecretFile, "notices.sms.secretEnv", s.SecretEnv)
		if s.Secret().IsZero() {
			k.add("notices.sms.secretFile", "", "is missing: notices.sms.secretFile or notices.sms.secretEnv must name the place of the secret")
		}
		if c := s.Country(); len(c) > 3 || strings.Trim(c, "0123456789") != "" || c[0] == '0' {
			k.add("notices.sms.callingCode", "ITU-T E.164", `must be a calling code such as "66"`)
		}
	}
}

func (k *checks) smtp(s *SMTP) {
	const at = "notices.smtp."
	if s == nil {
		return
	}
	here := s.Host == "localhost"
	if a, err := netip.ParseAddr(s.Host); err == nil {
		here = a.IsLoopback()
	} else if s.Host == "" || !visible(s.Host) || strings.ContainsAny(s.Host, "/@:") || net.ParseIP(s.Host) != nil {
		k.add(at+"host", "", "must be the name or the IP address of the mail server")
	}
	k.oneOf(at+"security", s.Way(), "starttls", "implicit", "none")
	k.number(at+"port", s.Gate(), 1, 65535)
	if s.Way() == "none" && !here {
		k.add(at+"security", "PRV-10", "can be none only for a mail server on this machine")
	}
	local, domain, found := strings.Cut(s.From, "@")
	if !found || local == "" || !strings.Contains(domain, ".") || !visible(s.From) || strings.ContainsAny(s.From, "<>,;\"") {
		k.add(at+"from", "RFC 5321", "must be the address that the mail comes from")
	}
	k.pair(at+"passwordFile", s.PasswordFile, at+"passwordEnv", s.PasswordEnv)
	switch secret := !s.Password().IsZero(); {
	case s.Username != "" && !secret:
		k.add(at+"passwordFile", "", "is missing: a username needs a password")
	case s.Username == "" && secret:
		k.add(at+"username", "", "is missing: a password needs a username")
	case s.Username != "" && s.Way() == "none":
		k.add(at+"username", "PRV-10", "can't go over a line without TLS")
	}
	if s.Timeout != 0 {
		k.span(at+"timeout", s.Timeout, time.Second, time.Minute)
	}
}
