package console

import (
	"context"
	"net/http"
	"net/url"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/tenants/entity"
	"onedoor/tenants/staff"
	"onedoor/web/locale"
	"onedoor/web/view"
)

// Entities are the legal entities as staff of the platform see them; entity.Service has it, and its comments name the errors.
type Entities interface {
	Claims
	Find(ctx context.Context, by hub.AccountID, kind, number string) (entity.Entity, error)
	Look(ctx context.Context, by hub.AccountID, id hub.EntityID) (entity.Overview, error)
	Suspend(ctx context.Context, by hub.AccountID, id hub.EntityID, reason string) error
	Resume(ctx context.Context, by hub.AccountID, id hub.EntityID) error
	Close(ctx context.Context, by hub.AccountID, id hub.EntityID, reason string) error
	Succeed(ctx context.Context, by hub.AccountID, id hub.EntityID, successor, reason string) (bool, error)
	Drop(ctx context.Context, by hub.AccountID, id hub.EntityID) error
}

const entitiesAt = root + "/entities"

// entitySections are the parts of the console about legal entities. They are the platform's: who stands for an entity stands for it at every
// department, so no department decides who that is.
func (f *Office) entitySections() []section {
	return []section{
		{word: locale.EntityDeskTitle, act: permit.EntityRead, paths: []string{entitiesAt}, page: f.entities, posts: map[string]deed{"find": {permit.EntityRead, f.findEntity}}},
		{word: locale.ClaimTitle, act: permit.EntityApprove, paths: []string{entitiesAt + "/claims/{claim}"}, entry: f.claim, posts: map[string]deed{
			"approve": {permit.EntityApprove, f.approveClaim}, "reject": {permit.EntityApprove, f.rejectClaim},
		}},
		{word: locale.EntityDeskTitle, act: permit.EntityRead, paths: []string{entitiesAt + "/{entity}"}, entry: f.entity, posts: map[string]deed{
			"suspend": {permit.EntityStop, f.atEntity(func(ctx context.Context, by hub.AccountID, id hub.EntityID, form url.Values) error {
				return f.o.Entities.Suspend(ctx, by, id, form.Get("reason"))
			})},
			"resume": {permit.EntityStop, f.atEntity(func(ctx context.Context, by hub.AccountID, id hub.EntityID, _ url.Values) error {
				return f.o.Entities.Resume(ctx, by, id)
			})},
			"close": {permit.EntityStop, f.atEntity(func(ctx context.Context, by hub.AccountID, id hub.EntityID, form url.Values) error {
				return f.o.Entities.Close(ctx, by, id, form.Get("reason"))
			})},
			"succeed": {permit.EntityStop, f.atEntity(func(ctx context.Context, by hub.AccountID, id hub.EntityID, form url.Values) error {
				_, err := f.o.Entities.Succeed(ctx, by, id, form.Get("successor"), form.Get("reason"))
				return err
			})},
			"drop": {permit.EntityStop, f.atEntity(func(ctx context.Context, by hub.AccountID, id hub.EntityID, _ url.Values) error {
				return f.o.Entities.Drop(ctx, by, id)
			})},
		}},
	}
}

// entities is GET /console/entities: the claims that wait, and the way to an entity by its number.
func (f *Office) entities(w http.ResponseWriter, r *http.Request, o officer) {
	ctx := r.Context()
	open, err := f.o.Entities.Claims(ctx, o.session.Account)
	if err != nil {
		f.v.Fail(w, r, err, root)
		return
	}
	find := view.ConsolePart{ID: "find", Heading: locale.EntityFind, Forms: []view.ConsoleForm{{
		Action: entitiesAt + doing + "find", Button: locale.EntityFindDo,
		Fields: []view.ConsoleField{{Name: "kind", Label: locale.EntityKindWord, Options: kindOptions()}, {Name: "number", Label: locale.ClaimNumber}},
	}}}
	decides := f.o.Permits.May(ctx, o.subject, permit.EntityApprove, staff.Place{}).Allowed
	f.show(w, r, http.StatusOK, o, view.ConsolePage{
		Heading: locale.EntityDeskTitle, Lead: locale.EntityDeskLead, Parts: []view.ConsolePart{waitingClaims(o, open, decides), find},
	})
}

var kindWords = map[string]func(locale.Catalogue) string{
	"th.juristic": locale.Catalogue.KindThaiJuristic, "cn.uscc": locale.Catalogue.KindChineseCredit, "vn.enterprise": locale.Catalogue.KindVietnameseEnterprise,
}

func kindOptions() (all []view.ConsoleOption) {
	for _, k := range entity.Kinds() {
		all = append(all, view.ConsoleOption{Value: k, Name: said(kindWords[k], k)})
	}
	return all
}

