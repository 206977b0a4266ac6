package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrow allows packages to import others of this module. A pattern is a path below the module, or one that ends in "/..." for
// everything at and below it.
type arrow struct {
	from string
	to   []string
	why  string
}

// arrows is the whole plan of who may know whom. Everything else is refused. Tests may import what they like.
var arrows = []arrow{
	{"cmd/onedoor", []string{"cmd/onedoor/app", "cmd/onedoor/bench", "configs", "federation", "hub", "hub/account", "tenants", "tenants/entity", "tenants/staff"}, "commands read flags and files and call app or the load generator"},
	{"cmd/onedoor/bench", []string{"hub", "hub/hubtest/formbrowser"}, "a load generator knows a provider from outside only"},
	{"cmd/onedoor/app", []string{"..."}, "the only wiring"},
	{"configs", []string{"authz", "hub", "hub/consent", "hub/identifier", "hub/login", "federation", "tenants"}, "what operators write becomes domain values"},
	{"migrations", []string{"hub", "hub/sqldb"}, "a schema needs a database"},

	{"hub/...", []string{"hub"}, "the ground: ids, kinds of errors, levels, secrets"},
	{"hub/account", []string{"hub/audit"}, "D5: a change writes its event"},
	{"hub/consent", []string{"hub/audit"}, "D5"},
	{"hub/notice", []string{"hub/audit"}, "D5"},
	{"hub/contact", []string{"hub/audit", "hub/notice"}, "D5; it knows where people are told, and how"},
	{"hub/contact/...", []string{"hub/contact"}, "ways to addresses"},
	{"web/view", []string{"binding", "binding/review", "binding/spelling", "tenants", "hub/audit", "hub/contact", "hub/identifier", "hub/notice", "tenants/complaint", "tenants/entity", "tenants/staff"}, "what happened, where people are told, and what of; who works where; what clerks compare; what was complained of"},
	{"hub/dpop", []string{"hub/strictjson"}, "what strangers sign has each member once"},
	{"hub/client", []string{"hub/dpop", "hub/jwks", "hub/statuslist", "hub/strictjson"}, "a system checks the proofs that are shown to it; one that validates offline knows keys, lists and JSON as the hub writes them"},
	{"hub/grant", []string{"hub/audit", "hub/envelope", "hub/session"}, "D5; D3: credentials carry the vault key; a grant stands on a session"},
	{"hub/token", []string{"hub/statuslist"}, "JWTs have a place in a status list"},
	{"hub/session", []string{"hub/audit", "hub/envelope"}, "D5; D3: the vault is sealed under what the browser carries"},
	{"hub/login", []string{"hub/account", "hub/audit", "hub/consent", "hub/envelope", "hub/session"}, "the login joins them"},
	{"hub/ssf", []string{"hub/audit", "hub/jobs", "hub/session"}, "D5, D6; it tells why a session ended"},
	{"hub/logout", []string{"hub/audit", "hub/jobs", "hub/session"}, "an end that everybody is told of"},
	{"hub/passkey", []string{"hub/envelope"}, "a ceremony travels sealed through the browser"},
	{"hub/oidcop/...", []string{"hub/audit", "hub/dpop", "hub/envelope", "hub/grant", "hub/jwks", "hub/login", "hub/logout", "hub/mtls", "hub/oidcop/fositestore", "hub/pairwise", "hub/session", "hub/statuslist", "hub/strictjson", "hub/token"}, "a protocol asks for a login and hands out its result"},
	{"hub/forward", []string{"hub/audit", "hub/envelope", "hub/grant", "hub/login", "hub/logout", "hub/pairwise", "hub/session", "hub/token"}, "the same for systems without a protocol"},
	{"hub/samlidp", []string{"hub/audit", "hub/envelope", "hub/grant", "hub/login", "hub/logout", "hub/pairwise", "hub/samlmsg", "hub/samlslo", "hub/session", "hub/token"}, "the same in another protocol"},
	{"hub/samlslo", []string{"hub/audit", "hub/envelope", "hub/logout", "hub/samlmsg", "hub/session"}, "a protocol's way to end sessions and to be told of their end"},
	{"hub/telemetry", []string{"hub/audit"}, "events are counted"},
	{"hub/statistics", []string{"hub/audit"}, "figures are counted from the record"},
	{
		"hub/hubsql",
		[]string{"hub/account", "hub/audit", "hub/consent", "hub/contact", "hub/grant", "hub/jobs", "hub/keys", "hub/login", "hub/logout", "hub/notice", "hub/samlmsg", "hub/session", "hub/sqldb", "hub/ssf", "hub/statistics", "hub/token"},
		"stores fulfil the contracts of the rooms they keep",
	},
	{"hub/hubtest/...", []string{"hub/...", "migrations"}, "conformance suites and databases for tests; nobody imports them but tests"},
	{"hub/login/logintest", []string{"hub/account", "hub/audit", "hub/consent", "hub/login", "hub/session"}, "as hub/hubtest"},

	{"federation", []string{"hub", "hub/audit", "hub/identifier", "hub/login"}, "it fulfils the login's Upstreams"},
	{"federation/federationsql", []string{"federation", "hub", "hub/sqldb"}, "a store"},
	{"federation/oidcrp", []string{"federation", "hub", "hub/audit", "hub/login", "hub/logout", "hub/session", "hub/strictjson"}, "a connector; it tells providers of a logout, and records theirs"},
	{"federation/samlsp", []string{"federation", "federation/metadata", "hub", "hub/audit", "hub/envelope", "hub/login", "hub/logout", "hub/samlmsg", "hub/samlslo"}, "a connector; refusals that reach no login are recorded, posted answers rest sealed"},
	{"federation/routing", []string{"federation", "hub", "hub/jwks", "hub/strictjson", "hub/token"}, "it asks the issuers of foreign tokens; how tokens of hubs begin is hub/token's to say"},
	{"federation/ndid", []string{"federation", "hub", "hub/jobs", "hub/login"}, "a connector"},
	{"federation/metadata", []string{"federation", "hub", "hub/samlmsg"}, "what providers publish about themselves"},
	{"federation/simulator/...", []string{"federation", "federation/simulator", "federation/simulator/samlout", "hub", "hub/identifier", "hub/samlmsg"}, "stand-ins for parties outside: they speak the wire and know no room behind it"},

	{"tenants", []string{"hub", "hub/audit", "hub/consent", "hub/identifier", "hub/login", "hub/mtls", "hub/samlmsg"}, "it fulfils the login's Directory; metadata is read before it is registered; record numbers may be national ones"},
	{"tenants/registration", []string{"hub", "hub/audit", "hub/consent", "tenants"}, "sandboxes are systems, held to limits; each change writes its event"},
	{"tenants/complaint", []string{"hub", "hub/audit", "tenants/staff"}, "complaints are read and answered by staff; each step writes its event"},
	{"tenants/staff", []string{"hub", "hub/audit", "tenants"}, "posts are at departments and their areas; each change writes its event"},
	{"tenants/entity/registry", []string{"hub", "hub/jwks", "hub/strictjson", "tenants/entity"}, "a registry's answers are signed, and evidence"},
	{"tenants/entity", []string{"hub", "hub/audit", "hub/identifier"}, "entities are registered by their numbers, and staff decide where no registry does; each change writes its event"},
	{"tenants/register", []string{"hub", "hub/audit", "tenants", "tenants/staff"}, "changes of the register have an actor with rights; each writes its event"},
	{"tenants/tenantsql", []string{"hub", "hub/consent", "hub/login", "hub/sqldb", "tenants", "tenants/complaint", "tenants/entity", "tenants/register", "tenants/registration", "tenants/staff"}, "a store"},
	{"binding", []string{"hub/...", "tenants"}, "records of persons at departments"},
	{"binding/matching", []string{"binding/spelling"}, "it compares forms of names"},
	{"binding/recordindex", []string{"binding", "binding/spelling", "hub", "hub/audit", "hub/identifier", "hub/strictjson", "tenants"}, "keys of the records that people are bound to; imports are recorded"},
	{"binding/review", []string{"binding", "binding/spelling", "hub", "hub/audit", "hub/envelope", "hub/strictjson", "tenants"}, "a desk at which bindings are looked at; what waits there rests sealed"},
	{"binding/bindingsql", []string{"binding", "binding/recordindex", "binding/review", "hub", "hub/sqldb", "tenants"}, "a store"},
	{"authz", []string{"hub/...", "tenants", "binding"}, "decisions rest on facts of all three"},
	{"authz/casbinrules", []string{"authz", "authz/permit", "hub", "tenants", "tenants/staff"}, "rules; whose roles and places they are about"},
	{"authz/permit", []string{"hub", "tenants", "tenants/staff"}, "permissions of staff rest on posts and on the places of the register"},
	{"authz/authzen", []string{"authz", "hub", "hub/session", "hub/strictjson", "hub/token"}, "the decision point asks about what systems hold: tokens and sessions"},
	{"authz/catalogue", []string{"authz", "hub", "hub/audit", "tenants", "tenants/staff"}, "changes of the catalogue have an actor with rights; each writes its event"},
	{"authz/authzsql", []string{"authz", "authz/catalogue", "hub", "hub/sqldb", "tenants"}, "a store; groups of services are the register's words"},

	{"web/locale", []string{"hub"}, "words"},
	{"web/view", []string{"authz", "hub", "hub/account", "hub/consent", "hub/login", "hub/logout", "hub/session", "web/locale"}, "pages show domain values"},
	{"web/server", []string{"hub", "hub/login", "hub/mtls", "web/locale", "web/view"}, "the edge reads what proxies say; endpoints come to it as http.Handlers"},
	{"web/visit", []string{"hub", "hub/login", "hub/session", "web/locale", "web/server", "web/view"}, "who is at the browser, before any page is made"},
	{"web/visit/visittest", []string{"hub", "hub/login", "hub/session", "web/server", "web/view", "web/visit"}, "the browser's side, for the tests of pages"},
	{"web/names", []string{"federation", "hub", "hub/login", "hub/logout", "hub/session", "web/view"}, "what systems and providers are called"},
	{
		"web/pages",
		[]string{"federation", "hub", "hub/account", "hub/consent", "hub/login", "hub/logout", "hub/session", "web/locale", "web/names", "web/server", "web/view", "web/visit"},
		"the journey of the login",
	},
	{"web/portal", []string{"authz", "binding", "binding/review", "federation", "hub/...", "tenants", "tenants/complaint", "tenants/entity", "web/locale", "web/names", "web/server", "web/view", "web/visit"}, "the person's own pages, with the counter at which they are served"},
	{"web/console", []string{"authz", "authz/catalogue", "authz/permit", "binding", "binding/review", "federation", "hub/...", "tenants", "tenants/complaint", "tenants/entity", "tenants/register", "tenants/staff", "web/locale", "web/names", "web/server", "web/view", "web/visit"}, "staff's pages"},
	{"web/api", []string{"authz", "authz/catalogue", "authz/permit", "binding", "binding/recordindex", "binding/review", "federation", "hub/...", "tenants", "tenants/complaint", "tenants/entity", "tenants/register", "tenants/staff", "web/server"}, "JSON over the same rooms"},
}

