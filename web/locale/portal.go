package locale

// portalTexts frame the pages of a person, and stand on the first of them.
type portalTexts interface {
	NavMine() string
	GateTitle() string
	GateLead() string
	GateText() string
	GateSignIn() string
	PortalMenu() string
	PortalBack() string
	MeTitle() string
	MeOverview() string
	MeAttention() string
	MeNothing() string
	MeNoContact() string
	MeOneProvider() string
	MeFailed() string
	MeNews() string
	MeDevices(number string) string
	MeWhere() string
	MeAll() string
	AboutSessions() string
	AboutDepartments() string
	AboutConsents() string
	AboutProviders() string
	AboutHistory() string
	AboutNotices() string
	AboutContacts() string
	AboutDevices() string
	AboutEntities() string
	AboutLife() string
	NavDepartments() string
	DepartmentsTitle() string
	DepartmentsLead() string
	DepartmentsEmpty() string
	DepartmentsServices() string
	DepartmentsComplain() string
	DepartmentsNoWay() string
	DepartmentsWrite() string
	DepartmentsWrong() string
	DepartmentsWrongProvider() string
	DepartmentsWrongDepartment() string
	FreshText() string
	FreshButton() string
}

func (english) NavMine() string   { return "My account" }
func (english) GateTitle() string { return "Please sign in" }
func (english) GateLead() string  { return "This page shows what belongs to you alone." }

func (english) GateText() string {
	return "Sign in with the identity provider that you already use. Then you come back here."
}

func (english) GateSignIn() string  { return "Sign in" }
func (english) PortalMenu() string  { return "Pages of my account" }
func (english) PortalBack() string  { return "My account" }
func (english) MeTitle() string     { return "My account" }
func (english) MeOverview() string  { return "Overview" }
func (english) MeAttention() string { return "What needs your attention" }
func (english) MeNothing() string   { return "Nothing needs your attention." }

func (english) MeNoContact() string {
	return "We can't reach you outside this website. Tell us where you want to hear of changes to your account."
}

func (english) MeOneProvider() string {
	return "You have only one way to sign in. With a second one you still get in when the first is lost."
}

func (english) MeFailed() string { return "We could not reach you about a change to your account." }

func (english) MeNews() string {
	return "Something about the security of your account has changed in the last 30 days. Was it you?"
}

func (english) MeDevices(number string) string {
	return "You are signed in on " + number + " devices. Is every one of them yours?"
}

func (english) MeWhere() string { return "Where you are signed in" }
func (english) MeAll() string   { return "All about your account" }
func (english) AboutSessions() string {
	return "Your devices and the services opened there. End one sign-in, or all."
}

func (english) AboutDepartments() string {
	return "Whom you have dealt with, and where to complain or have something corrected."
}

func (english) AboutConsents() string {
	return "What you agreed to send to whom. Take it back with one press."
}

func (english) AboutProviders() string {
	return "The identity providers that open your account. Add one, remove one."
}

func (english) AboutHistory() string {
	return "What happened with your account in the last months. To keep: as a file."
}

func (english) AboutNotices() string {
	return "What we must tell you about the security of your account."
}
func (english) AboutContacts() string { return "Where we reach you when something changes." }
func (english) AboutDevices() string {
	return "Computers and phones that you have registered as yours."
}

func (english) AboutEntities() string { return "Companies that you act for: who may do what for them." }

func (english) AboutLife() string {
	return "Phone lost? Suspend your account at once. Or close it for good."
}
func (english) NavDepartments() string   { return "My departments" }
func (english) DepartmentsTitle() string { return "My departments" }
func (english) DepartmentsLead() string {
	return "These departments have dealt with you through this platform."
}

func (english) DepartmentsEmpty() string {
	return "You have not used the service of any department yet."
}
func (english) DepartmentsServices() string { return "Services that you used" }
func (english) DepartmentsComplain() string { return "Complain, or have something corrected" }

func (english) DepartmentsNoWay() string {
	return "This department has named no address. Turn to the help of this platform."
}

