package locale

// itemDeskTexts are on the pages where entities register places and where staff approve.
type itemDeskTexts interface {
	PlacesTitle() string
	PlacesLead(entity string) string
	PlacesEmpty() string
	PlacesNetworks(list string) string
	PlacesAdd() string
	PlacesName() string
	PlacesNets() string
	PlacesNetsHint() string
	PlacesHere(address string) string
	PlacesAdded() string
	PlacesRemoved() string
	PlacesInvalid() string
	PlacesTooMany() string
	ItemDeskConsole() string
	ItemDeskTitle() string
	ItemDeskLead() string
	ItemDeskEmpty() string
	ItemDeskPerson() string
	ItemDeskEntity(entity string) string
	ItemDeskSince(date string) string
	ItemDeskApprove() string
	ItemDeskRefuse() string
	ItemDeskApproved() string
	ItemDeskRefused() string
	ItemDeskGone() string
	ItemDeskOwn() string
	ItemDeskUnusable() string
	ItemDeskConfirmText() string
}

func (english) PlacesTitle() string { return "Places of work" }
func (english) PlacesLead(entity string) string {
	return "Networks from which operators of " + entity + " work. A delegated service can be limited to them."
}
func (english) PlacesEmpty() string               { return "No place is registered yet." }
func (english) PlacesNetworks(list string) string { return "Networks: " + list }
func (english) PlacesAdd() string                 { return "Register a place" }
func (english) PlacesName() string                { return "Name of the place" }
func (english) PlacesNets() string                { return "Networks" }
func (english) PlacesNetsHint() string {
	return "Addresses or ranges with spaces between them, for instance 192.0.2.0/24."
}

func (english) PlacesHere(address string) string { return "This browser is at " + address + " now." }
func (english) PlacesAdded() string              { return "The place is registered." }
func (english) PlacesRemoved() string            { return "The place is no longer registered." }
func (english) PlacesInvalid() string            { return "Please check the name and the networks." }
func (english) PlacesTooMany() string            { return "No more places can be registered." }
func (english) ItemDeskConsole() string          { return "Console: figures, systems, record" }
func (english) ItemDeskTitle() string            { return "Applications for services" }
func (english) ItemDeskLead() string {
	return "Sensitive services that open only when your department has agreed."
}
func (english) ItemDeskEmpty() string  { return "Nothing waits for you." }
func (english) ItemDeskPerson() string { return "A person asks to open it for themselves." }

func (english) ItemDeskEntity(entity string) string { return entity + " asks for it for an operator." }
func (english) ItemDeskSince(date string) string    { return "Asked on " + date }
func (english) ItemDeskApprove() string             { return "Approve" }
func (english) ItemDeskRefuse() string              { return "Refuse" }
func (english) ItemDeskApproved() string            { return "Approved." }
func (english) ItemDeskRefused() string             { return "Refused." }
func (english) ItemDeskGone() string {
	return "It does not wait any more: somebody has decided, or it was taken back."
}

func (english) ItemDeskUnusable() string {
	return "The operator could not use this any more: its time is over, or they no longer hold the mandate. Nothing has changed; you can refuse it."
}

func (english) ItemDeskOwn() string {
	return "Somebody else must decide about this: it concerns yourself, or is not yours to decide."
}
func (english) ItemDeskConfirmText() string { return "To decide, please sign in again." }

func (thai) PlacesTitle() string { return "สถานที่ทำงาน" }
func (thai) PlacesLead(entity string) string {
	return "เครือข่ายที่ผู้ปฏิบัติงานของ" + entity + " ใช้ทำงาน การมอบหมายบริการจำกัดให้ใช้จากที่เหล่านี้ได้"
}

func (thai) PlacesEmpty() string {
	return "ยังไม่มีสถานที่ที่ลงทะเบียน"
}
func (thai) PlacesNetworks(list string) string { return "เครือข่าย: " + list }
func (thai) PlacesAdd() string                 { return "ลงทะเบียนสถานที่" }
func (thai) PlacesName() string                { return "ชื่อสถานที่" }
func (thai) PlacesNets() string                { return "เครือข่าย" }
func (thai) PlacesNetsHint() string {
	return "ที่อยู่หรือช่วงที่อยู่ คั่นด้วยช่องว่าง เช่น 192.0.2.0/24"
}

