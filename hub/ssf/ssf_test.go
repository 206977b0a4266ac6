package ssf_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/oneshot"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
	"onedoor/hub/ssf"
)

func TestMain(m *testing.M) { os.Exit(sqltest.Run(m)) }

const issuer = "https://hub.example"

// world is a transmitter over a real store, with the systems revenue and social as callers.
type world struct {
	t     *testing.T
	clock *hubtest.Clock
	store *hubsql.Signals
	tx    *sqldb.DB
	ssf   *ssf.Transmitter
	mux   http.Handler

	mu     sync.Mutex
	events []audit.Event
	sealed bool // numbers do not open
}

func (w *world) Record(_ context.Context, events ...audit.Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, events...)
	return nil
}

func (w *world) recorded(kind string) (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.events {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

// Caller takes "Bearer system scope".
func (w *world) Caller(rw http.ResponseWriter, r *http.Request, scope string) (hub.SystemID, bool) {
	var system, has string
	if n, _ := fmt.Sscanf(r.Header.Get("Authorization"), "Bearer %s %s", &system, &has); n != 2 {
		rw.WriteHeader(http.StatusUnauthorized)
		return "", false
	}
	if has != scope {
		rw.WriteHeader(http.StatusForbidden)
		return "", false
	}
	return hub.SystemID(system), true
}

func (w *world) Names(_ context.Context, system hub.SystemID, account hub.AccountID, s hub.SessionID) (string, string, error) {
	if system == "land" {
		return "", "", hub.Errorf("test", hub.NotFound, "no names")
	}
	return "sub-" + string(system) + "-" + string(account), "sid-" + string(system) + "-" + string(s), nil
}

func (w *world) Index(purpose string, parts ...string) []byte {
	return []byte(fmt.Sprintf("%-32.32s", strings.Join(parts, "/")+"/"+purpose))
}

func (w *world) Seal(plain []byte) ([]byte, error) {
	return append([]byte("sealed:"), []byte(base64.StdEncoding.EncodeToString(plain))...), nil
}

func (w *world) Open(sealed []byte) ([]byte, error) {
	text, ok := strings.CutPrefix(string(sealed), "sealed:")
	if !ok {
		return nil, errors.New("not sealed")
	}
	return base64.StdEncoding.DecodeString(text)
}

func newWorld(t *testing.T, db *sqldb.DB) *world {
	t.Helper()
	store, err := hubsql.NewSignals(db)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, clock: hubtest.NewClock(), store: store, tx: db}
	w.ssf, err = ssf.New(ssf.Options{
		OutboxOptions: ssf.OutboxOptions{Issuer: issuer, Store: store, Names: w, Entities: w, Index: w, Audit: w, Tx: db, Clock: w.clock.Now, Random: rand.Reader},
		JWKSURI:       issuer + "/oauth2/jwks", Callers: w, Seal: w, Numbers: w,
		Prepare: func(context.Context) error { return nil },
		Sign: func(_ context.Context, claims any) (string, error) {
			b, err := json.Marshal(claims)
			return "h." + base64.RawURLEncoding.EncodeToString(b) + ".s", err
		},
		Allowed: func(endpoint string) error {
			if !strings.HasPrefix(endpoint, "http") {
				return hub.Errorf("test", hub.Refused, "not allowed")
			}
			return nil
		},
		HTTP: oneshot.Client(), Jitter: func() float64 { return 0 },
		Log: slog.New(slog.DiscardHandler), Alone: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc(ssf.ConfigurationPath, w.ssf.Configuration)
	mux.HandleFunc(ssf.StreamsPath, w.ssf.Streams)
	mux.HandleFunc(ssf.StatusPath, w.ssf.StreamStatus)
	mux.HandleFunc(ssf.AddPath, w.ssf.AddSubject)
	mux.HandleFunc(ssf.RemovePath, w.ssf.RemoveSubject)
	mux.HandleFunc(ssf.VerificationPath, w.ssf.Verify)
	mux.HandleFunc(ssf.PollPath, w.ssf.Poll)
	w.mux = mux
	return w
}

// call sends one request as a system.
func (w *world) call(method, path, system, body string) (int, map[string]any) {
	w.t.Helper()
	r := httptest.NewRequestWithContext(w.t.Context(), method, issuer+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	scope := ssf.ScopeManage
	if method == http.MethodGet || strings.HasPrefix(path, "/ssf/poll") {
		scope = ssf.ScopeRead
	}
	if system != "" {
		r.Header.Set("Authorization", "Bearer "+system+" "+scope)
	}
	answer := httptest.NewRecorder()
	w.mux.ServeHTTP(answer, r)
	var out map[string]any
	_ = json.Unmarshal(answer.Body.Bytes(), &out)
	return answer.Code, out
}

func (w *world) create(system, more string) string {
	w.t.Helper()
	status, s := w.call(http.MethodPost, ssf.StreamsPath, system, `{"events_requested":["`+ssf.SessionRevoked+`","urn:other"]`+more+`}`)
	if status != http.StatusCreated {
		w.t.Fatalf("%d %v", status, s)
	}
	return s["stream_id"].(string)
}

func (w *world) over(account hub.AccountID, systems ...hub.SystemID) {
	w.t.Helper()
	err := w.tx.InTx(w.t.Context(), func(ctx context.Context) error {
		return w.ssf.Over(ctx, ssf.Over{
			Session: "s1", Account: account, Interaction: "i1", Cause: session.Cause{Reason: session.EndedByPerson}, At: w.clock.Now(), Systems: systems,
		})
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// poll gives the claims of what waits, by jti.
func (w *world) poll(system, stream, body string) map[string]map[string]any {
	w.t.Helper()
	status, answer := w.call(http.MethodPost, "/ssf/poll/"+stream, system, body)
	if status != http.StatusOK {
		w.t.Fatalf("%d %v", status, answer)
	}
	out := map[string]map[string]any{}
	for jti, text := range answer["sets"].(map[string]any) {
		out[jti] = claimsOf(w.t, text.(string))
	}
	return out
}

func claimsOf(t *testing.T, set string) map[string]any {
	t.Helper()
	parts := strings.Split(set, ".")
	if len(parts) != 3 {
		t.Fatalf("no JWT: %s", set)
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(raw, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

const atOnce = `{"returnImmediately":true}`

// RFC 8936: what a session's end means to one receiver, in its own names, until it has acknowledged it; and nothing to anybody else.
func TestSSF_PollBringsTheEndOfOwnSessionsUntilAcknowledged(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		revenue, social := w.create("revenue", ""), w.create("social", "")
		w.over("a1", "revenue", "land", "other")
		got := w.poll("revenue", revenue, atOnce)
		if len(got) != 1 {
			t.Fatalf("%v", got)
		}
		for jti, c := range got {
			subject, _ := c["sub_id"].(map[string]any)
			user, _ := subject["user"].(map[string]any)
			sess, _ := subject["session"].(map[string]any)
			events, _ := c["events"].(map[string]any)
			event, _ := events[ssf.SessionRevoked].(map[string]any)
			if c["jti"] != jti || c["iss"] != issuer || c["aud"] != "revenue" || c["sub"] != nil || c["exp"] != nil || len(events) != 1 ||
				subject["format"] != "complex" || user["sub"] != "sub-revenue-a1" || user["iss"] != issuer || sess["id"] != "sid-revenue-s1" ||
				event["initiating_entity"] != "user" || event["reason_admin"].(map[string]any)["en"] == "" || c["txn"] == "" {
				t.Errorf("%v", c)
			}
			if again := w.poll("revenue", revenue, atOnce); again[jti] == nil {
				t.Error("RFC 8936 section 2: what is not acknowledged comes again")
			}
			// Another receiver can neither read nor acknowledge it.
			if status, _ := w.call(http.MethodPost, "/ssf/poll/"+revenue, "social", atOnce); status != http.StatusNotFound {
				t.Errorf("invariant 10: another's stream: %d", status)
			}
			w.poll("social", social, `{"returnImmediately":true,"ack":["`+jti+`"]}`)
			if again := w.poll("revenue", revenue, atOnce); len(again) != 1 {
				t.Error("invariant 10: another receiver acknowledged it")
			}
			if got := w.poll("revenue", revenue, `{"returnImmediately":true,"ack":["`+jti+`","nonsense"]}`); len(got) != 0 {
				t.Errorf("after its acknowledgement: %v", got)
			}
		}
		if got := w.poll("social", social, atOnce); len(got) != 0 {
			t.Errorf("invariant 3: a receiver heard of a session that was not used there: %v", got)
		}
		if w.recorded("ssf.delivered") != 1 {
			t.Errorf("%d deliveries are recorded", w.recorded("ssf.delivered"))
		}
		// Two receivers can't tell from txn that it was one person.
		w.over("a1", "revenue", "social")
		txn := map[any]bool{}
		for system, stream := range map[string]string{"revenue": revenue, "social": social} {
			for _, c := range w.poll(system, stream, atOnce) {
				txn[c["txn"]] = true
			}
		}
		if len(txn) != 2 {
			t.Errorf("invariant 3: txn %v", txn)
		}
	})
}

func TestSSF_AnEventIsThereOnlyIfItsCauseIs(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		stream := w.create("revenue", "")
		failed := errors.New("rolled back")
		err := db.InTx(t.Context(), func(ctx context.Context) error {
			if err := w.ssf.Over(ctx, ssf.Over{Session: "s1", Account: "a1", At: w.clock.Now(), Systems: []hub.SystemID{"revenue"}}); err != nil {
				return err
			}
			return failed
		})
		if !errors.Is(err, failed) || len(w.poll("revenue", stream, atOnce)) != 0 {
			t.Errorf("D6: %v, and an event is there", err)
		}
	})
}

// A long poll answers as soon as something comes.
func TestSSF_LongPollWaitsForNews(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		stream := w.create("revenue", "")
		got := make(chan map[string]map[string]any)
		go func() { got <- w.poll("revenue", stream, `{}`) }()
		w.over("a1", "revenue")
		if n := len(<-got); n != 1 {
			t.Errorf("%d events", n)
		}
	})
}

// RFC 8935: pushed with the receiver's credential, again under the same jti while it says anything but 202, and given up where it refuses.
func TestSSF_PushGoesOnUntilTheReceiverHasIt(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		type got struct{ jti, auth, kind, accept string }
		var mu sync.Mutex
		var all []got
		answers := []func(http.ResponseWriter){
			func(w http.ResponseWriter) { w.WriteHeader(http.StatusInternalServerError) },
			func(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) }, // not what the RFC says
			func(w http.ResponseWriter) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusBadRequest)
				_, _ = io.WriteString(w, `{"err":"invalid_key"}`)
			},
			func(w http.ResponseWriter) {
				w.Header().Set("Location", "https://evil.example")
				w.WriteHeader(http.StatusTemporaryRedirect)
			},
			func(w http.ResponseWriter) { w.WriteHeader(http.StatusAccepted) },
			func(w http.ResponseWriter) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusBadRequest)
				_, _ = io.WriteString(w, `{"err":"invalid_audience"}`)
			},
		}
		tried := make(chan struct{}, 100)
		receiver := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			mu.Lock()
			jti, _ := claimsOf(t, string(body))["jti"].(string)
			all = append(all, got{jti, r.Header.Get("Authorization"), r.Header.Get("Content-Type"), r.Header.Get("Accept")})
			answer := answers[min(len(all), len(answers))-1]
			mu.Unlock()
			answer(rw)
			tried <- struct{}{}
		}))
		defer receiver.Close()
		w.create("revenue", `,"delivery":{"method":"`+ssf.MethodPush+`","endpoint_url":"`+receiver.URL+`/events","authorization_header":"Bearer secret"}`)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); w.ssf.Run(ctx) }()
		defer func() { stop(); <-done }()
		w.over("a1", "revenue")
		for range 5 {
			w.until(tried)
		}
		w.settled("ssf.delivered")
		w.over("a2", "revenue")
		w.until(tried)
		w.settled("ssf.failed")
		mu.Lock()
		defer mu.Unlock()
		if len(all) != 6 {
			t.Fatalf("%d tries", len(all))
		}
		for i, g := range all {
			if g.auth != "Bearer secret" || g.kind != "application/secevent+jwt" || g.accept != "application/json" || (g.jti == all[0].jti) != (i < 5) {
				t.Errorf("try %d: %+v", i, g)
			}
		}
	})
}

