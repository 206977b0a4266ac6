package hubsql

import (
	"context"
	"time"

	"onedoor/hub"
	"onedoor/hub/samlmsg"
	"onedoor/hub/sqldb"
)

// SAMLNames keeps under which names SAML peers know sessions (samlmsg.Names). It is safe for concurrent use.
type SAMLNames struct{ db *sqldb.DB }

var _ samlmsg.Names = (*SAMLNames)(nil)

// Note implements samlmsg.Names. The same name again costs one statement that changes nothing but, at most, its end.
func (t *SAMLNames) Note(ctx context.Context, n hub.PeerName, session hub.SessionID, expires time.Time) error {
	_, err := exec(t.db.Write(ctx), `INSERT INTO saml_names (peer, name, idx, session, expires_at) VALUES ( ?, ?, ?, ?, ?)
		ON CONFLICT (peer, name, idx, session) DO UPDATE SET expires_at = excluded.expires_at WHERE excluded.expires_at > saml_names.expires_at`,
		n.Peer, n.Name[:], n.Index[:], string(session), sqldb.Micros(expires))
	return sqldb.Translate("hubsql.SAMLNames.Note", err)
}

// Find implements samlmsg.Names.
func (t *SAMLNames) Find(ctx context.Context, peer string, name [32]byte) ([]samlmsg.NamedSession, error) {
	var found []samlmsg.NamedSession
	err := sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		var s samlmsg.NamedSession
		var index []byte
		if err := r.Scan(&s.Session, &index, &s.Live); err != nil {
			return err
		}
		copy(s.Index[:], index)
		found = append(found, s)
		return nil
	}, `SELECT n.session, n.idx, s.ended_at IS NULL FROM saml_names n JOIN sessions s ON s.id = n.session
		WHERE n.peer = ? AND n.name = ? ORDER BY n.session, n.idx`, peer, name[:])
	return found, sqldb.Translate("hubsql.SAMLNames.Find", err)
}

// Purge removes at most limit names that expired before the time and tells how many.
func (t *SAMLNames) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := exec(t.db.Write(ctx), `DELETE FROM saml_names WHERE (peer, name, idx, session) IN (
		SELECT peer, name, idx, session FROM saml_names WHERE expires_at < ? ORDER BY expires_at LIMIT ?)`, sqldb.Micros(before), limit)
	return n, sqldb.Translate("hubsql.SAMLNames.Purge", err)
}
