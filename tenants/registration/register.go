package registration

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/tenants"
)

const (
	// oldSecretLife is how long a client secret is good after it was replaced: for the developer to put the new one in place.
	oldSecretLife = time.Hour
	// TokenLife bounds the life of every access token that a sandbox was given: the feed of revocations keeps its end so long.
	TokenLife = 24 * time.Hour
)

// register makes a sandbox (RFC 7591 section 3).
func (r *Registrar) register(ctx context.Context, bearer string, body []byte) (map[string]any, *refusal) {
	secret, err := hub.ParseSecret(bearer)
	if err != nil {
		return nil, unknown("no_token")
	}
	t, d, bad := r.initial(ctx, secret)
	if bad != nil {
		return nil, bad
	}
	m, bad := parseMembers(body)
	if bad != nil {
		return nil, bad
	}
	registered, bad := read(m, r.newName(), d)
	if bad != nil {
		return nil, bad
	}
	now := r.now()
	text := newSecret(registered.OIDC, r.o)
	s := Sandbox{System: limit(registered, d), Token: t.ID, CreatedAt: now, ExpiresAt: now.Add(r.o.Lifetime)}
	if bad := check(s.System, d); bad != nil {
		return nil, bad
	}
	access := hub.NewSecret(r.o.Random)
	s.Access = access.Hash()
	err = r.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := r.o.Store.UseToken(ctx, t.Hash, now); err != nil {
			return err
		}
		if err := r.o.Store.Create(ctx, kept(s)); err != nil {
			return err
		}
		return r.note(ctx, "registration.created", s)
	})
	switch hub.KindOf(err) {
	case "":
		return r.answer(s, access.Reveal(), text), nil
	case hub.Consumed, hub.NotFound:
		return nil, unknown("used_up")
	default:
		return nil, fault(err)
	}
}

// kept is what the store keeps: what is opened to the department is looked up each time and not kept.
func kept(s Sandbox) Sandbox {
	s.System.Attributes = nil
	return s
}

// initial finds the initial access token, and what is opened to its department.
func (r *Registrar) initial(ctx context.Context, secret hub.Secret) (Token, Department, *refusal) {
	t, err := r.o.Store.Token(ctx, secret.Hash())
	switch hub.KindOf(err) {
	case "":
	case hub.NotFound:
		return Token{}, Department{}, unknown("unknown_token")
	default:
		return Token{}, Department{}, fault(err)
	}
	d, open := r.open(t.Department)
	if !t.Good(r.now()) || !open {
		return Token{}, Department{}, unknown("token_over")
	}
	switch _, err := r.o.Departments.Department(ctx, t.Department); hub.KindOf(err) {
	case "":
		return t, d, nil
	case hub.NotFound:
		return Token{}, Department{}, unknown("no_department")
	default:
		return Token{}, Department{}, fault(err)
	}
}

// newName draws a name that may stand in the audit record: with few digits.
func (r *Registrar) newName() hub.SystemID {
	for {
		if id := prefix + hub.NewID(r.o.Random); hub.ValidName(id) {
			return hub.SystemID(id)
		}
	}
}

// secretive reports whether a client of the method has a secret.
func secretive(method string) bool {
	return method == "client_secret_basic" || method == "client_secret_post"
}

// newSecret puts a new secret in front of the client's others and gives its text; "" where the method needs none.
func newSecret(o *tenants.OIDC, from Options) string {
	if !secretive(o.AuthMethod) {
		o.Secrets = nil
		return ""
	}
	text := tenants.NewClientSecret(from.Random)
	o.Secrets = append([]tenants.Secret{{SHA256: sha256.Sum256([]byte(text))}}, o.Secrets...)
	return text
}

// managed finds the sandbox that a registration access token is for.
func (r *Registrar) managed(ctx context.Context, id hub.SystemID, bearer string) (Sandbox, hub.Secret, *refusal) {
	secret, err := hub.ParseSecret(bearer)
	if err != nil || !IsSandbox(id) {
		return Sandbox{}, hub.Secret{}, unknown("no_token")
	}
	s, err := r.o.Store.Sandbox(ctx, id)
	switch hub.KindOf(err) {
	case "":
	case hub.NotFound:
		return Sandbox{}, hub.Secret{}, unknown("unknown_client")
	default:
		return Sandbox{}, hub.Secret{}, fault(err)
	}
	hash := secret.Hash()
	now := subtle.ConstantTimeCompare(hash[:], s.Access[:])
	before := subtle.ConstantTimeCompare(hash[:], s.Before[:])
	_, open := r.open(s.System.Department)
	switch {
	case now|before != 1:
		return s, hub.Secret{}, unknown("wrong_token")
	case !r.now().Before(s.ExpiresAt) || !open || s.System.OIDC == nil:
		return s, hub.Secret{}, unknown("sandbox_over")
	}
	if now == 1 && s.Before != ([32]byte{}) { // the answer with the new token has arrived
		s.Before = [32]byte{}
		if err := r.o.Store.Replace(ctx, s, s.Access); err != nil && hub.KindOf(err) != hub.Conflict {
			return s, hub.Secret{}, fault(err)
		}
	}
	return s, secret, nil
}

