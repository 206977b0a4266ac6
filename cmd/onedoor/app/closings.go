package app

import (
	"context"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubsql"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
	"onedoor/tenants"
	"onedoor/tenants/tenantsql"
)

// closings ends what rests on systems that are no longer open (register.Ends): their tokens and grants at once, in the transaction of the change;
// the sessions there are told batch by batch, by a duty of every node.
type closings struct {
	stores   *hubsql.Stores
	register *tenantsql.Store
}

// Closed implements register.Ends.
func (c closings) Closed(ctx context.Context, systems []hub.SystemID, at time.Time) error {
	for _, id := range systems {
		if err := c.stores.Revocations.RevokeSystem(ctx, id, at, at.Add(longestToken)); err != nil {
			return err
		}
		if _, err := c.stores.Grants.RevokeOfSystem(ctx, id, "system_closed", at); err != nil {
			return err
		}
		if err := c.register.Close(ctx, id, sqldb.Micros(at)); err != nil {
			return err
		}
	}
	return nil
}

// closed gives the systems that were open to people and no longer are, by themselves or with their department.
func closed(systems []tenants.System, departments []tenants.Department, after []tenants.System, afterwards []tenants.Department) (ids []hub.SystemID) {
	status := map[hub.SystemID]tenants.SystemStatus{}
	owner := map[hub.SystemID]hub.DepartmentID{}
	active := map[hub.DepartmentID]bool{}
	for _, d := range departments {
		active[d.ID] = d.Active()
	}
	wasOpen := map[hub.SystemID]bool{}
	for _, s := range systems {
		wasOpen[s.ID] = s.Status == tenants.Live && active[s.Department]
		status[s.ID], owner[s.ID] = s.Status, s.Department
	}
	for _, d := range afterwards {
		active[d.ID] = d.Active()
	}
	for _, s := range after {
		status[s.ID], owner[s.ID] = s.Status, s.Department
	}
	for _, s := range systems {
		if wasOpen[s.ID] && (status[s.ID] != tenants.Live || !active[owner[s.ID]]) {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

const (
	closingBatch = 100
	// closingWait is how long after its end a system's sessions are told: by then every node has read the register again, and none lets
	// somebody in behind it.
	closingWait = 3 * time.Second
)

// tellClosed tells the sessions at systems that are no longer open that their use there has ended. What a node leaves undone another does; a
// session that two of them tell is told once.
func (h *Hub) tellClosed(ctx context.Context) error {
	open, err := h.register.Closings(ctx, sqldb.Micros(h.clock().Add(-closingWait)), 10)
	if err != nil {
		return err
	}
	for _, c := range open {
		if s, err := h.directory.System(ctx, c.System); err == nil && s.Status == tenants.Live { // open again: nobody is to be turned out
			if err := h.register.Reached(ctx, c, "", true); err != nil {
				return err
			}
			continue
		}
		all, err := h.stores.Sessions.At(ctx, c.System, c.Through, closingBatch)
		if err != nil {
			return err
		}
		last := c.Through
		for _, id := range all {
			_, err := h.logout.Leave(ctx, id, c.System, session.Cause{Reason: session.EndedByAdmin})
			if kind := hub.KindOf(err); err != nil && kind != hub.NotFound && kind != hub.Expired {
				return err
			}
			last = id
		}
		if err := h.register.Reached(ctx, c, last, len(all) < closingBatch); err != nil {
			return err
		}
	}
	return nil
}
