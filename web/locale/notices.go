package locale

// noticeTexts are on the page with what the person must be told of their account (AUD-09).
type noticeTexts interface {
	NavNotices() string
	NoticesTitle() string
	NoticesLead() string
	NoticesEmpty() string
	NoticeRaised(provider string) string
	ProviderGone() string // within NoticeRaised, instead of the name of one that is not in the register any more
	NoticeNotYou() string
}

func (english) NavNotices() string   { return "Notices" }
func (english) NoticesTitle() string { return "Notices about your account" }
func (english) NoticesLead() string {
	return "What is important for your account is written down here: a higher level that it never had, a change of your contacts, a suspension."
}
func (english) NoticesEmpty() string { return "There are no notices." }
func (english) NoticeRaised(provider string) string {
	return "Your account reached a higher level with " + provider + "."
}
func (english) ProviderGone() string { return "an identity provider that is no longer connected" }
func (english) NoticeNotYou() string { return "If this was not you, sign out now and tell us." }

func (thai) NavNotices() string { return "การแจ้งเตือน" }
func (thai) NoticesTitle() string {
	return "การแจ้งเตือนเกี่ยวกับบัญชีของท่าน"
}

func (thai) NoticesLead() string {
	return "เรื่องสำคัญของบัญชีท่านจะบันทึกไว้ที่นี่ เช่น ระดับที่สูงขึ้นเป็นครั้งแรก การเปลี่ยนช่องทางติดต่อ หรือการระงับบัญชี"
}
func (thai) NoticesEmpty() string { return "ไม่มีการแจ้งเตือน" }
func (thai) NoticeRaised(provider string) string {
	return "บัญชีของท่านถึงระดับที่สูงขึ้นผ่าน " + provider
}

func (thai) ProviderGone() string {
	return "ผู้ให้บริการยืนยันตัวตนที่ไม่ได้เชื่อมต่อแล้ว"
}

func (thai) NoticeNotYou() string {
	return "หากท่านไม่ได้ทำรายการนี้ โปรดออกจากระบบทันทีและแจ้งให้เราทราบ"
}

func (chinese) NavNotices() string   { return "通知" }
func (chinese) NoticesTitle() string { return "有关您账户的通知" }
func (chinese) NoticesLead() string {
	return "与您的账户有关的重要事项会记录在这里：首次达到更高级别、联系方式变更、账户暂停。"
}
func (chinese) NoticesEmpty() string { return "没有通知。" }
func (chinese) NoticeRaised(provider string) string {
	return amid("您的账户通过", provider, "达到了更高级别。")
}

func (chinese) ProviderGone() string { return "已不再接入的身份提供方" }

func (chinese) NoticeNotYou() string {
	return "如果不是您本人操作，请立即退出登录并告知我们。"
}

func (vietnamese) NavNotices() string   { return "Thông báo" }
func (vietnamese) NoticesTitle() string { return "Thông báo về tài khoản của bạn" }
func (vietnamese) NoticesLead() string {
	return "Những việc quan trọng với tài khoản của bạn được ghi lại tại đây: lần đầu đạt mức cao hơn, thay đổi địa chỉ liên hệ, tạm khóa."
}
func (vietnamese) NoticesEmpty() string { return "Không có thông báo nào." }
func (vietnamese) NoticeRaised(provider string) string {
	return "Tài khoản của bạn đã đạt mức cao hơn qua " + provider + "."
}

func (vietnamese) ProviderGone() string {
	return "một nhà cung cấp danh tính không còn được kết nối"
}

func (vietnamese) NoticeNotYou() string {
	return "Nếu không phải bạn, hãy đăng xuất ngay và báo cho chúng tôi."
}