// never holds whatever the table above says: it keeps a generous pattern from allowing what is refused on principle.
var never = []arrow{
	{"...", []string{"cmd/..."}, "nobody needs to know how it is wired"},
	{"hub/...", []string{"federation/...", "tenants/...", "binding/...", "authz/...", "web/...", "configs", "migrations"}, "the hub is below"},
	{"federation/...", []string{"tenants/...", "web/...", "configs"}, "who vouches and who relies know nothing of each other"},
	{"tenants/...", []string{"federation/...", "web/...", "configs"}, "as above"},
	{"web/...", []string{"hub/sqldb", "hub/hubsql", "federation/federationsql", "tenants/tenantsql", "binding/bindingsql", "authz/authzsql", "hub/oidcop/...", "hub/samlidp", "configs"}, "no SQL at the edge; protocols reach it as http.Handlers"},
	{"...", []string{"hub/hubtest/...", "hub/login/logintest", "web/visit/visittest"}, "what is made for tests stays there"},
	{"web/visit", []string{"web/pages", "web/portal", "web/console"}, "rooms of pages stand on it, beside each other"},
	{"web/pages", []string{"web/portal", "web/console"}, "as above"},
	{"web/portal", []string{"web/pages", "web/console"}, "as above"},
	{"web/console", []string{"web/pages", "web/portal"}, "as above"},
}

