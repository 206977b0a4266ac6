package configs

import (
	"slices"
	"time"

	"onedoor/federation"
	"onedoor/hub"
)

type providerForm struct {
	Kind       string              `yaml:"kind"`
	ID         string              `yaml:"id"`
	Names      hub.Text            `yaml:"names"`
	Status     string              `yaml:"status"`
	ValidFrom  date                `yaml:"validFrom"`
	ValidUntil date                `yaml:"validUntil"`
	Ceiling    levelForm           `yaml:"ceiling"`
	Order      int                 `yaml:"order"`
	Restricted bool                `yaml:"restricted"`
	Assurance  assuranceForm       `yaml:"assurance"`
	Attributes map[string][]string `yaml:"attributes"`
	Person     personForm          `yaml:"person"`
	OIDC       *upstreamForm       `yaml:"oidc"`
	NDID       *ndidForm           `yaml:"ndid"`
	SAML       *upstreamSAMLForm   `yaml:"saml"`
	Tokens     *tokensForm         `yaml:"tokens"`
}

type assuranceForm struct {
	ACR     map[string]levelForm `yaml:"acr"`
	IALName string               `yaml:"ialName"`
	IAL     map[string]ialForm   `yaml:"ial"`
	AALName string               `yaml:"aalName"`
	AAL     map[string]aalForm   `yaml:"aal"`
	AMR     map[string]aalForm   `yaml:"amr"`
	Fixed   levelForm            `yaml:"fixed"`
	Request []requestForm        `yaml:"request"`
}

type requestForm struct {
	Level     levelForm `yaml:"level"`
	ACRValues []string  `yaml:"acrValues"`
}

type personForm struct {
	Kind  string `yaml:"kind"`
	Claim string `yaml:"claim"`
}

func (f providerForm) provider() federation.Provider {
	p := federation.Provider{
		ID:         hub.ProviderID(f.ID),
		Names:      f.Names,
		Status:     federation.Status(f.Status),
		ValidFrom:  time.Time(f.ValidFrom),
		ValidUntil: time.Time(f.ValidUntil),
		Ceiling:    f.Ceiling.level(),
		Order:      f.Order,
		Restricted: f.Restricted,
		Assurance:  f.Assurance.assurance(),
		Person:     federation.PersonClaim{Kind: f.Person.Kind, Claim: f.Person.Claim},
		NDID:       f.NDID.ndid(),
		SAML:       f.SAML.settings(),
		Tokens:     f.Tokens.settings(),
	}
	if f.Attributes != nil {
		p.Attributes = make(map[hub.AttributeName][]string, len(f.Attributes))
		for name, claims := range f.Attributes {
			p.Attributes[hub.AttributeName(name)] = claims
		}
	}
	if f.OIDC != nil {
		p.OIDC = f.OIDC.settings()
	}
	return p
}

func (f assuranceForm) assurance() federation.Assurance {
	a := federation.Assurance{IALName: f.IALName, AALName: f.AALName, Fixed: f.Fixed.level()}
	if f.ACR != nil {
		a.ACR = make(map[string]hub.Level, len(f.ACR))
		for word, l := range f.ACR {
			a.ACR[word] = l.level()
		}
	}
	if f.IAL != nil {
		a.IAL = make(map[string]hub.IAL, len(f.IAL))
		for word, l := range f.IAL {
			a.IAL[word] = hub.IAL(l)
		}
	}
	if f.AAL != nil {
		a.AAL = make(map[string]hub.AAL, len(f.AAL))
		for word, l := range f.AAL {
			a.AAL[word] = hub.AAL(l)
		}
	}
	if f.AMR != nil {
		a.AMR = make(map[string]hub.AAL, len(f.AMR))
		for word, l := range f.AMR {
			a.AMR[word] = hub.AAL(l)
		}
	}
	if f.Request != nil {
		a.Request = make(map[hub.Level][]string, len(f.Request))
		for _, r := range f.Request {
			a.Request[r.Level.level()] = append(a.Request[r.Level.level()], r.ACRValues...)
		}
	}
	return a
}

func assuranceOf(a federation.Assurance) assuranceForm {
	f := assuranceForm{IALName: a.IALName, AALName: a.AALName, Fixed: levelOf(a.Fixed)}
	if a.ACR != nil {
		f.ACR = make(map[string]levelForm, len(a.ACR))
		for word, l := range a.ACR {
			f.ACR[word] = levelOf(l)
		}
	}
	if a.IAL != nil {
		f.IAL = make(map[string]ialForm, len(a.IAL))
		for word, l := range a.IAL {
			f.IAL[word] = ialForm(l)
		}
	}
	if a.AAL != nil {
		f.AAL = make(map[string]aalForm, len(a.AAL))
		for word, l := range a.AAL {
			f.AAL[word] = aalForm(l)
		}
	}
	if a.AMR != nil {
		f.AMR = make(map[string]aalForm, len(a.AMR))
		for word, l := range a.AMR {
			f.AMR[word] = aalForm(l)
		}
	}
	for l, words := range a.Request {
		f.Request = append(f.Request, requestForm{Level: levelOf(l), ACRValues: words})
	}
	slices.SortFunc(f.Request, func(x, y requestForm) int {
		if x.Level.IAL != y.Level.IAL {
			return int(x.Level.IAL) - int(y.Level.IAL)
		}
		return int(x.Level.AAL) - int(y.Level.AAL)
	})
	return f
}

// providerOf gives the form of a trust record. Its secrets stay where they are: the form has no word for them.
func providerOf(p federation.Provider) providerForm {
	f := providerForm{
		Kind:       KindProvider,
		ID:         string(p.ID),
		Names:      p.Names,
		Status:     string(p.Status),
		ValidFrom:  date(p.ValidFrom),
		ValidUntil: date(p.ValidUntil),
		Ceiling:    levelOf(p.Ceiling),
		Order:      p.Order,
		Restricted: p.Restricted,
		Assurance:  assuranceOf(p.Assurance),
		Person:     personForm{Kind: p.Person.Kind, Claim: p.Person.Claim},
		NDID:       ndidOf(p.NDID),
		SAML:       upstreamSAMLOf(p.SAML),
		Tokens:     tokensOf(p.Tokens),
	}
	if p.Attributes != nil {
		f.Attributes = make(map[string][]string, len(p.Attributes))
		for name, claims := range p.Attributes {
			f.Attributes[string(name)] = claims
		}
	}
	if p.OIDC != nil {
		f.OIDC = upstreamOf(p.OIDC)
	}
	return f
}
