package fromnsrl

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"lapwing/internal/hashlist"
	"lapwing/internal/hashlist/hashlisttest"
	"lapwing/internal/referral"
)

// digests of nothing that exists.
var (
	md5a    = strings.Repeat("0a", 16)
	sha1a   = strings.Repeat("0a", 20)
	sha1b   = strings.Repeat("0b", 20)
	sha256a = strings.Repeat("0a", 32)
	sha256b = strings.Repeat("0b", 32)
	entryA  = "sha256:" + sha256a + "=sha256:" + sha256a + "+sha1:" + sha1a + "+md5:" + md5a
	entryB  = "sha256:" + sha256b + "=sha256:" + sha256b + "+sha1:" + sha1b + "+md5:" + md5a
)

var nsrl = hashlist.Options{Source: "nsrl"}

func TestReadRDS2(t *testing.T) {
	t.Parallel()
	row := func(sha1, name, special string) string {
		return fmt.Sprintf("\"%s\",\"%s\",\"00000000\",%s,21,1,\"0\",\"%s\"\r\n", strings.ToUpper(sha1), strings.ToUpper(md5a), name, special)
	}
	const head = hashlist.NSRL2Header + "\r\n"
	one, two := "sha1:"+sha1a+"=sha1:"+sha1a+"+md5:"+md5a, "sha1:"+sha1b+"=sha1:"+sha1b+"+md5:"+md5a
	for _, tt := range []struct {
		name, in string
		want     []string
	}{
		{"rows", head + row(sha1a, `"a.bin"`, "") + row(sha1b, `"b"`, ""), []string{one, two}},
		{"one file in several products", head + row(sha1a, `"a"`, "") + row(sha1a, `"b"`, "") + row(sha1b, `"b"`, ""), []string{one, two}},
		{"name with quotes and commas", head + row(sha1a, `"a "b", "c".bin"`, "") + row(sha1b, `"x""y"`, ""), []string{one, two}},
		{"name in windows-1252", head + row(sha1a, "\"\xe9\"", ""), []string{one}},
		{"bad row", head + row("xyz", `"a"`, "") + "\"short\"\r\n" + row(sha1b, `"b"`, ""), []string{two, "!line 2", "!line 3"}},
		{"header only", head, nil},
	} {
		r := hashlisttest.Collect(Read, tt.in, nsrl)
		if diff := gocmp.Diff(tt.want, r.Short()); diff != "" || r.Err != nil {
			t.Errorf("%s: %v (-want +got):\n%s\n%s", tt.name, r.Err, diff, r)
		}
	}
	r := hashlisttest.Collect(Read, head+row(sha1a, `"a"`, "")+row(sha1a, `"b"`, "M"), nsrl)
	if len(r.Changes) != 1 || len(r.Changes[0].Entry.Labels) != 1 || r.Changes[0].Entry.Labels[0] != (referral.Label{Scheme: "nsrl-special", Value: "M", Author: "nsrl"}) || r.Changes[0].Entry.Size != 21 {
		t.Errorf("got %s, want one entry of 21 bytes that is marked as malicious", r)
	}
	for _, in := range []string{"", "MD5,SHA1\n", "\x00\x01"} {
		if r := hashlisttest.Collect(Read, in, nsrl); r.Err == nil || !strings.Contains(r.Err.Error(), "at line 1") {
			t.Errorf("read of %q: got %v, want an error at line 1", in, r.Err)
		}
	}
}

func insert(sha256, sha1 string, name string) string {
	return fmt.Sprintf("INSERT INTO FILE(sha256,sha1,md5,crc32,file_name,file_size,package_id) VALUES('%s','%s','%s','00000000',%s,'21',1);\n",
		strings.ToUpper(sha256), strings.ToUpper(sha1), strings.ToUpper(md5a), name)
}

func remove(sha256 string, product int) string {
	return fmt.Sprintf("DELETE FROM FILE WHERE sha256='%s' AND sha1='x' AND package_id=%d;\n", strings.ToUpper(sha256), product)
}

