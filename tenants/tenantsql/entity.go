package tenantsql

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"onedoor/hub"
	"onedoor/hub/sqldb"
	"onedoor/tenants/entity"
)

// Vault seals under the master key; keys.Masters does, with randomness.
type Vault interface {
	Seal(context string, plain []byte) ([]byte, error)
	Open(context string, sealed []byte) ([]byte, error)
}

// Entities is the entity.Store in SQL. It is safe for concurrent use.
type Entities struct {
	db    *sqldb.DB
	vault Vault
	index entity.Index
}

var _ entity.Store = (*Entities)(nil)

// NewEntities gives the store over a database whose schema is up to date. Invalid where something is missing.
func NewEntities(db *sqldb.DB, vault Vault, index entity.Index) (*Entities, error) {
	if db == nil || vault == nil || index == nil {
		return nil, hub.Errorf("tenantsql.NewEntities", hub.Invalid, "no database, vault or index")
	}
	return &Entities{db: db, vault: vault, index: index}, nil
}

// facts are what is sealed of an entity.
type facts struct {
	Number string   `json:"number"`
	Names  hub.Text `json:"names"`
}

// The places tie a sealed thing to its row: moved to another it does not open.
func placeOf(table, id string) string { return table + "|" + id }

func (t *Entities) hash(n entity.Number) []byte { return t.index.Index("entity", n.Kind, n.Value) }

func (t *Entities) seal(table, id string, n entity.Number, names hub.Text) ([]byte, error) {
	plain, err := json.Marshal(facts{n.Value, names})
	if err != nil {
		return nil, hub.Errorf("tenantsql.Entities.seal", hub.Internal, "facts that are no JSON")
	}
	return t.vault.Seal(placeOf(table, id), plain)
}

func (t *Entities) open(table, id, kind string, sealed []byte) (n entity.Number, names hub.Text, err error) {
	const op = "tenantsql.Entities.open"
	plain, err := t.vault.Open(placeOf(table, id), sealed)
	if err != nil {
		return n, nil, hub.E(op, hub.Internal, err)
	}
	var f facts
	if json.Unmarshal(plain, &f) != nil {
		return n, nil, hub.Errorf(op, hub.Internal, "what was sealed can't be read")
	}
	return entity.Number{Kind: kind, Value: f.Number}, f.Names, nil
}

func (t *Entities) sealLabel(table, id, label string) (any, error) {
	if label == "" {
		return nil, nil //nolint:nilnil // none is a value
	}
	return t.vault.Seal(placeOf(table, id), []byte(label))
}

func (t *Entities) openLabel(table, id string, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	plain, err := t.vault.Open(placeOf(table, id), sealed)
	if err != nil {
		return "", hub.E("tenantsql.Entities.openLabel", hub.Internal, err)
	}
	return string(plain), nil
}

const entityColumns = "id, number_kind, sealed, status, evidence, at, changed_at, reason"

func (t *Entities) scanEntity(r scanner) (e entity.Entity, err error) {
	var at, changed int64
	var kind string
	var sealed []byte
	if err = r.Scan(&e.ID, &kind, &sealed, &e.Status, &e.Evidence, &at, &changed, &e.Reason); err != nil {
		return entity.Entity{}, err
	}
	e.At, e.ChangedAt = sqldb.Time(at), sqldb.Time(changed)
	e.Number, e.Names, err = t.open("entities", string(e.ID), kind, sealed)
	return e, err
}

