package app

import (
	"context"
	"time"

	"onedoor/binding/bindingsql"
	"onedoor/binding/recordindex"
	"onedoor/hub/hubsql"
	"onedoor/web/api"
	"onedoor/web/server"
)

// layAPI: the administrators' API.
func (h *Hub) layAPI(context.Context) (err error) {
	if h.keptAnswers, err = hubsql.NewAnswers(h.db); err != nil {
		return err
	}
	index, err := bindingsql.NewIndexes(h.db)
	if err != nil {
		return err
	}
	imports, err := recordindex.NewImporter(recordindex.Options{
		Loads: index, Sorting: index, Imports: index, Departments: h.directory, Index: h.keys, Masters: h.options.Masters, Audit: h.audit, Tx: h.db, Clock: h.clock, Random: h.random,
	})
	if err != nil {
		return err
	}
	limits := h.options.Config.Limits
	h.api, err = api.New(api.Options{
		Issuer: h.options.Config.Issuer, Agents: h.oidc, Permits: h.permits, Places: h.directory, Staff: h.staff, Machines: h.machines, Register: h.changes, Items: h.authz.changes, Openings: h.authz.openings, Delegations: h.authz.delegations, Party: h.party, Alias: h.alias, Height: h.height,
		Sessions: h.sessions, Logouts: h.logout, Reviews: h.review, Counter: h.review, Decisions: h.review, Queues: h.review, Bindings: h.bindings, Subject: h.bindings.Subject, Entities: h.entities, Complaints: h.complaints, Record: h.record, Answers: keptAnswers{h.keptAnswers}, Audit: h.audit, Tx: h.db, Index: h.keys,
		Clock: h.clock, Random: h.random, Settle: func(ctx context.Context) { settle(ctx, h.lease.AnswerDelay()) },
		Rate: server.Rate{Name: "api", Burst: 300, Every: 50 * time.Millisecond},
		Own:  h.ownEntities(), EntityStops: h.entities, Successions: h.entities, Lives: h.life, Providers: h.providers, Brake: h.brake, Keys: officeKeys{h.keys, h.audit},
		Imports: imports, Longest: int64(limits.ImportMegabytes) << 20, Least: int64(limits.ImportKilobytes) << 10,
	})
	return err
}

// keptAnswers puts the store of answers into the API's words.
type keptAnswers struct{ store *hubsql.Answers }

// Begin implements api.Answers.
func (k keptAnswers) Begin(ctx context.Context, x api.AnswerKey, expires time.Time) ([]byte, bool, error) {
	return k.store.Begin(ctx, x.Caller, x.Key, x.Request, x.Now, expires)
}

// Finish implements api.Answers.
func (k keptAnswers) Finish(ctx context.Context, x api.AnswerKey, answer []byte) error {
	return k.store.Finish(ctx, x.Caller, x.Key, answer)
}
