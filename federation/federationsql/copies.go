package federationsql

import (
	"context"
	"time"

	"onedoor/hub"
	"onedoor/hub/sqldb"
)

// Copies keeps the last good copy of what peers publish about themselves (metadata.Copies), one for each address, for all nodes.
type Copies struct{ db *sqldb.DB }

// NewCopies gives the store over a database whose schema is up to date. Invalid without one.
func NewCopies(db *sqldb.DB) (*Copies, error) {
	if db == nil {
		return nil, hub.Errorf("federationsql.NewCopies", hub.Invalid, "no database")
	}
	return &Copies{db}, nil
}

// Keep replaces the copy, unless a later one is there.
func (c *Copies) Keep(ctx context.Context, location string, document []byte, at time.Time) error {
	err := c.db.Write(ctx).Exec(`INSERT INTO metadata_copies (location, document, fetched_at) VALUES ( ?, ?, ?) ON CONFLICT (location)
		DO UPDATE SET document = excluded.document, fetched_at = excluded.fetched_at WHERE metadata_copies.fetched_at <= excluded.fetched_at`,
		location, document, sqldb.Micros(at)).Error
	return sqldb.Translate("federationsql.Copies.Keep", err)
}

// Copy gives it. NotFound.
func (c *Copies) Copy(ctx context.Context, location string) ([]byte, error) {
	var document []byte
	err := c.db.Read(ctx).Raw("SELECT document FROM metadata_copies WHERE location = ?", location).Row().Scan(&document)
	return document, sqldb.Translate("federationsql.Copies.Copy", err)
}
