package locale

// entityTexts are on the pages of legal entities.
type entityTexts interface {
	EntitiesTitle() string
	EntitiesLead() string
	EntitiesNone() string
	EntitiesSignIn() string
	EntitiesSignInText() string
	EntityMaster() string
	EntityOperator() string
	EntitySuspended() string
	EntityClosed() string
	EntityManage() string
	EntityEverywhere() string
	EntityUntil(date string) string
	EntityFrom(date string) string
	EntityNoMandate() string
	EntityLeave() string
	EntityRegister() string
	EntityRegisterText() string
	EntityKind() string
	KindThaiJuristic() string
	KindChineseCredit() string
	KindVietnameseEnterprise() string
	EntityNumber() string
	EntityName() string
	EntityNameHint() string
	EntityReview() string
	EntityRegisterDo() string
	EntityRegistered() string
	EntityClaimed() string
	EntityInvalid() string
	EntityUnknown() string
	EntityDissolved() string
	EntityNotConfirmed() string
	EntityNoAnswer() string
	EntityTooMany() string
	EntityConflict() string
	EntityGone() string
	EntityRefused() string
	EntityDone() string
	EntityWaiting() string
	EntityClaimOpen(date string) string
	EntityClaimApproved(date string) string
	EntityClaimRejected(date string) string
	EntityInvited() string
	EntityInvitedText() string
	EntityInvitedMaster() string
	EntityAccept() string
	EntityDecline() string
	EntityOfferGone() string
	EntityPeople() string
	EntitySince(date string) string
	EntityYou() string
	EntityRemove() string
	EntityWithdraw() string
	EntityGive() string
	EntityDepartment() string
	EntityNoDepartment() string
	EntityUntilLabel() string
	EntityInvite() string
	EntityLabel() string
	EntityLabelHint() string
	EntityPerson() string
	EntityPersonHint() string
	EntityInviteDo() string
	EntityHandOver() string
	EntityHandOverText() string
	EntityHandOverDo() string
	EntityLink(date string) string
	EntityInvitations() string
	EntityTakeBack() string
	EntityHistory() string
	HistoryJoined(who string) string
	HistoryRemoved(who string) string
	HistoryGiven(who string) string
	HistoryEnded(who string) string
	WhyLeft() string
	WhyRemoved() string
	WhyExpired() string
	WhyHandedOver() string
	WhyStaff() string
}

func (english) EntitiesTitle() string {
	return "Companies and organisations"
}

func (english) EntitiesLead() string {
	return "Here you register a legal entity that you represent, and see for whom you may act. There is no shared account: everybody acts under their own name."
}

func (english) EntitiesNone() string {
	return "You act for no company or organisation."
}

func (english) EntitiesSignIn() string {
	return "Sign in"
}

func (english) EntitiesSignInText() string {
	return "For changes you sign in with a verified identity and two factors, freshly."
}

func (english) EntityMaster() string {
	return "Administrator"
}

func (english) EntityOperator() string {
	return "Operator"
}

func (english) EntitySuspended() string {
	return "Suspended: nobody acts for it now"
}

func (english) EntityClosed() string {
	return "Closed"
}

func (english) EntityManage() string {
	return "Administer"
}

func (english) EntityEverywhere() string {
	return "At every authority"
}

func (english) EntityUntil(date string) string {
	return "until " + date
}

func (english) EntityFrom(date string) string {
	return "from " + date
}

func (english) EntityNoMandate() string {
	return "No mandate"
}

func (english) EntityLeave() string {
	return "Give up this place"
}

func (english) EntityRegister() string {
	return "Register a company or organisation"
}

func (english) EntityRegisterText() string {
	return "The company registry is asked whether you may represent it. It learns the number of the company and a one-way code of yours, no name."
}

func (english) EntityKind() string {
	return "Kind of number"
}

func (english) KindThaiJuristic() string {
	return "Thai juristic number (13 digits)"
}

func (english) KindChineseCredit() string {
	return "Chinese unified social credit code (18 characters)"
}

func (english) KindVietnameseEnterprise() string {
	return "Vietnamese enterprise code (10 or 13 digits)"
}

func (english) EntityNumber() string {
	return "Registered number"
}

func (english) EntityName() string {
	return "Registered name"
}

func (english) EntityNameHint() string {
	return "For our staff, where no registry can be asked."
}

