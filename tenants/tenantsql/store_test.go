package tenantsql_test

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"

	"onedoor/hub"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
	"onedoor/tenants"
	"onedoor/tenants/tenantsql"
)

func TestMain(m *testing.M) { os.Exit(sqltest.Run(m)) }

func open(t *testing.T, db *sqldb.DB) *tenantsql.Store {
	t.Helper()
	s, err := tenantsql.New(db)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// put puts and checks what it reports and that the version of the lists moved exactly with it.
func put(t *testing.T, s *tenantsql.Store, what string, want bool, do func() (bool, error)) {
	t.Helper()
	before := version(t, s)
	changed, err := do()
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

func version(t *testing.T, s *tenantsql.Store) int64 {
	t.Helper()
	v, err := s.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func putDepartment(t *testing.T, s *tenantsql.Store, d tenants.Department) func() (bool, error) {
	return func() (bool, error) { return s.PutDepartment(t.Context(), d) }
}

func putSystem(t *testing.T, s *tenantsql.Store, x tenants.System) func() (bool, error) {
	return func() (bool, error) { return s.PutSystem(t.Context(), x) }
}

func TestRoundTripOfEveryField(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := open(t, db)
		d, x := hubtest.Fill[tenants.Department](), hubtest.Fill[tenants.System]()
		x.Department = d.ID
		put(t, s, "department", true, putDepartment(t, s, d))
		put(t, s, "system", true, putSystem(t, s, x))
		bareD, bareX := tenants.Department{ID: "a"}, tenants.System{ID: "a", Department: "a"}
		put(t, s, "bare department", true, putDepartment(t, s, bareD))
		put(t, s, "bare system", true, putSystem(t, s, bareX))

		departments, err := s.Departments(t.Context())
		if want := []tenants.Department{bareD, d}; err != nil || !reflect.DeepEqual(departments, want) {
			t.Errorf("departments: %v\n got %+v\nwant %+v", err, departments, want)
		}
		systems, err := s.Systems(t.Context())
		if want := []tenants.System{bareX, x}; err != nil || !reflect.DeepEqual(systems, want) {
			t.Errorf("systems: %v\n got %+v\nwant %+v", err, systems, want)
		}
	})
}

func TestPutIsIdempotent(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := open(t, db)
		d, x := hubtest.Fill[tenants.Department](), hubtest.Fill[tenants.System]()
		x.Department = d.ID
		for i := range 3 {
			put(t, s, "department", i == 0, putDepartment(t, s, d))
			put(t, s, "system", i == 0, putSystem(t, s, x))
		}
		empty := x // nil and empty are the same to the register
		empty.Attributes, empty.OIDC = nil, &tenants.OIDC{}
		put(t, s, "changed to empty", true, putSystem(t, s, empty))
		empty.OIDC = &tenants.OIDC{Scopes: []string{}}
		put(t, s, "empty list for none", false, putSystem(t, s, empty))
		empty.Status = tenants.Suspended
		put(t, s, "suspended", true, putSystem(t, s, empty))
		moved := tenants.Department{ID: "another"}
		put(t, s, "another department", true, putDepartment(t, s, moved))
		empty.Department = moved.ID
		put(t, s, "moved", true, putSystem(t, s, empty))
		systems, err := s.Systems(t.Context())
		if err != nil || len(systems) != 1 || systems[0].Department != moved.ID || systems[0].Status != tenants.Suspended {
			t.Errorf("%v, %+v", err, systems)
		}
	})
}

func TestPutRefuses(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := open(t, db)
		before := version(t, s)
		if _, err := s.PutSystem(t.Context(), tenants.System{ID: "x", Department: "nowhere"}); !errors.Is(err, hub.Conflict) {
			t.Errorf("a system of no department: %v", err)
		}
		if _, err := s.PutSystem(t.Context(), tenants.System{}); !errors.Is(err, hub.Invalid) {
			t.Errorf("a system without a name: %v", err)
		}
		if _, err := s.PutDepartment(t.Context(), tenants.Department{}); !errors.Is(err, hub.Invalid) {
			t.Errorf("a department without a name: %v", err)
		}
		if version(t, s) != before {
			t.Error("a refusal moved the version")
		}
	})
	if _, err := tenantsql.New(nil); !errors.Is(err, hub.Invalid) {
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
		for i := range 16 {
			wg.Go(func() {
				d := tenants.Department{ID: hub.DepartmentID(fmt.Sprintf("d%d", i%4))}
				changed, err := s.PutDepartment(t.Context(), d)
				if err != nil {
					t.Error(err)
				}
				if changed {
					changes.Add(1)
				}
			})
		}
		wg.Wait()
		if changes.Load() != 4 || version(t, s) != before+4 {
			t.Errorf("%d changes, version moved by %d; want 4 and 4", changes.Load(), version(t, s)-before)
		}
	})
}

func TestADocumentOfAnotherFormIsNotGuessedAt(t *testing.T) {
	t.Parallel()
	for name, spec := range map[string]string{
		"newer form":     `{"form":2}`,
		"unknown member": `{"form":1,"department":"d","demands":"more"}`,
		"no form":        `{}`,
		"no JSON":        `{"form":1`,
		"unknown level":  `{"form":1,"department":"d","least":"9/9"}`,
		"short hash":     `{"form":1,"department":"d","oidc":{"secrets":[{"sha256":"AAAA"}]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := sqltest.SQLite(t)
			s := open(t, db)
			put(t, s, "department", true, putDepartment(t, s, tenants.Department{ID: "d"}))
			if err := db.Write(t.Context()).Exec("INSERT INTO systems (id, department, spec, version) VALUES ('s', 'd', ?, 1)", spec).Error; err != nil {
				t.Fatal(err)
			}
			systems, err := s.Systems(t.Context())
			if err == nil {
				t.Errorf("read as %+v", systems)
			}
		})
	}
}
