package locale

// recordTexts are on the page of records at departments.
type recordTexts interface {
	NavRecords() string
	RecordsTitle() string
	RecordsLead() string
	RecordsEmpty() string
	AboutRecords() string
	RecordsPending() string
	RecordsReview() string
	RecordsBound(date string) string
	RecordsSuspended() string
	RecordsAsking() string
	RecordsNoMatch() string
	RecordsSeveral() string
	RecordsAskMore() string
	RecordsUnanswered() string
	RecordsUnproven() string
	RecordsTaken() string
	RecordsHigher() string
	RecordsNumber() string
	RecordsSend() string
	RecordsAsk() string
	RecordsConfirm() string
	RecordsClaimTitle() string
	RecordsClaimText() string
	RecordsClaim() string
	RecordsUnbind() string
	RecordsUnbindEffect() string
	RecordsDone() string
	RecordsConflict() string
	RecordsTooMany() string
	RecordsInvalid() string
	RecordsOfTitle() string
	RecordsOfLead() string
	RecordsOfEmpty() string
	RecordsOfPending() string
	RecordsOfUnbindEffect() string
}

func (english) NavRecords() string {
	return "Records"
}

func (english) RecordsTitle() string {
	return "Your records at departments"
}

func (english) RecordsLead() string {
	return "A department may keep a record of you under a number of its own. Once that record is bound to your account, its services know you by it, and by nothing else that you do elsewhere."
}

func (english) RecordsEmpty() string {
	return "No department that you have signed in at keeps such records."
}

func (english) AboutRecords() string {
	return "Which records of departments are bound to your account"
}

func (english) RecordsPending() string {
	return "Not bound to your account"
}

func (english) RecordsReview() string {
	return "A member of staff of the department looks at it"
}

func (english) RecordsBound(date string) string {
	return "Bound to your account since " + date
}

func (english) RecordsSuspended() string {
	return "Suspended. Please ask the department."
}

func (english) RecordsAsking() string {
	return "The department is being asked. Reload this page in a moment."
}

func (english) RecordsNoMatch() string {
	return "The department has found no record of you."
}

func (english) RecordsSeveral() string {
	return "More than one record may be yours."
}

func (english) RecordsAskMore() string {
	return "The department asks one more question to find the right record."
}

func (english) RecordsUnanswered() string {
	return "The department did not answer. Please try again later."
}

func (english) RecordsUnproven() string {
	return "It could not be confirmed that the record is yours. Please ask the department."
}

func (english) RecordsTaken() string {
	return "The record is bound to another account. The department decides whose it is."
}

func (english) RecordsHigher() string {
	return "You have signed in more strongly than when it was bound, or that was long ago. Services use it again once it has been confirmed."
}

func (english) RecordsNumber() string {
	return "Number of the record"
}

func (english) RecordsSend() string {
	return "To find your record, the department is sent:"
}

func (english) RecordsAsk() string {
	return "Find my record"
}

func (english) RecordsConfirm() string {
	return "Confirm it again"
}

func (english) RecordsClaimTitle() string {
	return "I know the number of my record"
}

func (english) RecordsClaimText() string {
	return "Name the number, and what shows that it is yours. Both are sent to the department."
}

func (english) RecordsClaim() string {
	return "Send"
}

func (english) RecordsUnbind() string {
	return "Unbind"
}

func (english) RecordsUnbindEffect() string {
	return "If you unbind it, the department's services do not know you by this record any more."
}

func (english) RecordsDone() string {
	return "It is done."
}

func (english) RecordsConflict() string {
	return "This has changed meanwhile, or somebody looks at it. Please see below."
}

func (english) RecordsTooMany() string {
	return "You have tried too often today. Please try again tomorrow, or ask the department."
}

func (english) RecordsInvalid() string {
	return "Please check what you have typed."
}

func (thai) NavRecords() string {
	return "ทะเบียน"
}

func (thai) RecordsTitle() string {
	return "ทะเบียนของท่านที่หน่วยงาน"
}

func (thai) RecordsLead() string {
	return "หน่วยงานอาจมีทะเบียนของท่านภายใต้เลขที่ของหน่วยงานเอง เมื่อผูกทะเบียนกับบัญชีของท่านแล้ว บริการของหน่วยงานนั้นจะรู้จักท่านจากทะเบียนนี้ โดยไม่ทราบว่าท่านใช้บริการที่อื่นอย่างไร"
}

func (thai) RecordsEmpty() string {
	return "ยังไม่มีหน่วยงานที่ท่านเคยลงชื่อเข้าใช้ซึ่งมีทะเบียนเช่นนี้"
}

func (thai) AboutRecords() string {
	return "ทะเบียนของหน่วยงานที่ผูกกับบัญชีของท่าน"
}

