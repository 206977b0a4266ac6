package oidcop

import (
	"context"
	"encoding/json"
	"slices"

	"onedoor/hub"
	"onedoor/hub/oidcop/fositestore"
	"onedoor/hub/token"
)

// Record is what a department knows a person by, in a token and in the answers about it.
type Record struct {
	Kind        string `json:"kind"`
	Number      string `json:"number"`
	Way         string `json:"way"` // how it was bound: match, import, claim, counter
	IAL         string `json:"ial"` // at which level it was last confirmed
	BoundAt     int64  `json:"bound_at"`
	ConfirmedAt int64  `json:"confirmed_at"`
}

// Records knows what departments keep of persons under numbers of their own.
type Records interface {
	// Records gives what the systems of a department are told of the party of a grant in a session of that level. It asks nothing where the
	// department keeps none. Unavailable.
	Records(ctx context.Context, p Party, department hub.DepartmentID, session hub.Level) ([]Record, error)
}

// Party is for whom a grant is: a person, or the legal entity that they act for.
type Party struct {
	Account hub.AccountID
	Entity  hub.EntityID // "" for the person themselves
}

// recordsClaim is the claim, and the member of answers.
const recordsClaim = "records"

// recordsFor gives what a token carries of departments' records: those of the client's department and of its audience's, each for its own systems
// alone. They are read when the token is made, so that nobody who asks about it waits for SQL; where one of them changes, the grants at that
// department end.
func (p *Provider) recordsFor(ctx context.Context, client Client, audience []hub.SystemID, who Party, level hub.Level) ([]token.Records, error) {
	if p.records == nil {
		return nil, nil
	}
	departments := []hub.DepartmentID{client.Department}
	for _, id := range audience {
		c, err := p.client(ctx, string(id))
		if err != nil {
			continue // gone: nobody there will ask
		}
		if !slices.Contains(departments, c.Department) {
			departments = append(departments, c.Department)
		}
	}
	var out []token.Records
	for _, d := range departments {
		if d == "" || len(out) == token.MaxRecords {
			continue
		}
		all, err := p.records.Records(ctx, who, d, level)
		if err != nil {
			return nil, err
		}
		if len(all) == 0 {
			continue
		}
		body, err := json.Marshal(all)
		if err != nil || len(body) > token.MaxRecordBytes {
			return nil, hub.Errorf("oidcop.recordsFor", hub.Internal, "more records than a token can carry")
		}
		out = append(out, token.Records{Department: d, JSON: string(body)})
	}
	return out, nil
}

// known puts into a session what its tokens will carry of departments' records.
func (p *Provider) known(ctx context.Context, client Client, sess *fositestore.Session) *refusal {
	var audience []hub.SystemID
	for _, r := range client.Audience {
		if named(sess, r.System) {
			audience = append(audience, r.System)
		}
	}
	var err error
	sess.Records, err = p.recordsFor(ctx, client, audience, Party{Account: sess.Grant.Account, Entity: sess.Grant.Entity}, sess.State.Level)
	if err != nil {
		return fault(err)
	}
	return nil
}

// named reports whether a token of the session is for the system: nobody gets a token shown that was not asked for by their name.
func named(sess *fositestore.Session, id hub.SystemID) bool {
	asked := sess.State.Resources != nil || sess.Resources != nil
	return asked && (sess.State.Resources == nil || slices.Contains(sess.State.Resources, id)) &&
		(sess.Resources == nil || slices.Contains(sess.Resources, id))
}

// tellRecords puts the records of a client's own department into claims.
func tellRecords(claims map[string]any, list string) {
	if list != "" {
		claims[recordsClaim] = json.RawMessage(list)
	}
}

// ofDepartment gives the list of a department.
func ofDepartment(all []token.Records, id hub.DepartmentID) string {
	return (&token.Access{Records: all}).RecordsAt(id)
}
