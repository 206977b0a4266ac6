package portal

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/hub/passkey"
	"onedoor/tenants/entity"
	"onedoor/web/visit/visittest"
)

const (
	theirs   = "companyaaaaaaaaaaaaaaaaaaa" // the person is its master administrator
	operated = "operateaaaaaaaaaaaaaaaaaaa" // the person is an operator there
	strange  = "strangeaaaaaaaaaaaaaaaaaaa" // they have nothing to do with it
)

// fakeDevices is the register, the machines and the seats.
type fakeDevices struct {
	held  map[authz.Party][]authz.Device // by owner
	ended []string
	shown []string // "session device count"
	err   error    // of what the machine did
	about []passkey.About
	taken int
}

func owned(p authz.Party) authz.Party {
	if p.Entity != "" {
		return authz.Party{Entity: p.Entity}
	}
	return p
}

func (f *fakeDevices) AddDevice(_ context.Context, by hub.AccountID, p authz.Party, name string, c authz.Credential) (authz.Device, error) {
	if by != visittest.Account {
		return authz.Device{}, hub.Errorf("x", hub.Denied, "who?")
	}
	d := authz.Device{ID: "new", Label: name, Credential: c, At: at(2026, time.March, 1)}
	f.held[p] = append(f.held[p], d)
	return d, nil
}

func (f *fakeDevices) EndDevice(_ context.Context, _ hub.AccountID, _ authz.Party, id string) error {
	f.ended = append(f.ended, id)
	return nil
}

func (f *fakeDevices) Showable(_ context.Context, p authz.Party) ([]authz.Device, error) {
	return f.held[owned(p)], nil
}

func (f *fakeDevices) Shown(_ context.Context, id hub.SessionID, p authz.Party, device string, count uint32) error {
	f.shown = append(f.shown, strings.Join([]string{string(id), string(p.Account), string(p.Entity), device, string(rune('0' + count))}, " "))
	return nil
}

func (f *fakeDevices) Here(context.Context, hub.SessionID) ([]authz.Proof, error) {
	return []authz.Proof{{Device: "counter", Until: at(2026, time.March, 1)}}, nil
}

type fakeMachines struct{ *fakeDevices }

func (f fakeMachines) Make(about passkey.About, _ string, taken []passkey.Credential) (passkey.Ceremony, error) {
	f.about, f.taken = append(f.about, about), len(taken)
	return passkey.Ceremony{Options: []byte(`{"challenge":"make"}`), Carried: "carried-make"}, nil
}

func (f fakeMachines) Made(_ context.Context, about passkey.About, carried string, answer []byte) (passkey.Credential, error) {
	f.fakeDevices.about = append(f.fakeDevices.about, about)
	if f.err != nil || carried != "carried-make" || string(answer) != "made" {
		return passkey.Credential{}, f.err
	}
	return passkey.Credential{ID: []byte("key"), PublicKey: []byte("public"), SignCount: 1}, nil
}

func (f fakeMachines) Show(about passkey.About, _ []passkey.Credential) (passkey.Ceremony, error) {
	f.fakeDevices.about = append(f.fakeDevices.about, about)
	return passkey.Ceremony{Options: []byte(`{"challenge":"show"}`), Carried: "carried-show"}, nil
}

func (f fakeMachines) Shown(_ context.Context, _ passkey.About, machines []passkey.Credential, _ string, _ []byte) (passkey.Credential, error) {
	if f.err != nil || len(machines) == 0 {
		return passkey.Credential{}, hub.Errorf("x", hub.Invalid, "none of them")
	}
	return passkey.Credential{ID: machines[0].ID, SignCount: 7}, nil
}

func (*fakeDevices) Mine(context.Context, hub.AccountID) ([]entity.Membership, error) {
	names := hub.Text{"en": "Example Company", "th": "บริษัทตัวอย่าง"}
	return []entity.Membership{
		{Entity: entity.Entity{ID: theirs, Names: names}, Seat: entity.Seat{Role: entity.Master}},
		{Entity: entity.Entity{ID: operated, Names: names}, Seat: entity.Seat{Role: entity.Operator}},
	}, nil
}

