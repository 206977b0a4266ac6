package samlslo

import (
	"context"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/samlmsg"
)

// requestID is the ID of our LogoutRequest for a notice, the same on every try.
func requestID(notice string) string { return "_" + notice }

// read verifies a response to the request of a notice and judges whether it can be believed.
func (s *Service) read(ctx context.Context, p Peer, n logout.Notice, m *samlmsg.Message, destination string) (samlmsg.LogoutResponse, error) {
	answer, err := m.LogoutResponse(p.verifier())
	if renewable(err) {
		if newer, renewErr := s.o.Peers.Renew(ctx, p); renewErr == nil && newer {
			if p, renewErr = s.o.Peers.Of(ctx, n.System, n.Provider); renewErr != nil {
				return samlmsg.LogoutResponse{}, renewErr
			}
			answer, err = m.LogoutResponse(p.verifier())
		}
	}
	if err != nil {
		return samlmsg.LogoutResponse{}, err
	}
	return answer, samlmsg.CheckLogoutResponse(answer, samlmsg.LogoutExpectation{
		Now: s.now(), Skew: p.Skew, MaxAge: requestAge, Issuer: p.EntityID, Destination: destination, InResponseTo: requestID(n.ID),
	})
}

// meaning tells what a status says of the participant's own session: nil, it is over. Success is, with PartialLogout too: what lies behind
// the participant is its own ledger. So is UnknownPrincipal: there is no such session. A responder that could not (Responder) may be able
// to another time; one that would not (Requester, VersionMismatch) refuses.
func meaning(s samlmsg.Status) error {
	const op = "samlslo.meaning"
	switch {
	case s.OK(), s.Second == samlmsg.StatusUnknownPrincipal:
		return nil
	case s.Code == samlmsg.StatusResponder && s.Second != samlmsg.StatusRequestDenied && s.Second != samlmsg.StatusRequestUnsupported:
		return hub.E(op, hub.Unavailable, samlmsg.StatusNotSuccess)
	}
	return hub.E(op, hub.Refused, samlmsg.StatusNotSuccess)
}
