package bank

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"time"

	"onedoor/federation/simulator"
)

func fail(w http.ResponseWriter, status int, word string) {
	simulator.WriteJSON(w, status, map[string]any{"error": word})
}

// token redeems a code: once, for the client and address it was made for, with the right verifier (RFC 7636 section 4.6).
func (b *Bank) token(w http.ResponseWriter, r *http.Request) {
	if !simulator.ParseForm(w, r) {
		fail(w, http.StatusBadRequest, "invalid_request")
		return
	}
	client, ok := b.authenticate(r)
	if !ok {
		w.Header().Set("WWW-Authenticate", `Basic realm="bank"`)
		fail(w, http.StatusUnauthorized, "invalid_client")
		return
	}
	f := r.PostForm
	if f.Get("grant_type") != "authorization_code" {
		fail(w, http.StatusBadRequest, "unsupported_grant_type")
		return
	}
	l, ok := b.codes.Take(f.Get("code"))
	if !ok || l.client != client.ID || l.redirect != f.Get("redirect_uri") || !verified(l.challenge, f.Get("code_verifier")) {
		fail(w, http.StatusBadRequest, "invalid_grant")
		return
	}
	if b.trouble(w, r, l.faults) {
		return
	}
	access := simulator.Token(b.random)
	b.tokens.Put(access, l)
	body := map[string]any{
		"access_token": access, "token_type": "Bearer", "expires_in": int(tokenLife / time.Second), "scope": strings.Join(l.scopes, " "),
	}
	if !l.faults[NoIDToken] {
		id, err := b.idToken(l, client, access, b.clock())
		if err == nil && client.IDTokenEncryption != "" {
			id, err = encrypt(client, client.IDTokenEncryption, id, "JWT")
		}
		if err != nil {
			fail(w, http.StatusInternalServerError, "server_error")
			return
		}
		body["id_token"] = id
	}
	if l.faults[MACTokenType] {
		body["token_type"] = "mac"
	}
	simulator.WriteJSON(w, http.StatusOK, body)
}

func verified(challenge, verifier string) bool {
	if len(verifier) < 43 || len(verifier) > 128 {
		return false
	}
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) == 1
}

