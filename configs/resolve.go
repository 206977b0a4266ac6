package configs

import (
	"bytes"
	"slices"
	"strconv"

	"onedoor/authz"
	"onedoor/federation"
	"onedoor/hub"
	"onedoor/tenants"
)

// Register is everything that is registered: what the database holds, or what it shall hold.
type Register struct {
	Providers   []federation.Provider
	Departments []tenants.Department
	Systems     []tenants.System
	Items       []authz.Item
}

// Sealer keeps a provider's secret so that the hub can tell it to that provider again.
type Sealer interface {
	// Seal encrypts a secret. Internal.
	Seal(plain []byte) ([]byte, error)
	// Open decrypts what Seal made. Any error means that it has to be sealed anew.
	Open(sealed []byte) ([]byte, error)
}

// Resolve reads the secrets of the objects, hashes those of systems, seals those of providers, and checks the objects
// together with what is registered already. Where a provider's secret has not changed, the sealed form that is registered is
// kept, so that applying the same files twice changes nothing. All faults come together as [Faults].
func (o *Objects) Resolve(env LookupEnv, sealer Sealer, current Register) (Register, error) {
	var faults Faults
	var out Register
	for _, x := range o.providers {
		i := slices.IndexFunc(current.Providers, func(p federation.Provider) bool { return p.ID == x.value.ID })
		var before federation.Provider
		if i >= 0 {
			before = current.Providers[i]
		}
		out.Providers = append(out.Providers, seal(x, env, sealer, before, &faults))
	}
	for _, x := range o.departments {
		out.Departments = append(out.Departments, x.value)
	}
	for _, x := range o.systems {
		out.Systems = append(out.Systems, hash(x, env, &faults))
	}
	out.Items = o.Items()
	if len(faults) == 0 {
		o.together(out, current, &faults)
	}
	if err := faults.err(); err != nil {
		return Register{}, err
	}
	return out, nil
}

// seal gives the trust record with its secrets sealed.
func seal(x object[federation.Provider], env LookupEnv, sealer Sealer, before federation.Provider, faults *Faults) federation.Provider {
	p := x.value
	one := func(path string, was federation.SealedSecret) federation.SealedSecret {
		place, ok := x.secrets[path]
		if !ok {
			return nil
		}
		fault := func(text string) {
			*faults = append(*faults, Fault{File: x.doc.file, Line: max(x.doc.line(path+"File"), x.doc.line(path+"Env")), Path: path, Text: text})
		}
		text, err := place.Read(env)
		if err != nil {
			fault(err.Error())
			return nil
		}
		if len(was) > 0 {
			// A secret that does not open (another master key, a changed row) is sealed anew.
			if plain, err := sealer.Open(was); err == nil && bytes.Equal(plain, []byte(text)) {
				return was
			}
		}
		sealed, err := sealer.Seal([]byte(text))
		if err != nil {
			fault("can't be sealed")
			return nil
		}
		return sealed
	}
	if p.OIDC != nil {
		var old federation.OIDC
		if before.OIDC != nil {
			old = *before.OIDC
		}
		oidc := *p.OIDC
		p.OIDC = &oidc
		oidc.ClientSecret = one("oidc.clientSecret", old.ClientSecret)
		oidc.Quirks.APIKey = one("oidc.quirks.apiKey", old.Quirks.APIKey)
	}
	if p.NDID != nil {
		var old federation.NDID
		if before.NDID != nil {
			old = *before.NDID
		}
		ndid := *p.NDID
		p.NDID = &ndid
		ndid.APIKey = one("ndid.apiKey", old.APIKey)
	}
	return p
}

// hash gives the system with its secrets hashed.
func hash(x object[tenants.System], env LookupEnv, faults *Faults) tenants.System {
	s := x.value
	if s.OIDC != nil {
		oidc := *s.OIDC
		oidc.Secrets = x.hashed("oidc.secrets", oidc.Secrets, env, faults)
		s.OIDC = &oidc
	}
	if s.Forward != nil {
		forward := *s.Forward
		forward.Secrets = x.hashed("forward.secrets", forward.Secrets, env, faults)
		s.Forward = &forward
	}
	return s
}

// hashed gives the secrets with the hashes of those that were in files and in the environment.
func (x object[T]) hashed(list string, secrets []tenants.Secret, env LookupEnv, faults *Faults) []tenants.Secret {
	secrets = slices.Clone(secrets)
	for i := range secrets {
		path := list + "[" + strconv.Itoa(i) + "]"
		place, ok := x.secrets[path]
		if !ok {
			continue
		}
		fault := func(text string) {
			*faults = append(*faults, Fault{File: x.doc.file, Line: x.doc.line(path), Path: path, Text: text})
		}
		text, err := place.Read(env)
		if err != nil {
			fault(err.Error())
			continue
		}
		secret, err := tenants.HashClientSecret(text)
		if err != nil {
			fault("the secret in " + place.String() + " must be 43 to 512 visible ASCII characters made by a machine: see `onedoor secret`")
			continue
		}
		secrets[i].SHA256 = secret.SHA256
	}
	return secrets
}

