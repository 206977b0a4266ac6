package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"onedoor/authz"
	"onedoor/authz/catalogue"
	"onedoor/authz/permit"
	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/keys"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/hub/statistics"
	"onedoor/tenants"
	"onedoor/tenants/staff"
	"onedoor/web/locale"
	"onedoor/web/server"
	"onedoor/web/view"
	"onedoor/web/visit"
)

// Permits decides who may do what where; permit.Permits has it.
type Permits interface {
	May(ctx context.Context, s permit.Subject, act permit.Act, place staff.Place) permit.Decision
	Where(ctx context.Context, s permit.Subject, act permit.Act) []staff.Place
	As(s permit.Subject) staff.Actor
	Lines() []permit.Line
}

// Team is who works where; staff.Service has it, and its comments name the errors.
type Team interface {
	permit.Posts
	At(ctx context.Context, department hub.DepartmentID) ([]staff.Post, error)
	Open(ctx context.Context) ([]staff.Invitation, error)
	Invite(ctx context.Context, by hub.AccountID, role staff.Role, place staff.Place) (staff.Invitation, hub.Secret, error)
	TakeBack(ctx context.Context, by hub.AccountID, id string) error
	Confirm(ctx context.Context, by hub.AccountID, id string) error
	Remove(ctx context.Context, by hub.AccountID, id, reason string) error
}

// Register lists departments and systems, by id.
type Register interface {
	Departments(ctx context.Context) ([]tenants.Department, error)
	Department(ctx context.Context, id hub.DepartmentID) (tenants.Department, error)
	Systems() []tenants.System
	System(ctx context.Context, id hub.SystemID) (tenants.System, error)
}

// Providers knows the identity providers; federation.Registry has it.
type Providers interface {
	Register(ctx context.Context) ([]federation.Entry, error)
	Record(id hub.ProviderID) (federation.Provider, error)
	Health() []federation.Health
	// Refresh reads the list again, where it has changed.
	Refresh(ctx context.Context) error
}

// Brake suspends providers and resumes them; federation.Brake has it, and its comments name the errors.
type Brake interface {
	Suspend(ctx context.Context, h federation.Halt) error
	Progress(ctx context.Context, id hub.ProviderID) (ended int, done time.Time, err error)
	Resume(ctx context.Context, by hub.AccountID, id hub.ProviderID, reason string) error
}

// Keys are the platform's.
type Keys interface {
	List(ctx context.Context) ([]keys.Info, error)
	// Rotate makes the next key now, and records who had it made. Invalid for what is never rotated.
	Rotate(ctx context.Context, by hub.AccountID, use keys.Use, alg string) error
}

// Ledger is who has been told of ends; logout.Service has it.
type Ledger interface {
	Failed(ctx context.Context, behind logout.Cursor, limit int) ([]logout.Notice, error)
	FailedAt(ctx context.Context, systems []hub.SystemID, behind logout.Cursor, limit int) ([]logout.Notice, error)
	Notice(ctx context.Context, id string) (logout.Notice, error)
	Retry(ctx context.Context, id, by string) (int, error)
	Backlog(ctx context.Context) (int, time.Time, error)
	Underway(ctx context.Context, limit int) ([]logout.Entry, error)
	Ledger(ctx context.Context, campaigns ...string) ([]logout.Entry, error)
}

// Items is the catalogue; authz.Catalogue has it.
type Items interface {
	Items() []authz.Item
	Of(department hub.DepartmentID) []authz.Item
}

// Node is the node that answers.
type Node interface {
	LeaseHeld() bool
	Asked() uint64 // about tokens, since it started
	Live(ctx context.Context) (int64, error)
}

