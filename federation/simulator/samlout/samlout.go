// Package samlout is single logout (SAML Profiles section 4.4) as the stand-ins that speak SAML do it, service provider and identity provider
// alike: it takes and makes requests over HTTP-Redirect, HTTP-POST and SOAP. It does not own the sessions that end.
package samlout

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"onedoor/federation/simulator"
	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

// Paths below the party's own address.
const (
	Path     = "/saml/slo"
	SOAPPath = "/saml/slo/soap"
)

// Other is the other side, by its metadata.
type Other struct {
	EntityID string
	Role     samlmsg.Role
}

// Options of a Party. All are required.
type Options struct {
	EntityID  string
	BaseURL   string // without a slash at the end
	Signer    func() *samlmsg.Signer
	Decrypter *samlmsg.Decrypter // nil for none
	HTTP      *http.Client       // nil where it never asks by SOAP
	Clock     hub.Clock
	Random    io.Reader
	// Find gives the other side with the entity id. An error for one that is not known.
	Find func(ctx context.Context, entityID string) (Other, error)
	// End ends the sessions of a name, all where no index is given, and tells how many there were.
	End func(id samlmsg.NameID, indexes []string) int
	// Asked is called when a browser has brought a request and sessions have ended: it may drop cookies. It may be nil.
	Asked func(w http.ResponseWriter)
	// Told shows the browser how the logout ended that began here.
	Told func(w http.ResponseWriter, r *http.Request, status samlmsg.Status)
	// Problem shows what is wrong.
	Problem func(w http.ResponseWriter, text string)
}

// Party is one stand-in's single logout service.
type Party struct {
	o    Options
	open *simulator.Memory[Other] // requests of ours that wait for an answer
	used *simulator.Memory[struct{}]

	mu     sync.Mutex
	status *samlmsg.Status // in place of the true one
	silent bool
	hears  []samlmsg.LogoutRequest
	noSOAP bool
}

const skew = time.Minute

// New gives a party.
func New(o Options) *Party {
	return &Party{
		o: o, open: simulator.NewMemory[Other](o.Clock, 10*time.Minute, 10_000), used: simulator.NewMemory[struct{}](o.Clock, time.Hour, 10_000),
	}
}

// Answer makes the party answer every request with a status, whatever it does; nil lets it tell the truth again.
func (p *Party) Answer(status *samlmsg.Status) { p.mu.Lock(); defer p.mu.Unlock(); p.status = status }

// Silence makes the SOAP endpoint fail, as if the machine were down.
func (p *Party) Silence(on bool) { p.mu.Lock(); defer p.mu.Unlock(); p.silent = on }

// BrowserOnly takes the SOAP endpoint out of the metadata: then only browsers can tell the party.
func (p *Party) BrowserOnly(on bool) { p.mu.Lock(); defer p.mu.Unlock(); p.noSOAP = on }

// Heard gives the requests that were believed, oldest first.
func (p *Party) Heard() []samlmsg.LogoutRequest {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]samlmsg.LogoutRequest(nil), p.hears...)
}

// Endpoints are what the metadata says.
func (p *Party) Endpoints() []samlmsg.Endpoint {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := []samlmsg.Endpoint{
		{Binding: samlmsg.BindingRedirect, Location: p.o.BaseURL + Path}, {Binding: samlmsg.BindingPOST, Location: p.o.BaseURL + Path},
	}
	if !p.noSOAP {
		all = append(all, samlmsg.Endpoint{Binding: samlmsg.BindingSOAP, Location: p.o.BaseURL + SOAPPath})
	}
	return all
}

func verifier(o Other) (*samlmsg.Verifier, error) {
	return samlmsg.NewVerifier(samlmsg.VerifierOptions{Certificates: o.Role.SigningCertificates()})
}

