package app

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onedoor/authz/catalogue"
	"onedoor/configs"
	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/tenants/register"
	"onedoor/tenants/staff"
)

// EXC-07: what staff suspend is closed at once, its sessions are told, and files that are applied again don't open it; staff do.
func TestEXC07_SuspendedSystemsEndAndStaySo(t *testing.T) {
	t.Parallel()
	d, hubs, _ := startNodes(t, 1, "")
	h, ctx := hubs[0], t.Context()
	const system = hub.SystemID("social-benefits")
	w := newWalker(t, d)
	w.login(socialHost, "bank", "mali")
	if !w.check(socialHost) {
		t.Fatal("no active token")
	}
	x, err := h.changes.Move(ctx, staff.AtMachine(), system, tenants.Suspended, register.Incident, 0)
	if err != nil || !x.Held {
		t.Fatal(x.Held, err)
	}
	if err := h.directory.Refresh(ctx); err != nil {
		t.Fatal(err)
	}
	if err := h.register.Close(ctx, system, 0); err != nil { // as if nodes had had their time
		t.Fatal(err)
	}
	if err := h.tellClosed(ctx); err != nil {
		t.Fatal(err)
	}
	told, err := h.logout.OfSystem(ctx, system, time.Now().Add(time.Hour), 10)
	if err != nil || len(told) != 1 || !told[0].Left {
		t.Fatalf("%+v %v", told, err)
	}
	if left, err := h.register.Closings(ctx, 1<<62, 10); err != nil || len(left) > 0 {
		t.Error(left, err)
	}
	if p, err := w.b.Open(ctx, d.URL(socialHost)+"/login"); err != nil || p.FormWith("provider") != nil {
		t.Errorf("a login begins at a system that is suspended: %v", err)
	}
	out := &record{}
	p := d.options.Process
	p.Env, p.Out = d.env, out
	objects, err := configs.ReadObjects(filepath.Join(d.Data, "objects"))
	if err != nil {
		t.Fatal(err)
	}
	if err := Apply(ctx, d.config, p, objects, false); err != nil {
		t.Fatal(err)
	}
	if x, err = h.changes.System(ctx, system); err != nil || x.Status != tenants.Suspended || !strings.Contains(out.String(), "stays suspended") {
		t.Errorf("%s %v\n%s", x.Status, err, out)
	}
	// RAZ-01: files that declare an item which is retired are faulty, as a dry run tells already, and nothing of them is applied.
	retired, err := h.authz.store.Entry(ctx, "tax-filing")
	if err != nil {
		t.Fatal(err)
	}
	retired.Retired = time.Now()
	if _, err := h.authz.store.ReplaceItem(ctx, retired, catalogue.Authors{}, time.Now()); err != nil {
		t.Fatal(err)
	}
	for _, dry := range []bool{true, false} {
		if objects, err = configs.ReadObjects(filepath.Join(d.Data, "objects")); err != nil {
			t.Fatal(err)
		}
		var faults configs.Faults
		if err := Apply(ctx, d.config, p, objects, dry); !errors.As(err, &faults) || len(faults) != 1 || !strings.Contains(err.Error(), "tax-filing") {
			t.Errorf("an item that is retired, dry run %v: %v", dry, err)
		}
	}
	// Four eyes: who says that it is ready is not who opens it.
	if _, err := h.changes.Propose(ctx, staff.Actor{Account: "first", Rights: staff.AtMachine().Rights}, system, x.Version, "report-7"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.changes.Move(ctx, staff.Actor{Account: "second", Rights: staff.AtMachine().Rights}, system, tenants.Live, register.Settled, 0); err != nil {
		t.Fatal(err)
	}
	if err := h.directory.Refresh(ctx); err != nil {
		t.Fatal(err)
	}
	if err := h.lease.Refresh(ctx); err != nil { // as it does by itself several times a second
		t.Fatal(err)
	}
	if w.check(socialHost) {
		t.Error("a token from before the suspension is active again")
	}
	if p := w.must(w.b.Open(ctx, d.URL(socialHost)+"/login")); !strings.HasPrefix(p.URL.String(), d.URL(socialHost)) {
		t.Errorf("the session at the hub did not live on: %s", p.URL)
	}
}
