package intakehttp

import (
	"slices"
	"strconv"

	"lapwing/internal/referral"
)

// A file is a picture, video or other file that the report names, as the page
// shows it. The desk has fingerprints of it, never its bytes.
type file struct {
	*referral.File
	Number  int // as matches and relations count them
	Matches int
	Marks   []string
	Unnamed int
	Facts   []fact
	Holds   string
}

func describeFile(m *referral.Media, i int, x *referral.File) file {
	f := file{File: x, Number: i + 1}
	for _, match := range m.Matches {
		if match.File == f.Number {
			f.Matches++
		}
	}
	f.Marks, f.Unnamed = marks(x.Annotations)
	add := func(label, value string) { f.Facts = append(f.Facts, fact{label, value}) }
	add("Seen by the provider", x.Viewed.String())
	add("Publicly available", x.Public.String())
	if letters(x.Relevance) != "" && letters(x.Relevance) != "reported" {
		add("Relevance", "supplemental: sent as context")
	}
	if x.Media != "" {
		add("Media type", x.Media)
	}
	if slices.ContainsFunc(x.Hashes, func(h referral.Hash) bool { return h.Ours }) {
		add("Fingerprints", "computed here too; the bytes were let go")
	}
	f.Holds = named(x.Name != "" || x.Original != "" || x.ID != "", len(x.Identifiers), 0, 0)
	if n := len(x.Hashes); n > 0 {
		h := of(n, "fingerprint", "fingerprints")
		if f.Holds != "" {
			h += ", "
		}
		f.Holds = h + f.Holds
	}
	return f
}

// schemeWords are the classification schemes of formats.md B.4.
var schemeWords = map[string]string{
	"industry": "Industry", "iccam": "ICCAM", "interpol-baseline": "INTERPOL Baseline", "uk": "UK category",
	"sap": "SAP", "copine": "COPINE", "cets": "CETS", "vics-us": "VICS (US)", "age-band": "Age band",
}

// hashNote is what is known of a fingerprint besides its value.
func hashNote(h referral.Hash) string {
	s := ""
	if h.Kind == "pdq" {
		s = "no quality stated"
		if h.Quality > 0 {
			s = "quality " + strconv.Itoa(h.Quality)
		}
	}
	if h.Ours {
		if s != "" {
			s += ", "
		}
		s += "computed here"
	}
	return s
}
