package routing_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"onedoor/federation"
	"onedoor/federation/routing"
	"onedoor/hub"
	"onedoor/hub/hubtest/bubble"
)

// slow answers after a time, or when it is let go.
func slow(s *issuer, d time.Duration) {
	s.answer = func(ctx context.Context, _ url.Values) (*http.Response, error) {
		select {
		case <-time.After(d):
			return s.says(s.good().with("active", true)), nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// SSO-03: an issuer that hangs is not waited for, and then not asked for a while; when it is back, it is believed again.
func TestSSO03_ASlowIssuerHoldsNothingUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newIssuer(t)
		slow(s, time.Hour)
		w := newWorld(t, s, record())
		for i := range 5 {
			begin := time.Now()
			refused(t, "slow", w.one(t.Context(), fmt.Sprint("hbr_", i)), federation.TimedOut)
			if took := time.Since(begin); took != federation.DefaultTokenTimeout {
				t.Fatalf("took %s", took)
			}
		}
		begin := time.Now()
		for i := range 100 {
			refused(t, "left alone", w.one(t.Context(), fmt.Sprint("hbr_", i)), federation.RoutePaused)
		}
		if time.Since(begin) != 0 || len(s.questions()) != 5 {
			t.Fatalf("%s, %d questions", time.Since(begin), len(s.questions()))
		}
		bubble.Pass(2 * time.Second)
		refused(t, "one tries", w.one(t.Context(), "hbr_a"), federation.TimedOut)
		bubble.Pass(3 * time.Second) // the pause has doubled
		refused(t, "left alone for longer", w.one(t.Context(), "hbr_a"), federation.RoutePaused)
		bubble.Pass(2 * time.Second)
		s.answer = nil
		for range 3 {
			if a := w.one(t.Context(), "hbr_a"); a.Err != nil {
				t.Fatal(a.Err)
			}
		}
	})
}

// A batch takes no longer than its time, however many tokens it has.
func TestSSO03_ABatchIsBoundedInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newIssuer(t)
		slow(s, 1900*time.Millisecond) // just quick enough to be no failure
		w := newWorld(t, s, record())
		var tokens [][]byte
		for i := range 500 {
			tokens = append(tokens, []byte(fmt.Sprint("hbr_", i)))
		}
		begin := time.Now()
		active, none := 0, 0
		for _, a := range w.Ask(t.Context(), revenue(), tokens) {
			switch {
			case a.Err == nil:
				active++
			case errors.Is(a.Err, federation.RouteNoTime), errors.Is(a.Err, federation.TimedOut):
				none++
			default:
				t.Fatal(a.Err)
			}
		}
		if took := time.Since(begin); took > routing.BatchTime || active < 30 || active+none != 500 {
			t.Errorf("%s, %d active, %d without an answer", took, active, none)
		}
	})
}

// One issuer has no more than so many questions under way; the others are refused at once, and another issuer is not concerned.
func TestSSO03_OneIssuerDoesNotTakeAllThePlaces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newIssuer(t)
		slow(s, time.Second)
		w := newWorld(t, s, record())
		results := make(chan routing.Answer, 100)
		for i := range 100 {
			go func() { results <- w.one(t.Context(), fmt.Sprint("hbr_", i)) }()
		}
		busy := 0
		for range 100 {
			if a := <-results; errors.Is(a.Err, federation.Busy) {
				busy++
			} else if a.Err != nil {
				t.Error(a.Err)
			}
		}
		if busy != 100-32 {
			t.Errorf("%d were refused", busy)
		}
	})
}

