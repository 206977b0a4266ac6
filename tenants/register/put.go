package register

import (
	"context"
	"slices"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/tenants"
	"onedoor/tenants/staff"
)

// The acts, as the rights know them (authz/permit).
const (
	addDepartment  = "department.add"
	putDepartment  = "department.put"
	stopDepartment = "department.stop"
	putSystem      = "system.put"
	testSystem     = "system.test"
	proposeSystem  = "system.propose"
	launchSystem   = "system.launch"
	suspendSystem  = "system.suspend"
	rotateSecret   = "system.rotate"
	grantMachine   = "machine.grant"
)

// Department gives one as it is kept. NotFound.
func (s *Service) Department(ctx context.Context, id hub.DepartmentID) (Department, error) {
	return s.o.Entries.Department(ctx, id)
}

// Departments lists all by id.
func (s *Service) Departments(ctx context.Context) ([]Department, error) {
	return s.o.Entries.AllDepartments(ctx)
}

// System gives one as it is kept. NotFound.
func (s *Service) System(ctx context.Context, id hub.SystemID) (System, error) {
	return s.o.Entries.System(ctx, id)
}

// Systems lists all by id.
func (s *Service) Systems(ctx context.Context) ([]System, error) {
	return s.o.Entries.AllSystems(ctx)
}

// PutDepartment adds a department where version is 0, or replaces that version. Its status stays as it is: see StopDepartment. Denied;
// Faulty; Conflict for another version, and for one that the files keep.
func (s *Service) PutDepartment(ctx context.Context, by staff.Actor, d tenants.Department, version int64) (out Department, err error) {
	const op = "register.PutDepartment"
	err = s.alone(ctx, func(ctx context.Context) error {
		out = Department{Department: d, Version: version, Origin: ByAPI}
		if version == 0 {
			if err := by.Require(ctx, addDepartment, staff.Place{}); err != nil {
				return err
			}
		} else {
			if err := by.Require(ctx, putDepartment, staff.Place{Department: d.ID}); err != nil {
				return err
			}
			old, err := s.o.Entries.Department(ctx, d.ID)
			if err != nil {
				return err
			}
			if old.Origin == ByFile {
				return hub.Errorf(op, hub.Conflict, "the entry is kept by files")
			}
			out.Status = old.Status
			if old.FourEyes && !d.FourEyes { // not by those whose changes it holds back
				if err := by.Require(ctx, addDepartment, staff.Place{}); err != nil {
					return err
				}
			}
		}
		if err := s.sound(ctx, &out.Department, nil); err != nil {
			return err
		}
		if out.Version, err = s.o.Entries.ReplaceDepartment(ctx, out); err != nil {
			return err
		}
		return s.record(ctx, "department.changed", by, audit.Event{}, map[string]string{"department": string(d.ID)})
	})
	return out, err
}

// StopDepartment suspends a department with all that it has, or lets it take part again. Denied; Conflict where it is so already.
func (s *Service) StopDepartment(ctx context.Context, by staff.Actor, id hub.DepartmentID, status tenants.DepartmentStatus, reason string) (out Department, err error) {
	const op = "register.StopDepartment"
	if status != tenants.DepartmentActive && status != tenants.DepartmentSuspended || !slices.Contains(Reasons(), reason) {
		return Department{}, hub.Errorf(op, hub.Invalid, "neither a state nor a reason")
	}
	err = s.alone(ctx, func(ctx context.Context) error {
		if err := by.Require(ctx, stopDepartment, staff.Place{Department: id}); err != nil {
			return err
		}
		if out, err = s.o.Entries.Department(ctx, id); err != nil {
			return err
		}
		if out.Active() == (status == tenants.DepartmentActive) {
			return hub.Errorf(op, hub.Conflict, "it is so already")
		}
		out.Status = status
		if out.Version, err = s.o.Entries.ReplaceDepartment(ctx, out); err != nil {
			return err
		}
		if status == tenants.DepartmentSuspended {
			if err := s.close(ctx, func(x System) bool { return x.Department == id }); err != nil {
				return err
			}
		}
		return s.record(ctx, "department.moved", by, audit.Event{Reason: reason}, map[string]string{"department": string(id), "became": string(status)})
	})
	return out, err
}

// close ends what rests on the live systems that are meant.
func (s *Service) close(ctx context.Context, meant func(System) bool) error {
	all, err := s.o.Entries.AllSystems(ctx)
	if err != nil {
		return err
	}
	var ids []hub.SystemID
	for _, x := range all {
		if x.Status == tenants.Live && meant(x) {
			ids = append(ids, x.ID)
		}
	}
	return s.o.Ends.Closed(ctx, ids, s.now())
}

