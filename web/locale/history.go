package locale

// historyTexts tell a person what happened with their account (AUD-01 to AUD-04).
type historyTexts interface {
	NavHistory() string
	HistoryTitle() string
	HistoryLead() string
	HistoryWhat() string
	HistoryAll() string
	HistorySignIns() string
	HistoryData() string
	HistoryAccount() string
	HistoryWhen() string
	HistoryMonth() string
	HistoryHalf() string
	HistoryEver() string
	HistoryShow() string
	HistoryEmpty() string
	HistoryOlder() string
	HistoryLatest() string
	HistoryKeep() string
	HistoryKeepText() string
	HistoryCSV() string
	HistoryJSON() string
	HistoryRefused() string
	HistoryFailed() string
	EventSignedIn() string
	EventRaised() string
	EventEnded() string
	EventUsed() string
	EventRefused() string
	EventCreated() string
	EventLinked() string
	EventUnlinked() string
	EventRelinked() string
	EventLevel() string
	EventLost() string
	EventLooked() string
	EventGiven() string
	EventDeclined() string
	EventWithdrawn() string
	EventTold() string
	EventGrant() string
	EventGrantEnded() string
	EventReleased() string
	EventExchanged() string
	EventContactAdded() string
	EventContactVerified() string
	EventContactRemoved() string
	EventContactCode() string
	EventNoticeFailed() string
	EventStaffJoined() string
	EventStaffConfirmed() string
	EventStaffEnded() string
	HistoryRecords() string
	EventBinding() string
	EventItem() string
	EventEntity() string
	EventDevice() string
	EventOther() string
}

func (english) NavHistory() string   { return "My history" }
func (english) HistoryTitle() string { return "My history" }

func (english) HistoryLead() string {
	return "What happened with your account. It names services and times, never your personal data."
}

func (english) HistoryWhat() string    { return "What" }
func (english) HistoryAll() string     { return "Everything" }
func (english) HistorySignIns() string { return "Sign-ins and sign-outs" }
func (english) HistoryData() string    { return "Consents and access to my data" }
func (english) HistoryAccount() string { return "Account and contacts" }
func (english) HistoryWhen() string    { return "How far back" }
func (english) HistoryMonth() string   { return "30 days" }
func (english) HistoryHalf() string    { return "6 months" }
func (english) HistoryEver() string    { return "All that is kept" }
func (english) HistoryShow() string    { return "Show" }
func (english) HistoryEmpty() string   { return "There is nothing of this kind in this time." }
func (english) HistoryOlder() string   { return "Older entries" }
func (english) HistoryLatest() string  { return "Back to the latest" }
func (english) HistoryKeep() string    { return "To keep" }
func (english) HistoryKeepText() string {
	return "The file holds what you have chosen above, and no personal data."
}
func (english) HistoryCSV() string     { return "As a table (CSV)" }
func (english) HistoryJSON() string    { return "For programs (JSON)" }
func (english) HistoryRefused() string { return "refused" }
func (english) HistoryFailed() string  { return "did not succeed" }
func (english) EventSignedIn() string  { return "You signed in." }
func (english) EventRaised() string    { return "You signed in again, more strongly or freshly." }
func (english) EventEnded() string     { return "A sign-in ended." }
func (english) EventUsed() string      { return "You opened a service." }
func (english) EventRefused() string   { return "A sign-in was refused." }
func (english) EventCreated() string   { return "Your account was opened." }
func (english) EventLinked() string    { return "A further identity provider was linked to your account." }

func (english) EventUnlinked() string { return "An identity provider was removed from your account." }

func (english) EventRelinked() string        { return "A removed identity provider was allowed again." }
func (english) EventLevel() string           { return "Your account reached a higher level." }
func (english) EventLost() string            { return "A loss was reported, and your account was suspended." }
func (english) EventLooked() string          { return "The help desk looked at your account." }
func (english) EventGiven() string           { return "You agreed to send something." }
func (english) EventDeclined() string        { return "You did not agree to send something." }
func (english) EventWithdrawn() string       { return "You took your consent back." }
func (english) EventTold() string            { return "You were told what is sent on another legal ground." }
func (english) EventGrant() string           { return "A service was given access." }
func (english) EventGrantEnded() string      { return "The access of a service ended." }
func (english) EventReleased() string        { return "A service was told who you are." }
func (english) EventExchanged() string       { return "A service passed its access on to another one." }
func (english) EventContactAdded() string    { return "A contact was added." }
func (english) EventContactVerified() string { return "A contact was confirmed." }
func (english) EventContactRemoved() string  { return "A contact was removed." }
func (english) EventContactCode() string     { return "A wrong code was entered for a contact." }
func (english) EventNoticeFailed() string    { return "We could not reach you." }
func (english) EventStaffJoined() string     { return "You took a post at an authority." }
func (english) EventStaffConfirmed() string  { return "Your post at an authority was confirmed." }
func (english) EventStaffEnded() string      { return "Your post at an authority ended." }
func (english) HistoryRecords() string       { return "Records, items and entities" }
func (english) EventBinding() string         { return "Something happened with your record at a department." }

