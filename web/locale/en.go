package locale

// english is the English catalogue.
type english struct{}

var _ Catalogue = english{}

func (english) SkipLink() string      { return "Skip to content" }
func (english) LanguageLabel() string { return "Language" }
func (english) FooterLabel() string   { return "About this site" }
func (english) NavStart() string      { return "Start page" }
func (english) NavProviders() string  { return "Identity providers" }
func (english) NavPrivacy() string    { return "How your data is shared" }
func (english) NavSignOut() string    { return "Sign out" }
func (english) NavHelp() string       { return "Help and complaints" }
func (english) Reference() string     { return "Reference number" }
func (english) AddressCheck(address string) string {
	return "Check the address bar of your browser: it must begin with " + address +
		". On these pages we never ask for your password or your PIN."
}
func (english) SigningInTo() string { return "You are signing in to" }
func (english) HelpPhone() string   { return "Telephone" }
func (english) HelpEmail() string   { return "E-mail" }
func (english) HelpOffice() string  { return "In person" }

func (english) StartTitle() string { return "One sign-in for government services" }
func (english) StartLead() string {
	return "Sign in once, with an identity provider that you already use. Every government service connected here will then recognise you."
}
func (english) StartHow() string { return "How to sign in" }
func (english) StartHow1() string {
	return "Open the website of the government service you need and choose to sign in there. It will bring you here."
}

func (english) StartHow2() string {
	return "Choose an identity provider that you already use, such as a government app or your bank."
}

func (english) StartHow3() string {
	return "Confirm there that it is you. You then return to the service, signed in."
}
func (english) StartSafe() string { return "What protects you" }
func (english) StartSafe1() string {
	return "Your password stays with your identity provider. We never see it and never ask for it."
}

func (english) StartSafe2() string {
	return "Before a service receives your data, we show you what it will receive and what for."
}

func (english) StartSafe3() string {
	return "When you sign out here, every service that you opened with this sign-in loses its access."
}

func (english) ChooseTitle() string { return "How would you like to sign in?" }
func (english) ChooseLead() string {
	return "Choose a provider that you already use. You confirm there that it is you, then you come back here."
}
func (english) ChooseNeeds() string { return "What this service asks for" }
func (english) ChooseWith(provider string) string {
	return "Continue with " + provider
}

func (english) ChooseRestricted() string {
	return "This way of signing in gives weaker protection against misuse. If you can, choose another one."
}

func (english) ChooseTrouble() string {
	return "This provider has not been answering reliably in the last few minutes. You can try it, or choose another one."
}

func (english) ChooseNone() string {
	return "At the moment there is no provider with which you could sign in to this service."
}

func (english) ChooseNoneNext() string {
	return "You have done nothing wrong. Please try again later, or ask the service how you can reach it another way."
}
func (english) ChooseCancel() string { return "Cancel and go back to the service" }
func (english) ProblemDenied(provider string) string {
	return "You stopped at " + provider + ", so you are not signed in yet."
}

func (english) ProblemUnavailable(provider string) string {
	return provider + " is not answering at the moment. The fault is not on your side."
}

func (english) ProblemLevel(provider string) string {
	return provider + " has confirmed who you are, but not as strongly as this service requires."
}

func (english) ProblemRefused(provider string) string {
	return "We could not accept the answer from " + provider + ". To protect you, we did not sign you in."
}

func (english) ProblemExpired(provider string) string {
	return "The confirmation at " + provider + " took too long and is no longer valid."
}

func (english) ProblemSuspended(provider string) string {
	return provider + " cannot be used for signing in at the moment."
}

func (english) ProblemTooMany(provider string) string {
	return "There were too many attempts with " + provider + ". Please wait a few minutes."
}

func (english) ProblemOther(provider string) string {
	return "Signing in with " + provider + " did not work."
}
func (english) ProblemNext() string { return "You can try again or choose another provider." }
func (english) AccountSuspended() string {
	return "Your account here is suspended, so you cannot sign in at the moment."
}

