package token

import (
	"context"
	"slices"

	"onedoor/hub"
)

// Validator answers whether an access token is active.
type Validator struct {
	sealer      *Sealer
	jwts        *JWTs // nil where none are made
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

// Accepting gives a validator that knows JWT access tokens beside sealed ones.
func (v *Validator) Accepting(jwts *JWTs) *Validator {
	both := *v
	both.jwts = jwts
	return &both
}

// Validate gives what the token says if it is active now. Invalid: not a token of ours. Expired. Consumed: it, its grant, its
// session or its account has ended. Unavailable: that can't be known now; the token must not be taken for active then, and
// not reported as inactive either.
func (v *Validator) Validate(ctx context.Context, raw string) (Access, error) {
	var room [1]Verdict
	got := v.ValidateAll(ctx, [][]byte{[]byte(raw)}, room[:0])
	return got[0].Access, got[0].Err
}

// ValidateAll appends the verdict on each token, in order: Access and error as Validate gives them. It keeps nothing of the texts.
func (v *Validator) ValidateAll(ctx context.Context, raw [][]byte, to []Verdict) []Verdict {
	begin := len(to)
	to = slices.Grow(to, len(raw))
	w := newWorkshop(len(raw))
	defer w.leave()
	for _, text := range raw {
		to = append(to, Verdict{})
		last := &to[len(to)-1]
		if !v.sealer.openIn(w, text, &last.Access) && (v.jwts == nil || !v.jwts.open(text, &last.Access)) {
			last.Err = errNotOurs
		}
	}
	fresh := to[begin:]
	v.revocations.EndedAll(ctx, fresh)
	now := v.clock() // after the look-up, which may have taken its time
	for i := range fresh {
		f := &fresh[i]
		if f.At = now; f.Err == nil && !now.Before(f.Access.ExpiresAt) {
			f.Err = errExpired
		}
		if fresh[i].Err != nil {
			fresh[i].Access = Access{}
		}
	}
	return to
}

// Inactive reports whether an error of Validate or Open means that the token is not active, for certain. Everything else means
// that nobody knows. It looks at the outermost kind only: the cause of an Unavailable may be anything, so do not use errors.Is.
func Inactive(err error) bool {
	switch hub.KindOf(err) {
	case hub.Invalid, hub.Expired, hub.Consumed:
		return true
	}
	return false
}
