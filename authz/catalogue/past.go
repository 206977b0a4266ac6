package catalogue

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/tenants/staff"
)

// Past keeps what was decided, and every version of every item.
type Past interface {
	// Decisions lists those of an interaction, the oldest first.
	Decisions(ctx context.Context, id hub.InteractionID) ([]authz.Record, error)
	// DecisionsOf lists those on an item from a time on, the latest first, before a time and an id, at most limit.
	DecisionsOf(ctx context.Context, item authz.ItemID, since, before time.Time, below string, limit int) ([]authz.Record, error)
	// ItemAt gives an item as it was in a version. NotFound.
	ItemAt(ctx context.Context, id authz.ItemID, version int64) (authz.Item, error)
}

// Bounds of a look at what was decided.
const (
	// LongestSince is how far back it goes: decisions are kept no longer.
	LongestSince = 90 * 24 * time.Hour
	// MostRehearsed is how many decisions are taken again for a page or an answer: the latest ones. The command line takes them all.
	MostRehearsed = 20_000
	mostExamples  = 50
	batch         = 1000
)

// Rehearsal is what a draft of an item would have made of the decisions on it.
type Rehearsal struct {
	Draft   authz.Item
	Changes []authz.Change // of the draft
	Since   time.Time
	// All that were looked at: as they were, permitted that were denied, denied that were permitted, and those of which nobody can know.
	All, Same, Opened, Closed, Unknown int
	// Whole is false where there were more, and only the latest were looked at.
	Whole bool
	// Reasons are those of the decisions that would be denied now, the most frequent first.
	Reasons []Count
	// Examples are the latest decisions that would be others.
	Examples []Example
}

// Count is how many decisions would have the reasons.
type Count struct {
	Codes []authz.Code
	N     int
}

// Example is a decision that would be another.
type Example struct {
	Record authz.Record
	Would  authz.Rehearsal
}

// Take takes the decisions on an item since a time again under a draft of it, the latest first, at most that many. Nothing is changed.
func Take(ctx context.Context, past Past, compiler authz.Compiler, draft authz.Item, since, now time.Time, most int) (Rehearsal, error) {
	rules, err := compiler.Compile([]authz.Item{draft}, nil)
	if err != nil {
		return Rehearsal{}, err
	}
	out := Rehearsal{Draft: draft, Since: since}
	versions, reasons := map[int64]authz.Item{}, map[string]*Count{}
	for before, below := now.Add(time.Microsecond), ""; ; {
		page, err := past.DecisionsOf(ctx, draft.ID, since, before, below, batch)
		if err != nil {
			return Rehearsal{}, err
		}
		for _, r := range page {
			if out.All == most {
				out.sort(reasons)
				return out, nil
			}
			was, ok := versions[r.Version]
			if !ok {
				if was, err = past.ItemAt(ctx, r.Item, r.Version); err != nil {
					return Rehearsal{}, err
				}
				versions[r.Version] = was
			}
			out.add(r, authz.Rehearse(r, was, draft, rules), reasons)
		}
		if len(page) < batch {
			out.Whole = true
			out.sort(reasons)
			return out, nil
		}
		before, below = page[batch-1].At, page[batch-1].ID
	}
}

func (r *Rehearsal) add(d authz.Record, would authz.Rehearsal, reasons map[string]*Count) {
	r.All++
	switch {
	case !would.Known:
		r.Unknown++
		return
	case would.Permit == d.Permit:
		r.Same++
		return
	case would.Permit:
		r.Opened++
	default:
		r.Closed++
		codes := authz.Decision{Reasons: would.Reasons}.Codes()
		key := fmt.Sprint(codes)
		if reasons[key] == nil {
			reasons[key] = &Count{Codes: codes}
		}
		reasons[key].N++
	}
	if len(r.Examples) < mostExamples {
		r.Examples = append(r.Examples, Example{d, would})
	}
}

func (r *Rehearsal) sort(reasons map[string]*Count) {
	for _, c := range reasons {
		r.Reasons = append(r.Reasons, *c)
	}
	slices.SortFunc(r.Reasons, func(a, b Count) int {
		return cmp.Or(b.N-a.N, strings.Compare(fmt.Sprint(a.Codes), fmt.Sprint(b.Codes)))
	})
}

