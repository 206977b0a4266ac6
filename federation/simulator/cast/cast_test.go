package cast

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"onedoor/federation/simulator"
	"onedoor/hub"
)

func role() Role {
	return Role{
		Key: "citizen", Title: "A citizen", TitleTH: "ประชาชน", Person: simulator.People()[0], Provider: "ThaID", Can: []string{"Look <around>"},
		Steps: []Link{{"Sign in", "https://hub.example/a"}}, Pages: []Link{{"My account", "https://hub.example/me"}},
	}
}

// The page shows each role with every link, and takes no role that can't be played.
func TestSheet(t *testing.T) {
	t.Parallel()
	typed := role()
	typed.Key, typed.Typed = "clerk", true
	s, err := New([]Role{role(), typed}, "https://phones.example")
	if err != nil {
		t.Fatal(err)
	}
	get := func(method, path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		return w
	}
	body := get(http.MethodGet, "/").Body.String()
	for _, want := range []string{"Look &lt;around&gt;", `href="https://hub.example/a"`, `href="https://hub.example/me"`, `href="https://phones.example"`, role().Person.NameEN(), role().Person.CitizenID, `id="clerk"`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q in\n%s", want, body)
		}
	}
	if strings.Count(body, role().Person.CitizenID) != 1 {
		t.Error("a number is shown where none is typed")
	}
	for path, want := range map[string]int{"/style.css": http.StatusOK, "/x": http.StatusNotFound} {
		if got := get(http.MethodGet, path).Code; got != want {
			t.Errorf("%s: %d", path, got)
		}
	}
	if got := get(http.MethodPost, "/").Code; got != http.StatusMethodNotAllowed || len(s.Roles()) != 2 {
		t.Errorf("POST: %d", got)
	}
	for name, spoil := range map[string]func(*Role){
		"title": func(r *Role) { r.Title = "" }, "person": func(r *Role) { r.Person = simulator.Person{} }, "provider": func(r *Role) { r.Provider = "" },
		"pages": func(r *Role) { r.Pages = nil }, "link": func(r *Role) { r.Steps = []Link{{"x", "javascript:x"}} }, "can": func(r *Role) { r.Can = nil },
	} {
		r := role()
		spoil(&r)
		if _, err := New([]Role{r}, ""); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
