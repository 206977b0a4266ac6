package pages

import (
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
)

const number = "3100500000011"

func typing() login.Next {
	return login.Next{Transaction: tx, Show: &login.View{
		Step: login.StepInput, Provider: &login.Choice{ID: "ndid", Names: hub.Text{"en": "NDID", "th": "NDID"}}, Prompt: &login.Prompt{Fields: []login.Field{
			{Name: "number", Kind: login.FieldCitizenNumber}, {Name: "idp", Kind: login.FieldIDP, Options: []login.Option{{Value: "idp-a", Names: hub.Text{"en": "Bank A"}}}},
		}},
	}}
}

func approving() login.Next {
	return login.Next{Transaction: tx, Show: &login.View{
		Step: login.StepWait, Provider: &login.Choice{ID: "ndid"}, Wait: &login.Wait{Code: "4F7K", Names: hub.Text{"en": "Bank A"}, Until: time.Unix(1_800_000_000, 0)},
	}}
}

func TestAPersonTypesOnOurPageAndWaitsWithoutJavaScript(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.login.next["show "+tx] = typing()
	page := w.do(get("/login/" + tx)).Body.String()
	if !strings.Contains(page, "Bank A") || !strings.Contains(page, "NDID") || strings.Contains(page, "<script") {
		t.Errorf("page:\n%s", page)
	}
	w.login.next["submit"], w.login.next["back"] = approving(), choosing()
	form := fields(t, page, "/login/"+tx+"/input", false)
	form.Set("number", number)
	form.Set("idp", "idp-a")
	rec := w.do(post("/login/"+tx+"/input", "ignored", form))
	if rec.Code != 303 || rec.Header().Get("Location") != "/login/"+tx || strings.Contains(rec.Body.String(), number) {
		t.Errorf("%d to %q", rec.Code, rec.Header().Get("Location"))
	}
	if want := map[string]string{"number": number, "idp": "idp-a"}; !maps.Equal(w.login.params, want) {
		t.Errorf("submitted %v", w.login.params)
	}
	w.login.next["show "+tx] = approving()
	page = w.do(get("/login/" + tx)).Body.String()
	for _, part := range []string{`<meta http-equiv="refresh" content="5; url=/login/` + tx + `">`, "4F7K", "Bank A"} {
		if !strings.Contains(page, part) {
			t.Errorf("the waiting page lacks %s:\n%s", part, page)
		}
	}
	if strings.Contains(page, "ndid is not answering") {
		t.Error("trouble where there is none")
	}
	if rec := w.do(post("/login/"+tx+"/back", "ignored", fields(t, page, "/login/"+tx+"/back", false))); rec.Code != 303 {
		t.Errorf("back: %d", rec.Code)
	}
	trouble := approving()
	trouble.Show.Problem = hub.Unavailable
	w.login.next["show "+tx] = trouble
	if page = w.do(get("/login/" + tx)).Body.String(); !strings.Contains(page, "ndid is not answering") {
		t.Errorf("trouble is not told:\n%s", page)
	}
}

// Invariant 2: what is typed is in no error, wherever the form fails.
func TestInvariant2_FieldsAreReadStrictlyAndNeverRepeated(t *testing.T) {
	t.Parallel()
	path := "/login/" + tx + "/input"
	many := url.Values{}
	for _, n := range strings.Split("abcdefghi", "") {
		many.Set(n, "x")
	}
	for name, c := range map[string]struct {
		form url.Values
		want int
	}{
		"as on the page": {url.Values{"number": {number}, "idp": {"a"}}, 303},
		"nothing":        {nil, 303}, // for the login to refuse
		"twice":          {url.Values{"number": {number, number}}, 400},
		"another name":   {url.Values{number: {"x"}}, 400},
		"upper case":     {url.Values{"Number": {number}}, 400},
		"long name":      {url.Values{strings.Repeat("a", 33): {number}}, 400},
		"long value":     {url.Values{"number": {strings.Repeat(number, 20)}}, 400},
		"many":           {many, 400},
	} {
		w := newWorld(t)
		w.login.next["submit"] = typing()
		rec := w.do(post(path, tx, c.form))
		if rec.Code != c.want || strings.Contains(rec.Body.String(), number) {
			t.Errorf("%s: %d", name, rec.Code)
		}
		if called := len(w.login.calls) > 0; called != (c.want == 303) {
			t.Errorf("%s: calls %v", name, w.login.calls)
		}
	}
	w := newWorld(t)
	if rec := w.do(post("/login/"+tx+"/back", strings.Repeat("c", 26), nil)); rec.Code != 403 || len(w.login.calls) > 0 {
		t.Errorf("a forged way back: %d", rec.Code)
	}
	if rec := w.do(post(path, strings.Repeat("c", 26), url.Values{"number": {number}})); rec.Code != 403 || len(w.login.calls) > 0 {
		t.Errorf("a forged form: %d", rec.Code)
	}
}

func TestAStepWithoutItsPageIsOurFault(t *testing.T) {
	t.Parallel()
	for _, step := range []login.Step{login.StepInput, login.StepWait} {
		w := newWorld(t)
		w.login.next["show "+tx] = login.Next{Transaction: tx, Show: &login.View{Step: step}}
		if rec := w.do(get("/login/" + tx)); rec.Code != 500 {
			t.Errorf("%s: %d", step, rec.Code)
		}
	}
}
