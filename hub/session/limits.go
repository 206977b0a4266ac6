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

// touchEvery is how exact the last activity is kept. It errs towards an earlier end.
const touchEvery = time.Minute

// touches reports whether activity at now is to be noted, and which AAL's idle limit was passed before it. What is passed stays
// so: the visit of a service with a lower demand must not bring back the right to a higher one (SES-11, SES-13).
func (s Session) touches(now time.Time) (hub.AAL, bool) {
	idle := now.Sub(s.LastActivity)
	if idle < touchEvery {
		return hub.AALNone, false
	}
	for a := hub.AAL1; a <= hub.AAL3; a++ {
		if limit := LimitFor(a).Idle; limit > 0 && idle >= limit {
			return a, true
		}
	}
	return hub.AALNone, true
}
