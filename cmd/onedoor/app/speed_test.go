package app

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/sys/unix"

	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/consent"
	"onedoor/hub/oidcop"
	"onedoor/hub/session"
	"onedoor/hub/telemetry"
	"onedoor/hub/token"
	"onedoor/tenants"
)

const (
	speedSystem = "revenue-efiling"
	speedSecret = "0123456789abcdef0123456789abcdef0123456789a"
)

// speedHub is a hub of its own on SQLite, with a log file, as it runs in production; and what a department would ask it.
type speedHub struct {
	*Hub
	sealer *token.Sealer
}

func newSpeedHub(tb testing.TB, issuer string) *speedHub {
	tb.Helper()
	h, err := openSpeedHub(tb.Context(), tb.TempDir(), issuer)
	if err != nil {
		tb.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); h.attend(ctx) }()
	tb.Cleanup(func() {
		stop()
		<-done
		if err := h.Close(); err != nil {
			tb.Error(err)
		}
	})
	return h
}

func openSpeedHub(ctx context.Context, folder, issuer string) (*speedHub, error) {
	cfg := configs.Default()
	cfg.Issuer, cfg.DataDirectory = issuer, folder
	return buildSpeedHub(ctx, cfg, "sqlite:"+cfg.DatabaseFile())
}

func buildSpeedHub(ctx context.Context, cfg configs.Config, dsn string) (*speedHub, error) {
	file, err := os.Create(filepath.Join(cfg.DataDirectory, "log"))
	if err != nil {
		return nil, err
	}
	lines, err := telemetry.NewBuffer(file, func(d time.Duration, f func()) { time.AfterFunc(d, f) })
	if err != nil {
		return nil, err
	}
	log, err := telemetry.NewLogger(lines, slog.LevelInfo, telemetry.JSON)
	if err != nil {
		return nil, err
	}
	cfg.Operator = configs.Operator{Names: hub.Text{"th": "x", "en": "x", "zh": "x", "vi": "x"}, Contact: "mailto:x@onedoor.example"}
	p := Process{Env: func(string) (string, bool) { return "", false }, Out: io.Discard, Err: io.Discard, Clock: time.Now, Random: hub.Randomness()}
	masters, err := MasterKeys(cfg, p)
	if err != nil {
		return nil, err
	}
	h, err := Build(ctx, Options{Config: cfg, Process: p, DSN: dsn, Masters: masters, HTTP: http.DefaultClient, Log: log, Lines: lines})
	if err != nil {
		return nil, err
	}
	all := hub.Text{"th": "x", "en": "x", "zh": "x", "vi": "x"}
	if _, err := h.tenants.PutDepartment(ctx, tenants.Department{ID: "revenue", Names: all}); err != nil {
		return nil, err
	}
	_, err = h.tenants.PutSystem(ctx, tenants.System{
		ID: speedSystem, Department: "revenue", Names: all, Status: tenants.Live, Group: tenants.Interactive, Least: hub.Level{IAL: hub.IAL11, AAL: hub.AAL1},
		Attributes: []consent.Rule{{Attribute: hub.Name}, {Attribute: hub.Birthdate}},
		OIDC: &tenants.OIDC{
			RedirectURIs: []string{"https://revenue.example/cb"}, Scopes: []string{"openid", "profile"},
			Secrets: []tenants.Secret{{SHA256: sha256.Sum256([]byte(speedSecret))}},
		},
	})
	if err != nil {
		return nil, err
	}
	if err := h.refresh(ctx); err != nil {
		return nil, err
	}
	if err := h.lease.Refresh(ctx); err != nil {
		return nil, err
	}
	sealer, err := token.NewSealer(h.options.Config.Issuer, h.keys, time.Now, h.random)
	return &speedHub{Hub: h, sealer: sealer}, err
}

// access seals a token of a new session, with attributes where asked for.
func (h *speedHub) access(ctx context.Context, attributes bool) (string, error) {
	id := func() string { return hub.NewID(h.random) }
	now := time.Now()
	a := token.Access{
		ID: id(), Grant: hub.GrantID(id()), Session: hub.SessionID(id()), Account: hub.AccountID(id()), System: speedSystem,
		Interaction: hub.InteractionID(id()), Scopes: []string{"openid", "profile"}, Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22},
		AuthTime: now, IssuedAt: now, ExpiresAt: now.Add(15 * time.Minute),
	}
	if attributes {
		at := func(v string) hub.Attribute { return hub.Attribute{Value: v, Source: "thaid", At: now} }
		account, err := h.person(ctx)
		if err != nil {
			return "", err
		}
		s, _, key, err := h.sessions.Start(hub.WithInteraction(ctx, a.Interaction), session.Authentication{
			Account: account, Channel: "web",
			Identity: hub.Identity{
				Provider: "thaid", Subject: id(), Level: a.Level, AuthTime: now,
				Attributes: hub.Attributes{hub.Name: at("สมหญิง ใจดี"), hub.Birthdate: at("1990-01-31")},
			},
		})
		if err != nil {
			return "", err
		}
		a.Session, a.Account, a.AuthTime = s.ID, s.Account, s.AuthTime
		a.Release, a.VaultKey = []hub.AttributeName{hub.Name, hub.Birthdate}, key
	}
	return h.sealer.Seal(a)
}

