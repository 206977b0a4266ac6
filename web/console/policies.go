package console

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/tenants"
	"onedoor/tenants/staff"
	"onedoor/web/locale"
	"onedoor/web/view"
	"onedoor/web/visit"
)

// Policies are what the configuration says, as far as who works here must know it. They are changed in its file.
type Policies struct {
	Sandboxes  bool // developers register systems for trying out by themselves
	Lease      time.Duration
	SignFor    time.Duration
	SealFor    time.Duration
	SAMLFor    time.Duration
	TellFor    time.Duration // of one try to tell of a sign-out
	TellPause  time.Duration // the longest between two
	Logins     int           // a minute, of one network at one node
	Clients    int           // failed authentications of one system a minute
	Registries int           // of legal entities
}

// span writes a length of time: days where it is whole ones, else as short as it is exact.
func span(d time.Duration) view.ConsoleCell {
	const day = 24 * time.Hour
	if d >= 2*day && d%day == 0 {
		return view.ConsoleCell{Text: strconv.Itoa(int(d/day)) + " d"}
	}
	text := d.String()
	for _, zero := range []string{"0s", "0m"} {
		if short := strings.TrimSuffix(text, zero); short != text && strings.ContainsAny(short[max(0, len(short)-1):], "hm") {
			text = short
		}
	}
	return view.ConsoleCell{Text: text}
}

func truth(is bool) view.ConsoleCell {
	if is {
		return view.ConsoleCell{Word: locale.ConsoleYes}
	}
	return view.ConsoleCell{Word: locale.ConsoleNo}
}

// policies is GET /console/policies: what is demanded of services and of staff, how long things last, and who may do what.
func (f *Office) policies(w http.ResponseWriter, r *http.Request, o officer) {
	c := f.o.Policies
	levels := view.ConsolePart{ID: "levels", Heading: locale.PolicyLevels, Head: []locale.Word{locale.SystemGroup, locale.SystemDemands}}
	for _, g := range []tenants.Group{2, 3, 4} {
		if floor, ok := tenants.LeastOf(g); ok {
			levels.Rows = append(levels.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{number(g), {Level: floor}}})
		}
	}
	sessions := view.ConsolePart{ID: "sessions", Heading: locale.PolicySessions, Note: locale.PolicySessionsLead, Head: []locale.Word{locale.ConsoleLevel, locale.PolicyAge, locale.PolicyIdle}}
	for _, a := range []hub.AAL{hub.AAL1, hub.AAL22, hub.AAL3} {
		limit := session.LimitFor(a)
		row := view.ConsoleRow{Cells: []view.ConsoleCell{{Level: hub.Level{AAL: a}}, span(limit.Age), {Word: locale.SystemNoEnd}}}
		if limit.Idle > 0 {
			row.Cells[2] = span(limit.Idle)
		}
		sessions.Rows = append(sessions.Rows, row)
	}
	people := view.ConsolePart{ID: "staff", Heading: locale.PolicyStaff, Facts: []view.ConsoleFact{
		fact(locale.PolicyFourEyes, truth(f.o.FourEyes)),
		fact(locale.PolicyLeast, view.ConsoleCell{Level: staff.Least()}),
		fact(locale.PolicyFresh, span(visit.FreshFor)),
	}}
	ends := view.ConsolePart{ID: "ends", Heading: locale.PolicyEnds, Facts: []view.ConsoleFact{
		fact(locale.PolicyLease, span(c.Lease)),
		fact(locale.PolicyTell, span(c.TellFor)),
		fact(locale.PolicyPause, span(c.TellPause)),
		fact(locale.PolicyLedger, span(logout.Kept)),
	}}
	turns := view.ConsolePart{ID: "keys", Heading: locale.KeysTitle, Facts: []view.ConsoleFact{
		fact(locale.PolicySign, span(c.SignFor)), fact(locale.PolicySeal, span(c.SealFor)), fact(locale.PolicySAML, span(c.SAMLFor)),
	}}
	other := view.ConsolePart{ID: "other", Heading: locale.PolicyOther, Facts: []view.ConsoleFact{
		fact(locale.PolicyLogins, number(c.Logins)), fact(locale.PolicyClients, number(c.Clients)), fact(locale.PolicySandboxes, truth(c.Sandboxes)), fact(locale.PolicyRegistries, number(c.Registries)),
	}}
	f.show(w, r, http.StatusOK, o, view.ConsolePage{Heading: locale.PoliciesTitle, Lead: locale.PoliciesLead, Parts: []view.ConsolePart{levels, sessions, people, ends, turns, other, f.rules()}})
}

// rules lists who may do what: a line for each act, with the roles that have it.
func (f *Office) rules() view.ConsolePart {
	part := view.ConsolePart{ID: "rules", Heading: locale.PolicyRules, Note: locale.PolicyRulesLead, Head: []locale.Word{locale.ConsoleAct, locale.PostRole}}
	held := map[permit.Act]hub.Text{}
	for _, l := range f.o.Permits.Lines() {
		all := held[l.Act]
		if all == nil {
			all = hub.Text{}
			held[l.Act] = all
		}
		for lang, name := range roleName(l.Role).Names {
			if all[lang] != "" {
				all[lang] += " · "
			}
			all[lang] += name
		}
	}
	for _, act := range slices.Sorted(maps.Keys(held)) {
		part.Rows = append(part.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{{Code: string(act)}, {Names: held[act]}}})
	}
	return part
}
