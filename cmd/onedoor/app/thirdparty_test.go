package app

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"onedoor/configs"
	"onedoor/federation/simulator/bank"
	"onedoor/hub"
)

// peers is what the tests with other people's software share: their installed packages, and a running hub at which they are registered.
type peers struct {
	t      *testing.T
	demo   *Demo
	folder string // with node_modules
	secret string
	keys   []json.RawMessage // private keys of peer-key: to sign, to decrypt
	ear    *httptest.Server  // the back channel of peer-secret; GET gives the logout token that came last
}

// newPeers installs the packages and starts the demo. It fails, and says what is missing, where Node.js or npm is not there.
func newPeers(t *testing.T) *peers {
	t.Helper()
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is not installed: the tests with other OpenID software need Node.js 18 or newer with npm (run .ci/deps, or install nodejs and npm)", program)
		}
	}
	p := &peers{t: t, folder: t.TempDir(), secret: hub.NewSecret(rand.Reader).Reveal()}
	if err := os.CopyFS(p.folder, os.DirFS("thirdparty")); err != nil {
		t.Fatal(err)
	}
	npmCI(t, p.folder)
	p.demo, _ = startDemo(t, true)
	told := make(chan string, 16)
	p.ear = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			told <- r.PostFormValue("logout_token")
			return
		}
		last := ""
		select {
		case last = <-told:
		case <-r.Context().Done():
		}
		for more := true; more; {
			select {
			case last = <-told:
			default:
				more = false
			}
		}
		_, _ = io.WriteString(w, last)
	}))
	t.Cleanup(p.ear.Close)
	return p
}

// apply declares the objects of the tests: systems, and where upstream is set the identity provider there.
func (p *peers) apply(upstream string) {
	p.t.Helper()
	public := p.makeKeys()
	text, err := fs.ReadFile(os.DirFS("thirdparty"), "objects.yaml")
	if err != nil {
		p.t.Fatal(err)
	}
	objects := strings.NewReplacer("%KEYS%", string(public), "%UPSTREAM%", upstream, "%EAR%", p.ear.URL).Replace(string(text))
	if upstream == "" {
		objects, _, _ = strings.Cut(objects, "---\nkind: IdentityProvider")
	}
	folder := p.t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "objects.yaml"), []byte(objects), 0o600); err != nil {
		p.t.Fatal(err)
	}
	declared, err := configs.ReadObjects(folder)
	if err != nil {
		p.t.Fatal(err)
	}
	process := p.demo.options.Process
	process.Out = discard{}
	process.Env = func(name string) (string, bool) {
		if name == "PEER_SECRET" {
			return p.secret, true
		}
		return p.demo.env(name)
	}
	if err := Apply(p.t.Context(), p.demo.config, process, declared, false); err != nil {
		p.t.Fatal(err)
	}
}

// makeKeys makes the keys of peer-key and gives the public set.
func (p *peers) makeKeys() []byte {
	p.t.Helper()
	var public jose.JSONWebKeySet
	for _, k := range []jose.JSONWebKey{{KeyID: "sign-1", Use: "sig", Algorithm: "ES256"}, {KeyID: "open-1", Use: "enc", Algorithm: "ECDH-ES"}} {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			p.t.Fatal(err)
		}
		k.Key = key
		raw, err := k.MarshalJSON()
		if err != nil {
			p.t.Fatal(err)
		}
		p.keys = append(p.keys, raw)
		public.Keys = append(public.Keys, k.Public())
	}
	set, err := json.Marshal(public)
	if err != nil {
		p.t.Fatal(err)
	}
	return set
}

// until asks the hub again and again, as fast as it answers, until it says what is waited for.
func (p *peers) until(what, path string, good func(status int, body []byte) bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.demo.URL(hubHost)+path, nil)
		if err != nil {
			p.t.Fatal(err)
		}
		resp, err := p.demo.client.Do(r)
		if err != nil {
			p.t.Fatalf("%s: %v", what, err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil {
			p.t.Fatalf("%s: %v", what, err)
		}
		if good(resp.StatusCode, body) {
			return
		}
		if ctx.Err() != nil {
			p.t.Fatalf("%s: still not there", what)
		}
	}
}

