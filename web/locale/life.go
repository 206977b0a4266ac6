package locale

// lifeTexts are on the page where a person suspends or closes their account (LIF-01 to LIF-10).
type lifeTexts interface {
	NavLife() string
	LifeTitle() string
	LifeLead() string
	LifeLost() string
	LifeLostText() string
	LifeLostButton() string
	LifeSuspend() string
	LifeSuspendText() string
	LifeReason() string
	LifeWhyMine() string
	LifeWhySuspicious() string
	LifeSuspendButton() string
	LifeOpen() string
	LifeOpenText() string
	LifeClose() string
	LifeCloseText() string
	LifeCloseTick() string
	LifeCloseButton() string
	LifeTickFirst() string
	LifeHeads() string
	LifeHeadsLink() string
	LifePast() string
	LifeDoneTell() string
	LifeDoneLedger() string
	LifeDoneNext() string
	LifeDoneKeep() string
	LifeDoneWhen() string
}

func (english) NavLife() string   { return "Suspend or close" }
func (english) LifeTitle() string { return "Suspend or close my account" }
func (english) LifeLead() string {
	return "Whatever you choose here counts at once, at every department."
}
func (english) LifeLost() string { return "Phone, card or password lost or stolen?" }

func (english) LifeLostText() string {
	return "We suspend your account now: every sign-in ends, on this device too, and nobody gets in. Then have the lost thing blocked where you got it from."
}

func (english) LifeLostButton() string { return "Report the loss and suspend" }
func (english) LifeSuspend() string    { return "Suspend for a while" }

func (english) LifeSuspendText() string {
	return "Every sign-in ends and nobody gets in, you included, until the account is opened again. What departments keep about you stays as it is."
}

func (english) LifeReason() string        { return "Why" }
func (english) LifeWhyMine() string       { return "I want it so" }
func (english) LifeWhySuspicious() string { return "I have noticed something that was not me" }
func (english) LifeSuspendButton() string { return "Suspend my account" }
func (english) LifeOpen() string          { return "How a suspended account is opened again" }

func (english) LifeOpenText() string {
	return "Not on this website: whoever holds your phone could do it too. The help desk opens it when you have shown who you are. After a year your identity must be proven anew."
}

func (english) LifeClose() string { return "Close for good" }

func (english) LifeCloseText() string {
	return "The account is closed and nothing leads back. Nothing is sent to any department any more; departments keep what the law tells them to keep. If you need the platform again later, turn to the help desk."
}

func (english) LifeCloseTick() string   { return "I understand that my account can't be opened again." }
func (english) LifeCloseButton() string { return "Close my account for good" }
func (english) LifeTickFirst() string   { return "Tick the box first: this can't be undone." }
func (english) LifePast() string        { return "What became of your account so far" }

func (english) LifeDoneTell() string {
	return "All sign-ins have ended, and no department takes them for valid any more."
}

func (english) LifeDoneLedger() string { return "See which departments have been told" }
func (english) LifeDoneNext() string   { return "What to do next" }

func (english) LifeDoneKeep() string {
	return "Keep this page: print it, or note the reference below. The help desk finds the event by it."
}

func (english) LifeDoneWhen() string { return "When" }

func (thai) NavLife() string { return "ระงับหรือปิดบัญชี" }
func (thai) LifeTitle() string {
	return "ระงับหรือปิดบัญชีของฉัน"
}

func (thai) LifeLead() string {
	return "สิ่งที่ท่านเลือกในหน้านี้มีผลทันทีกับทุกหน่วยงาน"
}

func (thai) LifeLost() string {
	return "โทรศัพท์ บัตร หรือรหัสผ่านหายหรือถูกขโมย"
}

func (thai) LifeLostText() string {
	return "เราจะระงับบัญชีทันที การเข้าสู่ระบบทั้งหมดจะสิ้นสุดลง รวมทั้งบนอุปกรณ์นี้ และจะไม่มีใครเข้าได้ จากนั้นกรุณาแจ้งอายัดสิ่งที่หายกับผู้ออกให้"
}

func (thai) LifeLostButton() string {
	return "แจ้งหายและระงับบัญชี"
}
func (thai) LifeSuspend() string { return "ระงับชั่วคราว" }

func (thai) LifeSuspendText() string {
	return "การเข้าสู่ระบบทั้งหมดจะสิ้นสุดลง และไม่มีใครเข้าได้ รวมทั้งตัวท่าน จนกว่าบัญชีจะเปิดใช้อีกครั้ง ข้อมูลที่หน่วยงานเก็บไว้ยังคงเดิม"
}

func (thai) LifeReason() string { return "เหตุผล" }
func (thai) LifeWhyMine() string {
	return "ข้าพเจ้าต้องการเช่นนี้"
}

