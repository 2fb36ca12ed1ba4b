package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lapwing/internal/config"
	"lapwing/internal/fault"
)

func TestFlagOverEnvironmentOverFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := `{"database": "sqlite:/from/file", "listen": "localhost:1", "keep_refused": "1h"}`
	if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"LAPWING_DATA": dir, "LAPWING_LISTEN": "localhost:2", "LAPWING_KEEP_REFUSED": "2h"}
	c, err := config.Load(config.Config{KeepRefused: "3h"}, func(k string) string { return env[k] })
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string][2]string{
		"data from environment": {c.Data, dir}, "database from file": {c.Database, "sqlite:/from/file"},
		"listen from environment": {c.Listen, "localhost:2"}, "keep_refused from flag": {c.KeepRefused, "3h"},
		"keys by default": {c.Keys, filepath.Join(dir, "keys.json")},
	} {
		if p[0] != p[1] {
			t.Errorf("%s: got %q, want %q", name, p[0], p[1])
		}
	}
}

func TestBadSettings(t *testing.T) {
	t.Parallel()
	for _, file := range []string{`{"datbase": "x"}`, `{`, `{"data": "/elsewhere"}`, `{"keep_refused": "soon"}`, `{"keep_refused": "-1h"}`} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := config.Load(config.Config{Data: dir}, func(string) string { return "" }); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v, want invalid", file, err)
		} else if !strings.Contains(err.Error(), "keep_refused") && !strings.Contains(err.Error(), "config.json") {
			t.Errorf("%s: %v does not say where", file, err)
		}
	}
}
