package app

import (
	"crypto/tls"
	"errors"
	"os"

	"onedoor/configs"
	"onedoor/hub"
)

// CheckFiles looks at what a configuration names, beyond its form: that the data directory is there and nobody else's to
// enter, that certificate and key belong together, that the secrets can be read. It lists everything that is wrong and
// changes nothing. Invalid.
func CheckFiles(cfg configs.Config, p Process) error {
	var faults []error
	add := func(text string) { faults = append(faults, errors.New(text)) }
	switch info, err := os.Stat(cfg.DataDirectory); {
	case err != nil || !info.IsDir():
		add("dataDirectory: " + cfg.DataDirectory + " is not a folder that can be entered: mkdir -m 0700, as the user that the hub runs as")
	case info.Mode().Perm()&0o077 != 0:
		add("dataDirectory: " + cfg.DataDirectory + " is open to others (mode " + info.Mode().Perm().String() + "): chmod 0700")
	}
	if t := cfg.TLS; t != nil {
		if _, err := tls.LoadX509KeyPair(t.CertificateFile, t.KeyFile); err != nil {
			add("tls: certificate and key can't be used: " + err.Error())
		}
	}
	if m := cfg.MTLS; m != nil {
		if pair := cfg.Pair(); m.Listen != "" && m.CertificateFile != "" {
			if _, err := tls.LoadX509KeyPair(pair.CertificateFile, pair.KeyFile); err != nil {
				add("mtls: certificate and key can't be used: " + err.Error())
			}
		}
		if _, err := authorities(m.AuthoritiesFile); err != nil {
			add("mtls: the authorities can't be read: " + err.Error())
		}
	}
	if _, err := cfg.DSN(p.Env); err != nil {
		add("database: " + err.Error())
	}
	if source, explicit := cfg.MasterKeySource(); explicit || cfg.DatabaseFile() == "" || exists(cfg.DatabaseFile()) {
		if _, err := source.Read(p.Env); err != nil {
			add("masterKey: " + err.Error())
		} else if _, err := MasterKeys(cfg, p); err != nil {
			add(err.Error())
		}
	}
	if n := cfg.Notices; n != nil {
		if n.SMTP != nil && !n.SMTP.Password().IsZero() {
			if _, err := n.SMTP.Password().Read(p.Env); err != nil {
				add("notices.smtp: the password: " + err.Error())
			}
		}
		if n.SMS != nil {
			if _, err := n.SMS.Secret().Read(p.Env); err != nil {
				add("notices.sms: the secret: " + err.Error())
			}
		}
	}
	if len(faults) > 0 {
		return hub.E("app.CheckFiles", hub.Invalid, errors.Join(faults...))
	}
	return nil
}
