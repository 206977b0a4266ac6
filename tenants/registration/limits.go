package registration

import (
	"context"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/tenants"
)

// System gives a sandbox as the system that it may be now: alive, within what is opened to its department now, and named as a
// test in every language. NotFound: there is no such sandbox, its time is over, or its department has none any more. Unavailable.
func (r *Registrar) System(ctx context.Context, id hub.SystemID) (tenants.System, error) {
	const op = "registration.System"
	if !IsSandbox(id) {
		return tenants.System{}, hub.Errorf(op, hub.NotFound, "not the name of a sandbox")
	}
	s, err := r.o.Store.Sandbox(ctx, id)
	if err != nil {
		return tenants.System{}, err
	}
	d, open := r.open(s.System.Department)
	if !open || !r.now().Before(s.ExpiresAt) || s.System.OIDC == nil {
		return tenants.System{}, hub.Errorf(op, hub.NotFound, "no longer there")
	}
	limited := limit(s.System, d)
	if len(limited.Validate()) > 0 || len(d.strangers(*limited.OIDC)) > 0 {
		return tenants.System{}, hub.Errorf(op, hub.NotFound, "no longer within what its department may have")
	}
	limited.Names = asTest(limited.Names)
	return limited, nil
}

// limit holds a registered system to what is opened to its department: the scopes, with a rule for every attribute behind them, and
// the level that goes with personal data (LOA-07, LOA-08).
func limit(s tenants.System, d Department) tenants.System {
	oidc := *s.OIDC
	s.OIDC = &oidc
	oidc.SectorIdentifier = string(s.ID) + ".invalid" // a name that nobody can own (RFC 2606 section 2)
	oidc.Resource, oidc.AudienceOf = "", nil          // no sandbox is an API for others
	oidc.PKCEOptional = false
	var names []hub.AttributeName
	oidc.Scopes, names = d.scopes(oidc)
	s.Attributes = nil
	s.Status, s.Group, s.Least = tenants.Testing, tenants.Interactive, hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}
	for _, n := range names {
		s.Attributes = append(s.Attributes, consent.Rule{
			Attribute: n, Purpose: "sandbox", Text: purposeText(), Basis: consent.ByConsent, Effect: effectText(),
		})
	}
	if len(names) > 0 {
		s.Group, s.Least = tenants.Transaction, hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}
	}
	return s
}

// scopes gives those of the registered scopes that the department's sandboxes may have, and the attributes behind them: openid is
// always there, offline_access with the grant that goes with it, profile and the names of attributes within what is opened.
func (d Department) scopes(o tenants.OIDC) ([]string, []hub.AttributeName) {
	scopes := []string{tenants.ScopeOpenID}
	var names []hub.AttributeName
	profile := slices.Contains(o.Scopes, tenants.ScopeProfile) && len(d.Attributes) > 0
	if profile {
		scopes = append(scopes, tenants.ScopeProfile)
	}
	for _, n := range hub.AttributeNames() {
		if !slices.Contains(d.Attributes, n) || n == hub.CitizenID {
			continue
		}
		named := slices.Contains(o.Scopes, string(n))
		if named {
			scopes = append(scopes, string(n))
		}
		if named || profile {
			names = append(names, n)
		}
	}
	if slices.Contains(o.Scopes, tenants.ScopeOffline) && slices.Contains(o.GrantTypes, "refresh_token") {
		scopes = append(scopes, tenants.ScopeOffline)
	}
	return scopes, names
}

// strangers gives the fields whose addresses are neither on the own machine nor on a host that is opened to the department.
func (d Department) strangers(o tenants.OIDC) []string {
	var out []string
	for _, f := range []struct {
		name string
		uris []string
	}{
		{"redirect_uris", o.RedirectURIs},
		{"post_logout_redirect_uris", o.PostLogoutRedirectURIs},
		{"initiate_login_uri", []string{o.InitiateLoginURI}},
		{"backchannel_logout_uri", []string{o.BackchannelLogoutURI}},
		{"frontchannel_logout_uri", []string{o.FrontchannelLogoutURI}},
		{"jwks_uri", []string{o.JWKSURI}},
	} {
		if slices.ContainsFunc(f.uris, func(u string) bool { return u != "" && !d.hosts(u) }) {
			out = append(out, f.name)
		}
	}
	return out
}

func (d Department) hosts(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	host := u.Hostname()
	if a, err := netip.ParseAddr(host); err == nil {
		return a.IsLoopback() || slices.Contains(d.Hosts, host)
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || slices.ContainsFunc(d.Hosts, func(h string) bool {
		return h == host || strings.HasPrefix(h, ".") && strings.HasSuffix(host, h)
	})
}

// asTest says in front of every name that it is a test, so that no sandbox can pass for a service.
func asTest(names hub.Text) hub.Text {
	out := hub.Text{}
	for lang, word := range map[string]string{"th": "ระบบทดสอบ: ", "en": "Test system: ", "zh": "测试系统：", "vi": "Hệ thống thử nghiệm: "} {
		out[lang] = word + names[lang]
	}
	return out
}

func purposeText() hub.Text {
	return hub.Text{
		"th": "เพื่อทดสอบระบบที่ยังไม่เปิดให้บริการ",
		"en": "To test a system that is not in service yet",
		"zh": "用于测试尚未投入使用的系统",
		"vi": "Để thử nghiệm một hệ thống chưa đưa vào hoạt động",
	}
}

func effectText() hub.Text {
	return hub.Text{
		"th": "ไม่มีผลต่อท่าน การทดสอบดำเนินต่อโดยไม่มีข้อมูลนี้",
		"en": "Nothing happens to you: the test goes on without it",
		"zh": "对您没有影响：测试将在没有此信息的情况下继续",
		"vi": "Không ảnh hưởng gì đến bạn: việc thử nghiệm tiếp tục mà không có thông tin này",
	}
}
