package locale

// switchTexts are on the page where people lock and open services of theirs.
type switchTexts interface {
	NavSwitches() string
	AboutSwitches() string
	SwitchLead() string
	SwitchEmpty() string
	SwitchOpen() string
	SwitchLocked() string
	SwitchAsked() string
	SwitchRefused() string
	SwitchLock() string
	SwitchUnlock() string
	SwitchDoneOpen() string
	SwitchDoneLocked() string
	SwitchDoneAsked() string
	SwitchClosed() string
	SwitchReturn() string
	SwitchAll() string
}

func (english) NavSwitches() string   { return "Sensitive services" }
func (english) AboutSwitches() string { return "Lock and open services that show much about you." }
func (english) SwitchLead() string {
	return "While a service is locked, nobody sees it online, not even you. Locking is always possible; opening asks for the sign-in that the service asks for."
}

func (english) SwitchEmpty() string {
	return "No department that has a record of you offers such a service."
}
func (english) SwitchOpen() string       { return "Open" }
func (english) SwitchLocked() string     { return "Locked" }
func (english) SwitchAsked() string      { return "Waits for the department’s approval" }
func (english) SwitchRefused() string    { return "The department refused to open it" }
func (english) SwitchLock() string       { return "Lock" }
func (english) SwitchUnlock() string     { return "Open" }
func (english) SwitchDoneOpen() string   { return "The service is open." }
func (english) SwitchDoneLocked() string { return "The service is locked, in open sign-ins too." }
func (english) SwitchDoneAsked() string  { return "The department has been asked." }
func (english) SwitchClosed() string     { return "The department does not offer this service now." }

func (thai) NavSwitches() string {
	return "บริการที่ละเอียดอ่อน"
}

func (thai) AboutSwitches() string {
	return "ล็อกและเปิดบริการที่แสดงข้อมูลสำคัญของท่าน"
}

func (thai) SwitchLead() string {
	return "ขณะที่บริการถูกล็อก จะไม่มีใครดูออนไลน์ได้ แม้แต่ท่านเอง ล็อกได้เสมอ ส่วนการเปิดต้องเข้าสู่ระบบตามระดับที่บริการกำหนด"
}

func (thai) SwitchEmpty() string {
	return "ยังไม่มีหน่วยงานที่มีทะเบียนของท่านเปิดบริการเช่นนี้"
}
func (thai) SwitchOpen() string   { return "เปิดอยู่" }
func (thai) SwitchLocked() string { return "ล็อกอยู่" }
func (thai) SwitchAsked() string {
	return "รอการอนุมัติจากหน่วยงาน"
}

func (thai) SwitchRefused() string {
	return "หน่วยงานไม่อนุมัติให้เปิด"
}
func (thai) SwitchLock() string     { return "ล็อก" }
func (thai) SwitchUnlock() string   { return "เปิด" }
func (thai) SwitchDoneOpen() string { return "เปิดบริการแล้ว" }
func (thai) SwitchDoneLocked() string {
	return "ล็อกบริการแล้ว รวมถึงการเข้าสู่ระบบที่เปิดอยู่"
}

func (thai) SwitchDoneAsked() string {
	return "ส่งคำขอถึงหน่วยงานแล้ว"
}

func (thai) SwitchClosed() string {
	return "ขณะนี้หน่วยงานไม่เปิดบริการนี้"
}

func (chinese) NavSwitches() string   { return "敏感服务" }
func (chinese) AboutSwitches() string { return "锁定或开放涉及您重要信息的服务。" }
func (chinese) SwitchLead() string {
	return "服务锁定期间，任何人都无法在线查看，包括您自己。随时可以锁定；开放时须按该服务要求的级别登录。"
}

func (chinese) SwitchEmpty() string      { return "保存您档案的部门目前没有此类服务。" }
func (chinese) SwitchOpen() string       { return "已开放" }
func (chinese) SwitchLocked() string     { return "已锁定" }
func (chinese) SwitchAsked() string      { return "等待部门批准" }
func (chinese) SwitchRefused() string    { return "部门拒绝开放" }
func (chinese) SwitchLock() string       { return "锁定" }
func (chinese) SwitchUnlock() string     { return "开放" }
func (chinese) SwitchDoneOpen() string   { return "服务已开放。" }
func (chinese) SwitchDoneLocked() string { return "服务已锁定，包括已登录的会话。" }
func (chinese) SwitchDoneAsked() string  { return "已向部门提出申请。" }
func (chinese) SwitchClosed() string     { return "该部门目前不提供此服务。" }

func (vietnamese) NavSwitches() string { return "Dịch vụ nhạy cảm" }
func (vietnamese) AboutSwitches() string {
	return "Khóa và mở các dịch vụ cho thấy nhiều điều về bạn."
}

func (vietnamese) SwitchLead() string {
	return "Khi dịch vụ bị khóa, không ai xem được trực tuyến, kể cả bạn. Lúc nào cũng khóa được; khi mở cần đăng nhập ở mức mà dịch vụ yêu cầu."
}

func (vietnamese) SwitchEmpty() string {
	return "Chưa có cơ quan nào giữ hồ sơ của bạn cung cấp dịch vụ như vậy."
}
func (vietnamese) SwitchOpen() string     { return "Đang mở" }
func (vietnamese) SwitchLocked() string   { return "Đang khóa" }
func (vietnamese) SwitchAsked() string    { return "Đang chờ cơ quan phê duyệt" }
func (vietnamese) SwitchRefused() string  { return "Cơ quan không đồng ý mở" }
func (vietnamese) SwitchLock() string     { return "Khóa" }
func (vietnamese) SwitchUnlock() string   { return "Mở" }
func (vietnamese) SwitchDoneOpen() string { return "Dịch vụ đã mở." }
func (vietnamese) SwitchDoneLocked() string {
	return "Dịch vụ đã khóa, kể cả phiên đang mở."
}
func (vietnamese) SwitchDoneAsked() string { return "Đã gửi yêu cầu tới cơ quan." }
func (vietnamese) SwitchClosed() string    { return "Hiện cơ quan không cung cấp dịch vụ này." }

func (english) SwitchReturn() string {
	return "Go back to the department’s page: what you wanted to use is open there now."
}

func (english) SwitchAll() string {
	return "All sensitive services"
}

func (thai) SwitchReturn() string {
	return "กลับไปที่หน้าของหน่วยงานได้เลย รายการที่ท่านต้องการใช้เปิดแล้ว"
}

func (thai) SwitchAll() string {
	return "บริการที่ละเอียดอ่อนทั้งหมด"
}

func (chinese) SwitchReturn() string {
	return "请返回该部门的页面：您要使用的服务现已开放。"
}

func (chinese) SwitchAll() string {
	return "所有敏感服务"
}

func (vietnamese) SwitchReturn() string {
	return "Hãy quay lại trang của cơ quan: dịch vụ bạn muốn dùng nay đã mở ở đó."
}

func (vietnamese) SwitchAll() string {
	return "Tất cả dịch vụ nhạy cảm"
}
