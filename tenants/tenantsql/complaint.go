package tenantsql

import (
	"context"
	"database/sql"
	"time"

	"onedoor/hub"
	"onedoor/hub/sqldb"
	"onedoor/tenants/complaint"
)

// Complaints is the complaint.Store and Keeping in SQL. It is safe for concurrent use.
type Complaints struct {
	db    *sqldb.DB
	vault Vault
}

var (
	_ complaint.Store   = (*Complaints)(nil)
	_ complaint.Keeping = (*Complaints)(nil)
)

// NewComplaints gives the store over a database whose schema is up to date. Invalid where something is missing.
func NewComplaints(db *sqldb.DB, vault Vault) (*Complaints, error) {
	if db == nil || vault == nil {
		return nil, hub.Errorf("tenantsql.NewComplaints", hub.Invalid, "no database or vault")
	}
	return &Complaints{db, vault}, nil
}

// complaintTexts are the sealed columns.
var complaintTexts = []string{"asked", "answer"}

func (t *Complaints) seal(column, id, text string) (any, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // none is a value
	}
	return t.vault.Seal(placeOf("complaints."+column, id), []byte(text))
}

func (t *Complaints) open(column, id string, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	plain, err := t.vault.Open(placeOf("complaints."+column, id), sealed)
	if err != nil {
		return "", hub.E("tenantsql.Complaints.open", hub.Internal, err)
	}
	return string(plain), nil
}

// Add implements complaint.Store. The limit is held under the lock of the account's row: two requests at once can't pass it together.
func (t *Complaints) Add(ctx context.Context, c complaint.Case, text string, most int) error {
	const op = "tenantsql.Complaints.Add"
	sealed, err := t.seal("asked", c.ID, text)
	if err != nil {
		return err
	}
	lock := ""
	if t.db.Dialect() == sqldb.Postgres {
		lock = " FOR UPDATE"
	}
	return t.db.Savepoint(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		var id string
		if err := w.Raw("SELECT id FROM accounts WHERE id = ?"+lock, string(c.Account)).Row().Scan(&id); err != nil {
			return sqldb.Translate(op, err)
		}
		var open int
		if err := w.Raw("SELECT COUNT(*) FROM complaints WHERE account = ? AND state = 'open'", string(c.Account)).Row().Scan(&open); err != nil {
			return sqldb.Translate(op, err)
		}
		if open >= most {
			return hub.Errorf(op, hub.TooMany, "enough are open")
		}
		r := w.Exec(`INSERT INTO complaints (id, reference, account, kind, department, state, outcome, asked, at, due_at, answered_by)
			VALUES ( ?, ?, ?, ?, ?, 'open', '', ?, ?, ?, '') ON CONFLICT DO NOTHING`, c.ID, c.Reference, string(c.Account), string(c.Kind),
			string(c.Department), sealed, sqldb.Micros(c.At), sqldb.Micros(c.DueAt))
		if r.Error == nil && r.RowsAffected == 0 {
			return hub.Errorf(op, hub.Conflict, "the reference is taken")
		}
		return sqldb.Translate(op, r.Error)
	})
}

const caseColumns = "id, reference, account, kind, department, state, outcome, at, due_at, seen_at, ended_at, answered_by"

func scanCase(r scanner, more ...any) (c complaint.Case, err error) {
	var at, due int64
	var seen, ended sql.NullInt64
	err = r.Scan(append([]any{
		&c.ID, &c.Reference, &c.Account, &c.Kind, &c.Department, &c.State, &c.Outcome, &at, &due, &seen, &ended, &c.AnsweredBy,
	}, more...)...)
	c.At, c.DueAt, c.SeenAt, c.EndedAt = sqldb.Time(at), sqldb.Time(due), sqldb.NullTime(seen), sqldb.NullTime(ended)
	return c, err
}

func (t *Complaints) scanFull(r scanner) (f complaint.Full, err error) {
	var asked, answer []byte
	if f.Case, err = scanCase(r, &asked, &answer); err != nil {
		return complaint.Full{}, err
	}
	if f.Text, err = t.open("asked", f.ID, asked); err == nil {
		f.Answer, err = t.open("answer", f.ID, answer)
	}
	return f, err
}

// Full implements complaint.Store.
func (t *Complaints) Full(ctx context.Context, reference string) (complaint.Full, error) {
	f, err := t.scanFull(t.db.Read(ctx).Raw("SELECT "+caseColumns+", asked, answer FROM complaints WHERE reference = ?", reference).Row())
	return f, sqldb.Translate("tenantsql.Complaints.Full", err)
}

// Of implements complaint.Store.
func (t *Complaints) Of(ctx context.Context, account hub.AccountID, limit int) (all []complaint.Full, err error) {
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		f, err := t.scanFull(r)
		all = append(all, f)
		return err
	}, "SELECT "+caseColumns+", asked, answer FROM complaints WHERE account = ? ORDER BY at DESC, id DESC LIMIT ?", string(account), limit)
	return all, sqldb.Translate("tenantsql.Complaints.Of", err)
}