// command gives a script with its setup.
func (p *peers) command(ctx context.Context, script string, setup map[string]any) *exec.Cmd {
	p.t.Helper()
	setup["ca"], setup["issuer"] = p.demo.CA, p.demo.URL(hubHost)
	text, err := json.Marshal(setup)
	if err != nil {
		p.t.Fatal(err)
	}
	c := exec.CommandContext(ctx, "node", script)
	c.Dir = p.folder
	c.Env = append(os.Environ(), "ONEDOOR_PEER="+string(text), "NO_COLOR=1")
	c.WaitDelay = 5 * time.Second
	return c
}

// run runs a script to its end: every step of it says that it is ok, or the test fails with what the script said.
func (p *peers) run(script string, setup map[string]any, steps int) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	out, err := p.command(ctx, script, setup).CombinedOutput()
	if err != nil {
		p.t.Fatalf("%s: %v\n%s", script, err, out)
	}
	if n := strings.Count(string(out), "ok "); n < steps {
		p.t.Errorf("%s took %d steps, want %d:\n%s", script, n, steps, out)
	}
}

func (p *peers) secretClient(provider string, expect ...string) map[string]any {
	return map[string]any{
		"system": "peer-secret", "secret": p.secret, "redirect": "https://peer-secret.example/callback", "provider": provider, "person": "mali",
		"scope": "openid citizen_id given_name offline_access", "expect": expect, "told": p.ear.URL + "/told",
	}
}

// Other people's OpenID libraries as relying parties, with the checks of signatures switched on, through the real pages.
func TestThirdPartyRelyingParties(t *testing.T) {
	t.Parallel()
	p := newPeers(t)
	p.apply("")
	p.ready()
	t.Run("openid-client", func(t *testing.T) {
		at(p, t).run("openid-client.mjs", p.secretClient("bank", "citizen_id", "given_name"), 14)
	})
	t.Run("oauth4webapi as an API", func(t *testing.T) {
		at(p, t).run("exchange.mjs", map[string]any{
			"system": "peer-secret", "secret": p.secret, "redirect": "https://peer-secret.example/callback", "provider": "bank", "person": "mali",
			"resource": "https://peer-api.example/v1",
		}, 7)
	})
	t.Run("oauth4webapi", func(t *testing.T) {
		at(p, t).run("oauth4webapi.mjs", map[string]any{
			"system": "peer-key", "keys": p.keys, "redirect": "https://peer-key.example/callback", "provider": "bank", "person": "mali", "scope": "openid",
		}, 11)
	})
}

// at gives the peers for a subtest.
func at(p *peers, t *testing.T) *peers {
	t.Helper()
	own := *p
	own.t = t
	return &own
}

// ready waits until the node that serves has read what was applied.
func (p *peers) ready() {
	p.t.Helper()
	const query = "?client_id=peer-secret&redirect_uri=https://peer-secret.example/callback&response_type=code&scope=openid&prompt=none"
	p.until("the systems", "/oauth2/authorize"+query, func(status int, _ []byte) bool { return status == http.StatusSeeOther })
}

