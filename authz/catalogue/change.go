package catalogue

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/tenants"
	"onedoor/tenants/staff"
)

// Outcome is what became of a change.
type Outcome struct {
	// Entry is the item as it is now; in a dry run, as it would be. The zero one where a new item waits.
	Entry Entry
	// Draft is set where the change waits for somebody else's yes (in a dry run: would).
	Draft *Draft
	// Changes are the fields that are others than before.
	Changes []authz.Change
}

// Put adds an item where version is 0, or replaces that version. With dry it only tells what would become of it. Where the department wants four
// eyes it waits. Denied; Faulty; Conflict for another version, for an item of another department, for one that the files keep, for the id
// of a retired one, and where a change of somebody else's waits.
func (s *Service) Put(ctx context.Context, by staff.Actor, item authz.Item, version int64, dry bool) (out Outcome, err error) {
	const op = "catalogue.Put"
	err = s.alone(ctx, func(ctx context.Context) error {
		if err := by.Require(ctx, putItem, place(item)); err != nil {
			return err
		}
		old, err := s.o.Entries.Entry(ctx, item.ID)
		switch {
		case errors.Is(err, hub.NotFound) && version == 0:
			old = Entry{Origin: ByAPI}
		case err != nil:
			return err
		case old.Version != version || !old.Retired.IsZero():
			return hub.Errorf(op, hub.Conflict, "the item is of another version")
		case old.Department != item.Department:
			return hub.Errorf(op, hub.Conflict, "an item stays with its department: what people have decided rests on it")
		case old.Origin == ByFile:
			return hub.Errorf(op, hub.Conflict, "the item is kept by files")
		}
		out, err = s.change(ctx, by, old, item, dry)
		return err
	})
	return out, err
}

// The reasons for which an item is suspended or offered again.
const (
	Planned     = "planned"
	Incident    = "incident"
	Misuse      = "misuse"
	Maintenance = "maintenance"
	Settled     = "settled" // what it was suspended for is over
)

// Reasons lists them.
func Reasons() []string { return []string{Planned, Incident, Misuse, Maintenance, Settled} }

// Move suspends an item, at once and for everybody, or offers it again; also one that files keep. Version 0 is whatever it is. Where the department
// wants four eyes, offering it again waits. Denied; NotFound; Invalid for another state or reason; Conflict for another version.
func (s *Service) Move(ctx context.Context, by staff.Actor, id authz.ItemID, to authz.Status, reason string, version int64) (out Outcome, err error) {
	const op = "catalogue.Move"
	known := false
	for _, r := range Reasons() {
		known = known || r == reason
	}
	if !known || to != authz.Offered && to != authz.Withheld {
		return out, hub.Errorf(op, hub.Invalid, "no such state or reason")
	}
	err = s.alone(ctx, func(ctx context.Context) error {
		old, err := s.present(ctx, by, id, version)
		if err != nil {
			return err
		}
		next := old.Item
		next.Status = to
		if out, err = s.change(ctx, by, old, next, false); err != nil || len(out.Changes) == 0 {
			return err
		}
		return s.record(ctx, "item.moved", by, next, map[string]string{"reason": reason, "to": string(to)})
	})
	return out, err
}

// present finds an item that may be changed, in the version that is named. Denied, NotFound, Conflict.
func (s *Service) present(ctx context.Context, by staff.Actor, id authz.ItemID, version int64) (Entry, error) {
	const op = "catalogue.present"
	old, err := s.o.Entries.Entry(ctx, id)
	if err != nil {
		return Entry{}, err
	}
	if err := by.Require(ctx, putItem, place(old.Item)); err != nil {
		return Entry{}, err
	}
	switch {
	case !old.Retired.IsZero():
		return Entry{}, hub.Errorf(op, hub.NotFound, "the item is retired")
	case version != 0 && version != old.Version:
		return Entry{}, hub.Errorf(op, hub.Conflict, "the item is of another version")
	}
	return old, nil
}

