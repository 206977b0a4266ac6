package locale

// staffTexts are on the page of those who work for an authority.
type staffTexts interface {
	StaffTitle() string
	StaffLead() string
	StaffNone() string
	StaffSignIn() string
	StaffSignInText() string
	StaffInvited() string
	StaffInvitedText() string
	StaffAccept() string
	StaffDecline() string
	StaffJoined() string
	StaffProposed() string
	StaffGone() string
	StaffDenied() string
	StaffHeld() string
	StaffPlatform() string
	RolePlatformAdministrator() string
	RolePlatformAuditor() string
	RoleDepartmentAdministrator() string
	RoleReviewer() string
	RoleAuditor() string
	RoleHelpDesk() string
}

func (english) StaffTitle() string { return "Working for an authority" }
func (english) StaffLead() string {
	return "Whoever decides about other people's records does so under their own name, with their own sign-in."
}
func (english) StaffNone() string { return "You hold no post." }
func (english) StaffSignIn() string {
	return "Sign in"
}

func (english) StaffSignInText() string {
	return "For this you sign in with a verified identity and two factors, freshly."
}
func (english) StaffInvited() string { return "You are invited" }
func (english) StaffInvitedText() string {
	return "If you accept, the post is yours: every act in it is recorded with your account. The invitation works once."
}
func (english) StaffAccept() string  { return "Accept" }
func (english) StaffDecline() string { return "Not me" }
func (english) StaffJoined() string  { return "The post is yours now." }
func (english) StaffProposed() string {
	return "A second person must confirm this post before it counts."
}

func (english) StaffGone() string {
	return "This invitation can no longer be used: it was used before, taken back, or is older than three days. Ask for a new one."
}

func (english) StaffDenied() string {
	return "You can't take this post: it goes to somebody else than who offers it, and who audits an authority holds no other post there."
}
func (english) StaffHeld() string                   { return "Your posts" }
func (english) StaffPlatform() string               { return "The platform" }
func (english) RolePlatformAdministrator() string   { return "Administrator of the platform" }
func (english) RolePlatformAuditor() string         { return "Auditor of the platform" }
func (english) RoleDepartmentAdministrator() string { return "Administrator of the authority" }
func (english) RoleReviewer() string                { return "Reviewer" }
func (english) RoleAuditor() string                 { return "Auditor" }
func (english) RoleHelpDesk() string                { return "Help desk" }

func (thai) StaffTitle() string { return "การทำงานให้หน่วยงาน" }

func (thai) StaffLead() string {
	return "ผู้ที่ตัดสินใจเกี่ยวกับข้อมูลของผู้อื่นต้องทำในนามของตนเอง ด้วยการเข้าสู่ระบบของตนเอง"
}
func (thai) StaffNone() string   { return "ท่านไม่มีตำแหน่งใด" }
func (thai) StaffSignIn() string { return "เข้าสู่ระบบ" }
func (thai) StaffSignInText() string {
	return "ท่านต้องเข้าสู่ระบบใหม่ด้วยตัวตนที่ได้รับการพิสูจน์แล้วและการยืนยันสองปัจจัย"
}
func (thai) StaffInvited() string { return "ท่านได้รับเชิญ" }
func (thai) StaffInvitedText() string {
	return "เมื่อท่านตอบรับ ตำแหน่งนี้จะเป็นของท่าน ทุกการกระทำในตำแหน่งจะถูกบันทึกไว้กับบัญชีของท่าน คำเชิญใช้ได้ครั้งเดียว"
}
func (thai) StaffAccept() string  { return "ตอบรับ" }
func (thai) StaffDecline() string { return "ไม่ใช่ฉัน" }
func (thai) StaffJoined() string {
	return "ตำแหน่งนี้เป็นของท่านแล้ว"
}

func (thai) StaffProposed() string {
	return "ต้องมีบุคคลที่สองยืนยันตำแหน่งนี้ก่อนจึงจะมีผล"
}

func (thai) StaffGone() string {
	return "คำเชิญนี้ใช้ไม่ได้แล้ว เพราะถูกใช้ไปแล้ว ถูกเรียกคืน หรือเกินสามวัน โปรดขอคำเชิญใหม่"
}

func (thai) StaffDenied() string {
	return "ท่านรับตำแหน่งนี้ไม่ได้ ผู้เสนอตำแหน่งรับเองไม่ได้ และผู้ตรวจสอบหน่วยงานต้องไม่มีตำแหน่งอื่นในหน่วยงานนั้น"
}

func (thai) StaffHeld() string     { return "ตำแหน่งของท่าน" }
func (thai) StaffPlatform() string { return "แพลตฟอร์ม" }
func (thai) RolePlatformAdministrator() string {
	return "ผู้ดูแลแพลตฟอร์ม"
}

