package locale

func (vietnamese) EntitiesTitle() string {
	return "Công ty và tổ chức"
}

func (vietnamese) EntitiesLead() string {
	return "Tại đây bạn đăng ký pháp nhân mà bạn đại diện và xem mình được thực hiện cho ai. Không có tài khoản dùng chung: mỗi người làm dưới tên của chính mình."
}

func (vietnamese) EntitiesNone() string {
	return "Bạn không đại diện cho công ty hay tổ chức nào."
}

func (vietnamese) EntitiesSignIn() string {
	return "Đăng nhập"
}

func (vietnamese) EntitiesSignInText() string {
	return "Để thay đổi, bạn đăng nhập lại bằng danh tính đã xác minh và hai yếu tố."
}

func (vietnamese) EntityMaster() string {
	return "Quản trị viên"
}

func (vietnamese) EntityOperator() string {
	return "Người thực hiện"
}

func (vietnamese) EntitySuspended() string {
	return "Đang bị đình chỉ: hiện không ai được thực hiện cho đơn vị này"
}

func (vietnamese) EntityClosed() string {
	return "Đã đóng"
}

func (vietnamese) EntityManage() string {
	return "Quản lý"
}

func (vietnamese) EntityEverywhere() string {
	return "Tại mọi cơ quan"
}

func (vietnamese) EntityUntil(date string) string {
	return "đến " + date
}

func (vietnamese) EntityFrom(date string) string {
	return "từ " + date
}

func (vietnamese) EntityNoMandate() string {
	return "Không có ủy quyền"
}

func (vietnamese) EntityLeave() string {
	return "Từ bỏ vị trí này"
}

func (vietnamese) EntityRegister() string {
	return "Đăng ký công ty hoặc tổ chức"
}

func (vietnamese) EntityRegisterText() string {
	return "Hệ thống hỏi cơ quan đăng ký xem bạn có quyền đại diện không. Cơ quan đó chỉ nhận mã số công ty và một mã một chiều của bạn, không có tên."
}

func (vietnamese) EntityKind() string {
	return "Loại mã số"
}

func (vietnamese) KindThaiJuristic() string {
	return "Mã số pháp nhân Thái Lan (13 chữ số)"
}

func (vietnamese) KindChineseCredit() string {
	return "Mã tín dụng xã hội thống nhất Trung Quốc (18 ký tự)"
}

func (vietnamese) KindVietnameseEnterprise() string {
	return "Mã số doanh nghiệp Việt Nam (10 hoặc 13 chữ số)"
}

func (vietnamese) EntityNumber() string {
	return "Mã số đăng ký"
}

func (vietnamese) EntityName() string {
	return "Tên đăng ký"
}

func (vietnamese) EntityNameHint() string {
	return "Dành cho nhân viên khi không thể hỏi cơ quan đăng ký."
}

func (vietnamese) EntityReview() string {
	return "Nếu cơ quan đăng ký không xác nhận, để nhân viên quyết định"
}

func (vietnamese) EntityReviewHint() string {
	return "Khi đó, điều bạn viết ở đây và tên do nhà cung cấp danh tính xác nhận được niêm phong đến khi họ quyết định, tối đa 30 ngày."
}

func (vietnamese) EntityRegisterDo() string {
	return "Đăng ký"
}

func (vietnamese) EntityRegistered() string {
	return "Đã đăng ký. Bạn là quản trị viên."
}

func (vietnamese) EntityClaimed() string {
	return "Yêu cầu của bạn đã được chuyển cho nhân viên. Bạn xem quyết định tại đây."
}

func (vietnamese) EntityInvalid() string {
	return "Biểu mẫu thiếu hoặc có mục không hợp lệ: hãy kiểm tra số và ngày."
}

func (vietnamese) EntityUnknown() string {
	return "Cơ quan đăng ký không có công ty này."
}

func (vietnamese) EntityDissolved() string {
	return "Công ty này không còn tồn tại hoặc đã bị đóng tại đây."
}

func (vietnamese) EntityNotConfirmed() string {
	return "Chưa xác nhận được quyền đại diện của bạn. Bạn có thể để nhân viên quyết định."
}

func (vietnamese) EntityNoAnswer() string {
	return "Cơ quan đăng ký hiện không trả lời. Hãy thử lại sau hoặc để nhân viên quyết định."
}

func (vietnamese) EntityTooMany() string {
	return "Quá nhiều lần thử. Hãy quay lại vào ngày mai."
}

func (vietnamese) EntityConflict() string {
	return "Mục đó đã có."
}

func (vietnamese) EntityGone() string {
	return "Điều đó đã thay đổi. Hãy xem lại."
}

func (vietnamese) EntityRefused() string {
	return "Bạn không thể làm vậy: quản trị viên phải bàn giao cho người kế nhiệm, và lời mời dành cho người khác."
}

func (vietnamese) EntityDone() string {
	return "Đã xong."
}

