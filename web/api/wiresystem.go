package api

import (
	"encoding/hex"
	"encoding/pem"
	"net/netip"
	"time"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/login"
	"onedoor/tenants"
	"onedoor/tenants/register"
)

// wireSystem is what a system declares. It holds no secret: see rotateSecret.
type wireSystem struct {
	Department   string       `json:"department" max:"39"`
	Area         string       `json:"area,omitempty" max:"39"`
	Names        wireText     `json:"names"`
	Group        int          `json:"group" doc:"service group: 2, 3 or 4 (LOA-07)"`
	Least        wireLevel    `json:"least"`
	Risk         string       `json:"risk,omitempty" max:"10000" doc:"risk assessment in words (LOA-09)"`
	ReviewBy     *time.Time   `json:"reviewBy,omitempty" doc:"until when the levels stand (LOA-10)"`
	SessionLife  string       `json:"sessionLife,omitempty" max:"30" doc:"as 8h0m0s"`
	StatesPlace  bool         `json:"statesPlace,omitempty" doc:"it may say where a person is whom it asks about"`
	NamesPersons bool         `json:"namesPersons,omitempty" doc:"it may ask about a person by the number of their record, while they are signed in at it"`
	TellsItems   bool         `json:"tellsItems,omitempty" doc:"it is told which items are open to a person"`
	For          string       `json:"for,omitempty" max:"20" doc:"whose business it does"`
	EntityNumber bool         `json:"entityNumber,omitempty" doc:"it is told the registered number and the names of an entity"`
	Attributes   []wireRule   `json:"attributes,omitempty"`
	OIDC         *wireOIDC    `json:"oidc,omitempty"`
	SAML         *wireSAML    `json:"saml,omitempty"`
	Forward      *wireForward `json:"forward,omitempty"`
}

type wireRule struct {
	Attribute string   `json:"attribute" max:"60"`
	Purpose   string   `json:"purpose" max:"39"`
	Text      wireText `json:"text,omitempty"`
	Required  bool     `json:"required,omitempty"`
	Basis     string   `json:"basis" max:"39"`
	Effect    wireText `json:"effect,omitempty"`
}

type wireOIDC struct {
	RedirectURIs           []string `json:"redirectURIs,omitempty"`
	PostLogoutRedirectURIs []string `json:"postLogoutRedirectURIs,omitempty"`
	Scopes                 []string `json:"scopes,omitempty"`
	GrantTypes             []string `json:"grantTypes,omitempty"`
	AuthMethod             string   `json:"authMethod,omitempty"`
	SectorIdentifier       string   `json:"sectorIdentifier,omitempty"`
	IDTokenAlg             string   `json:"idTokenAlg,omitempty"`
	Native                 bool     `json:"native,omitempty"`
	InitiateLoginURI       string   `json:"initiateLoginURI,omitempty"`
	BackchannelLogoutURI   string   `json:"backchannelLogoutURI,omitempty"`
	FrontchannelLogoutURI  string   `json:"frontchannelLogoutURI,omitempty"`
	AccessTokenLifetime    string   `json:"accessTokenLifetime,omitempty" max:"30"`
	AuthAlgs               []string `json:"authAlgs,omitempty"`
	IDTokenEncryptionAlg   string   `json:"idTokenEncryptionAlg,omitempty"`
	IDTokenEncryptionEnc   string   `json:"idTokenEncryptionEnc,omitempty"`
	UserInfoAlg            string   `json:"userInfoAlg,omitempty"`
	Profile                string   `json:"profile,omitempty"`
	JWKS                   string   `json:"jwks,omitempty" max:"100000" doc:"JWK Set as text"`
	JWKSURI                string   `json:"jwksURI,omitempty"`
	RequirePAR             bool     `json:"requirePAR,omitempty"`
	RequireSignedRequest   bool     `json:"requireSignedRequest,omitempty"`
	RequestAlgs            []string `json:"requestAlgs,omitempty"`
	DefaultMaxAge          string   `json:"defaultMaxAge,omitempty" max:"30"`
	PKCEOptional           bool     `json:"pkceOptional,omitempty"`
	DPoPBound              bool     `json:"dpopBound,omitempty"`
	CertificateSubjectDN   string   `json:"certificateSubjectDN,omitempty"`
	CertificateDNS         string   `json:"certificateDNS,omitempty"`
	CertificateURI         string   `json:"certificateURI,omitempty"`
	CertificateIP          string   `json:"certificateIP,omitempty"`
	CertificateEmail       string   `json:"certificateEmail,omitempty"`
	CertificateBound       bool     `json:"certificateBound,omitempty"`
	DetailTypes            []string `json:"detailTypes,omitempty"`
	Resource               string   `json:"resource,omitempty"`
	AudienceOf             []string `json:"audienceOf,omitempty"`

	AccessTokenAlg string         `json:"accessTokenAlg,omitempty"`
	ExchangeFrom   []wireExchange `json:"exchangeFrom,omitempty"`
	MayAct         string         `json:"mayAct,omitempty"`
}

