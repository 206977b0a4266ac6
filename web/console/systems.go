package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/tenants/register"
	"onedoor/tenants/staff"
	"onedoor/web/locale"
	"onedoor/web/view"
)

// Lives are systems through their life; register.Service has it, and its comments name the errors.
type Lives interface {
	System(ctx context.Context, id hub.SystemID) (register.System, error)
	Move(ctx context.Context, by staff.Actor, id hub.SystemID, to tenants.SystemStatus, reason string, version int64) (register.System, error)
	Moves(ctx context.Context, id hub.SystemID, before int64, limit int) ([]register.Move, error)
	Propose(ctx context.Context, by staff.Actor, id hub.SystemID, version int64, tested string) (register.Proposal, error)
	Proposal(ctx context.Context, id hub.SystemID) (register.Proposal, error)
	Rotate(ctx context.Context, by staff.Actor, id hub.SystemID, c register.Connection, overlap time.Duration) (register.System, string, error)
}

// latestMoves is how many steps of a system its page shows.
const latestMoves = 20

// seen finds the system of the path. One that they may not see is not there.
func (f *Office) seen(r *http.Request, o *officer) (register.System, error) {
	x, err := f.o.Lives.System(r.Context(), hub.SystemID(r.PathValue("system")))
	if err == nil {
		o.place = staff.Place{Department: x.Department, Area: x.Area}
	}
	switch {
	case hub.KindOf(err) == hub.NotFound, err == nil && !f.may(r.Context(), *o, permit.SystemRead):
		return register.System{}, nothing()
	}
	return x, err
}

// system is GET /console/systems/{system}: where it is in its life, what it demands, how it is connected, which keys it has. Secrets are never
// shown: the hub has hashes.
func (f *Office) system(w http.ResponseWriter, r *http.Request, o officer) {
	x, err := f.seen(r, &o)
	if err != nil {
		f.v.Fail(w, r, err, "")
		return
	}
	f.systemPage(w, r, http.StatusOK, o, x, view.ConsolePage{})
}

// systemPage shows a system, with what has just come of an act.
func (f *Office) systemPage(w http.ResponseWriter, r *http.Request, status int, o officer, x register.System, p view.ConsolePage) {
	life, moves, err := f.life(r.Context(), o, x)
	if err != nil {
		f.v.Fail(w, r, err, root)
		return
	}
	p.Heading, p.Place = locale.SystemTitle, view.ConsoleCell{Names: x.Names}
	s := x.System
	about := view.ConsolePart{ID: "about", Heading: locale.SystemAbout, Facts: []view.ConsoleFact{
		fact(locale.ConsoleID, view.ConsoleCell{Code: string(s.ID)}),
		fact(locale.SystemGroup, number(s.Group)),
		fact(locale.SystemDemands, view.ConsoleCell{Level: s.Least}),
		fact(locale.ProviderProtocol, view.ConsoleCell{Text: protocolsOf(s)}),
		fact(locale.SystemReview, view.ConsoleCell{Day: s.ReviewBy}),
	}}
	if s.Risk != "" {
		about.Facts = append(about.Facts, fact(locale.SystemRisk, view.ConsoleCell{Text: s.Risk}))
	}
	if s.SessionLife != 0 {
		about.Facts = append(about.Facts, fact(locale.SystemOwnSession, span(s.SessionLife)))
	}
	p.Parts = append(p.Parts, life, about)
	if held := f.secrets(r.Context(), o, x); len(held.Facts) > 0 {
		p.Parts = append(p.Parts, held)
	}
	if ends := addresses(s); len(ends.Rows) > 0 {
		p.Parts = append(p.Parts, ends)
	}
	p.Parts = append(p.Parts, moves, view.ConsolePart{ID: "on", Heading: locale.ConsoleWhere, Links: []view.ConsoleLink{
		{Href: root + "/departments/" + string(s.Department), Name: f.placeName(r.Context(), o)},
	}})
	f.show(w, r, status, o, p)
}

