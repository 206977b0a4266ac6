package ndid

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"time"
)

// The retries of a callback: only where the connection failed. Any HTTP answer counts as delivered.
const (
	firstRetry  = 5 * time.Second
	longest     = 180 * time.Second
	retryFor    = 600 * time.Second
	jitterParts = 5 // 0.2
)

// delivery is a callback on its way.
type delivery struct {
	url   string
	body  map[string]any
	due   time.Time
	since time.Time
	wait  time.Duration
}

// tell queues a callback. The lock is held.
func (n *Node) tell(url string, body map[string]any) {
	if url == "" || n.faults.On(CallbackLost) {
		return
	}
	now := n.o.Clock()
	d := delivery{url: url, body: body, due: now.Add(n.o.BlockTime), since: now, wait: firstRetry}
	n.queue = append(n.queue, d)
	if n.faults.On(CallbackTwice) {
		n.queue = append(n.queue, d)
	}
}

// tellStatus queues a request_status, with a new block. It has no reference_id. The lock is held.
func (n *Node) tellStatus(r *request) {
	n.height++
	body := n.detail(r, n.o.CallbackVersion)
	delete(body, "creation_block_height")
	body["node_id"], body["type"], body["block_height"] = RelyingParty, "request_status", n.chain(n.height)
	n.tell(r.callback, body)
}

// tellResult queues the result of a creation or a closing. The lock is held.
func (n *Node) tellResult(kind, url, reference string, r *request, code int) {
	body := map[string]any{"node_id": RelyingParty, "type": kind, "success": code == 0, "reference_id": reference, "request_id": r.id}
	if code != 0 {
		body["error"] = map[string]any{"code": code, "message": messages[code]}
	} else if kind == "create_request_result" {
		body["creation_block_height"] = n.chain(r.block)
	}
	n.tell(url, body)
}

// Tick does what is due by the clock: requests time out, callbacks go out. Callbacks that fail come again.
func (n *Node) Tick(ctx context.Context) {
	n.delivering.Lock()
	defer n.delivering.Unlock()
	for _, d := range n.due() {
		if ctx.Err() != nil || n.deliver(ctx, d) {
			continue
		}
		n.retry(d)
	}
}

// due times requests out and takes what is due from the queue.
func (n *Node) due() []delivery {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := n.o.Clock()
	for _, id := range n.order {
		r := n.requests[id]
		if !r.over() && !now.Before(r.created.Add(time.Duration(r.timeout)*time.Second)) {
			r.timedOut = true
			n.tellStatus(r)
			n.forget(r)
		}
	}
	var out []delivery
	n.queue = slices.DeleteFunc(n.queue, func(d delivery) bool {
		if now.Before(d.due) {
			return false
		}
		out = append(out, d)
		return true
	})
	if n.faults.On(CallbackDisorder) {
		slices.Reverse(out)
	}
	return out
}

// forget drops what a node keeps of a request only while it is open: reference and callback URL. The lock is held.
func (n *Node) forget(r *request) {
	delete(n.references, r.reference)
	r.callback = ""
}

func (n *Node) retry(d delivery) {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := n.o.Clock()
	var b [1]byte
	_, _ = io.ReadFull(n.o.Random, b[:])
	jitter := d.wait / jitterParts * time.Duration(int(b[0])-128) / 128
	d.due, d.wait = now.Add(d.wait+jitter), min(2*d.wait, longest)
	if d.due.Sub(d.since) < retryFor {
		n.queue = append(n.queue, d)
	}
}

// deliver posts a callback, without anything that would prove where it comes from. It reports whether anybody answered.
func (n *Node) deliver(ctx context.Context, d delivery) bool {
	text, err := json.Marshal(d.body)
	if err != nil {
		return true
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url, bytes.NewReader(text))
	if err != nil {
		return true
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := n.o.HTTP.Do(req)
	if err != nil {
		return false
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20))
	return resp.Body.Close() == nil
}

// Waiting counts the callbacks that are not delivered yet.
func (n *Node) Waiting() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.queue)
}
