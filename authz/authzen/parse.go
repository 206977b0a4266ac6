package authzen

import (
	"encoding/json"
	"net/netip"

	"onedoor/hub"
	"onedoor/hub/strictjson"
)

// entity is a subject or a resource (AuthZEN sections 5.1 and 5.2), as far as anything in it counts.
type entity struct {
	kind  string
	id    string
	token string // properties.access_token, of a subject
	// record is properties.kind, of a subject that is named by the number of a record.
	record string
}

// evaluation is one question (section 6).
type evaluation struct {
	subject  entity
	resource entity
	action   string
	address  netip.Addr // context.ip_address

	has has
}

// has tells which members were there.
type has struct{ subject, resource, action, context bool }

// request is a body that has been read.
type request struct {
	evaluation
	all      []evaluation // evaluations, with the defaults put in
	batch    bool         // the member evaluations is there and not empty
	semantic string
	page     page
}

type page struct {
	token string
	limit int
}

// Bounds of a request.
const (
	mostEvaluations = 500
	longestID       = 4096 // an access token at most
	longestName     = 200
	mostResults     = 200
)

func malformed(text string) error { return hub.Errorf("authzen.parse", hub.Invalid, text) }

// parse reads a body. Members that nobody knows are ignored (section 4); one that is there twice is refused. Invalid.
func parse(body []byte) (request, error) {
	var r request
	o, err := strictjson.Object(body)
	if err != nil {
		return r, malformed("the body must be one JSON object with each member once")
	}
	if err := r.evaluation.read(o); err != nil {
		return r, err
	}
	if err := r.readPage(o["page"]); err != nil {
		return r, err
	}
	r.semantic = "execute_all"
	if options, there := o["options"]; there {
		m, ok := options.(map[string]any)
		if !ok {
			return r, malformed("options must be an object")
		}
		if s, there := m["evaluations_semantic"]; there {
			if r.semantic, ok = s.(string); !ok || r.semantic != "execute_all" && r.semantic != "deny_on_first_deny" && r.semantic != "permit_on_first_permit" {
				return r, malformed("evaluations_semantic must be execute_all, deny_on_first_deny or permit_on_first_permit")
			}
		}
	}
	list, there := o["evaluations"]
	if !there {
		return r, nil
	}
	all, ok := list.([]any)
	if !ok || len(all) > mostEvaluations {
		return r, malformed("evaluations must be a list of moderate length")
	}
	for _, x := range all {
		m, ok := x.(map[string]any)
		if !ok {
			return r, malformed("an evaluation must be an object")
		}
		e := r.evaluation // defaults; the one's own members replace them whole (section 7.1.1)
		if err := e.read(m); err != nil {
			return r, err
		}
		r.all = append(r.all, e)
	}
	r.batch = len(r.all) > 0
	return r, nil
}

// read takes the members of an evaluation that are there.
func (e *evaluation) read(o map[string]any) (err error) {
	if x, there := o["subject"]; there {
		if e.subject, err = readEntity(x, "subject"); err != nil {
			return err
		}
		e.has.subject = true
	}
	if x, there := o["resource"]; there {
		if e.resource, err = readEntity(x, "resource"); err != nil {
			return err
		}
		e.resource.token, e.resource.record, e.has.resource = "", "", true
	}
	if x, there := o["action"]; there {
		m, ok := x.(map[string]any)
		if !ok {
			return malformed("action must be an object")
		}
		if e.action, ok = m["name"].(string); !ok || e.action == "" || len(e.action) > longestName {
			return malformed("action.name must be a text")
		}
		e.has.action = true
	}
	if x, there := o["context"]; there {
		m, ok := x.(map[string]any)
		if !ok {
			return malformed("context must be an object")
		}
		e.address, e.has.context = netip.Addr{}, true
		if text, there := m["ip_address"]; there {
			s, ok := text.(string)
			if e.address, err = netip.ParseAddr(s); !ok || err != nil || e.address.Zone() != "" {
				return malformed("context.ip_address must be an IP address")
			}
			e.address = e.address.Unmap()
		}
	}
	return nil
}

// readEntity reads {type, id, properties}. The id may be left out: searches and tokens in the properties have none to say.
func readEntity(x any, name string) (e entity, err error) {
	m, ok := x.(map[string]any)
	if !ok {
		return e, malformed(name + " must be an object")
	}
	if e.kind, ok = m["type"].(string); !ok || e.kind == "" || len(e.kind) > longestName {
		return e, malformed(name + ".type must be a text")
	}
	if id, there := m["id"]; there {
		if e.id, ok = id.(string); !ok || e.id == "" || len(e.id) > longestID {
			return e, malformed(name + ".id must be a text")
		}
	}
	if properties, there := m["properties"]; there {
		p, ok := properties.(map[string]any)
		if !ok {
			return e, malformed(name + ".properties must be an object")
		}
		if t, there := p["access_token"]; there {
			if e.token, ok = t.(string); !ok || e.token == "" || len(e.token) > longestID {
				return e, malformed(name + ".properties.access_token must be a text")
			}
		}
		e.record, _ = p["kind"].(string)
	}
	if name == "subject" && e.kind == "record" && (e.record == "" || len(e.record) > longestName) {
		return e, malformed(name + ".properties.kind must be the kind of the record")
	}
	return e, nil
}

func (r *request) readPage(x any) error {
	r.page.limit = mostResults
	if x == nil {
		return nil
	}
	m, ok := x.(map[string]any)
	if !ok {
		return malformed("page must be an object")
	}
	if t, there := m["token"]; there {
		if r.page.token, ok = t.(string); !ok || len(r.page.token) > longestName {
			return malformed("page.token must be one that was given")
		}
	}
	if l, there := m["limit"]; there {
		n, ok := l.(json.Number)
		limit, err := n.Int64()
		if !ok || err != nil || limit < 1 {
			return malformed("page.limit must be a whole number above 0")
		}
		r.page.limit = int(min(limit, mostResults))
	}
	return nil
}

// complete refuses an evaluation that lacks something (section 6.1).
func (e *evaluation) complete() error {
	switch {
	case !e.has.subject || e.subject.id == "":
		return malformed("subject, with type and id, is missing")
	case !e.has.resource || e.resource.id == "":
		return malformed("resource, with type and id, is missing")
	case !e.has.action:
		return malformed("action is missing")
	}
	return nil
}
