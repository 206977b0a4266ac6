package locale

// logoutTexts are on the pages that end sign-ins, and on those that tell who has been told of it.
type logoutTexts interface {
	SignOutWhat() string
	SignOutEverywhere() string
	SignOutOnly(system string) string
	SignOutOnlyText() string
	LedgerLeft(system string) string
	LedgerDone() string
	LedgerNone() string
	LedgerOpen() string
	LedgerSome() string
	LedgerServices() string
	LedgerProvider() string
	LedgerGone() string
	StateConfirmed() string
	StateInitiator() string
	StateOpen() string
	StateRetrying() string
	StateVisiting() string
	StateVisited() string
	StateFailed() string
	StateUnreachable() string
	LedgerAgain() string
	LedgerNext() string
	LedgerOnward(system string) string
	NavSessions() string
	SessionsTitle() string
	SessionsLead() string
	SessionsDone() string
	SessionsTelling() string
	SessionsThis() string
	SessionsDevice() string
	SessionsDeviceOn(browser, system string) string
	SessionsSince() string
	SessionsLast() string
	SessionsUsed() string
	SessionsEnd() string
	SessionsEndAll() string
	SessionsPast() string
	EndPerson() string
	EndIdle() string
	EndAge() string
	EndAccount() string
	EndSystem() string
	EndAdmin() string
	EndProvider() string
	EndReplaced() string
	EndSuspension() string
}

func (english) SignOutWhat() string { return "Other ways to sign out" }

func (english) SignOutEverywhere() string { return "Everything, on all my devices" }

func (english) SignOutOnly(system string) string { return "Only “" + system + "”" }

func (english) SignOutOnlyText() string {
	return "You stay signed in here. That service would sign you in again without asking."
}

func (english) LedgerLeft(system string) string { return "You are signed out of “" + system + "”" }

func (english) LedgerDone() string {
	return "This sign-in has ended, and every service that you had opened has confirmed that you are signed out."
}

func (english) LedgerNone() string {
	return "This sign-in has ended. No service had been opened with it."
}

func (english) LedgerOpen() string {
	return "Your sign-in here has ended. The services below are still being told."
}

func (english) LedgerSome() string {
	return "Your sign-in here has ended. Not every service has confirmed it: see below where you should sign out yourself."
}

func (english) LedgerServices() string { return "Services and providers" }

func (english) LedgerProvider() string { return "Identity provider" }

func (english) LedgerGone() string { return "A service that is no longer connected" }

func (english) StateConfirmed() string { return "Signed out" }

func (english) StateInitiator() string { return "You signed out there yourself" }

func (english) StateOpen() string { return "Being told now" }

func (english) StateRetrying() string { return "No answer yet. We keep trying." }

func (english) StateVisiting() string { return "Waits for your browser" }

func (english) StateVisited() string { return "Told through your browser, but it has not confirmed" }

func (english) StateFailed() string { return "Could not be told. Please sign out there yourself." }

func (english) StateUnreachable() string {
	return "There is no way to tell it. Please sign out there yourself."
}

func (english) LedgerAgain() string { return "Look again" }

func (english) LedgerNext() string { return "Sign out at the next service" }

func (english) LedgerOnward(system string) string { return "Go on to “" + system + "”" }

func (english) NavSessions() string { return "Sign-ins" }

func (english) SessionsTitle() string { return "Where you are signed in" }

func (english) SessionsLead() string {
	return "Every sign-in that is open now, and what was told when one ended. If you do not know one, end it and tell us."
}

func (english) SessionsDone() string { return "That sign-in has ended." }

func (english) SessionsTelling() string {
	return "These services are being told. The page looks again by itself."
}

func (english) SessionsThis() string { return "This browser" }

func (english) SessionsDevice() string { return "A browser" }

func (english) SessionsDeviceOn(browser, system string) string { return browser + " on " + system }

func (english) SessionsSince() string { return "Signed in" }

func (english) SessionsLast() string { return "Last used" }

func (english) SessionsUsed() string { return "Services" }

