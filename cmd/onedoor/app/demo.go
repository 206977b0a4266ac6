package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"onedoor/configs"
	"onedoor/federation/simulator"
	"onedoor/federation/simulator/bank"
	"onedoor/federation/simulator/cast"
	"onedoor/federation/simulator/department"
	"onedoor/federation/simulator/mail"
	"onedoor/federation/simulator/ndid"
	"onedoor/federation/simulator/registry"
	"onedoor/federation/simulator/samlbank"
	"onedoor/federation/simulator/thaid"
	"onedoor/hub"
	"onedoor/hub/outbound"
	"onedoor/hub/telemetry"
	"onedoor/tenants"
	"onedoor/tenants/staff"
)

// DemoOptions are what the demo can be told.
type DemoOptions struct {
	Port    int    // on this machine, for all of its hosts
	TLS     bool   // with certificates of an authority made for this run
	Data    string // folder to keep; a temporary one, removed at the end, where empty
	Process Process
	// LogLevel is the least level of what is logged to Process.Err.
	LogLevel slog.Level
	// Ready, where set, is called once everything answers.
	Ready  func(*Demo)
	NoSOAP bool // the parties that speak SAML can be told of a logout by the person's browser only
	// Behind are networks of proxies whose X-Forwarded-For the hub and the departments believe: to be at another place than this machine.
	Behind []netip.Prefix
	// Spare leaves the land office closed until somebody comes, and the bank that speaks SAML away: their keys and ours for SAML take longer to make
	// than everything else together.
	Spare bool

	authority *authority // whose certificates to use with TLS; one made for this run where nil
}

// Demo is the running demo: the hub, identity providers and departments, each a host of its own on one port.
type Demo struct {
	Scheme string
	Port   int
	CA     string // file of the authority's certificate, with TLS
	Data   string
	ThaID  *thaid.ThaID
	Bank   *bank.Bank
	NDID   *ndid.Node
	Mail   *mail.Server

	Companies *registry.Registry
	Sheet     *cast.Sheet // of the prepared people

	Joined   chan struct{}  // closed once the bank that speaks SAML has joined, or could not
	SAMLBank *samlbank.Bank // from then on; nil where it could not

	clerk string // address of the invitation to a post at social security

	landing *landSite
	mailing net.Listener

	// Invited are the addresses of invitations to posts, for whoever wants to be an administrator.
	Invited map[staff.Role]string

	options DemoOptions
	config  configs.Config
	secrets map[string]string
	hosts   map[string]http.Handler
	tls     *tls.Config
	client  *http.Client
	log     *slog.Logger
}

// The hosts of the demo, below .localhost: names that every browser takes for this machine (RFC 6761 section 6.3).
const (
	hubHost     = "hub"
	thaidHost   = "thaid"
	bankHost    = "bank"
	revenueHost = "revenue"
	socialHost  = "social"
)

// URL gives the origin of one of the demo's hosts.
func (d *Demo) URL(host string) string {
	return fmt.Sprintf("%s://%s.localhost:%d", d.Scheme, host, d.Port)
}

// demoNames are the names that the demo's certificate is for.
func demoNames() (names []string) {
	for _, h := range []string{hubHost, thaidHost, bankHost, samlBankHost, revenueHost, socialHost, landHost, ndidHost, phonesHost, mailHost, companiesHost, sheetHost} {
		names = append(names, h+".localhost")
	}
	return names
}

func newDemo(o DemoOptions) *Demo {
	return &Demo{Scheme: "http", options: o, secrets: make(map[string]string), hosts: make(map[string]http.Handler), Data: o.Data, Joined: make(chan struct{})}
}

