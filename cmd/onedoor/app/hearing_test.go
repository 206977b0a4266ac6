package app

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"onedoor/authz"
	"onedoor/authz/authzsql"
	"onedoor/hub/audit"
	"onedoor/hub/hubtest/sqltest"
)

// kept is a record that may refuse.
type kept struct{ err error }

func (k kept) Record(context.Context, ...audit.Event) error { return k.err }

// RAZ-08: whatever happens to an entity or a binding reaches what decisions remember, in the same transaction; and nothing that did not happen
// does.
func TestRAZ08_DecisionsHearOfEntitiesAndBindings(t *testing.T) {
	t.Parallel()
	db := sqltest.SQLite(t)
	store, err := authzsql.New(db)
	if err != nil {
		t.Fatal(err)
	}
	w := hearing{kept{}, store, time.Now}
	withdrawn := audit.Event{Kind: "mandate.ended", Account: "operator", Detail: map[string]string{"entity": "company", "by": "administrator"}}
	if err := db.InTx(t.Context(), func(ctx context.Context) error {
		return w.Record(ctx, withdrawn, audit.Event{Kind: "binding.unbound", Account: "citizen"})
	}); err != nil {
		t.Fatal(err)
	}
	news, err := store.News(t.Context(), authz.Cursor{})
	slices.Sort(news.Refs)
	if err != nil || !slices.Equal(news.Refs, []string{"citizen", "company", "operator"}) {
		t.Fatalf("heard of %v, %v", news.Refs, err)
	}
	full := errors.New("the record is full")
	for name, record := range map[string]func(ctx context.Context) error{
		"nothing was recorded": func(ctx context.Context) error { return hearing{kept{full}, store, w.clock}.Record(ctx, withdrawn) },
		"taken back":           func(ctx context.Context) error { return errors.Join(w.Record(ctx, withdrawn), full) },
	} {
		if err := db.InTx(t.Context(), record); !errors.Is(err, full) {
			t.Errorf("%s: %v", name, err)
		}
		if after, err := store.News(t.Context(), news.Next); err != nil || len(after.Refs) != 0 {
			t.Errorf("%s, and heard of %v, %v", name, after.Refs, err)
		}
	}
}