func (english) AccountTerminated() string {
	return "Your account here has been closed, so you cannot sign in with it any more."
}

func (english) AccountNext() string {
	return "If you did not ask for this yourself, please contact us and give the reference number at the end of this page."
}

func (english) IdentityAny() string { return "Any identity" }
func (english) IdentityBasic() string {
	return "Identity stated or checked in a simple way"
}
func (english) IdentityChecked() string { return "Identity checked against official records" }
func (english) IdentityHigh() string    { return "Identity checked most strictly" }
func (english) SignInAny() string       { return "Any way of signing in" }
func (english) SignInOne() string       { return "One proof when signing in" }
func (english) SignInTwo() string       { return "Two different proofs when signing in" }
func (english) SignInKey() string       { return "Two proofs, one of them a security key" }

func (english) WaitTitle() string { return "One moment, please" }
func (english) WaitText(provider string) string {
	return "We are checking the answer from " + provider + ". This page refreshes by itself; you can simply wait."
}
func (english) WaitAgain() string  { return "Check again now" }
func (english) LeaveTitle() string { return "Taking you onward" }
func (english) LeaveText(address string) string {
	return "You are going to " + address + ". If nothing happens, use the button."
}
func (english) LeaveLink() string { return "Continue" }

func (english) ConsentTitle(system string) string { return "Share your data with " + system + "?" }
func (english) ConsentLead(department, system string) string {
	return department + " would like to receive the following data about you for its service “" + system + "”."
}
func (english) ConsentNothingYet() string { return "Nothing has been sent yet." }
func (english) TellTitle(system string) string {
	return "What “" + system + "” receives about you"
}

func (english) TellLead(department, system string) string {
	return department + " receives the following data about you for its service “" + system + "”."
}
func (english) ConsentNeeded() string { return "Needed for this service" }
func (english) ConsentNeededText() string {
	return "The service cannot work without this data. It is sent only if you agree below."
}
func (english) ConsentOptional() string { return "Your free choice" }
func (english) ConsentOptionalText() string {
	return "Tick only what you want to share. The service also works without it."
}
func (english) ConsentTold() string { return "Sent without asking for consent" }
func (english) ConsentToldText() string {
	return "For this data the law gives another ground than your consent, so we do not ask. We tell you what is sent and why."
}
func (english) ConsentPurpose() string { return "What for" }
func (english) ConsentGround() string  { return "Legal ground" }
func (english) ConsentIfNot() string   { return "If you do not agree" }
func (english) ConsentIfNotNeeded(system string) string {
	return "You cannot use “" + system + "” with this sign-in."
}
func (english) ConsentIfNotOptional() string { return "You can use the service all the same." }
func (english) ConsentTick(attribute string) string {
	return "Yes, share: " + attribute
}

func (english) HigherTitle() string { return "Your identity is confirmed more strongly than needed" }

func (english) HigherText(system string) string {
	return "You signed in with a higher level of identity than “" + system + "” needs. It is used there only if you agree."
}
func (english) HigherHave() string   { return "Your sign-in" }
func (english) HigherNeed() string   { return "Needed" }
func (english) OfflineTitle() string { return "Staying connected" }
func (english) OfflineTick(system string) string {
	return "Let " + system + " keep working for you between visits, while you are signed in here"
}

func (english) OfflineText() string {
	return "It gets no more than you agreed to above, only without sending you here each time. It ends when you sign out, and you can take it back at any time."
}
func (english) ConsentDecide() string { return "Your decision" }
func (english) ConsentIfDenied(system string) string {
	return "If you do not agree, nothing is sent. You return to “" + system + "” without being signed in there."
}

