package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"onedoor/authz"
	"onedoor/authz/catalogue"
	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/tenants/staff"
	"onedoor/web/locale"
	"onedoor/web/view"
)

// items is GET /console/items[/{department}]: the catalogue, with what each item demands.
func (f *Office) items(w http.ResponseWriter, r *http.Request, o officer) {
	all := f.o.Items.Items()
	if o.place.Department != "" {
		all = f.o.Items.Of(o.place.Department)
	}
	after := authz.ItemID(r.URL.Query().Get("after"))
	part := view.ConsolePart{
		ID: "items", Heading: locale.ItemsTitle, Empty: locale.ItemsNone,
		Head: []locale.Word{locale.ConsoleName, locale.ConsoleWhere, locale.ItemCategory, locale.ConsoleState, locale.ConsoleLevel, locale.ItemDemands},
	}
	for _, i := range all {
		if i.ID <= after {
			continue
		}
		if len(part.Rows) == atOnce {
			part.Links = []view.ConsoleLink{{Href: o.page + "?after=" + url.QueryEscape(string(after)), Word: locale.ConsoleMore}}
			break
		}
		after = i.ID
		demands := view.ConsoleCell{}
		for _, d := range demandsOf(i.Demands) {
			if demands.Blank() {
				demands = view.ConsoleCell{Word: d}
				continue
			}
			demands.Also = append(demands.Also, view.ConsoleCell{Word: d})
		}
		state := tone(i.Status == authz.Offered, locale.ItemOffered, locale.ItemWithheld)
		part.Rows = append(part.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{
			{Names: i.Names, Href: root + "/items/" + string(i.Department) + "/" + string(i.ID), Also: []view.ConsoleCell{{Code: string(i.ID)}}}, {Code: string(i.Department)}, {Text: i.Category}, state, {Level: i.Demands.Least}, demands,
		}})
	}
	parts := []view.ConsolePart{part}
	if o.place.Department != "" {
		waiting, err := f.waitingItems(r.Context(), o)
		if err != nil {
			f.v.Fail(w, r, err, root)
			return
		}
		if len(waiting.Rows) > 0 {
			parts = append([]view.ConsolePart{waiting}, parts...)
		}
		if f.may(r.Context(), o, permit.ItemPut) {
			parts[len(parts)-1].Links = append(parts[len(parts)-1].Links, view.ConsoleLink{Href: root + "/new-item/" + string(o.place.Department), Word: locale.ItemNew})
		}
	}
	p := view.ConsolePage{Heading: locale.ItemsTitle, Place: f.placeName(r.Context(), o), Lead: locale.ItemsLead, Parts: parts}
	f.show(w, r, http.StatusOK, o, p)
}

// waitingItems lists the changes of a department's items that wait for a second pair of eyes.
func (f *Office) waitingItems(ctx context.Context, o officer) (view.ConsolePart, error) {
	part := view.ConsolePart{ID: "waiting", Heading: locale.ItemWaiting, Head: []locale.Word{locale.ConsoleName, locale.ConsoleTime, locale.ItemWho}}
	all, err := f.o.Changes.DraftsOf(ctx, f.actor(o), o.place.Department, atOnce)
	for _, d := range all {
		part.Rows = append(part.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{
			{Names: d.Item.Names, Href: root + "/items/" + string(o.place.Department) + "/" + string(d.Item.ID), Also: []view.ConsoleCell{{Code: string(d.Item.ID)}}},
			{At: d.At},
			f.author(o, d.By),
		}})
	}
	return part, err
}

// demandsOf says what an item demands beside a level.
func demandsOf(d authz.Demands) (all []locale.Word) {
	for _, x := range []struct {
		is   bool
		word locale.Word
	}{
		{d.Person == authz.Lockable, locale.ItemLockable},
		{d.Person == authz.OptIn, locale.ItemOptIn},
		{d.Entity == authz.ByMandate, locale.ItemMandate},
		{d.Entity == authz.ByDelegation, locale.ItemDelegated},
		{d.Exclusive, locale.ItemExclusive},
		{d.Approval, locale.ItemApproval},
		{d.Places.Device, locale.ItemDevice},
		{len(d.Places.Networks) > 0, locale.ItemNetwork},
		{d.Binding.Demanded, locale.ItemBound},
	} {
		if x.is {
			all = append(all, x.word)
		}
	}
	return all
}

