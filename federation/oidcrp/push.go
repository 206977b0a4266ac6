package oidcrp

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"onedoor/federation"
	"onedoor/hub"
)

const maxRequestURI = 1024 // bytes

// push hands the authorization request over on the back channel (RFC 9126 section 2) and gives what is left for the browser: who
// asks, and where the provider finds the question (section 4). So nobody on the way can read or change it.
func (c *Connector) push(ctx context.Context, p federation.Provider, known *metadata, request url.Values) (url.Values, error) {
	const op = "oidcrp.push"
	got, err := c.post(ctx, op, p, known, known.push, request, maxSmall)
	if err != nil {
		return nil, err
	}
	if got.status != http.StatusCreated && got.status != http.StatusOK {
		return nil, pushFailure(got)
	}
	m, err := c.object(op, p, got)
	if err != nil {
		return nil, err
	}
	address := text(m, "request_uri")
	if !visible(address, maxRequestURI) || strings.Contains(address, " ") || !strings.Contains(address, ":") {
		return nil, hub.E(op, hub.Refused, federation.ResponseMalformed)
	}
	return url.Values{"client_id": {p.OIDC.ClientID}, "request_uri": {address}}, nil
}

// pushFailure reads an error response (RFC 9126 section 2.3).
func pushFailure(got reply) error {
	const op = "oidcrp.push"
	m, _ := decodeObject(got.body)
	word := text(m, "error")
	switch {
	case got.status == http.StatusUnauthorized || word == "invalid_client" || word == "unauthorized_client":
		return hub.E(op, hub.Refused, federation.ClientRejected)
	case got.status == http.StatusBadRequest && word == "unmet_authentication_requirements":
		return hub.E(op, hub.LevelUnmet, federation.LevelRejected)
	case got.status == http.StatusBadRequest && word != "":
		return hub.E(op, hub.Refused, federation.RequestRejected)
	default:
		return statusFailure(op, got.status)
	}
}
