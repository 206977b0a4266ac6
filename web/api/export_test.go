package api

import (
	"net/http"
	"strings"

	"onedoor/authz/permit"
	"onedoor/hub/strictjson"
)

// Operation is a route as a test walks over it.
type Operation struct{ ID, Method, Path string }

// Operations lists all.
func (a *API) Operations() (all []Operation) {
	for _, r := range a.routes {
		all = append(all, Operation{r.id, r.method, r.path})
	}
	return all
}

// Mistaken lists what an answer says that the description does not: for an operation's good answer by its own schema, for every other by that of a
// problem.
func (a *API) Mistaken(id string, status int, kind string, body []byte) (wrong []string) {
	o, err := strictjson.Object(body)
	if err != nil {
		return []string{"not one object: " + string(body)}
	}
	for _, r := range a.routes {
		if r.id != id {
			continue
		}
		s, want := a.schemas.named["Problem"], "application/problem+json"
		if status == r.status {
			s, want = a.schemas.named[typeName(r.out)], "application/json"
		} else if status < http.StatusBadRequest {
			wrong = append(wrong, "a status that is not described")
		}
		if kind != want {
			wrong = append(wrong, "content type "+kind)
		}
		for _, f := range a.schemas.check(s, o, "", nil) {
			wrong = append(wrong, f.Path+" "+f.Text)
		}
	}
	return wrong
}

func typeName(v any) string {
	x := newSchemas().of(typeOf(v))
	return strings.TrimPrefix(x.Ref, refPrefix)
}

// Acts lists those that operations take.
func (a *API) Acts() (all []permit.Act) {
	for _, r := range a.routes {
		all = append(all, r.acts...)
	}
	return all
}
