package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"onedoor/authz"
	"onedoor/authz/catalogue"
	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/tenants/staff"
	"onedoor/web/locale"
	"onedoor/web/view"
)

// newItem is GET /console/new-item/{department}.
func (f *Office) newItem(w http.ResponseWriter, r *http.Request, o officer) {
	form := formOf(authz.Item{Group: 3, Sensitivity: authz.Sensitive, Status: authz.Withheld, Demands: authz.Demands{
		Least: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, Person: authz.OptIn,
	}})
	f.showForm(w, r, http.StatusOK, o, view.ConsolePage{}, form, 0, f.freshly(r, o))
}

// editItem is GET /console/edit-item/{department}/{item}.
func (f *Office) editItem(w http.ResponseWriter, r *http.Request, o officer) {
	e, err := f.here(r, o, authz.ItemID(r.PathValue("item")))
	if err == nil && e.Origin == catalogue.ByFile {
		err = nothing()
	}
	if err != nil {
		f.v.Fail(w, r, err, "")
		return
	}
	f.showForm(w, r, http.StatusOK, o, view.ConsolePage{}, formOf(e.Item), e.Version, f.freshly(r, o))
}

// freshly reports whether somebody has just signed in: who has not is asked to before they type.
func (f *Office) freshly(r *http.Request, o officer) bool {
	_, fresh, err := f.v.FreshAt(r.Context(), o.session, staff.Least())
	return err == nil && fresh
}

// showForm answers with the form. Version is that of the item that it changes, 0 for a new one.
func (f *Office) showForm(w http.ResponseWriter, r *http.Request, status int, o officer, p view.ConsolePage, form itemForm, version int64, fresh bool) {
	d, err := f.o.Register.Department(r.Context(), o.place.Department)
	if err != nil {
		f.v.Fail(w, r, err, root)
		return
	}
	p.Heading, p.Lead, p.Place = locale.ItemNew, locale.ItemNewLead, f.placeName(r.Context(), o)
	if form.id != "" {
		p.Heading, p.Lead, p.Place = locale.ItemChange, locale.ItemChangeLead, view.ConsoleCell{Code: form.id}
	}
	ask := view.ConsoleForm{
		Action: o.page + doing + "save", Button: locale.ItemSave, Fields: form.fields(d, f.systemsOf(d.ID)),
		Hidden: []view.PostField{{Name: "version", Value: strconv.FormatInt(version, 10)}},
	}
	if form.id != "" && f.may(r.Context(), o, permit.DecisionRead) {
		ask.Also = &view.ConsoleButton{Name: "try", Value: "yes", Word: locale.ItemTry}
	}
	if !fresh {
		p.Stale, p.Back, p.Apart = locale.ConsoleFresh, o.page, r.Method == http.MethodPost
		if p.Apart {
			p.Stale = locale.ItemApart
		}
	}
	p.Parts = append(p.Parts, view.ConsolePart{ID: "item", Heading: locale.ItemTitle, Forms: []view.ConsoleForm{ask}})
	f.show(w, r, status, o, p)
}

