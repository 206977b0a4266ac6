package view

import (
	"time"

	"onedoor/binding"
	"onedoor/binding/review"
	"onedoor/binding/spelling"
	"onedoor/hub"
	"onedoor/tenants"
)

// reviewFixtures are the pages of who checks departments' records.
func reviewFixtures() map[string]Page {
	bangkok := time.FixedZone("ICT", 7*3600)
	at := time.Date(2025, 3, 1, 9, 30, 0, 0, bangkok)
	kind := tenants.RecordKind{
		ID: "insured", Names: words("ทะเบียนผู้ประกันตน", "Insurance record", "参保档案", "Hồ sơ bảo hiểm"), Attributes: []hub.AttributeName{hub.CitizenID, hub.GivenName},
		Extra: []tenants.ExtraAttribute{{ID: "first-year", Names: words("ปีแรก", "First year", "首年", "Năm đầu"), Length: 4}}, FourEyes: true,
	}
	waiting := func(n int, change func(*review.Waiting)) review.Waiting {
		w := review.Waiting{
			Binding:    binding.Binding{ID: "aaaaaaaaaaaaaaaaaaaaaaaaa" + string(rune('a'+n)), State: binding.Proposed, UpdatedAt: at, Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}},
			Kind:       kind.Names,
			Department: hub.Text{"th": "สำนักงานประกันสังคม", "en": "Social Security Office"}, Area: hub.Text{"en": "Chiang Mai"},
		}
		if change != nil {
			change(&w)
		}
		return w
	}
	mine := waiting(1, func(w *review.Waiting) {
		w.Mine, w.State, w.ReviewedUntil = true, binding.Review, at.Add(binding.ReviewTime)
	})
	lines := review.Compare(kind, review.Fields{"citizen_id": "1234567890121", "given_name": "สมชาย", "family_name": "ใจดี", "birthdate": "1997-05-17"},
		review.Fields{"citizen_id": "1-2345-67890-12-1", "given_name": "สมชัย", "family_name": "<b>มีสุข", "first-year": "2560"})
	history := []binding.Change{{Became: binding.Review, At: at}, {Became: binding.Proposed, At: at.Add(-time.Hour)}, {Became: binding.Pending, At: at.Add(-2 * time.Hour)}}
	tie := func(change func(*review.Tie)) review.Tie {
		x := review.Tie{Waiting: waiting(1, func(w *review.Waiting) {
			w.State, w.Reason, w.Way, w.BoundAt, w.ConfirmedAt = binding.Bound, binding.Found, binding.ByMatch, at, at
		}), Records: kind, Number: "SSO20260000000001", History: []binding.Change{
			{Became: binding.Bound, Reason: binding.Wished, By: binding.Actor{Kind: binding.ByStaff, Account: "b"}, At: at.Add(time.Hour)},
			{Became: binding.Bound, Reason: binding.Found, By: binding.Actor{Kind: binding.ByDepartment}, At: at},
			{Became: binding.Pending, Reason: binding.Unproven, By: binding.Actor{Kind: binding.ByPerson}, At: at.Add(-time.Hour)},
			{Became: binding.Pending, Reason: binding.FirstLogin, By: binding.Actor{Kind: binding.ByRule}, At: at.Add(-2 * time.Hour)},
		}}
		if change != nil {
			change(&x)
		}
		return x
	}
	wanted := tie(func(x *review.Tie) { x.Wanted, x.WantedWhy, x.First = binding.Unbound, binding.Wrong, "b" })
	names := map[hub.AccountID]string{"b": "c2f1-9k"}
	shelves := []review.Shelf{{Department: "social", Names: words("สำนักงานประกันสังคม", "Social Security Office", "社会保障局", "Cơ quan Bảo hiểm xã hội"), Kinds: []tenants.RecordKind{kind}}}
	return map[string]Page{
		"ties-weak": TiesPage{Token: "token"},
		"ties-none": TiesPage{Token: "token", Strong: true},
		"ties":      TiesPage{Token: "token", Strong: true, Shelves: shelves, Done: true},
		"ties-full": TiesPage{Token: "token", Strong: true, Shelves: shelves, Wrong: hub.NotFound, More: "/staff/bindings?after=1&id=aaaaaaaaaaaaaaaaaaaaaaaaaa", Ties: []review.Waiting{
			waiting(0, func(w *review.Waiting) { w.State, w.Reason = binding.Suspended, binding.Suspicious }),
			waiting(1, func(w *review.Waiting) {
				w.State, w.Reason, w.Wanted, w.WantedWhy = binding.Bound, binding.Approved, binding.Unbound, binding.Wrong
			}),
		}},
		"tie":       TiePage{Token: "token", Strong: true, Tie: tie(nil), Me: "a", Actors: names, Done: true},
		"tie-stale": TiePage{Token: "token", Tie: wanted, Me: "a", Actors: names, Wrong: hub.Denied},
		"tie-agree": TiePage{Token: "token", Strong: true, Tie: wanted, Me: "a", Actors: names},
		"tie-mine":  TiePage{Token: "token", Strong: true, Tie: wanted, Me: "b", Actors: names, Wrong: hub.Conflict},
		"tie-back": TiePage{Token: "token", Strong: true, Me: "a", Tie: tie(func(x *review.Tie) {
			x.State, x.Reason, x.Records.FourEyes = binding.Suspended, binding.Suspicious, false
			x.Entity = review.Company{Kind: "th.juristic", Number: "0105540000001", Names: hub.Text{"th": "บริษัท ตัวอย่าง จำกัด", "en": "Example Company", "zh": "示例公司", "vi": "Công ty Ví dụ"}}
		})},
		"tie-own":    TiePage{Token: "token", Strong: true, Tie: tie(func(x *review.Tie) { x.Own, x.Number = true, "" })},
		"tie-over":   TiePage{Token: "token", Strong: true, Tie: tie(func(x *review.Tie) { x.State, x.Number = binding.Unbound, "" })},
		"cases-weak": CasesPage{Token: "token"},
		"cases-post": CasesPage{Token: "token", Strong: true},
		"cases-none": CasesPage{Token: "token", Strong: true, Post: true, Done: "bound", Counters: []tenants.Department{{ID: "social-security", Names: words("สำนักงานประกันสังคม", "Social Security Office", "社会保障局", "Cơ quan An sinh Xã hội")}}},
		"cases-counter": CasesPage{
			Token: "token", Strong: true, Post: true, Sitting: &Sitting{Number: "kqmtvbxz", Address: "https://login.example/me/counter/kqmtvbxz"},
			Counters: []tenants.Department{{ID: "social-security", Names: words("สำนักงานประกันสังคม", "Social Security Office", "社会保障局", "Cơ quan An sinh Xã hội")}, {ID: "revenue", Names: revenue().Owner}},
		},
		"cases": CasesPage{Token: "token", Strong: true, Post: true, Wrong: hub.NotFound, Sitting: &Sitting{Number: "kqmtvbxz"}, Counters: []tenants.Department{{ID: "revenue", Names: revenue().Owner}}, More: "/staff/cases?after=1&id=aaaaaaaaaaaaaaaaaaaaaaaaaa", Cases: []review.Waiting{
			waiting(0, nil), mine, waiting(2, func(w *review.Waiting) { w.Other = true }), waiting(3, func(w *review.Waiting) { w.Own = true }),
			waiting(4, func(w *review.Waiting) { w.First = "b"; w.Area = nil }),
		}},
		"case-free":  CasePage{Token: "token", Case: review.Case{Waiting: waiting(0, nil), Records: kind, History: history}, Wrong: hub.Conflict},
		"case-other": CasePage{Token: "token", Case: review.Case{Waiting: waiting(0, func(w *review.Waiting) { w.Other = true }), Records: kind}},
		"case-stale": CasePage{Token: "token", Case: review.Case{Waiting: mine, Records: kind, Number: "SSO1", Held: true, Evidence: true, Lines: lines}},
		"case": CasePage{Token: "token", Strong: true, Case: review.Case{
			Waiting: mine, Records: kind, Number: "SSO20260000000001", Held: true, Evidence: true, Lines: lines, History: history,
			Areas: []tenants.Area{{ID: "north", Names: hub.Text{"th": "ภาคเหนือ", "en": "North", "zh": "北部", "vi": "Miền Bắc"}}},
		}},
		"case-entity": CasePage{Token: "token", Strong: true, Case: review.Case{
			Waiting: mine, Records: kind, Number: "E1", Held: true, Lines: review.Compare(kind, review.Fields{"name": "บริษัท ตัวอย่าง จำกัด"}, review.Fields{"name": "บริษัท ตัวอย่าง จำกัด"}),
			Entity: review.Company{Kind: "th.juristic", Number: "0105540000001", Status: "suspended", Names: hub.Text{"th": "บริษัท ตัวอย่าง จำกัด", "en": "Example Company", "zh": "示例公司", "vi": "Công ty Ví dụ"}},
		}},
		"case-bare": CasePage{Token: "token", Strong: true, Wrong: hub.Invalid, Number: "SSO<3>", Case: review.Case{
			Waiting: waiting(1, func(w *review.Waiting) { w.Mine, w.State, w.Conflict = true, binding.Review, "x" }), Trouble: hub.Unavailable,
			Records: tenants.RecordKind{Names: kind.Names}, Number: "SSO2", Lines: []review.Line{{Name: "given_name", Shown: "a", Likeness: spelling.Missing}},
		}},
	}
}

// atCounter is where somebody stands who has a record of one kind.
func atCounter() review.Counter {
	return review.Counter{
		Department: tenants.Department{ID: "social-security", Names: words("สำนักงานประกันสังคม", "Social Security Office", "社会保障局", "Cơ quan An sinh Xã hội")},
		Kinds: []review.CounterKind{
			{RecordKind: tenants.RecordKind{ID: "insured", Names: words("ทะเบียนผู้ประกันตน", "Insurance record", "参保档案", "Hồ sơ bảo hiểm"), Attributes: []hub.AttributeName{hub.CitizenID, hub.Birthdate}}},
			{RecordKind: tenants.RecordKind{ID: "pension", Names: words("บำนาญ", "Pension", "养老金", "Lương hưu")}},
		},
	}
}
