package oidcrp_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/federation/oidcrp"
	"onedoor/federation/simulator"
	"onedoor/federation/simulator/bank"
	"onedoor/hub"
	"onedoor/hub/login"
)

func TestPRV05_BankLoginGivesTheWholeIdentity(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	for _, p := range simulator.People() {
		id, err := r.identify(approve(p.Key))
		if err != nil {
			t.Fatalf("%s: %v", p.Key, err)
		}
		birthdate := strings.ReplaceAll(p.Birthdate, "-00", "")
		for name, want := range map[hub.AttributeName]string{
			hub.CitizenID: p.CitizenID, hub.Title: p.Title, hub.GivenName: p.GivenName, hub.MiddleName: p.MiddleName, hub.FamilyName: p.FamilyName,
			hub.Name: p.Name(), hub.TitleEN: p.TitleEN, hub.GivenNameEN: p.GivenNameEN, hub.MiddleNameEN: p.MiddleNameEN, hub.FamilyNameEN: p.FamilyNameEN,
			hub.NameEN: p.NameEN(), hub.Birthdate: birthdate, hub.Gender: p.Gender, hub.Address: p.Address,
		} {
			if got := id.Attributes[name].Value; got != want {
				t.Errorf("%s: %s = %q, want %q", p.Key, name, got, want)
			}
		}
		if id.Person.Value != p.CitizenID || id.Subject == "" || strings.Contains(id.Subject, p.CitizenID) || id.Session == "" {
			t.Errorf("%s: person, subject or session", p.Key)
		}
		if id.Level != (hub.Level{IAL: hub.IAL22, AAL: hub.AAL22}) || !id.AuthTime.Equal(r.clock.now()) || strings.Join(id.Methods, " ") != "pwd otp mfa" {
			t.Errorf("%s: level %v at %v by %v", p.Key, id.Level, id.AuthTime, id.Methods)
		}
	}
	if n := r.bank.LiveTokens(); n != 0 {
		t.Errorf("%d tokens were not revoked after use", n)
	}
	if n := r.server.count("/.well-known/openid-configuration") + r.server.count("/jwks"); n != 2 {
		t.Errorf("%d fetches of metadata and keys for %d logins", n, len(simulator.People()))
	}
	if r.log.String() != "" {
		t.Errorf("log: %s", r.log)
	}
}

