package locale

// Word is a short text in all languages, for pages that are put together from parts (view.ConsolePage): a word that lacks a language does not
// compile, because it is written without the names of its fields.
type Word struct{ th, en, zh, vi string }

// Say gives the word in a language.
func (l Lang) Say(w Word) string {
	switch l {
	case English:
		return w.en
	case Chinese:
		return w.zh
	case Vietnamese:
		return w.vi
	default:
		return w.th
	}
}

// Said reports whether there is a word.
func (w Word) Said() bool { return w.en != "" }

// The words of the console.
var (
	ConsoleMenu     = Word{"เมนูการดูแลระบบ", "Console", "管理菜单", "Bảng điều hành"}
	ConsoleBack     = Word{"ภาพรวม", "Overview", "总览", "Tổng quan"}
	ConsoleStrong   = Word{"หน้านี้สำหรับผู้ที่เข้าสู่ระบบด้วยตัวตนที่พิสูจน์แล้วและสองปัจจัย", "This page is for somebody who signed in with a verified identity and two factors.", "此页面仅供以经核验身份和双因素登录的人员使用。", "Trang này dành cho người đăng nhập bằng danh tính đã xác minh và hai yếu tố."}
	ConsoleFresh    = Word{"ต้องเข้าสู่ระบบใหม่ก่อนทำรายการที่มีผลสำคัญ", "Sign in again before you change anything here.", "在此处作出更改前，请重新登录。", "Hãy đăng nhập lại trước khi thay đổi ở đây."}
	ConsoleSignIn   = Word{"เข้าสู่ระบบใหม่", "Sign in again", "重新登录", "Đăng nhập lại"}
	ConsoleCheck    = Word{"โปรดตรวจช่องนี้", "Please check this.", "请检查此项。", "Hãy kiểm tra mục này."}
	ConsoleDone     = Word{"ทำรายการแล้ว และบันทึกไว้ในทะเบียนเหตุการณ์แล้ว", "Done, and recorded.", "已完成并已记录。", "Đã xong và đã ghi lại."}
	ConsoleRefused  = Word{"ทำรายการไม่ได้ สถานะอาจเปลี่ยนไปแล้ว หรือท่านไม่มีสิทธิทำรายการนี้", "This can't be done: it may have changed meanwhile, or it is not yours to do.", "无法完成：状态可能已改变，或您无权进行此操作。", "Không thực hiện được: có thể đã thay đổi, hoặc bạn không có quyền."}
	ConsoleShow     = Word{"แสดง", "Show", "显示", "Xem"}
	ConsolePlatform = Word{"แพลตฟอร์ม", "The platform", "平台", "Nền tảng"}
	ConsoleWhere    = Word{"หน่วยงาน", "Authority", "机关", "Cơ quan"}
	ConsoleState    = Word{"สถานะ", "State", "状态", "Trạng thái"}
	ConsoleSince    = Word{"ตั้งแต่", "Since", "自", "Từ"}
	ConsoleUntil    = Word{"จนถึง", "Until", "至", "Đến"}
	ConsoleName     = Word{"ชื่อ", "Name", "名称", "Tên"}
	ConsoleID       = Word{"รหัส", "Id", "标识", "Mã"}
	ConsoleLevel    = Word{"ระดับ", "Level", "等级", "Mức"}
	ConsoleTime     = Word{"เวลา", "Time", "时间", "Thời gian"}
	ConsoleAct      = Word{"ดำเนินการ", "Act", "操作", "Thao tác"}
	ConsoleMore     = Word{"รายการที่เก่ากว่า", "Older", "更早", "Cũ hơn"}
	ConsoleYes      = Word{"ใช่", "Yes", "是", "Có"}
	ConsoleNo       = Word{"ไม่", "No", "否", "Không"}

	OverviewTitle    = Word{"ภาพรวม", "Overview", "总览", "Tổng quan"}
	OverviewLead     = Word{"สภาพของระบบในขณะนี้ หน้านี้อ่านใหม่เองทุก 30 วินาที", "How things stand now. The page reads itself again every 30 seconds.", "当前状况。页面每 30 秒自动刷新。", "Tình trạng hiện tại. Trang tự đọc lại mỗi 30 giây."}
	OverviewNow      = Word{"ขณะนี้", "Now", "当前", "Hiện tại"}
	OverviewNode     = Word{"เครื่องที่ตอบหน้านี้", "The node that answers you", "为您应答的节点", "Nút đang trả lời bạn"}
	OverviewLease    = Word{"การตรวจสอบโทเคนจากหน่วยความจำ", "Tokens answered from memory", "从内存应答令牌", "Trả lời mã thông báo từ bộ nhớ"}
	OverviewHeld     = Word{"ปกติ", "Held", "正常", "Bình thường"}
	OverviewLost     = Word{"ขาดการอ่านการเพิกถอน", "Not held: revocations were not read in time", "未保持：未能及时读取撤销记录", "Mất: chưa đọc kịp các thu hồi"}
	OverviewAsked    = Word{"คำถามเกี่ยวกับโทเคนตั้งแต่เริ่มทำงาน", "Questions about tokens since it started", "启动以来的令牌查询", "Câu hỏi về mã thông báo từ khi chạy"}
	OverviewSessions = Word{"ผู้ที่เข้าสู่ระบบอยู่", "Live sign-ins", "有效登录", "Phiên đang hoạt động"}
	OverviewVisits   = Word{"การเข้าใช้ในชั่วโมงที่ผ่านมา", "Visits in the last hour", "过去一小时的访问", "Lượt truy cập trong giờ qua"}
	OverviewRefused  = Word{"ถูกปฏิเสธหรือล้มเหลวในชั่วโมงที่ผ่านมา", "Refused or failed in the last hour", "过去一小时被拒或失败", "Bị từ chối hoặc lỗi trong giờ qua"}
	OverviewWaiting  = Word{"การแจ้งออกจากระบบที่รออยู่", "Sign-outs still being told", "仍在通知的退出", "Đăng xuất đang được báo"}
	OverviewFailed   = Word{"การแจ้งออกจากระบบที่ไม่สำเร็จ", "Sign-outs that could not be told", "未能通知的退出", "Đăng xuất không báo được"}
	OverviewCounted  = Word{"นับสถิติครบถึง", "Statistics counted until", "统计截至", "Thống kê đến"}
	OverviewWork     = Word{"งานของท่าน", "Your work", "您的工作", "Công việc của bạn"}

	ProvidersTitle   = Word{"ผู้ให้บริการยืนยันตัวตน", "Identity providers", "身份提供方", "Nhà cung cấp danh tính"}
	ProvidersLead    = Word{"บันทึกความเชื่อถือ และการตอบสนองของแต่ละราย", "Their trust records, and how they have been answering this node.", "其信任记录及对本节点的应答情况。", "Hồ sơ tin cậy và cách họ trả lời nút này."}
	ProviderProtocol = Word{"โพรโทคอล", "Protocol", "协议", "Giao thức"}
	ProviderCeiling  = Word{"รับรองได้สูงสุด", "May vouch up to", "最高可担保", "Bảo đảm tối đa"}
	ProviderAddress  = Word{"ผู้ออก", "Issuer", "签发者", "Bên phát hành"}
	ProviderHealth   = Word{"การตอบสนอง", "Health", "健康状况", "Tình trạng"}
	ProviderGood     = Word{"ตอบปกติ", "Answers", "应答正常", "Trả lời"}
	ProviderTrouble  = Word{"มีปัญหา", "In trouble", "有故障", "Có sự cố"}
	ProviderUnderWay = Word{"กำลังถาม", "Under way", "进行中", "Đang hỏi"}
	ProviderInRow    = Word{"ล้มเหลวติดต่อกัน", "Failed in a row", "连续失败", "Lỗi liên tiếp"}
	ProviderLast     = Word{"ตอบล่าสุด", "Last answer", "最近应答", "Trả lời gần nhất"}
	ProviderActive   = Word{"ให้บริการ", "In service", "服务中", "Đang phục vụ"}
	ProviderInactive = Word{"ไม่ให้บริการ", "Not in service", "未服务", "Không phục vụ"}
	ProvidersNone    = Word{"ยังไม่มีผู้ให้บริการ", "There is no provider yet.", "尚无提供方。", "Chưa có nhà cung cấp."}

	DepartmentsTitle  = Word{"หน่วยงาน", "Authorities", "机关", "Cơ quan"}
	DepartmentsLead   = Word{"หน่วยงานและระบบที่เชื่อมต่อ", "Authorities, and the systems that they connect.", "各机关及其接入的系统。", "Các cơ quan và hệ thống họ kết nối."}
	DepartmentAreas   = Word{"พื้นที่", "Areas", "辖区", "Khu vực"}
	DepartmentSystems = Word{"ระบบ", "Systems", "系统", "Hệ thống"}
	DepartmentRecords = Word{"ชนิดของทะเบียน", "Kinds of records", "档案种类", "Loại hồ sơ"}
	SystemTitle       = Word{"ระบบ", "System", "系统", "Hệ thống"}
	SystemGroup       = Word{"กลุ่มบริการ", "Service group", "服务组", "Nhóm dịch vụ"}
	SystemDemands     = Word{"ต้องการอย่างน้อย", "Demands at least", "最低要求", "Yêu cầu tối thiểu"}
	SystemRisk        = Word{"หมายเหตุความเสี่ยง", "Risk note", "风险说明", "Ghi chú rủi ro"}
	SystemReview      = Word{"ทบทวนระดับภายใน", "Review levels by", "等级复核期限", "Xem lại mức trước"}
	SystemEndpoints   = Word{"ที่อยู่ที่ลงทะเบียน", "Registered addresses", "已登记地址", "Địa chỉ đã đăng ký"}
	SystemKeys        = Word{"กุญแจและความลับ", "Keys and secrets", "密钥与口令", "Khóa và bí mật"}
	SystemSecret      = Word{"ความลับของระบบ", "Client secret", "客户端口令", "Bí mật của hệ thống"}
	SystemJWKS        = Word{"กุญแจสาธารณะของระบบ", "Its public keys", "其公钥", "Khóa công khai của hệ thống"}
	SystemNoEnd       = Word{"ไม่กำหนดสิ้นสุด", "No end", "无期限", "Không thời hạn"}
	SystemDraft       = Word{"ร่าง", "Draft", "草稿", "Bản nháp"}
	SystemTesting     = Word{"ทดสอบ", "Testing", "测试", "Thử nghiệm"}
	SystemLive        = Word{"เปิดใช้งาน", "Live", "已上线", "Đang chạy"}
	SystemSuspended   = Word{"ระงับ", "Suspended", "已暂停", "Tạm ngưng"}

	PostsTitle     = Word{"ตำแหน่งและคำเชิญ", "Roles and invitations", "岗位与邀请", "Vị trí và lời mời"}
	PostsLead      = Word{"ผู้ที่ทำงานให้หน่วยงาน ทุกการเปลี่ยนแปลงถูกบันทึกพร้อมผู้กระทำ", "Who works here. Every change is recorded with who made it.", "在此工作的人员。每次更改均连同操作人一并记录。", "Những người làm việc ở đây. Mọi thay đổi được ghi cùng người thực hiện."}
	PostRole       = Word{"ตำแหน่ง", "Role", "岗位", "Vị trí"}
	PostAccount    = Word{"บัญชี", "Account", "账户", "Tài khoản"}
	PostArea       = Word{"พื้นที่", "Area", "辖区", "Khu vực"}
	PostActive     = Word{"มีผล", "Counts", "有效", "Có hiệu lực"}
	PostProposed   = Word{"รอผู้ยืนยันคนที่สอง", "Waits for a second person", "待第二人确认", "Chờ người thứ hai"}
	PostConfirm    = Word{"ยืนยัน", "Confirm", "确认", "Xác nhận"}
	PostRemove     = Word{"ให้พ้นตำแหน่ง", "Remove", "撤销岗位", "Gỡ bỏ"}
	PostReason     = Word{"เหตุผล", "Reason", "原因", "Lý do"}
	PostLeft       = Word{"ไม่ได้ทำงานที่นี่แล้ว", "No longer works here", "已离职", "Không còn làm ở đây"}
	PostChanged    = Word{"เปลี่ยนหน้าที่", "Has another task", "职责变更", "Đổi nhiệm vụ"}
	PostMisuse     = Word{"ใช้ในทางที่ผิด", "Misuse", "滥用", "Lạm dụng"}
	PostRejected   = Word{"ไม่อนุมัติ", "Not approved", "未批准", "Không duyệt"}
	PostsHeld      = Word{"ตำแหน่งของท่าน", "Your own posts", "您自己的岗位", "Các vị trí của bạn"}
	PostsNone      = Word{"ยังไม่มีผู้ดำรงตำแหน่ง", "Nobody holds a post here.", "此处无人任职。", "Chưa ai giữ vị trí ở đây."}
	InviteTitle    = Word{"เชิญผู้ดำรงตำแหน่ง", "Invite somebody", "邀请人员", "Mời người"}
	InviteButton   = Word{"สร้างคำเชิญ", "Make an invitation", "生成邀请", "Tạo lời mời"}
	InviteMade     = Word{"คำเชิญแสดงเพียงครั้งเดียว ใช้ได้หนึ่งครั้งภายในสามวัน โปรดส่งในทางที่ผู้อื่นไม่เห็น", "The invitation is shown this once. It works once, for three days: hand it over on a way that nobody else reads.", "邀请仅显示这一次，三天内可使用一次：请以他人看不到的方式转交。", "Lời mời chỉ hiện một lần, dùng được một lần trong ba ngày: hãy trao theo cách không ai khác đọc được."}
	InviteOpen     = Word{"คำเชิญที่ยังเปิดอยู่", "Open invitations", "未使用的邀请", "Lời mời đang mở"}
	InviteTakeBack = Word{"เรียกคืน", "Take back", "收回", "Thu hồi"}
	InviteWhole    = Word{"ทั้งหน่วยงาน", "All of the authority", "整个机关", "Toàn cơ quan"}

	KeysTitle = Word{"กุญแจของแพลตฟอร์ม", "Keys of the platform", "平台密钥", "Khóa của nền tảng"}
	KeysLead  = Word{"กุญแจหมุนเวียนตามกำหนดเอง การหมุนเวียนก่อนกำหนดมีไว้สำหรับเหตุจำเป็น", "Keys rotate by themselves on schedule. Rotating one sooner is for when you have a reason.", "密钥按计划自动轮换。仅在确有理由时提前轮换。", "Khóa tự xoay vòng theo lịch. Chỉ xoay sớm khi có lý do."}
	KeyUse    = Word{"ใช้สำหรับ", "Use", "用途", "Dùng cho"}
	KeyAlg    = Word{"อัลกอริทึม", "Algorithm", "算法", "Thuật toán"}
	KeyFrom   = Word{"ใช้ตั้งแต่", "In use from", "启用于", "Dùng từ"}
	KeyGone   = Word{"หมดไปเมื่อ", "Gone from", "失效于", "Hết từ"}
	KeyRotate = Word{"หมุนเวียนตอนนี้", "Rotate now", "立即轮换", "Xoay ngay"}

	ItemsTitle    = Word{"บริการและเงื่อนไข", "Items and what they demand", "事项与要求", "Mục dịch vụ và điều kiện"}
	ItemsLead     = Word{"แต่ละบริการต้องการอะไรก่อนเปิดให้ใช้", "What each item asks for before it opens.", "每个事项开放前的要求。", "Mỗi mục đòi hỏi gì trước khi mở."}
	ItemCategory  = Word{"หมวด", "Category", "类别", "Nhóm"}
	ItemDemands   = Word{"เงื่อนไข", "Demands", "要求", "Điều kiện"}
	ItemOffered   = Word{"เปิดให้บริการ", "Offered", "已开放", "Đang mở"}
	ItemWithheld  = Word{"ระงับ", "Suspended", "已暂停", "Tạm ngưng"}
	ItemsNone     = Word{"ยังไม่มีบริการในรายการ", "There are no items.", "尚无事项。", "Chưa có mục nào."}
	ItemLockable  = Word{"เจ้าตัวล็อกได้", "The person can lock it", "本人可锁定", "Người dùng có thể khóa"}
	ItemOptIn     = Word{"เจ้าตัวต้องเปิดก่อน", "The person opens it first", "须本人先开启", "Người dùng phải mở trước"}
	ItemMandate   = Word{"ต้องมีการมอบอำนาจ", "By mandate", "须有授权", "Theo ủy quyền"}
	ItemDelegated = Word{"ต้องมอบหมายเป็นรายบริการ", "By delegation of the item", "须逐项委托", "Theo ủy nhiệm từng mục"}
	ItemExclusive = Word{"ครั้งละหนึ่งคน", "One operator at a time", "同时仅一人", "Mỗi lần một người"}
	ItemApproval  = Word{"เจ้าหน้าที่อนุมัติ", "Staff approve", "须工作人员批准", "Cán bộ duyệt"}
	ItemDevice    = Word{"เครื่องที่ลงทะเบียน", "A registered device", "已登记设备", "Thiết bị đã đăng ký"}
	ItemNetwork   = Word{"เครือข่ายที่กำหนด", "From given networks", "指定网络", "Từ mạng quy định"}
	ItemBound     = Word{"ผูกกับทะเบียน", "Tied to a record", "已绑定档案", "Gắn với hồ sơ"}

	TellingTitle  = Word{"การแจ้งออกจากระบบ", "Sign-out notices", "退出通知", "Thông báo đăng xuất"}
	TellingLead   = Word{"ระบบที่แจ้งไม่สำเร็จว่าผู้ใช้ออกจากระบบแล้ว โทเคนของเซสชันนั้นใช้ไม่ได้อยู่แล้ว", "Who could not be told that somebody signed out. The tokens of that sign-in are dead all the same.", "未能被告知退出的系统。该次登录的令牌无论如何均已失效。", "Những nơi không báo được là có người đăng xuất. Mã thông báo của phiên đó dù sao cũng đã hết hiệu lực."}
	TellingWho    = Word{"ผู้รับแจ้ง", "Who", "接收方", "Nơi nhận"}
	TellingTries  = Word{"จำนวนครั้ง", "Tries", "次数", "Số lần"}
	TellingRetry  = Word{"แจ้งอีกครั้ง", "Tell again", "重新通知", "Báo lại"}
	TellingNone   = Word{"ไม่มีการแจ้งที่ล้มเหลว", "Nothing has failed.", "没有失败的通知。", "Không có thông báo lỗi."}
	TellingFailed = Word{"ไม่สำเร็จ", "Failed", "失败", "Thất bại"}
	TellingNoWay  = Word{"ไม่มีทางแจ้ง", "No way to tell", "无法通知", "Không có cách báo"}

	LettersTitle    = Word{"เรื่องร้องเรียนและคำขอแก้ไข", "Complaints and corrections", "投诉与更正", "Khiếu nại và đính chính"}
	LettersLead     = Word{"เรื่องที่ประชาชนเขียนถึงที่นี่และยังรอคำตอบ เก่าสุดก่อน การเปิดอ่านถูกบันทึกและเจ้าตัวเห็น", "What people have written here and is not answered yet, the oldest first. Reading one is recorded, and its person sees it.", "人们写到这里而尚未答复的来信，最早者在前。阅读会被记录，本人可见。", "Những gì người dân gửi đến đây và chưa được trả lời, cũ nhất trước. Việc đọc được ghi lại và người gửi thấy được."}
	LettersWaiting  = Word{"รอคำตอบ", "Waiting", "等待答复", "Đang chờ"}
	LettersNone     = Word{"ไม่มีเรื่องที่รอคำตอบ", "Nothing waits for an answer.", "没有等待答复的来信。", "Không có thư nào chờ trả lời."}
	LettersMeasure  = Word{"ผลการตอบใน 90 วันที่ผ่านมา", "How it went in the last 90 days", "过去 90 天的情况", "Kết quả trong 90 ngày qua"}
	LettersAnswered = Word{"ตอบแล้ว", "Answered", "已答复", "Đã trả lời"}
	LettersInTime   = Word{"ตอบภายในกำหนด", "Answered in time", "按期答复", "Trả lời đúng hạn"}
	LettersOverdue  = Word{"เกินกำหนด", "Overdue", "已逾期", "Quá hạn"}
	LetterReference = Word{"หมายเลขอ้างอิง", "Reference", "编号", "Mã tham chiếu"}
	LetterKind      = Word{"ชนิด", "Kind", "类型", "Loại"}
	LetterComplaint = Word{"ร้องเรียน", "Complaint", "投诉", "Khiếu nại"}
	LetterCorrect   = Word{"ขอแก้ไขข้อมูล", "Correction", "更正", "Đính chính"}
	LetterSent      = Word{"ส่งเมื่อ", "Sent", "发送时间", "Gửi lúc"}
	LetterDue       = Word{"กำหนดตอบ", "Answer by", "答复期限", "Hạn trả lời"}
	LetterFrom      = Word{"ผู้ส่ง ในชื่อที่ทะเบียนของที่นี่รู้จัก", "From, by the name that the record here knows", "来信人（以此处记录所用名称）", "Người gửi, theo tên mà nhật ký ở đây biết"}
	LetterText      = Word{"ข้อความ", "What was written", "来信内容", "Nội dung"}
	LetterAnswer    = Word{"คำตอบ", "Answer", "答复", "Trả lời"}
	LetterLead      = Word{"ข้อความนี้เป็นของเจ้าตัว โปรดใช้เพื่อตอบเท่านั้น", "It is its person's own: use it for the answer and for nothing else.", "内容属于本人：仅用于答复，不作他用。", "Nội dung là của người gửi: chỉ dùng để trả lời, không dùng vào việc khác."}
	LetterOutcome   = Word{"ผลการพิจารณา", "What it comes to", "处理结果", "Kết quả"}
	LetterWords     = Word{"คำตอบถึงเจ้าตัว 10 ถึง 4,000 ตัวอักษร", "The answer, of 10 to 4,000 letters", "答复（10 至 4,000 字）", "Câu trả lời, từ 10 đến 4.000 ký tự"}
	LetterWrong     = Word{"โปรดเลือกผลการพิจารณา และเขียนคำตอบ 10 ถึง 4,000 ตัวอักษร", "Please say what it comes to, and write an answer of 10 to 4,000 letters.", "请选择处理结果，并填写 10 至 4,000 字的答复。", "Hãy chọn kết quả và viết câu trả lời từ 10 đến 4.000 ký tự."}
	LetterSend      = Word{"ส่งคำตอบ", "Send the answer", "发送答复", "Gửi câu trả lời"}
	LetterUpheld    = Word{"เห็นด้วย", "Agreed with", "同意", "Đồng ý"}
	LetterPartly    = Word{"เห็นด้วยบางส่วน", "Agreed with in part", "部分同意", "Đồng ý một phần"}
	LetterRejected  = Word{"ไม่เห็นด้วย", "Not agreed with", "不同意", "Không đồng ý"}
	LetterElsewhere = Word{"หน่วยงานอื่นต้องพิจารณา", "For another authority", "属其他机关", "Thuộc cơ quan khác"}
	LetterUnread    = Word{"ยังไม่มีผู้อ่าน", "Not read yet", "尚未阅读", "Chưa đọc"}
	LetterRead      = Word{"อ่านแล้ว", "Read", "已阅读", "Đã đọc"}
	LetterErased    = Word{"ข้อความถูกลบแล้ว", "The text was erased.", "文字已删除。", "Văn bản đã bị xóa."}

	RecordTitle   = Word{"ทะเบียนเหตุการณ์", "The record", "事件记录", "Nhật ký sự kiện"}
	RecordLead    = Word{"เหตุการณ์ตามลำดับเวลา ใหม่สุดก่อน ไม่มีข้อมูลส่วนบุคคล", "What happened, the latest first. It holds no personal data.", "按时间倒序。不含个人数据。", "Những gì đã xảy ra, mới nhất trước. Không chứa dữ liệu cá nhân."}
	RecordWhat    = Word{"เหตุการณ์", "Event", "事件", "Sự kiện"}
	RecordAbout   = Word{"เกี่ยวกับ", "About", "相关", "Về"}
	RecordDetail  = Word{"รายละเอียด", "Detail", "详情", "Chi tiết"}
	RecordOutcome = Word{"ผล", "Outcome", "结果", "Kết quả"}
	RecordNumber  = Word{"เลขอ้างอิงการทำรายการ", "Reference of an interaction", "交互编号", "Mã tham chiếu tương tác"}
	RecordKind    = Word{"ชนิดเหตุการณ์ เช่น login.refused", "Kind of event, for instance login.refused", "事件类型，例如 login.refused", "Loại sự kiện, ví dụ login.refused"}
	RecordBefore  = Word{"ก่อนวันที่ (ปปปป-ดด-วว ค.ศ.)", "Before the day (YYYY-MM-DD)", "早于日期（YYYY-MM-DD）", "Trước ngày (YYYY-MM-DD)"}
	RecordSearch  = Word{"ค้นหา", "Search", "搜索", "Tìm"}
	RecordProof   = Word{"หลักฐาน", "Proof", "证明", "Bằng chứng"}
	RecordNone    = Word{"ไม่พบเหตุการณ์", "No event was found.", "未找到事件。", "Không tìm thấy sự kiện."}
	RecordOn      = Word{"ยังค้นไม่ถึงจุดเริ่มต้น กด รายการที่เก่ากว่า เพื่อค้นต่อ", "The search has not come to the beginning yet: go on with Older.", "尚未搜索到开头：请点“更早”继续。", "Chưa tìm đến đầu: bấm Cũ hơn để tiếp tục."}
	RecordSuccess = Word{"สำเร็จ", "Success", "成功", "Thành công"}
	RecordRefusal = Word{"ปฏิเสธ", "Refused", "拒绝", "Từ chối"}
	RecordFailure = Word{"ล้มเหลว", "Failed", "失败", "Lỗi"}

	FiguresTitle    = Word{"สถิติ", "Statistics", "统计", "Thống kê"}
	FiguresLead     = Word{"ตัวเลขตั้งแต่ 1 ถึง 4 ไม่แสดง และตัวเลขอื่นบางตัวไม่แสดงด้วย เพื่อไม่ให้คำนวณย้อนกลับได้", "Figures from 1 to 4 are withheld, and some others with them, so that no difference tells them.", "1 至 4 的数字不予显示，其他部分数字亦一并隐去，以免推算得出。", "Số từ 1 đến 4 được ẩn, cùng vài số khác, để không thể tính ngược."}
	FiguresVisits   = Word{"การเข้าใช้", "Visits", "访问", "Lượt truy cập"}
	FiguresItems    = Word{"การตัดสินบริการ", "Decisions on items", "事项裁定", "Quyết định về mục"}
	FiguresOpenings = Word{"การเปิดและล็อกบริการ", "Items opened or locked", "事项开启或锁定", "Mục mở hoặc khóa"}
	FiguresBindings = Word{"การผูกทะเบียน", "Ties to records", "档案绑定", "Gắn hồ sơ"}
	FiguresTotal    = Word{"รวม", "Total", "合计", "Tổng"}
	FiguresLeast    = Word{"อย่างน้อย", "at least", "至少", "ít nhất"}
	FiguresHidden   = Word{"ไม่แสดง", "withheld", "隐去", "ẩn"}
	FiguresRest     = Word{"ค่าอื่นไม่แสดง เพราะมีน้อยเกินไป", "Other values are not shown: there is too little of them.", "其他值过少，未显示。", "Các giá trị khác không hiện vì quá ít."}
	FiguresOpen     = Word{"ช่วงเวลานี้ยังไม่สิ้นสุด ตัวเลขคือเท่าที่นับได้ และไม่ใช่การเผยแพร่", "This period has not ended: the figures are what there is so far, and no publication.", "此期间尚未结束：数字为目前所计，并非公布。", "Khoảng này chưa kết thúc: số liệu là đến nay, không phải công bố."}
	FiguresByTime   = Word{"ตามเวลา", "By time", "按时间", "Theo thời gian"}
	FiguresSystem   = Word{"ตามระบบ", "By system", "按系统", "Theo hệ thống"}
	FiguresProvider = Word{"ตามผู้ให้บริการ", "By provider", "按提供方", "Theo nhà cung cấp"}
	FiguresChannel  = Word{"ตามช่องทาง", "By channel", "按渠道", "Theo kênh"}
	FiguresCategory = Word{"ตามหมวดบริการ", "By category of item", "按事项类别", "Theo nhóm mục"}
	FiguresOutcome  = Word{"ตามผล", "By outcome", "按结果", "Theo kết quả"}
	FiguresPlace    = Word{"ตามหน่วยงาน", "By authority", "按机关", "Theo cơ quan"}
	FiguresWithout  = Word{"ไม่มี", "None", "无", "Không có"}
	FiguresCSV      = Word{"ส่งออก CSV", "Export CSV", "导出 CSV", "Xuất CSV"}
	FiguresJSON     = Word{"ส่งออก JSON", "Export JSON", "导出 JSON", "Xuất JSON"}
	FiguresYear     = Word{"ทั้งปี", "The year", "全年", "Cả năm"}
	FiguresMonth    = Word{"เดือน", "Month", "月", "Tháng"}
	FiguresPeriod   = Word{"ช่วงเวลา (ค.ศ. เช่น 2026, 2026-11 หรือ 2026-11-22)", "Period: a year, month or day (2026, 2026-11 or 2026-11-22)", "期间：年、月或日（2026、2026-11 或 2026-11-22）", "Khoảng: năm, tháng hoặc ngày (2026, 2026-11 hoặc 2026-11-22)"}
	FiguresNone     = Word{"ยังไม่มีตัวเลขที่แสดงได้", "There is nothing to show yet.", "暂无可显示的数字。", "Chưa có gì để hiện."}
	AccountsTitle   = Word{"ตัวเลขสำหรับกระทบยอด", "Reconciliation with providers", "与提供方对账", "Đối soát với nhà cung cấp"}
	AccountsLead    = Word{"ตัวเลขจริงของเดือน สำหรับตรวจใบแจ้งหนี้ ห้ามเผยแพร่", "Exact figures of the month, to check bills with. They are not for publication.", "当月精确数字，用于核对账单，不得公布。", "Số chính xác của tháng để kiểm tra hóa đơn. Không được công bố."}
	AccountsAsked   = Word{"เลือกใช้", "Chosen", "被选择", "Được chọn"}
	AccountsSigned  = Word{"ยืนยันสำเร็จ", "Sign-ins", "登录", "Đăng nhập"}
)