// change makes a change of an item, or keeps it until somebody else has said yes.
func (s *Service) change(ctx context.Context, by staff.Actor, old Entry, item authz.Item, dry bool) (Outcome, error) {
	item.Version = old.Version
	out := Outcome{Entry: old, Changes: authz.Differences(old.Item, item)}
	department, err := s.sound(ctx, item)
	if err != nil {
		return Outcome{}, err
	}
	if len(out.Changes) == 0 {
		return out, nil
	}
	if department.FourEyes && !closes(old.Item, item) {
		d := Draft{ID: hub.NewID(s.o.Random), Item: item, Base: old.Version, By: Authors{Account: by.Account, Program: by.System}, At: s.now()}
		out.Draft = &d
		if dry {
			return out, nil
		}
		if err := s.o.Drafts.KeepDraft(ctx, d); err != nil {
			return Outcome{}, err
		}
		return out, s.record(ctx, "item.proposed", by, item, map[string]string{"draft": d.ID, "version": number(d.Base), "changes": paths(out.Changes)})
	}
	next := Entry{Item: item, Origin: old.Origin, Held: old.Origin == ByFile && item.Status == authz.Withheld}
	if dry {
		out.Entry = next
		return out, nil
	}
	out.Entry, err = s.write(ctx, next, Authors{Account: by.Account, Program: by.System})
	if err != nil {
		return Outcome{}, err
	}
	return out, s.record(ctx, "item.changed", by, item, map[string]string{"version": number(out.Entry.Version), "changes": paths(out.Changes)})
}

func (s *Service) write(ctx context.Context, next Entry, by Authors) (_ Entry, err error) {
	next.Version, err = s.o.Entries.ReplaceItem(ctx, next, by, s.now())
	return next, err
}

// closes reports whether a change does nothing but suspend an item: that waits for nobody.
func closes(old, item authz.Item) bool {
	changes := authz.Differences(old, item)
	return old.ID != "" && len(changes) == 1 && changes[0].Path == "status" && item.Status == authz.Withheld
}

// sound holds an item to its own rules and to the register, and gives its department. Faulty.
func (s *Service) sound(ctx context.Context, item authz.Item) (tenants.Department, error) {
	faults := item.Validate()
	department, err := s.o.Register.Department(ctx, item.Department)
	if err != nil {
		return department, err
	}
	var systems []tenants.System
	for _, id := range item.Systems {
		x, err := s.o.Register.System(ctx, id)
		if err != nil && !errors.Is(err, hub.NotFound) {
			return department, err
		}
		if err == nil {
			systems = append(systems, x)
		}
	}
	for _, f := range authz.ValidateAll([]authz.Item{item}, []tenants.Department{department}, systems) {
		faults = append(faults, f.Fault)
	}
	if len(faults) == 0 { // what can't be put into a rule would keep every node from the changes that follow
		if _, err := s.o.Compiler.Compile([]authz.Item{item}, nil); err != nil {
			faults = append(faults, tenants.Fault{Text: "can't be made a rule"})
		}
	}
	if len(faults) > 0 {
		return department, &Faulty{faults}
	}
	return department, nil
}

// Confirm is somebody else's yes to a change that waits: it counts from then on. Denied, also for who proposed it; NotFound; Consumed where
// another change waits by now; Conflict where the item has been changed meanwhile; Faulty where it breaks rules by now.
func (s *Service) Confirm(ctx context.Context, by staff.Actor, item authz.ItemID, id string) (out Outcome, err error) {
	const op = "catalogue.Confirm"
	err = s.alone(ctx, func(ctx context.Context) error {
		d, old, err := s.waiting(ctx, by, item, id)
		if err != nil {
			return err
		}
		if err := by.Require(ctx, approveItem, place(d.Item)); err != nil {
			return err
		}
		if by.Account == "" || by.Account == d.By.Account {
			return hub.Errorf(op, hub.Denied, "nobody confirms what they have proposed")
		}
		if old.Version != d.Base || !old.Retired.IsZero() || old.Version != 0 && old.Department != d.Item.Department {
			return hub.Errorf(op, hub.Conflict, "the item has been changed since")
		}
		if _, err := s.sound(ctx, d.Item); err != nil {
			return err
		}
		if err := s.o.Drafts.TakeDraft(ctx, d.ID); err != nil {
			return err
		}
		out.Changes = authz.Differences(old.Item, d.Item)
		next := Entry{Item: d.Item, Origin: old.Origin, Held: old.Origin == ByFile && d.Item.Status == authz.Withheld}
		if out.Entry, err = s.write(ctx, next, Authors{Account: d.By.Account, Program: d.By.Program, Second: by.Account}); err != nil {
			return err
		}
		detail := map[string]string{"draft": d.ID, "version": number(out.Entry.Version), "changes": paths(out.Changes)}
		if d.By.Account != "" {
			detail["proposed_by"] = string(d.By.Account)
		}
		if d.By.Program != "" {
			detail["proposed_by_program"] = string(d.By.Program)
		}
		return s.record(ctx, "item.changed", by, d.Item, detail)
	})
	return out, err
}

