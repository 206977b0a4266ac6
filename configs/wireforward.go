package configs

import (
	"time"

	"onedoor/hub"
	"onedoor/tenants"
)

type forwardForm struct {
	Origins []string          `yaml:"origins"`
	Secrets []secretForm      `yaml:"secrets"`
	Proxies []Prefix          `yaml:"proxies"`
	Headers map[string]string `yaml:"headers"`
	Records map[string]string `yaml:"records"`
	Items   []forwardItemForm `yaml:"items"`
}

type forwardItemForm struct {
	Prefix string `yaml:"prefix"`
	Item   string `yaml:"item"`
	Action string `yaml:"action"`
}

func (f *forwardForm) forward() *tenants.Forward {
	if f == nil {
		return nil
	}
	o := &tenants.Forward{Origins: f.Origins, Secrets: secretsIn(f.Secrets)}
	for _, p := range f.Proxies {
		o.Proxies = append(o.Proxies, p.Prefix)
	}
	for name, attribute := range f.Headers {
		if o.Headers == nil {
			o.Headers = make(map[string]hub.AttributeName, len(f.Headers))
		}
		o.Headers[name] = hub.AttributeName(attribute)
	}
	for name, kind := range f.Records {
		if o.Records == nil {
			o.Records = make(map[string]tenants.RecordKindID, len(f.Records))
		}
		o.Records[name] = tenants.RecordKindID(kind)
	}
	for _, x := range f.Items {
		o.Items = append(o.Items, tenants.ForwardItem(x))
	}
	return o
}

func forwardFormOf(o *tenants.Forward) *forwardForm {
	if o == nil {
		return nil
	}
	f := &forwardForm{Origins: o.Origins, Secrets: secretsOut(o.Secrets)}
	for _, p := range o.Proxies {
		f.Proxies = append(f.Proxies, Prefix{p})
	}
	for name, attribute := range o.Headers {
		if f.Headers == nil {
			f.Headers = make(map[string]string, len(o.Headers))
		}
		f.Headers[name] = string(attribute)
	}
	for name, kind := range o.Records {
		if f.Records == nil {
			f.Records = make(map[string]string, len(o.Records))
		}
		f.Records[name] = string(kind)
	}
	for _, x := range o.Items {
		f.Items = append(f.Items, forwardItemForm(x))
	}
	return f
}

func secretsIn(all []secretForm) (out []tenants.Secret) {
	for _, x := range all {
		out = append(out, tenants.Secret{SHA256: x.SHA256, ExpiresAt: time.Time(x.ExpiresAt)})
	}
	return out
}

func secretsOut(all []tenants.Secret) (out []secretForm) {
	for _, x := range all {
		out = append(out, secretForm{SHA256: x.SHA256, ExpiresAt: date(x.ExpiresAt)})
	}
	return out
}
