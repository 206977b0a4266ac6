package portal

import (
	"context"
	"net/http"
	"slices"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/web/names"
	"onedoor/web/server"
	"onedoor/web/visit"
)

// Sessions is what the portal needs of sessions; session.Service has it.
type Sessions interface {
	// Get finds one, ended or not. NotFound, Unavailable.
	Get(ctx context.Context, id hub.SessionID) (session.Session, error)
	// OfAccount lists an account's sessions, the latest start first, at most limit. Unavailable.
	OfAccount(ctx context.Context, account hub.AccountID, live bool, limit int) ([]session.Session, error)
	// Participants lists whom a session was used at. Unavailable.
	Participants(ctx context.Context, id hub.SessionID) ([]session.Participant, error)
}

// Ends ends sessions and tells who has been told; logout.Service has it.
type Ends interface {
	// End ends a session. NotFound.
	End(ctx context.Context, id hub.SessionID, cause session.Cause) (logout.Campaign, error)
	// EndAccount ends all sessions of an account.
	EndAccount(ctx context.Context, account hub.AccountID, cause session.Cause) ([]logout.Campaign, error)
}

// Ledgers lists who has been told of the ends of an account's sessions; logout.Service has it.
type Ledgers interface {
	// OfAccount lists an account's campaigns, latest first, at most limit. Unavailable.
	OfAccount(ctx context.Context, account hub.AccountID, limit int) ([]logout.Entry, error)
}

// Farewell leads to the page that tells who has been told; pages.Journey has it.
type Farewell interface {
	// Told waits until no node takes for active what has ended, and gives the page's path. Unavailable.
	Told(ctx context.Context, onward string, asker hub.SystemID, all ...logout.Campaign) (string, error)
}

// Options are what a Portal is made of. All are required but Contacts and what follows it.
type Options struct {
	Visit    *visit.Reception
	Sessions Sessions
	Ends     Ends
	Ledgers  Ledgers
	Farewell Farewell
	Names    names.Book
	Consents Consents
	Notices  Notices
	History  History
	Lives    Lives
	Links    Links
	Clock    hub.Clock
	// Contacts are where people are told of their account; nil where there is no way to any address.
	Contacts Contacts
	// Devices and Machines have the pages of registered machines, both nil where browsers make no keys for the hub's address; Memberships
	// tells where people have seats at entities, nil where there are none.
	Devices     Devices
	Machines    Machines
	Memberships Memberships
	// Records and Departments have the page of departments' records; both nil where there are none.
	Records     Records
	Departments Departments
	// Switches has the page of services, which needs Records; nil where there is none.
	Switches Switches
	// Delegating has the pages of services and places of entities; nil where there are none.
	Delegating *Delegating
	Reviews    Reviews // of records; nil where staff look at none
	// Entrance has the page of complaints; nil where there is none.
	Entrance *Entrance
	// Entities are the legal entities that people act for; nil where there are none.
	Entities *EntityRooms
}

// Portal shows people what is theirs.
type Portal struct {
	o Options
	v *visit.Reception
}

// New checks the options. Invalid where one is missing.
func New(o Options) (*Portal, error) {
	if o.Visit == nil || o.Sessions == nil || o.Ends == nil || o.Ledgers == nil || o.Farewell == nil || o.Names.Register == nil || o.Names.Directory == nil || o.Consents == nil || o.Notices == nil || o.History == nil || o.Lives == nil || o.Links == nil || o.Clock == nil {
		return nil, hub.Errorf("portal.New", hub.Invalid, "an option is missing")
	}
	if err := o.Visit.Returns(mePath, sessionsPath, departmentsPath, consentsPath, noticesPath, historyPath, lifePath, linksPath); err != nil {
		return nil, err
	}
	if o.Contacts != nil {
		if err := o.Visit.Returns(contactsPath); err != nil {
			return nil, err
		}
	}
	if (o.Devices == nil) != (o.Machines == nil) {
		return nil, hub.Errorf("portal.New", hub.Invalid, "devices and machines come together")
	}
	if d := o.Delegating; d != nil {
		if d.Delegations == nil || d.Places == nil || d.Items == nil || d.Overview == nil || d.Owner == nil || d.Zone == "" {
			return nil, hub.Errorf("portal.New", hub.Invalid, "an option of delegating is missing")
		}
		if err := o.Visit.Returns(entityItems, entityPlaces); err != nil {
			return nil, err
		}
	}
	if o.Devices != nil {
		if err := o.Visit.Returns(DevicesPath, entityDevices); err != nil {
			return nil, err
		}
	}
	if o.Switches != nil {
		if o.Records == nil {
			return nil, hub.Errorf("portal.New", hub.Invalid, "services are listed by records")
		}
		if err := o.Visit.Returns(ServicesPath, ServicesPath+"/{item}"); err != nil {
			return nil, err
		}
	}
	if (o.Records == nil) != (o.Departments == nil) {
		return nil, hub.Errorf("portal.New", hub.Invalid, "records and departments come together")
	}
	if o.Records != nil {
		if err := o.Visit.Returns(RecordsPath, CounterPath+"/{sitting}"); err != nil {
			return nil, err
		}
	}
	if e := o.Entrance; e != nil {
		if e.Complaints == nil || e.Departments == nil {
			return nil, hub.Errorf("portal.New", hub.Invalid, "an option of the entrance is missing")
		}
		if err := o.Visit.Returns(complaintsPath); err != nil {
			return nil, err
		}
	}
	if o.Entities != nil {
		if !o.Entities.complete() {
			return nil, hub.Errorf("portal.New", hub.Invalid, "an option of the entities is missing")
		}
		if err := o.Visit.Returns(EntitiesPath, EntitiesPath+"/{entity}", entityRecords); err != nil {
			return nil, err
		}
	}
	return &Portal{o: o, v: o.Visit}, nil
}

// Mounts lists the routes.
func (p *Portal) Mounts() []server.Mount {
	get := func(path string, page func(http.ResponseWriter, *http.Request, session.Session)) server.Mount {
		return p.v.Get(path, p.v.Private(page))
	}
	return append(slices.Concat(p.contactMounts(), p.deviceMounts(), p.recordMounts(), p.evidenceMounts(), p.serviceMounts(), p.delegationMounts(), p.entityMounts(), p.complaintMounts()),
		get(mePath, p.me),
		get(departmentsPath, p.departments),
		get(historyPath, p.history), p.v.Get(historyPath+"/export", p.export),
		get(linksPath, p.links), p.v.Post(linksPath+"/sign-in", p.linksSignIn),
		p.v.Post(linksPath+"/add", p.v.Act(aboutLinks, linksPath, p.addLink)),
		p.v.Post(linksPath+"/remove", p.v.Act(aboutLinks, linksPath, p.removeLink)),
		p.v.Post(linksPath+"/allow", p.v.Act(aboutLinks, linksPath, p.allowLink)),
		get(lifePath, p.life), p.v.Post(lifePath+"/sign-in", p.lifeSignIn),
		p.v.Post(lifePath+"/lost", p.v.Act(aboutLife, lifePath, p.reportLost)),
		p.v.Post(lifePath+"/suspend", p.v.Act(aboutLife, lifePath, p.suspend)),
		p.v.Post(lifePath+"/close", p.v.Act(aboutLife, lifePath, p.closeAccount)),
		get(consentsPath, p.consents), p.v.Post(consentsPath, p.withdraw),
		get(noticesPath, p.notices),
		get(sessionsPath, p.sessions), p.v.Post(sessionsPath, p.endSessions),
	)
}