// said is a cell of a word of the catalogues; the code where there is none.
func said(says func(locale.Catalogue) string, code string) view.ConsoleCell {
	if says == nil {
		return view.ConsoleCell{Code: code}
	}
	names := hub.Text{}
	for _, l := range locale.All() {
		names[string(l)] = says(locale.For(l))
	}
	return view.ConsoleCell{Names: names}
}

// findEntity is POST /console/entities/_/find: the number is in no address.
func (f *Office) findEntity(w http.ResponseWriter, r *http.Request, o officer, form url.Values) (bool, error) {
	e, err := f.o.Entities.Find(r.Context(), o.session.Account, form.Get("kind"), form.Get("number"))
	if err != nil {
		return false, err
	}
	http.Redirect(w, r, entitiesAt+"/"+string(e.ID), http.StatusSeeOther)
	return true, nil
}

// atEntity makes the deed of a form about an entity.
func (*Office) atEntity(do func(ctx context.Context, by hub.AccountID, id hub.EntityID, form url.Values) error) func(http.ResponseWriter, *http.Request, officer, url.Values) (bool, error) {
	return func(_ http.ResponseWriter, r *http.Request, o officer, form url.Values) (bool, error) {
		return false, do(r.Context(), o.session.Account, hub.EntityID(r.PathValue("entity")), form)
	}
}

// entity is GET /console/entities/{entity}: who acts for it and where, what became of it, and what staff may do.
func (f *Office) entity(w http.ResponseWriter, r *http.Request, o officer) {
	ctx := r.Context()
	all, err := f.o.Entities.Look(ctx, o.session.Account, hub.EntityID(r.PathValue("entity")))
	if err != nil {
		f.v.Fail(w, r, err, entitiesAt)
		return
	}
	e := all.Entity
	evidence := view.ConsoleCell{Word: locale.ClaimRegistry}
	if e.Evidence == entity.ByStaff {
		evidence = view.ConsoleCell{Word: locale.EntityByStaff}
	}
	state := map[entity.Status]view.ConsoleCell{
		entity.Active: {Word: locale.EntityLive, Tone: "good"}, entity.Suspended: {Word: locale.EntityStopped, Tone: "bad"}, entity.Closed: {Word: locale.EntityShut, Tone: "bad"},
	}[e.Status]
	if e.Reason != "" {
		state.Also = []view.ConsoleCell{entityReason(e.Reason)}
	}
	about := view.ConsolePart{ID: "about", Heading: locale.EntityAbout, Facts: []view.ConsoleFact{
		fact(locale.ClaimNumber, view.ConsoleCell{Text: e.Number.Text()}),
		fact(locale.EntityKindWord, said(kindWords[e.Number.Kind], e.Number.Kind)),
		fact(locale.ConsoleState, state),
		fact(locale.ConsoleSince, view.ConsoleCell{Day: e.At}),
		fact(locale.EntityEvidence, evidence),
		fact(locale.ConsoleID, view.ConsoleCell{Code: string(e.ID)}),
	}}
	p := view.ConsolePage{Heading: locale.EntityDeskTitle, Place: view.ConsoleCell{Names: e.Names}, Parts: []view.ConsolePart{about, f.members(ctx, all)}}
	if f.o.Permits.May(ctx, o.subject, permit.EntityStop, staff.Place{}).Allowed && e.Status != entity.Closed {
		p.Parts = append(p.Parts, succession(o, all), statusOf(o, e))
	}
	f.show(w, r, http.StatusOK, o, p)
}

// members lists who acts for an entity.
func (f *Office) members(ctx context.Context, all entity.Overview) view.ConsolePart {
	part := view.ConsolePart{
		ID: "members", Heading: locale.EntityMembers, Empty: locale.ClaimNobody,
		Head: []locale.Word{locale.EntityRoleWord, locale.EntityCalled, locale.ClaimAccount, locale.ConsoleSince, locale.EntityMandates},
	}
	for _, m := range all.Members {
		mandates := view.ConsoleCell{}
		for _, x := range m.Mandates {
			cell := view.ConsoleCell{Word: locale.EntityAllPlaces}
			if x.Department != "" {
				cell = f.placeName(ctx, officer{place: staff.Place{Department: x.Department}})
				cell.Also = []view.ConsoleCell{{Day: x.Until}}
			}
			if mandates.Blank() {
				mandates = cell
				continue
			}
			mandates.Also = append(mandates.Also, cell)
		}
		part.Rows = append(part.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{
			entityRole(m.Seat.Role), {Text: m.Seat.Label}, {Code: string(m.Seat.Account)}, {Day: m.Seat.At}, mandates,
		}})
	}
	return part
}

func entityRole(r entity.Role) view.ConsoleCell {
	if r == entity.Master {
		return said(locale.Catalogue.EntityMaster, string(r))
	}
	return said(locale.Catalogue.EntityOperator, string(r))
}

