package oidcop

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ory/fosite"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/mtls"
)

// Client is a department's system as OpenID relying party. Names as in OpenID Connect Registration 1.0.
type Client struct {
	ID           hub.SystemID
	Department   hub.DepartmentID
	Live         bool // only a live system gets anything (EXC-07)
	RedirectURIs []string
	Native       bool      // loopback redirect with any port (RFC 8252 section 7.3)
	AuthMethod   string    // client_secret_basic where empty, client_secret_post, private_key_jwt, tls_client_auth, self_signed_tls_client_auth, none
	Certificate  mtls.Name // of tls_client_auth: whom its certificate must name
	AuthAlgs     []string  // of private_key_jwt; ES256 and PS256 where empty
	Secrets      []Secret  // several during a change
	Scopes       []string
	GrantTypes   []string // authorization_code where empty, refresh_token, client_credentials, token exchange
	Sector       string   // sector identifier of pairwise subjects; host of the first redirect URI where empty
	IDTokenAlg   string   // ES256 where empty, RS256, PS256
	UserInfoAlg  string   // of signed answers of the userinfo endpoint; plain JSON where empty
	Encryption   Encryption
	Least        hub.Level
	Attributes   []hub.AttributeName // what its register allows (PRV-06)
	Audience     []Resource          // systems that accept its access tokens, and may introspect them
	Targets      []Target            // APIs that let it come with the token of a person
	MayAct       hub.SystemID        // the one system that may exchange its access tokens; "" for whom the APIs' rules allow
	AccessLife   time.Duration       // of access tokens; 5 minutes where zero
	MaxAge       time.Duration       // greatest age of an authentication where a request does not say; none where zero

	PostLogoutRedirectURIs []string // where the person may be led after a logout that it asked for
	BackchannelLogoutURI   string   // where a logout token goes; or
	FrontchannelLogoutURI  string   // what a hidden frame loads

	JWKS    string // its public keys, as JSON; or
	JWKSURI string // where they are

	RequirePAR           bool
	RequireSignedRequest bool
	RequestAlgs          []string // of request objects; ES256 and PS256 where empty
	FAPI                 bool     // held to the FAPI 2.0 Security Profile
	For                  login.Serves
	TellsItems           bool     // it is told which items of its department are open to the person
	EntityFacts          bool     // it is told the names and the number of whom the person acts for
	DetailTypes          []string // types of authorization details that it may ask for (RFC 9396)
	DPoPBound            bool     // its tokens are bound to a DPoP key, always
	CertificateBound     bool     // its tokens are bound to its TLS client certificate, always
	// PKCEOptional is for a confidential client whose software can't do PKCE. It must send a state.
	PKCEOptional bool
}

// Resource is a system that accepts access tokens of a client: an API.
type Resource struct {
	System hub.SystemID
	URI    string // resource indicator (RFC 8707); "" where it can't be asked for by name
	JWT    string // algorithm of the JWTs that it takes in place of sealed tokens; "" where it takes none
}

// Encryption are the algorithms of encrypted ID tokens (RFC 7518); both empty for none.
type Encryption struct{ Alg, Enc string }

// Secret is a client secret as the hub keeps it: SHA-256 of a random text.
type Secret struct {
	SHA256    [32]byte
	ExpiresAt time.Time // zero: none
}

// Client authentication methods (OpenID Connect Core section 9).
const (
	authBasic = "client_secret_basic"
	authPost  = "client_secret_post"
	authKey   = "private_key_jwt"
	authNone  = "none"
)

// Grant types.
const (
	grantCode    = "authorization_code"
	grantRefresh = "refresh_token"
)

// client looks a client up, with the defaults of OpenID Connect Registration 1.0 section 2. NotFound, also for what is no name;
// Unavailable, Internal.
func (p *Provider) client(ctx context.Context, id string) (Client, error) {
	const op = "oidcop.client"
	if !hub.ValidName(id) {
		return Client{}, hub.Errorf(op, hub.NotFound, "not a client's name")
	}
	c, err := p.clients.Client(ctx, hub.SystemID(id))
	if err != nil {
		return Client{}, err
	}
	if string(c.ID) != id {
		return Client{}, hub.Errorf(op, hub.Internal, "another client than asked for")
	}
	if c.AuthMethod == "" {
		c.AuthMethod = authBasic
	}
	if len(c.GrantTypes) == 0 {
		c.GrantTypes = []string{grantCode}
	}
	return c, nil
}

