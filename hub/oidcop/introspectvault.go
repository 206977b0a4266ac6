package oidcop

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/json"
	"hash/maphash"
	"io"
	"slices"
	"strconv"
	"sync"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/token"
)

// releases keeps the attributes that were released, as they stand in an answer, so that the next question about a token of the same session
// needs no SQL. What it keeps is sealed under a key that comes from the token's vault key: the memory of a node alone opens no more than
// the database alone does. It goes when what the token stands on ends, after releaseLife, or when there is no more room.
type releases struct {
	seed   maphash.Seed
	shards [64]releaseShard

	mu     sync.Mutex                    // taken after that of a shard
	grants map[hub.GrantID]hub.SessionID // of what is kept
}

type releaseShard struct {
	mu    sync.Mutex
	kept  map[hub.SessionID][]release
	bytes int
}

// release is what one system was given of one session.
type release struct {
	system   hub.SystemID
	grant    hub.GrantID   // that it was released under: another grant is another release, with its own record
	account  hub.AccountID // whose attributes they are
	names    uint32        // the attributes, by their place in the dictionary
	authTime time.Time     // of the authentication that the token speaks of: a later one brings other attributes
	until    time.Time
	sealed   []byte
}

const (
	releaseLife  = time.Hour
	releaseRoom  = 256 << 20 // bytes on one node, with what the map needs: some 200,000 sessions with a name and a birth date
	releaseCost  = 300       // bytes of an entry beside what is sealed
	releaseNonce = 12
)

func newReleases() *releases {
	c := &releases{seed: maphash.MakeSeed(), grants: map[hub.GrantID]hub.SessionID{}}
	for i := range c.shards {
		c.shards[i].kept = map[hub.SessionID][]release{}
	}
	return c
}

func (c *releases) shard(id hub.SessionID) *releaseShard {
	return &c.shards[maphash.String(c.seed, string(id))%uint64(len(c.shards))]
}

// find gives what was sealed, nil for nothing. The bytes are never changed.
func (c *releases) find(id hub.SessionID, grant hub.GrantID, system hub.SystemID, names uint32, authTime, now time.Time) []byte {
	s := c.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.kept[id] {
		if r := &s.kept[id][i]; r.grant == grant && r.system == system && r.names == names && r.authTime.Equal(authTime) && now.Before(r.until) {
			return r.sealed
		}
	}
	return nil
}

// keep takes an entry in, in place of an older one for the same question.
func (c *releases) keep(id hub.SessionID, r release) {
	s := c.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	c.drop(s, id, func(o release) bool { return o.grant == r.grant && o.system == r.system && o.names == r.names })
	s.kept[id] = append(s.kept[id], r)
	s.bytes += cost(r)
	if r.grant != "" {
		c.mu.Lock()
		c.grants[r.grant] = id
		c.mu.Unlock()
	}
	for other := range s.kept { // the order of a map is as good as random
		if s.bytes <= releaseRoom/len(c.shards) {
			return
		}
		if other != id {
			c.drop(s, other, all)
		}
	}
}

func cost(r release) int { return releaseCost + len(r.sealed) }

func all(release) bool { return true }

// drop forgets those of a session's entries that are meant. The caller has the shard's lock.
func (c *releases) drop(s *releaseShard, id hub.SessionID, meant func(release) bool) {
	var gone []hub.GrantID
	left := slices.DeleteFunc(s.kept[id], func(r release) bool {
		if !meant(r) {
			return false
		}
		s.bytes -= cost(r)
		gone = append(gone, r.grant)
		return true
	})
	for _, g := range gone { // unless another system was given something under it
		if !slices.ContainsFunc(left, func(r release) bool { return r.grant == g }) {
			c.mu.Lock()
			delete(c.grants, g)
			c.mu.Unlock()
		}
	}
	if s.kept[id] = left; len(left) == 0 {
		delete(s.kept, id)
	}
}

// forget drops what stands on something that has ended: a session or a grant, which costs a look-up, or an account or a system, which are
// few and cost a look at everything that is kept, some ten milliseconds.
func (c *releases) forget(end token.Revocation) {
	one := func(id hub.SessionID, meant func(release) bool) {
		s := c.shard(id)
		s.mu.Lock()
		defer s.mu.Unlock()
		c.drop(s, id, meant)
	}
	meant := func(r release) bool { return string(r.account) == end.Ref }
	switch end.Kind {
	case "session":
		one(hub.SessionID(end.Ref), all)
		return
	case "grant":
		c.mu.Lock()
		id, ok := c.grants[hub.GrantID(end.Ref)]
		c.mu.Unlock()
		if ok {
			one(id, func(r release) bool { return string(r.grant) == end.Ref })
		}
		return
	case "account":
	case "system":
		meant = func(r release) bool { return string(r.system) == end.Ref }
	default: // a token: others of its session may be alive
		return
	}
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		for id := range s.kept {
			c.drop(s, id, meant)
		}
		s.mu.Unlock()
	}
}

