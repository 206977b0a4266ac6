package hubsql

import (
	"context"
	"database/sql"
	"math"
	"time"

	"gorm.io/gorm"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/sqldb"
)

// Notice implements logout.Store.
func (t *Logouts) Notice(ctx context.Context, id string) (logout.Notice, error) {
	n, _, err := readLogoutNotice(t.db.Read(ctx).Raw(joined+"WHERE n.id = ?", id).Row())
	return n, sqldb.Translate("hubsql.Logouts.Notice", err)
}

// Of implements logout.Store.
func (t *Logouts) Of(ctx context.Context, id hub.SessionID) (logout.Campaign, error) {
	c, err := readCampaign(t.db.Read(ctx).Raw("SELECT "+campaignColumns+" FROM logout_campaigns c WHERE c.session = ? AND c.left_system = ''", string(id)).Row())
	return c, sqldb.Translate("hubsql.Logouts.Of", err)
}

// Entries implements logout.Store.
func (t *Logouts) Entries(ctx context.Context, campaigns []string) ([]logout.Entry, error) {
	const op = "hubsql.Logouts.Entries"
	if len(campaigns) == 0 {
		return nil, nil
	}
	all, err := t.entries(t.db.Read(ctx), "c.id"+t.ids()+" ORDER BY c.at, c.id", jsonOf(campaigns))
	return all, sqldb.Translate(op, err)
}

// Outstanding implements logout.Store.
func (t *Logouts) Outstanding(ctx context.Context, campaigns []string) (n int, err error) {
	if len(campaigns) == 0 {
		return 0, nil
	}
	err = t.db.Read(ctx).Raw("SELECT COUNT(*) FROM logout_notices WHERE done_at IS NULL AND state <> 'visiting' AND campaign"+t.ids(), jsonOf(campaigns)).Row().Scan(&n)
	return n, sqldb.Translate("hubsql.Logouts.Outstanding", err)
}

// OfAccount implements logout.Store.
func (t *Logouts) OfAccount(ctx context.Context, account hub.AccountID, limit int) ([]logout.Entry, error) {
	all, err := t.entries(t.db.Read(ctx), "c.account = ? ORDER BY c.at DESC, c.id LIMIT ?", string(account), limit)
	return all, sqldb.Translate("hubsql.Logouts.OfAccount", err)
}

// entries reads campaigns by a condition, then their notices.
func (t *Logouts) entries(db *gorm.DB, condition string, args ...any) (all []logout.Entry, err error) {
	at, ids := map[string]int{}, []string{}
	err = sqldb.Each(db, func(r scanner) error {
		c, err := readCampaign(r)
		at[c.ID] = len(all)
		ids = append(ids, c.ID)
		all = append(all, logout.Entry{Campaign: c})
		return err
	}, "SELECT "+campaignColumns+" FROM logout_campaigns c WHERE "+condition, args...)
	if err != nil || len(ids) == 0 {
		return all, err
	}
	notices, err := readLogoutNotices(db, joined+"WHERE n.campaign"+t.ids()+" ORDER BY n.system, n.provider, n.protocol", jsonOf(ids))
	for _, n := range notices {
		i := at[n.Campaign]
		all[i].Notices = append(all[i].Notices, n)
	}
	return all, err
}

// OfSystem implements logout.Store.
func (t *Logouts) OfSystem(ctx context.Context, system hub.SystemID, before time.Time, limit int) ([]logout.Notice, error) {
	all, err := readLogoutNotices(t.db.Read(ctx), joined+"WHERE n.system = ? AND n.system <> '' AND n.at < ? ORDER BY n.at DESC, n.id LIMIT ?",
		string(system), sqldb.Micros(before), limit)
	return all, sqldb.Translate("hubsql.Logouts.OfSystem", err)
}

// lost are the notices that two indexes hold, with exactly these words.
const lost = "state IN ('failed', 'unreachable')"

// behindCursor gives the values of "(at, id) < (?, ?)".
func behindCursor(c logout.Cursor) (at int64, id string) {
	if c.At.IsZero() {
		return math.MaxInt64, ""
	}
	return sqldb.Micros(c.At), c.ID
}

// Failed implements logout.Store.
func (t *Logouts) Failed(ctx context.Context, behind logout.Cursor, limit int) ([]logout.Notice, error) {
	at, id := behindCursor(behind)
	all, err := readLogoutNotices(t.db.Read(ctx), joined+"WHERE n."+lost+" AND (n.at, n.id) < (?, ?) ORDER BY n.at DESC, n.id DESC LIMIT ?", at, id, limit)
	return all, sqldb.Translate("hubsql.Logouts.Failed", err)
}