func (english) EventItem() string { return "Something happened with a service item of yours." }

func (english) EventEntity() string {
	return "Something happened with a legal entity that you act for."
}
func (english) EventDevice() string { return "Something happened with a registered device." }
func (english) EventOther() string  { return "Another entry of the record." }

func (thai) NavHistory() string   { return "ประวัติของฉัน" }
func (thai) HistoryTitle() string { return "ประวัติของฉัน" }

func (thai) HistoryLead() string {
	return "สิ่งที่เกิดขึ้นกับบัญชีของท่าน แสดงชื่อบริการและเวลา ไม่แสดงข้อมูลส่วนบุคคล"
}

func (thai) HistoryWhat() string { return "เรื่อง" }
func (thai) HistoryAll() string  { return "ทั้งหมด" }
func (thai) HistorySignIns() string {
	return "การเข้าและออกจากระบบ"
}

func (thai) HistoryData() string {
	return "ความยินยอมและการเข้าถึงข้อมูล"
}

func (thai) HistoryAccount() string {
	return "บัญชีและช่องทางติดต่อ"
}
func (thai) HistoryWhen() string  { return "ย้อนหลัง" }
func (thai) HistoryMonth() string { return "30 วัน" }
func (thai) HistoryHalf() string  { return "6 เดือน" }
func (thai) HistoryEver() string  { return "ทั้งหมดที่เก็บไว้" }
func (thai) HistoryShow() string  { return "แสดง" }
func (thai) HistoryEmpty() string {
	return "ไม่มีรายการประเภทนี้ในช่วงเวลาดังกล่าว"
}
func (thai) HistoryOlder() string  { return "รายการก่อนหน้า" }
func (thai) HistoryLatest() string { return "กลับไปรายการล่าสุด" }
func (thai) HistoryKeep() string   { return "เก็บไว้" }
func (thai) HistoryKeepText() string {
	return "ไฟล์มีเฉพาะรายการที่ท่านเลือกไว้ด้านบน และไม่มีข้อมูลส่วนบุคคล"
}
func (thai) HistoryCSV() string     { return "เป็นตาราง (CSV)" }
func (thai) HistoryJSON() string    { return "สำหรับโปรแกรม (JSON)" }
func (thai) HistoryRefused() string { return "ถูกปฏิเสธ" }
func (thai) HistoryFailed() string  { return "ไม่สำเร็จ" }
func (thai) EventSignedIn() string  { return "ท่านเข้าสู่ระบบ" }
func (thai) EventRaised() string {
	return "ท่านเข้าสู่ระบบอีกครั้งด้วยระดับที่สูงขึ้นหรือใหม่กว่า"
}

func (thai) EventEnded() string {
	return "การเข้าสู่ระบบครั้งหนึ่งสิ้นสุดลง"
}
func (thai) EventUsed() string { return "ท่านเปิดใช้บริการ" }
func (thai) EventRefused() string {
	return "การเข้าสู่ระบบถูกปฏิเสธ"
}

func (thai) EventCreated() string { return "บัญชีของท่านถูกเปิด" }

func (thai) EventLinked() string {
	return "มีการเชื่อมโยงผู้ให้บริการยืนยันตัวตนเพิ่มกับบัญชีของท่าน"
}

func (thai) EventUnlinked() string {
	return "มีการนำผู้ให้บริการยืนยันตัวตนออกจากบัญชีของท่าน"
}

func (thai) EventRelinked() string {
	return "อนุญาตผู้ให้บริการยืนยันตัวตนที่เคยนำออกอีกครั้ง"
}

func (thai) EventLevel() string {
	return "บัญชีของท่านมีระดับความเชื่อมั่นสูงขึ้น"
}

