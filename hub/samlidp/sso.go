package samlidp

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/samlmsg"
)

// SSO is the single sign-on service (SAML Profiles section 4.1.3): HTTP-Redirect by GET, HTTP-POST by POST.
func (p *Provider) SSO(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodGet, http.MethodPost) {
		return
	}
	r = p.interaction(r)
	m, err := samlmsg.FromHTTP(w, r, samlmsg.Limits{})
	if err == nil && m.Kind() != samlmsg.KindAuthnRequest {
		err = hub.E("samlidp.SSO", hub.Invalid, samlmsg.MessageUnexpected)
	}
	if err != nil {
		p.page(w, r, audit.Event{}, err)
		return
	}
	sp, q, err := p.receive(r.Context(), m)
	about := audit.Event{System: sp.ID}
	if err != nil {
		p.page(w, r, about, err)
		return
	}
	c, bad, err := p.consumer(sp, q)
	if err != nil {
		p.page(w, r, about, err)
		return
	}
	a, refused := p.read(sp, q, c, m.RelayState())
	if bad == nil {
		bad = refused
	}
	switch {
	case bad != nil:
		p.refuseAt(w, r, sp, a, bad, about)
	case r.Method == http.MethodPost:
		p.bounce(w, r, sp, a, about)
	default:
		p.begin(w, r, sp, a, about)
	}
}

// receive finds the sender and reads the request with its keys. Where the signature does not fit, the keys may have changed since its
// metadata was read last: then it is asked for once more.
func (p *Provider) receive(ctx context.Context, m *samlmsg.Message) (ServiceProvider, samlmsg.AuthnRequest, error) {
	const op = "samlidp.receive"
	var none samlmsg.AuthnRequest
	sp, err := p.o.ServiceProviders.ByEntity(ctx, m.ClaimedIssuer())
	switch {
	case errors.Is(err, hub.NotFound):
		return ServiceProvider{}, none, hub.E(op, hub.Invalid, samlmsg.IssuerMismatch)
	case err != nil:
		return ServiceProvider{}, none, err
	case !sp.Live:
		return sp, none, hub.Errorf(op, hub.Suspended, "the system is not live")
	}
	q, err := verified(m, sp)
	if rotated(err) {
		newer, renewErr := p.o.ServiceProviders.Renew(ctx, sp.ID)
		if renewErr == nil && newer {
			if sp, renewErr = p.o.ServiceProviders.ByID(ctx, sp.ID); renewErr != nil {
				return sp, none, renewErr
			}
			q, err = verified(m, sp)
		}
	}
	return sp, q, err
}

// signatureDemanded reports whether an unsigned request is refused: the register or the metadata says so.
func (sp ServiceProvider) signatureDemanded() bool {
	return sp.SignedRequests || sp.Role.AuthnRequestsSigned
}

func verified(m *samlmsg.Message, sp ServiceProvider) (samlmsg.AuthnRequest, error) {
	demand := samlmsg.SignatureOptional
	if sp.signatureDemanded() {
		demand = samlmsg.SignatureRequired
	}
	// Without a usable key nothing verifies: a nil verifier refuses every signature.
	v, err := samlmsg.NewVerifier(samlmsg.VerifierOptions{Certificates: sp.Role.SigningCertificates()})
	if err != nil {
		v = nil
	}
	return m.AuthnRequest(v, nil, demand)
}

// rotated reports whether an error may come of keys that have changed.
func rotated(err error) bool {
	return errors.Is(err, samlmsg.SignatureMismatch) || errors.Is(err, samlmsg.SignatureKey)
}

// consumer judges the request and finds where its answer goes. What the service provider can be told of is a refusal; for everything
// else there is the page.
func (p *Provider) consumer(sp ServiceProvider, q samlmsg.AuthnRequest) (samlmsg.Consumer, *refusal, error) {
	x := samlmsg.RequestExpectation{
		Now: p.now(), Skew: skew, MaxAge: requestAge, Destination: p.sso, Issuer: sp.EntityID, SP: sp.Role,
	}
	c, err := samlmsg.CheckAuthnRequest(q, x)
	if err == nil {
		return c, nil, nil
	}
	// Two faults leave a place to tell them at: a wish for another binding than the hub answers by, without naming a place, and an
	// attribute service that does not exist.
	var bad *refusal
	switch {
	case errors.Is(err, samlmsg.BindingUnsupported) && q.ACSURL == "" && q.ACSIndex == nil:
		bad = requester(samlmsg.StatusUnsupportedBinding, samlmsg.Reason(err))
		q.ProtocolBinding = ""
	case errors.Is(err, samlmsg.AttributeIndexUnknown):
		bad = requester(samlmsg.StatusRequestUnsupported, samlmsg.Reason(err))
		q.AttributeIndex = nil
	default:
		return c, nil, err
	}
	if c, err = samlmsg.CheckAuthnRequest(q, x); err != nil {
		return c, nil, err
	}
	return c, bad, nil
}

