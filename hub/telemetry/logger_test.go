package telemetry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/telemetry"
)

// What must never be seen. The names in Latin script can be known by the attribute's name only.
const (
	citizen   = "1345951597671"
	thaiName  = "สมชาย ใจดี"
	latinName = "Somchai Jaidee"
	streetTH  = "99/1 ถนนสุขุมวิท กรุงเทพ"
	birthdate = "1984-07-19"
	phone     = "0812345678"
	mail      = "somchai@example.com"
	sealed    = "od1_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUm"
	jwt       = "eyJhbGciOiJFUzI1NiIsImtpZCI6IngifQ.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
	secret43  = "mB3xT0o5fWg1qZc8sYk2vN7uLh4rJd9pEa6iXtQw0Rs"
)

func forbidden() []string {
	return []string{
		citizen, "1-3459-51597-67-1", "๑๓๔๕๙๕๑๕๙๗๖๗๑", "１３４５９５１５９７６７１", "สมชาย", "ใจดี", "สุขุมวิท", "Somchai", "Jaidee", birthdate, phone, mail,
		sealed[4:], jwt[:20], "c2lnbmF0dXJl", secret43, "hunter2", "203.0.113.7", "e0%b8%aa", "%E0%B8", `\u0e2a`,
	}
}

func check(t *testing.T, name, line string) {
	t.Helper()
	for _, f := range forbidden() {
		if strings.Contains(line, f) {
			t.Errorf("%s: %q is in the log: %s", name, f, line)
		}
	}
	if line == "" {
		t.Errorf("%s: nothing was logged", name)
	}
}

type person struct {
	Pid       string `json:"pid"`
	GivenName string `json:"given_name"`
	note      string
}

type speaking struct{ text string }

func (s speaking) String() string { return s.text }

type valuer struct{ attrs []slog.Attr }

func (v valuer) LogValue() slog.Value { return slog.GroupValue(v.attrs...) }

type panicking struct{}

func (*panicking) Error() string { panic(citizen) }

type named string

