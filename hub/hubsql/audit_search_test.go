package hubsql_test

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
)

// AUD-05, invariant 10: events are found by interaction, kind, time and department, a page at a time, and a department finds its own only.
func TestAUD05_EventsAreFound(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		r := newRecord(t, db)
		if f, err := r.store.Search(t.Context(), audit.Search{Limit: 10}); err != nil || len(f.Events) > 0 || f.Next != 0 {
			t.Errorf("in an empty record: %v, %v", f, err)
		}
		one := hub.InteractionID(hub.NewID(hub.Randomness()))
		me := newAccount()
		noon := time.Date(2025, 5, 1, 12, 0, 0, 0, time.UTC)
		var all []audit.Event
		for i := range 40 {
			e := audit.Event{At: noon.Add(time.Duration(i) * time.Hour), Kind: "login.succeeded", Outcome: audit.Success, System: "efiling"}
			if i >= 30 {
				e.Account = me
			}
			switch i % 4 {
			case 1:
				e.System, e.Kind = "benefits", "login.refused"
			case 2:
				e.System, e.Kind, e.Detail = "", "staff.joined", map[string]string{"department": "revenue"}
			case 3:
				e.Interaction, e.Detail = one, map[string]string{"department_x": "revenue", "what": "department:revenue"}
				e.System = "benefits"
			}
			all = append(all, e)
		}
		if err := r.log.Record(t.Context(), all...); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			q    audit.Search
			want int
		}{
			"everything":            {audit.Search{}, 40},
			"an interaction":        {audit.Search{Interaction: one}, 10},
			"an account":            {audit.Search{Account: me}, 10},
			"an account until":      {audit.Search{Account: me, Until: noon.Add(35 * time.Hour)}, 5},
			"an account's kind":     {audit.Search{Account: me, Kind: "staff."}, 3},
			"an account at a time":  {audit.Search{Account: me, Interaction: one}, 3},
			"an account at one":     {audit.Search{Account: me, System: "benefits"}, 5},
			"an account, narrowed":  {audit.Search{Account: me, Narrow: true, Department: "revenue", Systems: []hub.SystemID{"efiling"}}, 5},
			"nobody's":              {audit.Search{Account: newAccount()}, 0},
			"a system":              {audit.Search{System: "benefits"}, 20},
			"a system's kind":       {audit.Search{System: "benefits", Kind: "login.refused"}, 10},
			"a system in one":       {audit.Search{System: "benefits", Interaction: one}, 10},
			"a kind":                {audit.Search{Kind: "login.refused"}, 10},
			"an area of kinds":      {audit.Search{Kind: "login."}, 30},
			"until a time":          {audit.Search{Until: noon.Add(5 * time.Hour)}, 5},
			"before all":            {audit.Search{Until: noon}, 0},
			"a department":          {audit.Search{Narrow: true, Department: "revenue", Systems: []hub.SystemID{"efiling"}}, 20},
			"one without systems":   {audit.Search{Narrow: true, Department: "revenue"}, 10},
			"one that has nothing":  {audit.Search{Narrow: true, Department: "moon"}, 0},
			"a foreign interaction": {audit.Search{Narrow: true, Department: "revenue", Systems: []hub.SystemID{"efiling"}, Interaction: one}, 0},
			"all at once":           {audit.Search{Kind: "login.succeeded", Until: noon.Add(9 * time.Hour), Narrow: true, Department: "revenue", Systems: []hub.SystemID{"efiling"}}, 3},
		} {
			seen := map[string]bool{}
			for q := c.q; ; {
				q.Limit = 3
				f, err := r.store.Search(t.Context(), q)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				for _, e := range f.Events {
					if seen[e.ID] {
						t.Errorf("%s: twice", name)
					}
					seen[e.ID] = true
				}
				if q.Before = f.Next; f.Next == 0 {
					break
				}
			}
			if len(seen) != c.want {
				t.Errorf("%s: %d events, not %d", name, len(seen), c.want)
			}
		}
		f, err := r.store.Search(t.Context(), audit.Search{Limit: 2})
		if err != nil || fmt.Sprint(f.Events[0].At.Sub(noon), f.Events[1].At.Sub(noon)) != "39h0m0s 38h0m0s" {
			t.Errorf("not the latest first: %v, %v", f, err)
		}
		for _, bad := range []audit.Search{
			{},
			{Limit: 1000},
			{Limit: 1, Kind: "x' OR 1"},
			{Limit: 1, Interaction: "a"},
			{Limit: 1, Narrow: true},
			{Limit: 1, Before: -1},
			{Limit: 1, Account: "' OR 1=1 --"},
			{Limit: 1, System: "' OR 1=1 --"},
		} {
			if _, err := r.store.Search(t.Context(), bad); !errors.Is(err, hub.Invalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}

// At a million events each search goes by its index: what the databases say that they do, and how long it takes. Set AUDIT_EVENTS for the size.
func BenchmarkAuditSearch(b *testing.B) {
	n := 100_000
	if text := os.Getenv("AUDIT_EVENTS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	for name, open := range map[string]func(testing.TB, ...func(*sqldb.Options)) *sqldb.DB{"sqlite": sqltest.SQLite, "postgres": sqltest.Postgres} {
		b.Run(name, func(b *testing.B) {
			r := newRecord(b, open(b))
			me, one := newAccount(), hub.InteractionID(hub.NewID(hub.Randomness()))
			const rows = 500
			for i := 0; i < n; i += rows {
				all := make([]audit.Event, rows)
				for j := range all {
					all[j] = auditEvent(newAccount())
					all[j].System = hub.SystemID(fmt.Sprintf("system-%d", (i+j)%300))
					if (i+j)%(n/40) == 0 {
						all[j].Account, all[j].Interaction, all[j].Kind = me, one, "account.suspended"
					}
				}
				if err := r.log.Record(b.Context(), all...); err != nil {
					b.Fatal(err)
				}
			}
			r.exec(b, "ANALYZE")
			for what, q := range map[string]audit.Search{
				"account": {Account: me}, "interaction": {Interaction: one}, "system": {System: "system-7"}, "system-kind": {System: "system-7", Kind: "account.suspended"},
				"kind": {Kind: "account.suspended"}, "until": {Until: time.Now().Add(-time.Hour)},
			} {
				b.Run(what, func(b *testing.B) {
					q.Limit = 25
					for b.Loop() {
						if _, err := r.store.Search(b.Context(), q); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		})
	}
}
