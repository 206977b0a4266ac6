package samlslo

import (
	"context"
	"errors"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/logout"
	"onedoor/hub/samlmsg"
)

// asked is what a verified LogoutRequest asks, as it travels through redirects. Names are in it only as keyed hashes.
type asked struct {
	System      hub.SystemID      `json:"s,omitempty"`
	Provider    hub.ProviderID    `json:"p,omitempty"`
	ID          string            `json:"id"`
	Binding     string            `json:"b"`
	Relay       string            `json:"r,omitempty"`
	Name        []byte            `json:"n,omitempty"`
	Indexes     [][]byte          `json:"i,omitempty"` // none: every session of the name
	Interaction hub.InteractionID `json:"x"`
	At          int64             `json:"t"`           // microseconds since 1970
	Campaigns   []string          `json:"c,omitempty"` // once it was done
	Failed      bool              `json:"f,omitempty"` // not all of it could be done
	Back        string            `json:"k,omitempty"` // of a visit: where the browser comes back to; ID is the notice's
}

// meant gives the hashes in the form of samlmsg.
func (a asked) meant() (name [32]byte, indexes [][32]byte) {
	copy(name[:], a.Name)
	for _, i := range a.Indexes {
		var index [32]byte
		copy(index[:], i)
		indexes = append(indexes, index)
	}
	return name, indexes
}

// receive finds the sender of a message and reads it with its keys. The peer is given as soon as it is known, for the record. Where the
// signature does not fit, the keys may have changed since its metadata was read last: then it is asked for once more.
func (s *Service) receive(ctx context.Context, m *samlmsg.Message, at hub.ProviderID) (Peer, asked, error) {
	const op = "samlslo.receive"
	if m.Kind() != samlmsg.KindLogoutRequest {
		return Peer{}, asked{}, hub.E(op, hub.Invalid, samlmsg.MessageUnexpected)
	}
	p, err := s.sender(ctx, at, m.ClaimedIssuer())
	if err != nil {
		return p, asked{}, err
	}
	q, err := s.verified(ctx, p, m)
	if renewable(err) {
		if newer, renewErr := s.o.Peers.Renew(ctx, p); renewErr == nil && newer {
			if p, renewErr = s.sender(ctx, at, m.ClaimedIssuer()); renewErr != nil {
				return p, asked{}, renewErr
			}
			q, err = s.verified(ctx, p, m)
		}
	}
	if err == nil {
		err = s.judge(p, q, m.Binding())
	}
	if err != nil {
		return p, asked{}, err
	}
	a := asked{
		System: p.System, Provider: p.Provider, ID: q.ID, Binding: m.Binding(), Relay: m.RelayState(), Interaction: hub.InteractionFrom(ctx),
		At: s.now().UnixMicro(),
	}
	name, indexes := q.Hashes(s.o.Index, p.key())
	a.Name = name[:]
	for _, i := range indexes {
		a.Indexes = append(a.Indexes, i[:])
	}
	return p, a, nil
}

// sender finds the peer. One that is not known is, to whoever sent the message, one that has not proven who it is.
func (s *Service) sender(ctx context.Context, at hub.ProviderID, issuer string) (Peer, error) {
	p, err := s.o.Peers.Sender(ctx, at, issuer)
	switch {
	case errors.Is(err, hub.NotFound):
		return p, hub.E("samlslo.sender", hub.Refused, samlmsg.IssuerMismatch)
	case err != nil:
		return p, err
	case p.EntityID != issuer:
		return p, hub.E("samlslo.sender", hub.Refused, samlmsg.IssuerMismatch)
	}
	return p, nil
}

func (p Peer) verifier() *samlmsg.Verifier {
	// Without a usable key nothing verifies: a nil verifier refuses every signature.
	v, err := samlmsg.NewVerifier(samlmsg.VerifierOptions{Certificates: p.Role.SigningCertificates()})
	if err != nil {
		return nil
	}
	return v
}

func (s *Service) verified(ctx context.Context, p Peer, m *samlmsg.Message) (samlmsg.LogoutRequest, error) {
	d, err := s.o.Own.Decrypter(ctx, p)
	if err != nil {
		return samlmsg.LogoutRequest{}, err
	}
	return m.LogoutRequest(p.verifier(), d)
}

// renewable reports whether an error may come of keys that have changed.
func renewable(err error) bool {
	return errors.Is(err, samlmsg.SignatureMismatch) || errors.Is(err, samlmsg.SignatureKey)
}

// judge holds a verified request against what it must say (SAML Profiles section 4.4.4.1). A request that came by SOAP need not say where
// it was to go; one that says so must mean this very place, so that what was made for a browser can't be brought in past the browser.
func (s *Service) judge(p Peer, q samlmsg.LogoutRequest, binding string) error {
	const op = "samlslo.judge"
	x := samlmsg.LogoutExpectation{Now: s.now(), Skew: p.Skew, MaxAge: requestAge, Issuer: p.EntityID, Destination: p.SLO}
	if binding == samlmsg.BindingSOAP {
		if q.Destination != "" && q.Destination != p.SOAP {
			return hub.E(op, hub.Refused, samlmsg.DestinationMismatch)
		}
		x.Destination = ""
	}
	if err := samlmsg.CheckLogoutRequest(q, x); err != nil {
		return err
	}
	if !p.fits(q.NameID) {
		return hub.E(op, hub.Refused, samlmsg.NameForeign)
	}
	if len(q.SessionIndexes) > maxIndexes {
		return hub.E(op, hub.TooMany, samlmsg.MessageMalformed)
	}
	return nil
}

