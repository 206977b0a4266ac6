package oidcop

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
)

// Elsewhere answers for access tokens that somebody else issued (SSO-03): another hub, or a department's own authority.
type Elsewhere interface {
	// Ask answers for each token, in order, bounded in time. It asks nobody but the issuer of a token.
	Ask(ctx context.Context, who Asking, tokens [][]byte) []Foreign
}

// Asking is the system on whose behalf another issuer is asked.
type Asking struct {
	System     hub.SystemID
	Sector     string // of its pairwise subjects
	Least      hub.Level
	Attributes []hub.AttributeName // what its register allows (PRV-06)
	Hint       string              // the issuer that it names, for tokens that tell none; "" for none
	Via        []string            // issuers of the hubs that the question came through
}

// Foreign is what is known of a token of another issuer, in the words of the system that asks: its names are pairwise already, its levels,
// scopes and attributes those that the trust record lets through.
type Foreign struct {
	Active bool
	// Reason is why the token is not active, where that is worth a record: something is wrong with the issuer, with its answer or with
	// who asks. Unavailable says that the issuer did not answer. An unknown or ended token has no reason.
	Reason      string
	Unavailable bool
	Provider    hub.ProviderID // the trust record; "" where no issuer is known
	Issuer      string
	Client      string // as the issuer calls it
	Scopes      []string
	Subject     string
	Session     string
	ID          string
	Level       hub.Level
	AuthTime    time.Time
	IssuedAt    time.Time
	ExpiresAt   time.Time
	Binding     map[string]string // cnf
	Attributes  hub.Attributes
}

// hintParameter names the issuer of tokens that don't tell it. It is a parameter of ours.
const hintParameter = "issuer_hint"

// viaClaim is the member of a hub's client assertion that lists the hubs which its question came through (see federation/routing).
const (
	viaClaim   = "onedoor_via"
	mostHops   = 12
	longestHop = 512
)

// cameThrough reads the hubs that a question came through from the client assertion, whose signature has been checked. A system with a
// secret is no hub.
func cameThrough(form params) ([]string, *refusal) {
	raw := form.get("client_assertion")
	if raw == "" {
		return nil, nil
	}
	claims, err := unverified(raw)
	if err != nil {
		return nil, refuse(codeInvalidRequest, "the client assertion is malformed")
	}
	via, ok := hops(claims.members[viaClaim])
	if !ok {
		return nil, refuse(codeInvalidRequest, viaClaim+" is not a list of hubs")
	}
	return via, nil
}

func hops(v any) ([]string, bool) {
	if v == nil {
		return nil, true
	}
	list, ok := v.([]any)
	if !ok || len(list) > mostHops {
		return nil, false
	}
	out := make([]string, len(list))
	for i, e := range list {
		if out[i], ok = e.(string); !ok || out[i] == "" || len(out[i]) > longestHop {
			return nil, false
		}
	}
	return out, true
}

// askElsewhere asks about those tokens of a question that are none of ours, all at once, and puts what it learns beside the verdicts. It
// costs nothing where all are ours.
func (p *Provider) askElsewhere(ctx context.Context, caller *Client, q *question) {
	if p.elsewhere == nil {
		return
	}
	var tokens [][]byte
	var places []int
	for i := range q.verdicts {
		if v := &q.verdicts[i]; v.Err != nil && hub.KindOf(v.Err) == hub.Invalid {
			tokens, places = append(tokens, q.tokens[i]), append(places, i)
		}
	}
	if len(tokens) == 0 {
		return
	}
	answers := p.elsewhere.Ask(ctx, Asking{
		System: caller.ID, Sector: p.sectors.of(caller), Least: caller.Least, Attributes: caller.Attributes, Hint: string(q.hint), Via: q.via,
	}, tokens)
	if cap(q.foreign) < len(q.verdicts) {
		q.foreign = make([]Foreign, len(q.verdicts))
	}
	q.foreign = q.foreign[:len(q.verdicts)]
	noted := map[[2]string]bool{}
	for i, f := range answers {
		q.foreign[places[i]] = f
		if f.Reason == "" || noted[[2]string{string(f.Provider), f.Reason}] {
			continue
		}
		noted[[2]string{string(f.Provider), f.Reason}] = true
		bad := refuse(codeInvalidToken, "a token of another issuer")
		if f.Unavailable {
			bad = refuse(codeUnavailable, "another issuer did not answer")
		}
		p.note(ctx, routed, bad.because(f.Reason), audit.Event{System: caller.ID, Provider: f.Provider})
	}
}

