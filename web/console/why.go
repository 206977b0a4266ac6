package console

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"onedoor/authz"
	"onedoor/authz/catalogue"
	"onedoor/hub"
	"onedoor/web/locale"
	"onedoor/web/view"
)

// why is GET /console/why[/{department}]: the decisions under an interaction, with their reasons.
func (f *Office) why(w http.ResponseWriter, r *http.Request, o officer) {
	ctx, id := r.Context(), r.URL.Query().Get("interaction")
	p := view.ConsolePage{Heading: locale.WhyTitle, Place: f.placeName(ctx, o), Lead: locale.WhyLead}
	ask := view.ConsolePart{ID: "search", Heading: locale.RecordSearch, Forms: []view.ConsoleForm{{
		Action: o.page, Get: true, Button: locale.ConsoleShow, Fields: []view.ConsoleField{{Name: "interaction", Label: locale.RecordNumber, Value: id}},
	}}}
	p.Parts = append(p.Parts, ask)
	if id != "" {
		all, err := f.o.Changes.Explain(ctx, f.actor(o), hub.InteractionID(id))
		if err != nil && !errors.Is(err, hub.NotFound) {
			f.v.Fail(w, r, err, root)
			return
		}
		if o.place.Department != "" { // somebody with posts at two departments sees each of them by itself
			all = slices.DeleteFunc(all, func(x catalogue.Explanation) bool { return x.Item.Department != o.place.Department })
		}
		p.Parts = append(p.Parts, f.decidedPart(o, locale.WhyTitle, locale.WhyNone, all))
	}
	f.show(w, r, http.StatusOK, o, p)
}

// decided is GET /console/decisions/{department}/{item}: the latest decisions on an item.
func (f *Office) decided(w http.ResponseWriter, r *http.Request, o officer) {
	e, err := f.here(r, o, authz.ItemID(r.PathValue("item")))
	var all []catalogue.Explanation
	if err == nil {
		all, err = f.o.Changes.Recent(r.Context(), f.actor(o), e.ID, atOnce)
	}
	if err != nil {
		f.v.Fail(w, r, err, "")
		return
	}
	f.show(w, r, http.StatusOK, o, view.ConsolePage{
		Heading: locale.WhyLatest, Place: view.ConsoleCell{Names: e.Names}, Parts: []view.ConsolePart{f.decidedPart(o, locale.WhyLatest, locale.WhyNoneYet, all)},
	})
}

func (f *Office) decidedPart(o officer, heading, empty locale.Word, all []catalogue.Explanation) view.ConsolePart {
	part := view.ConsolePart{
		ID: "decisions", Heading: heading, Empty: empty,
		Head: []locale.Word{locale.ItemTitle, locale.ConsoleTime, locale.WhyAnswer, locale.ItemWhy, locale.WhyHelp, locale.WhySystem, locale.WhyPerson, locale.WhyAsked, locale.WhyHad},
	}
	for _, x := range all {
		r := x.Record
		var help []view.ConsoleCell
		for _, k := range x.Remedies {
			help = append(help, view.ConsoleCell{Word: locale.DecisionRemedy(string(k))})
		}
		who := view.ConsoleCell{Code: f.account(o, r.Party.Account)}
		if r.Party.Entity != "" {
			who.Also = []view.ConsoleCell{{Word: locale.WhyEntity}}
		}
		asked := view.ConsoleCell{Level: x.Item.Demands.Least, Also: []view.ConsoleCell{{Text: short(x.Item.Demands.Age())}}}
		for _, w := range demandsOf(x.Item.Demands) {
			asked.Also = append(asked.Also, view.ConsoleCell{Word: w})
		}
		part.Rows = append(part.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{
			{Names: x.Item.Names, Also: []view.ConsoleCell{{Text: string(r.Action)}}},
			{At: r.At},
			answered(r.Permit), reasonsCell(r.Reasons), gather(help),
			{Code: string(r.System)},
			who, asked, had(r),
		}})
	}
	return part
}

// had tells what a decision rested on.
func had(r authz.Record) view.ConsoleCell {
	var all []view.ConsoleCell
	for _, a := range r.Seen.Authentications {
		all = append(all, view.ConsoleCell{Level: a.Level, Also: []view.ConsoleCell{{Text: r.At.Sub(a.At).Round(time.Second).String()}, {Word: locale.WhyOld}}})
	}
	if s := r.Seen.Opening; s != "" {
		all = append(all, view.ConsoleCell{Word: locale.WhyOpening, Also: []view.ConsoleCell{{Code: string(s)}}})
	}
	for _, x := range []struct {
		is   bool
		word locale.Word
	}{{r.Seen.Mandated, locale.WhyMandate}, {r.Seen.Delegation != nil, locale.WhyHanded}, {r.Seen.Awaits, locale.WhyAwaits}, {r.Seen.InNetworks || len(r.Seen.Places) > 0, locale.WhyPlace}, {len(r.Seen.Devices) > 0, locale.WhyDevice}} {
		if x.is {
			all = append(all, view.ConsoleCell{Word: x.word})
		}
	}
	for _, b := range r.Seen.Bound {
		all = append(all, view.ConsoleCell{Word: locale.WhyBound, Also: []view.ConsoleCell{{Code: b.Kind}, {Text: b.IAL.String()}}})
	}
	return gather(all)
}
