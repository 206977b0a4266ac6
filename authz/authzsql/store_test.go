package authzsql_test

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"onedoor/authz"
	"onedoor/authz/authzsql"
	"onedoor/authz/catalogue"
	"onedoor/hub"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
	"onedoor/tenants"
	"onedoor/tenants/tenantsql"
)

func TestMain(m *testing.M) { os.Exit(sqltest.Run(m)) }

type world struct {
	*hubtest.World
	*authzsql.Store
	t  *testing.T
	db *sqldb.DB
}

func newWorld(t *testing.T, db *sqldb.DB) *world {
	t.Helper()
	all, err := hubsql.New(db)
	if err != nil {
		t.Fatal(err)
	}
	store, err := authzsql.New(db)
	if err != nil {
		t.Fatal(err)
	}
	register, err := tenantsql.New(db)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []hub.DepartmentID{"social", "revenue"} {
		if _, err := register.PutDepartment(t.Context(), tenants.Department{ID: id}); err != nil {
			t.Fatal(err)
		}
	}
	w := &world{Store: store, t: t, db: db}
	w.World = hubtest.NewWorld(t, hubtest.Stores{Accounts: all.Accounts, Sessions: all.Sessions, Consents: all.Consents, Grants: all.Grants})
	return w
}

func (w *world) person() hub.AccountID { return w.Account(w.t).ID }
func (w *world) id() string            { return hub.NewID(w.Random) }
func (w *world) now() time.Time        { return w.Clock.Now().UTC().Truncate(time.Microsecond) }

func (w *world) want(what string, err error, kind hub.Kind) {
	w.t.Helper()
	if !errors.Is(err, kind) {
		w.t.Errorf("%s: %v, want %s", what, err, kind)
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// refs reads the news from the beginning.
func (w *world) refs() []string {
	w.t.Helper()
	n, err := w.News(w.t.Context(), authz.Cursor{})
	w.must(err)
	return n.Refs
}

func fullItem() authz.Item {
	return authz.Item{
		ID: "inpatient", Department: "social", Names: hub.Text{"th": "ก", "en": "a", "zh": "b", "vi": "c"}, Category: "health", Group: tenants.CrossAgency,
		Sensitivity: authz.Sensitive, Status: authz.Offered, Systems: []hub.SystemID{"one"}, Actions: []authz.Action{"query", "file"},
		Demands: authz.Demands{
			Least: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, MaxAge: 5 * time.Minute, Person: authz.OptIn, Entity: authz.ByDelegation, Exclusive: true,
			Places:   authz.Places{Networks: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32")}, Device: true},
			Hours:    authz.Hours{Zone: "Asia/Bangkok", Windows: []authz.Window{{Days: authz.EveryDay, From: 480, To: 1020}}},
			Approval: true, Binding: authz.Binding{Demanded: true, Kind: "insured", IAL: hub.IAL21},
		},
	}
}

// RAZ-01: an item comes back as it went in, in each of its versions, and the list's version moves with each change and with nothing else.
func TestRAZ01_ItemsKeepAllVersions(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), t.Context()
		i := fullItem()
		changed, err := w.PutItem(ctx, i, w.now())
		if err != nil || !changed {
			t.Fatal(changed, err)
		}
		first, err := w.ItemsVersion(ctx)
		w.must(err)
		if changed, err := w.PutItem(ctx, i, w.now()); err != nil || changed {
			t.Error("the same again:", changed, err)
		}
		if v, err := w.ItemsVersion(ctx); err != nil || v != first {
			t.Error(v, err)
		}
		next := i
		next.Demands = authz.Demands{Least: i.Demands.Least, Person: authz.Always}
		if changed, err := w.PutItem(ctx, next, w.now()); err != nil || !changed {
			t.Error(changed, err)
		}
		if n, err := w.News(ctx, authz.Cursor{}); err != nil || n.Version != first+1 || len(n.Refs) != 0 {
			t.Error(n, err)
		}
		i.Version, next.Version = 1, 2
		for _, want := range []authz.Item{i, next} {
			if got, err := w.ItemAt(ctx, i.ID, want.Version); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%+v %v, want %+v", got, err, want)
			}
		}
		if all, err := w.Items(ctx); err != nil || len(all) != 1 || !reflect.DeepEqual(all[0], next) {
			t.Errorf("%+v %v", all, err)
		}
		_, err = w.ItemAt(ctx, i.ID, 3)
		w.want("a version to come", err, hub.NotFound)
		next.Department = "revenue"
		_, err = w.PutItem(ctx, next, w.now())
		w.want("another department's", err, hub.Conflict)
	})
}

