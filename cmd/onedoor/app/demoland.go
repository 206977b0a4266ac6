package app

import (
	"context"
	"log/slog"
	"net/http"
	"sync"

	"onedoor/federation/simulator/landoffice"
	"onedoor/hub"
	"onedoor/hub/samlidp"
)

// The land office: the third department of the demo, which speaks SAML.
const (
	landHost   = "land"
	landSystem = hub.SystemID("land-deeds")
)

// landSite is the land office, which opens while the demo is already there: its two RSA keys take longer to make than everything else
// together. Who comes before waits for it.
type landSite struct {
	once sync.Once
	open func() (http.Handler, error)
	site http.Handler
	log  *slog.Logger
}

func (l *landSite) ready() http.Handler {
	l.once.Do(func() {
		site, err := l.open()
		if err != nil {
			l.log.Error("the land office does not open", "cause", err)
			return
		}
		l.site = site
	})
	return l.site
}

// ServeHTTP serves the land office.
func (l *landSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if site := l.ready(); site != nil {
		site.ServeHTTP(w, r)
		return
	}
	http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
}

// land makes the land office, and puts its address of metadata with the key of this run into the register, in the place of what the
// object file can say: the hub fetches the document and checks its signature.
func (d *Demo) land(ctx context.Context, h *Hub) (http.Handler, error) {
	p := d.options.Process
	site, err := landoffice.New(landoffice.Options{
		BaseURL: d.URL(landHost), HubURL: d.config.Issuer + samlidp.MetadataPath + "/" + string(landSystem), HubID: d.config.Issuer + samlidp.MetadataPath,
		Names:  hub.Text{"th": "กรมที่ดิน (สาธิต)", "en": "Land office (demo)"},
		NoSOAP: d.options.NoSOAP, HTTP: d.client, Clock: p.Clock, Random: p.Random, Log: d.log,
	})
	if err != nil {
		return nil, err
	}
	s, err := h.directory.System(ctx, landSystem)
	if err != nil {
		return nil, err
	}
	saml := *s.SAML
	saml.ACS, saml.MetadataURL, saml.MetadataKeys = nil, site.EntityID(), [][]byte{site.Certificate().Raw}
	s.SAML = &saml
	for _, fault := range s.Validate() {
		return nil, hub.Errorf("app.Demo", hub.Internal, fault.String())
	}
	if _, err := h.tenants.PutSystem(ctx, s); err != nil {
		return nil, err
	}
	return site, h.directory.Refresh(ctx)
}
