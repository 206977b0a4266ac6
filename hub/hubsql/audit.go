package hubsql

import (
	"context"
	"encoding/json"
	"strings"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/sqldb"
)

// Audit is the audit.Store, audit.TreeStore and audit.Inspector in SQL. Triggers keep its tables append-only, whoever writes, and
// note every row that is added as waiting for the tree.
type Audit struct{ db *sqldb.DB }

var (
	_ audit.Store     = (*Audit)(nil)
	_ audit.TreeStore = (*Audit)(nil)
	_ audit.Inspector = (*Audit)(nil)
)

// NewAudit gives the store over a database whose schema is up to date. Invalid without one.
func NewAudit(db *sqldb.DB) (*Audit, error) {
	if db == nil {
		return nil, hub.Errorf("hubsql.NewAudit", hub.Invalid, "no database")
	}
	return &Audit{db: db}, nil
}

const (
	eventColumns = "e.id, e.at, e.interaction, e.kind, e.outcome, e.reason, e.account, e.session, e.system, e.provider, e.ial, e.aal, e.channel, e.detail, e.mac"
	// auditAtOnce is how many leaves or nodes one statement adds.
	auditAtOnce = 200
)

// auditRow is where a row of audit_events is scanned to. All of it can be NULL: it may be the empty side of a join.
type auditRow struct {
	id, interaction, kind, outcome, reason, account, session, system, provider, channel, detail *string
	at, ial, aal                                                                                *int64
	mac                                                                                         []byte
}

func (r *auditRow) columns(more ...any) []any {
	return append([]any{
		&r.id, &r.at, &r.interaction, &r.kind, &r.outcome, &r.reason, &r.account, &r.session, &r.system, &r.provider,
		&r.ial, &r.aal, &r.channel, &r.detail, &r.mac,
	}, more...)
}

// row gives nil where the join found none.
func (r *auditRow) row() (*audit.Row, error) {
	if r.id == nil {
		return nil, nil
	}
	e := audit.Event{
		ID: *r.id, At: sqldb.Time(*r.at), Interaction: hub.InteractionID(*r.interaction), Kind: *r.kind,
		Outcome: audit.Outcome(*r.outcome), Reason: *r.reason, Account: hub.AccountID(*r.account), Session: hub.SessionID(*r.session),
		System: hub.SystemID(*r.system), Provider: hub.ProviderID(*r.provider), Level: level(*r.ial, *r.aal), Channel: *r.channel,
	}
	if *r.detail != "{}" {
		if err := json.Unmarshal([]byte(*r.detail), &e.Detail); err != nil {
			// Not what the hub writes: the row is given without it, and will not fit its authenticator.
			e.Detail = nil
		}
	}
	return &audit.Row{Event: e, MAC: r.mac}, nil
}

// Append implements audit.Store: all rows or none.
func (t *Audit) Append(ctx context.Context, rows []audit.Row) error {
	const op = "hubsql.Audit.Append"
	if len(rows) <= addAtOnce {
		return sqldb.Translate(op, t.append(ctx, op, rows))
	}
	return t.db.InTx(ctx, func(ctx context.Context) error {
		return chunks(rows, addAtOnce, func(rows []audit.Row) error { return sqldb.Translate(op, t.append(ctx, op, rows)) })
	})
}

func (t *Audit) append(ctx context.Context, op string, rows []audit.Row) error {
	args := make([]any, 0, 15*len(rows))
	for _, r := range rows {
		e, detail := r.Event, []byte("{}")
		if len(e.Detail) > 0 {
			var err error
			if detail, err = json.Marshal(e.Detail); err != nil {
				return err
			}
		}
		args = append(args, e.ID, sqldb.Micros(e.At), string(e.Interaction), e.Kind, string(e.Outcome), e.Reason, string(e.Account),
			string(e.Session), string(e.System), string(e.Provider), int64(e.Level.IAL), int64(e.Level.AAL), e.Channel, string(detail), r.MAC)
	}
	return t.insert(ctx, op, "audit_events (id, at, interaction, kind, outcome, reason, account, session, system, provider, ial, aal, channel, detail, mac)",
		15, args)
}

// insert adds rows of so many columns in one statement.
func (t *Audit) insert(ctx context.Context, op, into string, columns int, args []any) error {
	if len(args) == 0 {
		return nil
	}
	row := "( ?" + strings.Repeat(", ?", columns-1) + ")"
	return t.db.Later(ctx, sqldb.Change{
		Op: op, SQL: "INSERT INTO " + into + " VALUES " + row + strings.Repeat(", "+row, len(args)/columns-1), Args: args,
	})
}

func chunks[T any](all []T, size int, do func([]T) error) error {
	for len(all) > 0 {
		n := min(size, len(all))
		if err := do(all[:n]); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

// History implements audit.Store. "account <> ”" lets both databases use the partial index.
func (t *Audit) History(ctx context.Context, account hub.AccountID, part audit.Part) ([]audit.Event, error) {
	where, args := " WHERE e.account = ? AND e.account <> '' AND e.at >= ?", []any{string(account), sqldb.Micros(part.Since)}
	if part.Before != "" {
		where += " AND (e.at, e.seq) < (SELECT b.at, b.seq FROM audit_events b WHERE b.id = ? AND b.account = ?)"
		args = append(args, part.Before, string(account))
	}
	if len(part.Areas) > 0 {
		where += " AND (e.kind LIKE ?" + strings.Repeat(" OR e.kind LIKE ?", len(part.Areas)-1) + ")"
		for _, a := range part.Areas {
			args = append(args, a+".%")
		}
	}
	if len(part.Without) > 0 {
		where += " AND e.kind NOT IN ( ?" + strings.Repeat(", ?", len(part.Without)-1) + ")"
		for _, k := range part.Without {
			args = append(args, k)
		}
	}
	var all []audit.Event
	err := t.rows(ctx, func(r *audit.Row) { all = append(all, r.Event) },
		"SELECT "+eventColumns+" FROM audit_events e"+where+" ORDER BY e.at DESC, e.seq DESC LIMIT ?", append(args, part.Limit)...)
	return all, sqldb.Translate("hubsql.Audit.History", err)
}

// Interaction gives the events of one interaction in the order in which they were written, at most limit (AUD-05).
func (t *Audit) Interaction(ctx context.Context, id hub.InteractionID, limit int) ([]audit.Event, error) {
	var all []audit.Event
	err := t.rows(ctx, func(r *audit.Row) { all = append(all, r.Event) }, "SELECT "+eventColumns+
		" FROM audit_events e WHERE e.interaction = ? AND e.interaction <> '' ORDER BY e.seq LIMIT ?", string(id), limit)
	return all, sqldb.Translate("hubsql.Audit.Interaction", err)
}

func (t *Audit) rows(ctx context.Context, take func(*audit.Row), statement string, args ...any) error {
	return sqldb.Each(t.db.Read(ctx), func(s scanner) error {
		var r auditRow
		if err := s.Scan(r.columns()...); err != nil {
			return err
		}
		row, err := r.row()
		if err == nil {
			take(row)
		}
		return err
	}, statement, args...)
}
