package referral

// A Kind is our code for what a report is about (formats.md G.2). Wire value,
// code and label are three things: the wire value stays as the source wrote
// it, the label is what a person reads.
type Kind string

const (
	CSAMPossession   Kind = "csam.possession"
	CSAMDistribution Kind = "csam.distribution"
	CSAMProduction   Kind = "csam.production"
	CSAMGenerated    Kind = "csam.generated"
	CSAMSelfgen      Kind = "csam.selfgen.unknown"
	CSAMSelfgenVol   Kind = "csam.selfgen.voluntary"
	CSAMSelfgenCoer  Kind = "csam.selfgen.coerced"
	SolicitGrooming  Kind = "solicit.grooming"
	SolicitExtortion Kind = "solicit.extortion"
	AbuseContact     Kind = "abuse.contact"
	AbuseLivestream  Kind = "abuse.livestream"
	Trafficking      Kind = "exploit.trafficking"
	Commercial       Kind = "exploit.commercial"
	Travel           Kind = "exploit.travel"
	NetworkSadistic  Kind = "network.sadistic"
	ExposureObscene  Kind = "exposure.obscene"
	IndexMisleading  Kind = "index.misleading"
	PeerMinor        Kind = "peer.minor"
	NoneViral        Kind = "none.viral"
	NoneNotIllegal   Kind = "none.notillegal"
	KindUnknown      Kind = "unknown" // the source's word has no place in the taxonomy yet
)

// Kinds lists every code with its label, in the taxonomy's order.
var Kinds = []struct {
	Kind  Kind
	Label string
}{
	{CSAMPossession, "CSAM: possession or access"},
	{CSAMDistribution, "CSAM: distribution"},
	{CSAMProduction, "CSAM: production"},
	{CSAMGenerated, "CSAM: AI- or computer-generated"},
	{CSAMSelfgenVol, "self-generated, voluntary"},
	{CSAMSelfgenCoer, "self-generated, coerced"},
	{CSAMSelfgen, "self-generated"},
	{SolicitGrooming, "online solicitation"},
	{SolicitExtortion, "sexual coercion and extortion"},
	{AbuseContact, "child sexual abuse, offline"},
	{AbuseLivestream, "live-streamed abuse"},
	{Trafficking, "trafficking"},
	{Commercial, "commercial exploitation"},
	{Travel, "travelling offender"},
	{NetworkSadistic, "violent or sadistic online group"},
	{ExposureObscene, "sexual material sent to a child"},
	{IndexMisleading, "misleading domain or words"},
	{PeerMinor, "between children"},
	{NoneViral, "viral or meme"},
	{NoneNotIllegal, "assessed not illegal"},
	{KindUnknown, "not in the taxonomy"},
}

// Label is what a person reads for the kind; the code itself where there is none.
func (k Kind) Label() string {
	for _, e := range Kinds {
		if e.Kind == k {
			return e.Label
		}
	}
	return string(k)
}

// Valid says whether the taxonomy has the kind.
func (k Kind) Valid() bool {
	for _, e := range Kinds {
		if e.Kind == k {
			return true
		}
	}
	return false
}