// RAZ-02: a word of the person's replaces the one before, the same word changes nothing, and the staff decides once.
func TestRAZ02_WordsOfAPerson(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), t.Context()
		who, clerk := w.person(), w.person()
		say := func(state authz.OpeningState, want bool) authz.Opening {
			t.Helper()
			o := authz.Opening{ID: w.id(), Account: who, Item: "inpatient", Department: "social", State: state, At: w.now()}
			got, changed, err := w.Say(ctx, o)
			if err != nil || changed != want || changed && got != o {
				t.Fatalf("%+v %v %v", got, changed, err)
			}
			return got
		}
		locked := say(authz.Locked, true)
		if again := say(authz.Locked, false); again != locked {
			t.Errorf("%+v", again)
		}
		asked := say(authz.Asked, true)
		if waiting, err := w.OpeningsAsked(ctx, "social", 10); err != nil || len(waiting) != 1 || waiting[0] != asked {
			t.Errorf("%+v %v", waiting, err)
		}
		_, err := w.Decide(ctx, locked.ID, authz.Open, clerk, w.now())
		w.want("an older application", err, hub.Consumed)
		o, err := w.Decide(ctx, asked.ID, authz.Open, clerk, w.now())
		if err != nil || o.State != authz.Open || o.DecidedBy != clerk || o.DecidedAt != w.now() {
			t.Fatalf("%+v %v", o, err)
		}
		_, err = w.Decide(ctx, asked.ID, authz.Refused, clerk, w.now())
		w.want("twice", err, hub.Consumed)
		if kept := say(authz.Asked, false); kept != o {
			t.Errorf("asked for what is open: %+v", kept)
		}
		once := authz.Opening{ID: w.id(), Account: who, Item: "inpatient", Department: "social", State: authz.Open, At: w.now(), Session: "session", Until: w.now().Add(time.Hour)}
		if kept, changed, err := w.Say(ctx, once); err != nil || changed || kept != o {
			t.Errorf("once, of what is open: %+v %v %v", kept, changed, err)
		}
		if got, err := w.Opening(ctx, asked.ID); err != nil || got != o {
			t.Errorf("%+v %v", got, err)
		}
		f, err := w.Facts(ctx, authz.Party{Account: who})
		if said := f.Opening("inpatient"); err != nil || said == nil || *said != o || len(f.Openings) != 1 {
			t.Errorf("%+v %v", f, err)
		}
		if refs := w.refs(); len(refs) != 3 || slices.ContainsFunc(refs, func(r string) bool { return r != string(who) }) {
			t.Errorf("%v", refs)
		}
		_, err = w.Facts(ctx, authz.Party{})
		w.want("nobody", err, hub.Invalid)

		// For one session: again and for another one, then for all.
		say(authz.Locked, true)
		later, other := once, once
		later.Until, other.Session = once.Until.Add(time.Minute), "other"
		for name, x := range map[int]authz.Opening{0: once, 1: later, 2: other} {
			x.ID = w.id()
			if got, changed, err := w.Say(ctx, x); err != nil || !changed || got != x {
				t.Errorf("%d: %+v %v %v", name, got, changed, err)
			}
			if got, changed, err := w.Say(ctx, x); err != nil || changed || got != x {
				t.Errorf("%d again: %+v %v %v", name, got, changed, err)
			}
		}
		say(authz.Open, true)
		say(authz.Open, false)
	})
}

