package tenantsql

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/login"
	"onedoor/tenants"
)

// form is the version of the documents below. A change of their fields is a new form, which reads the older ones.
const form = 1

type departmentRow struct {
	Form      int      `json:"form"`
	Names     hub.Text `json:"names,omitempty"`
	Complaint string   `json:"complaint,omitempty"`

	Areas    []areaRow    `json:"areas,omitempty"`
	Records  []recordRow  `json:"records,omitempty"`
	Contacts []contactRow `json:"contacts,omitempty"`
	Status   string       `json:"status,omitempty"`
	FourEyes bool         `json:"four_eyes,omitempty"`
}

type contactRow struct {
	For string `json:"for"`
	URI string `json:"uri"`
}

type areaRow struct {
	ID     string   `json:"id"`
	Parent string   `json:"parent,omitempty"`
	Names  hub.Text `json:"names,omitempty"`
}

type systemRow struct {
	Form       int      `json:"form"`
	Department string   `json:"department"` // as in the column, so that a change of it is a change of the document
	Area       string   `json:"area,omitempty"`
	Names      hub.Text `json:"names,omitempty"`
	Status     string   `json:"status,omitempty"`
	Group      int      `json:"group,omitempty"`
	Least      string   `json:"least,omitempty"` // "2.3/2.1"
	Risk       string   `json:"risk,omitempty"`
	ReviewBy   int64    `json:"review_by,omitempty"` // microseconds since 1970 UTC

	SessionLife  int64 `json:"session_life,omitempty"` // nanoseconds
	StatesPlace  bool  `json:"states_place,omitempty"`
	NamesPersons bool  `json:"names_persons,omitempty"`
	TellsItems   bool  `json:"tells_items,omitempty"`

	For          string `json:"for,omitempty"`
	EntityNumber bool   `json:"entity_number,omitempty"`

	Attributes []ruleRow `json:"attributes,omitempty"`
	OIDC       *oidcRow  `json:"oidc,omitempty"`
	SAML       *samlRow  `json:"saml,omitempty"`

	Forward *forwardRow `json:"forward,omitempty"`
}

type ruleRow struct {
	Attribute string   `json:"attribute"`
	Purpose   string   `json:"purpose"`
	Text      hub.Text `json:"text,omitempty"`
	Required  bool     `json:"required,omitempty"`
	Basis     string   `json:"basis"`
	Effect    hub.Text `json:"effect,omitempty"`
}

type oidcRow struct {
	RedirectURIs           []string    `json:"redirect_uris,omitempty"`
	PostLogoutRedirectURIs []string    `json:"post_logout_redirect_uris,omitempty"`
	Scopes                 []string    `json:"scopes,omitempty"`
	GrantTypes             []string    `json:"grant_types,omitempty"`
	AuthMethod             string      `json:"auth_method,omitempty"`
	Secrets                []secretRow `json:"secrets,omitempty"`
	SectorIdentifier       string      `json:"sector_identifier,omitempty"`
	IDTokenAlg             string      `json:"id_token_alg,omitempty"`
	Native                 bool        `json:"native,omitempty"`
	InitiateLoginURI       string      `json:"initiate_login_uri,omitempty"`
	BackchannelLogoutURI   string      `json:"backchannel_logout_uri,omitempty"`
	FrontchannelLogoutURI  string      `json:"frontchannel_logout_uri,omitempty"`
	AccessTokenLifetime    int64       `json:"access_token_lifetime,omitempty"` // nanoseconds
	clientRow
}

type secretRow struct {
	SHA256    []byte `json:"sha256"`
	ExpiresAt int64  `json:"expires_at,omitempty"` // microseconds since 1970 UTC
}

func writeDepartment(d tenants.Department) (string, error) {
	r := departmentRow{Form: form, Names: d.Names, Complaint: d.Complaint, Status: string(d.Status), FourEyes: d.FourEyes}
	for _, c := range d.Contacts {
		r.Contacts = append(r.Contacts, contactRow(c))
	}
	for _, a := range d.Areas {
		r.Areas = append(r.Areas, areaRow{string(a.ID), string(a.Parent), a.Names})
	}
	r.Records = writeRecords(d.Records)
	b, err := json.Marshal(r)
	return string(b), err
}

func readDepartment(id, spec string) (tenants.Department, error) {
	var r departmentRow
	if err := decode(spec, &r, &r.Form); err != nil {
		return tenants.Department{}, err
	}
	d := tenants.Department{ID: hub.DepartmentID(id), Names: r.Names, Complaint: r.Complaint, Status: tenants.DepartmentStatus(r.Status), FourEyes: r.FourEyes}
	for _, c := range r.Contacts {
		d.Contacts = append(d.Contacts, tenants.Contact(c))
	}
	for _, a := range r.Areas {
		d.Areas = append(d.Areas, tenants.Area{ID: tenants.AreaID(a.ID), Parent: tenants.AreaID(a.Parent), Names: a.Names})
	}
	var err error
	d.Records, err = readRecords(r.Records)
	return d, err
}

