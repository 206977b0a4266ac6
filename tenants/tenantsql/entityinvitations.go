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

// termRow is a mandate that an invitation offers.
type termRow struct {
	Department hub.DepartmentID `json:"department"`
	Systems    []hub.SystemID   `json:"systems,omitempty"`
	From       int64            `json:"from"` // microseconds since 1970 UTC
	Until      int64            `json:"until"`
}

const entityInvitationColumns = "id, entity, role, label, person_kind, person_hash, mandates, invited_by, at, expires_at, used_at"

func (t *Entities) scanInvitation(r scanner) (i entity.Invitation, err error) {
	var at, expires int64
	var used sql.NullInt64
	var label []byte
	var mandates string
	if err = r.Scan(&i.ID, &i.Entity, &i.Role, &label, &i.Person.Kind, &i.Person.Hash, &mandates, &i.InvitedBy, &at, &expires, &used); err != nil {
		return entity.Invitation{}, err
	}
	i.At, i.ExpiresAt, i.UsedAt = sqldb.Time(at), sqldb.Time(expires), sqldb.NullTime(used)
	var terms []termRow
	if json.Unmarshal([]byte(mandates), &terms) != nil {
		return entity.Invitation{}, errors.New("tenantsql: the mandates of an invitation can't be read")
	}
	for _, x := range terms {
		i.Terms = append(i.Terms, entity.Term{Department: x.Department, Systems: x.Systems, From: readTime(x.From), Until: readTime(x.Until)})
	}
	i.Label, err = t.openLabel("entity_invitations", i.ID, label)
	return i, err
}

// Invite implements entity.Store.
func (t *Entities) Invite(ctx context.Context, i entity.Invitation, hash [32]byte) error {
	const op = "tenantsql.Entities.Invite"
	label, err := t.sealLabel("entity_invitations", i.ID, i.Label)
	if err != nil {
		return err
	}
	terms := []termRow{}
	for _, x := range i.Terms {
		terms = append(terms, termRow{x.Department, x.Systems, writeTime(x.From), writeTime(x.Until)})
	}
	mandates, err := json.Marshal(terms)
	if err != nil {
		return hub.Errorf(op, hub.Internal, "mandates that are no JSON")
	}
	var person any
	if i.Person.Kind != "" {
		person = i.Person.Hash
	}
	r := t.db.Write(ctx).Exec(`INSERT INTO entity_invitations (hash, id, entity, role, label, person_kind, person_hash, mandates, invited_by, at, expires_at)
		VALUES ( ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, hash[:], i.ID, string(i.Entity), string(i.Role), label, i.Person.Kind, person,
		string(mandates), string(i.InvitedBy), sqldb.Micros(i.At), sqldb.Micros(i.ExpiresAt))
	if r.Error == nil && r.RowsAffected == 0 {
		return hub.Errorf(op, hub.Conflict, "the invitation exists")
	}
	return sqldb.Translate(op, r.Error)
}

// Invitation implements entity.Store.
func (t *Entities) Invitation(ctx context.Context, hash [32]byte, at time.Time) (entity.Invitation, error) {
	const op = "tenantsql.Entities.Invitation"
	i, err := t.scanInvitation(t.db.Read(ctx).Raw("SELECT "+entityInvitationColumns+" FROM entity_invitations WHERE hash = ?", hash[:]).Row())
	if err != nil {
		return entity.Invitation{}, sqldb.Translate(op, err)
	}
	switch {
	case !i.UsedAt.IsZero():
		return entity.Invitation{}, hub.Errorf(op, hub.Consumed, "used before, or taken back")
	case !at.Before(i.ExpiresAt):
		return entity.Invitation{}, hub.Errorf(op, hub.Expired, "the invitation is too old")
	}
	return i, nil
}

// UseInvitation implements entity.Store, in one statement that holds the condition.
func (t *Entities) UseInvitation(ctx context.Context, hash [32]byte, at time.Time) (entity.Invitation, error) {
	const op = "tenantsql.Entities.UseInvitation"
	i, err := t.scanInvitation(t.db.Write(ctx).Raw(`UPDATE entity_invitations SET used_at = ? WHERE hash = ? AND used_at IS NULL AND expires_at > ?
		RETURNING `+entityInvitationColumns, sqldb.Micros(at), hash[:], sqldb.Micros(at)).Row())
	if errors.Is(err, sql.ErrNoRows) { // why not?
		if _, err := t.Invitation(ctx, hash, at); err != nil {
			return entity.Invitation{}, err
		}
		return entity.Invitation{}, hub.Errorf(op, hub.Consumed, "somebody was faster")
	}
	return i, sqldb.Translate(op, err)
}

// TakeBack implements entity.Store.
func (t *Entities) TakeBack(ctx context.Context, id hub.EntityID, invitation string, at time.Time) error {
	const op = "tenantsql.Entities.TakeBack"
	r := t.db.Write(ctx).Exec("UPDATE entity_invitations SET used_at = ? WHERE id = ? AND entity = ? AND used_at IS NULL", sqldb.Micros(at), invitation, string(id))
	if r.Error == nil && r.RowsAffected == 0 {
		return hub.Errorf(op, hub.NotFound, "no such open invitation")
	}
	return sqldb.Translate(op, r.Error)
}

// InvitationsOf implements entity.Store.
func (t *Entities) InvitationsOf(ctx context.Context, id hub.EntityID, at time.Time) (all []entity.Invitation, err error) {
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		i, err := t.scanInvitation(r)
		all = append(all, i)
		return err
	}, "SELECT "+entityInvitationColumns+" FROM entity_invitations WHERE entity = ? AND used_at IS NULL AND expires_at > ? ORDER BY at DESC, id",
		string(id), sqldb.Micros(at))
	return all, sqldb.Translate("tenantsql.Entities.InvitationsOf", err)
}