// RAZ-04: devices, places and what was shown in a session.
func TestRAZ04_DevicesAndPlaces(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), t.Context()
		e, who := hub.EntityID(w.id()), w.person()
		device := func(p authz.Party, credential string) authz.Device {
			return authz.Device{
				ID: w.id(), Account: p.Account, Entity: p.Entity, Label: "desk", AddedBy: who, At: w.now(),
				Credential: authz.Credential{ID: []byte(credential), PublicKey: []byte("key"), SignCount: 5},
			}
		}
		own, office := device(authz.Party{Account: who}, "one"), device(authz.Party{Entity: e}, "two")
		w.must(w.AddDevice(ctx, own))
		w.must(w.AddDevice(ctx, office))
		w.want("the same passkey", w.AddDevice(ctx, device(authz.Party{Entity: e}, "one")), hub.Conflict)
		if all, err := w.Devices(ctx, authz.Party{Account: who, Entity: e}); err != nil || len(all) != 1 || !reflect.DeepEqual(all[0], office) {
			t.Errorf("%+v %v", all, err)
		}
		place := authz.Place{ID: w.id(), Entity: e, Label: "office", Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, AddedBy: who, At: w.now()}
		w.must(w.AddPlace(ctx, place))
		f, err := w.Facts(ctx, authz.Party{Account: who, Entity: e})
		if err != nil || len(f.Places) != 1 || !reflect.DeepEqual(f.Places[0], place) || !slices.Equal(f.Devices, []string{office.ID}) {
			t.Errorf("%+v %v", f, err)
		}
		session := hub.SessionID(w.id())
		proof := authz.Proof{Session: session, Device: office.ID, At: w.now(), Until: w.now().Add(time.Hour)}
		w.must(w.Prove(ctx, proof, 6))
		w.want("a copy of the passkey", w.Prove(ctx, proof, 6), hub.Refused)
		w.want("a device that is not there", w.Prove(ctx, authz.Proof{Session: session, Device: w.id(), At: w.now(), Until: w.now()}, 7), hub.NotFound)
		if all, err := w.Proofs(ctx, session, w.now()); err != nil || len(all) != 1 || all[0] != proof {
			t.Errorf("%+v %v", all, err)
		}
		if all, err := w.Proofs(ctx, session, proof.Until); err != nil || len(all) != 0 {
			t.Errorf("%+v %v", all, err)
		}
		w.must(w.EndDevice(ctx, office.ID, who, w.now()))
		w.want("ended twice", w.EndDevice(ctx, office.ID, who, w.now()), hub.NotFound)
		w.want("shown after", w.Prove(ctx, proof, 9), hub.NotFound)
		w.must(w.EndPlace(ctx, place.ID, who, w.now()))
		if f, err := w.Facts(ctx, authz.Party{Account: who, Entity: e}); err != nil || len(f.Places)+len(f.Devices) != 0 {
			t.Errorf("%+v %v", f, err)
		}
		counts := map[string]int{}
		for _, r := range w.refs() {
			counts[r]++
		}
		if counts[string(who)] != 1 || counts[string(e)] != 4 || counts[string(session)] != 1 {
			t.Errorf("%v", counts)
		}
		w.Clock.Advance(authz.NewsKept + time.Second)
		if n, err := w.Purge(ctx, w.now(), 100); err != nil || n != 6 {
			t.Error(n, err)
		}
		if n, err := w.Purge(ctx, w.now().Add(time.Hour), 100); err != nil || n != 1 {
			t.Error(n, err)
		}
	})
}

// News are read on from where the last read ended, and none is missed that commits late.
func TestNewsMissNothing(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), t.Context()
		w.must(w.Changed(ctx, w.now(), "a"))
		n, err := w.News(ctx, authz.Cursor{})
		if err != nil || !slices.Equal(n.Refs, []string{"a"}) {
			t.Fatal(n, err)
		}
		after := n.Next
		if db.Dialect() == sqldb.Postgres { // one transaction begins, another commits, and then the first one does
			err := db.InTx(ctx, func(inner context.Context) error {
				if err := w.Changed(inner, w.now(), "late"); err != nil {
					return err
				}
				if err := w.Changed(ctx, w.now(), "early"); err != nil {
					return err
				}
				n, err := w.News(ctx, after)
				if !slices.Contains(n.Refs, "early") || slices.Contains(n.Refs, "late") {
					t.Errorf("%v", n.Refs)
				}
				after = n.Next
				return err
			})
			w.must(err)
		} else {
			w.must(w.Changed(ctx, w.now(), "late"))
		}
		if n, err = w.News(ctx, after); err != nil || !slices.Contains(n.Refs, "late") {
			t.Error(n, err)
		}
		if db.Dialect() == sqldb.Postgres {
			return // what other databases of the server have under way is given again
		}
		if n, err = w.News(ctx, n.Next); err != nil || len(n.Refs) != 0 {
			t.Error(n, err)
		}
	})
}

// A decision comes back as it was kept, by its interaction and in the order of time.
func TestDecisionsAreKept(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), t.Context()
		full := authz.Record{
			ID: w.id(), At: w.now(), Interaction: hub.InteractionID(w.id()), Party: authz.Party{Account: w.person(), Entity: hub.EntityID(w.id())},
			Session: hub.SessionID(w.id()), System: "one", Item: "retirement", Version: 3, Action: "file", Reasons: []authz.Code{authz.WrongPlace, authz.OutOfHours},
			Seen: authz.Seen{
				Authentications: []authz.Authentication{{Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, At: w.now()}}, Opening: authz.Locked, Decided: true,
				Delegation: &authz.Delegation{
					ID: w.id(), Exclusive: true, From: w.now(), Until: w.now().Add(time.Hour), DecidedAt: w.now(), State: authz.Active, Places: []string{"p"},
					Devices: []string{"d"}, Hours: authz.Hours{Zone: "Asia/Bangkok", Windows: []authz.Window{{Days: 2, From: 1, To: 2}}},
				},
				Awaits: true, Mandated: true, Devices: []string{"d"}, Bound: []authz.Bound{{Department: "social", Kind: "insured", IAL: hub.IAL21}}, Networks: "mark", InNetworks: true,
				Places: []string{"p"},
			},
		}
		many := []authz.Record{full}
		for range 60 {
			w.Clock.Advance(time.Second)
			many = append(many, authz.Record{ID: w.id(), At: w.now(), Item: "retirement", Permit: true})
		}
		w.must(w.Keep(ctx, many))
		w.must(w.Keep(ctx, many[:2]))
		if got, err := w.Decisions(ctx, full.Interaction); err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], full) {
			t.Errorf("%+v %v, want %+v", got, err, full)
		}
		var seen int
		for at, after := full.At, ""; ; {
			page, err := w.Since(ctx, at, after, 25)
			w.must(err)
			if seen += len(page); len(page) < 25 {
				break
			}
			at, after = page[24].At, page[24].ID
		}
		if seen != 61 {
			t.Errorf("%d records", seen)
		}
		if n, err := w.PurgeDecisions(ctx, w.now(), 100); err != nil || n != 60 {
			t.Error(n, err)
		}
	})
}

