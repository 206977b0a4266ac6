package locale

// The words of the console's pages about service items: their form, versions, changes that wait, and why it was decided so.
var (
	ItemNew        = Word{"เพิ่มบริการ", "A new item", "新增事项", "Mục mới"}
	ItemNewLead    = Word{"บริการใหม่เปิดใช้ตามที่กำหนดไว้ที่นี่ สิ่งที่ไม่ได้กำหนดถือว่าปิด", "What is not declared is closed.", "未声明的一律关闭。", "Những gì không khai báo đều đóng."}
	ItemChange     = Word{"แก้ไขบริการ", "Change an item", "更改事项", "Sửa mục"}
	ItemChangeLead = Word{"การเปลี่ยนแปลงมีผลทุกเครื่องภายในหนึ่งวินาที ลองกับการตัดสินที่ผ่านมาก่อนได้", "A change counts on all nodes within a second. Try it first on what was decided.", "更改在一秒内于所有节点生效，可先用既往裁定试算。", "Thay đổi có hiệu lực trên mọi nút trong một giây. Hãy thử trước với các quyết định đã có."}
	ItemSave       = Word{"บันทึก", "Save", "保存", "Lưu"}
	ItemTry        = Word{"ลองดูว่าจะเปลี่ยนอะไร", "Try: what would it change?", "试算：会改变什么？", "Thử: sẽ thay đổi gì?"}
	ItemTitle      = Word{"บริการ", "Item", "事项", "Mục dịch vụ"}
	ItemAbout      = Word{"ข้อกำหนดปัจจุบัน", "As it is now", "现行规定", "Hiện hành"}
	ItemKeeper     = Word{"ผู้ดูแลรายการ", "Kept by", "维护方式", "Được giữ bởi"}
	ItemByFile     = Word{"ไฟล์ (onedoor apply)", "files (onedoor apply)", "文件（onedoor apply）", "tệp (onedoor apply)"}
	ItemByStaff    = Word{"คอนโซลและ API", "the console and the API", "控制台和 API", "bảng điều hành và API"}
	ItemFiled      = Word{"รายการนี้แก้ไขในไฟล์ ที่นี่ทำได้เพียงระงับหรือเปิดอีกครั้ง", "It is changed in the files. Here it can only be suspended and offered again.", "此事项在文件中更改，此处只能暂停或重新开放。", "Mục này sửa trong tệp. Ở đây chỉ có thể tạm ngưng hoặc mở lại."}
	ItemVersion    = Word{"รุ่น", "Version", "版本", "Phiên bản"}
	ItemVersions   = Word{"ประวัติการเปลี่ยนแปลง", "Versions", "历史版本", "Các phiên bản"}
	ItemWho        = Word{"โดย", "By", "操作人", "Bởi"}
	ItemField      = Word{"ช่อง", "Field", "字段", "Trường"}
	ItemWas        = Word{"เดิม", "Was", "原为", "Trước"}
	ItemIs         = Word{"เป็น", "Is", "改为", "Nay"}
	ItemDiffers    = Word{"สิ่งที่เปลี่ยน", "What changed", "变更内容", "Thay đổi"}
	ItemWaits      = Word{"การเปลี่ยนแปลงที่รอผู้อื่นยืนยัน", "A change that waits for somebody else's yes", "待他人确认的更改", "Thay đổi chờ người khác xác nhận"}
	ItemWaiting    = Word{"การเปลี่ยนแปลงที่รอการยืนยัน", "Changes that wait", "待确认的更改", "Thay đổi đang chờ"}
	ItemConfirm    = Word{"ยืนยัน", "Confirm", "确认", "Xác nhận"}
	ItemDecline    = Word{"ไม่ยืนยัน หรือถอนคืน", "Decline, or take back", "拒绝或撤回", "Từ chối hoặc rút lại"}
	ItemSuspend    = Word{"ระงับทันที", "Suspend at once", "立即暂停", "Tạm ngưng ngay"}
	ItemOffer      = Word{"เปิดให้บริการอีกครั้ง", "Offer again", "重新开放", "Mở lại"}
	ItemRetire     = Word{"ยกเลิกถาวร", "Retire for good", "永久停用", "Hủy vĩnh viễn"}
	ItemRetired    = Word{"ยกเลิกแล้วใช้รหัสนี้อีกไม่ได้", "Its id is never given again.", "停用后其标识不再使用。", "Mã này sẽ không được dùng lại."}
	ItemWhy        = Word{"เหตุผล", "Reason", "原因", "Lý do"}
	ItemSure       = Word{"พิมพ์รหัสของบริการเพื่อยืนยัน", "Type the id of the item to be sure", "输入事项标识以确认", "Gõ mã của mục để xác nhận"}
	ItemPlanned    = Word{"ตามแผน", "planned", "计划内", "theo kế hoạch"}
	ItemIncident   = Word{"เหตุขัดข้อง", "incident", "故障", "sự cố"}
	ItemMisuse     = Word{"การใช้ในทางที่ผิด", "misuse", "滥用", "lạm dụng"}
	ItemUpkeep     = Word{"บำรุงรักษา", "maintenance", "维护", "bảo trì"}
	ItemSettled    = Word{"แก้ไขแล้ว", "settled", "已解决", "đã giải quyết"}
	ItemFaulty     = Word{"ยังบันทึกไม่ได้ โปรดตรวจช่องที่ทำเครื่องหมายไว้ทุกช่อง", "Not saved. Please check every field that is marked.", "未保存。请检查所有已标记的字段。", "Chưa lưu. Hãy kiểm tra mọi trường được đánh dấu."}
	ItemOverrun    = Word{"มีผู้แก้ไขบริการนี้ระหว่างที่ท่านพิมพ์ ตรวจสิ่งที่ต่างกันด้านล่าง แล้วบันทึกอีกครั้งหากยังต้องการ", "Somebody has changed the item since you opened it. See below what differs now, and save again if you still mean it.", "您打开后已有人更改此事项。请查看下方差异，如仍需更改请再次保存。", "Có người đã sửa mục này từ khi bạn mở. Xem khác biệt bên dưới và lưu lại nếu vẫn muốn."}
	ItemHeld       = Word{"บันทึกไม่ได้: รหัสนี้มีอยู่แล้วหรือเคยใช้ หรือมีการเปลี่ยนแปลงของผู้อื่นรออยู่", "Not saved: the id is taken or was used before, or a change of somebody else's waits.", "未保存：标识已被占用或曾被使用，或有他人的更改待确认。", "Chưa lưu: mã đã có hoặc từng được dùng, hoặc thay đổi của người khác đang chờ."}
	ItemApart      = Word{"ต้องเข้าสู่ระบบใหม่ก่อนบันทึก การเข้าสู่ระบบจะเปิดในหน้าต่างใหม่ จากนั้นกลับมาบันทึกที่หน้านี้ สิ่งที่พิมพ์ไว้ยังอยู่", "Sign in again before you save. The sign-in opens in a window of its own; then come back here and save. What you have typed stays.", "保存前请重新登录。登录将在新窗口打开，完成后返回此页保存，已填写的内容会保留。", "Hãy đăng nhập lại trước khi lưu. Việc đăng nhập mở ở cửa sổ riêng; sau đó quay lại đây và lưu. Những gì đã gõ vẫn còn."}

	ItemNameTh      = Word{"ชื่อภาษาไทย", "Name in Thai", "泰文名称", "Tên tiếng Thái"}
	ItemNameEn      = Word{"ชื่อภาษาอังกฤษ", "Name in English", "英文名称", "Tên tiếng Anh"}
	ItemNameZh      = Word{"ชื่อภาษาจีน", "Name in Chinese", "中文名称", "Tên tiếng Trung"}
	ItemNameVi      = Word{"ชื่อภาษาเวียดนาม", "Name in Vietnamese", "越南文名称", "Tên tiếng Việt"}
	ItemIDHint      = Word{"a-z 0-9 และ - ขึ้นต้นด้วยตัวอักษร ไม่เกิน 39 ตัว", "a-z, 0-9 and -, beginning with a letter, at most 39", "a-z、0-9 和 -，以字母开头，最多 39 个", "a-z, 0-9 và -, bắt đầu bằng chữ cái, tối đa 39"}
	ItemGroup       = Word{"กลุ่มบริการ", "Group", "服务组别", "Nhóm dịch vụ"}
	ItemGroup2      = Word{"2 โต้ตอบ", "2 interactive", "2 交互", "2 tương tác"}
	ItemGroup3      = Word{"3 ธุรกรรม", "3 transaction", "3 交易", "3 giao dịch"}
	ItemGroup4      = Word{"4 ข้ามหน่วยงาน", "4 cross-agency", "4 跨机关", "4 liên cơ quan"}
	ItemSensitivity = Word{"ความอ่อนไหว", "Sensitivity", "敏感度", "Độ nhạy cảm"}
	ItemOrdinary    = Word{"ทั่วไป", "ordinary", "一般", "thường"}
	ItemSensitive   = Word{"อ่อนไหว เจ้าตัวปิดได้", "sensitive: who it concerns can close it", "敏感：本人可关闭", "nhạy cảm: người liên quan có thể đóng"}
	ItemActions     = Word{"การกระทำ", "Actions", "操作", "Hành động"}
	ItemActionsHint = Word{"เช่น query, file, sign", "such as query, file, sign", "如 query, file, sign", "như query, file, sign"}
	ItemSystems     = Word{"ระบบที่ถามได้ ไม่เลือกคือทุกระบบ", "Systems that may ask; none ticked: all", "可询问的系统；不选则全部", "Hệ thống được hỏi; không chọn: tất cả"}
	ItemIAL         = Word{"ระดับตัวตน (IAL)", "Identity level (IAL)", "身份等级 (IAL)", "Mức danh tính (IAL)"}
	ItemAAL         = Word{"ระดับการยืนยัน (AAL)", "Authenticator level (AAL)", "认证等级 (AAL)", "Mức xác thực (AAL)"}
	ItemMaxAge      = Word{"อายุการเข้าสู่ระบบสูงสุด", "Oldest sign-in", "登录最长时效", "Đăng nhập lâu nhất"}
	ItemMaxAgeHint  = Word{"เช่น 10m หรือ 12h เว้นว่างได้", "as 10m or 12h; may be empty", "如 10m 或 12h，可留空", "như 10m hoặc 12h; có thể để trống"}
	ItemPerson      = Word{"ผู้ที่ทำเพื่อตนเอง", "Who acts for themselves", "为本人办理者", "Người làm cho chính mình"}
	ItemEntity      = Word{"ผู้ที่ทำแทนนิติบุคคล", "Who acts for an entity", "为法人办理者", "Người làm thay pháp nhân"}
	ItemNotFor      = Word{"ไม่ใช่บริการของกลุ่มนี้", "not for them", "不适用", "không dành cho họ"}
	ItemAlways      = Word{"เปิดเสมอ", "always open", "始终开放", "luôn mở"}
	ItemAlso        = Word{"เงื่อนไขเพิ่มเติม", "And", "另须", "Thêm"}
	ItemNetworks    = Word{"เครือข่าย", "Networks", "网络", "Mạng"}
	ItemNetsHint    = Word{"บรรทัดละหนึ่ง เช่น 192.0.2.0/24", "one a line, as 192.0.2.0/24", "每行一个，如 192.0.2.0/24", "mỗi dòng một, như 192.0.2.0/24"}
	ItemZone        = Word{"เขตเวลา", "Time zone", "时区", "Múi giờ"}
	ItemZoneHint    = Word{"เช่น Asia/Bangkok ใช้เมื่อกำหนดเวลา", "as Asia/Bangkok; with hours only", "如 Asia/Bangkok，仅在限定时间时填写", "như Asia/Bangkok; chỉ khi có giờ"}
	ItemHours       = Word{"วันและเวลา", "Days and hours", "日期与时间", "Ngày và giờ"}
	ItemHoursHint   = Word{"บรรทัดละช่วง เช่น mon,tue,wed,thu,fri 08:00-17:00", "one a line, as mon,tue,wed,thu,fri 08:00-17:00", "每行一段，如 mon,tue,wed,thu,fri 08:00-17:00", "mỗi dòng một khoảng, như mon,tue,wed,thu,fri 08:00-17:00"}
	ItemBinding     = Word{"ทะเบียนที่ต้องผูก", "A record that they are tied to", "须绑定的档案", "Hồ sơ phải gắn"}
	ItemAnyRecord   = Word{"ทะเบียนใดก็ได้", "any", "任意", "bất kỳ"}
	ItemNoRecord    = Word{"ไม่ต้อง", "none", "不需要", "không cần"}
	ItemBoundAt     = Word{"ผูกไว้ที่ระดับตัวตน", "tied at identity level", "绑定时的身份等级", "gắn ở mức danh tính"}
	ItemAnyLevel    = Word{"ระดับใดก็ได้", "any", "任意", "bất kỳ"}

	TryTitle   = Word{"ถ้าใช้ข้อกำหนดนี้", "If it were so", "若如此规定", "Nếu như vậy"}
	TryLead    = Word{"การตัดสินใน 30 วันที่ผ่านมา ตัดสินใหม่ภายใต้ร่างนี้ ยังไม่มีอะไรเปลี่ยน", "The decisions of the last 30 days, taken again under this draft. Nothing has changed.", "以此草案重新裁定过去 30 天的裁定，尚未作任何更改。", "Các quyết định trong 30 ngày qua, xét lại theo bản thảo này. Chưa có gì thay đổi."}
	TryPart    = Word{"มีการตัดสินมากกว่านี้ นับเฉพาะรายการล่าสุด", "There were more; only the latest are counted.", "实际更多，仅统计最近部分。", "Còn nhiều hơn; chỉ tính những cái mới nhất."}
	TryAll     = Word{"ที่พิจารณา", "Looked at", "已审视", "Đã xét"}
	TrySame    = Word{"เหมือนเดิม", "As they were", "与原来相同", "Như cũ"}
	TryOpened  = Word{"ที่เคยปฏิเสธ จะอนุญาต", "Permitted that were denied", "原拒绝，将允许", "Từng từ chối, sẽ cho phép"}
	TryClosed  = Word{"ที่เคยอนุญาต จะปฏิเสธ", "Denied that were permitted", "原允许，将拒绝", "Từng cho phép, sẽ từ chối"}
	TryUnknown = Word{"ไม่อาจทราบได้ เพราะไม่ได้เก็บข้อมูลไว้", "Can't be known: it was not looked at, or is not kept", "无法得知：当时未查看或未保存", "Không thể biết: không xem hoặc không lưu"}
	TryWhich   = Word{"การตัดสินที่จะเปลี่ยน", "Decisions that would be others", "将改变的裁定", "Các quyết định sẽ khác"}
	TryNone    = Word{"ไม่มีการตัดสินใดเปลี่ยน", "No decision would be another.", "没有裁定会改变。", "Không quyết định nào thay đổi."}
	TryWould   = Word{"จะเป็น", "Would be", "将为", "Sẽ là"}

	WhyTitle   = Word{"เหตุใดจึงตัดสินเช่นนั้น", "Why was it decided so?", "为何如此裁定？", "Vì sao quyết định như vậy?"}
	WhyLead    = Word{"ใส่หมายเลขที่ผู้นั้นเห็นบนหน้า หรือที่ระบบได้รับ จะเห็นการตัดสินของหน่วยงานพร้อมเหตุผล การดูถูกบันทึกไว้", "Give the number that stands on the person's page or in the system's answer. You see the decisions on your items with their reasons. That you have looked is recorded.", "请输入当事人页面上或系统应答中的编号，即可看到贵机关事项的裁定及原因。查看行为会被记录。", "Nhập số hiển thị trên trang của người đó hoặc trong phản hồi của hệ thống. Bạn thấy các quyết định về mục của mình kèm lý do. Việc xem được ghi lại."}
	WhyNone    = Word{"ไม่มีการตัดสินที่ท่านดูได้ภายใต้หมายเลขนี้", "There is no decision that you may see under this number.", "此编号下没有您可查看的裁定。", "Không có quyết định nào bạn được xem dưới số này."}
	WhyLatest  = Word{"การตัดสินล่าสุด", "The latest decisions", "最近的裁定", "Các quyết định gần nhất"}
	WhyNoneYet = Word{"ยังไม่มีการตัดสิน", "Nothing was decided yet.", "尚无裁定。", "Chưa có quyết định."}
	WhyAnswer  = Word{"คำตอบ", "Answer", "应答", "Trả lời"}
	WhyYes     = Word{"อนุญาต", "Permitted", "允许", "Cho phép"}
	WhyNo      = Word{"ปฏิเสธ", "Denied", "拒绝", "Từ chối"}
	WhyCannot  = Word{"ไม่ทราบ", "Unknown", "未知", "Không rõ"}
	WhySystem  = Word{"ระบบที่ถาม", "Asked by", "询问系统", "Hệ thống hỏi"}
	WhyPerson  = Word{"ผู้ใช้", "Person", "当事人", "Người dùng"}
	WhyEntity  = Word{"ทำแทนนิติบุคคล", "for an entity", "为法人", "thay pháp nhân"}
	WhyHad     = Word{"ขณะนั้นมี", "They had", "当时具备", "Khi đó có"}
	WhyAsked   = Word{"บริการต้องการ", "The item asked for", "事项要求", "Mục đòi hỏi"}
	WhyOld     = Word{"ผ่านมาแล้ว", "ago", "之前", "trước"}
	WhyOpening = Word{"คำของเจ้าตัว", "their word", "本人意思", "ý người dùng"}
	WhyMandate = Word{"มีการมอบอำนาจ", "a mandate", "有授权", "có ủy quyền"}
	WhyAwaits  = Word{"การมอบหมายรอเจ้าหน้าที่", "a delegation that waits for staff", "待批准的委派", "ủy nhiệm chờ duyệt"}
	WhyHanded  = Word{"ได้รับมอบหมายบริการ", "the item delegated", "已获委派", "được ủy nhiệm mục"}
	WhyBound   = Word{"ผูกทะเบียน", "tied to", "已绑定", "gắn với"}
	WhyPlace   = Word{"อยู่ในเครือข่ายที่กำหนด", "in the networks", "在指定网络内", "trong mạng quy định"}
	WhyDevice  = Word{"แสดงเครื่องที่ลงทะเบียนแล้ว", "a registered device", "已出示登记设备", "đã trình thiết bị đăng ký"}
	WhyHelp    = Word{"สิ่งที่จะช่วยได้", "What would have helped", "可行的补救", "Điều có thể giúp"}
)

