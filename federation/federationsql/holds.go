package federationsql

import (
	"context"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/sqldb"
)

var _ federation.HoldStore = (*Store)(nil)

func scanHold(r sqldb.Row) (h federation.Hold, err error) {
	var at int64
	err = r.Scan(&h.Provider, &h.Reason, &h.By, &at)
	h.At = time.UnixMicro(at).UTC()
	return h, err
}

// Holds implements federation.HoldStore, by provider.
func (t *Store) Holds(ctx context.Context) (all []federation.Hold, err error) {
	err = sqldb.Each(t.db.Read(ctx), func(r sqldb.Row) error {
		h, err := scanHold(r)
		all = append(all, h)
		return err
	}, "SELECT provider, reason, account, at FROM provider_holds ORDER BY provider")
	return all, sqldb.Translate("federationsql.Holds", err)
}

// Hold implements federation.HoldStore.
func (t *Store) Hold(ctx context.Context, h federation.Hold) error {
	const op = "federationsql.Hold"
	return t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		var there int
		if err := w.Raw("SELECT count(*) FROM identity_providers WHERE id = ?", string(h.Provider)).Row().Scan(&there); err != nil {
			return sqldb.Translate(op, err)
		}
		if there == 0 {
			return hub.Errorf(op, hub.NotFound, "no such provider")
		}
		r := w.Exec("INSERT INTO provider_holds (provider, reason, account, at) VALUES ( ?, ?, ?, ?) ON CONFLICT DO NOTHING",
			string(h.Provider), h.Reason, string(h.By), sqldb.Micros(h.At))
		if r.Error == nil && r.RowsAffected == 0 {
			return hub.Errorf(op, hub.Conflict, "it is suspended")
		}
		if r.Error != nil {
			return sqldb.Translate(op, r.Error)
		}
		return sqldb.Translate(op, t.moved(ctx))
	})
}

// Release implements federation.HoldStore.
func (t *Store) Release(ctx context.Context, id hub.ProviderID, except hub.AccountID) (h federation.Hold, err error) {
	const op = "federationsql.Release"
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		var err error
		h, err = scanHold(w.Raw("DELETE FROM provider_holds WHERE provider = ? AND (account <> ? OR ? = '') RETURNING provider, reason, account, at",
			string(id), string(except), string(except)).Row())
		if err = sqldb.Translate(op, err); hub.KindOf(err) == hub.NotFound {
			var held int
			if err := w.Raw("SELECT count(*) FROM provider_holds WHERE provider = ?", string(id)).Row().Scan(&held); err != nil {
				return sqldb.Translate(op, err)
			}
			if held > 0 {
				return hub.Errorf(op, hub.Denied, "a second person must release it")
			}
		}
		if err != nil {
			return err
		}
		return sqldb.Translate(op, t.moved(ctx))
	})
	return h, err
}

// moved tells every node that the list is another one.
func (t *Store) moved(ctx context.Context) error {
	return t.db.Write(ctx).Exec("UPDATE directory_versions SET version = version + 1 WHERE list = 'providers'").Error
}
