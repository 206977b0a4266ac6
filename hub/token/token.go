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
	System      hub.SystemID // the client it was issued to
	Interaction hub.InteractionID
	Audience    []string // systems that may ask about it; the client itself always may
	Scopes      []string
	Release     []hub.AttributeName
	Level       hub.Level
	AuthTime    time.Time
	IssuedAt    time.Time
	ExpiresAt   time.Time
	VaultKey    hub.Secret // zero where no attributes are released
	Bound       Confirmation
}

// LogValue shows ids only.
func (a Access) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", a.ID), slog.String("system", string(a.System)), slog.String("session", string(a.Session)))
}

// Verdict is what is known of one token of several.
type Verdict struct {
	Access Access // what it says; where Err is set, of no meaning
	Err    error  // as Validator.Validate gives it
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
