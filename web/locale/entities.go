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
	EntityReviewHint() string
	EntityStatement() string
	EntityStatementHint() string
	EntityUnclaim() string
	EntityClaimWithdrawn(date string) string
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

func (english) EntityReviewHint() string {
	return "What you write here and your name, as your provider attests it, then wait for them sealed, until they decide and 30 days at most."
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

func (english) EntityStatement() string {
	return "How you prove it"
}

func (english) EntityStatementHint() string {
	return "For our staff: your office, since when, and the papers that say so with date and number. No citizen numbers."
}

func (english) EntityUnclaim() string {
	return "Take it back"
}

func (english) EntityClaimWithdrawn(date string) string {
	return "Taken back on " + date
}
