package samlsp_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/hubtest/freeport"
	"onedoor/hub/hubtest/oneshot"
	"onedoor/hub/login"
	"onedoor/hub/samlmsg"
)

// phpIDP is SimpleSAMLphp of Debian as identity provider, in PHP's own server: software that knows nothing of ours.
type phpIDP struct {
	browser *http.Client // of the last login
	url     string
	folder  string
	cert    *x509.Certificate
}

// encrypted makes it encrypt. It knows AES-CBC only, whatever our metadata says that we can open.
const encrypted = `'assertion.encryption' => true,`

const (
	phpPerson  = "3100500000011"
	phpUser    = "mali"
	phpContext = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password" // what it states where it is asked over plain http
)

// newPHP starts it with our metadata for it. idp changes its settings as lines of PHP.
func newPHP(t *testing.T, idp, sp string) *phpIDP {
	t.Helper()
	root := ""
	for _, place := range []string{"/opt/onedoor-deps/simplesamlphp/usr/share/simplesamlphp/www", "/usr/share/simplesamlphp/www"} { // as .ci/deps has it
		if _, err := os.Stat(place); err == nil {
			root = place
		}
	}
	php, err := exec.LookPath("php")
	if err != nil || root == "" {
		t.Fatal("SimpleSAMLphp or PHP is not there: run make deps (Debian packages simplesamlphp, php-cli, php-xml, php-mbstring)")
	}
	address := freeport.Address(t)
	p := &phpIDP{url: "http://" + address, folder: t.TempDir()}
	p.configure(t, idp)
	p.write(t, "metadata/sp.xml", sp)
	ctx, stop := context.WithCancel(context.Background())
	server := exec.CommandContext(ctx, php, "-d", "display_errors=0", "-d", "log_errors=0", "-S", address, "-t", root)
	server.Env = append(os.Environ(), "SIMPLESAMLPHP_CONFIG_DIR="+p.folder+"/config")
	said, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(said)
	started, before := false, ""
	for !started && lines.Scan() {
		started, before = strings.Contains(lines.Text(), "started"), before+lines.Text()+"\n"
	}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		_, _ = io.Copy(io.Discard, said)
	}()
	t.Cleanup(func() {
		stop()
		<-drained
		_ = server.Wait() // it was told to end
	})
	if !started {
		t.Fatalf("PHP's server did not start: %v\n%s", lines.Err(), before)
	}
	return p
}

