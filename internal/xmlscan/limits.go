package xmlscan

// Limits bounds what reading one document may cost. A field that is zero stands for the default named beside it.
type Limits struct {
	Bytes    int // size of the document as it was given, in bytes; DefaultBytes
	Depth    int // open elements at a time; DefaultDepth
	Attrs    int // attributes of one element; DefaultAttrs
	Name     int // length of a name with its prefix, in bytes; DefaultName
	Elements int // elements of the document; DefaultElements
}

// Defaults of Limits.
const (
	DefaultBytes    = 64 << 20
	DefaultDepth    = 64
	DefaultAttrs    = 64
	DefaultName     = 256
	DefaultElements = 4 << 20
)

func (l Limits) withDefaults() Limits {
	def := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&l.Bytes, DefaultBytes)
	def(&l.Depth, DefaultDepth)
	def(&l.Attrs, DefaultAttrs)
	def(&l.Name, DefaultName)
	def(&l.Elements, DefaultElements)
	return l
}
