package intakesql

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"lapwing/internal/referral"
)

// A role without a number would be stored as another one.
func TestEveryRoleHasANumber(t *testing.T) {
	t.Parallel()
	f, err := parser.ParseFile(token.NewFileSet(), "../../referral/draft.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	ast.Inspect(f, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if id, ok := v.Type.(*ast.Ident); !ok || id.Name != "Role" {
			return true
		}
		found++
		name, _ := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
		for _, mentioned := range []bool{false, true} {
			var got sharer
			if err := got.is(howOf(referral.Role(name), mentioned)); err != nil || got.role != referral.Role(name) || got.mentioned != mentioned {
				t.Errorf("%s (mentioned: %v) is read as %s (%v), %v", name, mentioned, got.role, got.mentioned, err)
			}
		}
		return false
	})
	if found < 5 {
		t.Errorf("only %d roles found", found)
	}
	if err := new(sharer).is(int64(2 * len(roles))); err == nil {
		t.Error("a number without a role is read")
	}
}
