package locale

// decisionTexts are where those who check records decide.
type decisionTexts interface {
	CaseDecide() string
	CaseApprove() string
	CaseApproveText() string
	CaseFourEyes() string
	CaseReject() string
	CaseWhy() string
	WhyMismatch() string
	WhyUnproven() string
	CaseAsk() string
	CaseAskText() string
	CaseAskWhat() string
	CaseFresh() string
	CaseHistory() string
	StatePending() string
	StateProposed() string
	StateReview() string
	StateBound() string
	StateSuspended() string
	StateUnbound() string
	DoneBound() string
	DoneOnce() string
	DoneBack() string
	DoneAsked() string
	DoneReleased() string
	DoneMoved() string
	CaseMove() string
	CaseMoveText() string
	CaseMoveTo() string
	CaseWhole() string
	CaseRegister() string
	WrongTaken() string
	WrongLate() string
	WrongLevel() string
	WrongNumber() string
	WrongDenied() string
}

func (english) CaseDecide() string  { return "Decide" }
func (english) CaseApprove() string { return "It is the same person: bind" }

func (english) CaseApproveText() string {
	return "From then on your authority's systems are told this number when the person signs in."
}

func (english) CaseFourEyes() string {
	return "These records need two people: your approval is the first."
}
func (english) CaseReject() string  { return "Send it back" }
func (english) CaseWhy() string     { return "Reason" }
func (english) WhyMismatch() string { return "What was shown is not what the record says" }
func (english) WhyUnproven() string { return "There is not enough to tell" }
func (english) CaseAsk() string     { return "Ask for more" }

func (english) CaseAskText() string {
	return "The person is asked for one further detail and can then ask again."
}

func (english) CaseAskWhat() string { return "What" }

func (english) CaseFresh() string {
	return "To decide you need a sign-in of the last minutes, with two factors."
}

func (english) CaseHistory() string    { return "What has happened" }
func (english) StatePending() string   { return "No record yet" }
func (english) StateProposed() string  { return "Waiting to be checked" }
func (english) StateReview() string    { return "Being checked" }
func (english) StateBound() string     { return "Bound" }
func (english) StateSuspended() string { return "Out of service until somebody has looked" }
func (english) StateUnbound() string   { return "Ended" }
func (english) DoneBound() string      { return "It is bound." }
func (english) DoneOnce() string       { return "Noted. A second person decides." }
func (english) DoneBack() string       { return "It was sent back." }
func (english) DoneAsked() string      { return "The person will be asked." }
func (english) DoneReleased() string   { return "Others can take it up now." }

func (english) DoneMoved() string { return "It waits in the other office now." }
func (english) CaseMove() string  { return "Give it to another office" }

func (english) CaseMoveText() string {
	return "Staff there decide about it from the beginning. You will not see it any more, unless that office is one of yours."
}

func (english) CaseMoveTo() string   { return "Office" }
func (english) CaseWhole() string    { return "The whole authority" }
func (english) CaseRegister() string { return "In the register" }

func (english) WrongTaken() string {
	return "Somebody else has it, or the record is bound to somebody else."
}

func (english) WrongLate() string {
	return "It has been decided, or your half hour is over. Take it up again."
}

func (english) WrongLevel() string  { return "The person has proven too little for these records." }
func (english) WrongNumber() string { return "This is not a number of such a record." }
func (english) WrongDenied() string { return "This is not yours to decide." }

func (thai) CaseDecide() string {
	return "พิจารณา"
}

func (thai) CaseApprove() string {
	return "เป็นบุคคลเดียวกัน: ผูกทะเบียน"
}

func (thai) CaseApproveText() string {
	return "หลังจากนี้ระบบของหน่วยงานจะได้รับเลขนี้เมื่อบุคคลเข้าสู่ระบบ"
}

func (thai) CaseFourEyes() string {
	return "ทะเบียนนี้ต้องใช้ผู้พิจารณาสองคน ท่านเป็นคนแรก"
}

func (thai) CaseReject() string {
	return "ส่งกลับ"
}

func (thai) CaseWhy() string {
	return "เหตุผล"
}

func (thai) WhyMismatch() string {
	return "สิ่งที่แสดงไม่ตรงกับทะเบียน"
}

func (thai) WhyUnproven() string {
	return "ข้อมูลไม่พอที่จะตัดสิน"
}

func (thai) CaseAsk() string {
	return "ขอข้อมูลเพิ่ม"
}

func (thai) CaseAskText() string {
	return "บุคคลจะถูกขอข้อมูลเพิ่มหนึ่งรายการ แล้วจึงยื่นขอใหม่ได้"
}