func (english) SessionsEnd() string { return "End this sign-in" }

func (english) SessionsEndAll() string { return "Sign out on all devices" }

func (english) SessionsPast() string { return "Earlier sign-outs" }

func (english) EndPerson() string { return "You signed out" }

func (english) EndIdle() string { return "It had not been used for a time" }

func (english) EndAge() string { return "It had reached its longest time" }

func (english) EndAccount() string { return "The account was suspended or closed" }

func (english) EndSystem() string { return "A service asked for it" }

func (english) EndAdmin() string { return "The operator ended it" }

func (english) EndProvider() string { return "The identity provider ended it" }

func (english) EndSuspension() string {
	return "For safety: the identity provider you had signed in with was taken out of service. Sign in again with another one"
}

func (english) EndReplaced() string { return "Somebody else signed in in the same browser" }

func (thai) SignOutWhat() string {
	return "วิธีออกจากระบบแบบอื่น"
}

func (thai) SignOutEverywhere() string {
	return "ทุกบริการ บนทุกอุปกรณ์ของฉัน"
}

func (thai) SignOutOnly(system string) string { return "เฉพาะ “" + system + "”" }

func (thai) SignOutOnlyText() string {
	return "ท่านยังอยู่ในระบบนี้ต่อไป บริการนั้นอาจพาท่านเข้าสู่ระบบอีกครั้งโดยไม่ถาม"
}

func (thai) LedgerLeft(system string) string {
	return "ท่านออกจากระบบของ “" + system + "” แล้ว"
}

func (thai) LedgerDone() string {
	return "การเข้าสู่ระบบนี้สิ้นสุดแล้ว และทุกบริการที่ท่านเปิดใช้ยืนยันแล้วว่าท่านออกจากระบบ"
}

func (thai) LedgerNone() string {
	return "การเข้าสู่ระบบนี้สิ้นสุดแล้ว และไม่มีบริการใดที่เปิดใช้ด้วยการเข้าสู่ระบบนี้"
}

func (thai) LedgerOpen() string {
	return "การเข้าสู่ระบบที่นี่สิ้นสุดแล้ว ระบบกำลังแจ้งบริการด้านล่าง"
}

func (thai) LedgerSome() string {
	return "การเข้าสู่ระบบที่นี่สิ้นสุดแล้ว แต่ยังไม่ได้รับการยืนยันจากทุกบริการ โปรดดูด้านล่างว่าควรออกจากระบบด้วยตนเองที่ใด"
}

func (thai) LedgerServices() string {
	return "บริการและผู้ให้บริการยืนยันตัวตน"
}

func (thai) LedgerProvider() string {
	return "ผู้ให้บริการยืนยันตัวตน"
}

func (thai) LedgerGone() string {
	return "บริการที่ไม่ได้เชื่อมต่อแล้ว"
}

func (thai) StateConfirmed() string { return "ออกจากระบบแล้ว" }

func (thai) StateInitiator() string {
	return "ท่านออกจากระบบที่นั่นด้วยตนเอง"
}

func (thai) StateOpen() string { return "กำลังแจ้ง" }

func (thai) StateRetrying() string {
	return "ยังไม่ตอบ ระบบจะแจ้งซ้ำต่อไป"
}

func (thai) StateVisiting() string {
	return "รอเบราว์เซอร์ของท่าน"
}

func (thai) StateVisited() string {
	return "แจ้งผ่านเบราว์เซอร์ของท่านแล้ว แต่ยังไม่ได้รับการยืนยัน"
}

func (thai) StateFailed() string {
	return "แจ้งไม่สำเร็จ โปรดออกจากระบบที่นั่นด้วยตนเอง"
}

func (thai) StateUnreachable() string {
	return "ไม่มีวิธีแจ้งบริการนี้ โปรดออกจากระบบที่นั่นด้วยตนเอง"
}

func (thai) LedgerAgain() string { return "ตรวจสอบอีกครั้ง" }

func (thai) LedgerNext() string {
	return "ออกจากระบบของบริการถัดไป"
}

