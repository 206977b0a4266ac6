package pages

import (
	"context"
	"errors"
	"net/http"
	"time"

	"onedoor/hub"
	"onedoor/hub/session"
	"onedoor/web/server"
	"onedoor/web/view"
)

// aboutSignOut is what the token of the sign-out form is about.
const aboutSignOut = "sign-out"

// askSignOut is GET /logout: it asks, because a link must not sign anybody out.
func (j *Journey) askSignOut(w http.ResponseWriter, r *http.Request) {
	b := browser(r)
	if b.Session.IsZero() {
		http.Redirect(w, r, "/signed-out", http.StatusSeeOther)
		return
	}
	if b.Binding.IsZero() {
		b.Binding = hub.NewSecret(j.o.Random)
		setBinding(w, b.Binding)
	}
	f := view.Frame{Lang: j.language(w, r, nil), Path: "/logout", SignedIn: true}
	j.o.Screen.Show(w, r, http.StatusOK, f, view.SignOutPage{Token: token(b.Binding, aboutSignOut)})
}

// signOut is POST /logout. The cookies are dropped only when the session has ended: a person who is told that they are signed
// out must be it, and one who is not must be able to try again.
func (j *Journey) signOut(w http.ResponseWriter, r *http.Request) {
	if _, err := j.form(r, aboutSignOut); err != nil {
		j.o.Screen.Fail(w, r, err, "/logout")
		return
	}
	if secret := secretIn(r, SessionCookie); !secret.IsZero() {
		if err := j.end(r.Context(), secret); err != nil {
			j.o.Screen.Fail(w, r, hub.E("pages.signOut", server.NotSignedOut, err), "/logout")
			return
		}
	}
	forget(w)
	http.Redirect(w, r, "/signed-out", http.StatusSeeOther)
}

// end ends the session of a secret and waits until no node can take it for live any more (D2). A session that is not there any more
// has been ended by somebody else, who has waited or is waiting: we wait as well.
func (j *Journey) end(ctx context.Context, secret hub.Secret) error {
	s, _, err := j.o.Sessions.Resume(ctx, secret)
	if err == nil {
		_, err = j.o.Sessions.End(ctx, s.ID, session.Cause{Reason: session.EndedByPerson})
	}
	if err != nil && !errors.Is(err, hub.NotFound) && !errors.Is(err, hub.Expired) {
		return err
	}
	return j.settle(ctx)
}

// settle waits until no node can take for active what was ended by a transaction that has just committed (D2).
func (j *Journey) settle(ctx context.Context) error {
	t := time.NewTimer(j.o.Lease)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return hub.E("pages.settle", hub.Unavailable, ctx.Err())
	}
}

// signedOut is GET /signed-out. It says so only to a browser that brings no session.
func (j *Journey) signedOut(w http.ResponseWriter, r *http.Request) {
	if !secretIn(r, SessionCookie).IsZero() {
		http.Redirect(w, r, "/logout", http.StatusSeeOther)
		return
	}
	j.public(w, r, "/signed-out", view.SignedOutPage{})
}
