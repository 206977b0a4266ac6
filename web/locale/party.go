package locale

// partyTexts are on the page that asks for whom a person acts.
type partyTexts interface {
	PartyTitle() string
	PartyLead() string
	PartySelf() string
	PartyHead() string
	PartyUntil(date string) string
	PartyLast() string
	PartyNone() string
	PartyNoneNext() string
	PartyGone() string
	EndMandate() string
}

func (english) PartyTitle() string {
	return "For whom are you acting?"
}

func (english) PartyLead() string {
	return "You can use this service for yourself, or for a company or organisation that has given you a mandate. Everything is recorded under your own name."
}

func (english) PartySelf() string {
	return "For myself"
}

func (english) PartyHead() string {
	return "You are its administrator"
}

func (english) PartyUntil(date string) string {
	return "Your mandate counts until " + date
}

func (english) PartyLast() string {
	return "Chosen last time"
}

func (english) PartyNone() string {
	return "You hold no mandate for this service"
}

func (english) PartyNoneNext() string {
	return "This service is for companies and organisations. Ask the administrator of yours to give you a mandate for this authority."
}

func (english) PartyGone() string {
	return "That choice is no longer possible. Please choose again."
}

func (english) EndMandate() string {
	return "The mandate to act there has ended"
}

func (thai) PartyTitle() string {
	return "ท่านทำรายการในนามของใคร"
}

func (thai) PartyLead() string {
	return "ท่านใช้บริการนี้เพื่อตนเอง หรือในนามของบริษัทหรือองค์กรที่มอบอำนาจให้ท่านได้ ทุกรายการจะถูกบันทึกในชื่อของท่านเอง"
}

func (thai) PartySelf() string {
	return "เพื่อตนเอง"
}

func (thai) PartyHead() string {
	return "ท่านเป็นผู้ดูแลหลักของนิติบุคคลนี้"
}

func (thai) PartyUntil(date string) string {
	return "การมอบอำนาจของท่านมีผลถึงวันที่ " + date
}

func (thai) PartyLast() string {
	return "เลือกไว้ครั้งก่อน"
}

func (thai) PartyNone() string {
	return "ท่านไม่ได้รับมอบอำนาจสำหรับบริการนี้"
}

func (thai) PartyNoneNext() string {
	return "บริการนี้สำหรับบริษัทและองค์กร โปรดขอให้ผู้ดูแลหลักของนิติบุคคลมอบอำนาจสำหรับหน่วยงานนี้ให้ท่าน"
}

func (thai) PartyGone() string {
	return "ตัวเลือกนั้นใช้ไม่ได้แล้ว โปรดเลือกใหม่"
}

func (thai) EndMandate() string {
	return "การมอบอำนาจให้ทำรายการที่นั่นสิ้นสุดแล้ว"
}

func (chinese) PartyTitle() string {
	return "您代表谁办理？"
}

func (chinese) PartyLead() string {
	return "您可以为自己使用此服务，也可以代表授权给您的公司或组织使用。所有操作都会以您本人的名义记录。"
}

func (chinese) PartySelf() string {
	return "为我自己"
}

func (chinese) PartyHead() string {
	return "您是其管理员"
}

func (chinese) PartyUntil(date string) string {
	return "您的授权有效期至 " + date
}

func (chinese) PartyLast() string {
	return "上次的选择"
}

func (chinese) PartyNone() string {
	return "您没有此服务的授权"
}

func (chinese) PartyNoneNext() string {
	return "此服务面向公司和组织。请让您所在单位的管理员授予您在该机关的权限。"
}

func (chinese) PartyGone() string {
	return "该选项已不可用，请重新选择。"
}

func (chinese) EndMandate() string {
	return "在该处代办的授权已终止"
}

func (vietnamese) PartyTitle() string {
	return "Bạn đang thực hiện cho ai?"
}

func (vietnamese) PartyLead() string {
	return "Bạn có thể dùng dịch vụ này cho chính mình, hoặc cho công ty hay tổ chức đã ủy quyền cho bạn. Mọi việc đều được ghi lại dưới tên của chính bạn."
}

func (vietnamese) PartySelf() string {
	return "Cho chính tôi"
}

func (vietnamese) PartyHead() string {
	return "Bạn là quản trị viên của tổ chức này"
}

func (vietnamese) PartyUntil(date string) string {
	return "Ủy quyền của bạn có hiệu lực đến " + date
}

func (vietnamese) PartyLast() string {
	return "Đã chọn lần trước"
}

func (vietnamese) PartyNone() string {
	return "Bạn không có ủy quyền nào cho dịch vụ này"
}

func (vietnamese) PartyNoneNext() string {
	return "Dịch vụ này dành cho công ty và tổ chức. Hãy nhờ quản trị viên của đơn vị bạn ủy quyền cho bạn tại cơ quan này."
}

func (vietnamese) PartyGone() string {
	return "Lựa chọn đó không còn nữa. Vui lòng chọn lại."
}

func (vietnamese) EndMandate() string {
	return "Ủy quyền thực hiện tại đó đã chấm dứt"
}
