package app

import (
	"slices"
	"strings"
	"time"

	"onedoor/hub/consent"
	"onedoor/web/console"
	"onedoor/web/portal"
)

// try is a good request to a route: {x} stands for a thing of the tenancy.
type try struct {
	// whose is to whom what it would change or show belongs: a tenant or an actor. own: everybody does it to what is theirs. nobodys: there is
	// nothing of anybody's in it, or who asks is told by what they bring with them (a protocol message, a code).
	whose string
	also  string // who else may, because a part of it is theirs
	// knows are those who may be told that it is there: they have asked for it.
	knows  []string
	about  string // of the token of its form
	form   string
	json   string
	text   string // a body of plain lines
	query  string
	path   string // where the things of the path are others than the route's own words say
	match  string // If-Match
	cookie string
	basic  bool
	// quiet says why a good request changes nothing that can be seen here.
	quiet string
}

const (
	own     = "own"
	nobodys = "nobody's"
)

// Why a good request changes nothing that is seen.
const (
	signsIn  = "it begins a sign-in, in a transaction of the browser's own"
	shows    = "it only shows a page"
	ceremony = "the answer of a machine can't be made here: web/portal has tests with one"
	message  = "it takes a message of a protocol, which has tests of its own"
	answers  = "it answers, and changes nothing"
	forgets  = "the browser forgets a cookie"
	keyStays = "a key that is made stays: it is not taken back"
)

// protocols are the paths of what departments' systems and identity providers speak: which systems there are is public.
var protocols = []string{"/forward/", "/saml2/", "/login/saml/", "/login/callback/", "/oauth2/", "/.well-known/", "/logout/upstream/", "/static/"}

// whoseOf fills in whose what a GET shows is.
func (x try) whoseOf(route string) try {
	_, path, _ := strings.Cut(route, " ")
	switch {
	case x.whose != "":
	case slices.ContainsFunc(protocols, func(p string) bool { return strings.HasPrefix(path, p) }):
		x.whose = nobodys
	case strings.HasPrefix(path, "/login/"):
		x.whose = "citizen-x"
	case strings.Contains(path, "{entity}"):
		x.whose = "entity-e"
	default:
		x.whose = "alpha"
	}
	return x
}

const itemForm = "names.th=%E0%B8%81&names.en=New&names.zh=%E7%94%B2&names.vi=%C3%A1&category=other&group=3&sensitivity=sensitive&status=suspended&actions=query" +
	"&demands.least.ial=2.1&demands.least.aal=2.1&demands.person=lockable"

