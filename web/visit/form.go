package visit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"mime"
	"net/http"
	"net/url"
	"slices"

	"onedoor/hub"
	"onedoor/web/server"
)

// TokenField is the hidden field with the token.
const TokenField = "csrf"

// Token ties a form to what it is about (a transaction, or the sign-out) and to the browser that it was made for.
func Token(binding hub.Secret, about string) string {
	mac := hmac.New(sha256.New, binding.Bytes())
	mac.Write([]byte("onedoor form 1\x00" + about))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Form reads a posted form and checks that it is one of ours. Fields that may come more than once are named. Forged, NoCookie,
// TooLarge, Invalid.
func (v *Reception) Form(r *http.Request, about string, many ...string) (url.Values, error) {
	const op = "visit.Form"
	if err := v.cross.Check(r); err != nil {
		return nil, hub.E(op, server.Forged, nil)
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, hub.Errorf(op, hub.Invalid, "not a form")
	}
	if err := r.ParseForm(); err != nil {
		if server.KindOf(err) == server.TooLarge {
			return nil, err
		}
		return nil, hub.Errorf(op, hub.Invalid, "malformed form") // the cause would quote what was sent
	}
	for name, values := range r.PostForm {
		if len(values) > 1 && !slices.Contains(many, name) {
			return nil, hub.Errorf(op, hub.Invalid, "repeated field")
		}
	}
	binding := Secret(r, BindingCookie)
	if binding.IsZero() {
		return nil, hub.E(op, server.NoCookie, nil)
	}
	if !hmac.Equal([]byte(r.PostForm.Get(TokenField)), []byte(Token(binding, about))) {
		return nil, hub.E(op, server.Forged, nil)
	}
	return r.PostForm, nil
}
