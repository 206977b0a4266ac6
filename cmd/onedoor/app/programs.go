package app

import (
	"context"
	"text/tabwriter"

	"onedoor/configs"
	"onedoor/hub"
	"onedoor/tenants/staff"
	"onedoor/tenants/tenantsql"
)

// GiveProgram lets a system act by itself at the administrators' API, from the command line: the first one is given so.
func GiveProgram(ctx context.Context, cfg configs.Config, p Process, system string, order StaffOrder) error {
	return atPrograms(ctx, cfg, p, func(ctx context.Context, m *staff.Machines) error {
		r, err := m.Give(ctx, staff.AtMachine(), hub.SystemID(system), staff.Role(order.Role), order.place())
		if err != nil {
			return err
		}
		say(p.Out, "%s", r.ID)
		return nil
	})
}

// ListPrograms prints what programs may do by themselves.
func ListPrograms(ctx context.Context, cfg configs.Config, p Process) error {
	return atPrograms(ctx, cfg, p, func(ctx context.Context, m *staff.Machines) error {
		const batch = 500
		t := tabwriter.NewWriter(p.Out, 0, 8, 2, ' ', 0)
		for after := ""; ; {
			all, err := m.All(ctx, after, batch)
			if err != nil {
				return err
			}
			for _, r := range all {
				say(t, "%s\t%s\t%s\t%s\t%s\tsince %s", r.ID, r.System, r.Role, r.Place.Department, r.Place.Area, when(r.At))
				after = r.ID
			}
			if len(all) < batch {
				return t.Flush()
			}
		}
	})
}

// EndProgram ends a right of a program.
func EndProgram(ctx context.Context, cfg configs.Config, p Process, right string) error {
	return atPrograms(ctx, cfg, p, func(ctx context.Context, m *staff.Machines) error {
		if !hub.ValidID(right) {
			return hub.Errorf("app.EndProgram", hub.Invalid, "a right has an id of 26 letters and digits: `onedoor admin programs` tells it")
		}
		if err := m.End(ctx, staff.AtMachine(), right); err != nil {
			return err
		}
		say(p.Out, "the right has ended")
		return nil
	})
}

// atPrograms runs a command about rights of programs.
func atPrograms(ctx context.Context, cfg configs.Config, p Process, do func(context.Context, *staff.Machines) error) error {
	o, err := openOffice(ctx, cfg, p)
	if err != nil {
		return err
	}
	defer o.Close() //nolint:errcheck // what it did has been committed
	register, directory, err := o.register(ctx)
	if err != nil {
		return err
	}
	store, err := tenantsql.NewStaff(o.db)
	if err != nil {
		return err
	}
	m, err := staff.NewMachines(staff.MachineOptions{Store: store, Systems: register, Areas: directory, Audit: o.record, Tx: o.db, Clock: p.Clock, Random: p.Random})
	if err != nil {
		return err
	}
	return do(ctx, m)
}
