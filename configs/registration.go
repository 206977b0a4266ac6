package configs

import (
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/hub"
)

// Registration opens the endpoint where developers register sandbox systems by themselves (RFC 7591). Without it there is none.
type Registration struct {
	Lifetime    Duration  `yaml:"lifetime"` // of a sandbox; 30 days where zero
	Departments []Sandbox `yaml:"departments"`
}

// Sandbox is what is opened to the sandboxes of a department. They get openid in any case.
type Sandbox struct {
	ID         string   `yaml:"id"`
	Attributes []string `yaml:"attributes"` // that they may ask persons for
	Hosts      []string `yaml:"hosts"`      // where they may live beside localhost; ".test.example" means all below it
}

// SandboxLifetime gives how long a sandbox lives.
func (r Registration) SandboxLifetime() time.Duration {
	if r.Lifetime == 0 {
		return 30 * 24 * time.Hour
	}
	return time.Duration(r.Lifetime)
}

func (k *checks) registration(r *Registration) {
	if r == nil {
		return
	}
	k.span("registration.lifetime", Duration(r.SandboxLifetime()), time.Hour, 365*24*time.Hour)
	if len(r.Departments) == 0 {
		k.add("registration.departments", "", "is missing: the departments whose developers may register sandboxes")
	}
	for i, d := range r.Departments {
		at := "registration.departments[" + strconv.Itoa(i) + "]"
		if !hub.ValidName(d.ID) {
			k.add(at+".id", "", "must name a department")
		}
		if slices.IndexFunc(r.Departments, func(x Sandbox) bool { return x.ID == d.ID }) < i {
			k.add(at+".id", "", "is there twice")
		}
		for j, a := range d.Attributes {
			switch {
			case hub.AttributeName(a) == hub.CitizenID:
				k.add(at+".attributes["+strconv.Itoa(j)+"]", "PRV-06", "can't be the citizen number: a sandbox never gets it")
			case !hub.AttributeName(a).Known():
				k.add(at+".attributes["+strconv.Itoa(j)+"]", "PRV-05", "is not in the dictionary of attributes")
			}
		}
		for j, h := range d.Hosts {
			if !sandboxHost(h) {
				k.add(at+".hosts["+strconv.Itoa(j)+"]", "", `must be a host name in lower case such as "test.example", or ".test.example" for all below it`)
			}
		}
	}
}

// sandboxHost wants two labels at least: ".th" would open a country.
func sandboxHost(h string) bool {
	name := strings.TrimPrefix(h, ".")
	if net.ParseIP(h) != nil {
		return true
	}
	labels := strings.Split(name, ".")
	if len(h) > 253 || len(labels) < 2 {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	return true
}