// tries lists how each route is tried. A GET whose words in braces are things of the tenancy needs no line: it is tried as it stands.
func tries() map[string][]try {
	all := map[string][]try{
		"GET /me/history/export":                        {{query: "format=csv&area=&back="}},
		"GET /console/statistics/_/{form}":              {{path: "/console/statistics/_/csv"}},
		"GET /console/statistics/{department}/_/{form}": {{path: "/console/statistics/{department}/_/csv"}},
		"GET /act/{invitation}":                         {{path: "/act/{entity.secret}"}},
		"GET /join/{invitation}":                        {{path: "/join/{invitation.secret}"}},
		"GET /signed-out/{view}/visit/{notice}":         {{}},
		"GET /staff":                                    {{}, {cookie: console.InvitationCookie + "={invitation.secret}"}},
		"GET /oauth2/statuslist/{list}":                 {{path: "/oauth2/statuslist/1"}},
		"GET /static/{name...}":                         {{path: "/static/app.css"}},
		"GET /oauth2/register/{client}":                 {{path: "/oauth2/register/sandbox-{case}"}},
		"GET /ssf/streams":                              {{}, {query: "stream_id={stream}"}},
		"GET /ssf/status":                               {{query: "stream_id={stream}"}},
		"GET /logout/notices":                           {{basic: true}},
		"GET /api/admin/v1/staff/posts":                 {{query: "department={department}"}},
		"GET /api/admin/v1/staff/invitations":           {{query: "department={department}"}},
		"GET /api/admin/v1/audit/events":                {{query: "system={system}"}, {}},
		"GET /console/record/{department}":              {{}, {query: "kind=binding."}},

		"POST /sign-in":  {{about: "sign-in", form: "page=/me", whose: own, quiet: signsIn}},
		"POST /logout":   {{about: "sign-out", whose: own}, {about: "sign-out", form: "what=everywhere", whose: own}, {about: "sign-out", form: "what={system}.only", whose: own}},
		"POST /consents": {{about: "consents", form: "system={system}", whose: own}},
		"POST /sessions": {{about: "sessions", form: "session={session.other}", whose: "citizen-x"}, {about: "sessions", whose: own}},

		"POST /contacts/sign-in": {{about: "contacts", whose: own, quiet: signsIn}},
		"POST /contacts/add":     {{about: "contacts", form: "kind=email&address={me}@other.example", whose: own}},
		"POST /contacts/code":    {{about: "contacts", form: "contact={contact}&code=000000", whose: "citizen-x"}},
		"POST /contacts/resend":  {{about: "contacts", form: "contact={contact}", whose: "citizen-x"}},
		"POST /contacts/remove":  {{about: "contacts", form: "contact={contact}", whose: "citizen-x"}},

		"POST /me/account/sign-in":   {{about: "life", whose: own, quiet: signsIn}},
		"POST /me/account/lost":      {{about: "life", whose: own}},
		"POST /me/account/suspend":   {{about: "life", form: "reason=requested", whose: own}},
		"POST /me/account/close":     {{about: "life", form: "understood=yes", whose: own}},
		"POST /me/providers/sign-in": {{about: "links", whose: own, quiet: signsIn}},
		"POST /me/providers/add":     {{about: "links", whose: own, quiet: signsIn}},
		"POST /me/providers/allow":   {{about: "links", form: "link={link.removed}", whose: "citizen-x"}},
		"POST /me/providers/remove":  {{about: "links", form: "link={link}", whose: "citizen-x"}},
		"POST /me/records/ask":       {{about: "records", form: "department=alpha&kind=plot", whose: own}},
		"POST /me/records/claim":     {{about: "records", form: "department=alpha&kind=file&number=7310049982&proof-proof=x&keep=1", whose: own}},
		"POST /me/records/unbind":    {{about: "records", form: "binding={bound}", whose: "citizen-x"}},
		"POST /me/records/take-back": {{about: "records", form: "binding={case}", whose: "citizen-x"}},
		"POST /me/counter":           {{about: "records", form: "number={sitting}", whose: own, quiet: answers}},
		"POST /me/counter/{sitting}": {{about: "counter", form: "kind=card", whose: "citizen-x"}},
		"POST /me/services/lock":     {{about: "services", form: "item=alpha-lockable", whose: own}},
		"POST /me/services/open":     {{about: "services", form: "item=alpha-asked", whose: own}},

		"POST /me/complaints":                    {{about: "complaints", form: "kind=complaint&to=alpha&text=TEXT+OF+{me}", whose: own}},
		"POST /me/complaints/withdraw":           {{about: "complaints", form: "reference={letter}", whose: "citizen-x"}},
		"POST /entities/sign-in":                 {{about: "entities", whose: own, quiet: signsIn}},
		"POST /entities/register":                {{about: "entities", form: "kind=th.juristic&number=0994000617721&name=New&review=yes", whose: own}},
		"POST /entities/join":                    {{about: "entities", cookie: portal.EntityCookie + "={entity.secret}", whose: "citizen-y"}},
		"POST /entities/unclaim":                 {{about: "entities", form: "claim={claim.y}", whose: "citizen-y"}},
		"POST /entities/decline":                 {{about: "entities", whose: own, quiet: forgets}},
		"POST /entities/leave":                   {{about: "entities", form: "seat={seat}", whose: "operator-e"}},
		"POST /entities/{entity}/sign-in":        {{about: "entities", whose: own, quiet: signsIn}},
		"POST /entities/{entity}/invite":         {{about: "entities", form: "role=operator&label=New&department=alpha&days=90", whose: "entity-e"}},
		"POST /entities/{entity}/give":           {{about: "entities", form: "seat={seat}&department=beta&days=90", whose: "entity-e"}},
		"POST /entities/{entity}/take-back":      {{about: "entities", form: "invitation={entity.invitation}", whose: "entity-e"}},
		"POST /entities/{entity}/withdraw":       {{about: "entities", form: "mandate={mandate}", whose: "entity-e", also: "operator-e"}},
		"POST /entities/{entity}/remove":         {{about: "entities", form: "seat={seat}", whose: "entity-e", also: "operator-e"}},
		"POST /entities/{entity}/records/ask":    {{about: "records", form: "department=beta&kind=firm", whose: "entity-e"}},
		"POST /entities/{entity}/records/claim":  {{about: "records", form: "department=beta&kind=firm&number=7310049982&proof-proof=x", whose: "entity-e"}},
		"POST /entities/{entity}/records/unbind": {{about: "records", form: "binding={firm}", whose: "entity-e"}},
		"POST /entities/{entity}/items/sign-in":  {{about: "delegations", whose: "entity-e", quiet: signsIn}},
		"POST /entities/{entity}/items/give":     {{about: "delegations", form: "item=alpha-shared&operator={seat}&place={place}", whose: "entity-e"}},
		"POST /entities/{entity}/items/withdraw": {{about: "delegations", form: "delegation={delegation}", whose: "entity-e"}},
		"POST /entities/{entity}/places/sign-in": {{about: "delegations", whose: "entity-e", quiet: signsIn}},
		"POST /entities/{entity}/places/add":     {{about: "delegations", form: "label=New&networks=192.0.2.0/24", whose: "entity-e"}},
		"POST /entities/{entity}/places/remove":  {{about: "delegations", form: "place={place}", whose: "entity-e"}},

		"POST /staff/sign-in":                    {{about: "staff", whose: own, quiet: signsIn}},
		"POST /staff/join":                       {{about: "staff", cookie: console.InvitationCookie + "={invitation.secret}", whose: own}},
		"POST /staff/decline":                    {{about: "staff", whose: own, quiet: forgets}},
		"POST /staff/bindings/sign-in":           {{about: "cases", whose: own, quiet: signsIn}},
		"POST /staff/bindings/{binding}/sign-in": {{about: "cases", whose: own, quiet: signsIn}},
		"POST /staff/bindings/find":              {{about: "cases", form: "records=alpha/file&number=7310049982", whose: "alpha", quiet: answers}},
		"POST /staff/bindings/{binding}/move":    {{path: "/staff/bindings/{bound}/move", about: "cases", form: "to=suspended&why=suspicious", whose: "alpha"}},
		"POST /staff/bindings/{binding}/decline": {{path: "/staff/bindings/{bound}/decline", about: "cases", whose: "alpha", quiet: "nobody wants anything of it"}},
		"POST /staff/cases/sign-in":              {{about: "cases", whose: own, quiet: signsIn}},
		"POST /staff/cases/counter":              {{about: "cases", form: "sitting={sitting}&code={code}", whose: "alpha"}},
		"POST /staff/cases/sit":                  {{about: "cases", form: "department=alpha", whose: "alpha", also: "reviewer-south"}},
		"POST /staff/cases/{case}/sign-in":       {{about: "cases", whose: own, quiet: signsIn}},
		"POST /staff/cases/{case}/take":          {{about: "cases", whose: "alpha"}},
		"POST /staff/cases/{case}/release":       {{about: "cases", path: "/staff/cases/{held}/release", whose: "alpha"}},
		"POST /staff/cases/{case}/approve":       {{about: "cases", path: "/staff/cases/{held}/approve", whose: "alpha"}},
		"POST /staff/cases/{case}/name":          {{about: "cases", path: "/staff/cases/{held}/name", form: "number=7310050006", whose: "alpha"}},
		"POST /staff/cases/{case}/reject":        {{about: "cases", path: "/staff/cases/{held}/reject", form: "why=mismatch", whose: "alpha"}},
		"POST /staff/cases/{case}/area":          {{about: "cases", form: "area=north", whose: "alpha"}},
		"POST /staff/cases/{case}/ask":           {{about: "cases", path: "/staff/cases/{held}/ask", form: "extra=proof", whose: "alpha"}},
		"POST /staff/applications/sign-in":       {{about: "applications", whose: own, quiet: signsIn}},
		"POST /staff/applications/decide": {
			{about: "applications", form: "opening={opening}&decision=approve", whose: "alpha", knows: []string{"citizen-x"}},
			{about: "applications", form: "delegation={proposed}&decision=approve", whose: "alpha", knows: []string{"entity-e", "operator-e"}},
			{about: "applications", form: "opening={opening}&decision=refuse", whose: "alpha", knows: []string{"citizen-x"}},
			{about: "applications", form: "delegation={proposed}&decision=refuse", whose: "alpha", knows: []string{"entity-e", "operator-e"}},
		},

		"POST /console/_/sign-in":                            {{about: "console", form: "page=/console", whose: own, quiet: signsIn}},
		"POST /console/keys/_/rotate":                        {{about: "console", form: "use=sign&alg=ES256", whose: "platform"}},
		"POST /console/notices/_/retry":                      {{about: "console", form: "notice={notice}", whose: "platform"}},
		"POST /console/notices/{department}/_/retry":         {{about: "console", form: "notice={notice}", whose: "alpha"}},
		"POST /console/campaigns/{campaign}/_/retry":         {{about: "console", whose: "platform"}},
		"POST /console/edit-item/{department}/{item}/_/save": {{about: "console", form: itemForm + "&version={item.version}", whose: "alpha"}},
		"POST /console/new-item/{department}/_/save":         {{about: "console", form: itemForm + "&version=0&id={department}-new", whose: "alpha"}},
		"POST /console/items/{department}/{item}/_/confirm":  {{about: "console", form: "draft={draft}", whose: "alpha"}},
		"POST /console/items/{department}/{item}/_/decline":  {{about: "console", form: "draft={draft}", whose: "alpha"}},
		"POST /console/items/{department}/{item}/_/move":     {{about: "console", form: "to=offered&reason=settled&version={item.version}", whose: "alpha"}},
		"POST /console/items/{department}/{item}/_/retire":   {{about: "console", form: "sure={item}&version={item.version}", whose: "alpha"}},
		"POST /console/providers/{provider}/_/suspend":       {{about: "console", form: "reason=incident", whose: "platform"}},
		"POST /console/providers/{provider}/_/resume":        {{about: "console", form: "reason=settled", whose: "platform", quiet: "it is not suspended"}},
		"POST /console/systems/{system}/_/move":              {{about: "console", form: "to=suspended&reason=incident", whose: "alpha"}},
		"POST /console/systems/{system}/_/propose":           {{about: "console", path: "/console/systems/{moved}/_/propose", form: "tested=report-1&version={moved.version}", whose: "alpha"}},
		"POST /console/systems/{system}/_/rotate":            {{about: "console", form: "connection=oidc&overlap=day", whose: "alpha"}},
		"GET /console/complaints/_/{letter}":                 {{path: "/console/complaints/_/{letter.platform}", whose: "platform"}},
		"GET /console/complaints/{department}/_/{letter}":    {{}},
		"POST /console/complaints/_/answer":                  {{about: "console", form: "letter={letter.platform}&reference={letter.platform}&outcome=upheld&text=So+be+it", whose: "platform"}},
		"POST /console/complaints/{department}/_/answer":     {{about: "console", form: "letter={letter}&reference={letter}&outcome=upheld&text=So+be+it", whose: "alpha"}},
		"GET /console/entities/claims/{claim}":               {{whose: "platform"}},
		"POST /console/entities/_/find":                      {{about: "console", form: "kind=th.juristic&number=0105536000313", whose: "platform", quiet: answers}},
		"POST /console/entities/claims/{claim}/_/approve":    {{about: "console", whose: "platform"}},
		"POST /console/entities/claims/{claim}/_/reject":     {{about: "console", form: "reason=duplicate", whose: "platform"}},
		"POST /console/entities/{entity}/_/suspend":          {{about: "console", form: "reason=dispute", whose: "platform"}},
		"POST /console/entities/{entity}/_/resume":           {{about: "console", whose: "platform", quiet: "it is not suspended"}},
		"POST /console/entities/{entity}/_/close":            {{about: "console", form: "reason=dissolved", whose: "platform"}},
		"POST /console/entities/{entity}/_/succeed":          {{about: "console", form: "successor={seat}&reason=changed", whose: "platform"}},
		"POST /console/entities/{entity}/_/drop":             {{about: "console", whose: "platform", quiet: "nobody has wished for another administrator"}},
		"POST /console/staff/_/invite":                       {{about: "console", form: "role=platform_auditor", whose: "platform"}},
		"POST /console/staff/_/confirm":                      {{about: "console", form: "post={post.platform}", whose: "platform"}},
		"POST /console/staff/_/remove":                       {{about: "console", form: "post={post.platform}&reason=left", whose: "platform"}},
		"POST /console/staff/_/take-back":                    {{about: "console", form: "invitation={invitation.platform}", whose: "platform"}},
		"POST /console/staff/{department}/_/invite":          {{about: "console", form: "role=reviewer", whose: "alpha"}},
		"POST /console/staff/{department}/_/confirm":         {{about: "console", form: "post={post}", whose: "alpha"}},
		"POST /console/staff/{department}/_/remove":          {{about: "console", form: "post={post}&reason=left", whose: "alpha"}},
		"POST /console/staff/{department}/_/take-back":       {{about: "console", form: "invitation={invitation}", whose: "alpha"}},

		"POST /federation/ndid/callback/{secret}": {{path: "/federation/ndid/callback/{view}", json: `{}`, whose: nobodys, quiet: message}},
	}
	for path, form := range map[string]string{
		"provider": "provider=thaid", "items": "decision=open", "party": "party=self", "input": "number=1", "consent": "decision=allow&language=en&given=" + string(consent.OfflineKey), "cancel": "", "back": "", "anew": "",
	} {
		all["POST /login/{tx}/"+path] = []try{{about: "{tx}", form: form, whose: "citizen-x", quiet: signsIn}}
	}
	for base, x := range map[string]struct{ whose, device string }{"/devices": {"citizen-x", "{device}"}, "/entities/{entity}/devices": {"entity-e", "{device.entity}"}} {
		whose := own
		if x.whose == "entity-e" {
			whose = x.whose
		}
		all["POST "+base+"/sign-in"] = []try{{about: "devices", whose: whose, quiet: signsIn}}
		all["POST "+base+"/begin"] = []try{{about: "devices", form: "label=New", whose: whose, quiet: shows}}
		all["POST "+base+"/show"] = []try{{about: "devices", whose: whose, quiet: shows}}
		all["POST "+base+"/add"] = []try{{about: "devices", form: "label=New&carried=x&answer=x", whose: whose, quiet: ceremony}}
		all["POST "+base+"/shown"] = []try{{about: "devices", form: "carried=x&answer=x", whose: whose, quiet: ceremony}}
		all["POST "+base+"/remove"] = []try{{about: "devices", form: "device=" + x.device, whose: x.whose}}
	}
	for _, more := range []map[string][]try{apiTries(), protocolTries()} {
		for route, x := range more {
			all[route] = x
		}
	}
	return all
}

