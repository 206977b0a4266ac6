package locale

// deviceTexts are on the pages of registered devices.
type deviceTexts interface {
	NavDevices() string
	DevicesTitle() string
	DevicesLead() string
	DevicesLeadEntity(entity string) string
	DevicesEmpty() string
	DevicesSignIn() string
	DevicesConfirm() string
	DevicesConfirmText() string
	DevicesSince(date string) string
	DevicesKnown(clock string) string
	DevicesRemove() string
	DevicesShowTitle() string
	DevicesShowText() string
	DevicesShow() string
	DevicesAddTitle() string
	DevicesAddText() string
	DevicesName() string
	DevicesNameHint() string
	DevicesContinue() string
	DevicesPress() string
	DevicesMake() string
	DevicesBack() string
	DevicesScript() string
	DevicesFailed() string
	DevicesAdded() string
	DevicesShown() string
	DevicesRemoved() string
	DevicesInvalid() string
	DevicesUnknown() string
	DevicesConflict() string
	DevicesTooMany() string
	DevicesRefused() string
	DevicesExpired() string
}

func (english) NavDevices() string   { return "Devices" }
func (english) DevicesTitle() string { return "Registered devices" }
func (english) DevicesLead() string {
	return "Some services may only be used from a device that was registered before. These are your devices."
}

func (english) DevicesLeadEntity(entity string) string {
	return "Some services may only be used from a device that was registered before. These are the devices of " + entity + "."
}
func (english) DevicesEmpty() string   { return "No device is registered yet." }
func (english) DevicesSignIn() string  { return "Sign in" }
func (english) DevicesConfirm() string { return "Sign in again" }
func (english) DevicesConfirmText() string {
	return "To register or remove a device, please sign in again."
}
func (english) DevicesSince(date string) string  { return "Registered on " + date }
func (english) DevicesKnown(clock string) string { return "Recognised in this sign-in until " + clock }
func (english) DevicesRemove() string            { return "Remove" }
func (english) DevicesShowTitle() string         { return "Recognise this device" }
func (english) DevicesShowText() string {
	return "The device proves by its key that it is one of those above. This counts for this sign-in only, for twelve hours at most."
}
func (english) DevicesShow() string     { return "Recognise this device" }
func (english) DevicesAddTitle() string { return "Register this device" }
func (english) DevicesAddText() string {
	return "The device makes a key that never leaves it. A key that an online account copies to other devices can’t be used here."
}
func (english) DevicesName() string { return "Name of the device" }
func (english) DevicesNameHint() string {
	return "For instance “Office, counter 3”. Please give no names of persons."
}
func (english) DevicesContinue() string { return "Continue" }
func (english) DevicesPress() string {
	return "Press the button, then confirm on the device with its PIN, fingerprint or face."
}
func (english) DevicesMake() string   { return "Make the key" }
func (english) DevicesBack() string   { return "Back to the devices" }
func (english) DevicesScript() string { return "This step needs a current browser with JavaScript." }

func (english) DevicesFailed() string {
	return "The device did not confirm. Please try again, or go back."
}
func (english) DevicesAdded() string   { return "The device is registered." }
func (english) DevicesShown() string   { return "The device is recognised." }
func (english) DevicesRemoved() string { return "The device is no longer registered." }
func (english) DevicesInvalid() string {
	return "This did not work. Please check the name, which may hold at most eight digits in a row, and try again."
}
func (english) DevicesUnknown() string  { return "This device is none of those above." }
func (english) DevicesConflict() string { return "This device is registered already." }
func (english) DevicesTooMany() string {
	return "No more devices can be registered. Please remove one first."
}

func (english) DevicesRefused() string {
	return "The key of this device can be copied to others, or was copied. So it does not stand for this device."
}
func (english) DevicesExpired() string { return "This took too long. Please begin again." }

func (thai) NavDevices() string { return "อุปกรณ์" }
func (thai) DevicesTitle() string {
	return "อุปกรณ์ที่ลงทะเบียนไว้"
}

