package console

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/tenants/staff"
	"onedoor/web/locale"
	"onedoor/web/view"
)

// atOnce is how many entries a list shows; the rest is a page on.
const atOnce = 50

// departments is GET /console/departments[/{department}]: the list for the platform's, else one of them.
func (f *Office) departments(w http.ResponseWriter, r *http.Request, o officer) {
	if o.place.Department != "" {
		f.department(w, r, o)
		return
	}
	all, err := f.o.Register.Departments(r.Context())
	if err != nil {
		f.v.Fail(w, r, err, root)
		return
	}
	after := hub.DepartmentID(r.URL.Query().Get("after"))
	systems := map[hub.DepartmentID]int{}
	for _, s := range f.o.Register.Systems() {
		systems[s.Department]++
	}
	part := view.ConsolePart{ID: "list", Heading: locale.DepartmentsTitle, Head: []locale.Word{locale.ConsoleName, locale.ConsoleID, locale.DepartmentSystems, locale.DepartmentAreas}}
	slices.SortFunc(all, func(a, b tenants.Department) int { return compare(a.ID, b.ID) })
	for _, d := range all {
		if d.ID <= after {
			continue
		}
		if len(part.Rows) == atOnce {
			part.Links = []view.ConsoleLink{{Href: o.page + "?after=" + url.QueryEscape(string(after)), Word: locale.ConsoleMore}}
			break
		}
		after = d.ID
		part.Rows = append(part.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{
			{Names: d.Names, Href: root + "/departments/" + string(d.ID)}, {Code: string(d.ID)}, number(systems[d.ID]), number(len(d.Areas)),
		}})
	}
	f.show(w, r, http.StatusOK, o, view.ConsolePage{Heading: locale.DepartmentsTitle, Lead: locale.DepartmentsLead, Parts: []view.ConsolePart{part}})
}

func compare[T ~string](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// department is one of them, with its systems.
func (f *Office) department(w http.ResponseWriter, r *http.Request, o officer) {
	ctx := r.Context()
	d, err := f.o.Register.Department(ctx, o.place.Department)
	if err != nil {
		f.v.Fail(w, r, err, root)
		return
	}
	about := view.ConsolePart{ID: "about", Heading: locale.ConsoleWhere, Facts: []view.ConsoleFact{fact(locale.ConsoleID, view.ConsoleCell{Code: string(d.ID)})}}
	areas, kinds := fact(locale.DepartmentAreas), fact(locale.DepartmentRecords)
	for _, a := range d.Areas {
		areas.Cells = append(areas.Cells, view.ConsoleCell{Names: a.Names})
	}
	for _, k := range d.Records {
		kinds.Cells = append(kinds.Cells, view.ConsoleCell{Names: k.Names})
	}
	for _, more := range []view.ConsoleFact{areas, kinds} {
		if len(more.Cells) > 0 {
			about.Facts = append(about.Facts, more)
		}
	}
	for _, s := range f.sections() {
		if len(s.paths) == 2 && s.act != permit.DepartmentRead && f.may(ctx, o, s.act) {
			about.Links = append(about.Links, view.ConsoleLink{Href: s.paths[0] + "/" + string(d.ID), Word: s.word})
		}
	}
	list := view.ConsolePart{ID: "systems", Heading: locale.DepartmentSystems, Head: []locale.Word{locale.ConsoleName, locale.ConsoleState, locale.SystemDemands, locale.ProviderProtocol}}
	for _, s := range f.systemsOf(d.ID) {
		if !f.o.Permits.May(ctx, o.subject, permit.SystemRead, staff.Place{Department: s.Department, Area: s.Area}).Allowed {
			continue
		}
		list.Rows = append(list.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{
			{Names: s.Names, Href: root + "/systems/" + string(s.ID)}, stateOf(s), {Level: s.Least}, {Text: protocolsOf(s)},
		}})
	}
	f.show(w, r, http.StatusOK, o, view.ConsolePage{Heading: locale.ConsoleWhere, Place: view.ConsoleCell{Names: d.Names}, Parts: []view.ConsolePart{about, list}})
}

// stateOf is where a system is in its life.
func stateOf(s tenants.System) view.ConsoleCell {
	switch s.Status {
	case tenants.Live:
		return view.ConsoleCell{Word: locale.SystemLive, Tone: "good"}
	case tenants.Testing:
		return view.ConsoleCell{Word: locale.SystemTesting, Tone: "plain"}
	case tenants.Suspended:
		return view.ConsoleCell{Word: locale.SystemSuspended, Tone: "bad"}
	default:
		return view.ConsoleCell{Word: locale.SystemDraft, Tone: "plain"}
	}
}

