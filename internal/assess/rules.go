package assess

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"

	"lapwing/internal/referral"
)

//go:embed rules/*.json
var ruleFiles embed.FS

// Rules are the weights and sentences of one version. A file in rules/ is
// never changed once it was released: assessments name the version that they
// rest on, and it must give the same bytes when they are made again. That
// binds the program as well: a change of what is concluded or of a sentence
// comes with a new version, and leaves the golden files of old ones alone.
type Rules struct {
	Version string `json:"version"` // year-month.number, as "2026-11.1"

	WeakOver     int `json:"weak_over"`    // what more earlier referrals than this share says little
	EventDays    int `json:"event_days"`   // an upload or login within so many days of the event is near it
	TieMargin    int `json:"tie_margin"`   // countries within so many points of the strongest tie with it
	Floor        int `json:"floor"`        // a country below this strength is not told
	Corroborates int `json:"corroborates"` // points that each further kind of evidence adds to the strongest

	// Percentages of a rule's strength.
	RegisteredPercent int `json:"registered_percent"` // the database knows the holder's country, not the user's
	AssociatedPercent int `json:"associated_percent"` // of an account tied to the person
	RecipientPercent  int `json:"recipient_percent"`  // a recipient may be the child, or not
	AreaPercent       int `json:"area_percent"`       // the area code decides between countries that share a calling code

	Evidence     []EvidenceRule `json:"evidence"`
	Risk         []FactorRule   `json:"risk"`
	Completeness []FactorRule   `json:"completeness"`

	evidence     map[string]*EvidenceRule
	risk         map[string]*FactorRule
	completeness map[string]*FactorRule
	kinds        map[referral.Kind]*FactorRule
}

// An EvidenceRule is a row of formats.md H.3. In the sentence {who} stands
// for whose fact it is.
type EvidenceRule struct {
	Code     string `json:"code"`
	Strength int    `json:"strength"` // 1-100
	Because  string `json:"because"`

	by [numWho]string // the sentence for each who
}

// A FactorRule is a factor of a score. In the sentence {n} stands for a number.
type FactorRule struct {
	Code    string `json:"code"`
	Weight  int    `json:"weight"` // -50 to 50
	Because string `json:"because"`
	Missing string `json:"missing,omitempty"` // the sentence where the report does not say; Because where it is empty
}

var allRules = sync.OnceValues(func() ([]*Rules, error) {
	files, err := fs.Glob(ruleFiles, "rules/*.json")
	if err != nil {
		return nil, err
	}
	var all []*Rules
	for _, name := range files {
		b, err := ruleFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		r, err := parseRules(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if name != "rules/"+r.Version+".json" {
			return nil, fmt.Errorf("%s: it has version %s", name, r.Version)
		}
		all = append(all, r)
	}
	if len(all) == 0 {
		return nil, errors.New("no rule file")
	}
	slices.SortFunc(all, func(a, b *Rules) int { return compareVersions(a.Version, b.Version) })
	return all, nil
})

// RulesVersions lists the versions that can be replayed, oldest first. The
// last one is in use.
func RulesVersions() []string {
	all, _ := allRules()
	vs := make([]string, len(all))
	for i, r := range all {
		vs[i] = r.Version
	}
	return vs
}

// RulesOf is the rules with the version that an assessment names.
func RulesOf(version string) (*Rules, error) {
	all, err := allRules()
	if err != nil {
		return nil, fmt.Errorf("assess: rule files: %w", err)
	}
	for _, r := range all {
		if r.Version == version {
			return r, nil
		}
	}
	return nil, fmt.Errorf("assess: no rules with version %q; this program has %s", version, strings.Join(RulesVersions(), ", "))
}

// newest is the rules in use. The files are part of the program and a test
// reads them all, so a fault in them is a fault of the build.
func newest() *Rules {
	all, err := allRules()
	if err != nil {
		panic("assess: rule files: " + err.Error())
	}
	return all[len(all)-1]
}

// compareVersions orders "2026-11.2" before "2026-11.10".
func compareVersions(a, b string) int {
	x, _ := versionNumbers(a)
	y, _ := versionNumbers(b)
	return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1]), cmp.Compare(x[2], y[2]))
}