func (thai) CaseAskWhat() string {
	return "รายการ"
}

func (thai) CaseFresh() string {
	return "การพิจารณาต้องเข้าสู่ระบบใหม่ภายในไม่กี่นาทีนี้ด้วยสองปัจจัย"
}

func (thai) CaseHistory() string {
	return "ความเป็นมา"
}

func (thai) StatePending() string {
	return "ยังไม่มีทะเบียน"
}

func (thai) StateProposed() string {
	return "รอการตรวจสอบ"
}

func (thai) StateReview() string {
	return "กำลังตรวจสอบ"
}

func (thai) StateBound() string {
	return "ผูกแล้ว"
}

func (thai) StateSuspended() string {
	return "ระงับไว้จนกว่าจะมีผู้ตรวจสอบ"
}

func (thai) StateUnbound() string {
	return "สิ้นสุดแล้ว"
}

func (thai) DoneBound() string {
	return "ผูกทะเบียนแล้ว"
}

func (thai) DoneOnce() string {
	return "บันทึกแล้ว คนที่สองจะเป็นผู้พิจารณา"
}

func (thai) DoneBack() string {
	return "ส่งกลับแล้ว"
}

func (thai) DoneAsked() string {
	return "จะมีการขอข้อมูลจากบุคคล"
}

func (thai) DoneReleased() string {
	return "ผู้อื่นรับเรื่องได้แล้ว"
}

func (thai) DoneMoved() string {
	return "คำขอรออยู่ที่พื้นที่อื่นแล้ว"
}

func (thai) CaseMove() string {
	return "ส่งต่อไปยังพื้นที่อื่น"
}

func (thai) CaseMoveText() string {
	return "เจ้าหน้าที่ที่นั่นจะพิจารณาใหม่ตั้งแต่ต้น ท่านจะไม่เห็นคำขอนี้อีก เว้นแต่พื้นที่นั้นอยู่ในความรับผิดชอบของท่าน"
}

func (thai) CaseMoveTo() string   { return "พื้นที่" }
func (thai) CaseWhole() string    { return "ทั้งหน่วยงาน" }
func (thai) CaseRegister() string { return "ในทะเบียน" }

func (thai) WrongTaken() string {
	return "ผู้อื่นรับเรื่องไว้แล้ว หรือทะเบียนผูกกับผู้อื่นแล้ว"
}

func (thai) WrongLate() string {
	return "มีการพิจารณาแล้ว หรือครบครึ่งชั่วโมงแล้ว โปรดรับเรื่องใหม่"
}

func (thai) WrongLevel() string {
	return "บุคคลพิสูจน์ตัวตนในระดับต่ำเกินไปสำหรับทะเบียนนี้"
}

func (thai) WrongNumber() string {
	return "นี่ไม่ใช่เลขทะเบียนประเภทนี้"
}

func (thai) WrongDenied() string {
	return "ท่านไม่มีสิทธิพิจารณาเรื่องนี้"
}

func (chinese) CaseDecide() string {
	return "决定"
}

func (chinese) CaseApprove() string {
	return "是同一人：绑定"
}

func (chinese) CaseApproveText() string {
	return "此后当事人登录时，贵机关的系统会收到该编号。"
}

func (chinese) CaseFourEyes() string {
	return "此类记录须两人同意：您是第一人。"
}

func (chinese) CaseReject() string {
	return "退回"
}

func (chinese) CaseWhy() string {
	return "理由"
}

func (chinese) WhyMismatch() string {
	return "出示内容与记录不符"
}

func (chinese) WhyUnproven() string {
	return "依据不足"
}

func (chinese) CaseAsk() string {
	return "要求补充"
}

func (chinese) CaseAskText() string {
	return "将请当事人补充一项内容，之后可再次申请。"
}

func (chinese) CaseAskWhat() string {
	return "内容"
}

func (chinese) CaseFresh() string {
	return "作出决定需要您在最近几分钟内以双因素登录。"
}

func (chinese) CaseHistory() string {
	return "经过"
}

func (chinese) StatePending() string {
	return "尚无记录"
}

func (chinese) StateProposed() string {
	return "等待核对"
}

func (chinese) StateReview() string {
	return "核对中"
}

func (chinese) StateBound() string {
	return "已绑定"
}

func (chinese) StateSuspended() string {
	return "暂停，待核查"
}

func (chinese) StateUnbound() string {
	return "已结束"
}

func (chinese) DoneBound() string {
	return "已绑定。"
}

func (chinese) DoneOnce() string {
	return "已记录，由第二人决定。"
}

func (chinese) DoneBack() string {
	return "已退回。"
}

