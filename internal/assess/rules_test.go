package assess

import (
	"strings"
	"testing"
)

func TestRuleFiles(t *testing.T) {
	t.Parallel()
	if _, err := allRules(); err != nil {
		t.Fatal(err)
	}
	vs := RulesVersions()
	for i, v := range vs {
		r, err := RulesOf(v)
		if err != nil || r.Version != v {
			t.Errorf("RulesOf(%s) = %v, %v", v, r, err)
		}
		if i > 0 && compareVersions(vs[i-1], v) >= 0 {
			t.Errorf("versions %v are not in order", vs)
		}
	}
	if got := newest().Version; got != vs[len(vs)-1] {
		t.Errorf("in use is %s, want the last of %v", got, vs)
	}
	if _, err := RulesOf("1999-01.1"); err == nil || !strings.Contains(err.Error(), vs[0]) {
		t.Errorf("RulesOf of an unknown version: %v, want an error that names those there are", err)
	}
	if compareVersions("2026-11.2", "2026-11.10") >= 0 || compareVersions("2026-12.1", "2026-11.10") <= 0 {
		t.Error("versions are not compared by number")
	}
}

// TestRulesAreChecked spoils a good file in every way that was thought of.
func TestRulesAreChecked(t *testing.T) {
	t.Parallel()
	b, err := ruleFiles.ReadFile("rules/" + newest().Version + ".json")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, to, want string }{
		{`"version": "`, `"version": "v`, "not of the form"},
		{`"code": "residence"`, `"code": "home"`, "residence is missing"},
		{`"code": "residence"`, `"code": "estimate"`, "stands twice"},
		{`"strength": 90`, `"strength": 120`, "strength 120"},
		{`"weight": 40`, `"weight": 400`, "weight 400"},
		{`"because": "The source asks to hurry."`, `"because": ""`, "whole sentence"},
		{`{who}`, `{whom}`, "whole sentence"},
		{`"floor": 10`, `"floor": 0`, "at least 1"},
		{`"associated_percent": 70`, `"associated_percent": 700`, "percentage"},
		{`"tie_margin"`, `"tie"`, "unknown field"},
		{`"code": "kind.unknown"`, `"code": "kind.new"`, "kind.unknown is missing"},
	} {
		spoilt := strings.Replace(string(b), c.from, c.to, 1)
		if spoilt == string(b) {
			t.Fatalf("%q is not in the file", c.from)
		}
		if _, err := parseRules([]byte(spoilt)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("with %s: error %v, want one with %q", c.to, err, c.want)
		}
	}
}

// TestEvidenceOrder holds the strengths in the order of formats.md H.3.
func TestEvidenceOrder(t *testing.T) {
	t.Parallel()
	r := newest()
	last := 100
	for _, code := range []string{evResidence, evPhoneVerified, evEstimateVerified, evIPEvent, evIPRegistration, evAddressOther, evPhone, evMailDomain} {
		s := r.evidence[code].Strength
		if s >= last {
			t.Errorf("%s has strength %d, not below %d", code, s, last)
		}
		last = s
	}
}
