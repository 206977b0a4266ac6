package session

import (
	"time"

	"onedoor/hub"
)

// Limit says how long an authentication may be relied upon (DGS 1-2:2564 3.4.1(7)).
type Limit struct {
	Age  time.Duration // since the authentication
	Idle time.Duration // since the last activity; zero: no such limit
}

// Longest is the longest that any session lives, counted from its start: the age limit of AAL1 (SES-07).
const Longest = 30 * 24 * time.Hour

// LimitFor gives the limit for the authenticator assurance level that a service requires (SES-07..09). A level that is not
// stated counts as AAL1, one above every known level as AAL3.
func LimitFor(required hub.AAL) Limit {
	switch required {
	case hub.AALNone, hub.AAL1:
		return Limit{Age: Longest}
	case hub.AAL21, hub.AAL22:
		return Limit{Age: 12 * time.Hour, Idle: 30 * time.Minute}
	default:
		return Limit{Age: 12 * time.Hour, Idle: 15 * time.Minute}
	}
}

// Lapsed reports whether an authentication at authTime, last active at lastActivity, is past the limit for the required
// level at now, and which limit it was. A limit is over at its very instant: 12 hours are lapsed at 12 h 0 s.
//
// The level is the one that the asking service requires, not the one of the session: a session past the idle limit of AAL3
// may still serve an AAL2 service (requirements, conflicts, reading 6).
func Lapsed(required hub.AAL, authTime, lastActivity, now time.Time) (EndReason, bool) {
	limit := LimitFor(required)
	if now.Sub(authTime) >= limit.Age {
		return EndedByAge, true
	}
	if limit.Idle > 0 && now.Sub(lastActivity) >= limit.Idle {
		return EndedByIdle, true
	}
	return "", false
}

// Serves reports whether the session can serve a service that requires the level at now: it lives, reaches the level in both
// components and is within the limits of the required AAL.
func (s Session) Serves(required hub.Level, now time.Time) bool {
	if !s.EndedAt.IsZero() || !s.Level.Satisfies(required) || s.outlived(now) {
		return false
	}
	_, lapsed := Lapsed(required.AAL, s.AuthTime, s.LastActivity, now)
	return !lapsed
}

// LapsedAtOwnLevel reports whether the session is past the limits of the level at which it was authenticated, and which one
// it was. Who authenticates again then gets a new session (SES-11).
func (s Session) LapsedAtOwnLevel(now time.Time) (EndReason, bool) {
	if s.outlived(now) {
		return EndedByAge, true
	}
	return Lapsed(s.Level.AAL, s.AuthTime, s.LastActivity, now)
}

// outlived reports whether the session is past every limit: no service can be served any more.
func (s Session) outlived(now time.Time) bool {
	return now.Sub(s.StartedAt) >= Longest || now.Sub(s.AuthTime) >= Longest
}

// touchEvery is how exact the last activity is kept. It errs towards an earlier end.
const touchEvery = time.Minute

// touches reports whether activity at now is to be noted. Once the idle limit of the session's own level is past, it is not:
// the visit of a service with a lower demand must not bring back the right to a higher one (SES-11, SES-13).
func (s Session) touches(now time.Time) bool {
	idle := now.Sub(s.LastActivity)
	if idle < touchEvery {
		return false
	}
	limit := LimitFor(s.Level.AAL).Idle
	return limit == 0 || idle < limit
}
