package synth

import "fmt"

// A person is somebody invented, with one account.
type person struct {
	number   int
	country  int
	abroad   int // where the addresses are seen; the country for nearly everybody
	provider int
	phone    string
	mail     int // number of the person whose e-mail address, device and IP addresses these are
	device   int
	address  int
	v4       bool
	group    int  // of an online group; 0 for none
	returns  bool // may be reported again
	reports  []*tip
}

// newPerson draws somebody with an account at the provider.
func (d *desk) newPerson(r *random, provider int) *person {
	p := &person{number: len(d.people) + 1, country: r.country(), provider: provider, v4: r.in(250), returns: r.in(60)}
	p.mail, p.device, p.address, p.abroad = p.number, p.number, p.number, p.country
	if r.in(30) {
		p.abroad = r.country()
	}
	if r.in(15) {
		p.group = 1 + r.n(3)
	}
	p.phone = d.newPhone(p.country)
	// Some have something in common with somebody who was here before.
	if len(d.people) > 20 {
		other := d.people[r.n(len(d.people))]
		switch share := r.n(1000); {
		case share < 25:
			p.device = other.device
		case share < 45:
			p.mail = other.mail
		case share < 65:
			p.address, p.abroad, p.v4 = other.address, other.abroad, other.v4
		}
	}
	d.people = append(d.people, p)
	return p
}

// newPhone is a number that nobody of the demo has yet: one for films where the country has those, and some left.
func (d *desk) newPhone(country int) string {
	n := d.phones[country]
	d.phones[country]++
	if f, ok := fictional[countries[country].code]; ok && n < f.number {
		return string(appendPadded([]byte(f.start), uint64(f.first+n), f.digits))
	}
	return string(appendPhone(nil, country, n))
}

func (p *person) lastName() string   { return fmt.Sprintf("Person %d", p.number) }
func (p *person) account() string    { return fmt.Sprintf("u-%d", p.number) }
func (p *person) screen() string     { return fmt.Sprintf("synthetic_user_%d", p.number) }
func (p *person) email(i int) string { return string(appendMail(nil, p.mail, i)) }
func (p *person) deviceID() string   { return string(appendDevice(nil, p.device)) }
func (p *person) profile() string {
	return fmt.Sprintf("https://%s/u/%d", providers[p.provider].host, p.number)
}

// ip is address i of the person.
func (p *person) ip(i int) string {
	if p.v4 {
		return string(appendIPv4(nil, p.abroad, uint64(p.address*5+i)))
	}
	return string(appendIPv6(nil, p.abroad, uint64(p.address)<<4|uint64(i)))
}

// A child is somebody who needs help. Some come up in several reports.
type child struct {
	number, country, age int
}

func (c *child) account() string { return fmt.Sprintf("c-%d", c.number) }

func (d *desk) newChild(r *random, near int) *child {
	if len(d.children) > 5 && r.in(120) {
		return d.children[r.n(len(d.children))]
	}
	c := &child{number: len(d.children) + 1, country: near, age: 9 + r.n(9)}
	if r.in(150) {
		c.country = r.country()
	}
	d.children = append(d.children, c)
	return c
}
