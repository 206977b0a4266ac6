package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/hubtest/freeport"
	"onedoor/hub/hubtest/sqltest"
)

// certificate writes a certificate of a new authority for localhost and its key, and gives the authority.
func certificate(t *testing.T, folder string) (certFile, keyFile string, roots *x509.CertPool) {
	t.Helper()
	a, err := newAuthority(time.Now(), hub.Randomness(), []string{"localhost"})
	if err != nil {
		t.Fatal(err)
	}
	pair := a.server.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(folder, "tls.crt"), filepath.Join(folder, "tls.key")
	for file, block := range map[string]*pem.Block{
		certFile: {Type: "CERTIFICATE", Bytes: pair.Certificate[0]}, keyFile: {Type: "PRIVATE KEY", Bytes: key},
	} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return certFile, keyFile, a.roots
}

// `onedoor serve` on both databases, over TLS (PRV-10): ready, right headers, a taken address is told, a second start finds its
// keys again, and a stop is graceful.
func TestServeOverTLSOnBothDatabases(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"SQLite", "PostgreSQL"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			if err := os.Chmod(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			certFile, keyFile, roots := certificate(t, folder)
			log := &record{}
			env := map[string]string{}
			p := Process{
				Env: func(n string) (string, bool) { s, ok := env[n]; return s, ok }, Out: io.Discard, Err: log, Clock: time.Now, Random: hub.Randomness(),
			}
			cfg := configs.Default()
			cfg.Listen, cfg.AdminListen, cfg.DataDirectory = freeport.Address(t), freeport.Address(t), folder
			_, port, _ := net.SplitHostPort(cfg.Listen)
			cfg.Issuer = "https://localhost:" + port
			cfg.Operator = configs.Operator{Names: hub.Text{"th": "ท", "en": "T", "zh": "测", "vi": "T"}, Contact: "https://help.example/"}
			cfg.TLS = &configs.TLS{CertificateFile: certFile, KeyFile: keyFile}
			cfg.MTLS = &configs.MTLS{Listen: freeport.Address(t), AuthoritiesFile: certFile}
			_, port, _ = net.SplitHostPort(cfg.MTLS.Listen)
			cfg.MTLS.Address = "https://localhost:" + port
			if name == "PostgreSQL" {
				cfg.Database.Driver, cfg.Database.DSNEnv = configs.Postgres, "DSN"
				env["DSN"] = sqltest.PostgresDSN(t)
				if err := writeMasterKey(filepath.Join(folder, "master.key"), hub.Randomness()); err != nil {
					t.Fatal(err)
				}
			}
			if faults := cfg.Validate(); len(faults) > 0 {
				t.Fatal(faults)
			}
			client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}, Timeout: 10 * time.Second}
			first := keyIDs(t, client, cfg, p)
			second := keyIDs(t, client, cfg, p)
			if first == "" || first != second {
				t.Errorf("the keys of the second start are others: %s and %s", first, second)
			}
			if strings.Contains(log.String(), "level=ERROR") || strings.Contains(log.String(), `"ERROR"`) {
				t.Errorf("errors in the log:\n%s", log.String())
			}
		})
	}
}

// keyIDs starts the hub, looks at it from outside, stops it, and gives the ids of its published keys.
func keyIDs(t *testing.T, client *http.Client, cfg configs.Config, p Process) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, cfg, p) }()
	waitReady(t, cfg, p, done)
	busy := Serve(t.Context(), cfg, p)
	if hub.KindOf(busy) != hub.Unavailable || !strings.Contains(busy.Error(), cfg.Listen) {
		t.Errorf("a second process on the same address: %v", busy)
	}
	body := fetch(t, client, cfg.Issuer+"/oauth2/jwks")
	var set struct {
		Keys []struct {
			ID string `json:"kid"`
		} `json:"keys"`
	}
	if err := json.Unmarshal([]byte(body), &set); err != nil || len(set.Keys) == 0 {
		t.Fatalf("JWKS %s: %v", body, err)
	}
	if _, err := http.Get("http://" + cfg.Listen); err == nil { //nolint:bodyclose // there is none
		resp, _ := http.Get("http://" + cfg.Listen)
		if resp.StatusCode < 400 {
			t.Errorf("SES-06: plain http is answered with %d", resp.StatusCode)
		}
		resp.Body.Close()
	}
	asked, err := client.Post(cfg.MTLS.Address+"/oauth2/introspect", "application/x-www-form-urlencoded", strings.NewReader("token=x&client_id=x"))
	if err != nil || asked.StatusCode != http.StatusUnauthorized {
		t.Errorf("the side for certificates: %v %v", asked, err)
	} else {
		asked.Body.Close()
	}
	if aliases := fetch(t, client, cfg.Issuer+"/.well-known/openid-configuration"); !strings.Contains(aliases, cfg.MTLS.Address+"/oauth2/token") {
		t.Errorf("no aliases: %s", aliases)
	}
	metrics := fetch(t, http.DefaultClient, "http://"+cfg.AdminListen+"/metrics")
	if !strings.Contains(metrics, "onedoor_http_request_duration_seconds") {
		t.Error("no metrics on the admin listener")
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("the stop was not graceful: %v", err)
	}
	var ids []string
	for _, k := range set.Keys {
		ids = append(ids, k.ID)
	}
	return strings.Join(ids, " ")
}

// waitReady asks as `onedoor health` does until the hub is ready.
func waitReady(t *testing.T, cfg configs.Config, p Process, done chan error) {
	t.Helper()
	deadline := time.After(patience)
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		if Health(t.Context(), cfg, p) == nil {
			return
		}
		select {
		case err := <-done:
			t.Fatalf("the hub ended before it was ready: %v", err)
		case <-deadline:
			t.Fatal("the hub is not ready")
		case <-again.C:
		}
	}
}

func fetch(t *testing.T, client *http.Client, url string) string {
	t.Helper()
	resp, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v", url, resp.StatusCode, err)
	}
	if strings.HasPrefix(url, "https:") && resp.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("SES-06: no HSTS at %s", url)
	}
	return string(body)
}
