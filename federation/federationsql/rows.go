package federationsql

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"onedoor/federation"
	"onedoor/hub"
)

// form is the version of the documents below. A change of their fields is a new form, which reads the older ones.
const form = 1

type providerRow struct {
	Form       int                            `json:"form"`
	Names      hub.Text                       `json:"names,omitempty"`
	Status     string                         `json:"status,omitempty"`
	ValidFrom  int64                          `json:"valid_from,omitempty"` // microseconds since 1970 UTC
	ValidUntil int64                          `json:"valid_until,omitempty"`
	Ceiling    string                         `json:"ceiling,omitempty"` // "2.3/2.1"
	Order      int                            `json:"order,omitempty"`
	Restricted bool                           `json:"restricted,omitempty"`
	Assurance  assuranceRow                   `json:"assurance"`
	Attributes map[hub.AttributeName][]string `json:"attributes,omitempty"`
	Person     *personRow                     `json:"person,omitempty"`
	OIDC       *oidcRow                       `json:"oidc,omitempty"`
	NDID       *ndidRow                       `json:"ndid,omitempty"`
	SAML       *samlRow                       `json:"saml,omitempty"`
	Tokens     *tokensRow                     `json:"tokens,omitempty"`
}

type assuranceRow struct {
	ACR     map[string]string   `json:"acr,omitempty"` // to "ial/aal"
	IAL     map[string]string   `json:"ial,omitempty"`
	IALName string              `json:"ial_name,omitempty"`
	AAL     map[string]string   `json:"aal,omitempty"`
	AALName string              `json:"aal_name,omitempty"`
	AMR     map[string]string   `json:"amr,omitempty"`
	Fixed   string              `json:"fixed,omitempty"`
	Request map[string][]string `json:"request,omitempty"` // by "ial/aal"
}

type personRow struct {
	Kind  string `json:"kind"`
	Claim string `json:"claim"`
}

func writeProvider(p federation.Provider) (string, error) {
	r := providerRow{
		Form: form, Names: p.Names, Status: string(p.Status), ValidFrom: writeTime(p.ValidFrom), ValidUntil: writeTime(p.ValidUntil),
		Ceiling: writeLevel(p.Ceiling), Order: p.Order, Restricted: p.Restricted, Attributes: p.Attributes,
		Assurance: assuranceRow{
			ACR: words(p.Assurance.ACR, writeLevel), IAL: words(p.Assurance.IAL, hub.IAL.String), IALName: p.Assurance.IALName,
			AAL: words(p.Assurance.AAL, hub.AAL.String), AALName: p.Assurance.AALName,
			AMR: words(p.Assurance.AMR, hub.AAL.String), Fixed: writeLevel(p.Assurance.Fixed),
		},
	}
	if len(p.Assurance.Request) > 0 {
		r.Assurance.Request = make(map[string][]string, len(p.Assurance.Request))
		for l, w := range p.Assurance.Request {
			r.Assurance.Request[writeLevel(l)] = w
		}
	}
	if p.Person != (federation.PersonClaim{}) {
		r.Person = &personRow{Kind: p.Person.Kind, Claim: p.Person.Claim}
	}
	if o := p.OIDC; o != nil {
		r.OIDC = writeOIDC(o)
	}
	r.NDID, r.SAML, r.Tokens = writeNDID(p.NDID), writeSAML(p.SAML), writeTokens(p.Tokens)
	b, err := json.Marshal(r)
	return string(b), err
}

// readProvider reads a document of this form. A member that it does not know fails: leaving out a limit that a newer program
// wrote would trust a provider further than it may be.
func readProvider(id, spec string) (federation.Provider, error) {
	var r providerRow
	d := json.NewDecoder(bytes.NewReader([]byte(spec)))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return federation.Provider{}, errors.New("federationsql: a trust record can't be read")
	}
	if r.Form != form {
		return federation.Provider{}, errors.New("federationsql: a trust record has another form")
	}
	var errs [7]error
	p := federation.Provider{
		ID: hub.ProviderID(id), Names: r.Names, Status: federation.Status(r.Status), ValidFrom: readTime(r.ValidFrom),
		ValidUntil: readTime(r.ValidUntil), Order: r.Order, Restricted: r.Restricted, Attributes: r.Attributes,
	}
	p.Assurance.IALName, p.Assurance.AALName = r.Assurance.IALName, r.Assurance.AALName
	p.Ceiling, errs[0] = readLevel(r.Ceiling)
	p.Assurance.Fixed, errs[1] = readLevel(r.Assurance.Fixed)
	p.Assurance.ACR, errs[2] = values(r.Assurance.ACR, readLevel)
	p.Assurance.IAL, errs[3] = values(r.Assurance.IAL, readIAL)
	p.Assurance.AMR, errs[4] = values(r.Assurance.AMR, readAAL)
	p.Assurance.AAL, errs[5] = values(r.Assurance.AAL, readAAL)
	p.NDID, errs[6] = readNDID(r.NDID)
	p.SAML, p.Tokens = readSAML(r.SAML), readTokens(r.Tokens)
	if err := errors.Join(errs[:]...); err != nil {
		return federation.Provider{}, err
	}
	if len(r.Assurance.Request) > 0 {
		p.Assurance.Request = make(map[hub.Level][]string, len(r.Assurance.Request))
		for text, w := range r.Assurance.Request {
			l, err := readLevel(text)
			if err != nil {
				return federation.Provider{}, err
			}
			p.Assurance.Request[l] = w
		}
	}
	if r.Person != nil {
		p.Person = federation.PersonClaim{Kind: r.Person.Kind, Claim: r.Person.Claim}
	}
	if o := r.OIDC; o != nil {
		p.OIDC = readOIDC(o)
	}
	return p, nil
}

// words turns the values of a map into text; nil for an empty one.
func words[V any](m map[string]V, write func(V) string) map[string]string {
	if len(m) == 0 {
		return nil
	}
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[k] = write(v)
	}
	return out
}

// values turns the texts of a map into values; nil for an empty one.
func values[V any](m map[string]string, read func(string) (V, error)) (map[string]V, error) {
	if len(m) == 0 {
		return nil, nil
	}
	out := make(map[string]V, len(m))
	for k, text := range m {
		v, err := read(text)
		if err != nil {
			return nil, err
		}
		out[k] = v
	}
	return out, nil
}

// writeLevel gives "ial/aal", "" for none stated.
func writeLevel(l hub.Level) string {
	if l == (hub.Level{}) {
		return ""
	}
	return l.IAL.String() + "/" + l.AAL.String()
}

func readLevel(text string) (l hub.Level, err error) {
	ial, aal, _ := strings.Cut(text, "/")
	if l.IAL, err = readIAL(ial); err != nil {
		return hub.Level{}, err
	}
	if l.AAL, err = readAAL(aal); err != nil {
		return hub.Level{}, err
	}
	return l, nil
}

func readIAL(text string) (hub.IAL, error) {
	if text == "" {
		return hub.IALNone, nil
	}
	return hub.ParseIAL(text)
}

func readAAL(text string) (hub.AAL, error) {
	if text == "" {
		return hub.AALNone, nil
	}
	return hub.ParseAAL(text)
}

// writeTime gives microseconds since 1970 UTC, 0 for the zero time.
func writeTime(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func readTime(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}