func (english) ConsentRemembered() string {
	return "We remember your decision and ask again if the service changes what it asks for. You can withdraw your consent at any time; what was lawfully sent before stays lawful. Help and complaints, below, tells you how to reach us."
}
func (english) ConsentAllow() string    { return "I agree, continue" }
func (english) ConsentContinue() string { return "Continue" }
func (english) ConsentDeny() string     { return "I do not agree" }
func (english) ConsentComplaint(department string) string {
	return "Complain to " + department + " or have data corrected"
}
func (english) ConsentPolicy() string  { return "Read how your data is shared" }
func (english) BasisLegalDuty() string { return "A law obliges the authority to process this data." }

func (english) BasisPublicTask() string {
	return "The authority needs it for a public task given to it by law."
}

func (english) BasisContract() string {
	return "It is needed for a contract with you, or one that you asked for."
}

func (english) BasisVitalInterest() string { return "It is needed to avert danger to life or health." }

func (english) BasisLegitimate() string {
	return "It is needed for a legitimate interest that does not outweigh your rights."
}

func (english) BasisArchive() string {
	return "It is needed for archives, research or statistics in the public interest."
}

func (english) AttrCitizenID() string    { return "Citizen number" }
func (english) AttrTitle() string        { return "Title (Thai)" }
func (english) AttrGivenName() string    { return "First name (Thai)" }
func (english) AttrMiddleName() string   { return "Middle name (Thai)" }
func (english) AttrFamilyName() string   { return "Family name (Thai)" }
func (english) AttrName() string         { return "Full name (Thai)" }
func (english) AttrTitleEN() string      { return "Title (English)" }
func (english) AttrGivenNameEN() string  { return "First name (English)" }
func (english) AttrMiddleNameEN() string { return "Middle name (English)" }
func (english) AttrFamilyNameEN() string { return "Family name (English)" }
func (english) AttrNameEN() string       { return "Full name (English)" }
func (english) AttrBirthdate() string    { return "Date of birth" }
func (english) AttrGender() string       { return "Gender" }
func (english) AttrAddress() string      { return "Address on the identity card" }

func (english) SignOutTitle() string { return "Do you want to sign out?" }
func (english) SignOutText() string {
	return "This ends your sign-in in this browser, and the access of every government service that you opened with it."
}
func (english) SignOutButton() string  { return "Sign out" }
func (english) SignOutStay() string    { return "Stay signed in" }
func (english) SignedOutTitle() string { return "You are signed out" }
func (english) SignedOutLead() string {
	return "There is no sign-in in this browser any more."
}

func (english) SignedOutServices() string {
	return "The services that you opened with it can no longer use it to fetch data about you from here."
}

func (english) SignedOutOpenPages() string {
	return "Pages of a service that are still open may still show what they showed before. Close them."
}

func (english) SignedOutProvider() string {
	return "You may still be signed in at your identity provider, for example your bank. Sign out there too if you wish."
}

func (english) SignedOutShared() string {
	return "On a shared computer, close all browser windows before you leave."
}

func (english) RegisterTitle() string { return "Identity providers" }
func (english) RegisterLead() string {
	return "With these providers you can sign in to government services. For each you see how strongly it may confirm your identity, and until when."
}
func (english) RegisterEmpty() string     { return "No provider is connected at the moment." }
func (english) RegisterIdentity() string  { return "Identity, at most" }
func (english) RegisterSignIn() string    { return "Sign-in, at most" }
func (english) RegisterFrom() string      { return "Valid from" }
func (english) RegisterUntil() string     { return "Valid until" }
func (english) RegisterStatus() string    { return "Status" }
func (english) RegisterActive() string    { return "In service" }
func (english) RegisterSuspended() string { return "Suspended" }
func (english) RegisterNotYet() string    { return "Not yet valid" }
func (english) RegisterExpired() string   { return "Expired" }
func (english) RegisterLevels() string    { return "Which levels can be connected" }
func (english) RegisterLevelsText() string {
	return "A service says which levels it needs. Only providers that reach both of them are offered to you."
}
func (english) RegisterReachable() string { return "Reachable today with at least one provider" }
func (english) RegisterNone() string      { return "none" }

