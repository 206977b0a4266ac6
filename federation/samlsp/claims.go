package samlsp

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

// claims gives what an accepted assertion says, by the provider's names and without forbidden evidence numbers. An attribute with
// several values is a list, which the dictionary takes for none: nobody could say which of them counts.
func claims(p federation.Provider, self string, a samlmsg.Accepted) (federation.Claims, error) {
	id := *a.Assertion.Subject.NameID
	if err := named(*p.SAML, self, id); err != nil {
		return federation.Claims{}, err
	}
	lists := map[string][]any{}
	for _, attribute := range a.Assertion.Attributes {
		for _, v := range attribute.Values {
			lists[attribute.Name] = append(lists[attribute.Name], v)
		}
	}
	out := federation.Claims{
		AuthTime: a.Authn.AuthnInstant, ACR: a.Authn.ClassRef, Session: SessionName(id, a.Authn.SessionIndex), Values: make(map[string]any, len(lists)),
	}
	for name, list := range lists {
		if len(list) == 1 {
			out.Values[name] = list[0]
		} else {
			out.Values[name] = list
		}
	}
	federation.Scrub(out.Values)
	var err error
	out.Subject, err = subject(*p.SAML, id, out.Values)
	return out, err
}

// named holds the NameID against the record (SAML Core section 8.3): of the agreed format, and where it is qualified, made by this
// provider for us.
func named(s federation.SAML, self string, id samlmsg.NameID) error {
	const op = "samlsp.named"
	wanted := nameIDFormats[s.NameID]
	switch {
	case wanted == samlmsg.FormatUnspecified && (id.Format != samlmsg.FormatTransient || s.Subject != ""):
	case id.Format != wanted:
		return hub.E(op, hub.Refused, federation.NameIDFormat)
	}
	if id.Format == samlmsg.FormatPersistent || id.Format == samlmsg.FormatTransient {
		if id.NameQualifier != "" && id.NameQualifier != s.EntityID || id.SPNameQualifier != "" && id.SPNameQualifier != self {
			return hub.E(op, hub.Refused, federation.NameIDForeign)
		}
	}
	return nil
}

// subject is the provider's own lasting name for the person.
func subject(s federation.SAML, id samlmsg.NameID, values map[string]any) (string, error) {
	const op = "samlsp.subject"
	if s.Subject == "" {
		return id.Value, nil
	}
	switch v := values[s.Subject].(type) {
	case string:
		if v != "" {
			return v, nil
		}
	case []any:
		return "", hub.E(op, hub.Refused, federation.SubjectDouble)
	}
	return "", hub.E(op, hub.Refused, federation.SubjectMissing)
}

// SessionName names a session at the provider for a later logout: a LogoutRequest carries the same NameID and SessionIndex (SAML
// Core section 3.7.1). It is a hash, of which the session keeps a keyed hash; an empty index stands for "the provider's session,
// whichever".
func SessionName(id samlmsg.NameID, index string) string {
	h := sha256.New()
	for _, part := range []string{"onedoor saml session", id.Format, id.NameQualifier, id.SPNameQualifier, id.Value, index} {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(part)))
		h.Write(size[:])
		h.Write([]byte(part))
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
