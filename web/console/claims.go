package console

import (
	"context"
	"net/http"
	"net/url"

	"onedoor/hub"
	"onedoor/tenants/entity"
	"onedoor/web/locale"
	"onedoor/web/view"
)

// Claims are the requests to stand for a legal entity that staff decide; entity.Service has it, and its comments name the errors.
type Claims interface {
	Claims(ctx context.Context, by hub.AccountID) ([]entity.Claim, error)
	Case(ctx context.Context, by hub.AccountID, claim string) (entity.Case, error)
	Approve(ctx context.Context, by hub.AccountID, claim string) (hub.EntityID, error)
	Reject(ctx context.Context, by hub.AccountID, claim, reason string) error
}

var whyWords = map[string]locale.Word{
	entity.NoRegistry: locale.ClaimNoRegistry, entity.NoAnswer: locale.ClaimNoAnswer, entity.NotConfirmed: locale.ClaimNotConfirmed,
	entity.NoNumber: locale.ClaimNoNumber, entity.Taken: locale.ClaimTaken,
}

var refusalWords = map[string]locale.Word{
	"no_evidence": locale.ClaimNoEvidence, "not_authorised": locale.ClaimNotAuthorised, "duplicate": locale.ClaimDuplicate,
}

var attributeWords = map[hub.AttributeName]func(locale.Catalogue) string{
	hub.Title: locale.Catalogue.AttrTitle, hub.GivenName: locale.Catalogue.AttrGivenName, hub.MiddleName: locale.Catalogue.AttrMiddleName,
	hub.FamilyName: locale.Catalogue.AttrFamilyName, hub.Name: locale.Catalogue.AttrName, hub.TitleEN: locale.Catalogue.AttrTitleEN,
	hub.GivenNameEN: locale.Catalogue.AttrGivenNameEN, hub.MiddleNameEN: locale.Catalogue.AttrMiddleNameEN,
	hub.FamilyNameEN: locale.Catalogue.AttrFamilyNameEN, hub.NameEN: locale.Catalogue.AttrNameEN,
}

// waitingClaims lists what waits. It leads to the cases for who decides about them, and not about their own.
func waitingClaims(o officer, open []entity.Claim, decides bool) view.ConsolePart {
	part := view.ConsolePart{
		ID: "claims", Heading: locale.ClaimsWaiting, Empty: locale.ClaimsNone,
		Head: []locale.Word{locale.ClaimName, locale.ClaimNumber, locale.ClaimWhy, locale.ClaimAsked, locale.ConsoleState},
	}
	for _, c := range open {
		name := view.ConsoleCell{Names: c.Names}
		if decides && c.Account != o.session.Account {
			name.Href = entitiesAt + "/claims/" + c.ID
		}
		state := view.ConsoleCell{}
		if c.First != "" {
			state = view.ConsoleCell{Word: locale.ClaimOnce}
		}
		part.Rows = append(part.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{name, {Text: c.Number.Text()}, {Word: whyWords[c.Why]}, {At: c.At}, state}})
	}
	return part
}

// claim is GET /console/entities/claims/{claim}: what the person has shown beside what the registry said. Each look is recorded.
func (f *Office) claim(w http.ResponseWriter, r *http.Request, o officer) {
	c, err := f.o.Entities.Case(r.Context(), o.session.Account, r.PathValue("claim"))
	if err != nil {
		f.v.Fail(w, r, err, entitiesAt)
		return
	}
	known := fact(locale.ClaimKnown, view.ConsoleCell{Word: locale.ClaimNew})
	if c.Entity.ID != "" {
		known = fact(locale.ClaimKnown, view.ConsoleCell{Names: c.Entity.Names, Href: entitiesAt + "/" + string(c.Entity.ID)})
	}
	master := view.ConsoleCell{Word: locale.ClaimNobody}
	if c.Master.ID != "" {
		master = view.ConsoleCell{Code: string(c.Master.Account), Also: []view.ConsoleCell{{Day: c.Master.At}}}
	}
	about := view.ConsolePart{ID: "about", Heading: locale.ClaimAbout, Facts: []view.ConsoleFact{
		fact(locale.ClaimNumber, view.ConsoleCell{Text: c.Claim.Number.Text()}),
		fact(locale.EntityKindWord, said(kindWords[c.Claim.Number.Kind], c.Claim.Number.Kind)),
		fact(locale.ClaimWhy, view.ConsoleCell{Word: whyWords[c.Claim.Why]}),
		fact(locale.ClaimAsked, view.ConsoleCell{At: c.Claim.At}),
		fact(locale.ClaimAccount, view.ConsoleCell{Code: string(c.Claim.Account)}),
		known, fact(locale.ClaimMaster, master),
	}}
	p := view.ConsolePage{Heading: locale.ClaimTitle, Place: view.ConsoleCell{Names: c.Claim.Names}, Parts: []view.ConsolePart{about}}
	if c.Proven {
		about.Facts = append(about.Facts, fact(locale.ClaimProven, view.ConsoleCell{Level: c.Proof.Level}))
		p.Parts = []view.ConsolePart{about, compared(c), shown(c.Proof), stated(c.Proof)}
	} else {
		p.Parts = append(p.Parts, view.ConsolePart{ID: "proof", Heading: locale.ClaimCompare, Empty: locale.ClaimGone})
	}
	p.Parts = append(p.Parts, deciding(o, c.Claim, f.o.FourEyes))
	f.show(w, r, http.StatusOK, o, p)
}

