package locale

// applicationTexts tell an entity's administrator how far its applications to departments are.
type applicationTexts interface {
	EntityApplications() string
	EntityNoApplications() string
	ApplicationWaits(date string) string
	ApplicationGranted(date string) string
	ApplicationRefused(date string) string
}

func (english) EntityApplications() string   { return "Applications to authorities" }
func (english) EntityNoApplications() string { return "Nothing has been asked of an authority." }
func (english) ApplicationWaits(date string) string {
	return "Asked on " + date + ". The authority's staff have not decided yet."
}
func (english) ApplicationGranted(date string) string { return "Approved on " + date + "." }
func (english) ApplicationRefused(date string) string { return "Not approved, on " + date + "." }

func (thai) EntityApplications() string { return "คำขอต่อหน่วยงาน" }
func (thai) EntityNoApplications() string {
	return "ยังไม่มีคำขอต่อหน่วยงานใด"
}

func (thai) ApplicationWaits(date string) string {
	return "ขอเมื่อ " + date + " เจ้าหน้าที่ของหน่วยงานยังไม่ได้พิจารณา"
}

func (thai) ApplicationGranted(date string) string {
	return "อนุมัติเมื่อ " + date
}

func (thai) ApplicationRefused(date string) string {
	return "ไม่อนุมัติ เมื่อ " + date
}

func (chinese) EntityApplications() string   { return "向机关提出的申请" }
func (chinese) EntityNoApplications() string { return "尚未向任何机关提出申请。" }
func (chinese) ApplicationWaits(date string) string {
	return "申请于 " + date + "提出，机关工作人员尚未决定。"
}
func (chinese) ApplicationGranted(date string) string { return "已于 " + date + "批准。" }
func (chinese) ApplicationRefused(date string) string { return "已于 " + date + "驳回。" }

func (vietnamese) EntityApplications() string   { return "Đề nghị gửi cơ quan" }
func (vietnamese) EntityNoApplications() string { return "Chưa đề nghị gì với cơ quan nào." }

func (vietnamese) ApplicationWaits(date string) string {
	return "Đề nghị ngày " + date + ". Cán bộ của cơ quan chưa quyết định."
}

func (vietnamese) ApplicationGranted(date string) string { return "Đã duyệt ngày " + date + "." }

func (vietnamese) ApplicationRefused(date string) string {
	return "Không duyệt, ngày " + date + "."
}