func (thai) RolePlatformAuditor() string {
	return "ผู้ตรวจสอบแพลตฟอร์ม"
}

func (thai) RoleDepartmentAdministrator() string {
	return "ผู้ดูแลของหน่วยงาน"
}
func (thai) RoleReviewer() string { return "ผู้พิจารณา" }
func (thai) RoleAuditor() string  { return "ผู้ตรวจสอบ" }
func (thai) RoleHelpDesk() string { return "ศูนย์ช่วยเหลือ" }

func (chinese) StaffTitle() string { return "为机关工作" }
func (chinese) StaffLead() string {
	return "对他人记录作出决定的人，须以本人名义、用本人的登录来办理。"
}
func (chinese) StaffNone() string   { return "您没有任何岗位。" }
func (chinese) StaffSignIn() string { return "登录" }
func (chinese) StaffSignInText() string {
	return "为此，您需要用经过核验的身份和双因素重新登录。"
}
func (chinese) StaffInvited() string { return "您受到邀请" }
func (chinese) StaffInvitedText() string {
	return "接受后，该岗位归您所有：在岗位上的每一项操作都会记录在您的账户名下。邀请只能使用一次。"
}
func (chinese) StaffAccept() string   { return "接受" }
func (chinese) StaffDecline() string  { return "不是我" }
func (chinese) StaffJoined() string   { return "该岗位现在归您所有。" }
func (chinese) StaffProposed() string { return "该岗位须经第二人确认后才生效。" }
func (chinese) StaffGone() string {
	return "此邀请已不能使用：它已被使用、被收回，或已超过三天。请索取新的邀请。"
}

func (chinese) StaffDenied() string {
	return "您不能担任此岗位：提供岗位的人不能自己接受，审计某机关的人不得在该机关担任其他岗位。"
}
func (chinese) StaffHeld() string                   { return "您的岗位" }
func (chinese) StaffPlatform() string               { return "平台" }
func (chinese) RolePlatformAdministrator() string   { return "平台管理员" }
func (chinese) RolePlatformAuditor() string         { return "平台审计员" }
func (chinese) RoleDepartmentAdministrator() string { return "机关管理员" }
func (chinese) RoleReviewer() string                { return "审核员" }
func (chinese) RoleAuditor() string                 { return "审计员" }
func (chinese) RoleHelpDesk() string                { return "服务台" }

func (vietnamese) StaffTitle() string { return "Làm việc cho cơ quan" }
func (vietnamese) StaffLead() string {
	return "Người quyết định về hồ sơ của người khác làm việc đó với tên của chính mình, bằng đăng nhập của chính mình."
}
func (vietnamese) StaffNone() string   { return "Bạn không giữ vị trí nào." }
func (vietnamese) StaffSignIn() string { return "Đăng nhập" }
func (vietnamese) StaffSignInText() string {
	return "Để làm việc này, bạn đăng nhập lại bằng danh tính đã được xác minh và hai yếu tố."
}
func (vietnamese) StaffInvited() string { return "Bạn được mời" }
func (vietnamese) StaffInvitedText() string {
	return "Nếu bạn chấp nhận, vị trí này là của bạn: mọi thao tác đều được ghi lại cùng tài khoản của bạn. Lời mời chỉ dùng được một lần."
}
func (vietnamese) StaffAccept() string  { return "Chấp nhận" }
func (vietnamese) StaffDecline() string { return "Không phải tôi" }
func (vietnamese) StaffJoined() string  { return "Vị trí này giờ là của bạn." }
func (vietnamese) StaffProposed() string {
	return "Một người thứ hai phải xác nhận vị trí này trước khi nó có hiệu lực."
}

func (vietnamese) StaffGone() string {
	return "Lời mời này không còn dùng được: đã được dùng, đã bị thu hồi hoặc đã quá ba ngày. Hãy xin lời mời mới."
}

func (vietnamese) StaffDenied() string {
	return "Bạn không thể nhận vị trí này: người mời không thể tự nhận, và người kiểm toán một cơ quan không giữ vị trí khác ở đó."
}
func (vietnamese) StaffHeld() string                   { return "Các vị trí của bạn" }
func (vietnamese) StaffPlatform() string               { return "Nền tảng" }
func (vietnamese) RolePlatformAdministrator() string   { return "Quản trị viên nền tảng" }
func (vietnamese) RolePlatformAuditor() string         { return "Kiểm toán viên nền tảng" }
func (vietnamese) RoleDepartmentAdministrator() string { return "Quản trị viên của cơ quan" }
func (vietnamese) RoleReviewer() string                { return "Người xét duyệt" }
func (vietnamese) RoleAuditor() string                 { return "Kiểm toán viên" }
func (vietnamese) RoleHelpDesk() string                { return "Bộ phận hỗ trợ" }
