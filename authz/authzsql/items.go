package authzsql

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"onedoor/authz"
	"onedoor/authz/catalogue"
	"onedoor/hub"
	"onedoor/hub/sqldb"
)

var (
	_ authz.ItemStore   = (*Store)(nil)
	_ catalogue.Entries = (*Store)(nil)
	_ catalogue.Drafts  = (*Store)(nil)
)

// Items implements authz.ItemStore.
func (t *Store) Items(ctx context.Context) ([]authz.Item, error) {
	return all(t.db.Read(ctx), "authzsql.Items", scanItem, "SELECT id, spec, version FROM authz_items WHERE retired_at IS NULL ORDER BY id")
}

func scanItem(r scanner) (authz.Item, error) {
	var id, spec string
	var version int64
	if err := r.Scan(&id, &spec, &version); err != nil {
		return authz.Item{}, err
	}
	return readItem(id, spec, version)
}

// ItemsSince implements authz.ItemStore. Whoever changes an item holds the row of the list's version (Alone), so editions become visible in
// their order, and one that is read has none before it that is still to come.
func (t *Store) ItemsSince(ctx context.Context, version int64) (changed []authz.Item, gone []authz.ItemID, err error) {
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		e, err := scanEntry(r)
		switch {
		case err != nil:
			return err
		case !e.Retired.IsZero():
			gone = append(gone, e.ID)
		default:
			changed = append(changed, e.Item)
		}
		return nil
	}, "SELECT "+entryColumns+" FROM authz_items WHERE edition > ? ORDER BY id", version)
	return changed, gone, sqldb.Translate("authzsql.ItemsSince", err)
}

// ItemsVersion implements authz.ItemStore.
func (t *Store) ItemsVersion(ctx context.Context) (int64, error) {
	var v int64
	err := t.db.Read(ctx).Raw("SELECT version FROM authz_versions WHERE list = 'items'").Row().Scan(&v)
	return v, sqldb.Translate("authzsql.ItemsVersion", err)
}

// PutItem implements authz.ItemStore.
func (t *Store) PutItem(ctx context.Context, i authz.Item, at time.Time) (changed bool, err error) {
	const op = "authzsql.PutItem"
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		if err := t.Alone(ctx); err != nil {
			return err
		}
		old, err := t.Entry(ctx, i.ID)
		switch {
		case errors.Is(err, hub.NotFound):
			old = catalogue.Entry{}
		case err != nil:
			return err
		case !old.Retired.IsZero():
			return hub.Errorf(op, hub.Conflict, "the id is of an item that is retired")
		}
		next := catalogue.Entry{Item: i, Origin: catalogue.ByFile, Held: old.Held}
		next.Version = old.Version
		if was, err := writeItem(old.Item); err != nil {
			return hub.E(op, hub.Internal, err)
		} else if is, err := writeItem(i); err != nil {
			return hub.E(op, hub.Internal, err)
		} else if was == is && old.Origin == catalogue.ByFile {
			return nil
		}
		changed = true
		_, err = t.ReplaceItem(ctx, next, catalogue.Authors{}, at)
		return err
	})
	return changed && err == nil, err
}

// ItemMarks lists the items that staff have suspended, which files do not offer again, those that files do not keep, and those that are retired,
// whose ids nothing has again.
func (t *Store) ItemMarks(ctx context.Context) (held, api, retired []authz.ItemID, err error) {
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		e, err := scanEntry(r)
		if !e.Retired.IsZero() {
			retired = append(retired, e.ID)
			return err
		}
		if e.Held {
			held = append(held, e.ID)
		}
		if e.Origin == catalogue.ByAPI {
			api = append(api, e.ID)
		}
		return err
	}, "SELECT "+entryColumns+" FROM authz_items WHERE retired_at IS NOT NULL OR held = 1 OR origin = 'api' ORDER BY id")
	return held, api, retired, sqldb.Translate("authzsql.ItemMarks", err)
}

// ItemAt implements authz.ItemStore.
func (t *Store) ItemAt(ctx context.Context, id authz.ItemID, version int64) (authz.Item, error) {
	i, err := scanItem(t.db.Read(ctx).Raw("SELECT id, spec, version FROM authz_item_versions WHERE id = ? AND version = ?", string(id), version).Row())
	if err != nil {
		return authz.Item{}, sqldb.Translate("authzsql.ItemAt", err)
	}
	return i, nil
}

