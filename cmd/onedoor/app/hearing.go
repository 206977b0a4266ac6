package app

import (
	"context"

	"onedoor/authz/authzsql"
	"onedoor/hub"
	"onedoor/hub/audit"
)

// hearing is the record as rooms keep it on whose tables decisions about items rest as well: entities and bindings. No change there stands
// without its event in the same transaction (architecture D5), so whoever hears the events misses no change, and no room has to know that
// decisions remember what they have read.
type hearing struct {
	audit.Recorder
	decisions *authzsql.Store
	clock     hub.Clock
}

// heard gives the record for such a room.
func (h *Hub) heard() (audit.Recorder, error) {
	store, err := authzsql.New(h.db)
	return hearing{h.audit, store, h.clock}, err
}

// Record implements audit.Recorder.
func (h hearing) Record(ctx context.Context, events ...audit.Event) error {
	if err := h.Recorder.Record(ctx, events...); err != nil {
		return err
	}
	var about []string
	for _, e := range events {
		for _, id := range []string{string(e.Account), e.Detail["entity"]} {
			if id != "" {
				about = append(about, id)
			}
		}
	}
	if len(about) == 0 {
		return nil
	}
	return h.decisions.Changed(ctx, h.clock(), about...)
}
