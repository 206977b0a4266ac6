package app

import (
	"context"
	"crypto/cipher"
	"crypto/x509"
	"errors"
	"net/http"
	"slices"

	"onedoor/federation/metadata"
	"onedoor/hub"
	"onedoor/hub/keys"
	"onedoor/hub/login"
	"onedoor/hub/samlidp"
	"onedoor/hub/samlmsg"
	"onedoor/hub/token"
	"onedoor/tenants"
	"onedoor/web/server"
)

// laySAML: the hub as SAML identity provider for departments.
func (h *Hub) laySAML(context.Context) (err error) {
	o := h.options
	names := o.Config.Operator.Names
	urls := make(map[string]string, len(names))
	for lang := range names {
		urls[lang] = o.Config.Issuer
	}
	h.saml, err = samlidp.New(samlidp.Options{
		Issuer: o.Config.Issuer, ServiceProviders: serviceProviders{h.directory, h.metadata}, Journey: h.journey, Sessions: h.sessions,
		Keys: samlKeys{h.keys}, Index: h.keys, Once: h.stores.Once, Names: h.stores.SAMLNames, Audit: h.audit, Tx: h.db, Levels: h.levels,
		Language: func(r *http.Request) string { return string(server.Language(r)) },
		Clock:    h.clock, Random: h.random, Log: o.Log,
		Records:      samlRecords{h.bindings},
		Organization: samlmsg.Organization{Names: names, DisplayNames: names, URLs: urls},
		Mandates:     samlMandates{h.entities},
		Items:        samlItems{h},
	})
	if err != nil {
		return err
	}
	return h.journey.Bind(samlidp.Protocol, h.saml)
}

// samlMounts lists the endpoints of the identity provider.
func (h *Hub) samlMounts(login server.Rate) []server.Mount {
	read, both := []string{http.MethodGet}, []string{http.MethodGet, http.MethodPost}
	head := []string{http.MethodGet, http.MethodHead}
	const large = 640 << 10 // bytes: a signed request in base64, with room for certificates
	return []server.Mount{
		{Methods: head, Path: samlidp.MetadataPath, Handler: http.HandlerFunc(h.saml.Metadata), Machine: true},
		{Methods: head, Path: samlidp.SystemMetadataPath, Handler: http.HandlerFunc(h.saml.Metadata), Machine: true},
		{Methods: both, Path: samlidp.SSOPath, Handler: http.HandlerFunc(h.saml.SSO), Rate: login, Body: large},
		{Methods: read, Path: samlidp.ContinuePath, Handler: http.HandlerFunc(h.saml.Continue), Rate: login},
		{Methods: read, Path: samlidp.StartPath, Handler: http.HandlerFunc(h.saml.Start), Rate: login},
		{Methods: head, Path: samlidp.ScriptPath, Handler: http.HandlerFunc(h.saml.Script)},
	}
}

// samlCertified gives the keys of the ring for SAML messages. The first is made when somebody first needs it.
func samlCertified(ctx context.Context, ring *keys.Ring, alg string) ([]keys.Certified, error) {
	all, err := ring.Certified(keys.SAML, alg)
	if errors.Is(err, hub.NotFound) {
		if err = ring.EnsureSAML(ctx, alg); err == nil {
			all, err = ring.Certified(keys.SAML, alg)
		}
	}
	return all, err
}

// samlKeys gives the ring's RSA keys in the identity provider's words.
type samlKeys struct{ ring *keys.Ring }

// SigningKeys implements samlidp.Keys.
func (k samlKeys) SigningKeys(ctx context.Context) ([]samlidp.SigningKey, error) {
	all, err := samlCertified(ctx, k.ring, keys.RS256)
	if err != nil {
		return nil, err
	}
	out := make([]samlidp.SigningKey, len(all))
	for i, c := range all {
		out[i] = samlidp.SigningKey{Key: c.Key, Certificate: c.Certificate}
	}
	return out, nil
}

// DecryptionKeys implements samlidp.Keys.
func (k samlKeys) DecryptionKeys(ctx context.Context) ([]samlidp.DecryptionKey, error) {
	all, err := samlCertified(ctx, k.ring, keys.RSAOAEP256)
	if err != nil {
		return nil, err
	}
	out := make([]samlidp.DecryptionKey, len(all))
	for i, c := range all {
		out[i] = samlidp.DecryptionKey{Key: c.Key, Certificate: c.Certificate}
	}
	return out, nil
}