// compared puts what the person says beside what the registry said.
func compared(c entity.Case) view.ConsolePart {
	registry := view.ConsoleCell{Word: locale.ClaimUnasked}
	if len(c.Proof.Names) > 0 {
		registry = view.ConsoleCell{Names: c.Proof.Names}
	}
	says := view.ConsoleCell{Names: c.Claim.Names}
	if c.Claim.Why == entity.Taken { // the name is the registry's
		says = view.ConsoleCell{}
	}
	return view.ConsolePart{
		ID: "proof", Heading: locale.ClaimCompare, Head: []locale.Word{locale.ClaimField, locale.ClaimSays, locale.ClaimRegistry},
		Rows: []view.ConsoleRow{
			{Cells: []view.ConsoleCell{{Word: locale.ClaimName}, says, registry}},
			{Cells: []view.ConsoleCell{{Word: locale.ClaimMay}, {Word: locale.ConsoleYes}, yes(c.Proof.Asked, c.Proof.Represents)}},
			{Cells: []view.ConsoleCell{{Word: locale.ClaimLive}, {}, yes(c.Proof.Asked, c.Proof.Live)}},
		},
	}
}

// shown lists the person's names as they were attested.
func shown(p entity.Proof) view.ConsolePart {
	part := view.ConsolePart{ID: "shown", Heading: locale.ClaimShown, Empty: locale.ClaimNoWord, Head: []locale.Word{locale.ClaimField, locale.ClaimSays}}
	for _, n := range entity.ProofNames() {
		if v := p.Shown[n]; v != "" {
			part.Rows = append(part.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{said(attributeWords[n], string(n)), {Text: v}}})
		}
	}
	return part
}

// stated is what the person wrote.
func stated(p entity.Proof) view.ConsolePart {
	part := view.ConsolePart{ID: "stated", Heading: locale.ClaimStatement, Text: p.Statement}
	if p.Statement == "" {
		part.Empty = locale.ClaimNothing
	}
	return part
}

// deciding are the forms by which a claim is decided.
func deciding(o officer, c entity.Claim, fourEyes bool) view.ConsolePart {
	part := view.ConsolePart{ID: "decide", Heading: locale.ClaimDecide}
	switch {
	case c.First == o.session.Account:
		part.Note = locale.ClaimYours
	default:
		if fourEyes && c.First == "" {
			part.Note = locale.ClaimFourEyes
		}
		part.Forms = append(part.Forms, view.ConsoleForm{Action: o.page + doing + "approve", Button: locale.ClaimApprove})
	}
	field := view.ConsoleField{Name: "reason", Label: locale.EntityReason}
	for _, code := range entity.ClaimReasons() {
		field.Options = append(field.Options, view.ConsoleOption{Value: code, Name: view.ConsoleCell{Word: refusalWords[code]}})
	}
	part.Forms = append(part.Forms, view.ConsoleForm{Action: o.page + doing + "reject", Button: locale.ClaimReject, Fields: []view.ConsoleField{field}, Quiet: true})
	return part
}

// approveClaim leads on to the entity, or back to the list where a second person must approve too.
func (f *Office) approveClaim(w http.ResponseWriter, r *http.Request, o officer, _ url.Values) (bool, error) {
	id, err := f.o.Entities.Approve(r.Context(), o.session.Account, r.PathValue("claim"))
	if err != nil {
		return false, err
	}
	to := entitiesAt
	if id != "" {
		to += "/" + string(id)
	}
	http.Redirect(w, r, to+"?done=1", http.StatusSeeOther)
	return true, nil
}

func (f *Office) rejectClaim(w http.ResponseWriter, r *http.Request, o officer, form url.Values) (bool, error) {
	if err := f.o.Entities.Reject(r.Context(), o.session.Account, r.PathValue("claim"), form.Get("reason")); err != nil {
		return false, err
	}
	http.Redirect(w, r, entitiesAt+"?done=1", http.StatusSeeOther)
	return true, nil
}
