package permit

import (
	"slices"
	"strings"

	"onedoor/tenants/staff"
)

// Act is something that staff or a program does, `area.verb`. Acts of the verb read change nothing.
type Act string

// The acts, with the room that asks about each. What a role may do of them is written in configs/authz/staff.csv.
const (
	DepartmentRead Act = "department.read" // its names, contacts, areas
	DepartmentAdd  Act = "department.add"
	DepartmentPut  Act = "department.put" // change names, contacts, areas
	DepartmentStop Act = "department.stop"

	SystemRead    Act = "system.read"
	SystemPut     Act = "system.put"     // add one, or change what it demands and how it is connected
	SystemTest    Act = "system.test"    // draft to testing, and back
	SystemPropose Act = "system.propose" // say that it is ready to go live
	SystemLaunch  Act = "system.launch"  // testing or suspended to live
	SystemSuspend Act = "system.suspend"
	SystemRotate  Act = "system.rotate" // a new secret

	StaffRead            Act = "staff.read"
	StaffAppoint         Act = "staff.appoint"         // reviewers, auditors, help desk: invite, confirm, take back, remove
	AdministratorAppoint Act = "administrator.appoint" // the same with administrators of a department
	PlatformAppoint      Act = "platform.appoint"      // the same with the platform's roles
	MachineRead          Act = "machine.read"
	MachineGrant         Act = "machine.grant" // what programs may do by themselves

	AccountRead Act = "account.read" // state of an account and its sessions, by its id
	AccountStop Act = "account.stop" // suspend, resume, terminate
	SessionEnd  Act = "session.end"  // of somebody else

	CampaignRead  Act = "campaign.read" // who has been told of a logout
	CampaignRetry Act = "campaign.retry"
	AuditRead     Act = "audit.read"
	StatisticRead Act = "statistic.read"
	ProviderRead  Act = "provider.read"
	ProviderPut   Act = "provider.put"
	KeyRead       Act = "key.read" // the platform's: names and dates, never the keys
	KeyRotate     Act = "key.rotate"

	RecordRead     Act = "record.read" // kinds of records, and imports
	RecordPut      Act = "record.put"  // declare kinds of records
	RecordImport   Act = "record.import"
	BindingRead    Act = "binding.read"    // the queue: ids and states, nothing of a person
	BindingReview  Act = "binding.review"  // claim, compare, decide
	BindingApprove Act = "binding.approve" // the second pair of eyes
	BindingEnd     Act = "binding.end"     // suspend, resume, unbind
	BindingCounter Act = "binding.counter" // bind for somebody who stands at the counter

	EntityRead    Act = "entity.read"
	EntityApprove Act = "entity.approve" // its administrator, by evidence
	EntityStop    Act = "entity.stop"    // suspend, resume, remove an administrator, name a successor

	ItemRead     Act = "item.read"
	ItemPut      Act = "item.put"      // what an item demands
	ItemApprove  Act = "item.approve"  // the second pair of eyes on a change of an item
	DecisionRead Act = "decision.read" // why an item was open or closed, and what a change of it would have made of that
	GrantRead    Act = "grant.read"    // who has opened an item for whom
	GrantApprove Act = "grant.approve" // where an item wants staff's consent
	GrantRevoke  Act = "grant.revoke"

	ComplaintRead   Act = "complaint.read"   // how many wait where, and for how long: nothing of what was written
	ComplaintAnswer Act = "complaint.answer" // read and answer what was written to a department
	PlatformAnswer  Act = "platform.answer"  // the same with what was written to the platform
)

// site is where an act can be done.
type site int

const (
	atDepartment site = iota + 1 // at a department or an area of it
	atPlatform                   // at no department
	anywhere                     // at either
)

// sites lists every act with where it can be done.
var sites = map[Act]site{
	DepartmentRead: atDepartment, DepartmentAdd: atPlatform, DepartmentPut: atDepartment, DepartmentStop: atDepartment,
	SystemRead: atDepartment, SystemPut: atDepartment, SystemTest: atDepartment, SystemPropose: atDepartment, SystemLaunch: atDepartment,
	SystemSuspend: atDepartment, SystemRotate: atDepartment,
	StaffRead: anywhere, StaffAppoint: atDepartment, AdministratorAppoint: atDepartment, PlatformAppoint: atPlatform,
	MachineRead: atPlatform, MachineGrant: atPlatform,
	AccountRead: atPlatform, AccountStop: atPlatform, SessionEnd: atPlatform,
	CampaignRead: anywhere, CampaignRetry: anywhere, AuditRead: anywhere, StatisticRead: anywhere, ProviderRead: atPlatform, ProviderPut: atPlatform, KeyRead: atPlatform, KeyRotate: atPlatform,
	RecordRead: atDepartment, RecordPut: atDepartment, RecordImport: atDepartment,
	BindingRead: atDepartment, BindingReview: atDepartment, BindingApprove: atDepartment, BindingEnd: atDepartment, BindingCounter: atDepartment,
	ComplaintRead: anywhere, ComplaintAnswer: atDepartment, PlatformAnswer: atPlatform,
	EntityRead: atPlatform, EntityApprove: atPlatform, EntityStop: atPlatform, // an entity is no department's: who stands for it stands for it everywhere
	ItemRead: atDepartment, ItemPut: atDepartment, ItemApprove: atDepartment, DecisionRead: atDepartment, GrantRead: atDepartment, GrantApprove: atDepartment, GrantRevoke: atDepartment,
}

// Acts lists all, in the order of their names.
func Acts() []Act {
	all := make([]Act, 0, len(sites))
	for a := range sites {
		all = append(all, a)
	}
	slices.Sort(all)
	return all
}

// Known reports whether there is such an act.
func (a Act) Known() bool { return sites[a] != 0 }

// Reads reports whether the act changes nothing.
func (a Act) Reads() bool { return strings.HasSuffix(string(a), ".read") }

// there reports whether the act can be done at a place of that kind.
func (a Act) there(place staff.Place) bool {
	switch sites[a] {
	case anywhere:
		return true
	case atPlatform:
		return place == staff.Place{}
	case atDepartment:
		return place.Department != ""
	default:
		return false
	}
}

// Appointing gives the act that it is to invite to a role, to confirm or to end a post of it; "" for no role.
func Appointing(role staff.Role) Act {
	switch {
	case !role.Known():
		return ""
	case role.Platform():
		return PlatformAppoint
	case role == staff.DepartmentAdministrator:
		return AdministratorAppoint
	default:
		return StaffAppoint
	}
}
