package sqldb

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// While many transactions follow each other and others read, the log is copied
// into the file again and again, and nothing is lost.
func TestTheLogStaysShort(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "desk.db")
	db, err := Open(ctx, "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(ctx, "CREATE TABLE t (n INTEGER PRIMARY KEY, b BLOB NOT NULL)"); err != nil {
		t.Fatal(err)
	}
	db.checkpoints.at = 1 << 20
	const n, size = 400, 64 << 10

	stop, done := make(chan struct{}), sync.WaitGroup{}
	done.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			var count int64
			if err := db.R(ctx).QueryRowContext(ctx, "SELECT COUNT(*) FROM t").Scan(&count); err != nil {
				t.Error(err)
				return
			}
		}
	})
	longest := int64(0)
	for i := range n {
		err := db.Atomically(ctx, func(ctx context.Context) error {
			_, err := db.Exec(ctx, "INSERT INTO t (n, b) VALUES ($1, $2)", i, bytes.Repeat([]byte{byte(i)}, size))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if st, err := os.Stat(path + "-wal"); err == nil {
			longest = max(longest, st.Size())
		}
	}
	close(stop)
	done.Wait()
	if all := int64(n * size); longest > all/2 {
		t.Errorf("the log grew to %d bytes of %d written: it is not copied", longest, all)
	}
	wrong := 0
	err = db.Query(ctx, "SELECT n, b FROM t ORDER BY n", nil, func(scan func(...any) error) error {
		var i int64
		var b []byte
		if err := scan(&i, &b); err != nil {
			return err
		}
		if len(b) != size || b[0] != byte(i) {
			wrong++
		}
		return nil
	})
	var whole string
	if err == nil {
		err = db.R(ctx).QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&whole)
	}
	if err != nil || wrong > 0 || whole != "ok" {
		t.Errorf("%d rows are wrong, integrity %q, %v", wrong, whole, err)
	}
}
