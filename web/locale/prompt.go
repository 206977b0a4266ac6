package locale

// promptTexts are on our own pages for providers that have none: where the person types their number and picks who shall vouch, and
// where they wait while they confirm in an app.
type promptTexts interface {
	PromptTitle(provider string) string
	PromptLead() string
	PromptNumber() string
	PromptNumberHint() string
	PromptNumberWrong() string
	PromptIDP() string
	PromptIDPHint() string
	PromptIDPUnknown() string // the person is not known there
	PromptIDPGone() string
	PromptIDPChoose() string
	PromptFault() string // above a page that comes back
	PromptSend() string
	PromptBack() string
	ApproveTitle(idp string) string
	ApproveOpen(idp string) string
	ApproveCompare() string
	ApproveConfirm() string
	ApproveCode() string
	ApproveWarning() string // SES-22
	ApproveRefresh(clock string) string
	ApproveTrouble(provider string) string
	ApproveAgain() string
}

func (english) PromptTitle(provider string) string { return "Sign in with " + provider }
func (english) PromptLead() string {
	return "Tell us your number and who shall confirm that it is you. They will ask you in their app on your phone."
}
func (english) PromptNumber() string { return "Citizen number" }
func (english) PromptNumberHint() string {
	return "The 13 digits on your national ID card. We pass them on for this sign-in and do not keep them."
}

func (english) PromptNumberWrong() string {
	return "This is not a citizen number. Please check all 13 digits."
}
func (english) PromptIDP() string { return "Who shall confirm that it is you?" }
func (english) PromptIDPHint() string {
	return "Choose one whose app you use and where your identity has been checked."
}

func (english) PromptIDPUnknown() string {
	return "You are not registered there for this kind of sign-in. Please choose another one."
}

func (english) PromptIDPGone() string {
	return "The one you chose cannot be reached at the moment. Please choose another one."
}
func (english) PromptIDPChoose() string { return "Please choose one from the list." }
func (english) PromptFault() string     { return "Please correct what is marked below." }
func (english) PromptSend() string      { return "Ask for confirmation" }
func (english) PromptBack() string      { return "Sign in another way" }
func (english) ApproveTitle(idp string) string {
	return "Confirm in the app of " + idp
}

func (english) ApproveOpen(idp string) string {
	return "Open the app of " + idp + " on your phone. You will find a request there."
}

func (english) ApproveCompare() string {
	return "Compare the code in the app with the code on this page."
}

func (english) ApproveConfirm() string {
	return "If both are the same, confirm in the app. Then come back to this page."
}
func (english) ApproveCode() string { return "Your code" }
func (english) ApproveWarning() string {
	return "If the app shows another code, refuse: somebody else may be trying to sign in as you."
}

func (english) ApproveRefresh(clock string) string {
	return "This page refreshes by itself. You have until " + clock + "."
}

func (english) ApproveTrouble(provider string) string {
	return provider + " is not answering at the moment. We keep asking; you can simply wait."
}
func (english) ApproveAgain() string { return "I have confirmed: check now" }

func (thai) PromptTitle(provider string) string {
	return "เข้าสู่ระบบด้วย " + provider
}

func (thai) PromptLead() string {
	return "กรอกเลขประจำตัวประชาชนของท่าน และเลือกผู้ที่จะยืนยันว่าเป็นท่านจริง ผู้นั้นจะส่งคำขอไปยังแอปในโทรศัพท์ของท่าน"
}

func (thai) PromptNumber() string { return "เลขประจำตัวประชาชน" }

func (thai) PromptNumberHint() string {
	return "ตัวเลข 13 หลักบนบัตรประจำตัวประชาชน เราใช้ส่งต่อเพื่อการเข้าสู่ระบบครั้งนี้เท่านั้น และไม่เก็บไว้"
}

func (thai) PromptNumberWrong() string {
	return "เลขนี้ไม่ใช่เลขประจำตัวประชาชน โปรดตรวจสอบให้ครบทั้ง 13 หลัก"
}