// Forget drops what is kept in memory for something that has ended: for the moment when that reaches this node.
func (p *Provider) Forget(end token.Revocation) { p.released.forget(end) }

// dictionary gives each attribute its bit.
var dictionary = hub.AttributeNames()

func bitOf(n hub.AttributeName) uint32 {
	for i, d := range dictionary {
		if d == n {
			return 1 << i
		}
	}
	return 0
}

func bitsOf(names []hub.AttributeName) (bits uint32) {
	for _, n := range names {
		bits |= bitOf(n)
	}
	return bits
}

// appendReleased appends the attributes that were granted and that the register allows the caller now (PRV-06): from what is kept, without
// SQL, or from the vault. It refuses with "not active" where the session has ended.
//
// A release has its record (AUD-02): the first on this node writes it. What is given again within releaseLife is the same release.
func (p *Provider) appendReleased(to []byte, ctx context.Context, caller *Client, a *token.Access) ([]byte, *refusal) {
	if len(a.Actors) > 0 {
		var bad *refusal
		if a, bad = p.stillAgreed(ctx, caller, a); bad != nil {
			return to, bad
		}
	}
	names := bitsOf(a.Release) & bitsOf(caller.Attributes)
	if names == 0 {
		return to, nil
	}
	now := p.clock()
	seal, bound, err := releaseSeal(a, caller.ID)
	if err != nil {
		return to, fault(err)
	}
	if sealed := p.released.find(a.Session, a.Grant, caller.ID, names, a.AuthTime, now); sealed != nil {
		if out, err := seal.Open(to, sealed[:releaseNonce], sealed[releaseNonce:], bound); err == nil {
			return out, nil
		}
	}
	ctx, cancel := context.WithTimeout(ctx, vaultPatience)
	defer cancel()
	fragment, bad := p.fragment(ctx, caller, a)
	if bad != nil {
		return to, bad
	}
	sealed := make([]byte, releaseNonce, releaseNonce+len(fragment)+seal.Overhead())
	if _, err := io.ReadFull(p.random, sealed); err != nil {
		return to, fault(err)
	}
	sealed = seal.Seal(sealed, sealed, fragment, bound)
	p.released.keep(a.Session, release{system: caller.ID, grant: a.Grant, account: a.Account, names: names, authTime: a.AuthTime, until: now.Add(releaseLife), sealed: sealed})
	return append(to, fragment...), nil
}

// vaultPatience is how long a question waits for a vault.
const vaultPatience = 2 * time.Second

// releaseSeal gives the seal of a session's releases. A hash derives the key: the vault key is 256 random bits, and used here under a
// name of its own.
func releaseSeal(a *token.Access, caller hub.SystemID) (cipher.AEAD, []byte, error) {
	var text [64]byte
	key := sha256.Sum256(append(append(text[:0], "onedoor/introspection-release/"...), a.VaultKey.Bytes()...))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, nil, err
	}
	seal, err := cipher.NewGCM(block)
	return seal, append(append(make([]byte, 0, len(a.Session)+len(caller)), a.Session...), caller...), err
}

// fragment opens the vault and writes the claims with a comma in front of each.
func (p *Provider) fragment(ctx context.Context, caller *Client, a *token.Access) ([]byte, *refusal) {
	claims, released, bad := p.claims(ctx, *caller, *a)
	if bad != nil {
		return nil, bad
	}
	delete(claims, "sub") // the answer has it, and the records
	delete(claims, recordsClaim)
	if len(claims) == 0 {
		return nil, nil
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return nil, fault(err)
	}
	err = p.audit.Record(hub.WithInteraction(ctx, a.Interaction), audit.Event{
		Kind: "introspection.released", Outcome: audit.Success, System: caller.ID, Session: a.Session, Account: a.Account, Level: a.Level,
		Detail: map[string]string{"token": a.ID, "attributes": strconv.Itoa(len(released))},
	})
	if err != nil {
		return nil, fault(err)
	}
	body[0] = ','
	return body[:len(body)-1], nil
}
