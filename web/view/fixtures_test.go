package view

import (
	"cmp"
	"maps"
	"net/http/httptest"
	"net/url"
	"regexp"
	"testing"
	"time"

	"onedoor/authz"
	"onedoor/binding/review"
	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/contact"
	"onedoor/hub/identifier"
	"onedoor/hub/login"
	"onedoor/hub/logout"
	"onedoor/hub/notice"
	"onedoor/hub/session"
	"onedoor/tenants"
	"onedoor/tenants/entity"
	"onedoor/tenants/staff"
	"onedoor/web/locale"
)

func words(th, en, zh, vi string) hub.Text {
	return hub.Text{"th": th, "en": en, "zh": zh, "vi": vi}
}

func newView(t testing.TB) *View {
	t.Helper()
	v, err := New(testOptions())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func testOptions() Options {
	return Options{
		Platform:   words("ประตูเดียว", "One Door", "一门通", "Một Cửa"),
		Complaints: true, Entities: true, Records: true,
		Operator: words("สำนักงานตัวอย่างเพื่อรัฐบาลดิจิทัล", "Example Digital Government Office", "数字政府示例办公室", "Văn phòng Chính phủ số (ví dụ)"),
		Address:  "https://login.example.go.th",
		Help: Help{
			URL: "https://help.example.go.th", Phone: "+66-2-555-0100", Email: "help@example.go.th",
			Office: words("ศูนย์บริการ ชั้น 1 อาคารตัวอย่าง กรุงเทพฯ", "Service centre, ground floor, Example Building, Bangkok", "曼谷示例大厦一层服务中心", "Trung tâm phục vụ, tầng trệt, tòa nhà Ví Dụ, Bangkok"),
		},
		Zone: time.FixedZone("ICT", 7*3600), Contacts: true,
	}
}

func revenue() login.System {
	return login.System{
		ID: "revenue-efiling", Department: "revenue", Live: true,
		Names:     words("ยื่นภาษีออนไลน์", "Online Tax Filing", "网上报税", "Khai thuế trực tuyến"),
		Owner:     words("กรมสรรพากร (ตัวอย่าง)", "Revenue Department (example)", "税务厅（示例）", "Cục Thuế (ví dụ)"),
		Complaint: "https://complaints.revenue.example.go.th/",
		Least:     hub.Level{IAL: hub.IAL21, AAL: hub.AAL21},
	}
}

func choices() []login.Choice {
	return []login.Choice{
		{ID: "thaid", Names: words("แอป ThaID", "ThaID app", "ThaID 应用", "ứng dụng ThaID"), Ceiling: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}},
		{ID: "siam-bank", Names: words("ธนาคารสยามตัวอย่าง", "Siam Example Bank", "暹罗示例银行", "Ngân hàng Siam Ví Dụ"), Ceiling: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, Trouble: true},
		{ID: "post", Names: words("ไปรษณีย์ตัวอย่าง", "Example Post", "示例邮政", "Bưu điện Ví Dụ"), Ceiling: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, Restricted: true},
	}
}

func rules() []consent.Rule {
	return []consent.Rule{
		{
			Attribute: hub.CitizenID, Purpose: "tax-return", Required: true, Basis: consent.ByConsent,
			Text:   words("ค้นหาแบบแสดงรายการภาษีของท่าน", "To find your tax return", "查找您的纳税申报表", "Tìm tờ khai thuế của bạn"),
			Effect: words("ท่านยื่นภาษีออนไลน์ไม่ได้ แต่ยังยื่นที่สำนักงานได้", "You cannot file online, but you can still file at the tax office.", "您不能网上申报，但仍可到办事处申报。", "Bạn không thể khai trực tuyến, nhưng vẫn có thể nộp tại cơ quan thuế."),
		},
		{
			Attribute: hub.Address, Purpose: "prefill", Basis: consent.ByConsent,
			Text: words("กรอกที่อยู่ในแบบให้ท่านล่วงหน้า", "To fill in your address for you", "为您预先填写地址", "Điền sẵn địa chỉ cho bạn"),
		},
		{
			Attribute: hub.Address, Purpose: "letters", Basis: consent.ByConsent,
			Text:   words("ส่งเอกสารทางไปรษณีย์", "To send you letters by post", "向您邮寄信件", "Gửi thư cho bạn qua bưu điện"),
			Effect: words("ท่านจะได้รับเอกสารทางอิเล็กทรอนิกส์เท่านั้น", "You receive documents electronically only.", "您只会收到电子文件。", "Bạn chỉ nhận giấy tờ điện tử."),
		},
		{
			Attribute: hub.Name, Purpose: "tax-register", Required: true, Basis: consent.ByLegalDuty,
			Text: words("ลงทะเบียนผู้เสียภาษี", "To keep the register of taxpayers", "维护纳税人登记", "Quản lý danh bạ người nộp thuế"),
		},
	}
}

func platform() hub.Text {
	return words("NDID (ตัวอย่าง)", "NDID (example)", "NDID（示例）", "NDID (ví dụ)")
}

func prompt(number, idp hub.Kind) login.Prompt {
	return login.Prompt{Fields: []login.Field{
		{Name: "number", Kind: login.FieldCitizenNumber, Problem: number},
		{Name: "idp", Kind: login.FieldIDP, Problem: idp, Options: []login.Option{
			{Value: "idp-a", Names: hub.Text{"th": "ธนาคารดีเสมอ", "en": "Dee Samer Bank"}}, {Value: "idp-b", Names: hub.Text{"en": "<b>Evil</b> Bank"}},
		}},
	}}
}

func waiting() login.Wait {
	return login.Wait{Code: "4F7K", Names: choices()[1].Names, Until: time.Date(2026, 11, 21, 5, 35, 0, 0, time.UTC)}
}

const action = "/login/aaaaaaaaaaaaaaaaaaaaaaaaaa"

