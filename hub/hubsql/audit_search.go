package hubsql

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"onedoor/hub/audit"
	"onedoor/hub/sqldb"
)

var _ audit.Finder = (*Audit)(nil)

const (
	// looked bounds how many events one search goes through for what has no index of its own: administrators look for it now and then, and
	// every event that is written would pay for one.
	looked = 50_000
	// skew is how far the times of events lie from the order in which they were written, at most: a transaction does not last so long.
	skew = 10 * time.Minute
)

// Search implements audit.Finder. What an account did lies by time in its index, everything else by the number of the row. "<> ”" lets
// both databases use the partial indexes.
func (t *Audit) Search(ctx context.Context, q audit.Search) (found audit.Found, err error) {
	const op = "hubsql.Audit.Search"
	if err := q.Check(); err != nil {
		return found, err
	}
	where, args, order, lowest, err := t.keys(ctx, q)
	if err != nil {
		return found, sqldb.Translate(op, err)
	}
	more, filters := t.filters(q)
	var last int64
	err = sqldb.Each(t.db.Read(ctx), func(s scanner) error {
		var r auditRow
		if err := s.Scan(r.columns(&last)...); err != nil {
			return err
		}
		row, err := r.row()
		if err == nil {
			found.Events = append(found.Events, row.Event)
		}
		return err
	}, "SELECT "+eventColumns+", e.seq FROM audit_events e WHERE "+where+more+" ORDER BY "+order+" LIMIT ?", append(append(args, filters...), q.Limit)...)
	switch {
	case err != nil:
		return audit.Found{}, sqldb.Translate(op, err)
	case len(found.Events) == q.Limit:
		found.Next = last
	default:
		found.Next = lowest
	}
	return found, nil
}

// keys gives the condition that an index answers, its order, and the number from which on a search looks that has more conditions: 0 where
// it goes through everything that the index gives.
func (t *Audit) keys(ctx context.Context, q audit.Search) (where string, args []any, order string, lowest int64, err error) {
	order = "e.seq DESC"
	if q.Account != "" { // not so many that a bound is needed
		where, args, order = "e.account = ? AND e.account <> ''", []any{string(q.Account)}, "e.at DESC, e.seq DESC"
		if q.Before > 0 {
			where, args = where+" AND (e.at, e.seq) < ( (SELECT b.at FROM audit_events b WHERE b.seq = ?), ?)", append(args, q.Before, q.Before)
		}
		return where, args, order, 0, nil
	}
	above, err := t.beginning(ctx, q)
	if err != nil {
		return "", nil, "", 0, err
	}
	where, args = "e.seq < ?", []any{above}
	switch {
	case q.Interaction != "":
		return where + " AND e.interaction = ? AND e.interaction <> ''", append(args, string(q.Interaction)), order, 0, nil
	case q.System != "":
		where, args = where+" AND e.system = ? AND e.system <> ''", append(args, string(q.System))
		if q.Kind == "" && !q.Narrow {
			return where, args, order, 0, nil
		}
	}
	err = t.db.Read(ctx).Raw("SELECT e.seq FROM audit_events e WHERE "+where+" ORDER BY e.seq DESC LIMIT 1 OFFSET ?", append(args, looked)...).Row().Scan(&lowest)
	if errors.Is(err, sql.ErrNoRows) { // there are not so many
		return where, args, order, 0, nil
	}
	return where + " AND e.seq >= ?", append(args, lowest), order, lowest, err
}

// filters gives the conditions that no index answers.
func (t *Audit) filters(q audit.Search) (where string, args []any) {
	if q.Account != "" && q.Interaction != "" {
		where, args = where+" AND e.interaction = ?", append(args, string(q.Interaction))
	}
	if q.System != "" && (q.Account != "" || q.Interaction != "") {
		where, args = where+" AND e.system = ?", append(args, string(q.System))
	}
	if !q.Until.IsZero() {
		where, args = where+" AND e.at < ?", append(args, sqldb.Micros(q.Until))
	}
	switch n := len(q.Kind); {
	case n > 0 && q.Kind[n-1] == '.':
		where, args = where+" AND substr(e.kind, 1, ?) = ?", append(args, n, q.Kind)
	case n > 0:
		where, args = where+" AND e.kind = ?", append(args, q.Kind)
	}
	if q.Narrow {
		within := "instr(e.detail, ?) > 0"
		if t.db.Dialect() == sqldb.Postgres {
			within = "strpos(e.detail, ?) > 0"
		}
		// Values of a detail hold no quotes, so that only the key itself can look like this.
		where, args = where+" AND ( "+within, append(args, `"department":"`+string(q.Department)+`"`)
		if len(q.Systems) > 0 {
			where += " OR e.system IN (" + marks(len(q.Systems)) + ")"
			for _, s := range q.Systems {
				args = append(args, string(s))
			}
		}
		where += ")"
	}
	return where, args
}

// beginning gives the number below which the search looks.
func (t *Audit) beginning(ctx context.Context, q audit.Search) (int64, error) {
	var newest *int64
	if err := t.db.Read(ctx).Raw("SELECT max(seq) FROM audit_events").Row().Scan(&newest); err != nil {
		return 0, err
	}
	if newest == nil {
		return 0, nil
	}
	above := *newest + 1
	if q.Before > 0 {
		above = min(above, q.Before)
	}
	if q.Until.IsZero() {
		return above, nil
	}
	// Events were written nearly in the order of their times: halve until the first that is surely too late.
	low, high, late := int64(0), above, sqldb.Micros(q.Until.Add(skew))
	for low < high {
		middle := low + (high-low)/2
		var at int64
		err := t.db.Read(ctx).Raw("SELECT at FROM audit_events WHERE seq >= ? ORDER BY seq LIMIT 1", middle).Row().Scan(&at)
		switch {
		case errors.Is(err, sql.ErrNoRows) || err == nil && at >= late:
			high = middle
		case err != nil:
			return 0, err
		default:
			low = middle + 1
		}
	}
	return low, nil
}

// CountLive counts the sessions that live, up to a million.
func (t *Sessions) CountLive(ctx context.Context) (n int64, err error) {
	err = t.db.Read(ctx).Raw("SELECT count(*) FROM (SELECT 1 FROM sessions WHERE ended_at IS NULL LIMIT 1000000) live").Row().Scan(&n)
	return n, sqldb.Translate("hubsql.Sessions.CountLive", err)
}
