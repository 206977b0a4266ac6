package app

import (
	"onedoor/federation/simulator"
	"onedoor/federation/simulator/cast"
	"onedoor/federation/simulator/department"
	"onedoor/federation/simulator/registry"
	"onedoor/tenants/staff"
	"onedoor/web/portal"
)

// The first page of the demo: who do you want to be?
const sheetHost = "demo"

// sheet makes the page of the six prepared people, with the addresses of this run.
func (d *Demo) sheet() (err error) {
	d.Sheet, err = cast.New([]cast.Role{d.citizen(), d.newcomer(), d.companyHead(), d.operator(), d.deskClerk(), d.administrator()}, d.URL(phonesHost))
	d.hosts[sheetHost] = d.Sheet
	return err
}

func (d *Demo) played(key string) simulator.Person {
	p, _ := simulator.Find(simulator.People(), key)
	return p
}

// at gives a link to a page of the hub.
func (d *Demo) at(text, path string) cast.Link {
	return cast.Link{Text: text, URL: d.URL(hubHost) + path}
}

// own are the pages that everybody has.
func (d *Demo) own() []cast.Link {
	return []cast.Link{
		d.at("My account", "/me"), d.at("Where I am signed in", "/sessions"), d.at("Departments I have used", "/me/departments"), d.at("What I agreed to", "/consents"),
		d.at("My identity providers", "/me/providers"), d.at("My records", portal.RecordsPath), d.at("Sensitive services", portal.ServicesPath),
		d.at("My history", "/me/history"), d.at("Notices", "/notices"), d.at("Contacts", "/contacts"), d.at("My devices", portal.DevicesPath), d.at("Complaints and corrections", "/me/complaints"),
		d.at("Loss, suspension, closing", "/me/account"), d.at("Sign out", "/logout"),
	}
}

func (d *Demo) citizen() cast.Role {
	return cast.Role{
		Key: "citizen", Title: "A citizen with everything connected", TitleTH: "ประชาชนที่เชื่อมข้อมูลครบแล้ว", Person: d.played("mali"), Provider: "ThaID",
		Can: []string{
			"Goes from department to department with one sign-in, and signs out of all of them with one press.",
			"Opens her hospital bills for herself, with a stronger sign-in at the bank, and locks them again, at once.",
			"Writes a complaint or asks for a correction, to a department or the platform, and reads the answer.",
			"Sees where she is signed in, what she agreed to and what happened; gives an address and finds the notices in the mailbox.",
		},
		Steps: []cast.Link{
			{Text: "Sign in at social security", URL: d.URL(socialHost) + "/login"},
			d.at("Connect your record: agree, and press “ask”", portal.RecordsPath),
			d.at("Give an e-mail address, any will do: the code is in the mailbox", "/contacts"),
		},
		Pages: append([]cast.Link{
			{Text: "Inpatient bills, at social security", URL: d.URL(socialHost) + department.ServicePath + "inpatient-settlement"},
			{Text: "Revenue department", URL: d.URL(revenueHost)},
			{Text: "Land office", URL: d.URL(landHost)},
			{Text: "Mailbox", URL: d.URL(mailHost)},
			d.at("The switch of the bills", portal.ServicesPath+"/inpatient-settlement"),
		}, d.own()...),
	}
}

func (d *Demo) newcomer() cast.Role {
	return cast.Role{
		Key: "newcomer", Title: "A citizen who comes for the first time", TitleTH: "ประชาชนที่มาครั้งแรก", Person: d.played("bua"), Provider: "Sabaidee Bank",
		Can: []string{
			"Has no account yet: it is there after the first sign-in, without a form.",
			"Chooses what may go to the department, and what not.",
			"Her ThaID was made in an app only and is too weak for these services: sign in with it once to see what the hub says.",
		},
		Steps: []cast.Link{{Text: "Sign in at the revenue department", URL: d.URL(revenueHost) + "/login"}},
		Pages: []cast.Link{
			d.at("The hub", "/"), d.at("Identity providers", "/providers"), d.at("How data is shared", "/privacy"), d.at("My account", "/me"), d.at("What I agreed to", "/consents"),
			d.at("My records", portal.RecordsPath), d.at("Contacts", "/contacts"),
		},
	}
}

