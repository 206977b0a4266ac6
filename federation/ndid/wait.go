package ndid

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/login"
)

// Poll reports whether there is anything for Finish to find. It reads the request from the node when a callback has come, else every few
// seconds however often it is called. Unavailable where the node does not answer.
func (c *Connector) Poll(ctx context.Context, p federation.Provider, _ login.Ask, private []byte) (bool, error) {
	q, err := parse(private, p)
	if err != nil {
		return false, err
	}
	if q.Request == "" {
		return false, hub.E("ndid.Poll", hub.Refused, federation.AnswerMalformed)
	}
	now := c.clock()
	if now.After(q.until().Add(grace)) || now.Before(q.started().Add(-skew)) {
		return true, nil
	}
	due, told := c.desk.due(q.Reference, now, c.pollEvery)
	if !due && told == 0 {
		return false, nil
	}
	d, there, err := c.read(ctx, p, q)
	if err != nil {
		return false, err
	}
	if !there { // not on the chain yet, or never: a callback that says so is believed only with this
		return told != 0 || now.Sub(q.started()) > commitTime, nil
	}
	if d.open() {
		c.desk.pending(q.Reference, now)
		return false, nil
	}
	return true, nil
}

// Finish reads the request once more and judges it. What is over is closed at the platform, and the node drops its data, whatever the
// verdict. Kinds as in federation.Upstream; Expired where the person did not answer in time.
func (c *Connector) Finish(ctx context.Context, p federation.Provider, _ login.Ask, answer login.Answer) (federation.Claims, error) {
	const op = "ndid.Finish"
	q, err := parse(answer.Private, p)
	if err != nil {
		return federation.Claims{}, err
	}
	if q.Request == "" {
		return federation.Claims{}, hub.E(op, hub.Refused, federation.AnswerMalformed)
	}
	d, there, err := c.read(ctx, p, q)
	if err != nil {
		return federation.Claims{}, err
	}
	now := c.clock()
	if !there {
		return federation.Claims{}, c.absent(ctx, p, q)
	}
	accepted, no, code, ok := judge(p, q, d)
	if !ok && no == undecided && now.After(q.until()) {
		no = reaction{hub.Expired, federation.NotAnswered, ""}
	}
	c.clean(ctx, p, q, d.Closed || d.TimedOut)
	since := c.desk.close(q.Reference)
	if !ok {
		return federation.Claims{}, c.signal(ctx, p, op, no, code)
	}
	// When exactly the person approved, nobody tells. What counts is when they certainly had not yet: so no login is fresher than it was.
	if since.Before(q.started()) || since.After(now) {
		since = q.started()
	}
	return federation.Claims{
		Subject: q.Namespace + ":" + q.Number, AuthTime: since,
		Values: map[string]any{
			q.Namespace:        q.Number,
			federation.NDIDIAL: json.Number(federation.Decimal(accepted.IAL)),
			federation.NDIDAAL: json.Number(federation.Decimal(accepted.AAL)),
		},
	}, nil
}

// absent gives the error of a request that the platform does not know: because it did not come about, and a callback told why.
func (c *Connector) absent(ctx context.Context, p federation.Provider, q question) error {
	const op = "ndid.absent"
	_, told := c.desk.due(q.Reference, c.clock(), 0)
	c.desk.close(q.Reference)
	c.clean(ctx, p, q, true)
	if told > 0 {
		return c.signal(ctx, p, op, reactionTo(told, 0), told)
	}
	return c.signal(ctx, p, op, reaction{lost.kind, lost.cause, SignalPlatform}, 0)
}

// Abandon closes the request, so that nobody is asked for what nobody waits for, and has the node drop its data. Unavailable.
func (c *Connector) Abandon(ctx context.Context, p federation.Provider, _ login.Ask, private []byte) error {
	q, err := parse(private, p)
	if err != nil || q.Request == "" {
		return err
	}
	c.desk.close(q.Reference)
	if !c.clean(ctx, p, q, false) {
		return hub.E("ndid.Abandon", hub.Unavailable, federation.NodeFault)
	}
	return nil
}

// read reads the request; false where the platform does not know it (yet).
func (c *Connector) read(ctx context.Context, p federation.Provider, q question) (detail, bool, error) {
	const op = "ndid.read"
	got, err := c.get(ctx, p, op, "/utility/requests/"+q.Request)
	if err != nil {
		return detail{}, false, err
	}
	if n := code(got.body); got.missing() || n == 20012 || n == 25001 {
		return detail{}, false, nil
	}
	if err := c.failed(ctx, p, op, got); err != nil {
		return detail{}, false, err
	}
	var d detail
	if decode(got.body, &d) != nil || d.Status == "" {
		return detail{}, false, hub.E(op, hub.Refused, federation.ResponseMalformed)
	}
	return d, true, nil
}

// closeForm closes a request (POST /rp/request_close).
type closeForm struct {
	NodeID    string `json:"node_id,omitempty"`
	Reference string `json:"reference_id"`
	Callback  string `json:"callback_url"`
	Request   string `json:"request_id"`
}

type removalForm struct {
	NodeID string `json:"node_id,omitempty"`
}

// clean closes the request unless it is over, and has the node remove what it keeps of it (ETDA 1/2566 annex 6 cl. 19.2). It reports
// whether both was done. The person's browser may go away meanwhile.
func (c *Connector) clean(ctx context.Context, p federation.Provider, q question, over bool) bool {
	const op = "ndid.clean"
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanTimeout)
	defer cancel()
	done := true
	if !over {
		done = c.done(c.call(ctx, p, op, http.MethodPost, "/rp/request_close", nil, closeForm{
			NodeID: p.NDID.NodeID, Reference: hub.NewID(c.random), Callback: c.callbackURL(p, q), Request: q.Request,
		}))
	}
	removed := c.done(c.call(ctx, p, op, http.MethodPost, "/rp/request_data_removal/"+q.Request, nil, removalForm{NodeID: p.NDID.NodeID}))
	if !done || !removed {
		c.alert(ctx, p.ID, SignalCleaning, slog.Bool("closed", done), slog.Bool("removed", removed))
	}
	return done && removed
}

// done reports whether a call went well, or found done what it was to do.
func (c *Connector) done(r reply, err error) bool {
	if err != nil {
		return false
	}
	reaction, known := reactions[code(r.body)]
	return r.status < 300 || r.missing() || known && (reaction.cause == federation.RequestOver || reaction.cause == federation.NotAnswered || reaction.cause == federation.RequestLost)
}
