package locale

// noticeKindTexts say what a notice is about and what became of it.
type noticeKindTexts interface {
	NoticeContactAdded() string
	NoticeContactRemoved() string
	NoticeSuspended() string
	NoticeResumed() string
	NoticeTerminated() string
	NoticeItemLocked() string
	NoticeItemOpened() string
	NoticeRecordBound() string
	NoticeRecordSuspended() string
	NoticeRecordResumed() string
	NoticeRecordUnbound() string
	NoticeComplaintAnswered() string
	NoticeCounterConfirmed() string
	NoticeTold() string
	NoticeWaiting() string
	NoticeFailed() string
	NoticeInvite() string
}

func (english) NoticeContactAdded() string {
	return "A contact was added."
}

func (english) NoticeContactRemoved() string {
	return "A contact was removed."
}

func (english) NoticeSuspended() string {
	return "Your account was suspended."
}

func (english) NoticeResumed() string {
	return "Your account was opened again."
}

func (english) NoticeTerminated() string {
	return "Your account was closed."
}

func (english) NoticeItemLocked() string {
	return "A service item of yours was locked."
}

func (english) NoticeItemOpened() string {
	return "A service item of yours was opened."
}

func (english) NoticeRecordBound() string {
	return "A record of an authority was bound to your account, or to an organisation that you head."
}

func (english) NoticeRecordSuspended() string {
	return "A record that is bound to your account, or to an organisation that you head, was suspended."
}

func (english) NoticeRecordResumed() string {
	return "A suspended record is in service again."
}

func (english) NoticeRecordUnbound() string {
	return "A record is no longer bound to your account, or to an organisation that you head."
}

func (english) NoticeComplaintAnswered() string {
	return "What you wrote has been answered. You find the answer under Complaints and corrections."
}

func (english) NoticeCounterConfirmed() string {
	return "A case of yours was taken up at a counter, where somebody confirmed it with your sign-in."
}

func (english) NoticeTold() string {
	return "We told you at your contacts."
}

func (english) NoticeWaiting() string {
	return "On its way to your contacts."
}

func (english) NoticeFailed() string {
	return "We could not reach you at any of your contacts."
}

func (english) NoticeInvite() string {
	return "Tell us where we can reach you: then you learn of such things at once."
}

func (thai) NoticeContactAdded() string {
	return "มีการเพิ่มช่องทางติดต่อ"
}

func (thai) NoticeContactRemoved() string {
	return "มีการนำช่องทางติดต่อออก"
}

func (thai) NoticeSuspended() string {
	return "บัญชีของท่านถูกระงับ"
}

func (thai) NoticeResumed() string {
	return "บัญชีของท่านเปิดใช้งานอีกครั้ง"
}

func (thai) NoticeTerminated() string {
	return "บัญชีของท่านถูกปิด"
}

func (thai) NoticeItemLocked() string {
	return "มีการล็อกรายการบริการของท่าน"
}

func (thai) NoticeItemOpened() string {
	return "มีการเปิดรายการบริการของท่าน"
}

func (thai) NoticeRecordBound() string {
	return "มีการผูกทะเบียนของหน่วยงานกับบัญชีของท่าน หรือกับนิติบุคคลที่ท่านเป็นผู้ดูแลหลัก"
}

func (thai) NoticeRecordSuspended() string {
	return "ทะเบียนที่ผูกกับบัญชีของท่าน หรือกับนิติบุคคลที่ท่านเป็นผู้ดูแลหลัก ถูกระงับ"
}

func (thai) NoticeRecordResumed() string {
	return "ทะเบียนที่ถูกระงับกลับมาใช้งานได้อีกครั้ง"
}

func (thai) NoticeRecordUnbound() string {
	return "ทะเบียนไม่ได้ผูกกับบัญชีของท่าน หรือกับนิติบุคคลที่ท่านเป็นผู้ดูแลหลัก อีกต่อไป"
}

func (thai) NoticeComplaintAnswered() string {
	return "มีคำตอบสำหรับเรื่องที่ท่านเขียนมาแล้ว อ่านได้ที่หน้าร้องเรียนและขอแก้ไขข้อมูล"
}

func (thai) NoticeCounterConfirmed() string {
	return "มีการรับเรื่องของท่านที่เคาน์เตอร์ โดยมีผู้ยืนยันด้วยการเข้าสู่ระบบของท่าน"
}

func (thai) NoticeTold() string {
	return "เราแจ้งท่านผ่านช่องทางติดต่อแล้ว"
}

func (thai) NoticeWaiting() string {
	return "กำลังแจ้งไปยังช่องทางติดต่อของท่าน"
}

