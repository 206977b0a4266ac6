package app

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"onedoor/configs"
	"onedoor/federation/simulator/thaid"
	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/audit"
	"onedoor/hub/consent"
	"onedoor/hub/grant"
	"onedoor/hub/hubtest/pgtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
	"onedoor/hub/telemetry"
	"onedoor/tenants"
	"onedoor/web/visit"
)

// flowHub is a whole hub, as it runs in production, with a person who is signed in and has consented; and one system.
type flowHub struct {
	*Hub
	handler  http.Handler
	cookie   string
	answered map[string]*httptest.ResponseRecorder // the last answer by method
	session  session.Session                       // the person's
	secret   hub.Secret                            // that the browser carries
}

const (
	flowSystem   = "revenue-efiling"
	flowSecret   = "0123456789abcdef0123456789abcdef0123456789a"
	flowCallback = "https://revenue.example/cb"
	flowIssuer   = "https://login.example"
	// the pair of RFC 7636 appendix B
	flowVerifier  = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	flowChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
)

func newFlowHub(tb testing.TB, dsn string) *flowHub {
	tb.Helper()
	fatal := func(err error) {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
	}
	ctx, folder := tb.Context(), tb.TempDir()
	file, err := os.Create(filepath.Join(folder, "log"))
	fatal(err)
	lines, err := telemetry.NewBuffer(file, func(d time.Duration, f func()) { time.AfterFunc(d, f) })
	fatal(err)
	log, err := telemetry.NewLogger(lines, slog.LevelInfo, telemetry.JSON)
	fatal(err)
	four := hub.Text{"th": "ก", "en": "a", "zh": "甲", "vi": "á"}
	cfg := configs.Default()
	cfg.Issuer, cfg.DataDirectory = flowIssuer, folder
	cfg.Rates.Login = configs.Rate{PerMinute: 1_000_000, Burst: 1_000_000}
	cfg.Operator = configs.Operator{Names: four, Contact: "mailto:x@onedoor.example"}
	p := Process{Env: func(string) (string, bool) { return "", false }, Out: io.Discard, Err: io.Discard, Clock: time.Now, Random: hub.Randomness()}
	fatal(writeMasterKey(filepath.Join(folder, "master.key"), p.Random))
	masters, err := MasterKeys(cfg, p)
	fatal(err)
	h, err := Build(ctx, Options{Config: cfg, Process: p, DSN: dsn, Masters: masters, HTTP: http.DefaultClient, Log: log, Lines: lines})
	fatal(err)
	tb.Cleanup(func() {
		if err := h.Close(); err != nil {
			tb.Error(err)
		}
	})
	rules := []consent.Rule{
		{Attribute: hub.Name, Purpose: "tax-return", Text: four, Basis: consent.ByConsent, Required: true},
		{Attribute: hub.Birthdate, Purpose: "tax-return", Text: four, Basis: consent.ByConsent},
	}
	_, err = h.tenants.PutDepartment(ctx, tenants.Department{ID: "revenue", Names: four})
	fatal(err)
	_, err = h.tenants.PutSystem(ctx, tenants.System{
		ID: flowSystem, Department: "revenue", Names: four, Status: tenants.Live, Group: tenants.Transaction,
		Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, Attributes: rules,
		OIDC: &tenants.OIDC{
			RedirectURIs: []string{flowCallback}, Scopes: []string{"openid", "profile", "offline_access"},
			GrantTypes: []string{"authorization_code", "refresh_token"}, Secrets: []tenants.Secret{{SHA256: sha256.Sum256([]byte(flowSecret))}},
		},
	})
	fatal(err)
	now := time.Now()
	_, err = h.trust.Put(ctx, thaid.Trust("https://thaid.example", "onedoor", []byte("sealed"), now.Add(-time.Hour), now.Add(time.Hour)))
	fatal(err)
	fatal(h.refreshAll(ctx))

	identity := hub.Identity{
		Provider: "thaid", Subject: hub.NewID(h.random), Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, AuthTime: now, Methods: []string{"pin"},
		Attributes: hub.Attributes{hub.Name: {Value: "สมหญิง ใจดี", Source: "thaid", At: now}, hub.Birthdate: {Value: "1990-01-31", Source: "thaid", At: now}},
	}
	who, _, err := h.accounts.Resolve(ctx, identity, account.Visit{})
	fatal(err)
	s, secret, _, err := h.sessions.Start(hub.WithInteraction(ctx, hub.InteractionID(hub.NewID(h.random))), session.Authentication{
		Account: who.ID, Identity: identity, Channel: "web",
	})
	fatal(err)
	asked := consent.Decide(rules, []hub.AttributeName{hub.Name, hub.Birthdate}, nil, consent.Facts{
		Want: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, Have: identity.Level, Offline: true,
	})
	rulings, _ := asked.Accepted([]string{rules[0].Key(), rules[1].Key(), consent.OfflineKey})
	fatal(h.consents.Record(ctx, consent.Decisions{Account: who.ID, Session: s.ID, System: flowSystem, Channel: "web", Language: "th", Rulings: rulings}))
	return &flowHub{
		Hub: h, handler: h.public.Handler(), answered: map[string]*httptest.ResponseRecorder{}, session: s, secret: secret,
		cookie: visit.SessionCookie + "=" + secret.Reveal() + "; " + visit.BindingCookie + "=" + hub.NewSecret(h.random).Reveal(),
	}
}