// saveItem is POST /console/new-item/{department}/_/save and /console/edit-item/{department}/{item}/_/save. Whatever is wrong, the form comes back
// as it was typed: with every fault marked; where somebody else was faster, with what is other now; where the sign-in has aged, with another one
// beside it.
func (f *Office) saveItem(w http.ResponseWriter, r *http.Request, o officer, values url.Values) (bool, error) {
	ctx, id := r.Context(), r.PathValue("item")
	form := itemForm{id: id, values: values}
	version, err := strconv.ParseInt(values.Get("version"), 10, 64)
	if err != nil || version < 0 || (version == 0) != (id == "") {
		return false, hub.Errorf("console.saveItem", hub.Invalid, "no version")
	}
	item := form.item(o.place.Department)
	again := func(status int, p view.ConsolePage, version int64, fresh bool) (bool, error) {
		f.showForm(w, r, status, o, p, form, version, fresh)
		return true, nil
	}
	if !o.fresh {
		return again(http.StatusUnprocessableEntity, view.ConsolePage{}, version, false)
	}
	if id != "" {
		if _, err := f.here(r, o, authz.ItemID(id)); err != nil {
			return false, err
		}
	}
	if len(form.wrong) > 0 {
		form.mark(item.Validate())
		return again(http.StatusUnprocessableEntity, view.ConsolePage{Wrong: locale.ItemFaulty}, version, true)
	}
	var faulty *catalogue.Faulty
	if values.Get("try") != "" {
		x, err := f.o.Changes.Rehearse(ctx, f.actor(o), item, tryBack)
		switch {
		case errors.As(err, &faulty):
			form.mark(faulty.Faults)
			return again(http.StatusUnprocessableEntity, view.ConsolePage{Wrong: locale.ItemFaulty}, version, true)
		case err != nil:
			return false, err
		}
		return again(http.StatusOK, view.ConsolePage{Parts: f.tryParts(ctx, o, x)}, version, true)
	}
	x, err := f.o.Changes.Put(ctx, f.actor(o), item, version, false)
	switch {
	case errors.As(err, &faulty):
		form.mark(faulty.Faults)
		return again(http.StatusUnprocessableEntity, view.ConsolePage{Wrong: locale.ItemFaulty}, version, true)
	case errors.Is(err, hub.Conflict):
		return f.overrun(r, o, item, version, again)
	}
	if err := f.counts(r, x, err); err != nil {
		return false, err
	}
	http.Redirect(w, r, root+"/items/"+string(o.place.Department)+"/"+string(item.ID)+"?done=1", http.StatusSeeOther)
	return true, nil
}

// overrun tells of what is in the way of a change: another version, which is shown beside what was typed and is what the next try changes; or
// something that does not go away by trying again.
func (f *Office) overrun(r *http.Request, o officer, item authz.Item, version int64, again func(int, view.ConsolePage, int64, bool) (bool, error)) (bool, error) {
	now, err := f.here(r, o, item.ID)
	if err != nil || version == 0 || now.Version == version {
		return again(http.StatusConflict, view.ConsolePage{Wrong: locale.ItemHeld}, version, true)
	}
	return again(http.StatusConflict, view.ConsolePage{Wrong: locale.ItemOverrun, Parts: []view.ConsolePart{{
		ID: "differs", Heading: locale.ItemDiffers, Head: changesHead, Rows: changesRows(authz.Differences(now.Item, item)),
	}}}, now.Version, true)
}

// tryBack is how far back decisions are taken again for a page.
const tryBack = 30 * 24 * time.Hour

// tryParts tells what a draft would have made of the decisions.
func (f *Office) tryParts(ctx context.Context, o officer, x catalogue.Rehearsal) []view.ConsolePart {
	sums := view.ConsolePart{ID: "try", Heading: locale.TryTitle, Note: locale.TryLead, Facts: []view.ConsoleFact{
		fact(locale.TryAll, number(x.All)), fact(locale.TrySame, number(x.Same)), fact(locale.TryOpened, number(x.Opened)),
		fact(locale.TryClosed, number(x.Closed)), fact(locale.TryUnknown, number(x.Unknown)),
	}}
	if !x.Whole {
		sums.Facts[0].Cells[0].Also = []view.ConsoleCell{{Word: locale.TryPart}}
	}
	which := view.ConsolePart{
		ID: "which", Heading: locale.TryWhich, Empty: locale.TryNone,
		Head: []locale.Word{locale.ConsoleTime, locale.WhyPerson, locale.WhySystem, locale.WhyAnswer, locale.TryWould, locale.ItemWhy},
	}
	for _, e := range x.Examples {
		which.Rows = append(which.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{
			{At: e.Record.At},
			{Code: f.account(o, e.Record.Party.Account)},
			{Code: string(e.Record.System), Also: []view.ConsoleCell{{Text: string(e.Record.Action)}}},
			answered(e.Record.Permit), answered(e.Would.Permit), reasonsCell(authz.Decision{Reasons: e.Would.Reasons}.Codes()),
		}})
	}
	return []view.ConsolePart{sums, which}
}

func answered(permit bool) view.ConsoleCell { return tone(permit, locale.WhyYes, locale.WhyNo) }

// reasonsCell gives reasons in words.
func reasonsCell(all []authz.Code) view.ConsoleCell {
	cells := make([]view.ConsoleCell, len(all))
	for i, c := range all {
		cells[i] = view.ConsoleCell{Word: locale.DecisionReason(string(c)), Also: []view.ConsoleCell{{Code: string(c)}}}
	}
	return gather(cells)
}
