package configs

import (
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/login"
	"onedoor/tenants"
)

// The kinds of objects.
const (
	KindProvider   = "IdentityProvider"
	KindDepartment = "Department"
	KindSystem     = "System"
)

// The forms below are what the files hold. Each has a way into the domain's type and back, so that a difference can be told
// in the words of the file.

type levelForm struct {
	IAL ialForm `yaml:"ial"`
	AAL aalForm `yaml:"aal"`
}

func (f levelForm) level() hub.Level { return hub.Level{IAL: hub.IAL(f.IAL), AAL: hub.AAL(f.AAL)} }

func levelOf(l hub.Level) levelForm { return levelForm{IAL: ialForm(l.IAL), AAL: aalForm(l.AAL)} }

type ialForm hub.IAL

func (v *ialForm) scan(text string) error {
	l, err := hub.ParseIAL(text)
	if err != nil {
		return errors.New("must be an identity assurance level: 1.1, 1.2, 1.3, 2.1, 2.2, 2.3 or 3")
	}
	*v = ialForm(l)
	return nil
}

func (v ialForm) String() string { return hub.IAL(v).String() }

type aalForm hub.AAL

func (v *aalForm) scan(text string) error {
	l, err := hub.ParseAAL(text)
	if err != nil {
		return errors.New("must be an authenticator assurance level: 1, 2.1, 2.2 or 3")
	}
	*v = aalForm(l)
	return nil
}

func (v aalForm) String() string { return hub.AAL(v).String() }

type departmentForm struct {
	Kind      string   `yaml:"kind"`
	ID        string   `yaml:"id"`
	Names     hub.Text `yaml:"names"`
	Complaint string   `yaml:"complaint"`

	Contacts []contactForm `yaml:"contacts"`
	Status   string        `yaml:"status"`

	Areas   []areaForm   `yaml:"areas"`
	Records []recordForm `yaml:"records"`

	FourEyes bool `yaml:"fourEyes"`
}

type contactForm struct {
	For string `yaml:"for"`
	URI string `yaml:"uri"`
}

type areaForm struct {
	ID     string   `yaml:"id"`
	Parent string   `yaml:"parent"`
	Names  hub.Text `yaml:"names"`
}

func (f departmentForm) department() tenants.Department {
	d := tenants.Department{ID: hub.DepartmentID(f.ID), Names: f.Names, Complaint: f.Complaint, Status: tenants.DepartmentStatus(f.Status), FourEyes: f.FourEyes}
	for _, c := range f.Contacts {
		d.Contacts = append(d.Contacts, tenants.Contact(c))
	}
	for _, a := range f.Areas {
		d.Areas = append(d.Areas, tenants.Area{ID: tenants.AreaID(a.ID), Parent: tenants.AreaID(a.Parent), Names: a.Names})
	}
	for _, k := range f.Records {
		d.Records = append(d.Records, k.record())
	}
	return d
}

func departmentOf(d tenants.Department) departmentForm {
	f := departmentForm{Kind: KindDepartment, ID: string(d.ID), Names: d.Names, Complaint: d.Complaint, Status: string(d.Status), FourEyes: d.FourEyes}
	for _, c := range d.Contacts {
		f.Contacts = append(f.Contacts, contactForm(c))
	}
	for _, a := range d.Areas {
		f.Areas = append(f.Areas, areaForm{ID: string(a.ID), Parent: string(a.Parent), Names: a.Names})
	}
	for _, k := range d.Records {
		f.Records = append(f.Records, recordOf(k))
	}
	return f
}

type systemForm struct {
	Kind       string    `yaml:"kind"`
	ID         string    `yaml:"id"`
	Department string    `yaml:"department"`
	Area       string    `yaml:"area"`
	Names      hub.Text  `yaml:"names"`
	Status     string    `yaml:"status"`
	Group      int       `yaml:"group"`
	Least      levelForm `yaml:"least"`
	Risk       string    `yaml:"risk"`
	ReviewBy   date      `yaml:"reviewBy"`

	SessionLife  Duration `yaml:"sessionLife"`
	StatesPlace  bool     `yaml:"statesPlace"`
	NamesPersons bool     `yaml:"namesPersons"`
	TellsItems   bool     `yaml:"tellsItems"`

	For          string `yaml:"for"`
	EntityNumber bool   `yaml:"entityNumber"`

	Attributes []ruleForm  `yaml:"attributes"`
	OIDC       *clientForm `yaml:"oidc"`
	SAML       *samlForm   `yaml:"saml"`

	Forward *forwardForm `yaml:"forward"`
}

type ruleForm struct {
	Attribute string   `yaml:"attribute"`
	Purpose   string   `yaml:"purpose"`
	Text      hub.Text `yaml:"text"`
	Required  bool     `yaml:"required"`
	Basis     string   `yaml:"basis"`
	Effect    hub.Text `yaml:"effect"`
}

