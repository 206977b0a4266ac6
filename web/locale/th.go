package locale

// thai is the Thai catalogue.
type thai struct{}

var _ Catalogue = thai{}

func (thai) SkipLink() string      { return "ข้ามไปยังเนื้อหา" }
func (thai) LanguageLabel() string { return "ภาษา" }
func (thai) FooterLabel() string {
	return "เกี่ยวกับเว็บไซต์นี้"
}
func (thai) NavStart() string { return "หน้าแรก" }
func (thai) NavProviders() string {
	return "ผู้ให้บริการยืนยันตัวตน"
}

func (thai) NavPrivacy() string {
	return "นโยบายการเปิดเผยข้อมูล"
}
func (thai) NavSignOut() string { return "ออกจากระบบ" }
func (thai) NavHelp() string {
	return "ขอความช่วยเหลือและร้องเรียน"
}
func (thai) Reference() string { return "หมายเลขอ้างอิง" }
func (thai) AddressCheck(address string) string {
	return "โปรดตรวจสอบที่อยู่เว็บไซต์บนเบราว์เซอร์ ต้องขึ้นต้นด้วย " + address +
		" หน้าเว็บของเราจะไม่ถามรหัสผ่านหรือรหัส PIN ของท่าน"
}

func (thai) SigningInTo() string {
	return "ท่านกำลังเข้าสู่ระบบของ"
}
func (thai) HelpPhone() string  { return "โทรศัพท์" }
func (thai) HelpEmail() string  { return "อีเมล" }
func (thai) HelpOffice() string { return "ติดต่อด้วยตนเอง" }

func (thai) StartTitle() string {
	return "เข้าสู่ระบบครั้งเดียว ใช้ได้กับทุกบริการภาครัฐ"
}

func (thai) StartLead() string {
	return "เข้าสู่ระบบเพียงครั้งเดียวผ่านผู้ให้บริการยืนยันตัวตนที่ท่านใช้อยู่แล้ว ทุกบริการภาครัฐที่เชื่อมต่อกับที่นี่จะรู้จักท่านทันที"
}
func (thai) StartHow() string { return "วิธีเข้าสู่ระบบ" }
func (thai) StartHow1() string {
	return "เปิดเว็บไซต์ของบริการภาครัฐที่ท่านต้องการ แล้วเลือกเข้าสู่ระบบ เว็บไซต์นั้นจะพาท่านมาที่นี่"
}

func (thai) StartHow2() string {
	return "เลือกผู้ให้บริการยืนยันตัวตนที่ท่านใช้อยู่แล้ว เช่น แอปของภาครัฐหรือธนาคารของท่าน"
}

func (thai) StartHow3() string {
	return "ยืนยันตัวตนกับผู้ให้บริการนั้น แล้วท่านจะกลับไปยังบริการที่ต้องการโดยเข้าสู่ระบบเรียบร้อยแล้ว"
}

func (thai) StartSafe() string {
	return "เราคุ้มครองท่านอย่างไร"
}

func (thai) StartSafe1() string {
	return "รหัสผ่านของท่านอยู่กับผู้ให้บริการยืนยันตัวตนเท่านั้น เราไม่เห็นและไม่เคยถามรหัสผ่านของท่าน"
}

func (thai) StartSafe2() string {
	return "ก่อนที่หน่วยงานจะได้รับข้อมูลของท่าน เราจะแสดงให้เห็นว่าหน่วยงานจะได้รับข้อมูลใดและนำไปใช้เพื่ออะไร"
}

func (thai) StartSafe3() string {
	return "เมื่อท่านออกจากระบบที่นี่ ทุกบริการที่ท่านเปิดใช้ด้วยการเข้าสู่ระบบครั้งนี้จะหมดสิทธิ์เข้าถึงข้อมูลทันที"
}

func (thai) ChooseTitle() string {
	return "เลือกวิธีเข้าสู่ระบบ"
}

func (thai) ChooseLead() string {
	return "เลือกผู้ให้บริการที่ท่านใช้อยู่แล้ว ท่านจะยืนยันตัวตนกับผู้ให้บริการนั้น แล้วกลับมาที่นี่"
}
func (thai) ChooseNeeds() string { return "บริการนี้ต้องการ" }
func (thai) ChooseWith(provider string) string {
	return "เข้าสู่ระบบด้วย " + provider
}

