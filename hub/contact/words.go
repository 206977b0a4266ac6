package contact

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/notice"
)

// known gives the language, or the platform's first where it is none of ours.
func known(language string) string {
	if slices.Contains(hub.Languages(), language) {
		return language
	}
	return hub.Languages()[0]
}

// part is one text in the languages of the platform.
type part map[string]string

var (
	codeSubject = part{
		"th": "รหัสยืนยันช่องทางติดต่อ",
		"en": "Code to confirm this address",
		"zh": "联系方式确认码",
		"vi": "Mã xác nhận địa chỉ liên hệ",
	}
	codeText = part{ // site, code, minutes
		"th": "รหัสยืนยันสำหรับ %s คือ %s\nรหัสใช้ได้ %d นาทีและใช้ได้ครั้งเดียว โปรดอย่าบอกรหัสนี้แก่ผู้ใด\nหากท่านไม่ได้ขอรหัสนี้ ไม่ต้องดำเนินการใด ๆ",
		"en": "Your code for %s is %s\nIt is good for %d minutes and works once. Tell it to nobody.\nIf you did not ask for it, there is nothing you need to do.",
		"zh": "您在 %s 的确认码是 %s\n有效期 %d 分钟，仅可使用一次。请勿告诉任何人。\n如果不是您申请的，无需理会。",
		"vi": "Mã của bạn cho %s là %s\nMã có hiệu lực %d phút và chỉ dùng một lần. Đừng nói mã này cho bất kỳ ai.\nNếu bạn không yêu cầu mã, bạn không cần làm gì.",
	}

	subjects = map[notice.Kind]part{
		notice.ProviderRemoved: {
			"th": "มีการนำวิธีเข้าสู่ระบบออกจากบัญชีของท่าน", "en": "A way to sign in was removed from your account", "zh": "您的账户移除了一种登录方式", "vi": "Một cách đăng nhập đã được gỡ khỏi tài khoản của bạn",
		},
		notice.ProviderAllowed: {
			"th": "อนุญาตวิธีเข้าสู่ระบบที่เคยนำออกอีกครั้ง", "en": "A removed way to sign in was allowed again", "zh": "您的账户重新允许了曾移除的登录方式", "vi": "Một cách đăng nhập đã gỡ được cho phép lại",
		},
		notice.LevelRaised: {
			"th": "บัญชีของท่านถึงระดับการยืนยันตัวตนที่สูงขึ้น", "en": "Your account reached a higher level", "zh": "您的账户达到了更高级别", "vi": "Tài khoản của bạn đạt mức cao hơn",
		},
		notice.ContactAdded: {
			"th": "มีการเพิ่มช่องทางติดต่อในบัญชีของท่าน", "en": "A contact was added to your account", "zh": "您的账户新增了联系方式", "vi": "Một địa chỉ liên hệ đã được thêm vào tài khoản của bạn",
		},
		notice.ContactRemoved: {
			"th": "มีการนำช่องทางติดต่อออกจากบัญชีของท่าน", "en": "A contact was removed from your account", "zh": "您的账户移除了联系方式", "vi": "Một địa chỉ liên hệ đã bị xóa khỏi tài khoản của bạn",
		},
		notice.AccountSuspended: {
			"th": "บัญชีของท่านถูกระงับ", "en": "Your account was suspended", "zh": "您的账户已被暂停", "vi": "Tài khoản của bạn đã bị tạm khóa",
		},
		notice.AccountResumed: {
			"th": "บัญชีของท่านเปิดใช้งานอีกครั้ง", "en": "Your account was opened again", "zh": "您的账户已重新启用", "vi": "Tài khoản của bạn đã được mở lại",
		},
		notice.AccountTerminated: {
			"th": "บัญชีของท่านถูกปิด", "en": "Your account was closed", "zh": "您的账户已被注销", "vi": "Tài khoản của bạn đã bị đóng",
		},
		notice.ItemLocked: {
			"th": "มีการล็อกรายการบริการของท่าน", "en": "A service item of yours was locked", "zh": "您的一项服务事项已锁定", "vi": "Một mục dịch vụ của bạn đã bị khóa",
		},
		notice.ItemOpened: {
			"th": "มีการเปิดรายการบริการของท่าน", "en": "A service item of yours was opened", "zh": "您的一项服务事项已开放", "vi": "Một mục dịch vụ của bạn đã được mở",
		},
		notice.RecordBound: {
			"th": "มีการผูกทะเบียนของหน่วยงานกับบัญชีของท่าน", "en": "An authority's record was bound to your account", "zh": "某机构的档案已关联到您的账户", "vi": "Hồ sơ của một cơ quan đã được gắn với tài khoản của bạn",
		},
		notice.RecordSuspended: {
			"th": "ทะเบียนที่ผูกกับบัญชีของท่านถูกระงับ", "en": "A record bound to your account was suspended", "zh": "与您账户关联的一份档案已被暂停", "vi": "Một hồ sơ gắn với tài khoản của bạn đã bị tạm ngừng",
		},
		notice.RecordResumed: {
			"th": "ทะเบียนที่ถูกระงับกลับมาใช้งานได้อีกครั้ง", "en": "A suspended record is in service again", "zh": "被暂停的档案已恢复使用", "vi": "Hồ sơ bị tạm ngừng đã được dùng lại",
		},
		notice.RecordUnbound: {
			"th": "ทะเบียนไม่ได้ผูกกับบัญชีของท่านอีกต่อไป", "en": "A record is no longer bound to your account", "zh": "一份档案已与您的账户解除关联", "vi": "Một hồ sơ không còn gắn với tài khoản của bạn",
		},
		notice.ComplaintAnswered: {
			"th": "มีคำตอบสำหรับเรื่องที่ท่านเขียนมา", "en": "What you wrote has been answered", "zh": "您的来信已获答复", "vi": "Thư của bạn đã được trả lời",
		},
		notice.CounterConfirmed: {
			"th": "มีการรับเรื่องของท่านที่เคาน์เตอร์", "en": "A case of yours was taken up at a counter", "zh": "您的一件事项已在窗口受理", "vi": "Một việc của bạn đã được tiếp nhận tại quầy",
		},
	}
	texts = map[notice.Kind]part{
		notice.ProviderRemoved: {
			"th": "ไม่มีผู้ใดเข้าสู่บัญชีนี้ด้วยวิธีดังกล่าวได้อีก",
			"en": "Nobody can sign in to it by that way any more.",
			"zh": "任何人都不能再通过该方式登录此账户。",
			"vi": "Không ai có thể đăng nhập bằng cách đó nữa.",
		},
		notice.ProviderAllowed: {
			"th": "สามารถเข้าสู่บัญชีนี้ด้วยวิธีดังกล่าวได้อีกครั้ง",
			"en": "One can sign in to it by that way again.",
			"zh": "可以再次通过该方式登录此账户。",
			"vi": "Có thể đăng nhập bằng cách đó trở lại.",
		},
		notice.LevelRaised: {
			"th": "มีการเข้าสู่ระบบด้วยวิธีที่มีระดับสูงกว่าที่บัญชีนี้เคยมี: %s",
			"en": "Somebody signed in with a stronger method than this account ever had: %s.",
			"zh": "有人以高于该账户以往级别的方式登录：%s。",
			"vi": "Có người đã đăng nhập bằng phương thức mạnh hơn mức tài khoản này từng có: %s.",
		},
		notice.ContactAdded: {
			"th": "ช่องทางติดต่อใหม่ได้รับการยืนยันแล้ว และจะได้รับการแจ้งเตือนเช่นเดียวกับช่องทางเดิม",
			"en": "A new contact was confirmed. It receives the same notices as the earlier ones.",
			"zh": "新的联系方式已确认，将与原有联系方式收到相同的通知。",
			"vi": "Một địa chỉ liên hệ mới đã được xác nhận và sẽ nhận cùng thông báo như các địa chỉ trước.",
		},
		notice.ContactRemoved: {
			"th": "ช่องทางที่ถูกนำออกจะยังได้รับการแจ้งเตือนต่ออีก 72 ชั่วโมง",
			"en": "The one that was removed still receives notices for 72 hours.",
			"zh": "被移除的联系方式在 72 小时内仍会收到通知。",
			"vi": "Địa chỉ bị xóa vẫn nhận thông báo trong 72 giờ.",
		},
		notice.AccountSuspended: {
			"th": "ไม่สามารถเข้าสู่ระบบด้วยบัญชีนี้ได้จนกว่าจะเปิดใช้งานอีกครั้ง และได้ออกจากระบบทุกบริการแล้ว",
			"en": "Nobody can sign in with it until it is opened again, and it was signed out of every service.",
			"zh": "在重新启用之前无法使用该账户登录，并且已从所有服务退出。",
			"vi": "Không ai có thể đăng nhập bằng tài khoản này cho đến khi được mở lại, và tài khoản đã bị đăng xuất khỏi mọi dịch vụ.",
		},
		notice.AccountResumed: {
			"th": "ท่านสามารถเข้าสู่ระบบได้ตามปกติ", "en": "You can sign in again.", "zh": "您可以重新登录。", "vi": "Bạn có thể đăng nhập lại.",
		},
		notice.AccountTerminated: {
			"th": "ไม่สามารถเข้าสู่ระบบด้วยบัญชีนี้ได้อีก และได้ออกจากระบบทุกบริการแล้ว",
			"en": "Nobody can sign in with it any more, and it was signed out of every service.",
			"zh": "该账户不能再用于登录，并且已从所有服务退出。",
			"vi": "Không ai có thể đăng nhập bằng tài khoản này nữa, và tài khoản đã bị đăng xuất khỏi mọi dịch vụ.",
		},
		notice.ItemLocked: {
			"th": "ไม่มีผู้ใดใช้รายการนี้ทางออนไลน์ได้จนกว่าท่านจะเปิดอีกครั้ง",
			"en": "Nobody can use it online until you open it again.",
			"zh": "在您重新开放之前，任何人都无法在线使用该事项。",
			"vi": "Không ai có thể dùng mục này trực tuyến cho đến khi bạn mở lại.",
		},
		notice.ItemOpened: {
			"th": "ขณะนี้ใช้รายการนี้ทางออนไลน์ได้",
			"en": "It can be used online from now on.",
			"zh": "该事项现在可以在线使用。",
			"vi": "Từ nay có thể dùng mục này trực tuyến.",
		},
		notice.RecordBound: {
			"th": "เป็นทะเบียนของท่าน หรือของนิติบุคคลที่ท่านเป็นผู้ดูแลหลัก ดูว่าเป็นทะเบียนใดได้หลังเข้าสู่ระบบ ที่เมนูทะเบียน", "en": "It is yours, or of an organisation that you head. Which one it is you see after signing in, under Records.", "zh": "该档案属于您，或您主管的法人。登录后可在“档案”中查看。", "vi": "Đó là hồ sơ của bạn, hoặc của pháp nhân do bạn quản trị. Sau khi đăng nhập, bạn xem được đó là hồ sơ nào tại mục Hồ sơ.",
		},
		notice.RecordSuspended: {
			"th": "บริการของหน่วยงานนั้นจะไม่เห็นทะเบียนนี้จนกว่าเจ้าหน้าที่จะตรวจสอบ ดูว่าเป็นทะเบียนใดได้หลังเข้าสู่ระบบ ที่เมนูทะเบียน", "en": "The authority's services do not see it until its staff have looked. Which one it is you see after signing in, under Records.", "zh": "在工作人员核查之前，该机构的服务无法看到它。登录后可在“档案”中查看。", "vi": "Các dịch vụ của cơ quan không thấy hồ sơ này cho đến khi nhân viên xem xét. Sau khi đăng nhập, bạn xem được đó là hồ sơ nào tại mục Hồ sơ.",
		},
		notice.RecordResumed: {
			"th": "บริการของหน่วยงานนั้นเห็นทะเบียนนี้อีกครั้ง ดูว่าเป็นทะเบียนใดได้หลังเข้าสู่ระบบ ที่เมนูทะเบียน", "en": "The authority's services see it again. Which one it is you see after signing in, under Records.", "zh": "该机构的服务可以再次看到它。登录后可在“档案”中查看。", "vi": "Các dịch vụ của cơ quan lại thấy hồ sơ này. Sau khi đăng nhập, bạn xem được đó là hồ sơ nào tại mục Hồ sơ.",
		},
		notice.RecordUnbound: {
			"th": "บริการของหน่วยงานนั้นจะไม่รู้จักท่าน หรือนิติบุคคลที่ท่านเป็นผู้ดูแลหลัก จากทะเบียนนี้อีก", "en": "The authority's services do not know you, or the organisation that you head, by it any more.", "zh": "该机构的服务不再通过它识别您或您主管的法人。", "vi": "Các dịch vụ của cơ quan không còn nhận ra bạn, hoặc pháp nhân do bạn quản trị, qua hồ sơ này.",
		},
		notice.ComplaintAnswered: {
			"th": "อ่านคำตอบได้หลังเข้าสู่ระบบ ที่หน้าร้องเรียนและขอแก้ไขข้อมูล", "en": "You read the answer after signing in, under Complaints and corrections.", "zh": "登录后可在“投诉与更正”中查看答复。", "vi": "Sau khi đăng nhập, bạn đọc câu trả lời tại mục Khiếu nại và đính chính.",
		},
		notice.CounterConfirmed: {
			"th": "มีผู้ยืนยันที่เคาน์เตอร์ด้วยการเข้าสู่ระบบของท่าน หากท่านไม่ได้อยู่ที่นั่น แสดงว่ามีผู้อื่นใช้การเข้าสู่ระบบของท่าน หรือได้รหัสไปจากท่าน ดูว่าเป็นเรื่องใดได้หลังเข้าสู่ระบบ ที่เมนูทะเบียน",
			"en": "Somebody confirmed there with your sign-in. If you were not there, somebody else used your sign-in, or got the code from you. Which case it is you see after signing in, under Records.",
			"zh": "有人在窗口以您的登录作了确认。如果您当时不在场，说明他人使用了您的登录，或从您那里得到了验证码。登录后可在“档案”中查看是哪一件。",
			"vi": "Có người đã xác nhận tại đó bằng đăng nhập của bạn. Nếu bạn không có mặt, người khác đã dùng đăng nhập của bạn hoặc đã lấy được mã từ bạn. Sau khi đăng nhập, bạn xem được đó là việc nào tại mục Hồ sơ.",
		},
	}
	ending = part{ // time, site
		"th": "เวลา: %s\nหากท่านไม่ได้ทำรายการนี้ โปรดเปิด %s ด้วยตนเอง แล้วติดต่อเราจากหน้าความช่วยเหลือ\nข้อความนี้ส่งโดยอัตโนมัติ เราไม่ขอรหัสผ่านหรือรหัสใด ๆ ทางข้อความ",
		"en": "When: %s\nIf this was not you, open %s yourself and contact us from its help page.\nThis message was sent automatically. We never ask for passwords or codes by message.",
		"zh": "时间：%s\n如果不是您本人操作，请自行打开 %s，并通过帮助页面联系我们。\n本消息为自动发送。我们绝不会通过消息索要密码或验证码。",
		"vi": "Thời điểm: %s\nNếu không phải bạn, hãy tự mở %s và liên hệ với chúng tôi từ trang trợ giúp.\nTin nhắn này được gửi tự động. Chúng tôi không bao giờ hỏi mật khẩu hay mã qua tin nhắn.",
	}
	short = part{ // subject, time, site: what fits a text message
		"th": "%s (%s) หากไม่ใช่ท่าน โปรดเปิด %s",
		"en": "%s (%s). Not you? Open %s",
		"zh": "%s（%s）。不是您本人？请打开 %s",
		"vi": "%s (%s). Không phải bạn? Hãy mở %s",
	}
)

