package app

import (
	"onedoor/federation/simulator/department"
	"onedoor/hub"
)

// What the demo's departments do only after they have asked the hub. Everything shown is invented.

func line(th, en, valueTH, valueEN string) department.Line {
	return department.Line{Name: hub.Text{"th": th, "en": en}, Value: hub.Text{"th": valueTH, "en": valueEN}}
}

func socialServices() []department.Service {
	return []department.Service{{
		Item: "inpatient-settlement", Action: "query", Names: hub.Text{"th": "ค่ารักษาผู้ป่วยใน", "en": "Inpatient bills"},
		Lines: []department.Line{
			line("โรงพยาบาล", "Hospital", "โรงพยาบาลตัวอย่าง", "Sample Hospital"), line("วันที่", "Days", "2–5 มีนาคม 2569", "2 to 5 March 2026"),
			line("ค่ารักษา", "Bill", "48,250 บาท", "48,250 baht"), line("กองทุนจ่าย", "Paid by the fund", "45,000 บาท", "45,000 baht"),
		},
	}}
}

func revenueServices() []department.Service {
	return []department.Service{
		{
			Item: "tax-filing", Action: "file", Names: hub.Text{"th": "ยื่นแบบภาษี", "en": "Tax filing"},
			Lines: []department.Line{line("ปีภาษี", "Tax year", "2568", "2025"), line("สถานะ", "State", "รอการยื่น", "Not filed yet")},
		},
		{
			Item: "company-return", Action: "file", Names: hub.Text{"th": "ยื่นแบบภาษีของบริษัท", "en": "The company's tax return"},
			Lines: []department.Line{
				line("รอบบัญชี", "Accounting period", "2568", "2025"), line("รายได้", "Turnover", "12,400,000 บาท", "12,400,000 baht"),
				line("สถานะ", "State", "พร้อมยื่น", "Ready to be filed"),
			},
		},
		{
			Item: "company-refunds", Action: "change", Names: hub.Text{"th": "บัญชีรับเงินคืนภาษีของบริษัท", "en": "The company's account for refunds"},
			Lines: []department.Line{line("ธนาคาร", "Bank", "ธนาคารสบายดี", "Sabaidee Bank"), line("เลขที่บัญชี", "Account", "xxx-x-x1234-x", "xxx-x-x1234-x")},
		},
	}
}
