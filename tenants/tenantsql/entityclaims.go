package tenantsql

import (
	"context"
	"database/sql"
	"time"

	"onedoor/hub"
	"onedoor/hub/sqldb"
	"onedoor/tenants/entity"
)

// proofs is the place of what claims rest on, beside their other sealed column.
const proofs = "entity_claims.proof"

// proofRow is what is sealed of a proof.
type proofRow struct {
	Statement  string                       `json:"statement,omitempty"`
	Shown      map[hub.AttributeName]string `json:"shown,omitempty"`
	IAL        string                       `json:"ial"`
	AAL        string                       `json:"aal"`
	Asked      bool                         `json:"asked,omitempty"`
	Live       bool                         `json:"live,omitempty"`
	Represents bool                         `json:"represents,omitempty"`
	Names      hub.Text                     `json:"names,omitempty"`
}

const claimColumns = "id, account, number_kind, sealed, why, state, at, first_by, first_at, decided_at, decided_by, reason"

func (t *Entities) scanClaim(r scanner) (c entity.Claim, err error) {
	var at int64
	var first, decided sql.NullInt64
	var kind string
	var sealed []byte
	if err = r.Scan(&c.ID, &c.Account, &kind, &sealed, &c.Why, &c.State, &at, &c.First, &first, &decided, &c.DecidedBy, &c.Reason); err != nil {
		return entity.Claim{}, err
	}
	c.At, c.FirstAt, c.DecidedAt = sqldb.Time(at), sqldb.NullTime(first), sqldb.NullTime(decided)
	if len(sealed) > 0 {
		c.Number, c.Names, err = t.open("entity_claims", c.ID, kind, sealed)
	}
	return c, err
}

// AddClaim implements entity.Store.
func (t *Entities) AddClaim(ctx context.Context, c entity.Claim, p entity.Proof) error {
	const op = "tenantsql.Entities.AddClaim"
	sealed, err := t.seal("entity_claims", c.ID, c.Number, c.Names)
	if err != nil {
		return err
	}
	proof, err := t.sealJSON(placeOf(proofs, c.ID), proofRow{
		p.Statement, p.Shown, p.Level.IAL.String(), p.Level.AAL.String(), p.Asked, p.Live, p.Represents, p.Names,
	})
	if err != nil {
		return err
	}
	r := t.db.Write(ctx).Exec(`INSERT INTO entity_claims (id, account, number_kind, number_hash, sealed, proof, why, state, at, decided_by, reason)
		VALUES ( ?, ?, ?, ?, ?, ?, ?, 'open', ?, '', '') ON CONFLICT DO NOTHING`, c.ID, string(c.Account), c.Number.Kind, t.hash(c.Number), sealed, proof,
		c.Why, sqldb.Micros(c.At))
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

// Proof implements entity.Store.
func (t *Entities) Proof(ctx context.Context, id string) (entity.Proof, error) {
	const op = "tenantsql.Entities.Proof"
	var sealed []byte
	err := t.db.Read(ctx).Raw("SELECT proof FROM entity_claims WHERE id = ? AND proof IS NOT NULL", id).Row().Scan(&sealed)
	if err != nil {
		return entity.Proof{}, sqldb.Translate(op, err)
	}
	var r proofRow
	if err := t.openJSON(placeOf(proofs, id), sealed, &r); err != nil {
		return entity.Proof{}, err
	}
	p := entity.Proof{Statement: r.Statement, Shown: r.Shown, Asked: r.Asked, Live: r.Live, Represents: r.Represents, Names: r.Names}
	if p.Level.IAL, err = hub.ParseIAL(r.IAL); err == nil {
		p.Level.AAL, err = hub.ParseAAL(r.AAL)
	}
	if err != nil {
		return entity.Proof{}, hub.E(op, hub.Internal, err)
	}
	return p, nil
}

// Second implements entity.Store, as a compare-and-set.
func (t *Entities) Second(ctx context.Context, id string, by hub.AccountID, at time.Time) error {
	const op = "tenantsql.Entities.Second"
	r := t.db.Write(ctx).Exec("UPDATE entity_claims SET first_by = ?, first_at = ? WHERE id = ? AND state = 'open' AND first_by = ''",
		string(by), sqldb.Micros(at), id)
	if r.Error == nil && r.RowsAffected == 0 {
		return hub.Errorf(op, hub.Consumed, "it is decided, or has a first approval")
	}
	return sqldb.Translate(op, r.Error)
}

// ShredProofs implements entity.Store.
func (t *Entities) ShredProofs(ctx context.Context, before time.Time) (int, error) {
	r := t.db.Write(ctx).Exec("UPDATE entity_claims SET proof = NULL WHERE proof IS NOT NULL AND at < ?", sqldb.Micros(before))
	return int(r.RowsAffected), sqldb.Translate("tenantsql.Entities.ShredProofs", r.Error)
}

// Decide implements entity.Store, as a compare-and-set.
func (t *Entities) Decide(ctx context.Context, id string, to entity.ClaimState, by hub.AccountID, reason string, at time.Time) error {
	const op = "tenantsql.Entities.Decide"
	r := t.db.Write(ctx).Exec(`UPDATE entity_claims SET state = ?, decided_by = ?, decided_at = ?, reason = ?, sealed = NULL, proof = NULL
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

// Wish implements entity.Store.
func (t *Entities) Wish(ctx context.Context, w entity.Wish) error {
	const op = "tenantsql.Entities.Wish"
	r := t.db.Write(ctx).Exec("INSERT INTO entity_wishes (entity, master, successor, reason, by_staff, at) VALUES ( ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		string(w.Entity), w.Master, w.Successor, w.Reason, string(w.By), sqldb.Micros(w.At))
	if r.Error == nil && r.RowsAffected == 0 {
		return hub.Errorf(op, hub.Conflict, "there is a wish")
	}
	return sqldb.Translate(op, r.Error)
}

// WishFor implements entity.Store.
func (t *Entities) WishFor(ctx context.Context, id hub.EntityID) (entity.Wish, error) {
	w := entity.Wish{Entity: id}
	var at int64
	err := t.db.Read(ctx).Raw("SELECT master, successor, reason, by_staff, at FROM entity_wishes WHERE entity = ?", string(id)).Row().
		Scan(&w.Master, &w.Successor, &w.Reason, &w.By, &at)
	if err != nil {
		return entity.Wish{}, sqldb.Translate("tenantsql.Entities.WishFor", err)
	}
	w.At = sqldb.Time(at)
	return w, nil
}

// Drop implements entity.Store, as a compare-and-set.
func (t *Entities) Drop(ctx context.Context, id hub.EntityID, by hub.AccountID) error {
	const op = "tenantsql.Entities.Drop"
	r := t.db.Write(ctx).Exec("DELETE FROM entity_wishes WHERE entity = ? AND by_staff = ?", string(id), string(by))
	if r.Error == nil && r.RowsAffected == 0 {
		return hub.Errorf(op, hub.Consumed, "it is gone")
	}
	return sqldb.Translate(op, r.Error)
}
