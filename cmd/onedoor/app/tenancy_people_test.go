package app

import (
	"slices"
	"strings"
	"time"

	"onedoor/federation/simulator"
	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/session"
	"onedoor/hub/token"
	"onedoor/tenants/entity"
	"onedoor/tenants/staff"
	"onedoor/tenants/tenantsql"
)

// person signs somebody in: age ago, at a level.
func (w *tenancy) person(name string, who hub.AccountID, p *simulator.Person, level hub.Level, age time.Duration, tenants ...string) *actor {
	w.t.Helper()
	ctx, now := hub.WithInteraction(w.t.Context(), hub.InteractionID(hub.NewID(w.h.random))), time.Now()
	id := hub.Identity{Provider: "thaid", Subject: hub.NewID(w.h.random), Level: level, AuthTime: now.Add(-age), Methods: []string{"pin"}, Attributes: hub.Attributes{}}
	if p != nil {
		id.Person = hub.PersonNumber{Kind: "th.citizen", Value: p.CitizenID}
		id.Attributes[hub.CitizenID] = hub.Attribute{Value: p.CitizenID, Source: "thaid", At: now}
		id.Attributes[hub.Name] = hub.Attribute{Value: p.Name(), Source: "thaid", At: now}
	}
	if who == "" {
		a, _, err := w.h.accounts.Resolve(ctx, id, account.Visit{})
		w.must(err)
		who = a.ID
	}
	a := &actor{name: name, tenants: append([]string{name}, tenants...), account: who, binding: hub.NewSecret(w.h.random), own: map[string]string{}}
	var err error
	a.session, a.secret, a.key, err = w.h.sessions.Start(ctx, session.Authentication{Account: who, Identity: id, Channel: "web", Device: "Browser of " + name})
	w.must(err)
	sealer, err := token.NewSealer(w.h.options.Config.Issuer, w.h.keys, time.Now, w.h.random)
	w.must(err)
	grant := hub.NewID(w.h.random)
	_, err = w.h.db.SQL().ExecContext(ctx, `INSERT INTO grants (id, session, account, system, interaction, scopes, released, created_at, expires_at)
		VALUES (?, ?, ?, 'alpha-filing', '', '[]', '[]', ?, ?)`, grant, a.session.ID, who, now.UnixMicro(), now.Add(time.Hour).UnixMicro())
	w.must(err)
	a.bearer, err = sealer.Seal(token.Access{
		ID: hub.NewID(w.h.random), Grant: hub.GrantID(grant), Session: a.session.ID, Account: who, System: "alpha-filing",
		Interaction: hub.InteractionID(hub.NewID(w.h.random)), Scopes: []string{"openid", "admin.read", "admin.write", "entity.read", "entity.write"}, Level: level,
		AuthTime: id.AuthTime, IssuedAt: now, ExpiresAt: now.Add(time.Hour),
	})
	w.must(err)
	return a
}

func (w *tenancy) actor(name string) *actor {
	i := slices.IndexFunc(w.actors, func(a *actor) bool { return a.name == name })
	if i < 0 {
		w.t.Fatalf("nobody is called %s", name)
	}
	return w.actors[i]
}

// people: citizens, those who act for entities, and staff, who have all just signed in; and the same people an hour ago, or too weakly.
func (w *tenancy) people() {
	ctx, some := w.t.Context(), simulator.People()
	strong, weak := staff.Least(), hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}
	add := func(a *actor) *actor {
		w.actors = append(w.actors, a)
		return a
	}
	add(&actor{name: "nobody", tenants: []string{"nobody"}, binding: hub.NewSecret(w.h.random), own: map[string]string{}})
	x := add(w.person("citizen-x", "", &some[0], strong, 0))
	add(w.person("citizen-y", "", &some[1], strong, 0))
	z := w.person("citizen-z", "", &some[2], strong, 0)
	add(w.person("master-e", "", nil, strong, 0, "entity-e"))
	add(w.person("master-f", "", nil, strong, 0, "entity-f"))
	add(w.person("operator-e", "", nil, strong, 0))
	add(w.person("operator-f", "", nil, strong, 0, "entity-f"))
	posts, err := tenantsql.NewStaff(w.h.db)
	w.must(err)
	hire := func(name string, role staff.Role, place staff.Place, tenants ...string) *actor {
		a := add(w.person(name, "", nil, strong, 0, tenants...))
		w.must(posts.Add(ctx, staff.Post{ID: hub.NewID(w.h.random), Account: a.account, Role: role, Place: place, State: staff.Active, At: time.Now().UTC(), ConfirmedAt: time.Now().UTC()}))
		if place.Department != "" {
			a.own["department"] = string(place.Department)
		}
		return a
	}
	hire("platform-administrator", staff.PlatformAdministrator, staff.Place{}, "platform")
	hire("platform-auditor", staff.PlatformAuditor, staff.Place{}, "platform")
	for _, d := range []string{"alpha", "beta"} {
		for _, r := range staff.Roles()[2:] {
			a := hire(strings.ReplaceAll(string(r), "_", "-")+"-"+d, r, staff.Place{Department: hub.DepartmentID(d)}, d)
			a.own["system"], a.own["drafted"], a.own["moved"] = d+"-filing", d+"-draft", d+"-moved"
		}
	}
	hire("reviewer-south", staff.Reviewer, staff.Place{Department: "alpha", Area: "south"})
	for _, name := range []string{"citizen-x", "master-e", "platform-administrator", "department-administrator-alpha", "reviewer-alpha"} {
		a := w.actor(name)
		for _, kind := range []struct {
			what  string
			level hub.Level
			age   time.Duration
		}{{"old", strong, time.Hour}, {"weak", weak, 0}} {
			if kind.what == "weak" && name == "citizen-x" {
				continue
			}
			n := add(w.person(name+"-"+kind.what, a.account, nil, kind.level, kind.age, a.tenants...))
			n.own = a.own
		}
	}
	w.things["account"], w.things["session"] = string(z.account), string(z.session.ID)
	w.unknown["account"], w.unknown["session"] = hub.NewID(w.h.random), hub.NewID(w.h.random)
	other := w.person("citizen-x", x.account, &some[0], strong, 0)
	w.set("session.other", string(other.session.ID))
	for _, text := range []string{some[0].CitizenID, some[0].GivenName, some[0].FamilyName} {
		w.mark(text, "who X is", "citizen-x", "reviewer-alpha")
	}
	w.mark(string(x.account), "X's account", "citizen-x", "platform")
	w.mark(string(other.session.ID), "X's session", "citizen-x", "platform")

	// What waits at alpha: a post to be confirmed, and an invitation; and the same at the platform.
	hired := w.person("", "", nil, strong, 0)
	for at, place := range map[string]staff.Place{"": {Department: "alpha"}, ".platform": {}} {
		role := staff.Auditor
		if place.Department == "" {
			role = staff.PlatformAuditor
		}
		p := staff.Post{ID: hub.NewID(w.h.random), Account: hired.account, Role: role, Place: place, State: staff.Proposed, At: time.Now().UTC()}
		w.must(posts.Add(ctx, p))
		w.set("post"+at, p.ID)
		i, secret, err := w.h.staff.Invite(ctx, staff.Operator, role, place)
		w.must(err)
		w.set("invitation"+at, i.ID)
		w.set("invitation"+at+".secret", secret.Reveal())
	}
	clerk := w.actor("reviewer-alpha").account
	w.mark(string(clerk), "whom alpha and others could compare: a clerk's account", "platform", "reviewer-alpha")
	w.mark(w.things["post"], "a post at alpha", "alpha", "platform")
	w.mark(w.things["invitation"], "an invitation to alpha", "alpha", "platform")
}

