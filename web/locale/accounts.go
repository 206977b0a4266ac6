package locale

// accountTexts say why an account is closed, or was opened again (LIF-03): one for each account.Reason.
type accountTexts interface {
	ReasonRequested() string
	ReasonLost() string
	ReasonSuspicious() string
	ReasonReview() string
	ReasonCleared() string
	ReasonDeceased() string
	ReasonFraud() string
	ReasonRevoked() string
	ReasonIneligible() string
}

func (english) ReasonRequested() string {
	return "Reason: at your own request."
}

func (english) ReasonLost() string {
	return "Reason: something that you sign in with was reported lost or stolen."
}

func (english) ReasonSuspicious() string {
	return "Reason: unusual use was noticed, and it must be made sure that it was you."
}

func (english) ReasonReview() string {
	return "Reason: your identity details are being checked."
}

func (english) ReasonCleared() string {
	return "Reason: what was being checked has been settled."
}

func (english) ReasonDeceased() string {
	return "Reason: the register of persons reports a death."
}

func (english) ReasonFraud() string {
	return "Reason: fraudulent use."
}

func (english) ReasonRevoked() string {
	return "Reason: the identity was revoked."
}

func (english) ReasonIneligible() string {
	return "Reason: there is no entitlement to an account any more."
}

func (thai) ReasonRequested() string {
	return "เหตุผล: ตามคำขอของท่านเอง"
}

func (thai) ReasonLost() string {
	return "เหตุผล: มีการแจ้งว่าสิ่งที่ท่านใช้เข้าสู่ระบบสูญหายหรือถูกขโมย"
}

func (thai) ReasonSuspicious() string {
	return "เหตุผล: พบการใช้งานที่ผิดปกติ จึงต้องตรวจสอบว่าเป็นท่านจริง"
}

func (thai) ReasonReview() string {
	return "เหตุผล: กำลังตรวจสอบข้อมูลตัวตนของท่าน"
}

func (thai) ReasonCleared() string {
	return "เหตุผล: เรื่องที่ตรวจสอบได้ข้อยุติแล้ว"
}

func (thai) ReasonDeceased() string {
	return "เหตุผล: ทะเบียนราษฎรแจ้งการเสียชีวิต"
}

func (thai) ReasonFraud() string {
	return "เหตุผล: มีการใช้งานโดยทุจริต"
}

func (thai) ReasonRevoked() string {
	return "เหตุผล: ตัวตนนี้ถูกเพิกถอนแล้ว"
}

func (thai) ReasonIneligible() string {
	return "เหตุผล: ไม่มีสิทธิใช้บัญชีอีกต่อไป"
}

func (chinese) ReasonRequested() string {
	return "原因：应您本人的要求。"
}

func (chinese) ReasonLost() string {
	return "原因：有人报告您的登录工具遗失或被盗。"
}

func (chinese) ReasonSuspicious() string {
	return "原因：发现异常使用，需要确认是否为您本人。"
}

func (chinese) ReasonReview() string {
	return "原因：正在核查您的身份资料。"
}

func (chinese) ReasonCleared() string {
	return "原因：核查的事项已经解决。"
}

func (chinese) ReasonDeceased() string {
	return "原因：户籍登记显示本人已去世。"
}

func (chinese) ReasonFraud() string {
	return "原因：存在欺诈使用。"
}

func (chinese) ReasonRevoked() string {
	return "原因：该身份已被撤销。"
}

func (chinese) ReasonIneligible() string {
	return "原因：已不再具备使用账户的资格。"
}

func (vietnamese) ReasonRequested() string {
	return "Lý do: theo yêu cầu của chính bạn."
}

func (vietnamese) ReasonLost() string {
	return "Lý do: phương tiện đăng nhập của bạn được báo bị mất hoặc bị đánh cắp."
}

func (vietnamese) ReasonSuspicious() string {
	return "Lý do: phát hiện việc sử dụng bất thường, cần xác nhận đó có phải là bạn."
}

func (vietnamese) ReasonReview() string {
	return "Lý do: thông tin định danh của bạn đang được kiểm tra."
}

func (vietnamese) ReasonCleared() string {
	return "Lý do: việc kiểm tra đã được giải quyết."
}

func (vietnamese) ReasonDeceased() string {
	return "Lý do: hộ tịch ghi nhận việc qua đời."
}

func (vietnamese) ReasonFraud() string {
	return "Lý do: có hành vi sử dụng gian lận."
}

func (vietnamese) ReasonRevoked() string {
	return "Lý do: danh tính này đã bị thu hồi."
}

func (vietnamese) ReasonIneligible() string {
	return "Lý do: không còn đủ điều kiện có tài khoản."
}