// until waits for the next try, moving the clock past every wait between two of them.
func (w *world) until(tried <-chan struct{}) {
	w.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tried:
			return
		case <-w.t.Context().Done():
			w.t.Fatal("nobody tried")
		case <-tick.C:
			w.clock.Advance(10 * time.Second)
		}
	}
}

// settled waits until an outcome is recorded.
func (w *world) settled(kind string) {
	w.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for w.recorded(kind) == 0 {
		select {
		case <-w.t.Context().Done():
			w.t.Fatal(kind + " is never recorded")
		case <-tick.C:
		}
	}
}

// The configuration of a stream (SSF section 8.1.1): one a system, its own, with nothing that the receiver may not say.
func TestSSF_Streams(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		push := `"delivery":{"method":"` + ssf.MethodPush + `","endpoint_url":"https://r.example/e","authorization_header":"Bearer secret"}`
		for name, c := range map[string]struct {
			system, body string
			status       int
		}{
			"nobody":             {"", `{}`, 401},
			"no JSON":            {"revenue", `x`, 400},
			"two objects":        {"revenue", `{}{}`, 400},
			"a stream's id":      {"revenue", `{"stream_id":"x"}`, 400},
			"another's audience": {"revenue", `{"aud":"social"}`, 400},
			"another issuer":     {"revenue", `{"iss":"https://evil.example"}`, 400},
			"unknown method":     {"revenue", `{"delivery":{"method":"smoke"}}`, 400},
			"an address inside":  {"revenue", `{"delivery":{"method":"` + ssf.MethodPush + `","endpoint_url":"file:///etc/passwd"}}`, 400},
			"a header in two":    {"revenue", `{"delivery":{"method":"` + ssf.MethodPush + `","endpoint_url":"https://r.example","authorization_header":"a\r\nb: c"}}`, 400},
			"too large":          {"revenue", `{"description":"` + strings.Repeat("x", 20<<10) + `"}`, 400},
		} {
			if status, body := w.call(http.MethodPost, ssf.StreamsPath, c.system, c.body); status != c.status {
				t.Errorf("%s: %d %v", name, status, body)
			}
		}
		id := w.create("revenue", ","+push)
		if status, _ := w.call(http.MethodPost, ssf.StreamsPath, "revenue", `{}`); status != http.StatusConflict {
			t.Errorf("a second stream: %d", status)
		}
		status, s := w.call(http.MethodGet, ssf.StreamsPath+"?stream_id="+id, "revenue", "")
		d, _ := s["delivery"].(map[string]any)
		if status != http.StatusOK || s["aud"] != "revenue" || s["iss"] != issuer || d["endpoint_url"] != "https://r.example/e" || d["authorization_header"] != nil ||
			!slices.Equal(s["events_delivered"].([]any), []any{ssf.SessionRevoked}) || len(s["events_requested"].([]any)) != 2 {
			t.Errorf("%d %v", status, s)
		}
		for _, c := range [][2]string{{http.MethodGet, ""}, {http.MethodDelete, ""}, {http.MethodPatch, `{"stream_id":"` + id + `"}`}, {http.MethodPut, `{"stream_id":"` + id + `"}`}} {
			if status, _ := w.call(c[0], ssf.StreamsPath+"?stream_id="+id, "social", c[1]); status != http.StatusNotFound {
				t.Errorf("invariant 10: %s by another: %d", c[0], status)
			}
		}
		// A credential does not follow the stream to another address.
		w.over("a1", "revenue")
		if status, s := w.call(http.MethodPatch, ssf.StreamsPath, "revenue", `{"stream_id":"`+id+`","delivery":{"method":"`+ssf.MethodPush+`","endpoint_url":"https://other.example/"}}`); status != http.StatusOK || len(s["events_requested"].([]any)) != 2 {
			t.Errorf("%d %v", status, s)
		}
		due, err := w.store.Claim(t.Context(), w.clock.Now(), w.clock.Now().Add(time.Minute), 10)
		if err != nil || len(due) != 1 || due[0].Endpoint != "https://other.example/" || due[0].Header != nil {
			t.Errorf("%v %+v", err, due)
		}
		// To poll: what waits follows.
		status, s = w.call(http.MethodPut, ssf.StreamsPath, "revenue", `{"stream_id":"`+id+`"}`)
		d, _ = s["delivery"].(map[string]any)
		if status != http.StatusOK || d["method"] != ssf.MethodPoll || d["endpoint_url"] != issuer+"/ssf/poll/"+id || len(s["events_requested"].([]any)) != 0 {
			t.Errorf("%d %v", status, s)
		}
		if got := w.poll("revenue", id, atOnce); len(got) != 1 {
			t.Errorf("%v", got)
		}
		if status, _ := w.call(http.MethodDelete, ssf.StreamsPath+"?stream_id="+id, "revenue", ""); status != http.StatusNoContent {
			t.Error(status)
		}
		if status, _ := w.call(http.MethodGet, ssf.StreamsPath+"?stream_id="+id, "revenue", ""); status != http.StatusNotFound {
			t.Error(status)
		}
		w.create("revenue", "")
	})
}