// take verifies a request, ends what it means and gives the status.
func (p *Party) take(ctx context.Context, m *samlmsg.Message, destination string) (Other, samlmsg.LogoutRequest, samlmsg.Status, error) {
	var none samlmsg.LogoutRequest
	other, err := p.o.Find(ctx, m.ClaimedIssuer())
	if err != nil {
		return other, none, samlmsg.Status{}, err
	}
	v, err := verifier(other)
	if err != nil {
		return other, none, samlmsg.Status{}, err
	}
	q, err := m.LogoutRequest(v, p.o.Decrypter)
	if err != nil {
		return other, none, samlmsg.Status{}, err
	}
	err = samlmsg.CheckLogoutRequest(q, samlmsg.LogoutExpectation{Now: p.o.Clock(), Skew: skew, Issuer: other.EntityID, Destination: destination})
	if err != nil {
		return other, none, samlmsg.Status{}, err
	}
	// A request may come twice, where the answer to the first was lost: it is the same one, and what it means has ended.
	_, again := p.used.Get(q.ID)
	p.used.Put(q.ID, struct{}{})
	n := p.o.End(q.NameID, q.SessionIndexes)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hears = append(p.hears, q)
	switch {
	case p.status != nil:
		return other, q, *p.status, nil
	case n == 0 && !again:
		return other, q, samlmsg.Status{Code: samlmsg.StatusRequester, Second: samlmsg.StatusUnknownPrincipal}, nil
	}
	return other, q, samlmsg.Success(), nil
}

func (p *Party) response(to, destination string, status samlmsg.Status) samlmsg.LogoutResponse {
	return samlmsg.LogoutResponse{
		ID: samlmsg.NewID(p.o.Random), InResponseTo: to, IssueInstant: p.o.Clock(), Issuer: p.o.EntityID, Destination: destination, Status: status,
	}
}

// SOAP answers the hub's server.
func (p *Party) SOAP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	silent := p.silent
	p.mu.Unlock()
	if silent {
		http.Error(w, "Service Unavailable", http.StatusServiceUnavailable)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 256<<10))
	var raw []byte
	if err == nil {
		var m *samlmsg.Message
		if m, err = samlmsg.FromSOAP(body, samlmsg.Limits{}); err == nil {
			var q samlmsg.LogoutRequest
			var status samlmsg.Status
			if _, q, status, err = p.take(r.Context(), m, ""); err == nil {
				raw, err = p.response(q.ID, "", status).XML(p.o.Signer())
			}
		}
	}
	w.Header().Set("Content-Type", samlmsg.SOAPContentType)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write(samlmsg.SOAPFault("Client"))
		return
	}
	_, _ = w.Write(samlmsg.SOAP(raw))
}

// Browser takes requests and responses that a browser brings.
func (p *Party) Browser(w http.ResponseWriter, r *http.Request) {
	m, err := samlmsg.FromHTTP(w, r, samlmsg.Limits{})
	if err != nil {
		p.o.Problem(w, "This is not a logout message: "+samlmsg.Reason(err)+".")
		return
	}
	if m.Kind() == samlmsg.KindLogoutResponse {
		p.arrived(w, r, m)
		return
	}
	other, q, status, err := p.take(r.Context(), m, p.o.BaseURL+Path)
	if err != nil {
		p.o.Problem(w, "The request to log out is not accepted: "+samlmsg.Reason(err)+".")
		return
	}
	if p.o.Asked != nil {
		p.o.Asked(w)
	}
	to, ok := samlmsg.Find(other.Role.SingleLogout, m.Binding())
	if !ok {
		p.o.Problem(w, "Nobody waits for an answer.")
		return
	}
	location := to.Location
	if to.ResponseLocation != "" {
		location = to.ResponseLocation
	}
	answer := p.response(q.ID, location, status)
	p.send(w, r, m.Binding(), location, samlmsg.KindLogoutResponse, m.RelayState(), answer.XML)
}

// send carries a message by the binding.
func (p *Party) send(w http.ResponseWriter, r *http.Request, binding, location string, kind samlmsg.Kind, relay string, write func(*samlmsg.Signer) ([]byte, error)) {
	s := p.o.Signer()
	if binding == samlmsg.BindingRedirect {
		raw, err := write(nil)
		if err == nil {
			location, err = samlmsg.RedirectURL(location, kind, raw, relay, s)
		}
		if err != nil {
			p.o.Problem(w, "The message could not be made.")
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, location, http.StatusSeeOther)
		return
	}
	raw, err := write(s)
	var form samlmsg.Form
	if err == nil {
		form, err = samlmsg.NewForm(location, kind, raw, relay)
	}
	if err == nil {
		form.Script = "/post.js"
		err = form.Serve(w)
	}
	if err != nil {
		p.o.Problem(w, "The message could not be made.")
	}
}