type wireExchange struct {
	From   string    `json:"from" max:"39"`
	Scopes []string  `json:"scopes,omitempty"`
	Least  wireLevel `json:"least"`
}

type wireSAML struct {
	EntityID              string           `json:"entityID"`
	MetadataURL           string           `json:"metadataURL,omitempty"`
	MetadataKeys          []string         `json:"metadataKeys,omitempty" max:"20000" doc:"certificates, PEM"`
	Metadata              string           `json:"metadata,omitempty" max:"262144" doc:"the document"`
	ACS                   []wireConsumer   `json:"acs,omitempty"`
	Logout                []wireSAMLLogout `json:"logout,omitempty"`
	Certificates          []string         `json:"certificates,omitempty" max:"20000" doc:"PEM"`
	EncryptionCertificate string           `json:"encryptionCertificate,omitempty" max:"20000" doc:"PEM"`
	NameIDFormat          string           `json:"nameIDFormat,omitempty"`
	SignedRequests        bool             `json:"signedRequests,omitempty"`
	IDPInitiated          bool             `json:"idpInitiated,omitempty"`
	RelayState            string           `json:"relayState,omitempty"`
	Encryption            string           `json:"encryption,omitempty"`
	EncryptionMethods     []string         `json:"encryptionMethods,omitempty"`
	AttributeNames        wireText         `json:"attributeNames,omitempty" doc:"what the system calls an attribute"`
	EncryptedNames        bool             `json:"encryptedNames,omitempty"`
}

type wireConsumer struct {
	Index   int    `json:"index"`
	URL     string `json:"url"`
	Default bool   `json:"default,omitempty"`
}

type wireSAMLLogout struct {
	Binding     string `json:"binding" enum:"redirect|post|soap"`
	URL         string `json:"url"`
	ResponseURL string `json:"responseURL,omitempty"`
}

type wireForward struct {
	Origins []string          `json:"origins"`
	Proxies []string          `json:"proxies,omitempty" max:"60" doc:"networks as 10.0.0.0/8"`
	Headers wireText          `json:"headers,omitempty" doc:"which attribute goes in which header"`
	Records wireText          `json:"records,omitempty" doc:"which kind of the department's records goes in which header"`
	Items   []wireForwardItem `json:"items,omitempty" max:"64" doc:"items that paths ask for"`
}

type wireForwardItem struct {
	Prefix string `json:"prefix" doc:"how the paths begin"`
	Item   string `json:"item"`
	Action string `json:"action"`
}

// shownSystem is a system as it is kept.
type shownSystem struct {
	ID      string       `json:"id"`
	Status  string       `json:"status" enum:"draft|testing|live|suspended"`
	Version int64        `json:"version"`
	Origin  string       `json:"origin" enum:"file|api" doc:"who keeps the entry"`
	Held    bool         `json:"held" doc:"staff have suspended it: files do not open it again"`
	Secrets []wireSecret `json:"secrets,omitempty"`
	wireSystem
}