func (p *phpIDP) write(t *testing.T, name, content string) {
	t.Helper()
	file := filepath.Join(p.folder, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (p *phpIDP) configure(t *testing.T, idp string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: signOne().Certificate.SerialNumber, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(48 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	if p.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	p.write(t, "cert/server.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})))
	p.write(t, "cert/server.crt", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	for _, folder := range []string{"log", "data", "tmp", "sessions"} {
		p.write(t, folder+"/.keep", "")
	}
	p.write(t, "config/config.php", fmt.Sprintf(`<?php
$config = [
  'baseurlpath' => '%[1]s/', 'certdir' => '%[2]s/cert/', 'loggingdir' => '%[2]s/log/', 'datadir' => '%[2]s/data/', 'tempdir' => '%[2]s/tmp',
  'metadatadir' => '%[2]s/metadata', 'timezone' => 'UTC', 'secretsalt' => 'salt-of-this-test', 'auth.adminpassword' => 'not-used-here-1',
  'technicalcontact_email' => 'na@example.org', 'logging.handler' => 'file', 'logging.logfile' => 'log.txt', 'logging.level' => 7, 'showerrors' => true,
  'enable.saml20-idp' => true, 'module.enable' => ['exampleauth' => true, 'core' => true, 'saml' => true],
  'session.cookie.secure' => false, 'language.cookie.secure' => false, 'session.cookie.samesite' => null, 'language.cookie.samesite' => null,
  'session.phpsession.savepath' => '%[2]s/sessions', 'store.type' => 'phpsession',
  'metadata.sources' => [['type' => 'flatfile'], ['type' => 'xml', 'file' => '%[2]s/metadata/sp.xml']],
  'metadata.sign.enable' => true, 'metadata.sign.privatekey' => 'server.pem', 'metadata.sign.certificate' => 'server.crt',
];
`, p.url, p.folder))
	p.write(t, "config/authsources.php", `<?php
$config = ['people' => ['exampleauth:UserPass', '`+phpUser+`:secret' => [
  'uid' => ['`+phpUser+`'], 'urn:example:national-id' => ['`+phpPerson+`'], 'urn:oid:2.5.4.42' => ['Maliwan'], 'urn:oid:2.5.4.4' => ['Saengchanchai'],
  'urn:example:name-th' => ['นางสาว มะลิวัลย์ แสงจันทร์ฉาย'], 'urn:example:two' => ['a', 'b'],
]]];
`)
	p.write(t, "metadata/saml20-idp-hosted.php", `<?php
$metadata['`+p.entityID()+`'] = [
  'host' => '__DEFAULT__', 'privatekey' => 'server.pem', 'certificate' => 'server.crt', 'auth' => 'people',
  'attributes.NameFormat' => 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
  'authproc' => [1 => ['class' => 'saml:PersistentNameID', 'attribute' => 'uid']],
  'NameIDFormat' => 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  'validate.authnrequest' => true, 'redirect.validate' => true, 'SingleSignOnServiceBinding' => [
    'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect', 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'],
  `+idp+`
];
`)
}

func (p *phpIDP) entityID() string { return p.url + "/saml2/idp/metadata.php" }

// trust is the record for it; its metadata comes as an administrator would fetch it, into a file.
func (p *phpIDP) trust(t *testing.T, from, until time.Time) federation.Provider {
	t.Helper()
	resp, err := oneshot.Client().Get(p.entityID()) //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(raw), "EntityDescriptor") {
		log, _ := os.ReadFile(filepath.Join(p.folder, "log/log.txt"))
		t.Fatalf("its metadata: %d %v\n%s\n%s", resp.StatusCode, err, raw, log)
	}
	p.write(t, "idp.xml", string(raw))
	level := hub.Level{IAL: hub.IAL22, AAL: hub.AAL1}
	return federation.Provider{
		ID: providerID, Names: hub.Text{"th": "ก", "en": "a", "zh": "一", "vi": "a"}, Status: federation.Active, ValidFrom: from, ValidUntil: until, Ceiling: level,
		Assurance: federation.Assurance{ACR: map[string]hub.Level{phpContext: level}, Request: map[hub.Level][]string{level: {phpContext}}},
		Attributes: map[hub.AttributeName][]string{
			hub.CitizenID: {"urn:example:national-id"}, hub.GivenNameEN: {"urn:oid:2.5.4.42"}, hub.Name: {"urn:example:name-th"}, hub.Gender: {"urn:example:two"},
		},
		Person: federation.PersonClaim{Kind: "th.citizen", Claim: "urn:example:national-id"},
		SAML: &federation.SAML{EntityID: p.entityID(), Metadata: federation.SAMLMetadata{
			File: filepath.Join(p.folder, "idp.xml"), Pins: []string{string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.cert.Raw}))},
		}},
	}
}

// login logs in at its pages and gives the form that it posts back.
func (p *phpIDP) login(t *testing.T, r *rig, ask login.Ask) *attempt {
	t.Helper()
	to, err := r.registry.Start(t.Context(), providerID, ask)
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := oneshot.Client()
	browser.Jar = jar
	p.browser = browser
	read := func(resp *http.Response, err error) (*http.Response, string) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, string(body)
	}
	resp, page := read(browser.Get(to.URL))
	if strings.HasPrefix(to.URL, r.hubURL) {
		where, form := fields(t, page)
		resp, page = read(browser.PostForm(where, form))
	}
	if !strings.Contains(page, "AuthState") {
		log, _ := os.ReadFile(filepath.Join(p.folder, "log/log.txt"))
		t.Fatalf("it asks for no password: %d %s\n%s\n%s", resp.StatusCode, resp.Request.URL, page, log)
	}
	state := resp.Request.URL.Query().Get("AuthState")
	_, page = read(browser.PostForm(p.url+"/module.php/core/loginuserpass.php?", url.Values{"username": {phpUser}, "password": {"secret"}, "AuthState": {state}}))
	a := &attempt{ask: ask, private: to.Private, form: url.Values{}}
	a.acs, _ = fields(t, page)
	for _, name := range []string{"SAMLResponse", "RelayState"} {
		_, rest, found := strings.Cut(page, `name="`+name+`" value="`)
		if !found {
			log, _ := os.ReadFile(filepath.Join(p.folder, "log/log.txt"))
			t.Fatalf("it posts no %s:\n%s\n%s", name, page, log)
		}
		value, _, _ := strings.Cut(rest, `"`)
		a.form.Set(name, strings.ReplaceAll(value, "&#43;", "+"))
	}
	return a
}