// exempt from never, with the reason.
var exempt = map[string]string{
	"cmd/onedoor -> cmd/onedoor/app":               "the one caller of the wiring",
	"cmd/onedoor -> cmd/onedoor/bench":             "the one caller of the load generator",
	"cmd/onedoor/bench -> hub/hubtest/formbrowser": "it walks pages as the tests' browser does, which imports nothing of ours",
	"hub/hubtest/sqltest -> migrations":            "a test database has the schema",
	"hub/hubtest/sqltest -> hub/hubtest/pgtest":    "test support over test support",
}

// home gives a library, by prefix, the packages that may import it.
type home struct {
	library string
	rooms   []string
	why     string
}

var homes = []home{
	{"github.com/gin-gonic/gin", []string{"web/server", "web/pages", "web/portal", "web/console", "web/api"}, "no web framework below the edge"},
	{"gorm.io/", []string{"hub/sqldb", "hub/hubsql", "federation/federationsql", "tenants/tenantsql", "binding/bindingsql", "authz/authzsql"}, "SQL in the stores"},
	{"modernc.org/sqlite", []string{"hub/sqldb"}, "one place opens databases"},
	{"github.com/glebarez/", nil, "it registers a second driver of the same name"},
	{"github.com/jackc/pgx/", []string{"hub/sqldb", "hub/hubtest/pgtest"}, "one place opens databases"},
	{"github.com/pressly/goose/", []string{"migrations"}, "one place changes the schema"},
	{"github.com/ory/fosite", []string{"hub/oidcop/..."}, "D8: finished as a module of its own"},
	{"github.com/go-jose/go-jose/v3", []string{"hub/oidcop/..."}, "fosite's types"},
	{"github.com/go-jose/go-jose/v4", []string{"hub/client", "hub/keys", "hub/jwks", "hub/oidcop/...", "hub/logout", "federation/oidcrp", "federation/routing", "federation/metadata", "federation/simulator/...", "tenants/entity/registry"}, "keys, tokens, providers' and registries' answers"},
	{"github.com/coreos/go-oidc/", []string{"federation/oidcrp", "federation/metadata", "federation/simulator/..."}, "relying parties: ours, and the stand-in departments, which are real ones"},
	{"golang.org/x/oauth2", []string{"federation/oidcrp", "federation/simulator/..."}, "as go-oidc"},
	{"github.com/crewjam/saml", []string{"hub/samlmsg", "hub/samlidp", "federation/samlsp", "federation/metadata", "federation/simulator/..."}, "D8: dormant"},
	{"github.com/russellhaering/goxmldsig", []string{"hub/samlmsg"}, "one place checks XML signatures"},
	{"github.com/beevik/etree", []string{"hub/samlmsg"}, "one place reads XML trees"},
	{"github.com/mattermost/xml-roundtrip-validator", []string{"hub/samlmsg"}, "as above"},
	{"github.com/go-webauthn/", []string{"hub/passkey"}, "D8"},
	{"github.com/fxamacker/cbor/", []string{"hub/passkey"}, "authenticators speak CBOR"},
	{"github.com/casbin/", []string{"authz/casbinrules"}, "D8"},
	{"rsc.io/qr", []string{"web/view"}, "codes that phones scan"},
	{"html/template", []string{"web/view", "hub/samlmsg", "federation/simulator/..."}, "pages; the one form that posts itself; the stand-ins' own pages"},
	{"text/template", nil, "it escapes nothing"},
	{"go.yaml.in/yaml/", []string{"configs"}, "one strict reader"},
	{"gopkg.in/yaml.v3", nil, "one YAML library"},
	{"github.com/goccy/go-yaml", nil, "one YAML library"},
	{"github.com/spf13/cobra", []string{"cmd/onedoor"}, "commands"},
	{"github.com/prometheus/", []string{"hub/telemetry"}, "metrics"},
	{"go.opentelemetry.io/", []string{"hub/telemetry"}, "traces"},
	{"github.com/chromedp/", nil, "tests only"},
	{"github.com/stretchr/testify", nil, "the standard library tests well"},
	{"golang.org/x/text/", []string{"binding/spelling"}, "forms of letters"},
	{"golang.org/x/time/rate", []string{"web/server", "web/api", "federation/...", "cmd/onedoor/app"}, "limits"},
	{"unsafe", nil, "no"},
	{"math/rand", []string{"hub/sqldb", "hub/hubtest/..."}, "the wait between two tries, and tests; everything else takes the randomness it is given"},
	{"crypto/md5", nil, "broken"},
	{"crypto/sha1", []string{"hub/samlmsg"}, "to refuse it by name"},
}