func (thai) PromptIDP() string {
	return "ให้ผู้ใดยืนยันว่าเป็นท่าน"
}

func (thai) PromptIDPHint() string {
	return "เลือกผู้ให้บริการที่ท่านใช้แอปอยู่ และเคยพิสูจน์ตัวตนไว้แล้ว"
}

func (thai) PromptIDPUnknown() string {
	return "ท่านยังไม่ได้ลงทะเบียนการเข้าสู่ระบบแบบนี้กับผู้ให้บริการที่เลือก โปรดเลือกรายอื่น"
}

func (thai) PromptIDPGone() string {
	return "ขณะนี้ติดต่อผู้ให้บริการที่เลือกไม่ได้ โปรดเลือกรายอื่น"
}

func (thai) PromptIDPChoose() string {
	return "โปรดเลือกหนึ่งรายการ"
}

func (thai) PromptFault() string {
	return "โปรดแก้ไขรายการที่ระบุไว้ด้านล่าง"
}

func (thai) PromptSend() string { return "ส่งคำขอยืนยันตัวตน" }

func (thai) PromptBack() string {
	return "เข้าสู่ระบบด้วยวิธีอื่น"
}

func (thai) ApproveTitle(idp string) string {
	return "ยืนยันในแอปของ" + idp
}

func (thai) ApproveOpen(idp string) string {
	return "เปิดแอปของ" + idp + " ในโทรศัพท์ ท่านจะพบคำขอรออยู่"
}

func (thai) ApproveCompare() string {
	return "เทียบรหัสในแอปกับรหัสบนหน้านี้"
}

func (thai) ApproveConfirm() string {
	return "หากรหัสตรงกัน ให้ยืนยันในแอป แล้วกลับมาที่หน้านี้"
}
func (thai) ApproveCode() string { return "รหัสของท่าน" }
func (thai) ApproveWarning() string {
	return "หากแอปแสดงรหัสอื่น โปรดปฏิเสธ เพราะอาจมีผู้อื่นพยายามเข้าสู่ระบบในชื่อของท่าน"
}

func (thai) ApproveRefresh(clock string) string {
	return "หน้านี้จะปรับปรุงเอง ท่านมีเวลาถึง " + clock + " น."
}

func (thai) ApproveTrouble(provider string) string {
	return "ขณะนี้ " + provider + " ยังไม่ตอบกลับ เรากำลังสอบถามต่อ ท่านเพียงรอสักครู่"
}

func (thai) ApproveAgain() string {
	return "ยืนยันแล้ว ตรวจสอบทันที"
}

func (chinese) PromptTitle(provider string) string { return amid("使用", provider, "登录") }
func (chinese) PromptLead() string {
	return "请填写您的公民身份号码，并选择由谁确认是您本人。对方会在您手机的应用中向您发出请求。"
}
func (chinese) PromptNumber() string { return "公民身份号码" }
func (chinese) PromptNumberHint() string {
	return "身份证上的13位数字。我们仅为本次登录转交，不会保存。"
}

func (chinese) PromptNumberWrong() string {
	return "这不是有效的公民身份号码，请核对全部13位数字。"
}
func (chinese) PromptIDP() string { return "由谁确认是您本人？" }
func (chinese) PromptIDPHint() string {
	return "请选择您正在使用其应用、并已核实过您身份的一家。"
}

func (chinese) PromptIDPUnknown() string {
	return "您尚未在该机构登记使用这种登录方式，请选择其他机构。"
}

func (chinese) PromptIDPGone() string {
	return "您选择的机构目前无法联系，请选择其他机构。"
}
func (chinese) PromptIDPChoose() string        { return "请从列表中选择一项。" }
func (chinese) PromptFault() string            { return "请更正下面标出的内容。" }
func (chinese) PromptSend() string             { return "请求确认" }
func (chinese) PromptBack() string             { return "用其他方式登录" }
func (chinese) ApproveTitle(idp string) string { return amid("请在", idp, "的应用中确认") }
func (chinese) ApproveOpen(idp string) string {
	return amid("在手机上打开", idp, "的应用，您会看到一个请求。")
}

