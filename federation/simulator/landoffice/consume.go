package landoffice

import (
	"net/http"
	"time"

	"onedoor/federation/simulator"
	"onedoor/federation/simulator/samlout"
	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

const (
	sessionCookie = "__Host-land"
	loginCookie   = "__Host-land-login"
)

// consume takes the hub's answer (SAML Profiles section 4.1.4.3). Whatever is wrong with it, nobody is signed in.
func (l *LandOffice) consume(w http.ResponseWriter, r *http.Request) {
	m, err := samlmsg.FromHTTP(w, r, samlmsg.Limits{})
	if err != nil {
		l.problem(w, http.StatusBadRequest, "This is not an answer of the login service.")
		return
	}
	id := m.ClaimedInResponseTo()
	cookie, err := r.Cookie(loginCookie)
	login, open := l.logins.Take(id)
	if err != nil || !open || login.browser != cookie.Value || m.RelayState() != id {
		l.problem(w, http.StatusBadRequest, "This answer does not belong to a login that was begun here, or it came too late.")
		return
	}
	p, err := l.discover(r.Context())
	if err != nil {
		l.problem(w, http.StatusServiceUnavailable, "The login service can't be reached just now.")
		return
	}
	response, err := m.Response(samlmsg.ResponseOptions{
		Verifier: p.verifier, Decrypter: l.decrypter, SignedResponse: true, SignedAssertion: true, Encrypted: true,
	})
	if err == nil && !response.Status.OK() && response.Issuer == l.o.HubID && response.Destination == l.acs {
		l.problem(w, http.StatusForbidden, "The login did not come to its end: "+samlout.Word(response.Status))
		return
	}
	var accepted samlmsg.Accepted
	if err == nil {
		accepted, err = samlmsg.CheckResponse(response, samlmsg.ResponseExpectation{
			Now: l.o.Clock(), Skew: time.Minute, Issuer: l.o.HubID, Audience: l.entityID, Recipient: l.acs, InResponseTo: id,
		})
	}
	if err == nil {
		if _, twice := l.used.Get(accepted.Assertion.ID); twice {
			err = errUsed
		}
	}
	if err != nil {
		l.o.Log.WarnContext(r.Context(), "the hub's answer was refused", "entity", l.entityID, "reason", samlmsg.Reason(err))
		l.problem(w, http.StatusForbidden, "The answer of the login service was refused.")
		return
	}
	l.used.Put(accepted.Assertion.ID, struct{}{})
	l.signIn(w, r, accepted, login.path)
}

func (l *LandOffice) signIn(w http.ResponseWriter, r *http.Request, a samlmsg.Accepted, path string) {
	v := &visitor{
		name: *a.Assertion.Subject.NameID, class: a.Authn.ClassRef, index: a.Authn.SessionIndex, authTime: a.Authn.AuthnInstant,
		attributes: a.Assertion.Attributes, encrypted: a.Assertion.Encrypted,
	}
	if level, err := hub.ParseACR(v.class); err == nil {
		v.level = level
	}
	if old, err := r.Cookie(sessionCookie); err == nil {
		l.sessions.Take(old.Value)
	}
	session := simulator.Token(l.o.Random) // a new one at every login
	l.sessions.Put(session, v)
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Value: session, Path: "/", MaxAge: int(sessionLife / time.Second), Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, path, http.StatusSeeOther)
}

func (l *LandOffice) visitor(r *http.Request) (*visitor, bool) {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return nil, false
	}
	return l.sessions.Get(c.Value)
}

// logout ends the session here, and only here.
func (l *LandOffice) logout(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(sessionCookie); err == nil {
		l.sessions.Take(c.Value)
	}
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (l *LandOffice) home(w http.ResponseWriter, r *http.Request) {
	v, ok := l.visitor(r)
	if !ok {
		l.show(w, http.StatusOK, content{})
		return
	}
	l.show(w, http.StatusOK, content{Visitor: facts(v)})
}
