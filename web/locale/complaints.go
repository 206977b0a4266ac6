package locale

// complaintTexts are on the page where a person complains or asks for a correction (PRV-14, PRV-19).
type complaintTexts interface {
	NavComplaints() string
	AboutComplaints() string
	ComplaintsTitle() string
	ComplaintsLead() string
	ComplaintFiled(reference string) string
	ComplaintTold() string
	ComplaintWithdrawn() string
	ComplaintWrong() string
	ComplaintTooMany() string
	ComplaintGone() string
	ComplaintTo() string
	ComplaintChoose() string
	ComplaintPlatform() string
	AuthorityGone() string // instead of the name of a department that is not in the register any more
	ComplaintKind() string
	ComplaintComplaint() string
	ComplaintCorrection() string
	ComplaintText() string
	ComplaintHint() string
	ComplaintSend() string
	ComplaintWho() string
	ComplaintMine() string
	ComplaintNone() string
	ComplaintReference() string
	ComplaintState() string
	ComplaintSent() string
	ComplaintWaits(date string) string
	ComplaintRead(date string) string
	ComplaintLate(date string) string
	ComplaintEnded(date string) string
	ComplaintTakenBack(date string) string
	ComplaintUpheld() string
	ComplaintPartly() string
	ComplaintRejected() string
	ComplaintElsewhere() string
	ComplaintWrote() string
	ComplaintAnswer() string
	ComplaintErased() string
	ComplaintTakeBack() string
	ComplaintInPerson() string
	ComplaintInPersonText() string
	ComplaintContacts() string
	MeAnswered() string
	EventComplaintFiled() string
	EventComplaintOpened() string
	EventComplaintAnswered() string
	EventComplaintWithdrawn() string
}

func (english) NavComplaints() string { return "Complaints and corrections" }
func (english) AboutComplaints() string {
	return "Say what went wrong, or what is wrong about you, and follow the answer."
}
func (english) ComplaintsTitle() string { return "Complaints and corrections" }
func (english) ComplaintsLead() string {
	return "Write to the authority that is responsible, or to us where it is about signing in. It has 30 days to answer, and you see here how far it has come."
}

func (english) ComplaintFiled(reference string) string {
	return "Sent. Your reference is " + reference + "."
}

func (english) ComplaintTold() string {
	return "Keep it: by telephone or at the counter they find your letter by it."
}
func (english) ComplaintWithdrawn() string { return "Taken back." }
func (english) ComplaintWrong() string {
	return "Please choose whom you write to, and what you want, and write between 10 and 4,000 letters."
}

func (english) ComplaintTooMany() string {
	return "Five letters of yours are waiting for an answer, or you have written enough for today. What you wrote is still below."
}

func (english) ComplaintGone() string       { return "It has been answered meanwhile, or is not there." }
func (english) ComplaintTo() string         { return "Who should answer?" }
func (english) ComplaintChoose() string     { return "Please choose" }
func (english) AuthorityGone() string       { return "An authority that is no longer connected" }
func (english) ComplaintPlatform() string   { return "This platform: signing in, consents, my account" }
func (english) ComplaintKind() string       { return "What do you want?" }
func (english) ComplaintComplaint() string  { return "I complain about something" }
func (english) ComplaintCorrection() string { return "Something that is held about me is wrong" }
func (english) ComplaintText() string       { return "What happened, or what is wrong?" }
func (english) ComplaintHint() string {
	return "Say when and where, and what you would like. Leave out passwords, codes and card numbers. At most 4,000 letters."
}
func (english) ComplaintSend() string { return "Send" }
func (english) ComplaintWho() string {
	return "It is kept encrypted. Only those at the authority whose task it is can read it, and your history shows when somebody did. The texts are erased a year after the answer."
}
func (english) ComplaintMine() string      { return "What you have sent" }
func (english) ComplaintNone() string      { return "You have not sent anything." }
func (english) ComplaintReference() string { return "Reference" }
func (english) ComplaintState() string     { return "How far it is" }
func (english) ComplaintSent() string      { return "Sent" }
func (english) ComplaintWaits(date string) string {
	return "It waits to be read. Answer by " + date + "."
}

func (english) ComplaintRead(date string) string { return "It has been read. Answer by " + date + "." }