func (thai) EventLost() string {
	return "มีการแจ้งหาย และบัญชีของท่านถูกระงับ"
}

func (thai) EventLooked() string {
	return "ฝ่ายช่วยเหลือเปิดดูบัญชีของท่าน"
}

func (thai) EventGiven() string {
	return "ท่านยินยอมให้ส่งข้อมูล"
}

func (thai) EventDeclined() string {
	return "ท่านไม่ยินยอมให้ส่งข้อมูล"
}
func (thai) EventWithdrawn() string { return "ท่านถอนความยินยอม" }
func (thai) EventTold() string {
	return "ท่านได้รับแจ้งข้อมูลที่ส่งตามฐานกฎหมายอื่น"
}

func (thai) EventGrant() string {
	return "บริการได้รับสิทธิ์เข้าถึง"
}

func (thai) EventGrantEnded() string {
	return "สิทธิ์เข้าถึงของบริการสิ้นสุดลง"
}

func (thai) EventReleased() string {
	return "บริการได้รับข้อมูลว่าท่านเป็นใคร"
}

func (thai) EventExchanged() string {
	return "บริการส่งต่อสิทธิ์เข้าถึงไปยังอีกบริการ"
}

func (thai) EventContactAdded() string {
	return "มีการเพิ่มช่องทางติดต่อ"
}

func (thai) EventContactVerified() string {
	return "มีการยืนยันช่องทางติดต่อ"
}

func (thai) EventContactRemoved() string {
	return "มีการนำช่องทางติดต่อออก"
}

func (thai) EventContactCode() string {
	return "มีการกรอกรหัสของช่องทางติดต่อผิด"
}

func (thai) EventNoticeFailed() string {
	return "เราติดต่อท่านไม่สำเร็จ"
}

func (thai) EventStaffJoined() string {
	return "ท่านรับตำแหน่งในหน่วยงาน"
}

func (thai) EventStaffConfirmed() string {
	return "ตำแหน่งของท่านในหน่วยงานได้รับการยืนยัน"
}

func (thai) EventStaffEnded() string {
	return "ตำแหน่งของท่านในหน่วยงานสิ้นสุดลง"
}

func (thai) HistoryRecords() string {
	return "ทะเบียน รายการบริการ และนิติบุคคล"
}

func (thai) EventBinding() string {
	return "มีการดำเนินการเกี่ยวกับทะเบียนของท่านที่หน่วยงาน"
}

func (thai) EventItem() string {
	return "มีการดำเนินการเกี่ยวกับรายการบริการของท่าน"
}

func (thai) EventEntity() string {
	return "มีการดำเนินการเกี่ยวกับนิติบุคคลที่ท่านกระทำการแทน"
}

func (thai) EventDevice() string {
	return "มีการดำเนินการเกี่ยวกับอุปกรณ์ที่ลงทะเบียน"
}
func (thai) EventOther() string { return "รายการอื่นในบันทึก" }

func (chinese) NavHistory() string   { return "我的记录" }
func (chinese) HistoryTitle() string { return "我的记录" }
func (chinese) HistoryLead() string {
	return "您账户发生的事。只列出服务名称和时间，不含个人数据。"
}
func (chinese) HistoryWhat() string    { return "内容" }
func (chinese) HistoryAll() string     { return "全部" }
func (chinese) HistorySignIns() string { return "登录与退出" }
func (chinese) HistoryData() string    { return "同意与数据访问" }
func (chinese) HistoryAccount() string { return "账户与联系方式" }
func (chinese) HistoryWhen() string    { return "时间范围" }
func (chinese) HistoryMonth() string   { return "30 天" }
func (chinese) HistoryHalf() string    { return "6 个月" }
func (chinese) HistoryEver() string    { return "全部留存记录" }
func (chinese) HistoryShow() string    { return "显示" }
func (chinese) HistoryEmpty() string   { return "该时间范围内没有此类记录。" }
func (chinese) HistoryOlder() string   { return "更早的记录" }
func (chinese) HistoryLatest() string  { return "返回最新记录" }
func (chinese) HistoryKeep() string    { return "下载保存" }
func (chinese) HistoryKeepText() string {
	return "文件仅包含您在上方选择的内容，不含个人数据。"
}
func (chinese) HistoryCSV() string     { return "下载表格（CSV）" }
func (chinese) HistoryJSON() string    { return "供程序使用（JSON）" }
func (chinese) HistoryRefused() string { return "被拒绝" }
func (chinese) HistoryFailed() string  { return "未成功" }
func (chinese) EventSignedIn() string  { return "您登录了。" }
func (chinese) EventRaised() string    { return "您以更高级别或重新进行了登录。" }
func (chinese) EventEnded() string     { return "一次登录已结束。" }
func (chinese) EventUsed() string      { return "您打开了一项服务。" }
func (chinese) EventRefused() string   { return "一次登录被拒绝。" }
func (chinese) EventCreated() string   { return "您的账户已开立。" }
func (chinese) EventLinked() string    { return "又一个身份提供方与您的账户关联。" }

