package logintest

import (
	"context"
	"slices"
	"sync"

	"onedoor/hub"
	"onedoor/hub/login"
)

// Parties knows for whom persons may act, as it is told.
type Parties struct {
	mu   sync.Mutex
	may  map[hub.AccountID][]login.Party
	last map[string]hub.EntityID
	// Ending, where set, runs inside Act, before the look. Set it between calls only.
	Ending func()
}

// May sets for whom a person may act, at every system that serves entities.
func (p *Parties) May(account hub.AccountID, all ...login.Party) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.may == nil {
		p.may = map[hub.AccountID][]login.Party{}
	}
	p.may[account] = all
}

// Of implements login.Parties.
func (p *Parties) Of(_ context.Context, account hub.AccountID, session hub.SessionID, system login.System) ([]login.Party, hub.EntityID, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	last, known := p.last[string(session)+"|"+string(system.ID)]
	return slices.Clone(p.may[account]), last, known && session != "", nil
}

// Act implements login.Parties.
func (p *Parties) Act(_ context.Context, account hub.AccountID, session hub.SessionID, system login.System, party login.Party) error {
	if p.Ending != nil {
		p.Ending()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if party.Entity != "" && !slices.ContainsFunc(p.may[account], func(x login.Party) bool { return x.Mandate == party.Mandate }) {
		return no(hub.Consumed)
	}
	if p.last == nil {
		p.last = map[string]hub.EntityID{}
	}
	p.last[string(session)+"|"+string(system.ID)] = party.Entity
	return nil
}
