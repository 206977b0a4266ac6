package oidcop

import (
	"strconv"
	"time"

	"onedoor/hub"
	"onedoor/hub/session"
	"onedoor/hub/token"
)

// sufficient refuses a token whose authentication is not, or not any more, what the system's register demands: the register was raised
// after the token was issued, or the limit of its level has passed (SES-08). The challenge tells what to ask for at the
// authorization endpoint (RFC 9470 sections 3 and 4).
func (p *Provider) sufficient(c Client, a token.Access) *refusal {
	const text = "a different authentication level is required"
	limit := session.LimitFor(c.Least.AAL).Age
	if suffices(c.Least, &a, p.clock()) {
		return nil
	}
	switch {
	case !a.Level.Satisfies(c.Least):
		bad := refuse(codeInsufficientAuth, text).because(string(hub.LevelUnmet))
		bad.demand = demand(c.Least, 0)
		return bad
	default:
		bad := refuse(codeInsufficientAuth, "more recent authentication is required").because("not_fresh")
		bad.demand = demand(c.Least, limit)
		return bad
	}
}

// suffices is sufficient without the reasons, for where there is nobody to tell. A token of no person has no level to reach.
func suffices(least hub.Level, a *token.Access, now time.Time) bool {
	return a.Machine || a.Level.Satisfies(least) && now.Sub(a.AuthTime) < session.LimitFor(least.AAL).Age
}

// demand writes the parameters of RFC 9470 section 3. A system whose register says nothing of the level has no acr to ask for.
func demand(least hub.Level, limit time.Duration) string {
	var out string
	if least.IAL != hub.IALNone && least.AAL != hub.AALNone {
		out = `, acr_values="` + least.ACR() + `"`
	}
	if limit > 0 {
		out += `, max_age="` + strconv.FormatInt(int64(limit/time.Second), 10) + `"`
	}
	return out
}
