package samlidp

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/samlmsg"
)

// question is what a request asks, as it travels with the login: through the redirect of a posted request, and from Begin to
// FinishLogin. Nothing in it names the person.
type question struct {
	ID         string              `json:"id,omitempty"` // of the request; empty for a login that began at the hub
	System     hub.SystemID        `json:"system"`
	ACS        string              `json:"acs"`
	Relay      string              `json:"relay,omitempty"`
	Transient  bool                `json:"transient,omitempty"` // NameID wanted
	Subject    string              `json:"subject,omitempty"`   // digest of the NameID that it must be
	Comparison string              `json:"comparison,omitempty"`
	Classes    []string            `json:"classes,omitempty"` // of the RequestedAuthnContext, those that the hub knows
	Attributes []hub.AttributeName `json:"attributes,omitempty"`
	Force      bool                `json:"force,omitempty"`
	Passive    bool                `json:"passive,omitempty"`
	At         int64               `json:"at"` // when it came, microseconds since 1970
}

// read takes over a request whose consumer is known. What can't be done is a refusal to be told there.
func (p *Provider) read(sp ServiceProvider, q samlmsg.AuthnRequest, c samlmsg.Consumer, relay string) (question, *refusal) {
	a := question{
		ID: q.ID, System: sp.ID, ACS: c.Endpoint.Location, Relay: relay, Transient: sp.Transient,
		Force: q.ForceAuthn, Passive: q.IsPassive, At: p.now().UnixMicro(),
		Attributes: wanted(sp, c.Attributes),
	}
	if bad := a.readNameID(sp, q.NameIDPolicy); bad != nil {
		return a, bad
	}
	if q.Subject != nil {
		if q.Subject.Format != samlmsg.FormatPersistent || a.Transient {
			return a, requester(samlmsg.StatusUnknownPrincipal, "unknown_principal")
		}
		a.Subject = digest(q.Subject.Value)
	}
	if s := q.Scoping; s != nil && len(s.IDPs) > 0 && !slices.Contains(s.IDPs, p.entityID) {
		return a, requester(samlmsg.StatusNoSupportedIDP, "no_supported_idp")
	}
	if q.Context != nil {
		if _, err := p.contexts.Evaluate(q.Context); err != nil {
			return a, requester(samlmsg.StatusNoAuthnContext, samlmsg.Reason(err)).from(err)
		}
		a.Comparison = string(q.Context.Comparison)
		for _, ref := range q.Context.ClassRefs {
			if _, known := p.contexts.Level(ref); known && !slices.Contains(a.Classes, ref) {
				a.Classes = append(a.Classes, ref)
			}
		}
	}
	return a, nil
}

// readNameID takes the NameIDPolicy (SAML Core section 3.4.1.1).
func (a *question) readNameID(sp ServiceProvider, policy *samlmsg.NameIDPolicy) *refusal {
	bad := requester(samlmsg.StatusInvalidNameIDPolicy, "name_id_policy")
	if policy == nil {
		return nil
	}
	switch policy.Format {
	case "", samlmsg.FormatUnspecified:
	case samlmsg.FormatPersistent:
		a.Transient = false
	case samlmsg.FormatTransient:
		a.Transient = true
	default:
		return bad
	}
	if policy.SPNameQualifier != "" && policy.SPNameQualifier != sp.EntityID {
		return bad // an affiliation, which the hub has not heard of
	}
	return nil
}

// demand gives what the question asks of the authentication.
func (p *Provider) demand(a question) (samlmsg.Demand, error) {
	if len(a.Classes) == 0 {
		return p.contexts.Evaluate(nil)
	}
	return p.contexts.Evaluate(&samlmsg.RequestedAuthnContext{Comparison: samlmsg.Comparison(a.Comparison), ClassRefs: a.Classes})
}

// login gives the question in the login's words. Invalid, LevelUnmet.
func (p *Provider) login(a question) (login.Request, error) {
	d, err := p.demand(a)
	if err != nil {
		return login.Request{}, err
	}
	state, err := json.Marshal(a)
	if err != nil {
		return login.Request{}, hub.E("samlidp.login", hub.Internal, err)
	}
	return login.Request{
		Protocol: Protocol, Continue: state, System: a.System, Want: d.Least, Force: a.Force, Passive: a.Passive, Attributes: a.Attributes,
	}, nil
}

func (a question) at() time.Time { return time.UnixMicro(a.At) }

// digest gives a text that is compared and not shown.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
