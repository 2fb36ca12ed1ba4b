package synth

import "sort"

// A country is where an invented person is.
type country struct {
	code   string // ISO 3166-1 alpha-2
	name   string
	people int    // weight: inhabitants in 100 000, Eurostat 2024 rounded, and for the neighbours a share of that
	phone  string // calling code and the beginning of numbers that the national plan does not give to anybody
	digits int    // that follow
}

// countries are the 27 Member States and six others. The index is the number of the country's address blocks.
var countries = [...]country{
	{"AT", "Austria", 92, "+43 10", 7},
	{"BE", "Belgium", 119, "+32 10", 7},
	{"BG", "Bulgaria", 64, "+359 10", 7},
	{"HR", "Croatia", 39, "+385 10", 7},
	{"CY", "Cyprus", 10, "+357 1", 7},
	{"CZ", "Czechia", 109, "+420 10", 7},
	{"DK", "Denmark", 60, "+45 1", 7},
	{"EE", "Estonia", 14, "+372 1", 7},
	{"FI", "Finland", 56, "+358 11", 7},
	{"FR", "France", 686, "+33 70", 7},
	{"DE", "Germany", 836, "+49 10", 7},
	{"GR", "Greece", 104, "+30 100", 7},
	{"HU", "Hungary", 96, "+36 10", 7},
	{"IE", "Ireland", 54, "+353 3", 7},
	{"IT", "Italy", 590, "+39 1", 7},
	{"LV", "Latvia", 19, "+371 1", 7},
	{"LT", "Lithuania", 29, "+370 1", 7},
	{"LU", "Luxembourg", 7, "+352 10", 7},
	{"MT", "Malta", 6, "+356 1", 7},
	{"NL", "Netherlands", 180, "+31 1", 7},
	{"PL", "Poland", 366, "+48 1", 7},
	{"PT", "Portugal", 107, "+351 10", 7},
	{"RO", "Romania", 191, "+40 10", 7},
	{"SK", "Slovakia", 54, "+421 10", 7},
	{"SI", "Slovenia", 21, "+386 1", 6},
	{"ES", "Spain", 491, "+34 10", 7},
	{"SE", "Sweden", 106, "+46 100", 7},
	{"CH", "Switzerland", 45, "+41 10", 7},
	{"GB", "United Kingdom", 140, "+44 10", 7},
	{"NO", "Norway", 28, "+47 1", 7},
	{"RS", "Serbia", 33, "+381 4", 7},
	{"UA", "Ukraine", 50, "+380 10", 7},
	{"US", "United States", 60, "+1 100", 7},
}

// memberStates is how many of countries are in the European Union: they come first.
const memberStates = 27

// fictional are numbers set aside for films, books and the like, by country: a beginning, the first that may follow, how
// many of them there are, and their digits.
//
// Sources: DE Bundesnetzagentur, Mitteilung 148/2021 (Berlin); FR Arcep, Décision 2018-0881 (06 39 98); GB Ofcom, numbers for
// drama use (07700 900); IE ComReg, 020 91; SE PTS, 070-1740605 to 699; US NANPA, 555-0100 to 0199.
var fictional = map[string]struct {
	start         string
	first, number int
	digits        int
}{
	"DE": {"+49 30 23125", 0, 1000, 3},
	"FR": {"+33 6 39 98", 0, 10000, 4},
	"GB": {"+44 7700 900", 0, 1000, 3},
	"IE": {"+353 20 91", 0, 100000, 5},
	"SE": {"+46 70 17406", 5, 95, 2},
	"US": {"+1 202 555", 100, 100, 4},
}

// byPeople is a table of country indexes in which each country has places by its weight. A million inhabitants more for
// everybody lets small countries come up often enough to be seen.
var byPeople = func() (table [1 << 12]uint8) {
	total := 0
	sums := make([]int, len(countries))
	for i, c := range countries {
		total += c.people + 10
		sums[i] = total
	}
	for i := range table {
		table[i] = uint8(sort.SearchInts(sums, i*total/len(table)+1))
	}
	return table
}()

func (r *random) country() int { return int(byPeople[r.next()>>52]) }

// A provider is an invented service.
type provider struct {
	name   string
	host   string // under .example (RFC 2606)
	sort   string // of place: web, chat, email, game, p2p
	weight int    // of a hundred
}

var providers = [...]provider{
	{"Example Photos", "photos.example", "web", 22},
	{"Sample Chat", "chat.example", "chat", 24},
	{"Demo Cloud", "cloud.example", "web", 16},
	{"Example Social", "social.example", "web", 14},
	{"Sample Mail", "mail.example", "email", 8},
	{"Test Video", "video.example", "web", 7},
	{"Demo Games", "games.example", "game", 5},
	{"Sample Share", "share.example", "p2p", 4},
}

func (r *random) provider() int {
	n := r.n(100)
	for i := range providers {
		if n -= providers[i].weight; n < 0 {
			return i
		}
	}
	return 0
}

var mailDomains = [...]string{"@example.org", "@example.net", "@example.com"}