func (thai) RecordsPending() string {
	return "ยังไม่ได้ผูกกับบัญชีของท่าน"
}

func (thai) RecordsReview() string {
	return "เจ้าหน้าที่ของหน่วยงานกำลังตรวจสอบ"
}

func (thai) RecordsBound(date string) string {
	return "ผูกกับบัญชีของท่านตั้งแต่ " + date
}

func (thai) RecordsSuspended() string {
	return "ถูกระงับ โปรดติดต่อหน่วยงาน"
}

func (thai) RecordsAsking() string {
	return "กำลังสอบถามหน่วยงาน โปรดโหลดหน้านี้ใหม่อีกครั้งในอีกสักครู่"
}

func (thai) RecordsNoMatch() string {
	return "หน่วยงานไม่พบทะเบียนของท่าน"
}

func (thai) RecordsSeveral() string {
	return "มีทะเบียนมากกว่าหนึ่งรายการที่อาจเป็นของท่าน"
}

func (thai) RecordsAskMore() string {
	return "หน่วยงานต้องการคำตอบอีกหนึ่งข้อเพื่อค้นหาทะเบียนที่ถูกต้อง"
}

func (thai) RecordsUnanswered() string {
	return "หน่วยงานไม่ตอบกลับ โปรดลองใหม่ภายหลัง"
}

func (thai) RecordsUnproven() string {
	return "ไม่สามารถยืนยันได้ว่าทะเบียนเป็นของท่าน โปรดติดต่อหน่วยงาน"
}

func (thai) RecordsTaken() string {
	return "ทะเบียนนี้ผูกกับบัญชีอื่นอยู่ หน่วยงานจะเป็นผู้พิจารณาว่าเป็นของใคร"
}

func (thai) RecordsHigher() string {
	return "ท่านลงชื่อเข้าใช้ด้วยระดับที่สูงกว่าตอนที่ผูก หรือผูกไว้นานแล้ว บริการจะใช้ทะเบียนนี้ได้อีกเมื่อยืนยันแล้ว"
}

func (thai) RecordsNumber() string {
	return "เลขที่ทะเบียน"
}

func (thai) RecordsSend() string {
	return "เพื่อค้นหาทะเบียนของท่าน จะส่งข้อมูลต่อไปนี้ให้หน่วยงาน:"
}

func (thai) RecordsAsk() string {
	return "ค้นหาทะเบียนของฉัน"
}

func (thai) RecordsConfirm() string {
	return "ยืนยันอีกครั้ง"
}

func (thai) RecordsClaimTitle() string {
	return "ฉันทราบเลขที่ทะเบียนของฉัน"
}

func (thai) RecordsClaimText() string {
	return "ระบุเลขที่และข้อมูลที่แสดงว่าเป็นของท่าน ข้อมูลทั้งสองจะถูกส่งให้หน่วยงาน"
}

func (thai) RecordsClaim() string {
	return "ส่ง"
}

func (thai) RecordsUnbind() string {
	return "ยกเลิกการผูก"
}

func (thai) RecordsUnbindEffect() string {
	return "หากยกเลิกการผูก บริการของหน่วยงานจะไม่รู้จักท่านจากทะเบียนนี้อีก"
}

func (thai) RecordsDone() string {
	return "ดำเนินการแล้ว"
}

func (thai) RecordsConflict() string {
	return "รายการนี้มีการเปลี่ยนแปลงแล้ว หรือมีผู้กำลังตรวจสอบ โปรดดูด้านล่าง"
}

func (thai) RecordsTooMany() string {
	return "วันนี้ท่านลองหลายครั้งเกินไป โปรดลองใหม่พรุ่งนี้หรือติดต่อหน่วยงาน"
}

func (thai) RecordsInvalid() string {
	return "โปรดตรวจสอบข้อมูลที่กรอก"
}

func (chinese) NavRecords() string {
	return "档案"
}

func (chinese) RecordsTitle() string {
	return "您在各部门的档案"
}

func (chinese) RecordsLead() string {
	return "部门可能用自己的编号为您保存档案。档案与您的账户绑定后，该部门的服务通过它认识您，但不会知道您在别处的活动。"
}

func (chinese) RecordsEmpty() string {
	return "您登录过的部门都没有保存此类档案。"
}

func (chinese) AboutRecords() string {
	return "哪些部门档案与您的账户绑定"
}

func (chinese) RecordsPending() string {
	return "尚未与您的账户绑定"
}

func (chinese) RecordsReview() string {
	return "部门工作人员正在核对"
}

func (chinese) RecordsBound(date string) string {
	return "自 " + date + " 起与您的账户绑定"
}

func (chinese) RecordsSuspended() string {
	return "已暂停。请联系该部门。"
}

