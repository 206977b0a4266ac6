package ndid

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/login"
)

// Submit checks the number, and has the identity provider that was picked ask the person. The page again where something was wrong
// with what was typed or picked; else a wait. Expired where too little of the login's time is left; TooMany where this number was
// asked too often; and what the platform says.
func (c *Connector) Submit(ctx context.Context, p federation.Provider, ask login.Ask, answer login.Answer) (login.Redirect, error) {
	const op = "ndid.Submit"
	if _, err := parse(answer.Private, p); err != nil {
		return login.Redirect{}, err
	}
	number, err := p.Person.Parse(answer.Params[numberField])
	if err != nil {
		return c.page(ctx, p, ask, problem{number: hub.Invalid})
	}
	picked := answer.Params[idpField]
	if picked == "" || len(picked) > maxIDPID {
		return c.page(ctx, p, ask, problem{idp: hub.Invalid})
	}
	least, err := c.least(ctx, p, ask.Want)
	if err != nil {
		return login.Redirect{}, err
	}
	now := c.clock()
	life, err := lifetime(*p.NDID, ask, now)
	if err != nil {
		return login.Redirect{}, err
	}
	may, err := c.mayAsk(ctx, c.index("ndid-number", string(p.ID), p.NDID.Namespace, number.Value), now)
	if err != nil {
		return login.Redirect{}, err
	}
	if !may {
		return login.Redirect{}, c.signal(ctx, p, op, reaction{hub.TooMany, federation.NumberAskedOften, SignalPushing}, 0)
	}
	code := c.code()
	q := question{
		Provider: p.ID, Node: p.NDID.Node, Reference: hub.NewID(c.random),
		Salt:      base64.StdEncoding.EncodeToString(hub.NewSecret(c.random).Bytes()),
		Namespace: p.NDID.Namespace, Number: number.Value, Message: message(*p.NDID, ask, code), IDP: picked, IAL: least.IAL, AAL: least.AAL,
		Started: now.UnixMicro(), Until: now.Add(life).UnixMicro(), Mode: modeDirect,
	}
	if p.NDID.Modes != federation.DirectOnly {
		known, err := c.onboarded(ctx, p, number.Value, picked, least)
		switch {
		case err != nil:
			return login.Redirect{}, err
		case known:
			q.Mode = modeOnboarded
		case p.NDID.Modes == federation.OnboardedOnly:
			return c.page(ctx, p, ask, problem{idp: hub.NotFound})
		}
	}
	if err := c.create(ctx, p, &q, life); err != nil {
		var no refusal
		if errors.As(err, &no) && aboutIDP(no.code) { // it went away since the page was made
			return c.page(ctx, p, ask, problem{idp: hub.Unavailable})
		}
		return login.Redirect{}, err
	}
	private, err := encode(q)
	if err != nil {
		return login.Redirect{}, err
	}
	wait := &login.Wait{Code: code, Names: c.nameOf(ctx, p, picked, least), Until: q.until()}
	return login.Redirect{Wait: wait, Private: private}, nil
}

// lifetime gives how long the person has, in whole seconds.
func lifetime(n federation.NDID, ask login.Ask, now time.Time) (time.Duration, error) {
	life := n.RequestTimeout
	if life == 0 {
		life = federation.DefaultNDIDTimeout
	}
	if !ask.Until.IsZero() {
		life = min(life, ask.Until.Sub(now)-2*grace)
	}
	if life = life.Truncate(time.Second); life < shortest {
		return 0, hub.E("ndid.lifetime", hub.Expired, federation.TooLate)
	}
	return life, nil
}

// nameOf gives the names of the identity provider once more. The request is under way: not to know a name is no reason to fail.
func (c *Connector) nameOf(ctx context.Context, p federation.Provider, id string, least levels) hub.Text {
	if names, ok := p.NDID.IDPNames[id]; ok {
		return names
	}
	idps, _ := c.identityProviders(ctx, p, least)
	for _, i := range idps {
		if i.id == id {
			return i.names
		}
	}
	return hub.Text{"en": id}
}