// routed is the event of a question to another issuer.
const routed = "introspection.routed"

// appendOne appends the answer about one token of a question, whoever issued it.
func (p *Provider) appendOne(to []byte, ctx context.Context, caller *Client, q *question, i int) ([]byte, *refusal) {
	if len(q.foreign) > 0 && q.foreign[i].Active {
		return p.appendForeign(to, ctx, caller, &q.foreign[i])
	}
	return p.appendAnswer(to, ctx, caller, &q.verdicts[i])
}

// appendForeign writes the answer for an active token of another issuer. The client it was issued to is a stranger, whose name must not
// be taken for that of a system here: it stands behind that of its issuer, with a colon, which no name of ours has.
func (p *Provider) appendForeign(to []byte, ctx context.Context, caller *Client, f *Foreign) ([]byte, *refusal) {
	begin := len(to)
	to = append(to, `{"active":true,"scope":"`...)
	for i, s := range f.Scopes {
		if i > 0 {
			to = append(to, ' ')
		}
		to = appendEscaped(to, s)
	}
	to = append(append(to, `","client_id":"`...), f.Provider...)
	to = appendEscaped(append(to, ':'), f.Client)
	kind := "Bearer"
	if f.Binding["jkt"] != "" {
		kind = "DPoP" // RFC 9449 section 6.2
	}
	to = append(append(append(to, `","token_type":"`...), kind...), '"')
	to = appendTime(to, `,"exp":`, f.ExpiresAt)
	to = appendTime(to, `,"iat":`, f.IssuedAt)
	to = appendEscaped(append(to, `,"sub":"`...), f.Subject)
	to = appendEscaped(append(to, `","aud":["`...), string(caller.ID))
	to = appendEscaped(append(to, `"],"iss":"`...), f.Issuer)
	to = append(append(to, `",`...), p.levelMembers(f.Level)...)
	to = appendTime(to, `,"auth_time":`, f.AuthTime)
	for _, m := range [...]struct{ name, value string }{{"jti", f.ID}, {"sid", f.Session}} {
		if m.value != "" {
			to = append(append(append(to, `,"`...), m.name...), `":"`...)
			to = append(appendEscaped(to, m.value), '"')
		}
	}
	rest := map[string]any{}
	if len(f.Binding) > 0 {
		rest["cnf"] = f.Binding
	}
	addClaims(rest, f.Attributes)
	if len(rest) > 0 {
		body, err := json.Marshal(rest)
		if err != nil {
			return to[:begin], fault(err)
		}
		to = append(append(to, ','), body[1:len(body)-1]...)
	}
	if err := p.recordForeign(ctx, caller, f); err != nil {
		return to[:begin], fault(err)
	}
	return append(to, '}'), nil
}

func appendTime(to []byte, member string, t time.Time) []byte {
	if t.IsZero() {
		return to
	}
	return strconv.AppendInt(append(to, member...), t.Unix(), 10)
}

// recordForeign records that attributes of another issuer went to a system (AUD-02). As with our own, what is given again within
// releaseLife is the same release.
func (p *Provider) recordForeign(ctx context.Context, caller *Client, f *Foreign) error {
	if len(f.Attributes) == 0 {
		return nil
	}
	names := uint32(0)
	for n := range f.Attributes {
		names |= bitOf(n)
	}
	now, key := p.clock(), hub.SessionID("foreign/"+f.Subject)
	if p.released.find(key, "", caller.ID, names, f.AuthTime, now) != nil {
		return nil
	}
	err := p.audit.Record(ctx, audit.Event{
		Kind: routed, Outcome: audit.Success, System: caller.ID, Provider: f.Provider, Level: f.Level,
		Detail: map[string]string{"attributes": strconv.Itoa(len(f.Attributes))},
	})
	if err == nil {
		p.released.keep(key, release{system: caller.ID, names: names, authTime: f.AuthTime, until: now.Add(releaseLife), sealed: []byte{1}})
	}
	return err
}
