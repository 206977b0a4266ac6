package oidcop

import (
	"context"
	"encoding/json"
	"strconv"

	"onedoor/hub"
)

// requestTypes are the media types that a request object may state (RFC 9101 section 10.8); stating none is common.
var requestTypes = []string{"oauth-authz-req+jwt", "jwt"}

// fromObject turns a signed request object into the parameters of the request (RFC 9101). What stands beside the object counts for
// nothing, except client_id, which must be the same. It is done here and not by fosite, which loses numbers, takes alg none and lets
// parameters outside count (libraries.md, section 2, traps 1 and 2).
func (p *Provider) fromObject(ctx context.Context, c Client, raw string) (params, *refusal) {
	bad := refuse(codeRequestObject, "the request object is not a valid one of this client for this server")
	algs := c.requestAlgs()
	if c.FAPI {
		algs = without(algs, "RS256")
	}
	claims, err := p.clientJWT(ctx, c, raw, algs, requestTypes...)
	switch kind, _ := kindIn(err); {
	case kind == hub.Invalid:
		return params{}, bad.because("request_object").from(err)
	case err != nil:
		return params{}, fault(err)
	case claims.issuer != string(c.ID), claims.members["client_id"] != string(c.ID):
		return params{}, bad.because("request_object_issuer")
	case claims.subject == string(c.ID): // made to authenticate (RFC 9101 section 10.8)
		return params{}, bad.because("request_object_purpose")
	case !contains(claims.audience, p.issuer):
		return params{}, bad.because("request_object_audience")
	case !claims.current(p.clock(), longestRequest):
		return params{}, bad.because("request_object_time")
	}
	out, err := objectParams(claims.members)
	if err != nil {
		return params{}, bad.because("request_object_members").from(err)
	}
	if claims.id != "" {
		err := p.once.Use(ctx, "request-object", string(c.ID)+" "+claims.id, claims.expires.Add(clockSkew))
		switch kind, _ := kindIn(err); {
		case kind == hub.Consumed:
			return params{}, bad.because("request_object_replay").from(err)
		case err != nil:
			return params{}, fault(err)
		}
	}
	return out, nil
}

// registeredClaims of RFC 7519 are about the object and not of the request.
var registeredClaims = map[string]bool{"iss": true, "sub": true, "aud": true, "exp": true, "nbf": true, "iat": true, "jti": true}

// objectParams gives the members of a request object as parameters: texts as they are, numbers as they were written, objects as JSON,
// and a list only where a parameter may come several times. Invalid for anything else, and for a request within the request.
func objectParams(members map[string]any) (params, error) {
	const op = "oidcop.objectParams"
	p := params{values: make(map[string]string, len(members)), repeated: map[string]bool{}}
	for name, v := range members {
		if registeredClaims[name] {
			continue
		}
		if name == "request" || name == "request_uri" {
			return params{}, hub.Errorf(op, hub.Invalid, "a request within a request object")
		}
		var text string
		switch v := v.(type) {
		case string:
			text = v
		case json.Number:
			text = v.String()
		case bool:
			text = strconv.FormatBool(v)
		case map[string]any:
			b, err := json.Marshal(v)
			if err != nil {
				return params{}, hub.Errorf(op, hub.Invalid, "an object that is no JSON")
			}
			text = string(b)
		case []any:
			switch name {
			case "resource":
			case detailsParameter: // RFC 9396 section 3: in JSON it is JSON
				b, err := json.Marshal(v)
				if err != nil {
					return params{}, hub.Errorf(op, hub.Invalid, "a list that is no JSON")
				}
				text = string(b)
			default:
				return params{}, hub.Errorf(op, hub.Invalid, "a list where one value is meant")
			}
		case nil:
			continue
		}
		if name == "resource" {
			var err error
			if p.resource, err = resourceMember(v); err != nil {
				return params{}, err
			}
			continue
		}
		if len(text) > largestValue || !clean(text) || !clean(name) {
			return params{}, hub.Errorf(op, hub.Invalid, "a member is too long or holds control characters")
		}
		if text != "" {
			p.values[name] = text
		}
	}
	return p, nil
}

func resourceMember(v any) ([]string, error) {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	texts := make([]string, 0, len(list))
	for _, e := range list {
		s, ok := e.(string)
		if !ok {
			return nil, hub.Errorf("oidcop.objectParams", hub.Invalid, "a resource that is no text")
		}
		texts = append(texts, s)
	}
	return resources(texts)
}
