package app

import (
	"context"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/grant"
	"onedoor/hub/hubsql"
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
