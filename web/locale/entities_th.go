package locale

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

func (thai) EntityReviewHint() string {
	return "สิ่งที่ท่านเขียนและชื่อตามผู้ให้บริการยืนยันตัวตนจะถูกเก็บแบบปิดผนึกไว้จนกว่าเจ้าหน้าที่จะพิจารณา ไม่เกิน 30 วัน"
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

func (thai) EntityStatement() string {
	return "ท่านพิสูจน์อย่างไร"
}

func (thai) EntityStatementHint() string {
	return "สำหรับเจ้าหน้าที่: ตำแหน่งของท่าน ตั้งแต่เมื่อใด และเอกสารที่ยืนยันพร้อมวันที่และเลขที่ โปรดอย่าใส่เลขประจำตัวประชาชน"
}

func (thai) EntityUnclaim() string {
	return "ถอนคำขอ"
}

func (thai) EntityClaimWithdrawn(date string) string {
	return "ถอนคำขอเมื่อ " + date
}
