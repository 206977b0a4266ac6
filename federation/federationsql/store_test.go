package federationsql_test

import (
	"errors"
	"maps"
	"os"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"

	"onedoor/federation"
	"onedoor/federation/federationsql"
	"onedoor/hub"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
)

func TestMain(m *testing.M) { os.Exit(sqltest.Run(m)) }

func open(t *testing.T, db *sqldb.DB) *federationsql.Store {
	t.Helper()
	s, err := federationsql.New(db)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func version(t *testing.T, s *federationsql.Store) int64 {
	t.Helper()
	v, err := s.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// put puts and checks what it reports and that the version of the list moved exactly with it.
func put(t *testing.T, s *federationsql.Store, what string, want bool, p federation.Provider) {
	t.Helper()
	before := version(t, s)
	changed, err := s.Put(t.Context(), p)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if changed != want {
		t.Errorf("%s: changed = %v, want %v", what, changed, want)
	}
	if moved := version(t, s) != before; moved != want {
		t.Errorf("%s: the version moved: %v, want %v", what, moved, want)
	}
}

func TestRoundTripOfEveryField(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := open(t, db)
		full, bare := hubtest.Fill[federation.Provider](), federation.Provider{ID: "bare"}
		put(t, s, "full", true, full)
		put(t, s, "bare", true, bare)
		got, err := s.Providers(t.Context())
		if want := []federation.Provider{bare, full}; err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%v\n got %+v\nwant %+v", err, got, want)
		}
	})
}

func TestPutIsIdempotent(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := open(t, db)
		p := hubtest.Fill[federation.Provider]()
		for i := range 3 {
			p.Assurance.Request = maps.Clone(p.Assurance.Request) // another order in memory is the same record
			put(t, s, "same", i == 0, p)
		}
		p.Status = federation.Suspended
		put(t, s, "suspended", true, p)
		p.Ceiling = hub.Level{IAL: hub.IAL11} // a level may state one part only
		put(t, s, "another ceiling", true, p)
		got, err := s.Providers(t.Context())
		if err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], p) {
			t.Errorf("%v\n got %+v\nwant %+v", err, got, p)
		}
		if _, err := s.Put(t.Context(), federation.Provider{}); !errors.Is(err, hub.Invalid) {
			t.Errorf("a record without a name: %v", err)
		}
	})
	if _, err := federationsql.New(nil); !errors.Is(err, hub.Invalid) {
		t.Errorf("without a database: %v", err)
	}
}

func TestOneOfManySamePutsChanges(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := open(t, db)
		before := version(t, s)
		var wg sync.WaitGroup
		var changes atomic.Int64
		for range 16 {
			wg.Go(func() {
				changed, err := s.Put(t.Context(), federation.Provider{ID: "bank"})
				if err != nil {
					t.Error(err)
				}
				if changed {
					changes.Add(1)
				}
			})
		}
		wg.Wait()
		if changes.Load() != 1 || version(t, s) != before+1 {
			t.Errorf("%d changes, version moved by %d; want 1 and 1", changes.Load(), version(t, s)-before)
		}
	})
}

func TestARecordOfAnotherFormIsNotGuessedAt(t *testing.T) {
	t.Parallel()
	for name, spec := range map[string]string{
		"newer form":      `{"form":2,"assurance":{}}`,
		"unknown member":  `{"form":1,"assurance":{},"limit":"less"}`,
		"no form":         `{"assurance":{}}`,
		"no JSON":         `{"form":1`,
		"unknown ceiling": `{"form":1,"assurance":{},"ceiling":"9/9"}`,
		"unknown acr":     `{"form":1,"assurance":{"acr":{"x":"2.10/1"}}}`,
		"unknown ial":     `{"form":1,"assurance":{"ial":{"x":"2"}}}`,
		"unknown amr":     `{"form":1,"assurance":{"amr":{"x":"5"}}}`,
		"unknown request": `{"form":1,"assurance":{"request":{"2":["x"]}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := sqltest.SQLite(t)
			if err := db.Write(t.Context()).Exec("INSERT INTO identity_providers (id, spec, version) VALUES ('p', ?, 1)", spec).Error; err != nil {
				t.Fatal(err)
			}
			if got, err := open(t, db).Providers(t.Context()); err == nil {
				t.Errorf("read as %+v", got)
			}
		})
	}
}
