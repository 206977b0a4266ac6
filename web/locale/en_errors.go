package locale

func (english) ErrInvalid() Trouble {
	return Trouble{
		"This request could not be understood",
		"The link or the form that brought you here is incomplete or damaged. Nothing was changed.",
		"Go back to the website of the service and start signing in again. If this happens every time, tell the service.",
	}
}

func (english) ErrNotFound() Trouble {
	return Trouble{
		"This page does not exist",
		"The address may be mistyped, or the sign-in that it belonged to is over.",
		"Go back to the website of the service and start signing in again.",
	}
}

func (english) ErrConflict() Trouble {
	return Trouble{
		"This step is already under way",
		"You may have pressed a button twice, or have the same sign-in open in two windows.",
		"Close the other windows and go on in one. If that does not work, start signing in again from the website of the service.",
	}
}

func (english) ErrUnauthenticated() Trouble {
	return Trouble{
		"Please sign in first",
		"You are not signed in, or your sign-in has ended.",
		"Go to the website of the service and sign in there.",
	}
}

func (english) ErrDenied() Trouble {
	return Trouble{
		"This was not allowed",
		"You or the service stopped this step, so nothing was sent and you are not signed in.",
		"If you want to use the service, go back to its website and start signing in again.",
	}
}

func (english) ErrExpired() Trouble {
	return Trouble{
		"This sign-in took too long",
		"For your protection a sign-in must be finished within a limited time. This one is over. Nothing was sent.",
		"Go back to the website of the service and start signing in again.",
	}
}

func (english) ErrConsumed() Trouble {
	return Trouble{
		"This step has already been done",
		"Each step of a sign-in works only once. You may have gone back or reloaded the page.",
		"Go back to the website of the service. You may already be signed in there; if not, start again.",
	}
}

func (english) ErrLevel() Trouble {
	return Trouble{
		"This service needs a stronger proof of identity",
		"The way in which you signed in does not reach the level that the service requires.",
		"Start signing in again and choose another provider. You can also ask your provider how to raise your level.",
	}
}

func (english) ErrSuspended() Trouble {
	return Trouble{
		"Not in service at the moment",
		"The account, the provider or the service that is needed for this has been suspended.",
		"If you did not ask for this yourself, please contact us and give the reference number below.",
	}
}

func (english) ErrRefused() Trouble {
	return Trouble{
		"The answer could not be accepted",
		"What we received from the identity provider could not be verified. To protect you, we did not sign you in.",
		"Start signing in again from the website of the service. If it happens again, choose another provider.",
	}
}

func (english) ErrTooMany() Trouble {
	return Trouble{
		"Too many attempts",
		"Within a short time there were very many requests from your connection. We have paused it for a moment, to protect everyone.",
		"Please wait a few minutes and try again.",
	}
}

func (english) ErrUnavailable() Trouble {
	return Trouble{
		"Not available at the moment",
		"Something that is needed for this step did not answer. The fault is not on your side.",
		"Please try again in a few minutes.",
	}
}

func (english) ErrInternal() Trouble {
	return Trouble{
		"Something went wrong on our side",
		"A fault occurred here. You have done nothing wrong.",
		"Please try again. If it happens again, contact us and give the reference number below.",
	}
}

func (english) ErrTooLarge() Trouble {
	return Trouble{
		"Too much was sent at once",
		"The request was larger than we accept. Nothing was changed.",
		"Go back to the website of the service and start signing in again.",
	}
}

func (english) ErrMethod() Trouble {
	return Trouble{
		"This page cannot be opened in this way",
		"The address exists, but not for what your browser asked of it.",
		"Go back to the website of the service and start signing in again.",
	}
}

func (english) ErrHost() Trouble {
	return Trouble{
		"This is not the address of this service",
		"You reached us under a name that is not ours.",
		"Please go to the website of the government service that you need and sign in from there.",
	}
}

func (english) ErrCookie() Trouble {
	return Trouble{
		"We could not recognise your browser",
		"This sign-in was started in another browser or window, or your browser blocks cookies for this site.",
		"Allow cookies for this site, then start signing in again from the website of the service, in the same browser.",
	}
}

func (english) ErrForged() Trouble {
	return Trouble{
		"This form was too old",
		"The form did not come from a current page of ours. Nothing was changed.",
		"Go back, reload the page and try again.",
	}
}

func (english) ErrNotSignedOut() Trouble {
	return Trouble{
		"You are still signed in",
		"Signing out did not work, because a part of the system did not answer.",
		"Please try again now. If you are on a shared computer, do not leave it before you see that you are signed out.",
	}
}

func (english) ErrRetry() string { return "Try again" }
func (english) ErrReferenceUse() string {
	return "If you contact us, please give this number. It tells nothing about you."
}

func (english) ErrOtherLanguages() string { return "This message in other languages" }
