package locale

// vietnamese is the Vietnamese catalogue.
type vietnamese struct{}

var _ Catalogue = vietnamese{}

func (vietnamese) SkipLink() string      { return "Chuyển đến nội dung chính" }
func (vietnamese) LanguageLabel() string { return "Ngôn ngữ" }
func (vietnamese) FooterLabel() string   { return "Về trang web này" }
func (vietnamese) NavStart() string      { return "Trang đầu" }
func (vietnamese) NavProviders() string  { return "Đơn vị xác thực danh tính" }
func (vietnamese) NavPrivacy() string    { return "Chính sách cung cấp dữ liệu" }
func (vietnamese) NavSignOut() string    { return "Đăng xuất" }
func (vietnamese) NavHelp() string       { return "Trợ giúp và khiếu nại" }
func (vietnamese) Reference() string     { return "Mã tra cứu" }
func (vietnamese) AddressCheck(address string) string {
	return "Hãy kiểm tra thanh địa chỉ của trình duyệt: địa chỉ phải bắt đầu bằng " + address +
		". Trên các trang này, chúng tôi không bao giờ hỏi mật khẩu hay mã PIN của bạn."
}
func (vietnamese) SigningInTo() string { return "Bạn đang đăng nhập vào" }
func (vietnamese) HelpPhone() string   { return "Điện thoại" }
func (vietnamese) HelpEmail() string   { return "Thư điện tử" }
func (vietnamese) HelpOffice() string  { return "Gặp trực tiếp" }

func (vietnamese) StartTitle() string { return "Đăng nhập một lần cho mọi dịch vụ công" }

func (vietnamese) StartLead() string {
	return "Chỉ cần đăng nhập một lần qua đơn vị xác thực mà bạn đang dùng, mọi dịch vụ công đã kết nối tại đây sẽ nhận ra bạn."
}
func (vietnamese) StartHow() string { return "Cách đăng nhập" }
func (vietnamese) StartHow1() string {
	return "Mở trang web của dịch vụ công bạn cần và chọn đăng nhập. Trang đó sẽ đưa bạn đến đây."
}

func (vietnamese) StartHow2() string {
	return "Chọn đơn vị xác thực mà bạn đang dùng, ví dụ ứng dụng của nhà nước hoặc ngân hàng của bạn."
}

func (vietnamese) StartHow3() string {
	return "Xác nhận tại đó rằng đúng là bạn. Sau đó bạn trở lại dịch vụ và đã được đăng nhập."
}
func (vietnamese) StartSafe() string { return "Bạn được bảo vệ như thế nào" }
func (vietnamese) StartSafe1() string {
	return "Mật khẩu của bạn chỉ nằm ở đơn vị xác thực. Chúng tôi không nhìn thấy và không bao giờ hỏi mật khẩu."
}

func (vietnamese) StartSafe2() string {
	return "Trước khi một dịch vụ nhận dữ liệu của bạn, chúng tôi cho bạn biết dịch vụ đó sẽ nhận gì và để làm gì."
}

func (vietnamese) StartSafe3() string {
	return "Khi bạn đăng xuất tại đây, mọi dịch vụ đã mở bằng lần đăng nhập này đều mất quyền truy cập."
}

func (vietnamese) ChooseTitle() string { return "Bạn muốn đăng nhập bằng cách nào?" }
func (vietnamese) ChooseLead() string {
	return "Hãy chọn đơn vị mà bạn đang dùng. Bạn xác nhận danh tính tại đó rồi quay lại đây."
}
func (vietnamese) ChooseNeeds() string { return "Dịch vụ này yêu cầu" }
func (vietnamese) ChooseWith(provider string) string {
	return "Đăng nhập bằng " + provider
}

func (vietnamese) ChooseRestricted() string {
	return "Cách đăng nhập này chống giả mạo yếu hơn. Nếu có thể, bạn hãy chọn cách khác."
}

func (vietnamese) ChooseTrouble() string {
	return "Vài phút gần đây, đơn vị này phản hồi không ổn định. Bạn có thể thử, hoặc chọn đơn vị khác."
}

