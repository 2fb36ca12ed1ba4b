package unpack

import (
	"archive/tar"
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

func tarGroups(t *testing.T, o Options, data []byte) []*Group {
	t.Helper()
	root := t.TempDir()
	write(t, root, "a.tar", data)
	groups := walkAll(t, fakes(o), root+"/a.tar")
	for _, g := range groups {
		g.Dir = strings.TrimPrefix(strings.TrimPrefix(g.Dir, root), "/")
		for i := range g.Docs {
			g.Docs[i].Path = strings.TrimPrefix(g.Docs[i].Path, root+"/")
		}
		for i := range g.Problems {
			g.Problems[i].Path = strings.TrimPrefix(g.Problems[i].Path, root+"/")
		}
	}
	return groups
}

func TestTarEntries(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("long/", 60) + "name.xml"
	data := tarWith(t, func(w *tar.Writer) {
		put := func(name string, typ byte, data []byte) {
			h := &tar.Header{Name: name, Typeflag: typ, Mode: 0o644, ModTime: madeAt}
			if typ == tar.TypeSymlink || typ == tar.TypeLink {
				h.Linkname = "1.xml"
			}
			addTar(t, w, h, data)
		}
		put("./", tar.TypeDir, nil)
		put("./1.xml", tar.TypeReg, report(1))
		put("empty.xml", tar.TypeReg, nil)
		put("d/", tar.TypeDir, nil)
		put("d//2.xml", tar.TypeReg, report(2))
		put(`d\3.xml`, tar.TypeReg, report(3))
		put("link", tar.TypeSymlink, nil)
		put("hard", tar.TypeLink, nil)
		put("pipe", tar.TypeFifo, nil)
		put("disk", tar.TypeBlock, nil)
		put("tty", tar.TypeChar, nil)
		put("/etc/4.xml", tar.TypeReg, report(4))
		put("../5.xml", tar.TypeReg, report(5))
		put("d/../../6.xml", tar.TypeReg, report(6))
		put(`..\7.xml`, tar.TypeReg, report(7))
		put(`C:\8.xml`, tar.TypeReg, report(8))
		put(strings.Repeat("n", 300)+".xml", tar.TypeReg, report(9))
		put("bell\a.xml", tar.TypeReg, report(10))
		put(long, tar.TypeReg, report(11))
		addTar(t, w, &tar.Header{Typeflag: tar.TypeXGlobalHeader, Name: "g", PAXRecords: map[string]string{"comment": "made by a test"}}, nil)
		put("last.xml", tar.TypeReg, report(12))
	})
	groups := tarGroups(t, Options{}, data)
	check(t, "", groups, `group a.tar!/d
		doc a.tar!/d/2.xml xml
		doc a.tar!/d/3.xml xml
		group a.tar!/`+strings.Repeat("long/", 59)+`long
		doc a.tar!/`+long+` xml
		group a.tar!
		doc a.tar!/1.xml xml
		doc a.tar!/bell%07.xml xml
		doc a.tar!/last.xml xml
		problem a.tar!/../5.xml bad path
		problem a.tar!/..\7.xml bad path
		problem a.tar!//etc/4.xml bad path
		problem a.tar!/C:\8.xml bad path
		problem a.tar!/d/../../6.xml bad path
		problem a.tar!/disk special
		problem a.tar!/empty.xml empty
		problem a.tar!/hard special
		problem a.tar!/link special
		problem a.tar!/`+strings.Repeat("n", 120)+`...(304 bytes) too large
		problem a.tar!/pipe special
		problem a.tar!/tty special`)
	if got := allDocs(groups)[0].Modified; !got.Equal(madeAt) {
		t.Errorf("modified %v, want %v", got, madeAt)
	}
}

// What odd writers make: the old format without a mark, sparse files.
func TestTarFormats(t *testing.T) {
	t.Parallel()
	for name, format := range map[string]tar.Format{"ustar": tar.FormatUSTAR, "pax": tar.FormatPAX, "gnu": tar.FormatGNU} {
		data := tarWith(t, func(w *tar.Writer) {
			addTar(t, w, &tar.Header{Name: "1.xml", Mode: 0o644, ModTime: time.Unix(0, 0), Format: format}, report(1))
		})
		groups := tarGroups(t, Options{}, data)
		check(t, "", groups, "group a.tar!\ndoc a.tar!/1.xml xml")
		if d := allDocs(groups)[0]; !d.Modified.IsZero() {
			t.Errorf("%s: modified %v, want none for the zero of the format", name, d.Modified)
		}
	}
	old := tarOf(t, file{"1.xml", report(1)})
	copy(old[257:], make([]byte, 8)) // no "ustar"
	sum := 8 * 0x20
	for i, c := range old[:512] {
		if i < 148 || i >= 156 {
			sum += int(c)
		}
	}
	copy(old[148:], fmt.Sprintf("%06o\x00 ", sum))
	check(t, "", tarGroups(t, Options{}, old), "group a.tar!\ndoc a.tar!/1.xml xml")
}

// sparseTar is a tar whose only file has size bytes of holes and the data of
// report 1 at its end, in the format GNU 1.0 for PAX.
func sparseTar(t *testing.T, size int64) []byte {
	t.Helper()
	doc := report(1)
	table := fmt.Sprintf("1\n%d\n%d\n", size-int64(len(doc)), len(doc))
	body := append([]byte(table), make([]byte, 512-len(table))...)
	body = append(body, doc...)
	return tarWith(t, func(w *tar.Writer) {
		var pax string
		for _, kv := range [][2]string{{"GNU.sparse.major", "1"}, {"GNU.sparse.minor", "0"},
			{"GNU.sparse.name", "holes.xml"}, {"GNU.sparse.realsize", fmt.Sprint(size)}} {
			line := fmt.Sprintf(" %s=%s\n", kv[0], kv[1])
			pax += fmt.Sprintf("%d%s", len(line)+2, line)
		}
		addRaw(t, w, 'x', "PaxHeaders/holes", []byte(pax))
		addTar(t, w, &tar.Header{Name: "GNUSparseFile.0/holes.xml", Mode: 0o644, Format: tar.FormatUSTAR}, body)
		addTar(t, w, &tar.Header{Name: "2.xml", Mode: 0o644}, report(2))
	})
}

// addRaw writes an entry of a type that tar.Writer refuses, by changing the
// type of a regular one.
func addRaw(t *testing.T, w *tar.Writer, typ byte, name string, data []byte) {
	t.Helper()
	rawTypes[name] = typ
	addTar(t, w, &tar.Header{Name: name, Mode: 0o644, Format: tar.FormatUSTAR}, data)
}

var rawTypes = map[string]byte{}

func retype(data []byte) []byte {
	for name, typ := range rawTypes {
		for at := 0; at+512 <= len(data); at += 512 {
			if bytes.HasPrefix(data[at:], append([]byte(name), 0)) {
				data[at+156] = typ
				sum := 8 * 0x20
				for i, c := range data[at : at+512] {
					if i < 148 || i >= 156 {
						sum += int(c)
					}
				}
				copy(data[at+148:], fmt.Sprintf("%06o\x00 ", sum))
			}
		}
	}
	return data
}

func TestSparseTar(t *testing.T) {
	// A file of holes and a report: the holes are zeros, so it is binary.
	small := retype(sparseTar(t, 5000))
	groups := tarGroups(t, Options{}, small)
	check(t, "", groups, `group a.tar!
		doc a.tar!/2.xml xml
		problem a.tar!/holes.xml unknown`)
	// A pebibyte of holes takes no time.
	o := Options{MaxDoc: 1 << 60} // or its size alone refuses it
	groups = tarGroups(t, o, retype(sparseTar(t, 1<<50)))
	check(t, "", groups, `group a.tar!
		doc a.tar!/2.xml xml
		problem a.tar!/holes.xml bomb`)
}

func TestTarBreaksOff(t *testing.T) {
	t.Parallel()
	whole := tarOf(t, file{"1.xml", report(1)}, file{"2.xml", report(2)})
	garbled := bytes.Clone(whole)
	garbled[1024+10] ^= 1 // in the header of 2.xml
	tests := []struct {
		name   string
		data   []byte
		docs   int
		reason string
	}{
		{"in a document", whole[:1024+512+10], 1, "it breaks off before its end (at byte 1546, in or after its entry 2, 2.xml; those before it were read)"},
		{"in a header", whole[:1024+200], 1, "it breaks off before its end (at byte 1224, in or after its entry 1, 1.xml; those before it were read)"},
		{"between entries", whole[:1024], 1, "it is damaged: the mark at its end is missing, so that more may be missing (at byte 1024, in or after its entry 1, 1.xml; those before it were read)"},
		{"before the mark", whole[:2048], 2, "it is damaged: the mark at its end is missing"},
		{"in the filling", whole[:2000], 2, "it is damaged: the mark at its end is missing"},
		{"half a mark", whole[:2048+512], 2, ""},
		{"header damaged", garbled, 1, "it is damaged: the header of an entry makes no sense (at byte 1536"},
		{"two joined", append(bytes.Clone(whole), whole...), 2, "it is damaged: something follows the end of the archive"},
		{"filled up", append(bytes.Clone(whole), make([]byte, 10240)...), 2, ""},
		{"packed", gzipOf(t, whole)[:150], -1, "it breaks off before its end (at byte "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			groups := tarGroups(t, Options{}, tt.data)
			if got := len(allDocs(groups)); tt.docs >= 0 && got != tt.docs {
				t.Errorf("%d documents, want %d", got, tt.docs)
			}
			var all []Problem
			for _, g := range groups {
				all = append(all, g.Problems...)
			}
			if tt.reason == "" {
				if len(all) > 0 {
					t.Errorf("problems %+v, want none", all)
				}
				return
			}
			if len(all) != 1 || all[0].Path != "a.tar" || all[0].Kind != Damaged || !strings.HasPrefix(all[0].Reason, tt.reason) {
				t.Errorf("problems %+v, want one: %s", all, tt.reason)
			}
		})
	}
}

