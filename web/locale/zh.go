package locale

import (
	"unicode"
	"unicode/utf8"
)

// chinese is the Chinese catalogue, in simplified characters.
type chinese struct{}

var _ Catalogue = chinese{}

func (chinese) SkipLink() string      { return "跳到正文" }
func (chinese) LanguageLabel() string { return "语言" }
func (chinese) FooterLabel() string   { return "关于本网站" }
func (chinese) NavStart() string      { return "首页" }
func (chinese) NavProviders() string  { return "身份验证机构" }
func (chinese) NavPrivacy() string    { return "您的信息如何提供给他人" }
func (chinese) NavSignOut() string    { return "退出登录" }
func (chinese) NavHelp() string       { return "帮助与投诉" }
func (chinese) Reference() string     { return "查询编号" }
func (chinese) AddressCheck(address string) string {
	return amid("请核对浏览器地址栏，网址必须以", address, "开头。我们的页面从不询问您的密码或 PIN 码。")
}
func (chinese) SigningInTo() string { return "您正在登录" }
func (chinese) HelpPhone() string   { return "电话" }
func (chinese) HelpEmail() string   { return "电子邮件" }
func (chinese) HelpOffice() string  { return "现场办理" }

func (chinese) StartTitle() string { return "一次登录，办理各项政务服务" }
func (chinese) StartLead() string {
	return "使用您已有的身份验证方式登录一次，所有接入本平台的政务服务都能识别您。"
}
func (chinese) StartHow() string { return "如何登录" }
func (chinese) StartHow1() string {
	return "打开您需要的政务服务网站，在那里选择登录，网站会把您带到这里。"
}

func (chinese) StartHow2() string {
	return "选择您已经在使用的身份验证机构，例如政府应用或您的银行。"
}

func (chinese) StartHow3() string {
	return "在该机构确认是您本人，随后您会以已登录状态回到该服务。"
}
func (chinese) StartSafe() string { return "我们如何保护您" }
func (chinese) StartSafe1() string {
	return "您的密码只由身份验证机构保管。我们看不到，也从不询问。"
}

func (chinese) StartSafe2() string {
	return "在任何服务收到您的信息之前，我们都会先告诉您它将收到什么、用来做什么。"
}

func (chinese) StartSafe3() string {
	return "您在这里退出登录后，本次登录所打开的所有服务都会同时失去访问权限。"
}

func (chinese) ChooseTitle() string { return "您想用哪种方式登录？" }
func (chinese) ChooseLead() string {
	return "请选择您已经在使用的机构。您将在那里确认是您本人，然后回到这里。"
}
func (chinese) ChooseNeeds() string { return "此项服务的要求" }
func (chinese) ChooseWith(provider string) string {
	return amid("使用", provider, "登录")
}

func (chinese) ChooseRestricted() string {
	return "这种登录方式防冒用的能力较弱。如有可能，请选择其他方式。"
}

func (chinese) ChooseTrouble() string {
	return "该机构最近几分钟响应不稳定。您可以试一试，也可以选择其他机构。"
}

func (chinese) ChooseNone() string {
	return "目前没有可用于登录此项服务的身份验证机构。"
}

func (chinese) ChooseNoneNext() string {
	return "这不是您的问题。请稍后再试，或向该服务咨询其他办理方式。"
}
func (chinese) ChooseCancel() string { return "取消并返回该服务" }
func (chinese) ProblemDenied(provider string) string {
	return amid("您在", provider, "中止了验证，因此尚未登录。")
}

func (chinese) ProblemUnavailable(provider string) string {
	return amid("", provider, "目前没有响应。这不是您的问题。")
}

func (chinese) ProblemLevel(provider string) string {
	return amid("", provider, "已确认您的身份，但验证级别没有达到此项服务的要求。")
}

func (chinese) ProblemRefused(provider string) string {
	return amid("我们无法接受", provider, "的答复。为了保护您，我们没有让您登录。")
}

func (chinese) ProblemExpired(provider string) string {
	return amid("在", provider, "的确认用时过长，已经失效。")
}

func (chinese) ProblemSuspended(provider string) string {
	return amid("目前不能使用", provider, "登录。")
}

func (chinese) ProblemTooMany(provider string) string {
	return amid("使用", provider, "尝试的次数过多，请等待几分钟。")
}

func (chinese) ProblemOther(provider string) string {
	return amid("使用", provider, "登录没有成功。")
}
func (chinese) ProblemNext() string { return "您可以再试一次，或选择其他机构。" }

