package app

import (
	"context"

	"onedoor/federation/simulator/landoffice"
	"onedoor/hub"
	"onedoor/hub/samlidp"
)

// The land office: the third department of the demo, which speaks SAML.
const (
	landHost   = "land"
	landSystem = hub.SystemID("land-deeds")
)

// land makes the land office, and puts its address of metadata with the key of this run into the register, in the place of what the
// object file can say: the hub fetches the document and checks its signature.
func (d *Demo) land(ctx context.Context, h *Hub) error {
	p := d.options.Process
	site, err := landoffice.New(landoffice.Options{
		BaseURL: d.URL(landHost), HubURL: d.config.Issuer + "/saml2/metadata/" + string(landSystem), HubID: d.config.Issuer + samlidp.MetadataPath,
		Names: hub.Text{"th": "กรมที่ดิน (สาธิต)", "en": "Land office (demo)"},
		HTTP:  d.client, Clock: p.Clock, Random: p.Random, Log: d.log,
	})
	if err != nil {
		return err
	}
	if err := h.directory.Refresh(ctx); err != nil {
		return err
	}
	s, err := h.directory.System(ctx, landSystem)
	if err != nil {
		return err
	}
	saml := *s.SAML
	saml.ACS, saml.MetadataURL, saml.MetadataKeys = nil, site.EntityID(), [][]byte{site.Certificate().Raw}
	s.SAML = &saml
	for _, fault := range s.Validate() {
		return hub.Errorf("app.Demo", hub.Internal, fault.String())
	}
	if _, err := h.tenants.PutSystem(ctx, s); err != nil {
		return err
	}
	d.hosts[landHost] = site
	return nil
}
