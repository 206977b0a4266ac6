package locale

// reviewTexts are on the pages of those who check records.
type reviewTexts interface {
	ReviewTitle() string
	ReviewLead() string
	ReviewNone() string
	ReviewNoPost() string
	ReviewSince() string
	ReviewMore() string
	ReviewFree() string
	ReviewMine() string
	ReviewOther() string
	ReviewOwn() string
	ReviewSecond() string
	CounterTitle() string
	CounterText() string
	CounterCode() string
	CounterOpen() string
	CounterGone() string
	CaseTitle() string
	CaseBack() string
	CaseTake() string
	CaseTakeText() string
	CaseRelease() string
	CaseUntil() string
	CaseNumber() string
	CaseNoNumber() string
	CaseProven() string
	CaseField() string
	CaseShown() string
	CaseHeld() string
	CaseLikeness() string
	LikeSame() string
	LikeSimilar() string
	LikeDifferent() string
	LikeMissing() string
	CaseDiffers() string
	CaseNoEvidence() string
	CaseNoRecord() string
	CaseConflict() string
	CaseName() string
	CaseNameText() string
	CaseNameSend() string
}

func (english) ReviewTitle() string { return "Records to be checked" }

func (english) ReviewLead() string {
	return "Compare what people showed with the record of your authority, and decide. Every look is recorded with your account."
}

func (english) ReviewNone() string   { return "Nothing is waiting." }
func (english) ReviewNoPost() string { return "You hold no post in which records are checked." }
func (english) ReviewSince() string  { return "Waiting since" }
func (english) ReviewMore() string   { return "Show more" }
func (english) ReviewFree() string   { return "Nobody has taken it up yet." }
func (english) ReviewMine() string   { return "You have taken it up." }
func (english) ReviewOther() string  { return "Another member of staff has taken it up." }
func (english) ReviewOwn() string    { return "This is your own record: somebody else decides." }
func (english) ReviewSecond() string { return "One person has agreed. A second one must look." }
func (english) CounterTitle() string { return "Somebody is at the counter" }

func (english) CounterText() string {
	return "The six digits on their phone, while they stand before you. After five wrong ones you begin again."
}

func (english) CounterCode() string { return "Code" }
func (english) CounterOpen() string { return "Open their case" }
func (english) CounterGone() string { return "There is no such code, or it can no longer be used." }
func (english) CaseTitle() string   { return "Check a record" }
func (english) CaseBack() string    { return "To the list" }
func (english) CaseTake() string    { return "Take it up" }

func (english) CaseTakeText() string {
	return "Then nobody else can decide for half an hour, and you see both sides."
}

func (english) CaseRelease() string   { return "Give it back" }
func (english) CaseUntil() string     { return "With you until" }
func (english) CaseNumber() string    { return "Number of the record" }
func (english) CaseNoNumber() string  { return "No record is named." }
func (english) CaseProven() string    { return "The person has proven" }
func (english) CaseField() string     { return "Field" }
func (english) CaseShown() string     { return "Shown by the person" }
func (english) CaseHeld() string      { return "In the record" }
func (english) CaseLikeness() string  { return "Compared" }
func (english) LikeSame() string      { return "the same" }
func (english) LikeSimilar() string   { return "nearly the same" }
func (english) LikeDifferent() string { return "different" }
func (english) LikeMissing() string   { return "only on one side" }
func (english) CaseDiffers() string   { return "Some of it is different." }

func (english) CaseNoEvidence() string {
	return "There is nothing that the person showed: they have not agreed that it is kept, or have taken it back."
}

func (english) CaseNoRecord() string {
	return "Your authority's system did not show the record. Look it up there."
}

func (english) CaseConflict() string {
	return "This record is bound to somebody else already. Nothing is overwritten: settle that first."
}

func (english) CaseName() string { return "Name the record" }
func (english) CaseNameText() string {
	return "Type in the number that you have found in your own system."
}
func (english) CaseNameSend() string { return "Take this number" }