// wireSecret is what may be told of a secret: enough of its hash to tell two apart.
type wireSecret struct {
	Connection  string     `json:"connection" enum:"oidc|forward"`
	Fingerprint string     `json:"fingerprint"`
	ExpiresAt   *time.Time `json:"expiresAt,omitempty"`
}

func timeOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func showSystem(x register.System) shownSystem {
	s := shownSystem{string(x.ID), string(x.Status), x.Version, string(x.Origin), x.Held, nil, systemOf(x.System)}
	add := func(connection register.Connection, all []tenants.Secret) {
		for _, k := range all {
			s.Secrets = append(s.Secrets, wireSecret{string(connection), hex.EncodeToString(k.SHA256[:8]), timeOf(k.ExpiresAt)})
		}
	}
	if x.OIDC != nil {
		add(register.OIDC, x.OIDC.Secrets)
	}
	if x.Forward != nil {
		add(register.Forward, x.Forward.Secrets)
	}
	return s
}

// system gives the entry. What can't be read of it (a certificate, a network) is left so that the register refuses it.
func (w wireSystem) system(id hub.SystemID) tenants.System {
	s := tenants.System{
		ID: id, Department: hub.DepartmentID(w.Department), Area: tenants.AreaID(w.Area), Names: w.Names, Group: tenants.Group(w.Group),
		Least: w.Least.level(), Risk: w.Risk, SessionLife: span(w.SessionLife), StatesPlace: w.StatesPlace, NamesPersons: w.NamesPersons, TellsItems: w.TellsItems, For: login.Serves(w.For),
		EntityNumber: w.EntityNumber, OIDC: w.OIDC.oidc(), SAML: w.SAML.saml(), Forward: w.Forward.forward(),
	}
	if w.ReviewBy != nil {
		s.ReviewBy = w.ReviewBy.UTC().Truncate(time.Microsecond)
	}
	for _, r := range w.Attributes {
		s.Attributes = append(s.Attributes, consent.Rule{
			Attribute: hub.AttributeName(r.Attribute), Purpose: r.Purpose, Text: r.Text, Required: r.Required, Basis: consent.Basis(r.Basis), Effect: r.Effect,
		})
	}
	return s
}

func systemOf(s tenants.System) wireSystem {
	w := wireSystem{
		Department: string(s.Department), Area: string(s.Area), Names: s.Names, Group: int(s.Group), Least: levelOf(s.Least), Risk: s.Risk,
		ReviewBy: timeOf(s.ReviewBy), SessionLife: spanOf(s.SessionLife), StatesPlace: s.StatesPlace, NamesPersons: s.NamesPersons, TellsItems: s.TellsItems, For: string(s.For),
		EntityNumber: s.EntityNumber, OIDC: oidcOf(s.OIDC), SAML: samlOf(s.SAML), Forward: forwardOf(s.Forward),
	}
	for _, r := range s.Attributes {
		w.Attributes = append(w.Attributes, wireRule{string(r.Attribute), r.Purpose, r.Text, r.Required, string(r.Basis), r.Effect})
	}
	return w
}

