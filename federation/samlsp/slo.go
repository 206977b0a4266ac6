package samlsp

import (
	"context"
	"encoding/base64"
	"encoding/json"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/envelope"
	"onedoor/hub/logout"
	"onedoor/hub/samlmsg"
	"onedoor/hub/samlslo"
)

// LogoutProtocol is the name of this protocol in session participants: the session at the provider is one.
const LogoutProtocol = "saml-upstream"

// The paths of single logout below a provider's own (SAML Profiles section 4.4).
const (
	pathSLO  = "/slo" // HTTP-Redirect and HTTP-POST
	pathSOAP = "/soap"
)

// LogoutPath is the path of the single logout service, with {provider} for the provider; "/continue", "/answer" and "/soap" lie below.
const LogoutPath = pathPrefix + "{provider}" + pathSLO

// SLOURL is our single logout service for a provider.
func (c *Connector) SLOURL(id hub.ProviderID) string {
	return c.o.Issuer + pathPrefix + string(id) + pathSLO
}

// upstreamRef is what the provider must be told of its session: the name exactly as it gave it (SAML Core section 3.7.1).
type upstreamRef struct {
	Value           string `json:"v"`
	Format          string `json:"f,omitempty"`
	NameQualifier   string `json:"q,omitempty"`
	SPNameQualifier string `json:"s,omitempty"`
	SPProvidedID    string `json:"p,omitempty"`
	Index           string `json:"i,omitempty"`
}

const refPurpose = "saml-upstream-ref"

// upstream gives the provider's session as a logout needs it. It rests sealed under a key derived from the index key, which is in the
// database only sealed under the master key, and which no rotation takes away while a session lives.
func (c *Connector) upstream(provider hub.ProviderID, id samlmsg.NameID, index string) (hub.Upstream, error) {
	const op = "samlsp.upstream"
	plain, err := json.Marshal(upstreamRef{id.Value, id.Format, id.NameQualifier, id.SPNameQualifier, id.SPProvidedID, index})
	if err != nil {
		return hub.Upstream{}, hub.Errorf(op, hub.Internal, "a name can't be written")
	}
	sealed, err := envelope.Seal(c.o.Random, c.o.Index.Index(refPurpose), refPurpose, string(provider), plain)
	if err != nil {
		return hub.Upstream{}, err
	}
	return hub.Upstream{
		Protocol: LogoutProtocol, Ref: base64.RawURLEncoding.EncodeToString(sealed),
		Names: []hub.PeerName{samlmsg.Named(c.o.Index, samlslo.ProviderKey(provider), id, index)},
	}, nil
}

// Records has the trust records, of providers in service or not; federation.Registry has it. NotFound, Unavailable.
type Records interface {
	Record(id hub.ProviderID) (federation.Provider, error)
}

// LogoutSide is this side of single logout, towards identity providers: what hub/samlslo must know of them and of us.
type LogoutSide struct {
	c       *Connector
	records Records
}

var (
	_ samlslo.Peers = LogoutSide{}
	_ samlslo.Own   = LogoutSide{}
)

// LogoutSide gives it.
func (c *Connector) LogoutSide(records Records) LogoutSide { return LogoutSide{c, records} }

func (l LogoutSide) record(id hub.ProviderID) (federation.Provider, error) {
	p, err := l.records.Record(id)
	if err == nil && p.SAML == nil {
		err = hub.Errorf("samlsp.LogoutSide", hub.NotFound, "a provider of another protocol")
	}
	return p, err
}

// Sender implements samlslo.Peers: the provider whose address it is. One that is out of service may end its sessions all the same.
func (l LogoutSide) Sender(ctx context.Context, at hub.ProviderID, _ string) (samlslo.Peer, error) {
	return l.Of(ctx, "", at)
}

