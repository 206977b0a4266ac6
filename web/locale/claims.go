package locale

// The words of the console about legal entities.
var (
	EntityDeskTitle = Word{"นิติบุคคล", "Legal entities", "法人", "Pháp nhân"}
	EntityDeskLead  = Word{"คำขอเป็นผู้แทนนิติบุคคลที่ไม่มีทะเบียนตัดสิน และการดำเนินการของเจ้าหน้าที่ การเปิดดูทุกครั้งถูกบันทึก", "Who asks to stand for a legal entity where no registry decides, and what staff may do about one. Every look is recorded.", "在登记机关无法决定时申请代表法人的人，以及工作人员可采取的措施。每次查看均有记录。", "Ai xin đại diện pháp nhân khi không cơ quan đăng ký nào quyết định, và việc nhân viên có thể làm. Mỗi lần xem đều được ghi lại."}

	ClaimsWaiting = Word{"คำขอที่รออยู่", "Requests that wait", "待处理的申请", "Yêu cầu đang chờ"}
	ClaimsNone    = Word{"ไม่มีคำขอที่รออยู่", "Nothing waits.", "没有待处理的申请。", "Không có yêu cầu nào đang chờ."}
	ClaimNumber   = Word{"เลขทะเบียน", "Registered number", "登记号码", "Số đăng ký"}
	ClaimName     = Word{"ชื่อ", "Name", "名称", "Tên"}
	ClaimWhy      = Word{"เหตุที่เจ้าหน้าที่ต้องพิจารณา", "Why staff decide", "由工作人员决定的原因", "Vì sao nhân viên quyết định"}
	ClaimAsked    = Word{"ยื่นเมื่อ", "Asked", "申请时间", "Yêu cầu lúc"}
	ClaimOnce     = Word{"อนุมัติแล้วหนึ่งคน รอคนที่สอง", "Approved once, waits for a second person", "已获一人批准，等待第二人", "Một người đã duyệt, chờ người thứ hai"}

	ClaimNoRegistry   = Word{"ไม่มีทะเบียนที่เชื่อมต่อสำหรับเลขประเภทนี้", "No registry is connected for such numbers", "没有接入此类号码的登记机关", "Không có cơ quan đăng ký cho loại số này"}
	ClaimNoAnswer     = Word{"ทะเบียนไม่ตอบ", "The registry did not answer", "登记机关未应答", "Cơ quan đăng ký không trả lời"}
	ClaimNotConfirmed = Word{"ทะเบียนไม่ระบุว่าเป็นผู้แทน", "The registry does not name the person", "登记机关未列明此人", "Cơ quan đăng ký không nêu người này"}
	ClaimNoNumber     = Word{"ผู้ให้บริการยืนยันตัวตนไม่แจ้งเลขประจำตัว", "Their provider tells no number to ask with", "其身份提供方未提供可供查询的号码", "Nhà cung cấp danh tính không cho số để hỏi"}
	ClaimTaken        = Word{"มีผู้ดูแลหลักอยู่แล้ว", "Somebody is in the place", "已有管理员", "Đã có quản trị viên"}

	ClaimTitle     = Word{"คำขอเป็นผู้ดูแลนิติบุคคล", "Request to stand for a legal entity", "申请代表法人", "Yêu cầu đại diện pháp nhân"}
	ClaimAbout     = Word{"คำขอ", "The request", "申请", "Yêu cầu"}
	ClaimAccount   = Word{"บัญชี", "Account", "账户", "Tài khoản"}
	ClaimProven    = Word{"ระดับที่พิสูจน์แล้วเมื่อยื่น", "Proven when they asked", "申请时已证明的等级", "Mức đã chứng minh khi yêu cầu"}
	ClaimCompare   = Word{"สิ่งที่แสดงเทียบกับทะเบียน", "What they say beside the registry", "所述内容与登记信息对照", "Điều họ nêu so với cơ quan đăng ký"}
	ClaimField     = Word{"รายการ", "Of what", "项目", "Mục"}
	ClaimSays      = Word{"ผู้ยื่นคำขอ", "The person", "申请人", "Người yêu cầu"}
	ClaimRegistry  = Word{"ทะเบียน", "The registry", "登记机关", "Cơ quan đăng ký"}
	ClaimMay       = Word{"มีอำนาจแทนนิติบุคคล", "May represent it", "有权代表", "Được đại diện"}
	ClaimLive      = Word{"ยังดำเนินอยู่", "It exists", "仍存续", "Còn hoạt động"}
	ClaimUnasked   = Word{"ไม่ได้ตอบ", "Not answered", "未答复", "Không trả lời"}
	ClaimShown     = Word{"ชื่อตามผู้ให้บริการยืนยันตัวตน", "Their names, as their provider attests them", "身份提供方证实的姓名", "Tên do nhà cung cấp danh tính xác nhận"}
	ClaimNoWord    = Word{"ผู้ยื่นไม่ยินยอมให้เก็บชื่อไว้", "They have not agreed to have them kept.", "申请人未同意保存。", "Họ không đồng ý lưu giữ."}
	ClaimStatement = Word{"หลักฐานที่เขียนไว้", "Their proof, in their own words", "书面证明", "Bằng chứng bằng lời của họ"}
	ClaimNothing   = Word{"ไม่ได้เขียน", "Nothing was written.", "未填写。", "Không viết gì."}
	ClaimGone      = Word{"หลักฐานเกินกำหนดเวลาเก็บและถูกลบแล้ว ขอให้ผู้ยื่นยื่นใหม่", "What they showed was too old and is gone. They can ask again.", "所提交的内容已过期并删除，申请人可重新申请。", "Những gì họ nêu đã quá hạn và bị xóa. Họ có thể yêu cầu lại."}
	ClaimKnown     = Word{"ในระบบนี้", "Here", "本系统中", "Tại đây"}
	ClaimNew       = Word{"ยังไม่ได้ลงทะเบียน", "Not registered yet", "尚未登记", "Chưa đăng ký"}
	ClaimMaster    = Word{"ผู้ดูแลหลักปัจจุบัน ซึ่งจะเสียตำแหน่งหากอนุมัติ", "Its administrator now, who loses the place by an approval", "现任管理员，批准后将失去其位置", "Quản trị viên hiện tại, sẽ mất vị trí nếu duyệt"}
	ClaimNobody    = Word{"ไม่มี", "Nobody", "无", "Không ai"}
	ClaimDecide    = Word{"การพิจารณา", "Decide", "决定", "Quyết định"}
	ClaimApprove   = Word{"อนุมัติ", "Approve", "批准", "Duyệt"}
	ClaimReject    = Word{"ไม่อนุมัติ", "Refuse", "拒绝", "Từ chối"}
	ClaimFourEyes  = Word{"ต้องมีเจ้าหน้าที่คนที่สองอนุมัติด้วย", "A second person must approve it too.", "还须第二人批准。", "Cần người thứ hai cùng duyệt."}
	ClaimYours     = Word{"ท่านอนุมัติแล้ว รอเจ้าหน้าที่คนอื่น", "You have approved it. Somebody else must, too.", "您已批准，还须他人批准。", "Bạn đã duyệt. Cần người khác cùng duyệt."}

	ClaimNoEvidence    = Word{"หลักฐานไม่เพียงพอ", "The evidence is not enough", "证据不足", "Chưa đủ bằng chứng"}
	ClaimNotAuthorised = Word{"ไม่มีอำนาจแทนนิติบุคคล", "They may not represent it", "无权代表", "Không được đại diện"}
	ClaimDuplicate     = Word{"ยื่นซ้ำ", "Asked twice", "重复申请", "Yêu cầu trùng"}

	EntityFind      = Word{"ค้นหาด้วยเลขทะเบียน", "Find by number", "按号码查找", "Tìm theo số"}
	EntityFindDo    = Word{"ค้นหา", "Find", "查找", "Tìm"}
	EntityKindWord  = Word{"ประเภทของเลข", "Kind of number", "号码类型", "Loại số"}
	EntityAbout     = Word{"ข้อมูลนิติบุคคล", "The entity", "法人信息", "Pháp nhân"}
	EntityEvidence  = Word{"ผู้ดูแลคนแรกได้รับการยืนยันโดย", "First administrator verified by", "首任管理员的核验方式", "Quản trị viên đầu tiên được xác minh bởi"}
	EntityByStaff   = Word{"เจ้าหน้าที่", "Staff", "工作人员", "Nhân viên"}
	EntityLive      = Word{"ใช้งานอยู่", "Active", "有效", "Đang hoạt động"}
	EntityStopped   = Word{"ระงับ", "Suspended", "已暂停", "Tạm dừng"}
	EntityShut      = Word{"ปิดแล้ว", "Closed", "已关闭", "Đã đóng"}
	EntityMembers   = Word{"ผู้ที่กระทำการแทน", "Who acts for it", "代表其行事的人", "Ai hành động thay"}
	EntityRoleWord  = Word{"หน้าที่", "Role", "角色", "Vai trò"}
	EntityCalled    = Word{"ชื่อเรียก", "Called", "称呼", "Gọi là"}
	EntityMandates  = Word{"ขอบเขต", "Mandates", "授权", "Ủy quyền"}
	EntityAllPlaces = Word{"ทุกหน่วยงาน", "Everywhere", "所有机关", "Mọi cơ quan"}

	EntityStatus  = Word{"สถานะนิติบุคคล", "Its status", "法人状态", "Trạng thái pháp nhân"}
	EntityStop    = Word{"ระงับการกระทำแทนทั้งหมด", "Suspend: nobody acts for it", "暂停：无人可代表其行事", "Tạm dừng: không ai hành động thay"}
	EntityResume  = Word{"ให้กลับมาใช้งาน", "Resume", "恢复", "Khôi phục"}
	EntityShutDo  = Word{"ปิดถาวร", "Close for good", "永久关闭", "Đóng vĩnh viễn"}
	EntityReason  = Word{"เหตุผล", "Reason", "原因", "Lý do"}
	WhyDissolved  = Word{"เลิกกิจการ", "It is dissolved", "已解散", "Đã giải thể"}
	WhyDispute    = Word{"มีข้อพิพาทเรื่องผู้แทน", "Who represents it is disputed", "代表权有争议", "Tranh chấp quyền đại diện"}
	WhyMisuse     = Word{"ใช้ในทางที่ผิด", "Misuse", "滥用", "Lạm dụng"}
	WhyRequested  = Word{"นิติบุคคลขอเอง", "It asked for it", "应其要求", "Theo yêu cầu của pháp nhân"}
	WhyNotTheirs  = Word{"ไม่เป็นผู้แทนแล้ว หรือเสียชีวิต", "Not the company's any more, or died", "不再任职或已故", "Không còn thuộc công ty, hoặc đã mất"}
	WhyOtherTask  = Word{"เปลี่ยนหน้าที่", "Another task", "职责变更", "Chuyển việc khác"}
	SuccessorWord = Word{"ผู้สืบตำแหน่ง", "Successor", "继任者", "Người kế nhiệm"}
	SuccessorNone = Word{"ยังไม่มี", "Nobody for now", "暂无", "Chưa có ai"}

	SuccessionTitle = Word{"ผู้ดูแลหลักที่ส่งมอบเองไม่ได้", "An administrator who can't hand over", "无法自行移交的管理员", "Quản trị viên không thể tự bàn giao"}
	SuccessionNote  = Word{"ตำแหน่งของผู้ดูแลหลักสิ้นสุดทันที ทุกอย่างที่ออกให้ภายใต้ตำแหน่งนั้นสิ้นสุดด้วย หากไม่มีผู้สืบตำแหน่ง ผู้ที่พิสูจน์ได้ว่ามีอำนาจแทนคนต่อไปจะได้ตำแหน่ง", "Their place ends at once, with everything that was issued under it. Without a successor it goes to the next who proves that they may represent the entity.", "其位置立即终止，在其名下签发的一切随之终止。如无继任者，位置归下一位能证明有权代表的人。", "Vị trí của họ chấm dứt ngay, cùng mọi thứ đã cấp theo đó. Nếu không có người kế nhiệm, vị trí thuộc về người tiếp theo chứng minh được quyền đại diện."}
	SuccessionDo    = Word{"ยุติตำแหน่ง", "End their place", "终止其位置", "Chấm dứt vị trí"}
	SuccessionFill  = Word{"ตั้งผู้ดูแลหลัก", "Name an administrator", "指定管理员", "Chỉ định quản trị viên"}
	SuccessionWish  = Word{"รอเจ้าหน้าที่คนที่สอง", "Waits for a second person", "等待第二人", "Chờ người thứ hai"}
	SuccessionAgree = Word{"เห็นด้วยและดำเนินการ", "Agree, and do it", "同意并执行", "Đồng ý và thực hiện"}
	SuccessionDrop  = Word{"ยกเลิกข้อเสนอ", "Drop it", "撤销提议", "Bỏ đề nghị"}
	SuccessionBy    = Word{"เสนอโดย", "Asked by", "提议人", "Đề nghị bởi"}
)