func (english) PolicyTitle() string { return "How your data is shared" }
func (english) PolicyLead() string {
	return "This page says which data about you passes through here, who receives it and why, and what you can do about it."
}

func (english) PolicyWho(operator string) Section {
	return Section{"Who is responsible", []string{
		operator + " operates this sign-in. Each authority that receives data is itself responsible for what it then does with it.",
	}}
}

func (english) PolicyWhat() Section {
	return Section{"Which data we receive", []string{
		"When you sign in, your identity provider confirms who you are. It may send us the following data:",
	}}
}

func (english) PolicyNever() Section {
	return Section{"What we never pass on", []string{
		"The laser code on the back of your identity card, the number of its chip and the number of the card application are discarded when they arrive. We neither store them nor pass them on.",
		"We never receive your password, your PIN, your fingerprint or a picture of your face.",
	}}
}

func (english) PolicyWhom() Section {
	return Section{"Who receives it", []string{
		"Only the service that you are signing in to, and only the items entered for it in the register. You see them before they are sent for the first time.",
		"Each authority knows you here under a different random number. From these numbers, authorities cannot find out that they serve the same person.",
	}}
}

func (english) PolicyWhy() Section {
	return Section{"On which ground", []string{
		"We ask for your consent, separately for each purpose. What is not needed for a service you may refuse without losing the service.",
		"Where a law gives another ground, we do not ask but we name the ground. Your data is not used for any other purpose.",
	}}
}

func (english) PolicyKeep() Section {
	return Section{"How it is protected and how long it is kept", []string{
		"Data from your identity provider is kept only while you are signed in, and encrypted. The key is with your browser and with the services that you are using; our staff cannot read the data.",
		"When you sign out, or your sign-in ends by itself, the encrypted data is destroyed.",
		"Of your citizen number we keep only a value computed from it with a secret key, so that you remain one person with every provider. The number cannot be read from it.",
	}}
}

func (english) PolicyRecord() Section {
	return Section{"What we record", []string{
		"We record when, with which provider and for which service you signed in, and what you decided about your data. The record contains no name, no citizen number and no address. It is kept for at least six months, and as long as the law requires.",
	}}
}

func (english) PolicyCookies() Section {
	return Section{"Cookies", []string{
		"We use three cookies and no others: one for your sign-in, one that ties a sign-in under way to your browser, and one for your language. None follows you to other websites.",
	}}
}

func (english) PolicyRights() Section {
	return Section{"Your rights", []string{
		"You may ask what is held about you, have it corrected, withdraw your consent at any time and object. Withdrawing is free of charge; the next time, we ask you again. What was lawfully sent before stays lawful.",
	}}
}

func (english) PolicyComplaint() Section {
	return Section{"Help and complaints", []string{
		"If something is wrong, tell us. You may also complain to the authority concerned and to the Personal Data Protection Committee.",
	}}
}

func (english) ProblemOtherPerson() string {
	return "The identity that you confirmed is not that of the person who is using this service."
}

func (english) ConsentsTitle() string { return "Your consents" }

func (english) ConsentsDone() string {
	return "Taken back. That service gets no more of this data. It asks you again when you next sign in there."
}

func (english) ConsentsLead() string {
	return "Here is what you have decided about sharing your data, service by service. You can take a consent back at any time."
}
func (english) ConsentsEmpty() string     { return "You have not decided anything yet." }
func (english) ConsentsDecision() string  { return "Your decision" }
func (english) ConsentsGiven() string     { return "You agreed" }
func (english) ConsentsDeclined() string  { return "You did not agree" }
func (english) ConsentsWithdrawn() string { return "You took your consent back" }
func (english) ConsentsTold() string      { return "Sent on another legal ground; you were told" }
func (english) ConsentsWithdraw() string  { return "Take back my consent" }
func (english) NavConsents() string       { return "Your consents" }