// together checks what only shows when everything is seen at once. What is registered comes first, so that a clash is
// reported at the file that brings it.
func (o *Objects) together(declared, current Register, faults *Faults) {
	merged := current.With(declared)
	places := map[string]*document{}
	for _, x := range o.departments {
		places[KindDepartment+" "+string(x.value.ID)] = x.doc
	}
	for _, x := range o.systems {
		places[KindSystem+" "+string(x.value.ID)] = x.doc
	}
	for _, f := range tenants.ValidateAll(merged.Departments, merged.Systems) {
		fault := Fault{Path: f.Path, Text: f.Text, Rule: f.Rule}
		if d, ok := places[f.Kind+" "+f.ID]; ok {
			fault.File, fault.Line = d.file, d.line(f.Path)
		} else {
			fault.Path = f.Kind + " " + f.ID + " (registered): " + f.Path
		}
		*faults = append(*faults, fault)
	}
	for _, x := range o.items {
		places[KindItem+" "+string(x.value.ID)] = x.doc
	}
	for _, f := range authz.ValidateAll(merged.Items, merged.Departments, merged.Systems) {
		fault := Fault{Path: f.Path, Text: f.Text, Rule: f.Rule}
		if d, ok := places[KindItem+" "+string(f.Item)]; ok {
			fault.File, fault.Line = d.file, d.line(f.Path)
		} else {
			fault.Path = KindItem + " " + string(f.Item) + " (registered): " + f.Path
		}
		*faults = append(*faults, fault)
	}
	o.oneRecordEach(merged.Providers, faults)
	for _, x := range o.systems { // secrets that turn out to be the same only show now
		i := slices.IndexFunc(declared.Systems, func(s tenants.System) bool { return s.ID == x.value.ID })
		for _, f := range declared.Systems[i].Validate() {
			*faults = append(*faults, Fault{File: x.doc.file, Line: x.doc.line(f.Path), Path: f.Path, Text: f.Text, Rule: f.Rule})
		}
	}
}

// oneRecordEach finds two trust records for the tokens of one issuer, or for one hub that asks here: only one of them would count.
func (o *Objects) oneRecordEach(merged []federation.Provider, faults *Faults) {
	issuers, peers := map[string]hub.ProviderID{}, map[hub.SystemID]hub.ProviderID{}
	clash := func(p federation.Provider, path string, first hub.ProviderID) {
		fault := Fault{Path: KindProvider + " " + string(p.ID) + " (registered): " + path, Text: "is that of " + strconv.Quote(string(first)) + " too", Rule: "SSO-03"}
		for _, x := range o.providers {
			if x.value.ID == p.ID {
				fault.File, fault.Line, fault.Path = x.doc.file, x.doc.line(path), path
			}
		}
		*faults = append(*faults, fault)
	}
	for _, p := range merged {
		if p.Tokens == nil {
			continue
		}
		if first, twice := issuers[p.Tokens.Issuer]; twice {
			clash(p, "tokens.issuer", first)
		}
		if first, twice := peers[p.Tokens.Peer]; twice && p.Tokens.Peer != "" {
			clash(p, "tokens.peer", first)
		}
		issuers[p.Tokens.Issuer], peers[p.Tokens.Peer] = p.ID, p.ID
	}
}

// With gives the register with these entries added or put in the place of those with the same id.
func (r Register) With(declared Register) Register {
	return Register{
		Providers:   merge(r.Providers, declared.Providers, func(p federation.Provider) hub.ProviderID { return p.ID }),
		Departments: merge(r.Departments, declared.Departments, func(d tenants.Department) hub.DepartmentID { return d.ID }),
		Systems:     merge(r.Systems, declared.Systems, func(s tenants.System) hub.SystemID { return s.ID }),
		Items:       merge(r.Items, declared.Items, func(i authz.Item) authz.ItemID { return i.ID }),
	}
}

func merge[T any, K comparable](old, declared []T, id func(T) K) []T {
	replaced := make(map[K]bool, len(declared))
	for _, x := range declared {
		replaced[id(x)] = true
	}
	var out []T
	for _, x := range old {
		if !replaced[id(x)] {
			out = append(out, x)
		}
	}
	return append(out, declared...)
}
