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
	return t.sealJSON(placeOf(table, id), facts{n.Value, names})
}

func (t *Entities) open(table, id, kind string, sealed []byte) (entity.Number, hub.Text, error) {
	var f facts
	err := t.openJSON(placeOf(table, id), sealed, &f)
	return entity.Number{Kind: kind, Value: f.Number}, f.Names, err
}

func (t *Entities) sealJSON(place string, v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, hub.Errorf("tenantsql.Entities.sealJSON", hub.Internal, "what is to be sealed is no JSON")
	}
	return t.vault.Seal(place, plain)
}

func (t *Entities) openJSON(place string, sealed []byte, v any) error {
	const op = "tenantsql.Entities.openJSON"
	plain, err := t.vault.Open(place, sealed)
	if err != nil {
		return hub.E(op, hub.Internal, err)
	}
	if json.Unmarshal(plain, v) != nil {
		return hub.Errorf(op, hub.Internal, "what was sealed can't be read")
	}
	return nil
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