func (english) EntityReview() string {
	return "If the registry does not confirm it, let staff decide"
}

func (english) EntityRegisterDo() string {
	return "Register"
}

func (english) EntityRegistered() string {
	return "Registered. You are its administrator."
}

func (english) EntityClaimed() string {
	return "Your request is with our staff. You see their decision here."
}

func (english) EntityInvalid() string {
	return "Something in the form is missing or can't be: check numbers and dates."
}

func (english) EntityUnknown() string {
	return "The registry knows no such company."
}

func (english) EntityDissolved() string {
	return "This company no longer exists, or is closed here."
}

func (english) EntityNotConfirmed() string {
	return "It was not confirmed that you may represent it. You can let our staff decide."
}

func (english) EntityNoAnswer() string {
	return "The registry does not answer now. Try again later, or let our staff decide."
}

func (english) EntityTooMany() string {
	return "Too many tries. Come back tomorrow."
}

func (english) EntityConflict() string {
	return "That is there already."
}

func (english) EntityGone() string {
	return "That has changed meanwhile. Look again."
}

func (english) EntityRefused() string {
	return "You can't do that: an administrator hands over to a successor first, and an invitation goes to somebody else than who gave it."
}

func (english) EntityDone() string {
	return "Done."
}

func (english) EntityWaiting() string {
	return "Your requests"
}

func (english) EntityClaimOpen(date string) string {
	return "Asked on " + date + ": waits for our staff"
}

func (english) EntityClaimApproved(date string) string {
	return "Approved on " + date
}

func (english) EntityClaimRejected(date string) string {
	return "Rejected on " + date + ": the evidence was not enough"
}

func (english) EntityInvited() string {
	return "You are invited"
}

func (english) EntityInvitedText() string {
	return "If you accept, you act for it under your own name, as far as the mandates go. The invitation works once."
}

func (english) EntityInvitedMaster() string {
	return "If you accept, you take the place of its administrator, who loses it at once."
}

func (english) EntityAccept() string {
	return "Accept"
}

func (english) EntityDecline() string {
	return "Not me"
}

func (english) EntityOfferGone() string {
	return "This invitation can no longer be used: it was used before, taken back, or is older than seven days. Ask for a new one."
}

func (english) EntityPeople() string {
	return "Who acts for it"
}

func (english) EntitySince(date string) string {
	return "since " + date
}

func (english) EntityYou() string {
	return "You"
}

func (english) EntityRemove() string {
	return "Remove"
}

func (english) EntityWithdraw() string {
	return "Withdraw the mandate"
}

func (english) EntityGive() string {
	return "Give a mandate"
}

func (english) EntityDepartment() string {
	return "Authority"
}

func (english) EntityNoDepartment() string {
	return "None yet"
}

func (english) EntityUntilLabel() string {
	return "Until"
}

func (english) EntityInvite() string {
	return "Invite somebody"
}

func (english) EntityLabel() string {
	return "What you call them"
}

func (english) EntityLabelHint() string {
	return "A desk or a task is enough: accounts, second desk."
}

func (english) EntityPerson() string {
	return "Their citizen number, if you know it"
}

func (english) EntityPersonHint() string {
	return "Then nobody else can use the invitation. It is not kept."
}

func (english) EntityInviteDo() string {
	return "Make the invitation"
}

func (english) EntityHandOver() string {
	return "Hand over"
}

func (english) EntityHandOverText() string {
	return "Who takes this invitation is the administrator from then on, and you are not any more."
}

func (english) EntityHandOverDo() string {
	return "Make the invitation to hand over"
}

func (english) EntityLink(date string) string {
	return "Hand over this address on a way that nobody else reads. It is shown once and works once, until " + date + ":"
}

func (english) EntityInvitations() string {
	return "Open invitations"
}

func (english) EntityTakeBack() string {
	return "Take back"
}

func (english) EntityHistory() string {
	return "History"
}

func (english) HistoryJoined(who string) string {
	return who + " joined"
}

func (english) HistoryRemoved(who string) string {
	return who + ": the place ended"
}

func (english) HistoryGiven(who string) string {
	return who + ": a mandate was given"
}

func (english) HistoryEnded(who string) string {
	return who + ": a mandate ended"
}

func (english) WhyLeft() string {
	return "given up"
}

func (english) WhyRemoved() string {
	return "removed by the administrator"
}

func (english) WhyExpired() string {
	return "its time was over"
}

