package names_test

import (
	"context"
	"testing"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/web/names"
)

type register struct{ asked int }

func (r *register) Providers(context.Context) ([]federation.Provider, error) {
	return []federation.Provider{{ID: "bank", Names: hub.Text{"en": "Bank"}}}, nil
}

func (r *register) System(_ context.Context, id hub.SystemID) (login.System, error) {
	r.asked++
	if id != "tax" {
		return login.System{}, hub.Errorf("x", hub.NotFound, "none")
	}
	return login.System{ID: id, Names: hub.Text{"en": "Tax"}, Owner: hub.Text{"en": "Revenue"}}, nil
}

// Each name is asked for once a page, and what is told of one participant twice is one row, with the worse news.
func TestPage_RowsNameEverybodyOnce(t *testing.T) {
	t.Parallel()
	r := &register{}
	page, err := names.Book{Register: r, Directory: r}.Page(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rows := names.Merged(page.Rows(t.Context(), logout.Entry{Notices: []logout.Notice{
		{Provider: "bank", State: logout.Confirmed}, {System: "tax", State: logout.Confirmed}, {System: "tax", State: logout.Failed}, {System: "gone", State: logout.Open},
	}}))
	if len(rows) != 3 || rows[0].Names["en"] != "Tax" || rows[0].State != logout.Failed || rows[1].ID != "gone" || rows[1].Names != nil || !rows[2].Provider || rows[2].Names["en"] != "Bank" {
		t.Errorf("%+v", rows)
	}
	if r.asked != 2 {
		t.Errorf("asked %d times", r.asked)
	}
}

func TestBook_UsedLeavesOutWhatIsNotThereAnyMore(t *testing.T) {
	t.Parallel()
	r := &register{}
	used, err := names.Book{Register: r, Directory: r}.Used(t.Context(), []session.Participant{{System: "tax"}, {System: "tax", Protocol: "saml"}, {System: "gone"}, {Provider: "bank"}})
	if err != nil || len(used) != 1 || used[0].ID != "tax" {
		t.Errorf("%v %v", used, err)
	}
}
