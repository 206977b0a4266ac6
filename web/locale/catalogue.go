package locale

// Trouble is what an error page says, in the person's words.
type Trouble struct {
	Title string // what the page is called
	What  string // what happened
	Next  string // what to do now
}

// Section is a part of a longer text.
type Section struct {
	Heading    string
	Paragraphs []string
}

// Catalogue is the dictionary: every text of every page. It has far more methods than an interface should (house rule 6
// methods) because it is no dependency but the list of keys: nobody outside this package implements it, and the compiler
// uses it to prove each language complete.
//
// Parameters are texts in the language of the page where there is one: names of systems, departments and providers.
// The templates escape them.
type Catalogue interface {
	frameTexts
	startTexts
	chooseTexts
	levelTexts
	waitTexts
	stepUpTexts
	promptTexts
	partyTexts
	entityTexts
	serviceTexts
	noticeTexts
	logoutTexts
	withdrawalTexts
	complaintTexts
	applicationTexts
	accountTexts
	contactTexts
	deviceTexts
	recordTexts
	switchTexts
	delegationTexts
	itemDeskTexts
	staffTexts
	reviewTexts
	decisionTexts
	evidenceTexts
	portalTexts
	historyTexts
	lifeTexts
	linkTexts
	noticeKindTexts
	itemReasonTexts
	itemsTexts
	consentTexts
	attributeTexts
	errorTexts
	signOutTexts
	registerTexts
	policyTexts
}

// frameTexts are around every page.
type frameTexts interface {
	SkipLink() string
	LanguageLabel() string
	FooterLabel() string
	NavStart() string
	NavProviders() string
	NavPrivacy() string
	NavSignOut() string
	NavHelp() string
	Reference() string
	AddressCheck(address string) string // SES-22: how to tell this page from a false one
	SigningInTo() string                // stands above the name of the system
	HelpPhone() string
	HelpEmail() string
	HelpOffice() string // PRV-14: in person
}

// startTexts are on the start page.
type startTexts interface {
	StartTitle() string
	StartLead() string
	StartHow() string
	StartHow1() string
	StartHow2() string
	StartHow3() string
	StartSafe() string
	StartSafe1() string
	StartSafe2() string
	StartSafe3() string
}

// chooseTexts are on the page where the person chooses a provider.
type chooseTexts interface {
	ChooseTitle() string
	ChooseLead() string
	ChooseNeeds() string
	ChooseWith(provider string) string
	ChooseRestricted() string // LOA-15
	ChooseTrouble() string    // OPS-06
	ChooseNone() string
	ChooseNoneNext() string
	ChooseCancel() string
	ProblemDenied(provider string) string
	ProblemUnavailable(provider string) string
	ProblemLevel(provider string) string
	ProblemRefused(provider string) string
	ProblemExpired(provider string) string
	ProblemSuspended(provider string) string
	ProblemTooMany(provider string) string
	ProblemOther(provider string) string
	ProblemOtherPerson() string
	ProblemNext() string
	AccountSuspended() string  // LIF-03
	AccountTerminated() string // LIF-03
	AccountNext() string
}

// levelTexts explain assurance levels.
type levelTexts interface {
	IdentityAny() string
	IdentityBasic() string   // IAL 1.x
	IdentityChecked() string // IAL 2.x
	IdentityHigh() string    // IAL 3
	SignInAny() string
	SignInOne() string // AAL 1
	SignInTwo() string // AAL 2.x
	SignInKey() string // AAL 3
}

// waitTexts are on the pages between.
type waitTexts interface {
	WaitTitle() string
	WaitText(provider string) string
	WaitAgain() string
	LeaveTitle() string
	LeaveText(address string) string
	LeaveLink() string
}

