package portal

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/session"
	"onedoor/web/view"
	"onedoor/web/visit"
)

// Links are the ways into accounts; account.Service has them, and its comments name the errors. Unlink also ends the sessions that came by
// the link.
type Links interface {
	Links(ctx context.Context, id hub.AccountID) ([]account.Link, error)
	Unlink(ctx context.Context, id hub.AccountID, link, channel string) (account.Link, error)
	Relink(ctx context.Context, id hub.AccountID, link, channel string) (account.Link, error)
}

const (
	linksPath  = string(view.SectionLinks)
	aboutLinks = "links"
)

// counting tells how many links count.
func counting(all []account.Link) (n int) {
	for _, l := range all {
		if l.RemovedAt.IsZero() {
			n++
		}
	}
	return n
}

// links is GET /me/providers.
func (p *Portal) links(w http.ResponseWriter, r *http.Request, s session.Session) {
	p.linksPage(w, r, s, http.StatusOK, view.LinksPage{Done: r.URL.Query().Get("done")})
}

func (p *Portal) linksPage(w http.ResponseWriter, r *http.Request, s session.Session, status int, page view.LinksPage) {
	named, err := p.o.Names.Page(r.Context())
	var all []account.Link
	if err == nil {
		all, err = p.o.Links.Links(r.Context(), s.Account)
	}
	if err == nil {
		page.Fresh, err = p.v.Fresh(r.Context(), s)
	}
	if err != nil {
		p.v.Fail(w, r, err, linksPath)
		return
	}
	for _, l := range all {
		page.Links = append(page.Links, view.LinksEntry{
			ID: l.ID, Provider: named.Provider(l.Provider), Level: l.Level, Since: l.LinkedAt, Last: l.LastUsedAt,
			Here: l.Provider == s.Provider, Only: counting(all) == 1 && l.RemovedAt.IsZero(), Removed: !l.RemovedAt.IsZero(),
		})
	}
	page.Token = p.v.Token(w, r, aboutLinks)
	p.v.Show(w, r, status, linksPath, true, page)
}

// linksSignIn is POST /me/providers/sign-in.
func (p *Portal) linksSignIn(w http.ResponseWriter, r *http.Request) {
	if _, err := p.v.Form(r, aboutLinks); err != nil {
		p.v.Fail(w, r, err, linksPath)
		return
	}
	p.v.SignIn(w, r, linksPath)
}

// addLink is POST /me/providers/add: a sign-in by a further provider, of somebody who has just shown that it is they.
func (p *Portal) addLink(w http.ResponseWriter, r *http.Request, s session.Session, _ url.Values) {
	if p.freshly(w, r, s, linksPath) {
		p.v.SignInBeside(w, r, linksPath, s)
	}
}

// removeLink is POST /me/providers/remove. The provider that the person has just come by stays: so another one is known to work.
func (p *Portal) removeLink(w http.ResponseWriter, r *http.Request, s session.Session, form url.Values) {
	if !p.freshly(w, r, s, linksPath) {
		return
	}
	all, err := p.o.Links.Links(r.Context(), s.Account)
	if err == nil {
		err = hub.Errorf("portal.removeLink", hub.NotFound, "no such link")
		for _, l := range all {
			switch {
			case l.ID != form.Get("link") || !l.RemovedAt.IsZero():
			case l.Provider == s.Provider:
				err = hub.Errorf("portal.removeLink", hub.Conflict, "the one that the session came by")
			default:
				_, err = p.o.Links.Unlink(r.Context(), s.Account, l.ID, visit.Channel)
			}
		}
	}
	if errors.Is(err, hub.Conflict) {
		p.linksPage(w, r, s, http.StatusConflict, view.LinksPage{Problem: true})
		return
	}
	p.linkChanged(w, r, "removed", err)
}

// allowLink is POST /me/providers/allow.
func (p *Portal) allowLink(w http.ResponseWriter, r *http.Request, s session.Session, form url.Values) {
	if !p.freshly(w, r, s, linksPath) {
		return
	}
	_, err := p.o.Links.Relink(r.Context(), s.Account, form.Get("link"), visit.Channel)
	p.linkChanged(w, r, "allowed", err)
}

// linkChanged answers a change, no sooner than no node takes a session for active that ended with it (D2).
func (p *Portal) linkChanged(w http.ResponseWriter, r *http.Request, done string, err error) {
	if err == nil {
		err = p.v.Settle(r.Context())
	}
	if err != nil {
		p.v.Fail(w, r, err, linksPath)
		return
	}
	http.Redirect(w, r, linksPath+"?done="+done, http.StatusSeeOther)
}