func (english) WhyHandedOver() string {
	return "handed over"
}

func (english) WhyStaff() string {
	return "decided by staff of the platform"
}

func (thai) EntitiesTitle() string {
	return "บริษัทและองค์กร"
}

func (thai) EntitiesLead() string {
	return "ที่นี่ท่านลงทะเบียนนิติบุคคลที่ท่านเป็นผู้แทน และดูว่าท่านทำรายการในนามของใครได้ ไม่มีบัญชีที่ใช้ร่วมกัน ทุกคนทำในชื่อของตนเอง"
}

func (thai) EntitiesNone() string {
	return "ท่านไม่ได้ทำรายการในนามของนิติบุคคลใด"
}

func (thai) EntitiesSignIn() string {
	return "เข้าสู่ระบบ"
}

func (thai) EntitiesSignInText() string {
	return "การเปลี่ยนแปลงใดๆ ท่านต้องเข้าสู่ระบบใหม่ด้วยตัวตนที่ได้รับการพิสูจน์แล้วและการยืนยันสองปัจจัย"
}

func (thai) EntityMaster() string {
	return "ผู้ดูแลหลัก"
}

func (thai) EntityOperator() string {
	return "ผู้ปฏิบัติการ"
}

func (thai) EntitySuspended() string {
	return "ถูกระงับ ขณะนี้ไม่มีผู้ใดทำรายการแทนได้"
}

func (thai) EntityClosed() string {
	return "ปิดแล้ว"
}

func (thai) EntityManage() string {
	return "จัดการ"
}

func (thai) EntityEverywhere() string {
	return "ทุกหน่วยงาน"
}

func (thai) EntityUntil(date string) string {
	return "ถึงวันที่ " + date
}

func (thai) EntityFrom(date string) string {
	return "ตั้งแต่วันที่ " + date
}

func (thai) EntityNoMandate() string {
	return "ไม่มีการมอบอำนาจ"
}

func (thai) EntityLeave() string {
	return "สละหน้าที่นี้"
}

func (thai) EntityRegister() string {
	return "ลงทะเบียนบริษัทหรือองค์กร"
}

func (thai) EntityRegisterText() string {
	return "ระบบจะถามทะเบียนนิติบุคคลว่าท่านเป็นผู้แทนได้หรือไม่ ทะเบียนจะได้รับเลขนิติบุคคลและรหัสทางเดียวของท่านเท่านั้น ไม่มีชื่อ"
}

func (thai) EntityKind() string {
	return "ประเภทเลขทะเบียน"
}

func (thai) KindThaiJuristic() string {
	return "เลขทะเบียนนิติบุคคลไทย (13 หลัก)"
}

func (thai) KindChineseCredit() string {
	return "รหัสเครดิตสังคมจีน (18 ตัว)"
}

func (thai) KindVietnameseEnterprise() string {
	return "รหัสวิสาหกิจเวียดนาม (10 หรือ 13 หลัก)"
}

func (thai) EntityNumber() string {
	return "เลขทะเบียน"
}

func (thai) EntityName() string {
	return "ชื่อที่จดทะเบียน"
}

func (thai) EntityNameHint() string {
	return "สำหรับเจ้าหน้าที่ ในกรณีที่ถามทะเบียนไม่ได้"
}

func (thai) EntityReview() string {
	return "หากทะเบียนไม่ยืนยัน ให้เจ้าหน้าที่พิจารณา"
}

func (thai) EntityRegisterDo() string {
	return "ลงทะเบียน"
}

func (thai) EntityRegistered() string {
	return "ลงทะเบียนแล้ว ท่านเป็นผู้ดูแลหลัก"
}

func (thai) EntityClaimed() string {
	return "คำขอของท่านอยู่กับเจ้าหน้าที่แล้ว ท่านดูผลได้ที่หน้านี้"
}

func (thai) EntityInvalid() string {
	return "ข้อมูลในแบบฟอร์มไม่ครบหรือไม่ถูกต้อง โปรดตรวจสอบเลขและวันที่"
}

func (thai) EntityUnknown() string {
	return "ทะเบียนไม่พบนิติบุคคลนี้"
}

func (thai) EntityDissolved() string {
	return "นิติบุคคลนี้เลิกแล้ว หรือถูกปิดในระบบนี้"
}

