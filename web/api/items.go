package api

import (
	"context"
	"net/http"
	"strconv"

	"onedoor/authz"
	"onedoor/authz/catalogue"
	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/tenants/staff"
)

type itemList struct {
	Items []shownItem `json:"items"`
	Next  string      `json:"next,omitempty"`
}

// changedItem is what became of a change.
type changedItem struct {
	Item    *shownItem    `json:"item,omitempty" doc:"as it is now; left out while a new item waits"`
	Draft   *shownDraft   `json:"draft,omitempty" doc:"the change waits for somebody else's yes"`
	Changes []shownChange `json:"changes"`
	Dry     bool          `json:"dry,omitempty" doc:"nothing was changed: this is what would become of it"`
}

type itemMove struct {
	To     string `json:"to" enum:"offered|suspended"`
	Reason string `json:"reason" enum:"planned|incident|misuse|maintenance|settled"`
}

type itemVersionList struct {
	Versions []shownItemVersion `json:"versions"`
	Next     string             `json:"next,omitempty"`
}

type draftList struct {
	Drafts []shownDraft `json:"drafts"`
}

func (a *API) itemRoutes() []route {
	read, put, approve := []permit.Act{permit.ItemRead}, []permit.Act{permit.ItemPut}, []permit.Act{permit.ItemApprove}
	const one = "/items/{item}"
	return []route{
		{id: "listItems", method: http.MethodGet, path: "/items", summary: "Service items that you may see, by id", acts: read, list: true, query: []parameter{{name: "department"}}, out: itemList{}, status: http.StatusOK, do: a.listItems},
		{id: "getItem", method: http.MethodGet, path: one, summary: "A service item", acts: read, out: shownItem{}, status: http.StatusOK, matches: true, do: a.getItem},
		{id: "putItem", method: http.MethodPut, path: one, summary: "Add or replace a service item, or tell what would become of it; where the department wants four eyes it waits for somebody else's yes", acts: put, query: []parameter{{name: "dry", doc: "yes: change nothing", enum: []string{"yes"}}}, in: wireItem{}, out: changedItem{}, status: http.StatusOK, matches: true, do: a.putItem},
		{id: "retireItem", method: http.MethodDelete, path: one, summary: "Take an item out of the catalogue for good; its id is never given again", acts: put, out: done{}, status: http.StatusOK, matches: true, do: a.retireItem},
		{id: "moveItem", method: http.MethodPost, path: one + "/moves", summary: "Suspend an item at once, also one that files keep, or offer it again", acts: put, in: itemMove{}, out: changedItem{}, status: http.StatusOK, matches: true, do: a.moveItem},
		{id: "listItemVersions", method: http.MethodGet, path: one + "/versions", summary: "What an item was, the latest first, with what changed; also of one that is retired", acts: read, list: true, out: itemVersionList{}, status: http.StatusOK, do: a.listItemVersions},
		{id: "getItemDraft", method: http.MethodGet, path: one + "/draft", summary: "The change of an item that waits", acts: read, out: shownDraft{}, status: http.StatusOK, do: a.getItemDraft},
		{id: "listItemDrafts", method: http.MethodGet, path: "/departments/{department}/drafts", summary: "The changes of items that wait, the oldest first", acts: read, out: draftList{}, status: http.StatusOK, do: a.listItemDrafts},
		{id: "confirmItemDraft", method: http.MethodPost, path: one + "/draft/{draft}/confirm", summary: "Say yes to somebody else's change of an item: it counts from then on", acts: approve, out: changedItem{}, status: http.StatusOK, do: a.confirmItemDraft},
		{id: "declineItemDraft", method: http.MethodPost, path: one + "/draft/{draft}/decline", summary: "Say no to a change of an item, or take your own back", acts: approve, out: done{}, status: http.StatusOK, do: a.declineItemDraft},
	}
}

// item finds the one of the path that the caller may see.
func (a *API) item(ctx context.Context, c *call) (catalogue.Entry, error) {
	return a.itemAt(ctx, c, authz.ItemID(c.path("item")))
}

func (a *API) itemAt(ctx context.Context, c *call, id authz.ItemID) (catalogue.Entry, error) {
	e, err := a.o.Items.Entry(ctx, c.actor, id)
	return e, unseen(err)
}

// unseen gives NotFound for what the caller may not read, as if nothing were.
func unseen(err error) error {
	if hub.KindOf(err) == hub.Denied {
		return hub.E("api.unseen", hub.NotFound, errUnseen)
	}
	return err
}

func (a *API) listItems(ctx context.Context, c *call) (reply, error) {
	p, err := a.pageOf(c)
	if err != nil {
		return reply{}, err
	}
	out := itemList{Items: []shownItem{}}
	covers, after := a.covers(ctx, c, permit.ItemRead), authz.ItemID(p.after)
	for {
		all, err := a.o.Items.EntriesAfter(ctx, hub.DepartmentID(c.query("department")), after, mostLimit)
		if err != nil {
			return reply{}, err
		}
		for _, x := range all {
			if after = x.ID; !covers(staff.Place{Department: x.Department}) {
				continue
			}
			if len(out.Items) == p.limit {
				out.Next = a.next(c, p, true, out.Items[p.limit-1].ID)
				return reply{body: out}, nil
			}
			out.Items = append(out.Items, showItem(x))
		}
		if len(all) < mostLimit {
			return reply{body: out}, nil
		}
	}
}

func (a *API) getItem(ctx context.Context, c *call) (reply, error) {
	e, err := a.item(ctx, c)
	if err != nil {
		return reply{}, err
	}
	return reply{body: showItem(e), etag: etag(e.Version)}, nil
}

