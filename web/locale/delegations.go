package locale

// delegationTexts are on the page where an entity delegates services.
type delegationTexts interface {
	DelegTitle() string
	DelegLead(entity string) string
	DelegEmpty() string
	DelegTo(label string) string
	DelegGone() string
	DelegMaster() string
	DelegExclusive() string
	DelegFrom(date string) string
	DelegUntil(date string) string
	DelegOpen() string
	DelegAtPlaces(list string) string
	DelegOnDevices(list string) string
	DelegInHours(hours string) string
	DelegWaiting() string
	DelegActive() string
	DelegWithdraw() string
	DelegNew() string
	DelegItems() string
	DelegItemExclusive() string
	DelegItemApproval() string
	DelegOperator() string
	DelegNoItems() string
	DelegOnly() string
	DelegFromField() string
	DelegUntilField() string
	DelegPlacesField() string
	DelegDevicesField() string
	DelegDaysField() string
	DelegOpenField() string
	DelegCloseField() string
	DelegGive() string
	DelegGiven() string
	DelegWithdrawn() string
	DelegInvalid() string
	DelegRefused() string
	DelegConflict() string
	DelegConfirmText() string
	DayMon() string
	DayTue() string
	DayWed() string
	DayThu() string
	DayFri() string
	DaySat() string
	DaySun() string
}

func (english) DelegTitle() string { return "Delegated services" }
func (english) DelegLead(entity string) string {
	return "Which operator of " + entity + " may use which sensitive service, and within which limits."
}
func (english) DelegEmpty() string                { return "No service is delegated." }
func (english) DelegTo(label string) string       { return "Operator: " + label }
func (english) DelegGone() string                 { return "no longer with the entity" }
func (english) DelegMaster() string               { return "the administrator" }
func (english) DelegExclusive() string            { return "Only this operator" }
func (english) DelegFrom(date string) string      { return "From " + date }
func (english) DelegUntil(date string) string     { return "Until " + date }
func (english) DelegOpen() string                 { return "Until it is withdrawn" }
func (english) DelegAtPlaces(list string) string  { return "Only from: " + list }
func (english) DelegOnDevices(list string) string { return "Only on: " + list }
func (english) DelegInHours(hours string) string  { return "Only: " + hours }
func (english) DelegWaiting() string              { return "Waits for the department’s approval" }
func (english) DelegActive() string               { return "In force" }
func (english) DelegWithdraw() string             { return "Withdraw" }
func (english) DelegNew() string                  { return "Delegate services" }
func (english) DelegItems() string                { return "Services" }
func (english) DelegItemExclusive() string        { return "one operator at a time" }
func (english) DelegItemApproval() string         { return "the department approves" }
func (english) DelegOperator() string             { return "Operator" }
func (english) DelegNoItems() string              { return "No department offers a service that can be delegated." }

func (english) DelegOnly() string {
	return "Only this operator. Whoever has the service now loses it in the same moment."
}
func (english) DelegFromField() string    { return "First day (empty: from now on)" }
func (english) DelegUntilField() string   { return "Last day (empty: until it is withdrawn)" }
func (english) DelegPlacesField() string  { return "Only from these places" }
func (english) DelegDevicesField() string { return "Only on these devices" }
func (english) DelegDaysField() string    { return "Only on these days" }
func (english) DelegOpenField() string    { return "From (time of day)" }
func (english) DelegCloseField() string   { return "Until (time of day)" }
func (english) DelegGive() string         { return "Delegate" }
func (english) DelegGiven() string        { return "Delegated." }
func (english) DelegWithdrawn() string    { return "Withdrawn. It counts at once, in open sign-ins too." }

func (english) DelegInvalid() string {
	return "This can’t be meant: please check the services, the operator, the days and the times."
}

func (english) DelegRefused() string {
	return "The operator has no mandate at the department of this service. Please give the mandate first."
}

func (english) DelegConflict() string {
	return "Another operator has this service exclusively, or an application for this operator waits already."
}

