package oidcop_test

import (
	"net/http"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/oidcop"
	"onedoor/hub/session"
)

// RFC 9470: a token below what the system's register demands by now gets a challenge that says what to ask for; and with that, the
// authorization endpoint gives what is enough.
func TestRFC9470_UserInfoTellsWhatToAskFor(t *testing.T) {
	t.Parallel()
	strong := hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}
	for name, c := range map[string]struct {
		least hub.Level
		want  string
	}{
		"AAL raised":         {strong, `acr_values="urn:onedoor:ial:2.3:aal:2.2"`},
		"IAL raised":         {hub.Level{IAL: hub.IAL3, AAL: hub.AAL21}, `acr_values="urn:onedoor:ial:3:aal:2.1"`},
		"one component said": {hub.Level{AAL: hub.AAL22}, ""},
	} {
		w := newWorld(t)
		access := w.access()
		w.rooms.change("revenue", func(c *oidcop.Client) { c.Least = hub.Level{IAL: hub.IAL23, AAL: hub.AAL21} })
		if r := w.userinfo(access); r.StatusCode != http.StatusOK {
			t.Fatalf("%s: enough, and refused: %d %s", name, r.StatusCode, r.body)
		}
		w.rooms.change("revenue", func(client *oidcop.Client) { client.Least = c.least })
		r := w.userinfo(access)
		w.wantError(r, http.StatusUnauthorized, "insufficient_user_authentication")
		w.wantEvent("userinfo.refused level_unmet")
		challenge := `Bearer realm="onedoor", error="insufficient_user_authentication", error_description="a different authentication level is required"`
		if c.want != "" {
			challenge += ", " + c.want
		}
		if got := r.Header.Get("WWW-Authenticate"); got != challenge {
			t.Errorf("%s: %s", name, got)
		}
	}
	w := newWorld(t)
	w.rooms.change("revenue", func(c *oidcop.Client) { c.Least = strong })
	w.mu.Lock()
	w.session.Level = strong // the person has stepped up
	w.mu.Unlock()
	w.rooms.mu.Lock()
	w.rooms.sessions[w.session.ID] = w.session
	w.rooms.mu.Unlock()
	if r := w.userinfo(w.access("acr_values", strong.ACR())); r.StatusCode != http.StatusOK {
		t.Errorf("after the step-up: %d %s", r.StatusCode, r.body)
	}
}

// SES-08, RFC 9470: where the level is reached but too long ago, the challenge says how old the authentication may be.
func TestRFC9470_UserInfoTellsTheGreatestAge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.authenticatedAgo(12*time.Hour - time.Minute)
	access := w.access()
	w.rooms.change("revenue", func(c *oidcop.Client) { c.Least = hub.Level{IAL: hub.IAL23, AAL: hub.AAL21} }) // demanded from now on
	if r := w.userinfo(access); r.StatusCode != http.StatusOK {
		t.Fatalf("before the limit: %d %s", r.StatusCode, r.body)
	}
	w.clock.forward(time.Minute)
	r := w.userinfo(access)
	w.wantError(r, http.StatusUnauthorized, "insufficient_user_authentication")
	w.wantEvent("userinfo.refused not_fresh")
	want := `Bearer realm="onedoor", error="insufficient_user_authentication", error_description="more recent authentication is required", ` +
		`acr_values="urn:onedoor:ial:2.3:aal:2.1", max_age="43200"`
	if got := r.Header.Get("WWW-Authenticate"); got != want {
		t.Errorf("%s", got)
	}
}

// authenticatedAgo moves the person's authentication back.
func (w *world) authenticatedAgo(d time.Duration) {
	w.mu.Lock()
	w.session.AuthTime = w.clock.now().Add(-d)
	w.mu.Unlock()
	w.rooms.mu.Lock()
	w.rooms.sessions[w.session.ID] = w.session
	w.rooms.mu.Unlock()
}

// SES-08: a token ends with the limit of the level that was demanded, however long tokens live: nobody who asks about it asks SQL.
func TestSES08_NoTokenOutlivesTheLimitOfItsLevel(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		least   hub.Level
		changes []string
	}{
		"demanded by the register": {hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, nil},
		"asked for":                {hub.Level{}, []string{"acr_values", "urn:onedoor:ial:2.3:aal:2.1"}},
	} {
		w := newWorld(t)
		w.rooms.change("revenue", func(c *oidcop.Client) { c.Least = tc.least })
		w.authenticatedAgo(12*time.Hour - 90*time.Second)
		m := w.tokens(tc.changes...)
		access := m["access_token"].(string)
		if m["expires_in"] != 90.0 {
			t.Errorf("%s: expires_in %v", name, m["expires_in"])
		}
		if !w.isActive(access) {
			t.Errorf("%s: before the limit", name)
		}
		w.db.fail(hub.Errorf("db", hub.Unavailable, "down"))
		w.clock.forward(90 * time.Second)
		if r := w.introspect("revenue", access); r.body != `{"active":false}` {
			t.Errorf("%s: at the limit: %d %s", name, r.StatusCode, r.body)
		}
	}
}

