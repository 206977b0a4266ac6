package locale

// itemReasonTexts say why a service item is closed, and by that what would help (RAZ-05).
type itemReasonTexts interface {
	ItemReasonLevel() string
	ItemReasonFresh() string
	ItemReasonNotOpened() string
	ItemReasonLocked() string
	ItemReasonApproval() string
	ItemReasonMandate() string
	ItemReasonDelegation() string
	ItemReasonAwaits() string
	ItemReasonHours() string
	ItemReasonPlace() string
	ItemReasonDevice() string
	ItemReasonRecord() string
	ItemReasonPersons() string
	ItemReasonEntities() string
	ItemReasonOther() string
}

// ItemReason gives the text of a machine word of package authz.
func ItemReason(c Catalogue, code string) string {
	switch code {
	case "level":
		return c.ItemReasonLevel()
	case "freshness", "no_person":
		return c.ItemReasonFresh()
	case "not_opened":
		return c.ItemReasonNotOpened()
	case "locked":
		return c.ItemReasonLocked()
	case "not_approved":
		return c.ItemReasonApproval()
	case "no_mandate":
		return c.ItemReasonMandate()
	case "not_delegated", "delegation_over", "not_exclusive":
		return c.ItemReasonDelegation()
	case "delegation_awaits_approval":
		return c.ItemReasonAwaits()
	case "hours", "delegation_not_yet":
		return c.ItemReasonHours()
	case "place":
		return c.ItemReasonPlace()
	case "device":
		return c.ItemReasonDevice()
	case "not_bound", "bound_level":
		return c.ItemReasonRecord()
	case "not_for_entities":
		return c.ItemReasonPersons()
	case "not_for_persons":
		return c.ItemReasonEntities()
	default:
		return c.ItemReasonOther()
	}
}

func (english) ItemReasonLevel() string {
	return "This needs a sign-in with a stronger method."
}

func (english) ItemReasonFresh() string {
	return "You signed in too long ago for this. Sign in again."
}

func (english) ItemReasonNotOpened() string {
	return "You have not opened this item. It stays closed until you do."
}

func (english) ItemReasonLocked() string {
	return "You have locked this item. It stays closed until you open it."
}

func (english) ItemReasonApproval() string {
	return "The department has yet to approve this."
}

func (english) ItemReasonMandate() string {
	return "You hold no mandate to act at this department."
}

func (english) ItemReasonDelegation() string {
	return "The administrator of the entity has not given you this item."
}

func (english) ItemReasonAwaits() string {
	return "The administrator of the entity has given you this item. It opens once the department's staff approve."
}

func (english) ItemReasonHours() string {
	return "This is not open now."
}

func (english) ItemReasonPlace() string {
	return "This can't be used from where you are."
}

func (english) ItemReasonDevice() string {
	return "This needs a registered device. Show yours first."
}

func (english) ItemReasonRecord() string {
	return "You are not connected to a record of the department yet, or not firmly enough."
}

func (english) ItemReasonPersons() string {
	return "This is for persons and not for entities."
}

func (english) ItemReasonEntities() string {
	return "This is for entities and not for persons."
}

func (english) ItemReasonOther() string {
	return "This is not available."
}

func (thai) ItemReasonLevel() string {
	return "รายการนี้ต้องเข้าสู่ระบบด้วยวิธีที่มีระดับสูงกว่า"
}

func (thai) ItemReasonFresh() string {
	return "ท่านเข้าสู่ระบบไว้นานเกินไปสำหรับรายการนี้ โปรดเข้าสู่ระบบอีกครั้ง"
}

func (thai) ItemReasonNotOpened() string {
	return "ท่านยังไม่ได้เปิดรายการนี้ รายการจะปิดอยู่จนกว่าท่านจะเปิด"
}

func (thai) ItemReasonLocked() string {
	return "ท่านล็อกรายการนี้ไว้ รายการจะปิดอยู่จนกว่าท่านจะเปิด"
}

func (thai) ItemReasonApproval() string {
	return "หน่วยงานยังไม่ได้อนุมัติ"
}

func (thai) ItemReasonMandate() string {
	return "ท่านไม่มีอำนาจดำเนินการแทนที่หน่วยงานนี้"
}

func (thai) ItemReasonDelegation() string {
	return "ผู้ดูแลขององค์กรยังไม่ได้มอบหมายรายการนี้ให้ท่าน"
}

func (thai) ItemReasonAwaits() string {
	return "ผู้ดูแลขององค์กรมอบหมายรายการนี้ให้ท่านแล้ว รายการจะเปิดเมื่อเจ้าหน้าที่ของหน่วยงานอนุมัติ"
}

func (thai) ItemReasonHours() string {
	return "ขณะนี้ยังไม่เปิดให้บริการ"
}

