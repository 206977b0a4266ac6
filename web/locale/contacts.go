package locale

// contactTexts are on the page with the addresses of the person.
type contactTexts interface {
	NavContacts() string
	ContactsTitle() string
	ContactsLead() string
	ContactsPurpose() string
	ContactsEmpty() string
	ContactsConfirm() string
	ContactsConfirmText() string
	ContactsEmail() string
	ContactsPhone() string
	ContactsVerified() string
	ContactsPending() string
	ContactsParting() string
	ContactsRemove() string
	ContactsCode() string
	ContactsCodeHint() string
	ContactsCodeSend() string
	ContactsResend() string
	ContactsAddEmail() string
	ContactsAddPhone() string
	ContactsAdd() string
	ContactsAdded() string
	ContactsDone() string
	ContactsRemoved() string
	ContactsInvalid() string
	ContactsConflict() string
	ContactsTooMany() string
	ContactsWrong() string
	ContactsExpired() string
}

func (english) NavContacts() string {
	return "Contacts"
}

func (english) ContactsTitle() string {
	return "Where we reach you"
}

func (english) ContactsLead() string {
	return "When something important happens to your account, for instance a stronger sign-in than ever before, we tell you here. So you learn of it even if somebody else is using your account."
}

func (english) ContactsPurpose() string {
	return "We use these addresses for such notices only, keep them encrypted, and give them to nobody."
}

func (english) ContactsEmpty() string {
	return "You have not given any address yet."
}

func (english) ContactsConfirm() string {
	return "Confirm that it is you"
}

func (english) ContactsConfirmText() string {
	return "To add or remove an address, sign in once more. Nobody who only finds your browser open can change where we tell you."
}

func (english) ContactsEmail() string {
	return "E-mail"
}

func (english) ContactsPhone() string {
	return "Mobile phone"
}

func (english) ContactsVerified() string {
	return "Confirmed"
}

func (english) ContactsPending() string {
	return "Not confirmed yet"
}

func (english) ContactsParting() string {
	return "Removed. For your safety it still receives notices for 72 hours."
}

func (english) ContactsRemove() string {
	return "Remove"
}

func (english) ContactsCode() string {
	return "Code from the message"
}

func (english) ContactsCodeHint() string {
	return "We sent six digits to this address. They are good for 15 minutes."
}

func (english) ContactsCodeSend() string {
	return "Confirm"
}

func (english) ContactsResend() string {
	return "Send a new code"
}

func (english) ContactsAddEmail() string {
	return "Add an e-mail address"
}

func (english) ContactsAddPhone() string {
	return "Add a mobile phone"
}

func (english) ContactsAdd() string {
	return "Add and send a code"
}

func (english) ContactsAdded() string {
	return "We are sending a code to the new address."
}

func (english) ContactsDone() string {
	return "The address is confirmed. From now on we tell you there."
}

func (english) ContactsRemoved() string {
	return "The address was removed."
}

func (english) ContactsInvalid() string {
	return "This does not look like an address that we can use. Please check it."
}

func (english) ContactsConflict() string {
	return "You have this address already, or five addresses, which is the most."
}

func (english) ContactsTooMany() string {
	return "Too many codes were asked for. Please wait an hour."
}

func (english) ContactsWrong() string {
	return "This is not the code that we sent. Please look again."
}

func (english) ContactsExpired() string {
	return "The code is no longer good. Ask for a new one."
}

func (thai) NavContacts() string {
	return "ช่องทางติดต่อ"
}

func (thai) ContactsTitle() string {
	return "ช่องทางที่เราแจ้งท่าน"
}

func (thai) ContactsLead() string {
	return "เมื่อมีเหตุสำคัญกับบัญชีของท่าน เช่น มีการเข้าสู่ระบบในระดับที่สูงกว่าที่เคย เราจะแจ้งท่านผ่านช่องทางเหล่านี้ ท่านจึงทราบแม้มีผู้อื่นใช้บัญชีของท่าน"
}

func (thai) ContactsPurpose() string {
	return "เราใช้ช่องทางเหล่านี้เพื่อการแจ้งเตือนดังกล่าวเท่านั้น เก็บไว้แบบเข้ารหัส และไม่ให้แก่ผู้ใด"
}

func (thai) ContactsEmpty() string {
	return "ท่านยังไม่ได้ให้ช่องทางติดต่อ"
}

func (thai) ContactsConfirm() string {
	return "ยืนยันว่าเป็นท่าน"
}

