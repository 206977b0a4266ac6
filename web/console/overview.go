package console

import (
	"net/http"
	"strconv"
	"time"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/logout"
	"onedoor/hub/statistics"
	"onedoor/tenants/staff"
	"onedoor/web/locale"
	"onedoor/web/view"
)

// again is how often the overview asks for itself, in seconds.
const again = 30

func fact(label locale.Word, cells ...view.ConsoleCell) view.ConsoleFact {
	return view.ConsoleFact{Label: label, Cells: cells}
}

func number[N ~int | ~int64 | ~uint64](n N) view.ConsoleCell {
	return view.ConsoleCell{Text: view.Thousands(int64(n))}
}

// tone is a state in words, with a mark.
func tone(good bool, yes, no locale.Word) view.ConsoleCell {
	if good {
		return view.ConsoleCell{Word: yes, Tone: "good"}
	}
	return view.ConsoleCell{Word: no, Tone: "bad"}
}

// overview is GET /console: how things stand for the platform's, and the ways on for everybody.
func (f *Office) overview(w http.ResponseWriter, r *http.Request, o officer) {
	ctx := r.Context()
	p := view.ConsolePage{Heading: locale.OverviewTitle}
	if f.o.Permits.May(ctx, o.subject, permit.AuditRead, staff.Place{}).Allowed {
		part, err := f.standing(r)
		if err != nil {
			f.v.Fail(w, r, err, root)
			return
		}
		p.Lead, p.Seconds, p.Parts = locale.OverviewLead, again, append(p.Parts, part...)
	}
	work := view.ConsolePart{ID: "work", Heading: locale.OverviewWork}
	for _, s := range f.sections() {
		if s.page != nil && s.act != "" && f.somewhere(ctx, o, s.act) {
			work.Links = append(work.Links, view.ConsoleLink{Href: s.paths[0], Word: s.word})
		}
	}
	work.Links = append(work.Links, view.ConsoleLink{Href: staffPath, Word: locale.PostsHeld})
	p.Parts = append(p.Parts, work)
	f.show(w, r, http.StatusOK, o, p)
}

// standing tells how things stand.
func (f *Office) standing(r *http.Request) ([]view.ConsolePart, error) {
	ctx := r.Context()
	live, err := f.o.Node.Live(ctx)
	if err != nil {
		return nil, err
	}
	visits, err := f.o.Statistics.Recent(ctx, statistics.Visits, f.o.Clock().Add(-time.Hour))
	if err != nil {
		return nil, err
	}
	_, through, err := f.o.Statistics.Progress(ctx)
	if err != nil {
		return nil, err
	}
	waiting, oldest, err := f.o.Ledger.Backlog(ctx)
	if err != nil {
		return nil, err
	}
	failed, err := f.o.Ledger.Failed(ctx, logout.Cursor{}, mostFailed)
	if err != nil {
		return nil, err
	}
	told := []view.ConsoleCell{number(waiting)}
	if !oldest.IsZero() {
		told[0].Also = []view.ConsoleCell{{At: oldest}}
	}
	lost := view.ConsoleCell{Text: strconv.Itoa(len(failed)), Href: root + "/notices"}
	counted := view.ConsoleCell{}
	if through.Unix() > 0 {
		counted.At = through
	}
	var troubled []view.ConsoleCell
	names := f.providerNames(r)
	for _, h := range f.o.Providers.Health() {
		if h.Trouble {
			troubled = append(troubled, view.ConsoleCell{Names: names[h.Provider], Code: string(h.Provider), Tone: "bad"})
		}
	}
	health := fact(locale.ProviderHealth, tone(true, locale.ProviderGood, locale.ProviderTrouble))
	if len(troubled) > 0 {
		health.Cells = append([]view.ConsoleCell{{Word: locale.ProviderTrouble}}, troubled...)
	}
	return []view.ConsolePart{
		{ID: "now", Heading: locale.OverviewNow, Facts: []view.ConsoleFact{
			fact(locale.OverviewSessions, number(live)),
			fact(locale.OverviewVisits, number(visits[audit.Success])),
			fact(locale.OverviewRefused, number(visits[audit.Refusal]+visits[audit.Failure])),
			fact(locale.OverviewWaiting, told...),
			fact(locale.OverviewFailed, lost),
			health,
			fact(locale.OverviewCounted, counted),
		}},
		{ID: "node", Heading: locale.OverviewNode, Facts: []view.ConsoleFact{
			fact(locale.OverviewLease, tone(f.o.Node.LeaseHeld(), locale.OverviewHeld, locale.OverviewLost)),
			fact(locale.OverviewAsked, number(f.o.Node.Asked())),
		}},
	}, nil
}

// providerNames gives what providers are called; none before the register was read.
func (f *Office) providerNames(r *http.Request) map[hub.ProviderID]hub.Text {
	all, err := f.o.Providers.Register(r.Context())
	if err != nil {
		return nil
	}
	names := map[hub.ProviderID]hub.Text{}
	for _, p := range all {
		names[p.ID] = p.Names
	}
	return names
}
