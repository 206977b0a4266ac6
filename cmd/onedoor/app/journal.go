package app

import (
	"context"
	"log/slog"

	"onedoor/hub/telemetry"
	"onedoor/web/server"
)

// journal gives what writes the records of programs' requests, nil where the logger does it: it writes to no buffer, or not JSON, or
// nothing at this level.
func (h *Hub) journal() (func(server.Answered), error) {
	o := h.options
	if o.Lines == nil || o.Config.Log.Format != telemetry.JSON || !o.Log.Enabled(context.Background(), slog.LevelInfo) {
		return nil, nil //nolint:nilnil // no journal is a meaning of its own
	}
	j, err := telemetry.NewJournal(o.Lines, h.clock)
	if err != nil {
		return nil, err
	}
	return func(a server.Answered) { j.Request(telemetry.Request(a)) }, nil
}
