package samlidp_test

import (
	"context"
	"slices"
	"testing"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/samlidp"
)

// openItems tells what is open to everybody who has signed in.
type openItems struct{}

// Open implements samlidp.Items.
func (openItems) Open(_ context.Context, system hub.SystemID, res login.Result) ([]string, error) {
	if res.Session.ID == "" || res.Session.AuthTime.IsZero() {
		return nil, hub.Errorf("openItems", hub.Unavailable, "nobody")
	}
	return []string{string(system) + "-deed:file", string(system) + "-deed:query"}, nil
}

// RAZ-05: a service provider that is registered for it is told what is open to the person, and no other.
func TestRAZ05_OpenItemsAsAnAttribute(t *testing.T) {
	t.Parallel()
	for _, told := range []bool{false, true} {
		w := newWorld(t)
		w.change(landID, func(sp *samlidp.ServiceProvider) { sp.TellsItems = told })
		q := w.request()
		a := w.accept(w.signIn("mali", usual).get(q, "", signer("land")), q, landACS, true)
		var got []string
		for _, x := range a.Assertion.Attributes {
			if x.Name == "urn:onedoor:items" {
				got = x.Values
			}
		}
		want := []string{"land-deed:file", "land-deed:query"}
		if !told {
			want = nil
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v: %v", told, got)
		}
	}
}