// request makes a LogoutRequest.
func (p *Party) request(id samlmsg.NameID, index, destination string) samlmsg.LogoutRequest {
	now := p.o.Clock()
	q := samlmsg.LogoutRequest{
		ID: samlmsg.NewID(p.o.Random), IssueInstant: now, Issuer: p.o.EntityID, Destination: destination, NotOnOrAfter: now.Add(5 * time.Minute),
		Reason: samlmsg.LogoutByUser, NameID: id,
	}
	if index != "" {
		q.SessionIndexes = []string{index}
	}
	return q
}

// Ask sends the browser to the other side with a request to log out, by HTTP-Redirect or HTTP-POST. It comes back to Browser.
func (p *Party) Ask(w http.ResponseWriter, r *http.Request, other Other, binding string, id samlmsg.NameID, index string) {
	to, ok := samlmsg.Find(other.Role.SingleLogout, binding)
	if !ok {
		p.o.Problem(w, "The other side has no single logout by this binding.")
		return
	}
	q := p.request(id, index, to.Location)
	p.open.Put(q.ID, other)
	p.send(w, r, binding, to.Location, samlmsg.KindLogoutRequest, "relay-"+q.ID[:8], func(s *samlmsg.Signer) ([]byte, error) { return q.XML(s, nil) })
}

// Call asks the other side by SOAP, and gives the status of its answer.
func (p *Party) Call(ctx context.Context, other Other, id samlmsg.NameID, index string) (samlmsg.Status, error) {
	const op = "samlout.Call"
	var none samlmsg.Status
	to, ok := samlmsg.Find(other.Role.SingleLogout, samlmsg.BindingSOAP)
	if !ok || p.o.HTTP == nil {
		return none, hub.Errorf(op, hub.NotFound, "no single logout by SOAP")
	}
	q := p.request(id, index, to.Location)
	raw, err := q.XML(p.o.Signer(), nil)
	if err != nil {
		return none, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.Location, bytes.NewReader(samlmsg.SOAP(raw)))
	if err != nil {
		return none, hub.E(op, hub.Invalid, err)
	}
	r.Header.Set("Content-Type", samlmsg.SOAPContentType)
	r.Header.Set("SOAPAction", samlmsg.SOAPAction)
	resp, err := p.o.HTTP.Do(r)
	if err != nil {
		return none, hub.E(op, hub.Unavailable, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 256<<10))
	if err != nil {
		return none, hub.E(op, hub.Unavailable, err)
	}
	m, err := samlmsg.FromSOAP(body, samlmsg.Limits{})
	if err != nil {
		return none, err
	}
	answer, err := p.read(m, other, q.ID, "")
	return answer.Status, err
}

func (p *Party) read(m *samlmsg.Message, other Other, to, destination string) (samlmsg.LogoutResponse, error) {
	v, err := verifier(other)
	if err != nil {
		return samlmsg.LogoutResponse{}, err
	}
	answer, err := m.LogoutResponse(v)
	if err != nil {
		return samlmsg.LogoutResponse{}, err
	}
	return answer, samlmsg.CheckLogoutResponse(answer, samlmsg.LogoutExpectation{
		Now: p.o.Clock(), Skew: skew, Issuer: other.EntityID, Destination: destination, InResponseTo: to,
	})
}

// arrived takes the answer to a request of ours.
func (p *Party) arrived(w http.ResponseWriter, r *http.Request, m *samlmsg.Message) {
	id := m.ClaimedInResponseTo()
	other, open := p.open.Take(id)
	if !open || m.RelayState() != "relay-"+id[:min(8, len(id))] {
		p.o.Problem(w, "This answers no request that was made here.")
		return
	}
	answer, err := p.read(m, other, id, p.o.BaseURL+Path)
	if err != nil {
		p.o.Problem(w, "The answer is not accepted: "+samlmsg.Reason(err)+".")
		return
	}
	p.o.Told(w, r, answer.Status)
}

// Word gives a status as people read it: "Success", "PartialLogout".
func Word(s samlmsg.Status) string {
	code := s.Second
	if code == "" {
		code = s.Code
	}
	return code[strings.LastIndexByte(code, ':')+1:]
}