func (english) DelegConfirmText() string { return "To change what is delegated, please sign in again." }
func (english) DayMon() string           { return "Mon" }
func (english) DayTue() string           { return "Tue" }
func (english) DayWed() string           { return "Wed" }
func (english) DayThu() string           { return "Thu" }
func (english) DayFri() string           { return "Fri" }
func (english) DaySat() string           { return "Sat" }
func (english) DaySun() string           { return "Sun" }

func (thai) DelegTitle() string { return "บริการที่มอบหมาย" }
func (thai) DelegLead(entity string) string {
	return "ผู้ปฏิบัติงานคนใดของ" + entity + " ใช้บริการที่ละเอียดอ่อนใดได้ และภายในขอบเขตใด"
}

func (thai) DelegEmpty() string {
	return "ยังไม่ได้มอบหมายบริการใด"
}

func (thai) DelegTo(label string) string { return "ผู้ปฏิบัติงาน: " + label }

func (thai) DelegGone() string {
	return "ไม่ได้อยู่กับนิติบุคคลแล้ว"
}
func (thai) DelegMaster() string { return "ผู้ดูแล" }
func (thai) DelegExclusive() string {
	return "เฉพาะผู้ปฏิบัติงานคนนี้"
}
func (thai) DelegFrom(date string) string     { return "ตั้งแต่ " + date }
func (thai) DelegUntil(date string) string    { return "ถึง " + date }
func (thai) DelegOpen() string                { return "จนกว่าจะเพิกถอน" }
func (thai) DelegAtPlaces(list string) string { return "เฉพาะจาก: " + list }
func (thai) DelegOnDevices(list string) string {
	return "เฉพาะบนอุปกรณ์: " + list
}
func (thai) DelegInHours(hours string) string { return "เฉพาะเวลา: " + hours }
func (thai) DelegWaiting() string {
	return "รอการอนุมัติจากหน่วยงาน"
}
func (thai) DelegActive() string        { return "มีผลใช้อยู่" }
func (thai) DelegWithdraw() string      { return "เพิกถอน" }
func (thai) DelegNew() string           { return "มอบหมายบริการ" }
func (thai) DelegItems() string         { return "บริการ" }
func (thai) DelegItemExclusive() string { return "ครั้งละหนึ่งคน" }
func (thai) DelegItemApproval() string {
	return "หน่วยงานต้องอนุมัติ"
}
func (thai) DelegOperator() string { return "ผู้ปฏิบัติงาน" }
func (thai) DelegNoItems() string {
	return "ยังไม่มีหน่วยงานใดเปิดบริการที่มอบหมายได้"
}

func (thai) DelegOnly() string {
	return "เฉพาะผู้ปฏิบัติงานคนนี้ ผู้ที่มีสิทธิอยู่ตอนนี้จะหมดสิทธิทันที"
}

func (thai) DelegFromField() string {
	return "วันแรก (เว้นว่าง: ตั้งแต่ตอนนี้)"
}

func (thai) DelegUntilField() string {
	return "วันสุดท้าย (เว้นว่าง: จนกว่าจะเพิกถอน)"
}

func (thai) DelegPlacesField() string {
	return "เฉพาะจากสถานที่เหล่านี้"
}

func (thai) DelegDevicesField() string {
	return "เฉพาะบนอุปกรณ์เหล่านี้"
}
func (thai) DelegDaysField() string  { return "เฉพาะวันเหล่านี้" }
func (thai) DelegOpenField() string  { return "ตั้งแต่เวลา" }
func (thai) DelegCloseField() string { return "ถึงเวลา" }
func (thai) DelegGive() string       { return "มอบหมาย" }
func (thai) DelegGiven() string      { return "มอบหมายแล้ว" }
func (thai) DelegWithdrawn() string {
	return "เพิกถอนแล้ว มีผลทันที รวมถึงการเข้าสู่ระบบที่เปิดอยู่"
}

func (thai) DelegInvalid() string {
	return "ข้อมูลไม่ถูกต้อง โปรดตรวจบริการ ผู้ปฏิบัติงาน วัน และเวลา"
}

func (thai) DelegRefused() string {
	return "ผู้ปฏิบัติงานยังไม่ได้รับมอบอำนาจที่หน่วยงานของบริการนี้ โปรดมอบอำนาจก่อน"
}