// The checksum behind a packed tar is looked at, though all entries were read.
func TestGzipChecksum(t *testing.T) {
	t.Parallel()
	z := gzipOf(t, tarOf(t, file{"1.xml", report(1)}))
	z[len(z)-8] ^= 1
	check(t, "", tarGroups(t, Options{}, z), `group a.tar!
		doc a.tar!/1.xml xml
		group
		problem a.tar damaged`)

	doc := gzipOf(t, report(1))
	doc[len(doc)-8] ^= 1
	groups := tarGroups(t, Options{}, doc)
	if p := theProblem(t, groups, "a.tar"); p.Kind != Damaged || !bytes.Equal(p.Data, report(1)) {
		t.Errorf("problem %+v, want the document as it was read", p)
	}
	check(t, "", tarGroups(t, Options{}, []byte("\x1f\x8b\x08garbage")), "group\nproblem a.tar damaged")
	two := append(gzipOf(t, []byte("one line\n")), gzipOf(t, []byte("another line\n"))...)
	if docs := allDocs(tarGroups(t, Options{}, two)); len(docs) != 1 || string(docs[0].Data) != "one line\nanother line\n" {
		t.Errorf("two packed parts in one file gave %+v", docs)
	}
}

func TestNested(t *testing.T) {
	t.Parallel()
	one := zipOf(t, file{"1.xml", report(1)})
	nest := func(data []byte, kinds string) []byte {
		for _, k := range kinds {
			switch k {
			case 'z':
				data = zipOf(t, file{"in.x", data}, file{"after.xml", report(2)})
			case 't':
				data = tarOf(t, file{"in.x", data}, file{"after.xml", report(2)})
			case 'g':
				data = gzipOf(t, data)
			}
		}
		return data
	}
	tests := []struct {
		name string
		data []byte
		o    Options
		want string
	}{
		{"zip in tar", nest(one, "t"), Options{}, `group a.tar!/in.x!
			doc a.tar!/in.x!/1.xml xml
			group a.tar!
			doc a.tar!/after.xml xml`},
		{"packed tar in zip in tar", nest(report(1), "tgzt"), Options{}, `group a.tar!/in.x!/in.x!
			doc a.tar!/in.x!/in.x!/after.xml xml
			doc a.tar!/in.x!/in.x!/in.x xml
			group a.tar!/in.x!
			doc a.tar!/in.x!/after.xml xml
			group a.tar!
			doc a.tar!/after.xml xml`},
		{"two deep, one allowed", nest(one, "t"), Options{MaxDepth: 1}, `group a.tar!
			doc a.tar!/after.xml xml
			problem a.tar!/in.x too deep`},
		{"four deep", nest(one, "ttt"), Options{}, `group a.tar!/in.x!/in.x!
			doc a.tar!/in.x!/in.x!/after.xml xml
			problem a.tar!/in.x!/in.x!/in.x too deep
			group a.tar!/in.x!
			doc a.tar!/in.x!/after.xml xml
			group a.tar!
			doc a.tar!/after.xml xml`},
		{"gzip over and over", nest(report(1), "gggg"), Options{}, "group\nproblem a.tar too deep"},
		{"gzip three times", nest(report(1), "ggg"), Options{}, "group\ndoc a.tar xml"},
		{"zip that is too large", nest(one, "t"), Options{MaxNested: 50}, `group a.tar!
			doc a.tar!/after.xml xml
			problem a.tar!/in.x too large`},
		{"zips that are too large together", nest(zipOf(t, file{"in.x", one}), "t"), Options{MaxNested: 500}, `group a.tar!/in.x!
			problem a.tar!/in.x!/in.x too large
			group a.tar!
			doc a.tar!/after.xml xml`},
		// One problem: the inner archive is broken because the outer one is.
		{"outer cut off", nest(nest(one, "t"), "t")[:1024+100], Options{}, "group\nproblem a.tar damaged"},
		{"inner cut off", nest(tarOf(t, file{"1.xml", report(1)}, file{"2.xml", report(2)})[:1100], "t"), Options{}, `group a.tar!/in.x!
			doc a.tar!/in.x!/1.xml xml
			group a.tar!
			doc a.tar!/after.xml xml
			problem a.tar!/in.x damaged`},
		{"inner packed cut off", nest(nest(tarOf(t, file{"1.xml", report(1)}), "g")[:60], "t"), Options{}, `group a.tar!
			doc a.tar!/after.xml xml
			problem a.tar!/in.x damaged`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, "", tarGroups(t, tt.o, tt.data), tt.want)
		})
	}
}

func TestManyEntries(t *testing.T) {
	t.Parallel()
	files := []file{{"1.xml", report(1)}, {"2.xml", report(2)}, {"3.xml", report(3)}}
	want := `group a.tar!
		doc a.tar!/1.xml xml
		doc a.tar!/2.xml xml
		group
		problem a.tar too large`
	check(t, "", tarGroups(t, Options{MaxFiles: 2}, tarOf(t, files...)), want)
	check(t, "", tarGroups(t, Options{MaxFiles: 2}, zipOf(t, files...)), want)
	root := t.TempDir()
	for _, f := range files {
		write(t, root, f.name, f.data)
	}
	groups := walkAll(t, fakes(Options{MaxFiles: 2}), root)
	if len(groups) != 1 || len(groups[0].Problems) != 1 || groups[0].Problems[0].Kind != TooLarge {
		t.Errorf("a folder of too many: %v", lines(root, groups))
	}
	check(t, "", tarGroups(t, Options{}, tarOf(t, file{"d/", nil})), "group\nproblem a.tar empty")
}