func (vietnamese) ChooseNone() string {
	return "Hiện không có đơn vị xác thực nào dùng được để đăng nhập vào dịch vụ này."
}

func (vietnamese) ChooseNoneNext() string {
	return "Bạn không làm gì sai. Vui lòng thử lại sau, hoặc hỏi dịch vụ về cách liên hệ khác."
}
func (vietnamese) ChooseCancel() string { return "Hủy và quay lại dịch vụ" }
func (vietnamese) ProblemDenied(provider string) string {
	return "Bạn đã dừng lại ở " + provider + " nên chưa được đăng nhập."
}

func (vietnamese) ProblemUnavailable(provider string) string {
	return provider + " hiện không phản hồi. Lỗi không phải do bạn."
}

func (vietnamese) ProblemLevel(provider string) string {
	return provider + " đã xác nhận danh tính của bạn, nhưng chưa đạt mức mà dịch vụ này yêu cầu."
}

func (vietnamese) ProblemRefused(provider string) string {
	return "Chúng tôi không thể chấp nhận phản hồi từ " + provider + ". Để bảo vệ bạn, chúng tôi chưa cho đăng nhập."
}

func (vietnamese) ProblemExpired(provider string) string {
	return "Việc xác nhận tại " + provider + " mất quá nhiều thời gian và đã hết hiệu lực."
}

func (vietnamese) ProblemSuspended(provider string) string {
	return "Hiện không thể đăng nhập bằng " + provider + "."
}

func (vietnamese) ProblemTooMany(provider string) string {
	return "Đã thử đăng nhập bằng " + provider + " quá nhiều lần. Vui lòng chờ vài phút."
}

func (vietnamese) ProblemOther(provider string) string {
	return "Đăng nhập bằng " + provider + " không thành công."
}

func (vietnamese) ProblemNext() string {
	return "Bạn có thể thử lại hoặc chọn đơn vị khác."
}

func (vietnamese) IdentityAny() string { return "Danh tính ở mức bất kỳ" }
func (vietnamese) IdentityBasic() string {
	return "Danh tính do người dùng khai hoặc được kiểm tra đơn giản"
}

func (vietnamese) IdentityChecked() string {
	return "Danh tính đã đối chiếu với dữ liệu của nhà nước"
}

func (vietnamese) IdentityHigh() string { return "Danh tính được kiểm tra chặt chẽ nhất" }
func (vietnamese) SignInAny() string    { return "Đăng nhập bằng cách bất kỳ" }
func (vietnamese) SignInOne() string    { return "Một bước xác nhận khi đăng nhập" }
func (vietnamese) SignInTwo() string    { return "Hai cách xác nhận khác nhau khi đăng nhập" }

func (vietnamese) SignInKey() string {
	return "Hai cách xác nhận, trong đó có khóa bảo mật"
}

func (vietnamese) WaitTitle() string { return "Vui lòng chờ trong giây lát" }
func (vietnamese) WaitText(provider string) string {
	return "Chúng tôi đang kiểm tra phản hồi từ " + provider + ". Trang này tự cập nhật, bạn chỉ cần chờ."
}
func (vietnamese) WaitAgain() string  { return "Kiểm tra lại ngay" }
func (vietnamese) LeaveTitle() string { return "Đang chuyển trang" }
func (vietnamese) LeaveText(address string) string {
	return "Bạn sẽ được chuyển đến " + address + ". Nếu trang không thay đổi, hãy bấm nút bên dưới."
}
func (vietnamese) LeaveLink() string { return "Tiếp tục" }

func (vietnamese) ConsentTitle(system string) string {
	return "Cung cấp dữ liệu của bạn cho “" + system + "”?"
}

func (vietnamese) ConsentLead(department, system string) string {
	return department + " muốn nhận các dữ liệu sau đây của bạn để dùng cho dịch vụ “" + system + "”."
}

func (vietnamese) ConsentNothingYet() string { return "Chưa có dữ liệu nào được gửi đi." }

func (vietnamese) ConsentNeeded() string { return "Dữ liệu bắt buộc cho dịch vụ này" }