func (thai) DevicesLead() string {
	return "บริการบางอย่างใช้ได้เฉพาะจากอุปกรณ์ที่ลงทะเบียนไว้ก่อนแล้ว ต่อไปนี้คืออุปกรณ์ของท่าน"
}

func (thai) DevicesLeadEntity(entity string) string {
	return "บริการบางอย่างใช้ได้เฉพาะจากอุปกรณ์ที่ลงทะเบียนไว้ก่อนแล้ว ต่อไปนี้คืออุปกรณ์ของ" + entity
}

func (thai) DevicesEmpty() string {
	return "ยังไม่มีอุปกรณ์ที่ลงทะเบียน"
}
func (thai) DevicesSignIn() string { return "เข้าสู่ระบบ" }
func (thai) DevicesConfirm() string {
	return "เข้าสู่ระบบอีกครั้ง"
}

func (thai) DevicesConfirmText() string {
	return "หากต้องการลงทะเบียนหรือนำอุปกรณ์ออก โปรดเข้าสู่ระบบอีกครั้ง"
}

func (thai) DevicesSince(date string) string {
	return "ลงทะเบียนเมื่อ " + date
}

func (thai) DevicesKnown(clock string) string {
	return "ยืนยันแล้วในการเข้าสู่ระบบครั้งนี้ ถึงเวลา " + clock + " น."
}
func (thai) DevicesRemove() string { return "นำออก" }
func (thai) DevicesShowTitle() string {
	return "ยืนยันอุปกรณ์เครื่องนี้"
}

func (thai) DevicesShowText() string {
	return "อุปกรณ์จะพิสูจน์ด้วยกุญแจของเครื่องว่าเป็นหนึ่งในอุปกรณ์ข้างต้น มีผลเฉพาะการเข้าสู่ระบบครั้งนี้ ไม่เกินสิบสองชั่วโมง"
}

func (thai) DevicesShow() string {
	return "ยืนยันอุปกรณ์เครื่องนี้"
}

func (thai) DevicesAddTitle() string {
	return "ลงทะเบียนอุปกรณ์เครื่องนี้"
}

func (thai) DevicesAddText() string {
	return "อุปกรณ์จะสร้างกุญแจที่ไม่ออกจากเครื่อง กุญแจที่บัญชีออนไลน์คัดลอกไปยังเครื่องอื่นใช้ที่นี่ไม่ได้"
}
func (thai) DevicesName() string { return "ชื่ออุปกรณ์" }
func (thai) DevicesNameHint() string {
	return "เช่น “สำนักงาน เคาน์เตอร์ 3” โปรดอย่าใส่ชื่อบุคคล"
}
func (thai) DevicesContinue() string { return "ดำเนินการต่อ" }
func (thai) DevicesPress() string {
	return "กดปุ่ม แล้วยืนยันบนอุปกรณ์ด้วยรหัส PIN ลายนิ้วมือ หรือใบหน้า"
}
func (thai) DevicesMake() string { return "สร้างกุญแจ" }
func (thai) DevicesBack() string {
	return "กลับไปที่รายการอุปกรณ์"
}

func (thai) DevicesScript() string {
	return "ขั้นตอนนี้ต้องใช้เบราว์เซอร์รุ่นปัจจุบันที่เปิด JavaScript"
}

func (thai) DevicesFailed() string {
	return "อุปกรณ์ไม่ได้ยืนยัน โปรดลองอีกครั้งหรือย้อนกลับ"
}

func (thai) DevicesAdded() string {
	return "ลงทะเบียนอุปกรณ์แล้ว"
}
func (thai) DevicesShown() string { return "ยืนยันอุปกรณ์แล้ว" }
func (thai) DevicesRemoved() string {
	return "นำอุปกรณ์ออกจากทะเบียนแล้ว"
}

func (thai) DevicesInvalid() string {
	return "ไม่สำเร็จ โปรดตรวจชื่ออุปกรณ์ ซึ่งมีตัวเลขติดกันได้ไม่เกินแปดตัว แล้วลองอีกครั้ง"
}

