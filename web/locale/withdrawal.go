package locale

// withdrawalTexts tell the effects of taking a consent back before it is done (CON-03).
type withdrawalTexts interface {
	ConsentsIf() string
	ConsentsNoLonger() string
	ConsentsAccess() string
	ConsentsAway() string
	ConsentsNeeded() string
	ConsentsGoesOn() string
	ConsentsBefore() string
}

func (english) ConsentsIf() string       { return "If you take it back" }
func (english) ConsentsNoLonger() string { return "The service gets no more from here:" }
func (english) ConsentsAccess() string {
	return "The access that it has now ends at once. Your sign-in here goes on."
}

func (english) ConsentsAway() string {
	return "It can no longer look anything up for you while you are away."
}

func (english) ConsentsNeeded() string {
	return "It can't work without some of this: it asks you again before it lets you in the next time."
}

func (english) ConsentsGoesOn() string {
	return "What is sent on another legal ground goes on being sent: see above."
}

func (english) ConsentsBefore() string {
	return "What it received until now was lawful, and it may have to keep it. To have it corrected or erased, write to the authority."
}

func (thai) ConsentsIf() string {
	return "หากท่านถอนความยินยอม"
}

func (thai) ConsentsNoLonger() string {
	return "บริการจะไม่ได้รับข้อมูลต่อไปนี้จากที่นี่อีก:"
}

func (thai) ConsentsAccess() string {
	return "สิทธิ์เข้าถึงที่บริการมีอยู่ตอนนี้สิ้นสุดทันที แต่ท่านยังอยู่ในระบบที่นี่"
}

func (thai) ConsentsAway() string {
	return "บริการจะค้นข้อมูลแทนท่านในขณะที่ท่านไม่อยู่ไม่ได้อีก"
}

func (thai) ConsentsNeeded() string {
	return "บริการทำงานไม่ได้หากขาดข้อมูลบางอย่างนี้ จึงจะถามท่านใหม่ก่อนให้เข้าใช้ครั้งต่อไป"
}

func (thai) ConsentsGoesOn() string {
	return "ข้อมูลที่ส่งโดยอาศัยฐานทางกฎหมายอื่นยังส่งต่อไปตามที่แสดงข้างต้น"
}

func (thai) ConsentsBefore() string {
	return "ข้อมูลที่บริการได้รับไปแล้วถือว่าส่งโดยชอบ และหน่วยงานอาจต้องเก็บไว้ หากต้องการให้แก้ไขหรือลบ โปรดติดต่อหน่วยงาน"
}

func (chinese) ConsentsIf() string       { return "撤回后的影响" }
func (chinese) ConsentsNoLonger() string { return "该服务不再从这里收到：" }
func (chinese) ConsentsAccess() string {
	return "该服务现有的访问权限立即终止。您在此处仍保持登录。"
}
func (chinese) ConsentsAway() string { return "您不在时，它不能再代您查询。" }
func (chinese) ConsentsNeeded() string {
	return "缺少其中部分数据，该服务无法使用：下次让您进入之前会再次询问您。"
}

func (chinese) ConsentsGoesOn() string {
	return "依据其他法律依据发送的数据仍会继续发送，见上文。"
}

func (chinese) ConsentsBefore() string {
	return "此前收到的数据属合法取得，机关可能须予保存。如需更正或删除，请联系该机关。"
}

func (vietnamese) ConsentsIf() string       { return "Nếu bạn rút lại" }
func (vietnamese) ConsentsNoLonger() string { return "Dịch vụ không còn nhận từ đây:" }
func (vietnamese) ConsentsAccess() string {
	return "Quyền truy cập hiện có của dịch vụ chấm dứt ngay. Bạn vẫn đăng nhập ở đây."
}

func (vietnamese) ConsentsAway() string {
	return "Dịch vụ không còn có thể tra cứu thay bạn khi bạn vắng mặt."
}

func (vietnamese) ConsentsNeeded() string {
	return "Dịch vụ không hoạt động được nếu thiếu một phần trong số này: lần sau dịch vụ sẽ hỏi lại trước khi cho bạn vào."
}

func (vietnamese) ConsentsGoesOn() string {
	return "Những gì được gửi theo căn cứ pháp lý khác vẫn tiếp tục được gửi: xem ở trên."
}

func (vietnamese) ConsentsBefore() string {
	return "Những gì dịch vụ đã nhận là hợp pháp và cơ quan có thể phải lưu giữ. Để sửa hoặc xóa, hãy liên hệ cơ quan đó."
}