func (thai) ChooseRestricted() string {
	return "วิธีนี้ป้องกันการแอบอ้างได้น้อยกว่าวิธีอื่น หากเป็นไปได้ โปรดเลือกวิธีอื่น"
}

func (thai) ChooseTrouble() string {
	return "ผู้ให้บริการรายนี้ตอบสนองไม่ปกติในช่วงไม่กี่นาทีที่ผ่านมา ท่านลองใช้ได้ หรือเลือกรายอื่น"
}

func (thai) ChooseNone() string {
	return "ขณะนี้ไม่มีผู้ให้บริการยืนยันตัวตนที่ใช้เข้าสู่บริการนี้ได้"
}

func (thai) ChooseNoneNext() string {
	return "ท่านไม่ได้ทำสิ่งใดผิด โปรดลองใหม่ภายหลัง หรือสอบถามหน่วยงานว่าจะใช้บริการทางอื่นได้อย่างไร"
}

func (thai) ChooseCancel() string {
	return "ยกเลิกและกลับไปยังบริการ"
}

func (thai) ProblemDenied(provider string) string {
	return "ท่านยกเลิกการยืนยันตัวตนกับ " + provider + " จึงยังไม่ได้เข้าสู่ระบบ"
}

func (thai) ProblemUnavailable(provider string) string {
	return provider + " ไม่ตอบสนองในขณะนี้ ไม่ใช่ความผิดของท่าน"
}

func (thai) ProblemLevel(provider string) string {
	return provider + " ยืนยันตัวตนของท่านแล้ว แต่ระดับความน่าเชื่อถือยังไม่ถึงที่บริการนี้กำหนด"
}

func (thai) ProblemRefused(provider string) string {
	return "เราไม่สามารถรับคำตอบจาก " + provider + " ได้ เพื่อความปลอดภัยของท่าน จึงยังไม่ให้เข้าสู่ระบบ"
}

func (thai) ProblemExpired(provider string) string {
	return "การยืนยันตัวตนกับ " + provider + " ใช้เวลานานเกินไปและหมดอายุแล้ว"
}

func (thai) ProblemSuspended(provider string) string {
	return "ขณะนี้ไม่สามารถใช้ " + provider + " เข้าสู่ระบบได้"
}

func (thai) ProblemTooMany(provider string) string {
	return "มีการลองเข้าสู่ระบบด้วย " + provider + " หลายครั้งเกินไป โปรดรอสักครู่"
}

func (thai) ProblemOther(provider string) string {
	return "การเข้าสู่ระบบด้วย " + provider + " ไม่สำเร็จ"
}

func (thai) ProblemNext() string {
	return "ท่านลองอีกครั้งหรือเลือกผู้ให้บริการรายอื่นได้"
}

func (thai) IdentityAny() string { return "ตัวตนระดับใดก็ได้" }

func (thai) IdentityBasic() string {
	return "แจ้งหรือตรวจสอบตัวตนในขั้นพื้นฐาน"
}

func (thai) IdentityChecked() string {
	return "ตรวจสอบตัวตนกับข้อมูลของทางราชการแล้ว"
}

func (thai) IdentityHigh() string {
	return "ตรวจสอบตัวตนในขั้นเข้มงวดที่สุด"
}

func (thai) SignInAny() string {
	return "เข้าสู่ระบบด้วยวิธีใดก็ได้"
}

func (thai) SignInOne() string {
	return "ยืนยันหนึ่งอย่างเมื่อเข้าสู่ระบบ"
}

func (thai) SignInTwo() string {
	return "ยืนยันสองอย่างที่ต่างกันเมื่อเข้าสู่ระบบ"
}

func (thai) SignInKey() string {
	return "ยืนยันสองอย่าง โดยหนึ่งในนั้นเป็นกุญแจนิรภัย"
}

