package app

import (
	"context"
	"errors"
	"io"
	"slices"

	"onedoor/authz"
	"onedoor/authz/authzsql"
	"onedoor/configs"
	"onedoor/federation"
	"onedoor/federation/federationsql"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/tenants"
	"onedoor/tenants/tenantsql"
)

// Apply puts declared objects into the database, all of them or none, and tells what changed, field by field. The same files
// a second time change nothing. With dryRun it only tells. What is registered but not declared stays as it is. The faults of
// secrets and of the objects among each other come as configs.Faults.
func Apply(ctx context.Context, cfg configs.Config, p Process, objects *configs.Objects, dryRun bool) (err error) {
	o, err := openOffice(ctx, cfg, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	systems, err := tenantsql.New(o.db)
	if err != nil {
		return err
	}
	providers, err := federationsql.New(o.db)
	if err != nil {
		return err
	}
	stores, err := hubsql.New(o.db)
	if err != nil {
		return err
	}
	items, err := authzsql.New(o.db)
	if err != nil {
		return err
	}
	r := registers{systems, providers, items, o.Clock}
	var differences []configs.Difference
	var closing, stays []hub.SystemID
	var withheld []authz.ItemID
	var taken []string
	var holds []federation.Hold
	work := func(ctx context.Context) error {
		current, err := r.read(ctx)
		if err != nil {
			return err
		}
		declared, err := objects.Resolve(p.Env, sealer{o}, current)
		if err != nil {
			return err
		}
		held, api, err := systems.Marks(ctx)
		if err != nil {
			return err
		}
		stays = keepHeld(declared.Systems, held)
		if holds, err = providers.Holds(ctx); err != nil {
			return err
		}
		heldItems, apiItems, retired, err := items.ItemMarks(ctx)
		if err != nil {
			return err
		}
		if faults := ofRetired(declared.Items, retired); len(faults) > 0 {
			return faults
		}
		withheld = keepWithheld(declared.Items, heldItems)
		taken = append(takenOver(declared, api), itemsTakenOver(declared, apiItems)...)
		differences = configs.Diff(current, declared)
		closing = closed(current.Systems, current.Departments, declared.Systems, declared.Departments)
		if dryRun {
			return nil
		}
		if err := (closings{stores, systems}).Closed(ctx, closing, p.Clock()); err != nil {
			return err
		}
		return r.write(ctx, declared, o.record)
	}
	if dryRun {
		err = work(ctx)
	} else {
		err = o.db.InTx(ctx, work)
	}
	var faults configs.Faults
	if errors.As(err, &faults) {
		return faults
	}
	if err != nil {
		return err
	}
	if (len(closing) > 0 || itemsChange(differences)) && !dryRun {
		settle(ctx, span(cfg.Revocation.Lease)*11/10) // as a sign-out: once this has answered, no node takes their tokens for active, or decides by older items
	}
	report(p.Out, differences, dryRun)
	for _, id := range stays {
		say(p.Out, "! System %s stays suspended: staff have suspended it, and staff open it again", id)
	}
	for _, h := range holds {
		say(p.Out, "! Provider %s stays suspended (%s): staff have suspended it, and staff resume it", h.Provider, h.Reason)
	}
	for _, id := range withheld {
		say(p.Out, "! Item %s stays suspended: staff have suspended it, and staff offer it again", id)
	}
	for _, name := range taken {
		say(p.Out, "! %s was kept through the administrators' API; from now on it is kept by files", name)
	}
	return nil
}

// keepHeld leaves the systems suspended that staff have suspended: what runs every night must not undo an emergency.
func keepHeld(declared []tenants.System, held []hub.SystemID) (stays []hub.SystemID) {
	for i, s := range declared {
		if slices.Contains(held, s.ID) && s.Status == tenants.Live {
			declared[i].Status = tenants.Suspended
			stays = append(stays, s.ID)
		}
	}
	return stays
}

// keepWithheld leaves the items suspended that staff have suspended.
func keepWithheld(declared []authz.Item, held []authz.ItemID) (stays []authz.ItemID) {
	for n, i := range declared {
		if slices.Contains(held, i.ID) && i.Status == authz.Offered {
			declared[n].Status = authz.Withheld
			stays = append(stays, i.ID)
		}
	}
	return stays
}

// ofRetired lists the declared items whose ids are of items that are retired: what people have decided rests on those.
func ofRetired(declared []authz.Item, retired []authz.ItemID) (faults configs.Faults) {
	for _, i := range declared {
		if slices.Contains(retired, i.ID) {
			faults = append(faults, configs.Fault{
				Path: "Item " + string(i.ID), Rule: "RAZ-01", Text: "the item is retired and its id is never given again: take it out of the files, or give the new one another id",
			})
		}
	}
	return faults
}

// itemsTakenOver names the declared items that staff and programs kept so far.
func itemsTakenOver(declared configs.Register, api []authz.ItemID) (names []string) {
	for _, i := range declared.Items {
		if slices.Contains(api, i.ID) {
			names = append(names, configs.KindItem+" "+string(i.ID))
		}
	}
	return names
}

// takenOver names the declared entries that were kept through the API so far.
func takenOver(declared configs.Register, api map[string]bool) (names []string) {
	for _, d := range declared.Departments {
		if name := configs.KindDepartment + " " + string(d.ID); api[name] {
			names = append(names, name)
		}
	}
	for _, s := range declared.Systems {
		if name := configs.KindSystem + " " + string(s.ID); api[name] {
			names = append(names, name)
		}
	}
	return names
}

// itemsChange reports whether a service item is among the differences.
func itemsChange(all []configs.Difference) bool {
	return slices.ContainsFunc(all, func(d configs.Difference) bool { return d.Kind == configs.KindItem && len(d.Changes) > 0 })
}

// sealer seals our secrets at identity providers under the master key, as the connectors open them.
type sealer struct{ o *office }

var _ configs.Sealer = sealer{}

// Seal implements configs.Sealer.
func (s sealer) Seal(plain []byte) ([]byte, error) {
	return s.o.masters.SealSecret(s.o.Random, secretContext, plain)
}

// Open implements configs.Sealer.
func (s sealer) Open(sealed []byte) ([]byte, error) {
	return s.o.masters.OpenSecret(secretContext, sealed)
}

// registers are the stores that Apply writes to.
type registers struct {
	tenants   tenants.Store
	providers federation.Store
	items     authz.ItemStore
	clock     hub.Clock
}

func (r registers) read(ctx context.Context) (out configs.Register, err error) {
	if out.Providers, err = r.providers.Providers(ctx); err != nil {
		return out, err
	}
	if out.Departments, err = r.tenants.Departments(ctx); err != nil {
		return out, err
	}
	if out.Systems, err = r.tenants.Systems(ctx); err != nil {
		return out, err
	}
	out.Items, err = r.items.Items(ctx)
	return out, err
}

// write puts what is declared, departments before the systems that name them, and records each change (D5).
func (r registers) write(ctx context.Context, declared configs.Register, record audit.Recorder) error {
	var events []audit.Event
	note := func(changed bool, kind string, e audit.Event) {
		if changed {
			e.Kind, e.Outcome = kind, audit.Success
			events = append(events, e)
		}
	}
	for _, p := range declared.Providers {
		changed, err := r.providers.Put(ctx, p)
		if err != nil {
			return err
		}
		note(changed, "provider.changed", audit.Event{Provider: p.ID, Detail: map[string]string{"status": string(p.Status)}})
	}
	for _, d := range declared.Departments {
		changed, err := r.tenants.PutDepartment(ctx, d)
		if err != nil {
			return err
		}
		note(changed, "department.changed", audit.Event{Detail: map[string]string{"department": string(d.ID)}})
	}
	for _, s := range declared.Systems {
		changed, err := r.tenants.PutSystem(ctx, s)
		if err != nil {
			return err
		}
		note(changed, "system.changed", audit.Event{
			System: s.ID, Level: s.Least, Detail: map[string]string{"status": string(s.Status), "department": string(s.Department)},
		})
	}
	for _, i := range declared.Items {
		changed, err := r.items.PutItem(ctx, i, r.clock())
		if err != nil {
			return err
		}
		note(changed, "item.changed", audit.Event{
			Level: i.Demands.Least, Detail: map[string]string{"item": string(i.ID), "status": string(i.Status), "department": string(i.Department)},
		})
	}
	return record.Record(ctx, events...)
}

// report tells the differences: "+" is new, "~" changed, "=" as it was.
func report(w io.Writer, differences []configs.Difference, dryRun bool) {
	var added, changed, same int
	for _, d := range differences {
		switch {
		case d.New:
			added++
			say(w, "+ %s %s", d.Kind, d.ID)
			for _, c := range d.Changes {
				say(w, "    %s: %s", c.Path, c.New)
			}
		case len(d.Changes) > 0:
			changed++
			say(w, "~ %s %s", d.Kind, d.ID)
			for _, c := range d.Changes {
				say(w, "    %s", c)
			}
		default:
			same++
			say(w, "= %s %s", d.Kind, d.ID)
		}
	}
	done := ""
	if dryRun {
		done = " (dry run: nothing was written)"
	}
	say(w, "%d new, %d changed, %d as they were%s", added, changed, same, done)
}
