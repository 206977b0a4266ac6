package thaid

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"onedoor/federation/simulator"
)

// fail answers an error as ThaID words it.
func fail(w http.ResponseWriter, status int, word string) {
	simulator.WriteJSON(w, status, map[string]any{"error": word, "error_description": word})
}

// enter checks what every back-channel call needs: the API key where one is required, and the client.
func (t *ThaID) enter(w http.ResponseWriter, r *http.Request) (simulator.Client, bool) {
	if !simulator.ParseForm(w, r) {
		fail(w, http.StatusBadRequest, "invalid_request")
		return simulator.Client{}, false
	}
	if t.faults.On(APIKeyRequired) && !t.hasKey(r) {
		fail(w, http.StatusUnauthorized, "unauthorized_client")
		return simulator.Client{}, false
	}
	client, ok := t.clients.Authenticate(r, true)
	if !ok {
		fail(w, http.StatusUnauthorized, "invalid_client")
		return simulator.Client{}, false
	}
	return client, true
}

func (t *ThaID) hasKey(r *http.Request) bool {
	return t.apiKey != "" && r.Header.Get("x-api-key") == t.apiKey
}

// token redeems a code: once, for the client and the address that it was made for.
func (t *ThaID) token(w http.ResponseWriter, r *http.Request) {
	client, ok := t.enter(w, r)
	if !ok {
		return
	}
	f := r.PostForm
	if f.Get("grant_type") != "authorization_code" {
		fail(w, http.StatusBadRequest, "unsupported_grant_type")
		return
	}
	a, ok := t.codes.Take(f.Get("code"))
	if !ok || a.client != client.ID || a.redirect != f.Get("redirect_uri") || a.faults[CodeUsed] {
		fail(w, http.StatusBadRequest, "invalid_request")
		return
	}
	if a.faults[APIKeyRequired] && !t.hasKey(r) {
		fail(w, http.StatusUnauthorized, "unauthorized_client")
		return
	}
	if a.faults[SlowToken] && !t.dawdle(r) {
		return // the caller went away
	}
	if a.faults[ServerError] {
		fail(w, http.StatusInternalServerError, "server_error")
		return
	}
	access := simulator.Token(t.random)
	t.tokens.Put(access, a)
	body := map[string]any{"access_token": access, "token_type": "Bearer", "scope": strings.Join(a.scopes, " ")}
	now := t.clock()
	switch {
	case a.faults[StandardExpiry]:
		body["expires_in"] = int(tokenLife / time.Second)
	case a.faults[ExpiredToken]:
		body["expire_in"] = now.Add(-time.Hour).Unix()
	default:
		body["expire_in"] = now.Add(tokenLife).Unix()
	}
	if slices.Contains(a.scopes, "openid") {
		id, err := t.idToken(a, access, now)
		if err != nil {
			fail(w, http.StatusInternalServerError, "server_error")
			return
		}
		body["id_token"] = id
	} else {
		for name, v := range claims(a) {
			body[name] = v
		}
	}
	simulator.WriteJSON(w, http.StatusOK, body)
}

