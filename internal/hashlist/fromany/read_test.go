package fromany

import (
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lapwing/internal/hashlist"
	"lapwing/internal/hashlist/hashlisttest"
)

const md5a = "00112233445566778899aabbccddeeff"

var lists = map[hashlist.Format]string{
	hashlist.Text:       "md5 " + md5a + " 1\n",
	hashlist.CSV:        "id,md5\n1," + md5a + "\n",
	hashlist.JSONL:      hashlist.JSONHead + "\n" + `{"entry":{"source":"s","id":"1","hashes":[{"kind":"md5","value":"` + md5a + `"}]}}`,
	hashlist.NCMEC:      `<queryResult xmlns="https://hashsharing.ncmec.org/hashsharing/v2"><images><image><member id="1"/><id>1</id><fingerprints><md5>` + md5a + `</md5></fingerprints></image></images></queryResult>`,
	hashlist.VICS:       `{"@odata.context":"x/US/$metadata#Media","value":[{"MediaID":1,"MD5":"` + md5a + `"}]}`,
	hashlist.ICSE:       hashlist.ICSEHeader + "\n" + md5a + ";;;1;;;;;;;;\n",
	hashlist.NSRL2:      hashlist.NSRL2Header + "\r\n\"" + md5a + "00000000\",\"" + md5a + "\",\"\",\"a\",1,1,\"0\",\"\"\r\n",
	hashlist.NSRL3Delta: "BEGIN;INSERT INTO FILE(sha256,md5) VALUES('" + md5a + md5a + "','" + md5a + "');COMMIT;",
}

func TestReadEveryFormat(t *testing.T) {
	t.Parallel()
	for _, format := range hashlist.Formats {
		if format == hashlist.NSRL3 {
			continue
		}
		r := hashlisttest.Collect(Read, lists[format], hashlist.Options{Source: "s"})
		if r.Err != nil || len(r.Changes) != 1 || len(r.Findings) > 0 || !strings.Contains(r.String(), md5a) {
			t.Errorf("%s: got %s, want one entry", format, r)
		}
		path := filepath.Join(t.TempDir(), "list")
		if err := os.WriteFile(path, []byte(lists[format]), 0o600); err != nil {
			t.Fatal(err)
		}
		n := 0
		if err := ReadFile(t.Context(), path, hashlist.Options{Source: "s"}, func(hashlist.Change) error { n++; return nil }, nil); err != nil || n != 1 {
			t.Errorf("%s from a file: %d entries, %v, want 1", format, n, err)
		}
	}
}

func TestReadFileSQLite(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "list.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"CREATE TABLE FILE(sha256, sha1, md5, file_size)", "INSERT INTO FILE VALUES('" + md5a + md5a + "','','" + md5a + "',1)"} {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
	db.Close()
	n := 0
	if err := ReadFile(t.Context(), path, hashlist.Options{Source: "s"}, func(hashlist.Change) error { n++; return nil }, nil); err != nil || n != 1 {
		t.Errorf("%d entries, %v, want 1", n, err)
	}
	in, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if r := hashlisttest.Collect(Read, string(in), hashlist.Options{Source: "s"}); r.Err == nil || !strings.Contains(r.Err.Error(), "path") {
		t.Errorf("as a stream: got %v, want an error that asks for a path", r.Err)
	}
}

func TestReadWhatNobodyKnows(t *testing.T) {
	t.Parallel()
	in := "Number;Print\n1;" + md5a
	r := hashlisttest.Collect(Read, in, hashlist.Options{Source: "s"})
	if r.Err == nil || !strings.Contains(r.Err.Error(), "not recognised") {
		t.Errorf("got %s, want an error that the format is not recognised", r)
	}
	m, err := hashlist.ParseMapping("md5=Print")
	if err != nil {
		t.Fatal(err)
	}
	r = hashlisttest.Collect(Read, in, hashlist.Options{Source: "s", Mapping: m})
	if want := []string{"md5:" + md5a + "=md5:" + md5a, "?line 1"}; r.Err != nil || !slices.Equal(r.Short(), want) {
		t.Errorf("with a mapping: got %s, want %v", r, want)
	}
}

func FuzzRead(f *testing.F) {
	for _, list := range lists {
		f.Add([]byte(list))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		hashlisttest.Fuzz(t, Read, in, hashlist.Options{Source: "s", Scheme: "uk", MaxEntry: 2000})
	})
}
