package samlidp

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/login"
	"onedoor/hub/samlmsg"
	"onedoor/hub/samlslo"
	"onedoor/hub/session"
)

// FinishLogin answers the request whose login has ended: with an assertion, or with the status that the failure means. The service
// provider is looked up again, because its metadata may have changed in between; and the result is checked against the question,
// because no room above is trusted to have kept what was asked.
func (p *Provider) FinishLogin(w http.ResponseWriter, r *http.Request, res login.Result) {
	r = r.WithContext(hub.WithInteraction(r.Context(), res.Interaction))
	about := audit.Event{System: res.Request.System, Session: res.Session.ID, Account: res.Session.Account, Provider: res.Session.Provider}
	a, err := resume(res)
	if err != nil {
		p.page(w, r, about, err)
		return
	}
	sp, err := p.target(r.Context(), a)
	if err != nil {
		p.page(w, r, about, err)
		return
	}
	f, bad := p.judge(sp, a, res)
	if bad == nil {
		bad = p.represent(r.Context(), sp, &f, res.Party)
	}
	if bad == nil {
		bad = p.collect(r.Context(), sp, &f, res)
	}
	if bad == nil {
		err = p.commit(r.Context(), sp, a, f, about)
		if errors.Is(err, hub.Consumed) && a.ID != "" {
			// Not a status: the service provider has had its answer, and would take this one for that.
			p.page(w, r, about, err)
			return
		}
		if err != nil {
			bad = failed(hub.KindOf(err)).from(err)
		}
	}
	if bad != nil {
		p.refuseAt(w, r, sp, a, bad, about)
		return
	}
	// Signed after the commit: an RSA signature takes a millisecond in which no lock should be held.
	response, err := p.assertion(r.Context(), sp, a, f)
	if err != nil {
		p.refuseAt(w, r, sp, a, failed(hub.KindOf(err)).from(err), about)
		return
	}
	p.post(w, r, a, response)
}

func resume(res login.Result) (question, error) {
	const op = "samlidp.resume"
	var a question
	switch {
	case res.Request.Protocol != Protocol:
		return a, hub.Errorf(op, hub.Internal, "a login of another protocol")
	case (res.Failure == "") == (res.Session.ID == ""):
		return a, hub.Errorf(op, hub.Internal, "neither a failure nor a session, or both")
	}
	if err := json.Unmarshal(res.Request.Continue, &a); err != nil {
		return a, hub.E(op, hub.Internal, err)
	}
	if a.System != res.Request.System {
		return a, hub.Errorf(op, hub.Internal, "the login was for another system")
	}
	return a, nil
}

// finding is what the assertion will say.
type finding struct {
	session   session.Session
	class     string
	name      samlmsg.NameID
	index     string // SessionIndex
	ends      time.Time
	released  hub.Attributes
	records   []Record
	items     []samlmsg.Attribute
	recipient *samlmsg.Recipient // nil for plain
	sealed    bool               // what is personal goes encrypted (PRV-13)

	mandate     string // under which the person acts for somebody; "" for themselves
	representee []samlmsg.Attribute
}

// judge tells whether the result gives what was asked: the failure's status, or a refusal where the session falls short.
func (p *Provider) judge(sp ServiceProvider, a question, res login.Result) (finding, *refusal) {
	if res.Failure != "" {
		return finding{}, failed(res.Failure)
	}
	d, err := p.demand(a)
	if err != nil {
		return finding{}, failed(hub.LevelUnmet).from(err)
	}
	s, required := res.Session, d.Least.Join(sp.Least)
	f := finding{session: s, ends: s.AuthTime.Add(session.LimitFor(required.AAL).Age)}
	switch {
	case !s.Level.Satisfies(required):
		return f, failed(hub.LevelUnmet)
	case !s.Serves(required, p.now()):
		return f, responder(samlmsg.StatusAuthnFailed, "session_ended")
	case a.Force && !res.SignedIn:
		return f, responder(samlmsg.StatusAuthnFailed, "not_fresh")
	case a.Passive && res.SignedIn:
		return f, responder(samlmsg.StatusNoPassive, "not_passive")
	}
	if f.class, err = d.State(s.Level); err != nil {
		return f, failed(hub.LevelUnmet).from(err)
	}
	f.name, f.index = p.name(sp, s, a.Transient)
	if a.Subject != "" && a.Subject != digest(f.name.Value) {
		return f, responder(samlmsg.StatusUnknownPrincipal, "other_account")
	}
	f.sealed = required.AAL == hub.AAL3
	personal := len(res.Release) > 0
	if f.recipient, err = p.recipient(sp, personal && f.sealed); err != nil {
		return f, responder(samlmsg.StatusRequestUnsupported, samlmsg.Reason(err)).from(err)
	}
	return f, nil
}

