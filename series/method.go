package series

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// methods are the detectors by name, each with its documented defaults.
var methods = []struct {
	name string
	also []string // R's name, without case, dots and dashes
	new  func() any
}{
	{"seasonal", nil, func() any { d := NewSeasonal(); return &d }},
	{"farrington-flexible", nil, func() any { d := NewFarringtonFlexible(); return &d }},
	{"farrington", nil, func() any { d := NewFarrington(); return &d }},
	{"ears", []string{"earsc"}, func() any { d := NewEARS(); return &d }},
	{"cusum", nil, func() any { d := NewCUSUM(); return &d }},
	{"bayes", nil, func() any { d := NewBayes(); return &d }},
	{"rki", nil, func() any { d := NewRKI(); return &d }},
	{"glr-poisson", []string{"glrpois"}, func() any { d := NewGLRPoisson(); return &d }},
	{"glr-negbin", []string{"glrnb"}, func() any { d := NewGLRNegBin(); return &d }},
	{"outbreak-p", nil, func() any { d := NewOutbreakP(); return &d }},
	{"cdc", nil, func() any { d := NewCDC(); return &d }},
}

// Methods are the names of the detectors that [New] makes, the default first.
func Methods() []string {
	var names []string
	for _, m := range methods {
		names = append(names, m.name)
	}
	return names
}

// New makes a detector by its name, as in [Methods] or as in R's surveillance
// ("algo.bayes"), with its documented defaults but for the parameters in the
// JSON object params, which may be empty. A parameter that the method does not
// have is an error. Compat is "" for what the papers say, or "r" for what R's
// package does where that differs.
func New(method string, params []byte, compat string) (Detector, error) {
	plain := func(s string) string {
		return strings.NewReplacer("-", "", "_", "", ".", "").Replace(strings.ToLower(s))
	}
	name := method
	if i := strings.LastIndex(name, "::"); i >= 0 {
		name = name[i+2:]
	}
	name = plain(strings.TrimPrefix(name, "algo."))
	for _, m := range methods {
		if plain(m.name) != name && !slices.Contains(m.also, name) {
			continue
		}
		d := m.new()
		if len(bytes.TrimSpace(params)) > 0 {
			dec := json.NewDecoder(bytes.NewReader(params))
			dec.DisallowUnknownFields()
			if err := dec.Decode(d); err != nil {
				return nil, fmt.Errorf("parameters of %s: %w", m.name, err)
			}
		}
		if compat != "" {
			if err := json.Unmarshal([]byte(`{"compat":"`+compat+`"}`), d); err != nil || compat != "r" && compat != "cdc" {
				return nil, fmt.Errorf("%q is not a way to be compatible: it is r", compat)
			}
		}
		return d.(Detector), nil
	}
	return nil, fmt.Errorf("no method %q: there are %s", method, strings.Join(Methods(), ", "))
}