// fixtures are the pages of the golden files: each kind of page in each of its states that looks different.
func fixtures() map[string]Page {
	bangkok := time.FixedZone("ICT", 7*3600)
	want := hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}
	all := map[string]Page{
		"start": StartPage{},
		"start-services": StartPage{Services: []Service{
			{Names: words("ยื่นภาษีออนไลน์", "Online tax filing", "网上报税", "Khai thuế trực tuyến"), Owner: words("กรมสรรพากร", "Revenue Department", "税务厅", "Cục Thuế"), URL: "https://efiling.revenue.example/go?iss=https%3A%2F%2Flogin.example"},
			{Names: hub.Text{"en": "<b>Evil</b>"}, Owner: hub.Text{"th": "กรม"}, URL: "https://other.example/go?a=1&iss=https%3A%2F%2Flogin.example"},
		}},
		"choose": ChoosePage{System: revenue(), Action: action, Token: "token", Want: want, Choices: choices()},
		"choose-problem": ChoosePage{
			System: revenue(), Action: action, Token: "token", Want: want, Choices: choices()[:2],
			Problem: hub.Unavailable, ProblemAt: choices()[1].Names,
		},
		"choose-stepup": ChoosePage{
			System: revenue(), Action: action, Token: "token", Want: hub.Level{IAL: hub.IAL21, AAL: hub.AAL22}, Choices: choices()[:1], StepUp: login.StepUpLevel,
		},
		"choose-stepup-other": ChoosePage{
			System: revenue(), Action: action, Token: "token", Want: want, Choices: choices()[:1], StepUp: login.StepUpFresh,
			Problem: hub.Conflict, ProblemAt: choices()[0].Names,
		},
		"choose-stepup-ended": ChoosePage{System: revenue(), Action: action, Token: "token", Want: want, Choices: choices()[:1], StepUp: login.StepUpEnded},
		"choose-suspended": ChoosePage{
			System: revenue(), Action: action, Token: "token", Want: want, Choices: choices()[:1], Problem: hub.Suspended, ProblemAt: choices()[0].Names,
			Reason: "suspended", Why: "lost",
		},
		"choose-none": ChoosePage{System: revenue(), Action: action, Token: "token", Want: hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}},
		"wait":        WaitPage{System: revenue(), Path: action, Provider: choices()[0].Names, Seconds: 3},
		"prompt":      PromptPage{System: revenue(), Action: action, Token: "token", Provider: platform(), Prompt: prompt("", "")},
		"prompt-problem": PromptPage{
			System: revenue(), Action: action, Token: "token", Provider: platform(), Prompt: prompt(hub.Invalid, hub.NotFound),
		},
		"prompt-gone": PromptPage{System: revenue(), Action: action, Token: "token", Provider: platform(), Prompt: prompt("", hub.Unavailable)},
		"approve":     ApprovePage{System: revenue(), Action: action, Token: "token", Provider: platform(), Wait: waiting(), Seconds: 5},
		"approve-trouble": ApprovePage{
			System: revenue(), Action: action, Token: "token", Provider: platform(), Wait: waiting(), Trouble: true, Seconds: 5,
		},
		"leave": LeavePage{URL: "https://bank.example/authorize?client_id=hub&state=a%20b&x='y'"},
		"post":  PostPage{To: "https://rp.example/cb?x=1&y='2'", Fields: []PostField{{"code", "a<b>\"c'"}, {"state", "s&t"}}},
		"consent-offline": ConsentPage{
			System: revenue(), Action: action, Token: "token", Rules: rules()[1:2], Offline: true,
		},
		"consent": ConsentPage{System: revenue(), Action: action, Token: "token", Rules: rules()},
		"consent-higher": ConsentPage{
			System: revenue(), Action: action, Token: "token", Higher: true, Rules: rules()[1:2],
			Have: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, Want: hub.Level{IAL: hub.IAL11, AAL: hub.AAL1},
		},
		"consent-told": ConsentPage{System: revenue(), Action: action, Token: "token", Rules: rules()[3:]},
		"error":        ErrorPage{Says: locale.Catalogue.ErrUnavailable, Retry: action},
		"signout":      SignOutPage{Token: "token", Systems: []login.System{revenue()}},
		"signout-bare": SignOutPage{Token: "token"},
		"ledger":       ledgerOpen(),
		"ledger-done": LedgerPage{Path: "/signed-out/s", Again: "/signed-out/s", Onward: "https://revenue.example.go.th/bye", System: revenue().Names, Told: []LedgerRow{
			{Names: revenue().Names, Owner: revenue().Owner, State: logout.Initiator}, {Names: choices()[0].Names, Provider: true, State: logout.Confirmed},
		}},
		"ledger-some": LedgerPage{Path: "/signed-out/s", Again: "/signed-out/s", Told: []LedgerRow{
			{Names: revenue().Names, Owner: revenue().Owner, State: logout.Failed}, {State: logout.Unreachable}, {Names: choices()[0].Names, State: logout.Visited},
		}},
		"ledger-none": LedgerPage{Path: "/signed-out/s", Again: "/signed-out/s"},
		"ledger-left": LedgerPage{Path: "/signed-out/s", Again: "/signed-out/s", Left: left(), Told: []LedgerRow{{Names: revenue().Names, Owner: revenue().Owner, State: logout.Confirmed}}},
		"sessions": SessionsPage{Just: &SessionsPast{}, Token: "token", Sessions: []SessionsEntry{
			{
				ID: "one", This: true, Device: "Chrome on Android", Provider: choices()[0].Names, Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21},
				Since: time.Date(2025, 2, 28, 9, 0, 0, 0, bangkok), Last: time.Date(2025, 2, 28, 9, 5, 0, 0, bangkok), Systems: []login.System{revenue(), {ID: "gone"}},
			},
			{ID: "two", Since: time.Date(2025, 2, 27, 9, 0, 0, 0, bangkok), Last: time.Date(2025, 2, 27, 9, 5, 0, 0, bangkok)},
		}, Past: []SessionsPast{
			{At: time.Date(2025, 2, 26, 9, 0, 0, 0, bangkok), Reason: session.EndedByPerson, Told: []LedgerRow{{Names: revenue().Names, Owner: revenue().Owner, State: logout.Confirmed}}},
			{At: time.Date(2025, 2, 25, 9, 0, 0, 0, bangkok), Reason: session.EndedByIDP},
		}},
		"signedout": SignedOutPage{},
		"register": RegisterPage{
			Entries: []RegisterEntry{
				{Names: choices()[0].Names, Ceiling: choices()[0].Ceiling, Status: InService, From: time.Date(2024, 1, 1, 0, 0, 0, 0, bangkok), Until: time.Date(2027, 12, 31, 0, 0, 0, 0, bangkok)},
				{Names: choices()[1].Names, Ceiling: choices()[1].Ceiling, Status: Suspended, From: time.Date(2024, 1, 1, 0, 0, 0, 0, bangkok)},
				{Names: choices()[2].Names, Ceiling: choices()[2].Ceiling, Status: Expired, Until: time.Date(2025, 2, 28, 0, 0, 0, 0, bangkok), Restricted: true},
			},
			IALs: []hub.IAL{hub.IAL21, hub.IAL23}, AALs: []hub.AAL{hub.AAL21, hub.AAL22},
		},
		"register-empty": RegisterPage{},
		"policy":         PolicyPage{},
		"sessions-telling": SessionsPage{
			Seconds: 2, Again: "/sessions?done=1&n=1", Token: "token",
			Just: &SessionsPast{At: time.Date(2025, 2, 26, 9, 0, 0, 0, bangkok), Reason: session.EndedByPerson, Told: []LedgerRow{{Names: revenue().Names, Owner: revenue().Owner, State: logout.Open}}},
		},
		"consents": ConsentsPage{Done: true, Token: "token", Systems: []ConsentsSystem{
			{System: revenue(), Given: true, Choices: []ConsentsChoice{
				{Attribute: hub.CitizenID, Text: rules()[0].Text, Decision: consent.Given, At: time.Date(2025, 2, 28, 9, 0, 0, 0, bangkok), Required: true, Effect: rules()[0].Effect},
				{Attribute: hub.Birthdate, Decision: consent.Given, At: time.Date(2025, 2, 28, 9, 0, 0, 0, bangkok)},
				{Decision: consent.Given, At: time.Date(2025, 2, 28, 9, 0, 0, 0, bangkok)},
				{Attribute: hub.Name, Text: rules()[3].Text, Decision: consent.Told, At: time.Date(2025, 2, 28, 9, 0, 0, 0, bangkok)},
				{Attribute: hub.Address, Text: rules()[1].Text, Decision: consent.Declined, At: time.Date(2025, 2, 28, 9, 0, 0, 0, bangkok)},
			}},
			{System: login.System{ID: "gone"}, Choices: []ConsentsChoice{
				{Attribute: hub.Birthdate, Decision: consent.Withdrawn, At: time.Date(2024, 12, 1, 9, 0, 0, 0, bangkok)},
			}},
		}},
		"entities-signed-out": EntitiesPage{Token: "token", Offer: &EntityOffer{Entity: mill(), Role: entity.Master}},
		"entities-none":       EntitiesPage{Token: "token", SignedIn: true, Strong: true, Wrong: hub.NotFound, Where: "register", Typed: Typed{"kind": identifier.ChineseCredit, "number": "91110000100000000X", "name": "Example", "statement": "Minutes of 3 March,\npage 2", "review": "yes"}},
		"entities-denied":     EntitiesPage{Token: "token", SignedIn: true, Strong: true, Wrong: hub.Denied, Where: "register", Claims: claims()},
		"entities-away":       EntitiesPage{Token: "token", SignedIn: true, Strong: true, Wrong: hub.Unavailable, Where: "register", Done: ""},
		"entities-dissolved":  EntitiesPage{Token: "token", SignedIn: true, Strong: true, Wrong: hub.Refused, Where: "register"},
		"entities-gone":       EntitiesPage{Token: "token", SignedIn: true, Wrong: hub.Consumed, Where: "offer"},
		"entities-left":       EntitiesPage{Token: "token", SignedIn: true, Strong: true, Done: "done"},
		"entities-claimed":    EntitiesPage{Token: "token", SignedIn: true, Strong: true, Done: "claimed", Claims: claims()[:1]},
		"entities": EntitiesPage{
			Token: "token", SignedIn: true, Strong: true, Done: "registered",
			Offer: &EntityOffer{Entity: mill(), Role: entity.Operator, Mandates: mandates()},
			Mine: []EntityPlace{
				{Entity: mill(), Seat: entity.Seat{ID: "seat", Role: entity.Master, At: moment()}, Mandates: []EntityMandate{{ID: "m"}}},
				{Entity: stopped(entity.Suspended), Seat: entity.Seat{ID: "other", Role: entity.Operator, At: moment()}, Mandates: mandates()},
				{Entity: stopped(entity.Closed), Seat: entity.Seat{ID: "third", Role: entity.Operator, At: moment()}},
			},
		},
		"entity-weak":      EntityPage{Token: "token", Entity: mill(), Members: members()[:1], Invitations: invitations(), Delegates: true},
		"entity-invalid":   EntityPage{Token: "token", Entity: mill(), Strong: true, Wrong: hub.Invalid, Departments: []EntityDepartment{{ID: "revenue", Names: revenue().Owner}}, Ends: []EntityEnd{{30, moment()}, {90, moment()}}, Typed: Typed{"role": "operator", "label": "Accounts", "department": "revenue", "days": "90", "person": "1-2345"}},
		"entity-many":      EntityPage{Token: "token", Entity: mill(), Strong: true, Wrong: hub.TooMany},
		"entity-conflict":  EntityPage{Token: "token", Entity: mill(), Strong: true, Wrong: hub.Conflict},
		"entity-refused":   EntityPage{Token: "token", Entity: mill(), Strong: true, Wrong: hub.Denied},
		"entity-changed":   EntityPage{Token: "token", Entity: mill(), Strong: true, Wrong: hub.Consumed},
		"entity-suspended": EntityPage{Token: "token", Entity: stopped(entity.Suspended), Strong: true, Wrong: hub.Suspended},
		"entity": EntityPage{
			Applications: []EntityApplication{
				{Owner: revenue().Owner, Names: revenue().Names, State: ApplicationWaits, At: moment()},
				{Owner: revenue().Owner, Names: revenue().Names, State: ApplicationGranted, DecidedAt: moment()},
				{Owner: revenue().Owner, State: ApplicationRefused, DecidedAt: moment()},
				{Owner: revenue().Owner, Names: revenue().Names, State: ApplicationRecord, Record: RecordsEntry{State: "review", Reason: "taken"}},
				{Owner: revenue().Owner, Names: revenue().Names, State: ApplicationRecord, Record: RecordsEntry{State: "bound", At: moment()}},
			},
			Token: "token", Entity: mill(), Strong: true, Done: true, Members: members(), Invitations: invitations(),
			Link: "https://login.example.go.th/act/4k2x9", LinkUntil: moment(),
			Departments: []EntityDepartment{{ID: "revenue", Names: revenue().Owner}, {ID: "social", Names: hub.Text{"th": "สำนักงานประกันสังคม"}}},
			Ends:        []EntityEnd{{30, moment()}, {365, moment().Add(365 * 24 * time.Hour)}},
			History: []EntityLine{
				{At: moment(), What: "ended", Seat: members()[1].Seat, Where: revenue().Owner, Reason: entity.Over},
				{At: moment(), What: "ended", Seat: members()[1].Seat, Where: revenue().Owner, Reason: entity.Removed},
				{At: moment(), What: "given", Seat: members()[1].Seat, Where: revenue().Owner},
				{At: moment(), What: "removed", Seat: members()[1].Seat, Reason: entity.Left},
				{At: moment(), What: "removed", Seat: members()[0].Seat, Reason: entity.HandedOver},
				{At: moment(), What: "removed", Seat: members()[0].Seat, Reason: entity.Replaced},
				{At: moment(), What: "joined", Seat: members()[0].Seat},
			},
		},
		"party": PartyPage{System: revenue(), Action: "/login/tx", Token: "token", Party: login.PartyView{Self: true, Last: "millaaaaaaaaaaaaaaaaaaaaaa", Parties: []login.Party{
			{Entity: "bakeryaaaaaaaaaaaaaaaaaaaa", Names: hub.Text{"th": "ขนมปังเหนือ จำกัด"}, Until: time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)},
			{Entity: "millaaaaaaaaaaaaaaaaaaaaaa", Names: words("โรงสีข้าวสยาม จำกัด", "Siam Rice Milling Co., Ltd.", "暹罗碾米有限公司", "Công ty Xay xát Siam"), Head: true},
		}}},
		"items": ItemsPage{System: revenue(), Action: "/login/tx", Token: "token", Items: login.ItemsView{Opens: true, Once: true, Closed: []login.Standing{
			{Wish: login.Wish{Item: "bills"}, Names: words("ค่ารักษาผู้ป่วยใน", "Inpatient bills", "住院费用", "Viện phí nội trú"), Opens: true, Missing: []string{"locked"}},
		}}},
		"items-approval": ItemsPage{System: revenue(), Action: "/login/tx", Token: "token", Items: login.ItemsView{Opens: true, Closed: []login.Standing{
			{Wish: login.Wish{Item: "bills"}, Names: hub.Text{"th": "ค่ารักษาผู้ป่วยใน"}, Opens: true, Approved: true, Missing: []string{"not_opened"}},
		}}},
		"items-missing": ItemsPage{System: revenue(), Action: "/login/tx", Token: "token", Items: login.ItemsView{Acts: &login.Party{Names: hub.Text{"en": "Siam Rice Milling"}}, Closed: []login.Standing{
			{Wish: login.Wish{Item: "pension"}, Names: hub.Text{"en": "Retirement benefits"}, Missing: []string{"delegation_awaits_approval", "delegation_over", "not_approved", "device"}},
		}}},
		"items-person": ItemsPage{System: revenue(), Action: "/login/tx", Token: "token", Items: login.ItemsView{Closed: []login.Standing{
			{Wish: login.Wish{Item: "bills"}, Names: hub.Text{"en": "Inpatient bills"}, Missing: []string{"not_approved", "not_bound", "hours"}},
		}}},
		"party-gone":       PartyPage{System: revenue(), Action: "/login/tx", Token: "token", Problem: hub.Denied, Party: login.PartyView{Self: true, Last: login.PartySelf}},
		"party-none":       PartyPage{System: revenue(), Action: "/login/tx", Token: "token"},
		"staff-none":       StaffPage{Token: "token", Strong: true},
		"staff-signed-out": StaffPage{Token: "token", Offer: &StaffPost{Role: staff.PlatformAdministrator}},
		"staff-offer":      StaffPage{Token: "token", Strong: true, Offer: &StaffPost{Role: staff.Reviewer, Owner: revenue().Owner, Area: hub.Text{"th": "เชียงใหม่", "en": "Chiang Mai"}}},
		"staff-wrong":      StaffPage{Token: "token", Wrong: hub.Consumed},
		"staff-denied":     StaffPage{Token: "token", Strong: true, Wrong: hub.Denied},
		"staff": StaffPage{Token: "token", Strong: true, Done: "joined", Posts: []StaffPost{
			{Role: staff.DepartmentAdministrator, Owner: revenue().Owner},
			{Role: staff.Auditor, Owner: revenue().Owner, Area: hub.Text{"en": "North"}, Proposed: true},
			{Role: staff.HelpDesk, Owner: revenue().Owner},
			{Role: staff.PlatformAuditor},
		}},
		"contacts-none": ContactsPage{State: ContactsFresh, Token: "token", Kinds: []contact.Kind{contact.Email}},
		"contacts-stale": ContactsPage{State: ContactsStale, Token: "token", Done: "confirmed", Entries: []contact.Shown{
			{Contact: contact.Contact{ID: "a", Kind: contact.Email, VerifiedAt: time.Date(2025, 2, 28, 9, 0, 0, 0, bangkok)}, Masked: "m…@mail.example"},
		}},
		"contacts": ContactsPage{
			State: ContactsFresh, Token: "token", Kinds: []contact.Kind{contact.Email, contact.Phone}, Done: "added",
			Entries: []contact.Shown{
				{Contact: contact.Contact{ID: "a", Kind: contact.Email, VerifiedAt: time.Date(2025, 2, 28, 9, 0, 0, 0, bangkok)}, Masked: "m…@mail.example"},
				{Contact: contact.Contact{ID: "b", Kind: contact.Phone}, Masked: "+66 … 89"},
				{Contact: contact.Contact{ID: "c", Kind: contact.Email, VerifiedAt: time.Date(2025, 2, 28, 9, 0, 0, 0, bangkok), RemovedAt: time.Date(2025, 3, 1, 9, 0, 0, 0, bangkok)}, Masked: "o…@old.example"},
			},
		},
		"contacts-wrong-code": ContactsPage{
			State: ContactsFresh, Token: "token", Kinds: []contact.Kind{contact.Email}, Problem: hub.Refused, Where: "b",
			Entries: []contact.Shown{{Contact: contact.Contact{ID: "b", Kind: contact.Email}, Masked: "m…@mail.example"}},
		},
		"contacts-invalid": ContactsPage{
			State: ContactsFresh, Token: "token", Kinds: []contact.Kind{contact.Email, contact.Phone}, Problem: hub.Invalid, Where: "email", Typed: `"<b>@x`,
		},
		"devices-signed-out": DevicesPage{State: DevicesSignedOut, Base: "/devices", Token: "token"},
		"devices-none":       DevicesPage{State: DevicesFresh, Base: "/devices", Token: "token", Manages: true, Problem: hub.Refused},
		"devices-stale": DevicesPage{State: DevicesStale, Base: "/devices", Token: "token", Manages: true, Done: "removed", Entries: []DevicesEntry{
			{ID: "a", Label: "Laptop", At: time.Date(2025, 2, 28, 9, 0, 0, 0, bangkok)},
		}},
		"devices-invalid": DevicesPage{State: DevicesFresh, Base: "/devices", Token: "token", Manages: true, Problem: hub.Invalid, Typed: `"<b>123456789`},
		"devices-entity": DevicesPage{
			State: DevicesFresh, Base: "/entities/x/devices", Token: "token", Manages: true, Done: "added", Entity: words("บริษัทตัวอย่าง จำกัด", "Example Company", "示例公司", "Công ty Ví Dụ"),
			Entries: []DevicesEntry{
				{ID: "a", Label: "Counter 3", At: time.Date(2025, 2, 28, 9, 0, 0, 0, bangkok), Until: time.Date(2025, 3, 1, 21, 0, 0, 0, bangkok)},
				{ID: "b", Label: "เคาน์เตอร์ 4", At: time.Date(2025, 2, 28, 9, 0, 0, 0, bangkok)},
			},
		},
		"devices-operator": DevicesPage{
			State: DevicesStale, Base: "/entities/x/devices", Token: "token", Done: "shown", Problem: hub.NotFound, Entity: words("บริษัทตัวอย่าง จำกัด", "Example Company", "示例公司", "Công ty Ví Dụ"),
			Entries: []DevicesEntry{{ID: "a", Label: "Counter 3", At: time.Date(2025, 2, 28, 9, 0, 0, 0, bangkok)}},
		},
		"records-entity": RecordsPage{Token: "token", Done: true, Of: mill().Names, Path: "/entities/aaaaaaaaaaaaaaaaaaaaaaaaaa/records", Entries: []RecordsEntry{
			{Department: "revenue", Kind: "company", Owner: revenue().Owner, Names: words("ผู้เสียภาษี", "Taxpayer", "纳税人", "Người nộp thuế"), ForEntity: true, CanAsk: true},
		}},
		"records-none": RecordsPage{Token: "token", Problem: hub.NotFound, Counters: true, Typed: url.Values{"number": {`"<b>`}}},
		"records": RecordsPage{Token: "token", Counters: true, Problem: hub.Invalid, Typed: url.Values{"department": {"social"}, "kind": {"insured"}, "number": {`"<b>`}, "answer": {"soon"}}, Entries: []RecordsEntry{
			{
				Department: "social", Kind: "insured", Owner: words("สำนักงานประกันสังคม", "Social Security Office", "社会保障办公室", "Văn phòng An sinh xã hội"),
				Names: words("ทะเบียนผู้ประกันตน", "Insurance record", "参保档案", "Hồ sơ bảo hiểm"), State: "pending", Reason: "ask_more", CanAsk: true, ID: "a",
				Sends: []hub.AttributeName{hub.CitizenID, hub.Birthdate}, CanKeep: true, More: &RecordsQuestion{ID: "year", Names: words("ปีแรก", "First year", "首年", "Năm đầu"), Length: 4},
				Claim: []RecordsQuestion{{ID: "card", Names: words("เลขบัตร", "Card number", "卡号", "Số thẻ"), Length: 12}},
			},
			{
				Department: "revenue", Kind: "taxpayer", Owner: revenue().Owner, Names: words("ผู้เสียภาษี", "Taxpayer", "纳税人", "Người nộp thuế"), State: "bound", ID: "b",
				Number: "SSO<7", At: time.Date(2025, 2, 28, 9, 0, 0, 0, bangkok), Confirm: true, CanAsk: true, CanUnbind: true,
			},
			{Department: "land", Kind: "owner", Owner: revenue().Owner, Names: words("ก", "Land owner", "地", "Đ"), State: "pending", Asking: true, ID: "c", Kept: time.Date(2025, 3, 30, 9, 0, 0, 0, bangkok)},
			{Department: "land", Kind: "x", Owner: revenue().Owner, Names: words("ก", "House", "地", "Đ"), State: "proposed", Reason: "taken", ID: "d"},
			{Department: "land", Kind: "y", Owner: revenue().Owner, Names: words("ก", "Garden", "地", "Đ"), State: "suspended", Reason: "differs", ID: "e"},
		}},
		"counter":       CounterPage{Token: "token", Path: "/me/counter/kqmtvbxz", At: atCounter()},
		"counter-code":  CounterPage{Token: "token", Path: "/me/counter/kqmtvbxz", At: atCounter(), Code: "402 913"},
		"counter-taken": CounterPage{Token: "token", Path: "/me/counter/kqmtvbxz", Problem: hub.TooMany},
		"counter-none":  CounterPage{Token: "token", Path: "/me/counter/kqmtvbxz", At: review.Counter{Department: tenants.Department{ID: "revenue", Names: revenue().Owner}}},
		"ceremony-make": CeremonyPage{Base: "/devices", Token: "token", Kind: CeremonyMake, Label: `Laptop "<b>`, Options: `{"challenge":"x\"}`, Carried: "carried"},
		"ceremony-show": CeremonyPage{Base: "/devices", Token: "token", Kind: CeremonyShow, Options: `{}`, Carried: "carried"},
		"services-once": ServicesPage{Token: "token", Entries: []ServicesEntry{{ID: "a", Names: words("ค่ารักษาผู้ป่วยใน", "Inpatient bills", "住院结算", "Viện phí nội trú"), Owner: revenue().Owner, Open: true, Once: true, State: authz.Open}}},
		"services-none": ServicesPage{Token: "token", Problem: hub.Suspended},
		"services": ServicesPage{Token: "token", Done: "locked", Entries: []ServicesEntry{
			{ID: "a", Names: words("ค่ารักษาผู้ป่วยใน", "Inpatient bills", "住院结算", "Viện phí nội trú"), Owner: revenue().Owner, Open: true},
			{ID: "b", Names: words("ค่ารักษาผู้ป่วยใน", "Inpatient bills", "住院结算", "Viện phí nội trú"), Owner: revenue().Owner, State: authz.Locked},
			{ID: "c", Names: words("ค่ารักษาผู้ป่วยใน", "Inpatient bills", "住院结算", "Viện phí nội trú"), Owner: revenue().Owner, State: authz.Asked},
			{ID: "d", Names: words("ค่ารักษาผู้ป่วยใน", "Inpatient bills", "住院结算", "Viện phí nội trú"), Owner: revenue().Owner, State: authz.Refused},
		}},
		"services-open": ServicesPage{Token: "token", Done: "open", One: true, Entries: []ServicesEntry{
			{ID: "a", Names: words("ค่ารักษาผู้ป่วยใน", "Inpatient bills", "住院结算", "Viện phí nội trú"), Owner: revenue().Owner, Open: true, State: authz.Open},
		}},
		"services-one": ServicesPage{Token: "token", One: true, Entries: []ServicesEntry{
			{ID: "a", Names: words("ค่ารักษาผู้ป่วยใน", "Inpatient bills", "住院结算", "Viện phí nội trú"), Owner: revenue().Owner},
		}},
		"services-asked":       ServicesPage{Token: "token", Done: "asked"},
		"life-heads":           LifePage{Token: "token", Fresh: true, Heads: true},
		"start-contacts":       StartPage{Contacts: true},
		"delegations-none":     DelegationsPage{Base: "/entities/x", Entity: words("บริษัทตัวอย่าง จำกัด", "Example Company", "示例公司", "Công ty Ví Dụ"), Token: "token"},
		"delegations-nothing":  DelegationsPage{Base: "/entities/x", Entity: words("บริษัทตัวอย่าง จำกัด", "Example Company", "示例公司", "Công ty Ví Dụ"), Token: "token", Fresh: true, Done: "withdrawn"},
		"delegations":          delegationsPage(""),
		"delegations-wrong":    delegationsPage(hub.Invalid),
		"delegations-refused":  delegationsPage(hub.Refused),
		"delegations-conflict": delegationsPage(hub.Conflict),
		"places-none":          PlacesPage{Base: "/entities/x", Entity: words("บริษัทตัวอย่าง จำกัด", "Example Company", "示例公司", "Công ty Ví Dụ"), Token: "token", Done: "unplaced"},
		"places": PlacesPage{
			Base: "/entities/x", Entity: words("บริษัทตัวอย่าง จำกัด", "Example Company", "示例公司", "Công ty Ví Dụ"), Token: "token", Fresh: true, Here: "192.0.2.7", Done: "placed",
			Entries: []PlaceEntry{{ID: "a", Label: "สำนักงานใหญ่", Networks: "192.0.2.0/24, 2001:db8::/48"}},
		},
		"places-wrong":        PlacesPage{Base: "/entities/x", Entity: words("บริษัทตัวอย่าง จำกัด", "Example Company", "示例公司", "Công ty Ví Dụ"), Token: "token", Fresh: true, Problem: hub.Invalid, Typed: url.Values{"label": {`"<b>`}, "networks": {"office"}}},
		"places-full":         PlacesPage{Base: "/entities/x", Entity: words("บริษัทตัวอย่าง จำกัด", "Example Company", "示例公司", "Công ty Ví Dụ"), Token: "token", Fresh: true, Problem: hub.TooMany},
		"itemdesk-signed-out": ItemDeskPage{Token: "token"},
		"itemdesk-none":       ItemDeskPage{Token: "token", Strong: true, Done: "approved"},
		"itemdesk-stale":      ItemDeskPage{Token: "token", Strong: true, Done: "refused", Entries: itemDeskEntries()},
		"itemdesk":            ItemDeskPage{Token: "token", Strong: true, Fresh: true, Problem: hub.Denied, Entries: itemDeskEntries()},
		"itemdesk-gone":       ItemDeskPage{Token: "token", Strong: true, Problem: hub.Consumed},
		"notices": NoticesPage{Invite: true, Entries: []NoticesEntry{
			{Kind: notice.AccountSuspended, Reason: "lost", At: time.Date(2025, 3, 1, 9, 0, 0, 0, bangkok), Failed: true},
			{Kind: notice.AccountResumed, Reason: "cleared", At: time.Date(2025, 3, 1, 9, 0, 0, 0, bangkok), Told: true},
			{Kind: notice.ContactAdded, At: time.Date(2025, 3, 1, 9, 0, 0, 0, bangkok), Awaited: true},
			{Kind: notice.ContactRemoved, At: time.Date(2025, 3, 1, 9, 0, 0, 0, bangkok)},
			{Kind: notice.ItemLocked, At: time.Date(2025, 3, 1, 9, 0, 0, 0, bangkok)},
			{Kind: notice.ItemOpened, At: time.Date(2025, 3, 1, 9, 0, 0, 0, bangkok)},
			{Kind: notice.ComplaintAnswered, At: time.Date(2025, 3, 1, 9, 0, 0, 0, bangkok)},
			{Kind: notice.CounterConfirmed, At: time.Date(2025, 3, 1, 9, 0, 0, 0, bangkok)},
			{Kind: notice.AccountTerminated, At: time.Date(2025, 3, 1, 9, 0, 0, 0, bangkok)},
			{Kind: notice.LevelRaised, Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, Provider: choices()[1].Names, At: time.Date(2025, 2, 28, 9, 0, 0, 0, bangkok)},
			{Kind: notice.LevelRaised, Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, At: time.Date(2024, 12, 1, 9, 0, 0, 0, bangkok)},
		}},
		"notices-none":  NoticesPage{},
		"consents-none": ConsentsPage{Token: "token"},
	}
	maps.Copy(all, portalFixtures())
	maps.Copy(all, reviewFixtures())
	maps.Copy(all, consoleFixtures())
	return all
}

