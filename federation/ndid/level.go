package ndid

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"math/big"
	"slices"
	"time"

	"onedoor/federation"
	"onedoor/hub"
)

// wanted gives the number that asks for at least this level: that of the lowest level that satisfies it, among those that the
// platform supports; nil supports all. "" where there is none.
func wanted[L cmp.Ordered](table map[string]L, least L, platform []string) string {
	var words []string
	for _, word := range slices.Sorted(maps.Keys(table)) {
		if table[word] >= least && federation.Decimal(json.Number(word)) == word && (platform == nil || slices.Contains(platform, word)) {
			words = append(words, word)
		}
	}
	if len(words) == 0 {
		return ""
	}
	return slices.MinFunc(words, func(a, b string) int {
		return cmp.Or(cmp.Compare(table[a], table[b]), number(a).Cmp(number(b)))
	})
}

func number(word string) *big.Rat {
	r, _ := new(big.Rat).SetString(word)
	return r
}

// levels is a pair of levels in the platform's words and in the hub's.
type levels struct {
	IAL, AAL string // decimals
	Level    hub.Level
}

// supported are the levels that the platform knows.
type supported struct {
	ial, aal []string // decimals; nil where it does not say
	until    time.Time
}

// least gives the levels to ask for: what is wanted, never less than the trust record says. LevelUnmet where the record or the
// platform has no number for it. Unavailable.
func (c *Connector) least(ctx context.Context, p federation.Provider, want hub.Level) (levels, error) {
	const op = "ndid.least"
	known, err := c.supported(ctx, p)
	if err != nil {
		return levels{}, err
	}
	want = want.Join(p.NDID.Least)
	l := levels{IAL: wanted(p.Assurance.IAL, want.IAL, known.ial), AAL: wanted(p.Assurance.AAL, want.AAL, known.aal)}
	if l.IAL == "" || l.AAL == "" {
		return levels{}, c.signal(ctx, p, op, reaction{hub.LevelUnmet, federation.SettingRejected, SignalSettings}, 0)
	}
	l.Level = hub.Level{IAL: p.Assurance.IAL[l.IAL], AAL: p.Assurance.AAL[l.AAL]}
	return l, nil
}

// supported gives the platform's own lists, read again now and then.
func (c *Connector) supported(ctx context.Context, p federation.Provider) (supported, error) {
	now := c.clock()
	c.mu.Lock()
	s, ok := c.levels[p.ID]
	c.mu.Unlock()
	if ok && now.Before(s.until) {
		return s, nil
	}
	var err error
	if s.ial, err = c.decimals(ctx, p, "/utility/supported_ial"); err != nil {
		return supported{}, err
	}
	if s.aal, err = c.decimals(ctx, p, "/utility/supported_aal"); err != nil {
		return supported{}, err
	}
	s.until = now.Add(levelsLife)
	c.mu.Lock()
	c.levels[p.ID] = s
	c.mu.Unlock()
	return s, nil
}

// decimals reads a list of numbers; nil where the node has no such list.
func (c *Connector) decimals(ctx context.Context, p federation.Provider, path string) ([]string, error) {
	const op = "ndid.decimals"
	got, err := c.get(ctx, p, op, path)
	if err != nil {
		return nil, err
	}
	if got.missing() {
		return nil, nil
	}
	if err := c.failed(ctx, p, op, got); err != nil {
		return nil, err
	}
	var numbers []json.Number
	if decode(got.body, &numbers) != nil || len(numbers) > 1000 {
		return nil, hub.E(op, hub.Refused, federation.ResponseMalformed)
	}
	out := []string{}
	for _, n := range numbers {
		if d := federation.Decimal(n); d != "" {
			out = append(out, d)
		}
	}
	return out, nil
}

// said reads the levels of an answer. A number that is not in the tables is no level.
func said(a federation.Assurance, ial, aal json.Number) hub.Level {
	return hub.Level{IAL: a.IAL[federation.Decimal(ial)], AAL: a.AAL[federation.Decimal(aal)]}
}
