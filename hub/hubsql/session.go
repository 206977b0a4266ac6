package hubsql

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"gorm.io/gorm"

	"onedoor/hub"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
)

// Sessions is the session.Store in SQL.
type Sessions struct{ db *sqldb.DB }

const sessionColumns = `s.id, s.account, s.provider, s.ial, s.aal, s.methods, s.auth_time, s.started_at, s.last_activity, s.interaction,
	s.channel, s.device, s.upstream_sid, s.earlier, s.idle_over, s.vault, s.wrapped_key, ` + fateColumns

// fateColumns are how a session stands: when and why it has ended, what it rests on, and which of that is being cut off: then it is over,
// though its own end is still to come. Most times nothing is.
const fateColumns = `s.ended_at, COALESCE(s.end_detail, s.end_reason), s.rests, (SELECT k.provider FROM provider_cuts k
	WHERE k.done_at IS NULL AND s.ended_at IS NULL AND s.started_at <= k.through AND (k.provider = s.provider OR ` + restsOn + `) LIMIT 1)`

// restsOn compares names as they stand in the JSON list: no name has a quotation mark, or what LIKE takes for something else.
const restsOn = `s.rests LIKE '%"' || k.provider || '"%'`

// visitor is the live session with a secret, and its account.
const visitor = "SELECT " + sessionColumns + ", " + accountColumns + " FROM sessions s JOIN accounts a ON a.id = s.account WHERE s.secret_hash = ?"

// reachedRow is session.Reached as JSON.
type reachedRow struct {
	Provider    hub.ProviderID `json:"provider"`
	IAL         hub.IAL        `json:"ial"`
	AAL         hub.AAL        `json:"aal"`
	Methods     []string       `json:"methods,omitempty"`
	AuthTime    int64          `json:"auth_time"` // microseconds since 1970
	UpstreamSID string         `json:"upstream_sid,omitempty"`
}

func writeReached(earlier []session.Reached) any {
	if len(earlier) == 0 {
		return nil
	}
	rows := make([]reachedRow, len(earlier))
	for i, r := range earlier {
		rows[i] = reachedRow{r.Provider, r.Level.IAL, r.Level.AAL, r.Methods, sqldb.Micros(r.AuthTime), r.UpstreamSID}
	}
	b, err := json.Marshal(rows)
	if err != nil { // numbers and strings always marshal
		panic("hubsql: " + err.Error())
	}
	return string(b)
}

func readReached(text string) ([]session.Reached, error) {
	if text == "" {
		return nil, nil
	}
	var rows []reachedRow
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		return nil, err
	}
	earlier := make([]session.Reached, len(rows))
	for i, r := range rows {
		earlier[i] = session.Reached{
			Provider: r.Provider, Level: hub.Level{IAL: r.IAL, AAL: r.AAL}, Methods: r.Methods, AuthTime: sqldb.Time(r.AuthTime),
			UpstreamSID: r.UpstreamSID,
		}
	}
	return earlier, nil
}

func writeRests(all []hub.ProviderID) any {
	if len(all) == 0 {
		return nil
	}
	return list(all)
}

// sessionRow is where sessionColumns are scanned to.
type sessionRow struct {
	s                  session.Session
	ial, aal, idle     int64
	methods            string
	earlier            sql.NullString
	auth, start, last  int64
	upstream, endCause sql.NullString
	rests, cut         sql.NullString
	ended              sql.NullInt64
}

func (r *sessionRow) columns() []any {
	s := &r.s
	return []any{
		&s.ID, &s.Account, &s.Provider, &r.ial, &r.aal, &r.methods, &r.auth, &r.start, &r.last, &s.Interaction, &s.Channel,
		&s.Device, &r.upstream, &r.earlier, &r.idle, &s.Vault, &s.WrappedKey, &r.ended, &r.endCause, &r.rests, &r.cut,
	}
}

func (r *sessionRow) session() (s session.Session, err error) {
	s = r.s
	s.Level, s.IdleOver = level(r.ial, r.aal), level(0, r.idle).AAL
	s.AuthTime, s.StartedAt, s.LastActivity = sqldb.Time(r.auth), sqldb.Time(r.start), sqldb.Time(r.last)
	s.UpstreamSID, s.EndedAt, s.EndReason = r.upstream.String, sqldb.NullTime(r.ended), session.EndReason(r.endCause.String)
	s.Cut = hub.ProviderID(r.cut.String)
	if s.Methods, err = readList[string](r.methods); err != nil {
		return session.Session{}, err
	}
	if r.rests.Valid {
		if s.Rests, err = readList[hub.ProviderID](r.rests.String); err != nil {
			return session.Session{}, err
		}
	}
	s.Earlier, err = readReached(r.earlier.String)
	return s, err
}

