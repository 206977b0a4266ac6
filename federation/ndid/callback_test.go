package ndid_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/federation/ndid"
	simndid "onedoor/federation/simulator/ndid"
	"onedoor/hub"
	"onedoor/hub/hubtest/oneshot"
)

// callbackURL gives the address that the hub gave out last.
func (r *rig) callbackURL() string {
	r.t.Helper()
	r.node.mu.Lock()
	defer r.node.mu.Unlock()
	for i := len(r.node.bodies) - 1; i >= 0; i-- {
		if _, rest, found := strings.Cut(r.node.bodies[i], `"callback_url":"`); found {
			address, _, _ := strings.Cut(rest, `"`)
			return address
		}
	}
	r.t.Fatal("no address was given out")
	return ""
}

func post(t *testing.T, method, address, media, body string) int {
	t.Helper()
	req, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", media)
	resp, err := oneshot.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

func TestCallbacksAreTakenAtTheirAddressOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.waiting("mali", dee)
	address := r.callbackURL()
	if strings.Contains(address, number("mali")) {
		t.Error("the number is in the address")
	}
	const status, js = `{"type":"request_status","status":"completed","block_height":"c:7"}`, "application/json"
	u, _ := url.Parse(address)
	parts := strings.Split(u.Path, ".")
	forged := strings.TrimSuffix(address, parts[2]) + strings.Repeat("A", 43)
	swapped := strings.Replace(address, "/ndid.", "/other.", 1)
	for name, c := range map[string]struct {
		method, address, media, body string
		want                         int
	}{
		"status":           {"POST", address, js, status, 204},
		"twice":            {"POST", address, js, status, 204},
		"with a charset":   {"POST", address, js + "; charset=utf-8", status, 204},
		"created":          {"POST", address, js, `{"type":"create_request_result","success":true}`, 204},
		"closed":           {"POST", address, js, `{"type":"close_request_result","success":true,"reference_id":"x"}`, 204},
		"other versions":   {"POST", address, js, `{"type":"request_status","answered_idp_count":1,"service_list":[]}`, 204},
		"forged":           {"POST", forged, js, status, 404},
		"another provider": {"POST", swapped, js, status, 404},
		"short":            {"POST", r.hub.URL + "/federation/ndid/callback/x", js, status, 404},
		"dots":             {"POST", r.hub.URL + "/federation/ndid/callback/...", js, status, 404},
		"get":              {"GET", address, js, "", 405},
		"a form":           {"POST", address, "application/x-www-form-urlencoded", "a=b", 415},
		"no JSON":          {"POST", address, js, `{"type":`, 400},
		"two":              {"POST", address, js, status + status, 400},
		"unknown type":     {"POST", address, js, `{"type":"x"}`, 400},
		"no result":        {"POST", address, js, `{"type":"create_request_result"}`, 400},
		"not ours":         {"POST", address, js, `{"type":"create_request_result","success":true,"reference_id":"x"}`, 400},
		"endless":          {"POST", address, js, `{"a":"` + strings.Repeat("x", 300<<10) + `"}`, 413},
	} {
		if got := post(t, c.method, c.address, c.media, c.body); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	if !r.signaled(ndid.SignalCallback) {
		t.Error("forged ones are not counted")
	}
}

func TestACallbackMakesThePollReadAtOnce(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"6.0", "5.3", "4.0"} {
		r := newRig(t, func(o *simndid.Options) { o.CallbackVersion = version })
		w := r.waiting("mali", dee)
		if ready, err := r.poll(w); ready || err != nil {
			t.Fatal(err)
		}
		r.answer("mali", dee, true, 0)
		if ready, err := r.poll(w); !ready || err != nil { // no time has passed
			t.Errorf("%s: %v, %v", version, ready, err)
		}
	}
}

// The switches of the callbacks: whatever comes, in whatever order, the result is the same.
func TestCallbacksDecideNothing(t *testing.T) {
	t.Parallel()
	for _, fault := range []simndid.Fault{
		simndid.CallbackFirst, simndid.CallbackTwice, simndid.CallbackDisorder, simndid.CallbackLost, simndid.CallbackForged, simndid.CallbackForgedNo,
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.platform.SetFault(true, fault)
			w := r.waiting("tharn", dee)
			for range 3 {
				if ready, err := r.poll(w); ready || err != nil {
					t.Fatalf("decided by a callback: %v, %v", ready, err)
				}
				r.clock.advance(5 * time.Second)
			}
			r.answer("tharn", dee, true, 0)
			r.decided(w)
			if _, err := r.identify(w); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestCallbacksComeAgainAfterAnOutage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	mux := http.NewServeMux()
	mux.Handle(ndid.CallbackPath, r.connector.Callback())
	r.hub.handle(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	w := r.waiting("mali", dee)
	r.answer("mali", dee, true, 0)
	if r.platform.Waiting() == 0 {
		t.Fatal("given up at once")
	}
	r.hub.handle(mux)
	if ready, err := r.poll(w); !ready || err != nil { // the first poll always reads
		t.Fatalf("%v, %v", ready, err)
	}
	for range 4 {
		r.clock.advance(7 * time.Second)
		r.platform.Tick(t.Context())
	}
	if n := r.platform.Waiting(); n != 0 {
		t.Errorf("%d callbacks are not delivered", n)
	}
	r.hub.handle(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	r.waiting("lin", dee)
	for range 30 {
		r.clock.advance(time.Minute)
		r.platform.Tick(t.Context())
	}
	if n := r.platform.Waiting(); n != 0 {
		t.Errorf("%d callbacks are tried for ever", n)
	}
}

// Who knows the address can have the platform read a little more often, and nothing else.
func TestAForgedFailureEndsNothingThatIsOnTheChain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	w := r.waiting("mali", dee)
	post(t, "POST", r.callbackURL(), "application/json", `{"type":"create_request_result","success":false,"error":{"code":25007,"message":"x"}}`)
	if ready, err := r.poll(w); ready || err != nil {
		t.Fatalf("%v, %v", ready, err)
	}
	_, err := r.finish(w)
	r.refused("asked too early", err, hub.Unavailable, federation.NotDecided)
}