const module = "onedoor"

// pkg is what go list says of a package.
type pkg struct {
	ImportPath string
	Standard   bool
	Imports    []string
	Module     *struct{ Path string }
}

// own gives the packages of this module by their path below it, with what they import outside of their tests.
func own(t *testing.T) map[string][]string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=ImportPath,Standard,Imports,Module", "./...")
	cmd.Dir = "../../.."
	var problem bytes.Buffer
	cmd.Stderr = &problem
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &problem)
	}
	packages := map[string][]string{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if p.Module != nil && p.Module.Path == module {
			packages[below(p.ImportPath)] = p.Imports
		}
	}
	if len(packages) < 20 {
		t.Fatalf("go list gave only %d packages of this module", len(packages))
	}
	return packages
}

// below gives the path below the module; "" is the module itself.
func below(path string) string { return strings.TrimPrefix(strings.TrimPrefix(path, module), "/") }

func ours(path string) bool { return path == module || strings.HasPrefix(path, module+"/") }

func matches(pattern, path string) bool {
	if pattern == "..." {
		return true
	}
	if parent, ok := strings.CutSuffix(pattern, "/..."); ok {
		return path == parent || strings.HasPrefix(path, parent+"/")
	}
	return pattern == path
}

func among(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, path) })
}

// TestArrowsRunOneWay holds section 2 of the house's rules: who may import whom.
func TestArrowsRunOneWay(t *testing.T) {
	t.Parallel()
	for from, imports := range own(t) {
		for _, path := range imports {
			if !ours(path) {
				continue
			}
			to := below(path)
			allowed := slices.ContainsFunc(arrows, func(a arrow) bool { return matches(a.from, from) && among(a.to, to) })
			if !allowed {
				t.Errorf("%s -> %s is no arrow of the plan: add it to the table with a reason, or turn it round with an interface", from, to)
			}
			if why := refused(from, to); why != "" {
				t.Errorf("%s -> %s is refused: %s", from, to, why)
			}
		}
	}
}

