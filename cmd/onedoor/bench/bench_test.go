package bench

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
)

func TestHistogramHoldsEveryPercentileToThreePercent(t *testing.T) {
	t.Parallel()
	r := mathrand.New(mathrand.NewPCG(1, 2))
	var a, b histogram
	var all []time.Duration
	for range 100_000 {
		d := time.Duration(r.ExpFloat64() * float64(3*time.Millisecond))
		all = append(all, d)
		if r.IntN(2) == 0 {
			a.add(d)
		} else {
			b.add(d)
		}
	}
	a.merge(&b)
	slices.Sort(all)
	for _, share := range []float64{0.01, 0.5, 0.9, 0.99, 0.999} {
		got, want := a.at(share), all[int(share*float64(len(all)))]
		if float64(got) < float64(want)*0.96 || float64(got) > float64(want)*1.04 {
			t.Errorf("p%v is %v, want %v", share*100, got, want)
		}
	}
	if a.count != int64(len(all)) || a.max != all[len(all)-1] || a.at(1) != a.max {
		t.Errorf("count %d, max %v, at(1) %v", a.count, a.max, a.at(1))
	}
	var none histogram
	if none.at(0.5) != 0 || none.mean() != 0 {
		t.Error("an empty one")
	}
	for _, d := range []time.Duration{0, 1, 31, 32, 33, 63, 64, time.Second, 1<<63 - 1, -5} {
		if e := edge(bucket(d)); e < d || bucket(d) > 0 && edge(bucket(d)-1) >= d {
			t.Errorf("%v is in the bucket that ends at %v", d, e)
		}
	}
}

func options(issuer string) Options {
	return Options{Issuer: issuer, Client: "c", Secret: "s", Clock: time.Now, Random: rand.Reader, Concurrency: 2, Duration: 50 * time.Millisecond}
}