func (chinese) RecordsAsking() string {
	return "正在询问该部门。请稍后刷新此页。"
}

func (chinese) RecordsNoMatch() string {
	return "该部门未找到您的档案。"
}

func (chinese) RecordsSeveral() string {
	return "可能有多份档案属于您。"
}

func (chinese) RecordsAskMore() string {
	return "该部门还需要您回答一个问题，以找到正确的档案。"
}

func (chinese) RecordsUnanswered() string {
	return "该部门没有答复。请稍后再试。"
}

func (chinese) RecordsUnproven() string {
	return "无法确认该档案属于您。请联系该部门。"
}

func (chinese) RecordsTaken() string {
	return "该档案已与另一账户绑定。由该部门判定归属。"
}

func (chinese) RecordsHigher() string {
	return "您本次登录的级别高于绑定时的级别，或绑定时间已久。重新确认后，服务才会再次使用它。"
}

func (chinese) RecordsNumber() string {
	return "档案编号"
}

func (chinese) RecordsSend() string {
	return "为查找您的档案，将向该部门发送："
}

func (chinese) RecordsAsk() string {
	return "查找我的档案"
}

func (chinese) RecordsConfirm() string {
	return "重新确认"
}

func (chinese) RecordsClaimTitle() string {
	return "我知道我的档案编号"
}

func (chinese) RecordsClaimText() string {
	return "请填写编号以及能证明它属于您的信息。两者都将发送给该部门。"
}

func (chinese) RecordsClaim() string {
	return "发送"
}

func (chinese) RecordsUnbind() string {
	return "解除绑定"
}

func (chinese) RecordsUnbindEffect() string {
	return "解除绑定后，该部门的服务将不再通过此档案认识您。"
}

func (chinese) RecordsDone() string {
	return "已完成。"
}

func (chinese) RecordsConflict() string {
	return "情况已变化，或有人正在核对。请见下方。"
}

func (chinese) RecordsTooMany() string {
	return "您今天尝试次数过多。请明天再试，或联系该部门。"
}

func (chinese) RecordsInvalid() string {
	return "请检查您填写的内容。"
}

func (vietnamese) NavRecords() string {
	return "Hồ sơ"
}

func (vietnamese) RecordsTitle() string {
	return "Hồ sơ của bạn tại các cơ quan"
}

func (vietnamese) RecordsLead() string {
	return "Cơ quan có thể lưu hồ sơ về bạn dưới số riêng của mình. Khi hồ sơ được liên kết với tài khoản của bạn, các dịch vụ của cơ quan đó nhận biết bạn qua hồ sơ này, và không biết gì về việc bạn làm ở nơi khác."
}

func (vietnamese) RecordsEmpty() string {
	return "Chưa có cơ quan nào mà bạn từng đăng nhập lưu hồ sơ như vậy."
}

func (vietnamese) AboutRecords() string {
	return "Hồ sơ của các cơ quan liên kết với tài khoản của bạn"
}

func (vietnamese) RecordsPending() string {
	return "Chưa liên kết với tài khoản của bạn"
}

func (vietnamese) RecordsReview() string {
	return "Nhân viên của cơ quan đang xem xét"
}

func (vietnamese) RecordsBound(date string) string {
	return "Đã liên kết với tài khoản của bạn từ " + date
}

func (vietnamese) RecordsSuspended() string {
	return "Đang bị tạm dừng. Vui lòng hỏi cơ quan."
}

func (vietnamese) RecordsAsking() string {
	return "Đang hỏi cơ quan. Vui lòng tải lại trang này sau giây lát."
}

func (vietnamese) RecordsNoMatch() string {
	return "Cơ quan không tìm thấy hồ sơ của bạn."
}

func (vietnamese) RecordsSeveral() string {
	return "Có hơn một hồ sơ có thể là của bạn."
}

func (vietnamese) RecordsAskMore() string {
	return "Cơ quan hỏi thêm một câu để tìm đúng hồ sơ."
}

func (vietnamese) RecordsUnanswered() string {
	return "Cơ quan không trả lời. Vui lòng thử lại sau."
}

func (vietnamese) RecordsUnproven() string {
	return "Không thể xác nhận hồ sơ là của bạn. Vui lòng hỏi cơ quan."
}

func (vietnamese) RecordsTaken() string {
	return "Hồ sơ đã liên kết với tài khoản khác. Cơ quan sẽ quyết định hồ sơ là của ai."
}

func (vietnamese) RecordsHigher() string {
	return "Bạn đã đăng nhập ở mức cao hơn khi liên kết, hoặc việc liên kết đã lâu. Dịch vụ sẽ dùng lại sau khi được xác nhận."
}

func (vietnamese) RecordsNumber() string {
	return "Số hồ sơ"
}