// actor is who works here, with the rights of their posts.
func (f *Office) actor(o officer) staff.Actor { return f.o.Permits.As(o.subject) }

// author tells who made a change.
func (f *Office) author(o officer, by catalogue.Authors) view.ConsoleCell {
	var all []view.ConsoleCell
	for _, x := range []string{f.account(o, by.Account), string(by.Program), f.account(o, by.Second)} {
		if x != "" {
			all = append(all, view.ConsoleCell{Code: x})
		}
	}
	if len(all) == 0 {
		return view.ConsoleCell{Word: locale.ItemByFile}
	}
	return gather(all)
}

// item is GET /console/items/{department}/{item}: what it demands, what it was, and what may be done with it. Of a new item that waits for somebody's
// yes there is only that.
func (f *Office) item(w http.ResponseWriter, r *http.Request, o officer) {
	ctx, id := r.Context(), authz.ItemID(r.PathValue("item"))
	e, err := f.o.Changes.Entry(ctx, f.actor(o), id)
	d, bad := f.o.Changes.Draft(ctx, f.actor(o), id)
	waits := bad == nil && d.Item.Department == o.place.Department
	switch {
	case bad != nil && !errors.Is(bad, hub.NotFound) && !errors.Is(bad, hub.Denied): // another department's is not there, with or without a draft
		err = bad
	case waits && errors.Is(err, hub.NotFound):
		e, err = catalogue.Entry{}, nil
	case err == nil && e.Department != o.place.Department, errors.Is(err, hub.Denied):
		err = nothing()
	}
	if err != nil {
		f.v.Fail(w, r, err, "")
		return
	}
	p := view.ConsolePage{Heading: locale.ItemTitle, Place: view.ConsoleCell{Names: e.Names, Code: string(id)}, Parts: nil}
	if e.ID == "" {
		p.Place.Names = d.Item.Names
	}
	if waits {
		p.Parts = append(p.Parts, f.draftPart(ctx, o, e, d))
	}
	if e.ID != "" {
		versions, err := f.o.Changes.Versions(ctx, f.actor(o), id, 0, mostVersions+1)
		if err != nil {
			f.v.Fail(w, r, err, root)
			return
		}
		p.Parts = append(p.Parts, f.itemPart(ctx, o, e), f.versionPart(o, versions))
	}
	f.show(w, r, http.StatusOK, o, p)
}

// mostVersions is how many versions a page shows, and mostNetworks how many words a difference.
const mostVersions = 20

// changes puts differences into the rows of a table.
func changesRows(all []authz.Change) (rows []view.ConsoleRow) {
	for _, c := range all {
		rows = append(rows, view.ConsoleRow{Cells: []view.ConsoleCell{
			{Word: locale.ItemWord(c.Path), Also: []view.ConsoleCell{{Code: c.Path}}}, {Text: c.Was}, {Text: c.Is},
		}})
	}
	return rows
}

var changesHead = []locale.Word{locale.ItemField, locale.ItemWas, locale.ItemIs}

func (f *Office) draftPart(ctx context.Context, o officer, e catalogue.Entry, d catalogue.Draft) view.ConsolePart {
	part := view.ConsolePart{
		ID: "waits", Heading: locale.ItemWaits, Head: changesHead, Rows: changesRows(authz.Differences(e.Item, d.Item)),
		Facts: []view.ConsoleFact{fact(locale.ItemWho, f.author(o, d.By)), fact(locale.ConsoleTime, view.ConsoleCell{At: d.At})},
	}
	own := d.By.Account == o.session.Account
	hidden := []view.PostField{{Name: "draft", Value: d.ID}}
	if f.may(ctx, o, permit.ItemApprove) && !own {
		part.Forms = append(part.Forms, view.ConsoleForm{Action: o.page + doing + "confirm", Button: locale.ItemConfirm, Hidden: hidden})
	}
	if f.may(ctx, o, permit.ItemApprove) || own {
		part.Forms = append(part.Forms, view.ConsoleForm{Action: o.page + doing + "decline", Button: locale.ItemDecline, Hidden: hidden, Quiet: true})
	}
	return part
}

