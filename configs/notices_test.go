package configs_test

import (
	"strings"
	"testing"

	"onedoor/configs"
)

func TestNoticesAreOffUnlessConfigured(t *testing.T) {
	t.Parallel()
	c, err := configs.Parse("f.yaml", []byte(beforeRegistration), noEnv)
	if err != nil || c.Notices != nil {
		t.Fatalf("%v, %+v", err, c.Notices)
	}
	c, err = configs.Parse("conf/f.yaml", []byte(beforeRegistration+`notices:
  smtp: {host: mail.example, from: no-reply@login.example, username: onedoor, passwordFile: secrets/smtp}
  sms: {url: "https://sms.example/send", secretEnv: SMS_SECRET}
`), noEnv)
	if err != nil || c.Notices.SMTP.Gate() != 587 || c.Notices.SMTP.Way() != "starttls" || c.Notices.SMS.Country() != "66" {
		t.Fatalf("%v, %+v", err, c.Notices)
	}
	if got := c.Notices.SMTP.Password().File; got != "conf/secrets/smtp" {
		t.Errorf("the password is in %s", got)
	}
}

func TestNoticesFaults(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{}":                                  "notices: names neither",
		"{smtp: {from: a@b.co}}":              "notices.smtp.host: ",
		"{smtp: {host: 'a b', from: a@b.co}}": "notices.smtp.host: ",
		"{smtp: {host: mail.example}}":        "notices.smtp.from: ",
		"{smtp: {host: mail.example, from: 'Agency <a@b.co>'}}":                                        "notices.smtp.from: ",
		"{smtp: {host: mail.example, from: a@b.co, security: none}}":                                   "notices.smtp.security: can be none only",
		"{smtp: {host: mail.example, from: a@b.co, security: maybe}}":                                  "notices.smtp.security: must be one of",
		"{smtp: {host: localhost, from: a@b.co, security: none, username: a, passwordEnv: B}}":         "notices.smtp.username: can't go",
		"{smtp: {host: mail.example, from: a@b.co, username: a}}":                                      "notices.smtp.passwordFile: is missing",
		"{smtp: {host: mail.example, from: a@b.co, passwordEnv: B}}":                                   "notices.smtp.username: is missing",
		"{smtp: {host: mail.example, from: a@b.co, username: a, passwordEnv: B, passwordFile: c}}":     "notices.smtp.passwordEnv: only one",
		"{smtp: {host: mail.example, from: a@b.co, port: 70000}}":                                      "notices.smtp.port: ",
		"{smtp: {host: mail.example, from: a@b.co, timeout: 10m}}":                                     "notices.smtp.timeout: ",
		"{sms: {url: 'http://sms.example/', secretEnv: B}}":                                            "notices.sms.url: ",
		"{sms: {url: 'https://sms.example/'}}":                                                         "notices.sms.secretFile: is missing",
		"{sms: {url: 'https://sms.example/', secretEnv: B, callingCode: '+66'}}":                       "notices.sms.callingCode: ",
		"{sms: {url: 'https://sms.example/', secretEnv: B, secret: 0123456789abcdef0123456789abcdef}}": "notices.sms.secret: is unknown",
	} {
		_, err := configs.Parse("f.yaml", []byte(beforeRegistration+"notices: "+text+"\n"), noEnv)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		} else if n := strings.Count(err.Error(), "\n"); n != 0 {
			t.Errorf("%s: %d faults more:\n%v", text, n, err)
		}
	}
}