func (chinese) IdentityAny() string     { return "不限身份级别" }
func (chinese) IdentityBasic() string   { return "身份为自行填报或经过简单核对" }
func (chinese) IdentityChecked() string { return "身份已与官方记录核对" }
func (chinese) IdentityHigh() string    { return "身份经过最严格的核对" }
func (chinese) SignInAny() string       { return "不限登录方式" }
func (chinese) SignInOne() string       { return "登录时验证一项" }
func (chinese) SignInTwo() string       { return "登录时验证两项不同的凭证" }
func (chinese) SignInKey() string       { return "验证两项凭证，其中一项是安全密钥" }

func (chinese) WaitTitle() string { return "请稍候" }
func (chinese) WaitText(provider string) string {
	return amid("我们正在核对", provider, "的答复。本页面会自动刷新，您只需等待。")
}
func (chinese) WaitAgain() string  { return "立即重新查看" }
func (chinese) LeaveTitle() string { return "正在为您跳转" }
func (chinese) LeaveText(address string) string {
	return amid("您将前往", address, "") + "。如果页面没有变化，请点击下面的按钮。"
}
func (chinese) LeaveLink() string { return "继续" }

func (chinese) ConsentTitle(system string) string {
	return "是否将您的信息提供给“" + system + "”？"
}

func (chinese) ConsentLead(department, system string) string {
	return department + "希望获得您的下列信息，用于“" + system + "”。"
}
func (chinese) ConsentNothingYet() string { return "目前尚未发送任何信息。" }
func (chinese) ConsentNeeded() string     { return "此项服务必需的信息" }
func (chinese) ConsentNeededText() string {
	return "没有这些信息，服务无法办理。只有您在下面表示同意，我们才会发送。"
}
func (chinese) ConsentOptional() string { return "由您自愿选择的信息" }
func (chinese) ConsentOptionalText() string {
	return "请只勾选您愿意提供的信息。不勾选也可以照常使用服务。"
}
func (chinese) ConsentTold() string { return "无需征求同意即会发送的信息" }
func (chinese) ConsentToldText() string {
	return "法律对这些信息另有依据，不以您的同意为前提，因此我们不征求同意，但会告诉您发送什么以及为什么。"
}
func (chinese) ConsentPurpose() string { return "用途" }
func (chinese) ConsentGround() string  { return "法律依据" }
func (chinese) ConsentIfNot() string   { return "如果您不同意" }
func (chinese) ConsentIfNotNeeded(system string) string {
	return "您将不能通过本次登录使用“" + system + "”。"
}
func (chinese) ConsentIfNotOptional() string { return "您仍可照常使用该服务。" }
func (chinese) ConsentTick(attribute string) string {
	return "同意提供：" + attribute
}
func (chinese) HigherTitle() string { return "您的身份级别高于所需级别" }
func (chinese) HigherText(system string) string {
	return "您登录时所用的身份级别高于“" + system + "”的要求。只有您同意，才会用于该服务。"
}
func (chinese) HigherHave() string   { return "您的级别" }
func (chinese) HigherNeed() string   { return "所需级别" }
func (chinese) OfflineTitle() string { return "保持连接" }
func (chinese) OfflineTick(system string) string {
	return "允许" + system + "在您两次访问之间继续为您办理，直到您在此退出登录"
}

func (chinese) OfflineText() string {
	return "它得到的不会超过您在上面同意的内容，只是不必每次都让您回到这里。您退出登录时即告结束，您也可以随时撤回。"
}
func (chinese) ConsentDecide() string { return "由您决定" }
func (chinese) ConsentIfDenied(system string) string {
	return "如果您不同意，我们不会发送任何信息。您将回到“" + system + "”，但不会在那里登录。"
}

func (chinese) ConsentRemembered() string {
	return "我们会记住您的决定；如果该服务要求的内容有变，我们会再次询问。您可以随时撤回同意；撤回之前依法发送的信息仍然有效。联系方式见下方的“帮助与投诉”。"
}
func (chinese) ConsentAllow() string    { return "同意并继续" }
func (chinese) ConsentContinue() string { return "继续" }
func (chinese) ConsentDeny() string     { return "不同意" }
func (chinese) ConsentComplaint(department string) string {
	return "向" + department + "投诉或要求更正信息"
}
func (chinese) ConsentPolicy() string  { return "了解您的信息如何提供给他人" }
func (chinese) BasisLegalDuty() string { return "法律规定该机关必须处理这项信息。" }

func (chinese) BasisPublicTask() string {
	return "该机关履行法律赋予的公共职责需要这项信息。"
}

func (chinese) BasisContract() string {
	return "履行与您的合同，或应您的要求订立合同，需要这项信息。"
}

func (chinese) BasisVitalInterest() string {
	return "为避免对生命或健康的危险，需要这项信息。"
}

