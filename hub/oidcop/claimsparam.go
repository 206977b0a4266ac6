package oidcop

import (
	"crypto/hmac"
	"slices"

	"onedoor/hub"
	"onedoor/hub/strictjson"
)

// mostWishes is how many claims a claims parameter may ask for in one of its two members.
const mostWishes = 100

// wish is one claim that the claims parameter asks for (OpenID Connect Core section 5.5).
type wish struct {
	name      string
	attribute hub.AttributeName
	// oneOf are keyed hashes of the values that will do; nil where any will. They are hashes because a value may be personal data,
	// and the request rests in the database while the person logs in (D3).
	oneOf [][]byte
}

// wishes is what the claims parameter says, as far as it can be granted: claims that are unknown or not in the client's register are left
// out, as voluntary ones may be.
type wishes struct {
	userInfo []wish
	idToken  []wish
	acr      []string // where an acr is essential: those that will do; nil for any
	sub      string   // the one subject that will do
}

// readWishes reads the claims parameter.
func (p *Provider) readWishes(c Client, text string) (wishes, *refusal) {
	var w wishes
	if text == "" {
		return w, nil
	}
	malformed := refuse(codeInvalidRequest, "claims is malformed")
	o, err := strictjson.Object([]byte(text))
	if err != nil {
		return w, malformed
	}
	for member, into := range map[string]*[]wish{"userinfo": &w.userInfo, "id_token": &w.idToken} {
		asked, ok := o[member].(map[string]any)
		if o[member] != nil && !ok || len(asked) > mostWishes {
			return w, malformed
		}
		for name, v := range asked {
			how, ok := v.(map[string]any)
			if v != nil && !ok {
				return w, malformed
			}
			values, bad := valuesOf(how)
			if bad {
				return w, malformed
			}
			switch {
			case name == "acr" && member == "id_token":
				if how["essential"] == true && values != nil {
					w.acr = values
				}
			case name == "sub":
				if len(values) > 1 || len(values) == 1 && w.sub != "" && w.sub != values[0] {
					return w, malformed
				}
				if len(values) == 1 {
					w.sub = values[0]
				}
			default:
				if x, ok := p.wish(c, name, values); ok {
					*into = append(*into, x)
				}
			}
		}
		slices.SortFunc(*into, func(a, b wish) int {
			if a.name < b.name {
				return -1
			}
			return 1
		})
	}
	return w, nil
}

// valuesOf gives the values that will do, nil for any. A value that is no text is none that we have.
func valuesOf(how map[string]any) (values []string, bad bool) {
	list, isList := how["values"].([]any)
	if how["values"] != nil && (!isList || len(list) == 0 || len(list) > mostWishes) {
		return nil, true
	}
	if v := how["value"]; v != nil {
		list = append(list, v)
	}
	if len(list) == 0 {
		return nil, false
	}
	values = []string{}
	for _, v := range list {
		if s, ok := v.(string); ok {
			values = append(values, s)
		}
	}
	return values, false
}

// wish finds the attribute behind a claim within the register.
func (p *Provider) wish(c Client, name string, values []string) (wish, bool) {
	for _, line := range claimTable() {
		if line.name != name {
			continue
		}
		x := wish{name: name, attribute: line.attribute}
		if !slices.Contains(c.Attributes, x.attribute) {
			latin, has := inLatin(x.attribute)
			if !has || name != string(line.attribute) || !slices.Contains(c.Attributes, latin) {
				return wish{}, false
			}
			x.attribute = latin
		}
		if values != nil {
			x.oneOf = [][]byte{}
		}
		for _, v := range values {
			x.oneOf = append(x.oneOf, p.valueHash(c, name, v))
		}
		return x, true
	}
	return wish{}, false
}

func (p *Provider) valueHash(c Client, name, value string) []byte {
	return p.index.Index("claim-value", string(c.ID), name, value)
}

// granted reports whether an attribute has a value that will do.
func (p *Provider) granted(c Client, x wish, all hub.Attributes) bool {
	if x.oneOf == nil {
		return true
	}
	a, has := all[x.attribute]
	if !has || a.Value == "" {
		return false
	}
	sum := p.valueHash(c, x.name, a.Value)
	return slices.ContainsFunc(x.oneOf, func(h []byte) bool { return hmac.Equal(h, sum) })
}

// particular reports whether a value decides about any wish, so that the attributes must be looked at.
func (w wishes) particular() bool {
	has := func(x wish) bool { return x.oneOf != nil }
	return slices.ContainsFunc(w.userInfo, has) || slices.ContainsFunc(w.idToken, has)
}

func (w wishes) attributes() (out []hub.AttributeName) {
	for _, x := range slices.Concat(w.userInfo, w.idToken) {
		out = append(out, x.attribute)
	}
	return out
}

// keptWishes is wishes while the login is under way.
type keptWishes struct {
	UserInfo []keptWish `json:"userinfo,omitempty"`
	IDToken  []keptWish `json:"id_token,omitempty"`
	ACR      []string   `json:"acr,omitempty"`
}

type keptWish struct {
	Name       string   `json:"name"`
	Attribute  string   `json:"attribute"`
	Particular bool     `json:"particular,omitempty"`
	OneOf      [][]byte `json:"one_of,omitempty"`
}

func (w wishes) keep() *keptWishes {
	if len(w.userInfo) == 0 && len(w.idToken) == 0 && w.acr == nil {
		return nil
	}
	return &keptWishes{UserInfo: keepWishes(w.userInfo), IDToken: keepWishes(w.idToken), ACR: w.acr}
}

func keepWishes(list []wish) (out []keptWish) {
	for _, x := range list {
		out = append(out, keptWish{x.name, string(x.attribute), x.oneOf != nil, x.oneOf})
	}
	return out
}

// wishes gives them back, within the register as it is now.
func (k *keptWishes) wishes(c Client) wishes {
	if k == nil {
		return wishes{}
	}
	read := func(list []keptWish) (out []wish) {
		for _, x := range list {
			n := hub.AttributeName(x.Attribute)
			if !slices.Contains(c.Attributes, n) {
				continue
			}
			w := wish{name: x.Name, attribute: n, oneOf: x.OneOf}
			if x.Particular && w.oneOf == nil {
				w.oneOf = [][]byte{}
			}
			out = append(out, w)
		}
		return out
	}
	return wishes{userInfo: read(k.UserInfo), idToken: read(k.IDToken), acr: k.ACR}
}

// reported gives the acr that an ID token states: the strongest of those that are essential and fulfilled, so that the client finds the
// word it asked for; the session's own level where none is essential.
func reported(have hub.Level, essential []string) string {
	var best hub.Level
	for _, v := range essential {
		if l, err := hub.ParseACR(v); err == nil && have.Satisfies(l) && (best == hub.Level{} || l.Satisfies(best)) {
			best = l
		}
	}
	if best == (hub.Level{}) {
		return have.ACR()
	}
	return best.ACR()
}