func (thai) LedgerOnward(system string) string {
	return "ไปต่อที่ “" + system + "”"
}

func (thai) NavSessions() string { return "การเข้าสู่ระบบ" }

func (thai) SessionsTitle() string {
	return "ท่านเข้าสู่ระบบอยู่ที่ใดบ้าง"
}

func (thai) SessionsLead() string {
	return "การเข้าสู่ระบบทั้งหมดที่ยังเปิดอยู่ และสิ่งที่แจ้งเมื่อสิ้นสุด หากมีรายการที่ท่านไม่รู้จัก โปรดสั่งให้ออกจากระบบและแจ้งเรา"
}

func (thai) SessionsDone() string {
	return "การเข้าสู่ระบบนั้นสิ้นสุดแล้ว"
}

func (thai) SessionsTelling() string {
	return "กำลังแจ้งบริการเหล่านี้ หน้านี้ตรวจสอบใหม่เอง"
}

func (thai) SessionsThis() string { return "เบราว์เซอร์นี้" }

func (thai) SessionsDevice() string { return "เบราว์เซอร์" }

func (thai) SessionsDeviceOn(browser, system string) string { return browser + " บน " + system }

func (thai) SessionsSince() string { return "เข้าสู่ระบบเมื่อ" }

func (thai) SessionsLast() string { return "ใช้ล่าสุดเมื่อ" }

func (thai) SessionsUsed() string { return "บริการ" }

func (thai) SessionsEnd() string { return "ออกจากระบบรายการนี้" }

func (thai) SessionsEndAll() string {
	return "ออกจากระบบบนทุกอุปกรณ์"
}

func (thai) SessionsPast() string {
	return "การออกจากระบบที่ผ่านมา"
}

func (thai) EndPerson() string { return "ท่านออกจากระบบ" }

func (thai) EndIdle() string {
	return "ไม่ได้ใช้งานเป็นเวลานาน"
}

func (thai) EndAge() string { return "ครบระยะเวลาสูงสุด" }

func (thai) EndAccount() string {
	return "บัญชีถูกระงับหรือปิด"
}

func (thai) EndSystem() string { return "บริการหนึ่งร้องขอ" }

func (thai) EndAdmin() string {
	return "ผู้ดูแลระบบสั่งให้สิ้นสุด"
}

func (thai) EndProvider() string {
	return "ผู้ให้บริการยืนยันตัวตนสั่งให้สิ้นสุด"
}

func (thai) EndSuspension() string {
	return "เพื่อความปลอดภัย: ผู้ให้บริการยืนยันตัวตนที่ใช้เข้าสู่ระบบถูกระงับการให้บริการ โปรดเข้าสู่ระบบใหม่ด้วยผู้ให้บริการรายอื่น"
}

func (thai) EndReplaced() string {
	return "มีผู้อื่นเข้าสู่ระบบในเบราว์เซอร์เดียวกัน"
}

func (chinese) SignOutWhat() string { return "其他退出方式" }

func (chinese) SignOutEverywhere() string { return "我所有设备上的全部登录" }

func (chinese) SignOutOnly(system string) string { return "仅“" + system + "”" }

func (chinese) SignOutOnlyText() string {
	return "您在此处仍保持登录。该服务可能无需询问便再次为您登录。"
}

func (chinese) LedgerLeft(system string) string { return "您已退出“" + system + "”" }

func (chinese) LedgerDone() string {
	return "此次登录已结束，您打开过的所有服务都已确认您已退出。"
}

func (chinese) LedgerNone() string {
	return "此次登录已结束，没有通过它打开过任何服务。"
}

func (chinese) LedgerOpen() string {
	return "您在此处的登录已结束，仍在通知下列服务。"
}

func (chinese) LedgerSome() string {
	return "您在此处的登录已结束，但并非所有服务都已确认：请在下方查看应自行退出的服务。"
}

func (chinese) LedgerServices() string { return "服务与身份提供方" }

func (chinese) LedgerProvider() string { return "身份提供方" }

