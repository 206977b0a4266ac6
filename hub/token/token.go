// Package token owns access tokens: their sealed form, and the question "is this token active?".
//
// An access token is sealed (architecture D2): authenticated encryption under a key of the hub, key id in front. Only the
// hub can open it, so a department can't skip asking; and it carries the vault key, so that the hub can read the
// attributes it was granted, and nobody who only holds the database can.
package token

import (
	"context"
	"log/slog"
	"time"

	"onedoor/hub"
)

// Access is what a sealed access token says.
type Access struct {
	ID          string // jti
	Grant       hub.GrantID
	Session     hub.SessionID
	Account     hub.AccountID
	System      hub.SystemID // the client of its grant: the one it was issued to, where there are no Actors
	Interaction hub.InteractionID
	Audience    []string // systems that may ask about it; the client itself always may
	Scopes      []string
	Release     []hub.AttributeName
	Rests       []string // the providers on which its session rested when it was issued: their ids. It ends with each of them
	Level       hub.Level
	AuthTime    time.Time
	IssuedAt    time.Time
	ExpiresAt   time.Time
	VaultKey    hub.Secret // zero where no attributes are released
	Bound       Confirmation
	Details     string // authorization details that were granted, a JSON list (RFC 9396); "" for none
	// Records are what departments know the person by, for the systems of each department alone.
	Records []Records
	// Entity is the legal entity that the person acts for (ENT-03); "" where they act for themselves. Its mandate is the grant's to know.
	Entity hub.EntityID

	// Of a token that came out of an exchange (RFC 8693): the systems that act for the person, the latest first, which is also the client
	// that the token was issued to; and the ids of the tokens that it was exchanged for, the latest first, with which it ends.
	Actors  []hub.SystemID
	Parents []string
	MayAct  hub.SystemID // the one system that may exchange it (RFC 8693 section 4.4); "" for whom policy allows
	// Machine says that a system acts for itself (client_credentials): there is no grant, no session and no account.
	Machine bool
}

// Records is what one department knows a person by: a JSON list that the systems of that department, and no others, are told.
type Records struct {
	Department hub.DepartmentID
	JSON       string
}

// RecordsAt gives the list for the systems of a department, "" for none.
func (a *Access) RecordsAt(department hub.DepartmentID) string {
	for i := range a.Records {
		if a.Records[i].Department == department && department != "" {
			return a.Records[i].JSON
		}
	}
	return ""
}

// Rests gives the providers on which a session rests as a token names them.
func Rests(on []hub.ProviderID) []string {
	out := make([]string, len(on))
	for i, id := range on {
		out[i] = string(id)
	}
	return out
}

// Holder is the client that the token was issued to.
func (a *Access) Holder() hub.SystemID {
	if len(a.Actors) > 0 {
		return a.Actors[0]
	}
	return a.System
}

// LogValue shows ids only.
func (a Access) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", a.ID), slog.String("system", string(a.System)), slog.String("session", string(a.Session)))
}

// Verdict is what is known of one token of several.
type Verdict struct {
	Access Access    // what it says; where Err is set, of no meaning
	Err    error     // as Validator.Validate gives it
	At     time.Time // when that was so
}

// ErrEnded says that what a token stands on has ended. Consumed.
var ErrEnded = hub.Errorf("token.Validate", hub.Consumed, "what the token stands on has ended")

// EachEnded is EndedAll in terms of Ended, for whoever knows no faster way.
func EachEnded(ctx context.Context, r Revocations, all []Verdict) {
	for i := range all {
		if all[i].Err != nil {
			continue
		}
		switch ended, err := r.Ended(ctx, all[i].Access); {
		case err != nil:
			all[i].Err = hub.E("token.EndedAll", hub.Unavailable, err)
		case ended:
			all[i].Err = ErrEnded
		}
	}
}

// Revocations answers whether something a token stands on has ended: its session, its grant, its account or itself.
type Revocations interface {
	// Ended reports it. Unavailable where that can't be known: then nothing is active.
	Ended(ctx context.Context, a Access) (bool, error)
	// EndedAll is Ended for many tokens: it sets Err of those that have no error yet, to ErrEnded where Ended would report true.
	EndedAll(ctx context.Context, all []Verdict)
	// RevokeToken ends one token until it expires by itself.
	RevokeToken(ctx context.Context, a Access, at time.Time) error
}