func (thai) WaitTitle() string { return "โปรดรอสักครู่" }
func (thai) WaitText(provider string) string {
	return "เรากำลังตรวจสอบคำตอบจาก " + provider + " หน้านี้จะปรับปรุงเอง ท่านไม่ต้องทำอะไร"
}

func (thai) WaitAgain() string {
	return "ตรวจสอบอีกครั้งตอนนี้"
}

func (thai) LeaveTitle() string {
	return "กำลังพาท่านไปยังหน้าถัดไป"
}

func (thai) LeaveText(address string) string {
	return "ท่านกำลังไปยัง " + address + " หากหน้าเว็บไม่เปลี่ยน โปรดกดปุ่มด้านล่าง"
}
func (thai) LeaveLink() string { return "ดำเนินการต่อ" }

func (thai) ConsentTitle(system string) string {
	return "ให้ส่งข้อมูลของท่านแก่ “" + system + "” หรือไม่"
}

func (thai) ConsentLead(department, system string) string {
	return department + " ขอรับข้อมูลของท่านดังต่อไปนี้ เพื่อใช้ในบริการ “" + system + "”"
}

func (thai) ConsentNothingYet() string {
	return "ขณะนี้ยังไม่มีการส่งข้อมูลใด ๆ"
}

func (thai) ConsentNeeded() string {
	return "ข้อมูลที่จำเป็นต่อบริการนี้"
}

func (thai) ConsentNeededText() string {
	return "บริการนี้ทำงานไม่ได้หากไม่มีข้อมูลเหล่านี้ เราจะส่งเมื่อท่านให้ความยินยอมด้านล่างเท่านั้น"
}

func (thai) ConsentOptional() string {
	return "ข้อมูลที่ท่านเลือกได้เอง"
}

func (thai) ConsentOptionalText() string {
	return "โปรดทำเครื่องหมายเฉพาะข้อมูลที่ท่านต้องการส่ง หากไม่เลือก ท่านยังใช้บริการได้ตามปกติ"
}

func (thai) ConsentTold() string {
	return "ข้อมูลที่ส่งโดยไม่ต้องขอความยินยอม"
}

func (thai) ConsentToldText() string {
	return "ข้อมูลเหล่านี้มีกฎหมายรองรับให้ส่งได้โดยไม่ต้องขอความยินยอม เราจึงไม่ขอ แต่แจ้งให้ท่านทราบว่าส่งข้อมูลใดและเพราะเหตุใด"
}
func (thai) ConsentPurpose() string { return "ใช้เพื่อ" }
func (thai) ConsentGround() string  { return "ฐานทางกฎหมาย" }
func (thai) ConsentIfNot() string   { return "หากไม่ยินยอม" }
func (thai) ConsentIfNotNeeded(system string) string {
	return "ท่านจะใช้ “" + system + "” ด้วยการเข้าสู่ระบบนี้ไม่ได้"
}

func (thai) ConsentIfNotOptional() string {
	return "ท่านยังใช้บริการได้ตามปกติ"
}

func (thai) ConsentTick(attribute string) string {
	return "ยินยอมให้ส่ง" + attribute
}

func (thai) HigherTitle() string {
	return "ระดับการยืนยันตัวตนของท่านสูงกว่าที่บริการนี้ต้องการ"
}

func (thai) HigherText(system string) string {
	return "ท่านเข้าสู่ระบบด้วยไอเดนทิตีที่มีระดับสูงกว่าที่ “" + system + "” ต้องการ เราจะนำไปใช้กับบริการนี้เมื่อท่านยินยอมเท่านั้น"
}
func (thai) HigherHave() string { return "ระดับของท่าน" }
func (thai) HigherNeed() string { return "ระดับที่ต้องการ" }
func (thai) OfflineTitle() string {
	return "การเชื่อมต่อต่อเนื่อง"
}

func (thai) OfflineTick(system string) string {
	return "ให้ " + system + " ทำงานให้ท่านต่อได้ระหว่างที่ท่านไม่ได้เปิดใช้ ตราบที่ท่านยังลงชื่อเข้าใช้อยู่ที่นี่"
}

