package tenantsql

import (
	"errors"
	"net/netip"

	"onedoor/hub"
	"onedoor/tenants"
)

type forwardRow struct {
	Origins []string                     `json:"origins,omitempty"`
	Secrets []secretRow                  `json:"secrets,omitempty"`
	Proxies []netip.Prefix               `json:"proxies,omitempty"`
	Headers map[string]hub.AttributeName `json:"headers,omitempty"`
	Items   []forwardItemRow             `json:"items,omitempty"`

	Records map[string]tenants.RecordKindID `json:"records,omitempty"`
}

type forwardItemRow struct {
	Prefix string `json:"prefix"`
	Item   string `json:"item"`
	Action string `json:"action"`
}

func writeForward(f *tenants.Forward) *forwardRow {
	if f == nil {
		return nil
	}
	r := &forwardRow{Origins: f.Origins, Secrets: writeSecrets(f.Secrets), Proxies: f.Proxies, Headers: f.Headers, Records: f.Records}
	for _, x := range f.Items {
		r.Items = append(r.Items, forwardItemRow(x))
	}
	return r
}

func readForward(r *forwardRow) (*tenants.Forward, error) {
	if r == nil {
		return nil, nil //nolint:nilnil // a system without it
	}
	secrets, err := readSecrets(r.Secrets)
	f := &tenants.Forward{Origins: r.Origins, Secrets: secrets, Proxies: r.Proxies, Headers: r.Headers, Records: r.Records}
	for _, x := range r.Items {
		f.Items = append(f.Items, tenants.ForwardItem(x))
	}
	return f, err
}

func writeSecrets(all []tenants.Secret) (out []secretRow) {
	for _, x := range all {
		out = append(out, secretRow{SHA256: x.SHA256[:], ExpiresAt: writeTime(x.ExpiresAt)})
	}
	return out
}

func readSecrets(all []secretRow) (out []tenants.Secret, err error) {
	for _, x := range all {
		secret := tenants.Secret{ExpiresAt: readTime(x.ExpiresAt)}
		if len(x.SHA256) != len(secret.SHA256) {
			return nil, errors.New("tenantsql: a secret's hash has another length")
		}
		copy(secret.SHA256[:], x.SHA256)
		out = append(out, secret)
	}
	return out, nil
}