// get tells what is registered (RFC 7592 section 2.1), without the secret, which nobody knows but the client.
func (r *Registrar) get(s Sandbox, access hub.Secret) map[string]any {
	if d, open := r.open(s.System.Department); open {
		s.System = limit(s.System, d)
	}
	return r.answer(s, access.Reveal(), "")
}

// replace puts new metadata in the place of all there were (RFC 7592 section 2.2). The registration access token changes with it.
// A client that sends its secret keeps it; one that does not gets a new one.
func (r *Registrar) replace(ctx context.Context, s Sandbox, shown hub.Secret, body []byte) (map[string]any, *refusal) {
	m, bad := parseMembers(body)
	if bad != nil {
		return nil, bad
	}
	for _, name := range []string{"registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"} {
		if _, there := m[name]; there {
			return nil, refuse(codeRequest, name+": must not be sent (RFC 7592 section 2.2)")
		}
	}
	in := &reader{members: m}
	id, current := in.text("client_id"), in.text("client_secret")
	if in.bad != nil {
		return nil, in.bad
	}
	if id != string(s.System.ID) {
		return nil, refuse(codeRequest, "client_id: must be the client's own")
	}
	now := r.now()
	old := s.System.OIDC.Secrets
	match := slices.IndexFunc(old, func(x tenants.Secret) bool {
		hash := sha256.Sum256([]byte(current))
		return subtle.ConstantTimeCompare(hash[:], x.SHA256[:]) == 1 && (x.ExpiresAt.IsZero() || now.Before(x.ExpiresAt))
	})
	if current != "" && match < 0 {
		return nil, refuse(codeRequest, "client_secret: is not the client's own").because("secret")
	}
	d, _ := r.open(s.System.Department)
	next, bad := read(m, s.System.ID, d)
	if bad != nil {
		return nil, bad
	}
	text := ""
	if current != "" && secretive(next.OIDC.AuthMethod) {
		next.OIDC.Secrets = []tenants.Secret{{SHA256: old[match].SHA256}}
	} else {
		next.OIDC.Secrets = fading(old, now)
		text = newSecret(next.OIDC, r.o)
	}
	changed := s
	changed.System = limit(next, d)
	if bad := check(changed.System, d); bad != nil {
		return nil, bad
	}
	access := hub.NewSecret(r.o.Random)
	changed.Access, changed.Before = access.Hash(), shown.Hash()
	err := r.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := r.o.Store.Replace(ctx, kept(changed), s.Access); err != nil {
			return err
		}
		return r.note(ctx, "registration.changed", changed)
	})
	switch hub.KindOf(err) {
	case "":
		return r.answer(changed, access.Reveal(), text), nil
	case hub.Conflict: // somebody else was faster, or deleted it
		return nil, unknown("changed_meanwhile")
	default:
		return nil, fault(err)
	}
}

// fading gives the newest secret of those that are good, for the time that a change may take.
func fading(old []tenants.Secret, now time.Time) []tenants.Secret {
	for _, x := range old {
		if x.ExpiresAt.IsZero() || now.Before(x.ExpiresAt) {
			end := now.Add(oldSecretLife)
			if !x.ExpiresAt.IsZero() && x.ExpiresAt.Before(end) {
				end = x.ExpiresAt
			}
			return []tenants.Secret{{SHA256: x.SHA256, ExpiresAt: end}}
		}
	}
	return nil
}

// remove ends a sandbox with everything that it was given (RFC 7592 section 2.3).
func (r *Registrar) remove(ctx context.Context, s Sandbox) *refusal {
	err := r.o.Tx.InTx(ctx, func(ctx context.Context) error { return r.End(ctx, s) })
	if err != nil {
		return fault(err)
	}
	return nil
}

// End deletes a sandbox and records it; nothing happens where it is gone already. Unavailable.
func (r *Registrar) End(ctx context.Context, s Sandbox) error {
	now := r.now()
	there, err := r.o.Store.Delete(ctx, s.System.ID, now, now.Add(TokenLife))
	if err != nil || !there {
		return err
	}
	return r.note(ctx, "registration.deleted", s)
}

func (r *Registrar) note(ctx context.Context, kind string, s Sandbox) error {
	return r.o.Audit.Record(ctx, audit.Event{
		Kind: kind, Outcome: audit.Success, System: s.System.ID, Level: s.System.Least,
		Detail: map[string]string{"department": string(s.System.Department), "token": s.Token},
	})
}

// answer is the client information response (RFC 7591 section 3.2.1, RFC 7592 section 3).
func (r *Registrar) answer(s Sandbox, access, secret string) map[string]any {
	out := write(s.System)
	out["client_id"] = string(s.System.ID)
	out["client_id_issued_at"] = s.CreatedAt.Unix()
	out["registration_access_token"] = access
	out["registration_client_uri"] = r.o.Issuer + Path + "/" + string(s.System.ID)
	if secret != "" {
		out["client_secret"] = secret
		out["client_secret_expires_at"] = s.ExpiresAt.Unix()
	}
	return out
}
