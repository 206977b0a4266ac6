package bench

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubtest/formbrowser"
)

const (
	mostParticipants    = 2000
	participantRedirect = "/onedoor-bench-callback"
	participantEar      = "/onedoor-bench-logout"
	mostWait            = 30 * time.Second // for everybody to be told
)

func participantID(i int) string { return "bench-" + strconv.Itoa(i) }

// at is an address of a participant, whose host is its own: its port.
func (o Options) at(i int, path string) string {
	return "http://127.0.0.1:" + strconv.Itoa(o.Port+i) + path
}

// room tells whether the participants have ports.
func (o Options) room() bool {
	return o.Participants == 0 || o.Participants > 0 && o.Participants <= mostParticipants && o.Port >= 1024 && o.Port+o.Participants <= 1<<16
}

// Objects writes the declaration of the participants for `onedoor apply`: public clients that demand the lowest level and ask for no attribute.
// The hub must be allowed to call 127.0.0.0/8 (outbound.allowPrivate) and to let one machine sign in often (rates.login).
// Invalid where there are none, or too many.
func Objects(w io.Writer, o Options) error {
	if o.Participants == 0 || !o.room() {
		return hub.Errorf("bench.Objects", hub.Invalid, "participants need a number and a port")
	}
	const names = "names: {th: วัดผล, en: Measurement, zh: 测量, vi: Đo lường}\n"
	text := &strings.Builder{}
	text.WriteString("# Written by onedoor bench: never for a hub that people use.\nkind: Department\nid: bench\n" + names + "complaint: mailto:bench@onedoor.example\n")
	for i := range o.Participants {
		fmt.Fprintf(text, "---\nkind: System\nid: %s\ndepartment: bench\n%sstatus: live\ngroup: 2\nleast: {ial: 1.1, aal: 1}\n"+
			"risk: None; it measures.\nreviewBy: 2099-01-01\noidc:\n  authMethod: none\n  redirectURIs: [%q]\n  backchannelLogoutURI: %q\n  scopes: [openid]\n",
			participantID(i), names, o.at(i, participantRedirect), o.at(i, participantEar))
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// crowd are the participants, and the sessions that they know.
type crowd struct {
	p       *provider
	servers []*http.Server
	serving sync.WaitGroup
	over    chan struct{} // lets go of whoever hangs

	mu    sync.Mutex
	known map[string]*used // by participant and sid
}

// used is a session that has been used at every participant.
type used struct {
	browser *formbrowser.Browser
	hint    string // id_token_hint

	missing int // participants that answer and were not told; crowd.mu guards it
	all     chan struct{}
}

// gather opens the participants' listeners.
func (p *provider) gather(ctx context.Context) (*crowd, error) {
	c := &crowd{p: p, over: make(chan struct{}), known: map[string]*used{}}
	for i := range p.o.Participants {
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", strings.TrimPrefix(p.o.at(i, ""), "http://"))
		if err != nil {
			c.close()
			return nil, err
		}
		s := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { c.hear(w, r, i) })}
		c.servers = append(c.servers, s)
		c.serving.Go(func() { _ = s.Serve(l) }) // it ends when it is closed
	}
	return c, nil
}

func (c *crowd) close() {
	close(c.over)
	for _, s := range c.servers {
		_ = s.Close() // nothing more was to come
	}
	c.serving.Wait()
}

// hear is a participant's back channel. It looks at the session's name only: what is measured is the hub.
func (c *crowd) hear(w http.ResponseWriter, r *http.Request, i int) {
	if i >= c.p.o.Participants-c.p.o.Hanging {
		select {
		case <-c.over:
		case <-r.Context().Done():
		}
		return
	}
	sid := sidOf(r.PostFormValue("logout_token"))
	w.WriteHeader(http.StatusNoContent)
	key := participantID(i) + " " + sid
	c.mu.Lock()
	defer c.mu.Unlock()
	u := c.known[key]
	if u == nil {
		return // told twice, or of somebody else's session
	}
	delete(c.known, key)
	if u.missing--; u.missing == 0 {
		close(u.all)
	}
}

// sidOf reads the sid of a token, and believes it: "" where there is none.
func sidOf(token string) string {
	var claims struct {
		SID string `json:"sid"`
	}
	if parts := strings.Split(token, "."); len(parts) == 3 {
		if raw, err := base64.RawURLEncoding.DecodeString(parts[1]); err == nil {
			_ = json.Unmarshal(raw, &claims) // no sid, then
		}
	}
	return claims.SID
}

