package server

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"onedoor/hub"
)

// An upload goes on past the time of other requests while it comes, and no longer than it comes.
func TestAnUploadGoesOnAsLongAsItComes(t *testing.T) {
	t.Parallel()
	const half = "0123456789"
	begun, plain := make(chan string, 3), make(chan error, 1)
	take := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, bounded := r.Context().Deadline(); bounded {
			t.Error("an upload has the time of other requests")
		}
		first := make([]byte, len(half))
		if _, err := io.ReadFull(r.Body, first); err == nil {
			begun <- r.URL.Path
		}
		rest, err := io.ReadAll(r.Body)
		if err == nil && r.Context().Err() != nil {
			err = r.Context().Err()
		}
		w.WriteHeader(map[bool]int{true: http.StatusOK, false: answerFor(KindOf(err)).status}[err == nil])
		_, _ = w.Write(rest)
	})
	put := []string{"PUT"}
	o, _ := options(t,
		Mount{Methods: put, Path: "/steady", Machine: true, Handler: take, Upload: Upload{Least: 1, Grace: time.Hour, Answer: time.Hour}},
		Mount{Methods: put, Path: "/tight", Machine: true, Handler: take, Upload: Upload{Least: 1 << 40, Grace: 30 * time.Millisecond, Answer: time.Hour}},
		Mount{Methods: put, Path: "/plain", Machine: true, Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, err := io.ReadAll(r.Body)
			plain <- err
		})},
	)
	l := listen(t)
	o.Issuer, o.Clock = "http://"+l.Addr().String(), time.Now
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	h := newHTTP(s.Handler(), o.Log, time.Minute)
	h.ReadTimeout = 200 * time.Millisecond
	go h.Serve(l)   //nolint:errcheck // closed at the end
	defer h.Close() //nolint:errcheck // a test's
	send := func(path string) net.Conn {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		if _, err := fmt.Fprintf(c, "PUT %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n\r\n%s", path, l.Addr(), 2*len(half), half); err != nil {
			t.Fatal(err)
		}
		return c
	}
	status := func(c net.Conn) (int, string) {
		res, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close() //nolint:errcheck // read only
		b, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(b)
	}
	steady := send("/steady")
	<-begun
	send("/plain") // it comes later, and its time is over: so that of the upload would be too
	if err := <-plain; err == nil {
		t.Error("a plain request waits for ever")
	}
	if _, err := io.WriteString(steady, half); err != nil {
		t.Fatal(err)
	}
	if code, rest := status(steady); code != http.StatusOK || rest != half {
		t.Errorf("%d %q", code, rest)
	}
	if code, _ := status(send("/tight")); code != http.StatusRequestTimeout {
		t.Errorf("who stops sending gets %d", code)
	}
	cut := send("/steady")
	if err := cut.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if code, _ := status(cut); code != http.StatusBadRequest {
		t.Errorf("who goes gets %d", code)
	}
}

// Only waiting for the sender counts, and who was fast before has no credit to stop for longer.
func TestAnUploadHasNoCredit(t *testing.T) {
	t.Parallel()
	clock := &ticker{now: time.Unix(1_700_000_000, 0)}
	wait := time.Duration(0)
	s := newSteady(httptest.NewRecorder(), io.NopCloser(readerFunc(func(p []byte) (int, error) {
		clock.move(wait)
		return len(p), nil
	})), clock.time, Upload{Least: 100, Grace: 10 * time.Second, Answer: time.Minute})
	big, small := make([]byte, 100_000), make([]byte, 100)
	read := func(p []byte, takes time.Duration) error {
		wait = takes
		_, err := s.Read(p)
		return err
	}
	for range 3 {
		if err := read(big, time.Second); err != nil {
			t.Fatal(err)
		}
		clock.move(time.Hour) // the handler's own time
	}
	for n := range 20 { // two seconds for what must come in one
		err := read(small, 2*time.Second)
		if slow := n >= 9; errors.Is(err, TooSlow) != slow || !slow && err != nil {
			t.Fatalf("read %d: %v", n, err)
		}
		if err != nil {
			break
		}
	}
	for _, bad := range []Mount{
		{Methods: []string{"PUT"}, Path: "/x", Handler: say(""), Upload: Upload{1, 1, 1}},
		{Methods: []string{"PUT"}, Path: "/x", Handler: say(""), Machine: true, Upload: Upload{Least: 1, Grace: 1}},
	} {
		o, _ := options(t, bad)
		if _, err := New(o); !errors.Is(err, hub.Invalid) {
			t.Errorf("%+v: %v", bad.Upload, err)
		}
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
