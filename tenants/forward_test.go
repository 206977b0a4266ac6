package tenants

import (
	"strings"
	"testing"

	"onedoor/hub"
)

// BND-06: a header carries one thing, a kind of records has a name, and no header is one of a proxy's or the hub's own.
func TestBND06_ForwardRecords(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		headers map[string]hub.AttributeName
		records map[string]RecordKindID
		want    string // path of the fault, "" for none
	}{
		"good":      {nil, map[string]RecordKindID{"X-Remote-Taxpayer": "taxpayer"}, ""},
		"the hub's": {nil, map[string]RecordKindID{"X-Onedoor-Subject": "taxpayer"}, "forward.records.X-Onedoor-Subject"},
		"a proxy's": {nil, map[string]RecordKindID{"X-Forwarded-User": "taxpayer"}, "forward.records.X-Forwarded-User"},
		"no kind":   {nil, map[string]RecordKindID{"X-Remote-Taxpayer": "Tax Payer"}, "forward.records.X-Remote-Taxpayer"},
		"two":       {map[string]hub.AttributeName{"X-Remote-Taxpayer": hub.Name}, map[string]RecordKindID{"X-Remote-Taxpayer": "taxpayer"}, "forward.records.X-Remote-Taxpayer"},
	} {
		s := System{Status: Draft, Forward: &Forward{Origins: []string{"https://archive.example"}, Headers: c.headers, Records: c.records}}
		var got []string
		for _, f := range s.Validate() {
			if strings.HasPrefix(f.Path, "forward.records") {
				got = append(got, f.Path)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %q", name, got, c.want)
		}
	}
}
