package federationsql

import (
	"time"

	"onedoor/federation"
)

type samlRow struct {
	EntityID       string   `json:"entity_id"`
	MetadataURL    string   `json:"metadata_url,omitempty"`
	MetadataFile   string   `json:"metadata_file,omitempty"`
	MetadataInline string   `json:"metadata_inline,omitempty"`
	MetadataPins   []string `json:"metadata_pins,omitempty"` // PEM
	SPEntityID     string   `json:"sp_entity_id,omitempty"`
	RequestBinding string   `json:"request_binding,omitempty"`
	Comparison     string   `json:"comparison,omitempty"`
	SignedResponse bool     `json:"signed_response,omitempty"`
	Encrypted      bool     `json:"encrypted,omitempty"`
	AllowCBC       bool     `json:"allow_cbc,omitempty"`
	NameID         string   `json:"name_id,omitempty"`
	Subject        string   `json:"subject,omitempty"`
	ClockSkew      int64    `json:"clock_skew_ns,omitempty"`
	Unsolicited    bool     `json:"unsolicited,omitempty"`
	Landing        string   `json:"landing,omitempty"`
	EncryptedNames bool     `json:"encrypted_names,omitempty"`
}

func writeSAML(s *federation.SAML) *samlRow {
	if s == nil {
		return nil
	}
	m := s.Metadata
	return &samlRow{
		EntityID: s.EntityID, MetadataURL: m.URL, MetadataFile: m.File, MetadataInline: m.Inline, MetadataPins: m.Pins,
		SPEntityID: s.SPEntityID, RequestBinding: s.RequestBinding, Comparison: s.Comparison, SignedResponse: s.SignedResponse,
		Encrypted: s.Encrypted, AllowCBC: s.AllowCBC, NameID: s.NameID, Subject: s.Subject, ClockSkew: int64(s.ClockSkew),
		Unsolicited: s.Unsolicited, Landing: s.Landing, EncryptedNames: s.EncryptedNames,
	}
}

func readSAML(r *samlRow) *federation.SAML {
	if r == nil {
		return nil
	}
	return &federation.SAML{
		EntityID:   r.EntityID,
		Metadata:   federation.SAMLMetadata{URL: r.MetadataURL, File: r.MetadataFile, Inline: r.MetadataInline, Pins: r.MetadataPins},
		SPEntityID: r.SPEntityID, RequestBinding: r.RequestBinding, Comparison: r.Comparison, SignedResponse: r.SignedResponse,
		Encrypted: r.Encrypted, AllowCBC: r.AllowCBC, NameID: r.NameID, Subject: r.Subject, ClockSkew: time.Duration(r.ClockSkew),
		Unsolicited: r.Unsolicited, Landing: r.Landing, EncryptedNames: r.EncryptedNames,
	}
}