func (vietnamese) ConsentNeededText() string {
	return "Thiếu dữ liệu này, dịch vụ không thể hoạt động. Dữ liệu chỉ được gửi khi bạn đồng ý ở bên dưới."
}
func (vietnamese) ConsentOptional() string { return "Dữ liệu do bạn tự chọn" }
func (vietnamese) ConsentOptionalText() string {
	return "Chỉ đánh dấu những gì bạn muốn cung cấp. Không chọn, bạn vẫn dùng được dịch vụ."
}

func (vietnamese) ConsentTold() string {
	return "Dữ liệu được gửi mà không cần hỏi ý kiến"
}

func (vietnamese) ConsentToldText() string {
	return "Với dữ liệu này, pháp luật có căn cứ khác ngoài sự đồng ý của bạn, nên chúng tôi không hỏi. Chúng tôi cho bạn biết dữ liệu nào được gửi và vì sao."
}
func (vietnamese) ConsentPurpose() string { return "Mục đích" }
func (vietnamese) ConsentGround() string  { return "Căn cứ pháp lý" }
func (vietnamese) ConsentIfNot() string   { return "Nếu bạn không đồng ý" }
func (vietnamese) ConsentIfNotNeeded(system string) string {
	return "Bạn không thể dùng “" + system + "” bằng lần đăng nhập này."
}

func (vietnamese) ConsentIfNotOptional() string {
	return "Bạn vẫn dùng được dịch vụ như thường."
}

func (vietnamese) ConsentTick(attribute string) string {
	return "Đồng ý cung cấp: " + attribute
}

func (vietnamese) HigherTitle() string {
	return "Danh tính của bạn ở mức cao hơn mức cần thiết"
}

func (vietnamese) HigherText(system string) string {
	return "Bạn đã đăng nhập với mức danh tính cao hơn mức mà “" + system + "” cần. Danh tính này chỉ được dùng ở đó nếu bạn đồng ý."
}
func (vietnamese) HigherHave() string   { return "Mức của bạn" }
func (vietnamese) HigherNeed() string   { return "Mức cần thiết" }
func (vietnamese) OfflineTitle() string { return "Duy trì kết nối" }
func (vietnamese) OfflineTick(system string) string {
	return "Cho phép " + system + " tiếp tục làm việc cho bạn giữa các lần truy cập, khi bạn còn đăng nhập tại đây"
}

func (vietnamese) OfflineText() string {
	return "Hệ thống không nhận thêm gì ngoài những gì bạn đã đồng ý ở trên, chỉ là không phải đưa bạn về đây mỗi lần. Việc này kết thúc khi bạn đăng xuất và bạn có thể rút lại bất cứ lúc nào."
}
func (vietnamese) ConsentDecide() string { return "Quyết định của bạn" }
func (vietnamese) ConsentIfDenied(system string) string {
	return "Nếu bạn không đồng ý, không có dữ liệu nào được gửi đi. Bạn quay lại “" + system + "” mà không được đăng nhập ở đó."
}

func (vietnamese) ConsentRemembered() string {
	return "Chúng tôi ghi nhớ quyết định của bạn và sẽ hỏi lại nếu dịch vụ thay đổi dữ liệu yêu cầu. Bạn có thể rút lại sự đồng ý bất cứ lúc nào; những gì đã gửi hợp pháp trước đó vẫn có hiệu lực. Cách liên hệ có ở mục “Trợ giúp và khiếu nại” bên dưới."
}
func (vietnamese) ConsentAllow() string    { return "Đồng ý và tiếp tục" }
func (vietnamese) ConsentContinue() string { return "Tiếp tục" }
func (vietnamese) ConsentDeny() string     { return "Không đồng ý" }
func (vietnamese) ConsentComplaint(department string) string {
	return "Khiếu nại hoặc yêu cầu sửa dữ liệu với " + department
}

func (vietnamese) ConsentPolicy() string { return "Đọc chính sách cung cấp dữ liệu" }

func (vietnamese) BasisLegalDuty() string {
	return "Pháp luật buộc cơ quan phải xử lý dữ liệu này."
}

func (vietnamese) BasisPublicTask() string {
	return "Cần cho nhiệm vụ công mà pháp luật giao cho cơ quan."
}

