package pages

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/web/view"
	"onedoor/web/visit"
)

// public shows a page that needs nothing but the language.
func (j *Journey) public(w http.ResponseWriter, r *http.Request, path string, p view.Page) {
	f := view.Frame{Lang: j.v.Language(w, r, nil), Path: path, SignedIn: !visit.Secret(r, visit.SessionCookie).IsZero()}
	j.screen.Show(w, r, http.StatusOK, f, p)
}

// start is GET /.
func (j *Journey) start(w http.ResponseWriter, r *http.Request) {
	p := view.StartPage{Contacts: j.o.Contacts}
	if j.o.Services != nil {
		p.Services = j.o.Services(r.Context())
	}
	j.public(w, r, "/", p)
}

// privacy is GET /privacy (PRV-08).
func (j *Journey) privacy(w http.ResponseWriter, r *http.Request) {
	j.public(w, r, "/privacy", view.PolicyPage{})
}

// providers is GET /providers (LOA-02, LOA-03).
func (j *Journey) providers(w http.ResponseWriter, r *http.Request) {
	list, err := j.o.Names.Register.Providers(r.Context())
	if err != nil {
		j.screen.Fail(w, r, err, "/providers")
		return
	}
	j.public(w, r, "/providers", register(list, j.o.Clock()))
}

// register makes the public register out of the trust records.
func register(list []federation.Provider, now time.Time) view.RegisterPage {
	list = slices.SortedStableFunc(slices.Values(list), func(a, b federation.Provider) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID))
	})
	var p view.RegisterPage
	var best hub.Level
	for _, r := range list {
		if r.Protocol() == "" && r.Tokens != nil {
			continue // it issues access tokens and lets nobody in
		}
		e := view.RegisterEntry{
			Names: r.Names, Ceiling: r.Ceiling, From: r.ValidFrom, Until: r.ValidUntil, Restricted: r.Restricted, Status: status(r, now),
		}
		if e.Status == view.InService {
			best = best.Join(r.Ceiling)
		}
		p.Entries = append(p.Entries, e)
	}
	for l := hub.IAL11; l <= best.IAL; l++ {
		p.IALs = append(p.IALs, l)
	}
	for l := hub.AAL1; l <= best.AAL; l++ {
		p.AALs = append(p.AALs, l)
	}
	return p
}

func status(p federation.Provider, now time.Time) view.RegisterStatus {
	switch {
	case !p.ValidUntil.IsZero() && !now.Before(p.ValidUntil):
		return view.Expired
	case p.Status != federation.Active:
		return view.Suspended
	case now.Before(p.ValidFrom):
		return view.NotYet
	default:
		return view.InService
	}
}