type clientForm struct {
	RedirectURIs           []string     `yaml:"redirectURIs"`
	PostLogoutRedirectURIs []string     `yaml:"postLogoutRedirectURIs"`
	Scopes                 []string     `yaml:"scopes"`
	GrantTypes             []string     `yaml:"grantTypes"`
	AuthMethod             string       `yaml:"authMethod"`
	Secrets                []secretForm `yaml:"secrets"`
	SectorIdentifier       string       `yaml:"sectorIdentifier"`
	IDTokenAlg             string       `yaml:"idTokenAlg"`
	Native                 bool         `yaml:"native"`
	InitiateLoginURI       string       `yaml:"initiateLoginURI"`
	BackchannelLogoutURI   string       `yaml:"backchannelLogoutURI"`
	FrontchannelLogoutURI  string       `yaml:"frontchannelLogoutURI"`
	AccessTokenLifetime    Duration     `yaml:"accessTokenLifetime"`
	AuthAlgs               []string     `yaml:"authAlgs"`
	IDTokenEncryption      encryption   `yaml:"idTokenEncryption"`
	UserInfoAlg            string       `yaml:"userInfoAlg"`
	Profile                string       `yaml:"profile"`
	JWKS                   string       `yaml:"jwks"`
	JWKSURI                string       `yaml:"jwksURI"`
	RequirePAR             bool         `yaml:"requirePAR"`
	RequireSignedRequest   bool         `yaml:"requireSignedRequest"`
	RequestAlgs            []string     `yaml:"requestAlgs"`
	DefaultMaxAge          Duration     `yaml:"defaultMaxAge"`
	PKCEOptional           bool         `yaml:"pkceOptional"`
	DPoPBound              bool         `yaml:"dpopBound"`
	Certificate            certificate  `yaml:"certificate"`
	CertificateBound       bool         `yaml:"certificateBound"`
	DetailTypes            []string     `yaml:"detailTypes"`
	Resource               string       `yaml:"resource"`
	AudienceOf             []string     `yaml:"audienceOf"`

	AccessTokenAlg string         `yaml:"accessTokenAlg"`
	ExchangeFrom   []exchangeForm `yaml:"exchangeFrom"`
	MayAct         string         `yaml:"mayAct"`
}

type exchangeForm struct {
	From   string    `yaml:"from"`
	Scopes []string  `yaml:"scopes"`
	Least  levelForm `yaml:"least"`
}

type certificate struct {
	SubjectDN string `yaml:"subjectDN"`
	DNS       string `yaml:"dns"`
	URI       string `yaml:"uri"`
	IP        string `yaml:"ip"`
	Email     string `yaml:"email"`
}

type encryption struct {
	Alg string `yaml:"alg"`
	Enc string `yaml:"enc"`
}

// secretForm is one client secret: its hash, or the place where it is.
type secretForm struct {
	SHA256    digestForm `yaml:"sha256"`
	File      string     `yaml:"file"`
	Env       string     `yaml:"env"`
	ExpiresAt date       `yaml:"expiresAt"`
}

type digestForm [32]byte

func (v *digestForm) scan(text string) error {
	text = strings.TrimPrefix(text, "sha256:")
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != len(v) || text != strings.ToLower(text) {
		return errors.New("must be the SHA-256 of the secret, 64 hexadecimal characters in lower case")
	}
	copy(v[:], raw)
	return nil
}

// String shows enough of a hash to tell two apart.
func (v digestForm) String() string { return "sha256:" + hex.EncodeToString(v[:8]) + "..." }