func (thai) ReviewTitle() string {
	return "ทะเบียนที่รอตรวจสอบ"
}

func (thai) ReviewLead() string {
	return "เปรียบเทียบสิ่งที่ประชาชนแสดงกับทะเบียนของหน่วยงาน แล้วพิจารณา ทุกครั้งที่เปิดดูจะถูกบันทึกไว้กับบัญชีของท่าน"
}

func (thai) ReviewNone() string {
	return "ไม่มีรายการที่รออยู่"
}

func (thai) ReviewNoPost() string {
	return "ท่านไม่มีตำแหน่งที่ใช้ตรวจสอบทะเบียน"
}

func (thai) ReviewSince() string {
	return "รอตั้งแต่"
}

func (thai) ReviewMore() string {
	return "แสดงเพิ่ม"
}

func (thai) ReviewFree() string {
	return "ยังไม่มีผู้รับเรื่อง"
}

func (thai) ReviewMine() string {
	return "ท่านรับเรื่องนี้ไว้แล้ว"
}

func (thai) ReviewOther() string {
	return "เจ้าหน้าที่คนอื่นรับเรื่องนี้ไว้แล้ว"
}

func (thai) ReviewOwn() string {
	return "นี่คือทะเบียนของท่านเอง ผู้อื่นจะเป็นผู้พิจารณา"
}

func (thai) ReviewSecond() string {
	return "มีผู้เห็นชอบแล้วหนึ่งคน ต้องมีคนที่สองตรวจสอบ"
}

func (thai) CounterTitle() string {
	return "มีผู้มาติดต่อที่เคาน์เตอร์"
}

func (thai) CounterText() string {
	return "ตัวเลขหกหลักบนโทรศัพท์ของผู้มาติดต่อ โปรดพิมพ์ขณะที่ผู้นั้นอยู่ต่อหน้าท่าน หากผิดห้าครั้งต้องเริ่มใหม่"
}

func (thai) CounterCode() string {
	return "รหัส"
}

func (thai) CounterOpen() string {
	return "เปิดเรื่อง"
}

func (thai) CounterGone() string {
	return "ไม่มีรหัสนี้ หรือใช้ไม่ได้แล้ว"
}

func (thai) CaseTitle() string {
	return "ตรวจสอบทะเบียน"
}

func (thai) CaseBack() string {
	return "กลับไปที่รายการ"
}

func (thai) CaseTake() string {
	return "รับเรื่อง"
}

func (thai) CaseTakeText() string {
	return "จากนั้นผู้อื่นจะพิจารณาไม่ได้เป็นเวลาครึ่งชั่วโมง และท่านจะเห็นข้อมูลทั้งสองฝ่าย"
}

func (thai) CaseRelease() string {
	return "คืนเรื่อง"
}

func (thai) CaseUntil() string {
	return "อยู่กับท่านถึง"
}

func (thai) CaseNumber() string {
	return "เลขทะเบียน"
}

func (thai) CaseNoNumber() string {
	return "ยังไม่มีการระบุทะเบียน"
}

func (thai) CaseProven() string {
	return "ระดับที่บุคคลพิสูจน์แล้ว"
}

func (thai) CaseField() string {
	return "รายการ"
}

func (thai) CaseShown() string {
	return "สิ่งที่บุคคลแสดง"
}

func (thai) CaseHeld() string {
	return "ในทะเบียน"
}

func (thai) CaseLikeness() string {
	return "ผลการเปรียบเทียบ"
}

func (thai) LikeSame() string {
	return "ตรงกัน"
}

func (thai) LikeSimilar() string {
	return "ใกล้เคียง"
}

func (thai) LikeDifferent() string {
	return "ไม่ตรงกัน"
}

func (thai) LikeMissing() string {
	return "มีฝ่ายเดียว"
}

func (thai) CaseDiffers() string {
	return "มีบางรายการไม่ตรงกัน"
}

func (thai) CaseNoEvidence() string {
	return "ไม่มีข้อมูลที่บุคคลแสดง เพราะไม่ได้ยินยอมให้เก็บ หรือถอนความยินยอมแล้ว"
}

