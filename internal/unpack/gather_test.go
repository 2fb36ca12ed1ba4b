package unpack

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestStem(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, want string }{
		{"900000010.xml", "900000010"},
		{"900000010-file1.xml", "900000010"},
		{"900000010.fileDetails.2.xml", "900000010"},
		{"900000010", "900000010"},
		{"report-0001.xml", "report-0001"},
		{"report-0001-file1.xml", "report-0001"},
		{"report-1-file2.xml", "report-1"},
		{"2026-11-22_900000010_a.json.gz", "2026-11-22_900000010"},
		{"alpha.xml", "alpha"},
		{"alpha-b.xml", "alpha-b"},
		{".hidden", ".hidden"},
		{".900000010-a.xml", ".900000010"},
		{"...", "..."},
		{"Report 900000010 (2).pdf", "Report 900000010"},
	}
	for _, tt := range tests {
		if got := tt.name[:stemLen(tt.name)]; got != tt.want {
			t.Errorf("the stem of %q is %q, want %q", tt.name, got, tt.want)
		}
	}
}

// gatherAll gives names to a gather, as files of a size, and returns what it
// hands out.
func gatherAll(t testing.TB, window int, windowBytes int64, windows int, paths []string, size func(i int) int) []*Group {
	t.Helper()
	var out []*Group
	w := &walker{ctx: t.Context(), o: Options{Window: window, WindowBytes: windowBytes}.withDefaults(), emit: func(g *Group) error {
		out = append(out, g)
		return nil
	}}
	g := newGather(w, windows)
	most, mostBytes := 0, int64(0)
	for i, p := range paths {
		dir, name, _ := strings.Cut(p, "/")
		if err := g.add(dir, &item{name: name, doc: &Doc{Path: p, Data: make([]byte, size(i))}}); err != nil {
			t.Fatal(err)
		}
		most, mostBytes = max(most, g.count), max(mostBytes, g.bytes)
	}
	if err := g.flush(); err != nil {
		t.Fatal(err)
	}
	if g.count != 0 || g.bytes != 0 {
		t.Fatalf("%d items and %d bytes are left", g.count, g.bytes)
	}
	if limit := max(windows, stemWindows) + 1; most > limit*window || mostBytes > int64(limit+1)*windowBytes {
		t.Fatalf("%d items and %d bytes were held, over %d windows", most, mostBytes, limit)
	}
	return out
}

// Files of one stem come in one group, groups keep to the window, and nothing
// is lost or in disorder.
func TestWindowsKeepStems(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		window := rapid.IntRange(1, 12).Draw(rt, "window")
		const windowBytes = 1000
		reports := rapid.SliceOfN(rapid.IntRange(1, min(4*window, 9)), 1, 40).Draw(rt, "files of each report")
		var paths []string
		for i, n := range reports {
			for j := range n {
				form := rapid.SampledFrom([]string{"%06d.%d.xml", "%06d-file%d.xml", "%06d_%d.json", "%06d (%d).txt"}).Draw(rt, "form")
				paths = append(paths, "d/"+fmt.Sprintf(form, i*7, j))
			}
		}
		sorted := rapid.Bool().Draw(rt, "sorted")
		windows := 1
		if sorted {
			items := make([]*item, len(paths))
			for i, p := range paths {
				items[i] = &item{name: p[2:], stem: stemLen(p[2:])}
			}
			sortItems(items)
			for i, it := range items {
				paths[i] = "d/" + it.name
			}
		} else { // an archive in any order that is held back as a whole
			windows = lookahead
			if len(paths) > windows*window {
				paths = paths[:windows*window]
			}
			seed := rapid.Uint64().Draw(rt, "seed")
			rand.New(rand.NewPCG(seed, 1)).Shuffle(len(paths), func(i, j int) { paths[i], paths[j] = paths[j], paths[i] })
		}
		sizes := rapid.SampledFrom([]int{0, 1, 10, 100}).Draw(rt, "size")
		if !sorted && sizes*len(paths) > lookahead*windowBytes {
			sizes = 0
		}
		groups := gatherAll(t, window, windowBytes, windows, paths, func(int) int { return sizes })
		checkWindows(rt, window, windowBytes, paths, groups)
	})
}

