package visit_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"onedoor/hub"
	"onedoor/web/visit"
	"onedoor/web/visit/visittest"
)

func TestDevice(t *testing.T) {
	t.Parallel()
	for ua, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0":              "Edge on Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1":    "Safari on iPhone",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 CriOS/126.0 Mobile/15E148 Safari/604.1":     "Chrome on iPhone",
		"Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36": "Samsung Internet on Android",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 Firefox/127.0":                                   "Firefox on macOS",
		"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36":                             "Chrome on ChromeOS",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36 OPR/111.0.0.0":                        "Opera on Linux",
		"curl/8.0": "Browser",
		"":         "Browser",
		strings.Repeat("x", 600) + "Chrome/1 Windows":      "Browser",
		"<script>alert(1)</script> somchai@example (iPad)": "Browser on iPad",
	} {
		if got := visit.Browser(from(ua)).Device; got != want {
			t.Errorf("%.40q: %q, want %q", ua, got, want)
		}
	}
}

func from(userAgent string) *http.Request {
	r := visittest.Get("/")
	r.Header.Set("User-Agent", userAgent)
	return r
}

// A cookie that comes twice, or is no secret, is none: it is not for us to choose.
func TestBrowser_BringsOneSecretOrNone(t *testing.T) {
	t.Parallel()
	r := visittest.SignedIn(visittest.Get("/?lang=vi"))
	b := visit.Browser(r)
	if b.Session != visittest.Mine() || b.Binding != visittest.Binding() || b.Network != "203.0.113.0/24" || b.Channel != visit.Channel || !slices.Equal(b.Languages, []string{"vi", "en"}) {
		t.Errorf("%+v", b)
	}
	if b := visit.Browser(visittest.Bringing(r, visittest.Secret(8))); b.Session != (hub.Secret{}) {
		t.Error("one of two is taken")
	}
	malformed := visittest.Get("/")
	malformed.AddCookie(&http.Cookie{Name: visit.SessionCookie, Value: "short"})
	if b := visit.Browser(malformed); b.Session != (hub.Secret{}) {
		t.Error("what is no secret is taken")
	}
}
