package federationsql

import (
	"time"

	"onedoor/federation"
	"onedoor/hub"
)

type tokensRow struct {
	Issuer            string           `json:"issuer"`
	Onedoor           bool             `json:"onedoor,omitempty"`
	Prefixes          []string         `json:"prefixes,omitempty"`
	JWKS              string           `json:"jwks,omitempty"`
	Types             []string         `json:"types,omitempty"`
	Algs              []string         `json:"algs,omitempty"`
	Introspection     string           `json:"introspection,omitempty"`
	ClientID          string           `json:"client_id,omitempty"`
	AssertionAlg      string           `json:"assertion_alg,omitempty"`
	AssertionAudience string           `json:"assertion_audience,omitempty"`
	Signed            bool             `json:"signed,omitempty"`
	Audiences         []string         `json:"audiences,omitempty"`
	MaxLife           int64            `json:"max_life_ns,omitempty"`
	Peer              string           `json:"peer,omitempty"`
	Systems           []tokenSystemRow `json:"systems,omitempty"`
	Timeout           int64            `json:"timeout_ns,omitempty"`
	KeepFor           int64            `json:"keep_for_ns,omitempty"`
}

type tokenSystemRow struct {
	System    string   `json:"system"`
	Scopes    []string `json:"scopes,omitempty"`
	Audiences []string `json:"audiences,omitempty"`
}

func writeTokens(t *federation.Tokens) *tokensRow {
	if t == nil {
		return nil
	}
	r := &tokensRow{
		Issuer: t.Issuer, Onedoor: t.Onedoor, Prefixes: t.Prefixes, JWKS: t.JWKS, Types: t.Types, Algs: t.Algs, Introspection: t.Introspection,
		ClientID: t.ClientID, AssertionAlg: t.Assertion.Alg, AssertionAudience: t.Assertion.Audience, Signed: t.Signed, Audiences: t.Audiences,
		MaxLife: int64(t.MaxLife), Peer: string(t.Peer), Timeout: int64(t.Timeout), KeepFor: int64(t.KeepFor),
	}
	for _, s := range t.Systems {
		r.Systems = append(r.Systems, tokenSystemRow{System: string(s.System), Scopes: s.Scopes, Audiences: s.Audiences})
	}
	return r
}

func readTokens(r *tokensRow) *federation.Tokens {
	if r == nil {
		return nil
	}
	t := &federation.Tokens{
		Issuer: r.Issuer, Onedoor: r.Onedoor, Prefixes: r.Prefixes, JWKS: r.JWKS, Types: r.Types, Algs: r.Algs, Introspection: r.Introspection,
		ClientID: r.ClientID, Assertion: federation.Assertion{Alg: r.AssertionAlg, Audience: r.AssertionAudience}, Signed: r.Signed,
		Audiences: r.Audiences, MaxLife: time.Duration(r.MaxLife), Peer: hub.SystemID(r.Peer), Timeout: time.Duration(r.Timeout),
		KeepFor: time.Duration(r.KeepFor),
	}
	for _, s := range r.Systems {
		t.Systems = append(t.Systems, federation.TokenSystem{System: hub.SystemID(s.System), Scopes: s.Scopes, Audiences: s.Audiences})
	}
	return t
}