// OfficeOptions are what an Office is made of. All are required but FourEyes and Policies.
type OfficeOptions struct {
	Visit     *visit.Reception
	Permits   Permits
	Team      Team
	Register  Register
	Lives     Lives
	Providers Providers
	Brake     Brake
	// Published tells what a provider says of itself, as this node knows it.
	Published  func(p federation.Provider) federation.Published
	Keys       Keys
	Ledger     Ledger
	Items      Items
	Changes    *catalogue.Service
	Settle     func(ctx context.Context) // returns when no node decides by items of before, or takes for active what has just ended
	Entities   Entities
	Node       Node
	Finder     audit.Finder
	Audit      audit.Recorder
	Statistics *statistics.Service
	Complaints Complaints
	// Proof gives the proof that an event is in the record, as JSON. NotFound; Conflict where it is not under a head yet.
	Proof func(ctx context.Context, event string) ([]byte, error)
	// Alias gives an account the name that a department knows it by in the record: no two departments can compare theirs (invariant 3).
	Alias func(department hub.DepartmentID, account hub.AccountID) string
	Clock hub.Clock
	Zone  *time.Location
	// Address is where the platform is: the issuer.
	Address string
	// FourEyes tells that what staff decide about legal entities, and what they open to people, counts only when a second person has decided the same.
	FourEyes bool
	Policies Policies
}

// Office is where administrators and auditors work: they see to the platform, or to their department.
type Office struct {
	o OfficeOptions
	v *visit.Reception
}

// NewOffice checks the options. Invalid where one is missing.
func NewOffice(o OfficeOptions) (*Office, error) {
	if o.Visit == nil || o.Permits == nil || o.Team == nil || o.Register == nil || o.Lives == nil || o.Providers == nil || o.Brake == nil || o.Published == nil || o.Keys == nil || o.Ledger == nil || o.Items == nil || o.Changes == nil || o.Settle == nil || o.Entities == nil ||
		o.Node == nil || o.Finder == nil || o.Audit == nil || o.Statistics == nil || o.Complaints == nil || o.Proof == nil || o.Alias == nil || o.Clock == nil || o.Zone == nil || o.Address == "" {
		return nil, hub.Errorf("console.NewOffice", hub.Invalid, "an option is missing")
	}
	f := &Office{o: o, v: o.Visit}
	for _, s := range f.sections() {
		for _, path := range s.paths {
			if err := o.Visit.Returns(path); err != nil {
				return nil, err
			}
		}
	}
	return f, nil
}

// root is where the console begins; aboutConsole what its forms are about; doing stands between a page and what is done there: no department is called so.
const (
	root         = "/console"
	aboutConsole = "console"
	doing        = "/_/"
)

// section is a part of the console.
type section struct {
	word  locale.Word
	act   permit.Act // that opens it
	paths []string   // of its pages, its own first; the others are about a department or an entry
	page  func(w http.ResponseWriter, r *http.Request, o officer)
	entry func(w http.ResponseWriter, r *http.Request, o officer) // of the paths that end in an entry
	posts map[string]deed
	calm  bool // its posts are called also where somebody has not just signed in (officer.fresh), and see to it themselves: see perform
}

// deed is what is done on a page, by its last word.
type deed struct {
	act permit.Act // "" where the domain alone decides, by what is done
	do  func(w http.ResponseWriter, r *http.Request, o officer, form url.Values) (answered bool, err error)
}

