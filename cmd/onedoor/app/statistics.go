package app

import (
	"context"
	"errors"
	"time"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/hub/hubsql"
	"onedoor/hub/statistics"
)

// layStatistics: what is counted of the record.
func (h *Hub) layStatistics(record *hubsql.Audit) (err error) {
	h.record = record
	if h.figures, err = hubsql.NewStatistics(h.db); err != nil {
		return err
	}
	h.statistics, err = statistics.New(statistics.Options{Store: h.figures, Log: record, Register: counted{h}, Clock: h.clock, Zone: zone})
	return err
}

// counted knows whose systems are, for the figures. A system that this node has not read yet is looked for in the register itself.
type counted struct{ h *Hub }

// Owner implements statistics.Register.
func (c counted) Owner(ctx context.Context, id hub.SystemID) (hub.DepartmentID, error) {
	if s, err := c.h.directory.System(ctx, id); err == nil {
		return s.Department, nil
	}
	all, err := c.h.tenants.Systems(ctx)
	if err != nil {
		return "", err
	}
	for _, s := range all {
		if s.ID == id {
			return s.Department, nil
		}
	}
	return "", nil
}

// Category implements statistics.Register. An item that has been taken out of the catalogue has none.
func (c counted) Category(ctx context.Context, item string) (string, error) {
	i, err := c.h.authz.catalogue.Item(ctx, authz.ItemID(item))
	if errors.Is(err, hub.NotFound) {
		return "", nil
	}
	return i.Category, err
}

// count brings the figures up to the record.
func (h *Hub) count(ctx context.Context) error {
	_, err := h.statistics.Advance(ctx)
	return err
}

// purgeFigures removes figures of hours that are too old.
func (h *Hub) purgeFigures(ctx context.Context, now time.Time, limit int) (int, error) {
	return h.figures.Purge(ctx, now.Add(-statistics.HoursKept), limit)
}