func (a *API) putItem(ctx context.Context, c *call) (reply, error) {
	version, err := c.version()
	if err != nil {
		return reply{}, err
	}
	in := c.in.(*wireItem)
	if err := a.may(ctx, c, permit.ItemRead, permit.ItemPut, staff.Place{Department: hub.DepartmentID(in.Department)}); err != nil {
		return reply{}, err
	}
	if version != 0 {
		old, err := a.item(ctx, c)
		if err != nil {
			return reply{}, err
		}
		if err := matching(version, old.Version); err != nil {
			return reply{}, err
		}
	}
	item, err := in.item(authz.ItemID(c.path("item")))
	if err != nil {
		return reply{}, err
	}
	dry := c.query("dry") != ""
	x, err := a.o.Items.Put(ctx, c.actor, item, version, dry)
	if err != nil {
		return reply{}, err
	}
	return a.changed(ctx, c, x, dry), nil
}

// changed tells what became of a change, which answers when no node decides by what was before.
func (a *API) changed(ctx context.Context, c *call, x catalogue.Outcome, dry bool) reply {
	out := changedItem{Changes: showChanges(x.Changes), Dry: dry}
	r := reply{settles: !dry && x.Draft == nil && len(x.Changes) > 0}
	if x.Entry.ID != "" {
		i := showItem(x.Entry)
		out.Item = &i
		if !dry {
			r.etag = etag(x.Entry.Version)
		}
	}
	if x.Draft != nil {
		d := showDraft(*x.Draft, a.known(ctx, c, x.Draft.Item.Department))
		out.Draft = &d
	}
	r.body = out
	return r
}

func (a *API) retireItem(ctx context.Context, c *call) (reply, error) {
	version, err := c.seen()
	if err != nil {
		return reply{}, err
	}
	if version == 0 {
		return reply{}, &faulty{needsMatch, nil}
	}
	old, err := a.item(ctx, c)
	if err != nil {
		return reply{}, err
	}
	if err := matching(version, old.Version); err != nil {
		return reply{}, err
	}
	_, err = a.o.Items.Retire(ctx, c.actor, old.ID, version)
	return reply{body: done{true}, settles: true}, err
}

func (a *API) moveItem(ctx context.Context, c *call) (reply, error) {
	seen, err := c.seen()
	if err != nil {
		return reply{}, err
	}
	old, err := a.item(ctx, c)
	if err != nil {
		return reply{}, err
	}
	if seen != 0 {
		if err := matching(seen, old.Version); err != nil {
			return reply{}, err
		}
	}
	in := c.in.(*itemMove)
	x, err := a.o.Items.Move(ctx, c.actor, old.ID, authz.Status(in.To), in.Reason, seen)
	if err != nil {
		return reply{}, err
	}
	return a.changed(ctx, c, x, false), nil
}

func (a *API) listItemVersions(ctx context.Context, c *call) (reply, error) {
	p, err := a.pageOf(c)
	if err != nil {
		return reply{}, err
	}
	var below int64
	if p.after != "" {
		if below, err = strconv.ParseInt(p.after, 10, 64); err != nil {
			return reply{}, hub.E("api.listItemVersions", hub.Internal, err) // we have signed it
		}
	}
	all, err := a.o.Items.Versions(ctx, c.actor, authz.ItemID(c.path("item")), below, p.limit+1)
	if err != nil {
		return reply{}, unseen(err)
	}
	out := itemVersionList{Versions: []shownItemVersion{}}
	for i, v := range all {
		if i == p.limit {
			out.Next = a.next(c, p, true, strconv.FormatInt(all[i-1].Item.Version, 10))
			break
		}
		var before authz.Item
		if i+1 < len(all) {
			before = all[i+1].Item
		}
		out.Versions = append(out.Versions, shownItemVersion{v.Item.Version, v.At, showAuthors(v.By, a.known(ctx, c, v.Item.Department)), showChanges(authz.Differences(before, v.Item)), itemOf(v.Item)})
	}
	return reply{body: out}, nil
}

func (a *API) getItemDraft(ctx context.Context, c *call) (reply, error) {
	d, err := a.o.Items.Draft(ctx, c.actor, authz.ItemID(c.path("item")))
	return reply{body: showDraft(d, a.known(ctx, c, d.Item.Department))}, unseen(err)
}

func (a *API) listItemDrafts(ctx context.Context, c *call) (reply, error) {
	all, err := a.o.Items.DraftsOf(ctx, c.actor, hub.DepartmentID(c.path("department")), mostLimit)
	out := draftList{Drafts: []shownDraft{}}
	for _, d := range all {
		out.Drafts = append(out.Drafts, showDraft(d, a.known(ctx, c, d.Item.Department)))
	}
	return reply{body: out}, unseen(err)
}

// draft refuses whoever may not see the draft of the path.
func (a *API) draft(ctx context.Context, c *call) (item authz.ItemID, id string, err error) {
	item, id = authz.ItemID(c.path("item")), c.path("draft")
	_, err = a.o.Items.Draft(ctx, c.actor, item)
	return item, id, unseen(err)
}

func (a *API) confirmItemDraft(ctx context.Context, c *call) (reply, error) {
	item, id, err := a.draft(ctx, c)
	if err != nil {
		return reply{}, err
	}
	x, err := a.o.Items.Confirm(ctx, c.actor, item, id)
	if err != nil {
		return reply{}, err
	}
	return a.changed(ctx, c, x, false), nil
}

func (a *API) declineItemDraft(ctx context.Context, c *call) (reply, error) {
	item, id, err := a.draft(ctx, c)
	if err != nil {
		return reply{}, err
	}
	return reply{body: done{true}}, a.o.Items.Decline(ctx, c.actor, item, id)
}