func (thai) OfflineText() string {
	return "ระบบจะได้ข้อมูลไม่เกินที่ท่านยินยอมไว้ข้างต้น เพียงไม่ต้องส่งท่านกลับมาที่นี่ทุกครั้ง สิ้นสุดเมื่อท่านออกจากระบบ และท่านถอนได้ทุกเมื่อ"
}

func (thai) ConsentDecide() string { return "การตัดสินใจของท่าน" }

func (thai) ConsentIfDenied(system string) string {
	return "หากท่านไม่ยินยอม เราจะไม่ส่งข้อมูลใด ๆ และท่านจะกลับไปยัง “" + system + "” โดยไม่ได้เข้าสู่ระบบของบริการนั้น"
}

func (thai) ConsentRemembered() string {
	return "เราจะจดจำการตัดสินใจของท่าน และจะถามใหม่หากบริการเปลี่ยนแปลงข้อมูลที่ขอ ท่านถอนความยินยอมได้ทุกเมื่อ โดยไม่กระทบต่อสิ่งที่ได้ทำไปโดยชอบก่อนถอนความยินยอม ดูช่องทางติดต่อได้ที่หัวข้อขอความช่วยเหลือและร้องเรียนด้านล่าง"
}

func (thai) ConsentAllow() string {
	return "ยินยอมและดำเนินการต่อ"
}
func (thai) ConsentContinue() string { return "ดำเนินการต่อ" }
func (thai) ConsentDeny() string     { return "ไม่ยินยอม" }
func (thai) ConsentComplaint(department string) string {
	return "ร้องเรียนหรือขอแก้ไขข้อมูลกับ" + department
}

func (thai) ConsentPolicy() string {
	return "อ่านนโยบายการเปิดเผยข้อมูล"
}

func (thai) BasisLegalDuty() string {
	return "กฎหมายกำหนดให้หน่วยงานต้องใช้ข้อมูลนี้"
}

func (thai) BasisPublicTask() string {
	return "จำเป็นต่อภารกิจเพื่อประโยชน์สาธารณะที่กฎหมายมอบให้หน่วยงาน"
}

func (thai) BasisContract() string {
	return "จำเป็นต่อสัญญากับท่าน หรือต่อคำขอของท่านก่อนทำสัญญา"
}

func (thai) BasisVitalInterest() string {
	return "จำเป็นเพื่อป้องกันอันตรายต่อชีวิตหรือสุขภาพ"
}

func (thai) BasisLegitimate() string {
	return "จำเป็นต่อประโยชน์โดยชอบด้วยกฎหมาย ซึ่งไม่เกินกว่าสิทธิของท่าน"
}

func (thai) BasisArchive() string {
	return "จำเป็นต่อจดหมายเหตุ การวิจัย หรือสถิติเพื่อประโยชน์สาธารณะ"
}

func (thai) AttrCitizenID() string  { return "เลขประจำตัวประชาชน" }
func (thai) AttrTitle() string      { return "คำนำหน้าชื่อ" }
func (thai) AttrGivenName() string  { return "ชื่อ" }
func (thai) AttrMiddleName() string { return "ชื่อกลาง" }
func (thai) AttrFamilyName() string { return "นามสกุล" }
func (thai) AttrName() string       { return "ชื่อและนามสกุล" }
func (thai) AttrTitleEN() string {
	return "คำนำหน้าชื่อ (ภาษาอังกฤษ)"
}
func (thai) AttrGivenNameEN() string { return "ชื่อ (ภาษาอังกฤษ)" }
func (thai) AttrMiddleNameEN() string {
	return "ชื่อกลาง (ภาษาอังกฤษ)"
}

func (thai) AttrFamilyNameEN() string {
	return "นามสกุล (ภาษาอังกฤษ)"
}

func (thai) AttrNameEN() string {
	return "ชื่อและนามสกุล (ภาษาอังกฤษ)"
}
func (thai) AttrBirthdate() string { return "วันเดือนปีเกิด" }
func (thai) AttrGender() string    { return "เพศ" }
func (thai) AttrAddress() string {
	return "ที่อยู่ตามบัตรประจำตัวประชาชน"
}

func (thai) SignOutTitle() string {
	return "ต้องการออกจากระบบหรือไม่"
}