func (thai) EntityNotConfirmed() string {
	return "ไม่ได้รับการยืนยันว่าท่านเป็นผู้แทนได้ ท่านขอให้เจ้าหน้าที่พิจารณาได้"
}

func (thai) EntityNoAnswer() string {
	return "ขณะนี้ทะเบียนไม่ตอบ โปรดลองใหม่ภายหลัง หรือให้เจ้าหน้าที่พิจารณา"
}

func (thai) EntityTooMany() string {
	return "ลองหลายครั้งเกินไป โปรดกลับมาใหม่พรุ่งนี้"
}

func (thai) EntityConflict() string {
	return "มีอยู่แล้ว"
}

func (thai) EntityGone() string {
	return "ข้อมูลเปลี่ยนไปแล้ว โปรดดูใหม่"
}

func (thai) EntityRefused() string {
	return "ท่านทำเช่นนั้นไม่ได้ ผู้ดูแลหลักต้องส่งมอบให้ผู้สืบทอดก่อน และผู้เชิญรับคำเชิญเองไม่ได้"
}

func (thai) EntityDone() string {
	return "เรียบร้อยแล้ว"
}

func (thai) EntityWaiting() string {
	return "คำขอของท่าน"
}

func (thai) EntityClaimOpen(date string) string {
	return "ยื่นเมื่อ " + date + ": รอเจ้าหน้าที่"
}

func (thai) EntityClaimApproved(date string) string {
	return "อนุมัติเมื่อ " + date
}

func (thai) EntityClaimRejected(date string) string {
	return "ไม่อนุมัติเมื่อ " + date + ": หลักฐานไม่เพียงพอ"
}

func (thai) EntityInvited() string {
	return "ท่านได้รับเชิญ"
}

func (thai) EntityInvitedText() string {
	return "เมื่อตอบรับ ท่านจะทำรายการแทนในชื่อของท่านเอง ตามขอบเขตการมอบอำนาจ คำเชิญใช้ได้ครั้งเดียว"
}

func (thai) EntityInvitedMaster() string {
	return "เมื่อตอบรับ ท่านจะเป็นผู้ดูแลหลักแทนคนเดิม ซึ่งจะพ้นหน้าที่ทันที"
}

func (thai) EntityAccept() string {
	return "ตอบรับ"
}

func (thai) EntityDecline() string {
	return "ไม่ใช่ฉัน"
}

func (thai) EntityOfferGone() string {
	return "คำเชิญนี้ใช้ไม่ได้แล้ว เพราะถูกใช้แล้ว ถูกเรียกคืน หรือเกินเจ็ดวัน โปรดขอคำเชิญใหม่"
}

func (thai) EntityPeople() string {
	return "ผู้ที่ทำรายการแทน"
}

func (thai) EntitySince(date string) string {
	return "ตั้งแต่ " + date
}

func (thai) EntityYou() string {
	return "ท่าน"
}

func (thai) EntityRemove() string {
	return "นำออก"
}

func (thai) EntityWithdraw() string {
	return "ถอนการมอบอำนาจ"
}

func (thai) EntityGive() string {
	return "มอบอำนาจ"
}

func (thai) EntityDepartment() string {
	return "หน่วยงาน"
}

func (thai) EntityNoDepartment() string {
	return "ยังไม่ระบุ"
}

func (thai) EntityUntilLabel() string {
	return "ถึงวันที่"
}

func (thai) EntityInvite() string {
	return "เชิญบุคคล"
}

func (thai) EntityLabel() string {
	return "ชื่อเรียกในองค์กร"
}

func (thai) EntityLabelHint() string {
	return "ระบุหน้าที่ก็พอ เช่น บัญชี โต๊ะ 2"
}

func (thai) EntityPerson() string {
	return "เลขประจำตัวประชาชน (ถ้าทราบ)"
}

func (thai) EntityPersonHint() string {
	return "หากระบุ ผู้อื่นจะใช้คำเชิญไม่ได้ ระบบไม่เก็บเลขนี้"
}

func (thai) EntityInviteDo() string {
	return "สร้างคำเชิญ"
}

func (thai) EntityHandOver() string {
	return "ส่งมอบหน้าที่"
}

func (thai) EntityHandOverText() string {
	return "ผู้ที่รับคำเชิญนี้จะเป็นผู้ดูแลหลักต่อไป และท่านจะพ้นหน้าที่"
}

func (thai) EntityHandOverDo() string {
	return "สร้างคำเชิญเพื่อส่งมอบ"
}

