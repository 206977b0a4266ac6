package samlsp

import (
	"bytes"
	"context"
	"crypto/x509"
	"net/http"
	"slices"
	"strings"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

// publication is our metadata for one provider as it was last written.
type publication struct {
	key string // of what it was made
	at  time.Time
	xml []byte
}

// republish is how long a publication serves before it is written anew with a later end.
const republish = time.Hour

// Metadata serves our metadata for a provider: GET, for anybody.
func (e *Endpoints) Metadata(w http.ResponseWriter, r *http.Request) {
	p, err := e.provider(r)
	if err != nil {
		e.o.Fail(w, r, err)
		return
	}
	xml, at, err := e.c.publish(r.Context(), p)
	if err != nil {
		e.o.Fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", samlmsg.MetadataContentType)
	w.Header().Set("Cache-Control", "public, max-age=300")
	http.ServeContent(w, r, "", at, bytes.NewReader(xml))
}

// publish gives our signed metadata for a provider: the keys that sign and that will (two during a rollover), the one to encrypt
// for, one assertion consumer service, and the attributes that the record maps. Unavailable where the keys can't be had.
func (c *Connector) publish(ctx context.Context, p federation.Provider) ([]byte, time.Time, error) {
	signing, err := c.o.Keys.Signing(ctx)
	if err != nil {
		return nil, time.Time{}, err
	}
	decrypting, err := c.o.Keys.Decrypting(ctx)
	if err != nil {
		return nil, time.Time{}, err
	}
	if len(signing) == 0 || len(decrypting) == 0 {
		return nil, time.Time{}, hub.Errorf("samlsp.publish", hub.Unavailable, "no keys")
	}
	d := c.describe(p, signing, decrypting)
	key := fingerprint(d)
	now := c.o.Clock()
	c.mu.Lock()
	defer c.mu.Unlock()
	if last, ok := c.published[p.ID]; ok && last.key == key && now.Sub(last.at) < republish && !now.Before(last.at) {
		return last.xml, last.at, nil
	}
	signer, err := samlmsg.NewSigner(samlmsg.SignerOptions{Key: signing[0].Key, Certificate: signing[0].Certificate, Random: c.o.Random})
	if err != nil {
		return nil, time.Time{}, err
	}
	d.ID, d.ValidUntil = "_"+hub.NewID(c.o.Random), now.Add(metadataLife).Truncate(time.Second)
	xml, err := d.XML(signer)
	if err != nil {
		return nil, time.Time{}, err
	}
	c.published[p.ID] = publication{key: key, at: now, xml: xml}
	return xml, now, nil
}

func (c *Connector) describe(p federation.Provider, signing, decrypting []KeyPair) samlmsg.EntityDescriptor {
	role := samlmsg.Role{
		NameIDFormats: []string{nameIDFormats[p.SAML.NameID]}, DisplayNames: c.o.Names,
		SingleLogout: []samlmsg.Endpoint{
			{Binding: samlmsg.BindingRedirect, Location: c.SLOURL(p.ID)},
			{Binding: samlmsg.BindingPOST, Location: c.SLOURL(p.ID)},
			{Binding: samlmsg.BindingSOAP, Location: c.SLOURL(p.ID) + pathSOAP},
		},
	}
	for _, cert := range certificates(signing, false) {
		role.Keys = append(role.Keys, samlmsg.KeyDescriptor{Use: samlmsg.UseSigning, Certificates: []*x509.Certificate{cert}})
	}
	// One key to encrypt for: a peer takes whichever it finds. What was made for an older one still opens.
	role.Keys = append(role.Keys, samlmsg.KeyDescriptor{
		Use: samlmsg.UseEncryption, Certificates: []*x509.Certificate{decrypting[0].Certificate}, Methods: samlmsg.OwnEncryptionMethods(),
	})
	sp := &samlmsg.SPSSODescriptor{
		Role: role, AuthnRequestsSigned: true, WantAssertionsSigned: true,
		AssertionConsumers: []samlmsg.IndexedEndpoint{{Binding: samlmsg.BindingPOST, Location: c.ACSURL(p.ID), Index: 0, IsDefault: true}},
	}
	if wishes := requested(p); len(wishes) > 0 && len(c.o.Names) > 0 {
		sp.AttributeConsuming = []samlmsg.AttributeConsumingService{{Index: 0, IsDefault: true, Names: c.o.Names, Requested: wishes}}
	}
	return samlmsg.EntityDescriptor{EntityID: c.entityID(p), CacheDuration: metadataCache, SP: sp}
}

// requested lists what the record can make use of, each attribute once.
func requested(p federation.Provider) []samlmsg.RequestedAttribute {
	var names []string
	for _, name := range hub.AttributeNames() {
		names = append(names, p.Attributes[name]...)
	}
	names = append(names, p.Person.Claim, p.Assurance.IALName, p.Assurance.AALName, p.SAML.Subject)
	needed := []string{p.Person.Claim, p.SAML.Subject}
	slices.Sort(names)
	var out []samlmsg.RequestedAttribute
	for _, n := range slices.Compact(names) {
		if n == "" {
			continue
		}
		format := samlmsg.AttributeBasic
		if strings.Contains(n, ":") {
			format = samlmsg.AttributeURI
		}
		out = append(out, samlmsg.RequestedAttribute{Name: n, NameFormat: format, Required: slices.Contains(needed, n)})
	}
	return out
}

// fingerprint tells descriptors apart by all that is in them before they get an id and an end.
func fingerprint(d samlmsg.EntityDescriptor) string {
	xml, err := d.XML(nil)
	if err != nil {
		return ""
	}
	return string(xml)
}
