package unpack

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestZipEntries(t *testing.T) {
	t.Parallel()
	data := zipWith(t, func(z *zip.Writer) {
		put := func(name string, data []byte) *zip.FileHeader {
			h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: madeAt}
			addZip(t, z, h, data)
			return h
		}
		addZip(t, z, &zip.FileHeader{Name: "d/", Modified: madeAt}, nil)
		put("d/1.xml", report(1))
		addZip(t, z, &zip.FileHeader{Name: "stored.xml", Method: zip.Store, Modified: madeAt}, report(2))
		put(`d\3.xml`, report(3))
		put("../4.xml", report(4))
		put("/5.xml", report(5))
		put("c:6.xml", report(6))
		put("", report(7))
		put(strings.Repeat("n", 256), report(8))
		put("empty.xml", nil)
		link := &zip.FileHeader{Name: "link.xml"}
		link.SetMode(fs.ModeSymlink | 0o777)
		addZip(t, z, link, []byte("/etc/hostname"))
		z.RegisterCompressor(99, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, 1) })
		addZip(t, z, &zip.FileHeader{Name: "method.xml", Method: 99}, report(9))
		w, err := z.CreateRaw(&zip.FileHeader{Name: "secret.xml", Method: zip.Store, Flags: 1, CompressedSize64: 20, UncompressedSize64: 8})
		if err != nil {
			t.Fatal(err)
		}
		w.Write(make([]byte, 20))
		put("last.xml", report(10))
	})
	groups := tarGroups(t, Options{}, data)
	check(t, "", groups, `group a.tar!/d
		doc a.tar!/d/1.xml xml
		doc a.tar!/d/3.xml xml
		group a.tar!
		doc a.tar!/last.xml xml
		doc a.tar!/stored.xml xml
		problem a.tar!/ bad path
		problem a.tar!/../4.xml bad path
		problem a.tar!//5.xml bad path
		problem a.tar!/c:6.xml bad path
		problem a.tar!/empty.xml empty
		problem a.tar!/link.xml special
		problem a.tar!/method.xml unknown
		problem a.tar!/`+strings.Repeat("n", 120)+`...(256 bytes) too large
		problem a.tar!/secret.xml encrypted`)
	if got := allDocs(groups)[0].Modified; !got.Equal(madeAt) {
		t.Errorf("modified %v, want %v", got, madeAt)
	}
}

// Whatever archive/zip writes is read as archive/zip reads it.
func TestZipLikeStandardLibrary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var b bytes.Buffer
		b.WriteString(rapid.SampledFrom([]string{"", "", "a program before the archive"}).Draw(rt, "before"))
		z := zip.NewWriter(&b)
		if rapid.Bool().Draw(rt, "offsets count it") {
			z.SetOffset(int64(b.Len()))
		}
		n := rapid.IntRange(0, 8).Draw(rt, "n")
		for i := range n {
			h := &zip.FileHeader{
				Name:     fmt.Sprintf("d%d/%s%d.txt", i%2, rapid.StringMatching(`[a-z\x{e9}]{0,9}`).Draw(rt, "name"), i),
				Method:   rapid.SampledFrom([]uint16{zip.Store, zip.Deflate}).Draw(rt, "method"),
				Modified: time.Unix(rapid.Int64Range(400_000_000, 2_000_000_000).Draw(rt, "modified"), 0).UTC(),
				Comment:  rapid.StringMatching(`[a-z]{0,30}`).Draw(rt, "comment"),
			}
			text := []byte("x" + strings.Repeat("some text\n", rapid.IntRange(0, 3000).Draw(rt, "lines")))
			addZip(t, z, h, text)
		}
		z.SetComment(rapid.StringMatching(`[a-z ]{0,60}`).Draw(rt, "archive comment"))
		if err := z.Close(); err != nil {
			rt.Fatal(err)
		}
		data := b.Bytes()
		got := map[string]string{}
		w := &walker{ctx: t.Context(), o: fakes(Options{}).withDefaults(), emit: func(g *Group) error {
			for _, d := range g.Docs {
				got[d.Path] = fmt.Sprint(d.Size, d.Modified.Unix(), string(d.Data))
			}
			if len(g.Problems) > 0 && n > 0 {
				rt.Fatalf("problem %+v", g.Problems[0])
			}
			return nil
		}}
		raw := &rawFile{w: w, r: bytes.NewReader(data), at: bytes.NewReader(data), size: int64(len(data))}
		g := newGather(w, 1)
		err := w.zip(entry{path: "z", size: int64(len(data)), r: raw, at: raw, budget: &budget{raw: raw}}, nil, nil, g)
		if err != nil {
			rt.Fatal(err)
		}
		want := map[string]string{}
		r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			rt.Fatal(err)
		}
		for _, f := range r.File {
			rc, err := f.Open()
			if err != nil {
				rt.Fatal(err)
			}
			text, err := io.ReadAll(rc)
			if err != nil {
				rt.Fatal(err)
			}
			want["z!/"+f.Name] = fmt.Sprint(len(text), f.Modified.Unix(), string(text))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("archive/zip reads (-) what is read otherwise here (+):\n%s", diff)
		}
	})
}