func (chinese) LedgerGone() string { return "已不再接入的服务" }

func (chinese) StateConfirmed() string { return "已退出" }

func (chinese) StateInitiator() string { return "您已在该处自行退出" }

func (chinese) StateOpen() string { return "正在通知" }

func (chinese) StateRetrying() string { return "尚无答复，我们会继续尝试。" }

func (chinese) StateVisiting() string { return "等待您的浏览器" }

func (chinese) StateVisited() string { return "已通过您的浏览器通知，但未获确认" }

func (chinese) StateFailed() string { return "未能通知，请您在该处自行退出。" }

func (chinese) StateUnreachable() string {
	return "无法通知该服务，请您在该处自行退出。"
}

func (chinese) LedgerAgain() string { return "重新查看" }

func (chinese) LedgerNext() string { return "退出下一个服务" }

func (chinese) LedgerOnward(system string) string { return "前往“" + system + "”" }

func (chinese) NavSessions() string { return "登录记录" }

func (chinese) SessionsTitle() string { return "您的登录位置" }

func (chinese) SessionsLead() string {
	return "这里列出当前所有登录，以及登录结束时通知了谁。如有您不认识的登录，请结束它并告知我们。"
}

func (chinese) SessionsDone() string { return "该登录已结束。" }

func (chinese) SessionsTelling() string {
	return "正在通知以下服务。本页会自动重新查看。"
}

func (chinese) SessionsThis() string { return "此浏览器" }

func (chinese) SessionsDevice() string { return "浏览器" }

func (chinese) SessionsDeviceOn(browser, system string) string {
	return system + " 上的 " + browser
}

func (chinese) SessionsSince() string { return "登录时间" }

func (chinese) SessionsLast() string { return "最近使用" }

func (chinese) SessionsUsed() string { return "服务" }

func (chinese) SessionsEnd() string { return "结束此登录" }

func (chinese) SessionsEndAll() string { return "在所有设备上退出" }

func (chinese) SessionsPast() string { return "过往退出记录" }

func (chinese) EndPerson() string { return "您已退出" }

func (chinese) EndIdle() string { return "长时间未使用" }

func (chinese) EndAge() string { return "已达到最长时限" }

func (chinese) EndAccount() string { return "账户被暂停或关闭" }

func (chinese) EndSystem() string { return "由某项服务提出" }

func (chinese) EndAdmin() string { return "由运营方结束" }

func (chinese) EndProvider() string { return "由身份提供方结束" }

func (chinese) EndSuspension() string {
	return "出于安全考虑：您登录所用的身份提供方已停止服务，请用其他方式重新登录"
}

func (chinese) EndReplaced() string { return "有他人在同一浏览器中登录" }

func (vietnamese) SignOutWhat() string { return "Cách đăng xuất khác" }

func (vietnamese) SignOutEverywhere() string {
	return "Mọi thứ, trên tất cả thiết bị của tôi"
}

func (vietnamese) SignOutOnly(system string) string { return "Chỉ “" + system + "”" }

func (vietnamese) SignOutOnlyText() string {
	return "Bạn vẫn đăng nhập ở đây. Dịch vụ đó có thể đăng nhập lại cho bạn mà không hỏi."
}

func (vietnamese) LedgerLeft(system string) string {
	return "Bạn đã đăng xuất khỏi “" + system + "”"
}

func (vietnamese) LedgerDone() string {
	return "Lần đăng nhập này đã kết thúc và mọi dịch vụ bạn đã mở đều xác nhận bạn đã đăng xuất."
}

func (vietnamese) LedgerNone() string {
	return "Lần đăng nhập này đã kết thúc. Chưa có dịch vụ nào được mở bằng lần đăng nhập này."
}

func (vietnamese) LedgerOpen() string {
	return "Lần đăng nhập tại đây đã kết thúc. Các dịch vụ bên dưới đang được thông báo."
}

func (vietnamese) LedgerSome() string {
	return "Lần đăng nhập tại đây đã kết thúc. Không phải dịch vụ nào cũng đã xác nhận: xem bên dưới nơi bạn nên tự đăng xuất."
}