func (english) DepartmentsWrite() string { return "Write to them here" }
func (english) DepartmentsWrong() string { return "If something about you is wrong" }

func (english) DepartmentsWrongProvider() string {
	return "Your name, birth date and numbers come from your identity provider, freshly at each sign-in. Have them corrected there: the next sign-in brings them."
}

func (english) DepartmentsWrongDepartment() string {
	return "What a department keeps in its own records is corrected by the department. You may complain to it, and to this platform, without giving a reason."
}

func (english) FreshText() string {
	return "Before you change anything here, show that it is you: sign in again."
}
func (english) FreshButton() string { return "Sign in again" }

func (thai) NavMine() string   { return "บัญชีของฉัน" }
func (thai) GateTitle() string { return "กรุณาเข้าสู่ระบบ" }
func (thai) GateLead() string {
	return "หน้านี้แสดงข้อมูลที่เป็นของท่านเท่านั้น"
}

func (thai) GateText() string {
	return "เข้าสู่ระบบด้วยผู้ให้บริการยืนยันตัวตนที่ท่านใช้อยู่แล้ว จากนั้นท่านจะกลับมาที่หน้านี้"
}

func (thai) GateSignIn() string  { return "เข้าสู่ระบบ" }
func (thai) PortalMenu() string  { return "หน้าต่าง ๆ ของบัญชี" }
func (thai) PortalBack() string  { return "บัญชีของฉัน" }
func (thai) MeTitle() string     { return "บัญชีของฉัน" }
func (thai) MeOverview() string  { return "ภาพรวม" }
func (thai) MeAttention() string { return "สิ่งที่ท่านควรดู" }
func (thai) MeNothing() string {
	return "ไม่มีสิ่งใดที่ท่านต้องดำเนินการ"
}

func (thai) MeNoContact() string {
	return "เรายังติดต่อท่านนอกเว็บไซต์นี้ไม่ได้ กรุณาแจ้งช่องทางที่ท่านต้องการรับข่าวการเปลี่ยนแปลงของบัญชี"
}

func (thai) MeOneProvider() string {
	return "ท่านมีวิธีเข้าสู่ระบบเพียงวิธีเดียว หากมีวิธีที่สอง ท่านจะยังเข้าได้แม้วิธีแรกใช้ไม่ได้"
}

func (thai) MeFailed() string {
	return "เราแจ้งการเปลี่ยนแปลงของบัญชีให้ท่านทราบไม่สำเร็จ"
}

func (thai) MeNews() string {
	return "ความปลอดภัยของบัญชีมีการเปลี่ยนแปลงในช่วง 30 วันที่ผ่านมา ใช่ท่านหรือไม่"
}

func (thai) MeDevices(number string) string {
	return "ท่านเข้าสู่ระบบอยู่บน " + number + " อุปกรณ์ เป็นของท่านทั้งหมดหรือไม่"
}

func (thai) MeWhere() string {
	return "ที่ที่ท่านเข้าสู่ระบบอยู่"
}

func (thai) MeAll() string {
	return "ทุกเรื่องเกี่ยวกับบัญชีของท่าน"
}

func (thai) AboutSessions() string {
	return "อุปกรณ์ของท่านและบริการที่เปิดอยู่ สิ้นสุดการเข้าสู่ระบบครั้งเดียวหรือทั้งหมด"
}

func (thai) AboutDepartments() string {
	return "หน่วยงานที่ท่านเคยติดต่อ และที่ร้องเรียนหรือขอแก้ไขข้อมูล"
}

func (thai) AboutConsents() string {
	return "สิ่งที่ท่านยินยอมให้ส่งและส่งให้ใคร ถอนได้ด้วยการกดครั้งเดียว"
}

func (thai) AboutProviders() string {
	return "ผู้ให้บริการยืนยันตัวตนที่เปิดบัญชีของท่านได้ เพิ่มหรือนำออก"
}

func (thai) AboutHistory() string {
	return "สิ่งที่เกิดขึ้นกับบัญชีในช่วงหลายเดือนที่ผ่านมา เก็บเป็นไฟล์ได้"
}