func (vietnamese) BasisContract() string {
	return "Cần cho hợp đồng với bạn, hoặc hợp đồng mà bạn đề nghị."
}

func (vietnamese) BasisVitalInterest() string {
	return "Cần để tránh nguy hiểm cho tính mạng hoặc sức khỏe."
}

func (vietnamese) BasisLegitimate() string {
	return "Cần cho một lợi ích chính đáng không lấn át quyền của bạn."
}

func (vietnamese) BasisArchive() string {
	return "Cần cho lưu trữ, nghiên cứu hoặc thống kê vì lợi ích công."
}

func (vietnamese) AttrCitizenID() string    { return "Số định danh công dân" }
func (vietnamese) AttrTitle() string        { return "Danh xưng (tiếng Thái)" }
func (vietnamese) AttrGivenName() string    { return "Tên (tiếng Thái)" }
func (vietnamese) AttrMiddleName() string   { return "Tên đệm (tiếng Thái)" }
func (vietnamese) AttrFamilyName() string   { return "Họ (tiếng Thái)" }
func (vietnamese) AttrName() string         { return "Họ và tên (tiếng Thái)" }
func (vietnamese) AttrTitleEN() string      { return "Danh xưng (tiếng Anh)" }
func (vietnamese) AttrGivenNameEN() string  { return "Tên (tiếng Anh)" }
func (vietnamese) AttrMiddleNameEN() string { return "Tên đệm (tiếng Anh)" }
func (vietnamese) AttrFamilyNameEN() string { return "Họ (tiếng Anh)" }
func (vietnamese) AttrNameEN() string       { return "Họ và tên (tiếng Anh)" }
func (vietnamese) AttrBirthdate() string    { return "Ngày sinh" }
func (vietnamese) AttrGender() string       { return "Giới tính" }
func (vietnamese) AttrAddress() string      { return "Địa chỉ trên thẻ căn cước" }

func (vietnamese) SignOutTitle() string { return "Bạn muốn đăng xuất?" }
func (vietnamese) SignOutText() string {
	return "Việc này kết thúc phiên đăng nhập trong trình duyệt này và quyền truy cập của mọi dịch vụ công mà bạn đã mở bằng phiên đó."
}
func (vietnamese) SignOutButton() string  { return "Đăng xuất" }
func (vietnamese) SignOutStay() string    { return "Tiếp tục đăng nhập" }
func (vietnamese) SignedOutTitle() string { return "Bạn đã đăng xuất" }
func (vietnamese) SignedOutLead() string {
	return "Trong trình duyệt này không còn phiên đăng nhập nào."
}

func (vietnamese) SignedOutServices() string {
	return "Các dịch vụ đã mở bằng phiên đó không thể lấy dữ liệu của bạn từ đây nữa."
}

func (vietnamese) SignedOutOpenPages() string {
	return "Những trang dịch vụ còn đang mở có thể vẫn hiển thị nội dung cũ. Hãy đóng các trang đó."
}

func (vietnamese) SignedOutProvider() string {
	return "Có thể bạn vẫn đang đăng nhập ở đơn vị xác thực, ví dụ ngân hàng. Nếu muốn, hãy đăng xuất cả ở đó."
}

func (vietnamese) SignedOutShared() string {
	return "Nếu dùng máy chung, hãy đóng mọi cửa sổ trình duyệt trước khi rời máy."
}

func (vietnamese) RegisterTitle() string { return "Đơn vị xác thực danh tính" }
func (vietnamese) RegisterLead() string {
	return "Bạn có thể đăng nhập vào dịch vụ công qua các đơn vị này. Mỗi đơn vị được ghi rõ có thể xác nhận danh tính đến mức nào và có hiệu lực đến khi nào."
}

