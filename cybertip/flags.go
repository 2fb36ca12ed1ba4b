package cybertip

// ReportFlags are the annotations of a report (XSD complexType reportAnnotations).
type ReportFlags uint16

// Report annotations.
const (
	ReportExtortion     ReportFlags = 1 << iota // sexual coercion and extortion of a child
	ReportSolicitation                          // somebody asked for child sexual abuse material
	ReportMinorToMinor                          // between children
	ReportSpam                                  // sent in bulk
	ReportSadistic                              // exploitation for the sake of harm, often by a group
	ReportInformational                         // nothing to act on; newer than the pinned schema, read but not written
)

// ReportFlagNames holds the element names of ReportFlags; the index is the number of the bit.
var ReportFlagNames = [...]string{"sextortion", "csamSolicitation", "minorToMinorInteraction", "spam",
	"sadisticOnlineExploitation", "informational"}

// Has reports whether all of flags are set.
func (f ReportFlags) Has(flags ReportFlags) bool { return f&flags == flags }

// Names returns the element names of the flags that are set, in schema order.
func (f ReportFlags) Names() []string { return flagNames(f, ReportFlagNames[:]) }

// FileFlags are the annotations of a file (XSD complexType fileAnnotations).
type FileFlags uint16

// File annotations.
const (
	FileDrawn         FileFlags = 1 << iota // drawn or animated
	FileMeme                                // may be meant as a joke
	FileViral                               // went viral
	FileSelfGenerated                       // may be made by the child
	FilePhysicalHarm                        // shows physical harm
	FileViolence                            // shows violence
	FileAnimal                              // involves an animal
	FileLiveStream                          // was streamed live
	FileInfant                              // the child is an infant
	FileGenerated                           // made with generative AI
)

// FileFlagNames holds the element names of FileFlags; the index is the number of the bit.
var FileFlagNames = [...]string{"animeDrawingVirtualHentai", "potentialMeme", "viral", "possibleSelfProduction",
	"physicalHarm", "violenceGore", "bestiality", "liveStreaming", "infant", "generativeAi"}

// Has reports whether all of flags are set.
func (f FileFlags) Has(flags FileFlags) bool { return f&flags == flags }

// Names returns the element names of the flags that are set, in schema order.
func (f FileFlags) Names() []string { return flagNames(f, FileFlagNames[:]) }

func flagNames[F ~uint16](flags F, names []string) []string {
	var set []string
	for i, name := range names {
		if flags&(1<<i) != 0 {
			set = append(set, name)
		}
	}
	return set
}