func (thai) AboutNotices() string {
	return "สิ่งที่เราต้องแจ้งเกี่ยวกับความปลอดภัยของบัญชี"
}

func (thai) AboutContacts() string {
	return "ช่องทางที่เราติดต่อท่านเมื่อมีการเปลี่ยนแปลง"
}

func (thai) AboutDevices() string {
	return "คอมพิวเตอร์และโทรศัพท์ที่ท่านลงทะเบียนว่าเป็นของท่าน"
}

func (thai) AboutEntities() string {
	return "บริษัทและองค์กรที่ท่านทำการแทน และผู้ที่ทำการแทนได้"
}

func (thai) AboutLife() string {
	return "โทรศัพท์หาย ระงับบัญชีได้ทันที หรือปิดบัญชีถาวร"
}
func (thai) NavDepartments() string   { return "หน่วยงานของฉัน" }
func (thai) DepartmentsTitle() string { return "หน่วยงานของฉัน" }
func (thai) DepartmentsLead() string {
	return "หน่วยงานเหล่านี้เคยให้บริการท่านผ่านระบบนี้"
}

func (thai) DepartmentsEmpty() string {
	return "ท่านยังไม่เคยใช้บริการของหน่วยงานใด"
}

func (thai) DepartmentsServices() string {
	return "บริการที่ท่านเคยใช้"
}

func (thai) DepartmentsComplain() string {
	return "ร้องเรียนหรือขอแก้ไขข้อมูล"
}

func (thai) DepartmentsNoWay() string {
	return "หน่วยงานนี้ยังไม่ได้แจ้งที่อยู่สำหรับติดต่อ กรุณาติดต่อฝ่ายช่วยเหลือของระบบ"
}

func (thai) DepartmentsWrite() string {
	return "เขียนถึงหน่วยงานนี้"
}

func (thai) DepartmentsWrong() string {
	return "หากข้อมูลของท่านไม่ถูกต้อง"
}

func (thai) DepartmentsWrongProvider() string {
	return "ชื่อ วันเกิด และหมายเลขของท่านมาจากผู้ให้บริการยืนยันตัวตนทุกครั้งที่เข้าสู่ระบบ กรุณาแก้ไขที่นั่น แล้วเข้าสู่ระบบใหม่เพื่อรับข้อมูลล่าสุด"
}

func (thai) DepartmentsWrongDepartment() string {
	return "ข้อมูลในทะเบียนของหน่วยงานต้องแก้ไขโดยหน่วยงานนั้น ท่านร้องเรียนต่อหน่วยงานหรือต่อระบบนี้ได้โดยไม่ต้องให้เหตุผล"
}

func (thai) FreshText() string {
	return "ก่อนเปลี่ยนแปลงสิ่งใดในหน้านี้ กรุณายืนยันว่าเป็นท่าน โดยเข้าสู่ระบบอีกครั้ง"
}

func (thai) FreshButton() string { return "เข้าสู่ระบบอีกครั้ง" }

func (chinese) NavMine() string   { return "我的账户" }
func (chinese) GateTitle() string { return "请先登录" }
func (chinese) GateLead() string  { return "此页面只显示属于您本人的内容。" }
func (chinese) GateText() string {
	return "请使用您已有的身份提供方登录，然后会回到此页面。"
}
func (chinese) GateSignIn() string  { return "登录" }
func (chinese) PortalMenu() string  { return "账户页面" }
func (chinese) PortalBack() string  { return "返回我的账户" }
func (chinese) MeTitle() string     { return "我的账户" }
func (chinese) MeOverview() string  { return "概览" }
func (chinese) MeAttention() string { return "需要您留意" }
func (chinese) MeNothing() string   { return "目前没有需要您处理的事项。" }
func (chinese) MeNoContact() string {
	return "我们无法在本网站之外联系到您。请告诉我们您希望在哪里收到账户变动的消息。"
}

