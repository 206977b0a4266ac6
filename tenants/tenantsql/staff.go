package tenantsql

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"onedoor/hub"
	"onedoor/hub/sqldb"
	"onedoor/tenants/staff"
)

// Staff is the staff.Store in SQL. It is safe for concurrent use.
type Staff struct{ db *sqldb.DB }

var _ staff.Store = (*Staff)(nil)

// NewStaff gives the store over a database whose schema is up to date. Invalid without one.
func NewStaff(db *sqldb.DB) (*Staff, error) {
	if db == nil {
		return nil, hub.Errorf("tenantsql.NewStaff", hub.Invalid, "no database")
	}
	return &Staff{db: db}, nil
}

const invitationColumns = "id, role, department, area, invited_by, at, expires_at, used_at"

func scanInvitation(r scanner) (i staff.Invitation, err error) {
	var at, expires int64
	var used sql.NullInt64
	err = r.Scan(&i.ID, &i.Role, &i.Place.Department, &i.Place.Area, &i.InvitedBy, &at, &expires, &used)
	i.At, i.ExpiresAt, i.UsedAt = sqldb.Time(at), sqldb.Time(expires), sqldb.NullTime(used)
	return i, err
}

// Invite implements staff.Store.
func (t *Staff) Invite(ctx context.Context, i staff.Invitation, hash [32]byte) error {
	const op = "tenantsql.Staff.Invite"
	r := t.db.Write(ctx).Exec(`INSERT INTO staff_invitations (id, hash, role, department, area, invited_by, at, expires_at)
		VALUES ( ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, i.ID, hash[:], string(i.Role), string(i.Place.Department), string(i.Place.Area),
		string(i.InvitedBy), sqldb.Micros(i.At), sqldb.Micros(i.ExpiresAt))
	if r.Error == nil && r.RowsAffected == 0 {
		return hub.Errorf(op, hub.Conflict, "the invitation exists")
	}
	return sqldb.Translate(op, r.Error)
}

// Invitation implements staff.Store.
func (t *Staff) Invitation(ctx context.Context, hash [32]byte, at time.Time) (staff.Invitation, error) {
	const op = "tenantsql.Staff.Invitation"
	i, err := scanInvitation(t.db.Read(ctx).Raw("SELECT "+invitationColumns+" FROM staff_invitations WHERE hash = ?", hash[:]).Row())
	if err != nil {
		return staff.Invitation{}, sqldb.Translate(op, err)
	}
	return i, usable(op, i, at)
}

func usable(op string, i staff.Invitation, at time.Time) error {
	switch {
	case !i.UsedAt.IsZero():
		return hub.Errorf(op, hub.Consumed, "used before, or taken back")
	case !at.Before(i.ExpiresAt):
		return hub.Errorf(op, hub.Expired, "the invitation is too old")
	}
	return nil
}

// Use implements staff.Store, in one statement that holds the condition.
func (t *Staff) Use(ctx context.Context, hash [32]byte, at time.Time) (staff.Invitation, error) {
	const op = "tenantsql.Staff.Use"
	i, err := scanInvitation(t.db.Write(ctx).Raw(`UPDATE staff_invitations SET used_at = ? WHERE hash = ? AND used_at IS NULL AND expires_at > ?
		RETURNING `+invitationColumns, sqldb.Micros(at), hash[:], sqldb.Micros(at)).Row())
	if errors.Is(err, sql.ErrNoRows) { // why not?
		i, err := scanInvitation(t.db.Write(ctx).Raw("SELECT "+invitationColumns+" FROM staff_invitations WHERE hash = ?", hash[:]).Row())
		if err != nil {
			return staff.Invitation{}, sqldb.Translate(op, err)
		}
		if err := usable(op, i, at); err != nil {
			return staff.Invitation{}, err
		}
		return staff.Invitation{}, hub.Errorf(op, hub.Consumed, "somebody was faster")
	}
	return i, sqldb.Translate(op, err)
}

// TakeBack implements staff.Store.
func (t *Staff) TakeBack(ctx context.Context, id string, at time.Time) error {
	const op = "tenantsql.Staff.TakeBack"
	r := t.db.Write(ctx).Exec("UPDATE staff_invitations SET used_at = ? WHERE id = ? AND used_at IS NULL", sqldb.Micros(at), id)
	if r.Error == nil && r.RowsAffected == 0 {
		return hub.Errorf(op, hub.NotFound, "no such open invitation")
	}
	return sqldb.Translate(op, r.Error)
}

// Invitations implements staff.Store.
func (t *Staff) Invitations(ctx context.Context, at time.Time) (all []staff.Invitation, err error) {
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		i, err := scanInvitation(r)
		all = append(all, i)
		return err
	}, "SELECT "+invitationColumns+" FROM staff_invitations WHERE used_at IS NULL AND expires_at > ? ORDER BY at DESC, id", sqldb.Micros(at))
	return all, sqldb.Translate("tenantsql.Staff.Invitations", err)
}

const postColumns = "id, account, role, department, area, state, invited_by, confirmed_by, at, confirmed_at, ended_at, ended_by, end_reason"

func scanPost(r scanner) (p staff.Post, err error) {
	var at int64
	var confirmed, ended sql.NullInt64
	err = r.Scan(&p.ID, &p.Account, &p.Role, &p.Place.Department, &p.Place.Area, &p.State, &p.InvitedBy, &p.ConfirmedBy, &at, &confirmed, &ended,
		&p.EndedBy, &p.EndReason)
	p.At, p.ConfirmedAt, p.EndedAt = sqldb.Time(at), sqldb.NullTime(confirmed), sqldb.NullTime(ended)
	return p, err
}

func (t *Staff) posts(ctx context.Context, op, where string, args ...any) (all []staff.Post, err error) {
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		p, err := scanPost(r)
		all = append(all, p)
		return err
	}, "SELECT "+postColumns+" FROM staff_posts WHERE "+where, args...)
	return all, sqldb.Translate(op, err)
}

// Add implements staff.Store.
func (t *Staff) Add(ctx context.Context, p staff.Post) error {
	const op = "tenantsql.Staff.Add"
	r := t.db.Write(ctx).Exec("INSERT INTO staff_posts ("+postColumns+") VALUES ( ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		p.ID, string(p.Account), string(p.Role), string(p.Place.Department), string(p.Place.Area), string(p.State), string(p.InvitedBy),
		string(p.ConfirmedBy), sqldb.Micros(p.At), sqldb.NullMicros(p.ConfirmedAt), sqldb.NullMicros(p.EndedAt), string(p.EndedBy), p.EndReason)
	if r.Error == nil && r.RowsAffected == 0 {
		return hub.Errorf(op, hub.Conflict, "the person holds the post")
	}
	return sqldb.Translate(op, r.Error)
}

// Post implements staff.Store.
func (t *Staff) Post(ctx context.Context, id string) (staff.Post, error) {
	p, err := scanPost(t.db.Read(ctx).Raw("SELECT "+postColumns+" FROM staff_posts WHERE id = ?", id).Row())
	if err != nil {
		return staff.Post{}, sqldb.Translate("tenantsql.Staff.Post", err)
	}
	return p, nil
}

// Confirm implements staff.Store, as a compare-and-set.
func (t *Staff) Confirm(ctx context.Context, id string, by hub.AccountID, at time.Time) error {
	const op = "tenantsql.Staff.Confirm"
	r := t.db.Write(ctx).Exec("UPDATE staff_posts SET state = 'active', confirmed_by = ?, confirmed_at = ? WHERE id = ? AND state = 'proposed'",
		string(by), sqldb.Micros(at), id)
	if r.Error == nil && r.RowsAffected == 0 {
		return hub.Errorf(op, hub.Consumed, "not proposed any more")
	}
	return sqldb.Translate(op, r.Error)
}

// End implements staff.Store. The platform's administrators are held first, in order: of two who are removed at once the second one counts
// what is left.
func (t *Staff) End(ctx context.Context, id string, by hub.AccountID, reason string, at time.Time) error {
	const op = "tenantsql.Staff.End"
	return t.db.InTx(ctx, func(ctx context.Context) error {
		w, hold := t.db.Write(ctx), ""
		if t.db.Dialect() == sqldb.Postgres {
			hold = " FOR UPDATE"
		}
		var chiefs []string
		err := sqldb.Each(w, func(r scanner) error {
			var id string
			err := r.Scan(&id)
			chiefs = append(chiefs, id)
			return err
		}, "SELECT id FROM staff_posts WHERE role = 'platform_administrator' AND state = 'active' ORDER BY id"+hold)
		if err != nil {
			return sqldb.Translate(op, err)
		}
		if len(chiefs) == 1 && chiefs[0] == id {
			return hub.Errorf(op, hub.Refused, "the last administrator of the platform")
		}
		r := w.Exec("UPDATE staff_posts SET state = 'ended', ended_at = ?, ended_by = ?, end_reason = ? WHERE id = ? AND state <> 'ended'",
			sqldb.Micros(at), string(by), reason, id)
		if r.Error == nil && r.RowsAffected == 0 {
			return hub.Errorf(op, hub.Consumed, "it has ended")
		}
		return sqldb.Translate(op, r.Error)
	})
}

// Of implements staff.Store.
func (t *Staff) Of(ctx context.Context, account hub.AccountID) ([]staff.Post, error) {
	return t.posts(ctx, "tenantsql.Staff.Of", "account = ? ORDER BY at DESC, id", string(account))
}

// At implements staff.Store.
func (t *Staff) At(ctx context.Context, department hub.DepartmentID) ([]staff.Post, error) {
	return t.posts(ctx, "tenantsql.Staff.At", "department = ? AND state <> 'ended' ORDER BY at, id", string(department))
}