func (thai) ContactsConfirmText() string {
	return "หากต้องการเพิ่มหรือนำช่องทางออก โปรดเข้าสู่ระบบอีกครั้ง เพื่อไม่ให้ผู้ที่พบเบราว์เซอร์ของท่านเปิดอยู่เปลี่ยนช่องทางแจ้งได้"
}

func (thai) ContactsEmail() string {
	return "อีเมล"
}

func (thai) ContactsPhone() string {
	return "โทรศัพท์มือถือ"
}

func (thai) ContactsVerified() string {
	return "ยืนยันแล้ว"
}

func (thai) ContactsPending() string {
	return "ยังไม่ได้ยืนยัน"
}

func (thai) ContactsParting() string {
	return "นำออกแล้ว เพื่อความปลอดภัยของท่าน ช่องทางนี้จะยังได้รับการแจ้งเตือนอีก 72 ชั่วโมง"
}

func (thai) ContactsRemove() string {
	return "นำออก"
}

func (thai) ContactsCode() string {
	return "รหัสจากข้อความ"
}

func (thai) ContactsCodeHint() string {
	return "เราส่งรหัสหกหลักไปยังช่องทางนี้แล้ว รหัสใช้ได้ 15 นาที"
}

func (thai) ContactsCodeSend() string {
	return "ยืนยัน"
}

func (thai) ContactsResend() string {
	return "ส่งรหัสใหม่"
}

func (thai) ContactsAddEmail() string {
	return "เพิ่มอีเมล"
}

func (thai) ContactsAddPhone() string {
	return "เพิ่มโทรศัพท์มือถือ"
}

func (thai) ContactsAdd() string {
	return "เพิ่มและส่งรหัส"
}

func (thai) ContactsAdded() string {
	return "เรากำลังส่งรหัสไปยังช่องทางใหม่"
}

func (thai) ContactsDone() string {
	return "ยืนยันช่องทางแล้ว จากนี้เราจะแจ้งท่านที่นี่"
}

func (thai) ContactsRemoved() string {
	return "นำช่องทางออกแล้ว"
}

func (thai) ContactsInvalid() string {
	return "ช่องทางนี้ไม่ถูกต้อง โปรดตรวจสอบ"
}

func (thai) ContactsConflict() string {
	return "ท่านมีช่องทางนี้อยู่แล้ว หรือมีครบห้าช่องทางแล้ว"
}

func (thai) ContactsTooMany() string {
	return "มีการขอรหัสมากเกินไป โปรดรอหนึ่งชั่วโมง"
}

func (thai) ContactsWrong() string {
	return "รหัสไม่ตรงกับที่เราส่ง โปรดตรวจสอบอีกครั้ง"
}

func (thai) ContactsExpired() string {
	return "รหัสนี้ใช้ไม่ได้แล้ว โปรดขอรหัสใหม่"
}

func (chinese) NavContacts() string {
	return "联系方式"
}

func (chinese) ContactsTitle() string {
	return "我们如何联系您"
}

func (chinese) ContactsLead() string {
	return "当您的账户发生重要事项（例如以前所未有的更高级别登录）时，我们会通过这里通知您。即使有人冒用您的账户，您也能知道。"
}

func (chinese) ContactsPurpose() string {
	return "这些地址仅用于此类通知，加密保存，不会提供给任何人。"
}

func (chinese) ContactsEmpty() string {
	return "您还没有提供任何联系方式。"
}

func (chinese) ContactsConfirm() string {
	return "确认是您本人"
}

func (chinese) ContactsConfirmText() string {
	return "要添加或移除地址，请再次登录。这样，仅仅看到您打开的浏览器的人无法更改通知方式。"
}

func (chinese) ContactsEmail() string {
	return "电子邮箱"
}

func (chinese) ContactsPhone() string {
	return "手机"
}

func (chinese) ContactsVerified() string {
	return "已确认"
}

func (chinese) ContactsPending() string {
	return "尚未确认"
}

func (chinese) ContactsParting() string {
	return "已移除。为了您的安全，72 小时内仍会收到通知。"
}

func (chinese) ContactsRemove() string {
	return "移除"
}

func (chinese) ContactsCode() string {
	return "消息中的确认码"
}

func (chinese) ContactsCodeHint() string {
	return "我们已向该地址发送六位数字，15 分钟内有效。"
}

func (chinese) ContactsCodeSend() string {
	return "确认"
}

func (chinese) ContactsResend() string {
	return "重新发送"
}

func (chinese) ContactsAddEmail() string {
	return "添加电子邮箱"
}

func (chinese) ContactsAddPhone() string {
	return "添加手机"
}