// Add implements entity.Store.
func (t *Entities) Add(ctx context.Context, e entity.Entity) error {
	const op = "tenantsql.Entities.Add"
	sealed, err := t.seal("entities", string(e.ID), e.Number, e.Names)
	if err != nil {
		return err
	}
	r := t.db.Write(ctx).Exec(`INSERT INTO entities (id, number_kind, number_hash, sealed, status, evidence, at, changed_at, reason)
		VALUES ( ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, string(e.ID), e.Number.Kind, t.hash(e.Number), sealed, string(e.Status),
		string(e.Evidence), sqldb.Micros(e.At), sqldb.Micros(e.ChangedAt), e.Reason)
	if r.Error == nil && r.RowsAffected == 0 {
		return hub.Errorf(op, hub.Conflict, "the number has an entity")
	}
	return sqldb.Translate(op, r.Error)
}

// Entity implements entity.Store.
func (t *Entities) Entity(ctx context.Context, id hub.EntityID) (entity.Entity, error) {
	e, err := t.scanEntity(t.db.Read(ctx).Raw("SELECT "+entityColumns+" FROM entities WHERE id = ?", string(id)).Row())
	return e, sqldb.Translate("tenantsql.Entities.Entity", err)
}

// ByNumber implements entity.Store.
func (t *Entities) ByNumber(ctx context.Context, n entity.Number) (entity.Entity, error) {
	e, err := t.scanEntity(t.db.Read(ctx).Raw("SELECT "+entityColumns+" FROM entities WHERE number_kind = ? AND number_hash = ?", n.Kind, t.hash(n)).Row())
	return e, sqldb.Translate("tenantsql.Entities.ByNumber", err)
}

// SetStatus implements entity.Store.
func (t *Entities) SetStatus(ctx context.Context, id hub.EntityID, from []entity.Status, to entity.Status, reason string, at time.Time) error {
	const op = "tenantsql.Entities.SetStatus"
	words := make([]string, len(from))
	for i, f := range from {
		words[i] = string(f)
	}
	r := t.db.Write(ctx).Exec("UPDATE entities SET status = ?, reason = ?, changed_at = ? WHERE id = ? AND status IN ?",
		string(to), reason, sqldb.Micros(at), string(id), words)
	if r.Error == nil && r.RowsAffected == 0 {
		if _, err := t.Entity(ctx, id); err != nil {
			return err
		}
		return hub.Errorf(op, hub.Consumed, "it is in another state")
	}
	return sqldb.Translate(op, r.Error)
}

// List implements entity.Store.
func (t *Entities) List(ctx context.Context, after hub.EntityID, limit int) (all []entity.Entity, err error) {
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		e, err := t.scanEntity(r)
		all = append(all, e)
		return err
	}, "SELECT "+entityColumns+" FROM entities WHERE id > ? ORDER BY id LIMIT ?", string(after), limit)
	return all, sqldb.Translate("tenantsql.Entities.List", err)
}

const claimColumns = "id, account, number_kind, sealed, why, state, at, decided_at, decided_by, reason"

func (t *Entities) scanClaim(r scanner) (c entity.Claim, err error) {
	var at int64
	var decided sql.NullInt64
	var kind string
	var sealed []byte
	if err = r.Scan(&c.ID, &c.Account, &kind, &sealed, &c.Why, &c.State, &at, &decided, &c.DecidedBy, &c.Reason); err != nil {
		return entity.Claim{}, err
	}
	c.At, c.DecidedAt = sqldb.Time(at), sqldb.NullTime(decided)
	if len(sealed) > 0 {
		c.Number, c.Names, err = t.open("entity_claims", c.ID, kind, sealed)
	}
	return c, err
}

// AddClaim implements entity.Store.
func (t *Entities) AddClaim(ctx context.Context, c entity.Claim) error {
	const op = "tenantsql.Entities.AddClaim"
	sealed, err := t.seal("entity_claims", c.ID, c.Number, c.Names)
	if err != nil {
		return err
	}
	r := t.db.Write(ctx).Exec(`INSERT INTO entity_claims (id, account, number_kind, number_hash, sealed, why, state, at, decided_by, reason)
		VALUES ( ?, ?, ?, ?, ?, ?, 'open', ?, '', '') ON CONFLICT DO NOTHING`, c.ID, string(c.Account), c.Number.Kind, t.hash(c.Number), sealed, c.Why,
		sqldb.Micros(c.At))
	if r.Error == nil && r.RowsAffected == 0 {
		return hub.Errorf(op, hub.Conflict, "there is an open claim")
	}
	return sqldb.Translate(op, r.Error)
}

// Claim implements entity.Store.
func (t *Entities) Claim(ctx context.Context, id string) (entity.Claim, error) {
	c, err := t.scanClaim(t.db.Read(ctx).Raw("SELECT "+claimColumns+" FROM entity_claims WHERE id = ?", id).Row())
	return c, sqldb.Translate("tenantsql.Entities.Claim", err)
}

// Decide implements entity.Store, as a compare-and-set.
func (t *Entities) Decide(ctx context.Context, id string, to entity.ClaimState, by hub.AccountID, reason string, at time.Time) error {
	const op = "tenantsql.Entities.Decide"
	r := t.db.Write(ctx).Exec(`UPDATE entity_claims SET state = ?, decided_by = ?, decided_at = ?, reason = ?, sealed = NULL
		WHERE id = ? AND state = 'open'`, string(to), string(by), sqldb.Micros(at), reason, id)
	if r.Error == nil && r.RowsAffected == 0 {
		return hub.Errorf(op, hub.Consumed, "it is decided")
	}
	return sqldb.Translate(op, r.Error)
}

func (t *Entities) claims(ctx context.Context, op, where string, args ...any) (all []entity.Claim, err error) {
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		c, err := t.scanClaim(r)
		all = append(all, c)
		return err
	}, "SELECT "+claimColumns+" FROM entity_claims WHERE "+where, args...)
	return all, sqldb.Translate(op, err)
}

// ClaimsOpen implements entity.Store.
func (t *Entities) ClaimsOpen(ctx context.Context, limit int) ([]entity.Claim, error) {
	return t.claims(ctx, "tenantsql.Entities.ClaimsOpen", "state = 'open' ORDER BY at, id LIMIT ?", limit)
}

// ClaimsOf implements entity.Store.
func (t *Entities) ClaimsOf(ctx context.Context, account hub.AccountID, limit int) ([]entity.Claim, error) {
	return t.claims(ctx, "tenantsql.Entities.ClaimsOf", "account = ? ORDER BY at DESC, id LIMIT ?", string(account), limit)
}

// Reseal seals everything anew under the first master key and tells how many there are.
func (t *Entities) Reseal(ctx context.Context) (int, error) {
	const op, most = "tenantsql.Entities.Reseal", 500
	count := 0
	for _, x := range []struct{ table, column string }{
		{"entities", "sealed"}, {"entity_claims", "sealed"}, {"entity_seats", "label"}, {"entity_invitations", "label"},
	} {
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
			}, "SELECT id, "+x.column+" FROM "+x.table+" WHERE id > ? AND "+x.column+" IS NOT NULL ORDER BY id LIMIT ?", last, most)
			if err != nil {
				return count, sqldb.Translate(op, err)
			}
			for _, v := range rows {
				plain, err := t.vault.Open(placeOf(x.table, v.id), v.sealed)
				if err != nil {
					return count, err
				}
				sealed, err := t.vault.Seal(placeOf(x.table, v.id), plain)
				if err != nil {
					return count, err
				}
				if r := t.db.Write(ctx).Exec("UPDATE "+x.table+" SET "+x.column+" = ? WHERE id = ? AND "+x.column+" = ?", sealed, v.id, v.sealed); r.Error != nil {
					return count, sqldb.Translate(op, r.Error)
				}
				count++
				last = v.id
			}
			if len(rows) < most {
				break
			}
		}
	}
	return count, nil
}

// gone is the error of a compare-and-set that found nothing: NotFound for no row, Consumed for one in another state.
func (t *Entities) gone(ctx context.Context, op, table, id string) error {
	var one int
	err := t.db.Write(ctx).Raw("SELECT 1 FROM "+table+" WHERE id = ?", id).Row().Scan(&one)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return hub.Errorf(op, hub.NotFound, "no such row")
	case err != nil:
		return sqldb.Translate(op, err)
	}
	return hub.Errorf(op, hub.Consumed, "it has ended")
}