// RunDemo runs the demo until ctx ends. Unavailable where the port is taken.
func RunDemo(ctx context.Context, o DemoOptions) (err error) {
	d := newDemo(o)
	public, err := listen(ctx, fmt.Sprintf("127.0.0.1:%d", o.Port))
	if err != nil {
		return errors.Join(err, errors.New("choose another one with --port"))
	}
	defer public.Close() //nolint:errcheck // closed by the server; here for the ways out before it
	admin, err := listen(ctx, "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer admin.Close() //nolint:errcheck // as above
	d.Port = public.Addr().(*net.TCPAddr).Port
	if d.Data == "" {
		if d.Data, err = os.MkdirTemp("", "onedoor-demo-"); err != nil {
			return hub.E("app.Demo", hub.Unavailable, err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(d.Data)) }()
	}
	if err := d.prepare(ctx, admin.Addr().String()); err != nil {
		return err
	}
	defer d.mailing.Close() //nolint:errcheck // as above
	h, err := d.build(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	return d.run(ctx, h, public, admin)
}

// prepare lays the ground: certificates, client, configuration.
func (d *Demo) prepare(ctx context.Context, admin string) (err error) {
	p := d.options.Process
	if d.log, err = telemetry.NewLogger(p.Err, d.options.LogLevel, "text"); err != nil {
		return err
	}
	guard := outbound.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Timeout: 25 * time.Second, LocalNames: true}
	if d.options.TLS {
		d.Scheme = "https"
		authority := d.options.authority
		if authority == nil {
			if authority, err = newAuthority(p.Clock(), p.Random, demoNames()); err != nil {
				return err
			}
		}
		d.CA = filepath.Join(d.Data, "demo-ca.pem")
		if err := os.WriteFile(d.CA, authority.pem, 0o600); err != nil {
			return hub.E("app.Demo", hub.Unavailable, err)
		}
		guard.Roots, d.tls = authority.roots, authority.server
	}
	if d.client, err = outbound.New(guard); err != nil {
		return err
	}
	d.config = configs.Default()
	d.config.Issuer = d.URL(hubHost)
	d.config.Operator = configs.Operator{
		Names:   hub.Text{"th": "ทีมสาธิต onedoor", "en": "The onedoor demo", "zh": "onedoor 演示团队", "vi": "Nhóm trình diễn onedoor"},
		Contact: "mailto:demo@onedoor.example",
		Office: hub.Text{
			"th": "เคาน์เตอร์ของการสาธิต ซึ่งไม่มีอยู่จริง", "en": "The demo's counter, which is not a real place", "zh": "演示柜台（并非真实地点）", "vi": "Quầy trình diễn, không có thật",
		},
	}
	d.config.DataDirectory, d.config.AdminListen = d.Data, admin
	d.config.Log.Level = "warn"
	if len(d.options.Behind) > 0 {
		d.config.BehindProxy = &configs.BehindProxy{}
		for _, n := range d.options.Behind {
			d.config.BehindProxy.Trusted = append(d.config.BehindProxy.Trusted, configs.Prefix{Prefix: n})
		}
	}
	d.companies()
	return d.mailbox(ctx)
}

// env gives the demo's own secrets, made for this run, before those of the process.
func (d *Demo) env(name string) (string, bool) {
	if s, ok := d.secrets[name]; ok {
		return s, true
	}
	return d.options.Process.Env(name)
}

func (d *Demo) secret(name string) string {
	s := hub.NewSecret(d.options.Process.Random).Reveal()
	d.secrets[name] = s
	return s
}

// build makes the hub with its register, and the parties around it.
func (d *Demo) build(ctx context.Context) (_ *Hub, err error) {
	p := d.options.Process
	p.Env = d.env
	revenue, social := d.secret("DEMO_REVENUE_SECRET"), d.secret("DEMO_SOCIAL_SECRET")
	masters, err := MasterKeys(d.config, Process{Env: p.Env, Out: p.Out, Err: discard{}, Clock: p.Clock, Random: p.Random})
	if err != nil {
		return nil, err
	}
	dsn, err := d.config.DSN(p.Env)
	if err != nil {
		return nil, hub.E("app.Demo", hub.Invalid, err)
	}
	h, err := Build(ctx, Options{Config: d.config, Process: p, DSN: dsn, Masters: masters, HTTP: d.client, Log: d.log})
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.Close())
		}
	}()
	if err = d.declare(ctx, p); err != nil {
		return nil, err
	}
	if err = d.providers(ctx, h); err != nil {
		return nil, err
	}
	if err = d.invite(ctx, h); err != nil {
		return nil, err
	}
	if err = d.register(h); err != nil {
		return nil, err
	}
	office := hub.Text{"th": "สำนักงานประกันสังคม (สาธิต)", "en": "Social Security Office (demo)"}
	if err = d.department(revenueHost, "revenue-efiling", revenue, "#1f4e79", []string{"openid", "profile", "citizen_id", "address"},
		hub.Text{"th": "กรมสรรพากร (สาธิต)", "en": "Revenue Department (demo)"},
		department.Options{
			Neighbour: &department.Neighbour{Names: office, Resource: d.URL(socialHost) + "/api", URL: d.URL(socialHost) + department.APIPath},
			Services:  revenueServices(), StatesPlace: true, Behind: d.options.Behind, Records: department.Taxpayers(registry.Companies()[0].Number),
		}); err != nil {
		return nil, err
	}
	if err = d.department(socialHost, "social-benefits", social, "#5b2a6e", []string{"openid"}, office,
		department.Options{Services: socialServices(), Records: department.Insured(simulator.People(), tenants.CheckCharacter37)}); err != nil {
		return nil, err
	}
	d.landing = &landSite{log: d.log, open: func() (http.Handler, error) { return d.land(context.WithoutCancel(ctx), h) }}
	d.hosts[landHost] = d.landing
	d.hosts[hubHost], d.hosts[samlBankHost] = h.public.Handler(), http.HandlerFunc(d.samlBank)
	if err = h.refresh(ctx); err != nil {
		return nil, err
	}
	_, secret, err := h.staff.Invite(ctx, staff.Operator, staff.Reviewer, staff.Place{Department: "social-security"})
	if err != nil {
		return nil, err
	}
	d.clerk = d.config.Issuer + "/join/" + secret.Reveal()
	if err = d.sheet(); err != nil {
		return nil, err
	}
	return h, nil
}