func (english) ComplaintLate(date string) string {
	return "The answer was due on " + date + ". Write to us if you hear nothing."
}
func (english) ComplaintEnded(date string) string     { return "Answered on " + date + "." }
func (english) ComplaintTakenBack(date string) string { return "You took it back on " + date + "." }
func (english) ComplaintUpheld() string               { return "They agree with you." }
func (english) ComplaintPartly() string               { return "They agree with a part of it." }
func (english) ComplaintRejected() string             { return "They do not agree." }
func (english) ComplaintElsewhere() string            { return "Another authority must decide it." }
func (english) ComplaintWrote() string                { return "What you wrote" }
func (english) ComplaintAnswer() string               { return "The answer" }
func (english) ComplaintErased() string               { return "The text was erased." }
func (english) ComplaintTakeBack() string             { return "Take it back" }
func (english) ComplaintInPerson() string             { return "Rather speak to somebody?" }
func (english) ComplaintInPersonText() string {
	return "You can also call or come by. Each authority's own contact is on the page of authorities."
}

func (english) ComplaintContacts() string { return "Contacts of the authorities that I used" }

func (english) MeAnswered() string { return "Somebody has answered what you wrote." }

func (english) EventComplaintFiled() string {
	return "You sent a complaint or a request for correction."
}

func (english) EventComplaintOpened() string { return "The authority read what you wrote." }

func (english) EventComplaintAnswered() string  { return "The authority answered what you wrote." }
func (english) EventComplaintWithdrawn() string { return "You took back what you wrote." }

func (thai) NavComplaints() string {
	return "ร้องเรียนและขอแก้ไขข้อมูล"
}

func (thai) AboutComplaints() string {
	return "แจ้งสิ่งที่ผิดพลาดหรือข้อมูลของท่านที่ไม่ถูกต้อง และติดตามคำตอบ"
}

func (thai) ComplaintsTitle() string {
	return "ร้องเรียนและขอแก้ไขข้อมูล"
}

func (thai) ComplaintsLead() string {
	return "เขียนถึงหน่วยงานที่รับผิดชอบ หรือเขียนถึงเราหากเป็นเรื่องการเข้าสู่ระบบ หน่วยงานมีเวลาตอบ 30 วัน และท่านติดตามได้ที่นี่"
}

func (thai) ComplaintFiled(reference string) string {
	return "ส่งแล้ว หมายเลขอ้างอิงของท่านคือ " + reference
}

func (thai) ComplaintTold() string {
	return "โปรดเก็บไว้ เจ้าหน้าที่ใช้หมายเลขนี้ค้นหาเรื่องของท่านทางโทรศัพท์หรือที่เคาน์เตอร์"
}
func (thai) ComplaintWithdrawn() string { return "ถอนเรื่องแล้ว" }
func (thai) ComplaintWrong() string {
	return "โปรดเลือกผู้รับและสิ่งที่ท่านต้องการ แล้วเขียน 10 ถึง 4,000 ตัวอักษร"
}

func (thai) ComplaintTooMany() string {
	return "ท่านมีเรื่องที่รอคำตอบอยู่ห้าเรื่อง หรือเขียนครบจำนวนของวันนี้แล้ว ข้อความที่ท่านเขียนยังอยู่ด้านล่าง"
}

func (thai) ComplaintGone() string {
	return "เรื่องนี้ได้รับคำตอบแล้ว หรือไม่มีอยู่"
}

func (thai) ComplaintTo() string     { return "ใครควรเป็นผู้ตอบ" }
func (thai) ComplaintChoose() string { return "โปรดเลือก" }
func (thai) AuthorityGone() string {
	return "หน่วยงานที่ไม่ได้เชื่อมต่อแล้ว"
}

func (thai) ComplaintPlatform() string {
	return "แพลตฟอร์มนี้: การเข้าสู่ระบบ ความยินยอม บัญชีของฉัน"
}
func (thai) ComplaintKind() string { return "ท่านต้องการอะไร" }
func (thai) ComplaintComplaint() string {
	return "ร้องเรียนเรื่องใดเรื่องหนึ่ง"
}

func (thai) ComplaintCorrection() string {
	return "ข้อมูลเกี่ยวกับฉันที่เก็บไว้ไม่ถูกต้อง"
}

func (thai) ComplaintText() string {
	return "เกิดอะไรขึ้น หรืออะไรไม่ถูกต้อง"
}

func (thai) ComplaintHint() string {
	return "โปรดบอกว่าเมื่อใด ที่ไหน และท่านต้องการให้ทำอย่างไร อย่าใส่รหัสผ่าน รหัสยืนยัน หรือหมายเลขบัตร ไม่เกิน 4,000 ตัวอักษร"
}
func (thai) ComplaintSend() string { return "ส่ง" }
func (thai) ComplaintWho() string {
	return "ข้อความถูกเก็บแบบเข้ารหัส เฉพาะเจ้าหน้าที่ผู้รับผิดชอบเท่านั้นที่อ่านได้ และประวัติของท่านจะแสดงเมื่อมีผู้อ่าน ข้อความจะถูกลบหลังได้รับคำตอบหนึ่งปี"
}