// LOA-05, SES-08: where the register demands more by now than a token stands for, introspection says what userinfo does, without SQL; to
// the client, and to those that the token is for.
func TestIntrospectionLooksAtWhatTheRegisterDemandsNow(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		least  hub.Level
		later  time.Duration
		active bool
	}{
		"AAL raised":      {hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, 0, false},
		"IAL raised":      {hub.Level{IAL: hub.IAL3, AAL: hub.AAL21}, 0, false},
		"raised to this":  {hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, 0, true},
		"before its time": {hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, 119 * time.Second, true},
		"too long ago":    {hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, 2 * time.Minute, false},
	} {
		w := newWorld(t)
		w.authenticatedAgo(12*time.Hour - 2*time.Minute)
		w.rooms.change("revenue", func(c *oidcop.Client) { c.Audience = []oidcop.Resource{{System: "land", URI: landAPI}} })
		access := w.access("resource", landAPI)
		for _, caller := range []hub.SystemID{"revenue", "land"} {
			if m := w.introspect(caller, access).json(t); m["active"] != true {
				t.Fatalf("%s: %s: %v", name, caller, m)
			}
		}
		w.rooms.change("revenue", func(c *oidcop.Client) { c.Least = tc.least })
		w.clock.forward(tc.later)
		w.db.fail(hub.Errorf("db", hub.Unavailable, "down"))
		for _, caller := range []hub.SystemID{"revenue", "land"} {
			r := w.introspect(caller, access)
			if tc.active != (r.json(t)["active"] == true) || !tc.active && r.body != `{"active":false}` {
				t.Errorf("%s: %s: %d %s", name, caller, r.StatusCode, r.body)
			}
		}
	}
}

// SES-08, SES-09: a refreshed token says what the authentication still stands for, and none comes once that is below what was asked.
func TestSES09_RefreshedTokensSayNoMoreThanWhatIsLeft(t *testing.T) {
	t.Parallel()
	top := hub.Level{IAL: hub.IAL23, AAL: hub.AAL3}
	for name, c := range map[string]struct {
		asked  string
		idle   time.Duration
		lower  bool // the person has authenticated again, at a lower level
		status int
		acr    string
	}{
		"before AAL3 is idle":                   {"", 14 * time.Minute, false, 200, top.ACR()},
		"after":                                 {"", 16 * time.Minute, false, 200, "urn:onedoor:ial:2.3:aal:2.2"},
		"after a lower authentication":          {"", 16 * time.Minute, true, 200, "urn:onedoor:ial:2.3:aal:2.2"},
		"after, and AAL3 was asked":             {top.ACR(), 16 * time.Minute, false, 400, ""},
		"after a lower one, and AAL3 was asked": {top.ACR(), 16 * time.Minute, true, 400, ""},
	} {
		w := newWorld(t)
		w.mu.Lock()
		w.session.Level = top
		w.session.AuthTime = w.session.AuthTime.Truncate(time.Second)
		w.mu.Unlock()
		w.rooms.mu.Lock()
		w.rooms.sessions[w.session.ID] = w.session
		w.rooms.mu.Unlock()
		changes := []string{"scope", "openid offline_access"}
		if c.asked != "" {
			changes = append(changes, "acr_values", c.asked)
		}
		m := w.tokens(changes...)
		refresh, ok := m["refresh_token"].(string)
		if !ok {
			t.Fatalf("%s: no refresh token: %v", name, m)
		}
		w.clock.forward(c.idle)
		if c.lower {
			again := w.session
			again.Level, again.AuthTime, again.LastActivity = hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, w.clock.now(), w.clock.now()
			again.Earlier = []session.Reached{{Provider: again.Provider, Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, AuthTime: w.session.AuthTime}}
			w.rooms.mu.Lock()
			w.rooms.sessions[again.ID] = again
			w.rooms.mu.Unlock()
		}
		r := w.refresh(refresh)
		if r.StatusCode != c.status {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.body)
			continue
		}
		if c.status != 200 {
			continue
		}
		_, claims := payload(t, r.json(t)["id_token"].(string))
		if claims["acr"] != c.acr || claims["auth_time"] != float64(w.session.AuthTime.Unix()) {
			t.Errorf("%s: acr %v, auth_time %v", name, claims["acr"], claims["auth_time"])
		}
	}
}
