package view

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"onedoor/web/locale"
)

func TestPostURL(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]bool{
		"https://rp.example/cb?x=1": true, "http://127.0.0.1:8080/cb": true, "http://rp.localhost/cb": true, "http://[::1]/cb": true,
		"http://rp.example/cb": false, "javascript:alert(1)": false, "data:text/html,x": false, "/cb": false, "": false, "app:/cb": false,
		"https://u@rp.example/": false, "http://localhost.evil.example/": false,
	} {
		got, err := PostURL(raw)
		if (err == nil) != want || err != nil && got != "" {
			t.Errorf("%q: %q, %v", raw, got, err)
		}
	}
}

func TestPostPolicyAllowsNoInlineScriptAndNoOtherOrigin(t *testing.T) {
	t.Parallel()
	for to, action := range map[string]string{"https://rp.example/cb": "form-action https:;", "http://rp.localhost/cb": "form-action https: http:;"} {
		p := PostPolicy(to)
		if !strings.Contains(p, action) || !strings.Contains(p, "script-src 'self';") || !strings.Contains(p, "default-src 'none'") || strings.Contains(p, "unsafe") {
			t.Errorf("%s", p)
		}
	}
}

// The page works without a script: one form, one button, every field as it was given.
func TestPostPageIsAFormWithAButton(t *testing.T) {
	t.Parallel()
	const hostile = `"><script>alert(1)</script>&<x y='`
	doc, err := html.Parse(strings.NewReader(render(t, newView(t), Frame{Lang: locale.English}, PostPage{
		To: "https://rp.example/cb?a=1&b=2", Fields: []PostField{{"code", hostile}, {"state", "s"}},
	})))
	if err != nil {
		t.Fatal(err)
	}
	forms, buttons, inputs := tags(doc, "form"), tags(doc, "button"), tags(doc, "input")
	attr := func(n *html.Node, key string) string {
		for _, a := range n.Attr {
			if a.Key == key {
				return a.Val
			}
		}
		return ""
	}
	if len(forms) != 1 || len(buttons) != 1 || len(inputs) != 2 || attr(forms[0], "action") != "https://rp.example/cb?a=1&b=2" || attr(forms[0], "method") != "post" {
		t.Fatalf("%d forms, %d buttons, %d fields", len(forms), len(buttons), len(inputs))
	}
	if attr(inputs[0], "name") != "code" || attr(inputs[0], "value") != hostile {
		t.Errorf("%+v", inputs[0].Attr)
	}
	scripts := tags(doc, "script")
	if len(scripts) != 1 || scripts[0].FirstChild != nil || !strings.HasPrefix(attr(scripts[0], "src"), "/static/post.") {
		t.Errorf("%d scripts", len(scripts))
	}
}
