package tenantsql

import (
	"onedoor/hub"
	"onedoor/tenants"
)

type samlRow struct {
	EntityID              string                       `json:"entity_id,omitempty"`
	MetadataURL           string                       `json:"metadata_url,omitempty"`
	MetadataKeys          [][]byte                     `json:"metadata_keys,omitempty"`
	Metadata              string                       `json:"metadata,omitempty"`
	ACS                   []endpointRow                `json:"acs,omitempty"`
	Logout                []logoutRow                  `json:"logout,omitempty"`
	Certificates          [][]byte                     `json:"certificates,omitempty"`
	EncryptionCertificate []byte                       `json:"encryption_certificate,omitempty"`
	NameIDFormat          string                       `json:"name_id_format,omitempty"`
	SignedRequests        bool                         `json:"signed_requests,omitempty"`
	IDPInitiated          bool                         `json:"idp_initiated,omitempty"`
	RelayState            string                       `json:"relay_state,omitempty"`
	Encryption            string                       `json:"encryption,omitempty"`
	EncryptionMethods     []string                     `json:"encryption_methods,omitempty"`
	AttributeNames        map[hub.AttributeName]string `json:"attribute_names,omitempty"`
	EncryptedNames        bool                         `json:"encrypted_names,omitempty"`
}

type logoutRow struct {
	Binding     string `json:"binding"`
	URL         string `json:"url"`
	ResponseURL string `json:"response_url,omitempty"`
}

type endpointRow struct {
	Index   int    `json:"index"`
	URL     string `json:"url"`
	Default bool   `json:"default,omitempty"`
}

func writeSAML(s *tenants.SAML) *samlRow {
	if s == nil {
		return nil
	}
	r := &samlRow{
		EntityID: s.EntityID, MetadataURL: s.MetadataURL, MetadataKeys: s.MetadataKeys, Metadata: s.Metadata, Certificates: s.Certificates,
		EncryptionCertificate: s.EncryptionCertificate, NameIDFormat: s.NameIDFormat, SignedRequests: s.SignedRequests,
		IDPInitiated: s.IDPInitiated, RelayState: s.RelayState, Encryption: s.Encryption, EncryptionMethods: s.EncryptionMethods,
		AttributeNames: s.AttributeNames, EncryptedNames: s.EncryptedNames,
	}
	for _, e := range s.Logout {
		r.Logout = append(r.Logout, logoutRow(e))
	}
	for _, e := range s.ACS {
		r.ACS = append(r.ACS, endpointRow(e))
	}
	return r
}

func readSAML(r *samlRow) *tenants.SAML {
	if r == nil {
		return nil
	}
	s := &tenants.SAML{
		EntityID: r.EntityID, MetadataURL: r.MetadataURL, MetadataKeys: r.MetadataKeys, Metadata: r.Metadata, Certificates: r.Certificates,
		EncryptionCertificate: r.EncryptionCertificate, NameIDFormat: r.NameIDFormat, SignedRequests: r.SignedRequests,
		IDPInitiated: r.IDPInitiated, RelayState: r.RelayState, Encryption: r.Encryption, EncryptionMethods: r.EncryptionMethods,
		AttributeNames: r.AttributeNames, EncryptedNames: r.EncryptedNames,
	}
	for _, e := range r.Logout {
		s.Logout = append(s.Logout, tenants.SAMLLogout(e))
	}
	for _, e := range r.ACS {
		s.ACS = append(s.ACS, tenants.SAMLEndpoint(e))
	}
	return s
}
