package login

import (
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/session"
)

// The least level of any login: both parts of a level must be stated.
var leastLevel = hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}

// wanted gives the level that this login must reach: what the request asks, joined with what the system is registered for.
func wanted(req Request, sys System) hub.Level { return req.Want.Join(sys.Least).Join(leastLevel) }

// admissible gives the failure of a request that must not even begin, or "": the system is in service (EXC-07), and asks for
// nothing that is not in its register (PRV-06).
func admissible(req Request, sys System) hub.Kind {
	if !sys.Live {
		return hub.Suspended
	}
	if req.MaxAge != nil && *req.MaxAge < 0 {
		return hub.Invalid
	}
	for _, name := range req.Attributes {
		registered := false
		for _, r := range sys.Rules {
			registered = registered || r.Attribute == name
		}
		if !registered || !name.Known() {
			return hub.Invalid
		}
	}
	return ""
}

// answer gives the session as the system of the request must see it, where it may answer without anybody authenticating: the level
// and its limits, the greatest age, the right account, and no wish to authenticate again or to choose who to be. The authentication
// that answers must be of a provider that may still vouch for the level (LIF-06).
func answer(sess session.Session, req Request, want hub.Level, choices []Choice, now time.Time) (session.Session, bool) {
	if req.Force || req.SelectAccount || req.Account != "" && req.Account != sess.Account {
		return session.Session{}, false
	}
	return sess.For(want, now, func(r session.Reached) bool {
		return offered(choices, r.Provider) && (req.MaxAge == nil || *req.MaxAge > 0 && now.Sub(r.AuthTime) <= *req.MaxAge)
	})
}

// raises reports whether the login raises the browser's session: somebody is signed in, who is not asked to be somebody else, and the
// session is in force but not enough for the system. One that has lapsed at its own level is not raised but followed by a new one
// (SES-11), and then whoever authenticates is welcome.
func raises(sess session.Session, req Request, want hub.Level, choices []Choice, now time.Time) bool {
	if req.SelectAccount || req.Account != "" && req.Account != sess.Account {
		return false
	}
	if _, lapsed := sess.LapsedAtOwnLevel(now); lapsed {
		return false
	}
	_, enough := answer(sess, req, want, choices, now)
	return !enough
}

// clockSkew is how far a provider's clock may be behind ours where freshness is measured.
const clockSkew = time.Minute

// fresh reports whether an authentication at authTime answers what the request says about its age. One that happened since the
// login began is always fresh.
func fresh(req Request, began, authTime, now time.Time) bool {
	if !authTime.IsZero() && !authTime.Before(began.Add(-clockSkew)) {
		return true
	}
	switch {
	case req.Force || req.SelectAccount:
		return false
	case req.MaxAge != nil:
		return *req.MaxAge > 0 && !authTime.IsZero() && now.Sub(authTime) <= *req.MaxAge+clockSkew
	}
	return true
}

// inspect checks what a provider vouched for against what was asked, and gives what is wrong with it, or nil (LOA-05).
func inspect(id hub.Identity, tx Transaction, want hub.Level, now time.Time) *failure {
	authTime := id.AuthTime
	if authTime.IsZero() || authTime.After(now) {
		authTime = now
	}
	_, lapsed := session.Lapsed(want.AAL, authTime, now, now)
	switch {
	case id.Provider != tx.Provider || id.Subject == "":
		return &failure{kind: hub.Refused, reason: "identity_of_another"}
	case !id.Level.Satisfies(want):
		return &failure{kind: hub.LevelUnmet, reason: "level_below"}
	case !fresh(tx.Request, tx.CreatedAt, id.AuthTime, now), lapsed:
		return &failure{kind: hub.Refused, reason: "not_fresh"}
	}
	return nil
}

func offered(choices []Choice, id hub.ProviderID) bool {
	return slices.ContainsFunc(choices, func(c Choice) bool { return c.ID == id })
}

// problemOf gives the kind that the person is told for the kind of a failure at a provider.
func problemOf(kind hub.Kind) hub.Kind {
	switch kind {
	case hub.Denied, hub.Refused, hub.LevelUnmet, hub.Unavailable, hub.Expired, hub.Suspended, hub.Conflict, hub.TooMany, hub.Internal:
		return kind
	case hub.Consumed:
		return hub.Expired
	case hub.NotFound:
		return hub.Suspended
	default:
		return hub.Refused
	}
}