// seats: entity E with an operator, what is offered to Y, and F beside it.
func (w *tenancy) seats() {
	ctx := w.t.Context()
	for _, x := range []struct{ letter, number string }{{"e", "0105536000313"}, {"f", "0123456789016"}} {
		master, operator := w.actor("master-"+x.letter), w.actor("operator-"+x.letter)
		out, err := w.h.entities.Register(ctx, entity.Applicant{Account: master.account, Level: staff.Least()}, entity.Application{
			Kind: "th.juristic", Number: x.number, Names: every("ENTITY-" + strings.ToUpper(x.letter)),
		})
		w.must(err)
		id, err := w.h.entities.Approve(ctx, entity.Nobody, out.Claim)
		w.must(err)
		now := time.Now().UTC().Truncate(time.Microsecond)
		_, secret, err := w.h.entities.Invite(ctx, master.account, id, entity.Order{
			Role: entity.Operator, Label: "LABEL-" + strings.ToUpper(x.letter), Terms: []entity.Term{{Department: "alpha", From: now, Until: now.AddDate(0, 0, 90)}},
		})
		w.must(err)
		seat, err := w.h.entities.Join(ctx, secret, operator.account, staff.Least())
		w.must(err)
		master.own["entity"], operator.own["entity"] = string(id), string(id)
		if x.letter == "f" {
			continue
		}
		w.set("entity", string(id))
		w.set("seat", seat.ID)
		mine, err := w.h.entities.Mine(ctx, operator.account)
		w.must(err)
		w.set("mandate", mine[0].Mandates[0].ID)
		key := w.h.entityRooms().Key(hub.PersonNumber{Kind: "th.citizen", Value: simulator.People()[1].CitizenID})
		i, offered, err := w.h.entities.Invite(ctx, master.account, id, entity.Order{Role: entity.Operator, Label: "OFFERED-E", Person: key})
		w.must(err)
		w.set("entity.invitation", i.ID)
		w.set("entity.secret", offered.Reveal())
		w.mark(x.number, "E's number", "entity-e", "operator-e", "platform", "alpha")
		w.mark("ENTITY-E", "E's name", "entity-e", "operator-e", "platform", "alpha", "citizen-y")
		w.mark("LABEL-E", "what E calls its operator", "entity-e", "operator-e", "platform")
		w.mark("OFFERED-E", "whom E invites", "entity-e")
		w.mark(seat.ID, "a seat of E's", "entity-e", "operator-e", "platform")
		w.mark(string(id), "E's id", "entity-e", "operator-e", "platform")
	}
	z := w.things["account"]
	out, err := w.h.entities.Register(ctx, entity.Applicant{Account: hub.AccountID(z), Level: staff.Least()}, entity.Application{Kind: "th.juristic", Number: "0994000617721", Names: every("CLAIMED")})
	w.must(err)
	w.set("claim", out.Claim)
	out, err = w.h.entities.Register(ctx, entity.Applicant{Account: w.actor("citizen-y").account, Level: staff.Least()}, entity.Application{Kind: "th.juristic", Number: "0994000617721", Names: every("WISHED")})
	w.must(err)
	w.set("claim.y", out.Claim)
	w.mark("WISHED", "what Y claims to be", "citizen-y", "platform")
	w.mark("CLAIMED", "what Z claims to be", "platform")
	w.mark("0994000617721", "what Z claims to be", "platform", "citizen-y")
}
