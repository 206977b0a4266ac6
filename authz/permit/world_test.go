package permit_test

import (
	"context"
	"testing"

	"onedoor/authz/casbinrules"
	"onedoor/authz/permit"
	"onedoor/configs"
	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/tenants/staff"
)

// register is two departments: revenue with the areas north, chiang-mai in it, and south; social with the area north, another one.
type register struct{}

func (register) Department(_ context.Context, id hub.DepartmentID) (tenants.Department, error) {
	if id != "revenue" && id != "social" {
		return tenants.Department{}, hub.Errorf("register", hub.NotFound, "no such department")
	}
	return tenants.Department{ID: id}, nil
}

func (register) Within(department hub.DepartmentID, area, of tenants.AreaID) bool {
	return map[string]bool{
		"revenue north north": true, "revenue chiang-mai chiang-mai": true, "revenue chiang-mai north": true, "revenue south south": true,
		"social north north": true,
	}[string(department)+" "+string(area)+" "+string(of)]
}

func newPermits(t testing.TB) *permit.Permits {
	t.Helper()
	rules, err := casbinrules.NewStaff(casbinrules.StaffOptions{Model: configs.StaffModel, Policy: configs.StaffPolicy, Areas: register{}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := permit.New(rules, register{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func at(department hub.DepartmentID, area tenants.AreaID) staff.Place {
	return staff.Place{Department: department, Area: area}
}

// person is somebody with one active post.
func person(role staff.Role, home staff.Place) permit.Subject {
	return permit.Subject{Account: "a", Level: staff.Least(), Posts: []staff.Post{{ID: "post", Account: "a", Role: role, Place: home, State: staff.Active}}}
}

// program is a system with one right.
func program(role staff.Role, home staff.Place) permit.Subject {
	return permit.Subject{System: "robot", Rights: []staff.Right{{ID: "right", System: "robot", Role: role, Place: home}}}
}