func versionNumbers(v string) (n [3]int, ok bool) {
	fields := strings.FieldsFunc(v, func(r rune) bool { return r == '-' || r == '.' })
	if len(fields) != 3 {
		return n, false
	}
	for i, f := range fields {
		k, err := strconv.Atoi(f)
		if err != nil || k < 1 {
			return n, false
		}
		n[i] = k
	}
	return n, v == fmt.Sprintf("%04d-%02d.%d", n[0], n[1], n[2])
}

func parseRules(b []byte) (*Rules, error) {
	r := new(Rules)
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(r); err != nil {
		return nil, err
	}
	return r, r.prepare()
}

// prepare checks the rules and makes the tables by code.
func (r *Rules) prepare() error {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if _, ok := versionNumbers(r.Version); !ok {
		fail("version %q is not of the form 2026-11.1", r.Version)
	}
	if r.WeakOver < 1 || r.EventDays < 1 || r.TieMargin < 0 || r.Floor < 1 || r.Corroborates < 0 {
		fail("weak_over, event_days and floor must be at least 1, tie_margin and corroborates not negative")
	}
	for _, p := range []int{r.RegisteredPercent, r.AssociatedPercent, r.RecipientPercent, r.AreaPercent} {
		if p < 1 || p > 100 {
			fail("a percentage is %d, not from 1 to 100", p)
		}
	}
	r.evidence = make(map[string]*EvidenceRule, len(r.Evidence))
	for i := range r.Evidence {
		e := &r.Evidence[i]
		if e.Strength < 1 || e.Strength > 99 {
			fail("evidence %s has strength %d, not from 1 to 99", e.Code, e.Strength)
		}
		for w := range numWho {
			e.by[w] = strings.ReplaceAll(e.Because, "{who}", w.String())
		}
		if !sentence(e.by[0]) {
			fail("evidence %s has no whole sentence", e.Code)
		}
		r.evidence[e.Code] = e
	}
	r.risk = factorTable("risk", r.Risk, fail)
	r.completeness = factorTable("completeness", r.Completeness, fail)
	checkCodes("evidence", len(r.Evidence), r.evidence, evidenceCodes, fail)
	risks := slices.Clone(riskCodes)
	r.kinds = make(map[referral.Kind]*FactorRule, len(referral.Kinds))
	for _, k := range referral.Kinds {
		code := "kind." + string(k.Kind)
		risks = append(risks, code)
		r.kinds[k.Kind] = r.risk[code]
	}
	checkCodes("risk", len(r.Risk), r.risk, risks, fail)
	checkCodes("completeness", len(r.Completeness), r.completeness, completenessCodes, fail)
	return errors.Join(errs...)
}

func factorTable(name string, fs []FactorRule, fail func(string, ...any)) map[string]*FactorRule {
	m := make(map[string]*FactorRule, len(fs))
	for i := range fs {
		f := &fs[i]
		if f.Weight < -50 || f.Weight > 50 {
			fail("%s %s has weight %d, not from -50 to 50", name, f.Code, f.Weight)
		}
		if !sentence(strings.ReplaceAll(f.Because, "{n}", "")) {
			fail("%s %s has no whole sentence", name, f.Code)
		}
		if f.Missing == "" {
			f.Missing = f.Because
		}
		if !sentence(strings.ReplaceAll(f.Missing, "{n}", "")) {
			fail("%s %s has no whole sentence for what is missing", name, f.Code)
		}
		m[f.Code] = f
	}
	return m
}

// checkCodes says which codes a rule file has twice, lacks or has for nothing.
func checkCodes[T any](name string, rows int, have map[string]T, want []string, fail func(string, ...any)) {
	if rows != len(have) {
		fail("%s: a code stands twice", name)
	}
	for _, c := range want {
		if _, ok := have[c]; !ok {
			fail("%s: %s is missing", name, c)
		}
	}
	for c := range have {
		if !slices.Contains(want, c) {
			fail("%s: nothing uses %s", name, c)
		}
	}
}

func sentence(s string) bool {
	return len(s) > 10 && s[0] >= 'A' && s[0] <= 'Z' && strings.HasSuffix(s, ".") && !strings.ContainsAny(s, "{}")
}
