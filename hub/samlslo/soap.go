package samlslo

import (
	"errors"
	"io"
	"mime"
	"net/http"

	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

// MaxSOAP is the longest body that the SOAP endpoint reads, bytes.
const MaxSOAP = 256 << 10

// SOAP is the single logout service for the SOAP binding (SAML Bindings section 3.2): one request by POST, answered in the same call when
// the participants have been told, or the patience is over. What can't prove who sent it is answered with a fault, which is not signed;
// everything else with a signed response.
func (s *Service) SOAP(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodPost) {
		return
	}
	r = s.interaction(r)
	ctx := r.Context()
	m, err := readSOAP(w, r)
	if err != nil {
		s.note(ctx, Peer{}, samlmsg.Reason(err), err)
		fault(w, err)
		return
	}
	p, a, err := s.receive(ctx, m, at(r))
	if err != nil {
		s.note(ctx, p, samlmsg.Reason(err), err)
		fault(w, err)
		return
	}
	done, err := s.act(ctx, p, a, visitor{})
	switch {
	case errors.Is(err, hub.Consumed):
		done = denied(string(hub.Consumed))
	case err != nil:
		s.note(ctx, p, samlmsg.Reason(err), err)
		done = verdict{status: samlmsg.Status{Code: samlmsg.StatusResponder}}
	}
	if done.reason != "" {
		s.note(ctx, p, done.reason, nil)
	}
	status := done.status
	if status.Code == "" {
		if err = s.wait(ctx, done.campaigns); err == nil {
			status, _, err = s.outcome(ctx, done.campaigns, done.failed)
		}
		if err != nil {
			s.note(ctx, p, samlmsg.Reason(err), err)
			status = samlmsg.Status{Code: samlmsg.StatusResponder}
		}
	}
	signer, err := s.o.Own.Signer(ctx)
	var raw []byte
	if err == nil {
		raw, err = s.response(p, a.ID, "", status).XML(signer)
	}
	if err != nil {
		s.note(ctx, p, samlmsg.Reason(err), err)
		fault(w, err)
		return
	}
	reply(w, http.StatusOK, samlmsg.SOAP(raw))
}

// readSOAP reads the message of a call.
func readSOAP(w http.ResponseWriter, r *http.Request) (*samlmsg.Message, error) {
	const op = "samlslo.readSOAP"
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "text/xml" {
		return nil, hub.E(op, hub.Invalid, samlmsg.BindingEncoding)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxSOAP))
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		return nil, hub.E(op, hub.TooMany, samlmsg.BindingTooBig)
	case err != nil:
		return nil, hub.E(op, hub.Invalid, samlmsg.BindingEncoding)
	}
	return samlmsg.FromSOAP(body, samlmsg.Limits{})
}

// fault answers with a SOAP 1.1 fault (section 4.4) that says whose it is, and no more.
func fault(w http.ResponseWriter, err error) {
	who := "Client"
	if errors.Is(err, hub.Unavailable) || errors.Is(err, hub.Internal) {
		who = "Server"
	}
	reply(w, http.StatusInternalServerError, samlmsg.SOAPFault(who))
}

func reply(w http.ResponseWriter, status int, body []byte) {
	h := w.Header()
	h.Set("Content-Type", samlmsg.SOAPContentType)
	h.Set("Cache-Control", "no-cache, no-store, must-revalidate, private") // SAML Bindings section 3.2.3.2
	h.Set("Pragma", "no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the connection is gone where it fails
}