func (f systemForm) system() tenants.System {
	s := tenants.System{
		ID:         hub.SystemID(f.ID),
		Department: hub.DepartmentID(f.Department),
		Area:       tenants.AreaID(f.Area),
		Names:      f.Names,
		Status:     tenants.SystemStatus(f.Status),
		Group:      tenants.Group(f.Group),
		Least:      f.Least.level(),
		Risk:       f.Risk,
		ReviewBy:   time.Time(f.ReviewBy),

		SessionLife: time.Duration(f.SessionLife),
		StatesPlace: f.StatesPlace, NamesPersons: f.NamesPersons, TellsItems: f.TellsItems,

		For:          login.Serves(f.For),
		EntityNumber: f.EntityNumber,
	}
	for _, r := range f.Attributes {
		s.Attributes = append(s.Attributes, consent.Rule{
			Attribute: hub.AttributeName(r.Attribute), Purpose: r.Purpose, Text: r.Text,
			Required: r.Required, Basis: consent.Basis(r.Basis), Effect: r.Effect,
		})
	}
	if o := f.OIDC; o != nil {
		s.OIDC = &tenants.OIDC{
			RedirectURIs:           o.RedirectURIs,
			PostLogoutRedirectURIs: o.PostLogoutRedirectURIs,
			Scopes:                 o.Scopes,
			GrantTypes:             o.GrantTypes,
			AuthMethod:             o.AuthMethod,
			SectorIdentifier:       o.SectorIdentifier,
			IDTokenAlg:             o.IDTokenAlg,
			Native:                 o.Native,
			InitiateLoginURI:       o.InitiateLoginURI,
			BackchannelLogoutURI:   o.BackchannelLogoutURI,
			FrontchannelLogoutURI:  o.FrontchannelLogoutURI,
			AccessTokenLifetime:    time.Duration(o.AccessTokenLifetime),
			AuthAlgs:               o.AuthAlgs,
			IDTokenEncryption:      tenants.Encryption(o.IDTokenEncryption),
			UserInfoAlg:            o.UserInfoAlg,
			Profile:                o.Profile,
			JWKS:                   o.JWKS,
			JWKSURI:                o.JWKSURI,
			RequirePAR:             o.RequirePAR,
			RequireSignedRequest:   o.RequireSignedRequest,
			RequestAlgs:            o.RequestAlgs,
			DefaultMaxAge:          time.Duration(o.DefaultMaxAge),
			PKCEOptional:           o.PKCEOptional,
			DPoPBound:              o.DPoPBound,
			CertificateBound:       o.CertificateBound,
			DetailTypes:            o.DetailTypes,
			Certificate:            tenants.CertificateName(o.Certificate),
			Resource:               o.Resource,
		}
		for _, id := range o.AudienceOf {
			s.OIDC.AudienceOf = append(s.OIDC.AudienceOf, hub.SystemID(id))
		}
		s.OIDC.AccessTokenAlg, s.OIDC.MayAct = o.AccessTokenAlg, hub.SystemID(o.MayAct)
		for _, x := range o.ExchangeFrom {
			s.OIDC.ExchangeFrom = append(s.OIDC.ExchangeFrom, tenants.Exchange{From: hub.SystemID(x.From), Scopes: x.Scopes, Least: x.Least.level()})
		}
		s.OIDC.Secrets = secretsIn(o.Secrets)
	}
	s.SAML, s.Forward = f.SAML.saml(), f.Forward.forward()
	return s
}

func systemOf(s tenants.System) systemForm {
	f := systemForm{
		Kind:       KindSystem,
		ID:         string(s.ID),
		Department: string(s.Department),
		Area:       string(s.Area),
		Names:      s.Names,
		Status:     string(s.Status),
		Group:      int(s.Group),
		Least:      levelOf(s.Least),
		Risk:       s.Risk,
		ReviewBy:   date(s.ReviewBy),

		SessionLife: Duration(s.SessionLife),
		StatesPlace: s.StatesPlace, NamesPersons: s.NamesPersons, TellsItems: s.TellsItems,

		For:          string(s.For),
		EntityNumber: s.EntityNumber,
	}
	for _, r := range s.Attributes {
		f.Attributes = append(f.Attributes, ruleForm{
			Attribute: string(r.Attribute), Purpose: r.Purpose, Text: r.Text,
			Required: r.Required, Basis: string(r.Basis), Effect: r.Effect,
		})
	}
	if o := s.OIDC; o != nil {
		f.OIDC = &clientForm{
			RedirectURIs:           o.RedirectURIs,
			PostLogoutRedirectURIs: o.PostLogoutRedirectURIs,
			Scopes:                 o.Scopes,
			GrantTypes:             o.GrantTypes,
			AuthMethod:             o.AuthMethod,
			SectorIdentifier:       o.SectorIdentifier,
			IDTokenAlg:             o.IDTokenAlg,
			Native:                 o.Native,
			InitiateLoginURI:       o.InitiateLoginURI,
			BackchannelLogoutURI:   o.BackchannelLogoutURI,
			FrontchannelLogoutURI:  o.FrontchannelLogoutURI,
			AccessTokenLifetime:    Duration(o.AccessTokenLifetime),
			AuthAlgs:               o.AuthAlgs,
			IDTokenEncryption:      encryption(o.IDTokenEncryption),
			UserInfoAlg:            o.UserInfoAlg,
			Profile:                o.Profile,
			JWKS:                   o.JWKS,
			JWKSURI:                o.JWKSURI,
			RequirePAR:             o.RequirePAR,
			RequireSignedRequest:   o.RequireSignedRequest,
			RequestAlgs:            o.RequestAlgs,
			DefaultMaxAge:          Duration(o.DefaultMaxAge),
			PKCEOptional:           o.PKCEOptional,
			DPoPBound:              o.DPoPBound,
			CertificateBound:       o.CertificateBound,
			DetailTypes:            o.DetailTypes,
			Certificate:            certificate(o.Certificate),
			Resource:               o.Resource,
		}
		for _, id := range o.AudienceOf {
			f.OIDC.AudienceOf = append(f.OIDC.AudienceOf, string(id))
		}
		f.OIDC.AccessTokenAlg, f.OIDC.MayAct = o.AccessTokenAlg, string(o.MayAct)
		for _, x := range o.ExchangeFrom {
			f.OIDC.ExchangeFrom = append(f.OIDC.ExchangeFrom, exchangeForm{From: string(x.From), Scopes: x.Scopes, Least: levelOf(x.Least)})
		}
		f.OIDC.Secrets = secretsOut(o.Secrets)
	}
	f.SAML, f.Forward = samlFormOf(s.SAML), forwardFormOf(s.Forward)
	return f
}