func (chinese) BasisLegitimate() string {
	return "出于正当利益需要这项信息，且不损害您的权利。"
}

func (chinese) BasisArchive() string {
	return "为公共利益的档案、研究或统计需要这项信息。"
}

func (chinese) AttrCitizenID() string    { return "公民身份号码" }
func (chinese) AttrTitle() string        { return "称谓（泰文）" }
func (chinese) AttrGivenName() string    { return "名（泰文）" }
func (chinese) AttrMiddleName() string   { return "中间名（泰文）" }
func (chinese) AttrFamilyName() string   { return "姓（泰文）" }
func (chinese) AttrName() string         { return "姓名（泰文）" }
func (chinese) AttrTitleEN() string      { return "称谓（英文）" }
func (chinese) AttrGivenNameEN() string  { return "名（英文）" }
func (chinese) AttrMiddleNameEN() string { return "中间名（英文）" }
func (chinese) AttrFamilyNameEN() string { return "姓（英文）" }
func (chinese) AttrNameEN() string       { return "姓名（英文）" }
func (chinese) AttrBirthdate() string    { return "出生日期" }
func (chinese) AttrGender() string       { return "性别" }
func (chinese) AttrAddress() string      { return "身份证上的住址" }

func (chinese) SignOutTitle() string { return "您要退出登录吗？" }
func (chinese) SignOutText() string {
	return "退出后，您在此浏览器中的登录将结束，通过本次登录打开的所有政务服务也将失去访问权限。"
}
func (chinese) SignOutButton() string  { return "退出登录" }
func (chinese) SignOutStay() string    { return "保持登录" }
func (chinese) SignedOutTitle() string { return "您已退出登录" }
func (chinese) SignedOutLead() string  { return "此浏览器中已没有任何登录。" }
func (chinese) SignedOutServices() string {
	return "您通过这次登录打开的服务，已不能再从这里获取您的信息。"
}

func (chinese) SignedOutOpenPages() string {
	return "仍然打开着的服务页面可能还显示之前的内容，请将其关闭。"
}

func (chinese) SignedOutProvider() string {
	return "您在身份验证机构（例如银行）可能仍处于登录状态。如有需要，请在那里也退出登录。"
}

func (chinese) SignedOutShared() string {
	return "如果使用公用电脑，离开前请关闭所有浏览器窗口。"
}

func (chinese) RegisterTitle() string { return "身份验证机构" }
func (chinese) RegisterLead() string {
	return "您可以通过这些机构登录政务服务。每个机构都注明了最高可以确认到什么级别，以及有效期到何时。"
}
func (chinese) RegisterEmpty() string     { return "目前没有接入任何机构。" }
func (chinese) RegisterIdentity() string  { return "身份最高级别" }
func (chinese) RegisterSignIn() string    { return "登录最高级别" }
func (chinese) RegisterFrom() string      { return "有效期自" }
func (chinese) RegisterUntil() string     { return "有效期至" }
func (chinese) RegisterStatus() string    { return "状态" }
func (chinese) RegisterActive() string    { return "正常使用" }
func (chinese) RegisterSuspended() string { return "已暂停" }
func (chinese) RegisterNotYet() string    { return "尚未生效" }
func (chinese) RegisterExpired() string   { return "已过期" }
func (chinese) RegisterLevels() string    { return "可以接入的级别" }
func (chinese) RegisterLevelsText() string {
	return "每项服务都会说明所需的级别。我们只向您提供两项级别都达到要求的机构。"
}

func (chinese) RegisterReachable() string { return "今天至少有一个机构可以达到的级别" }
func (chinese) RegisterNone() string      { return "无" }

func (chinese) PolicyTitle() string { return "您的信息如何提供给他人" }
func (chinese) PolicyLead() string {
	return "本页说明您的哪些信息会经过这里、由谁接收、为什么，以及您可以怎么做。"
}

func (chinese) PolicyWho(operator string) Section {
	return Section{"由谁负责", []string{
		"本登录平台由" + operator + "运营。接收信息的各机关对其后续使用自行负责。",
	}}
}

func (chinese) PolicyWhat() Section {
	return Section{"我们会收到哪些信息", []string{
		"您登录时，身份验证机构会确认您是谁，并可能向我们发送下列信息：",
	}}
}

func (chinese) PolicyNever() Section {
	return Section{"我们绝不转交的信息", []string{
		"身份证背面的激光码、芯片号码和办证申请编号一到达就会被丢弃。我们既不保存，也不转交。",
		"我们从不接收您的密码、PIN 码、指纹或面部图像。",
	}}
}

