package pages

import (
	"context"
	"errors"
	"net/http"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/web/server"
	"onedoor/web/view"
)

const (
	sessionsPath  = "/sessions"
	aboutSessions = "sessions"
	mostSessions  = 50
	mostPast      = 20
)

// names gives systems and providers their names, each asked for once.
type names struct {
	j         *Journey
	systems   map[hub.SystemID]login.System
	providers map[hub.ProviderID]hub.Text
}

func (j *Journey) names(ctx context.Context) (*names, error) {
	all, err := j.o.Register.Providers(ctx)
	if err != nil {
		return nil, err
	}
	n := &names{j, map[hub.SystemID]login.System{}, map[hub.ProviderID]hub.Text{}}
	for _, p := range all {
		n.providers[p.ID] = p.Names
	}
	return n, nil
}

// system gives a system as the register has it; without names where it is not there any more.
func (n *names) system(ctx context.Context, id hub.SystemID) login.System {
	s, ok := n.systems[id]
	if !ok && id != "" {
		s, _ = n.j.o.Directory.System(ctx, id)
		n.systems[id] = s
	}
	return s
}

// rows gives the participants of a campaign.
func (n *names) rows(ctx context.Context, e logout.Entry) []view.LedgerRow {
	out := make([]view.LedgerRow, len(e.Notices))
	for i, t := range e.Notices {
		out[i] = view.LedgerRow{ID: string(t.System), State: t.State}
		if t.Provider != "" {
			out[i].ID, out[i].Provider, out[i].Names = string(t.Provider), true, n.providers[t.Provider]
			continue
		}
		s := n.system(ctx, t.System)
		out[i].Names, out[i].Owner = s.Names, s.Owner
	}
	return out
}

// sessions is GET /sessions (SES-20).
func (j *Journey) sessions(w http.ResponseWriter, r *http.Request) {
	s, in, err := j.signedIn(r)
	if err != nil {
		j.o.Screen.Fail(w, r, err, sessionsPath)
		return
	}
	page := view.SessionsPage{SignedIn: in, Done: r.URL.Query().Get("done") == "1"}
	if in {
		binding := secretIn(r, BindingCookie)
		if binding.IsZero() {
			binding = hub.NewSecret(j.o.Random)
			setBinding(w, binding)
		}
		page.Token = token(binding, aboutSessions)
		if err := j.fillSessions(r.Context(), &page, s); err != nil {
			j.o.Screen.Fail(w, r, err, sessionsPath)
			return
		}
	}
	f := view.Frame{Lang: j.language(w, r, nil), Path: sessionsPath, SignedIn: in}
	j.o.Screen.Show(w, r, http.StatusOK, f, page)
}

func (j *Journey) fillSessions(ctx context.Context, page *view.SessionsPage, mine session.Session) error {
	named, err := j.names(ctx)
	if err != nil {
		return err
	}
	live, err := j.o.Sessions.OfAccount(ctx, mine.Account, true, mostSessions)
	if err != nil {
		return err
	}
	for _, s := range live {
		systems, err := j.usedAt(ctx, s.ID)
		if err != nil {
			return err
		}
		e := view.SessionsEntry{
			ID: s.ID, This: s.ID == mine.ID, Device: s.Device, Provider: named.providers[s.Provider], Level: s.Level, Since: s.StartedAt,
			Last: s.LastActivity, Systems: systems,
		}
		if e.This { // first
			page.Sessions = append([]view.SessionsEntry{e}, page.Sessions...)
			continue
		}
		page.Sessions = append(page.Sessions, e)
	}
	past, err := j.o.Ledgers.OfAccount(ctx, mine.Account, mostPast)
	if err != nil {
		return err
	}
	for _, c := range past {
		page.Past = append(page.Past, view.SessionsPast{At: c.At, Reason: c.Cause.Reason, Told: merged(named.rows(ctx, c))})
	}
	return nil
}

// endSessions is POST /sessions: it ends one session of the person's, or all. Somebody else's is as unknown as one that never was.
func (j *Journey) endSessions(w http.ResponseWriter, r *http.Request) {
	form, err := j.form(r, aboutSessions)
	if err != nil {
		j.o.Screen.Fail(w, r, err, sessionsPath)
		return
	}
	ctx, id := r.Context(), hub.SessionID(form.Get("session"))
	mine, in, err := j.signedIn(r)
	if err == nil && !in {
		err = hub.Errorf("pages.endSessions", server.NoCookie, "not signed in")
	}
	if err != nil {
		j.o.Screen.Fail(w, r, err, sessionsPath)
		return
	}
	to := ""
	if id == "" {
		var all []logout.Campaign
		if all, err = j.o.Ends.EndAccount(ctx, mine.Account, byPerson); err == nil {
			to, err = j.told(ctx, "", "", all...)
		}
	} else if err = j.own(ctx, id, mine.Account); err == nil {
		var c logout.Campaign
		if c, err = j.o.Ends.End(ctx, id, byPerson); err == nil {
			to, err = j.told(ctx, "", "", c)
		}
	}
	if err != nil {
		j.o.Screen.Fail(w, r, err, sessionsPath)
		return
	}
	if id == "" || id == mine.ID {
		forget(w)
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	http.Redirect(w, r, sessionsPath+"?done=1", http.StatusSeeOther)
}

// own checks that a session is one of the account's. NotFound.
func (j *Journey) own(ctx context.Context, id hub.SessionID, account hub.AccountID) error {
	const op = "pages.own"
	if !hub.ValidID(string(id)) {
		return hub.Errorf(op, hub.NotFound, "no such session")
	}
	s, err := j.o.Sessions.Get(ctx, id)
	if err == nil && s.Account != account || errors.Is(err, hub.NotFound) {
		return hub.Errorf(op, hub.NotFound, "no such session")
	}
	return err
}