func checkWindows(rt rapid.TB, window int, windowBytes int64, paths []string, groups []*Group) {
	at := map[string]int{}
	var all []string
	for i, g := range groups {
		stems := map[string]bool{}
		bytes := int64(0)
		for _, d := range g.Docs {
			name := d.Path[strings.IndexByte(d.Path, '/')+1:]
			stem := g.Dir + "/" + name[:stemLen(name)]
			if before, ok := at[stem]; ok && before != i {
				rt.Fatalf("the stem %s is in groups %d and %d", stem, before, i)
			}
			at[stem], stems[stem] = i, true
			bytes += int64(len(d.Data))
			all = append(all, d.Path)
		}
		if len(stems) > 1 && (len(g.Docs) > window || bytes > windowBytes) {
			rt.Fatalf("a group has %d documents and %d bytes in %d stems; a window is %d and %d", len(g.Docs), bytes, len(stems), window, windowBytes)
		}
	}
	if len(paths) <= window && len(groups) != 1 && windowBytes > 100*int64(window) {
		rt.Fatalf("%d documents came in %d groups; a window has room for %d", len(paths), len(groups), window)
	}
	want := slices.Clone(paths)
	slices.Sort(want)
	slices.Sort(all)
	if !slices.Equal(all, want) {
		rt.Fatalf("handed out %q, want %q", all, want)
	}
}

// A directory that fits in a window is one group, whatever else the archive
// has between its files.
func TestDirectoriesStayWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		paths := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) string {
			return fmt.Sprintf("%c/%d.xml", rapid.RuneFrom([]rune("abc")).Draw(rt, "dir"), rapid.IntRange(0, 1e6).Draw(rt, "name"))
		}), 1, lookahead*8).Draw(rt, "paths")
		count := map[string]int{}
		for _, p := range paths {
			count[p[:1]]++
		}
		groups := gatherAll(t, 8, 1<<20, lookahead, paths, func(int) int { return 1 })
		seen := map[string]int{}
		for _, g := range groups {
			if seen[g.Dir]++; seen[g.Dir] > 1 && count[g.Dir] <= 8 {
				rt.Fatalf("%s has %d documents and comes in %d groups", g.Dir, count[g.Dir], seen[g.Dir])
			}
		}
	})
}

// One stem for everything is cut all the same, between the finer stems.
func TestOneStemForAll(t *testing.T) {
	t.Parallel()
	var paths []string
	for i := range 5000 {
		paths = append(paths, fmt.Sprintf("d/20261122-%06d-file1.xml", i), fmt.Sprintf("d/20261122-%06d.xml", i))
	}
	groups := gatherAll(t, 100, 1<<20, 1, paths, func(int) int { return 1 })
	last := ""
	for _, g := range groups {
		if len(g.Docs) > 100*stemWindows || len(g.Docs)%2 != 0 || g.Docs[0].Path <= last {
			t.Fatalf("a group of %d documents begins with %s", len(g.Docs), g.Docs[0].Path)
		}
		last = g.Docs[0].Path
	}
	for i := range paths {
		paths[i] = fmt.Sprintf("d/9000000-a-%c.xml", 'a'+i%26)
	}
	gatherAll(t, 100, 1<<20, 1, paths, func(int) int { return 1 })
}

// The same holds from the disk and from archives.
func TestWindowsOfFolders(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	var files []file
	for i := range 300 {
		files = append(files, file{fmt.Sprintf("%09d.xml", i*11), report(i)}, file{fmt.Sprintf("%09d_extra.xml", i*11), report(i)},
			file{fmt.Sprintf("%09d-file.bin", i*11), []byte{0, byte(i)}})
	}
	for _, f := range files {
		write(t, root, "in/"+f.name, f.data)
	}
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
	write(t, root, "a.zip", zipOf(t, files...))
	write(t, root, "a.tar", tarOf(t, files...))
	for _, in := range []string{"in", "a.zip", "a.tar"} {
		groups := walkAll(t, fakes(Options{Window: 230}), root+"/"+in)
		at := map[string]int{}
		for i, g := range groups {
			if n := len(g.Docs) + len(g.Problems); n > 230 {
				t.Errorf("%s: a group of %d", in, n)
			}
			paths := []string{}
			for _, d := range g.Docs {
				paths = append(paths, d.Path)
			}
			for _, p := range g.Problems {
				paths = append(paths, p.Path)
			}
			for _, p := range paths {
				name := p[strings.LastIndexByte(p, '/')+1:]
				stem := name[:stemLen(name)]
				if before, ok := at[stem]; ok && before != i {
					t.Fatalf("%s: %s is in groups %d and %d", in, stem, before, i)
				}
				at[stem] = i
			}
		}
		if len(at) != 300 {
			t.Errorf("%s: %d stems, want 300", in, len(at))
		}
	}
}
