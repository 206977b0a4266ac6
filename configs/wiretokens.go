package configs

import (
	"time"

	"onedoor/federation"
	"onedoor/hub"
)

type tokensForm struct {
	Issuer        string            `yaml:"issuer"`
	Onedoor       bool              `yaml:"onedoor"`
	Prefixes      []string          `yaml:"prefixes"`
	JWKS          string            `yaml:"jwks"`
	Types         []string          `yaml:"types"`
	Algs          []string          `yaml:"algs"`
	Introspection string            `yaml:"introspection"`
	ClientID      string            `yaml:"clientID"`
	Assertion     assertionForm     `yaml:"assertion"`
	Signed        bool              `yaml:"signed"`
	Audiences     []string          `yaml:"audiences"`
	MaxLife       Duration          `yaml:"maxLife"`
	Peer          string            `yaml:"peer"`
	Systems       []tokenSystemForm `yaml:"systems"`
	Timeout       Duration          `yaml:"timeout"`
	KeepFor       Duration          `yaml:"keepFor"`
}

type tokenSystemForm struct {
	System    string   `yaml:"system"`
	Scopes    []string `yaml:"scopes"`
	Audiences []string `yaml:"audiences"`
}

func (f *tokensForm) settings() *federation.Tokens {
	if f == nil {
		return nil
	}
	t := &federation.Tokens{
		Issuer: f.Issuer, Onedoor: f.Onedoor, Prefixes: f.Prefixes, JWKS: f.JWKS, Types: f.Types, Algs: f.Algs, Introspection: f.Introspection,
		ClientID: f.ClientID, Assertion: federation.Assertion{Alg: f.Assertion.Alg, Audience: f.Assertion.Audience}, Signed: f.Signed,
		Audiences: f.Audiences, MaxLife: time.Duration(f.MaxLife), Peer: hub.SystemID(f.Peer), Timeout: time.Duration(f.Timeout),
		KeepFor: time.Duration(f.KeepFor),
	}
	for _, s := range f.Systems {
		t.Systems = append(t.Systems, federation.TokenSystem{System: hub.SystemID(s.System), Scopes: s.Scopes, Audiences: s.Audiences})
	}
	return t
}

func tokensOf(t *federation.Tokens) *tokensForm {
	if t == nil {
		return nil
	}
	f := &tokensForm{
		Issuer: t.Issuer, Onedoor: t.Onedoor, Prefixes: t.Prefixes, JWKS: t.JWKS, Types: t.Types, Algs: t.Algs, Introspection: t.Introspection,
		ClientID: t.ClientID, Assertion: assertionForm{Alg: t.Assertion.Alg, Audience: t.Assertion.Audience}, Signed: t.Signed,
		Audiences: t.Audiences, MaxLife: Duration(t.MaxLife), Peer: string(t.Peer), Timeout: Duration(t.Timeout), KeepFor: Duration(t.KeepFor),
	}
	for _, s := range t.Systems {
		f.Systems = append(f.Systems, tokenSystemForm{System: string(s.System), Scopes: s.Scopes, Audiences: s.Audiences})
	}
	return f
}
