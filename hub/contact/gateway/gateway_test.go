package gateway_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/contact"
	"onedoor/hub/contact/gateway"
)

const secret = "0123456789abcdef0123456789abcdef"

// A text message goes to the gateway signed, under its one name; what the gateway answers decides, and nothing of it is repeated.
func TestCarry_SignedAndIdempotent(t *testing.T) {
	t.Parallel()
	var status int
	var got []*http.Request
	var bodies []string
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got, bodies = append(got, r), append(bodies, string(b))
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "no such subscriber +66812345678")
	}))
	defer server.Close()
	at := time.Unix(1_800_000_000, 0)
	c, err := gateway.New(gateway.Options{URL: server.URL + "/send?key=hidden", Secret: secret, HTTP: server.Client(), Clock: func() time.Time { return at }})
	if err != nil {
		t.Fatal(err)
	}
	m := contact.Message{ID: "n.c", Language: "th", Text: "ข้อความ <1>"}
	for code, want := range map[int]hub.Kind{200: "", 202: "", 204: "", 400: hub.Refused, 404: hub.Refused, 410: hub.Refused, 422: hub.Refused, 401: hub.Unavailable, 403: hub.Unavailable, 409: hub.Unavailable, 429: hub.Unavailable, 500: hub.Unavailable, 503: hub.Unavailable, 302: hub.Unavailable} {
		status = code
		err := c.Carry(t.Context(), "+66812345678", m)
		if hub.KindOf(err) != want {
			t.Errorf("%d: %v", code, err)
		}
		if err != nil && (strings.Contains(err.Error(), "812345678") || strings.Contains(err.Error(), "hidden")) {
			t.Errorf("%d: %v", code, err)
		}
	}
	r, body := got[0], bodies[0]
	if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" || r.Header.Get("Idempotency-Key") != "n.c" {
		t.Errorf("%s %+v", r.Method, r.Header)
	}
	if want := gateway.Sign(secret, at.Unix(), []byte(body)); r.Header.Get("Onedoor-Signature") != want || !strings.HasPrefix(want, "t=1800000000,v1=") {
		t.Errorf("signature %q", r.Header.Get("Onedoor-Signature"))
	}
	var sent map[string]string
	if err := json.Unmarshal([]byte(body), &sent); err != nil || sent["id"] != "n.c" || sent["to"] != "+66812345678" || sent["text"] != m.Text || sent["language"] != "th" || len(sent) != 4 {
		t.Errorf("%s, %v", body, err)
	}
	server.Close()
	if err := c.Carry(t.Context(), "+66812345678", m); !errors.Is(err, hub.Unavailable) || strings.Contains(err.Error(), "hidden") {
		t.Errorf("gone: %v", err)
	}
}

// Sign is HMAC-SHA256 (RFC 2104) over the time, a dot and the body: printf '0.' | openssl dgst -sha256 -hmac Jefe says the same.
func TestSign_Vector(t *testing.T) {
	t.Parallel()
	if got, want := gateway.Sign("Jefe", 0, nil), "t=0,v1=813f643c8863ba9754215e64cdab172f2e96c1a413d772978aba7398cc864e55"; got != want {
		t.Errorf("got %s", got)
	}
}

func TestNew_RefusesWhatIsNotSafe(t *testing.T) {
	t.Parallel()
	good := func() gateway.Options {
		return gateway.Options{URL: "https://sms.example/send", Secret: secret, HTTP: http.DefaultClient, Clock: time.Now}
	}
	for name, change := range map[string]func(*gateway.Options){
		"http": func(o *gateway.Options) { o.URL = "http://sms.example/" }, "no URL": func(o *gateway.Options) { o.URL = "" },
		"a user": func(o *gateway.Options) { o.URL = "https://a:b@sms.example/" }, "a short secret": func(o *gateway.Options) { o.Secret = "short" },
		"no client": func(o *gateway.Options) { o.HTTP = nil }, "no clock": func(o *gateway.Options) { o.Clock = nil },
	} {
		o := good()
		change(&o)
		if _, err := gateway.New(o); !errors.Is(err, hub.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := gateway.New(good()); err != nil {
		t.Error(err)
	}
}
