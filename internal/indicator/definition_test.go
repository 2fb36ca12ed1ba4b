package indicator_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"lapwing/internal/calendar"
	"lapwing/internal/fault"
	"lapwing/internal/identity"
	"lapwing/internal/indicator"
	"lapwing/internal/indicator/indicatortest"

	"github.com/google/go-cmp/cmp"
)

func TestShippedDefinitions(t *testing.T) {
	t.Parallel()
	ds := indicator.Shipped()
	var ids, views []string
	for _, d := range ds {
		if d.Of != "" {
			views = append(views, d.ID+" of "+d.Of)
			continue
		}
		ids = append(ids, d.ID)
	}
	// The six of the field, and a view of one of them.
	if want := []string{"referrals", "blocked-attempts", "p2p", "public-reports", "forum-posts", "darkweb-activity"}; !slices.Equal(ids, want) {
		t.Errorf("indicators %q, want %q", ids, want)
	}
	if want := []string{"referrals-by-incident of referrals"}; !slices.Equal(views, want) {
		t.Errorf("views %q, want %q", views, want)
	}
	ids = nil
	for _, d := range ds {
		for name, s := range map[string]string{"id": d.ID, "name": d.Name, "measures": d.Measures, "does not measure": d.DoesNotMeasure, "unit": d.Unit, "units": d.Units, "direction": d.Direction} {
			if s == "" || strings.TrimSpace(s) != s || strings.Contains(s, "\n") {
				t.Errorf("%s: %s is %q", d.ID, name, s)
			}
		}
		if d.Length.PerYear() == 0 || len(d.Caveats) == 0 {
			t.Errorf("%s: length %q, %d caveats", d.ID, d.Length, len(d.Caveats))
		}
		if d.Own {
			ids = append(ids, d.ID)
		}
	}
	if want := []string{"referrals", "blocked-attempts", "public-reports", "referrals-by-incident"}; !slices.Equal(ids, want) {
		t.Errorf("the desk counts %q itself, want %q", ids, want)
	}
	ds[0].Name, ds[0].Caveats[0] = "x", "x"
	if again := indicator.Shipped()[0]; again.Name == "x" || again.Caveats[0] == "x" {
		t.Error("who is given the definitions can change them")
	}
}

func TestDefinitionsOfTheDesk(t *testing.T) {
	each(t, func(t *testing.T, d *indicatortest.Desk) {
		own := indicator.Definition{ID: "contacts", Name: "Contacts", Measures: "Calls.", DoesNotMeasure: "Callers.", Unit: "call", Units: "calls", Direction: "More calls.", Length: calendar.Weekly}
		if _, rs := d.Take(fig(indicator.Key{Indicator: "contacts", Source: "x", Geography: "DE"}, "2025-W01", 1)); rs[0].Outcome != indicator.Refused {
			t.Errorf("a figure of an indicator that is not defined: %+v", rs[0])
		}
		first, err := d.Define(t.Context(), d.Who, own)
		if err != nil || first.Version != 1 || first.By != "local:test" || first.Shipped {
			t.Fatalf("%+v, %v", first, err)
		}
		if _, rs := d.Take(fig(indicator.Key{Indicator: "contacts", Source: "x", Geography: "DE"}, "2025-W01", 1)); rs[0].Outcome != indicator.Accepted {
			t.Errorf("a figure of an indicator of the desk: %+v", rs[0])
		}
		d.Clock.Move(time.Hour)
		same, err := d.Define(t.Context(), d.Who, own)
		if err != nil || cmp.Diff(first, same) != "" {
			t.Errorf("the same again: %+v, %v", same, err)
		}
		own.Measures, own.Caveats = "Calls and letters.", []string{"Since March with letters."}
		second, err := d.Define(t.Context(), d.Who, own)
		if err != nil || second.Version != 2 || second.Before != 1 {
			t.Errorf("changed: %+v, %v", second, err)
		}
		now, err := d.Definition(t.Context(), "contacts", time.Time{})
		if err != nil || now.Measures != own.Measures || !now.Since.Equal(d.Clock.Now()) {
			t.Errorf("now: %+v, %v", now, err)
		}
		then, err := d.Definition(t.Context(), "contacts", d.Clock.Now().Add(-time.Minute))
		if err != nil || then.Measures != "Calls." {
			t.Errorf("as it was: %+v, %v", then, err)
		}
		if _, err := d.Definition(t.Context(), "contacts", d.Clock.Now().Add(-2*time.Hour)); fault.KindOf(err) != fault.NotFound {
			t.Errorf("before it was defined: %v", err)
		}
		vs, err := d.DefinitionVersions(t.Context(), "contacts")
		if err != nil || len(vs) != 2 || vs[0].Measures != "Calls." || vs[1].Version != 2 {
			t.Errorf("versions %+v, %v", vs, err)
		}
		if vs, err := d.DefinitionVersions(t.Context(), "p2p"); err != nil || len(vs) != 1 || !vs[0].Shipped {
			t.Errorf("versions of one that is shipped: %+v, %v", vs, err)
		}
		if _, err := d.DefinitionVersions(t.Context(), "x"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("versions of none: %v", err)
		}
		all, err := d.Definitions(t.Context(), time.Time{})
		if err != nil || len(all) != 8 || all[0].ID != "referrals" || all[7].ID != "contacts" {
			t.Errorf("all: %+v, %v", all, err)
		}
		if n := d.AuditEntries("indicator.define"); n != 2 {
			t.Errorf("%d audit entries, want 2", n)
		}
		for what, c := range map[string]struct {
			change func(*indicator.Definition)
			want   fault.Kind
		}{
			"one that is shipped":   {func(d *indicator.Definition) { d.ID = "p2p" }, fault.Conflict},
			"no id":                 {func(d *indicator.Definition) { d.ID = "" }, fault.Invalid},
			"an id with a slash":    {func(d *indicator.Definition) { d.ID = "a/b" }, fault.Invalid},
			"nothing not measured":  {func(d *indicator.Definition) { d.DoesNotMeasure = " " }, fault.Invalid},
			"two lines":             {func(d *indicator.Definition) { d.Name = "a\nb" }, fault.Invalid},
			"no text":               {func(d *indicator.Definition) { d.Direction = "\xff" }, fault.Invalid},
			"a book":                {func(d *indicator.Definition) { d.Measures = strings.Repeat("a", 2001) }, fault.Invalid},
			"no length":             {func(d *indicator.Definition) { d.Length = "year" }, fault.Invalid},
			"an empty caveat":       {func(d *indicator.Definition) { d.Caveats = []string{""} }, fault.Invalid},
			"a view of nothing":     {func(d *indicator.Definition) { d.Of = "x" }, fault.Invalid},
			"a view of a view":      {func(d *indicator.Definition) { d.Of = "referrals-by-incident" }, fault.Invalid},
			"a view of itself":      {func(d *indicator.Definition) { d.Of = "contacts" }, fault.Invalid},
			"more than 50 caveats":  {func(d *indicator.Definition) { d.Caveats = slices.Repeat([]string{"a"}, 51) }, fault.Invalid},
			"nothing said in units": {func(d *indicator.Definition) { d.Units = "" }, fault.Invalid},
		} {
			x := own
			c.change(&x)
			if _, err := d.Define(t.Context(), d.Who, x); fault.KindOf(err) != c.want {
				t.Errorf("%s: %v, want %v", what, err, c.want)
			}
		}
		own.Name = "y"
		if _, err := d.Define(t.Context(), identity.Actor{}, own); fault.KindOf(err) != fault.Denied {
			t.Errorf("by nobody: %v", err)
		}
		d.Whole()
	})
}