// TestPRV01_NoWayIntoTheLog smuggles personal data and secrets along every way that leads into a line.
func TestPRV01_NoWayIntoTheLog(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := person{Pid: citizen, GivenName: latinName, note: thaiName}
	link, err := url.Parse("https://login.example/login/callback/thaid?code=" + secret43 + "&name=" + url.QueryEscape(latinName))
	if err != nil {
		t.Fatal(err)
	}
	number := int64(1345951597671)
	var nobody *panicking
	ways := map[string]func(l *slog.Logger){
		"message":                func(l *slog.Logger) { l.Info("login of " + citizen) },
		"message, Thai":          func(l *slog.Logger) { l.Info("login of " + thaiName) },
		"message, token":         func(l *slog.Logger) { l.Info("got " + sealed + " and " + jwt) },
		"value":                  func(l *slog.Logger) { l.Info("x", "v", citizen) },
		"value in text":          func(l *slog.Logger) { l.Info("x", "v", "no account for "+citizen+" here") },
		"value as on the card":   func(l *slog.Logger) { l.Info("x", "v", "1-3459-51597-67-1") },
		"value with spaces":      func(l *slog.Logger) { l.Info("x", "v", "1 3459 51597 67 1 and 1 - 3459 - 51597 - 67 - 1") },
		"value in Thai digits":   func(l *slog.Logger) { l.Info("x", "v", "๑๓๔๕๙๕๑๕๙๗๖๗๑") },
		"value in wide digits":   func(l *slog.Logger) { l.Info("x", "v", "１３４５９５１５９７６７１") },
		"value with letters on":  func(l *slog.Logger) { l.Info("x", "v", "pid"+citizen+"th") },
		"value in longer number": func(l *slog.Logger) { l.Info("x", "v", "77"+citizen+"00") },
		"juristic number":        func(l *slog.Logger) { l.Info("x", "v", "0105536000313"); l.Info("x", "v", citizen) },
		"int":                    func(l *slog.Logger) { l.Info("x", "v", 1345951597671) },
		"int64":                  func(l *slog.Logger) { l.LogAttrs(ctx, slog.LevelInfo, "x", slog.Int64("v", number)) },
		"uint64":                 func(l *slog.Logger) { l.LogAttrs(ctx, slog.LevelInfo, "x", slog.Uint64("v", uint64(number))) },
		"float":                  func(l *slog.Logger) { l.Info("x", "v", float64(number)) },
		"named string":           func(l *slog.Logger) { l.Info("x", "v", named(citizen), "w", hub.AccountID(thaiName)) },
		"phone":                  func(l *slog.Logger) { l.Info("x", "v", phone, "w", "081-234-5678", "u", "+66 81 234 5678") },
		"e-mail":                 func(l *slog.Logger) { l.Info("x", "v", "mailto:"+mail+", x") },
		"Thai text":              func(l *slog.Logger) { l.Info("x", "v", "at "+streetTH) },
		"escaped Thai": func(l *slog.Logger) {
			l.Info("x", "v", "/a/%E0%B8%AA%E0%B8%A1", "w", `"\u0e2a\u0e21"`, "u", "/%e0%b8%aa")
		},
		"denied names":            deniedNames,
		"denied name with number": func(l *slog.Logger) { l.Info("x", "pid", 1345951597671, "code", 12345) },
		"denied name, group":      func(l *slog.Logger) { l.Info("x", slog.Group("userinfo", "a", latinName)) },
		"group":                   func(l *slog.Logger) { l.Info("x", slog.Group("g", "given_name", latinName, "v", citizen)) },
		"group in group":          func(l *slog.Logger) { l.Info("x", slog.Group("g", slog.Group("h", "v", thaiName))) },
		"With":                    func(l *slog.Logger) { l.With("v", citizen, "name", latinName).Info("x") },
		"WithGroup":               func(l *slog.Logger) { l.WithGroup("g").With("v", citizen).Info("x", "w", thaiName) },
		"WithGroup, denied":       func(l *slog.Logger) { l.WithGroup("claims").Info("x", "w", latinName) },
		"name of a group":         func(l *slog.Logger) { l.WithGroup(citizen).Info("x", "w", 1); l.WithGroup(thaiName).Info("x", "w", 1) },
		"name of an attribute":    func(l *slog.Logger) { l.Info("x", citizen, 1, thaiName, 2, mail, 3, secret43, 4, latinName, 5) },
		"error":                   func(l *slog.Logger) { l.Info("x", "error", errors.New("no "+citizen)) },
		"wrapped error": func(l *slog.Logger) {
			l.Info("x", "error", hub.E("op", hub.Invalid, fmt.Errorf("claim %q", thaiName)))
		},
		"url error":         func(l *slog.Logger) { l.Info("x", "error", &url.Error{Op: "Get", URL: link.String(), Err: io.EOF}) },
		"error that panics": func(l *slog.Logger) { l.Info("x", "error", error(nobody)) },
		"network error": func(l *slog.Logger) {
			l.Info("x", "error", &net.OpError{Op: "read", Net: "tcp", Addr: &net.TCPAddr{IP: net.ParseIP("203.0.113.7"), Port: 51234}, Err: io.EOF})
		},
		"address": func(l *slog.Logger) {
			l.Info("x", "remote_addr", "203.0.113.7:51234", "v", netip.MustParseAddr("203.0.113.7"))
		},
		"address in a text": func(l *slog.Logger) { l.Info("http: TLS handshake error from 203.0.113.7:51234: EOF") },
		"URL":               func(l *slog.Logger) { l.Info("x", "url", link, "v", link.String(), "w", link.RequestURI()) },
		"URL, fragment": func(l *slog.Logger) {
			l.Info("x", "v", "https://a.example/#access_token="+secret43+"&name="+url.QueryEscape(latinName))
		},
		"URL, user":        func(l *slog.Logger) { l.Info("x", "v", "postgres://onedoor:hunter2@db/onedoor") },
		"URL, query alone": func(l *slog.Logger) { l.Info("x", "v", "/cb?"+latinName[:7]) },
		"form": func(l *slog.Logger) {
			l.Info("x", "v", "grant_type=a&code=hunter2&given_name=Somchai&password=hunter2")
		},
		"logfmt": func(l *slog.Logger) { l.Info("x", "v", `given_name="Somchai Jaidee" birthdate=1984-07-19`) },
		"JSON text": func(l *slog.Logger) {
			l.Info("x", "v", `{"pid":"`+citizen+`","given_name":"Somchai \"J\" Jaidee","ok":1}`)
		},
		"JSON text, nested": func(l *slog.Logger) { l.Info("x", "v", `{"address":{"formatted":"Somchai"},"x":"Jaidee"}`) },
		"JSON text in a text": func(l *slog.Logger) {
			l.Info("x", "v", fmt.Sprintf("%q", `{"given_name":"Somchai","birthdate":"1984-07-19"}`))
		},
		"JSON text, number": func(l *slog.Logger) {
			l.Info("x", "v", `{"code": 12, "phone_number" : 812345678, "family_name":"Jaidee"}`)
		},
		"head": func(l *slog.Logger) {
			l.Info("x", "v", "Authorization: Basic c29tY2hhaTpodW50ZXIy Somchai\r\nCookie: a=hunter2; b=hunter2")
		},
		"scheme":  func(l *slog.Logger) { l.Info("x", "v", "sent Bearer hunter2hunter2") },
		"secret":  func(l *slog.Logger) { l.Info("x", "v", secret43, "w", "/login/"+secret43) },
		"bytes":   func(l *slog.Logger) { l.Info("x", "v", []byte(citizen), "w", json.RawMessage(`{"a":"`+latinName+`"}`)) },
		"strings": func(l *slog.Logger) { l.Info("x", "v", []string{citizen, thaiName}, "w", []named{citizen}) },
		"struct":  func(l *slog.Logger) { l.Info("x", "v", p, "w", &p, "u", []person{p}) },
		"map": func(l *slog.Logger) {
			l.Info("x", "v", map[string]string{"a": latinName}, "w", map[string]any{citizen: 1})
		},
		"any of any": func(l *slog.Logger) { l.Info("x", "v", []any{citizen, latinName}) },
		"request": func(l *slog.Logger) {
			l.Info("x", "v", http.Header{"Cookie": {"hunter2"}}, "w", &http.Request{URL: link})
		},
		"Stringer": func(l *slog.Logger) { l.Info("x", "v", speaking{citizen}, "w", &speaking{thaiName}) },
		"LogValuer": func(l *slog.Logger) {
			l.Info("x", "v", valuer{[]slog.Attr{slog.String("name", latinName), slog.String("v", citizen)}})
		},
		"LogValuer in With": func(l *slog.Logger) {
			l.With("v", valuer{[]slog.Attr{slog.Any("v", valuer{[]slog.Attr{slog.String("w", citizen)}})}}).Info("x")
		},
		"identity": func(l *slog.Logger) {
			l.Info("x", "v", hub.Identity{Subject: citizen, Attributes: hub.Attributes{hub.Name: {Value: thaiName}}}, "w", hub.PersonNumber{Value: citizen})
		},
		"invalid UTF-8":   func(l *slog.Logger) { l.Info("x", "v", "\xff\xfeSomchai Jaidee") },
		"very long":       func(l *slog.Logger) { l.Info("x", "v", strings.Repeat("a ", 8190)+citizen+" "+citizen) },
		"line breaks":     func(l *slog.Logger) { l.Info("x\n"+citizen, "v", "a\r\n"+citizen) },
		"zero-width":      func(l *slog.Logger) { l.Info("x", "v", "1\u200b345951597671") },
		"nothing at all":  func(l *slog.Logger) { l.Info("x", "v", nil, slog.Attr{}, slog.Group("g")) },
		"value of a lone": func(l *slog.Logger) { l.Info("x", []any{citizen}...) },
	}
	for name, way := range ways {
		for _, format := range []string{telemetry.JSON, telemetry.Text} {
			var out bytes.Buffer
			l, err := telemetry.NewLogger(&out, slog.LevelDebug, format)
			if err != nil {
				t.Fatal(err)
			}
			way(l)
			check(t, name+", "+format, out.String())
		}
	}
}