// A zip that was cut off gives every entry before the cut, whatever the cut.
func TestZipBreaksOff(t *testing.T) {
	t.Parallel()
	stored := func(z *zip.Writer, name string, data []byte) {
		w, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Store, CRC32: crc32.ChecksumIEEE(data),
			CompressedSize64: uint64(len(data)), UncompressedSize64: uint64(len(data))})
		if err != nil {
			t.Fatal(err)
		}
		w.Write(data)
	}
	var ends []int
	whole := zipWith(t, func(z *zip.Writer) {
		for i := range 6 {
			if i%2 == 0 {
				stored(z, fmt.Sprintf("%d.xml", i), report(i))
			} else {
				addZip(t, z, &zip.FileHeader{Name: fmt.Sprintf("%d.xml", i), Method: zip.Deflate}, report(i))
			}
			z.Flush()
		}
	})
	for at := 4; at < len(whole); at++ {
		if bytes.HasPrefix(whole[at:], []byte("PK\x03\x04")) || bytes.HasPrefix(whole[at:], []byte("PK\x01\x02")) {
			if ends = append(ends, at); whole[at+2] == 1 {
				break
			}
		}
	}
	if len(ends) != 6 {
		t.Fatalf("the archive has ends at %v", ends)
	}
	for cut := 40; cut < len(whole)-1; cut += 3 {
		groups := tarGroups(t, Options{}, whole[:cut])
		docs := allDocs(groups)
		want := 0
		for want < len(ends) && ends[want] <= cut {
			want++
		}
		// An entry whose data is there and only the descriptor is cut may be missing or not.
		if len(docs) != want {
			t.Errorf("cut at %d: %d documents, want %d", cut, len(docs), want)
		}
		for _, d := range docs {
			var i int
			fmt.Sscanf(d.Path, "a.tar!/%d.xml", &i)
			if !bytes.Equal(d.Data, report(i)) {
				t.Errorf("cut at %d: %s has %q", cut, d.Path, d.Data)
			}
		}
		var all []Problem
		for _, g := range groups {
			all = append(all, g.Problems...)
		}
		if len(all) != 1 || all[0].Path != "a.tar" || all[0].Kind != Damaged {
			t.Errorf("cut at %d: problems %+v, want one of the archive", cut, all)
		}
	}
	groups := tarGroups(t, Options{}, whole[:ends[2]+60])
	want := fmt.Sprintf("the directory at its end is missing: it breaks off at byte %d, in or after 3.xml; 3 entries before that were read", ends[2]+60)
	if p := theProblem(t, groups, "a.tar"); !strings.HasSuffix(p.Reason, want) {
		t.Errorf("reason %q, want %q", p.Reason, want)
	}
}

// Without a directory, the checksum behind an entry counts.
func TestSalvageChecks(t *testing.T) {
	t.Parallel()
	whole := zipOf(t, file{"1.xml", report(1)}, file{"2.xml", report(2)}, file{"3.xml", report(3)})
	at := bytes.Index(whole, []byte("PK\x07\x08"))
	at += 4 + bytes.Index(whole[at+4:], []byte("PK\x07\x08"))
	whole[at+4] ^= 1
	check(t, "", tarGroups(t, Options{}, whole[:len(whole)-40]), `group a.tar!
		doc a.tar!/1.xml xml
		doc a.tar!/3.xml xml
		problem a.tar!/2.xml damaged
		group
		problem a.tar damaged`)
}