func (thai) SignOutText() string {
	return "การออกจากระบบจะสิ้นสุดการเข้าสู่ระบบในเบราว์เซอร์นี้ และสิทธิ์เข้าถึงของทุกบริการภาครัฐที่ท่านเปิดใช้ด้วยการเข้าสู่ระบบครั้งนี้"
}
func (thai) SignOutButton() string  { return "ออกจากระบบ" }
func (thai) SignOutStay() string    { return "อยู่ในระบบต่อ" }
func (thai) SignedOutTitle() string { return "ท่านออกจากระบบแล้ว" }

func (thai) SignedOutLead() string {
	return "ไม่มีการเข้าสู่ระบบเหลืออยู่ในเบราว์เซอร์นี้แล้ว"
}

func (thai) SignedOutServices() string {
	return "บริการที่ท่านเปิดใช้ด้วยการเข้าสู่ระบบนี้จะขอข้อมูลของท่านจากที่นี่ไม่ได้อีก"
}

func (thai) SignedOutOpenPages() string {
	return "หน้าเว็บของบริการที่ยังเปิดค้างอยู่อาจยังแสดงข้อมูลเดิม โปรดปิดหน้าเหล่านั้น"
}

func (thai) SignedOutProvider() string {
	return "ท่านอาจยังอยู่ในระบบของผู้ให้บริการยืนยันตัวตน เช่น ธนาคาร หากต้องการ โปรดออกจากระบบที่นั่นด้วย"
}

func (thai) SignedOutShared() string {
	return "หากใช้เครื่องร่วมกับผู้อื่น โปรดปิดหน้าต่างเบราว์เซอร์ทั้งหมดก่อนออกจากเครื่อง"
}

func (thai) RegisterTitle() string {
	return "ผู้ให้บริการยืนยันตัวตน"
}

func (thai) RegisterLead() string {
	return "ท่านเข้าสู่บริการภาครัฐด้วยผู้ให้บริการเหล่านี้ได้ แต่ละรายระบุว่ายืนยันตัวตนได้ถึงระดับใดและใช้ได้ถึงเมื่อใด"
}

func (thai) RegisterEmpty() string {
	return "ขณะนี้ไม่มีผู้ให้บริการที่เชื่อมต่ออยู่"
}
func (thai) RegisterIdentity() string { return "ระดับตัวตนสูงสุด" }
func (thai) RegisterSignIn() string {
	return "ระดับการเข้าสู่ระบบสูงสุด"
}
func (thai) RegisterFrom() string      { return "ใช้ได้ตั้งแต่" }
func (thai) RegisterUntil() string     { return "ใช้ได้ถึง" }
func (thai) RegisterStatus() string    { return "สถานะ" }
func (thai) RegisterActive() string    { return "เปิดให้บริการ" }
func (thai) RegisterSuspended() string { return "ระงับชั่วคราว" }
func (thai) RegisterNotYet() string {
	return "ยังไม่ถึงวันเริ่มใช้"
}
func (thai) RegisterExpired() string { return "หมดอายุ" }
func (thai) RegisterLevels() string {
	return "ระดับที่เชื่อมต่อได้"
}

func (thai) RegisterLevelsText() string {
	return "แต่ละบริการกำหนดระดับที่ต้องการ เราจะแสดงให้ท่านเลือกเฉพาะผู้ให้บริการที่ถึงระดับทั้งสองด้าน"
}

func (thai) RegisterReachable() string {
	return "ระดับที่มีผู้ให้บริการรองรับอย่างน้อยหนึ่งรายในวันนี้"
}
func (thai) RegisterNone() string { return "ไม่มี" }

func (thai) PolicyTitle() string {
	return "นโยบายการเปิดเผยข้อมูล"
}

func (thai) PolicyLead() string {
	return "หน้านี้อธิบายว่าข้อมูลใดของท่านผ่านระบบนี้ ใครได้รับข้อมูล เพราะเหตุใด และท่านมีสิทธิอย่างไร"
}