// TestLOA05_EveryFaultOfTheBankIsRefused runs every switch of the stand-in, each with its own reason.
func TestLOA05_EveryFaultOfTheBankIsRefused(t *testing.T) {
	t.Parallel()
	cases := map[bank.Fault]struct {
		kind  hub.Kind
		cause federation.Cause
	}{
		bank.WrongState:      {hub.Refused, federation.StateMismatch},
		bank.WrongIssParam:   {hub.Refused, federation.IssuerMismatch},
		bank.NoIssParam:      {hub.Refused, federation.IssuerMissing},
		bank.FrontError:      {hub.Unavailable, federation.ProviderFailed},
		bank.LevelRejected:   {hub.LevelUnmet, federation.LevelRejected},
		bank.TokenError:      {hub.Unavailable, federation.StatusUnexpected},
		bank.SlowToken:       {hub.Unavailable, federation.TimedOut},
		bank.HugeToken:       {hub.Refused, federation.BodyTooBig},
		bank.EndlessToken:    {hub.Refused, federation.BodyTooBig},
		bank.RedirectedToken: {hub.Refused, federation.Redirected},
		bank.GarbledToken:    {hub.Refused, federation.ResponseMalformed},
		bank.NoIDToken:       {hub.Refused, federation.TokenMissing},
		bank.MACTokenType:    {hub.Refused, federation.TokenType},
		bank.WrongAudience:   {hub.Refused, federation.IDTokenAudience},
		bank.SecondAudience:  {hub.Refused, federation.IDTokenParty},
		bank.WrongParty:      {hub.Refused, federation.IDTokenParty},
		bank.WrongNonce:      {hub.Refused, federation.IDTokenNonce},
		bank.NoNonce:         {hub.Refused, federation.IDTokenNonce},
		bank.WrongIssuer:     {hub.Refused, federation.IDTokenIssuer},
		bank.Expired:         {hub.Refused, federation.IDTokenExpired},
		bank.NotYetValid:     {hub.Refused, federation.IDTokenEarly},
		bank.OldToken:        {hub.Refused, federation.IDTokenIssued},
		bank.FutureToken:     {hub.Refused, federation.IDTokenIssued},
		bank.AlgNone:         {hub.Refused, federation.IDTokenAlg},
		bank.AlgHMAC:         {hub.Refused, federation.IDTokenAlg},
		bank.ForgedSignature: {hub.Refused, federation.IDTokenSignature},
		bank.WrongType:       {hub.Refused, federation.IDTokenType},
		bank.WrongAtHash:     {hub.Refused, federation.IDTokenAtHash},
		bank.NoSubject:       {hub.Refused, federation.SubjectMissing},
		bank.NoAuthTime:      {hub.Refused, federation.AuthTimeMissing},
		bank.OldAuthTime:     {hub.Refused, federation.AuthTimeOld},
		bank.FutureAuthTime:  {hub.Refused, federation.AuthTimeFuture},
		bank.LowACR:          {hub.LevelUnmet, federation.LevelBelow},
		bank.UnknownACR:      {hub.LevelUnmet, federation.LevelBelow},
		bank.UnknownAMR:      {hub.LevelUnmet, federation.LevelBelow},
		bank.WrongPerson:     {hub.Refused, federation.PersonNumber},
		bank.UserInfoSwap:    {hub.Refused, federation.UserInfoSubject},
		bank.UserInfoNoSub:   {hub.Refused, federation.UserInfoSubject},
		bank.UserInfoError:   {hub.Unavailable, federation.StatusUnexpected},
		bank.HugeUserInfo:    {hub.Refused, federation.BodyTooBig},
	}
	for _, fault := range bank.Faults() {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			var options []func(*oidcrp.Options)
			if fault == bank.SlowToken {
				options = append(options, func(o *oidcrp.Options) { o.CallTimeout = time.Second })
			}
			r := newBankRig(t, options...)
			registry := r.registry()
			r.bank.SetFault(true, fault)
			_, err := r.login(registry, approve("mali"))
			if fault == bank.UserInfoEvidence {
				if err != nil {
					t.Errorf("evidence numbers: %v", err)
				}
				return
			}
			want, listed := cases[fault]
			if !listed {
				t.Fatal("no expectation for this fault")
			}
			refused(t, string(fault), err, want.kind, want.cause)
			r.bank.SetFault(false, fault)
			if _, err := r.login(registry, approve("mali")); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

func TestFaultsCanBeChosenOnThePage(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	form := approve("mali")
	form["fault"] = []string{string(bank.WrongAudience), "no-such-fault"}
	_, err := r.run(r.ask(), form)
	refused(t, "chosen fault", err, hub.Refused, federation.IDTokenAudience)
	if _, err := r.run(r.ask(), approve("mali")); err != nil {
		t.Errorf("the next login: %v", err)
	}
}

func TestDeniedByThePerson(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	_, err := r.run(r.ask(), url.Values{"decision": {"deny"}})
	refused(t, "deny", err, hub.Denied, federation.PersonDenied)
}

func TestStartAsksByTheBook(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	zero, hour := time.Duration(0), time.Hour
	year := 365 * 24 * hour
	cases := []struct {
		name            string
		change          func(*login.Ask)
		maxAge, prompt  string
		acr, uiLanguage string
	}{
		{"plain", func(*login.Ask) {}, "43200", "", bank.ACRTwoFactor, "th en"},
		{"fresh", func(a *login.Ask) { a.Fresh = true }, "0", "login", bank.ACRTwoFactor, "th en"},
		{"max age", func(a *login.Ask) { a.MaxAge = &hour }, "3600", "", bank.ACRTwoFactor, "th en"},
		{"max age 0", func(a *login.Ask) { a.MaxAge = &zero }, "0", "login", bank.ACRTwoFactor, "th en"},
		{"max age above the limit", func(a *login.Ask) { a.MaxAge = &year }, "43200", "", bank.ACRTwoFactor, "th en"},
		{"low level", func(a *login.Ask) { a.Want = hub.Level{IAL: hub.IAL11, AAL: hub.AAL1} }, "43200", "", bank.ACRPassword + " " + bank.ACRTwoFactor, "th en"},
		{"odd languages", func(a *login.Ask) { a.Languages = []string{"zh-Hans", "x y", "", "\""} }, "43200", "", bank.ACRTwoFactor, "zh-Hans"},
	}
	seen := make(map[string]bool)
	for _, c := range cases {
		ask := r.ask()
		c.change(&ask)
		redirect, err := r.connector.Start(t.Context(), r.provider, ask)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(redirect.URL)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		for name, want := range map[string]string{
			"response_type": "code", "client_id": "hub-at-bank", "redirect_uri": callback("bank"), "state": ask.State,
			"code_challenge_method": "S256", "max_age": c.maxAge, "prompt": c.prompt, "acr_values": c.acr, "ui_locales": c.uiLanguage,
			"scope": strings.Join(bank.Scopes(), " "),
		} {
			if q.Get(name) != want || len(q[name]) > 1 {
				t.Errorf("%s: %s = %v, want %q", c.name, name, q[name], want)
			}
		}
		if len(q.Get("code_challenge")) != 43 || len(q.Get("nonce")) != 43 || seen[q.Get("nonce")] || seen[q.Get("code_challenge")] {
			t.Errorf("%s: nonce or challenge missing or used twice", c.name)
		}
		seen[q.Get("nonce")], seen[q.Get("code_challenge")] = true, true
		if strings.Contains(string(redirect.Private), q.Get("code_challenge")) || strings.Contains(redirect.URL, secret) {
			t.Errorf("%s: what must stay apart does not", c.name)
		}
	}
	if n := r.server.count("/token"); n != 0 {
		t.Error("Start called the token endpoint")
	}
}

func TestEXC01_SwappedAnswersOfTwoParallelLogins(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	start := func(person string) (login.Ask, login.Redirect, map[string]string) {
		ask := r.ask()
		redirect, err := r.connector.Start(t.Context(), r.provider, ask)
		if err != nil {
			t.Fatal(err)
		}
		return ask, redirect, r.visit(redirect.URL, approve(person))
	}
	askA, wayA, paramsA := start("mali")
	askB, wayB, paramsB := start("tharn")

	_, err := r.finish(t.Context(), askA, login.Answer{Params: paramsB, Private: wayA.Private})
	refused(t, "B's answer for A", err, hub.Refused, federation.StateMismatch)
	_, err = r.finish(t.Context(), askB, login.Answer{Params: paramsA, Private: wayB.Private})
	refused(t, "A's answer for B", err, hub.Refused, federation.StateMismatch)

	// The code of the other login under the right state: the bank refuses the verifier, and the code is gone.
	mixed := map[string]string{"state": paramsA["state"], "code": paramsB["code"], "iss": paramsA["iss"]}
	_, err = r.finish(t.Context(), askA, login.Answer{Params: mixed, Private: wayA.Private})
	refused(t, "B's code for A", err, hub.Refused, federation.CodeRejected)

	if _, err := r.finish(t.Context(), askA, login.Answer{Params: paramsA, Private: wayA.Private}); err != nil {
		t.Errorf("A's own answer: %v", err)
	}
	_, err = r.finish(t.Context(), askA, login.Answer{Params: paramsA, Private: wayA.Private})
	refused(t, "A's answer once more", err, hub.Refused, federation.CodeRejected)
}

func TestAnswerMustBelongToTheQuestion(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	ask := r.ask()
	redirect, err := r.connector.Start(t.Context(), r.provider, ask)
	if err != nil {
		t.Fatal(err)
	}
	params := r.visit(redirect.URL, approve("mali"))
	with := func(changes map[string]string) map[string]string {
		out := make(map[string]string)
		for _, m := range []map[string]string{params, changes} {
			for k, v := range m {
				out[k] = v
			}
		}
		return out
	}
	without := func(name string) map[string]string {
		out := with(nil)
		delete(out, name)
		return out
	}
	cases := []struct {
		name   string
		answer login.Answer
		ask    login.Ask
		cause  federation.Cause
	}{
		{"no state", login.Answer{Params: without("state"), Private: redirect.Private}, ask, federation.StateMismatch},
		{"empty state on both sides", login.Answer{Params: with(map[string]string{"state": ""}), Private: redirect.Private}, login.Ask{}, federation.StateMismatch},
		{"no code", login.Answer{Params: without("code"), Private: redirect.Private}, ask, federation.AnswerMalformed},
		{"odd code", login.Answer{Params: with(map[string]string{"code": "a\nb"}), Private: redirect.Private}, ask, federation.AnswerMalformed},
		{"endless code", login.Answer{Params: with(map[string]string{"code": strings.Repeat("x", 5000)}), Private: redirect.Private}, ask, federation.AnswerMalformed},
		{"empty iss", login.Answer{Params: with(map[string]string{"iss": ""}), Private: redirect.Private}, ask, federation.IssuerMismatch},
		{"no private part", login.Answer{Params: params}, ask, federation.AnswerMalformed},
		{"garbled private part", login.Answer{Params: params, Private: []byte(`{"provider":"bank"`)}, ask, federation.AnswerMalformed},
		{"error without iss", login.Answer{Params: map[string]string{"state": ask.State, "error": "access_denied"}, Private: redirect.Private}, ask, federation.IssuerMissing},
		{"unknown error", login.Answer{Params: map[string]string{"state": ask.State, "iss": params["iss"], "error": "<b>oops http://x"}, Private: redirect.Private}, ask, federation.RequestRejected},
	}
	for _, c := range cases {
		_, err := r.finish(t.Context(), c.ask, c.answer)
		refused(t, c.name, err, hub.Refused, c.cause)
	}
	other := r.provider
	other.ID = "other-bank"
	_, err = r.connector.Finish(t.Context(), other, ask, login.Answer{Params: params, Private: redirect.Private})
	refused(t, "answer at another provider's callback", err, hub.Refused, federation.AnswerForeign)

	moved := r.provider
	settings := *moved.OIDC
	settings.Issuer = "https://moved.example"
	moved.OIDC = &settings
	_, err = r.connector.Finish(t.Context(), moved, ask, login.Answer{Params: params, Private: redirect.Private})
	refused(t, "issuer changed meanwhile", err, hub.Refused, federation.AnswerForeign)

	if n := r.server.count("/token"); n != 0 {
		t.Errorf("%d codes were redeemed for answers to another question", n)
	}
	r.clock.advance(16 * time.Minute)
	_, err = r.finish(t.Context(), ask, login.Answer{Params: params, Private: redirect.Private})
	refused(t, "too late", err, hub.Expired, federation.TooLate)
}

func TestFreshLoginIsHeldAgainstAuthTime(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	ask := r.ask()
	ask.Fresh = true
	if _, err := r.run(ask, approve("mali")); err != nil {
		t.Errorf("a fresh login: %v", err)
	}
	hour := time.Hour
	ask = r.ask()
	ask.MaxAge = &hour
	r.bank.SetFault(true, bank.OldAuthTime)
	_, err := r.run(ask, approve("mali"))
	refused(t, "max age", err, hub.Refused, federation.AuthTimeOld)
}

func TestWrongClientSecret(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	o := *r.provider.OIDC
	o.ClientSecret = seal("wrong")
	r.provider.OIDC = &o
	_, err := r.run(r.ask(), approve("mali"))
	refused(t, "wrong secret", err, hub.Refused, federation.ClientRejected)

	o.ClientSecret = federation.SealedSecret("not sealed by us")
	_, err = r.run(r.ask(), approve("mali"))
	refused(t, "secret that does not open", err, hub.Internal, federation.SecretUnusable)
}

func TestClientSecretPost(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	o := *r.provider.OIDC
	o.AuthMethod = "client_secret_post"
	r.provider.OIDC = &o
	if _, err := r.run(r.ask(), approve("mali")); err != nil {
		t.Fatal(err)
	}
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	inBody := 0
	for i, body := range r.server.bodies {
		if strings.Contains(body, url.Values{"client_secret": {secret}}.Encode()) {
			inBody++
			if r.server.headers[i].Get("Authorization") != "" {
				t.Error("the secret went both ways")
			}
		}
	}
	if inBody != 2 { // token and revoke
		t.Errorf("%d bodies with the secret", inBody)
	}
}

func TestCallerWhoGoesAwayIsNotTheProvidersFault(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	ask := r.ask()
	redirect, err := r.connector.Start(t.Context(), r.provider, ask)
	if err != nil {
		t.Fatal(err)
	}
	params := r.visit(redirect.URL, approve("mali"))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = r.finish(gone, ask, login.Answer{Params: params, Private: redirect.Private})
	refused(t, "gone", err, hub.Unavailable, federation.Canceled)
}

func TestRevocationThatFailsIsLoggedOnly(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	r.server.handle(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path == "/revoke" {
			http.Error(w, "no", http.StatusInternalServerError)
			return
		}
		r.bank.ServeHTTP(w, req)
	}))
	if _, err := r.run(r.ask(), approve("mali")); err != nil {
		t.Fatal(err)
	}
	if s := r.log.String(); !strings.Contains(s, "was not revoked") || !strings.Contains(s, "reason=status_unexpected") || strings.Contains(s, "http") {
		t.Errorf("log: %s", s)
	}
}
