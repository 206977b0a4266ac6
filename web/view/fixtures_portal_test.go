package view

import (
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/audit"
	"onedoor/hub/login"
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
			Attention: []Attention{{What: NotReached}, {What: NoContact}, {What: OneProvider}, {What: ManyDevices, Count: 2}, {What: SecurityNews}},
			Sessions:  []SessionsEntry{{ID: "one", This: true, Device: "Chrome on Android", Last: at(28, 9)}, {ID: "two", Last: at(27, 9)}},
			Owners:    []hub.Text{revenue().Owner, {"th": "กรมการปกครอง"}},
		},
		"me-calm": MePage{Sessions: []SessionsEntry{{ID: "one", This: true, Device: "Safari on iPhone", Last: at(28, 9)}}},
		"departments": DepartmentsPage{Departments: []DepartmentsEntry{
			{Owner: revenue().Owner, Complaint: revenue().Complaint, Systems: []login.System{revenue(), bare}, Last: at(28, 9)},
			{Owner: words("กรมที่ดิน (ตัวอย่าง)", "Land Department (example)", "土地厅（示例）", "Cục Đất đai (ví dụ)"), Complaint: "tel:+66-2-555-0101", Systems: []login.System{bare}},
			{Owner: hub.Text{"en": "No address"}, Systems: []login.System{bare}},
		}},
		"departments-none": DepartmentsPage{},
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

// portalPaths says where they are shown.
var portalPaths = map[string]string{
	"gate": "/sessions", "me": "/me", "me-calm": "/me", "departments": "/me/departments", "departments-none": "/me/departments", "history": "/me/history",
	"history-none": "/me/history", "links": "/me/providers", "links-one": "/me/providers", "life": "/me/account", "life-stale": "/me/account", "life-tick": "/me/account",
}
