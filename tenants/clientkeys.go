package tenants

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"onedoor/hub"
)

// clientAlgs are those a client may sign with. RS256 only where it is registered by name.
var clientAlgs = []string{"ES256", "PS256", "RS256"}

var (
	keyAlgs     = []string{"RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A256KW"}
	contentEncs = []string{"A256GCM", "A128GCM", "A128CBC-HS256"}
)

const (
	maxJWKS      = 32 << 10 // characters
	maxKeys      = 16
	ruleKeys     = "RFC 7517"
	ruleResource = "RFC 8707 section 2"
	ruleFAPI     = "FAPI 2.0 Security Profile"
	ruleMTLS     = "RFC 8705 section 2"
	ruleDetails  = "RFC 9396 section 2"
	// longestMaxAge is that of default_max_age: a session lives no longer.
	longestMaxAge = 30 * 24 * time.Hour
)

// keys checks what a client says about its keys and what is made with them.
func (fs *faults) keys(at string, o OIDC, status SystemStatus) {
	has := o.JWKS != "" || o.JWKSURI != ""
	if o.JWKS != "" && o.JWKSURI != "" {
		fs.add(at+".jwksURI", "OpenID Connect Registration 1.0 section 2", "can't stand beside jwks")
	}
	if o.JWKS != "" {
		for _, text := range checkJWKS(o.JWKS) {
			fs.add(at+".jwks", ruleKeys, "%s", text)
		}
	}
	if o.JWKSURI != "" {
		fs.uri(at+".jwksURI", o.JWKSURI, false)
	}
	signs := o.AuthMethod == methodKey || o.AuthMethod == methodSelfSigned || o.RequireSignedRequest
	if (signs || o.IDTokenEncryption != (Encryption{})) && !has && status != Draft {
		fs.add(at+".jwks", ruleKeys, "is missing: jwks or jwksURI must give the keys of a client that signs or gets encrypted tokens")
	}
	fs.clientCertificate(at, o, status)
	fs.detailTypes(at+".detailTypes", o.DetailTypes)
	fs.algs(at+".authAlgs", o.AuthAlgs)
	fs.algs(at+".requestAlgs", o.RequestAlgs)
	if o.UserInfoAlg != "" && !slices.Contains(idTokenAlgs, o.UserInfoAlg) {
		fs.add(at+".userInfoAlg", "", "must be one of %s", strings.Join(idTokenAlgs, ", "))
	}
	e := o.IDTokenEncryption
	if (e.Alg == "") != (e.Enc == "") {
		fs.add(at+".idTokenEncryption", "", "needs both alg and enc")
	}
	if e.Alg != "" && !slices.Contains(keyAlgs, e.Alg) {
		fs.add(at+".idTokenEncryption.alg", "", "must be one of %s", strings.Join(keyAlgs, ", "))
	}
	if e.Enc != "" && !slices.Contains(contentEncs, e.Enc) {
		fs.add(at+".idTokenEncryption.enc", "", "must be one of %s", strings.Join(contentEncs, ", "))
	}
	if o.DefaultMaxAge < 0 || o.DefaultMaxAge > longestMaxAge || o.DefaultMaxAge%time.Second != 0 {
		fs.add(at+".defaultMaxAge", "OpenID Connect Registration 1.0 section 2", "must be whole seconds up to 30 days")
	}
}

// clientCertificate checks what a client says about the certificates that it shows.
func (fs *faults) clientCertificate(at string, o OIDC, status SystemStatus) {
	switch {
	case o.AuthMethod != methodTLS && o.Certificate != (CertificateName{}):
		fs.add(at+".certificate", ruleMTLS, "is for the method %s only", methodTLS)
	case o.AuthMethod == methodTLS && (status != Draft || o.Certificate != (CertificateName{})):
		if o.Certificate.Check() != nil {
			fs.add(at+".certificate", ruleMTLS, "must have exactly one of subjectDN (as CN=efiling,O=Revenue,C=TH), dns, uri, ip and email")
		}
	}
	if o.AuthMethod == methodSelfSigned && o.JWKS != "" && !strings.Contains(o.JWKS, `"x5c"`) {
		fs.add(at+".jwks", ruleMTLS, "must hold the certificate in the member x5c of a key")
	}
}

// detailTypes checks the types of authorization details that a client may ask for. Whether the hub knows them is seen at each request.
func (fs *faults) detailTypes(path string, types []string) {
	const most = 16
	if len(types) > most {
		fs.add(path, ruleDetails, "must not have more than %d", most)
	}
	for i, t := range types {
		if t == "" || len(t) > maxURI || !printable(t) {
			fs.add(index(path, i), ruleDetails, "must be a word or a URI")
		}
		if slices.Index(types, t) < i {
			fs.add(index(path, i), "", "is there twice")
		}
	}
}

