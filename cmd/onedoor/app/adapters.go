package app

import (
	"context"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/consent"
	"onedoor/hub/grant"
	"onedoor/hub/hubsql"
	"onedoor/hub/session"
)

// decisions are a person's consents, whose withdrawal also ends what a system holds because of them.
type decisions struct {
	*consent.Service
	tx     grant.Transactor
	grants *hubsql.Grants
	clock  hub.Clock
}

// Withdraw implements portal.Consents: consents and grants end in one transaction.
func (d decisions) Withdraw(ctx context.Context, account hub.AccountID, system hub.SystemID) (n int, err error) {
	err = d.tx.InTx(ctx, func(ctx context.Context) error {
		if n, err = d.Service.Withdraw(ctx, account, system); err != nil {
			return err
		}
		_, err := d.grants.RevokeSystem(ctx, account, system, "consent_withdrawn", d.clock())
		return err
	})
	return n, err
}

// levels gives every level that a provider in service can reach now (LOA-03).
func (h *Hub) levels(ctx context.Context) ([]hub.Level, error) {
	var reachable []hub.Level
	for _, l := range hub.Levels() {
		offer, err := h.providers.Offer(ctx, l)
		if err != nil {
			return nil, err
		}
		if len(offer) > 0 {
			reachable = append(reachable, l)
		}
	}
	return reachable, nil
}

// doors are the ways into accounts, whose removal also ends the sign-ins that came by it.
type doors struct {
	*account.Service
	h *Hub
}

// Unlink implements portal.Links: the link and the sessions end in one transaction.
func (d doors) Unlink(ctx context.Context, id hub.AccountID, link, channel string) (gone account.Link, err error) {
	const most = 1000 // live sessions of one person
	err = d.h.db.InTx(ctx, func(ctx context.Context) error {
		if gone, err = d.Service.Unlink(ctx, id, link, channel); err != nil {
			return err
		}
		live, err := d.h.sessions.OfAccount(ctx, id, true, most)
		if err != nil {
			return err
		}
		for _, s := range live {
			if s.Provider != gone.Provider {
				continue
			}
			if _, err := d.h.logout.End(ctx, s.ID, session.Cause{Reason: session.EndedByPerson}); err != nil {
				return err
			}
		}
		return nil
	})
	return gone, err
}