// ways lists the steps from each state, what each takes and is called.
var ways = []struct {
	was, became tenants.SystemStatus
	act         permit.Act
	button      locale.Word
	danger      bool
	reasons     []string
}{
	{tenants.Draft, tenants.Testing, permit.SystemTest, locale.LifeTest, false, []string{register.Planned, register.Settled}},
	{tenants.Testing, tenants.Draft, permit.SystemTest, locale.LifeDraft, false, []string{register.Planned, register.Maintenance}},
	{tenants.Testing, tenants.Live, permit.SystemLaunch, locale.LifeLaunch, false, []string{register.Tested, register.Planned}},
	{tenants.Suspended, tenants.Live, permit.SystemLaunch, locale.LifeResume, false, []string{register.Settled, register.Tested}},
	{tenants.Suspended, tenants.Testing, permit.SystemTest, locale.LifeTest, false, []string{register.Planned, register.Maintenance, register.Settled}},
	{tenants.Live, tenants.Suspended, permit.SystemSuspend, locale.LifeSuspend, true, []string{register.Incident, register.Misuse, register.Maintenance, register.Planned}},
}

// stepReasons says why something was suspended, resumed or taken a step on.
var stepReasons = map[string]locale.Word{
	register.Planned: locale.ReasonPlanned, register.Incident: locale.ReasonIncident, register.Misuse: locale.PostMisuse,
	register.Maintenance: locale.ReasonMaintenance, register.Tested: locale.ReasonTested, register.Settled: locale.ReasonSettled,
}

// why is the field for a reason.
func why(reasons []string) view.ConsoleField {
	field := view.ConsoleField{Name: "reason", Label: locale.PostReason, Needed: true}
	for _, r := range reasons {
		field.Options = append(field.Options, view.ConsoleOption{Value: r, Name: view.ConsoleCell{Word: stepReasons[r]}})
	}
	return field
}

// life tells where a system is in its life, with the steps on that this person may take, and those that it has taken.
func (f *Office) life(ctx context.Context, o officer, x register.System) (now, moves view.ConsolePart, err error) {
	keeper := view.ConsoleCell{Word: locale.KeptByFile}
	if x.Origin == register.ByAPI {
		keeper.Word = locale.KeptByAPI
	}
	now = view.ConsolePart{ID: "life", Heading: locale.LifeTitle, Facts: []view.ConsoleFact{fact(locale.ConsoleState, stateOf(x.System)), fact(locale.KeptBy, keeper)}}
	if x.Held {
		now.Facts = append(now.Facts, fact(locale.LifeHeld, view.ConsoleCell{Word: locale.ConsoleYes}))
	}
	proposal, err := f.o.Lives.Proposal(ctx, x.ID)
	proposed := err == nil && proposal.Version == x.Version
	if hub.KindOf(err) == hub.NotFound {
		err = nil
	}
	if err != nil {
		return now, moves, err
	}
	if proposed {
		now.Facts = append(now.Facts, fact(locale.LifeProposed, view.ConsoleCell{Code: proposal.Tested, Also: []view.ConsoleCell{{At: proposal.At}, {Code: f.account(o, proposal.Account)}}}))
	}
	action, version := root+"/systems/"+string(x.ID)+doing, view.PostField{Name: "version", Value: strconv.FormatInt(x.Version, 10)}
	files := x.Origin == register.ByFile
	for _, way := range ways {
		ours := !files || way.became == tenants.Suspended || x.Held && way.became == tenants.Live
		if way.was != x.Status || !f.may(ctx, o, way.act) || !ours {
			continue
		}
		unready := way.became == tenants.Live && !proposed && (x.Status == tenants.Testing || f.o.FourEyes)
		if unready || way.became == tenants.Live && proposed && f.o.FourEyes && proposal.Account == o.session.Account {
			now.Note = locale.LifeUnready
			continue
		}
		now.Forms = append(now.Forms, view.ConsoleForm{
			Action: action + "move", Button: way.button, Danger: way.danger, Fields: []view.ConsoleField{why(way.reasons)},
			Hidden: []view.PostField{{Name: "to", Value: string(way.became)}, version},
		})
	}
	if (x.Status == tenants.Testing || x.Status == tenants.Suspended) && !proposed && (!files || x.Held) && f.may(ctx, o, permit.SystemPropose) {
		now.Forms = append(now.Forms, view.ConsoleForm{
			Action: action + "propose", Button: locale.LifePropose, Hidden: []view.PostField{version},
			Fields: []view.ConsoleField{{Name: "tested", Label: locale.LifeTested, Needed: true}},
		})
	}
	if files && !x.Held && x.Status != tenants.Live {
		now.Note = locale.LifeByFile
	}
	taken, err := f.o.Lives.Moves(ctx, x.ID, 0, latestMoves)
	moves = view.ConsolePart{ID: "moves", Heading: locale.LifeMoves, Empty: locale.LifeNoMoves, Head: []locale.Word{locale.ConsoleTime, locale.LifeFrom, locale.LifeTo, locale.PostReason, locale.LifeBy}}
	for _, m := range taken {
		by := view.ConsoleCell{Code: f.account(o, m.Account)}
		switch {
		case m.Program != "":
			by.Code = string(m.Program)
		case m.Account == "":
			by = view.ConsoleCell{Word: locale.LifeOperator}
		}
		moves.Rows = append(moves.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{
			{At: m.At}, stateOf(tenants.System{Status: m.Was}), stateOf(tenants.System{Status: m.Became}), {Word: stepReasons[m.Reason]}, by,
		}})
	}
	return now, moves, err
}