// sections lists the console in the order of its menu.
func (f *Office) sections() []section {
	about := func(path string) []string { return []string{path, path + "/{department}"} }
	return slices.Concat([]section{
		{word: locale.OverviewTitle, paths: []string{root}, page: f.overview},
		{word: locale.FiguresTitle, act: permit.StatisticRead, paths: about(root + "/statistics"), page: f.figures},
		{word: locale.RecordTitle, act: permit.AuditRead, paths: about(root + "/record"), page: f.record},
		{word: locale.TellingTitle, act: permit.CampaignRead, paths: about(root + "/notices"), page: f.notices, posts: map[string]deed{
			"retry": {permit.CampaignRetry, f.retry},
		}},
		{word: locale.CampaignTitle, act: permit.CampaignRead, paths: []string{root + "/campaigns/{campaign}"}, entry: f.campaign, posts: map[string]deed{
			"retry": {permit.CampaignRetry, f.retryCampaign},
		}},
		{word: locale.DepartmentsTitle, act: permit.DepartmentRead, paths: about(root + "/departments"), page: f.departments},
		{word: locale.SystemTitle, act: permit.SystemRead, paths: []string{root + "/systems/{system}"}, entry: f.system, posts: map[string]deed{
			"move": {"", f.moveSystem}, "propose": {"", f.proposeSystem}, "rotate": {"", f.rotateSecret},
		}},
		{word: locale.PostsTitle, act: permit.StaffRead, paths: about(root + "/staff"), page: f.posts, posts: map[string]deed{
			"invite": {"", f.invite}, "take-back": {"", f.takeBack}, "confirm": {"", f.confirm}, "remove": {"", f.remove},
		}},
		{word: locale.LettersTitle, act: permit.ComplaintRead, paths: about(letters), page: f.letters},
		{word: locale.ItemsTitle, act: permit.ItemRead, paths: about(root + "/items"), page: f.items},
		{word: locale.ItemTitle, act: permit.ItemRead, paths: []string{root + "/items/{department}/{item}"}, entry: f.item, posts: map[string]deed{
			"move": {permit.ItemPut, f.moveItem}, "retire": {permit.ItemPut, f.retireItem}, "confirm": {permit.ItemApprove, f.confirmItem}, "decline": {"", f.declineItem},
		}},
		{word: locale.ItemNew, act: permit.ItemPut, paths: []string{root + "/new-item/{department}"}, entry: f.newItem, calm: true, posts: map[string]deed{"save": {permit.ItemPut, f.saveItem}}},
		{word: locale.ItemChange, act: permit.ItemPut, paths: []string{root + "/edit-item/{department}/{item}"}, entry: f.editItem, calm: true, posts: map[string]deed{"save": {permit.ItemPut, f.saveItem}}},
		{word: locale.WhyTitle, act: permit.DecisionRead, paths: about(root + "/why"), page: f.why},
		{word: locale.WhyLatest, act: permit.DecisionRead, paths: []string{root + "/decisions/{department}/{item}"}, entry: f.decided},
		{word: locale.ProvidersTitle, act: permit.ProviderRead, paths: []string{root + "/providers"}, page: f.providers},
		{word: locale.ProviderTitle, act: permit.ProviderRead, paths: []string{root + "/providers/{provider}"}, entry: f.provider, posts: map[string]deed{
			"suspend": {permit.ProviderPut, f.suspendProvider}, "resume": {permit.ProviderPut, f.resumeProvider},
		}},
		{word: locale.KeysTitle, act: permit.KeyRead, paths: []string{root + "/keys"}, page: f.keys, posts: map[string]deed{"rotate": {permit.KeyRotate, f.rotate}}},
		{word: locale.PoliciesTitle, act: permit.KeyRead, paths: []string{root + "/policies"}, page: f.policies},
	}, f.entitySections())
}

// Mounts lists the routes.
func (f *Office) Mounts() []server.Mount {
	all := append(f.letterMounts(),
		f.v.Post(root+doing+"sign-in", f.signIn),
		f.v.Get(root+"/record"+doing+"{event}", f.open(permit.AuditRead, f.proof)),
		f.v.Get(root+"/statistics"+doing+"{form}", f.open(permit.StatisticRead, f.export)),
		f.v.Get(root+"/statistics/{department}"+doing+"{form}", f.open(permit.StatisticRead, f.export)),
	)
	for _, s := range f.sections() {
		for _, path := range s.paths {
			page := s.page
			if page == nil {
				page = s.entry
			}
			all = append(all, f.v.Get(path, f.open(s.act, page)))
			for word, d := range s.posts {
				all = append(all, f.v.Post(path+doing+word, f.perform(d, s.calm)))
			}
		}
	}
	return all
}

// officer is who works here, on which page about which place.
type officer struct {
	session session.Session
	subject permit.Subject
	place   staff.Place
	page    string // path of the page
	fresh   bool   // they have just signed in again; only where something is done
}

