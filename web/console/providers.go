package console

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"onedoor/authz/permit"
	"onedoor/federation"
	"onedoor/hub"
	"onedoor/web/locale"
	"onedoor/web/view"
)

// healths gives how providers have been answering this node.
func (f *Office) healths() map[hub.ProviderID]federation.Health {
	all := map[hub.ProviderID]federation.Health{}
	for _, h := range f.o.Providers.Health() {
		all[h.Provider] = h
	}
	return all
}

// standingOf is whether a provider may be used.
func standingOf(e federation.Entry) view.ConsoleCell {
	if !e.Held.At.IsZero() {
		return view.ConsoleCell{Word: locale.SystemSuspended, Tone: "bad"}
	}
	return tone(e.InService, locale.ProviderActive, locale.ProviderInactive)
}

// providers is GET /console/providers: who vouches, up to which level, and how they have been answering this node.
func (f *Office) providers(w http.ResponseWriter, r *http.Request, o officer) {
	all, err := f.o.Providers.Register(r.Context())
	if err != nil {
		f.v.Fail(w, r, err, root)
		return
	}
	health := f.healths()
	list := view.ConsolePart{
		ID: "list", Heading: locale.ProvidersTitle, Empty: locale.ProvidersNone,
		Head: []locale.Word{locale.ConsoleName, locale.ConsoleState, locale.ProviderCeiling, locale.ConsoleUntil, locale.ProviderHealth, locale.ProviderLast},
	}
	for _, e := range all {
		h := health[e.ID]
		list.Rows = append(list.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{
			{Names: e.Names, Href: root + "/providers/" + string(e.ID)},
			standingOf(e),
			{Level: e.Ceiling},
			{Day: e.ValidUntil},
			tone(!h.Trouble, locale.ProviderGood, locale.ProviderTrouble),
			{At: h.LastAnswer},
		}})
	}
	f.show(w, r, http.StatusOK, o, view.ConsolePage{Heading: locale.ProvidersTitle, Lead: locale.ProvidersLead, Parts: []view.ConsolePart{list}})
}

// provider is GET /console/providers/{provider}: its trust record, what it may be asked for, how it has been answering, and its suspension.
func (f *Office) provider(w http.ResponseWriter, r *http.Request, o officer) {
	ctx := r.Context()
	all, err := f.o.Providers.Register(ctx)
	if err != nil {
		f.v.Fail(w, r, err, root)
		return
	}
	i := slices.IndexFunc(all, func(e federation.Entry) bool { return string(e.ID) == r.PathValue("provider") })
	if i < 0 {
		f.v.Fail(w, r, nothing(), "")
		return
	}
	e := all[i]
	record, err := f.o.Providers.Record(e.ID)
	if err != nil {
		f.v.Fail(w, r, err, root)
		return
	}
	trust := view.ConsolePart{ID: "trust", Heading: locale.ProviderTrust, Facts: []view.ConsoleFact{
		fact(locale.ConsoleID, view.ConsoleCell{Code: string(e.ID)}),
		fact(locale.ConsoleSince, view.ConsoleCell{Day: e.ValidFrom}),
		fact(locale.ConsoleUntil, view.ConsoleCell{Day: e.ValidUntil}),
		fact(locale.ProviderCeiling, view.ConsoleCell{Level: e.Ceiling}),
		fact(locale.ProviderProtocol, view.ConsoleCell{Text: record.Protocol()}),
		fact(locale.ProviderAddress, view.ConsoleCell{Code: issuerOf(record)}),
		fact(locale.ProviderGives, given(record)...),
	}}
	if record.Person.Kind != "" {
		trust.Facts = append(trust.Facts, fact(locale.ProviderNumber, view.ConsoleCell{Code: record.Person.Kind}))
	}
	levels := view.ConsolePart{ID: "levels", Heading: locale.ProviderLevels, Head: []locale.Word{locale.ProviderSays, locale.ConsoleLevel}}
	for _, word := range slices.Sorted(maps.Keys(record.Assurance.ACR)) {
		levels.Rows = append(levels.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{{Code: word}, {Level: record.Assurance.ACR[word]}}})
	}
	if record.Assurance.Fixed != (hub.Level{}) {
		levels.Rows = append(levels.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{{Word: locale.ProviderFixed}, {Level: record.Assurance.Fixed}}})
	}
	standing, err := f.standingPart(r, o, e)
	if err != nil {
		f.v.Fail(w, r, err, root)
		return
	}
	p := view.ConsolePage{Heading: locale.ProviderTitle, Place: view.ConsoleCell{Names: e.Names}, Parts: []view.ConsolePart{standing, f.healthPart(record), trust}}
	if len(levels.Rows) > 0 {
		p.Parts = append(p.Parts, levels)
	}
	if f.may(ctx, o, permit.AuditRead) {
		month, err := f.period("")
		var figures view.ConsolePart
		if err == nil {
			figures, err = f.accounts(r, month)
		}
		if err != nil {
			f.v.Fail(w, r, err, root)
			return
		}
		figures.Rows = slices.DeleteFunc(figures.Rows, func(row view.ConsoleRow) bool { return row.Cells[0].Code != string(e.ID) })
		p.Parts = append(p.Parts, figures)
	}
	p.Parts = append(p.Parts, view.ConsolePart{ID: "on", Heading: locale.ProvidersTitle, Links: []view.ConsoleLink{{Href: root + "/providers", Word: locale.ProvidersTitle}}})
	f.show(w, r, http.StatusOK, o, p)
}

// standingPart tells whether a provider may be used, and lets it be suspended or resumed.
func (f *Office) standingPart(r *http.Request, o officer, e federation.Entry) (view.ConsolePart, error) {
	part := view.ConsolePart{ID: "standing", Heading: locale.LifeTitle, Facts: []view.ConsoleFact{fact(locale.ConsoleState, standingOf(e))}}
	held := !e.Held.At.IsZero()
	if held {
		part.Facts = append(part.Facts,
			fact(locale.PostReason, view.ConsoleCell{Word: stepReasons[e.Held.Reason]}),
			fact(locale.ConsoleSince, view.ConsoleCell{At: e.Held.At}),
			fact(locale.LifeBy, view.ConsoleCell{Code: f.account(o, e.Held.By)}),
		)
	}
	action := root + "/providers/" + string(e.ID) + doing
	ended, done, err := f.o.Brake.Progress(r.Context(), e.ID)
	cut := err == nil
	if err != nil && !errors.Is(err, hub.NotFound) {
		return part, err
	}
	if cut {
		state := view.ConsoleCell{Word: locale.ProviderCutting, Tone: "bad"}
		if !done.IsZero() {
			state = view.ConsoleCell{At: done}
		}
		part.Facts = append(part.Facts, fact(locale.ProviderCutDone, state), fact(locale.ProviderCutCount, number(ended)))
	}
	may := f.may(r.Context(), o, permit.ProviderPut)
	if may && held && (!cut || !done.IsZero() && done.Before(e.Held.At)) { // nothing begins through it any more: what has begun can still be ended
		part.Forms = append(part.Forms, view.ConsoleForm{Action: action + "suspend", Button: locale.ProviderCut, Danger: true, Hidden: []view.PostField{
			{Name: "sessions", Value: string(federation.FateEnd)}, {Name: "reason", Value: e.Held.Reason},
		}})
	}
	switch {
	case !may:
	case !held:
		part.Note = locale.ProviderSuspending
		part.Forms = []view.ConsoleForm{{Action: action + "suspend", Button: locale.LifeSuspend, Danger: true, Fields: []view.ConsoleField{why(federation.HoldReasons()), fate()}}}
	case f.o.FourEyes && e.Held.By == o.session.Account:
		part.Note = locale.LifeUnready
	default:
		part.Forms = append(part.Forms, view.ConsoleForm{Action: action + "resume", Button: locale.LifeResume, Fields: []view.ConsoleField{why(federation.ResumeReasons())}})
	}
	return part, nil
}

// fate asks what becomes of those who are signed in through a provider that is suspended.
func fate() view.ConsoleField {
	return view.ConsoleField{Name: "sessions", Label: locale.ProviderFate, Options: []view.ConsoleOption{
		{Value: string(federation.FateByReason), Name: view.ConsoleCell{Word: locale.ProviderFateByReason}},
		{Value: string(federation.FateEnd), Name: view.ConsoleCell{Word: locale.ProviderFateEnd}},
		{Value: string(federation.FateKeep), Name: view.ConsoleCell{Word: locale.ProviderFateKeep}},
	}}
}

// healthPart tells how a provider has been answering this node, and how old what it says of itself is.
func (f *Office) healthPart(p federation.Provider) view.ConsolePart {
	h, said, now := f.healths()[p.ID], f.o.Published(p), f.o.Clock()
	part := view.ConsolePart{ID: "health", Heading: locale.ProviderHealth, Note: locale.ProviderNode, Facts: []view.ConsoleFact{
		fact(locale.ConsoleState, tone(!h.Trouble, locale.ProviderGood, locale.ProviderTrouble)),
		fact(locale.ProviderLast, view.ConsoleCell{At: h.LastAnswer}),
		fact(locale.ProviderFailed, view.ConsoleCell{At: h.LastFailure}),
		fact(locale.ProviderInRow, number(h.FailedInRow)),
		fact(locale.ProviderUnderWay, number(h.UnderWay)),
	}}
	if p.OIDC != nil || p.SAML != nil {
		read := fact(locale.ProviderRead, view.ConsoleCell{At: said.At})
		if !said.Until.IsZero() {
			read.Cells[0].Also = []view.ConsoleCell{{Word: locale.ConsoleUntil}, {At: said.Until}}
		}
		part.Facts = append(part.Facts, read)
	}
	if len(said.Certificates) > 0 {
		ends := fact(locale.ProviderCertificates)
		for _, c := range said.Certificates {
			cell := view.ConsoleCell{Day: c.Until}
			if !now.Before(c.Until) || now.Before(c.From) {
				cell.Tone = "bad"
			}
			ends.Cells = append(ends.Cells, cell)
		}
		part.Facts = append(part.Facts, ends)
	}
	return part
}

// issuerOf is what a provider calls itself.
func issuerOf(p federation.Provider) string {
	switch {
	case p.OIDC != nil:
		return p.OIDC.Issuer
	case p.SAML != nil:
		return p.SAML.EntityID
	case p.NDID != nil:
		return p.NDID.Node
	default:
		return ""
	}
}

// given lists what a provider may say of people.
func given(p federation.Provider) []view.ConsoleCell {
	var names []string
	for n := range p.Attributes {
		names = append(names, string(n))
	}
	slices.Sort(names)
	return []view.ConsoleCell{{Text: strings.Join(names, ", ")}}
}

func (f *Office) suspendProvider(_ http.ResponseWriter, r *http.Request, o officer, form url.Values) (bool, error) {
	h := federation.Halt{
		Provider: hub.ProviderID(r.PathValue("provider")), Reason: form.Get("reason"), By: o.session.Account, Sessions: federation.Fate(form.Get("sessions")),
	}
	err := f.o.Brake.Suspend(r.Context(), h)
	if err == nil && h.Sessions.Ends(h.Reason) {
		f.o.Settle(r.Context())
	}
	return false, f.reread(r, err)
}

func (f *Office) resumeProvider(_ http.ResponseWriter, r *http.Request, o officer, form url.Values) (bool, error) {
	err := f.o.Brake.Resume(r.Context(), o.session.Account, hub.ProviderID(r.PathValue("provider")), form.Get("reason"))
	return false, f.reread(r, err)
}

// reread has this node know at once what has changed; the others do within seconds.
func (f *Office) reread(r *http.Request, err error) error {
	if err != nil {
		return err
	}
	return f.o.Providers.Refresh(r.Context())
}
