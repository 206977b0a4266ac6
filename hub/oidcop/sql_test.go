package oidcop_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
)

func TestMain(m *testing.M) { os.Exit(sqltest.Run(m)) }

// overSQL puts a world onto a real database with the real sessions, and signs the test person in.
func overSQL(t *testing.T, db *sqldb.DB) (*world, *session.Service) {
	t.Helper()
	var sessions *session.Service
	w := newWorldOver(t, func(w *world) backing {
		stores, err := hubsql.New(db)
		must(err)
		rows, err := hubsql.NewAudit(db)
		must(err)
		record, err := audit.New(audit.Options{
			Store: rows, Clock: w.clock.now, Random: rand.Reader,
			Authenticate: func(c []byte) []byte { return w.rooms.Index("audit", string(c)) },
		})
		must(err)
		sessions, err = session.New(session.Options{
			Store: stores.Sessions, Audit: record, Tx: db, Clock: w.clock.now, Random: rand.Reader, Index: w.rooms, Ended: nobody{},
		})
		must(err)
		id, now, level := accountID("person-one"), w.clock.now(), hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}
		must(stores.Accounts.Create(t.Context(), account.Account{ID: id, Status: account.Active, CreatedAt: now, ChangedAt: now}, account.Link{
			ID: hub.NewID(rand.Reader), Account: id, Provider: "thaid", SubjectHash: w.rooms.Index("subject", "x"), Level: level,
			LinkedAt: now, LastUsedAt: now, Source: "192.0.2.0/24",
		}, nil))
		ctx := hub.WithInteraction(t.Context(), hub.InteractionID(hub.NewID(rand.Reader)))
		w.session, _, w.key, err = sessions.Start(ctx, session.Authentication{
			Account: id, Channel: "web", Device: "Chrome on Android",
			Identity: hub.Identity{Provider: "thaid", Level: level, AuthTime: now, Methods: []string{"pin"}, Attributes: facts(now)},
		})
		must(err)
		return backing{grants: stores.Grants, rows: rows, tx: db, sessions: sessions, revocations: stores.Revocations, pushed: stores.Pushed, once: stores.Once, statuses: stores.Statuses}
	})
	return w, sessions
}

func TestInvariant6_OverSQL(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, _ := overSQL(t, db)
		first := w.tokens("scope", "openid profile citizen_id offline_access")
		if info := w.userinfo(first["access_token"].(string)).json(t); info["citizen_id"] != person {
			t.Errorf("userinfo %v", info)
		}
		second := w.refresh(first["refresh_token"].(string)).json(t)
		if info := w.userinfo(second["access_token"].(string)).json(t); info["citizen_id"] != person {
			t.Errorf("userinfo after a refresh %v", info)
		}
		if r := w.do(w.request(http.MethodPost, "/oauth2/authorize", form().Encode())); r.location(t).Get("code") == "" {
			t.Error("no second login in the session")
		}
		code := w.code("scope", "openid")
		for name, present := range map[string]func() reply{
			"code":    func() reply { return w.redeem(code) },
			"refresh": func() reply { return w.refresh(second["refresh_token"].(string)) },
		} {
			const n = 8
			replies := make([]reply, n)
			var done sync.WaitGroup
			for i := range n {
				done.Go(func() { replies[i] = present() })
			}
			done.Wait()
			winners := 0
			for _, r := range replies {
				if r.StatusCode != http.StatusOK {
					w.wantError(r, http.StatusBadRequest, "invalid_grant")
					continue
				}
				winners++
				if w.isActive(r.json(t)["access_token"].(string)) {
					t.Errorf("%s: it was presented twice: what it gave must end", name)
				}
			}
			// A refresh token may come once more where the answer got lost; of many at once the third at the latest ends the family.
			if most := map[string]int{"code": 1, "refresh": 2}[name]; winners < 1 || winners > most {
				t.Errorf("%s: %d winners", name, winners)
			}
		}
		if logged := w.logs.String(); strings.Contains(logged, "level=ERROR") {
			t.Errorf("the log: %s", logged)
		}
	})
}

func TestSES18_OverSQL_TheEndOfTheSessionEndsEverything(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, sessions := overSQL(t, db)
		m := w.tokens("scope", "openid citizen_id offline_access")
		code := w.code()
		w.during = func() { must(end(t.Context(), sessions, w.session.ID)) }
		w.clock.forward(time.Second)
		if q := w.authorize(form()).location(t); q.Get("error") != "login_required" || q.Has("code") {
			t.Errorf("the session ended while the person was on the way: %v", q)
		}
		if w.isActive(m["access_token"].(string)) {
			t.Error("active")
		}
		w.wantError(w.userinfo(m["access_token"].(string)), http.StatusUnauthorized, "invalid_token")
		w.wantError(w.redeem(code), http.StatusBadRequest, "invalid_grant")
		w.wantError(w.refresh(m["refresh_token"].(string)), http.StatusBadRequest, "invalid_grant")
		if strings.Contains(w.logs.String(), "level=ERROR") {
			t.Errorf("an end is no fault: %s", w.logs)
		}
	})
}

func end(ctx context.Context, s *session.Service, id hub.SessionID) error {
	_, err := s.End(ctx, id, session.Cause{Reason: session.EndedByPerson})
	return err
}
