package portal

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/web/names"
	"onedoor/web/server"
	"onedoor/web/view"
	"onedoor/web/visit"
)

const (
	sessionsPath  = "/sessions"
	aboutSessions = "sessions"
	mostSessions  = 50
	mostPast      = 20
	mostLooks     = 40 // how often the page asks again by itself: for about five minutes
)

var byPerson = session.Cause{Reason: session.EndedByPerson}

// sessions is GET /sessions (SES-20).
func (p *Portal) sessions(w http.ResponseWriter, r *http.Request, s session.Session) {
	page := view.SessionsPage{Token: p.v.Token(w, r, aboutSessions)}
	if err := p.fillSessions(r.Context(), &page, s); err != nil {
		p.v.Fail(w, r, err, sessionsPath)
		return
	}
	if r.URL.Query().Get("done") == "1" && len(page.Past) > 0 {
		page.Just, page.Past = &page.Past[0], page.Past[1:]
	}
	looks, _ := strconv.Atoi(r.URL.Query().Get("n")) // 0 where it is none
	looks = min(max(looks, 0), mostLooks)
	page.Again = sessionsPath + "?done=1&n=" + strconv.Itoa(looks+1)
	if page.Just != nil && page.Just.Open() && looks < mostLooks { // ever more slowly, up to a bound: nobody may be there to read it
		page.Seconds = min(2+looks/3, 10)
	}
	p.v.Show(w, r, http.StatusOK, sessionsPath, true, page)
}

func (p *Portal) fillSessions(ctx context.Context, page *view.SessionsPage, mine session.Session) error {
	named, err := p.o.Names.Page(ctx)
	if err != nil {
		return err
	}
	if page.Sessions, err = p.live(ctx, named, mine); err != nil {
		return err
	}
	past, err := p.o.Ledgers.OfAccount(ctx, mine.Account, mostPast)
	if err != nil {
		return err
	}
	for _, c := range past {
		page.Past = append(page.Past, view.SessionsPast{At: c.At, Reason: c.Cause.Reason, Told: names.Merged(named.Rows(ctx, c))})
	}
	return nil
}

// live gives the sessions of a person, that of the browser which asks first.
func (p *Portal) live(ctx context.Context, named *names.Page, mine session.Session) ([]view.SessionsEntry, error) {
	var all []view.SessionsEntry
	live, err := p.o.Sessions.OfAccount(ctx, mine.Account, true, mostSessions)
	if err != nil {
		return nil, err
	}
	for _, s := range live {
		at, err := p.o.Sessions.Participants(ctx, s.ID)
		if err != nil {
			return nil, err
		}
		systems, err := p.o.Names.Used(ctx, at)
		if err != nil {
			return nil, err
		}
		e := view.SessionsEntry{
			ID: s.ID, This: s.ID == mine.ID, Device: s.Device, Provider: named.Provider(s.Provider), Level: s.Level, Since: s.StartedAt,
			Last: s.LastActivity, Systems: systems,
		}
		if e.This {
			all = slices.Insert(all, 0, e)
			continue
		}
		all = append(all, e)
	}
	return all, nil
}

// endSessions is POST /sessions: it ends one session of the person's, or all. Somebody else's is as unknown as one that never was.
func (p *Portal) endSessions(w http.ResponseWriter, r *http.Request) {
	form, err := p.v.Form(r, aboutSessions)
	if err != nil {
		p.v.Fail(w, r, err, sessionsPath)
		return
	}
	ctx, id := r.Context(), hub.SessionID(form.Get("session"))
	mine, in, err := p.v.SignedIn(r)
	if err == nil && !in {
		err = hub.Errorf("portal.endSessions", server.NoCookie, "not signed in")
	}
	if err != nil {
		p.v.Fail(w, r, err, sessionsPath)
		return
	}
	to := ""
	if id == "" {
		var all []logout.Campaign
		if all, err = p.o.Ends.EndAccount(ctx, mine.Account, byPerson); err == nil {
			to, err = p.o.Farewell.Told(ctx, "", "", all...)
		}
	} else if err = p.own(ctx, id, mine.Account); err == nil {
		var c logout.Campaign
		if c, err = p.o.Ends.End(ctx, id, byPerson); err == nil {
			to, err = p.o.Farewell.Told(ctx, "", "", c)
		}
	}
	if err != nil {
		p.v.Fail(w, r, err, sessionsPath)
		return
	}
	if id == "" || id == mine.ID {
		visit.Forget(w)
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	http.Redirect(w, r, sessionsPath+"?done=1", http.StatusSeeOther)
}

// own checks that a session is one of the account's. NotFound.
func (p *Portal) own(ctx context.Context, id hub.SessionID, account hub.AccountID) error {
	const op = "portal.own"
	if !hub.ValidID(string(id)) {
		return hub.Errorf(op, hub.NotFound, "no such session")
	}
	s, err := p.o.Sessions.Get(ctx, id)
	if err == nil && s.Account != account || errors.Is(err, hub.NotFound) {
		return hub.Errorf(op, hub.NotFound, "no such session")
	}
	return err
}
