package console

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/tenants/staff"
	"onedoor/web/locale"
	"onedoor/web/view"
)

// mostFailed is how many failed notices are counted.
const mostFailed = 500

// mostLive is how many campaigns under way a page shows, soon how often it asks for itself while there are such, in seconds.
const (
	mostLive = 25
	soon     = 3
)

// saidWords tell what is known of a participant, causeWords why a session ended.
var (
	saidWords = map[logout.State]locale.Word{
		logout.Open: locale.TellingOpen, logout.Retrying: locale.TellingRetrying, logout.Visiting: locale.TellingVisiting, logout.Confirmed: locale.TellingConfirmed,
		logout.Visited: locale.TellingVisited, logout.Failed: locale.TellingFailed, logout.Unreachable: locale.TellingNoWay, logout.Initiator: locale.TellingInitiator,
	}
	causeWords = map[session.EndReason]locale.Word{
		session.EndedByPerson: locale.CausePerson, session.EndedByIdle: locale.CauseIdle, session.EndedByAge: locale.CauseAge, session.EndedByAccount: locale.CauseAccount,
		session.EndedBySystem: locale.CauseSystem, session.EndedByAdmin: locale.CauseAdmin, session.EndedByIDP: locale.CauseProvider, session.EndedByOther: locale.CauseOther,
		session.EndedByMandate: locale.CauseMandate, session.EndedBySuspension: locale.CauseSuspension,
	}
)

// standsAt is where a notice stands.
func standsAt(n logout.Notice) view.ConsoleCell {
	c := view.ConsoleCell{Word: saidWords[n.State], Tone: "plain"}
	switch n.State {
	case logout.Confirmed, logout.Initiator:
		c.Tone = "good"
	case logout.Failed, logout.Unreachable:
		c.Tone = "bad"
	}
	if n.Reason != "" {
		c.Also = []view.ConsoleCell{{Text: n.Reason}}
	}
	return c
}

// teller names who is told.
func (f *Office) teller(r *http.Request, n logout.Notice, providers map[hub.ProviderID]hub.Text) view.ConsoleCell {
	if n.Provider != "" {
		return view.ConsoleCell{Names: providers[n.Provider], Code: string(n.Provider)}
	}
	c := view.ConsoleCell{Code: string(n.System)}
	if s, err := f.o.Register.System(r.Context(), n.System); err == nil {
		c.Names = s.Names
	}
	return c
}

// underway lists the campaigns whose participants are still being told.
func (f *Office) underway(r *http.Request) (view.ConsolePart, error) {
	part := view.ConsolePart{
		ID: "live", Heading: locale.CampaignsLive, Empty: locale.CampaignsNone,
		Head: []locale.Word{locale.ConsoleTime, locale.CampaignCause, locale.CampaignTold, locale.CampaignOpen},
	}
	all, err := f.o.Ledger.Underway(r.Context(), mostLive)
	for _, e := range all {
		open := 0
		for _, n := range e.Notices {
			if !n.State.Final() {
				open++
			}
		}
		part.Rows = append(part.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{
			{At: e.At, Href: root + "/campaigns/" + e.ID}, {Word: causeWords[e.Cause.Reason]}, number(len(e.Notices) - open), number(open),
		}})
	}
	return part, err
}