// refreshAll brings the registers and the lease up to date, as the duties do.
func (h *Hub) refreshAll(ctx context.Context) error {
	if err := h.refresh(ctx); err != nil {
		return err
	}
	return h.lease.Refresh(ctx)
}

func flowQuery() string {
	return url.Values{
		"response_type": {"code"}, "client_id": {flowSystem}, "redirect_uri": {flowCallback}, "scope": {"openid profile offline_access"},
		"state": {"a-state-of-the-client"}, "nonce": {"n-0S6_WzA2Mj"}, "code_challenge": {flowChallenge}, "code_challenge_method": {"S256"},
	}.Encode()
}

// do sends a request with what its sender has: the browser its cookies, the client its secret.
func (h *flowHub) do(method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, flowIssuer+path, strings.NewReader(body))
	r.RemoteAddr = "203.0.113.7:4711"
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.SetBasicAuth(flowSystem, flowSecret)
	} else {
		r.Header.Set("Cookie", h.cookie)
	}
	rec := httptest.NewRecorder()
	h.handler.ServeHTTP(rec, r)
	if h.answered != nil {
		h.answered[method] = rec
	}
	return rec
}

// code asks for a code in the person's session.
func (h *flowHub) code(tb testing.TB) string {
	tb.Helper()
	rec := h.do(http.MethodGet, "/oauth2/authorize?"+flowQuery(), "")
	u, err := url.Parse(rec.Header().Get("Location"))
	if err != nil || u.Query().Get("code") == "" {
		tb.Fatalf("%d %q %s", rec.Code, rec.Header().Get("Location"), rec.Body)
	}
	return u.Query().Get("code")
}

func (h *flowHub) token(tb testing.TB, v url.Values) string {
	tb.Helper()
	rec := h.do(http.MethodPost, "/oauth2/token", v.Encode())
	tokens, err := readTokens(rec)
	if err != nil || rec.Code != http.StatusOK || tokens.ID == "" || tokens.Refresh == "" {
		tb.Fatalf("%d %s", rec.Code, rec.Body)
	}
	return tokens.Refresh
}

// flowTokens is what the client takes of an answer of the token endpoint.
type flowTokens struct {
	Refresh string `json:"refresh_token"`
	ID      string `json:"id_token"`
}

func readTokens(rec *httptest.ResponseRecorder) (t flowTokens, err error) {
	err = json.Unmarshal(rec.Body.Bytes(), &t)
	return t, err
}

func codeForm(code string) url.Values {
	return url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {flowCallback}, "code_verifier": {flowVerifier}}
}

func refreshForm(refresh string) url.Values {
	return url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}}
}

func (h *flowHub) flow(tb testing.TB) string {
	tb.Helper()
	return h.token(tb, codeForm(h.code(tb)))
}

func (h *flowHub) renew(tb testing.TB, refresh string) string {
	tb.Helper()
	return h.token(tb, refreshForm(refresh))
}

// usage is processor time in microseconds.
type usage struct{ hub, postgres float64 }

// spent gives the processor time of this process, and that of the database where it is another one.
func (h *flowHub) spent(tb testing.TB) usage {
	tb.Helper()
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return usage{hub: float64(u.Utime.Nano()+u.Stime.Nano()) / 1e3, postgres: h.spentByPostgres(tb)}
}

