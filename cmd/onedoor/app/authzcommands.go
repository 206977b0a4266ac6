package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"onedoor/authz"
	"onedoor/authz/authzsql"
	"onedoor/authz/casbinrules"
	"onedoor/configs"
	"onedoor/hub"
)

// ExplainDecisions tells what was decided on service items under an interaction, why, and what it rested on.
func ExplainDecisions(ctx context.Context, cfg configs.Config, p Process, interaction string) (err error) {
	const op = "app.ExplainDecisions"
	if !hub.ValidID(interaction) {
		return hub.Errorf(op, hub.Invalid, "an interaction id has 26 letters and digits; it stands on pages, in answers and in the record")
	}
	o, err := openOffice(ctx, cfg, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	store, err := authzsql.New(o.db)
	if err != nil {
		return err
	}
	all, err := store.Decisions(ctx, hub.InteractionID(interaction))
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return hub.Errorf(op, hub.NotFound, "no decision is kept under this interaction")
	}
	for _, r := range all {
		item, err := store.ItemAt(ctx, r.Item, r.Version)
		if err != nil {
			return err
		}
		explain(p, r, item)
	}
	return nil
}

// explain writes one decision.
func explain(p Process, r authz.Record, item authz.Item) {
	answer := "permit"
	if !r.Permit {
		answer = "deny: " + joinWords(r.Reasons)
	}
	say(p.Out, "%s  %s %s of version %d, asked by %s: %s", r.At.UTC().Format(time.RFC3339), r.Action, r.Item, r.Version, r.System, answer)
	say(p.Out, "    decision %s, session %s", r.ID, r.Session)
	say(p.Out, "    for %s", actingParty(r.Party))
	for _, a := range r.Seen.Authentications {
		say(p.Out, "    login: %s, %s old", a.Level, r.At.Sub(a.At).Round(time.Second))
	}
	d := item.Demands
	say(p.Out, "    asked for: %s, at most %s old", d.Least, d.Age())
	if d.Person != authz.NotOwn && r.Party.Entity == "" {
		say(p.Out, "    the person's own word: item is %s, said %s", d.Person, orNothing(string(r.Seen.Opening)))
	}
	if r.Party.Entity != "" {
		say(p.Out, "    mandate for the department: %v", r.Seen.Mandated)
	}
	if x := r.Seen.Delegation; x != nil {
		say(p.Out, "    delegation %s: exclusive %v, approved %v, from %s", x.ID, x.Exclusive, !x.DecidedAt.IsZero(), x.From.UTC().Format(time.RFC3339))
	}
	for _, b := range r.Seen.Bound {
		say(p.Out, "    bound to a record of the kind %s, made at ial %s", b.Kind, b.IAL)
	}
	if len(d.Places.Networks) > 0 {
		say(p.Out, "    in the item's networks: %v", r.Seen.InNetworks)
	}
	if len(r.Seen.Places)+len(r.Seen.Devices) > 0 {
		say(p.Out, "    registered places: %s; devices shown: %s", orNothing(strings.Join(r.Seen.Places, " ")), orNothing(strings.Join(r.Seen.Devices, " ")))
	}
}

func actingParty(p authz.Party) string {
	if p.Entity != "" {
		return fmt.Sprintf("entity %s, by operator %s", p.Entity, p.Account)
	}
	return fmt.Sprintf("account %s, themselves", p.Account)
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

func joinWords(all []authz.Code) string {
	words := make([]string, len(all))
	for i, c := range all {
		words[i] = string(c)
	}
	return strings.Join(words, ", ")
}

// RehearseItems tells what drafts of items would have made of the decisions since a time, before they are applied. Nothing is changed.
func RehearseItems(ctx context.Context, cfg configs.Config, p Process, drafts *configs.Objects, since time.Duration) (err error) {
	const op = "app.RehearseItems"
	items := drafts.Items()
	if len(items) == 0 {
		return hub.Errorf(op, hub.Invalid, "the files declare no item")
	}
	compiler, err := casbinrules.NewItems(configs.ItemModel)
	if err != nil {
		return err
	}
	rules, err := compiler.Compile(items, nil)
	if err != nil {
		return err
	}
	o, err := openOffice(ctx, cfg, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	store, err := authzsql.New(o.db)
	if err != nil {
		return err
	}
	r := rehearsal{store: store, rules: rules, drafts: map[authz.ItemID]authz.Item{}, olds: map[string]authz.Item{}, found: map[authz.ItemID]*found{}}
	for _, i := range items {
		r.drafts[i.ID], r.found[i.ID] = i, &found{reasons: map[string]int{}}
	}
	if err := r.walk(ctx, o.Clock().Add(-since)); err != nil {
		return err
	}
	for _, i := range items {
		f := r.found[i.ID]
		say(p.Out, "%s: %d decisions: %d as they were, %d permitted that were denied, %d denied that were permitted, %d that can't be known", i.ID, f.all,
			f.same, f.opened, f.closed, f.unknown)
		for _, x := range sortedCounts(f.reasons) {
			say(p.Out, "    would be denied for %s: %d", x.word, x.n)
		}
	}
	return nil
}

// rehearsal walks over recorded decisions.
type rehearsal struct {
	store  *authzsql.Store
	rules  authz.Rules
	drafts map[authz.ItemID]authz.Item
	olds   map[string]authz.Item
	found  map[authz.ItemID]*found
}

type found struct {
	all, same, opened, closed, unknown int
	reasons                            map[string]int
}

func (r *rehearsal) walk(ctx context.Context, at time.Time) error {
	const batch = 1000
	for after := ""; ; {
		page, err := r.store.Since(ctx, at, after, batch)
		if err != nil {
			return err
		}
		for _, d := range page {
			draft, ok := r.drafts[d.Item]
			if !ok {
				continue
			}
			old, err := r.old(ctx, d)
			if err != nil {
				return err
			}
			r.found[d.Item].add(d, authz.Rehearse(d, old, draft, r.rules))
		}
		if len(page) < batch {
			return nil
		}
		at, after = page[batch-1].At, page[batch-1].ID
	}
}

// old gives the item as it was when it was decided.
func (r *rehearsal) old(ctx context.Context, d authz.Record) (authz.Item, error) {
	key := fmt.Sprintf("%s %d", d.Item, d.Version)
	if i, ok := r.olds[key]; ok {
		return i, nil
	}
	i, err := r.store.ItemAt(ctx, d.Item, d.Version)
	if err == nil {
		r.olds[key] = i
	}
	return i, err
}

func (f *found) add(d authz.Record, x authz.Rehearsal) {
	f.all++
	switch {
	case !x.Known:
		f.unknown++
	case x.Permit == d.Permit:
		f.same++
	case x.Permit:
		f.opened++
	default:
		f.closed++
		f.reasons[joinWords(authz.Decision{Reasons: x.Reasons}.Codes())]++
	}
}

type count struct {
	word string
	n    int
}

func sortedCounts(all map[string]int) (out []count) {
	for w, n := range all {
		out = append(out, count{w, n})
	}
	slices.SortFunc(out, func(a, b count) int { return cmp.Or(b.n-a.n, strings.Compare(a.word, b.word)) })
	return out
}