// campaign is GET /console/campaigns/{campaign}: one sign-out, and what everybody who takes part has said. It asks for itself again while somebody is still
// being told. It names systems of many departments, and the account: it is the platform's.
func (f *Office) campaign(w http.ResponseWriter, r *http.Request, o officer) {
	id := r.PathValue("campaign")
	var all []logout.Entry
	var err error
	if hub.ValidID(id) {
		all, err = f.o.Ledger.Ledger(r.Context(), id)
	}
	if err == nil && len(all) == 0 {
		f.v.Fail(w, r, nothing(), "")
		return
	}
	if err != nil {
		f.v.Fail(w, r, err, root)
		return
	}
	e, may, providers := all[0], f.may(r.Context(), o, permit.CampaignRetry), f.providerNames(r)
	told := view.ConsolePart{
		ID: "told", Heading: locale.TellingWho, Empty: locale.CampaignNobody,
		Head: []locale.Word{locale.TellingWho, locale.ConsoleState, locale.ProviderProtocol, locale.TellingTries, locale.CampaignNext},
	}
	if may {
		told.Head = append(told.Head, locale.ConsoleAct)
	}
	open, failed := 0, 0
	for _, n := range e.Notices {
		row := view.ConsoleRow{Cells: []view.ConsoleCell{f.teller(r, n, providers), standsAt(n), {Text: n.Protocol}, number(n.Tries), {At: n.DoneAt}}}
		if !n.State.Final() {
			open++
			row.Cells[4] = view.ConsoleCell{At: n.NextAt}
		}
		if n.State == logout.Failed || n.State == logout.Unreachable {
			failed++
			if may {
				row.Forms = []view.ConsoleForm{{Action: o.page + doing + "retry", Button: locale.TellingRetry, About: string(n.System) + string(n.Provider), Hidden: []view.PostField{{Name: "notice", Value: n.ID}}, Quiet: true}}
			}
		}
		told.Rows = append(told.Rows, row)
	}
	state := view.ConsoleCell{Word: locale.CampaignDone, Tone: "good"}
	switch {
	case open > 0:
		state = view.ConsoleCell{Word: locale.CampaignUnderway, Tone: "plain"}
	case failed > 0:
		state = view.ConsoleCell{Word: locale.CampaignLost, Tone: "bad"}
	}
	about := view.ConsolePart{ID: "about", Heading: locale.ConsoleState, Facts: []view.ConsoleFact{
		fact(locale.ConsoleState, state),
		fact(locale.CampaignCause, view.ConsoleCell{Word: causeWords[e.Cause.Reason]}),
		fact(locale.CampaignAt, view.ConsoleCell{At: e.At}),
		fact(locale.CampaignClosed, view.ConsoleCell{At: e.ClosedAt}),
		fact(locale.PostAccount, view.ConsoleCell{Code: string(e.Account)}),
	}}
	if e.Interaction != "" {
		c := view.ConsoleCell{Code: string(e.Interaction)}
		if f.may(r.Context(), o, permit.AuditRead) {
			c.Href = root + "/record?interaction=" + string(e.Interaction)
		}
		about.Facts = append(about.Facts, fact(locale.RecordNumber, c))
	}
	p := view.ConsolePage{Heading: locale.CampaignTitle, Lead: locale.CampaignLead, Parts: []view.ConsolePart{about, told}}
	if open > 0 {
		p.Seconds = soon
	}
	if may && failed > 1 {
		p.Parts[1].Forms = []view.ConsoleForm{{Action: o.page + doing + "retry", Button: locale.CampaignRetry}}
	}
	f.show(w, r, http.StatusOK, o, p)
}

// retryCampaign is POST /console/campaigns/{campaign}/_/retry: one of its notices, or all that failed.
func (f *Office) retryCampaign(_ http.ResponseWriter, r *http.Request, o officer, form url.Values) (bool, error) {
	id := r.PathValue("campaign")
	var all []logout.Entry
	var err error
	if hub.ValidID(id) {
		all, err = f.o.Ledger.Ledger(r.Context(), id)
	}
	if err == nil && len(all) == 0 {
		err = nothing()
	}
	if err != nil {
		return false, err
	}
	if n := form.Get("notice"); n != "" {
		if !slices.ContainsFunc(all[0].Notices, func(x logout.Notice) bool { return x.ID == n }) {
			return false, nothing()
		}
		id = n
	}
	_, err = f.o.Ledger.Retry(r.Context(), id, string(o.session.Account))
	return false, err
}

