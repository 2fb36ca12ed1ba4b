// Package config is what an operator can set about a desk. A flag goes before
// the environment, the environment before the file config.json in the data
// folder, and every setting has a value that works when nobody sets it.
package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"time"

	"lapwing/internal/fault"
)

// Config is a desk's settings. Empty fields stand for the defaults that
// [Load] fills in.
type Config struct {
	// Data is the folder of the desk: database, keys, address databases.
	Data string `json:"data" env:"LAPWING_DATA" help:"folder of the desk: database, keys, address databases"`
	// Database is sqlite:PATH or postgres://…
	Database string `json:"database" env:"LAPWING_DATABASE" help:"postgres://… or sqlite:PATH; without it a SQLite file in the data folder"`
	// Keys is the file with the desk's keys.
	Keys string `json:"keys" env:"LAPWING_KEYS" help:"file with the desk's keys; without it keys.json in the data folder"`
	// Listen is where lapwing serve answers.
	Listen string `json:"listen" env:"LAPWING_LISTEN" help:"address on which lapwing serve answers; only the machine's own until sign-in exists"`
	// Desk is the name of the desk on reports.
	Desk string `json:"desk" env:"LAPWING_DESK" help:"name of the desk on reports"`
	// KeepRefused is how long refused items wait for repair.
	KeepRefused string `json:"keep_refused" env:"LAPWING_KEEP_REFUSED" help:"how long refused items wait for repair, such as 2160h"`
}

// Settings lists the fields in order: name in the file, variable, meaning.
func Settings() []Setting {
	t := reflect.TypeFor[Config]()
	out := make([]Setting, t.NumField())
	for i := range out {
		f := t.Field(i)
		out[i] = Setting{f.Tag.Get("json"), f.Tag.Get("env"), f.Tag.Get("help")}
	}
	return out
}

// A Setting describes one field of Config.
type Setting struct{ Name, Env, Help string }

// Get is the value of the setting that Settings lists at i.
func (c *Config) Get(i int) string { return reflect.ValueOf(c).Elem().Field(i).String() }

// Load completes flags with the environment, the file and the defaults.
func Load(flags Config, getenv func(string) string) (Config, error) {
	c := flags
	v := reflect.ValueOf(&c).Elem()
	for i, s := range Settings() {
		if f := v.Field(i); f.String() == "" {
			f.SetString(getenv(s.Env))
		}
	}
	if c.Data == "" {
		c.Data = defaultData(getenv)
	}
	file, err := read(filepath.Join(c.Data, "config.json"))
	if err != nil {
		return c, err
	}
	fv := reflect.ValueOf(&file).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.String() == "" {
			f.SetString(fv.Field(i).String())
		}
	}
	def := Config{Database: "sqlite:" + filepath.Join(c.Data, "lapwing.db"), Keys: filepath.Join(c.Data, "keys.json"), Listen: "localhost:8080", KeepRefused: "2160h"}
	dv := reflect.ValueOf(&def).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.String() == "" {
			f.SetString(dv.Field(i).String())
		}
	}
	return c, c.check()
}

func (c *Config) check() error {
	if d, err := time.ParseDuration(c.KeepRefused); err != nil || d <= 0 {
		return fault.New(fault.Invalid, "keep_refused is %q; it must be a time such as 2160h", c.KeepRefused)
	}
	return nil
}

// RefusedFor is KeepRefused as a duration.
func (c *Config) RefusedFor() time.Duration { d, _ := time.ParseDuration(c.KeepRefused); return d }

func read(path string) (c Config, err error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&c); err != nil {
		return c, fault.Because(fault.Invalid, err, "%s: %v", path, err)
	}
	if c.Data != "" {
		return c, fault.New(fault.Invalid, "%s lies in the data folder, so it cannot name another one", path)
	}
	return c, nil
}

func defaultData(getenv func(string) string) string {
	if d := getenv("XDG_DATA_HOME"); d != "" {
		return filepath.Join(d, "lapwing")
	}
	if h := getenv("HOME"); h != "" {
		return filepath.Join(h, ".local", "share", "lapwing")
	}
	return "lapwing-data"
}

// String shows the settings as the file would hold them.
func (c Config) String() string {
	b, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return fmt.Sprint(err)
	}
	return string(b)
}
