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
	// looked bounds how many events one search goes through: there is no index for what administrators look for now and then, because every
	// event that is written would pay for it.
	looked = 50_000
	// skew is how far the times of events lie from the order in which they were written, at most: a transaction does not last so long.
	skew = 10 * time.Minute
)

// Search implements audit.Finder.
func (t *Audit) Search(ctx context.Context, q audit.Search) (found audit.Found, err error) {
	const op = "hubsql.Audit.Search"
	if err := q.Check(); err != nil {
		return found, err
	}
	above, err := t.beginning(ctx, q)
	if err != nil {
		return found, sqldb.Translate(op, err)
	}
	where, args := "e.seq < ?", []any{above}
	lowest := max(0, above-looked)
	if q.Interaction != "" { // has an index
		where, args, lowest = where+" AND e.interaction = ? AND e.interaction <> ''", append(args, string(q.Interaction)), 0
	} else {
		where, args = where+" AND e.seq >= ?", append(args, lowest)
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
	last := above
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
	}, "SELECT "+eventColumns+", e.seq FROM audit_events e WHERE "+where+" ORDER BY e.seq DESC LIMIT ?", append(args, q.Limit)...)
	switch {
	case err != nil:
		return audit.Found{}, sqldb.Translate(op, err)
	case len(found.Events) == q.Limit:
		found.Next = last
	default:
		found.Next = lowest
	}
	if found.Next <= 1 {
		found.Next = 0
	}
	return found, nil
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
