package view

import (
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/audit"
	"onedoor/hub/login"
	"onedoor/tenants/complaint"
)

// portalFixtures are those of the person's own pages.
func portalFixtures() map[string]Page {
	bangkok := time.FixedZone("ICT", 7*3600)
	at := func(day, hour int) time.Time { return time.Date(2025, 2, day, hour, 5, 0, 0, bangkok) }
	bare := revenue()
	bare.Names = words("ตรวจสอบเงินคืน", "Refund status", "退税查询", "Tra cứu hoàn thuế")
	return map[string]Page{
		"gate": GatePage{Token: "token", Back: "/sessions"},
		"me": MePage{
			Attention: []Attention{{What: NotReached}, {What: WasAnswered}, {What: NoContact}, {What: OneProvider}, {What: ManyDevices, Count: 2}, {What: SecurityNews}},
			Sessions:  []SessionsEntry{{ID: "one", This: true, Device: "Chrome on Android", Last: at(28, 9)}, {ID: "two", Last: at(27, 9)}},
			Owners:    []hub.Text{revenue().Owner, {"th": "กรมการปกครอง"}},
		},
		"me-calm": MePage{Sessions: []SessionsEntry{{ID: "one", This: true, Device: "Safari on iPhone", Last: at(28, 9)}}},
		"departments": DepartmentsPage{Departments: []DepartmentsEntry{
			{ID: "revenue", Owner: revenue().Owner, Complaint: revenue().Complaint, Systems: []login.System{revenue(), bare}, Last: at(28, 9)},
			{Owner: words("กรมที่ดิน (ตัวอย่าง)", "Land Department (example)", "土地厅（示例）", "Cục Đất đai (ví dụ)"), Complaint: "tel:+66-2-555-0101", Systems: []login.System{bare}},
			{Owner: hub.Text{"en": "No address"}, Systems: []login.System{bare}},
		}},
		"departments-none": DepartmentsPage{},
		"complaints": ComplaintsPage{
			Token: "token", Filed: "7KQM-2XHD", Now: at(28, 9), To: []EntityDepartment{{ID: "revenue", Names: revenue().Owner}, {ID: "land", Names: words("กรมที่ดิน (ตัวอย่าง)", "Land Department (example)", "土地厅（示例）", "Cục Đất đai (ví dụ)")}},
			Sent: complaint.Order{Department: "land"}, Chosen: true,
			Mine: []ComplaintsEntry{
				letter(complaint.Case{Reference: "7KQM-2XHD", Kind: complaint.Complaint, State: complaint.Open, At: at(28, 9), DueAt: at(28, 9).AddDate(0, 0, 30)}),
				letter(complaint.Case{Reference: "2222-BCDF", Kind: complaint.Correction, Department: "revenue", State: complaint.Open, At: at(20, 9), DueAt: at(27, 9).AddDate(0, 0, 30), SeenAt: at(21, 9)}),
				letter(complaint.Case{Reference: "3333-BCDF", Kind: complaint.Correction, Department: "revenue", State: complaint.Open, At: at(1, 9), DueAt: at(27, 9)}),
				letter(complaint.Case{Reference: "4444-BCDF", Kind: complaint.Correction, Department: "revenue", State: complaint.Answered, Outcome: complaint.Partly, At: at(1, 9), EndedAt: at(2, 9)}),
				letter(complaint.Case{Reference: "5555-BCDF", Kind: complaint.Complaint, Department: "gone", State: complaint.Answered, Outcome: complaint.Elsewhere, At: at(1, 9), EndedAt: at(2, 9)}),
				letter(complaint.Case{Reference: "6666-BCDF", Kind: complaint.Complaint, Department: "revenue", State: complaint.Withdrawn, At: at(1, 9), EndedAt: at(2, 9)}),
			},
		},
		"complaints-done":  ComplaintsPage{Token: "token", Done: true},
		"complaints-wrong": ComplaintsPage{Token: "token", Wrong: hub.Invalid, Chosen: true, Sent: complaint.Order{Kind: complaint.Correction, Text: "</textarea><script>"}},
		"complaints-many":  ComplaintsPage{Token: "token", Wrong: hub.TooMany},
		"complaints-gone":  ComplaintsPage{Token: "token", Wrong: hub.Consumed},
		"history": HistoryPage{Area: HistorySignIns, Older: "cccccccccccccccccccccccccc", Entries: []HistoryEntry{
			{At: at(28, 10), Kind: "session.ended", Outcome: audit.Success, Reason: "idle"},
			{At: at(28, 9), Kind: "login.resumed", Outcome: audit.Success, System: revenue().Names, Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}},
			{At: at(27, 9), Kind: "login.refused", Outcome: audit.Refusal, Provider: choices()[0].Names},
			{At: at(27, 8), Kind: "notice.failed", Outcome: audit.Failure},
			{At: at(27, 7), Kind: "account.suspended", Outcome: audit.Success, Reason: "lost"},
			{At: at(26, 9), Kind: "novel.happened", Outcome: audit.Success, System: hub.Text{"en": "gone"}},
		}},
		"links": LinksPage{Token: "token", Fresh: true, Done: "removed", Links: []LinksEntry{
			{ID: "a", Provider: choices()[0].Names, Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, Since: at(1, 9), Last: at(28, 9), Here: true},
			{ID: "b", Provider: choices()[1].Names, Level: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, Since: at(2, 9), Last: at(3, 9)},
			{ID: "c", Since: at(2, 9), Last: at(2, 9), Removed: true},
		}},
		"links-one": LinksPage{Token: "token", Problem: true, Links: []LinksEntry{
			{ID: "a", Provider: choices()[0].Names, Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, Since: at(1, 9), Last: at(28, 9), Here: true, Only: true},
		}},
		"life": LifePage{Token: "token", Fresh: true, Past: []LifeChange{
			{At: at(28, 9), Became: account.Active, Reason: account.Cleared}, {At: at(27, 9), Became: account.Suspended, Reason: account.Lost},
		}},
		"life-stale":      LifePage{Token: "token"},
		"life-tick":       LifePage{Token: "token", Fresh: true, TickLost: true},
		"lifedone":        LifeDonePage{LifeChange: LifeChange{At: at(28, 9), Became: account.Suspended, Reason: account.Lost}, Ledger: "/signed-out/s"},
		"lifedone-closed": LifeDonePage{LifeChange: LifeChange{At: at(28, 9), Became: account.Terminated, Reason: account.Requested}},
		"history-none":    HistoryPage{Back: HistoryMonth, Before: "cccccccccccccccccccccccccc"},
	}
}

