package locale

// evidenceTexts are on the page of a person's records, about what waits for staff.
type evidenceTexts interface {
	EvidenceKeep() string
	EvidenceKept() string
	EvidenceTakeBack() string
}

func (english) EvidenceKeep() string {
	return "If a person must look, keep the same for whoever looks, sealed, until it is decided, for 30 days at most. I can take this back at any time."
}

func (english) EvidenceKept() string {
	return "What you showed waits, sealed, for whoever checks it, until"
}
func (english) EvidenceTakeBack() string { return "Take it back" }
func (thai) EvidenceKeep() string {
	return "หากต้องมีเจ้าหน้าที่ตรวจสอบ ให้เก็บข้อมูลเดียวกันแบบปิดผนึกไว้ให้ผู้ตรวจสอบจนกว่าจะพิจารณา ไม่เกิน 30 วัน และฉันถอนได้ทุกเมื่อ"
}

func (thai) EvidenceKept() string {
	return "ข้อมูลที่ท่านแสดงถูกปิดผนึกรอผู้ตรวจสอบ ถึง"
}

func (thai) EvidenceTakeBack() string {
	return "ถอนข้อมูล"
}

func (chinese) EvidenceKeep() string {
	return "如需人工核对，同意将上述内容加密留存供核对人员查看，直至作出决定，最多30天。我可随时撤回。"
}

func (chinese) EvidenceKept() string {
	return "您出示的内容已加密留存待核对，至"
}

func (chinese) EvidenceTakeBack() string {
	return "撤回"
}

func (vietnamese) EvidenceKeep() string {
	return "Nếu cần người xem, hãy niêm phong lưu các điều này cho người đó đến khi quyết định, tối đa 30 ngày. Tôi có thể rút lại bất cứ lúc nào."
}

func (vietnamese) EvidenceKept() string {
	return "Điều bạn xuất trình được niêm phong chờ người đối chiếu, đến"
}

func (vietnamese) EvidenceTakeBack() string { return "Rút lại" }
