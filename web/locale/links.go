package locale

// linkTexts are on the page of the identity providers that open a person's account.
type linkTexts interface {
	NavLinks() string
	LinksTitle() string
	LinksLead() string
	LinksSince() string
	LinksLast() string
	LinksReached() string
	LinksHere() string
	LinksOnly() string
	LinksRemove() string
	LinksRemoveText() string
	LinksBarred() string
	LinksAllow() string
	LinksAdd() string
	LinksAddText() string
	LinksAddButton() string
	LinksRemoved() string
	LinksAllowed() string
	LinksStays() string
}

func (english) NavLinks() string   { return "My ways to sign in" }
func (english) LinksTitle() string { return "My ways to sign in" }

func (english) LinksLead() string {
	return "Each of these identity providers opens your account, and all of them open the same one."
}

func (english) LinksSince() string   { return "Linked" }
func (english) LinksLast() string    { return "Last used" }
func (english) LinksReached() string { return "Highest level" }

func (english) LinksHere() string {
	return "You are signed in with this one. To remove it, sign in with another one first: so you know that the other one works."
}

func (english) LinksOnly() string   { return "This is your only way in, so it can't be removed." }
func (english) LinksRemove() string { return "Remove from my account" }

func (english) LinksRemoveText() string {
	return "Nobody gets in by it any more, and sign-ins made with it end. Your account at the provider itself stays."
}

func (english) LinksBarred() string { return "Removed: it opens your account no more." }
func (english) LinksAllow() string  { return "Allow it again" }
func (english) LinksAdd() string    { return "Add another way" }

func (english) LinksAddText() string {
	return "Sign in once with a further identity provider that has checked who you are. It is linked to this account by your number, which we keep only as a fingerprint."
}

func (english) LinksAddButton() string { return "Sign in with another provider" }
func (english) LinksRemoved() string   { return "Removed. It opens your account no more." }
func (english) LinksAllowed() string   { return "Allowed again." }

func (english) LinksStays() string {
	return "That one stays: it is your only way in, or the one that you are signed in with."
}

func (thai) NavLinks() string {
	return "วิธีเข้าสู่ระบบของฉัน"
}

func (thai) LinksTitle() string {
	return "วิธีเข้าสู่ระบบของฉัน"
}

func (thai) LinksLead() string {
	return "ผู้ให้บริการยืนยันตัวตนเหล่านี้เปิดบัญชีของท่านได้ทุกราย และเปิดบัญชีเดียวกัน"
}

func (thai) LinksSince() string   { return "เชื่อมโยงเมื่อ" }
func (thai) LinksLast() string    { return "ใช้ล่าสุด" }
func (thai) LinksReached() string { return "ระดับสูงสุด" }

func (thai) LinksHere() string {
	return "ท่านเข้าสู่ระบบด้วยวิธีนี้อยู่ หากต้องการนำออก กรุณาเข้าสู่ระบบด้วยวิธีอื่นก่อน เพื่อให้แน่ใจว่าวิธีอื่นใช้ได้"
}

func (thai) LinksOnly() string {
	return "นี่เป็นวิธีเดียวที่ท่านเข้าได้ จึงนำออกไม่ได้"
}

func (thai) LinksRemove() string { return "นำออกจากบัญชีของฉัน" }

func (thai) LinksRemoveText() string {
	return "จะไม่มีใครเข้าด้วยวิธีนี้ได้อีก และการเข้าสู่ระบบที่ทำด้วยวิธีนี้จะสิ้นสุดลง บัญชีของท่านที่ผู้ให้บริการยังคงอยู่"
}

func (thai) LinksBarred() string {
	return "นำออกแล้ว ใช้เปิดบัญชีของท่านไม่ได้อีก"
}
func (thai) LinksAllow() string { return "อนุญาตอีกครั้ง" }
func (thai) LinksAdd() string   { return "เพิ่มวิธีอื่น" }

func (thai) LinksAddText() string {
	return "เข้าสู่ระบบหนึ่งครั้งด้วยผู้ให้บริการยืนยันตัวตนอีกรายที่ได้ตรวจสอบตัวตนของท่านแล้ว ระบบจะเชื่อมกับบัญชีนี้ด้วยหมายเลขของท่าน ซึ่งเราเก็บไว้ในรูปค่าแฮชเท่านั้น"
}

func (thai) LinksAddButton() string {
	return "เข้าสู่ระบบด้วยผู้ให้บริการรายอื่น"
}