// requestForm creates a request (POST /rp/requests/{namespace}/{identifier}).
type requestForm struct {
	NodeID    string      `json:"node_id,omitempty"`
	Reference string      `json:"reference_id"`
	Callback  string      `json:"callback_url"`
	Mode      int         `json:"mode"`
	IDPs      []string    `json:"idp_id_list"`
	Data      []string    `json:"data_request_list"` // none: the hub asks identity providers only
	Message   string      `json:"request_message"`
	IAL       json.Number `json:"min_ial"`
	AAL       json.Number `json:"min_aal"`
	MinIDP    int         `json:"min_idp"`
	Timeout   int64       `json:"request_timeout"` // seconds
	Bypass    bool        `json:"bypass_identity_check"`
	Salt      string      `json:"initial_salt"`
	Type      string      `json:"request_type,omitempty"`
}

// refusal is an error with the platform's code, for the one step that must look at it.
type refusal struct {
	code int
	error
}

func (r refusal) Unwrap() error { return r.error }

// create has the request made, and notes its id. Where the platform does not know the person although it did just now, or where the
// first try went unanswered, it goes on by the other mode, or with the request that came about all the same.
func (c *Connector) create(ctx context.Context, p federation.Provider, q *question, life time.Duration) error {
	const op = "ndid.create"
	c.desk.open(q.Reference, q.until().Add(grace))
	for {
		f := requestForm{
			NodeID: p.NDID.NodeID, Reference: q.Reference, Callback: c.callbackURL(p, *q), Mode: q.Mode,
			IDPs: []string{q.IDP}, Data: []string{}, Message: q.Message, IAL: json.Number(q.IAL), AAL: json.Number(q.AAL), MinIDP: 1,
			Timeout: int64(life / time.Second), Salt: q.Salt, Type: p.NDID.RequestType,
		}
		got, err := c.call(ctx, p, op, http.MethodPost, "/rp/requests/"+url.PathEscape(q.Namespace)+"/"+url.PathEscape(q.Number), nil, f)
		n := code(got.body)
		switch {
		case err != nil && hub.KindOf(err) == hub.Unavailable, err == nil && n == codeReferenceUsed:
			if c.find(ctx, p, q) {
				return nil
			}
			if err == nil {
				err = c.failed(ctx, p, op, got)
			}
			return err
		case err != nil:
			return err
		case (n == 20020 || n == 20071) && q.Mode == modeOnboarded && p.NDID.Modes != federation.OnboardedOnly:
			q.Mode = modeDirect
			continue
		}
		if err := c.failed(ctx, p, op, got); err != nil {
			return refusal{n, err}
		}
		var made struct {
			Request string `json:"request_id"`
			Salt    string `json:"initial_salt"`
		}
		if decode(got.body, &made) != nil || !requestID(made.Request) || made.Salt != "" && made.Salt != q.Salt {
			return hub.E(op, hub.Refused, federation.ResponseMalformed)
		}
		q.Request = made.Request
		return nil
	}
}

// find looks for a request that came about although its creation went unanswered.
func (c *Connector) find(ctx context.Context, p federation.Provider, q *question) bool {
	var query url.Values
	if p.NDID.NodeID != "" {
		query = url.Values{"node_id": {p.NDID.NodeID}}
	}
	got, err := c.call(ctx, p, "ndid.find", http.MethodGet, "/rp/request_references/"+q.Reference, query, nil)
	var made struct {
		Request string `json:"request_id"`
	}
	if err != nil || got.status != http.StatusOK || decode(got.body, &made) != nil || !requestID(made.Request) {
		return false
	}
	q.Request = made.Request
	return true
}

// requestID reports whether s has the form of the platform's request ids: 64 hexadecimal digits.
func requestID(s string) bool { return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == "" }
