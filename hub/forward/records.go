package forward

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/envelope"
	"onedoor/hub/token"
)

// Record is what the system's department knows the person, or the entity they act for, by. Its members are those of ID tokens.
type Record struct {
	Kind        string `json:"kind"`
	Number      string `json:"number"`
	Way         string `json:"way"` // how it was bound: match, import, claim, counter
	IAL         string `json:"ial"` // at which level it was last confirmed
	BoundAt     int64  `json:"bound_at"`
	ConfirmedAt int64  `json:"confirmed_at"`
}

// Records knows what departments keep of people under numbers of their own.
type Records interface {
	// Records gives what the systems of a department are told of a person, or of the entity that they act for, in a session of that level. It
	// asks nothing where the department keeps none. Unavailable.
	Records(ctx context.Context, account hub.AccountID, entity hub.EntityID, department hub.DepartmentID, level hub.Level) ([]Record, error)
}

const recordsSealed = "forward-records"

// records gives those records that the system is registered to be told, from memory where they were asked for with this token before: a binding
// that ends, ends the token too. In memory they rest sealed under the vault key, which the browser's cookie carries (D3).
func (g *Gate) records(ctx context.Context, s System, a token.Access) ([]Record, error) {
	const op = "forward.records"
	if len(s.Records) == 0 || g.o.Records == nil {
		return nil, nil
	}
	kinds := slices.Collect(maps.Values(s.Records))
	mine := func(all []Record) []Record {
		return slices.DeleteFunc(all, func(r Record) bool { return !slices.Contains(kinds, r.Kind) })
	}
	var out []Record
	if sealed, ok := g.issued.records(a.ID); ok && !a.VaultKey.IsZero() {
		if plain, err := envelope.Open(a.VaultKey.Bytes(), recordsSealed, a.ID, sealed); err == nil && json.Unmarshal(plain, &out) == nil {
			return mine(out), nil
		}
	}
	all, err := g.o.Records.Records(ctx, a.Account, a.Entity, s.Department, a.Level)
	if err != nil {
		return nil, err
	}
	if n := len(mine(slices.Clone(all))); n > 0 { // no release without its record (AUD-02): once for each token
		err := g.o.Audit.Record(ctx, audit.Event{
			Kind: "forward.released", Outcome: audit.Success, System: s.ID, Session: a.Session, Account: a.Account, Level: a.Level,
			Detail: map[string]string{"token": a.ID, "records": strconv.Itoa(n)},
		})
		if err != nil {
			return nil, err
		}
	}
	if !a.VaultKey.IsZero() {
		plain, err := json.Marshal(all)
		if err != nil {
			return nil, hub.E(op, hub.Internal, err)
		}
		sealed, err := envelope.Seal(g.o.Random, a.VaultKey.Bytes(), recordsSealed, a.ID, plain)
		if err != nil {
			return nil, err
		}
		g.issued.keepRecords(a, sealed)
	}
	return mine(all), nil
}

// recordHeaders writes the number of each kind that the system is registered for. A header without a number is there and empty: no browser's own
// gets through to the system in its place.
func recordHeaders(h http.Header, s System, all []Record) {
	for name, kind := range s.Records {
		value := ""
		if i := slices.IndexFunc(all, func(r Record) bool { return r.Kind == kind }); i >= 0 {
			value = inHeader(all[i].Number)
		}
		h.Set(name, value)
	}
}

func (c *answers) records(id string) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := c.find(id)
	if a == nil || a.records == nil {
		return nil, false
	}
	return a.records, true
}

func (c *answers) keepRecords(a token.Access, sealed []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.room(a.ID).records = sealed
}