func (chinese) EventUnlinked() string { return "一个身份提供方已从您的账户移除。" }

func (chinese) EventRelinked() string        { return "已重新允许曾移除的身份提供方。" }
func (chinese) EventLevel() string           { return "您的账户达到了更高级别。" }
func (chinese) EventLost() string            { return "已报失，您的账户已被暂停。" }
func (chinese) EventLooked() string          { return "帮助台查看了您的账户。" }
func (chinese) EventGiven() string           { return "您同意发送信息。" }
func (chinese) EventDeclined() string        { return "您不同意发送信息。" }
func (chinese) EventWithdrawn() string       { return "您撤回了同意。" }
func (chinese) EventTold() string            { return "您被告知依其他法律依据发送的内容。" }
func (chinese) EventGrant() string           { return "一项服务获得了访问权。" }
func (chinese) EventGrantEnded() string      { return "一项服务的访问权已终止。" }
func (chinese) EventReleased() string        { return "一项服务获知了您的身份。" }
func (chinese) EventExchanged() string       { return "一项服务将访问权转交另一项服务。" }
func (chinese) EventContactAdded() string    { return "添加了联系方式。" }
func (chinese) EventContactVerified() string { return "联系方式已确认。" }
func (chinese) EventContactRemoved() string  { return "联系方式已移除。" }
func (chinese) EventContactCode() string     { return "为联系方式输入了错误的代码。" }
func (chinese) EventNoticeFailed() string    { return "我们未能联系到您。" }
func (chinese) EventStaffJoined() string     { return "您在机关接受了职位。" }
func (chinese) EventStaffConfirmed() string  { return "您在机关的职位已确认。" }
func (chinese) EventStaffEnded() string      { return "您在机关的职位已终止。" }
func (chinese) HistoryRecords() string       { return "档案、服务事项与法人" }
func (chinese) EventBinding() string         { return "您在某部门的档案有变动。" }
func (chinese) EventItem() string            { return "您的一项服务事项有变动。" }
func (chinese) EventEntity() string          { return "您所代表的法人有变动。" }
func (chinese) EventDevice() string          { return "已登记的设备有变动。" }
func (chinese) EventOther() string           { return "其他记录。" }

func (vietnamese) NavHistory() string   { return "Lịch sử của tôi" }
func (vietnamese) HistoryTitle() string { return "Lịch sử của tôi" }

func (vietnamese) HistoryLead() string {
	return "Những gì đã xảy ra với tài khoản. Chỉ nêu dịch vụ và thời gian, không có dữ liệu cá nhân."
}