// spentByPostgres adds up what all processes of the server have used, those of checkpoints and of the write-ahead log among them.
func (h *flowHub) spentByPostgres(tb testing.TB) float64 {
	tb.Helper()
	if h.db.Dialect() != sqldb.Postgres {
		return 0
	}
	var backend int
	if err := h.db.SQL().QueryRowContext(context.Background(), "SELECT pg_backend_pid()").Scan(&backend); err != nil {
		tb.Fatal(err)
	}
	server := parentOf(strconv.Itoa(backend))
	entries, err := os.ReadDir("/proc")
	if err != nil {
		tb.Fatal(err)
	}
	total := 0.0
	for _, e := range entries {
		if parent := parentOf(e.Name()); parent != "" && (parent == server || e.Name() == server) {
			total += processTime(tb, e.Name())
		}
	}
	return total
}

// parentOf gives the parent of a process, "" for what is none (proc_pid_stat(5)).
func parentOf(pid string) string {
	text, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	if f := strings.Fields(rest); len(f) > 1 {
		return f[1]
	}
	return ""
}

// processTime gives the microseconds that a process of one thread has run: the first number of schedstat is nanoseconds.
func processTime(tb testing.TB, pid string) float64 {
	tb.Helper()
	text, err := os.ReadFile("/proc/" + pid + "/schedstat")
	if err != nil {
		return 0 // it has ended
	}
	first, _, _ := strings.Cut(string(text), " ")
	ns, err := strconv.ParseFloat(first, 64)
	if err != nil {
		tb.Fatal(err)
	}
	return ns / 1e3
}

// eachDatabase runs a benchmark on SQLite with its log on the disk and on a PostgreSQL that is as durable as one in production.
func eachDatabase(b *testing.B, run func(b *testing.B, h *flowHub)) {
	b.Helper()
	before := debug.SetGCPercent(garbage) // as when it serves
	b.Cleanup(func() { debug.SetGCPercent(before) })
	b.Run("sqlite", func(b *testing.B) { run(b, newFlowHub(b, "sqlite:"+filepath.Join(b.TempDir(), "hub.db"))) })
	server, err := pgtest.OpenDurable()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := server.Close(); err != nil {
			b.Error(err)
		}
	})
	b.Run("postgres", func(b *testing.B) { run(b, newFlowHub(b, server.Database(b, ""))) })
}

// measure reports what the hub and the database spend on an operation (hub-us, pg-us, and both together: cpu-us), without what the making
// of the requests costs this process (client-us): that is found by sending the same requests to a handler that gives the last answers again.
func (h *flowHub) measure(b *testing.B, op func()) {
	b.Helper()
	for range 20 { // statements are prepared, caches are warm
		op()
	}
	b.ReportAllocs()
	before := h.spent(b)
	for b.Loop() {
		op()
	}
	after := h.spent(b)
	b.StopTimer()
	echo := h.echo()
	started := h.spent(b)
	for range b.N {
		echo()
	}
	n := float64(b.N)
	client := (h.spent(b).hub - started.hub) / n
	own, postgres := (after.hub-before.hub)/n-client, (after.postgres-before.postgres)/n
	b.ReportMetric(own, "hub-us/op")
	b.ReportMetric(postgres, "pg-us/op")
	b.ReportMetric(client, "client-us/op")
	b.ReportMetric(own+postgres, "cpu-us/op")
}

// echo gives a function that makes the requests of the last operation again, reads the answers in the same way, and gets them from a
// handler that only writes them.
func (h *flowHub) echo() func() {
	answers := h.answered
	bare := &flowHub{cookie: h.cookie, handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			_, _ = io.Copy(io.Discard, r.Body)
		}
		a := answers[r.Method]
		maps.Copy(w.Header(), a.Header())
		w.WriteHeader(a.Code)
		_, _ = w.Write(a.Body.Bytes())
	})}
	if len(answers) == 0 { // nothing was requested
		return func() {}
	}
	if answers[http.MethodGet] == nil {
		return func() {
			_, _ = readTokens(bare.do(http.MethodPost, "/oauth2/token", refreshForm(strings.Repeat("r", 43)).Encode()))
		}
	}
	return func() {
		_, _ = url.Parse(bare.do(http.MethodGet, "/oauth2/authorize?"+flowQuery(), "").Header().Get("Location"))
		_, _ = readTokens(bare.do(http.MethodPost, "/oauth2/token", codeForm(strings.Repeat("c", 43)).Encode()))
	}
}

