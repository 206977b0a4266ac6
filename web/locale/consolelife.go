package locale

// The words of the life of systems and providers, and of what is configured.
var (
	ConsoleChoose = Word{"โปรดเลือก", "Choose…", "请选择", "Chọn…"}

	WrongChanged    = Word{"ทำรายการไม่ได้ สถานะเปลี่ยนไปแล้วระหว่างนี้ หรือรายการนี้ดูแลด้วยไฟล์ โปรดตรวจสอบหน้านี้อีกครั้ง", "Not done: it has changed meanwhile, or it is kept by files. Look at the page again.", "未执行：状态已改变，或由文件管理。请重新查看本页。", "Chưa thực hiện: đã thay đổi hoặc do tệp quản lý. Hãy xem lại trang."}
	WrongEyes       = Word{"รายการนี้ต้องทำโดยผู้อื่น หลักสองคนไม่ให้คนเดียวเสนอและอนุมัติ หรือท่านไม่มีสิทธิ", "Not done: a second person must do this, or it is not yours to do.", "未执行：须由第二人办理，或您无权。", "Chưa thực hiện: cần người thứ hai, hoặc bạn không có quyền."}
	WrongUnproposed = Word{"ยังไม่มีผู้เสนอให้เปิดใช้งานรุ่นนี้", "Not done: nobody has proposed this version.", "未执行：尚无人提议上线此版本。", "Chưa thực hiện: chưa ai đề xuất phiên bản này."}
	WrongForm       = Word{"ข้อมูลในแบบฟอร์มไม่ครบหรือไม่ถูกต้อง", "Not done: something in the form is missing or wrong.", "未执行：表单内容缺失或有误。", "Chưa thực hiện: biểu mẫu thiếu hoặc sai."}

	ReasonPlanned     = Word{"ตามแผน", "As planned", "按计划", "Theo kế hoạch"}
	ReasonIncident    = Word{"เหตุผิดปกติด้านความปลอดภัย", "An incident", "安全事件", "Sự cố"}
	ReasonMaintenance = Word{"บำรุงรักษา", "Maintenance", "维护", "Bảo trì"}
	ReasonTested      = Word{"ทดสอบแล้ว", "It has been tested", "已测试", "Đã thử nghiệm"}
	ReasonSettled     = Word{"เหตุยุติแล้ว", "The cause is settled", "原因已解决", "Nguyên nhân đã xử lý"}

	SystemAbout      = Word{"ข้อมูลระบบ", "About the system", "系统信息", "Về hệ thống"}
	SystemAddress    = Word{"ที่อยู่", "Address", "地址", "Địa chỉ"}
	SystemOwnSession = Word{"เซสชันของระบบเองอยู่ได้นาน", "Its own session lasts", "其自身会话时长", "Phiên riêng kéo dài"}

	LifeTitle    = Word{"สถานะการใช้งาน", "Life", "生命周期", "Vòng đời"}
	KeptBy       = Word{"ดูแลโดย", "Kept by", "维护方式", "Quản lý bằng"}
	KeptByFile   = Word{"ไฟล์ (onedoor apply)", "Files (onedoor apply)", "文件（onedoor apply）", "Tệp (onedoor apply)"}
	KeptByAPI    = Word{"ผู้ดูแลผ่านระบบนี้", "Administrators, here", "管理员（在此）", "Quản trị viên, tại đây"}
	LifeHeld     = Word{"เจ้าหน้าที่ระงับไว้ ไฟล์เปิดคืนไม่ได้", "Suspended by staff: files don't open it", "由工作人员暂停：文件不能恢复", "Cán bộ đã tạm ngưng: tệp không mở lại"}
	LifeProposed = Word{"เสนอให้เปิดใช้งาน", "Proposed to go live", "已提议上线", "Đã đề xuất vận hành"}
	LifePropose  = Word{"เสนอให้เปิดใช้งาน", "Propose to go live", "提议上线", "Đề xuất vận hành"}
	LifeTested   = Word{"รหัสหลักฐานการทดสอบ เช่น report-2026-11", "Id of what shows that it was tested, for instance report-2026-11", "测试证明的编号，例如 report-2026-11", "Mã bằng chứng thử nghiệm, ví dụ report-2026-11"}
	LifeUnready  = Word{"การเปิดใช้งานต้องมีผู้เสนอก่อน และผู้เปิดต้องเป็นอีกคนหนึ่ง", "To open it, somebody must have proposed or suspended it, and somebody else opens it.", "开启须先有人提议，并由另一人开启。", "Muốn mở phải có người đề xuất trước, và người khác mở."}
	LifeByFile   = Word{"รายการนี้ดูแลด้วยไฟล์ ให้แก้สถานะในไฟล์ แล้วสั่ง onedoor apply", "This entry is kept by files: change its state there and run onedoor apply.", "此条目由文件维护：请在文件中修改状态并运行 onedoor apply。", "Mục này do tệp quản lý: sửa trạng thái trong tệp rồi chạy onedoor apply."}
	LifeTest     = Word{"เข้าสู่การทดสอบ", "Take into test", "进入测试", "Đưa vào thử nghiệm"}
	LifeDraft    = Word{"กลับเป็นร่าง", "Back to draft", "退回草稿", "Trở về bản nháp"}
	LifeLaunch   = Word{"เปิดใช้งาน", "Go live", "上线", "Đưa vào vận hành"}
	LifeResume   = Word{"เปิดใช้อีกครั้ง", "Resume", "恢复", "Mở lại"}
	LifeSuspend  = Word{"ระงับทันที", "Suspend now", "立即暂停", "Tạm ngưng ngay"}
	LifeMoves    = Word{"ประวัติสถานะ", "Steps so far", "历史步骤", "Các bước đã qua"}
	LifeNoMoves  = Word{"ยังไม่มีการเปลี่ยนสถานะที่นี่", "No step has been taken here yet.", "尚无步骤。", "Chưa có bước nào."}
	LifeFrom     = Word{"จาก", "From", "从", "Từ"}
	LifeTo       = Word{"เป็น", "To", "到", "Đến"}
	LifeBy       = Word{"โดย", "By", "执行者", "Bởi"}
	LifeOperator = Word{"ผู้ปฏิบัติการที่เครื่อง", "The operator, at the machine", "机器操作员", "Người vận hành tại máy"}
	LifeFaults   = Word{"สิ่งที่ต้องแก้", "What must be mended", "须更正之处", "Cần sửa"}
	LifeFaulty   = Word{"ทำรายการไม่ได้ ข้อมูลของระบบยังไม่ครบตามกฎของทะเบียน", "Not done: the entry breaks rules of the register.", "未执行：条目不符合登记规则。", "Chưa thực hiện: mục chưa đúng quy tắc đăng ký."}
	LifeRule     = Word{"กฎ", "Rule", "规则", "Quy tắc"}

	FiguresNothing = Word{"ช่วงที่ไม่มีอะไรเลยไม่อยู่ในตารางนี้ แต่อยู่ในแผนภูมิและในไฟล์ส่งออก", "Times without anything are left out of this table; the chart and the export have them.", "此表省略无数据的时段；图表与导出文件中均有。", "Bảng này bỏ qua lúc không có gì; biểu đồ và tệp xuất có đủ."}

	RotateSecret  = Word{"ออกความลับใหม่", "Make a new secret", "生成新口令", "Tạo bí mật mới"}
	RotateOverlap = Word{"ความลับเดิมใช้ได้อีก", "The old one goes on for", "旧口令继续有效", "Bí mật cũ còn dùng"}
	RotateByFile  = Word{"รายการนี้ดูแลด้วยไฟล์ ให้ใส่ค่าแฮชของความลับใหม่หรือกุญแจใหม่คู่กับของเดิมในไฟล์ แล้วสั่ง onedoor apply", "This entry is kept by files: put the hash of a new secret, or a new key, beside the old one there and run onedoor apply.", "此条目由文件维护：请在文件中将新口令的哈希或新公钥与旧的并列，然后运行 onedoor apply。", "Mục này do tệp quản lý: thêm mã băm của bí mật mới hoặc khóa mới cạnh mục cũ rồi chạy onedoor apply."}
	RotateMade    = Word{"ความลับใหม่แสดงเพียงครั้งเดียว โปรดบันทึกไว้ในที่เก็บความลับของระบบทันที", "The new secret is shown this once. Put it where the system keeps its secrets, now.", "新口令仅显示这一次，请立即存入系统的机密存储。", "Bí mật mới chỉ hiện một lần. Hãy lưu ngay vào nơi giữ bí mật của hệ thống."}
	OverlapNone   = Word{"ไม่ใช้ต่อ หมดทันที", "Not at all: it ends now", "立即失效", "Không: hết ngay"}
	OverlapDay    = Word{"1 วัน", "1 day", "1 天", "1 ngày"}
	OverlapWeek   = Word{"7 วัน", "7 days", "7 天", "7 ngày"}
	OverlapMonth  = Word{"30 วัน", "30 days", "30 天", "30 ngày"}

	ProviderTitle        = Word{"ผู้ให้บริการยืนยันตัวตน", "Identity provider", "身份提供方", "Nhà cung cấp danh tính"}
	ProviderTrust        = Word{"บันทึกความเชื่อถือ", "Trust record", "信任记录", "Hồ sơ tin cậy"}
	ProviderGives        = Word{"ให้ข้อมูล", "May say of people", "可提供的信息", "Có thể cung cấp"}
	ProviderNumber       = Word{"รับรองเลขประจำตัว", "Vouches for the number", "担保的号码", "Bảo đảm số"}
	ProviderLevels       = Word{"คำของผู้ให้บริการและระดับ", "Its words, and what they are worth", "其用语及对应等级", "Từ ngữ và mức tương ứng"}
	ProviderSays         = Word{"คำของผู้ให้บริการ", "It says", "其用语", "Nhà cung cấp nói"}
	ProviderFixed        = Word{"ตามข้อตกลง ไม่ว่าจะตอบอย่างไร", "By agreement, whatever it says", "按协议固定", "Theo thỏa thuận"}
	ProviderSuspending   = Word{"เมื่อระงับ จะไม่มีใครเข้าสู่ระบบผ่านผู้ให้บริการนี้ได้ภายในไม่กี่วินาที รวมถึงที่กำลังทำอยู่ ผู้ที่เข้าสู่ระบบแล้วจะถูกให้ออกทุกหน่วยงานเมื่อเหตุผลคือเหตุการณ์ผิดปกติหรือการใช้ผิด เว้นแต่ท่านเลือกอย่างอื่น หากท่านเองเข้ามาทางนี้ ท่านก็จะออกด้วย", "Once suspended, nobody signs in through it: within seconds, and also in the middle of a sign-in. Who is signed in through it is signed out everywhere for an incident or misuse, and not for another reason, unless you say otherwise. If you came through it yourself, you are one of them.", "暂停后数秒内无人可经其登录，包括进行中的登录；原因为事件或滥用时，已登录者将在各处退出，其他原因则不会，除非您另行选择；若您本人经其登录，也包括在内。", "Khi tạm ngưng, trong vài giây không ai đăng nhập qua đây được, kể cả đang dở. Với sự cố hoặc lạm dụng, ai đang đăng nhập qua đây bị đăng xuất ở mọi nơi; lý do khác thì không, trừ khi bạn chọn khác. Nếu chính bạn vào qua đây thì cũng vậy."}
	ProviderFate         = Word{"ผู้ที่เข้าสู่ระบบผ่านผู้ให้บริการนี้อยู่", "Who is signed in through it", "已经由其登录者", "Người đang đăng nhập qua đây"}
	ProviderFateByReason = Word{"ตามเหตุผล", "As the reason calls for", "按原因处理", "Theo lý do"}
	ProviderFateEnd      = Word{"ให้ออกทั้งหมดทันที", "Sign them all out now", "立即全部退出", "Đăng xuất tất cả ngay"}
	ProviderFateKeep     = Word{"ให้อยู่ต่อ", "Leave them signed in", "保持登录", "Cho giữ đăng nhập"}
	ProviderCut          = Word{"ให้ผู้ที่เข้าสู่ระบบผ่านผู้ให้บริการนี้ออกทั้งหมด", "Sign everybody out who came through it", "让所有经其登录者退出", "Đăng xuất mọi người đã vào qua đây"}
	ProviderCutting      = Word{"กำลังดำเนินการ ไม่มีโทเคนใดใช้ได้แล้ว", "Under way; none of their tokens is good any more", "进行中；其令牌均已失效", "Đang thực hiện; không mã nào còn hiệu lực"}
	ProviderCutDone      = Word{"ให้ทุกคนที่มาทางนี้ออกจากระบบแล้วเมื่อ", "All who came through it were signed out", "经其登录者全部退出于", "Đã đăng xuất hết người vào qua đây lúc"}
	ProviderCutCount     = Word{"จำนวนที่ให้ออกจากระบบ", "Signed out", "已退出数", "Số đã đăng xuất"}
	ProviderNode         = Word{"ตามที่เครื่องที่ตอบหน้านี้เห็น ตั้งแต่เริ่มทำงาน", "As the node that answers you has seen it since it started.", "自本节点启动以来所见。", "Theo nút đang trả lời, từ khi khởi động."}
	ProviderFailed       = Word{"ล้มเหลวล่าสุด", "Last failure", "最近失败", "Lỗi gần nhất"}
	ProviderRead         = Word{"อ่านเมทาดาทาเมื่อ", "Its metadata was read", "元数据读取于", "Đọc siêu dữ liệu lúc"}
	ProviderCertificates = Word{"ใบรับรองหมดอายุ", "Its certificates end", "证书到期", "Chứng thư hết hạn"}

	CampaignTitle    = Word{"การออกจากระบบหนึ่งครั้ง", "One sign-out", "一次退出", "Một lần đăng xuất"}
	CampaignLead     = Word{"ใครได้รับแจ้งแล้วบ้าง หน้านี้อ่านใหม่เองจนกว่าจะแจ้งครบ", "Who has been told of it. The page reads itself again until nobody is left to tell.", "已通知哪些方。通知完成前本页自动刷新。", "Ai đã được báo. Trang tự đọc lại cho đến khi báo xong."}
	CampaignsLive    = Word{"กำลังแจ้งอยู่", "Under way", "通知进行中", "Đang báo"}
	CampaignsNone    = Word{"ขณะนี้ไม่มีการแจ้งที่ค้างอยู่", "Nobody is being told just now.", "当前无进行中的通知。", "Hiện không có gì đang báo."}
	CampaignNobody   = Word{"ไม่มีระบบใดต้องได้รับแจ้ง", "Nobody took part in it.", "无参与方。", "Không có bên tham gia."}
	CampaignCause    = Word{"เหตุที่สิ้นสุด", "Why it ended", "终止原因", "Lý do kết thúc"}
	CampaignTold     = Word{"แจ้งจบแล้ว", "Settled", "已结束", "Đã xong"}
	CampaignOpen     = Word{"ยังรออยู่", "Still open", "待通知", "Còn chờ"}
	CampaignNext     = Word{"แจ้งครั้งต่อไป หรือจบเมื่อ", "Next try, or settled", "下次尝试或结束时间", "Lần tới hoặc xong lúc"}
	CampaignAt       = Word{"สิ้นสุดเมื่อ", "Ended", "终止于", "Kết thúc lúc"}
	CampaignClosed   = Word{"แจ้งครบเมื่อ", "Everybody settled", "通知完成于", "Báo xong lúc"}
	CampaignDone     = Word{"แจ้งครบแล้ว", "Nobody is left to tell", "已全部通知", "Đã báo hết"}
	CampaignUnderway = Word{"กำลังแจ้ง", "Being told", "通知中", "Đang báo"}
	CampaignLost     = Word{"บางระบบแจ้งไม่สำเร็จ", "Some could not be told", "部分未能通知", "Có nơi không báo được"}
	CampaignRetry    = Word{"แจ้งทุกรายที่ไม่สำเร็จอีกครั้ง", "Tell all that failed again", "重新通知全部失败者", "Báo lại tất cả nơi lỗi"}
	TellingOpen      = Word{"รอแจ้ง", "To be told", "待通知", "Chờ báo"}
	TellingRetrying  = Word{"จะแจ้งซ้ำ", "Tried, will be told again", "将重试", "Sẽ báo lại"}
	TellingVisiting  = Word{"รอเบราว์เซอร์ของผู้ใช้", "Waits for the person's browser", "等待用户浏览器", "Chờ trình duyệt của người dùng"}
	TellingConfirmed = Word{"ยืนยันแล้ว", "Confirmed", "已确认", "Đã xác nhận"}
	TellingVisited   = Word{"เบราว์เซอร์ไปแล้ว ไม่มีการยืนยัน", "Visited, not confirmed", "已访问，未确认", "Đã ghé, chưa xác nhận"}
	TellingInitiator = Word{"เป็นผู้เริ่ม", "Asked for it itself", "由其发起", "Tự khởi xướng"}
	CausePerson      = Word{"เจ้าตัวออกจากระบบ", "The person signed out", "本人退出", "Người dùng đăng xuất"}
	CauseIdle        = Word{"ไม่ใช้งานนานเกินกำหนด", "Unused for too long", "闲置过久", "Không dùng quá lâu"}
	CauseAge         = Word{"ครบเวลา", "It was too old", "已达期限", "Hết thời hạn"}
	CauseAccount     = Word{"บัญชีถูกระงับหรือยกเลิก", "The account was closed", "账户已关闭", "Tài khoản bị đóng"}
	CauseSystem      = Word{"ระบบของหน่วยงานแจ้งออก", "A system signed out", "由系统发起", "Hệ thống đăng xuất"}
	CauseAdmin       = Word{"ผู้ดูแลสั่งให้ออก", "An administrator ended it", "管理员终止", "Quản trị viên kết thúc"}
	CauseProvider    = Word{"ผู้ให้บริการยืนยันตัวตนแจ้งออก", "The identity provider ended it", "身份提供方终止", "Nhà cung cấp kết thúc"}
	CauseOther       = Word{"มีการเข้าสู่ระบบใหม่แทน", "Another sign-in took its place", "被新登录取代", "Bị phiên khác thay"}
	CauseMandate     = Word{"การมอบอำนาจสิ้นสุด", "A mandate ended", "授权终止", "Ủy quyền chấm dứt"}
	CauseSuspension  = Word{"ผู้ให้บริการยืนยันตัวตนถูกระงับ", "The identity provider was suspended", "身份提供方被暂停", "Nhà cung cấp bị tạm ngưng"}

	PoliciesTitle      = Word{"นโยบายที่ตั้งไว้", "Policies", "政策", "Chính sách"}
	PoliciesLead       = Word{"สิ่งที่ตั้งค่าไว้และมีผลอยู่ แก้ไขได้ในไฟล์การตั้งค่าเท่านั้น", "What is configured and holds. It is changed in the configuration, not here.", "当前生效的配置，仅可在配置文件中更改。", "Những gì đang có hiệu lực. Chỉ sửa trong tệp cấu hình."}
	PolicyLevels       = Word{"ระดับขั้นต่ำของกลุ่มบริการ", "The least levels of service groups", "各服务组的最低等级", "Mức tối thiểu theo nhóm dịch vụ"}
	PolicySessions     = Word{"อายุของการเข้าสู่ระบบ", "How long sign-ins last", "登录有效期", "Thời hạn đăng nhập"}
	PolicySessionsLead = Word{"นับตามระดับที่บริการต้องการ", "Counted for the level that a service demands.", "按服务所要求的等级计算。", "Tính theo mức dịch vụ yêu cầu."}
	PolicyAge          = Word{"อยู่ได้นานที่สุด", "At most", "最长", "Tối đa"}
	PolicyIdle         = Word{"ไม่ใช้งาน", "Unused", "闲置", "Không dùng"}
	PolicyStaff        = Word{"เจ้าหน้าที่", "Staff", "工作人员", "Cán bộ"}
	PolicyFourEyes     = Word{"หลักสองคน", "Four eyes", "双人原则", "Nguyên tắc hai người"}
	PolicyLeast        = Word{"ระดับที่เจ้าหน้าที่ต้องเข้าสู่ระบบ", "Staff sign in with", "工作人员登录等级", "Cán bộ đăng nhập ở mức"}
	PolicyFresh        = Word{"การเข้าสู่ระบบใหม่ก่อนทำรายการ ใช้ได้นาน", "A fresh sign-in counts for", "重新登录的有效时间", "Đăng nhập mới có hiệu lực trong"}
	PolicyEnds         = Word{"การออกจากระบบและการเพิกถอน", "Sign-outs and revocations", "退出与撤销", "Đăng xuất và thu hồi"}
	PolicyLease        = Word{"ทุกเครื่องรู้การเพิกถอนภายใน", "Every node knows of an end within", "各节点获知终止的时限", "Mọi nút biết trong vòng"}
	PolicyTell         = Word{"รอคำตอบจากระบบต่อครั้ง", "One try to tell a system takes at most", "每次通知最长等待", "Mỗi lần báo tối đa"}
	PolicyPause        = Word{"เว้นระหว่างครั้งนานที่สุด", "The longest between two tries", "两次尝试的最长间隔", "Khoảng cách tối đa giữa hai lần"}
	PolicyLedger       = Word{"เก็บบันทึกการแจ้งไว้", "Who was told is kept for", "通知记录保留", "Giữ sổ báo trong"}
	PolicySign         = Word{"กุญแจลงนามใช้ได้", "A signing key signs for", "签名密钥使用期", "Khóa ký dùng trong"}
	PolicySeal         = Word{"กุญแจผนึกโทเคนใช้ได้", "A key seals tokens for", "令牌封装密钥使用期", "Khóa niêm phong dùng trong"}
	PolicySAML         = Word{"กุญแจ SAML ใช้ได้", "A SAML key serves for", "SAML 密钥使用期", "Khóa SAML dùng trong"}
	PolicyOther        = Word{"ขีดจำกัดและทางเลือก", "Limits and options", "限制与选项", "Giới hạn và tùy chọn"}
	PolicyLogins       = Word{"ขั้นตอนเข้าสู่ระบบต่อนาที ของเครือข่ายหนึ่ง ต่อเครื่อง", "Sign-in steps a minute, of one network, at one node", "每节点每网络每分钟登录步骤", "Bước đăng nhập mỗi phút, một mạng, một nút"}
	PolicyClients      = Word{"ระบบยืนยันตัวผิดได้ต่อนาที", "Failed authentications of a system a minute", "系统每分钟认证失败上限", "Số lần hệ thống xác thực sai mỗi phút"}
	PolicySandboxes    = Word{"ผู้พัฒนาลงทะเบียนทดลองเองได้", "Developers may register sandboxes", "开发者可自行注册沙盒", "Nhà phát triển tự đăng ký thử nghiệm"}
	PolicyRegistries   = Word{"ทะเบียนนิติบุคคลที่เชื่อมต่อ", "Registries of legal entities", "已接入的法人登记", "Sổ pháp nhân đã kết nối"}
	PolicyRules        = Word{"ใครทำอะไรได้", "Who may do what", "权限一览", "Ai được làm gì"}
	PolicyRulesLead    = Word{"ตำแหน่งมีผลเฉพาะที่ที่ดำรงตำแหน่ง", "A role counts where it is held, and nowhere else.", "岗位仅在任职处有效。", "Vị trí chỉ có hiệu lực tại nơi giữ."}
)
