package app

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"onedoor/authz"
	"onedoor/authz/authzsql"
	"onedoor/authz/casbinrules"
	"onedoor/authz/catalogue"
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
	if r.Seen.Awaits {
		say(p.Out, "    a delegation waited for the department's staff")
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
	o, err := openOffice(ctx, cfg, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	store, err := authzsql.New(o.db)
	if err != nil {
		return err
	}
	for _, i := range items {
		now := o.Clock()
		x, err := catalogue.Take(ctx, store, compiler, i, now.Add(-since), now, math.MaxInt)
		if err != nil {
			return err
		}
		say(p.Out, "%s: %d decisions: %d as they were, %d permitted that were denied, %d denied that were permitted, %d that can't be known", i.ID, x.All,
			x.Same, x.Opened, x.Closed, x.Unknown)
		for _, n := range x.Reasons {
			say(p.Out, "    would be denied for %s: %d", joinWords(n.Codes), n.N)
		}
	}
	return nil
}