func (vietnamese) RegisterEmpty() string {
	return "Hiện chưa có đơn vị nào được kết nối."
}
func (vietnamese) RegisterIdentity() string  { return "Mức danh tính cao nhất" }
func (vietnamese) RegisterSignIn() string    { return "Mức đăng nhập cao nhất" }
func (vietnamese) RegisterFrom() string      { return "Hiệu lực từ" }
func (vietnamese) RegisterUntil() string     { return "Hiệu lực đến" }
func (vietnamese) RegisterStatus() string    { return "Trạng thái" }
func (vietnamese) RegisterActive() string    { return "Đang hoạt động" }
func (vietnamese) RegisterSuspended() string { return "Tạm ngừng" }
func (vietnamese) RegisterNotYet() string    { return "Chưa có hiệu lực" }
func (vietnamese) RegisterExpired() string   { return "Hết hiệu lực" }
func (vietnamese) RegisterLevels() string    { return "Các mức có thể kết nối" }
func (vietnamese) RegisterLevelsText() string {
	return "Mỗi dịch vụ nêu rõ mức mình cần. Bạn chỉ thấy những đơn vị đạt cả hai mức đó."
}

func (vietnamese) RegisterReachable() string {
	return "Các mức hôm nay có ít nhất một đơn vị đáp ứng"
}
func (vietnamese) RegisterNone() string { return "không có" }

func (vietnamese) PolicyTitle() string { return "Chính sách cung cấp dữ liệu" }
func (vietnamese) PolicyLead() string {
	return "Trang này cho biết dữ liệu nào của bạn đi qua đây, ai nhận, vì sao, và bạn có thể làm gì."
}

func (vietnamese) PolicyWho(operator string) Section {
	return Section{"Ai chịu trách nhiệm", []string{
		operator + " vận hành hệ thống đăng nhập này. Mỗi cơ quan nhận dữ liệu tự chịu trách nhiệm về việc sử dụng dữ liệu sau đó.",
	}}
}

func (vietnamese) PolicyWhat() Section {
	return Section{"Chúng tôi nhận dữ liệu nào", []string{
		"Khi bạn đăng nhập, đơn vị xác thực xác nhận bạn là ai và có thể gửi cho chúng tôi các dữ liệu sau:",
	}}
}

func (vietnamese) PolicyNever() Section {
	return Section{"Những gì chúng tôi không bao giờ chuyển tiếp", []string{
		"Mã laser ở mặt sau thẻ căn cước, số chip và số hồ sơ xin cấp thẻ bị loại bỏ ngay khi đến. Chúng tôi không lưu và không chuyển tiếp.",
		"Chúng tôi không bao giờ nhận mật khẩu, mã PIN, dấu vân tay hay ảnh khuôn mặt của bạn.",
	}}
}

func (vietnamese) PolicyWhom() Section {
	return Section{"Ai nhận dữ liệu", []string{
		"Chỉ dịch vụ mà bạn đang đăng nhập, và chỉ những mục đã đăng ký cho dịch vụ đó. Bạn được xem các mục này trước khi chúng được gửi lần đầu.",
		"Mỗi cơ quan biết đến bạn tại đây bằng một mã số ngẫu nhiên khác nhau. Qua các mã số đó, các cơ quan không thể biết họ đang phục vụ cùng một người.",
	}}
}

func (vietnamese) PolicyWhy() Section {
	return Section{"Dựa trên căn cứ nào", []string{
		"Chúng tôi xin sự đồng ý của bạn, riêng cho từng mục đích. Dữ liệu nào dịch vụ không cần, bạn có thể từ chối mà không mất dịch vụ.",
		"Khi pháp luật có căn cứ khác, chúng tôi không hỏi nhưng nêu rõ căn cứ. Dữ liệu của bạn không được dùng cho mục đích nào khác.",
	}}
}

func (vietnamese) PolicyKeep() Section {
	return Section{"Dữ liệu được bảo vệ ra sao và lưu bao lâu", []string{
		"Dữ liệu từ đơn vị xác thực chỉ được lưu trong thời gian bạn đăng nhập và được mã hóa. Khóa giải mã nằm ở trình duyệt của bạn và ở các dịch vụ bạn đang dùng; nhân viên của chúng tôi không đọc được dữ liệu.",
		"Khi bạn đăng xuất hoặc phiên đăng nhập tự kết thúc, dữ liệu đã mã hóa bị hủy.",
		"Đối với số định danh công dân, chúng tôi chỉ giữ một giá trị được tính từ số đó bằng khóa bí mật, để bạn vẫn là một người dù dùng đơn vị nào. Từ giá trị này không thể suy ra số định danh.",
	}}
}