// Waiting implements complaint.Store.
func (t *Complaints) Waiting(ctx context.Context, department hub.DepartmentID, after time.Time, id string, limit int) (all []complaint.Case, err error) {
	behind := sqldb.Micros(after)
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		c, err := scanCase(r)
		all = append(all, c)
		return err
	}, "SELECT "+caseColumns+" FROM complaints WHERE department = ? AND state = 'open' AND (at > ? OR at = ? AND id > ?) ORDER BY at, id LIMIT ?",
		string(department), behind, behind, id, limit)
	return all, sqldb.Translate("tenantsql.Complaints.Waiting", err)
}

// See implements complaint.Store.
func (t *Complaints) See(ctx context.Context, id string, at time.Time) (bool, error) {
	r := t.db.Write(ctx).Exec("UPDATE complaints SET seen_at = ? WHERE id = ? AND seen_at IS NULL AND state = 'open'", sqldb.Micros(at), id)
	return r.RowsAffected == 1, sqldb.Translate("tenantsql.Complaints.See", r.Error)
}

// End implements complaint.Store, in one statement.
func (t *Complaints) End(ctx context.Context, c complaint.Case, answer string) error {
	const op = "tenantsql.Complaints.End"
	sealed, err := t.seal("answer", c.ID, answer)
	if err != nil {
		return err
	}
	r := t.db.Write(ctx).Exec("UPDATE complaints SET state = ?, outcome = ?, answer = ?, ended_at = ?, answered_by = ? WHERE id = ? AND state = 'open'",
		string(c.State), string(c.Outcome), sealed, sqldb.Micros(c.EndedAt), string(c.AnsweredBy), c.ID)
	if r.Error == nil && r.RowsAffected == 0 {
		return hub.Errorf(op, hub.Consumed, "it is not open")
	}
	return sqldb.Translate(op, r.Error)
}

// Erase implements complaint.Keeping.
func (t *Complaints) Erase(ctx context.Context, before time.Time, limit int) (int, error) {
	r := t.db.Write(ctx).Exec(`UPDATE complaints SET asked = NULL, answer = NULL WHERE id IN (SELECT id FROM complaints
		WHERE ended_at < ? AND ended_at IS NOT NULL AND asked IS NOT NULL ORDER BY ended_at LIMIT ?)`, sqldb.Micros(before), limit)
	return int(r.RowsAffected), sqldb.Translate("tenantsql.Complaints.Erase", r.Error)
}

// Figures implements complaint.Keeping.
func (t *Complaints) Figures(ctx context.Context, since, now time.Time) (all []complaint.Figures, err error) {
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		var f complaint.Figures
		err := r.Scan(&f.Department, &f.Open, &f.Overdue, &f.Answered, &f.InTime)
		all = append(all, f)
		return err
	}, `SELECT department, SUM(CASE WHEN state = 'open' THEN 1 ELSE 0 END), SUM(CASE WHEN state = 'open' AND due_at < ? THEN 1 ELSE 0 END),
		SUM(CASE WHEN state = 'answered' THEN 1 ELSE 0 END), SUM(CASE WHEN state = 'answered' AND ended_at <= due_at THEN 1 ELSE 0 END)
		FROM complaints WHERE state = 'open' OR state = 'answered' AND ended_at >= ? GROUP BY department ORDER BY department`, sqldb.Micros(now), sqldb.Micros(since))
	return all, sqldb.Translate("tenantsql.Complaints.Figures", err)
}

// Reseal seals every text anew under the first master key and tells how many there are.
func (t *Complaints) Reseal(ctx context.Context) (int, error) {
	const op, most = "tenantsql.Complaints.Reseal", 500
	count := 0
	for _, column := range complaintTexts {
		for last := ""; ; {
			type row struct {
				id     string
				sealed []byte
			}
			var rows []row
			err := sqldb.Each(t.db.Read(ctx), func(r scanner) error {
				var v row
				err := r.Scan(&v.id, &v.sealed)
				rows = append(rows, v)
				return err
			}, "SELECT id, "+column+" FROM complaints WHERE id > ? AND "+column+" IS NOT NULL ORDER BY id LIMIT ?", last, most)
			if err != nil {
				return count, sqldb.Translate(op, err)
			}
			for _, v := range rows {
				text, err := t.open(column, v.id, v.sealed)
				if err != nil {
					return count, err
				}
				sealed, err := t.seal(column, v.id, text)
				if err != nil {
					return count, err
				}
				if err := t.db.Write(ctx).Exec("UPDATE complaints SET "+column+" = ? WHERE id = ? AND "+column+" = ?", sealed, v.id, v.sealed).Error; err != nil {
					return count, sqldb.Translate(op, err)
				}
				count, last = count+1, v.id
			}
			if len(rows) < most {
				break
			}
		}
	}
	return count, nil
}