// PutSystem adds a draft where version is 0, or replaces that version. Status and secrets stay as they are: see Move and Rotate. Denied, also where
// it would become a system of somebody else's or one for the administrators' API; Faulty; Conflict for another version, and for one that the files
// keep.
func (s *Service) PutSystem(ctx context.Context, by staff.Actor, x tenants.System, version int64) (out System, err error) {
	const op = "register.PutSystem"
	err = s.alone(ctx, func(ctx context.Context) error {
		out = System{System: x, Version: version, Origin: ByAPI}
		out.Status = tenants.Draft
		if err := by.Require(ctx, putSystem, place(x)); err != nil {
			return err
		}
		var powers []string
		if version != 0 {
			old, err := s.o.Entries.System(ctx, x.ID)
			if err != nil {
				return err
			}
			act := putSystem
			if old.Status == tenants.Live || old.Status == tenants.Suspended {
				act = launchSystem // its word was given for what it was
			}
			for _, where := range []staff.Place{place(old.System), place(x)} {
				if err := by.Require(ctx, act, where); err != nil {
					return err
				}
			}
			switch {
			case old.Origin == ByFile:
				return hub.Errorf(op, hub.Conflict, "the entry is kept by files")
			case old.Department != x.Department:
				return hub.Errorf(op, hub.Conflict, "a system stays with its department: names of persons there rest on it")
			}
			out.Status, out.Held, powers = old.Status, old.Held, old.Powers()
			out.keepSecrets(old)
		}
		if slices.ContainsFunc(x.Powers(), func(scope string) bool { return !slices.Contains(powers, scope) }) {
			if err := by.Require(ctx, grantMachine, staff.Place{}); err != nil {
				return err
			}
		}
		if err := s.sound(ctx, nil, &out.System); err != nil {
			return err
		}
		if out.Version, err = s.o.Entries.ReplaceSystem(ctx, out); err != nil {
			return err
		}
		return s.record(ctx, "system.changed", by, audit.Event{System: x.ID, Level: x.Least}, map[string]string{"status": string(out.Status), "department": string(x.Department)})
	})
	return out, err
}

// keepSecrets gives an entry the secrets that it had: what is put holds none.
func (s *System) keepSecrets(old System) {
	if s.OIDC != nil {
		o := *s.OIDC
		o.Secrets = nil
		if old.OIDC != nil && o.ShowsSecret() {
			o.Secrets = old.OIDC.Secrets
		}
		s.OIDC = &o
	}
	if s.Forward != nil {
		f := *s.Forward
		f.Secrets = nil
		if old.Forward != nil {
			f.Secrets = old.Forward.Secrets
		}
		s.Forward = &f
	}
}

// sound holds an entry to the rules, by itself and beside all others.
func (s *Service) sound(ctx context.Context, d *tenants.Department, x *tenants.System) error {
	var own []tenants.Fault
	kind, id := "Department", ""
	if d != nil {
		own, id = d.Validate(), string(d.ID)
	}
	if x != nil {
		own, kind, id = x.Validate(), "System", string(x.ID)
	}
	if len(own) > 0 {
		return &Faulty{own}
	}
	departments, err := s.o.Entries.AllDepartments(ctx)
	if err != nil {
		return err
	}
	systems, err := s.o.Entries.AllSystems(ctx)
	if err != nil {
		return err
	}
	var ds []tenants.Department
	var xs []tenants.System
	for _, e := range departments {
		if d == nil || e.ID != d.ID {
			ds = append(ds, e.Department)
		}
	}
	for _, e := range systems {
		if x == nil || e.ID != x.ID {
			xs = append(xs, e.System)
		}
	}
	if d != nil {
		ds = append(ds, *d)
	}
	if x != nil {
		xs = append(xs, *x) // the last: of two that are at odds it is told of this one
	}
	var beside []tenants.Fault
	for _, f := range tenants.ValidateAll(ds, xs) {
		switch {
		case f.Kind == kind && f.ID == id:
			beside = append(beside, f.Fault)
		case d != nil: // an area that a system of the department is of is no longer there
			beside = append(beside, tenants.Fault{Path: "areas", Rule: f.Rule, Text: "system " + f.ID + ": " + f.Path + " " + f.Text})
		}
	}
	if len(beside) > 0 {
		return &Faulty{beside}
	}
	return nil
}
