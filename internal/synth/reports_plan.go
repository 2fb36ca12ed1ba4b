package synth

// A plan is what a report says, before it is written.
type plan struct {
	n                  int // the report
	text               random
	account            int // whose account it is: the number of a person
	mail, address      int // whose e-mail and first IP address
	device             int
	country, provider  int
	addressCountry     int    // of the person with number address
	at                 int64  // incident, seconds since 1970
	has                uint32 // features
	victim, escalated  bool
	extra              int // bytes of a long report beyond the ordinary
	extraText          bool
	popular            uint32 // bit i: IP address i is one that very many share
	enticement, oddity int
}

// Features of a report: each is one identifier.
const (
	hasScreen = 1 << iota
	hasMail
	hasAddress2
	hasPhone
	hasDevice
	hasURL
	hasProfile
	hasMail2
	hasAddress3
	hasRecipient
	hasAddress4
	hasAssociated
	hasMention

	features    = 13
	maxOptional = 10 // the account and one address are always there: 12 identifiers at most
)

// plan draws the n-th report, which is New.
func (r *Reports) plan(n int) plan {
	d := newRandom(r.seed, drawPlan, uint64(n))
	p := plan{n: n, account: n, mail: n, address: n, device: n, has: r.features(n)}
	if d.in(r.reuse) {
		r.borrow(&p, &d)
	}
	p.country, p.provider = r.person(p.account)
	p.addressCountry, _ = r.person(p.address)
	p.at = r.from + int64(d.next()%uint64(r.span))
	p.enticement, p.oddity = d.n(1000), d.n(1000)
	p.victim, p.escalated = d.in(120), d.in(20)
	if d.in(50) {
		// Pareto with exponent 1.27: one in a hundred of these is above 150 kB, that is one report in 2 000.
		p.extra, p.extraText = longer[d.n(len(longer))], d.in(500)
	}
	for i := range 4 {
		if d.in(40) {
			p.popular |= 1 << i
		}
	}
	p.text = d
	return p
}

// person draws where a person is, and on which service.
func (r *Reports) person(number int) (country, provider int) {
	d := newRandom(r.seed, drawPerson, uint64(number))
	return d.country(), d.provider()
}

// features draws which identifiers the n-th report has: from 0 to 10 besides the two that all have, five at the median.
func (r *Reports) features(n int) (has uint32) {
	d := newRandom(r.seed, drawFeatures, uint64(n))
	want := (d.n(maxOptional+1) + d.n(maxOptional+1) + 1) / 2
	for i := range features {
		if d.n(features-i) < want {
			has |= 1 << i
			want--
		}
	}
	return has
}

// borrow gives the report something of an earlier one, which does not borrow itself.
func (r *Reports) borrow(p *plan, d *random) {
	at := r.back(d, p.n)
	if at < 0 {
		return
	}
	what := d.n(100)
	at &^= 7 // so that some come back often
	m := r.earlier(at, func(m int) bool {
		own := newRandom(r.seed, drawPlan, uint64(m))
		return !own.in(r.reuse)
	})
	if m < 0 {
		return
	}
	has := r.features(m)
	switch {
	case what < 25:
		p.address = m
	case what < 45 && has&hasMail != 0:
		p.mail = m
		p.force(hasMail)
	case what < 55 && has&hasDevice != 0:
		p.device = m
		p.force(hasDevice)
	default:
		p.account, p.mail = m, m
	}
}

// force adds a feature; where there are as many as may be, another goes.
func (p *plan) force(f uint32) {
	if p.has&f != 0 {
		return
	}
	n, last := 0, uint32(0)
	for i := range features {
		if b := uint32(1) << i; p.has&b != 0 {
			n++
			last = b
		}
	}
	if n == maxOptional {
		p.has &^= last
	}
	p.has |= f
}

// longer are sizes in bytes, at equal steps of probability: 4 000 × (1-u)^(-1/1.27) for u from 0.5/256 on, at most
// 200 000. Written out because math.Pow may differ between machines.
var longer = [256]int{
	4006, 4018, 4031, 4043, 4056, 4068, 4081, 4094, 4107, 4120, 4134, 4147, 4160, 4174, 4187, 4201,
	4215, 4229, 4243, 4257, 4271, 4286, 4300, 4315, 4329, 4344, 4359, 4374, 4389, 4404, 4420, 4435,
	4451, 4467, 4482, 4498, 4515, 4531, 4547, 4564, 4580, 4597, 4614, 4631, 4648, 4666, 4683, 4701,
	4719, 4737, 4755, 4773, 4792, 4810, 4829, 4848, 4867, 4887, 4906, 4926, 4946, 4966, 4986, 5006,
	5027, 5047, 5068, 5090, 5111, 5133, 5154, 5176, 5199, 5221, 5244, 5266, 5290, 5313, 5336, 5360,
	5384, 5409, 5433, 5458, 5483, 5508, 5534, 5560, 5586, 5612, 5639, 5666, 5693, 5721, 5749, 5777,
	5805, 5834, 5863, 5893, 5922, 5953, 5983, 6014, 6045, 6077, 6109, 6141, 6174, 6207, 6241, 6275,
	6309, 6344, 6379, 6415, 6451, 6488, 6525, 6563, 6601, 6639, 6678, 6718, 6758, 6799, 6840, 6882,
	6925, 6968, 7011, 7056, 7101, 7146, 7193, 7240, 7287, 7336, 7385, 7435, 7485, 7537, 7589, 7642,
	7696, 7751, 7806, 7863, 7920, 7979, 8038, 8099, 8161, 8223, 8287, 8352, 8418, 8485, 8553, 8623,
	8694, 8767, 8840, 8915, 8992, 9070, 9150, 9231, 9314, 9399, 9485, 9574, 9664, 9756, 9850, 9946,
	10045, 10145, 10248, 10354, 10461, 10572, 10685, 10801, 10920, 11041, 11166, 11295, 11426, 11561, 11700, 11843,
	11989, 12140, 12295, 12455, 12619, 12789, 12964, 13144, 13330, 13522, 13721, 13926, 14139, 14359, 14587, 14823,
	15068, 15323, 15588, 15863, 16149, 16448, 16759, 17084, 17424, 17779, 18151, 18542, 18952, 19383, 19837, 20316,
	20822, 21358, 21926, 22530, 23172, 23858, 24592, 25379, 26225, 27139, 28128, 29203, 30376, 31662, 33078, 34646,
	36395, 38357, 40577, 43112, 46038, 49456, 53511, 58409, 64459, 72147, 82290, 96376, 117465, 153099, 200000, 200000,
}