// declare applies the departments' objects as an administrator would, with the demo's addresses in them.
func (d *Demo) declare(ctx context.Context, p Process) error {
	const op = "app.Demo"
	folder := filepath.Join(d.Data, "objects")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return hub.E(op, hub.Unavailable, err)
	}
	address := strings.NewReplacer("https://revenue.demo", d.URL(revenueHost), "https://social.demo", d.URL(socialHost), "https://land.demo", d.URL(landHost))
	files := configs.DemoFiles()
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(folder, name), []byte(address.Replace(string(text))), 0o600)
	})
	if err != nil {
		return hub.E(op, hub.Unavailable, err)
	}
	objects, err := configs.ReadObjects(folder)
	if err != nil {
		return err
	}
	p.Out = discard{}
	return Apply(ctx, d.config, p, objects, false)
}

// providers makes the two stand-ins and puts their trust records into the register.
func (d *Demo) providers(ctx context.Context, h *Hub) (err error) {
	p := d.options.Process
	client := func(id hub.ProviderID, scopes []string) (simulator.Clients, []byte, error) {
		secret := d.secret("DEMO_" + strings.ToUpper(string(id)) + "_SECRET")
		sealed, err := h.options.Masters.SealSecret(p.Random, secretContext, []byte(secret))
		return simulator.Clients{{
			ID: "onedoor", Secret: secret, RedirectURIs: []string{d.config.Issuer + "/login/callback/" + string(id)}, Scopes: scopes,
			BackchannelLogoutURI: h.upstreamLogout(id), PostLogoutRedirectURIs: []string{h.upstreamLogout(id) + "/done"},
		}}, sealed, err
	}
	from, until := p.Clock().Add(-time.Hour), p.Clock().AddDate(1, 0, 0)
	clients, sealed, err := client("thaid", thaid.Scopes())
	if err != nil {
		return err
	}
	if d.ThaID, err = thaid.New(thaid.Options{BaseURL: d.URL(thaidHost), Clients: clients, Clock: p.Clock, Random: p.Random}); err != nil {
		return err
	}
	if _, err = h.trust.Put(ctx, thaid.Trust(d.URL(thaidHost), "onedoor", sealed, from, until)); err != nil {
		return err
	}
	if clients, sealed, err = client("bank", bank.Scopes()); err != nil {
		return err
	}
	if d.Bank, err = bank.New(bank.Options{BaseURL: d.URL(bankHost), Clients: clients, Clock: p.Clock, Random: p.Random, HTTP: d.client}); err != nil {
		return err
	}
	if _, err = h.trust.Put(ctx, bank.Trust(d.URL(bankHost), "onedoor", sealed, from, until)); err != nil {
		return err
	}
	d.hosts[thaidHost], d.hosts[bankHost] = d.ThaID, d.Bank
	return d.platform(ctx, h)
}

