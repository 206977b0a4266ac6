package app

import (
	"context"
	"text/tabwriter"

	"onedoor/authz/casbinrules"
	"onedoor/authz/permit"
	"onedoor/configs"
	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/tenants/register"
	"onedoor/tenants/staff"
	"onedoor/tenants/tenantsql"
)

// layStaff: who works for departments and for the platform.
func (h *Hub) layStaff(context.Context) error {
	store, err := tenantsql.NewStaff(h.db)
	if err != nil {
		return err
	}
	if h.permits, err = permits(h.directory); err != nil {
		return err
	}
	h.staff, err = staff.New(staff.Options{
		Store: store, Areas: h.directory, Rights: h.permits, Audit: h.audit, Tx: h.db, Clock: h.clock, Random: h.random, FourEyes: h.options.Config.Staff.FourEyes,
	})
	if err != nil {
		return err
	}
	h.machines, err = staff.NewMachines(staff.MachineOptions{
		Store: store, Systems: h.register, Areas: h.directory, Audit: h.audit, Tx: h.db, Clock: h.clock, Random: h.random,
	})
	if err != nil {
		return err
	}
	h.changes, err = register.New(register.Options{
		Entries: h.register, Lives: h.register, Ends: closings{h.stores, h.register}, Audit: h.audit, Tx: h.db, Clock: h.clock, Random: h.random,
		FourEyes: h.options.Config.Staff.FourEyes,
	})
	return err
}

// permits reads the rules about staff, which are refused here if they are unsound.
func permits(register *tenants.Directory) (*permit.Permits, error) {
	rules, err := casbinrules.NewStaff(casbinrules.StaffOptions{Model: configs.StaffModel, Policy: configs.StaffPolicy, Areas: register})
	if err != nil {
		return nil, err
	}
	return permit.New(rules, register)
}

// places names departments and their areas, for a page.
func (h *Hub) places(ctx context.Context, place staff.Place) (department, area hub.Text) {
	d, err := h.directory.Department(ctx, place.Department)
	if err != nil {
		return nil, nil
	}
	for _, a := range d.Areas {
		if a.ID == place.Area {
			area = a.Names
		}
	}
	return d.Names, area
}

// StaffOrder is an order of the operator's about who works where.
type StaffOrder struct {
	Role       string
	Department string
	Area       string
}

// place gives where the order is about.
func (o StaffOrder) place() staff.Place {
	return staff.Place{Department: hub.DepartmentID(o.Department), Area: tenants.AreaID(o.Area)}
}

// InviteStaff makes an invitation and prints its address, once.
func InviteStaff(ctx context.Context, cfg configs.Config, p Process, order StaffOrder) error {
	return atStaff(ctx, cfg, p, func(ctx context.Context, s *staff.Service, register *tenants.Directory) error {
		place := order.place()
		if place.Department != "" {
			if _, err := register.Department(ctx, place.Department); err != nil {
				return hub.Errorf("app.InviteStaff", hub.Invalid, "there is no such department")
			}
		}
		i, secret, err := s.Invite(ctx, staff.Operator, staff.Role(order.Role), place)
		if err != nil {
			return err
		}
		say(p.Out, "%s/join/%s", cfg.Issuer, secret.Reveal())
		say(p.Err, "An invitation of one use, until %s, for somebody who signs in with %s. Hand it over on a way that nobody else reads.", when(i.ExpiresAt), staff.Least())
		return nil
	})
}

// ListStaff prints the posts of a department, or of the platform.
func ListStaff(ctx context.Context, cfg configs.Config, p Process, department string) error {
	return atStaff(ctx, cfg, p, func(ctx context.Context, s *staff.Service, _ *tenants.Directory) error {
		posts, err := s.At(ctx, hub.DepartmentID(department))
		if err != nil {
			return err
		}
		t := tabwriter.NewWriter(p.Out, 0, 8, 2, ' ', 0)
		for _, x := range posts {
			say(t, "%s\t%s\t%s\t%s\t%s\tsince %s", x.ID, x.Account, x.Role, x.Place.Area, x.State, when(x.At))
		}
		return t.Flush()
	})
}

// RemoveStaff ends a post.
func RemoveStaff(ctx context.Context, cfg configs.Config, p Process, post, reason string) error {
	return atStaff(ctx, cfg, p, func(ctx context.Context, s *staff.Service, _ *tenants.Directory) error {
		if !hub.ValidID(post) {
			return hub.Errorf("app.RemoveStaff", hub.Invalid, "a post has an id of 26 letters and digits: `onedoor admin list` tells it")
		}
		if err := s.Remove(ctx, staff.Operator, post, reason); err != nil {
			return err
		}
		say(p.Out, "the post has ended")
		return nil
	})
}

// ConfirmStaff is the operator's as the second pair of eyes.
func ConfirmStaff(ctx context.Context, cfg configs.Config, p Process, post string) error {
	return atStaff(ctx, cfg, p, func(ctx context.Context, s *staff.Service, _ *tenants.Directory) error {
		if !hub.ValidID(post) {
			return hub.Errorf("app.ConfirmStaff", hub.Invalid, "a post has an id of 26 letters and digits: `onedoor admin list` tells it")
		}
		if err := s.Confirm(ctx, staff.Operator, post); err != nil {
			return err
		}
		say(p.Out, "the post counts now")
		return nil
	})
}

// atStaff runs a command about staff.
func atStaff(ctx context.Context, cfg configs.Config, p Process, do func(ctx context.Context, s *staff.Service, register *tenants.Directory) error) error {
	o, err := openOffice(ctx, cfg, p)
	if err != nil {
		return err
	}
	defer o.Close() //nolint:errcheck // what it did has been committed
	_, directory, err := o.register(ctx)
	if err != nil {
		return err
	}
	store, err := tenantsql.NewStaff(o.db)
	if err != nil {
		return err
	}
	rights, err := permits(directory)
	if err != nil {
		return err
	}
	s, err := staff.New(staff.Options{
		Store: store, Areas: directory, Rights: rights, Audit: o.record, Tx: o.db, Clock: p.Clock, Random: p.Random, FourEyes: cfg.Staff.FourEyes,
	})
	if err != nil {
		return err
	}
	return do(ctx, s, directory)
}
