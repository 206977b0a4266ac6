package locale

// serviceTexts are about the services that the start page leads to (OpenID Connect Core section 4).
type serviceTexts interface {
	ServicesTitle() string
	ServicesLead() string
}

func (english) ServicesTitle() string { return "Go to a service" }
func (english) ServicesLead() string {
	return "These services let you begin from here. You sign in on the way."
}

func (thai) ServicesTitle() string { return "ไปยังบริการ" }
func (thai) ServicesLead() string {
	return "ท่านเริ่มใช้บริการเหล่านี้จากหน้านี้ได้ โดยเข้าสู่ระบบระหว่างทาง"
}

func (chinese) ServicesTitle() string { return "前往服务" }
func (chinese) ServicesLead() string {
	return "您可以从这里开始使用以下服务，途中即可登录。"
}

func (vietnamese) ServicesTitle() string { return "Đi đến dịch vụ" }
func (vietnamese) ServicesLead() string {
	return "Bạn có thể bắt đầu các dịch vụ này từ đây và đăng nhập trên đường đi."
}
