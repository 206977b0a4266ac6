package bank

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"onedoor/federation/simulator"
	"onedoor/hub"
)

// sessionCookie is the bank's own, in the person's browser.
const sessionCookie = "__Host-bank"

// visit is the session of one person in one browser at the bank, with what was issued from it.
type visit struct {
	person simulator.Person
	sid    string
	uses   []string // client ids
}

// remembered gives the session of the browser, or begins one.
func (b *Bank) remembered(w http.ResponseWriter, r *http.Request, person simulator.Person, client string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c, err := r.Cookie(sessionCookie); err == nil {
		if v := b.visits[c.Value]; v != nil && v.person.Key == person.Key {
			if !slices.Contains(v.uses, client) {
				v.uses = append(v.uses, client)
			}
			return v.sid
		}
	}
	if len(b.visits) >= remember {
		clear(b.visits)
	}
	secret, v := simulator.Token(b.random), &visit{person: person, sid: simulator.Token(b.random), uses: []string{client}}
	b.visits[secret] = v
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Value: secret, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return v.sid
}

// here gives the session of the browser.
func (b *Bank) here(r *http.Request) (visit, bool) {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return visit{}, false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	v := b.visits[c.Value]
	if v == nil {
		return visit{}, false
	}
	return *v, true
}

// part ends the session of the browser.
func (b *Bank) part(w http.ResponseWriter, r *http.Request) (visit, bool) {
	v, was := b.here(r)
	if was {
		c, _ := r.Cookie(sessionCookie)
		b.mu.Lock()
		delete(b.visits, c.Value)
		b.mu.Unlock()
		http.SetCookie(w, &http.Cookie{Name: sessionCookie, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	return v, was
}

// Sessions counts the sessions at the bank.
func (b *Bank) Sessions() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.visits)
}

// endSession is the end_session_endpoint (OpenID Connect RP-Initiated Logout 1.0 section 2). A hint that is for another session than the
// browser's ends nothing; without a known client nobody is led anywhere.
func (b *Bank) endSession(w http.ResponseWriter, r *http.Request) {
	if !simulator.ParseForm(w, r) {
		b.message(w, http.StatusBadRequest, "Invalid request", "A parameter is there twice, or the request is too long.")
		return
	}
	f := r.Form
	client, known := b.clients.Find(f.Get("client_id"))
	to := f.Get("post_logout_redirect_uri")
	if to != "" && (!known || !slices.Contains(client.PostLogoutRedirectURIs, to)) {
		b.message(w, http.StatusBadRequest, "Invalid request", "The client or its post_logout_redirect_uri is not registered.")
		return
	}
	v, here := b.here(r)
	hint, hinted := b.hinted(f.Get("id_token_hint"))
	if here && (!hinted || hint == v.sid) {
		b.part(w, r)
		b.tell(context.WithoutCancel(r.Context()), v, client.ID)
	}
	if to == "" {
		b.message(w, http.StatusOK, "Signed out", "You are signed out of the bank.")
		return
	}
	params := url.Values{}
	if state := f.Get("state"); state != "" {
		params.Set("state", state)
	}
	simulator.Redirect(w, r, to, params)
}

// hinted gives the sid of an ID token of the bank's, expired or not.
func (b *Bank) hinted(raw string) (string, bool) {
	claims, ok := b.signer.Read(raw)
	if !ok || claims["iss"] != b.base {
		return "", false
	}
	sid, _ := claims["sid"].(string)
	return sid, sid != ""
}

// signOut is the person's own sign-out at the bank: every relying party is told.
func (b *Bank) signOut(w http.ResponseWriter, r *http.Request) {
	if !simulator.ParseForm(w, r) {
		b.message(w, http.StatusBadRequest, "Invalid request", "The form can't be read.")
		return
	}
	v, was := b.part(w, r)
	if !was {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	told := b.tell(r.Context(), v, "")
	text := "You are signed out of the bank, and the services that you used with it have confirmed that you are signed out there."
	if !told {
		text = "You are signed out of the bank. Not every service that you used with it has confirmed."
	}
	b.message(w, http.StatusOK, "Signed out", text)
}

// tell sends a logout token to every relying party of a session but one (OpenID Connect Back-Channel Logout 1.0 section 2.5).
func (b *Bank) tell(ctx context.Context, v visit, but string) bool {
	all := true
	for _, id := range v.uses {
		client, ok := b.clients.Find(id)
		if !ok || id == but || client.BackchannelLogoutURI == "" {
			continue
		}
		token, err := b.LogoutToken(client.ID, subject(v.person), v.sid)
		if err != nil || b.post(ctx, client.BackchannelLogoutURI, token) != http.StatusOK {
			all = false
		}
	}
	return all
}

// LogoutToken makes a logout token; an empty sub or sid is left out.
func (b *Bank) LogoutToken(client, sub, sid string) (string, error) {
	now := b.clock()
	c := map[string]any{
		"iss": b.base, "aud": client, "iat": now.Unix(), "exp": now.Add(logoutLife).Unix(), "jti": hub.NewID(b.random),
		"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}},
	}
	if sub != "" {
		c["sub"] = sub
	}
	if sid != "" {
		c["sid"] = sid
	}
	return b.signer.SignAs("logout+jwt", c)
}

// post gives the status of the answer, 0 for none.
func (b *Bank) post(ctx context.Context, to, token string) int {
	if b.http == nil {
		return 0
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, strings.NewReader(url.Values{"logout_token": {token}}.Encode()))
	if err != nil {
		return 0
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := b.http.Do(req)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 4<<10))
	return resp.StatusCode
}