func (thai) CaseNoRecord() string {
	return "ระบบของหน่วยงานไม่แสดงทะเบียน โปรดตรวจสอบในระบบนั้น"
}

func (thai) CaseConflict() string {
	return "ทะเบียนนี้ผูกกับผู้อื่นแล้ว ระบบจะไม่เขียนทับ โปรดจัดการเรื่องนั้นก่อน"
}

func (thai) CaseName() string {
	return "ระบุทะเบียน"
}

func (thai) CaseNameText() string {
	return "พิมพ์เลขที่ท่านพบในระบบของหน่วยงาน"
}

func (thai) CaseNameSend() string {
	return "ใช้เลขนี้"
}

func (chinese) ReviewTitle() string {
	return "待核对的记录"
}

func (chinese) ReviewLead() string {
	return "将当事人出示的内容与贵机关的记录进行比对并作出决定。每次查看都会记录在您的账户名下。"
}

func (chinese) ReviewNone() string {
	return "没有待处理的事项。"
}

func (chinese) ReviewNoPost() string {
	return "您没有可以核对记录的岗位。"
}

func (chinese) ReviewSince() string {
	return "等待开始于"
}

func (chinese) ReviewMore() string {
	return "显示更多"
}

func (chinese) ReviewFree() string {
	return "尚无人受理。"
}

func (chinese) ReviewMine() string {
	return "由您受理。"
}

func (chinese) ReviewOther() string {
	return "已由其他工作人员受理。"
}

func (chinese) ReviewOwn() string {
	return "这是您本人的记录：由他人决定。"
}

func (chinese) ReviewSecond() string {
	return "已有一人同意，须由第二人核对。"
}

func (chinese) CounterTitle() string {
	return "有人在窗口办理"
}

func (chinese) CounterText() string {
	return "对方手机上显示的六位数字，请在其当面时输入。输错五次后须重新开始。"
}

func (chinese) CounterCode() string {
	return "代码"
}

func (chinese) CounterOpen() string {
	return "打开其事项"
}

func (chinese) CounterGone() string {
	return "没有此代码，或已不能使用。"
}

func (chinese) CaseTitle() string {
	return "核对记录"
}

func (chinese) CaseBack() string {
	return "返回列表"
}

func (chinese) CaseTake() string {
	return "受理"
}

func (chinese) CaseTakeText() string {
	return "之后半小时内他人不能作出决定，您可以看到双方内容。"
}

func (chinese) CaseRelease() string {
	return "退回列表"
}

func (chinese) CaseUntil() string {
	return "由您受理至"
}

func (chinese) CaseNumber() string {
	return "记录编号"
}

func (chinese) CaseNoNumber() string {
	return "尚未指明记录。"
}

func (chinese) CaseProven() string {
	return "当事人已证明"
}

func (chinese) CaseField() string {
	return "项目"
}

func (chinese) CaseShown() string {
	return "当事人出示"
}

func (chinese) CaseHeld() string {
	return "记录中"
}

func (chinese) CaseLikeness() string {
	return "比对"
}

func (chinese) LikeSame() string {
	return "一致"
}

func (chinese) LikeSimilar() string {
	return "相近"
}

func (chinese) LikeDifferent() string {
	return "不一致"
}

func (chinese) LikeMissing() string {
	return "仅一方有"
}

func (chinese) CaseDiffers() string {
	return "有不一致之处。"
}

func (chinese) CaseNoEvidence() string {
	return "没有当事人出示的内容：其未同意留存，或已撤回。"
}

func (chinese) CaseNoRecord() string {
	return "贵机关的系统未显示该记录，请在该系统中查看。"
}

func (chinese) CaseConflict() string {
	return "该记录已绑定他人。不会覆盖，请先处理该情况。"
}

func (chinese) CaseName() string {
	return "指明记录"
}

func (chinese) CaseNameText() string {
	return "输入您在本机关系统中查到的编号。"
}

func (chinese) CaseNameSend() string {
	return "采用此编号"
}

