package samlidp

import (
	"context"
	"time"

	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

// Record is what the department of a service provider knows a person by.
type Record struct {
	Kind    string
	Number  string
	Way     string // how it was bound: match, import, claim, counter
	Level   hub.Level
	BoundAt time.Time
}

// Records knows what departments keep of persons under numbers of their own.
type Records interface {
	// Records gives what the systems of a department are told of a person, or of the entity that they act for, in a session of that level. It asks nothing where the department keeps
	// none. Unavailable.
	Records(ctx context.Context, account hub.AccountID, entity hub.EntityID, department hub.DepartmentID, session hub.Level) ([]Record, error)
}

// The names of what the department knows the person by: the number of each kind of records, and how each was bound: "kind way ial time".
const (
	recordPrefix      = "urn:onedoor:record:"
	bindingsAttribute = "urn:onedoor:record-bindings"
)

// collectRecords finds what the service provider's own department knows the person by. It is personal as attributes are (PRV-13).
func (p *Provider) collectRecords(ctx context.Context, sp ServiceProvider, f *finding, entity hub.EntityID) *refusal {
	if p.o.Records == nil {
		return nil
	}
	var err error
	if f.records, err = p.o.Records.Records(ctx, f.session.Account, entity, sp.Department, f.session.Level); err != nil {
		return failed(hub.KindOf(err)).from(err)
	}
	if len(f.records) == 0 || !f.sealed || f.recipient != nil {
		return nil
	}
	if f.recipient, err = p.recipient(sp, true); err != nil {
		return responder(samlmsg.StatusRequestUnsupported, samlmsg.Reason(err)).from(err)
	}
	return nil
}

// recordStatement gives the attributes of records.
func recordStatement(all []Record) []samlmsg.Attribute {
	var out []samlmsg.Attribute
	var bound []string
	for _, r := range all {
		out = append(out, samlmsg.Attribute{
			Name: recordPrefix + r.Kind, NameFormat: samlmsg.AttributeURI, FriendlyName: "record", Values: []string{r.Number},
		})
		bound = append(bound, r.Kind+" "+r.Way+" "+r.Level.IAL.String()+" "+r.BoundAt.UTC().Format(time.RFC3339))
	}
	if len(bound) > 0 {
		out = append(out, samlmsg.Attribute{
			Name: bindingsAttribute, NameFormat: samlmsg.AttributeURI, FriendlyName: "record_bindings", Values: bound,
		})
	}
	return out
}
