package api

import (
	"context"
	"net/http"
	"time"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/audit"
	"onedoor/tenants/staff"
)

// Lives leads accounts through their life: account.Life, whose comments name the errors.
type Lives interface {
	Show(ctx context.Context, id hub.AccountID) (account.Account, []account.Change, error)
	Suspend(ctx context.Context, o account.Order) (account.Change, error)
	Resume(ctx context.Context, o account.Order) (account.Change, error)
	Terminate(ctx context.Context, o account.Order) (account.Change, error)
}

// shownAccount is what the platform may know of an account: nothing of the person.
type shownAccount struct {
	ID        string          `json:"id"`
	Status    string          `json:"status" enum:"active|suspended|terminated"`
	Reason    string          `json:"reason,omitempty"`
	Highest   wireLevel       `json:"highest" doc:"ever reached"`
	CreatedAt time.Time       `json:"createdAt"`
	ChangedAt time.Time       `json:"changedAt"`
	History   []accountChange `json:"history" doc:"the latest first"`
}

type accountChange struct {
	At     time.Time `json:"at"`
	Was    string    `json:"was"`
	Became string    `json:"became"`
	Reason string    `json:"reason"`
	Actor  string    `json:"actor" enum:"person|staff|rule"`
	By     string    `json:"by,omitempty" doc:"of staff"`
}

// accountMove suspends an account, opens it again, or closes it for good.
type accountMove struct {
	To     string `json:"to" enum:"suspended|active|terminated" doc:"nothing leads back from terminated"`
	Reason string `json:"reason" enum:"requested|lost|suspicious|review|cleared|deceased|fraud|revoked|ineligible" doc:"suspended: requested, lost, suspicious, review; active: requested, cleared; terminated: requested, deceased, fraud, revoked, ineligible"`
}

func (a *API) accountRoutes() []route {
	return []route{
		{id: "getAccount", method: http.MethodGet, path: "/accounts/{account}", summary: "The state of an account; the look is recorded", acts: []permit.Act{permit.AccountRead}, out: shownAccount{}, status: http.StatusOK, do: a.getAccount},
		{id: "moveAccount", method: http.MethodPost, path: "/accounts/{account}/moves", summary: "Suspend an account, open it again, or close it for good; make sure of who asks first. The person is told; answered when no node takes its sessions for active any more", acts: []permit.Act{permit.AccountStop}, in: accountMove{}, out: shownAccount{}, status: http.StatusOK, do: a.moveAccount},
	}
}

func (a *API) getAccount(ctx context.Context, c *call) (reply, error) {
	if err := a.see(ctx, c, permit.AccountRead, staff.Place{}); err != nil {
		return reply{}, err
	}
	out, err := a.showAccount(ctx, hub.AccountID(c.path("account")))
	if err != nil {
		return reply{}, err
	}
	// What staff see of somebody, that person can see in turn (OPS-03).
	return reply{body: out}, a.o.Audit.Record(ctx, audit.Event{Kind: "account.shown", Outcome: audit.Success, Account: hub.AccountID(out.ID), Channel: "api", Detail: c.actor.Note(nil)})
}

func (a *API) showAccount(ctx context.Context, id hub.AccountID) (shownAccount, error) {
	x, changes, err := a.o.Lives.Show(ctx, id)
	if err != nil {
		return shownAccount{}, err
	}
	out := shownAccount{string(x.ID), string(x.Status), x.Reason, levelOf(x.Highest), x.CreatedAt, x.ChangedAt, []accountChange{}}
	for _, ch := range changes {
		line := accountChange{ch.At, string(ch.Was), string(ch.Became), string(ch.Reason), string(ch.By.Kind), ""}
		if ch.By.Kind == account.ByStaff {
			line.By = ch.By.ID
		}
		out.History = append(out.History, line)
	}
	return out, nil
}

func (a *API) moveAccount(ctx context.Context, c *call) (reply, error) {
	if err := a.may(ctx, c, permit.AccountRead, permit.AccountStop, staff.Place{}); err != nil {
		return reply{}, err
	}
	in, id := c.in.(*accountMove), hub.AccountID(c.path("account"))
	if id == c.person() {
		return reply{}, hub.Errorf("api.moveAccount", hub.Denied, "nobody decides about their own account")
	}
	order := account.Order{Account: id, Reason: account.Reason(in.Reason), By: account.Actor{Kind: account.ByStaff, ID: string(c.person())}, Channel: "api"}
	var err error
	switch account.Status(in.To) {
	case account.Suspended:
		_, err = a.o.Lives.Suspend(ctx, order)
	case account.Active:
		_, err = a.o.Lives.Resume(ctx, order)
	default:
		_, err = a.o.Lives.Terminate(ctx, order)
	}
	if err != nil {
		return reply{}, err
	}
	out, err := a.showAccount(ctx, id)
	return reply{body: out, settles: out.Status != string(account.Active)}, err
}