// BenchmarkCodeFlow is a code flow in an existing session: authorization request and token request through the whole hub, everything
// durable.
func BenchmarkCodeFlow(b *testing.B) {
	eachDatabase(b, func(b *testing.B, h *flowHub) { h.measure(b, func() { h.flow(b) }) })
}

// BenchmarkCodeFlowFloor is what the database alone costs a code flow: its statements, with values that are at hand, through the stores and
// nothing around them; and of that what only the two commits cost, each with one row.
func BenchmarkCodeFlowFloor(b *testing.B) {
	eachDatabase(b, func(b *testing.B, h *flowHub) {
		b.Run("statements", func(b *testing.B) { h.measure(b, func() { h.statements(b) }) })
		b.Run("commits", func(b *testing.B) { h.measure(b, func() { h.commits(b) }) })
	})
}

// statements does what a code flow does to the database.
func (h *flowHub) statements(tb testing.TB) {
	tb.Helper()
	ctx, now := context.Background(), time.Now()
	check := func(err error) {
		if err != nil {
			tb.Fatal(err)
		}
	}
	v, err := h.stores.Logins.Visit(ctx, h.secret.Hash(), flowSystem)
	check(err)
	state := []byte(strings.Repeat("s", 300))
	id := hub.GrantID(hub.NewID(h.random))
	cred := func() grant.Credential {
		return grant.Credential{Hash: hub.NewSecret(h.random).Hash(), Grant: id, State: state, WrappedKey: state[:60], IssuedAt: now, ExpiresAt: now.Add(time.Minute)}
	}
	event := func(kind string) audit.Event {
		return audit.Event{
			Kind: kind, Outcome: audit.Success, Account: h.session.Account, Session: h.session.ID, System: flowSystem, Level: h.session.Level,
			Interaction: hub.InteractionID(id), Detail: map[string]string{"grant": string(id)},
		}
	}
	code := cred()
	check(h.db.Together(ctx, func(ctx context.Context) error {
		return errors.Join(
			h.stores.Sessions.Join(ctx, session.Participant{Session: h.session.ID, System: flowSystem, Protocol: "oidc", FirstAt: now, LastAt: now}),
			h.stores.Consents.Unchanged(ctx, h.session.Account, flowSystem, consent.Last(v.Consents)),
			h.stores.Grants.CreateWithCode(ctx, grant.Grant{
				ID: id, Session: h.session.ID, Account: h.session.Account, System: flowSystem, Interaction: hub.InteractionID(id),
				Scopes: []string{"openid", "profile", "offline_access"}, Release: []hub.AttributeName{hub.Name, hub.Birthdate}, CreatedAt: now, ExpiresAt: now.Add(time.Hour),
			}, code),
			h.audit.Record(ctx, event("login.resumed"), event("grant.started")),
		)
	}))
	_, _, err = h.stores.Grants.Code(ctx, code.Hash)
	check(err)
	check(h.db.Together(ctx, func(ctx context.Context) error {
		return errors.Join(h.stores.Grants.UseCode(ctx, code.Hash, now), h.stores.Grants.AddRefresh(ctx, cred()), h.audit.Record(ctx, event("token.issued")))
	}))
}

func (h *flowHub) commits(tb testing.TB) {
	tb.Helper()
	for range 2 {
		if err := h.stores.Once.Use(context.Background(), "measured", hub.NewID(h.random), time.Now()); err != nil {
			tb.Fatal(err)
		}
	}
}

// BenchmarkRefresh is one refresh, everything durable.
func BenchmarkRefresh(b *testing.B) {
	eachDatabase(b, func(b *testing.B, h *flowHub) {
		refresh := h.flow(b)
		delete(h.answered, http.MethodGet)
		h.measure(b, func() { refresh = h.renew(b, refresh) })
	})
}

// TestSpeed_TheFlowThatIsMeasuredWorks keeps the benchmarks honest: what they do is a whole flow, on both databases.
func TestSpeed_TheFlowThatIsMeasuredWorks(t *testing.T) {
	t.Parallel()
	for name, dsn := range map[string]func() string{
		"sqlite":   func() string { return "sqlite:" + filepath.Join(t.TempDir(), "hub.db") },
		"postgres": func() string { return sqltest.PostgresDSN(t) },
	} {
		h := newFlowHub(t, dsn())
		if first := h.flow(t); h.renew(t, first) == first {
			t.Errorf("%s: the refresh token is not rotated", name)
		}
	}
}
