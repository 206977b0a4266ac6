package registration

import (
	"encoding/json"
	"testing"

	"onedoor/hub"
)

// FuzzMetadata feeds foreign metadata to the whole way from bytes to a system: it never panics, and what it takes is within the limits
// and comes back the same when it is told and read again.
func FuzzMetadata(f *testing.F) {
	for _, seed := range []string{
		`{"redirect_uris":["http://localhost/cb"]}`,
		`{"redirect_uris":["https://test.example/cb"],"scope":"openid profile","client_name#th":"ก","default_max_age":1}`,
		`{"redirect_uris":["http://127.0.0.1/cb"],"application_type":"native","grant_types":["authorization_code","refresh_token"]}`,
		`{"redirect_uris":["http://localhost/cb"],"token_endpoint_auth_method":"private_key_jwt","jwks":{"keys":[{"kty":"EC","crv":"P-256"}]}}`,
		`{"redirect_uris":[null],"jwks":{},"software_statement":"x"}`,
		`{"a":1,"a":2}`,
		`{}{}`,
	} {
		f.Add([]byte(seed))
	}
	d := Department{ID: "revenue", Attributes: []hub.AttributeName{hub.GivenName}, Hosts: []string{"test.example"}}
	const id = "sandbox-aaaaaaaaaaaaaaaaaaaaaaaaaa"
	take := func(body []byte) (map[string]any, bool) {
		m, bad := parseMembers(body)
		if bad != nil {
			return nil, false
		}
		s, bad := read(m, id, d)
		if bad != nil {
			return nil, false
		}
		s = limit(s, d)
		s.OIDC.Secrets = nil
		if secretive(s.OIDC.AuthMethod) {
			s.OIDC.AuthMethod = "none" // its secret is no metadata
		}
		if bad := check(s, d); bad != nil {
			return nil, false
		}
		for _, r := range s.Attributes {
			if r.Attribute != hub.GivenName {
				t := r.Attribute
				panic("an attribute that is not opened: " + t)
			}
		}
		return write(s), true
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		out, ok := take(body)
		if !ok {
			return
		}
		told, err := json.Marshal(out)
		if err != nil {
			t.Fatal(err)
		}
		again, ok := take(told)
		if !ok {
			t.Fatalf("what was told is not taken again: %s", told)
		}
		second, err := json.Marshal(again)
		if err != nil || string(told) != string(second) {
			t.Errorf("told %s\nthen %s", told, second)
		}
	})
}
