package tenants_test

import (
	"context"
	"errors"
	"testing"

	"onedoor/hub"
	"onedoor/tenants"
)

// memory is a register in memory that counts how often its lists are read.
type memory struct {
	tenants.Store
	version     int64
	departments []tenants.Department
	systems     []tenants.System
	reads       int
	err         error
}

func (m *memory) Version(context.Context) (int64, error) { return m.version, m.err }

func (m *memory) Departments(context.Context) ([]tenants.Department, error) {
	m.reads++
	return m.departments, m.err
}

func (m *memory) Systems(context.Context) ([]tenants.System, error) { return m.systems, m.err }

func TestDirectoryAnswersFromMemory(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	store := &memory{version: 1, departments: []tenants.Department{goodDepartment()}, systems: []tenants.System{goodSystem()}}
	d, err := tenants.NewDirectory(store)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.System(ctx, "efiling"); !errors.Is(err, hub.Unavailable) {
		t.Fatalf("before the first refresh: %v", err)
	}
	if _, err := d.Department(ctx, "revenue"); !errors.Is(err, hub.Unavailable) {
		t.Fatalf("before the first refresh: %v", err)
	}
	for range 3 {
		if err := d.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if store.reads != 1 {
		t.Fatalf("lists were read %d times without a change", store.reads)
	}
	if s, err := d.System(ctx, "efiling"); err != nil || s.Department != "revenue" {
		t.Fatalf("got %v, %v", s, err)
	}
	if x, err := d.Department(ctx, "revenue"); err != nil || x.ID != "revenue" {
		t.Fatalf("got %v, %v", x, err)
	}
	if _, err := d.System(ctx, "nobody"); !errors.Is(err, hub.NotFound) {
		t.Fatal(err)
	}
	if _, err := d.Department(ctx, "nobody"); !errors.Is(err, hub.NotFound) {
		t.Fatal(err)
	}
}

func TestDirectoryFollowsTheVersion(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	store := &memory{version: 1, departments: []tenants.Department{goodDepartment()}, systems: []tenants.System{goodSystem()}}
	d, _ := tenants.NewDirectory(store)
	if err := d.Refresh(ctx); err != nil {
		t.Fatal(err)
	}
	changed := goodSystem()
	changed.Status = tenants.Suspended
	store.systems, store.version = []tenants.System{changed}, 2
	store.err = hub.E("test", hub.Unavailable, nil)
	if err := d.Refresh(ctx); !errors.Is(err, hub.Unavailable) {
		t.Fatal(err)
	}
	if s, err := d.System(ctx, "efiling"); err != nil || s.Status != tenants.Live {
		t.Fatalf("after a failed refresh: %v, %v", s.Status, err)
	}
	store.err = nil
	if err := d.Refresh(ctx); err != nil {
		t.Fatal(err)
	}
	if s, err := d.System(ctx, "efiling"); err != nil || s.Status != tenants.Suspended {
		t.Fatalf("after the refresh: %v, %v", s.Status, err)
	}
	if all := d.Systems(); len(all) != 1 || all[0].ID != "efiling" {
		t.Fatal(all)
	}
}

func TestEXC07_LoginSeesOnlyALiveSystemAsLive(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for _, status := range []tenants.SystemStatus{tenants.Draft, tenants.Testing, tenants.Live, tenants.Suspended} {
		s := goodSystem()
		s.Status = status
		d, _ := tenants.NewDirectory(&memory{departments: []tenants.Department{goodDepartment()}, systems: []tenants.System{s}})
		if err := d.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		got, err := d.ForLogin().System(ctx, "efiling")
		if err != nil {
			t.Fatal(err)
		}
		if got.Live != (status == tenants.Live) || got.Owner.In("en") != "Revenue" || got.Least != s.Least || len(got.Rules) != len(s.Attributes) {
			t.Errorf("%s: %+v", status, got)
		}
		if _, err := d.ForLogin().System(ctx, "nobody"); !errors.Is(err, hub.NotFound) {
			t.Error(err)
		}
	}
}

func TestDirectoryNeedsAStore(t *testing.T) {
	t.Parallel()
	if _, err := tenants.NewDirectory(nil); err == nil {
		t.Fatal("made without a store")
	}
}