func (fs *faults) algs(path string, algs []string) {
	for i, a := range algs {
		if !slices.Contains(clientAlgs, a) {
			fs.add(index(path, i), "RFC 8725 section 3.1", "%q is not allowed: %s", clip(a), strings.Join(clientAlgs, ", "))
		}
		if slices.Index(algs, a) < i {
			fs.add(index(path, i), "", "is there twice")
		}
	}
}

// fapi holds what the profile demands of a client's registration. What it demands of every request is held by hub/oidcop.
func (fs *faults) fapi(at string, o OIDC) {
	if o.PKCEOptional && (o.Native || o.AuthMethod == "none" || o.Profile != "") {
		fs.add(at+".pkceOptional", "RFC 9700 section 2.1.1", "can't be: a public client, and one of a profile, needs PKCE")
	}
	switch o.Profile {
	case "":
		return
	case ProfileFAPI2:
	default:
		fs.add(at+".profile", "", "must be empty or %s", ProfileFAPI2)
		return
	}
	if !slices.Contains(keyed, o.AuthMethod) {
		fs.add(at+".authMethod", ruleFAPI, "must be one of %s", strings.Join(keyed, ", "))
	}
	for path, alg := range map[string]string{".idTokenAlg": o.IDTokenAlg, ".userInfoAlg": o.UserInfoAlg} {
		if alg == "RS256" {
			fs.add(at+path, ruleFAPI, "must be ES256 or PS256")
		}
	}
	for path, algs := range map[string][]string{".authAlgs": o.AuthAlgs, ".requestAlgs": o.RequestAlgs} {
		if i := slices.Index(algs, "RS256"); i >= 0 {
			fs.add(index(at+path, i), ruleFAPI, "must be ES256 or PS256")
		}
	}
	if !o.DPoPBound && !o.CertificateBound {
		fs.add(at+".dpopBound", ruleFAPI, "must be true, or certificateBound: the profile has no bearer tokens")
	}
	if o.Native {
		fs.add(at+".native", ruleFAPI, "can't be: the profile is for confidential clients")
	}
}

// api checks a system that is an API.
func (fs *faults) api(at string, o OIDC) {
	if o.Resource != "" {
		u, err := url.Parse(o.Resource)
		if err != nil || !u.IsAbs() || len(o.Resource) > maxURI || !printable(o.Resource) || strings.Contains(o.Resource, "#") ||
			(u.Scheme == "https" || u.Scheme == "http") && u.Host == "" {
			fs.add(at+".resource", ruleResource, "must be an absolute URI without fragment")
		}
	}
	if len(o.AudienceOf) > 0 && o.Resource == "" {
		fs.add(at+".resource", ruleResource, "is missing: whose tokens it accepts is stated, but not by what name it is asked for")
	}
	for i, c := range o.AudienceOf {
		if !hub.ValidName(string(c)) {
			fs.add(index(at+".audienceOf", i), "", "must name a system")
		}
		if slices.Index(o.AudienceOf, c) < i {
			fs.add(index(at+".audienceOf", i), "", "is there twice")
		}
	}
}

// jwk is what is looked at of a key. The cryptography is looked at where the key is used.
type jwk struct {
	Kty string `json:"kty"`
	Crv string `json:"crv"`
	Kid string `json:"kid"`
	N   string `json:"n"`
}

// checkJWKS lists what is wrong with a JWK Set: public keys only, of a kind and strength that the hub works with.
func checkJWKS(text string) []string {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if len(text) > maxJWKS || json.Unmarshal([]byte(text), &set) != nil || len(set.Keys) == 0 {
		return []string{"must be a JWK Set: {\"keys\": [...]}"}
	}
	if len(set.Keys) > maxKeys {
		return []string{"has too many keys"}
	}
	var out []string
	var kids []string
	for _, raw := range set.Keys {
		var k jwk
		var members map[string]json.RawMessage
		if json.Unmarshal(raw, &k) != nil || json.Unmarshal(raw, &members) != nil {
			out = append(out, "holds something that is no key")
			continue
		}
		for _, private := range []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"} {
			if _, has := members[private]; has {
				return []string{"holds a private or secret key: replace that key everywhere, it is no longer a secret"}
			}
		}
		switch {
		case k.Kty == "EC" && k.Crv == "P-256":
		case k.Kty == "RSA" && rsaBits(k.N) >= 2048 && rsaBits(k.N) <= 8192:
		default:
			out = append(out, "holds a key that is neither EC on P-256 nor RSA of 2048 to 8192 bits")
		}
		if len(set.Keys) > 1 && (k.Kid == "" || slices.Contains(kids, k.Kid)) {
			out = append(out, "must name each of several keys by a kid of its own")
		}
		kids = append(kids, k.Kid)
	}
	return out
}

func rsaBits(n string) int {
	b, err := base64.RawURLEncoding.DecodeString(n)
	if err != nil {
		return 0
	}
	for len(b) > 0 && b[0] == 0 {
		b = b[1:]
	}
	if len(b) == 0 {
		return 0
	}
	bits := (len(b) - 1) * 8
	for x := b[0]; x > 0; x >>= 1 {
		bits++
	}
	return bits
}
