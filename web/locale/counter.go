package locale

// Counters: what stands on the phone of whoever is there, and on the clerk's page.
var (
	CounterAsk    = Word{"ท่านอยู่ที่เคาน์เตอร์ใช่หรือไม่", "Are you standing at the counter?", "您正站在窗口前吗？", "Bạn đang đứng tại quầy phải không?"}
	CounterOf     = Word{"เคาน์เตอร์ของ", "The counter of", "窗口所属机关", "Quầy của"}
	CounterOnly   = Word{"โปรดดำเนินการต่อเฉพาะเมื่อท่านยืนอยู่หน้าเจ้าหน้าที่ในขณะนี้ เจ้าหน้าที่ไม่ขอรหัสนี้ทางโทรศัพท์หรือข้อความ หากมีผู้ขอจากที่อื่น แสดงว่าผู้นั้นต้องการทำรายการในชื่อของท่าน", "Go on only if you are standing before the member of staff now. Nobody asks for this code by telephone or message: whoever does wants to act in your name.", "只有您此刻就站在工作人员面前时，才可继续。工作人员不会通过电话或消息索要此代码；这样做的人是想冒用您的名义。", "Chỉ tiếp tục nếu bạn đang đứng trước cán bộ ngay lúc này. Không ai hỏi mã này qua điện thoại hay tin nhắn: ai làm vậy là muốn mạo danh bạn."}
	CounterNone   = Word{"ไม่มีเรื่องที่ต้องดำเนินการที่เคาน์เตอร์นี้ ทะเบียนของท่านผูกกับบัญชีแล้ว หรือหน่วยงานไม่มีทะเบียนของบุคคล", "There is nothing to be done at this counter: your records are bound to your account already, or the department keeps none of people.", "此窗口没有需要办理的事项：您的登记已与账户绑定，或该机关不保存个人登记。", "Không có việc gì cần làm tại quầy này: hồ sơ của bạn đã gắn với tài khoản, hoặc cơ quan không giữ hồ sơ cá nhân."}
	CounterKeep   = Word{"ให้เจ้าหน้าที่เห็นข้อมูลต่อไปนี้จากการเข้าสู่ระบบของฉัน เพื่อเทียบกับทะเบียน เก็บแบบปิดผนึกจนกว่าจะพิจารณา ไม่เกิน 30 วัน และฉันถอนได้ทุกเมื่อ", "Show the member of staff the following from my sign-in, to compare it with the record. It is kept sealed until it is decided, for 30 days at most, and I can take it back at any time.", "允许工作人员查看我登录时的以下信息，用于与登记核对。信息加密保存至作出决定，最多30天，我可随时撤回。", "Cho cán bộ xem những điều sau từ lần đăng nhập của tôi để đối chiếu với hồ sơ. Chúng được niêm phong đến khi quyết định, tối đa 30 ngày, và tôi có thể rút lại bất cứ lúc nào."}
	CounterShow   = Word{"ใช่ แสดงรหัสของฉัน", "Yes, show my code", "是的，显示我的代码", "Đúng, hiện mã của tôi"}
	CounterRead   = Word{"ให้เจ้าหน้าที่อ่านรหัสนี้จากหน้าจอของท่าน ใช้ได้ครั้งเดียว", "Let the member of staff read this code off your screen. It works once.", "请让工作人员从您的屏幕上读取此代码。代码限用一次。", "Để cán bộ đọc mã này trên màn hình của bạn. Mã chỉ dùng được một lần."}
	CounterOver   = Word{"หมายเลขนี้ไม่ถูกต้อง หมดเวลา หรือมีผู้อื่นใช้แล้ว โปรดขอหมายเลขใหม่จากเจ้าหน้าที่", "This number is not good, is over, or was used by somebody else. Please ask the member of staff for a new one.", "此号码无效、已过期或已被他人使用，请向工作人员索取新的号码。", "Số này không đúng, đã hết hạn hoặc người khác đã dùng. Hãy xin cán bộ số mới."}
	CounterTired  = Word{"ลองผิดหลายครั้งเกินไป โปรดเริ่มใหม่ด้วยหมายเลขใหม่", "Too many tries. Please begin again with a new number.", "尝试次数过多，请用新的号码重新开始。", "Thử quá nhiều lần. Hãy bắt đầu lại với số mới."}
	CounterHere   = Word{"ฉันอยู่ที่เคาน์เตอร์", "I am at a counter", "我在窗口", "Tôi đang ở quầy"}
	CounterNumber = Word{"ตัวอักษรแปดตัวท้ายที่อยู่บนหน้าจอของเจ้าหน้าที่ (หากสแกนไม่ได้)", "The eight letters at the end of the address on the clerk's screen, if you can't scan it", "工作人员屏幕上地址末尾的八个字母（无法扫描时）", "Tám chữ cái cuối địa chỉ trên màn hình cán bộ, nếu không quét được"}
	CounterGo     = Word{"ดำเนินการต่อ", "Go on", "继续", "Tiếp tục"}

	CounterStart  = Word{"มีผู้มาติดต่อ: แสดงรหัสให้สแกน", "Somebody is here: show a code to scan", "有人来访：显示供扫描的码", "Có người đến: hiện mã để quét"}
	CounterOther  = Word{"เริ่มใหม่ด้วยรหัสใหม่", "Begin again with a new code", "用新的码重新开始", "Bắt đầu lại với mã mới"}
	CounterFirst  = Word{"ให้ผู้มาติดต่อสแกนรหัสนี้ด้วยโทรศัพท์ของตน และเข้าสู่ระบบด้วยตัวตนของตนเอง", "They scan this with their own phone and sign in as themselves.", "请来访者用自己的手机扫描此码，并以本人身份登录。", "Người đến quét mã này bằng điện thoại của họ và tự đăng nhập."}
	CounterLasts  = Word{"ใช้ได้กับหนึ่งคน ภายในสิบนาที", "Good for one person, for ten minutes.", "限一人使用，十分钟内有效。", "Dùng cho một người, trong mười phút."}
	CounterSecond = Word{"ผู้มาติดต่อยืนยันว่ายืนอยู่หน้าท่าน แล้วจะเห็นตัวเลขหกหลัก", "They confirm that they stand before you, and are shown six digits.", "来访者确认自己站在您面前后，会看到六位数字。", "Họ xác nhận đang đứng trước bạn, rồi thấy sáu chữ số."}
	CounterThird  = Word{"โปรดอ่านตัวเลขจากหน้าจอโทรศัพท์ด้วยตนเอง แล้วเทียบบัตรของผู้มาติดต่อกับเรื่องที่เปิดขึ้น", "Read the digits off their phone yourself, and compare their papers with the case that opens.", "请亲自从对方手机上读取数字，并将其证件与打开的事项核对。", "Tự đọc các chữ số trên điện thoại của họ, và đối chiếu giấy tờ với hồ sơ mở ra."}
)
