package xmlscan

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
)

// show prints the tokens of doc, text joined: <p:name a="v">, </p:name>, "text".
func show(doc []byte, lim Limits) (string, error) {
	return tokens(doc, lim, func(value string) string { return value })
}

// tokens is show with each attribute value passed through value.
func tokens(doc []byte, lim Limits, value func(string) string) (string, error) {
	s, err := New(doc, lim)
	if err != nil {
		return "", err
	}
	var out, text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			fmt.Fprintf(&out, "%q", text.String())
			text.Reset()
		}
	}
	name := func(prefix, local []byte) string {
		if len(prefix) > 0 {
			return string(prefix) + ":" + string(local)
		}
		return string(local)
	}
	for {
		kind, err := s.Next()
		if err != nil {
			return out.String(), err
		}
		switch kind {
		case EOF:
			return out.String(), nil
		case Text:
			text.Write(s.Text())
			continue
		case Start:
			flush()
			out.WriteString("<" + name(s.Prefix(), s.Local()))
			for _, a := range s.Attrs() {
				fmt.Fprintf(&out, " %s=%q", name(a.Prefix, a.Local), value(string(a.Value)))
			}
			out.WriteString(">")
		case End:
			flush()
			out.WriteString("</" + name(s.Prefix(), s.Local()) + ">")
		}
	}
}

func asUTF16(text string, little bool) []byte {
	var out []byte
	for _, u := range append([]uint16{0xFEFF}, utf16.Encode([]rune(text))...) {
		if little {
			out = append(out, byte(u), byte(u>>8))
		} else {
			out = append(out, byte(u>>8), byte(u))
		}
	}
	return out
}