func (w *wireOIDC) oidc() *tenants.OIDC {
	if w == nil {
		return nil
	}
	o := &tenants.OIDC{
		RedirectURIs: w.RedirectURIs, PostLogoutRedirectURIs: w.PostLogoutRedirectURIs, Scopes: w.Scopes, GrantTypes: w.GrantTypes,
		AuthMethod: w.AuthMethod, SectorIdentifier: w.SectorIdentifier, IDTokenAlg: w.IDTokenAlg, Native: w.Native,
		InitiateLoginURI: w.InitiateLoginURI, BackchannelLogoutURI: w.BackchannelLogoutURI, FrontchannelLogoutURI: w.FrontchannelLogoutURI,
		AccessTokenLifetime: span(w.AccessTokenLifetime), AuthAlgs: w.AuthAlgs,
		IDTokenEncryption: tenants.Encryption{Alg: w.IDTokenEncryptionAlg, Enc: w.IDTokenEncryptionEnc}, UserInfoAlg: w.UserInfoAlg,
		Profile: w.Profile, JWKS: w.JWKS, JWKSURI: w.JWKSURI, RequirePAR: w.RequirePAR, RequireSignedRequest: w.RequireSignedRequest,
		RequestAlgs: w.RequestAlgs, DefaultMaxAge: span(w.DefaultMaxAge), PKCEOptional: w.PKCEOptional, DPoPBound: w.DPoPBound,
		Certificate: tenants.CertificateName{
			SubjectDN: w.CertificateSubjectDN, DNS: w.CertificateDNS, URI: w.CertificateURI, IP: w.CertificateIP, Email: w.CertificateEmail,
		},
		CertificateBound: w.CertificateBound, DetailTypes: w.DetailTypes, Resource: w.Resource, AudienceOf: namesOf[hub.SystemID](w.AudienceOf),
		AccessTokenAlg: w.AccessTokenAlg, MayAct: hub.SystemID(w.MayAct),
	}
	for _, x := range w.ExchangeFrom {
		o.ExchangeFrom = append(o.ExchangeFrom, tenants.Exchange{From: hub.SystemID(x.From), Scopes: x.Scopes, Least: x.Least.level()})
	}
	return o
}

func oidcOf(o *tenants.OIDC) *wireOIDC {
	if o == nil {
		return nil
	}
	w := &wireOIDC{
		RedirectURIs: o.RedirectURIs, PostLogoutRedirectURIs: o.PostLogoutRedirectURIs, Scopes: o.Scopes, GrantTypes: o.GrantTypes,
		AuthMethod: o.AuthMethod, SectorIdentifier: o.SectorIdentifier, IDTokenAlg: o.IDTokenAlg, Native: o.Native,
		InitiateLoginURI: o.InitiateLoginURI, BackchannelLogoutURI: o.BackchannelLogoutURI, FrontchannelLogoutURI: o.FrontchannelLogoutURI,
		AccessTokenLifetime: spanOf(o.AccessTokenLifetime), AuthAlgs: o.AuthAlgs,
		IDTokenEncryptionAlg: o.IDTokenEncryption.Alg, IDTokenEncryptionEnc: o.IDTokenEncryption.Enc, UserInfoAlg: o.UserInfoAlg,
		Profile: o.Profile, JWKS: o.JWKS, JWKSURI: o.JWKSURI, RequirePAR: o.RequirePAR, RequireSignedRequest: o.RequireSignedRequest,
		RequestAlgs: o.RequestAlgs, DefaultMaxAge: spanOf(o.DefaultMaxAge), PKCEOptional: o.PKCEOptional, DPoPBound: o.DPoPBound,
		CertificateSubjectDN: o.Certificate.SubjectDN, CertificateDNS: o.Certificate.DNS, CertificateURI: o.Certificate.URI,
		CertificateIP: o.Certificate.IP, CertificateEmail: o.Certificate.Email,
		CertificateBound: o.CertificateBound, DetailTypes: o.DetailTypes, Resource: o.Resource, AudienceOf: texts(o.AudienceOf),
		AccessTokenAlg: o.AccessTokenAlg, MayAct: string(o.MayAct),
	}
	for _, x := range o.ExchangeFrom {
		w.ExchangeFrom = append(w.ExchangeFrom, wireExchange{string(x.From), x.Scopes, levelOf(x.Least)})
	}
	return w
}

// readPEM gives the DER of one certificate; what is none stays as it is, and is no certificate either.
func readPEM(text string) []byte {
	if text == "" {
		return nil
	}
	if block, _ := pem.Decode([]byte(text)); block != nil && block.Type == "CERTIFICATE" {
		return block.Bytes
	}
	return []byte(text)
}