// DecisionReason gives the reason of a decision for staff; code is a word of authz.Code.
func DecisionReason(code string) Word {
	switch code {
	case "unknown_item":
		return Word{"ไม่มีบริการนี้", "no such item", "无此事项", "không có mục này"}
	case "unknown_action":
		return Word{"ไม่มีการกระทำนี้", "no such action", "无此操作", "không có hành động này"}
	case "item_suspended":
		return Word{"บริการถูกระงับ", "the item was suspended", "事项已暂停", "mục bị tạm ngưng"}
	case "wrong_system":
		return Word{"ระบบนี้ถามบริการนี้ไม่ได้", "the system may not ask about it", "该系统不得询问", "hệ thống không được hỏi"}
	case "no_person":
		return Word{"ไม่มีผู้เข้าสู่ระบบ", "nobody was signed in", "无人登录", "không ai đăng nhập"}
	case "level":
		return Word{"ระดับการเข้าสู่ระบบไม่พอ", "the sign-in was not strong enough", "登录等级不足", "mức đăng nhập chưa đủ"}
	case "freshness":
		return Word{"เข้าสู่ระบบนานเกินไป", "the sign-in was too old", "登录时间过久", "đăng nhập quá lâu"}
	case "not_for_persons":
		return Word{"ไม่ใช่บริการของบุคคล", "not for persons", "不面向个人", "không dành cho cá nhân"}
	case "not_for_entities":
		return Word{"ไม่ใช่บริการของนิติบุคคล", "not for entities", "不面向法人", "không dành cho pháp nhân"}
	case "not_opened":
		return Word{"เจ้าตัวยังไม่เปิด", "the person had not opened it", "本人未开启", "người dùng chưa mở"}
	case "locked":
		return Word{"เจ้าตัวล็อกไว้", "the person had locked it", "本人已锁定", "người dùng đã khóa"}
	case "not_approved":
		return Word{"เจ้าหน้าที่ยังไม่อนุมัติ", "staff had not approved it", "工作人员未批准", "cán bộ chưa duyệt"}
	case "no_mandate":
		return Word{"ไม่มีการมอบอำนาจ", "no mandate", "无授权", "không có ủy quyền"}
	case "not_delegated":
		return Word{"ยังไม่ได้มอบหมายบริการ", "the item was not delegated", "事项未委派", "mục chưa được ủy nhiệm"}
	case "delegation_awaits_approval":
		return Word{"การมอบหมายรอเจ้าหน้าที่อนุมัติ", "the delegation waited for staff to approve it", "委派待工作人员批准", "ủy nhiệm chờ cán bộ duyệt"}
	case "delegation_not_yet":
		return Word{"การมอบหมายยังไม่เริ่ม", "the delegation had not begun", "委派尚未开始", "ủy nhiệm chưa bắt đầu"}
	case "delegation_over":
		return Word{"การมอบหมายสิ้นสุดแล้ว", "the delegation was over", "委派已结束", "ủy nhiệm đã hết"}
	case "not_exclusive":
		return Word{"การมอบหมายไม่ได้ผูกขาด", "the delegation was shared", "委派非独占", "ủy nhiệm không độc quyền"}
	case "place":
		return Word{"สถานที่ไม่ถูกต้อง", "the wrong place", "地点不符", "sai địa điểm"}
	case "device":
		return Word{"ไม่ได้แสดงเครื่องที่ลงทะเบียน", "no registered device was shown", "未出示登记设备", "không trình thiết bị đăng ký"}
	case "hours":
		return Word{"นอกเวลา", "outside the hours", "非开放时间", "ngoài giờ"}
	case "not_bound":
		return Word{"ไม่ได้ผูกกับทะเบียน", "not tied to a record", "未绑定档案", "chưa gắn hồ sơ"}
	case "bound_level":
		return Word{"ผูกทะเบียนไว้ในระดับที่ต่ำเกินไป", "tied to the record at too low a level", "绑定等级过低", "gắn hồ sơ ở mức quá thấp"}
	case "no_rule":
		return Word{"ไม่มีข้อกำหนด", "no rule", "无规则", "không có quy tắc"}
	default:
		return Word{"ส่วนหนึ่งของระบบไม่ตอบ", "a part of the hub did not answer", "系统某部分未响应", "một phần hệ thống không trả lời"}
	}
}

