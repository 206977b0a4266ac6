package samlsp

import (
	"bytes"
	"net/http"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

// Request is the page that carries an AuthnRequest by HTTP-POST (SAML Bindings section 3.5) to a provider that wants it so. It comes
// in signed by ourselves, in the query, so that nobody else can make the hub ask anything; it goes out signed within. GET only.
func (e *Endpoints) Request(w http.ResponseWriter, r *http.Request) {
	p, err := e.provider(r)
	if err != nil {
		e.o.Fail(w, r, err)
		return
	}
	form, err := e.c.carry(r, p)
	if err != nil {
		e.o.Fail(w, r, err)
		return
	}
	form.Texts = textsIn(e.o.Language(r))
	var page bytes.Buffer
	if _, err := form.WriteTo(&page); err != nil {
		e.o.Fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	// No form-action: browsers hold it against every redirect that follows the form, at the provider's sites too.
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(page.Bytes())
}

// carryLife is how long a request may take from Start to its page.
const carryLife = 5 * time.Minute

// carry makes the form of a request that we have signed ourselves for this provider.
func (c *Connector) carry(r *http.Request, p federation.Provider) (samlmsg.Form, error) {
	const op = "samlsp.carry"
	m, err := samlmsg.FromRedirect(r.URL.RawQuery, samlmsg.Limits{})
	if err != nil {
		return samlmsg.Form{}, err
	}
	own, err := c.o.Keys.Signing(r.Context())
	if err != nil {
		return samlmsg.Form{}, err
	}
	v, err := samlmsg.NewVerifier(samlmsg.VerifierOptions{Certificates: certificates(own, true)})
	if err != nil {
		return samlmsg.Form{}, err
	}
	q, err := m.AuthnRequest(v, nil, samlmsg.SignatureRequired)
	if err != nil {
		return samlmsg.Form{}, err
	}
	location, err := c.singleSignOn(r.Context(), p)
	if err != nil {
		return samlmsg.Form{}, err
	}
	now := c.o.Clock()
	switch {
	case q.Issuer != c.entityID(p) || q.ACSURL != c.ACSURL(p.ID):
		return samlmsg.Form{}, hub.E(op, hub.Refused, samlmsg.IssuerMismatch)
	case q.Destination != location || p.SAML.RequestBinding != federation.SAMLPost:
		return samlmsg.Form{}, hub.E(op, hub.Refused, samlmsg.DestinationMismatch)
	case now.Sub(q.IssueInstant) > carryLife || q.IssueInstant.Sub(now) > p.SAML.Skew():
		return samlmsg.Form{}, hub.E(op, hub.Expired, samlmsg.IssuedTooLongAgo)
	}
	signer, err := c.signer(r.Context())
	if err != nil {
		return samlmsg.Form{}, err
	}
	xml, err := q.XML(signer)
	if err != nil {
		return samlmsg.Form{}, err
	}
	return samlmsg.NewForm(location, samlmsg.KindAuthnRequest, xml, m.RelayState())
}

// textsIn gives the words of the page.
func textsIn(language string) samlmsg.FormTexts {
	switch language {
	case "en":
		return samlmsg.FormTexts{
			Language: "en", Title: "Continue to your identity provider",
			Explain: "Press the button to go on to the identity provider that you have chosen.", Button: "Continue",
		}
	case "zh":
		return samlmsg.FormTexts{Language: "zh", Title: "前往身份提供方", Explain: "请按下按钮，前往您所选择的身份提供方。", Button: "继续"}
	case "vi":
		return samlmsg.FormTexts{
			Language: "vi", Title: "Đi tiếp đến nhà cung cấp danh tính",
			Explain: "Hãy bấm nút để đi tiếp đến nhà cung cấp danh tính mà bạn đã chọn.", Button: "Tiếp tục",
		}
	default:
		return samlmsg.FormTexts{
			Language: "th", Title: "ไปยังผู้ให้บริการยืนยันตัวตน",
			Explain: "กรุณากดปุ่มเพื่อไปยังผู้ให้บริการยืนยันตัวตนที่คุณเลือก", Button: "ดำเนินการต่อ",
		}
	}
}