func scanSession(r scanner) (session.Session, error) {
	var row sessionRow
	if err := r.Scan(row.columns()...); err != nil {
		return session.Session{}, err
	}
	return row.session()
}

// Create implements session.Store. On PostgreSQL the account's row is held against a change of its state that is under way, so that no session
// comes into being behind the back of a suspension (LIF-02). SQLite has one writer. A provider's hold is only looked at: what comes
// into being beside it began before it, and a cut ends it (see Cuts).
func (t *Sessions) Create(ctx context.Context, s session.Session, secretHash [32]byte) error {
	const op = "hubsql.Sessions.Create"
	share := ""
	if t.db.Dialect() == sqldb.Postgres {
		share = " FOR SHARE OF a"
	}
	var active string
	var withheld bool
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		err := w.Raw("SELECT a.status, EXISTS (SELECT 1 FROM provider_holds h WHERE h.provider = ?) FROM accounts a WHERE a.id = ?"+share,
			string(s.Provider), string(s.Account)).Row().Scan(&active, &withheld)
		if err != nil {
			return sqldb.Translate(op, err)
		}
		if active != "active" {
			return hub.Errorf(op, hub.Suspended, "the account is not active")
		}
		if withheld {
			return hub.Errorf(op, hub.Suspended, "the provider was taken out of service")
		}
		n, err := exec(w, `INSERT INTO sessions (id, account, provider, ial, aal, methods, auth_time, started_at,
			last_activity, interaction, channel, device, upstream_sid, earlier, rests, idle_over, secret_hash, vault, wrapped_key)
			VALUES ( ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			string(s.ID), string(s.Account), string(s.Provider), int64(s.Level.IAL), int64(s.Level.AAL), list(s.Methods),
			sqldb.Micros(s.AuthTime), sqldb.Micros(s.StartedAt), sqldb.Micros(s.LastActivity), string(s.Interaction), s.Channel,
			s.Device, nullText(s.UpstreamSID), writeReached(s.Earlier), writeRests(s.Rests), int64(s.IdleOver), secretHash[:], blob(s.Vault), blob(s.WrappedKey))
		if err == nil && n == 0 {
			return hub.Errorf(op, hub.Conflict, "the id or the secret exists")
		}
		return sqldb.Translate(op, err)
	})
	return err
}

// BySecret implements session.Store. An ended session has no secret hash, so it can't be found here.
func (t *Sessions) BySecret(ctx context.Context, secretHash [32]byte) (session.Session, error) {
	s, err := t.find(ctx, "SELECT "+sessionColumns+" FROM sessions s WHERE s.secret_hash = ?", secretHash[:])
	return s, sqldb.Translate("hubsql.Sessions.BySecret", err)
}

// ByID implements session.Store.
func (t *Sessions) ByID(ctx context.Context, id hub.SessionID) (session.Session, error) {
	s, err := t.find(ctx, "SELECT "+sessionColumns+" FROM sessions s WHERE s.id = ?", string(id))
	return s, sqldb.Translate("hubsql.Sessions.ByID", err)
}

func (t *Sessions) find(ctx context.Context, statement string, arg any) (s session.Session, err error) {
	err = one(ctx, t.db, func(r scanner) (err error) { s, err = scanSession(r); return err }, statement, arg)
	return s, err
}

// ByRecentSecret implements session.Store.
func (t *Sessions) ByRecentSecret(ctx context.Context, secretHash [32]byte, now time.Time) (id hub.SessionID, err error) {
	err = one(ctx, t.db, func(r scanner) error { return r.Scan(&id) }, `SELECT id FROM sessions WHERE secret_hash = ? UNION ALL
		SELECT id FROM sessions WHERE former_hash = ? AND former_until > ? AND ended_at IS NULL LIMIT 1`,
		secretHash[:], secretHash[:], sqldb.Micros(now))
	return id, sqldb.Translate("hubsql.Sessions.ByRecentSecret", err)
}

// Raise implements session.Store. The account never changes; the provider's session goes with the provider. Conflict where the
// new hash belongs to another session.
func (t *Sessions) Raise(ctx context.Context, s session.Session, oldHash, newHash [32]byte, until time.Time) error {
	const op = "hubsql.Sessions.Raise"
	n, err := exec(t.db.Write(ctx), `UPDATE sessions SET secret_hash = ?, former_hash = secret_hash, former_until = ?, provider = ?, ial = ?, aal = ?, methods = ?, auth_time = ?,
		started_at = ?, last_activity = ?, upstream_sid = ?, earlier = ?, rests = ?, idle_over = ?, vault = ?, wrapped_key = ?
		WHERE id = ? AND account = ? AND secret_hash = ? AND ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM provider_holds h WHERE h.provider = ?)`,
		newHash[:], sqldb.Micros(until), string(s.Provider), int64(s.Level.IAL), int64(s.Level.AAL), list(s.Methods), sqldb.Micros(s.AuthTime),
		sqldb.Micros(s.StartedAt), sqldb.Micros(s.LastActivity), nullText(s.UpstreamSID), writeReached(s.Earlier), writeRests(s.Rests), int64(s.IdleOver),
		blob(s.Vault), blob(s.WrappedKey), string(s.ID), string(s.Account), oldHash[:], string(s.Provider))
	if err == nil && n == 0 {
		return hub.Errorf(op, hub.Consumed, "not the secret of a live session any more")
	}
	return sqldb.Translate(op, err)
}

// Touch implements session.Store, in one statement. It leaves ended and unknown sessions alone.
func (t *Sessions) Touch(ctx context.Context, id hub.SessionID, at time.Time, idleOver hub.AAL) error {
	micros, over := sqldb.Micros(at), int64(idleOver)
	_, err := exec(t.db.Write(ctx), `UPDATE sessions SET last_activity = ?,
		idle_over = CASE WHEN ? > 0 AND (idle_over = 0 OR idle_over > ?) THEN ? ELSE idle_over END
		WHERE id = ? AND ended_at IS NULL AND last_activity < ?`, micros, over, over, over, string(id), micros)
	return sqldb.Translate("hubsql.Sessions.Touch", err)
}

// End implements session.Store. The revocation stays until the last grant of the session has expired, for no token outlives its
// grant. The grants are asked in a statement of their own: on PostgreSQL the first one waits for grants that are being written
// (their foreign key holds the session's row), the second one sees them.
func (t *Sessions) End(ctx context.Context, id hub.SessionID, reason session.EndReason, at time.Time) (bool, error) {
	const op = "hubsql.Sessions.End"
	micros := sqldb.Micros(at)
	var ended, known bool
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		coarse, detail := string(reason), sql.NullString{}
		if reason == session.EndedBySuspension {
			coarse, detail = string(session.EndedByIDP), nullText(string(reason))
		}
		n, err := exec(w, `UPDATE sessions SET ended_at = ?, end_reason = ?, end_detail = ?, secret_hash = NULL, former_hash = NULL, former_until = NULL,
			vault = NULL, wrapped_key = NULL
			WHERE id = ? AND ended_at IS NULL`, micros, coarse, detail, string(id))
		if err != nil {
			return sqldb.Translate(op, err)
		}
		if ended = n == 1; !ended {
			err := w.Raw("SELECT EXISTS (SELECT 1 FROM sessions WHERE id = ?)", string(id)).Row().Scan(&known)
			return sqldb.Translate(op, err)
		}
		_, err = exec(w, `INSERT INTO revocations (kind, ref, at, expires_at) VALUES ('session', ?, ?,
			COALESCE((SELECT MAX(expires_at) FROM grants WHERE session = ?), ?)) ON CONFLICT DO NOTHING`,
			string(id), micros, string(id), micros)
		return sqldb.Translate(op, err)
	})
	if err != nil {
		return false, err
	}
	if !ended && !known {
		return false, hub.Errorf(op, hub.NotFound, "no such session")
	}
	return ended, nil
}

// Join implements session.Store. A later handle replaces an earlier one; where there is none, the earlier one stays: the login notes
// a participant before its protocol has made a handle. On PostgreSQL the session's row is held: an end, which changes its unique secret
// hash, waits for us, or we for it and then see it.
func (t *Sessions) Join(ctx context.Context, p session.Participant) error {
	const op = "hubsql.Sessions.Join"
	return t.db.Later(ctx, sqldb.Change{
		Op: op,
		SQL: `INSERT INTO session_participants AS p (session, system, provider, protocol, ref, first_at, last_at)
		SELECT s.id, CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT)
		FROM sessions s WHERE s.id = ? AND s.ended_at IS NULL` + held(t.db, " FOR KEY SHARE") + `
		ON CONFLICT (session, system, provider, protocol) DO UPDATE SET
		ref = CASE WHEN excluded.last_at >= p.last_at AND excluded.ref <> '' THEN excluded.ref ELSE p.ref END,
		last_at = CASE WHEN excluded.last_at > p.last_at THEN excluded.last_at ELSE p.last_at END`,
		Args: []any{
			string(p.System), string(p.Provider), p.Protocol, p.Ref, sqldb.Micros(p.FirstAt), sqldb.Micros(p.LastAt), string(p.Session),
		},
		Missed: func(ctx context.Context) error {
			var known bool
			if err := one(ctx, t.db, func(r scanner) error { return r.Scan(&known) },
				"SELECT EXISTS (SELECT 1 FROM sessions WHERE id = ?)", string(p.Session)); err != nil {
				return sqldb.Translate(op, err)
			}
			if !known {
				return hub.Errorf(op, hub.Conflict, "no such session")
			}
			return hub.Errorf(op, hub.Expired, "the session has ended")
		},
	})
}

const participantColumns = "session, system, provider, protocol, ref, first_at, last_at"

func readParticipants(db *gorm.DB, statement string, args ...any) (all []session.Participant, err error) {
	err = sqldb.Each(db, func(r scanner) error {
		var first, last int64
		var p session.Participant
		if err := r.Scan(&p.Session, &p.System, &p.Provider, &p.Protocol, &p.Ref, &first, &last); err != nil {
			return err
		}
		p.FirstAt, p.LastAt = sqldb.Time(first), sqldb.Time(last)
		all = append(all, p)
		return nil
	}, statement, args...)
	return all, err
}

// Participants implements session.Store.
func (t *Sessions) Participants(ctx context.Context, id hub.SessionID) ([]session.Participant, error) {
	all, err := readParticipants(t.db.Read(ctx), "SELECT "+participantColumns+` FROM session_participants WHERE session = ?
		ORDER BY first_at, system, provider, protocol`, string(id))
	return all, sqldb.Translate("hubsql.Sessions.Participants", err)
}

// Leave implements session.Store.
func (t *Sessions) Leave(ctx context.Context, id hub.SessionID, system hub.SystemID) (gone []session.Participant, err error) {
	const op = "hubsql.Sessions.Leave"
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		var over bool
		if err := w.Raw("SELECT ended_at IS NOT NULL FROM sessions WHERE id = ?"+held(t.db, " FOR UPDATE"), string(id)).Row().Scan(&over); err != nil {
			return sqldb.Translate(op, err)
		}
		if over {
			return hub.Errorf(op, hub.Expired, "the session has ended")
		}
		gone, err = readParticipants(w, "DELETE FROM session_participants WHERE session = ? AND system = ? RETURNING "+participantColumns,
			string(id), string(system))
		return sqldb.Translate(op, err)
	})
	return gone, err
}

// OfAccount implements session.Store.
func (t *Sessions) OfAccount(ctx context.Context, account hub.AccountID, live bool, limit int) (all []session.Session, err error) {
	only := ""
	if live {
		only = " AND ended_at IS NULL"
	}
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		s, err := scanSession(r)
		all = append(all, s)
		return err
	}, "SELECT "+sessionColumns+" FROM sessions s WHERE account = ?"+only+" ORDER BY started_at DESC, id LIMIT ?", string(account), limit)
	return all, sqldb.Translate("hubsql.Sessions.OfAccount", err)
}

// Overdue implements session.Store, the oldest first.
func (t *Sessions) Overdue(ctx context.Context, startedBefore time.Time, limit int) ([]hub.SessionID, error) {
	var ids []hub.SessionID
	err := sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		var id hub.SessionID
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	}, "SELECT id FROM sessions WHERE ended_at IS NULL AND started_at < ? ORDER BY started_at, id LIMIT ?",
		sqldb.Micros(startedBefore), limit)
	return ids, sqldb.Translate("hubsql.Sessions.Overdue", err)
}

// At lists live sessions that were used at a system, by id, those after one, at most limit.
func (t *Sessions) At(ctx context.Context, system hub.SystemID, after hub.SessionID, limit int) (all []hub.SessionID, err error) {
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		var id hub.SessionID
		err := r.Scan(&id)
		all = append(all, id)
		return err
	}, `SELECT DISTINCT p.session FROM session_participants p JOIN sessions s ON s.id = p.session
		WHERE p.system = ? AND p.session > ? AND s.ended_at IS NULL ORDER BY p.session LIMIT ?`, string(system), string(after), limit)
	return all, sqldb.Translate("hubsql.Sessions.At", err)
}