// Rehearse tells what a draft of an item would have made of the decisions on it of the last while, before it counts. That somebody has looked is
// recorded. Denied; Faulty; Invalid for a time that is longer than decisions are kept.
func (s *Service) Rehearse(ctx context.Context, by staff.Actor, draft authz.Item, back time.Duration) (out Rehearsal, err error) {
	const op = "catalogue.Rehearse"
	if back <= 0 || back > LongestSince {
		return out, hub.Errorf(op, hub.Invalid, "a time between now and as long as decisions are kept")
	}
	for _, act := range []string{readItem, readDecision} {
		if err := by.Require(ctx, act, place(draft)); err != nil {
			return out, err
		}
	}
	old, err := s.o.Entries.Entry(ctx, draft.ID)
	switch {
	case err != nil:
		return out, err
	case old.Department != draft.Department: // what was decided there is not theirs to see
		return out, hub.Errorf(op, hub.NotFound, "an item of another department")
	}
	draft.Version = old.Version
	if _, err := s.sound(ctx, draft); err != nil {
		return out, err
	}
	now := s.now()
	if out, err = Take(ctx, s.o.Past, s.o.Compiler, draft, now.Add(-back), now, MostRehearsed); err != nil {
		return out, err
	}
	out.Changes = authz.Differences(old.Item, draft)
	return out, s.record(ctx, "item.rehearsed", by, old.Item, map[string]string{"decisions": number(int64(out.All)), "changes": paths(out.Changes)})
}

// Explanation is a decision with the item as it was then.
type Explanation struct {
	Record authz.Record
	Item   authz.Item
	// Remedies would have turned a no into a yes; none where nothing that the person does would.
	Remedies []authz.RemedyKind
}

// Explain tells all decisions under an interaction that the actor may see, the oldest first, by the items as they were then. That somebody has looked
// is recorded. NotFound where there are none for them.
func (s *Service) Explain(ctx context.Context, by staff.Actor, id hub.InteractionID) ([]Explanation, error) {
	const op = "catalogue.Explain"
	if !hub.ValidID(string(id)) {
		return nil, hub.Errorf(op, hub.NotFound, "not an interaction")
	}
	all, err := s.o.Past.Decisions(ctx, id)
	if err != nil {
		return nil, err
	}
	out, err := s.explained(ctx, by, all)
	if err == nil && len(out) == 0 {
		err = hub.Errorf(op, hub.NotFound, "no decision that they may see is kept under this interaction")
	}
	if err != nil {
		return nil, err
	}
	return out, s.looked(ctx, by, map[string]string{"interaction": string(id)})
}

// Recent tells the latest decisions on an item, the latest first, at most limit. That somebody has looked is recorded. Denied, NotFound.
func (s *Service) Recent(ctx context.Context, by staff.Actor, item authz.ItemID, limit int) ([]Explanation, error) {
	e, err := s.o.Entries.Entry(ctx, item)
	if err != nil {
		return nil, err
	}
	if err := by.Require(ctx, readDecision, place(e.Item)); err != nil {
		return nil, err
	}
	now := s.now()
	all, err := s.o.Past.DecisionsOf(ctx, item, now.Add(-LongestSince), now.Add(time.Microsecond), "", limit)
	if err != nil {
		return nil, err
	}
	out, err := s.explained(ctx, by, all)
	if err != nil {
		return nil, err
	}
	return out, s.looked(ctx, by, map[string]string{"item": string(item)})
}

// explained puts decisions beside their items, and leaves out those that the actor may not see.
func (s *Service) explained(ctx context.Context, by staff.Actor, all []authz.Record) ([]Explanation, error) {
	var out []Explanation
	for _, r := range all {
		item, err := s.o.Past.ItemAt(ctx, r.Item, r.Version)
		if err != nil {
			return nil, err
		}
		switch err := by.Require(ctx, readDecision, place(item)); hub.KindOf(err) {
		case "":
		case hub.Denied:
			continue
		default:
			return nil, err
		}
		x := Explanation{Record: r, Item: item}
		d := authz.Decision{}
		for _, code := range r.Reasons {
			d.Reasons = append(d.Reasons, authz.Reason{Code: code})
		}
		for _, m := range d.Remedies() {
			x.Remedies = append(x.Remedies, m.Kind)
		}
		out = append(out, x)
	}
	return out, nil
}

func (s *Service) looked(ctx context.Context, by staff.Actor, detail map[string]string) error {
	return s.o.Audit.Record(ctx, audit.Event{Kind: "decision.explained", Outcome: audit.Success, Detail: by.Note(detail)})
}