func (thai) PlacesHere(address string) string {
	return "เบราว์เซอร์นี้อยู่ที่ " + address + " ในขณะนี้"
}

func (thai) PlacesAdded() string {
	return "ลงทะเบียนสถานที่แล้ว"
}
func (thai) PlacesRemoved() string { return "นำสถานที่ออกแล้ว" }
func (thai) PlacesInvalid() string {
	return "โปรดตรวจชื่อและเครือข่าย"
}

func (thai) PlacesTooMany() string {
	return "ลงทะเบียนสถานที่เพิ่มไม่ได้แล้ว"
}

func (thai) ItemDeskConsole() string {
	return "แผงควบคุม: สถิติ ระบบ บันทึก"
}
func (thai) ItemDeskTitle() string { return "คำขอใช้บริการ" }
func (thai) ItemDeskLead() string {
	return "บริการที่ละเอียดอ่อนซึ่งเปิดใช้ได้เมื่อหน่วยงานของท่านเห็นชอบแล้วเท่านั้น"
}

func (thai) ItemDeskEmpty() string {
	return "ไม่มีรายการที่รอท่าน"
}

func (thai) ItemDeskPerson() string {
	return "บุคคลขอเปิดใช้สำหรับตนเอง"
}

func (thai) ItemDeskEntity(entity string) string {
	return entity + " ขอให้ผู้ปฏิบัติงานของตน"
}
func (thai) ItemDeskSince(date string) string { return "ยื่นเมื่อ " + date }
func (thai) ItemDeskApprove() string          { return "อนุมัติ" }
func (thai) ItemDeskRefuse() string           { return "ปฏิเสธ" }
func (thai) ItemDeskApproved() string         { return "อนุมัติแล้ว" }
func (thai) ItemDeskRefused() string          { return "ปฏิเสธแล้ว" }
func (thai) ItemDeskGone() string {
	return "รายการนี้ไม่ได้รออยู่แล้ว มีผู้ตัดสินหรือถูกถอนคำขอแล้ว"
}

func (thai) ItemDeskUnusable() string {
	return "ผู้รับมอบหมายใช้รายการนี้ไม่ได้แล้ว เพราะหมดเวลาหรือไม่มีอำนาจดำเนินการแทนแล้ว ไม่มีอะไรเปลี่ยนแปลง และท่านปฏิเสธคำขอได้"
}

func (thai) ItemDeskOwn() string {
	return "ต้องให้ผู้อื่นตัดสิน เพราะเกี่ยวกับตัวท่านเองหรือไม่ใช่หน้าที่ของท่าน"
}

func (thai) ItemDeskConfirmText() string {
	return "หากต้องการตัดสิน โปรดเข้าสู่ระบบอีกครั้ง"
}

func (chinese) PlacesTitle() string { return "办公地点" }
func (chinese) PlacesLead(entity string) string {
	return entity + "的经办人办公所用的网络。委派的服务可限于这些网络。"
}
func (chinese) PlacesEmpty() string               { return "尚未登记地点。" }
func (chinese) PlacesNetworks(list string) string { return "网络：" + list }
func (chinese) PlacesAdd() string                 { return "登记地点" }
func (chinese) PlacesName() string                { return "地点名称" }
func (chinese) PlacesNets() string                { return "网络" }
func (chinese) PlacesNetsHint() string {
	return "地址或网段，以空格分隔，例如 192.0.2.0/24。"
}

func (chinese) PlacesHere(address string) string {
	return "此浏览器当前位于 " + address + "。"
}
func (chinese) PlacesAdded() string                 { return "地点已登记。" }
func (chinese) PlacesRemoved() string               { return "地点已移除。" }
func (chinese) PlacesInvalid() string               { return "请检查名称和网络。" }
func (chinese) PlacesTooMany() string               { return "无法再登记更多地点。" }
func (chinese) ItemDeskConsole() string             { return "控制台：统计、系统、记录" }
func (chinese) ItemDeskTitle() string               { return "服务申请" }
func (chinese) ItemDeskLead() string                { return "须经贵部门同意方可开放的敏感服务。" }
func (chinese) ItemDeskEmpty() string               { return "没有待处理的申请。" }
func (chinese) ItemDeskPerson() string              { return "本人申请为自己开放。" }
func (chinese) ItemDeskEntity(entity string) string { return entity + "为其经办人申请。" }
func (chinese) ItemDeskSince(date string) string    { return "申请日期：" + date }
func (chinese) ItemDeskApprove() string             { return "批准" }
func (chinese) ItemDeskRefuse() string              { return "拒绝" }
func (chinese) ItemDeskApproved() string            { return "已批准。" }
func (chinese) ItemDeskRefused() string             { return "已拒绝。" }
func (chinese) ItemDeskGone() string {
	return "该申请已不在等待：已有人决定或已被撤回。"
}