func newDevices(t *testing.T) (*world, *fakeDevices) {
	t.Helper()
	device := authz.Device{ID: "counter", Label: "Counter 3", At: at(2026, time.January, 1), Credential: authz.Credential{ID: []byte("key-of-counter")}}
	f := &fakeDevices{held: map[authz.Party][]authz.Device{
		{Account: visittest.Account}: {device}, {Entity: theirs}: {device}, {Entity: operated}: {device}, {Entity: strange}: {device},
	}}
	w := &world{t: t, here: &visittest.Sessions{Secret: visittest.Mine(), Level: visittest.Height}, journey: &visittest.Journey{}}
	v := visittest.NewReception(t, visittest.Options(t, w.here))
	if err := v.Bind(w.journey); err != nil {
		t.Fatal(err)
	}
	o := w.options(v)
	o.Devices, o.Machines, o.Memberships = f, fakeMachines{f}, f
	p, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	w.edge = visittest.Edge(t, v, p.Mounts())
	return w, f
}

func TestRAZ04_TheMachineIsRegisteredAndRecognised(t *testing.T) {
	t.Parallel()
	for base, owner := range map[string]authz.Party{"/devices": {Account: visittest.Account}, "/entities/" + theirs + "/devices": {Entity: theirs}} {
		w, f := newDevices(t)
		if page := w.show(base); !strings.Contains(page, "Counter 3") || !strings.Contains(page, base+"/begin") {
			t.Fatalf("%s: %s", base, page)
		}
		begun := w.send(base+"/begin", aboutDevices, url.Values{"label": {"Counter 4"}})
		if body := begun.Body.String(); begun.Code != http.StatusOK || !strings.Contains(body, "carried-make") || !strings.Contains(body, "Counter 4") || f.taken != 1 ||
			!strings.Contains(begun.Header().Get("Content-Security-Policy"), "script-src 'self'") {
			t.Fatalf("%s: %d %s", base, begun.Code, body)
		}
		added := w.send(base+"/add", aboutDevices, url.Values{"label": {"Counter 4"}, "carried": {"carried-make"}, "answer": {"made"}})
		if added.Code != http.StatusSeeOther || added.Header().Get("Location") != base+"?done=added" || len(f.held[owner]) != 2 || f.held[owner][1].Label != "Counter 4" {
			t.Fatalf("%s: %d, %v", base, added.Code, f.held)
		}
		for _, a := range f.about {
			if a.Session != visittest.Session || a.Party != string(owner.Account)+string(owner.Entity) {
				t.Errorf("%s: the ceremony is about %+v", base, a)
			}
		}
		w.send(base+"/show", aboutDevices, nil)
		if r := w.send(base+"/shown", aboutDevices, url.Values{"carried": {"carried-show"}, "answer": {"x"}}); r.Header().Get("Location") != base+"?done=shown" || len(f.shown) != 1 ||
			f.shown[0] != strings.Join([]string{string(visittest.Session), string(visittest.Account), string(owner.Entity), "counter", "7"}, " ") {
			t.Errorf("%s: %d %v", base, r.Code, f.shown)
		}
		if w.send(base+"/remove", aboutDevices, url.Values{"device": {"counter"}}); len(f.ended) != 1 || f.ended[0] != "counter" {
			t.Errorf("%s: ended %v", base, f.ended)
		}
	}
}

func TestDevicesSayWhatWentWrong(t *testing.T) {
	t.Parallel()
	for kind, words := range map[hub.Kind]string{
		hub.Refused: "can be copied", hub.Expired: "too long", hub.Consumed: "too long", hub.Invalid: "did not work", hub.Conflict: "registered already",
	} {
		w, f := newDevices(t)
		f.err = hub.Errorf("x", kind, "inner text")
		r := w.send("/devices/add", aboutDevices, url.Values{"label": {"Laptop"}, "carried": {"carried-make"}, "answer": {"made"}})
		if body := r.Body.String(); r.Code != http.StatusUnprocessableEntity || !strings.Contains(body, words) || !strings.Contains(body, `value="Laptop"`) || strings.Contains(body, "inner text") {
			t.Errorf("%s: %d %s", kind, r.Code, body)
		}
	}
	w, f := newDevices(t)
	f.err = hub.Invalid
	if r := w.send("/devices/shown", aboutDevices, url.Values{"answer": {""}}); !strings.Contains(r.Body.String(), "none of those") || len(f.shown) != 0 {
		t.Errorf("%d %v", r.Code, f.shown)
	}
	if r := w.send("/devices/begin", aboutDevices, url.Values{"label": {"1234567890123"}}); r.Code != http.StatusUnprocessableEntity || !strings.Contains(r.Body.String(), "1234567890123") {
		t.Errorf("a number as a name: %d", r.Code)
	}
}

