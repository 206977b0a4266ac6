package locale

// stepUpTexts are on the page where somebody who is signed in must sign in again.
type stepUpTexts interface {
	StepUpTitle() string
	StepUpLevel() string // the session never reached what the service needs
	StepUpFresh() string // it did, but too long ago
	StepUpEnded() string // it is not there any more
	StepUpOther(provider string) string
	StepUpOtherNext() string
	StepUpAnewTitle() string
	StepUpAnewText() string
	StepUpAnew() string
}

func (english) StepUpTitle() string { return "Sign in once more" }

func (english) StepUpLevel() string {
	return "You are signed in. This service needs a stronger sign-in. Choose a provider that offers it. Your other services stay open."
}

func (english) StepUpFresh() string {
	return "You are signed in. This service asks you to confirm now that it is still you. Your other services stay open."
}

func (english) StepUpEnded() string {
	return "The sign-in that this began with has ended. Sign in again as the same person, or start anew."
}

func (english) StepUpOther(provider string) string {
	return provider + " confirmed somebody else, or could not show that it is you. Your earlier sign-in has not been changed."
}

func (english) StepUpOtherNext() string {
	return "Try again as yourself. If you are somebody else, sign out below and start anew."
}

func (english) StepUpAnewTitle() string { return "Are you somebody else?" }

func (english) StepUpAnewText() string {
	return "The person who is signed in in this browser will be signed out of all services. Then you can sign in as yourself."
}

func (english) StepUpAnew() string { return "Sign out and start anew" }

func (thai) StepUpTitle() string {
	return "โปรดยืนยันตัวตนอีกครั้ง"
}

func (thai) StepUpLevel() string {
	return "ท่านเข้าสู่ระบบอยู่แล้ว แต่บริการนี้ต้องการการยืนยันตัวตนในระดับที่สูงกว่า โปรดเลือกผู้ให้บริการที่รองรับ บริการอื่นที่ท่านเปิดอยู่ยังใช้ได้ต่อไป"
}

func (thai) StepUpFresh() string {
	return "ท่านเข้าสู่ระบบอยู่แล้ว บริการนี้ขอให้ท่านยืนยันอีกครั้งในตอนนี้ว่ายังเป็นท่านอยู่ บริการอื่นที่ท่านเปิดอยู่ยังใช้ได้ต่อไป"
}

func (thai) StepUpEnded() string {
	return "การเข้าสู่ระบบที่ท่านเริ่มไว้สิ้นสุดแล้ว โปรดเข้าสู่ระบบอีกครั้งในนามบุคคลเดิม หรือเริ่มใหม่"
}

func (thai) StepUpOther(provider string) string {
	return provider + " ยืนยันว่าเป็นบุคคลอื่น หรือไม่สามารถแสดงได้ว่าเป็นท่าน การเข้าสู่ระบบเดิมของท่านไม่เปลี่ยนแปลง"
}

func (thai) StepUpOtherNext() string {
	return "โปรดลองอีกครั้งในนามของท่านเอง หากท่านเป็นบุคคลอื่น โปรดออกจากระบบด้านล่างแล้วเริ่มใหม่"
}

func (thai) StepUpAnewTitle() string {
	return "ท่านเป็นบุคคลอื่นใช่หรือไม่"
}

func (thai) StepUpAnewText() string {
	return "ผู้ที่เข้าสู่ระบบอยู่ในเบราว์เซอร์นี้จะออกจากทุกบริการ จากนั้นท่านเข้าสู่ระบบในนามของท่านเองได้"
}

func (thai) StepUpAnew() string {
	return "ออกจากระบบแล้วเริ่มใหม่"
}

func (chinese) StepUpTitle() string { return "请再次登录" }

func (chinese) StepUpLevel() string {
	return "您已登录，但此服务要求更高级别的登录。请选择能够提供该级别的机构。您已打开的其他服务不受影响。"
}

func (chinese) StepUpFresh() string {
	return "您已登录。此服务要求您现在再次确认是您本人。您已打开的其他服务不受影响。"
}

func (chinese) StepUpEnded() string {
	return "此前的登录已结束。请以同一人的身份重新登录，或重新开始。"
}

func (chinese) StepUpOther(provider string) string {
	return provider + "确认的是另一个人，或无法证明是您本人。您原来的登录没有改变。"
}

func (chinese) StepUpOtherNext() string {
	return "请以您本人的身份再试一次。如果您是另一个人，请在下方退出登录并重新开始。"
}

func (chinese) StepUpAnewTitle() string { return "您是另一个人吗？" }

func (chinese) StepUpAnewText() string {
	return "此浏览器中已登录的人将退出所有服务，然后您可以用自己的身份登录。"
}

func (chinese) StepUpAnew() string { return "退出登录并重新开始" }

func (vietnamese) StepUpTitle() string { return "Vui lòng đăng nhập thêm một lần" }

func (vietnamese) StepUpLevel() string {
	return "Bạn đã đăng nhập. Dịch vụ này cần hình thức đăng nhập mạnh hơn. Hãy chọn một nhà cung cấp đáp ứng được. Các dịch vụ khác của bạn vẫn mở."
}

func (vietnamese) StepUpFresh() string {
	return "Bạn đã đăng nhập. Dịch vụ này yêu cầu bạn xác nhận ngay bây giờ rằng vẫn là bạn. Các dịch vụ khác của bạn vẫn mở."
}

func (vietnamese) StepUpEnded() string {
	return "Lần đăng nhập ban đầu đã kết thúc. Hãy đăng nhập lại với cùng một người, hoặc bắt đầu lại."
}

func (vietnamese) StepUpOther(provider string) string {
	return provider + " xác nhận một người khác, hoặc không thể cho thấy đó là bạn. Lần đăng nhập trước của bạn không thay đổi."
}

func (vietnamese) StepUpOtherNext() string {
	return "Hãy thử lại với chính danh tính của bạn. Nếu bạn là người khác, hãy đăng xuất bên dưới và bắt đầu lại."
}

func (vietnamese) StepUpAnewTitle() string { return "Bạn là người khác?" }

func (vietnamese) StepUpAnewText() string {
	return "Người đang đăng nhập trong trình duyệt này sẽ bị đăng xuất khỏi mọi dịch vụ. Sau đó bạn có thể đăng nhập bằng danh tính của mình."
}

func (vietnamese) StepUpAnew() string { return "Đăng xuất và bắt đầu lại" }
