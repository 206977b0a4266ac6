package oidcop_test

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/keys"
	"onedoor/hub/oidcop"
)

// cachingParty is a relying party that keeps the keys for half a day, and does not ask again for a kid that it does not know.
type cachingParty struct {
	w       *world
	set     jose.JSONWebKeySet
	fetched time.Time
}

func (c *cachingParty) verify(idToken string, alg jose.SignatureAlgorithm) {
	c.w.t.Helper()
	if now := c.w.clock.now(); now.Sub(c.fetched) >= 12*time.Hour {
		r := c.w.do(c.w.request(http.MethodGet, "/oauth2/jwks", ""))
		c.set = jose.JSONWebKeySet{}
		if err := json.Unmarshal([]byte(r.body), &c.set); err != nil {
			c.w.t.Fatal(err)
		}
		c.fetched = now
	}
	jws, err := jose.ParseSignedCompact(idToken, []jose.SignatureAlgorithm{alg})
	if err != nil {
		c.w.t.Fatal(err)
	}
	known := c.set.Key(jws.Signatures[0].Header.KeyID)
	if len(known) != 1 {
		c.w.t.Fatalf("%s: the key is not in the set that was kept", c.w.clock.now())
	}
	if _, err := jws.Verify(known[0]); err != nil {
		c.w.t.Fatal(err)
	}
}

// Over half a year and several rotations, no ID token fails at a relying party that caches, and every one is good as a hint for as
// long as a session can live.
func TestJWKSRotationWithoutAFailedVerification(t *testing.T) {
	t.Parallel()
	for _, alg := range []string{"ES256", "PS256"} {
		var ring *keys.Ring
		w := newWorldOver(t, func(w *world) backing {
			store, err := hubsql.NewKeys(sqltest.SQLite(t))
			must(err)
			master, err := keys.ParseMaster(keys.GenerateMaster(rand.Reader))
			must(err)
			ring, err = keys.Open(t.Context(), keys.Options{Store: store, Masters: keys.Masters{master}, Clock: w.clock.now, Random: rand.Reader})
			must(err)
			must(ring.Ensure(t.Context(), alg))
			w.signIn("person-one")
			return backing{grants: w.db, rows: w.db, tx: w.db, sessions: w.rooms, revocations: w.rooms, pushed: w.db, once: w.db, statuses: &statuses{}, keys: ring}
		})
		w.rooms.change("revenue", func(c *oidcop.Client) { c.IDTokenAlg = alg })
		party, kids := &cachingParty{w: w}, map[string]bool{}
		var hints []string
		for day := range 200 {
			w.clock.forward(8 * time.Hour)
			must(ring.Maintain(t.Context()))
			w.clock.forward(16 * time.Hour) // the party's keys may be half a day old by now
			w.signIn("person-one")
			id := w.tokens("scope", "openid")["id_token"].(string)
			party.verify(id, jose.SignatureAlgorithm(alg))
			head, _ := payload(t, id)
			kids[head["kid"].(string)] = true
			hints = append(hints, id)
			if day >= 30 && day%10 == 0 { // SES-07: the longest session
				if q := w.authorize(form("id_token_hint", hints[day-30])).location(t); q.Get("code") == "" {
					t.Fatalf("day %d: a hint of thirty days ago: %v", day, q)
				}
			}
		}
		if len(kids) < 3 {
			t.Errorf("%s: only %s: nothing was rotated", alg, strings.Repeat("key ", len(kids)))
		}
	}
}
