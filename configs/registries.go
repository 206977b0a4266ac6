package configs

import (
	"net/url"
	"slices"
	"strconv"

	"onedoor/hub"
	"onedoor/hub/identifier"
)

// Registry is a company registry that is asked whether a person may represent a legal entity (ENT-06). Without one, staff decide.
type Registry struct {
	Name    string   `yaml:"name"`    // who answers: iss of its answers
	URL     string   `yaml:"url"`     // where questions go
	JWKSURI string   `yaml:"jwksURI"` // where it publishes its keys
	Kinds   []string `yaml:"kinds"`   // of the numbers that it keeps
}

func (k *checks) registries(all []Registry) {
	for i, r := range all {
		at := "registries[" + strconv.Itoa(i) + "]"
		if !hub.ValidName(r.Name) {
			k.add(at+".name", "ENT-06", "must be a short name: 1 to 39 of a-z, 0-9 and '-', beginning with a letter")
		}
		if slices.ContainsFunc(all[:i], func(o Registry) bool { return o.Name == r.Name }) {
			k.add(at+".name", "", "is there twice")
		}
		for what, address := range map[string]string{"url": r.URL, "jwksURI": r.JWKSURI} {
			u, err := url.Parse(address)
			if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Fragment != "" || !visible(address) {
				k.add(at+"."+what, "PRV-10", "must be an https URL")
			}
		}
		if len(r.Kinds) == 0 {
			k.add(at+".kinds", "ENT-05", "is missing: which numbers does it keep?")
		}
		for _, kind := range r.Kinds {
			if !slices.Contains(identifier.EntityKinds(), kind) {
				k.add(at+".kinds", "ENT-05", "must be of th.juristic, cn.uscc and vn.enterprise")
			}
		}
	}
}