func (vietnamese) HistoryWhat() string    { return "Nội dung" }
func (vietnamese) HistoryAll() string     { return "Tất cả" }
func (vietnamese) HistorySignIns() string { return "Đăng nhập và đăng xuất" }
func (vietnamese) HistoryData() string    { return "Đồng ý và truy cập dữ liệu" }
func (vietnamese) HistoryAccount() string { return "Tài khoản và liên hệ" }
func (vietnamese) HistoryWhen() string    { return "Khoảng thời gian" }
func (vietnamese) HistoryMonth() string   { return "30 ngày" }
func (vietnamese) HistoryHalf() string    { return "6 tháng" }
func (vietnamese) HistoryEver() string    { return "Tất cả những gì còn lưu" }
func (vietnamese) HistoryShow() string    { return "Hiển thị" }
func (vietnamese) HistoryEmpty() string {
	return "Không có mục nào loại này trong khoảng thời gian đó."
}
func (vietnamese) HistoryOlder() string  { return "Các mục cũ hơn" }
func (vietnamese) HistoryLatest() string { return "Về các mục mới nhất" }
func (vietnamese) HistoryKeep() string   { return "Lưu lại" }
func (vietnamese) HistoryKeepText() string {
	return "Tệp chỉ chứa những gì bạn chọn ở trên, không có dữ liệu cá nhân."
}
func (vietnamese) HistoryCSV() string     { return "Dạng bảng (CSV)" }
func (vietnamese) HistoryJSON() string    { return "Cho chương trình (JSON)" }
func (vietnamese) HistoryRefused() string { return "bị từ chối" }
func (vietnamese) HistoryFailed() string  { return "không thành công" }
func (vietnamese) EventSignedIn() string  { return "Bạn đã đăng nhập." }
func (vietnamese) EventRaised() string {
	return "Bạn đã đăng nhập lại, ở mức cao hơn hoặc mới hơn."
}
func (vietnamese) EventEnded() string   { return "Một lần đăng nhập đã kết thúc." }
func (vietnamese) EventUsed() string    { return "Bạn đã mở một dịch vụ." }
func (vietnamese) EventRefused() string { return "Một lần đăng nhập bị từ chối." }
func (vietnamese) EventCreated() string { return "Tài khoản của bạn đã được mở." }
func (vietnamese) EventLinked() string {
	return "Thêm một nhà cung cấp danh tính được liên kết với tài khoản."
}

func (vietnamese) EventUnlinked() string {
	return "Một nhà cung cấp danh tính đã được gỡ khỏi tài khoản."
}

func (vietnamese) EventRelinked() string {
	return "Một nhà cung cấp đã gỡ được cho phép lại."
}
func (vietnamese) EventLevel() string { return "Tài khoản của bạn đạt mức cao hơn." }
func (vietnamese) EventLost() string  { return "Đã báo mất và tài khoản bị tạm khóa." }

func (vietnamese) EventLooked() string {
	return "Bộ phận trợ giúp đã xem tài khoản của bạn."
}
func (vietnamese) EventGiven() string     { return "Bạn đã đồng ý gửi thông tin." }
func (vietnamese) EventDeclined() string  { return "Bạn không đồng ý gửi thông tin." }
func (vietnamese) EventWithdrawn() string { return "Bạn đã rút lại sự đồng ý." }
func (vietnamese) EventTold() string {
	return "Bạn được báo về thông tin gửi theo căn cứ pháp lý khác."
}

func (vietnamese) EventGrant() string { return "Một dịch vụ được cấp quyền truy cập." }

func (vietnamese) EventGrantEnded() string {
	return "Quyền truy cập của một dịch vụ đã chấm dứt."
}

func (vietnamese) EventReleased() string {
	return "Một dịch vụ được cho biết bạn là ai."
}

func (vietnamese) EventExchanged() string {
	return "Một dịch vụ chuyển quyền truy cập cho dịch vụ khác."
}
func (vietnamese) EventContactAdded() string    { return "Đã thêm một liên hệ." }
func (vietnamese) EventContactVerified() string { return "Một liên hệ đã được xác nhận." }
func (vietnamese) EventContactRemoved() string  { return "Một liên hệ đã được gỡ." }
func (vietnamese) EventContactCode() string     { return "Đã nhập sai mã cho một liên hệ." }

func (vietnamese) EventNoticeFailed() string {
	return "Chúng tôi không liên lạc được với bạn."
}

func (vietnamese) EventStaffJoined() string {
	return "Bạn đã nhận một vị trí tại cơ quan."
}

func (vietnamese) EventStaffConfirmed() string {
	return "Vị trí của bạn tại cơ quan đã được xác nhận."
}

func (vietnamese) EventStaffEnded() string {
	return "Vị trí của bạn tại cơ quan đã chấm dứt."
}
func (vietnamese) HistoryRecords() string { return "Hồ sơ, mục dịch vụ và pháp nhân" }
func (vietnamese) EventBinding() string {
	return "Có thay đổi về hồ sơ của bạn tại một cơ quan."
}

func (vietnamese) EventItem() string {
	return "Có thay đổi về một mục dịch vụ của bạn."
}

func (vietnamese) EventEntity() string {
	return "Có thay đổi về pháp nhân mà bạn đại diện."
}

func (vietnamese) EventDevice() string { return "Có thay đổi về thiết bị đã đăng ký." }
func (vietnamese) EventOther() string  { return "Một mục khác trong sổ ghi." }
