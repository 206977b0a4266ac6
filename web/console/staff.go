package console

import (
	"context"
	"errors"
	"net/http"

	"onedoor/hub"
	"onedoor/tenants/staff"
	"onedoor/web/server"
	"onedoor/web/view"
	"onedoor/web/visit"
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
func (c *Console) staffMounts() []server.Mount {
	return []server.Mount{
		c.v.Get("/join/{invitation}", c.invited),
		c.v.Get(staffPath, c.staff),
		c.v.Post(staffPath+"/sign-in", c.staffSignIn),
		c.v.Post(staffPath+"/join", c.staffJoin),
		c.v.Post(staffPath+"/decline", c.staffDecline),
	}
}

// invited is GET /join/{invitation}: it takes the invitation out of the address at once.
func (c *Console) invited(w http.ResponseWriter, r *http.Request) {
	secret, err := hub.ParseSecret(r.PathValue("invitation"))
	if err != nil {
		c.v.Fail(w, r, hub.Errorf("console.invited", hub.NotFound, "no invitation"), "")
		return
	}
	http.SetCookie(w, visit.Cookie(InvitationCookie, secret.Reveal()))
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, staffPath, http.StatusSeeOther)
}

func dropInvitation(w http.ResponseWriter) {
	gone := visit.Cookie(InvitationCookie, "")
	gone.MaxAge = -1
	http.SetCookie(w, gone)
}

// staff is GET /staff.
func (c *Console) staff(w http.ResponseWriter, r *http.Request) {
	c.staffPage(w, r, http.StatusOK, view.StaffPage{Done: r.URL.Query().Get("done")})
}

// staffPage shows the page, with what has just gone right or wrong.
func (c *Console) staffPage(w http.ResponseWriter, r *http.Request, status int, p view.StaffPage) {
	ctx := r.Context()
	fail := func(err error) { c.v.Fail(w, r, err, staffPath) }
	s, in, err := c.v.SignedIn(r)
	if err != nil {
		fail(err)
		return
	}
	p.Token, p.SignedIn = c.v.Token(w, r, aboutStaff), in
	if in {
		if _, p.Strong, err = c.v.FreshAt(ctx, s, staff.Least()); err != nil {
			fail(err)
			return
		}
		held, err := c.o.Staff.Held(ctx, s.Account)
		if err != nil {
			fail(err)
			return
		}
		for _, post := range held {
			owner, area := c.o.Places(ctx, post.Place)
			p.Posts = append(p.Posts, view.StaffPost{Role: post.Role, Owner: owner, Area: area, Proposed: post.State == staff.Proposed})
		}
	}
	if secret := visit.Secret(r, InvitationCookie); !secret.IsZero() && p.Done == "" && p.Wrong == "" {
		switch i, err := c.o.Staff.Offer(ctx, secret); {
		case err == nil:
			owner, area := c.o.Places(ctx, i.Place)
			p.Offer = &view.StaffPost{Role: i.Role, Owner: owner, Area: area}
		case errors.Is(err, hub.NotFound), errors.Is(err, hub.Consumed), errors.Is(err, hub.Expired):
			p.Wrong = hub.KindOf(err)
			dropInvitation(w)
		default:
			fail(err)
			return
		}
	}
	c.v.Show(w, r, status, staffPath, in, p)
}

// staffSignIn is POST /staff/sign-in.
func (c *Console) staffSignIn(w http.ResponseWriter, r *http.Request) {
	if _, err := c.v.Form(r, aboutStaff); err != nil {
		c.v.Fail(w, r, err, staffPath)
		return
	}
	c.v.SignInAt(w, r, staffPath, staff.Least())
}

// staffJoin is POST /staff/join.
func (c *Console) staffJoin(w http.ResponseWriter, r *http.Request) {
	const op = "console.staffJoin"
	fail := func(err error) { c.v.Fail(w, r, err, staffPath) }
	if _, err := c.v.Form(r, aboutStaff); err != nil {
		fail(err)
		return
	}
	s, in, err := c.v.SignedIn(r)
	var level hub.Level
	strong := false
	if err == nil && in {
		level, strong, err = c.v.FreshAt(r.Context(), s, staff.Least())
	}
	switch {
	case err != nil:
		fail(err)
		return
	case !strong: // the page says what is missing
		http.Redirect(w, r, staffPath, http.StatusSeeOther)
		return
	}
	secret := visit.Secret(r, InvitationCookie)
	if secret.IsZero() {
		fail(hub.Errorf(op, hub.NotFound, "no invitation"))
		return
	}
	_, err = c.o.Staff.Join(r.Context(), secret, s.Account, level)
	switch {
	case err == nil:
		dropInvitation(w)
		http.Redirect(w, r, staffPath+"?done=joined", http.StatusSeeOther)
	case errors.Is(err, hub.Denied), errors.Is(err, hub.Conflict), errors.Is(err, hub.Consumed), errors.Is(err, hub.Expired), errors.Is(err, hub.NotFound):
		c.staffPage(w, r, http.StatusConflict, view.StaffPage{Wrong: hub.KindOf(err)})
	default:
		fail(err)
	}
}

// staffDecline is POST /staff/decline: this browser forgets the invitation, which stays open for whom it was meant.
func (c *Console) staffDecline(w http.ResponseWriter, r *http.Request) {
	if _, err := c.v.Form(r, aboutStaff); err != nil {
		c.v.Fail(w, r, err, staffPath)
		return
	}
	dropInvitation(w)
	http.Redirect(w, r, staffPath, http.StatusSeeOther)
}