// name gives the person's name at a service provider, and the SessionIndex that goes with it.
func (p *Provider) name(sp ServiceProvider, s session.Session, transient bool) (samlmsg.NameID, string) {
	return p.nameOf(sp.EntityID, s.ID, s.Account, transient)
}

func (p *Provider) nameOf(entityID string, id hub.SessionID, account hub.AccountID, transient bool) (samlmsg.NameID, string) {
	short := func(b []byte) string { return base64.RawURLEncoding.EncodeToString(b[:16]) }
	index := short(p.o.Index.Index("saml-session", entityID, string(id)))
	if transient {
		return samlmsg.NameID{
			Format: samlmsg.FormatTransient, NameQualifier: p.entityID, SPNameQualifier: entityID,
			Value: "_" + short(p.o.Index.Index("saml-transient", entityID, string(id))),
		}, "t" + index
	}
	return samlmsg.NameID{
		Format: samlmsg.FormatPersistent, NameQualifier: p.entityID, SPNameQualifier: entityID,
		Value: base64.RawURLEncoding.EncodeToString(p.o.Index.Index("pairwise", "saml", entityID, string(account))),
	}, "p" + index
}

// recipient gives whom the assertion is encrypted for; nil for a plain one, which must be allowed. Refused: there is no key, or none
// with which it could be done well.
func (p *Provider) recipient(sp ServiceProvider, must bool) (*samlmsg.Recipient, error) {
	const op = "samlidp.recipient"
	must = must || sp.Encrypt == EncryptAlways
	key, ok := sp.Role.EncryptionKey()
	switch {
	case must && (!ok || sp.Encrypt == EncryptNever):
		return nil, hub.E(op, hub.Refused, samlmsg.EncryptionMissing)
	case !ok || sp.Encrypt == EncryptNever:
		return nil, nil //nolint:nilnil // plain is a value
	}
	methods := key.Methods
	if len(sp.EncryptionMethods) > 0 {
		methods = sp.EncryptionMethods
	}
	return samlmsg.NewRecipient(samlmsg.RecipientOptions{Certificate: key.Certificates[0], Methods: methods, Random: p.o.Random})
}

// collect opens the vault for what is released: what was asked, what was agreed to, and what the register still allows.
func (p *Provider) collect(ctx context.Context, sp ServiceProvider, f *finding, res login.Result) *refusal {
	var names []hub.AttributeName
	for _, n := range res.Release {
		if slices.Contains(res.Request.Attributes, n) && slices.Contains(sp.Attributes, n) {
			names = append(names, n)
		}
	}
	if bad := p.collectItems(ctx, sp, f, res); bad != nil {
		return bad
	}
	if bad := p.collectRecords(ctx, sp, f, res.Party.Entity); bad != nil || len(names) == 0 {
		return bad
	}
	all, err := p.o.Sessions.Attributes(ctx, f.session.ID, res.Key)
	switch hub.KindOf(err) {
	case "":
	case hub.NotFound, hub.Expired:
		return responder(samlmsg.StatusAuthnFailed, "session_ended").from(err)
	case hub.Unavailable:
		return failed(hub.Unavailable).from(err)
	default:
		return failed(hub.Internal).from(err)
	}
	f.released = all.Only(names)
	return nil
}

