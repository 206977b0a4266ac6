// Package names gives systems and identity providers the names that people know them by, for pages that list many of them: each is
// asked for once a page. It also makes the rows of a ledger of who has been told of an end (hub/logout).
//
// It does not own the registers; one that does not have a system or provider any more leaves it without a name, and the page says so.
package names

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/web/view"
)

// Register lists the identity providers; federation.Store has it. Unavailable.
type Register interface {
	Providers(ctx context.Context) ([]federation.Provider, error)
}

// Book is where names are looked up. Both are required.
type Book struct {
	Register  Register
	Directory login.Directory // of the systems; tenants.Directory has it (ForLogin)
}

// Used gives the systems where a session was used and that are in the register, each once. Unavailable.
func (b Book) Used(ctx context.Context, all []session.Participant) ([]login.System, error) {
	seen := map[hub.SystemID]bool{}
	var systems []login.System
	for _, p := range all {
		if p.System == "" || seen[p.System] {
			continue
		}
		seen[p.System] = true
		s, err := b.Directory.System(ctx, p.System)
		if errors.Is(err, hub.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		systems = append(systems, s)
	}
	return systems, nil
}

// Page is the names on one page. It is not safe for concurrent use.
type Page struct {
	book      Book
	systems   map[hub.SystemID]login.System
	providers map[hub.ProviderID]hub.Text
}

// Page begins a page. Unavailable.
func (b Book) Page(ctx context.Context) (*Page, error) {
	all, err := b.Register.Providers(ctx)
	if err != nil {
		return nil, err
	}
	n := &Page{b, map[hub.SystemID]login.System{}, map[hub.ProviderID]hub.Text{}}
	for _, p := range all {
		n.providers[p.ID] = p.Names
	}
	return n, nil
}

// System gives a system as the register has it; without names where it is not there any more.
func (n *Page) System(ctx context.Context, id hub.SystemID) login.System {
	s, ok := n.systems[id]
	if !ok && id != "" {
		s, _ = n.book.Directory.System(ctx, id)
		n.systems[id] = s
	}
	return s
}

// Provider gives a provider's names; none where it is not in the register any more.
func (n *Page) Provider(id hub.ProviderID) hub.Text { return n.providers[id] }

// Rows gives the participants of an end, each with what is known of it.
func (n *Page) Rows(ctx context.Context, e logout.Entry) []view.LedgerRow {
	out := make([]view.LedgerRow, len(e.Notices))
	for i, t := range e.Notices {
		out[i] = view.LedgerRow{ID: string(t.System), State: t.State}
		if t.Provider != "" {
			out[i].ID, out[i].Provider, out[i].Names = string(t.Provider), true, n.providers[t.Provider]
			continue
		}
		s := n.System(ctx, t.System)
		out[i].Names, out[i].Owner = s.Names, s.Owner
	}
	return out
}

// Merged joins what is said of one participant that was told for several sessions, or in several protocols: the worst counts.
func Merged(rows []view.LedgerRow) []view.LedgerRow {
	order := []logout.State{
		logout.Initiator, logout.Confirmed, logout.Visited, logout.Unreachable, logout.Failed, logout.Visiting, logout.Retrying, logout.Open,
	}
	var out []view.LedgerRow
	for _, r := range rows {
		i := slices.IndexFunc(out, func(o view.LedgerRow) bool { return o.ID == r.ID && o.Provider == r.Provider })
		if i < 0 {
			out = append(out, r)
		} else if slices.Index(order, r.State) > slices.Index(order, out[i].State) {
			out[i].State = r.State
		}
	}
	slices.SortStableFunc(out, func(a, b view.LedgerRow) int { return cmp.Compare(last(a.Provider), last(b.Provider)) })
	return out
}

// last sorts providers behind systems.
func last(provider bool) int {
	if provider {
		return 1
	}
	return 0
}
