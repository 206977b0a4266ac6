package samlsp_test

import (
	"bytes"
	"crypto/x509"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/samlmsg"
)

var update = flag.Bool("update", false, "rewrite golden files")

// request reads what Start puts on the wire, as the provider would: verified.
func (r *rig) request(ask login.Ask) samlmsg.AuthnRequest {
	r.tb.Helper()
	to, err := r.registry.Start(r.tb.Context(), providerID, ask)
	if err != nil {
		r.tb.Fatal(err)
	}
	_, query, _ := strings.Cut(to.URL, "?")
	m, err := samlmsg.FromRedirect(query, samlmsg.Limits{})
	if err != nil {
		r.tb.Fatal(err)
	}
	v, err := samlmsg.NewVerifier(samlmsg.VerifierOptions{Certificates: []*x509.Certificate{signOne().Certificate}})
	if err != nil {
		r.tb.Fatal(err)
	}
	q, err := m.AuthnRequest(v, nil, samlmsg.SignatureRequired)
	if err != nil || m.RelayState() != ask.State {
		r.tb.Fatalf("%v, RelayState %q", err, m.RelayState())
	}
	return q
}

// TestLOA04_GoldenTableOfContextClasses writes down which classes each asked level becomes on the wire, and what each class of an
// answer becomes. A change of any line must be meant.
func TestLOA04_GoldenTableOfContextClasses(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	exact := newRig(t, nil)
	least := newRig(t, func(p *federation.Provider) { p.SAML.Comparison = federation.SAMLMinimum })
	fmt.Fprintf(&b, "# asked level -> RequestedAuthnContext (exact)\n")
	exact.table(&b)
	fmt.Fprintf(&b, "# asked level -> RequestedAuthnContext (minimum)\n")
	least.table(&b)

	p := exact.memory.provider
	fmt.Fprintf(&b, "# AuthnContextClassRef of an answer -> level at this provider\n")
	refs := []string{"", "urn:example:sabaidee:palm-reading"}
	for _, c := range samlmsg.StandardClasses() {
		refs = append(refs, c.Ref)
	}
	for _, c := range samlmsg.EIDASClasses() {
		refs = append(refs, c.Ref)
	}
	refs = append(refs, hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}.ACR())
	for _, ref := range refs {
		id, err := federation.Map(p, federation.Claims{Subject: "s", ACR: ref}, noon)
		if err != nil {
			t.Fatal(err)
		}
		if p.Assurance.ACR[ref] == (hub.Level{}) && id.Level != (hub.Level{}) {
			t.Errorf("%q, which nobody agreed on, gives %v", ref, id.Level)
		}
		fmt.Fprintf(&b, "%q\t%s\n", ref, id.Level)
	}
	path := filepath.Join("testdata", "loa04.golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Errorf("the mapping changed; if that is meant, run with -update:\n%s", b.String())
	}
}

func (r *rig) table(b *bytes.Buffer) {
	for _, want := range hub.Levels() {
		ask := newAsk()
		ask.Want = want
		if !r.memory.provider.Ceiling.Satisfies(want) {
			if _, err := r.registry.Start(r.tb.Context(), providerID, ask); federation.Reason(err) != string(federation.CeilingBelow) {
				r.tb.Errorf("%v: %v", want, err)
			}
			fmt.Fprintf(b, "%s\t-\n", want.ACR())
			continue
		}
		q := r.request(ask)
		if q.Context == nil {
			fmt.Fprintf(b, "%s\t(none)\n", want.ACR())
			continue
		}
		fmt.Fprintf(b, "%s\t%s %s\n", want.ACR(), q.Context.Comparison, strings.Join(q.Context.ClassRefs, " "))
	}
}

func TestTheRequestSaysWhatIsWantedAndIsSigned(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	zero, hour := time.Duration(0), time.Hour
	for name, c := range map[string]struct {
		change func(*login.Ask)
		force  bool
	}{
		"plain":         {func(*login.Ask) {}, false},
		"an hour":       {func(a *login.Ask) { a.MaxAge = &hour }, false},
		"fresh":         {func(a *login.Ask) { a.Fresh = true }, true},
		"max age zero":  {func(a *login.Ask) { a.MaxAge = &zero }, true},
		"fresh in hour": {func(a *login.Ask) { a.Fresh, a.MaxAge = true, &hour }, true},
	} {
		ask := newAsk()
		c.change(&ask)
		q := r.request(ask)
		if q.ForceAuthn != c.force || q.IsPassive || !strings.HasPrefix(q.ID, "_") || len(q.ID) != 27 || q.Issuer != r.connector.MetadataURL(providerID) ||
			q.Destination != r.bankURL+"/sso" || q.ACSURL != r.connector.ACSURL(providerID) || q.ProtocolBinding != samlmsg.BindingPOST ||
			q.NameIDPolicy == nil || q.NameIDPolicy.Format != samlmsg.FormatPersistent || !q.NameIDPolicy.AllowCreate || !q.IssueInstant.Equal(noon) {
			t.Errorf("%s: %+v", name, q)
		}
	}
	own := newRig(t, func(p *federation.Provider) { p.SAML.SPEntityID = "urn:onedoor:sp" })
	if q := own.request(newAsk()); q.Issuer != "urn:onedoor:sp" {
		t.Errorf("issuer %s", q.Issuer)
	}
}