func deniedNames(l *slog.Logger) {
	for _, name := range []string{
		"name", "Name", "given_name", "givenName", "GIVEN-NAME", "familyname", "full.name", "display_name", "name_en", "username",
		"address", "street_address", "birthdate", "birth_date", "dob", "citizen_id", "citizenID", "pid", "subject", "sub",
		"token", "access_token", "refreshToken", "idtoken", "tokens", "code", "auth_code", "userCode", "code_verifier", "nonce",
		"secret", "client_secret", "clientSecretHash", "password", "db_password", "authorization", "Authorization", "cookie", "Set-Cookie",
		"query", "raw_query", "body", "form", "params", "phone", "phone_number", "email", "e-mail", "title", "gender", "laser_code",
		"claims", "attributes", "identity", "person", "userinfo", "referer", "user_agent", "UserAgent", "dsn", "assertion", "SAMLResponse",
	} {
		l.Info("x", name, latinName, slog.Group("g", name, latinName))
		l.With(name, latinName).Info("x")
	}
}

func TestLinesStayUseful(t *testing.T) {
	t.Parallel()
	id := hub.NewID(hub.Randomness())
	for value, want := range map[string]string{
		id:                                   id,
		"234567234567234567234567ab":         "234567234567234567234567ab", // an id of figures
		"session.Resume: not_found: no row":  "session.Resume: not_found: no row",
		"/oauth2/token":                      "/oauth2/token",
		"/login/{tx}/provider":               "/login/{tx}/provider",
		"status 503 after 3 tries":           "status 503 after 3 tries",
		"127.0.0.1:8443":                     "127.0.0.1:8443",
		"[::1]:8443":                         "[::1]:8443",
		"203.0.113.7:443":                    "203.0.113.0/24:443",
		"203.0.113.0/24":                     "203.0.113.0/24",
		"2001:db8:1:2::5":                    "2001:db8:1::/48",
		"2001:db8:1::/48":                    "2001:db8:1::/48",
		"urn:onedoor:ial:2.3:aal:2.1":        "urn:onedoor:ial:2.3:aal:2.1",
		"ES256":                              "ES256",
		"was it? yes":                        "was it? yes",
		"2026-03-01 12:00:00":                "2026-03-01 12:00:00",
		"12:34:56":                           "12:34:56",
		"https://login.example/a?b=c":        "https://login.example/a?[redacted]",
		"Get \"https://a.example/x?y\": EOF": "Get \"https://a.example/x?[redacted]\": EOF",
		"pid=5 status=3":                     "pid=[redacted] status=3",
		`{"status":"ok","name":"x","n":1}`:   `{"status":"ok","name":[redacted],"n":1}`,
		"token_endpoint_auth_signing_alg_values_supported":    "token_endpoint_auth_signing_alg_values_supported",
		"claim \"สมชาย\" is wrong":                            "claim \"[redacted]",
		"constraint failed: UNIQUE constraint failed: a.b":    "constraint failed: UNIQUE constraint failed: a.b",
		"wrong check digit: 1345951597670":                    "wrong check digit: 1345951597670",
		"github.com/gin-gonic/gin.(*Context).Next(0xc00018a)": "github.com/gin-gonic/gin.(*Context).Next(0xc00018a)",
	} {
		if got := telemetry.Mask(value); got != want {
			t.Errorf("Mask(%q) = %q, want %q", value, got, want)
		}
		if again := telemetry.Mask(telemetry.Mask(value)); again != telemetry.Mask(value) {
			t.Errorf("Mask twice of %q = %q", value, again)
		}
	}
	var out bytes.Buffer
	l, err := telemetry.NewLogger(&out, slog.LevelInfo, telemetry.JSON)
	if err != nil {
		t.Fatal(err)
	}
	when := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	l.With("system", hub.SystemID("revenue-web")).WithGroup("g").Info("request",
		"status", 200, "status_code", 200, "ms", 1.25, "took", 3*time.Second, "at", when, "ok", true, "token_type", "Bearer",
		"words", []string{"a", "b"}, "level", hub.Level{IAL: hub.IAL23, AAL: hub.AAL1}, "password_set", true)
	l.Debug("below the level")
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err, out.String())
	}
	group, _ := line["g"].(map[string]any)
	if line["system"] != "revenue-web" || line["msg"] != "request" || group["status"] != 200.0 || group["status_code"] != 200.0 ||
		group["ms"] != 1.25 || group["took"] != 3e9 || group["at"] != "2026-03-01T12:00:00Z" || group["ok"] != true ||
		group["token_type"] != "Bearer" || group["words"] != "a b" || group["level"] != "ial 2.3, aal 1" || group["password_set"] != true {
		t.Errorf("line %s", out.String())
	}
}

