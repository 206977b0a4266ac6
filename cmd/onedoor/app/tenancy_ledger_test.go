package app

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// ledger sees every row that a request writes, by triggers, and takes the writing back. The record of events and the counters stay as they are: they
// belong to nobody, and refusals write to them as well.
type ledger struct {
	t *testing.T
	h *Hub
}

// unseen are tables whose rows are nobody's: the record, counters, what is derived. Their changes are neither seen nor taken back.
var unseen = []string{"audit_", "counters", "statistics", "goose_", "sqlite_", "tenancy_", "retention_", "keys_version", "status_entries", "metadata_copies"}

// lasting are tables whose changes are seen and stay: what the node keeps of them in memory can't be taken back.
var lasting = []string{"keys"}

// passing are tables of what is under way: that a request writes there is no change of anybody's things, but a row of somebody else's is.
var passing = []string{"login_transactions", "single_use", "pushed_requests", "api_answers", "authz_decisions", "saml_answers", "logout_views"}

// written is a row that a request has written: the table, and the row before and after, as text.
type written struct{ table, row string }

func (w written) passing() bool { return slices.Contains(passing, w.table) }

func newLedger(t *testing.T, h *Hub) *ledger {
	t.Helper()
	l := &ledger{t, h}
	l.do(`CREATE TABLE tenancy_writes (seq INTEGER PRIMARY KEY AUTOINCREMENT, tbl TEXT NOT NULL, "row" TEXT NOT NULL, undo TEXT NOT NULL)`)
	// What only grows can't be taken back otherwise.
	for _, trigger := range l.texts(`SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%append-only%'`) {
		l.do(`DROP TRIGGER "` + trigger + `"`)
	}
	for _, table := range l.texts(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`) {
		if !slices.ContainsFunc(unseen, func(p string) bool { return strings.HasPrefix(table, p) }) {
			l.watch(table)
		}
	}
	return l
}

func (l *ledger) do(sql string) {
	l.t.Helper()
	if _, err := l.h.db.SQL().ExecContext(l.t.Context(), sql); err != nil {
		l.t.Fatalf("%v: %s", err, sql)
	}
}

func (l *ledger) texts(sql string) (all []string) {
	l.t.Helper()
	if err := l.h.db.Read(l.t.Context()).Raw(sql).Scan(&all).Error; err != nil {
		l.t.Fatal(err)
	}
	return all
}

// watch hangs the triggers of a table. A use of a session (its last activity) is no change of anything.
func (l *ledger) watch(table string) {
	columns := l.texts(fmt.Sprintf(`SELECT name FROM pragma_table_info('%s') ORDER BY cid`, table))
	key := l.texts(fmt.Sprintf(`SELECT name FROM pragma_table_info('%s') WHERE pk > 0 ORDER BY pk`, table))
	if len(key) == 0 {
		key = columns
	}
	// A statement is put together in SQL, with values as literals: quote() writes them so.
	list := func(of []string, sep, each string) string {
		parts := make([]string, len(of))
		for i, c := range of {
			parts[i] = fmt.Sprintf(each, c)
		}
		return strings.Join(parts, sep)
	}
	text := func(row string) string { return list(columns, ` || ' ' || `, `'%[1]s=' || quote(`+row+`."%[1]s")`) }
	where := func(row string) string {
		return list(key, ` || ' AND ' || `, `'"%[1]s" IS ' || quote(`+row+`."%[1]s")`)
	}
	remove := fmt.Sprintf(`'DELETE FROM "%s" WHERE ' || `, table) + where("new")
	insert := fmt.Sprintf(`'INSERT INTO "%s" VALUES (' || `, table) + list(columns, ` || ',' || `, `quote(old."%s")`) + ` || ')'`
	back := fmt.Sprintf(`'UPDATE "%s" SET ' || `, table) + list(columns, ` || ',' || `, `'"%[1]s"=' || quote(old."%[1]s")`) + ` || ' WHERE ' || ` + where("new")
	idle := slices.DeleteFunc(slices.Clone(columns), func(c string) bool { return table == "sessions" && (c == "last_activity" || c == "idle_over") })
	for event, x := range map[string]struct{ on, row, undo string }{
		"added":   {"INSERT", text("new"), remove},
		"removed": {"DELETE", text("old"), insert},
		"changed": {"UPDATE", text("old") + ` || ' -> ' || ` + text("new"), back},
	} {
		if slices.Contains(lasting, table) {
			x.undo = "''"
		}
		when := ""
		if event == "changed" {
			when = " WHEN " + list(idle, " OR ", `old."%[1]s" IS NOT new."%[1]s"`)
		}
		l.do(fmt.Sprintf(`CREATE TRIGGER "tenancy_%s_%s" AFTER %s ON "%s"%s BEGIN INSERT INTO tenancy_writes (tbl, "row", undo) VALUES ('%s', %s, %s); END`,
			table, event, x.on, table, when, table, x.row, x.undo))
	}
}

// taken gives what was written since the last time, and takes it back.
func (l *ledger) taken() (all []written) {
	l.t.Helper()
	var rows []struct {
		Tbl, Row, Undo string
	}
	if err := l.h.db.Read(l.t.Context()).Raw(`SELECT tbl, "row", undo FROM tenancy_writes ORDER BY seq DESC`).Scan(&rows).Error; err != nil {
		l.t.Fatal(err)
	}
	if len(rows) == 0 {
		return nil
	}
	back := []string{"BEGIN IMMEDIATE", "PRAGMA defer_foreign_keys = 1"}
	for _, r := range rows {
		all, back = append(all, written{r.Tbl, r.Row}), append(back, r.Undo)
	}
	l.do(strings.Join(append(back, "DELETE FROM tenancy_writes", "COMMIT"), ";\n"))
	if slices.ContainsFunc(all, func(w written) bool { return !w.passing() }) {
		if err := l.h.refresh(l.t.Context()); err != nil { // what the node keeps in memory
			l.t.Fatal(err)
		}
	}
	return all
}
