package hubsql_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
	"onedoor/hub/token"
)

// walk is a step of a plan that reads a whole table, or a whole index: with no condition in the line below it.
var (
	scan  = regexp.MustCompile(`(Seq Scan|Index (Only )?Scan|Bitmap Index Scan)( Backward)?( using \w+)? on (\w+)`)
	large = regexp.MustCompile(`^(sessions|session_participants|grants|codes|refresh_tokens|consents|accounts|login_transactions)`)
)

func walks(plan []string) (found []string) {
	for i, line := range plan {
		m := scan.FindStringSubmatch(line)
		if m == nil || !large.MatchString(m[5]) {
			continue
		}
		if m[1] == "Seq Scan" || i+1 == len(plan) || !strings.Contains(plan[i+1], "Index Cond:") {
			found = append(found, strings.TrimSpace(line))
		}
	}
	return found
}

// What a login, a token request, a sign-out or a withdrawal asks for goes by keys even while PostgreSQL knows nothing about its tables, as in
// the first minute of a database and in one that was restored: a plan of that time is kept by the connections that have made it.
func TestPlans_NothingWalksThroughTheTables(t *testing.T) {
	t.Parallel()
	db := sqltest.Postgres(t)
	db.SQL().SetMaxOpenConns(1) // so that one connection has prepared everything
	w, s := world(t, db)
	ctx := t.Context()
	sess, secret := w.Session(t)
	now := w.Clock.Now()
	_, err := s.Logins.Visit(ctx, secret.Hash(), "tax")
	ok(t, err)
	g := w.NewGrant(sess, "tax")
	code, first, next, last := w.Credential(g.ID), w.Credential(g.ID), w.Credential(g.ID), w.Credential(g.ID)
	// inside an ordinary transaction and out of one: the words that go out are not the same
	ok(t, s.Sessions.Join(ctx, session.Participant{Session: sess.ID, System: "tax", Protocol: "oidc", FirstAt: now, LastAt: now}))
	ok(t, db.Together(ctx, answer(w, s, sess, 0)))
	ok(t, s.Grants.CreateWithCode(ctx, g, code))
	_, _, err = s.Grants.Code(ctx, code.Hash)
	ok(t, err)
	ok(t, s.Grants.UseCode(ctx, code.Hash, now))
	ok(t, s.Grants.AddRefresh(ctx, first))
	_, _, err = s.Grants.Refresh(ctx, first.Hash)
	ok(t, err)
	ok(t, s.Grants.Rotate(ctx, first.Hash, next, now))
	ok(t, s.Grants.Retry(ctx, first.Hash, last, now, now.Add(-time.Minute)))
	_, err = s.Revocations.Ended(ctx, token.Access{ID: "x", Grant: g.ID, Session: sess.ID, Account: sess.Account, System: "tax", IssuedAt: now})
	ok(t, err)
	ok(t, s.Sessions.Touch(ctx, sess.ID, now.Add(time.Second), hub.AAL21))
	other := hub.NewSecret(w.Random)
	ok(t, s.Sessions.Raise(ctx, sess, secret.Hash(), other.Hash(), now.Add(time.Minute)))
	_, err = s.Sessions.OfAccount(ctx, sess.Account, true, 10)
	ok(t, err)
	_, err = s.Grants.RevokeSystem(ctx, sess.Account, "tax", "consent_withdrawn", now)
	ok(t, err)
	_, err = s.Grants.RevokeActing(ctx, "an-entity", "", "entity_ended", now)
	ok(t, err)
	_, err = s.Sessions.End(ctx, sess.ID, session.EndReason("person"), now)
	ok(t, err)

	type prepared struct{ name, text, arguments string }
	var all []prepared
	ok(t, sqldb.Each(db.Read(ctx), func(r sqldb.Row) error {
		var p prepared
		err := r.Scan(&p.name, &p.text, &p.arguments)
		all = append(all, p)
		return err
	}, `SELECT name, statement, repeat(', NULL', cardinality(parameter_types)) FROM pg_prepared_statements WHERE statement ~ '\m(sessions|grants)\M'`))
	if len(all) < 15 {
		t.Fatalf("only %d statements", len(all))
	}
	ok(t, db.Write(ctx).Exec("SET plan_cache_mode = force_generic_plan").Error)
	for _, p := range all {
		call := fmt.Sprintf("EXPLAIN (COSTS OFF) EXECUTE %q", p.name)
		if p.arguments != "" {
			call += "(" + strings.TrimPrefix(p.arguments, ", ") + ")"
		}
		var plan []string
		ok(t, sqldb.Each(db.Read(ctx), func(r sqldb.Row) error {
			var line string
			err := r.Scan(&line)
			plan = append(plan, line)
			return err
		}, call))
		if found := walks(plan); len(found) > 0 {
			t.Errorf("%s\n%s", strings.Join(strings.Fields(p.text), " "), strings.Join(plan, "\n"))
		}
	}
}
