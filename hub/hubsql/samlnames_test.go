package hubsql_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"slices"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/samlmsg"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
)

// keyed is an index of its own.
type keyed struct{}

func (keyed) Index(purpose string, parts ...string) []byte {
	m := hmac.New(sha256.New, []byte(purpose))
	for _, p := range parts {
		m.Write([]byte(p))
		m.Write([]byte{0})
	}
	return m.Sum(nil)
}

func TestSSO05_SessionsAreFoundByTheNamesThatPeersKnow(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, s := world(t, db)
		ctx := t.Context()
		start := func() hub.SessionID {
			t.Helper()
			x, _ := w.Session(t)
			return x.ID
		}
		one, two, three := start(), start(), start()
		mali := samlmsg.NameID{Value: "mali", Format: samlmsg.FormatPersistent}
		until := time.Now().Add(time.Hour)
		note := func(peer string, id samlmsg.NameID, index string, session hub.SessionID) {
			t.Helper()
			for range 2 { // the same again is no matter
				ok(t, s.SAMLNames.Note(ctx, samlmsg.Named(keyed{}, peer, id, index), session, until))
			}
		}
		note("system:land", mali, "1", one)
		note("system:land", mali, "2", two)
		note("system:tax", mali, "1", three)
		note("system:land", samlmsg.NameID{Value: "somchai", Format: samlmsg.FormatPersistent}, "3", three)
		meant := func(peer string, id samlmsg.NameID, indexes ...string) ([]hub.SessionID, bool) {
			t.Helper()
			q := samlmsg.LogoutRequest{NameID: id, SessionIndexes: indexes}
			name, hashes := q.Hashes(keyed{}, peer)
			found, err := s.SAMLNames.Find(ctx, peer, name)
			ok(t, err)
			return samlmsg.Meant(found, hashes)
		}
		want := func(what string, got []hub.SessionID, want ...hub.SessionID) {
			t.Helper()
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", what, got, want)
			}
		}
		for what, c := range map[string]struct {
			peer    string
			id      samlmsg.NameID
			indexes []string
			want    []hub.SessionID
		}{
			"all of a name":         {"system:land", mali, nil, []hub.SessionID{one, two}},
			"one index":             {"system:land", mali, []string{"2"}, []hub.SessionID{two}},
			"two indexes":           {"system:land", mali, []string{"2", "1", "x"}, []hub.SessionID{one, two}},
			"another peer":          {"system:tax", mali, []string{"1"}, []hub.SessionID{three}},
			"another peer's index":  {"system:tax", mali, []string{"2"}, nil},
			"another person's":      {"system:land", mali, []string{"3"}, nil},
			"an unknown peer":       {"provider:land", mali, nil, nil},
			"another format":        {"system:land", samlmsg.NameID{Value: "mali", Format: samlmsg.FormatTransient}, nil, nil},
			"no such person, index": {"system:land", samlmsg.NameID{Value: "nobody", Format: samlmsg.FormatPersistent}, []string{"1"}, nil},
		} {
			got, over := meant(c.peer, c.id, c.indexes...)
			want(what, got, c.want...)
			if over {
				t.Errorf("%s: an ended one", what)
			}
		}
		_, err := s.Sessions.End(ctx, two, session.EndedByPerson, time.Now())
		ok(t, err)
		got, over := meant("system:land", mali)
		want("one has ended", got, one)
		if got, over2 := meant("system:land", mali, "2"); !over || !over2 || len(got) != 0 {
			t.Errorf("the ended one: %v %v %v", got, over, over2)
		}
		if n, err := s.SAMLNames.Purge(ctx, until, 10); err != nil || n != 0 {
			t.Errorf("purged %d too early: %v", n, err)
		}
		if n, err := s.SAMLNames.Purge(ctx, until.Add(time.Second), 3); err != nil || n != 3 {
			t.Errorf("purged %d of 3: %v", n, err)
		}
	})
}