const entryColumns = "id, spec, version, origin, held, retired_at"

func scanEntry(r scanner) (e catalogue.Entry, err error) {
	var id, spec string
	var version int64
	var held int
	var retired sql.NullInt64
	if err := r.Scan(&id, &spec, &version, &e.Origin, &held, &retired); err != nil {
		return e, err
	}
	e.Held, e.Retired = held == 1, sqldb.NullTime(retired)
	e.Item, err = readItem(id, spec, version)
	return e, err
}

// Alone implements catalogue.Entries: whoever changes an item holds the row of the list's version.
func (t *Store) Alone(ctx context.Context) error {
	return sqldb.Translate("authzsql.Alone", t.db.Write(ctx).Exec("UPDATE authz_versions SET version = version WHERE list = 'items'").Error)
}

// Entry implements catalogue.Entries.
func (t *Store) Entry(ctx context.Context, id authz.ItemID) (catalogue.Entry, error) {
	e, err := scanEntry(t.db.Read(ctx).Raw("SELECT "+entryColumns+" FROM authz_items WHERE id = ?", string(id)).Row())
	return e, sqldb.Translate("authzsql.Entry", err)
}

// EntriesAfter implements catalogue.Entries.
func (t *Store) EntriesAfter(ctx context.Context, department hub.DepartmentID, after authz.ItemID, limit int) ([]catalogue.Entry, error) {
	return all(t.db.Read(ctx), "authzsql.EntriesAfter", scanEntry, "SELECT "+entryColumns+` FROM authz_items
		WHERE retired_at IS NULL AND id > ? AND (CAST(? AS TEXT) = '' OR department = ?) ORDER BY id LIMIT ?`, string(after), string(department), string(department), limit)
}

// ReplaceItem implements catalogue.Entries.
func (t *Store) ReplaceItem(ctx context.Context, e catalogue.Entry, by catalogue.Authors, at time.Time) (version int64, err error) {
	const op = "authzsql.ReplaceItem"
	spec, err := writeItem(e.Item)
	if err != nil {
		return 0, hub.E(op, hub.Internal, err)
	}
	if e.ID == "" {
		return 0, hub.Errorf(op, hub.Invalid, "no name")
	}
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		if err := t.Alone(ctx); err != nil {
			return err
		}
		w := t.db.Write(ctx)
		const edition = "(SELECT version + 1 FROM authz_versions WHERE list = 'items')"
		args := []any{string(e.Department), spec, string(e.Origin), flag(e.Held), sqldb.NullMicros(e.Retired), string(e.ID)}
		change := `INSERT INTO authz_items (department, spec, origin, held, retired_at, id, version, edition)
			VALUES ( ?, ?, ?, ?, ?, ?, 1, ` + edition + `) ON CONFLICT (id) DO NOTHING RETURNING version`
		if e.Version != 0 {
			// The department is told apart, not set: names of persons and what they have decided rest on it.
			change = `UPDATE authz_items SET version = version + 1, edition = ` + edition + `, spec = ?, origin = ?, held = ?, retired_at = ?
				WHERE id = ? AND department = ? AND version = ? AND retired_at IS NULL RETURNING version`
			args = append(args[1:], args[0], e.Version)
		}
		err := w.Raw(change, args...).Row().Scan(&version)
		if errors.Is(err, sql.ErrNoRows) {
			return hub.Errorf(op, hub.Conflict, "the item is of another version or another department, or there is one")
		}
		if err == nil {
			err = w.Exec("INSERT INTO authz_item_versions (id, version, spec, at, account, program, second) VALUES ( ?, ?, ?, ?, ?, ?, ?)",
				string(e.ID), version, spec, sqldb.Micros(at), string(by.Account), string(by.Program), string(by.Second)).Error
		}
		if err == nil {
			err = w.Exec("UPDATE authz_versions SET version = version + 1 WHERE list = 'items'").Error
		}
		return sqldb.Translate(op, err)
	})
	return version, err
}