// untold lists the notices that failed or could not be told, of the whole platform or of a department's own systems.
func (f *Office) untold(ctx context.Context, o officer, behind logout.Cursor, limit int) ([]logout.Notice, error) {
	if o.place.Department == "" {
		return f.o.Ledger.Failed(ctx, behind, limit)
	}
	var own []hub.SystemID
	for _, s := range f.o.Register.Systems() {
		if s.Department == o.place.Department {
			own = append(own, s.ID)
		}
	}
	return f.o.Ledger.FailedAt(ctx, own, behind, limit)
}

// behind reads where a list of notices goes on; the beginning for anything that is no such place.
func behind(q url.Values) logout.Cursor {
	micros, err := strconv.ParseInt(q.Get("after"), 10, 64)
	if err != nil || micros <= 0 || !hub.ValidID(q.Get("id")) {
		return logout.Cursor{}
	}
	return logout.Cursor{At: time.UnixMicro(micros), ID: q.Get("id")}
}

// notices is GET /console/notices[/{department}]: who could not be told of a sign-out.
func (f *Office) notices(w http.ResponseWriter, r *http.Request, o officer) {
	ctx, from := r.Context(), behind(r.URL.Query())
	all, err := f.untold(ctx, o, from, atOnce+1)
	if err != nil {
		f.v.Fail(w, r, err, root)
		return
	}
	names, may := f.providerNames(r), f.may(ctx, o, permit.CampaignRetry)
	platform := o.place == staff.Place{}
	part := view.ConsolePart{
		ID: "failed", Heading: locale.OverviewFailed, Empty: locale.TellingNone,
		Head: []locale.Word{locale.TellingWho, locale.ConsoleTime, locale.ProviderProtocol, locale.ConsoleState, locale.TellingTries, locale.ConsoleAct},
	}
	if len(all) > atOnce {
		all = all[:atOnce]
		last := all[atOnce-1]
		part.Links = []view.ConsoleLink{{Href: o.page + "?after=" + strconv.FormatInt(last.At.UnixMicro(), 10) + "&id=" + last.ID, Word: locale.ConsoleMore}}
	}
	for _, n := range all {
		at := view.ConsoleCell{At: n.At}
		if platform {
			at.Href = root + "/campaigns/" + n.Campaign
		}
		row := view.ConsoleRow{Cells: []view.ConsoleCell{f.teller(r, n, names), at, {Text: n.Protocol}, standsAt(n), {Text: strconv.Itoa(n.Tries)}}}
		if may {
			row.Forms = []view.ConsoleForm{{Action: o.page + doing + "retry", Button: locale.TellingRetry, About: string(n.System) + string(n.Provider), Hidden: []view.PostField{{Name: "notice", Value: n.ID}}, Quiet: true}}
		}
		part.Rows = append(part.Rows, row)
	}
	p := view.ConsolePage{Heading: locale.TellingTitle, Place: f.placeName(ctx, o), Lead: locale.TellingLead, Parts: []view.ConsolePart{part}}
	if platform && from == (logout.Cursor{}) {
		live, err := f.underway(r)
		if err != nil {
			f.v.Fail(w, r, err, root)
			return
		}
		p.Parts = []view.ConsolePart{live, part}
		if len(live.Rows) > 0 {
			p.Seconds = soon
		}
	}
	f.show(w, r, http.StatusOK, o, p)
}

// retry is POST /console/notices[/{department}]/_/retry. A department has its own systems told again, and no provider.
func (f *Office) retry(_ http.ResponseWriter, r *http.Request, o officer, form url.Values) (bool, error) {
	id := form.Get("notice")
	if !hub.ValidID(id) {
		return false, nothing()
	}
	n, err := f.o.Ledger.Notice(r.Context(), id)
	if err != nil {
		return false, err
	}
	if o.place.Department != "" {
		s, err := f.o.Register.System(r.Context(), n.System)
		if n.System == "" || err != nil || s.Department != o.place.Department {
			return false, nothing()
		}
	}
	_, err = f.o.Ledger.Retry(r.Context(), n.ID, string(o.session.Account))
	return false, err
}