// reasonWords say why a seat ends and why an entity's status changes.
var reasonWords = map[string]locale.Word{
	entity.Removed: locale.WhyNotTheirs, entity.Changed: locale.WhyOtherTask, entity.Misuse: locale.WhyMisuse, entity.Dissolved: locale.WhyDissolved,
	entity.Dispute: locale.WhyDispute, entity.Requested: locale.WhyRequested,
}

func entityReason(code string) view.ConsoleCell {
	if w, ok := reasonWords[code]; ok {
		return view.ConsoleCell{Word: w}
	}
	return view.ConsoleCell{Code: code}
}

// reasonField is the choice of a reason.
func reasonField(codes []string) view.ConsoleField {
	field := view.ConsoleField{Name: "reason", Label: locale.EntityReason}
	for _, c := range codes {
		field.Options = append(field.Options, view.ConsoleOption{Value: c, Name: entityReason(c)})
	}
	return field
}

// seatNamed names an operator's seat: accounts have no names.
func seatNamed(s entity.Seat) view.ConsoleCell {
	if s.Label == "" {
		return view.ConsoleCell{Text: string(s.Account)}
	}
	return view.ConsoleCell{Text: s.Label + " · " + string(s.Account)}
}

// succession is what staff may do about a master administrator who can't hand over.
func succession(o officer, all entity.Overview) view.ConsolePart {
	part := view.ConsolePart{ID: "succession", Heading: locale.SuccessionTitle, Note: locale.SuccessionNote}
	var master *entity.Seat
	choices := []view.ConsoleOption{{Name: view.ConsoleCell{Word: locale.SuccessorNone}}}
	for _, m := range all.Members {
		if m.Seat.Role == entity.Master {
			master = &m.Seat
			continue
		}
		choices = append(choices, view.ConsoleOption{Value: m.Seat.ID, Name: seatNamed(m.Seat)})
	}
	at := func(word string) string { return o.page + doing + word }
	if w := all.Wish; w.Entity != "" {
		follows := view.ConsoleCell{Word: locale.SuccessorNone}
		for _, m := range all.Members {
			if m.Seat.ID == w.Successor {
				follows = seatNamed(m.Seat)
			}
		}
		part.Note = locale.SuccessionWish
		part.Facts = []view.ConsoleFact{
			fact(locale.SuccessorWord, follows), fact(locale.EntityReason, entityReason(w.Reason)),
			fact(locale.SuccessionBy, view.ConsoleCell{Code: string(w.By)}), fact(locale.ConsoleTime, view.ConsoleCell{At: w.At}),
		}
		if w.By != o.session.Account {
			part.Forms = append(part.Forms, view.ConsoleForm{
				Action: at("succeed"), Button: locale.SuccessionAgree, Hidden: []view.PostField{{Name: "successor", Value: w.Successor}, {Name: "reason", Value: w.Reason}},
			})
		}
		part.Forms = append(part.Forms, view.ConsoleForm{Action: at("drop"), Button: locale.SuccessionDrop, Quiet: true})
		return part
	}
	button := locale.SuccessionDo
	if master == nil {
		if button, choices = locale.SuccessionFill, choices[1:]; len(choices) == 0 {
			part.Empty, part.Note = locale.SuccessorNone, locale.Word{}
			return part
		}
		part.Note = locale.Word{}
	}
	part.Forms = []view.ConsoleForm{{
		Action: at("succeed"), Button: button,
		Fields: []view.ConsoleField{{Name: "successor", Label: locale.SuccessorWord, Options: choices}, reasonField(entity.EndReasons())},
	}}
	return part
}

// statusOf is what staff may do about an entity as a whole.
func statusOf(o officer, e entity.Entity) view.ConsolePart {
	part := view.ConsolePart{ID: "status", Heading: locale.EntityStatus}
	at := func(word string) string { return o.page + doing + word }
	reasons := []view.ConsoleField{reasonField(entity.StatusReasons())}
	if e.Status == entity.Active {
		part.Forms = append(part.Forms, view.ConsoleForm{Action: at("suspend"), Button: locale.EntityStop, Fields: reasons})
	} else {
		part.Forms = append(part.Forms, view.ConsoleForm{Action: at("resume"), Button: locale.EntityResume})
	}
	part.Forms = append(part.Forms, view.ConsoleForm{Action: at("close"), Button: locale.EntityShutDo, Fields: reasons, Quiet: true})
	return part
}

// yes says whether something is so, or that nobody has said.
func yes(asked, is bool) view.ConsoleCell {
	switch {
	case !asked:
		return view.ConsoleCell{Word: locale.ClaimUnasked}
	case is:
		return view.ConsoleCell{Word: locale.ConsoleYes, Tone: "good"}
	}
	return view.ConsoleCell{Word: locale.ConsoleNo, Tone: "bad"}
}