// An answer serves again only for as long as the record says, and never past the end of the token; without a word in the record, never.
func TestSSO03_AnswersServeAgainForSecondsAtMost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newIssuer(t)
		w := newWorld(t, s, record())
		for range 3 {
			if a := w.one(t.Context(), "hbr_abc"); a.Err != nil {
				t.Fatal(a.Err)
			}
		}
		if n := len(s.questions()); n != 3 {
			t.Fatalf("%d questions", n)
		}
		w.register.set(record(func(p *federation.Provider) { p.Tokens.KeepFor = 2 * time.Second }))
		for range 10 {
			if a := w.one(t.Context(), "hbr_abc"); a.Err != nil || a.Attributes[hub.Name].Value == "" {
				t.Fatal(a.Err)
			}
		}
		if n := len(s.questions()); n != 4 {
			t.Fatalf("%d questions", n)
		}
		s.claims = func(string) object { return nil } // logged out there
		bubble.Pass(2 * time.Second)
		if a := w.one(t.Context(), "hbr_abc"); !a.Inactive() {
			t.Fatalf("%+v", a)
		}
		end := time.Now().Unix() + 1
		s.claims = func(string) object { return s.good().with("exp", end) }
		if a := w.one(t.Context(), "hbr_def"); a.Err != nil {
			t.Fatal(a.Err)
		}
		bubble.Pass(time.Second)
		refused(t, "its end has come", w.one(t.Context(), "hbr_def"), federation.AccessExpired)
		// A slow answer is as old as its question.
		s.claims = func(string) object { return s.good() }
		slow(s, 1500*time.Millisecond)
		if a := w.one(t.Context(), "hbr_slow"); a.Err != nil {
			t.Fatal(a.Err)
		}
		before := len(s.questions())
		bubble.Pass(600 * time.Millisecond)
		if a := w.one(t.Context(), "hbr_slow"); a.Err != nil || len(s.questions()) != before+1 {
			t.Errorf("%v, %d questions", a.Err, len(s.questions())-before)
		}
	})
}

// A system that sends what an issuer can't answer for must not shut the others out.
func TestSSO03_AnIssuerThatAnswersIsNotLeftAlone(t *testing.T) {
	t.Parallel()
	s := newIssuer(t)
	w := newWorld(t, s, record())
	s.answer = func(context.Context, url.Values) (*http.Response, error) {
		return response(400, "application/json", "{}"), nil
	}
	for range 20 {
		refused(t, "not understood", w.one(t.Context(), "hbr_x"), federation.StatusUnexpected)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	s.answer = func(ctx context.Context, _ url.Values) (*http.Response, error) { return nil, ctx.Err() }
	for range 20 {
		if a := w.one(gone, "hbr_x"); !errors.Is(a.Err, federation.Canceled) {
			t.Fatal(a.Err)
		}
	}
	s.answer = nil
	if a := w.one(t.Context(), "hbr_x"); a.Err != nil {
		t.Error(a.Err)
	}
}

func TestNewNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	if _, err := routing.New(routing.Options{}); !errors.Is(err, hub.Invalid) {
		t.Error(err)
	}
}

// FuzzAnswer: whatever an issuer answers, nothing panics, and what is active has an end, a name and a level within the ceiling.
func FuzzAnswer(f *testing.F) {
	s := newIssuer(f)
	for _, seed := range []string{
		`{"active":true}`, `{"active":true,"sub":"a","aud":"onedoor","exp":32503680000,"acr":"loa9","scope":["port.read"],"cnf":{"jkt":"x"}}`,
		`{"active":true,"sub":"a","aud":["onedoor"],"exp":32503680000.5,"acr":"loa1","amr":"pwd","name":{"a":1},"azp":"a"}`, `{"active":false}`, `[`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		s.answer = func(context.Context, url.Values) (*http.Response, error) {
			return response(200, "application/json", body), nil
		}
		w := newWorld(t, s, record())
		a := w.one(context.Background(), "hbr_abc")
		if a.Err == nil && (a.Subject == "" || !a.ExpiresAt.After(time.Now()) || a.Level.IAL > hub.IAL21 || a.Level.AAL != hub.AAL1) {
			t.Fatalf("%q: %+v", body, a)
		}
	})
}

// FuzzToken: whatever is sent as a token, nobody is asked who is not meant.
func FuzzToken(f *testing.F) {
	s := newIssuer(f)
	for _, seed := range []string{"hbr_", "eyJ.e30.", s.jwt(s.good()), "od1_AAAA", "eyJ.eyJpc3MiOjF9.x", "a.b.c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		before := len(s.questions())
		a := newWorld(t, s, record()).one(context.Background(), raw)
		asked := len(s.questions()) - before
		if asked > 0 && !strings.HasPrefix(raw, "hbr_") && a.Err != nil && !a.Inactive() {
			t.Fatalf("%q was sent: %v", raw, a.Err)
		}
	})
}
