package app

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"onedoor/configs"
)

// pemPair makes an RSA key with its certificate, as PEM.
func pemPair(t *testing.T) (key, certificate string) {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "peer-saml"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0),
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}))
}

// Other people's SAML library as a department's service provider: registered by the metadata that it writes itself, with signed requests
// on both bindings and encrypted assertions, through the real pages.
func TestThirdPartySAMLServiceProvider(t *testing.T) {
	t.Parallel()
	p := newPeers(t)
	mali := person(t, "mali")
	npmCI(t, filepath.Join(p.folder, "saml"))
	sign, signCertificate := pemPair(t)
	open, openCertificate := pemPair(t)
	setup := func(mode string) map[string]any {
		return map[string]any{
			"mode": mode, "entity": "https://peer-saml.example/metadata", "acs": "https://peer-saml.example/acs", "provider": "bank", "person": "mali",
			"citizen": mali.CitizenID, "name": mali.Title + " " + mali.GivenName + " " + mali.FamilyName,
			"keys": map[string]string{"sign": sign, "signCertificate": signCertificate, "open": open, "openCertificate": openCertificate},
		}
	}
	const script = "saml/node-saml.mjs"
	document, err := p.command(t.Context(), script, setup("metadata")).Output()
	if err != nil {
		t.Fatalf("no metadata: %v\n%s", err, document)
	}
	folder := t.TempDir()
	objects, err := os.ReadFile("thirdparty/saml/objects.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"metadata.xml": document, "objects.yaml": objects} {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	declared, err := configs.ReadObjects(folder)
	if err != nil {
		t.Fatalf("%v\n%s", err, document)
	}
	process := p.demo.options.Process
	process.Out, process.Env = discard{}, p.demo.env
	if err := Apply(t.Context(), p.demo.config, process, declared, false); err != nil {
		t.Fatal(err)
	}
	p.until("the system", "/saml2/metadata/peer-saml", func(status int, body []byte) bool {
		return status == http.StatusOK && bytes.Contains(body, []byte(`WantAuthnRequestsSigned="true"`))
	})
	p.run(script, setup("walk"), 10)
}
