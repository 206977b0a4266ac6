package samlidp

import (
	"context"
	"strings"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/samlmsg"
	"onedoor/hub/samlslo"
)

// Paths of single logout (SAML Profiles section 4.4), for all service providers.
const (
	SLOPath         = "/saml2/slo"          // HTTP-Redirect and HTTP-POST
	SLOContinuePath = "/saml2/slo/continue" // a posted request, after the redirect that brings the cookies
	SLOAnswerPath   = "/saml2/slo/answer"   // back to who asked, once the browser has been everywhere
	SLOSOAPPath     = "/saml2/slo/soap"
)

// LogoutSide is this side of single logout, towards departments: what hub/samlslo must know of service providers and of us.
type LogoutSide struct{ p *Provider }

var (
	_ samlslo.Peers = LogoutSide{}
	_ samlslo.Own   = LogoutSide{}
)

// LogoutSide gives it.
func (p *Provider) LogoutSide() LogoutSide { return LogoutSide{p} }

// Sender implements samlslo.Peers: the live system with the entity id.
func (l LogoutSide) Sender(ctx context.Context, _ hub.ProviderID, issuer string) (samlslo.Peer, error) {
	const op = "samlidp.Sender"
	sp, err := l.p.o.ServiceProviders.ByEntity(ctx, issuer)
	if err != nil {
		return samlslo.Peer{}, err
	}
	if !sp.Live {
		return samlslo.Peer{System: sp.ID}, hub.Errorf(op, hub.Suspended, "the system is not live")
	}
	return l.peer(sp)
}

// Of implements samlslo.Peers. A system that is suspended may hold sessions all the same, and is told.
func (l LogoutSide) Of(ctx context.Context, system hub.SystemID, _ hub.ProviderID) (samlslo.Peer, error) {
	sp, err := l.p.o.ServiceProviders.ForLogout(ctx, system)
	if err != nil {
		return samlslo.Peer{System: system}, err
	}
	return l.peer(sp)
}

// Known implements samlslo.Peers.
func (l LogoutSide) Known(system hub.SystemID, _ hub.ProviderID) (samlslo.Peer, bool) {
	sp, ok := l.p.o.ServiceProviders.Known(system)
	if !ok {
		return samlslo.Peer{}, false
	}
	peer, err := l.peer(sp)
	return peer, err == nil
}

// Renew implements samlslo.Peers.
func (l LogoutSide) Renew(ctx context.Context, p samlslo.Peer) (bool, error) {
	return l.p.o.ServiceProviders.Renew(ctx, p.System)
}

// peer gives a service provider in the words of single logout. Its names are encrypted where its register says so, and it has a key.
func (l LogoutSide) peer(sp ServiceProvider) (samlslo.Peer, error) {
	peer := samlslo.Peer{
		System: sp.ID, EntityID: sp.EntityID, Role: sp.Role.Role, Skew: skew,
		Self: l.p.entityID, SLO: l.p.o.Issuer + SLOPath, SOAP: l.p.o.Issuer + SLOSOAPPath,
	}
	if !sp.EncryptNames {
		return peer, nil
	}
	key, ok := sp.Role.EncryptionKey()
	if !ok {
		return peer, hub.E("samlidp.peer", hub.Refused, samlmsg.EncryptionMissing)
	}
	methods := key.Methods
	if len(sp.EncryptionMethods) > 0 {
		methods = sp.EncryptionMethods
	}
	var err error
	peer.Encrypt, err = samlmsg.NewRecipient(samlmsg.RecipientOptions{Certificate: key.Certificates[0], Methods: methods, Random: l.p.o.Random})
	return peer, err
}

// Signer implements samlslo.Own.
func (l LogoutSide) Signer(ctx context.Context) (*samlmsg.Signer, error) { return l.p.signer(ctx) }

// Decrypter implements samlslo.Own. AES-CBC is taken here: a logout request is signed, and its signature is checked before anything is
// decrypted, so nobody but the service provider can play with what is encrypted.
func (l LogoutSide) Decrypter(ctx context.Context, _ samlslo.Peer) (*samlmsg.Decrypter, error) {
	all, err := l.p.o.Keys.DecryptionKeys(ctx)
	if err != nil {
		return nil, err
	}
	o := samlmsg.DecrypterOptions{Random: l.p.o.Random, AllowCBC: true}
	for _, k := range all {
		o.Keys = append(o.Keys, k.Key)
	}
	return samlmsg.NewDecrypter(o)
}

// Name implements samlslo.Own: the names follow from the session and the account, so they are kept nowhere. The participant's handle says
// which of the two was used.
func (l LogoutSide) Name(_ context.Context, p samlslo.Peer, n logout.Notice) (samlmsg.NameID, string, error) {
	name, index := l.p.nameOf(p.EntityID, n.Session, n.Account, strings.HasPrefix(n.Ref, "t"))
	return name, index, nil
}