func (thai) DevicesUnknown() string {
	return "อุปกรณ์เครื่องนี้ไม่ใช่เครื่องใดในรายการข้างต้น"
}

func (thai) DevicesConflict() string {
	return "อุปกรณ์เครื่องนี้ลงทะเบียนไว้แล้ว"
}

func (thai) DevicesTooMany() string {
	return "ลงทะเบียนอุปกรณ์เพิ่มไม่ได้แล้ว โปรดนำเครื่องหนึ่งออกก่อน"
}

func (thai) DevicesRefused() string {
	return "กุญแจของอุปกรณ์เครื่องนี้คัดลอกไปยังเครื่องอื่นได้หรือถูกคัดลอกแล้ว จึงใช้แทนเครื่องนี้ไม่ได้"
}

func (thai) DevicesExpired() string {
	return "ใช้เวลานานเกินไป โปรดเริ่มใหม่"
}

func (chinese) NavDevices() string   { return "设备" }
func (chinese) DevicesTitle() string { return "已登记的设备" }
func (chinese) DevicesLead() string {
	return "有些服务只能在事先登记的设备上使用。以下是您的设备。"
}

func (chinese) DevicesLeadEntity(entity string) string {
	return "有些服务只能在事先登记的设备上使用。以下是" + entity + "的设备。"
}
func (chinese) DevicesEmpty() string            { return "尚未登记任何设备。" }
func (chinese) DevicesSignIn() string           { return "登录" }
func (chinese) DevicesConfirm() string          { return "重新登录" }
func (chinese) DevicesConfirmText() string      { return "如需登记或移除设备，请重新登录。" }
func (chinese) DevicesSince(date string) string { return "登记于" + date }
func (chinese) DevicesKnown(clock string) string {
	return "本次登录中已识别，有效至 " + clock
}
func (chinese) DevicesRemove() string    { return "移除" }
func (chinese) DevicesShowTitle() string { return "识别本设备" }
func (chinese) DevicesShowText() string {
	return "设备用自身的密钥证明它是上述设备之一。仅对本次登录有效，最长十二小时。"
}
func (chinese) DevicesShow() string     { return "识别本设备" }
func (chinese) DevicesAddTitle() string { return "登记本设备" }
func (chinese) DevicesAddText() string {
	return "设备会生成一把永不离开本机的密钥。会被在线账户复制到其他设备的密钥不能在此使用。"
}
func (chinese) DevicesName() string { return "设备名称" }
func (chinese) DevicesNameHint() string {
	return "例如“办公室 3 号窗口”。请勿填写人名。"
}
func (chinese) DevicesContinue() string { return "继续" }
func (chinese) DevicesPress() string {
	return "请按下按钮，然后在设备上用 PIN、指纹或面容确认。"
}
func (chinese) DevicesMake() string { return "生成密钥" }
func (chinese) DevicesBack() string { return "返回设备列表" }
func (chinese) DevicesScript() string {
	return "此步骤需要启用 JavaScript 的新版浏览器。"
}
func (chinese) DevicesFailed() string  { return "设备未确认。请重试或返回。" }
func (chinese) DevicesAdded() string   { return "设备已登记。" }
func (chinese) DevicesShown() string   { return "设备已识别。" }
func (chinese) DevicesRemoved() string { return "设备已从登记中移除。" }
func (chinese) DevicesInvalid() string {
	return "未成功。请检查名称（连续数字最多八位）后重试。"
}
func (chinese) DevicesUnknown() string  { return "本设备不在上述设备之列。" }
func (chinese) DevicesConflict() string { return "本设备已登记过。" }
func (chinese) DevicesTooMany() string  { return "无法再登记更多设备。请先移除一台。" }

func (chinese) DevicesRefused() string {
	return "本设备的密钥可以被复制或已被复制到其他设备，因此不能代表本设备。"
}
func (chinese) DevicesExpired() string { return "用时过长。请重新开始。" }

