package tenantsql

import (
	"context"
	"database/sql"
	"time"

	"onedoor/hub"
	"onedoor/hub/sqldb"
	"onedoor/tenants/staff"
)

var _ staff.MachineStore = (*Staff)(nil)

const rightColumns = "id, system, role, department, area, given_by, at, ended_by, ended_at"

func scanRight(r scanner) (x staff.Right, err error) {
	var at int64
	var ended sql.NullInt64
	err = r.Scan(&x.ID, &x.System, &x.Role, &x.Place.Department, &x.Place.Area, &x.GivenBy, &at, &x.EndedBy, &ended)
	x.At, x.EndedAt = sqldb.Time(at), sqldb.NullTime(ended)
	return x, err
}

// Give implements staff.MachineStore.
func (t *Staff) Give(ctx context.Context, r staff.Right) error {
	const op = "tenantsql.Staff.Give"
	x := t.db.Write(ctx).Exec(`INSERT INTO machine_rights (id, system, role, department, area, given_by, at, ended_by)
		VALUES ( ?, ?, ?, ?, ?, ?, ?, '') ON CONFLICT DO NOTHING`, r.ID, string(r.System), string(r.Role), string(r.Place.Department),
		string(r.Place.Area), string(r.GivenBy), sqldb.Micros(r.At))
	if x.Error == nil && x.RowsAffected == 0 {
		return hub.Errorf(op, hub.Conflict, "the system holds that right")
	}
	return sqldb.Translate(op, x.Error)
}

// Right implements staff.MachineStore.
func (t *Staff) Right(ctx context.Context, id string) (staff.Right, error) {
	x, err := scanRight(t.db.Read(ctx).Raw("SELECT "+rightColumns+" FROM machine_rights WHERE id = ?", id).Row())
	return x, sqldb.Translate("tenantsql.Staff.Right", err)
}

// EndRight implements staff.MachineStore, in one statement that holds the condition.
func (t *Staff) EndRight(ctx context.Context, id string, by hub.AccountID, at time.Time) error {
	const op = "tenantsql.Staff.EndRight"
	x := t.db.Write(ctx).Exec("UPDATE machine_rights SET ended_at = ?, ended_by = ? WHERE id = ? AND ended_at IS NULL", sqldb.Micros(at), string(by), id)
	if x.Error == nil && x.RowsAffected == 0 {
		return hub.Errorf(op, hub.Consumed, "it has ended, or never was")
	}
	return sqldb.Translate(op, x.Error)
}

// RightsOf implements staff.MachineStore.
func (t *Staff) RightsOf(ctx context.Context, system hub.SystemID) ([]staff.Right, error) {
	return t.rights(ctx, "system = ? AND ended_at IS NULL ORDER BY id", string(system))
}

// Rights implements staff.MachineStore.
func (t *Staff) Rights(ctx context.Context, after string, limit int) ([]staff.Right, error) {
	return t.rights(ctx, "id > ? AND ended_at IS NULL ORDER BY id LIMIT ?", after, limit)
}

func (t *Staff) rights(ctx context.Context, where string, args ...any) (all []staff.Right, err error) {
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		x, err := scanRight(r)
		all = append(all, x)
		return err
	}, "SELECT "+rightColumns+" FROM machine_rights WHERE "+where, args...)
	return all, sqldb.Translate("tenantsql.Staff.Rights", err)
}
