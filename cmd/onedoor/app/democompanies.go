package app

import (
	"onedoor/configs"
	"onedoor/federation/simulator/registry"
	"onedoor/hub/identifier"
)

// The company registry of the demo, which knows three invented companies and who directs them.
const companiesHost = "companies"

// companies tells the hub's configuration of the registry.
func (d *Demo) companies() {
	d.config.Registries = []configs.Registry{{
		Name: registry.Name, URL: d.URL(companiesHost) + registry.AskPath, JWKSURI: d.URL(companiesHost) + registry.KeysPath,
		Kinds: []string{identifier.ThaiJuristic},
	}}
}

// register opens the registry, which believes the questions that this hub signs.
func (d *Demo) register(h *Hub) (err error) {
	d.Companies, err = registry.New(registry.Options{
		Companies: registry.Companies(), Hub: d.config.Issuer, Clock: d.options.Process.Clock, Random: d.options.Process.Random,
		Keys: h.keys.JWKS,
	})
	d.hosts[companiesHost] = d.Companies
	return err
}
