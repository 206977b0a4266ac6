package federation

import "slices"

// OwnKeys are the hub's own keys that trust records ask for. They must be there and published before such a provider is used.
type OwnKeys struct {
	Sign    []string // algorithms of private_key_jwt
	Decrypt []string // algorithms of what OpenID providers encrypt
	SAML    bool     // those for SAML messages
}

// OwnKeys gives the keys that the known records ask for.
func (r *Registry) OwnKeys() OwnKeys {
	s := r.now.Load()
	if s == nil {
		return OwnKeys{}
	}
	return s.own
}

func ownKeys(providers []Provider) (own OwnKeys) {
	var sign, decrypt []string
	for _, p := range providers {
		own.SAML = own.SAML || p.SAML != nil
		if p.Tokens != nil && p.Tokens.Complete().Introspection != "" {
			sign = append(sign, p.Tokens.Assertion.Algorithm())
		}
		if p.OIDC == nil {
			continue
		}
		if p.OIDC.AuthMethod == PrivateKeyJWT {
			sign = append(sign, p.OIDC.Assertion.Algorithm())
		}
		for _, alg := range []string{p.OIDC.Encryption.IDToken, p.OIDC.Encryption.UserInfo} {
			if alg != "" {
				decrypt = append(decrypt, alg)
			}
		}
	}
	slices.Sort(sign)
	slices.Sort(decrypt)
	own.Sign, own.Decrypt = slices.Compact(sign), slices.Compact(decrypt)
	return own
}
