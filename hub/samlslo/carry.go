package samlslo

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/envelope"
)

// The purposes of what is sealed: no text of one is taken for another, nor an access token, which is sealed under the same keys.
const (
	toContinue = "onedoor samlslo request 1\x00"
	toAnswer   = "onedoor samlslo answer 1\x00"
)

// seal gives a request as text that only the hub can read and make. Unavailable, TooMany.
func (s *Service) seal(purpose string, a asked) (string, error) {
	return envelope.Carry(s.o.Keys, s.o.Random, purpose+s.o.Protocol+"\x00", a)
}

// open reads what seal made for the same purpose. Invalid for anything else; Expired.
func (s *Service) open(purpose, text string, life time.Duration) (asked, error) {
	var a asked
	if err := envelope.Carried(s.o.Keys, purpose+s.o.Protocol+"\x00", text, &a); err != nil {
		return asked{}, err
	}
	if age := s.now().Sub(a.at()); age > life {
		return asked{}, hub.Errorf("samlslo.open", hub.Expired, "the request came too long ago")
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
