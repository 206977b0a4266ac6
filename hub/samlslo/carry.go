package samlslo

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"onedoor/hub"
)

// The purposes of what is sealed: no text of one is taken for another, nor an access token, which is sealed under the same keys.
const (
	toContinue = "onedoor samlslo request 1\x00"
	toAnswer   = "onedoor samlslo answer 1\x00"
)

const (
	maxCarried = 12 << 10 // characters
	nonceSize  = 12
)

// seal gives a request as text of [A-Za-z0-9_.-] that only the hub can read and make. Unavailable, TooMany.
func (s *Service) seal(purpose string, a asked) (string, error) {
	const op = "samlslo.seal"
	id, key, err := s.o.Keys.SealingKey()
	if err != nil {
		return "", hub.E(op, hub.Unavailable, err)
	}
	plain, err := json.Marshal(a)
	if err != nil {
		return "", hub.E(op, hub.Internal, err)
	}
	nonce := make([]byte, nonceSize, nonceSize+len(plain)+key.Overhead())
	if _, err := io.ReadFull(s.o.Random, nonce); err != nil {
		return "", hub.E(op, hub.Internal, err)
	}
	text := id + "." + base64.RawURLEncoding.EncodeToString(key.Seal(nonce, nonce, plain, []byte(purpose+s.o.Protocol+"\x00"+id)))
	if len(text) > maxCarried {
		return "", hub.Errorf(op, hub.TooMany, "the request is too long to be carried")
	}
	return text, nil
}

// open reads what seal made for the same purpose. Invalid for anything else; Expired.
func (s *Service) open(purpose, text string, life time.Duration) (asked, error) {
	const op = "samlslo.open"
	bad := hub.Errorf(op, hub.Invalid, "not a request that is under way")
	id, rest, found := strings.Cut(text, ".")
	if len(text) > maxCarried || !found || !hub.ValidID(id) {
		return asked{}, bad
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(rest)
	if err != nil || len(raw) < nonceSize {
		return asked{}, bad
	}
	key, err := s.o.Keys.OpeningKey(id)
	if err != nil {
		return asked{}, bad
	}
	plain, err := key.Open(nil, raw[:nonceSize], raw[nonceSize:], []byte(purpose+s.o.Protocol+"\x00"+id))
	if err != nil {
		return asked{}, bad
	}
	var a asked
	if err := json.Unmarshal(plain, &a); err != nil {
		return asked{}, bad
	}
	if age := s.now().Sub(a.at()); age > life {
		return asked{}, hub.Errorf(op, hub.Expired, "the request came too long ago")
	}
	return a, nil
}

// address gives one of our own addresses with a sealed text.
func (s *Service) address(a asked, step, text string) string {
	return s.step(a.Provider, step) + "?" + url.Values{"t": {text}}.Encode()
}

// step gives one of our own addresses.
func (s *Service) step(provider hub.ProviderID, step string) string {
	return strings.ReplaceAll(s.o.Path, "{provider}", string(provider)) + step
}

// onward sends the browser on with a GET, whatever it came with, and without telling from where.
func onward(w http.ResponseWriter, r *http.Request, to string) {
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusSeeOther)
}