// dawdle waits, and reports false where the caller did not wait as long.
func (t *ThaID) dawdle(r *http.Request) bool {
	timer := time.NewTimer(t.slow)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

func (t *ThaID) idToken(a approval, access string, now time.Time) (string, error) {
	body := claims(a)
	body["iss"], body["sub"], body["aud"] = t.base, a.person.CitizenID, a.client
	body["iat"], body["exp"] = now.Unix(), now.Add(tokenLife).Unix()
	body["at_hash"] = simulator.AtHash(access)
	if a.nonce != "" {
		body["nonce"] = a.nonce
	}
	if a.faults[WrongNonce] {
		body["nonce"] = "another"
	}
	if a.faults[WrongAudience] {
		body["aud"] = "another-client"
	}
	switch {
	case a.faults[AlgNone]:
		return simulator.Unsigned(body)
	case a.faults[ForgedSignature]:
		return t.signer.SignRogue(body)
	default:
		return t.signer.Sign(body)
	}
}

// claims are the person's, for the scopes, and the evidence numbers, always.
func claims(a approval) map[string]any {
	p := a.person
	all := map[string]any{
		"pid": p.CitizenID, "name": p.Name(), "name_en": p.NameEN(), "title": p.Title, "title_en": p.TitleEN,
		"given_name": p.GivenName, "middle_name": p.MiddleName, "family_name": p.FamilyName,
		"given_name_en": p.GivenNameEN, "middle_name_en": p.MiddleNameEN, "family_name_en": p.FamilyNameEN,
		"birthdate": p.Birthdate, "gender": p.Gender, "address": p.Address, "house_address": p.Address,
		"smartcard_code": p.Evidence.Smartcard, "date_of_issuance": "2021-01-05", "date_of_expiry": "2030-01-04", "ial": p.IAL,
	}
	if a.faults[MissingFamilyName] {
		delete(all, "family_name")
		delete(all, "family_name_en")
	}
	switch {
	case a.faults[BirthdateZeros]:
		all["birthdate"] = "1980-00-00"
	case a.faults[BirthdateYear]:
		all["birthdate"] = "1980"
	}
	if a.faults[AddressObject] {
		all["address"] = map[string]any{"formatted": p.Address, "country": "TH"}
	}
	switch {
	case a.faults[IALLow]:
		all["ial"] = "1.3"
	case a.faults[IALUnknown]:
		all["ial"] = "2.30"
	case a.faults[IALNumber]:
		all["ial"] = json.Number(p.IAL)
	}
	if a.faults[WrongCitizenNumber] {
		last := (p.CitizenID[12]-'0'+1)%10 + '0'
		all["pid"] = p.CitizenID[:12] + string(last)
	}
	out := evidence(p.Evidence)
	for _, s := range a.scopes {
		if v, ok := all[s]; ok && v != "" {
			out[s] = v
		}
	}
	return out
}

// evidence are the numbers that nobody may forward, under many names and at several depths.
func evidence(e simulator.Evidence) map[string]any {
	return map[string]any{
		"laser": e.Laser, "laser_id": e.Laser, "laserCode": e.Laser, "LASER_NO": e.Laser, "jc_laser": e.Laser, "เลขเลเซอร์": e.Laser,
		"back_code": e.Laser, "chip": e.Chip, "chip_no": e.Chip, "chipId": e.Chip, "chip-serial": e.Chip, "หมายเลขชิป": e.Chip,
		"card_request_no": e.CardRequest, "requestNo": e.CardRequest, "bp1_no": e.CardRequest, "เลขคำขอมีบัตร": e.CardRequest,
		"smartcard_code": e.Smartcard, "card_no": e.Smartcard, "smartCardCode": e.Smartcard,
		"card": map[string]any{
			"laser": e.Laser, "chip": map[string]any{"number": e.Chip}, "request": map[string]any{"number": e.CardRequest},
			"expires": "2030-01-04",
		},
		"cards": []any{map[string]any{"laserID": e.Laser, "card_no": e.Smartcard}},
	}
}

// held finds the token of a form, which carries the word Bearer inside the value.
func (t *ThaID) held(r *http.Request) (string, approval, bool) {
	access, bearer := strings.CutPrefix(r.PostForm.Get("token"), "Bearer ")
	if !bearer {
		return "", approval{}, false
	}
	a, ok := t.tokens.Get(access)
	return access, a, ok
}

func (t *ThaID) introspect(w http.ResponseWriter, r *http.Request) {
	client, ok := t.enter(w, r)
	if !ok {
		return
	}
	_, a, ok := t.held(r)
	if !ok || a.client != client.ID {
		simulator.WriteJSON(w, http.StatusOK, map[string]any{"active": false})
		return
	}
	simulator.WriteJSON(w, http.StatusOK, map[string]any{"active": true, "sub": a.person.CitizenID, "scope": strings.Join(a.scopes, " ")})
}

func (t *ThaID) revoke(w http.ResponseWriter, r *http.Request) {
	client, ok := t.enter(w, r)
	if !ok {
		return
	}
	access, a, ok := t.held(r)
	if !ok || a.client != client.ID {
		fail(w, http.StatusBadRequest, "invalid_request")
		return
	}
	t.tokens.Take(access)
	simulator.WriteJSON(w, http.StatusOK, map[string]any{"status": "OK", "message": "revoked"})
}

func (t *ThaID) userinfo(w http.ResponseWriter, r *http.Request) {
	access, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	a, ok := t.tokens.Get(access)
	if !bearer || !ok {
		fail(w, http.StatusUnauthorized, "invalid_token")
		return
	}
	body := claims(a)
	body["sub"] = a.person.CitizenID
	simulator.WriteJSON(w, http.StatusOK, body)
}
