package hubsql_test

import (
	"errors"
	"os"
	"testing"

	"onedoor/hub"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
)

func TestMain(m *testing.M) { os.Exit(sqltest.Run(m)) }

// stores gives the stores over a database.
func stores(t *testing.T, db *sqldb.DB) hubtest.Stores {
	t.Helper()
	s, err := hubsql.New(db)
	if err != nil {
		t.Fatal(err)
	}
	logouts, err := hubsql.NewLogouts(db)
	if err != nil {
		t.Fatal(err)
	}
	return hubtest.Stores{
		Sessions: s.Sessions, Accounts: s.Accounts, Lives: s.Accounts, Consents: s.Consents, Grants: s.Grants, Once: s.Once, Pushed: s.Pushed, Logins: s.Logins,
		Revocations: s.Revocations, Feed: s.Revocations, Statuses: s.Statuses, Live: s.Sessions.Live, InTx: db.InTx, Logouts: logouts,
	}
}

// TestStores runs every conformance suite on both databases.
func TestStores(t *testing.T) {
	t.Parallel()
	for name, suite := range map[string]func(*testing.T, hubtest.Open){
		"Session": hubtest.SessionStore, "Account": hubtest.AccountStore, "Life": hubtest.LifeStore, "Consent": hubtest.ConsentStore, "Grant": hubtest.GrantStore,
		"Once": hubtest.OnceStore, "Pushed": hubtest.PushedStore, "Login": hubtest.LoginStore, "Revocations": hubtest.Revocations, "Logout": hubtest.LogoutStore, "Status": hubtest.StatusStore,
	} {
		t.Run(name+"/sqlite", func(t *testing.T) {
			t.Parallel()
			suite(t, func(t *testing.T) hubtest.Stores { t.Helper(); return stores(t, sqltest.SQLite(t)) })
		})
		t.Run(name+"/postgres", func(t *testing.T) {
			t.Parallel()
			suite(t, func(t *testing.T) hubtest.Stores { t.Helper(); return stores(t, sqltest.Postgres(t)) })
		})
	}
}

func TestNewNeedsADatabase(t *testing.T) {
	t.Parallel()
	if _, err := hubsql.New(nil); !errors.Is(err, hub.Invalid) {
		t.Errorf("got %v", err)
	}
}
