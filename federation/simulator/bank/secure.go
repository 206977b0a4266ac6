package bank

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"onedoor/federation/simulator"
	"onedoor/hub"
)

// authenticate takes a secret (RFC 6749 section 2.3.1) or an assertion signed with the client's own key (RFC 7523 section 2.2),
// which counts once, is for the bank, and is of now.
func (b *Bank) authenticate(r *http.Request) (simulator.Client, bool) {
	f := r.PostForm
	if !f.Has("client_assertion") {
		return b.clients.Authenticate(r, true)
	}
	client, known := b.clients.Find(f.Get("client_id"))
	if !known || client.Keys == nil || f.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" || f.Has("client_secret") {
		return simulator.Client{}, false
	}
	set, err := keySet(client)
	if err != nil {
		return simulator.Client{}, false
	}
	jws, err := jose.ParseSignedCompact(f.Get("client_assertion"), []jose.SignatureAlgorithm{jose.ES256, jose.PS256, jose.RS256})
	if err != nil || len(jws.Signatures) != 1 {
		return simulator.Client{}, false
	}
	for _, key := range set.Key(jws.Signatures[0].Protected.KeyID) {
		if payload, err := jws.Verify(key); err == nil && key.Use == "sig" && key.Algorithm == jws.Signatures[0].Protected.Algorithm {
			return client, b.fresh(client, payload)
		}
	}
	return simulator.Client{}, false
}

// fresh checks the claims of an assertion whose signature is good (RFC 7523 section 3).
func (b *Bank) fresh(client simulator.Client, payload []byte) bool {
	var c struct {
		Issuer   string `json:"iss"`
		Subject  string `json:"sub"`
		Audience string `json:"aud"` // one, as text
		ID       string `json:"jti"`
		Expires  int64  `json:"exp"`
	}
	now := b.clock()
	if json.Unmarshal(payload, &c) != nil || c.Issuer != client.ID || c.Subject != client.ID || c.Audience != b.base && c.Audience != b.base+"/token" ||
		c.ID == "" || c.Expires <= now.Unix() || c.Expires > now.Add(5*time.Minute).Unix() {
		return false
	}
	if _, used := b.seen.Get(c.ID); used {
		return false
	}
	b.seen.Put(c.ID, true)
	return true
}

func keySet(client simulator.Client) (jose.JSONWebKeySet, error) {
	var set jose.JSONWebKeySet
	raw, err := client.Keys()
	if err != nil {
		return set, err
	}
	return set, json.Unmarshal(raw, &set)
}

// par keeps an authorization request for a minute (RFC 9126 section 2).
func (b *Bank) par(w http.ResponseWriter, r *http.Request) {
	if b.push == PushNone {
		http.NotFound(w, r)
		return
	}
	if !simulator.ParseForm(w, r) {
		fail(w, http.StatusBadRequest, "invalid_request")
		return
	}
	client, ok := b.authenticate(r)
	if !ok {
		fail(w, http.StatusUnauthorized, "invalid_client")
		return
	}
	f := url.Values{}
	for name, v := range r.PostForm {
		if name != "client_secret" && name != "client_assertion" && name != "client_assertion_type" {
			f[name] = v
		}
	}
	if f.Get("client_id") != client.ID || f.Has("request_uri") || !r.PostForm.Has("redirect_uri") {
		fail(w, http.StatusBadRequest, "invalid_request")
		return
	}
	address := "urn:ietf:params:oauth:request_uri:" + simulator.Token(b.random)
	b.pushed.Put(address, f)
	simulator.WriteJSON(w, http.StatusCreated, map[string]any{"request_uri": address, "expires_in": int(pushLife / time.Second)})
}

// request gives what was asked: what was pushed, for the client that pushed it and once (RFC 9126 section 4), or the parameters.
func (b *Bank) request(f url.Values) (url.Values, bool) {
	address := f.Get("request_uri")
	if b.push == PushNone || address == "" {
		return f, b.push != PushRequired
	}
	pushed, ok := b.pushed.Take(address)
	return pushed, ok && pushed.Get("client_id") == f.Get("client_id")
}

// wanted gives the levels that were asked for: as a wish, or as essential (Core section 5.5.1.1).
func wanted(f url.Values) []string {
	var claims struct {
		IDToken struct {
			ACR struct {
				Values []string `json:"values"`
			} `json:"acr"`
		} `json:"id_token"`
	}
	if raw := f.Get("claims"); raw != "" && json.Unmarshal([]byte(raw), &claims) == nil && len(claims.IDToken.ACR.Values) > 0 {
		return claims.IDToken.ACR.Values
	}
	return strings.Fields(f.Get("acr_values"))
}

// writeUserInfo answers as the client is registered: plain, signed, encrypted or both (Core section 5.3.2).
func (b *Bank) writeUserInfo(w http.ResponseWriter, l login, c map[string]any) {
	client, _ := b.clients.Find(l.client)
	if !client.UserInfoSigned && client.UserInfoEncryption == "" {
		simulator.WriteJSON(w, http.StatusOK, c)
		return
	}
	var text, content string
	var err error
	if client.UserInfoSigned {
		c["iss"], c["aud"], content = b.base, client.ID, "JWT"
		text, err = b.signer.Sign(c)
	} else {
		var plain []byte
		plain, err = json.Marshal(c)
		text = string(plain)
	}
	if err == nil && client.UserInfoEncryption != "" {
		text, err = encrypt(client, client.UserInfoEncryption, text, content)
	}
	if err != nil {
		fail(w, http.StatusInternalServerError, "server_error")
		return
	}
	w.Header().Set("Content-Type", "application/jwt")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(text))
}

// encrypt gives the text as JWE for the client's key of the algorithm (RFC 7516), content in A256GCM.
func encrypt(client simulator.Client, alg, text, content string) (string, error) {
	const op = "bank.encrypt"
	if client.Keys == nil {
		return "", hub.Errorf(op, hub.Invalid, "the client has no keys")
	}
	set, err := keySet(client)
	if err != nil {
		return "", hub.E(op, hub.Invalid, err)
	}
	for _, key := range set.Keys {
		if key.Use == "enc" && key.Algorithm == alg {
			return simulator.Encrypt(key, content, text)
		}
	}
	return "", hub.Errorf(op, hub.Invalid, "the client has no key for this")
}