// consentTexts are on the page that asks what may be sent to a department.
type consentTexts interface {
	ConsentTitle(system string) string
	ConsentLead(department, system string) string
	ConsentNothingYet() string
	TellTitle(system string) string // where nothing is asked, only told
	TellLead(department, system string) string
	ConsentNeeded() string
	ConsentNeededText() string
	ConsentOptional() string
	ConsentOptionalText() string
	ConsentTold() string
	ConsentToldText() string
	ConsentPurpose() string
	ConsentGround() string
	ConsentIfNot() string
	ConsentIfNotNeeded(system string) string
	ConsentIfNotOptional() string
	ConsentTick(attribute string) string
	HigherTitle() string
	HigherText(system string) string
	HigherHave() string
	HigherNeed() string
	OfflineTitle() string
	OfflineTick(system string) string
	OfflineText() string
	ConsentDecide() string
	ConsentIfDenied(system string) string
	ConsentRemembered() string
	ConsentAllow() string
	ConsentContinue() string // where there is nothing to allow, only something to be told
	ConsentDeny() string
	ConsentComplaint(department string) string
	ConsentPolicy() string
	BasisLegalDuty() string
	BasisPublicTask() string
	BasisContract() string
	BasisVitalInterest() string
	BasisLegitimate() string
	BasisArchive() string
}

// attributeTexts name the attributes of the hub's dictionary.
type attributeTexts interface {
	AttrCitizenID() string
	AttrTitle() string
	AttrGivenName() string
	AttrMiddleName() string
	AttrFamilyName() string
	AttrName() string
	AttrTitleEN() string
	AttrGivenNameEN() string
	AttrMiddleNameEN() string
	AttrFamilyNameEN() string
	AttrNameEN() string
	AttrBirthdate() string
	AttrGender() string
	AttrAddress() string
}

// errorTexts are on error pages: one Trouble for each meaning of a failure.
type errorTexts interface {
	ErrInvalid() Trouble
	ErrNotFound() Trouble
	ErrConflict() Trouble
	ErrUnauthenticated() Trouble
	ErrDenied() Trouble
	ErrExpired() Trouble
	ErrConsumed() Trouble
	ErrLevel() Trouble
	ErrSuspended() Trouble
	ErrRefused() Trouble
	ErrTooMany() Trouble
	ErrUnavailable() Trouble
	ErrInternal() Trouble
	ErrTooLarge() Trouble
	ErrMethod() Trouble
	ErrHost() Trouble
	ErrCookie() Trouble
	ErrForged() Trouble
	ErrNotSignedOut() Trouble
	ErrRetry() string
	ErrReferenceUse() string
	ErrOtherLanguages() string
}

// signOutTexts are on the way out.
type signOutTexts interface {
	SignOutTitle() string
	SignOutText() string
	SignOutButton() string
	SignOutStay() string
	SignedOutTitle() string
	SignedOutLead() string
	SignedOutServices() string
	SignedOutOpenPages() string
	SignedOutProvider() string
	SignedOutShared() string
}

// registerTexts are on the public register of providers (LOA-02, LOA-03).
type registerTexts interface {
	RegisterTitle() string
	RegisterLead() string
	RegisterEmpty() string
	RegisterIdentity() string
	RegisterSignIn() string
	RegisterFrom() string
	RegisterUntil() string
	RegisterStatus() string
	RegisterActive() string
	RegisterSuspended() string
	RegisterNotYet() string
	RegisterExpired() string
	RegisterLevels() string
	RegisterLevelsText() string
	RegisterReachable() string
	RegisterNone() string

	// The person's own decisions.
	ConsentsTitle() string
	ConsentsDone() string
	ConsentsLead() string
	ConsentsEmpty() string
	ConsentsDecision() string
	ConsentsGiven() string
	ConsentsDeclined() string
	ConsentsWithdrawn() string
	ConsentsTold() string
	ConsentsWithdraw() string
	NavConsents() string
}

// policyTexts are the published policy of disclosure (PRV-08).
type policyTexts interface {
	PolicyTitle() string
	PolicyLead() string
	PolicyWho(operator string) Section
	PolicyWhat() Section
	PolicyNever() Section
	PolicyWhom() Section
	PolicyWhy() Section
	PolicyKeep() Section
	PolicyRecord() Section
	PolicyCookies() Section
	PolicyRights() Section
	PolicyComplaint() Section
}