func (thai) PolicyWho(operator string) Section {
	return Section{"ผู้รับผิดชอบ", []string{
		operator + " เป็นผู้ดูแลระบบเข้าสู่ระบบนี้ ส่วนหน่วยงานที่ได้รับข้อมูลเป็นผู้รับผิดชอบการใช้ข้อมูลหลังจากที่ได้รับแล้ว",
	}}
}

func (thai) PolicyWhat() Section {
	return Section{"ข้อมูลที่เราได้รับ", []string{
		"เมื่อท่านเข้าสู่ระบบ ผู้ให้บริการยืนยันตัวตนจะยืนยันว่าท่านเป็นใคร และอาจส่งข้อมูลต่อไปนี้ให้เรา",
	}}
}

func (thai) PolicyNever() Section {
	return Section{"ข้อมูลที่เราไม่ส่งต่อ", []string{
		"รหัสเลเซอร์หลังบัตรประจำตัวประชาชน หมายเลขชิป และเลขคำขอมีบัตร จะถูกตัดทิ้งทันทีที่มาถึง เราไม่เก็บและไม่ส่งต่อ",
		"เราไม่ได้รับรหัสผ่าน รหัส PIN ลายนิ้วมือ หรือภาพใบหน้าของท่าน",
	}}
}

func (thai) PolicyWhom() Section {
	return Section{"ผู้ได้รับข้อมูล", []string{
		"เฉพาะบริการที่ท่านกำลังเข้าสู่ระบบ และเฉพาะรายการที่ขึ้นทะเบียนไว้สำหรับบริการนั้น ท่านจะเห็นรายการก่อนมีการส่งครั้งแรก",
		"แต่ละหน่วยงานรู้จักท่านที่นี่ด้วยหมายเลขสุ่มที่ต่างกัน หน่วยงานจึงใช้หมายเลขเหล่านี้เชื่อมโยงกันว่าเป็นบุคคลเดียวกันไม่ได้",
	}}
}

func (thai) PolicyWhy() Section {
	return Section{"ส่งข้อมูลด้วยเหตุใด", []string{
		"เราขอความยินยอมจากท่านแยกตามวัตถุประสงค์ ข้อมูลใดที่ไม่จำเป็นต่อบริการ ท่านปฏิเสธได้โดยยังใช้บริการได้ตามปกติ",
		"หากมีฐานทางกฎหมายอื่นรองรับ เราจะไม่ขอความยินยอม แต่จะแจ้งฐานนั้นให้ทราบ เราไม่ใช้ข้อมูลของท่านเพื่อวัตถุประสงค์อื่น",
	}}
}

func (thai) PolicyKeep() Section {
	return Section{"การคุ้มครองและระยะเวลาเก็บข้อมูล", []string{
		"ข้อมูลจากผู้ให้บริการยืนยันตัวตนจะเก็บไว้เฉพาะระหว่างที่ท่านอยู่ในระบบ และเข้ารหัสไว้ กุญแจอยู่กับเบราว์เซอร์ของท่านและบริการที่ท่านกำลังใช้เท่านั้น เจ้าหน้าที่ของเราอ่านข้อมูลไม่ได้",
		"เมื่อท่านออกจากระบบ หรือการเข้าสู่ระบบหมดเวลา ข้อมูลที่เข้ารหัสไว้จะถูกทำลาย",
		"สำหรับเลขประจำตัวประชาชน เราเก็บเพียงค่าที่คำนวณจากเลขนั้นด้วยกุญแจลับ เพื่อให้ท่านเป็นบุคคลเดียวกันไม่ว่าจะใช้ผู้ให้บริการรายใด ค่านี้แปลงกลับเป็นเลขประจำตัวไม่ได้",
	}}
}

func (thai) PolicyRecord() Section {
	return Section{"สิ่งที่เราบันทึก", []string{
		"เราบันทึกว่าท่านเข้าสู่ระบบเมื่อใด ผ่านผู้ให้บริการใด เพื่อใช้บริการใด และท่านตัดสินใจเกี่ยวกับข้อมูลของท่านอย่างไร บันทึกนี้ไม่มีชื่อ เลขประจำตัวประชาชน หรือที่อยู่ และเก็บไว้อย่างน้อยหกเดือน รวมทั้งตราบเท่าที่กฎหมายกำหนด",
	}}
}