// letter is one that was sent: with an answer where there is one, and erased where its department is gone.
func letter(c complaint.Case) ComplaintsEntry {
	e := ComplaintsEntry{Full: complaint.Full{Case: c, Text: "ชื่อของดิฉันสะกดผิดในทะเบียน\nMy name is spelt wrong since 2023."}}
	if c.Department == "revenue" {
		e.Owner = revenue().Owner
	}
	if c.State == complaint.Answered {
		e.Answer = "แก้ไขชื่อแล้วเมื่อวันที่ 2 กุมภาพันธ์\nYour name has been put right."
	}
	if c.Department == "gone" {
		e.Text, e.Answer = "", ""
	}
	return e
}

// portalPaths says where they are shown.
var portalPaths = map[string]string{
	"complaints": "/me/complaints", "complaints-done": "/me/complaints", "complaints-wrong": "/me/complaints", "complaints-many": "/me/complaints", "complaints-gone": "/me/complaints",
	"gate": "/sessions", "me": "/me", "me-calm": "/me", "departments": "/me/departments", "departments-none": "/me/departments", "history": "/me/history",
	"history-none": "/me/history", "links": "/me/providers", "links-one": "/me/providers", "life": "/me/account", "life-stale": "/me/account", "life-tick": "/me/account",
}