func left() *login.System {
	s := revenue()
	return &s
}

func ledgerOpen() LedgerPage {
	return LedgerPage{
		Path: "/signed-out/s", Open: true, Seconds: 2, Again: "/signed-out/s?n=1", Next: "/signed-out/s/visit/n", Frames: []string{"https://rp.example/out?iss=a&sid='b'"},
		Told: []LedgerRow{
			{Names: revenue().Names, Owner: revenue().Owner, State: logout.Open},
			{Names: platform(), Owner: revenue().Owner, State: logout.Retrying},
			{Names: choices()[0].Names, Provider: true, State: logout.Visiting},
		},
	}
}

// paths says under which path a fixture is shown, "" for one without links to other languages.
var paths = map[string]string{
	"start": "/", "choose": action, "choose-problem": action, "choose-none": action, "choose-suspended": action, "choose-stepup": action, "choose-stepup-other": action, "choose-stepup-ended": action, "wait": action, "consent": action,
	"prompt": action, "prompt-problem": action, "prompt-gone": action, "approve": action, "approve-trouble": action,
	"consent-higher": action, "consent-offline": action, "consent-told": action, "signout": "/logout", "signout-bare": "/logout", "ledger": "/signed-out/s", "ledger-done": "/signed-out/s", "ledger-some": "/signed-out/s",
	"ledger-none": "/signed-out/s", "ledger-left": "/signed-out/s", "sessions": "/sessions", "signedout": "/signed-out", "register": "/providers",
	"register-empty": "/providers", "policy": "/privacy",
	"contacts-wrong-code": "/contacts", "contacts-invalid": "/contacts", "start-contacts": "/",
	"notices": "/notices", "notices-none": "/notices",
	"console-facts": "/console", "console-table": "/console/staff", "console-figures": "/console/statistics",
	"consents": "/consents", "consents-none": "/consents",
	"records": "/me/records", "counter": "/me/counter/kqmtvbxz", "counter-code": "/me/counter/kqmtvbxz", "counter-taken": "/me/counter/kqmtvbxz", "counter-none": "/me/counter/kqmtvbxz", "records-none": "/me/records", "records-entity": "/entities/aaaaaaaaaaaaaaaaaaaaaaaaaa/records", "services": "/me/services", "services-none": "/me/services", "services-open": "/me/services",
	"entities": "/entities", "entities-none": "/entities", "entities-left": "/entities", "entity": "/entities/aaaaaaaaaaaaaaaaaaaaaaaaaa", "entity-weak": "/entities/aaaaaaaaaaaaaaaaaaaaaaaaaa",
	"delegations": "/entities/aaaaaaaaaaaaaaaaaaaaaaaaaa/items", "places": "/entities/aaaaaaaaaaaaaaaaaaaaaaaaaa/places", "devices": "/devices", "contacts": "/contacts",
	"console-letter": "/console/complaints", "cases": "/staff/cases", "case": "/staff/cases/aaaaaaaaaaaaaaaaaaaaaaaaaa", "staff": "/staff",
}