func writePEM(der []byte) string {
	if len(der) == 0 {
		return ""
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func (w *wireSAML) saml() *tenants.SAML {
	if w == nil {
		return nil
	}
	s := &tenants.SAML{
		EntityID: w.EntityID, MetadataURL: w.MetadataURL, Metadata: w.Metadata, EncryptionCertificate: readPEM(w.EncryptionCertificate),
		NameIDFormat: w.NameIDFormat, SignedRequests: w.SignedRequests, IDPInitiated: w.IDPInitiated, RelayState: w.RelayState,
		Encryption: w.Encryption, EncryptionMethods: w.EncryptionMethods, EncryptedNames: w.EncryptedNames,
	}
	for _, c := range w.MetadataKeys {
		s.MetadataKeys = append(s.MetadataKeys, readPEM(c))
	}
	for _, c := range w.Certificates {
		s.Certificates = append(s.Certificates, readPEM(c))
	}
	for _, e := range w.ACS {
		s.ACS = append(s.ACS, tenants.SAMLEndpoint(e))
	}
	for _, e := range w.Logout {
		s.Logout = append(s.Logout, tenants.SAMLLogout(e))
	}
	for name, theirs := range w.AttributeNames {
		if s.AttributeNames == nil {
			s.AttributeNames = map[hub.AttributeName]string{}
		}
		s.AttributeNames[hub.AttributeName(name)] = theirs
	}
	return s
}

func samlOf(s *tenants.SAML) *wireSAML {
	if s == nil {
		return nil
	}
	w := &wireSAML{
		EntityID: s.EntityID, MetadataURL: s.MetadataURL, Metadata: s.Metadata, EncryptionCertificate: writePEM(s.EncryptionCertificate),
		NameIDFormat: s.NameIDFormat, SignedRequests: s.SignedRequests, IDPInitiated: s.IDPInitiated, RelayState: s.RelayState,
		Encryption: s.Encryption, EncryptionMethods: s.EncryptionMethods, EncryptedNames: s.EncryptedNames,
	}
	for _, c := range s.MetadataKeys {
		w.MetadataKeys = append(w.MetadataKeys, writePEM(c))
	}
	for _, c := range s.Certificates {
		w.Certificates = append(w.Certificates, writePEM(c))
	}
	for _, e := range s.ACS {
		w.ACS = append(w.ACS, wireConsumer(e))
	}
	for _, e := range s.Logout {
		w.Logout = append(w.Logout, wireSAMLLogout(e))
	}
	for name, theirs := range s.AttributeNames {
		if w.AttributeNames == nil {
			w.AttributeNames = wireText{}
		}
		w.AttributeNames[string(name)] = theirs
	}
	return w
}

func (w *wireForward) forward() *tenants.Forward {
	if w == nil {
		return nil
	}
	f := &tenants.Forward{Origins: w.Origins}
	for _, p := range w.Proxies {
		prefix, err := netip.ParsePrefix(p)
		if err != nil {
			prefix = netip.Prefix{} // which the register refuses
		}
		f.Proxies = append(f.Proxies, prefix)
	}
	for name, attribute := range w.Headers {
		if f.Headers == nil {
			f.Headers = map[string]hub.AttributeName{}
		}
		f.Headers[name] = hub.AttributeName(attribute)
	}
	for name, kind := range w.Records {
		if f.Records == nil {
			f.Records = map[string]tenants.RecordKindID{}
		}
		f.Records[name] = tenants.RecordKindID(kind)
	}
	for _, x := range w.Items {
		f.Items = append(f.Items, tenants.ForwardItem(x))
	}
	return f
}

func forwardOf(f *tenants.Forward) *wireForward {
	if f == nil {
		return nil
	}
	w := &wireForward{Origins: f.Origins}
	for _, p := range f.Proxies {
		w.Proxies = append(w.Proxies, p.String())
	}
	for name, attribute := range f.Headers {
		if w.Headers == nil {
			w.Headers = wireText{}
		}
		w.Headers[name] = string(attribute)
	}
	for name, kind := range f.Records {
		if w.Records == nil {
			w.Records = wireText{}
		}
		w.Records[name] = string(kind)
	}
	for _, x := range f.Items {
		w.Items = append(w.Items, wireForwardItem(x))
	}
	return w
}
