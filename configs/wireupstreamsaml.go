package configs

import (
	"time"

	"onedoor/federation"
)

type upstreamSAMLForm struct {
	EntityID       string             `yaml:"entityID"`
	Metadata       upstreamSAMLSource `yaml:"metadata"`
	SPEntityID     string             `yaml:"spEntityID"`
	RequestBinding string             `yaml:"requestBinding"`
	Comparison     string             `yaml:"comparison"`
	SignedResponse bool               `yaml:"signedResponse"`
	Encrypted      bool               `yaml:"encrypted"`
	AllowCBC       bool               `yaml:"allowCBC"`
	NameID         string             `yaml:"nameID"`
	Subject        string             `yaml:"subject"`
	ClockSkew      Duration           `yaml:"clockSkew"`
	Unsolicited    bool               `yaml:"unsolicited"`
	Landing        string             `yaml:"landing"`
	EncryptedNames bool               `yaml:"encryptedNames"`
}

type upstreamSAMLSource struct {
	URL    string   `yaml:"url"`
	File   string   `yaml:"file"`
	Inline string   `yaml:"inline"`
	Pins   []string `yaml:"pins"`
}

func (f *upstreamSAMLForm) settings() *federation.SAML {
	if f == nil {
		return nil
	}
	m := f.Metadata
	return &federation.SAML{
		EntityID:       f.EntityID,
		Metadata:       federation.SAMLMetadata{URL: m.URL, File: m.File, Inline: m.Inline, Pins: m.Pins},
		SPEntityID:     f.SPEntityID,
		RequestBinding: f.RequestBinding,
		Comparison:     f.Comparison,
		SignedResponse: f.SignedResponse,
		Encrypted:      f.Encrypted,
		AllowCBC:       f.AllowCBC,
		NameID:         f.NameID,
		Subject:        f.Subject,
		ClockSkew:      time.Duration(f.ClockSkew),
		Unsolicited:    f.Unsolicited,
		Landing:        f.Landing,
		EncryptedNames: f.EncryptedNames,
	}
}

func upstreamSAMLOf(s *federation.SAML) *upstreamSAMLForm {
	if s == nil {
		return nil
	}
	m := s.Metadata
	return &upstreamSAMLForm{
		EntityID:       s.EntityID,
		Metadata:       upstreamSAMLSource{URL: m.URL, File: m.File, Inline: m.Inline, Pins: m.Pins},
		SPEntityID:     s.SPEntityID,
		RequestBinding: s.RequestBinding,
		Comparison:     s.Comparison,
		SignedResponse: s.SignedResponse,
		Encrypted:      s.Encrypted,
		AllowCBC:       s.AllowCBC,
		NameID:         s.NameID,
		Subject:        s.Subject,
		ClockSkew:      Duration(s.ClockSkew),
		Unsolicited:    s.Unsolicited,
		Landing:        s.Landing,
		EncryptedNames: s.EncryptedNames,
	}
}
