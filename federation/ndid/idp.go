package ndid

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onedoor/federation"
	"onedoor/hub"
)

// Limits of what the platform tells of identity providers.
const (
	maxIDPs   = 200
	maxIDPID  = 128 // bytes
	maxIDPLen = 120 // characters of a name
)

// idp is an identity provider of the platform as the person sees it.
type idp struct {
	id    string
	names hub.Text
}

// idpForm is an identity provider as the node tells of it.
type idpForm struct {
	NodeID   string      `json:"node_id"`
	NodeName string      `json:"node_name"`
	MaxIAL   json.Number `json:"max_ial"`
	MaxAAL   json.Number `json:"max_aal"`
	IAL      json.Number `json:"ial"` // of the person, where a person was asked about
	Modes    []int       `json:"mode_list"`
	Agent    bool        `json:"agent"`
}

// identityProviders lists who can reach the levels now, in order of their names. The node filters; what it gives is looked at again.
func (c *Connector) identityProviders(ctx context.Context, p federation.Provider, least levels) ([]idp, error) {
	const op = "ndid.identityProviders"
	forms, err := c.idps(ctx, p, op, "/utility/idp", least, 0)
	if err != nil {
		return nil, err
	}
	var out []idp
	for _, f := range forms {
		if f.Agent || !said(p.Assurance, f.MaxIAL, f.MaxAAL).Satisfies(least.Level) || len(out) == maxIDPs {
			continue
		}
		out = append(out, idp{id: f.NodeID, names: idpNames(*p.NDID, f)})
	}
	slices.SortFunc(out, func(a, b idp) int {
		return cmp.Or(strings.Compare(a.names.In("en"), b.names.In("en")), strings.Compare(a.id, b.id))
	})
	return slices.CompactFunc(out, func(a, b idp) bool { return a.id == b.id }), nil
}

// onboarded reports whether the identity provider has onboarded the person for mode 2, at the level that is asked.
func (c *Connector) onboarded(ctx context.Context, p federation.Provider, number, idp string, least levels) (bool, error) {
	const op = "ndid.onboarded"
	forms, err := c.idps(ctx, p, op, "/utility/idp/"+url.PathEscape(p.NDID.Namespace)+"/"+url.PathEscape(number), least, modeOnboarded)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(forms, func(f idpForm) bool {
		return f.NodeID == idp && (f.Modes == nil || slices.Contains(f.Modes, modeOnboarded)) &&
			(f.IAL == "" || p.Assurance.IAL[federation.Decimal(f.IAL)] >= least.Level.IAL)
	}), nil
}

// idps asks for a list. A person whom the platform does not know has an empty one, whichever way it says so.
func (c *Connector) idps(ctx context.Context, p federation.Provider, op, path string, least levels, mode int) ([]idpForm, error) {
	query := url.Values{"min_ial": {least.IAL}, "min_aal": {least.AAL}}
	if mode != 0 {
		query.Set("mode", digits(mode))
	}
	if p.NDID.NodeID != "" {
		query.Set("filter_for_node_id", p.NDID.NodeID)
	}
	got, err := c.call(ctx, p, op, http.MethodGet, path, query, nil)
	if err != nil {
		return nil, err
	}
	if n := code(got.body); mode != 0 && (got.missing() || n == 20020 || n == 20071) {
		return nil, nil
	}
	if err := c.failed(ctx, p, op, got); err != nil {
		return nil, err
	}
	var forms []idpForm
	if decode(got.body, &forms) != nil {
		return nil, hub.E(op, hub.Refused, federation.ResponseMalformed)
	}
	return slices.DeleteFunc(forms, func(f idpForm) bool {
		return f.NodeID == "" || len(f.NodeID) > maxIDPID || plain(f.NodeID, maxIDPID) != f.NodeID
	}), nil
}

// marketing is what node_name holds in production: a JSON text with the names that customers know.
type marketing struct {
	TH string `json:"marketing_name_th"`
	EN string `json:"marketing_name_en"`
}

// idpNames gives the names of an identity provider: those of the trust record, else those that it tells of itself, else its
// technical name.
func idpNames(n federation.NDID, f idpForm) hub.Text {
	if names, ok := n.IDPNames[f.NodeID]; ok {
		return names
	}
	var m marketing
	out := hub.Text{}
	if decode([]byte(f.NodeName), &m) == nil {
		for lang, name := range map[string]string{"th": m.TH, "en": m.EN} {
			if name = plain(name, maxIDPLen); name != "" {
				out[lang] = name
			}
		}
	} else if name := plain(f.NodeName, maxIDPLen); name != "" {
		out["en"] = name
	}
	if len(out) == 0 {
		out["en"] = f.NodeID
	}
	return out
}

// plain gives one line of foreign text without control, format and direction characters, cut to the limit in characters.
func plain(s string, limit int) string {
	if !utf8.ValidString(s) {
		return ""
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		default:
			return r
		}
	}, s)
	r := []rune(strings.Join(strings.Fields(s), " "))
	return strings.TrimSpace(string(r[:min(len(r), limit)]))
}