func (thai) ComplaintMine() string {
	return "เรื่องที่ท่านส่งไปแล้ว"
}

func (thai) ComplaintNone() string {
	return "ท่านยังไม่เคยส่งเรื่องใด"
}
func (thai) ComplaintReference() string { return "หมายเลขอ้างอิง" }
func (thai) ComplaintState() string     { return "ความคืบหน้า" }
func (thai) ComplaintSent() string      { return "ส่งเมื่อ" }
func (thai) ComplaintWaits(date string) string {
	return "รอการอ่าน กำหนดตอบภายใน " + date
}

func (thai) ComplaintRead(date string) string {
	return "เจ้าหน้าที่อ่านแล้ว กำหนดตอบภายใน " + date
}

func (thai) ComplaintLate(date string) string {
	return "ครบกำหนดตอบเมื่อ " + date + " หากยังไม่ได้รับคำตอบ โปรดเขียนถึงเรา"
}

func (thai) ComplaintEnded(date string) string { return "ตอบแล้วเมื่อ " + date }

func (thai) ComplaintTakenBack(date string) string {
	return "ท่านถอนเรื่องเมื่อ " + date
}

func (thai) ComplaintUpheld() string {
	return "หน่วยงานเห็นด้วยกับท่าน"
}

func (thai) ComplaintPartly() string {
	return "หน่วยงานเห็นด้วยบางส่วน"
}

func (thai) ComplaintRejected() string {
	return "หน่วยงานไม่เห็นด้วย"
}

func (thai) ComplaintElsewhere() string {
	return "หน่วยงานอื่นต้องเป็นผู้พิจารณา"
}

func (thai) ComplaintWrote() string    { return "สิ่งที่ท่านเขียน" }
func (thai) ComplaintAnswer() string   { return "คำตอบ" }
func (thai) ComplaintErased() string   { return "ข้อความถูกลบแล้ว" }
func (thai) ComplaintTakeBack() string { return "ถอนเรื่อง" }
func (thai) ComplaintInPerson() string {
	return "อยากพูดคุยกับเจ้าหน้าที่มากกว่า"
}

func (thai) ComplaintInPersonText() string {
	return "ท่านโทรศัพท์หรือไปติดต่อด้วยตนเองได้ ช่องทางของแต่ละหน่วยงานอยู่ในหน้าหน่วยงาน"
}

func (thai) ComplaintContacts() string {
	return "ช่องทางติดต่อหน่วยงานที่ฉันเคยใช้"
}

func (thai) MeAnswered() string {
	return "มีคำตอบสำหรับเรื่องที่ท่านเขียน"
}

func (thai) EventComplaintFiled() string {
	return "ท่านส่งเรื่องร้องเรียนหรือคำขอแก้ไขข้อมูล"
}

func (thai) EventComplaintOpened() string {
	return "หน่วยงานอ่านเรื่องที่ท่านเขียน"
}

func (thai) EventComplaintAnswered() string {
	return "หน่วยงานตอบเรื่องที่ท่านเขียน"
}

func (thai) EventComplaintWithdrawn() string {
	return "ท่านถอนเรื่องที่เขียน"
}

func (chinese) NavComplaints() string { return "投诉与更正" }
func (chinese) AboutComplaints() string {
	return "说明哪里出了问题，或哪些关于您的信息有误，并查看答复。"
}
func (chinese) ComplaintsTitle() string { return "投诉与更正" }
func (chinese) ComplaintsLead() string {
	return "请写给负责的机关；若涉及登录，请写给我们。对方须在 30 天内答复，您可在此查看进展。"
}

func (chinese) ComplaintFiled(reference string) string {
	return "已发送。您的编号是 " + reference + "。"
}

func (chinese) ComplaintTold() string {
	return "请妥善保存：电话或柜台工作人员凭此编号查找您的来信。"
}
func (chinese) ComplaintWithdrawn() string { return "已撤回。" }
func (chinese) ComplaintWrong() string {
	return "请选择收件方和您的诉求，并填写 10 至 4,000 字。"
}

