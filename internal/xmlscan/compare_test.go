package xmlscan

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// showStandard prints the tokens of doc as show does, read by encoding/xml. That package leaves white space in
// attribute values alone, accepts several document elements and text outside them: the first is made up for by
// blanks, the second by leaving text at depth 0 away (Scanner refuses what is not white space).
func showStandard(doc []byte) (string, error) {
	d := xml.NewDecoder(bytes.NewReader(doc))
	var out, text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			fmt.Fprintf(&out, "%q", text.String())
			text.Reset()
		}
	}
	name := func(n xml.Name) string {
		if n.Space != "" {
			return n.Space + ":" + n.Local
		}
		return n.Local
	}
	for depth := 0; ; {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return out.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch token := token.(type) {
		case xml.StartElement:
			depth++
			flush()
			out.WriteString("<" + name(token.Name))
			for _, a := range token.Attr {
				fmt.Fprintf(&out, " %s=%q", name(a.Name), blanks.Replace(a.Value))
			}
			out.WriteString(">")
		case xml.EndElement:
			depth--
			flush()
			out.WriteString("</" + name(token.Name) + ">")
		case xml.CharData:
			if depth > 0 {
				text.Write(token)
			}
		}
	}
}

var blanks = strings.NewReplacer("\t", " ", "\n", " ", "\r", " ")

// compare fails when both readers accept doc and see different tokens.
func compare(t interface{ Fatalf(string, ...any) }, doc []byte) {
	got, err := tokens(doc, Limits{}, blanks.Replace)
	if err != nil {
		return
	}
	want, err := showStandard(bytes.TrimPrefix(doc, []byte(utf8Mark)))
	if err == nil && got != want {
		t.Fatalf("tokens of %q\n     got %s\nstandard %s", doc, got, want)
	}
}

var seeds = []string{
	`<a/>`,
	`<?xml version="1.0" encoding="UTF-8"?><a b="1"><c>&lt;&#65;</c><!-- x --><![CDATA[<]]></a>`,
	"<a b='1\n2\r\n'>\r\n\r]] é</a>",
	`<x:a xmlns:x="u" x:b='"'/>`,
	"\xEF\xBB\xBF<a>\xC3\xA9\xF0\x9F\x90\xA6</a>",
	"<?xml version='1.0' encoding='iso-8859-1'?><a>\xE9</a>",
	`<!DOCTYPE a><a/>`,
	`<a><b></a></b>`,
	`<?p q?><a><?p?></a><!---->`,
	`<a>&#xD;&#10;&quot;</a >`,
	string(asUTF16("<a>é</a>", true)),
	string(asUTF16("<a>🐦</a>", false)),
}

func FuzzScanner(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		original := bytes.Clone(doc)
		compare(t, doc)
		if !bytes.Equal(doc, original) {
			t.Fatalf("the input was changed: %q became %q", original, doc)
		}
	})
}

// TestPrinted draws a document with its expected tokens and compares both readers with them.
func TestPrinted(t *testing.T) {
	t.Parallel()
	name := rapid.StringMatching(`[a-zA-Zé_][a-zA-Z0-9é._-]{0,6}(:[a-z]{1,3})?`)
	text := rapid.StringOfN(rapid.SampledFrom([]rune("ab <>&\"'\t\n]é€🐦")), 0, 12, -1)
	var element func(t *rapid.T, depth int, doc, want *strings.Builder)
	element = func(t *rapid.T, depth int, doc, want *strings.Builder) {
		n := name.Draw(t, "name")
		fmt.Fprintf(doc, "<%s", n)
		fmt.Fprintf(want, "<%s", n)
		for _, a := range rapid.SliceOfNDistinct(name, 0, 3, rapid.ID).Draw(t, "attributes") {
			v := blanks.Replace(text.Draw(t, "value"))
			fmt.Fprintf(doc, " %s = \"%s\"", a, escape(t, v, true))
			fmt.Fprintf(want, " %s=%q", a, v)
		}
		var run string
		flush := func() {
			if run != "" {
				fmt.Fprintf(want, "%q", run)
				run = ""
			}
		}
		parts := 0
		if depth < 4 {
			parts = rapid.IntRange(0, 4).Draw(t, "parts")
		}
		if parts == 0 && rapid.Bool().Draw(t, "empty tag") {
			doc.WriteString("/>")
			fmt.Fprintf(want, "></%s>", n)
			return
		}
		doc.WriteString(">")
		want.WriteString(">")
		for range parts {
			switch rapid.IntRange(0, 4).Draw(t, "part") {
			case 0:
				flush()
				element(t, depth+1, doc, want)
			case 1:
				v := text.Draw(t, "text")
				doc.WriteString(escape(t, v, false))
				run += v
			case 2:
				v := strings.ReplaceAll(text.Draw(t, "cdata"), "]", "")
				doc.WriteString("<![CDATA[" + v + "]]>")
				run += v
			case 3:
				doc.WriteString("<!-- & < comment -->")
			case 4:
				doc.WriteString("<?pi & < ?>")
			}
		}
		flush()
		fmt.Fprintf(doc, "</%s>", n)
		fmt.Fprintf(want, "</%s>", n)
	}
	rapid.Check(t, func(t *rapid.T) {
		var doc, want strings.Builder
		element(t, 0, &doc, &want)
		got, err := show([]byte(doc.String()), Limits{})
		if err != nil || got != want.String() {
			t.Fatalf("tokens of %q\n got %s, %v\nwant %s", doc.String(), got, err, want.String())
		}
		compare(t, []byte(doc.String()))
	})
}

// escape writes text as XML, each character in one of the forms it may take.
func escape(t *rapid.T, text string, attr bool) string {
	var b strings.Builder
	for _, r := range text {
		form := rapid.IntRange(0, 3).Draw(t, "form")
		switch {
		case form == 1:
			fmt.Fprintf(&b, "&#%d;", r)
		case form == 2:
			fmt.Fprintf(&b, "&#x%X;", r)
		case r == '<':
			b.WriteString("&lt;")
		case r == '&':
			b.WriteString("&amp;")
		case r == '>' && (form == 3 || !attr):
			b.WriteString("&gt;")
		case r == '"' && attr:
			b.WriteString("&quot;")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
