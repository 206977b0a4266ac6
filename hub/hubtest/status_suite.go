package hubtest

import (
	"context"
	"slices"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/token"
)

// Statuses is token.StatusStore with its sweep.
type Statuses interface {
	token.StatusStore
	// Purge removes at most limit entries that expired before the time and tells how many.
	Purge(ctx context.Context, before time.Time, limit int) (int, error)
}

// StatusStore is the conformance suite of token.StatusStore.
func StatusStore(t *testing.T, open Open) {
	t.Run("EntriesComeBackUntilTheyExpire", func(t *testing.T) { t.Parallel(); statusEntries(t, NewWorld(t, open(t))) })
	t.Run("AnUndoneEntryIsNone", func(t *testing.T) { t.Parallel(); statusUndone(t, NewWorld(t, open(t))) })
	t.Run("PurgeLeavesWhatIsAlive", func(t *testing.T) { t.Parallel(); statusPurge(t, NewWorld(t, open(t))) })
}

func (w *World) statuses(t *testing.T, list string) []int {
	t.Helper()
	all, err := w.Statuses.Entries(t.Context(), list, w.Clock.Now())
	must(t, err)
	var places []int
	for _, e := range all {
		if e.List != list || !slices.Equal(e.Stands, []byte{1, 0, 255, byte(e.Index)}) || !e.ExpiresAt.After(w.Clock.Now()) {
			t.Errorf("entry %+v", e)
		}
		places = append(places, e.Index)
	}
	return places
}

func (w *World) entry(list string, index int, life time.Duration) token.StatusEntry {
	return token.StatusEntry{List: list, Index: index, Stands: []byte{1, 0, 255, byte(index)}, ExpiresAt: w.Clock.Now().Add(life)}
}

func statusEntries(t *testing.T, w *World) {
	ctx := t.Context()
	one, two := w.ID(), w.ID()
	must(t, w.Statuses.Add(ctx, w.entry(one, 7, time.Minute)))
	must(t, w.Statuses.Add(ctx, w.entry(one, 3, 2*time.Minute)))
	must(t, w.Statuses.Add(ctx, w.entry(two, 3, time.Minute)))
	wantKind(t, "a place that is taken", w.Statuses.Add(ctx, w.entry(one, 7, time.Hour)), hub.Conflict)
	if got := w.statuses(t, one); !slices.Equal(got, []int{3, 7}) {
		t.Errorf("places %v", got)
	}
	if got := w.statuses(t, w.ID()); got != nil {
		t.Errorf("places %v of a list that is not there", got)
	}
	w.Clock.Advance(time.Minute)
	if got := w.statuses(t, one); !slices.Equal(got, []int{3}) {
		t.Errorf("places %v, one of them expired", got)
	}
	cut, cancel := context.WithCancel(ctx)
	cancel()
	_, err := w.Statuses.Entries(cut, one, w.Clock.Now())
	wantKind(t, "no answer", err, hub.Unavailable)
}

func statusUndone(t *testing.T, w *World) {
	list := w.ID()
	_ = w.InTx(t.Context(), func(ctx context.Context) error {
		must(t, w.Statuses.Add(ctx, w.entry(list, 1, time.Minute)))
		return hub.Errorf("test", hub.Internal, "undo")
	})
	if got := w.statuses(t, list); got != nil {
		t.Errorf("places %v", got)
	}
}

func statusPurge(t *testing.T, w *World) {
	ctx := t.Context()
	list := w.ID()
	for i := range 5 {
		must(t, w.Statuses.Add(ctx, w.entry(list, i, time.Duration(i+1)*time.Minute)))
	}
	w.Clock.Advance(3*time.Minute + time.Second)
	for _, want := range []int{2, 1, 0} {
		n, err := w.Statuses.Purge(ctx, w.Clock.Now(), 2)
		must(t, err)
		if n != want {
			t.Errorf("%d purged, want %d", n, want)
		}
	}
	if got := w.statuses(t, list); !slices.Equal(got, []int{3, 4}) {
		t.Errorf("places %v", got)
	}
}
