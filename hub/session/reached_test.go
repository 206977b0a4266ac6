package session_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/session"
)

var always = func(session.Reached) bool { return true }

// SES-08..13: a session that was raised answers each service by the authentication that reached its level, at the time when that was
// reached, up to one tick before its limit and not at it. A later, lower one neither ends the higher nor makes it last longer.
func TestSES10to13_EachLevelCountsFromWhenItWasReached(t *testing.T) {
	t.Parallel()
	const tick = time.Microsecond
	h := func(n float64) time.Duration { return time.Duration(n * float64(time.Hour)) }
	low, mid, high := hub.Level{IAL: hub.IAL23, AAL: hub.AAL1}, hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}
	top := hub.Level{IAL: hub.IAL23, AAL: hub.AAL3}
	type reach struct {
		at    time.Duration
		level hub.Level
	}
	for _, c := range []struct {
		name    string
		reached []reach // the first starts the session
		at      time.Duration
		want    hub.Level
		ok      bool
		when    time.Duration // of the authentication that answers
		has     hub.Level     // that the service is told
	}{
		{"raised: the higher answers", []reach{{0, mid}, {h(1), high}}, h(2), high, true, h(1), high},
		{"raised: the later one answers the lower service too", []reach{{0, mid}, {h(1), high}}, h(2), mid, true, h(1), high},
		{"12 h after the first, within 12 h of the raise", []reach{{0, mid}, {h(1), high}}, h(12), mid, true, h(1), high},
		{"a tick before 12 h of the raise", []reach{{0, mid}, {h(1), high}}, h(13) - tick, high, true, h(1), high},
		{"12 h after the raise", []reach{{0, mid}, {h(1), high}}, h(13), high, false, 0, hub.Level{}},
		{"12 h after the raise, for a service without two factors", []reach{{0, mid}, {h(1), high}}, h(13), low, true, h(1), low},
		{"lower later: the lower answers what it can", []reach{{0, high}, {h(11), mid}}, h(11.5), mid, true, h(11), mid},
		{"lower later: the higher still answers", []reach{{0, high}, {h(11), mid}}, h(12) - tick, high, true, 0, high},
		{"lower later does not make the higher last longer", []reach{{0, high}, {h(11), mid}}, h(12), high, false, 0, hub.Level{}},
		{"lower later counts from its own time", []reach{{0, high}, {h(11), mid}}, h(23) - tick, mid, true, h(11), mid},
		{"lower later ends at its own limit", []reach{{0, high}, {h(11), mid}}, h(23), mid, false, 0, hub.Level{}},
		{"one factor later", []reach{{0, mid}, {h(1), low}}, h(2), mid, true, 0, mid},
		{"again at the same level: the later time counts", []reach{{0, mid}, {h(6), mid}}, h(18) - tick, mid, true, h(6), mid},
		{"three levels", []reach{{0, top}, {h(1), high}, {h(2), mid}}, h(3), high, true, h(1), high},
		{"three levels, the highest", []reach{{0, top}, {h(1), high}, {h(2), mid}}, h(3), top, true, 0, top},
		{"three levels, the highest at its limit", []reach{{0, top}, {h(1), high}, {h(2), mid}}, h(12), top, false, 0, hub.Level{}},
		{"what nobody reached", []reach{{0, mid}, {h(1), high}}, h(1), top, false, 0, hub.Level{}},
		{
			"two halves make no whole",
			[]reach{{0, hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}}, {h(1), hub.Level{IAL: hub.IAL21, AAL: hub.AAL22}}},
			h(1), high, false, 0,
			hub.Level{},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			began := w.clock.Now()
			var secret hub.Secret
			var s session.Session
			busy := func(until time.Duration) { // never idle for long enough to matter
				for w.clock.Now().Before(began.Add(until)) {
					w.clock.Add(min(5*time.Minute, began.Add(until).Sub(w.clock.Now())))
					if _, _, err := w.Resume(w.ctx, secret); err != nil {
						t.Fatal(err)
					}
				}
			}
			for i, r := range c.reached {
				a := w.authentication(r.level)
				a.Identity.Provider = hub.ProviderID(fmt.Sprintf("p%d", i))
				var err error
				if i == 0 {
					s, secret, _, err = w.Start(w.ctx, a)
				} else {
					busy(r.at)
					a.Identity.AuthTime = w.clock.Now()
					s, secret, _, err = w.Raise(w.ctx, secret, a)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			first := s.ID
			busy(c.at)
			s, _, err := w.Resume(w.ctx, secret)
			if err != nil || s.ID != first {
				t.Fatalf("another session: %v", err)
			}
			seen, ok := s.For(c.want, w.clock.Now(), always)
			if ok != c.ok || ok != s.Serves(c.want, w.clock.Now()) {
				t.Fatalf("serves: %v", ok)
			}
			if !ok {
				return
			}
			if !seen.AuthTime.Equal(began.Add(c.when)) || seen.Level != c.has || !seen.Serves(c.want, w.clock.Now()) {
				t.Errorf("answered with %v of %v", seen.Level, seen.AuthTime.Sub(began))
			}
			if seen.Highest(w.clock.Now()) != s.Highest(w.clock.Now()) || len(seen.Earlier) != len(s.Earlier) {
				t.Error("something was lost on the way to the service")
			}
		})
	}
}

