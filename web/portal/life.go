package portal

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/tenants/entity"
	"onedoor/web/view"
	"onedoor/web/visit"
)

// Lives leads accounts through their life cycle; account.Life has it, and its comments name the errors.
type Lives interface {
	Suspend(ctx context.Context, o account.Order) (account.Change, error)
	ReportLost(ctx context.Context, o account.Order) (account.Change, error)
	Terminate(ctx context.Context, o account.Order) (account.Change, error)
	// Show gives an account and its history, newest first. NotFound.
	Show(ctx context.Context, id hub.AccountID) (account.Account, []account.Change, error)
}

const (
	lifePath  = string(view.SectionLife)
	aboutLife = "life"
)

// life is GET /me/account.
func (p *Portal) life(w http.ResponseWriter, r *http.Request, s session.Session) {
	p.lifePage(w, r, s, http.StatusOK, view.LifePage{})
}

func (p *Portal) lifePage(w http.ResponseWriter, r *http.Request, s session.Session, status int, page view.LifePage) {
	_, past, err := p.o.Lives.Show(r.Context(), s.Account)
	if err == nil {
		page.Fresh, err = p.v.Fresh(r.Context(), s)
	}
	if err != nil {
		p.v.Fail(w, r, err, lifePath)
		return
	}
	for _, c := range past {
		page.Past = append(page.Past, view.LifeChange{At: c.At, Became: c.Became, Reason: c.Reason})
	}
	page.Token = p.v.Token(w, r, aboutLife)
	p.v.Show(w, r, status, lifePath, true, page)
}

// lifeSignIn is POST /me/account/sign-in.
func (p *Portal) lifeSignIn(w http.ResponseWriter, r *http.Request) {
	if _, err := p.v.Form(r, aboutLife); err != nil {
		p.v.Fail(w, r, err, lifePath)
		return
	}
	p.v.SignIn(w, r, lifePath)
}

// reportLost is POST /me/account/lost (LIF-07). The session is enough: who has lost what they sign in with can't be asked to sign in again,
// and what happens is on the safe side.
func (p *Portal) reportLost(w http.ResponseWriter, r *http.Request, s session.Session, _ url.Values) {
	p.changeLife(w, r, s, account.Lost, p.o.Lives.ReportLost)
}

// suspend is POST /me/account/suspend (LIF-01): the order is verified by a fresh sign-in at the account's own height.
func (p *Portal) suspend(w http.ResponseWriter, r *http.Request, s session.Session, form url.Values) {
	reason := account.Reason(form.Get("reason"))
	if reason != account.Suspicious {
		reason = account.Requested
	}
	if p.freshly(w, r, s, lifePath) {
		p.changeLife(w, r, s, reason, p.o.Lives.Suspend)
	}
}

// closeAccount is POST /me/account/close.
func (p *Portal) closeAccount(w http.ResponseWriter, r *http.Request, s session.Session, form url.Values) {
	if !p.freshly(w, r, s, lifePath) {
		return
	}
	if form.Get("understood") != "yes" {
		p.lifePage(w, r, s, http.StatusUnprocessableEntity, view.LifePage{TickLost: true})
		return
	}
	heads, err := p.heads(r.Context(), s.Account)
	switch {
	case err != nil:
		p.v.Fail(w, r, err, lifePath)
	case heads:
		p.lifePage(w, r, s, http.StatusUnprocessableEntity, view.LifePage{Heads: true})
	default:
		p.changeLife(w, r, s, account.Requested, p.o.Lives.Terminate)
	}
}

// heads reports whether a person is the administrator of a legal entity, which must not be left without one.
func (p *Portal) heads(ctx context.Context, id hub.AccountID) (bool, error) {
	if p.o.Memberships == nil {
		return false, nil
	}
	all, err := p.o.Memberships.Mine(ctx, id)
	return slices.ContainsFunc(all, func(m entity.Membership) bool { return m.Seat.Role == entity.Master }), err
}

// freshly reports whether the person has just signed in. Where not, the browser is led to the page, which offers it.
func (p *Portal) freshly(w http.ResponseWriter, r *http.Request, s session.Session, page string) bool {
	fresh, err := p.v.Fresh(r.Context(), s)
	switch {
	case err != nil:
		p.v.Fail(w, r, err, page)
	case !fresh:
		http.Redirect(w, r, page, http.StatusSeeOther)
	}
	return err == nil && fresh
}

// changeLife carries out an order of the person's own and answers with its receipt, no sooner than no node takes their tokens for active (D2).
func (p *Portal) changeLife(w http.ResponseWriter, r *http.Request, s session.Session, why account.Reason, do func(context.Context, account.Order) (account.Change, error)) {
	ctx := r.Context()
	change, err := do(ctx, account.Order{
		Account: s.Account, Reason: why, By: account.Actor{Kind: account.ByPerson, ID: string(s.Account)}, Channel: visit.Channel,
	})
	if errors.Is(err, hub.Conflict) { // somebody else was faster; the session is over, and the page asks to sign in
		http.Redirect(w, r, lifePath, http.StatusSeeOther)
		return
	}
	ledger := ""
	if err == nil {
		ledger, err = p.ended(ctx, change)
	}
	if err != nil {
		p.v.Fail(w, r, err, lifePath)
		return
	}
	visit.Forget(w)
	p.v.Show(w, r, http.StatusOK, "", false, view.LifeDonePage{
		LifeChange: view.LifeChange{At: change.At, Became: change.Became, Reason: change.Reason}, Ledger: ledger,
	})
}

// ended gives the page that tells who has been told of a change.
func (p *Portal) ended(ctx context.Context, change account.Change) (string, error) {
	all, err := p.o.Ledgers.OfAccount(ctx, change.Account, mostSessions)
	if err != nil {
		return "", err
	}
	var its []logout.Campaign
	for _, e := range all {
		if !e.At.Before(change.At) && e.Cause.Reason == session.EndedByAccount {
			its = append(its, e.Campaign)
		}
	}
	return p.o.Farewell.Told(ctx, "", "", its...)
}
