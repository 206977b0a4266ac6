package hubtest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
)

// OnceStore is the conformance suite of grant.Once.
func OnceStore(t *testing.T, open Open) {
	t.Run("Invariant6_CountsOnce", func(t *testing.T) { t.Parallel(); onceCounts(t, NewWorld(t, open(t))) })
	t.Run("Invariant6_OneOfManyWins", func(t *testing.T) { t.Parallel(); onceRace(t, NewWorld(t, open(t))) })
	t.Run("ARefusalLeavesTheTransactionGood", func(t *testing.T) { t.Parallel(); onceInTx(t, NewWorld(t, open(t))) })
}

func onceCounts(t *testing.T, w *World) {
	ctx := t.Context()
	expires := w.Clock.Now().Add(time.Minute)
	for _, key := range []string{"a", "", "b\x00c", strings.Repeat("x", 1<<16), "ก"} {
		must(t, w.Once.Use(ctx, "jti", key, expires))
		wantKind(t, "again", w.Once.Use(ctx, "jti", key, expires.Add(time.Hour)), hub.Consumed)
	}
	must(t, w.Once.Use(ctx, "assertion", "a", expires)) // another kind is another thing
	must(t, w.Once.Use(ctx, "j", "tia", expires))       // and kind and key do not run together
}

func onceRace(t *testing.T, w *World) {
	race(t, hub.Consumed, func(int) error { return w.Once.Use(t.Context(), "jti", "same", w.Clock.Now().Add(time.Minute)) })
}

func onceInTx(t *testing.T, w *World) {
	expires := w.Clock.Now().Add(time.Minute)
	must(t, w.Once.Use(t.Context(), "jti", "spent", expires))
	must(t, w.InTx(t.Context(), func(ctx context.Context) error {
		if err := w.Once.Use(ctx, "jti", "spent", expires); !errors.Is(err, hub.Consumed) {
			t.Errorf("got %v, want consumed", err)
		}
		return w.Once.Use(ctx, "jti", "fresh", expires)
	}))
	wantKind(t, "what was used after the refusal is kept", w.Once.Use(t.Context(), "jti", "fresh", expires), hub.Consumed)
	undone := hub.Errorf("test", hub.Denied, "undo")
	err := w.InTx(t.Context(), func(ctx context.Context) error {
		if err := w.Once.Use(ctx, "jti", "undone", expires); err != nil {
			return err
		}
		return undone
	})
	if err != undone {
		t.Fatal(err)
	}
	must(t, w.Once.Use(t.Context(), "jti", "undone", expires))
}