// person makes an account.
func (h *speedHub) person(ctx context.Context) (hub.AccountID, error) {
	a, _, err := h.accounts.Resolve(ctx, hub.Identity{Provider: "thaid", Subject: hub.NewID(h.random), Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}}, account.Visit{})
	return a.ID, err
}

func speedBasic() string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(speedSystem+":"+speedSecret))
}

// bare is the handler that the hub is held against: gin without middleware, the same form read, the same bytes answered.
func bare(answers map[string][]byte) http.Handler {
	release := gin.New()
	post := func(c *gin.Context) {
		if c.PostForm("token") == "" {
			c.Status(http.StatusBadRequest)
			return
		}
		c.Data(http.StatusOK, "application/json", answers[c.Request.URL.Path])
	}
	for path := range answers {
		release.POST(path, post)
	}
	return release
}

// sink is the least that a handler can write to.
type sink struct {
	head   http.Header
	body   []byte
	status int
}

func (s *sink) Header() http.Header { return s.head }

func (s *sink) Write(b []byte) (int, error) {
	s.body = append(s.body[:0], b...)
	return len(b), nil
}

func (s *sink) WriteHeader(status int) { s.status = status }

// body is a request's body that can be read again.
type again struct{ strings.Reader }

func (*again) Close() error { return nil }

func drive(tb testing.TB, h http.Handler, path, form, want string) {
	tb.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://hub.localhost"+path, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", speedBasic())
	body := &again{}
	w := &sink{head: http.Header{}}
	once := func() {
		body.Reset(form)
		r.Body, r.Form, r.PostForm = body, nil, nil
		clear(w.head)
		h.ServeHTTP(w, r)
	}
	once()
	if w.status != http.StatusOK || !strings.Contains(string(w.body), want) {
		tb.Fatalf("%d %s", w.status, w.body)
	}
	b, ok := tb.(*testing.B)
	if !ok {
		return
	}
	b.ReportAllocs()
	before := cpu(b)
	for b.Loop() {
		once()
	}
	b.ReportMetric(float64(cpu(b)-before)/float64(b.N), "cpu-ns/op")
}

// cpu is the time that this process has worked, on all cores: what the machine's other users do does not count.
func cpu(tb testing.TB) time.Duration {
	tb.Helper()
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkIntrospection measures the whole way through the engine, without the network, beside the bare handler.
func BenchmarkIntrospection(b *testing.B) {
	gin.SetMode(gin.ReleaseMode)
	h := newSpeedHub(b, "http://hub.localhost")
	const path = oidcop.IntrospectionPath
	engine := h.public.Handler()
	for _, attributes := range []bool{false, true} {
		raw, err := h.access(b.Context(), attributes)
		if err != nil {
			b.Fatal(err)
		}
		form := "token=" + url.QueryEscape(raw)
		answer := ask(b, engine, path, form)
		name := "/plain"
		if attributes {
			name = "/attributes"
		}
		b.Run("bare"+name, func(b *testing.B) {
			drive(b, bare(map[string][]byte{path: answer}), path, form, `"active":true`)
		})
		b.Run("hub"+name, func(b *testing.B) { drive(b, engine, path, form, `"active":true`) })
	}
	b.Run("hub/inactive", func(b *testing.B) { drive(b, engine, path, "token=od1_x", `"active":false`) })
	var forms []string
	for range 100 {
		raw, err := h.access(b.Context(), false)
		if err != nil {
			b.Fatal(err)
		}
		forms = append(forms, "token="+raw)
	}
	b.Run("hub/batch100", func(b *testing.B) {
		drive(b, engine, oidcop.BatchPath, strings.Join(forms, "&"), `"active":true`)
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100, "ns/token")
	})
}

func ask(tb testing.TB, h http.Handler, path, form string) []byte {
	tb.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://hub.localhost"+path, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", speedBasic())
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		tb.Fatal(fmt.Sprint(w.Code, w.Body))
	}
	return w.Body.Bytes()
}
