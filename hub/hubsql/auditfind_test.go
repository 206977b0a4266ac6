package hubsql_test

import (
	"fmt"
	"strings"
	"testing"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
)

// The record is searched by what it is about, the latest first, each event once over all pages.
func TestAUD_FindGivesWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		store, err := hubsql.NewAudit(db)
		if err != nil {
			t.Fatal(err)
		}
		var rows []audit.Row
		for i := range 9 {
			rows = append(rows, audit.Row{Event: audit.Event{
				ID: hub.NewID(hub.Randomness()), At: hubtest.Noon(), Kind: []string{"system.moved", "token.issued"}[i%2], Outcome: audit.Success,
				System: hub.SystemID([]string{"one", "two", ""}[i%3]), Account: hub.AccountID([]string{"", "a"}[i/5]), Detail: map[string]string{"n": fmt.Sprint(i)},
			}, MAC: make([]byte, 32)})
		}
		if err := store.Append(t.Context(), rows); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			want hubsql.Wanted
			is   string
		}{
			"all":                  {hubsql.Wanted{}, "8 7 6 5 4 3 2 1 0"},
			"a system":             {hubsql.Wanted{System: "one"}, "6 3 0"},
			"a kind":               {hubsql.Wanted{System: "one", Kind: "system.moved"}, "6 0"},
			"an account":           {hubsql.Wanted{Account: "a"}, "8 7 6 5"},
			"a system's account":   {hubsql.Wanted{System: "two", Account: "a"}, "7"},
			"nobody's":             {hubsql.Wanted{Account: "b"}, ""},
			"no such interaction":  {hubsql.Wanted{Interaction: "x"}, ""},
			"what would be a rule": {hubsql.Wanted{System: "' OR 1=1 --"}, ""},
		} {
			var got []string
			for page := c.want; ; {
				n := 0
				err := store.Find(t.Context(), page, 2, func(e audit.Event, seq int64) {
					got = append(got, e.Detail["n"])
					page.Before, n = seq, n+1
				})
				if err != nil {
					t.Fatal(err)
				}
				if n < 2 {
					break
				}
			}
			if strings.Join(got, " ") != c.is {
				t.Errorf("%s: %v, want %s", name, got, c.is)
			}
		}
	})
}