func (chinese) ApproveCompare() string {
	return "请比对应用中的验证码与本页的验证码。"
}

func (chinese) ApproveConfirm() string {
	return "如果两者相同，请在应用中确认，然后回到本页。"
}
func (chinese) ApproveCode() string { return "您的验证码" }
func (chinese) ApproveWarning() string {
	return "如果应用显示的验证码不同，请拒绝：可能有人试图冒用您的身份登录。"
}

func (chinese) ApproveRefresh(clock string) string {
	return amid("本页会自动刷新。请在", clock, "之前完成。")
}

func (chinese) ApproveTrouble(provider string) string {
	return amid("", provider, "目前没有回应。我们会继续询问，您只需等待。")
}
func (chinese) ApproveAgain() string { return "我已确认，立即查看" }

func (vietnamese) PromptTitle(provider string) string { return "Đăng nhập bằng " + provider }
func (vietnamese) PromptLead() string {
	return "Hãy nhập số định danh của bạn và chọn nơi sẽ xác nhận đó chính là bạn. Nơi đó sẽ gửi yêu cầu đến ứng dụng trên điện thoại của bạn."
}
func (vietnamese) PromptNumber() string { return "Số định danh công dân" }
func (vietnamese) PromptNumberHint() string {
	return "13 chữ số trên thẻ căn cước. Chúng tôi chỉ chuyển số này cho lần đăng nhập này và không lưu lại."
}

func (vietnamese) PromptNumberWrong() string {
	return "Đây không phải là số định danh hợp lệ. Vui lòng kiểm tra đủ 13 chữ số."
}
func (vietnamese) PromptIDP() string { return "Nơi nào sẽ xác nhận đó là bạn?" }
func (vietnamese) PromptIDPHint() string {
	return "Hãy chọn nơi bạn đang dùng ứng dụng và đã kiểm tra danh tính của bạn."
}

func (vietnamese) PromptIDPUnknown() string {
	return "Bạn chưa đăng ký cách đăng nhập này tại nơi đã chọn. Vui lòng chọn nơi khác."
}

func (vietnamese) PromptIDPGone() string {
	return "Hiện không liên hệ được với nơi bạn chọn. Vui lòng chọn nơi khác."
}

func (vietnamese) PromptIDPChoose() string { return "Vui lòng chọn một mục trong danh sách." }

func (vietnamese) PromptFault() string {
	return "Vui lòng sửa những chỗ được đánh dấu bên dưới."
}
func (vietnamese) PromptSend() string { return "Gửi yêu cầu xác nhận" }
func (vietnamese) PromptBack() string { return "Đăng nhập bằng cách khác" }
func (vietnamese) ApproveTitle(idp string) string {
	return "Xác nhận trong ứng dụng của " + idp
}

func (vietnamese) ApproveOpen(idp string) string {
	return "Mở ứng dụng của " + idp + " trên điện thoại. Bạn sẽ thấy một yêu cầu ở đó."
}

func (vietnamese) ApproveCompare() string {
	return "So sánh mã trong ứng dụng với mã trên trang này."
}

func (vietnamese) ApproveConfirm() string {
	return "Nếu hai mã giống nhau, hãy xác nhận trong ứng dụng rồi quay lại trang này."
}
func (vietnamese) ApproveCode() string { return "Mã của bạn" }
func (vietnamese) ApproveWarning() string {
	return "Nếu ứng dụng hiện mã khác, hãy từ chối: có thể người khác đang tìm cách đăng nhập bằng danh tính của bạn."
}

func (vietnamese) ApproveRefresh(clock string) string {
	return "Trang này tự làm mới. Bạn có thời gian đến " + clock + "."
}

func (vietnamese) ApproveTrouble(provider string) string {
	return provider + " hiện chưa trả lời. Chúng tôi vẫn tiếp tục hỏi; bạn chỉ cần chờ."
}
func (vietnamese) ApproveAgain() string { return "Tôi đã xác nhận: kiểm tra ngay" }
