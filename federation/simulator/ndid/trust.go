package ndid

import (
	"maps"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/identifier"
)

// Trust is the trust record that fits the stand-in: its node's base URL, the hub's base URL as the node reaches it, and the sealed
// API key (nil where the node wants none).
func Trust(node, callback string, key federation.SealedSecret, from, until time.Time) federation.Provider {
	ial, aal := make(map[string]hub.IAL), make(map[string]hub.AAL)
	for l := hub.IAL11; l <= hub.IAL3; l++ {
		ial[l.String()] = l
	}
	for l := hub.AAL1; l <= hub.AAL3; l++ {
		aal[l.String()] = l
	}
	return federation.Provider{
		ID: "ndid", Names: maps.Clone(names), Status: federation.Active, ValidFrom: from, ValidUntil: until,
		Ceiling: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, Order: 30,
		Assurance:  federation.Assurance{IAL: ial, IALName: federation.NDIDIAL, AAL: aal, AALName: federation.NDIDAAL},
		Attributes: map[hub.AttributeName][]string{hub.CitizenID: {federation.CitizenNamespace}},
		Person:     federation.PersonClaim{Kind: identifier.ThaiCitizen, Claim: federation.CitizenNamespace},
		NDID: &federation.NDID{
			Node: node, APIKey: key, Callback: callback, Namespace: federation.CitizenNamespace, Modes: federation.OnboardedFirst,
			RequestTimeout: federation.DefaultNDIDTimeout, Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21},
			Message: hub.Text{
				"th": "เข้าสู่ระบบ {system} ของ {department} รหัสยืนยัน {code} หากท่านไม่ได้ทำรายการนี้ โปรดปฏิเสธ",
				"en": "Sign in to {system} of {department}. Code {code}. If this was not you, please refuse.",
				"zh": "登录{department}的{system}。验证码 {code}。如非本人操作，请拒绝。",
				"vi": "Đăng nhập {system} của {department}. Mã {code}. Nếu không phải bạn, hãy từ chối.",
			},
			PersonDenied: []int{30001},
		},
	}
}