// apiTries are the operations of the administrators' API, which web/api tries at more kinds of places.
func apiTries() map[string][]try {
	const names = `{"th":"ก","en":"New","zh":"甲","vi":"á"}`
	const system = `{"department":"{department}","names":` + names + `,"group":3,"least":{"ial":"2.1","aal":"2.1"},"oidc":{"redirectURIs":["https://new.example/cb"],"scopes":["openid"]}}`
	const item = `{"department":"{department}","names":` + names + `,"category":"other","group":3,"sensitivity":"sensitive","status":"suspended","actions":["query"],"demands":{"least":{"ial":"2.1","aal":"2.1"},"person":"lockable"}}`
	all := map[string][]try{
		"PUT /departments/{department}":                                                {{json: `{"names":` + names + `,"complaint":"tel:+66123","areas":[{"id":"north","names":` + names + `},{"id":"south","names":` + names + `}]}`, match: "{department.version}", whose: "alpha"}},
		"POST /departments/{department}/moves":                                         {{json: `{"status":"suspended","reason":"incident"}`, whose: "alpha"}},
		"PUT /systems/{system}":                                                        {{path: "/systems/{moved}", json: system, match: "{moved.version}", whose: "alpha"}},
		"POST /systems/{system}/moves":                                                 {{path: "/systems/{drafted}/moves", json: `{"to":"testing","reason":"planned"}`, whose: "alpha"}, {json: `{"to":"suspended","reason":"incident"}`, whose: "alpha"}},
		"POST /systems/{system}/proposal":                                              {{path: "/systems/{moved}/proposal", json: `{"tested":"report-1"}`, match: "{moved.version}", whose: "alpha"}},
		"POST /systems/{system}/secrets":                                               {{json: `{"connection":"oidc","overlap":"1h"}`, whose: "alpha"}},
		"POST /staff/invitations":                                                      {{json: `{"role":"reviewer","department":"{department}"}`, whose: "alpha"}},
		"POST /staff/invitations/{invitation}/take-back":                               {{whose: "alpha"}},
		"POST /staff/posts/{post}/confirm":                                             {{whose: "alpha"}},
		"POST /staff/posts/{post}/end":                                                 {{json: `{"reason":"left"}`, whose: "alpha"}},
		"POST /machines/rights":                                                        {{json: `{"system":"{system}","role":"reviewer","department":"{department}"}`, whose: "platform"}},
		"POST /machines/rights/{right}/end":                                            {{whose: "platform"}},
		"POST /accounts/{account}/sessions/end":                                        {{whose: "platform"}},
		"POST /sessions/{session}/end":                                                 {{whose: "platform"}},
		"POST /campaigns/{campaign}/retry":                                             {{whose: "platform"}},
		"POST /notices/{notice}/retry":                                                 {{whose: "alpha"}},
		"PUT /items/{item}":                                                            {{json: item, match: "{item.version}", whose: "alpha"}},
		"DELETE /items/{item}":                                                         {{match: "{item.version}", whose: "alpha"}},
		"POST /items/{item}/moves":                                                     {{json: `{"to":"offered","reason":"settled"}`, match: "{item.version}", whose: "alpha"}},
		"POST /items/{item}/draft/{draft}/confirm":                                     {{whose: "alpha"}},
		"POST /items/{item}/draft/{draft}/decline":                                     {{whose: "alpha"}},
		"POST /items/{item}/rehearsals":                                                {{json: `{"since":"24h","draft":` + item + `}`, whose: "alpha", quiet: answers}},
		"POST /departments/{department}/imports":                                       {{json: `{"kind":"card","format":"csv"}`, whose: "alpha"}},
		"PUT /imports/{import}/file":                                                   {{text: "record,given_name\n7310060001,New\n", whose: "alpha"}},
		"POST /imports/{import}/drop":                                                  {{whose: "alpha"}},
		"POST /departments/{department}/applications/openings/{opening}/approve":       {{whose: "alpha"}},
		"POST /departments/{department}/applications/openings/{opening}/refuse":        {{whose: "alpha"}},
		"POST /departments/{department}/applications/delegations/{delegation}/approve": {{path: "/departments/{department}/applications/delegations/{proposed}/approve", whose: "alpha"}},
		"POST /departments/{department}/applications/delegations/{delegation}/refuse":  {{path: "/departments/{department}/applications/delegations/{proposed}/refuse", whose: "alpha"}},
		"POST /departments/{department}/delegations/{delegation}/revoke":               {{whose: "alpha"}},
		"POST /accounts/{account}/moves":                                               {{json: `{"to":"suspended","reason":"lost"}`, whose: "platform"}},
		"POST /entities/find":                                                          {{json: `{"kind":"th.juristic","number":"0105536000313"}`, whose: "platform", quiet: answers}},
		"POST /entities/{entity}/moves":                                                {{json: `{"to":"suspended","reason":"dispute"}`, whose: "platform"}},
		"POST /entities/{entity}/succession":                                           {{json: `{"successor":"{seat}","reason":"changed"}`, whose: "platform"}},
		"POST /entities/{entity}/succession/drop":                                      {{whose: "platform", quiet: "nobody has wished for another administrator"}},
		"POST /keys/rotate":                                                            {{json: `{"use":"seal","alg":"A256GCM"}`, whose: "platform"}},
		"POST /providers/{provider}/moves":                                             {{json: `{"to":"suspended","reason":"incident"}`, whose: "platform"}},
		"POST /reviews/{binding}/take":                                                 {{path: "/reviews/{case}/take", whose: "alpha"}},
		"GET /bindings/{binding}":                                                      {{}, {path: "/bindings/{firm}"}},
		"POST /bindings/{binding}/moves":                                               {{path: "/bindings/{bound}/moves", json: `{"to":"suspended","reason":"suspicious"}`, whose: "alpha"}},
		"POST /bindings/{binding}/decline":                                             {{path: "/bindings/{bound}/decline", whose: "alpha", quiet: "nobody wants anything of it"}},
		"POST /departments/{department}/bindings/find":                                 {{json: `{"kind":"file","number":"7310049982"}`, whose: "alpha", quiet: answers}},
		"POST /reviews/counter":                                                        {{json: `{"sitting":"{sitting}","code":"{code}"}`, whose: "alpha"}},
		"POST /departments/{department}/sittings":                                      {{whose: "alpha", also: "reviewer-south"}},
		"POST /reviews/{binding}/area":                                                 {{path: "/reviews/{case}/area", json: `{"area":"north"}`, whose: "alpha"}},
		"POST /reviews/{binding}/ask":                                                  {{json: `{"attribute":"proof"}`, whose: "alpha"}},
		"POST /reviews/{binding}/name":                                                 {{json: `{"number":"7310050006"}`, whose: "alpha"}},
		"POST /reviews/{binding}/release":                                              {{whose: "alpha"}},
		"POST /reviews/{binding}/approve":                                              {{whose: "alpha"}},
		"POST /reviews/{binding}/reject":                                               {{json: `{"reason":"mismatch"}`, whose: "alpha"}},
		"POST /entities/claims/{claim}/approve":                                        {{whose: "platform"}},
		"POST /entities/claims/{claim}/reject":                                         {{json: `{"reason":"duplicate"}`, whose: "platform"}},
	}
	// What a master administrator does by program, who alone may, whatever the staff may.
	until := time.Now().Add(30 * 24 * time.Hour).UTC().Format(time.RFC3339)
	for path, x := range map[string]try{
		"/invitations":                        {json: `{"role":"operator","label":"New","mandates":[{"department":"alpha","until":"` + until + `"}]}`},
		"/invitations/{invitation}/take-back": {path: "/invitations/{entity.invitation}/take-back"},
		"/seats/{seat}/remove":                {},
		"/seats/{seat}/mandates":              {json: `{"department":"beta","until":"` + until + `"}`},
		"/mandates/{mandate}/withdraw":        {},
		"/delegations":                        {json: `{"items":["alpha-shared"],"seat":"{seat}","places":["{place}"]}`},
		"/delegations/{delegation}/withdraw":  {},
		"/places":                             {json: `{"label":"New","networks":["192.0.2.0/24"]}`},
		"/places/{place}/remove":              {},
		"/devices/{device}/remove":            {path: "/devices/{device.entity}/remove"},
	} {
		const at = "/my/entities/{entity}"
		if x.path != "" {
			x.path = at + x.path
		}
		x.whose = "entity-e"
		all["POST "+at+path] = []try{x}
	}
	out := map[string][]try{}
	for route, list := range all {
		method, path, _ := strings.Cut(route, " ")
		for i := range list {
			if list[i].path != "" {
				list[i].path = "/api/admin/v1" + list[i].path
			}
		}
		out[method+" /api/admin/v1"+path] = list
	}
	return out
}