func (c Client) sector() string {
	if c.Sector != "" || len(c.RedirectURIs) == 0 {
		return c.Sector
	}
	u, err := url.Parse(c.RedirectURIs[0])
	if err != nil {
		return ""
	}
	return u.Hostname()
}

func (c Client) alg() string {
	if c.IDTokenAlg == "" {
		return "ES256"
	}
	return c.IDTokenAlg
}

// defaultClientAlgs are those a client signs with where nothing is registered: FAPI 2.0 Security Profile section 5.4.1.
var defaultClientAlgs = []string{"ES256", "PS256"}

func (c Client) authAlgs() []string    { return orDefault(c.AuthAlgs) }
func (c Client) requestAlgs() []string { return orDefault(c.RequestAlgs) }

func orDefault(algs []string) []string {
	if len(algs) == 0 {
		return defaultClientAlgs
	}
	return algs
}

// mustPush reports whether only pushed requests are accepted.
func (c Client) mustPush() bool { return c.RequirePAR || c.FAPI }

func (c Client) accessLife() time.Duration {
	if c.AccessLife <= 0 {
		return accessTokenLife
	}
	return c.AccessLife
}

// MatchRedirectURI reports whether a client may use the redirect URI: it is one of those registered, byte by byte (RFC 9700
// section 4.1.3). A native client may use any port on a registered loopback address (RFC 8252 section 7.3), where scheme, address,
// path and query are those registered.
func MatchRedirectURI(registered []string, native bool, requested string) bool {
	if !secureRedirect(requested) {
		return false
	}
	if slices.Contains(registered, requested) {
		return true
	}
	if !native {
		return false
	}
	host, rest, ok := cutLoopback(requested)
	if !ok {
		return false
	}
	return slices.ContainsFunc(registered, func(r string) bool {
		h, s, ok := cutLoopback(r)
		return ok && h == host && s == rest
	})
}

// cutLoopback takes the port out of an http URI on a loopback address: it gives scheme with address, and what follows the port.
// It works on the bytes, so that no two parsers can differ about them.
func cutLoopback(uri string) (host, rest string, ok bool) {
	for _, h := range []string{"http://127.0.0.1", "http://[::1]"} {
		rest, ok := strings.CutPrefix(uri, h)
		if !ok {
			continue
		}
		if port, has := strings.CutPrefix(rest, ":"); has {
			n := 0
			for n < len(port) && port[n] >= '0' && port[n] <= '9' {
				n++
			}
			if v, err := strconv.ParseUint(port[:n], 10, 16); err != nil || v == 0 {
				return "", "", false
			}
			rest = port[n:]
		}
		if rest != "" && rest[0] != '/' && rest[0] != '?' {
			return "", "", false
		}
		return h, rest, true
	}
	return "", "", false
}

// secureRedirect reports whether a browser may be sent to the URI at all: absolute, https (http for the own machine only), no
// fragment, no user, plain ASCII without what browsers read in another way than we do.
func secureRedirect(uri string) bool {
	for i := range len(uri) {
		if c := uri[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\\\"<>^`{|}#", c) >= 0 {
			return false
		}
	}
	u, err := url.Parse(uri)
	if err != nil || u.User != nil || u.Opaque != "" || u.Hostname() == "" {
		return false
	}
	switch u.Scheme {
	case "https":
		return true
	case "http":
		h := u.Hostname()
		return h == "127.0.0.1" || h == "::1" || h == "localhost" || strings.HasSuffix(h, ".localhost")
	default:
		return false
	}
}

// fositeClient is a client as fosite sees it: after the authorization endpoint has matched the redirect URI, it is the only one
// registered, so that fosite's laxer matching decides nothing.
type fositeClient struct {
	client   Client
	redirect string
}

var _ fosite.Client = (*fositeClient)(nil)

func (c *fositeClient) GetID() string                    { return string(c.client.ID) }
func (*fositeClient) GetHashedSecret() []byte            { return nil } // see authenticate
func (c *fositeClient) GetGrantTypes() fosite.Arguments  { return c.client.GrantTypes }
func (*fositeClient) GetResponseTypes() fosite.Arguments { return fosite.Arguments{"code"} }
func (c *fositeClient) GetScopes() fosite.Arguments      { return c.client.Scopes }
func (c *fositeClient) IsPublic() bool                   { return c.client.AuthMethod == authNone }
func (*fositeClient) GetAudience() fosite.Arguments      { return nil }
func (c *fositeClient) GetRedirectURIs() []string {
	if c.redirect == "" {
		return nil
	}
	return []string{c.redirect}
}
