package visit

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/session"
)

const (
	// Protocol is the name under which the Reception finishes the logins of the hub's own pages.
	Protocol = "hub"
	// FreshFor is how long after a sign-in its person may change what protects the account: everybody's rule.
	FreshFor = session.FreshFor
)

// maxReturn is the longest path that a sign-in leads back to, in bytes.
const maxReturn = 200

// Returns names pages that a sign-in may lead back to; nothing else is followed. A part in braces stands for one id or name:
// "/cases/{case}". Invalid for what is no path of ours.
func (v *Reception) Returns(paths ...string) error {
	for _, p := range paths {
		parts, ok := split(p)
		if !ok {
			return hub.Errorf("visit.Returns", hub.Invalid, "not a path: "+p)
		}
		for _, part := range parts {
			name, open := strings.CutPrefix(part, "{")
			name, shut := strings.CutSuffix(name, "}")
			if open != shut || !hub.ValidName(name) {
				return hub.Errorf("visit.Returns", hub.Invalid, "not a path: "+p)
			}
		}
		v.returns = append(v.returns, parts)
	}
	return nil
}

// returning reports whether a sign-in may lead back to the path. The path comes out of our own store; all the same nothing is followed
// that could lead to another host, carry a query, or reach a page that nobody has named.
func (v *Reception) returning(path string) bool {
	parts, ok := split(path)
	return ok && slices.ContainsFunc(v.returns, func(want []string) bool {
		return slices.EqualFunc(want, parts, func(want, part string) bool {
			if strings.HasPrefix(want, "{") {
				return hub.ValidName(part) || hub.ValidID(part)
			}
			return want == part
		})
	})
}

// split takes a path apart. False for one that does not begin with exactly one slash, or is too long.
func split(path string) ([]string, bool) {
	rest, ok := strings.CutPrefix(path, "/")
	if !ok || rest == "" || len(path) > maxReturn {
		return nil, false
	}
	return strings.Split(rest, "/"), true
}

// FinishLogin answers a browser whose login for the hub's own pages has ended: back to the page, which says by itself what is possible
// now. Who said no sees it as it was.
func (v *Reception) FinishLogin(w http.ResponseWriter, r *http.Request, res login.Result) {
	const op = "visit.FinishLogin"
	back := string(res.Request.Continue)
	switch {
	case !v.returning(back):
		v.Fail(w, r, hub.Errorf(op, hub.Internal, "no page of ours"), "")
	case res.Failure != "" && res.Failure != hub.Denied:
		v.Fail(w, r, hub.E(op, res.Failure, nil), back)
	default:
		http.Redirect(w, r, back, http.StatusSeeOther)
	}
}

// SignIn begins a sign-in for a page of the hub: a fresh one, at the account's own height, where somebody is signed in.
func (v *Reception) SignIn(w http.ResponseWriter, r *http.Request, page string) {
	v.SignInAt(w, r, page, hub.Level{})
}

// SignInAt is SignIn for a page that asks for at least a level of everybody.
func (v *Reception) SignInAt(w http.ResponseWriter, r *http.Request, page string, least hub.Level) {
	s, in, err := v.SignedIn(r)
	if err == nil && (v.journey == nil || !v.returning(page)) {
		err = hub.Errorf("visit.SignIn", hub.Internal, "no page of ours, or no way to sign in")
	}
	if err != nil {
		v.Fail(w, r, err, page)
		return
	}
	req := login.Request{Protocol: Protocol, System: v.o.System, Continue: []byte(page), Languages: Languages(r), Want: least}
	if in {
		age := FreshFor
		req.MaxAge, req.Account = &age, s.Account
		reach, err := v.o.Reach(r.Context(), s)
		if err != nil {
			v.Fail(w, r, err, page)
			return
		}
		req.Want = least.Join(reach)
	}
	v.journey.Begin(w, r, req)
}

// SignInBeside begins a sign-in of the person of a session by whichever provider they choose, also one that they are not known by yet, however
// fresh the session is. That it is they, the account's own rules make sure of.
func (v *Reception) SignInBeside(w http.ResponseWriter, r *http.Request, page string, s session.Session) {
	if v.journey == nil || !v.returning(page) {
		v.Fail(w, r, hub.Errorf("visit.SignInBeside", hub.Internal, "no page of ours, or no way to sign in"), "")
		return
	}
	age := time.Duration(0)
	v.journey.Begin(w, r, login.Request{
		Protocol: Protocol, System: v.o.System, Continue: []byte(page), Languages: Languages(r), MaxAge: &age, Force: true, Account: s.Account,
	})
}

// Fresh reports whether the person of a session has just signed in, as strongly as the account's own height asks.
func (v *Reception) Fresh(ctx context.Context, s session.Session) (bool, error) {
	want, err := v.o.Reach(ctx, s)
	if err != nil {
		return false, err
	}
	_, ok := v.reached(s, want)
	return ok, nil
}

// FreshAt is Fresh for an act that asks for at least a level of everybody. It gives the level that was reached.
func (v *Reception) FreshAt(ctx context.Context, s session.Session, least hub.Level) (hub.Level, bool, error) {
	fresh, err := v.Fresh(ctx, s)
	if err != nil || !fresh {
		return hub.Level{}, false, err
	}
	is, ok := v.reached(s, least)
	return is.Level, ok, nil
}

// reached gives the session as the latest authentication makes it that is fresh and reaches enough; see session.Session.For.
func (v *Reception) reached(s session.Session, want hub.Level) (session.Session, bool) {
	now := v.o.Clock()
	return s.For(want, now, func(r session.Reached) bool { return session.Fresh(r.AuthTime, now) })
}