// department makes one of the relying parties, with what more it has.
func (d *Demo) department(host, client, secret, colour string, scopes []string, names hub.Text, o department.Options) error {
	p := d.options.Process
	o.BaseURL, o.Issuer, o.ClientID, o.ClientSecret, o.Scopes, o.Names, o.Colour = d.URL(host), d.config.Issuer, client, secret, scopes, names, colour
	o.HTTP, o.Clock, o.Random, o.Log = d.client, p.Clock, p.Random, d.log
	site, err := department.New(o)
	d.hosts[host] = site
	return err
}

// run serves all hosts on the one port.
func (d *Demo) run(ctx context.Context, h *Hub, public, admin net.Listener) error {
	if err := h.lease.Refresh(ctx); err != nil {
		return err
	}
	byHost := make(map[string]http.Handler, len(d.hosts))
	for name, handler := range d.hosts {
		byHost[fmt.Sprintf("%s.localhost:%d", name, d.Port)] = handler
	}
	site := &http.Server{
		ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute, TLSConfig: d.tls, ErrorLog: slog.NewLogLogger(d.log.Handler(), slog.LevelDebug),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			handler, ok := byHost[r.Host]
			if !ok {
				http.Redirect(w, r, d.URL(sheetHost), http.StatusFound) // somebody typed localhost
				return
			}
			handler.ServeHTTP(w, r)
		}),
	}
	beside, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var all sync.WaitGroup
	all.Go(func() { h.attend(beside) })
	all.Go(func() { _ = h.admin.Serve(beside, admin) })
	if d.options.Spare {
		close(d.Joined)
	} else {
		all.Go(func() { d.join(beside, h) })
		all.Go(func() { d.landing.ready() })
	}
	all.Go(func() { d.NDID.Run(beside) })
	all.Go(func() { d.Mail.Serve(beside, d.mailing) })
	failed := make(chan error, 1)
	go func() {
		if d.tls != nil {
			failed <- site.ServeTLS(public, "", "")
			return
		}
		failed <- site.Serve(public)
	}()
	d.tell()
	if d.options.Ready != nil {
		d.options.Ready(d)
	}
	var err error
	select {
	case err = <-failed:
		err = hub.E("app.Demo", hub.Unavailable, err)
	case <-ctx.Done():
		// The parties call each other: a connection that nobody has used yet counts as busy for five seconds (net/http).
		d.client.CloseIdleConnections()
		grace, cancel := context.WithTimeout(beside, 10*time.Second)
		err = site.Shutdown(grace)
		cancel()
	}
	stop()
	all.Wait()
	return err
}

// invite prepares the posts of two administrators, of the platform and of the revenue department, and of those who work there.
func (d *Demo) invite(ctx context.Context, h *Hub) error {
	d.Invited = map[staff.Role]string{}
	for role, place := range map[staff.Role]staff.Place{staff.PlatformAdministrator: {}, staff.DepartmentAdministrator: {Department: "revenue"}, staff.Reviewer: {Department: "revenue"}, staff.HelpDesk: {Department: "revenue"}} {
		_, secret, err := h.staff.Invite(ctx, staff.Operator, role, place)
		if err != nil {
			return err
		}
		d.Invited[role] = d.config.Issuer + "/join/" + secret.Reveal()
	}
	return nil
}

