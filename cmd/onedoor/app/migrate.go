package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"onedoor/configs"
	"onedoor/migrations"
)

// Migrate brings the database to the newest schema that this program knows and says what it did. On the very first start of
// a hub on SQLite it makes the master key too (see MasterKeys). Conflict where the database is newer than the program.
func Migrate(ctx context.Context, cfg configs.Config, p Process) (err error) {
	if _, err := MasterKeys(cfg, p); err != nil {
		return err
	}
	db, err := openDatabase(ctx, cfg, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	before, newest, err := migrations.Version(ctx, db.SQL(), db.Dialect())
	if err != nil {
		return err
	}
	if err := migrations.Up(ctx, db.SQL(), db.Dialect()); err != nil {
		return err
	}
	if before == newest {
		say(p.Out, "the schema is up to date: version %d", newest)
		return nil
	}
	say(p.Out, "the schema went from version %d to %d", before, newest)
	return nil
}

// say writes one line. What can't be said has nobody to hear it.
func say(w io.Writer, format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) } //nolint:errcheck // see above

func span(d configs.Duration) time.Duration { return time.Duration(d) }