func (chinese) DoneAsked() string {
	return "将请当事人补充。"
}

func (chinese) DoneReleased() string {
	return "其他人现在可以受理。"
}

func (chinese) DoneMoved() string { return "该事项现在由另一个办事处处理。" }
func (chinese) CaseMove() string  { return "转交另一个办事处" }

func (chinese) CaseMoveText() string {
	return "那里的工作人员将从头审核。除非该办事处也由您负责，否则您将不再看到此事项。"
}

func (chinese) CaseMoveTo() string   { return "办事处" }
func (chinese) CaseWhole() string    { return "整个机关" }
func (chinese) CaseRegister() string { return "登记信息" }

func (chinese) WrongTaken() string {
	return "已由他人受理，或该记录已绑定他人。"
}

func (chinese) WrongLate() string {
	return "已有决定，或半小时已过，请重新受理。"
}

func (chinese) WrongLevel() string {
	return "当事人的核验级别不足以办理此类记录。"
}

func (chinese) WrongNumber() string {
	return "这不是此类记录的编号。"
}

func (chinese) WrongDenied() string {
	return "您无权决定此事项。"
}

func (vietnamese) CaseDecide() string  { return "Quyết định" }
func (vietnamese) CaseApprove() string { return "Cùng một người: gắn kết" }

func (vietnamese) CaseApproveText() string {
	return "Từ đó hệ thống của cơ quan được cho biết số này khi người đó đăng nhập."
}

func (vietnamese) CaseFourEyes() string {
	return "Hồ sơ này cần hai người: bạn là người thứ nhất."
}
func (vietnamese) CaseReject() string { return "Gửi trả lại" }
func (vietnamese) CaseWhy() string    { return "Lý do" }
func (vietnamese) WhyMismatch() string {
	return "Điều đã xuất trình không khớp với hồ sơ"
}
func (vietnamese) WhyUnproven() string { return "Không đủ để kết luận" }
func (vietnamese) CaseAsk() string     { return "Hỏi thêm" }
func (vietnamese) CaseAskText() string {
	return "Người đó được hỏi thêm một chi tiết rồi có thể yêu cầu lại."
}
func (vietnamese) CaseAskWhat() string { return "Điều gì" }

func (vietnamese) CaseFresh() string {
	return "Để quyết định, bạn cần đăng nhập lại trong vài phút gần đây bằng hai yếu tố."
}

func (vietnamese) CaseHistory() string    { return "Diễn biến" }
func (vietnamese) StatePending() string   { return "Chưa có hồ sơ" }
func (vietnamese) StateProposed() string  { return "Chờ đối chiếu" }
func (vietnamese) StateReview() string    { return "Đang đối chiếu" }
func (vietnamese) StateBound() string     { return "Đã gắn kết" }
func (vietnamese) StateSuspended() string { return "Tạm ngưng cho đến khi có người xem" }
func (vietnamese) StateUnbound() string   { return "Đã kết thúc" }
func (vietnamese) DoneBound() string      { return "Đã gắn kết." }
func (vietnamese) DoneOnce() string {
	return "Đã ghi nhận. Người thứ hai sẽ quyết định."
}
func (vietnamese) DoneBack() string     { return "Đã gửi trả lại." }
func (vietnamese) DoneAsked() string    { return "Người đó sẽ được hỏi." }
func (vietnamese) DoneReleased() string { return "Người khác có thể nhận." }

func (vietnamese) DoneMoved() string { return "Hồ sơ hiện chờ ở văn phòng khác." }
func (vietnamese) CaseMove() string  { return "Chuyển cho văn phòng khác" }

func (vietnamese) CaseMoveText() string {
	return "Nhân viên ở đó sẽ xem xét lại từ đầu. Bạn sẽ không còn thấy hồ sơ này, trừ khi văn phòng đó thuộc phạm vi của bạn."
}

func (vietnamese) CaseMoveTo() string   { return "Văn phòng" }
func (vietnamese) CaseWhole() string    { return "Toàn cơ quan" }
func (vietnamese) CaseRegister() string { return "Trong sổ đăng ký" }
func (vietnamese) WrongTaken() string {
	return "Người khác đang giữ, hoặc hồ sơ đã gắn với người khác."
}

func (vietnamese) WrongLate() string {
	return "Đã có quyết định, hoặc nửa giờ đã hết. Hãy nhận lại."
}

func (vietnamese) WrongLevel() string {
	return "Người đó chứng minh chưa đủ cho loại hồ sơ này."
}

func (vietnamese) WrongNumber() string { return "Đây không phải số của loại hồ sơ này." }

func (vietnamese) WrongDenied() string { return "Bạn không được quyết định việc này." }
