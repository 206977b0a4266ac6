package portal

import (
	"context"
	"net/http"
	"slices"

	"onedoor/hub"
	"onedoor/hub/contact"
	"onedoor/hub/notice"
	"onedoor/hub/session"
	"onedoor/web/view"
)

// Notices are what a person must be told of their account (AUD-09); notice.Service has them.
type Notices interface {
	// Of gives an account's notices, newest first, at most limit. Unavailable.
	Of(ctx context.Context, account hub.AccountID, limit int) ([]notice.Notice, error)
}

const (
	noticesPath = "/notices"
	mostNotices = 100 // of one person
)

// notices is GET /notices.
func (p *Portal) notices(w http.ResponseWriter, r *http.Request, s session.Session) {
	page, err := p.noticesPage(r, s)
	if err != nil {
		p.v.Fail(w, r, err, noticesPath)
		return
	}
	p.v.Show(w, r, http.StatusOK, noticesPath, true, page)
}

func (p *Portal) noticesPage(r *http.Request, s session.Session) (view.NoticesPage, error) {
	all, err := p.o.Notices.Of(r.Context(), s.Account, mostNotices)
	if err != nil {
		return view.NoticesPage{}, err
	}
	providers, err := p.o.Names.Register.Providers(r.Context())
	if err != nil {
		return view.NoticesPage{}, err
	}
	names := make(map[hub.ProviderID]hub.Text, len(providers))
	for _, p := range providers {
		names[p.ID] = p.Names
	}
	var page view.NoticesPage
	reachable := false
	if p.o.Contacts != nil {
		if reachable, err = p.reachable(r.Context(), s.Account); err != nil {
			return view.NoticesPage{}, err
		}
		page.Invite = !reachable
	}
	for _, n := range all {
		page.Entries = append(page.Entries, view.NoticesEntry{
			Kind: n.Kind, Reason: n.Reason, Level: n.Level, Provider: names[n.Provider], At: n.At, Told: !n.DeliveredAt.IsZero(), Failed: !n.FailedAt.IsZero(),
			Awaited: reachable,
		})
	}
	return page, nil
}

// reachable reports whether the person can be told of their account at some address.
func (p *Portal) reachable(ctx context.Context, account hub.AccountID) (bool, error) {
	contacts, err := p.o.Contacts.Of(ctx, account)
	return slices.ContainsFunc(contacts, func(c contact.Shown) bool { return c.Told(p.o.Clock()) }), err
}