// SealingKey implements samlidp.Keys.
func (k samlKeys) SealingKey() (string, cipher.AEAD, error) { return k.ring.SealingKey() }

// OpeningKey implements samlidp.Keys.
func (k samlKeys) OpeningKey(id string) (cipher.AEAD, error) { return k.ring.OpeningKey(id) }

// serviceProviders gives the register's systems, with their metadata, in the SAML identity provider's words.
type serviceProviders struct {
	directory *tenants.Directory
	metadata  *metadata.Cache
}

// ByEntity implements samlidp.ServiceProviders.
func (p serviceProviders) ByEntity(ctx context.Context, entityID string) (samlidp.ServiceProvider, error) {
	s, err := p.directory.Entity(ctx, entityID)
	if err != nil {
		return samlidp.ServiceProvider{}, err
	}
	return p.provider(s, p.live(ctx, s))
}

// ByID implements samlidp.ServiceProviders. A system that is not connected by SAML is NotFound.
func (p serviceProviders) ByID(ctx context.Context, id hub.SystemID) (samlidp.ServiceProvider, error) {
	s, err := p.directory.System(ctx, id)
	if err != nil {
		return samlidp.ServiceProvider{}, err
	}
	return p.provider(s, p.live(ctx, s))
}

// ForLogout implements samlidp.ServiceProviders.
func (p serviceProviders) ForLogout(ctx context.Context, id hub.SystemID) (samlidp.ServiceProvider, error) {
	s, err := p.directory.System(ctx, id)
	if err != nil {
		return samlidp.ServiceProvider{}, err
	}
	return p.provider(s, p.fetch(ctx))
}

// Known implements samlidp.ServiceProviders. The register itself is in memory.
func (p serviceProviders) Known(id hub.SystemID) (samlidp.ServiceProvider, bool) {
	s, err := p.directory.System(context.Background(), id)
	if err != nil {
		return samlidp.ServiceProvider{}, false
	}
	sp, err := p.provider(s, func(from metadata.Source, id string) (samlmsg.EntityDescriptor, error) {
		if e, ok := p.metadata.Have(from, id); ok {
			return e, nil
		}
		return samlmsg.EntityDescriptor{}, hub.Errorf("app.Known", hub.Unavailable, "not in memory")
	})
	return sp, err == nil
}

// entities gives what metadata says of an entity.
type entities func(from metadata.Source, id string) (samlmsg.EntityDescriptor, error)

// fetch asks for metadata that is not in memory.
func (p serviceProviders) fetch(ctx context.Context) entities {
	return func(from metadata.Source, id string) (samlmsg.EntityDescriptor, error) {
		return p.metadata.Entity(ctx, from, id)
	}
}

// live does the same for a live system only: the metadata of another is nobody's business at a login, and may not even be there yet.
func (p serviceProviders) live(ctx context.Context, s tenants.System) entities {
	if s.Status != tenants.Live {
		return nil
	}
	return p.fetch(ctx)
}

// Renew implements samlidp.ServiceProviders. What the register itself says is as new as it gets.
func (p serviceProviders) Renew(ctx context.Context, id hub.SystemID) (bool, error) {
	s, err := p.directory.System(ctx, id)
	if err != nil || s.SAML == nil || s.SAML.MetadataURL == "" {
		return false, err
	}
	source, err := samlSource(*s.SAML)
	if err != nil {
		return false, err
	}
	return p.metadata.Renew(ctx, source)
}