func (chinese) ComplaintTooMany() string {
	return "您已有五件来信在等待答复，或今天已达上限。您填写的内容仍在下方。"
}
func (chinese) ComplaintGone() string       { return "该来信已获答复，或并不存在。" }
func (chinese) ComplaintTo() string         { return "应由谁答复？" }
func (chinese) ComplaintChoose() string     { return "请选择" }
func (chinese) AuthorityGone() string       { return "已不再接入的机关" }
func (chinese) ComplaintPlatform() string   { return "本平台：登录、授权、我的账户" }
func (chinese) ComplaintKind() string       { return "您的诉求是？" }
func (chinese) ComplaintComplaint() string  { return "我要投诉" }
func (chinese) ComplaintCorrection() string { return "所保存的关于我的信息有误" }
func (chinese) ComplaintText() string       { return "发生了什么，或哪里有误？" }
func (chinese) ComplaintHint() string {
	return "请说明时间、地点和您的要求。请勿填写密码、验证码或证件号码。最多 4,000 字。"
}
func (chinese) ComplaintSend() string { return "发送" }
func (chinese) ComplaintWho() string {
	return "内容加密保存。只有该机关负责此事的人员可以阅读，有人阅读时您的记录会显示。答复一年后，文字将被删除。"
}
func (chinese) ComplaintMine() string      { return "您已发送的来信" }
func (chinese) ComplaintNone() string      { return "您尚未发送任何来信。" }
func (chinese) ComplaintReference() string { return "编号" }
func (chinese) ComplaintState() string     { return "进展" }
func (chinese) ComplaintSent() string      { return "发送时间" }
func (chinese) ComplaintWaits(date string) string {
	return "等待阅读，应于 " + date + "前答复。"
}

func (chinese) ComplaintRead(date string) string {
	return "已阅读，应于 " + date + "前答复。"
}

func (chinese) ComplaintLate(date string) string {
	return "答复期限为 " + date + "。如仍无消息，请写给我们。"
}
func (chinese) ComplaintEnded(date string) string     { return "已于 " + date + "答复。" }
func (chinese) ComplaintTakenBack(date string) string { return "您已于 " + date + "撤回。" }
func (chinese) ComplaintUpheld() string               { return "对方同意您的意见。" }
func (chinese) ComplaintPartly() string               { return "对方部分同意。" }
func (chinese) ComplaintRejected() string             { return "对方不同意。" }
func (chinese) ComplaintElsewhere() string            { return "须由其他机关处理。" }
func (chinese) ComplaintWrote() string                { return "您的来信" }
func (chinese) ComplaintAnswer() string               { return "答复" }
func (chinese) ComplaintErased() string               { return "文字已删除。" }
func (chinese) ComplaintTakeBack() string             { return "撤回" }
func (chinese) ComplaintInPerson() string             { return "更想当面或电话沟通？" }
func (chinese) ComplaintInPersonText() string {
	return "您也可以致电或亲自前往。各机关的联系方式见机关页面。"
}

func (chinese) ComplaintContacts() string       { return "我使用过的机关的联系方式" }
func (chinese) MeAnswered() string              { return "您的来信已有答复。" }
func (chinese) EventComplaintFiled() string     { return "您发送了投诉或更正请求。" }
func (chinese) EventComplaintOpened() string    { return "机关阅读了您的来信。" }
func (chinese) EventComplaintAnswered() string  { return "机关答复了您的来信。" }
func (chinese) EventComplaintWithdrawn() string { return "您撤回了来信。" }

func (vietnamese) NavComplaints() string { return "Khiếu nại và đính chính" }
func (vietnamese) AboutComplaints() string {
	return "Cho biết điều gì sai, hoặc thông tin nào về bạn không đúng, và theo dõi câu trả lời."
}
func (vietnamese) ComplaintsTitle() string { return "Khiếu nại và đính chính" }
func (vietnamese) ComplaintsLead() string {
	return "Hãy viết cho cơ quan chịu trách nhiệm, hoặc cho chúng tôi nếu là việc đăng nhập. Nơi nhận có 30 ngày để trả lời, và bạn theo dõi được tại đây."
}

func (vietnamese) ComplaintFiled(reference string) string {
	return "Đã gửi. Mã tham chiếu của bạn là " + reference + "."
}

func (vietnamese) ComplaintTold() string {
	return "Hãy giữ lại: qua điện thoại hoặc tại quầy, cán bộ tìm thư của bạn bằng mã này."
}
func (vietnamese) ComplaintWithdrawn() string { return "Đã rút lại." }
func (vietnamese) ComplaintWrong() string {
	return "Hãy chọn nơi nhận và điều bạn muốn, rồi viết từ 10 đến 4.000 ký tự."
}