// ownPage finds the names of pages that only somebody who is signed in sees.
var ownPage = regexp.MustCompile(`^(sessions|consents|contacts|notices|devices|records|services|entities|entity|delegations|places|console|case|cases|staff)(-none|-stale|-invalid|-wrong-code|-telling|-open|-left|-weak|-entity|-letter|-facts|-table|-figures)?$`)

func frame(name string, l locale.Lang) Frame {
	return Frame{Lang: l, Path: cmp.Or(paths[name], portalPaths[name]), Interaction: "zzzzzzzzzzzzzzzzzzzzzzzzzz", SignedIn: name == "signout" || portalPaths[name] != "" && name != "gate" || ownPage.MatchString(name)}
}

func render(t testing.TB, v *View, f Frame, p Page) string {
	t.Helper()
	w := httptest.NewRecorder()
	if err := v.Render(w, 200, f, p); err != nil {
		t.Fatal(err)
	}
	return w.Body.String()
}

func delegationsPage(problem hub.Kind) DelegationsPage {
	pension := words("ยื่นสิทธิเกษียณ", "Retirement filing", "退休申报", "Nộp hồ sơ hưu trí")
	owner := words("สำนักงานประกันสังคม", "Social Security Office", "社会保险局", "Cơ quan Bảo hiểm Xã hội")
	p := DelegationsPage{
		Base: "/entities/x", Entity: words("บริษัทตัวอย่าง จำกัด", "Example Company", "示例公司", "Công ty Ví Dụ"), Token: "token", Fresh: true, Problem: problem,
		Entries: []DelegationEntry{
			{ID: "a", Operator: "Payroll", Names: pension, Owner: owner, Exclusive: true, Proposed: true, From: time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)},
			{
				ID: "b", Head: true, Names: pension, Owner: owner, From: time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2025, 4, 1, 0, 0, 0, 0, time.UTC),
				Places: []string{"Head office"}, Devices: []string{"Counter 3", "Counter 4"},
				Hours: authz.Hours{Zone: "Asia/Bangkok", Windows: []authz.Window{{Days: authz.EveryDay &^ 1, From: 9 * 60, To: 17*60 + 30}}},
			},
			{ID: "c", Names: pension, Owner: owner, From: time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)},
		},
		Items:     []DelegationItem{{ID: "retirement", Names: pension, Owner: owner, Exclusive: true, Approval: true}, {ID: "wages", Names: words("ยื่นค่าจ้าง", "Wage report", "工资申报", "Báo cáo lương"), Owner: owner}},
		Operators: []Option{{ID: "one"}, {ID: "two", Label: "Payroll"}}, Places: []Option{{ID: "p", Label: "Head office"}}, Devices: []Option{{ID: "d", Label: "Counter 3"}},
		Done: "given",
	}
	if problem != "" {
		p.Done, p.Typed = "", url.Values{"item": {"wages"}, "operator": {"two"}, "exclusive": {"yes"}, "from": {"2025-03-01"}, "place": {"p"}, "device": {"d"}, "day": {"mon"}, "open": {"09:00"}}
	}
	return p
}