// SES-09, SES-13: what an idle limit has ended stays ended, whatever comes after: activity, a lower service, a lower authentication. The
// lower levels live on.
func TestSES13_AnIdleLimitThatIsPassedStaysPassed(t *testing.T) {
	t.Parallel()
	aal21, aal22 := hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, hub.Level{IAL: hub.IAL21, AAL: hub.AAL22}
	own := hub.Level{IAL: hub.IAL21, AAL: hub.AAL3}
	w := newWorld(t)
	a := w.authentication(own)
	a.Identity.Provider = "key"
	_, secret, _, err := w.Start(w.ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	w.clock.Add(time.Second)
	_, secret, _, err = w.Raise(w.ctx, secret, w.authentication(aal21))
	if err != nil {
		t.Fatal(err)
	}
	resume := func() session.Session {
		t.Helper()
		s, _, err := w.Resume(w.ctx, secret)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	w.clock.Add(15*time.Minute - time.Microsecond)
	if !resume().Serves(own, w.clock.Now()) {
		t.Fatal("ended too early")
	}
	w.clock.Add(15 * time.Minute)
	for range 10 { // far beyond the idle limit of AAL2, and active all the time
		s := resume()
		if s.Serves(own, w.clock.Now()) || !s.Serves(aal22, w.clock.Now()) {
			t.Fatalf("after the idle limit: %v", s.Highest(w.clock.Now()))
		}
		if _, lapsed := s.LapsedAtOwnLevel(w.clock.Now()); lapsed {
			t.Fatal("AAL2.1 was reached and is in force: the session has not lapsed")
		}
		w.clock.Add(14 * time.Minute)
	}
	a = w.authentication(aal21) // a lower authentication revives nothing
	s, _, _, err := w.Raise(w.ctx, secret, a)
	if err != nil || s.Serves(own, w.clock.Now()) || !s.Serves(aal22, w.clock.Now()) {
		t.Errorf("after a lower authentication: %v, %v", s.Highest(w.clock.Now()), err)
	}
}

// Raise keeps what counts and nothing else, however often it happens.
func TestRaise_KeepsNoMoreThanCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	levels := hub.Levels()
	_, secret, _ := w.start(t, levels[0])
	for i := range 300 {
		w.clock.Add(time.Minute)
		a := w.authentication(levels[(i*17+i*i)%len(levels)])
		a.Identity.AuthTime = w.clock.Now().Add(-time.Duration(i%7) * 10 * time.Minute) // providers remember too
		s, fresh, _, err := w.Raise(w.ctx, secret, a)
		if err != nil {
			t.Fatal(err)
		}
		secret = fresh
		all := s.Authentications()
		if len(all) > len(levels) {
			t.Fatalf("%d authentications", len(all))
		}
		for j, r := range all {
			for k, o := range all {
				if j != k && j != 0 && o.Level.Satisfies(r.Level) && !o.AuthTime.Before(r.AuthTime) {
					t.Fatalf("%v of %v is superfluous beside %v of %v", r.Level, r.AuthTime, o.Level, o.AuthTime)
				}
			}
		}
	}
}

// LOA-04, PRV-09: the vault never holds a fact at a lower identity assurance than the session's highest.
func TestRaise_AttributesOfALowerIdentityChangeNothing(t *testing.T) {
	t.Parallel()
	fact := func(p, v string) hub.Attribute { return hub.Attribute{Value: v, Source: hub.ProviderID(p)} }
	old := hub.Attributes{hub.Name: fact("thaid", "as checked"), hub.Address: fact("thaid", "as on the card")}
	fresh := hub.Attributes{hub.Name: fact("other", "as typed in"), hub.NameEN: fact("other", "typed")}
	for _, c := range []struct {
		ial  hub.IAL
		want hub.Attributes
	}{
		{hub.IAL13, old},
		{hub.IAL21, hub.Attributes{hub.Name: fresh[hub.Name], hub.NameEN: fresh[hub.NameEN], hub.Address: old[hub.Address]}},
		{hub.IAL23, fresh},
	} {
		w := newWorld(t)
		a := w.authentication(hub.Level{IAL: hub.IAL21, AAL: hub.AAL21})
		a.Identity.Attributes = old
		s, secret, key, err := w.Start(w.ctx, a)
		if err != nil {
			t.Fatal(err)
		}
		b := w.authentication(hub.Level{IAL: c.ial, AAL: hub.AAL22})
		b.Identity.Provider, b.Identity.Attributes = "other", maps.Clone(fresh)
		if _, secret, _, err = w.Raise(w.ctx, secret, b); err != nil {
			t.Fatal(err)
		}
		got, err := w.Attributes(w.ctx, s.ID, key)
		if err != nil || !maps.Equal(got, c.want) {
			t.Errorf("IAL %v: wrong facts (%d), %v", c.ial, len(got), err)
		}
		// And back: the lower one comes after the higher.
		if c.ial == hub.IAL23 {
			if _, _, _, err = w.Raise(w.ctx, secret, a); err != nil {
				t.Fatal(err)
			}
			if got, _ = w.Attributes(w.ctx, s.ID, key); !maps.Equal(got, fresh) {
				t.Error("a lower identity replaced the facts of a higher one")
			}
		}
	}
}

// A service sees the latest authentication that fits; what does not fit is passed over.
func TestFor_PassesOverWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret, _ := w.start(t, aal2)
	b := w.authentication(aal2)
	b.Identity.Provider, b.Identity.AuthTime = "bank", w.clock.Now().Add(-time.Hour) // as remembered there: it covers nothing
	s, _, _, err := w.Raise(w.ctx, secret, b)
	if err != nil || s.Provider != "bank" || len(s.Earlier) != 1 {
		t.Fatalf("%+v, %v", s, err)
	}
	seen, ok := s.For(aal2, w.clock.Now(), func(r session.Reached) bool { return r.Provider != "bank" })
	if !ok || seen.Provider != "thaid" || !seen.AuthTime.Equal(w.clock.Now()) || seen.Earlier[0].Provider != "bank" || seen.Earlier[0].UpstreamSID == seen.UpstreamSID {
		t.Errorf("%+v", seen)
	}
	if _, ok := s.For(aal2, w.clock.Now(), func(session.Reached) bool { return false }); ok {
		t.Error("nothing fits, and it serves")
	}
	if !slices.EqualFunc(s.Authentications(), append(seen.Earlier, seen.Authentications()[0]), func(a, b session.Reached) bool { return a.Provider == b.Provider }) {
		t.Error("the session itself was changed")
	}
}
