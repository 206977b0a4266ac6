package console

import (
	"net/http"
	"net/url"
	"slices"

	"onedoor/authz/permit"
	"onedoor/hub/keys"
	"onedoor/web/locale"
	"onedoor/web/view"
)

// keys is GET /console/keys.
func (f *Office) keys(w http.ResponseWriter, r *http.Request, o officer) {
	all, err := f.o.Keys.List(r.Context())
	if err != nil {
		f.v.Fail(w, r, err, root)
		return
	}
	list := view.ConsolePart{
		ID: "keys", Heading: locale.KeysTitle,
		Head: []locale.Word{locale.ConsoleID, locale.KeyUse, locale.KeyAlg, locale.ConsoleState, locale.KeyFrom, locale.KeyGone},
	}
	slices.Reverse(all) // the newest first
	turn := view.ConsolePart{ID: "turn", Heading: locale.KeyRotate}
	offered := map[string]bool{}
	for _, k := range all {
		if len(list.Rows) < atOnce {
			list.Rows = append(list.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{
				{Code: k.ID}, {Text: string(k.Use)}, {Text: k.Alg}, {Text: string(k.State)}, {At: k.ActiveFrom}, {At: k.ExpiresAt},
			}})
		}
		if what := string(k.Use) + " " + k.Alg; k.Use != keys.Index && !offered[what] && f.may(r.Context(), o, permit.KeyRotate) {
			offered[what] = true
			turn.Head = []locale.Word{locale.KeyUse, locale.ConsoleAct}
			turn.Rows = append(turn.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{{Text: what}}, Forms: []view.ConsoleForm{{
				Action: o.page + doing + "rotate", Button: locale.KeyRotate, About: what, Quiet: true,
				Hidden: []view.PostField{{Name: "use", Value: string(k.Use)}, {Name: "alg", Value: k.Alg}},
			}}})
		}
	}
	p := view.ConsolePage{Heading: locale.KeysTitle, Lead: locale.KeysLead, Parts: []view.ConsolePart{list}}
	if len(turn.Rows) > 0 {
		p.Parts = append(p.Parts, turn)
	}
	f.show(w, r, http.StatusOK, o, p)
}

func (f *Office) rotate(_ http.ResponseWriter, r *http.Request, o officer, form url.Values) (bool, error) {
	return false, f.o.Keys.Rotate(r.Context(), o.session.Account, keys.Use(form.Get("use")), form.Get("alg"))
}
