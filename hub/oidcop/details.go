package oidcop

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/oidcop/fositestore"
	"onedoor/hub/session"
	"onedoor/hub/strictjson"
	"onedoor/hub/token"
)

// Items gives meaning to authorization details (RFC 9396): what a client asks to be allowed beyond scopes. Without it no type is known, and
// every request with details is refused. The bytes of a detail are JSON with its members in order, as they will be in the token.
//
// A detail rests in the clear while the grant lives (D3), so it names things and never persons: Check refuses any other.
type Items interface {
	// Types are the types that are known. Do not change the slice.
	Types() []string
	// Check tells whether a client may ask for a detail of a type that is registered for it. Invalid where the detail is malformed or unknown.
	Check(ctx context.Context, client hub.SystemID, detail []byte) error
	// Wishes gives the service items that the details name, for the login to lead the person to their opening. Invalid, Unavailable.
	Wishes(ctx context.Context, client hub.SystemID, details [][]byte) ([]login.Wish, error)
	// Needs gives the level that the details ask for, and how old the login may be at most, 0 for any: the login is led there.
	Needs(ctx context.Context, client hub.SystemID, details [][]byte) (hub.Level, time.Duration, error)
	// Allow gives what the person of the session, who acts for an entity or for themselves (""), has allowed of the details, each as it was
	// asked for or narrower. Denied where the answer is no, LevelUnmet where the person must authenticate better for it; any other error:
	// nobody knows.
	Allow(ctx context.Context, client hub.SystemID, s session.Session, entity hub.EntityID, details [][]byte) ([][]byte, error)
	// Still gives those details of a token that are still open to the person it speaks of, from memory. Unavailable.
	Still(ctx context.Context, a token.Access, details [][]byte) ([][]byte, error)
	// Open lists what is open at a system to the person a token speaks of: JSON, for systems that are told. Unavailable.
	Open(ctx context.Context, client hub.SystemID, a token.Access) ([]byte, error)
	// Lasts reports whether a detail goes into the tokens that a refresh token brings, or into the first one only.
	Lasts(detail []byte) bool
}

const (
	detailsParameter = "authorization_details"
	mostDetails      = 16
	largestDetails   = 768 // bytes of all together: they travel in the sealed token
)

// readDetails takes a list of authorization details (RFC 9396 section 2) apart: objects with a type each, one spelling for one meaning. Invalid.
func readDetails(text string) ([][]byte, []string, error) {
	const op = "oidcop.readDetails"
	if text == "" {
		return nil, nil, nil
	}
	o, err := strictjson.Object([]byte(`{"d":` + text + `}`))
	list, ok := o["d"].([]any)
	if err != nil || !ok || len(o) != 1 || len(list) == 0 || len(list) > mostDetails {
		return nil, nil, hub.Errorf(op, hub.Invalid, "not a list of authorization details of moderate size")
	}
	var out [][]byte
	var types []string
	size := 2
	for _, d := range list {
		members, ok := d.(map[string]any)
		kind, named := members["type"].(string)
		if !ok || !named || kind == "" {
			return nil, nil, hub.Errorf(op, hub.Invalid, "an authorization detail without type")
		}
		raw, err := json.Marshal(members)
		if size += len(raw) + 1; err != nil || size > largestDetails {
			return nil, nil, hub.Errorf(op, hub.Invalid, "the authorization details are too long")
		}
		if !slices.ContainsFunc(out, func(known []byte) bool { return bytes.Equal(known, raw) }) {
			out, types = append(out, raw), append(types, kind)
		}
	}
	return out, types, nil
}

// joinDetails writes them as a list; "" for none.
func joinDetails(details [][]byte) string {
	if len(details) == 0 {
		return ""
	}
	return "[" + string(bytes.Join(details, []byte{','})) + "]"
}

var badDetails = refuse(codeBadDetails, "the authorization details are malformed, or of a type that is not registered for this client")

// askedDetails reads and checks the details of an authorization request.
func (p *Provider) askedDetails(ctx context.Context, c Client, form params) ([][]byte, *refusal) {
	details, types, err := readDetails(form.get(detailsParameter))
	if err != nil {
		return nil, badDetails.because("details_form").from(err)
	}
	for i, kind := range types {
		if p.items == nil || !slices.Contains(c.DetailTypes, kind) || !slices.Contains(p.items.Types(), kind) {
			return nil, badDetails.because("details_type")
		}
		err := p.items.Check(ctx, c.ID, details[i])
		switch k, _ := kindIn(err); {
		case k == hub.Invalid:
			return nil, badDetails.because("details_form").from(err)
		case err != nil:
			return nil, fault(err)
		}
	}
	return details, nil
}

