package pages

import (
	"context"
	"errors"
	"net/http"

	"onedoor/hub"
	"onedoor/hub/session"
	"onedoor/tenants/staff"
	"onedoor/web/server"
	"onedoor/web/view"
)

// Staff is who works for an authority; staff.Service has it, and its comments name the errors.
type Staff interface {
	Offer(ctx context.Context, secret hub.Secret) (staff.Invitation, error)
	Join(ctx context.Context, secret hub.Secret, account hub.AccountID, level hub.Level) (staff.Post, error)
	Held(ctx context.Context, account hub.AccountID) ([]staff.Post, error)
}

// Places names departments and areas; nil where there is no such.
type Places func(ctx context.Context, place staff.Place) (department, area hub.Text)

const (
	staffPath  = "/staff"
	aboutStaff = "staff"
	// InvitationCookie carries an invitation through the sign-in, in the place of an address that stays in a history.
	InvitationCookie = "__Host-onedoor-invitation"
)

// staffMounts are the routes of the page of staff.
func (j *Journey) staffMounts() []server.Mount {
	if j.o.Staff == nil {
		return nil
	}
	const small = 8 << 10 // bytes
	get, post := []string{http.MethodGet}, []string{http.MethodPost}
	return []server.Mount{
		{Methods: get, Path: "/join/{invitation}", Handler: http.HandlerFunc(j.invited), Body: small, Rate: j.o.Rate},
		{Methods: get, Path: staffPath, Handler: http.HandlerFunc(j.staff), Body: small, Rate: j.o.Rate},
		{Methods: post, Path: staffPath + "/sign-in", Handler: http.HandlerFunc(j.staffSignIn), Body: small, Rate: j.o.Rate},
		{Methods: post, Path: staffPath + "/join", Handler: http.HandlerFunc(j.staffJoin), Body: small, Rate: j.o.Rate},
		{Methods: post, Path: staffPath + "/decline", Handler: http.HandlerFunc(j.staffDecline), Body: small, Rate: j.o.Rate},
	}
}

// invited is GET /join/{invitation}: it takes the invitation out of the address at once.
func (j *Journey) invited(w http.ResponseWriter, r *http.Request) {
	secret, err := hub.ParseSecret(r.PathValue("invitation"))
	if err != nil {
		j.o.Screen.Fail(w, r, hub.Errorf("pages.invited", hub.NotFound, "no invitation"), "")
		return
	}
	http.SetCookie(w, cookie(InvitationCookie, secret.Reveal()))
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, staffPath, http.StatusSeeOther)
}

func dropInvitation(w http.ResponseWriter) {
	c := cookie(InvitationCookie, "")
	c.MaxAge = -1
	http.SetCookie(w, c)
}

// staff is GET /staff.
func (j *Journey) staff(w http.ResponseWriter, r *http.Request) {
	j.staffPage(w, r, http.StatusOK, view.StaffPage{Done: r.URL.Query().Get("done")})
}

// staffPage shows the page, with what has just gone right or wrong.
func (j *Journey) staffPage(w http.ResponseWriter, r *http.Request, status int, p view.StaffPage) {
	ctx := r.Context()
	fail := func(err error) { j.o.Screen.Fail(w, r, err, staffPath) }
	s, in, err := j.signedIn(r)
	if err != nil {
		fail(err)
		return
	}
	binding := secretIn(r, BindingCookie)
	if binding.IsZero() {
		binding = hub.NewSecret(j.o.Random)
		setBinding(w, binding)
	}
	p.Token, p.SignedIn = token(binding, aboutStaff), in
	if in {
		if _, p.Strong, err = j.strong(ctx, s); err != nil {
			fail(err)
			return
		}
		held, err := j.o.Staff.Held(ctx, s.Account)
		if err != nil {
			fail(err)
			return
		}
		for _, post := range held {
			owner, area := j.o.Places(ctx, post.Place)
			p.Posts = append(p.Posts, view.StaffPost{Role: post.Role, Owner: owner, Area: area, Proposed: post.State == staff.Proposed})
		}
	}
	if secret := secretIn(r, InvitationCookie); !secret.IsZero() && p.Done == "" && p.Wrong == "" {
		switch i, err := j.o.Staff.Offer(ctx, secret); {
		case err == nil:
			owner, area := j.o.Places(ctx, i.Place)
			p.Offer = &view.StaffPost{Role: i.Role, Owner: owner, Area: area}
		case errors.Is(err, hub.NotFound), errors.Is(err, hub.Consumed), errors.Is(err, hub.Expired):
			p.Wrong = hub.KindOf(err)
			dropInvitation(w)
		default:
			fail(err)
			return
		}
	}
	f := view.Frame{Lang: j.language(w, r, nil), Path: staffPath, SignedIn: in}
	j.o.Screen.Show(w, r, status, f, p)
}

// strong gives the level of a session that was signed in as staff must be, just now.
func (j *Journey) strong(ctx context.Context, s session.Session) (hub.Level, bool, error) {
	fresh, err := j.fresh(ctx, s)
	if err != nil || !fresh {
		return hub.Level{}, false, err
	}
	now := j.o.Clock()
	is, ok := s.For(staff.Least(), now, func(r session.Reached) bool { return now.Sub(r.AuthTime) <= freshFor })
	return is.Level, ok, nil
}

// staffSignIn is POST /staff/sign-in.
func (j *Journey) staffSignIn(w http.ResponseWriter, r *http.Request) {
	if _, err := j.form(r, aboutStaff); err != nil {
		j.o.Screen.Fail(w, r, err, staffPath)
		return
	}
	j.signInAt(w, r, staffPath, staff.Least())
}

// staffJoin is POST /staff/join.
func (j *Journey) staffJoin(w http.ResponseWriter, r *http.Request) {
	const op = "pages.staffJoin"
	fail := func(err error) { j.o.Screen.Fail(w, r, err, staffPath) }
	if _, err := j.form(r, aboutStaff); err != nil {
		fail(err)
		return
	}
	s, in, err := j.signedIn(r)
	var level hub.Level
	strong := false
	if err == nil && in {
		level, strong, err = j.strong(r.Context(), s)
	}
	switch {
	case err != nil:
		fail(err)
		return
	case !strong: // the page says what is missing
		http.Redirect(w, r, staffPath, http.StatusSeeOther)
		return
	}
	secret := secretIn(r, InvitationCookie)
	if secret.IsZero() {
		fail(hub.Errorf(op, hub.NotFound, "no invitation"))
		return
	}
	_, err = j.o.Staff.Join(r.Context(), secret, s.Account, level)
	switch {
	case err == nil:
		dropInvitation(w)
		http.Redirect(w, r, staffPath+"?done=joined", http.StatusSeeOther)
	case errors.Is(err, hub.Denied), errors.Is(err, hub.Conflict), errors.Is(err, hub.Consumed), errors.Is(err, hub.Expired), errors.Is(err, hub.NotFound):
		j.staffPage(w, r, http.StatusConflict, view.StaffPage{Wrong: hub.KindOf(err)})
	default:
		fail(err)
	}
}

// staffDecline is POST /staff/decline: this browser forgets the invitation, which stays open for whom it was meant.
func (j *Journey) staffDecline(w http.ResponseWriter, r *http.Request) {
	if _, err := j.form(r, aboutStaff); err != nil {
		j.o.Screen.Fail(w, r, err, staffPath)
		return
	}
	dropInvitation(w)
	http.Redirect(w, r, staffPath, http.StatusSeeOther)
}
