package locale

// The words of the pages on which staff suspend bindings, bring them back, and end them.
var (
	TiesTitle   = Word{"ทะเบียนที่ผูกแล้ว", "Bound records", "已关联的档案", "Hồ sơ đã gắn kết"}
	TiesLead    = Word{"ค้นหาด้วยเลขทะเบียนของหน่วยงานเท่านั้น ทุกครั้งที่ค้นหาและเปิดดูจะถูกบันทึกไว้กับบัญชีของท่าน", "Find one by the number of your own record. Every search and every look is recorded with your account.", "只能按本机构的档案编号查找。每次查找和查看都会记录在您的账户下。", "Tìm theo số hồ sơ của cơ quan bạn. Mỗi lần tìm và xem đều được ghi lại cùng tài khoản của bạn."}
	TiesFind    = Word{"ค้นหาทะเบียน", "Find a record", "查找档案", "Tìm hồ sơ"}
	TiesWhich   = Word{"ทะเบียน", "Which records", "哪类档案", "Loại hồ sơ"}
	TiesNone    = Word{"ไม่มีทะเบียนเลขนี้ที่ผูกไว้และอยู่ในอำนาจของท่าน", "No record of that number is bound where you decide.", "在您负责的范围内，没有已关联的此编号档案。", "Không có hồ sơ nào mang số này được gắn kết trong phạm vi của bạn."}
	TiesTooMany = Word{"ค้นหามากเกินไปในหนึ่งชั่วโมง โปรดลองใหม่ภายหลัง", "Too many searches in one hour. Try again later.", "一小时内查找次数过多，请稍后再试。", "Tìm quá nhiều lần trong một giờ. Hãy thử lại sau."}
	TiesWaiting = Word{"ที่ระงับไว้ หรือรอผู้อื่นเห็นชอบ", "Suspended, or waiting for a second person", "已暂停或等待第二人同意", "Đang tạm ngừng hoặc chờ người thứ hai"}
	TiesEmpty   = Word{"ไม่มีรายการ", "There is none.", "没有。", "Không có."}
	TiesNoPost  = Word{"ท่านไม่มีตำแหน่งที่ระงับหรือยกเลิกการผูกทะเบียนได้", "You hold no post in which bound records are suspended or ended.", "您没有可暂停或解除关联的岗位。", "Bạn không giữ vị trí nào được tạm ngừng hoặc hủy gắn kết hồ sơ."}
	TiesWanted  = Word{"รอผู้อื่นเห็นชอบ", "Waits for a second person", "等待第二人同意", "Chờ người thứ hai"}

	TieTitle    = Word{"ทะเบียนที่ผูกแล้ว", "A bound record", "一份已关联的档案", "Một hồ sơ đã gắn kết"}
	TieBack     = Word{"กลับไปที่การค้นหา", "Back to the search", "返回查找", "Về trang tìm kiếm"}
	TieWay      = Word{"ที่มาของการผูก", "How it was bound", "关联方式", "Cách gắn kết"}
	TieBound    = Word{"ผูกเมื่อ", "Bound since", "关联时间", "Gắn kết từ"}
	TieChecked  = Word{"ยืนยันล่าสุด", "Last confirmed", "最近确认", "Xác nhận gần nhất"}
	TieOwn      = Word{"นี่คือทะเบียนของท่านเอง ผู้อื่นจะเป็นผู้พิจารณา", "This is your own record: somebody else decides.", "这是您本人的档案，由他人处理。", "Đây là hồ sơ của chính bạn: người khác sẽ quyết định."}
	TieFour     = Word{"การนำกลับมาใช้และการยกเลิกต้องมีสองคนเห็นชอบ การระงับมีผลทันที", "Bringing it back and ending it need two people. Suspending counts at once.", "恢复和解除须经两人同意；暂停立即生效。", "Đưa vào dùng lại và hủy cần hai người. Tạm ngừng có hiệu lực ngay."}
	TieSuspend  = Word{"ระงับทันที", "Suspend now", "立即暂停", "Tạm ngừng ngay"}
	TieSuspends = Word{"ระบบของหน่วยงานจะไม่เห็นทะเบียนนี้ และการเข้าใช้ที่เปิดอยู่จะสิ้นสุด บุคคลนั้นจะได้รับแจ้ง", "Your systems are told nothing of it any more, and what is open there ends. The person is told.", "贵机构的系统不再看到它，已开启的访问将结束，并会通知本人。", "Các hệ thống của bạn không còn thấy hồ sơ, phiên đang mở sẽ kết thúc. Người đó được báo."}
	TieResume   = Word{"นำกลับมาใช้", "Bring it back", "恢复使用", "Đưa vào dùng lại"}
	TieResumes  = Word{"ระบบของหน่วยงานจะเห็นทะเบียนนี้อีกครั้งเมื่อบุคคลนั้นเข้าสู่ระบบ", "Your systems are told of it again when the person signs in.", "本人登录时，贵机构的系统将再次看到它。", "Hệ thống của bạn lại được báo khi người đó đăng nhập."}
	TieUnbind   = Word{"ยกเลิกการผูก", "End the binding", "解除关联", "Hủy gắn kết"}
	TieUnbinds  = Word{"ทะเบียนจะว่าง และผู้อื่นอาจผูกได้ ย้อนกลับไม่ได้ บุคคลนั้นจะได้รับแจ้ง", "The record is free, and can be bound anew. This can't be undone. The person is told.", "档案将被释放，可重新关联。此操作不可撤销，并会通知本人。", "Hồ sơ sẽ trống và có thể gắn kết lại. Không thể hoàn tác. Người đó được báo."}
	TieAgree    = Word{"เห็นชอบ", "Agree", "同意", "Đồng ý"}
	TieDecline  = Word{"ไม่เห็นชอบ", "Say no", "不同意", "Không đồng ý"}
	TieTakeBack = Word{"ถอนคำขอของฉัน", "Take back what I want", "撤回我的请求", "Rút lại yêu cầu của tôi"}
	TieMine     = Word{"ท่านขอไว้ ผู้อื่นต้องเห็นชอบ", "You want this. A second person must agree.", "您已提出，须由第二人同意。", "Bạn đã yêu cầu. Cần người thứ hai đồng ý."}
	TieTheirs   = Word{"เจ้าหน้าที่คนหนึ่งขอไว้ ท่านเห็นชอบหรือไม่", "A colleague wants this. Do you agree?", "一位同事已提出，您是否同意？", "Một đồng nghiệp yêu cầu. Bạn có đồng ý không?"}
	TieFresh    = Word{"เข้าสู่ระบบใหม่ก่อนเปลี่ยนแปลง", "Sign in again before you change anything.", "更改前请重新登录。", "Hãy đăng nhập lại trước khi thay đổi."}
	TieOver     = Word{"รายการนี้สิ้นสุดแล้ว ไม่มีอะไรให้เปลี่ยน", "It is not bound. There is nothing to change here.", "该档案未关联，无可更改。", "Hồ sơ không được gắn kết. Không có gì để thay đổi."}
	TieBy       = Word{"โดย", "By", "执行者", "Bởi"}

	RecordsOfSend = Word{"เมื่อกดขอ หน่วยงานจะได้รับเลขทะเบียนและชื่อของนิติบุคคลตามที่จดทะเบียนไว้ ไม่มีข้อมูลของท่าน", "If you ask, the department is told the organisation’s registered number and name, and nothing about you.", "提出请求时，该部门将获知法人的登记号码和名称，不会获知您的任何信息。", "Khi bạn yêu cầu, cơ quan được báo mã số và tên đăng ký của pháp nhân, không có gì về bạn."}

	ByPersonWord = Word{"เจ้าของทะเบียน", "The person themselves", "本人", "Chính người đó"}
	ByStaffWord  = Word{"เจ้าหน้าที่", "Staff", "工作人员", "Nhân viên"}
	ByRuleWord   = Word{"กฎของระบบ", "A rule", "规则", "Quy tắc"}
	ByDeptWord   = Word{"คำตอบจากหน่วยงาน", "Your authority's answer", "贵机构的答复", "Trả lời của cơ quan bạn"}

	WayMatchWord   = Word{"หน่วยงานตรวจพบ", "Your authority's system found it", "由贵机构系统匹配", "Hệ thống của cơ quan tìm thấy"}
	WayImportWord  = Word{"พบในทะเบียนที่นำเข้า", "Found among imported records", "在导入的档案中找到", "Tìm thấy trong hồ sơ đã nhập"}
	WayClaimWord   = Word{"เจ้าของแจ้งเลขพร้อมหลักฐาน", "The person named it, with a proof", "本人提供编号及证明", "Người đó nêu số kèm bằng chứng"}
	WayCounterWord = Word{"เจ้าหน้าที่ระบุที่เคาน์เตอร์", "Staff named it", "由工作人员指定", "Nhân viên nêu"}

	CauseFirstLogin   = Word{"เข้าใช้หน่วยงานครั้งแรก", "First visit to the authority", "首次使用该机构服务", "Lần đầu dùng dịch vụ của cơ quan"}
	CauseRequested    = Word{"เจ้าของขอ", "The person asked for it", "本人申请", "Người đó yêu cầu"}
	CauseNoMatch      = Word{"ไม่พบทะเบียน", "No record was found", "未找到档案", "Không tìm thấy hồ sơ"}
	CauseSeveral      = Word{"พบหลายทะเบียน", "Several records fit", "有多份档案符合", "Nhiều hồ sơ phù hợp"}
	CauseAskMore      = Word{"ขอข้อมูลเพิ่ม", "More was asked", "要求补充信息", "Đã hỏi thêm"}
	CauseCreated      = Word{"หน่วยงานสร้างทะเบียนใหม่", "A record was made", "已新建档案", "Đã lập hồ sơ mới"}
	CauseFound        = Word{"พบทะเบียนเดียวที่ตรง", "Exactly one record fits", "恰有一份档案符合", "Đúng một hồ sơ phù hợp"}
	CauseNamed        = Word{"มีผู้ระบุเลขทะเบียน", "The number was named", "已提供编号", "Đã nêu số hồ sơ"}
	CauseTooLow       = Word{"ระดับการพิสูจน์ตัวตนไม่พอ", "Too little was proven", "核验等级不足", "Mức xác minh chưa đủ"}
	CauseTaken        = Word{"ผูกกับผู้อื่นอยู่", "It is bound to somebody else", "已关联他人", "Đã gắn với người khác"}
	CauseDiffers      = Word{"การยืนยันพบทะเบียนอื่น", "Another record was found", "确认时发现另一份档案", "Khi xác nhận lại thấy hồ sơ khác"}
	CauseUnanswered   = Word{"หน่วยงานไม่ตอบทันเวลา", "No answer in time", "未及时答复", "Không trả lời kịp"}
	CauseClaimed      = Word{"เจ้าหน้าที่รับเรื่อง", "Taken up", "已受理", "Đã tiếp nhận"}
	CauseReleased     = Word{"คืนเรื่อง", "Given back", "已退回待办", "Đã trả lại"}
	CauseMoved        = Word{"ส่งต่อไปส่วนงานอื่น", "Given to another office", "已转交其他部门", "Đã chuyển nơi khác"}
	CauseApprovedOnce = Word{"คนแรกเห็นชอบ", "The first of two agreed", "第一人已同意", "Người thứ nhất đồng ý"}
	CauseApproved     = Word{"เห็นชอบ", "Approved", "已批准", "Đã duyệt"}
	CauseConfirmed    = Word{"ยืนยันอีกครั้งแล้ว", "Confirmed again", "已再次确认", "Đã xác nhận lại"}
	CauseWithdrawn    = Word{"เจ้าของขอยกเลิก", "The person wants it", "本人要求", "Người đó muốn vậy"}
	CauseWrong        = Word{"ผูกผิดคน", "Bound to the wrong person", "关联错人", "Gắn nhầm người"}
	CauseClosed       = Word{"หน่วยงานปิดทะเบียน", "The record is closed", "档案已关闭", "Hồ sơ đã đóng"}
	CauseMerged       = Word{"รวมกับทะเบียนอื่น", "Merged with another record", "与其他档案合并", "Đã gộp với hồ sơ khác"}
	CauseDeceased     = Word{"เจ้าของเสียชีวิต", "The person has died", "本人已去世", "Người đó đã mất"}
	CauseSuspicious   = Word{"สงสัยว่าผู้อื่นใช้", "Somebody else may be using it", "疑被他人使用", "Nghi có người khác dùng"}
	CauseCleared      = Word{"ตรวจสอบแล้ว ไม่มีปัญหา", "It is settled", "已核实无误", "Đã làm rõ"}
	CauseAccountEnded = Word{"บัญชีถูกปิด", "The account was closed", "账户已注销", "Tài khoản đã đóng"}
	CauseWished       = Word{"ขอให้ดำเนินการ รอผู้อื่นเห็นชอบ", "Wanted, waiting for a second person", "已提出，等待第二人", "Đã yêu cầu, chờ người thứ hai"}
	CauseDeclined     = Word{"ไม่ดำเนินการตามที่ขอ", "What was wanted was dropped", "所提请求已取消", "Yêu cầu đã bị bỏ"}
)