func (vietnamese) LedgerServices() string { return "Dịch vụ và nhà cung cấp" }

func (vietnamese) LedgerProvider() string { return "Nhà cung cấp danh tính" }

func (vietnamese) LedgerGone() string { return "Dịch vụ không còn được kết nối" }

func (vietnamese) StateConfirmed() string { return "Đã đăng xuất" }

func (vietnamese) StateInitiator() string { return "Bạn đã tự đăng xuất tại đó" }

func (vietnamese) StateOpen() string { return "Đang được thông báo" }

func (vietnamese) StateRetrying() string {
	return "Chưa có trả lời. Chúng tôi tiếp tục thử."
}

func (vietnamese) StateVisiting() string { return "Đang chờ trình duyệt của bạn" }

func (vietnamese) StateVisited() string {
	return "Đã thông báo qua trình duyệt của bạn nhưng chưa được xác nhận"
}

func (vietnamese) StateFailed() string {
	return "Không thể thông báo. Vui lòng tự đăng xuất tại đó."
}

func (vietnamese) StateUnreachable() string {
	return "Không có cách nào để thông báo. Vui lòng tự đăng xuất tại đó."
}

func (vietnamese) LedgerAgain() string { return "Xem lại" }

func (vietnamese) LedgerNext() string { return "Đăng xuất ở dịch vụ tiếp theo" }

func (vietnamese) LedgerOnward(system string) string {
	return "Tiếp tục đến “" + system + "”"
}

func (vietnamese) NavSessions() string { return "Các lần đăng nhập" }

func (vietnamese) SessionsTitle() string { return "Nơi bạn đang đăng nhập" }

func (vietnamese) SessionsLead() string {
	return "Mọi lần đăng nhập đang mở và những gì đã được thông báo khi kết thúc. Nếu bạn không nhận ra lần nào, hãy kết thúc và báo cho chúng tôi."
}

func (vietnamese) SessionsDone() string { return "Lần đăng nhập đó đã kết thúc." }

func (vietnamese) SessionsTelling() string {
	return "Các dịch vụ này đang được thông báo. Trang tự xem lại."
}

func (vietnamese) SessionsThis() string { return "Trình duyệt này" }

func (vietnamese) SessionsDevice() string { return "Một trình duyệt" }

func (vietnamese) SessionsDeviceOn(browser, system string) string {
	return browser + " trên " + system
}

func (vietnamese) SessionsSince() string { return "Đăng nhập lúc" }

func (vietnamese) SessionsLast() string { return "Dùng lần cuối" }

func (vietnamese) SessionsUsed() string { return "Dịch vụ" }

func (vietnamese) SessionsEnd() string { return "Kết thúc lần đăng nhập này" }

func (vietnamese) SessionsEndAll() string { return "Đăng xuất trên mọi thiết bị" }

func (vietnamese) SessionsPast() string { return "Các lần đăng xuất trước đây" }

func (vietnamese) EndPerson() string { return "Bạn đã đăng xuất" }

func (vietnamese) EndIdle() string { return "Không được dùng trong một thời gian" }

func (vietnamese) EndAge() string { return "Đã đạt thời hạn tối đa" }

func (vietnamese) EndAccount() string { return "Tài khoản bị tạm khóa hoặc đóng" }

func (vietnamese) EndSystem() string { return "Một dịch vụ yêu cầu" }

func (vietnamese) EndAdmin() string { return "Đơn vị vận hành đã kết thúc" }

func (vietnamese) EndProvider() string { return "Nhà cung cấp danh tính đã kết thúc" }

func (vietnamese) EndSuspension() string {
	return "Vì an toàn: nhà cung cấp danh tính mà bạn đã dùng để đăng nhập bị ngừng phục vụ. Hãy đăng nhập lại bằng nhà cung cấp khác"
}

func (vietnamese) EndReplaced() string {
	return "Người khác đã đăng nhập trong cùng trình duyệt"
}
