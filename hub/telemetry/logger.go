// Package telemetry is what the hub says about itself to those who run it: structured log lines (log/slog) and metrics
// (Prometheus text format). Both are free of personal data and secrets whatever is handed in (PRV-01, architecture
// invariant 2): attributes are redacted by name and by form, metric labels come from closed sets.
//
// It is the last net and not the first one: no caller may hand personal data in. It does not own the audit record (hub/audit).
package telemetry

import (
	"context"
	"io"
	"log/slog"
	"slices"

	"onedoor/hub"
)

// The formats of NewLogger.
const (
	JSON = "json" // one object a line
	Text = "text" // key=value, for people
)

// interactionKey is the attribute that carries the interaction id (AUD-05).
const interactionKey = "interaction"

// NewLogger gives a logger that writes lines of the format from the level up. Each line carries the interaction id of its
// context. Where the writer is a Buffer, warnings and errors are written at once. Invalid without a writer or level, or for an unknown format.
func NewLogger(w io.Writer, level slog.Leveler, format string) (*slog.Logger, error) {
	const op = "telemetry.NewLogger"
	if w == nil || level == nil {
		return nil, hub.Errorf(op, hub.Invalid, "writer and level are required")
	}
	options := &slog.HandlerOptions{Level: level}
	var h *handler
	switch format {
	case JSON:
		h = &handler{inner: slog.NewJSONHandler(w, options), cleaner: &cleaner{}}
	case Text:
		h = &handler{inner: slog.NewTextHandler(w, options), cleaner: &cleaner{}}
	default:
		return nil, hub.Errorf(op, hub.Invalid, "the format of the log is json or text")
	}
	h.buffer, _ = w.(*Buffer)
	return slog.New(h), nil
}

// NewHandler gives a handler that redacts everything before the inner one sees it.
func NewHandler(inner slog.Handler) slog.Handler { return &handler{inner: inner, cleaner: &cleaner{}} }

// handler keeps the groups and attributes of With and WithGroup itself, so that the interaction id stands at the top whatever
// group is open. The inner handler sees finished records only.
type handler struct {
	inner   slog.Handler
	cleaner *cleaner
	frames  []frame
	buffer  *Buffer // where the inner one writes to one
}

// frame is what one call of WithGroup or WithAttrs has added: a group or attributes.
type frame struct {
	group string
	attrs []slog.Attr
}

// Enabled implements slog.Handler.
func (h *handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.inner.Enabled(ctx, level)
}

// WithAttrs implements slog.Handler.
func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	if len(attrs) == 0 {
		return h
	}
	return h.with(frame{attrs: h.cleaner.all(attrs)})
}

// WithGroup implements slog.Handler.
func (h *handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	return h.with(frame{group: h.cleaner.judge(name).key})
}

func (h *handler) with(f frame) slog.Handler {
	return &handler{inner: h.inner, cleaner: h.cleaner, buffer: h.buffer, frames: append(slices.Clip(h.frames), f)}
}

// Handle implements slog.Handler.
func (h *handler) Handle(ctx context.Context, r slog.Record) error {
	attrs := make([]slog.Attr, 0, r.NumAttrs()+1)
	r.Attrs(func(a slog.Attr) bool {
		attrs = append(attrs, h.cleaner.clean(a))
		return true
	})
	for _, f := range slices.Backward(h.frames) {
		switch {
		case f.group == "":
			attrs = append(slices.Clone(f.attrs), attrs...)
		case h.cleaner.judge(f.group).denied:
			attrs = []slog.Attr{slog.String(f.group, redacted)}
		default:
			attrs = []slog.Attr{{Key: f.group, Value: slog.GroupValue(attrs...)}}
		}
	}
	if id := hub.InteractionFrom(ctx); hub.ValidID(string(id)) &&
		!slices.ContainsFunc(attrs, func(a slog.Attr) bool { return a.Key == interactionKey }) {
		attrs = append(attrs, slog.String(interactionKey, string(id)))
	}
	out := slog.NewRecord(r.Time, r.Level, Mask(r.Message), 0)
	out.AddAttrs(attrs...)
	err := h.inner.Handle(ctx, out)
	if err == nil && h.buffer != nil && r.Level >= slog.LevelWarn {
		err = h.buffer.Flush()
	}
	return err
}
