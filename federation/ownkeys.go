package federation

import "slices"

// OwnKeys gives the algorithms of the hub's own keys that the known records ask for: those that sign (private_key_jwt) and those
// that decrypt. The keys must be there and published before such a provider is used.
func (r *Registry) OwnKeys() (sign, decrypt []string) {
	s := r.now.Load()
	if s == nil {
		return nil, nil
	}
	return s.sign, s.decrypt
}

func ownKeys(providers []Provider) (sign, decrypt []string) {
	for _, p := range providers {
		if p.SAML != nil {
			sign, decrypt = append(sign, "RS256"), append(decrypt, "RSA-OAEP-256")
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
	return slices.Compact(sign), slices.Compact(decrypt)
}