// overlap is a time for which an old secret goes on.
type overlap struct {
	value string
	time  time.Duration
	word  locale.Word
}

// overlaps are how long an old secret may go on beside a new one; the longest that the register allows is the last.
var overlaps = []overlap{{"none", 0, locale.OverlapNone}, {"day", 24 * time.Hour, locale.OverlapDay}, {"week", 7 * 24 * time.Hour, locale.OverlapWeek}, {"month", 30 * 24 * time.Hour, locale.OverlapMonth}}

// secrets tells which keys and secrets a system has, and lets them be replaced where they are kept here.
func (f *Office) secrets(ctx context.Context, o officer, x register.System) view.ConsolePart {
	held := view.ConsolePart{ID: "keys", Heading: locale.SystemKeys}
	add := func(label locale.Word, c view.ConsoleCell) { held.Facts = append(held.Facts, fact(label, c)) }
	all := func(secrets []tenants.Secret) {
		for i, secret := range secrets {
			cell := view.ConsoleCell{Word: locale.SystemNoEnd}
			if !secret.ExpiresAt.IsZero() {
				cell = view.ConsoleCell{At: secret.ExpiresAt}
			}
			cell.Also = []view.ConsoleCell{{Text: "#" + strconv.Itoa(i+1)}}
			add(locale.SystemSecret, cell)
		}
	}
	var rotated []register.Connection
	if c := x.OIDC; c != nil {
		add(locale.ProviderProtocol, view.ConsoleCell{Code: authMethod(c)})
		all(c.Secrets)
		switch {
		case c.JWKSURI != "":
			add(locale.SystemJWKS, view.ConsoleCell{Code: c.JWKSURI})
		case c.JWKS != "":
			add(locale.SystemJWKS, view.ConsoleCell{Word: locale.ConsoleYes})
		}
		if c.ShowsSecret() {
			rotated = append(rotated, register.OIDC)
		}
	}
	if c := x.Forward; c != nil {
		add(locale.ProviderProtocol, view.ConsoleCell{Code: "forward-auth"})
		all(c.Secrets)
		rotated = append(rotated, register.Forward)
	}
	if !f.may(ctx, o, permit.SystemRotate) || len(held.Facts) == 0 {
		return held
	}
	if x.Origin == register.ByFile {
		held.Note = locale.RotateByFile
		return held
	}
	options := make([]view.ConsoleOption, 0, len(overlaps))
	for _, l := range overlaps {
		options = append(options, view.ConsoleOption{Value: l.value, Name: view.ConsoleCell{Word: l.word}})
	}
	for _, c := range rotated {
		held.Forms = append(held.Forms, view.ConsoleForm{
			Action: root + "/systems/" + string(x.ID) + doing + "rotate", Button: locale.RotateSecret, About: string(c), Danger: true,
			Hidden: []view.PostField{{Name: "connection", Value: string(c)}},
			Fields: []view.ConsoleField{{Name: "overlap", Label: locale.RotateOverlap, Needed: true, Options: options}},
		})
	}
	return held
}

// addresses lists where a system may be reached.
func addresses(s tenants.System) view.ConsolePart {
	ends := view.ConsolePart{ID: "ends", Heading: locale.SystemEndpoints, Head: []locale.Word{locale.ConsoleName, locale.SystemAddress}}
	add := func(name string, addresses ...string) {
		for _, a := range addresses {
			if a != "" {
				ends.Rows = append(ends.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{{Code: name}, {Code: a}}})
			}
		}
	}
	if c := s.OIDC; c != nil {
		add("redirect_uri", c.RedirectURIs...)
		add("post_logout_redirect_uri", c.PostLogoutRedirectURIs...)
		add("backchannel_logout_uri", c.BackchannelLogoutURI)
		add("frontchannel_logout_uri", c.FrontchannelLogoutURI)
		add("initiate_login_uri", c.InitiateLoginURI)
		add("resource", c.Resource)
	}
	if c := s.SAML; c != nil {
		add("EntityID", c.EntityID)
		add("metadata", c.MetadataURL)
	}
	return ends
}