// clock writes a time so that it means the same in every language, with its zone.
func clock(t time.Time) string {
	return t.In(time.FixedZone("+07", 7*60*60)).Format("2006-01-02 15:04") + " (UTC+7)"
}

// host is the site as people read it.
func host(site string) string {
	_, name, found := strings.Cut(site, "://")
	if !found {
		return site
	}
	return name
}

// words gives what a contact is told of a notice: nothing personal, and no link, so that nobody learns to follow one. False for a kind
// that there are no words for.
func words(n notice.Notice, c Contact, site string) (Message, bool) {
	lang := known(c.Language)
	subject, text := subjects[n.Kind][lang], texts[n.Kind][lang]
	if subject == "" || text == "" {
		return Message{}, false
	}
	if n.Kind == notice.LevelRaised {
		text = fmt.Sprintf(text, strings.ToUpper(n.Level.String()))
	}
	m := Message{ID: n.ID + "." + c.ID, At: n.At, Language: lang, Subject: subject}
	if c.Kind == Phone {
		m.Text = fmt.Sprintf(short[lang], subject, clock(n.At), host(site))
		return m, true
	}
	m.Text = subject + "\n\n" + text + "\n\n" + fmt.Sprintf(ending[lang], clock(n.At), host(site)) + "\n"
	return m, true
}

// codeWords gives what carries a code.
func codeWords(code Code, c Contact, text, site string) Message {
	lang := known(c.Language)
	return Message{
		ID: code.ID + "." + c.ID, At: code.ExpiresAt.Add(-codeLife), Language: lang, Subject: codeSubject[lang],
		Text: fmt.Sprintf(codeText[lang], host(site), text, int(codeLife/time.Minute)) + "\n",
	}
}
