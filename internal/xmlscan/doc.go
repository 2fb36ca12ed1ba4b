// Package xmlscan reads XML documents that strangers send, held in memory, one token at a time.
//
// It is for readers of foreign formats which want speed and no surprises: a Scanner walks the document once, hands
// out element starts, element ends and text as slices of the input, and copies only what has to be unescaped.
//
//	s, err := xmlscan.New(doc, xmlscan.Limits{})
//	for {
//		kind, err := s.Next()        // Start, End, Text, EOF
//		...
//	}
//
// In the order one meets them: Limits bounds what a document may cost, Scanner walks it (New, Reset, Next, Leaf,
// Skip), Attr is one attribute, Error says what is wrong and where.
//
// Accepted is well-formed XML 1.0 (fifth edition) with these restrictions:
//
//   - A document type declaration is an error, so there are no entities but the five predefined ones.
//   - Encodings: UTF-8 (with or without a byte order mark), UTF-16 with a byte order mark, and ISO-8859-1,
//     ISO-8859-15, windows-1252 and US-ASCII where the XML declaration names them. Tokens are always UTF-8.
//     A byte order mark outweighs the declaration.
//   - Names hold at most one colon. The part before it is reported as the prefix; binding prefixes to namespaces
//     is left to the caller, who finds the xmlns attributes among the others.
//
// Comments and processing instructions are checked and skipped. Validation against a schema is left to the caller.
package xmlscan