func (thai) ItemReasonPlace() string {
	return "ไม่สามารถใช้รายการนี้จากสถานที่ที่ท่านอยู่"
}

func (thai) ItemReasonDevice() string {
	return "รายการนี้ต้องใช้อุปกรณ์ที่ลงทะเบียนไว้ โปรดแสดงอุปกรณ์ของท่านก่อน"
}

func (thai) ItemReasonRecord() string {
	return "ท่านยังไม่ได้เชื่อมโยงกับข้อมูลของหน่วยงาน หรือการเชื่อมโยงยังมีระดับไม่เพียงพอ"
}

func (thai) ItemReasonPersons() string {
	return "รายการนี้สำหรับบุคคล ไม่ใช่สำหรับองค์กร"
}

func (thai) ItemReasonEntities() string {
	return "รายการนี้สำหรับองค์กร ไม่ใช่สำหรับบุคคล"
}

func (thai) ItemReasonOther() string {
	return "ไม่สามารถใช้รายการนี้ได้"
}

func (chinese) ItemReasonLevel() string {
	return "此事项需要使用更高级别的方式登录。"
}

func (chinese) ItemReasonFresh() string {
	return "您上次登录的时间过久，请重新登录。"
}

func (chinese) ItemReasonNotOpened() string {
	return "您尚未开放此事项。在您开放之前，它将保持关闭。"
}

func (chinese) ItemReasonLocked() string {
	return "您已锁定此事项。在您重新开放之前，它将保持关闭。"
}

func (chinese) ItemReasonApproval() string {
	return "主管部门尚未批准。"
}

func (chinese) ItemReasonMandate() string {
	return "您没有在该部门代办的授权。"
}

func (chinese) ItemReasonDelegation() string {
	return "单位管理员尚未将此事项授权给您。"
}

func (chinese) ItemReasonAwaits() string {
	return "单位管理员已将此事项授权给您，待主管部门工作人员批准后即可使用。"
}

func (chinese) ItemReasonHours() string {
	return "目前不在开放时间内。"
}

func (chinese) ItemReasonPlace() string {
	return "无法在您所在的地点使用此事项。"
}

func (chinese) ItemReasonDevice() string {
	return "此事项需要使用已登记的设备，请先验证您的设备。"
}

func (chinese) ItemReasonRecord() string {
	return "您尚未与该部门的档案关联，或关联级别不足。"
}

func (chinese) ItemReasonPersons() string {
	return "此事项面向个人，不面向单位。"
}

func (chinese) ItemReasonEntities() string {
	return "此事项面向单位，不面向个人。"
}

func (chinese) ItemReasonOther() string {
	return "此事项不可用。"
}

func (vietnamese) ItemReasonLevel() string {
	return "Mục này cần đăng nhập bằng phương thức mạnh hơn."
}

func (vietnamese) ItemReasonFresh() string {
	return "Bạn đã đăng nhập quá lâu. Hãy đăng nhập lại."
}

func (vietnamese) ItemReasonNotOpened() string {
	return "Bạn chưa mở mục này. Mục sẽ đóng cho đến khi bạn mở."
}

func (vietnamese) ItemReasonLocked() string {
	return "Bạn đã khóa mục này. Mục sẽ đóng cho đến khi bạn mở lại."
}

func (vietnamese) ItemReasonApproval() string {
	return "Cơ quan chưa phê duyệt."
}

func (vietnamese) ItemReasonMandate() string {
	return "Bạn không được ủy quyền thực hiện tại cơ quan này."
}

func (vietnamese) ItemReasonDelegation() string {
	return "Quản trị viên của tổ chức chưa giao mục này cho bạn."
}

func (vietnamese) ItemReasonAwaits() string {
	return "Quản trị viên của tổ chức đã giao mục này cho bạn. Mục sẽ mở khi cán bộ của cơ quan phê duyệt."
}

func (vietnamese) ItemReasonHours() string {
	return "Hiện chưa đến giờ mở."
}

func (vietnamese) ItemReasonPlace() string {
	return "Không thể dùng mục này từ nơi bạn đang ở."
}

func (vietnamese) ItemReasonDevice() string {
	return "Mục này cần một thiết bị đã đăng ký. Hãy xác nhận thiết bị của bạn trước."
}

func (vietnamese) ItemReasonRecord() string {
	return "Bạn chưa được liên kết với hồ sơ của cơ quan, hoặc mức liên kết chưa đủ."
}

func (vietnamese) ItemReasonPersons() string {
	return "Mục này dành cho cá nhân, không dành cho tổ chức."
}

func (vietnamese) ItemReasonEntities() string {
	return "Mục này dành cho tổ chức, không dành cho cá nhân."
}

func (vietnamese) ItemReasonOther() string {
	return "Mục này không khả dụng."
}