// It is no weapon: nothing leaves this machine unless that is said.
func TestOtherMachinesAreRefused(t *testing.T) {
	t.Parallel()
	for _, issuer := range []string{"https://login.example.go.th", "http://192.0.2.1", "http://localhost.example", "http://127.0.0.1.example", "http://[2001:db8::1]"} {
		if _, err := Run(t.Context(), options(issuer)); !errors.Is(err, hub.Denied) {
			t.Errorf("%s: %v", issuer, err)
		}
	}
	// Nor by what the provider says of itself.
	asked := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/.well-known/openid-configuration" {
			fmt.Fprintf(w, `{"issuer":"http://%s","introspection_endpoint":"http://192.0.2.1/x","token_endpoint":"http://192.0.2.1/t"}`, r.Host)
			return
		}
		asked = true
	}))
	defer server.Close()
	o := options(server.URL)
	o.Scenarios, o.Token = []string{"introspect"}, "x"
	if _, err := Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "another machine") || asked {
		t.Errorf("an endpoint elsewhere: %v", err)
	}
	for _, host := range []string{"127.0.0.1", "::1", "localhost", "hub.localhost", "HUB.LOCALHOST.", "::ffff:127.0.0.1"} {
		if !local(host) {
			t.Errorf("%s is this machine", host)
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Options){
		"issuer":      func(o *Options) { o.Issuer = "nonsense" },
		"client":      func(o *Options) { o.Client = "" },
		"clock":       func(o *Options) { o.Clock = nil },
		"random":      func(o *Options) { o.Random = nil },
		"concurrency": func(o *Options) { o.Concurrency = -1 },
		"batch":       func(o *Options) { o.Batch = 501 },
		"logins":      func(o *Options) { o.Logins = -1 },
		"scenario":    func(o *Options) { o.Scenarios = []string{"magic"} },
	} {
		o := options("http://localhost:1")
		change(&o)
		if _, err := Run(t.Context(), o); !errors.Is(err, hub.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Run(t.Context(), options("http://127.0.0.1:1")); !errors.Is(err, hub.Unavailable) {
		t.Errorf("nobody there: %v", err)
	}
}

// A provider that is not onedoor: it writes blanks into its JSON, answers in chunks, and fails now and then.
func TestAnyProviderIsMeasured(t *testing.T) {
	t.Parallel()
	n := make(chan int, 1)
	n <- 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/.well-known/openid-configuration":
			fmt.Fprintf(w, `{"issuer":"http://%[1]s","introspection_endpoint":"http://%[1]s/i","token_endpoint":"http://%[1]s/t","grant_types_supported":["client_credentials"]}`, r.Host)
		case "/i":
			user, password, _ := r.BasicAuth()
			if user != "c" || password != "s" || r.FormValue("token") != "the token" {
				t.Errorf("%s %s %q", user, password, r.FormValue("token"))
			}
			k := <-n
			n <- k + 1
			if k%5 == 4 {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			_, _ = io.WriteString(w, `{"active": true,`)
			w.(http.Flusher).Flush()
			_, _ = io.WriteString(w, ` "sub": "x"}`)
		case "/t":
			_, _ = io.WriteString(w, `{"access_token":"a"}`)
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	o := options(server.URL)
	o.Scenarios, o.Token, o.Server = []string{"introspect", introspectBatch, "client-credentials", "refresh"}, "the token", os.Getpid()
	report, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	var text, raw bytes.Buffer
	if err := errors.Join(report.Text(&text), report.JSON(&raw)); err != nil {
		t.Fatal(err)
	}
	var back Report
	if err := json.Unmarshal(raw.Bytes(), &back); err != nil || len(back.Results) != 4 || !strings.Contains(text.String(), "client-credentials") {
		t.Fatalf("%v\n%s%s", err, text.String(), raw.String())
	}
	single, batch, credentials, refresh := back.Results[0], back.Results[1], back.Results[2], back.Results[3]
	if single.Calls == 0 || single.Failures == 0 || !strings.Contains(single.FirstError, "503") || single.Max < single.P50 || single.P50 <= 0 {
		t.Errorf("introspect: %+v", single)
	}
	if batch.Skipped == "" || refresh.Skipped == "" || batch.Calls != 0 {
		t.Errorf("not offered, and measured: %+v, %+v", batch, refresh)
	}
	if credentials.Calls == 0 || credentials.Failures != 0 {
		t.Errorf("client-credentials: %+v", credentials)
	}
}

func TestCPUOfThisProcessGrows(t *testing.T) {
	t.Parallel()
	before, ok := cpuOf(os.Getpid())
	if !ok {
		t.Fatal("not known")
	}
	for end := before + 3*10*time.Millisecond; ; {
		if now, _ := cpuOf(os.Getpid()); now >= end {
			break
		}
	}
	if _, ok := cpuOf(0); ok {
		t.Error("no process")
	}
}

func FuzzAnswer(f *testing.F) {
	for _, s := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
		"HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n", "",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		l := &line{r: bufio.NewReaderSize(bytes.NewReader(raw), 256)}
		status, body, err := l.answer()
		if err == nil && (len(body) > len(raw) || status < -99 || status > 999) {
			t.Fatalf("status %d, %d bytes out of %d", status, len(body), len(raw))
		}
	})
}

func TestALineSpeaksAgainAfterAClose(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		_, _ = io.Copy(w, r.Body)
	}))
	defer server.Close()
	p := &provider{}
	l, err := p.line(server.URL+"/x", "Basic x")
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	for _, form := range []string{"a=1", strings.Repeat("b", 100_000), ""} {
		status, body, err := l.ask(context.Background(), form)
		if err != nil || status != 200 || string(body) != form {
			t.Errorf("%d, %d bytes, %v", status, len(body), err)
		}
	}
	l.dial = func(context.Context) (net.Conn, error) { return nil, io.ErrClosedPipe }
	if _, _, err := l.ask(t.Context(), "x"); err == nil {
		t.Error("no connection, and an answer")
	}
}

func FuzzSidOf(f *testing.F) {
	for _, s := range []string{"e30.eyJzaWQiOiJ4In0.", "e30.eyJzaWQiOjF9.", "..", "", "a.b.c", "e30.e30.e30.e30"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if sid := sidOf(raw); len(sid) > 3*len(raw) {
			t.Fatalf("%q out of %q", sid, raw)
		}
	})
}