func (thai) LifeWhySuspicious() string {
	return "พบการใช้งานที่ไม่ใช่ของข้าพเจ้า"
}
func (thai) LifeSuspendButton() string { return "ระงับบัญชีของฉัน" }
func (thai) LifeOpen() string {
	return "การเปิดบัญชีที่ถูกระงับ"
}

func (thai) LifeOpenText() string {
	return "ทำบนเว็บไซต์นี้ไม่ได้ เพราะผู้ที่ถือโทรศัพท์ของท่านก็ทำได้เช่นกัน ฝ่ายช่วยเหลือจะเปิดให้เมื่อท่านแสดงตัวตนแล้ว หากเกินหนึ่งปีต้องพิสูจน์ตัวตนใหม่"
}

func (thai) LifeClose() string { return "ปิดบัญชีถาวร" }

func (thai) LifeCloseText() string {
	return "บัญชีจะถูกปิดและไม่สามารถย้อนกลับได้ จะไม่มีการส่งข้อมูลให้หน่วยงานใดอีก หน่วยงานเก็บเฉพาะข้อมูลที่กฎหมายกำหนด หากท่านต้องการใช้ระบบอีกในภายหลัง กรุณาติดต่อฝ่ายช่วยเหลือ"
}

func (thai) LifeCloseTick() string {
	return "ข้าพเจ้าเข้าใจว่าบัญชีนี้จะเปิดใช้อีกไม่ได้"
}

func (thai) LifeCloseButton() string { return "ปิดบัญชีของฉันถาวร" }

func (thai) LifeTickFirst() string {
	return "กรุณาทำเครื่องหมายก่อน เพราะการดำเนินการนี้ย้อนกลับไม่ได้"
}
func (thai) LifePast() string { return "ความเป็นมาของบัญชี" }
func (thai) LifeDoneTell() string {
	return "การเข้าสู่ระบบทั้งหมดสิ้นสุดแล้ว และไม่มีหน่วยงานใดยอมรับอีก"
}

func (thai) LifeDoneLedger() string {
	return "ดูว่าแจ้งหน่วยงานใดแล้ว"
}
func (thai) LifeDoneNext() string { return "สิ่งที่ควรทำต่อไป" }

func (thai) LifeDoneKeep() string {
	return "กรุณาเก็บหน้านี้ไว้ โดยพิมพ์หรือจดหมายเลขอ้างอิงด้านล่าง ฝ่ายช่วยเหลือใช้ค้นหาเหตุการณ์นี้ได้"
}

func (thai) LifeDoneWhen() string { return "เมื่อ" }

func (chinese) NavLife() string   { return "暂停或注销" }
func (chinese) LifeTitle() string { return "暂停或注销我的账户" }
func (chinese) LifeLead() string  { return "您在此作出的选择会立即在所有部门生效。" }
func (chinese) LifeLost() string  { return "手机、证件或密码丢失或被盗？" }
func (chinese) LifeLostText() string {
	return "我们会立即暂停您的账户：所有登录（包括本设备）都会结束，任何人都无法登录。然后请向发放方挂失。"
}
func (chinese) LifeLostButton() string { return "报失并暂停账户" }
func (chinese) LifeSuspend() string    { return "暂停一段时间" }
func (chinese) LifeSuspendText() string {
	return "所有登录都会结束，包括您在内任何人都无法登录，直到账户重新启用。各部门保存的内容不变。"
}
func (chinese) LifeReason() string        { return "原因" }
func (chinese) LifeWhyMine() string       { return "我自己的意愿" }
func (chinese) LifeWhySuspicious() string { return "我发现了并非本人的操作" }
func (chinese) LifeSuspendButton() string { return "暂停我的账户" }
func (chinese) LifeOpen() string          { return "如何重新启用已暂停的账户" }
func (chinese) LifeOpenText() string {
	return "不能在本网站操作：拿到您手机的人也能做到。您出示身份后，由帮助台启用。超过一年须重新核验身份。"
}
func (chinese) LifeClose() string { return "永久注销" }
func (chinese) LifeCloseText() string {
	return "账户注销后无法恢复。此后不再向任何部门发送信息；各部门依法保存其应保存的内容。以后若再需使用，请联系帮助台。"
}
func (chinese) LifeCloseTick() string   { return "我明白账户无法再次启用。" }
func (chinese) LifeCloseButton() string { return "永久注销我的账户" }
func (chinese) LifeTickFirst() string   { return "请先勾选：此操作无法撤销。" }
func (chinese) LifePast() string        { return "账户至今的变化" }
func (chinese) LifeDoneTell() string {
	return "所有登录均已结束，任何部门都不再认可。"
}
func (chinese) LifeDoneLedger() string { return "查看已通知的部门" }
func (chinese) LifeDoneNext() string   { return "接下来怎么办" }
func (chinese) LifeDoneKeep() string {
	return "请保存此页：打印或记下下方的参考编号，帮助台可据此查找。"
}
func (chinese) LifeDoneWhen() string { return "时间" }