func (chinese) MeOneProvider() string {
	return "您只有一种登录方式。再添加一种，即使第一种丢失也能登录。"
}
func (chinese) MeFailed() string { return "账户有变动，但我们未能通知到您。" }
func (chinese) MeNews() string {
	return "最近 30 天内账户安全有变动。是您本人操作吗？"
}

func (chinese) MeDevices(number string) string {
	return "您正在 " + number + " 台设备上登录。都是您的设备吗？"
}
func (chinese) MeWhere() string { return "您的登录位置" }
func (chinese) MeAll() string   { return "账户的全部内容" }
func (chinese) AboutSessions() string {
	return "您的设备和在其上打开的服务。可结束一次登录或全部登录。"
}

func (chinese) AboutDepartments() string {
	return "您联系过的部门，以及投诉或更正的入口。"
}

func (chinese) AboutConsents() string { return "您同意向谁发送什么。一键即可撤回。" }

func (chinese) AboutProviders() string {
	return "可打开您账户的身份提供方。可添加或移除。"
}

func (chinese) AboutHistory() string { return "最近数月账户发生的事。可下载保存。" }

func (chinese) AboutNotices() string  { return "我们必须告知您的账户安全事项。" }
func (chinese) AboutContacts() string { return "发生变动时我们联系您的方式。" }
func (chinese) AboutDevices() string  { return "您登记为本人所有的电脑和手机。" }

func (chinese) AboutEntities() string { return "您代表的公司：谁可以为其办理什么。" }

func (chinese) AboutLife() string        { return "手机丢失？立即暂停账户，或永久注销。" }
func (chinese) NavDepartments() string   { return "我的部门" }
func (chinese) DepartmentsTitle() string { return "我的部门" }
func (chinese) DepartmentsLead() string  { return "以下部门曾通过本平台为您办事。" }

func (chinese) DepartmentsEmpty() string    { return "您还没有使用过任何部门的服务。" }
func (chinese) DepartmentsServices() string { return "您用过的服务" }
func (chinese) DepartmentsComplain() string { return "投诉或申请更正" }
func (chinese) DepartmentsNoWay() string {
	return "该部门未提供联系地址。请联系本平台的帮助台。"
}
func (chinese) DepartmentsWrite() string { return "在此致信该机关" }
func (chinese) DepartmentsWrong() string { return "如果您的信息有误" }
func (chinese) DepartmentsWrongProvider() string {
	return "您的姓名、出生日期和号码在每次登录时由身份提供方提供。请在那里更正，下次登录即会更新。"
}

func (chinese) DepartmentsWrongDepartment() string {
	return "部门自己档案中的内容由该部门更正。您可以向该部门或本平台投诉，无需说明理由。"
}

func (chinese) FreshText() string {
	return "在此更改任何内容之前，请再次登录以确认是您本人。"
}
func (chinese) FreshButton() string { return "再次登录" }

func (vietnamese) NavMine() string   { return "Tài khoản của tôi" }
func (vietnamese) GateTitle() string { return "Vui lòng đăng nhập" }
func (vietnamese) GateLead() string {
	return "Trang này chỉ hiển thị những gì thuộc về riêng bạn."
}

func (vietnamese) GateText() string {
	return "Hãy đăng nhập bằng nhà cung cấp danh tính mà bạn đang dùng. Sau đó bạn sẽ trở lại trang này."
}

func (vietnamese) GateSignIn() string  { return "Đăng nhập" }
func (vietnamese) PortalMenu() string  { return "Các trang của tài khoản" }
func (vietnamese) PortalBack() string  { return "Về tài khoản của tôi" }
func (vietnamese) MeTitle() string     { return "Tài khoản của tôi" }
func (vietnamese) MeOverview() string  { return "Tổng quan" }
func (vietnamese) MeAttention() string { return "Điều bạn cần chú ý" }
func (vietnamese) MeNothing() string   { return "Hiện không có gì cần bạn xử lý." }

func (vietnamese) MeNoContact() string {
	return "Chúng tôi không liên lạc được với bạn ngoài trang này. Hãy cho biết bạn muốn nhận tin về thay đổi tài khoản ở đâu."
}

