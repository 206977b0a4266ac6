package samlslo

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/samlmsg"
	"onedoor/hub/session"
)

// Protocol implements logout.Way.
func (s *Service) Protocol() string { return s.o.Protocol }

// Means implements logout.Way. Where the peer's metadata is not in memory it says Direct: then it is looked for when the peer is told.
func (s *Service) Means(p session.Participant) logout.Means {
	peer, known := s.o.Peers.Known(p.System, p.Provider)
	if !known {
		return logout.Direct
	}
	if _, ok := peer.endpoint(samlmsg.BindingSOAP); ok {
		return logout.Direct
	}
	if _, ok := peer.browser(); ok {
		return logout.Browser
	}
	return logout.Nothing
}

// Host implements logout.Way.
func (s *Service) Host(n logout.Notice) string {
	peer, known := s.o.Peers.Known(n.System, n.Provider)
	if !known {
		return Peer{System: n.System, Provider: n.Provider}.key()
	}
	e, ok := peer.endpoint(samlmsg.BindingSOAP)
	if !ok {
		return peer.key()
	}
	u, err := url.Parse(e.Location)
	if err != nil {
		return peer.key()
	}
	return u.Host
}

// reasons of SAML Core section 3.7.3.
func reason(n logout.Notice) string {
	switch n.Cause.Reason {
	case session.EndedByAdmin, session.EndedByAccount, session.EndedBySuspension:
		return samlmsg.LogoutByAdmin
	case session.EndedByAge, session.EndedByIdle:
		return samlmsg.LogoutByTimeout
	}
	return samlmsg.LogoutByUser
}

// request makes the LogoutRequest of a notice.
func (s *Service) request(ctx context.Context, p Peer, n logout.Notice, destination string) (samlmsg.LogoutRequest, error) {
	name, index, err := s.o.Own.Name(ctx, p, n)
	if err != nil {
		return samlmsg.LogoutRequest{}, err
	}
	now := s.now()
	q := samlmsg.LogoutRequest{
		ID: requestID(n.ID), IssueInstant: now, Issuer: p.Self, Destination: destination, NotOnOrAfter: now.Add(requestLife), Reason: reason(n),
		NameID: name,
	}
	if index != "" {
		q.SessionIndexes = []string{index}
	}
	return q, nil
}

// Tell implements logout.Way, by SOAP.
func (s *Service) Tell(ctx context.Context, n logout.Notice) error {
	const op = "samlslo.Tell"
	p, err := s.o.Peers.Of(ctx, n.System, n.Provider)
	if errors.Is(err, hub.NotFound) {
		return hub.E(op, hub.NotFound, err)
	}
	if err != nil {
		return hub.E(op, hub.Unavailable, err) // metadata that can't be believed today may be tomorrow
	}
	to, ok := p.endpoint(samlmsg.BindingSOAP)
	if !ok {
		return hub.E(op, hub.NotFound, samlmsg.BindingUnsupported)
	}
	q, err := s.request(ctx, p, n, to.Location)
	if err != nil {
		return err
	}
	signer, err := s.o.Own.Signer(ctx)
	if err != nil {
		return err
	}
	raw, err := q.XML(signer, p.Encrypt)
	if err != nil {
		return err
	}
	m, err := s.call(ctx, to.Location, raw)
	if err != nil {
		return err
	}
	if m.Kind() != samlmsg.KindLogoutResponse || m.ClaimedIssuer() != p.EntityID {
		return hub.E(op, hub.Unavailable, samlmsg.MessageUnexpected)
	}
	answer, err := s.read(ctx, p, n, m, "")
	if err != nil {
		return hub.E(op, hub.Unavailable, err) // who gives an answer that can't be believed has not confirmed, and may another time
	}
	return meaning(answer.Status)
}

// call makes one SOAP call.
func (s *Service) call(ctx context.Context, location string, raw []byte) (*samlmsg.Message, error) {
	const op = "samlslo.call"
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, location, bytes.NewReader(samlmsg.SOAP(raw)))
	if err != nil {
		return nil, hub.E(op, hub.Invalid, samlmsg.BindingUnsafe)
	}
	r.Header.Set("Content-Type", samlmsg.SOAPContentType)
	r.Header.Set("SOAPAction", samlmsg.SOAPAction)
	r.Header.Set("Accept", "text/xml")
	r.Header.Set("Cache-Control", "no-cache, no-store")
	resp, err := s.o.HTTP.Do(r)
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) {
			return nil, hub.E(op, hub.Unavailable, context.DeadlineExceeded)
		}
		return nil, hub.Errorf(op, hub.Unavailable, "the participant does not answer") // the library's text names the address
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxSOAP+1))
	switch {
	case err != nil:
		return nil, hub.Errorf(op, hub.Unavailable, "the participant does not answer to the end")
	case len(body) > MaxSOAP:
		return nil, hub.E(op, hub.Unavailable, samlmsg.BindingTooBig)
	case resp.StatusCode != http.StatusOK:
		return nil, hub.E(op, hub.Unavailable, samlmsg.BindingSOAPFault)
	}
	m, err := samlmsg.FromSOAP(body, samlmsg.Limits{})
	if err != nil {
		return nil, hub.E(op, hub.Unavailable, err)
	}
	return m, nil
}
