package samlsp

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/samlmsg"
)

// EndpointOptions are what the HTTP side needs beside the connector. All are required.
type EndpointOptions struct {
	Connector *Connector
	Providers Providers
	// Fail shows the error page of the hub.
	Fail func(w http.ResponseWriter, r *http.Request, err error)
	// Language gives the language for the page that carries a request by HTTP-POST, one of hub.Languages.
	Language func(r *http.Request) string
}

// Endpoints are the connector's addresses. Each handler finds the provider's id in the path value "provider".
type Endpoints struct {
	o EndpointOptions
	c *Connector
}

// NewEndpoints checks the options. Internal where one is missing.
func NewEndpoints(o EndpointOptions) (*Endpoints, error) {
	if o.Connector == nil || o.Providers == nil || o.Fail == nil || o.Language == nil {
		return nil, hub.Errorf("samlsp.NewEndpoints", hub.Internal, "an option is missing")
	}
	return &Endpoints{o: o, c: o.Connector}, nil
}

// MaxAnswer is the longest body that the assertion consumer service reads, bytes: the limit of messages in base64, and its fields.
const MaxAnswer = 640 << 10

// longestUnsigned is the longest answer, in base64, that is kept although nobody has signed it: one that says no. Anybody can make those,
// and a provider's own has some hundred bytes.
const longestUnsigned = 8 << 10

// provider finds the trust record that the path names.
func (e *Endpoints) provider(r *http.Request) (federation.Provider, error) {
	const op = "samlsp.Endpoints"
	id := r.PathValue("provider")
	if !hub.ValidName(id) {
		return federation.Provider{}, hub.Errorf(op, hub.NotFound, "not a provider")
	}
	p, err := e.o.Providers.Find(r.Context(), hub.ProviderID(id))
	if err == nil && p.SAML == nil {
		err = hub.Errorf(op, hub.NotFound, "a provider of another protocol")
	}
	return p, err
}

// Consume is the assertion consumer service (SAML Profiles section 4.1.4.5): POST only, from anywhere. See the package's comment for
// what happens to an answer.
func (e *Endpoints) Consume(w http.ResponseWriter, r *http.Request) {
	p, err := e.provider(r)
	if err != nil {
		e.o.Fail(w, r, err)
		return
	}
	if r.Method != http.MethodPost {
		e.refuse(w, r, p, hub.E("samlsp.Consume", hub.Invalid, samlmsg.BindingMethod))
		return
	}
	state, message, err := readForm(w, r)
	if err != nil {
		e.refuse(w, r, p, err)
		return
	}
	m, parseErr := parse(message)
	if !stateful(state) {
		e.unasked(w, r, p, m, parseErr)
		return
	}
	keep := posted{State: state, Message: message}
	err = parseErr
	if err == nil {
		var said samlmsg.Response
		said, err = e.c.verify(r.Context(), p, m)
		if err == nil && said.Assertion == nil && !said.Signed && len(message) > longestUnsigned {
			err = hub.E("samlsp.Consume", hub.TooMany, samlmsg.BindingTooBig)
		}
	}
	if err != nil {
		keep = posted{State: state, Cause: federation.Reason(err)}
	}
	handle, err := e.c.keep(r.Context(), p.ID, keep)
	if err != nil {
		e.o.Fail(w, r, err)
		return
	}
	onward(w, r, e.c.callback(p.ID)+"?"+url.Values{"state": {state}, "code": {handle.Reveal()}}.Encode())
}

// readForm reads the two fields. What else a provider sends along is dropped; what comes twice is refused.
func readForm(w http.ResponseWriter, r *http.Request) (state, message string, err error) {
	const op = "samlsp.readForm"
	if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); !strings.EqualFold(strings.TrimSpace(kind), "application/x-www-form-urlencoded") {
		return "", "", hub.E(op, hub.Invalid, samlmsg.BindingEncoding)
	}
	r.Body = http.MaxBytesReader(w, r.Body, MaxAnswer)
	err = r.ParseForm()
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		return "", "", hub.E(op, hub.TooMany, samlmsg.BindingTooBig)
	case err != nil:
		return "", "", hub.E(op, hub.Invalid, samlmsg.BindingEncoding)
	}
	for _, name := range []string{"SAMLResponse", "SAMLRequest", "RelayState"} {
		switch {
		case len(r.Form[name]) > 1 || len(r.Form[name]) != len(r.PostForm[name]):
			return "", "", hub.E(op, hub.Invalid, samlmsg.BindingRepeated)
		case name == "SAMLRequest" && len(r.Form[name]) > 0:
			return "", "", hub.E(op, hub.Invalid, samlmsg.MessageUnexpected)
		}
	}
	if len(r.PostForm["SAMLResponse"]) == 0 {
		return "", "", hub.E(op, hub.Invalid, samlmsg.BindingMissing)
	}
	return r.PostForm.Get("RelayState"), r.PostForm.Get("SAMLResponse"), nil
}

// stateful reports whether the RelayState has the form of a login's state: transaction and secret.
func stateful(relay string) bool {
	id, secret, ok := strings.Cut(relay, ".")
	if !ok || !hub.ValidID(id) {
		return false
	}
	_, err := hub.ParseSecret(secret)
	return err == nil
}

// unasked deals with an answer that names no login of ours. It opens nothing. Where the record allows it, a good one (all checks but
// InResponseTo, which must be absent everywhere) sends the person on to the start page of a department's system.
func (e *Endpoints) unasked(w http.ResponseWriter, r *http.Request, p federation.Provider, m *samlmsg.Message, err error) {
	const op = "samlsp.unasked"
	switch {
	case err != nil:
	case m.ClaimedInResponseTo() != "":
		err = hub.E(op, hub.Refused, federation.StateMismatch)
	case !p.SAML.Unsolicited:
		err = hub.E(op, hub.Refused, samlmsg.Unsolicited)
	default:
		err = e.c.judgeUnasked(r.Context(), p, m)
	}
	if err != nil {
		e.refuse(w, r, p, err)
		return
	}
	onward(w, r, p.SAML.Landing)
}

func (c *Connector) judgeUnasked(ctx context.Context, p federation.Provider, m *samlmsg.Message) error {
	response, err := c.verify(ctx, p, m)
	if err != nil {
		return err
	}
	accepted, err := c.accept(ctx, p, question{}, response)
	if err != nil {
		return err
	}
	_, err = claims(p, c.entityID(p), accepted)
	return err
}

// refuse shows the error page, and records what reached no login: there nothing else would tell of it.
func (e *Endpoints) refuse(w http.ResponseWriter, r *http.Request, p federation.Provider, err error) {
	outcome := audit.Refusal
	if errors.Is(err, hub.Unavailable) || errors.Is(err, hub.Internal) {
		outcome = audit.Failure
	}
	recordErr := e.c.o.Audit.Record(r.Context(), audit.Event{
		Kind: "login.refused", Outcome: outcome, Reason: federation.Reason(err), Provider: p.ID, Channel: "web",
	})
	if recordErr != nil {
		err = recordErr
	}
	e.o.Fail(w, r, err)
}

// onward sends the browser on with a GET, whatever it came with, and without telling from where.
func onward(w http.ResponseWriter, r *http.Request, to string) {
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusSeeOther)
}