// tell prints what to open and what to try.
func (d *Demo) tell() {
	out := d.options.Process.Out
	say(out, `onedoor demo, ready.

  Who do you want to be?            %s

  Departments
    Revenue department (OpenID)     %s
    Social security (OpenID)        %s
    Land office (SAML)              %s
  The hub                           %s
  Identity providers, all stand-ins
    ThaID                           %s
    Sabaidee Bank (OpenID)          %s
    Sabaidee Savings (SAML)         %s
    NDID: the banks' phone apps     %s
  Your mailbox                      %s

Try this:
  1. Open the revenue department and sign in. Choose ThaID, pick a person, approve.
  2. Say which data may go to the department, and you are in.
  3. Open social security and sign in: no question is asked, the one login counts.
  4. Open the land office, which speaks SAML: again no question is asked. Its title deed asks for a stronger login.
  5. Press "sign out everywhere" at a department: a page lists the others, and each of them has signed you out.
  6. At the hub, open Contacts and give an e-mail address, any will do: the code is in your mailbox. Then step 4 sends a mail there.
  7. In a private window, sign in over NDID: type %s, then open the phone app of the bank you chose, as Maliwan.
  8. At the revenue department, press "ask for me": it asks social security about you, with a pass that the hub gives for that alone.
  9. At the hub, open %s/entities, sign in as Maliwan and register the company %s: the registry says that she directs it. Invite an
     operator for the revenue department, and open the address in another browser as Tharnnamsai. At the revenue department he is asked
     for whom he acts. Take his mandate away: the department has signed him out.

 10. In a window of its own, sign in at social security as Tharnnamsai over ThaID: it does not know which record is his. At the hub, open
     My account, My records, agree that what he showed is kept, and ask: it has two of him, so somebody must look.
 11. Be that somebody. Open %s in another window
     and sign in over NDID as Maliwan (step 7). Then open %s/staff/cases, take the case up, type
     in the number %s, compare, and bind. Back in his window, sign in at social security again: it greets the record.

 12. At social security, as Maliwan, open "Inpatient bills": it asks the hub, and says why not. Its button leads to what is missing: first her
     record, then the switch, which asks for a stronger sign-in (the bank). Lock the bills in another tab, and look again.
 13. At the hub, open the company of step 9, "Delegated services", and give "The company's tax return" to the operator. Open
     %s in a window of its own, sign in over NDID as Wiphada (number %s),
     and approve at %s/staff/applications. Now he can open it. Withdraw it, and look again.

The people and their numbers are invented. Everything is in %s and goes when the demo ends (Ctrl+C).`,
		d.URL(sheetHost), d.URL(revenueHost), d.URL(socialHost), d.URL(landHost), d.URL(hubHost), d.URL(thaidHost), d.URL(bankHost), d.URL(samlBankHost),
		d.URL(phonesHost), d.URL(mailHost), simulator.People()[0].CitizenID, d.URL(hubHost), registry.Companies()[0].Number, d.clerk, d.URL(hubHost), department.Insured(simulator.People(), tenants.CheckCharacter37)[1].Number,
		d.Invited[staff.Reviewer], d.played("wipa").CitizenID, d.URL(hubHost), d.Data)
	say(out, `
To be an administrator, open one of these once, in a window of its own, and sign in over NDID (step 7); then the console is at %s/console:
  of the platform             %s
  of the revenue department   %s`, d.URL(hubHost), d.Invited[staff.PlatformAdministrator], d.Invited[staff.DepartmentAdministrator])
	if d.CA != "" {
		say(out, "\nThe certificates are signed by an authority made for this run: %s", d.CA)
	}
}

// discard is where the demo lets go what only an operator would want to know.
type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }
