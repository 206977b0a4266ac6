package console

import (
	"net/http"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/web/locale"
	"onedoor/web/view"
)

// providers is GET /console/providers: their trust records, and how they have been answering this node.
func (f *Office) providers(w http.ResponseWriter, r *http.Request, o officer) {
	all, err := f.o.Providers.Register(r.Context())
	if err != nil {
		f.v.Fail(w, r, err, root)
		return
	}
	health := map[hub.ProviderID]federation.Health{}
	for _, h := range f.o.Providers.Health() {
		health[h.Provider] = h
	}
	p := view.ConsolePage{Heading: locale.ProvidersTitle, Lead: locale.ProvidersLead}
	if len(all) == 0 {
		p.Parts = []view.ConsolePart{{ID: "none", Heading: locale.ProvidersTitle, Empty: locale.ProvidersNone}}
	}
	for _, e := range all {
		h := health[e.ID]
		state := tone(e.InService, locale.ProviderActive, locale.ProviderInactive)
		state.Also = []view.ConsoleCell{{Text: string(e.Status)}}
		part := view.ConsolePart{ID: "p-" + string(e.ID), Name: view.ConsoleCell{Names: e.Names}, Facts: []view.ConsoleFact{
			fact(locale.ConsoleID, view.ConsoleCell{Code: string(e.ID)}),
			fact(locale.ConsoleState, state),
			fact(locale.ConsoleSince, view.ConsoleCell{Day: e.ValidFrom}),
			fact(locale.ConsoleUntil, view.ConsoleCell{Day: e.ValidUntil}),
			fact(locale.ProviderCeiling, view.ConsoleCell{Level: e.Ceiling}),
		}}
		if record, err := f.o.Providers.Record(e.ID); err == nil {
			part.Facts = append(part.Facts, fact(locale.ProviderProtocol, view.ConsoleCell{Text: record.Protocol()}))
			if record.OIDC != nil {
				part.Facts = append(part.Facts, fact(locale.ProviderAddress, view.ConsoleCell{Code: record.OIDC.Issuer}))
			}
		}
		part.Facts = append(part.Facts,
			fact(locale.ProviderHealth, tone(!h.Trouble, locale.ProviderGood, locale.ProviderTrouble)),
			fact(locale.ProviderUnderWay, number(h.UnderWay)),
			fact(locale.ProviderInRow, number(h.FailedInRow)),
			fact(locale.ProviderLast, view.ConsoleCell{At: h.LastAnswer}),
		)
		p.Parts = append(p.Parts, part)
	}
	f.show(w, r, http.StatusOK, o, p)
}
