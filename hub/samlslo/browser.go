package samlslo

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

// allow answers 405 unless the method is one of these.
func allow(w http.ResponseWriter, r *http.Request, methods ...string) bool {
	for _, m := range methods {
		if r.Method == m {
			return true
		}
	}
	w.Header().Set("Allow", strings.Join(methods, ", "))
	http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
	return false
}

// at gives the provider that the address names: each has addresses of its own, departments share one.
func at(r *http.Request) hub.ProviderID {
	id := r.PathValue("provider")
	if id != "" && !hub.ValidName(id) {
		return "-" // nobody's
	}
	return hub.ProviderID(id)
}

// interaction sees to it that the request has an interaction id.
func (s *Service) interaction(r *http.Request) *http.Request {
	if hub.InteractionFrom(r.Context()) != "" {
		return r
	}
	return r.WithContext(hub.WithInteraction(r.Context(), hub.InteractionID(hub.NewID(s.o.Random))))
}

// Browser is the single logout service for HTTP-Redirect by GET and HTTP-POST by POST, for requests and for responses.
func (s *Service) Browser(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodGet, http.MethodPost) {
		return
	}
	r = s.interaction(r)
	m, err := samlmsg.FromHTTP(w, r, samlmsg.Limits{})
	if err != nil {
		s.page(w, r, Peer{}, err)
		return
	}
	if m.Kind() == samlmsg.KindLogoutResponse {
		s.arrived(w, r, m)
		return
	}
	p, a, err := s.receive(r.Context(), m, at(r))
	switch {
	case err != nil:
		s.page(w, r, p, err)
	case r.Method == http.MethodPost:
		// It comes from another site, without the browser's SameSite=Lax cookies. A GET on our own brings them.
		text, err := s.seal(toContinue, a)
		if err != nil {
			s.page(w, r, p, err)
			return
		}
		onward(w, r, s.address(a, "/continue", text))
	default:
		s.carryOut(w, r, p, a)
	}
}

// resume takes up what the browser has carried in its address, within life, and finds the peer that asked. Where it can't, it has answered.
func (s *Service) resume(w http.ResponseWriter, r *http.Request, purpose string, life time.Duration) (*http.Request, Peer, asked, bool) {
	r = s.interaction(r)
	a, err := s.open(purpose, r.URL.Query().Get("t"), life)
	if err != nil {
		s.page(w, r, Peer{}, err)
		return r, Peer{}, asked{}, false
	}
	r = r.WithContext(hub.WithInteraction(r.Context(), a.Interaction))
	p, err := s.o.Peers.Of(r.Context(), a.System, a.Provider)
	if err != nil {
		s.page(w, r, p, err)
		return r, p, a, false
	}
	return r, p, a, true
}

// Continue takes up a request that was posted.
func (s *Service) Continue(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodGet) {
		return
	}
	r, p, a, ok := s.resume(w, r, toContinue, carryLife)
	if !ok {
		return
	}
	s.carryOut(w, r, p, a)
}

// carryOut does what a browser's request asks, and answers it: at once, or when the browser has been where only it can tell.
func (s *Service) carryOut(w http.ResponseWriter, r *http.Request, p Peer, a asked) {
	v := visitor{there: true}
	var err error
	if v.session, err = s.o.Pages.Session(r); err != nil && !errors.Is(err, hub.NotFound) {
		s.page(w, r, p, err)
		return
	}
	done, err := s.act(r.Context(), p, a, v)
	if err != nil {
		// Not a status where it was used before: the peer has had its answer, and would take this one for that.
		s.page(w, r, p, err)
		return
	}
	if done.own {
		s.o.Pages.Forget(w)
	}
	a.Campaigns, a.Failed = done.campaigns, done.failed
	if done.status.Code != "" {
		if done.reason != "" {
			s.note(r.Context(), p, done.reason, nil)
		}
		s.respond(w, r, p, a, done.status)
		return
	}
	if err := s.wait(r.Context(), a.Campaigns); err != nil {
		s.page(w, r, p, err)
		return
	}
	status, visits, err := s.outcome(r.Context(), a.Campaigns, a.Failed)
	switch {
	case err != nil:
		s.page(w, r, p, err)
	case visits && done.own:
		a.At = s.now().UnixMicro()
		text, err := s.seal(toAnswer, a)
		if err != nil {
			s.page(w, r, p, err)
			return
		}
		s.o.Pages.Onward(w, r, a.Campaigns, s.address(a, "/answer", text))
	default:
		s.respond(w, r, p, a, status)
	}
}

// Answer takes the browser back to who asked, with the response, when it has been everywhere. It may be loaded again: the same ledger
// gives the same answer, or a better one.
func (s *Service) Answer(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodGet) {
		return
	}
	r, p, a, ok := s.resume(w, r, toAnswer, answerLife)
	if !ok {
		return
	}
	status, _, err := s.outcome(r.Context(), a.Campaigns, a.Failed)
	if err != nil {
		s.page(w, r, p, err)
		return
	}
	s.respond(w, r, p, a, status)
}

// respond sends the browser to the peer with a signed LogoutResponse, by the binding of the request where the peer's metadata has it. Where
// the metadata has no place for it, the browser stays with us.
func (s *Service) respond(w http.ResponseWriter, r *http.Request, p Peer, a asked, status samlmsg.Status) {
	to, ok := p.endpoint(a.Binding)
	if !ok {
		to, ok = p.browser()
	}
	if !ok {
		s.o.Pages.Onward(w, r, a.Campaigns, "")
		return
	}
	location := to.ResponseLocation
	if location == "" {
		location = to.Location
	}
	signer, err := s.o.Own.Signer(r.Context())
	if err != nil {
		s.page(w, r, p, err)
		return
	}
	response := s.response(p, a.ID, location, status)
	if to.Binding == samlmsg.BindingRedirect {
		raw, err := response.XML(nil)
		if err == nil {
			location, err = samlmsg.RedirectURL(location, samlmsg.KindLogoutResponse, raw, a.Relay, signer)
		}
		if err != nil {
			s.page(w, r, p, err)
			return
		}
		onward(w, r, location)
		return
	}
	raw, err := response.XML(signer)
	if err != nil {
		s.page(w, r, p, err)
		return
	}
	form, err := samlmsg.NewForm(location, samlmsg.KindLogoutResponse, raw, a.Relay)
	if err == nil {
		form.Script, form.Texts = s.o.Script, samlmsg.ReturnTexts(s.o.Pages.Language(r))
		err = form.Serve(w)
	}
	if err != nil {
		s.page(w, r, p, err)
	}
}

func (s *Service) response(p Peer, to, destination string, status samlmsg.Status) samlmsg.LogoutResponse {
	return samlmsg.LogoutResponse{
		ID: samlmsg.NewID(s.o.Random), InResponseTo: to, IssueInstant: s.now(), Issuer: p.Self, Destination: destination, Status: status,
	}
}

// page shows the error page and records why. What can't be trusted is, for the person, a request that is no good: the page for Refused
// speaks of identity providers.
func (s *Service) page(w http.ResponseWriter, r *http.Request, p Peer, err error) {
	s.note(r.Context(), p, samlmsg.Reason(err), err)
	if errors.Is(err, hub.Refused) {
		err = hub.E("samlslo.page", hub.Invalid, err)
	}
	s.o.Pages.Refuse(w, r, err)
}