// provider gives a system with its role; without one where look is nil.
func (serviceProviders) provider(s tenants.System, look entities) (samlidp.ServiceProvider, error) {
	const op = "app.ServiceProvider"
	if s.SAML == nil {
		return samlidp.ServiceProvider{}, hub.Errorf(op, hub.NotFound, "the system is not connected by SAML")
	}
	o := *s.SAML
	sp := samlidp.ServiceProvider{
		ID: s.ID, Department: s.Department, EntityID: o.EntityID, Live: s.Status == tenants.Live, Least: s.Least, Transient: o.NameIDFormat == tenants.NameIDTransient,
		SignedRequests: o.SignedRequests, IDPInitiated: o.IDPInitiated, RelayState: o.RelayState, AttributeNames: o.AttributeNames,
		EncryptNames: o.EncryptedNames, For: s.For, EntityFacts: s.EntityNumber, TellsItems: s.TellsItems,
	}
	for _, rule := range s.Attributes {
		if !slices.Contains(sp.Attributes, rule.Attribute) {
			sp.Attributes = append(sp.Attributes, rule.Attribute)
		}
	}
	switch o.Encryption {
	case tenants.EncryptionRequired:
		sp.Encrypt = samlidp.EncryptAlways
	case tenants.EncryptionNone:
		sp.Encrypt = samlidp.EncryptNever
	}
	for _, m := range o.EncryptionMethods {
		sp.EncryptionMethods = append(sp.EncryptionMethods, samlmsg.EncryptionMethod{Algorithm: m})
	}
	if look == nil {
		return sp, nil
	}
	if len(o.ACS) > 0 {
		role, err := registeredRole(o)
		sp.Role = role
		return sp, err
	}
	source, err := samlSource(o)
	if err != nil {
		return sp, err
	}
	e, err := look(source, o.EntityID)
	switch {
	case errors.Is(err, hub.Unavailable):
		return sp, err
	case err != nil:
		return sp, hub.E(op, hub.Unavailable, err) // there, but not to be believed: for a person it is the same
	case e.SP == nil:
		return sp, hub.Errorf(op, hub.Unavailable, "the metadata describes no service provider")
	}
	sp.Role = *e.SP
	if !slices.Contains(sp.Role.NameIDFormats, samlmsg.FormatPersistent) && slices.Contains(sp.Role.NameIDFormats, samlmsg.FormatTransient) && o.NameIDFormat == "" {
		sp.Transient = true // all that it says it can take
	}
	return sp, nil
}

// samlSource gives where a system's metadata is.
func samlSource(o tenants.SAML) (metadata.Source, error) {
	source := metadata.Source{URL: o.MetadataURL, Inline: []byte(o.Metadata)}
	for _, der := range o.MetadataKeys {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return source, hub.E("app.samlSource", hub.Internal, err)
		}
		source.Pins = append(source.Pins, c)
	}
	return source, nil
}

// logoutBindings are the register's words for bindings.
var logoutBindings = map[string]string{
	tenants.SAMLRedirect: samlmsg.BindingRedirect, tenants.SAMLPost: samlmsg.BindingPOST, tenants.SAMLSOAP: samlmsg.BindingSOAP,
}

// registeredRole gives what the register itself says of a service provider.
func registeredRole(o tenants.SAML) (samlmsg.SPSSODescriptor, error) {
	role := samlmsg.SPSSODescriptor{AuthnRequestsSigned: o.SignedRequests}
	for _, e := range o.ACS {
		role.AssertionConsumers = append(role.AssertionConsumers, samlmsg.IndexedEndpoint{
			Binding: samlmsg.BindingPOST, Location: e.URL, Index: e.Index, IsDefault: e.Default,
		})
	}
	for _, e := range o.Logout {
		role.SingleLogout = append(role.SingleLogout, samlmsg.Endpoint{Binding: logoutBindings[e.Binding], Location: e.URL, ResponseLocation: e.ResponseURL})
	}
	add := func(use samlmsg.KeyUse, der []byte) error {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return hub.E("app.registeredRole", hub.Internal, err)
		}
		role.Keys = append(role.Keys, samlmsg.KeyDescriptor{Use: use, Certificates: []*x509.Certificate{c}})
		return nil
	}
	for _, der := range o.Certificates {
		if err := add(samlmsg.UseSigning, der); err != nil {
			return role, err
		}
	}
	if len(o.EncryptionCertificate) > 0 {
		return role, add(samlmsg.UseEncryption, o.EncryptionCertificate)
	}
	return role, nil
}

// samlItems knows which items are open to who has signed in.
type samlItems struct{ h *Hub }

// Open implements samlidp.Items.
func (x samlItems) Open(ctx context.Context, system hub.SystemID, res login.Result) ([]string, error) {
	all, err := x.h.authz.details.OpenTo(ctx, system, token.Access{
		System: system, Session: res.Session.ID, Account: res.Session.Account, Entity: res.Party.Entity, Level: res.Session.Level, AuthTime: res.Session.AuthTime,
	})
	var out []string
	for _, o := range all {
		for _, a := range o.Actions {
			out = append(out, string(o.Item)+":"+string(a))
		}
	}
	return out, err
}