// Decline is the no to a change that waits, or its author's own word that it is not meant any more. Denied, NotFound, Consumed.
func (s *Service) Decline(ctx context.Context, by staff.Actor, item authz.ItemID, id string) error {
	return s.alone(ctx, func(ctx context.Context) error {
		d, _, err := s.waiting(ctx, by, item, id)
		if err != nil {
			return err
		}
		act := approveItem
		if d.By.Account == by.Account && d.By.Program == by.System {
			act = putItem
		}
		if err := by.Require(ctx, act, place(d.Item)); err != nil {
			return err
		}
		if err := s.o.Drafts.TakeDraft(ctx, d.ID); err != nil {
			return err
		}
		return s.record(ctx, "item.declined", by, d.Item, map[string]string{"draft": d.ID})
	})
}

// waiting finds the change of an item that waits, and the item as it is. Denied, NotFound, Consumed.
func (s *Service) waiting(ctx context.Context, by staff.Actor, item authz.ItemID, id string) (d Draft, old Entry, err error) {
	if d, err = s.Draft(ctx, by, item); err != nil {
		return d, old, err
	}
	if d.ID != id {
		return d, old, hub.Errorf("catalogue.waiting", hub.Consumed, "another change waits by now")
	}
	if old, err = s.o.Entries.Entry(ctx, item); errors.Is(err, hub.NotFound) {
		return d, Entry{Origin: ByAPI}, nil
	}
	return d, old, err
}

// Retire takes an item out of the catalogue for good, at once, with a change of it that waits. Denied; NotFound; Conflict for another version and for
// one that the files keep.
func (s *Service) Retire(ctx context.Context, by staff.Actor, id authz.ItemID, version int64) (out Entry, err error) {
	err = s.alone(ctx, func(ctx context.Context) error {
		if out, err = s.present(ctx, by, id, version); err != nil {
			return err
		}
		if out.Origin == ByFile {
			return hub.Errorf("catalogue.Retire", hub.Conflict, "the item is kept by files")
		}
		d, err := s.o.Drafts.Draft(ctx, id)
		switch {
		case err == nil:
			err = s.o.Drafts.TakeDraft(ctx, d.ID)
		case errors.Is(err, hub.NotFound):
			err = nil
		}
		if err != nil {
			return err
		}
		out.Retired, out.Status = s.now(), authz.Withheld
		if out, err = s.write(ctx, out, Authors{Account: by.Account, Program: by.System}); err != nil {
			return err
		}
		return s.record(ctx, "item.retired", by, out.Item, map[string]string{"version": number(out.Version)})
	})
	return out, err
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// paths names changed fields in the words of an audit event, as many as it takes.
func paths(all []authz.Change) string {
	const most = 190 // characters: audit values have 200 at most
	words := make([]string, len(all))
	for i, c := range all {
		words[i] = strings.TrimPrefix(c.Path, "demands.")
	}
	text := strings.Join(words, ",")
	if len(text) > most {
		text = text[:strings.LastIndexByte(text[:most], ',')] + ",..."
	}
	return text
}

func (s *Service) record(ctx context.Context, kind string, by staff.Actor, item authz.Item, detail map[string]string) error {
	detail["item"], detail["department"], detail["status"] = string(item.ID), string(item.Department), string(item.Status)
	return s.o.Audit.Record(ctx, audit.Event{Kind: kind, Outcome: audit.Success, Level: item.Demands.Least, Detail: by.Note(detail)})
}
