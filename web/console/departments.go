package console

import (
	"net/http"
	"net/url"
	"slices"

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