func (thai) EntityLink(date string) string {
	return "ส่งที่อยู่นี้ด้วยวิธีที่ผู้อื่นอ่านไม่ได้ แสดงครั้งเดียว ใช้ได้ครั้งเดียว ถึงวันที่ " + date + ":"
}

func (thai) EntityInvitations() string {
	return "คำเชิญที่รอตอบรับ"
}

func (thai) EntityTakeBack() string {
	return "เรียกคืน"
}

func (thai) EntityHistory() string {
	return "ประวัติ"
}

func (thai) HistoryJoined(who string) string {
	return who + " เข้าร่วม"
}

func (thai) HistoryRemoved(who string) string {
	return who + ": พ้นหน้าที่"
}

func (thai) HistoryGiven(who string) string {
	return who + ": ได้รับมอบอำนาจ"
}

func (thai) HistoryEnded(who string) string {
	return who + ": การมอบอำนาจสิ้นสุด"
}

func (thai) WhyLeft() string {
	return "สละเอง"
}

func (thai) WhyRemoved() string {
	return "ผู้ดูแลหลักนำออก"
}

func (thai) WhyExpired() string {
	return "หมดเวลา"
}

func (thai) WhyHandedOver() string {
	return "ส่งมอบแล้ว"
}

func (thai) WhyStaff() string {
	return "เจ้าหน้าที่แพลตฟอร์มตัดสิน"
}

func (chinese) EntitiesTitle() string {
	return "公司与组织"
}

func (chinese) EntitiesLead() string {
	return "在这里，您可以登记您所代表的法人，并查看您可以代表谁办理。没有共用账户：每个人都以本人名义办理。"
}

func (chinese) EntitiesNone() string {
	return "您不代表任何公司或组织。"
}

func (chinese) EntitiesSignIn() string {
	return "登录"
}

func (chinese) EntitiesSignInText() string {
	return "如需更改，请用经过核验的身份和双因素重新登录。"
}

func (chinese) EntityMaster() string {
	return "管理员"
}

func (chinese) EntityOperator() string {
	return "经办人"
}

func (chinese) EntitySuspended() string {
	return "已暂停：目前无人可代表其办理"
}

func (chinese) EntityClosed() string {
	return "已关闭"
}

func (chinese) EntityManage() string {
	return "管理"
}

func (chinese) EntityEverywhere() string {
	return "在所有机关"
}

func (chinese) EntityUntil(date string) string {
	return "至 " + date
}

func (chinese) EntityFrom(date string) string {
	return "自 " + date
}

func (chinese) EntityNoMandate() string {
	return "无授权"
}

func (chinese) EntityLeave() string {
	return "放弃此职责"
}

func (chinese) EntityRegister() string {
	return "登记公司或组织"
}

func (chinese) EntityRegisterText() string {
	return "系统会询问公司登记机关您是否有权代表该公司。登记机关只获知公司号码和您的单向代码，不含姓名。"
}

func (chinese) EntityKind() string {
	return "号码类型"
}

func (chinese) KindThaiJuristic() string {
	return "泰国法人号码（13 位）"
}

func (chinese) KindChineseCredit() string {
	return "中国统一社会信用代码（18 位）"
}

func (chinese) KindVietnameseEnterprise() string {
	return "越南企业代码（10 或 13 位）"
}

func (chinese) EntityNumber() string {
	return "登记号码"
}

func (chinese) EntityName() string {
	return "登记名称"
}

func (chinese) EntityNameHint() string {
	return "供工作人员在无法查询登记机关时使用。"
}

func (chinese) EntityReview() string {
	return "如登记机关不予确认，交由工作人员决定"
}

func (chinese) EntityRegisterDo() string {
	return "登记"
}

func (chinese) EntityRegistered() string {
	return "已登记，您是其管理员。"
}

func (chinese) EntityClaimed() string {
	return "您的申请已交工作人员。您可在此查看决定。"
}

func (chinese) EntityInvalid() string {
	return "表单中有缺失或无效内容：请检查号码和日期。"
}

func (chinese) EntityUnknown() string {
	return "登记机关没有该公司的记录。"
}

func (chinese) EntityDissolved() string {
	return "该公司已不存在，或已在此关闭。"
}

func (chinese) EntityNotConfirmed() string {
	return "未能确认您有权代表该公司。您可以交由工作人员决定。"
}

