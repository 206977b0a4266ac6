package app

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"onedoor/federation/simulator/samlbank"
	"onedoor/hub"
)

// The bank that speaks SAML. Its RSA keys, and the hub's own for SAML, take longer to make than all else together, so it joins a
// moment after the demo is ready.
const samlBankHost = "samlbank"

// samlBank serves the bank from the moment that it has joined.
func (d *Demo) samlBank(w http.ResponseWriter, r *http.Request) {
	select {
	case <-d.Joined:
	case <-r.Context().Done():
		return
	}
	if d.SAMLBank == nil {
		http.Error(w, "Service Unavailable", http.StatusServiceUnavailable)
		return
	}
	d.SAMLBank.ServeHTTP(w, r)
}

// join makes the bank and puts its trust record into the register.
func (d *Demo) join(ctx context.Context, h *Hub) {
	defer close(d.Joined)
	p := d.options.Process
	b, err := samlbank.New(samlbank.Options{
		BaseURL: d.URL(samlBankHost), HTTP: d.client, NoSOAP: d.options.NoSOAP, Clock: p.Clock, Random: p.Random,
		Metadata: func(ctx context.Context, entityID string) ([]byte, error) { return d.fetch(ctx, h, entityID) },
	})
	if err == nil {
		_, err = h.trust.Put(ctx, b.Trust(p.Clock().Add(-time.Hour), p.Clock().AddDate(1, 0, 0)))
	}
	if err == nil {
		err = h.refresh(ctx)
	}
	if err != nil {
		d.log.LogAttrs(ctx, slog.LevelError, "the bank that speaks SAML could not join", slog.Any("cause", err))
		return
	}
	d.SAMLBank = b
}

// fetch gets the hub's metadata as the bank's administrator would: from the address that is its name, and from no other party.
func (d *Demo) fetch(ctx context.Context, h *Hub, entityID string) ([]byte, error) {
	const op = "app.Demo"
	if !strings.HasPrefix(entityID, h.options.Config.Issuer+"/login/saml/") {
		return nil, hub.Errorf(op, hub.NotFound, "not a service provider that the bank knows")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, entityID, nil)
	if err != nil {
		return nil, hub.Errorf(op, hub.Invalid, "not an address")
	}
	resp, err := d.client.Do(r)
	if err != nil {
		return nil, hub.Errorf(op, hub.Unavailable, "the hub's metadata did not come")
	}
	defer resp.Body.Close() //nolint:errcheck // read to the end
	raw, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil || resp.StatusCode != http.StatusOK {
		return nil, hub.Errorf(op, hub.Unavailable, "the hub's metadata did not come")
	}
	return raw, nil
}
