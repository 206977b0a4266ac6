package app

import (
	"context"
	"time"

	"onedoor/federation/simulator/ndid"
)

// The hosts of the NDID stand-in: the node that the hub speaks to, and the banks' phone apps.
const (
	ndidHost   = "ndid-node"
	phonesHost = "phones"
)

// platform makes the NDID stand-in with its two banks, and puts its trust record into the register.
func (d *Demo) platform(ctx context.Context, h *Hub) (err error) {
	p := d.options.Process
	key := d.secret("DEMO_NDID_KEY")
	sealed, err := h.options.Masters.SealSecret(p.Random, secretContext, []byte(key))
	if err != nil {
		return err
	}
	d.NDID, err = ndid.New(ndid.Options{Clock: p.Clock, Random: p.Random, HTTP: d.client, APIKey: key, BlockTime: 300 * time.Millisecond})
	if err != nil {
		return err
	}
	d.hosts[ndidHost], d.hosts[phonesHost] = d.NDID, d.NDID.Phone()
	_, err = h.trust.Put(ctx, ndid.Trust(d.URL(ndidHost), d.config.Issuer, sealed, p.Clock().Add(-time.Hour), p.Clock().AddDate(1, 0, 0)))
	return err
}