// protocolTries are what departments' systems and identity providers speak. What a department may ask about another's is tried in tenancy_protocol_test.go.
func protocolTries() map[string][]try {
	quietly := func(x try) []try {
		x.whose = nobodys
		if x.quiet == "" {
			x.quiet = message
		}
		return []try{x}
	}
	const question = `{"subject":{"type":"user","id":"x"},"resource":{"type":"service_item","id":"alpha-lockable"},"action":{"name":"query"}}`
	all := map[string][]try{
		"POST /access/v1/evaluation":           quietly(try{json: question, basic: true, quiet: answers}),
		"POST /access/v1/evaluations":          quietly(try{json: question, basic: true, quiet: answers}),
		"POST /access/v1/search/action":        quietly(try{json: question, basic: true, quiet: answers}),
		"POST /access/v1/search/resource":      quietly(try{json: question, basic: true, quiet: answers}),
		"POST /access/v1/search/subject":       quietly(try{json: question, basic: true, quiet: answers}),
		"POST /oauth2/introspect":              quietly(try{form: "token=od1_x", basic: true, quiet: answers}),
		"POST /oauth2/introspect/batch":        quietly(try{form: "token=od1_x", basic: true, quiet: answers}),
		"POST /oauth2/revoke":                  quietly(try{form: "token=od1_x", basic: true}),
		"POST /oauth2/token":                   quietly(try{form: "grant_type=authorization_code&code={view}&redirect_uri=https://alpha.example/cb", basic: true}),
		"POST /oauth2/par":                     quietly(try{form: "response_type=code&client_id={client}&redirect_uri=https://alpha.example/cb&scope=openid&state=s-0123456789&code_challenge=" + flowChallenge + "&code_challenge_method=S256", basic: true}),
		"POST /oauth2/userinfo":                quietly(try{quiet: answers}),
		"POST /oauth2/authorize":               quietly(try{form: "response_type=code&client_id={client}"}),
		"POST /oauth2/logout":                  quietly(try{form: "client_id={client}"}),
		"POST /logout/notices":                 quietly(try{basic: true, quiet: answers}),
		"POST /oauth2/register":                quietly(try{json: `{"redirect_uris":["http://localhost/cb"],"client_name":"New"}`}),
		"PUT /oauth2/register/{client}":        quietly(try{path: "/oauth2/register/sandbox-{case}", json: `{}`}),
		"DELETE /oauth2/register/{client}":     quietly(try{path: "/oauth2/register/sandbox-{case}"}),
		"POST /saml2/sso":                      quietly(try{form: "SAMLRequest=x"}),
		"POST /saml2/slo":                      quietly(try{form: "SAMLRequest=x"}),
		"POST /saml2/slo/soap":                 quietly(try{}),
		"POST /login/saml/{provider}/acs":      quietly(try{form: "SAMLResponse=x"}),
		"POST /login/saml/{provider}/slo":      quietly(try{form: "SAMLRequest=x"}),
		"POST /login/saml/{provider}/slo/soap": quietly(try{}),
		"POST /logout/upstream/{provider}":     quietly(try{path: "/logout/upstream/unknown", form: "logout_token=x"}),

		"POST /ssf/poll/{stream}":   {{json: `{"returnImmediately":true}`, whose: "program-alpha", quiet: answers}},
		"POST /ssf/streams":         {{json: `{"events_requested":[]}`, whose: own}},
		"PATCH /ssf/streams":        {{json: `{"stream_id":"{stream}","description":"New"}`, whose: "program-alpha"}},
		"PUT /ssf/streams":          {{json: `{"stream_id":"{stream}","events_requested":[],"description":"New"}`, whose: "program-alpha"}},
		"DELETE /ssf/streams":       {{query: "stream_id={stream}", whose: "program-alpha"}},
		"POST /ssf/status":          {{json: `{"stream_id":"{stream}","status":"paused"}`, whose: "program-alpha"}},
		"POST /ssf/verification":    {{json: `{"stream_id":"{stream}","state":"x"}`, whose: "program-alpha"}},
		"POST /ssf/subjects/add":    {{json: `{"stream_id":"{stream}","subject":{"format":"iss_sub","iss":"` + flowIssuer + `","sub":"x"}}`, whose: "program-alpha", quiet: "everybody is heard of who was not removed"}},
		"POST /ssf/subjects/remove": {{json: `{"stream_id":"{stream}","subject":{"format":"iss_sub","iss":"` + flowIssuer + `","sub":"x"}}`, whose: "program-alpha"}},
	}
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"} {
		for _, gate := range []string{"check", "gate", "envoy/{path...}"} {
			all[method+" /forward/{system}/"+gate] = quietly(try{path: "/forward/{system}/" + strings.Replace(gate, "{path...}", "x", 1), basic: true, quiet: answers})
		}
	}
	for _, gate := range []string{"check", "gate", "envoy/{path...}"} {
		all["GET /forward/{system}/"+gate] = quietly(try{path: "/forward/{system}/" + strings.Replace(gate, "{path...}", "x", 1), basic: true})
	}
	return all
}