// Of implements samlslo.Peers.
func (l LogoutSide) Of(ctx context.Context, _ hub.SystemID, provider hub.ProviderID) (samlslo.Peer, error) {
	p, err := l.record(provider)
	if err != nil {
		return samlslo.Peer{Provider: provider}, err
	}
	role, err := l.c.provider(ctx, p)
	if err != nil {
		return samlslo.Peer{Provider: provider}, err
	}
	return l.peer(p, role)
}

// Known implements samlslo.Peers.
func (l LogoutSide) Known(_ hub.SystemID, provider hub.ProviderID) (samlslo.Peer, bool) {
	p, err := l.record(provider)
	if err != nil {
		return samlslo.Peer{}, false
	}
	from, err := source(*p.SAML)
	if err != nil {
		return samlslo.Peer{}, false
	}
	e, ok := l.c.o.Metadata.Have(from, p.SAML.EntityID)
	if !ok || e.IDP == nil {
		return samlslo.Peer{}, false
	}
	peer, err := l.peer(p, e.IDP)
	return peer, err == nil
}

// Renew implements samlslo.Peers.
func (l LogoutSide) Renew(ctx context.Context, x samlslo.Peer) (bool, error) {
	p, err := l.record(x.Provider)
	if err != nil {
		return false, err
	}
	from, err := source(*p.SAML)
	if err != nil {
		return false, err
	}
	return l.c.o.Metadata.Renew(ctx, from)
}

func (l LogoutSide) peer(p federation.Provider, role *samlmsg.IDPSSODescriptor) (samlslo.Peer, error) {
	peer := samlslo.Peer{
		Provider: p.ID, EntityID: p.SAML.EntityID, Role: role.Role, Skew: p.SAML.Skew(),
		Self: l.c.entityID(p), SLO: l.c.SLOURL(p.ID), SOAP: l.c.SLOURL(p.ID) + pathSOAP,
	}
	if !p.SAML.EncryptedNames {
		return peer, nil
	}
	key, ok := role.EncryptionKey()
	if !ok {
		return peer, hub.E("samlsp.peer", hub.Refused, samlmsg.EncryptionMissing)
	}
	var err error
	peer.Encrypt, err = samlmsg.NewRecipient(samlmsg.RecipientOptions{Certificate: key.Certificates[0], Methods: key.Methods, Random: l.c.o.Random})
	return peer, err
}

// Signer implements samlslo.Own.
func (l LogoutSide) Signer(ctx context.Context) (*samlmsg.Signer, error) { return l.c.signer(ctx) }

// Decrypter implements samlslo.Own. AES-CBC is taken here whatever the record says: a logout request is signed, and its signature is checked
// before anything is decrypted.
func (l LogoutSide) Decrypter(ctx context.Context, _ samlslo.Peer) (*samlmsg.Decrypter, error) {
	pairs, err := l.c.o.Keys.Decrypting(ctx)
	if err != nil {
		return nil, err
	}
	return l.c.decrypter(pairs, true)
}

// Name implements samlslo.Own. NotFound where the participant's handle does not open: it is of another hub, or gone.
func (l LogoutSide) Name(_ context.Context, p samlslo.Peer, n logout.Notice) (samlmsg.NameID, string, error) {
	const op = "samlsp.Name"
	gone := hub.Errorf(op, hub.NotFound, "what the provider must be told is gone")
	sealed, err := base64.RawURLEncoding.DecodeString(n.Ref)
	if err != nil {
		return samlmsg.NameID{}, "", gone
	}
	plain, err := envelope.Open(l.c.o.Index.Index(refPurpose), refPurpose, string(p.Provider), sealed)
	var r upstreamRef
	if err != nil || json.Unmarshal(plain, &r) != nil {
		return samlmsg.NameID{}, "", gone
	}
	return samlmsg.NameID{
		Value: r.Value, Format: r.Format, NameQualifier: r.NameQualifier, SPNameQualifier: r.SPNameQualifier, SPProvidedID: r.SPProvidedID,
	}, r.Index, nil
}