func (chinese) EntityNoAnswer() string {
	return "登记机关目前没有回应。请稍后再试，或交由工作人员决定。"
}

func (chinese) EntityTooMany() string {
	return "尝试次数过多，请明天再来。"
}

func (chinese) EntityConflict() string {
	return "该项已存在。"
}

func (chinese) EntityGone() string {
	return "情况已发生变化，请重新查看。"
}

func (chinese) EntityRefused() string {
	return "您不能这样做：管理员须先移交给继任者，邀请人不能自己接受邀请。"
}

func (chinese) EntityDone() string {
	return "已完成。"
}

func (chinese) EntityWaiting() string {
	return "您的申请"
}

func (chinese) EntityClaimOpen(date string) string {
	return date + " 提出：等待工作人员处理"
}

func (chinese) EntityClaimApproved(date string) string {
	return date + " 获批准"
}

func (chinese) EntityClaimRejected(date string) string {
	return date + " 被拒绝：证据不足"
}

func (chinese) EntityInvited() string {
	return "您受到邀请"
}

func (chinese) EntityInvitedText() string {
	return "接受后，您将在授权范围内以本人名义代其办理。邀请只能使用一次。"
}

func (chinese) EntityInvitedMaster() string {
	return "接受后，您将接替其管理员，原管理员立即失去该职责。"
}

func (chinese) EntityAccept() string {
	return "接受"
}

func (chinese) EntityDecline() string {
	return "不是我"
}

func (chinese) EntityOfferGone() string {
	return "此邀请已不能使用：它已被使用、被收回，或已超过七天。请索取新的邀请。"
}

func (chinese) EntityPeople() string {
	return "谁代表其办理"
}

func (chinese) EntitySince(date string) string {
	return "自 " + date + " 起"
}

func (chinese) EntityYou() string {
	return "您"
}

func (chinese) EntityRemove() string {
	return "移除"
}

func (chinese) EntityWithdraw() string {
	return "撤回授权"
}

func (chinese) EntityGive() string {
	return "授予权限"
}

func (chinese) EntityDepartment() string {
	return "机关"
}

func (chinese) EntityNoDepartment() string {
	return "暂无"
}

func (chinese) EntityUntilLabel() string {
	return "截止日期"
}

func (chinese) EntityInvite() string {
	return "邀请他人"
}

func (chinese) EntityLabel() string {
	return "您对其的称呼"
}

func (chinese) EntityLabelHint() string {
	return "写岗位或任务即可，例如：会计二号桌。"
}

func (chinese) EntityPerson() string {
	return "其公民号码（如知晓）"
}

func (chinese) EntityPersonHint() string {
	return "填写后他人无法使用该邀请。号码不会被保存。"
}

func (chinese) EntityInviteDo() string {
	return "生成邀请"
}

func (chinese) EntityHandOver() string {
	return "移交"
}

func (chinese) EntityHandOverText() string {
	return "接受此邀请的人从此成为管理员，您将不再是。"
}

func (chinese) EntityHandOverDo() string {
	return "生成移交邀请"
}

func (chinese) EntityLink(date string) string {
	return "请用他人无法看到的方式交付此地址。它只显示一次、只能用一次，有效至 " + date + "："
}

func (chinese) EntityInvitations() string {
	return "待接受的邀请"
}

func (chinese) EntityTakeBack() string {
	return "收回"
}

func (chinese) EntityHistory() string {
	return "历史"
}

func (chinese) HistoryJoined(who string) string {
	return who + " 加入"
}

func (chinese) HistoryRemoved(who string) string {
	return who + "：职责终止"
}

func (chinese) HistoryGiven(who string) string {
	return who + "：获得授权"
}

func (chinese) HistoryEnded(who string) string {
	return who + "：授权终止"
}

func (chinese) WhyLeft() string {
	return "主动放弃"
}

func (chinese) WhyRemoved() string {
	return "由管理员移除"
}

func (chinese) WhyExpired() string {
	return "到期"
}

func (chinese) WhyHandedOver() string {
	return "已移交"
}

func (chinese) WhyStaff() string {
	return "由平台工作人员决定"
}

func (vietnamese) EntitiesTitle() string {
	return "Công ty và tổ chức"
}

func (vietnamese) EntitiesLead() string {
	return "Tại đây bạn đăng ký pháp nhân mà bạn đại diện và xem mình được thực hiện cho ai. Không có tài khoản dùng chung: mỗi người làm dưới tên của chính mình."
}