func (vietnamese) ReviewTitle() string { return "Hồ sơ chờ đối chiếu" }

func (vietnamese) ReviewLead() string {
	return "So sánh điều người dân đã xuất trình với hồ sơ của cơ quan rồi quyết định. Mỗi lần xem đều được ghi lại cùng tài khoản của bạn."
}

func (vietnamese) ReviewNone() string { return "Không có mục nào đang chờ." }
func (vietnamese) ReviewNoPost() string {
	return "Bạn không giữ vị trí nào để đối chiếu hồ sơ."
}
func (vietnamese) ReviewSince() string { return "Chờ từ" }
func (vietnamese) ReviewMore() string  { return "Xem thêm" }
func (vietnamese) ReviewFree() string  { return "Chưa có ai nhận." }
func (vietnamese) ReviewMine() string  { return "Bạn đã nhận." }
func (vietnamese) ReviewOther() string { return "Cán bộ khác đã nhận." }
func (vietnamese) ReviewOwn() string {
	return "Đây là hồ sơ của chính bạn: người khác sẽ quyết định."
}

func (vietnamese) ReviewSecond() string {
	return "Một người đã đồng ý. Cần người thứ hai xem."
}
func (vietnamese) CounterTitle() string { return "Có người tại quầy" }

func (vietnamese) CounterText() string {
	return "Sáu chữ số trên điện thoại của họ, nhập khi họ đứng trước mặt bạn. Sai năm lần thì phải bắt đầu lại."
}

func (vietnamese) CounterCode() string { return "Mã" }
func (vietnamese) CounterOpen() string { return "Mở hồ sơ của họ" }
func (vietnamese) CounterGone() string {
	return "Không có mã này, hoặc mã không còn dùng được."
}
func (vietnamese) CaseTitle() string { return "Đối chiếu hồ sơ" }
func (vietnamese) CaseBack() string  { return "Về danh sách" }
func (vietnamese) CaseTake() string  { return "Nhận" }

func (vietnamese) CaseTakeText() string {
	return "Sau đó trong nửa giờ không ai khác quyết định được, và bạn thấy cả hai bên."
}

func (vietnamese) CaseRelease() string   { return "Trả lại" }
func (vietnamese) CaseUntil() string     { return "Ở chỗ bạn đến" }
func (vietnamese) CaseNumber() string    { return "Số hồ sơ" }
func (vietnamese) CaseNoNumber() string  { return "Chưa có hồ sơ nào được nêu." }
func (vietnamese) CaseProven() string    { return "Người đó đã chứng minh" }
func (vietnamese) CaseField() string     { return "Mục" }
func (vietnamese) CaseShown() string     { return "Người dân xuất trình" }
func (vietnamese) CaseHeld() string      { return "Trong hồ sơ" }
func (vietnamese) CaseLikeness() string  { return "So sánh" }
func (vietnamese) LikeSame() string      { return "giống nhau" }
func (vietnamese) LikeSimilar() string   { return "gần giống" }
func (vietnamese) LikeDifferent() string { return "khác nhau" }
func (vietnamese) LikeMissing() string   { return "chỉ có ở một bên" }
func (vietnamese) CaseDiffers() string   { return "Có mục khác nhau." }

func (vietnamese) CaseNoEvidence() string {
	return "Không có gì người dân đã xuất trình: họ không đồng ý lưu, hoặc đã rút lại."
}

func (vietnamese) CaseNoRecord() string {
	return "Hệ thống của cơ quan không hiển thị hồ sơ. Hãy tra cứu ở đó."
}

func (vietnamese) CaseConflict() string {
	return "Hồ sơ này đã gắn với người khác. Không có gì bị ghi đè: hãy giải quyết việc đó trước."
}

func (vietnamese) CaseName() string { return "Nêu hồ sơ" }
func (vietnamese) CaseNameText() string {
	return "Nhập số mà bạn tìm thấy trong hệ thống của mình."
}
func (vietnamese) CaseNameSend() string { return "Dùng số này" }