// commit uses up the request, notes the participant and records the release, all or nothing. Consumed: the request was answered before,
// or the session has ended. Unavailable.
func (p *Provider) commit(ctx context.Context, sp ServiceProvider, a question, f finding, about audit.Event) error {
	const op = "samlidp.commit"
	now := p.now()
	about.Kind, about.Outcome, about.Level = "assertion.issued", audit.Success, f.session.Level
	about.Detail = map[string]string{
		"protocol": Protocol, "attributes": strconv.Itoa(len(f.released)), "encrypted": strconv.FormatBool(f.recipient != nil),
		"solicited": strconv.FormatBool(a.ID != ""),
	}
	return p.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := p.hold(ctx, f.mandate); err != nil {
			return err
		}
		s, err := p.o.Sessions.Get(ctx, f.session.ID)
		if err != nil {
			return err
		}
		if !s.EndedAt.IsZero() {
			return hub.Errorf(op, hub.Expired, "the session has ended")
		}
		if a.ID != "" {
			if err := p.o.Once.Use(ctx, "saml.request", sp.EntityID+"\x00"+a.ID, now.Add(requestKept)); err != nil {
				return err
			}
		}
		err = p.o.Sessions.Join(ctx, session.Participant{
			Session: s.ID, System: sp.ID, Protocol: Protocol, Ref: f.index, FirstAt: now, LastAt: now,
		})
		if err != nil {
			return err
		}
		// So that a logout request finds the session.
		name := samlmsg.Named(p.o.Index, samlslo.SystemKey(sp.ID), f.name, f.index)
		if err := p.o.Names.Note(ctx, name, s.ID, now.Add(session.Longest)); err != nil {
			return err
		}
		return p.o.Audit.Record(ctx, about) // no release without its record (AUD-02)
	})
}

// assertion builds the answer (SAML Profiles section 4.1.4.2).
func (p *Provider) assertion(ctx context.Context, sp ServiceProvider, a question, f finding) ([]byte, error) {
	now := p.now()
	until := now.Add(assertionLife)
	signer, err := p.signer(ctx)
	if err != nil {
		return nil, err
	}
	response := samlmsg.Response{
		ID: p.id(), InResponseTo: a.ID, IssueInstant: now, Issuer: p.entityID, Destination: a.ACS, Status: samlmsg.Success(),
		Assertion: &samlmsg.Assertion{
			ID: p.id(), IssueInstant: now, Issuer: p.entityID,
			Subject: samlmsg.Subject{NameID: &f.name, Confirmations: []samlmsg.Confirmation{{
				Method: samlmsg.ConfirmationBearer, Recipient: a.ACS, InResponseTo: a.ID, NotOnOrAfter: until,
			}}},
			Conditions: &samlmsg.Conditions{NotBefore: now.Add(-skew), NotOnOrAfter: until, Audiences: [][]string{{sp.EntityID}}},
			Authn: []samlmsg.AuthnStatement{{
				AuthnInstant: f.session.AuthTime, SessionIndex: f.index, SessionNotOnOrAfter: f.ends, ClassRef: f.class,
			}},
			Attributes: slices.Concat(statement(sp, f.session.Level, f.released), recordStatement(f.records), f.items, f.representee),
		},
	}
	return response.XML(samlmsg.IssueOptions{Response: signer, Assertion: signer, Encrypt: f.recipient})
}

// signer signs with the key in use.
func (p *Provider) signer(ctx context.Context) (*samlmsg.Signer, error) {
	all, err := p.o.Keys.SigningKeys(ctx)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, hub.Errorf("samlidp.signer", hub.Unavailable, "no key")
	}
	return samlmsg.NewSigner(samlmsg.SignerOptions{Key: all[0].Key, Certificate: all[0].Certificate, Random: p.o.Random})
}
