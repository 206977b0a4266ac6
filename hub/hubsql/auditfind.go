package hubsql

import (
	"context"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/sqldb"
)

// Wanted says which events are looked for: empty fields ask for all. Before is the number of one that was given, 0 for the latest.
type Wanted struct {
	System      hub.SystemID
	Account     hub.AccountID
	Interaction hub.InteractionID
	Kind        string
	Before      int64
}

// Find gives events, the latest first, at most limit, each with its number in the record. "<> ”" lets both databases use the partial indexes.
func (t *Audit) Find(ctx context.Context, q Wanted, limit int, take func(e audit.Event, seq int64)) error {
	where, args := "1 = 1", []any{}
	for _, c := range []struct{ column, value string }{
		{"account", string(q.Account)}, {"interaction", string(q.Interaction)}, {"system", string(q.System)},
	} {
		if c.value != "" {
			where += " AND e." + c.column + " = ? AND e." + c.column + " <> ''"
			args = append(args, c.value)
		}
	}
	if q.Kind != "" {
		where, args = where+" AND e.kind = ?", append(args, q.Kind)
	}
	if q.Before > 0 {
		where, args = where+" AND e.seq < ?", append(args, q.Before)
	}
	err := sqldb.Each(t.db.Read(ctx), func(s scanner) error {
		var r auditRow
		var seq int64
		if err := s.Scan(r.columns(&seq)...); err != nil {
			return err
		}
		row, err := r.row()
		if err == nil {
			take(row.Event, seq)
		}
		return err
	}, "SELECT "+eventColumns+", e.seq FROM audit_events e WHERE "+where+" ORDER BY e.seq DESC LIMIT ?", append(args, limit)...)
	return sqldb.Translate("hubsql.Audit.Find", err)
}