// Versions implements catalogue.Entries.
func (t *Store) Versions(ctx context.Context, id authz.ItemID, below int64, limit int) ([]catalogue.Version, error) {
	return all(t.db.Read(ctx), "authzsql.Versions", func(r scanner) (v catalogue.Version, err error) {
		var name, spec string
		var version, at int64
		if err = r.Scan(&name, &spec, &version, &at, &v.By.Account, &v.By.Program, &v.By.Second); err == nil {
			v.At = sqldb.Time(at)
			v.Item, err = readItem(name, spec, version)
		}
		return v, err
	}, `SELECT id, spec, version, at, account, program, second FROM authz_item_versions
		WHERE id = ? AND (CAST(? AS BIGINT) = 0 OR version < ?) ORDER BY version DESC LIMIT ?`, string(id), below, below, limit)
}

const draftColumns = "id, item, spec, base, account, program, at"

func scanDraft(r scanner) (d catalogue.Draft, err error) {
	var item, spec string
	var at int64
	if err = r.Scan(&d.ID, &item, &spec, &d.Base, &d.By.Account, &d.By.Program, &at); err == nil {
		d.At = sqldb.Time(at)
		d.Item, err = readItem(item, spec, d.Base)
	}
	return d, err
}

// Draft implements catalogue.Drafts.
func (t *Store) Draft(ctx context.Context, item authz.ItemID) (catalogue.Draft, error) {
	d, err := scanDraft(t.db.Read(ctx).Raw("SELECT "+draftColumns+" FROM authz_item_drafts WHERE item = ?", string(item)).Row())
	return d, sqldb.Translate("authzsql.Draft", err)
}

// DraftsOf implements catalogue.Drafts.
func (t *Store) DraftsOf(ctx context.Context, department hub.DepartmentID, limit int) ([]catalogue.Draft, error) {
	return all(t.db.Read(ctx), "authzsql.DraftsOf", scanDraft, "SELECT "+draftColumns+" FROM authz_item_drafts WHERE department = ? ORDER BY at, item LIMIT ?",
		string(department), limit)
}

// KeepDraft implements catalogue.Drafts: who put one may put another in its place, and nobody else; but one for a new item is void when there is
// the item, else whoever proposes an id that another department takes would hold back every change of theirs.
func (t *Store) KeepDraft(ctx context.Context, d catalogue.Draft) error {
	const op = "authzsql.KeepDraft"
	spec, err := writeItem(d.Item)
	if err != nil {
		return hub.E(op, hub.Internal, err)
	}
	r := t.db.Write(ctx).Exec(`INSERT INTO authz_item_drafts (item, id, department, base, spec, account, program, at) VALUES ( ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (item) DO UPDATE SET id = excluded.id, department = excluded.department, base = excluded.base, spec = excluded.spec,
			account = excluded.account, program = excluded.program, at = excluded.at
		WHERE authz_item_drafts.account = excluded.account AND authz_item_drafts.program = excluded.program AND authz_item_drafts.department = excluded.department
			OR authz_item_drafts.base = 0 AND excluded.base > 0`,
		string(d.Item.ID), d.ID, string(d.Item.Department), d.Base, spec, string(d.By.Account), string(d.By.Program), sqldb.Micros(d.At))
	if r.Error == nil && r.RowsAffected == 0 {
		return hub.Errorf(op, hub.Conflict, "a change of somebody else's waits")
	}
	return sqldb.Translate(op, r.Error)
}

// TakeDraft implements catalogue.Drafts.
func (t *Store) TakeDraft(ctx context.Context, id string) error {
	const op = "authzsql.TakeDraft"
	r := t.db.Write(ctx).Exec("DELETE FROM authz_item_drafts WHERE id = ?", id)
	if r.Error == nil && r.RowsAffected == 0 {
		return hub.Errorf(op, hub.Consumed, "it does not wait any more")
	}
	return sqldb.Translate(op, r.Error)
}

// DecisionsOf implements catalogue.Past: the latest first.
func (t *Store) DecisionsOf(ctx context.Context, item authz.ItemID, since, before time.Time, below string, limit int) ([]authz.Record, error) {
	return all(t.db.Read(ctx), "authzsql.DecisionsOf", scanRecord, "SELECT "+recordColumns+` FROM authz_decisions
		WHERE item = ? AND at >= ? AND (at, id) < (?, ?) ORDER BY at DESC, id DESC LIMIT ?`, string(item), sqldb.Micros(since), sqldb.Micros(before), below, limit)
}
