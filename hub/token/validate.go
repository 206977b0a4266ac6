package token

import (
	"context"

	"onedoor/hub"
)

// Validator answers whether an access token is active.
type Validator struct {
	sealer      *Sealer
	revocations Revocations
	clock       hub.Clock
}

// NewValidator needs all three. Invalid.
func NewValidator(sealer *Sealer, revocations Revocations, clock hub.Clock) (*Validator, error) {
	if sealer == nil || revocations == nil || clock == nil {
		return nil, hub.Errorf("token.NewValidator", hub.Invalid, "sealer, revocations and clock are required")
	}
	return &Validator{sealer: sealer, revocations: revocations, clock: clock}, nil
}

// Validate gives what the token says if it is active now. Invalid: not a token of ours. Expired. Consumed: it, its grant, its
// session or its account has ended. Unavailable: that can't be known now; the token must not be taken for active then, and
// not reported as inactive either.
func (v *Validator) Validate(ctx context.Context, raw string) (Access, error) {
	a, err := v.sealer.Open(raw)
	if err != nil {
		return Access{}, err
	}
	err = v.stands(ctx, &a)
	return a, err
}

// stands fails where what the token stands on has ended, where that can't be known, and where the token has expired meanwhile. The
// token is then wiped.
func (v *Validator) stands(ctx context.Context, a *Access) (err error) {
	const op = "token.Validate"
	defer func() {
		if err != nil {
			*a = Access{}
		}
	}()
	ended, err := v.revocations.Ended(ctx, *a)
	if err != nil {
		return hub.E(op, hub.Unavailable, err)
	}
	if ended {
		return errEnded
	}
	// The answer may have taken its time.
	if !v.clock().Before(a.ExpiresAt) {
		return hub.Errorf(op, hub.Expired, "the access token has expired")
	}
	return nil
}

var errEnded = hub.Errorf("token.Validate", hub.Consumed, "what the token stands on has ended")

// Inactive reports whether an error of Validate or Open means that the token is not active, for certain. Everything else means
// that nobody knows. It looks at the outermost kind only: the cause of an Unavailable may be anything, so do not use errors.Is.
func Inactive(err error) bool {
	switch hub.KindOf(err) {
	case hub.Invalid, hub.Expired, hub.Consumed:
		return true
	}
	return false
}