func (vietnamese) EntityWaiting() string {
	return "Yêu cầu của bạn"
}

func (vietnamese) EntityClaimOpen(date string) string {
	return "Gửi ngày " + date + ": đang chờ nhân viên"
}

func (vietnamese) EntityClaimApproved(date string) string {
	return "Được chấp thuận ngày " + date
}

func (vietnamese) EntityClaimRejected(date string) string {
	return "Bị từ chối ngày " + date + ": bằng chứng chưa đủ"
}

func (vietnamese) EntityInvited() string {
	return "Bạn được mời"
}

func (vietnamese) EntityInvitedText() string {
	return "Nếu chấp nhận, bạn thực hiện cho đơn vị dưới tên của mình, trong phạm vi ủy quyền. Lời mời chỉ dùng một lần."
}

func (vietnamese) EntityInvitedMaster() string {
	return "Nếu chấp nhận, bạn thay thế quản trị viên hiện tại, người này mất vị trí ngay."
}

func (vietnamese) EntityAccept() string {
	return "Chấp nhận"
}

func (vietnamese) EntityDecline() string {
	return "Không phải tôi"
}

func (vietnamese) EntityOfferGone() string {
	return "Lời mời này không còn dùng được: đã dùng, bị thu hồi hoặc quá bảy ngày. Hãy xin lời mời mới."
}

func (vietnamese) EntityPeople() string {
	return "Ai thực hiện cho đơn vị"
}

func (vietnamese) EntitySince(date string) string {
	return "từ " + date
}

func (vietnamese) EntityYou() string {
	return "Bạn"
}

func (vietnamese) EntityRemove() string {
	return "Gỡ bỏ"
}

func (vietnamese) EntityWithdraw() string {
	return "Thu hồi ủy quyền"
}

func (vietnamese) EntityGive() string {
	return "Ủy quyền"
}

func (vietnamese) EntityDepartment() string {
	return "Cơ quan"
}

func (vietnamese) EntityNoDepartment() string {
	return "Chưa có"
}

func (vietnamese) EntityUntilLabel() string {
	return "Đến ngày"
}

func (vietnamese) EntityInvite() string {
	return "Mời một người"
}

func (vietnamese) EntityLabel() string {
	return "Bạn gọi họ là"
}

func (vietnamese) EntityLabelHint() string {
	return "Chỉ cần công việc: kế toán, bàn số 2."
}

func (vietnamese) EntityPerson() string {
	return "Số định danh của họ, nếu biết"
}

func (vietnamese) EntityPersonHint() string {
	return "Khi đó người khác không thể dùng lời mời. Số này không được lưu."
}

func (vietnamese) EntityInviteDo() string {
	return "Tạo lời mời"
}

func (vietnamese) EntityHandOver() string {
	return "Bàn giao"
}

func (vietnamese) EntityHandOverText() string {
	return "Người nhận lời mời này trở thành quản trị viên, và bạn không còn nữa."
}

func (vietnamese) EntityHandOverDo() string {
	return "Tạo lời mời bàn giao"
}

func (vietnamese) EntityLink(date string) string {
	return "Hãy trao địa chỉ này theo cách không ai khác đọc được. Nó chỉ hiện một lần và dùng một lần, đến " + date + ":"
}

func (vietnamese) EntityInvitations() string {
	return "Lời mời đang mở"
}

func (vietnamese) EntityTakeBack() string {
	return "Thu hồi"
}

func (vietnamese) EntityHistory() string {
	return "Lịch sử"
}

func (vietnamese) HistoryJoined(who string) string {
	return who + " tham gia"
}

func (vietnamese) HistoryRemoved(who string) string {
	return who + ": vị trí chấm dứt"
}

func (vietnamese) HistoryGiven(who string) string {
	return who + ": được ủy quyền"
}

func (vietnamese) HistoryEnded(who string) string {
	return who + ": ủy quyền chấm dứt"
}

func (vietnamese) WhyLeft() string {
	return "tự từ bỏ"
}

func (vietnamese) WhyRemoved() string {
	return "do quản trị viên gỡ bỏ"
}

func (vietnamese) WhyExpired() string {
	return "hết hạn"
}

func (vietnamese) WhyHandedOver() string {
	return "đã bàn giao"
}

func (vietnamese) WhyStaff() string {
	return "do nhân viên nền tảng quyết định"
}

func (vietnamese) EntityStatement() string {
	return "Bạn chứng minh bằng cách nào"
}

func (vietnamese) EntityStatementHint() string {
	return "Dành cho nhân viên: chức vụ của bạn, từ khi nào, và giấy tờ chứng minh kèm ngày và số. Không ghi số căn cước."
}

func (vietnamese) EntityUnclaim() string {
	return "Rút lại"
}

func (vietnamese) EntityClaimWithdrawn(date string) string {
	return "Đã rút lại ngày " + date
}