func (thai) DelegConflict() string {
	return "ผู้ปฏิบัติงานคนอื่นได้สิทธิแต่เพียงผู้เดียว หรือมีคำขอสำหรับคนนี้รออยู่แล้ว"
}

func (thai) DelegConfirmText() string {
	return "หากต้องการแก้ไขการมอบหมาย โปรดเข้าสู่ระบบอีกครั้ง"
}
func (thai) DayMon() string { return "จ." }
func (thai) DayTue() string { return "อ." }
func (thai) DayWed() string { return "พ." }
func (thai) DayThu() string { return "พฤ." }
func (thai) DayFri() string { return "ศ." }
func (thai) DaySat() string { return "ส." }
func (thai) DaySun() string { return "อา." }

func (chinese) DelegTitle() string { return "已委派的服务" }
func (chinese) DelegLead(entity string) string {
	return entity + "的哪位经办人可以使用哪项敏感服务，以及受哪些限制。"
}
func (chinese) DelegEmpty() string                { return "尚未委派任何服务。" }
func (chinese) DelegTo(label string) string       { return "经办人：" + label }
func (chinese) DelegGone() string                 { return "已不在该单位" }
func (chinese) DelegMaster() string               { return "管理员" }
func (chinese) DelegExclusive() string            { return "仅限该经办人" }
func (chinese) DelegFrom(date string) string      { return "自" + date + "起" }
func (chinese) DelegUntil(date string) string     { return "至" + date }
func (chinese) DelegOpen() string                 { return "直至撤回" }
func (chinese) DelegAtPlaces(list string) string  { return "仅限地点：" + list }
func (chinese) DelegOnDevices(list string) string { return "仅限设备：" + list }
func (chinese) DelegInHours(hours string) string  { return "仅限时间：" + hours }
func (chinese) DelegWaiting() string              { return "等待部门批准" }
func (chinese) DelegActive() string               { return "生效中" }
func (chinese) DelegWithdraw() string             { return "撤回" }
func (chinese) DelegNew() string                  { return "委派服务" }
func (chinese) DelegItems() string                { return "服务" }
func (chinese) DelegItemExclusive() string        { return "同一时间仅一名经办人" }
func (chinese) DelegItemApproval() string         { return "需部门批准" }
func (chinese) DelegOperator() string             { return "经办人" }
func (chinese) DelegNoItems() string              { return "目前没有可委派的服务。" }
func (chinese) DelegOnly() string {
	return "仅限该经办人。现有经办人将同时失去该服务。"
}
func (chinese) DelegFromField() string    { return "起始日期（留空：即刻）" }
func (chinese) DelegUntilField() string   { return "截止日期（留空：直至撤回）" }
func (chinese) DelegPlacesField() string  { return "仅限以下地点" }
func (chinese) DelegDevicesField() string { return "仅限以下设备" }
func (chinese) DelegDaysField() string    { return "仅限以下日期" }
func (chinese) DelegOpenField() string    { return "开始时间" }
func (chinese) DelegCloseField() string   { return "结束时间" }
func (chinese) DelegGive() string         { return "委派" }
func (chinese) DelegGiven() string        { return "已委派。" }
func (chinese) DelegWithdrawn() string {
	return "已撤回。立即生效，包括已登录的会话。"
}

func (chinese) DelegInvalid() string {
	return "内容有误：请检查服务、经办人、日期和时间。"
}

func (chinese) DelegRefused() string {
	return "该经办人没有在该服务所属部门办事的授权。请先授权。"
}

func (chinese) DelegConflict() string {
	return "另一经办人独占该服务，或该经办人的申请已在等待中。"
}
func (chinese) DelegConfirmText() string { return "如需更改委派，请重新登录。" }
func (chinese) DayMon() string           { return "周一" }
func (chinese) DayTue() string           { return "周二" }
func (chinese) DayWed() string           { return "周三" }
func (chinese) DayThu() string           { return "周四" }
func (chinese) DayFri() string           { return "周五" }
func (chinese) DaySat() string           { return "周六" }
func (chinese) DaySun() string           { return "周日" }

