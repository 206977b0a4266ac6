package portal

import (
	"context"
	"errors"
	"slices"

	"onedoor/authz"
	"onedoor/binding"
	"onedoor/hub"
	"onedoor/hub/session"
	"onedoor/web/view"
)

// applications lists what an entity has asked of departments and how far it is: records that it is to be known by, and services that wait for
// the approval of staff, or did.
func (p *Portal) applications(ctx context.Context, s session.Session, id hub.EntityID) ([]view.EntityApplication, error) {
	records, err := p.recordApplications(ctx, s, id)
	if err != nil || p.o.Delegating == nil {
		return records, err
	}
	all, err := p.o.Delegating.Delegations.Of(ctx, s.Account, id, false, mostDelegations)
	if err != nil {
		return nil, err
	}
	items := p.o.Delegating.Items()
	for _, d := range all {
		if d.State != authz.Proposed && d.State != authz.Declined && d.DecidedBy == "" { // nobody had to be asked
			continue
		}
		a := view.EntityApplication{Owner: p.o.Delegating.Owner(ctx, d.Department), At: d.ProposedAt, DecidedAt: d.DecidedAt, State: view.ApplicationGranted}
		switch d.State {
		case authz.Proposed:
			a.State = view.ApplicationWaits
		case authz.Declined:
			a.State = view.ApplicationRefused
		case authz.Active, authz.Withdrawn:
		}
		if i := slices.IndexFunc(items, func(x authz.Item) bool { return x.ID == d.Item }); i >= 0 {
			a.Names = items[i].Names
		}
		records = append(records, a)
	}
	return records, nil
}

func (p *Portal) recordApplications(ctx context.Context, s session.Session, id hub.EntityID) (out []view.EntityApplication, err error) {
	if p.o.Records == nil {
		return nil, nil
	}
	all, err := p.o.Records.Mine(ctx, p.visitor(s, hub.Secret{}, id))
	if errors.Is(err, hub.Denied) || errors.Is(err, hub.Suspended) { // a suspended entity binds nothing, and its page is shown all the same
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, b := range all {
		d, err := p.o.Departments.Department(ctx, b.Place.Department)
		if errors.Is(err, hub.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		a := view.EntityApplication{Owner: d.Names, State: view.ApplicationRecord, Record: view.RecordsEntry{ForEntity: true, State: string(b.State), Reason: string(b.Reason), At: b.BoundAt}}
		if k, ok := d.Record(b.Place.Kind); ok {
			a.Names = k.Names
		}
		if b.State == binding.Pending {
			if a.Record.Asking, err = p.o.Records.Asking(ctx, b.ID); err != nil {
				return nil, err
			}
		}
		out = append(out, a)
	}
	return out, nil
}