func TestReadDelta(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		want     []string
	}{
		{"insert", insert(sha256a, sha1a, "'a'"), []string{entryA}},
		{"name with everything", insert(sha256a, sha1a, "'a''; DELETE FROM FILE WHERE sha256=''x'' -- /* \"\n;'") + insert(sha256b, sha1b, "''"), []string{entryA, entryB}},
		{"columns in other order", "INSERT INTO FILE(md5, sha256, sha1) VALUES('" + md5a + "','" + sha256a + "','" + sha1a + "');", []string{entryA}},
		{"no columns, several rows", "insert or replace into main.File values('" + sha256a + "','" + sha1a + "','" + md5a + "',0,'n',-1,1),('" + sha256b + "','" + sha1b + "','" + md5a + "',X'00',NULL,2.5,1)", []string{entryA, entryB}},
		{"one file in several products", insert(sha256a, sha1a, "'a'") + insert(sha256a, sha1a, "'b'"), []string{entryA}},
		{"delete", remove(sha256a, 1) + insert(sha256b, sha1b, "''"), []string{"-sha256:" + sha256a, entryB}},
		{"deleted twice", remove(sha256a, 1) + remove(sha256a, 2), []string{"-sha256:" + sha256a}},
		{"moved to another product", remove(sha256a, 1) + insert(sha256a, sha1a, "''") + remove(sha256a, 3) + remove(sha256b, 1), []string{entryA, "-sha256:" + sha256b}},
		{"update of what does not matter", "UPDATE FILE SET file_name='x', package_id=2 WHERE sha256='" + sha256a + "';", nil},
		{"update of the file", "UPDATE FILE SET sha256='" + sha256b + "', sha1='" + sha1b + "' WHERE sha256='" + sha256a + "' AND sha1='" + sha1a + "' AND md5='" + md5a + "';", []string{"-sha256:" + sha256a, entryB}},
		{"update without sha256", "UPDATE FILE SET md5='" + md5a + "' WHERE package_id=1;" + insert(sha256a, sha1a, "''"), []string{entryA, "!line 1"}},
		{"delete without sha256", "DELETE FROM FILE WHERE package_id=1;" + insert(sha256a, sha1a, "''"), []string{entryA, "!line 1"}},
		{"delete of all", "DELETE FROM FILE;\n" + insert(sha256a, sha1a, "''"), []string{entryA, "!line 1"}},
		{"delete with OR", "DELETE FROM FILE WHERE sha256='" + sha256a + "' OR 1;\n" + insert(sha256a, sha1a, "''"), []string{entryA, "!line 1"}},
		{"insert of a query", "INSERT INTO FILE SELECT * FROM x WHERE ';' = '';\n" + insert(sha256a, sha1a, "''"), []string{entryA, "!line 1"}},
		{"insert of a function", "INSERT INTO FILE(sha256) VALUES(randomblob(9));\n" + insert(sha256a, sha1a, "''"), []string{entryA, "!line 1"}},
		{"too few values", "INSERT INTO FILE VALUES('" + sha256a + "');", []string{"!line 1"}},
		{"too many values", "INSERT INTO FILE(sha256) VALUES('" + sha256a + "',1);", []string{"!line 1"}},
		{"other tables", "BEGIN TRANSACTION;\nINSERT INTO PKG VALUES(1,'a;b');\nUPDATE OS SET x=1;\nDELETE FROM MFG;\nPRAGMA x=1;\n" + insert(sha256a, sha1a, "''") + "COMMIT;", []string{entryA, "?line 5"}},
		{"comments", "-- a; b\n/* INSERT; * / **/ " + insert(sha256a, sha1a, "''") + "-- end", []string{entryA}},
		{"bad sha256", insert("xyz", sha1a, "''") + insert(sha256b, sha1b, "''"), []string{entryB, "!line 1"}},
		{"bad sha1", insert(sha256a, "xyz", "''"), []string{strings.Replace(entryA, "+sha1:"+sha1a, "", 1), "?line 1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := hashlisttest.Collect(Read, "-- delta of FILE\n"+tt.in, nsrl)
			for i := range r.Findings { // the first line is the comment
				var n int
				fmt.Sscanf(r.Findings[i].Path, "line %d", &n)
				r.Findings[i].Path = hashlist.Line(int64(n - 1))
			}
			if diff := gocmp.Diff(tt.want, r.Short()); diff != "" || r.Err != nil {
				t.Errorf("%v (-want +got):\n%s\n%s", r.Err, diff, r)
			}
		})
	}
}

func TestReadDeltaRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"no commit", "BEGIN;\n" + insert(sha256a, sha1a, "''"), "COMMIT"},
		{"rollback", "-- FILE\nBEGIN;\nROLLBACK;", "ROLLBACK"},
		{"trigger", "-- FILE\nCREATE TRIGGER x AFTER INSERT ON FILE BEGIN DELETE FROM FILE; END;", "more than rows"},
		{"attach", "-- FILE\nATTACH 'x' AS y;", "more than rows"},
		{"open quotes", "-- FILE\nINSERT INTO FILE VALUES('a", "no end"},
		{"long text", "-- FILE\nINSERT INTO FILE VALUES('" + strings.Repeat("x", 200_000) + "');", "longer than"},
		{"long word", "-- FILE\n" + strings.Repeat("x", 200_000), "longer than"},
		{"sqlite", "SQLite format 3\x00", "path"},
	} {
		o := nsrl
		o.MaxEntry = 100_000
		r := hashlisttest.Collect(Read, tt.in, o)
		if r.Err == nil || !strings.Contains(r.Err.Error(), tt.want) || !strings.Contains(r.Err.Error(), " at ") {
			t.Errorf("%s: got %v, want an error with %q and its place", tt.name, r.Err, tt.want)
		}
	}
}

// create makes a SQLite file of the statements.
func create(t testing.TB, name string, statements ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	db, err := sql.Open("sqlite", "file:"+filepath.Join(filepath.Dir(path), "made.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(filepath.Dir(path), "made.db"), path); err != nil {
		t.Fatal(err)
	}
	return path
}

const fileTable = `CREATE TABLE FILE (sha256 VARCHAR NOT NULL, sha1 VARCHAR NOT NULL, md5 VARCHAR NOT NULL, crc32 VARCHAR NOT NULL,
	file_name VARCHAR NOT NULL, file_size INTEGER NOT NULL, package_id INTEGER NOT NULL`

const fileKey = `, CONSTRAINT PK_FILE__FILE PRIMARY KEY (sha256, sha1, md5, file_name, file_size, package_id))`

func collectFile(t *testing.T, path string) hashlisttest.Result {
	t.Helper()
	var r hashlisttest.Result
	r.Err = ReadFile(t.Context(), path, nsrl,
		func(c hashlist.Change) error { r.Changes = append(r.Changes, c); return nil },
		func(f referral.Finding) { r.Findings = append(r.Findings, f) })
	return r
}

func TestReadFile(t *testing.T) {
	t.Parallel()
	// Out of order, so that the order can only come from the key.
	rows := []string{insert(sha256b, sha1b, "'b'"), insert(sha256a, sha1a, "'a'"), insert(sha256b, sha1b, "'c'"), insert(sha256a, sha1a, "'d'")}
	for _, tt := range []struct {
		name, table string
		want        []string
	}{
		{"with its key", fileTable + fileKey, []string{entryA, entryB}},
		{"without a key", fileTable + ")", []string{entryB, entryA, entryB, entryA}},
		{"key of another kind", fileTable + ", PRIMARY KEY(sha256, package_id, file_name)) WITHOUT ROWID", []string{entryA, entryB}},
	} {
		path := create(t, "a b#?%41.db", append([]string{tt.table}, rows...)...)
		if err := os.Chmod(path, 0o400); err != nil {
			t.Fatal(err)
		}
		r := collectFile(t, path)
		if diff := gocmp.Diff(tt.want, r.Short()); diff != "" || r.Err != nil {
			t.Errorf("%s: %v (-want +got):\n%s\n%s", tt.name, r.Err, diff, r)
		}
		if files, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); len(files) != 1 {
			t.Errorf("%s: beside the file there is %v; nothing may be written", tt.name, files)
		}
	}
}