// nothing is the answer to whoever may not see a page, and to whoever asks for one that is not there: the two are alike.
func nothing() error { return hub.Errorf("console", hub.NotFound, "no such page for them") }

// officer finds out who is there. False where their session has not reached what staff must. NotFound for who holds no post.
func (f *Office) officer(ctx context.Context, s session.Session) (officer, bool, error) {
	level, strong := s.Level, false
	if x, ok := s.For(staff.Least(), f.o.Clock(), func(session.Reached) bool { return true }); ok {
		level, strong = x.Level, true
	}
	subject, err := permit.SubjectOf(ctx, f.o.Team, s.Account, level)
	if err != nil {
		return officer{}, false, err
	}
	if len(subject.Posts) == 0 {
		return officer{}, false, nothing()
	}
	return officer{session: s, subject: subject}, strong, nil
}

// open makes the handler of a page that an act opens: at the department of its path, or at the platform. Who may it at departments only is led
// to the first of them.
func (f *Office) open(act permit.Act, page func(w http.ResponseWriter, r *http.Request, o officer)) http.HandlerFunc {
	return f.v.Private(func(w http.ResponseWriter, r *http.Request, s session.Session) {
		ctx := r.Context()
		o, strong, err := f.officer(ctx, s)
		if err != nil {
			f.v.Fail(w, r, err, "")
			return
		}
		o.page, _, _ = strings.Cut(r.URL.Path, doing)
		if !strong {
			f.show(w, r, http.StatusOK, o, view.ConsolePage{Heading: locale.OverviewTitle, Stale: locale.ConsoleStrong, Back: o.page})
			return
		}
		o.place.Department = hub.DepartmentID(r.PathValue("department"))
		entry := r.PathValue("system") != ""
		if act == "" || entry || f.o.Permits.May(ctx, o.subject, act, o.place).Allowed {
			page(w, r, o)
			return
		}
		places := f.places(ctx, o, act)
		switch {
		case o.place.Department != "" || len(places) == 0 || strings.Contains(r.URL.Path, doing) || r.PathValue("campaign") != "": // which has no page at a department
			f.v.Fail(w, r, nothing(), "")
		case places[0] == staff.Place{}: // an act of departments, which this person may at all of them
			page(w, r, o)
		default:
			http.Redirect(w, r, r.URL.Path+"/"+string(places[0].Department), http.StatusSeeOther)
		}
	})
}

// perform makes the handler of a form: ours, of somebody who has just signed in again, and may. Where it is calm, it takes no sign-in of the last minutes: who writes an answer for half an hour must not lose it.
func (f *Office) perform(d deed, calm bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page, _, _ := strings.Cut(r.URL.Path, doing)
		f.v.Act(aboutConsole, page, func(w http.ResponseWriter, r *http.Request, s session.Session, form url.Values) {
			ctx := r.Context()
			o, strong, err := f.officer(ctx, s)
			if err != nil {
				f.v.Fail(w, r, err, "")
				return
			}
			o.page, o.place.Department = page, hub.DepartmentID(r.PathValue("department"))
			level, fresh, err := f.v.FreshAt(ctx, s, staff.Least())
			switch {
			case err != nil:
				f.v.Fail(w, r, err, page)
				return
			case !fresh && (!calm || !strong):
				http.Redirect(w, r, page+"?stale=1", http.StatusSeeOther)
				return
			}
			if o.fresh = fresh; fresh {
				o.subject.Level = level
			}
			if d.act != "" && !f.o.Permits.May(ctx, o.subject, d.act, o.place).Allowed {
				f.v.Fail(w, r, nothing(), "")
				return
			}
			answered, err := d.do(w, r, o, form)
			switch {
			case answered:
			case err == nil:
				http.Redirect(w, r, page+"?done=1", http.StatusSeeOther)
			case slices.ContainsFunc([]hub.Kind{hub.Denied, hub.Conflict, hub.Consumed, hub.Refused, hub.Invalid, hub.NotFound}, func(k hub.Kind) bool { return errors.Is(err, k) }):
				http.Redirect(w, r, page+"?wrong="+string(hub.KindOf(err)), http.StatusSeeOther)
			default:
				f.v.Fail(w, r, err, page)
			}
		})(w, r)
	}
}

