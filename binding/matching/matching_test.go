package matching_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"onedoor/binding/matching"
)

// What makes a record somebody's without a look, and what does not.
func TestBND03_Judge(t *testing.T) {
	t.Parallel()
	const a, d, u = matching.Agrees, matching.Differs, matching.Unknown
	sure := matching.Fit{Number: a, Given: a, Family: a, Birth: a}
	for name, c := range map[string]struct {
		fits []matching.Fit
		want matching.Verdict
		at   int
	}{
		"nothing":               {nil, matching.None, -1},
		"one":                   {[]matching.Fit{sure}, matching.One, 0},
		"another family name":   {[]matching.Fit{{a, a, d, a}}, matching.One, 0},
		"another given name":    {[]matching.Fit{{a, d, a, a}}, matching.Look, 0},
		"another birth date":    {[]matching.Fit{{a, a, a, d}}, matching.Look, 0},
		"no birth date":         {[]matching.Fit{{a, a, a, u}}, matching.Look, 0},
		"no number":             {[]matching.Fit{{u, a, a, a}}, matching.Look, 0},
		"another number":        {[]matching.Fit{{d, a, a, a}}, matching.None, -1},
		"a stranger's mistake":  {[]matching.Fit{sure, {a, d, d, d}}, matching.One, 0},
		"the mistake first":     {[]matching.Fit{{a, d, d, d}, sure, {a, d, a, d}}, matching.One, 1},
		"the mistake alone":     {[]matching.Fit{{a, d, d, d}}, matching.Look, 0},
		"two mistakes":          {[]matching.Fit{{a, d, d, d}, {a, d, d, d}}, matching.Several, -1},
		"sure twice":            {[]matching.Fit{sure, sure}, matching.Several, -1},
		"one given name":        {[]matching.Fit{sure, {a, a, d, d}}, matching.Several, -1},
		"one birth date":        {[]matching.Fit{sure, {a, d, d, a}}, matching.Several, -1},
		"one not known":         {[]matching.Fit{sure, {a, d, d, u}}, matching.Several, -1},
		"two without":           {[]matching.Fit{{u, a, a, a}, {u, a, a, a}}, matching.Several, -1},
		"a namesake beside it":  {[]matching.Fit{{d, a, a, a}, sure}, matching.One, 1},
		"a namesake, no number": {[]matching.Fit{{u, a, a, a}, sure}, matching.Several, -1},
	} {
		if got, at := matching.Judge(c.fits); got != c.want || at != c.at {
			t.Errorf("%s: %s %d, want %s %d", name, got, at, c.want, c.at)
		}
	}
}

