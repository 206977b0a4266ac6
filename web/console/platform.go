package console

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/hub/keys"
	"onedoor/hub/logout"
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

// mostFailed is how many failed notices are looked at.
const mostFailed = 500

// notices is GET /console/notices[/{department}]: who could not be told of a sign-out.
func (f *Office) notices(w http.ResponseWriter, r *http.Request, o officer) {
	ctx := r.Context()
	all, err := f.o.Ledger.Failed(ctx, mostFailed)
	if err != nil {
		f.v.Fail(w, r, err, root)
		return
	}
	names, may := f.providerNames(r), f.may(ctx, o, permit.CampaignRetry)
	part := view.ConsolePart{
		ID: "failed", Heading: locale.OverviewFailed, Empty: locale.TellingNone,
		Head: []locale.Word{locale.TellingWho, locale.ConsoleTime, locale.ProviderProtocol, locale.ConsoleState, locale.TellingTries, locale.ConsoleAct},
	}
	for _, n := range all {
		if len(part.Rows) == atOnce {
			break
		}
		s, err := f.o.Register.System(ctx, n.System)
		if o.place.Department != "" && (n.System == "" || err != nil || s.Department != o.place.Department) {
			continue
		}
		who := view.ConsoleCell{Names: s.Names, Code: string(n.System)}
		if n.Provider != "" {
			who = view.ConsoleCell{Names: names[n.Provider], Code: string(n.Provider)}
		}
		state := view.ConsoleCell{Word: locale.TellingFailed, Tone: "bad", Also: []view.ConsoleCell{{Text: n.Reason}}}
		if n.State == logout.Unreachable {
			state.Word = locale.TellingNoWay
		}
		row := view.ConsoleRow{Cells: []view.ConsoleCell{who, {At: n.At}, {Text: n.Protocol}, state, {Text: strconv.Itoa(n.Tries)}}}
		if may {
			row.Forms = []view.ConsoleForm{{Action: o.page + doing + "retry", Button: locale.TellingRetry, About: string(n.System) + string(n.Provider), Hidden: []view.PostField{{Name: "notice", Value: n.ID}}, Quiet: true}}
		}
		part.Rows = append(part.Rows, row)
	}
	f.show(w, r, http.StatusOK, o, view.ConsolePage{Heading: locale.TellingTitle, Place: f.placeName(ctx, o), Lead: locale.TellingLead, Parts: []view.ConsolePart{part}})
}

// retry is POST /console/notices[/{department}]/_/retry. A department has its own systems told again, and no provider.
func (f *Office) retry(_ http.ResponseWriter, r *http.Request, o officer, form url.Values) (bool, error) {
	id := form.Get("notice")
	if !hub.ValidID(id) {
		return false, nothing()
	}
	n, err := f.o.Ledger.Notice(r.Context(), id)
	if err != nil {
		return false, err
	}
	if o.place.Department != "" {
		s, err := f.o.Register.System(r.Context(), n.System)
		if n.System == "" || err != nil || s.Department != o.place.Department {
			return false, nothing()
		}
	}
	_, err = f.o.Ledger.Retry(r.Context(), n.ID, string(o.session.Account))
	return false, err
}