// Invariant 10: an operator shows machines and changes none; who has no seat sees no page, whether or not there is such an entity.
func TestInvariant10_DevicesOfEntities(t *testing.T) {
	t.Parallel()
	w, f := newDevices(t)
	base := "/entities/" + operated + "/devices"
	if page := w.show(base); !strings.Contains(page, "Counter 3") || !strings.Contains(page, base+"/show") || strings.Contains(page, base+"/begin") || strings.Contains(page, base+"/remove") {
		t.Errorf("an operator: %s", page)
	}
	for _, path := range []string{"/begin", "/add", "/remove"} {
		if r := w.send(base+path, aboutDevices, url.Values{"label": {"x"}, "device": {"counter"}, "carried": {"carried-make"}, "answer": {"made"}}); r.Code != http.StatusNotFound {
			t.Errorf("an operator at %s: %d", path, r.Code)
		}
	}
	none := ""
	for _, id := range []string{strange, "nobodyaaaaaaaaaaaaaaaaaaaa", "../x", "x"} {
		r := w.do(mine(visittest.Get("/entities/" + url.PathEscape(id) + "/devices")))
		if r.Code != http.StatusNotFound || strings.Contains(r.Body.String(), "Counter 3") {
			t.Errorf("%s: %d", id, r.Code)
		}
		none = r.Body.String()
	}
	for _, path := range []string{"/begin", "/add", "/show", "/shown", "/remove"} {
		if r := w.send("/entities/"+strange+"/devices"+path, aboutDevices, url.Values{"label": {"x"}, "device": {"counter"}}); r.Code != http.StatusNotFound {
			t.Errorf("a stranger at %s: %d", path, r.Code)
		}
	}
	if none == "" || len(f.ended)+len(f.shown) != 0 || len(f.held[authz.Party{Entity: strange}]) != 1 {
		t.Errorf("something changed: %v %v", f.ended, f.shown)
	}
}

func TestDevicesChangeOnlyAfterAFreshSignIn(t *testing.T) {
	t.Parallel()
	w, f := newDevices(t)
	w.here.Age = time.Hour
	if page := w.show("/devices"); strings.Contains(page, "/devices/begin") || !strings.Contains(page, "/devices/sign-in") || !strings.Contains(page, "/devices/show") {
		t.Errorf("%s", page)
	}
	for _, path := range []string{"/begin", "/add", "/remove"} {
		if r := w.send("/devices"+path, aboutDevices, url.Values{"label": {"x"}, "device": {"counter"}, "carried": {"carried-make"}, "answer": {"made"}}); r.Code != http.StatusSeeOther || r.Header().Get("Location") != "/devices" {
			t.Errorf("%s: %d", path, r.Code)
		}
	}
	if len(f.ended) != 0 || len(f.held[authz.Party{Account: visittest.Account}]) != 1 {
		t.Error("something changed")
	}
}

// ENT-06: an entity is not left without its administrator: who is one hands it over before the account closes.
func TestENT06_TheAdministratorOfAnEntityDoesNotVanish(t *testing.T) {
	t.Parallel()
	w, _ := newDevices(t)
	r := w.send(lifePath+"/close", aboutLife, url.Values{"understood": {"yes"}})
	if body := r.Body.String(); r.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "Hand it over") || !strings.Contains(body, `href="/entities"`) || len(w.orders) != 0 {
		t.Errorf("%d, ordered %v", r.Code, w.orders)
	}
	// A loss can always be reported: that is on the safe side.
	if w.send(lifePath+"/lost", aboutLife, nil); len(w.orders) != 1 {
		t.Errorf("ordered %v", w.orders)
	}
}
