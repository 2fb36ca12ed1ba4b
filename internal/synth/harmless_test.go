package synth

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lapwing/cybertip"
)

// documents gives every text of the demo and of a piece of the stream.
func documents(t *testing.T, each func(name, text string)) {
	t.Helper()
	d := wholeDemo(t)
	for name, e := range d.tree {
		switch path.Ext(name) {
		case ".zip", ".gz", ".png", ".jpg":
		default:
			each(name, string(e.data))
		}
	}
	r := NewReports(1, Params{})
	for n := range 500 {
		each(fmt.Sprintf("report %d of the stream", n), string(r.AppendXML(nil, n)))
		for k := range r.Files(n) {
			each(fmt.Sprintf("file of report %d of the stream", n), string(r.AppendFileDetails(nil, n, k)))
		}
	}
}

// outdated are terms that are not used any more (formats.md G.1), and words that would describe something.
var outdated = []string{"porn", "kiddie", "prostitut", "sex", "webcam", "paedo", "pedo", "lolita", "juvenile", "molest",
	"obscene",
	"nude", "naked", " rape", "sadis", "hentai", "bestial", "lascivious", "gore", "violen", "victim's", "consensual"}

func TestNothingIsDescribed(t *testing.T) {
	t.Parallel()
	var wire []string // values of the formats, which stay as they are
	for _, w := range cybertip.IncidentTypes {
		wire = append(wire, strings.ToLower(string(w)), "")
	}
	for _, name := range slices.Concat(cybertip.ReportFlagNames[:], cybertip.FileFlagNames[:]) {
		wire = append(wire, strings.ToLower("<"+name+">true</"+name+">"), "")
	}
	strip := strings.NewReplacer(wire...)
	holds := func(text string) string {
		for _, word := range outdated {
			if strings.Contains(text, word) {
				return word
			}
		}
		return ""
	}
	documents(t, func(name, text string) {
		text = strings.ToLower(text)
		if holds(text) == "" {
			return
		}
		if word := holds(strip.Replace(text)); word != "" {
			t.Errorf("%s holds %q outside of the formats' own values", name, word)
		}
	})
}

// Every address, host and phone number is one that nobody can have.
func TestNobodyIsNamed(t *testing.T) {
	t.Parallel()
	ipv4 := regexp.MustCompile(`\d+\.\d+\.\d+\.\d+`)
	mail := regexp.MustCompile(`[\w.+-]+@([\w-]+\.)+[a-z]+`)
	host := regexp.MustCompile(`https?://([^/"'<\s]+)`)
	formats := []string{"www.w3.org", "report.cybertip.org", "hashsharing.ncmec.org", "github.com"} // names of schemas
	documents(t, func(name, text string) {
		for _, a := range ipv4.FindAllString(text, -1) {
			if !slices.ContainsFunc(ipv4Ranges[:], func(r string) bool { return strings.HasPrefix(a, r) }) {
				t.Errorf("%s has the address %s, which is not for documentation", name, a)
			}
		}
		for _, a := range mail.FindAllString(text, -1) {
			if !slices.ContainsFunc(mailDomains[:], func(m string) bool { return strings.HasSuffix(a, m) }) {
				t.Errorf("%s has the e-mail address %s", name, a)
			}
		}
		for _, h := range host.FindAllStringSubmatch(text, -1) {
			if !strings.HasSuffix(h[1], ".example") && !slices.Contains(formats, h[1]) {
				t.Errorf("%s has an address at %s", name, h[1])
			}
		}
		if strings.Count(text, "2001:") != strings.Count(text, "2001:db8:") {
			t.Errorf("%s has an IPv6 address that is not for documentation", name)
		}
	})
}
