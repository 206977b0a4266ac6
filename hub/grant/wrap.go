package grant

import (
	"time"

	"onedoor/hub"
	"onedoor/hub/envelope"
)

// Form tells what kind of credential a secret is. A key wrapped for one form does not open as another.
type Form string

// The forms.
const (
	AuthorizationCode Form = "code"
	RefreshToken      Form = "refresh"
)

// Mint makes a credential of 256 random bits for the grant, good until expires. The store will know its hash only; the vault key
// is wrapped under the secret itself, so that it can be read while the holder presents it and at no other time (D3). A zero vault
// key wraps nothing.
func (g *Grants) Mint(form Form, id hub.GrantID, vault hub.Secret, expires time.Time) (hub.Secret, Credential, error) {
	secret := hub.NewSecret(g.random)
	c := Credential{Hash: secret.Hash(), Grant: id, IssuedAt: g.clock(), ExpiresAt: expires}
	if vault.IsZero() {
		return secret, c, nil
	}
	wrapped, err := envelope.Seal(g.random, secret.Bytes(), purpose(form), string(id), vault.Bytes())
	if err != nil {
		return hub.Secret{}, Credential{}, hub.E("grant.Mint", hub.Internal, err)
	}
	c.WrappedKey = wrapped
	return secret, c, nil
}

// VaultKey unwraps the vault key of a credential whose secret is presented; zero where none was wrapped. Invalid where the secret,
// the form or the grant is another.
func VaultKey(form Form, secret hub.Secret, c Credential) (hub.Secret, error) {
	if secret.Hash() != c.Hash {
		return hub.Secret{}, hub.Errorf("grant.VaultKey", hub.Invalid, "not the secret of this credential")
	}
	if len(c.WrappedKey) == 0 {
		return hub.Secret{}, nil
	}
	plain, err := envelope.Open(secret.Bytes(), purpose(form), string(c.Grant), c.WrappedKey)
	if err != nil {
		return hub.Secret{}, hub.E("grant.VaultKey", hub.Invalid, err)
	}
	key, err := hub.SecretFromBytes(plain)
	if err != nil {
		return hub.Secret{}, hub.E("grant.VaultKey", hub.Invalid, err)
	}
	return key, nil
}

func purpose(f Form) string { return "grant/" + string(f) }
