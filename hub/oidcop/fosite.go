package oidcop

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	jose "github.com/go-jose/go-jose/v3"
	"github.com/ory/fosite"
	"github.com/ory/fosite/handler/oauth2"
	"github.com/ory/fosite/handler/pkce"

	"onedoor/hub"
	"onedoor/hub/oidcop/fositestore"
)

// newConfig sets every field that fosite reads, because its getters fill gaps while serving (a data race) and with lax values.
// HTTPClient stays nil: it is only read where request_uri or jwks_uri is fetched, and neither gets this far.
func (p *Provider) newConfig(store *fositestore.Store) *fosite.Config {
	c := &fosite.Config{
		AccessTokenLifespan:            accessTokenLife,
		RefreshTokenLifespan:           30 * 24 * time.Hour, // the grant's end comes first
		AuthorizeCodeLifespan:          codeLife,
		IDTokenLifespan:                idTokenLife,
		IDTokenIssuer:                  p.issuer,
		AccessTokenIssuer:              p.issuer,
		TokenURL:                       p.issuer + TokenPath,
		DisableRefreshTokenValidation:  true,
		ScopeStrategy:                  fosite.ExactScopeStrategy,
		AudienceMatchingStrategy:       fosite.ExactAudienceMatchingStrategy,
		EnforcePKCE:                    true,
		EnforcePKCEForPublicClients:    true,
		EnablePKCEPlainChallengeMethod: false,
		AllowedPromptValues:            []string{"none", "login", "consent", "select_account"},
		JWKSFetcherStrategy:            noFetcher{},
		TokenEntropy:                   32,
		RedirectSecureChecker:          fosite.IsRedirectURISecureStrict,
		RefreshTokenScopes:             []string{scopeOffline},
		MinParameterEntropy:            1, // the least that fosite can be told; viaFosite forgives the rest
		ClientSecretsHasher:            noHasher{},
		ClientAuthenticationStrategy:   nobody,
		SanitationWhiteList:            []string{"redirect_uri", "code_challenge", "code_challenge_method"},
		OmitRedirectScopeParam:         true,
	}
	st := &strategy{p}
	code := &oauth2.AuthorizeExplicitGrantHandler{
		AccessTokenStrategy: st, RefreshTokenStrategy: st, AuthorizeCodeStrategy: st,
		CoreStorage: store, TokenRevocationStorage: store, Config: c,
	}
	challenge := &pkce.Handler{AuthorizeCodeStrategy: st, Storage: store, Config: c}
	c.AuthorizeEndpointHandlers = fosite.AuthorizeEndpointHandlers{code, challenge} // in this order: the second needs the code
	c.TokenEndpointHandlers = fosite.TokenEndpointHandlers{code, challenge}
	return c
}

// withoutPKCE is the configuration for the clients that may leave PKCE out. A verifier for a code without a challenge is refused there
// too (RFC 9700 section 4.8.2), and so is a code with a challenge but without its verifier.
func (p *Provider) withoutPKCE(store *fositestore.Store) *fosite.Config {
	c := p.newConfig(store)
	c.EnforcePKCE = false
	return c
}

// noHasher compares nothing: [Provider.authenticate] does. It stands where fosite would put bcrypt (a quarter of a second each).
type noHasher struct{}

var errNotHere = errors.New("oidcop: client secrets are not compared here")

func (noHasher) Compare(context.Context, []byte, []byte) error { return errNotHere }
func (noHasher) Hash(context.Context, []byte) ([]byte, error)  { return nil, errNotHere }
func nobody(context.Context, *http.Request, url.Values) (fosite.Client, error) {
	return nil, fosite.ErrInvalidClient
}

// noFetcher fetches nothing: no client has keys.
type noFetcher struct{}

func (noFetcher) Resolve(context.Context, string, bool) (*jose.JSONWebKeySet, error) {
	return nil, fosite.ErrInvalidRequest
}

// oneClient is fosite's view of the register for one request: the client that was found and checked before.
type oneClient struct{ client *fositeClient }

func (o oneClient) GetClient(_ context.Context, id string) (fosite.Client, error) {
	if id != o.client.GetID() {
		return nil, fosite.ErrNotFound
	}
	return o.client, nil
}

func (oneClient) ClientAssertionJWTValid(context.Context, string) error { return fosite.ErrJTIKnown }

func (oneClient) SetClientAssertionJWT(context.Context, string, time.Time) error {
	return fosite.ErrJTIKnown
}

// forClient is the configuration for one request of a client that is already authenticated.
type forClient struct {
	*fosite.Config
	client *fositeClient
}

// GetClientAuthenticationStrategy gives the client that was authenticated, so that fosite does not look it up again.
func (f forClient) GetClientAuthenticationStrategy(context.Context) fosite.ClientAuthenticationStrategy {
	return func(context.Context, *http.Request, url.Values) (fosite.Client, error) { return f.client, nil }
}

func (p *Provider) fosite(c *fositeClient) *fosite.Fosite {
	config := p.config
	if c.client.PKCEOptional {
		config = p.laxConfig
	}
	return &fosite.Fosite{Store: oneClient{c}, Config: forClient{config, c}}
}

func (a *authorization) fositeClient() *fositeClient {
	return &fositeClient{client: a.client, redirect: a.redirect}
}

// viaFosite lets fosite parse what was checked here, and only that. It forgives a missing state where there is a PKCE challenge,
// which protects better (RFC 9700 section 2.1), and state is the last thing that fosite looks at.
func (p *Provider) viaFosite(ctx context.Context, a *authorization) (fosite.AuthorizeRequester, *refusal) {
	form := url.Values{
		"client_id": {string(a.client.ID)}, "redirect_uri": {a.redirect}, "response_type": {"code"},
		"scope": {strings.Join(a.scopes, " ")}, "state": {a.state},
	}
	if a.challenge != "" {
		form["code_challenge"], form["code_challenge_method"] = []string{a.challenge}, []string{"S256"}
	}
	r := &http.Request{Method: http.MethodGet, URL: &url.URL{}, Header: http.Header{}, Form: form, PostForm: url.Values{}}
	requester, err := p.fosite(a.fositeClient()).NewAuthorizeRequest(ctx, r)
	if a.state == "" && a.challenge != "" && errors.Is(err, fosite.ErrInvalidState) {
		err = nil
	}
	if err != nil {
		return nil, asRefusal(err)
	}
	if u := requester.GetRedirectURI(); u == nil {
		return nil, refuse(codeServerError, "the request failed")
	}
	return requester, nil
}

// subject is the client's own name for the person: pairwise by sector (OpenID Connect Core section 8.1).
func (p *Provider) subject(c Client, account hub.AccountID) string {
	return encodeHash(p.index.Index("pairwise", c.sector(), string(account)))
}