func (f *Office) itemPart(ctx context.Context, o officer, e catalogue.Entry) view.ConsolePart {
	keeper := view.ConsoleCell{Word: locale.ItemByStaff}
	if e.Origin == catalogue.ByFile {
		keeper = view.ConsoleCell{Word: locale.ItemByFile}
	}
	part := view.ConsolePart{ID: "about", Heading: locale.ItemAbout, Facts: []view.ConsoleFact{
		fact(locale.ConsoleID, view.ConsoleCell{Code: string(e.ID)}),
		fact(locale.ConsoleState, tone(e.Status == authz.Offered, locale.ItemOffered, locale.ItemWithheld)),
		fact(locale.ItemVersion, view.ConsoleCell{Text: strconv.FormatInt(e.Version, 10)}),
		fact(locale.ItemKeeper, keeper),
	}}
	for _, c := range authz.Differences(authz.Item{}, e.Item) {
		if c.Path != "status" && c.Path != "department" {
			part.Facts = append(part.Facts, fact(locale.ItemWord(c.Path), view.ConsoleCell{Text: c.Is}))
		}
	}
	if f.may(ctx, o, permit.DecisionRead) {
		part.Links = append(part.Links, view.ConsoleLink{Href: root + "/decisions/" + string(e.Department) + "/" + string(e.ID), Word: locale.WhyLatest})
	}
	if !f.may(ctx, o, permit.ItemPut) {
		return part
	}
	version := view.PostField{Name: "version", Value: strconv.FormatInt(e.Version, 10)}
	why := view.ConsoleField{Name: "reason", Label: locale.ItemWhy, Options: []view.ConsoleOption{
		option(catalogue.Incident, locale.ItemIncident), option(catalogue.Misuse, locale.ItemMisuse), option(catalogue.Maintenance, locale.ItemUpkeep),
		option(catalogue.Planned, locale.ItemPlanned), option(catalogue.Settled, locale.ItemSettled),
	}}
	move := view.ConsoleForm{Action: o.page + doing + "move", Button: locale.ItemSuspend, Hidden: []view.PostField{version, {Name: "to", Value: string(authz.Withheld)}}, Fields: []view.ConsoleField{why}}
	if e.Status == authz.Withheld {
		move.Button, move.Hidden[1].Value = locale.ItemOffer, string(authz.Offered)
	}
	part.Forms = append(part.Forms, move)
	if e.Origin == catalogue.ByFile {
		part.Note = locale.ItemFiled
		return part
	}
	part.Links = append([]view.ConsoleLink{{Href: root + "/edit-item/" + string(e.Department) + "/" + string(e.ID), Word: locale.ItemChange}}, part.Links...)
	part.Forms = append(part.Forms, view.ConsoleForm{Action: o.page + doing + "retire", Button: locale.ItemRetire, Hidden: []view.PostField{version}, Quiet: true, Fields: []view.ConsoleField{
		{Name: "sure", Label: locale.ItemSure, Hint: locale.ItemRetired},
	}})
	return part
}

func (f *Office) versionPart(o officer, all []catalogue.Version) view.ConsolePart {
	part := view.ConsolePart{ID: "versions", Heading: locale.ItemVersions, Head: []locale.Word{locale.ItemVersion, locale.ConsoleTime, locale.ItemWho, locale.ItemDiffers}}
	for n, v := range all {
		if n == mostVersions {
			break
		}
		var before authz.Item
		if n+1 < len(all) {
			before = all[n+1].Item
		}
		var cells []view.ConsoleCell
		for _, c := range authz.Differences(before, v.Item) {
			cell := view.ConsoleCell{Word: locale.ItemWord(c.Path), Also: []view.ConsoleCell{{Text: c.Was + " → " + c.Is}}}
			if v.Item.Version == 1 {
				cell.Also = []view.ConsoleCell{{Text: c.Is}}
			}
			cells = append(cells, cell)
		}
		part.Rows = append(part.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{
			{Text: strconv.FormatInt(v.Item.Version, 10)}, {At: v.At}, f.author(o, v.By), gather(cells),
		}})
	}
	return part
}

