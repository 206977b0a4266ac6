package app

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/hub/keys"
	"onedoor/hub/sqldb"
	"onedoor/hub/telemetry"
	"onedoor/migrations"
	"onedoor/tenants"
	"onedoor/tenants/tenantsql"
)

// Process is what a command gets from the world around it.
type Process struct {
	Env    configs.LookupEnv
	Out    io.Writer // what was asked for
	Err    io.Writer // what the operator should know beside it
	Clock  hub.Clock
	Random io.Reader
}

// MasterKeys reads the master keys, the one that seals first.
//
// Where the configuration names no place, the key is a file in the data directory, and it is made here at the very first start
// of a hub on SQLite: as long as there is no database, there is nothing that it could fail to open. Once there is one, a
// missing key is an error: a new one in its place would open nothing, and hide that the old one is gone. A place that is named,
// and every hub on PostgreSQL, wants a key made on purpose (`onedoor keys init`). Invalid, with the place in the text; Internal.
func MasterKeys(cfg configs.Config, p Process) (keys.Masters, error) {
	const op = "app.MasterKeys"
	source, explicit := cfg.MasterKeySource()
	if !explicit && cfg.DatabaseFile() != "" && !exists(source.File) && !exists(cfg.DatabaseFile()) {
		if err := writeMasterKey(source.File, p.Random); err != nil {
			return nil, err
		}
		say(p.Err, "made a master key in %s: keep a copy offline, apart from the backups of the database", source.File)
	}
	text, err := source.Read(p.Env)
	if err != nil {
		return nil, hub.E(op, hub.Invalid, errors.New("the master key: "+err.Error()+" (onedoor keys init makes one, for a new hub)"))
	}
	masters, err := keys.ParseMasters(text)
	if err != nil {
		return nil, hub.E(op, hub.Invalid, errors.New("the master key in "+source.String()+": "+err.Error()))
	}
	return masters, nil
}

// writeMasterKey makes a new key in a new file that only its owner can read. Conflict where the file exists; Invalid.
func writeMasterKey(file string, random io.Reader) error {
	const op = "app.writeMasterKey"
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return hub.Errorf(op, hub.Conflict, file+" exists already; a master key is never overwritten")
	case err != nil:
		return hub.E(op, hub.Invalid, err)
	}
	_, err = io.WriteString(f, keys.GenerateMaster(random)+"\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return hub.E(op, hub.Internal, errors.Join(err, os.Remove(file)))
	}
	return nil
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return !errors.Is(err, fs.ErrNotExist)
}

// openDatabase opens the database as it is. Invalid, Unavailable.
func openDatabase(ctx context.Context, cfg configs.Config, p Process) (*sqldb.DB, error) {
	const op = "app.openDatabase"
	dsn, err := cfg.DSN(p.Env)
	if err != nil {
		return nil, hub.E(op, hub.Invalid, errors.New("the database: "+err.Error()))
	}
	if file := cfg.DatabaseFile(); file != "" {
		if folder := filepath.Dir(file); !exists(folder) {
			return nil, hub.Errorf(op, hub.Invalid, "the folder "+folder+" of the database does not exist")
		}
	}
	log, err := telemetry.NewLogger(p.Err, slog.LevelWarn, "text")
	if err != nil {
		return nil, err
	}
	return sqldb.Open(ctx, sqldb.Options{DSN: dsn, Logger: log, MaxConns: cfg.Database.MaxConnections})
}

// office is what the commands that manage a hub work with.
type office struct {
	Process
	issuer  string
	db      *sqldb.DB
	masters keys.Masters
	ring    *keys.Ring
	store   *hubsql.Audit
	record  audit.Recorder
}

// openOffice opens the database, whose schema must be this program's, and the keys. Close it when done.
func openOffice(ctx context.Context, cfg configs.Config, p Process) (_ *office, err error) {
	o := &office{Process: p, issuer: cfg.Issuer}
	if o.masters, err = MasterKeys(cfg, p); err != nil {
		return nil, err
	}
	if o.db, err = openDatabase(ctx, cfg, p); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, o.db.Close())
		}
	}()
	if err = migrations.Check(ctx, o.db.SQL(), o.db.Dialect()); err != nil {
		return nil, err
	}
	store, err := hubsql.NewKeys(o.db)
	if err != nil {
		return nil, err
	}
	options := Schedules(cfg.Keys)
	options.Store, options.Masters, options.Clock, options.Random = store, o.masters, p.Clock, p.Random
	if o.ring, err = keys.Open(ctx, options); err != nil {
		return nil, err
	}
	if o.store, err = hubsql.NewAudit(o.db); err != nil {
		return nil, err
	}
	o.record, err = audit.New(audit.Options{Store: o.store, Authenticate: authenticator(o.ring), Clock: p.Clock, Random: p.Random})
	return o, err
}

// register opens the register of departments and systems, with all of it in memory as it is now.
func (o *office) register(ctx context.Context) (*tenantsql.Store, *tenants.Directory, error) {
	store, err := tenantsql.New(o.db)
	if err != nil {
		return nil, nil, err
	}
	directory, err := tenants.NewDirectory(store)
	if err != nil {
		return nil, nil, err
	}
	return store, directory, directory.Refresh(ctx)
}

// Close closes the database.
func (o *office) Close() error { return o.db.Close() }

// Schedules gives the rotation of keys that the configuration asks for.
func Schedules(c configs.Keys) keys.Options {
	return keys.Options{
		Sign:    keys.Schedule{Ahead: span(c.SignLead), Active: span(c.SignFor)},
		Seal:    keys.Schedule{Active: span(c.SealFor)},
		SAML:    keys.Schedule{Ahead: span(c.SAMLLead), Active: span(c.SAMLFor)},
		RSABits: c.RSABits,
	}
}

// authenticator ties audit rows to the index key, which is not in the database in the clear.
func authenticator(ring *keys.Ring) audit.Authenticate {
	return func(canonical []byte) []byte { return ring.Index("audit", string(canonical)) }
}