func writeSystem(s tenants.System) (string, error) {
	r := systemRow{
		Form: form, Department: string(s.Department), Area: string(s.Area), Names: s.Names, Status: string(s.Status), Group: int(s.Group),
		Least: writeLevel(s.Least), Risk: s.Risk, ReviewBy: writeTime(s.ReviewBy), SessionLife: int64(s.SessionLife), StatesPlace: s.StatesPlace,
		NamesPersons: s.NamesPersons, TellsItems: s.TellsItems,
		For: string(s.For), EntityNumber: s.EntityNumber,
	}
	for _, a := range s.Attributes {
		r.Attributes = append(r.Attributes, ruleRow{string(a.Attribute), a.Purpose, a.Text, a.Required, string(a.Basis), a.Effect})
	}
	if o := s.OIDC; o != nil {
		r.OIDC = &oidcRow{
			RedirectURIs: o.RedirectURIs, PostLogoutRedirectURIs: o.PostLogoutRedirectURIs, Scopes: o.Scopes, GrantTypes: o.GrantTypes,
			AuthMethod: o.AuthMethod, SectorIdentifier: o.SectorIdentifier, IDTokenAlg: o.IDTokenAlg, Native: o.Native,
			InitiateLoginURI: o.InitiateLoginURI, BackchannelLogoutURI: o.BackchannelLogoutURI, FrontchannelLogoutURI: o.FrontchannelLogoutURI,
			AccessTokenLifetime: int64(o.AccessTokenLifetime), clientRow: writeClient(*o),
		}
		r.OIDC.Secrets = writeSecrets(o.Secrets)
	}
	r.SAML, r.Forward = writeSAML(s.SAML), writeForward(s.Forward)
	b, err := json.Marshal(r)
	return string(b), err
}

func readSystem(id, spec string) (tenants.System, error) {
	var r systemRow
	if err := decode(spec, &r, &r.Form); err != nil {
		return tenants.System{}, err
	}
	least, err := readLevel(r.Least)
	if err != nil {
		return tenants.System{}, err
	}
	s := tenants.System{
		ID: hub.SystemID(id), Department: hub.DepartmentID(r.Department), Area: tenants.AreaID(r.Area), Names: r.Names, Status: tenants.SystemStatus(r.Status),
		Group: tenants.Group(r.Group), Least: least, Risk: r.Risk, ReviewBy: readTime(r.ReviewBy), SessionLife: time.Duration(r.SessionLife), StatesPlace: r.StatesPlace,
		NamesPersons: r.NamesPersons, TellsItems: r.TellsItems,
		For: login.Serves(r.For), EntityNumber: r.EntityNumber,
	}
	for _, a := range r.Attributes {
		s.Attributes = append(s.Attributes, consent.Rule{
			Attribute: hub.AttributeName(a.Attribute), Purpose: a.Purpose, Text: a.Text, Required: a.Required,
			Basis: consent.Basis(a.Basis), Effect: a.Effect,
		})
	}
	if o := r.OIDC; o != nil {
		s.OIDC = &tenants.OIDC{
			RedirectURIs: o.RedirectURIs, PostLogoutRedirectURIs: o.PostLogoutRedirectURIs, Scopes: o.Scopes, GrantTypes: o.GrantTypes,
			AuthMethod: o.AuthMethod, SectorIdentifier: o.SectorIdentifier, IDTokenAlg: o.IDTokenAlg, Native: o.Native,
			InitiateLoginURI: o.InitiateLoginURI, BackchannelLogoutURI: o.BackchannelLogoutURI, FrontchannelLogoutURI: o.FrontchannelLogoutURI,
			AccessTokenLifetime: time.Duration(o.AccessTokenLifetime),
		}
		if err := o.readClient(s.OIDC); err != nil {
			return tenants.System{}, err
		}
		if s.OIDC.Secrets, err = readSecrets(o.Secrets); err != nil {
			return tenants.System{}, err
		}
	}
	s.SAML = readSAML(r.SAML)
	s.Forward, err = readForward(r.Forward)
	return s, err
}

// decode reads a document of this form. A member that it does not know fails: leaving out a rule that a newer program wrote
// could open what that rule closes.
func decode(spec string, row any, got *int) error {
	d := json.NewDecoder(bytes.NewReader([]byte(spec)))
	d.DisallowUnknownFields()
	if err := d.Decode(row); err != nil {
		return errors.New("tenantsql: a document of the register can't be read")
	}
	if *got != form {
		return errors.New("tenantsql: a document of the register has another form")
	}
	return nil
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
	if ial != "" {
		if l.IAL, err = hub.ParseIAL(ial); err != nil {
			return hub.Level{}, err
		}
	}
	if aal != "" {
		if l.AAL, err = hub.ParseAAL(aal); err != nil {
			return hub.Level{}, err
		}
	}
	return l, nil
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