func (d *Demo) companyHead() cast.Role {
	return cast.Role{
		Key: "company", Title: "The administrator of a company", TitleTH: "ผู้ดูแลของบริษัท", Person: d.played("lin"), Provider: "ThaID",
		Can: []string{
			"Registers the company that he directs: number " + registry.Companies()[0].Number + ", the registry confirms it.",
			"Invites operators for departments, and takes their mandates away.",
			"Gives “The company’s tax return” to one operator at a time, at the office and at hours; the revenue department’s clerk approves.",
		},
		Steps: []cast.Link{
			d.at("Sign in and register the company", portal.EntitiesPath),
			d.at("For the platform’s administrator: ask for "+registry.Companies()[1].Number+" too, with “let staff decide”", portal.EntitiesPath),
			d.at("Press “Administer”, and invite the operator for the revenue department: he opens the address that is shown", portal.EntitiesPath),
		},
		Pages: []cast.Link{
			d.at("Companies: profile, operators, services, places, devices", portal.EntitiesPath), d.at("My devices", portal.DevicesPath), d.at("My account", "/me"),
			{Text: "Revenue department", URL: d.URL(revenueHost)},
		},
	}
}

func (d *Demo) operator() cast.Role {
	return cast.Role{
		Key: "operator", Title: "An operator of the company", TitleTH: "ผู้ปฏิบัติงานของบริษัท", Person: d.played("tharn"), Provider: "ThaID",
		Can: []string{
			"Acts for the company at the revenue department, under his own name, once its administrator has invited him.",
			"Files the company’s tax return while it is delegated to him, and learns from the page why not where it is not.",
			"As a citizen he has two records at social security, so that a clerk must look: ask for yours, and agree that what you showed is kept.",
		},
		Steps: []cast.Link{
			d.at("Open the address of the invitation, sign in and accept; your companies are here", portal.EntitiesPath),
			{Text: "Sign in at the revenue department for the company", URL: d.URL(revenueHost) + "/login?for=choose"},
			{Text: "Sign in at social security, as yourself", URL: d.URL(socialHost) + "/login"},
			d.at("Ask for your record, with what you showed kept", portal.RecordsPath),
		},
		Pages: []cast.Link{
			{Text: "The company’s tax return", URL: d.URL(revenueHost) + department.ServicePath + "company-return"},
			{Text: "The company’s account for refunds", URL: d.URL(revenueHost) + department.ServicePath + "company-refunds"},
			d.at("For whom I act", portal.EntitiesPath), d.at("My records", portal.RecordsPath), d.at("My account", "/me"),
		},
	}
}

func (d *Demo) deskClerk() cast.Role {
	return cast.Role{
		Key: "clerk", Title: "A clerk who reviews and approves", TitleTH: "เจ้าหน้าที่ผู้ตรวจสอบและอนุมัติ", Person: d.played("wipa"), Provider: "NDID", Typed: true,
		Can: []string{
			"Takes up the operator’s case at social security, compares what he showed with the records, and binds.",
			"Approves what companies ask for at the revenue department.",
			"Answers complaints to the revenue department; sees what is her departments’, and nothing of others.",
		},
		Steps: []cast.Link{
			{Text: "Take the post at social security", URL: d.clerk},
			{Text: "Take the post at the revenue department", URL: d.Invited[staff.Reviewer]},
			{Text: "Take the post at its help desk", URL: d.Invited[staff.HelpDesk]},
		},
		Pages: []cast.Link{
			d.at("My posts", "/staff"), d.at("Cases of records", "/staff/cases"), d.at("Applications for services", "/staff/applications"), d.at("Console", "/console"),
			d.at("Complaints to the revenue department", "/console/complaints/revenue"),
		},
	}
}

func (d *Demo) administrator() cast.Role {
	return cast.Role{
		Key: "administrator", Title: "The administrator of the platform", TitleTH: "ผู้ดูแลแพลตฟอร์ม", Person: d.played("krit"), Provider: "NDID", Typed: true,
		Can: []string{
			"Sees departments, systems, identity providers and keys; invites staff.",
			"Decides about companies that the registry does not confirm; finds a company by its number; answers complaints about the platform.",
			"Finds events in the record, with a proof that nothing was changed; follows sign-outs that could not be told.",
			"Sees figures in which nobody can be found, and no personal data anywhere.",
		},
		Steps: []cast.Link{
			{Text: "Take the post of the platform", URL: d.Invited[staff.PlatformAdministrator]},
			{Text: "Take the revenue department’s post too, to change its service items", URL: d.Invited[staff.DepartmentAdministrator]},
		},
		Pages: []cast.Link{
			d.at("Console", "/console"), d.at("Figures", "/console/statistics"), d.at("Record", "/console/record"), d.at("Sign-outs and notices", "/console/notices"),
			d.at("Departments", "/console/departments"), d.at("Posts", "/console/staff"), d.at("Service items", "/console/items"),
			d.at("Service items of the revenue department", "/console/items/revenue"),
			d.at("Identity providers", "/console/providers"), d.at("Keys", "/console/keys"), d.at("A system", "/console/systems/revenue-efiling"),
			d.at("Companies", "/console/entities"), d.at("Complaints", "/console/complaints"),
		},
	}
}
