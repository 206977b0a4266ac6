package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/hub/hubtest/formbrowser"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/login"
	"onedoor/hub/oidcop"
	"onedoor/tenants"
	"onedoor/tenants/entity"
	"onedoor/web/api"
)

// The seal is in one hand at a time, and no staff has a say.
const sealItem = `kind: Item
id: seal
department: revenue
names: {th: ก, en: Seal, zh: 印, vi: S}
category: returns
group: 3
sensitivity: sensitive
status: offered
actions: [file]
demands: {least: {ial: 2.1, aal: 2.1}, entity: delegation, exclusive: true}
`

// asked is one question to a node: may this operator, and when was it asked and answered.
type question struct {
	operator, node int
	begun, ended   time.Time
	yes            bool
}

// handing is a hand-over to an operator: when it was asked for and when it was confirmed.
type handing struct {
	to           int
	begun, ended time.Time
}

// exclusive is a company whose seal goes from hand to hand.
type exclusive struct {
	*firm
	seats  [2]string // of the operators
	tokens [2]string // of theirs, at the department
	head   string    // of the administrator, for the API
	mu     sync.Mutex
	asked  []question
}

// api asks a node as the entity's administrator.
func (x *exclusive) api(node int, method, path, body string) (int, map[string]any) {
	r := httptest.NewRequestWithContext(x.t.Context(), method, x.d.URL(hubHost)+api.Path+"/my/entities/"+string(x.id)+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+x.head)
	if method == http.MethodPost {
		r.Header.Set("Idempotency-Key", hub.NewID(hub.Randomness()))
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	x.nodes[node].public.Handler().ServeHTTP(w, r)
	m := map[string]any{}
	if err := json.Unmarshal(w.Body.Bytes(), &m); err != nil {
		x.t.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return w.Code, m
}

// hand gives the seal to an operator.
func (x *exclusive) hand(node, to int) int {
	status, m := x.api(node, http.MethodPost, "/delegations", `{"items":["seal"],"seat":"`+x.seats[to]+`"}`)
	if status != http.StatusCreated {
		x.t.Errorf("hand-over to %d at node %d: %d %v", to, node, status, m)
	}
	return status
}

// may asks a node about an operator, and keeps what it said.
func (x *exclusive) mayNow(node, operator int) bool {
	q := question{operator: operator, node: node, begun: time.Now()}
	q.yes, _ = x.may(node, "revenue-efiling", holder(x.tokens[operator]), "seal", "file")
	q.ended = time.Now()
	x.mu.Lock()
	x.asked = append(x.asked, q)
	x.mu.Unlock()
	return q.yes
}

// pace is how often each reader asks: often enough to look into every hand-over many times, and little for the machine.
const pace = 4 * time.Millisecond

// while asks every node about every operator, again and again, until do has returned.
func (x *exclusive) while(do func()) {
	done := make(chan struct{})
	var readers sync.WaitGroup
	for node := range x.nodes {
		for operator := range x.tokens {
			readers.Go(func() {
				next := time.NewTicker(pace)
				defer next.Stop()
				for {
					select {
					case <-done:
						return
					case <-next.C:
						x.mayNow(node, operator)
					}
				}
			})
		}
	}
	do()
	close(done)
	readers.Wait()
}

// newExclusive registers a company with two operators at the revenue department; all three have signed in.
func newExclusive(t *testing.T, b *bureau) *exclusive {
	t.Helper()
	d, hubs := b.d, b.nodes
	mali, tharn, lin := newWalker(t, d), newWalker(t, d), newWalker(t, d)
	d.apply(t, hubs, sealItem, nil)
	x := &exclusive{firm: newFirm(t, b, mali, tharn)}
	lin.press(lin.login(revenueHost, "thaid", "lin"), "decision", "allow")
	second, now := accountAt(t, hubs[0], "lin"), time.Now().UTC()
	_, secret, err := hubs[0].entities.Invite(t.Context(), x.master, x.id, entity.Order{Role: entity.Operator, Label: "Payroll", Terms: []entity.Term{{
		Department: "revenue", From: now.Add(-time.Minute), Until: now.Add(24 * time.Hour),
	}}})
	if err == nil {
		_, err = hubs[0].entities.Join(t.Context(), secret, second, entity.Least())
	}
	if err != nil {
		t.Fatal(err)
	}
	b.change("revenue-efiling", func(s *tenants.System) {
		o := *s.OIDC
		o.Scopes = append(slices.Clone(o.Scopes), tenants.ScopeEntityRead, tenants.ScopeEntityWrite)
		s.OIDC = &o
	})
	for i, w := range []*walker{tharn, lin} {
		tokens := x.redeemed(i%len(hubs), x.choose(w, x.ask(w, login.PartyChoose), string(x.id)))
		x.tokens[i], _ = tokens["access_token"].(string)
	}
	q := url.Values{
		"response_type": {"code"}, "client_id": {"revenue-efiling"}, "redirect_uri": {d.URL(revenueHost) + "/callback"}, "scope": {"openid entity.read entity.write"},
		"state": {"of-the-test"}, "code_challenge": {flowChallenge}, "code_challenge_method": {"S256"}, "act_for": {login.PartySelf},
	}
	var p *formbrowser.Page = mali.must(mali.b.Open(t.Context(), d.URL(hubHost)+oidcop.AuthorizePath+"?"+q.Encode()))
	x.head, _ = x.redeemed(0, x.choose(mali, p, ""))["access_token"].(string)
	status, desk := x.api(1, http.MethodGet, "", "")
	if status != http.StatusOK {
		t.Fatalf("the administrator's own entity: %d %v", status, desk)
	}
	for _, s := range desk["seats"].([]any) {
		switch seat := s.(map[string]any); seat["label"] {
		case "Accounts":
			x.seats[0], _ = seat["id"].(string)
		case "Payroll":
			x.seats[1], _ = seat["id"].(string)
		}
	}
	return x
}

// Invariant 5, ENT-04, RAZ-03, RAZ-08 over the wire: an exclusive item goes from hand to hand by the JSON API of two nodes on PostgreSQL, while both are
// asked about both operators all the time. Nobody ever sees it in two hands, whichever node they ask, nor in none or in the wrong one once a hand-over
// has been confirmed. Then many hand-overs and withdrawals at once: one hand or none is left, at both nodes the same.
func TestInvariant5_OneHandOverTheWire(t *testing.T) {
	t.Parallel()
	d, hubs, _ := startNodes(t, 2, sqltest.PostgresDSN(t))
	x := newExclusive(t, newBureau(t, d, hubs))
	var all []handing
	x.while(func() {
		for n := range 3 {
			h := handing{to: n % 2, begun: time.Now()}
			if x.hand(n%2, h.to) != http.StatusCreated {
				return
			}
			h.ended = time.Now()
			all = append(all, h)
			for node := range hubs { // whatever the readers got to: it is in this hand, and in no other
				if !x.mayNow(node, h.to) || x.mayNow(node, 1-h.to) {
					t.Errorf("hand-over %d is confirmed, and node %d says otherwise", n, node)
				}
			}
		}
	})
	x.judge(all)

	// Many at once, by way of both nodes. Of those that share a moment one comes after the other.
	x.asked = nil
	var wishes sync.WaitGroup
	x.while(func() {
		for n := range 12 {
			wishes.Go(func() {
				if n%4 != 3 {
					x.hand(n%2, n/2%2)
					return
				}
				_, list := x.api(n%2, http.MethodGet, "/delegations", "")
				for _, one := range list["delegations"].([]any) {
					id := one.(map[string]any)["id"].(string)
					if status, m := x.api(n%2, http.MethodPost, "/delegations/"+id+"/withdraw", ""); status != http.StatusOK && status != http.StatusConflict && status != http.StatusNotFound {
						t.Errorf("withdraw: %d %v", status, m)
					}
				}
			})
		}
		wishes.Wait()
	})
	x.rows()
	live, err := hubs[0].authz.store.DelegationsOf(t.Context(), x.id, true, 10)
	if err != nil || len(live) > 1 {
		t.Fatalf("invariant 5: %d hands, %v", len(live), err)
	}
	for node := range hubs {
		for operator, seat := range x.seats {
			_, list := x.api(node, http.MethodGet, "/delegations", "")
			holds := strings.Contains(fmt.Sprint(list), seat)
			if got := x.mayNow(node, operator); got != holds {
				t.Errorf("node %d, operator %d: %v, and %v", node, operator, got, list)
			}
		}
	}
}

// judge holds what the nodes said against the hand-overs.
func (x *exclusive) judge(all []handing) {
	x.t.Helper()
	yes := 0
	for n, h := range all {
		next, first := time.Now(), time.Time{} // the next hand-over, and the first yes to the new holder
		if n+1 < len(all) {
			next = all[n+1].begun
		}
		for _, q := range x.asked {
			if q.yes && q.operator == h.to && !q.begun.Before(h.begun) && q.ended.Before(next) {
				if yes++; first.IsZero() || q.ended.Before(first) {
					first = q.ended
				}
			}
		}
		for _, q := range x.asked {
			if q.ended.After(next) || q.begun.Before(h.begun) {
				continue
			}
			switch after := q.begun.After(h.ended); {
			case q.operator == h.to && after && !q.yes:
				x.t.Errorf("hand-over %d: node %d says no to who has it, %v after it was confirmed", n, q.node, q.begun.Sub(h.ended))
			case q.operator != h.to && after && q.yes:
				x.t.Errorf("hand-over %d: node %d says yes to who has it no more, %v after it was confirmed", n, q.node, q.begun.Sub(h.ended))
			case q.operator != h.to && q.yes && !first.IsZero() && q.begun.After(first):
				x.t.Errorf("hand-over %d: in two hands: node %d lets the first in %v after somebody has let in the second", n, q.node, q.begun.Sub(first))
			}
		}
	}
	if yes == 0 || len(all) == 0 {
		x.t.Error("nobody was ever let in: nothing was compared")
	}
}

// rows holds what the nodes said against what the table says that was: a yes only within a delegation of the operator's, or so shortly after its end that
// a node could not know; and no delegation began before every node knew of the end of the other's.
func (x *exclusive) rows() {
	x.t.Helper()
	all, err := x.nodes[0].authz.store.DelegationsOf(x.t.Context(), x.id, false, 200)
	if err != nil {
		x.t.Fatal(err)
	}
	lease := x.nodes[0].authz.memory.AnswerDelay()
	who := []hub.AccountID{x.operator, accountAt(x.t, x.nodes[0], "lin")}
	for _, q := range x.asked {
		if q.yes && !slices.ContainsFunc(all, func(d authz.Delegation) bool {
			return d.Operator == who[q.operator] && !q.ended.Before(d.From) && (d.EndedAt.IsZero() || q.begun.Before(d.EndedAt.Add(2*lease)))
		}) {
			x.t.Errorf("node %d says yes to operator %d, who had nothing", q.node, q.operator)
		}
	}
	counted := func(d authz.Delegation) bool { return d.EndedAt.IsZero() || d.From.Before(d.EndedAt) }
	for _, a := range all {
		for _, b := range all {
			if a.Operator != b.Operator && counted(a) && counted(b) && a.From.Before(b.From) && b.From.Before(a.EndedAt.Add(lease)) || a.EndedAt.IsZero() && a.From.Before(b.From) && counted(b) {
				x.t.Errorf("one begins at %v, and the other's has ended at %v", b.From, a.EndedAt)
			}
		}
	}
}
