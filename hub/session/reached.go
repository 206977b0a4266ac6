package session

import (
	"slices"
	"time"

	"onedoor/hub"
)

// Reached is one authentication within a session: the level it reached, where, how and when. A session keeps those that count, so
// that each level is judged by the time at which it was reached. A later authentication at a lower level neither ends a higher
// one before its limit nor makes it last longer.
//
// Two authentications are never added up to a level that neither of them reached: each provider answers for the binding of its own
// authenticator to the identity that it has proofed itself, and for no other (LOA-04, nothing is raised).
type Reached struct {
	Provider    hub.ProviderID
	Level       hub.Level
	Methods     []string
	AuthTime    time.Time
	UpstreamSID string // as Session's
}

// Authentications gives all of them, the last one first.
func (s Session) Authentications() []Reached {
	return append([]Reached{s.last()}, s.Earlier...)
}

// RestsOn lists the providers on which the session rests: where one of them is no longer to be trusted, nothing of it is.
func (s Session) RestsOn() []hub.ProviderID {
	if len(s.Rests) > 0 {
		return s.Rests
	}
	return []hub.ProviderID{s.Provider}
}

// rest gives Rests of a session that goes on with a further authentication.
func (s Session) rest(next hub.ProviderID) []hub.ProviderID {
	all := s.RestsOn()
	if slices.Contains(all, next) {
		return s.Rests
	}
	return append(slices.Clone(all), next)
}

func (s Session) last() Reached {
	return Reached{Provider: s.Provider, Level: s.Level, Methods: s.Methods, AuthTime: s.AuthTime, UpstreamSID: s.UpstreamSID}
}

// stands gives the level for which an authentication of the session stands at now: its own IAL, and the highest AAL, up to its own,
// whose limits are not over. False where it stands for none.
func (s Session) stands(r Reached, now time.Time) (hub.Level, bool) {
	for a := r.Level.AAL; ; a-- {
		_, lapsed := Lapsed(a, r.AuthTime, s.LastActivity, now)
		if idle := s.IdleOver != hub.AALNone && a >= s.IdleOver; !lapsed && !idle {
			return hub.Level{IAL: r.Level.IAL, AAL: a}, true
		}
		if a <= hub.AAL1 {
			return hub.Level{}, false
		}
	}
}

// Highest gives the higher of what all authentications of the session still stand for, in each component: what is known of the
// person, not what a service may be told.
func (s Session) Highest(now time.Time) hub.Level {
	var top hub.Level
	for _, r := range s.Authentications() {
		if l, ok := s.stands(r, now); ok {
			top = top.Join(l)
		}
	}
	return top
}

// Still gives what is left at now of a level that was reached in the session at authTime: what a credential that was issued then may
// still say. False for nothing.
func (s Session) Still(level hub.Level, authTime, now time.Time) (hub.Level, bool) {
	left, ok := s.stands(Reached{Level: level, AuthTime: authTime}, now)
	return left.Cap(s.Highest(now)), ok
}

// Serves reports whether the session can serve a service that requires the level at now: it lives, and one of its authentications
// reaches the level in both components and is within the limits of the required AAL.
func (s Session) Serves(required hub.Level, now time.Time) bool {
	_, ok := s.For(required, now, func(Reached) bool { return true })
	return ok
}

// For gives the session as a service that requires the level must see it: with the latest authentication that reaches it, and fits,
// in the place of the last one, at the level for which that still stands. So no token says more, or tells of a later time, than
// what the service was answered with. False where no authentication will do, or the session has ended.
func (s Session) For(required hub.Level, now time.Time, fits func(Reached) bool) (Session, bool) {
	if !s.EndedAt.IsZero() || s.Cut != "" || s.outlived(now) {
		return Session{}, false
	}
	all := s.Authentications()
	for i, r := range all {
		level, ok := s.stands(r, now)
		if !ok || !level.Satisfies(required) || !fits(r) {
			continue
		}
		s.Provider, s.Level, s.Methods, s.AuthTime, s.UpstreamSID = r.Provider, level, r.Methods, r.AuthTime, r.UpstreamSID
		s.Earlier = slices.Delete(all, i, i+1)
		return s, true
	}
	return Session{}, false
}

// LapsedAtOwnLevel reports whether none of the session's authentications stands any more for the level that it reached, and which
// limit the last one is past. Who authenticates again then gets a new session (SES-11).
func (s Session) LapsedAtOwnLevel(now time.Time) (EndReason, bool) {
	if s.Cut != "" {
		return EndedBySuspension, true
	}
	if s.outlived(now) {
		return EndedByAge, true
	}
	for _, r := range s.Authentications() {
		if l, ok := s.stands(r, now); ok && l == r.Level {
			return "", false
		}
	}
	if why, lapsed := Lapsed(s.Level.AAL, s.AuthTime, s.LastActivity, now); lapsed {
		return why, true
	}
	return EndedByIdle, true
}

// outlived reports whether the session is past every limit: no service can be served any more.
func (s Session) outlived(now time.Time) bool {
	if now.Sub(s.StartedAt) >= Longest {
		return true
	}
	return !slices.ContainsFunc(s.Authentications(), func(r Reached) bool { return now.Sub(r.AuthTime) < Longest })
}

// remember gives what is kept beside a new authentication: those before it, each at the level for which it stands at now, without
// those that another one makes superfluous by being at least as high and at least as late. So a session that is raised lives by the
// limits of the higher level from then on (SES-11).
func (s Session) remember(last Reached, now time.Time) []Reached {
	all := []Reached{last}
	for _, r := range s.Authentications() {
		if level, ok := s.stands(r, now); ok {
			r.Level = level
			all = append(all, r)
		}
	}
	var kept []Reached
	for i, r := range all[1:] {
		superfluous := false
		for j, o := range all {
			covers := o.Level.Satisfies(r.Level) && !o.AuthTime.Before(r.AuthTime)
			same := o.Level == r.Level && o.AuthTime.Equal(r.AuthTime)
			superfluous = superfluous || j != i+1 && covers && (!same || j <= i)
		}
		if !superfluous {
			kept = append(kept, r)
		}
	}
	return kept
}