func TestTokens(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, doc, want string }{
		{"smallest", `<a/>`, `<a></a>`},
		{"declaration and white space", "<?xml version=\"1.0\" encoding='UTF-8' standalone=\"no\" ?>\n<a>\n</a>\n", `<a>"\n"</a>`},
		{"UTF-8 mark", "\xEF\xBB\xBF<?xml version='1.0'?><a>é</a>", `<a>"é"</a>`},
		{"UTF-8 mark outweighs the declaration", "\xEF\xBB\xBF<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>", `<a>"é"</a>`},
		{"attributes", `<a b="1" c = '2' d='"' e="'"/>`, `<a b="1" c="2" d="\"" e="'"></a>`},
		{"prefixes", `<x:a xmlns:x="urn:x" xmlns="urn:y" x:b="1" b="2"><x:c/></x:a>`, `<x:a xmlns:x="urn:x" xmlns="urn:y" x:b="1" b="2"><x:c></x:c></x:a>`},
		{"entities", `<a b="&lt;&quot;">&amp;&gt;&apos;&#65;&#x1F426;</a>`, `<a b="<\"">"&>'A🐦"</a>`},
		{"references to white space stay", "<a b='&#10;&#9;&#13;'>&#13;</a>", `<a b="\n\t\r">"\r"</a>`},
		{"white space in values", "<a b='1\n2\t3\r\n4\r5'/>", `<a b="1 2 3 4 5"></a>`},
		{"line ends", "<a>1\r\n2\r3\n</a>", `<a>"1\n2\n3\n"</a>`},
		{"CDATA", "<a>1<![CDATA[<&]]\r\n\r]]>2<![CDATA[]]></a>", `<a>"1<&]]\n\n2"</a>`},
		{"comments and instructions", `<?pi x?><!-- c --><a>1<!--d-->2<?p?>3</a><!---->` + "\n", `<a>"123"</a>`},
		{"brackets", `<a>]] ]> ></a>`, `<a>"]] ]> >"</a>`},
		{"end tag with blank", "<a></a\n>", `<a></a>`},
		{"letters beyond ASCII", `<über_ü ñ="ж"/>`, `<über_ü ñ="ж"></über_ü>`},
		{"Latin-1", "<?xml version='1.0' encoding='iso-8859-1'?><a b='\xE9'>\xA4</a>", `<a b="é">"¤"</a>`},
		{"Latin-9", "<?xml version='1.0' encoding='ISO-8859-15'?><a>\xA4</a>", `<a>"€"</a>`},
		{"windows-1252", "<?xml version='1.0' encoding='Windows-1252'?><a>\x80</a>", `<a>"€"</a>`},
		{"ASCII", "<?xml version='1.0' encoding='ASCII'?><a>&#233;</a>", `<a>"é"</a>`},
		{"UTF-16 little", string(asUTF16("<?xml version='1.0' encoding='utf-16'?><a>é🐦</a>", true)), `<a>"é🐦"</a>`},
		{"UTF-16 big, declared otherwise", string(asUTF16("<?xml version='1.0' encoding='utf-8'?><a>é🐦</a>", false)), `<a>"é🐦"</a>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := show([]byte(tt.doc), Limits{})
			if err != nil || got != tt.want {
				t.Errorf("tokens of %q\n got %s, %v\nwant %s", tt.doc, got, err, tt.want)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, doc, want string }{
		{"empty", "", "line 1, column 1: the document holds no element"},
		{"blank", " \n ", "line 2, column 2: the document holds no element"},
		{"document type", "<!DOCTYPE a [<!ENTITY b 'c'>]>\n<a>&b;</a>", "line 1, column 1: document type declarations are not accepted"},
		{"document type inside", "<a>\n <!DOCTYPE a></a>", "line 2, column 2: document type declarations are not accepted"},
		{"entity", "<a>x&b;</a>", "line 1, column 5: an entity that is not one of"},
		{"bare ampersand", "<a>é & b</a>", "line 1, column 6: an ampersand must be written"},
		{"ampersand at the end", "<a>&", "line 1, column 4: an ampersand"},
		{"reference to nothing", "<a>&#;</a>", "character reference"},
		{"reference to zero", "<a>&#0;</a>", "character reference"},
		{"reference to a surrogate", "<a>&#xD800;</a>", "character reference"},
		{"reference too large", "<a>&#x110000;</a>", "character reference"},
		{"reference beyond 32 bits", "<a>&#4294967361;</a>", "character reference"},
		{"reference beyond 64 bits", "<a>&#x10000000000000041;</a>", "character reference"},
		{"reference with sign", "<a>&#+65;</a>", "character reference"},
		{"upper-case X", "<a>&#X41;</a>", "character reference"},
		{"wrong end", "<a>\n<b>\n</a>", `line 3, column 3: element "b" of line 2 is closed by "a"`},
		{"unclosed", "<a>\n<b>", `line 2, column 4: the document ends before element "b" of line 2 is closed`},
		{"end without start", "</a>", "an end tag without its start tag"},
		{"two roots", "<a/><b/>", "line 1, column 5: a second document element"},
		{"text before", "x<a/>", "line 1, column 1: text outside"},
		{"text after", "<a/>x", "line 1, column 5: text outside"},
		{"CDATA after", "<a/><![CDATA[]]>", "text outside"},
		{"duplicate attribute", "<a b='1' b='2'/>", `line 1, column 10: attribute "b" stands twice`},
		{"duplicate attribute with prefix", "<a x:b='1' x:b='2'/>", `attribute "x:b" stands twice`},
		{"attribute without quotes", "<a b=1/>", "must stand in quotes"},
		{"attribute without value", "<a b/>", "needs ="},
		{"attributes without blank", "<a b='1'c='2'/>", "illegal character in a tag"},
		{"less-than in value", "<a b='<'/>", "must not stand in the value"},
		{"value not closed", "<a b='", "is not closed"},
		{"slash", "<a / >", "a slash"},
		{"tag cut", "<a", "ends inside a tag"},
		{"tag cut after blank", "<a ", "ends inside a tag"},
		{"no name", "<>", "a name is expected"},
		{"blank before name", "< a/>", "a name is expected"},
		{"digit first", "<1a/>", "a name is expected"},
		{"colon first", "<:a/>", "misplaced colon"},
		{"colon last", "<a:/>", "a name is expected"},
		{"two colons", "<a:b:c/>", "misplaced colon"},
		{"times sign in a name", "<a×/>", "illegal character in a name"},
		{"]]> in text", "<a>]]></a>", "]]> must not stand"},
		{"control character", "<a>\x01</a>", "line 1, column 4: character U+0001 is not allowed"},
		{"control character in value", "<a b='\x00'/>", "U+0000"},
		{"control character in CDATA", "<a><![CDATA[\x0B]]></a>", "line 1, column 13: character U+000B"},
		{"control character in comment", "<!--\x0B--><a/>", "illegal character in a comment"},
		{"noncharacter", "<a>\uFFFF</a>", "U+FFFF"},
		{"broken UTF-8", "<a>\xC3</a>", "not valid UTF-8"},
		{"encoded surrogate", "<a>\xED\xA0\x80</a>", "not valid UTF-8"},
		{"Latin-1 not declared", "<a>\xE9t\xE9</a>", "line 1, column 4: this is not valid UTF-8"},
		{"comment not closed", "<!-- <a/>", "comment is not closed"},
		{"hyphens in comment", "<!-- -- --><a/>", "two hyphens"},
		{"three hyphens", "<!-- ---><a/>", "two hyphens"},
		{"instruction not closed", "<?a <b/>", "is not closed"},
		{"CDATA not closed", "<a><![CDATA[</a>", "is not closed"},
		{"bang", "<!ELEMENT a>", "neither element"},
		{"late declaration", " <?xml version='1.0'?><a/>", "line 1, column 2: an XML declaration may only"},
		{"declaration without version", "<?xml encoding='UTF-8'?><a/>", "lacks its version"},
		{"version 1.1", "<?xml version='1.1'?><a/>", "only 1.0"},
		{"declaration with more", "<?xml version='1.0' x='1'?><a/>", "malformed"},
		{"declaration not closed", "<?xml version='1.0'", "not closed"},
		{"encoding unknown", "<?xml version='1.0' encoding='Shift_JIS'?><a/>", `encoding "Shift_JIS" is not accepted`},
		{"encoding UTF-7", "<?xml version='1.0' encoding='UTF-7'?><a/>", "is not accepted"},
		{"UTF-16 without mark", "<\x00a\x00/\x00>\x00", "looks like UTF-16"},
		{"UTF-16 declared, not meant", "<?xml version='1.0' encoding='UTF-16'?><a/>", "without a byte order mark"},
		{"UTF-16 half pair", string(asUTF16("<a>", true)) + "\x00\xD8a\x00", "surrogate"},
		{"UTF-16 odd", string(asUTF16("<a/>", true)) + "\x00", "inside a character"},
		{"UTF-32", "\xFF\xFE\x00\x00<\x00\x00\x00", "UTF-32"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := show([]byte(tt.doc), Limits{})
			var e *Error
			if err == nil || !strings.Contains(err.Error(), tt.want) || !errors.As(err, &e) {
				t.Errorf("reading %q\n got tokens %s, error %v\nwant error with %q", tt.doc, got, err, tt.want)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	lim := Limits{Bytes: 200, Depth: 3, Attrs: 2, Name: 5, Elements: 6}
	tests := []struct{ name, doc, want string }{
		{"within all", "<a><b b='' c=''><ccccc/><c/><c/></b></a>", ""},
		{"bytes", "<a>" + strings.Repeat(" ", 194) + "</a>", "larger than the limit of 200"},
		{"depth", "<a><a><a><a/></a></a></a>", "deeper than 3"},
		{"attributes", "<a b='' c='' d=''/>", "more than 2 attributes"},
		{"element name", "<aaaaaa/>", "longer than the limit of 5"},
		{"attribute name", "<a aa:aaa='1'/>", "longer than the limit of 5"},
		{"elements", "<a><a/><a/><a/><a/><a/><a/></a>", "more than 6 elements"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := show([]byte(tt.doc), lim)
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("reading %q gives error %v, want %q", tt.doc, err, tt.want)
			}
		})
	}
}

func TestErrorStays(t *testing.T) {
	t.Parallel()
	s, err := New([]byte("<a>&x;</a>"), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Next(); err != nil {
		t.Fatal(err)
	}
	_, first := s.Next()
	_, second := s.Next()
	if first == nil || first != second {
		t.Errorf("errors of two calls: %v, then %v; want the same one", first, second)
	}
	if err := s.Reset([]byte("<b/>")); err != nil {
		t.Fatal(err)
	}
	if kind, err := s.Next(); kind != Start || err != nil || string(s.Local()) != "b" {
		t.Errorf("after Reset: %v, %v, %q; want the start of b", kind, err, s.Local())
	}
}

func TestLeafAndSkip(t *testing.T) {
	t.Parallel()
	tests := []struct {
		doc, text string
		leaf      bool
	}{
		{"<a>plain</a>", "plain", true},
		{"<a/>", "", true},
		{"<a>&lt;</a>", "<", true},
		{"<a>1<!-- -->2</a>", "12", true},
		{"<a>&#49;<![CDATA[2]]>3&#52;<![CDATA[5]]></a>", "12345", true},
		{"<a>1<![CDATA[2]]>&#51;</a>", "123", true},
		{"<a>&#49;<!-- -->&#50;<!-- -->&#51;</a>", "123", true},
		{"<a>x&lt;<b><c/>y</b>z</a>", "x<", false},
	}
	for _, tt := range tests {
		s, err := New([]byte("<r>"+tt.doc+"<end/></r>"), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		s.Next()
		s.Next()
		text, leaf, err := s.Leaf()
		if string(text) != tt.text || leaf != tt.leaf || err != nil {
			t.Errorf("Leaf of %s = %q, %v, %v; want %q, %v", tt.doc, text, leaf, err, tt.text, tt.leaf)
		}
		if !leaf {
			if string(s.Local()) != "b" {
				t.Errorf("Leaf of %s stopped at %q, want b", tt.doc, s.Local())
			}
			if err := s.Skip(); err != nil || string(s.Local()) != "b" {
				t.Errorf("Skip in %s stopped at %q, %v; want the end of b", tt.doc, s.Local(), err)
			}
			continue
		}
		if kind, _ := s.Next(); kind != Start || string(s.Local()) != "end" {
			t.Errorf("after Leaf of %s comes %q, want end", tt.doc, s.Local())
		}
	}
}

func TestSkipEmpty(t *testing.T) {
	t.Parallel()
	s, err := New([]byte("<a><b/><c>1</c></a>"), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	s.Next()
	s.Next()
	if err := s.Skip(); err != nil || string(s.Local()) != "b" || s.Depth() != 1 {
		t.Fatalf("Skip of b: %v at %q, depth %d", err, s.Local(), s.Depth())
	}
	if kind, _ := s.Next(); kind != Start || string(s.Local()) != "c" {
		t.Errorf("after Skip comes %v %q, want the start of c", kind, s.Local())
	}
}
