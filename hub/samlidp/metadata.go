package samlidp

import (
	"context"
	"crypto/x509"
	"net/http"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/samlmsg"
)

// rendered is our metadata as it was signed.
type rendered struct {
	document []byte
	keys     []string // serial numbers of the certificates in it
	at       time.Time
}

// renderedLife is how long a signed document is given out: signing costs a millisecond, and anybody may ask.
const renderedLife = 10 * time.Minute

// Metadata publishes what service providers must know of the hub (SAML Metadata section 4.1). Below the general one each system has
// a document that says whether it has to sign its requests: some software compares that with its own setting and stops otherwise.
func (p *Provider) Metadata(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodGet, http.MethodHead) {
		return
	}
	wantSigned := false
	if id := r.PathValue("system"); id != "" {
		sp := ServiceProvider{}
		err := error(hub.Errorf("samlidp.Metadata", hub.NotFound, "no such system"))
		if hub.ValidName(id) {
			sp, err = p.o.ServiceProviders.ByID(r.Context(), hub.SystemID(id))
		}
		if err != nil {
			p.o.Journey.Refuse(w, r, err)
			return
		}
		wantSigned = sp.signatureDemanded()
	}
	document, err := p.metadata(r.Context(), wantSigned)
	if err != nil {
		p.note(r.Context(), audit.Event{}, string(hub.KindOf(err)), true, err)
		p.o.Journey.Refuse(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", samlmsg.MetadataContentType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "public, max-age=600")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(document)
}

func (p *Provider) metadata(ctx context.Context, wantSigned bool) ([]byte, error) {
	all, err := p.o.Keys.SigningKeys(ctx)
	if err != nil {
		return nil, err
	}
	opening, err := p.o.Keys.DecryptionKeys(ctx)
	if err != nil {
		return nil, err
	}
	if len(opening) == 0 {
		return nil, hub.Errorf("samlidp.metadata", hub.Unavailable, "no key to encrypt for")
	}
	ids := []string{opening[0].Certificate.SerialNumber.String()}
	for _, k := range all {
		ids = append(ids, k.Certificate.SerialNumber.String())
	}
	place := &p.signed[0]
	if wantSigned {
		place = &p.signed[1]
	}
	now := p.now()
	if known := place.Load(); known != nil && slices.Equal(known.keys, ids) && now.Sub(known.at) < renderedLife && !now.Before(known.at) {
		return known.document, nil
	}
	d, err := p.descriptor(ctx, all, opening[0], wantSigned, now)
	if err != nil {
		return nil, err
	}
	signer, err := p.signer(ctx)
	if err != nil {
		return nil, err
	}
	document, err := d.XML(signer)
	if err != nil {
		return nil, err
	}
	place.Store(&rendered{document: document, keys: ids, at: now})
	return document, nil
}

// descriptor describes the hub. Some service providers encrypt the names in their logout requests as soon as they find a key that they may
// use for it; so there is one, and what is encrypted for it opens.
func (p *Provider) descriptor(ctx context.Context, all []SigningKey, opening DecryptionKey, wantSigned bool, now time.Time) (samlmsg.EntityDescriptor, error) {
	levels, err := p.o.Levels(ctx)
	if err != nil {
		return samlmsg.EntityDescriptor{}, err
	}
	role := samlmsg.Role{
		NameIDFormats: []string{samlmsg.FormatPersistent, samlmsg.FormatTransient},
		SingleLogout: []samlmsg.Endpoint{
			{Binding: samlmsg.BindingRedirect, Location: p.o.Issuer + SLOPath},
			{Binding: samlmsg.BindingPOST, Location: p.o.Issuer + SLOPath},
			{Binding: samlmsg.BindingSOAP, Location: p.o.Issuer + SLOSOAPPath},
		},
	}
	for _, k := range all {
		role.Keys = append(role.Keys, samlmsg.KeyDescriptor{Use: samlmsg.UseSigning, Certificates: []*x509.Certificate{k.Certificate}})
	}
	// One key to encrypt for: a peer takes whichever it finds. What was made for an older one still opens.
	role.Keys = append(role.Keys, samlmsg.KeyDescriptor{
		Use: samlmsg.UseEncryption, Certificates: []*x509.Certificate{opening.Certificate}, Methods: samlmsg.OwnEncryptionMethods(),
	})
	d := samlmsg.EntityDescriptor{
		EntityID: p.entityID, ID: p.id(), ValidUntil: now.Add(metadataLife), CacheDuration: metadataCache,
		IDP: &samlmsg.IDPSSODescriptor{
			Role: role, WantAuthnRequestsSigned: wantSigned,
			SingleSignOn: []samlmsg.Endpoint{
				{Binding: samlmsg.BindingRedirect, Location: p.sso}, {Binding: samlmsg.BindingPOST, Location: p.sso},
			},
		},
		Organization: p.o.Organization, Contacts: p.o.Contacts,
	}
	for _, l := range levels {
		if d.Attributes == nil {
			d.Attributes = map[string][]string{}
		}
		d.Attributes[samlmsg.AssuranceCertification] = append(d.Attributes[samlmsg.AssuranceCertification], l.ACR())
	}
	for _, n := range hub.AttributeNames() {
		d.IDP.Attributes = append(d.IDP.Attributes, samlmsg.Attribute{
			Name: attributePrefix + string(n), NameFormat: samlmsg.AttributeURI, FriendlyName: string(n),
		})
	}
	return d, nil
}
