package hubsql_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/envelope"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
	"onedoor/migrations"
)

// dump gives every value of every column of every table, as bytes.
func dump(t *testing.T, db *sqldb.DB) map[string][][]byte {
	t.Helper()
	list := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if db.Dialect() == sqldb.Postgres {
		list = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
	}
	var tables []string
	if err := db.Read(t.Context()).Raw(list).Scan(&tables).Error; err != nil {
		t.Fatal(err)
	}
	all := map[string][][]byte{}
	for _, table := range tables {
		rows, err := db.Read(t.Context()).Raw("SELECT * FROM " + table).Rows()
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			for i, v := range values {
				name := table + "." + columns[i]
				switch v := (*v.(*any)).(type) {
				case nil:
				case []byte:
					all[name] = append(all[name], v)
				default:
					all[name] = append(all[name], fmt.Append(nil, v))
				}
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// person is somebody's whole secret and personal data in one login.
type person struct {
	secret, vaultKey, code, refresh, binding hub.Secret
	number, name, jti                        string
	session                                  session.Session
}

// signIn walks what a login writes, sealed as the domain seals it.
func signIn(t *testing.T, w *hubtest.World, size int) person {
	t.Helper()
	ctx := t.Context()
	p := person{
		secret: hub.NewSecret(w.Random), vaultKey: hub.NewSecret(w.Random), code: hub.NewSecret(w.Random), refresh: hub.NewSecret(w.Random),
		binding: hub.NewSecret(w.Random), number: "1103700012345", name: "นางสาวทดสอบ", jti: "assertion-" + w.ID(),
	}
	seal := func(secret hub.Secret, purpose string, plain []byte) []byte {
		b, err := envelope.Seal(w.Random, secret.Bytes(), purpose, "test", plain)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	a := w.NewAccount()
	check(w.Accounts.Create(ctx, a, w.Link(a.ID), &account.PersonKey{Kind: "th.citizen", Hash: w.Hash()}))
	p.session = w.NewSession(a.ID)
	p.session.Vault = seal(p.vaultKey, "vault", append([]byte(p.number+p.name), make([]byte, size)...))
	p.session.WrappedKey = seal(p.secret, "session", p.vaultKey.Bytes())
	check(w.Sessions.Create(ctx, p.session, p.secret.Hash()))
	g := w.NewGrant(p.session, "tax")
	code, refresh := w.Credential(g.ID), w.Credential(g.ID)
	code.Hash, code.WrappedKey = p.code.Hash(), seal(p.code, "code", p.vaultKey.Bytes())
	refresh.Hash, refresh.WrappedKey = p.refresh.Hash(), seal(p.refresh, "refresh", p.vaultKey.Bytes())
	check(w.Grants.CreateWithCode(ctx, g, code))
	check(w.Grants.AddRefresh(ctx, refresh))
	x := w.Login()
	x.BrowserHash, x.Private = p.binding.Hash(), seal(p.binding, "login", []byte("nonce and code verifier"))
	check(w.Logins.Create(ctx, x))
	check(w.Once.Use(ctx, "jti", p.jti, w.Clock.Now()))
	return p
}

func TestSES12_TheDatabaseHoldsNoUsableSecret(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := hubtest.NewWorld(t, stores(t, db))
		p := signIn(t, w, 0)
		all := dump(t, db)
		if len(all["sessions.vault"]) != 1 || len(all["codes.wrapped_key"]) != 1 || len(all["refresh_tokens.wrapped_key"]) != 1 ||
			len(all["sessions.secret_hash"]) != 1 || len(all["login_transactions.private"]) != 1 {
			t.Fatal("the dump does not see the rows: it would find nothing")
		}
		forbidden := map[string][]byte{"person number": []byte(p.number), "name": []byte(p.name), "single-use key": []byte(p.jti)}
		for name, s := range map[string]hub.Secret{
			"session secret": p.secret, "vault key": p.vaultKey, "code": p.code, "refresh token": p.refresh, "browser binding": p.binding,
		} {
			forbidden[name], forbidden[name+" as text"] = s.Bytes(), []byte(s.Reveal())
		}
		for column, values := range all {
			for _, v := range values {
				for what, secret := range forbidden {
					if bytes.Contains(v, secret) {
						t.Errorf("%s holds the %s", column, what)
					}
				}
			}
		}
		// With all that rests, and without what the browser carries, nothing opens.
		for column, values := range all {
			for _, v := range values {
				if len(v) < 32 {
					continue
				}
				for _, purpose := range []string{"session", "code", "refresh", "login", "vault"} {
					for _, sealed := range [][]byte{p.session.WrappedKey, p.session.Vault, all["codes.wrapped_key"][0], all["login_transactions.private"][0]} {
						if _, err := envelope.Open(v, purpose, "test", sealed); err == nil {
							t.Errorf("%s opens a %s envelope", column, purpose)
						}
					}
				}
			}
		}
	})
}

func TestSES04_PRV02_AfterTheEndNothingIsLeftToOpen(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := hubtest.NewWorld(t, stores(t, db))
		p := signIn(t, w, 0)
		if _, err := w.Sessions.End(t.Context(), p.session.ID, session.EndedByPerson, w.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		if err := w.Grants.RevokeSession(t.Context(), p.session.ID, "logout", w.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		all := dump(t, db)
		for _, column := range []string{
			"sessions.vault", "sessions.wrapped_key", "sessions.secret_hash", "codes.wrapped_key", "refresh_tokens.wrapped_key",
		} {
			if n := len(all[column]); n != 0 {
				t.Errorf("%s still holds %d values", column, n)
			}
		}
		if len(all["sessions.id"]) != 1 || len(all["sessions.ended_at"]) != 1 {
			t.Error("the row of the history is gone")
		}
	})
}

// TestPRV02_AnEndedSessionLeavesNoVaultInTheFile reads the bytes of the SQLite file, not its tables: free pages count too.
func TestPRV02_AnEndedSessionLeavesNoVaultInTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "hub.db")
	db, err := sqldb.Open(t.Context(), sqldb.Options{DSN: "sqlite:" + path, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := migrations.Up(t.Context(), db.SQL(), db.Dialect()); err != nil {
		t.Fatal(err)
	}
	w := hubtest.NewWorld(t, stores(t, db))
	var people []person
	for i := range 20 {
		people = append(people, signIn(t, w, i*700)) // in the page, and in pages of their own
	}
	for _, p := range people {
		if _, err := w.Sessions.End(t.Context(), p.session.ID, session.EndedByPerson, w.Clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil { // folds the write-ahead log into the file
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(file, []byte(people[0].session.ID)) {
		t.Fatal("the file does not hold the sessions: nothing would be found")
	}
	for i, p := range people {
		hash := p.secret.Hash()
		for what, b := range map[string][]byte{
			"secret hash": hash[:], "wrapped key": p.session.WrappedKey, "vault's beginning": p.session.Vault[:32],
			"vault's end": p.session.Vault[len(p.session.Vault)-32:],
		} {
			if bytes.Contains(file, b) {
				t.Errorf("session %d: the file still holds the %s", i, what)
			}
		}
	}
}