func (vietnamese) DelegTitle() string { return "Dịch vụ đã ủy quyền" }
func (vietnamese) DelegLead(entity string) string {
	return "Nhân viên thao tác nào của " + entity + " được dùng dịch vụ nhạy cảm nào, và trong giới hạn nào."
}

func (vietnamese) DelegEmpty() string                { return "Chưa ủy quyền dịch vụ nào." }
func (vietnamese) DelegTo(label string) string       { return "Nhân viên thao tác: " + label }
func (vietnamese) DelegGone() string                 { return "không còn thuộc pháp nhân" }
func (vietnamese) DelegMaster() string               { return "người quản trị" }
func (vietnamese) DelegExclusive() string            { return "Chỉ nhân viên này" }
func (vietnamese) DelegFrom(date string) string      { return "Từ " + date }
func (vietnamese) DelegUntil(date string) string     { return "Đến " + date }
func (vietnamese) DelegOpen() string                 { return "Cho đến khi bị rút lại" }
func (vietnamese) DelegAtPlaces(list string) string  { return "Chỉ từ: " + list }
func (vietnamese) DelegOnDevices(list string) string { return "Chỉ trên: " + list }
func (vietnamese) DelegInHours(hours string) string  { return "Chỉ vào: " + hours }
func (vietnamese) DelegWaiting() string              { return "Đang chờ cơ quan phê duyệt" }
func (vietnamese) DelegActive() string               { return "Đang có hiệu lực" }
func (vietnamese) DelegWithdraw() string             { return "Rút lại" }
func (vietnamese) DelegNew() string                  { return "Ủy quyền dịch vụ" }
func (vietnamese) DelegItems() string                { return "Dịch vụ" }
func (vietnamese) DelegItemExclusive() string        { return "mỗi lúc một người" }
func (vietnamese) DelegItemApproval() string         { return "cơ quan phải phê duyệt" }
func (vietnamese) DelegOperator() string             { return "Nhân viên thao tác" }
func (vietnamese) DelegNoItems() string {
	return "Chưa có cơ quan nào cung cấp dịch vụ có thể ủy quyền."
}

func (vietnamese) DelegOnly() string {
	return "Chỉ nhân viên này. Người đang có dịch vụ sẽ mất ngay lúc đó."
}
func (vietnamese) DelegFromField() string { return "Ngày đầu (để trống: từ bây giờ)" }
func (vietnamese) DelegUntilField() string {
	return "Ngày cuối (để trống: đến khi rút lại)"
}
func (vietnamese) DelegPlacesField() string  { return "Chỉ từ những nơi này" }
func (vietnamese) DelegDevicesField() string { return "Chỉ trên các thiết bị này" }
func (vietnamese) DelegDaysField() string    { return "Chỉ vào những ngày này" }
func (vietnamese) DelegOpenField() string    { return "Từ giờ" }
func (vietnamese) DelegCloseField() string   { return "Đến giờ" }
func (vietnamese) DelegGive() string         { return "Ủy quyền" }
func (vietnamese) DelegGiven() string        { return "Đã ủy quyền." }
func (vietnamese) DelegWithdrawn() string {
	return "Đã rút lại. Có hiệu lực ngay, kể cả phiên đang mở."
}

func (vietnamese) DelegInvalid() string {
	return "Chưa hợp lệ: vui lòng kiểm tra dịch vụ, nhân viên, ngày và giờ."
}

func (vietnamese) DelegRefused() string {
	return "Nhân viên chưa được ủy nhiệm tại cơ quan của dịch vụ này. Vui lòng ủy nhiệm trước."
}

func (vietnamese) DelegConflict() string {
	return "Nhân viên khác đang giữ riêng dịch vụ này, hoặc đã có yêu cầu chờ duyệt."
}

func (vietnamese) DelegConfirmText() string {
	return "Để thay đổi ủy quyền, vui lòng đăng nhập lại."
}
func (vietnamese) DayMon() string { return "T2" }
func (vietnamese) DayTue() string { return "T3" }
func (vietnamese) DayWed() string { return "T4" }
func (vietnamese) DayThu() string { return "T5" }
func (vietnamese) DayFri() string { return "T6" }
func (vietnamese) DaySat() string { return "T7" }
func (vietnamese) DaySun() string { return "CN" }
