package locale

func (chinese) ErrInvalid() Trouble {
	return Trouble{
		"无法识别这个请求",
		"把您带到这里的链接或表单不完整或已损坏。没有任何内容被更改。",
		"请回到该服务的网站重新登录。如果每次都这样，请告知该服务。",
	}
}

func (chinese) ErrNotFound() Trouble {
	return Trouble{
		"找不到这个页面",
		"网址可能输入有误，或者对应的登录已经结束。",
		"请回到该服务的网站重新登录。",
	}
}

func (chinese) ErrConflict() Trouble {
	return Trouble{
		"这一步已在进行中",
		"您可能重复点击了按钮，或在两个窗口中打开了同一次登录。",
		"请关闭其他窗口，只在一个窗口中继续。如果仍然不行，请从该服务的网站重新登录。",
	}
}

func (chinese) ErrUnauthenticated() Trouble {
	return Trouble{
		"请先登录",
		"您尚未登录，或者登录已经结束。",
		"请前往该服务的网站，在那里登录。",
	}
}

func (chinese) ErrDenied() Trouble {
	return Trouble{
		"此操作未获允许",
		"您或该服务中止了这一步，因此没有发送任何信息，您也没有登录。",
		"如果您想使用该服务，请回到其网站重新登录。",
	}
}

func (chinese) ErrExpired() Trouble {
	return Trouble{
		"登录用时过长",
		"为了保护您，登录必须在规定时间内完成。这次登录已经超时，没有发送任何信息。",
		"请回到该服务的网站重新登录。",
	}
}

func (chinese) ErrConsumed() Trouble {
	return Trouble{
		"这一步已经完成",
		"登录的每一步只能使用一次。您可能点击了后退或刷新了页面。",
		"请回到该服务的网站。您可能已经登录；如果没有，请重新开始。",
	}
}

func (chinese) ErrLevel() Trouble {
	return Trouble{
		"此项服务需要更高级别的身份验证",
		"您所用的登录方式没有达到该服务要求的级别。",
		"请重新登录并选择其他机构。您也可以向您的身份验证机构咨询如何提高级别。",
	}
}

func (chinese) ErrSuspended() Trouble {
	return Trouble{
		"目前已暂停使用",
		"所需的账户、身份验证机构或服务已被暂停。",
		"如果不是您本人要求暂停的，请联系我们，并告知下面的查询编号。",
	}
}

func (chinese) ErrRefused() Trouble {
	return Trouble{
		"无法接受该答复",
		"我们无法核实身份验证机构发来的内容。为了保护您，我们没有让您登录。",
		"请从该服务的网站重新登录。如果再次出现，请选择其他机构。",
	}
}

func (chinese) ErrTooMany() Trouble {
	return Trouble{
		"尝试次数过多",
		"短时间内来自您所在网络的请求非常多。为了保护所有人，我们暂时停止接受。",
		"请等待几分钟后再试。",
	}
}

func (chinese) ErrUnavailable() Trouble {
	return Trouble{
		"暂时无法使用",
		"这一步所需的某个部分没有响应。这不是您的问题。",
		"请过几分钟再试。",
	}
}

func (chinese) ErrInternal() Trouble {
	return Trouble{
		"我们的系统出现了问题",
		"系统发生了故障。这不是您的问题。",
		"请再试一次。如果再次出现，请联系我们，并告知下面的查询编号。",
	}
}

func (chinese) ErrTooLarge() Trouble {
	return Trouble{
		"一次发送的内容过多",
		"请求的大小超过了我们能接受的上限。没有任何内容被更改。",
		"请回到该服务的网站重新登录。",
	}
}

func (chinese) ErrMethod() Trouble {
	return Trouble{
		"不能用这种方式打开此页面",
		"这个网址存在，但不支持您的浏览器所请求的操作。",
		"请回到该服务的网站重新登录。",
	}
}

func (chinese) ErrHost() Trouble {
	return Trouble{
		"这不是本服务的网址",
		"您访问时使用的网址不属于我们。",
		"请前往您需要的政务服务网站，从那里登录。",
	}
}

func (chinese) ErrCookie() Trouble {
	return Trouble{
		"无法识别您的浏览器",
		"这次登录是在另一个浏览器或窗口中开始的，或者您的浏览器禁止本网站使用 Cookie。",
		"请允许本网站使用 Cookie，然后在同一个浏览器中从该服务的网站重新登录。",
	}
}

func (chinese) ErrForged() Trouble {
	return Trouble{
		"这个表单已经过时",
		"该表单不是从我们当前的页面提交的。没有任何内容被更改。",
		"请返回上一页，刷新后再试一次。",
	}
}

func (chinese) ErrNotSignedOut() Trouble {
	return Trouble{
		"您仍处于登录状态",
		"系统的某个部分没有响应，退出登录没有成功。",
		"请立即再试一次。如果您使用的是公用电脑，在看到已退出登录的提示之前请不要离开。",
	}
}

func (chinese) ErrRetry() string { return "再试一次" }
func (chinese) ErrReferenceUse() string {
	return "联系我们时请提供此编号。编号中不含您的任何个人信息。"
}

func (chinese) ErrOtherLanguages() string { return "其他语言的说明" }