func itemDeskEntries() []ItemDeskEntry {
	all := delegationsPage("").Entries
	return []ItemDeskEntry{
		{At: time.Date(2025, 3, 1, 9, 0, 0, 0, time.UTC), DelegationEntry: all[2]},
		{At: time.Date(2025, 3, 1, 9, 0, 0, 0, time.UTC), Delegation: true, Entity: words("บริษัทตัวอย่าง จำกัด", "Example Company", "示例公司", "Công ty Ví Dụ"), DelegationEntry: all[1]},
	}
}

func moment() time.Time { return time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC) }

func mill() entity.Entity {
	return entity.Entity{
		ID: "millaaaaaaaaaaaaaaaaaaaaaa", Number: entity.Number{Kind: identifier.ThaiJuristic, Value: "0105536000313"}, Status: entity.Active,
		Names: words("โรงสีข้าวสยาม จำกัด", "Siam Rice Milling Co., Ltd.", "暹罗碾米有限公司", "Công ty Xay xát Siam"),
	}
}

func stopped(s entity.Status) entity.Entity {
	e := mill()
	e.Status, e.Names = s, hub.Text{"th": "ขนมปังเหนือ จำกัด"}
	e.Number = entity.Number{Kind: identifier.VietnameseEnterprise, Value: "0100109106"}
	return e
}

