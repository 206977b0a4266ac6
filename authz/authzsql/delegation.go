package authzsql

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/hub/sqldb"
)

const delegationColumns = `id, entity, item, department, operator, exclusive, begins_at, until, terms, state, proposed_by, proposed_at, decided_by, decided_at,
	ended_by, ended_at, end_reason`

func scanDelegation(r scanner) (d authz.Delegation, err error) {
	var exclusive int
	var begins, proposed int64
	var until, decided, ended sql.NullInt64
	var terms string
	err = r.Scan(&d.ID, &d.Entity, &d.Item, &d.Department, &d.Operator, &exclusive, &begins, &until, &terms, &d.State, &d.ProposedBy, &proposed,
		&d.DecidedBy, &decided, &d.EndedBy, &ended, &d.EndReason)
	if err != nil {
		return d, err
	}
	d.Exclusive, d.From, d.Until, d.ProposedAt = exclusive == 1, sqldb.Time(begins), sqldb.NullTime(until), sqldb.Time(proposed)
	d.DecidedAt, d.EndedAt = sqldb.NullTime(decided), sqldb.NullTime(ended)
	return d, readTerms(terms, &d)
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// hold takes the entity's item for this transaction, so that whoever delegates it comes after.
func (t *Store) hold(ctx context.Context, op string, entity hub.EntityID, item authz.ItemID) error {
	err := t.db.Write(ctx).Exec(`INSERT INTO authz_heads (entity, item, changes) VALUES ( ?, ?, 1)
		ON CONFLICT (entity, item) DO UPDATE SET changes = authz_heads.changes + 1`, string(entity), string(item)).Error
	return sqldb.Translate(op, err)
}

// Delegate implements authz.DelegationStore.
func (t *Store) Delegate(ctx context.Context, d authz.Delegation, m authz.Moment) (now authz.Delegation, ended []authz.Delegation, err error) {
	const op = "authzsql.Delegate"
	terms, err := writeTerms(d)
	if err != nil {
		return d, nil, hub.E(op, hub.Internal, err)
	}
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		if err := t.hold(ctx, op, d.Entity, d.Item); err != nil {
			return err
		}
		at := moment(m)
		if d.State == authz.Active {
			if ended, err = t.makeRoom(ctx, op, &d, d.ProposedBy, at, m.Lag); err != nil {
				return err
			}
		}
		r := t.db.Write(ctx).Exec(`INSERT INTO authz_delegations (`+delegationColumns+`)
			VALUES ( ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', NULL, '') ON CONFLICT DO NOTHING`,
			d.ID, string(d.Entity), string(d.Item), string(d.Department), string(d.Operator), flag(d.Exclusive), sqldb.Micros(d.From),
			sqldb.NullMicros(d.Until), terms, string(d.State), string(d.ProposedBy), sqldb.Micros(d.ProposedAt), string(d.DecidedBy),
			sqldb.NullMicros(d.DecidedAt))
		if r.Error == nil && r.RowsAffected == 0 {
			return hub.Errorf(op, hub.Conflict, "there is such a delegation")
		}
		if r.Error != nil {
			return sqldb.Translate(op, r.Error)
		}
		return t.changed(ctx, at, string(d.Entity))
	})
	return d, ended, err
}

// moment reads the clock as the database keeps times.
func moment(m authz.Moment) time.Time { return m.Clock().UTC().Truncate(time.Microsecond) }

// makeRoom ends what a delegation takes the place of, and has it begin when no node lets anybody else in any more.
func (t *Store) makeRoom(ctx context.Context, op string, d *authz.Delegation, by hub.AccountID, at time.Time, lag time.Duration) (ended []authz.Delegation, err error) {
	held, err := all(t.db.Write(ctx), op, scanDelegation,
		"SELECT "+delegationColumns+" FROM authz_delegations WHERE entity = ? AND item = ? AND state = 'active' ORDER BY id", string(d.Entity), string(d.Item))
	if err != nil {
		return nil, err
	}
	for _, x := range held {
		var why authz.EndReason
		switch {
		case x.Operator == d.Operator:
			why = authz.Renewed
		case !x.Until.IsZero() && !at.Before(x.Until):
			why = authz.Lapsed
		case d.Exclusive:
			why = authz.HandedOver
		case x.Exclusive:
			return nil, hub.Errorf(op, hub.Conflict, "another operator has the item exclusively")
		default:
			continue
		}
		_, err := t.finish(ctx, op, x.ID, authz.Withdrawn, why, by, at)
		if err != nil {
			return nil, err
		}
		ended = append(ended, x)
	}
	// Those that ended just now, and those that others have ended so lately that a node may not know.
	var others int
	err = t.db.Write(ctx).Raw(`SELECT COUNT(*) FROM authz_delegations WHERE entity = ? AND item = ? AND operator <> ? AND state = 'withdrawn'
		AND end_reason <> 'lapsed' AND ended_at > ? AND (exclusive = 1 OR ? = 1)`,
		string(d.Entity), string(d.Item), string(d.Operator), sqldb.Micros(at.Add(-lag)), flag(d.Exclusive)).Row().Scan(&others)
	if err != nil {
		return nil, sqldb.Translate(op, err)
	}
	begin := at // it was nobody's before, however long it has waited for its turn
	if others > 0 {
		begin = at.Add(lag)
	}
	if d.From.Before(begin) {
		d.From = begin
	}
	if !d.Until.IsZero() && !d.From.Before(d.Until) {
		return nil, hub.Errorf(op, hub.Expired, "it would be over before it begins")
	}
	return ended, nil
}