// DecisionRemedy gives what would have turned a no into a yes; kind is a word of authz.RemedyKind.
func DecisionRemedy(kind string) Word {
	switch kind {
	case "step_up":
		return Word{"เข้าสู่ระบบใหม่ให้แข็งแรงขึ้น", "sign in again, more strongly", "以更高等级重新登录", "đăng nhập lại mạnh hơn"}
	case "open":
		return Word{"เจ้าตัวเปิดบริการ", "the person opens it", "本人开启", "người dùng mở"}
	case "approval":
		return Word{"เจ้าหน้าที่อนุมัติ", "staff approve it", "工作人员批准", "cán bộ duyệt"}
	case "mandate":
		return Word{"ผู้ดูแลนิติบุคคลมอบอำนาจ", "the entity's administrator gives a mandate", "法人管理员授权", "quản trị pháp nhân ủy quyền"}
	case "delegation":
		return Word{"ผู้ดูแลนิติบุคคลมอบหมายบริการ", "the entity's administrator delegates it", "法人管理员委派", "quản trị pháp nhân ủy nhiệm"}
	case "place":
		return Word{"สถานที่อื่น", "another place", "其他地点", "địa điểm khác"}
	case "device":
		return Word{"แสดงเครื่องที่ลงทะเบียน", "show a registered device", "出示登记设备", "trình thiết bị đăng ký"}
	case "hours":
		return Word{"เวลาอื่น", "other hours", "其他时间", "giờ khác"}
	default:
		return Word{"ผูกกับทะเบียน", "be tied to a record", "绑定档案", "gắn với hồ sơ"}
	}
}

// ItemWord names a field of a service item, by its path.
func ItemWord(path string) Word {
	switch path {
	case "id":
		return ConsoleID
	case "names.th":
		return ItemNameTh
	case "names.en":
		return ItemNameEn
	case "names.zh":
		return ItemNameZh
	case "names.vi":
		return ItemNameVi
	case "department":
		return ConsoleWhere
	case "category":
		return ItemCategory
	case "group":
		return ItemGroup
	case "sensitivity":
		return ItemSensitivity
	case "status":
		return ConsoleState
	case "systems":
		return ItemSystems
	case "actions":
		return ItemActions
	case "demands.least.ial":
		return ItemIAL
	case "demands.least.aal":
		return ItemAAL
	case "demands.maxAge":
		return ItemMaxAge
	case "demands.person":
		return ItemPerson
	case "demands.entity":
		return ItemEntity
	case "demands.exclusive":
		return ItemExclusive
	case "demands.approval":
		return ItemApproval
	case "demands.places.device":
		return ItemDevice
	case "demands.places.networks":
		return ItemNetworks
	case "demands.hours":
		return ItemHours
	case "demands.binding":
		return ItemBinding
	default:
		return ItemField
	}
}
