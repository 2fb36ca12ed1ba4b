package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"regexp"
	"strings"
)

//go:embed layout.html
var layout string

//go:embed error.html
var ownPages embed.FS

// Views are a module's pages within the desk's layout.
type Views struct {
	k     *Kit
	pages map[string]*template.Template
}

// A View is what a page shows.
type View struct {
	Title   string // no value that a stranger wrote: it goes into the browser's history
	Section string // address of the page in the navigation to which it belongs
	Main    any    // what the template "main" gets
}

// parts is the file with what the pages of a module share.
const parts = "parts.html"

// Views parses all templates of a folder: each file NAME.html is a page and
// defines "main"; parts.html, where there is one, is there for all of them.
// Templates are part of the program, so one that is broken is a panic at start.
//
// Besides funcs a template has foreign, which shows what a stranger wrote.
func (k *Kit) Views(fsys fs.FS, funcs template.FuncMap) *Views {
	all := template.FuncMap{"foreign": foreign}
	maps.Copy(all, funcs)
	base := template.Must(template.New("layout").Funcs(all).Parse(tight(layout)))
	names, err := fs.Glob(fsys, "*.html")
	if err != nil || len(names) == 0 {
		panic(fmt.Sprintf("web: no templates: %v", err))
	}
	read := func(name string) string {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			panic(fmt.Sprintf("web: template %s: %v", name, err))
		}
		return tight(string(b))
	}
	for _, name := range names {
		if name == parts {
			template.Must(base.New(parts).Parse(read(name)))
		}
	}
	v := &Views{k: k, pages: map[string]*template.Template{}}
	for _, name := range names {
		if name == parts {
			continue
		}
		t := template.Must(template.Must(base.Clone()).New(name).Parse(read(name)))
		if t.Lookup("main") == nil {
			panic("web: template " + name + ` does not define "main"`)
		}
		v.pages[strings.TrimSuffix(path.Base(name), ".html")] = t
	}
	return v
}

var indent = regexp.MustCompile(`\s*\n\s*`)

// tight takes the indentation out of a template: it is for us, not for who
// loads the page.
func tight(s string) string { return indent.ReplaceAllString(s, "\n") }

// Render answers with a page.
func (v *Views) Render(w http.ResponseWriter, page string, view View) error {
	return v.write(w, http.StatusOK, page, view)
}

// write makes the page in memory first: half a page would look like a whole one.
func (v *Views) write(w http.ResponseWriter, status int, page string, view View) error {
	t := v.pages[page]
	if t == nil {
		return fmt.Errorf("there is no template %q", page)
	}
	var b bytes.Buffer
	err := t.ExecuteTemplate(&b, "layout", struct {
		View
		Nav             []link
		Demo            bool
		Who, Style, Pic string
	}{view, v.k.nav, v.k.o.Demo, v.k.o.Who.ID, v.k.assets.path("desk.css"), v.k.assets.path("lapwing.svg")})
	if err != nil {
		return fmt.Errorf("page %s: %w", page, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err = w.Write(b.Bytes())
	return err
}