// authMethod is how a client proves itself.
func authMethod(c *tenants.OIDC) string {
	if c.AuthMethod == "" {
		return "client_secret_basic"
	}
	return c.AuthMethod
}

// version reads the version that a form is about. Invalid.
func version(form url.Values) (int64, error) {
	v, err := strconv.ParseInt(form.Get("version"), 10, 64)
	if err != nil || v < 1 {
		return 0, hub.Errorf("console.version", hub.Invalid, "not a version")
	}
	return v, nil
}

// moveSystem is POST /console/systems/{system}/_/move.
func (f *Office) moveSystem(w http.ResponseWriter, r *http.Request, o officer, form url.Values) (bool, error) {
	x, err := f.seen(r, &o)
	if err != nil {
		return true, f.lost(w, r, err)
	}
	to := tenants.SystemStatus(form.Get("to"))
	v := int64(0)
	if to != tenants.Suspended { // an emergency waits for nobody
		if v, err = version(form); err != nil {
			return false, err
		}
	}
	_, err = f.o.Lives.Move(r.Context(), f.o.Permits.As(o.subject), x.ID, to, form.Get("reason"), v)
	if err == nil && x.Status == tenants.Live {
		err = f.v.Settle(r.Context()) // as a sign-out: no node takes its tokens for active once this has answered
	}
	return f.faulty(w, r, o, x, err)
}

// proposeSystem is POST /console/systems/{system}/_/propose.
func (f *Office) proposeSystem(w http.ResponseWriter, r *http.Request, o officer, form url.Values) (bool, error) {
	x, err := f.seen(r, &o)
	if err != nil {
		return true, f.lost(w, r, err)
	}
	v, err := version(form)
	if err == nil {
		_, err = f.o.Lives.Propose(r.Context(), f.o.Permits.As(o.subject), x.ID, v, form.Get("tested"))
	}
	return f.faulty(w, r, o, x, err)
}

// rotateSecret is POST /console/systems/{system}/_/rotate. The secret is in the answer and nowhere else.
func (f *Office) rotateSecret(w http.ResponseWriter, r *http.Request, o officer, form url.Values) (bool, error) {
	x, err := f.seen(r, &o)
	if err != nil {
		return true, f.lost(w, r, err)
	}
	i := slices.IndexFunc(overlaps, func(l overlap) bool { return l.value == form.Get("overlap") })
	if i < 0 {
		return false, hub.Errorf("console.rotateSecret", hub.Invalid, "not an overlap")
	}
	x, secret, err := f.o.Lives.Rotate(r.Context(), f.o.Permits.As(o.subject), x.ID, register.Connection(form.Get("connection")), overlaps[i].time)
	if err != nil {
		return false, err
	}
	f.systemPage(w, r, http.StatusOK, o, x, view.ConsolePage{Secret: secret, Says: locale.RotateMade})
	return true, nil
}

// lost answers like a page that is not there, where that is what it is.
func (f *Office) lost(w http.ResponseWriter, r *http.Request, err error) error {
	f.v.Fail(w, r, err, "")
	return nil
}

// faulty shows which rules of the register an entry breaks. Other errors go on.
func (f *Office) faulty(w http.ResponseWriter, r *http.Request, o officer, x register.System, err error) (bool, error) {
	var broken *register.Faulty
	if !errors.As(err, &broken) {
		return false, err
	}
	part := view.ConsolePart{ID: "faults", Heading: locale.LifeFaults, Head: []locale.Word{locale.ConsoleName, locale.LifeRule, locale.RecordDetail}}
	for _, fault := range broken.Faults {
		part.Rows = append(part.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{{Code: fault.Path}, {Text: fault.Rule}, {Text: fault.Text}}})
	}
	f.systemPage(w, r, http.StatusConflict, o, x, view.ConsolePage{Wrong: locale.LifeFaulty, Parts: []view.ConsolePart{part}})
	return true, nil
}