func (t *Store) finish(ctx context.Context, op, id string, to authz.DelegationState, why authz.EndReason, by hub.AccountID, at time.Time) (authz.Delegation, error) {
	from := "('proposed', 'active')"
	if to == authz.Declined {
		from = "('proposed')"
	}
	d, err := scanDelegation(t.db.Write(ctx).Raw(`UPDATE authz_delegations SET state = ?, ended_by = ?, ended_at = ?, end_reason = ?
		WHERE id = ? AND state IN `+from+` RETURNING `+delegationColumns, string(to), string(by), sqldb.Micros(at), string(why), id).Row())
	if errors.Is(err, sql.ErrNoRows) {
		return d, hub.Errorf(op, hub.Consumed, "it is over")
	}
	return d, sqldb.Translate(op, err)
}

// Approve implements authz.DelegationStore.
func (t *Store) Approve(ctx context.Context, id string, by hub.AccountID, m authz.Moment) (d authz.Delegation, ended []authz.Delegation, err error) {
	const op = "authzsql.Approve"
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		if d, err = t.Delegation(ctx, id); err != nil {
			return err
		}
		if err := t.hold(ctx, op, d.Entity, d.Item); err != nil {
			return err
		}
		at := moment(m)
		if ended, err = t.makeRoom(ctx, op, &d, by, at, m.Lag); err != nil {
			return err
		}
		d, err = scanDelegation(w.Raw(`UPDATE authz_delegations SET state = 'active', begins_at = ?, decided_by = ?, decided_at = ? WHERE id = ? AND state = 'proposed'
			RETURNING `+delegationColumns, sqldb.Micros(d.From), string(by), sqldb.Micros(at), id).Row())
		if errors.Is(err, sql.ErrNoRows) {
			return hub.Errorf(op, hub.Consumed, "it is not proposed any more")
		}
		if err != nil {
			return sqldb.Translate(op, err)
		}
		return t.changed(ctx, at, string(d.Entity))
	})
	return d, ended, err
}

// Finish implements authz.DelegationStore.
func (t *Store) Finish(ctx context.Context, id string, to authz.DelegationState, why authz.EndReason, by hub.AccountID, m authz.Moment) (d authz.Delegation, err error) {
	const op = "authzsql.Finish"
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		if d, err = t.Delegation(ctx, id); err != nil {
			return err
		}
		if err := t.hold(ctx, op, d.Entity, d.Item); err != nil {
			return err
		}
		at := moment(m)
		if d, err = t.finish(ctx, op, id, to, why, by, at); err != nil {
			return err
		}
		return t.changed(ctx, at, string(d.Entity))
	})
	return d, err
}

// Delegation implements authz.DelegationStore.
func (t *Store) Delegation(ctx context.Context, id string) (authz.Delegation, error) {
	d, err := scanDelegation(t.db.Read(ctx).Raw("SELECT "+delegationColumns+" FROM authz_delegations WHERE id = ?", id).Row())
	return d, sqldb.Translate("authzsql.Delegation", err)
}

// DelegationsOf implements authz.DelegationStore.
func (t *Store) DelegationsOf(ctx context.Context, entity hub.EntityID, live bool, limit int) ([]authz.Delegation, error) {
	only := ""
	if live {
		only = " AND state IN ('proposed', 'active')"
	}
	return all(t.db.Read(ctx), "authzsql.DelegationsOf", scanDelegation,
		"SELECT "+delegationColumns+" FROM authz_delegations WHERE entity = ?"+only+" ORDER BY proposed_at DESC, id LIMIT ?", string(entity), limit)
}

// DelegationsProposed implements authz.DelegationStore.
func (t *Store) DelegationsProposed(ctx context.Context, department hub.DepartmentID, limit int) ([]authz.Delegation, error) {
	return all(t.db.Read(ctx), "authzsql.DelegationsProposed", scanDelegation,
		"SELECT "+delegationColumns+" FROM authz_delegations WHERE department = ? AND state = 'proposed' ORDER BY proposed_at, id LIMIT ?", string(department), limit)
}
