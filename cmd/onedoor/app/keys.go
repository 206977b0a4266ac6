package app

import (
	"context"
	"errors"
	"strconv"
	"text/tabwriter"
	"time"

	"onedoor/configs"
	"onedoor/federation"
	"onedoor/federation/federationsql"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/contact"
	"onedoor/hub/hubsql"
	"onedoor/hub/keys"
	"onedoor/tenants/tenantsql"
)

// KeysInit makes a master key: in the file, or in the place that the configuration names where file is "". It never overwrites
// one: Conflict. With print it writes the key to Out instead, for a secret store or an environment variable.
func KeysInit(cfg *configs.Config, p Process, file string, print bool) error {
	if print {
		say(p.Out, "%s", keys.GenerateMaster(p.Random))
		return nil
	}
	if file == "" {
		if cfg == nil {
			return hub.Errorf("app.KeysInit", hub.Invalid, "neither a file nor a configuration says where the key goes")
		}
		source, _ := cfg.MasterKeySource()
		if source.File == "" {
			return hub.Errorf("app.KeysInit", hub.Invalid, "the configuration takes the master key from the "+source.String()+": use --print, and set it there")
		}
		file = source.File
	}
	if err := writeMasterKey(file, p.Random); err != nil {
		return err
	}
	say(p.Out, "made a master key in %s: keep a copy offline, apart from the backups of the database", file)
	return nil
}

