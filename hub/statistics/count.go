package statistics

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
)

// batch is how many leaves one step takes; noted how often it is written down that the log is counted as a whole.
const (
	batch = 500
	noted = time.Minute
)

// Advance counts what the log has that is not counted yet, and tells how many events that were. Call it on every node every few seconds: where
// another node is at it, this one leaves it to that. Internal where the log has a gap; Unavailable.
func (s *Service) Advance(ctx context.Context) (int64, error) {
	const op = "statistics.Advance"
	var done int64
	for {
		began := s.o.Clock()
		at, through, err := s.o.Store.Progress(ctx)
		if err != nil {
			return done, hub.E(op, hub.KindOf(err), err)
		}
		leaves, err := s.o.Log.Leaves(ctx, at, batch)
		if err != nil {
			return done, hub.E(op, hub.KindOf(err), err)
		}
		if len(leaves) == 0 {
			if began.Sub(through) >= noted {
				err = s.o.Store.Through(ctx, at, began)
			}
			if err != nil {
				err = hub.E(op, hub.KindOf(err), err)
			}
			return done, err
		}
		counts, err := s.counts(ctx, at, leaves)
		if err != nil {
			return done, hub.E(op, hub.KindOf(err), err)
		}
		to := at + int64(len(leaves))
		switch err := s.o.Store.Add(ctx, at, to, counts); {
		case errors.Is(err, hub.Conflict):
			return done, nil
		case err != nil:
			return done, hub.E(op, hub.KindOf(err), err)
		}
		done += int64(len(leaves))
	}
}

// counts gives the figures of leaves that begin at an index. Internal where one is missing between them.
func (s *Service) counts(ctx context.Context, from int64, leaves []audit.Placed) ([]Count, error) {
	all := map[Cell]int64{}
	for i, l := range leaves {
		if l.Index != from+int64(i) {
			return nil, hub.Errorf("statistics.counts", hub.Internal, "a leaf of the log is gone")
		}
		if l.Row == nil { // the verification of the record tells of it; here is nothing to count
			continue
		}
		c, ok, err := s.cell(ctx, l.Row.Event)
		if err != nil {
			return nil, err
		}
		for _, g := range grains() {
			if ok {
				c.Grain, c.Start = g, s.start(g, l.Row.Event.At)
				all[c]++
			}
		}
	}
	counts := make([]Count, 0, len(all))
	for c, n := range all {
		counts = append(counts, Count{c, n})
	}
	// One order for all, so that no two nodes wait for each other's rows.
	slices.SortFunc(counts, func(a, b Count) int {
		return cmp.Or(cmp.Compare(a.Grain, b.Grain), a.Start.Compare(b.Start), cmp.Compare(a.Department, b.Department), cmp.Compare(a.System, b.System),
			cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Category, b.Category), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Outcome, b.Outcome))
	})
	return counts, nil
}

// cell gives what an event counts for. False for nothing.
func (s *Service) cell(ctx context.Context, e audit.Event) (c Cell, ok bool, err error) {
	if _, ok := of(e.Kind); !ok {
		return Cell{}, false, nil
	}
	c = Cell{System: e.System, Provider: e.Provider, Channel: e.Channel, Kind: e.Kind, Outcome: e.Outcome, Department: hub.DepartmentID(e.Detail["department"])}
	if c.Department == "" && e.System != "" {
		if c.Department, err = s.o.Register.Owner(ctx, e.System); err != nil {
			return Cell{}, false, err
		}
	}
	if item := e.Detail["item"]; item != "" {
		if c.Category, err = s.o.Register.Category(ctx, item); err != nil {
			return Cell{}, false, err
		}
	}
	return c, true, nil
}