// Nothing is read beyond the length that the directory tells.
func TestZipReadsNoFurther(t *testing.T) {
	t.Parallel()
	z := zipOf(t, file{"a.csv", []byte("a,b\n" + strings.Repeat("1,2\n", 100_000))})
	header := bytes.LastIndex(z, []byte("a.csv")) - headerSize
	binary.LittleEndian.PutUint32(z[header+24:], 100)
	groups := tarGroups(t, Options{}, z)
	if p := theProblem(t, groups, "a.csv"); p.Kind != Damaged || len(allDocs(groups)) > 0 {
		t.Errorf("%d rows, problem %+v; want no rows of a file that lies about its length", len(allDocs(groups)), p)
	}
}

func TestDamagedZip(t *testing.T) {
	t.Parallel()
	whole := zipOf(t, file{"1.xml", report(1)}, file{"2.xml", report(2)}, file{"3.xml", report(3)})
	second := bytes.Index(whole, []byte("2.xml"))
	header := bytes.LastIndex(whole, []byte("2.xml")) - headerSize
	change := func(at int, with ...byte) []byte {
		b := bytes.Clone(whole)
		copy(b[at:], with)
		return b
	}
	others := "group a.tar!\ndoc a.tar!/1.xml xml\ndoc a.tar!/3.xml xml\n"
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"checksum", corrupt(t, whole, "2.xml"), others + "problem a.tar!/2.xml damaged"},
		{"data", change(second+20, 0xff, 0xff, 0xff, 0xff), others + "problem a.tar!/2.xml damaged"},
		{"longer than told", change(header+24, 5, 0, 0, 0), others + "problem a.tar!/2.xml damaged"},
		{"shorter than told", change(header+24, 255, 0, 0, 0), others + "problem a.tar!/2.xml damaged"},
		{"far away", change(header+42, 0, 0, 0, 0x7f), others + "problem a.tar!/2.xml damaged"},
		{"on another entry", change(header+42, 7), others + "problem a.tar!/2.xml damaged"},
		{"huge", change(header+20, 0, 0, 0, 0x7f), others + "problem a.tar!/2.xml damaged"},
		{"claims to be large", change(header+24, 0, 0, 0, 0x7f), others + "problem a.tar!/2.xml too large"},
		{"directory", change(header, 0), "group a.tar!\ndoc a.tar!/1.xml xml\ngroup\nproblem a.tar damaged"},
		{"count", change(len(whole)-endSize+10, 9), "group a.tar!\ndoc a.tar!/1.xml xml\ndoc a.tar!/2.xml xml\ndoc a.tar!/3.xml xml\ngroup\nproblem a.tar damaged"},
		{"nothing in it", zipOf(t), "group\nproblem a.tar empty"},
		{"folders in it", zipOf(t, file{"d/", nil}), "group\nproblem a.tar empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, "", tarGroups(t, Options{}, tt.data), tt.want)
		})
	}
}

// zip64 has its sizes in other places.
func TestZip64(t *testing.T) {
	t.Parallel()
	plain := zipOf(t, file{"1.xml", report(1)})
	end := len(plain) - endSize
	data := bytes.Clone(plain[:end])
	e64 := make([]byte, end64Size)
	binary.LittleEndian.PutUint32(e64, sigEnd64)
	binary.LittleEndian.PutUint64(e64[4:], end64Size-12)
	binary.LittleEndian.PutUint64(e64[24:], 1)
	binary.LittleEndian.PutUint64(e64[32:], 1)
	binary.LittleEndian.PutUint64(e64[40:], uint64(binary.LittleEndian.Uint32(plain[end+12:])))
	binary.LittleEndian.PutUint64(e64[48:], uint64(binary.LittleEndian.Uint32(plain[end+16:])))
	loc := make([]byte, locator64Size)
	binary.LittleEndian.PutUint32(loc, sigLocator64)
	binary.LittleEndian.PutUint64(loc[8:], uint64(end))
	last := bytes.Clone(plain[end:])
	copy(last[8:], bytes.Repeat([]byte{0xff}, 12))
	data = append(append(append(data, e64...), loc...), last...)
	check(t, "", tarGroups(t, Options{}, data), "group a.tar!\ndoc a.tar!/1.xml xml")
}