func (thai) PolicyCookies() Section {
	return Section{"คุกกี้", []string{
		"เราใช้คุกกี้เพียงสามรายการ ได้แก่ คุกกี้สำหรับการเข้าสู่ระบบ คุกกี้ที่ผูกการเข้าสู่ระบบที่กำลังดำเนินอยู่กับเบราว์เซอร์ของท่าน และคุกกี้จดจำภาษา ไม่มีคุกกี้ใดติดตามท่านไปยังเว็บไซต์อื่น",
	}}
}

func (thai) PolicyRights() Section {
	return Section{"สิทธิของท่าน", []string{
		"ท่านขอทราบข้อมูลเกี่ยวกับท่าน ขอแก้ไข ถอนความยินยอม และคัดค้านได้ทุกเมื่อโดยไม่เสียค่าใช้จ่าย เมื่อถอนความยินยอมแล้ว ครั้งต่อไปเราจะถามท่านใหม่ ทั้งนี้ไม่กระทบต่อสิ่งที่ได้ส่งไปโดยชอบก่อนหน้านั้น",
	}}
}

func (thai) PolicyComplaint() Section {
	return Section{"ขอความช่วยเหลือและร้องเรียน", []string{
		"หากพบสิ่งที่ไม่ถูกต้อง โปรดแจ้งเรา ท่านยังร้องเรียนต่อหน่วยงานที่เกี่ยวข้องและคณะกรรมการคุ้มครองข้อมูลส่วนบุคคลได้",
	}}
}

func (thai) AccountSuspended() string {
	return "บัญชีของท่านในระบบนี้ถูกระงับ ขณะนี้จึงเข้าสู่ระบบไม่ได้"
}

func (thai) AccountTerminated() string {
	return "บัญชีของท่านในระบบนี้ถูกปิดแล้ว จึงใช้เข้าสู่ระบบไม่ได้อีก"
}

func (thai) AccountNext() string {
	return "หากท่านไม่ได้เป็นผู้ขอ โปรดติดต่อเราและแจ้งหมายเลขอ้างอิงที่ท้ายหน้านี้"
}

func (thai) TellTitle(system string) string {
	return "ข้อมูลของท่านที่ “" + system + "” จะได้รับ"
}

func (thai) TellLead(department, system string) string {
	return department + " จะได้รับข้อมูลของท่านดังต่อไปนี้ เพื่อใช้ในบริการ “" + system + "”"
}

func (thai) ProblemOtherPerson() string {
	return "ตัวตนที่ท่านเพิ่งยืนยันไม่ตรงกับผู้ที่กำลังใช้บริการนี้อยู่"
}

func (thai) ConsentsTitle() string { return "ความยินยอมของท่าน" }

func (thai) ConsentsDone() string {
	return "ถอนความยินยอมแล้ว บริการนั้นจะไม่ได้รับข้อมูลนี้อีก และจะถามท่านใหม่เมื่อเข้าสู่ระบบครั้งต่อไป"
}

func (thai) ConsentsLead() string {
	return "หน้านี้แสดงสิ่งที่ท่านตัดสินใจเกี่ยวกับการให้ข้อมูลแก่แต่ละบริการ ท่านถอนความยินยอมได้ทุกเมื่อ"
}

func (thai) ConsentsEmpty() string {
	return "ท่านยังไม่เคยตัดสินใจเรื่องใด"
}
func (thai) ConsentsDecision() string  { return "ท่านตัดสินใจว่า" }
func (thai) ConsentsGiven() string     { return "ยินยอม" }
func (thai) ConsentsDeclined() string  { return "ไม่ยินยอม" }
func (thai) ConsentsWithdrawn() string { return "ถอนความยินยอมแล้ว" }

func (thai) ConsentsTold() string {
	return "ส่งโดยอาศัยฐานทางกฎหมายอื่น และแจ้งให้ท่านทราบแล้ว"
}

func (thai) ConsentsWithdraw() string { return "ถอนความยินยอม" }
func (thai) NavConsents() string      { return "ความยินยอมของท่าน" }
