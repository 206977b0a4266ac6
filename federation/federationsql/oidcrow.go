package federationsql

import "onedoor/federation"

type oidcRow struct {
	Issuer        string    `json:"issuer"`
	DiscoveryURL  string    `json:"discovery_url,omitempty"`
	Authorization string    `json:"authorization,omitempty"`
	Token         string    `json:"token,omitempty"`
	UserInfo      string    `json:"userinfo,omitempty"`
	JWKS          string    `json:"jwks,omitempty"`
	Revocation    string    `json:"revocation,omitempty"`
	ClientID      string    `json:"client_id"`
	ClientSecret  []byte    `json:"client_secret_sealed,omitempty"`
	AuthMethod    string    `json:"auth_method,omitempty"`
	Scopes        []string  `json:"scopes,omitempty"`
	Quirks        quirksRow `json:"quirks"`

	AssertionAlg       string   `json:"assertion_alg,omitempty"`
	AssertionAudience  string   `json:"assertion_audience,omitempty"`
	Push               string   `json:"push,omitempty"`
	PushEndpoint       string   `json:"push_endpoint,omitempty"`
	EssentialACR       bool     `json:"essential_acr,omitempty"`
	IDTokenEncryption  string   `json:"id_token_encryption,omitempty"`
	UserInfoEncryption string   `json:"userinfo_encryption,omitempty"`
	SignedUserInfo     bool     `json:"signed_userinfo,omitempty"`
	Audiences          []string `json:"audiences,omitempty"`

	EndSession         string `json:"end_session,omitempty"`
	LogoutBrowser      bool   `json:"logout_browser,omitempty"`
	LogoutHint         bool   `json:"logout_hint,omitempty"`
	LogoutRevoke       bool   `json:"logout_revoke,omitempty"`
	LogoutFrontChannel bool   `json:"logout_front_channel,omitempty"`
}

type quirksRow struct {
	FlatClaims     bool     `json:"flat_claims,omitempty"`
	NoPKCE         bool     `json:"no_pkce,omitempty"`
	NoNonce        bool     `json:"no_nonce,omitempty"`
	NoUserInfo     bool     `json:"no_userinfo,omitempty"`
	ExpireIn       bool     `json:"expire_in,omitempty"`
	RevokeAfterUse bool     `json:"revoke_after_use,omitempty"`
	RevokeBearer   bool     `json:"revoke_bearer,omitempty"`
	APIKeyHeader   string   `json:"api_key_header,omitempty"`
	APIKey         []byte   `json:"api_key_sealed,omitempty"`
	SigningAlgs    []string `json:"signing_algs,omitempty"`
	BirthdateCE    bool     `json:"birthdate_ce,omitempty"`
	AlwaysFresh    bool     `json:"always_fresh,omitempty"`
	ErrorIsDenied  []string `json:"error_is_denied,omitempty"`
	IssuerOptional bool     `json:"issuer_optional,omitempty"`
	AnyContentType bool     `json:"any_content_type,omitempty"`
}

func writeOIDC(o *federation.OIDC) *oidcRow {
	q := o.Quirks
	return &oidcRow{
		Issuer: o.Issuer, DiscoveryURL: o.DiscoveryURL, Authorization: o.Authorization, Token: o.Token, UserInfo: o.UserInfo,
		JWKS: o.JWKS, Revocation: o.Revocation, ClientID: o.ClientID, ClientSecret: o.ClientSecret, AuthMethod: o.AuthMethod,
		Scopes: o.Scopes, Quirks: quirksRow{
			FlatClaims: q.FlatClaims, NoPKCE: q.NoPKCE, NoNonce: q.NoNonce, NoUserInfo: q.NoUserInfo, ExpireIn: q.ExpireIn,
			RevokeAfterUse: q.RevokeAfterUse, RevokeBearer: q.RevokeBearer, APIKeyHeader: q.APIKeyHeader, APIKey: q.APIKey,
			SigningAlgs: q.SigningAlgs, BirthdateCE: q.BirthdateCE, AlwaysFresh: q.AlwaysFresh, ErrorIsDenied: q.ErrorIsDenied,
			IssuerOptional: q.IssuerOptional, AnyContentType: q.AnyContentType,
		},
		AssertionAlg: o.Assertion.Alg, AssertionAudience: o.Assertion.Audience, Push: string(o.Push), PushEndpoint: o.PushEndpoint,
		EssentialACR: o.EssentialACR, IDTokenEncryption: o.Encryption.IDToken, UserInfoEncryption: o.Encryption.UserInfo,
		SignedUserInfo: o.SignedUserInfo, Audiences: o.Audiences,
		EndSession: o.Logout.EndSession, LogoutBrowser: o.Logout.Browser, LogoutHint: o.Logout.Hint, LogoutRevoke: o.Logout.Revoke,
		LogoutFrontChannel: o.Logout.FrontChannel,
	}
}

func readOIDC(o *oidcRow) *federation.OIDC {
	q := o.Quirks
	return &federation.OIDC{
		Issuer: o.Issuer, DiscoveryURL: o.DiscoveryURL, Authorization: o.Authorization, Token: o.Token, UserInfo: o.UserInfo,
		JWKS: o.JWKS, Revocation: o.Revocation, ClientID: o.ClientID, ClientSecret: o.ClientSecret, AuthMethod: o.AuthMethod,
		Scopes: o.Scopes, Quirks: federation.Quirks{
			FlatClaims: q.FlatClaims, NoPKCE: q.NoPKCE, NoNonce: q.NoNonce, NoUserInfo: q.NoUserInfo, ExpireIn: q.ExpireIn,
			RevokeAfterUse: q.RevokeAfterUse, RevokeBearer: q.RevokeBearer, APIKeyHeader: q.APIKeyHeader, APIKey: q.APIKey,
			SigningAlgs: q.SigningAlgs, BirthdateCE: q.BirthdateCE, AlwaysFresh: q.AlwaysFresh, ErrorIsDenied: q.ErrorIsDenied,
			IssuerOptional: q.IssuerOptional, AnyContentType: q.AnyContentType,
		},
		Assertion: federation.Assertion{Alg: o.AssertionAlg, Audience: o.AssertionAudience},
		Push:      federation.PushPolicy(o.Push), PushEndpoint: o.PushEndpoint, EssentialACR: o.EssentialACR,
		Encryption:     federation.Encryption{IDToken: o.IDTokenEncryption, UserInfo: o.UserInfoEncryption},
		SignedUserInfo: o.SignedUserInfo, Audiences: o.Audiences,
		Logout: federation.OIDCLogout{
			EndSession: o.EndSession, Browser: o.LogoutBrowser, Hint: o.LogoutHint, Revoke: o.LogoutRevoke, FrontChannel: o.LogoutFrontChannel,
		},
	}
}
