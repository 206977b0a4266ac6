package configs_test

import (
	"net/netip"
	"os"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"onedoor/configs"
)

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestDeploymentFilesFitTogether holds what compose.yaml, nginx.conf, the Dockerfile and the configuration of the nodes say of
// each other.
func TestDeploymentFilesFitTogether(t *testing.T) {
	t.Parallel()
	c, err := configs.Load("deploy/onedoor.yaml", noEnv)
	if err != nil {
		t.Fatal(err)
	}
	var compose struct {
		Services map[string]struct {
			Ports   []string
			Secrets []string
			Volumes []string
		}
		Networks map[string]struct {
			Internal bool
			IPAM     struct{ Config []struct{ Subnet string } }
		}
		Secrets map[string]struct{ File string }
	}
	if err := yaml.Unmarshal([]byte(read(t, "deploy/compose.yaml")), &compose); err != nil {
		t.Fatal(err)
	}
	edge := compose.Networks["edge"].IPAM.Config
	if len(edge) != 1 || c.BehindProxy == nil || len(c.BehindProxy.Trusted) != 1 || c.BehindProxy.Trusted[0].Prefix != netip.MustParsePrefix(edge[0].Subnet) {
		t.Errorf("the nodes believe %v, the proxy is in %v", c.BehindProxy, edge)
	}
	if !compose.Networks["data"].Internal {
		t.Error("the database can be reached from outside")
	}
	for name, s := range compose.Services {
		if name != "proxy" && len(s.Ports) > 0 {
			t.Errorf("%s is open to the world", name)
		}
		for _, secret := range s.Secrets {
			if compose.Secrets[secret].File == "" {
				t.Errorf("%s asks for the secret %s, which is nowhere", name, secret)
			}
		}
	}
	source, _ := c.MasterKeySource()
	for _, place := range []string{source.File, c.Database.DSNFile} {
		if secret, ok := strings.CutPrefix(place, "/run/secrets/"); !ok || compose.Secrets[secret].File == "" {
			t.Errorf("%s is not where the secrets are", place)
		}
	}
	nginx := read(t, "deploy/nginx.conf")
	for _, node := range []string{"node1", "node2"} {
		if _, ok := compose.Services[node]; !ok || !strings.Contains(nginx, "server "+node+c.Listen+" ") {
			t.Errorf("the proxy does not know %s", node)
		}
	}
	if host := strings.TrimPrefix(c.Issuer, "https://"); !strings.Contains(nginx, "server_name "+host+";") {
		t.Error("the proxy serves another name than the issuer")
	}
	if !strings.Contains(nginx, "proxy_set_header X-Forwarded-For $remote_addr;") {
		t.Error("the proxy passes on what a caller says of its own address")
	}
	docker := read(t, "deploy/Dockerfile")
	if m := regexp.MustCompile(`(?m)^USER ([0-9]+):`).FindStringSubmatch(docker); m == nil || m[1] == "0" {
		t.Error("the image runs as root")
	}
	if !strings.Contains(docker, c.DataDirectory) {
		t.Errorf("the image has no %s", c.DataDirectory)
	}
}
