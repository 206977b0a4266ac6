package tenants_test

import (
	"fmt"
	"testing"

	"onedoor/tenants"
)

func TestBND05_AreasLieInEachOther(t *testing.T) {
	t.Parallel()
	names := goodDepartment().Names
	area := func(id, parent string) tenants.Area {
		return tenants.Area{ID: tenants.AreaID(id), Parent: tenants.AreaID(parent), Names: names}
	}
	deep := []tenants.Area{area("a-0", "")}
	for i := range 8 {
		deep = append(deep, area(fmt.Sprintf("a-%d", i+1), fmt.Sprintf("a-%d", i)))
	}
	for name, c := range map[string]struct {
		areas []tenants.Area
		want  []string
	}{
		"none":            {nil, nil},
		"good":            {[]tenants.Area{area("north", ""), area("chiang-mai", "north"), area("mae-rim", "chiang-mai")}, nil},
		"twice":           {[]tenants.Area{area("north", ""), area("north", "")}, []string{"areas[1].id BND-05"}},
		"no name":         {[]tenants.Area{{ID: "north"}}, []string{"areas[0].names.en", "areas[0].names.th", "areas[0].names.vi", "areas[0].names.zh"}},
		"a bad id":        {[]tenants.Area{area("North", "")}, []string{"areas[0].id AUD-11"}},
		"nowhere":         {[]tenants.Area{area("north", "moon")}, []string{"areas[0].parent BND-05"}},
		"in itself":       {[]tenants.Area{area("north", "north")}, []string{"areas[0].parent BND-05"}},
		"in a circle":     {[]tenants.Area{area("north", "south"), area("south", "north")}, []string{"areas[0].parent BND-05", "areas[1].parent BND-05"}},
		"eight deep":      {deep[:8], nil},
		"one deeper":      {deep, []string{"areas[8].parent BND-05"}},
		"more than there": {make([]tenants.Area, 5001), []string{"areas BND-05"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := goodDepartment()
			d.Areas = c.areas
			expect(t, d.Validate(), c.want...)
		})
	}
}
