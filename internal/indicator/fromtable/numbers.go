package fromtable

import (
	"fmt"
	"strconv"
)

// understandNumbers decides what stands before decimals, from the cells of
// values. locale is what the table says about where it is from: the reason
// and the mark that is usual there.
func understandNumbers(cells []string, o *Options, locale Decimal, reason string) (dec Decimal, told string, cs []Choice, qs []Question) {
	var example [wrongGroups + 1]string
	var count [wrongGroups + 1]int
	rounded := ""
	for _, c := range cells {
		text, _, ok := cutFlags(c)
		if !ok {
			continue
		}
		_, m, exponent := number(text, 0)
		if example[m] == "" {
			example[m] = c
		}
		count[m]++
		if exponent && rounded == "" {
			rounded = c
		}
	}
	if rounded != "" {
		cs = append(cs, Choice{fmt.Sprintf("%s is taken as it stands; a spreadsheet may have rounded it: ask for all digits", rounded), ""})
	}
	points, commas := count[asPoint], count[asComma]
	switch {
	case o.Decimal != "":
		dec, told = o.Decimal, "decimal "+string(o.Decimal)+", as the option decimal says"
		return dec, told, cs, nil
	case points > 0 && commas*20 < points:
		dec, told = Point, "decimal point, as "+example[asPoint]+" shows"
	case commas > 0 && points*20 < commas:
		dec, told = Comma, "decimal comma, as "+example[asComma]+" shows"
	case points > 0 && commas > 0:
		return "", "not settled", cs, []Question{{fmt.Sprintf("%s and %s cannot both be numbers of one table: what stands before the decimals", example[asPoint], example[asComma]),
			"decimal", []string{string(Point), string(Comma)}}}
	case count[twice] > 0 && locale != "":
		dec, told = locale, fmt.Sprintf("decimal %s, as is usual where %s", locale, reason)
		if v, m, _ := number(flagless(example[twice]), dec.byte()); m == noMark || m == twice {
			cs = append(cs, Choice{fmt.Sprintf("%s is %s, since decimals stand after a %s where %s", example[twice], strconv.FormatFloat(v, 'f', -1, 64), dec, reason), "decimal"})
		}
	case count[twice] > 0:
		return "", "not settled", cs, []Question{{fmt.Sprintf("is %s a number in the thousands or one with three decimals; what stands before the decimals", example[twice]),
			"decimal", []string{string(Point), string(Comma)}}}
	default:
		told = "whole, without a comma or point in the part that was looked at"
		if locale != "" {
			dec = locale
			told += fmt.Sprintf("; a later one has a decimal %s, as is usual where %s", locale, reason)
		}
	}
	return dec, told, cs, nil
}

func flagless(s string) string {
	text, _, _ := cutFlags(s)
	return text
}

// cutFlags parts a cell into its number and what stands behind it; ok is false
// where it does not begin like a number.
func cutFlags(s string) (text, behind string, ok bool) {
	last := -1
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] >= '0' && s[i] <= '9' {
			last = i
			break
		}
	}
	if last < 0 {
		return "", "", false
	}
	switch c := s[0]; {
	case c >= '0' && c <= '9', c == '+', c == '-', c == '.', c == ',', len(s) > 3 && s[:3] == "−":
		return s[:last+1], s[last+1:], true
	}
	return "", "", false
}