// FailedAt implements logout.Store. A system that can't be told anything has a notice of every sign-out, millions: so each system gives its latest,
// by the index, and the latest of those are taken.
func (t *Logouts) FailedAt(ctx context.Context, systems []hub.SystemID, behind logout.Cursor, limit int) ([]logout.Notice, error) {
	if len(systems) == 0 {
		return nil, nil
	}
	latest := "SELECT x.id FROM logout_notices x WHERE x.system = s.id AND x." + lost + " AND (x.at, x.id) < (?, ?) ORDER BY x.at DESC, x.id DESC LIMIT ?"
	from := "FROM (SELECT value AS id FROM json_each(?)) s JOIN logout_notices n ON n.id IN (" + latest + ")"
	if t.db.Dialect() == sqldb.Postgres {
		from = "FROM (SELECT jsonb_array_elements_text(CAST(? AS jsonb)) AS id) s CROSS JOIN LATERAL (" + latest + ") l JOIN logout_notices n ON n.id = l.id"
	}
	at, id := behindCursor(behind)
	all, err := readLogoutNotices(t.db.Read(ctx), "SELECT "+noticeColumnsOf+", "+campaignColumns+" "+from+
		" JOIN logout_campaigns c ON c.id = n.campaign ORDER BY n.at DESC, n.id DESC LIMIT ?", jsonOf(systems), at, id, limit, limit)
	return all, sqldb.Translate("hubsql.Logouts.FailedAt", err)
}

// Underway implements logout.Store. The notices that are not final are few, and have an index; campaigns are many.
func (t *Logouts) Underway(ctx context.Context, limit int) ([]logout.Entry, error) {
	all, err := t.entries(t.db.Read(ctx), "c.id IN (SELECT campaign FROM logout_notices WHERE done_at IS NULL) ORDER BY c.at DESC, c.id LIMIT ?", limit)
	return all, sqldb.Translate("hubsql.Logouts.Underway", err)
}

// Backlog implements logout.Store.
func (t *Logouts) Backlog(ctx context.Context) (n int, oldest time.Time, err error) {
	var at sql.NullInt64
	err = t.db.Read(ctx).Raw("SELECT COUNT(*), MIN(at) FROM logout_notices WHERE done_at IS NULL").Row().Scan(&n, &at)
	return n, sqldb.NullTime(at), sqldb.Translate("hubsql.Logouts.Backlog", err)
}

// Show implements logout.Store.
func (t *Logouts) Show(ctx context.Context, secretHash [32]byte, v logout.View) error {
	const op = "hubsql.Logouts.Show"
	n, err := exec(t.db.Write(ctx), "INSERT INTO logout_views (hash, campaigns, onward, system, expires_at) VALUES ( ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		secretHash[:], list(v.Campaigns), v.Onward, string(v.System), sqldb.Micros(v.ExpiresAt))
	if err == nil && n == 0 {
		return hub.Errorf(op, hub.Conflict, "the secret exists")
	}
	return sqldb.Translate(op, err)
}

// Shown implements logout.Store.
func (t *Logouts) Shown(ctx context.Context, secretHash [32]byte, now time.Time) (v logout.View, err error) {
	var campaigns string
	var expires int64
	err = t.db.Read(ctx).Raw("SELECT campaigns, onward, system, expires_at FROM logout_views WHERE hash = ? AND expires_at > ?",
		secretHash[:], sqldb.Micros(now)).Row().Scan(&campaigns, &v.Onward, &v.System, &expires)
	v.ExpiresAt = sqldb.Time(expires)
	if err == nil {
		v.Campaigns, err = readList[string](campaigns)
	}
	return v, sqldb.Translate("hubsql.Logouts.Shown", err)
}

// Purge implements logout.Store.
func (t *Logouts) Purge(ctx context.Context, now time.Time, limit int) (int, error) {
	const op = "hubsql.Logouts.Purge"
	views, err := purge(ctx, t.db, op, "logout_views", "hash", sqldb.Micros(now), limit)
	if err != nil {
		return views, err
	}
	n, err := exec(t.db.Write(ctx), `DELETE FROM logout_campaigns WHERE id IN (SELECT id FROM logout_campaigns
		WHERE closed_at IS NOT NULL AND closed_at < ? ORDER BY closed_at LIMIT ?`+held(t.db, " FOR UPDATE SKIP LOCKED")+")", sqldb.Micros(now.Add(-logout.Kept)), limit)
	return views + n, sqldb.Translate(op, err)
}