func refused(from, to string) string {
	if _, ok := exempt[from+" -> "+to]; ok || from == "cmd/onedoor/app" && !among([]string{"hub/hubtest/...", "hub/login/logintest", "web/visit/visittest"}, to) {
		return ""
	}
	for _, n := range never {
		if matches(n.from, from) && among(n.to, to) {
			return n.why
		}
	}
	return ""
}

// TestArrowsLibrariesHaveOneHome holds which package may know which library.
func TestArrowsLibrariesHaveOneHome(t *testing.T) {
	t.Parallel()
	for from, imports := range own(t) {
		for _, path := range imports {
			for _, h := range homes {
				if within(h.library, path) && !among(h.rooms, from) {
					t.Errorf("%s imports %s, whose home is %v: %s", from, path, h.rooms, h.why)
				}
			}
			if from == "hub" && !strings.HasPrefix(path, "hub") && strings.Contains(strings.SplitN(path, "/", 2)[0], ".") {
				t.Errorf("hub imports %s: the ground needs the standard library only", path)
			}
		}
	}
}

// within reports whether an import is the library or below it.
func within(library, path string) bool {
	return path == library || strings.HasPrefix(path, strings.TrimSuffix(library, "/")+"/")
}

// TestArrowsTableIsSound finds arrows without a reason, and shows that the table refuses what it has to.
func TestArrowsTableIsSound(t *testing.T) {
	t.Parallel()
	for _, a := range slices.Concat(arrows, never) {
		if a.why == "" || len(a.to) == 0 {
			t.Errorf("the arrow from %s has no reason or no end", a.from)
		}
	}
	for _, h := range homes {
		if h.why == "" {
			t.Errorf("the home of %s has no reason", h.library)
		}
	}
	for _, c := range []struct{ from, to string }{
		{"hub/login", "federation"},
		{"hub/session", "web/view"},
		{"tenants", "federation"},
		{"web/pages", "hub/hubsql"},
		{"web/pages", "hub/oidcop"},
		{"web/portal", "web/pages"},
		{"web/console", "web/portal"},
		{"web/server", "cmd/onedoor/app"},
		{"federation", "configs"},
		{"hub/login", "hub/hubtest"},
		{"cmd/onedoor/app", "hub/hubtest/sqltest"},
	} {
		if refused(c.from, c.to) == "" {
			t.Errorf("%s -> %s is not refused", c.from, c.to)
		}
	}
}
