package pages

import (
	"context"
	"net/http"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/session"
)

// Own is the way to a sign-in for the hub's own pages: the same login, for a system of the hub's.
type Own struct {
	// System is the name under which Options.Directory gives the hub's own pages (login.System.Own).
	System hub.SystemID
	// Reach gives the level that the person of a session must reach to change what protects the account: the highest authenticator level
	// that the account ever had and a provider can reach now. Who has got hold of a weaker way in must not get around the stronger one.
	Reach func(ctx context.Context, s session.Session) (hub.Level, error)
}

const (
	ownProtocol = "hub"
	// freshFor is how long after a sign-in its person may change what protects the account.
	freshFor = 5 * time.Minute
)

// ownPages are where a sign-in for the hub's own pages may lead. Nothing else is followed.
var ownPages = []string{contactsPath, staffPath}

// own finishes the logins of the hub's own pages.
type own struct{ j *Journey }

// FinishLogin implements Finisher: back to the page, which says by itself what is possible now. Who said no sees it as it was.
func (o own) FinishLogin(w http.ResponseWriter, r *http.Request, res login.Result) {
	const op = "pages.own"
	back := string(res.Request.Continue)
	switch {
	case !slices.Contains(ownPages, back):
		o.j.o.Screen.Fail(w, r, hub.Errorf(op, hub.Internal, "no page of ours"), "")
	case res.Failure != "" && res.Failure != hub.Denied:
		o.j.o.Screen.Fail(w, r, hub.E(op, res.Failure, nil), back)
	default:
		http.Redirect(w, r, back, http.StatusSeeOther)
	}
}

// signIn begins a sign-in for a page of the hub: a fresh one, at the account's own height, where somebody is signed in.
func (j *Journey) signIn(w http.ResponseWriter, r *http.Request, page string) {
	j.signInAt(w, r, page, hub.Level{})
}

// signInAt is signIn for a page that asks for at least a level of everybody.
func (j *Journey) signInAt(w http.ResponseWriter, r *http.Request, page string, least hub.Level) {
	s, in, err := j.signedIn(r)
	if err != nil {
		j.o.Screen.Fail(w, r, err, page)
		return
	}
	req := login.Request{Protocol: ownProtocol, System: j.o.Own.System, Continue: []byte(page), Languages: languages(r), Want: least}
	if in {
		age := freshFor
		req.MaxAge, req.Account = &age, s.Account
		reach, err := j.o.Own.Reach(r.Context(), s)
		if err != nil {
			j.o.Screen.Fail(w, r, err, page)
			return
		}
		req.Want = least.Join(reach)
	}
	j.Begin(w, r, req)
}

// fresh reports whether the person of a session has just signed in, as strongly as the account's own height asks.
func (j *Journey) fresh(ctx context.Context, s session.Session) (bool, error) {
	want, err := j.o.Own.Reach(ctx, s)
	if err != nil {
		return false, err
	}
	now := j.o.Clock()
	_, ok := s.For(want, now, func(r session.Reached) bool { return now.Sub(r.AuthTime) <= freshFor })
	return ok, nil
}