// wished gives the items that the login has to see opened.
func (p *Provider) wished(ctx context.Context, a *authorization) ([]login.Wish, *refusal) {
	if len(a.details) == 0 || p.items == nil {
		return nil, nil
	}
	wishes, err := p.items.Wishes(ctx, a.client.ID, a.details)
	switch k, _ := kindIn(err); {
	case k == hub.Invalid:
		return nil, badDetails.because("details_form").from(err)
	case err != nil:
		return nil, fault(err)
	}
	return wishes, nil
}

// raise has the login reach what the details ask for.
func (p *Provider) raise(ctx context.Context, a *authorization) *refusal {
	if len(a.details) == 0 || p.items == nil {
		return nil
	}
	level, age, err := p.items.Needs(ctx, a.client.ID, a.details)
	switch k, _ := kindIn(err); {
	case k == hub.Invalid:
		return badDetails.because("details_form").from(err)
	case err != nil:
		return fault(err)
	}
	a.want = a.want.Join(level)
	if age > 0 && (a.maxAge == nil || age < *a.maxAge) {
		a.maxAge = &age
	}
	return nil
}

// lasting drops the details that a refresh token does not bring again.
func (p *Provider) lasting(details string) (string, *refusal) {
	list, _, err := readDetails(details)
	if err != nil {
		return "", fault(err)
	}
	return joinDetails(slices.DeleteFunc(list, func(d []byte) bool { return p.items == nil || !p.items.Lasts(d) })), nil
}

// allowed asks what of the details the person allows.
func (p *Provider) allowed(ctx context.Context, a *authorization, res login.Result) ([][]byte, *refusal) {
	if len(a.details) == 0 {
		return nil, nil
	}
	if p.items == nil { // the types were known when the login began
		return nil, badDetails.because("details_type")
	}
	granted, err := p.items.Allow(ctx, a.client.ID, res.Session, res.Party.Entity, a.details)
	if err == nil {
		return granted, nil
	}
	switch k, _ := kindIn(err); k {
	case hub.Denied, hub.LevelUnmet:
		code, text := failureCode(k)
		return nil, refuse(code, text).because("details_" + string(k)).from(err)
	}
	return nil, fault(err)
}

// open drops the details of a token that are open no more: what a person has locked, or an entity has taken back, is told to nobody (invariants
// 2 and 8). Where that can't be known, neither is the token.
func (p *Provider) open(ctx context.Context, a *token.Access) (string, *refusal) {
	if a.Details == "" || p.items == nil {
		return "", nil
	}
	list, _, err := readDetails(a.Details)
	if err == nil {
		list, err = p.items.Still(ctx, *a, list)
	}
	if err != nil {
		return "", fault(err)
	}
	return joinDetails(list), nil
}

// itemsClaim is the list of items of a client's department that are open to the person (RAZ-05).
const itemsClaim = "items"

// itemsFor gives the list for a client that is told; nil for every other.
func (p *Provider) itemsFor(ctx context.Context, c *Client, a *token.Access) (json.RawMessage, *refusal) {
	if !c.TellsItems || p.items == nil || a.Machine {
		return nil, nil
	}
	list, err := p.items.Open(ctx, c.ID, *a)
	if err != nil {
		return nil, fault(err)
	}
	return list, nil
}

// openNow is open for a token that is about to be issued, and finds what its ID token tells of items.
func (p *Provider) openNow(ctx context.Context, client Client, sess *fositestore.Session) (bad *refusal) {
	a := token.Access{
		System: client.ID, Session: sess.Grant.Session, Account: sess.Grant.Account, Entity: sess.Grant.Entity, Level: sess.State.Level,
		AuthTime: sess.State.AuthTime, Details: sess.Details,
	}
	if sess.Details, bad = p.open(ctx, &a); bad == nil {
		sess.Items, bad = p.itemsFor(ctx, &client, &a)
	}
	return bad
}

// detailsNow takes the details that a token request asks for: all that were granted, or some of them (RFC 9396 section 6).
func detailsNow(granted string, form params) (string, *refusal) {
	asked, _, err := readDetails(form.get(detailsParameter))
	switch {
	case err != nil:
		return "", badDetails.because("details_form").from(err)
	case len(asked) == 0:
		return granted, nil
	}
	have, _, err := readDetails(granted)
	if err != nil {
		return "", fault(err)
	}
	for _, d := range asked {
		if !slices.ContainsFunc(have, func(h []byte) bool { return bytes.Equal(h, d) }) {
			return "", refuse(codeBadDetails, "an authorization detail was not granted").because("details_not_granted")
		}
	}
	return joinDetails(asked), nil
}

// detailTypes are those of the discovery document.
func (p *Provider) detailTypes() []string {
	if p.items == nil {
		return nil
	}
	return p.items.Types()
}
