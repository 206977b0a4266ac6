package samlmsg

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

func mustParse(tb testing.TB, s string) *element {
	tb.Helper()
	e, err := parse([]byte(s), MessageLimits(), false)
	if err != nil {
		tb.Fatalf("%v: %s", err, s)
	}
	return e
}

// The cases of Exclusive XML Canonicalization 1.0 that a signature hangs on.
func TestCanonicalFormIsExclusiveC14N(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in, want string
		apex           string // local name; "" for the root
		inclusive      []string
	}{
		{name: "attributes by namespace then name", in: `<a xmlns:z="urn:a" xmlns:b="urn:z" b:x="1" z:y="2" c="3" B="4"/>`, want: `<a xmlns:b="urn:z" xmlns:z="urn:a" B="4" c="3" z:y="2" b:x="1"></a>`},
		{name: "prefix of an ancestor sorts its attribute", in: `<r xmlns:z="urn:a" xmlns:b="urn:z"><a b:x="1" z:x="2"/></r>`, apex: "a", want: `<a xmlns:b="urn:z" xmlns:z="urn:a" z:x="2" b:x="1"></a>`},
		{name: "unused declarations go", in: `<a xmlns:u="urn:u"><u:b xmlns:v="urn:v"/></a>`, want: `<a><u:b xmlns:u="urn:u"></u:b></a>`},
		{name: "declared once where both use it", in: `<u:a xmlns:u="urn:u"><u:b xmlns:u="urn:u"/></u:a>`, want: `<u:a xmlns:u="urn:u"><u:b></u:b></u:a>`},
		{name: "declared again after another meaning", in: `<u:a xmlns:u="urn:u"><u:b xmlns:u="urn:v"><u:c xmlns:u="urn:u"/></u:b></u:a>`, want: `<u:a xmlns:u="urn:u"><u:b xmlns:u="urn:v"><u:c xmlns:u="urn:u"></u:c></u:b></u:a>`},
		{name: "siblings declare each for itself", in: `<a xmlns:u="urn:u"><u:b/><u:c/></a>`, want: `<a><u:b xmlns:u="urn:u"></u:b><u:c xmlns:u="urn:u"></u:c></a>`},
		{name: "default namespace of an ancestor", in: `<a xmlns="urn:d"><b/></a>`, apex: "b", want: `<b xmlns="urn:d"></b>`},
		{name: "default namespace taken back", in: `<a xmlns="urn:d"><b xmlns=""/></a>`, want: `<a xmlns="urn:d"><b xmlns=""></b></a>`},
		{name: "default namespace taken back at the apex says nothing", in: `<a xmlns="urn:d"><b xmlns=""/></a>`, apex: "b", want: `<b></b>`},
		{name: "prefix list", in: `<a xmlns:xs="urn:xs" xmlns:u="urn:u"><b t="xs:string"/></a>`, apex: "b", inclusive: []string{"xs", "nope"}, want: `<b xmlns:xs="urn:xs" t="xs:string"></b>`},
		{name: "prefix list, default", in: `<u:a xmlns="urn:d" xmlns:u="urn:u"><u:b/></u:a>`, apex: "b", inclusive: []string{"#default"}, want: `<u:b xmlns="urn:d" xmlns:u="urn:u"></u:b>`},
		{name: "xml prefix is never declared", in: `<a xml:lang="th"><b xml:space="preserve"/></a>`, want: `<a xml:lang="th"><b xml:space="preserve"></b></a>`},
		{name: "text is escaped", in: `<a b="&quot;&lt;&amp;&gt;'&#x9;&#xA;&#xD;">&lt;&amp;&gt;"'&#xD;<![CDATA[<x>]]></a>`, want: `<a b="&quot;&lt;&amp;>'&#x9;&#xA;&#xD;">&lt;&amp;&gt;"'&#xD;&lt;x&gt;</a>`},
		{name: "line ends", in: "<a>x\r\ny\rz</a>", want: "<a>x\ny\nz</a>"},
		{name: "declaration and surrounding space go", in: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a  b = '1' />\n", want: `<a b="1"></a>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := mustParse(t, c.in)
			if c.apex != "" {
				_ = e.walk(func(x *element) error {
					if x.local == c.apex {
						e = x
					}
					return nil
				})
			}
			if got := string(canonical(e, nil, c.inclusive)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// The other implementation agrees where it is right (it does not know the namespaces of ancestors when it sorts attributes).
func TestCanonicalFormAgreesWithGoxmldsig(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		issue(t, signed(t, true, true), nil),
		issue(t, IssueOptions{Assertion: theIDP().signer(t), Encrypt: theSP().recipient(t)}, nil),
		`<r xmlns="urn:d" xmlns:x="urn:x" x:b="1" a="2"><x:c xmlns:y="urn:y"><d y:e="3"/></x:c></r>`,
	} {
		if got, want := string(canonical(mustParse(t, in), nil, nil)), goxmldsigC14N(t, in); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func goxmldsigC14N(tb testing.TB, in string) string {
	tb.Helper()
	doc := etree.NewDocument()
	if err := doc.ReadFromString(in); err != nil {
		tb.Fatal(err)
	}
	out, err := dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("").Canonicalize(doc.Root())
	if err != nil {
		tb.Fatal(err)
	}
	return string(out)
}

// Metadata files carry comments: they are dropped, and never cut a text in two.
func TestCommentsInMetadataNeverCutAText(t *testing.T) {
	t.Parallel()
	e, err := parse([]byte("<!-- a --><a>one<!-- b -->two<![CDATA[three]]><b/>four<!-- c -->five</a>"), MetadataLimits(), true)
	if err != nil {
		t.Fatal(err)
	}
	if len(e.nodes) != 3 || e.nodes[0].text != "onetwothree" || e.nodes[2].text != "fourfive" {
		t.Errorf("nodes: %+v", e.nodes)
	}
}

func TestTextsManyTimesSplitAreReadInLinearTime(t *testing.T) {
	t.Parallel()
	in := "<a>" + strings.Repeat("x<![CDATA[y]]>", 4000) + "</a>"
	e := mustParse(t, in)
	if s, ok := e.text(); !ok || s != strings.Repeat("xy", 4000) {
		t.Error("text lost")
	}
}

func TestWhatIsWrittenCanBeReadAndNothingElseIsWritten(t *testing.T) {
	t.Parallel()
	r := sampleResponse()
	r.Assertion.Attributes[0].Values[0] = "a\x00b"
	if _, err := r.XML(signed(t, true, true)); Reason(err) != string(MessageIncomplete) {
		t.Errorf("a zero byte went into a message: %v", err)
	}
	for name, change := range map[string]func(*Response){
		"no id":                  func(r *Response) { r.ID = "" },
		"id of a digit":          func(r *Response) { r.ID = "1" },
		"no issuer":              func(r *Response) { r.Issuer = "" },
		"no time":                func(r *Response) { r.IssueInstant = time.Time{} },
		"no status":              func(r *Response) { r.Status = Status{} },
		"success of nothing":     func(r *Response) { r.Assertion = nil },
		"failure with assertion": func(r *Response) { r.Status = Status{Code: StatusResponder} },
		"assertion without subject": func(r *Response) {
			r.Assertion.Subject.NameID = nil
		},
		"assertion without confirmation": func(r *Response) { r.Assertion.Subject.Confirmations = nil },
		"assertion without conditions":   func(r *Response) { r.Assertion.Conditions = nil },
		"assertion without statement":    func(r *Response) { r.Assertion.Authn = nil },
		"statement without class":        func(r *Response) { r.Assertion.Authn[0].ClassRef = "" },
	} {
		r := sampleResponse()
		change(&r)
		if _, err := r.XML(signed(t, true, true)); Reason(err) != string(MessageIncomplete) {
			t.Errorf("%s: %v", name, err)
		}
	}
	r = sampleResponse()
	if _, err := r.XML(IssueOptions{}); Reason(err) != string(MessageIncomplete) {
		t.Errorf("an assertion that nobody signed was written: %v", err)
	}
}

// A mutation of any one byte of a signed response is never accepted with another meaning.
func TestNoByteOfASignedResponseCanChangeItsMeaning(t *testing.T) {
	t.Parallel()
	good := issue(t, signed(t, true, true), nil)
	v, x := theIDP().verifier(t), expectation()
	want, err := acceptWith(good, ResponseOptions{Verifier: v}, x)
	if err != nil {
		t.Fatal(err)
	}
	accepted := 0
	for i := 0; i < len(good); i += 7 {
		bent := []byte(good)
		bent[i] ^= 1
		got, err := acceptWith(string(bent), ResponseOptions{Verifier: v}, x)
		if err != nil {
			continue
		}
		accepted++
		if got.Assertion.Subject.NameID.Value != want.Assertion.Subject.NameID.Value || got.Authn.ClassRef != want.Authn.ClassRef ||
			!bytes.Equal([]byte(got.Assertion.Attributes[0].Values[0]), []byte(want.Assertion.Attributes[0].Values[0])) {
			t.Fatalf("byte %d changed the meaning", i)
		}
	}
	// Only the certificate in KeyInfo, which nobody looks at, may change: it is covered by no signature of an assertion.
	t.Logf("%d of %d mutations without effect", accepted, len(good)/7)
}