func (vietnamese) NavLife() string   { return "Tạm khóa hoặc đóng" }
func (vietnamese) LifeTitle() string { return "Tạm khóa hoặc đóng tài khoản" }
func (vietnamese) LifeLead() string {
	return "Lựa chọn của bạn ở đây có hiệu lực ngay tại mọi cơ quan."
}

func (vietnamese) LifeLost() string {
	return "Mất hoặc bị trộm điện thoại, thẻ, mật khẩu?"
}

func (vietnamese) LifeLostText() string {
	return "Chúng tôi tạm khóa tài khoản ngay: mọi lần đăng nhập, kể cả trên thiết bị này, đều kết thúc và không ai vào được. Sau đó hãy báo khóa thứ bị mất với nơi đã cấp."
}

func (vietnamese) LifeLostButton() string { return "Báo mất và tạm khóa" }
func (vietnamese) LifeSuspend() string    { return "Tạm khóa một thời gian" }

func (vietnamese) LifeSuspendText() string {
	return "Mọi lần đăng nhập kết thúc và không ai vào được, kể cả bạn, cho đến khi tài khoản được mở lại. Thông tin cơ quan lưu giữ vẫn như cũ."
}

func (vietnamese) LifeReason() string  { return "Lý do" }
func (vietnamese) LifeWhyMine() string { return "Tôi muốn như vậy" }
func (vietnamese) LifeWhySuspicious() string {
	return "Tôi thấy có việc không phải do mình làm"
}
func (vietnamese) LifeSuspendButton() string { return "Tạm khóa tài khoản" }
func (vietnamese) LifeOpen() string          { return "Cách mở lại tài khoản bị tạm khóa" }

func (vietnamese) LifeOpenText() string {
	return "Không thể làm trên trang này, vì người cầm điện thoại của bạn cũng làm được. Bộ phận trợ giúp sẽ mở khi bạn chứng minh mình là ai. Sau một năm phải xác minh danh tính lại."
}

func (vietnamese) LifeClose() string { return "Đóng vĩnh viễn" }

func (vietnamese) LifeCloseText() string {
	return "Tài khoản bị đóng và không thể khôi phục. Không còn gửi gì cho cơ quan nào nữa; cơ quan chỉ giữ những gì luật yêu cầu. Nếu sau này cần dùng lại, hãy liên hệ bộ phận trợ giúp."
}

func (vietnamese) LifeCloseTick() string {
	return "Tôi hiểu rằng tài khoản không thể mở lại."
}
func (vietnamese) LifeCloseButton() string { return "Đóng tài khoản vĩnh viễn" }
func (vietnamese) LifeTickFirst() string {
	return "Hãy đánh dấu trước: việc này không thể hoàn tác."
}
func (vietnamese) LifePast() string { return "Tài khoản của bạn cho đến nay" }
func (vietnamese) LifeDoneTell() string {
	return "Mọi lần đăng nhập đã kết thúc và không cơ quan nào còn chấp nhận."
}
func (vietnamese) LifeDoneLedger() string { return "Xem cơ quan nào đã được báo" }
func (vietnamese) LifeDoneNext() string   { return "Việc cần làm tiếp theo" }

func (vietnamese) LifeDoneKeep() string {
	return "Hãy giữ trang này: in ra hoặc ghi lại mã tham chiếu bên dưới để bộ phận trợ giúp tra cứu."
}

func (vietnamese) LifeDoneWhen() string { return "Thời điểm" }

func (english) LifeHeads() string {
	return "You are the administrator of a legal entity. Hand it over to somebody else first, then close your account."
}

func (english) LifeHeadsLink() string { return "My legal entities" }

func (thai) LifeHeads() string {
	return "ท่านเป็นผู้ดูแลนิติบุคคล โปรดส่งมอบหน้าที่ให้ผู้อื่นก่อน แล้วจึงปิดบัญชี"
}

func (thai) LifeHeadsLink() string { return "นิติบุคคลของฉัน" }

func (chinese) LifeHeads() string {
	return "您是某单位的管理员。请先移交给他人，再注销账户。"
}

func (chinese) LifeHeadsLink() string { return "我的单位" }

func (vietnamese) LifeHeads() string {
	return "Bạn là người quản trị một pháp nhân. Hãy chuyển giao cho người khác trước, rồi đóng tài khoản."
}

func (vietnamese) LifeHeadsLink() string { return "Pháp nhân của tôi" }