func (vietnamese) RecordsSend() string {
	return "Để tìm hồ sơ của bạn, cơ quan sẽ nhận được:"
}

func (vietnamese) RecordsAsk() string {
	return "Tìm hồ sơ của tôi"
}

func (vietnamese) RecordsConfirm() string {
	return "Xác nhận lại"
}

func (vietnamese) RecordsClaimTitle() string {
	return "Tôi biết số hồ sơ của mình"
}

func (vietnamese) RecordsClaimText() string {
	return "Hãy cho biết số và điều chứng tỏ nó là của bạn. Cả hai sẽ được gửi cho cơ quan."
}

func (vietnamese) RecordsClaim() string {
	return "Gửi"
}

func (vietnamese) RecordsUnbind() string {
	return "Hủy liên kết"
}

func (vietnamese) RecordsUnbindEffect() string {
	return "Nếu hủy liên kết, các dịch vụ của cơ quan sẽ không còn nhận biết bạn qua hồ sơ này."
}

func (vietnamese) RecordsDone() string {
	return "Đã xong."
}

func (vietnamese) RecordsConflict() string {
	return "Việc này đã thay đổi, hoặc đang có người xem xét. Vui lòng xem bên dưới."
}

func (vietnamese) RecordsTooMany() string {
	return "Hôm nay bạn đã thử quá nhiều lần. Vui lòng thử lại vào ngày mai hoặc hỏi cơ quan."
}

func (vietnamese) RecordsInvalid() string {
	return "Vui lòng kiểm tra điều bạn đã nhập."
}

func (english) RecordsOfTitle() string {
	return "Its records at departments"
}

func (english) RecordsOfLead() string {
	return "A department may keep a record of the organisation under a number of its own. Once that record is bound, the department's services know the organisation by it whenever somebody acts for it there."
}

func (english) RecordsOfEmpty() string {
	return "No department where somebody has acted for the organisation keeps such records."
}

func (english) RecordsOfPending() string {
	return "Not bound yet"
}

func (english) RecordsOfUnbindEffect() string {
	return "If you unbind it, the department's services do not know the organisation by this record any more."
}

func (thai) RecordsOfTitle() string {
	return "ทะเบียนของนิติบุคคลที่หน่วยงาน"
}

func (thai) RecordsOfLead() string {
	return "หน่วยงานอาจมีทะเบียนของนิติบุคคลภายใต้เลขที่ของหน่วยงานเอง เมื่อผูกทะเบียนแล้ว บริการของหน่วยงานนั้นจะรู้จักนิติบุคคลจากทะเบียนนี้ทุกครั้งที่มีผู้ทำการแทนที่นั่น"
}

func (thai) RecordsOfEmpty() string {
	return "ยังไม่มีหน่วยงานที่มีผู้ทำการแทนนิติบุคคลนี้ซึ่งมีทะเบียนเช่นนี้"
}

func (thai) RecordsOfPending() string {
	return "ยังไม่ได้ผูก"
}

func (thai) RecordsOfUnbindEffect() string {
	return "หากยกเลิกการผูก บริการของหน่วยงานจะไม่รู้จักนิติบุคคลจากทะเบียนนี้อีก"
}

func (chinese) RecordsOfTitle() string {
	return "该机构在各部门的档案"
}

func (chinese) RecordsOfLead() string {
	return "部门可能用自己的编号为该机构保存档案。档案绑定后，只要有人在那里代表该机构办事，该部门的服务就通过它认识该机构。"
}

func (chinese) RecordsOfEmpty() string {
	return "有人代表该机构办过事的部门都没有保存此类档案。"
}

func (chinese) RecordsOfPending() string {
	return "尚未绑定"
}

func (chinese) RecordsOfUnbindEffect() string {
	return "解除绑定后，该部门的服务不再通过此档案认识该机构。"
}

func (vietnamese) RecordsOfTitle() string {
	return "Hồ sơ của tổ chức tại các cơ quan"
}

func (vietnamese) RecordsOfLead() string {
	return "Cơ quan có thể lưu hồ sơ về tổ chức dưới số riêng của mình. Khi hồ sơ được liên kết, các dịch vụ của cơ quan đó nhận biết tổ chức qua hồ sơ này mỗi khi có người thay mặt tổ chức ở đó."
}

func (vietnamese) RecordsOfEmpty() string {
	return "Chưa có cơ quan nào mà có người đã thay mặt tổ chức lưu hồ sơ như vậy."
}

func (vietnamese) RecordsOfPending() string {
	return "Chưa liên kết"
}

func (vietnamese) RecordsOfUnbindEffect() string {
	return "Nếu hủy liên kết, các dịch vụ của cơ quan không còn nhận biết tổ chức qua hồ sơ này."
}