func (thai) LinksRemoved() string {
	return "นำออกแล้ว ใช้เปิดบัญชีของท่านไม่ได้อีก"
}

func (thai) LinksAllowed() string { return "อนุญาตอีกครั้งแล้ว" }

func (thai) LinksStays() string {
	return "วิธีนั้นยังคงอยู่ เพราะเป็นวิธีเดียวของท่านหรือเป็นวิธีที่ท่านใช้เข้าสู่ระบบอยู่"
}

func (chinese) NavLinks() string   { return "我的登录方式" }
func (chinese) LinksTitle() string { return "我的登录方式" }
func (chinese) LinksLead() string {
	return "以下每个身份提供方都能打开您的账户，且打开的是同一个账户。"
}
func (chinese) LinksSince() string   { return "关联时间" }
func (chinese) LinksLast() string    { return "上次使用" }
func (chinese) LinksReached() string { return "最高级别" }
func (chinese) LinksHere() string {
	return "您正使用此方式登录。如要移除，请先用另一种方式登录，以确认另一种可用。"
}

func (chinese) LinksOnly() string   { return "这是您唯一的登录方式，因此不能移除。" }
func (chinese) LinksRemove() string { return "从我的账户移除" }
func (chinese) LinksRemoveText() string {
	return "任何人都无法再通过它登录，用它进行的登录会结束。您在该提供方的账户不受影响。"
}
func (chinese) LinksBarred() string { return "已移除：不再能打开您的账户。" }
func (chinese) LinksAllow() string  { return "重新允许" }
func (chinese) LinksAdd() string    { return "添加其他方式" }
func (chinese) LinksAddText() string {
	return "用另一个已核验您身份的提供方登录一次。它通过您的号码与此账户关联，我们只保存该号码的指纹值。"
}
func (chinese) LinksAddButton() string { return "用其他提供方登录" }
func (chinese) LinksRemoved() string   { return "已移除，不再能打开您的账户。" }
func (chinese) LinksAllowed() string   { return "已重新允许。" }
func (chinese) LinksStays() string {
	return "该方式已保留：它是您唯一的或当前使用的登录方式。"
}

func (vietnamese) NavLinks() string   { return "Cách đăng nhập của tôi" }
func (vietnamese) LinksTitle() string { return "Cách đăng nhập của tôi" }

func (vietnamese) LinksLead() string {
	return "Mỗi nhà cung cấp danh tính này đều mở được tài khoản của bạn, và cùng một tài khoản."
}

func (vietnamese) LinksSince() string   { return "Liên kết từ" }
func (vietnamese) LinksLast() string    { return "Dùng lần cuối" }
func (vietnamese) LinksReached() string { return "Mức cao nhất" }

func (vietnamese) LinksHere() string {
	return "Bạn đang đăng nhập bằng cách này. Muốn gỡ, hãy đăng nhập bằng cách khác trước để chắc rằng cách kia dùng được."
}

func (vietnamese) LinksOnly() string {
	return "Đây là cách vào duy nhất nên không thể gỡ."
}
func (vietnamese) LinksRemove() string { return "Gỡ khỏi tài khoản" }

func (vietnamese) LinksRemoveText() string {
	return "Không ai vào được bằng cách này nữa, các lần đăng nhập bằng nó sẽ kết thúc. Tài khoản của bạn tại nhà cung cấp vẫn còn."
}

func (vietnamese) LinksBarred() string { return "Đã gỡ: không còn mở được tài khoản." }
func (vietnamese) LinksAllow() string  { return "Cho phép lại" }
func (vietnamese) LinksAdd() string    { return "Thêm cách khác" }

func (vietnamese) LinksAddText() string {
	return "Đăng nhập một lần bằng nhà cung cấp khác đã xác minh bạn. Nó được liên kết với tài khoản này qua số định danh, mà chúng tôi chỉ lưu dưới dạng vân tay số."
}

func (vietnamese) LinksAddButton() string { return "Đăng nhập bằng nhà cung cấp khác" }
func (vietnamese) LinksRemoved() string   { return "Đã gỡ. Không còn mở được tài khoản." }
func (vietnamese) LinksAllowed() string   { return "Đã cho phép lại." }

func (vietnamese) LinksStays() string {
	return "Cách đó được giữ lại: nó là cách duy nhất hoặc là cách bạn đang dùng."
}