func TestAUD05_EveryLineCarriesTheInteraction(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	l, err := telemetry.NewLogger(&out, slog.LevelInfo, telemetry.JSON)
	if err != nil {
		t.Fatal(err)
	}
	id := hub.InteractionID(hub.NewID(hub.Randomness()))
	ctx := hub.WithInteraction(t.Context(), id)
	for name, c := range map[string]struct {
		do   func()
		want any
	}{
		"plain":          {func() { l.InfoContext(ctx, "x") }, string(id)},
		"with":           {func() { l.With("a", 1).InfoContext(ctx, "x", "b", 2) }, string(id)},
		"within a group": {func() { l.WithGroup("g").With("a", 1).InfoContext(ctx, "x", "b", 2) }, string(id)},
		"without":        {func() { l.InfoContext(t.Context(), "x") }, nil},
		"said already":   {func() { l.InfoContext(ctx, "x", "interaction", "abc") }, "abc"},
		"not an id":      {func() { l.InfoContext(hub.WithInteraction(ctx, citizen), "x") }, nil},
	} {
		out.Reset()
		c.do()
		var line map[string]any
		if err := json.Unmarshal(out.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		if line["interaction"] != c.want || strings.Count(out.String(), `"interaction"`) > 1 {
			t.Errorf("%s: %s", name, out.String())
		}
	}
}

func TestNewLoggerRefuses(t *testing.T) {
	t.Parallel()
	for _, f := range []func() error{
		func() error { _, err := telemetry.NewLogger(nil, slog.LevelInfo, "json"); return err },
		func() error { _, err := telemetry.NewLogger(io.Discard, nil, "json"); return err },
		func() error { _, err := telemetry.NewLogger(io.Discard, slog.LevelInfo, "xml"); return err },
	} {
		if err := f(); !errors.Is(err, hub.Invalid) {
			t.Error(err)
		}
	}
}

func FuzzMask(f *testing.F) {
	for _, s := range forbidden() {
		f.Add("a ", s, " b")
		f.Add(`{"name":"`, s, `"}`)
		f.Add("x=1&pid=", s, "&y=2")
	}
	f.Fuzz(func(t *testing.T, before, inside, after string) {
		got := telemetry.Mask(before + inside + after)
		for _, text := range []string{got, telemetry.Mask(before + citizen + after)} {
			if strings.Contains(text, citizen) {
				t.Fatalf("Mask lets %q through", text)
			}
			for _, r := range text {
				if r >= 0x0e00 && r <= 0x0e7f {
					t.Fatalf("Mask lets Thai through: %q", text)
				}
			}
		}
	})
}

func BenchmarkRequestLine(b *testing.B) {
	l, err := telemetry.NewLogger(io.Discard, slog.LevelInfo, telemetry.JSON)
	if err != nil {
		b.Fatal(err)
	}
	ctx := hub.WithInteraction(context.Background(), hub.InteractionID(hub.NewID(hub.Randomness())))
	b.ReportAllocs()
	for b.Loop() {
		l.LogAttrs(ctx, slog.LevelInfo, "request", slog.String("method", "POST"), slog.String("route", "/oauth2/introspect"),
			slog.Int("status", 200), slog.Float64("ms", 0.31), slog.Int64("bytes", 412))
	}
}