// KeysList tells of all keys of the hub, never their secret parts.
func KeysList(ctx context.Context, cfg configs.Config, p Process) (err error) {
	o, err := openOffice(ctx, cfg, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	list, err := o.ring.List(ctx)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(p.Out, 0, 8, 2, ' ', 0)
	say(t, "ID\tUSE\tALG\tSTATE\tACTIVE FROM\tRETIRES\tGONE\tMASTER")
	for _, k := range list {
		say(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s", k.ID, k.Use, k.Alg, k.State, when(k.ActiveFrom), when(k.RetireAt), when(k.ExpiresAt), k.Master)
	}
	return t.Flush()
}

func when(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(time.RFC3339)
}

// KeysRotate makes the next key of a use and algorithm now instead of by schedule. Without an algorithm it is the one that every
// hub has for the use.
func KeysRotate(ctx context.Context, cfg configs.Config, p Process, use, alg string) error {
	if alg == "" {
		alg = map[string]string{string(keys.Sign): keys.ES256, string(keys.Seal): keys.A256GCM, string(keys.Decrypt): keys.RSAOAEP256, string(keys.SAML): keys.RS256}[use]
	}
	return changeKeys(ctx, cfg, p, "key.rotated", func(ctx context.Context, o *office) (map[string]string, error) {
		info, err := o.ring.Rotate(ctx, keys.Use(use), alg)
		if err != nil {
			return nil, err
		}
		say(p.Out, "the next %s key %s is there and in use from %s", info.Alg, info.ID, when(info.ActiveFrom))
		return map[string]string{"key": info.ID, "use": use, "alg": alg}, nil
	})
}

// KeysRetire takes a key out of use: it verifies or opens what it made until that has run out. With leaked, nothing made with it
// is accepted any more.
func KeysRetire(ctx context.Context, cfg configs.Config, p Process, id string, leaked bool) error {
	kind, end := "key.retired", (*keys.Ring).Retire
	if leaked {
		kind, end = "key.revoked", (*keys.Ring).Revoke
	}
	return changeKeys(ctx, cfg, p, kind, func(ctx context.Context, o *office) (map[string]string, error) {
		if err := end(o.ring, ctx, id); err != nil {
			return nil, err
		}
		say(p.Out, "%s is out of use within %s", id, keys.DefaultSettle)
		return map[string]string{"key": id}, nil
	})
}

// KeysRewrap seals everything that rests under a master key under the first one, so that the others can be taken away: the
// hub's own keys, and our secrets at identity providers.
func KeysRewrap(ctx context.Context, cfg configs.Config, p Process) error {
	return changeKeys(ctx, cfg, p, "key.rewrapped", func(ctx context.Context, o *office) (map[string]string, error) {
		n, err := o.ring.Rewrap(ctx)
		if err != nil {
			return nil, err
		}
		detail := map[string]string{"master": o.masters[0].ID(), "keys": strconv.Itoa(n)}
		say(p.Out, "Sealed anew under the master key %s: %d keys", detail["master"], n)
		for _, x := range []struct {
			name, what string
			reseal     func(context.Context) (int, error)
		}{
			{"secrets", "secrets at identity providers", o.resealSecrets},
			{"addresses", "addresses of people", o.resealContacts},
			{"imports", "keys of imports", o.resealImports},
			{"cases", "keys of open cases", o.resealEvidence},
			{"records", "numbers of records", o.resealBindings},
			{"entities", "numbers, names and labels of legal entities", o.resealEntities},
			{"complaints", "complaints and answers", o.resealComplaints},
		} {
			n, err := x.reseal(ctx)
			if err != nil {
				return nil, err
			}
			say(p.Out, "%d %s", n, x.what)
			detail[x.name] = strconv.Itoa(n)
		}
		return detail, nil
	})
}

// resealImports seals the keys of imports anew and tells how many there are.
func (o *office) resealImports(ctx context.Context) (int, error) {
	importer, _, err := o.records(ctx)
	if err != nil {
		return 0, err
	}
	return importer.Reseal(ctx)
}

// resealEntities seals what is kept of legal entities anew and tells how much there is.
func (o *office) resealEntities(ctx context.Context) (int, error) {
	store, err := tenantsql.NewEntities(o.db, contactVault{o.masters, o.Random}, o.ring)
	if err != nil {
		return 0, err
	}
	return store.Reseal(ctx)
}

// resealComplaints seals what people have written to authorities, and the answers, anew and tells how many texts there are.
func (o *office) resealComplaints(ctx context.Context) (int, error) {
	store, err := tenantsql.NewComplaints(o.db, contactVault{o.masters, o.Random})
	if err != nil {
		return 0, err
	}
	return store.Reseal(ctx)
}

// resealSecrets seals our secrets at identity providers anew and tells how many there are.
func (o *office) resealSecrets(ctx context.Context) (n int, err error) {
	store, err := federationsql.New(o.db)
	if err != nil {
		return 0, err
	}
	reseal := func(sealed federation.SealedSecret) (federation.SealedSecret, error) {
		if len(sealed) == 0 {
			return sealed, nil
		}
		n++
		plain, err := sealer{o}.Open(sealed)
		if err != nil {
			return nil, err
		}
		return sealer{o}.Seal(plain)
	}
	err = o.db.InTx(ctx, func(ctx context.Context) error {
		n = 0
		all, err := store.Providers(ctx)
		if err != nil {
			return err
		}
		for _, p := range all {
			if p.OIDC == nil {
				continue
			}
			if p.OIDC.ClientSecret, err = reseal(p.OIDC.ClientSecret); err != nil {
				return err
			}
			if p.OIDC.Quirks.APIKey, err = reseal(p.OIDC.Quirks.APIKey); err != nil {
				return err
			}
			if _, err := store.Put(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// resealContacts seals people's addresses anew and tells how many there are.
func (o *office) resealContacts(ctx context.Context) (int, error) {
	store, err := hubsql.NewContacts(o.db)
	if err != nil {
		return 0, err
	}
	book, err := contact.NewBook(store, contactVault{o.masters, o.Random})
	if err != nil {
		return 0, err
	}
	return book.Reseal(ctx)
}

// changeKeys runs a change of keys and records it. The ring makes its own transactions (it must know what was committed), so the
// event follows in one of its own: if that fails the operator is told, and the change stands.
func changeKeys(ctx context.Context, cfg configs.Config, p Process, kind string, change func(context.Context, *office) (map[string]string, error)) (err error) {
	o, err := openOffice(ctx, cfg, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	detail, err := change(ctx, o)
	if err != nil {
		return err
	}
	if err := o.record.Record(ctx, audit.Event{Kind: kind, Outcome: audit.Success, Detail: detail}); err != nil {
		return hub.E("app.changeKeys: the keys were changed, but not recorded", hub.KindOf(err), err)
	}
	return nil
}
