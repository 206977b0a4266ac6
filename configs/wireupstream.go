package configs

import "onedoor/federation"

type upstreamForm struct {
	Issuer           string         `yaml:"issuer"`
	DiscoveryURL     string         `yaml:"discoveryURL"`
	Authorization    string         `yaml:"authorization"`
	Token            string         `yaml:"token"`
	UserInfo         string         `yaml:"userInfo"`
	JWKS             string         `yaml:"jwks"`
	Revocation       string         `yaml:"revocation"`
	ClientID         string         `yaml:"clientID"`
	ClientSecretFile string         `yaml:"clientSecretFile"`
	ClientSecretEnv  string         `yaml:"clientSecretEnv"`
	AuthMethod       string         `yaml:"authMethod"`
	Assertion        assertionForm  `yaml:"assertion"`
	Scopes           []string       `yaml:"scopes"`
	Push             string         `yaml:"push"`
	PushEndpoint     string         `yaml:"pushEndpoint"`
	EssentialACR     bool           `yaml:"essentialACR"`
	Encryption       encryptionForm `yaml:"encryption"`
	SignedUserInfo   bool           `yaml:"signedUserInfo"`
	Audiences        []string       `yaml:"audiences"`
	Logout           upstreamLogout `yaml:"logout"`
	Quirks           quirksForm     `yaml:"quirks"`
}

type upstreamLogout struct {
	EndSession   string `yaml:"endSession"`
	Browser      bool   `yaml:"browser"`
	Hint         bool   `yaml:"hint"`
	Revoke       bool   `yaml:"revoke"`
	FrontChannel bool   `yaml:"frontChannel"`
}

type quirksForm struct {
	FlatClaims     bool     `yaml:"flatClaims"`
	NoPKCE         bool     `yaml:"noPKCE"`
	NoNonce        bool     `yaml:"noNonce"`
	NoUserInfo     bool     `yaml:"noUserInfo"`
	ExpireIn       bool     `yaml:"expireIn"`
	RevokeAfterUse bool     `yaml:"revokeAfterUse"`
	RevokeBearer   bool     `yaml:"revokeBearer"`
	APIKeyHeader   string   `yaml:"apiKeyHeader"`
	APIKeyFile     string   `yaml:"apiKeyFile"`
	APIKeyEnv      string   `yaml:"apiKeyEnv"`
	SigningAlgs    []string `yaml:"signingAlgs"`
	BirthdateCE    bool     `yaml:"birthdateCE"`
	AlwaysFresh    bool     `yaml:"alwaysFresh"`
	ErrorIsDenied  []string `yaml:"errorIsDenied"`
	IssuerOptional bool     `yaml:"issuerOptional"`
	AnyContentType bool     `yaml:"anyContentType"`
}

type assertionForm struct {
	Alg      string `yaml:"alg"`
	Audience string `yaml:"audience"`
}

type encryptionForm struct {
	IDToken  string `yaml:"idToken"`
	UserInfo string `yaml:"userInfo"`
}

func (o upstreamForm) settings() *federation.OIDC {
	q := o.Quirks
	return &federation.OIDC{
		Issuer:         o.Issuer,
		DiscoveryURL:   o.DiscoveryURL,
		Authorization:  o.Authorization,
		Token:          o.Token,
		UserInfo:       o.UserInfo,
		JWKS:           o.JWKS,
		Revocation:     o.Revocation,
		ClientID:       o.ClientID,
		AuthMethod:     o.AuthMethod,
		Assertion:      federation.Assertion{Alg: o.Assertion.Alg, Audience: o.Assertion.Audience},
		Scopes:         o.Scopes,
		Push:           federation.PushPolicy(o.Push),
		PushEndpoint:   o.PushEndpoint,
		EssentialACR:   o.EssentialACR,
		Encryption:     federation.Encryption{IDToken: o.Encryption.IDToken, UserInfo: o.Encryption.UserInfo},
		SignedUserInfo: o.SignedUserInfo,
		Audiences:      o.Audiences,
		Logout:         federation.OIDCLogout(o.Logout),
		Quirks: federation.Quirks{
			FlatClaims:     q.FlatClaims,
			NoPKCE:         q.NoPKCE,
			NoNonce:        q.NoNonce,
			NoUserInfo:     q.NoUserInfo,
			ExpireIn:       q.ExpireIn,
			RevokeAfterUse: q.RevokeAfterUse,
			RevokeBearer:   q.RevokeBearer,
			APIKeyHeader:   q.APIKeyHeader,
			SigningAlgs:    q.SigningAlgs,
			BirthdateCE:    q.BirthdateCE,
			AlwaysFresh:    q.AlwaysFresh,
			ErrorIsDenied:  q.ErrorIsDenied,
			IssuerOptional: q.IssuerOptional,
			AnyContentType: q.AnyContentType,
		},
	}
}

// upstreamOf gives the form of the settings without their secrets.
func upstreamOf(o *federation.OIDC) *upstreamForm {
	q := o.Quirks
	return &upstreamForm{
		Issuer:         o.Issuer,
		DiscoveryURL:   o.DiscoveryURL,
		Authorization:  o.Authorization,
		Token:          o.Token,
		UserInfo:       o.UserInfo,
		JWKS:           o.JWKS,
		Revocation:     o.Revocation,
		ClientID:       o.ClientID,
		AuthMethod:     o.AuthMethod,
		Assertion:      assertionForm{Alg: o.Assertion.Alg, Audience: o.Assertion.Audience},
		Scopes:         o.Scopes,
		Push:           string(o.Push),
		PushEndpoint:   o.PushEndpoint,
		EssentialACR:   o.EssentialACR,
		Encryption:     encryptionForm{IDToken: o.Encryption.IDToken, UserInfo: o.Encryption.UserInfo},
		SignedUserInfo: o.SignedUserInfo,
		Audiences:      o.Audiences,
		Logout:         upstreamLogout(o.Logout),
		Quirks: quirksForm{
			FlatClaims:     q.FlatClaims,
			NoPKCE:         q.NoPKCE,
			NoNonce:        q.NoNonce,
			NoUserInfo:     q.NoUserInfo,
			ExpireIn:       q.ExpireIn,
			RevokeAfterUse: q.RevokeAfterUse,
			RevokeBearer:   q.RevokeBearer,
			APIKeyHeader:   q.APIKeyHeader,
			SigningAlgs:    q.SigningAlgs,
			BirthdateCE:    q.BirthdateCE,
			AlwaysFresh:    q.AlwaysFresh,
			ErrorIsDenied:  q.ErrorIsDenied,
			IssuerOptional: q.IssuerOptional,
			AnyContentType: q.AnyContentType,
		},
	}
}
