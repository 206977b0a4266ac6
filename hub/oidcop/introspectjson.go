package oidcop

import (
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"sync"
	"unicode/utf8"

	"onedoor/hub"
)

// rendered are the parts of answers that are the same every time.
type rendered struct {
	quotedIssuer []byte
	levels       [hub.IAL3 + 1][hub.AAL3 + 1]string
	sectors      sectors
	sids         sids
	subjects     *subjects
}

func newRendered(issuer string) (*rendered, error) {
	quoted, err := json.Marshal(issuer)
	if err != nil {
		return nil, hub.E("oidcop.newRendered", hub.Internal, err)
	}
	x := &rendered{quotedIssuer: quoted, sectors: sectors{known: map[string]string{}}, sids: sids{known: map[hub.SystemID]cipher.Block{}}, subjects: newSubjects()}
	for i := range x.levels {
		for j := range x.levels[i] {
			l := hub.Level{IAL: hub.IAL(i), AAL: hub.AAL(j)}
			x.levels[i][j] = `"acr":"` + l.ACR() + `","ial":"` + l.IAL.String() + `","aal":"` + l.AAL.String() + `"`
		}
	}
	return x, nil
}

// levelMembers gives acr, ial and aal.
func (x *rendered) levelMembers(l hub.Level) string {
	if l.IAL > hub.IAL3 || l.AAL > hub.AAL3 {
		l = hub.Level{} // no token of ours says so
	}
	return x.levels[l.IAL][l.AAL]
}

// sectors remembers the host of a redirect URI: there are as many as systems.
type sectors struct {
	mu    sync.RWMutex
	known map[string]string
}

const maxSectors = 100_000

func (s *sectors) of(c *Client) string {
	if c.Sector != "" || len(c.RedirectURIs) == 0 {
		return c.Sector
	}
	first := c.RedirectURIs[0]
	s.mu.RLock()
	host, ok := s.known[first]
	s.mu.RUnlock()
	if ok {
		return host
	}
	if u, err := url.Parse(first); err == nil {
		host = u.Hostname()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.known) >= maxSectors {
		clear(s.known)
	}
	s.known[first] = host
	return host
}

// subjectSize is the length of a subject as text: 32 bytes in base64.
const subjectSize = 43

// appendSubject is Provider.subject.
func (p *Provider) appendSubject(to []byte, c *Client, account hub.AccountID) []byte {
	sector := p.sectors.of(c)
	return p.subjects.append(to, sector, account, func(to []byte) []byte { return p.makeSubject(to, sector, account) })
}

func (p *Provider) makeSubject(to []byte, sector string, account hub.AccountID) []byte {
	// The hash is put where the text does not reach, and encoded from there: nothing is allocated.
	begin := len(to)
	to = slices.Grow(to, subjectSize+sha256.Size)
	hash := p.index.AppendPair(to[begin+subjectSize:begin+subjectSize], "pairwise", sector, string(account))
	to = to[:begin+subjectSize]
	base64.RawURLEncoding.Encode(to[begin:], hash)
	return to
}

const hexDigits = "0123456789abcdef"

// appendEscaped writes the inside of a JSON string (RFC 8259 section 7).
func appendEscaped(to []byte, s string) []byte {
	done := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			if r, n := utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || n != 1 {
				i += n
				continue
			}
			to = append(append(to, s[done:i]...), `\ufffd`...)
		} else {
			to = append(append(to, s[done:i]...), '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		done = i
	}
	return append(to, s[done:]...)
}