func (vietnamese) PolicyRecord() Section {
	return Section{"Chúng tôi ghi lại những gì", []string{
		"Chúng tôi ghi lại thời điểm, đơn vị xác thực và dịch vụ mà bạn đăng nhập, cùng quyết định của bạn về dữ liệu. Bản ghi không có tên, số định danh hay địa chỉ. Bản ghi được lưu ít nhất sáu tháng và theo thời hạn pháp luật quy định.",
	}}
}

func (vietnamese) PolicyCookies() Section {
	return Section{"Cookie", []string{
		"Chúng tôi chỉ dùng ba cookie: một cho phiên đăng nhập, một để gắn lần đăng nhập đang thực hiện với trình duyệt của bạn, và một cho ngôn ngữ. Không cookie nào theo dõi bạn trên trang web khác.",
	}}
}

func (vietnamese) PolicyRights() Section {
	return Section{"Quyền của bạn", []string{
		"Bạn có quyền hỏi dữ liệu nào về bạn đang được lưu, yêu cầu sửa, rút lại sự đồng ý bất cứ lúc nào và phản đối. Việc rút lại không mất phí; lần sau chúng tôi sẽ hỏi lại bạn. Những gì đã gửi hợp pháp trước đó vẫn có hiệu lực.",
	}}
}

func (vietnamese) PolicyComplaint() Section {
	return Section{"Trợ giúp và khiếu nại", []string{
		"Nếu có điều gì không đúng, hãy cho chúng tôi biết. Bạn cũng có thể khiếu nại với cơ quan liên quan và với Ủy ban Bảo vệ Dữ liệu Cá nhân.",
	}}
}

func (vietnamese) AccountSuspended() string {
	return "Tài khoản của bạn tại đây đang bị tạm ngừng nên hiện không thể đăng nhập."
}

func (vietnamese) AccountTerminated() string {
	return "Tài khoản của bạn tại đây đã bị đóng nên không thể dùng để đăng nhập nữa."
}

func (vietnamese) AccountNext() string {
	return "Nếu không phải bạn yêu cầu, vui lòng liên hệ với chúng tôi và cho biết mã tra cứu ở cuối trang này."
}

func (vietnamese) TellTitle(system string) string {
	return "“" + system + "” nhận những dữ liệu nào của bạn"
}

func (vietnamese) TellLead(department, system string) string {
	return department + " nhận các dữ liệu sau đây của bạn để dùng cho dịch vụ “" + system + "”."
}

func (vietnamese) ProblemOtherPerson() string {
	return "Danh tính bạn vừa xác nhận không khớp với người đang sử dụng dịch vụ này."
}

func (vietnamese) ConsentsTitle() string { return "Các đồng ý của bạn" }

func (vietnamese) ConsentsDone() string {
	return "Đã rút lại. Dịch vụ đó không nhận dữ liệu này nữa và sẽ hỏi lại bạn ở lần đăng nhập sau."
}

func (vietnamese) ConsentsLead() string {
	return "Đây là những gì bạn đã quyết định về việc chia sẻ dữ liệu cho từng dịch vụ. Bạn có thể rút lại sự đồng ý bất cứ lúc nào."
}
func (vietnamese) ConsentsEmpty() string     { return "Bạn chưa quyết định điều gì." }
func (vietnamese) ConsentsDecision() string  { return "Quyết định của bạn" }
func (vietnamese) ConsentsGiven() string     { return "Đồng ý" }
func (vietnamese) ConsentsDeclined() string  { return "Không đồng ý" }
func (vietnamese) ConsentsWithdrawn() string { return "Đã rút lại sự đồng ý" }
func (vietnamese) ConsentsTold() string {
	return "Được gửi theo căn cứ pháp lý khác và đã báo cho bạn"
}

func (vietnamese) ConsentsWithdraw() string { return "Rút lại sự đồng ý" }
func (vietnamese) NavConsents() string      { return "Các đồng ý của bạn" }
