package oidcop

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/logout"
)

// LogoutNoticesPath is where a department's system reads what it was told of sign-outs.
const LogoutNoticesPath = "/logout/notices"

// mostNotices bounds one answer.
const mostNotices = 200

// noticeWire is one row: what the system itself was told, and nothing of any other system or person.
type noticeWire struct {
	ID      string `json:"id"` // the jti or SAML ID of the message is made from it
	Subject string `json:"sub"`
	State   string `json:"state"`
	Reason  string `json:"reason,omitempty"`
	Tries   int    `json:"tries"`
	At      int64  `json:"at"` // of the sign-out; seconds since 1970
	DoneAt  int64  `json:"done_at,omitempty"`
	Until   int64  `json:"until"` // until when it is tried
}

// LogoutNotices gives the endpoint at which a system that proves who it is reads its own rows of the ledger of sign-outs, latest first:
// GET with HTTP Basic, or POST with any way of client authentication. before (seconds since 1970) and limit (1 to 200) choose.
func (p *Provider) LogoutNotices(list func(ctx context.Context, system hub.SystemID, before time.Time, limit int) ([]logout.Notice, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !allow(w, r, http.MethodGet, http.MethodPost) {
			return
		}
		ctx := r.Context()
		caller, form, bad := p.reader(w, r)
		var all []logout.Notice
		if bad == nil {
			var before time.Time
			var limit int
			if before, limit, bad = p.span(form); bad == nil {
				var err error
				if all, err = list(ctx, caller.ID, before, limit); err != nil {
					bad = fault(err)
				}
			}
		}
		if bad != nil {
			p.note(ctx, "logout.notices_refused", bad, audit.Event{System: caller.ID})
			answer(w, bad)
			return
		}
		rows := []noticeWire{}
		for _, n := range all {
			row := noticeWire{
				ID: n.ID, Subject: p.subject(caller, n.Account), State: string(n.State), Reason: n.Reason, Tries: n.Tries, At: n.At.Unix(), Until: n.Until.Unix(),
			}
			if !n.DoneAt.IsZero() {
				row.DoneAt = n.DoneAt.Unix()
			}
			rows = append(rows, row)
		}
		writeJSON(w, http.StatusOK, map[string]any{"notices": rows})
	}
}

// reader proves who asks. Public clients have nothing to prove it with.
func (p *Provider) reader(w http.ResponseWriter, r *http.Request) (Client, params, *refusal) {
	form, bad := params{}, (*refusal)(nil)
	if r.Method == http.MethodGet {
		var err error
		if form, err = parseParams(r.URL.RawQuery); err != nil || form.doubled() || form.get("client_id") != "" || form.get("client_secret") != "" {
			return Client{}, form, refuse(codeInvalidRequest, "credentials go into the Authorization header").from(err)
		}
	} else if form, bad = clientForm(w, r); bad != nil {
		return Client{}, form, bad
	}
	caller, bad := p.authenticate(r.Context(), r, form)
	if bad == nil && caller.AuthMethod == authNone {
		bad = refuse(codeInvalidClient, "client authentication failed").because("public_client")
	}
	return caller, form, bad
}

func (p *Provider) span(form params) (before time.Time, limit int, bad *refusal) {
	before, limit = p.now().Add(time.Second), mostNotices
	if raw := form.get("before"); raw != "" {
		n, err := strconv.ParseInt(raw, 10, 40)
		if err != nil || n < 0 {
			return before, limit, refuse(codeInvalidRequest, "before is no time")
		}
		before = time.Unix(n, 0)
	}
	if raw := form.get("limit"); raw != "" {
		n, err := strconv.Atoi(raw)
		if err != nil || n < 1 || n > mostNotices {
			return before, limit, refuse(codeInvalidRequest, "limit is out of range")
		}
		limit = n
	}
	return before, limit, nil
}