func TestBombs(t *testing.T) {
	t.Parallel()
	blanks := append([]byte("<a>"), bytes.Repeat([]byte(" "), 20<<20)...)
	rows := append([]byte("a,b,c\n1,2,3\n"), bytes.Repeat([]byte("\n"), 20<<20)...)
	regular := append([]byte("a,b,c\n"), bytes.Repeat([]byte("1,2,3\n"), 200_000)...) // 1.2 MB from some 2 kB
	o := Options{MaxDoc: 1 << 30}
	tests := []struct {
		name string
		data []byte
		o    Options
		want string
	}{
		{"zip", zipOf(t, file{"1.xml", report(1)}, file{"bomb.xml", blanks}, file{"z.xml", report(2)}), Options{MaxDoc: 1 << 30}, `group a.tar!
			doc a.tar!/1.xml xml
			doc a.tar!/z.xml xml
			problem a.tar!/bomb.xml bomb`},
		{"gzip", gzipOf(t, blanks), o, "group\nproblem a.tar bomb"},
		{"gzip of rows", gzipOf(t, rows), o, "group\ndoc a.tar#2 csv\nproblem a.tar bomb"},
		{"tar.gz", gzipOf(t, tarOf(t, file{"1.xml", report(1)}, file{"bomb.xml", blanks}, file{"z.xml", report(2)})), o,
			"group a.tar!\ndoc a.tar!/1.xml xml\ngroup\nproblem a.tar bomb"},
		{"zip in zip", zipOf(t, file{"in.zip", zipOf(t, file{"bomb.xml", blanks})}, file{"z.xml", report(2)}), o,
			"group a.tar!/in.zip!\nproblem a.tar!/in.zip!/bomb.xml bomb\ngroup a.tar!\ndoc a.tar!/z.xml xml"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, "", tarGroups(t, tt.o, tt.data), tt.want)
		})
	}
	t.Run("regular text passes", func(t *testing.T) {
		t.Parallel()
		groups := tarGroups(t, Options{}, gzipOf(t, regular))
		if got := len(allDocs(groups)); got != 200_000 {
			t.Errorf("%d rows, want 200000", got)
		}
	})
	t.Run("total", func(t *testing.T) {
		t.Parallel()
		noise := make([]byte, 3000)
		for i := range noise {
			noise[i] = "abcdefgh"[(i*i*31+i>>3)%8]
		}
		groups := tarGroups(t, Options{MaxTotal: 5000}, zipOf(t, file{"1.txt", noise}, file{"2.txt", noise}, file{"3.txt", noise}))
		check(t, "", groups, "group a.tar!\ndoc a.tar!/1.txt text\ngroup\nproblem a.tar bomb")
	})
}

// Many entries of a directory may share the same bytes: each is small, all
// together are a bomb.
func TestOverlappingZip(t *testing.T) {
	t.Parallel()
	body := append([]byte("<a>"), bytes.Repeat([]byte(" "), 10<<20)...)
	one := zipOf(t, file{"1.xml", body})
	end := len(one) - endSize
	at := int(binary.LittleEndian.Uint32(one[end+16:]))
	header := one[at:end]
	const n = 1000
	data := append(bytes.Clone(one[:at]), bytes.Repeat(header, n)...)
	last := bytes.Clone(one[end:])
	binary.LittleEndian.PutUint16(last[8:], n)
	binary.LittleEndian.PutUint16(last[10:], n)
	binary.LittleEndian.PutUint32(last[12:], uint32(n*len(header)))
	data = append(data, last...)
	groups := tarGroups(t, Options{WindowBytes: 1 << 20}, data)
	var all []Problem
	for _, g := range groups {
		all = append(all, g.Problems...)
	}
	if len(all) != 1 || all[0].Kind != Bomb || all[0].Path != "a.tar" {
		t.Errorf("problems %+v, want one of the archive", all)
	}
	if n := len(allDocs(groups)); n > 30 {
		t.Errorf("%d documents were read", n)
	}
}