// bounce leads a posted request through a redirect on our own site: the browser brings its SameSite=Lax cookies there.
func (p *Provider) bounce(w http.ResponseWriter, r *http.Request, sp ServiceProvider, a question, about audit.Event) {
	text, err := p.seal(carried{Question: a, Interaction: hub.InteractionFrom(r.Context())})
	if err != nil {
		p.refuseAt(w, r, sp, a, failed(hub.KindOf(err)).from(err), about)
		return
	}
	h := w.Header()
	h.Set("Location", ContinuePath+"?"+url.Values{"request": {text}}.Encode())
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(http.StatusSeeOther)
}

// Continue goes on with a posted request.
func (p *Provider) Continue(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodGet) {
		return
	}
	r = p.interaction(r)
	values := r.URL.Query()["request"]
	if len(values) != 1 {
		p.page(w, r, audit.Event{}, hub.Errorf("samlidp.Continue", hub.Invalid, "no request"))
		return
	}
	c, err := p.open(values[0])
	if err != nil {
		p.page(w, r, audit.Event{}, err)
		return
	}
	r = r.WithContext(hub.WithInteraction(r.Context(), c.Interaction))
	about := audit.Event{System: c.Question.System}
	sp, err := p.target(r.Context(), c.Question)
	if err != nil {
		p.page(w, r, about, err)
		return
	}
	p.begin(w, r, sp, c.Question, about)
}

// Start begins a login at the hub, for a system that allows it (SAML Profiles section 4.1.5). Its answer is unsolicited.
func (p *Provider) Start(w http.ResponseWriter, r *http.Request) {
	const op = "samlidp.Start"
	if !allow(w, r, http.MethodGet) {
		return
	}
	r = p.interaction(r)
	id := r.PathValue("system")
	if !hub.ValidName(id) {
		p.page(w, r, audit.Event{}, hub.Errorf(op, hub.NotFound, "no such system"))
		return
	}
	sp, err := p.o.ServiceProviders.ByID(r.Context(), hub.SystemID(id))
	about := audit.Event{System: sp.ID}
	switch {
	case err != nil:
	case !sp.Live:
		err = hub.Errorf(op, hub.Suspended, "the system is not live")
	case !sp.IDPInitiated:
		err = hub.Errorf(op, hub.Denied, "the system does not allow that a login begins here")
	}
	if err != nil {
		p.page(w, r, about, err)
		return
	}
	// A request that names nothing: the defaults of the metadata hold.
	now := p.now()
	c, err := samlmsg.CheckAuthnRequest(samlmsg.AuthnRequest{Issuer: sp.EntityID, IssueInstant: now},
		samlmsg.RequestExpectation{Now: now, Skew: skew, Destination: p.sso, Issuer: sp.EntityID, SP: sp.Role})
	if err != nil {
		p.page(w, r, about, err)
		return
	}
	p.begin(w, r, sp, question{
		System: sp.ID, ACS: c.Endpoint.Location, Relay: sp.RelayState, Transient: sp.Transient,
		Attributes: wanted(sp, c.Attributes), At: now.UnixMicro(),
	}, about)
}

// begin hands over to the login.
func (p *Provider) begin(w http.ResponseWriter, r *http.Request, sp ServiceProvider, a question, about audit.Event) {
	req, err := p.login(a)
	if err != nil {
		p.refuseAt(w, r, sp, a, failed(hub.KindOf(err)).from(err), about)
		return
	}
	p.o.Journey.Begin(w, r, req)
}

// target finds the service provider of a question again, and whether its answer may still go where it was to go: the metadata may
// have changed on the way. Whatever fails here is shown to the person and sent nowhere.
func (p *Provider) target(ctx context.Context, a question) (ServiceProvider, error) {
	const op = "samlidp.target"
	sp, err := p.o.ServiceProviders.ByID(ctx, a.System)
	switch {
	case errors.Is(err, hub.NotFound):
		return ServiceProvider{}, hub.Errorf(op, hub.Suspended, "the system is not registered any more")
	case err != nil:
		return ServiceProvider{}, err
	case !sp.Live:
		return sp, hub.Errorf(op, hub.Suspended, "the system is not live")
	case a.ID == "" && !sp.IDPInitiated:
		return sp, hub.Errorf(op, hub.Denied, "the system does not allow that a login begins here")
	}
	for _, e := range sp.Role.AssertionConsumers {
		if e.Binding == samlmsg.BindingPOST && e.Location == a.ACS {
			return sp, nil
		}
	}
	return sp, hub.E(op, hub.Refused, samlmsg.ACSUnknown)
}

// page shows the error page and records it. What can't be trusted of a service provider's request is, for the person, a request that is
// no good: the page for Refused speaks of identity providers.
func (p *Provider) page(w http.ResponseWriter, r *http.Request, about audit.Event, err error) {
	kind := hub.KindOf(err)
	p.note(r.Context(), about, samlmsg.Reason(err), kind == hub.Internal || kind == hub.Unavailable, err)
	if kind == hub.Refused {
		err = hub.E("samlidp.page", hub.Invalid, err)
	}
	p.o.Journey.Refuse(w, r, err)
}