// phpRig is the hub of the other tests at the present time, towards SimpleSAMLphp.
func phpRig(t *testing.T, idp string, change func(*federation.Provider)) (*rig, *phpIDP) {
	t.Helper()
	r := newRig(t, nil)
	r.clock.mu.Lock()
	r.clock.at = time.Now()
	r.clock.mu.Unlock()
	_, ours := r.do(http.MethodGet, r.connector.MetadataURL(providerID), nil)
	p := newPHP(t, idp, ours)
	record := p.trust(t, time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	if change != nil {
		change(&record)
	}
	if faults := record.Validate(); len(faults) > 0 {
		t.Fatal(faults)
	}
	r.memory.PutProvider(record)
	if err := r.registry.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, ours = r.do(http.MethodGet, r.connector.MetadataURL(providerID), nil)
	p.write(t, "metadata/sp.xml", ours) // with the attributes of this record
	return r, p
}

func TestSimpleSAMLphpAsIdentityProvider(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		idp    string
		change func(*federation.Provider)
	}{
		"redirect, signed": {"", nil},
		"post, signed":     {"", func(p *federation.Provider) { p.SAML.RequestBinding = federation.SAMLPost }},
		"redirect, encrypted with AES-CBC": {encrypted, func(p *federation.Provider) {
			p.SAML.AllowCBC, p.SAML.SignedResponse, p.SAML.Encrypted = true, true, true
		}},
		"redirect, assertion signed with 512": {`'signature.algorithm' => 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, p := phpRig(t, c.idp, c.change)
			ask := newAsk()
			ask.Fresh = true
			a := p.login(t, r, ask)
			got, err := r.finish(a, r.post(a))
			if err != nil {
				t.Fatalf("%v (%s)", err, federation.Reason(err))
			}
			if got.Person.Value != phpPerson || got.Level != (hub.Level{IAL: hub.IAL22, AAL: hub.AAL1}) || got.Attributes[hub.GivenNameEN].Value != "Maliwan" ||
				got.Attributes[hub.Name].Value != "นางสาว มะลิวัลย์ แสงจันทร์ฉาย" || len(got.Subject) < 20 || len(got.Session) != 43 {
				t.Errorf("level %v, subject of %d, session of %d", got.Level, len(got.Subject), len(got.Session))
			}
			if _, there := got.Attributes[hub.Gender]; there {
				t.Error("an attribute of two values was taken")
			}
			again := p.login(t, r, newAsk())
			if second, err := r.finish(again, r.post(again)); err != nil || second.Subject != got.Subject {
				t.Errorf("the second time: %v", err)
			}
			_, err = r.finish(a, r.post(a))
			wantReason(t, err, hub.Refused, string(federation.AssertionUsed))
		})
	}
}

// What a peer is lax about is not thereby right: it must refuse a request that we have not signed.
func TestSimpleSAMLphpHoldsOurSignature(t *testing.T) {
	t.Parallel()
	r, _ := phpRig(t, "", nil)
	to, err := r.registry.Start(t.Context(), providerID, newAsk())
	if err != nil {
		t.Fatal(err)
	}
	for name, address := range map[string]string{
		"unsigned": to.URL[:strings.Index(to.URL, "&SigAlg")], "another relay state": strings.Replace(to.URL, "RelayState=", "RelayState=x", 1),
	} {
		if _, page := r.do(http.MethodGet, address, nil); strings.Contains(page, "AuthState") {
			t.Errorf("%s: it asks for the password all the same", name)
		}
	}
	// And what it sends with SHA-1 is refused by us, whatever it thinks of it.
	weak, q := phpRig(t, `'signature.algorithm' => 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',`, nil)
	a := q.login(t, weak, newAsk())
	_, err = weak.finish(a, weak.post(a))
	wantReason(t, err, hub.Refused, string(samlmsg.SignatureAlgorithm))
	// Nor do we take AES-CBC from it where the record does not allow it.
	weak, q = phpRig(t, encrypted, nil)
	a = q.login(t, weak, newAsk())
	_, err = weak.finish(a, weak.post(a))
	wantReason(t, err, hub.Refused, string(samlmsg.EncryptionAlgorithm))
}
