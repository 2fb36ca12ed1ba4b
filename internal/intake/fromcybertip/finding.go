package fromcybertip

import (
	"strings"

	"lapwing/cybertip"
	"lapwing/internal/referral"
)

// findings is what is wrong with a document, at most maxFindings and a last
// one that says that there are more. Those that refuse it come first.
type findings []referral.Finding

const maxFindings = cybertip.MaxFindings

// add takes findings with prefix before their paths.
func (fs *findings) add(prefix string, more ...referral.Finding) {
	for _, f := range more {
		switch {
		case len(*fs) < maxFindings:
			f.Path = below(prefix, f.Path)
			*fs = append(*fs, f)
		case len(*fs) == maxFindings:
			*fs = append(*fs, warned("", "there are more findings than are listed"))
		default:
			return
		}
	}
}

// take takes findings of package cybertip. They are warnings: what cybertip
// calls an error is what NCMEC's server would refuse, not what a desk cannot
// work with. One that was said already with more words is left out.
func (fs *findings) take(prefix string, more []cybertip.Finding) {
	said := *fs
	for _, f := range more {
		v := warned(f.Path, f.Text)
		repeats := false
		for i := range min(len(said), maxRefusals) {
			repeats = repeats || said[i].Severity == referral.Refuse && said[i].Path == below(prefix, f.Path)
		}
		if !repeats {
			fs.add(prefix, v)
		}
	}
}

// maxRefusals is among how many findings one that refuses is looked for.
const maxRefusals = 8

// refused is the finding that refuses a document. Errors of package cybertip
// say what is wrong without repeating a value.
func refused(path, text string) referral.Finding {
	return referral.Finding{Path: path, Severity: referral.Refuse, Text: strings.TrimPrefix(text, "cybertip: ")}
}

func warned(path, text string) referral.Finding {
	return referral.Finding{Path: path, Severity: referral.Warn, Text: text}
}