// maxIndexes bounds the sessions that one request names; more than a person has.
const maxIndexes = 100

// visitor is the browser that brings a request.
type visitor struct {
	there   bool          // the request came through a browser
	session hub.SessionID // that it has; "" for none
}

// verdict is what came of a request.
type verdict struct {
	status    samlmsg.Status // set: the answer, at once
	reason    string         // of a refusal
	campaigns []string
	own       bool // the browser's own session has ended
	failed    bool // not every session could be ended
}

// act ends the sessions that a request means. It is done once: Consumed the second time. Unavailable where it can't be known whether it is
// the first, or nothing could be done: then the same request can come again.
func (s *Service) act(ctx context.Context, p Peer, a asked, v visitor) (verdict, error) {
	name, indexes := a.meant()
	found, err := s.o.Names.Find(ctx, p.key(), name)
	if err != nil {
		return verdict{}, err
	}
	live, over := samlmsg.Meant(found, indexes)
	own := false
	for _, id := range live {
		own = own || v.session != "" && id == v.session
	}
	use := func(ctx context.Context) error {
		return s.o.Once.Use(ctx, "saml.logout", p.EntityID+"\x00"+a.ID, s.now().Add(requestKept))
	}
	foreign := v.there && p.System != "" && !own
	if len(live) > 0 && !foreign {
		return s.end(ctx, p, live, own, use)
	}
	if err := use(ctx); err != nil {
		return verdict{}, err
	}
	switch {
	case foreign && len(live) > 0:
		return denied("not_this_browser"), nil
	case over || p.Provider != "": // nothing is left to end, which is what was asked
		return verdict{status: samlmsg.Success()}, nil
	case v.there:
		return denied("unknown_principal"), nil
	default:
		return verdict{status: samlmsg.Status{Code: samlmsg.StatusRequester, Second: samlmsg.StatusUnknownPrincipal}, reason: "unknown_principal"}, nil
	}
}

// end ends sessions and uses the request up, all or nothing: what a node that dies has not done, the request that comes again does. Where one
// of several sessions can't be ended, the others are all the same.
func (s *Service) end(ctx context.Context, p Peer, live []hub.SessionID, own bool, use func(context.Context) error) (verdict, error) {
	cause, done := p.cause(s.o.Protocol), verdict{own: own}
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		done.campaigns = nil
		if err := use(ctx); err != nil {
			return err
		}
		for _, id := range live {
			c, err := s.logouts.End(ctx, id, cause)
			if err != nil {
				return err
			}
			done.campaigns = append(done.campaigns, c.ID)
		}
		return nil
	})
	if err == nil || errors.Is(err, hub.Consumed) || errors.Is(err, hub.Unavailable) {
		return done, err
	}
	if err := use(ctx); err != nil {
		return verdict{}, err
	}
	done.campaigns = nil
	for _, id := range live {
		c, err := s.logouts.End(ctx, id, cause)
		if err != nil {
			done.failed = true
			s.o.Log.ErrorContext(ctx, "a session could not be ended at a peer's request", "kind", string(hub.KindOf(err)), "cause", err)
			continue
		}
		done.campaigns = append(done.campaigns, c.ID)
	}
	if len(done.campaigns) == 0 {
		return verdict{status: samlmsg.Status{Code: samlmsg.StatusResponder}, reason: "not_ended"}, nil
	}
	return done, nil
}

func denied(reason string) verdict {
	return verdict{status: samlmsg.Status{Code: samlmsg.StatusRequester, Second: samlmsg.StatusRequestDenied}, reason: reason}
}

// wait waits for the participants, and never less than the lease wants (architecture D2).
func (s *Service) wait(ctx context.Context, campaigns []string) error {
	_, err := s.logouts.Wait(ctx, s.o.Patience, campaigns...)
	return err
}

// outcome reads the ledger: the status for who asked, and whether there are visits that only the person's browser can make.
func (s *Service) outcome(ctx context.Context, campaigns []string, failed bool) (status samlmsg.Status, visits bool, err error) {
	all, err := s.logouts.Ledger(ctx, campaigns...)
	if err != nil {
		return samlmsg.Status{}, false, err
	}
	partial := failed || len(all) != len(campaigns)
	for _, e := range all {
		for _, n := range e.Notices {
			partial = partial || n.State != logout.Confirmed && n.State != logout.Initiator
			visits = visits || n.State == logout.Visiting
		}
	}
	status = samlmsg.Success()
	if partial {
		status.Second = samlmsg.StatusPartialLogout
	}
	return status, visits, nil
}

// refusedEvent is the audit event of a message that ended nothing.
const refusedEvent = "logout.refused"

// note records a refusal.
func (s *Service) note(ctx context.Context, p Peer, reason string, cause error) {
	outcome := audit.Refusal
	if k := hub.KindOf(cause); cause != nil && (k == hub.Internal || k == hub.Unavailable) {
		outcome = audit.Failure
		s.o.Log.ErrorContext(ctx, "request failed", "event", refusedEvent, "reason", reason, "cause", cause)
	}
	err := s.o.Audit.Record(ctx, audit.Event{
		Kind: refusedEvent, Outcome: outcome, Reason: reason, System: p.System, Provider: p.Provider, Detail: map[string]string{"protocol": s.o.Protocol},
	})
	if err != nil {
		s.o.Log.ErrorContext(ctx, "audit event not recorded", "event", refusedEvent, "reason", reason, "cause", err)
	}
}

func (a asked) at() time.Time { return time.UnixMicro(a.At) }
