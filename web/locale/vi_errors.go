package locale

func (vietnamese) ErrInvalid() Trouble {
	return Trouble{
		"Không đọc được yêu cầu này",
		"Đường dẫn hoặc biểu mẫu đưa bạn đến đây bị thiếu hoặc bị hỏng. Không có gì bị thay đổi.",
		"Hãy quay lại trang web của dịch vụ và đăng nhập lại từ đầu. Nếu lần nào cũng vậy, vui lòng báo cho dịch vụ.",
	}
}

func (vietnamese) ErrNotFound() Trouble {
	return Trouble{
		"Không tìm thấy trang này",
		"Địa chỉ có thể bị gõ sai, hoặc lần đăng nhập đó đã kết thúc.",
		"Hãy quay lại trang web của dịch vụ và đăng nhập lại từ đầu.",
	}
}

func (vietnamese) ErrConflict() Trouble {
	return Trouble{
		"Bước này đang được thực hiện",
		"Có thể bạn đã bấm nút hai lần, hoặc mở cùng một lần đăng nhập trong hai cửa sổ.",
		"Hãy đóng các cửa sổ khác và tiếp tục trong một cửa sổ. Nếu vẫn không được, hãy đăng nhập lại từ trang web của dịch vụ.",
	}
}

func (vietnamese) ErrUnauthenticated() Trouble {
	return Trouble{
		"Vui lòng đăng nhập trước",
		"Bạn chưa đăng nhập, hoặc lần đăng nhập đã kết thúc.",
		"Hãy vào trang web của dịch vụ và đăng nhập tại đó.",
	}
}

func (vietnamese) ErrDenied() Trouble {
	return Trouble{
		"Thao tác này không được phép",
		"Bạn hoặc dịch vụ đã dừng bước này, nên không có dữ liệu nào được gửi và bạn chưa đăng nhập.",
		"Nếu muốn dùng dịch vụ, hãy quay lại trang web của dịch vụ và đăng nhập lại từ đầu.",
	}
}

func (vietnamese) ErrExpired() Trouble {
	return Trouble{
		"Lần đăng nhập này mất quá nhiều thời gian",
		"Để bảo vệ bạn, việc đăng nhập phải xong trong thời gian quy định. Lần này đã hết giờ. Không có dữ liệu nào được gửi.",
		"Hãy quay lại trang web của dịch vụ và đăng nhập lại từ đầu.",
	}
}

func (vietnamese) ErrConsumed() Trouble {
	return Trouble{
		"Bước này đã được thực hiện",
		"Mỗi bước đăng nhập chỉ dùng được một lần. Có thể bạn đã quay lại hoặc tải lại trang.",
		"Hãy quay lại trang web của dịch vụ. Có thể bạn đã đăng nhập rồi; nếu chưa, hãy bắt đầu lại.",
	}
}

func (vietnamese) ErrLevel() Trouble {
	return Trouble{
		"Dịch vụ này cần xác thực danh tính ở mức cao hơn",
		"Cách đăng nhập của bạn chưa đạt mức mà dịch vụ yêu cầu.",
		"Hãy đăng nhập lại và chọn đơn vị khác. Bạn cũng có thể hỏi đơn vị xác thực của mình cách nâng mức.",
	}
}

func (vietnamese) ErrSuspended() Trouble {
	return Trouble{
		"Hiện đang tạm ngừng",
		"Tài khoản, đơn vị xác thực hoặc dịch vụ cần thiết đang bị tạm ngừng.",
		"Nếu không phải bạn yêu cầu, vui lòng liên hệ với chúng tôi và cho biết mã tra cứu bên dưới.",
	}
}

func (vietnamese) ErrRefused() Trouble {
	return Trouble{
		"Không thể chấp nhận phản hồi",
		"Chúng tôi không kiểm chứng được phản hồi từ đơn vị xác thực. Để bảo vệ bạn, chúng tôi chưa cho đăng nhập.",
		"Hãy đăng nhập lại từ trang web của dịch vụ. Nếu vẫn gặp lại, hãy chọn đơn vị khác.",
	}
}

func (vietnamese) ErrTooMany() Trouble {
	return Trouble{
		"Đã thử quá nhiều lần",
		"Trong thời gian ngắn có rất nhiều yêu cầu từ kết nối của bạn. Để bảo vệ mọi người, chúng tôi tạm dừng kết nối này một lát.",
		"Vui lòng chờ vài phút rồi thử lại.",
	}
}

func (vietnamese) ErrUnavailable() Trouble {
	return Trouble{
		"Tạm thời không dùng được",
		"Một thành phần cần cho bước này không phản hồi. Lỗi không phải do bạn.",
		"Vui lòng thử lại sau vài phút.",
	}
}

func (vietnamese) ErrInternal() Trouble {
	return Trouble{
		"Hệ thống của chúng tôi gặp sự cố",
		"Đã xảy ra lỗi ở phía chúng tôi. Bạn không làm gì sai.",
		"Vui lòng thử lại. Nếu vẫn gặp lại, hãy liên hệ với chúng tôi và cho biết mã tra cứu bên dưới.",
	}
}

func (vietnamese) ErrTooLarge() Trouble {
	return Trouble{
		"Gửi quá nhiều dữ liệu cùng lúc",
		"Yêu cầu lớn hơn mức chúng tôi chấp nhận. Không có gì bị thay đổi.",
		"Hãy quay lại trang web của dịch vụ và đăng nhập lại từ đầu.",
	}
}

func (vietnamese) ErrMethod() Trouble {
	return Trouble{
		"Không thể mở trang theo cách này",
		"Địa chỉ này có thật, nhưng không hỗ trợ điều trình duyệt của bạn yêu cầu.",
		"Hãy quay lại trang web của dịch vụ và đăng nhập lại từ đầu.",
	}
}

func (vietnamese) ErrHost() Trouble {
	return Trouble{
		"Đây không phải địa chỉ của dịch vụ này",
		"Bạn đã truy cập bằng một tên miền không phải của chúng tôi.",
		"Hãy vào trang web của dịch vụ công bạn cần và đăng nhập từ đó.",
	}
}

func (vietnamese) ErrCookie() Trouble {
	return Trouble{
		"Chúng tôi không nhận ra trình duyệt của bạn",
		"Lần đăng nhập này được bắt đầu trong trình duyệt hoặc cửa sổ khác, hoặc trình duyệt của bạn chặn cookie của trang này.",
		"Hãy cho phép cookie đối với trang này, rồi đăng nhập lại từ trang web của dịch vụ bằng chính trình duyệt đó.",
	}
}

func (vietnamese) ErrForged() Trouble {
	return Trouble{
		"Biểu mẫu này đã quá cũ",
		"Biểu mẫu không được gửi từ trang hiện tại của chúng tôi. Không có gì bị thay đổi.",
		"Hãy quay lại, tải lại trang rồi thử lần nữa.",
	}
}

func (vietnamese) ErrNotSignedOut() Trouble {
	return Trouble{
		"Bạn vẫn đang đăng nhập",
		"Đăng xuất không thành công vì một phần của hệ thống không phản hồi.",
		"Vui lòng thử lại ngay. Nếu dùng máy chung, xin đừng rời máy trước khi thấy thông báo đã đăng xuất.",
	}
}

func (vietnamese) ErrRetry() string { return "Thử lại" }
func (vietnamese) ErrReferenceUse() string {
	return "Khi liên hệ với chúng tôi, vui lòng cho biết mã này. Mã không chứa thông tin cá nhân của bạn."
}

func (vietnamese) ErrOtherLanguages() string { return "Thông báo này bằng ngôn ngữ khác" }
