package locale

// itemsTexts are on the page of a login that asks for service items (RAZ-02).
type itemsTexts interface {
	ItemsTitle() string
	ItemsLead(system string) string
	ItemsActing() string
	ItemsMeans() string
	ItemsApproval() string
	ItemsOnce() string
	ItemsOnceAbout() string
	ItemsOpen() string
	ItemsOpenAbout() string
	ItemsAsk() string
	ItemsAskAbout() string
	ItemsKeep() string
	ItemsMissing() string
	ItemsMissingLead(system string) string
	ItemsHelp() string
	ItemsAgain() string
	ItemsBack(system string) string
	SwitchOnce() string
}

func (english) ItemsTitle() string { return "Open what the service asks for?" }
func (english) ItemsLead(system string) string {
	return system + " asks for something that you have closed, or that stays closed until you open it. Nothing is open before you say so."
}
func (english) ItemsActing() string { return "You are acting for" }
func (english) ItemsMeans() string {
	return "While it is open, the department may show it to you and work with it online when you are signed in. You can lock it again at any time under “Sensitive services”; that acts at once. You are told of every opening."
}

func (english) ItemsApproval() string {
	return "The department’s staff must approve too. Until they have, it stays closed."
}
func (english) ItemsOnce() string { return "Open it for this sign-in only" }
func (english) ItemsOnceAbout() string {
	return "It closes by itself when you sign out, or when your sign-in is too old for it."
}
func (english) ItemsOpen() string      { return "Open it until I lock it" }
func (english) ItemsOpenAbout() string { return "It is open at later sign-ins too." }
func (english) ItemsAsk() string       { return "Ask the department to open it" }
func (english) ItemsAskAbout() string {
	return "Your application waits for the department’s staff."
}
func (english) ItemsKeep() string    { return "Keep it closed and go back" }
func (english) ItemsMissing() string { return "Something is missing" }
func (english) ItemsMissingLead(system string) string {
	return system + " asks for something that is not open to you now. Your own word is not enough to open it."
}
func (english) ItemsHelp() string              { return "Here you can see to it:" }
func (english) ItemsAgain() string             { return "Look again" }
func (english) ItemsBack(system string) string { return "Go back to " + system + " without it" }
func (english) SwitchOnce() string             { return "Open in one sign-in only" }

func (thai) ItemsTitle() string {
	return "เปิดรายการที่บริการขอหรือไม่"
}

func (thai) ItemsLead(system string) string {
	return system + " ขอใช้รายการที่ท่านปิดไว้ หรือที่ปิดอยู่จนกว่าท่านจะเปิด จะไม่มีสิ่งใดเปิดจนกว่าท่านจะยืนยัน"
}

func (thai) ItemsActing() string {
	return "ท่านกำลังดำเนินการแทน"
}

func (thai) ItemsMeans() string {
	return "ขณะที่รายการเปิดอยู่ หน่วยงานแสดงรายการนี้ให้ท่านและดำเนินการออนไลน์ได้เมื่อท่านเข้าสู่ระบบ ท่านล็อกรายการได้ทุกเมื่อที่ “บริการที่ละเอียดอ่อน” และมีผลทันที เราจะแจ้งท่านทุกครั้งที่มีการเปิด"
}

func (thai) ItemsApproval() string {
	return "เจ้าหน้าที่ของหน่วยงานต้องอนุมัติด้วย ระหว่างนี้รายการยังคงปิดอยู่"
}

func (thai) ItemsOnce() string {
	return "เปิดเฉพาะการเข้าสู่ระบบครั้งนี้"
}

func (thai) ItemsOnceAbout() string {
	return "รายการจะปิดเองเมื่อท่านออกจากระบบ หรือเมื่อการเข้าสู่ระบบของท่านเก่าเกินไป"
}

func (thai) ItemsOpen() string { return "เปิดจนกว่าฉันจะล็อก" }

func (thai) ItemsOpenAbout() string {
	return "รายการจะเปิดในการเข้าสู่ระบบครั้งต่อไปด้วย"
}

func (thai) ItemsAsk() string {
	return "ขอให้หน่วยงานเปิดรายการ"
}

func (thai) ItemsAskAbout() string {
	return "คำขอของท่านจะรอเจ้าหน้าที่ของหน่วยงานพิจารณา"
}

func (thai) ItemsKeep() string {
	return "ปิดไว้ตามเดิมและกลับไป"
}
func (thai) ItemsMissing() string { return "ยังขาดบางอย่าง" }
func (thai) ItemsMissingLead(system string) string {
	return system + " ขอใช้รายการที่ยังไม่เปิดสำหรับท่านในขณะนี้ ท่านเปิดเองเพียงลำพังไม่ได้"
}

func (thai) ItemsHelp() string {
	return "ท่านดำเนินการได้ที่นี่"
}

func (thai) ItemsAgain() string { return "ตรวจสอบอีกครั้ง" }

func (thai) ItemsBack(system string) string {
	return "กลับไปที่ " + system + " โดยไม่ใช้รายการนี้"
}

func (thai) SwitchOnce() string {
	return "เปิดเฉพาะการเข้าสู่ระบบครั้งเดียว"
}

func (chinese) ItemsTitle() string { return "是否开放该服务请求的事项？" }
func (chinese) ItemsLead(system string) string {
	return system + "请求使用您已关闭的事项，或在您开放之前一直关闭的事项。在您确认之前，不会开放任何内容。"
}
func (chinese) ItemsActing() string { return "您正在代表" }
func (chinese) ItemsMeans() string {
	return "开放期间，主管部门可以在您登录后在线向您显示并办理该事项。您可以随时在“敏感服务”中重新锁定，立即生效。每次开放我们都会通知您。"
}

func (chinese) ItemsApproval() string {
	return "还需主管部门工作人员批准，在此之前该事项保持关闭。"
}
func (chinese) ItemsOnce() string { return "仅在本次登录中开放" }
func (chinese) ItemsOnceAbout() string {
	return "您退出登录，或登录时间过久时，它会自动关闭。"
}
func (chinese) ItemsOpen() string      { return "一直开放，直到我锁定" }
func (chinese) ItemsOpenAbout() string { return "以后登录时也保持开放。" }
func (chinese) ItemsAsk() string       { return "请求主管部门开放" }
func (chinese) ItemsAskAbout() string {
	return "您的申请将等待主管部门工作人员处理。"
}
func (chinese) ItemsKeep() string    { return "保持关闭并返回" }
func (chinese) ItemsMissing() string { return "还缺少条件" }
func (chinese) ItemsMissingLead(system string) string {
	return system + "请求使用的事项目前未向您开放，仅凭您本人无法开放。"
}
func (chinese) ItemsHelp() string              { return "您可以在这里办理：" }
func (chinese) ItemsAgain() string             { return "重新检查" }
func (chinese) ItemsBack(system string) string { return "不使用该事项，返回" + system }
func (chinese) SwitchOnce() string             { return "仅在一次登录中开放" }

func (vietnamese) ItemsTitle() string { return "Mở mục mà dịch vụ yêu cầu?" }
func (vietnamese) ItemsLead(system string) string {
	return system + " yêu cầu một mục mà bạn đã khóa, hoặc mục chỉ mở khi bạn cho phép. Không có gì được mở trước khi bạn đồng ý."
}
func (vietnamese) ItemsActing() string { return "Bạn đang thực hiện thay cho" }
func (vietnamese) ItemsMeans() string {
	return "Khi mục được mở, cơ quan có thể hiển thị và xử lý mục đó trực tuyến khi bạn đã đăng nhập. Bạn có thể khóa lại bất cứ lúc nào tại “Dịch vụ nhạy cảm”; việc khóa có hiệu lực ngay. Mỗi lần mở, bạn đều được thông báo."
}

func (vietnamese) ItemsApproval() string {
	return "Cán bộ của cơ quan cũng phải phê duyệt. Cho đến lúc đó, mục vẫn đóng."
}
func (vietnamese) ItemsOnce() string { return "Chỉ mở cho lần đăng nhập này" }
func (vietnamese) ItemsOnceAbout() string {
	return "Mục tự đóng khi bạn đăng xuất, hoặc khi lần đăng nhập của bạn đã quá lâu."
}
func (vietnamese) ItemsOpen() string { return "Mở cho đến khi tôi khóa" }
func (vietnamese) ItemsOpenAbout() string {
	return "Mục cũng mở trong các lần đăng nhập sau."
}
func (vietnamese) ItemsAsk() string { return "Đề nghị cơ quan mở mục này" }
func (vietnamese) ItemsAskAbout() string {
	return "Đề nghị của bạn sẽ chờ cán bộ của cơ quan."
}

func (vietnamese) ItemsKeep() string    { return "Giữ nguyên trạng thái đóng và quay lại" }
func (vietnamese) ItemsMissing() string { return "Còn thiếu điều kiện" }
func (vietnamese) ItemsMissingLead(system string) string {
	return system + " yêu cầu một mục hiện chưa mở cho bạn. Chỉ riêng bạn thì không mở được."
}

func (vietnamese) ItemsHelp() string  { return "Bạn có thể thực hiện tại đây:" }
func (vietnamese) ItemsAgain() string { return "Kiểm tra lại" }
func (vietnamese) ItemsBack(system string) string {
	return "Quay lại " + system + " mà không dùng mục này"
}

func (vietnamese) SwitchOnce() string { return "Chỉ mở trong một lần đăng nhập" }
