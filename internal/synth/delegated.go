package synth

import (
	"bufio"
	"fmt"
	"io"
	"net/netip"
	"time"
)

// WriteDelegated writes an invented address registry in the form of the RIRs' delegated-extended files: it places the
// addresses that this package makes. The documentation ranges are split among the countries: of IPv4 (RFC 5737) each has 23
// addresses, which is no power of two, of IPv6 (RFC 3849) a /40. day is the day of issue.
func WriteDelegated(w io.Writer, day time.Time) error {
	b := bufio.NewWriter(w) // keeps its first error
	n := len(countries)
	day8 := day.UTC().Format("20060102")
	fmt.Fprintf(b, "2|example|%s|%d|20200101|%s|+0000\n", day8, 2*n+len(ipv4Ranges), day8)
	fmt.Fprintf(b, "example|*|asn|*|0|summary\nexample|*|ipv4|*|%d|summary\nexample|*|ipv6|*|%d|summary\n",
		n+len(ipv4Ranges), n)
	for i, c := range countries {
		fmt.Fprintf(b, "example|%s|ipv4|%s|%d|20200101|allocated|DEMO-%s\n", c.code, appendIPv4(nil, i, 0),
			ipv4PerCountry, c.code)
	}
	for _, r := range ipv4Ranges {
		fmt.Fprintf(b, "example||ipv4|%s%d|%d||available|\n", r, 11*ipv4PerCountry, 256-11*ipv4PerCountry)
	}
	for i, c := range countries {
		block := netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, byte(i + 1)})
		fmt.Fprintf(b, "example|%s|ipv6|%s|40|20200101|allocated|DEMO-%s\n", c.code, block, c.code)
	}
	return b.Flush()
}