func (vietnamese) EntitiesNone() string {
	return "Bạn không đại diện cho công ty hay tổ chức nào."
}

func (vietnamese) EntitiesSignIn() string {
	return "Đăng nhập"
}

func (vietnamese) EntitiesSignInText() string {
	return "Để thay đổi, bạn đăng nhập lại bằng danh tính đã xác minh và hai yếu tố."
}

func (vietnamese) EntityMaster() string {
	return "Quản trị viên"
}

func (vietnamese) EntityOperator() string {
	return "Người thực hiện"
}

func (vietnamese) EntitySuspended() string {
	return "Đang bị đình chỉ: hiện không ai được thực hiện cho đơn vị này"
}

func (vietnamese) EntityClosed() string {
	return "Đã đóng"
}

func (vietnamese) EntityManage() string {
	return "Quản lý"
}

func (vietnamese) EntityEverywhere() string {
	return "Tại mọi cơ quan"
}

func (vietnamese) EntityUntil(date string) string {
	return "đến " + date
}

func (vietnamese) EntityFrom(date string) string {
	return "từ " + date
}

func (vietnamese) EntityNoMandate() string {
	return "Không có ủy quyền"
}

func (vietnamese) EntityLeave() string {
	return "Từ bỏ vị trí này"
}

func (vietnamese) EntityRegister() string {
	return "Đăng ký công ty hoặc tổ chức"
}

func (vietnamese) EntityRegisterText() string {
	return "Hệ thống hỏi cơ quan đăng ký xem bạn có quyền đại diện không. Cơ quan đó chỉ nhận mã số công ty và một mã một chiều của bạn, không có tên."
}

func (vietnamese) EntityKind() string {
	return "Loại mã số"
}

func (vietnamese) KindThaiJuristic() string {
	return "Mã số pháp nhân Thái Lan (13 chữ số)"
}

func (vietnamese) KindChineseCredit() string {
	return "Mã tín dụng xã hội thống nhất Trung Quốc (18 ký tự)"
}

func (vietnamese) KindVietnameseEnterprise() string {
	return "Mã số doanh nghiệp Việt Nam (10 hoặc 13 chữ số)"
}

func (vietnamese) EntityNumber() string {
	return "Mã số đăng ký"
}

func (vietnamese) EntityName() string {
	return "Tên đăng ký"
}

func (vietnamese) EntityNameHint() string {
	return "Dành cho nhân viên khi không thể hỏi cơ quan đăng ký."
}

func (vietnamese) EntityReview() string {
	return "Nếu cơ quan đăng ký không xác nhận, để nhân viên quyết định"
}

func (vietnamese) EntityRegisterDo() string {
	return "Đăng ký"
}

func (vietnamese) EntityRegistered() string {
	return "Đã đăng ký. Bạn là quản trị viên."
}

func (vietnamese) EntityClaimed() string {
	return "Yêu cầu của bạn đã được chuyển cho nhân viên. Bạn xem quyết định tại đây."
}

func (vietnamese) EntityInvalid() string {
	return "Biểu mẫu thiếu hoặc có mục không hợp lệ: hãy kiểm tra số và ngày."
}

func (vietnamese) EntityUnknown() string {
	return "Cơ quan đăng ký không có công ty này."
}

func (vietnamese) EntityDissolved() string {
	return "Công ty này không còn tồn tại hoặc đã bị đóng tại đây."
}

func (vietnamese) EntityNotConfirmed() string {
	return "Chưa xác nhận được quyền đại diện của bạn. Bạn có thể để nhân viên quyết định."
}

func (vietnamese) EntityNoAnswer() string {
	return "Cơ quan đăng ký hiện không trả lời. Hãy thử lại sau hoặc để nhân viên quyết định."
}

func (vietnamese) EntityTooMany() string {
	return "Quá nhiều lần thử. Hãy quay lại vào ngày mai."
}

func (vietnamese) EntityConflict() string {
	return "Mục đó đã có."
}

func (vietnamese) EntityGone() string {
	return "Điều đó đã thay đổi. Hãy xem lại."
}

func (vietnamese) EntityRefused() string {
	return "Bạn không thể làm vậy: quản trị viên phải bàn giao cho người kế nhiệm, và lời mời dành cho người khác."
}

func (vietnamese) EntityDone() string {
	return "Đã xong."
}

