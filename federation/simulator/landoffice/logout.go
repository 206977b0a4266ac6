package landoffice

import (
	"context"
	"net/http"
	"slices"

	"onedoor/federation/simulator/samlout"
	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

// layLogout makes the single logout service.
func (l *LandOffice) layLogout() {
	l.out = samlout.New(samlout.Options{
		EntityID: l.entityID, BaseURL: l.o.BaseURL, Signer: func() *samlmsg.Signer { return l.signer }, Decrypter: l.decrypter, HTTP: l.o.HTTP,
		Clock: l.o.Clock, Random: l.o.Random,
		Find: func(ctx context.Context, entityID string) (samlout.Other, error) {
			if entityID != l.o.HubID {
				return samlout.Other{}, hub.Errorf("landoffice.Find", hub.NotFound, "not the hub")
			}
			return l.other(ctx)
		},
		End:   l.end,
		Asked: dropSession,
		Told: func(w http.ResponseWriter, _ *http.Request, status samlmsg.Status) {
			l.show(w, http.StatusOK, content{Ended: samlout.Word(status)})
		},
		Problem: func(w http.ResponseWriter, text string) { l.problem(w, http.StatusBadRequest, text) },
	})
	l.out.BrowserOnly(l.o.NoSOAP)
}

// Logout gives the single logout service, for tests that watch or disturb it.
func (l *LandOffice) Logout() *samlout.Party { return l.out }

// SignedIn counts the sessions here.
func (l *LandOffice) SignedIn() int { return l.sessions.Len() }

// Forget drops every session, and tells nobody: as a restart would.
func (l *LandOffice) Forget() { l.sessions.Drop(func(*visitor) bool { return true }) }

// CallLogout asks the hub by SOAP to end the session that somebody has here, and gives the status. NotFound where nobody is signed in.
func (l *LandOffice) CallLogout(ctx context.Context) (samlmsg.Status, error) {
	var who *visitor
	l.sessions.Drop(func(v *visitor) bool { who = v; return false })
	if who == nil {
		return samlmsg.Status{}, hub.Errorf("landoffice.CallLogout", hub.NotFound, "nobody is signed in")
	}
	other, err := l.other(ctx)
	if err != nil {
		return samlmsg.Status{}, err
	}
	l.sessions.Drop(func(v *visitor) bool { return v == who })
	return l.out.Call(ctx, other, who.name, who.index)
}

func (l *LandOffice) other(ctx context.Context) (samlout.Other, error) {
	p, err := l.discover(ctx)
	if err != nil {
		return samlout.Other{}, err
	}
	return samlout.Other{EntityID: l.o.HubID, Role: p.role}, nil
}

// end ends the sessions of a name.
func (l *LandOffice) end(id samlmsg.NameID, indexes []string) int {
	return l.sessions.Drop(func(v *visitor) bool {
		return v.name == id && (len(indexes) == 0 || slices.Contains(indexes, v.index))
	})
}

func dropSession(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// logoutAll ends the session here, and asks the hub to end it everywhere; with binding=post by a form.
func (l *LandOffice) logoutAll(w http.ResponseWriter, r *http.Request) {
	v, ok := l.visitor(r)
	if !ok {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	other, err := l.other(r.Context())
	if err != nil {
		l.problem(w, http.StatusServiceUnavailable, "The login service can't be reached just now.")
		return
	}
	l.sessions.Drop(func(x *visitor) bool { return x == v })
	dropSession(w)
	binding := samlmsg.BindingRedirect
	if r.PostFormValue("binding") == "post" {
		binding = samlmsg.BindingPOST
	}
	l.out.Ask(w, r, other, binding, v.name, v.index)
}