func protocolsOf(s tenants.System) string {
	text := ""
	for _, x := range []struct {
		is   bool
		name string
	}{{s.OIDC != nil, "OpenID Connect"}, {s.SAML != nil, "SAML 2.0"}, {s.Forward != nil, "forward-auth"}} {
		if x.is {
			if text != "" {
				text += ", "
			}
			text += x.name
		}
	}
	return text
}

// system is GET /console/systems/{system}: what it demands, how it is connected, which keys it has. Secrets are never shown: the hub has hashes.
func (f *Office) system(w http.ResponseWriter, r *http.Request, o officer) {
	ctx := r.Context()
	s, err := f.o.Register.System(ctx, hub.SystemID(r.PathValue("system")))
	if err != nil || !f.o.Permits.May(ctx, o.subject, permit.SystemRead, staff.Place{Department: s.Department, Area: s.Area}).Allowed {
		f.v.Fail(w, r, nothing(), "")
		return
	}
	o.place.Department = s.Department
	about := view.ConsolePart{ID: "about", Heading: locale.SystemTitle, Facts: []view.ConsoleFact{
		fact(locale.ConsoleID, view.ConsoleCell{Code: string(s.ID)}),
		fact(locale.ConsoleState, stateOf(s)),
		fact(locale.SystemGroup, number(s.Group)),
		fact(locale.SystemDemands, view.ConsoleCell{Level: s.Least}),
		fact(locale.ProviderProtocol, view.ConsoleCell{Text: protocolsOf(s)}),
		fact(locale.SystemReview, view.ConsoleCell{Day: s.ReviewBy}),
	}}
	if s.Risk != "" {
		about.Facts = append(about.Facts, fact(locale.SystemRisk, view.ConsoleCell{Text: s.Risk}))
	}
	p := view.ConsolePage{Heading: locale.SystemTitle, Place: view.ConsoleCell{Names: s.Names}, Parts: []view.ConsolePart{about}}
	ends := view.ConsolePart{ID: "ends", Heading: locale.SystemEndpoints, Head: []locale.Word{locale.ConsoleName, locale.ProviderAddress}}
	add := func(name string, addresses ...string) {
		for _, a := range addresses {
			if a != "" {
				ends.Rows = append(ends.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{{Code: name}, {Code: a}}})
			}
		}
	}
	if c := s.OIDC; c != nil {
		add("redirect_uri", c.RedirectURIs...)
		add("post_logout_redirect_uri", c.PostLogoutRedirectURIs...)
		add("backchannel_logout_uri", c.BackchannelLogoutURI)
		add("frontchannel_logout_uri", c.FrontchannelLogoutURI)
		add("initiate_login_uri", c.InitiateLoginURI)
		add("resource", c.Resource)
		held := view.ConsolePart{ID: "keys", Heading: locale.SystemKeys, Facts: []view.ConsoleFact{fact(locale.ProviderProtocol, view.ConsoleCell{Code: authMethod(c)})}}
		for i, secret := range c.Secrets {
			cell := view.ConsoleCell{Word: locale.SystemNoEnd}
			if !secret.ExpiresAt.IsZero() {
				cell = view.ConsoleCell{At: secret.ExpiresAt}
			}
			cell.Also = []view.ConsoleCell{{Text: "#" + strconv.Itoa(i+1)}}
			held.Facts = append(held.Facts, fact(locale.SystemSecret, cell))
		}
		switch {
		case c.JWKSURI != "":
			held.Facts = append(held.Facts, fact(locale.SystemJWKS, view.ConsoleCell{Code: c.JWKSURI}))
		case c.JWKS != "":
			held.Facts = append(held.Facts, fact(locale.SystemJWKS, view.ConsoleCell{Word: locale.ConsoleYes}))
		}
		p.Parts = append(p.Parts, held)
	}
	if len(ends.Rows) > 0 {
		p.Parts = append(p.Parts, ends)
	}
	p.Parts = append(p.Parts, view.ConsolePart{ID: "on", Heading: locale.ConsoleWhere, Links: []view.ConsoleLink{
		{Href: root + "/departments/" + string(s.Department), Name: f.placeName(ctx, o)},
	}})
	f.show(w, r, http.StatusOK, o, p)
}

// authMethod is how a client proves itself.
func authMethod(c *tenants.OIDC) string {
	if c.AuthMethod == "" {
		return "client_secret_basic"
	}
	return c.AuthMethod
}