func (chinese) PolicyWhom() Section {
	return Section{"由谁接收", []string{
		"只有您正在登录的服务，而且只限于为该服务登记的项目。首次发送之前，您会看到这些项目。",
		"每个机关在这里以不同的随机编号识别您。各机关无法凭这些编号得知它们服务的是同一个人。",
	}}
}

func (chinese) PolicyWhy() Section {
	return Section{"依据是什么", []string{
		"我们按每项用途分别征求您的同意。服务并不需要的信息，您可以拒绝提供，而不会因此失去服务。",
		"法律另有依据时，我们不征求同意，但会说明依据。您的信息不会用于任何其他用途。",
	}}
}

func (chinese) PolicyKeep() Section {
	return Section{"如何保护，保存多久", []string{
		"来自身份验证机构的信息只在您登录期间保存，并且经过加密。密钥由您的浏览器和您正在使用的服务持有，我们的工作人员无法读取。",
		"您退出登录或登录自动结束时，加密的信息即被销毁。",
		"对于公民身份号码，我们只保存用密钥计算得出的一个数值，使您无论通过哪个机构登录都是同一个人。由该数值无法得出号码。",
	}}
}

func (chinese) PolicyRecord() Section {
	return Section{"我们记录什么", []string{
		"我们记录您在何时、通过哪个机构、为哪项服务登录，以及您对自己信息所作的决定。记录中没有姓名、公民身份号码或住址，至少保存六个月，法律要求更长的从其规定。",
	}}
}

func (chinese) PolicyCookies() Section {
	return Section{"Cookie", []string{
		"我们只使用三个 Cookie：一个用于您的登录，一个把正在进行的登录与您的浏览器绑定，一个记住您的语言。它们都不会跟踪您访问其他网站。",
	}}
}

func (chinese) PolicyRights() Section {
	return Section{"您的权利", []string{
		"您可以查询我们保存的有关您的信息，要求更正，随时撤回同意，也可以提出反对。撤回免费；下次我们会再次询问您。此前依法发送的信息仍然有效。",
	}}
}

func (chinese) PolicyComplaint() Section {
	return Section{"帮助与投诉", []string{
		"如有问题，请告诉我们。您也可以向有关机关和个人数据保护委员会投诉。",
	}}
}

func (chinese) AccountSuspended() string {
	return "您在本平台的账户已被暂停，目前无法登录。"
}

func (chinese) AccountTerminated() string {
	return "您在本平台的账户已被注销，不能再用它登录。"
}

func (chinese) AccountNext() string {
	return "如果不是您本人提出的，请联系我们，并告知本页末尾的查询编号。"
}

func (chinese) TellTitle(system string) string {
	return "“" + system + "”将收到您的哪些信息"
}

func (chinese) TellLead(department, system string) string {
	return department + "将收到您的下列信息，用于“" + system + "”。"
}

// amid puts a name into a sentence. Chinese writing sets a space between its own signs and other scripts, and none between its own.
func amid(before, name, after string) string {
	first, _ := utf8.DecodeRuneInString(name)
	last, _ := utf8.DecodeLastRuneInString(name)
	if before != "" && !ideographic(first) {
		before += " "
	}
	if after != "" && !ideographic(last) {
		after = " " + after
	}
	return before + name + after
}

// ideographic reports whether a sign is one of Chinese writing: an ideograph or full-width punctuation.
func ideographic(r rune) bool {
	return unicode.Is(unicode.Han, r) || (r >= 0x3000 && r <= 0x303F) || (r >= 0xFF00 && r <= 0xFFEF)
}

func (chinese) ProblemOtherPerson() string {
	return "您刚才确认的身份与正在使用该服务的人不一致。"
}

func (chinese) ConsentsTitle() string { return "您的授权" }

func (chinese) ConsentsDone() string {
	return "已撤回。该服务不会再收到这些数据；您下次登录该服务时，系统会再次询问您。"
}

func (chinese) ConsentsLead() string {
	return "这里列出您就数据共享向各项服务作出的决定。您可以随时撤回同意。"
}
func (chinese) ConsentsEmpty() string     { return "您还没有作出任何决定。" }
func (chinese) ConsentsDecision() string  { return "您的决定" }
func (chinese) ConsentsGiven() string     { return "已同意" }
func (chinese) ConsentsDeclined() string  { return "未同意" }
func (chinese) ConsentsWithdrawn() string { return "已撤回同意" }
func (chinese) ConsentsTold() string      { return "依据其他法律依据发送，并已告知您" }

func (chinese) ConsentsWithdraw() string { return "撤回同意" }
func (chinese) NavConsents() string      { return "您的授权" }