func mandates() []EntityMandate {
	return []EntityMandate{{ID: "a", Department: revenue().Owner, Until: moment()}, {ID: "b", Department: hub.Text{"th": "สำนักงานประกันสังคม"}, From: moment(), Until: moment()}}
}

func members() []EntityMember {
	return []EntityMember{
		{Seat: entity.Seat{ID: "seat", Role: entity.Master, At: moment()}, Mandates: []EntityMandate{{ID: "m"}}, You: true},
		{Seat: entity.Seat{ID: "other", Role: entity.Operator, At: moment(), Label: "บัญชี 2"}, Mandates: mandates()},
		{Seat: entity.Seat{ID: "third", Role: entity.Operator, At: moment(), Label: "Payroll"}},
	}
}

func invitations() []EntityWaiting {
	return []EntityWaiting{{ID: "i", Role: entity.Operator, Label: "Payroll", ExpiresAt: moment()}, {ID: "j", Role: entity.Master, ExpiresAt: moment()}}
}

func claims() []entity.Claim {
	return []entity.Claim{
		{ID: "a", State: entity.Open, At: moment(), Names: hub.Text{"th": "ขนมปังเหนือ จำกัด", "en": "Northern Bread"}},
		{ID: "b", State: entity.Approved, At: moment(), DecidedAt: moment()},
		{ID: "c", State: entity.Rejected, At: moment(), DecidedAt: moment()},
		{ID: "d", State: entity.Rejected, At: moment(), DecidedAt: moment(), Reason: entity.Withdrawn},
	}
}