func TestCompare_WaysOfWriting(t *testing.T) {
	t.Parallel()
	person := matching.Facts{Number: "1", Given: "สมชาย", Family: "ใจดี", GivenEN: "Somchai", FamilyEN: "Jaidee", Birth: "1990-01-31"}
	const a, d, u = matching.Agrees, matching.Differs, matching.Unknown
	for name, c := range map[string]struct {
		record matching.Facts
		want   matching.Fit
	}{
		"the same":              {person, matching.Fit{Number: a, Given: a, Family: a, Birth: a}},
		"another transcription": {matching.Facts{Number: "1", GivenEN: "SOMCHAY", FamilyEN: "Chaidi", Birth: "31/01/2533"}, matching.Fit{Number: a, Given: a, Family: a, Birth: a}},
		"with title":            {matching.Facts{Given: "นายสมชาย", Family: " ใจดี ", Birth: "1990-01-31"}, matching.Fit{Number: u, Given: a, Family: a, Birth: a}},
		"swapped":               {matching.Facts{GivenEN: "Jaidee", FamilyEN: "Somchai", Birth: "1990"}, matching.Fit{Number: u, Given: a, Family: a, Birth: u}},
		"a brother":             {matching.Facts{Number: "2", Given: "สมชาติ", Family: "ใจดี", Birth: "1991-01-31"}, matching.Fit{Number: d, Given: d, Family: a, Birth: d}},
		"only the other script": {matching.Facts{GivenEN: "Somsak"}, matching.Fit{Number: u, Given: d, Family: u, Birth: u}},
		"nothing":               {matching.Facts{}, matching.Fit{}},
	} {
		if got := matching.Compare(person, c.record); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// Twenty thousand synthetic people always; a million in the benchmark. Nobody is bound to somebody else's record, and of those whose number the record
// has, 99 of 100 are bound by themselves.
func TestBND08_SyntheticPeople(t *testing.T) {
	t.Parallel()
	if got := population(20_000); got.wrong != 0 || got.rate() < 0.99 || got.looked == 0 || got.several == 0 {
		t.Errorf("%s", got)
	}
}

func BenchmarkMatchingAMillionPeople(b *testing.B) {
	for b.Loop() {
		got := population(1_000_000)
		if got.wrong != 0 || got.rate() < 0.99 {
			b.Errorf("%s", got)
		}
		b.ReportMetric(float64(got.wrong), "wrong")
		b.ReportMetric(100*got.rate(), "%bound")
		b.ReportMetric(float64(got.looked), "to-look-at")
		b.ReportMetric(float64(got.several), "several")
	}
}

type outcome struct{ people, numbered, bound, wrong, looked, several, none int }

// rate is the part of those with a number in their record who are bound.
func (o outcome) rate() float64 { return float64(o.bound) / float64(o.numbered) }

func (o outcome) String() string {
	return fmt.Sprintf("%d people, %d with their number in a record, %d bound (%.3f %%), %d wrong, %d to look at, %d several, %d none",
		o.people, o.numbered, o.bound, 100*o.rate(), o.wrong, o.looked, o.several, o.none)
}

var (
	givens   = strings.Fields("สม:som วิ:wi ประ:pra ชา:cha นา:na สุ:su อา:a กิต:kit พร:phon ธน:than ณัฐ:nat ปิ:pi รัต:rat อร:on ศิ:si")
	endings  = strings.Fields("ชาย:chai ศักดิ์:sak ชาติ:chat พงษ์:phong ยุทธ:yut พันธ์:phan มล:mon รัตน์:rat วรรณ:wan นี:ni ดา:da ภา:pha ลักษณ์:lak ทิพย์:thip")
	families = strings.Fields("ใจ:chai ศรี:si ทอง:thong บุญ:bun วงศ์:wong สุข:suk แก้ว:kaeo แสง:saeng พร:phon ชัย:chai รุ่ง:rung เพ็ง:pheng")
	houses   = strings.Fields("ดี:di สุข:suk เรือง:rueang มา:ma คำ:kham พันธ์:phan วัฒน์:wat กุล:kun เจริญ:charoen ไพร:phrai สกุล:sakun รักษ์:rak")
)

// habits of clerks who write Thai names in Latin letters.
var hands = []*strings.Replacer{
	strings.NewReplacer("ch", "j", "ai", "ay"), strings.NewReplacer("ph", "p", "th", "t", "kh", "k"), strings.NewReplacer("i", "ee", "w", "v"),
	strings.NewReplacer("r", "l"), strings.NewReplacer("a", "aa"), strings.NewReplacer("u", "oo", "k", "g"),
}

func pick(r *rand.Rand, a, b []string) (thai, latin string) {
	x, y := strings.SplitN(a[r.IntN(len(a))], ":", 2), strings.SplitN(b[r.IntN(len(b))], ":", 2)
	return x[0] + y[0], x[1] + y[1]
}

// population makes people and a department's records of them, with what clerks do to names, dates and numbers, and looks everybody up.
func population(n int) (out outcome) {
	r := rand.New(rand.NewPCG(20, 26)) //nolint:gosec // the same on every run
	people, owners := make([]matching.Facts, n), map[string][]int{}
	type record struct {
		facts matching.Facts
		owner int
	}
	var records []record
	numbered := make([]bool, n)
	for i := range people {
		p := &people[i]
		p.Given, p.GivenEN = pick(r, givens, endings)
		p.Family, p.FamilyEN = pick(r, families, houses)
		p.Number = fmt.Sprintf("%013d", 1_000_000_000_000+i)
		p.Birth = fmt.Sprintf("%04d-%02d-%02d", 1940+r.IntN(70), 1+r.IntN(12), 1+r.IntN(28))
		twin := i > 0 && r.IntN(100) == 0
		if twin { // of the one before: the next number, one birth date, one family name; and one in five has a name that is nearly the same
			before := people[i-1]
			p.Family, p.FamilyEN, p.Birth = before.Family, before.FamilyEN, before.Birth
			if r.IntN(5) == 0 {
				p.Given, p.GivenEN = before.Given+"ย์", before.GivenEN+"m"
			}
		}
		copies := 1
		switch x := r.IntN(1000); {
		case x < 20:
			copies = 0 // the department does not know them
		case x == 20:
			copies = 2
		}
		for range copies {
			f := spoil(r, *p)
			if twin && r.IntN(50) == 0 { // a clerk took one twin for the other
				f.Number = people[i-1].Number
			}
			numbered[i] = numbered[i] || f.Number == p.Number
			owners[f.Number] = append(owners[f.Number], len(records))
			records = append(records, record{f, i})
		}
	}
	out.people = n
	for i, p := range people {
		if numbered[i] {
			out.numbered++
		}
		var fits []matching.Fit
		for _, at := range owners[p.Number] {
			fits = append(fits, matching.Compare(p, records[at].facts))
		}
		switch verdict, at := matching.Judge(fits); verdict {
		case matching.One:
			out.bound++
			if records[owners[p.Number][at]].owner != i {
				out.wrong++
			}
		case matching.Look:
			out.looked++
		case matching.Several:
			out.several++
		default:
			out.none++
		}
	}
	return out
}

// spoil gives what a clerk made of a person.
func spoil(r *rand.Rand, f matching.Facts) matching.Facts {
	often := func(of1000 int) bool { return r.IntN(1000) < of1000 }
	switch {
	case often(150): // in Latin letters only, by some hand
		hand := hands[r.IntN(len(hands))]
		f.Given, f.Family, f.GivenEN, f.FamilyEN = "", "", hand.Replace(f.GivenEN), strings.ToUpper(hand.Replace(f.FamilyEN))
	case often(300): // in Thai only
		f.GivenEN, f.FamilyEN = "", ""
	}
	switch {
	case often(30): // in each other's place
		f.Given, f.Family, f.GivenEN, f.FamilyEN = f.Family, f.Given, f.FamilyEN, f.GivenEN
	case often(50) && f.Given != "":
		f.Given = "นาย" + f.Given
	case often(30): // married since
		f.Family, f.FamilyEN = "เปลี่ยน"+f.Family, "plian"+f.FamilyEN
	case often(3): // slips
		f.Given, f.GivenEN = strings.TrimSuffix(f.Given, "ย")+"ข", f.GivenEN+"t"
	}
	if often(200) { // the Buddhist era
		var y, m, d int
		if _, err := fmt.Sscanf(f.Birth, "%d-%d-%d", &y, &m, &d); err == nil {
			f.Birth = fmt.Sprintf("%02d/%02d/%04d", d, m, y+543)
		}
	}
	switch x := r.IntN(1000); {
	case x < 2:
		f.Birth = fmt.Sprintf("%04d-%02d-%02d", 1940+r.IntN(70), 1+r.IntN(12), 1+r.IntN(28))
	case x < 4: // the number of a stranger
		f.Number = fmt.Sprintf("%013d", 1_000_000_000_000+r.IntN(1_000_000))
	}
	return f
}
