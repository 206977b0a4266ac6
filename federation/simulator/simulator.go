// Package simulator holds what the stand-ins share: the invented people, clients, signatures, bounded memory and pages. A
// stand-in speaks the real protocol over real HTTP with real signatures, and can be told to misbehave; it is for the demo,
// for tests and for the sandbox, and says on every page that it is none of the real thing.
//
// It does not own a protocol: thaid and bank are identity providers, department is a relying party of the hub.
package simulator

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"onedoor/hub"
)

// Client is a relying party registered at a stand-in.
type Client struct {
	ID           string
	Secret       string
	RedirectURIs []string
	Scopes       []string // approved

	// Keys gives the client's JWK Set, as its jwks_uri would: for private_key_jwt and for encryption.
	Keys func() ([]byte, error)
	// What the client is registered for. The bank knows these.
	IDTokenEncryption  string // RSA-OAEP-256, ECDH-ES; empty for none
	UserInfoSigned     bool
	UserInfoEncryption string
	// Where the client is told of a logout, and where a browser may go on to after one that the client asked for.
	BackchannelLogoutURI   string
	PostLogoutRedirectURIs []string
}

// Clients is a register of relying parties.
type Clients []Client

// Find gives the client with the id.
func (cs Clients) Find(id string) (Client, bool) {
	i := slices.IndexFunc(cs, func(c Client) bool { return c.ID == id })
	if i < 0 {
		return Client{}, false
	}
	return cs[i], true
}

// Authenticate checks client_secret_basic and, where post is allowed, client_secret_post (RFC 6749 section 2.3.1). The form
// must have been parsed.
func (cs Clients) Authenticate(r *http.Request, post bool) (Client, bool) {
	id, secret, basic := r.BasicAuth()
	if basic {
		var err1, err2 error
		id, err1 = url.QueryUnescape(id)
		secret, err2 = url.QueryUnescape(secret)
		if err1 != nil || err2 != nil {
			return Client{}, false
		}
	} else if post {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	c, ok := cs.Find(id)
	if !ok || c.Secret == "" || !same(c.Secret, secret) {
		return Client{}, false
	}
	return c, true
}

func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// Token draws 256 bits as 43 characters of base64url.
func Token(random io.Reader) string { return hub.NewSecret(random).Reveal() }

// WriteJSON answers with an object that nobody may keep.
func WriteJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil { // v is made of strings, numbers and maps of them
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// Redirect sends the browser to a registered address with parameters added.
func Redirect(w http.ResponseWriter, r *http.Request, address string, params url.Values) {
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, address+separator+params.Encode(), http.StatusSeeOther)
}

// ParseForm reads a form of at most 64 KiB and no repeated parameter but those named.
func ParseForm(w http.ResponseWriter, r *http.Request, repeatable ...string) bool {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if r.ParseForm() != nil {
		return false
	}
	for name, values := range r.Form { // repeated ones are refused (RFC 6749 section 3.1)
		if len(values) > 1 && !slices.Contains(repeatable, name) {
			return false
		}
	}
	return true
}
