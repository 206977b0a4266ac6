package view

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"text/template/parse"

	"onedoor/web/locale"
)

// walk visits every node of a template.
func walk(n parse.Node, visit func(idents []string)) {
	if n == nil || reflect.ValueOf(n).IsNil() {
		return
	}
	branch := func(b *parse.BranchNode) { walk(b.Pipe, visit); walk(b.List, visit); walk(b.ElseList, visit) }
	switch n := n.(type) {
	case *parse.ListNode:
		for _, c := range n.Nodes {
			walk(c, visit)
		}
	case *parse.ActionNode:
		walk(n.Pipe, visit)
	case *parse.PipeNode:
		for _, c := range n.Cmds {
			walk(c, visit)
		}
	case *parse.CommandNode:
		for _, a := range n.Args {
			walk(a, visit)
		}
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	case *parse.TemplateNode:
		walk(n.Pipe, visit)
	case *parse.FieldNode:
		visit(n.Ident)
	case *parse.VariableNode:
		visit(n.Ident)
	case *parse.ChainNode:
		walk(n.Node, visit)
		visit(n.Field)
	}
}

func TestEveryKeyIsUsedAndEveryUsedKeyIsThere(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for dictionary, i := reflect.TypeFor[locale.Catalogue](), 0; i < dictionary.NumMethod(); i++ {
		known[dictionary.Method(i).Name] = true
	}
	seen := map[string]bool{}
	sets, err := parseTemplates()
	if err != nil {
		t.Fatal(err)
	}
	for name, set := range sets {
		for _, tmpl := range set.Templates() {
			if tmpl.Tree == nil {
				continue
			}
			walk(tmpl.Tree.Root, func(idents []string) {
				for i, id := range idents[:max(0, len(idents)-1)] {
					if id == "T" {
						key := idents[i+1]
						if !known[key] {
							t.Errorf("%s uses the key %s, which no language has", name, key)
						}
						seen[key] = true
					}
				}
			})
		}
	}
	for _, dir := range []string{".", "../server", "../pages", "../portal", "../console", "../locale"} {
		sources, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, "../locale/itemreasons.go") // gives the words of reasons to whoever has no page
		for _, file := range sources {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			tree, err := parser.ParseFile(token.NewFileSet(), file, src, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(tree, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok {
					seen[sel.Sel.Name] = true
				}
				return true
			})
		}
	}
	for key := range known {
		if !seen[key] {
			t.Errorf("nobody uses the key %s", key)
		}
	}
}
