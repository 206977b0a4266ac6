package app

import (
	"context"
	"net/http"

	"onedoor/federation"
	"onedoor/federation/federationsql"
	"onedoor/federation/metadata"
	"onedoor/federation/samlsp"
	"onedoor/hub/keys"
	"onedoor/web/server"
)

// upstreamSAML makes the connector to SAML identity providers, and the memory of what peers publish, which both sides of SAML share.
func (h *Hub) upstreamSAML() (_ federation.Upstream, err error) {
	o := h.options
	copies, err := federationsql.NewCopies(h.db)
	if err != nil {
		return nil, err
	}
	if h.metadata, err = metadata.New(metadata.Options{HTTP: o.HTTP, Clock: h.clock, Log: o.Log, Copies: copies}); err != nil {
		return nil, err
	}
	if h.answers, err = federationsql.NewAnswers(h.db); err != nil {
		return nil, err
	}
	h.samlsp, err = samlsp.New(samlsp.Options{
		Issuer: o.Config.Issuer, Names: o.Config.Operator.Names, Metadata: h.metadata, Keys: upstreamKeys{h.keys}, Answers: h.answers,
		Once: h.stores.Once, Index: h.keys, Audit: h.audit, Clock: h.clock, Random: h.random, Log: o.Log,
	})
	return h.samlsp, err
}

// layUpstreamSAML: the connector's side towards browsers.
func (h *Hub) layUpstreamSAML(context.Context) (err error) {
	h.samlEnds, err = samlsp.NewEndpoints(samlsp.EndpointOptions{
		Connector: h.samlsp, Providers: h.providers, Language: func(r *http.Request) string { return string(server.Language(r)) },
		Fail: func(w http.ResponseWriter, r *http.Request, err error) { h.screen.Fail(w, r, err, "") },
	})
	return err
}

// upstreamSAMLMounts lists the addresses that SAML identity providers and their browsers come to.
func (h *Hub) upstreamSAMLMounts(login server.Rate) []server.Mount {
	ends := h.samlEnds
	read, form := []string{http.MethodGet, http.MethodHead}, []string{http.MethodPost}
	return []server.Mount{
		{Methods: form, Path: "/login/saml/{provider}/acs", Handler: http.HandlerFunc(ends.Consume), Rate: login, Body: samlsp.MaxAnswer},
		{Methods: []string{http.MethodGet}, Path: "/login/saml/{provider}/request", Handler: http.HandlerFunc(ends.Request), Rate: login},
		{Methods: read, Path: "/login/saml/{provider}/metadata", Handler: http.HandlerFunc(ends.Metadata), Machine: true},
	}
}

// upstreamKeys gives the ring's RSA keys for SAML in the connector's words.
type upstreamKeys struct{ ring *keys.Ring }

// Signing implements samlsp.Keys.
func (k upstreamKeys) Signing(ctx context.Context) ([]samlsp.KeyPair, error) {
	return k.pairs(ctx, keys.RS256)
}

// Decrypting implements samlsp.Keys.
func (k upstreamKeys) Decrypting(ctx context.Context) ([]samlsp.KeyPair, error) {
	return k.pairs(ctx, keys.RSAOAEP256)
}

func (k upstreamKeys) pairs(ctx context.Context, alg string) ([]samlsp.KeyPair, error) {
	all, err := samlCertified(ctx, k.ring, alg)
	if err != nil {
		return nil, err
	}
	out := make([]samlsp.KeyPair, len(all))
	for i, c := range all {
		out[i] = samlsp.KeyPair{ID: c.KeyID, Key: c.Key, Certificate: c.Certificate, Retired: c.State == keys.Retired}
	}
	return out, nil
}
