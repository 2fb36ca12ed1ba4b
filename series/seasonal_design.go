package series

import "math"

// seasonalDesign is what the model knows of each period beside its count.
type seasonalDesign struct {
	counts  []float64
	season  int       // columns: the constant and the season
	rows    []float64 // their values in each phase of the year
	phase   []int32   // of each period
	offsets []float64 // log of the population, or none
	knownTo []int     // periods known before each
	casesTo []float64 // cases in them
}

// seasonalDays is from how many periods a year on they are days, and have a week.
const seasonalDays = 300

// newSeasonalDesign describes the periods below to. The phase of a period is its
// number in the year, or the day of the year where there are dates and months
// would be too coarse; of days it is that and the day of the week.
func newSeasonalDesign(s *Series, to, harmonics int) seasonalDesign {
	d := seasonalDesign{
		counts: s.Counts, phase: make([]int32, to), knownTo: make([]int, to+1), casesTo: make([]float64, to+1),
	}
	phases := s.Freq
	if dated := len(s.Dates) > 0 && s.Freq > 12; dated {
		phases = 366
		for i, day := range s.Dates[:to] {
			d.phase[i] = int32(day.YearDay() - 1)
		}
	} else {
		for i := range d.phase {
			d.phase[i] = int32(i % s.Freq)
		}
	}
	week := 1
	if s.Freq >= seasonalDays {
		week = 7
		for i := range d.phase {
			d.phase[i] = 7*d.phase[i] + int32(i%7)
		}
	}
	waves := min(harmonics, s.Freq/2)
	for p := range phases * week {
		n := len(d.rows)
		d.rows = append(d.rows, 1)
		d.rows = seasonalWaves(d.rows, waves, p/week, phases)
		d.rows = seasonalWaves(d.rows, week/2, p%week, week)
		d.season = len(d.rows) - n
	}
	if len(s.Population) > 0 {
		d.offsets = make([]float64, to)
		for i := range d.offsets {
			d.offsets[i] = math.Log(s.Population[i])
		}
	}
	for i := range to {
		d.knownTo[i+1], d.casesTo[i+1] = d.knownTo[i], d.casesTo[i]
		if d.known(i) {
			d.knownTo[i+1]++
			d.casesTo[i+1] += s.Counts[i]
		}
	}
	return d
}

// seasonalWaves appends cosine and sine of the first waves of a circle of so many
// phases; the sine of a wave of two phases is zero and left out.
func seasonalWaves(row []float64, waves, phase, phases int) []float64 {
	for j := 1; j <= waves; j++ {
		sin, cos := math.Sincos(2 * math.Pi * float64(j*phase%phases) / float64(phases))
		row = append(row, cos)
		if 2*j != phases {
			row = append(row, sin)
		}
	}
	return row
}

// row is the constant and the season of period i.
func (d *seasonalDesign) row(i int) []float64 {
	p := int(d.phase[i]) * d.season
	return d.rows[p : p+d.season]
}

// offset is the log of the population of period i, or 0 where there is none.
func (d *seasonalDesign) offset(i int) float64 {
	if d.offsets == nil {
		return 0
	}
	return d.offsets[i]
}

// known says whether period i can be learned from.
func (d *seasonalDesign) known(i int) bool {
	o := d.offset(i)
	return !IsMissing(d.counts[i]) && !math.IsNaN(o) && !math.IsInf(o, 0)
}
