package app

import (
	"os/exec"
	"testing"
)

// npmCI installs what a folder's lock names; a registry that refuses for a moment is asked again.
func npmCI(t *testing.T, folder string) {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		t.Fatal("npm is not installed: run .ci/deps")
	}
	install := exec.CommandContext(t.Context(), "npm", "ci", "--omit=dev", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--fetch-retries=5", "--fetch-retry-mintimeout=2000")
	install.Dir = folder
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("npm ci: %v (it needs a package registry)\n%s", err, out)
	}
}
