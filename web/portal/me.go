package portal

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/login"
	"onedoor/hub/session"
	"onedoor/tenants/complaint"
	"onedoor/web/names"
	"onedoor/web/view"
)

// History is what happened with accounts; audit.Log has it.
type History interface {
	// Past gives a part of an account's history, newest first. Invalid, Unavailable.
	Past(ctx context.Context, account hub.AccountID, part audit.Part) ([]audit.Event, error)
}

const (
	mePath          = string(view.SectionMe)
	departmentsPath = string(view.SectionDepartments)
	// newsFor is how long a change of the account's security stands among what the person should look at.
	newsFor = 30 * 24 * time.Hour
)

// me is GET /me.
func (p *Portal) me(w http.ResponseWriter, r *http.Request, s session.Session) {
	page, err := p.mePage(r.Context(), s)
	if err != nil {
		p.v.Fail(w, r, err, mePath)
		return
	}
	p.v.Show(w, r, http.StatusOK, mePath, true, page)
}

func (p *Portal) mePage(ctx context.Context, s session.Session) (page view.MePage, err error) {
	named, err := p.o.Names.Page(ctx)
	if err != nil {
		return page, err
	}
	if page.Sessions, err = p.live(ctx, named, s); err != nil {
		return page, err
	}
	if page.Attention, err = p.attention(ctx, s, len(page.Sessions)); err != nil {
		return page, err
	}
	used, err := p.usedBy(ctx, named, s.Account)
	for _, d := range used {
		page.Owners = append(page.Owners, d.Owner)
	}
	return page, err
}

// attention gives what the person should look at, the most pressing first.
func (p *Portal) attention(ctx context.Context, s session.Session, devices int) (all []view.Attention, err error) {
	told, err := p.o.Notices.Of(ctx, s.Account, mostNotices)
	if err != nil {
		return nil, err
	}
	failed, news := false, false
	for _, n := range told {
		if p.o.Clock().Sub(n.At) > newsFor {
			continue
		}
		news, failed = true, failed || !n.FailedAt.IsZero()
	}
	switch {
	case failed:
		all = append(all, view.Attention{What: view.NotReached})
	case news:
		all = append(all, view.Attention{What: view.SecurityNews})
	}
	if p.o.Contacts != nil {
		reachable, err := p.reachable(ctx, s.Account)
		if err != nil {
			return nil, err
		}
		if !reachable {
			all = append(all, view.Attention{What: view.NoContact})
		}
	}
	if p.o.Entrance != nil {
		mine, err := p.o.Entrance.Complaints.Mine(ctx, s.Account)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(mine, func(c complaint.Full) bool {
			return c.State == complaint.Answered && p.o.Clock().Sub(c.EndedAt) <= newsFor
		}) {
			all = append(all, view.Attention{What: view.WasAnswered})
		}
	}
	links, err := p.o.Links.Links(ctx, s.Account)
	if err != nil {
		return nil, err
	}
	if counting(links) < 2 {
		all = append(all, view.Attention{What: view.OneProvider})
	}
	if devices > 1 {
		all = append(all, view.Attention{What: view.ManyDevices, Count: devices})
	}
	return all, nil
}

// departments is GET /me/departments (PRV-14).
func (p *Portal) departments(w http.ResponseWriter, r *http.Request, s session.Session) {
	named, err := p.o.Names.Page(r.Context())
	var page view.DepartmentsPage
	if err == nil {
		page.Departments, err = p.usedBy(r.Context(), named, s.Account)
	}
	if err != nil {
		p.v.Fail(w, r, err, departmentsPath)
		return
	}
	p.v.Show(w, r, http.StatusOK, departmentsPath, true, page)
}

// usedBy gives the departments that a person has dealt with, as far back as the history goes that everybody can see, and those that hold
// a decision of theirs; the latest first. A system that is not in the register any more is left out: nobody could be complained to.
func (p *Portal) usedBy(ctx context.Context, named *names.Page, account hub.AccountID) ([]view.DepartmentsEntry, error) {
	events, err := p.o.History.Past(ctx, account, audit.Part{Since: halfYear(p.o.Clock()), Areas: usingAreas, Limit: audit.MaxHistory})
	if err != nil {
		return nil, err
	}
	decisions, err := p.o.Consents.History(ctx, account, mostRecords)
	if err != nil {
		return nil, err
	}
	found := map[hub.DepartmentID]*view.DepartmentsEntry{}
	seen := func(id hub.SystemID, at time.Time) {
		s := named.System(ctx, id)
		if id == "" || s.Own || len(s.Names) == 0 {
			return
		}
		d := found[s.Department]
		if d == nil {
			d = &view.DepartmentsEntry{ID: s.Department, Owner: s.Owner, Complaint: s.Complaint}
			found[s.Department] = d
		}
		if at.After(d.Last) {
			d.Last = at
		}
		if !slices.ContainsFunc(d.Systems, func(x login.System) bool { return x.ID == s.ID }) {
			d.Systems = append(d.Systems, s)
		}
	}
	for _, e := range events {
		seen(e.System, e.At)
	}
	for _, d := range decisions {
		seen(d.System, time.Time{})
	}
	var all []view.DepartmentsEntry
	for _, d := range found {
		slices.SortFunc(d.Systems, func(a, b login.System) int { return cmp.Compare(a.ID, b.ID) })
		all = append(all, *d)
	}
	slices.SortFunc(all, func(a, b view.DepartmentsEntry) int {
		return cmp.Or(b.Last.Compare(a.Last), cmp.Compare(a.Systems[0].ID, b.Systems[0].ID))
	})
	return all, nil
}

// usingAreas are the areas of events that tell of the use of a service.
var usingAreas = []string{"login", "grant", "forward", "consent"}

// halfYear gives the moment since which everybody can see their history at least (AUD-01).
func halfYear(now time.Time) time.Time { return now.AddDate(0, -6, -1) }
