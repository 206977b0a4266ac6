package app

import (
	"context"

	"onedoor/hub/notice"
	"onedoor/tenants"
	"onedoor/tenants/complaint"
	"onedoor/tenants/tenantsql"
	"onedoor/web/view"
)

// layComplaints: where people complain and ask for corrections.
func (h *Hub) layComplaints(context.Context) error {
	store, err := tenantsql.NewComplaints(h.db, contactVault{h.options.Masters, h.random})
	if err != nil {
		return err
	}
	h.complaints, err = complaint.New(complaint.Options{
		Store: store, Keeping: store, Department: isDepartment(h.directory), Counter: h.counters, Index: h.keys, Audit: h.audit, Tx: h.db,
		Clock: h.clock, Random: h.random, Told: h.toldAtDesk(notice.ComplaintAnswered),
	})
	return err
}

// addressees lists the departments that people can write to: those that serve them. A sandbox serves nobody.
func (h *Hub) addressees(ctx context.Context) []view.EntityDepartment {
	return h.serving(ctx, func(tenants.System) bool { return true })
}
