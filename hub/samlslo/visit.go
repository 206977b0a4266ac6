package samlslo

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/samlmsg"
)

// A visit is on its way in three steps. Visit gives an address of our own, which says, sealed, who is visited and where the browser comes back
// to. SetOut leaves that with the browser, in a cookie, and sends it on with the request. When it comes back with the response (see arrived),
// Back brings it to where the cookie says. So the place to come back to, which may show whoever knows it where else the person was, is
// never told to the participant; and a participant that brings a response by itself is led nowhere.

// toVisit is the purpose of what is sealed for a visit.
const toVisit = "onedoor samlslo visit 1\x00"

// visitLife is how long a visit may take.
const visitLife = 10 * time.Minute

// VisitCookie holds where a visiting browser comes back to, sealed.
const VisitCookie = "__Host-slo"

// Visit implements logout.Way: the whole page goes to the participant and comes back.
func (s *Service) Visit(ctx context.Context, n logout.Notice, back string) (logout.Visit, error) {
	const op = "samlslo.Visit"
	p, err := s.o.Peers.Of(ctx, n.System, n.Provider)
	if err != nil {
		return logout.Visit{}, err
	}
	if _, ok := p.browser(); !ok {
		return logout.Visit{}, hub.E(op, hub.NotFound, samlmsg.BindingUnsupported)
	}
	if _, _, err := s.o.Own.Name(ctx, p, n); err != nil {
		return logout.Visit{}, err
	}
	a := asked{System: n.System, Provider: n.Provider, ID: n.ID, Back: back, Interaction: n.Interaction, At: s.now().UnixMicro()}
	text, err := s.seal(toVisit, a)
	if err != nil {
		return logout.Visit{}, err
	}
	return logout.Visit{URL: s.address(a, "/visit", text)}, nil
}

// SetOut sends the browser to the participant with our request, by HTTP-Redirect or HTTP-POST.
func (s *Service) SetOut(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodGet) {
		return
	}
	r = s.interaction(r)
	text := r.URL.Query().Get("t")
	a, err := s.open(toVisit, text, visitLife)
	if err != nil {
		s.page(w, r, Peer{}, err)
		return
	}
	ctx := hub.WithInteraction(r.Context(), a.Interaction)
	r = r.WithContext(ctx)
	n, err := s.logouts.Notice(ctx, a.ID)
	if err == nil && n.State.Final() {
		onward(w, r, a.Back) // loaded again by the way back
		return
	}
	var p Peer
	if err == nil {
		p, err = s.o.Peers.Of(ctx, a.System, a.Provider)
	}
	if err == nil {
		http.SetCookie(w, visitCookie(text, visitLife))
		err = s.send(w, r, p, n)
	}
	if err != nil {
		s.note(ctx, p, samlmsg.Reason(err), err)
		if err := s.logouts.Visited(ctx, a.ID, err); err != nil {
			s.page(w, r, p, err)
			return
		}
		onward(w, r, a.Back)
	}
}

func visitCookie(value string, life time.Duration) *http.Cookie {
	c := &http.Cookie{Name: VisitCookie, Value: value, Path: "/", MaxAge: int(life / time.Second), Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}

// maxAddress is the longest address by which a message goes by HTTP-Redirect where it could be posted.
const maxAddress = 4 << 10

// send answers with what carries the request of a notice. Nothing is written where it fails.
func (s *Service) send(w http.ResponseWriter, r *http.Request, p Peer, n logout.Notice) error {
	const op = "samlslo.send"
	to, ok := p.browser()
	if !ok {
		return hub.E(op, hub.NotFound, samlmsg.BindingUnsupported)
	}
	q, err := s.request(r.Context(), p, n, to.Location)
	if err != nil {
		return err
	}
	signer, err := s.o.Own.Signer(r.Context())
	if err != nil {
		return err
	}
	if to.Binding == samlmsg.BindingRedirect {
		raw, err := q.XML(nil, p.Encrypt)
		if err != nil {
			return err
		}
		address, err := samlmsg.RedirectURL(to.Location, samlmsg.KindLogoutRequest, raw, "", signer)
		if err != nil {
			return err
		}
		other, postable := p.endpoint(samlmsg.BindingPOST)
		if len(address) <= maxAddress || !postable {
			onward(w, r, address)
			return nil
		}
		to, q.Destination = other, other.Location
	}
	raw, err := q.XML(signer, p.Encrypt)
	if err != nil {
		return err
	}
	form, err := samlmsg.NewForm(to.Location, samlmsg.KindLogoutRequest, raw, "")
	if err != nil {
		return err
	}
	form.Script, form.Texts = s.o.Script, samlmsg.LogoutTexts(s.o.Pages.Language(r))
	return form.Serve(w)
}

// arrived takes the answer to a LogoutRequest that the browser carried to a participant: the notice is marked, and the browser goes on to
// Back, a GET of our own, which brings its cookie even where the answer was posted from another site. An answer that can't be believed
// marks nothing; the browser goes back all the same, if it answers anything.
func (s *Service) arrived(w http.ResponseWriter, r *http.Request, m *samlmsg.Message) {
	const op = "samlslo.arrived"
	ctx := r.Context()
	id := strings.TrimPrefix(m.ClaimedInResponseTo(), "_")
	if !hub.ValidID(id) {
		s.page(w, r, Peer{}, hub.E(op, hub.Invalid, samlmsg.Unsolicited))
		return
	}
	n, err := s.logouts.Notice(ctx, id)
	if errors.Is(err, hub.NotFound) || err == nil && (n.Protocol != s.o.Protocol || n.Provider != at(r)) {
		err = hub.E(op, hub.Invalid, samlmsg.Unsolicited)
	}
	if err != nil {
		s.page(w, r, Peer{}, err)
		return
	}
	ctx = hub.WithInteraction(ctx, n.Interaction)
	p, err := s.o.Peers.Of(ctx, n.System, n.Provider)
	var answer samlmsg.LogoutResponse
	if err == nil {
		answer, err = s.read(ctx, p, n, m, p.SLO)
	}
	if err == nil {
		err = s.logouts.Visited(ctx, n.ID, meaning(answer.Status))
	}
	if err != nil {
		s.note(ctx, Peer{System: n.System, Provider: n.Provider}, samlmsg.Reason(err), err)
	}
	onward(w, r, s.step(n.Provider, "/back")+"?"+url.Values{"n": {n.ID}}.Encode())
}

// Back takes a browser that has visited a participant back to where it set out from. One that has not sees that it is signed out, if it is.
func (s *Service) Back(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodGet) {
		return
	}
	http.SetCookie(w, visitCookie("", 0))
	found := r.CookiesNamed(VisitCookie)
	if len(found) == 1 {
		if a, err := s.open(toVisit, found[0].Value, visitLife); err == nil && a.ID == r.URL.Query().Get("n") && a.Back != "" {
			onward(w, r, a.Back)
			return
		}
	}
	s.o.Pages.Onward(w, r, nil, "")
}