func (vietnamese) ComplaintTooMany() string {
	return "Bạn có năm thư đang chờ trả lời, hoặc đã viết đủ cho hôm nay. Nội dung bạn viết vẫn còn bên dưới."
}

func (vietnamese) ComplaintGone() string {
	return "Thư này đã được trả lời, hoặc không tồn tại."
}
func (vietnamese) ComplaintTo() string     { return "Ai cần trả lời?" }
func (vietnamese) ComplaintChoose() string { return "Hãy chọn" }
func (vietnamese) AuthorityGone() string   { return "Cơ quan không còn được kết nối" }
func (vietnamese) ComplaintPlatform() string {
	return "Nền tảng này: đăng nhập, đồng ý, tài khoản của tôi"
}
func (vietnamese) ComplaintKind() string      { return "Bạn muốn gì?" }
func (vietnamese) ComplaintComplaint() string { return "Tôi khiếu nại một việc" }
func (vietnamese) ComplaintCorrection() string {
	return "Thông tin đang lưu về tôi không đúng"
}

func (vietnamese) ComplaintText() string {
	return "Điều gì đã xảy ra, hoặc điều gì không đúng?"
}

func (vietnamese) ComplaintHint() string {
	return "Cho biết khi nào, ở đâu và bạn muốn gì. Đừng ghi mật khẩu, mã hay số thẻ. Tối đa 4.000 ký tự."
}
func (vietnamese) ComplaintSend() string { return "Gửi" }
func (vietnamese) ComplaintWho() string {
	return "Nội dung được lưu mã hóa. Chỉ người có nhiệm vụ tại cơ quan mới đọc được, và lịch sử của bạn cho thấy khi có người đọc. Văn bản bị xóa một năm sau khi trả lời."
}
func (vietnamese) ComplaintMine() string      { return "Những gì bạn đã gửi" }
func (vietnamese) ComplaintNone() string      { return "Bạn chưa gửi gì." }
func (vietnamese) ComplaintReference() string { return "Mã tham chiếu" }
func (vietnamese) ComplaintState() string     { return "Tiến độ" }
func (vietnamese) ComplaintSent() string      { return "Gửi lúc" }
func (vietnamese) ComplaintWaits(date string) string {
	return "Đang chờ đọc. Hạn trả lời: " + date + "."
}

func (vietnamese) ComplaintRead(date string) string {
	return "Đã được đọc. Hạn trả lời: " + date + "."
}

func (vietnamese) ComplaintLate(date string) string {
	return "Hạn trả lời là " + date + ". Nếu chưa nhận được gì, hãy viết cho chúng tôi."
}

func (vietnamese) ComplaintEnded(date string) string { return "Đã trả lời ngày " + date + "." }

func (vietnamese) ComplaintTakenBack(date string) string {
	return "Bạn đã rút lại ngày " + date + "."
}
func (vietnamese) ComplaintUpheld() string   { return "Họ đồng ý với bạn." }
func (vietnamese) ComplaintPartly() string   { return "Họ đồng ý một phần." }
func (vietnamese) ComplaintRejected() string { return "Họ không đồng ý." }
func (vietnamese) ComplaintElsewhere() string {
	return "Cơ quan khác phải quyết định việc này."
}
func (vietnamese) ComplaintWrote() string    { return "Nội dung bạn viết" }
func (vietnamese) ComplaintAnswer() string   { return "Câu trả lời" }
func (vietnamese) ComplaintErased() string   { return "Văn bản đã bị xóa." }
func (vietnamese) ComplaintTakeBack() string { return "Rút lại" }
func (vietnamese) ComplaintInPerson() string { return "Muốn nói chuyện trực tiếp?" }

func (vietnamese) ComplaintInPersonText() string {
	return "Bạn cũng có thể gọi điện hoặc đến tận nơi. Liên hệ của từng cơ quan ở trang các cơ quan."
}

func (vietnamese) ComplaintContacts() string { return "Liên hệ của các cơ quan tôi đã dùng" }

func (vietnamese) MeAnswered() string { return "Đã có câu trả lời cho thư của bạn." }

func (vietnamese) EventComplaintFiled() string {
	return "Bạn đã gửi khiếu nại hoặc yêu cầu đính chính."
}

func (vietnamese) EventComplaintOpened() string { return "Cơ quan đã đọc thư của bạn." }

func (vietnamese) EventComplaintAnswered() string {
	return "Cơ quan đã trả lời thư của bạn."
}
func (vietnamese) EventComplaintWithdrawn() string { return "Bạn đã rút lại thư." }