func (vietnamese) EntityWaiting() string {
	return "Yêu cầu của bạn"
}

func (vietnamese) EntityClaimOpen(date string) string {
	return "Gửi ngày " + date + ": đang chờ nhân viên"
}

func (vietnamese) EntityClaimApproved(date string) string {
	return "Được chấp thuận ngày " + date
}

func (vietnamese) EntityClaimRejected(date string) string {
	return "Bị từ chối ngày " + date + ": bằng chứng chưa đủ"
}

func (vietnamese) EntityInvited() string {
	return "Bạn được mời"
}

func (vietnamese) EntityInvitedText() string {
	return "Nếu chấp nhận, bạn thực hiện cho đơn vị dưới tên của mình, trong phạm vi ủy quyền. Lời mời chỉ dùng một lần."
}

func (vietnamese) EntityInvitedMaster() string {
	return "Nếu chấp nhận, bạn thay thế quản trị viên hiện tại, người này mất vị trí ngay."
}

func (vietnamese) EntityAccept() string {
	return "Chấp nhận"
}

func (vietnamese) EntityDecline() string {
	return "Không phải tôi"
}

func (vietnamese) EntityOfferGone() string {
	return "Lời mời này không còn dùng được: đã dùng, bị thu hồi hoặc quá bảy ngày. Hãy xin lời mời mới."
}

func (vietnamese) EntityPeople() string {
	return "Ai thực hiện cho đơn vị"
}

func (vietnamese) EntitySince(date string) string {
	return "từ " + date
}

func (vietnamese) EntityYou() string {
	return "Bạn"
}

func (vietnamese) EntityRemove() string {
	return "Gỡ bỏ"
}

func (vietnamese) EntityWithdraw() string {
	return "Thu hồi ủy quyền"
}

func (vietnamese) EntityGive() string {
	return "Ủy quyền"
}

func (vietnamese) EntityDepartment() string {
	return "Cơ quan"
}

func (vietnamese) EntityNoDepartment() string {
	return "Chưa có"
}

func (vietnamese) EntityUntilLabel() string {
	return "Đến ngày"
}

func (vietnamese) EntityInvite() string {
	return "Mời một người"
}

func (vietnamese) EntityLabel() string {
	return "Bạn gọi họ là"
}

func (vietnamese) EntityLabelHint() string {
	return "Chỉ cần công việc: kế toán, bàn số 2."
}

func (vietnamese) EntityPerson() string {
	return "Số định danh của họ, nếu biết"
}

func (vietnamese) EntityPersonHint() string {
	return "Khi đó người khác không thể dùng lời mời. Số này không được lưu."
}

func (vietnamese) EntityInviteDo() string {
	return "Tạo lời mời"
}

func (vietnamese) EntityHandOver() string {
	return "Bàn giao"
}

func (vietnamese) EntityHandOverText() string {
	return "Người nhận lời mời này trở thành quản trị viên, và bạn không còn nữa."
}

func (vietnamese) EntityHandOverDo() string {
	return "Tạo lời mời bàn giao"
}

func (vietnamese) EntityLink(date string) string {
	return "Hãy trao địa chỉ này theo cách không ai khác đọc được. Nó chỉ hiện một lần và dùng một lần, đến " + date + ":"
}

func (vietnamese) EntityInvitations() string {
	return "Lời mời đang mở"
}

func (vietnamese) EntityTakeBack() string {
	return "Thu hồi"
}

func (vietnamese) EntityHistory() string {
	return "Lịch sử"
}

func (vietnamese) HistoryJoined(who string) string {
	return who + " tham gia"
}

func (vietnamese) HistoryRemoved(who string) string {
	return who + ": vị trí chấm dứt"
}

func (vietnamese) HistoryGiven(who string) string {
	return who + ": được ủy quyền"
}

func (vietnamese) HistoryEnded(who string) string {
	return who + ": ủy quyền chấm dứt"
}

func (vietnamese) WhyLeft() string {
	return "tự từ bỏ"
}

func (vietnamese) WhyRemoved() string {
	return "do quản trị viên gỡ bỏ"
}

func (vietnamese) WhyExpired() string {
	return "hết hạn"
}

func (vietnamese) WhyHandedOver() string {
	return "đã bàn giao"
}

func (vietnamese) WhyStaff() string {
	return "do nhân viên nền tảng quyết định"
}