// posted gives the item and the version of a form.
func posted(r *http.Request, form url.Values) (authz.ItemID, int64) {
	version, err := strconv.ParseInt(form.Get("version"), 10, 64)
	if err != nil || version < 1 {
		version = -1 // which nothing has
	}
	return authz.ItemID(r.PathValue("item")), version
}

// moveItem is POST /console/items/{department}/{item}/_/move. It answers when no node decides by what was before.
func (f *Office) moveItem(_ http.ResponseWriter, r *http.Request, o officer, form url.Values) (bool, error) {
	id, version := posted(r, form)
	if _, err := f.here(r, o, id); err != nil {
		return false, err
	}
	x, err := f.o.Changes.Move(r.Context(), f.actor(o), id, authz.Status(form.Get("to")), form.Get("reason"), version)
	return false, f.counts(r, x, err)
}

// counts waits until a change counts on every node.
func (f *Office) counts(r *http.Request, x catalogue.Outcome, err error) error {
	if err == nil && x.Draft == nil && len(x.Changes) > 0 {
		f.o.Settle(r.Context())
	}
	return err
}

// here finds an item of the department of the page: the path says whose it is, and the rights were asked about that.
func (f *Office) here(r *http.Request, o officer, id authz.ItemID) (catalogue.Entry, error) {
	e, err := f.o.Changes.Entry(r.Context(), f.actor(o), id)
	if err == nil && e.Department != o.place.Department || errors.Is(err, hub.Denied) {
		err = nothing()
	}
	return e, err
}

// retireItem is POST /console/items/{department}/{item}/_/retire.
func (f *Office) retireItem(w http.ResponseWriter, r *http.Request, o officer, form url.Values) (bool, error) {
	id, version := posted(r, form)
	if _, err := f.here(r, o, id); err != nil {
		return false, err
	}
	if strings.TrimSpace(form.Get("sure")) != string(id) {
		return false, hub.Errorf("console.retireItem", hub.Invalid, "not sure")
	}
	if _, err := f.o.Changes.Retire(r.Context(), f.actor(o), id, version); err != nil {
		return false, err
	}
	f.o.Settle(r.Context())
	http.Redirect(w, r, root+"/items/"+string(o.place.Department)+"?done=1", http.StatusSeeOther)
	return true, nil
}

// confirmItem and declineItem are POST /console/items/{department}/{item}/_/confirm and .../decline. Whose word it takes, the domain says.
func (f *Office) confirmItem(_ http.ResponseWriter, r *http.Request, o officer, form url.Values) (bool, error) {
	if err := f.drawn(r, o); err != nil {
		return false, err
	}
	x, err := f.o.Changes.Confirm(r.Context(), f.actor(o), authz.ItemID(r.PathValue("item")), form.Get("draft"))
	return false, f.counts(r, x, err)
}

// drawn refuses what is no draft of the department of the page, like one that is not there.
func (f *Office) drawn(r *http.Request, o officer) error {
	d, err := f.o.Changes.Draft(r.Context(), f.actor(o), authz.ItemID(r.PathValue("item")))
	if err == nil && d.Item.Department != o.place.Department || errors.Is(err, hub.Denied) {
		err = nothing()
	}
	return err
}

func (f *Office) declineItem(w http.ResponseWriter, r *http.Request, o officer, form url.Values) (bool, error) {
	if err := f.drawn(r, o); err != nil {
		return false, err
	}
	err := f.o.Changes.Decline(r.Context(), f.actor(o), authz.ItemID(r.PathValue("item")), form.Get("draft"))
	if err != nil {
		return false, err
	}
	http.Redirect(w, r, root+"/items/"+string(o.place.Department)+"?done=1", http.StatusSeeOther)
	return true, nil
}