// open signs somebody in at every participant.
func (c *crowd) open(ctx context.Context) (*used, error) {
	b, err := c.p.browser()
	if err != nil {
		return nil, err
	}
	o := c.p.o
	u := &used{browser: b, missing: o.Participants - o.Hanging, all: make(chan struct{})}
	for i := range o.Participants {
		g, err := c.p.codeFor(ctx, b, client{id: participantID(i), redirect: o.at(i, participantRedirect)}, "openid")
		if err != nil {
			return nil, errors.New(participantID(i) + ": " + err.Error())
		}
		sid := sidOf(g.ID)
		if sid == "" {
			return nil, errors.New("the ID token has no sid")
		}
		if i == 0 {
			u.hint = g.ID
		}
		if i < o.Participants-o.Hanging {
			c.mu.Lock()
			c.known[participantID(i)+" "+sid] = u
			c.mu.Unlock()
		}
	}
	return u, nil
}

// end signs out and waits until everybody that answers was told, and tells how long that took. What the page took goes to answered, when it is
// there: it waits for those that hang, which nobody here does.
func (c *crowd) end(ctx context.Context, u *used, answered func(time.Duration, error)) (time.Duration, error) {
	begin := c.p.o.Clock()
	go func() {
		page, err := u.browser.Open(ctx, c.p.m.EndSession+"?"+url.Values{"id_token_hint": {u.hint}}.Encode())
		if err == nil && page.Status >= http.StatusBadRequest {
			err = errors.New("the sign-out answers " + strconv.Itoa(page.Status))
		}
		answered(c.p.o.Clock().Sub(begin), err)
	}()
	late := time.NewTimer(mostWait)
	defer late.Stop()
	select {
	case <-u.all:
		return c.p.o.Clock().Sub(begin), nil
	case <-late.C:
		return 0, errors.New("not everybody was told in time")
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// logoutTold is a sign-out of a session with participants, until all of them that answer were told: one after the other, or so many a second.
func logoutTold(ctx context.Context, p *provider, out *Result) (err error) {
	o := p.o
	if p.m.EndSession == "" || o.Participants == 0 {
		return fmt.Errorf("%w, or no participants are asked for", errNotOffered)
	}
	out.Participants, out.Hanging, out.Concurrency = o.Participants, o.Hanging, 1
	c, err := p.gather(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	var told, answered histogram
	var mu sync.Mutex
	var pages sync.WaitGroup
	note := func(h *histogram, took time.Duration, err error) {
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			out.fail(err)
			return
		}
		h.add(took)
	}
	one := func(u *used) {
		pages.Add(1)
		took, err := c.end(ctx, u, func(took time.Duration, err error) {
			note(&answered, took, err)
			pages.Done()
		})
		note(&told, took, err)
	}
	begin := o.Clock()
	switch {
	case o.Logouts == 0:
		for first := true; ctx.Err() == nil && (first || o.Clock().Sub(begin) < o.Duration); first = false {
			u, err := c.open(ctx)
			if err != nil {
				return err
			}
			one(u)
		}
		out.Seconds = o.Clock().Sub(begin).Seconds()
	default:
		all, err := c.openMany(ctx, max(1, int(o.Duration.Seconds()*float64(o.Logouts))))
		if err != nil {
			return err
		}
		before, known := cpuOf(o.Server)
		begin = o.Clock()
		out.Concurrency = c.spread(ctx, all, one)
		out.Seconds = o.Clock().Sub(begin).Seconds()
		if after, ok := cpuOf(o.Server); ok && known {
			out.ServerCPU = float64((after - before).Microseconds()) / float64(len(all))
		}
	}
	pages.Wait()
	out.sum(&told)
	out.Answer = ms(answered.at(0.99))
	return ctx.Err()
}

func (r *Result) fail(err error) {
	r.Failures++
	if r.FirstError == "" {
		r.FirstError = err.Error()
	}
}

// openMany signs many people in, as many at once as there are workers.
func (c *crowd) openMany(ctx context.Context, n int) ([]*used, error) {
	all, failed := make([]*used, n), make([]error, n)
	next := make(chan int)
	var workers sync.WaitGroup
	for range c.p.o.Concurrency {
		workers.Go(func() {
			for i := range next {
				all[i], failed[i] = c.open(ctx)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	workers.Wait()
	return all, errors.Join(failed...)
}

// spread begins with each of them in its turn, so many a second, and waits for all. It tells how many were under way at most.
func (c *crowd) spread(ctx context.Context, all []*used, one func(*used)) (most int) {
	var under sync.WaitGroup
	var mu sync.Mutex
	now := 0
	tick := time.NewTicker(time.Second / time.Duration(c.p.o.Logouts))
	defer tick.Stop()
	for _, u := range all {
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
		under.Go(func() {
			mu.Lock()
			now++
			most = max(most, now)
			mu.Unlock()
			one(u)
			mu.Lock()
			now--
			mu.Unlock()
		})
	}
	under.Wait()
	return most
}