func TestReadFileBadRows(t *testing.T) {
	t.Parallel()
	r := collectFile(t, create(t, "x.db", fileTable+fileKey, insert("xyz", sha1a, "''"), insert(sha256a, "x", "''"), insert(sha256b, sha1b, "''")))
	want := []string{strings.Replace(entryA, "+sha1:"+sha1a, "", 1), entryB, "?FILE row 1", "!FILE row 3"}
	if diff := gocmp.Diff(want, r.Short()); diff != "" || r.Err != nil {
		t.Errorf("%v (-want +got):\n%s\n%s", r.Err, diff, r)
	}
}

func TestReadFileRefuses(t *testing.T) {
	t.Parallel()
	columns := "SELECT '" + sha256a + "' AS sha256, '' AS sha1, '' AS md5, 1 AS file_size"
	for _, tt := range []struct {
		name, want string
		statements []string
	}{
		{"view", "plain table", []string{"CREATE VIEW FILE AS " + columns}},
		{"endless view", "plain table", []string{"CREATE VIEW FILE AS WITH RECURSIVE n(sha256) AS (SELECT 'x' UNION ALL SELECT sha256 FROM n) SELECT sha256, sha256 AS sha1, sha256 AS md5, 1 AS file_size FROM n"}},
		{"virtual table", "plain table", []string{"CREATE VIRTUAL TABLE FILE USING fts5(sha256, sha1, md5, file_size)"}},
		{"computed column", "computed", []string{"CREATE TABLE FILE(sha256, sha1, md5, file_size, x AS (zeroblob(1000000000)))"}},
		{"columns missing", "no column md5", []string{"CREATE TABLE FILE(sha256, sha1)"}},
		{"no table", "no table FILE", []string{"CREATE TABLE OTHER(x)"}},
		{"huge value", "too big", []string{"CREATE TABLE FILE(sha256, sha1, md5, file_size)", "INSERT INTO FILE VALUES(zeroblob(3000000), '', '', 1)"}},
	} {
		r := collectFile(t, create(t, "x.db", tt.statements...))
		if r.Err == nil || !strings.Contains(r.Err.Error(), tt.want) {
			t.Errorf("%s: got %v, want an error with %q", tt.name, r.Err, tt.want)
		}
	}
	path := filepath.Join(t.TempDir(), "x")
	if r := collectFile(t, path); r.Err == nil {
		t.Error("a file that is not there gives no error")
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the file that was not there was made")
	}
	if err := os.WriteFile(path, []byte("SQLite format 3\x00 and then nothing of the kind"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := collectFile(t, path); r.Err == nil {
		t.Error("a file that is no database gives no error")
	}
}

func TestReadSamples(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"nsrl-rds2-NSRLFile.txt": "sha1:", "nsrl-rds3-minimal-delta.sql": "sha256:"} {
		in, ok := hashlisttest.Shared(t, name)
		if !ok {
			continue
		}
		r := hashlisttest.Collect(Read, in, nsrl)
		if r.Err != nil || len(r.Findings) > 0 || len(r.Changes) != 1 || !strings.HasPrefix(r.Changes[0].Entry.ID, want) || r.Changes[0].Entry.Size != 21 {
			t.Errorf("%s: got %s, want one entry of 21 bytes with an id %s…", name, r, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(hashlist.NSRL2Header + "\r\n\"" + sha1a + "\",\"" + md5a + "\",\"\",\"a\",21,1,\"0\",\"M\"\r\n"))
	f.Add([]byte("-- FILE\nBEGIN;" + insert(sha256a, sha1a, "'a'") + remove(sha256b, 1) + "COMMIT;"))
	f.Add([]byte("UPDATE FILE SET md5='" + md5a + "' /* x */ WHERE \"sha256\"='" + sha256a + "' AND [a]=-1;"))
	f.Add([]byte("replace into `file`(x) values(X'00'),(.5);"))
	f.Fuzz(func(t *testing.T, in []byte) {
		o := nsrl
		o.MaxEntry = 1000
		hashlisttest.Fuzz(t, Read, in, o)
	})
}