// signIn is POST /console/_/sign-in: again, as strongly as staff must.
func (f *Office) signIn(w http.ResponseWriter, r *http.Request) {
	form, err := f.v.Form(r, aboutConsole)
	if err != nil {
		f.v.Fail(w, r, err, root)
		return
	}
	f.v.SignInAt(w, r, form.Get("page"), staff.Least())
}

// wrongs say why something was not done, by the kind of the error.
var wrongs = map[hub.Kind]locale.Word{hub.Conflict: locale.WrongChanged, hub.Denied: locale.WrongEyes, hub.Refused: locale.WrongUnproposed, hub.Invalid: locale.WrongForm}

// show answers with a page, with the menu of what this person may see.
func (f *Office) show(w http.ResponseWriter, r *http.Request, status int, o officer, p view.ConsolePage) {
	ctx := r.Context()
	p.Token = f.v.Token(w, r, aboutConsole)
	for _, s := range f.sections() {
		if s.page == nil {
			continue
		}
		if own := s.paths[0]; s.act == "" || f.somewhere(ctx, o, s.act) {
			p.Menu = append(p.Menu, view.ConsoleLink{Href: own, Word: s.word, Here: here(o.page, own)})
		}
	}
	q := r.URL.Query()
	switch {
	case p.Stale.Said():
	case q.Get("stale") != "":
		p.Stale, p.Back = locale.ConsoleFresh, o.page
	case q.Get("wrong") != "":
		p.Wrong = wrongs[hub.Kind(q.Get("wrong"))]
		if !p.Wrong.Said() {
			p.Wrong = locale.ConsoleRefused
		}
	default:
		p.Done = q.Get("done") != ""
	}
	f.v.Show(w, r, status, o.page, true, p)
}

// here reports whether a page belongs to a part of the menu: a system is its department's, a campaign one of sign-out notices.
func here(page, own string) bool {
	switch {
	case strings.HasPrefix(page, root+"/systems/"):
		page = root + "/departments/"
	case strings.HasPrefix(page, root+"/campaigns/"):
		page = root + "/notices/"
	}
	return page == own || own != root && strings.HasPrefix(page, own+"/")
}

// somewhere reports whether somebody may do an act anywhere.
func (f *Office) somewhere(ctx context.Context, o officer, act permit.Act) bool {
	return len(f.places(ctx, o, act)) > 0
}

// places lists where somebody may do an act, as a whole: who may it in an area of a department sees no page about all of it.
func (f *Office) places(ctx context.Context, o officer, act permit.Act) []staff.Place {
	return slices.DeleteFunc(f.o.Permits.Where(ctx, o.subject, act), func(p staff.Place) bool { return p.Area != "" })
}

// may reports whether somebody may do an act at the place of the page.
func (f *Office) may(ctx context.Context, o officer, act permit.Act) bool {
	return f.o.Permits.May(ctx, o.subject, act, o.place).Allowed
}

// placeName names the place of a page.
func (f *Office) placeName(ctx context.Context, o officer) view.ConsoleCell {
	if o.place.Department == "" {
		return view.ConsoleCell{Word: locale.ConsolePlatform}
	}
	d, err := f.o.Register.Department(ctx, o.place.Department)
	if err != nil {
		return view.ConsoleCell{Code: string(o.place.Department)}
	}
	return view.ConsoleCell{Names: d.Names}
}

// systemsOf lists the systems of a department.
func (f *Office) systemsOf(id hub.DepartmentID) []tenants.System {
	return slices.DeleteFunc(f.o.Register.Systems(), func(s tenants.System) bool { return s.Department != id })
}