func (vietnamese) NavDevices() string   { return "Thiết bị" }
func (vietnamese) DevicesTitle() string { return "Thiết bị đã đăng ký" }
func (vietnamese) DevicesLead() string {
	return "Một số dịch vụ chỉ dùng được từ thiết bị đã đăng ký trước. Đây là các thiết bị của bạn."
}

func (vietnamese) DevicesLeadEntity(entity string) string {
	return "Một số dịch vụ chỉ dùng được từ thiết bị đã đăng ký trước. Đây là các thiết bị của " + entity + "."
}

func (vietnamese) DevicesEmpty() string   { return "Chưa có thiết bị nào được đăng ký." }
func (vietnamese) DevicesSignIn() string  { return "Đăng nhập" }
func (vietnamese) DevicesConfirm() string { return "Đăng nhập lại" }
func (vietnamese) DevicesConfirmText() string {
	return "Để đăng ký hoặc gỡ thiết bị, vui lòng đăng nhập lại."
}
func (vietnamese) DevicesSince(date string) string { return "Đăng ký ngày " + date }
func (vietnamese) DevicesKnown(clock string) string {
	return "Đã được nhận ra trong lần đăng nhập này, đến " + clock
}
func (vietnamese) DevicesRemove() string    { return "Gỡ" }
func (vietnamese) DevicesShowTitle() string { return "Nhận ra thiết bị này" }
func (vietnamese) DevicesShowText() string {
	return "Thiết bị dùng khóa của mình để chứng minh nó là một trong các thiết bị trên. Chỉ có hiệu lực cho lần đăng nhập này, tối đa mười hai giờ."
}
func (vietnamese) DevicesShow() string     { return "Nhận ra thiết bị này" }
func (vietnamese) DevicesAddTitle() string { return "Đăng ký thiết bị này" }
func (vietnamese) DevicesAddText() string {
	return "Thiết bị tạo một khóa không bao giờ rời khỏi máy. Khóa được tài khoản trực tuyến sao chép sang thiết bị khác không dùng được ở đây."
}
func (vietnamese) DevicesName() string { return "Tên thiết bị" }
func (vietnamese) DevicesNameHint() string {
	return "Ví dụ “Văn phòng, quầy 3”. Vui lòng không ghi tên người."
}
func (vietnamese) DevicesContinue() string { return "Tiếp tục" }
func (vietnamese) DevicesPress() string {
	return "Nhấn nút, rồi xác nhận trên thiết bị bằng mã PIN, vân tay hoặc khuôn mặt."
}
func (vietnamese) DevicesMake() string { return "Tạo khóa" }
func (vietnamese) DevicesBack() string { return "Quay lại danh sách thiết bị" }
func (vietnamese) DevicesScript() string {
	return "Bước này cần trình duyệt mới có bật JavaScript."
}

func (vietnamese) DevicesFailed() string {
	return "Thiết bị không xác nhận. Vui lòng thử lại hoặc quay lại."
}
func (vietnamese) DevicesAdded() string   { return "Thiết bị đã được đăng ký." }
func (vietnamese) DevicesShown() string   { return "Thiết bị đã được nhận ra." }
func (vietnamese) DevicesRemoved() string { return "Thiết bị không còn được đăng ký." }
func (vietnamese) DevicesInvalid() string {
	return "Chưa thành công. Vui lòng kiểm tra tên thiết bị, không quá tám chữ số liền nhau, rồi thử lại."
}

func (vietnamese) DevicesUnknown() string {
	return "Thiết bị này không thuộc danh sách trên."
}
func (vietnamese) DevicesConflict() string { return "Thiết bị này đã được đăng ký." }
func (vietnamese) DevicesTooMany() string {
	return "Không thể đăng ký thêm thiết bị. Vui lòng gỡ bớt trước."
}

func (vietnamese) DevicesRefused() string {
	return "Khóa của thiết bị này có thể bị sao chép hoặc đã bị sao chép, nên không đại diện cho thiết bị này."
}

func (vietnamese) DevicesExpired() string {
	return "Đã quá thời gian. Vui lòng bắt đầu lại."
}