func (vietnamese) MeOneProvider() string {
	return "Bạn chỉ có một cách đăng nhập. Có thêm cách thứ hai, bạn vẫn vào được khi mất cách thứ nhất."
}

func (vietnamese) MeFailed() string {
	return "Chúng tôi không báo được cho bạn về một thay đổi của tài khoản."
}

func (vietnamese) MeNews() string {
	return "Bảo mật tài khoản đã thay đổi trong 30 ngày qua. Có phải do bạn không?"
}

func (vietnamese) MeDevices(number string) string {
	return "Bạn đang đăng nhập trên " + number + " thiết bị. Tất cả đều là của bạn chứ?"
}

func (vietnamese) MeWhere() string { return "Nơi bạn đang đăng nhập" }
func (vietnamese) MeAll() string   { return "Mọi thứ về tài khoản" }

func (vietnamese) AboutSessions() string {
	return "Thiết bị của bạn và dịch vụ đã mở. Kết thúc một lần đăng nhập hoặc tất cả."
}

func (vietnamese) AboutDepartments() string {
	return "Cơ quan bạn đã giao dịch, nơi khiếu nại hoặc yêu cầu sửa."
}

func (vietnamese) AboutConsents() string {
	return "Bạn đã đồng ý gửi gì, cho ai. Rút lại chỉ bằng một lần bấm."
}

func (vietnamese) AboutProviders() string {
	return "Các nhà cung cấp danh tính mở được tài khoản. Thêm hoặc gỡ."
}

func (vietnamese) AboutHistory() string {
	return "Những gì đã xảy ra với tài khoản trong các tháng qua. Có thể tải về."
}

func (vietnamese) AboutNotices() string {
	return "Những điều chúng tôi phải báo về bảo mật tài khoản."
}

func (vietnamese) AboutContacts() string { return "Nơi chúng tôi liên lạc khi có thay đổi." }

func (vietnamese) AboutDevices() string {
	return "Máy tính và điện thoại bạn đã đăng ký là của mình."
}

func (vietnamese) AboutEntities() string {
	return "Các công ty bạn đại diện: ai được làm gì cho họ."
}

func (vietnamese) AboutLife() string {
	return "Mất điện thoại? Tạm khóa tài khoản ngay. Hoặc đóng vĩnh viễn."
}
func (vietnamese) NavDepartments() string   { return "Cơ quan của tôi" }
func (vietnamese) DepartmentsTitle() string { return "Cơ quan của tôi" }
func (vietnamese) DepartmentsLead() string {
	return "Các cơ quan này đã phục vụ bạn qua nền tảng này."
}

func (vietnamese) DepartmentsEmpty() string {
	return "Bạn chưa dùng dịch vụ của cơ quan nào."
}
func (vietnamese) DepartmentsServices() string { return "Dịch vụ bạn đã dùng" }
func (vietnamese) DepartmentsComplain() string { return "Khiếu nại hoặc yêu cầu sửa" }

func (vietnamese) DepartmentsNoWay() string {
	return "Cơ quan này chưa nêu địa chỉ. Hãy liên hệ bộ phận trợ giúp của nền tảng."
}

func (vietnamese) DepartmentsWrite() string { return "Viết cho cơ quan này" }
func (vietnamese) DepartmentsWrong() string { return "Nếu thông tin về bạn bị sai" }

func (vietnamese) DepartmentsWrongProvider() string {
	return "Tên, ngày sinh và các số của bạn do nhà cung cấp danh tính gửi mỗi lần đăng nhập. Hãy sửa ở đó; lần đăng nhập sau sẽ cập nhật."
}

func (vietnamese) DepartmentsWrongDepartment() string {
	return "Thông tin trong hồ sơ của cơ quan do cơ quan đó sửa. Bạn có thể khiếu nại với cơ quan hoặc với nền tảng này mà không cần nêu lý do."
}

func (vietnamese) FreshText() string {
	return "Trước khi thay đổi ở đây, hãy đăng nhập lại để chứng tỏ đó là bạn."
}
func (vietnamese) FreshButton() string { return "Đăng nhập lại" }