// oidc-provider as identity provider above the hub: a login through it, with everything that protects one (PAR, private_key_jwt, encrypted
// ID token, signed UserInfo, essential acr), and openid-client below the hub.
func TestThirdPartyIdentityProvider(t *testing.T) {
	t.Parallel()
	p := newPeers(t)
	mali := person(t, "mali")
	upstream := p.command(t.Context(), "oidc-provider.mjs", map[string]any{
		"callback": p.demo.URL(hubHost) + "/login/callback/upstream", "logout": p.demo.URL(hubHost) + "/logout/upstream/upstream",
		"jwks":   p.demo.URL(hubHost) + "/oauth2/jwks",
		"person": map[string]any{"given_name": mali.GivenName, "family_name": mali.FamilyName, "birthdate": mali.Birthdate, "national_id": mali.CitizenID},
	})
	said := &record{}
	upstream.Stderr = said
	out, err := upstream.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := upstream.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(io.TeeReader(out, said))
	var issuer string
	for issuer == "" && lines.Scan() {
		issuer, _ = strings.CutPrefix(lines.Text(), "listening ")
		if !strings.HasPrefix(lines.Text(), "listening ") {
			issuer = ""
		}
	}
	if issuer == "" {
		_ = upstream.Wait()
		t.Fatalf("oidc-provider did not start:\n%s", said)
	}
	drained := make(chan struct{})
	go func() {
		for lines.Scan() {
		}
		close(drained)
	}()
	t.Cleanup(func() {
		_ = upstream.Process.Kill()
		<-drained
		_ = upstream.Wait()
		if t.Failed() {
			t.Logf("oidc-provider said:\n%s", said)
		}
	})
	p.apply(issuer)
	p.until("the hub's encryption key", "/oauth2/jwks", func(_ int, body []byte) bool { return bytes.Contains(body, []byte(`"ECDH-ES"`)) })
	p.until("the provider in the register", "/providers", func(_ int, body []byte) bool {
		return bytes.Contains(body, []byte("ผู้ให้บริการทดสอบ"))
	})
	setup := p.secretClient("upstream", "citizen_id", "given_name")
	setup["upstream"] = issuer
	p.run("openid-client.mjs", setup, 15)
	for _, want := range []string{`asked login {"acr":{"id_token":{"acr":{"essential":true,"values":["urn:upstream:two-factor"]}}}`} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("oidc-provider was not asked %s:\n%s", want, said)
		}
	}
	for _, wrong := range []string{"error", "refused"} {
		if strings.Contains(said.String(), wrong) {
			t.Errorf("oidc-provider had to refuse something:\n%s", said)
		}
	}
}

// OPS-06: what goes wrong at a provider leads the person back to the chooser, where another way is open.
func TestOPS06_AfterAFailureAnotherProviderIsOffered(t *testing.T) {
	t.Parallel()
	d, _ := startDemo(t, true)
	first := newBrowser(t)
	for i, fault := range []bank.Fault{bank.TokenError, bank.ForgedSignature, bank.GarbledToken, bank.UserInfoSwap} {
		d.Bank.SetFault(true, fault)
		b := first
		if i > 0 {
			b = first.another()
		}
		b.open(d.URL(socialHost))
		b.press(`a[href="/login"]`, `button[name=provider]`)
		b.press(`button[name=provider][value=bank]`, `input[name=person]`)
		b.pick(`input[name=person][value=mali]`)
		b.press(`button[value=approve]`, `button[name=provider][value=thaid]`)
		b.at(d.URL(hubHost))
		b.shoot("after-" + string(fault))
		b.loginThaID(d, "mali", `form[action="/check"]`)
		b.at(d.URL(socialHost))
		d.Bank.SetFault(false, fault)
	}
	if text := metrics(t, d); !strings.Contains(text, `onedoor_provider_trouble{provider="bank"} 1`) || !strings.Contains(text, `onedoor_provider_trouble{provider="thaid"} 0`) {
		t.Error("the metrics do not show which provider is in trouble")
	}
}

// The lock names packages and their hashes, and no registry: npm takes the one that is configured.
func TestThirdPartyLockNamesNoRegistry(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("thirdparty", "*", "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, filepath.Join("thirdparty", "package-lock.json")) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var lock struct {
			Packages map[string]struct{ Version, Resolved, Integrity string }
		}
		if err := json.Unmarshal(text, &lock); err != nil || len(lock.Packages) < 2 {
			t.Fatalf("%s: %d packages, %v", file, len(lock.Packages), err)
		}
		for name, p := range lock.Packages {
			if p.Resolved != "" || name != "" && (p.Version == "" || !strings.HasPrefix(p.Integrity, "sha512-")) {
				t.Errorf("%s: %s is bound to a registry, or not to its content", file, name)
			}
		}
	}
}