// A node that knows a version reads only what has changed since, and hears of what is gone.
func TestItemsSince(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), t.Context()
		put := func(id authz.ItemID, category string) {
			i := fullItem()
			i.ID, i.Category = id, category
			_, err := w.PutItem(ctx, i, w.now())
			w.must(err)
		}
		put("one", "a")
		put("two", "a")
		put("three", "a")
		known, err := w.ItemsVersion(ctx)
		w.must(err)
		put("two", "b")
		e, err := w.Entry(ctx, "one")
		w.must(err)
		e.Retired = w.now()
		_, err = w.ReplaceItem(ctx, e, catalogue.Authors{}, w.now())
		w.must(err)
		changed, gone, err := w.ItemsSince(ctx, known)
		if err != nil || len(changed) != 1 || changed[0].ID != "two" || changed[0].Category != "b" || len(gone) != 1 || gone[0] != "one" {
			t.Error(changed, gone, err)
		}
		now, err := w.ItemsVersion(ctx)
		w.must(err)
		if changed, gone, err := w.ItemsSince(ctx, now); err != nil || len(changed)+len(gone) != 0 {
			t.Error(changed, gone, err)
		}
		i := fullItem()
		i.ID = "one"
		_, err = w.PutItem(ctx, i, w.now())
		w.want("a retired id", err, hub.Conflict)

		// Of two who change the same version at once one is told, and every edition is another one.
		var all sync.WaitGroup
		errs := make([]error, 4)
		for n := range errs {
			all.Go(func() {
				e, err := w.Entry(ctx, "three")
				if err == nil {
					e.Version = 1
					_, err = w.ReplaceItem(ctx, e, catalogue.Authors{}, w.now())
				}
				errs[n] = err
			})
		}
		all.Wait()
		good := 0
		for _, err := range errs {
			if err == nil {
				good++
			} else {
				w.want("the second", err, hub.Conflict)
			}
		}
		if v, err := w.ItemsVersion(ctx); err != nil || good != 1 || v != now+1 {
			t.Error(good, v, now, err)
		}
	})
}

// A change that waits is replaced by its author alone; one for an id that another department has taken since holds nobody back.
func TestDraftsWait(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), t.Context()
		draft := func(department hub.DepartmentID, by hub.AccountID, base int64) catalogue.Draft {
			i := fullItem()
			i.Department = department
			return catalogue.Draft{ID: w.id(), Item: i, Base: base, By: catalogue.Authors{Account: by}, At: w.now()}
		}
		one, two := w.person(), w.person()
		w.must(w.KeepDraft(ctx, draft("revenue", one, 0)))
		w.must(w.KeepDraft(ctx, draft("revenue", one, 0)))
		w.want("somebody else's", w.KeepDraft(ctx, draft("revenue", two, 0)), hub.Conflict)
		w.want("another department's", w.KeepDraft(ctx, draft("social", two, 0)), hub.Conflict)
		mine := draft("social", two, 1)
		w.must(w.KeepDraft(ctx, mine))
		if d, err := w.Draft(ctx, "inpatient"); err != nil || d.ID != mine.ID || d.By.Account != two {
			t.Error(d, err)
		}
		if all, err := w.DraftsOf(ctx, "revenue", 10); err != nil || len(all) != 0 {
			t.Error(all, err)
		}
		w.want("a change of the item", w.KeepDraft(ctx, draft("social", one, 1)), hub.Conflict)
		w.must(w.TakeDraft(ctx, mine.ID))
		w.want("taken twice", w.TakeDraft(ctx, mine.ID), hub.Consumed)
	})
}