// trouble does what a bad day does to the token endpoint, and reports whether it answered.
func (b *Bank) trouble(w http.ResponseWriter, r *http.Request, faults map[Fault]bool) bool {
	switch {
	case faults[SlowToken]:
		timer := time.NewTimer(b.slow)
		defer timer.Stop()
		select {
		case <-timer.C:
			return false
		case <-r.Context().Done():
			return true
		}
	case faults[TokenError]:
		http.Error(w, "Internal Server Error", http.StatusInternalServerError)
	case faults[HugeToken]:
		pad(w, 8<<20)
	case faults[EndlessToken]:
		for r.Context().Err() == nil {
			if !pad(w, 64<<10) {
				break
			}
		}
	case faults[RedirectedToken]:
		http.Redirect(w, r, b.base+"/jwks", http.StatusTemporaryRedirect)
	case faults[GarbledToken]:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"access_token":"x","token_type":"Bearer"} trailing`))
	default:
		return false
	}
	return true
}

// pad writes n bytes of white space, which is good JSON as far as it goes.
func pad(w http.ResponseWriter, n int) bool {
	w.Header().Set("Content-Type", "application/json")
	block := []byte(strings.Repeat(" ", 32<<10))
	for ; n > 0; n -= len(block) {
		if _, err := w.Write(block); err != nil {
			return false
		}
	}
	return true
}

// idToken says who logged in, how and when (Core section 2). The person's claims are at UserInfo.
func (b *Bank) idToken(l login, client simulator.Client, access string, now time.Time) (string, error) {
	acr, amr := l.acr, []string{"pwd"}
	if acr == ACRTwoFactor {
		amr = []string{"pwd", "otp", "mfa"}
	}
	c := map[string]any{
		"iss": b.base, "sub": subject(l.person), "aud": client.ID, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
		"auth_time": l.at.Unix(), "acr": acr, "amr": amr, "at_hash": simulator.AtHash(access), "c_hash": simulator.AtHash(l.code), "sid": l.sid,
	}
	if l.nonce != "" {
		c["nonce"] = l.nonce
	}
	spoil(l.faults, c, now)
	switch {
	case l.faults[AlgNone]:
		return simulator.Unsigned(c)
	case l.faults[AlgHMAC]:
		return simulator.SignedWithSecret(client.Secret, c)
	case l.faults[ForgedSignature]:
		return b.signer.SignRogue(c)
	case l.faults[WrongType]:
		return b.signer.SignAs("logout+jwt", c)
	default:
		return b.signer.Sign(c)
	}
}

// spoil changes the claims as the faults say.
func spoil(faults map[Fault]bool, c map[string]any, now time.Time) {
	set := map[Fault]map[string]any{
		WrongAudience:  {"aud": "another-client"},
		SecondAudience: {"aud": []any{c["aud"], "another-client"}},
		WrongParty:     {"azp": "another-client"},
		WrongNonce:     {"nonce": "another"},
		NoNonce:        {"nonce": nil},
		WrongIssuer:    {"iss": "https://other-bank.example"},
		Expired:        {"exp": now.Add(-time.Minute).Unix()},
		NotYetValid:    {"nbf": now.Add(time.Hour).Unix()},
		OldToken:       {"iat": now.Add(-time.Hour).Unix()},
		FutureToken:    {"iat": now.Add(time.Hour).Unix()},
		WrongAtHash:    {"at_hash": simulator.AtHash("another")},
		NoSubject:      {"sub": nil},
		NoAuthTime:     {"auth_time": nil},
		OldAuthTime:    {"auth_time": now.Add(-48 * time.Hour).Unix()},
		FutureAuthTime: {"auth_time": now.Add(time.Hour).Unix()},
		LowACR:         {"acr": ACRPassword, "amr": []string{"pwd"}},
		UnknownACR:     {"acr": "urn:sabaidee-bank:acr:palm-reading", "amr": []string{"palm"}},
		UnknownAMR:     {"acr": nil, "amr": []string{"palm"}},
	}
	for fault, changes := range set {
		if !faults[fault] {
			continue
		}
		for name, v := range changes {
			if v == nil {
				delete(c, name)
			} else {
				c[name] = v
			}
		}
	}
}

// userinfo gives the claims of the granted scopes (Core section 5.3).
func (b *Bank) userinfo(w http.ResponseWriter, r *http.Request) {
	access, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	l, ok := b.tokens.Get(access)
	if !bearer || !ok {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		fail(w, http.StatusUnauthorized, "invalid_token")
		return
	}
	switch {
	case l.faults[UserInfoError]:
		http.Error(w, "Internal Server Error", http.StatusInternalServerError)
		return
	case l.faults[HugeUserInfo]:
		pad(w, 8<<20)
		return
	}
	c := claims(l)
	switch {
	case l.faults[UserInfoSwap]:
		other := b.people[0]
		if other.Key == l.person.Key {
			other = b.people[len(b.people)-1]
		}
		l.person = other
		c = claims(l)
	case l.faults[UserInfoNoSub]:
		delete(c, "sub")
	case l.faults[WrongPerson]:
		number := l.person.CitizenID
		c["national_id"] = number[:12] + string((number[12]-'0'+1)%10+'0')
	case l.faults[UserInfoEvidence]:
		e := l.person.Evidence
		c["laser_code"], c["chip_number"], c["bp1_number"] = e.Laser, e.Chip, e.CardRequest
		c["idcard"] = map[string]any{"chip": e.Chip, "laser": e.Laser}
	}
	b.writeUserInfo(w, l, c)
}

// claims are the person's in the bank's words: standard claims with language tags (Core section 5.2).
func claims(l login) map[string]any {
	p := l.person
	c := map[string]any{"sub": subject(p)}
	put := func(name string, v string) {
		if v != "" {
			c[name] = v
		}
	}
	if slices.Contains(l.scopes, "profile") {
		put("name", p.NameEN())
		put("name#th", p.Name())
		put("given_name", p.GivenNameEN)
		put("given_name#th", p.GivenName)
		put("middle_name", p.MiddleNameEN)
		put("middle_name#th", p.MiddleName)
		put("family_name", p.FamilyNameEN)
		put("family_name#th", p.FamilyName)
		put("title", p.TitleEN)
		put("title#th", p.Title)
		put("gender", p.Gender)
		put("birthdate", strings.ReplaceAll(p.Birthdate, "-00", "")) // Core section 5.1: a year alone is allowed
	}
	if slices.Contains(l.scopes, "address") {
		c["address"] = map[string]any{"formatted": p.Address, "country": "TH"}
	}
	if slices.Contains(l.scopes, "national_id") {
		put("national_id", p.CitizenID)
	}
	return c
}

// revoke forgets a token; an unknown one is no error (RFC 7009 section 2.2).
func (b *Bank) revoke(w http.ResponseWriter, r *http.Request) {
	if !simulator.ParseForm(w, r) {
		fail(w, http.StatusBadRequest, "invalid_request")
		return
	}
	client, ok := b.authenticate(r)
	if !ok {
		fail(w, http.StatusUnauthorized, "invalid_client")
		return
	}
	access := r.PostForm.Get("token")
	if l, ok := b.tokens.Get(access); ok && l.client == client.ID {
		b.tokens.Take(access)
	}
	w.WriteHeader(http.StatusOK)
}