// Status (SSF section 8.1.2), subjects (8.1.3) and verification (8.1.4).
func TestSSF_StatusSubjectsVerification(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		id := w.create("revenue", "")
		set := func(status string) int {
			code, _ := w.call(http.MethodPost, ssf.StatusPath, "revenue", `{"stream_id":"`+id+`","status":"`+status+`","reason":"work"}`)
			return code
		}
		if set("broken") != http.StatusBadRequest || set("paused") != http.StatusOK {
			t.Error("status")
		}
		w.over("a1", "revenue")
		if got := w.poll("revenue", id, atOnce); len(got) != 0 {
			t.Errorf("paused: %v", got)
		}
		if _, s := w.call(http.MethodGet, ssf.StatusPath+"?stream_id="+id, "revenue", ""); s["status"] != "paused" || s["reason"] != "work" {
			t.Errorf("%v", s)
		}
		set("enabled")
		if got := w.poll("revenue", id, atOnce); len(got) != 1 {
			t.Errorf("held while paused: %v", got)
		}
		set("disabled")
		w.over("a1", "revenue")
		set("enabled")
		if got := w.poll("revenue", id, atOnce); len(got) != 0 {
			t.Errorf("dropped while disabled: %v", got)
		}

		subject := func(path, format, sub string) int {
			code, _ := w.call(http.MethodPost, path, "revenue", `{"stream_id":"`+id+`","subject":{"format":"`+format+`","iss":"`+issuer+`","sub":"`+sub+`"}}`)
			return code
		}
		if subject(ssf.RemovePath, "iss_sub", "sub-revenue-a1") != http.StatusNoContent || subject(ssf.RemovePath, "iss_sub", "nobody") != http.StatusNoContent ||
			subject(ssf.RemovePath, "email", "x") != http.StatusNotFound {
			t.Error("subjects")
		}
		w.over("a1", "revenue")
		w.over("a2", "revenue")
		if got := w.poll("revenue", id, atOnce); len(got) != 1 {
			t.Errorf("a removed subject: %v", got)
		}
		if subject(ssf.AddPath, "iss_sub", "sub-revenue-a1") != http.StatusOK {
			t.Error("add")
		}
		w.over("a1", "revenue")
		if got := w.poll("revenue", id, atOnce); len(got) != 2 {
			t.Errorf("an added subject: %v", got)
		}

		verify := func() int {
			code, _ := w.call(http.MethodPost, ssf.VerificationPath, "revenue", `{"stream_id":"`+id+`","state":"abc"}`)
			return code
		}
		if verify() != http.StatusNoContent || verify() != http.StatusTooManyRequests {
			t.Error("verification")
		}
		w.clock.Advance(11 * time.Second)
		if verify() != http.StatusNoContent {
			t.Error("verification, later")
		}
		found := 0
		for _, c := range w.poll("revenue", id, atOnce) {
			if e, ok := c["events"].(map[string]any)["https://schemas.openid.net/secevent/ssf/event-type/verification"].(map[string]any); ok {
				found++
				if s := c["sub_id"].(map[string]any); s["format"] != "opaque" || s["id"] != id || e["state"] != "abc" {
					t.Errorf("%v", c)
				}
			}
		}
		if found != 2 {
			t.Errorf("%d verification events", found)
		}
	})
}

func TestSSF_ConfigurationSaysWhatWorks(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		status, c := w.call(http.MethodGet, ssf.ConfigurationPath, "", "")
		if status != http.StatusOK || c["spec_version"] != "1_0" || c["issuer"] != issuer || c["jwks_uri"] != issuer+"/oauth2/jwks" || c["default_subjects"] != "ALL" {
			t.Errorf("%d %v", status, c)
		}
	})
}

func FuzzStreamRequest(f *testing.F) {
	for _, s := range []string{`{}`, `{"events_requested":[]}`, `{"delivery":{"method":"urn:ietf:rfc:8935","endpoint_url":"http://x"}}`, `[]`, `null`, `{"aud":["x"]}`} {
		f.Add(s)
	}
	db, n := sqltest.SQLite(f), 0
	f.Fuzz(func(t *testing.T, body string) {
		w := newWorld(t, db)
		n++ // a system has one stream
		if status, _ := w.call(http.MethodPost, ssf.StreamsPath, fmt.Sprintf("system-%d", n), body); status != http.StatusCreated && status != http.StatusBadRequest {
			t.Errorf("%d for %q", status, body)
		}
	})
}
