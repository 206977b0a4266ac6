package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/tenants/staff"
)

// shownNotice is what one participant was told of a logout.
type shownNotice struct {
	ID       string     `json:"id"`
	Campaign string     `json:"campaign"`
	System   string     `json:"system,omitempty"`
	Provider string     `json:"provider,omitempty"`
	Protocol string     `json:"protocol"`
	State    string     `json:"state" enum:"open|retrying|visiting|confirmed|visited|failed|unreachable|initiator"`
	Reason   string     `json:"reason,omitempty"`
	Tries    int        `json:"tries"`
	At       time.Time  `json:"at"`
	DoneAt   *time.Time `json:"doneAt,omitempty"`
}

type noticeList struct {
	Notices []shownNotice `json:"notices"`
	Next    string        `json:"next,omitempty"`
}

type shownCampaign struct {
	ID       string        `json:"id"`
	Account  string        `json:"account"`
	Reason   string        `json:"reason"`
	At       time.Time     `json:"at"`
	ClosedAt *time.Time    `json:"closedAt,omitempty"`
	Notices  []shownNotice `json:"notices"`
}

type retried struct {
	Notices int `json:"notices" doc:"how many are told again"`
}

func (a *API) noticeRoutes() []route {
	read, retry := []permit.Act{permit.CampaignRead}, []permit.Act{permit.CampaignRetry}
	return []route{
		{id: "listFailedNotices", method: http.MethodGet, path: "/notices/failed", summary: "The platform's: notices that failed, the latest first, at most 200", acts: read, out: noticeList{}, status: http.StatusOK, do: a.listFailed},
		{id: "listNotices", method: http.MethodGet, path: "/systems/{system}/notices", summary: "What one system was told of logouts, the latest first", acts: read, list: true, out: noticeList{}, status: http.StatusOK, do: a.listNotices},
		{id: "getCampaign", method: http.MethodGet, path: "/campaigns/{campaign}", summary: "The platform's: one logout with everybody who is told", acts: read, out: shownCampaign{}, status: http.StatusOK, do: a.getCampaign},
		{id: "retryCampaign", method: http.MethodPost, path: "/campaigns/{campaign}/retry", summary: "The platform's: tell the failed ones again", acts: retry, out: retried{}, status: http.StatusOK, do: a.retryCampaign},
		{id: "retryNotice", method: http.MethodPost, path: "/notices/{notice}/retry", summary: "Tell one participant again", acts: retry, out: retried{}, status: http.StatusOK, do: a.retryNotice},
	}
}

func showNotices(all []logout.Notice) []shownNotice {
	out := []shownNotice{}
	for _, n := range all {
		out = append(out, shownNotice{
			n.ID, n.Campaign, string(n.System), string(n.Provider), n.Protocol, string(n.State), n.Reason, n.Tries, n.At, timeOf(n.DoneAt),
		})
	}
	return out
}

func (a *API) listFailed(ctx context.Context, c *call) (reply, error) {
	if err := a.see(ctx, c, permit.CampaignRead, staff.Place{}); err != nil {
		return reply{}, err
	}
	all, err := a.o.Logouts.Failed(ctx, logout.Cursor{}, mostLimit)
	return reply{body: noticeList{Notices: showNotices(all)}}, err
}

func (a *API) listNotices(ctx context.Context, c *call) (reply, error) {
	p, err := a.pageOf(c)
	if err != nil {
		return reply{}, err
	}
	x, err := a.o.Register.System(ctx, hub.SystemID(c.path("system")))
	if err != nil {
		return reply{}, err
	}
	if err := a.see(ctx, c, permit.CampaignRead, placeOf(x.System)); err != nil {
		return reply{}, err
	}
	before := a.o.Clock().Add(time.Hour)
	if p.after != "" {
		micros, err := strconv.ParseInt(p.after, 10, 64)
		if err != nil {
			return reply{}, hub.E("api.listNotices", hub.Internal, err) // we have signed it
		}
		before = time.UnixMicro(micros)
	}
	all, err := a.o.Logouts.OfSystem(ctx, x.ID, before, p.limit+1)
	if err != nil {
		return reply{}, err
	}
	out := noticeList{}
	if len(all) > p.limit {
		all = all[:p.limit]
		out.Next = a.next(c, p, true, strconv.FormatInt(all[p.limit-1].At.UnixMicro(), 10))
	}
	out.Notices = showNotices(all)
	return reply{body: out}, nil
}

func (a *API) campaign(ctx context.Context, c *call, act permit.Act) (logout.Entry, error) {
	if err := a.may(ctx, c, permit.CampaignRead, act, staff.Place{}); err != nil {
		return logout.Entry{}, err
	}
	all, err := a.o.Logouts.Ledger(ctx, c.path("campaign"))
	if err == nil && len(all) == 0 {
		err = hub.Errorf("api.campaign", hub.NotFound, "no such campaign")
	}
	if err != nil {
		return logout.Entry{}, err
	}
	return all[0], nil
}

func (a *API) getCampaign(ctx context.Context, c *call) (reply, error) {
	x, err := a.campaign(ctx, c, permit.CampaignRead)
	if err != nil {
		return reply{}, err
	}
	return reply{body: shownCampaign{x.ID, string(x.Account), string(x.Cause.Reason), x.At, timeOf(x.ClosedAt), showNotices(x.Notices)}}, nil
}

// by names who decides, for the ledger.
func (c *call) by() string {
	if c.subject.System != "" {
		return string(c.subject.System)
	}
	return string(c.subject.Account)
}

func (a *API) retryCampaign(ctx context.Context, c *call) (reply, error) {
	x, err := a.campaign(ctx, c, permit.CampaignRetry)
	if err != nil {
		return reply{}, err
	}
	n, err := a.o.Logouts.Retry(ctx, x.ID, c.by())
	return reply{body: retried{n}}, err
}

func (a *API) retryNotice(ctx context.Context, c *call) (reply, error) {
	n, err := a.o.Logouts.Notice(ctx, c.path("notice"))
	if err != nil {
		return reply{}, err
	}
	where := staff.Place{}
	if n.System != "" {
		x, err := a.o.Register.System(ctx, n.System)
		if err != nil {
			return reply{}, err
		}
		where = placeOf(x.System)
	}
	if err := a.may(ctx, c, permit.CampaignRead, permit.CampaignRetry, where); err != nil {
		return reply{}, err
	}
	told, err := a.o.Logouts.Retry(ctx, n.ID, c.by())
	return reply{body: retried{told}}, err
}
