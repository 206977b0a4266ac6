package pages

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/web/server"
	"onedoor/web/view"
	"onedoor/web/visit"
)

// Ends ends sessions and has everybody told; logout.Service has it.
type Ends interface {
	// EndBy ends the session of a browser's secret, also of one that a step-up has just replaced. NotFound: there is none any more.
	EndBy(ctx context.Context, secret hub.Secret, cause session.Cause) (logout.Campaign, error)
	// EndAccount ends all sessions of an account.
	EndAccount(ctx context.Context, account hub.AccountID, cause session.Cause) ([]logout.Campaign, error)
	// Leave ends the use of a session at one system. NotFound, Expired.
	Leave(ctx context.Context, id hub.SessionID, system hub.SystemID, cause session.Cause) (logout.Campaign, error)
	// Wait answers no sooner than no node can take what has ended for active (architecture D2). Unavailable where ctx ends before.
	Wait(ctx context.Context, most time.Duration, campaigns ...string) (bool, error)
}

// Ledgers tells who has been told; logout.Service has it.
type Ledgers interface {
	// View gives a secret with which the campaigns can be looked at for a while.
	View(ctx context.Context, campaigns []string, onward string, system hub.SystemID) (hub.Secret, error)
	// Viewed gives what a secret opens. NotFound.
	Viewed(ctx context.Context, secret hub.Secret) (logout.View, []logout.Entry, error)
	// Visit gives what the browser must do to tell a participant. NotFound: nothing.
	Visit(ctx context.Context, n logout.Notice, back string) (logout.Visit, error)
	// Depart notes that the browser sets out for that. False where it has before.
	Depart(ctx context.Context, n logout.Notice, within time.Duration) (bool, error)
}

// aboutSignOut is what the token of the sign-out form is about.
const aboutSignOut = "sign-out"

var byPerson = session.Cause{Reason: session.EndedByPerson}

// askSignOut is GET /logout: it asks, because a link must not sign anybody out.
func (j *Journey) askSignOut(w http.ResponseWriter, r *http.Request) {
	if visit.Secret(r, visit.SessionCookie).IsZero() {
		http.Redirect(w, r, signedOutPath, http.StatusSeeOther)
		return
	}
	f := view.Frame{Lang: j.v.Language(w, r, nil), Path: "/logout", SignedIn: true}
	page := view.SignOutPage{Token: j.v.Token(w, r, aboutSignOut)}
	// What can't be read here is no reason to keep anybody from signing out of everything.
	if s, in, err := j.v.SignedIn(r); err == nil && in {
		page.Systems, _ = j.usedAt(r.Context(), s.ID)
	}
	j.screen.Show(w, r, http.StatusOK, f, page)
}

// usedAt gives the systems of a session that are in the register, each once.
func (j *Journey) usedAt(ctx context.Context, id hub.SessionID) ([]login.System, error) {
	all, err := j.o.Sessions.Participants(ctx, id)
	if err != nil {
		return nil, err
	}
	return j.o.Names.Used(ctx, all)
}

// only is what the form's field says behind the id of a system that is to be left alone.
const only = ".only"

// signOut is POST /logout. The cookies are dropped only when the session has ended: a person who is told that they are signed
// out must be it, and one who is not must be able to try again.
func (j *Journey) signOut(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm() // j.form does it again, and tells what is wrong
	onward, asker := r.PostForm.Get("onward"), r.PostForm.Get("system")
	form, err := j.v.Form(r, aboutExit(asker, onward))
	if err != nil {
		j.screen.Fail(w, r, err, "/logout")
		return
	}
	what := form.Get("what")
	system, leave := strings.CutSuffix(what, only)
	if what != "" && what != "all" && what != "everywhere" && (!leave || !hub.ValidName(system)) {
		j.screen.Fail(w, r, hub.Errorf("pages.signOut", hub.Invalid, "no such choice"), "/logout")
		return
	}
	ctx, to := r.Context(), signedOutPath
	switch secret := visit.Secret(r, visit.SessionCookie); {
	case secret.IsZero():
	case leave:
		to, err = j.leaveOne(ctx, r, hub.SystemID(system))
	default:
		to, err = j.endAll(ctx, r, secret, what == "everywhere", onward, hub.SystemID(asker))
	}
	if err != nil {
		j.screen.Fail(w, r, hub.E("pages.signOut", server.NotSignedOut, err), "/logout")
		return
	}
	if !leave {
		visit.Forget(w)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// leaveOne ends the use of one system and gives the page that tells of it.
func (j *Journey) leaveOne(ctx context.Context, r *http.Request, system hub.SystemID) (string, error) {
	s, in, err := j.v.SignedIn(r)
	if err == nil && !in {
		err = hub.Errorf("pages.leaveOne", server.NoCookie, "not signed in")
	}
	if err != nil {
		return "", err
	}
	c, err := j.o.Ends.Leave(ctx, s.ID, system, byPerson)
	if errors.Is(err, hub.NotFound) { // not signed in there, or not any more: the page lists where they are
		return "/logout", nil
	}
	if err != nil {
		return "", err
	}
	return j.Told(ctx, "", "", c)
}

// endAll ends the session of a secret, or all sessions of its account, and gives the page that tells of it. A session that is not there any
// more has been ended by somebody else, who has waited or is waiting: we wait as well.
func (j *Journey) endAll(ctx context.Context, r *http.Request, secret hub.Secret, everywhere bool, onward string, asker hub.SystemID) (string, error) {
	if everywhere {
		s, in, err := j.v.SignedIn(r)
		if err != nil {
			return "", err
		}
		if in {
			all, err := j.o.Ends.EndAccount(ctx, s.Account, byPerson)
			if err != nil {
				return "", err
			}
			return j.Told(ctx, onward, asker, all...)
		}
	}
	c, err := j.o.Ends.EndBy(ctx, secret, byPerson)
	if everywhere && err == nil { // the secret was the session's until a step-up just now: what was asked for is asked for all the same
		all, err := j.o.Ends.EndAccount(ctx, c.Account, byPerson)
		if err != nil {
			return "", err
		}
		return j.Told(ctx, onward, asker, append(all, c)...)
	}
	switch {
	case errors.Is(err, hub.NotFound):
		return j.Told(ctx, onward, asker)
	case err != nil:
		return "", err
	}
	return j.Told(ctx, onward, asker, c)
}

// Told waits until no node takes for active what has ended (D2), and gives the page that tells who has been told, and leads on. The sessions have ended:
// where the page can't be made, the plain one is given.
func (j *Journey) Told(ctx context.Context, onward string, asker hub.SystemID, all ...logout.Campaign) (string, error) {
	ids := make([]string, len(all))
	for i, c := range all {
		ids[i] = c.ID
	}
	to := signedOutPath
	if len(ids) > 0 || onward != "" {
		if secret, err := j.o.Ledgers.View(ctx, ids, onward, asker); err == nil {
			to = signedOutPath + "/" + secret.Reveal()
		}
	}
	_, err := j.o.Ends.Wait(ctx, j.v.Lease(), ids...)
	return to, err
}

// signedOut is GET /signed-out. It says so only to a browser that brings no session.
func (j *Journey) signedOut(w http.ResponseWriter, r *http.Request) {
	if !visit.Secret(r, visit.SessionCookie).IsZero() {
		http.Redirect(w, r, "/logout", http.StatusSeeOther)
		return
	}
	j.public(w, r, signedOutPath, view.SignedOutPage{})
}