func (thai) NoticeFailed() string {
	return "เราติดต่อท่านไม่ได้ผ่านช่องทางใดเลย"
}

func (thai) NoticeInvite() string {
	return "โปรดให้ช่องทางติดต่อ เพื่อให้ท่านทราบเรื่องเหล่านี้ทันที"
}

func (chinese) NoticeContactAdded() string {
	return "新增了联系方式。"
}

func (chinese) NoticeContactRemoved() string {
	return "移除了联系方式。"
}

func (chinese) NoticeSuspended() string {
	return "您的账户已被暂停。"
}

func (chinese) NoticeResumed() string {
	return "您的账户已重新启用。"
}

func (chinese) NoticeTerminated() string {
	return "您的账户已被注销。"
}

func (chinese) NoticeItemLocked() string {
	return "您的一项服务事项已锁定。"
}

func (chinese) NoticeItemOpened() string {
	return "您的一项服务事项已开放。"
}

func (chinese) NoticeRecordBound() string {
	return "某机构的档案已关联到您的账户，或您主管的法人。"
}

func (chinese) NoticeRecordSuspended() string {
	return "关联到您的账户或您主管的法人的一份档案已被暂停。"
}

func (chinese) NoticeRecordResumed() string {
	return "被暂停的档案已恢复使用。"
}

func (chinese) NoticeRecordUnbound() string {
	return "一份档案已与您的账户或您主管的法人解除关联。"
}

func (chinese) NoticeComplaintAnswered() string {
	return "您的来信已获答复。请在“投诉与更正”中查看。"
}

func (chinese) NoticeCounterConfirmed() string {
	return "您的一件事项已在窗口受理，有人在窗口以您的登录作了确认。"
}

func (chinese) NoticeTold() string {
	return "已通过您的联系方式通知您。"
}

func (chinese) NoticeWaiting() string {
	return "正在发送至您的联系方式。"
}

func (chinese) NoticeFailed() string {
	return "无法通过您的任何联系方式通知您。"
}

func (chinese) NoticeInvite() string {
	return "请提供联系方式，以便第一时间获知此类事项。"
}

func (vietnamese) NoticeContactAdded() string {
	return "Một địa chỉ liên hệ đã được thêm."
}

func (vietnamese) NoticeContactRemoved() string {
	return "Một địa chỉ liên hệ đã bị xóa."
}

func (vietnamese) NoticeSuspended() string {
	return "Tài khoản của bạn đã bị tạm khóa."
}

func (vietnamese) NoticeResumed() string {
	return "Tài khoản của bạn đã được mở lại."
}

func (vietnamese) NoticeTerminated() string {
	return "Tài khoản của bạn đã bị đóng."
}

func (vietnamese) NoticeItemLocked() string {
	return "Một mục dịch vụ của bạn đã bị khóa."
}

func (vietnamese) NoticeItemOpened() string {
	return "Một mục dịch vụ của bạn đã được mở."
}

func (vietnamese) NoticeRecordBound() string {
	return "Một hồ sơ của cơ quan đã được gắn với tài khoản của bạn, hoặc với pháp nhân do bạn quản trị."
}

func (vietnamese) NoticeRecordSuspended() string {
	return "Một hồ sơ gắn với tài khoản của bạn, hoặc với pháp nhân do bạn quản trị, đã bị tạm ngừng."
}

func (vietnamese) NoticeRecordResumed() string {
	return "Hồ sơ bị tạm ngừng đã được dùng lại."
}

func (vietnamese) NoticeRecordUnbound() string {
	return "Một hồ sơ không còn gắn với tài khoản của bạn, hoặc với pháp nhân do bạn quản trị."
}

func (vietnamese) NoticeComplaintAnswered() string {
	return "Thư của bạn đã được trả lời. Bạn đọc câu trả lời tại mục Khiếu nại và đính chính."
}

func (vietnamese) NoticeCounterConfirmed() string {
	return "Một việc của bạn đã được tiếp nhận tại quầy, nơi có người xác nhận bằng đăng nhập của bạn."
}

func (vietnamese) NoticeTold() string {
	return "Chúng tôi đã báo tới địa chỉ liên hệ của bạn."
}

func (vietnamese) NoticeWaiting() string {
	return "Đang được gửi tới địa chỉ liên hệ của bạn."
}

func (vietnamese) NoticeFailed() string {
	return "Chúng tôi không liên hệ được với bạn qua địa chỉ nào."
}

func (vietnamese) NoticeInvite() string {
	return "Hãy cho biết nơi liên hệ, để bạn biết ngay những việc như vậy."
}