func (chinese) ContactsAdd() string {
	return "添加并发送确认码"
}

func (chinese) ContactsAdded() string {
	return "我们正在向新地址发送确认码。"
}

func (chinese) ContactsDone() string {
	return "该地址已确认。今后我们会通过它通知您。"
}

func (chinese) ContactsRemoved() string {
	return "该地址已移除。"
}

func (chinese) ContactsInvalid() string {
	return "这不像是可用的地址，请检查。"
}

func (chinese) ContactsConflict() string {
	return "您已添加该地址，或已达到五个地址的上限。"
}

func (chinese) ContactsTooMany() string {
	return "请求的确认码过多，请一小时后再试。"
}

func (chinese) ContactsWrong() string {
	return "与我们发送的确认码不符，请再检查。"
}

func (chinese) ContactsExpired() string {
	return "该确认码已失效，请重新获取。"
}

func (vietnamese) NavContacts() string {
	return "Liên hệ"
}

func (vietnamese) ContactsTitle() string {
	return "Nơi chúng tôi liên hệ bạn"
}

func (vietnamese) ContactsLead() string {
	return "Khi có việc quan trọng với tài khoản của bạn, ví dụ một lần đăng nhập mạnh hơn trước, chúng tôi báo cho bạn tại đây. Nhờ đó bạn biết ngay cả khi người khác dùng tài khoản của bạn."
}

func (vietnamese) ContactsPurpose() string {
	return "Chúng tôi chỉ dùng các địa chỉ này cho thông báo như vậy, lưu giữ dưới dạng mã hóa và không cung cấp cho ai."
}

func (vietnamese) ContactsEmpty() string {
	return "Bạn chưa cung cấp địa chỉ nào."
}

func (vietnamese) ContactsConfirm() string {
	return "Xác nhận đó là bạn"
}

func (vietnamese) ContactsConfirmText() string {
	return "Để thêm hoặc xóa địa chỉ, hãy đăng nhập thêm một lần. Người chỉ thấy trình duyệt đang mở của bạn không thể thay đổi nơi chúng tôi báo cho bạn."
}

func (vietnamese) ContactsEmail() string {
	return "Thư điện tử"
}

func (vietnamese) ContactsPhone() string {
	return "Điện thoại di động"
}

func (vietnamese) ContactsVerified() string {
	return "Đã xác nhận"
}

func (vietnamese) ContactsPending() string {
	return "Chưa xác nhận"
}

func (vietnamese) ContactsParting() string {
	return "Đã xóa. Để an toàn cho bạn, địa chỉ này vẫn nhận thông báo trong 72 giờ."
}

func (vietnamese) ContactsRemove() string {
	return "Xóa"
}

func (vietnamese) ContactsCode() string {
	return "Mã trong tin nhắn"
}

func (vietnamese) ContactsCodeHint() string {
	return "Chúng tôi đã gửi sáu chữ số tới địa chỉ này. Mã có hiệu lực 15 phút."
}

func (vietnamese) ContactsCodeSend() string {
	return "Xác nhận"
}

func (vietnamese) ContactsResend() string {
	return "Gửi mã mới"
}

func (vietnamese) ContactsAddEmail() string {
	return "Thêm địa chỉ thư điện tử"
}

func (vietnamese) ContactsAddPhone() string {
	return "Thêm điện thoại di động"
}

func (vietnamese) ContactsAdd() string {
	return "Thêm và gửi mã"
}

func (vietnamese) ContactsAdded() string {
	return "Chúng tôi đang gửi mã tới địa chỉ mới."
}

func (vietnamese) ContactsDone() string {
	return "Địa chỉ đã được xác nhận. Từ nay chúng tôi báo cho bạn tại đó."
}

func (vietnamese) ContactsRemoved() string {
	return "Địa chỉ đã được xóa."
}

func (vietnamese) ContactsInvalid() string {
	return "Đây có vẻ không phải địa chỉ dùng được. Vui lòng kiểm tra lại."
}

func (vietnamese) ContactsConflict() string {
	return "Bạn đã có địa chỉ này, hoặc đã có đủ năm địa chỉ."
}

func (vietnamese) ContactsTooMany() string {
	return "Đã yêu cầu quá nhiều mã. Vui lòng chờ một giờ."
}

func (vietnamese) ContactsWrong() string {
	return "Đây không phải mã chúng tôi đã gửi. Vui lòng xem lại."
}

func (vietnamese) ContactsExpired() string {
	return "Mã không còn hiệu lực. Hãy yêu cầu mã mới."
}
