package configs_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/configs"
)

const beforeRegistration = `
issuer: http://hub.localhost:8080
listen: 127.0.0.1:8080
operator: {names: {th: ก, en: a, zh: 一, vi: b}, contact: "mailto:a@b.example"}
`

func TestRegistrationIsOffUnlessConfigured(t *testing.T) {
	t.Parallel()
	c, err := configs.Parse("f.yaml", []byte(beforeRegistration), noEnv)
	if err != nil || c.Registration != nil {
		t.Fatalf("%v, %+v", err, c.Registration)
	}
	c, err = configs.Parse("f.yaml", []byte(beforeRegistration+"registration: {departments: [{id: revenue}]}"), noEnv)
	if err != nil || c.Registration == nil || c.Registration.SandboxLifetime() != 30*24*time.Hour {
		t.Fatalf("%v, %+v", err, c.Registration)
	}
}

func TestRegistrationFaults(t *testing.T) {
	t.Parallel()
	const text = beforeRegistration + `registration:
  lifetime: 10m
  departments:
    - id: Revenue
    - id: revenue
      attributes: [given_name, citizen_id, shoe_size]
      hosts: [test.example, .test.example, th, .th, "*.test.example", Test.example, "https://test.example", 192.0.2.1]
    - id: revenue
`
	_, err := configs.Parse("f.yaml", []byte(text), noEnv)
	if err == nil {
		t.Fatal("taken")
	}
	for _, want := range []string{
		"registration.lifetime: ", "departments[0].id: ", "departments[1].attributes[1]: can't be the citizen number",
		"departments[1].attributes[2]: ", "departments[1].hosts[2]: ", "departments[1].hosts[3]: ", "departments[1].hosts[4]: ",
		"departments[1].hosts[5]: ", "departments[1].hosts[6]: ", "departments[2].id: is there twice",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not told in\n%s", want, err)
		}
	}
	if n := strings.Count(err.Error(), "\n") + 1; n != 10 {
		t.Errorf("%d faults:\n%s", n, err)
	}
	if _, err := configs.Parse("f.yaml", []byte(beforeRegistration+"registration: {}"), noEnv); err == nil {
		t.Error("an empty section was taken")
	}
	if slices.Contains(configs.Overrides(), "ONEDOOR_REGISTRATION") {
		t.Error("the environment can open the registration")
	}
}
