package tenantsql

import (
	"time"

	"onedoor/hub"
	"onedoor/tenants"
)

// clientRow are the members of oidcRow about keys, requests and tokens.
type clientRow struct {
	AuthAlgs             []string `json:"auth_algs,omitempty"`
	EncryptionAlg        string   `json:"id_token_encryption_alg,omitempty"`
	EncryptionEnc        string   `json:"id_token_encryption_enc,omitempty"`
	UserInfoAlg          string   `json:"userinfo_alg,omitempty"`
	Profile              string   `json:"profile,omitempty"`
	JWKS                 string   `json:"jwks,omitempty"`
	JWKSURI              string   `json:"jwks_uri,omitempty"`
	RequirePAR           bool     `json:"require_par,omitempty"`
	RequireSignedRequest bool     `json:"require_signed_request,omitempty"`
	RequestAlgs          []string `json:"request_algs,omitempty"`
	DefaultMaxAge        int64    `json:"default_max_age,omitempty"` // nanoseconds
	PKCEOptional         bool     `json:"pkce_optional,omitempty"`
	DPoPBound            bool     `json:"dpop_bound,omitempty"`
	DetailTypes          []string `json:"detail_types,omitempty"`
	CertificateBound     bool     `json:"certificate_bound,omitempty"`
	CertificateDN        string   `json:"certificate_dn,omitempty"`
	CertificateDNS       string   `json:"certificate_dns,omitempty"`
	CertificateURI       string   `json:"certificate_uri,omitempty"`
	CertificateIP        string   `json:"certificate_ip,omitempty"`
	CertificateEmail     string   `json:"certificate_email,omitempty"`
	Resource             string   `json:"resource,omitempty"`
	AudienceOf           []string `json:"audience_of,omitempty"`

	AccessTokenAlg string        `json:"access_token_alg,omitempty"`
	ExchangeFrom   []exchangeRow `json:"exchange_from,omitempty"`
	MayAct         string        `json:"may_act,omitempty"`
}

type exchangeRow struct {
	From   string   `json:"from"`
	Scopes []string `json:"scopes,omitempty"`
	Least  string   `json:"least,omitempty"`
}

func writeClient(o tenants.OIDC) clientRow {
	r := clientRow{
		AuthAlgs: o.AuthAlgs, EncryptionAlg: o.IDTokenEncryption.Alg, EncryptionEnc: o.IDTokenEncryption.Enc, UserInfoAlg: o.UserInfoAlg,
		Profile: o.Profile, JWKS: o.JWKS, JWKSURI: o.JWKSURI, RequirePAR: o.RequirePAR, RequireSignedRequest: o.RequireSignedRequest,
		RequestAlgs: o.RequestAlgs, DefaultMaxAge: int64(o.DefaultMaxAge), Resource: o.Resource,
		PKCEOptional: o.PKCEOptional, DPoPBound: o.DPoPBound, DetailTypes: o.DetailTypes, CertificateBound: o.CertificateBound,
		CertificateDN: o.Certificate.SubjectDN, CertificateDNS: o.Certificate.DNS, CertificateURI: o.Certificate.URI, CertificateIP: o.Certificate.IP,
		CertificateEmail: o.Certificate.Email, AccessTokenAlg: o.AccessTokenAlg, MayAct: string(o.MayAct),
	}
	for _, x := range o.ExchangeFrom {
		r.ExchangeFrom = append(r.ExchangeFrom, exchangeRow{string(x.From), x.Scopes, writeLevel(x.Least)})
	}
	for _, id := range o.AudienceOf {
		r.AudienceOf = append(r.AudienceOf, string(id))
	}
	return r
}

func (r clientRow) readClient(o *tenants.OIDC) error {
	o.AuthAlgs, o.IDTokenEncryption, o.UserInfoAlg = r.AuthAlgs, tenants.Encryption{Alg: r.EncryptionAlg, Enc: r.EncryptionEnc}, r.UserInfoAlg
	o.Profile, o.JWKS, o.JWKSURI = r.Profile, r.JWKS, r.JWKSURI
	o.RequirePAR, o.RequireSignedRequest, o.RequestAlgs = r.RequirePAR, r.RequireSignedRequest, r.RequestAlgs
	o.DefaultMaxAge, o.Resource, o.PKCEOptional = time.Duration(r.DefaultMaxAge), r.Resource, r.PKCEOptional
	o.DPoPBound, o.CertificateBound, o.DetailTypes = r.DPoPBound, r.CertificateBound, r.DetailTypes
	o.Certificate = tenants.CertificateName{
		SubjectDN: r.CertificateDN, DNS: r.CertificateDNS, URI: r.CertificateURI, IP: r.CertificateIP, Email: r.CertificateEmail,
	}
	for _, id := range r.AudienceOf {
		o.AudienceOf = append(o.AudienceOf, hub.SystemID(id))
	}
	o.AccessTokenAlg, o.MayAct = r.AccessTokenAlg, hub.SystemID(r.MayAct)
	for _, x := range r.ExchangeFrom {
		least, err := readLevel(x.Least)
		if err != nil {
			return err
		}
		o.ExchangeFrom = append(o.ExchangeFrom, tenants.Exchange{From: hub.SystemID(x.From), Scopes: x.Scopes, Least: least})
	}
	return nil
}