func (chinese) ItemDeskUnusable() string {
	return "经办人已无法使用此事项：期限已过，或其授权已终止。未作任何更改，您可以拒绝此申请。"
}

func (chinese) ItemDeskOwn() string {
	return "此事须由他人决定：涉及您本人，或不属您的职责。"
}
func (chinese) ItemDeskConfirmText() string { return "如需作出决定，请重新登录。" }

func (vietnamese) PlacesTitle() string { return "Nơi làm việc" }
func (vietnamese) PlacesLead(entity string) string {
	return "Các mạng mà nhân viên của " + entity + " làm việc. Có thể giới hạn dịch vụ ủy quyền vào các mạng này."
}
func (vietnamese) PlacesEmpty() string               { return "Chưa đăng ký nơi nào." }
func (vietnamese) PlacesNetworks(list string) string { return "Mạng: " + list }
func (vietnamese) PlacesAdd() string                 { return "Đăng ký nơi làm việc" }
func (vietnamese) PlacesName() string                { return "Tên nơi làm việc" }
func (vietnamese) PlacesNets() string                { return "Mạng" }
func (vietnamese) PlacesNetsHint() string {
	return "Địa chỉ hoặc dải địa chỉ, cách nhau bằng dấu cách, ví dụ 192.0.2.0/24."
}

func (vietnamese) PlacesHere(address string) string {
	return "Trình duyệt này hiện ở " + address + "."
}
func (vietnamese) PlacesAdded() string   { return "Đã đăng ký nơi làm việc." }
func (vietnamese) PlacesRemoved() string { return "Đã gỡ nơi làm việc." }
func (vietnamese) PlacesInvalid() string { return "Vui lòng kiểm tra tên và các mạng." }
func (vietnamese) PlacesTooMany() string { return "Không thể đăng ký thêm." }
func (vietnamese) ItemDeskConsole() string {
	return "Bảng điều khiển: số liệu, hệ thống, nhật ký"
}
func (vietnamese) ItemDeskTitle() string { return "Yêu cầu dùng dịch vụ" }
func (vietnamese) ItemDeskLead() string {
	return "Các dịch vụ nhạy cảm chỉ mở khi cơ quan của bạn đồng ý."
}
func (vietnamese) ItemDeskEmpty() string  { return "Không có gì đang chờ bạn." }
func (vietnamese) ItemDeskPerson() string { return "Một người yêu cầu mở cho chính họ." }

func (vietnamese) ItemDeskEntity(entity string) string {
	return entity + " yêu cầu cho nhân viên thao tác."
}
func (vietnamese) ItemDeskSince(date string) string { return "Yêu cầu ngày " + date }
func (vietnamese) ItemDeskApprove() string          { return "Phê duyệt" }
func (vietnamese) ItemDeskRefuse() string           { return "Từ chối" }
func (vietnamese) ItemDeskApproved() string         { return "Đã phê duyệt." }
func (vietnamese) ItemDeskRefused() string          { return "Đã từ chối." }
func (vietnamese) ItemDeskGone() string {
	return "Yêu cầu không còn chờ: đã có người quyết định hoặc đã được rút lại."
}

func (vietnamese) ItemDeskUnusable() string {
	return "Người được giao không còn dùng được mục này: đã hết thời hạn, hoặc họ không còn được ủy quyền. Chưa có gì thay đổi; bạn có thể từ chối."
}

func (vietnamese) ItemDeskOwn() string {
	return "Người khác phải quyết định: việc này liên quan đến bạn hoặc không thuộc quyền của bạn."
}

func (vietnamese) ItemDeskConfirmText() string {
	return "Để quyết định, vui lòng đăng nhập lại."
}
